package catalogue

import (
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Vesting is what the operator knows of a council's end: which councils take its place in an area's reorganisation, when,
// and how sure that is. It takes the place of the register's row for the same council and area. Vestings are public.
type Vesting struct {
	Meta
	Council       string                        `json:"council"`
	Area          string                        `json:"area"`                     // reorganised together, such as Kent and Medway
	SuccessorName string                        `json:"successor_name,omitempty"` // as stated; empty: not decided
	Successors    []string                      `json:"successors,omitempty"`     // the new councils that take it or a part of it, by name
	Date          Date                          `json:"date,omitzero"`            // the day on which they take over
	Status        register.ReorganisationStatus `json:"status"`
	Source        string                        `json:"source"` // where this was read, and what was not seen
	Read          Date                          `json:"read"`   // when
	Demonstration bool                          `json:"demonstration,omitempty"`
}

// VestingID is the same for the same council and area, so that there is one.
func VestingID(council, area string) string { return council + "~" + slug(area) }

// maxSuccessors bounds the councils that one is split into.
const maxSuccessors = 10

// Key names the vesting.
func (v *Vesting) Key() Key { return Key{KindVesting, v.ID} }

func (v *Vesting) owner() string { return "" }

func (v *Vesting) sees(Actor) (Item, bool) { out := *v; return &out, true }

func (v *Vesting) index(add func(string, ...string)) {
	add("vesting.council", v.Council)
	add("vesting.area", v.Area)
}

func (v *Vesting) validate(c *validation) {
	c.council("council", v.Council)
	c.text("area", v.Area, 1, maxTitle)
	c.that(v.Area == "" || slug(v.Area) != "", "area", "Give the area a name with at least one letter from a to z")
	c.that(v.ID == VestingID(v.Council, v.Area), "area", "The area of a record cannot be changed: make another")
	c.text("successor_name", v.SuccessorName, 0, maxTitle)
	c.list("successors", v.Successors, maxSuccessors)
	c.date("vesting_date", v.Date)
	c.that(v.Date.IsZero() || v.Date.Exact(), "vesting_date", "The vesting date must include a day")
	c.that(len(v.Successors) == 0 || v.SuccessorName != "", "successor_name", "Say in words what takes the council's place")
	c.that(len(v.Successors) == 0 || !v.Date.IsZero(), "vesting_date", "Enter the day on which the new councils take over")
	c.that(slices.Contains(register.ReorganisationStatuses(), v.Status), "status", "Choose how far it has come")
	c.text("source", v.Source, 1, maxText/10)
	c.date("read", v.Read)
	c.that(v.Read.Exact(), "read", "Enter the day on which you read it")
}

// reorganisation is the vesting as pages and rules read it; name is the council's.
func (v *Vesting) reorganisation(name string) register.Reorganisation {
	return register.Reorganisation{CouncilGSS: v.Council, CouncilName: name, Area: v.Area, SuccessorName: v.SuccessorName,
		Successors: slices.Clone(v.Successors), Vesting: v.Date.First(), Status: v.Status,
		Source: strings.TrimRight(v.Source, ". ") + ". Read on " + v.Read.Words() + "."}
}

// SaveVesting records what is known of a council's end, for the operator; Version is the one that the actor read, 0 where
// the register's row stood. The same form sent twice acts once.
func (c *Catalogue) SaveVesting(ctx context.Context, actor Actor, v Vesting) (*Vesting, error) {
	v.Area = strings.TrimSpace(v.Area)
	v.ID, v.Demonstration = VestingID(v.Council, v.Area), c.demonstration(v.Council)
	var already *Vesting
	err := c.write(ctx, actor, Reorganise, func(w *writer) error {
		already = nil
		if err := w.mustBeRead(v.Read); err != nil {
			return err
		}
		old, err := readItem(w.tx, v.Key())
		if err != nil {
			return err
		}
		same, err := saysTheSame(old, &v)
		if same {
			already = old.(*Vesting)
		}
		if same || err != nil {
			return err
		}
		return w.put(&v)
	})
	if err != nil {
		return nil, err
	}
	if already != nil {
		return already, nil
	}
	return &v, nil
}

// mustBeRead refuses a day of reading that is still to come.
func (w *writer) mustBeRead(day Date) error {
	if day.First().After(w.c.Today()) {
		return invalid(string(KindVesting), "read", "The day on which you read it must be today or in the past")
	}
	return nil
}

// saysTheSame says that a record holds already what another says.
func saysTheSame(old, item Item) (bool, error) {
	if old == nil {
		return false, nil
	}
	a, err := sumOf(old)
	if err != nil {
		return false, err
	}
	b, err := sumOf(item)
	return a == b, err
}

// RemoveVesting brings back what the register says of a council's end, which may be nothing. It is no error where there
// is no record. Conflict: somebody saved it meanwhile.
func (c *Catalogue) RemoveVesting(ctx context.Context, actor Actor, council, area string, version uint64) error {
	return c.write(ctx, actor, Reorganise, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindVesting, VestingID(council, area)})
		if err != nil || old == nil {
			return err
		}
		old.meta().Version = version
		return w.remove(old)
	})
}

// AreaVesting is a date and a status for all councils of an area.
type AreaVesting struct {
	Area   string
	Date   Date
	Status register.ReorganisationStatus
	Source string
	Read   Date
	Seen   uint64 // the greatest version of the area's records that the actor read
}

// vestedAtOnce is how many vestings one transaction takes.
const vestedAtOnce = 8

// SetArea gives all councils of an area the same date and status; what takes their place stays as it was. Conflict:
// somebody saved one of them since the actor read the area. Sent again after a failure it completes what is missing.
func (c *Catalogue) SetArea(ctx context.Context, actor Actor, a AreaVesting) error {
	if err := permit(actor, Reorganise); err != nil {
		c.auditRefusal(actor, Reorganise, err)
		return err
	}
	var rows []ReorganisationRow
	if err := c.view(ctx, func(tx kv.Tx) (err error) {
		rows, err = c.reorganisationIn(tx, a.Area)
		return err
	}); err != nil {
		return err
	}
	if len(rows) == 0 {
		return notFound("area")
	}
	for _, row := range rows {
		if same, err := saysTheSame(row.stored(), a.of(row)); row.Version() > a.Seen && (!same || err != nil) {
			return conflict("Somebody changed the councils of this area while you were working on it")
		}
	}
	for some := range slices.Chunk(rows, vestedAtOnce) {
		if err := c.write(ctx, actor, Reorganise, func(w *writer) error {
			if err := w.mustBeRead(a.Read); err != nil {
				return err
			}
			for _, row := range some {
				v := a.of(row)
				if same, err := saysTheSame(row.stored(), v); err != nil {
					return err
				} else if same {
					continue
				}
				if err := w.put(v); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// of is what a council's record says once the area's date and status are set.
func (a AreaVesting) of(row ReorganisationRow) *Vesting {
	v := &Vesting{Council: row.CouncilGSS, Area: row.Area, SuccessorName: row.SuccessorName, Successors: row.Successors,
		Demonstration: row.Council.Demonstration}
	v.ID = VestingID(v.Council, v.Area)
	if row.Record != nil {
		*v = *row.Record
	}
	v.Date, v.Status, v.Source, v.Read = a.Date, a.Status, strings.TrimSpace(a.Source), a.Read
	return v
}
