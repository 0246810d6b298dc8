package main

// More than the service can do: slow clients, and ten times the load. Short here; 'make torture' runs them long.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// memoryOf is how much memory a running service has, by its own metrics.
func memoryOf(t *testing.T, s *service) float64 {
	t.Helper()
	_, text := fetch(t, s.address+"/metrics")
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, "process_resident_memory_bytes "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Skip("this system does not tell how much memory a process has")
	return 0
}

// timesOf is how many requests at a door took at most so many seconds, and how many there were, by the service's metrics.
func timesOf(t *testing.T, s *service, door, most string) (within, all float64) {
	t.Helper()
	_, text := fetch(t, s.address+"/metrics")
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
		n, _ := strconv.ParseFloat(value, 64)
		switch name {
		case fmt.Sprintf(`jointly_request_seconds_bucket{door=%q,le=%q`, door, most):
			within = n
		case fmt.Sprintf(`jointly_request_seconds_count{door=%q`, door):
			all = n
		}
	}
	return within, all
}

// dawdle opens connections that never come to the end of their header, and says how many were cut off within a time.
func dawdle(t *testing.T, address string, n int, within time.Duration) (cut int) {
	t.Helper()
	var off atomic.Int32
	var all sync.WaitGroup
	for range n {
		conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			defer conn.Close()
			if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "); err != nil {
				off.Add(1)
				return
			}
			if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
				t.Error(err)
			}
			_, err := io.Copy(io.Discard, conn)
			if late := (*net.OpError)(nil); err == nil || !errors.As(err, &late) || !late.Timeout() {
				off.Add(1)
			}
		})
	}
	all.Wait()
	return int(off.Load())
}

// p99 is the time within which 99 of 100 were done.
func p99(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[len(took)*99/100]
}

// TestSlowConnectionsAreCutOff while others are answered, and without more memory.
func TestSlowConnectionsAreCutOff(t *testing.T) {
	slow := 200
	if torture() {
		slow = 1000
	}
	s, _ := startProcess(t, t.TempDir(), "--data", t.TempDir())
	fetch(t, s.address+"/")
	before := memoryOf(t, s)
	ended := make(chan int, 1)
	go func() { ended <- dawdle(t, s.address, slow, headerWithin+10*time.Second) }()
	control := make(chan int, 1)
	go func() { // a server without limits on slow clients keeps them
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Error(err)
		}
		bare := &http.Server{Handler: http.NotFoundHandler()} //nolint:gosec // that is what it shows
		go func() { _ = bare.Serve(l) }()
		defer bare.Close()
		control <- dawdle(t, l.Addr().String(), 3, headerWithin+2*time.Second)
	}()
	var took []time.Duration
	for cut := -1; cut < 0; {
		select {
		case cut = <-ended:
			if cut != slow {
				t.Errorf("%d of %d slow connections were cut off", cut, slow)
			}
		default:
			began := time.Now()
			if status, _ := fetch(t, s.address+"/platforms"); status != http.StatusOK {
				t.Errorf("a page meanwhile: %d", status)
			}
			took = append(took, time.Since(began))
		}
	}
	after := memoryOf(t, s)
	t.Logf("%d slow connections cut off; %d pages meanwhile, p99 %v; memory %.2f times", slow, len(took), p99(took), after/before)
	if p := p99(took); p > time.Second {
		t.Errorf("p99 of others is %v", p)
	}
	if after > 2*before {
		t.Errorf("memory grew from %.0f to %.0f", before, after)
	}
	if cut := <-control; cut != 0 {
		t.Errorf("the control cut %d off: the test shows nothing", cut)
	}
}

// TestMoreThanItCanDo asks ten times as much at once as is answered at once: what is over is turned away, health and sign-in
// answer, and memory does not grow with those who ask.
func TestMoreThanItCanDo(t *testing.T) {
	askers, rounds := 600, 3
	if torture() {
		askers, rounds = 2560, 20
	}
	dir := t.TempDir()
	s, _ := startProcess(t, t.TempDir(), "--data", dir)
	load := func(askers int) (answered, turned int, failed error) {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: askers}, Timeout: time.Minute}
		defer client.CloseIdleConnections()
		var ok, full atomic.Int64
		var other atomic.Pointer[error]
		var all sync.WaitGroup
		for i := range askers {
			all.Go(func() {
				for n := range rounds {
					r, err := client.Get(fmt.Sprintf("%s/search?q=word%d", s.address, i*rounds+n))
					if err != nil {
						other.Store(&err)
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					r.Body.Close()
					switch {
					case r.StatusCode == http.StatusOK:
						ok.Add(1)
					case r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "":
						full.Add(1)
					default:
						err := fmt.Errorf("status %d", r.StatusCode)
						other.Store(&err)
					}
				}
			})
		}
		all.Wait()
		if err := other.Load(); err != nil {
			failed = *err
		}
		return int(ok.Load()), int(full.Load()), failed
	}
	if _, _, err := load(200); err != nil { // as much as it takes
		t.Fatal(err)
	}
	before := memoryOf(t, s)
	ended := make(chan struct{})
	var answered, turned int
	var failed error
	go func() {
		defer close(ended)
		answered, turned, failed = load(askers)
	}()
	var took []time.Duration
	for going := true; going; {
		select {
		case <-ended:
			going = false
		default:
			for _, path := range []string{"/healthz", "/sign-in"} {
				began := time.Now()
				if status, _ := fetch(t, s.address+path); status != http.StatusOK {
					t.Errorf("%s meanwhile: %d", path, status)
				}
				took = append(took, time.Since(began))
			}
		}
	}
	after := memoryOf(t, s)
	t.Logf("%d askers: %d answered, %d turned away; health and sign-in p99 %v seen from a machine that is as busy; memory %.2f times", askers, answered, turned, p99(took), after/before)
	for _, door := range []string{"other", "turned away"} { // by the service's own clock: the askers share its cores
		within, all := timesOf(t, s, door, "0.05")
		t.Logf("%s: %.0f of %.0f within 50 ms", door, within, all)
		if all == 0 && (door == "other" || turned > 0) || within < .99*all {
			t.Errorf("%s: %.0f of %.0f within 50 ms", door, within, all)
		}
	}
	if failed != nil {
		t.Error(failed)
	}
	if answered+turned != askers*rounds {
		t.Errorf("%d answers to %d requests", answered+turned, askers*rounds)
	}
	if torture() && turned == 0 {
		t.Error("none was turned away: the test shows nothing")
	}
	if after > 2*before {
		t.Errorf("memory grew from %.0f to %.0f bytes", before, after)
	}
}
