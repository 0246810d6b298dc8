package web

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/match"
	"jointly/search"
	"jointly/web/view"
)

// deskPage is what waits for whoever is signed in: for a council's officers, a supplier's people or the operator.
type deskPage struct {
	view.Page
	Caption string
	Heading string
	Email   string
	Can     string       // what the account lets its person do
	People  *view.Link   // who may do what; nil for the operator
	Cohort  *view.Link   // what its council has with those that it becomes one with; nil: none known
	Asked   []view.Entry // calls for evidence that ask its council and that it has not signed in full
	Near    *nearEnd     // its council's day is near; nil: it is not
	Kept    []view.Link  // searches that the visitor keeps, and records of those that were ended
	SignOut view.Button
	Council *councilDesk  // nil for others
	Body    *bodyDesk     // nil for others
	Links   []deskLink    // for others
	Counts  []view.Count  // for the operator
	Service []view.Fact   // for the operator
	Details []deskCommand // for the operator
}

// councilDesk is what waits for a council's officers.
type councilDesk struct {
	Invitations []view.Entry
	Talks       []view.Entry // wait for the council's word
	Questions   []view.Entry // of suppliers, that wait for the council's answer
	Leads       []view.Entry // recommendations of the plan that the council is asked to lead
	News        []newsItem   // the latest that the visitor has not seen
	Intentions  view.Table
	Drafts      view.Table
	Groups      []view.Entry
	Interests   view.Table
	MayList     bool // the visitor may list needs
	MayAnswer   bool // the visitor may answer for its council
}

// deskLink is somewhere to go, with what is there.
type deskLink struct {
	view.Link
	What string
}

// deskCommand is a command that the operator runs.
type deskCommand struct {
	Line, What string
}

func (s *site) desk(c *gin.Context, who visitor) error {
	p := deskPage{Page: s.page(c, who, "/desk", "Your desk"), Heading: who.org, Email: who.account.Email, Can: mayWords(who.account),
		SignOut: view.Button{Text: "Sign out", Classes: "govuk-button--secondary"}}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Your desk"}}
	if who.actor.OrgKind != catalogue.OrgService {
		p.People = &view.Link{Text: "People and accounts", Href: "/people"}
	}
	var err error
	switch who.actor.OrgKind {
	case catalogue.OrgCouncil:
		p.Caption = "What waits for you"
		if p.Council, err = s.councilDesk(c, who); err == nil {
			p.Cohort, err = s.cohortLink(c, who.actor.Org)
		}
		if err == nil {
			p.Near, err = s.nearEnd(c, who)
		}
		if err == nil {
			p.Asked, err = s.callsAsking(c, who)
		}
	case catalogue.OrgSupplier:
		p.Caption, p.Links = "Signed in for a supplier", supplierLinks()
	case catalogue.OrgBody:
		p.Caption = "Signed in for a public body"
		if p.Links, err = s.bodyLinks(c, who.actor); err == nil {
			p.Body, err = s.bodyDesk(c, who.actor)
		}
	default:
		p.Caption, p.Links, p.Details = "Signed in as the operator", operatorLinks(), operatorCommands()
		err = s.operatorFigures(c, &p)
	}
	if err != nil {
		return err
	}
	if p.Kept, err = s.keptLinks(c, who); err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "desk", p)
}

// mostMatched is for how many intentions a desk counts partners: the soonest.
const mostMatched = 25

func (s *site) councilDesk(ctx context.Context, who visitor) (*councilDesk, error) {
	s.Engine.Wait(ctx, who.session.lastWrite(), waitForOwnWrite)
	found, err := s.Catalogue.Desk(ctx, who.actor)
	if err != nil {
		return nil, err
	}
	partners, err := s.partnerCounts(ctx, who.actor, found.Intentions[:min(len(found.Intentions), mostMatched)])
	if err != nil {
		return nil, err
	}
	names, err := s.namesOf(ctx, who.actor, found)
	if err != nil {
		return nil, err
	}
	desk := newCouncilDesk(found, partners, names, who.actor, s.Catalogue.Now())
	with, err := s.talkPartners(ctx, who.actor, found.Talks)
	for _, t := range found.Talks {
		desk.Talks = append(desk.Talks, talkEntry(t, with[t.Partner(who.actor.Org)], who.actor))
	}
	return desk, err
}

// partnerCount is who could buy an intention with its council, in numbers.
type partnerCount struct {
	councils, near int
	joining        bool // a group that people formed would take it
}

// partnerCounts counts the partners of intentions, by ID: councils, since one may have listed several needs that fit.
func (s *site) partnerCounts(ctx context.Context, actor catalogue.Actor, own []*catalogue.Intention) (map[string]partnerCount, error) {
	lists := make([][]match.Partner, 2*len(own))
	counts := make(map[string]partnerCount, len(own))
	for i, in := range own {
		found, err := s.Engine.Matches(ctx, actor, in.ID)
		if err != nil {
			return nil, err
		}
		lists[2*i], lists[2*i+1] = found.Partners, found.Near
		counts[in.ID] = partnerCount{joining: len(found.Joining) > 0}
	}
	pairs, err := s.pairings(ctx, actor, lists...)
	if err != nil {
		return nil, err
	}
	for i, in := range own {
		n := counts[in.ID]
		n.councils, n.near = len(perCouncil(pairs[2*i])), len(perCouncil(pairs[2*i+1]))
		counts[in.ID] = n
	}
	return counts, nil
}

// namesOf reads the councils that a desk names, by code.
func (s *site) namesOf(ctx context.Context, actor catalogue.Actor, d *catalogue.Desk) (map[string]*catalogue.Council, error) {
	var codes []string
	for _, g := range append(append([]*catalogue.BuyingGroup(nil), d.Invitations...), d.Groups...) {
		codes = append(codes, g.Lead, g.Proposer)
	}
	for _, i := range d.Interests {
		codes = append(codes, i.Council)
	}
	return s.councilsBy(ctx, actor, codes)
}

// councilsBy reads councils by their codes.
func (s *site) councilsBy(ctx context.Context, actor catalogue.Actor, codes []string) (map[string]*catalogue.Council, error) {
	keys := make([]catalogue.Key, 0, len(codes))
	for _, code := range codes {
		if code != "" {
			keys = append(keys, catalogue.Key{Kind: catalogue.KindCouncil, ID: code})
		}
	}
	items, err := s.Catalogue.Load(ctx, actor, keys)
	found := make(map[string]*catalogue.Council, len(items))
	for _, item := range items {
		if council, ok := item.(*catalogue.Council); ok {
			found[council.GSS] = council
		}
	}
	return found, err
}

func newCouncilDesk(d *catalogue.Desk, partners map[string]partnerCount, names map[string]*catalogue.Council, actor catalogue.Actor, now time.Time) *councilDesk {
	desk := &councilDesk{MayList: catalogue.MayDo(actor, catalogue.ListIntention), MayAnswer: catalogue.MayDo(actor, catalogue.AnswerInvitation),
		Intentions: ownTable(d, partners, now), Drafts: draftsTable(d.Drafts, now), Interests: interestTable(d, names)}
	for _, g := range d.Invitations {
		e := groupEntry(g, names[g.Lead], false)
		var asked line
		if by := names[g.Proposer]; by != nil {
			asked.strong("Proposed by " + by.Label())
		}
		if m, ok := g.Member(actor.Org); ok {
			asked.say("you were asked on " + view.Day(m.Asked))
		}
		e.Lines = append(e.Lines, asked)
		desk.Invitations = append(desk.Invitations, e)
	}
	for _, w := range d.Questions {
		desk.Questions = append(desk.Questions, questionEntry(w))
	}
	for _, r := range d.Leads {
		desk.Leads = append(desk.Leads, view.Entry{Title: marked(r.Title, r.Demonstration), Href: "/plan/recommendations/" + r.ID + "#lead", Lines: [][]view.Piece{{{Text: "Your council is not named before it agrees"}}}})
	}
	for _, n := range d.News {
		item := newNewsItem(n, true)
		item.Text = nil // a desk is looked through; the inbox is read
		desk.News = append(desk.News, item)
	}
	for _, g := range d.Groups {
		e := groupEntry(g, names[g.Lead], false)
		e.Lines = append(e.Lines, []view.Piece{{Text: stageOf(g)}})
		desk.Groups = append(desk.Groups, e)
	}
	return desk
}

// ownTable lists what a council intends to buy, each with who could buy it too.
func ownTable(d *catalogue.Desk, partners map[string]partnerCount, now time.Time) view.Table {
	t := view.Table{
		Caption: "What your council intends to buy", CaptionClasses: "govuk-visually-hidden",
		Head: []view.Head{{Text: "Intention", Classes: "jy-col-30"}, {Text: "Can tender"}, {Text: "Contract ends"},
			{Text: "Who could buy it with you", Classes: "jy-col-25"}, {Text: "Seen by"}},
		FirstCellIsHeader: true, Responsive: true,
	}
	groups := groupsByIntention(d)
	for _, in := range d.Intentions {
		address := pagePath(catalogue.KindIntention, in.ID)
		who := view.Cell{Text: "See its page", Href: address + "/matches"}
		n, ok := partners[in.ID]
		if ok {
			who.Text = n.words()
		}
		if g := groups[in.ID]; g != nil {
			who.Note = "in the group ‘" + g.Title + "’"
		} else if n.joining {
			who.Note = "a group that exists would fit"
		}
		t.Rows = append(t.Rows, []view.Cell{
			{Text: in.Title, Href: address, Note: cmp.Or(outOfDate(now, in), "confirmed "+ago(now, in.Confirmed))},
			{Text: window(in.WindowStart, in.WindowEnd), Note: view.Relative(now, in.WindowStart), Sort: in.WindowStart.String()},
			{Text: view.Date(in.ContractEnd), Muted: in.ContractEnd.IsZero(), Sort: in.ContractEnd.String()},
			who, {Text: audienceWords(in.Visibility)}})
	}
	return t
}

func groupsByIntention(d *catalogue.Desk) map[string]*catalogue.BuyingGroup {
	found := map[string]*catalogue.BuyingGroup{}
	for _, g := range d.Groups {
		for _, m := range g.Members {
			found[m.Intention] = g
		}
	}
	return found
}

// words says how many councils match an intention.
func (n partnerCount) words() string {
	switch {
	case n.councils == 0 && n.near > 0:
		return "Nobody yet; " + view.Plural(n.near, "council nearly fits", "councils nearly fit")
	case n.councils == 0:
		return "Nobody yet"
	}
	return view.Plural(n.councils, "council", "councils")
}

// title says it as a heading.
func (n partnerCount) title() string {
	if n.councils == 0 {
		return "Nobody has listed the same need yet"
	}
	return sentenceCase(inWords(n.councils)) + " " + noun(n.councils, "council", "councils") + " could buy this with you"
}

// ago is how long a moment lies back: 'today', '12 days ago'.
func ago(now, then time.Time) string {
	if then.IsZero() {
		return "on a date not stated"
	}
	return view.Relative(now, catalogue.DateOf(then))
}

// interestTable lists what other councils have said of a council's intentions.
func interestTable(d *catalogue.Desk, names map[string]*catalogue.Council) view.Table {
	t := view.Table{
		Caption: "Interest in your intentions", CaptionClasses: "govuk-visually-hidden",
		Head:              []view.Head{{Text: "Council"}, {Text: "Stands at"}, {Text: "Intention"}, {Text: "Since"}},
		FirstCellIsHeader: true, Responsive: true,
	}
	titles := map[string]string{}
	for _, in := range d.Intentions {
		titles[in.ID] = in.Title
	}
	for _, i := range d.Interests {
		who := view.Cell{Text: i.Council}
		if council := names[i.Council]; council != nil {
			who = councilCell(council)
		}
		t.Rows = append(t.Rows, []view.Cell{who, {Text: rungWord(i.Rung), Note: i.Note},
			{Text: titles[i.Intention], Href: pagePath(catalogue.KindIntention, i.Intention)}, {Text: view.Day(i.Changed)}})
	}
	return t
}

func supplierLinks() []deskLink {
	return []deskLink{
		{view.Link{Text: "What councils will buy", Href: "/demand"}, "Public needs, published plans, and contracts that end, by capability, region and quarter."},
		{view.Link{Text: "Your supplier account", Href: "/supplier"}, "Keep the records of your platforms, propose others, and see how your requests stand."},
		{view.Link{Text: "Follow capabilities and regions", Href: "/follow"}, "Be told of what is new in public: needs, notices and contracts."},
		{view.Link{Text: "Signals", Href: "/signals"}, "What councils tell all suppliers at once, and where to ask about it."},
		{view.Link{Text: "Inbox", Href: "/inbox"}, "Answers to questions that you asked, and what else you were told."},
		{view.Link{Text: "Search", Href: "/search"}, "Everything that is public."},
	}
}

// bodyDesk is what waits for the people of a body: groups that ask it in, what councils ask, and talks; and the groups that
// it stands in.
type bodyDesk struct {
	Asked []view.Entry
	Asks  []view.Entry
	Talks []view.Entry
	In    []view.Entry
}

func (s *site) bodyDesk(ctx context.Context, actor catalogue.Actor) (*bodyDesk, error) {
	stands, err := s.Catalogue.PartnerGroups(ctx, actor, actor.Org)
	if err != nil {
		return nil, err
	}
	d := &bodyDesk{}
	if d.Asked, err = s.partnerEntries(ctx, actor, stands.Asked); err != nil {
		return nil, err
	}
	for i, g := range stands.Asked {
		p, _ := g.Partner(actor.Org)
		var asked line
		asked.strong("You were asked on " + view.Day(p.Asked))
		d.Asked[i].Lines = append(d.Asked[i].Lines, asked)
	}
	waits, err := s.Catalogue.BodyDesk(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, a := range waits.Asks {
		d.Asks = append(d.Asks, askEntry(a))
	}
	with, err := s.talkPartners(ctx, actor, waits.Talks)
	if err != nil {
		return nil, err
	}
	for _, t := range waits.Talks {
		d.Talks = append(d.Talks, talkEntry(t, with[t.Partner(actor.Org)], actor))
	}
	d.In, err = s.partnerEntries(ctx, actor, stands.In)
	return d, err
}

// bodyLinks are for the people of a body of central government or of the sector.
func (s *site) bodyLinks(ctx context.Context, actor catalogue.Actor) ([]deskLink, error) {
	page := pagePath(catalogue.KindBody, actor.Org)
	out := []deskLink{
		{view.Link{Text: "What councils ask of you", Href: page}, "How many ask for what, and where you answer all at once."},
		{view.Link{Text: "What you offer and seek", Href: page + "#skills"}, "Your people’s time, and whose time you look for."},
	}
	if catalogue.MayDo(actor, catalogue.AskToTalk) {
		waiting, err := s.Catalogue.Waiting(ctx, actor)
		if err != nil {
			return nil, err
		}
		talks := deskLink{view.Link{Text: "Talks", Href: "/talks"}, "Where you and councils write to each other about what one of you offers or seeks."}
		if waiting.Talks > 0 {
			talks.What = view.Plural(waiting.Talks, "waits", "wait") + " for your answer."
		}
		out = append(out, talks)
	}
	return append(out, []deskLink{
		{view.Link{Text: "What councils will buy", Href: "/demand"}, "Public needs, published plans, and contracts that end, by capability, region and quarter."},
		{view.Link{Text: "Skills and leadership", Href: "/offers"}, "What everybody may see of what councils and bodies offer and seek."},
		{view.Link{Text: "Inbox", Href: "/inbox"}, "What you were told, and why."},
		{view.Link{Text: "Search", Href: "/search"}, "Everything that is public."},
	}...), nil
}

func operatorLinks() []deskLink {
	return []deskLink{
		{view.Link{Text: "What waits for a decision", Href: "/queue"}, "People who ask to act for their council, what suppliers ask, examples to look over, and councils whose day is near."},
		{view.Link{Text: "Calls for evidence", Href: "/calls"}, "Write and open them, see who answered, code what they say."},
		{view.Link{Text: "The plan", Href: "/plan"}, "Findings, recommendations and who is asked to lead them."},
		{view.Link{Text: "Editions of the baseline", Href: "/baseline/editions"}, "Each with what it says; the next one can be made now."},
		{view.Link{Text: "Demand figures that are withheld", Href: "/demand/withheld"}, "What the latest release does not show, and why."},
		{view.Link{Text: "Bodies", Href: "/bodies"}, "Central government and sector bodies: who they are, and the domain of their people."},
		{view.Link{Text: "Councils’ own sign-ins", Href: "/providers"}, "Councils whose people sign in with the council’s own accounts."},
		{view.Link{Text: "Reorganisation", Href: "/reorganisation"}, "Vesting dates and new councils."},
		{view.Link{Text: "Handing over councils", Href: handOversPath}, "What is due, what was done, and how it is undone."},
		{view.Link{Text: "Groups", Href: "/groups"}, "With their rooms."},
		{view.Link{Text: "Inbox", Href: "/inbox"}, "What councils’ people were told, and why."},
		{view.Link{Text: "Audit trail", Href: "/people/trail"}, "Who did what, from which state to which: all of it."},
		{view.Link{Text: "Search", Href: "/search"}, "Everything that councils may see."},
		{view.Link{Text: "Ways to buy", Href: "/frameworks"}, "The records of frameworks, which you keep."},
		{view.Link{Text: "Where the facts come from", Href: "/about/sources"}, "Sources, with dates and licences."},
	}
}

// operatorFigures counts what the catalogue holds, and how far search and matches have followed it.
func (s *site) operatorFigures(ctx context.Context, p *deskPage) error {
	found, err := s.Index.Search(ctx, catalogue.Councils, search.Query{Ended: true, Limit: 1, Facets: []search.Facet{search.FacetKind}})
	if err != nil {
		return err
	}
	for _, kind := range []catalogue.Kind{catalogue.KindPlatform, catalogue.KindContract, catalogue.KindIntention, catalogue.KindGroup} {
		n := countOf(found, search.FacetKind, string(kind))
		p.Counts = append(p.Counts, view.Count{Number: view.Number(n), Label: noun(n, string(kind), string(kind)+"s"), Href: "/search?ended=1&kind=" + string(kind)})
	}
	seq, err := s.Catalogue.Seq(ctx)
	if err != nil {
		return err
	}
	behind := func(cursor uint64) string {
		if cursor >= seq {
			return "up to date"
		}
		return view.Plural(int(seq-cursor), "change behind", "changes behind")
	}
	p.Service = []view.Fact{
		{Name: "Changes written", Value: view.Number(int(seq))},
		{Name: "Public search", Value: behind(s.Index.Cursor(catalogue.Public))},
		{Name: "Councils’ search", Value: behind(s.Index.Cursor(catalogue.Councils))},
		{Name: "Matches", Value: behind(s.Engine.Cursor()), Note: "weights " + s.Engine.Scorer().Version()},
	}
	return nil
}

func operatorCommands() []deskCommand {
	return []deskCommand{
		{"jointly account add --email E --council GSS --role lead", "Let a council’s first officer answer for it."},
		{"jointly import contracts FILE", "Bring in contracts, platforms or intentions; --dry-run shows what would change."},
		{"jointly export intentions", "Write records as files that can be imported again."},
		{"jointly backup FILE", "Copy everything while the service runs."},
		{"jointly verify", "Check every record, the feed and the audit trail."},
	}
}
