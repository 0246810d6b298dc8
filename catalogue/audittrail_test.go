package catalogue_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// TestTheTrailTellsFromWhichStateToWhich changes a record and an account, and looks for the fields in the trail.
func TestTheTrailTellsFromWhichStateToWhich(t *testing.T) {
	ctx := context.Background()
	c, store, _ := timed(t)
	in := intention(birmingham, "Canary title of revenues")
	in.Visibility, in.Notes = catalogue.Councils, "Canary: ask Ms Canary about this"
	saved := listed(t, c, in)
	changed := *saved
	changed.Visibility, changed.Title, changed.Notes, changed.LeadMonths = catalogue.Public, "Canary title, second", "Canary: another note", 7
	changed.Capability = "revs-bens"
	must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(birmingham, catalogue.RoleLead), changed))
	back := changed
	back.Version, back.Title = must[*catalogue.Intention](t)(c.Intention(ctx, officer(birmingham, catalogue.RoleLead), saved.ID)).Version, saved.Title
	must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(birmingham, catalogue.RoleLead), back))

	trail := must[[]catalogue.Event](t)(c.Trail(ctx, officer(birmingham, catalogue.RoleLead), 10))
	if len(trail) != 3 {
		t.Fatalf("%d events, want 3", len(trail))
	}
	field := func(e catalogue.Event, name string) catalogue.FieldChange {
		t.Helper()
		i := slices.IndexFunc(e.Fields, func(f catalogue.FieldChange) bool { return f.Field == name })
		if i < 0 {
			t.Fatalf("event %d has no field %s: %+v", e.N, name, e.Fields)
		}
		return e.Fields[i]
	}
	if f := field(trail[2], "visibility"); f.Old != "" || f.New != "councils" {
		t.Errorf("the first state is %+v", f)
	}
	if f := field(trail[1], "visibility"); f.Old != "councils" || f.New != "public" || f.Text {
		t.Errorf("the change of visibility is %+v", f)
	}
	if f := field(trail[1], "lead_months"); f.New != "7" {
		t.Errorf("the change of a number is %+v", f)
	}
	first, second := field(trail[1], "title"), field(trail[0], "title")
	if !first.Text || first.Old == "" || first.Old == first.New || second.New != first.Old || second.Old != first.New {
		t.Errorf("a title that was changed and changed back is told as %+v and %+v", first, second)
	}

	a := must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "canary@birmingham.gov.uk", Name: "Canary Person",
		OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleViewer}))
	must[*catalogue.Account](t)(c.SetRole(ctx, catalogue.Operator("test"), a.ID, catalogue.RoleLead))
	role := field(must[[]catalogue.Event](t)(c.Trail(ctx, officer(birmingham, catalogue.RoleAdmin), 1))[0], "role")
	if role.Old != "viewer" || role.New != "lead" {
		t.Errorf("the change of a role is %+v", role)
	}
	if err := c.ForgetAccount(ctx, catalogue.Operator("test"), a.Email); err != nil {
		t.Fatal(err)
	}
	events := rowsBelow(t, store, kv.NewKey("a"))
	if len(events) < 6 {
		t.Fatalf("%d events are stored", len(events))
	}
	for _, row := range events { // what people wrote, and who they are, can still be deleted
		if bytes.Contains(bytes.ToLower(row.value), []byte("canary")) {
			t.Errorf("the trail holds words of people: %s", row.value)
		}
	}
	whole(t, c)
}

// TestATrailHoldsNothingOfOthers: what a council does by itself, and what members of its group keep to themselves, is in
// nobody else's trail.
func TestATrailHoldsNothingOfOthers(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	g := s.group(birmingham, coventry, true)
	private := s.intention(coventry, catalogue.Own)
	for _, test := range []struct{ council, other string }{{birmingham, coventry}, {coventry, birmingham}, {dudley, birmingham}} {
		for _, e := range must[[]catalogue.Event](t)(c.Trail(ctx, officer(test.council, catalogue.RoleAdmin), 1000)) {
			switch {
			case e.Org != test.council && e.Owner != test.council:
				t.Errorf("%s reads %+v", test.council, e)
			case e.Prev != "":
				t.Errorf("%s reads the hash of what may be another's", test.council)
			case e.Org != test.council && e.Account != "":
				t.Errorf("%s reads whose account acted for %s: %+v", test.council, e.Org, e)
			case e.Owner != test.council && len(e.Fields) > 0:
				t.Errorf("%s reads fields of a record that is not its own: %+v", test.council, e)
			case e.Record == private.Key() && test.council != coventry:
				t.Errorf("%s reads of what %s keeps to itself", test.council, coventry)
			case test.council != birmingham && e.Action == catalogue.FollowOn && e.Org != test.council && e.Org != "":
				t.Errorf("%s reads what followed from another's act: %+v", test.council, e)
			}
		}
	}
	// The negative control: the operator's trail has all of that.
	var org, account, fields, hash bool
	for _, e := range must[[]catalogue.Event](t)(c.Trail(ctx, catalogue.Operator("test"), 1000)) {
		org = org || e.Record == private.Key()
		account = account || e.Account != ""
		fields = fields || e.Record == g.Key() && len(e.Fields) > 0
		hash = hash || e.Prev != ""
	}
	if !org || !account || !fields || !hash {
		t.Errorf("the operator's trail lacks something: %t %t %t %t", org, account, fields, hash)
	}
}

// TestACouncilFindsItsPartOfALongTrail reads a few events among many of others, part by part.
func TestACouncilFindsItsPartOfALongTrail(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	var items []catalogue.Item
	for i := range 900 {
		k := contractOf([]string{coventry, dudley}[i%2], catalogue.Own)
		k.Ref = fmt.Sprint("K", i)
		items = append(items, k)
		if i%100 == 50 {
			k := contractOf(birmingham, catalogue.Own)
			k.Ref = fmt.Sprint("B", i)
			items = append(items, k)
		}
	}
	imports(t, c, items...)
	listed(t, c, intention(birmingham, "Revenues system"))
	lead := officer(birmingham, catalogue.RoleLead)
	var got []uint64
	q := catalogue.TrailQuery{Limit: 4}
	for parts := 1; ; parts++ {
		page := must[catalogue.TrailPage](t)(c.TrailPage(ctx, lead, q))
		for _, e := range page.Events {
			got = append(got, e.N)
			if e.Owner != birmingham {
				t.Errorf("%+v is not its own", e)
			}
		}
		if q.Before = page.Next; q.Before == 0 {
			break
		}
		if parts > 10 {
			t.Fatal("the parts do not end")
		}
	}
	if len(got) != 10 || !slices.IsSortedFunc(got, func(a, b uint64) int { return int(b) - int(a) }) {
		t.Errorf("events %v, want its ten, the latest first", got)
	}
	only := must[catalogue.TrailPage](t)(c.TrailPage(ctx, lead, catalogue.TrailQuery{Limit: 100, Action: catalogue.ListIntention}))
	if len(only.Events) != 1 || only.Events[0].Record.Kind != catalogue.KindIntention {
		t.Errorf("of that action: %+v", only.Events)
	}
	of := must[catalogue.TrailPage](t)(c.TrailPage(ctx, lead, catalogue.TrailQuery{Limit: 100, Record: only.Events[0].Record}))
	if len(of.Events) != 1 {
		t.Errorf("of that record: %+v", of.Events)
	}
	others := must[catalogue.TrailPage](t)(c.TrailPage(ctx, lead, catalogue.TrailQuery{Limit: 100, Org: coventry}))
	if slices.ContainsFunc(others.Events, func(e catalogue.Event) bool { return e.Owner != birmingham }) {
		t.Error("a council reads another's trail by asking for it")
	}
	if all := must[catalogue.TrailPage](t)(c.TrailPage(ctx, catalogue.Operator("test"), catalogue.TrailQuery{Limit: 1000, Org: coventry})); len(all.Events) != 450 {
		t.Errorf("the operator reads %d events of one council, want 450", len(all.Events))
	}
	whole(t, c)
}

// sealedAs is a value as the codec writes it, with a checksum that is right: what somebody can make who knows the layout.
func sealedAs(key []byte, version uint64, payload []byte) []byte {
	rest := binary.BigEndian.AppendUint64([]byte{0, 1}, version)
	rest = append(rest, payload...)
	table := crc32.MakeTable(crc32.Castagnoli)
	return append(binary.BigEndian.AppendUint32(nil, crc32.Update(crc32.Update(0, table, key), table, rest)), rest...)
}

func sha256Of(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// rewritten puts an event with another content, and a checksum that is right.
func rewritten(t *testing.T, store kv.Store, n uint64, change func(map[string]any)) (undo func()) {
	t.Helper()
	kept := rowsBelow(t, store, kv.NewKey("a").Uint(n))[0]
	var event map[string]any
	const envelope = 14
	if err := json.Unmarshal(kept.value[envelope:], &event); err != nil {
		t.Fatal(err)
	}
	change(event)
	payload, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	tampered(t, store, func(tx kv.Tx) error { return tx.Put(kept.key, sealedAs(kept.key, n, payload)) })
	return func() { tampered(t, store, func(tx kv.Tx) error { return tx.Put(kept.key, kept.value) }) }
}

// TestVerifyNamesTheFirstEventThatIsNotAsItWas edits, deletes and cuts events as somebody would who knows the file's
// layout, with checksums that are right.
func TestVerifyNamesTheFirstEventThatIsNotAsItWas(t *testing.T) {
	ctx := context.Background()
	c, store, _ := timed(t)
	for i := range 9 {
		listed(t, c, intention(birmingham, string(rune('A'+i))+" system"))
	}
	clean := whole(t, c)
	if clean.Events != 9 || clean.HeadEvent != 9 {
		t.Fatalf("verified %+v, want nine events", clean)
	}
	found := func() string { return strings.Join(must[catalogue.Verified](t)(c.Verify(ctx)).Problems, "; ") }
	for n := uint64(1); n <= 9; n++ {
		undo := rewritten(t, store, n, func(e map[string]any) { e["via"] = "elsewhere" })
		if got := found(); !strings.Contains(got, fmt.Sprintf("audit event %d was changed", n)) {
			t.Errorf("with event %d edited it says %q", n, got)
		}
		undo()
		undo = rewritten(t, store, n, func(e map[string]any) { e["prev"] = strings.Repeat("0", 64) })
		if got := found(); !strings.Contains(got, fmt.Sprintf("audit event %d was changed", n)) {
			t.Errorf("with the link of event %d edited it says %q", n, got)
		}
		undo()
		row := rowsBelow(t, store, kv.NewKey("a").Uint(n))[0]
		tampered(t, store, func(tx kv.Tx) error { return tx.Delete(row.key) })
		if got := found(); !strings.Contains(got, fmt.Sprintf("audit event %d is missing", n)) {
			t.Errorf("with event %d deleted it says %q", n, got)
		}
		tampered(t, store, func(tx kv.Tx) error { return tx.Put(row.key, row.value) })
	}
	// Edited and put back as it was: what is found is found because of the edit.
	undo := rewritten(t, store, 5, func(map[string]any) {})
	undo()
	if got := found(); got != "" {
		t.Errorf("put back as it was it says %q", got)
	}
}

// TestACutTailShowsAgainstAHead rolls trail and head back together, which the chain alone cannot show.
func TestACutTailShowsAgainstAHead(t *testing.T) {
	ctx := context.Background()
	c, store, _ := timed(t)
	listed(t, c, intention(birmingham, "Revenues system"))
	early := must[catalogue.AuditHead](t)(c.AuditHead(ctx))
	before := rowsBelow(t, store, kv.NewKey("m", "audit"))
	listed(t, c, intention(birmingham, "Parking system"))
	head := must[catalogue.AuditHead](t)(c.AuditHead(ctx))
	if v := whole(t, c); v.Head != head.Hash || head.N != early.N+1 {
		t.Errorf("the head is %v, verified %s", head, v.Head)
	}
	for _, s := range []string{head.String(), head.Hash, " " + strings.ToUpper(head.Hash) + "\n"} {
		want, err := catalogue.ParseAuditHead(s)
		if err != nil || !must[bool](t)(c.HoldsHead(ctx, want)) {
			t.Errorf("an unchanged trail does not hold %q: %v", s, err)
		}
	}
	for _, s := range []string{"", "2", "x:" + head.Hash, head.Hash[1:], "0:" + head.Hash, head.String() + "0", "-1:" + head.Hash} {
		if _, err := catalogue.ParseAuditHead(s); catalogue.KindOf(err) != catalogue.Invalid {
			t.Errorf("%q is read as a head: %v", s, err)
		}
	}
	tampered(t, store, func(tx kv.Tx) error {
		if err := tx.Delete(kv.NewKey("a").Uint(head.N)); err != nil {
			return err
		}
		return tx.Put(before[0].key, before[0].value)
	})
	if slices.ContainsFunc(must[catalogue.Verified](t)(c.Verify(ctx)).Problems, func(p string) bool { return strings.Contains(p, "audit event") }) {
		t.Error("the chain alone shows the cut: the test shows nothing")
	}
	for _, want := range []catalogue.AuditHead{head, {Hash: head.Hash}} {
		if must[bool](t)(c.HoldsHead(ctx, want)) {
			t.Errorf("a trail that was cut off holds %v", want)
		}
	}
	if !must[bool](t)(c.HoldsHead(ctx, early)) {
		t.Error("it no longer holds the head from before the cut")
	}
}

// TestAnEventOfALaterVersionIsNotTakenForEdited: the hash covers what is stored, not what this version knows of it.
func TestAnEventOfALaterVersionIsNotTakenForEdited(t *testing.T) {
	c, store, _ := timed(t)
	listed(t, c, intention(birmingham, "Revenues system"))
	key := []byte(kv.NewKey("a").Uint(2))
	head := must[catalogue.AuditHead](t)(c.AuditHead(context.Background()))
	payload := fmt.Appendf(nil, `{"n":2,"at":"2026-11-01T09:00:00Z","action":"import","owner":%q,"newer":["field"],"prev":%q}`, birmingham, head.Hash)
	tampered(t, store, func(tx kv.Tx) error {
		m := []byte(kv.NewKey("m", "audit"))
		return errors.Join(tx.Put(key, sealedAs(key, 2, payload)), tx.Put(m, sealedAs(m, 2, []byte(sha256Of(payload)))),
			tx.Put(kv.NewKey("h").Uint(^uint64(0)), sealedAs(kv.NewKey("h").Uint(^uint64(0)), 0, fmt.Appendf(nil, `[[%q],[%q]]`, birmingham, birmingham))))
	})
	if v := whole(t, c); v.Events != 2 {
		t.Errorf("verified %+v", v)
	}
}
