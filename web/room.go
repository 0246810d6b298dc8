package web

import (
	"fmt"
	"strings"

	"jointly/catalogue"
	"jointly/web/chart"
	"jointly/web/view"
)

// roomView is what a group's members see of it.
type roomView struct {
	Step      nextStep
	GivenUp   bool // only why, and what to do next
	Warnings  []string
	WhoIsIn   string // the heading over them
	Members   view.Table
	Windows   figure
	Worth     []view.Piece
	Rule      string // where the threshold was read, and since when it holds
	Shares    figure
	Savings   *roomSavings // nil: not for this council yet
	Told      string       // when the group was suggested
	Suggested []suggestedBlock
	Gone      view.Table
	Action    string // address of the group: forms go below it
	Stand     *standForm
	Invite    *inviteForm
	Lead      *leadForm
	Leave     *leaveForm
}

// nextStep is the one thing to do next, with its reason; at most one of its forms is there.
type nextStep struct {
	Title   string
	Words   []string
	Points  []string
	Links   []view.Link
	Answer  *answerForm
	Take    *view.Button // take the lead
	Approve *approveForm
}

// answerForm accepts or declines an invitation.
type answerForm struct {
	Accept  view.Button
	Fold    view.Details // around the reason
	Reason  view.Textarea
	Decline view.Button
}

// approveForm registers that the council has approved.
type approveForm struct {
	Reference view.Input
	Send      view.Button
}

// standForm moves the council on the ladder.
type standForm struct {
	Rung view.Radios
	Send view.Button
}

// inviteForm asks another council into the group.
type inviteForm struct {
	Fold  view.Details
	Which view.Select
	Send  view.Button
	None  bool // nobody fits at present
}

// leadForm takes the lead, or gives it up.
type leadForm struct {
	Words string
	Send  view.Button
}

// leaveForm takes the council out of the group.
type leaveForm struct {
	Fold   view.Details
	Reason view.Textarea
	Send   view.Button
}

// suggestedBlock is why one partner was suggested.
type suggestedBlock struct {
	Name, Points string
	Evidence     []view.Point
}

func (s *site) newRoomView(r *catalogue.Room, fits []pairing, actor catalogue.Actor) *roomView {
	v := &roomView{Action: pagePath(catalogue.KindGroup, r.Group.ID), Step: newNextStep(r, actor), Gone: goneTable(r)}
	if r.Group.Stage == catalogue.Abandoned {
		v.GivenUp = true
		return v
	}
	v.Warnings, v.WhoIsIn, v.Members, v.Windows = r.Warnings, whoIsIn(r), membersTable(r, actor), s.roomWindows(r, actor)
	v.joint(r)
	if r.Mine == nil || r.Mine.State != catalogue.Accepted || !catalogue.MayDo(actor, catalogue.RunGroup) {
		return v
	}
	v.Stand = &standForm{Rung: view.Radios{Name: "rung", Classes: "govuk-radios--small", Choices: withApproval(rungChoices(r.Mine.Rung), r.Mine.Approval, ""),
		Legend: &view.Legend{Text: "Where does your council stand?", Classes: "govuk-fieldset__legend--s"}},
		Send: view.Button{Text: "Change where we stand", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	v.Invite = newInviteForm(fits)
	switch {
	case r.Group.Lead == actor.Org:
		v.Lead = &leadForm{Words: "Your council leads.", Send: view.Button{Text: "Give up the lead", Name: "take", Value: "no", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	case r.Lead == nil && v.Step.Take == nil:
		v.Lead = &leadForm{Words: "No council leads yet.", Send: view.Button{Text: "Take the lead", Name: "take", Value: "yes", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	}
	v.Leave = &leaveForm{Fold: view.Details{Summary: "Leave the group", ID: "leave"},
		Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why does your council leave?"},
			Hint: "The other members are told. Shared months and joint value are worked out again without you"},
		Send: view.Button{Text: "Leave the group", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	return v
}

func newInviteForm(fits []pairing) *inviteForm {
	f := &inviteForm{Fold: view.Details{Summary: "Ask another council", ID: "invite"}, None: len(fits) == 0,
		Which: view.Select{Name: "intention", Label: view.Label{Text: "Whose need fits yours?"}, Options: []view.Option{{Text: "Choose"}}},
		Send:  view.Button{Text: "Ask this council", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	for _, p := range fits {
		f.Which.Options = append(f.Which.Options, view.Option{Value: p.Intention,
			Text: p.council.Label() + ": " + p.intention.Title + ", " + window(p.intention.WindowStart, p.intention.TrueEnd())})
	}
	return f
}

// newNextStep says what the visitor's council does next in a group, or what it waits for.
func newNextStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	g := r.Group
	waiting := waitingFor(r)
	mayRun := catalogue.MayDo(actor, catalogue.RunGroup)
	switch {
	case g.Stage == catalogue.Abandoned:
		return givenUpStep(r, actor)
	case r.Mine == nil:
		return nextStep{Title: "What the group does next", Words: []string{stageOf(g) + "."}}
	case r.Mine.State == catalogue.Invited:
		return answerStep(r, actor)
	case r.Lead == nil && mayRun:
		step := nextStep{Title: "Your next step: settle who leads", Words: []string{"A joint buy needs a lead authority: it runs the procurement, and its rules apply. " + willing(r)},
			Take: &view.Button{Text: "Our council will lead", Name: "take", Value: "yes", PreventDoubleClick: true}}
		if waiting != "" {
			step.Words = append(step.Words, "Meanwhile the group waits for "+waiting+".")
		}
		return step
	case g.Stage == catalogue.Forming:
		return nextStep{Title: "Waiting for " + waiting, Words: []string{"You are told by email when they answer. The group is agreed once at least two councils have accepted and nobody is still asked."}}
	}
	return agreedStep(r, mayRun)
}

// givenUpStep is what is left to do once a group was given up.
func givenUpStep(r *catalogue.Room, actor catalogue.Actor) nextStep {
	step := nextStep{Title: "This group was given up", Words: []string{"Fewer than two councils were left in it. What each intends to buy is matched with others again."}}
	if r.Mine == nil || r.Mine.Intention == nil || !catalogue.MayDo(actor, catalogue.ProposeGroup) {
		return step
	}
	step.Links = []view.Link{{Text: "See who else could buy ‘" + r.Mine.Intention.Title + "’ with you, and ask them", Href: pagePath(catalogue.KindIntention, r.Mine.Intention.ID) + "/matches"},
		{Text: "See groups that are open to join", Href: "/groups"}}
	return step
}

// whoIsIn is the heading over those in the room.
func whoIsIn(r *catalogue.Room) string {
	if r.Asked > 0 {
		return "Members and councils asked"
	}
	return "Members"
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

// agreedStep is what comes once all have answered.
func agreedStep(r *catalogue.Room, mayRun bool) nextStep {
	step := nextStep{Title: "All have answered: what comes next", Words: []string{"The group is agreed. Outside Jointly, its members now:"},
		Points: []string{"take the decision through their own committees, and register the approval here",
			"settle the requirement and the route: open tender, framework or call-off",
			"start the tender in the months when all can: " + window(r.Group.WindowStart, r.Group.WindowEnd)}}
	if !r.FirstEnd.IsZero() {
		step.Points = append(step.Points, "have the new contract running before the first present one ends, on "+view.Date(r.FirstEnd))
	}
	if r.Above {
		step.Points = append(step.Points, "publish what the joint value asks for: UK2 or UK3 to engage the market or to plan, UK4 to tender, UK6 and UK7 to award")
	}
	if mayRun && r.Mine.Rung != catalogue.Approved {
		step.Title = "Your next step: take it through your council"
		step.Approve = &approveForm{Send: view.Button{Text: "Our council has approved it", Name: "rung", Value: string(catalogue.Approved), PreventDoubleClick: true},
			Reference: view.Input{ID: "approval", Name: "approval_ref", Label: view.Label{Text: "Reference of the approval"}, Classes: "govuk-input--width-20",
				Hint: "For example, the number of the decision or of the minute"}}
	}
	return step
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

func memberName(m catalogue.RoomMember, actor catalogue.Actor) string {
	name := m.Council
	if m.Who != nil {
		name = m.Who.Label()
	}
	if actor.ForCouncil(m.Council) {
		name += ", you"
	}
	return name
}

// membersTable lists those in, on the ladder, with what each brings.
func membersTable(r *catalogue.Room, actor catalogue.Actor) view.Table {
	share := "Share"
	if r.Asked > 0 {
		share = "Share if all accept"
	}
	t := view.Table{Caption: whoIsIn(r), CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-25"}, {Text: "Standing"}, {Text: "Role"}, {Text: "Maximum, inc VAT", Numeric: true},
			{Text: share, Numeric: true}, {Text: "Contract ends"}, {Text: "Waiting for"}}}
	for _, m := range r.Members {
		l := ladder(m.Rung)
		name := view.Cell{Text: memberName(m, actor)}
		role, ends := view.Cell{Text: view.NotStated, Muted: true}, view.Cell{Text: view.NotStated, Muted: true}
		if in := m.Intention; in != nil {
			name.Href, name.Note = pagePath(catalogue.KindIntention, in.ID), in.Title
			if in.Role != "" {
				role = view.Cell{Text: roleWords(in.Role)}
			}
			if !in.ContractEnd.IsZero() {
				ends = view.Cell{Text: view.Date(in.ContractEnd)}
			}
		}
		if m.Council == r.Group.Lead {
			role = view.Cell{Text: "Lead authority", Strong: true}
		}
		standing, waits := view.Cell{Ladder: &l, Note: m.Approval}, view.Cell{Text: "nothing", Muted: true}
		if m.State == catalogue.Invited {
			standing, waits = view.Cell{Text: "Asked", Muted: true}, view.Cell{Text: "Its answer", Note: "asked on " + view.Day(m.Asked)}
		} else if m.Rung != catalogue.Approved {
			waits = view.Cell{Text: "Its approval"}
		}
		t.Rows = append(t.Rows, append([]view.Cell{name, standing, role}, append(moneyCells(m), ends, waits)...))
	}
	return t
}

// moneyCells are a member's maximum and its share of the joint value.
func moneyCells(m catalogue.RoomMember) []view.Cell {
	if m.Maximum == 0 {
		silent := view.Cell{Text: view.NotStated, Muted: true, Numeric: true}
		return []view.Cell{silent, silent}
	}
	share := view.Cell{Text: fmt.Sprintf("%d%%", m.Percent), Numeric: true}
	if m.Large {
		share.Tag = &view.Tag{Text: "over 38%", Classes: "govuk-tag--orange"}
	}
	return []view.Cell{{Text: view.Money(pounds(m.Maximum)), Numeric: true}, share}
}

// roomWindows draws when each member can tender, with the months that all share.
func (s *site) roomWindows(r *catalogue.Room, actor catalogue.Actor) figure {
	w := chart.Windows{About: chart.About{ID: "windows", Title: "When each member can tender"}, Today: s.Catalogue.Today()}
	for _, m := range r.Members {
		if m.Intention == nil {
			continue
		}
		row := windowRow(m.Who, m.Intention)
		row.Label, row.You = memberName(m, actor), actor.ForCouncil(m.Council)
		w.Rows = append(w.Rows, row)
	}
	if g := r.Group; !g.WindowStart.IsZero() && !g.WindowEnd.IsZero() && len(w.Rows) > 1 {
		w.Shared = chart.Period{From: g.WindowStart.First(), To: g.WindowEnd.Last()}
		all := "Both"
		if len(w.Rows) > 2 {
			all = "All " + inWords(len(w.Rows))
		}
		w.SharedLabel = all + " can tender: " + window(g.WindowStart, g.WindowEnd)
	}
	return newFigure(w.Draw(), "")
}

// joint says what the members' maximums add up to, against the threshold.
func (v *roomView) joint(r *catalogue.Room) {
	if r.IfAll == 0 {
		v.Worth = []view.Piece{{Text: "No member has stated a budget that the group may see, so the joint value is not known."}}
		return
	}
	v.Worth = worth(r)
	if r.Unstated > 0 {
		v.Worth = append(v.Worth, view.Piece{Text: sentenceCase(inWords(r.Unstated)) + " " + noun(r.Unstated, "council has", "councils have") + " stated none, so it may be more. "})
	}
	bar := chart.ShareBar{About: chart.About{ID: "shares", Title: "Shares of the joint value"}, ShareHead: "Maximum, inc VAT"}
	for _, m := range r.Members {
		if m.Maximum > 0 && m.Who != nil {
			bar.Shares = append(bar.Shares, chart.Share{Label: m.Who.Name, Value: m.Maximum, Text: view.Money(pounds(m.Maximum)), Emphasis: m.Large})
		}
	}
	if r.HasRule {
		rule := r.Threshold
		bar.Threshold, bar.ThresholdLabel = float64(rule.Value), "Threshold "+view.Money(int64(rule.Value))
		v.Worth = append(v.Worth, view.Piece{Text: "The threshold is "}, view.Piece{Text: view.Money(int64(rule.Value)) + " inc VAT", Strong: true}, view.Piece{Text: ". " + aboveWords(r)})
		v.Rule = strings.TrimSuffix(rule.Name, ".") + ". In force since " + view.Date(catalogue.DateOf(rule.From)) + ". Source: " + strings.TrimSuffix(rule.Source, ".") + "."
		if times := r.IfAll / bar.Threshold; times >= 2 {
			bar.ThresholdLabel += fmt.Sprintf(": the joint value is %.0f times as much", times)
		}
	}
	v.Shares = newFigure(bar.Draw(), "")
}

// worth is the joint value of those that accepted, and where some are only asked what it would be with them.
func worth(r *catalogue.Room) []view.Piece {
	amount := func(value float64) []view.Piece {
		return []view.Piece{{Text: view.Money(pounds(value)) + " inc VAT", Strong: true}, {Text: " (" + view.Money(pounds(value/catalogue.IncVAT(1))) + " ex VAT). "}}
	}
	if r.Asked == 0 {
		return append([]view.Piece{{Text: "The most that the members state they would pay: "}}, amount(r.Joint)...)
	}
	var out []view.Piece
	if r.Joint > 0 {
		out = append(append(out, view.Piece{Text: "The most that those that accepted state they would pay: "}), amount(r.Joint)...)
	} else {
		out = append(out, view.Piece{Text: "Those that accepted state no budget that the group may see. "})
	}
	return append(append(out, view.Piece{Text: "If all accept: "}), amount(r.IfAll)...)
}

func aboveWords(r *catalogue.Room) string {
	is, apply := "is", "apply"
	if r.Asked > 0 {
		is, apply = "would be", "would apply"
	}
	if !r.Above {
		return "The joint value " + is + " below it. Each member’s own value counts for the sum: options, extensions and fees too."
	}
	alone := 0
	for _, m := range r.Members {
		if m.Maximum > 0 && m.Maximum < float64(r.Threshold.Value) {
			alone++
		}
	}
	text := "The joint value " + is + " above it: the full rules for a tender " + apply + " to all members."
	if alone > 0 {
		text += " " + sentenceCase(inWords(alone)) + " of them would be below it alone."
	}
	return text
}

// goneTable lists who declined or left, with the reasons.
func goneTable(r *catalogue.Room) view.Table {
	t := view.Table{Caption: "Councils that declined or left", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Classes: "jy-table--inline",
		Head: []view.Head{{Text: "Council", Classes: "jy-col-25"}, {Text: "What", Classes: "jy-col-15"}, {Text: "Its reason"}, {Text: "When"}}}
	for _, m := range r.Gone {
		name := view.Cell{Text: m.Council}
		if m.Who != nil {
			name = view.Cell{Text: m.Who.Label(), Href: pagePath(catalogue.KindCouncil, m.Council)}
		}
		t.Rows = append(t.Rows, []view.Cell{name, {Text: sentenceCase(string(m.State))}, {Text: view.OrNotStated(m.Reason), Muted: m.Reason == "", Classes: "jy-table__line"}, {Text: view.Day(m.Answered)}})
	}
	return t
}
