package web

import (
	"slices"
	"strconv"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// exampleStepPage is one page of the form of an example.
type exampleStepPage struct {
	view.Page
	Caption  string
	Heading  string
	Action   string
	ID       string // of the record that the form makes; empty: it is there already
	Version  string
	Sections []formSection
	Save     view.Button
	More     *view.Button // saves and comes back with one row more; nil: there is room, or no rows
	Back     view.Link
}

// exampleFields are the fields of one page.
func (s *site) exampleFields(f exampleForm, step string, wrong error) []formSection {
	e := exampleFieldsOf{s, f, wrong}
	switch step {
	case "about":
		return e.about()
	case "took":
		return e.took()
	case "changed":
		return e.changed()
	case "reuse":
		return e.reuse()
	case "partners":
		return e.partners()
	}
	return e.what()
}

// exampleFieldsOf makes fields out of what was typed and what is wrong with it.
type exampleFieldsOf struct {
	*site
	f     exampleForm
	wrong error
}

func labelled(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }

func (e exampleFieldsOf) line(name, text, hint, value, classes string) view.Field {
	return view.Field{Input: &view.Input{Name: name, Label: labelled(text), Hint: hint, Value: value, Classes: classes, Error: fieldError(e.wrong, name)}}
}

func (e exampleFieldsOf) area(name, text, hint, value string, rows int) view.Field {
	return view.Field{Textarea: &view.Textarea{Name: name, Rows: rows, Label: labelled(text), Hint: hint, Value: value, Error: fieldError(e.wrong, name)}}
}

// boxes are choices to tick, by value and what they are called.
func (e exampleFieldsOf) boxes(name, text, hint string, all [][2]string, chosen []string) view.Field {
	b := &view.Checkboxes{Name: name, Classes: "govuk-checkboxes--small", Hint: hint, Error: fieldError(e.wrong, name), Legend: &view.Legend{Text: text, Classes: "govuk-fieldset__legend--s"}}
	for _, choice := range all {
		b.Choices = append(b.Choices, view.Choice{Value: choice[0], Text: choice[1], Checked: slices.Contains(chosen, choice[0])})
	}
	return view.Field{Checkboxes: b}
}

func (e exampleFieldsOf) what() []formSection {
	t := e.f.text
	kinds := &view.Radios{Name: "kind", Legend: &view.Legend{Text: "What is it an example of?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(e.wrong, "kind")}
	for _, k := range catalogue.ExampleKinds() {
		hint := "One that residents or officers use"
		if k == catalogue.ComplexExample {
			hint = "Families with several needs, health and social care, homelessness: with partners, and data that is shared"
		}
		kinds.Choices = append(kinds.Choices, view.Choice{Value: string(k), Text: search.ExampleLabel(string(k)), Hint: hint, Checked: k == t.Kind})
	}
	fields := []view.Field{e.line("title", "Title", "What others would do: ‘Report a missed bin online without a phone call’", t.Title, ""), {Radios: kinds},
		e.area("summary", "In one or two sentences", "It stands in lists and at the top of the page", t.Summary, 3),
		e.area("for_whom", "For whom was it done?", "Which residents, officers or partners, and roughly how many", t.ForWhom, 3),
		e.area("done", "What was done?", "Step by step, so that another council can follow. Name roles, not people", t.Done, 10)}
	if e.f.public {
		fields = append(fields, e.area("note", "What changes?", "In a sentence. Everybody reads it, and councils that do it too are told", e.f.note, 2))
	}
	return []formSection{{Fields: fields}}
}

func (e exampleFieldsOf) about() []formSection {
	t := e.f.text
	var types, nations [][2]string
	for _, name := range catalogue.CouncilTypes(e.Catalogue.Register()) {
		types = append(types, [2]string{name, name})
	}
	for _, name := range catalogue.Nations() {
		nations = append(nations, [2]string{name, name})
	}
	services := "Which services did it change?"
	if t.Kind == catalogue.ComplexExample {
		services += " (optional)"
	}
	return []formSection{
		{Fields: []view.Field{e.area("services", services, "One a line: the name or the number in the Local Government Service List, such as Household waste collection", e.f.services, 4),
			e.area("platforms", "Which platforms were used? (optional)", "One a line: the name as it is listed here", e.f.platforms, 3)}},
		{Title: "What is it for?", Lead: "Tick none to take what the services stand on, where that is known.", Fields: e.capabilityBoxes(t.Capabilities, e.wrong)},
		{Title: "Whom does it fit?", Fields: []view.Field{e.boxes("fits_types", "Types of council", "Tick none if it fits every type. ‘Becoming the norm’ is counted among these", types, t.FitsTypes),
			e.boxes("fits_nations", "Nations", "Tick none if it fits all four", nations, t.FitsNations)}}}
}

func (e exampleFieldsOf) took() []formSection {
	t := e.f.text
	months := view.Field{Input: &view.Input{Name: "months", Label: labelled("How many months until it was live?"), Value: e.f.months, InputMode: "numeric", Classes: "govuk-input--width-3", Suffix: "months", Error: fieldError(e.wrong, "months")}}
	money := func(name, text, value string) view.Field {
		return view.Field{Input: &view.Input{Name: name, Label: labelled(text), Value: value, Prefix: "£", Classes: "govuk-input--width-10", Error: fieldError(e.wrong, name)}}
	}
	return []formSection{{Fields: []view.Field{e.area("people", "Who worked on it?", "Roles and how much of their time, such as: a service designer for 4 months, two developers half the week. No names", t.People, 4), months}},
		{Title: "Money (optional)", Fields: []view.Field{money("cost_from", "From", e.f.costFrom), money("cost_to", "To", e.f.costTo),
			e.area("cost_note", "What does it cover? (optional)", "Such as: licences and staff time of the first year. The same figure twice says that it is exact", t.CostNote, 2)}}}
}

func (e exampleFieldsOf) changed() []formSection {
	rows := min(catalogue.MeasuresMost, max(2, len(e.f.text.Changed)+1))
	var out []formSection
	for i := range rows {
		var m catalogue.Measure
		var when typedDate
		if i < len(e.f.text.Changed) {
			m, when = e.f.text.Changed[i], e.f.measureWhen[i]
		}
		at := func(part string) string { return rowField("measure", i, part) }
		method := &view.Radios{Name: at("method"), Classes: "govuk-radios--inline govuk-radios--small", Legend: &view.Legend{Text: "Was it measured or estimated?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(e.wrong, at("method")),
			Choices: []view.Choice{{Value: catalogue.Measured, Text: "Measured", Checked: m.Method == catalogue.Measured}, {Value: catalogue.Estimated, Text: "Estimated", Checked: m.Method == catalogue.Estimated}}}
		date := dateField(at("when"), "When was that?", "For example, 4 2026", when, e.wrong)
		date.MonthOnly = true
		title := "Figure " + strconv.Itoa(i+1)
		if i > 0 {
			title += " (optional)"
		}
		out = append(out, formSection{Title: title, Fields: []view.Field{e.line(at("what"), "What is the figure of?", "Such as: missed bins reported by phone, a month", m.What, ""),
			e.line(at("before"), "Before (optional)", "", m.Before, "govuk-input--width-10"), e.line(at("after"), "After", "", m.After, "govuk-input--width-10"), {Radios: method},
			e.line(at("by"), "By whom?", "A role or an organisation, such as: our performance team", m.By, ""), {Date: &date}}})
	}
	return out
}

func (e exampleFieldsOf) reuse() []formSection {
	rows := min(catalogue.ReusablesMost, max(2, len(e.f.text.Reuse)+1))
	var out []formSection
	for i := range rows {
		var r catalogue.Reusable
		if i < len(e.f.text.Reuse) {
			r = e.f.text.Reuse[i]
		}
		at := func(part string) string { return rowField("reuse", i, part) }
		kind := &view.Select{Name: at("kind"), Label: labelled("What is it?"), Options: []view.Option{{Text: "Choose"}}, Error: fieldError(e.wrong, at("kind"))}
		for _, k := range catalogue.ReusableKinds() {
			kind.Options = append(kind.Options, view.Option{Value: k, Text: reusableWords(k), Selected: k == r.Kind})
		}
		out = append(out, formSection{Title: "Thing " + strconv.Itoa(i+1) + " to reuse (optional)", Fields: []view.Field{{Select: kind}, e.line(at("what"), "In a few words", "Such as: form and rules for reporting; contract that names who may use it", r.What, ""),
			e.line(at("licence"), "Licence", "Of code always, such as MIT", r.Licence, "govuk-input--width-10"), e.line(at("address"), "Where is it?", "A web address that starts with https://. Leave it empty if others have to ask you", r.Address, "")}})
	}
	talk := view.Field{Checkboxes: &view.Checkboxes{Name: "talk", Choices: []view.Choice{{Value: "yes", Text: "Other councils can ask us about it", Checked: e.f.text.Talk,
		Hint: "They write to your council here. No name or address is shown until an officer of each agrees"}}}}
	return append(out, formSection{Title: "People to ask, and what to avoid", Fields: []view.Field{talk,
		e.area("wrong", "What went wrong?", "Or what you would do differently. This is what others look for first", e.f.text.Wrong, 5)}})
}

func (e exampleFieldsOf) partners() []formSection {
	t := e.f.text
	var about [][2]string
	for _, id := range catalogue.Interventions() {
		about = append(about, [2]string{id, interventionName(id)})
	}
	partners := ""
	for _, p := range t.Partners {
		partners += p + "\n"
	}
	return []formSection{{Fields: []view.Field{e.boxes("about", "What is it about?", "", about, t.About),
		e.area("partners", "Who took part?", "Organisations, one a line, such as: an NHS trust; the police; a housing association", partners, 4),
		e.area("data_shared", "Which data is shared?", "Between whom, and how. If none is, say so", t.DataShared, 4),
		e.area("legal_basis", "On which legal basis?", "The law or agreement that lets each partner share it", t.LegalBasis, 3)}}}
}
