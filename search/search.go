package search

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"jointly/catalogue"
)

// Search finds what an audience may see of what a query asks for. Errors are Invalid or TooLarge for what cannot be
// asked, Unavailable where too much is asked at once or a search takes too long.
func (x *Index) Search(ctx context.Context, audience catalogue.Audience, q Query) (Result, error) {
	var out Result
	err := x.run(ctx, audience, &q, func(ctx context.Context, s *side, v *view, p *plan, corrected string) error {
		after, err := q.place()
		if err != nil {
			return err
		}
		m, err := x.find(ctx, v, p, q)
		if err != nil {
			return err
		}
		defer m.free(&x.scores)
		got, err := v.collect(ctx, m, q, p, q.today(x.cat), after)
		if err != nil {
			return err
		}
		out = Result{
			Total: got.total, All: got.total, Seq: v.seq,
			Understood: p.understood, Corrected: corrected, Dropped: p.dropped, Loose: p.loose,
		}
		if m.anyWord {
			out.All = got.all
			out.AnyWord = got.all == 0 && got.total > 0
			out.Alike = m.alike
		}
		if got.more {
			out.Next = q.cursor(got.ranks[len(got.ranks)-1])
		}
		out.Facets = x.counts(v, q, got.tally)
		out.Hits, err = x.hits(ctx, s, got.ranks, p, q)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	return out, nil
}

// run gives a checked query a place among the searches under way, a deadline, a view and a plan. Damage that it meets
// starts a rebuild.
func (x *Index) run(ctx context.Context, audience catalogue.Audience, q *Query,
	fn func(context.Context, *side, *view, *plan, string) error) (err error) {
	s, err := x.side(audience)
	if err != nil {
		return err
	}
	if err := q.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, x.deadline)
	defer cancel()
	select {
	case x.slots <- struct{}{}:
		defer func() { <-x.slots }()
	case <-ctx.Done():
		return tooBusy(ctx.Err())
	}
	v, err := s.acquire()
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, v.release())
		err = x.outcome(s, err)
	}()
	defer recoverDamage(&err)
	defer guardFaults()()

	understand := x.cat.Dictionary().Understand
	if q.Exact {
		understand = nil
	}
	p, corrected := parse(q.Text, understand), ""
	if !q.Exact {
		if p, corrected, err = v.correct(ctx, q.Text, p, understand); err != nil {
			return err
		}
		p.interpret(x.topics)
	}
	if len(p.groups) == 0 && q.Sort == ByRelevance {
		q.Sort = ByNewest // nothing is sought that could be more or less relevant
	}
	if council, ok := x.cat.Register().CouncilByName(q.Text); ok {
		p.whole = append(p.whole, folded(council.GSS))
	}
	return fn(ctx, s, v, p, corrected)
}

// outcome gives an error its kind, and has a damaged index rebuilt.
func (x *Index) outcome(s *side, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return tooBusy(err)
	case catalogue.KindOf(err) != catalogue.Internal:
		return err
	}
	s.damaged.Store(true)
	select {
	case x.wake <- struct{}{}:
	default:
	}
	return &catalogue.Error{Kind: catalogue.Unavailable, Message: "Search is being put in order. Try again in a minute", Err: err}
}

func tooBusy(err error) error {
	return &catalogue.Error{Kind: catalogue.Unavailable, Message: "This search took too long. Try again, or search for fewer words", Err: err}
}

// find is what a plan finds; everything where it looks for nothing. The caller frees it.
func (x *Index) find(ctx context.Context, v *view, p *plan, q Query) (*matches, error) {
	if len(p.groups) == 0 && len(p.not) == 0 {
		return v.everything(), nil
	}
	return v.match(ctx, p, q.Sort == ByRelevance, &x.scores)
}

// hits reads the records of a page through the audience's eyes. One that went away meanwhile is left out.
func (x *Index) hits(ctx context.Context, s *side, ranks []rank, p *plan, q Query) ([]Hit, error) {
	keys := make([]catalogue.Key, len(ranks))
	for i, r := range ranks {
		kind, id := splitID(r.id)
		keys[i] = catalogue.Key{Kind: kind, ID: id}
	}
	items, err := x.cat.Load(ctx, s.actor, keys)
	if err != nil {
		return nil, err
	}
	d := &describer{cat: x.cat, actor: s.actor}
	if err := d.load(ctx, items); err != nil {
		return nil, err
	}
	hits := make([]Hit, 0, len(items))
	for i, item := range items {
		if item == nil {
			continue
		}
		doc := d.describe(item)
		if doc == nil {
			continue
		}
		h := Hit{Key: doc.key, Ref: doc.ref, Title: doc.title}
		if q.Sort == ByRelevance {
			h.Score = math.Round(-ranks[i].number*1000) / 1000
		}
		if q.Highlight {
			h.Where, h.Fragments = doc.highlight(p)
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// counts lists the values of the facets that were asked for.
func (x *Index) counts(v *view, q Query, t *tally) []FacetCount {
	out := make([]FacetCount, 0, len(q.Facets))
	for _, f := range q.Facets {
		values := x.values(v, f, t.counts[f.ordinal()])
		for _, chosen := range q.Chosen(f) {
			if !slices.ContainsFunc(values, func(v FacetValue) bool { return v.Value == chosen }) {
				values = append(values, FacetValue{Value: chosen, Label: x.label(v, f, chosen)})
			}
		}
		slices.SortFunc(values, func(a, b FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		out = append(out, FacetCount{f, values})
	}
	return out
}

// values turns counts by set into counts by value, without those that have none.
func (x *Index) values(v *view, f Facet, bySet []int32) []FacetValue {
	i := f.ordinal()
	if f == FacetStatus {
		var out []FacetValue
		for n, status := range []string{StatusOpen, StatusEnded} {
			if bySet[n] > 0 {
				out = append(out, FacetValue{status, x.label(v, f, status), int(bySet[n])})
			}
		}
		return out
	}
	counts := make([]int, len(v.known[i].values))
	for set, n := range bySet {
		if n == 0 {
			continue
		}
		for _, value := range v.known[i].members[set] {
			counts[value] += int(n)
		}
	}
	var out []FacetValue
	for n, count := range counts {
		if count > 0 {
			value := v.known[i].values[n]
			out = append(out, FacetValue{value, x.label(v, f, value), count})
		}
	}
	return out
}

// label is how a value is shown.
func (x *Index) label(v *view, f Facet, value string) string {
	switch f {
	case FacetArea:
		if a, ok := x.cat.Dictionary().Area(value); ok {
			return a.Name
		}
	case FacetCapability:
		if c, ok := x.cat.Dictionary().Capability(value); ok {
			return c.Name
		}
	case FacetQuarter:
		return QuarterLabel(value)
	case FacetRoute:
		return RouteLabel(value)
	case FacetExample:
		return ExampleLabel(value)
	case FacetKind:
		return KindLabel(catalogue.Kind(value))
	case FacetStatus, FacetStage:
		return capitalised(value)
	case FacetDirection:
		return DirectionLabel(catalogue.OfferDirection(value))
	case FacetRole:
		return cmp.Or(catalogue.OfferRole(value).Words(), value)
	case FacetOwner:
		return OwnerLabel(value)
	}
	d := v.dictionaries[f.ordinal()]
	if n, ok := d.lookup(value); ok {
		return cmp.Or(d.label(n), value)
	}
	return value
}
