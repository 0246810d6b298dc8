package catalogue

import (
	"fmt"
	"strings"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// WarningKind says what a warning is about.
type WarningKind string

// The warnings that a group can have.
const (
	WarnLarge     WarningKind = "large share"
	WarnNoLead    WarningKind = "no lead"
	WarnNation    WarningKind = "another nation's rules"
	WarnEnding    WarningKind = "a member ends"
	WarnConflicts WarningKind = "conflicts of interest"
	WarnQuiet     WarningKind = "gone quiet"
	WarnLate      WarningKind = "late"
	WarnMisfit    WarningKind = "does not fit"
)

// Warning is what may go wrong for a group.
type Warning struct {
	Kind     WarningKind
	Text     string
	Fragment string // where on the group's page it is dealt with; empty: nowhere
}

// usualTerm is how long a contract is taken to run where the group has not said, in months.
const usualTerm = 48

// quietAfter is how long nothing may change in a group before its members are reminded.
const quietAfter = 14 * 24 * time.Hour

// warn lists a room's warnings.
func (r *Room) warn(reg *register.Register, now time.Time) {
	if !r.Group.GoesOn() {
		return
	}
	add := func(kind WarningKind, fragment, text string) {
		r.Warnings = append(r.Warnings, Warning{kind, text, fragment})
	}
	r.warnDates(add)
	holds := "holds"
	if r.Asked > 0 {
		holds = "would hold"
	}
	for _, m := range r.Members {
		if m.Large && m.Who != nil {
			add(WarnLarge, "value", m.Who.Label()+" "+holds+" more than 38% of the joint value: its own gain from joining falls.")
		}
	}
	r.warnLead(add)
	r.warnNations(add)
	for _, m := range r.Members {
		if m.Who != nil {
			r.warnEnding(reg, m.Who, add)
		}
	}
	var undeclared []string
	for _, m := range r.Members {
		if m.State == Accepted && m.Conflicts.Declared.IsZero() && m.Who != nil {
			undeclared = append(undeclared, m.Who.Label())
		}
	}
	if len(undeclared) > 0 && r.Group.Stage != Forming && r.Group.Stage != Awarded {
		add(WarnConflicts, "conflicts-form", "Conflicts of interest: "+listWords(undeclared)+" "+hasHave(len(undeclared))+" not declared yet. UK4 needs the assessment.")
	}
	if quiet := now.Sub(r.changed); quiet > quietAfter {
		add(WarnQuiet, "next", fmt.Sprintf("Nothing has changed in this group for %d days.", int(quiet.Hours()/24)))
	}
}

func (r *Room) warnDates(add func(WarningKind, string, string)) {
	if r.Dates == nil || !r.Dates.Known() {
		return
	}
	if late := r.Dates.Late(); late > 0 {
		days := "days"
		if late == 1 {
			days = "day"
		}
		add(WarnLate, "dates", fmt.Sprintf("The plan is late by %d %s for the first contract that ends, on %s.", late, days, dayWords(r.Dates.FirstEnd)))
	}
	var names []string
	for _, m := range r.Dates.Misfits {
		names = append(names, m.Who.Label())
	}
	switch len(names) {
	case 0:
	case 1:
		add(WarnMisfit, "dates", names[0]+" does not fit the dates: see what would make it fit.")
	default:
		add(WarnMisfit, "dates", listWords(names)+" do not fit the dates: see what would make them fit.")
	}
}

func (r *Room) warnLead(add func(WarningKind, string, string)) {
	if r.Lead != nil {
		return
	}
	for _, m := range r.Members {
		if m.State == Accepted && m.Intention != nil && m.Intention.Role == RoleWouldLead {
			add(WarnNoLead, "next", "No council leads yet: a joint buy needs a lead authority.")
			return
		}
	}
	add(WarnNoLead, "next", "No council leads yet, and none has offered to: a joint buy needs a lead authority.")
}

func (r *Room) warnNations(add func(WarningKind, string, string)) {
	all := nations(r.Members)
	has := func(nation string) bool {
		for _, n := range all {
			if n == nation {
				return len(all) > 1
			}
		}
		return false
	}
	if has("Scotland") {
		add(WarnNation, "value", "A Scottish council is in the group: devolved Scottish authorities are outside the Procurement Act 2023, and the lead's rules apply.")
	}
	if has("Northern Ireland") {
		add(WarnNation, "value", "A Northern Irish council is in the group: it is under the Procurement Act 2023 with arrangements of its own.")
	}
	if r.Lead != nil && r.Lead.Nation == "Wales" && len(all) > 1 {
		add(WarnNation, "value", "The lead is Welsh: Welsh procurement rules apply.")
	}
}

// warnEnding tells of a council that may be replaced before the contract would end, in words no surer than the register.
func (r *Room) warnEnding(reg *register.Register, who *Council, add func(WarningKind, string, string)) {
	for _, o := range reg.ReorganisationOf(who.GSS) {
		stays := o.SuccessorName != "" && len(o.Successors) == 0
		if o.Status == register.StatusUnknown || o.Vesting.IsZero() || stays || o.Vesting.After(r.contractEnd()) {
			continue
		}
		text := who.Label() + " may be replaced on " + dayWords(o.Vesting) + " (" + string(o.Status) + "), before the contract would end."
		if o.Status == register.StatusDecided {
			text = who.Label() + " is to be replaced on " + dayWords(o.Vesting) + ", before the contract would end."
		}
		if o.SuccessorName != "" {
			text += " What takes its place: " + strings.TrimSuffix(o.SuccessorName, ".") + "."
		} else {
			text += " What takes its place is not known."
		}
		add(WarnEnding, "members", text)
	}
}

// contractEnd is about when the joint contract would end: its term after the first present one, or after the window.
func (r *Room) contractEnd() time.Time {
	from := r.FirstEnd.Last()
	if from.IsZero() {
		from = r.Group.WindowEnd.Last()
	}
	term := r.Group.Value.TermMonths
	if term == 0 {
		term = usualTerm
	}
	return from.AddDate(0, term+r.Group.Value.ExtensionMonths, 0)
}

// lastChange is when something last changed in a group or in any record of its room: those kinds embed Part, and stand
// under the look-up of their kind and 'group'.
func (c *Catalogue) lastChange(tx kv.Tx, g *BuyingGroup) (time.Time, error) {
	last := g.Changed
	for _, kind := range storedKinds() {
		if _, ok := newItem(kind).(ofGroup); !ok {
			continue
		}
		ids, err := lookup(tx, string(kind)+".group", g.ID)
		if err != nil {
			return last, err
		}
		for _, id := range ids {
			item, err := readItem(tx, Key{kind, id})
			if err != nil {
				return last, err
			}
			if item != nil && item.meta().Changed.After(last) {
				last = item.meta().Changed
			}
		}
	}
	return last, nil
}

// listWords joins names as one writes them.
func listWords(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func hasHave(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}
