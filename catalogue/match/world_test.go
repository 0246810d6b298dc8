package match_test

// A catalogue on a real store, with councils that list intentions, for tests of the engine.

import (
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/demo"
	"jointly/catalogue/facts"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/match"
)

// world is a catalogue on a store of its own, whose day only the test moves.
type world struct {
	*catalogue.Catalogue
	store *bolt.Store
	day   *atomic.Pointer[time.Time]
}

func newWorld(t testing.TB) *world {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "catalogue.db"), bolt.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	w := &world{store: store, day: new(atomic.Pointer[time.Time])}
	w.setDay("2026-11-23")
	w.Catalogue, err = catalogue.Open(t.Context(), store, catalogue.Options{Clock: func() time.Time { return *w.day.Load() }})
	must(t, err)
	return w
}

func (w *world) setDay(s string) {
	d := date(s).Add(10 * time.Hour)
	w.day.Store(&d)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// engine is one that has just read everything.
func (w *world) engine(t testing.TB) *match.Engine {
	t.Helper()
	e, err := match.NewEngine(w.Catalogue)
	must(t, err)
	must(t, e.CatchUp(t.Context()))
	return e
}

func officer(council string) catalogue.Actor {
	return catalogue.Actor{Account: "officer-of-" + council, Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council, Via: "test"}
}

// Councils of the register, one of them Scottish.
const (
	birmingham = "E08000025"
	coventry   = "E08000026"
	dudley     = "E08000027"
	sandwell   = "E08000028"
	solihull   = "E08000029"
	edinburgh  = "S12000036"
)

// revenues is an intention that matches every other of its kind; change it to break one thing.
func revenues(council string, change ...func(*catalogue.Intention)) catalogue.Intention {
	in := catalogue.Intention{
		Council: council, Title: "Revenues and benefits system",
		Description: "Council tax, business rates and housing benefit processing with online claims.",
		Capability:  "revs-bens", Budget: catalogue.Money{Min: 400_000, Max: 600_000},
		WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31"),
		ContractEnd: catalogue.MustDate("2028-03-31"), CurrentSupplier: "NEC",
	}
	for _, f := range change {
		f(&in)
	}
	return in
}

func (w *world) list(t testing.TB, in catalogue.Intention) *catalogue.Intention {
	t.Helper()
	out, err := w.SaveIntention(t.Context(), officer(in.Council), in)
	must(t, err)
	return out
}

func (w *world) load(t testing.TB, items ...catalogue.Item) {
	t.Helper()
	done, err := w.Import(t.Context(), catalogue.Operator("test"), items, catalogue.ImportOptions{})
	must(t, err)
	if len(done.Errors) > 0 {
		t.Fatalf("import: %d errors, the first: %+v", len(done.Errors), done.Errors[0])
	}
}

func (w *world) loadDemonstration(t testing.TB) demo.Data {
	t.Helper()
	known, err := facts.Load()
	must(t, err)
	invented, err := demo.Build(w.Today(), w.Register())
	must(t, err)
	owners, others := invented.Items()
	w.load(t, append(known.Items(), owners...)...)
	w.load(t, others...)
	return invented
}

func (w *world) matches(t testing.TB, e *match.Engine, in *catalogue.Intention) match.Matches {
	t.Helper()
	m, err := e.Matches(t.Context(), officer(in.Council), in.ID)
	must(t, err)
	return m
}

func partners(list []match.Partner) []string {
	var ids []string
	for _, p := range list {
		ids = append(ids, p.Intention)
	}
	slices.Sort(ids)
	return ids
}

// asIntention is a labelled need as a council would have listed it.
func asIntention(n match.Need) catalogue.Intention {
	dateOf := func(t time.Time) catalogue.Date {
		if t.IsZero() {
			return catalogue.Date{}
		}
		return catalogue.DateOf(t)
	}
	in := catalogue.Intention{
		Meta: catalogue.Meta{Ref: n.Ref}, Council: n.Council, Title: n.Title, Description: n.Description, Area: n.Area,
		Capability: n.Capability, Purchase: string(n.Purchase), CPV: n.CPV, Budget: catalogue.Money{Min: n.BudgetMin, Max: n.BudgetMax},
		WindowStart: dateOf(n.WindowStart), WindowEnd: dateOf(n.WindowEnd), ContractEnd: dateOf(n.ContractEnd),
		ExtensionMonths: n.ExtensionMonths, LeadMonths: n.LeadMonths, CurrentSupplier: n.Supplier, CurrentPlatform: n.Platform,
	}
	if n.Leads {
		in.Role = catalogue.RoleWouldLead
	}
	return in
}
