// Snapshots: rows as of one revision, and what a process remembers of them.

package etcd

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"jointly/catalogue/kv"
)

// snapshot is the store as of one revision. What is read from it is remembered: while the guard stands at the revision
// where it stood, all of it still holds, so the committer goes on with one snapshot from commit to commit.
type snapshot struct {
	store    *Store
	revision int64 // that is read at
	guard    int64 // revision of the guard, 0 before the first commit

	mu    sync.Mutex
	gets  map[string][]byte // nil: not there
	pages map[page]rows
	size  int          // bytes remembered, about
	used  []clientOp   // what the present group read, in order
	seen  map[any]bool // keys of used
}

// page is one request of a scan.
type page struct {
	prefix, from string
	limit        int
}

type rows struct {
	keys, values [][]byte
	more         bool
}

// clientOp is a read to do again: a page, or a key where the page is empty.
type clientOp struct {
	key  string
	page page
}

// Bounds of what is remembered.
const (
	mostRemembered = 16 << 20
	mostPage       = 256 << 10 // bytes of a page that is remembered
	mostPages      = 1000
	firstPage      = 64      // rows of the first request of a scan
	pageBytes      = 1 << 20 // aimed at by those that follow
)

func (s *Store) newSnapshot(revision, guard int64) *snapshot {
	return &snapshot{store: s, revision: revision, guard: guard, gets: make(map[string][]byte), pages: make(map[page]rows),
		seen: make(map[any]bool)}
}

// asking shares the question where the store is now among those who ask at the same time.
type asking struct {
	mu      sync.Mutex
	running *question
	next    *question // begins when running has ended
}

// question is one such read. Whoever waits before it begins may use its answer.
type question struct {
	done            chan struct{}
	revision, guard int64
	err             error
}

// latest returns the store as it is now: a read that a majority confirms, and that began after latest was called.
func (s *Store) latest(ctx context.Context) (*snapshot, error) {
	if err := s.down(); err != nil {
		return nil, err
	}
	s.asking.mu.Lock()
	q := s.asking.next
	if q == nil {
		q = &question{done: make(chan struct{})}
		if s.asking.running == nil {
			s.asking.running = q
			go s.ask(q)
		} else {
			s.asking.next = q
		}
	}
	s.asking.mu.Unlock()
	select {
	case <-q.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if q.err != nil {
		return nil, explain(q.err)
	}
	return s.newSnapshot(q.revision, q.guard), nil
}

// ask asks one question after the other until none waits. It takes no caller's context: others wait for it too.
func (s *Store) ask(q *question) {
	for q != nil {
		q.ask(s)
		close(q.done)
		s.asking.mu.Lock()
		q, s.asking.next = s.asking.next, nil
		s.asking.running = q
		s.asking.mu.Unlock()
	}
}

// ask puts the question. That nobody answers it is known of the cluster from then on.
func (q *question) ask(s *Store) {
	if q.err = s.down(); q.err != nil {
		return
	}
	within, cancel := context.WithTimeout(context.Background(), silentWithin)
	defer cancel()
	answer, err := s.tries(within, askWithin, s.own(guardKey))
	if q.err = err; err == nil {
		q.revision, q.guard = answer.Header.Revision, revisionOf(answer.Kvs)
	} else if within.Err() != nil {
		s.breakOff(err)
	}
}

func revisionOf(found []*mvccpb.KeyValue) int64 {
	if len(found) == 0 {
		return 0
	}
	return found[0].ModRevision
}

// read asks until a member answers, for at most readWithin.
func (s *Store) read(ctx context.Context, key string, how ...clientv3.OpOption) (answer *clientv3.GetResponse, err error) {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	answer, err = s.tries(within, tryWithin, key, how...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return answer, err
}

// tries asks again and again, each time for so long, until a member answers or within ends.
func (s *Store) tries(within context.Context, each time.Duration, key string, how ...clientv3.OpOption) (answer *clientv3.GetResponse, err error) {
	for try := 0; ; try++ {
		asking, done := context.WithTimeout(within, each)
		answer, err = s.client.Get(asking, key, how...)
		done()
		if err == nil || refused(err) || errors.Is(err, rpctypes.ErrCompacted) || errors.Is(err, rpctypes.ErrFutureRev) || within.Err() != nil {
			return answer, err
		}
		pause(within, try)
	}
}

// pause waits a little longer each time, never the same, or until ctx ends.
func pause(ctx context.Context, try int) {
	most := 10 * time.Millisecond << min(try, 5)
	select {
	case <-ctx.Done():
	case <-time.After(most/2 + rand.N(most/2)):
	}
}

// at reads at the snapshot's revision: from whichever member is asked, since what a revision holds never changes. One
// that is not there yet is told to catch up by asking the leader.
func (n *snapshot) at(ctx context.Context, key string, how ...clientv3.OpOption) (*clientv3.GetResponse, error) {
	how = append(how, clientv3.WithRev(n.revision))
	answer, err := n.store.read(ctx, key, append(how, clientv3.WithSerializable())...)
	if errors.Is(err, rpctypes.ErrFutureRev) {
		answer, err = n.store.read(ctx, key, how...)
	}
	return answer, explain(err)
}

// reader is a snapshot as a bare kv.Tx, for one context. It takes no writes: a layer above keeps them.
type reader struct {
	ctx      context.Context
	snap     *snapshot
	remember bool
	served   bool
}

func (r *reader) Get(key []byte) ([]byte, error) {
	if r.remember {
		if value, there := r.snap.recall(string(key)); there {
			return bytes.Clone(value), nil
		}
	}
	answer, err := r.snap.at(r.ctx, r.snap.store.prefix+string(key))
	if err != nil {
		return nil, err
	}
	r.served = true
	value := valueOf(answer.Kvs)
	if r.remember {
		r.snap.keep(string(key), value)
	}
	return bytes.Clone(value), nil
}

// valueOf is the value of the one row found; nil for none, and not nil for one that is empty.
func valueOf(found []*mvccpb.KeyValue) []byte {
	if len(found) == 0 {
		return nil
	}
	if found[0].Value == nil {
		return []byte{}
	}
	return found[0].Value
}

// Scan asks for a small page first, since many scans end early, and then for as many rows as fill a large one.
func (r *reader) Scan(prefix, from []byte, limit int, fn func(key, value []byte) error) error {
	ask := firstPage
	for limit > 0 {
		p := page{string(prefix), string(from), min(ask, limit)}
		found, err := r.page(p)
		if err != nil {
			return err
		}
		size := 0
		for i, key := range found.keys {
			size += len(key) + len(found.values[i])
			if err := fn(bytes.Clone(key), cloneValue(found.values[i])); err != nil {
				return err
			}
		}
		if !found.more {
			return nil
		}
		limit -= len(found.keys)
		from = kv.After(found.keys[len(found.keys)-1])
		ask = max(1, pageBytes*len(found.keys)/max(size, 1))
	}
	return nil
}

func cloneValue(value []byte) []byte {
	return append([]byte{}, value...)
}

func (r *reader) page(p page) (rows, error) {
	if r.remember {
		if found, there := r.snap.recallPage(p); there {
			return found, nil
		}
	}
	key, end := r.snap.store.bounds(p)
	answer, err := r.snap.at(r.ctx, key, clientv3.WithRange(end), clientv3.WithLimit(int64(p.limit)))
	if err != nil {
		return rows{}, err
	}
	r.served = true
	found := r.snap.store.rowsOf(answer.Kvs, answer.More)
	if r.remember {
		r.snap.keepPage(p, found)
	}
	return found, nil
}

// bounds are the first key of a page and that after the last it may reach.
func (s *Store) bounds(p page) (key, end string) {
	return s.prefix + p.from, clientv3.GetPrefixRangeEnd(s.prefix + p.prefix)
}

func (s *Store) rowsOf(found []*mvccpb.KeyValue, more bool) rows {
	r := rows{more: more}
	for _, row := range found {
		r.keys = append(r.keys, row.Key[len(s.prefix):])
		r.values = append(r.values, row.Value)
	}
	return r
}

func (*reader) Put(_, _ []byte) error { return kv.ErrReadOnly }

func (*reader) Delete(_ []byte) error { return kv.ErrReadOnly }

// recall returns what is known of a key, and notes that the present group used it.
func (n *snapshot) recall(key string) (value []byte, there bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.use(clientOp{key: key})
	value, there = n.gets[key]
	return value, there
}

func (n *snapshot) recallPage(p page) (found rows, there bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.use(clientOp{page: p})
	found, there = n.pages[p]
	return found, there
}

func (n *snapshot) use(op clientOp) {
	if !n.seen[op] {
		n.seen[op] = true
		n.used = append(n.used, op)
	}
}

func (n *snapshot) keep(key string, value []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.gets[key] = value
	n.size += len(key) + len(value) + 100
}

func (n *snapshot) keepPage(p page, found rows) {
	size := len(p.prefix) + len(p.from) + 100
	for i, key := range found.keys {
		size += len(key) + len(found.values[i]) + 100
	}
	if size > mostPage {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.pages) >= mostPages { // each commit looks through all of them
		clear(n.pages)
	}
	n.pages[p] = found
	n.size += size
}

// begin forgets what the last group read, and all that is remembered where it has become too much.
func (n *snapshot) begin() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.used, n.seen = nil, make(map[any]bool)
	if n.size > mostRemembered {
		n.gets, n.pages, n.size = make(map[string][]byte), make(map[page]rows), 0
	}
}

// moveOn makes the snapshot that of the commit of a layer: what the layer wrote is known, and so is all the rest, except
// the pages that it wrote into.
func (n *snapshot) moveOn(revision int64, layer *kv.Buffer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.revision, n.guard = revision, revision
	for key, value := range layer.Writes() {
		n.gets[string(key)] = value
		n.size += len(key) + len(value) + 100
		for p := range n.pages {
			if bytes.HasPrefix(key, []byte(p.prefix)) && string(key) >= p.from {
				delete(n.pages, p)
			}
		}
	}
}
