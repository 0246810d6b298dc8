package web

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// shiftBlock is the question what a shift to online would mean: assumptions that the reader can move, and what follows.
// Template baseline-shift.
type shiftBlock struct {
	Asked   bool // the reader has moved something
	Volumes []view.Input
	Target  view.Input
	Costs   []shiftCosts
	Freed   []view.Input
	Period  string // to come back to; empty: the latest
	From    string // where the first assumptions are from
	Result  []string
	Warning string
}

// shiftCosts is the two ends of what a contact of a channel costs.
type shiftCosts struct {
	Channel   string
	From      string // where the first assumption is from
	Low, High view.Input
}

// mostContacts and mostPence bound what can be typed: beyond it is a slip of the keyboard.
const (
	mostContacts = 1_000_000_000
	mostPence    = 10_000
)

// newShiftBlock works out what the assumptions mean. What is not in the address is assumed from the council's own figures,
// else from the edition, else from old studies, and says so.
func newShiftBlock(b serviceBaseline, reg *register.Register, typed url.Values) (shiftBlock, error) {
	first, from := firstVolumes(b)
	r := shiftReader{typed: typed}
	out := shiftBlock{From: from, Asked: typed.Has("target"), Period: typed.Get("period")}
	var shift baseline.Shift
	for i, channel := range catalogue.Channels() {
		name := "volume_" + string(channel)
		field := view.Input{Name: name, Label: view.Label{Text: channel.Words()}, InputMode: "numeric", Classes: "govuk-input--width-5"}
		shift.Volume[i] = r.number(&field, first[i], mostContacts, "Enter how many contacts a year come by "+channelWords(channel)+", as a number such as 4,000")
		out.Volumes = append(out.Volumes, field)
	}
	out.Target = view.Input{Name: "target", Label: view.Label{Text: "Share that would come online"}, Hint: targetWords(b), InputMode: "decimal", Suffix: "%", Classes: "govuk-input--width-3"}
	shift.Target = r.number(&out.Target, firstTarget(b), 100, "Enter the share that would come online, from 0 to 100")
	for i, channel := range catalogue.Channels() {
		assumed, source := firstCost(b, reg, channel)
		costs := shiftCosts{Channel: channel.Words(), From: source}
		costs.Low, shift.Cost[i].Low = r.end("cost_"+string(channel), "low", channel.Words()+", from", "£", assumed.Low)
		costs.High, shift.Cost[i].High = r.end("cost_"+string(channel), "high", channel.Words()+", to", "£", assumed.High)
		r.order(&costs.Low, shift.Cost[i])
		out.Costs = append(out.Costs, costs)
	}
	low, least := r.end("freed", "low", "From", "%", 0)
	high, most := r.end("freed", "high", "To", "%", 100)
	shift.Released = baseline.Range{Low: least, High: most}
	r.order(&low, shift.Released)
	out.Freed = []view.Input{low, high}
	if len(r.wrong) > 0 {
		return out, &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with these assumptions", Fields: r.wrong}
	}
	out.answer(shift)
	return out, nil
}

// shiftReader takes numbers out of the address, and collects what is wrong in the order of the form.
type shiftReader struct {
	typed url.Values
	wrong []catalogue.FieldError
}

// number reads a field, or assumes a first value where the address has none. What was typed stays in it.
func (r *shiftReader) number(f *view.Input, first, most float64, message string) float64 {
	if !r.typed.Has(f.Name) {
		f.Value = plainNumber(first)
		return first
	}
	f.Value = r.typed.Get(f.Name)
	clean := strings.NewReplacer(",", "", " ", "", "£", "", "%", "").Replace(f.Value)
	v, err := strconv.ParseFloat(clean, 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > most {
		f.Error = message
		r.wrong = append(r.wrong, catalogue.FieldError{Field: f.Name, Message: message})
	}
	return v
}

// end reads one end of a range.
func (r *shiftReader) end(name, which, label, unit string, first float64) (view.Input, float64) {
	f := view.Input{Name: name + "_" + which, Label: view.Label{Text: label}, InputMode: "decimal", Classes: "govuk-input--width-4"}
	most, message := float64(mostPence), "Enter what a contact costs in pounds, such as 4.10: "+lowerFirst(label)
	if unit == "£" {
		f.Prefix = unit
	} else {
		f.Suffix, most, message = unit, 100, "Enter the part of the cost that is saved, from 0 to 100: "+lowerFirst(label)
	}
	v := r.number(&f, first, most, message)
	return f, v
}

// order refuses a range that ends before it begins.
func (r *shiftReader) order(low *view.Input, is baseline.Range) {
	if low.Error == "" && is.Low > is.High {
		low.Error = "The first of the two must not be more than the second: " + lowerFirst(low.Label.Text)
		r.wrong = append(r.wrong, catalogue.FieldError{Field: low.Name, Message: low.Error})
	}
}

// firstVolumes is the council's own contacts, else what 100,000 residents have at the medians.
func firstVolumes(b serviceBaseline) (baseline.Amounts, string) {
	if b.own != nil && b.own.Volume[0] >= 0 {
		v := b.own.Volume
		for i := range v {
			v[i] = math.Round(max(v[i], 0))
		}
		return v, "Your council’s own contacts a year, as it signed them off."
	}
	var v baseline.Amounts
	for i, channel := range baseline.Channels() {
		if f, ok := b.of[baseline.Rate.Of(channel)]; ok {
			v[i] = math.Round(*f.Median * 100)
		}
	}
	return v, "An area of 100,000 residents at the median of each channel. Enter your own."
}

func firstTarget(b serviceBaseline) float64 {
	if f, ok := b.of[baseline.Digital]; ok && f.Quartiles() {
		return *f.Upper
	}
	return 0
}

func targetWords(b serviceBaseline) string {
	if f, ok := b.of[baseline.Digital]; ok && f.Quartiles() {
		return "The upper quartile of councils is " + measured(baseline.Digital, *f.Upper)
	}
	return "No upper quartile is said for this service: enter a share of your own"
}

// firstCost is what a contact is assumed to cost at first, and where that is from.
func firstCost(b serviceBaseline, reg *register.Register, channel catalogue.Channel) (baseline.Range, string) {
	m := baseline.Cost.Of(string(channel))
	if b.own != nil {
		if v, ok := b.own.Of(m); ok {
			v = math.Round(v*100) / 100
			return baseline.Range{Low: v, High: v}, "your own cost"
		}
	}
	if f, ok := b.of[m]; ok && f.Quartiles() {
		return baseline.Range{Low: *f.Lower, High: *f.Upper}, "middle half of " + view.Plural(f.N, "council", "councils")
	}
	if r, from, to := publishedRange(reg.ChannelCosts(string(channel))); from > 0 {
		return r, "historic, studies of " + yearsWords(from, to)
	}
	return baseline.Range{}, "nothing dated is published: enter your own"
}

// answer puts the result into words.
func (s *shiftBlock) answer(shift baseline.Shift) {
	got := shift.Work()
	switch {
	case got.Now == 0 && got.Moved == 0:
		s.Result = []string{"Enter contacts and a share to see what a shift would mean."}
		return
	case got.Moved == 0:
		s.Result = []string{percentWords(got.Now) + " come online already: nothing would move."}
		return
	}
	s.Result = []string{"Today " + percentWords(got.Now) + " come online. About " + aboutWords(got.Moved) + " contacts a year would move."}
	switch low, high := aboutMoney(got.Saved.Low), aboutMoney(got.Saved.High); {
	case got.Saved.High <= 0:
		s.Result = append(s.Result, "At these costs nothing is saved: it would cost "+aboutMoney(-got.Saved.High)+" to "+aboutMoney(-got.Saved.Low)+" a year more.")
	case got.Saved.Low < 0:
		s.Result = append(s.Result, "At these costs that is between "+aboutMoney(-got.Saved.Low)+" a year more and "+high+" a year less.")
	case low == high:
		s.Result = append(s.Result, "At these costs that is about "+high+" a year.")
	default:
		s.Result = append(s.Result, "At these costs that is "+low+" to "+high+" a year.")
	}
	s.Warning = "This is arithmetic, not a forecast. It leaves out what the change itself costs, and what is freed is saved only if staff and rooms are used otherwise."
}

// aboutMoney writes a sum to two figures or so.
func aboutMoney(v float64) string {
	if math.Abs(v) < 0.5 {
		return "£0"
	}
	return "£" + aboutWords(math.Abs(v))
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// channelWords is a channel within a sentence.
func channelWords(ch catalogue.Channel) string {
	if ch == catalogue.ChannelOnline {
		return "the online channel"
	}
	return lowerFirst(ch.Words())
}
