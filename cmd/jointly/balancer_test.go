package main

// What stands in front of several nodes in tests, and behaves as a load balancer does.

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// balancer goes round the nodes whose /readyz says yes. As nginx (proxy_next_upstream) and HAProxy (retry-on) do, it
// sends a request to another node only where that does no harm: a connection was refused, so that no node has seen the
// request, or what broke off was a GET or HEAD, which change nothing. A form goes out on a connection of its own (HAProxy's
// http-reuse safe): one that was kept open may have ended without a sign. A form that a node may have begun is answered
// with 502, and never sent twice. An answer is read to its end before any of it is passed on, as they do with small ones.
type balancer struct {
	address     string
	kept, fresh http.RoundTripper // connections for what may be sent again, and for forms
	blind       atomic.Bool       // it does not ask the nodes for now

	mu    sync.Mutex
	nodes []*upstream
	turn  int

	moved   atomic.Int64 // requests that went to another node after the first had failed
	refused atomic.Int64 // forms that broke off, and were answered with 502
}

// upstream is one node behind the balancer.
type upstream struct {
	host  string
	ready bool
	asked int64 // how many requests went to it
}

// checkEvery is how often the balancer asks the nodes whether they are ready.
const checkEvery = 50 * time.Millisecond

// balance starts a balancer before services until the test ends.
func balance(t *testing.T, nodes ...*service) *balancer {
	t.Helper()
	dial := (&net.Dialer{Timeout: time.Second}).DialContext
	kept := &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 32}
	t.Cleanup(kept.CloseIdleConnections)
	b := &balancer{kept: kept, fresh: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	for _, s := range nodes {
		b.add(s)
	}
	proxy := &httputil.ReverseProxy{Transport: b, Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.Host = "http", r.In.Host
		r.SetXForwarded()
	}, ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }}
	server := httptest.NewServer(proxy)
	ctx, cancel := context.WithCancel(context.Background())
	checking := make(chan struct{})
	go func() {
		defer close(checking)
		b.check(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-checking
		server.Close()
	})
	b.address = server.URL
	return b
}

func (b *balancer) add(s *service) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes = append(b.nodes, &upstream{host: hostOf(s), ready: true})
}

// drop forgets a node that has ended.
func (b *balancer) drop(s *service) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes = slices.DeleteFunc(b.nodes, func(n *upstream) bool { return n.host == hostOf(s) })
}

func hostOf(s *service) string { return strings.TrimPrefix(s.address, "http://") }

// asked is how many requests have gone to a node.
func (b *balancer) asked(s *service) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.nodes {
		if n.host == hostOf(s) {
			return n.asked
		}
	}
	return 0
}

// isReady is what a node last said.
func (b *balancer) isReady(s *service) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.nodes {
		if n.host == hostOf(s) {
			return n.ready
		}
	}
	return false
}

func (b *balancer) check(ctx context.Context) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	again := time.NewTicker(checkEvery)
	defer again.Stop()
	for {
		b.mu.Lock()
		nodes := slices.Clone(b.nodes)
		b.mu.Unlock()
		if b.blind.Load() {
			nodes = nil
		}
		for _, n := range nodes {
			ready := false
			if answer, err := client.Get("http://" + n.host + "/readyz"); err == nil {
				ready = answer.StatusCode == http.StatusOK
				_ = answer.Body.Close()
			}
			b.mu.Lock()
			n.ready = ready
			b.mu.Unlock()
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// inTurn lists the nodes in the order in which a request may try them: those that are ready first, the next in turn ahead.
func (b *balancer) inTurn() (out []*upstream) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn++
	for _, ready := range []bool{true, false} {
		for i := range b.nodes {
			if n := b.nodes[(b.turn+i)%len(b.nodes)]; n.ready == ready {
				out = append(out, n)
			}
		}
	}
	return out
}

// RoundTrip implements http.RoundTripper.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	var form []byte
	if r.Body != nil {
		var err error
		if form, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	failed := errors.New("there is no node")
	for i, n := range b.inTurn() {
		if i > 0 {
			b.moved.Add(1)
		}
		b.mu.Lock()
		n.asked++
		b.mu.Unlock()
		answer, err := b.send(r, n, form)
		if err == nil {
			return answer, nil
		}
		failed = err
		var dial *net.OpError
		begun := !errors.As(err, &dial) || dial.Op != "dial"
		if r.Context().Err() != nil {
			return nil, err
		}
		if begun && !changesNothing(r) {
			b.refused.Add(1)
			return nil, err
		}
	}
	return nil, failed
}

func changesNothing(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

func (b *balancer) send(r *http.Request, n *upstream, form []byte) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.URL.Host = n.host
	if r.Body != nil {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(form)), int64(len(form))
	}
	over := b.fresh
	if changesNothing(r) {
		over = b.kept
	}
	answer, err := over.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(text))
	return answer, nil
}
