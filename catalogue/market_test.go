package catalogue_test

import (
	"context"
	"fmt"
	"testing"

	"jointly/catalogue"
)

// A market is counted from what every council may see, its values from what is public; with few councils nothing is said
// of its concentration.
func TestAMarketIsTheSameForEveryCouncil(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	var items []catalogue.Item
	for _, name := range []string{"Alpha", "Beta", "Gamma"} {
		items = append(items, &catalogue.Platform{Meta: catalogue.Meta{ID: name}, Name: name, Supplier: name + " Ltd", Capabilities: []string{"parking"}})
	}
	use := func(platform string, councils ...string) {
		for _, code := range councils {
			items = append(items, &catalogue.Use{Platform: platform, Council: code, Source: catalogue.Source{Text: "A notice", Date: catalogue.MustDate("2026-06")}})
		}
	}
	var codes []string
	for _, council := range c.Register().Councils()[:20] {
		codes = append(codes, council.GSS)
	}
	use("Alpha", codes[:6]...)
	use("Beta", codes[6:9]...)
	use("Gamma", codes[8])
	contract := func(council string, audience catalogue.Audience, value float64, end string) {
		items = append(items, &catalogue.Contract{Meta: catalogue.Meta{Ref: fmt.Sprint("K", len(items))}, Council: council, Title: "Parking", Capability: "parking", CapabilityConfirmed: true, Supplier: "Alpha Ltd",
			Product: "Alpha", Value: value, Start: catalogue.MustDate("2024-04-01"), End: catalogue.MustDate(end), Audience: audience, Source: catalogue.Source{Text: "Register"}})
	}
	contract(codes[0], catalogue.Public, 400_000, "2028-03-31")
	contract(codes[1], catalogue.Councils, 800_000, "2029-03-31")
	contract(codes[10], catalogue.Own, 900_000, "2027-03-31")
	contract(codes[2], catalogue.Public, 70_000, "2025-03-31") // over
	if _, err := c.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	for what, actor := range map[string]catalogue.Actor{"a supplier": {Account: "x", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "alpha"}, "anybody": catalogue.Anonymous()} {
		if _, err := c.Market(ctx, actor, "parking", 25); err == nil {
			t.Errorf("%s reads the market", what)
		}
	}
	own, other := officer(codes[10], catalogue.RoleLead), officer(codes[11], catalogue.RoleViewer)
	m := must[*catalogue.Market](t)(c.Market(ctx, other, "parking", 25))
	if mine := must[*catalogue.Market](t)(c.Market(ctx, own, "parking", 25)); fmt.Sprint(mine.Suppliers) != fmt.Sprint(m.Suppliers) || mine.Running != m.Running {
		t.Error("a council's own page counts what only it sees")
	}
	if m.Councils != 9 || len(m.Suppliers) != 3 || m.Running != 2 || len(m.Ends) != 2 || m.Ends[0].Contract.End != catalogue.MustDate("2028-03-31") || m.Ending != 1 {
		t.Errorf("%d councils, %d suppliers, %d run, ends %v, %d soon", m.Councils, len(m.Suppliers), m.Running, m.Ends, m.Ending)
	}
	largest := m.Suppliers[0]
	if largest.Name != "Alpha" || largest.Councils != 6 || largest.Share != 0.6 || largest.AYear < 99_000 || largest.AYear > 101_000 || largest.ValuePart != 1 || m.Stating != 1 {
		t.Errorf("the largest is %+v, %d state a value", largest, m.Stating)
	}
	if m.Seen.Enough() || m.FewHold() || m.Value.Enough() {
		t.Errorf("nine councils say of concentration %+v", m.Seen)
	}
	items = nil
	use("Alpha", codes[12])
	if _, err := c.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	// 7, 3 and 1 of 11: squares of 63.6%, 27.3% and 9.1%.
	m = must[*catalogue.Market](t)(c.Market(ctx, other, "parking", 25))
	if m.Seen.Behind != 10 || !m.Seen.Enough() || m.Seen.HHI != 4876 || m.Seen.Two < 0.909 || m.Seen.Two > 0.91 || !m.FewHold() {
		t.Errorf("ten councils say %+v", m.Seen)
	}
	if all := must[map[string]*catalogue.Market](t)(c.Markets(ctx, other)); len(all) != 1 || all["parking"].Seen != m.Seen || all["parking"].Running != m.Running {
		t.Errorf("beside each other they are %+v", all)
	}
}

func TestAMarketThatNobodyIsSeenInSaysNothing(t *testing.T) {
	c, _, _ := timed(t)
	m := must[*catalogue.Market](t)(c.Market(context.Background(), officer(birmingham, catalogue.RoleViewer), "parking", 25))
	if m.Councils != 0 || m.FewHold() || m.Seen.HHI != 0 {
		t.Errorf("an empty market is %+v", m)
	}
}
