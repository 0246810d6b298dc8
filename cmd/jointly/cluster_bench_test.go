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
	uses := func(a *app, _ int) error {
		return a.catalogue.Each(b.Context(), catalogue.Operator("test"), catalogue.KindUse, func(catalogue.Item) error { return nil })
	}
	row("all uses of platforms scanned", 1, uses, one)
	row("all uses scanned by 16", 16, uses, one, two)
	row("1,000 changes of the feed read", 1, func(a *app, _ int) error {
		_, err := a.catalogue.Changes(b.Context(), 0, 1000)
		return err
	}, one)
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

	onFile, here, there := heard(b, file, file, list), heard(b, one, one, list), heard(b, two, one, list)
	for _, part := range []float64{.5, .99} {
		times := func(of []time.Duration) float64 { return float64(share(of, part)) / float64(share(onFile, part)) }
		fmt.Printf("from before an intention is listed until the feed's followers hear of it, p%.0f: file %v; cluster %v (%.1f times), at the other node %v (%.1f times)\n",
			100*part, share(onFile, part), share(here, part), times(here), share(there, part), times(there))
	}
	b.ReportMetric(0, "ns/op") // the table is what counts
}

// heard is how long it takes from before a write at one node until it is told of at another, sorted.
func heard(b *testing.B, at, node *app, write func(a *app, n int) error) (times []time.Duration) {
	b.Helper()
	for n := range 200 {
		changed, began := at.catalogue.Changed(), time.Now()
		if err := write(node, n); err != nil {
			b.Fatal(err)
		}
		select {
		case <-changed:
			times = append(times, time.Since(began))
		case <-time.After(time.Minute):
			b.Fatal("a write is not told of within a minute")
		}
	}
	slices.Sort(times)
	return times
}
