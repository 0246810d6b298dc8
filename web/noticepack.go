package web

import (
	"bytes"
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// noticePage is a group's notice pack: what a planned procurement notice would make public, the draft, and the OCID back.
type noticePage struct {
	view.Page
	Heading string
	Warning string
	Facts   view.SummaryList // what would become public
	LeftOut []string
	Text    string // the draft
	Files   []view.Link
	Record  *recordForm // nil: the visitor's council does not lead
	Known   []knownNotice
	Links   []view.Link
}

// knownNotice is a published notice, with the button that removes it where the visitor may.
type knownNotice struct {
	Fact   view.Fact
	Action string
	OCID   string
	Kind   string
	Remove *view.Button
}

// recordForm takes the OCID and address that the official service gave.
type recordForm struct {
	Action  string
	Notice  view.Select
	OCID    view.Input
	Address view.Input
	On      view.DateInput
	Send    view.Button
}

func (s *site) noticePack(c *gin.Context, who visitor) error {
	p, err := s.noticePage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "notice", p)
}

// notice reads what a group's notice may say; NotFound for all but its members and the operator.
func (s *site) notice(c *gin.Context, who visitor, id string) (exchange.Notice, error) {
	planned, err := s.Catalogue.PlannedNotice(c, who.actor, id)
	if err != nil {
		return exchange.Notice{}, err
	}
	n := exchange.Notice{Planned: planned, Prefix: s.OCIDPrefix, Address: s.BaseURL + pagePath(catalogue.KindGroup, id) + "/notice.json", Now: s.Catalogue.Now()}
	if known, ok := s.Catalogue.Dictionary().Capability(planned.Group.Capability); ok {
		n.Capability = known.Name
	}
	if lots := planned.Group.Value.Lots; lots.Divided != "" {
		n.Lots = lots.Text
	}
	matrix, err := s.Catalogue.Matrix(c, who.actor, id)
	if err != nil {
		return exchange.Notice{}, err
	}
	for _, line := range matrix.Lines {
		if !line.Settled(matrix.Group.AcceptedCouncils()).IsZero() {
			n.Requirements = append(n.Requirements, line.Text)
		}
	}
	n.Threshold, n.HasThreshold = s.Catalogue.Register().Threshold("goods-services-sub-central", s.Catalogue.Today())
	return n, nil
}

func (s *site) noticePage(c *gin.Context, who visitor, id string) (noticePage, error) {
	n, err := s.notice(c, who, id)
	if err != nil {
		return noticePage{}, err
	}
	g, address := n.Planned.Group, pagePath(catalogue.KindGroup, id)+"/notice"
	p := noticePage{Page: s.page(c, who, "/groups", "Notice pack: "+g.Title), Heading: "Notice pack: " + marked(g.Title, g.Demonstration), Warning: exchange.DraftOnly,
		Facts: noticeFacts(n), LeftOut: n.Planned.LeftOut, Files: []view.Link{{Text: "Download the text (.txt)", Href: address + ".txt"}, {Text: "Download OCDS 1.1.5 (.json)", Href: address + ".json"}}}
	p.Crumbs = groupCrumbs(g, "Notice pack")
	var text bytes.Buffer
	if err := exchange.WriteNoticeText(&text, n); err != nil {
		return noticePage{}, err
	}
	p.Text = text.String()
	leads := g.Lead != "" && who.actor.ForCouncil(g.Lead) && g.Stage != catalogue.Abandoned && catalogue.MayDo(who.actor, catalogue.RunGroup)
	if leads {
		p.Record = s.newRecordForm(address)
	}
	for i, fact := range publishedFacts(g) {
		known := knownNotice{Fact: fact, Action: address + "/remove", OCID: g.Notices[i].OCID, Kind: g.Notices[i].Kind}
		if leads {
			known.Remove = &view.Button{Text: "Remove " + known.Kind, Classes: "govuk-button--secondary", PreventDoubleClick: true}
		}
		p.Known = append(p.Known, known)
	}
	for _, l := range paperLinks(id) {
		if l.Href != address {
			p.Links = append(p.Links, l)
		}
	}
	return p, nil
}

// noticeFacts is all that the draft would make public.
func noticeFacts(n exchange.Notice) view.SummaryList {
	planned := n.Planned
	row := func(key, value string) view.SummaryRow {
		return view.SummaryRow{Key: key, Value: view.OrNotStated(value), Muted: value == ""}
	}
	var buyers, codes []string
	for _, c := range planned.Buyers {
		name := c.Label()
		if planned.Lead != nil && c.GSS == planned.Lead.GSS {
			name += " (lead authority)"
		}
		buyers = append(buyers, name)
	}
	for _, c := range planned.CPV {
		codes = append(codes, c.Code+" "+c.Name)
	}
	var partners []string
	for _, b := range planned.Partners {
		partners = append(partners, b.Label())
	}
	value, start := "", ""
	if planned.Value > 0 {
		value = both(planned.Value)
	}
	if !planned.Start.IsZero() {
		start = window(planned.Start, planned.End)
	}
	named := []view.SummaryRow{row("Title", planned.Group.Title), row("Councils named", view.Sentence(buyers))}
	if len(partners) > 0 {
		named = append(named, row("Partners named, which buy nothing", view.Sentence(partners)))
	}
	return view.SummaryList{Rows: append(named, row("The need", planned.Group.Need),
		row("What it is for", n.Capability), row("CPV codes", view.Sentence(codes)), row("Joint value", value), row("When the tender may start", start),
		row("Contracts that it replaces", view.Sentence(planned.Replaces)), row("OCID prefix", n.Prefix))}
}

func (s *site) noticeJSON(c *gin.Context, who visitor) error {
	n, err := s.notice(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := exchange.WriteNotice(&b, n); err != nil {
		return err
	}
	return s.sendFile(c, who, fileName("draft-notice", n.Planned.Group)+".json", "application/json; charset=utf-8", b.Bytes())
}

func (s *site) noticeText(c *gin.Context, who visitor) error {
	n, err := s.notice(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := exchange.WriteNoticeText(&b, n); err != nil {
		return err
	}
	return s.sendFile(c, who, fileName("draft-notice", n.Planned.Group)+".txt", "text/plain; charset=utf-8", b.Bytes())
}

// newRecordForm is the form for the OCID back, empty.
func (s *site) newRecordForm(action string) *recordForm {
	f := &recordForm{Action: action,
		Notice:  view.Select{Name: "notice", Label: view.Label{Text: "Which notice is it?"}, Options: []view.Option{{Text: "Choose"}}},
		OCID:    view.Input{Name: "ocid", Label: view.Label{Text: "OCID"}, Hint: "As the notice shows it, for example ocds-h6vhtk-06f1b4", Classes: "govuk-input--width-20", Spellcheck: "false", Autocomplete: "off"},
		Address: view.Input{Name: "address", Label: view.Label{Text: "Web address of the notice"}, Type: "url", Spellcheck: "false"},
		On:      dateField("published", "When was it published?", "For example, 23 11 2026", typedDate{}, nil),
		Send:    view.Button{Text: "Record the published notice", PreventDoubleClick: true}}
	for _, r := range s.Catalogue.Register().RulesOn(register.Notice, s.Catalogue.Today()) {
		f.Notice.Options = append(f.Notice.Options, view.Option{Value: r.Code, Text: r.Code + " " + r.Name})
	}
	return f
}

func (s *site) recordNotice(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	n := catalogue.PublishedNotice{OCID: t.text("ocid"), Address: t.text("address"), Kind: t.text("notice"), On: t.date("published", "The day of publication")}
	var g *catalogue.BuyingGroup
	if err = t.err(); err == nil {
		g, err = s.Catalogue.RecordNotice(c, who.actor, id, n)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.recordAgain(c, who, id, t, err)
	}
	return s.afterNotice(c, who, g, err, "The notice is on the group’s card. The other members are told.")
}

func (s *site) removeNotice(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	g, err := s.Catalogue.RemoveNotice(c, who.actor, c.Param("id"), t.text("ocid"), t.text("notice"))
	return s.afterNotice(c, who, g, err, "The notice is off the group’s card.")
}

func (s *site) afterNotice(c *gin.Context, who visitor, g *catalogue.BuyingGroup, err error, message string) error {
	if err != nil {
		return err
	}
	who.session.wrote(g.Version)
	who.session.set("flash", message)
	return s.redirect(c, who, pagePath(catalogue.KindGroup, g.ID)+"/notice")
}

// recordAgain shows the page with what was typed and what is wrong with it.
func (s *site) recordAgain(c *gin.Context, who visitor, id string, t *typed, wrong error) error {
	p, err := s.noticePage(c, who, id)
	if err != nil {
		return err
	}
	if p.Record == nil {
		return wrong
	}
	wrong = inOrderOf([]string{"notice", "ocid", "address", "published"}, wrong)
	f := p.Record
	f.OCID.Value, f.OCID.Error = t.text("ocid"), fieldError(wrong, "ocid")
	f.Address.Value, f.Address.Error = t.text("address"), fieldError(wrong, "address")
	f.Notice.Error = fieldError(wrong, "notice")
	f.On = dateField("published", f.On.Legend.Text, f.On.Hint, t.dateParts("published"), wrong)
	for i, o := range f.Notice.Options {
		f.Notice.Options[i].Selected = o.Value == t.text("notice")
	}
	p.Errors = errorLinks(wrong, map[string]string{"published": "published-day"})
	return s.show(c, who, http.StatusBadRequest, "notice", p)
}

// publishedFacts are the published notices of a group's procurement, as its card shows them.
func publishedFacts(g *catalogue.BuyingGroup) []view.Fact {
	var out []view.Fact
	for _, n := range g.Notices {
		out = append(out, view.Fact{Name: "Published notice " + n.Kind, Value: n.OCID, Href: n.Address, Note: view.Date(n.On)})
	}
	return out
}
