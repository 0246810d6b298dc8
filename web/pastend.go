package web

import (
	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// pastEndNote says that something outlasts its council, as surely as that is known, and what consent may be needed.
// Template pastEnd.
type pastEndNote struct {
	Title   string
	Text    []string
	Consent string // the deciding words
	Rule    string
	Source  view.Details
}

// contractPastEnd is the note on a contract's page; nil where it ends in time.
func contractPastEnd(found *catalogue.PastEnd, k *catalogue.Contract) *pastEndNote {
	if found == nil {
		return nil
	}
	n := newPastEndNote(found, "This runs past the end of its council", "This may run past the end of its council")
	n.Text = append(n.Text, "The record states "+view.Date(k.End)+" as its end: it, or a part of it, would pass to the new council. Check that it may.")
	return n
}

// intentionPastEnd is the note on an intention's page; nil where no end of its council is known.
func intentionPastEnd(found *catalogue.PastEnd, in *catalogue.Intention) *pastEndNote {
	if found == nil {
		return nil
	}
	n := newPastEndNote(found, "What is bought is likely to outlast the council", "What is bought may outlast the council")
	text := "Ask the councils that it becomes one with before you tender, and keep the term short or make it one that the new council can take over."
	if !in.WindowEnd.Last().Before(found.Reorganisation.Vesting) {
		text = "The tender could start on or after that day, when there is a new council to buy it. Ask the councils that it becomes one with first."
	}
	n.Text = append(n.Text, text)
	return n
}

func newPastEndNote(found *catalogue.PastEnd, decided, expected string) *pastEndNote {
	strong, text := reorganisationWords(found.Reorganisation)
	n := &pastEndNote{Title: expected, Text: []string{strong + " " + text}, Consent: consentWords(found), Rule: consentRule(found),
		Source: view.Details{Summary: "How we know", Text: found.Reorganisation.Source + " On consent: " + found.Revenue.Source + " (" + lowerFirst(knownWords(found.Revenue.Known)) + ")."}}
	if found.Reorganisation.Status == register.StatusDecided {
		n.Title = decided
	}
	return n
}

// consentRule is what earlier reorganisations asked consent for.
func consentRule(found *catalogue.PastEnd) string {
	return "In earlier reorganisations the Government directed that councils to be dissolved need consent to contracts over " + view.Money(int64(found.Revenue.Value)) +
		" for the whole term, or over " + view.Money(int64(found.Capital.Value)) +
		" where it is capital. Contracts with one supplier or on one matter counted together. Whether there is such a direction here, find out: take advice."
}

// consentWords says what the figures that are known come to.
func consentWords(found *catalogue.PastEnd) string {
	together := ""
	if found.Together > found.Value {
		together = ", " + view.Roughly(pounds(found.Together)) + " with the council’s others of the same supplier or matter"
	}
	switch {
	case found.OverCapital():
		return "Consent may be needed: its value is over the amounts of earlier directions for revenue and for capital" + bracketed(found.Value, together) + "."
	case found.OverRevenue():
		return "Consent may be needed: its value is over the amount of earlier directions" + bracketed(found.Value, together) + "."
	case found.Value == 0:
		return "Whether consent is needed cannot be told: the value is not known" + together + "."
	}
	return "What is known of the value is below the amounts of earlier directions" + bracketed(found.Value, together) + "."
}

func bracketed(value float64, together string) string {
	if value == 0 {
		return " (value not stated" + together + ")"
	}
	return " (" + view.Money(pounds(value)) + together + ")"
}

// pastEndCount says how many of a council's contracts run past its end; empty where none does.
func pastEndCount(past []*catalogue.PastEnd) string {
	if len(past) == 0 {
		return ""
	}
	over := 0
	for _, p := range past {
		if p.OverRevenue() {
			over++
		}
	}
	r := past[0].Reorganisation
	verb := noun(len(past), " runs", " run")
	if r.Status != register.StatusDecided {
		verb = " would run"
	}
	text := view.Plural(len(past), "contract seen", "contracts seen") + verb + " past " + reorganisationDay(r.Vesting)
	if over > 0 {
		text += ", " + view.Number(over) + " of them over " + view.Money(int64(past[0].Revenue.Value)) + ", where consent may be needed: each page says more"
	}
	return text + "."
}

// succeededLine says which council took a council's place; empty where none did.
func succeededLine(v *catalogue.CouncilView) []view.Piece {
	if v.Succession == nil || v.Successor == nil {
		return nil
	}
	var l line
	l.link(v.Successor.Label(), pagePath(catalogue.KindCouncil, v.Successor.GSS)).strong("took its place")
	if !v.Succession.On.IsZero() {
		l.say("the day named for it: " + view.Date(v.Succession.On))
	}
	if len(v.Reorganisation) > 0 {
		l.link("All councils of this reorganisation", areaPath(v.Reorganisation[0].Area))
	}
	return l
}

func beforeLinks(before []*catalogue.Council) []view.Link {
	var out []view.Link
	for _, c := range before {
		out = append(out, view.Link{Text: c.Label(), Href: pagePath(catalogue.KindCouncil, c.GSS)})
	}
	return out
}
