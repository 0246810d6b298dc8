package web

import (
	"context"
	"strconv"
	"time"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// hitsReader turns hits into results: it reads the records through the visitor's eyes, with the names that they quote.
type hitsReader struct {
	catalogue *catalogue.Catalogue
	actor     catalogue.Actor
	now       time.Time
	quoted    map[catalogue.Key]catalogue.Item
	adopted   map[string]catalogue.AdoptionFigures // by example
}

// results are the hits as a page shows them. A hit that the visitor may not see, or that went away, is left out.
func (s *site) results(ctx context.Context, actor catalogue.Actor, hits []search.Hit) ([]view.Result, error) {
	items, r, err := s.read(ctx, actor, hits)
	if err != nil {
		return nil, err
	}
	out := make([]view.Result, 0, len(items))
	for i, item := range items {
		if item == nil {
			continue
		}
		out = append(out, view.Result{Kind: kindTag(item), Title: hitTitle(item, hits[i]), Href: pagePath(hits[i].Key.Kind, hits[i].Key.ID),
			Facts: r.facts(item), Why: r.why(item, hits[i])})
	}
	return out, nil
}

// hitTitle is a hit's title; a name that is invented says so.
func hitTitle(item catalogue.Item, h search.Hit) string {
	switch it := item.(type) {
	case *catalogue.Supplier:
		return marked(h.Title, it.Demonstration)
	case *catalogue.Platform:
		return marked(h.Title, it.Demonstration)
	case *catalogue.Signal:
		return marked(h.Title, it.Demonstration)
	case *catalogue.Example:
		return marked(h.Title, it.Demonstration)
	}
	return h.Title
}

// read loads the records of hits, nil for what the visitor may not see, and what they quote.
func (s *site) read(ctx context.Context, actor catalogue.Actor, hits []search.Hit) ([]catalogue.Item, *hitsReader, error) {
	keys := make([]catalogue.Key, len(hits))
	for i, h := range hits {
		keys[i] = h.Key
	}
	items, err := s.Catalogue.Load(ctx, actor, keys)
	if err != nil {
		return nil, nil, err
	}
	r := &hitsReader{catalogue: s.Catalogue, actor: actor, now: s.Catalogue.Now(), quoted: map[catalogue.Key]catalogue.Item{}}
	return items, r, r.quote(ctx, items)
}

// quote reads the records whose names a page of items quotes.
func (r *hitsReader) quote(ctx context.Context, items []catalogue.Item) error {
	var keys []catalogue.Key
	var examples []string
	want := func(kind catalogue.Kind, id string) {
		key := catalogue.Key{Kind: kind, ID: id}
		if _, known := r.quoted[key]; id != "" && !known {
			r.quoted[key] = nil
			keys = append(keys, key)
		}
	}
	for _, item := range items {
		switch it := item.(type) {
		case *catalogue.Contract:
			want(catalogue.KindCouncil, it.Council)
			want(catalogue.KindSupplier, it.SupplierID)
		case *catalogue.Intention:
			want(catalogue.KindCouncil, it.Council)
		case *catalogue.BuyingGroup:
			want(catalogue.KindCouncil, it.Lead)
		case *catalogue.Signal:
			want(catalogue.KindCouncil, it.Council)
		case *catalogue.Offer:
			want(catalogue.KindCouncil, it.Council)
			want(catalogue.KindBody, it.Body)
		case *catalogue.Example:
			want(catalogue.KindCouncil, it.Council)
			examples = append(examples, it.ID)
		}
	}
	var err error
	if len(examples) > 0 {
		if r.adopted, err = r.catalogue.AdoptionFigures(ctx, r.actor, examples...); err != nil {
			return err
		}
	}
	found, err := r.catalogue.Load(ctx, r.actor, keys)
	for i, item := range found {
		r.quoted[keys[i]] = item
	}
	return err
}

func (r *hitsReader) council(code string) *catalogue.Council {
	c, _ := r.quoted[catalogue.Key{Kind: catalogue.KindCouncil, ID: code}].(*catalogue.Council)
	return c
}

// party is whose an offer is.
func (r *hitsReader) party(o *catalogue.Offer) catalogue.Party {
	b, _ := r.quoted[catalogue.Key{Kind: catalogue.KindBody, ID: o.Body}].(*catalogue.Body)
	return catalogue.Party{Council: r.council(o.Council), Body: b}
}

// supplier is a contract's supplier under its present name.
func (r *hitsReader) supplier(k *catalogue.Contract) string {
	if s, ok := r.quoted[catalogue.Key{Kind: catalogue.KindSupplier, ID: k.SupplierID}].(*catalogue.Supplier); ok {
		return marked(s.Name, s.Demonstration)
	}
	return k.Supplier
}

func (r *hitsReader) capability(id string) string {
	c, _ := r.catalogue.Dictionary().Capability(id)
	return c.Name
}

// facts is one line about a record, with the fact that decides whether to look at it in bold.
func (r *hitsReader) facts(item catalogue.Item) []view.Piece {
	var l line
	switch it := item.(type) {
	case *catalogue.Platform:
		l.say(it.Supplier).strong(r.capability(it.Capabilities[0])).say(it.Licence)
		if on := it.ProposedOn(); !on.IsZero() {
			l.say(statedBy + view.Day(on))
		} else if !it.StatedOn(catalogue.FieldLicence).IsZero() {
			l.say("licence " + statedBy + view.Day(it.StatedOn(catalogue.FieldLicence)))
		}
	case *catalogue.Contract:
		l.say(place(r.council(it.Council))).strong(r.contractEnd(it))
		if it.Value > 0 {
			value := view.Money(pounds(it.Value))
			if it.FrameworkCeiling() {
				value += ", a framework ceiling"
			}
			l.say(value)
		} else {
			l.say("value not stated")
		}
		l.say(r.supplier(it))
	case *catalogue.Intention:
		l.say(place(r.council(it.Council))).strong("buying " + window(it.WindowStart, it.WindowEnd))
		if !it.Budget.IsZero() {
			l.say(budget(it.Budget))
		}
		if it.Role != "" {
			l.say("would " + it.Role)
		}
	case *catalogue.BuyingGroup:
		r.groupFacts(&l, it)
	case *catalogue.Signal:
		l.say(place(r.council(it.Council))).strong(lowerFirst(signalTag(it).Text))
		if it.Stands() && !it.Text.Engagement.IsZero() {
			l.say("next engagement " + view.Date(it.Text.Engagement))
		}
	case *catalogue.Example:
		l.say(place(r.council(it.Council)))
		exampleFacts(&l, it, r.adopted[it.ID])
	case *catalogue.Offer:
		l.say(partyPlace(r.party(it))).say(lowerFirst(it.Role.Words())).strong(offerWhen(it)).say(offerAmount(it))
		if it.Ended(r.catalogue.Today()) {
			l.say(lowerFirst(offerState(it)))
		}
	case *catalogue.Council:
		l.say(councilKind(it))
	case *catalogue.Supplier:
		if it.CompaniesHouse != "" {
			l.say("Companies House number " + it.CompaniesHouse)
		}
	case *catalogue.Service:
		l.say("LGSL " + strconv.Itoa(it.LGSL)).say(it.Function).say(r.capability(it.Capability))
	}
	return l
}

func (r *hitsReader) groupFacts(l *line, g *catalogue.BuyingGroup) {
	who := view.Plural(g.Councils, "council", "councils")
	lead := r.council(g.Lead)
	if lead != nil {
		who += ", led by " + lead.Label()
	}
	l.say(who)
	if lead == nil {
		l.strong("needs a lead")
	}
	if !g.WindowStart.IsZero() {
		l.say("buying " + window(g.WindowStart, g.WindowEnd))
	}
	if joinable(g, r.catalogue.Today()) {
		if g.JoinBy.IsZero() {
			l.strong("open to join")
		} else {
			l.strong("join by " + view.Date(g.JoinBy))
		}
	}
}

// joinable says that another council can still join a group on a day.
func joinable(g *catalogue.BuyingGroup, on time.Time) bool {
	return g.OpenToJoin && g.Open() && !g.Ended(on) && (g.JoinBy.IsZero() || !g.JoinBy.Last().Before(on))
}

func (r *hitsReader) contractEnd(k *catalogue.Contract) string {
	switch {
	case k.End.IsZero() && k.Stage != catalogue.StageAwarded && !k.Start.IsZero():
		if k.Start.Last().Before(r.catalogue.Today()) {
			return "was to start " + view.Date(k.Start)
		}
		return "starts " + view.Date(k.Start)
	case k.End.IsZero():
		return "end not stated"
	case k.Ended(r.catalogue.Today()):
		return "ended " + view.Date(k.End)
	}
	return "ends " + view.Date(k.End)
}

// why says in the words of the record why it was found.
func (r *hitsReader) why(item catalogue.Item, h search.Hit) []view.Piece {
	var out []view.Piece
	if k, ok := item.(*catalogue.Contract); ok {
		known := howWeKnow(k.Source) + ", " + dateOrNot(k.Source.Date)
		out = append(out, view.Piece{Text: known + ". "})
	}
	if old := outOfDate(r.now, item); old != "" {
		out = append(out, view.Piece{Text: sentenceCase(old) + ". "})
	}
	if len(h.Fragments) == 0 {
		return out
	}
	opened, closed := "‘", "’"
	if h.Where != "" {
		opened, closed = sentenceCase(h.Where)+": ", ""
	}
	out = append(out, view.Piece{Text: opened})
	for _, f := range h.Fragments {
		out = append(out, view.Piece{Text: f.Text, Mark: f.Mark})
	}
	if closed != "" {
		out = append(out, view.Piece{Text: closed})
	}
	return out
}
