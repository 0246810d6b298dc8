package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// trailPage is a part of the audit trail, the latest first: of the visitor's organisation, for the operator all of it.
type trailPage struct {
	view.Page
	Caption  string
	Heading  string
	Operator bool
	Action   view.Select
	Kind     view.Select
	Org      *view.Input // for the operator
	Of       string      // what the trail is narrowed to one record of; empty: it is not
	Query    trailQuery
	Entries  []trailEntry
	Short    bool // so much was looked through that this part is not full
	Narrowed bool
	First    bool
	Older    view.Pagination
	CSV      string
}

// trailEntry is one event in words.
type trailEntry struct {
	What    string
	Record  string // what it is called, as far as the visitor may see it
	Href    string // of the record; empty: it has no page
	Who     string
	When    string
	Number  string
	Refused string
	State   string        // 'New', 'Deleted'; empty: it was there before and after
	Line    string        // the changes in a line, where they are few
	Changes []string      // each, where they are many
	Fold    *view.Details // around them
	All     string        // address of all entries about the record; empty: this is one of them
}

// trailQuery is what the visitor asks for, as the address has it.
type trailQuery struct{ Action, Kind, Record, Org, Before string }

// How much a page of the trail shows, how many of the latest entries the filters are made from, and how many changed
// fields are shown unfolded.
const (
	trailPageSize  = 30
	trailChoices   = 1000
	fieldsUnfolded = 4
)

func trailQueryOf(q url.Values) trailQuery {
	return trailQuery{Action: q.Get("action"), Kind: q.Get("kind"), Record: q.Get("record"), Org: strings.TrimSpace(q.Get("org")), Before: q.Get("before")}
}

// address is where this is asked for, at a path.
func (q trailQuery) address(path string) string {
	v := url.Values{}
	for name, value := range map[string]string{"action": q.Action, "kind": q.Kind, "record": q.Record, "org": q.Org, "before": q.Before} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// asked is the query in the catalogue's terms; Invalid for an address that nobody was given.
func (q trailQuery) asked(limit int) (catalogue.TrailQuery, error) {
	out := catalogue.TrailQuery{Limit: limit, Action: catalogue.Action(q.Action), Record: catalogue.Key{Kind: catalogue.Kind(q.Kind)}, Org: q.Org}
	if kind, id, ok := strings.Cut(q.Record, "/"); ok {
		out.Record = catalogue.Key{Kind: catalogue.Kind(kind), ID: id}
	}
	if q.Before != "" {
		n, err := strconv.ParseUint(q.Before, 10, 64)
		if err != nil || n == 0 {
			return out, &catalogue.Error{Kind: catalogue.Invalid, Message: "This is not a part of the trail. Go back to the latest entries and use the links there"}
		}
		out.Before = n
	}
	return out, nil
}

func (s *site) trail(c *gin.Context, who visitor) error {
	q := trailQueryOf(c.Request.URL.Query())
	asked, err := q.asked(trailPageSize)
	if err != nil {
		return err
	}
	if !who.actor.IsOperator() { // that somebody was told is in the file, and would bury what was done
		asked.Without = catalogue.KindNews
	}
	part, err := s.Catalogue.TrailPage(c, who.actor, asked)
	if err != nil {
		return err
	}
	latest, err := s.Catalogue.TrailPage(c, who.actor, catalogue.TrailQuery{Limit: trailChoices, Org: asked.Org, Without: asked.Without})
	if err != nil {
		return err
	}
	p := trailPage{Page: s.page(c, who, "/desk", "Audit trail"), Heading: "Audit trail", Caption: who.org, Operator: who.actor.IsOperator(), Query: q, Short: part.Short,
		First: q.Before == "", Narrowed: q.Action != "" || q.Kind != "" || q.Record != "" || q.Org != "", CSV: q.address("/people/trail.csv")}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "People and accounts", Href: "/people"}, {Text: p.Heading}}
	if p.Operator {
		p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Heading}}
	}
	p.filters(q, latest.Events)
	if p.Entries, err = s.trailEntries(c, who, q, part.Events); err != nil {
		return err
	}
	if q.Record != "" && len(p.Entries) > 0 {
		p.Of = p.Entries[0].Record
	}
	p.turn(q, part)
	return s.show(c, who, http.StatusOK, "trail", p)
}

// filters offers what is in the latest entries, and what was chosen.
func (p *trailPage) filters(q trailQuery, latest []catalogue.Event) {
	var actions, kinds []string
	for _, e := range latest {
		actions, kinds = append(actions, string(e.Action)), append(kinds, string(e.Record.Kind))
	}
	choose := func(name, label, any, chosen string, all []string) view.Select {
		slices.Sort(all)
		out := view.Select{Name: name, Label: view.Label{Text: label}, Options: []view.Option{{Text: any}}}
		if chosen != "" && !slices.Contains(all, chosen) {
			all = append(all, chosen)
		}
		for _, v := range slices.Compact(all) {
			if v != "" {
				out.Options = append(out.Options, view.Option{Value: v, Text: sentenceCase(strings.ReplaceAll(v, "-", " ")), Selected: v == chosen})
			}
		}
		return out
	}
	p.Action = choose("action", "What was done", "Anything", q.Action, actions)
	p.Kind = choose("kind", "To what", "Any record", q.Kind, kinds)
	if p.Operator {
		p.Org = &view.Input{Name: "org", Label: view.Label{Text: "By or about (code of a council, or ID of a supplier)"}, Value: q.Org}
	}
}

// turn leads to the parts before and after.
func (p *trailPage) turn(q trailQuery, part catalogue.TrailPage) {
	if part.Next != 0 {
		older := q
		older.Before = strconv.FormatUint(part.Next, 10)
		p.Older.Next = &view.PageLink{Text: "Older", Label: "what happened before", Href: older.address("/people/trail")}
	}
	if !p.First {
		newest := q
		newest.Before = ""
		p.Older.Previous = &view.PageLink{Text: "Newest", Label: "back to the latest entries", Href: newest.address("/people/trail")}
	}
}

// trailEntries puts events into words; records, accounts and councils are read through the visitor's eyes.
func (s *site) trailEntries(c *gin.Context, who visitor, q trailQuery, events []catalogue.Event) ([]trailEntry, error) {
	r, err := s.trailReader(c, who, events)
	if err != nil {
		return nil, err
	}
	var out []trailEntry
	for _, e := range events {
		t := trailEntry{What: sentenceCase(string(e.Action)), Who: r.who(e), When: view.Day(e.At) + ", " + view.TimeOfDay(e.At),
			Number: view.Number(int(e.N)), Refused: e.Refused}
		switch {
		case e.From == 0 && e.To > 0:
			t.State = "New"
		case e.From > 0 && e.To == 0:
			t.State = "Deleted"
		}
		if e.Record.Kind != "" {
			t.Record = r.record(e.Record)
			if r.items[e.Record] != nil {
				t.Href = pagePath(e.Record.Kind, e.Record.ID)
			}
			if of := e.Record.String(); of != q.Record {
				t.All = trailQuery{Record: of, Org: q.Org}.address("/people/trail")
			}
		}
		if all := r.changes(e, false); len(all) <= fieldsUnfolded {
			t.Line = strings.Join(all, "; ")
		} else {
			t.Changes, t.Fold = all, &view.Details{Summary: view.Plural(len(e.Fields)+e.More, "field changed", "fields changed")}
		}
		out = append(out, t)
	}
	return out, nil
}
