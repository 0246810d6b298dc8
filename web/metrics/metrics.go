// Package metrics counts what the service does and writes it as Prometheus text, which its scrapers and others read. It
// knows counters, histograms, and gauges that are read when somebody asks.
package metrics

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ContentType is that of what Write writes.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Set is all metrics of one program. It is safe for concurrent use.
type Set struct {
	mu       sync.Mutex
	families []family // in the order in which they were made
}

// family is one metric with a value for each set of label values.
type family struct {
	name, help, kind string
	write            func(ctx context.Context, w *bufio.Writer)
}

// New makes an empty set.
func New() *Set { return &Set{} }

func (s *Set) add(f family) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.families = append(s.families, f)
}

// values is what has been counted for each set of label values. There is no lock to count under: every request counts, and
// under load hundreds would queue for it, health and refusals among them, each waiting for the scheduler in turn.
type values[T any] struct {
	labels []string
	of     sync.Map // *T by the label values as they are written
}

// at is the value for some label values.
func (v *values[T]) at(labels []string, make func() *T) *T {
	key := written(v.labels, labels)
	p, there := v.of.Load(key)
	if !there {
		p, _ = v.of.LoadOrStore(key, make())
	}
	return p.(*T)
}

// each calls fn for every set of label values, in order.
func (v *values[T]) each(fn func(key string, value *T)) {
	all := map[string]*T{}
	v.of.Range(func(key, value any) bool {
		all[key.(string)] = value.(*T)
		return true
	})
	for _, key := range slices.Sorted(maps.Keys(all)) {
		fn(key, all[key])
	}
}

// number is a sum that many add to.
type number struct{ bits atomic.Uint64 }

func (n *number) load() float64 { return math.Float64frombits(n.bits.Load()) }

func (n *number) store(value float64) { n.bits.Store(math.Float64bits(value)) }

func (n *number) add(more float64) {
	for {
		old := n.bits.Load()
		if n.bits.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+more)) {
			return
		}
	}
}

func newNumber() *number { return new(number) }

// written is label values as the text has them, without braces.
func written(names, of []string) string {
	if len(names) != len(of) {
		panic(fmt.Sprintf("metrics: %d label values for %d labels", len(of), len(names))) // a mistake of ours, found by the first use
	}
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(name)
		b.WriteString(`="`)
		b.WriteString(escaped.Replace(of[i]))
		b.WriteByte('"')
	}
	return b.String()
}

var escaped = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

// Counter only grows.
type Counter struct{ values[number] }

// Counter makes a counter. Without labels it begins at 0 at once; with labels, each value when it is first counted.
func (s *Set) Counter(name, help string, labels ...string) *Counter {
	c := &Counter{values[number]{labels: labels}}
	if len(labels) == 0 {
		c.Add(0)
	}
	s.add(family{name, help, "counter", func(_ context.Context, w *bufio.Writer) {
		c.each(func(key string, n *number) { line(w, name, key, n.load()) })
	}})
	return c
}

// Add counts n more for the values of the labels, in their order.
func (c *Counter) Add(n float64, of ...string) {
	c.at(of, newNumber).add(n)
}

// Stamp is when something last happened.
type Stamp struct{ values[number] }

// Stamp makes a metric of times, in seconds since 1970. Each stands at the time of its making until it happens.
func (s *Set) Stamp(name, help, label string, of ...string) *Stamp {
	st := &Stamp{values[number]{labels: []string{label}}}
	for _, v := range of {
		st.Now(v)
	}
	s.add(family{name, help, "gauge", func(_ context.Context, w *bufio.Writer) {
		st.each(func(key string, n *number) { line(w, name, key, n.load()) })
	}})
	return st
}

// Now notes that it happened.
func (st *Stamp) Now(of ...string) {
	st.at(of, newNumber).store(float64(time.Now().Unix()))
}

// histogram is how often something took at most each bound, the last for what took longer than all, and how long in all.
type histogram struct {
	counts []atomic.Uint64
	sum    number
}

// Histogram counts how long things take, in seconds.
type Histogram struct {
	values[histogram]
	bounds []float64
}

// Seconds are bounds for what takes from a millisecond to ten seconds.
func Seconds() []float64 { return []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10} }

// Histogram makes a histogram with upper bounds in ascending order.
func (s *Set) Histogram(name, help string, bounds []float64, labels ...string) *Histogram {
	h := &Histogram{values[histogram]{labels: labels}, bounds}
	s.add(family{name, help, "histogram", func(_ context.Context, w *bufio.Writer) {
		h.each(func(key string, v *histogram) { h.write(w, name, key, v) })
	}})
	return h
}

func (h *Histogram) write(w *bufio.Writer, name, key string, v *histogram) {
	comma := ""
	if key != "" {
		comma = ","
	}
	total := uint64(0)
	for i, bound := range h.bounds {
		total += v.counts[i].Load()
		line(w, name+"_bucket", key+comma+`le="`+strconv.FormatFloat(bound, 'g', -1, 64)+`"`, float64(total))
	}
	total += v.counts[len(h.bounds)].Load()
	line(w, name+"_bucket", key+comma+`le="+Inf"`, float64(total))
	line(w, name+"_sum", key, v.sum.load())
	line(w, name+"_count", key, float64(total))
}

// Since observes the time since began.
func (h *Histogram) Since(began time.Time, of ...string) {
	seconds := time.Since(began).Seconds()
	v := h.at(of, func() *histogram { return &histogram{counts: make([]atomic.Uint64, len(h.bounds)+1)} })
	i, _ := slices.BinarySearch(h.bounds, seconds)
	v.counts[i].Add(1)
	v.sum.add(seconds)
}

// Gauge makes a metric that is read when somebody asks: read calls emit for each value, with the values of the labels, or
// not at all where there is none to tell.
func (s *Set) Gauge(name, help string, labels []string, read func(ctx context.Context, emit func(value float64, of ...string))) {
	s.add(family{name, help, "gauge", func(ctx context.Context, w *bufio.Writer) {
		read(ctx, func(value float64, of ...string) { line(w, name, written(labels, of), value) })
	}})
}

func line(w *bufio.Writer, name, labels string, value float64) {
	w.WriteString(name) // what cannot be written is told by Flush
	if labels != "" {
		w.WriteString("{" + labels + "}")
	}
	text := strconv.FormatFloat(value, 'g', -1, 64)
	if math.IsInf(value, 1) {
		text = "+Inf"
	}
	w.WriteString(" " + text + "\n")
}

// Write writes every metric.
func (s *Set) Write(ctx context.Context, w io.Writer) error {
	s.mu.Lock()
	all := slices.Clone(s.families)
	s.mu.Unlock()
	out := bufio.NewWriter(w)
	for _, f := range all {
		fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
		f.write(ctx, out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

// ServeHTTP answers with every metric.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("Cache-Control", "no-store")
	_ = s.Write(r.Context(), w) // whoever asked is gone
}
