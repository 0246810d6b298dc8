package catalogue

import (
	"context"
	"strconv"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Service is a citizen service of the register as an Item.
type Service struct {
	Meta
	register.Service
}

// Key names the service by its LGSL number.
func (s *Service) Key() Key { return Key{KindService, strconv.Itoa(s.LGSL)} }

func (s *Service) owner() string                 { return "" }
func (s *Service) sees(Actor) (Item, bool)       { out := *s; return &out, true }
func (s *Service) index(func(string, ...string)) {}
func (s *Service) validate(v *validation)        { v.that(false, "lgsl", "services are in the register") }

// Load reads records by key in one transaction, each through the actor's eyes; nil stands for what is not there or not
// for the actor. Councils and services of the register are found too.
func (c *Catalogue) Load(ctx context.Context, actor Actor, keys []Key) ([]Item, error) {
	out := make([]Item, len(keys))
	err := c.view(ctx, func(tx kv.Tx) error {
		for i, key := range keys {
			item, err := c.readAny(tx, key)
			if err != nil {
				return err
			}
			if item == nil {
				continue
			}
			if seen, ok := item.sees(actor); ok {
				out[i] = seen
			}
		}
		return nil
	})
	return out, err
}

// readAny reads a whole record, of the store or of the register; nil where there is none.
func (c *Catalogue) readAny(tx kv.Tx, key Key) (Item, error) {
	switch key.Kind {
	case KindCouncil:
		found, ok, err := c.councilIn(tx, key.ID)
		if err != nil || !ok {
			return nil, err
		}
		return found, nil
	case KindService:
		n, err := strconv.Atoi(key.ID)
		if err != nil {
			return nil, nil
		}
		s, ok := c.register.Service(n)
		if !ok {
			return nil, nil
		}
		return &Service{Meta: Meta{ID: key.ID}, Service: s}, nil
	}
	if newItem(key.Kind) == nil {
		return nil, nil
	}
	return readItem(tx, key)
}

// load is one record through an actor's eyes; NotFound where there is none for it.
func load[T Item](c *Catalogue, tx kv.Tx, actor Actor, kind Kind, id string) (T, error) {
	var none T
	item, err := c.readAny(tx, Key{kind, id})
	if err != nil {
		return none, err
	}
	if item == nil {
		return none, notFound(string(kind))
	}
	seen, ok := item.sees(actor)
	if !ok {
		return none, notFound(string(kind))
	}
	return seen.(T), nil
}

// one is load in a transaction of its own.
func one[T Item](ctx context.Context, c *Catalogue, actor Actor, kind Kind, id string) (T, error) {
	var out T
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = load[T](c, tx, actor, kind, id)
		return err
	})
	return out, err
}

// listed is the records under a look-up, through an actor's eyes, in order of ID.
func listed[T Item](c *Catalogue, tx kv.Tx, actor Actor, kind Kind, lookUp ...string) ([]T, error) {
	ids, err := lookup(tx, lookUp...)
	if err != nil {
		return nil, err
	}
	out := make([]T, 0, len(ids))
	for _, id := range ids {
		item, err := readItem(tx, Key{kind, id})
		if err != nil {
			return nil, err
		}
		if item == nil {
			continue
		}
		if seen, ok := item.sees(actor); ok {
			out = append(out, seen.(T))
		}
	}
	return out, nil
}

// each runs fn over every stored record of a kind, whole, in order of ID.
func (c *Catalogue) each(tx kv.Tx, kind Kind, fn func(Item) error) error {
	prefix := kv.NewKey("r", string(kind))
	return scan(tx, prefix, func(k, v []byte) error {
		id, err := partAfter(prefix, k)
		if err != nil {
			return err
		}
		item, err := decode(Key{kind, id}, k, v)
		if err != nil {
			return err
		}
		if err := admitMembers(tx, item); err != nil {
			return err
		}
		return fn(item)
	})
}

// Each runs fn over every stored record of a kind that the actor may see, as it sees it, in order of ID and at one
// revision. It is for exports and rebuilds, not for pages.
func (c *Catalogue) Each(ctx context.Context, actor Actor, kind Kind, fn func(Item) error) error {
	return c.view(ctx, func(tx kv.Tx) error {
		return c.each(tx, kind, func(item Item) error {
			seen, ok := item.sees(actor)
			if !ok {
				return nil
			}
			return fn(seen)
		})
	})
}

// Through is a record as another actor would see it: what read models are built from. The caller must hold the whole
// record, as the operator gets it.
func Through(actor Actor, item Item) (Item, bool) { return item.sees(actor) }

// Owner is the code of the council that a record belongs to, or the ID of the body; empty for none.
func Owner(item Item) string { return item.owner() }

// Concerns says that a record is of the actor's organisation: its own, one of its people, or of a group that it is in.
func Concerns(item Item, actor Actor) bool {
	switch it := item.(type) {
	case *Account:
		return it.Org == actor.Org && it.OrgKind == actor.OrgKind
	case *BuyingGroup:
		return it.Room || it.AsPartner
	case *Paper:
		return it.admits(actor) || it.fromPartner(actor)
	case ofGroup:
		return it.part().admits(actor) // what a partner reads is the councils'
	case *Interest:
		return true
	case *SavedSearch:
		return it.Account == actor.Account
	case *Ask:
		return it.Asks(actor.Org)
	case *Signal:
		return it.inside(actor)
	case *SignalQuestion:
		return it.concerns(actor)
	}
	return actor.ForCouncil(item.owner())
}

// MetaOf is a record's own Meta.
func MetaOf(item Item) Meta { return *item.meta() }

// Platform is a platform by its ID.
func (c *Catalogue) Platform(ctx context.Context, actor Actor, id string) (*Platform, error) {
	return one[*Platform](ctx, c, actor, KindPlatform, id)
}

// Contract is a contract by its ID, as the actor may see it.
func (c *Catalogue) Contract(ctx context.Context, actor Actor, id string) (*Contract, error) {
	return one[*Contract](ctx, c, actor, KindContract, id)
}

// Intention is an intention by its ID, as the actor may see it.
func (c *Catalogue) Intention(ctx context.Context, actor Actor, id string) (*Intention, error) {
	return one[*Intention](ctx, c, actor, KindIntention, id)
}

// Supplier is a supplier by its ID.
func (c *Catalogue) Supplier(ctx context.Context, actor Actor, id string) (*Supplier, error) {
	return one[*Supplier](ctx, c, actor, KindSupplier, id)
}

// Group is a group's room for those who may enter it, else its card.
func (c *Catalogue) Group(ctx context.Context, actor Actor, id string) (*BuyingGroup, error) {
	return one[*BuyingGroup](ctx, c, actor, KindGroup, id)
}
