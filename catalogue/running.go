package catalogue

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"jointly/catalogue/capability"
	"jointly/catalogue/kv"
)

// Running is what a council is asked about what it runs: every platform it could, and what is known of each.
type Running struct {
	Council *Council
	Areas   []RunningArea
}

// RunningArea is the platforms of one area of the taxonomy.
type RunningArea struct {
	Area capability.Area
	For  []RunningFor
	Open int // platforms that something suggests, or that the council said
}

// RunningFor is the platforms that are mainly for one thing.
type RunningFor struct {
	Capability capability.Capability
	Rows       []RunningRow
}

// RunningRow is a platform with what is known of the council's use of it.
type RunningRow struct {
	Platform *Platform
	Use      *Use      // known best; nil for none
	Contract *Contract // of the council, running, that names the platform; nil for none
}

// Own says that the council itself has said that it runs the platform.
func (r *RunningRow) Own() bool { return r.Use != nil && !r.Use.Confirmed.IsZero() }

// Suggested says that the council's word, a public record or a contract points to the platform.
func (r *RunningRow) Suggested() bool { return r.Use != nil || r.Contract != nil }

// Running reads what the actor's council is asked; NotFound for whoever is of none.
func (c *Catalogue) Running(ctx context.Context, actor Actor) (*Running, error) {
	var out *Running
	err := c.view(ctx, func(tx kv.Tx) error {
		e := &Estate{}
		if err := c.readEstate(tx, actor, e); err != nil {
			return err
		}
		out = &Running{Council: e.Council}
		uses, err := listed[*Use](c, tx, actor, KindUse, "use.council", actor.Org)
		if err != nil {
			return err
		}
		best, named := bestUses(uses), map[string]*Contract{}
		for _, r := range e.Rows {
			if r.Platform != "" {
				named[r.Platform] = r.Contract
			}
		}
		return c.readRunning(tx, actor, out, best, named)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (c *Catalogue) readRunning(tx kv.Tx, actor Actor, out *Running, uses map[string]*Use, named map[string]*Contract) error {
	for _, area := range c.dictionary.Areas() {
		a := RunningArea{Area: area}
		for _, capable := range c.dictionary.Capabilities() {
			if capable.Area != area.ID {
				continue
			}
			platforms, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.capability", capable.ID)
			if err != nil {
				return err
			}
			f := RunningFor{Capability: capable}
			for _, p := range platforms {
				if p.Capabilities[0] != capable.ID || p.Demonstration && !c.demonstration(actor.Org) {
					continue // asked about once, and nothing invented to a real council
				}
				row := RunningRow{p, uses[p.ID], named[p.ID]}
				if row.Suggested() {
					a.Open++
				}
				f.Rows = append(f.Rows, row)
			}
			if len(f.Rows) > 0 {
				a.For = append(a.For, f)
			}
		}
		if len(a.For) > 0 {
			out.Areas = append(out.Areas, a)
		}
	}
	return nil
}

// bestUses is the use that is known best of each platform: see betterUse.
func bestUses(uses []*Use) map[string]*Use {
	best := map[string]*Use{}
	for _, u := range uses {
		if o := best[u.Platform]; o == nil || betterUse(u, o) {
			best[u.Platform] = u
		}
	}
	return best
}

// ownUses lists the platforms that the actor's council is known to run, by name, each with the use that is known best.
func (c *Catalogue) ownUses(tx kv.Tx, actor Actor) ([]KnownUse, error) {
	uses, err := listed[*Use](c, tx, actor, KindUse, "use.council", actor.Org)
	if err != nil {
		return nil, err
	}
	var out []KnownUse
	for _, u := range bestUses(uses) {
		p, err := load[*Platform](c, tx, actor, KindPlatform, u.Platform)
		if KindOf(err) == NotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, KnownUse{u, p})
	}
	slices.SortFunc(out, func(a, b KnownUse) int {
		return cmp.Or(cmp.Compare(a.Platform.Name, b.Platform.Name), cmp.Compare(a.Platform.ID, b.Platform.ID))
	})
	return out, nil
}

// OwnUses lists what the actor's council has itself said that it runs, by the platforms' names.
func (c *Catalogue) OwnUses(ctx context.Context, actor Actor) ([]KnownUse, error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, notFound(string(KindUse))
	}
	var out []KnownUse
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = c.ownUses(tx, actor)
		out = slices.DeleteFunc(out, func(u KnownUse) bool { return u.Confirmed.IsZero() })
		return err
	})
	return out, err
}

// RunPlatforms stores which platforms the actor's council runs and which it no longer does, all by their IDs, a few a
// transaction: sent again it changes nothing. What the council had said of a use stays; the council's word for one that
// it no longer runs is taken back, and what public records show stays.
func (c *Catalogue) RunPlatforms(ctx context.Context, actor Actor, runs, stopped []string) (Bulk, error) {
	said := map[string]bool{}
	for _, id := range stopped {
		said[id] = false
	}
	for _, id := range runs {
		said[id] = true
	}
	return c.inBulk(ctx, actor, RecordUse, slices.Collect(maps.Keys(said)), func(w *writer) (func(string) error, error) {
		uses, err := listed[*Use](c, w.tx, actor, KindUse, "use.council", actor.Org)
		return func(id string) error {
			own := slices.DeleteFunc(slices.Clone(uses), func(u *Use) bool { return u.Platform != id || u.Confirmed.IsZero() })
			if said[id] {
				return w.runs(id, own)
			}
			return w.stops(own)
		}, err
	})
}

// runs confirms what the council said of a platform before, or records that it runs it.
func (w *writer) runs(platform string, own []*Use) error {
	today := w.c.Today()
	for _, u := range own {
		if !u.confirm(w.now, today) {
			continue
		}
		if err := w.put(u); err != nil {
			return err
		}
	}
	if len(own) > 0 {
		return nil
	}
	_, err := w.recordUse(platform, nil)
	return err
}

// stops takes back the council's word that it runs a platform.
func (w *writer) stops(own []*Use) error {
	for _, u := range own {
		var err error
		if u.Source.Text == ownWord {
			err = w.remove(u)
		} else {
			u.Confirmed, u.Advice, u.WillTalk = time.Time{}, "", false
			err = w.put(u)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// UseWord is what a council says of a platform that it runs.
type UseWord struct {
	Since    Date
	Advice   string
	WillTalk bool
}

// TellOfUses stores what the actor's council says of its uses, by their IDs.
func (c *Catalogue) TellOfUses(ctx context.Context, actor Actor, words map[string]UseWord) (Bulk, error) {
	return changeMany(ctx, c, actor, RecordUse, KindUse, slices.Collect(maps.Keys(words)), func(w *writer, u *Use) (bool, error) {
		said := words[u.ID]
		if said == (UseWord{u.Since, u.Advice, u.WillTalk}) {
			return false, nil
		}
		u.Since, u.Advice, u.WillTalk = said.Since, said.Advice, said.WillTalk
		u.confirm(w.now, w.now)
		return true, nil
	})
}
