package catalogue_test

import (
	"context"
	"testing"

	"jointly/catalogue"
)

func TestAPrivateContractMakesNoPublicSupplier(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	k := &catalogue.Contract{Meta: catalogue.Meta{Ref: "K1"}, Council: birmingham, Title: "Telephony", Supplier: "Canary Telecom Ltd",
		Audience: catalogue.Own, Source: catalogue.Source{Text: "register"}}
	must[catalogue.Imported](t)(c.Import(ctx, catalogue.Operator("test"), []catalogue.Item{k}, catalogue.ImportOptions{}))
	suppliers := 0
	count := func(catalogue.Item) error { suppliers++; return nil }
	if err := c.Each(ctx, catalogue.Anonymous(), catalogue.KindSupplier, count); err != nil {
		t.Fatal(err)
	}
	if suppliers != 0 {
		t.Error("the supplier of a contract that only its council may see is public")
	}
	k.Meta, k.Audience = catalogue.Meta{Ref: "K1"}, catalogue.Public
	must[catalogue.Imported](t)(c.Import(ctx, catalogue.Operator("test"), []catalogue.Item{k}, catalogue.ImportOptions{}))
	if err := c.Each(ctx, catalogue.Anonymous(), catalogue.KindSupplier, count); err != nil {
		t.Fatal(err)
	}
	if suppliers != 1 {
		t.Errorf("once the contract is public, %d suppliers are, want 1", suppliers)
	}
}
