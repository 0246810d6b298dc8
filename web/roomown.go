package web

import (
	"strings"

	"jointly/catalogue"
	"jointly/web/view"
)

// ownForm is where the visitor's council stands in a group, and what it declares.
type ownForm struct {
	Rung      view.Radios
	Stand     view.Button
	Conflicts view.Radios
	Declare   view.Button
	Declared  string // since when; empty: not yet
}

func newOwnForm(r *catalogue.Room) *ownForm {
	m := r.Mine.Member
	f := &ownForm{
		Rung: view.Radios{Name: "rung", Classes: "govuk-radios--small", Choices: standingOf(m.Rung, m.Approval, m.Approved, m.Volume).choices(nil),
			Legend: &view.Legend{Text: "Where does your council stand?", Classes: "govuk-fieldset__legend--s"}},
		Stand:   view.Button{Text: "Save where we stand", Classes: "govuk-button--secondary", PreventDoubleClick: true},
		Declare: view.Button{Text: "Save the declaration", Classes: "govuk-button--secondary", PreventDoubleClick: true},
	}
	has := ""
	if !m.Conflicts.Declared.IsZero() {
		has = "no"
		if m.Conflicts.Text != "" {
			has = "yes"
		}
		f.Declared = "Declared on " + view.Day(m.Conflicts.Declared) + "."
	}
	f.Conflicts = conflictsRadios(has, m.Conflicts.Text, nil)
	return f
}

// conflictsRadios asks for conflicts of interest; has is yes, no or empty.
func conflictsRadios(has, text string, wrong error) view.Radios {
	return view.Radios{Name: "has", Classes: "govuk-radios--small", Error: fieldError(wrong, "has"),
		Legend: &view.Legend{Text: "Does your council have a conflict of interest?", Classes: "govuk-fieldset__legend--s"},
		Hint:   "An interest of an officer or member in a supplier that could bid. The assessment must be ready before the tender notice",
		Choices: []view.Choice{{Value: "no", Text: "None that we know of", Checked: has == "no"},
			{Value: "yes", Text: "Yes", Checked: has == "yes", Conditional: []view.Field{{Textarea: &view.Textarea{Name: "conflicts", Rows: 3, Value: text,
				Label: view.Label{Text: "What is it, and how do you handle it?"}, Hint: "Leave out names: the members read it", Error: fieldError(wrong, "conflicts")}}}}}}
}

// leadPanel is who leads, and how that changes.
type leadPanel struct {
	Words  string
	Take   *view.Button // take the lead, or give it up
	Offer  *view.Select // hand over; for the lead authority
	Hand   view.Button
	Back   *view.Button // take back an offer
	Deputy *view.Select
	Name   view.Button
	Down   *view.Button // stand down as deputy
}

func newLeadPanel(r *catalogue.Room, actor catalogue.Actor) *leadPanel {
	g := r.Group
	p := &leadPanel{Words: "No council leads yet."}
	if r.Lead != nil {
		p.Words = r.Lead.Label() + " leads."
	}
	if r.Deputy != nil {
		p.Words += " Deputy: " + r.Deputy.Label() + "."
	}
	if actor.ForCouncil(g.Deputy) {
		p.Down = &view.Button{Text: "Stand down as deputy", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	}
	switch {
	case actor.ForCouncil(g.Lead):
		p.Words = strings.Replace(p.Words, r.Lead.Label()+" leads.", "Your council leads.", 1)
		p.lead(r)
	case r.Lead == nil:
		p.Take = &view.Button{Text: "Take the lead", Name: "take", Value: "yes", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	case p.Down == nil:
		p.Words += " It can hand over to another member."
	}
	return p
}

// lead adds what the lead authority itself can do.
func (p *leadPanel) lead(r *catalogue.Room) {
	p.Take = &view.Button{Text: "Give up the lead", Name: "take", Value: "no", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	others := otherMembers(r)
	if len(others) == 0 {
		return
	}
	p.Deputy = &view.Select{ID: "deputy", Name: "council", Label: view.Label{Text: "Who stands in for you? (deputy)"}, Options: []view.Option{{Text: "Nobody"}}}
	p.Name = view.Button{Text: "Save the deputy", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	for _, o := range others {
		o.Selected = o.Value == r.Group.Deputy
		p.Deputy.Options = append(p.Deputy.Options, o)
	}
	if r.Offered != nil {
		p.Words += " You asked " + r.Offered.Label() + " to take over."
		p.Back = &view.Button{Text: "Take the offer back", Name: "offer", Value: "back", Classes: "govuk-button--secondary", PreventDoubleClick: true}
		return
	}
	p.Offer = &view.Select{ID: "offer", Name: "council", Label: view.Label{Text: "Hand over the lead to"}, Hint: "You lead until it has said yes", Options: append([]view.Option{{Text: "Choose"}}, others...)}
	p.Hand = view.Button{Text: "Ask it to take over", Classes: "govuk-button--secondary", PreventDoubleClick: true}
}

// otherMembers offers the members that have accepted, without the lead authority.
func otherMembers(r *catalogue.Room) []view.Option {
	var out []view.Option
	for _, m := range r.Members {
		if m.State == catalogue.Accepted && m.Council != r.Group.Lead && m.Who != nil {
			out = append(out, view.Option{Value: m.Council, Text: m.Who.Label()})
		}
	}
	return out
}

// courseTable is how the group came to its stage.
func courseTable(r *catalogue.Room) view.Table {
	t := view.Table{Caption: "How the group came here", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Classes: "jy-table--inline",
		Head: []view.Head{{Text: "Stage", Classes: "jy-col-25"}, {Text: "When", Classes: "jy-col-20"}, {Text: "By"}, {Text: "Reason"}}}
	names := map[string]string{}
	for _, m := range append(r.Members, r.Gone...) {
		if m.Who != nil {
			names[m.Council] = m.Who.Label()
		}
	}
	for _, m := range r.Group.Course {
		by := view.Cell{Text: names[m.By]}
		if by.Text == "" {
			by = view.Cell{Text: "followed from the members’ answers", Muted: true}
		}
		reason := view.Cell{Text: m.Reason, Classes: "jy-table__line"}
		if m.Reason == "" {
			reason = view.Cell{Text: "–", Muted: true}
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: sentenceCase(m.Stage.Words())}, {Text: view.Day(m.At)}, by, reason})
	}
	return t
}

// awardFacts is whom the group chose; nil for a group that has not.
func awardFacts(g *catalogue.BuyingGroup) []view.Fact {
	a := g.Award
	if a == nil {
		return nil
	}
	facts := []view.Fact{{Name: "Supplier", Value: a.Supplier}, {Name: "Awarded", Value: view.Date(a.On)}, {Name: "Contract ends", Value: view.Date(a.End), Muted: a.End.IsZero()}}
	if a.ExtensionMonths > 0 {
		facts[2].Note = "may be extended by " + view.Plural(a.ExtensionMonths, "month", "months")
	}
	value := view.Fact{Name: "Value, ex VAT", Value: view.NotStated, Muted: true}
	if a.Value > 0 {
		value = view.Fact{Name: "Value, ex VAT", Value: view.Money(pounds(a.Value))}
	}
	return append(facts, value)
}

// outcome is what came of a closed group.
func outcome(g *catalogue.BuyingGroup) []string {
	if n := len(g.Course); g.Stage == catalogue.Closed && n > 0 {
		return paragraphs(g.Course[n-1].Reason)
	}
	return nil
}
