package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	runtimemetrics "runtime/metrics"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/web/metrics"
)

// meteredStore counts how the commits of a store end.
type meteredStore struct {
	kv.Store
	commits *metrics.Counter
	took    *metrics.Histogram
}

// commitResults are how a commit can end.
func commitResults() []string {
	return []string{"committed", "refused", "conflict", "no-space", "uncertain", "stopped", "failed"}
}

// meter counts the commits of a store in a set.
func meter(store kv.Store, set *metrics.Set) kv.Store {
	m := &meteredStore{store, set.Counter("jointly_store_commits_total", "Transactions that write, by how they ended.", "result"),
		set.Histogram("jointly_store_commit_seconds", "How long transactions that write took.", metrics.Seconds())}
	for _, result := range commitResults() {
		m.commits.Add(0, result)
	}
	return m
}

// Update implements kv.Store.
func (m *meteredStore) Update(ctx context.Context, fn func(kv.Tx) error) error {
	began := time.Now()
	err := m.Store.Update(ctx, fn)
	m.took.Since(began)
	m.commits.Add(1, commitResult(err))
	return err
}

func commitResult(err error) string {
	switch {
	case err == nil:
		return "committed"
	case errors.Is(err, kv.ErrUncertain):
		return "uncertain"
	case errors.Is(err, kv.ErrNoSpace):
		return "no-space"
	case errors.Is(err, kv.ErrClosed), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "stopped"
	case catalogue.KindOf(err) == catalogue.Conflict:
		return "conflict"
	case catalogue.KindOf(err) != catalogue.Internal:
		return "refused"
	}
	return "failed"
}

// meteredSender counts mails.
type meteredSender struct {
	catalogue.Sender
	mails *metrics.Counter
}

// Send implements catalogue.Sender.
func (m *meteredSender) Send(ctx context.Context, message catalogue.Message) error {
	err := m.Sender.Send(ctx, message)
	result := "sent"
	if err != nil {
		result = "failed"
	}
	m.mails.Add(1, result)
	return err
}

// Jobs of a running service, as metrics name them.
const (
	jobSuggestions = "suggestions"
	jobSearches    = "searches"
	jobHandOver    = "hand-over"
	jobMail        = "mail"
	jobRelease     = "release"
	jobEvidence    = "evidence" // editions of the baseline, figures of the plan, word of evidence calls
	jobExpire      = "expire"
)

// meterJobs tells when each job last came to its end without an error.
func meterJobs(set *metrics.Set) *metrics.Stamp {
	return set.Stamp("jointly_job_last_success_timestamp_seconds", "When a job last ended without an error, or this process began.", "task",
		jobSuggestions, jobSearches, jobHandOver, jobMail, jobRelease, jobEvidence, jobExpire)
}

// meterSender counts mails, and tells how much waits.
func (a *app) meterSender(s catalogue.Sender) catalogue.Sender {
	m := &meteredSender{s, a.metrics.Counter("jointly_mails_total", "Mails handed to the mail server, by result.", "result")}
	m.mails.Add(0, "sent")
	m.mails.Add(0, "failed")
	a.metrics.Gauge("jointly_outbox_waiting", "Messages that wait to be sent.", nil, func(ctx context.Context, emit func(float64, ...string)) {
		if state, err := a.catalogue.OutboxState(ctx); err == nil {
			emit(float64(state.Waiting))
		}
	})
	a.metrics.Gauge("jointly_outbox_oldest_seconds", "How long the oldest message that waits has waited; 0 where none does.", nil, func(ctx context.Context, emit func(float64, ...string)) {
		state, err := a.catalogue.OutboxState(ctx)
		switch {
		case err != nil:
		case state.Oldest.IsZero():
			emit(0)
		default:
			emit(max(0, time.Since(state.Oldest).Seconds()))
		}
	})
	return m
}

// meterFolder tells of the data folder, its backups and the process.
func (a *app) meterFolder(build string) {
	one := func(name, help string, read func(ctx context.Context) (float64, bool)) {
		a.metrics.Gauge(name, help, nil, func(ctx context.Context, emit func(float64, ...string)) {
			if v, ok := read(ctx); ok {
				emit(v)
			}
		})
	}
	since := func(name string) func(context.Context) (float64, bool) {
		return func(context.Context) (float64, bool) {
			info, err := os.Stat(filepath.Join(a.globals.Data, name))
			if err != nil {
				return 0, false
			}
			return float64(info.ModTime().Unix()), true
		}
	}
	began := float64(time.Now().Unix())
	one("jointly_data_free_bytes", "Room that is left on the disk of the data folder.", func(context.Context) (float64, bool) {
		free, _, err := diskRoom(a.globals.Data)
		return float64(free), err == nil
	})
	one("jointly_data_size_bytes", "Size of the disk of the data folder.", func(context.Context) (float64, bool) {
		_, size, err := diskRoom(a.globals.Data)
		return float64(size), err == nil
	})
	one("jointly_audit_events", "Events in the audit trail.", func(ctx context.Context) (float64, bool) {
		head, err := a.catalogue.AuditHead(ctx)
		return float64(head.N), err == nil
	})
	one("jointly_backup_timestamp_seconds", "When the latest backup was made; absent where none was.", since(backupNote))
	one("jointly_verify_timestamp_seconds", "When all of the catalogue was last found whole by 'jointly verify'; absent where it never was.", since(verifyNote))
	one("process_start_time_seconds", "When the process began.", func(context.Context) (float64, bool) { return began, true })
	one("process_resident_memory_bytes", "Memory of the process.", func(context.Context) (float64, bool) { return residentMemory() })
	one("go_memstats_heap_alloc_bytes", "Memory that the program's data takes, what waits to be collected among it.", func(context.Context) (float64, bool) { return heapMemory(), true })
	one("process_open_fds", "Open files and connections of the process.", func(context.Context) (float64, bool) { return openFiles() })
	one("go_goroutines", "Goroutines of the process.", func(context.Context) (float64, bool) { return float64(runtime.NumGoroutine()), true })
	a.metrics.Gauge("jointly_build_info", "1, with the build of the program.", []string{"build"}, func(_ context.Context, emit func(float64, ...string)) { emit(1, build) })
}

// heapMemory is how much memory data takes, in bytes, without stopping anything to count it.
func heapMemory() float64 {
	sample := []runtimemetrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	runtimemetrics.Read(sample)
	return float64(sample[0].Value.Uint64())
}

// metricsServer answers on an address of its own with the metrics alone; nil where none was asked for.
func (c *serveCommand) metricsServer(set *metrics.Set) (*http.Server, net.Listener, error) {
	if c.Metrics == "" {
		return nil, nil, nil
	}
	l, err := net.Listen("tcp", c.Metrics)
	if err != nil {
		return nil, nil, usage("--metrics-addr: cannot listen on %s: %v. Stop what uses it, or choose another HOST:PORT", c.Metrics, reason(err))
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", set)
	return &http.Server{Handler: mux, ReadHeaderTimeout: headerWithin, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleWithin}, l, nil
}
