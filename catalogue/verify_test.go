package catalogue_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// peopled is a catalogue with records of several kinds, a deletion and a mail in it.
func peopled(t testing.TB) (*catalogue.Catalogue, kv.Store) {
	t.Helper()
	ctx := context.Background()
	c, store, _ := timed(t)
	s := scene{t, c, new(int)}
	s.account(coventry)
	s.group(birmingham, coventry, false)
	imports(t, c, &catalogue.Platform{Meta: catalogue.Meta{Ref: "P1"}, Name: "Open Revenues", Supplier: "Civica", Capabilities: []string{"revs-bens"}},
		&catalogue.Use{Platform: "open-revenues", Council: dudley, Source: catalogue.Source{Text: "register"}})
	in, d := s.intention(coventry, catalogue.Councils), officer(dudley, catalogue.RoleLead)
	must[*catalogue.Interest](t)(c.RegisterInterest(ctx, d, in.ID, catalogue.Standing{Rung: catalogue.Intends}, ""))
	if err := c.WithdrawInterest(ctx, d, in.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.StartSignIn(ctx, "a@birmingham.gov.uk", "browser", "network"); err != nil {
		t.Fatal(err)
	}
	return c, store
}

// row is a raw row of the store.
type row struct{ key, value []byte }

func rowsBelow(t testing.TB, store kv.Store, prefix []byte) []row {
	t.Helper()
	var rows []row
	if err := store.View(context.Background(), func(tx kv.Tx) error {
		rows = nil
		return tx.Scan(prefix, nil, kv.MaxScan, func(k, v []byte) error {
			rows = append(rows, row{k, v})
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// tampered changes the store behind the catalogue's back.
func tampered(t testing.TB, store kv.Store, fn func(kv.Tx) error) {
	t.Helper()
	if err := store.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyFindsWhatWasChanged flips a bit of every row, and takes every row away, one at a time.
func TestVerifyFindsWhatWasChanged(t *testing.T) {
	ctx := context.Background()
	c, store := peopled(t)
	clean := whole(t, c)
	if clean.Records == 0 || clean.Changes != clean.Records+1 || clean.Events == 0 || clean.LookUps == 0 {
		t.Errorf("verified %+v: want records with a change each, one tombstone, events and look-ups", clean)
	}
	for _, space := range []struct {
		name    string
		missing string // what is said of a row that is gone; empty: it may go
	}{
		{"r", "not there"}, {"c", "change entry"}, {"i", "missing"}, {"a", "missing"}, {"t", "tombstone"}, {"h", "index of the audit trail"}, {"o", ""}, {"k", ""},
	} {
		rows := rowsBelow(t, store, kv.NewKey(space.name))
		if len(rows) == 0 {
			t.Errorf("nothing is stored under %s", space.name)
		}
		for i, row := range rows {
			flipped := bytes.Clone(row.value)
			flipped[(i*7)%len(flipped)] ^= 1 << (i % 8)
			tampered(t, store, func(tx kv.Tx) error { return tx.Put(row.key, flipped) })
			if v := must[catalogue.Verified](t)(c.Verify(ctx)); !strings.Contains(strings.Join(v.Problems, "\n"), "damaged") {
				t.Errorf("a flipped bit of %q: %v", row.key, v.Problems)
			}
			tampered(t, store, func(tx kv.Tx) error { return tx.Delete(row.key) })
			v := must[catalogue.Verified](t)(c.Verify(ctx))
			tombstone := space.name == "c" && bytes.Contains(row.value, []byte(`"deleted"`))
			switch found := strings.Join(v.Problems, "\n"); {
			case space.missing == "" && found != "":
				t.Errorf("without %q: %s", row.key, found)
			case tombstone:
				if !strings.Contains(found, "tombstone") {
					t.Errorf("without the tombstone %q: %s", row.key, found)
				}
			case !strings.Contains(found, space.missing):
				t.Errorf("without %q: %q, want it to say %q", row.key, found, space.missing)
			}
			tampered(t, store, func(tx kv.Tx) error { return tx.Put(row.key, row.value) })
		}
	}
	for _, name := range []string{"seq", "audit"} {
		key := []byte(kv.NewKey("m", name))
		var kept []byte
		tampered(t, store, func(tx kv.Tx) (err error) {
			if kept, err = tx.Get(key); err != nil {
				return err
			}
			flipped := bytes.Clone(kept)
			flipped[9] ^= 1
			return tx.Put(key, flipped)
		})
		if v := must[catalogue.Verified](t)(c.Verify(ctx)); len(v.Problems) == 0 {
			t.Errorf("a flipped bit of the counter %s goes unnoticed", name)
		}
		tampered(t, store, func(tx kv.Tx) error { return tx.Put(key, kept) })
	}
	if again := whole(t, c); again.Head != clean.Head {
		t.Errorf("put back it verifies as %+v, before as %+v", again, clean)
	}
}

// TestAReadOfADamagedRecordIsRefused shows that nothing wrong is served meanwhile.
func TestAReadOfADamagedRecordIsRefused(t *testing.T) {
	ctx := context.Background()
	c, store, _ := timed(t)
	in := listed(t, c, intention(birmingham, "Revenues system"))
	other := listed(t, c, intention(coventry, "Local taxation"))
	key := []byte(kv.NewKey("r", "intention", in.ID))
	tampered(t, store, func(tx kv.Tx) error {
		value, err := tx.Get(key)
		if err != nil {
			return err
		}
		return tx.Put(key, bytes.Replace(value, []byte("Revenues"), []byte("Revenuez"), 1))
	})
	lead := officer(birmingham, catalogue.RoleLead)
	_, err := c.Intention(ctx, lead, in.ID)
	is(t, "reading it", err, catalogue.Internal)
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("it says %v, want that it is damaged and what to do", err)
	}
	_, err = c.SaveIntention(ctx, lead, *in)
	is(t, "writing over it", err, catalogue.Internal)
	if got := must[*catalogue.Intention](t)(c.Intention(ctx, lead, other.ID)); got.Title != other.Title {
		t.Errorf("another is read as %+v", got)
	}
	// A whole row under another's key is damage too: the checksum covers the key.
	tampered(t, store, func(tx kv.Tx) error {
		value, err := tx.Get(kv.NewKey("r", "intention", other.ID))
		if err != nil {
			return err
		}
		return tx.Put(key, value)
	})
	_, err = c.Intention(ctx, lead, in.ID)
	is(t, "reading one record under another's key", err, catalogue.Internal)
}

// forge is what somebody would write who knows the file's layout: rows with checksums that are right. It goes by way of a
// second catalogue, whose rows are valid by themselves.
func forge(t testing.TB, from, to kv.Store, n uint64) {
	t.Helper()
	key := []byte(kv.NewKey("a").Uint(n))
	var value []byte
	if err := from.View(context.Background(), func(tx kv.Tx) (err error) {
		value, err = tx.Get(key)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	tampered(t, to, func(tx kv.Tx) error { return tx.Put(key, value) })
}

func TestTheAuditTrailShowsWhatWasEdited(t *testing.T) {
	ctx := context.Background()
	c, store, _ := timed(t)
	other, otherStore, k := timed(t)
	k.move(1)
	for i := range 6 {
		listed(t, c, intention(birmingham, string(rune('A'+i))+" system"))
		listed(t, other, intention(coventry, string(rune('A'+i))+" system"))
	}
	whole(t, c)
	for _, n := range []uint64{1, 3, 6} {
		kept := rowsBelow(t, store, kv.NewKey("a").Uint(n))[0]
		forge(t, otherStore, store, n)
		v := must[catalogue.Verified](t)(c.Verify(ctx))
		if len(v.Problems) != 1 || !strings.Contains(v.Problems[0], "audit event") {
			t.Errorf("event %d of another trail, with its checksum: %v", n, v.Problems)
		}
		tampered(t, store, func(tx kv.Tx) error { return tx.Put(kept.key, kept.value) })
	}
	whole(t, c)
}

// TestACutOffTailShowsAgainstABackup rolls the whole file back, which Verify alone cannot see.
func TestACutOffTailShowsAgainstABackup(t *testing.T) {
	ctx := context.Background()
	c, store, _ := timed(t)
	listed(t, c, intention(birmingham, "Revenues system"))
	before := append(rowsBelow(t, store, kv.NewKey("m")), rowsBelow(t, store, kv.NewKey("a"))...)
	old := must[catalogue.BackupInfo](t)(c.Backup(ctx, new(bytes.Buffer)))
	listed(t, c, intention(birmingham, "Parking system"))
	var file bytes.Buffer
	info := must[catalogue.BackupInfo](t)(c.Backup(ctx, &file))
	if read := must[catalogue.BackupInfo](t)(catalogue.ReadBackupInfo(&file)); read != info {
		t.Errorf("the backup says %+v, was made as %+v", read, info)
	}
	listed(t, c, intention(birmingham, "Housing system"))
	holds := func(info catalogue.BackupInfo) bool {
		return must[bool](t)(c.HoldsBackup(ctx, info))
	}
	if !holds(old) || !holds(info) || !holds(catalogue.BackupInfo{}) {
		t.Error("an unchanged trail does not hold its own backups")
	}
	tampered(t, store, func(tx kv.Tx) error { // the trail as it was, head and all
		for n := uint64(2); n <= 3; n++ {
			if err := tx.Delete(kv.NewKey("a").Uint(n)); err != nil {
				return err
			}
		}
		for _, row := range before {
			if err := tx.Put(row.key, row.value); err != nil {
				return err
			}
		}
		return nil
	})
	for _, p := range must[catalogue.Verified](t)(c.Verify(ctx)).Problems {
		if strings.Contains(p, "audit") {
			t.Errorf("the chain alone shows the cut: %s; the test shows nothing", p)
		}
	}
	if holds(info) {
		t.Error("a trail that was cut off holds the backup")
	}
	if !holds(old) {
		t.Error("it no longer holds the backup from before the cut")
	}
	listed(t, c, intention(dudley, "Another history"))
	if holds(info) {
		t.Error("a trail that was cut off and went on holds the backup")
	}
}
