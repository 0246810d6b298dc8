package etcd_test

// Histories of reads, writes and compare-and-set, as clients of several processes saw them while members failed, are
// checked to be linearizable: there is an order of all of them, each between its begin and its end, in which every answer
// is right.

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
	"jointly/catalogue/kv/kvtest"
)

// call is one operation on a register.
type call struct {
	key        string
	what       string // read, write or swap
	from, to   int    // swap writes to where the register is from
	known      bool   // the answer has come
	value      int    // read
	swapped    bool
	begin, end int64
}

// register says what a register does.
func register() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return 0 },
		Partition: func(history []porcupine.Operation) (parts [][]porcupine.Operation) {
			of := map[string]int{}
			for _, o := range history {
				key := o.Input.(call).key
				if _, there := of[key]; !there {
					of[key] = len(parts)
					parts = append(parts, nil)
				}
				parts[of[key]] = append(parts[of[key]], o)
			}
			return parts
		},
		Step: func(state, input, _ any) (bool, any) {
			c := input.(call)
			switch {
			case c.what == "read":
				return state == c.value, state
			case c.what == "write":
				return true, c.to
			case state == c.from:
				return !c.known || c.swapped, c.to
			}
			return !c.known || !c.swapped, state
		},
	}
}

// registers are what clients work on: a store, or one that has a fault.
type registers interface {
	read(ctx context.Context, key string) (int, error)
	write(ctx context.Context, key string, to int) error
	swap(ctx context.Context, key string, from, to int) (swapped bool, err error)
}

type stored struct{ kv.Store }

func number(tx kv.Tx, key string) (int, error) {
	value, err := tx.Get([]byte(key))
	if err != nil || value == nil {
		return 0, err
	}
	return strconv.Atoi(string(value))
}

func (s stored) read(ctx context.Context, key string) (value int, err error) {
	err = s.View(ctx, func(tx kv.Tx) (err error) {
		value, err = number(tx, key)
		return err
	})
	return value, err
}

func (s stored) write(ctx context.Context, key string, to int) error {
	return s.Update(ctx, func(tx kv.Tx) error { return tx.Put([]byte(key), fmt.Append(nil, to)) })
}

func (s stored) swap(ctx context.Context, key string, from, to int) (swapped bool, err error) {
	err = s.Update(ctx, func(tx kv.Tx) error {
		swapped = false
		value, err := number(tx, key)
		if err != nil || value != from {
			return err
		}
		swapped = true
		return tx.Put([]byte(key), fmt.Append(nil, to))
	})
	return swapped, err
}

// recorder has clients work on registers and keeps what they saw.
type recorder struct {
	began time.Time
	next  atomic.Int64 // every value is written once
	all   sync.WaitGroup
	stop  atomic.Bool

	mu      sync.Mutex
	history []porcupine.Operation
	unknown int
	wrong   error
}

// record starts so many clients of each store on a few registers, whose names begin with round.
func record(ctx context.Context, round string, each int, stores ...registers) *recorder {
	r := &recorder{began: time.Now()}
	for s, store := range stores {
		for n := range each {
			client := s*each + n
			r.all.Go(func() {
				pace := time.NewTicker(5 * time.Millisecond) // a history of millions is checked for hours
				defer pace.Stop()
				seen := map[string]int{}
				for !r.stop.Load() && ctx.Err() == nil {
					<-pace.C
					r.do(ctx, client, store, fmt.Sprintf("%s/%d", round, rand.N(3)), seen)
				}
			})
		}
	}
	return r
}

// do calls one operation. What surely did not happen is not kept; what may have happened may do so any time later.
func (r *recorder) do(ctx context.Context, client int, store registers, key string, seen map[string]int) {
	c := call{key: key, what: []string{"read", "read", "write", "swap"}[rand.N(4)], from: seen[key], to: int(r.next.Add(1))}
	var err error
	c.begin = int64(time.Since(r.began))
	switch c.what {
	case "read":
		c.value, err = store.read(ctx, key)
	case "write":
		err = store.write(ctx, key, c.to)
	default:
		c.swapped, err = store.swap(ctx, key, c.from, c.to)
	}
	c.end, c.known = int64(time.Since(r.began)), err == nil
	switch {
	case err != nil && c.what == "read":
		return
	case err == nil && c.what == "read":
		seen[key] = c.value
	case err == nil && (c.what == "write" || c.swapped):
		seen[key] = c.to
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case errors.Is(err, kv.ErrUncertain):
		c.end = math.MaxInt64
		r.unknown++
	case errors.Is(err, kv.ErrUnavailable), ctx.Err() != nil:
		return
	case err != nil:
		r.wrong = errors.Join(r.wrong, err)
		return
	}
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: c, Call: c.begin, Return: c.end})
}

// end stops the clients and says whether what they saw is linearizable.
func (r *recorder) end(t testing.TB) porcupine.CheckResult {
	t.Helper()
	r.stop.Store(true)
	r.all.Wait()
	must(t, r.wrong)
	return porcupine.CheckOperationsTimeout(register(), r.history, 2*time.Minute)
}

// wantLinear stops the clients and fails unless what they saw is linearizable.
func (r *recorder) wantLinear(t testing.TB) (operations, unknown int) {
	t.Helper()
	if got := r.end(t); got != porcupine.Ok {
		t.Errorf("a history of %d operations is %s, want linearizable", len(r.history), got)
	}
	return len(r.history), r.unknown
}

// goOn waits until so many more operations are done.
func (r *recorder) goOn(t testing.TB, more int) {
	t.Helper()
	count := func() int {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.history)
	}
	ctx := limited(t)
	for until := count() + more; count() < until; wait(ctx) {
		must(t, ctx.Err())
	}
}

// TestHistoriesWhileMembersFailAreLinearizable: three processes, two of which read their mirrors; the leader is killed, a
// member hangs, and answers are lost.
func TestHistoriesWhileMembersFailAreLinearizable(t *testing.T) {
	cluster := etcdtest.Start(t)
	at := cluster.At("linear")
	var lost atomic.Int64
	losing := etcd.Intercepted(losing(&lost))
	losing.Folder = t.TempDir()
	one, two, three := openStore(t, at, etcd.Options{Folder: t.TempDir()}), openStore(t, at, losing), openStore(t, at, etcd.Options{})
	waitMirror(t, one)
	waitMirror(t, two)
	r := record(t.Context(), "r", 3, stored{one}, stored{two}, stored{three})
	r.goOn(t, 500)
	first, _ := leader(t, three.Client(), cluster)
	first.Kill()
	r.goOn(t, 500)
	must(t, first.Start())
	must(t, first.Ready(limited(t)))
	first, _ = leader(t, three.Client(), cluster)
	must(t, first.Pause())
	r.goOn(t, 500)
	must(t, first.Resume())
	r.goOn(t, 500)
	n, unknown := r.wantLinear(t)
	t.Logf("fault: leader killed, leader stopped, %d answers lost | %d operations of 9 clients of 3 processes, %d of unknown outcome | linearizable", lost.Load(), n, unknown)
}

// unconfirmed reads what it last heard of, without asking whether that still holds.
type unconfirmed struct {
	stored
	mu   sync.Mutex
	held map[string]int
	when time.Time
}

func (u *unconfirmed) read(ctx context.Context, key string) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if time.Since(u.when) > 50*time.Millisecond {
		u.held, u.when = map[string]int{}, time.Now()
	}
	if value, there := u.held[key]; there {
		return value, nil
	}
	value, err := u.stored.read(ctx, key)
	if err == nil {
		u.held[key] = value
	}
	return value, err
}

// retrying tries again what it does not know the outcome of, without looking.
type retrying struct{ stored }

func (n retrying) write(ctx context.Context, key string, to int) error {
	err := n.stored.write(ctx, key, to)
	for errors.Is(err, kv.ErrUncertain) {
		err = n.stored.write(ctx, key, to)
	}
	return err
}

func (n retrying) swap(ctx context.Context, key string, from, to int) (bool, error) {
	swapped, err := n.stored.swap(ctx, key, from, to)
	for errors.Is(err, kv.ErrUncertain) {
		swapped, err = n.stored.swap(ctx, key, from, to)
	}
	return swapped, err
}

// oftenLost loses the answer of every fifth update after it has taken effect.
type oftenLost struct {
	*kvtest.FaultyStore
	n atomic.Int64
}

func (o *oftenLost) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if o.n.Add(1)%5 == 0 {
		o.Inject(kvtest.AnswerLost)
	}
	return o.FaultyStore.Update(ctx, fn)
}

// TestWhatIsNotLinearizableIsFoundThoughNothingIsLost is the negative control: the check finds a store that reads what it has not confirmed,
// and one that tries again without looking.
func TestWhatIsNotLinearizableIsFoundThoughNothingIsLost(t *testing.T) {
	at := etcdtest.Start(t).At("control")
	one, two := openStore(t, at, etcd.Options{}), openStore(t, at, etcd.Options{})
	lossy := &oftenLost{FaultyStore: kvtest.Faulty(two)}
	for name, other := range map[string]registers{
		"reads without asking whether it still holds": &unconfirmed{stored: stored{two}},
		"tries again without looking":                 retrying{stored{lossy}},
	} {
		r := record(t.Context(), name, 4, stored{one}, other)
		r.goOn(t, 1000)
		if got := r.end(t); got != porcupine.Illegal {
			t.Errorf("a store that %s is found %s, want %s", name, got, porcupine.Illegal)
			continue
		}
		t.Logf("fault: control, a store that %s | %d operations | found not linearizable", name, len(r.history))
	}
	r := record(t.Context(), "honest", 4, stored{one}, stored{lossy}) // which says that it does not know
	r.goOn(t, 1000)
	r.wantLinear(t)
}
