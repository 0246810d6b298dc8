package web

import "jointly/web/view"

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
