package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jointly/catalogue"
)

type backupCommand struct {
	File string `arg:"" help:"File to write."`
}

func (c *backupCommand) relativeTo(folder string) { c.File = within(folder, c.File) }

func within(folder, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

func (c *backupCommand) run(ctx context.Context, a *app, s streams) error {
	var info catalogue.BackupInfo
	err := writeWhole(c.File, func(w io.Writer) (err error) {
		info, err = a.catalogue.Backup(ctx, w)
		return err
	})
	if err != nil {
		return err
	}
	if err := noteBackup(a.globals.Data, c.File); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Backup %s: up to change %d, audit event %d (%s).\n", c.File, info.Seq, info.Audit, info.AuditHash)
	return err
}

// backupNote is the file of a data folder that names the latest backup: what to say when the catalogue is damaged.
const backupNote = "latest-backup"

func noteBackup(dir, file string) error {
	return writeWhole(filepath.Join(dir, backupNote), func(w io.Writer) error {
		_, err := io.WriteString(w, file+"\n")
		return err
	})
}

// verifyNote is the file of a data folder whose time says when all of it was last found whole.
const verifyNote = "latest-verify"

func noteVerified(dir string) error {
	return writeWhole(filepath.Join(dir, verifyNote), func(w io.Writer) error {
		_, err := io.WriteString(w, time.Now().UTC().Format(time.RFC3339)+"\n")
		return err
	})
}

// latestBackup names the latest backup of a data folder, in words where none is known.
func latestBackup(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, backupNote))
	if err != nil {
		return "your latest backup"
	}
	return "your latest backup, " + strings.TrimSpace(string(b))
}

type restoreCommand struct {
	File string `arg:"" help:"Backup to read."`
}

func (c *restoreCommand) relativeTo(folder string) { c.File = within(folder, c.File) }

// ownsFolder: a restore fills a folder that nothing holds yet.
func (*restoreCommand) ownsFolder() {}

// run restores into a file beside the catalogue's place, checks it, and only then moves it there.
func (c *restoreCommand) run(ctx context.Context, a *app, s streams) (err error) {
	g := a.globals
	at, err := g.storeAt()
	if err != nil {
		return err
	}
	path := at.path
	if _, err := os.Stat(path); err == nil {
		return &catalogue.Error{Kind: catalogue.Conflict, Message: fmt.Sprintf("%s holds a catalogue already: name an empty folder with --data, or move that file aside", filepath.Dir(path))}
	}
	file, err := openFile(c.File)
	if err != nil {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: fmt.Sprintf("%s cannot be read: %v", c.File, reason(err))}
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if at.shared() {
		return c.intoCluster(ctx, g, at, file, s)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w. Choose another with --data, or change who may write there", filepath.Dir(path), reason(err))
	}
	beside := path + ".restoring"
	if err := os.Remove(beside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("restore: %w", err)
	}
	info, v, err := restoreInto(ctx, g, storeAt{path: beside}, file)
	if err != nil {
		return errors.Join(err, removeIfThere(beside))
	}
	if err := os.Rename(beside, path); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return c.restored(g, info, v, s)
}

// intoCluster restores into a store of a cluster, which nobody opens until the restore has come to its end.
func (c *restoreCommand) intoCluster(ctx context.Context, g Globals, at storeAt, file io.ReadSeeker, s streams) error {
	if err := heldBy(ctx, g.Data); err != nil {
		return err
	}
	info, v, err := restoreInto(ctx, g, at, file)
	if err != nil {
		return err
	}
	return c.restored(g, info, v, s)
}

// restored drops the index of what was there before, and says what is there now.
func (c *restoreCommand) restored(g Globals, info catalogue.BackupInfo, v catalogue.Verified, s streams) error {
	if err := os.RemoveAll(filepath.Join(g.Data, indexFolder)); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	_, err := fmt.Fprintf(s.out, "Restored %s up to change %d, checked. The search index is built when it is next used.\n",
		count(v.Records, "record", "records"), info.Seq)
	return err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func restoreInto(ctx context.Context, g Globals, at storeAt, file io.ReadSeeker) (info catalogue.BackupInfo, v catalogue.Verified, err error) {
	store, err := g.openStore(ctx, at, "")
	if err != nil {
		return info, v, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if info, err = catalogue.Restore(ctx, store, file); err != nil {
		return info, v, err
	}
	c, err := catalogue.Open(ctx, store, catalogue.Options{})
	if err != nil {
		return info, v, err
	}
	if v, err = c.Verify(ctx); err != nil {
		return info, v, err
	}
	if len(v.Problems) > 0 {
		return info, v, fmt.Errorf("the restored catalogue is not whole: %s", v.Problems[0])
	}
	return info, v, nil
}

type verifyCommand struct {
	Against string   `help:"A backup whose audit trail this catalogue must still hold." placeholder:"FILE"`
	Heads   []string `name:"head" help:"Head of the audit trail, as a backup or an export printed it, that this catalogue must still hold." placeholder:"NUMBER:HASH"`
}

func (c *verifyCommand) relativeTo(folder string) {
	if c.Against != "" {
		c.Against = within(folder, c.Against)
	}
}

func (c *verifyCommand) run(ctx context.Context, a *app, s streams) error {
	var heads []catalogue.AuditHead
	for _, text := range c.Heads {
		head, err := catalogue.ParseAuditHead(text)
		if err != nil {
			return usage("--head: %v", err)
		}
		heads = append(heads, head)
	}
	v, err := a.catalogue.Verify(ctx)
	if err != nil {
		return err
	}
	if err := holding(ctx, a, heads, &v); err != nil {
		return err
	}
	if c.Against != "" {
		if err := c.compare(ctx, a, &v); err != nil {
			return err
		}
	}
	for _, p := range v.Problems {
		if _, err := fmt.Fprintln(s.out, "problem:", p); err != nil {
			return err
		}
	}
	if len(v.Problems) > 0 {
		return fmt.Errorf("%s found. Keep the file as it is, and restore %s into an empty folder", count(len(v.Problems), "problem", "problems"), latestBackup(a.globals.Data))
	}
	_, err = fmt.Fprintf(s.out, "Whole: %s, %s, %s, %s. Head %s.\n", count(v.Records, "record", "records"), count(v.Changes, "change", "changes"),
		count(v.LookUps, "look-up", "look-ups"), count(v.Events, "audit event", "audit events"), catalogue.AuditHead{N: v.HeadEvent, Hash: v.Head})
	if err != nil {
		return err
	}
	return noteVerified(a.globals.Data)
}

// holding adds a problem for each head that the audit trail no longer holds.
func holding(ctx context.Context, a *app, heads []catalogue.AuditHead, v *catalogue.Verified) error {
	for _, head := range heads {
		holds, err := a.catalogue.HoldsHead(ctx, head)
		if err != nil && !errors.Is(err, catalogue.ErrDamaged) { // damage is told of already
			return err
		}
		switch {
		case holds:
		case head.N > v.HeadEvent:
			v.Problems = append(v.Problems, fmt.Sprintf("the audit trail was cut off: it ends at event %d, and event %d with the hash %s is gone", v.HeadEvent, head.N, head.Hash))
		case head.N > 0:
			v.Problems = append(v.Problems, fmt.Sprintf("the audit trail was cut off or rewritten: event %d no longer has the hash %s", head.N, head.Hash))
		default:
			v.Problems = append(v.Problems, fmt.Sprintf("the audit trail was cut off or rewritten: no event has the hash %s", head.Hash))
		}
	}
	return nil
}

func (c *verifyCommand) compare(ctx context.Context, a *app, v *catalogue.Verified) (err error) {
	file, err := openFile(c.Against)
	if err != nil {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: fmt.Sprintf("%s cannot be read: %v", c.Against, reason(err))}
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := catalogue.ReadBackupInfo(file)
	if err != nil {
		return err
	}
	holds, err := a.catalogue.HoldsBackup(ctx, info)
	if err != nil {
		return err
	}
	if !holds {
		v.Problems = append(v.Problems, fmt.Sprintf("the audit trail no longer holds event %d of %s: events were cut off or rewritten", info.Audit, c.Against))
	}
	return nil
}

type reindexCommand struct{}

func (c *reindexCommand) run(ctx context.Context, a *app, s streams) error {
	index, err := a.searching(ctx)
	if err != nil {
		return err
	}
	if err := index.Reindex(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "The search index is built anew.")
	return err
}
