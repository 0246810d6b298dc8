package catalogue

import (
	"cmp"
	"slices"
	"time"
)

// Alignment is a day on which contracts for one capability can all end, so that what follows is bought once.
type Alignment struct {
	Capability string
	On         Date
	Extends    []Extends // by council's name; one that ends on the day anyway extends by 0 months
	Cannot     []ContractRow
	Step       OwnStep
}

// Extends is by how many months a contract is extended.
type Extends struct {
	ContractRow
	Months, Most int // Most: what the record allows
}

// alignments finds, for each capability, the first day on or after vesting that the contracts of most councils reach with
// the extensions that they state. Of a council with several the one counts that reaches furthest.
func alignments(rows []ContractRow, vesting time.Time, steps map[string]OwnStep) []Alignment {
	if vesting.IsZero() {
		return nil
	}
	var order []string
	byCapability := map[string]map[string]ContractRow{}
	for _, row := range rows {
		k := row.Contract
		if k.Capability == "" || k.End.IsZero() {
			continue
		}
		if byCapability[k.Capability] == nil {
			byCapability[k.Capability] = map[string]ContractRow{}
			order = append(order, k.Capability)
		}
		known, ok := byCapability[k.Capability][k.Council]
		if !ok || !k.EndIfExtended().Before(known.Contract.EndIfExtended()) { // rows come by their ends
			byCapability[k.Capability][k.Council] = row
		}
	}
	var out []Alignment
	for _, capability := range order {
		var of []ContractRow
		for _, row := range byCapability[capability] {
			of = append(of, row)
		}
		slices.SortFunc(of, func(a, b ContractRow) int { return cmp.Compare(a.Council.Name, b.Council.Name) })
		if a, ok := align(of, vesting); ok {
			a.Capability, a.Step = capability, steps[capability]
			out = append(out, a)
		}
	}
	return out
}

// align finds the day for the contracts of one capability; false where no two reach one, or none needs an extension.
func align(rows []ContractRow, vesting time.Time) (Alignment, bool) {
	days := []time.Time{vesting}
	for _, row := range rows {
		if end := row.Contract.End.Last(); end.After(vesting) {
			days = append(days, end)
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	var best Alignment
	for _, day := range days {
		a := Alignment{On: DateOf(day)}
		for _, row := range rows {
			if months, ok := row.Contract.reaches(day); ok {
				a.Extends = append(a.Extends, Extends{row, months, row.Contract.ExtensionMonths})
			} else {
				a.Cannot = append(a.Cannot, row)
			}
		}
		if len(a.Extends) > len(best.Extends) {
			best = a
		}
	}
	extended := slices.ContainsFunc(best.Extends, func(e Extends) bool { return e.Months > 0 })
	return best, len(best.Extends) > 1 && extended
}

// reaches says whether a contract can end on a day, and by how many whole months it is extended for that.
func (c *Contract) reaches(day time.Time) (months int, ok bool) {
	if c.End.Last().After(day) {
		return 0, false
	}
	for months := range c.ExtensionMonths + 1 {
		end := c.End.AddMonths(months)
		if c.End.Last().AddDate(0, 0, 1).Day() == 1 {
			end.Day = 0 // from the end of a month to the end of another
		}
		if !end.Last().Before(day) {
			return months, true
		}
	}
	return 0, false
}
