package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// fill takes all the room there is, until the function that it returns is called.
func fill(room chan struct{}) (empty func()) {
	for range cap(room) {
		room <- struct{}{}
	}
	return func() {
		for range cap(room) {
			<-room
		}
	}
}

// TestWhenFullTheSiteSaysSoAtOnce: 503 with Retry-After within 50 ms, while health, metrics and signing in go on.
func TestWhenFullTheSiteSaysSoAtOnce(t *testing.T) {
	w := emptyWorld(t)
	_, lead := w.account("lead@birmingham.gov.uk", "E08000025", "lead")
	paths := []string{"/", "/search?q=revenues", "/search.csv?q=revenues", "/platforms", "/people/data.zip", "/api/v1/search?q=x", "/no-such-page"}
	for _, path := range paths { // the control: with room, none is turned away
		if p := lead.get(path); p.status == http.StatusServiceUnavailable {
			t.Errorf("%s with room: %d", path, p.status)
		}
	}
	empty := fill(w.bounds.requests)
	for _, path := range paths {
		began := time.Now()
		p := lead.get(path).is(http.StatusServiceUnavailable)
		if took := time.Since(began); took > 50*time.Millisecond {
			t.Errorf("%s is turned away after %v", path, took)
		}
		if http.Header(p.header).Get("Retry-After") == "" || !strings.Contains(p.body, "try again") {
			t.Errorf("%s: Retry-After %q, %s", path, http.Header(p.header).Get("Retry-After"), p.body)
		}
	}
	lead.post("/people/ask", url.Values{"role": {"lead"}}).is(http.StatusServiceUnavailable)
	for _, path := range []string{"/healthz", "/readyz", "/sign-in"} {
		w.anonymous().get(path).is(http.StatusOK)
	}
	w.anonymous().post("/sign-in", url.Values{"email": {"somebody@birmingham.gov.uk"}}).is(http.StatusSeeOther)
	var told strings.Builder
	must(t, w.Metrics.Write(t.Context(), &told))
	if got := told.String(); !strings.Contains(got, `jointly_refused_total{door="searches"} 1`) || !strings.Contains(got, `jointly_sign_ins_total{result="passed"} 1`) {
		t.Errorf("the metrics do not count it: %s", got)
	}
	full := fill(w.bounds.signIns)
	w.anonymous().get("/sign-in").is(http.StatusServiceUnavailable)
	full()
	empty()
	lead.get("/").is(http.StatusOK)
}

// TestSlowFormsHoldNobodyElseUp: with every place for forms taken, pages are still read.
func TestSlowFormsHoldNobodyElseUp(t *testing.T) {
	w := emptyWorld(t)
	_, lead := w.account("lead@birmingham.gov.uk", "E08000025", "lead")
	defer fill(w.bounds.bodies)()
	lead.get("/platforms").is(http.StatusOK)
	lead.post("/people/ask", url.Values{"role": {"lead"}}).is(http.StatusServiceUnavailable)
}

// TestMetricsAreForThisMachineAlone, not for whoever a proxy on it lets through.
func TestMetricsAreForThisMachineAlone(t *testing.T) {
	w := emptyWorld(t)
	for _, test := range []struct {
		from, host, forwarded string
		want                  int
	}{
		{"127.0.0.1:5000", "localhost:8080", "", http.StatusOK},
		{"[::1]:5000", "127.0.0.1:8080", "", http.StatusOK},
		{"127.0.0.1:5000", "localhost", "192.0.2.7", http.StatusNotFound},
		{"192.0.2.7:5000", "localhost", "", http.StatusNotFound},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr, r.Host = test.from, test.host
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, r)
		if answer.Code != test.want {
			t.Errorf("%+v: %d", test, answer.Code)
		}
	}
}
