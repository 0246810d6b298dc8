package catalogue

import (
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Council is a principal local authority: one of the register; one that came since, which the operator added; or an
// invented demonstration council, which has a code that cannot be a GSS code and says so on every page.
type Council struct {
	Meta
	register.Council
	Demonstration bool `json:"demonstration,omitempty"`
}

// Key names the council by its code.
func (c *Council) Key() Key { return Key{KindCouncil, c.GSS} }

func (c *Council) owner() string { return "" }

func (c *Council) sees(Actor) (Item, bool) { out := *c; return &out, true }

func (c *Council) index(add func(string, ...string)) {
	if c.Domain != "" && !c.Demonstration {
		add("council.domain", c.Domain)
	}
}

func (c *Council) validate(v *validation) {
	_, real := v.register.Council(c.GSS)
	v.that(!real, "gss", "A council with this code is in the register already")
	v.text("name", c.Name, 1, maxTitle)
	if c.Demonstration {
		v.that(len(c.GSS) > 0 && !newCode(c.GSS), "gss", "a demonstration council needs a code that cannot be a council's")
		return
	}
	v.that(newCode(c.GSS), "gss", "Enter the GSS code, such as E06000067, or until there is one NEW- and a name in capitals, such as NEW-WEST-SURREY")
	v.text("official_name", c.OfficialName, 1, maxTitle)
	v.that(slices.Contains(Nations(), c.Nation), "nation", "Choose the nation")
	v.text("region", c.Region, 1, maxTitle)
	v.that(slices.Contains(NewCouncilTypes(), c.Type), "type", "Choose what kind of council it is")
	_, at := v.register.CouncilByDomain(c.Domain)
	v.that(c.Domain == "" || domainShaped(c.Domain), "domain", "Enter a domain in lower case, such as westsurrey.gov.uk")
	v.that(!at, "domain", "This is the domain of a council of the register. People there come to its successor once it is handed over")
}

// newCode says that a code is one of a council that came after the register was made, and of no demonstration council:
// a GSS code, or a code that stands in for it.
func newCode(code string) bool {
	name, provisional := strings.CutPrefix(code, "NEW-")
	if provisional {
		return name != "" && len(name) <= 40 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == ""
	}
	return len(code) == 9 && strings.ContainsRune("ENSW", rune(code[0])) && strings.Trim(code[1:], "0123456789") == ""
}

// domainShaped says that a text looks like a domain that people have e-mail at.
func domainShaped(s string) bool {
	domain, ok := register.EmailDomain("name@" + s)
	return ok && domain == s && strings.Contains(s, ".") && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

// Nations lists the nations of the United Kingdom as the register names them.
func Nations() []string { return []string{"England", "Northern Ireland", "Scotland", "Wales"} }

// NewCouncilTypes lists what a council that comes of a reorganisation can be.
func NewCouncilTypes() []string { return []string{"Unitary authority", "Metropolitan district"} }

// Label is the council's name as pages show it: a demonstration council is marked.
func (c *Council) Label() string {
	if c.Demonstration {
		return c.Name + " (demonstration)"
	}
	return c.Name
}

// councilIn finds a council by its code: in the register, else among the stored ones.
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

// StoredCouncils lists the councils that are not in the register, by code: those that came since, and the invented ones of
// a demonstration.
func (c *Catalogue) StoredCouncils(ctx context.Context) ([]*Council, error) {
	var out []*Council
	err := c.view(ctx, func(tx kv.Tx) error {
		return c.each(tx, KindCouncil, func(item Item) error {
			out = append(out, item.(*Council))
			return nil
		})
	})
	return out, err
}

// AddCouncil stores a council that takes the place of others, for the operator: its people can sign in at its domain. A
// code that is there already is refused.
func (c *Catalogue) AddCouncil(ctx context.Context, actor Actor, council register.Council) (*Council, error) {
	council.Tier, council.Domain = register.Single, strings.ToLower(strings.TrimSpace(council.Domain))
	out := &Council{Meta: Meta{ID: council.GSS}, Council: council}
	err := c.write(ctx, actor, Reorganise, func(w *writer) error {
		old, err := readItem(w.tx, out.Key())
		if err != nil {
			return err
		}
		if same, err := saysTheSame(old, out); same || err != nil {
			return err // the same form again
		}
		if old != nil {
			return invalid(string(KindCouncil), "gss", "A council with this code is here already")
		}
		others, err := lookup(w.tx, "council.domain", out.Domain)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			return invalid(string(KindCouncil), "domain", "Another council has this domain")
		}
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
