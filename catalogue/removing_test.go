package catalogue_test

import (
	"context"
	"testing"

	"jointly/catalogue"
)

func TestAContractEnteredByMistakeGoes(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	actor := officer(birmingham, catalogue.RoleContributor)
	entered := func(title string) *catalogue.Contract {
		return must[*catalogue.Contract](t)(c.SaveContract(ctx, actor, catalogue.Contract{Title: title, End: catalogue.MustDate("2029-03-31")}))
	}
	mistake := entered("Twice")
	is(t, "somebody saved meanwhile", c.RemoveContract(ctx, actor, mistake.ID, mistake.Version-1), catalogue.Conflict)
	if err := c.RemoveContract(ctx, actor, mistake.ID, mistake.Version); err != nil {
		t.Fatal(err)
	}
	_, err := c.Contract(ctx, actor, mistake.ID)
	is(t, "what was taken away", err, catalogue.NotFound)
	is(t, "taken away again", c.RemoveContract(ctx, actor, mistake.ID, mistake.Version), catalogue.NotFound)
	trail := must[[]catalogue.Event](t)(c.Trail(ctx, officer(birmingham, catalogue.RoleLead), 1))
	if len(trail) != 1 || trail[0].Action != catalogue.RecordContract || trail[0].Account != actor.Account || trail[0].Record.ID != mistake.ID || trail[0].To != 0 {
		t.Errorf("the trail says %+v", trail)
	}

	used := entered("Parking")
	in := intention(birmingham, "Parking permits")
	in.FromContract = used.ID
	in = *listed(t, c, in)
	is(t, "an intention was made of it", c.RemoveContract(ctx, actor, used.ID, used.Version), catalogue.Invalid)
	must[*catalogue.Intention](t)(c.WithdrawIntention(ctx, officer(birmingham, catalogue.RoleLead), in.ID, "no money"))
	is(t, "history stays", c.RemoveContract(ctx, actor, used.ID, used.Version), catalogue.Invalid)

	for kind, want := range map[string]catalogue.ErrorKind{"award": catalogue.Invalid, catalogue.SourceRegister: catalogue.Internal} {
		k := &catalogue.Contract{Meta: catalogue.Meta{ID: catalogue.NewID(), Ref: "ref " + kind}, Council: birmingham, Title: "Payroll", Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: catalogue.Source{Text: "x", Kind: kind}}
		imports(t, c, k)
		k = must[*catalogue.Contract](t)(c.Contract(ctx, actor, k.ID))
		if err := c.RemoveContract(ctx, actor, k.ID, k.Version); (err == nil) != (want == catalogue.Internal) {
			t.Errorf("a contract from %s: %v", kind, err)
		}
	}
	whole(t, c)
}
