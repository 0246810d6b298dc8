package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// oddly is what a request for an address gives, from a browser that calls this machine by a name.
func oddly(t *testing.T, method, host, path string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := emptyWorld(t).site.handler()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, nil)
	r.Host = host
	r.Header.Set("X-Forwarded-Prefix", "/elsewhere")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestOddRequests(t *testing.T) {
	for _, tc := range []struct {
		method, host, path string
		status             int
	}{
		{http.MethodHead, "localhost", "/", http.StatusOK},
		{http.MethodHead, "127.0.0.1:8080", "/healthz", http.StatusOK},
		{http.MethodGet, "[::1]:8080", "/about", http.StatusOK},
		{http.MethodGet, "jointly.example", "/", http.StatusMisdirectedRequest},
		{http.MethodGet, "localhost", "/assets/", http.StatusNotFound},
		{http.MethodGet, "localhost", "/assets/.keep", http.StatusNotFound},
		{http.MethodGet, "localhost", "/assets/../template/layout.html", http.StatusNotFound},
	} {
		if w := oddly(t, tc.method, tc.host, tc.path); w.Code != tc.status {
			t.Errorf("%s %s at %s: %d, want %d", tc.method, tc.path, tc.host, w.Code, tc.status)
		}
	}
	if to := oddly(t, http.MethodGet, "localhost", "/platforms/").Header().Get("Location"); strings.Contains(to, "elsewhere") {
		t.Errorf("a header of the reader's leads to %s", to)
	}
}
