package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// frameworkForm is a framework's record as somebody types it.
type frameworkForm struct {
	name, reference, owner, scope, lots, eligible, callOff, replacedBy string
	source, note, known, why                                           string
	capabilities                                                       []string
	planned                                                            bool
	start, end, latest, checked                                        typedDate
	version                                                            uint64
}

func readFrameworkForm(t *typed) frameworkForm {
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	return frameworkForm{name: t.text("name"), reference: t.text("reference"), owner: t.text("framework_owner"), scope: t.text("scope"), lots: t.text("lots"),
		eligible: t.text("eligible"), callOff: t.text("call_off"), replacedBy: t.text("replaced_by"), source: t.text("source"), note: t.text("note"),
		known: t.text("known"), why: t.text("why"), capabilities: t.Values["capabilities"], planned: t.text("planned") == "yes",
		start: t.dateParts("start"), end: t.dateParts("end"), latest: t.dateParts("latest"), checked: t.dateParts("checked"), version: version}
}

// formOfFramework is a record as somebody would type it, looked at again today.
func formOfFramework(f *catalogue.Framework, today catalogue.Date) frameworkForm {
	return frameworkForm{name: f.Name, reference: f.Reference, owner: f.Owner, scope: f.Scope, lots: strings.Join(f.Lots, "\n"), eligible: f.Eligible, callOff: f.CallOff,
		replacedBy: f.ReplacedBy, source: f.Source, note: f.Note, known: string(f.Known), capabilities: f.Capabilities, planned: f.Planned,
		start: typedOf(f.Start), end: typedOf(f.End), latest: typedOf(f.Latest), checked: typedOf(today), version: f.Version}
}

// framework is the form as the catalogue takes it; t notes the dates that cannot be read.
func (f frameworkForm) framework(t *typed, id string) catalogue.Framework {
	return catalogue.Framework{Meta: catalogue.Meta{ID: id, Version: f.version}, Name: f.name, Reference: f.reference, Owner: f.owner, Scope: f.scope,
		Lots: lines(f.lots), Capabilities: f.capabilities, Eligible: f.eligible, Start: t.looseDate("start", "The start"), End: t.looseDate("end", "The end"),
		Latest: t.looseDate("latest", "The longest end"), CallOff: f.callOff, Planned: f.planned, ReplacedBy: f.replacedBy, Source: f.source, Note: f.note,
		Known: register.Known(f.known), Checked: t.date("checked", "The day on which it was checked")}
}

// looseDate reads a date that may be known to the month or to the year alone.
func (t *typed) looseDate(field, name string) catalogue.Date {
	d := t.dateParts(field)
	if d.Day != "" || d.Month != "" {
		return t.date(field, name)
	}
	date, problem := d.readYear()
	if problem != "" {
		t.fault(field, name+" "+problem)
	}
	return date
}

func (s *site) newFramework(c *gin.Context, who visitor) error {
	return s.showFrameworkForm(c, who, http.StatusOK, "", frameworkForm{capabilities: c.QueryArray("capability"), checked: typedOf(catalogue.DateOf(s.Catalogue.Today()))}, nil)
}

func (s *site) addFramework(c *gin.Context, who visitor) error { return s.keepFramework(c, who, "") }

func (s *site) editFramework(c *gin.Context, who visitor) error {
	f, err := s.Catalogue.Framework(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showFrameworkForm(c, who, http.StatusOK, f.ID, formOfFramework(f, catalogue.DateOf(s.Catalogue.Today())), nil)
}

func (s *site) saveFramework(c *gin.Context, who visitor) error {
	f, err := s.Catalogue.Framework(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.keepFramework(c, who, f.ID)
}

// keepFramework stores what was typed of a framework (id empty: a new one), or says what is wrong with it.
func (s *site) keepFramework(c *gin.Context, who visitor, id string) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	f := readFrameworkForm(t)
	record := f.framework(t, id)
	if err := t.err(); err != nil {
		return s.showFrameworkForm(c, who, http.StatusBadRequest, id, f, err)
	}
	saved, err := s.Catalogue.SaveFramework(c, who.actor, record, f.why)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showFrameworkForm(c, who, statusOf(err), id, f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Saved. What the record said before stands at the end of its page.")
	if id == "" {
		who.session.set("flash", "Added. It stands among the ways to buy now.")
	}
	return s.redirect(c, who, pagePath(catalogue.KindFramework, saved.ID))
}

func (s *site) endFrameworkForm(c *gin.Context, who visitor) error {
	f, err := s.Catalogue.Framework(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showFrameworkEnd(c, who, http.StatusOK, f, formOfFramework(f, catalogue.DateOf(s.Catalogue.Today())), nil)
}

func (s *site) endFramework(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	stored, err := s.Catalogue.Framework(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	f := readFrameworkForm(t)
	end := catalogue.FrameworkEnd{On: t.looseDate("end", "The end"), ReplacedBy: f.replacedBy, Source: f.source, Checked: t.date("checked", "The day on which it was checked")}
	if err := t.err(); err != nil {
		return s.showFrameworkEnd(c, who, http.StatusBadRequest, stored, f, err)
	}
	saved, err := s.Catalogue.EndFramework(c, who.actor, stored.ID, f.version, end)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showFrameworkEnd(c, who, statusOf(err), stored, f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Its end is recorded.")
	return s.redirect(c, who, pagePath(catalogue.KindFramework, saved.ID))
}

func (s *site) showFrameworkForm(c *gin.Context, who visitor, status int, id string, f frameworkForm, wrong error) error {
	wrong = inOrderOf([]string{"name", "reference", "framework_owner", "scope", "lots", "capabilities", "eligible", "start", "planned", "end", "latest", "call_off",
		"replaced_by", "source", "note", "known", "checked", "why"}, wrong)
	others, err := s.Catalogue.Frameworks(c, who.actor, "", "")
	if err != nil {
		return err
	}
	p := recordFormPage{Heading: "Add a framework", Action: "/frameworks/new", Back: view.Link{Text: "Back to ways to buy", Href: "/frameworks"},
		Lead: "Only what a source states: leave empty what it does not. What is empty is shown as not known.", Save: view.Button{Text: "Save", PreventDoubleClick: true}}
	if id != "" {
		p.Heading, p.Action = "Correct "+f.name, pagePath(catalogue.KindFramework, id)+"/edit"
		p.Lead += " What the record said before stays on its page, with the day."
		p.Back = view.Link{Text: "Back to the framework", Href: pagePath(catalogue.KindFramework, id)}
		f.version = versionToSave(f.version, id, others, wrong)
	}
	p.Version = strconv.FormatUint(f.version, 10)
	p.Sections = s.frameworkSections(f, id, others, wrong)
	return s.showFrameworkFields(c, who, status, p, wrong)
}

// versionToSave is the version that saving again replaces: after a conflict the reader has seen that there is another.
func versionToSave(version uint64, id string, all []*catalogue.Framework, wrong error) uint64 {
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		for _, f := range all {
			if f.ID == id {
				return f.Version
			}
		}
	}
	return version
}

func (s *site) showFrameworkEnd(c *gin.Context, who visitor, status int, stored *catalogue.Framework, f frameworkForm, wrong error) error {
	others, err := s.Catalogue.Frameworks(c, who.actor, "", "")
	if err != nil {
		return err
	}
	f.version = versionToSave(f.version, stored.ID, others, wrong)
	address := pagePath(catalogue.KindFramework, stored.ID)
	p := recordFormPage{Heading: "Record the end of " + stored.Name, Action: address + "/end", Version: strconv.FormatUint(f.version, 10),
		Lead: "For when it has ended, or will, and no extension is to come. Everything else in the record stays as it is.",
		Save: view.Button{Text: "Record its end", PreventDoubleClick: true}, Back: view.Link{Text: "Back to the framework", Href: address}}
	p.Sections = []formSection{{Fields: []view.Field{looseField("end", "When does it end?", "The last day. A month or a year alone will do", f.end, wrong),
		replacedField(f, stored.ID, others, wrong), sourceField(f, wrong), checkedField(f, wrong)}}}
	return s.showFrameworkFields(c, who, status, p, wrong)
}

func (s *site) showFrameworkFields(c *gin.Context, who visitor, status int, p recordFormPage, wrong error) error {
	anew(c)
	p.Page = s.page(c, who, "", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Ways to buy", Href: "/frameworks"}, {Text: p.Heading}}
	ids := map[string]string{"capabilities": "capabilities-" + s.firstArea()}
	for _, date := range []string{"start", "end", "latest", "checked"} {
		ids[date] = date + "-day"
	}
	p.Errors = errorLinks(wrong, ids)
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile("end-day")
	}
	return s.show(c, who, status, "record-form", p)
}

// frameworkSections are the fields of the whole record; why it changes is asked for a record that is there.
func (s *site) frameworkSections(f frameworkForm, id string, others []*catalogue.Framework, wrong error) []formSection {
	line := func(name, label, hint, value string) view.Field {
		return view.Field{Input: &view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}}
	}
	text := func(name, label, hint, value string) view.Field {
		return view.Field{Textarea: &view.Textarea{Name: name, Rows: 3, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}}
	}
	what := formSection{Title: "What it is", Fields: []view.Field{line("name", "What is it called?", "", f.name)}}
	if id == "" {
		what.Fields = append(what.Fields, line("reference", "Reference", "Its owner’s number, such as RM6259, or that of its notice. It cannot be changed later", f.reference))
	}
	what.Fields = append(what.Fields, line("framework_owner", "Who set it up?", "", f.owner), text("scope", "What can be bought through it? (optional)", "In a sentence", f.scope),
		text("lots", "Lots (optional)", "One a line", f.lots))
	covers := formSection{Title: "What it covers", Fields: s.capabilityBoxes(f.capabilities, wrong)}
	may := formSection{Title: "Who may use it", Fields: []view.Field{text("eligible", "Who may use it? (optional)",
		"In the words of the notice or of what was read, such as: UK public sector, including local authorities", f.eligible)}}
	when := formSection{Title: "When", Fields: []view.Field{looseField("start", "When does it begin? (optional)", "A month or a year alone will do, here and below", f.start, wrong),
		{Checkboxes: &view.Checkboxes{Name: "planned", Error: fieldError(wrong, "planned"), Choices: []view.Choice{{Value: "yes", Text: "Only plans for it were seen, not that it began", Checked: f.planned}}}},
		looseField("end", "When does it end? (optional)", "As it stands, with the extensions that were taken", f.end, wrong),
		looseField("latest", "When does it end at the latest? (optional)", "After every extension that it allows", f.latest, wrong),
		line("call_off", "How long may a call-off run? (optional)", "Such as 48 months, or by lot", f.callOff), replacedField(f, id, others, wrong)}}
	known := formSection{Title: "How it is known", Fields: []view.Field{sourceField(f, wrong), text("note", "What should readers know? (optional)", "What the sources do not tell, or where they differ", f.note),
		knownField(f, wrong), checkedField(f, wrong)}}
	if id != "" {
		known.Fields = append(known.Fields, line("why", "Why does the record change?", "It stands beside what the record said before. Anybody can read it", f.why))
	}
	return []formSection{what, covers, may, when, known}
}

// capabilityBoxes are the capabilities to tick, an area at a time.
func (s *site) capabilityBoxes(chosen []string, wrong error) []view.Field {
	var out []view.Field
	for i, area := range s.Catalogue.Dictionary().Areas() {
		boxes := &view.Checkboxes{ID: "capabilities-" + area.ID, Name: "capabilities", Classes: "govuk-checkboxes--small",
			Legend: &view.Legend{Text: area.Name, Classes: "govuk-fieldset__legend--s"}}
		for _, c := range s.Catalogue.Dictionary().Capabilities() {
			if c.Area == area.ID {
				boxes.Choices = append(boxes.Choices, view.Choice{Value: c.ID, Text: c.Name, Checked: slices.Contains(chosen, c.ID)})
			}
		}
		if len(boxes.Choices) == 0 {
			continue // an area without capabilities of its own
		}
		if i == 0 {
			boxes.Error = fieldError(wrong, "capabilities")
		}
		out = append(out, view.Field{Checkboxes: boxes})
	}
	return out
}

// firstArea is the area whose boxes come first.
func (s *site) firstArea() string { return s.Catalogue.Dictionary().Areas()[0].ID }

func looseField(field, legend, hint string, d typedDate, wrong error) view.Field {
	f := dateField(field, legend, hint, d, wrong)
	if f.Error == "" {
		f.ErrorOn = nil // a year alone is no fault here
	}
	return view.Field{Date: &f}
}

func replacedField(f frameworkForm, id string, others []*catalogue.Framework, wrong error) view.Field {
	out := &view.Select{Name: "replaced_by", Label: view.Label{Text: "What takes its place? (optional)", Classes: "govuk-label--s"}, Typed: true,
		Hint: "Only where a source says so", Options: []view.Option{{Text: "Nothing that a source names"}}, Error: fieldError(wrong, "replaced_by")}
	for _, o := range others {
		if o.ID != id {
			out.Options = append(out.Options, view.Option{Value: o.ID, Text: o.Name + " (" + frameworkBy(o) + ")", Selected: o.ID == f.replacedBy})
		}
	}
	return view.Field{Select: out}
}

func sourceField(f frameworkForm, wrong error) view.Field {
	return view.Field{Textarea: &view.Textarea{Name: "source", Rows: 3, Label: view.Label{Text: "Where was it read?", Classes: "govuk-label--s"},
		Hint: "Notice number, page and date", Value: f.source, Error: fieldError(wrong, "source")}}
}

func knownField(f frameworkForm, wrong error) view.Field {
	out := &view.Radios{Name: "known", Legend: &view.Legend{Text: "How well is it known?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "known")}
	for _, k := range catalogue.KnownLevels() {
		out.Choices = append(out.Choices, view.Choice{Value: string(k), Text: knownWords(k), Checked: string(k) == f.known})
	}
	return view.Field{Radios: out}
}

func checkedField(f frameworkForm, wrong error) view.Field {
	return looseField("checked", "When was it checked?", "For example, 24 11 2026", f.checked, wrong)
}
