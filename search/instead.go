package search

// Ways out of a search that finds nothing: what to change so that something is found, and how much that would be.

import (
	"context"
	"errors"
	"slices"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// Instead is what somebody may ask instead of a search that finds nothing. Everything in it finds something.
type Instead struct {
	Missing []string // words, as written, that no record has

	Near  []Nearby // the same words as something in the index is written, the likeliest first
	Wider []Wider  // the same search without one of its parts: filters first, then words
}

// Nearby is a text near the one that was asked for.
type Nearby struct {
	Text  string
	Total int
}

// Wider is a search without one part, of which one is set.
type Wider struct {
	Query Query
	Word  string // as it was written
	Facet Facet  // whose chosen values are left out
	Dates bool
	Ended bool // what has ended is taken in
	Total int
}

const (
	maxNearby = 3
	maxWider  = 8
	maxLess   = 6 // words of which one is left out

	// maxTried is how many searches are tried to find ways out.
	maxTried = 16
)

// Instead looks for ways out of a search that finds nothing. It takes no longer than a search may; what it has by then
// is what it gives.
func (x *Index) Instead(ctx context.Context, audience catalogue.Audience, q Query) (Instead, error) {
	ctx, cancel := context.WithTimeout(ctx, x.deadline)
	defer cancel()
	var out Instead
	q.Cursor, q.Facets, q.Highlight, q.Limit = "", nil, false, 1
	tried := 0
	count := func(q Query) (int, error) {
		if tried++; tried > maxTried {
			return 0, nil
		}
		got, err := x.Search(ctx, audience, q)
		return got.Total, err
	}
	texts, missing, err := x.nearby(ctx, audience, q)
	if err != nil {
		return out, untilLate(ctx, err)
	}
	out.Missing = missing
	for _, text := range texts {
		other := q
		other.Text = text
		n, err := count(other)
		if err != nil {
			return out, untilLate(ctx, err)
		}
		if n > 0 && len(out.Near) < maxNearby {
			out.Near = append(out.Near, Nearby{text, n})
		}
	}
	for _, w := range wider(q) {
		if w.Total, err = count(w.Query); err != nil {
			return out, untilLate(ctx, err)
		}
		if w.Total > 0 && len(out.Wider) < maxWider {
			out.Wider = append(out.Wider, w)
		}
	}
	return out, nil
}

// untilLate is an error of a search that was given up for want of time: none.
func untilLate(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil
	}
	return err
}

// wider lists the searches without one part of a search, not yet counted.
func wider(q Query) []Wider {
	var out []Wider
	for _, f := range Facets() {
		if len(q.Chosen(f)) == 0 {
			continue
		}
		w := Wider{Query: q, Facet: f}
		w.Query.Choose(f, nil)
		out = append(out, w)
	}
	if !q.EndsFrom.IsZero() || !q.EndsTo.IsZero() {
		w := Wider{Query: q, Dates: true}
		w.Query.EndsFrom, w.Query.EndsTo = catalogue.Date{}, catalogue.Date{}
		out = append(out, w)
	}
	if len(q.Statuses) == 0 && !q.Ended {
		w := Wider{Query: q, Ended: true}
		w.Query.Ended = true
		out = append(out, w)
	}
	units, _ := split(q.Text)
	for i, u := range units[:min(len(units), maxLess)] {
		rest := slices.Delete(slices.Clone(units), i, i+1)
		says := func(u unit) bool { return !u.not && len(analyse(u.text)) > 0 }
		if len(analyse(u.text)) == 0 || !slices.ContainsFunc(rest, says) {
			continue
		}
		w := Wider{Query: q, Word: asText(units[i : i+1])}
		w.Query.Text = asText(rest)
		out = append(out, w)
	}
	return out
}

// asText writes units as somebody would.
func asText(units []unit) string {
	var b strings.Builder
	for i, u := range units {
		if i > 0 {
			b.WriteByte(' ')
			if u.or {
				b.WriteString("OR ")
			}
		}
		if u.not {
			b.WriteByte('-')
		}
		if u.quoted {
			b.WriteString(`"` + u.text + `"`)
		} else {
			b.WriteString(u.text)
		}
	}
	return b.String()
}

// nearby lists texts near the one asked for: names that are written much like the whole of it, then the text with words
// that the index has in the place of those that it lacks, and which these are.
func (x *Index) nearby(ctx context.Context, audience catalogue.Audience, q Query) (out, missing []string, err error) {
	offer := func(text string) {
		if text != "" && !strings.EqualFold(text, q.Text) && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	err = x.run(ctx, audience, &Query{Text: q.Text, Exact: true}, func(ctx context.Context, _ *side, v *view, p *plan, _ string) error {
		names, err := v.nearNames(ctx, p.text)
		if err != nil {
			return err
		}
		for _, name := range names {
			offer(name)
		}
		for _, g := range p.groups {
			if len(g.alternatives) != 1 || len(g.alternatives[0].terms) != 1 {
				continue
			}
			term := g.alternatives[0].terms[0].term
			n, err := v.frequency(ctx, term)
			if err != nil {
				return err
			}
			if n > 0 {
				continue
			}
			if missing = append(missing, g.written); len([]rune(term)) < leastLetters || len([]rune(term)) > mostLetters {
				continue
			}
			words, err := v.near(ctx, term, 2)
			if err != nil {
				return err
			}
			for _, word := range words[:min(len(words), maxNearby)] {
				offer(replaceWord(q.Text, g.written, word))
			}
		}
		return nil
	})
	return out, missing, err
}

// nearNames lists whole names of councils, suppliers and platforms within two letters of a text.
func (v *view) nearNames(ctx context.Context, text string) ([]string, error) {
	letters := []rune(text)
	if len(letters) <= leastLetters || len(letters) > mostLetters {
		return nil, nil
	}
	var out []string
	for _, kind := range suggestedKinds() {
		names, err := v.fuzzy(fieldName, nameTerm(kind, text), 2, nameTerm(kind, ""))
		if err != nil {
			return nil, err
		}
		for _, s := range v.segments {
			f := newFinder(ctx, s)
			for _, name := range names {
				docs, err := f.term(fieldName, name)
				if err != nil {
					return nil, err
				}
				if docs == nil {
					continue
				}
				if name := s.shown(v, kind, docs.Minimum()); !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
		}
	}
	return out, nil
}

// shown is what a council, a supplier or a platform is called.
func (s segmentView) shown(v *view, kind catalogue.Kind, doc uint32) string {
	i := map[catalogue.Kind]Facet{catalogue.KindCouncil: FacetCouncil, catalogue.KindSupplier: FacetSupplier, catalogue.KindPlatform: FacetPlatform}[kind].ordinal()
	members := v.known[i].members[s.sets[i].at(doc)]
	if len(members) == 0 {
		return ""
	}
	return v.dictionaries[i].label(members[0])
}

// ChosenValue is a value that was chosen for a facet.
type ChosenValue struct {
	Facet Facet
	Value string
}

// Unknown lists the chosen values that mean nothing to an audience: such that no record it may see has them, and that
// are in no register or taxonomy.
func (x *Index) Unknown(audience catalogue.Audience, q Query) (unknown []ChosenValue, err error) {
	s, err := x.side(audience)
	if err != nil {
		return nil, err
	}
	v, err := s.acquire()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.release()) }()
	for _, f := range Facets() {
		for _, value := range q.Chosen(f) {
			if _, known := v.dictionaries[f.ordinal()].lookup(value); !known && !x.means(f, value) {
				unknown = append(unknown, ChosenValue{f, value})
			}
		}
	}
	return unknown, nil
}

// means says that a value has a meaning whether or not a record has it.
func (x *Index) means(f Facet, value string) bool {
	ok := false
	switch f {
	case FacetArea:
		_, ok = x.cat.Dictionary().Area(value)
	case FacetCapability:
		_, ok = x.cat.Dictionary().Capability(value)
	case FacetCouncil:
		_, ok = x.cat.Register().Council(value)
	case FacetQuarter:
		ok = QuarterLabel(value) != value
	case FacetRoute:
		ok = RouteLabel(value) != value
	case FacetExample:
		ok = ExampleLabel(value) != value
	case FacetFunction:
		ok = slices.ContainsFunc(x.cat.Register().Services(), func(s register.Service) bool { return s.Function == value })
	case FacetKind:
		ok = searched(catalogue.Kind(value))
	case FacetDirection:
		ok = DirectionLabel(catalogue.OfferDirection(value)) != value
	case FacetRole:
		ok = catalogue.OfferRole(value).Words() != ""
	case FacetOwner:
		ok = OwnerLabel(value) != value
	case FacetStatus:
		ok = value == StatusOpen || value == StatusEnded
	case FacetStage:
		ok = slices.Contains([]string{string(catalogue.StagePlanned), string(catalogue.StageTender), string(catalogue.StageAwarded)}, value)
	}
	return ok
}
