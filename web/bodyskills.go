package web

import (
	"context"
	"net/url"

	"jointly/catalogue"
	"jointly/web/view"
)

// bodySkills is what a body offers and seeks, as its page shows it: what stands, and for its own people what is closed.
type bodySkills struct {
	Title  string
	Open   []view.Entry
	Closed []view.Entry
	All    *view.Link   // nil where all are here
	New    *view.Button // for its own people who may
}

// mostBodySkills is how many offers others see on a body's page; the list of offers has them all.
const mostBodySkills = 20

// bodySkills reads what a body offers and seeks as an actor sees it; nil where nobody would look for it there.
func (s *site) bodySkills(ctx context.Context, actor catalogue.Actor, b *catalogue.Body) (*bodySkills, error) {
	found, err := s.Catalogue.OffersOf(ctx, actor, b.ID)
	if err != nil {
		return nil, err
	}
	k := &bodySkills{Title: "Skills and leadership that it offers and seeks"}
	for _, o := range found {
		e := offerEntry(o, "")
		if actor.Of(b.ID) {
			e = saidBelow(e, "seen by "+offerSeenBy(o, actor))
		}
		if o.Ended(s.Catalogue.Today()) {
			k.Closed = append(k.Closed, saidBelow(e, lowerFirst(offerState(o))))
		} else {
			k.Open = append(k.Open, saidBelow(e, outOfDate(s.Catalogue.Now(), o)))
		}
	}
	switch {
	case actor.Of(b.ID):
		k.Title = "What you offer and seek"
		if catalogue.MayDo(actor, catalogue.KeepOffers) {
			k.New = &view.Button{Text: "Offer or seek skills", Href: "/offers/new"}
		}
		return k, nil
	case len(k.Open) == 0:
		return nil, nil
	case len(k.Open) > mostBodySkills:
		k.All = &view.Link{Text: "All " + view.Number(len(k.Open)), Href: "/offers?" + url.Values{"body": {b.ID}}.Encode()}
		k.Open = k.Open[:mostBodySkills]
	}
	k.Closed = nil
	return k, nil
}

// saidBelow is an entry with one more line, where that says something.
func saidBelow(e view.Entry, text string) view.Entry {
	var more line
	e.Lines = append(e.Lines, saying(*more.say(text))...)
	return e
}
