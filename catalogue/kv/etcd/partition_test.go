package etcd_test

// Networks that are cut between members, and half an hour of all faults at once.

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
)

// tortureVariable asks for the long runs: 1 for half an hour, or how long.
const tortureVariable = "JOINTLY_TORTURE"

// indexOf is the number of a member.
func indexOf(cluster *etcdtest.Cluster, m *etcdtest.Member) int {
	for i := range cluster.Members {
		if cluster.Members[i] == m {
			return i
		}
	}
	return -1
}

// TestTheLeaderIsPartedFromItsFollowers: clients still reach both sides, then only that of the majority; then nobody has a
// majority. Nothing acknowledged is lost or there twice, and what was seen is linearizable.
func TestTheLeaderIsPartedFromItsFollowers(t *testing.T) {
	if !etcdtest.Inside(t) {
		return
	}
	cluster, net := etcdtest.StartApart(t)
	at := cluster.At("parted")
	one, two, three := openStore(t, at, etcd.Options{Folder: t.TempDir()}), openStore(t, at, etcd.Options{Folder: t.TempDir()}), openStore(t, at, etcd.Options{})
	waitMirror(t, one)
	waitMirror(t, two)
	w := startWriters(t, 2, one, two, three)
	r := record(t.Context(), "r", 2, stored{one}, stored{two}, stored{three})
	w.goOn(t, 30)

	for _, hidden := range []bool{false, true} {
		first, _ := leader(t, three.Client(), cluster)
		i := indexOf(cluster, first)
		var sides [3]int
		sides[i] = 1
		net.Part(sides)
		net.Hide(i, hidden)
		w.goOn(t, 60) // on the other side, with a new leader
		r.goOn(t, 60)
		net.Hide(i, false)
		net.Heal()
		w.goOn(t, 30)
	}
	net.Part([3]int{0, 1, 2})
	if err := three.View(limited(t), func(kv.Tx) error { return nil }); !errors.Is(err, kv.ErrUnavailable) {
		t.Errorf("without a majority a view ends with %v, want ErrUnavailable", err)
	}
	net.Heal()
	w.goOn(t, 60)
	r.goOn(t, 60)
	operations, unknown := r.wantLinear(t)
	w.wantAll(t, two)
	t.Logf("fault: network cut between leader and followers, and between all | 3 cuts | %d acknowledged writes, lost 0, duplicates 0; %d operations (%d of unknown outcome) linearizable; slowest write %v",
		w.count(), operations, unknown, w.slowest.Round(time.Millisecond))
}

// TestHalfAnHourOfFaultsLosesNothing kills, stops and parts members at random, for long.
func TestHalfAnHourOfFaultsLosesNothing(t *testing.T) {
	asked := os.Getenv(tortureVariable)
	if asked == "" {
		t.Skip("skipped: takes half an hour (make torture)")
	}
	long, err := time.ParseDuration(asked)
	if err != nil {
		long = 30 * time.Minute
	}
	if !etcdtest.Inside(t) {
		return
	}
	cluster, net := etcdtest.StartApart(t, "--auto-compaction-mode", "periodic", "--auto-compaction-retention", "5m")
	at := cluster.At("torture")
	one, two, three := openStore(t, at, etcd.Options{Folder: t.TempDir()}), openStore(t, at, etcd.Options{Folder: t.TempDir()}), openStore(t, at, etcd.Options{})
	w := startWriters(t, 2, one, two, three)
	count, operations, unknown := map[string]int{}, 0, 0
	for end := time.Now().Add(long); time.Now().Before(end) && !t.Failed(); {
		// Each round has registers of its own: a history of half an hour is more than can be checked.
		r := record(t.Context(), fmt.Sprint("round ", len(count), operations), 2, stored{one}, stored{two}, stored{three})
		for range 5 {
			what := oneFault(t, cluster, net, rand.N(3))
			count[what]++
			w.goOn(t, 20)
		}
		n, u := r.wantLinear(t)
		operations, unknown = operations+n, unknown+u
	}
	w.wantAll(t, three)
	t.Logf("fault: %v of faults in a cluster | %v | %d acknowledged writes, lost 0, duplicates 0; %d operations (%d of unknown outcome) linearizable; slowest write %v",
		long, count, w.count(), operations, unknown, w.slowest.Round(time.Millisecond))
}

// oneFault makes one member, or the network between them, fail for some seconds, and mends it.
func oneFault(t *testing.T, cluster *etcdtest.Cluster, net *etcdtest.Net, i int) (what string) {
	t.Helper()
	m := cluster.Members[i]
	lasts := time.Duration(rand.N(5000)) * time.Millisecond
	switch rand.N(6) {
	case 0, 1:
		m.Kill()
		<-time.After(lasts)
		must(t, m.Start())
		must(t, m.Ready(limited(t)))
		return "kill -9"
	case 2:
		must(t, m.Pause())
		<-time.After(lasts)
		must(t, m.Resume())
		return "SIGSTOP"
	case 3: // all at once
		for _, m := range cluster.Members {
			m.Kill()
		}
		for _, m := range cluster.Members {
			must(t, m.Start())
		}
		for _, m := range cluster.Members {
			must(t, m.Ready(limited(t)))
		}
		return "kill -9 of all"
	default:
		var sides [3]int
		sides[i] = 1
		hidden := rand.N(2) == 0
		net.Part(sides)
		net.Hide(i, hidden)
		<-time.After(lasts)
		net.Hide(i, false)
		net.Heal()
		return "partition"
	}
}
