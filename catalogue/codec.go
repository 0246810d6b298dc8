package catalogue

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"

	"jointly/catalogue/kv"
)

// Keys of the store, by first part:
//
//	r kind id              a record
//	c seq                  the change feed: one entry per live record
//	t kind id              the number of a deleted record's entry in the feed
//	i name part... id      look-ups
//	a n                    the audit trail
//	h n                    which organisations read which events of it, the latest first
//	m name                 counters and settings
//	f id n                 what a search found that was ended: the results of its record, in parts
//	u head|chunk id        what imports replaced, so that they can be undone: the latest ones
//	d n                    what demand figures were drawn from
//	b token n              what the figures of an edition of the baseline were taken from
//	g, s, o, k             staged imports, sessions, outbox, sign-in codes: short-lived, in no feed
func recordKey(k Key) []byte             { return kv.NewKey("r", string(k.Kind), k.ID) }
func changeKey(seq uint64) []byte        { return kv.NewKey("c").Uint(seq) }
func metaKey(name string) []byte         { return kv.NewKey("m", name) }
func indexPrefix(parts ...string) kv.Key { return kv.NewKey(append([]string{"i"}, parts...)...) }

// indexKeys are the look-up keys of a record; none for nil.
func indexKeys(item Item) map[string]bool {
	keys := map[string]bool{}
	if item == nil {
		return keys
	}
	key := item.Key()
	item.index(func(name string, parts ...string) {
		keys[string(indexPrefix(append([]string{name}, parts...)...).Str(key.ID))] = true
	})
	for _, council := range item.meta().Was {
		keys[string(indexPrefix("was", string(key.Kind), council, key.ID))] = true
	}
	if ref := item.meta().Ref; ref != "" {
		keys[string(indexPrefix("ref", string(key.Kind), item.owner(), ref, key.ID))] = true
	}
	return keys
}

// schema is the version of the JSON of records; every envelope carries it.
const schema = 1

// envelope: 4 bytes CRC32C over key and all that follows, 2 bytes schema, 8 bytes version, then the payload. bbolt
// checks no data page, so a flipped bit is found here.
const envelopeLen = 14

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func seal(key []byte, version uint64, payload []byte) []byte {
	out := make([]byte, envelopeLen, envelopeLen+len(payload))
	binary.BigEndian.PutUint16(out[4:], schema)
	binary.BigEndian.PutUint64(out[6:], version)
	out = append(out, payload...)
	binary.BigEndian.PutUint32(out, checksum(key, out[4:]))
	return out
}

func checksum(key, rest []byte) uint32 {
	t := castagnoli()
	return crc32.Update(crc32.Update(0, t, key), t, rest)
}

// ErrDamaged is in the chain of every error about a value that is not what was written.
var ErrDamaged = errors.New("damaged: run 'jointly verify', then restore the latest backup")

func unseal(key, value []byte) (payload []byte, version uint64, err error) {
	if len(value) < envelopeLen || binary.BigEndian.Uint32(value) != checksum(key, value[4:]) {
		return nil, 0, fmt.Errorf("the value of key %q is %w", key, ErrDamaged)
	}
	if s := binary.BigEndian.Uint16(value[4:]); s > schema {
		return nil, 0, &Error{Kind: Unavailable, Message: fmt.Sprintf("this data was written by a later version of Jointly (schema %d)", s)}
	}
	return value[envelopeLen:], binary.BigEndian.Uint64(value[6:]), nil
}

func encode(item Item) ([]byte, error) {
	b, err := json.Marshal(item)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", item.Key(), err)
	}
	return b, nil
}

// newItem is an empty record of a stored kind; nil for kinds that are not stored.
func newItem(kind Kind) Item {
	switch kind {
	case KindCouncil:
		return new(Council)
	case KindSupplier:
		return new(Supplier)
	case KindAccount:
		return new(Account)
	case KindPlatform:
		return new(Platform)
	case KindUse:
		return new(Use)
	case KindContract:
		return new(Contract)
	case KindIntention:
		return new(Intention)
	case KindInterest:
		return new(Interest)
	case KindGroup:
		return new(BuyingGroup)
	case KindSuggestion:
		return new(Suggestion)
	case KindRequirement:
		return new(Requirement)
	case KindDecision:
		return new(Decision)
	case KindPaper:
		return new(Paper)
	case KindVerdict:
		return new(Verdict)
	case KindSaving:
		return new(Saving)
	case KindNews:
		return new(News)
	case KindTalk:
		return new(Talk)
	case KindDraft:
		return new(NeedDraft)
	case KindVesting:
		return new(Vesting)
	case KindSuccession:
		return new(Succession)
	case KindEnding:
		return new(Ending)
	case KindFramework:
		return new(Framework)
	case KindSavedSearch:
		return new(SavedSearch)
	case KindResearch:
		return new(Research)
	case KindRelease:
		return new(Release)
	case KindEdition:
		return new(Edition)
	case KindSupplierRequest:
		return new(SupplierRequest)
	case KindFinding:
		return new(PlanFinding)
	case KindRecommendation:
		return new(Recommendation)
	case KindPlanFigures:
		return new(PlanFigures)
	case KindSignal:
		return new(Signal)
	case KindQuestion:
		return new(SignalQuestion)
	case KindCall:
		return new(EvidenceCall)
	case KindReturn:
		return new(Return)
	case KindCallAnswer:
		return new(CallAnswer)
	case KindExample:
		return new(Example)
	case KindAdoption:
		return new(Adoption)
	case KindCredentials:
		return new(Credentials)
	case KindProvider:
		return new(Provider)
	case KindOffer:
		return new(Offer)
	case KindBody:
		return new(Body)
	case KindAsk:
		return new(Ask)
	}
	return nil
}

// StoredKinds lists the kinds of records that the store holds.
func StoredKinds() []Kind { return storedKinds() }

// storedKinds lists the kinds that newItem makes.
func storedKinds() []Kind {
	return []Kind{KindCouncil, KindSupplier, KindAccount, KindPlatform, KindUse, KindContract, KindIntention,
		KindInterest, KindGroup, KindSuggestion, KindVerdict, KindRequirement, KindDecision, KindPaper, KindSaving, KindNews, KindTalk, KindDraft,
		KindVesting, KindSuccession, KindEnding, KindFramework, KindSavedSearch, KindResearch, KindRelease, KindSupplierRequest, KindSignal, KindQuestion, KindFinding, KindRecommendation, KindPlanFigures, KindEdition, KindCall, KindReturn, KindCallAnswer, KindExample, KindAdoption, KindCredentials, KindProvider, KindOffer, KindBody, KindAsk}
}

func decode(key Key, raw, value []byte) (Item, error) {
	payload, version, err := unseal(raw, value)
	if err != nil {
		return nil, err
	}
	item := newItem(key.Kind)
	if item == nil {
		return nil, fmt.Errorf("record %s is of an unknown kind", key)
	}
	if err := json.Unmarshal(payload, item); err != nil {
		return nil, fmt.Errorf("decode %s: %w", key, err)
	}
	item.meta().Version = version
	return item, nil
}

// readItem is the whole record, for the write path and for redaction; nil where there is none.
func readItem(tx kv.Tx, key Key) (Item, error) {
	raw := recordKey(key)
	value, err := tx.Get(raw)
	if err != nil || value == nil {
		return nil, err
	}
	item, err := decode(key, raw, value)
	if err != nil {
		return nil, err
	}
	return item, admitMembers(tx, item)
}

func readCounter(tx kv.Tx, key []byte) (uint64, error) {
	value, err := tx.Get(key)
	if err != nil || value == nil {
		return 0, err
	}
	_, n, err := unseal(key, value)
	return n, err
}

func putCounter(tx kv.Tx, key []byte, n uint64) error { return tx.Put(key, seal(key, n, nil)) }

// scan runs fn over every row below a prefix, page by page, within one transaction; kv.Stop ends it.
func scan(tx kv.Tx, prefix []byte, fn func(key, value []byte) error) error {
	var from []byte
	for {
		n := 0
		var last []byte
		stopped := false
		err := tx.Scan(prefix, from, kv.MaxScan, func(k, v []byte) error {
			n++
			last = k
			err := fn(k, v)
			stopped = errors.Is(err, kv.Stop)
			return err
		})
		if err != nil || stopped || n < kv.MaxScan {
			return err
		}
		from = kv.After(last)
	}
}

// lookup lists the IDs under a look-up, in order of ID.
func lookup(tx kv.Tx, parts ...string) ([]string, error) {
	return idsBelow(tx, indexPrefix(parts...))
}

// idsBelow lists the one part that the keys below a prefix have after it.
func idsBelow(tx kv.Tx, prefix []byte) ([]string, error) {
	var ids []string
	err := scan(tx, prefix, func(k, _ []byte) error {
		id, err := partAfter(prefix, k)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// partAfter is the one part that a key has after a prefix.
func partAfter(prefix, key []byte) (string, error) {
	r := kv.ReadKey(key[len(prefix):])
	id := r.Str()
	if r.End() != nil {
		return "", fmt.Errorf("key %q is %w", key, ErrDamaged)
	}
	return id, nil
}

// findRef is the ID of the record with a reference, "" where there is none.
func findRef(tx kv.Tx, kind Kind, owner, ref string) (string, error) {
	ids, err := lookup(tx, "ref", string(kind), owner, ref)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

// view runs fn in one read transaction and gives errors of the store their kind.
func (c *Catalogue) view(ctx context.Context, fn func(kv.Tx) error) error {
	return storeError(c.store.View(ctx, fn))
}
