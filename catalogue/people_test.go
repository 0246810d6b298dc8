package catalogue_test

import (
	"context"
	"testing"
	"time"

	"jointly/catalogue"
)

// TestPeopleAreForgotten once their accounts ended long ago, and not before.
func TestPeopleAreForgotten(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	operator := catalogue.Operator("test")
	gone := must[*catalogue.Account](t)(c.AddAccount(ctx, operator, catalogue.Account{Email: "gone@coventry.gov.uk", OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleLead}))
	must[*catalogue.Account](t)(c.AddAccount(ctx, operator, catalogue.Account{Email: "stays@coventry.gov.uk", OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleLead}))
	must[*catalogue.Account](t)(c.DisableAccount(ctx, operator, gone.Email))
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{365 * 24 * time.Hour, 2}, {366 * 24 * time.Hour, 1}} {
		k.move(step.after)
		if err := c.Expire(ctx); err != nil {
			t.Fatal(err)
		}
		if n := count(t, c, catalogue.KindAccount); n != step.want {
			t.Errorf("%d accounts %v on, want %d", n, step.after, step.want)
		}
	}
	is(t, "forgetting a person as somebody else", c.ForgetAccount(ctx, officer(coventry, catalogue.RoleAdmin), "stays@coventry.gov.uk"), catalogue.Forbidden)
	if err := c.ForgetAccount(ctx, operator, "Stays@coventry.gov.uk"); err != nil || count(t, c, catalogue.KindAccount) != 0 {
		t.Errorf("forgetting one who asked: %v", err)
	}
	whole(t, c)
}
