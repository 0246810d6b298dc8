package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// recommendationPage is one recommendation: what it asks for, what it follows from, who leads it, and how it goes.
type recommendationPage struct {
	view.Page
	Heading  string
	Tag      view.Tag
	What     string
	Facts    view.SummaryList
	Findings []view.Link
	Progress []planProgress
	None     string // that no progress is reported
	History  []frameworkPast
	Actions  []view.Link
	Answer   *leadForm     // for the council that is asked
	Report   *progressForm // for the operator and the council that leads
	Delete   *takeBackForm // of a draft
}

// planProgress is how a recommendation stood on a day.
type planProgress struct {
	Tag        view.Tag
	Text, Note string
}

// leadForm is a council's answer to being asked to lead.
type leadForm struct {
	Action, Said string
	Why          view.Textarea
	Agree        view.Button
	Decline      view.Button
}

// progressForm reports how a recommendation stands.
type progressForm struct {
	Action, Version string
	State           view.Radios
	Text            view.Textarea
	Send            view.Button
}

func (s *site) recommendation(c *gin.Context, who visitor) error {
	return s.showRecommendation(c, who, http.StatusOK, nil, nil)
}

func (s *site) showRecommendation(c *gin.Context, who visitor, status int, t *typed, wrong error) error {
	v, err := s.Catalogue.RecommendationView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if t == nil {
		t = &typed{}
	}
	r := v.Recommendation
	p := recommendationPage{Heading: marked(r.Title, r.Demonstration), Tag: planTag(r.State), What: r.What, History: planChanges(r.Changes)}
	lead := leadCell(r, v.Lead)
	p.Facts.Rows = []view.SummaryRow{{Key: "Who leads", Value: lead.Text, Href: lead.Href, Note: lead.Note, Muted: lead.Muted}, fact("By", view.Date(r.By))}
	for _, f := range v.Findings {
		p.Findings = append(p.Findings, view.Link{Text: marked(f.Title, f.Demonstration), Href: "/plan/findings/" + f.ID})
	}
	for _, step := range slices.Backward(r.Progress) {
		said := "said by whoever runs this service"
		if council := v.Said[step.By]; council != nil {
			said = "said by " + council.Label()
		}
		p.Progress = append(p.Progress, planProgress{Tag: planTag(step.State), Text: step.Text, Note: view.Day(step.On) + ", " + said})
	}
	if len(p.Progress) == 0 {
		p.None = "No progress is reported yet."
	}
	p.forms(who.actor, r, t, wrong)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Description = "A recommendation of the plan for local online services: what it follows from, who leads it, and how it goes."
	p.Crumbs, p.Errors = planCrumbs(p.Heading), errorLinks(wrong, nil)
	return s.show(c, who, status, "recommendation", p)
}

// forms are what the reader may do with a recommendation.
func (p *recommendationPage) forms(actor catalogue.Actor, r *catalogue.Recommendation, t *typed, wrong error) {
	path := "/plan/recommendations/" + r.ID
	version := strconv.FormatUint(r.Version, 10)
	over := r.State == catalogue.PlanDone || r.State == catalogue.PlanDropped
	keeps, leads := catalogue.MayDo(actor, catalogue.KeepPlan), catalogue.MayDo(actor, catalogue.LeadRecommendation) && actor.ForCouncil(r.Lead)
	if keeps {
		p.Actions = []view.Link{{Text: "Change this recommendation", Href: path + "/edit"}}
		if r.State == catalogue.PlanDraft {
			p.Delete = &takeBackForm{Action: path + "/delete", Version: version, Send: view.Button{Text: "Delete this draft", Classes: "govuk-button--warning", PreventDoubleClick: true}}
		}
	}
	if leads && !over {
		said := map[catalogue.LeadState]string{catalogue.LeadAsked: "Your council is asked to lead this. It is not named until it agrees.",
			catalogue.LeadAgreed: "Your council leads this, and is named.", catalogue.LeadDeclined: "Your council declined. Whoever runs this service alone sees that."}[r.LeadState]
		p.Answer = &leadForm{Action: path + "/lead", Said: said, Why: view.Textarea{Name: "lead_why", Rows: 2, Label: view.Label{Text: "What whoever runs this service should know (optional)", Classes: "govuk-label--s"},
			Value: r.LeadWhy, Error: fieldError(wrong, "lead_why")},
			Agree: view.Button{Text: "Agree to lead", Name: "answer", Value: "agree", PreventDoubleClick: true}, Decline: view.Button{Text: "Decline", Name: "answer", Value: "decline", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
		if t.Has("lead_why") {
			p.Answer.Why.Value = t.text("lead_why")
		}
	}
	if r.State != catalogue.PlanDraft && (keeps || leads && r.LeadState == catalogue.LeadAgreed) {
		f := &progressForm{Action: path + "/progress", Version: version, Send: view.Button{Text: "Report it", PreventDoubleClick: true},
			State: view.Radios{Name: "state", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "How does it stand?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "state")},
			Text:  view.Textarea{Name: "progress_text", Rows: 3, Label: view.Label{Text: "What has happened?", Classes: "govuk-label--s"}, Hint: "Everybody reads it", Value: t.text("progress_text"), Error: fieldError(wrong, "progress_text")}}
		chosen := r.State
		if t.Has("state") {
			chosen = catalogue.PlanState(t.Get("state"))
		}
		for _, state := range catalogue.RecommendationStates()[1:] {
			f.State.Choices = append(f.State.Choices, view.Choice{Value: string(state), Text: planTag(state).Text, Checked: state == chosen})
		}
		p.Report = f
	}
}

func (s *site) answerLead(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	agrees := t.Get("answer") == "agree"
	_, err = s.Catalogue.AnswerLead(c, who.actor, c.Param("id"), agrees, t.text("lead_why"))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showRecommendation(c, who, http.StatusBadRequest, t, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Declined. Your council is not named.")
	if agrees {
		who.session.set("flash", "Your council leads this now, and is named.")
	}
	return s.redirect(c, who, "/plan/recommendations/"+c.Param("id"))
}

func (s *site) reportProgress(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	saved, err := s.Catalogue.ReportProgress(c, who.actor, c.Param("id"), t.readVersion(), catalogue.PlanState(t.Get("state")), t.text("progress_text"))
	if kind := catalogue.KindOf(err); kind == catalogue.Invalid || kind == catalogue.Conflict {
		return s.showRecommendation(c, who, statusOf(err), t, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Reported. Everybody can read it.")
	return s.redirect(c, who, "/plan/recommendations/"+saved.ID)
}

func (s *site) deleteRecommendation(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if err := s.Catalogue.DropDraft(c, who.actor, c.Param("id"), t.readVersion()); err != nil {
		return err
	}
	who.session.set("flash", "The draft is deleted.")
	return s.redirect(c, who, "/plan")
}

// recommendationForm is a recommendation as somebody types it.
type recommendationForm struct {
	id, title, what, lead, leadBody, why string
	findings                             []string
	by                                   typedDate
	publish                              bool
	version                              uint64
}

func readRecommendationForm(t *typed, id string) recommendationForm {
	f := recommendationForm{id: id, title: t.text("title"), what: t.text("what"), lead: t.text("lead"), leadBody: t.text("lead_body"), why: t.text("why"), findings: t.Values["findings"],
		by: t.dateParts("by"), publish: t.Get("publish") == "yes", version: t.readVersion()}
	if id == "" {
		f.id = recordID(t.text("id"))
	}
	return f
}

func (s *site) newRecommendation(c *gin.Context, who visitor) error {
	return s.showRecommendationForm(c, who, http.StatusOK, nil, recommendationForm{id: catalogue.NewID(), findings: c.QueryArray("finding")}, nil)
}

func (s *site) addRecommendation(c *gin.Context, who visitor) error {
	return s.keepRecommendation(c, who, nil)
}

func (s *site) editRecommendation(c *gin.Context, who visitor) error {
	r, err := s.Catalogue.Recommendation(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showRecommendationForm(c, who, http.StatusOK, r, recommendationForm{id: r.ID, title: r.Title, what: r.What, lead: r.Lead, leadBody: r.LeadBody, findings: r.Findings, by: typedOf(r.By), version: r.Version}, nil)
}

func (s *site) saveRecommendation(c *gin.Context, who visitor) error {
	r, err := s.Catalogue.Recommendation(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.keepRecommendation(c, who, r)
}

// keepRecommendation stores what was typed of a recommendation (nil: a new one), or says what is wrong with it.
func (s *site) keepRecommendation(c *gin.Context, who visitor, stored *catalogue.Recommendation) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id := ""
	if stored != nil {
		id = stored.ID
	}
	f := readRecommendationForm(t, id)
	record := catalogue.Recommendation{Meta: catalogue.Meta{ID: f.id, Version: f.version}, Title: f.title, What: f.what, Findings: f.findings, Lead: f.lead, LeadBody: f.leadBody, By: t.looseDate("by", "The date")}
	if t.err() != nil { // the rules alone would not name what could not be read
		rules := s.Catalogue.CheckRecommendation(c, who.actor, record)
		if rules != nil && catalogue.KindOf(rules) != catalogue.Invalid {
			return rules
		}
		return s.showRecommendationForm(c, who, http.StatusBadRequest, stored, f, t.and(rules))
	}
	saved, err := s.Catalogue.SaveRecommendation(c, who.actor, record, f.publish, f.why)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showRecommendationForm(c, who, statusOf(err), stored, f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Saved as a draft: only whoever runs this service sees it.")
	if saved.State != catalogue.PlanDraft {
		who.session.set("flash", "Published. Everybody can read it.")
	}
	return s.redirect(c, who, "/plan/recommendations/"+saved.ID)
}

func (s *site) showRecommendationForm(c *gin.Context, who visitor, status int, stored *catalogue.Recommendation, f recommendationForm, wrong error) error {
	anew(c)
	v, err := s.Catalogue.PlanView(c, who.actor)
	if err != nil {
		return err
	}
	councils, err := s.councilOptions(c, f.lead)
	if err != nil {
		return err
	}
	p := recommendationFormPage(stored, &f, wrong)
	p.Sections = recommendationSections(f, stored, v.Findings, councils, wrong)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Crumbs, p.Errors = planCrumbs(p.Heading), inFormOrder(errorLinks(wrong, map[string]string{"by": "by-day"}), p.Sections)
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile("title")
	}
	return s.show(c, who, status, "record-form", p)
}

func recommendationFormPage(stored *catalogue.Recommendation, f *recommendationForm, wrong error) recordFormPage {
	p := recordFormPage{Heading: "Write a recommendation", Action: "/plan/recommendations/new", ID: f.id, Back: view.Link{Text: "Back to the plan", Href: "/plan"},
		Lead: "What should be done, what it follows from, and who leads it.", Save: view.Button{Text: "Save", PreventDoubleClick: true}}
	if stored != nil {
		p.Heading, p.Action, p.ID = "Change a recommendation", "/plan/recommendations/"+stored.ID+"/edit", ""
		p.Back = view.Link{Text: "Back to the recommendation", Href: "/plan/recommendations/" + stored.ID}
		if catalogue.KindOf(wrong) == catalogue.Conflict {
			f.version = stored.Version
		}
	}
	p.Version = strconv.FormatUint(f.version, 10)
	return p
}

func recommendationSections(f recommendationForm, stored *catalogue.Recommendation, findings []*catalogue.PlanFinding, councils []view.Option, wrong error) []formSection {
	follows := &view.Checkboxes{Name: "findings", Legend: &view.Legend{Text: "What does it follow from?", Classes: "govuk-fieldset__legend--s"}, Classes: "govuk-checkboxes--small", Error: fieldError(wrong, "findings")}
	for _, found := range findings {
		if found.State == catalogue.PlanWithdrawn && !slices.Contains(f.findings, found.ID) {
			continue
		}
		text := marked(found.Title, found.Demonstration)
		if found.State != catalogue.PlanPublished {
			text += " (" + string(found.State) + ")"
		}
		follows.Choices = append(follows.Choices, view.Choice{Value: found.ID, Text: text, Checked: slices.Contains(f.findings, found.ID)})
	}
	what := formSection{Fields: []view.Field{
		{Input: &view.Input{Name: "title", Label: view.Label{Text: "What should be done?", Classes: "govuk-label--s"}, Hint: "In one sentence", Value: f.title, Error: fieldError(wrong, "title")}},
		{Textarea: &view.Textarea{Name: "what", Rows: 5, Label: view.Label{Text: "What does that take, and how is it known to be done? (optional)", Classes: "govuk-label--s"}, Value: f.what, Error: fieldError(wrong, "what")}}}}
	if len(follows.Choices) == 0 {
		follows.Hint = "No finding is drawn yet: draw one first"
	}
	what.Fields = append(what.Fields, view.Field{Checkboxes: follows})
	councils[0].Text = "No council"
	leads := formSection{Title: "Who leads", Fields: []view.Field{
		{Select: &view.Select{Name: "lead", Label: view.Label{Text: "Which council is asked to lead? (optional)", Classes: "govuk-label--s"}, Hint: "It is told when this is published, and named only once it agrees", Typed: true, Options: councils, Error: fieldError(wrong, "lead")}},
		{Input: &view.Input{Name: "lead_body", Label: view.Label{Text: "Or which other body leads? (optional)", Classes: "govuk-label--s"}, Value: f.leadBody, Error: fieldError(wrong, "lead_body")}},
		looseField("by", "By when? (optional)", "A month or a year alone will do", f.by, wrong)}}
	last := formSection{}
	if stored == nil || stored.State == catalogue.PlanDraft {
		last.Fields = []view.Field{{Checkboxes: &view.Checkboxes{Name: "publish", Choices: []view.Choice{{Value: "yes", Text: "Publish it: everybody can read it from now on", Checked: f.publish}}}}}
	} else {
		last.Fields = []view.Field{{Input: &view.Input{Name: "why", Label: view.Label{Text: "Why does it change?", Classes: "govuk-label--s"}, Hint: "It stands beside what the recommendation said before. Everybody reads it", Value: f.why, Error: fieldError(wrong, "why")}}}
	}
	return []formSection{what, leads, last}
}
