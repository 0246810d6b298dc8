package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"jointly/catalogue/kv"
)

// AdoptionRow is an adoption with its council.
type AdoptionRow struct {
	Adoption *Adoption
	Council  *Council
}

// AdoptionFigures is how many councils do what an example tells, as whoever asks may be told. Of councils that are not
// named to it, those of a cell (stage, and whether the example fits them) count in whole fives alone, so that no figure
// shows a single one coming or leaving; totals are sums of what is shown.
type AdoptionFigures struct {
	Considering int
	Started     int
	Live        int
	Stopped     int
	FitStarted  int  // of those that started, councils of the types and nations that the example fits
	FitLive     int  // of those that are live
	Of          int  // councils of those types and nations, beside the one that wrote it
	Whole       bool // who asks sees every adoption: the figures are exact
}

// fewest is how many councils stand behind a figure that not all of them are named in.
const fewest = 5

// AdoptionCell is how many adoptions are counted together, and how many of them name their council to who asks.
type adoptionCell struct{ named, others int }

func (c adoptionCell) shown() int { return c.named + c.others/fewest*fewest }

// figures counts the adoptions of an example for an actor; fits says whether it fits a council.
func (x *Example) figures(actor Actor, all []*Adoption, fits func(council string) bool) AdoptionFigures {
	type cell struct {
		stage AdoptionStage
		fits  bool
	}
	cells := map[cell]adoptionCell{}
	for _, a := range all {
		at := cell{a.Stage, fits(a.Council)}
		n := cells[at]
		if _, seen := a.sees(actor); seen {
			n.named++
		} else {
			n.others++
		}
		cells[at] = n
	}
	sum := func(s AdoptionStage) int { return cells[cell{s, true}].shown() + cells[cell{s, false}].shown() }
	return AdoptionFigures{Considering: sum(AdoptionConsidering), Started: sum(AdoptionStarted), Live: sum(AdoptionLive), Stopped: sum(AdoptionStopped),
		FitStarted: cells[cell{AdoptionStarted, true}].shown(), FitLive: cells[cell{AdoptionLive, true}].shown(), Whole: actor.councils()}
}

// councilsThere lists the councils that exist: those of the register and those that came since, or the invented ones; those
// that another has taken the place of are left out.
func (c *Catalogue) councilsThere(tx kv.Tx, invented bool) ([]*Council, error) {
	gone := map[string]bool{}
	if err := c.each(tx, KindSuccession, func(item Item) error {
		if s := item.(*Succession); s.Stands() {
			gone[s.From] = true
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var out []*Council
	if !invented {
		for _, r := range c.register.Councils() {
			if !gone[r.GSS] {
				out = append(out, &Council{Meta: Meta{ID: r.GSS}, Council: r})
			}
		}
	}
	err := c.each(tx, KindCouncil, func(item Item) error {
		if k := item.(*Council); k.Demonstration == invented && !gone[k.GSS] {
			out = append(out, k)
		}
		return nil
	})
	return out, err
}

// adoptionFigures counts the adoptions of examples, each read whole, for an actor.
func (c *Catalogue) adoptionFigures(tx kv.Tx, actor Actor, examples ...*Example) (map[string]AdoptionFigures, error) {
	out := map[string]AdoptionFigures{}
	there := map[bool][]*Council{}
	for _, x := range examples {
		if there[x.Demonstration] == nil {
			list, err := c.councilsThere(tx, x.Demonstration)
			if err != nil {
				return nil, err
			}
			there[x.Demonstration] = list
		}
		all, err := adoptionsOf(tx, x)
		if err != nil {
			return nil, err
		}
		fit := map[string]bool{}
		for _, k := range there[x.Demonstration] {
			fit[k.GSS] = x.Text.Fits(k)
		}
		figures := x.figures(actor, all, func(council string) bool { return fit[council] })
		for code, yes := range fit {
			if yes && code != x.Council {
				figures.Of++
			}
		}
		out[x.ID] = figures
	}
	return out, nil
}

// AdoptionFigures counts the adoptions of published examples, by their ID, as an actor may be told.
func (c *Catalogue) AdoptionFigures(ctx context.Context, actor Actor, ids ...string) (map[string]AdoptionFigures, error) {
	var out map[string]AdoptionFigures
	err := c.view(ctx, func(tx kv.Tx) error {
		var list []*Example
		for _, id := range ids {
			item, err := readItem(tx, Key{KindExample, id})
			if err != nil {
				return err
			}
			if x, ok := item.(*Example); ok && x.IsPublic() {
				list = append(list, x)
			}
		}
		var err error
		out, err = c.adoptionFigures(tx, actor, list...)
		return err
	})
	return out, err
}

// ExampleView is what an example's page shows.
type ExampleView struct {
	Example   *Example
	Council   *Council
	Services  []*Service
	Platforms []*Platform
	Adopters  []AdoptionRow // that the actor may see, the furthest first
	Figures   AdoptionFigures
	Own       *Adoption // of the actor's council; nil for none
	Writes    bool      // the example is the actor's council's
}

// Example reads an example's page, as it is published; of one that never was, its draft for those who see it.
func (c *Catalogue) Example(ctx context.Context, actor Actor, id string) (*ExampleView, error) {
	return c.exampleView(ctx, actor, id, false)
}

// PreviewExample is the page as everybody will see it once the draft is published; NotFound for who does not see the
// draft, and where there is none.
func (c *Catalogue) PreviewExample(ctx context.Context, actor Actor, id string) (*ExampleView, error) {
	return c.exampleView(ctx, actor, id, true)
}

func (c *Catalogue) exampleView(ctx context.Context, actor Actor, id string, draft bool) (*ExampleView, error) {
	var v *ExampleView
	err := c.view(ctx, func(tx kv.Tx) error {
		x, err := load[*Example](c, tx, actor, KindExample, id)
		if err != nil {
			return err
		}
		v = &ExampleView{Example: x, Writes: actor.ForCouncil(x.Council)}
		text := x.Text
		if draft || !x.IsPublic() {
			if x.Draft == nil {
				return notFound(string(KindExample))
			}
			text = *x.Draft
		}
		if err := c.exampleNames(tx, actor, v, text); err != nil {
			return err
		}
		if !x.IsPublic() {
			return nil
		}
		return c.adopters(tx, actor, v)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// exampleNames reads what an example's text names.
func (c *Catalogue) exampleNames(tx kv.Tx, actor Actor, v *ExampleView, text ExampleText) (err error) {
	if v.Council, _, err = c.councilIn(tx, v.Example.Council); err != nil {
		return err
	}
	for _, lgsl := range text.Services {
		s, err := load[*Service](c, tx, actor, KindService, strconv.Itoa(lgsl))
		if err != nil && KindOf(err) != NotFound {
			return err
		}
		if err == nil {
			v.Services = append(v.Services, s)
		}
	}
	for _, id := range text.Platforms {
		p, err := load[*Platform](c, tx, actor, KindPlatform, id)
		if err != nil && KindOf(err) != NotFound {
			return err
		}
		if err == nil {
			v.Platforms = append(v.Platforms, p)
		}
	}
	return nil
}

// adopters reads who does what an example tells.
func (c *Catalogue) adopters(tx kv.Tx, actor Actor, v *ExampleView) error {
	item, err := readItem(tx, v.Example.Key())
	if err != nil {
		return err
	}
	whole := item.(*Example) // whom it fits counts still where it was withdrawn
	all, err := adoptionsOf(tx, whole)
	if err != nil {
		return err
	}
	for _, a := range all {
		seen, ok := a.sees(actor)
		if !ok {
			continue
		}
		council, there, err := c.councilIn(tx, a.Council)
		if err != nil {
			return err
		}
		if there {
			v.Adopters = append(v.Adopters, AdoptionRow{seen.(*Adoption), council})
		}
		if actor.ForCouncil(a.Council) {
			v.Own = seen.(*Adoption)
		}
	}
	sortAdoptions(v.Adopters)
	figures, err := c.adoptionFigures(tx, actor, whole)
	v.Figures = figures[whole.ID]
	return err
}

// adoptionsOf lists all adoptions of an example, whole, whoever looks: for counting. A council that has taken the place of
// the one that wrote it adopts nothing.
func adoptionsOf(tx kv.Tx, x *Example) ([]*Adoption, error) {
	ids, err := lookup(tx, "adoption.example", x.ID)
	if err != nil {
		return nil, err
	}
	out := make([]*Adoption, 0, len(ids))
	for _, id := range ids {
		item, err := readItem(tx, Key{KindAdoption, id})
		if err != nil {
			return nil, err
		}
		if a, ok := item.(*Adoption); ok && a.Council != x.Council {
			out = append(out, a)
		}
	}
	return out, nil
}

// ExampleRow is an example in a list.
type ExampleRow struct {
	Example  *Example
	Council  *Council
	Figures  AdoptionFigures
	Adoption *Adoption // of the council that the list is about; nil: it wrote the example
}

// ExamplesOf lists the published examples that name a service or a platform, the latest first.
func (c *Catalogue) ExamplesOf(ctx context.Context, actor Actor, about Key) ([]ExampleRow, error) {
	name := map[Kind]string{KindService: "example.service", KindPlatform: "example.platform"}[about.Kind]
	var out []ExampleRow
	err := c.view(ctx, func(tx kv.Tx) error {
		found, err := listed[*Example](c, tx, actor, KindExample, name, about.ID)
		if err != nil {
			return err
		}
		out, err = c.exampleRows(tx, actor, found...)
		return err
	})
	slices.SortStableFunc(out, func(a, b ExampleRow) int { return b.Example.Latest.Compare(a.Example.Latest) })
	return out, err
}

// ExamplesOfCouncil lists what a council wrote, then what it says that it does too, as far as the actor sees it: for its own
// officers with drafts and with what was withdrawn. What has stopped is left out for others.
func (c *Catalogue) ExamplesOfCouncil(ctx context.Context, actor Actor, code string) (wrote, adopted []ExampleRow, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		found, err := listed[*Example](c, tx, actor, KindExample, "example.council", code)
		if err != nil {
			return err
		}
		own := actor.ForCouncil(code)
		found = slices.DeleteFunc(found, func(x *Example) bool { return !own && !x.Stands() })
		if wrote, err = c.exampleRows(tx, actor, found...); err != nil {
			return err
		}
		adoptions, err := listed[*Adoption](c, tx, actor, KindAdoption, "adoption.council", code)
		if err != nil {
			return err
		}
		adopted = nil
		for _, a := range adoptions {
			x, err := load[*Example](c, tx, actor, KindExample, a.Example)
			if KindOf(err) == NotFound && err != nil || err == nil && (!own && (!a.GoesOn() || !x.Stands()) || x.Council == code) {
				continue
			}
			if err != nil {
				return err
			}
			rows, err := c.exampleRows(tx, actor, x)
			if err != nil {
				return err
			}
			rows[0].Adoption = a
			adopted = append(adopted, rows...)
		}
		return nil
	})
	slices.SortStableFunc(wrote, func(a, b ExampleRow) int {
		return cmp.Or(cmp.Compare(place(a.Example), place(b.Example)), b.Example.Latest.Compare(a.Example.Latest))
	})
	return wrote, adopted, err
}

// place is where a council lists an example of its own: what it has to finish first.
func place(x *Example) int {
	switch {
	case x.End != nil:
		return 2
	case x.Draft != nil:
		return 0
	}
	return 1
}

func (c *Catalogue) exampleRows(tx kv.Tx, actor Actor, found ...*Example) ([]ExampleRow, error) {
	out := make([]ExampleRow, 0, len(found))
	figures, err := c.adoptionFigures(tx, actor, found...)
	if err != nil {
		return nil, err
	}
	for _, x := range found {
		council, _, err := c.councilIn(tx, x.Council)
		if err != nil {
			return nil, err
		}
		out = append(out, ExampleRow{Example: x, Council: council, Figures: figures[x.ID]})
	}
	return out, nil
}
