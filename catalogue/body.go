package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// BodyKind is what kind of public body takes part beside councils.
type BodyKind string

// The kinds of bodies.
const (
	CentralBody BodyKind = "central" // of central government
	SectorBody  BodyKind = "sector"  // of councils, or for them
)

// Words is what a kind of body is called.
func (k BodyKind) Words() string {
	if k == CentralBody {
		return "Central government"
	}
	return "Sector body"
}

// Body is a public body that takes part and is no council: it supplies platforms, runs frameworks and answers what
// councils ask of it together. It buys nothing here, and counts in no figure about councils. Bodies are public.
type Body struct {
	Meta
	Name          string   `json:"name"`
	Kind          BodyKind `json:"kind"`
	About         string   `json:"about,omitempty"`
	Website       string   `json:"website,omitempty"`
	Domain        string   `json:"domain,omitempty"`     // that its people have e-mail at; empty: nobody can have an account; for the operator alone
	Suppliers     []string `json:"suppliers,omitempty"`  // IDs under which platforms name it
	Frameworks    string   `json:"frameworks,omitempty"` // how the owner of a framework is written, in its first words; empty: it runs none
	Source        string   `json:"source"`
	Kept          bool     `json:"kept,omitempty"` // the operator has changed it: facts that come with the program no longer do
	Demonstration bool     `json:"demonstration,omitempty"`
}

// Key names the body.
func (b *Body) Key() Key { return Key{KindBody, b.ID} }

func (b *Body) owner() string { return "" }

func (b *Body) sees(a Actor) (Item, bool) {
	out := *b
	if !a.IsOperator() {
		out.Domain = ""
	}
	return &out, true
}

func (b *Body) index(add func(string, ...string)) {
	add("body.name", nameKey(b.Name))
	if b.Domain != "" && !b.Demonstration {
		add("body.domain", b.Domain)
	}
}

func (b *Body) validate(v *validation) {
	v.text("name", b.Name, 1, maxTitle)
	v.that(b.Kind == CentralBody || b.Kind == SectorBody, "kind", "Choose what kind of body it is")
	v.text("about", b.About, 0, maxText/10)
	v.website("website", b.Website)
	v.that(b.Domain == "" || domainShaped(b.Domain), "domain", "Enter a domain in lower case, such as department.gov.uk")
	v.that(!registryDomain(b.Domain), "domain", "This is a part of many organisations' domains. Enter the body's own, such as department.gov.uk")
	_, council := v.register.CouncilByDomain(b.Domain)
	v.that(b.Domain == "" || !council && !webmail(b.Domain), "domain", "This is the domain of a council, or one at which anybody can have an address")
	v.list("suppliers", b.Suppliers, 10)
	v.text("frameworks", b.Frameworks, 0, maxTitle)
	v.text("source", b.Source, 1, maxText/10)
	v.that(!v.councilOK(b.ID), "id", "This is the code of a council")
}

// registryDomain says that domains are given out below this one, as below gov.uk and co.uk. An organisation that gives out
// domains below its own, as some departments do, still has people with e-mail at it.
func registryDomain(domain string) bool {
	suffix, registry := publicsuffix.PublicSuffix(domain)
	return domain != "" && registry && suffix == domain
}

// Label is the body's name as pages show it.
func (b *Body) Label() string {
	if b.Demonstration {
		return b.Name + " (demonstration)"
	}
	return b.Name
}

// bodyIn is the body with an ID; nil where there is none.
func bodyIn(tx kv.Tx, id string) (*Body, error) {
	if id == "" {
		return nil, nil
	}
	item, err := readItem(tx, Key{KindBody, id})
	b, _ := item.(*Body)
	return b, err
}

// SaveBody stores a body, or a new state of one, for the operator; Version is the one that was read. The ID follows from
// the name, and stays. A name or a domain that another body has is refused.
func (c *Catalogue) SaveBody(ctx context.Context, actor Actor, b Body) (*Body, error) {
	b.ID = cmp.Or(b.ID, slug(b.Name))
	b.Domain = strings.ToLower(strings.TrimSpace(b.Domain))
	b.Kept = true
	err := c.write(ctx, actor, KeepBodies, func(w *writer) error {
		for _, look := range [][2]string{{"name", nameKey(b.Name)}, {"domain", b.Domain}} {
			ids, err := lookup(w.tx, "body."+look[0], look[1])
			if err != nil {
				return err
			}
			if look[1] != "" && slices.ContainsFunc(ids, func(id string) bool { return id != b.ID || b.Version == 0 }) {
				return invalid(string(KindBody), look[0], "Another body has this "+look[0])
			}
		}
		if old, err := bodyIn(w.tx, b.ID); err != nil {
			return err
		} else if old != nil {
			b.Demonstration = old.Demonstration
		}
		return w.put(&b)
	})
	if err != nil {
		return nil, err
	}
	return &b, nil
}

// BodyRow is a body with how much is asked of it.
type BodyRow struct {
	Body     *Body
	Open     int // asks that wait for an answer
	Answered int
}

// Bodies lists the bodies that take part, by kind and name.
func (c *Catalogue) Bodies(ctx context.Context, actor Actor) ([]BodyRow, error) {
	var out []BodyRow
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		return c.each(tx, KindBody, func(item Item) error {
			seen, _ := item.sees(actor)
			row := BodyRow{Body: seen.(*Body)}
			for _, state := range []struct {
				name string
				n    *int
			}{{askWaits, &row.Open}, {askAnswered, &row.Answered}} {
				ids, err := lookup(tx, "ask.body", row.Body.ID, state.name)
				if err != nil {
					return err
				}
				*state.n = len(ids)
			}
			out = append(out, row)
			return nil
		})
	})
	slices.SortFunc(out, func(a, b BodyRow) int {
		return cmp.Or(cmp.Compare(a.Body.Kind, b.Body.Kind), cmp.Compare(a.Body.Name, b.Body.Name))
	})
	return out, err
}

// BodyView is what a body's page shows.
type BodyView struct {
	Body       *Body
	Platforms  []*Platform  // that it supplies, by name
	Frameworks []*Framework // that it runs and that have not ended, by name
	Asks       []*Ask       // those that wait first, those of more councils first; closed ones last
}

// Body reads a body's page.
func (c *Catalogue) Body(ctx context.Context, actor Actor, id string) (*BodyView, error) {
	var v *BodyView
	err := c.view(ctx, func(tx kv.Tx) error {
		b, err := load[*Body](c, tx, actor, KindBody, id)
		if err != nil {
			return err
		}
		v = &BodyView{Body: b}
		for _, supplier := range b.Suppliers {
			some, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.supplier", supplier)
			if err != nil {
				return err
			}
			v.Platforms = append(v.Platforms, some...)
		}
		if b.Frameworks != "" {
			if err := c.each(tx, KindFramework, func(item Item) error {
				if f := item.(*Framework); strings.HasPrefix(f.Owner, b.Frameworks) && f.State(c.Today()) != FrameworkEnded {
					v.Frameworks = append(v.Frameworks, f)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		for _, state := range []string{askWaits, askAnswered, askClosed} {
			some, err := listed[*Ask](c, tx, actor, KindAsk, "ask.body", id, state)
			if err != nil {
				return err
			}
			slices.SortStableFunc(some, func(a, b *Ask) int { return cmp.Compare(b.Councils, a.Councils) })
			v.Asks = append(v.Asks, some...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(v.Platforms, func(a, b *Platform) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(v.Frameworks, func(a, b *Framework) int { return cmp.Compare(a.Name, b.Name) })
	return v, nil
}

// at says that an address is at the body's domain, exactly.
func (b *Body) at(email string) bool {
	domain, ok := register.EmailDomain(email)
	return ok && b.Domain != "" && domain == b.Domain
}

// isOfBody refuses an address that is not at the domain of a body, exactly; it says whether the body is invented.
func (w *writer) isOfBody(id, email string) (demonstration bool, err error) {
	b, err := bodyIn(w.tx, id)
	if err != nil {
		return false, err
	}
	if b == nil {
		return false, invalid(string(KindAccount), "body", "Unknown body "+quoted(id)+": add it to the register first")
	}
	if !b.at(email) {
		return false, invalid(string(KindAccount), "email", "The address is not at the domain that the register of bodies has for "+b.Label())
	}
	return b.Demonstration, nil
}
