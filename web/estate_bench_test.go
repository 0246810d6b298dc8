package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/match"
	"jointly/search"
)

// BenchmarkEstate answers the pages and files of a council with 5,000 contracts, a thousand of which are over.
func BenchmarkEstate(b *testing.B) {
	handler, cookies := benchEstate(b, 5000)
	for _, address := range []string{"/estate", "/estate/contracts", "/estate/spend", "/estate/prices", "/estate/contracts.csv", "/estate/contracts.xlsx", "/estate/calendar.ics"} {
		b.Run(address[1:], func(b *testing.B) {
			for b.Loop() {
				request := httptest.NewRequest(http.MethodGet, address, nil)
				for _, c := range cookies {
					request.AddCookie(c)
				}
				answer := httptest.NewRecorder()
				handler.ServeHTTP(answer, request)
				if answer.Code != http.StatusOK {
					b.Fatalf("%s: status %d", address, answer.Code)
				}
			}
		})
	}
}

// benchEstate is a site where somebody of a council with so many contracts is signed in.
func benchEstate(b *testing.B, contracts int) (http.Handler, []*http.Cookie) {
	b.Helper()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx, dir := b.Context(), b.TempDir()
	store, err := bolt.Open(filepath.Join(dir, "store"), bolt.Options{})
	check(err)
	b.Cleanup(func() { check(store.Close()) })
	cat, err := catalogue.Open(ctx, store, catalogue.Options{Clock: testDay})
	check(err)
	const council = "E08000025"
	capabilities := cat.Dictionary().Capabilities()
	items := make([]catalogue.Item, contracts)
	for i := range items {
		end := catalogue.DateOf(testDay()).AddMonths(i%75 - 15)
		items[i] = &catalogue.Contract{Meta: catalogue.Meta{Ref: fmt.Sprintf("C-%05d", i)}, Council: council, Title: fmt.Sprintf("Contract for system %d", i),
			Description: "Licences, hosting, support and maintenance of a system that a service of the council runs on, with training.", Supplier: fmt.Sprintf("Supplier %d Ltd", i%400),
			Capability: capabilities[i%len(capabilities)].ID, CapabilityConfirmed: true, CPV: []string{"48440000"}, Value: float64(10_000 + i*37), Start: end.AddMonths(-48), End: end,
			ExtensionMonths: i % 3 * 12, NoticeMonths: i % 7, Stage: catalogue.StageAwarded, Audience: catalogue.Councils, Source: catalogue.Source{Text: "Contracts register of the council"}}
	}
	done, err := cat.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{})
	check(err)
	if done.Created != contracts {
		b.Fatalf("%d contracts: %+v", done.Created, done.Errors)
	}
	index, err := search.Open(ctx, filepath.Join(dir, "index"), cat, search.Options{})
	check(err)
	b.Cleanup(func() { check(index.Close()) })
	engine, err := match.NewEngine(cat)
	check(err)
	check(engine.CatchUp(ctx))
	s, err := newSite(Config{Catalogue: cat, Index: index, Engine: engine, Keys: [][]byte{[]byte("a key for tests of 32 characters")}, BaseURL: "http://jointly.example", Build: "test"})
	check(err)
	account, err := cat.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "a@example.org", OrgKind: catalogue.OrgCouncil, Org: council, Role: catalogue.RoleLead})
	check(err)
	request, answer := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
	session, err := s.sessions.New(request, s.sessions.name)
	check(err)
	session.Values["account"], session.Values["proved"] = account, cat.Now()
	check(s.sessions.Save(request, answer, session))
	handler, err := s.handler()
	check(err)
	return handler, answer.Result().Cookies()
}
