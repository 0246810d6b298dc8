package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/match"
	"jointly/search"
	"jointly/web/metrics"
)

// app is the open data folder. Index and matcher are opened by the commands that need them.
type app struct {
	globals   Globals
	store     kv.Store
	catalogue *catalogue.Catalogue
	secret    [32]byte
	log       *slog.Logger
	metrics   *metrics.Set
	leaseFor  time.Duration // of the lease for jobs; 0: the usual time
	beginAt   uint64        // see the constant; 0: that

	index  *search.Index
	engine *match.Engine
}

// What a data folder holds: the catalogue, what is built from it, and files that people are about to import.
const (
	storeFile    = "catalogue.db"
	indexFolder  = "index"
	uploadFolder = "uploads"
)

// opened opens the data folder for this process alone.
func opened(ctx context.Context, g Globals, log *slog.Logger) (*app, error) {
	clock, err := g.clock()
	if err != nil {
		return nil, err
	}
	a := &app{globals: g, log: log}
	if err := os.MkdirAll(g.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made: %w. Choose another with --data, or change who may write there", g.Data, reason(err))
	}
	at, err := g.storeAt()
	if err != nil {
		return nil, err
	}
	store, err := g.openHere(ctx, at)
	if err != nil {
		return nil, explain(ctx, g, at, err)
	}
	a.metrics = metrics.New()
	a.store = meter(store, a.metrics)
	// The folder's lock is held: no other process makes a secret meanwhile.
	if a.secret, err = g.secret(); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	a.catalogue, err = catalogue.Open(ctx, a.store, catalogue.Options{Clock: clock, Secret: a.secret, Shared: at.shared(), Log: a.log, BeforeUpgrade: a.keepBefore})
	if err != nil {
		return nil, errors.Join(explain(ctx, g, at, err), store.Close())
	}
	return a, nil
}

// explain says who holds the store, or what to do about it.
func explain(ctx context.Context, g Globals, at storeAt, err error) error {
	switch {
	case errors.Is(err, kv.ErrLocked):
		if held := heldBy(ctx, g.Data); held != nil {
			return held
		}
		return fmt.Errorf("the data folder %s is in use by another command of jointly. Wait until it ends and try again", g.Data)
	case at.shared() && errors.Is(err, kv.ErrCorrupt) && !errors.Is(err, catalogue.ErrDamaged):
		return fmt.Errorf("%w. It holds no records: delete it and start again", err)
	case at.shared() && errors.Is(err, catalogue.ErrDamaged):
		return fmt.Errorf("the catalogue %s is damaged: %w. Nothing was changed. Run 'jointly restore' with %s into a store of another name", at, err, latestBackup(g.Data))
	case errors.Is(err, kv.ErrCorrupt), errors.Is(err, catalogue.ErrDamaged):
		return fmt.Errorf("the catalogue %s is damaged: %w. Nothing was changed. Move the file aside and run 'jointly restore' with %s", at, err, latestBackup(g.Data))
	}
	return err
}

// reason is the cause without the path that the message names already.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &call):
		return call.Err
	}
	return err
}

// secret is the key that signs session cookies and seals the outbox. That of the data folder is made once; one that
// --secret names has to be there.
func (g Globals) secret() (key [32]byte, err error) {
	path := filepath.Join(g.Data, "secret")
	if g.Secret != "" {
		path = g.Secret
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && g.Secret == "" {
		if _, err := rand.Read(key[:]); err != nil {
			return key, fmt.Errorf("make the secret: %w", err)
		}
		return key, writeWhole(path, func(w io.Writer) error {
			_, err := io.WriteString(w, hex.EncodeToString(key[:])+"\n")
			return err
		})
	}
	if err != nil {
		return key, fmt.Errorf("read %s: %w", path, reason(err))
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != len(key) {
		return key, fmt.Errorf("%s does not hold 64 hexadecimal digits: restore it from where you keep it, or delete it (people are then signed out)", path)
	}
	copy(key[:], raw)
	return key, nil
}

// logger writes diagnostics from a level on: a service tells what it does, a command only what people must know.
func logger(g Globals, s streams, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if g.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.err, o))
	}
	return slog.New(slog.NewTextHandler(s.err, o))
}

// searching opens the search index, if it is not yet, and brings it up to the feed's end.
func (a *app) searching(ctx context.Context) (*search.Index, error) {
	if err := a.openIndex(ctx); err != nil {
		return nil, err
	}
	return a.index, a.index.CatchUp(ctx)
}

func (a *app) openIndex(ctx context.Context) error {
	if a.index == nil {
		dir := filepath.Join(a.globals.Data, indexFolder)
		if err := os.MkdirAll(dir, 0o700); err != nil { // it holds what only councils may see
			return fmt.Errorf("%s cannot be made: %w", dir, reason(err))
		}
		index, err := search.Open(ctx, dir, a.catalogue, search.Options{Log: a.log})
		if err != nil {
			return err
		}
		a.index = index
	}
	return nil
}

// matching makes the matcher, if it is not yet, and brings it up to the feed's end.
func (a *app) matching(ctx context.Context) (*match.Engine, error) {
	if err := a.makeEngine(); err != nil {
		return nil, err
	}
	return a.engine, a.engine.CatchUp(ctx)
}

func (a *app) makeEngine() error {
	if a.engine == nil {
		engine, err := match.NewEngine(a.catalogue)
		if err != nil {
			return err
		}
		a.engine = engine
	}
	return nil
}

// beginAt is how many changes make a catalogue too large for a start to wait until search and matches know all of it.
const beginAt = 100_000

// begin opens search and makes the matcher. A small catalogue's are brought up to the feed's end, which takes seconds. A
// large one's come to it by following, and /readyz says no until they have: minutes, where there is no index yet, in which
// pages are answered.
func (a *app) begin(ctx context.Context) error {
	if err := errors.Join(a.openIndex(ctx), a.makeEngine()); err != nil {
		return err
	}
	end, err := a.catalogue.Seq(ctx)
	if err != nil {
		return err
	}
	if end < cmp.Or(a.beginAt, beginAt) {
		return errors.Join(a.index.CatchUp(ctx), a.engine.CatchUp(ctx))
	}
	a.log.Info("search and matches come to the end of the catalogue while pages are answered already", "changes", end)
	return nil
}

// whole says that search and matches came to the end of the catalogue since the start.
func (a *app) whole() bool { return a.index.Ready() && a.engine.Ready() }

// at is the same data folder on the day that another command line asks for.
func (a *app) at(g Globals) (*app, error) {
	if g.AsOf == a.globals.AsOf {
		return a, nil
	}
	clock, err := g.clock()
	if err != nil {
		return nil, err
	}
	out := *a
	out.catalogue = a.catalogue.At(clock)
	out.engine = nil
	return &out, nil
}

func (a *app) close() error {
	var errs []error
	if a.index != nil {
		errs = append(errs, a.index.Close())
	}
	return errors.Join(append(errs, a.store.Close())...)
}
