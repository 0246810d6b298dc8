package catalogue

import (
	"slices"
	"strconv"
	"time"
)

// Channel is a way in which people deal with a service.
type Channel string

// The channels, in the order of forms and files.
const (
	ChannelOnline     Channel = "online"
	ChannelPhone      Channel = "phone"
	ChannelFaceToFace Channel = "face_to_face"
	ChannelPost       Channel = "post"
)

// Channels lists the channels, in order.
func Channels() []Channel {
	return []Channel{ChannelOnline, ChannelPhone, ChannelFaceToFace, ChannelPost}
}

// Words is what pages call the channel.
func (c Channel) Words() string {
	switch c {
	case ChannelOnline:
		return "Online"
	case ChannelPhone:
		return "Phone"
	case ChannelFaceToFace:
		return "Face to face"
	case ChannelPost:
		return "Post"
	}
	return string(c)
}

// CountMethod is how a volume was come by.
type CountMethod string

// The methods.
const (
	MethodCounted   CountMethod = "counted"   // by a system or by hand, each contact
	MethodEstimated CountMethod = "estimated" // worked out of a sample, a share or another year
)

// ReturnLine is the figures of one channel.
type ReturnLine struct {
	Channel Channel     `json:"channel"`
	Volume  int64       `json:"volume"`             // contacts in the whole period, as the evidence call defines a contact
	Cost    *float64    `json:"cost_gbp,omitempty"` // of the channel for this service in the whole period, pounds ex VAT; nil: not stated
	Method  CountMethod `json:"method"`             // of the volume
}

// CostPerContact is pounds ex VAT for one contact; false where no cost is stated or there was no contact.
func (l ReturnLine) CostPerContact() (float64, bool) {
	if l.Cost == nil || l.Volume == 0 {
		return 0, false
	}
	return *l.Cost / float64(l.Volume), true
}

// ReturnSource is how a version of a return came in.
type ReturnSource string

// The sources.
const (
	ReturnSigned   ReturnSource = "signed"   // by an officer of the council
	ReturnImported ReturnSource = "imported" // by the operator, from figures that the council gave or published
)

// ReturnVersion is a return as it was signed off. It is never changed: what is put right is a later version.
type ReturnVersion struct {
	Lines    []ReturnLine `json:"lines"` // at most one a channel, in the order of Channels; a channel that is not there has no figure, which is not 0
	Note     string       `json:"note,omitempty"`
	Audience Audience     `json:"audience"` // who sees it under the council's name: Public, Councils or Own
	At       time.Time    `json:"at"`
	Account  string       `json:"account,omitempty"` // who signed; for the council and the operator alone
	Role     Role         `json:"role,omitempty"`    // of who signed
	Source   ReturnSource `json:"source"`
	Call     string       `json:"call,omitempty"`   // the evidence call that it answers; empty: none
	Late     bool         `json:"late,omitempty"`   // after the call's last day
	Reason   string       `json:"reason,omitempty"` // why it was signed again; empty for the first
}

// Line is the figures of a channel; false where the version has none.
func (v ReturnVersion) Line(ch Channel) (ReturnLine, bool) { return lineOf(v.Lines, ch) }

func lineOf(lines []ReturnLine, ch Channel) (ReturnLine, bool) {
	i := slices.IndexFunc(lines, func(l ReturnLine) bool { return l.Channel == ch })
	if i < 0 {
		return ReturnLine{}, false
	}
	return lines[i], true
}

// Volume is the contacts of all channels.
func (v ReturnVersion) Volume() int64 { return volumeOf(v.Lines) }

func volumeOf(lines []ReturnLine) (sum int64) {
	for _, l := range lines {
		sum += l.Volume
	}
	return sum
}

// DigitalShare is the part of contacts that came online, from 0 to 1; false where there was none.
func (v ReturnVersion) DigitalShare() (float64, bool) { return digitalShare(v.Lines) }

func digitalShare(lines []ReturnLine) (float64, bool) {
	all := volumeOf(lines)
	online, ok := lineOf(lines, ChannelOnline)
	if all == 0 || !ok {
		return 0, false
	}
	return float64(online.Volume) / float64(all), true
}

// ReturnDraft is what a council is still writing: its people see it and nobody else, the operator neither.
type ReturnDraft struct {
	Lines []ReturnLine `json:"lines"`
	Note  string       `json:"note,omitempty"` // what a reader must know of the figures
}

// Return is one council's volumes and costs for one service in one period. It stands under the council that counted, whose
// residents the figures are of, though another may have taken its place since.
type Return struct {
	Meta
	Council       string          `json:"council"`
	LGSL          int             `json:"lgsl"`               // the service
	Start         Date            `json:"period_start"`       // first day
	End           Date            `json:"period_end"`         // last day
	Draft         *ReturnDraft    `json:"draft,omitempty"`    // to be signed; nil: nothing is
	Versions      []ReturnVersion `json:"versions,omitempty"` // oldest first; the last is what stands
	Demonstration bool            `json:"demonstration,omitempty"`
}

// Signed says that a version stands.
func (r *Return) Signed() bool { return len(r.Versions) > 0 }

// State is 'signed' where a version stands, else 'draft'.
func (r *Return) State() string {
	if r.Signed() {
		return "signed"
	}
	return "draft"
}

// Current is the version that stands; false for a draft that nobody has signed.
func (r *Return) Current() (ReturnVersion, bool) {
	if !r.Signed() {
		return ReturnVersion{}, false
	}
	return r.Versions[len(r.Versions)-1], true
}

// ReturnID is the same for the same council, service and first day of the period.
func ReturnID(council string, lgsl int, start Date) string {
	return council + "~" + strconv.Itoa(lgsl) + "~" + start.String()
}

// Key names the return.
func (r *Return) Key() Key { return Key{KindReturn, r.ID} }

func (r *Return) owner() string { return r.Council }

func (r *Return) sees(a Actor) (Item, bool) {
	out := *r
	out.Versions = slices.Clone(r.Versions)
	if a.ForCouncil(r.Council) {
		return &out, true
	}
	now, signed := r.Current()
	if !signed || !now.Audience.admits(a, r.Council, nil) {
		return nil, false
	}
	out.Draft = nil
	if a.IsOperator() {
		return &out, true
	}
	out.Created, out.Changed, out.Ref, out.Was = r.Versions[0].At, now.At, "", nil
	out.Versions = slices.DeleteFunc(out.Versions, func(v ReturnVersion) bool { return !v.Audience.admits(a, r.Council, nil) })
	for i := range out.Versions {
		out.Versions[i].Account = ""
	}
	return &out, true
}

func (r *Return) index(add func(string, ...string)) {
	add("return.service", strconv.Itoa(r.LGSL), r.Start.String())
	add("return.council", r.Council)
}

// A return counts what one council's residents did: of whoever takes its place it would say something wrong.
func (r *Return) inherit(_, _ string) bool { return false }

// What a return holds at most.
const (
	maxVolume     = 1_000_000_000 // contacts
	maxReturnNote = 1_000
	maxVersions   = 60
	maxPeriod     = 36 // months
)

func (r *Return) validate(v *validation) {
	v.council("council", r.Council)
	_, ok := v.register.Service(r.LGSL)
	v.that(ok, "lgsl", "Unknown service "+strconv.Itoa(r.LGSL)+": use its number on the Local Government Service List")
	v.period("period_start", "period_end", r.Start, r.End)
	v.that(r.ID == ReturnID(r.Council, r.LGSL, r.Start), "id", "A return is named by its council, service and period")
	v.that(r.Draft != nil || len(r.Versions) > 0, "volume", "Enter the figures first")
	v.that(len(r.Versions) <= maxVersions, "volume", "This return has been signed 60 times: ask whoever runs this service for help")
	if r.Draft != nil {
		v.lines(r.Draft.Lines)
		v.text("note", r.Draft.Note, 0, maxReturnNote)
	}
	for _, x := range r.Versions {
		v.lines(x.Lines)
		v.text("note", x.Note, 0, maxReturnNote)
		v.text("reason", x.Reason, 0, maxReturnNote)
		v.that(len(x.Lines) > 0, "volume", "Enter the volume of at least one channel")
		v.that(x.Audience == Public || x.Audience == Councils || x.Audience == Own, "audience", "Choose who may see the figures")
		v.that(x.Source == ReturnSigned || x.Source == ReturnImported, "source", "A return is signed or imported")
		v.that(!x.At.IsZero(), "at", "A version has a day")
	}
}

// period refuses a period that is not whole days in order.
func (v *validation) period(from, to string, start, end Date) {
	v.date(from, start)
	v.date(to, end)
	v.that(start.Exact(), from, "Enter the first day of the period")
	v.that(end.Exact(), to, "Enter the last day of the period")
	if start.Exact() && end.Exact() {
		v.that(!end.First().Before(start.First()), to, "The period must not end before it starts")
		v.that(end.First().Before(start.AddMonths(maxPeriod).First()), to, "The period must be at most three years: check the years")
	}
}

// lines refuses figures that cannot be.
func (v *validation) lines(lines []ReturnLine) {
	at := -1
	for _, l := range lines {
		i := slices.Index(Channels(), l.Channel)
		v.that(i >= 0, "channel", "The channel must be online, phone, face_to_face or post")
		v.that(i > at || i < 0, "channel", "A channel is there twice, or out of order")
		at = max(at, i)
		field := "volume_" + string(l.Channel)
		v.that(l.Volume >= 0, field, "The volume must be 0 or more")
		v.that(l.Volume <= maxVolume, field, "The volume must be below 1,000 million: check it for a slip")
		if l.Cost != nil {
			v.money("cost_"+string(l.Channel), *l.Cost)
		}
		v.that(l.Method == MethodCounted || l.Method == MethodEstimated, "method_"+string(l.Channel), "Say whether the volume is counted or estimated")
	}
}
