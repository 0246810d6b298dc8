package metrics_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/web/metrics"
)

func text(t *testing.T, s *metrics.Set) string {
	t.Helper()
	var b strings.Builder
	if err := s.Write(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMetricsAreWrittenAsPrometheusReadsThem(t *testing.T) {
	s := metrics.New()
	c := s.Counter("things_total", "Things.", "kind", "how")
	c.Add(2, "a", `quoted "x" \ and
line`)
	c.Add(1, "a", `quoted "x" \ and
line`)
	s.Counter("plain_total", "Plain.")
	h := s.Histogram("took_seconds", "How long.", []float64{.5, 1000}, "door")
	h.Since(time.Now().Add(-time.Second), "front")
	h.Since(time.Now(), "front")
	h.Since(time.Now().Add(-time.Hour), "front")
	s.Gauge("deep_bytes", "Depth.", nil, func(_ context.Context, emit func(float64, ...string)) { emit(12345678) })
	s.Gauge("absent_bytes", "Nothing to tell.", nil, func(context.Context, func(float64, ...string)) {})
	got := text(t, s)
	for _, want := range []string{
		"# HELP things_total Things.\n# TYPE things_total counter\nthings_total{kind=\"a\",how=\"quoted \\\"x\\\" \\\\ and\\nline\"} 3\n",
		"plain_total 0\n",
		"took_seconds_bucket{door=\"front\",le=\"0.5\"} 1\ntook_seconds_bucket{door=\"front\",le=\"1000\"} 2\ntook_seconds_bucket{door=\"front\",le=\"+Inf\"} 3\n",
		"took_seconds_count{door=\"front\"} 3\n",
		"# TYPE deep_bytes gauge\ndeep_bytes 1.2345678e+07\n",
		"# TYPE absent_bytes gauge\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\ndoes not have\n%s", got, want)
		}
	}
	if strings.Contains(got, "\nabsent_bytes") {
		t.Error("what is not known is told")
	}
}

func TestManyCountAtOnce(t *testing.T) {
	s := metrics.New()
	c := s.Counter("things_total", "Things.", "kind")
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			for range 100 {
				c.Add(1, "a")
				text(t, s)
			}
		})
	}
	all.Wait()
	if got := text(t, s); !strings.Contains(got, `things_total{kind="a"} 5000`) {
		t.Error(got)
	}
}
