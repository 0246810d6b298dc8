package catalogue_test

import (
	"context"
	"testing"

	"jointly/catalogue"
)

func TestAnAdministratorManagesItsOwnPeopleAlone(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	add := func(actor catalogue.Actor, a catalogue.Account) (*catalogue.Account, error) {
		return c.AddAccount(ctx, actor, a)
	}
	operator, admin := catalogue.Operator("test"), officer(birmingham, catalogue.RoleAdmin)
	council := func(email, code string, role catalogue.Role) catalogue.Account {
		return catalogue.Account{Email: email, OrgKind: catalogue.OrgCouncil, Org: code, Role: role}
	}
	mine := must[*catalogue.Account](t)(add(admin, council("a@birmingham.gov.uk", birmingham, catalogue.RoleViewer)))
	theirs := must[*catalogue.Account](t)(add(operator, council("b@coventry.gov.uk", coventry, catalogue.RoleAdmin)))
	seller := must[*catalogue.Account](t)(add(operator, catalogue.Account{Email: "s@northgate.example", OrgKind: catalogue.OrgSupplier, Org: "Northgate", Role: catalogue.RoleAdmin}))
	runs := must[*catalogue.Account](t)(add(operator, catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator}))

	if again := must[*catalogue.Account](t)(add(admin, council("A@Birmingham.gov.uk ", birmingham, catalogue.RoleLead))); again.ID != mine.ID || again.Role != catalogue.RoleLead {
		t.Errorf("a changed role made %+v of %+v", again, mine)
	}
	for _, test := range []struct {
		what  string
		actor catalogue.Actor
		a     catalogue.Account
		want  catalogue.ErrorKind
	}{
		{"making an operator", admin, council("x@birmingham.gov.uk", birmingham, catalogue.RoleOperator), catalogue.Forbidden},
		{"making an operator of the service", admin, catalogue.Account{Email: "x@birmingham.gov.uk", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator}, catalogue.Forbidden},
		{"making somebody of another council", admin, council("x@birmingham.gov.uk", coventry, catalogue.RoleViewer), catalogue.Forbidden},
		{"making somebody of a supplier", admin, catalogue.Account{Email: "x@birmingham.gov.uk", OrgKind: catalogue.OrgSupplier, Org: "Northgate", Role: catalogue.RoleViewer}, catalogue.Forbidden},
		{"taking over another council's person", admin, council(theirs.Email, birmingham, catalogue.RoleViewer), catalogue.NotFound},
		{"taking over a supplier's person", admin, council(seller.Email, birmingham, catalogue.RoleViewer), catalogue.NotFound},
		{"taking over the operator", admin, council(runs.Email, birmingham, catalogue.RoleViewer), catalogue.NotFound},
		{"a supplier taking over a council's person", seller.Actor("test"), catalogue.Account{Email: mine.Email, OrgKind: catalogue.OrgSupplier, Org: seller.Org, Role: catalogue.RoleViewer}, catalogue.NotFound},
		{"a supplier making a persona", seller.Actor("test"), catalogue.Account{Email: "p@northgate.example", OrgKind: catalogue.OrgSupplier, Org: seller.Org, Role: catalogue.RoleViewer, Demonstration: true}, -1},
		{"an operator within a council", operator, council("x@birmingham.gov.uk", birmingham, catalogue.RoleOperator), catalogue.Invalid},
		{"somebody of no council", operator, council("x@birmingham.gov.uk", "E00000000", catalogue.RoleViewer), catalogue.Invalid},
		{"two addresses in one", operator, council("x@evil.example@birmingham.gov.uk", birmingham, catalogue.RoleViewer), catalogue.Invalid},
		{"a header in an address", operator, council("x@birmingham.gov.uk\r\nbcc: y@evil.example", birmingham, catalogue.RoleViewer), catalogue.Invalid},
	} {
		got, err := add(test.actor, test.a)
		if test.want < 0 {
			if err != nil || got.Demonstration {
				t.Errorf("%s: %+v, %v; want an ordinary account", test.what, got, err)
			}
			continue
		}
		is(t, test.what, err, test.want)
	}
	if personas := must[[]*catalogue.Account](t)(c.Personas(ctx)); len(personas) != 0 {
		t.Errorf("personas that sign in without a code: %+v", personas)
	}
	_, err := c.DisableAccount(ctx, admin, theirs.Email)
	is(t, "disabling another council's person", err, catalogue.NotFound)
	_, err = c.DisableAccount(ctx, admin, "nobody@coventry.gov.uk")
	is(t, "disabling nobody", err, catalogue.NotFound)

	for _, test := range []struct {
		who  catalogue.Actor
		whom *catalogue.Account
		sees bool
	}{
		{admin, mine, true}, {mine.Actor("test"), mine, true}, {operator, mine, true},
		{officer(birmingham, catalogue.RoleLead), mine, false}, {officer(coventry, catalogue.RoleAdmin), mine, false},
		{admin, theirs, false}, {catalogue.Anonymous(), mine, false}, {catalogue.AnyCouncil(), mine, false},
	} {
		if _, err := c.Account(ctx, test.who, test.whom.ID); (err == nil) != test.sees {
			t.Errorf("%s of %s reads %s: %v, want %v", test.who.Role, test.who.Org, test.whom.Email, err, test.sees)
		}
	}
	whole(t, c)
}

func TestASupplierIsOneUnderItsNameAndItsID(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	account := func(email, org string) *catalogue.Account {
		return must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: email,
			OrgKind: catalogue.OrgSupplier, Org: org, Role: catalogue.RoleContributor}))
	}
	first := account("a@quillbrook.example", "Quillbrook Systems")
	if again := account("b@quillbrook.example", first.Org); again.Org != first.Org {
		t.Errorf("the supplier %q by its ID is %q", first.Org, again.Org)
	}
	if s := must[*catalogue.Supplier](t)(c.Supplier(ctx, catalogue.Anonymous(), first.Org)); s.Name != "Quillbrook Systems" {
		t.Errorf("the supplier is called %q", s.Name)
	}
	if n := count(t, c, catalogue.KindSupplier); n != 1 {
		t.Errorf("%d suppliers, want 1", n)
	}
}
