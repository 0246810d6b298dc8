package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// callFiguresPage is the figures of one service: four channels, and what they come to.
type callFiguresPage struct {
	view.Page
	Caption  string
	Heading  string
	Lead     string
	Action   string
	Version  string
	Channels []channelFields
	Fields   []view.Field // note, and why there are none
	Save     view.Button
	Also     view.Button
	Back     view.Link
	Checked  figuresChecked
	Theirs   view.Table // what a colleague saved meanwhile
	Earlier  []figuresVersion
}

// channelFields is one channel of the form.
type channelFields struct {
	Title      string
	Definition string
	Fields     []view.Field
}

// figuresChecked is what saved figures come to, beside what they can be compared with.
type figuresChecked struct {
	Table    view.Table
	Facts    view.SummaryList
	Warnings []string
}

// figuresVersion is a version that was signed.
type figuresVersion struct {
	Title string
	Note  string
	Table view.Table
}

// figuresForm is what somebody typed for one service.
type figuresForm struct {
	volume, cost, method map[catalogue.Channel]string
	note, skip           string
	seen                 uint64
}

func readFiguresForm(t *typed) figuresForm {
	seen, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	f := figuresForm{volume: map[catalogue.Channel]string{}, cost: map[catalogue.Channel]string{}, method: map[catalogue.Channel]string{}, note: t.text("note"), skip: t.text("skip"), seen: seen}
	for _, ch := range catalogue.Channels() {
		f.volume[ch], f.cost[ch], f.method[ch] = t.text("volume_"+string(ch)), t.text("cost_"+string(ch)), t.text("method_"+string(ch))
	}
	return f
}

// formOfPart is what is saved, as somebody would type it.
func formOfPart(p catalogue.ServicePart) figuresForm {
	f := figuresForm{volume: map[catalogue.Channel]string{}, cost: map[catalogue.Channel]string{}, method: map[catalogue.Channel]string{}, note: p.Note(), skip: p.Skip}
	for _, l := range p.Lines() {
		f.volume[l.Channel], f.method[l.Channel] = strconv.FormatInt(l.Volume, 10), string(l.Method)
		if l.Cost != nil {
			f.cost[l.Channel] = strconv.FormatFloat(*l.Cost, 'f', -1, 64)
		}
	}
	if p.Return != nil {
		f.seen = p.Return.Version
	}
	return f
}

// figures is the form as the catalogue takes it; t notes what cannot be read.
func (f figuresForm) figures(t *typed, lgsl int) catalogue.ServiceFigures {
	out := catalogue.ServiceFigures{LGSL: lgsl, Note: f.note, Skip: f.skip, Seen: f.seen}
	for _, ch := range catalogue.Channels() {
		if f.volume[ch] == "" {
			if f.cost[ch] != "" {
				t.fault("volume_"+string(ch), "Enter the contacts "+byChannel(ch)+" that the cost is for")
			}
			continue
		}
		line := catalogue.ReturnLine{Channel: ch, Method: catalogue.CountMethod(f.method[ch])}
		n, err := strconv.ParseInt(strings.NewReplacer(",", "", " ", "", "\u00a0", "").Replace(f.volume[ch]), 10, 64)
		if err != nil {
			t.fault("volume_"+string(ch), "The contacts "+byChannel(ch)+" must be a whole number, such as 12,500")
		} else if n < 0 || n > 1_000_000_000 {
			t.fault("volume_"+string(ch), "The contacts "+byChannel(ch)+" must be 0 or more, and below 1,000 million")
		}
		line.Volume = n
		if f.cost[ch] != "" {
			cost, ok := readAmount(f.cost[ch])
			if !ok || cost < 0 {
				t.fault("cost_"+string(ch), "The cost "+byChannel(ch)+" must be an amount in pounds, such as 85,000")
			}
			line.Cost = &cost
		}
		if line.Method != catalogue.MethodCounted && line.Method != catalogue.MethodEstimated {
			t.fault("method_"+string(ch), "Say whether the contacts "+byChannel(ch)+" are counted or estimated")
		}
		out.Lines = append(out.Lines, line)
	}
	if f.skip != "" && len(out.Lines) > 0 {
		t.fault("skip", "Take the figures out, or take back that there are none")
	}
	return out
}

func byChannel(ch catalogue.Channel) string {
	switch ch {
	case catalogue.ChannelOnline:
		return "online"
	case catalogue.ChannelFaceToFace:
		return "face to face"
	}
	return "by " + strings.ToLower(ch.Words())
}

// partOf finds the service of the address in an answer.
func (s *site) partOf(c *gin.Context, who visitor) (*catalogue.AnswerView, catalogue.ServicePart, error) {
	v, err := s.answering(c, who)
	if err != nil {
		return nil, catalogue.ServicePart{}, err
	}
	for _, p := range v.Services {
		if strconv.Itoa(p.Service.LGSL) == c.Param("lgsl") {
			return v, p, nil
		}
	}
	return nil, catalogue.ServicePart{}, &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
}

func (s *site) callFigures(c *gin.Context, who visitor) error {
	v, part, err := s.partOf(c, who)
	if err != nil {
		return err
	}
	return s.showFigures(c, who, http.StatusOK, v, part, formOfPart(part), nil)
}

func (s *site) saveFigures(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	v, part, err := s.partOf(c, who)
	if err != nil {
		return err
	}
	f := readFiguresForm(t)
	figures := f.figures(t, part.Service.LGSL)
	if err := t.err(); err != nil {
		return s.showFigures(c, who, http.StatusBadRequest, v, part, f, err)
	}
	err = s.Catalogue.SaveFigures(c, who.actor, v.Call.ID, figures)
	switch catalogue.KindOf(err) {
	case catalogue.Invalid:
		return s.showFigures(c, who, http.StatusBadRequest, v, part, f, err)
	case catalogue.Conflict:
		if v, part, err2 := s.partOf(c, who); err2 == nil {
			return s.showFigures(c, who, http.StatusConflict, v, part, f, err)
		}
	}
	if err != nil {
		return err
	}
	if t.Get("then") == "next" {
		return s.redirect(c, who, nextPart(v, part.Service.LGSL))
	}
	return s.redirect(c, who, callPath(v.Call.ID)+"/answer/services/"+strconv.Itoa(part.Service.LGSL)+"#checked")
}

// nextPart is the page of the service after one; after the last, the list of all parts.
func nextPart(v *catalogue.AnswerView, lgsl int) string {
	address := callPath(v.Call.ID) + "/answer"
	for i, p := range v.Services {
		if p.Service.LGSL == lgsl && i+1 < len(v.Services) {
			return address + "/services/" + strconv.Itoa(v.Services[i+1].Service.LGSL)
		}
	}
	return address
}

func (s *site) showFigures(c *gin.Context, who visitor, status int, v *catalogue.AnswerView, part catalogue.ServicePart, f figuresForm, wrong error) error {
	anew(c)
	address := callPath(v.Call.ID) + "/answer"
	p := callFiguresPage{Caption: v.Call.Label(), Heading: part.Service.Label, Action: address + "/services/" + strconv.Itoa(part.Service.LGSL), Earlier: earlierVersions(part),
		Lead: "Contacts from " + view.Date(v.Call.Start) + " to " + view.Date(v.Call.End) + ". Leave a channel empty if your council has no figure for it: that is not the same as 0.",
		Save: view.Button{Text: "Save and check", Name: "then", Value: "check", PreventDoubleClick: true},
		Also: view.Button{Text: "Save and go on to the next service", Name: "then", Value: "next", Classes: "govuk-button--secondary", PreventDoubleClick: true},
		Back: view.Link{Text: "Back to all parts", Href: address}}
	if catalogue.KindOf(wrong) == catalogue.Conflict && wrong != nil {
		p.Theirs = linesTable("Saved by a colleague meanwhile", part.Lines())
		if part.Return != nil {
			f.seen = part.Return.Version // the reader has seen theirs
		}
	}
	p.Version = strconv.FormatUint(f.seen, 10)
	for _, ch := range catalogue.Channels() {
		p.Channels = append(p.Channels, newChannelFields(v.Call, ch, f, wrong))
	}
	p.Fields = noteFields(f, wrong)
	if wrong == nil && len(part.Lines()) > 0 {
		check, err := s.Catalogue.CheckReturn(c, who.actor, v.Call, part.Service.LGSL, part.Lines())
		if err != nil {
			return err
		}
		p.Checked = newFiguresChecked(check)
	}
	p.Page = s.page(c, who, "/evidence", part.Service.Label)
	p.Canonical = ""
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: v.Call.Label(), Href: callPath(v.Call.ID)}, view.Crumb{Text: "Your council’s answer", Href: address}, view.Crumb{Text: part.Service.Label})
	p.Errors = errorLinks(wrong, nil)
	if catalogue.KindOf(wrong) == catalogue.Conflict && wrong != nil {
		p.Errors = []view.ErrorLink{{Text: "A colleague saved other figures while you were working on these. Yours are still in the form: saving again replaces theirs", Href: "#volume_online"}}
	}
	return s.show(c, who, status, "call-figures", p)
}

func newChannelFields(x *catalogue.EvidenceCall, ch catalogue.Channel, f figuresForm, wrong error) channelFields {
	key := string(ch)
	out := channelFields{Title: ch.Words(), Definition: x.Definition(ch)}
	out.Fields = append(out.Fields, view.Field{Input: &view.Input{Name: "volume_" + key, Label: view.Label{Text: "Contacts " + byChannel(ch)}, Value: f.volume[ch], InputMode: "numeric",
		Classes: "govuk-input--width-10", Error: fieldError(wrong, "volume_"+key)}})
	if x.Costs || f.cost[ch] != "" {
		out.Fields = append(out.Fields, view.Field{Input: &view.Input{Name: "cost_" + key, Label: view.Label{Text: "Cost " + byChannel(ch) + " (optional)"}, Hint: "Of this channel for this service in the whole period, excluding VAT",
			Prefix: "£", Value: f.cost[ch], InputMode: "decimal", Classes: "govuk-input--width-10", Error: fieldError(wrong, "cost_"+key)}})
	}
	r := &view.Radios{Name: "method_" + key, Classes: "govuk-radios--inline govuk-radios--small", Legend: &view.Legend{Text: "How do you know the contacts " + byChannel(ch) + "?"}, Error: fieldError(wrong, "method_"+key)}
	r.Choices = []view.Choice{{Value: string(catalogue.MethodCounted), Text: "Counted", Checked: f.method[ch] == string(catalogue.MethodCounted)},
		{Value: string(catalogue.MethodEstimated), Text: "Estimated", Checked: f.method[ch] == string(catalogue.MethodEstimated)}}
	out.Fields = append(out.Fields, view.Field{Radios: r})
	return out
}

func noteFields(f figuresForm, wrong error) []view.Field {
	skip := &view.Radios{Name: "skip", Legend: &view.Legend{Text: "Are there no figures at all?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "skip")}
	for _, choice := range [][2]string{{"", "There are figures, or they are still to come"}, {catalogue.SkipNotProvided, "Our council does not provide this service"}, {catalogue.SkipNoFigures, "We provide it and cannot tell"}} {
		skip.Choices = append(skip.Choices, view.Choice{Value: choice[0], Text: choice[1], Checked: f.skip == choice[0]})
	}
	return []view.Field{{Textarea: &view.Textarea{Name: "note", Rows: 3, Label: view.Label{Text: "What must a reader know of these figures? (optional)", Classes: "govuk-label--s"},
		Hint: "Such as why they differ from last year, or what an estimate is based on. It is seen with the figures", Value: f.note, Error: fieldError(wrong, "note")}}, {Radios: skip}}
}

// linesTable is figures by channel.
func linesTable(caption string, lines []catalogue.ReturnLine) view.Table {
	t := view.Table{Caption: caption, CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Head: []view.Head{{Text: "Channel"}, {Text: "Contacts", Numeric: true}, {Text: "Cost", Numeric: true}, {Text: "Known how"}}}
	for _, l := range lines {
		cost := view.Cell{Text: "not stated", Muted: true, Numeric: true}
		if l.Cost != nil {
			cost = view.Cell{Text: view.Money(int64(*l.Cost)), Numeric: true}
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: l.Channel.Words()}, {Text: view.Number(int(l.Volume)), Numeric: true}, cost, {Text: sentenceCase(string(l.Method))}})
	}
	return t
}

// earlierVersions is what was signed, the latest first.
func earlierVersions(part catalogue.ServicePart) []figuresVersion {
	if part.Return == nil {
		return nil
	}
	var out []figuresVersion
	for i := len(part.Return.Versions) - 1; i >= 0; i-- {
		v := part.Return.Versions[i]
		source := "Signed on "
		if v.Source == catalogue.ReturnImported {
			source = "Imported by whoever runs this service on "
		}
		title := fmt.Sprintf("Version %d. %s%s", i+1, source, view.Day(v.At))
		if v.Reason != "" {
			title += ": " + v.Reason
		}
		out = append(out, figuresVersion{Title: title, Note: v.Note, Table: linesTable(fmt.Sprintf("Version %d", i+1), v.Lines)})
	}
	return out
}

// newFiguresChecked puts figures beside what they can be compared with.
func newFiguresChecked(k catalogue.ReturnCheck) figuresChecked {
	out := figuresChecked{Warnings: k.Warnings, Table: view.Table{Caption: "Saved figures, checked", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Channel"}, {Text: "Contacts", Numeric: true}, {Text: "Share", Numeric: true}, {Text: "A year before", Numeric: true}, {Text: "Change", Numeric: true}}}}
	row := func(name string, volume int64, share string, last *int64, strong bool) {
		before, change := view.Cell{Text: "not known", Muted: true, Numeric: true}, view.Cell{Text: "not known", Muted: true, Numeric: true}
		if last != nil {
			before = view.Cell{Text: view.Number(int(*last)), Numeric: true}
			if *last > 0 {
				change = view.Cell{Text: fmt.Sprintf("%+.0f%%", (float64(volume)/float64(*last)-1)*100), Numeric: true}
			}
		}
		out.Table.Rows = append(out.Table.Rows, []view.Cell{{Text: name}, {Text: view.Number(int(volume)), Numeric: true, Strong: strong}, {Text: share, Numeric: true}, before, change})
	}
	for _, l := range k.Lines {
		share := "not known"
		if k.Whole() {
			share = fmt.Sprintf("%.1f%%", l.Share*100)
		}
		row(l.Channel.Words(), l.Volume, share, l.Last, false)
	}
	if !k.Whole() { // a total of some channels would pass for one of all
		return out
	}
	row("All channels", k.Total, "100%", k.LastTotal, true)
	out.Facts.Rows = checkedFacts(k)
	return out
}

// checkedFacts compares with councils of the same type.
func checkedFacts(k catalogue.ReturnCheck) []view.SummaryRow {
	var rows []view.SummaryRow
	peers := fmt.Sprintf("The median of %d councils %s that share theirs is ", k.Peers, k.Alike)
	if k.Rate > 0 {
		r := view.SummaryRow{Key: "For 1,000 residents", Value: fmt.Sprintf("%.1f contacts", k.Rate), Note: "Fewer than five councils like yours share theirs: there is nothing to compare with yet"}
		if k.PeerRate > 0 {
			r.Note = peers + fmt.Sprintf("%.1f", k.PeerRate)
		}
		rows = append(rows, r)
	}
	if k.Digital != nil {
		r := view.SummaryRow{Key: "Came online", Value: fmt.Sprintf("%.0f%%", *k.Digital*100)}
		if k.PeerShare > 0 {
			r.Note = peers + fmt.Sprintf("%.0f%%", k.PeerShare*100)
		}
		rows = append(rows, r)
	}
	return rows
}
