package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// groupMovePage is where a lead authority moves its group to another stage: what that means, what stands before it, and
// what it must say.
type groupMovePage struct {
	view.Page
	Caption  string
	Heading  string
	Meaning  string
	Told     string
	Hurdles  []view.Link // what stands before it: then there is no form
	Action   string
	From, To string
	Reason   *view.Textarea
	Award    *awardForm
	Send     view.Button
	Back     view.Link
}

// awardForm asks whom the group chose.
type awardForm struct {
	Supplier  view.Input
	On, End   view.DateInput
	Extension view.Input
	Value     view.Input
}

// moveForm is a move as somebody types it.
type moveForm struct {
	from, to, reason           string
	supplier, extension, value string
	on, end                    typedDate
}

func readMove(t *typed) moveForm {
	return moveForm{from: t.text("from"), to: t.text("to"), reason: t.text("reason"), supplier: t.text("supplier"), extension: t.text("award_extension"),
		value: t.text("award_value"), on: t.dateParts("awarded_on"), end: t.dateParts("award_end")}
}

// move is the form as the catalogue takes it.
func (f moveForm) move(t *typed) catalogue.Move {
	m := catalogue.Move{From: catalogue.GroupStage(f.from), To: catalogue.GroupStage(f.to), Reason: f.reason}
	if m.To == catalogue.Awarded {
		m.Award = catalogue.Award{Supplier: f.supplier, On: t.date("awarded_on", "The day of the award"), End: t.date("award_end", "The end of the contract"),
			ExtensionMonths: t.count("award_extension", "The extension"), Value: t.amount("award_value", "The value")}
	}
	return m
}

func (s *site) groupMove(c *gin.Context, who visitor) error {
	room, err := s.Catalogue.Room(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showMove(c, who, http.StatusOK, room, moveForm{from: string(room.Group.Stage), to: c.Query("to")}, nil)
}

func (s *site) moveGroup(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := readMove(t)
	move := f.move(t)
	var g *catalogue.BuyingGroup
	if err = t.err(); err == nil {
		g, err = s.Catalogue.MoveGroup(c, who.actor, c.Param("id"), move)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		room, again := s.Catalogue.Room(c, who.actor, c.Param("id"))
		if again != nil {
			return again
		}
		return s.showMove(c, who, http.StatusBadRequest, room, f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(g.Version)
	who.session.set("flash", "The group is at the stage ‘"+g.Stage.Words()+"’. Its members are told.")
	to := pagePath(catalogue.KindGroup, g.ID)
	if !g.Room {
		to = "/desk"
	}
	return s.redirect(c, who, to)
}

func (s *site) showMove(c *gin.Context, who visitor, status int, room *catalogue.Room, f moveForm, wrong error) error {
	g, to := room.Group, catalogue.GroupStage(f.to)
	if !g.MayMove(who.actor, to) || !slices.Contains(moves(g, who.actor), to) {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	p := newMovePage(room, to, f, wrong)
	p.Page = s.page(c, who, "/groups", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Groups", Href: "/groups"}, {Text: g.Title, Href: pagePath(catalogue.KindGroup, g.ID)}, {Text: p.Heading}}
	p.Errors = errorLinks(wrong, map[string]string{"awarded_on": "awarded_on-day", "award_end": "award_end-day", "stage": "hurdles"})
	return s.show(c, who, status, "group-move", p)
}

func newMovePage(room *catalogue.Room, to catalogue.GroupStage, f moveForm, wrong error) groupMovePage {
	g := room.Group
	path := pagePath(catalogue.KindGroup, g.ID)
	p := groupMovePage{Caption: g.Title, Heading: moveText(to), Meaning: stageMeaning(to), Told: "Every member is told by email and in its inbox.",
		Action: path + "/move", From: f.from, To: f.to, Send: view.Button{Text: moveText(to), PreventDoubleClick: true}, Back: view.Link{Text: "Back to the group", Href: path}}
	for _, next := range room.Next {
		if next.Stage == to {
			for _, h := range next.Hurdles {
				p.Hurdles = append(p.Hurdles, view.Link{Text: h.Text, Href: path + "#" + h.Fragment})
			}
		}
	}
	reason := func(label, hint string) *view.Textarea {
		return &view.Textarea{Name: "reason", Rows: 4, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: f.reason, Error: fieldError(wrong, "reason")}
	}
	switch {
	case to == catalogue.Abandoned:
		p.Reason = reason("Why is it given up?", "The members read it")
		p.Send.Classes = "govuk-button--warning"
	case to == catalogue.Closed:
		p.Reason = reason("What came of it?", "What was bought, what went well, what you would do otherwise. It stands on the group's card, which "+seersOf(g)+" can see")
	case to == catalogue.Awarded:
		p.Award = newAwardForm(f, wrong)
	case goesBack(g, to):
		p.Heading = "Go back to ‘" + to.Words() + "’"
		p.Send.Text, p.Meaning = p.Heading, "The group returns to an earlier stage. Nothing that was recorded is lost."
		p.Reason = reason("Why does it go back?", "The members read it")
	}
	return p
}

func newAwardForm(f moveForm, wrong error) *awardForm {
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	return &awardForm{
		Supplier: view.Input{Name: "supplier", Label: label("Which supplier was chosen?"), Value: f.supplier, Error: fieldError(wrong, "supplier")},
		On:       dateField("awarded_on", "When was it awarded?", "For example, 12 11 2026", f.on, wrong),
		End:      dateField("award_end", "When does the contract end? (optional)", "Its last day before any extension", f.end, wrong),
		Extension: view.Input{Name: "award_extension", Label: label("By how many months may it be extended? (optional)"), InputMode: "numeric", Classes: "govuk-input--width-3", Suffix: "months",
			Value: f.extension, Error: fieldError(wrong, "award_extension")},
		Value: view.Input{Name: "award_value", Label: label("What is it worth? (optional)"), Hint: "Ex VAT, whole term, for all members", Classes: "govuk-input--width-10", Prefix: "£",
			Value: f.value, Error: fieldError(wrong, "award_value")},
	}
}

// seersOf says who sees a group's card.
func seersOf(g *catalogue.BuyingGroup) string {
	if g.Card == catalogue.Public {
		return "everybody"
	}
	return "officers of councils"
}

// moves lists where an actor may move a group.
func moves(g *catalogue.BuyingGroup, actor catalogue.Actor) []catalogue.GroupStage {
	var out []catalogue.GroupStage
	for _, to := range slices.Concat(g.Stage.Following(), g.Stage.Before(), []catalogue.GroupStage{catalogue.Abandoned}) {
		if g.MayMove(actor, to) && (to != catalogue.Abandoned || g.Stage != catalogue.Awarded) {
			out = append(out, to)
		}
	}
	return out
}

func goesBack(g *catalogue.BuyingGroup, to catalogue.GroupStage) bool {
	return slices.Contains(g.Stage.Before(), to)
}

// moveLinks leads to the moves that the visitor may make.
func moveLinks(r *catalogue.Room, actor catalogue.Actor) []view.Link {
	var out []view.Link
	for _, to := range moves(r.Group, actor) {
		l := moveLink(r.Group, to)
		if goesBack(r.Group, to) {
			l.Text = "Go back to ‘" + to.Words() + "’"
		}
		out = append(out, l)
	}
	return out
}

// moveText is what a button to a stage says.
func moveText(to catalogue.GroupStage) string {
	switch to {
	case catalogue.Agreed:
		return "Record that the group is agreed"
	case catalogue.Engaging:
		return "Begin to engage the market"
	case catalogue.Procuring:
		return "Begin to procure"
	case catalogue.Awarded:
		return "Record the award"
	case catalogue.Closed:
		return "Close the group"
	case catalogue.Abandoned:
		return "Give up the group"
	}
	return "Go back to ‘" + to.Words() + "’"
}

// stageMeaning says what a stage is for.
func stageMeaning(to catalogue.GroupStage) string {
	switch to {
	case catalogue.Agreed:
		return "Everyone has answered, one council leads, and every member means to buy. If another council is asked later, the group forms again until it has answered."
	case catalogue.Engaging:
		return "You ask suppliers what is possible before any tender. Publish a preliminary market engagement notice (UK2), or give the reasons in the tender notice (UK4). Treat all suppliers equally."
	case catalogue.Procuring:
		return "The tender or call-off is under way. From here on nobody can join: the notice names who takes part."
	case catalogue.Awarded:
		return "A supplier was chosen, and the contract is signed."
	case catalogue.Closed:
		return "Every member is live. The outcome stays on the group's card, so that other councils learn from it."
	case catalogue.Abandoned:
		return "The group ends without a purchase. What each member intends to buy is matched with others again."
	}
	return ""
}
