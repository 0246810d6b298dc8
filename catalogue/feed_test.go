package catalogue_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jointly/catalogue"
)

// follower is a read model: the keys and versions of what there is, by the feed alone.
type follower struct {
	cursor  uint64
	ready   bool // it came to the end of the feed once
	records map[catalogue.Key]uint64
}

// follow reads a few changes at a time, as far as the feed goes.
func (f *follower) follow(t rapid.TB, c *catalogue.Catalogue) {
	for {
		read := c.Changes
		if !f.ready {
			read = c.ChangesAnew
		}
		end, err := c.Seq(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		changes, err := read(context.Background(), f.cursor, 3)
		if errors.Is(err, catalogue.ErrHorizon) {
			*f = follower{records: map[catalogue.Key]uint64{}}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			f.ready, f.cursor = true, max(f.cursor, end)
			return
		}
		for _, ch := range changes {
			if ch.Seq <= f.cursor {
				t.Fatalf("change %d comes after %d", ch.Seq, f.cursor)
			}
			f.cursor, f.records[ch.Key] = ch.Seq, ch.Seq
			if ch.Deleted {
				delete(f.records, ch.Key)
			}
		}
	}
}

// TestTheFeedHasOneEntryARecord puts and removes records at random. However it went, the feed has one entry for each
// record that is there and at most one tombstone for each that is not, Verify finds nothing, and followers that looked
// at any time come to the same.
func TestTheFeedHasOneEntryARecord(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	rapid.Check(t, func(r *rapid.T) {
		emptied(t, store)
		s := scene{t, c, new(int)}
		a := officer(birmingham, catalogue.RoleLead)
		theirs := []*catalogue.Intention{s.intention(coventry, catalogue.Councils), s.intention(dudley, catalogue.Councils)}
		var mine []*catalogue.Intention
		live := map[catalogue.Key]bool{}
		for _, in := range theirs {
			live[in.Key()] = true
		}
		early := &follower{records: map[catalogue.Key]uint64{}}
		some := rapid.SampledFrom(theirs)
		r.Repeat(map[string]func(*rapid.T){
			"list": func(*rapid.T) {
				in := s.intention(birmingham, catalogue.Councils)
				mine, live[in.Key()] = append(mine, in), true
			},
			"save": func(r *rapid.T) {
				if len(mine) == 0 {
					r.Skip("nothing listed")
				}
				i := rapid.IntRange(0, len(mine)-1).Draw(r, "which")
				in := *mine[i]
				in.Title = s.name("Saved")
				mine[i] = must[*catalogue.Intention](t)(c.SaveIntention(ctx, a, in))
			},
			"register": func(r *rapid.T) {
				i := must[*catalogue.Interest](t)(c.RegisterInterest(ctx, a, some.Draw(r, "whose").ID, catalogue.Standing{Rung: catalogue.Watching}, ""))
				live[i.Key()] = true
			},
			"withdraw": func(r *rapid.T) {
				in := some.Draw(r, "whose")
				if err := c.WithdrawInterest(ctx, a, in.ID); err != nil {
					r.Fatal(err)
				}
				delete(live, catalogue.Key{Kind: catalogue.KindInterest, ID: in.ID + "~" + birmingham})
			},
			"expire": func(r *rapid.T) {
				k.move(time.Duration(rapid.IntRange(1, 60).Draw(r, "days")) * 24 * time.Hour)
				if err := c.Expire(ctx); err != nil {
					r.Fatal(err)
				}
			},
			"follow": func(r *rapid.T) { early.follow(r, c) },
			"": func(r *rapid.T) {
				feed := must[[]catalogue.Change](t)(c.Changes(ctx, 0, 1000))
				entries, graves := map[catalogue.Key]int{}, map[catalogue.Key]int{}
				for _, ch := range feed {
					if ch.Deleted {
						graves[ch.Key]++
					} else {
						entries[ch.Key]++
					}
				}
				for key := range live {
					if entries[key] != 1 || graves[key] != 0 {
						r.Fatalf("%s is there and has %d entries and %d tombstones", key, entries[key], graves[key])
					}
				}
				for key, n := range graves {
					if n != 1 {
						r.Fatalf("%s is gone and has %d tombstones", key, n)
					}
				}
				if len(entries) != len(live) {
					r.Fatalf("%d records have entries, %d are there", len(entries), len(live))
				}
			},
		})
		early.follow(r, c)
		late := &follower{records: map[catalogue.Key]uint64{}}
		late.follow(r, c)
		if v := must[catalogue.Verified](t)(c.Verify(ctx)); len(v.Problems) > 0 {
			r.Fatal(v.Problems)
		}
		if !maps.Equal(early.records, late.records) || len(late.records) != len(live) {
			r.Fatalf("one that followed has %v, one that rebuilt %v", early.records, late.records)
		}
	})
}

func TestTombstonesStayUntilTheHorizon(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	theirs := listed(t, c, intention(coventry, "Local taxation"))
	a := officer(birmingham, catalogue.RoleLead)
	interest := must[*catalogue.Interest](t)(c.RegisterInterest(ctx, a, theirs.ID, catalogue.Standing{Rung: catalogue.Watching}, ""))
	before := must[uint64](t)(c.Seq(ctx))
	if err := c.WithdrawInterest(ctx, a, theirs.ID); err != nil {
		t.Fatal(err)
	}
	last := must[uint64](t)(c.Seq(ctx))
	gone := func(after uint64) bool {
		for _, ch := range must[[]catalogue.Change](t)(c.Changes(ctx, after, 10)) {
			if ch.Key == interest.Key() && ch.Deleted {
				return true
			}
		}
		return false
	}
	k.move(89 * 24 * time.Hour)
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if !gone(before) {
		t.Error("after 89 days a follower does not hear of the deletion")
	}
	k.move(2 * 24 * time.Hour)
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Changes(ctx, before, 10); !errors.Is(err, catalogue.ErrHorizon) {
		t.Errorf("after 91 days a follower from before the deletion gets %v, want ErrHorizon", err)
	}
	if gone(0) || gone(last) {
		t.Error("the tombstone is still there")
	}
	whole(t, c)
}

func TestChangedIsClosedByTheNextCommit(t *testing.T) {
	c := opened(t)
	changed := c.Changed()
	select {
	case <-changed:
		t.Fatal("closed before anything was written")
	default:
	}
	in := listed(t, c, intention(birmingham, "Revenues system"))
	select {
	case <-changed:
	case <-time.After(10 * time.Second):
		t.Fatal("a commit did not close the channel")
	}
	if got := must[uint64](t)(c.Seq(context.Background())); got != in.Version {
		t.Errorf("the last change is %d, the record is of version %d", got, in.Version)
	}
}
