package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// postbox takes the mails that are sent.
type postbox struct {
	mails []catalogue.Message
	fail  func(catalogue.Message) error // nil: nothing fails
}

func (p *postbox) Send(_ context.Context, m catalogue.Message) error {
	if p.fail != nil {
		if err := p.fail(m); err != nil {
			return err
		}
	}
	p.mails = append(p.mails, m)
	return nil
}

var errPost = errors.New("no route to the mail server")

// sent is what has been sent to an address.
func (p *postbox) sent(to string) (out []catalogue.Message) {
	for _, m := range p.mails {
		if m.To == to {
			out = append(out, m)
		}
	}
	return out
}

// desk signs people in.
type desk struct {
	t   testing.TB
	c   *catalogue.Catalogue
	box *postbox
}

// asks asks for a code and returns it, "" where none was sent.
func (d desk) asks(email, browser string) string {
	d.t.Helper()
	if err := d.c.StartSignIn(context.Background(), email, browser, "network of "+browser); err != nil {
		d.t.Fatalf("%s asks for a code: %v", email, err)
	}
	d.box.mails = nil
	must[int](d.t)(d.c.SendOutbox(context.Background(), d.box))
	sent := d.box.sent(catalogue.NormaliseEmail(email))
	if len(sent) == 0 {
		return ""
	}
	return regexp.MustCompile(`\d{6}`).FindString(sent[len(sent)-1].Subject)
}

func (d desk) enters(email, browser, code string) (*catalogue.Account, error) {
	return d.c.FinishSignIn(context.Background(), email, browser, code)
}

func newDesk(t testing.TB) (desk, *clock, kv.Store) {
	c, store, k := timed(t)
	return desk{t, c, &postbox{}}, k, store
}

// other is a code that is not the right one.
func other(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

const clerk = "jo.bloggs@birmingham.gov.uk"

func TestACodeWorksOnceInItsBrowserForTenMinutes(t *testing.T) {
	d, k, _ := newDesk(t)
	for _, test := range []struct {
		what  string
		enter func(code string) error
		works bool
	}{
		{"as it was sent", func(code string) error { _, err := d.enters(clerk, "b", code); return err }, true},
		{"with spaces, and the address otherwise written", func(code string) error {
			_, err := d.enters(" Jo.Bloggs@Birmingham.gov.uk", "b", " "+code[:3]+" "+code[3:])
			return err
		}, true},
		{"a second time", func(code string) error {
			if _, err := d.enters(clerk, "b", code); err != nil {
				t.Fatal(err)
			}
			_, err := d.enters(clerk, "b", code)
			return err
		}, false},
		{"in another browser", func(code string) error { _, err := d.enters(clerk, "c", code); return err }, false},
		{"for another address", func(code string) error { _, err := d.enters("a@coventry.gov.uk", "b", code); return err }, false},
		{"a wrong one", func(code string) error { _, err := d.enters(clerk, "b", other(code)); return err }, false},
		{"none", func(string) error { _, err := d.enters(clerk, "b", ""); return err }, false},
		{"just in time", func(code string) error {
			k.move(10*time.Minute - time.Second)
			_, err := d.enters(clerk, "b", code)
			return err
		}, true},
		{"late", func(code string) error { k.move(10 * time.Minute); _, err := d.enters(clerk, "b", code); return err }, false},
		{"after four wrong ones", func(code string) error {
			for range 4 {
				_, err := d.enters(clerk, "b", other(code))
				is(t, "a wrong code", err, catalogue.Invalid)
			}
			_, err := d.enters(clerk, "b", code)
			return err
		}, true},
		{"after five wrong ones", func(code string) error {
			for range 5 {
				_, err := d.enters(clerk, "b", other(code))
				is(t, "a wrong code", err, catalogue.Invalid)
			}
			_, err := d.enters(clerk, "b", code)
			return err
		}, false},
		{"replaced by another", func(code string) error {
			if again := d.asks(clerk, "b"); again == code {
				t.Skip("the same code by chance")
			}
			_, err := d.enters(clerk, "b", code)
			return err
		}, false},
	} {
		k.move(time.Hour)
		code := d.asks(clerk, "b")
		if code == "" {
			t.Fatalf("%s: no code was sent", test.what)
		}
		switch err := test.enter(code); {
		case test.works && err != nil:
			t.Errorf("a code %s: %v", test.what, err)
		case !test.works:
			is(t, "a code "+test.what, err, catalogue.Invalid)
		}
	}
	if n := count(t, d.c, catalogue.KindAccount); n != 1 {
		t.Errorf("one person made %d accounts", n)
	}
}

// TestGuessesAtOnceAreCounted lets twenty guess at once: no more than five tries are had.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	d, _, _ := newDesk(t)
	code := d.asks(clerk, "b")
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := d.enters(clerk, "b", other(code)); err == nil {
				t.Error("a wrong code worked")
			}
		})
	}
	wait.Wait()
	if _, err := d.enters(clerk, "b", code); err == nil {
		t.Error("after 20 guesses at once the code still works")
	}
}

func TestWhoGetsACode(t *testing.T) {
	ctx := context.Background()
	d, _, store := newDesk(t)
	add := func(email, org string, kind catalogue.OrgKind, role catalogue.Role) {
		t.Helper()
		must[*catalogue.Account](t)(d.c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: email, OrgKind: kind, Org: org, Role: role}))
	}
	add("sales@quillbrook.example", "Quillbrook", catalogue.OrgSupplier, catalogue.RoleContributor)
	add("gone@birmingham.gov.uk", birmingham, catalogue.OrgCouncil, catalogue.RoleLead)
	must[*catalogue.Account](t)(d.c.DisableAccount(ctx, catalogue.Operator("test"), "gone@birmingham.gov.uk"))
	const shared = "adur-worthing.gov.uk"
	if n := len(d.c.Register().CouncilsByDomain(shared)); n != 2 {
		t.Fatalf("%d councils share %s: the test shows nothing", n, shared)
	}
	add("known@"+shared, "E07000223", catalogue.OrgCouncil, catalogue.RoleLead)
	for i, test := range []struct {
		email string
		code  bool
		org   string
		role  catalogue.Role
	}{
		{"new@birmingham.gov.uk", true, birmingham, catalogue.RoleViewer},
		{"NEW@Birmingham.GOV.UK", true, birmingham, catalogue.RoleViewer},
		{"sales@quillbrook.example", true, "quillbrook", catalogue.RoleContributor},
		{"known@" + shared, true, "E07000223", catalogue.RoleLead},
		{"new@" + shared, false, "", ""},
		{"gone@birmingham.gov.uk", false, "", ""},
		{"nobody@quillbrook.example", false, "", ""},
		{"a@birmingham.gov.uk.evil.example", false, "", ""},
		{"a@evilbirmingham.gov.uk", false, "", ""},
		{"a@sub.birmingham.gov.uk", false, "", ""},
		{"a+b@birmingham.gov.uk", false, "", ""},
		{"a@b\u0456rmingham.gov.uk", false, "", ""}, // a Cyrillic i
	} {
		browser := fmt.Sprint("browser ", i)
		if err := d.c.StartSignIn(ctx, test.email, browser, browser); err != nil {
			t.Fatalf("%s asks: %v; everybody is answered alike", test.email, err)
		}
		if n := len(rowsBelow(t, store, kv.NewKey("o"))); n != 1 {
			t.Errorf("asking as %s writes %d mails: all cost the same, sent or not", test.email, n)
		}
		d.box.mails = nil
		must[int](t)(d.c.SendOutbox(ctx, d.box))
		sent := d.box.sent(catalogue.NormaliseEmail(test.email))
		if len(d.box.mails) != len(sent) || len(sent) > 1 || (len(sent) == 1) != test.code {
			t.Errorf("%s is sent %d of %d mails, want a code: %v", test.email, len(sent), len(d.box.mails), test.code)
		}
		if !test.code || len(sent) == 0 {
			continue
		}
		a, err := d.enters(test.email, browser, regexp.MustCompile(`\d{6}`).FindString(sent[0].Subject))
		if err != nil || a.Org != test.org || a.Role != test.role {
			t.Errorf("%s signs in as %+v, %v; want %s of %s", test.email, a, err, test.role, test.org)
		}
	}
	for _, email := range []string{"", "birmingham.gov.uk", "a@localhost", "a b@birmingham.gov.uk", "a@x@birmingham.gov.uk", "\u212aate@birmingham.gov.uk"} {
		is(t, "asking as "+email, d.c.StartSignIn(ctx, email, "b", "n"), catalogue.Invalid)
	}
	whole(t, d.c)
}

// TestAnAccountDisabledMeanwhileGetsNoFurther enters a right code after the account has ended.
func TestAnAccountDisabledMeanwhileGetsNoFurther(t *testing.T) {
	ctx := context.Background()
	d, _, _ := newDesk(t)
	first := d.asks(clerk, "b")
	account, err := d.enters(clerk, "b", first)
	if err != nil {
		t.Fatal(err)
	}
	code := d.asks(clerk, "c")
	must[*catalogue.Account](t)(d.c.DisableAccount(ctx, officer(birmingham, catalogue.RoleAdmin), account.Email))
	_, err = d.enters(clerk, "c", code)
	is(t, "entering the code of a disabled account", err, catalogue.Invalid)
}

func TestHowManyCodesAreSent(t *testing.T) {
	ctx := context.Background()
	asks := func(c *catalogue.Catalogue, email, browser, network string) error {
		return c.StartSignIn(ctx, email, browser, network)
	}
	for _, test := range []struct {
		what string
		most int
		ask  func(c *catalogue.Catalogue, i int) error
	}{
		{"an address on one network", 5, func(c *catalogue.Catalogue, i int) error { return asks(c, clerk, fmt.Sprint(i), "192.0.2.1") }},
		{"an address", 20, func(c *catalogue.Catalogue, i int) error { return asks(c, clerk, fmt.Sprint(i), fmt.Sprint(i)) }},
		{"an address that nobody has", 20, func(c *catalogue.Catalogue, i int) error {
			return asks(c, "nobody@quillbrook.example", fmt.Sprint(i), fmt.Sprint(i))
		}},
		{"a network", 30, func(c *catalogue.Catalogue, i int) error {
			return asks(c, fmt.Sprintf("a%d@example.org", i), fmt.Sprint(i), "192.0.2.1")
		}},
		{"a customer's IPv6 network", 30, func(c *catalogue.Catalogue, i int) error {
			return asks(c, fmt.Sprintf("a%d@example.org", i), fmt.Sprint(i), fmt.Sprintf("2001:db8::%x", i+1))
		}},
		{"a council", 60, func(c *catalogue.Catalogue, i int) error {
			return asks(c, fmt.Sprintf("a%d@birmingham.gov.uk", i), fmt.Sprint(i), fmt.Sprint(i))
		}},
		{"councils that share a domain", 60, func(c *catalogue.Catalogue, i int) error {
			return asks(c, fmt.Sprintf("a%d@adur-worthing.gov.uk", i), fmt.Sprint(i), fmt.Sprint(i))
		}},
	} {
		c, _, k := timed(t)
		for i := range test.most {
			if err := test.ask(c, i); err != nil {
				t.Fatalf("%s: code %d: %v", test.what, i+1, err)
			}
		}
		is(t, fmt.Sprintf("%s: code %d within an hour", test.what, test.most+1), test.ask(c, test.most), catalogue.TooLarge)
		k.move(59 * time.Minute)
		is(t, test.what+": within the hour", test.ask(c, test.most), catalogue.TooLarge)
		k.move(time.Minute)
		if err := test.ask(c, test.most); err != nil {
			t.Errorf("%s: an hour later: %v", test.what, err)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	account := must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: clerk, OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleViewer}))
	begin := func() string {
		name := must[string](t)(catalogue.SessionName())
		if err := c.BeginSession(ctx, name, catalogue.Session{Account: account.ID, Begun: k.read(), Values: map[string]string{"seq": "7"}}, k.read().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		return name
	}
	who := func(name string) *catalogue.Account {
		t.Helper()
		s, a, _, err := c.Session(ctx, name)
		if err != nil || (s == nil) != (a == nil) {
			t.Fatalf("session %v, account %v, %v", s, a, err)
		}
		return a
	}
	first := begin()
	if a := who(first); a == nil || a.Role != catalogue.RoleViewer {
		t.Errorf("a session is of %+v", a)
	}
	must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: clerk, OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleLead}))
	if a := who(first); a == nil || a.Role != catalogue.RoleLead {
		t.Errorf("after the role changed the session is of %+v", a)
	}
	if who(first+"0") != nil || who("") != nil {
		t.Error("a name that is nobody's opens a session")
	}
	for _, r := range rowsBelow(t, store, kv.NewKey("s")) {
		if regexp.MustCompile(first).Match(append(r.key, r.value...)) {
			t.Error("the secret name of a session is in the store")
		}
	}
	k.move(time.Hour - time.Second)
	if who(first) == nil {
		t.Error("it ends before its time")
	}
	k.move(time.Second)
	if who(first) != nil {
		t.Error("it does not end in time")
	}
	var many []string
	for range 200 {
		many = append(many, begin())
	}
	must[*catalogue.Account](t)(c.DisableAccount(ctx, catalogue.Operator("test"), clerk))
	for _, name := range many {
		if who(name) != nil {
			t.Fatal("a session outlives its account")
		}
	}
	if err := c.EndSession(ctx, many[0]); err != nil {
		t.Error(err)
	}
	k.move(2 * time.Hour)
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if left := rowsBelow(t, store, kv.NewKey("s")); len(left) != 0 {
		t.Errorf("%d sessions are kept past their time", len(left))
	}
}
