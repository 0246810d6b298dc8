package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
)

// How much room there should be, in bytes, and as a multiple of what is stored: a backup and an upgrade need as much again.
const (
	roomLeast  = 200 << 20
	roomGood   = 1 << 30
	roomTimes  = 3
	storeAsks  = 3 * time.Second
	backupAge  = 26 * time.Hour
	clockAhead = 5 * time.Minute
)

// checkFolder looks at the data folder, its secret, the room on its disk, and the store.
func checkFolder(ctx context.Context, f *findings, g Globals, running error) {
	const check = "data folder"
	if os.Geteuid() == 0 {
		f.warn("user", "Run it as a user of its own, without rights: see 'jointly check-config --print unit'", "the program runs as root")
	} else {
		f.ok("user", "not root")
	}
	info, err := os.Stat(g.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.warn(check, "Nothing, if this is a new service; otherwise name the folder with --data", "%s is not there yet: serve makes it", g.Data)
		return
	case err != nil:
		f.fail(check, "Choose another with --data, or change who may read it", "%s cannot be looked at: %v", g.Data, reason(err))
		return
	case !info.IsDir():
		f.fail(check, "Choose another with --data", "%s is not a folder", g.Data)
		return
	case !ownedByUs(info):
		f.fail(check, "Run this as the user that serves, or give that user the folder", "%s belongs to another user", g.Data)
	case info.Mode().Perm()&0o077 != 0:
		f.fail(check, "Take others' rights away: chmod 700 "+g.Data, "others on this machine can look into %s, which holds what councils keep to themselves", g.Data)
	default:
		f.ok(check, "%s, for its user alone", g.Data)
	}
	if probe, err := os.CreateTemp(g.Data, ".jointly-check-*"); err != nil {
		f.fail(check, "Change who may write there", "nothing can be written into %s: %v", g.Data, reason(err))
	} else if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		f.fail(check, "Look at the disk", "%v", err)
	}
	checkSecret(f, g)
	checkRoom(f, g)
	checkStore(ctx, f, g, running)
}

func checkSecret(f *findings, g Globals) {
	const check = "secret"
	path := filepath.Join(g.Data, "secret")
	if g.Secret != "" {
		path = g.Secret
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && g.Secret == "" {
		f.ok(check, "is made when the folder is first used")
		return
	}
	if err == nil {
		_, err = g.secret() // it is there, so it is only read
	}
	switch {
	case err != nil:
		f.fail(check, "Restore it from where you keep it", "%v", err)
	case info.Mode().Perm()&0o077 != 0:
		f.fail(check, "Take others' rights away: chmod 600 "+path, "others on this machine can read %s", path)
	default:
		f.ok(check, "for its user alone; keep a copy with the backups")
	}
}

func checkRoom(f *findings, g Globals) {
	const check = "disk"
	free, _, err := diskRoom(g.Data)
	if err != nil {
		f.warn(check, "Watch the room on the disk yourself", "this system does not tell how much room there is")
		return
	}
	stored := uint64(0)
	if at, err := g.storeAt(); err == nil && !at.shared() {
		if info, err := os.Stat(at.path); err == nil {
			stored = uint64(info.Size())
		}
	}
	const mb = 1 << 20
	switch {
	case free < max(roomLeast, stored):
		f.fail(check, "Make room: without it nothing is saved", "%d MB are left, %d MB are stored", free/mb, stored/mb)
	case free < max(roomGood, roomTimes*stored):
		f.warn(check, "Make room soon: a backup and an upgrade need as much as is stored", "%d MB are left, %d MB are stored", free/mb, stored/mb)
	default:
		f.ok(check, "%d MB are left, %d MB are stored", free/mb, stored/mb)
	}
}

// checkStore looks whether the store can be opened, or who holds it; it changes nothing in it.
func checkStore(ctx context.Context, f *findings, g Globals, running error) {
	const check = "store"
	at, err := g.storeAt()
	if err != nil {
		f.fail(check, "Correct --store", "%v", err)
		return
	}
	if at.shared() {
		checkCluster(ctx, f, g, at)
		return
	}
	if running != nil {
		f.ok(check, "%s", strings.TrimSuffix(strings.SplitN(running.Error(), ". Stop", 2)[0], "."))
		return
	}
	path := at.path
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		f.ok(check, "%s is made when the service first starts", path)
		return
	}
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		f.fail(check, "Do what it says", "%v", explain(ctx, g, at, err))
		return
	}
	err = store.View(ctx, func(tx kv.Tx) error { return tx.Scan(nil, nil, 1, func(_, _ []byte) error { return nil }) })
	if err = errors.Join(err, store.Close()); err != nil {
		f.fail(check, "Run 'jointly verify', and restore "+latestBackup(g.Data)+" where it finds something", "%s cannot be read: %v", path, err)
		return
	}
	f.ok(check, "%s can be read; 'jointly verify' reads all of it", path)
}

// checkCluster looks whether each member of a cluster can be reached, and whether the store can be read with the key and
// the password that were given.
func checkCluster(ctx context.Context, f *findings, g Globals, at storeAt) {
	const check = "store"
	for _, host := range at.cluster.Members {
		within, cancel := context.WithTimeout(ctx, storeAsks)
		conn, err := new(net.Dialer).DialContext(within, "tcp", host)
		cancel()
		if err != nil {
			f.fail(check, "Start the member, or correct --store", "%s cannot be reached: %v", host, reason(err))
			continue
		}
		_ = conn.Close() // it was only to see that somebody listens
		f.ok(check, "%s can be reached", host)
	}
	within, cancel := context.WithTimeout(ctx, 2*storeAsks)
	defer cancel()
	store, err := g.openStore(within, at, "")
	if err != nil {
		f.fail(check, "Look at the members, --store-ca, --store-cert, --store-key, --store-user and the password", "%s cannot be opened: %v", at, err)
		return
	}
	err = store.View(within, func(tx kv.Tx) error { return tx.Scan(nil, nil, 1, func(_, _ []byte) error { return nil }) })
	if err = errors.Join(err, store.Close()); err != nil {
		f.fail(check, "Look at the members, and at who may read", "%s cannot be read: %v", at, err)
		return
	}
	f.ok(check, "%s can be read; 'jointly verify' reads all of it", at)
}

// checkClock finds a clock that is wrong: codes and sessions run out by it, and the trail is dated by it.
func checkClock(f *findings, g Globals) {
	const check, do = "clock", "Let the system keep its clock, for instance with systemd-timesyncd or chrony"
	now := time.Now()
	if at, err := g.storeAt(); err == nil && !at.shared() {
		if info, err := os.Stat(at.path); err == nil && info.ModTime().After(now.Add(clockAhead)) {
			f.fail(check, do, "it is %s, but the store was last written at %s", now.UTC().Format(time.RFC3339), info.ModTime().UTC().Format(time.RFC3339))
			return
		}
	}
	if _, err := time.LoadLocation("Europe/London"); err != nil {
		f.fail("time zones", "Install the system's time zones (tzdata), or run with ZONEINFO set", "the zone Europe/London is not known, so that days would begin at midnight UTC")
	}
	switch yes, known := clockSynchronised(); {
	case !known:
		f.warn(check, do, "this system does not tell whether its clock is kept")
	case !yes:
		f.warn(check, do, "the system says that its clock is not synchronised")
	default:
		f.ok(check, "synchronised")
	}
}

func checkBackup(f *findings, g Globals) {
	const check, do = "backup", "Let a timer run 'jointly backup FILE' every day, and copy the file to another machine"
	info, err := os.Stat(filepath.Join(g.Data, backupNote))
	switch {
	case err != nil:
		f.warn(check, do, "none was made of this folder yet")
	case time.Since(info.ModTime()) > backupAge:
		f.warn(check, do, "the latest is from %s", info.ModTime().UTC().Format("2 January 2006, 15:04 UTC"))
	default:
		f.ok(check, "the latest is from %s", info.ModTime().UTC().Format("2 January 2006, 15:04 UTC"))
	}
}
