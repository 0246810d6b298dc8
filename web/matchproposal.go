package web

import (
	"fmt"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/web/view"
)

// proposalPanel offers the suggested group: who would be asked, in one form.
type proposalPanel struct {
	Title     string
	Words     []view.Piece
	Intention string
	Ticks     view.Checkboxes
	Propose   view.Button
	MayNot    string // why this visitor cannot propose; empty where it can
}

// ticked says which partners are in the suggested group.
func (m *matched) ticked(p pairing) bool {
	if m.suggested == nil {
		return false
	}
	for _, ref := range m.suggested.Refs {
		if ref == p.intention.ID {
			return true
		}
	}
	return false
}

// together lists the partners that are in the suggested group.
func (m *matched) together() []pairing {
	var in []pairing
	for _, p := range m.partners {
		if m.ticked(p) {
			in = append(in, p)
		}
	}
	return in
}

func (m *matched) proposal() *proposalPanel {
	panel := &proposalPanel{Intention: m.own.ID, Title: "Choose whom to ask", Words: m.proposalWords(),
		Propose: view.Button{Text: "Propose a group to the ticked councils"},
		Ticks:   view.Checkboxes{Name: "partner", Classes: "jy-choices-row govuk-checkboxes--small", Legend: &view.Legend{Text: "Councils to ask", Classes: "govuk-visually-hidden"}}}
	if n := len(m.together()); n > 0 {
		panel.Title = "Suggested group: you and " + inWords(n) + " " + noun(n, "other", "others")
	}
	if len(m.joining) > 0 {
		panel.Propose.Classes = "govuk-button--secondary"
	}
	if m.own.Visibility == catalogue.Own {
		panel.MayNot = "Let councils see this intention first: a group is proposed with what its members can read."
	} else if !m.mayAsk {
		panel.MayNot = "A lead of your council proposes a group: your account cannot."
	}
	for _, p := range m.partners {
		panel.Ticks.Choices = append(panel.Ticks.Choices, view.Choice{Value: p.intention.ID, Checked: m.ticked(p),
			Text: p.council.Label() + ", " + pointsText(p.Points) + " points"})
	}
	return panel
}

func pointsText(points float64) string { return fmt.Sprintf("%.1f", points) }

// proposalWords says what the suggested group shares, what it is worth together, and what it lacks.
func (m *matched) proposalWords() []view.Piece {
	in := m.together()
	if len(in) == 0 {
		return []view.Piece{{Text: "No group that holds together is suggested with your need in it, so tick the councils that you want to ask."}}
	}
	all := "Both"
	if len(in) > 1 {
		all = "All " + inWords(len(in)+1)
	}
	words := []view.Piece{{Text: all + " need " + m.need + " and can tender "}, {Text: during(dateOf(m.suggested.Window.Start), dateOf(m.suggested.Window.End)), Strong: true}, {Text: ". "}}
	if m.need == "" {
		words[0].Text = all + " can tender "
	}
	total, stated := maximum(m.shown), 0
	leads := m.own.Role == catalogue.RoleWouldLead
	if total > 0 {
		stated++
	}
	for _, p := range in {
		leads = leads || p.intention.Role == catalogue.RoleWouldLead
		if value := maximum(p.intention); value > 0 {
			total += value
			stated++
		}
	}
	if stated > 0 {
		words = append(words, view.Piece{Text: "Together up to about "}, view.Piece{Text: view.Roughly(pounds(total)) + " inc VAT", Strong: true})
		if silent := len(in) + 1 - stated; silent > 0 {
			words = append(words, view.Piece{Text: fmt.Sprintf(", of %s that %s a budget", inWords(stated), noun(stated, "states", "state"))})
		}
		words = append(words, view.Piece{Text: ". "})
	}
	if !leads {
		words = append(words, view.Piece{Text: "Nobody has said yet that they would lead: a joint buy needs a lead authority. "})
	}
	return words
}

// maximum is the most that an intention may cost, in pounds inc VAT; 0: not stated.
func maximum(in *catalogue.Intention) float64 { return catalogue.IncVAT(in.Budget.Max) }

// during says in which months, after a verb: 'from May to December 2027', 'in May 2027'.
func during(from, to catalogue.Date) string {
	text := window(from, to)
	switch {
	case from.IsZero() || to.IsZero():
		return text
	case strings.Contains(text, " to "):
		return "from " + text
	}
	return "in " + text
}

func dateOf(t time.Time) catalogue.Date {
	if t.IsZero() {
		return catalogue.Date{}
	}
	return catalogue.DateOf(t)
}

// share is a partner's part of the suggested group's value; ok where three or more state theirs.
func (m *matched) share(p pairing) (share float64, ok bool) {
	if !m.ticked(p) {
		return 0, false
	}
	total, stated := maximum(m.shown), 0
	for _, o := range m.together() {
		if value := maximum(o.intention); value > 0 {
			total += value
			stated++
		}
	}
	if stated < 2 || total == 0 {
		return 0, false
	}
	return maximum(p.intention) / total, true
}
