package register

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"jointly/catalogue/table"
)

// RuleKind is what a rule of procurement is about.
type RuleKind string

// The kinds of dated rules.
const (
	Threshold RuleKind = "threshold" // an amount above which a duty applies
	Notice    RuleKind = "notice"    // a notice to publish, UK1 to UK17; its value is the time allowed, if any
	Period    RuleKind = "period"    // a time to keep
	Remark    RuleKind = "remark"    // what to know beside the rules, such as of another nation; it has no figure
)

// Known is how well a rule is known.
type Known string

// How well a fact is known, the best first.
const (
	KnownVerified Known = "verified" // read at the source named
	KnownExcerpt  Known = "excerpt"  // only an excerpt of the source was read
	KnownGeneral  Known = "general"  // general knowledge, not checked
)

// Rule is a figure of law or practice that holds from one day to another.
type Rule struct {
	Kind      RuleKind
	Code      string // such as goods-services-sub-central or UK4
	Name      string
	Value     int    // in Unit
	Unit      string // such as GBP inc VAT, days, working days, clear days, months, percent; blank: there is no figure
	AppliesTo string
	From, To  time.Time // first and last day, midnight UTC; zero: not stated, open
	Source    string
	Known     Known
}

// On says whether the rule holds on a day: that of the instant in its own location, so pass London's.
func (r Rule) On(day time.Time) bool {
	y, m, d := day.Date()
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return !date.Before(r.From) && (r.To.IsZero() || !date.After(r.To))
}

// Rules are the rules of a kind of all times, by code and date.
func (r *Register) Rules(kind RuleKind) []Rule {
	var found []Rule
	for _, rule := range r.rules {
		if rule.Kind == kind {
			found = append(found, rule)
		}
	}
	return found
}

// RulesOn are the rules of a kind that hold on a day, by code; see Rule.On.
func (r *Register) RulesOn(kind RuleKind, day time.Time) []Rule {
	return slices.DeleteFunc(r.Rules(kind), func(rule Rule) bool { return !rule.On(day) })
}

// Rule finds the rule of a kind and code that holds on a day; see Rule.On.
func (r *Register) Rule(kind RuleKind, code string, on time.Time) (Rule, bool) {
	for _, rule := range r.rules {
		if rule.Kind == kind && rule.Code == code && rule.On(on) {
			return rule, true
		}
	}
	return Rule{}, false
}

// Threshold finds the threshold of a code on a day, such as goods-services-sub-central; see Rule.On.
func (r *Register) Threshold(code string, on time.Time) (Rule, bool) {
	return r.Rule(Threshold, code, on)
}

func (r *Register) readRules(data fs.FS) error {
	const columns = "kind,code,name,value,unit,applies_to,from,to,source,known"
	err := table.Read(data, "rules.csv", columns, func(row *table.Row) error {
		rule := Rule{
			Kind:      RuleKind(row.OneOf("kind", string(Threshold), string(Notice), string(Period), string(Remark))),
			Code:      row.Need("code"),
			Name:      row.Need("name"),
			Unit:      row.Text("unit"),
			AppliesTo: row.Need("applies_to"),
			From:      row.Date("from"),
			To:        row.Date("to"),
			Source:    row.Need("source"),
			Known:     Known(row.OneOf("known", string(KnownVerified), string(KnownExcerpt), string(KnownGeneral))),
		}
		if value := row.Text("value"); value != "" {
			rule.Value = row.Integer("value")
		}
		if (rule.Unit == "") != (rule.Value == 0) || rule.Value < 0 {
			return fmt.Errorf("%s: a value has a unit and is above zero", rule.Code)
		}
		if !rule.To.IsZero() && rule.To.Before(rule.From) {
			return fmt.Errorf("%s: ends before it starts", rule.Code)
		}
		r.rules = append(r.rules, rule)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(r.rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), compareCodes(a.Code, b.Code), a.From.Compare(b.From))
	})
	for i, rule := range r.rules {
		if i == 0 {
			continue
		}
		before := r.rules[i-1]
		if before.Kind == rule.Kind && before.Code == rule.Code && (before.To.IsZero() || !before.To.Before(rule.From)) {
			return fmt.Errorf("rules.csv: %s %s has two rules at once", rule.Kind, rule.Code)
		}
	}
	return nil
}

// compareCodes puts UK2 before UK10.
func compareCodes(a, b string) int {
	if len(a) > 2 && len(b) > 2 && a[:2] == "UK" && b[:2] == "UK" {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}
