package match

// Gates is a set of conditions, each of which is either met or not.
type Gates uint8

// The gates. All but GateRegime veto a pair.
const (
	// GateCouncil: two listings of one council do not match.
	GateCouncil Gates = 1 << iota
	// GateNeed: however many words two listings share, nothing shows that they
	// need the same thing.
	GateNeed
	// GateOpen: one of the two is not open to joining, or both are kept to
	// their own councils, which then cannot see each other.
	GateOpen
	// GateWindow: the true windows share less than two months or less than 30%
	// of the shorter.
	GateWindow
	// GateBudget: the budgets' middles are more than ten times apart.
	GateBudget
	// GateRegime warns that the councils buy under different law.
	GateRegime
)

// AllGates lists the gates in the order in which they are told.
func AllGates() []Gates {
	return []Gates{GateCouncil, GateNeed, GateOpen, GateWindow, GateBudget, GateRegime}
}

// Has reports whether the set holds a gate.
func (g Gates) Has(gate Gates) bool { return g&gate != 0 }

// String names a single gate.
func (g Gates) String() string {
	switch g {
	case GateCouncil:
		return "council"
	case GateNeed:
		return "need"
	case GateOpen:
		return "open"
	case GateWindow:
		return "window"
	case GateBudget:
		return "budget"
	case GateRegime:
		return "regime"
	}
	return ""
}

// maxBudgetRatio is how many times apart the budgets' middles may be.
const maxBudgetRatio = 10

// gates tells which gates two needs fail and which warn. A value that is not
// known passes.
func gates(a, b *Profile, l Levels) (failed, warned Gates) {
	failed = plainGates(a, b)
	if !sharesNeed(l) {
		failed |= GateNeed
	}
	if a.need.Regime != b.need.Regime && a.need.Regime != "" && b.need.Regime != "" {
		warned |= GateRegime
	}
	return failed, warned
}

// plainGates tells which of the gates two needs fail that need no levels.
func plainGates(a, b *Profile) (failed Gates) {
	if a.need.Council == b.need.Council {
		failed |= GateCouncil
	}
	if a.need.Closed || b.need.Closed || a.need.Private && b.need.Private {
		failed |= GateOpen
	}
	if !a.window.enough(b.window) {
		failed |= GateWindow
	}
	if a.budget > 0 && b.budget > 0 && max(a.budget, b.budget) > maxBudgetRatio*min(a.budget, b.budget) {
		failed |= GateBudget
	}
	return failed
}

// sharesNeed reports whether anything shows that both need the same thing: the
// dictionary, or where it is silent or doubtful the words, of which fewer must
// be shared when both councils chose the same area or the texts are close in meaning.
func sharesNeed(l Levels) bool {
	switch {
	case l[FeatureNeed] != needUnclear:
		return l[FeatureNeed] > needConflict
	case l[FeatureArea] == levelSame || l[FeatureMeaning] >= meaningClose:
		return l[FeatureWords] >= wordsSome
	}
	return l[FeatureWords] >= wordsMany
}
