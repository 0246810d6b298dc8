package web

import (
	"fmt"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/plan"
	"jointly/catalogue/register"
	"jointly/web/chart"
	"jointly/web/view"
)

// datesView is the section of a group's room about its dates. Template roomDates.
type datesView struct {
	Words   []view.Piece // route, the day to decide by, slack
	Chart   figure       // its table names each period's source
	Gives   []string     // what could give where the plan is late
	Misfits []string     // members that it does not suit, with what would make them fit
	Silent  string       // members that share no contract end
	Links   []view.Link
}

// newDatesView is the dates as a member sees them; nil for those that have not accepted.
func (s *site) newDatesView(r *catalogue.Room, actor catalogue.Actor) *datesView {
	d := r.Dates
	if d == nil {
		return nil
	}
	path := pagePath(catalogue.KindGroup, r.Group.ID)
	v := &datesView{}
	if mayPlan(r, actor) {
		v.Links = append(v.Links, view.Link{Text: "Change what the dates are worked out from", Href: path + "/dates"})
	}
	if d.Route == plan.CallOff && !d.Assumed && r.Group.Capability != "" {
		v.Links = append(v.Links, waysLink([]string{r.Group.Capability}, "Frameworks on record for "+lowerFirst(s.capabilityName(r.Group.Capability))))
	}
	v.Silent = silentWords(d, r, actor)
	if !d.Known() {
		v.Words = []view.Piece{{Text: "There are no dates yet: "}, {Text: "no member shares when its present contract ends.", Strong: true},
			{Text: " State the end in your intention, and let the group’s members see it."}}
		return v
	}
	v.Words = s.datesWords(r)
	v.Chart = s.datesChart(r, actor)
	for _, g := range d.Gives {
		text := g.Text
		if g.Enough && g.Days < 60 {
			text += ", enough"
		}
		v.Gives = append(v.Gives, text+".")
	}
	for _, m := range d.Misfits {
		v.Misfits = append(v.Misfits, m.Who.Label()+": "+m.Why+". "+m.Fix)
	}
	if actor.OrgKind == catalogue.OrgCouncil {
		v.Links = append(v.Links, view.Link{Text: "Add to calendar", Href: path + "/calendar.ics"})
	}
	return v
}

// mayPlan says that the visitor may change what a group's dates and value are worked out from.
func mayPlan(r *catalogue.Room, actor catalogue.Actor) bool {
	return r.Group.GoesOn() && r.Mine != nil && r.Mine.State == catalogue.Accepted && catalogue.MayDo(actor, catalogue.RunGroup)
}

// silentWords names the members whose contract ends are not counted.
func silentWords(d *catalogue.Dates, r *catalogue.Room, actor catalogue.Actor) string {
	var names []string
	for _, who := range d.Silent {
		if actor.ForCouncil(who.GSS) {
			if r.Mine != nil && r.Mine.Intention != nil && !r.Mine.Intention.ContractEnd.IsZero() {
				names = append(names, "your council, which keeps it back from the group")
			} else {
				names = append(names, "your council")
			}
			continue
		}
		names = append(names, who.Label())
	}
	if len(names) == 0 || !d.Known() {
		return ""
	}
	return "Not counted, since no contract end is shared: " + view.Sentence(names) + "."
}

// datesWords is the route, the day to decide by, and how much time is left.
func (s *site) datesWords(r *catalogue.Room) []view.Piece {
	d, g := r.Dates, r.Group
	words := []view.Piece{{Text: "Route: ", Strong: true}, {Text: d.Route.Words()}}
	if d.Assumed {
		words = []view.Piece{{Text: "No route is chosen yet: ", Strong: true}, {Text: "these dates take an open tender, which takes longest. "}}
	} else {
		words = append(words, view.Piece{Text: ", decided " + view.Day(g.Plan.Decided) + ". "})
	}
	next, ok := d.Step(d.Next)
	if !ok {
		return append(words, view.Piece{Text: "Every step has begun."})
	}
	what, latest := "Decide by ", catalogue.DateOf(d.DecideBy)
	if d.Next != plan.Agree {
		what, latest = "Next: "+lowerFirst(next.Name)+", by ", catalogue.DateOf(next.Start)
	}
	words = append(words, view.Piece{Text: what + view.Date(latest), Strong: true}, view.Piece{Text: ", " + view.Relative(s.Catalogue.Now(), latest) + ". "})
	if late := d.Late(); late > 0 {
		return append(words, view.Piece{Text: "Late by " + view.Plural(late, "day", "days"), Strong: true}, view.Piece{Text: " for the first contract that ends."})
	}
	text := "Slack in the plan: " + view.Plural(d.Slack, "day", "days") + " before ‘" + next.Name + "’ must begin"
	for _, gap := range d.Gaps {
		text += "; " + view.Plural(gap.Days, "day", "days") + " between ‘" + gap.After + "’ and ‘" + gap.Before + "’"
	}
	return append(words, view.Piece{Text: text + "."})
}

// datesChart draws the steps over the members' windows.
func (s *site) datesChart(r *catalogue.Room, actor catalogue.Actor) figure {
	d := r.Dates
	t := chart.Timeline{About: chart.About{ID: "steps", Title: "Dates, worked back from the first contract that ends"}, Today: s.Catalogue.Today(), RowHead: "Step",
		Lines: []chart.Line{{Date: d.FirstEnd, Label: "First contract ends, " + view.Date(catalogue.DateOf(d.FirstEnd)), Short: "First end, " + d.FirstEnd.Format("2 Jan 2006")}}}
	t.Desc = "The steps of the purchase as bars against time, over the members’ windows to tender. The first contract ends on " +
		view.Date(catalogue.DateOf(d.FirstEnd)) + ". The table gives every date."
	for _, step := range d.Steps {
		if step.Optional && r.Group.Plan.UK3.IsZero() {
			continue // the table tells of it
		}
		t.Rows = append(t.Rows, chart.TimelineRow{Label: step.Name, Kind: "Step", Start: step.Start, End: step.End, Emphasis: step.Kind == d.Next})
	}
	t.Rows = append(t.Rows, chart.TimelineRow{Label: "Contracts and windows to tender", Heading: true})
	for _, w := range d.Windows {
		label := w.Who.Label()
		if actor.ForCouncil(w.Who.GSS) {
			label += ", you"
		}
		row := chart.TimelineRow{Label: label, Kind: "Member can tender", Start: w.From.First(), End: w.To.Last(), Shared: true}
		if !w.Ends.IsZero() {
			row.Milestones = []chart.Milestone{{Date: w.Ends.Last(), Kind: chart.Ends}}
		}
		t.Rows = append(t.Rows, row)
	}
	if g := r.Group; !g.WindowStart.IsZero() && !g.WindowEnd.IsZero() && len(d.Windows) > 1 {
		t.Shared, t.SharedLabel = chart.Period{From: g.WindowStart.First(), To: g.WindowEnd.Last()}, sharedWords(r)
	}
	f := newFigure(t.Draw(), "")
	f.Details, f.Table = &view.Details{Summary: "Show as a table with each period’s source"}, datesTable(d)
	return f
}

// sharedWords says when all that are in or asked can tender.
func sharedWords(r *catalogue.Room) string {
	all := "Both"
	if len(r.Members) > 2 {
		all = "All " + inWords(len(r.Members))
	}
	return all + " can tender: " + window(r.Group.WindowStart, r.Group.WindowEnd)
}

// datesTable lists the steps with how long each takes and how that is known, then the members' windows.
func datesTable(d *catalogue.Dates) view.Table {
	t := view.Table{Caption: "Steps of the plan", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Step", Classes: "jy-col-25"}, {Text: "From"}, {Text: "To"}, {Text: "How long"}, {Text: "How it is known", Classes: "jy-col-30"}}}
	for _, s := range d.Steps {
		name := view.Cell{Text: s.Name, Note: s.Note}
		switch {
		case s.Late > 0:
			name.Tag = &view.Tag{Text: "Late by " + view.Plural(s.Late, "day", "days"), Classes: "govuk-tag--orange"}
		case s.Begun:
			name.Tag = &view.Tag{Text: "Begun", Classes: "govuk-tag--grey"}
		case s.Optional:
			name.Tag = &view.Tag{Text: "Optional", Classes: "govuk-tag--grey"}
		}
		t.Rows = append(t.Rows, []view.Cell{name, dayCell(s.Start), dayCell(s.End), {Text: periodWords(s.Period)},
			{Text: knownWords(s.Period.Known), Note: s.Period.Source, Classes: "jy-table__line"}})
	}
	for _, w := range d.Windows {
		to, note := view.Cell{Text: view.Date(w.To), Muted: w.To.IsZero()}, "Contract end not shared"
		if !w.Ends.IsZero() {
			note = "Contract ends " + view.Date(w.Ends)
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: w.Who.Label(), Note: note}, {Text: view.Date(w.From), Muted: w.From.IsZero()}, to,
			{Text: "when it can tender"}, {Text: "As its intention states"}})
	}
	return t
}

func periodWords(p plan.Period) string {
	if p.Length == 0 {
		return "one day"
	}
	unit := p.Unit
	if p.Length == 1 && len(unit) > 1 && unit[len(unit)-1] == 's' {
		unit = unit[:len(unit)-1]
	}
	return fmt.Sprintf("%d %s", p.Length, unit)
}

// knownWords says how well a period or a rule is known.
func knownWords(k register.Known) string {
	switch k {
	case register.KnownVerified:
		return "Read at the source"
	case register.KnownExcerpt:
		return "From an excerpt of the source"
	case register.KnownGeneral:
		return "General knowledge, not checked"
	case plan.Said:
		return "Said by the group"
	}
	return "Assumed"
}

// dayCell is a day of the plan.
func dayCell(t time.Time) view.Cell { return view.Cell{Text: view.Date(catalogue.DateOf(t))} }
