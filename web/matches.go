package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/match"
	"jointly/catalogue/register"
	"jointly/web/chart"
	"jointly/web/view"
)

// matchesPage is who could buy an intention together with its council, and why: the proposal first, then the windows,
// then each partner.
type matchesPage struct {
	view.Page
	Caption  string
	Heading  string
	Facts    []view.Fact
	Change   string       // where to change the intention; empty for those who may not
	Member   []view.Entry // the group that it is in
	Joining  []view.Entry
	Proposal *proposalPanel
	Nobody   *nobody
	Windows  figure
	Partners []partnerBlock
	Near     view.Table
	Nearly   *nearVerdict
	Rejected []rejectedMatch
	Kept     string // what was not compared, since the council keeps it to itself
	Compared string
	Weights  string
}

// nobody is what to do where no need matches.
type nobody struct {
	Words string
	Try   []view.Link
}

// partnerBlock is one partner: the points that add up beside what stands in the way.
type partnerBlock struct {
	Name, Href string
	Strength   view.Tag
	Points     string
	Needed     string
	Who        string
	Cohort     *view.Link // what both councils become; nil where nothing is known
	Evidence   []view.Point
	Obstacles  []string
	Intention  view.Link
	Interest   view.Link
	Verdict    *verdictForm // nil for those who may not say
	Talk       *view.Link   // nil for who may not talk for its council
}

func (s *site) matches(c *gin.Context, who visitor) error {
	p, err := s.matchesPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "matches", p)
}

func (s *site) matchesPage(c *gin.Context, who visitor, id string) (matchesPage, error) {
	s.Engine.Wait(c, who.session.lastWrite(), waitForOwnWrite)
	found, err := s.Engine.Matches(c, who.actor, id)
	if err != nil {
		return matchesPage{}, err
	}
	own, err := s.Catalogue.IntentionView(c, who.actor, id)
	if err != nil {
		return matchesPage{}, err
	}
	m, err := s.matched(c, who.actor, own, found)
	if err != nil {
		return matchesPage{}, err
	}
	p := m.page()
	if catalogue.MayDo(who.actor, catalogue.ListIntention) {
		p.Change = pagePath(catalogue.KindIntention, id) + "/edit"
	}
	p.Page = s.page(c, who, "/intentions", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: own.Intention.Title, Href: pagePath(catalogue.KindIntention, id)}, {Text: "Matches"}}
	return p, nil
}

// matched is an intention with all that the matcher says of it.
type matched struct {
	own       *catalogue.Intention // as its council sees it
	shown     *catalogue.Intention // as other councils see it: what was compared
	council   *catalogue.Council
	partners  []pairing
	near      []pairing
	suggested *match.Group
	groups    []*catalogue.BuyingGroup // people's, that it is in
	joining   []view.Entry
	compared  int
	needed    float64 // points that a match needs
	weights   string
	need      string                        // the capability in words; empty: not known
	mayAsk    bool                          // the visitor may propose a group
	mayTalk   bool                          // the visitor may write to other councils
	mayJudge  bool                          // the visitor may say whether a match is the same need
	said      map[string]*catalogue.Verdict // what its council said of matches, by the other intention
	rejected  []pairing                     // those of which it said that they are none
	cohorts   []catalogue.Cohort            // what its council becomes, with which others
	now       time.Time
}

// matched reads what the matches of an intention are made of.
func (s *site) matched(ctx context.Context, actor catalogue.Actor, own *catalogue.IntentionView, found match.Matches) (*matched, error) {
	lists, err := s.pairings(ctx, actor, found.Partners, found.Near)
	if err != nil {
		return nil, err
	}
	m := &matched{own: own.Intention, shown: own.Intention, council: own.Council, partners: perCouncil(lists[0]), near: perCouncil(lists[1]),
		suggested: found.Group, groups: own.Groups, compared: found.Compared, needed: s.Engine.Scorer().Threshold(),
		weights: s.Engine.Scorer().Version(), mayAsk: catalogue.MayDo(actor, catalogue.ProposeGroup), mayTalk: catalogue.MayDo(actor, catalogue.AskToTalk),
		mayJudge: actor.ForCouncil(own.Intention.Council) && catalogue.MayDo(actor, catalogue.JudgeMatch), now: s.Catalogue.Now()}
	if seen, ok := catalogue.Through(catalogue.AnyCouncil(), own.Intention); ok {
		m.shown = seen.(*catalogue.Intention)
	}
	id, _ := own.Intention.Capable()
	if capability, ok := s.Catalogue.Dictionary().Capability(id); ok {
		m.need = lowerFirst(capability.Name)
	}
	if err := s.verdicts(ctx, actor, m); err != nil {
		return nil, err
	}
	if m.cohorts, err = s.Catalogue.Cohorts(ctx, own.Intention.Council); err != nil {
		return nil, err
	}
	m.joining, err = s.groupEntries(ctx, actor, found.Joining)
	return m, err
}

// groupEntries reads groups by ID as entries of a ledger.
func (s *site) groupEntries(ctx context.Context, actor catalogue.Actor, ids []string) ([]view.Entry, error) {
	keys := make([]catalogue.Key, len(ids))
	for i, id := range ids {
		keys[i] = catalogue.Key{Kind: catalogue.KindGroup, ID: id}
	}
	items, err := s.Catalogue.Load(ctx, actor, keys)
	if err != nil {
		return nil, err
	}
	var groups []*catalogue.BuyingGroup
	var leads []string
	for _, item := range items {
		if g, ok := item.(*catalogue.BuyingGroup); ok {
			groups, leads = append(groups, g), append(leads, g.Lead)
		}
	}
	names, err := s.councilsBy(ctx, actor, leads)
	var entries []view.Entry
	for _, g := range groups {
		entries = append(entries, groupEntry(g, names[g.Lead], false))
	}
	return entries, err
}

func (m *matched) page() matchesPage {
	p := matchesPage{Caption: "Your intention: " + m.own.Title, Heading: m.heading(), Facts: m.facts(),
		Joining: m.joining, Windows: m.windows(), Near: m.nearTable(), Nearly: m.nearVerdict(), Rejected: m.rejectedMatches(), Weights: m.weights, Kept: m.kept(),
		Compared: view.Plural(m.compared, "open need of another council was compared", "open needs of other councils were compared")}
	for _, partner := range m.partners {
		p.Partners = append(p.Partners, m.block(partner))
	}
	switch {
	case len(m.groups) > 0:
		for _, g := range m.groups {
			e := groupEntry(g, nil, false)
			e.Lines = [][]view.Piece{{{Text: stageOf(g)}}}
			p.Member = append(p.Member, e)
		}
	case len(m.partners) > 0:
		p.Proposal = m.proposal()
	default:
		p.Nobody = m.nobody()
	}
	return p
}

func (m *matched) heading() string {
	n := len(m.partners)
	if n == 0 && len(m.joining) > 0 {
		return "A group that exists would fit"
	}
	return partnerCount{councils: n}.title()
}

// inWords writes a small number as a word.
func inWords(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return view.Number(n)
}

func (m *matched) facts() []view.Fact {
	in := m.own
	budgets := budget(in.Budget)
	if !in.Budget.IsZero() {
		budgets += " ex VAT"
	}
	return []view.Fact{
		{Name: "You can tender", Value: window(in.WindowStart, in.TrueEnd())},
		{Name: "Your contract ends", Value: view.Date(in.ContractEnd), Muted: in.ContractEnd.IsZero()},
		{Name: "Your budget", Value: budgets, Muted: in.Budget.IsZero()},
		{Name: "Your role", Value: roleWords(in.Role), Muted: in.Role == ""},
		{Name: "Last confirmed", Value: view.Day(in.Confirmed)},
	}
}

// kept says what the council keeps to itself, and what was therefore not compared.
func (m *matched) kept() string {
	var hidden []string
	if !m.own.Budget.IsZero() && m.shown.Budget.IsZero() {
		hidden = append(hidden, "your budget")
	}
	if !m.own.ContractEnd.IsZero() && m.shown.ContractEnd.IsZero() {
		hidden = append(hidden, "the end of your contract")
	}
	if m.own.CurrentSupplier != "" && m.shown.CurrentSupplier == "" {
		hidden = append(hidden, "your supplier")
	}
	switch {
	case m.own.Visibility == catalogue.Own:
		return "Only your council sees this intention. Others are not told that theirs match it, and it is in no suggested group until you let councils see it."
	case len(hidden) > 0:
		return "You do not let councils see " + view.Sentence(hidden) + ", so it was not compared."
	}
	return ""
}

func (m *matched) nobody() *nobody {
	edit := pagePath(catalogue.KindIntention, m.own.ID) + "/edit"
	n := &nobody{Words: "Jointly compares your need again whenever another is listed or changed. Meanwhile:"}
	if m.mayAsk {
		n.Try = append(n.Try, view.Link{Text: "Say more about what you need, or widen the months in which you can tender", Href: edit})
	}
	if m.own.Visibility == catalogue.Own {
		n.Try = append(n.Try, view.Link{Text: "Let councils see it: others can only answer what they can read", Href: edit + "/audience#visibility"})
	}
	if id, _ := m.own.Capable(); id != "" {
		n.Try = append(n.Try, view.Link{Text: "See whose contracts for it end soon", Href: "/search?kind=contract&sort=ending&capability=" + id})
	}
	return n
}

// windows draws when each can tender: the visitor first, then those that fit, then those that nearly do.
func (m *matched) windows() figure {
	if len(m.partners)+len(m.near) == 0 {
		return figure{}
	}
	w := chart.Windows{About: chart.About{ID: "windows", Title: "When each council can tender"}, Today: m.now}
	w.Rows = append(w.Rows, chart.Window{Label: m.council.Label() + ", you", From: m.shown.WindowStart.First(), To: m.shown.TrueEnd().Last(),
		Ends: m.own.ContractEnd.Last(), You: true})
	for _, p := range m.partners {
		w.Rows = append(w.Rows, windowRow(p.council, p.intention))
	}
	for _, p := range m.near {
		row := windowRow(p.council, p.intention)
		row.Outside, row.Note = true, lowerFirst(strings.TrimSuffix(vetoReason(p), "."))
		w.Rows = append(w.Rows, row)
	}
	if n := len(m.together()); n > 0 {
		w.Shared = chart.Period{From: m.suggested.Window.Start, To: m.suggested.Window.End}
		all := "Both"
		if n > 1 {
			all = "All " + inWords(n+1)
		}
		w.SharedLabel = all + " can tender: " + window(dateOf(w.Shared.From), dateOf(w.Shared.To))
	}
	return newFigure(w.Draw(), "A bar is the months in which a council can start the tender. It ends early where a new supplier would come too late for the end of the present contract.")
}

func windowRow(council *catalogue.Council, in *catalogue.Intention) chart.Window {
	return chart.Window{Label: council.Label(), Link: pagePath(catalogue.KindIntention, in.ID), From: in.WindowStart.First(),
		To: in.TrueEnd().Last(), Ends: in.ContractEnd.Last()}
}

func (m *matched) block(p pairing) partnerBlock {
	address := pagePath(catalogue.KindIntention, p.intention.ID)
	b := partnerBlock{Name: p.council.Label(), Href: pagePath(catalogue.KindCouncil, p.council.GSS), Strength: p.strength(),
		Points: pointsText(p.Points), Needed: fmt.Sprintf("%.4g", m.needed), Who: p.who(m.now), Evidence: p.points(), Obstacles: p.obstacles(m.own),
		Intention: view.Link{Text: "‘" + p.intention.Title + "’", Hidden: "of " + p.council.Label(), Href: address},
		Interest:  view.Link{Text: "Tell them that you are interested", Hidden: "in ‘" + p.intention.Title + "’", Href: address + "#interest"}}
	b.Talk, b.Cohort = m.talkLink(p), m.cohortWith(p.council.GSS)
	if m.mayJudge {
		b.Verdict = newVerdictForm(m.own.ID, p, m.said[p.intention.ID])
	}
	if share, ok := m.share(p); ok && share > 0.38 {
		b.Obstacles = append(b.Obstacles, fmt.Sprintf("At %.0f%% it would hold more than 38%% of the group’s value: its own gain from joining falls.", share*100))
	}
	return b
}

// cohortWith says what an intention's council and another become, and leads to what the two have between them; nil: nothing.
func (m *matched) cohortWith(council string) *view.Link {
	for _, k := range m.cohorts {
		if !k.Has(council) {
			continue
		}
		day, words := reorganisationDay(k.Vesting), "You may both become "+k.Successor
		switch {
		case k.Successor == "":
			words = "You are both in the reorganisation of " + k.Area
		case k.Status == register.StatusDecided && day != "":
			words = "You both become " + k.Successor + " on " + day
		}
		return &view.Link{Text: words + ": see what you have between you", Href: cohortPath(k.ID)}
	}
	return nil
}

// vetoReason says why a pair is not matched.
func vetoReason(p pairing) string {
	for _, n := range p.Notes {
		if n.Veto {
			return n.Reason
		}
	}
	return p.NearMiss
}

// nearTable lists those that one thing alone keeps out, and what would change it.
func (m *matched) nearTable() view.Table {
	t := view.Table{
		Caption: "Nearly fit, and what would change it", CaptionClasses: "govuk-visually-hidden",
		Head:              []view.Head{{Text: "Council", Classes: "jy-col-20"}, {Text: "Why not now"}, {Text: "What would change it"}, {Text: "Their need"}},
		FirstCellIsHeader: true, Responsive: true, Classes: "jy-table--inline",
	}
	for _, p := range m.near {
		remedy := ""
		for _, n := range p.Notes {
			if n.Veto {
				remedy = n.Remedy
			}
		}
		t.Rows = append(t.Rows, []view.Cell{
			{Text: p.council.Label(), Href: pagePath(catalogue.KindCouncil, p.council.GSS), Note: pointsText(p.Points) + " points"},
			{Text: vetoReason(p), Classes: "jy-table__line"}, {Text: view.OrNotStated(remedy), Strong: remedy != "", Muted: remedy == "", Classes: "jy-table__line"},
			{Text: p.intention.Title, Href: pagePath(catalogue.KindIntention, p.intention.ID), Classes: "jy-table__line"}})
	}
	return t
}
