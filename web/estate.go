package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// estatePage is what a council has, what it must decide next, and where its money goes.
type estatePage struct {
	view.Page
	Caption   string
	Heading   string
	Empty     *estateEmpty // nothing is there yet; nil otherwise
	Next      *estateNext  // nil where no contract asks for a decision
	Counts    []view.Count
	Flags     []view.Link // what is missing in the figures above
	GroupBy   view.Select
	Show      view.Select
	Timeline  figure
	Parts     []estatePart // by what they are grouped by; one without a name where they are not
	Shown     string
	Value     string // what the values are
	Links     []view.Link
	Confirmed string
	Dates     *endDatesForm // nil where none is missing, or the visitor may not say
	AllDates  *view.Link
	Money     estateMoney
}

// estateEmpty says what to do first.
type estateEmpty struct {
	MayAdd bool
	Bring  view.Button
	Add    view.Link
}

// estatePart is the contracts of one supplier or for one capability.
type estatePart struct {
	Name  string
	Table view.Table
}

// estateQuery is what the filters of the page leave.
type estateQuery struct {
	by   string // date, capability, supplier
	over int    // pounds a year
}

// readEstateQuery takes what it knows; anything else is the usual.
func readEstateQuery(c *gin.Context) estateQuery {
	q := estateQuery{by: "date"}
	if by := c.Query("by"); by == "capability" || by == "supplier" {
		q.by = by
	}
	if n, err := strconv.Atoi(c.Query("over")); err == nil && n > 0 {
		q.over = n
	}
	return q
}

func (s *site) estate(c *gin.Context, who visitor) error {
	s.Engine.Wait(c, who.session.lastWrite(), waitForOwnWrite)
	e, err := s.Catalogue.Estate(c, who.actor)
	if err != nil {
		return err
	}
	p, err := s.newEstatePage(c, who, e, readEstateQuery(c))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "estate", p)
}

func (s *site) newEstatePage(c *gin.Context, who visitor, e *catalogue.Estate, q estateQuery) (estatePage, error) {
	p := estatePage{Page: s.page(c, who, "/estate", "My estate"), Caption: e.Council.Label(), Heading: "My estate"}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "My estate"}}
	may := catalogue.MayDo(who.actor, catalogue.RecordContract)
	due, err := s.Catalogue.ToConfirmBeside(c, who.actor, e)
	if err != nil {
		return p, err
	}
	p.Flags = estateFlags(e, may, due)
	if len(e.Rows) == 0 {
		p.Empty, p.Links = newEstateEmpty(e, may)
		return p, nil
	}
	p.Heading = estateHeading(e)
	today := s.Catalogue.Today()
	p.Counts = estateCounts(e, today)
	shown, words := q.pick(e)
	partners, err := s.estatePartners(c, who.actor, shown)
	if err != nil {
		return p, err
	}
	if p.Next, err = s.newEstateNext(c, who.actor, e.Act()); err != nil {
		return p, err
	}
	p.GroupBy, p.Show = estateFilters(e, q)
	p.Timeline, p.Shown, p.Value = s.estateTimeline(shown, q), words, valueWords(shown)
	for _, part := range s.grouped(shown, q.by) {
		p.Parts = append(p.Parts, estatePart{part.name, s.estateTable(part.rows, partners, who.actor)})
	}
	p.Links, p.Confirmed = estateLinks(e, may), confirmedWords(e)
	if undated := e.Undated(); may && len(undated) > 0 {
		p.Dates = newDatesForm(undated[:min(len(undated), fewDates)], nil)
		if len(undated) > fewDates {
			p.AllDates = &view.Link{Text: "All " + view.Number(len(undated)) + " without a date", Href: "/estate/dates"}
		}
	}
	p.Money = s.newEstateMoney(e)
	return p, nil
}

// newEstateEmpty is what a council without running contracts can do, and where its other records are.
func newEstateEmpty(e *catalogue.Estate, may bool) (*estateEmpty, []view.Link) {
	var links []view.Link
	if len(e.Over) > 0 {
		links = append(links, view.Link{Text: view.Plural(len(e.Over), "contract has", "contracts have") + " ended", Href: "/estate/contracts?show=ended"})
	}
	if may {
		links = append(links, view.Link{Text: "What we run", Href: "/estate/platforms"})
	}
	return &estateEmpty{MayAdd: may, Bring: view.Button{Text: "Bring in your contracts", Href: importAddress}, Add: view.Link{Text: "Add a contract by hand", Href: "/estate/contracts/new"}}, links
}

// estateHeading is how much there is: 'My estate: 38 contracts, £1.7 million a year'.
func estateHeading(e *catalogue.Estate) string {
	heading := "My estate: " + view.Plural(len(e.Rows), "contract", "contracts")
	if total, _ := catalogue.AYear(e.Rows); total > 0 {
		heading += ", " + view.Roughly(pounds(total)) + " a year"
	}
	return heading
}

// estateCounts is how many contracts end within so many months, each with those before it.
func estateCounts(e *catalogue.Estate, today time.Time) []view.Count {
	var counts []view.Count
	for _, months := range []int{6, 12, 18, 24} {
		rows := e.EndWithin(today, months)
		count := view.Count{Number: view.Number(len(rows)), Label: "within " + strconv.Itoa(months) + " months", Href: "/estate/contracts?within=" + strconv.Itoa(months)}
		if months == 6 {
			count.Label = noun(len(rows), "ends ", "end ") + count.Label
		}
		if total, stated := catalogue.AYear(rows); total > 0 {
			count.More = view.Roughly(pounds(total)) + " a year"
			if silent := len(rows) - stated; silent > 0 {
				count.More += ", without " + view.Number(silent) + " not stated"
			}
		}
		counts = append(counts, count)
	}
	return counts
}

// estateFlags is what the figures leave out, and what waits for the council's word.
func estateFlags(e *catalogue.Estate, may bool, due *catalogue.ToConfirm) []view.Link {
	var flags []view.Link
	if n := len(e.Undated()); n > 0 {
		flags = append(flags, view.Link{Text: view.Plural(n, "contract states", "contracts state") + " no end date", Href: "#dates", Hidden: "in no figure above"})
		if !may {
			flags[0].Href = "/estate/contracts?show=undated"
		}
	}
	if !may {
		return flags
	}
	if due.Len() > 0 {
		flags = append(flags, view.Link{Text: "Confirm " + dueWords(len(due.Contracts), len(due.Uses), len(due.Intentions), len(due.Offers)), Href: "/estate/confirm", Hidden: "so that others know what still holds", Classes: "jy-flag--quiet"})
	}
	if n := len(e.Guessed()); n > 0 {
		flags = append(flags, view.Link{Text: "Say what " + view.Plural(n, "contract is", "contracts are") + " for", Href: "/estate/capabilities", Hidden: "read from the records so far, not confirmed", Classes: "jy-flag--quiet"})
	}
	return flags
}

// dueWords counts records by kind: '3 contracts, 2 platforms and 1 intention'.
func dueWords(contracts, platforms, intentions, offers int) string {
	var parts []string
	for _, k := range []struct {
		n         int
		one, many string
	}{{contracts, "contract", "contracts"}, {platforms, "platform", "platforms"}, {intentions, "intention", "intentions"}, {offers, "offer of skills", "offers of skills"}} {
		if k.n > 0 {
			parts = append(parts, view.Plural(k.n, k.one, k.many))
		}
	}
	return view.Sentence(parts)
}

func estateLinks(e *catalogue.Estate, may bool) []view.Link {
	links := []view.Link{{Text: "All " + view.Plural(len(e.Rows)+len(e.Over), "contract", "contracts"), Href: "/estate/contracts"}}
	if may {
		links = append(links, view.Link{Text: "Add a contract", Href: "/estate/contracts/new"}, view.Link{Text: "Bring in contracts", Href: importAddress}, view.Link{Text: "What we run", Href: "/estate/platforms"})
	}
	return append(links, view.Link{Text: "Calendar feed", Href: "/estate/calendar"}, view.Link{Text: "CSV", Href: "/estate/contracts.csv"},
		view.Link{Text: "XLSX", Href: "/estate/contracts.xlsx"})
}

// confirmedWords says when the council last confirmed any of it.
func confirmedWords(e *catalogue.Estate) string {
	var last time.Time
	for _, r := range e.Rows {
		if r.Confirmed.After(last) {
			last = r.Confirmed
		}
	}
	if last.IsZero() {
		return "The council has not confirmed any of it yet."
	}
	return "Last confirmed by the council on " + view.Day(last) + "."
}

// estatePartners counts who could buy with the council what follows the contracts that are shown, by intention.
func (s *site) estatePartners(ctx context.Context, actor catalogue.Actor, rows []catalogue.EstateRow) (map[string]partnerCount, error) {
	var own []*catalogue.Intention
	for _, r := range rows {
		if r.Intention != nil && r.Group == nil && len(own) < mostMatched {
			own = append(own, r.Intention)
		}
	}
	return s.partnerCounts(ctx, actor, own)
}

// estateNext is the one decision to take first.
type estateNext struct {
	Title  string
	Why    string
	Draft  []view.Piece // the intention that it would make
	Window string
	Begin  *draftForm   // nil where one is listed
	Make   *view.Button // leads to what is listed
	Extend *view.Link
}

func (s *site) newEstateNext(ctx context.Context, actor catalogue.Actor, r *catalogue.EstateRow) (*estateNext, error) {
	if r == nil {
		return nil, nil
	}
	n := &estateNext{Title: "Next: " + r.Title + ", decide by " + view.Date(r.Next.By), Why: decisionWords(r)}
	if r.InHand() {
		n.Why += " You have listed what is to follow it."
		n.Make = &view.Button{Text: "See who could buy it with you", Href: pagePath(catalogue.KindIntention, r.Intention.ID) + "/matches"}
		return n, nil
	}
	if r.Capability != "" {
		others, err := s.Catalogue.AlsoNeeding(ctx, actor, r.Capability)
		if err != nil {
			return nil, err
		}
		if others > 0 {
			n.Why += " " + sentenceCase(inWords(others)) + " other " + noun(others, "council lists", "councils list") + " the same need."
		}
	}
	d := s.Catalogue.DraftFrom(r.Contract)
	n.Draft, n.Window = s.draftPieces(d), windowWords(d, s.Catalogue.Today())
	if catalogue.MayDo(actor, catalogue.ListIntention) {
		draft, err := s.Catalogue.DraftFromContract(ctx, actor, r.ID)
		if err != nil {
			return nil, err
		}
		if n.Begin = newDraftForm(r.ID, "Make this intention"); draft != nil {
			n.Begin.Send.Text = "Go on with your draft"
		}
		if r.ExtensionMonths > 0 {
			n.Extend = &view.Link{Text: "Extend instead", Href: pagePath(catalogue.KindContract, r.ID) + "/edit?extend=yes"}
		}
	}
	return n, nil
}

// draftForm makes of a contract the draft of an intention, in one step.
type draftForm struct {
	Contract string // ID
	Send     view.Button
}

func newDraftForm(contract, words string) *draftForm {
	return &draftForm{contract, view.Button{Text: words, PreventDoubleClick: true}}
}

// fromContractAddress is where to see first what would be taken over from a contract.
func fromContractAddress(id string) string { return "/intentions/new?contract=" + url.QueryEscape(id) }

// decisionWords says what is decided, and what happens otherwise.
func decisionWords(r *catalogue.EstateRow) string {
	who := "The contract"
	if r.Supplier != "" {
		who = "The contract with " + r.Supplier
	}
	extends := ""
	if r.ExtensionMonths > 0 {
		extends = " It may be extended to " + view.Date(r.EndIfExtended()) + "."
	}
	notice := inWords(r.NoticeMonths) + " " + noun(r.NoticeMonths, "month’s", "months’") + " notice"
	switch r.Next.Kind {
	case catalogue.DecideNotice:
		return who + " ends on " + view.Date(r.End) + ", and needs " + notice + " to end or to extend." + extends
	case catalogue.DecideBreak:
		words := who + " can be ended early on " + view.Date(r.Break)
		if r.Next.By != r.Break {
			words += ", with " + notice + " if the same holds as for its end"
		}
		return words + ". Otherwise it runs to " + view.Date(r.End) + "."
	}
	return who + " ends on " + view.Date(r.End) + "." + extends
}

// draftPieces is an intention that is filled in, in one line.
func (s *site) draftPieces(d catalogue.Draft) []view.Piece {
	in := d.Intention
	name := in.Title
	id, _ := in.Capable()
	if capability, ok := s.Catalogue.Dictionary().Capability(id); ok {
		name = lowerFirst(capability.Name)
	}
	out := []view.Piece{{Text: "The intention, filled in for you: "}, {Text: name, Strong: true}}
	if !in.WindowStart.IsZero() {
		out = append(out, view.Piece{Text: ", tender "}, view.Piece{Text: window(in.WindowStart, in.WindowEnd), Strong: true})
	}
	if in.Budget.Max > 0 {
		worth := view.Roughly(pounds(in.Budget.Max))
		if d.ExVAT {
			worth += " ex VAT"
		}
		out = append(out, view.Piece{Text: ", about "}, view.Piece{Text: worth, Strong: true}, view.Piece{Text: " over the whole term"})
	}
	return append(out, view.Piece{Text: "."})
}

// windowWords says by when the tender must start, with and without the extension, and what was assumed for it.
func windowWords(d catalogue.Draft, today time.Time) string {
	return startWords(d.SuggestedWindow, true, today)
}

// startWords is windowWords for dates of any contract; assumed says that the months to go live are not the council's own.
func startWords(w catalogue.SuggestedWindow, assumed bool, today time.Time) string {
	if w.LatestStart.IsZero() {
		return "The contract states no end, so the months to tender in are yours to say."
	}
	words := "Without extension the tender must start by " + view.Date(w.LatestStart)
	if w.LatestStart.Last().Before(today) {
		words = "Without extension there is no time left to tender: it would have had to start by " + view.Date(w.LatestStart)
	}
	switch {
	case w.IfExtended.IsZero():
	case w.IfExtended.Last().Before(today):
		words += "; with it, by " + view.Date(w.IfExtended)
	default:
		words += "; with it, it must start by " + view.Date(w.IfExtended)
	}
	lead := inWords(w.Lead) + " " + noun(w.Lead, "month", "months") + " from tender to going live"
	if assumed {
		words += ". " + sentenceCase(lead) + " are assumed."
	} else {
		words += ", with " + lead + "."
	}
	if w.Late {
		words += " Say how much less time it can take, or ask for a longer extension."
	}
	return words
}
