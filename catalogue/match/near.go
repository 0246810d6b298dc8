package match

import (
	"fmt"
	"strings"
)

// NearMiss says what would make a match of a pair that one gate alone vetoes,
// for somebody of the first one's council. Two needs that differ, or that one
// council listed twice, are no near miss.
func (s *Scorer) NearMiss(you, other *Profile) (text string, ok bool) {
	x, y := speakers(you, other)
	text = teller{s, you, other, x, y, s.Pair(you, other)}.nearMiss()
	return text, text != ""
}

func (t teller) nearMiss() string {
	if _, ok := t.s.nearly(t.pair); !ok {
		return ""
	}
	n := t.gate(t.pair.Failed)
	text := fmt.Sprintf("%s is not matched with %s. %s", t.x.name, t.y.name, n.Reason)
	if t.x.person == second {
		text = fmt.Sprintf("Not matched with %s: %s", t.y.name, strings.ToLower(n.Reason[:1])+n.Reason[1:])
	}
	return strings.TrimSpace(text + " " + n.Remedy)
}

// nearly reports whether one gate alone keeps a pair from matching, and what it
// would score if what that gate looks at did not count against it.
func (s *Scorer) nearly(p Pair) (points float64, ok bool) {
	points = p.Points
	switch p.Failed {
	case GateOpen:
	case GateWindow:
		points -= min(0, s.points[FeatureWindow][p.Levels[FeatureWindow]]) + min(0, s.points[FeatureEnds][p.Levels[FeatureEnds]])
	case GateBudget:
		points -= s.points[FeatureBudget][p.Levels[FeatureBudget]]
	default:
		return 0, false
	}
	points = tenths(points)
	return points, points >= s.weights.Threshold
}

// gate says why a gate fails or warns, and what would change it.
func (t teller) gate(g Gates) Note {
	switch g {
	case GateCouncil:
		n := Note{Reason: "Both were listed by the same council."}
		if t.pair.Repeats {
			n.Reason = "The same council seems to have listed this need twice."
			n.Remedy = "Keep one of the two."
		}
		return n
	case GateNeed:
		return Note{Reason: "Nothing shows that both need the same thing.", Remedy: "If they do, confirm the capability on both."}
	case GateOpen:
		return t.notOpen()
	case GateWindow:
		return Note{Reason: t.windowReason(), Remedy: t.windowRemedy()}
	case GateBudget:
		small, large, less, more := t.a, t.b, t.x, t.y
		if small.budget > large.budget {
			small, large, less, more = large, small, more, less
		}
		return Note{
			Reason: sentence("%s budget is %s %s; at most %d times fits.", more.own(), timesText(large.budget/small.budget), less.ours(), maxBudgetRatio),
			Remedy: "Check that both are for the whole term without VAT.",
		}
	case GateRegime:
		return Note{Reason: regimeWarning(t.a.need.Regime, t.b.need.Regime), Remedy: "Settle early who leads: the lead's rules apply."}
	}
	return Note{}
}

func (t teller) notOpen() Note {
	switch {
	case t.a.need.Closed && t.b.need.Closed:
		return Note{Reason: "Neither is open to joining."}
	case t.b.need.Closed:
		return Note{Reason: sentence("%s not open to joining.", t.y.does("are", "is"))}
	case t.a.need.Closed:
		return Note{Reason: sentence("%s not open to joining.", t.x.does("are", "is")), Remedy: "Open the listing to joining."}
	}
	return Note{Reason: "Both are kept to their own councils.", Remedy: "Show the listing to other councils."}
}

// regimeWarning says what to mind when two councils buy under different law.
func regimeWarning(a, b Regime) string {
	either := func(r Regime) bool { return a == r || b == r }
	switch {
	case either(Scotland):
		return "Scottish councils buy under Scottish law, outside the Procurement Act."
	case either(NorthernIreland):
		return "Northern Ireland's councils are under the Procurement Act with arrangements of their own."
	case either(Wales):
		return "Welsh rules apply where a Welsh council leads."
	}
	return "The councils buy under different law."
}

// windowReason says how two windows miss each other.
func (t teller) windowReason() string {
	early, late, first, then := t.a, t.b, t.x, t.y
	if late.window.Start.Before(early.window.Start) {
		early, late, first, then = late, early, then, first
	}
	for _, p := range []struct {
		profile *Profile
		party   party
	}{{t.a, t.x}, {t.b, t.y}} {
		if w := p.profile.window; !w.Start.IsZero() && !w.End.IsZero() && w.End.Before(w.Start) {
			return sentence("%s too late: the contract needs a successor from a tender by %s, before the window opens.",
				p.party.does("come", "comes"), dateText(w.End))
		}
	}
	if gap := daysBetween(early.window.End, late.window.Start) - 1; !early.window.End.IsZero() && gap >= 0 {
		if gap < 15 {
			return sentence("%s window starts just after %s ends.", then.own(), first.ours())
		}
		return sentence("%s window starts %s after %s ends.", then.own(), monthsText(gap), first.ours())
	}
	days, _ := t.pair.Shared.Days()
	return fmt.Sprintf("The windows share only %d days: two months and %.0f%% of the shorter are needed.", days, 100*sharedPart)
}

// furthest is how many months a remedy may ask anybody to move.
const furthest = 36

// windowRemedy says how far the earlier would have to extend, or the later
// start sooner.
func (t teller) windowRemedy() string {
	early, late, first, then := t.a, t.b, t.x, t.y
	if early.window.End.IsZero() || !late.window.End.IsZero() && late.window.End.Before(early.window.End) {
		early, late, first, then = late, early, then, first
	}
	var out string
	for m := 1; m <= furthest; m++ {
		longer := early.window
		longer.End = addMonths(longer.End, m)
		if !longer.enough(late.window) {
			continue
		}
		if end := early.need.ContractEnd; !end.IsZero() {
			until := addMonths(day(end), early.need.ExtensionMonths+m)
			out = sentence("If %s to %s it fits.", first.does("extend", "extends"), monthText(until))
		} else {
			out = sentence("If %s until %s it fits.", first.does("can wait", "can wait"), monthText(longer.End))
		}
		break
	}
	for m := 1; m <= furthest && !late.window.Start.IsZero(); m++ {
		sooner := late.window
		sooner.Start = addMonths(sooner.Start, -m)
		if !sooner.enough(early.window) {
			continue
		}
		if out != "" {
			out += " "
		}
		return out + sentence("If %s in %s it fits too.", then.does("start", "starts"), monthText(sooner.Start))
	}
	return out
}
