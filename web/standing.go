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
	s := view.Stages{Label: "Stage of the group", Names: []string{"Suggested"}}
	for i, stage := range catalogue.GroupStages() {
		s.Names = append(s.Names, sentenceCase(stage.Words()))
		if stage == g.Stage {
			s.Current = i + 1
		}
	}
	return s
}

// stageOf says in a few words how far a group has come.
func stageOf(g *catalogue.BuyingGroup) string {
	switch g.Stage {
	case catalogue.Agreed:
		return "Agreed: its members have settled to buy together"
	case catalogue.Engaging:
		return "Engaging the market, before any tender"
	case catalogue.Procuring:
		return "Procuring"
	case catalogue.Awarded:
		return "Awarded: a supplier was chosen"
	case catalogue.Closed:
		return "Closed, with its outcome"
	case catalogue.Abandoned:
		return "Given up"
	}
	return "Forming"
}

// standingForm is where a council puts itself on the ladder, as somebody types it.
type standingForm struct {
	rung, reference, volume string
	approved                typedDate
}

func readStanding(t *typed) standingForm {
	return standingForm{rung: t.text("rung"), reference: t.text("approval_ref"), volume: t.text("volume"), approved: t.dateParts("approved_on")}
}

// standingOf is a stored standing as somebody would type it.
func standingOf(rung catalogue.Rung, reference string, approved catalogue.Date, volume float64) standingForm {
	return standingForm{rung: string(rung), reference: reference, approved: typedOf(approved), volume: poundsTyped(volume)}
}

// standing is the form as the catalogue takes it; what goes with an approval is read only where that is chosen.
func (f standingForm) standing(t *typed) catalogue.Standing {
	s := catalogue.Standing{Rung: catalogue.Rung(f.rung)}
	if s.Rung == catalogue.Approved {
		s.Approval, s.Approved, s.Volume = f.reference, t.date("approved_on", "The day of the approval"), t.amount("volume", "The amount")
	}
	return s
}

// choices offers the rungs of the ladder, without those left out. Approved asks for its reference, day and volume.
func (f standingForm) choices(wrong error, without ...catalogue.Rung) []view.Choice {
	rungs := rungChoices(catalogue.Rung(f.rung), without...)
	if last := &rungs[len(rungs)-1]; last.Value == string(catalogue.Approved) {
		on := dateField("approved_on", "When was it approved?", "For example, 12 11 2026", f.approved, wrong)
		on.Legend.Classes = ""
		last.Conditional = []view.Field{
			{Input: &view.Input{Name: "approval_ref", Label: view.Label{Text: "Reference of the approval"}, Classes: "govuk-input--width-20",
				Hint: "For example, the number of the decision or of the minute", Value: f.reference, Error: fieldError(wrong, "approval_ref")}},
			{Date: &on},
			{Input: &view.Input{Name: "volume", Label: view.Label{Text: "How much does your council commit?"}, Classes: "govuk-input--width-10", Prefix: "£",
				Hint: "Ex VAT, over the whole term", Value: f.volume, Error: fieldError(wrong, "volume")}},
		}
	}
	return rungs
}

// standingFields leads from what is wrong with a standing to its fields.
func standingFields() map[string]string {
	return map[string]string{"members": "rung", "approved_on": "approved_on-day"}
}
