package catalogue_test

import (
	"context"
	"testing"
	"time"

	"jointly/catalogue"
)

func TestBadgesCountWhatEverybodySees(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	imports(t, c, &catalogue.Platform{Meta: catalogue.Meta{ID: "rates"}, Name: "Rates", Supplier: "A supplier", Licence: "proprietary", Capabilities: []string{"revs-bens"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "own"}, Council: dudley, Title: "Kept back", Platform: "rates", Stage: catalogue.StageAwarded, Audience: catalogue.Own, Source: catalogue.Source{Text: "own"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "shared"}, Council: coventry, Title: "Shared", Platform: "rates", Stage: catalogue.StageAwarded, Audience: catalogue.Councils, Source: catalogue.Source{Text: "own"}})
	look := func(actor catalogue.Actor) *catalogue.PlatformView {
		return must[*catalogue.PlatformView](t)(c.PlatformView(ctx, actor, "rates"))
	}
	viewers := []catalogue.Actor{catalogue.Anonymous(), officer(dudley, catalogue.RoleLead), officer(coventry, catalogue.RoleViewer), catalogue.Operator("test")}
	for _, actor := range viewers {
		if n, level := look(actor).Reuse(); n != 0 || level != catalogue.ReuseUnseen {
			t.Errorf("%s counts %d councils, which only some may see", actor.Org, n)
		}
	}
	if len(look(officer(dudley, catalogue.RoleLead)).Uses) != 2 {
		t.Error("Dudley does not see its own contract")
	}
	must[*catalogue.Use](t)(c.RecordUse(ctx, officer(birmingham, catalogue.RoleContributor), "rates", catalogue.Date{}, ""))
	imports(t, c, &catalogue.Use{Platform: "rates", Council: coventry, Source: catalogue.Source{Text: "a notice"}})
	for _, actor := range viewers {
		v := look(actor)
		n, level := v.Reuse()
		r := v.Record(c.Today())
		if n != 2 || level != catalogue.ReuseSeveral || r.Confirmed != 1 || r.Councils != 2 || !r.Met[catalogue.PartConfirmed] || r.Points() != 3 {
			t.Errorf("%s: %d councils, %+v", actor.Org, n, r)
		}
	}
	k.move(366 * 24 * time.Hour)
	if r := look(catalogue.Anonymous()).Record(c.Today()); r.Confirmed != 0 || r.Met[catalogue.PartConfirmed] || r.Points() != 2 || r.Last.IsZero() {
		t.Errorf("a year later: %+v", r)
	}
}

func TestWaysToBuyAPlatformAndWhoWentThem(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	op := catalogue.Operator("test")
	covers, named, neither := framework("RM1"), framework("RM2"), framework("RM3")
	named.Capabilities, neither.Capabilities = []string{"gis"}, []string{"gis"}
	for _, f := range []catalogue.Framework{covers, named, neither} {
		must[*catalogue.Framework](t)(c.SaveFramework(ctx, op, f, ""))
	}
	contract := func(ref, route string, audience catalogue.Audience) *catalogue.Contract {
		return &catalogue.Contract{Meta: catalogue.Meta{Ref: ref}, Council: dudley, Title: "Rates " + ref, Platform: "rates", Route: route,
			Stage: catalogue.StageAwarded, Audience: audience, Source: catalogue.Source{Text: "own"}}
	}
	imports(t, c, &catalogue.Platform{Meta: catalogue.Meta{ID: "rates"}, Name: "Rates", Capabilities: []string{"revs-bens"}},
		contract("1", "RM2 direct award", catalogue.Public), contract("2", "RM3 direct award", catalogue.Own))
	ways := func(actor catalogue.Actor) (out []string) {
		for _, w := range must[*catalogue.PlatformView](t)(c.PlatformView(ctx, actor, "rates")).Ways {
			out = append(out, w.Framework.Reference)
		}
		return out
	}
	if got := ways(catalogue.Anonymous()); len(got) != 2 || got[0] != "RM2" || got[1] != "RM1" {
		t.Errorf("ways for everybody: %v", got)
	}
	if got := ways(officer(dudley, catalogue.RoleViewer)); len(got) != 3 {
		t.Errorf("ways for whoever keeps the contract back: %v", got)
	}
}

func TestSimilarPlatformsShareAPurpose(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	platform := func(id string, capabilities ...string) *catalogue.Platform {
		return &catalogue.Platform{Meta: catalogue.Meta{ID: id}, Name: id, Capabilities: capabilities}
	}
	imports(t, c, platform("mine", "revs-bens", "payments-income"), platform("same", "revs-bens"), platform("both", "payments-income", "revs-bens"),
		platform("part", "gis", "payments-income"), platform("none", "gis"))
	var got []string
	for _, s := range must[*catalogue.PlatformView](t)(c.PlatformView(ctx, catalogue.Anonymous(), "mine")).Similar {
		got = append(got, s.Platform.ID)
	}
	if len(got) != 3 || got[0] != "same" || got[1] != "both" || got[2] != "part" {
		t.Errorf("similar: %v", got)
	}
}
