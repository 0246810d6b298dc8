package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// callFormPage writes a call for evidence.
type callFormPage struct {
	view.Page
	Heading  string
	Lead     string
	Action   string
	Version  string
	ID       string // of the call that the form makes; empty: it is there
	Before   []formSection
	Add      view.Select // a service to add
	AddIt    view.Button
	Added    bool // a service was added just now: the page goes on there
	Sections []formSection
	Save     view.Button
	Back     view.Link
}

// callForm is a call as somebody types it.
type callForm struct {
	title, why, services    string
	start, end, until       typedDate
	nations, types, regions []string
	definitions             map[catalogue.Channel]string
	costs, invented         bool                              // invented: the demonstration's councils are asked
	questions               map[catalogue.QuestionKind]string // one a line
	version                 uint64
	id                      string
}

func readCallForm(t *typed) callForm {
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	f := callForm{title: t.text("title"), why: t.text("why"), services: t.Get("services"), start: t.dateParts("period_start"), end: t.dateParts("period_end"),
		until: t.dateParts("until"), nations: t.Values["nations"], types: t.Values["types"], regions: t.Values["regions"], costs: t.Get("costs") == "yes", invented: t.Get("asked_of") == askedInvented,
		definitions: map[catalogue.Channel]string{}, questions: map[catalogue.QuestionKind]string{}, version: version, id: t.Get("id")}
	for _, ch := range catalogue.Channels() {
		f.definitions[ch] = t.text("definition_" + string(ch))
	}
	for _, k := range catalogue.QuestionKinds() {
		f.questions[k] = t.Get("questions_" + string(k))
	}
	return f
}

// formOfCall is a call as somebody would type it.
func (s *site) formOfCall(x *catalogue.EvidenceCall) callForm {
	f := callForm{title: x.Title, why: x.Why, start: typedOf(x.Start), end: typedOf(x.End), until: typedOf(x.Until), nations: x.Asked.Nations, types: x.Asked.Types,
		regions: x.Asked.Regions, costs: x.Costs, invented: x.Demonstration, definitions: map[catalogue.Channel]string{}, questions: map[catalogue.QuestionKind]string{}, version: x.Version}
	for _, lgsl := range x.Services {
		f.services += s.serviceLine(lgsl) + "\n"
	}
	for _, d := range x.Definitions {
		f.definitions[d.Channel] = d.Text
	}
	for _, q := range x.Questions {
		f.questions[q.Kind] += q.Text + "\n"
	}
	return f
}

// serviceLine is a service as a line of the form: its number, then its name.
func (s *site) serviceLine(lgsl int) string {
	if known, ok := s.Catalogue.Register().Service(lgsl); ok {
		return strconv.Itoa(lgsl) + " " + known.Label
	}
	return strconv.Itoa(lgsl)
}

// call is the form as the catalogue takes it; t notes what cannot be read. Questions of a call that is there keep their IDs
// in the order of their kind.
func (f callForm) call(t *typed, old *catalogue.EvidenceCall) catalogue.EvidenceCall {
	x := catalogue.EvidenceCall{Meta: catalogue.Meta{ID: f.id, Version: f.version}, Title: f.title, Why: f.why, Start: t.date("period_start", "The first day of the period"),
		End: t.date("period_end", "The last day of the period"), Until: t.date("until", "The last day for answers"), Costs: f.costs, Demonstration: f.invented,
		Asked: catalogue.CallScope{Nations: f.nations, Types: f.types, Regions: f.regions}}
	for _, line := range lines(f.services) {
		number, _, _ := strings.Cut(line, " ")
		lgsl, err := strconv.Atoi(strings.TrimRight(number, ",;:"))
		if err != nil {
			t.fault("services", "Begin each line with the number of a service: ‘"+shortLine(line)+"’ has none")
			continue
		}
		x.Services = append(x.Services, lgsl)
	}
	for _, ch := range catalogue.Channels() {
		x.Definitions = append(x.Definitions, catalogue.ContactDefinition{Channel: ch, Text: f.definitions[ch]})
	}
	for _, k := range catalogue.QuestionKinds() {
		var ids []string
		if old != nil {
			for _, q := range old.Questions {
				if q.Kind == k {
					ids = append(ids, q.ID)
				}
			}
		}
		for i, text := range lines(f.questions[k]) {
			q := catalogue.CallQuestion{Kind: k, Text: text}
			if i < len(ids) {
				q.ID = ids[i]
			}
			x.Questions = append(x.Questions, q)
		}
	}
	return x
}

// shortLine is the beginning of what somebody typed, for a message.
func shortLine(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return text
}

func (s *site) newCall(c *gin.Context, who visitor) error {
	y := s.Catalogue.Today().Year()
	if s.Catalogue.Today().Month() < 4 {
		y--
	}
	f := callForm{id: catalogue.NewID(), invented: who.account != nil && who.account.Demonstration, definitions: map[catalogue.Channel]string{}, questions: map[catalogue.QuestionKind]string{},
		start: typedOf(catalogue.Date{Year: y - 1, Month: 4, Day: 1}), end: typedOf(catalogue.Date{Year: y, Month: 3, Day: 31})}
	for _, d := range catalogue.UsualDefinitions() {
		f.definitions[d.Channel] = d.Text
	}
	return s.showCallForm(c, who, http.StatusOK, nil, f, false, nil)
}

func (s *site) addCall(c *gin.Context, who visitor) error { return s.keepCall(c, who, nil) }

func (s *site) editCall(c *gin.Context, who visitor) error {
	x, err := s.Catalogue.EvidenceCall(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showCallForm(c, who, http.StatusOK, x, s.formOfCall(x), false, nil)
}

func (s *site) saveCall(c *gin.Context, who visitor) error {
	x, err := s.Catalogue.EvidenceCall(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.keepCall(c, who, x)
}

// keepCall stores what was typed of a call (nil: a new one), adds a service to the form, or says what is wrong.
func (s *site) keepCall(c *gin.Context, who visitor, old *catalogue.EvidenceCall) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	f := readCallForm(t)
	if t.Get("then") == "add" {
		if lgsl, err := strconv.Atoi(t.Get("service")); err == nil {
			f.services = strings.TrimRight(f.services, "\n") + "\n" + s.serviceLine(lgsl)
		}
		return s.showCallForm(c, who, http.StatusOK, old, f, true, nil)
	}
	if f.id = recordID(f.id); old != nil {
		f.id = old.ID
	}
	x := f.call(t, old)
	if err := t.and(s.Catalogue.CheckCall(c, x)); err != nil {
		return s.showCallForm(c, who, http.StatusBadRequest, old, f, false, err)
	}
	saved, err := s.Catalogue.SaveCall(c, who.actor, x)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showCallForm(c, who, statusOf(err), old, f, false, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved.")
	if saved.State == catalogue.CallDraft {
		who.session.set("flash", "Saved as a draft. Nobody is asked before you open it.")
	}
	return s.redirect(c, who, callPath(saved.ID))
}

func (s *site) showCallForm(c *gin.Context, who visitor, status int, x *catalogue.EvidenceCall, f callForm, added bool, wrong error) error {
	anew(c)
	p := callFormPage{Heading: "Write a call for evidence", Action: "/calls/new", ID: f.id, Added: added,
		Lead:  "Ask for volumes first, of ten or so services. It is saved as a draft: you look at it, then open it.",
		AddIt: view.Button{Text: "Add this service", Name: "then", Value: "add", Classes: "govuk-button--secondary"},
		Save:  view.Button{Text: "Save the call", PreventDoubleClick: true}, Back: view.Link{Text: "Back without saving", Href: "/calls"}}
	crumb := view.Crumb{Text: p.Heading}
	if x != nil {
		p.Heading, p.Action, p.ID, p.Back.Href = "Change this call", callPath(x.ID)+"/edit", "", callPath(x.ID)
		crumb = view.Crumb{Text: x.Label(), Href: callPath(x.ID)}
		if x.State != catalogue.CallDraft {
			p.Lead = "Councils are answering: services, period, who is asked and the number of questions stay as they are. Words and the last day for answers can change."
		}
		if catalogue.KindOf(wrong) == catalogue.Conflict {
			f.version = x.Version // the reader has seen that there is another
		}
	}
	p.Version = strconv.FormatUint(f.version, 10)
	p.Before, p.Sections = s.callSections(f, wrong)
	if err := s.whichCouncils(c, &p, f, wrong); err != nil {
		return err
	}
	p.Add = view.Select{Name: "service", Label: view.Label{Text: "Add a service by its name"}, Typed: true, Options: []view.Option{{Text: "Choose"}}}
	for _, known := range s.Catalogue.Register().Services() {
		p.Add.Options = append(p.Add.Options, view.Option{Value: strconv.Itoa(known.LGSL), Text: known.Label + " (" + strconv.Itoa(known.LGSL) + ")"})
	}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Canonical = ""
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: "Calls for evidence", Href: "/calls"}, crumb)
	if x != nil {
		p.Crumbs = append(p.Crumbs, view.Crumb{Text: "Change"})
	}
	p.Errors = callErrors(wrong)
	return s.show(c, who, status, "call-form", p)
}

// callErrors is the error summary of the form.
func callErrors(wrong error) []view.ErrorLink {
	if catalogue.KindOf(wrong) == catalogue.Conflict && wrong != nil {
		return changedMeanwhile("title")
	}
	ids := map[string]string{"period_start": "period_start-day", "period_end": "period_end-day", "until": "until-day", "questions": "questions_" + string(catalogue.AskInnovation)}
	for i := range 9 {
		ids["question_"+strconv.Itoa(i)] = "questions_" + string(catalogue.AskInnovation)
	}
	return errorLinks(wrong, ids)
}

// callSections are the fields of a call, before and after the choice of a service.
func (s *site) callSections(f callForm, wrong error) (before, after []formSection) {
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	area := func(name, text, hint, value string, rows int) view.Field {
		return view.Field{Textarea: &view.Textarea{Name: name, Rows: rows, Label: label(text), Hint: hint, Value: value, Error: fieldError(wrong, name)}}
	}
	start := dateField("period_start", "First day of the period", "A financial year begins on 1 April", f.start, wrong)
	end := dateField("period_end", "Last day of the period", "", f.end, wrong)
	until := dateField("until", "Last day for answers", "Later answers are taken and marked as late", f.until, wrong)
	before = []formSection{
		{Title: "What you ask, and why", Fields: []view.Field{{Input: &view.Input{Name: "title", Label: label("Title"), Value: f.title, Error: fieldError(wrong, "title")}},
			area("why", "Why do you ask?", "What the evidence is for, and what councils get out of it. It stands in the invitation", f.why, 4)}},
		{Title: "Services", Fields: []view.Field{area("services", "Services", "One a line, each beginning with its number on the Local Government Service List. Ten or so: more than 30 are refused", f.services, 10)}},
	}
	definitions := formSection{Title: "What counts as one contact"}
	for _, ch := range catalogue.Channels() {
		definitions.Fields = append(definitions.Fields, area("definition_"+string(ch), ch.Words(), "", f.definitions[ch], 3))
	}
	definitions.Fields = append(definitions.Fields, view.Field{Checkboxes: &view.Checkboxes{Name: "costs", Choices: []view.Choice{{Value: "yes", Text: "Ask for costs too",
		Hint: "Councils can leave them out", Checked: f.costs}}}})
	questions := formSection{Title: "Questions in words"}
	for _, k := range catalogue.QuestionKinds() {
		field := area("questions_"+string(k), k.Words()+" (optional)", "One question a line", f.questions[k], 2)
		if k == catalogue.AskInnovation {
			field.Textarea.Error = cmp.Or(fieldError(wrong, "questions"), questionError(wrong))
		}
		questions.Fields = append(questions.Fields, field)
	}
	return before, []formSection{
		{Title: "Period and last day", Fields: []view.Field{{Date: &start}, {Date: &end}, {Date: &until}}},
		{Title: whoIsAsked, Fields: []view.Field{boxes("nations", "Nations", catalogue.Nations(), f.nations, wrong), boxes("types", "Types of council", s.councilTypes(), f.types, wrong),
			boxes("regions", "Regions", s.regions(), f.regions, wrong)}}, definitions, questions}
}

// askedInvented is the choice of the form that asks the demonstration's councils.
const askedInvented = "demonstration"

// whichCouncils puts the choice between real councils and the demonstration's before who of them is asked, where there are any.
func (s *site) whichCouncils(ctx context.Context, p *callFormPage, f callForm, wrong error) error {
	all, err := s.Catalogue.StoredCouncils(ctx)
	if err != nil || !f.invented && !slices.ContainsFunc(all, func(c *catalogue.Council) bool { return c.Demonstration }) {
		return err
	}
	r := &view.Radios{Name: "asked_of", Legend: &view.Legend{Text: "Which councils?", Classes: "govuk-fieldset__legend--s"}, Hint: "No call asks both", Error: fieldError(wrong, "asked_of"),
		Choices: []view.Choice{{Value: "real", Text: "Real councils", Checked: !f.invented},
			{Value: askedInvented, Text: "The invented councils of the demonstration", Hint: "The call and what comes of it are marked as a demonstration", Checked: f.invented}}}
	for i := range p.Sections {
		if p.Sections[i].Title == whoIsAsked {
			p.Sections[i].Fields = slices.Insert(p.Sections[i].Fields, 0, view.Field{Radios: r})
		}
	}
	return nil
}

// whoIsAsked is the title of the section of the form.
const whoIsAsked = "Who is asked"

// questionError is what is wrong with any one question.
func questionError(wrong error) string {
	for _, f := range catalogue.FieldsOf(wrong) {
		if strings.HasPrefix(f.Field, "question_") {
			return f.Message
		}
	}
	return ""
}

// boxes is some of a list to tick; none ticked means all.
func boxes(name, legend string, all, chosen []string, wrong error) view.Field {
	b := &view.Checkboxes{Name: name, Classes: "govuk-checkboxes--small", Hint: "Tick none to ask all", Legend: &view.Legend{Text: legend, Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, name)}
	for _, text := range all {
		b.Choices = append(b.Choices, view.Choice{Value: text, Text: text, Checked: slices.Contains(chosen, text)})
	}
	return view.Field{Checkboxes: b}
}

// councilTypes lists the types of council that the register knows, by name.
func (s *site) councilTypes() []string {
	var out []string
	for _, c := range s.Catalogue.Register().Councils() {
		if !slices.Contains(out, c.Type) {
			out = append(out, c.Type)
		}
	}
	slices.Sort(out)
	return out
}
