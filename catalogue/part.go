package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// Part is what the records of a group's room have in common: requirement lines, decisions, papers, savings. They are
// seen by the councils that have accepted, whatever is read, searched or exported. A kind of them that partners see too
// says so in its own sees; every other is for the members alone.
type Part struct {
	Meta
	Group         string `json:"group"` // group ID
	Demonstration bool   `json:"demonstration,omitempty"`

	members  []string // councils that have accepted, read with the record; none: only the operator sees it
	partners []string // bodies that have accepted, read with the record
}

func (p *Part) part() *Part { return p }

// admits says that an actor's council has accepted the group that the record belongs to.
func (p *Part) admits(a Actor) bool { return Group.admits(a, "", p.members) }

// partnered says that the actor's body stands in the group that the record belongs to, as partner.
func (p *Part) partnered(a Actor) bool { return slices.ContainsFunc(p.partners, a.forBody) }

// shownPart is the Part of a record as a partner sees it.
func (p *Part) shownPart() Part {
	out := *p
	out.Meta = Meta{ID: p.ID, Version: p.Version, Created: p.Created, Changed: p.Changed}
	return out
}

// of fills in who has to do with the record.
func (p *Part) of(g *BuyingGroup) { p.members, p.partners = g.accepted(), g.partners() }

func (p *Part) owner() string { return "" }

// ofGroup is a record that belongs to a group's room.
type ofGroup interface {
	Item
	part() *Part
}

// admitMembers fills in who sees a record that belongs to a group: membership changes, and is stored once.
func admitMembers(tx kv.Tx, item Item) error {
	switch it := item.(type) {
	case *Signal:
		return admitSignal(tx, it)
	case *SignalQuestion:
		return admitQuestion(tx, it)
	}
	of, ok := item.(ofGroup)
	if !ok {
		return nil
	}
	group, err := readItem(tx, Key{KindGroup, of.part().Group})
	if err != nil {
		return err
	}
	if g, ok := group.(*BuyingGroup); ok {
		of.part().of(g)
	}
	return nil
}

// inGroup runs fn on a group whose room the actor's council is in, within one write: what changes parts of the room. The
// group goes on, and the record that fn makes is a part of it by partOf. NotFound for every other council: to it the
// room is not there.
func (c *Catalogue) inGroup(ctx context.Context, actor Actor, action Action, id string, fn func(*writer, *BuyingGroup) error) error {
	return c.write(ctx, actor, action, func(w *writer) error {
		g, err := load[*BuyingGroup](c, w.tx, actor, KindGroup, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(g.accepted(), actor.ForCouncil) {
			return notFound("room of the group")
		}
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		return fn(w, g)
	})
}

// partOf is the Part of a new record of a group.
func partOf(g *BuyingGroup, id string) Part {
	p := Part{Meta: Meta{ID: id}, Group: g.ID, Demonstration: g.Demonstration}
	p.of(g)
	return p
}

// loadPart is a part of one group through an actor's eyes; NotFound also where it belongs to another group.
func loadPart[T ofGroup](c *Catalogue, tx kv.Tx, actor Actor, kind Kind, group, id string) (T, error) {
	out, err := load[T](c, tx, actor, kind, id)
	if err == nil && out.part().Group != group {
		var none T
		return none, notFound(string(kind))
	}
	return out, err
}

// partsOf lists the records of a kind that belong to a group, through an actor's eyes and in order of ID. The look-up
// leads from the group to them. It reads the group once, however many there are.
func partsOf[T ofGroup](tx kv.Tx, actor Actor, kind Kind, lookUp, group string) ([]T, error) {
	item, err := readItem(tx, Key{KindGroup, group})
	if err != nil {
		return nil, err
	}
	g, ok := item.(*BuyingGroup)
	if !ok {
		return nil, nil
	}
	ids, err := lookup(tx, lookUp, group)
	if err != nil {
		return nil, err
	}
	var who Part
	who.of(g)
	out := make([]T, 0, len(ids))
	for _, id := range ids {
		key := Key{kind, id}
		value, err := tx.Get(recordKey(key))
		if err != nil {
			return nil, err
		}
		if value == nil {
			continue
		}
		item, err := decode(key, recordKey(key), value)
		if err != nil {
			return nil, err
		}
		part, ok := item.(T)
		if !ok {
			continue
		}
		part.part().members, part.part().partners = who.members, who.partners
		if seen, ok := part.sees(actor); ok {
			out = append(out, seen.(T))
		}
	}
	return out, nil
}

// roomOfMembers is a group through the eyes of a council that has accepted it, or of the operator; NotFound for others.
func (c *Catalogue) roomOfMembers(tx kv.Tx, actor Actor, id string) (*BuyingGroup, error) {
	g, err := load[*BuyingGroup](c, tx, actor, KindGroup, id)
	if err == nil && !Group.admits(actor, "", g.accepted()) {
		return nil, notFound("room of the group")
	}
	return g, err
}

// councilsIn reads councils by code; those that are not there any more are left out.
func (c *Catalogue) councilsIn(tx kv.Tx, codes []string) ([]*Council, error) {
	var out []*Council
	for _, code := range codes {
		council, ok, err := c.councilIn(tx, code)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, council)
		}
	}
	return out, nil
}

// others lists the councils of a group's room but one.
func (g *BuyingGroup) others(council string) []string {
	return slices.DeleteFunc(g.accepted(), func(code string) bool { return code == council })
}
