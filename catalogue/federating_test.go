package catalogue_test

import (
	"errors"
	"testing"
	"time"

	"jointly/catalogue"
)

const tenantOne, tenantTwo = "11111111-2222-3333-4444-555555555555", "22222222-2222-3333-4444-555555555555"

// tenanted is a council's own sign-in, with those whose people are let in.
func (d door) tenanted(council string, tenants ...string) *catalogue.Provider {
	d.t.Helper()
	return must[*catalogue.Provider](d.t)(d.c.SetProvider(d.t.Context(), catalogue.Operator("test"), catalogue.ProviderChange{
		Council: council, Issuer: "https://login.example/one/v2.0", ClientID: "jointly", Secret: "a secret", Tenants: tenants}))
}

// federates signs in a person who comes by a council's own sign-in, with the code by e-mail where it is not known yet, and
// returns the session.
func (d door) federates(p *catalogue.Provider, said catalogue.Said) (string, error) {
	d.t.Helper()
	const browser = "fresh.stays"
	anonymous := must[string](d.t)(catalogue.SessionName())
	d.mailed(said.Email)
	in, err := d.c.FinishFederation(d.t.Context(), catalogue.Federation{Provider: p.ID, Purpose: catalogue.FederateIn}, said, anonymous, browser, "192.0.2.1")
	if err == nil && in.Bind != "" {
		in, err = d.c.FinishBinding(d.t.Context(), in.Bind, anonymous, browser, d.mailed(said.Email)[0][:6])
	}
	if err != nil {
		return "", err
	}
	name := must[string](d.t)(catalogue.SessionName())
	if err := d.c.BeginSession(d.t.Context(), name, in.Session, d.k.read().Add(12*time.Hour)); err != nil {
		d.t.Fatal(err)
	}
	return name, nil
}

// enrolsNothing says that neither an app nor a passkey can be set up in a session, which proves nothing afterwards either.
func (d door) enrolsNothing(what, session string) {
	d.t.Helper()
	secret, sealed, err := d.c.Enrolment(session)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.c.AddAuthenticator(d.t.Context(), session, sealed, d.shows(secret)); !errors.Is(err, catalogue.ErrProveFirst) {
		d.t.Errorf("%s: setting up an app: %v", what, err)
	}
	ceremony := must[string](d.t)(d.c.Ceremony(session, []byte("x")))
	if _, err := d.c.AddPasskey(d.t.Context(), session, ceremony, "phone", passkeyOf("one")); !errors.Is(err, catalogue.ErrProveFirst) {
		d.t.Errorf("%s: setting up a passkey: %v", what, err)
	}
	s, _, _, err := d.c.Session(d.t.Context(), session)
	if keys := must[*catalogue.Credentials](d.t)(d.c.Credentials(d.t.Context(), session)); err != nil || keys.Any() || d.c.Fresh(s) {
		d.t.Errorf("%s: it has a factor, or counts as proved: %v", what, err)
	}
}

// TestASignInThatAskedNobodySetsUpNoFactor: whoever sits at a browser that was left open gets neither weight nor a factor.
func TestASignInThatAskedNobodySetsUpNoFactor(t *testing.T) {
	d := newDoor(t)
	p := d.tenanted(birmingham, tenantOne)
	for what, email := range map[string]string{"an administrator": "admin@birmingham.gov.uk", "a viewer": "new@birmingham.gov.uk"} {
		said := catalogue.Said{Tenant: tenantOne, Object: email, Email: email, At: d.k.read().Add(-3 * 24 * time.Hour)}
		if what == "an administrator" {
			d.gives(email, birmingham, catalogue.RoleAdmin)
		}
		session := must[string](t)(d.federates(p, said))
		d.enrolsNothing(what, session)
		said.At = time.Time{}
		d.enrolsNothing(what+" of a provider that does not say when", must[string](t)(d.federates(p, said)))

		confirms := catalogue.Federation{Provider: p.ID, Purpose: catalogue.FederateConfirm, Session: catalogue.SessionID(session), Begun: d.k.read()}
		if err := d.c.ConfirmFederation(t.Context(), session, confirms, said); catalogue.KindOf(err) != catalogue.Invalid {
			t.Errorf("%s is confirmed by a provider that does not say when: %v", what, err)
		}
		said.At = d.k.read()
		if err := d.c.ConfirmFederation(t.Context(), session, confirms, said); err != nil {
			t.Fatal(err)
		}
		d.enrols(session) // asked anew
	}
	email := "lead@birmingham.gov.uk"
	d.gives(email, birmingham, catalogue.RoleLead)
	d.enrols(must[string](t)(d.federates(p, catalogue.Said{Tenant: tenantOne, Object: email, Email: email, At: d.k.read().Add(-time.Minute)})))
	whole(t, d.c)
}

// TestATenantThatIsTakenOffSignsItsPeopleOut at once, in the middle of binding too, and nobody else.
func TestATenantThatIsTakenOffSignsItsPeopleOut(t *testing.T) {
	d := newDoor(t)
	p := d.tenanted(birmingham, tenantOne, tenantTwo)
	in := func(tenant, name string) string {
		t.Helper()
		return must[string](t)(d.federates(p, catalogue.Said{Tenant: tenant, Object: name, Email: name + "@birmingham.gov.uk", At: d.k.read()}))
	}
	d.enrols(d.opens(d.gives("lead@birmingham.gov.uk", birmingham, catalogue.RoleLead)))
	stays, goes, half, mail := in(tenantOne, "stays"), in(tenantTwo, "goes"), in(tenantTwo, "lead"), d.opens(d.gives("mail@birmingham.gov.uk", birmingham, catalogue.RoleViewer))
	if d.stage(goes) != catalogue.StageIn || d.stage(half) != catalogue.StageFactor {
		t.Fatalf("before: %q and %q", d.stage(goes), d.stage(half))
	}
	anonymous := must[string](t)(catalogue.SessionName())
	binds := must[*catalogue.Federated](t)(d.c.FinishFederation(t.Context(), catalogue.Federation{Provider: p.ID, Purpose: catalogue.FederateIn},
		catalogue.Said{Tenant: tenantTwo, Object: "late", Email: "late@birmingham.gov.uk"}, anonymous, "fresh.stays", "192.0.2.1"))
	d.tenanted(birmingham, tenantOne)
	if _, err := d.c.FinishBinding(t.Context(), binds.Bind, anonymous, "fresh.stays", d.mailed("late@birmingham.gov.uk")[0][:6]); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("the code of one who began before it was taken off: %v", err)
	}
	for session, want := range map[string]catalogue.SignInStage{stays: catalogue.StageIn, goes: catalogue.StageNobody, half: catalogue.StageNobody, mail: catalogue.StageIn} {
		if got := d.stage(session); got != want {
			t.Errorf("a session is at %q, want %q", got, want)
		}
	}
	whole(t, d.c)
}

// TestAnAdministratorLetsInNoFurtherTenant: a person is known by tenant and object for all councils, so whoever could name the
// tenant of another council could bind its people first, and shut them out.
func TestAnAdministratorLetsInNoFurtherTenant(t *testing.T) {
	d := newDoor(t)
	p := d.tenanted(birmingham, tenantOne)
	email := "admin@birmingham.gov.uk"
	admin := d.gives(email, birmingham, catalogue.RoleAdmin).Actor("test")
	session := must[string](t)(d.federates(p, catalogue.Said{Tenant: tenantOne, Object: "admin", Email: email, At: d.k.read()}))
	_, err := d.c.RequireProvider(t.Context(), admin, session, false, []string{tenantOne, tenantTwo})
	refusedOn(t, "another tenant", err, "tenants")
	if got := must[*catalogue.Provider](t)(d.c.Provider(t.Context(), admin, birmingham)); len(got.Tenants) != 1 {
		t.Errorf("let in are %q", got.Tenants)
	}
	d.tenanted(birmingham, tenantOne, tenantTwo) // the operator does
	if got := must[*catalogue.Provider](t)(d.c.RequireProvider(t.Context(), admin, session, true, []string{tenantOne})); !got.Required || len(got.Tenants) != 1 {
		t.Errorf("she takes one off and requires it: %+v", got)
	}
}

// TestASignInThatIsSetUpAnewLetsInWhoWasBound: people are bound to tenant and object, not to how the council's sign-in is set up.
func TestASignInThatIsSetUpAnewLetsInWhoWasBound(t *testing.T) {
	d := newDoor(t)
	said := catalogue.Said{Tenant: tenantOne, Object: "one", Email: "one@birmingham.gov.uk", At: d.k.read()}
	must[string](t)(d.federates(d.tenanted(birmingham, tenantOne), said))
	if err := d.c.RemoveProvider(t.Context(), catalogue.Operator("test"), birmingham); err != nil {
		t.Fatal(err)
	}
	if got := d.stage(must[string](t)(d.federates(d.tenanted(birmingham, tenantOne), said))); got != catalogue.StageIn {
		t.Errorf("once it is set up anew a person is at %q", got)
	}
	whole(t, d.c)
}
