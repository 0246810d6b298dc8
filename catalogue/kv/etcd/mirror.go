// The mirror: all rows of the store in a file of this process, which a watch keeps up. A view asks the cluster where the
// guard stands, which costs one round, and reads the mirror once it is there: a page that reads a thousand records would
// otherwise cost a thousand rounds. The mirror is no part of what is kept. While it is being filled, or lags, or cannot be
// written, the cluster itself is read.

package etcd

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"path/filepath"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

// mirrorFile is the mirror's name in Options.Folder.
const mirrorFile = "mirror.db"

// How long a reader waits for the mirror before it reads the cluster, and how long one that cannot be filled is left.
const (
	mirrorWithin = 20 * time.Millisecond
	mirrorAgain  = 5 * time.Second
)

// mirrored is how many rows are put at once while it is filled.
const mirrored = 2000

type mirror struct {
	store *Store
	path  string
	ended chan struct{}

	mu      sync.Mutex
	file    *bolt.Mirror  // nil: not filled
	reached int64         // revision of the guard that the file shows
	moved   chan struct{} // closed when reached moves, or the file comes or goes
}

func (s *Store) newMirror(folder string) *mirror {
	return &mirror{store: s, path: filepath.Join(folder, mirrorFile), ended: make(chan struct{}), moved: make(chan struct{})}
}

// run fills the mirror and follows the store until ctx ends.
func (m *mirror) run(ctx context.Context) {
	defer close(m.ended)
	for ctx.Err() == nil {
		next, err := m.fill(ctx)
		if err == nil {
			m.follow(ctx, next)
			m.drop()
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(mirrorAgain):
		}
	}
}

// fill copies all rows as of one revision, and returns the next.
func (m *mirror) fill(ctx context.Context) (next int64, err error) {
	snap, err := m.store.latest(ctx)
	if err != nil {
		return 0, err
	}
	file, err := bolt.NewMirror(m.path)
	if err != nil {
		return 0, err
	}
	var batch []change
	err = (&reader{ctx: ctx, snap: snap}).Scan(nil, nil, int(^uint(0)>>1), func(key, value []byte) error {
		if batch = append(batch, change{key, value}); len(batch) < mirrored {
			return nil
		}
		err := file.Apply(each(batch))
		batch = nil
		return err
	})
	if err == nil {
		err = file.Apply(each(append(batch, shows(snap.guard))))
	}
	if err != nil {
		return 0, errors.Join(err, file.Close())
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.file, m.reached = file, snap.guard
	m.move()
	return snap.revision + 1, nil
}

// follow applies what is committed, until the watch ends. A list of events holds whole revisions.
func (m *mirror) follow(ctx context.Context, next int64) {
	watching, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	for {
		for answer := range m.store.client.Watch(watching, m.store.prefix, clientv3.WithPrefix(), clientv3.WithRev(next)) {
			if answer.CompactRevision > 0 {
				return
			}
			if len(answer.Events) == 0 {
				continue
			}
			next = answer.Events[len(answer.Events)-1].Kv.ModRevision + 1
			if m.apply(answer.Events) != nil {
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		pause(ctx, 5)
	}
}

// change is one row put, or deleted where the value is nil.
type change struct{ key, value []byte }

func each(changes []change) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for _, c := range changes {
			if !yield(c.key, c.value) {
				return
			}
		}
	}
}

// shows is the row by which the file tells which state it shows.
func shows(guard int64) change {
	return change{[]byte(guardKey), binary.BigEndian.AppendUint64(nil, uint64(guard))}
}

// apply brings the mirror to the last commit of a list, unless this process has done so already.
func (m *mirror) apply(events []*clientv3.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var changes []change
	guard := m.reached
	for _, e := range events {
		if e.Kv.ModRevision <= m.reached {
			continue
		}
		key := e.Kv.Key[len(m.store.prefix):]
		switch {
		case string(key) == guardKey:
			guard = e.Kv.ModRevision
		case e.Type == clientv3.EventTypeDelete:
			changes = append(changes, change{key, nil})
		default:
			changes = append(changes, change{key, cloneValue(e.Kv.Value)})
		}
	}
	if guard == m.reached {
		return nil // leases and the like, which nobody reads here
	}
	if err := m.file.Apply(each(append(changes, shows(guard)))); err != nil {
		return err
	}
	m.reached = guard
	m.move()
	return nil
}

// own applies a commit of this process at once, if the mirror shows the state before it.
func (m *mirror) own(before, after int64, layer *kv.Buffer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil || m.reached != before {
		return
	}
	if m.file.Apply(func(yield func(key, value []byte) bool) {
		for key, value := range layer.Writes() {
			if !yield(key, value) {
				return
			}
		}
		c := shows(after)
		yield(c.key, c.value)
	}) == nil {
		m.reached = after
		m.move()
	}
}

// move tells those who wait. The caller holds mu.
func (m *mirror) move() {
	close(m.moved)
	m.moved = make(chan struct{})
}

// drop ends the use of the file.
func (m *mirror) drop() {
	m.mu.Lock()
	file := m.file
	m.file = nil
	m.move()
	m.mu.Unlock()
	if file != nil {
		_ = file.Close() // a file that is not there any more, or is removed by the next
	}
}

// at returns rows that show the guard at a revision or a later one, until done is called; nil where the mirror is not
// there in time.
func (m *mirror) at(ctx context.Context, least int64) (rows kv.Tx, guard int64, done func()) {
	if m == nil {
		return nil, 0, nil
	}
	var late <-chan time.Time
	for {
		m.mu.Lock()
		file, reached, moved := m.file, m.reached, m.moved
		m.mu.Unlock()
		if file == nil {
			return nil, 0, nil
		}
		if reached >= least {
			return snapshotOf(file)
		}
		if late == nil {
			late = time.After(mirrorWithin)
		}
		select {
		case <-moved:
		case <-late:
			return nil, 0, nil
		case <-ctx.Done():
			return nil, 0, nil
		}
	}
}

func snapshotOf(file *bolt.Mirror) (rows kv.Tx, guard int64, done func()) {
	rows, done, err := file.Snapshot()
	if err != nil {
		return nil, 0, nil // it was dropped a moment ago
	}
	row, err := rows.Get([]byte(guardKey))
	if err != nil || len(row) != 8 {
		done()
		return nil, 0, nil
	}
	return rows, int64(binary.BigEndian.Uint64(row)), done
}
