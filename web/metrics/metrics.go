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

// values is what has been counted for each set of label values.
type values[T any] struct {
	mu     sync.Mutex
	labels []string
	of     map[string]*T // by the label values as they are written
}

// at is the value for some label values; mu is held.
func (v *values[T]) at(labels []string) *T {
	key := written(v.labels, labels)
	p := v.of[key]
	if p == nil {
		p = new(T)
		v.of[key] = p
	}
	return p
}

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
		b.WriteString(name + `="` + strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(of[i]) + `"`)
	}
	return b.String()
}

// Counter only grows.
type Counter struct{ values[float64] }

// Counter makes a counter. Without labels it begins at 0 at once; with labels, each value when it is first counted.
func (s *Set) Counter(name, help string, labels ...string) *Counter {
	c := &Counter{values[float64]{labels: labels, of: map[string]*float64{}}}
	if len(labels) == 0 {
		c.Add(0)
	}
	s.add(family{name, help, "counter", func(_ context.Context, w *bufio.Writer) {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(c.of)) {
			line(w, name, key, *c.of[key])
		}
	}})
	return c
}

// Add counts n more for the values of the labels, in their order.
func (c *Counter) Add(n float64, of ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.at(of) += n
}

// Stamp is when something last happened.
type Stamp struct{ values[float64] }

// Stamp makes a metric of times, in seconds since 1970. Each stands at the time of its making until it happens.
func (s *Set) Stamp(name, help, label string, of ...string) *Stamp {
	st := &Stamp{values[float64]{labels: []string{label}, of: map[string]*float64{}}}
	for _, v := range of {
		st.Now(v)
	}
	s.add(family{name, help, "gauge", func(_ context.Context, w *bufio.Writer) {
		st.mu.Lock()
		defer st.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(st.of)) {
			line(w, name, key, *st.of[key])
		}
	}})
	return st
}

// Now notes that it happened.
func (st *Stamp) Now(of ...string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	*st.at(of) = float64(time.Now().Unix())
}

// histogram is how often something took at most each bound, and in all.
type histogram struct {
	counts []uint64
	sum    float64
	n      uint64
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
	h := &Histogram{values[histogram]{labels: labels, of: map[string]*histogram{}}, bounds}
	s.add(family{name, help, "histogram", func(_ context.Context, w *bufio.Writer) {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(h.of)) {
			h.write(w, name, key)
		}
	}})
	return h
}

func (h *Histogram) write(w *bufio.Writer, name, key string) {
	v, comma := h.of[key], ""
	if key != "" {
		comma = ","
	}
	total := uint64(0)
	for i, bound := range h.bounds {
		total += v.counts[i]
		line(w, name+"_bucket", key+comma+`le="`+strconv.FormatFloat(bound, 'g', -1, 64)+`"`, float64(total))
	}
	line(w, name+"_bucket", key+comma+`le="+Inf"`, float64(v.n))
	line(w, name+"_sum", key, v.sum)
	line(w, name+"_count", key, float64(v.n))
}

// Since observes the time since began.
func (h *Histogram) Since(began time.Time, of ...string) {
	seconds := time.Since(began).Seconds()
	h.mu.Lock()
	defer h.mu.Unlock()
	v := h.at(of)
	if v.counts == nil {
		v.counts = make([]uint64, len(h.bounds))
	}
	if i, _ := slices.BinarySearch(h.bounds, seconds); i < len(h.bounds) {
		v.counts[i]++
	}
	v.sum += seconds
	v.n++
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
