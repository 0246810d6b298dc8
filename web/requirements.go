package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// requirementsPage is all that a group needs, and where members add lines and say where they stand on all of them.
type requirementsPage struct {
	view.Page
	Caption string
	Heading string
	Back    string // the group's page
	Action  string // this page: forms go here and below
	Listed  *listedPanel
	matrixParts
	Empty   bool
	LeftOut view.Table
	Fold2   view.Details // around those left out
	Column  *columnForm
	Add     *addLinesForm
}

// listedPanel offers what members' intentions ask for and no line says yet.
type listedPanel struct {
	Title    string
	Words    string
	Withheld string
	Fold     view.Details
	Musts    []view.Entry
	Send     view.Button
}

// columnForm is where the visitor's council stands on each line.
type columnForm struct {
	Fields []columnField
	Send   view.Button
}

// columnField is one line's choice, with what it was: only what was changed is saved, so that it undoes nothing that a
// colleague saved meanwhile.
type columnField struct {
	Name, Was string
	Choice    view.Select
}

// addLinesForm adds lines.
type addLinesForm struct {
	Lines view.Textarea
	Send  view.Button
}

func (s *site) requirements(c *gin.Context, who visitor) error {
	p, err := s.requirementsPage(c, who)
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "requirements", p)
}

func (s *site) requirementsPage(c *gin.Context, who visitor) (requirementsPage, error) {
	m, err := s.Catalogue.Matrix(c, who.actor, c.Param("id"))
	if err != nil {
		return requirementsPage{}, err
	}
	back := pagePath(catalogue.KindGroup, m.Group.ID)
	p := requirementsPage{Page: s.partPage(c, who, m.Group, "Requirements"), Caption: m.Group.Title, Heading: requirementsHeading(m), Back: back,
		Action: back + "/requirements", matrixParts: newMatrixParts(m, 0), Empty: len(m.Lines) == 0, LeftOut: leftOutTable(m)}
	p.Agreed.Caption, p.Fold2 = "Agreed lines", view.Details{ID: "left-out", Summary: view.Plural(len(m.LeftOut), "line left out", "lines left out")}
	if worksIn(m.Group, who.actor) {
		p.Listed, p.Column, p.Add = newListedPanel(m), newColumnForm(m, who.actor), newAddLinesForm(m)
	}
	return p, nil
}

// partPage is the frame of a page below a group's room.
func (s *site) partPage(c *gin.Context, who visitor, g *catalogue.BuyingGroup, title string, between ...view.Crumb) view.Page {
	p := s.page(c, who, "/groups", title)
	p.Canonical = ""
	p.Crumbs = append([]view.Crumb{{Text: "Groups", Href: "/groups"}, {Text: g.Title, Href: pagePath(catalogue.KindGroup, g.ID)}}, between...)
	p.Crumbs = append(p.Crumbs, view.Crumb{Text: title})
	return p
}

func newListedPanel(m *catalogue.Matrix) *listedPanel {
	if len(m.Listed) == 0 || m.Room == 0 {
		return nil
	}
	n := min(len(m.Listed), m.Room)
	p := &listedPanel{Title: "Begin with what the members’ intentions say", Fold: view.Details{Summary: "See them"},
		Words: "The intentions that members brought ask for " + view.Plural(n, "thing", "things") + " that no line says yet. Each becomes a line, with ‘must’ or ‘should’ for the councils that ask for it. They can change it.",
		Send:  view.Button{Text: "Make " + view.Plural(n, "line", "lines") + " of them", PreventDoubleClick: true}}
	if len(m.Lines) > 0 {
		p.Title = "Members’ intentions ask for more"
	}
	if m.Withheld > 0 {
		p.Withheld = "Your own intention keeps what it must and should have to your council, so they are not among them."
	}
	for _, must := range m.Listed[:n] {
		p.Musts = append(p.Musts, view.Entry{Title: must.Text, Lines: askedBy(m, must)})
	}
	return p
}

// askedBy names those whose intentions ask for a thing: first who must have it, then who should.
func askedBy(m *catalogue.Matrix, asked catalogue.ListedMust) [][]view.Piece {
	var lines [][]view.Piece
	if len(asked.Councils) > 0 {
		lines = append(lines, []view.Piece{{Text: names(m, asked.Councils)}})
	}
	if len(asked.Should) > 0 {
		lines = append(lines, []view.Piece{{Text: names(m, asked.Should) + ", as a should"}})
	}
	return lines
}

func newColumnForm(m *catalogue.Matrix, actor catalogue.Actor) *columnForm {
	if len(m.Lines) == 0 {
		return nil
	}
	f := &columnForm{Send: view.Button{Text: "Save our column", PreventDoubleClick: true}}
	for _, r := range m.Lines {
		p := r.Position(actor.Org)
		field := columnField{Name: "was-" + r.ID, Was: string(p.Position), Choice: view.Select{Name: "line-" + r.ID, Label: view.Label{Text: r.Text}, Options: positionOptions(p.Position)}}
		if p.Listed {
			field.Choice.Hint = "From your council’s intention"
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

func positionOptions(chosen catalogue.Position) []view.Option {
	out := []view.Option{{Text: "Not said", Selected: chosen == catalogue.NotSaid}}
	for _, p := range catalogue.Positions() {
		out = append(out, view.Option{Value: string(p), Text: positionWord(p), Selected: p == chosen})
	}
	return out
}

func newAddLinesForm(m *catalogue.Matrix) *addLinesForm {
	if m.Room == 0 {
		return nil
	}
	return &addLinesForm{Send: view.Button{Text: "Add", Classes: "govuk-button--secondary", PreventDoubleClick: true},
		Lines: view.Textarea{ID: "lines", Name: "lines", Rows: 4, Label: view.Label{Text: "What is needed, one thing a line", Classes: "govuk-label--s"},
			Hint: "Functions, not brands: ‘Residents pay by telephone’ rather than a product that does it. There is room for " + view.Plural(m.Room, "more", "more")}}
}

func leftOutTable(m *catalogue.Matrix) view.Table {
	t := view.Table{Caption: "Lines left out", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Classes: "jy-table--inline",
		Head: []view.Head{{Text: "Line", Classes: "jy-col-40"}, {Text: "Left out by"}, {Text: "Why"}}}
	for _, r := range m.LeftOut {
		by := view.Cell{Text: r.LeftOut.Council, Note: view.Day(r.LeftOut.At)}
		if c := m.Member(r.LeftOut.Council); c != nil {
			by.Text = c.Name
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: r.Text, Href: linePath(r)}, by, {Text: r.LeftOut.Reason, Classes: "jy-table__line"}})
	}
	return t
}

// addRequirements adds the lines that were typed.
func (s *site) addRequirements(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	texts := lines(t.Get("lines"))
	if len(texts) == 0 {
		err = missing("lines", "Enter what is needed, one thing a line")
	}
	var added int
	if err == nil {
		added, err = s.Catalogue.AddRequirements(c, who.actor, c.Param("id"), texts)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.requirementsPage(c, who)
		if again != nil || p.Add == nil {
			return firstOf(again, err)
		}
		p.Add.Lines.Value, p.Add.Lines.Error = t.Get("lines"), firstError(err, "lines", "text")
		p.Errors = errorLinks(err, map[string]string{"text": "lines"})
		return s.show(c, who, http.StatusBadRequest, "requirements", p)
	}
	if err != nil {
		return err
	}
	return s.saidOn(c, who, "/requirements", addedWords(added, len(texts))+s.brandWords(texts))
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// saidOn leads on to a page below the group's with a message.
func (s *site) saidOn(c *gin.Context, who visitor, page, message string) error {
	who.session.set("flash", message)
	return s.redirect(c, who, pagePath(catalogue.KindGroup, c.Param("id"))+page)
}

func addedWords(added, asked int) string {
	text := sentenceCase(view.Plural(added, "line is", "lines are")) + " added."
	if there := asked - added; there > 0 {
		text += " " + sentenceCase(view.Plural(there, "was", "were")) + " there already."
	}
	return text
}

// brandWords warns of products and suppliers that lines name; empty where they name none.
func (s *site) brandWords(texts []string) string {
	var brands []string
	for _, text := range texts {
		brands = append(brands, s.Catalogue.Brands(text)...)
	}
	if len(brands) == 0 {
		return ""
	}
	return " " + brandAdvice(brands)
}

func brandAdvice(brands []string) string {
	return view.Sentence(brands) + noun(len(brands), " names a product or supplier", " name products or suppliers") +
		". Specify functions, not brands: say what it must do, so that every supplier can offer it."
}

// beginRequirements makes lines of what members' intentions ask for.
func (s *site) beginRequirements(c *gin.Context, who visitor) error {
	added, err := s.Catalogue.BeginRequirements(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	message := view.Plural(added, "line is", "lines are") + " taken over from the members’ intentions. Now say where your council stands on each."
	if added == 0 {
		message = "There was nothing to take over that the lines do not say already."
	}
	return s.saidOn(c, who, "/requirements", message)
}

// saveColumn saves what was changed of the visitor's council's column.
func (s *site) saveColumn(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	var column []catalogue.LinePosition
	for name := range t.Values {
		id, ok := strings.CutPrefix(name, "line-")
		if position := t.text(name); ok && position != t.text("was-"+id) {
			column = append(column, catalogue.LinePosition{Line: id, Position: catalogue.Position(position)})
		}
	}
	slices.SortFunc(column, func(a, b catalogue.LinePosition) int { return strings.Compare(a.Line, b.Line) })
	changed, err := s.Catalogue.SetPositions(c, who.actor, c.Param("id"), column)
	if err != nil {
		return err
	}
	message := "Your council’s positions on " + view.Plural(changed, "line", "lines") + " are saved."
	if changed == 0 {
		message = "Your council’s positions stay as they were: nothing was changed."
	}
	return s.saidOn(c, who, "/requirements", message)
}
