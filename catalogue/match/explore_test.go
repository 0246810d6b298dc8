package match_test

import (
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/match"
)

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestExplore(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	if n == 0 {
		t.Skip()
	}
	w := newWorld(t)
	councils := w.Register().Councils()
	needs := bigNeeds(t, n, func(i int) string { return councils[i].GSS })
	var ins []*catalogue.Intention
	for _, need := range needs {
		in := w.DraftIntention(asIntention(need))
		in.ID, in.Visibility = in.Ref, catalogue.Councils
		in.Fields = catalogue.DefaultIntentionAudiences()
		ins = append(ins, &in)
	}
	s := scorer(t)
	e, _ := match.NewEngine(w.Catalogue)
	f2, _ := os.Create("/tmp/w/build.out")
	pprof.StartCPUProfile(f2)
	began, c0 := time.Now(), cpu()
	day := date("2026-11-23")
	m, err := e.Build(t.Context(), ins)
	must(t, err)
	fmt.Println("model", time.Since(began), "cpu", cpu()-c0)
	pprof.StopCPUProfile()
	fmt.Print("edges, crowded, cells, largest ")
	fmt.Println(m.Sizes())
	groups := m.Regroup(day)
	in, sum := 0, 0.0
	for _, g := range groups {
		in += len(g.Refs)
		sum += (g.Points - s.Threshold()) * float64(len(g.Refs)*(len(g.Refs)-1)) / 2
	}
	fmt.Println("groups", len(groups), "needs in them", in, "sum", sum)
	f, _ := os.Create("/tmp/w/change.out")
	pprof.StartCPUProfile(f)
	defer pprof.StopCPUProfile()
	var took []time.Duration
	c0 = cpu()
	for k := range 400 {
		i := k * 7919 % n
		need := needs[i]
		need.Order = need.Council + "/" + need.Ref
		need.Description += " And more."
		need.BudgetMax *= 1.1
		began = time.Now()
		p := s.Profile(need)
		m.Put(p)
		m.Regroup(day)
		took = append(took, time.Since(began))
	}
	fmt.Println("cpu each", (cpu()-c0)/400)
	slices.Sort(took)
	fmt.Println("change p50", took[len(took)/2], "p90", took[len(took)*9/10], "p99", took[len(took)*99/100], "max", took[len(took)-1])
}
