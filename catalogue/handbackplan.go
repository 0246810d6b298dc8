package catalogue

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// handBack is a hand-over being undone. Records that belong together (an intention, the interest in it, the group that it
// is in with what stands in its room) go back together or stay together.
type handBack struct {
	c          *Catalogue
	tx         kv.Tx
	succession *Succession
	was        Item // the succession as it is stored
	heirs      []string
	nodes      map[Key]*handBackNode
	joined     map[string]string // of what belongs together: a name to another of the same
	why        map[string]string // by what belongs together: why it stays
	put        []planned
	done       HandOverUndo
}

// handBackNode is one record of a hand-over.
type handBackNode struct {
	handedOver
	before, now Item   // nil: none
	changed     string // why it stays; empty: nothing became of it since
}

// names says that a record names a council that took over.
func (p *handBack) names(item Item) bool {
	raw, err := encode(item)
	if err != nil {
		return false
	}
	for _, to := range p.heirs {
		copied, ok := newItem(item.Key().Kind).(inheritor)
		if !ok || json.Unmarshal(raw, copied) != nil {
			return false
		}
		if copied.inherit(to, p.succession.From) {
			return true
		}
	}
	return false
}

// links are what a record belongs together with, by name.
func links(item Item) []string {
	at := func(kind Kind, id string) string { return Key{kind, id}.String() }
	out := []string{item.Key().String()}
	switch it := item.(type) {
	case *Interest:
		out = append(out, at(KindIntention, it.Intention))
	case *Suggestion:
		out = append(out, at(KindIntention, it.Intention))
	case *Intention:
		if it.FromContract != "" {
			out = append(out, at(KindContract, it.FromContract))
		}
	case *BuyingGroup:
		for _, m := range it.Members {
			if m.Intention != "" {
				out = append(out, at(KindIntention, m.Intention))
			}
		}
	case ofGroup:
		out = append(out, at(KindGroup, it.part().Group))
	case *Talk:
		switch {
		case it.Example != "": // an example is told of by one council, whoever asked
		case it.Offer != "":
			out = append(out, at(KindOffer, it.Offer))
		default:
			out = append(out, at(KindIntention, it.Intention), at(KindIntention, it.Other))
		}
	case *Signal:
		if it.Group != "" {
			out = append(out, at(KindGroup, it.Group))
		} else {
			out = append(out, at(KindIntention, it.Intention))
		}
	case *Use:
		out = append(out, "uses of "+it.Platform) // two may have become one
	case *Adoption:
		out = append(out, "adoptions of "+it.Example)
	case *Verdict:
		out = append(out, "verdicts on "+it.A+" "+it.B)
	}
	return out
}

// root is the one name of all that belongs together with a name.
func (p *handBack) root(name string) string {
	for p.joined[name] != "" && p.joined[name] != name {
		name = p.joined[name]
	}
	return name
}

func (p *handBack) join(names []string) {
	for _, name := range names[1:] {
		if a, b := p.root(names[0]), p.root(name); a != b {
			p.joined[b] = a
		}
	}
}

// addSince takes records that came in for the old council since, as by an import, as if they had been handed over.
func (p *handBack) addSince() error {
	for _, kind := range []Kind{KindContract, KindIntention, KindUse} {
		ids, err := lookup(p.tx, "was", string(kind), p.succession.From)
		if err != nil {
			return err
		}
		for _, id := range ids {
			key := Key{kind, id}
			now, err := readItem(p.tx, key)
			if err != nil {
				return err
			}
			if now == nil || p.nodes[key] != nil || !slices.Contains(p.heirs, now.owner()) {
				continue
			}
			before, err := p.givenBack(now)
			if err != nil {
				return err
			}
			p.nodes[key] = &handBackNode{handedOver: handedOver{Kind: kind, ID: id}, before: before, now: now}
		}
	}
	return nil
}

// givenBack is a record as the old council has it, made from how it is now.
func (p *handBack) givenBack(now Item) (Item, error) {
	raw, err := encode(now)
	if err != nil {
		return nil, err
	}
	out := newItem(now.Key().Kind).(inheritor)
	if err := json.Unmarshal(raw, out); err != nil {
		return nil, fmt.Errorf("decode %s: %w", now.Key(), err)
	}
	from, m := p.succession.From, out.meta()
	for _, to := range p.heirs {
		out.inherit(to, from)
	}
	if last := len(m.Was) - 1; last >= 0 && m.Was[last] == from {
		m.Was = m.Was[:last]
	}
	if prefix := keptRef(from, ""); len(m.Ref) > len(prefix) && m.Ref[:len(prefix)] == prefix {
		m.Ref = m.Ref[len(prefix):]
	}
	m.Version = now.meta().Version
	return out, nil
}

// findChanged says of each record why it has to stay, if it has to, and joins what belongs together.
func (p *handBack) findChanged() error {
	for _, n := range p.nodes {
		for _, item := range []Item{n.before, n.now} {
			if item != nil {
				p.join(links(item))
			}
		}
	}
	known := map[string]bool{} // what is about something that was handed over
	for _, n := range p.nodes {
		known[p.root(n.key().String())] = true
	}
	for _, kind := range storedKinds() {
		if _, inherits := newItem(kind).(inheritor); !inherits || kind == KindAccount || kind == KindNews || kind == KindSuggestion || kind == KindVerdict {
			continue
		}
		if err := p.c.each(p.tx, kind, func(item Item) error {
			if p.nodes[item.Key()] != nil || !p.names(item) {
				return nil
			}
			for _, name := range links(item) {
				if root := p.root(name); known[root] {
					p.why[root] = "something new was begun with it: " + aKind(kind)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// aKind names a kind of record in a sentence.
func aKind(kind Kind) string {
	switch kind {
	case KindUse:
		return "a platform in use"
	case KindGroup:
		return "a group"
	case KindIntention, KindInterest, KindExample, KindAdoption:
		return "an " + string(kind)
	}
	return "a " + string(kind)
}

// decide plans what goes back, and lists what stays.
func (p *handBack) decide() error {
	for _, n := range p.nodes {
		if n.changed != "" {
			root := p.root(n.key().String())
			if p.why[root] == "" {
				p.why[root] = "it belongs together with something that was changed since"
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(p.nodes), compareKeys)
	for _, key := range keys {
		n := p.nodes[key]
		if why := p.why[p.root(key.String())]; why != "" {
			p.stay(n, why)
			continue
		}
		if err := p.goBack(n); err != nil {
			return err
		}
	}
	// What goes away goes first: it may have the reference of what comes back.
	slices.SortStableFunc(p.put, func(a, b planned) int {
		switch {
		case a.remove == b.remove:
			return 0
		case a.remove:
			return -1
		}
		return 1
	})
	return nil
}

// readLog reads what the hand-over wrote over, and what has become of it.
func (p *handBack) readLog() error {
	return scan(p.tx, handedOverPrefix(p.succession.From), func(k, v []byte) error {
		n := &handBackNode{}
		payload, _, err := unseal(k, v)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(payload, &n.handedOver); err != nil {
			return fmt.Errorf("decode what a hand-over replaced: %w", err)
		}
		if n.Kind == KindAccount {
			return nil
		}
		if n.Before != nil {
			if n.before = newItem(n.Kind); n.before == nil {
				return fmt.Errorf("a hand-over replaced a record of an unknown kind")
			}
			if err := json.Unmarshal(n.Before, n.before); err != nil {
				return fmt.Errorf("decode what a hand-over replaced: %w", err)
			}
		}
		if n.now, err = readItem(p.tx, n.key()); err != nil {
			return err
		}
		says := ""
		if n.now != nil {
			if says, err = sumOf(n.now); err != nil {
				return err
			}
		}
		switch {
		case says == n.After:
		case says == "":
			n.changed = "it was taken away since"
		default:
			n.changed = "it was changed since"
		}
		p.nodes[n.key()] = n
		return nil
	})
}

func compareKeys(a, b Key) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) }

// stay lists a record that the successor keeps: those that people know by themselves.
func (p *handBack) stay(n *handBackNode, why string) {
	if n.now == nil && n.changed == "" {
		return // the hand-over took it away into another, which is listed
	}
	switch n.Kind {
	case KindContract, KindUse, KindIntention, KindGroup, KindTalk, KindPlatform, KindOffer:
		p.done.Stayed++
		p.done.Stays = append(p.done.Stays, LeftAlone{n.key(), cmp.Or(n.changed, why)})
	}
}

// goBack plans that a record is again as it was.
func (p *handBack) goBack(n *handBackNode) error {
	switch {
	case n.before == nil && n.now == nil:
		return nil
	case n.before == nil:
		put, err := plannedPut(p.tx, n.now, n.now)
		if err != nil {
			return err
		}
		put.keys, put.remove = put.keys+len(indexKeys(n.now)), true
		p.put = append(p.put, put)
		return nil
	}
	if k, ok := n.before.(*Contract); ok && n.now != nil {
		k.Audience = n.now.(*Contract).Audience // who sees it may have been decided since
	}
	if ref := n.before.meta().Ref; ref != "" {
		if id, err := findRef(p.tx, n.Kind, n.before.owner(), ref); err != nil {
			return err
		} else if id != "" && id != n.ID {
			p.stay(n, "the old council has another record with its reference by now")
			return nil
		}
	}
	put, err := plannedPut(p.tx, n.before, n.now)
	if err != nil {
		return err
	}
	p.put = append(p.put, put)
	if n.Kind != KindNews {
		p.done.Back++
	}
	return nil
}

// people plans that accounts are again of the old council: those that were handed over, and those that came since at its
// domain.
func (p *handBack) people() error {
	domain := ""
	if council, ok, err := p.c.councilIn(p.tx, p.succession.From); err != nil {
		return err
	} else if ok && !council.Demonstration {
		domain = council.Domain
	}
	for _, to := range p.heirs {
		people, err := peopleOf(p.tx, OrgCouncil, to)
		if err != nil {
			return err
		}
		for _, a := range people {
			own, _ := register.EmailDomain(a.Email)
			if last := len(a.Was) - 1; (last < 0 || a.Was[last] != p.succession.From) && (domain == "" || own != domain) {
				continue
			}
			back, err := p.givenBack(a)
			if err != nil {
				return err
			}
			put, err := plannedPut(p.tx, back, a)
			if err != nil {
				return err
			}
			p.put = append(p.put, put)
			p.done.Back++
		}
	}
	return nil
}
