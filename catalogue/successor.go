package catalogue

import (
	"cmp"
	"context"
	"slices"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// successorOf is the code of the council that has a council's place now, where that was itself succeeded the last; empty
// where none took it.
func successorOf(tx kv.Tx, council string) (to string, err error) {
	for range maxSuccessors {
		item, err := readItem(tx, Key{KindSuccession, cmp.Or(to, council)})
		s, ok := item.(*Succession)
		if err != nil || !ok || !s.Stands() {
			return to, err
		}
		to = s.To
	}
	return to, nil
}

// Successors is which council has the place of each that was handed over, by code. Of a council that was split it is the one
// that took the rest.
func (c *Catalogue) Successors(ctx context.Context) (out map[string]string, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out = map[string]string{}
		return c.each(tx, KindSuccession, func(item Item) error {
			to, err := successorOf(tx, item.Key().ID)
			if to != "" {
				out[item.Key().ID] = to
			}
			return err
		})
	})
	return out, err
}

// councilsByEmail lists the councils at whose domain an address is: of the register and those that came since. Where one
// was handed over its successor stands for it.
func (c *Catalogue) councilsByEmail(tx kv.Tx, email string) ([]string, error) {
	domain, ok := register.EmailDomain(email)
	if !ok {
		return nil, nil
	}
	codes, err := lookup(tx, "council.domain", domain)
	if err != nil {
		return nil, err
	}
	for _, council := range c.register.CouncilsByEmail(email) {
		codes = append(codes, council.GSS)
	}
	var out []string
	for _, code := range codes {
		next, err := successorOf(tx, code)
		if err != nil {
			return nil, err
		}
		if next != "" {
			code = next
		}
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out, nil
}

// CouncilsByEmail lists the councils at whose domain an address is; where one was handed over, its successor.
func (c *Catalogue) CouncilsByEmail(ctx context.Context, email string) (out []*Council, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		codes, err := c.councilsByEmail(tx, email)
		out = nil
		for _, code := range codes {
			council, ok, err := c.councilIn(tx, code)
			if err != nil {
				return err
			}
			if ok {
				out = append(out, council)
			}
		}
		return err
	})
	return out, err
}

// toSuccessor turns a record that is imported for a council that was handed over into one of its successor, and says which
// council it was for; empty where it was not handed over. Of a council that was split, a record that is there already stays
// with the council that took it.
func toSuccessor(tx kv.Tx, item Item) (from string, err error) {
	heir, ok := item.(inheritor)
	if !ok || item.owner() == "" {
		return "", nil
	}
	for range maxSuccessors { // a successor may have been succeeded itself
		was := item.owner()
		found, err := readItem(tx, Key{KindSuccession, was})
		s, ok := found.(*Succession)
		if err != nil || !ok || !s.Stands() {
			return from, err
		}
		m := item.meta()
		to, ref := s.To, m.Ref
		for _, council := range s.Heirs() {
			there, err := inheritedRef(tx, item.Key().Kind, was, council, m.Ref)
			if err != nil {
				return "", err
			}
			if there != "" {
				to, ref = council, there
				break
			}
		}
		if !heir.inherit(was, to) {
			return from, nil
		}
		from = cmp.Or(from, was)
		m.Was, m.Ref = append(m.Was, was), ref
	}
	return from, nil
}

// inheritedRef is the reference under which a council has what another called by a reference; empty where it has no such
// record.
func inheritedRef(tx kv.Tx, kind Kind, from, to, ref string) (string, error) {
	if ref == "" {
		return "", nil
	}
	for _, as := range []string{keptRef(from, ref), ref} {
		id, err := findRef(tx, kind, to, as)
		if err != nil || id == "" {
			if err != nil {
				return "", err
			}
			continue
		}
		item, err := readItem(tx, Key{kind, id})
		if err != nil {
			return "", err
		}
		if item != nil && slices.Contains(item.meta().Was, from) {
			return as, nil
		}
	}
	id, err := findRef(tx, kind, to, ref)
	if id != "" && err == nil { // what the successor, or another council before it, calls so is something else
		return keptRef(from, ref), nil
	}
	return "", err
}
