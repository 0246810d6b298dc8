package web

import (
	"net/url"

	"jointly/catalogue"
	"jointly/web/view"
)

// nextStep is the one thing to do next, with its reason; at most one of its forms or buttons is there.
type nextStep struct {
	Title  string
	Words  []string
	Points []string
	Links  []view.Link
	Answer *answerForm
	Take   *view.Button // take the lead
	Refuse *view.Button // say no to a lead that was offered
	Go     *view.Button // to the form of the step
}

// answerForm accepts or declines an invitation.
type answerForm struct {
	Accept  view.Button
	Fold    view.Details // around the reason
	Reason  view.Textarea
	Decline view.Button
}

// newNextStep says what the visitor's council does next in a group, or what it waits for.
func newNextStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	g := r.Group
	mayRun := catalogue.MayDo(actor, catalogue.RunGroup)
	switch {
	case g.Stage == catalogue.Abandoned:
		return givenUpStep(r, actor)
	case g.Stage == catalogue.Closed:
		return nextStep{Title: "This group is closed", Words: []string{"Its outcome stands below, and on the card that others see."}}
	case r.Mine == nil:
		return nextStep{Title: "What the group does next", Words: []string{stageOf(g) + "."}, Points: hurdlePoints(r, "")}
	case r.Mine.State == catalogue.Invited:
		return answerStep(r, actor)
	case !mayRun:
		return nextStep{Title: "What the group does next", Words: []string{stageOf(g) + ". A lead of your council acts for it in the group: your account can read, and work on what is needed."}, Points: hurdlePoints(r, "")}
	case actor.ForCouncil(g.Offered):
		return offeredStep(r)
	case r.Lead == nil:
		return leadStep(r)
	}
	switch g.Stage {
	case catalogue.Procuring:
		return procuringStep(r, actor)
	case catalogue.Awarded:
		return awardedStep(r, actor)
	}
	return onwardStep(r, actor)
}

// givenUpStep is what is left to do once a group was given up.
func givenUpStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	step := nextStep{Title: "This group was given up", Words: []string{"What each intends to buy is matched with others again."}}
	if n := len(r.Group.Course); n > 0 && r.Group.Course[n-1].Reason != "" {
		step.Words = []string{"The reason: ‘" + r.Group.Course[n-1].Reason + "’. What each intends to buy is matched with others again."}
	}
	if r.Mine == nil || r.Mine.Intention == nil || !catalogue.MayDo(actor, catalogue.ProposeGroup) {
		return step
	}
	step.Links = []view.Link{{Text: "See who else could buy ‘" + r.Mine.Intention.Title + "’ with you, and ask them", Href: pagePath(catalogue.KindIntention, r.Mine.Intention.ID) + "/matches"},
		{Text: "See groups that are open to join", Href: "/groups"}}
	return step
}

func answerStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	proposer := "Another council"
	for _, m := range r.Members {
		if m.Council == r.Group.Proposer && m.Who != nil {
			proposer = m.Who.Label()
		}
	}
	step := nextStep{Title: "Your next step: answer the invitation", Words: []string{proposer + " asked you on " + view.Day(r.Mine.Asked) +
		", since your council listed a need that fits. Accepting commits nobody to buy: it says that you mean to, and lets the group plan with you."}}
	if !catalogue.MayDo(actor, catalogue.AnswerInvitation) {
		step.Words = append(step.Words, "A lead of your council answers: your account can read.")
		return step
	}
	seers := "officers of councils"
	if r.Group.Card == catalogue.Public {
		seers = "everybody"
	}
	step.Words = append(step.Words, "Once you accept, the months in which you can tender count on the group's card, which "+seers+
		" can see. The card names the need, the lead and how many councils are in, and no other member.")
	step.Answer = &answerForm{Accept: view.Button{Text: "Accept the invitation", Name: "answer", Value: "accept", PreventDoubleClick: true},
		Fold:    view.Details{Summary: "Decline, with a reason", ID: "decline"},
		Reason:  view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why not?"}, Hint: "The members read it, and can plan without you, or ask again when it has changed"},
		Decline: view.Button{Text: "Decline", Name: "answer", Value: "decline", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	return step
}

// offeredStep asks whether the council takes over the lead.
func offeredStep(r *catalogue.Room) nextStep {
	from := "The lead authority"
	if r.Lead != nil {
		from = r.Lead.Label()
	}
	return nextStep{Title: "Your next step: take over the lead, or say no", Words: []string{from +
		" asks your council to take over as lead authority. The lead runs the procurement, and its rules apply. " + from + " leads until you have taken over."},
		Take:   &view.Button{Text: "Our council will lead", Name: "take", Value: "yes", PreventDoubleClick: true},
		Refuse: &view.Button{Text: "Say no", Name: "take", Value: "no", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
}

// leadStep asks who leads, of a group that has no lead authority.
func leadStep(r *catalogue.Room) nextStep {
	step := nextStep{Title: "Your next step: settle who leads", Words: []string{"A joint buy needs a lead authority: it runs the procurement, and its rules apply. " + willing(r)},
		Take: &view.Button{Text: "Our council will lead", Name: "take", Value: "yes", PreventDoubleClick: true}}
	if r.Deputy != nil {
		step.Words = append(step.Words, r.Deputy.Label()+" is deputy, and stands in until then.")
	}
	if waiting := waitingFor(r); waiting != "" {
		step.Words = append(step.Words, "Meanwhile the group waits for "+waiting+".")
	}
	return step
}

// onwardStep is what a forming, agreed or engaging group does next: what the visitor's own council owes comes first, then
// what others owe, then the move itself.
func onwardStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	ready, waits := nextStage(r)
	if own := ownHurdles(waits, actor); len(own) > 0 {
		return owedStep(r, own, waits)
	}
	if len(waits.Hurdles) > 0 {
		step := nextStep{Title: "Waiting for others", Words: []string{"Before the group can go on to ‘" + waits.Stage.Words() + "’:"}, Points: hurdlePoints(r, actor.Org)}
		if waiting := waitingFor(r); waiting != "" {
			step.Title = "Waiting for " + waiting
		}
		if r.Group.Leads(actor) && ready != nil {
			step.Links = append(step.Links, moveLink(r.Group, ready.Stage))
		}
		return step
	}
	step := nextStep{Title: "Ready for the next stage: " + waits.Stage.Words(), Words: []string{stageMeaning(waits.Stage)}}
	if !r.Group.Leads(actor) {
		step.Words = append(step.Words, "The lead authority, "+leadName(r)+", moves the group on.")
		return step
	}
	step.Title = "Your next step: move the group on to ‘" + waits.Stage.Words() + "’"
	step.Go = &view.Button{Text: moveText(waits.Stage), Href: movePath(r.Group, waits.Stage)}
	if ready != nil && ready.Stage != waits.Stage {
		step.Links = append(step.Links, moveLink(r.Group, ready.Stage))
	}
	return step
}

// nextStage is the stage that a group works towards, with what stands before it, and a stage that it could go to at once.
func nextStage(r *catalogue.Room) (ready *catalogue.NextStage, waits catalogue.NextStage) {
	for i, next := range r.Next {
		if len(next.Hurdles) == 0 && ready == nil {
			ready = &r.Next[i]
		}
		waits = next // the furthest
	}
	return ready, waits
}

func ownHurdles(next catalogue.NextStage, actor catalogue.Actor) []catalogue.Hurdle {
	var out []catalogue.Hurdle
	for _, h := range next.Hurdles {
		if actor.ForCouncil(h.Council) {
			out = append(out, h)
		}
	}
	return out
}

// hurdlePoints lists what stands before the stage that a group works towards, but for what one council owes.
func hurdlePoints(r *catalogue.Room, without string) []string {
	_, waits := nextStage(r)
	var out []string
	for _, h := range waits.Hurdles {
		if h.Council == "" || h.Council != without {
			out = append(out, h.Text)
		}
	}
	return out
}

// owedStep is what the visitor's own council owes the group.
func owedStep(r *catalogue.Room, own []catalogue.Hurdle, waits catalogue.NextStage) nextStep {
	step := nextStep{Title: "Your next step: take it through your council", Words: []string{"The group goes on to ‘" + waits.Stage.Words() +
		"’ once every member has recorded its approval, with its reference, day and amount, and has declared conflicts of interest."},
		Go: &view.Button{Text: "Record your approval", Href: "#own"}}
	switch {
	case r.Group.Stage == catalogue.Forming:
		step = nextStep{Title: "Your next step: say where your council stands", Words: []string{"The group can be agreed once every member stands at ‘intends’ or ‘approved’."},
			Go: &view.Button{Text: "Say where you stand", Href: "#own"}}
	case own[0].Fragment == "conflicts":
		step.Title, step.Go = "Your next step: declare conflicts of interest", &view.Button{Text: "Declare conflicts of interest", Href: "#conflicts"}
	}
	for _, h := range waits.Hurdles {
		if len(own) == 0 || h.Council != own[0].Council {
			step.Points = append(step.Points, h.Text)
		}
	}
	if len(step.Points) > 0 {
		step.Words = append(step.Words, "The others still owe:")
	}
	return step
}

func procuringStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	g := r.Group
	if !g.Leads(actor) {
		return nextStep{Title: "The group is procuring", Words: []string{leadName(r) + " runs it, and records the award here. You are told."}}
	}
	return nextStep{Title: "Your next step: record the award", Words: []string{"Once the standstill is over and the contract is signed, record whom the group chose. Every member is told."},
		Go: &view.Button{Text: moveText(catalogue.Awarded), Href: movePath(g, catalogue.Awarded)}}
}

func awardedStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	step := nextStep{Title: "Your next step: record what it saves", Words: []string{"Savings are shown, not claimed: each member records what it pays now and what it paid before."}}
	if r.Group.Leads(actor) {
		step.Title = "Your next step: close the group with its outcome"
		step.Words = append(step.Words, "When every member is live, close the group: what came of it stands on its card, for other councils to learn from.")
		step.Go = &view.Button{Text: moveText(catalogue.Closed), Href: movePath(r.Group, catalogue.Closed)}
	}
	return step
}

// leadName is who leads a group, in words.
func leadName(r *catalogue.Room) string {
	switch {
	case r.Lead != nil:
		return r.Lead.Label()
	case r.Deputy != nil:
		return r.Deputy.Label() + " as deputy"
	}
	return "nobody yet"
}

// waitingFor names the councils that have not answered.
func waitingFor(r *catalogue.Room) string {
	var names []string
	for _, m := range r.Members {
		if m.State == catalogue.Invited && m.Who != nil {
			names = append(names, m.Who.Label())
		}
	}
	return view.Sentence(names)
}

// willing says who offered to lead.
func willing(r *catalogue.Room) string {
	var names []string
	for _, m := range r.Members {
		if m.State == catalogue.Accepted && m.Intention != nil && m.Intention.Role == catalogue.RoleWouldLead && m.Who != nil {
			names = append(names, m.Who.Label())
		}
	}
	if len(names) == 0 {
		return "Nobody has offered it yet."
	}
	return view.Sentence(names) + " " + noun(len(names), "has", "have") + " offered it."
}

func movePath(g *catalogue.BuyingGroup, to catalogue.GroupStage) string {
	return pagePath(catalogue.KindGroup, g.ID) + "/move?to=" + url.QueryEscape(string(to))
}

func moveLink(g *catalogue.BuyingGroup, to catalogue.GroupStage) view.Link {
	return view.Link{Text: moveText(to), Href: movePath(g, to)}
}
