package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// Imports keeps the files that people bring until they are imported, for a day at most and not over a restart, and
// imports them one after the other while the site goes on. It is safe for concurrent use.
type Imports struct {
	dir   string
	log   *slog.Logger
	queue chan importJob
	slots chan struct{} // files that are read at once

	mu  sync.Mutex
	all map[string]*upload
}

// upload is a file that somebody brought, and what was said of it so far. Handlers get copies.
type upload struct {
	id      string
	account string
	council string
	name    string // what its person calls it
	path    string
	size    int64
	at      time.Time
	notices bool

	mapping exchange.Mapping
	titles  map[string]string // the field that each title was taken as; nil: nobody looked yet
	buyer   string
	run     *importRun // nil: not started
}

// importRun is how far an import has come.
type importRun struct {
	rows        int // read
	done, total int // steps of writing
	finished    bool
	imported    catalogue.Imported
	refused     bool  // the file has errors by now
	err         error // it failed
	ended       chan struct{}
}

type importJob struct {
	id string
	do func(context.Context, upload) (catalogue.Imported, error)
}

// Limits on files that wait.
const (
	uploadLife      = 24 * time.Hour
	uploadsEach     = 5       // of an account
	uploadsBytes    = 1 << 30 // of all
	importsWaiting  = 50
	readAtOnce      = 2
	maxUpload       = 4 * exchange.MaxFile // beyond it the connection is cut; up to it a larger file is told of
	uploadsLookedAt = time.Hour
)

// errImportRefused says that a file which was right when it was looked at has errors by now.
var errImportRefused = errors.New("the file has errors")

// NewImports keeps files in a folder of its own: what is in it of an earlier process is removed.
func NewImports(dir string, log *slog.Logger) (*Imports, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("uploads of before: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder for uploads: %w", err)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Imports{dir: dir, log: log, queue: make(chan importJob, importsWaiting), slots: make(chan struct{}, readAtOnce), all: map[string]*upload{}}, nil
}

// Run imports what is asked for, until ctx ends, and forgets what is old. What is then half done the catalogue completes
// or drops by itself.
func (m *Imports) Run(ctx context.Context) error {
	look := time.NewTicker(uploadsLookedAt)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case job := <-m.queue:
			m.work(ctx, job)
		case <-look.C:
			m.sweep(time.Now().Add(-uploadLife))
		}
	}
}

func (m *Imports) work(ctx context.Context, job importJob) {
	u, err := m.byID(job.id)
	if err != nil {
		return // it was too old
	}
	done, err := job.do(ctx, u)
	var known *catalogue.Error
	if err != nil && !errors.Is(err, errImportRefused) && !errors.As(err, &known) {
		m.log.Error("an import failed", "import", job.id, "error", err)
	}
	if err == nil {
		m.removeFile(&u)
	}
	m.change(job.id, func(u *upload) {
		u.run.finished, u.run.imported = true, done
		if u.run.refused = errors.Is(err, errImportRefused); !u.run.refused {
			u.run.err = err
		}
		close(u.run.ended)
	})
}

// failed says that an import ended without bringing anything in: it may be asked for again.
func (r *importRun) failed() bool { return r.finished && (r.refused || r.err != nil) }

// receive keeps a file. ErrTooBig: it is larger than files may be.
func (m *Imports) receive(who catalogue.Actor, name string, in io.Reader) (upload, error) {
	m.makeRoom(who.Account)
	if m.held() > uploadsBytes {
		return upload{}, &catalogue.Error{Kind: catalogue.Unavailable, Message: "Many files wait to be imported. Try again in an hour"}
	}
	u := upload{id: catalogue.NewID(), account: who.Account, council: who.Org, name: name, at: time.Now()}
	u.path = filepath.Join(m.dir, u.id)
	file, err := os.OpenFile(u.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return upload{}, fmt.Errorf("keep an upload: %w", err)
	}
	u.size, err = io.Copy(file, io.LimitReader(in, exchange.MaxFile+1))
	err = errors.Join(err, file.Close())
	if err == nil && u.size > exchange.MaxFile {
		err = exchange.ErrTooBig
	}
	if err != nil {
		m.removeFile(&u)
		return upload{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := u
	m.all[u.id] = &kept
	return u, nil
}

// of is the upload of an account with an ID; NotFound for anybody else's.
func (m *Imports) of(who catalogue.Actor, id string) (upload, error) {
	u, err := m.byID(id)
	if err == nil && (who.Account == "" || u.account != who.Account || u.council != who.Org) {
		err = errNoUpload()
	}
	return u, err
}

func errNoUpload() error {
	return &catalogue.Error{Kind: catalogue.NotFound, Message: "upload not found"}
}

func (m *Imports) byID(id string) (upload, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.all[id]
	if u == nil {
		return upload{}, errNoUpload()
	}
	out := *u
	if u.run != nil {
		run := *u.run
		out.run = &run
	}
	return out, nil
}

// change changes what was said of an upload.
func (m *Imports) change(id string, fn func(*upload)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if u := m.all[id]; u != nil {
		fn(u)
	}
}

// start asks for an import, once: false says that it was asked for already.
func (m *Imports) start(id string, do func(context.Context, upload) (catalogue.Imported, error)) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.all[id]
	if u == nil {
		return false, errNoUpload()
	}
	if u.run != nil && !u.run.failed() {
		return false, nil
	}
	run := &importRun{ended: make(chan struct{})}
	select {
	case m.queue <- importJob{id, do}:
		u.run = run
		return true, nil
	default:
		return false, &catalogue.Error{Kind: catalogue.Unavailable, Message: "Many imports wait. Try again in a few minutes: your file is kept"}
	}
}

// titles is what people of a council said last of the columns of a file that was not yet imported.
func (m *Imports) titles(council string) map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var latest *upload
	for _, u := range m.all {
		if u.council == council && u.titles != nil && (latest == nil || u.id > latest.id) {
			latest = u
		}
	}
	if latest == nil {
		return nil
	}
	return latest.titles
}

// drop forgets an upload.
func (m *Imports) drop(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if u := m.all[id]; u != nil {
		m.removeFile(u)
		delete(m.all, id)
	}
}

// makeRoom drops the oldest files of an account, so that one more stays within what an account may keep.
func (m *Imports) makeRoom(account string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		n, oldest := 0, ""
		for id, u := range m.all {
			if u.account == account && (u.run == nil || u.run.finished) {
				if n++; oldest == "" || id < oldest {
					oldest = id
				}
			}
		}
		if n < uploadsEach {
			return
		}
		m.removeFile(m.all[oldest])
		delete(m.all, oldest)
	}
}

func (m *Imports) held() (bytes int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, u := range m.all {
		bytes += u.size
	}
	return bytes
}

// sweep drops what was brought before a time.
func (m *Imports) sweep(before time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, u := range m.all {
		if u.at.Before(before) && (u.run == nil || u.run.finished) {
			m.removeFile(u)
			delete(m.all, id)
		}
	}
}

func (m *Imports) removeFile(u *upload) {
	if err := os.Remove(u.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		m.log.Warn("an upload stays behind", "error", err)
	}
}
