package web

import (
	"jointly/catalogue"
	"jointly/web/view"
)

// Standing: what pages say of the ladder, of stages and of roles.

// rungWord is a rung as pages write it.
func rungWord(r catalogue.Rung) string {
	if r == "" {
		return "Not answered yet"
	}
	return sentenceCase(string(r))
}

// rungMeaning says what a rung tells others.
func rungMeaning(r catalogue.Rung) string {
	switch r {
	case catalogue.Watching:
		return "You want to hear of it, no more"
	case catalogue.Interested:
		return "It could suit you"
	case catalogue.Intends:
		return "An officer’s word that you mean to buy"
	case catalogue.Approved:
		return "Your council has decided it"
	}
	return ""
}

// ladder shows how high a council stands.
func ladder(r catalogue.Rung) view.Ladder {
	l := view.Ladder{Word: rungWord(r), Of: len(catalogue.Rungs())}
	for i, rung := range catalogue.Rungs() {
		if rung == r {
			l.Step = i + 1
		}
	}
	return l
}

// rungChoices offers the rungs of the ladder, without those left out.
func rungChoices(now catalogue.Rung, without ...catalogue.Rung) []view.Choice {
	var choices []view.Choice
	for _, r := range catalogue.Rungs() {
		left := false
		for _, w := range without {
			left = left || w == r
		}
		if !left {
			choices = append(choices, view.Choice{Value: string(r), Text: rungWord(r), Hint: rungMeaning(r), Checked: r == now})
		}
	}
	return choices
}

// roleWords is what a council offers to do in a joint buy.
func roleWords(role string) string {
	switch role {
	case catalogue.RoleWouldLead:
		return "Willing to lead"
	case catalogue.RoleWouldContribute:
		return "Would contribute"
	case catalogue.RoleWouldFollow:
		return "Would follow"
	}
	return view.NotStated
}

// purchaseWords is what kind of thing is bought.
func purchaseWords(purchase string) string {
	if purchase == "people" {
		return "People: consultancy, staff, services"
	}
	return sentenceCase(view.OrNotStated(purchase))
}

// stages is the way of a group from its suggestion on, with the place where it is.
func stages(g *catalogue.BuyingGroup) view.Stages {
	s := view.Stages{Label: "Stage of the group", Names: []string{"Suggested", "Forming", "Agreed", "Engaging the market", "Procuring", "Awarded"}, Current: 1}
	if g.Stage == catalogue.Agreed {
		s.Current = 2
	}
	return s
}

// stageOf says in a few words how far a group has come.
func stageOf(g *catalogue.BuyingGroup) string {
	switch g.Stage {
	case catalogue.Agreed:
		return "Agreed: all who were asked have answered"
	case catalogue.Abandoned:
		return "Given up"
	}
	return "Forming: some have not answered yet"
}
