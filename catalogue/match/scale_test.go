//go:build unix

package match_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/match"
)

// scale is what was measured at one size.
type scale struct {
	needs           int
	fromNothing     time.Duration // by the clock
	worked          time.Duration // the same, of all cores together
	change, matches []time.Duration
	changeWork      time.Duration // of all cores together, for each change
	bytes           int           // held for each intention
	partners        int           // pairs that bear on groups, for each intention
	inGroups        int
	sampled         int // needs that were compared with all others
	reach, found    int // pairs that reach the threshold, and those of them that blocks lead to
	readStore       time.Duration
}

// BenchmarkScale measures the engine over 1,000, 10,000 and 100,000 intentions and prints a table: run it with
// `make scale`. Reading the store is measured apart, on the 10,000.
func BenchmarkScale(b *testing.B) {
	var all []scale
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 10_000 && testing.Short() {
				b.Skip("skipped with -short: it takes a minute")
			}
			all = append(all, measure(b, n))
		})
	}
	fmt.Print("\n", table(all))
}

// measure fills an engine with n intentions, changes some of them, and asks for the matches of some.
func measure(b *testing.B, n int) scale {
	w := newWorld(b)
	intentions := bigIntentions(b, w, n)
	e := newEngine(b, w)
	m := scale{needs: n}
	if n == 10_000 {
		m.readStore = readStore(b, w, intentions)
	}
	before := heap()
	var model *match.Model
	for b.Loop() {
		began, worked := time.Now(), work()
		var err error
		model, err = e.Build(b.Context(), slices.Clone(intentions))
		must(b, err)
		m.fromNothing, m.worked = time.Since(began), work()-worked
	}
	m.bytes = (heap() - before) / n
	edges, _, _, _ := model.Sizes()
	m.partners = edges / n
	for _, g := range e.Hold(model) {
		m.inGroups += len(g.Refs)
	}
	m.recall(e, intentions)
	worked := work()
	for i := range 400 {
		in := *intentions[i*7919%n]
		in.Description += " And what goes with it."
		in.Budget.Max *= 1.1
		began := time.Now()
		must(b, e.Apply(b.Context(), &in))
		e.Groups()
		m.change = append(m.change, time.Since(began))
	}
	m.changeWork = (work() - worked) / 400
	for i := range 400 {
		in := *intentions[i*104_729%n]
		began := time.Now()
		_, err := e.Draft(b.Context(), in)
		must(b, err)
		m.matches = append(m.matches, time.Since(began))
	}
	slices.Sort(m.change)
	slices.Sort(m.matches)
	b.ReportMetric(m.fromNothing.Seconds(), "s/from-nothing")
	b.ReportMetric(float64(at(m.change, .99).Microseconds()), "µs/change-p99")
	return m
}

// bigIntentions are needs as the catalogue would hold them.
func bigIntentions(b *testing.B, w *world, n int) []*catalogue.Intention {
	councils := w.Register().Councils()
	out := make([]*catalogue.Intention, n)
	for i, need := range bigNeeds(b, n, func(i int) string { return councils[i].GSS }) {
		in := w.DraftIntention(asIntention(need))
		in.ID, in.Visibility, in.Fields = in.Ref, catalogue.Councils, catalogue.DefaultIntentionAudiences()
		out[i] = &in
	}
	return out
}

// readStore is how long it takes to read intentions from disk and decode them.
func readStore(b *testing.B, w *world, intentions []*catalogue.Intention) time.Duration {
	items := make([]catalogue.Item, len(intentions))
	for i, in := range intentions {
		stored := *in
		items[i] = &stored
	}
	w.load(b, items...)
	began := time.Now()
	n := 0
	must(b, w.Each(b.Context(), catalogue.Operator("test"), catalogue.KindIntention, func(catalogue.Item) error { n++; return nil }))
	if n != len(intentions) {
		b.Fatalf("read %d intentions, want %d", n, len(intentions))
	}
	return time.Since(began)
}

// recall compares a sample of needs with all others.
func (m *scale) recall(e *match.Engine, intentions []*catalogue.Intention) {
	const most = 4_000_000 // comparisons
	m.sampled = min(len(intentions), most/len(intentions))
	step := len(intentions) / m.sampled
	for i := range m.sampled {
		reach, found := e.Recall(intentions[i*step].ID)
		m.reach, m.found = m.reach+reach, m.found+found
	}
}

// work is the time that this process has worked, on all cores together: what a busy machine does not stretch.
func work() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heap() int {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int(s.HeapAlloc)
}

func at(sorted []time.Duration, part float64) time.Duration {
	return sorted[int(part*float64(len(sorted)-1))]
}

func table(all []scale) string {
	out := "             from nothing       each change, with its groups   matches of one   memory  pairs  in      recall of the blocks\n" +
		"intentions   clock     work     work    p50    p99 ms          p50    p99 ms    each    each   groups  (needs compared with all)\n"
	for _, m := range all {
		out += fmt.Sprintf("%10d %6.2f s %6.2f s %7.2f %6.2f %6.2f        %7.2f %6.2f    %6.1f KB %5d  %4.0f%%   %.4f (%d)\n", m.needs, m.fromNothing.Seconds(), m.worked.Seconds(),
			ms(m.changeWork), ms(at(m.change, .5)), ms(at(m.change, .99)), ms(at(m.matches, .5)), ms(at(m.matches, .99)), float64(m.bytes)/1024, m.partners,
			100*float64(m.inGroups)/float64(m.needs), float64(m.found)/float64(max(m.reach, 1)), m.sampled)
	}
	for _, m := range all {
		if m.readStore > 0 {
			out += fmt.Sprintf("Reading %d from the store takes %.2f s more.\n", m.needs, m.readStore.Seconds())
		}
	}
	if len(all) > 2 {
		first, last := all[0], all[len(all)-1]
		power := func(a, b time.Duration) float64 {
			return math.Log(float64(b)/float64(a)) / math.Log(float64(last.needs)/float64(first.needs))
		}
		out += fmt.Sprintf("From %d to %d the time from nothing grows with the power %.2f by the clock, %.2f in work; %d cores.\n", first.needs, last.needs,
			power(first.fromNothing, last.fromNothing), power(first.worked, last.worked), runtime.GOMAXPROCS(0))
	}
	return out
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
