package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// foundHit is a hit as lists and files hold it, with the record as its reader may see it.
type foundHit struct {
	item  catalogue.Item
	found catalogue.Found
	hit   search.Hit
}

// founds reads hits of a search for a text through an actor's eyes. What it may not see, or went away, is left out.
func (s *site) founds(ctx context.Context, actor catalogue.Actor, text string, hits []search.Hit) ([]foundHit, error) {
	items, r, err := s.read(ctx, actor, hits)
	if err != nil {
		return nil, err
	}
	out := make([]foundHit, 0, len(items))
	for i, item := range items {
		if item != nil {
			found := r.found(item, hits[i])
			if found.Why == "" && len(titleWords(text, found.Title)) > 0 {
				found.Why = "Title"
			}
			out = append(out, foundHit{item, found, hits[i]})
		}
	}
	return out, nil
}

// found is a record as a row.
func (r *hitsReader) found(item catalogue.Item, h search.Hit) catalogue.Found {
	key := item.Key()
	f := catalogue.Found{Kind: key.Kind, ID: key.ID, Title: hitTitle(item, h), State: kindTag(item).Text, Path: pagePath(key.Kind, key.ID), Why: foundIn(h)}
	switch it := item.(type) {
	case *catalogue.Platform:
		f.Title, f.Supplier, f.Capability, f.Demonstration = marked(it.Name, it.Demonstration), it.Supplier, r.capability(it.Capabilities[0]), it.Demonstration
		f.Source = it.Evidence
	case *catalogue.Contract:
		r.ofCouncil(&f, it.Council)
		f.Title, f.Supplier, f.Capability, f.Demonstration = it.Title, r.supplier(it), r.capability(it.Capability), it.Demonstration
		f.Start, f.End, f.EndNote = it.Start, it.End, it.EndNote
		f.ValueFrom, f.ValueTo = it.Value, it.Value
		switch {
		case it.Value > 0 && it.FrameworkCeiling():
			f.ValueNote = "a framework ceiling"
		case it.Value > 0 && it.ExVAT:
			f.ValueNote = "ex VAT"
		}
		f.Source, f.Reference, f.SourceDate = it.Source.Text, it.Source.Reference, it.Source.Date
	case *catalogue.Intention:
		r.ofCouncil(&f, it.Council)
		capability, _ := it.Capable()
		f.Title, f.Supplier, f.Capability, f.Demonstration = it.Title, it.CurrentSupplier, r.capability(capability), it.Demonstration
		f.Start, f.End = it.WindowStart, it.WindowEnd
		if !it.Budget.IsZero() {
			f.ValueFrom, f.ValueTo, f.ValueNote = it.Budget.Min, it.Budget.Max, "budget, ex VAT"
		}
		f.Source = "Listed by the council"
	case *catalogue.BuyingGroup:
		r.ofCouncil(&f, it.Lead)
		f.Title, f.State, f.Capability, f.Demonstration = it.Title, "Group, "+string(it.Stage), r.capability(it.Capability), it.Demonstration
		f.Start, f.End = it.CardStart, it.CardEnd // what all who see the card see, in the room as well
		f.Source = "Listed by its councils"
	case *catalogue.Signal:
		r.ofCouncil(&f, it.Council)
		f.Title, f.State, f.Capability, f.Demonstration = it.Text.Title, "Signal, "+lowerFirst(signalTag(it).Text), r.capability(it.Text.Capability), it.Demonstration
		f.Source = "Published by the council"
	case *catalogue.Example:
		r.ofCouncil(&f, it.Council)
		f.Title, f.State, f.Demonstration = it.Text.Title, "Example, "+lowerFirst(search.ExampleLabel(string(it.Text.Kind))), it.Demonstration
		f.Capability, f.ValueFrom, f.ValueTo = r.capability(it.Text.Capabilities[0]), it.Text.Cost.Min, it.Text.Cost.Max
		if !it.Text.Cost.IsZero() {
			f.ValueNote = "what it cost"
		}
		f.Source = "Written by the council and reviewed"
	case *catalogue.Offer:
		f.Source = "Listed by the council"
		if it.Body == "" {
			r.ofCouncil(&f, it.Council)
		} else {
			f.Body, f.Source = r.party(it).Label(), "Listed by the body"
		}
		f.State, f.Demonstration, f.Start, f.End = kindTag(it).Text+", "+lowerFirst(it.Role.Words()), it.Demonstration, it.From, it.Until
		if len(it.Capabilities) > 0 {
			f.Capability = r.capability(it.Capabilities[0])
		}
	case *catalogue.Council:
		f.Title, f.CouncilCode, f.Region, f.Demonstration = it.Label(), it.GSS, it.Region, it.Demonstration
	case *catalogue.Supplier:
		f.Title, f.Reference, f.Demonstration = marked(it.Name, it.Demonstration), it.CompaniesHouse, it.Demonstration
	case *catalogue.Service:
		f.Title, f.Capability = it.Label, r.capability(it.Capability)
	}
	return f
}

func (r *hitsReader) ofCouncil(f *catalogue.Found, code string) {
	f.CouncilCode = code
	if c := r.council(code); c != nil {
		f.Council, f.Region = c.Label(), c.Region
	}
}

// longestWhy is how much of a passage a row keeps, in characters.
const longestWhy = 200

// foundIn is the passage that a hit was found by; empty where no word of the search stands in it.
func foundIn(h search.Hit) string {
	marked := slices.ContainsFunc(h.Fragments, func(f search.Fragment) bool { return f.Mark })
	if !marked {
		return ""
	}
	var b strings.Builder
	if h.Where != "" {
		b.WriteString(sentenceCase(h.Where) + ": ")
	}
	for _, f := range h.Fragments {
		b.WriteString(f.Text)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	if utf8.RuneCountInString(text) > longestWhy {
		text = string([]rune(text)[:longestWhy-1]) + "…"
	}
	return text
}

// wordsFound lists the words of a passage that were sought, each once.
func wordsFound(h search.Hit) []string {
	var out []string
	for _, f := range h.Fragments {
		text := strings.ToLower(strings.TrimSpace(f.Text))
		if f.Mark && text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// titleWords lists the words of a search that stand in a title.
func titleWords(text, title string) []string {
	var out []string
	title = strings.ToLower(title)
	for word := range strings.FieldsSeq(strings.ToLower(plainWords(text))) {
		if word = strings.Trim(word, ".,;:?!()"); word != "" && strings.Contains(title, word) && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

// whyFound says which words of a search for a text stand in a hit, and which filters it fits.
func whyFound(text string, row foundHit, says []string) string {
	words, where := titleWords(text, row.found.Title), "title"
	if len(words) == 0 {
		words, where = wordsFound(row.hit), row.hit.Where
	}
	why := ""
	if len(words) > 0 {
		for i, w := range words {
			words[i] = "‘" + w + "’"
		}
		why = "It has " + strings.Join(words[:min(len(words), 5)], ", ")
		if where != "" {
			why += " (" + where + ")"
		}
		why += ". "
	}
	filters := slices.DeleteFunc(slices.Clone(says), func(s string) bool { return strings.HasPrefix(s, saysWords) })
	if len(filters) > 0 {
		why += "It fits your filters: " + strings.Join(filters, "; ") + "."
	} else if why == "" && len(says) > 0 {
		why = "It fits " + strings.Join(says, "; ") + "."
	}
	return strings.TrimSpace(why)
}

// eachPage runs fn over the results of a search, page by page, at most so many results; it says how the whole was
// answered. more says that there were others. fn ends it with false.
func (s *site) eachPage(ctx context.Context, actor catalogue.Actor, q search.Query, most int, fn func(search.Result) (bool, error)) (first search.Result, more bool, err error) {
	const atOnce = 100
	q.Limit = atOnce
	tries := busyTries
	for n := 0; ; {
		found, err := s.patient(ctx, actor, q, &tries)
		if err != nil {
			return first, false, err
		}
		if n == 0 {
			first = found
		}
		cut := n+len(found.Hits) > most
		if cut {
			found.Hits = found.Hits[:most-n]
		}
		n += len(found.Hits)
		q.Facets = nil // they are the same on every page
		if on, err := fn(found); err != nil || !on {
			return first, false, err
		}
		if cut || found.Next == "" {
			return first, cut, nil
		}
		if n >= most {
			return first, true, nil
		}
		q.Cursor = found.Next
	}
}

// How often all pages of one list together are asked for again where too much is asked at once, and after what pause: a
// file that was begun must not break off because of one busy moment.
const (
	busyTries = 20
	busyPause = 250 * time.Millisecond
)

// patient searches, again and again while the service is busy and there are tries left.
func (s *site) patient(ctx context.Context, actor catalogue.Actor, q search.Query, tries *int) (search.Result, error) {
	for {
		found, err := s.Index.Search(ctx, audience(actor), q)
		if err == nil || catalogue.KindOf(err) != catalogue.Unavailable || *tries == 0 {
			return found, err
		}
		*tries--
		select {
		case <-ctx.Done():
			return found, ctx.Err()
		case <-time.After(busyPause):
		}
	}
}

// saysWords begins what says which words are sought.
const saysWords = "Words: "

// says tells in words what a search asks for; counts are those of its facets.
func says(a asked, counts []search.FacetCount) []string {
	var out []string
	if a.Text != "" {
		text := saysWords + a.Text
		if a.Exact {
			text += " (these exact words)"
		}
		out = append(out, text)
	}
	for _, f := range search.Facets() {
		chosen := a.Chosen(f)
		if len(chosen) == 0 {
			continue
		}
		labels := make([]string, 0, len(chosen))
		for _, v := range chosen[:min(len(chosen), 10)] {
			labels = append(labels, labelOf(counts, f, v))
		}
		text := facetLegend(f) + ": " + strings.Join(labels, " or ")
		if more := len(chosen) - len(labels); more > 0 {
			text += " or " + view.Number(more) + " more"
		}
		out = append(out, clipped(text, 300))
	}
	if !a.EndsFrom.IsZero() || !a.EndsTo.IsZero() {
		out = append(out, "Ends "+between(a.EndsFrom, a.EndsTo))
	}
	if a.Ended {
		out = append(out, "What has ended too")
	}
	if len(out) == 0 {
		out = append(out, "Everything that is open")
	}
	for i, text := range out {
		out[i] = clipped(text, 300)
	}
	return out
}

func clipped(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

func labelOf(counts []search.FacetCount, f search.Facet, value string) string {
	for _, count := range counts {
		if count.Facet != f {
			continue
		}
		for _, v := range count.Values {
			if v.Value == value {
				return cmp.Or(v.Label, value)
			}
		}
	}
	return value
}

// chosenFacets lists the facets of which something is chosen: what a search counts so that it can be said in words.
func chosenFacets(a asked) []search.Facet {
	return slices.DeleteFunc(search.Facets(), func(f search.Facet) bool { return len(a.Chosen(f)) == 0 })
}

// askAt reads a search from its address within the service. Invalid: it is no address of results.
func askAt(address string) (asked, error) {
	wrong := &catalogue.Error{Kind: catalogue.Invalid, Message: "This is no search. Search first, and then keep the search from the page with its results"}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return asked{}, wrong
	}
	kind, sort := catalogue.Kind(""), search.Sort("")
	switch u.Path {
	case "/search":
	case "/platforms":
		kind, sort = catalogue.KindPlatform, search.ByName
	case "/intentions":
		kind, sort = catalogue.KindIntention, search.ByNewest
	case "/groups":
		kind, sort = catalogue.KindGroup, search.ByNewest
	case "/offers":
		kind, sort = catalogue.KindOffer, search.ByNewest
	default:
		return asked{}, wrong
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return asked{}, wrong
	}
	a, err := ask(u.Path, kind, values)
	if a.Sort == "" && a.Text == "" {
		a.Sort = sort
	}
	a.all, a.Cursor = "", ""
	return a, err
}

// address is where the results of a search are, from the first on.
func (a asked) address() string { return a.with(func(a *asked) { a.all = "" }) }
