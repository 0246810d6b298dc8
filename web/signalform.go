package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// signalFormPage writes a signal or its change: always a draft.
type signalFormPage struct {
	view.Page
	Heading   string
	Lead      string
	Action    string
	Form      string // ID of the record that the form makes; empty: it is there
	Intention string
	Group     string
	Version   string
	Sections  []formSection
	Save      view.Button
	Back      view.Link
	Discard   *signalDiscard // nil: nothing to discard
}

// signalDiscard drops what was being written.
type signalDiscard struct {
	Action string
	Send   view.Button
}

// signalForm is a signal as somebody types it.
type signalForm struct {
	title, capability, stage, scope, lots, lotsReason, how, link, respond, days, notice, address, ocid string
	engagement, askBy                                                                                  typedDate
	version                                                                                            uint64
}

func readSignalForm(t *typed) signalForm {
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	return signalForm{title: t.text("title"), capability: t.text("capability"), stage: t.text("stage"), scope: t.text("scope"), lots: t.text("lots"), lotsReason: t.text("lots_reason"),
		how: t.text("engagement_how"), link: t.text("engagement_link"), respond: t.text("respond"), days: t.text("answer_days"), notice: t.text("notice"),
		address: t.text("notice_address"), ocid: t.text("ocid"), engagement: t.dateParts("engagement"), askBy: t.dateParts("ask_by"), version: version}
}

// text is the form as the catalogue takes it; t notes what cannot be read.
func (f signalForm) text(t *typed) catalogue.SignalText {
	days, _ := strconv.Atoi(f.days) // what is no number is refused as 0
	return catalogue.SignalText{Title: f.title, Capability: f.capability, Stage: catalogue.SignalStage(f.stage), Scope: f.scope, Lots: f.lots, LotsReason: f.lotsReason,
		Engagement: t.date("engagement", "The day of the next engagement"), EngageHow: f.how, EngageLink: f.link, Respond: f.respond,
		AskBy: t.date("ask_by", "The last day for questions"), AnswerDays: days,
		Notice: catalogue.SignalNotice{Kind: f.notice, Address: f.address, OCID: f.ocid}}
}

// formOfSignal is a text as somebody would type it.
func formOfSignal(t catalogue.SignalText, version uint64) signalForm {
	return signalForm{title: t.Title, capability: t.Capability, stage: string(t.Stage), scope: t.Scope, lots: t.Lots, lotsReason: t.LotsReason, how: t.EngageHow, link: t.EngageLink,
		respond: t.Respond, days: countTyped(t.AnswerDays), notice: t.Notice.Kind, address: t.Notice.Address, ocid: t.Notice.OCID,
		engagement: typedOf(t.Engagement), askBy: typedOf(t.AskBy), version: version}
}

func (s *site) newSignal(c *gin.Context, who visitor) error {
	of := catalogue.SignalOf{ID: catalogue.NewID(), Intention: c.Query("intention"), Group: c.Query("group")}
	if of.Intention == "" && of.Group == "" {
		return s.chooseSignal(c, who)
	}
	f, err := s.beginSignal(c, who, of)
	if err != nil {
		return err
	}
	return s.showSignalForm(c, who, http.StatusOK, of, nil, f, nil)
}

// beginSignal is the form as it begins: with what everybody may see of the intention or the group.
func (s *site) beginSignal(c *gin.Context, who visitor, of catalogue.SignalOf) (signalForm, error) {
	if !catalogue.MayDo(who.actor, catalogue.PublishSignal) {
		return signalForm{}, errMayNotSignal()
	}
	f := signalForm{lots: catalogue.LotsUndecided, days: strconv.Itoa(catalogue.UsualAnswerDays())}
	if of.Group != "" {
		g, err := s.Catalogue.Group(c, who.actor, of.Group)
		if err != nil {
			return f, err
		}
		if !g.Room || !who.actor.ForCouncil(g.Lead) {
			return f, &catalogue.Error{Kind: catalogue.Forbidden, Message: "The group’s lead authority publishes its signals"}
		}
		if f.capability = g.Capability; g.Card == catalogue.Public {
			f.title, f.scope = g.Title, g.Need
		}
	} else {
		in, err := s.Catalogue.Intention(c, who.actor, of.Intention)
		if err != nil {
			return f, err
		}
		if !who.actor.ForCouncil(in.Council) {
			return f, &catalogue.Error{Kind: catalogue.Forbidden, Message: "You can publish a signal for an intention of your own council only"}
		}
		if f.capability, _ = in.Capable(); in.Visibility == catalogue.Public {
			f.title, f.scope = in.Title, in.Description
		}
	}
	if f.title == "" && f.capability != "" {
		f.title = s.capabilityName(f.capability)
	}
	return f, nil
}

func errMayNotSignal() error {
	return &catalogue.Error{Kind: catalogue.Forbidden, Message: "A lead or an administrator of your council publishes signals: your account cannot"}
}

func (s *site) writeSignal(c *gin.Context, who visitor) error {
	if !catalogue.MayDo(who.actor, catalogue.PublishSignal) {
		return errMayNotSignal()
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	of := catalogue.SignalOf{ID: recordID(t.text("form")), Intention: t.text("intention"), Group: t.text("group")}
	f := readSignalForm(t)
	text := f.text(t)
	if err = t.and(s.Catalogue.CheckSignal(text)); err == nil {
		var made *catalogue.Signal
		if made, err = s.Catalogue.WriteSignal(c, who.actor, of, text); err == nil {
			return s.afterDraft(c, who, made)
		}
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showSignalForm(c, who, http.StatusBadRequest, of, nil, f, err)
	}
	return err
}

func (s *site) afterDraft(c *gin.Context, who visitor, x *catalogue.Signal) error {
	who.session.wrote(x.Version)
	who.session.set("flash", "Saved as a draft. Nobody outside sees it until you publish it.")
	return s.redirect(c, who, pagePath(catalogue.KindSignal, x.ID)+"/preview")
}

func (s *site) editSignal(c *gin.Context, who visitor) error {
	x, err := s.ownSignal(c, who)
	if err != nil {
		return err
	}
	text := x.Text
	if x.Draft != nil {
		text = *x.Draft
	}
	return s.showSignalForm(c, who, http.StatusOK, catalogue.SignalOf{}, x, formOfSignal(text, x.Version), nil)
}

// ownSignal is the signal of an address, for officers who may change it.
func (s *site) ownSignal(c *gin.Context, who visitor) (*catalogue.Signal, error) {
	v, err := s.Catalogue.Signal(c, who.actor, c.Param("id"))
	if err != nil {
		return nil, err
	}
	if !v.Runs || !catalogue.MayDo(who.actor, catalogue.PublishSignal) {
		return nil, &catalogue.Error{Kind: catalogue.Forbidden, Message: "A lead or an administrator of the council that runs the signal can do this"}
	}
	return v.Signal, nil
}

func (s *site) saveSignal(c *gin.Context, who visitor) error {
	x, err := s.ownSignal(c, who)
	if err != nil {
		return err
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := readSignalForm(t)
	text := f.text(t)
	if err = t.and(s.Catalogue.CheckSignal(text)); err == nil {
		var saved *catalogue.Signal
		if saved, err = s.Catalogue.DraftSignal(c, who.actor, x.ID, f.version, text); err == nil {
			return s.afterDraft(c, who, saved)
		}
	}
	switch catalogue.KindOf(err) {
	case catalogue.Invalid:
		return s.showSignalForm(c, who, http.StatusBadRequest, catalogue.SignalOf{}, x, f, err)
	case catalogue.Conflict:
		if x.End != nil {
			return err
		}
		f.version = x.Version // the reader sees that there is another
		return s.showSignalForm(c, who, http.StatusConflict, catalogue.SignalOf{}, x, f, err)
	}
	return err
}

// showSignalForm shows the form of a new signal (x nil) or of one that is there.
func (s *site) showSignalForm(c *gin.Context, who visitor, status int, of catalogue.SignalOf, x *catalogue.Signal, f signalForm, wrong error) error {
	wrong = inOrderOf([]string{"title", "capability", "stage", "scope", "lots", "lots_reason", "engagement", "engagement_how", "engagement_link", "respond", "ask_by", "answer_days", "notice", "notice_address", "ocid"}, wrong)
	p := signalFormPage{Heading: "Write a signal to suppliers", Action: "/signals/new", Form: of.ID, Intention: of.Intention, Group: of.Group, Version: strconv.FormatUint(f.version, 10),
		Lead: "It is a draft until you have seen it as a supplier will, and read what it may mean in law. Leave out what is not for everybody: budgets, present suppliers, and members of a group that have not agreed to be named.",
		Save: view.Button{Text: "Save the draft and see it", PreventDoubleClick: true}, Back: view.Link{Text: "Cancel", Href: signalOrigin(of)}, Sections: s.signalSections(f, wrong)}
	if x != nil {
		address := pagePath(catalogue.KindSignal, x.ID)
		p.Heading, p.Action, p.Back.Href = "Change a signal", address+"/edit", address
		p.Lead = "What everybody sees stays as it is until you publish the change. What it said before stays on its page, with the day."
		if !x.IsPublic() {
			p.Heading, p.Lead = "Change the draft of a signal", "Nobody outside sees it until you publish it."
		}
		if x.Draft != nil {
			p.Discard = &signalDiscard{address + "/discard", view.Button{Text: "Discard what is not published", Classes: "govuk-button--warning", PreventDoubleClick: true}}
		}
	}
	p.Page = s.page(c, who, "/demand", p.Heading)
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Signals", Href: "/signals"}, {Text: p.Heading}}
	p.Errors = errorLinks(wrong, map[string]string{"engagement": "engagement-day", "ask_by": "ask_by-day"})
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile("title")
	}
	anew(c)
	return s.show(c, who, status, "signal-form", p)
}

func signalOrigin(of catalogue.SignalOf) string {
	if of.Group != "" {
		return pagePath(catalogue.KindGroup, of.Group)
	}
	return pagePath(catalogue.KindIntention, of.Intention)
}

// signalAddress is where a signal for an intention or a group is begun.
func signalAddress(about catalogue.Key) string {
	return "/signals/new?" + url.Values{string(about.Kind): {about.ID}}.Encode()
}

func (s *site) signalSections(f signalForm, wrong error) []formSection {
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	input := func(name, text, hint, value, kind, classes string) view.Field {
		return view.Field{Input: &view.Input{Name: name, Label: label(text), Hint: hint, Value: value, Type: kind, Classes: classes, Error: fieldError(wrong, name)}}
	}
	area := func(name, text, hint, value string, rows int) view.Field {
		return view.Field{Textarea: &view.Textarea{Name: name, Rows: rows, Label: label(text), Hint: hint, Value: value, Error: fieldError(wrong, name)}}
	}
	stages := &view.Radios{Name: "stage", Legend: &view.Legend{Text: "How far has the buying come?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "stage")}
	for _, st := range catalogue.SignalStages() {
		stages.Choices = append(stages.Choices, view.Choice{Value: string(st), Text: st.Words(), Hint: stageHint(st), Checked: string(st) == f.stage})
	}
	lots := &view.Radios{Name: "lots", Legend: &view.Legend{Text: "Is it divided into lots?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "lots")}
	for _, l := range []string{catalogue.LotsUndecided, catalogue.LotsOne, catalogue.LotsMany} {
		lots.Choices = append(lots.Choices, view.Choice{Value: l, Text: catalogue.LotsWords(l), Checked: l == f.lots})
	}
	capability := &view.Select{Name: "capability", Label: label("What is it for?"), Options: []view.Option{{Text: "Choose"}}, Groups: s.capabilityGroups(f.capability), Error: fieldError(wrong, "capability")}
	notice := &view.Select{Name: "notice", Label: label("Official notice (optional)"), Hint: "Only one that the official service has published", Options: []view.Option{{Text: "None yet"}}, Error: fieldError(wrong, "notice")}
	for _, r := range s.Catalogue.Register().RulesOn(register.Notice, s.Catalogue.Today()) {
		notice.Options = append(notice.Options, view.Option{Value: r.Code, Text: r.Code + " " + r.Name, Selected: r.Code == f.notice})
	}
	engagement := dateField("engagement", "When is the next engagement? (optional)", "For example, 11 2 2027", f.engagement, wrong)
	askBy := dateField("ask_by", "What is the last day for questions? (optional)", "Leave empty to take questions while the signal is open", f.askBy, wrong)
	return []formSection{
		{Title: "What", Fields: []view.Field{input("title", "Title", "What is to be bought, in a few words", f.title, "", ""), {Select: capability}, {Radios: stages},
			area("scope", "What is to be bought?", "Functions, not brands: what it must do, for whom, and how much of it", f.scope, 7)}},
		{Title: "Lots", Fields: []view.Field{{Radios: lots}, area("lots_reason", "Why?", "The reason for the decision, once it is made", f.lotsReason, 3)}},
		{Title: "Taking part", Fields: []view.Field{area("respond", "How can everybody respond equally?", "The same way, the same questions and the same time for all", f.respond, 4),
			{Date: &engagement}, area("engagement_how", "What happens on that day? (optional)", "And how those who cannot come get the same information", f.how, 3),
			input("engagement_link", "Where to register for it (optional)", "A web address that starts with https://", f.link, "url", "")}},
		{Title: "Questions", Fields: []view.Field{{Date: &askBy}, {Input: &view.Input{Name: "answer_days", Label: label("Within how many days do you answer?"), Hint: "Questions that wait for longer stand first on your desk",
			Value: f.days, InputMode: "numeric", Classes: "govuk-input--width-3", Suffix: "days", Error: fieldError(wrong, "answer_days")}}}},
		{Title: "Official notice", Fields: []view.Field{{Select: notice}, input("notice_address", "Web address of the notice (optional)", "", f.address, "url", ""),
			input("ocid", "OCID (optional)", "As the notice shows it, for example ocds-h6vhtk-06f1b4", f.ocid, "", "govuk-input--width-20")}},
	}
}

func stageHint(st catalogue.SignalStage) string {
	switch st {
	case catalogue.SignalExploring:
		return "Whether and how to buy is open"
	case catalogue.SignalEngaging:
		return "Suppliers are asked what is possible"
	case catalogue.SignalTenderSoon:
		return "The tender is being prepared"
	}
	return "A tender or call-off is under way"
}

// noticeName is an official notice's code and name.
func (s *site) noticeName(code string) string {
	if r, ok := s.Catalogue.Register().Rule(register.Notice, code, s.Catalogue.Today()); ok {
		return r.Code + " " + r.Name
	}
	return cmp.Or(code, view.NotStated)
}
