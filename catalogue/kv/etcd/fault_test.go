package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
	"jointly/catalogue/kv/kvtest"
)

// TestMembersFail: two processes write while members are killed, stopped and started again.
func TestMembersFail(t *testing.T) {
	cluster := etcdtest.Start(t)
	one := openStore(t, cluster.At("faults"), etcd.Options{Folder: t.TempDir()})
	two := openStore(t, cluster.At("faults"), etcd.Options{})
	start := func(members ...*etcdtest.Member) {
		for _, m := range members {
			must(t, m.Start())
		}
		for _, m := range members {
			must(t, m.Ready(limited(t)))
		}
	}
	w := startWriters(t, 6, one, two)
	w.goOn(t, 200)

	first, _ := leader(t, one.Client(), cluster)
	first.Kill() // the leader, amid commits
	w.goOn(t, 200)
	start(first)
	w.goOn(t, 50)

	_, other := leader(t, one.Client(), cluster)
	other.Kill()
	w.goOn(t, 100)
	start(other)

	first, _ = leader(t, one.Client(), cluster)
	must(t, first.Pause()) // it hangs, and still believes that it leads when it goes on
	w.goOn(t, 100)
	must(t, first.Resume())
	w.goOn(t, 50)

	for _, m := range cluster.Members {
		m.Kill()
	}
	start(cluster.Members...)
	w.goOn(t, 100)
	w.wantAll(t, two)
	if a, b := entries(t, one), entries(t, two); len(a) != len(b) {
		t.Errorf("one process sees %d entries, the other %d", len(a), len(b))
	}
	t.Logf("fault: members killed and stopped: the leader, a follower, all | 2 processes, 12 writers | %d acknowledged writes, lost 0, duplicates 0; slowest %v", len(w.acked), w.slowest.Round(time.Millisecond))
}

// losing loses answers of one commit in three, before or after it has taken effect.
func losing(lost *atomic.Int64) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		if !strings.HasSuffix(method, "/Txn") || rand.N(3) > 0 {
			return invoke(ctx, method, req, reply, cc, opts...)
		}
		lost.Add(1)
		if rand.N(3) > 0 {
			_ = invoke(ctx, method, req, reply, cc, opts...)
		}
		return errLost()
	}
}

func errLost() error {
	return status.Error(codes.Unavailable, "the answer is lost, as the test wants it")
}

func TestLostAnswersAreFoundOut(t *testing.T) {
	cluster := etcdtest.Start(t)
	var lost atomic.Int64
	mirrored := etcd.Intercepted(losing(&lost))
	mirrored.Folder = t.TempDir()
	one := openStore(t, cluster.At("lost"), mirrored)
	waitMirror(t, one)
	two := openStore(t, cluster.At("lost"), etcd.Intercepted(losing(&lost)))
	w := startWriters(t, 8, one, two)
	w.goOn(t, 300)
	w.wantAll(t, one)
	if len(w.uncertain) > 0 {
		t.Errorf("%d commits were not found out", len(w.uncertain))
	}
	if lost.Load() < 10 {
		t.Errorf("only %d answers were lost", lost.Load())
	}
	t.Logf("fault: answers of commits lost | %d answers | %d acknowledged writes, lost 0, duplicates 0, none left unknown", lost.Load(), len(w.acked))
}

// TestNaiveRetryIsSeen is the negative control: who tries again without looking writes twice, and the check says so.
func TestNaiveRetryIsSeen(t *testing.T) {
	store := openStore(t, etcdtest.Start(t).At("naive"), etcd.Options{})
	faulty := kvtest.Faulty(store)
	var acked []string
	for i := range 30 {
		if i%3 == 0 {
			faulty.Inject(kvtest.AnswerLost)
		}
		entry := fmt.Sprint("entry ", i)
		for add(limited(t), faulty, entry) != nil { // naive
			continue
		}
		acked = append(acked, entry)
	}
	lost, twice, _ := compared(entries(t, store), acked, nil)
	if lost != 0 || twice != 10 {
		t.Errorf("lost %d, duplicates %d, want 0 and 10", lost, twice)
	}
	t.Logf("fault: control, a client that tries again without looking | 10 answers lost | duplicates %d", twice)
}

// TestUncertain: where no answer comes at all, Update says so, and what it wrote is there once or not at all.
func TestUncertain(t *testing.T) {
	cluster := etcdtest.Start(t)
	var cut atomic.Bool
	store := openStore(t, cluster.At("uncertain"), etcd.Intercepted(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		err := invoke(ctx, method, req, reply, cc, opts...)
		if cut.Load() {
			return errLost()
		}
		return err
	}).Within(300*time.Millisecond))
	must(t, add(limited(t), store, "before"))
	cut.Store(true)
	if err := add(limited(t), store, "cut off"); !errors.Is(err, kv.ErrUncertain) {
		t.Errorf("got %v, want ErrUncertain", err)
	}
	cut.Store(false)
	must(t, add(limited(t), store, "after"))
	if got := entries(t, store); got["before"] != 1 || got["cut off"] != 1 || got["after"] != 1 {
		t.Errorf("holds %v", got)
	}
}

// TestNobodyAnswers: with all members gone nothing is written, and that is certain where none could be reached.
func TestNobodyAnswers(t *testing.T) {
	cluster := etcdtest.Start(t)
	store := openStore(t, cluster.At("gone"), etcd.Options{Folder: t.TempDir()}.Within(2*time.Second))
	must(t, add(limited(t), store, "before"))
	for _, m := range cluster.Members {
		m.Kill()
	}
	_ = add(limited(t), store, "while the connections break off")
	if err := add(limited(t), store, "gone"); !errors.Is(err, kv.ErrUnavailable) || errors.Is(err, kv.ErrUncertain) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	for range 2 {
		// No context of the caller has run out: whoever reads this has to take it for what it is.
		if err := store.View(limited(t), func(kv.Tx) error { return nil }); !errors.Is(err, kv.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a view: %v", err)
		}
	}
	began := time.Now()
	_ = store.View(limited(t), func(kv.Tx) error { return nil })
	took := time.Since(began)
	if took > 4*time.Second {
		t.Errorf("when nobody answers a view takes %v to say so", took)
	}
	for _, m := range cluster.Members {
		must(t, m.Start())
	}
	for _, m := range cluster.Members {
		must(t, m.Ready(limited(t)))
	}
	ctx := limited(t)
	err := add(ctx, store, "after")
	for ; errors.Is(err, kv.ErrUnavailable) && !errors.Is(err, kv.ErrUncertain); err = add(ctx, store, "after") {
		wait(ctx) // until it has found the members again
	}
	must(t, err)
	if got := entries(t, store); got["before"] != 1 || got["gone"] != 0 || got["after"] != 1 {
		t.Errorf("holds %v", got)
	}
	t.Logf("fault: all members gone | told within %v | nothing written, goes on without a restart", took.Round(time.Millisecond))
}
