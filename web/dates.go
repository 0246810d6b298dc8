package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/plan"
	"jointly/web/view"
)

// groupDatesPage is where members change what their group's dates are worked out from.
type groupDatesPage struct {
	view.Page
	Caption  string
	Action   string
	Back     view.Link
	Version  string
	Conflict view.Table // where somebody else's choices differ from what was typed
	Route    view.Radios
	Reason   view.Textarea
	Key      view.Radios
	Engage   view.Radios
	Docs     view.Radios
	UK3      view.DateInput
	Periods  []view.Input
	Meetings []view.DateInput
	Save     view.Button
}

// datesForm is a group's choices as somebody types them; what cannot be read is kept as it is.
type datesForm struct {
	route, reason, key, engage, docs string
	uk3                              typedDate
	periods                          []string    // in the order of periodFields
	meetings                         []typedDate // in the order of the members
}

// periodField is one period that a group can change.
type periodField struct {
	name, label, unit, hint string
	of                      func(*catalogue.PlanChoices) *int
}

func periodFields() []periodField {
	return []periodField{
		{"agree_weeks", "Agreeing what is bought", "weeks", "4 weeks are assumed", func(p *catalogue.PlanChoices) *int { return &p.AgreeWeeks }},
		{"engagement_weeks", "Market engagement", "weeks", "4 weeks are assumed", func(p *catalogue.PlanChoices) *int { return &p.EngagementWeeks }},
		{"committee_weeks", "From one committee meeting to the next", "weeks", "6 weeks are assumed", func(p *catalogue.PlanChoices) *int { return &p.CommitteeWeeks }},
		{"call_in_days", "Call-in", "working days", "5 working days are usual; constitutions differ", func(p *catalogue.PlanChoices) *int { return &p.CallInDays }},
		{"competition_weeks", "Mini-competition of a call-off", "weeks", "3 weeks are assumed", func(p *catalogue.PlanChoices) *int { return &p.CompetitionWeeks }},
		{"evaluation_weeks", "Evaluating and moderating", "weeks", "6 weeks are assumed", func(p *catalogue.PlanChoices) *int { return &p.EvaluationWeeks }},
		{"go_live_months", "Data migration and going live", "months", "The longest that a member states, or 6 months", func(p *catalogue.PlanChoices) *int { return &p.GoLiveMonths }},
		{"notice_months", "Notice of an extension under the present contract", "months", "3 months are assumed", func(p *catalogue.PlanChoices) *int { return &p.NoticeMonths }},
	}
}

// datesMembers lists those whose meetings count, in a fixed order.
func datesMembers(r *catalogue.Room) []*catalogue.Council {
	var out []*catalogue.Council
	for _, m := range r.Members {
		if m.State == catalogue.Accepted && m.Who != nil {
			out = append(out, m.Who)
		}
	}
	return out
}

func readDates(t *typed, members []*catalogue.Council) datesForm {
	f := datesForm{route: t.text("route"), reason: t.text("reason"), key: t.text("key_decision"), engage: t.text("engage"), docs: t.text("docs"), uk3: t.dateParts("uk3")}
	for _, p := range periodFields() {
		f.periods = append(f.periods, t.text(p.name))
	}
	for _, who := range members {
		f.meetings = append(f.meetings, t.dateParts("meeting-"+who.GSS))
	}
	return f
}

// datesFormOf is choices as somebody would type them.
func datesFormOf(p catalogue.PlanChoices, members []*catalogue.Council) datesForm {
	f := datesForm{route: string(p.Route), reason: p.Reason, key: string(p.KeyDecision), engage: string(p.Engage), docs: "yes", uk3: typedOf(p.UK3)}
	if p.DocsLater {
		f.docs = "no"
	}
	for _, field := range periodFields() {
		f.periods = append(f.periods, countTyped(*field.of(&p)))
	}
	for _, who := range members {
		var next typedDate
		for _, m := range p.Meetings {
			if m.Council == who.GSS {
				next = typedOf(m.Next)
			}
		}
		f.meetings = append(f.meetings, next)
	}
	return f
}

// choices is the form as the catalogue takes it.
func (f datesForm) choices(t *typed, members []*catalogue.Council) catalogue.PlanChoices {
	p := catalogue.PlanChoices{Route: plan.Route(f.route), Reason: f.reason, KeyDecision: plan.Answer(f.key), Engage: plan.Answer(f.engage),
		DocsLater: f.docs == "no", UK3: t.date("uk3", "The day of the planned procurement notice")}
	for _, field := range periodFields() {
		*field.of(&p) = t.whole(field.name, field.label, field.unit)
	}
	for _, who := range members {
		if next := t.date("meeting-"+who.GSS, "The meeting of "+who.Name); !next.IsZero() {
			p.Meetings = append(p.Meetings, catalogue.Meeting{Council: who.GSS, Next: next})
		}
	}
	return p
}

// whole reads a whole number of some unit; nothing typed is 0: not said.
func (t *typed) whole(field, name, unit string) int {
	s := t.text(field)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.fault(field, name+" must be a whole number of "+unit+", such as 6")
	}
	return n
}

// said is what the form says, field by field.
func (f datesForm) said(members []*catalogue.Council) [][2]string {
	words := map[string]string{"": "Not known yet", "yes": "Yes", "no": "No"}
	date := joinedDate
	route := ""
	if f.route != "" {
		route = sentenceCase(plan.Route(f.route).Words())
	}
	out := [][2]string{{"Route", route}, {"Why this route", f.reason}, {"Key decision", words[f.key]}, {"Market engagement", words[f.engage]},
		{"All documents with the notice", words[f.docs]}, {"UK3 published on", date(f.uk3)}}
	for i, field := range periodFields() {
		out = append(out, [2]string{field.label + ", " + field.unit, f.periods[i]})
	}
	for i, who := range members {
		out = append(out, [2]string{"Next meeting of " + who.Name, date(f.meetings[i])})
	}
	return out
}

func joinedDate(d typedDate) string {
	out := d.Day
	for _, part := range []string{d.Month, d.Year} {
		if part != "" && out != "" {
			out += " "
		}
		out += part
	}
	return out
}

// planningRoom is the room of a group whose member the visitor is; a page about its plan is there for nobody else.
func (s *site) planningRoom(ctx context.Context, who visitor, id string) (*catalogue.Room, error) {
	r, err := s.Catalogue.Room(ctx, who.actor, id)
	switch {
	case err != nil:
		return nil, err
	case r.Dates == nil, r.Mine == nil:
		return nil, &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	return r, nil
}

// mustPlan refuses members that may read a group's plan, but not change it.
func mustPlan(r *catalogue.Room, actor catalogue.Actor) error {
	switch {
	case mayPlan(r, actor):
		return nil
	case !r.Group.GoesOn():
		return &catalogue.Error{Kind: catalogue.Conflict, Message: "This group has ended: its plan stays as it was"}
	}
	return &catalogue.Error{Kind: catalogue.Forbidden, Message: "A lead of your council changes what a group plans: your account can read it on the group’s page"}
}

func (s *site) groupDates(c *gin.Context, who visitor) error {
	r, err := s.planningRoom(c, who, c.Param("id"))
	if err == nil {
		err = mustPlan(r, who.actor)
	}
	if err != nil {
		return err
	}
	anew(c)
	return s.showDates(c, who, http.StatusOK, r, datesFormOf(r.Group.Plan.PlanChoices, datesMembers(r)), strconv.Itoa(r.Group.Plan.Version), false, nil)
}

// saveDates stores the choices. Where another member changed them meanwhile, both are shown, and nothing typed is lost.
func (s *site) saveDates(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	r, err := s.planningRoom(c, who, c.Param("id"))
	if err == nil {
		err = mustPlan(r, who.actor)
	}
	if err != nil {
		return err
	}
	members := datesMembers(r)
	f := readDates(t, members)
	choices := f.choices(t, members)
	version, bad := strconv.Atoi(t.text("version"))
	if bad != nil {
		return missing("version", "The form does not say which choices it changes. Open it again from the group’s page")
	}
	var g *catalogue.BuyingGroup
	if err = t.err(); err == nil {
		g, err = s.Catalogue.SetPlan(c, who.actor, r.Group.ID, version, choices)
	}
	switch catalogue.KindOf(err) {
	case catalogue.Invalid:
		return s.showDates(c, who, http.StatusBadRequest, r, f, t.text("version"), false, err)
	case catalogue.Conflict:
		if r, err = s.planningRoom(c, who, r.Group.ID); err != nil {
			return err
		}
		return s.showDates(c, who, http.StatusConflict, r, f, strconv.Itoa(r.Group.Plan.Version), true, nil)
	}
	if err != nil {
		return err
	}
	who.session.wrote(g.Version)
	who.session.set("flash", "The dates are worked out again. The members are told where the route or the day to decide by changed.")
	return s.redirect(c, who, pagePath(catalogue.KindGroup, g.ID)+"#dates")
}

func (s *site) showDates(c *gin.Context, who visitor, status int, r *catalogue.Room, f datesForm, version string, clash bool, wrong error) error {
	members := datesMembers(r)
	p := newDatesPage(r, members, f, wrong)
	p.Version = version
	if clash {
		p.Conflict = differTable(datesFormOf(r.Group.Plan.PlanChoices, members).said(members), f.said(members))
		p.Save.Text = "Save what I typed"
	}
	p.Page = s.page(c, who, "/groups", "What the dates are worked out from")
	p.Crumbs = []view.Crumb{{Text: "Groups", Href: "/groups"}, {Text: r.Group.Title, Href: p.Back.Href}, {Text: "Dates"}}
	ids := map[string]string{"uk3": "uk3-day"}
	fields := []string{"route", "reason", "key_decision", "engage", "docs", "uk3"}
	for _, field := range periodFields() {
		fields = append(fields, field.name)
	}
	for _, m := range members {
		ids["meeting-"+m.GSS] = "meeting-" + m.GSS + "-day"
		fields = append(fields, "meeting-"+m.GSS)
	}
	p.Errors = errorLinks(inOrderOf(fields, wrong), ids)
	return s.show(c, who, status, "group-dates", p)
}

func newDatesPage(r *catalogue.Room, members []*catalogue.Council, f datesForm, wrong error) groupDatesPage {
	path := pagePath(catalogue.KindGroup, r.Group.ID)
	p := groupDatesPage{Caption: r.Group.Title, Action: path + "/dates", Back: view.Link{Text: "Back to the group", Href: path + "#dates"},
		Save: view.Button{Text: "Work out the dates", PreventDoubleClick: true}}
	legend := func(text string) *view.Legend { return &view.Legend{Text: text, Classes: "govuk-fieldset__legend--s"} }
	yesNo := func(name, text, hint, value string) view.Radios {
		return view.Radios{Name: name, Classes: "govuk-radios--small govuk-radios--inline", Legend: legend(text), Hint: hint, Error: fieldError(wrong, name),
			Choices: []view.Choice{{Value: "yes", Text: "Yes", Checked: value == "yes"}, {Value: "no", Text: "No", Checked: value == "no"}, {Value: "", Text: "Not known yet", Checked: value == ""}}}
	}
	p.Route = view.Radios{Name: "route", Classes: "govuk-radios--small", Legend: legend("How does the group buy?"), Error: fieldError(wrong, "route"),
		Choices: []view.Choice{
			{Value: string(plan.Tender), Text: "Open tender", Hint: "Any supplier can take part. Notices UK4, UK6 and UK7", Checked: f.route == string(plan.Tender)},
			{Value: string(plan.CallOff), Text: "Call-off from a framework", Hint: "With a mini-competition. The framework must name every member, or a class that it is in", Checked: f.route == string(plan.CallOff)},
			{Value: string(plan.Extension), Text: "Extension of the present contract", Hint: "Where it allows one", Checked: f.route == string(plan.Extension)},
			{Value: "", Text: "Not decided yet", Checked: f.route == ""}}}
	p.Reason = view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why this route?", Classes: "govuk-label--s"}, Hint: "Committee papers take it over", Value: f.reason, Error: fieldError(wrong, "reason")}
	p.Key = yesNo("key_decision", "Is it a key decision for any member in England?", "It needs 28 clear days’ notice, and may be called in. Where this is not known, it is taken to be one", f.key)
	p.Engage = yesNo("engage", "Will you engage the market before the tender?", "With a preliminary market engagement notice (UK2)", f.engage)
	p.Docs = yesNo("docs", "Are all tender documents supplied with the tender notice?", "If not, the tender is open longer", f.docs)
	p.Docs.Choices = p.Docs.Choices[:2]
	p.UK3 = dateField("uk3", "When was a planned procurement notice (UK3) published? (optional)", "Published 40 days to 12 months before the tender notice, it shortens the tender", f.uk3, wrong)
	for i, field := range periodFields() {
		p.Periods = append(p.Periods, view.Input{Name: field.name, Label: view.Label{Text: field.label}, Hint: field.hint, InputMode: "numeric", Classes: "govuk-input--width-3",
			Suffix: field.unit, Value: f.periods[i], Error: fieldError(wrong, field.name)})
	}
	for i, who := range members {
		d := dateField("meeting-"+who.GSS, who.Label(), "", f.meetings[i], wrong)
		p.Meetings = append(p.Meetings, d)
	}
	return p
}

// groupCalendar is a group's dates for a member's own calendar.
func (s *site) groupCalendar(c *gin.Context, who visitor) error {
	r, err := s.planningRoom(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	file := exchange.Calendar(r.Group, r.Dates, s.BaseURL+pagePath(catalogue.KindGroup, r.Group.ID))
	if err := s.attachment(c, who, "dates-of-the-group.ics"); err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/calendar; charset=utf-8", []byte(file))
	return nil
}
