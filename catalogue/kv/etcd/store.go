// Package etcd keeps a kv.Store in an etcd cluster, for several processes on several machines.
//
// Every commit writes one key of the store, the guard, and happens only if nobody has written it since the state that
// the transaction read. So as long as the guard stands, nothing in the store has changed: rows that were put, ranges that
// were scanned, keys that were deleted or never there. A guard for each range would let writers of different ranges pass
// each other; but all that the catalogue writes takes the next number of one feed and of one audit trail, so it meets in
// those two keys whatever else is guarded. One guard costs one comparison, never reaches etcd's limits, and lets a process
// keep what it read from one commit to the next (snapshot.go). Transactions of one process share commits (commit.go), and
// a commit whose answer is lost is sent again until it is known what became of it (send.go). What is read mostly comes from
// a copy that each process keeps (mirror.go). While no majority answers, all of it is refused at once (circuit.go).
//
// A cluster keeps the history of its keys until it is compacted. That is the cluster's own task, with
// --auto-compaction-mode=periodic --auto-compaction-retention=1h: other catalogues may live in it. A view that is held
// longer ends with kv.ErrTooLong.
package etcd

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"jointly/catalogue/kv"
)

// Options say how a cluster is reached.
type Options struct {
	TLS      *tls.Config // nil: without TLS
	User     string      // empty: without a name
	Password string
	Folder   string // where the mirror's file is kept, of this process alone; empty: without a mirror

	intercept grpc.UnaryClientInterceptor // lets a test lose answers
	within    time.Duration               // instead of commitWithin
}

// Store is a kv.Store in a cluster.
type Store struct {
	client  *clientv3.Client
	prefix  string        // of all its keys
	within  time.Duration // how long a commit is tried
	mirror  *mirror       // nil: none
	asking  asking
	circuit circuit
	id      string // of this process, one for each Open

	mu         sync.Mutex
	queue      []*job        // waiting to be committed, oldest first
	committing bool          // a committer is at work and will come to the queue
	closed     bool          // takes no more transactions
	changed    chan struct{} // closed by the next commit
	announced  int64         // revision of the last commit that was told of
	leases     map[clientv3.LeaseID]bool

	closing  chan struct{}  // closed by Close
	under    sync.WaitGroup // transactions under way
	followed chan struct{}  // closed when the watch has ended
	cancel   context.CancelFunc

	// The committer's alone.
	snap   *snapshot // nil: what is there has to be looked up
	number uint64    // of the last commit
}

var _ kv.Store = (*Store)(nil)

// Times. A member that is stopped answers nothing, so a try is short and the next goes to another; a new leader is chosen
// within about two seconds.
const (
	tryWithin    = 2 * time.Second
	readWithin   = 5 * time.Second
	askWithin    = 500 * time.Millisecond // of the first tries: what they ask may be asked again
	commitWithin = 10 * time.Second
	closeWithin  = 2 * time.Second
	openWithin   = 10 * time.Second
	keepAlive    = 5 * time.Second
)

// Keys of the store's own, after the prefix.
const (
	guardKey  = "\x00guard"
	commitKey = "\x00commit/" // and the process: its last commit
	holdKey   = "\x00hold/"   // and the name of a lease: who holds it
)

// Open reaches the cluster that a place names and returns the store there, which may be empty.
func Open(ctx context.Context, at Place, o Options) (*Store, error) {
	again := grpc.ConnectParams{Backoff: backoff.DefaultConfig, MinConnectTimeout: tryWithin}
	again.Backoff.BaseDelay, again.Backoff.MaxDelay = tryWithin/20, tryWithin // its two minutes are too long to stay away
	config := clientv3.Config{
		Endpoints: at.endpoints(o.TLS != nil), TLS: o.TLS, Username: o.User, Password: o.Password,
		DialTimeout: openWithin, DialKeepAliveTime: keepAlive, DialKeepAliveTimeout: tryWithin,
		MaxCallSendMsgSize: 4 << 20, Logger: zap.NewNop(), DialOptions: []grpc.DialOption{grpc.WithStatsHandler(sent{}), grpc.WithConnectParams(again), grpc.WithChainUnaryInterceptor(led)},
	}
	if o.intercept != nil {
		config.DialOptions = append(config.DialOptions, grpc.WithChainUnaryInterceptor(o.intercept))
	}
	client, err := clientv3.New(config)
	if err != nil {
		return nil, explainOpen(err, at)
	}
	following, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Store{client: client, prefix: at.Name + "/", within: cmp.Or(o.within, commitWithin), id: rand.Text(), changed: make(chan struct{}),
		leases: make(map[clientv3.LeaseID]bool), closing: make(chan struct{}), followed: make(chan struct{}), cancel: cancel}
	opening, done := context.WithTimeout(ctx, cmp.Or(o.within, openWithin))
	defer done()
	guard, err := s.read(opening, s.own(guardKey))
	if err == nil {
		err = s.dropOld(opening)
	}
	if err != nil {
		cancel()
		return nil, errors.Join(explainOpen(err, at), client.Close())
	}
	go s.follow(following, guard.Header.Revision+1)
	if o.Folder != "" {
		s.mirror = s.newMirror(o.Folder)
		go s.mirror.run(following)
	}
	return s, nil
}

// led asks with each request that the member follow a leader. One that is cut off from the others then says so at once,
// and the next try goes to another, where it would otherwise keep silent until the time of the try has run out.
func led(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if strings.Contains(method, ".KV/") || strings.Contains(method, ".Lease/") {
		ctx = clientv3.WithRequireLeader(ctx)
	}
	return invoke(ctx, method, req, reply, cc, opts...)
}

// own is where a key of the store's own stands.
func (s *Store) own(key string) string { return s.prefix + key }

// View implements kv.Store.
func (s *Store) View(ctx context.Context, fn func(kv.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.under.Done()
	const tries = 3
	for try := 1; ; try++ {
		snap, err := s.latest(ctx)
		if err != nil {
			return err
		}
		if rows, _, done := s.mirror.at(ctx, snap.guard); rows != nil {
			defer done()
			return view(ctx, rows, fn)
		}
		r := &reader{ctx: ctx, snap: snap}
		err = view(ctx, r, fn)
		if errors.Is(err, kv.ErrTooLong) && !r.served && try < tries {
			continue // compacted before anything was read
		}
		return err
	}
}

func view(ctx context.Context, rows kv.Tx, fn func(kv.Tx) error) error {
	tx := kv.NewReader(ctx, rows)
	defer tx.End()
	return fn(tx)
}

// enter counts a transaction under way.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return kv.ErrClosed
	}
	s.under.Add(1)
	return nil
}

// Changed implements kv.Store.
func (s *Store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// announce tells of the commit at a revision, once. Commits of this process are told of when they return, those of others
// when the watch meets them.
func (s *Store) announce(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if revision <= s.announced || s.closed {
		return
	}
	s.announced = revision
	close(s.changed)
	s.changed = make(chan struct{})
}

// follow watches the guard. The client resumes a watch whose connection is lost; where it cannot, because the member has
// no leader or the history is gone, the watch begins anew.
func (s *Store) follow(ctx context.Context, next int64) {
	defer close(s.followed)
	for ctx.Err() == nil {
		watching, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
		for answer := range s.client.Watch(watching, s.own(guardKey), clientv3.WithRev(next)) {
			for _, e := range answer.Events {
				next = e.Kv.ModRevision + 1
				s.announce(e.Kv.ModRevision)
			}
			if answer.CompactRevision > next {
				next = answer.CompactRevision
				s.announce(next - 1) // something may have been written in what is gone
			}
		}
		cancel()
		select {
		case <-ctx.Done():
		case <-time.After(tryWithin / 10):
		}
	}
}

// Close implements kv.Store. It must not be called within a transaction.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.closing)
	s.mu.Unlock()

	s.under.Wait()
	s.cancel()
	<-s.followed
	if s.mirror != nil {
		<-s.mirror.ended
		s.mirror.drop()
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	s.leave(ctx)
	close(s.changed) // nobody replaces it any more
	if err := s.client.Close(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// leave gives up what this process holds in the cluster. Where that fails, leases run out by themselves and the commit's
// key is dropped by a later Open.
func (s *Store) leave(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.leases {
		_, _ = s.client.Revoke(ctx, id)
	}
	if s.number > 0 {
		_, _ = s.client.Delete(ctx, s.own(commitKey)+s.id)
	}
}
