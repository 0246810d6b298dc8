package catalogue_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/kv/kvtest"
)

// asBefore makes a store what the first version of the layout was: no index of the audit trail.
func asBefore(t *testing.T, store kv.Store) {
	t.Helper()
	rows := rowsBelow(t, store, kv.NewKey("h"))
	if len(rows) < 3 {
		t.Fatalf("%d pages of the index, want some to take away", len(rows))
	}
	tampered(t, store, func(tx kv.Tx) error {
		for _, row := range rows {
			if err := tx.Delete(row.key); err != nil {
				return err
			}
		}
		return tx.Put(kv.NewKey("m", "format"), []byte("jointly 1"))
	})
}

// older is a store of the first layout with a few hundred events.
func older(t *testing.T) kv.Store {
	t.Helper()
	c, store := openedAt(t, filepath.Join(t.TempDir(), "store.db"))
	var items []catalogue.Item
	for i := range 400 {
		k := contractOf([]string{birmingham, coventry}[i%2], catalogue.Own)
		k.Ref = fmt.Sprint("K", i)
		items = append(items, k)
	}
	imports(t, c, items...)
	asBefore(t, store)
	return store
}

// TestAnOlderStoreIsUpgraded: a backup first, then the steps; the trail is as it was, and a council finds its part of it.
func TestAnOlderStoreIsUpgraded(t *testing.T) {
	ctx := context.Background()
	store := older(t)
	before := rowsBelow(t, store, kv.NewKey("a"))
	var file bytes.Buffer
	asked := 0
	open := func() *catalogue.Catalogue {
		t.Helper()
		return must[*catalogue.Catalogue](t)(catalogue.Open(ctx, store, catalogue.Options{BeforeUpgrade: func(ctx context.Context, c *catalogue.Catalogue, u catalogue.Upgrade) error {
			asked++
			if u.From != "jointly 1" || u.To == u.From {
				t.Errorf("it is told of %+v", u)
			}
			_, err := c.Backup(ctx, &file)
			return err
		}}))
	}
	c := open()
	whole(t, c)
	for i, row := range rowsBelow(t, store, kv.NewKey("a")) {
		if !bytes.Equal(row.value, before[i].value) {
			t.Fatalf("the upgrade rewrote event %d", i+1)
		}
	}
	if trail := must[[]catalogue.Event](t)(c.Trail(ctx, officer(birmingham, catalogue.RoleLead), 1000)); len(trail) != 200 {
		t.Errorf("%d events of a council, want 200", len(trail))
	}
	open()
	if asked != 1 {
		t.Errorf("a backup was asked for %d times, want once", asked)
	}
	// The backup is of the layout before: it restores, and is upgraded in turn.
	other := must[*bolt.Store](t)(bolt.Open(filepath.Join(t.TempDir(), "other.db"), bolt.Options{}))
	t.Cleanup(func() { _ = other.Close() })
	must[catalogue.BackupInfo](t)(catalogue.Restore(ctx, other, bytes.NewReader(file.Bytes())))
	if len(rowsBelow(t, other, kv.NewKey("h"))) != 0 {
		t.Error("the backup was taken after the upgrade")
	}
	whole(t, must[*catalogue.Catalogue](t)(catalogue.Open(ctx, other, catalogue.Options{})))
}

// TestAnUpgradeThatWasCutShortGoesOn fails each commit of the upgrade in turn, before and after it happened.
func TestAnUpgradeThatWasCutShortGoesOn(t *testing.T) {
	ctx := context.Background()
	for _, fault := range []kvtest.Fault{kvtest.Fails, kvtest.FailsPersisted, kvtest.AnswerLost} {
		store := older(t)
		cut := 0
		for at := 0; ; at++ {
			faults := append(make([]kvtest.Fault, at), fault) // as many updates as that go through first
			c, err := catalogue.Open(ctx, kvtest.Faulty(store, faults...), catalogue.Options{})
			if err == nil {
				whole(t, c)
				break
			}
			if cut++; cut > 20 {
				t.Fatal("the upgrade does not come to its end: ", err)
			}
		}
		if cut < 2 {
			t.Errorf("the upgrade was cut short %d times: the test shows little", cut)
		}
	}
}

func TestAnUpgradeWithoutABackupChangesNothing(t *testing.T) {
	store := older(t)
	full := errors.New("no room for it")
	_, err := catalogue.Open(context.Background(), store, catalogue.Options{BeforeUpgrade: func(context.Context, *catalogue.Catalogue, catalogue.Upgrade) error { return full }})
	if !errors.Is(err, full) || len(rowsBelow(t, store, kv.NewKey("h"))) != 0 {
		t.Errorf("opened with %v", err)
	}
}

// TestDataOfALaterVersionIsRefused in words, by a program that does not know its layout, or the schema of its records.
func TestDataOfALaterVersionIsRefused(t *testing.T) {
	store := older(t)
	tampered(t, store, func(tx kv.Tx) error { return tx.Put(kv.NewKey("m", "format"), []byte("jointly 99")) })
	_, err := catalogue.Open(context.Background(), store, catalogue.Options{BeforeUpgrade: func(context.Context, *catalogue.Catalogue, catalogue.Upgrade) error {
		t.Error("what is not known is upgraded")
		return nil
	}})
	is(t, "opening it", err, catalogue.Unavailable)
	if err == nil || !strings.Contains(err.Error(), "another version of Jointly (jointly 99") {
		t.Errorf("it says %v", err)
	}
}
