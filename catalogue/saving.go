package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// Saving is what one member of a group pays now for what the group buys, expects to pay, and then pays. All amounts are
// GBP ex VAT; what is saved follows from them, and may be less than nothing.
type Saving struct {
	Part
	Council string `json:"council"`
	SavingFigures
}

// SavingFigures is what a council states in a group's ledger, as it types it.
type SavingFigures struct {
	Baseline    float64 `json:"baseline,omitempty"`     // what it pays now, a year
	BaselineHow string  `json:"baseline_how,omitempty"` // how that was worked out; empty: the baseline is not stated
	Forecast    Money   `json:"forecast,omitzero"`      // what it expects to pay, a year: a range, never a promise
	Assumptions string  `json:"assumptions,omitempty"`  // what the forecast rests on
	Actual      float64 `json:"actual,omitempty"`       // what it pays with the group's contract, a year
	ActualFrom  Date    `json:"actual_from,omitzero"`   // the period in which that was measured; zero: no actual is stated
	ActualTo    Date    `json:"actual_to,omitzero"`
	OneOff      float64 `json:"one_off,omitempty"` // what it costs once to change: migration, training, leaving early
}

// savingID is the same for the same group and council: a council has one entry in a group's ledger.
func savingID(group, council string) string { return group + "~" + council }

// HasBaseline says that the council states what it pays now, be it nothing.
func (s *Saving) HasBaseline() bool { return s != nil && (s.BaselineHow != "" || s.Baseline > 0) }

// HasForecast says that the council states what it expects to pay.
func (s *Saving) HasForecast() bool { return s != nil && !s.Forecast.IsZero() }

// HasActual says that the council states what it pays since.
func (s *Saving) HasActual() bool { return s != nil && !s.ActualFrom.IsZero() }

// Expected is what the council's forecast would save it a year. Below zero: it would pay more than now.
func (s *Saving) Expected() Money {
	return Money{Min: s.Baseline - s.Forecast.Max, Max: s.Baseline - s.Forecast.Min}
}

// Saved is what the council saves a year by its own figures. Below zero: it pays more than before.
func (s *Saving) Saved() float64 { return s.Baseline - s.Actual }

// Key names the entry.
func (s *Saving) Key() Key { return Key{KindSaving, s.ID} }

// sees admits the members, while the council whose entry it is is one of them.
func (s *Saving) sees(a Actor) (Item, bool) {
	if !s.admits(a) || !a.IsOperator() && !slices.Contains(s.members, s.Council) {
		return nil, false
	}
	out := *s
	return &out, true
}

func (s *Saving) index(add func(string, ...string)) { add("saving.group", s.Group) }

func (s *Saving) validate(v *validation) {
	v.council("council", s.Council)
	v.money("baseline", s.Baseline)
	v.text("baseline_how", s.BaselineHow, 0, maxText)
	v.that(s.Baseline == 0 || s.BaselineHow != "", "baseline_how", "Say how you worked out what you pay now")
	v.money("forecast_low", s.Forecast.Min)
	v.money("forecast_high", s.Forecast.Max)
	v.that(s.Forecast.Min <= s.Forecast.Max, "forecast_high", "The most you expect to pay must be the same as or more than the least")
	v.that(!s.HasForecast() || s.HasBaseline(), "baseline", "Enter what you pay now: without it a forecast says nothing about savings")
	v.text("assumptions", s.Assumptions, 0, maxText)
	v.that(!s.HasForecast() || s.Assumptions != "", "assumptions", "Say what your forecast rests on")
	v.money("actual", s.Actual)
	v.date("actual_from", s.ActualFrom)
	v.date("actual_to", s.ActualTo)
	v.that(s.Actual == 0 || s.HasActual(), "actual_from", "Enter the first day of the period in which you paid this")
	v.that(!s.HasActual() || !s.ActualTo.IsZero(), "actual_to", "Enter the last day of the period in which you paid this")
	v.that(s.HasActual() || s.ActualTo.IsZero(), "actual_from", "Enter the first day of the period")
	v.that(!s.HasActual() || s.ActualTo.IsZero() || !s.ActualTo.Last().Before(s.ActualFrom.First()), "actual_to",
		"The last day must be the same as or after the first day")
	v.that(!s.HasActual() || s.HasBaseline(), "baseline", "Enter what you paid before: without it what you pay now says nothing about savings")
	v.money("one_off", s.OneOff)
}

// SetSaving keeps what the actor's council states in a group's ledger. version is that of the entry that the actor read,
// 0 for the first; Conflict says that a colleague saved in between. The same figures sent again change nothing.
func (c *Catalogue) SetSaving(ctx context.Context, actor Actor, group string, version uint64, s Saving) (*Saving, error) {
	var out *Saving
	err := c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) error {
		next := s
		if next.Council == "" {
			next.Council = actor.Org
		}
		if !actor.ForCouncil(next.Council) {
			return forbidden("You can state savings for your own council only")
		}
		if next.HasActual() && next.ActualTo.Last().After(c.Today()) {
			return invalid(string(KindSaving), "actual_to", "The period must be over: what is still to come is a forecast")
		}
		next.Part = partOf(g, savingID(g.ID, next.Council))
		old, err := readItem(w.tx, next.Key())
		if err != nil {
			return err
		}
		out = &next
		if was, ok := old.(*Saving); ok {
			if was.SavingFigures == next.SavingFigures {
				out = was
				return nil
			}
			next.Meta = was.Meta
		}
		next.Version = version
		return w.put(&next)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// SavingRow is one member's entry in a group's ledger.
type SavingRow struct {
	Council *Council
	Saving  *Saving // nil: it has stated nothing
}

// Savings is a group's ledger: an entry a member, and what those that state a figure add up to. Councils that left do
// not count.
type Savings struct {
	Rows      []SavingRow // by name
	Baselines int         // members that state what they pay now
	Forecasts int         // members that state what they expect to pay
	Actuals   int         // members that state what they pay since
	Baseline  float64     // sum a year
	Expected  Money       // what the forecasts add up to, saved a year; never a promise
	Saved     float64     // what the actual figures add up to, saved a year
	OneOff    float64     // sum of the one-off costs stated
	Mine      *Saving     // of the actor's council; nil: nothing stated, or it is no member
}

// Savings reads the ledger of a group that the actor's council has accepted; NotFound for everybody else.
func (c *Catalogue) Savings(ctx context.Context, actor Actor, group string) (*Savings, error) {
	out := &Savings{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*out = Savings{}
		g, err := memberGroup(c, tx, actor, group)
		if err != nil {
			return err
		}
		stated, err := listed[*Saving](c, tx, actor, KindSaving, "saving.group", group)
		if err != nil {
			return err
		}
		for _, code := range g.accepted() {
			row := SavingRow{}
			if row.Council, _, err = c.councilIn(tx, code); err != nil {
				return err
			}
			if i := slices.IndexFunc(stated, func(s *Saving) bool { return s.Council == code }); i >= 0 {
				row.Saving = stated[i]
			}
			out.add(row, actor)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (l *Savings) add(row SavingRow, actor Actor) {
	l.Rows = append(l.Rows, row)
	s := row.Saving
	if s == nil {
		return
	}
	if actor.ForCouncil(s.Council) {
		l.Mine = s
	}
	l.OneOff += s.OneOff
	if s.HasBaseline() {
		l.Baselines++
		l.Baseline += s.Baseline
	}
	if s.HasForecast() {
		l.Forecasts++
		l.Expected.Min += s.Expected().Min
		l.Expected.Max += s.Expected().Max
	}
	if s.HasActual() {
		l.Actuals++
		l.Saved += s.Saved()
	}
}

// memberGroup is a group whose papers are for the actor: its council has accepted, or it is the operator. A council that
// is only asked has its room to decide by, and no more.
func memberGroup(c *Catalogue, tx kv.Tx, actor Actor, id string) (*BuyingGroup, error) {
	g, err := load[*BuyingGroup](c, tx, actor, KindGroup, id)
	if err != nil {
		return nil, err
	}
	if !Group.admits(actor, "", g.accepted()) {
		return nil, notFound(string(KindGroup))
	}
	return g, nil
}
