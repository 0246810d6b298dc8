package web

import (
	"cmp"
	"slices"
	"strings"

	"jointly/web/view"
)

// recordFormPage is the form for a record that somebody keeps: a framework, its end, a platform. The version goes with it.
type recordFormPage struct {
	view.Page
	Heading  string
	Lead     string
	Action   string
	Version  string
	ID       string // of a record that the form makes; empty: it is there already
	Sections []formSection
	Save     view.Button
	Back     view.Link
}

// formSection is fields under a heading.
type formSection struct {
	Title  string // empty: none
	Lead   string // under the title; empty: none
	Fields []view.Field
}

// changedMeanwhile is the error summary of a form whose record somebody else saved; id is the field to lead to.
func changedMeanwhile(id string) []view.ErrorLink {
	return []view.ErrorLink{{Text: "Somebody else saved this while you were working on it. What you typed is still here: saving again replaces what they saved", Href: "#" + id}}
}

// inFormOrder sorts what is wrong with a form as its fields stand on the page; what is of no field of it comes last.
func inFormOrder(links []view.ErrorLink, sections []formSection) []view.ErrorLink {
	at := map[string]int{}
	for _, section := range sections {
		for _, f := range section.Fields {
			at[inputName(f)] = len(at) + 1
		}
	}
	place := func(l view.ErrorLink) int {
		id := strings.TrimPrefix(l.Href, "#")
		base, _, _ := strings.Cut(id, "-") // the first part of a date
		return cmp.Or(at[id], at[base], len(at)+1)
	}
	slices.SortStableFunc(links, func(a, b view.ErrorLink) int { return cmp.Compare(place(a), place(b)) })
	return links
}

// inputName is the name of a field of a form.
func inputName(f view.Field) string {
	switch {
	case f.Input != nil:
		return f.Input.Name
	case f.Textarea != nil:
		return f.Textarea.Name
	case f.Select != nil:
		return f.Select.Name
	case f.Radios != nil:
		return f.Radios.Name
	case f.Checkboxes != nil:
		return f.Checkboxes.Name
	case f.Date != nil:
		return f.Date.Name
	case f.File != nil:
		return f.File.Name
	}
	return ""
}
