package catalogue_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// slowly writes on only once others have written to the catalogue meanwhile.
type slowly struct {
	w       io.Writer
	written *atomic.Uint64
}

func (s slowly) Write(p []byte) (int, error) {
	for before := s.written.Load(); s.written.Load() < before+20; {
		runtime.Gosched()
	}
	return s.w.Write(p)
}

// TestABackupIsOneRevisionOfABusyCatalogue makes backups while four councils write as fast as they can.
func TestABackupIsOneRevisionOfABusyCatalogue(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	for i := range 200 { // more than a buffer's worth, so that the backup has to wait in between
		in := intention(coventry, fmt.Sprintf("Before %d", i))
		in.Description = strings.Repeat("Council tax and benefits. ", 50)
		listed(t, c, in)
	}
	var written atomic.Uint64
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for _, council := range []string{birmingham, dudley, sandwell, edinburgh} {
		in := listed(t, c, intention(council, "Counted"))
		wait.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				in.Notes = fmt.Sprint("saved ", written.Load())
				saved, err := c.SaveIntention(ctx, officer(council, catalogue.RoleLead), *in)
				if err != nil {
					t.Error(err)
					return
				}
				in = saved
				written.Add(1)
			}
		})
	}
	type backup struct {
		info catalogue.BackupInfo
		file bytes.Buffer
	}
	backups := make([]backup, 2)
	for i := range backups {
		before := written.Load()
		backups[i].info = must[catalogue.BackupInfo](t)(c.Backup(ctx, slowly{&backups[i].file, &written}))
		if written.Load() < before+20 {
			t.Error("nothing was written during the backup: the test shows nothing")
		}
	}
	close(stop)
	wait.Wait()
	for _, b := range backups {
		store := stored(t, filepath.Join(t.TempDir(), "restored.db"))
		if info := must[catalogue.BackupInfo](t)(catalogue.Restore(ctx, store, bytes.NewReader(b.file.Bytes()))); info != b.info {
			t.Errorf("restored %+v, backed up %+v", info, b.info)
		}
		again := over(t, store, &clock{now: today})
		v := whole(t, again)
		if v.Head != b.info.AuditHash || uint64(v.Events) != b.info.Audit || must[uint64](t)(again.Seq(ctx)) != b.info.Seq {
			t.Errorf("restored up to event %d and change %d, the backup says %d and %d", v.Events, must[uint64](t)(again.Seq(ctx)), b.info.Audit, b.info.Seq)
		}
		if !must[bool](t)(c.HoldsBackup(ctx, b.info)) {
			t.Error("the catalogue does not hold its own backup")
		}
		if n := count(t, again, catalogue.KindIntention); n != 204 {
			t.Errorf("restored %d intentions, want 204", n)
		}
	}
	whole(t, c)
}

func TestOnlyAWholeBackupIsRestored(t *testing.T) {
	ctx := context.Background()
	c, _ := peopled(t)
	var file bytes.Buffer
	must[catalogue.BackupInfo](t)(c.Backup(ctx, &file))
	good := file.Bytes()
	bad := map[string][]byte{
		"an empty file": {}, "a PDF": []byte("%PDF-1.7\n1 0 obj\n"), "a JSON file": []byte("{\"format\":\"something else\"}\n[]"),
		"a line without end": bytes.Repeat([]byte("x"), 1<<20), "a header alone": good[:bytes.IndexByte(good, '\n')+1],
		"one byte more": append(bytes.Clone(good), 0), "one byte less": good[:len(good)-1], "no checksum": good[:len(good)-32],
		"a part of absurd length": binary.BigEndian.AppendUint32(bytes.Clone(good[:bytes.IndexByte(good, '\n')+1]), 1<<31),
	}
	for at := 0; at < len(good); at += len(good)/40 + 1 {
		flipped := bytes.Clone(good)
		flipped[at] ^= 0x10
		bad[fmt.Sprintf("a flipped bit of byte %d", at)] = flipped
		bad[fmt.Sprintf("the first %d bytes", at)] = good[:at]
	}
	store := stored(t, filepath.Join(t.TempDir(), "restored.db"))
	for what, file := range bad {
		_, err := catalogue.Restore(ctx, store, bytes.NewReader(file))
		is(t, "restoring "+what, err, catalogue.Invalid)
		if n := len(rowsBelow(t, store, nil)); n > 0 {
			t.Fatalf("restoring %s wrote %d rows", what, n)
		}
	}
	for _, what := range []string{"an empty file", "a PDF", "a JSON file", "a line without end"} {
		_, err := catalogue.ReadBackupInfo(bytes.NewReader(bad[what]))
		is(t, "reading what a backup says in "+what, err, catalogue.Invalid)
	}
	must[catalogue.BackupInfo](t)(catalogue.Restore(ctx, store, bytes.NewReader(good))) // the control
	_, err := catalogue.Restore(ctx, store, bytes.NewReader(good))
	is(t, "restoring over a catalogue", err, catalogue.Conflict)
	again := over(t, store, &clock{now: today})
	whole(t, again)
	if left := rowsBelow(t, store, kv.NewKey("k")); len(left) > 0 {
		t.Errorf("%d sign-in codes are in the backup", len(left))
	}
	if n, err := again.SendOutbox(ctx, &postbox{}); n == 0 || err != nil {
		t.Errorf("the mail that waited: %d sent, %v", n, err)
	}
	_, err = catalogue.Restore(ctx, stored(t, filepath.Join(t.TempDir(), "other.db")), bytes.NewReader(nil))
	is(t, "restoring nothing", err, catalogue.Invalid)
}

// refusing is a file system that is full.
type refusing struct{ after int }

var errFull = errors.New("no space left on device")

func (r *refusing) Write(p []byte) (int, error) {
	if r.after -= len(p); r.after < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestABackupThatCannotBeWrittenSaysWhy(t *testing.T) {
	c, _ := peopled(t)
	if _, err := c.Backup(context.Background(), &refusing{10}); !errors.Is(err, errFull) || strings.Contains(err.Error(), "store") {
		t.Errorf("a backup to a full disk: %v", err)
	}
}
