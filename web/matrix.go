package web

import (
	"fmt"

	"jointly/catalogue"
	"jointly/web/view"
)

// matrixView is lines of what a group needs, with where each member stands; template matrix.
type matrixView struct {
	Caption  string
	Councils []string // a column each; none where there are too many: each line then says in words who needs it
	Rows     []matrixRow
}

// matrixRow is one line.
type matrixRow struct {
	Text, Href, Note string
	Cells            []matrixCell // by council
	Who              []string     // 'Must: Ambleford and Thornmere', where there are no cells
	State            view.Tag
	Says             string
}

// matrixCell is where one council stands.
type matrixCell struct {
	Council, Text, Classes string
	Silent                 bool // it has not said
}

// mostColumns is how many councils have a column each: more would not fit beside each other.
const mostColumns = 8

func newMatrixView(m *catalogue.Matrix, caption string, lines []*catalogue.Requirement) matrixView {
	v := matrixView{Caption: caption}
	if len(m.Members) <= mostColumns {
		for _, c := range m.Members {
			v.Councils = append(v.Councils, c.Name)
		}
	}
	for _, r := range lines {
		state := r.State(m.In())
		row := matrixRow{Text: r.Text, Href: linePath(r), Note: lineNote(r, m.In()), State: stateTag(state), Says: whereItStands(m, r)}
		if v.Councils != nil {
			row.Cells = matrixCells(m, r, state)
		} else {
			row.Who = whoNeeds(m, r)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func linePath(r *catalogue.Requirement) string {
	return pagePath(catalogue.KindGroup, r.Group) + "/requirements/" + r.ID
}

// lineNote is a line's number and what to know about it.
func lineNote(r *catalogue.Requirement, in []string) string {
	note := fmt.Sprintf("Line %d", r.Line)
	if n := len(r.Comments(in)); n > 0 {
		note += ", " + view.Plural(n, "comment", "comments")
	}
	if r.Edition > 1 {
		note += ", text changed " + view.Day(r.Worded)
	}
	return note
}

func matrixCells(m *catalogue.Matrix, r *catalogue.Requirement, state catalogue.RequirementState) []matrixCell {
	var cells []matrixCell
	for _, c := range m.Members {
		p := r.Position(c.GSS).Position
		cell := matrixCell{Council: c.Name, Text: positionWord(p), Classes: positionClasses(p), Silent: p == catalogue.NotSaid}
		if state == catalogue.LineConflict && (p == catalogue.Must || p == catalogue.MustNot) {
			cell.Classes = "jy-req--conflict"
		}
		cells = append(cells, cell)
	}
	return cells
}

// positionWord is a position as pages write it.
func positionWord(p catalogue.Position) string {
	if p == catalogue.NotSaid {
		return "Not said"
	}
	return sentenceCase(string(p))
}

func positionClasses(p catalogue.Position) string {
	switch p {
	case catalogue.Must:
		return "jy-req--must"
	case catalogue.Should:
		return "jy-req--should"
	case catalogue.Could:
		return "jy-req--could"
	case catalogue.MustNot:
		return "jy-req--not"
	}
	return "jy-req--none"
}

func stateTag(state catalogue.RequirementState) view.Tag {
	switch state {
	case catalogue.LineConflict:
		return view.Tag{Text: "Conflict", Classes: "govuk-tag--red"}
	case catalogue.LineAgreed:
		return view.Tag{Text: "Agreed", Classes: "govuk-tag--green"}
	case catalogue.LineLeftOut:
		return view.Tag{Text: "Left out", Classes: "govuk-tag--grey"}
	}
	return view.Tag{Text: "Open", Classes: "govuk-tag--orange"}
}

// names are what councils are called within the matrix.
func names(m *catalogue.Matrix, codes []string) string {
	var out []string
	for _, code := range codes {
		if c := m.Member(code); c != nil {
			out = append(out, c.Name)
		}
	}
	return view.Sentence(out)
}

// whereItStands says in words why a line is in its state, and what it waits for.
func whereItStands(m *catalogue.Matrix, r *catalogue.Requirement) string {
	in := m.In()
	agreed := 0
	for _, code := range in {
		if r.Agrees(code) {
			agreed++
		}
	}
	count := fmt.Sprintf("%d of %d agree", agreed, len(in))
	said := func(p catalogue.Position) string { return names(m, r.Sayers(in, p)) }
	switch state := r.State(in); {
	case state == catalogue.LineConflict:
		return said(catalogue.Must) + " must, " + said(catalogue.MustNot) + " must not."
	case state == catalogue.LineAgreed:
		return fmt.Sprintf("%d of %d, on %s", agreed, len(in), view.Day(r.Settled(in)))
	case said(catalogue.NotSaid) != "":
		silent := r.Sayers(in, catalogue.NotSaid)
		return names(m, silent) + noun(len(silent), " has", " have") + " not said. " + count + "."
	case said(catalogue.Must) != "" && said(catalogue.NotNeeded) != "":
		unneeded := r.Sayers(in, catalogue.NotNeeded)
		return names(m, unneeded) + noun(len(unneeded), " does", " do") + " not need it: price it as an option? " + count + "."
	}
	return count + "."
}

// whoNeeds says position by position who takes it.
func whoNeeds(m *catalogue.Matrix, r *catalogue.Requirement) []string {
	var out []string
	for _, p := range append(catalogue.Positions(), catalogue.NotSaid) {
		if who := names(m, r.Sayers(m.In(), p)); who != "" {
			out = append(out, positionWord(p)+": "+who)
		}
	}
	return out
}

// requirementsHeading counts the lines by where they stand.
func requirementsHeading(m *catalogue.Matrix) string {
	if len(m.Lines) == 0 {
		return "Requirements: none yet"
	}
	return fmt.Sprintf("Requirements: %s, %d open, %d agreed", view.Plural(m.Count(catalogue.LineConflict), "conflict", "conflicts"),
		m.Count(catalogue.LineOpen), m.Count(catalogue.LineAgreed))
}

// matrixParts is the lines in two: those that need attention, and those agreed, folded away.
type matrixParts struct {
	Attention matrixView
	Agreed    matrixView
	Fold      view.Details
}

// newMatrixParts shows at most some lines of each part, all where most is 0.
func newMatrixParts(m *catalogue.Matrix, most int) matrixParts {
	var attention, agreed []*catalogue.Requirement
	for _, r := range m.Lines {
		if r.State(m.In()) == catalogue.LineAgreed {
			agreed = append(agreed, r)
		} else {
			attention = append(attention, r)
		}
	}
	few := func(lines []*catalogue.Requirement) []*catalogue.Requirement {
		if most > 0 {
			return lines[:min(len(lines), most)]
		}
		return lines
	}
	return matrixParts{Attention: newMatrixView(m, "Lines in conflict and open", few(attention)), Agreed: newMatrixView(m, "Agreed lines", few(agreed)),
		Fold: view.Details{ID: "agreed", Summary: view.Plural(len(agreed), "agreed line", "agreed lines")}}
}

// requirementsSection is what a group's room shows of its requirements.
type requirementsSection struct {
	Heading string
	Empty   string // what to do where there are no lines
	matrixParts
	Links []view.Link
}

// mostInRoom is how many lines of a part, and how many decisions and papers, a room shows before it leads to all of them.
const mostInRoom = 12

func newRequirementsSection(m *catalogue.Matrix, actor catalogue.Actor) *requirementsSection {
	path := pagePath(catalogue.KindGroup, m.Group.ID) + "/requirements"
	s := &requirementsSection{Heading: requirementsHeading(m), matrixParts: newMatrixParts(m, mostInRoom)}
	if len(m.Lines) == 0 {
		s.Empty = "Nobody has said yet what the group needs."
	}
	switch mayWork := worksIn(m.Group, actor); {
	case mayWork && len(m.Lines) == 0 && len(m.Listed) > 0:
		s.Links = []view.Link{{Text: "Begin with what the members’ intentions say", Href: path}}
	case mayWork && len(m.Lines) == 0:
		s.Links = []view.Link{{Text: "Add the first lines", Href: path + "#add"}}
	case mayWork:
		s.Links = []view.Link{{Text: "Say where your council stands", Href: path + "#column"}, {Text: "Add a line", Href: path + "#add"}}
	}
	if n := len(m.Lines); n > 0 {
		s.Links = append(s.Links, view.Link{Text: "The whole matrix, " + view.Plural(n, "line", "lines"), Href: path})
	}
	return s
}

// worksIn says that the visitor's council can change what stands in a group's room.
func worksIn(g *catalogue.BuyingGroup, actor catalogue.Actor) bool {
	m, ok := g.Member(actor.Org)
	return ok && actor.ForCouncil(m.Council) && m.State == catalogue.Accepted && g.Stage != catalogue.Abandoned && catalogue.MayDo(actor, catalogue.WorkInGroup)
}

// inOf is the codes of councils.
func inOf(members []*catalogue.Council) []string {
	var out []string
	for _, c := range members {
		out = append(out, c.GSS)
	}
	return out
}
