package catalogue_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// door is a service at which people sign in, on a clock that is moved.
type door struct {
	desk
	k     *clock
	store kv.Store
}

func newDoor(t testing.TB) door {
	d, k, store := newDesk(t)
	return door{d, k, store}
}

// gives makes an account.
func (d door) gives(email, council string, role catalogue.Role) *catalogue.Account {
	d.t.Helper()
	return must[*catalogue.Account](d.t)(d.c.AddAccount(context.Background(), catalogue.Operator("test"), catalogue.Account{Email: email, OrgKind: catalogue.OrgCouncil, Org: council, Role: role}))
}

// opens begins a session of an account, as the code sent by e-mail does.
func (d door) opens(a *catalogue.Account) string {
	d.t.Helper()
	name := must[string](d.t)(catalogue.SessionName())
	if err := d.c.BeginSession(context.Background(), name, catalogue.Session{Account: a.ID, Begun: d.k.read(), Agent: "a browser"}, d.k.read().Add(12*time.Hour)); err != nil {
		d.t.Fatal(err)
	}
	return name
}

func (d door) stage(session string) catalogue.SignInStage {
	d.t.Helper()
	s, _, _, err := d.c.Session(context.Background(), session)
	if err != nil {
		d.t.Fatal(err)
	}
	if s == nil {
		return catalogue.StageNobody
	}
	return s.Stage
}

// shows is the code that an authenticator app shows now.
func (d door) shows(secret string) string {
	d.t.Helper()
	return must[string](d.t)(totp.GenerateCodeCustom(secret, d.k.read(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}))
}

// enrols sets up an authenticator app in a session, and returns its secret and the recovery codes.
func (d door) enrols(session string) (secret string, recovery []string) {
	d.t.Helper()
	secret, sealed, err := d.c.Enrolment(session)
	if err != nil {
		d.t.Fatal(err)
	}
	return secret, must[[]string](d.t)(d.c.AddAuthenticator(context.Background(), session, sealed, d.shows(secret)))
}

func (d door) proves(session, code string) error {
	return d.c.ProveWithCode(context.Background(), session, code)
}

// mailed is the subjects of what was sent to an address since last asked.
func (d door) mailed(to string) (subjects []string) {
	d.t.Helper()
	d.box.mails = nil
	must[int](d.t)(d.c.SendOutbox(context.Background(), d.box))
	for _, m := range d.box.sent(to) {
		subjects = append(subjects, m.Subject)
	}
	return subjects
}

// passkeyOf answers a ceremony as a device would whose key has an ID.
func passkeyOf(id string) catalogue.PasskeyCheck {
	return func([]byte, []catalogue.Passkey) (catalogue.Passkey, error) {
		return catalogue.Passkey{ID: id, Key: []byte("key of " + id)}, nil
	}
}

// TestAuthenticatorCodesAreThoseOfTheStandard checks the codes against the vectors of RFC 6238, appendix B, with the last 6
// of their 8 digits.
func TestAuthenticatorCodesAreThoseOfTheStandard(t *testing.T) {
	d := newDoor(t)
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for unix, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		for at := time.Unix(unix, 0); !d.k.read().Equal(at); { // a step is at most 292 years
			d.k.move(at.Sub(d.k.read()))
		}
		if got := d.shows(secret); got != want {
			t.Errorf("at %d the code is %s, want %s", unix, got, want)
		}
	}
}

func TestWhoActsForACouncilNeedsASecondFactor(t *testing.T) {
	d := newDoor(t)
	for role, want := range map[catalogue.Role]catalogue.SignInStage{
		catalogue.RoleViewer: catalogue.StageIn, catalogue.RoleContributor: catalogue.StageEnrol, catalogue.RoleLead: catalogue.StageEnrol, catalogue.RoleAdmin: catalogue.StageEnrol,
	} {
		if got := d.stage(d.opens(d.gives(string(role)+"@birmingham.gov.uk", birmingham, role))); got != want {
			t.Errorf("with the mail alone a %s is at %q, want %q", role, got, want)
		}
	}
	operator := must[*catalogue.Account](t)(d.c.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator}))
	if got := d.stage(d.opens(operator)); got != catalogue.StageEnrol {
		t.Errorf("with the mail alone the operator is at %q", got)
	}
	// Whoever is given more to do is asked at once, in the session that it has.
	viewer := d.gives("new@birmingham.gov.uk", birmingham, catalogue.RoleViewer)
	session := d.opens(viewer)
	must[*catalogue.Account](t)(d.c.SetRole(t.Context(), officer(birmingham, catalogue.RoleAdmin), viewer.ID, catalogue.RoleLead))
	if got := d.stage(session); got != catalogue.StageEnrol {
		t.Errorf("after it was made a lead its session is at %q", got)
	}
	d.enrols(session)
	if got := d.stage(session); got != catalogue.StageIn {
		t.Errorf("after it set up an app it is at %q", got)
	}
	if got := d.stage(d.opens(viewer)); got != catalogue.StageFactor {
		t.Errorf("with the mail alone, once it has a factor, it is at %q", got)
	}
	whole(t, d.c)
}

// TestAViewerWhoSetsUpAFactorIsAskedForIt: what somebody chose for itself holds.
func TestAViewerWhoSetsUpAFactorIsAskedForIt(t *testing.T) {
	d := newDoor(t)
	viewer := d.gives("new@birmingham.gov.uk", birmingham, catalogue.RoleViewer)
	d.enrols(d.opens(viewer))
	if got := d.stage(d.opens(viewer)); got != catalogue.StageFactor {
		t.Errorf("it is at %q", got)
	}
}

func TestAnAuthenticatorCodeWorksOnce(t *testing.T) {
	d := newDoor(t)
	lead := d.gives(clerk, birmingham, catalogue.RoleLead)
	secret, _ := d.enrols(d.opens(lead))
	if is(t, "the code that set it up", d.proves(d.opens(lead), d.shows(secret)), catalogue.Invalid); d.stage(d.opens(lead)) != catalogue.StageFactor {
		t.Error("it is let in without")
	}
	for _, test := range []struct {
		what  string
		moves time.Duration
		code  func() string
		works bool
	}{
		{"now", time.Minute, func() string { return d.shows(secret) }, true},
		{"the same again", 0, func() string { return d.shows(secret) }, false},
		{"with a space", time.Minute, func() string { c := d.shows(secret); return " " + c[:3] + " " + c[3:] }, true},
		{"of 30 seconds ago", 2 * time.Minute, func() string { c := d.shows(secret); d.k.move(30 * time.Second); return c }, true},
		{"of a minute ago", 2 * time.Minute, func() string { c := d.shows(secret); d.k.move(time.Minute); return c }, false},
		{"of the step before one that was used", time.Minute, func() string {
			before := d.shows(secret)
			d.k.move(30 * time.Second)
			if err := d.proves(d.opens(lead), d.shows(secret)); err != nil {
				t.Fatal(err)
			}
			return before
		}, false},
		{"another", time.Minute, func() string { return other(d.shows(secret)) }, false},
		{"none", time.Minute, func() string { return "" }, false},
	} {
		d.k.move(test.moves)
		session := d.opens(lead)
		code := test.code()
		err := d.proves(session, code)
		if got := d.stage(session); (err == nil) != test.works || (got == catalogue.StageIn) != test.works {
			t.Errorf("the code %s: %v, at %q; want it to work: %v", test.what, err, got, test.works)
		}
	}
}

func TestWrongSecondCodesAreLimited(t *testing.T) {
	d := newDoor(t)
	lead := d.gives(clerk, birmingham, catalogue.RoleLead)
	secret, recovery := d.enrols(d.opens(lead))
	d.k.move(time.Minute)
	for i := range 10 { // in ever new sessions: it is the account that is counted
		is(t, fmt.Sprint("wrong code ", i), d.proves(d.opens(lead), other(d.shows(secret))), catalogue.Invalid)
	}
	session := d.opens(lead)
	is(t, "the right code after ten wrong ones", d.proves(session, d.shows(secret)), catalogue.TooLarge)
	is(t, "a recovery code after ten wrong ones", d.proves(session, recovery[0]), catalogue.TooLarge)
	d.k.move(time.Hour)
	if err := d.proves(session, d.shows(secret)); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestARecoveryCodeWorksOnceAndIsTold(t *testing.T) {
	d := newDoor(t)
	lead := d.gives(clerk, birmingham, catalogue.RoleLead)
	other := d.gives("other@birmingham.gov.uk", birmingham, catalogue.RoleLead)
	_, recovery := d.enrols(d.opens(lead))
	d.enrols(d.opens(other))
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes", len(recovery))
	}
	for _, space := range []string{"r", "k", "s", "o"} {
		for _, row := range rowsBelow(t, d.store, kv.NewKey(space)) {
			if bytes.Contains(row.value, []byte(strings.ReplaceAll(recovery[0], "-", ""))) || bytes.Contains(row.value, []byte(recovery[0])) {
				t.Error("a recovery code is in the store")
			}
		}
	}
	d.mailed(clerk)
	is(t, "somebody else's recovery code", d.proves(d.opens(other), recovery[0]), catalogue.Invalid)
	session := d.opens(lead)
	if err := d.proves(session, strings.ToLower(strings.ReplaceAll(recovery[0], "-", " "))); err != nil || d.stage(session) != catalogue.StageIn {
		t.Fatalf("a recovery code: %v", err)
	}
	if got := d.mailed(clerk); len(got) != 1 || !strings.Contains(got[0], "recovery code was used") {
		t.Errorf("its person is told %q", got)
	}
	is(t, "the same recovery code", d.proves(d.opens(lead), recovery[0]), catalogue.Invalid)
	fresh := must[[]string](t)(d.c.NewRecoveryCodes(t.Context(), session))
	is(t, "a recovery code that was replaced", d.proves(d.opens(lead), recovery[1]), catalogue.Invalid)
	if err := d.proves(d.opens(lead), fresh[1]); err != nil {
		t.Errorf("one of the new codes: %v", err)
	}
}

// TestTheSecretOfAnAppIsSealed looks for it in the whole store.
func TestTheSecretOfAnAppIsSealed(t *testing.T) {
	d := newDoor(t)
	secret, _ := d.enrols(d.opens(d.gives(clerk, birmingham, catalogue.RoleLead)))
	found := false
	for _, space := range []string{"r", "k", "s", "o", "c", "i", "a", "m"} {
		for _, row := range rowsBelow(t, d.store, kv.NewKey(space)) {
			if found = found || space == "r" && bytes.Contains(row.key, []byte(catalogue.KindCredentials)); bytes.Contains(row.value, []byte(secret)) {
				t.Errorf("the secret is below %q", space)
			}
		}
	}
	if !found {
		t.Error("no credentials were looked at: the test shows nothing")
	}
}

// TestFactorsAreChangedOnlyAfterOne tries to change how an account signs in at every stage before.
func TestFactorsAreChangedOnlyAfterOne(t *testing.T) {
	ctx := context.Background()
	d := newDoor(t)
	lead := d.gives(clerk, birmingham, catalogue.RoleLead)
	first := d.opens(lead)
	d.enrols(first)
	tries := func(session string) map[string]error {
		secret, sealed, err := d.c.Enrolment(session)
		if err != nil {
			t.Fatal(err)
		}
		_, app := d.c.AddAuthenticator(ctx, session, sealed, d.shows(secret))
		_, passkey := d.c.AddPasskey(ctx, session, must[string](t)(d.c.Ceremony(session, []byte("x"))), "Mine", passkeyOf("intruder"))
		_, codes := d.c.NewRecoveryCodes(ctx, session)
		return map[string]error{"adds an app": app, "adds a passkey": passkey, "makes recovery codes": codes, "removes the app": d.c.RemoveFactor(ctx, session, "")}
	}
	for what, err := range tries(d.opens(lead)) {
		is(t, "somebody who reads the mail alone "+what, err, catalogue.Unauthenticated)
	}
	d.k.move(15 * time.Minute)
	for what, err := range tries(first) {
		is(t, "somebody whose factor was used 15 minutes ago "+what, err, catalogue.Unauthenticated)
	}
	for what, err := range tries("none") {
		is(t, "nobody "+what, err, catalogue.Unauthenticated)
	}
	keys := must[*catalogue.Credentials](t)(d.c.Credentials(ctx, first))
	if keys.App == nil || len(keys.Passkeys) > 0 {
		t.Errorf("the factors are now %+v", keys)
	}
	is(t, "removing the last factor that it needs", func() error {
		d.k.move(time.Minute)
		codes := must[[]string](t)(d.recover(lead))
		session := d.opens(lead)
		if err := d.proves(session, codes[0]); err != nil {
			return err
		}
		return d.c.RemoveFactor(ctx, session, "")
	}(), catalogue.Conflict)
}

// recover is new recovery codes of an account, as its person would make them.
func (d door) recover(a *catalogue.Account) ([]string, error) {
	if _, err := d.c.ResetFactors(context.Background(), catalogue.Operator("command"), a.Email); err != nil {
		return nil, err
	}
	_, codes := d.enrols(d.opens(a))
	return codes, nil
}

// TestAPasskeysCeremonyIsForOneSessionOnce replays what a passkey answered.
func TestAPasskeysCeremonyIsForOneSessionOnce(t *testing.T) {
	ctx := context.Background()
	d := newDoor(t)
	lead := d.gives(clerk, birmingham, catalogue.RoleLead)
	first := d.opens(lead)
	ceremony := func(session string) string {
		return must[string](t)(d.c.Ceremony(session, []byte("challenge")))
	}
	if _, err := d.c.AddPasskey(ctx, first, ceremony(first), "Laptop", passkeyOf("one")); err != nil {
		t.Fatal(err)
	}
	session := d.opens(lead)
	is(t, "a ceremony of another session", d.c.ProveWithPasskey(ctx, session, ceremony(first), passkeyOf("one")), catalogue.Invalid)
	is(t, "no ceremony", d.c.ProveWithPasskey(ctx, session, "", passkeyOf("one")), catalogue.Invalid)
	_, enrolment, err := d.c.Enrolment(session)
	is(t, "what was sealed for something else", firstOf(err, d.c.ProveWithPasskey(ctx, session, enrolment, passkeyOf("one"))), catalogue.Invalid)
	is(t, "a key that is not the account's", d.c.ProveWithPasskey(ctx, session, ceremony(session), passkeyOf("two")), catalogue.Invalid)
	late := ceremony(session)
	d.k.move(5 * time.Minute)
	is(t, "a ceremony of 5 minutes ago", d.c.ProveWithPasskey(ctx, session, late, passkeyOf("one")), catalogue.Invalid)
	if d.stage(session) != catalogue.StageFactor {
		t.Fatal("somebody is let in")
	}
	refused := ceremony(session)
	wrong := func([]byte, []catalogue.Passkey) (catalogue.Passkey, error) {
		return catalogue.Passkey{}, &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "passkey", Message: "No"}}}
	}
	is(t, "an answer that does not fit", d.c.ProveWithPasskey(ctx, session, refused, wrong), catalogue.Invalid)
	is(t, "a ceremony that was answered wrongly", d.c.ProveWithPasskey(ctx, session, refused, passkeyOf("one")), catalogue.Invalid)
	right := ceremony(session)
	if err := d.c.ProveWithPasskey(ctx, session, right, passkeyOf("one")); err != nil || d.stage(session) != catalogue.StageIn {
		t.Fatalf("the right passkey: %v", err)
	}
	is(t, "the same ceremony again", d.c.ProveWithPasskey(ctx, session, right, passkeyOf("one")), catalogue.Invalid)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestAResetTakesTwo lets a lost factor be reset by nobody alone.
func TestAResetTakesTwo(t *testing.T) {
	ctx := context.Background()
	d := newDoor(t)
	lead := d.gives(clerk, birmingham, catalogue.RoleLead)
	first, second := d.gives("first@birmingham.gov.uk", birmingham, catalogue.RoleAdmin), d.gives("second@birmingham.gov.uk", birmingham, catalogue.RoleAdmin)
	stranger := d.gives("admin@coventry.gov.uk", coventry, catalogue.RoleAdmin)
	operator := must[*catalogue.Account](t)(d.c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "ops@jointly.example", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator}))
	session := d.opens(lead)
	_, recovery := d.enrols(session)
	actor := func(a *catalogue.Account) catalogue.Actor { return a.Actor("test") }
	ask := func(a catalogue.Actor) error {
		_, err := d.c.AskReset(ctx, a, lead.ID, "Spoke to her on the desk's number")
		return err
	}
	answer := func(a catalogue.Actor, yes bool) error {
		_, err := d.c.AnswerReset(ctx, a, lead.ID, yes)
		return err
	}
	is(t, "confirming what nobody asked", answer(actor(second), true), catalogue.Conflict)
	is(t, "a lead asks", ask(lead.Actor("test")), catalogue.Forbidden)
	is(t, "another council's administrator asks", ask(actor(stranger)), catalogue.NotFound)
	unproved := actor(first)
	unproved.Via = "web"
	is(t, "an administrator asks who has not confirmed that it is him", ask(unproved), catalogue.Unauthenticated)
	d.mailed(clerk)
	if err := ask(actor(first)); err != nil {
		t.Fatal(err)
	}
	if got := d.mailed(clerk); len(got) != 1 || !strings.Contains(got[0], "asked to reset") {
		t.Errorf("the person is told %q", got)
	}
	is(t, "who asked confirms", answer(actor(first), true), catalogue.Forbidden)
	is(t, "another council's administrator confirms", answer(actor(stranger), true), catalogue.NotFound)
	is(t, "a command asks for nobody's account", func() error { _, err := d.c.ResetFactors(ctx, actor(operator), clerk); return err }(), catalogue.Forbidden)
	if err := answer(actor(second), false); err != nil || d.stage(session) != catalogue.StageIn {
		t.Errorf("a refusal: %v, and its session is at %q", err, d.stage(session))
	}
	if err := ask(actor(first)); err != nil {
		t.Fatal(err)
	}
	d.k.move(7 * 24 * time.Hour)
	is(t, "confirming after a week", answer(actor(second), true), catalogue.Conflict)
	for _, confirms := range []catalogue.Actor{actor(second), actor(operator)} {
		session := d.opens(lead)
		if d.stage(session) == catalogue.StageFactor {
			if err := d.proves(session, recovery[0]); err != nil {
				t.Fatal(err)
			}
		} else {
			_, recovery = d.enrols(session)
		}
		if err := firstOf(ask(actor(first)), answer(confirms, true)); err != nil {
			t.Fatal(err)
		}
		if d.stage(session) != catalogue.StageNobody {
			t.Error("a session outlives the reset")
		}
		again := d.opens(lead)
		if d.stage(again) != catalogue.StageEnrol {
			t.Errorf("after the reset it is at %q", d.stage(again))
		}
		is(t, "a recovery code from before", d.proves(again, recovery[1]), catalogue.Invalid)
	}
	trail := must[[]catalogue.Event](t)(d.c.Trail(ctx, catalogue.Operator("test"), 1000))
	resets := 0
	for _, e := range trail {
		if e.Action == catalogue.ResetFactors && e.Refused == "" && e.Record.ID == lead.ID && e.Account != "" {
			resets++
		}
	}
	if resets != 7 { // three times asked beside the refusal and the one that ran out, and answered
		t.Errorf("the trail tells of %d steps", resets)
	}
	whole(t, d.c)
}

// TestAStrangerLocksNobodyOut asks for codes for somebody else, from everywhere.
func TestAStrangerLocksNobodyOut(t *testing.T) {
	ctx := context.Background()
	d := newDoor(t)
	enter := func(email, browser, network string) error {
		if err := d.c.StartSignIn(ctx, email, browser, network); err != nil {
			return err
		}
		d.box.mails = nil
		must[int](t)(d.c.SendOutbox(ctx, d.box))
		sent := d.box.sent(email) // the stranger's are among them
		_, err := d.enters(email, browser, regexp.MustCompile(`\d{6}`).FindString(sent[len(sent)-1].Subject))
		return err
	}
	if err := enter(clerk, "hers", "198.51.100.7"); err != nil {
		t.Fatal(err)
	}
	d.k.move(2 * time.Hour)
	for i := range 400 {
		network := fmt.Sprintf("203.0.113.%d", i/2)
		_ = d.c.StartSignIn(ctx, clerk, fmt.Sprint("stranger ", i), network)                                           // until it is refused
		_ = d.c.StartSignIn(ctx, fmt.Sprintf("a%d@birmingham.gov.uk", i), fmt.Sprint("stranger ", i, " ", i), network) // likewise
	}
	is(t, "the stranger asks once more", d.c.StartSignIn(ctx, clerk, "stranger", "192.0.2.99"), catalogue.TooLarge)
	if err := enter(clerk, "hers", "192.0.2.1"); err != nil {
		t.Errorf("in her own browser, wherever she is: %v", err)
	}
	if err := enter(clerk, "new one", "198.51.100.7"); err != nil {
		t.Errorf("in a new browser where she has signed in before: %v", err)
	}
	if err := enter("colleague@birmingham.gov.uk", "another", "198.51.100.7"); err != nil {
		t.Errorf("a colleague, at the office: %v", err)
	}
	for range 5 {
		_ = d.c.StartSignIn(ctx, clerk, "hers", "192.0.2.1")
	}
	is(t, "her own browser without end", d.c.StartSignIn(ctx, clerk, "hers", "192.0.2.1"), catalogue.TooLarge)
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	ctx := context.Background()
	d := newDoor(t)
	viewer, other := d.gives(clerk, birmingham, catalogue.RoleViewer), d.gives("other@birmingham.gov.uk", birmingham, catalogue.RoleViewer)
	theirs := d.opens(other)
	var mine []string
	for range 25 {
		mine = append(mine, d.opens(viewer))
		d.k.move(time.Minute)
	}
	list := must[[]catalogue.OpenSession](t)(d.c.Sessions(ctx, viewer.Actor("test")))
	if len(list) != 20 || list[0].ID != catalogue.SessionID(mine[24]) || list[0].Agent != "a browser" {
		t.Fatalf("%d sessions are listed, first %+v; want the latest 20", len(list), list[0])
	}
	if d.stage(mine[4]) != catalogue.StageNobody || d.stage(mine[5]) != catalogue.StageIn {
		t.Error("not the oldest ones were ended")
	}
	is(t, "ending somebody else's session", d.c.SignOut(ctx, viewer.Actor("test"), catalogue.SessionID(theirs)), catalogue.NotFound)
	for range 2 { // twice is no error
		if err := d.c.SignOut(ctx, viewer.Actor("test"), catalogue.SessionID(mine[10])); err != nil {
			t.Fatal(err)
		}
	}
	if d.stage(mine[10]) != catalogue.StageNobody || d.stage(mine[11]) != catalogue.StageIn {
		t.Error("another session was ended")
	}
	renamed := must[string](t)(catalogue.SessionName())
	if !must[bool](t)(d.c.RenameSession(ctx, mine[11], renamed)) || d.stage(mine[11]) != catalogue.StageNobody || d.stage(renamed) != catalogue.StageIn {
		t.Error("a session that was renamed is still known under its old name")
	}
	if err := d.c.SignOut(ctx, viewer.Actor("test"), ""); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(mine, renamed) {
		if d.stage(name) != catalogue.StageNobody {
			t.Error("a session goes on after signing out everywhere")
		}
	}
	if d.stage(theirs) != catalogue.StageIn {
		t.Error("somebody else was signed out")
	}
	must[*catalogue.Account](t)(d.c.DisableAccount(ctx, catalogue.Operator("test"), other.Email))
	must[*catalogue.Account](t)(d.c.InviteColleague(ctx, officer(birmingham, catalogue.RoleAdmin), other.Email, catalogue.RoleViewer))
	if d.stage(theirs) != catalogue.StageNobody {
		t.Error("an account that was ended and given again has its old sessions")
	}
}
