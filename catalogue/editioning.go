package catalogue

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"jointly/catalogue/baseline"
	"jointly/catalogue/kv"
)

// What one edition holds at most, so that it is one record; later periods go first.
const (
	mostRounds   = 90
	mostUnspoken = 300
)

// editionCount is the number of the last edition.
func editionCount() []byte { return metaKey("baseline-edition") }

func editionWeek() []byte { return metaKey("baseline-week") }

func takenKey(state string, n int) kv.Key { return kv.NewKey("b", state).Uint(uint64(n)) }

// PublishDue makes the week's edition of the baseline, from seven on Monday morning in London on, if anything moved since
// the last: an edition that says the same would be cited for nothing. However often it is called a week is looked at once.
// Whoever calls holds the lease for jobs.
func (c *Catalogue) PublishDue(ctx context.Context) (*Edition, error) {
	monday, _ := c.weeklyMonday()
	if c.clock().Before(monday) {
		return nil, nil
	}
	had := false
	if err := c.view(ctx, func(tx kv.Tx) error {
		week, err := readCounter(tx, editionWeek())
		had = hadWeek(int(week), weekNumber(monday))
		return err
	}); err != nil || had {
		return nil, err
	}
	e, err := c.publish(ctx, Operator("job"))
	if KindOf(err) == Conflict { // somebody else makes one
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return e, storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		return putCounter(tx, editionWeek(), uint64(weekNumber(monday)))
	}))
}

// PublishEdition makes an edition of the baseline now, for the operator. Where nothing would differ from the last it is
// refused.
func (c *Catalogue) PublishEdition(ctx context.Context, actor Actor) (*Edition, error) {
	if err := permit(actor, PublishBaseline); err != nil {
		c.auditRefusal(actor, PublishBaseline, err)
		return nil, err
	}
	e, err := c.publish(ctx, actor)
	if err == nil && e == nil {
		return nil, conflict("No figure would differ from the last edition. A figure moves once seven councils have returned something new")
	}
	return e, err
}

// publish makes the next edition; nil where nothing moved. What the figures were taken from is stored first, under a name of
// its own that only the edition makes valid: it can be more than one transaction holds.
func (c *Catalogue) publish(ctx context.Context, actor Actor) (*Edition, error) {
	var last, next *Edition
	var taken []baseline.Taken
	if err := c.view(ctx, func(tx kv.Tx) (err error) {
		if last, err = latestEdition(tx); err != nil {
			return err
		}
		next, taken, err = c.drawEdition(tx, last)
		return err
	}); err != nil {
		return nil, err
	}
	if last == nil && len(next.Rounds) == 0 || last != nil && reflect.DeepEqual(last.Figures, next.Figures) && len(last.Rounds) == len(next.Rounds) {
		return nil, nil
	}
	if err := c.putTaken(ctx, next.State, taken); err != nil {
		return nil, err
	}
	err := c.write(ctx, actor, PublishBaseline, func(w *writer) error {
		n, err := readCounter(w.tx, editionCount())
		if err != nil {
			return err
		}
		if int(n) != next.Number-1 {
			return conflict("Another edition was made meanwhile")
		}
		if err := putCounter(w.tx, editionCount(), uint64(next.Number)); err != nil {
			return err
		}
		return w.put(next)
	})
	if err != nil {
		return nil, err
	}
	return next, c.dropTaken(ctx)
}

// drawEdition works the next edition out, with what its figures are taken from.
func (c *Catalogue) drawEdition(tx kv.Tx, last *Edition) (*Edition, []baseline.Taken, error) {
	e := &Edition{Number: 1, Day: DateOf(c.Today()), Method: baseline.Method, State: NewID()}
	var before []baseline.Taken
	if last != nil {
		var err error
		if before, err = readTaken(tx, last.State); err != nil {
			return nil, nil, err
		}
		e.Number = last.Number + 1
	}
	e.ID = editionID(e.Number)
	s, err := c.surveyReturns(tx)
	if err != nil {
		return nil, nil, err
	}
	e.Demonstration = s.invented && len(s.parts) > 0
	if last != nil && last.Demonstration && !e.Demonstration { // real councils have come: invented ones are never added to them
		before = nil
	}
	taken, figures, withheld := baseline.Standard().Next(e.Number, s.parts, before)
	said := map[baseline.Round]int{}
	for _, f := range figures {
		said[f.Round]++
	}
	for round, parts := range s.parts {
		e.Rounds = append(e.Rounds, EditionRound{Round: round, End: s.ends[round], Signed: len(parts), Figures: said[round]})
	}
	slices.SortFunc(e.Rounds, func(a, b EditionRound) int { return cmp.Or(cmp.Compare(b.Start, a.Start), cmp.Compare(a.LGSL, b.LGSL)) })
	e.Rounds = e.Rounds[:min(len(e.Rounds), mostRounds)]
	slices.SortFunc(e.Rounds, func(a, b EditionRound) int { return a.Compare(b.Round) })
	e.Figures = slices.DeleteFunc(figures, func(f baseline.Figure) bool { _, in := e.Round(f.LGSL, f.Start); return !in })
	e.Withheld = withheld[:min(len(withheld), mostUnspoken)]
	e.More = len(withheld) - len(e.Withheld)
	return e, taken, nil
}

// returnSurvey is what an edition is made of on one day.
type returnSurvey struct {
	parts    map[baseline.Round][]baseline.Part
	ends     map[baseline.Round]Date
	invented bool // there are returns of demonstration councils alone
}

// surveyReturns reads every signed return, whatever its audience. Those of invented councils count only where there is none
// of a real one.
func (c *Catalogue) surveyReturns(tx kv.Tx) (*returnSurvey, error) {
	all := map[bool]*returnSurvey{}
	for _, invented := range []bool{false, true} {
		all[invented] = &returnSurvey{parts: map[baseline.Round][]baseline.Part{}, ends: map[baseline.Round]Date{}, invented: invented}
	}
	residents := map[string]float64{}
	err := c.each(tx, KindReturn, func(item Item) error {
		r, ok := item.(*Return)
		if !ok || !r.Signed() {
			return nil
		}
		if _, known := residents[r.Council]; !known {
			council, ok, err := c.councilIn(tx, r.Council)
			if err != nil {
				return err
			}
			if ok {
				residents[r.Council] = float64(council.Population)
			}
		}
		s, round := all[c.demonstration(r.Council)], r.round()
		s.parts[round] = append(s.parts[round], r.part(residents[r.Council]))
		if end := s.ends[round]; end.IsZero() || end.Before(r.End) {
			s.ends[round] = r.End
		}
		return nil
	})
	if len(all[false].parts) > 0 {
		return all[false], err
	}
	return all[true], err
}

func (r *Return) round() baseline.Round { return baseline.Round{LGSL: r.LGSL, Start: r.Start.String()} }

// part is what the version that stands says, for a whole year: a period of another length is scaled to 365 days.
func (r *Return) part(residents float64) baseline.Part {
	now, _ := r.Current()
	p := baseline.Part{Council: r.Council, Residents: residents, Volume: baseline.Unstated(), Cost: baseline.Unstated()}
	switch now.Audience {
	case Public:
		p.Reach = baseline.Everybody
	case Councils:
		p.Reach = baseline.Councils
	default:
		p.Reach = baseline.Nobody
	}
	years := 1.0
	if days := r.End.First().Sub(r.Start.First()).Hours()/24 + 1; days < 365 || days > 366 {
		years = days / 365.25
	}
	for i, ch := range Channels() {
		line, ok := now.Line(ch)
		if !ok {
			continue
		}
		p.Volume[i] = float64(line.Volume) / years
		if cost, ok := line.CostPerContact(); ok {
			p.Cost[i] = cost
		}
	}
	return p
}

// readTaken is what the figures of an edition were taken from.
func readTaken(tx kv.Tx, state string) ([]baseline.Taken, error) {
	var packed bytes.Buffer
	prefix := kv.NewKey("b", state)
	if err := scan(tx, prefix, func(k, v []byte) error {
		payload, _, err := unseal(k, v)
		packed.Write(payload)
		return err
	}); err != nil {
		return nil, err
	}
	var taken []baseline.Taken
	return taken, unpack("what the baseline was taken from", &packed, &taken)
}

// putTaken stores it in rows, one transaction each.
func (c *Catalogue) putTaken(ctx context.Context, state string, taken []baseline.Taken) error {
	packed, err := pack("what the baseline is taken from", taken)
	if err != nil {
		return err
	}
	for n := 0; packed.Len() > 0; n++ {
		key, row := takenKey(state, n), packed.Next(packedRow)
		if err := c.store.Update(ctx, func(tx kv.Tx) error { return tx.Put(key, seal(key, 0, row)) }); err != nil {
			return storeError(err)
		}
	}
	return nil
}

// dropTaken removes what editions before the last were taken from, and what was stored for one that never came.
func (c *Catalogue) dropTaken(ctx context.Context) error {
	for {
		more := false
		if err := c.store.Update(ctx, func(tx kv.Tx) error {
			more = false
			last, err := latestEdition(tx)
			if err != nil || last == nil {
				return err
			}
			keep := kv.NewKey("b", last.State)
			var old [][]byte
			if err := scan(tx, kv.NewKey("b"), func(k, _ []byte) error {
				if !bytes.HasPrefix(k, keep) {
					old = append(old, k)
				}
				if more = len(old) == kv.MaxWrites; more {
					return kv.Stop
				}
				return nil
			}); err != nil {
				return err
			}
			for _, k := range old {
				if err := tx.Delete(k); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || !more {
			return storeError(err)
		}
	}
}

// latestEdition is the last edition, whole; nil before the first.
func latestEdition(tx kv.Tx) (*Edition, error) {
	return lastNumbered[*Edition](tx, editionCount(), KindEdition)
}

func readEdition(tx kv.Tx, number int) (*Edition, error) {
	item, err := readItem(tx, Key{KindEdition, editionID(number)})
	if err != nil {
		return nil, err
	}
	e, ok := item.(*Edition)
	if !ok {
		return nil, fmt.Errorf("edition %d of the baseline is missing: %w", number, ErrDamaged)
	}
	return e, nil
}

// LatestEdition is the last edition of the baseline, in one read; nil before the first.
func (c *Catalogue) LatestEdition(ctx context.Context, actor Actor) (out *Edition, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out, err = latestEdition(tx)
		return err
	})
	if err != nil || out == nil {
		return nil, err
	}
	seen, _ := out.sees(actor)
	return seen.(*Edition), nil
}

// Edition is one edition by its number; NotFound where there is none.
func (c *Catalogue) Edition(ctx context.Context, actor Actor, number int) (*Edition, error) {
	return one[*Edition](ctx, c, actor, KindEdition, editionID(number))
}

// Editions lists editions, the latest first: at most limit of those before a number, 0 for all. older says that there are
// more.
func (c *Catalogue) Editions(ctx context.Context, actor Actor, before, limit int) (out []*Edition, older bool, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		count, err := readCounter(tx, editionCount())
		if err != nil {
			return err
		}
		number := int(count)
		if before > 0 {
			number = min(number, before-1)
		}
		for ; number > 0 && len(out) < limit; number-- {
			e, err := readEdition(tx, number)
			if err != nil {
				return err
			}
			seen, _ := e.sees(actor)
			out = append(out, seen.(*Edition))
		}
		older = number > 0
		return nil
	})
	return out, older, err
}
