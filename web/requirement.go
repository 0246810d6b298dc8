package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// requirementPage is one line of what a group needs.
type requirementPage struct {
	view.Page
	Caption string
	Heading string
	Note    []string
	State   view.Tag
	Says    string
	Flags   []string // what to mend: a brand in the text, agreements that no longer count
	Clash   *clash
	Action  string // this page: forms go here and below
	Members view.Table
	Stand   *positionForm
	Agree   *agreeForm
	Word    *wordForm
	Remove  *removeForm
	Back    *view.Button // brings the line back
	History view.Table
}

// clash is what somebody else saved while the visitor was wording the line.
type clash struct {
	Who        string // and when
	Text, Note string
	Take       string // address of the line as it is saved
	Mine       wordForm
}

// wordForm words the line anew.
type wordForm struct {
	Fold       view.Details
	Edition    int
	Text, Note view.Field
	Send       view.Button
}

// positionForm says where the visitor's council stands.
type positionForm struct {
	Choice  view.Radios
	Comment view.Textarea
	Send    view.Button
}

// agreeForm agrees the line as it is worded, or takes that back.
type agreeForm struct {
	Words   string
	Edition int
	Send    view.Button
}

// removeForm leaves the line out.
type removeForm struct {
	Fold   view.Details
	Reason view.Input
	Send   view.Button
}

func (s *site) requirement(c *gin.Context, who visitor) error {
	p, _, err := s.requirementPage(c, who)
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "requirement", p)
}

func (s *site) requirementPage(c *gin.Context, who visitor) (requirementPage, *catalogue.RequirementView, error) {
	v, err := s.Catalogue.Requirement(c, who.actor, c.Param("id"), c.Param("line"))
	if err != nil {
		return requirementPage{}, nil, err
	}
	r, m := v.Line, &catalogue.Matrix{Group: v.Group, Members: v.Members}
	p := requirementPage{Page: s.partPage(c, who, v.Group, "Line "+strconv.Itoa(r.Line), view.Crumb{Text: "Requirements", Href: pagePath(catalogue.KindGroup, v.Group.ID) + "/requirements"}),
		Caption: "Line " + strconv.Itoa(r.Line) + " of what ‘" + v.Group.Title + "’ needs", Heading: r.Text, Note: paragraphs(r.Note), Action: linePath(r),
		State: stateTag(r.State(m.In())), Says: whereItStands(m, r), Members: positionsTable(v, who.actor), History: historyTable(v)}
	if r.LeftOut != nil {
		p.Says = v.Names[r.LeftOut.Council] + " left it out on " + view.Day(r.LeftOut.At) + ": ‘" + r.LeftOut.Reason + "’."
	}
	if brands := s.Catalogue.Brands(r.Text); len(brands) > 0 {
		p.Flags = append(p.Flags, brandAdvice(brands))
	}
	if !r.Cleared.IsZero() && r.State(m.In()) != catalogue.LineAgreed {
		p.Flags = append(p.Flags, "The wording was changed on "+view.Day(r.Cleared)+". Agreements from before no longer count: each member agrees it anew.")
	}
	if worksIn(v.Group, who.actor) {
		p.forms(v, who.actor)
	}
	return p, v, nil
}

// forms fills in what the visitor's council can do.
func (p *requirementPage) forms(v *catalogue.RequirementView, actor catalogue.Actor) {
	r, mayRemove := v.Line, v.Line.MayRemove(v.Group, actor.Org)
	if r.LeftOut != nil {
		if mayRemove {
			p.Back = &view.Button{Text: "Bring this line back", Classes: "govuk-button--secondary", PreventDoubleClick: true}
		}
		return
	}
	mine := r.Position(actor.Org)
	p.Stand = newPositionForm(mine.Position, mine.Comment)
	p.Word = newWordForm(r, r.Text, r.Note, nil)
	switch {
	case r.Agrees(actor.Org):
		p.Agree = &agreeForm{Words: "Your council agrees this line as it is worded.", Edition: r.Edition,
			Send: view.Button{Text: "Take our agreement back", Name: "agree", Value: "no", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	case r.State(inOf(v.Members)) == catalogue.LineConflict:
		p.Agree = &agreeForm{Words: "It can be agreed once no member must have what another must not. Word it so that all can live with it, for example as an option that is priced apart."}
	default:
		p.Agree = &agreeForm{Words: "Once every member agrees the line as it is worded, it is settled. Changing the text undoes that.", Edition: r.Edition,
			Send: view.Button{Text: "We agree this line", Name: "agree", Value: "yes", PreventDoubleClick: true}}
	}
	if mayRemove {
		p.Remove = &removeForm{Fold: view.Details{ID: "remove", Summary: "Leave this line out"},
			Reason: view.Input{Name: "reason", Label: view.Label{Text: "Why is it not needed?"}, Hint: "The line stays on record with the reason, and can be brought back"},
			Send:   view.Button{Text: "Leave it out", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	}
}

func newPositionForm(chosen catalogue.Position, comment string) *positionForm {
	f := &positionForm{Send: view.Button{Text: "Save our position", PreventDoubleClick: true},
		Choice: view.Radios{Name: "position", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "Where does your council stand?", Classes: "govuk-fieldset__legend--s"}},
		Comment: view.Textarea{Name: "comment", Rows: 3, Value: comment, Label: view.Label{Text: "Comment (optional)", Classes: "govuk-label--s"},
			Hint: "The other members read it: why, or what would do instead"}}
	for _, o := range positionOptions(chosen) {
		f.Choice.Choices = append(f.Choice.Choices, view.Choice{Value: o.Value, Text: o.Text, Checked: o.Selected})
	}
	return f
}

func newWordForm(r *catalogue.Requirement, text, note string, wrong error) *wordForm {
	return &wordForm{Fold: view.Details{ID: "word", Summary: "Change the text", Open: wrong != nil}, Edition: r.Edition,
		Text: view.Field{Input: &view.Input{Name: "text", Value: text, Error: fieldError(wrong, "text"), Label: view.Label{Text: "What is needed", Classes: "govuk-label--s"},
			Hint: "A function, not a brand"}},
		Note: view.Field{Textarea: &view.Textarea{Name: "note", Rows: 4, Value: note, Error: fieldError(wrong, "note"), Label: view.Label{Text: "Note (optional)", Classes: "govuk-label--s"},
			Hint: "What belongs to it: volumes, standards, how it is tested"}},
		Send: view.Button{Text: "Save the wording", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
}

// positionsTable is where each member stands, and whether it agrees.
func positionsTable(v *catalogue.RequirementView, actor catalogue.Actor) view.Table {
	t := view.Table{Caption: "Where each member stands", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-25"}, {Text: "Position", Classes: "jy-col-15"}, {Text: "Comment"}, {Text: "Agrees"}}}
	for _, c := range v.Members {
		p := v.Line.Position(c.GSS)
		name := c.Label()
		if actor.ForCouncil(c.GSS) {
			name += ", you"
		}
		position := view.Cell{Text: positionWord(p.Position), Muted: p.Position == catalogue.NotSaid}
		switch {
		case p.Listed:
			position.Note = "from its intention"
		case !p.At.IsZero():
			position.Note = view.Day(p.At)
		}
		agrees := view.Cell{Text: "Not yet", Muted: true}
		for _, a := range v.Line.Agreed {
			if a.Council == c.GSS {
				agrees = view.Cell{Text: "Yes", Note: view.Day(a.At)}
			}
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: name}, position, {Text: p.Comment}, agrees})
	}
	return t
}

// historyTable is what was done to the line, the latest first.
func historyTable(v *catalogue.RequirementView) view.Table {
	t := view.Table{Caption: "What happened to this line", CaptionClasses: "govuk-visually-hidden", Responsive: true, Classes: "jy-table--inline",
		Head: []view.Head{{Text: "When", Classes: "jy-col-20"}, {Text: "Who and what"}}}
	for i := len(v.Line.History) - 1; i >= 0; i-- {
		e := v.Line.History[i]
		what := view.Cell{Text: v.Names[e.Council] + " " + e.What, Classes: "jy-table__line"}
		if e.Was != "" {
			what.Note = "It said before: ‘" + e.Was + "’"
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: view.Day(e.At) + ", " + view.TimeOfDay(e.At)}, what})
	}
	return t
}
