package catalogue_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// TestNoCodeIsReadableInTheFile looks into the file itself.
func TestNoCodeIsReadableInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalogue.db")
	c := over(t, stored(t, path), &clock{now: today})
	d := desk{t, c, &postbox{fail: func(catalogue.Message) error { return errPost }}}
	listed(t, c, intention(birmingham, "Canary of the control"))
	if err := c.StartSignIn(context.Background(), clerk, "browser", "network"); err != nil {
		t.Fatal(err)
	}
	d.box.fail = nil
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	must[int](t)(c.SendOutbox(context.Background(), d.box))
	if len(d.box.mails) != 1 {
		t.Fatalf("%d mails", len(d.box.mails))
	}
	m := d.box.mails[0]
	for _, words := range []string{m.Subject, m.Text[0], clerk, "is your code"} {
		if bytes.Contains(file, []byte(words)) {
			t.Errorf("the file holds %q", words)
		}
	}
	if !bytes.Contains(file, []byte("Canary of the control")) {
		t.Error("the file does not hold an intention either: the test shows nothing")
	}
}

func TestMailIsKeptUntilItIsSent(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	s := scene{t, c, new(int)}
	for _, email := range []string{"a@coventry.gov.uk", "b@coventry.gov.uk"} {
		must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: email, OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleLead}))
	}
	waiting := func() int { return len(rowsBelow(t, store, kv.NewKey("o"))) }
	box := &postbox{fail: func(catalogue.Message) error { return errPost }}
	s.group(birmingham, coventry, false)
	if n, err := c.SendOutbox(ctx, box); n != 0 || !errors.Is(err, errPost) || waiting() != 1 {
		t.Errorf("with the server down: sent %d, %v, %d wait", n, err, waiting())
	}
	box.fail = func(m catalogue.Message) error {
		if m.To == "a@coventry.gov.uk" {
			return errPost
		}
		return nil
	}
	for range 3 { // nobody gets it twice because another cannot be reached
		if _, err := c.SendOutbox(ctx, box); !errors.Is(err, errPost) {
			t.Errorf("with one address that does not work: %v", err)
		}
	}
	if len(box.sent("b@coventry.gov.uk")) != 1 || waiting() != 1 {
		t.Errorf("the other got %d mails, %d wait", len(box.sent("b@coventry.gov.uk")), waiting())
	}
	// What cannot be sent holds up nothing that comes after it.
	if err := c.StartSignIn(ctx, clerk, "b", "n"); err != nil {
		t.Fatal(err)
	}
	if n, _ := c.SendOutbox(ctx, box); n != 1 || len(box.sent(clerk)) != 1 {
		t.Errorf("behind a mail that cannot be sent %d went out", n)
	}
	box.fail = nil
	if n, err := c.SendOutbox(ctx, box); n != 1 || err != nil || waiting() != 0 {
		t.Errorf("with all well: sent %d, %v, %d wait", n, err, waiting())
	}
	m := box.sent("a@coventry.gov.uk")
	if len(m) != 1 || m[0].Link == "" || m[0].Subject == "" || len(m[0].Text) == 0 {
		t.Errorf("sent %+v", m)
	}

	// What nobody can be sent is given up after a week, a code once it is of no use.
	box.fail = func(catalogue.Message) error { return errPost }
	s.group(dudley, coventry, false)
	if err := c.StartSignIn(ctx, clerk, "b", "n"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		after time.Duration
		want  int
	}{{10*time.Minute - time.Second, 2}, {time.Second, 1}, {6 * 24 * time.Hour, 1}, {24 * time.Hour, 0}} {
		k.move(test.after)
		box.mails = nil
		_, _ = c.SendOutbox(ctx, box) // it fails: the server is down
		if waiting() != test.want {
			t.Errorf("%d mails wait, want %d", waiting(), test.want)
		}
	}
	whole(t, c)
}

// TestMailUnderALostKeyIsDropped opens the same file with another secret.
func TestMailUnderALostKeyIsDropped(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	if err := c.StartSignIn(ctx, clerk, "b", "n"); err != nil {
		t.Fatal(err)
	}
	box := &postbox{}
	elsewhere := must[*catalogue.Catalogue](t)(catalogue.Open(ctx, store, catalogue.Options{Clock: k.read, Secret: [32]byte{2}}))
	if n, err := elsewhere.SendOutbox(ctx, box); n != 0 || err != nil || len(rowsBelow(t, store, kv.NewKey("o"))) != 0 {
		t.Errorf("under another key: sent %d, %v; %d wait", n, err, len(rowsBelow(t, store, kv.NewKey("o"))))
	}
	// A catalogue without a secret makes one up: nothing is ever sealed with a key that anybody knows.
	for range 2 {
		bare := must[*catalogue.Catalogue](t)(catalogue.Open(ctx, store, catalogue.Options{Clock: k.read}))
		if err := bare.StartSignIn(ctx, clerk, "b", "n"); err != nil {
			t.Fatal(err)
		}
	}
	again := must[*catalogue.Catalogue](t)(catalogue.Open(ctx, store, catalogue.Options{Clock: k.read}))
	if n, err := again.SendOutbox(ctx, box); n != 0 || err != nil {
		t.Errorf("a third secret opens mail of another: sent %d, %v", n, err)
	}
}

// TestADamagedMailHoldsUpNoOther flips a bit of one row.
func TestADamagedMailHoldsUpNoOther(t *testing.T) {
	ctx := context.Background()
	c, store, _ := timed(t)
	for _, email := range []string{"a@birmingham.gov.uk", "b@birmingham.gov.uk"} {
		if err := c.StartSignIn(ctx, email, "b", "n"); err != nil {
			t.Fatal(err)
		}
	}
	row := rowsBelow(t, store, kv.NewKey("o"))[0]
	row.value[20] ^= 1
	tampered(t, store, func(tx kv.Tx) error { return tx.Put(row.key, row.value) })
	box := &postbox{}
	if n, err := c.SendOutbox(ctx, box); n != 1 || !errors.Is(err, catalogue.ErrDamaged) {
		t.Errorf("with one row damaged: sent %d, %v", n, err)
	}
}
