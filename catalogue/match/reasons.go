package match

import (
	"cmp"
	"fmt"
	"slices"
)

// heavyMember is the part of a group's volume above which a member gains less
// by buying jointly, so that it is pointed out (Schotanus and Telgen, 2007).
const heavyMember = 0.38

// Reasons says in plain words why needs make a group, and what its members
// should check.
func (s *Scorer) Reasons(members []*Profile) []string {
	members = slices.Clone(members)
	slices.SortFunc(members, byOrder)
	if len(members) < MinGroup {
		return nil
	}
	out := s.sharedNeeds(members)
	if w := s.MakeGroup(members).Window; !w.Start.IsZero() || !w.End.IsZero() {
		out = append(out, fmt.Sprintf("All can tender %s.", w.text()))
	}
	out = append(out, volume(members)...)
	out = append(out, suppliers(members)...)
	out = append(out, law(members)...)
	return append(out, lead(members))
}

// sharedNeeds names what all members need, or how many need what.
func (s *Scorer) sharedNeeds(members []*Profile) []string {
	count := make(map[string]int)
	for _, m := range members {
		if tag, ok := m.reading.Best(); ok {
			count[s.tagName(tag)]++
		}
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	switch {
	case len(names) == 0:
		return []string{"Their descriptions speak of the same things."}
	case count[names[0]] == len(members) && len(members) == 2:
		return []string{fmt.Sprintf("Both need %s.", names[0])}
	case count[names[0]] == len(members):
		return []string{fmt.Sprintf("All %d need %s.", len(members), names[0])}
	}
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s (%d)", name, count[name]))
	}
	return []string{fmt.Sprintf("Their main needs overlap: %s.", list(parts))}
}

// volume tells the members' budgets and whether one outweighs the rest.
func volume(members []*Profile) []string {
	var total, smallest, largest float64
	var heavy *Profile
	known := 0
	for _, m := range members {
		if m.budget <= 0 {
			continue
		}
		known++
		total += m.budget
		if smallest == 0 || m.budget < smallest {
			smallest = m.budget
		}
		if m.budget > largest {
			largest, heavy = m.budget, m
		}
	}
	if known == 0 {
		return nil
	}
	out := []string{fmt.Sprintf("Together about %s; single budgets from %s to %s.", pounds(total), pounds(smallest), pounds(largest))}
	if part := largest / total; known == len(members) && len(members) > 2 && part > heavyMember {
		out = append(out, fmt.Sprintf("Check: %s would have %.0f%% of the volume.", heavy.need.name(), 100*part))
	}
	return out
}

// suppliers says where the members stand today.
func suppliers(members []*Profile) []string {
	count := make(map[string]int)
	for _, m := range members {
		if m.supplier != "" {
			count[m.supplier]++
		}
	}
	if len(count) == 0 {
		return nil
	}
	var parts []string
	for name, n := range count {
		parts = append(parts, fmt.Sprintf("%s (%d)", name, n))
	}
	slices.Sort(parts)
	if len(parts) == 1 {
		return []string{fmt.Sprintf("Present supplier: %s.", parts[0])}
	}
	return []string{fmt.Sprintf("Check: present suppliers differ: %s.", list(parts))}
}

// law warns of members under different procurement law.
func law(members []*Profile) []string {
	var out []string
	for i, m := range members {
		for _, other := range members[:i] {
			a, b := m.need.Regime, other.need.Regime
			if a == b || a == "" || b == "" {
				continue
			}
			if warning := "Check: " + regimeWarning(a, b); !slices.Contains(out, warning) {
				out = append(out, warning)
			}
		}
	}
	return out
}

// lead says who offered to lead.
func lead(members []*Profile) string {
	var names []string
	for _, m := range members {
		if m.need.Leads {
			names = append(names, m.need.name())
		}
	}
	if len(names) == 0 {
		return "Check: nobody has offered to lead yet."
	}
	return fmt.Sprintf("Willing to lead: %s.", list(names))
}
