package match_test

// Following the feed: whatever happened and in whatever order it was read, the engine says what a new one would.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointly/catalogue"
	"jointly/catalogue/kv"
	"jointly/catalogue/match"
)

// said is all that an engine says of some intentions, as text.
func (w *world) said(t testing.TB, e *match.Engine, ids []string) string {
	t.Helper()
	all := []any{e.Groups(), e.Overview()}
	for _, id := range ids {
		m, err := e.Matches(t.Context(), catalogue.Operator("test"), id)
		must(t, err)
		all = append(all, m)
	}
	text, err := json.MarshalIndent(all, "", " ")
	must(t, err)
	return string(text)
}

// walker changes a few intentions and groups at random, as officers would.
type walker struct {
	*world
	random *rand.Rand
	ids    []string // of intentions listed
	groups []string
	done   []string // what happened, for the record
}

// step does one thing; what the catalogue refuses did not happen. e may be behind.
func (w *walker) step(t testing.TB, e *match.Engine) {
	t.Helper()
	ctx := t.Context()
	councils := []string{birmingham, coventry, dudley, sandwell, solihull, edinburgh}
	pick := func(from []string) string { return from[w.random.IntN(len(from))] }
	var what string
	var err error
	switch n := w.random.IntN(13); {
	case n < 3 && len(w.ids) < 14 || len(w.ids) == 0:
		in := w.draw(pick(councils))
		in.ID = fmt.Sprintf("%c%02d", 'a'+rune(w.random.IntN(26)), len(w.ids))
		what = "list " + in.ID
		if _, err = w.SaveIntention(ctx, officer(in.Council), in); err == nil {
			w.ids = append(w.ids, in.ID)
		}
	case n < 6:
		id := pick(w.ids)
		old, failed := w.Intention(ctx, catalogue.Operator("test"), id)
		must(t, failed)
		in := w.draw(old.Council)
		in.Meta = old.Meta // a withdrawn one is wanted again
		what = "edit " + id
		_, err = w.SaveIntention(ctx, officer(in.Council), in)
	case n == 6:
		id := pick(w.ids)
		old, failed := w.Intention(ctx, catalogue.Operator("test"), id)
		must(t, failed)
		what = "withdraw " + id
		_, err = w.WithdrawIntention(ctx, officer(old.Council), id, "no longer needed")
	case n == 7:
		p := catalogue.Proposal{ID: fmt.Sprintf("g%02d", len(w.groups)), Intention: pick(w.ids), Partners: []string{pick(w.ids)}}
		if groups := e.Groups(); len(groups) > 0 && len(groups[0].Refs) > 1 { // as suggested, or as people made it before
			p.Intention, p.Partners = groups[0].Refs[0], groups[0].Refs[1:]
		}
		own, failed := w.Intention(ctx, catalogue.Operator("test"), p.Intention)
		must(t, failed)
		what = fmt.Sprint("propose ", p)
		if _, err = w.ProposeGroup(ctx, officer(own.Council), p); err == nil {
			w.groups = append(w.groups, p.ID)
		}
	case n == 8 && len(w.groups) > 0:
		id, council, yes := pick(w.groups), pick(councils), w.random.IntN(3) > 0
		what = fmt.Sprint("answer ", id, council, yes)
		_, err = w.AnswerInvitation(ctx, officer(council), id, yes, "a reason")
	case n == 10:
		a, b, same := pick(w.ids), pick(w.ids), w.random.IntN(4) == 0
		own, failed := w.Intention(ctx, catalogue.Operator("test"), a)
		must(t, failed)
		if what = fmt.Sprint("say ", a, b, same); w.random.IntN(3) == 0 {
			err = w.TakeBackVerdict(ctx, officer(own.Council), a, b)
		} else {
			_, err = w.SayOfMatch(ctx, officer(own.Council), catalogue.VerdictSaid{Intention: a, Other: b, Same: same})
		}
	case n > 10:
		what = "tell of groups" // of all that are suggested, or of some
		e, later := w.tellNow(t)
		_, _, err = e.TellSuggestions(ctx, later, 1+w.random.IntN(6))
	case n == 9 && len(w.groups) > 0:
		id, council := pick(w.groups), pick(councils)
		what = "leave " + id + council
		_, err = w.LeaveGroup(ctx, officer(council), id, "a reason")
	default:
		w.setDay(pick([]string{"2026-11-23", "2027-02-01", "2027-09-15"}))
		what = "another day"
	}
	if err != nil && catalogue.KindOf(err) == catalogue.Internal {
		t.Fatalf("%s: %v", what, err)
	}
	w.done = append(w.done, fmt.Sprintf("%s: %v", what, err))
}

// tellNow is an engine of days later, when listings have stood long enough for others to be told.
func (w *walker) tellNow(t testing.TB) (*match.Engine, *catalogue.Catalogue) {
	t.Helper()
	later := w.At(func() time.Time { return w.Now().AddDate(0, 0, 2) })
	e, err := match.NewEngine(later)
	must(t, err)
	return e, later
}

// draw makes an intention that often matches others.
func (w *walker) draw(council string) catalogue.Intention {
	return revenues(council, func(in *catalogue.Intention) {
		switch w.random.IntN(4) {
		case 0:
			in.Title, in.Description, in.Capability = "Library management system", "Circulation and catalogue for branches.", "libraries"
		case 1:
			in.Title, in.Description, in.Capability = "Council tax and libraries", "Local taxation, and a library catalogue.", ""
		}
		start := date("2027-01-01").AddDate(0, w.random.IntN(10), 0)
		in.WindowStart, in.WindowEnd = catalogue.DateOf(start), catalogue.DateOf(start.AddDate(0, 3+w.random.IntN(8), 0))
		in.ContractEnd = catalogue.Date{}
		budget := []float64{0, 100_000, 300_000, 2_000_000}[w.random.IntN(4)]
		in.Budget = catalogue.Money{Min: budget, Max: budget}
		audiences := []catalogue.Audience{catalogue.Public, catalogue.Councils, catalogue.Councils, catalogue.Councils, catalogue.Own}
		in.Visibility = audiences[w.random.IntN(len(audiences))]
		in.Fields.Budget = audiences[w.random.IntN(len(audiences))]
	})
}

func TestFollowingSaysWhatANewEngineSays(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := &walker{world: newWorld(t), random: rand.New(rand.NewPCG(seed, 2))}
			follower := w.engine(t)
			grouped, peoples := 0, 0
			for n := range 80 {
				w.step(t, follower)
				if n%3 == 0 {
					continue // the follower reads several changes at once
				}
				must(t, follower.CatchUp(t.Context()))
				fresh := w.engine(t)
				if diff := cmp.Diff(fresh.Groups(), follower.Groups()); diff != "" {
					t.Fatalf("groups differ from a new engine's: %s\nafter %q", diff, w.done)
				}
				for _, g := range fresh.Groups() {
					if g.Confirmed {
						peoples++
					} else {
						grouped++
					}
				}
				if n%10 != 1 {
					continue
				}
				if diff := cmp.Diff(w.said(t, fresh, w.ids), w.said(t, follower, w.ids)); diff != "" {
					t.Fatalf("differs from a new engine: %s\nafter %q", diff, w.done)
				}
				w.checkOverview(t, follower.Overview())
			}
			if grouped == 0 || peoples == 0 {
				t.Errorf("%d suggested groups, %d of people's: the walk shows nothing", grouped, peoples)
			}
		})
	}
}

// The demonstration comes through the feed, in more than one page; then one of its councils is renamed, and its needs
// are told under the new name.
func TestFollowingTheDemonstration(t *testing.T) {
	w := newWorld(t)
	follower := w.engine(t)
	invented := w.loadDemonstration(t)
	must(t, follower.CatchUp(t.Context()))
	if got, want := follower.Overview(), w.engine(t).Overview(); !cmp.Equal(got, want) {
		t.Errorf("having followed all along: %s", cmp.Diff(want, got))
	}
	council := invented.Councils[0]
	council.Name, council.Nation = "Canaryshire", "Scotland"
	w.load(t, &council)
	must(t, follower.CatchUp(t.Context()))
	if got, want := follower.Overview(), w.engine(t).Overview(); !cmp.Equal(got, want) {
		t.Errorf("after a council was renamed: %s", cmp.Diff(want, got))
	}
}

func TestFollowAndWait(t *testing.T) {
	w := newWorld(t)
	e := w.engine(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Follow(ctx) }()
	var last *catalogue.Intention
	for range 5 {
		last = w.list(t, revenues(birmingham))
		if !e.Wait(t.Context(), last.Version, 300*time.Millisecond) {
			t.Fatalf("change %d is not seen within 300 ms; the cursor is %d", last.Version, e.Cursor())
		}
		if draft, err := e.Draft(t.Context(), revenues(coventry)); err != nil || !slices.Contains(partners(draft.Partners), last.ID) {
			t.Fatalf("change %d is applied, and not told: %v", last.Version, err)
		}
	}
	began := time.Now()
	if e.Wait(t.Context(), last.Version+1, 20*time.Millisecond) || time.Since(began) < 20*time.Millisecond {
		t.Error("a change that did not happen was waited for in vain, and found or given up at once")
	}
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	if e.Wait(given, last.Version+1, time.Hour) {
		t.Error("a change that did not happen was found")
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Follow ended with %v, want the context's error", err)
	}
	if err := e.CatchUp(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("CatchUp under a context that has ended gives %v", err)
	}
}

// Readers, two followers and writers at once; run with -race.
func TestReadingWhileOthersWrite(t *testing.T) {
	w := newWorld(t)
	e := w.engine(t)
	councils := []string{birmingham, coventry, dudley, sandwell, solihull}
	own := w.list(t, revenues(birmingham))
	ctx, cancel := context.WithCancel(t.Context())
	var followers, others sync.WaitGroup
	for range 2 {
		followers.Go(func() {
			if err := e.Follow(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("Follow: %v", err)
			}
		})
	}
	for i, council := range councils {
		others.Go(func() {
			for range 6 {
				in, err := w.SaveIntention(ctx, officer(council), revenues(council))
				if err != nil {
					t.Errorf("list: %v", err)
					return
				}
				if !e.Wait(ctx, in.Version, 10*time.Second) {
					t.Error("a change is not seen")
				}
				if i%2 == 0 {
					if _, err := w.WithdrawIntention(ctx, officer(council), in.ID, "no longer needed"); err != nil {
						t.Errorf("withdraw: %v", err)
					}
				}
			}
		})
		others.Go(func() {
			for range 20 {
				if _, err := e.Matches(ctx, officer(birmingham), own.ID); err != nil {
					t.Errorf("matches: %v", err)
				}
				if _, err := e.Draft(ctx, revenues(council)); err != nil {
					t.Errorf("draft: %v", err)
				}
				seen := map[string]bool{}
				for _, g := range e.Groups() {
					for _, id := range g.Refs {
						if seen[id] {
							t.Errorf("%s is in two groups", id)
						}
						seen[id] = true
					}
				}
			}
		})
		others.Go(func() { e.Overview() })
	}
	others.Wait()
	cancel()
	followers.Wait()
	must(t, e.CatchUp(t.Context()))
	if got, want := w.said(t, e, []string{own.ID}), w.said(t, w.engine(t), []string{own.ID}); got != want {
		t.Errorf("afterwards it differs from a new engine: %s", cmp.Diff(want, got))
	}
}

// An engine that the feed no longer reaches reads everything anew, however long the feed is.
func TestHorizon(t *testing.T) {
	w := newWorld(t)
	gone := w.list(t, revenues(birmingham))
	kept := w.list(t, revenues(coventry))
	behind := w.engine(t)
	_, err := w.WithdrawIntention(t.Context(), officer(birmingham), gone.ID, "no longer needed")
	must(t, err)
	other := w.list(t, revenues(dudley))

	// A record is deleted, and so long ago that the feed has forgotten.
	for range 2 {
		_, err = w.RegisterInterest(t.Context(), officer(dudley), kept.ID, catalogue.Standing{Rung: catalogue.Interested}, "")
		must(t, err)
		must(t, w.WithdrawInterest(t.Context(), officer(dudley), kept.ID))
	}
	later := w.At(func() time.Time { return w.Now().AddDate(0, 0, 91) })
	must(t, later.Expire(t.Context()))
	if _, err := w.Changes(t.Context(), behind.Cursor(), 1); !errors.Is(err, catalogue.ErrHorizon) {
		t.Fatalf("the feed still reaches back to %d: the test shows nothing (%v)", behind.Cursor(), err)
	}
	must(t, behind.CatchUp(t.Context()))
	if m := w.matches(t, behind, kept); !slices.Equal(partners(m.Partners), []string{other.ID}) {
		t.Errorf("past the horizon it is told of %v, want %s", partners(m.Partners), other.ID)
	}
	if seq, err := w.Seq(t.Context()); err != nil || behind.Cursor() != seq {
		t.Errorf("cursor %d, want %d (%v)", behind.Cursor(), seq, err)
	}
	must(t, w.engine(t).CatchUp(t.Context()))
}

// A damaged record is an error that says so; what was read before is still there.
func TestDamagedRecord(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.list(t, revenues(birmingham)), w.list(t, revenues(coventry)), w.list(t, revenues(dudley))
	e := w.engine(t)
	c.Title = "Changed"
	w.list(t, *c)
	key := kv.NewKey("r", string(catalogue.KindIntention), c.ID)
	must(t, w.store.Update(t.Context(), func(tx kv.Tx) error {
		value, err := tx.Get(key)
		if err != nil || len(value) == 0 {
			return errors.Join(err, errors.New("no such record"))
		}
		value[len(value)/2] ^= 1
		return tx.Put(key, value)
	}))
	for _, engine := range []*match.Engine{e, newEngine(t, w)} {
		if err := engine.CatchUp(t.Context()); !errors.Is(err, catalogue.ErrDamaged) {
			t.Errorf("CatchUp gives %v, want that a record is damaged", err)
		}
		if err := engine.Follow(t.Context()); !errors.Is(err, catalogue.ErrDamaged) {
			t.Errorf("Follow gives %v, want that a record is damaged", err)
		}
	}
	if m := w.matches(t, e, a); !slices.Equal(partners(m.Partners), sorted(b.ID, c.ID)) {
		t.Errorf("what was read before the damage is gone: %v", partners(m.Partners))
	}
}

func newEngine(t testing.TB, w *world) *match.Engine {
	t.Helper()
	e, err := match.NewEngine(w.Catalogue)
	must(t, err)
	return e
}

func TestEmptyCatalogue(t *testing.T) {
	w := newWorld(t)
	e := newEngine(t, w)
	if o := e.Overview(); len(e.Groups())+len(o.Groups)+len(o.Pairs) > 0 || e.Cursor() != 0 {
		t.Error("an engine that has read nothing says something")
	}
	must(t, e.CatchUp(t.Context()))
	first := w.list(t, revenues(birmingham))
	must(t, e.CatchUp(t.Context()))
	if m := w.matches(t, e, first); m.Partners != nil || m.Near != nil || m.Group != nil || m.Compared != 0 {
		t.Errorf("one alone is told of %+v", m)
	}
}
