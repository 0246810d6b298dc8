package catalogue

import (
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Platform is something councils can run services on: a product, a shared service, an open source project or a
// government building block. Platforms are public.
type Platform struct {
	Meta
	Name          string   `json:"name"`
	Aliases       []string `json:"aliases,omitempty"` // other names it is written under, earlier ones too
	SupplierID    string   `json:"supplier_id,omitempty"`
	Supplier      string   `json:"supplier,omitempty"` // its present name
	Capabilities  []string `json:"capabilities"`       // capability IDs, the main one first
	Licence       string   `json:"licence,omitempty"`  // proprietary, open source, government platform ...; empty: not stated
	Underpinning  bool     `json:"underpinning,omitempty"`
	Summary       string   `json:"summary,omitempty"`
	Website       string   `json:"website,omitempty"`
	Hosting       string   `json:"hosting,omitempty"`
	Standards     []string `json:"standards,omitempty"` // and APIs
	Exit          string   `json:"exit,omitempty"`      // how it is left, and data returned
	Evidence      string   `json:"evidence,omitempty"`  // the public record that it was seen in
	ListedBy      string   `json:"listed_by,omitempty"` // code of the council that listed it; empty: the operator
	Demonstration bool     `json:"demonstration,omitempty"`

	Claim   *PlatformClaim   `json:"claim,omitempty"`   // the supplier that keeps its record; nil: none
	Changes []PlatformChange `json:"changes,omitempty"` // of its record since it was listed, the latest last
}

// Key names the platform.
func (p *Platform) Key() Key { return Key{KindPlatform, p.ID} }

func (p *Platform) owner() string { return p.ListedBy }

func (p *Platform) sees(Actor) (Item, bool) { out := *p; return &out, true }

func (p *Platform) index(add func(string, ...string)) {
	add("platform.name", nameKey(p.Name))
	for _, a := range p.Aliases {
		add("platform.name", nameKey(a))
	}
	if p.SupplierID != "" {
		add("platform.supplier", p.SupplierID)
	}
	if p.Claim != nil {
		add("platform.claim", p.Claim.Supplier)
	}
	for _, c := range p.Capabilities {
		add("platform.capability", c)
	}
}

func (p *Platform) validate(v *validation) {
	v.text("name", p.Name, 1, maxTitle)
	v.that(p.Name == "" || slug(p.Name) != "", "name", "Give a name with at least one letter from a to z or a digit: the page's address is made from it")
	v.that(len(p.Capabilities) > 0, "capabilities", "Say at least one thing the platform is for")
	v.that(len(p.Capabilities) <= 20, "capabilities", "Choose at most 20")
	for _, c := range p.Capabilities {
		v.capability("capabilities", c)
	}
	v.text("summary", p.Summary, 0, maxText)
	v.text("supplier", p.Supplier, 0, maxTitle)
	v.text("licence", p.Licence, 0, maxTitle)
	v.text("hosting", p.Hosting, 0, maxTitle)
	v.text("exit", p.Exit, 0, maxText/10)
	v.website("website", p.Website)
	v.list("standards", p.Standards, 50)
	v.list("aliases", p.Aliases, 20)
	v.text("evidence", p.Evidence, 0, maxText)
}

// Use is that a council runs a platform, and how that is known. Uses are public; what the council says to know before
// buying is for councils.
type Use struct {
	Meta
	Platform      string    `json:"platform"` // platform ID
	Council       string    `json:"council"`  // council code
	WrittenAs     string    `json:"written_as,omitempty"`
	Capability    string    `json:"capability,omitempty"`
	Since         Date      `json:"since,omitzero"`
	Advice        string    `json:"advice,omitempty"`    // what to know before buying; councils only
	WillTalk      bool      `json:"will_talk,omitempty"` // to other councils about it; councils only
	Source        Source    `json:"source"`
	Confirmed     time.Time `json:"confirmed,omitzero"` // by the council itself; zero: only seen in a public record
	Demonstration bool      `json:"demonstration,omitempty"`
}

// Key names the use.
func (u *Use) Key() Key { return Key{KindUse, u.ID} }

func (u *Use) owner() string { return u.Council }

func (u *Use) sees(a Actor) (Item, bool) {
	out := *u
	if !Councils.admits(a, u.Council, nil) {
		out.Advice, out.WillTalk = "", false
	}
	return &out, true
}

func (u *Use) index(add func(string, ...string)) {
	add("use.platform", u.Platform)
	add("use.council", u.Council)
}

func (u *Use) validate(v *validation) {
	v.that(u.Platform != "", "platform", "Name the platform")
	v.council("council", u.Council)
	v.text("written_as", u.WrittenAs, 0, maxTitle)
	v.date("since", u.Since)
	v.text("advice", u.Advice, 0, maxText)
	v.that(u.Source.Text != "", "source", "Say how it is known")
	v.source(u.Source)
}

// ListPlatform stores a platform that a council or the operator lists, or a new state of it; whose listing it is follows
// from the actor. A form that carries an ID (see NewID) and is sent twice answers with the record that the first made; a
// name that a platform has already, also as another name, is refused.
func (c *Catalogue) ListPlatform(ctx context.Context, actor Actor, p Platform) (*Platform, error) {
	if actor.OrgKind == OrgCouncil {
		p.ListedBy, p.Demonstration = actor.Org, c.demonstration(actor.Org)
	}
	named := p.ID != ""
	if !named {
		p.ID = slug(p.Name)
	}
	var already *Platform
	err := c.write(ctx, actor, ListPlatform, func(w *writer) error {
		already = nil
		self := p.ID
		if p.Version == 0 {
			self = ""
			old, err := readItem(w.tx, p.Key())
			if err != nil {
				return err
			}
			if o, ok := old.(*Platform); ok && named && o.ListedBy == p.ListedBy {
				already = o
				return nil
			}
		}
		if taken, err := nameTaken(w.tx, p.Name, self); err != nil {
			return err
		} else if taken {
			return invalid("platform", "name", "A platform with this name is listed already: add that your council uses it instead")
		}
		for _, alias := range p.Aliases {
			// Records are matched to platforms by name: a council's listing must not catch another's.
			if taken, err := nameTaken(w.tx, alias, self); err != nil {
				return err
			} else if taken && !actor.IsOperator() {
				return invalid("platform", "aliases", quoted(alias)+" is the name of another platform")
			}
		}
		old, err := readItem(w.tx, p.Key())
		if err != nil {
			return err
		}
		if was, ok := old.(*Platform); ok {
			p.follows(was, PlatformChange{At: w.now, Council: councilOf(actor)})
		}
		return w.putDerived(&p)
	})
	if err != nil {
		return nil, err
	}
	if already != nil {
		return already, nil
	}
	return &p, nil
}

// councilOf is the code of the actor's council; empty for others.
func councilOf(actor Actor) string {
	if actor.OrgKind != OrgCouncil {
		return ""
	}
	return actor.Org
}

// OpenTo says that an actor may change the platform's record: what pages ask before they offer it.
func (p *Platform) OpenTo(actor Actor) bool {
	if actor.OrgKind == OrgSupplier {
		return MayDo(actor, KeepPlatform) && p.KeptBy(actor)
	}
	return MayDo(actor, ListPlatform) && allow(actor, ListPlatform, p, p) == nil
}

// nameTaken says that a platform other than self is known under a name.
func nameTaken(tx kv.Tx, name, self string) (bool, error) {
	ids, err := lookup(tx, "platform.name", nameKey(name))
	return slices.ContainsFunc(ids, func(id string) bool { return id != self }), err
}

// FindPlatform is the ID of the platform with a name, under whatever name it is known; empty where there is none.
func (c *Catalogue) FindPlatform(ctx context.Context, name string) (string, error) {
	var id string
	err := c.view(ctx, func(tx kv.Tx) error {
		ids, err := lookup(tx, "platform.name", nameKey(name))
		if len(ids) > 0 {
			id = ids[0]
		}
		return err
	})
	return id, err
}

// RecordUse stores that the actor's council runs a platform, in the council's own word, or changes what it said.
func (c *Catalogue) RecordUse(ctx context.Context, actor Actor, platform string, since Date, advice string) (*Use, error) {
	var use *Use
	err := c.write(ctx, actor, RecordUse, func(w *writer) (err error) {
		use, err = w.recordUse(platform, func(u *Use) { u.Since, u.Advice = since, advice })
		return err
	})
	if err != nil {
		return nil, err
	}
	return use, nil
}

// recordUse stores that the actor's council runs a platform; say (nil: nothing) changes what it says of it.
func (w *writer) recordUse(platform string, say func(*Use)) (*Use, error) {
	p, err := load[*Platform](w.c, w.tx, w.actor, KindPlatform, platform)
	if err != nil {
		return nil, err
	}
	use := &Use{Meta: Meta{ID: platform + "~" + w.actor.Org}, Platform: platform, Council: w.actor.Org}
	if old, err := readItem(w.tx, use.Key()); err != nil {
		return nil, err
	} else if old != nil {
		*use = *old.(*Use)
	}
	if say != nil {
		say(use)
	}
	use.Confirmed, use.Source = w.now, Source{Text: ownWord, Date: DateOf(w.now)}
	if use.Capability == "" && len(p.Capabilities) > 0 {
		use.Capability = p.Capabilities[0]
	}
	if err := w.putDerived(use); err != nil {
		return nil, err
	}
	return use, w.confirmUse(p)
}

// ownWord is the source of a use that the council alone tells of.
const ownWord = "Confirmed by the council"

// confirm gives the council's word for a use again, today; false where it did already.
func (u *Use) confirm(now, today time.Time) bool {
	if !confirmedNow(&u.Confirmed, now, today) {
		return false
	}
	if u.Source.Text == ownWord {
		u.Source.Date = DateOf(now)
	}
	return true
}
