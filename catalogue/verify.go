package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"jointly/catalogue/kv"
)

// Verified is what Verify found.
type Verified struct {
	Records  int
	Changes  int
	Events   int
	LookUps  int
	Problems []string // in the order found, at most 100; none: all is whole

	Head      string // hash of the last audit event
	HeadEvent uint64 // its number
}

const maxProblems = 100

// Verify reads the whole catalogue at one revision: every checksum, each record against its change entry and its
// look-ups, each tombstone, the counters, and the audit trail's chain from its first event to its head.
func (c *Catalogue) Verify(ctx context.Context) (Verified, error) {
	var v Verified
	problem := func(text string, args ...any) {
		if len(v.Problems) < maxProblems {
			v.Problems = append(v.Problems, fmt.Sprintf(text, args...))
		}
	}
	err := c.view(ctx, func(tx kv.Tx) error {
		want := map[string]bool{}   // look-ups that records lead to
		changes := map[Key]uint64{} // live change entries
		graves := map[Key]uint64{}  // tombstones
		var seq uint64
		if err := scan(tx, kv.NewKey("c"), func(k, val []byte) error {
			v.Changes++
			ch, err := readChange(k, val)
			if err != nil {
				problem("%v", err)
				return nil
			}
			if string(changeKey(ch.Seq)) != string(k) {
				problem("change %d stands under another number", ch.Seq)
			}
			seq = max(seq, ch.Seq)
			if ch.Deleted {
				graves[ch.Key] = ch.Seq
				return nil
			}
			if other := changes[ch.Key]; other != 0 {
				problem("record %s has two change entries: %d and %d", ch.Key, other, ch.Seq)
			}
			changes[ch.Key] = ch.Seq
			return nil
		}); err != nil {
			return err
		}
		for _, kind := range storedKinds() {
			prefix := kv.NewKey("r", string(kind))
			if err := scan(tx, prefix, func(k, val []byte) error {
				v.Records++
				id, err := partAfter(prefix, k)
				if err != nil {
					problem("%v", err)
					return nil
				}
				key := Key{kind, id}
				entry := changes[key]
				delete(changes, key)
				item, err := decode(key, k, val)
				if err != nil {
					problem("record %s: %v", key, err)
					return nil
				}
				if item.Key() != key {
					problem("record %s holds %s", key, item.Key())
				}
				if entry != item.meta().Version {
					problem("record %s is of version %d, its change entry of %d", key, item.meta().Version, entry)
				}
				for k := range indexKeys(item) {
					want[k] = true
				}
				return nil
			}); err != nil {
				return err
			}
		}
		for _, key := range slices.SortedFunc(maps.Keys(changes), func(a, b Key) int { return cmp.Compare(changes[a], changes[b]) }) {
			problem("change %d is of a record that is not there: %s", changes[key], key)
		}
		if err := verifyGraves(tx, graves, problem); err != nil {
			return err
		}
		if err := verifySums(tx, problem); err != nil {
			return err
		}
		if err := scan(tx, kv.NewKey("i"), func(k, val []byte) error {
			v.LookUps++
			if _, _, err := unseal(k, val); err != nil {
				problem("%v", err)
			}
			if !want[string(k)] {
				problem("look-up %q leads to a record that does not ask for it", k)
			}
			delete(want, string(k))
			return nil
		}); err != nil {
			return err
		}
		for _, k := range slices.Sorted(maps.Keys(want)) {
			problem("look-up %q is missing", k)
		}
		n, err := readCounter(tx, metaKey("seq"))
		if err != nil {
			problem("%v", err)
		}
		if n < seq {
			problem("the feed has change %d, its counter is at %d", seq, n)
		}
		return c.verifyTrail(tx, &v, problem)
	})
	return v, err
}

// verifyGraves compares the tombstones of the feed with the keys that lead to them.
func verifyGraves(tx kv.Tx, graves map[Key]uint64, problem func(string, ...any)) error {
	if err := scan(tx, kv.NewKey("t"), func(k, val []byte) error {
		_, seq, err := unseal(k, val)
		r := kv.ReadKey(k[len(kv.NewKey("t")):])
		key := Key{Kind(r.Str()), r.Str()}
		switch {
		case err != nil:
			problem("%v", err)
		case r.End() != nil || graves[key] != seq:
			problem("the tombstone of %s is not at %d", key, seq)
		}
		delete(graves, key)
		return nil
	}); err != nil {
		return err
	}
	for _, key := range slices.SortedFunc(maps.Keys(graves), func(a, b Key) int { return cmp.Compare(graves[a], graves[b]) }) {
		problem("tombstone %d cannot be found from %s", graves[key], key)
	}
	return nil
}

// verifySums checks the rows that nothing else is compared with: staged imports, what figures were drawn from, mail, sessions and codes, counters.
func verifySums(tx kv.Tx, problem func(string, ...any)) error {
	for _, prefix := range []kv.Key{kv.NewKey("g"), kv.NewKey("o"), kv.NewKey("s"), kv.NewKey("k"), kv.NewKey("u"), kv.NewKey("f"), kv.NewKey("d"), kv.NewKey("b"), kv.NewKey("m", "horizon")} {
		if err := scan(tx, prefix, func(k, val []byte) error {
			if _, _, err := unseal(k, val); err != nil {
				problem("%v", err)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
