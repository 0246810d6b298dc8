package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

// relaid changes what a data folder's store says of its layout, behind the program's back.
func relaid(t *testing.T, dir, layout string, drop ...string) {
	t.Helper()
	store, err := bolt.Open(filepath.Join(dir, storeFile), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, space := range drop {
		var keys [][]byte
		if err := store.View(context.Background(), func(tx kv.Tx) error {
			keys = nil
			return tx.Scan(kv.NewKey(space), nil, kv.MaxWrites, func(k, _ []byte) error {
				keys = append(keys, k)
				return nil
			})
		}); err != nil {
			t.Fatal(err)
		}
		if err := store.Update(context.Background(), func(tx kv.Tx) error {
			for _, k := range keys {
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Update(context.Background(), func(tx kv.Tx) error { return tx.Put(kv.NewKey("m", "format"), []byte(layout)) }); err != nil {
		t.Fatal(err)
	}
}

// TestAnOlderFolderIsUpgradedWithABackupFirst by whichever command comes first.
func TestAnOlderFolderIsUpgradedWithABackupFirst(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	verified := done(t, "--data", dir, "verify")
	relaid(t, dir, "jointly 1", "h")
	if o := jointly(t, "--data", dir, "verify"); o.status != statusDone || o.out != verified || !strings.Contains(o.err, "backup was kept first") {
		t.Errorf("status %d: %s%s, want %s", o.status, o.out, o.err, verified)
	}
	backup := filepath.Join(dir, "before-upgrade-from-jointly-1.backup")
	fresh := filepath.Join(t.TempDir(), "fresh")
	done(t, "--data", fresh, "restore", backup)
	if got := done(t, "--data", fresh, "verify"); got != verified {
		t.Errorf("the backup restores to %s, want %s", got, verified)
	}
	if o := jointly(t, "--data", dir, "verify"); strings.Contains(o.err, "backup") {
		t.Errorf("it is upgraded again: %s", o.err)
	}
	// Where the backup cannot be kept, nothing is upgraded.
	relaid(t, dir, "jointly 1", "h")
	if err := os.Remove(backup); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(backup, 0o700); err != nil {
		t.Fatal(err)
	}
	if o := jointly(t, "--data", dir, "verify"); o.status != statusFailed || !strings.Contains(o.err, "nothing was upgraded") {
		t.Errorf("without room for a backup: status %d: %s%s", o.status, o.out, o.err)
	}
}

// TestDataOfALaterVersionIsRefusedByEveryCommand in words.
func TestDataOfALaterVersionIsRefusedByEveryCommand(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	relaid(t, dir, "jointly 99")
	file := written(t, "in.jsonl", "{}\n")
	for _, args := range [][]string{
		{"serve", "--addr", "127.0.0.1:0"}, {"import", "intentions", file}, {"import", "public-facts"}, {"import", "list"}, {"export", "contracts"}, {"export", "matches"},
		{"match"}, {"search", "permits"}, {"backup", filepath.Join(t.TempDir(), "b")}, {"verify"}, {"reindex"}, {"account", "list"},
		{"succeed", "--due"},
	} {
		o := jointly(t, append([]string{"--data", dir}, args...)...)
		if o.status != statusFailed || !strings.Contains(o.err, "another version of Jointly (jointly 99") || !strings.Contains(o.err, "restore a backup") {
			t.Errorf("%s: status %d: %s", strings.Join(args, " "), o.status, clip(o.err+o.out))
		}
	}
}

// TestVerifyTakesHeads of backups and exports, and says what a cut tail lost.
func TestVerifyTakesHeads(t *testing.T) {
	t.Parallel()
	dir := factsFolder(t)
	o := jointly(t, "--data", dir, "export", "platforms")
	_, rest, ok := strings.Cut(o.err, "verify --head ")
	head, _, _ := strings.Cut(rest, "'")
	if !ok || o.status != statusDone {
		t.Fatalf("an export says %q", o.err)
	}
	if again := done(t, "--data", dir, "export", "platforms"); again != o.out {
		t.Error("the same export is another file")
	}
	done(t, "--data", dir, "verify", "--head", head)
	number, hash, _ := strings.Cut(head, ":")
	done(t, "--data", dir, "verify", "--head", hash)
	for wrong, says := range map[string]string{
		"999999:" + hash:                       "was cut off: it ends at event " + number + ", and event 999999",
		number + ":" + strings.Repeat("0", 64): "event " + number + " no longer has the hash",
		strings.Repeat("a", 64):                "no event has the hash",
	} {
		if o := jointly(t, "--data", dir, "verify", "--head", wrong); o.status != statusFailed || !strings.Contains(o.out, says) {
			t.Errorf("--head %s: status %d: %s%s, want %q", wrong, o.status, o.out, clip(o.err), says)
		}
	}
	if o := jointly(t, "--data", dir, "verify", "--head", "latest"); o.status != statusUsage || !strings.Contains(o.err, "NUMBER:HASH") {
		t.Errorf("a head that is none: status %d: %s", o.status, o.err)
	}
}
