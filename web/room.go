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
	GivenUp   bool        // only why, and what to do next
	Warnings  []view.Link // each with where it is dealt with
	WhoIsIn   string      // the heading over them
	Members   view.Table
	Parts     roomParts
	Partners  *roomPartners // nil: none, and the visitor asks nobody in
	Windows   figure
	Dates     *datesView // instead of Windows, for those that have accepted
	Value     *valueView
	Savings   *roomSavings // nil: not for this council yet
	Told      string       // when the group was suggested
	Suggested []suggestedBlock
	Gone      view.Table
	Course    view.Table
	Award     []view.Fact
	Action    string // address of the group: forms go below it
	Own       *ownForm
	Invite    *inviteForm
	Lead      *leadPanel
	Moves     []view.Link // on, back, or to its end
	Leave     *leaveForm
}

// inviteForm asks another council into the group.
type inviteForm struct {
	Fold  view.Details
	Which view.Select
	Send  view.Button
	None  bool // nobody fits at present
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
	g := r.Group
	v := &roomView{Action: pagePath(catalogue.KindGroup, g.ID), Step: newNextStep(r, actor), Gone: goneTable(r), Course: courseTable(r), Award: awardFacts(g)}
	if g.Stage == catalogue.Abandoned {
		v.GivenUp = true
		return v
	}
	v.Warnings, v.WhoIsIn, v.Members, v.Windows = warningLinks(r, actor), whoIsIn(r), membersTable(r, actor), s.roomWindows(r, actor)
	v.Value = newValueView(r, actor)
	if v.Dates = s.newDatesView(r, actor); v.Dates != nil && !v.Dates.Chart.Empty() {
		v.Windows = figure{}
	}
	if !g.GoesOn() || r.Mine == nil || r.Mine.State != catalogue.Accepted || !catalogue.MayDo(actor, catalogue.RunGroup) {
		return v
	}
	v.Own, v.Lead, v.Moves = newOwnForm(r), newLeadPanel(r, actor), moveLinks(r, actor)
	if g.Open() {
		v.Invite = newInviteForm(fits)
	}
	if g.Stage != catalogue.Awarded {
		v.Leave = &leaveForm{Fold: view.Details{Summary: "Leave the group", ID: "leave"},
			Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why does your council leave?"},
				Hint: "The other members are told. Shared months and joint value are worked out again without you"},
			Send: view.Button{Text: "Leave the group", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	}
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

// warningLinks is a room's warnings, each leading to where this visitor deals with it.
func warningLinks(r *catalogue.Room, actor catalogue.Actor) []view.Link {
	var out []view.Link
	for _, w := range r.Warnings {
		l := view.Link{Text: w.Text}
		if w.Fragment != "" && (w.Kind != catalogue.WarnConflicts || mayPlan(r, actor)) { // its form is for leads of members
			l.Href = "#" + w.Fragment
		}
		out = append(out, l)
	}
	return out
}

// whoIsIn is the heading over those in the room.
func whoIsIn(r *catalogue.Room) string {
	if r.Asked > 0 {
		return "Members and councils asked"
	}
	return "Members"
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
			name = markSensitive(name, in)
			if in.Role != "" {
				role = view.Cell{Text: roleWords(in.Role)}
			}
			if !in.ContractEnd.IsZero() {
				ends = view.Cell{Text: view.Date(in.ContractEnd)}
			}
		}
		switch m.Council {
		case r.Group.Lead:
			role = view.Cell{Text: "Lead authority", Strong: true}
		case r.Group.Deputy:
			role = view.Cell{Text: "Deputy"}
		}
		standing, waits := view.Cell{Ladder: &l, Note: approvalWords(m.Member)}, waitsFor(m)
		if m.State == catalogue.Invited {
			standing = view.Cell{Text: "Asked", Muted: true}
		}
		t.Rows = append(t.Rows, append([]view.Cell{name, standing, role}, append(moneyCells(m), ends, waits)...))
	}
	return t
}

// approvalWords are the reference, day and volume of a member's approval.
func approvalWords(m catalogue.Member) string {
	var parts []string
	if m.Approval != "" {
		parts = append(parts, m.Approval)
	}
	if !m.Approved.IsZero() {
		parts = append(parts, view.Date(m.Approved))
	}
	if m.Volume > 0 {
		parts = append(parts, view.Money(pounds(m.Volume))+" ex VAT")
	}
	return strings.Join(parts, ", ")
}

// waitsFor is what the group still needs of a member before it can procure.
func waitsFor(m catalogue.RoomMember) view.Cell {
	switch {
	case m.State == catalogue.Invited:
		return view.Cell{Text: "Its answer", Note: "asked on " + view.Day(m.Asked)}
	case m.Rung != catalogue.Approved:
		return view.Cell{Text: "Its approval"}
	case m.Conflicts.Declared.IsZero():
		return view.Cell{Text: "Its declaration of conflicts"}
	}
	return view.Cell{Text: "nothing", Muted: true}
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
		w.SharedLabel = sharedWords(r)
	}
	return newFigure(w.Draw(), "")
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
