package web

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/search"
	"jointly/web/view"
)

// The results of a search as files: what whoever asks may see of them, and as a feed what anybody may.

// mostExported is how many results a file holds: the first.
const mostExported = 5000

// filesAtOnce is how many files of results are written at a time; each holds a core for up to a second. More are turned
// away at once rather than made to wait, so that pages go on.
const filesAtOnce = 16

func (s *site) searchCSV(c *gin.Context, who visitor) error {
	return s.searchFile(c, who, "csv", "text/csv; charset=utf-8", exchange.FoundCSV)
}

func (s *site) searchXLSX(c *gin.Context, who visitor) error {
	return s.searchFile(c, who, "xlsx", xlsxType, exchange.FoundXLSX)
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// fileSlot takes one of the places for files that are written at once, or says that all are taken; leave gives it back.
func (s *site) fileSlot() (leave func(), err error) {
	select {
	case s.files <- struct{}{}:
		return func() { <-s.files }, nil
	default:
		return nil, &catalogue.Error{Kind: catalogue.Unavailable, Message: "Too many files are being written. Try again in a few seconds"}
	}
}

// searchFile sends results page by page, as they are read: however many there are, no more of them than a page is held.
func (s *site) searchFile(c *gin.Context, who visitor, ext, mime string, begin func(io.Writer, string, bool, []string) (exchange.FoundTable, error)) error {
	a, err := ask("/search", "", c.Request.URL.Query())
	if err != nil {
		return err
	}
	leave, err := s.fileSlot()
	if err != nil {
		return err
	}
	defer leave()
	q := a.Query
	q.Highlight, q.Cursor = a.Text != "", ""
	s.waitForOwn(c, who)
	q.Facets = chosenFacets(a)
	if _, err := s.Index.Search(c, audience(who.actor), q); err != nil { // what cannot be asked is said on a page
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Type", mime)
	if err := s.attachment(c, who, "jointly-search-"+s.Catalogue.Today().Format("2006-01-02")+"."+ext); err != nil {
		return err
	}
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		return nil
	}
	if err := s.writeFound(c, who, a, q, begin); err != nil {
		s.Log.Warn("a file of results was cut off", "error", err)
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}

func (s *site) writeFound(c *gin.Context, who visitor, a asked, q search.Query, begin func(io.Writer, string, bool, []string) (exchange.FoundTable, error)) error {
	base := strings.TrimSuffix(s.BaseURL, "/")
	var about []string
	if strings.HasSuffix(c.Request.URL.Path, ".xlsx") { // there it stands on a sheet of its own
		about = []string{"Results of a search in Jointly", "Taken on " + view.Day(s.Catalogue.Now()), "As " + seenAs(who) + " sees them", "Search: " + base + a.address()}
	}
	table, err := begin(c.Writer, base, false, about)
	if err != nil {
		return err
	}
	n := 0
	_, more, err := s.eachPage(c, who.actor, q, mostExported, func(page search.Result) (bool, error) {
		rows, err := s.founds(c, who.actor, a.Text, page.Hits)
		if err != nil {
			return false, err
		}
		for _, row := range rows {
			n++
			if err := table.Row(n, row.found, ""); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	if more {
		if err := table.Say("There are more results: a file holds the first " + view.Number(mostExported) + ". Use filters to narrow the search"); err != nil {
			return err
		}
	}
	return table.Close()
}

// seenAs says through whose eyes something was looked at.
func seenAs(who visitor) string {
	if who.account == nil {
		return "anybody"
	}
	return who.org
}

// waitForOwn waits until searches see what the visitor has just written.
func (s *site) waitForOwn(c *gin.Context, who visitor) {
	if seq := who.session.lastWrite(); seq > 0 {
		s.Index.Wait(c, audience(who.actor), seq, waitForOwnWrite)
	}
}

// feedEntries is how many results a feed holds: the newest.
const feedEntries = 50

// searchAtom is any search as a feed, as anybody sees it, whoever asks: feed readers do not sign in.
func (s *site) searchAtom(c *gin.Context, _ visitor) error {
	if err := checkText(c.Request); err != nil {
		return err
	}
	a, err := ask("/search", "", c.Request.URL.Query())
	if err != nil {
		return err
	}
	a.all = ""
	self := "/search.atom"
	if v := a.values(); len(v) > 0 {
		self += "?" + v.Encode()
	}
	c.Header("Cache-Control", "public, max-age=900")
	return s.sendFeed(c, a, self)
}

// savedFeed is the feed of a saved search. Its address is a secret of its person, who can stop it; it holds no more than
// what anybody may see.
func (s *site) savedFeed(c *gin.Context, _ visitor) error {
	token, ok := strings.CutSuffix(c.Param("file"), ".atom")
	if !ok {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	address, err := s.Catalogue.SearchFeed(c, token)
	if err != nil {
		return err
	}
	a, err := askAt(address)
	if err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	return s.sendFeed(c, a, "/feeds/searches/"+token+".atom")
}

func (s *site) sendFeed(c *gin.Context, a asked, self string) error {
	q := a.Query
	q.Sort, q.Cursor, q.Limit, q.Highlight, q.Facets = search.ByNewest, "", feedEntries, a.Text != "", chosenFacets(a)
	found, err := s.newest(c, q)
	if err != nil {
		return err
	}
	rows, err := s.founds(c, catalogue.Anonymous(), a.Text, found.Hits)
	if err != nil {
		return err
	}
	feed := s.newFeed(a, self, rows, says(a, found.Facets))
	buf := buffers.get()
	defer buffers.put(buf)
	if err := exchange.Atom(buf, feed); err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/atom+xml; charset=utf-8", buf.Bytes())
	return nil
}

// newFeed makes a feed of the results of a search, the newest first.
func (s *site) newFeed(a asked, self string, rows []foundHit, said []string) exchange.AtomFeed {
	feed := exchange.AtomFeed{Title: "Jointly: " + strings.TrimPrefix(strings.Join(said, "; "), saysWords), Subtitle: "What anybody may see of this search, newest first",
		Base: strings.TrimSuffix(s.BaseURL, "/"), Self: self, Page: a.address(), Updated: atomEpoch()}
	slices.SortStableFunc(rows, func(a, b foundHit) int { return newestOf(b.item).Compare(newestOf(a.item)) })
	for _, row := range rows {
		at := newestOf(row.item)
		if at.IsZero() { // councils and services of the register are never new
			continue
		}
		if at.After(feed.Updated) {
			feed.Updated = at
		}
		feed.Entries = append(feed.Entries, exchange.AtomEntry{Kind: string(row.found.Kind), ID: row.found.ID, Title: row.found.Title, Path: row.found.Path,
			Category: row.found.State, Updated: at, Summary: strings.TrimSpace(foundLine(row.found) + ". " + whyFound(a.Text, row, said))})
	}
	return feed
}

// newest is the newest of what the public may see of a search: where few results have all its words, those alone.
func (s *site) newest(ctx context.Context, q search.Query) (search.Result, error) {
	found, err := s.Index.Search(ctx, catalogue.Public, q)
	if err != nil || found.All == found.Total {
		return found, err
	}
	q.Sort = search.ByRelevance // those that have them all come first
	if found, err = s.Index.Search(ctx, catalogue.Public, q); err != nil {
		return found, err
	}
	found.Hits = found.Hits[:min(found.All, len(found.Hits))]
	return found, nil
}

// atomEpoch is the date of a feed without entries.
func atomEpoch() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// newestOf is when a record came: the day on which its source was published, else when it was listed. It is what 'newest
// first' goes by, and tells nothing of changes that the public does not see.
func newestOf(item catalogue.Item) time.Time {
	if k, ok := item.(*catalogue.Contract); ok && !k.Source.Date.IsZero() {
		return k.Source.Date.First()
	}
	return catalogue.MetaOf(item).Created
}

// foundLine says a row in a line.
func foundLine(f catalogue.Found) string {
	parts := []string{f.State, f.Council, f.Body, f.Supplier, f.Capability}
	switch {
	case f.Kind == catalogue.KindContract && !f.End.IsZero():
		parts = append(parts, "ends "+view.Date(f.End))
	case !f.Start.IsZero() || !f.End.IsZero():
		parts = append(parts, "buying "+window(f.Start, f.End))
	}
	if value := foundValue(f); value != "" {
		parts = append(parts, value)
	}
	return joined(parts)
}

// foundValue is the value of a row in words; empty where none is stated.
func foundValue(f catalogue.Found) string {
	if f.ValueFrom == 0 && f.ValueTo == 0 {
		return ""
	}
	value := budgetExact(catalogue.Money{Min: f.ValueFrom, Max: f.ValueTo})
	if f.ValueNote != "" {
		value += ", " + f.ValueNote
	}
	return value
}
