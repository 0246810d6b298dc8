package catalogue_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"jointly/catalogue"
)

// What a council says of a match is for that council and the operator, whoever looks for it.
func TestVerdictIsForItsCouncil(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	mine, theirs := listed(t, c, intention(birmingham, "Revenues system")), listed(t, c, intention(coventry, "Council tax system"))
	said := catalogue.VerdictSaid{Intention: mine.ID, Other: theirs.ID, Reason: "canary-reason", Points: 3, Weights: "w"}
	v := must[*catalogue.Verdict](t)(c.SayOfMatch(ctx, officer(birmingham, catalogue.RoleContributor), said))
	if again := must[*catalogue.Verdict](t)(c.SayOfMatch(ctx, officer(birmingham, catalogue.RoleContributor), said)); again.Version != v.Version {
		t.Errorf("the same form sent again made version %d of %d", again.Version, v.Version)
	}
	supplier := catalogue.Actor{Account: "s", Role: catalogue.RoleLead, OrgKind: catalogue.OrgSupplier, Org: birmingham}
	for _, test := range []struct {
		who   string
		actor catalogue.Actor
		sees  bool
	}{
		{"its own viewer", officer(birmingham, catalogue.RoleViewer), true},
		{"the operator", catalogue.Operator("test"), true},
		{"the other council", officer(coventry, catalogue.RoleAdmin), false},
		{"a council", catalogue.AnyCouncil(), false},
		{"a supplier", supplier, false},
		{"nobody", catalogue.Anonymous(), false},
	} {
		var all []any
		all = append(all, must[[]*catalogue.Verdict](t)(c.Verdicts(ctx, test.actor, theirs.ID)), must[[]catalogue.Item](t)(c.Load(ctx, test.actor, []catalogue.Key{v.Key()})))
		if err := c.Each(ctx, test.actor, catalogue.KindVerdict, func(item catalogue.Item) error { all = append(all, item); return nil }); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(text), "canary-reason"); got != map[bool]int{true: 3}[test.sees] {
			t.Errorf("%s reads it %d times: %s", test.who, got, text)
		}
	}
	for who, actor := range map[string]catalogue.Actor{"a viewer": officer(birmingham, catalogue.RoleViewer), "another council": officer(dudley, catalogue.RoleLead),
		"the operator": catalogue.Operator("test"), "a supplier": supplier} {
		_, err := c.SayOfMatch(ctx, actor, said)
		if kind := catalogue.KindOf(err); kind != catalogue.Forbidden && kind != catalogue.NotFound {
			t.Errorf("%s says so too: %v", who, err)
		}
	}
	is(t, "saying that two of its own are the same", func() error {
		own := listed(t, c, intention(birmingham, "Another"))
		_, err := c.SayOfMatch(ctx, officer(birmingham, catalogue.RoleLead), catalogue.VerdictSaid{Intention: mine.ID, Other: own.ID})
		return err
	}(), catalogue.Conflict)
	for range 2 {
		if err := c.TakeBackVerdict(ctx, officer(birmingham, catalogue.RoleContributor), theirs.ID, mine.ID); err != nil {
			t.Error(err)
		}
	}
	if n := count(t, c, catalogue.KindVerdict); n != 0 {
		t.Errorf("%d verdicts are left", n)
	}
	whole(t, c)
}
