package main

// A service whose cluster has lost its majority.

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"jointly/catalogue/kv/etcd/etcdtest"
)

// TestWithoutAMajorityNodesSaySoAtOnce: pages and forms are answered with 503 and Retry-After within 50 ms, what needs no
// store is answered as ever, and all works again when the members are back.
func TestWithoutAMajorityNodesSaySoAtOnce(t *testing.T) {
	t.Parallel()
	cluster := etcdtest.Start(t)
	s, _ := startNode(t, cluster.At("majority").String(), clusterSecret(t))
	officer := persona(t, s, "demo-1-lead-ambleford-example")
	for _, m := range cluster.Members[1:] {
		m.Kill()
	}
	paths := []string{"/", "/desk", "/platforms", "/search?q=parking", "/api/v1/search?q=parking"}
	get := func(path string) (status int, again string, took time.Duration) {
		began := time.Now()
		r, err := officer.Get(s.address + path)
		if err != nil {
			t.Fatal(err)
		}
		bodyOf(t, r)
		return r.StatusCode, r.Header.Get("Retry-After"), time.Since(began)
	}
	status, _, first := get("/desk")
	if status != http.StatusServiceUnavailable || first > 6*time.Second {
		t.Errorf("the first that asks is answered with %d after %v", status, first)
	}
	var took []time.Duration
	refused := func(what string, status int, again string, after time.Duration) {
		took = append(took, after)
		if status != http.StatusServiceUnavailable || again == "" {
			t.Errorf("%s: %d, Retry-After %q", what, status, again)
		}
	}
	for i := range 50 {
		path := paths[i%len(paths)]
		status, again, after := get(path)
		refused(path, status, again, after)
	}
	for range 10 {
		began := time.Now()
		r, err := officer.PostForm(s.address+"/sign-in", url.Values{"email": {"somebody@birmingham.gov.uk"}})
		if err != nil {
			t.Fatal(err)
		}
		bodyOf(t, r)
		refused("a form", r.StatusCode, r.Header.Get("Retry-After"), time.Since(began))
	}
	slices.Sort(took)
	if most := took[len(took)*99/100]; most > 50*time.Millisecond {
		t.Errorf("p99 of those that come later is %v", most)
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/metrics": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		if status, _, after := get(path); status != want || after > time.Second {
			t.Errorf("%s: %d after %v, want %d", path, status, after, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, m := range cluster.Members[1:] {
		if err := m.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range cluster.Members[1:] {
		if err := m.Ready(ctx); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	eventually(t, 3*time.Second, "the desk is there again", func() bool {
		status, _, _ := get("/desk")
		return status == http.StatusOK
	})
	t.Logf("fault: two of three members of the cluster killed | the first waits %v, 60 more p99 %v, slowest %v | health and metrics go on; pages again %v after the members",
		first.Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
}
