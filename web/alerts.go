package web

import (
	"context"
	"errors"

	"jointly/catalogue"
	"jointly/search"
)

// Alerts looks for what is new in saved searches, through the eyes of their people. Whoever holds the lease for mail runs
// it; it is not for concurrent use.
type Alerts struct {
	s          *site
	after      string    // the search that was looked at last in this round; empty: a round begins
	began      [2]uint64 // how far the indexes were when the round began
	done       [2]uint64 // how far they were when the last whole round began
	incomplete bool      // something of this round failed
}

// NewAlerts makes what looks for news over a catalogue and its index.
func NewAlerts(c *catalogue.Catalogue, index *search.Index) *Alerts {
	return &Alerts{s: &site{Config: Config{Catalogue: c, Index: index}}}
}

// Look looks through at most so many saved searches and notes what is new in them; more says that there are others in
// this round. Where nothing was written since the last round it does nothing. A search that cannot be looked through now
// is looked through again.
func (a *Alerts) Look(ctx context.Context, most int) (more bool, err error) {
	if a.after == "" {
		a.began = [2]uint64{a.s.Index.Cursor(catalogue.Public), a.s.Index.Cursor(catalogue.Councils)}
		a.incomplete = false
		if a.began == a.done {
			return false, nil
		}
	}
	list, next, err := a.s.Catalogue.SearchesToCheck(ctx, a.after, most)
	if err != nil {
		return false, err
	}
	var failed []error
	for _, one := range list {
		err := a.look(ctx, one)
		switch catalogue.KindOf(err) {
		case catalogue.Conflict, catalogue.Unavailable:
			a.incomplete = a.incomplete || err != nil
		case catalogue.Invalid, catalogue.TooLarge: // a search that was saved by an older version, and means nothing now
		default:
			if err != nil {
				failed = append(failed, err)
			}
		}
	}
	a.incomplete = a.incomplete || len(failed) > 0
	if a.after = next; next == "" && !a.incomplete {
		a.done = a.began
	}
	return next != "", errors.Join(failed...)
}

func (a *Alerts) look(ctx context.Context, one catalogue.SearchToCheck) error {
	q, err := askAt(one.Search.Address)
	if err != nil {
		return err
	}
	now, found, err := a.s.follow(ctx, one.Actor, q, one.Search.Followed, one.Search.Says)
	if err != nil || len(found) == 0 {
		return err
	}
	return a.s.Catalogue.KeepFindings(ctx, one.Search.ID, one.Search.Version, now, found)
}

// follow looks through the results of a search as an actor sees them: what there is now, and what of it is new or looks
// different since it was followed last. Only results that have all the words count. What has ended is no news, and
// neither is what changed in ways that the actor does not see.
func (s *site) follow(ctx context.Context, actor catalogue.Actor, a asked, was catalogue.Followed, says []string) (catalogue.Followed, []catalogue.Finding, error) {
	q := a.Query
	q.Facets, q.Cursor, q.Highlight, q.Sort = nil, "", a.Text != "" && was.Known != nil, search.ByRelevance
	if a.Text == "" {
		q.Sort = search.ByNewest
	}
	now := catalogue.Followed{Known: catalogue.KnownResults{}}
	var found []catalogue.Finding
	today, n := s.Catalogue.Today(), 0
	first, _, err := s.eachPage(ctx, actor, q, catalogue.MaxFollowed, func(page search.Result) (bool, error) {
		if n == 0 {
			now.Checked, now.Over = page.Seq, page.All > catalogue.MaxFollowed
		}
		hits := page.Hits[:max(min(len(page.Hits), page.All-n), 0)] // those with all the words come first
		n += len(page.Hits)
		rows, err := s.founds(ctx, actor, a.Text, hits)
		if err != nil {
			return false, err
		}
		for _, row := range rows {
			key, print := row.item.Key(), row.found.Print()
			now.Known.Note(key, print)
			before, known := was.Known.Look(key)
			fresh := catalogue.MetaOf(row.item).Version > was.Checked && (!known || before != print)
			if was.Known != nil && fresh && !catalogue.IsOver(row.item, today) {
				found = append(found, catalogue.Finding{Key: key, New: !known, Why: whyFound(a.Text, row, says)})
			}
		}
		return n < page.All, nil
	})
	now.Checked = first.Seq
	return now, found, err
}
