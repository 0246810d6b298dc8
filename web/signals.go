package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// signalsPage lists what councils and groups tell suppliers that they will buy.
type signalsPage struct {
	view.Page
	Capability view.Select
	Stage      view.Select
	Ended      view.Checkboxes
	Filtered   bool
	Total      string
	Open       []view.Entry
	Past       []view.Entry
	Nothing    string
	Files      []view.Link
	Feed       string     // address of the feed
	Watch      string     // where to ask to be told of new ones; empty: the visitor has not signed in
	Begin      *view.Link // where an officer begins one; nil: the visitor is none
}

// signalsAsked is a list of signals as its address asks for it.
func (s *site) signalsAsked(c *gin.Context) (catalogue.SignalFilter, url.Values) {
	f := catalogue.SignalFilter{Capability: c.Query("capability"), Stage: catalogue.SignalStage(c.Query("stage")), Ended: c.Query("ended") == "1"}
	values := url.Values{}
	if _, known := s.Catalogue.Dictionary().Capability(f.Capability); !known {
		f.Capability = ""
	} else {
		values.Set("capability", f.Capability)
	}
	if !slices.Contains(catalogue.SignalStages(), f.Stage) {
		f.Stage = ""
	} else {
		values.Set("stage", string(f.Stage))
	}
	if f.Ended {
		values.Set("ended", "1")
	}
	return f, values
}

func (s *site) signals(c *gin.Context, who visitor) error {
	f, values := s.signalsAsked(c)
	rows, err := s.Catalogue.Signals(c, who.actor, f)
	if err != nil {
		return err
	}
	p := signalsPage{Filtered: len(values) > 0, Total: view.Plural(len(rows), "signal", "signals") + ", open ones first, then the latest changed"}
	p.Capability = view.Select{Name: "capability", Label: view.Label{Text: "What for"}, Options: []view.Option{{Text: "Anything"}}, Groups: s.capabilityGroups(f.Capability)}
	p.Stage = view.Select{Name: "stage", Label: view.Label{Text: "How far"}, Options: []view.Option{{Text: "Any stage"}}}
	for _, st := range catalogue.SignalStages() {
		p.Stage.Options = append(p.Stage.Options, view.Option{Value: string(st), Text: st.Words(), Selected: st == f.Stage})
	}
	p.Ended = view.Checkboxes{Name: "ended", Classes: "govuk-checkboxes--small", Choices: []view.Choice{{Value: "1", Text: "Also what is closed", Checked: f.Ended}}}
	for _, row := range rows {
		if row.Signal.Stands() {
			p.Open = append(p.Open, s.signalEntry(row))
		} else {
			p.Past = append(p.Past, s.signalEntry(row))
		}
	}
	p.Nothing = "No council has published a signal yet"
	if p.Filtered {
		p.Nothing = "No signal fits what you chose"
	}
	query := ""
	if len(values) > 0 {
		query = "?" + values.Encode()
	}
	p.Feed = "/signals.atom" + query
	p.Files = []view.Link{{Text: "This list as a spreadsheet (CSV)", Href: "/signals.csv" + query}, {Text: "As JSON", Href: "/api/v1/signals" + programQuery(values)}, {Text: "As a feed (Atom)", Href: p.Feed}}
	if who.account != nil {
		watched := url.Values{"kind": {string(catalogue.KindSignal)}}
		if f.Capability != "" {
			watched.Set("capability", f.Capability)
		}
		p.Watch = "/searches/new?" + url.Values{"address": {"/search?" + watched.Encode()}}.Encode()
	}
	if catalogue.MayDo(who.actor, catalogue.PublishSignal) {
		p.Begin = &view.Link{Text: "Write a signal to suppliers", Href: "/signals/new"}
	}
	p.Page = s.page(c, who, "/demand", "Signals to suppliers")
	p.Description = "What councils and groups of councils tell all suppliers that they will buy, and how everybody can respond."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Demand", Href: "/demand"}, {Text: "Signals"}}
	return s.show(c, who, http.StatusOK, "signals", p)
}

// programQuery is the same list's address for programs, who say true where a page says 1.
func programQuery(values url.Values) string {
	if len(values) == 0 {
		return ""
	}
	out := url.Values{}
	for name, list := range values {
		out[name] = list
	}
	if out.Has("ended") {
		out.Set("ended", "true")
	}
	return "?" + out.Encode()
}

// signalEntry is a signal in a ledger.
func (s *site) signalEntry(row catalogue.SignalRow) view.Entry {
	t := row.Signal.Text
	tag := signalTag(row.Signal)
	e := view.Entry{Tag: &tag, Title: marked(t.Title, row.Signal.Demonstration), Href: pagePath(catalogue.KindSignal, row.Signal.ID)}
	var who, when line
	who.strong(signalBy(row.Council, row.Named)).say(s.capabilityName(t.Capability))
	if row.Signal.Stands() && !t.Engagement.IsZero() {
		when.say("next engagement " + view.Date(t.Engagement))
	}
	if row.Signal.Stands() && !t.AskBy.IsZero() {
		when.say("questions until " + view.Date(t.AskBy))
	}
	if row.Answered > 0 {
		when.say(view.Plural(row.Answered, "question answered", "questions answered"))
	}
	when.say("changed " + view.Day(row.Signal.Latest))
	e.Lines = saying(who, when)
	return e
}

// signalBy says who publishes a signal.
func signalBy(council *catalogue.Council, named []*catalogue.Council) string {
	by := "The lead authority of a group of councils"
	if council != nil {
		by = council.Label()
	}
	if len(named) == 0 {
		return by
	}
	var names []string
	for _, c := range named {
		names = append(names, c.Label())
	}
	return by + ", with " + view.Sentence(names)
}

// signalTag is how far a signal is, or that it has ended.
func signalTag(s *catalogue.Signal) view.Tag {
	switch {
	case s.End != nil && s.End.Withdrawn:
		return view.Tag{Text: "Withdrawn", Classes: "govuk-tag--grey"}
	case s.End != nil:
		return view.Tag{Text: "Closed", Classes: "govuk-tag--grey"}
	case !s.IsPublic():
		return view.Tag{Text: "Draft", Classes: "govuk-tag--yellow"}
	}
	return view.Tag{Text: s.Text.Stage.Words(), Classes: "govuk-tag--blue"}
}

// signalsAtom is the list as a feed, as anybody sees it: feed readers do not sign in.
func (s *site) signalsAtom(c *gin.Context, _ visitor) error {
	if err := checkText(c.Request); err != nil {
		return err
	}
	f, values := s.signalsAsked(c)
	rows, err := s.Catalogue.Signals(c, catalogue.Anonymous(), f)
	if err != nil {
		return err
	}
	query := ""
	if len(values) > 0 {
		query = "?" + values.Encode()
	}
	feed := exchange.AtomFeed{Title: "Jointly: signals to suppliers", Subtitle: "What councils tell all suppliers that they will buy, with what changed last",
		Base: strings.TrimSuffix(s.BaseURL, "/"), Self: "/signals.atom" + query, Page: "/signals" + query, Updated: atomEpoch()}
	slices.SortStableFunc(rows, func(a, b catalogue.SignalRow) int { return b.Signal.Latest.Compare(a.Signal.Latest) })
	for _, row := range rows[:min(len(rows), feedEntries)] {
		if row.Signal.Latest.After(feed.Updated) {
			feed.Updated = row.Signal.Latest
		}
		feed.Entries = append(feed.Entries, exchange.AtomEntry{Kind: "signal", ID: row.Signal.ID, Title: marked(row.Signal.Text.Title, row.Signal.Demonstration),
			Path: pagePath(catalogue.KindSignal, row.Signal.ID), Category: signalTag(row.Signal).Text, Updated: row.Signal.Latest,
			Summary: signalBy(row.Council, row.Named) + ". " + row.Signal.Text.Scope})
	}
	var b bytes.Buffer
	if err := exchange.Atom(&b, feed); err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, "application/atom+xml; charset=utf-8", b.Bytes())
	return nil
}

// signalsCSV is the list as a file, as anybody sees it.
func (s *site) signalsCSV(c *gin.Context, who visitor) error {
	f, _ := s.signalsAsked(c)
	rows, err := s.Catalogue.Signals(c, catalogue.Anonymous(), f)
	if err != nil {
		return err
	}
	cards := make([]exchange.SignalCard, 0, len(rows))
	for _, row := range rows {
		v, err := s.Catalogue.Signal(c, catalogue.Anonymous(), row.Signal.ID)
		if err != nil {
			return err
		}
		cards = append(cards, exchange.SignalOut(v.Signal, v.Answered))
	}
	var b bytes.Buffer
	if err := exchange.SignalsCSV(&b, cards); err != nil {
		return err
	}
	return s.sendFile(c, who, "jointly-signals-"+s.Catalogue.Today().Format("2006-01-02")+".csv", "text/csv; charset=utf-8", b.Bytes())
}

// signalLinks are the signals about an intention or a group that a visitor may see.
func (s *site) signalLinks(ctx context.Context, actor catalogue.Actor, about catalogue.Key) ([]view.Link, error) {
	found, err := s.Catalogue.SignalsOf(ctx, actor, about)
	var out []view.Link
	for _, x := range found {
		title := x.Text.Title
		if !x.IsPublic() && x.Draft != nil {
			title = x.Draft.Title
		}
		out = append(out, view.Link{Text: title + " (" + lowerFirst(signalTag(x).Text) + ")", Href: pagePath(catalogue.KindSignal, x.ID)})
	}
	return out, err
}

// groupSignals are the signals about a group, and where its lead authority begins one.
func (s *site) groupSignals(ctx context.Context, actor catalogue.Actor, g *catalogue.BuyingGroup) ([]view.Link, error) {
	out, err := s.signalLinks(ctx, actor, g.Key())
	if g.Room && g.Lead != "" && actor.ForCouncil(g.Lead) && g.GoesOn() && catalogue.MayDo(actor, catalogue.PublishSignal) {
		out = append(out, view.Link{Text: "Write a signal to suppliers", Href: signalAddress(g.Key())})
	}
	return out, err
}
