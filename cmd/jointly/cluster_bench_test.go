package main

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv/etcd/etcdtest"
)

// BenchmarkClusterRatios prints one table: the whole catalogue on a file and on a cluster whose three members share this
// machine, in turns in one run. It measures each row in a fixed time, so b.N does not matter.
func BenchmarkClusterRatios(b *testing.B) {
	at := etcdtest.Start(b).At("bench").String()
	secret := written(b, "secret", "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e")
	open := func(store string) *app {
		a, err := opened(b.Context(), Globals{Data: b.TempDir(), Store: store, Secret: secret}, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = a.close() })
		return a
	}
	file, one, two := open(""), open(at), open(at)
	for _, a := range []*app{file, one} {
		if _, err := a.importFacts(b.Context(), false, nil); err != nil {
			b.Fatal(err)
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\n\tfile\tcluster\tcluster/file\t")
	row := func(name string, workers int, fn func(a *app, n int) error, nodes ...*app) {
		onFile := rate(b, workers, func(_, n int) error { return fn(file, n) })
		onCluster := rate(b, workers, func(w, n int) error { return fn(nodes[w%len(nodes)], n) })
		fmt.Fprintf(table, "%s\t%.0f/s\t%.0f/s\t%.2f\t\n", name, onFile, onCluster, onCluster/onFile)
	}
	view := func(a *app, _ int) error {
		_, err := a.catalogue.CouncilView(b.Context(), catalogue.AnyCouncil(), "E08000025")
		return err
	}
	row("a council looked at alone", 1, view, one)
	row("a council looked at by 16", 16, view, one, two)
	actor := catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: "E08000025", Via: "bench"}
	list := func(a *app, n int) error {
		_, err := a.catalogue.SaveIntention(b.Context(), actor, catalogue.Intention{Title: fmt.Sprint("Revenues system ", n),
			WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")})
		return err
	}
	row("intentions listed alone", 1, list, one)
	row("intentions listed by 64", 64, list, one)
	row("intentions listed by 64 at two nodes", 64, list, one, two)
	if err := table.Flush(); err != nil {
		b.Fatal(err)
	}

	var heard []time.Duration // from before a write here until it is told of there
	for n := range 200 {
		changed, began := two.catalogue.Changed(), time.Now()
		if err := list(one, n); err != nil {
			b.Fatal(err)
		}
		<-changed
		heard = append(heard, time.Since(began))
	}
	slices.Sort(heard)
	fmt.Printf("a write is told of at the other node, commit included: p50 %v, p99 %v\n", share(heard, .5), share(heard, .99))
	b.ReportMetric(0, "ns/op") // the table is what counts
}
