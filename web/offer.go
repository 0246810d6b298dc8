package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/view"
)

// offerPage is skills that a council or a body offers or seeks, with what fits them.
type offerPage struct {
	view.Page
	Caption   string
	Heading   string
	Lead      []view.Piece
	State     *view.Tag // nil while it stands
	StateWord string
	Doubt     string // it may be out of date; empty: it is not
	Text      []string
	Facts     view.SummaryList
	FitsTitle string
	Fits      []view.Entry
	NoFits    string      // said where nothing fits; empty: it is closed
	Owner     *offerOwner // nil for others
	Talk      *view.Button
	TalkWords string
	SignIn    string // where to sign in; empty for those who have
	MayNot    string
	More      view.Link
}

// offerOwner is what its own council or body can do with an offer.
type offerOwner struct {
	Title   string
	Words   string
	Edit    string // empty: it is closed
	Confirm *view.Button
	Close   *offerClose
	Reopen  *view.Button
	Address string
}

// offerClose asks how it ended.
type offerClose struct {
	Action string
	Fold   view.Details
	How    view.Radios
	Reason view.Textarea
	Send   view.Button
}

// offers lists what councils and bodies offer and seek, as a search of that kind.
func (s *site) offers(c *gin.Context, who visitor) error {
	l := listing{
		path: "/offers", section: "/evidence", kind: catalogue.KindOffer, title: "Skills and leadership",
		lead:   "People’s time that councils, central government and sector bodies offer and seek: for a few days a month, on secondment, or to lead.",
		label:  "Search skills and leadership",
		action: &view.Link{Text: "Offer or seek skills", Href: "/offers/new"},
		sort:   search.ByNewest,
		facets: []search.Facet{search.FacetDirection, search.FacetOwner, search.FacetRole, search.FacetQuarter, search.FacetRegion, search.FacetCapability, search.FacetCouncilType, search.FacetBody},
	}
	switch who.actor.OrgKind {
	case catalogue.OrgBody:
		l.also = []view.Piece{{Text: "This is what everybody may see. What councils offer and seek among themselves is not here. "},
			{Text: "What your organisation offers and seeks", Href: pagePath(catalogue.KindBody, who.actor.Org) + "#skills"}}
	case catalogue.OrgCouncil:
		l.also = []view.Piece{{Text: "What your council offers and seeks", Href: "/search?" + url.Values{"kind": {string(catalogue.KindOffer)}, "council": {who.actor.Org}, "ended": {"1"}}.Encode()},
			{Text: ", with what is closed"}}
	}
	return s.list(c, who, l)
}

func (s *site) offered(c *gin.Context, who visitor) error {
	p, err := s.offerPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "offer", p)
}

func (s *site) offerPage(c *gin.Context, who visitor, id string) (offerPage, error) {
	v, err := s.Catalogue.Offer(c, who.actor, id)
	if err != nil {
		return offerPage{}, err
	}
	p := s.newOfferPage(v, who)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Page.Description = offerDid(v.OfferRow) + " " + lowerFirst(v.Offer.Role.Words()) + ": " + v.Offer.Title + "."
	p.Crumbs = offerCrumbs(p.Heading)
	return p, nil
}

// offerCrumbs is the way back from a page about skills.
func offerCrumbs(here string) []view.Crumb {
	return evidenceCrumbs(view.Crumb{Text: "Skills and leadership", Href: "/offers"}, view.Crumb{Text: here})
}

// offerDid says who offers or seeks.
func offerDid(row catalogue.OfferRow) string {
	if row.Offer.Direction == catalogue.Seeking {
		return row.Of.Label() + " seeks"
	}
	return row.Of.Label() + " offers"
}

func (s *site) newOfferPage(v *catalogue.OfferView, who visitor) offerPage {
	o := v.Offer
	p := offerPage{Caption: "Skills offered", Heading: o.Title, Text: paragraphs(o.Text), Doubt: sentenceCase(outOfDate(s.Catalogue.Now(), o)),
		FitsTitle: "Who seeks this", NoFits: "Nobody that you can see seeks this in the same months. Those who list it later are told of this offer.",
		More: view.Link{Text: "All that is offered and sought", Href: "/offers"}}
	if o.Direction == catalogue.Seeking {
		p.Caption, p.FitsTitle = "Skills sought", "Who offers this"
		p.NoFits = "Nobody that you can see offers this in the same months. Those who offer it later are told."
	}
	if o.Audience == catalogue.Own {
		p.NoFits = "Nobody that you can see fits this. Only " + yours(who.actor) + " sees it, so nobody is told of it."
	}
	p.Caption += " · " + o.Role.Words()
	var lead line
	lead.link(v.Of.Label(), partyPath(v.Of)).say(partyKind(v.Of)).strong(offerWhen(o)).say(offerAmount(o))
	p.Lead = lead
	ended := o.Ended(s.Catalogue.Today())
	if ended {
		p.State, p.StateWord, p.NoFits, p.Doubt = &view.Tag{Text: offerState(o), Classes: "govuk-tag--grey"}, offerEndWords(o), "", ""
	}
	p.Facts.Rows = s.offerFacts(o)
	for _, f := range v.Fits {
		p.Fits = append(p.Fits, offerEntry(f.Offer, partyPlace(f.Of)))
	}
	s.offerActions(&p, v, who, ended)
	return p
}

// offerActions adds what the visitor can do.
func (s *site) offerActions(p *offerPage, v *catalogue.OfferView, who visitor, ended bool) {
	o := v.Offer
	switch {
	case who.actor.Of(o.Of()):
		p.Owner = s.newOfferOwner(o, who.actor, ended)
	case who.account == nil:
		p.SignIn = "/sign-in?next=" + url.QueryEscape(pagePath(catalogue.KindOffer, o.ID))
	case v.Talk != "":
		p.Talk = &view.Button{Text: "Go to the talk", Href: pagePath(catalogue.KindTalk, v.Talk)}
		p.TalkWords = sentenceCase(yours(who.actor)) + " and " + v.Of.Label() + " write to each other about it."
	case ended || who.actor.OrgKind != catalogue.OrgCouncil && who.actor.OrgKind != catalogue.OrgBody:
	case o.OpenToTalk(who.actor) && v.OtherWorld != "":
		p.MayNot = v.OtherWorld + "."
	case o.OpenToTalk(who.actor):
		p.Talk = &view.Button{Text: "Ask to talk", Href: "/talks/new?" + url.Values{"offer": {o.ID}}.Encode()}
		p.TalkWords = "Nobody is committed by it. Your name and address are not shown until an officer of each side agrees."
	case catalogue.MayDo(who.actor, catalogue.AskToTalk):
		p.MayNot = "This is another body’s. Bodies talk with councils here."
	default:
		p.MayNot = mayNotTalk(who.actor)
	}
}

func (s *site) newOfferOwner(o *catalogue.Offer, actor catalogue.Actor, ended bool) *offerOwner {
	n := &offerOwner{Title: sentenceCase(yours(actor)) + "’s offer", Address: pagePath(catalogue.KindOffer, o.ID)}
	if o.Direction == catalogue.Seeking {
		n.Title = "What " + yours(actor) + " seeks"
	}
	n.Words = "Seen by: " + offerSeenBy(o, actor) + "."
	if len(o.Told) > 0 {
		n.Words += " " + view.Plural(len(o.Told), "organisation was", "organisations were") + " told that it fits."
	}
	if !o.OpenTo(actor) {
		n.Words += " Your account can read only."
		return n
	}
	if o.End != nil {
		n.Reopen = &view.Button{Text: "Open it again", Classes: "govuk-button--secondary", PreventDoubleClick: true}
		return n
	}
	n.Edit = n.Address + "/edit"
	if !ended && catalogue.StaleOn(o, s.Catalogue.Now()) {
		n.Confirm = &view.Button{Text: "It is still right", PreventDoubleClick: true}
	}
	n.Close = &offerClose{Action: n.Address + "/close", Fold: view.Details{Summary: "Close it", ID: "close"},
		How: view.Radios{Name: "how", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "How did it end?", Classes: "govuk-fieldset__legend--s"},
			Choices: []view.Choice{{Value: "filled", Text: "Somebody was found"}, {Value: "closed", Text: "It is taken back"}}},
		Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why? (optional)"}, Hint: "Whoever could see it reads this"},
		Send:   view.Button{Text: "Close it", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	return n
}

// offerSeenBy says who sees an offer, to its own people.
func offerSeenBy(o *catalogue.Offer, actor catalogue.Actor) string {
	if o.Audience == catalogue.Own {
		return yours(actor) + " only"
	}
	return lowerFirst(audienceWords(o.Audience))
}

// offerWhen says in which months.
func offerWhen(o *catalogue.Offer) string {
	switch {
	case o.From.IsZero() && o.Until.IsZero():
		return "at once, no end stated"
	case o.From.IsZero():
		return "until " + view.Date(o.Until)
	case o.Until.IsZero():
		return "from " + view.Date(o.From)
	}
	return view.Date(o.From) + " to " + view.Date(o.Until)
}

// offerAmount says how much time it is; empty where that is not stated.
func offerAmount(o *catalogue.Offer) string {
	n := strconv.FormatFloat(o.Amount, 'f', -1, 64)
	switch {
	case o.Amount == 0:
		return ""
	case o.Unit == catalogue.UnitPost && o.Amount == 1:
		return "a full-time post"
	case o.Unit == catalogue.UnitPost && o.Amount < 1:
		return n + " of a full-time post"
	case o.Unit == catalogue.UnitPost:
		return n + " full-time posts"
	case o.Amount == 1:
		return "1 day a month"
	}
	return n + " days a month"
}

// offerState is what an offer that ended is called.
func offerState(o *catalogue.Offer) string {
	switch {
	case o.End == nil:
		return "Past"
	case o.End.Filled:
		return "Filled"
	}
	return "Closed"
}

func offerEndWords(o *catalogue.Offer) string {
	switch {
	case o.End == nil:
		return "Its time is over."
	case o.End.Reason != "":
		return "Since " + view.Day(o.End.At) + ": " + o.End.Reason
	}
	return "Since " + view.Day(o.End.At) + "."
}

func (s *site) offerFacts(o *catalogue.Offer) []view.SummaryRow {
	about := "Anything"
	if len(o.Capabilities) > 0 {
		var names []string
		for _, id := range o.Capabilities {
			names = append(names, s.capabilityName(id))
		}
		about = view.Sentence(names)
	}
	return []view.SummaryRow{fact("Kind of work", o.Role.Words()), fact("About", about), fact("When", sentenceCase(offerWhen(o))), fact("How much", sentenceCase(view.OrNotStated(offerAmount(o)))),
		fact("Terms", o.Terms.Words()), fact("Last confirmed", sentenceCase(ago(s.Catalogue.Now(), o.Confirmed)))}
}

// offerEntry is an offer in a ledger; whose is left out where the page says it.
func offerEntry(o *catalogue.Offer, whose string) view.Entry {
	tag := offerTag(o)
	var where, what line
	where.say(whose)
	what.strong(offerWhen(o)).say(offerAmount(o)).say(lowerFirst(o.Terms.Words()))
	return view.Entry{Tag: &tag, Title: o.Title, Href: pagePath(catalogue.KindOffer, o.ID), Lines: saying(where, what)}
}

func offerTag(o *catalogue.Offer) view.Tag {
	return view.Tag{Text: search.DirectionLabel(o.Direction), Classes: map[catalogue.OfferDirection]string{catalogue.Offering: "jy-tag--group", catalogue.Seeking: "jy-tag--intention"}[o.Direction]}
}
