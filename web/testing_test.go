package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	demonstration "jointly/catalogue/demo"
	"jointly/catalogue/facts"
	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/match"
	"jointly/search"
)

// world is a whole site over a store of its own, on a day that does not move.
type world struct {
	*site
	t       *testing.T
	handler http.Handler
}

// testDay is the day on which tests happen.
func testDay() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }

// emptyWorld has the registers alone.
func emptyWorld(t *testing.T) *world {
	t.Helper()
	return worldOn(t, func(s kv.Store) kv.Store { return s })
}

// worldOn is a site that knows the registers alone, over what a test makes of its store.
func worldOn(t *testing.T, over func(kv.Store) kv.Store) *world {
	t.Helper()
	dir := t.TempDir()
	opened, err := bolt.Open(filepath.Join(dir, "store"), bolt.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, opened.Close()) })
	store := over(opened)
	cat, err := catalogue.Open(t.Context(), store, catalogue.Options{Clock: testDay})
	must(t, err)
	index, err := search.Open(t.Context(), filepath.Join(dir, "index"), cat, search.Options{Deadline: 10 * time.Second})
	must(t, err)
	t.Cleanup(func() { must(t, index.Close()) })
	engine, err := match.NewEngine(cat)
	must(t, err)
	imports, err := NewImports(filepath.Join(dir, "uploads"), nil)
	must(t, err)
	s, err := newSite(Config{Catalogue: cat, Index: index, Engine: engine, Imports: imports, Keys: [][]byte{[]byte("a key for tests of 32 characters")},
		BaseURL: "http://jointly.example", Demo: true, Build: "test"})
	must(t, err)
	handler, err := s.handler()
	must(t, err)
	w := &world{site: s, t: t, handler: handler}
	w.catchUp()
	return w
}

// demoWorld has the public facts and the demonstration too.
func demoWorld(t *testing.T) *world {
	t.Helper()
	w := emptyWorld(t)
	known, err := facts.Load()
	must(t, err)
	invented, err := demonstration.Build(w.Catalogue.Today(), w.Catalogue.Register())
	must(t, err)
	owners, others := invented.Items()
	w.add(append(known.Items(), owners...)...)
	w.add(others...)
	return w
}

// add imports records and lets the read models see them.
func (w *world) add(items ...catalogue.Item) {
	w.t.Helper()
	done, err := w.Catalogue.Import(w.t.Context(), catalogue.Operator("test"), items, catalogue.ImportOptions{})
	must(w.t, err)
	if len(done.Errors) > 0 {
		w.t.Fatalf("import: %+v", done.Errors)
	}
	w.catchUp()
}

// catchUp lets search and matches see all that was written.
func (w *world) catchUp() {
	w.t.Helper()
	must(w.t, w.Index.CatchUp(w.t.Context()))
	must(w.t, w.Engine.CatchUp(w.t.Context()))
}

// in is the same site for a part of a test.
func (w *world) in(t *testing.T) *world {
	part := *w
	part.t = t
	return &part
}

// browser is somebody who looks at the site and keeps its cookies; nobody in particular until signed in.
type browser struct {
	*world
	cookies map[string]*http.Cookie
}

func (w *world) anonymous() *browser { return &browser{w, map[string]*http.Cookie{}} }

// as signs in as the persona whose e-mail address begins like this.
func (w *world) as(email string) *browser {
	w.t.Helper()
	accounts, err := w.Catalogue.Personas(w.t.Context())
	must(w.t, err)
	for _, a := range accounts {
		if strings.HasPrefix(a.Email, email) {
			return w.signedIn(a)
		}
	}
	w.t.Fatalf("no persona %q", email)
	return nil
}

// signedIn is a browser with a session of an account.
func (w *world) signedIn(a *catalogue.Account) *browser {
	w.t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Host = "localhost" // the demonstration answers to nothing else
	session, err := w.sessions.New(request, w.sessions.name)
	must(w.t, err)
	session.Values["account"], session.Values["proved"] = a, w.Catalogue.Now()
	answer := httptest.NewRecorder()
	must(w.t, w.sessions.Save(request, answer, session))
	b := w.anonymous()
	b.keep(answer)
	return b
}

// get asks for an address.
func (b *browser) get(address string) *page { return b.send(http.MethodGet, address, nil) }

// post sends a form.
func (b *browser) post(address string, form url.Values) *page {
	return b.send(http.MethodPost, address, form)
}

func (b *browser) send(method, address string, form url.Values) *page {
	b.t.Helper()
	request := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	request.Host = "localhost"
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range b.cookies {
		request.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	b.handler.ServeHTTP(answer, request)
	b.keep(answer)
	return newPage(b.t, method+" "+address, answer)
}

func (b *browser) keep(answer *httptest.ResponseRecorder) {
	for _, c := range answer.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
