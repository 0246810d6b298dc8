package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jointly/catalogue/kv"
)

// SaveFramework records a framework, for the operator, or corrects its record; Version is the one that the actor read, 0
// for a new one. Why says what led to a correction, and stands with what the record said until then. The same form sent
// twice acts once. Conflict: somebody saved it meanwhile.
func (c *Catalogue) SaveFramework(ctx context.Context, actor Actor, f Framework, why string) (*Framework, error) {
	why = strings.TrimSpace(why)
	if f.ID == "" {
		f.ID = cmp.Or(FrameworkID(f.Reference), NewID()) // a reference that no address can be made of is refused below
	}
	var already *Framework
	err := c.write(ctx, actor, KeepFrameworks, func(w *writer) error {
		already = nil
		item, err := readItem(w.tx, f.Key())
		if err != nil {
			return err
		}
		old, _ := item.(*Framework)
		f.Kept, f.Changes = true, nil
		if old != nil {
			f.Ref, f.Reference = old.Ref, old.Reference // its address and the imports that know it stay
			if same := !f.changedFrom(old, w.now, why); same {
				already = old
				return nil
			}
			if f.Version == 0 {
				return invalid(string(KindFramework), "reference", "A framework with this reference is listed already: correct that one instead")
			}
		}
		return w.putFramework(&f, old, why)
	})
	if err != nil {
		return nil, err
	}
	if already != nil {
		return already, nil
	}
	return &f, nil
}

// putFramework stores a framework after the rules that need more than its record; old is nil for a new one.
func (w *writer) putFramework(f, old *Framework, why string) error {
	var wrong check
	wrong.that(!f.Checked.First().After(w.c.Today()), "checked", "The day on which it was checked must be today or in the past")
	wrong.that(old == nil || why != "", "why", "Say why the record changes: it stands beside what it said before")
	wrong.that(len([]rune(why)) <= maxTitle, "why", "Why must be "+thousands(maxTitle)+" characters or fewer")
	if f.ReplacedBy != "" {
		next, err := readItem(w.tx, Key{KindFramework, f.ReplacedBy})
		if err != nil {
			return err
		}
		wrong.that(next != nil, "replaced_by", "Choose a framework that is listed")
	}
	if err := w.c.validate(w.tx, f); err != nil {
		if KindOf(err) != Invalid {
			return err
		}
		wrong.fields = append(FieldsOf(err), wrong.fields...)
	}
	if err := wrong.err(string(KindFramework)); err != nil {
		return err
	}
	return w.put(f)
}

// FrameworkEnd is what the operator has read of a framework's end.
type FrameworkEnd struct {
	On         Date
	ReplacedBy string // ID of the framework that takes its place, where a source says so
	Source     string
	Checked    Date
}

// EndFramework records that a framework ended, or will, with no extension to come; version is the one that the actor read.
func (c *Catalogue) EndFramework(ctx context.Context, actor Actor, id string, version uint64, end FrameworkEnd) (*Framework, error) {
	if err := permit(actor, KeepFrameworks); err != nil {
		c.auditRefusal(actor, KeepFrameworks, err)
		return nil, err
	}
	f, err := c.Framework(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if end.On.IsZero() {
		return nil, invalid(string(KindFramework), "end", "Enter when it ends")
	}
	f.Version = version
	f.End, f.Latest, f.Source, f.Checked = end.On, Date{}, strings.TrimSpace(end.Source), end.Checked
	f.ReplacedBy = end.ReplacedBy
	return c.SaveFramework(ctx, actor, *f, "Its end became known")
}

// Framework is one framework; NotFound where there is none.
func (c *Catalogue) Framework(ctx context.Context, actor Actor, id string) (*Framework, error) {
	return one[*Framework](ctx, c, actor, KindFramework, id)
}

// Frameworks lists all frameworks that cover a capability (empty: any) and stand in a state (empty: any): what is open
// first, then by end.
func (c *Catalogue) Frameworks(ctx context.Context, actor Actor, capability string, state FrameworkState) ([]*Framework, error) {
	var out []*Framework
	today := c.Today()
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		if capability != "" {
			found, err := listed[*Framework](c, tx, actor, KindFramework, "framework.capability", capability)
			out = found
			return err
		}
		return c.each(tx, KindFramework, func(item Item) error {
			if seen, ok := item.sees(actor); ok {
				out = append(out, seen.(*Framework))
			}
			return nil
		})
	})
	if state != "" {
		out = slices.DeleteFunc(out, func(f *Framework) bool { return f.State(today) != state })
	}
	sortFrameworks(out, today)
	return out, err
}

// sortFrameworks puts what is open first; then the soonest end.
func sortFrameworks(all []*Framework, today time.Time) {
	slices.SortFunc(all, func(a, b *Framework) int { return compareFrameworks(a, b, today) })
}

func compareFrameworks(a, b *Framework, today time.Time) int {
	rank := func(f *Framework) int { return slices.Index(FrameworkStates(), f.State(today)) }
	end := func(f *Framework) time.Time {
		switch {
		case !f.End.IsZero():
			return f.End.Last()
		case !f.Latest.IsZero():
			return f.Latest.Last()
		}
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), end(a).Compare(end(b)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

// FrameworkView is what a framework's page shows.
type FrameworkView struct {
	Framework  *Framework
	ReplacedBy *Framework   // nil where the record names none
	Replaces   []*Framework // those whose records name it
	Council    *Council     // the actor's; nil for whoever is of none
}

// FrameworkView reads a framework's page.
func (c *Catalogue) FrameworkView(ctx context.Context, actor Actor, id string) (*FrameworkView, error) {
	v := &FrameworkView{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*v = FrameworkView{}
		if v.Framework, err = load[*Framework](c, tx, actor, KindFramework, id); err != nil {
			return err
		}
		if v.Framework.ReplacedBy != "" {
			v.ReplacedBy, err = load[*Framework](c, tx, actor, KindFramework, v.Framework.ReplacedBy)
			if err != nil && KindOf(err) != NotFound {
				return err
			}
		}
		if v.Replaces, err = listed[*Framework](c, tx, actor, KindFramework, "framework.replaced", id); err != nil {
			return err
		}
		if actor.OrgKind == OrgCouncil {
			v.Council, _, err = c.councilIn(tx, actor.Org)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// WayToBuy is a framework that may lead to a platform, with what was seen bought through it.
type WayToBuy struct {
	Framework *Framework
	Covers    []string      // capabilities of the platform that it covers; none: only a contract tells of it
	Bought    []ContractRow // contracts for the platform whose records name the framework
}

// waysToBuy lists the frameworks that cover what a platform is for, and those that contracts for it name: what was bought
// through first, then as Frameworks has them. That a framework covers a need does not say that the platform is on it.
func (c *Catalogue) waysToBuy(tx kv.Tx, actor Actor, p *Platform) ([]WayToBuy, error) {
	contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.platform", p.ID)
	if err != nil {
		return nil, err
	}
	var ways []WayToBuy
	err = c.each(tx, KindFramework, func(item Item) error {
		seen, ok := item.sees(actor)
		if !ok {
			return nil
		}
		w := WayToBuy{Framework: seen.(*Framework)}
		for _, id := range p.Capabilities {
			if slices.Contains(w.Framework.Capabilities, id) {
				w.Covers = append(w.Covers, id)
			}
		}
		for _, k := range contracts {
			if !w.Framework.NamedBy(k) {
				continue
			}
			council, ok, err := c.councilIn(tx, k.Council)
			if err != nil {
				return err
			}
			if ok {
				w.Bought = append(w.Bought, ContractRow{Contract: k, Council: council})
			}
		}
		if len(w.Covers) > 0 || len(w.Bought) > 0 {
			ways = append(ways, w)
		}
		return nil
	})
	today := c.Today()
	slices.SortFunc(ways, func(a, b WayToBuy) int {
		return cmp.Or(cmp.Compare(len(b.Bought), len(a.Bought)), compareFrameworks(a.Framework, b.Framework, today))
	})
	return ways, err
}

// NamedBy says that a contract's record names the framework, by its reference or its name, as the way in which it was
// bought. Names that say too little, and those that go on with another number, do not count.
func (f *Framework) NamedBy(k *Contract) bool {
	route := strings.ToLower(k.Route)
	if letters(f.Reference) && digits(f.Reference) && (hasWord(route, f.Reference) || hasWord(strings.ToLower(k.Title), f.Reference)) {
		return true
	}
	name, _, _ := strings.Cut(f.Name, " (")
	return (digits(name) || len(strings.Fields(name)) > 2) && hasWord(route, name)
}

// hasWord finds a name in a text in lower case, where it stands by itself and no number follows: 'Services' is not in
// 'Services 2'.
func hasWord(text, name string) bool {
	name = strings.ToLower(name)
	for rest := text; name != ""; {
		before, after, found := strings.Cut(rest, name)
		if !found {
			return false
		}
		first, _ := utf8.DecodeRuneInString(strings.TrimSpace(after))
		next, _ := utf8.DecodeRuneInString(after)
		last, _ := utf8.DecodeLastRuneInString(before)
		if !wordRune(last) && !wordRune(next) && !unicode.IsDigit(first) && !dotted(after) {
			return true
		}
		rest = after
	}
	return false
}

// dotted says that a reference goes on after a full stop: RM1557 is not RM1557.14.
func dotted(after string) bool {
	return len(after) > 1 && after[0] == '.' && after[1] >= '0' && after[1] <= '9'
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func letters(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func digits(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }
