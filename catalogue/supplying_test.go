package catalogue_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// codeFor is the code of the latest mail to an address.
func codeFor(mails []catalogue.Message, to string) string {
	code := ""
	for _, m := range mails {
		if m.To == to {
			if found := regexp.MustCompile(`\b\d{6}\b`).FindString(m.Subject); found != "" {
				code = found
			}
		}
	}
	return code
}

// joins asks for a supplier's account as somebody new, and types the code.
func (s scene) joins(j catalogue.Joining) *catalogue.Account {
	s.t.Helper()
	ctx := context.Background()
	browser := must[string](s.t)(catalogue.SessionName())
	if err := s.c.StartJoining(ctx, j, browser, "192.0.2.9"); err != nil {
		s.t.Fatal(err)
	}
	return must[*catalogue.Account](s.t)(s.c.FinishJoining(ctx, j, browser, codeFor(s.send(), catalogue.NormaliseEmail(j.Email))))
}

// granted is somebody of a supplier that the operator has let in.
func (s scene) granted(j catalogue.Joining) *catalogue.Account {
	s.t.Helper()
	ctx := context.Background()
	a := s.joins(j)
	for _, q := range must[[]catalogue.Queued](s.t)(s.c.Queue(ctx, catalogue.Operator("test"))) {
		if r, ok := q.Item.(*catalogue.SupplierRequest); ok && r.Account == a.ID {
			must[*catalogue.SupplierRequest](s.t)(s.c.DecideRequest(ctx, catalogue.Operator("test"), r.ID, catalogue.RequestAnswer{Grant: true}))
		}
	}
	return must[*catalogue.Account](s.t)(s.c.Account(ctx, catalogue.Operator("test"), a.ID))
}

func brinley() catalogue.Joining {
	return catalogue.Joining{Email: "kim@brinley.example", Supplier: "Brinley Systems Ltd", CompaniesHouse: " 1234567 ", Why: "Product lead"}
}

// The code proves a domain; whose it is, a person decides. Until then the account is nobody's in particular.
func TestASupplierAccountIsGrantedByAPerson(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	operator := catalogue.Operator("test")

	for _, test := range []struct {
		what, field string
		change      func(*catalogue.Joining)
	}{
		{"webmail", "email", func(j *catalogue.Joining) { j.Email = "kim@gmail.com" }},
		{"webmail of a country", "email", func(j *catalogue.Joining) { j.Email = "kim@hotmail.co.uk" }},
		{"a plus sign", "email", func(j *catalogue.Joining) { j.Email = "kim+x@brinley.example" }},
		{"look-alike letters", "email", func(j *catalogue.Joining) { j.Email = "kim@brinlеy.example" }},
		{"a council", "email", func(j *catalogue.Joining) { j.Email = "kim@birmingham.gov.uk" }},
		{"no address", "email", func(j *catalogue.Joining) { j.Email = "" }},
		{"no supplier", "supplier", func(j *catalogue.Joining) { j.Supplier = " " }},
		{"nine digits", "companies_house", func(j *catalogue.Joining) { j.CompaniesHouse = "123456789" }},
		{"letters", "companies_house", func(j *catalogue.Joining) { j.CompaniesHouse = "ABCDEFGH" }},
		{"no job", "why", func(j *catalogue.Joining) { j.Why = "" }},
	} {
		j := brinley()
		test.change(&j)
		err := c.StartJoining(ctx, j, "browser", "192.0.2.1")
		if f := catalogue.FieldsOf(err); len(f) != 1 || f[0].Field != test.field {
			t.Errorf("%s: %v", test.what, err)
		}
	}
	if mails := s.send(); len(mails) != 0 {
		t.Errorf("a code went out to %s", mails[0].To)
	}
	for typed, want := range map[string]string{"01234567": "01234567", "sc 123456": "SC123456", "123456": "00123456", "IP12345R": "IP12345R", "R0000123": "R0000123"} {
		if got, ok := catalogue.CompaniesHouseNumber(typed); !ok || got != want {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}

	first := s.joins(brinley())
	if first.Org != "brinley.example" || first.Role != catalogue.RoleViewer {
		t.Fatalf("before anybody decides it is %+v", first)
	}
	second := s.joins(catalogue.Joining{Email: "lee@brinley.example", Supplier: "Somebody else", Why: "Sales"})
	if again := s.joins(brinley()); again.ID != first.ID {
		t.Error("asking twice makes two accounts")
	}
	if _, err := c.ProposePlatform(ctx, first.Actor("test"), catalogue.NewID(), proposal()); catalogue.KindOf(err) != catalogue.Forbidden {
		t.Errorf("an account that nobody granted proposes: %v", err)
	}
	if _, err := c.AskRole(ctx, first.Actor("test"), catalogue.RoleAdmin, "Because"); catalogue.KindOf(err) != catalogue.Forbidden {
		t.Errorf("an account that nobody granted asks for a role: %v", err)
	}
	waiting := must[[]catalogue.Queued](t)(c.Queue(ctx, operator))
	if len(waiting) != 1 {
		t.Fatalf("%d wait: one domain is one request", len(waiting))
	}
	r := waiting[0].Item.(*catalogue.SupplierRequest)
	if r.CompaniesHouse != "01234567" || r.Name != "Brinley Systems Ltd" || !waiting[0].Since.Equal(today) {
		t.Errorf("it asks %+v", r)
	}
	for what, actor := range map[string]catalogue.Actor{"itself": first.Actor("test"), "a council": officer(birmingham, catalogue.RoleAdmin), "anybody": catalogue.Anonymous()} {
		if _, err := c.DecideRequest(ctx, actor, r.ID, catalogue.RequestAnswer{Grant: true}); err == nil {
			t.Errorf("%s grants it", what)
		}
	}
	if _, err := c.DecideRequest(ctx, operator, r.ID, catalogue.RequestAnswer{}); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("a refusal without a reason: %v", err)
	}
	must[*catalogue.SupplierRequest](t)(c.DecideRequest(ctx, operator, r.ID, catalogue.RequestAnswer{Reason: "The domain is for sale"}))
	if m := s.send(); len(m) != 1 || m[0].To != first.Email || !strings.Contains(strings.Join(m[0].Text, " "), "for sale") {
		t.Errorf("the person is told %+v", m)
	}
	if err := c.AskAgain(ctx, first.Actor("test"), brinley()); err != nil {
		t.Fatal(err)
	}
	must[*catalogue.SupplierRequest](t)(c.DecideRequest(ctx, operator, r.ID, catalogue.RequestAnswer{Grant: true}))

	admin := must[*catalogue.Account](t)(c.Account(ctx, operator, first.ID))
	reader := must[*catalogue.Account](t)(c.Account(ctx, operator, second.ID))
	if admin.Org == "brinley.example" || admin.Role != catalogue.RoleAdmin || reader.Org != admin.Org || reader.Role != catalogue.RoleViewer {
		t.Fatalf("granted, they are %+v and %+v", admin, reader)
	}
	if supplier := must[*catalogue.Supplier](t)(c.Supplier(ctx, catalogue.Anonymous(), admin.Org)); supplier.CompaniesHouse != "01234567" {
		t.Errorf("the supplier is %+v", supplier)
	}
	// From then on the supplier's own people decide, within its domain.
	for email, want := range map[string]bool{"max@brinley.example": true, "max@evilbrinley.example": false, "max@brinley.example.evil.example": false, "max@gmail.com": false} {
		if _, err := c.InviteColleague(ctx, admin.Actor("test"), email, catalogue.RoleContributor); (err == nil) != want {
			t.Errorf("an invitation to %s: %v", email, err)
		}
	}
	if _, err := c.InviteColleague(ctx, admin.Actor("test"), "ann@brinley.example", catalogue.RoleLead); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("a supplier's lead: %v", err)
	}
	third := s.joins(catalogue.Joining{Email: "pat@brinley.example", Supplier: "Any", Why: "Support"})
	if third.Org != admin.Org || third.Role != catalogue.RoleViewer {
		t.Errorf("a colleague who comes later is %+v", third)
	}
	must[*catalogue.Account](t)(c.AskRole(ctx, third.Actor("test"), catalogue.RoleContributor, "I keep our records"))
	if m := s.send(); !slices.ContainsFunc(m, func(m catalogue.Message) bool {
		return m.To == admin.Email && strings.Contains(m.Subject, "asks to be contributor")
	}) {
		t.Error("its administrator is not told of a request")
	}
}

// What a person said of itself goes with its account, and only so many of one domain wait at once.
func TestWhoAsksForASupplierIsForgottenWithItsAccount(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		s.joins(catalogue.Joining{Email: name + "@crowd.example", Supplier: "Crowd", Why: "Sales of " + name})
	}
	j := catalogue.Joining{Email: "f@crowd.example", Supplier: "Crowd", Why: "Sales"}
	if err := c.StartJoining(ctx, j, "browser", "192.0.2.7"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.FinishJoining(ctx, j, "browser", codeFor(s.send(), j.Email)); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("a sixth of a domain that waits: %v", err)
	}
	r := must[[]catalogue.Queued](t)(c.Queue(ctx, catalogue.Operator("test")))[0].Item.(*catalogue.SupplierRequest)
	if r.Why != "Sales of a" {
		t.Errorf("it says %q", r.Why)
	}
	must[*catalogue.SupplierRequest](t)(c.DecideRequest(ctx, catalogue.Operator("test"), r.ID, catalogue.RequestAnswer{Grant: true}))
	if err := c.ForgetAccount(ctx, catalogue.Operator("test"), "a@crowd.example"); err != nil {
		t.Fatal(err)
	}
	must[struct{}](t)(struct{}{}, c.Each(ctx, catalogue.Operator("test"), catalogue.KindSupplierRequest, func(item catalogue.Item) error {
		if r := item.(*catalogue.SupplierRequest); r.Why != "" || r.State != catalogue.RequestGranted {
			t.Errorf("it still says %q, and stands as %s", r.Why, r.State)
		}
		return nil
	}))
}

func proposal() catalogue.Platform {
	return catalogue.Platform{Name: "Brinley Permits", Capabilities: []string{"parking"}, Summary: "Parking permits online.", Exit: "Three months' notice; CSV."}
}

// What a supplier proposes is nobody's to see until the operator accepts it, and its own word until a council that uses it
// says so.
func TestAProposedPlatformIsTheSuppliersWordUntilACouncilUsesIt(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	operator := catalogue.Operator("test")
	seller := s.granted(brinley()).Actor("test")
	rival := s.granted(catalogue.Joining{Email: "sam@rival.example", Supplier: "Rival plc", Why: "Sales"}).Actor("test")

	id := catalogue.NewID()
	for range 2 { // the form sent twice
		must[*catalogue.SupplierRequest](t)(c.ProposePlatform(ctx, seller, id, proposal()))
	}
	if _, err := c.ProposePlatform(ctx, rival, id, proposal()); catalogue.KindOf(err) != catalogue.NotFound {
		t.Errorf("another supplier takes over a proposal: %v", err)
	}
	if d := must[*catalogue.SupplierDesk](t)(c.SupplierDesk(ctx, rival)); len(d.Requests) != 0 {
		t.Error("another supplier sees it")
	}
	for what, change := range map[string]func(*catalogue.Platform){"no name": func(p *catalogue.Platform) { p.Name = "" }, "nothing that it is for": func(p *catalogue.Platform) { p.Capabilities = nil },
		"no summary": func(p *catalogue.Platform) { p.Summary = "" }} {
		p := proposal()
		p.Name += " two"
		change(&p)
		if _, err := c.ProposePlatform(ctx, seller, catalogue.NewID(), p); catalogue.KindOf(err) != catalogue.Invalid || err == nil {
			t.Errorf("a proposal with %s: %v", what, err)
		}
	}
	if found := must[string](t)(c.FindPlatform(ctx, proposal().Name)); found != "" {
		t.Error("it is listed before anybody accepts it")
	}
	k.move(50 * time.Hour)
	waiting := must[[]catalogue.Queued](t)(c.Queue(ctx, operator))
	if len(waiting) != 1 || c.Now().Sub(waiting[0].Since) != 50*time.Hour {
		t.Fatalf("the queue holds %+v", waiting)
	}
	accepted := must[*catalogue.SupplierRequest](t)(c.DecideRequest(ctx, operator, id, catalogue.RequestAnswer{Grant: true}))
	must[*catalogue.SupplierRequest](t)(c.DecideRequest(ctx, operator, id, catalogue.RequestAnswer{Reason: "Too late"}))
	p := must[*catalogue.Platform](t)(c.Platform(ctx, catalogue.Anonymous(), accepted.Platform))
	if p.ProposedOn().IsZero() || p.StatedOn(catalogue.FieldExit).IsZero() || !p.StatedOn(catalogue.FieldLicence).IsZero() {
		t.Errorf("it stands as %+v", p.Claim)
	}
	// A public record that names it is not a council's word.
	if _, err := c.Import(ctx, operator, []catalogue.Item{&catalogue.Use{Platform: p.ID, Council: coventry, Source: catalogue.Source{Text: "A notice"}}}, catalogue.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if p = must[*catalogue.Platform](t)(c.Platform(ctx, catalogue.Anonymous(), p.ID)); p.ProposedOn().IsZero() {
		t.Error("a public record takes the mark off")
	}
	must[*catalogue.Use](t)(c.RecordUse(ctx, officer(birmingham, catalogue.RoleContributor), p.ID, catalogue.Date{}, ""))
	if p = must[*catalogue.Platform](t)(c.Platform(ctx, catalogue.Anonymous(), p.ID)); !p.ProposedOn().IsZero() || len(p.ToConfirm()) != 0 {
		t.Errorf("after a council confirmed it stands as %+v", p.Claim)
	}
	if last := p.Changes[len(p.Changes)-1]; !last.Confirmed || last.Council != birmingham {
		t.Errorf("the history ends with %+v", last)
	}
	if !p.KeptBy(seller) || p.KeptBy(rival) {
		t.Error("the supplier no longer keeps it, or another does")
	}
}

// A supplier keeps the record of a platform once the operator let it; each field that it changes is marked until a council
// that uses the platform confirms that field.
func TestASuppliersCorrectionIsMarkedFieldByField(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	operator := catalogue.Operator("test")
	seller := s.granted(brinley()).Actor("test")
	rival := s.granted(catalogue.Joining{Email: "sam@rival.example", Supplier: "Rival plc", Why: "Sales"}).Actor("test")
	p := must[*catalogue.Platform](t)(c.ListPlatform(ctx, operator, catalogue.Platform{Name: "Old Permits", Supplier: "Brinley Systems Ltd", Capabilities: []string{"parking"}, Licence: "proprietary", Hosting: "in the UK"}))

	next := *p
	next.Licence = "open source"
	if _, err := c.CorrectPlatform(ctx, seller, next); catalogue.KindOf(err) != catalogue.Forbidden {
		t.Errorf("a supplier corrects before it is let: %v", err)
	}
	if _, err := c.AskToKeep(ctx, seller, p.ID, ""); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("asking without saying why: %v", err)
	}
	r := must[*catalogue.SupplierRequest](t)(c.AskToKeep(ctx, seller, p.ID, "We make it"))
	other := must[*catalogue.SupplierRequest](t)(c.AskToKeep(ctx, rival, p.ID, "We resell it"))
	must[*catalogue.SupplierRequest](t)(c.DecideRequest(ctx, operator, r.ID, catalogue.RequestAnswer{Grant: true}))
	if _, err := c.DecideRequest(ctx, operator, other.ID, catalogue.RequestAnswer{Grant: true}); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("two suppliers keep one record: %v", err)
	}

	p = must[*catalogue.Platform](t)(c.Platform(ctx, seller, p.ID))
	stale := *p
	next = *p
	next.Name, next.Licence, next.Exit, next.ListedBy, next.Supplier = "New Permits", "open source", "Data back as CSV within a month.", birmingham, "Somebody else"
	k.move(time.Hour)
	if _, err := c.CorrectPlatform(ctx, rival, next); catalogue.KindOf(err) != catalogue.Forbidden {
		t.Errorf("another supplier corrects it: %v", err)
	}
	p = must[*catalogue.Platform](t)(c.CorrectPlatform(ctx, seller, next))
	if p.ListedBy != "" || p.Supplier != "Brinley Systems" || !slices.Contains(p.Aliases, "Old Permits") {
		t.Errorf("a correction made %+v", p)
	}
	want := []catalogue.PlatformField{catalogue.FieldName, catalogue.FieldLicence, catalogue.FieldExit}
	if got := p.ToConfirm(); !slices.Equal(got, want) || !p.StatedOn(catalogue.FieldExit).Equal(c.Now()) {
		t.Errorf("marked are %v since %v", got, p.Claim.Stated)
	}
	if i := slices.IndexFunc(p.Changes, func(ch catalogue.PlatformChange) bool { return ch.Field == catalogue.FieldLicence }); i < 0 || p.Changes[i].Was != "proprietary" || p.Changes[i].Supplier != seller.Org {
		t.Errorf("the history is %+v", p.Changes)
	}
	stale.Hosting = "anywhere"
	if _, err := c.CorrectPlatform(ctx, seller, stale); catalogue.KindOf(err) != catalogue.Conflict {
		t.Errorf("over what was saved meanwhile: %v", err)
	}
	before := p.Version
	if same := must[*catalogue.Platform](t)(c.CorrectPlatform(ctx, seller, *p)); same.Version != before {
		t.Error("saying the same again is a change")
	}
	// A file that is read again does not replace it.
	if _, err := c.Import(ctx, operator, []catalogue.Item{&catalogue.Platform{Meta: catalogue.Meta{ID: p.ID}, Name: "Old Permits", Supplier: "Brinley Systems Ltd", Capabilities: []string{"parking"}, Licence: "proprietary"}}, catalogue.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if p = must[*catalogue.Platform](t)(c.Platform(ctx, seller, p.ID)); p.Licence != "open source" || !slices.Equal(p.ToConfirm(), want) {
		t.Errorf("after the file was read again: %s, %v", p.Licence, p.ToConfirm())
	}

	user := officer(birmingham, catalogue.RoleContributor)
	confirmed := []catalogue.PlatformField{catalogue.FieldExit}
	if _, err := c.ConfirmStated(ctx, user, p.ID, confirmed); catalogue.KindOf(err) != catalogue.Forbidden {
		t.Errorf("a council that does not use it confirms: %v", err)
	}
	must[*catalogue.Use](t)(c.RecordUse(ctx, user, p.ID, catalogue.Date{}, ""))
	for what, actor := range map[string]catalogue.Actor{"a viewer": officer(birmingham, catalogue.RoleViewer), "its supplier": seller, "anybody": catalogue.Anonymous()} {
		if _, err := c.ConfirmStated(ctx, actor, p.ID, confirmed); err == nil {
			t.Errorf("%s confirms", what)
		}
	}
	p = must[*catalogue.Platform](t)(c.ConfirmStated(ctx, user, p.ID, confirmed))
	if got := p.ToConfirm(); !slices.Equal(got, []catalogue.PlatformField{catalogue.FieldName, catalogue.FieldLicence}) {
		t.Errorf("after one was confirmed %v are marked", got)
	}
	next = *p
	next.Licence = "proprietary, by seat"
	if p = must[*catalogue.Platform](t)(c.ListPlatform(ctx, operator, next)); !p.StatedOn(catalogue.FieldLicence).IsZero() || p.StatedOn(catalogue.FieldName).IsZero() {
		t.Errorf("what the operator wrote is still the supplier's: %v", p.Claim.Stated)
	}
	if report := must[catalogue.Verified](t)(c.Verify(ctx)); len(report.Problems) != 0 {
		t.Errorf("verify finds %v", report.Problems)
	}
}
