package catalogue

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"

	"jointly/catalogue/demand"
	"jointly/catalogue/kv"
)

// What one release holds at most, so that it is one record with the longest names; wide cells go first.
const (
	mostFigures  = 1200
	mostWithheld = 250
)

// releaseCount is the number of the last release.
func releaseCount() []byte { return metaKey("demand-release") }

func drawnKey(n int) []byte { return kv.NewKey("d", strconv.Itoa(n)) }

func releaseKey(number int) Key { return Key{KindRelease, releaseID(number)} }

// ReleaseDemand makes the week's release of demand figures, from seven on Monday morning in London on. However often it is
// called there is one for a week. Whoever calls holds the lease for jobs. It returns whether it made one.
func (c *Catalogue) ReleaseDemand(ctx context.Context) (made bool, err error) {
	monday, _ := c.weeklyMonday()
	if c.clock().Before(monday) {
		return false, nil
	}
	var release *Release
	var drawn []demand.Drawn
	if err := c.view(ctx, func(tx kv.Tx) error {
		release = nil
		week, err := readCounter(tx, metaKey("demand-week"))
		if err != nil || hadWeek(int(week), weekNumber(monday)) {
			return err
		}
		last, err := latestRelease(tx)
		if err != nil {
			return err
		}
		release, drawn, err = c.drawRelease(tx, last)
		return err
	}); err != nil || release == nil {
		return false, err
	}
	err = c.write(ctx, Operator("job"), ReleaseFigures, func(w *writer) error {
		n, err := readCounter(w.tx, releaseCount())
		if err != nil {
			return err
		}
		if int(n) != release.Number-1 {
			return conflict("This week's demand figures were released already")
		}
		if err := putDrawn(w.tx, drawn); err != nil {
			return err
		}
		if err := putCounter(w.tx, metaKey("demand-week"), uint64(weekNumber(monday))); err != nil {
			return err
		}
		if err := putCounter(w.tx, releaseCount(), uint64(release.Number)); err != nil {
			return err
		}
		return w.put(release)
	})
	if KindOf(err) == Conflict { // somebody else made it meanwhile
		return false, nil
	}
	return err == nil, err
}

// drawRelease works the next release out, with what its cells were drawn from.
func (c *Catalogue) drawRelease(tx kv.Tx, last *Release) (*Release, []demand.Drawn, error) {
	s, err := c.surveyDemand(tx)
	if err != nil {
		return nil, nil, err
	}
	before, err := readDrawn(tx)
	if err != nil {
		return nil, nil, err
	}
	r := &Release{Number: 1, Day: DateOf(c.Today()), Method: demand.Method, Changed: methodChanged(demand.Method)}
	if last != nil {
		r.Number = last.Number + 1
		if last.Method == r.Method {
			r.Changed = ""
		}
	}
	r.ID = releaseID(r.Number)
	d := demand.Draw{Rules: demand.Standard(), Release: r.Number, Chance: demand.Secret(c.secret[:]), Room: s.room, Over: s.over}
	drawn, withheld := d.Next(s.needs, before)
	r.Figures = demand.Figures(drawn)
	r.Figures = r.Figures[:min(len(r.Figures), mostFigures)]
	r.Withheld = withheld[:min(len(withheld), mostWithheld)]
	r.More = len(withheld) - len(r.Withheld)
	return r, drawn, nil
}

// lastNumbered is the last of the records that are numbered from 1 on under a counter, whole; nil before the first.
func lastNumbered[T Item](tx kv.Tx, counter []byte, kind Kind) (T, error) {
	var none T
	n, err := readCounter(tx, counter)
	if err != nil || n == 0 {
		return none, err
	}
	item, err := readItem(tx, Key{kind, releaseID(int(n))})
	if err != nil {
		return none, err
	}
	last, ok := item.(T)
	if !ok {
		return none, fmt.Errorf("%s %d is missing: %w", kind, n, ErrDamaged)
	}
	return last, nil
}

// latestRelease is the last release, whole; nil before the first.
func latestRelease(tx kv.Tx) (*Release, error) {
	return lastNumbered[*Release](tx, releaseCount(), KindRelease)
}

// LatestRelease is the last release of demand figures, in one read; nil before the first.
func (c *Catalogue) LatestRelease(ctx context.Context, actor Actor) (out *Release, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out, err = latestRelease(tx)
		return err
	})
	if err != nil || out == nil {
		return nil, err
	}
	seen, _ := out.sees(actor)
	return seen.(*Release), nil
}

// Release is one release by its number; NotFound where there is none.
func (c *Catalogue) Release(ctx context.Context, actor Actor, number int) (out *Release, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		item, err := readItem(tx, releaseKey(number))
		if err != nil {
			return err
		}
		r, ok := item.(*Release)
		if !ok {
			return notFound("release")
		}
		seen, _ := r.sees(actor)
		out = seen.(*Release)
		return nil
	})
	return out, err
}

// Releases lists releases, the latest first: at most limit of those before a number, 0 for all. older says that there are
// more.
func (c *Catalogue) Releases(ctx context.Context, actor Actor, before, limit int) (out []*Release, older bool, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		count, err := readCounter(tx, releaseCount())
		if err != nil {
			return err
		}
		number := int(count)
		if before > 0 {
			number = min(number, before-1)
		}
		for ; number > 0 && len(out) < limit; number-- {
			item, err := readItem(tx, releaseKey(number))
			if err != nil {
				return err
			}
			if item == nil {
				return fmt.Errorf("demand release %d is missing: %w", number, ErrDamaged)
			}
			seen, _ := item.sees(actor)
			out = append(out, seen.(*Release))
		}
		older = number > 0
		return nil
	})
	return out, older, err
}

// NextRelease is the Monday on which the next release is due after one.
func (r *Release) NextRelease() Date {
	day := r.Day.First()
	return DateOf(day.AddDate(0, 0, 7-(int(day.Weekday())+6)%7))
}

// readDrawn is what the cells were last drawn from.
func readDrawn(tx kv.Tx) ([]demand.Drawn, error) {
	var packed bytes.Buffer
	for n := 0; ; n++ {
		key := drawnKey(n)
		value, err := tx.Get(key)
		if err != nil {
			return nil, err
		}
		if value == nil {
			break
		}
		payload, _, err := unseal(key, value)
		if err != nil {
			return nil, err
		}
		packed.Write(payload)
	}
	var drawn []demand.Drawn
	return drawn, unpack("what demand figures were drawn from", &packed, &drawn)
}

// putDrawn keeps what the cells were drawn from, in place of what was kept before.
func putDrawn(tx kv.Tx, drawn []demand.Drawn) error {
	packed, err := pack("what demand figures are drawn from", drawn)
	if err != nil {
		return err
	}
	n := 0
	for ; packed.Len() > 0; n++ {
		if err := tx.Put(drawnKey(n), seal(drawnKey(n), 0, packed.Next(packedRow))); err != nil {
			return err
		}
	}
	for ; ; n++ {
		value, err := tx.Get(drawnKey(n))
		if err != nil || value == nil {
			return err
		}
		if err := tx.Delete(drawnKey(n)); err != nil {
			return err
		}
	}
}

// ReleaseBefore makes the releases of demand and the figures of the plan of the weeks before now that there was time
// for, as a demonstration has them.
func (c *Catalogue) ReleaseBefore(ctx context.Context, weeks int) error {
	monday, _ := c.weeklyMonday()
	for n := weeks; n >= 0; n-- {
		at := monday.AddDate(0, 0, -7*n).Add(time.Hour)
		if at.After(c.clock()) {
			continue
		}
		then := c.At(func() time.Time { return at })
		if _, err := then.ReleaseDemand(ctx); err != nil {
			return err
		}
		if _, err := then.SettlePlan(ctx); err != nil {
			return err
		}
	}
	return nil
}
