package catalogue_test

import (
	"context"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
)

// BenchmarkEdition makes and reads an edition over the returns of every council for 30 services. 'make' is beside one pass
// over all returns, which it cannot do without; 'read' is what public pages do, beside the read of one edition that 12
// returns are behind: it reads no return.
func BenchmarkEdition(b *testing.B) {
	ctx := context.Background()
	operator := catalogue.Operator("test")
	few, _, _ := timed(b)
	counts(b, few, unitaries(few, 12), catalogue.Councils)
	must[*catalogue.Edition](b)(few.PublishEdition(ctx, operator))
	c, _, _ := timed(b)
	services := c.Register().Services()[:30]
	var items []catalogue.Item
	for i, council := range c.Register().Councils() {
		for _, service := range services {
			r := returned(council.GSS, int64(20+(i*7+service.LGSL)%70), catalogue.Councils)
			r.LGSL, r.ID = service.LGSL, catalogue.ReturnID(council.GSS, service.LGSL, r.Start)
			items = append(items, r)
		}
		if len(items) > 2000 {
			imports(b, c, items...)
			items = nil
		}
	}
	imports(b, c, items...)
	b.Run("make", func(b *testing.B) {
		var peer time.Duration
		for b.Loop() {
			began := time.Now()
			if err := c.Each(ctx, operator, catalogue.KindReturn, func(catalogue.Item) error { return nil }); err != nil {
				b.Fatal(err)
			}
			peer += time.Since(began)
			if _, err := c.PublishEdition(ctx, operator); err != nil && catalogue.KindOf(err) != catalogue.Conflict {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed()-peer)/float64(peer), "passes")
	})
	e := must[*catalogue.Edition](b)(c.LatestEdition(ctx, operator))
	if f, ok := e.Of(baseline.Round{LGSL: services[0].LGSL, Start: "2025-04-01"})[baseline.Digital]; !ok || f.N < 300 {
		b.Fatalf("%+v", f)
	}
	b.Run("read", func(b *testing.B) {
		var peer time.Duration
		for b.Loop() {
			began := time.Now()
			must[*catalogue.Edition](b)(few.LatestEdition(ctx, operator))
			peer += time.Since(began)
			must[*catalogue.Edition](b)(c.LatestEdition(ctx, operator))
		}
		b.ReportMetric(float64(b.Elapsed()-peer)/float64(peer), "small-editions")
		b.ReportMetric(float64(len(e.Figures)), "figures")
	})
}
