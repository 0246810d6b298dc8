package catalogue_test

import (
	"context"
	"fmt"
	"testing"

	"jointly/catalogue"
)

// BenchmarkViews reads the pages that list most: a platform that 300 councils run, a council whose whole register of
// 2,000 contracts is there, one in ten of them for a need of the taxonomy, as are those of its neighbours, and one of its contracts.
func BenchmarkViews(b *testing.B) {
	ctx := context.Background()
	c := opened(b)
	imported := func(items []catalogue.Item) {
		b.Helper()
		done := must[catalogue.Imported](b)(c.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{}))
		if len(done.Errors) > 0 {
			b.Fatal(done.Errors[0])
		}
	}
	var items []catalogue.Item
	for i := range 8 {
		items = append(items, &catalogue.Platform{Name: fmt.Sprintf("Revenues platform %d", i), Supplier: "Northgate", Capabilities: []string{"revs-bens"}})
	}
	councils := c.Register().Councils()
	for i := range 300 {
		items = append(items, &catalogue.Use{Platform: "revenues-platform-0", Council: councils[i].GSS, Source: catalogue.Source{Text: "register"}},
			&catalogue.Use{Platform: fmt.Sprintf("revenues-platform-%d", 1+i%7), Council: councils[i].GSS, Source: catalogue.Source{Text: "register"}})
	}
	imported(items)
	home, ok := c.Register().Council(birmingham)
	if !ok || len(home.Neighbours) == 0 {
		b.Fatal("the council has no neighbours in the register")
	}
	items = nil
	capabilities := c.Dictionary().Capabilities()
	for _, code := range append([]string{birmingham}, home.Neighbours...) {
		for i := range 2000 {
			k := &catalogue.Contract{Meta: catalogue.Meta{Ref: fmt.Sprint("K", i)}, Council: code, Title: fmt.Sprintf("Contract %d", i),
				Supplier: fmt.Sprintf("Supplier %d Ltd", i%50), End: catalogue.MustDate("2027-03-31").AddMonths(i % 48), Source: catalogue.Source{Text: "register"}}
			if i%10 == 0 {
				k.Capability = capabilities[i/10%len(capabilities)].ID
			}
			items = append(items, k)
		}
	}
	imported(items)
	actor := officer(birmingham, catalogue.RoleLead)
	one := must[*catalogue.CouncilView](b)(c.CouncilView(ctx, actor, birmingham)).Contracts[0].Contract.ID
	b.Run("platform", func(b *testing.B) {
		for b.Loop() {
			if v := must[*catalogue.PlatformView](b)(c.PlatformView(ctx, actor, "revenues-platform-0")); len(v.Uses) != 300 {
				b.Fatalf("%d uses", len(v.Uses))
			}
		}
	})
	b.Run("council", func(b *testing.B) {
		for b.Loop() {
			if v := must[*catalogue.CouncilView](b)(c.CouncilView(ctx, actor, birmingham)); len(v.Contracts) != 2000 {
				b.Fatalf("%d contracts", len(v.Contracts))
			}
		}
	})
	b.Run("contract", func(b *testing.B) {
		for b.Loop() {
			if v := must[*catalogue.ContractView](b)(c.ContractView(ctx, actor, one)); len(v.Others) == 0 {
				b.Fatal("no contract for the same need")
			}
		}
	})
}
