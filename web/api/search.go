package api

import (
	"context"

	"jointly/catalogue"
	"jointly/search"
)

// searchInput is the parameters of a search. Filters are named as the facets, and may be given several times.
type searchInput struct {
	Text         string   `query:"q" doc:"Words, \"phrases\", -not, OR; empty finds everything"`
	Exact        bool     `query:"exact" doc:"These words only, without the dictionary and without correcting spelling"`
	Kinds        []string `query:"kind,explode" doc:"platform, contract, intention, group, signal, example, offer, council, supplier or service"`
	Areas        []string `query:"area,explode" doc:"IDs of areas"`
	Capabilities []string `query:"capability,explode" doc:"IDs of capabilities"`
	Councils     []string `query:"council,explode" doc:"GSS codes"`
	Regions      []string `query:"region,explode" doc:"English regions and other nations, by name"`
	Suppliers    []string `query:"supplier,explode" doc:"IDs of suppliers"`
	CouncilTypes []string `query:"council_type,explode"`
	Statuses     []string `query:"status,explode" doc:"open or ended; open where neither status nor ended is given"`
	Stages       []string `query:"stage,explode" doc:"Of contracts planned, tender or awarded; of groups forming or agreed"`
	Quarters     []string `query:"quarter,explode" doc:"Quarter of the financial year in which it ends or its buying starts, such as 2027-Q1 for April to June 2027; or not-stated"`
	Routes       []string `query:"route,explode" doc:"Route to market"`
	Platforms    []string `query:"platform,explode" doc:"IDs of platforms"`
	Functions    []string `query:"function,explode" doc:"Of services and examples: the function of the service"`
	Examples     []string `query:"example,explode" doc:"Of examples: service or complex"`
	Directions   []string `query:"direction,explode" doc:"Of skills and leadership: offer or seek"`
	Roles        []string `query:"role,explode" doc:"Of skills and leadership: the kind of work, such as delivery or user-research"`
	Owners       []string `query:"owner,explode" doc:"Of skills and leadership, who offers or seeks: council, central (bodies of central government) or sector (bodies of the sector)"`
	Bodies       []string `query:"body,explode" doc:"Of skills and leadership: IDs of bodies"`
	Ended        bool     `query:"ended" doc:"Find what has ended too"`
	EndsFrom     string   `query:"ends_from" doc:"Only what states an end on this day or later: 2027-04-30"`
	EndsTo       string   `query:"ends_to" doc:"Only what states an end on this day or earlier: 2027-04-30"`
	Sort         string   `query:"sort" enum:"relevance,newest,ending,name" doc:"By relevance where there are words, else newest first"`
	Limit        int      `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor       string   `query:"cursor" doc:"What the page before gave as next"`
}

func (in *searchInput) query() (search.Query, error) {
	q := search.Query{Text: in.Text, Exact: in.Exact, Ended: in.Ended, Sort: search.Sort(in.Sort), Limit: in.Limit, Cursor: in.Cursor,
		Facets: search.Facets()}
	for facet, values := range map[search.Facet][]string{
		search.FacetKind: in.Kinds, search.FacetArea: in.Areas, search.FacetCapability: in.Capabilities, search.FacetCouncil: in.Councils,
		search.FacetRegion: in.Regions, search.FacetSupplier: in.Suppliers, search.FacetCouncilType: in.CouncilTypes,
		search.FacetStatus: in.Statuses, search.FacetStage: in.Stages, search.FacetQuarter: in.Quarters, search.FacetRoute: in.Routes,
		search.FacetPlatform: in.Platforms, search.FacetFunction: in.Functions, search.FacetExample: in.Examples,
		search.FacetDirection: in.Directions, search.FacetRole: in.Roles, search.FacetOwner: in.Owners, search.FacetBody: in.Bodies,
	} {
		q.Choose(facet, values)
	}
	var err error
	if q.EndsFrom, err = date("ends_from", in.EndsFrom); err != nil {
		return q, err
	}
	q.EndsTo, err = date("ends_to", in.EndsTo)
	return q, err
}

func date(name, text string) (catalogue.Date, error) {
	d, err := catalogue.ParseDate(text)
	if err != nil {
		return d, &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with this search", Err: err,
			Fields: []catalogue.FieldError{{Field: name, Message: "Write dates as 2027-04-30"}}}
	}
	return d, nil
}

// Answer is what a search found.
type Answer struct {
	Total  int                `json:"total" doc:"Hits over all pages"`
	Hits   []Hit              `json:"hits"`
	Facets map[string][]Count `json:"facets" doc:"For each filter its values and how many hits each leaves, most first"`
	Next   string             `json:"next,omitempty" doc:"The cursor of the next page; not there on the last"`
}

// Hit is one record.
type Hit struct {
	Kind  string  `json:"kind"`
	ID    string  `json:"id"`
	Ref   string  `json:"ref" doc:"The reference it was imported with, where that is for everybody; else empty"`
	Title string  `json:"title"`
	Score float64 `json:"score" doc:"Comparable within one answer only"`
}

// Count is one value of a filter.
type Count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// AnswerOf is a result as the API and the command line write it.
func AnswerOf(r search.Result) Answer {
	a := Answer{Total: r.Total, Hits: make([]Hit, len(r.Hits)), Facets: make(map[string][]Count, len(r.Facets)), Next: r.Next}
	for i, h := range r.Hits {
		a.Hits[i] = Hit{string(h.Key.Kind), h.Key.ID, h.Ref, h.Title, h.Score}
	}
	for _, f := range r.Facets {
		counts := make([]Count, len(f.Values))
		for i, v := range f.Values {
			counts[i] = Count{v.Value, v.Count}
		}
		a.Facets[string(f.Facet)] = counts
	}
	return a
}

type searchOutput struct{ Body Answer }

func (s *service) search(ctx context.Context, in *searchInput) (*searchOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, s.problem(err)
	}
	found, err := s.index.Search(ctx, catalogue.Public, q)
	if err != nil {
		return nil, s.problem(err)
	}
	return &searchOutput{AnswerOf(found)}, nil
}
