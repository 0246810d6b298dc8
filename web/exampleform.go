package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// exampleStep is one page of the form of an example.
type exampleStep struct {
	id     string // as its address names it
	title  string
	fields []string // in their order, as errors name them
}

// exampleSteps are the pages of the form: complex interventions have one more.
func exampleSteps(kind catalogue.ExampleKind) []exampleStep {
	measures, reuse := []string{}, []string{}
	for i := range catalogue.MeasuresMost {
		for _, part := range []string{"what", "before", "after", "method", "by", "when"} {
			measures = append(measures, rowField("measure", i, part))
		}
	}
	for i := range catalogue.ReusablesMost {
		for _, part := range []string{"kind", "what", "licence", "address"} {
			reuse = append(reuse, rowField("reuse", i, part))
		}
	}
	steps := []exampleStep{{"what", "What was done", []string{"title", "kind", "summary", "for_whom", "done", "note"}},
		{"about", "What it is about", []string{"services", "capabilities", "platforms", "fits_types", "fits_nations"}},
		{"took", "What it took", []string{"people", "months", "cost_from", "cost_to", "cost_note"}},
		{"changed", "What changed", measures}, {"reuse", "What others can reuse", append(reuse, "wrong")}}
	if kind == catalogue.ComplexExample {
		steps = append(steps, exampleStep{"partners", "Partners and data", []string{"about", "partners", "data_shared", "legal_basis"}})
	}
	return steps
}

// rowField names a field of the n-th figure or reusable thing, counted from 0.
func rowField(what string, n int, part string) string {
	return what + "-" + strconv.Itoa(n+1) + "-" + part
}

// exampleForm is the form of an example with what was typed: the whole text, and what of it could not be read.
type exampleForm struct {
	text                     catalogue.ExampleText
	note                     string
	version                  uint64
	services, platforms      string // as typed, one a line
	months, costFrom, costTo string
	measureWhen              []typedDate
	public                   bool // a change of what everybody sees
}

// formOfExample is a draft as somebody would type it.
func (s *site) formOfExample(ctx context.Context, actor catalogue.Actor, x *catalogue.Example) (exampleForm, error) {
	f := exampleForm{text: x.Text, note: x.Note, version: x.Version, public: x.IsPublic()}
	if x.Draft != nil {
		f.text = *x.Draft
	}
	var services, platforms []string
	for _, lgsl := range f.text.Services {
		if service, ok := s.Catalogue.Register().Service(lgsl); ok {
			services = append(services, service.Label)
		}
	}
	for _, id := range f.text.Platforms {
		p, err := s.Catalogue.Platform(ctx, actor, id)
		if err != nil && catalogue.KindOf(err) != catalogue.NotFound {
			return f, err
		}
		if err == nil {
			platforms = append(platforms, p.Name)
		}
	}
	f.services, f.platforms = strings.Join(services, "\n"), strings.Join(platforms, "\n")
	f.months, f.costFrom, f.costTo = countTyped(f.text.Months), poundsTyped(f.text.Cost.Min), poundsTyped(f.text.Cost.Max)
	for _, m := range f.text.Changed {
		f.measureWhen = append(f.measureWhen, typedOf(m.When))
	}
	return f, nil
}

// read puts what was typed on a step's page into the form; t notes what cannot be read.
func (s *site) readExampleStep(ctx context.Context, t *typed, step string, f *exampleForm) error {
	x := &f.text
	switch step {
	case "what":
		x.Title, x.Kind, x.Summary, x.ForWhom, x.Done = t.text("title"), catalogue.ExampleKind(t.text("kind")), t.text("summary"), t.text("for_whom"), t.text("done")
		f.note = t.text("note")
	case "about":
		x.Capabilities, x.FitsTypes, x.FitsNations = t.Values["capabilities"], t.Values["fits_types"], t.Values["fits_nations"]
		f.services, f.platforms = t.text("services"), t.text("platforms")
		x.Services = s.readServices(t, f.services)
		if len(x.Capabilities) == 0 {
			x.Capabilities = s.standOn(x.Services)
		}
		var err error
		x.Platforms, err = s.readPlatforms(ctx, t, f.platforms)
		return err
	case "took":
		f.months, f.costFrom, f.costTo = t.text("months"), t.text("cost_from"), t.text("cost_to")
		x.People, x.CostNote, x.Months = t.text("people"), t.text("cost_note"), t.count("months", "The time")
		x.Cost = catalogue.Money{Min: t.amount("cost_from", "The lowest cost"), Max: t.amount("cost_to", "The highest cost")}
	case "changed":
		x.Changed, f.measureWhen = nil, nil
		for i := range catalogue.MeasuresMost {
			at := func(part string) string { return rowField("measure", i, part) }
			m := catalogue.Measure{What: t.text(at("what")), Before: t.text(at("before")), After: t.text(at("after")), Method: t.text(at("method")), By: t.text(at("by"))}
			when := t.dateParts(at("when"))
			if m == (catalogue.Measure{}) && when == (typedDate{}) {
				continue
			}
			var problem string
			if m.When, problem, _ = when.read(); problem != "" {
				t.fault(rowField("measure", len(x.Changed), "when"), "When that was "+problem)
			}
			x.Changed, f.measureWhen = append(x.Changed, m), append(f.measureWhen, when)
		}
	case "reuse":
		x.Reuse, x.Talk, x.Wrong = nil, t.text("talk") == "yes", t.text("wrong")
		for i := range catalogue.ReusablesMost {
			at := func(part string) string { return rowField("reuse", i, part) }
			if r := (catalogue.Reusable{Kind: t.text(at("kind")), What: t.text(at("what")), Licence: t.text(at("licence")), Address: t.text(at("address"))}); r != (catalogue.Reusable{}) {
				x.Reuse = append(x.Reuse, r)
			}
		}
	case "partners":
		x.About, x.Partners, x.DataShared, x.LegalBasis = t.Values["about"], lines(t.Get("partners")), t.text("data_shared"), t.text("legal_basis")
	}
	return nil
}

// readServices finds services by their number or name in the Local Government Service List, one a line.
func (s *site) readServices(t *typed, text string) []int {
	var out []int
	for _, l := range lines(text) {
		lgsl, near := s.serviceCalled(l)
		switch {
		case lgsl != 0:
			out = append(out, lgsl)
		case len(near) > 0:
			t.fault("services", "‘"+l+"’ is in the names of several services. Write one of them whole: "+strings.Join(near, "; "))
		default:
			t.fault("services", "No service in the Local Government Service List is called ‘"+l+"’. Search the services for its name, or write its number")
		}
	}
	return out
}

// standOn lists the capabilities that services stand on, where that is known.
func (s *site) standOn(services []int) []string {
	var out []string
	for _, lgsl := range services {
		if service, ok := s.Catalogue.Register().Service(lgsl); ok && service.Capability != "" && !slices.Contains(out, service.Capability) {
			out = append(out, service.Capability)
		}
	}
	return out
}

// nearServices is how many services with a like name an error names.
const nearServices = 4

// serviceCalled is the number of the service with a number or a name; 0 where there is none, with those whose names hold
// the words.
func (s *site) serviceCalled(name string) (lgsl int, near []string) {
	if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(name), "LGSL"))); err == nil {
		if _, ok := s.Catalogue.Register().Service(n); ok {
			return n, nil
		}
		return 0, nil
	}
	holding := 0
	for _, service := range s.Catalogue.Register().Services() {
		for _, called := range append([]string{service.Label, service.GovUKName}, service.Names...) {
			if strings.EqualFold(called, name) {
				return service.LGSL, nil
			}
		}
		if strings.Contains(strings.ToLower(service.Label), strings.ToLower(name)) {
			holding = service.LGSL
			near = append(near, service.Label)
		}
	}
	if len(near) == 1 {
		return holding, nil
	}
	return 0, near[:min(len(near), nearServices)]
}

func (s *site) readPlatforms(ctx context.Context, t *typed, text string) ([]string, error) {
	var out []string
	for _, l := range lines(text) {
		id, err := s.Catalogue.FindPlatform(ctx, l)
		if err != nil {
			return nil, err
		}
		if id == "" {
			t.fault("platforms", "No platform called ‘"+l+"’ is listed. Write its name as its page does, or list it first")
			continue
		}
		out = append(out, id)
	}
	return out, nil
}

func (s *site) newExample(c *gin.Context, who visitor) error {
	if !catalogue.MayDo(who.actor, catalogue.WriteExample) {
		return errMayNotWriteExamples()
	}
	anew(c)
	return s.showExampleStep(c, who, http.StatusOK, "", catalogue.NewID(), exampleForm{text: catalogue.ExampleText{Kind: catalogue.ServiceExample}}, exampleSteps("")[0], nil)
}

func errMayNotWriteExamples() error {
	return &catalogue.Error{Kind: catalogue.Forbidden, Message: mayNotWriteExamples}
}

// beginExample stores a new draft and leads to its next step.
func (s *site) beginExample(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if !catalogue.MayDo(who.actor, catalogue.WriteExample) {
		return errMayNotWriteExamples()
	}
	f, id := exampleForm{}, recordID(t.text("id"))
	if err := s.readExampleStep(c, t, "what", &f); err != nil {
		return err
	}
	made, err := s.Catalogue.BeginExample(c, who.actor, id, f.text)
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showExampleStep(c, who, http.StatusBadRequest, "", id, f, exampleSteps("")[0], err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(made.Version)
	return s.redirect(c, who, pagePath(catalogue.KindExample, made.ID)+"/edit/about")
}

// exampleInHand is the draft of an address and the step of its form, for officers who may write it.
func (s *site) exampleInHand(c *gin.Context, who visitor) (*catalogue.Example, exampleForm, exampleStep, error) {
	var step exampleStep
	v, err := s.Catalogue.Example(c, who.actor, c.Param("id"))
	if err != nil {
		return nil, exampleForm{}, step, err
	}
	if !v.Writes || !catalogue.MayDo(who.actor, catalogue.WriteExample) {
		return nil, exampleForm{}, step, &catalogue.Error{Kind: catalogue.Forbidden, Message: "Officers of the council that wrote this example can change it"}
	}
	f, err := s.formOfExample(c, who.actor, v.Example)
	if err != nil {
		return nil, f, step, err
	}
	steps := exampleSteps(f.text.Kind)
	at := slices.IndexFunc(steps, func(st exampleStep) bool { return st.id == c.Param("step") })
	if at < 0 {
		return nil, f, step, &catalogue.Error{Kind: catalogue.NotFound, Message: "step not found"}
	}
	return v.Example, f, steps[at], nil
}

func (s *site) editExample(c *gin.Context, who visitor) error {
	x, f, step, err := s.exampleInHand(c, who)
	if err != nil {
		return err
	}
	if x.Waits() {
		who.session.set("flash", "This example waits for review. Take it back to change it.")
		return s.redirect(c, who, pagePath(catalogue.KindExample, x.ID)+"/draft")
	}
	return s.showExampleStep(c, who, http.StatusOK, x.ID, "", f, step, nil)
}

// saveExample stores what was typed on one page and leads to the next; after the last, to the draft as a whole.
func (s *site) saveExample(c *gin.Context, who visitor) error {
	x, f, step, err := s.exampleInHand(c, who)
	if err != nil {
		return err
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	f.version, _ = strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	if err := s.readExampleStep(c, t, step.id, &f); err != nil {
		return err
	}
	if err = t.and(s.Catalogue.CheckExampleDraft(f.text)); err == nil {
		var saved *catalogue.Example
		if saved, err = s.Catalogue.DraftExample(c, who.actor, x.ID, f.version, f.text, f.note); err == nil {
			who.session.wrote(saved.Version)
			return s.redirect(c, who, onwardFrom(saved, step, t.text("more") != ""))
		}
	}
	switch {
	case catalogue.KindOf(err) == catalogue.Invalid:
		return s.showExampleStep(c, who, http.StatusBadRequest, x.ID, "", f, step, err)
	case catalogue.KindOf(err) == catalogue.Conflict && x.End == nil && !x.Waits():
		f.version = x.Version // the reader sees that there is another
		return s.showExampleStep(c, who, http.StatusConflict, x.ID, "", f, step, err)
	}
	return err
}

// onwardFrom is where saving a page leads: to the next, to the same with one row more, or to the whole draft.
func onwardFrom(x *catalogue.Example, step exampleStep, more bool) string {
	address := pagePath(catalogue.KindExample, x.ID)
	steps := exampleSteps(x.Draft.Kind)
	i := slices.IndexFunc(steps, func(st exampleStep) bool { return st.id == step.id })
	switch {
	case more:
		return address + "/edit/" + step.id
	case i < 0 || i == len(steps)-1:
		return address + "/draft"
	}
	return address + "/edit/" + steps[i+1].id
}

// showExampleStep shows one page of the form; id is that of an example that is there, fresh that of one to be made.
func (s *site) showExampleStep(c *gin.Context, who visitor, status int, id, fresh string, f exampleForm, step exampleStep, wrong error) error {
	wrong = inOrderOf(step.fields, wrong)
	steps := exampleSteps(f.text.Kind)
	p := exampleStepPage{Heading: step.title, Caption: "Write an example", Action: "/examples/new", ID: fresh, Version: strconv.FormatUint(f.version, 10),
		Sections: s.exampleFields(f, step.id, wrong), Save: view.Button{Text: "Save and continue", PreventDoubleClick: true},
		Back: view.Link{Text: "Cancel", Href: "/examples/yours"}}
	if i := slices.IndexFunc(steps, func(st exampleStep) bool { return st.id == step.id }); i >= 0 {
		p.Caption += ": step " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(steps))
	}
	if id != "" {
		address := pagePath(catalogue.KindExample, id)
		p.Action, p.Back = address+"/edit/"+step.id, view.Link{Text: "See the whole draft without saving this page", Href: address + "/draft"}
		if f.public {
			p.Back = view.Link{Text: "Back to the example without saving this page", Href: address}
		}
	}
	if rows := map[string]int{"changed": catalogue.MeasuresMost - len(f.text.Changed), "reuse": catalogue.ReusablesMost - len(f.text.Reuse)}; rows[step.id] > 1 {
		p.More = &view.Button{Text: "Save and add another", Name: "more", Value: "1", Classes: "govuk-button--secondary"}
	}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Canonical = ""
	p.Crumbs = exampleCrumbs(view.Crumb{Text: "Your council’s examples", Href: "/examples/yours"}, view.Crumb{Text: p.Heading})
	p.Errors = errorLinks(wrong, s.exampleFieldIDs())
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile(firstFieldID(step, s.exampleFieldIDs()))
	}
	return s.show(c, who, status, "example-step", p)
}

// firstFieldID is the ID of the first field of a step.
func firstFieldID(step exampleStep, ids map[string]string) string {
	if id, ok := ids[step.fields[0]]; ok {
		return id
	}
	return step.fields[0]
}

// exampleFieldIDs maps fields of an example to the IDs of their controls, where those differ.
func (s *site) exampleFieldIDs() map[string]string {
	ids := map[string]string{"capabilities": "capabilities-" + s.firstArea()}
	for i := range catalogue.MeasuresMost {
		ids[rowField("measure", i, "when")] = rowField("measure", i, "when") + "-month"
	}
	return ids
}
