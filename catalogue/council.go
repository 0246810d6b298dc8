package catalogue

import (
	"context"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Council is a principal local authority: one of the register, or an invented demonstration council, which has a code
// that cannot be a GSS code and says so on every page.
type Council struct {
	Meta
	register.Council
	Demonstration bool `json:"demonstration,omitempty"`
}

// Key names the council by its code.
func (c *Council) Key() Key { return Key{KindCouncil, c.GSS} }

func (c *Council) owner() string { return "" }

func (c *Council) sees(Actor) (Item, bool) { out := *c; return &out, true }

func (c *Council) index(func(string, ...string)) {}

func (c *Council) validate(v *validation) {
	v.that(c.Demonstration, "council", "only demonstration councils are stored: the others are in the register")
	_, real := v.register.Council(c.GSS)
	v.that(!real && len(c.GSS) > 0 && len(c.GSS) != 9, "gss", "a demonstration council needs a code that cannot be a GSS code")
	v.text("name", c.Name, 1, maxTitle)
}

// Label is the council's name as pages show it: a demonstration council is marked.
func (c *Council) Label() string {
	if c.Demonstration {
		return c.Name + " (demonstration)"
	}
	return c.Name
}

// councilIn finds a council by its code: in the register, else among the stored demonstration councils.
func (c *Catalogue) councilIn(tx kv.Tx, code string) (*Council, bool, error) {
	if r, ok := c.register.Council(code); ok {
		return &Council{Meta: Meta{ID: code}, Council: r}, true, nil
	}
	if code == "" {
		return nil, false, nil
	}
	item, err := readItem(tx, Key{KindCouncil, code})
	if err != nil || item == nil {
		return nil, false, err
	}
	return item.(*Council), true, nil
}

// Council is a council by its code; NotFound where there is none.
func (c *Catalogue) Council(ctx context.Context, _ Actor, code string) (*Council, error) {
	var out *Council
	err := c.view(ctx, func(tx kv.Tx) error {
		found, ok, err := c.councilIn(tx, code)
		if err == nil && !ok {
			return notFound("council")
		}
		out = found
		return err
	})
	return out, err
}

// DemonstrationCouncils lists the invented councils, by code; none in a catalogue without a demonstration.
func (c *Catalogue) DemonstrationCouncils(ctx context.Context) ([]*Council, error) {
	var out []*Council
	err := c.view(ctx, func(tx kv.Tx) error {
		return c.each(tx, KindCouncil, func(item Item) error {
			out = append(out, item.(*Council))
			return nil
		})
	})
	return out, err
}
