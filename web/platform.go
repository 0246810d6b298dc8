package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/search"
	"jointly/web/chart"
	"jointly/web/view"
)

// platformPage is who uses a platform and how that is known, what needs it could meet, and what is not known of it.
type platformPage struct {
	view.Page
	Caption  string
	Heading  string
	Lead     []view.Piece
	Counts   []view.Count
	Uses     view.Table
	More     *view.Details // around MoreUses: what would make the page long
	MoreUses view.Table
	OwnWord  string // how many of the uses come from the council's own word
	Map      figure
	Before   []view.Fact
	Advice   []view.Fact
	Website  string
	Needs    []view.Entry
	AllNeeds *view.Link
	NeedsFor string // the capability, within a sentence
	Badges   []badge
	For      standsFor
	Missing  string // what its record does not say, and who can; empty: nothing
	Edit     string // where the visitor can complete the record; empty: not
	Ways     waysView
	Similar  view.Table
	Compare  string       // where it stands beside others
	Use      *useForm     // for officers of a council; nil for anybody else
	SignIn   string       // where to sign in to say that a council uses it; empty for those who have
	Stated   *statedBlock // what the supplier alone stands for; nil: nothing

	Changes     []view.Fact // how its record changed, the latest first
	ChangesFold view.Details
	Keep        string       // where a supplier asks to keep the record; empty: not for the visitor
	Market      string       // the market of its capability, for councils; empty: not for the visitor
	Follow      *followForm  // its main capability
	FollowIt    *followForm  // the platform alone
	ListedFor   string       // who listed it
	Examples    []view.Entry // from councils on it
}

// useForm asks a council's officers whether it uses a platform. It is sent to the platform's address and /use.
type useForm struct {
	Action string
	Since  view.DateInput // since-month and since-year
	Advice view.Textarea  // advice
	Send   view.Button
	Stated string // what the council has said before; empty: nothing
	Remove string // where it takes that back; empty where there is nothing
}

// shownUses is how many councils a platform's page lists before the rest folds away.
const shownUses = 20

func (s *site) platform(c *gin.Context, who visitor) error {
	p, err := s.platformPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "platform", p)
}

// platformPage reads a platform's page; an officer's form in it is empty, or holds what the council said before.
func (s *site) platformPage(c *gin.Context, who visitor, id string) (platformPage, error) {
	found, err := s.Catalogue.PlatformView(c, who.actor, id)
	if err != nil {
		return platformPage{}, err
	}
	leads, err := s.leadsOf(c, who.actor, found.Groups)
	if err != nil {
		return platformPage{}, err
	}
	p := s.newPlatformPage(found, leads)
	councils, err := s.onMap(c, seenInDemonstration(found))
	if err != nil {
		return platformPage{}, err
	}
	p.Map = platformMap(found, councils)
	address := pagePath(catalogue.KindPlatform, found.Platform.ID)
	switch {
	case catalogue.MayDo(who.actor, catalogue.RecordUse) && who.actor.OrgKind == catalogue.OrgCouncil:
		p.Use = newUseForm(address, who.actor.Org, found.Uses)
	case who.account == nil:
		p.SignIn = "/sign-in?next=" + url.QueryEscape(address)
	}
	if found.Platform.OpenTo(who.actor) {
		p.Edit = address + "/edit"
	}
	if p.Examples, err = s.examplesAbout(c, who.actor, found.Platform.Key()); err != nil {
		return platformPage{}, err
	}
	s.supplierPart(&p, who, found)
	p.Follow = newFollowForm(who, search.FacetCapability, found.Platform.Capabilities[0], address)
	p.FollowIt = newFollowForm(who, search.FacetPlatform, found.Platform.ID, address)
	p.Page = s.page(c, who, "/platforms", p.Heading)
	p.Description = p.Heading + ": which councils are seen using it, how that is known, and when their contracts end."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Platforms", Href: "/platforms"}}
	if capability, ok := s.Catalogue.Dictionary().Capability(found.Platform.Capabilities[0]); ok {
		p.Crumbs = append(p.Crumbs, view.Crumb{Text: capability.Name, Href: "/platforms?capability=" + url.QueryEscape(capability.ID)})
	}
	p.Crumbs = append(p.Crumbs, view.Crumb{Text: p.Heading})
	return p, nil
}

func newUseForm(address, council string, uses []catalogue.UseRow) *useForm {
	f := &useForm{
		Action: address + "/use",
		Since: view.DateInput{Name: "since", MonthOnly: true, Legend: &view.Legend{Text: "Since when? (optional)"},
			Hint: "For example, 4 2023. A year alone will do"},
		Advice: view.Textarea{Name: "advice", Rows: 3, Label: view.Label{Text: "What should others know before they buy? (optional)"},
			Hint: "Only officers of councils see this"},
		Send: view.Button{Text: "Confirm that we use it", PreventDoubleClick: true},
	}
	for _, row := range uses {
		if row.Council.GSS == council && !row.Use.Confirmed.IsZero() {
			f.Stated = "Your council confirmed this on " + view.Day(row.Use.Confirmed) + "."
			f.Send.Text, f.Remove = "Confirm again", f.Action+"/delete"
			f.Since.Month, f.Since.Year = monthAndYear(row.Use.Since)
			f.Advice.Value = row.Use.Advice
		}
	}
	return f
}

func monthAndYear(d catalogue.Date) (month, year string) {
	if d.IsZero() {
		return "", ""
	}
	if d.Month != 0 {
		month = view.Number(int(d.Month))
	}
	return month, catalogue.Date{Year: d.Year}.String()
}

func (s *site) newPlatformPage(v *catalogue.PlatformView, leads map[string]*catalogue.Council) platformPage {
	platform, now := v.Platform, s.Catalogue.Now()
	p := platformPage{Caption: "Platform", Heading: platform.Name, Website: platform.Website}
	p.Heading = marked(p.Heading, platform.Demonstration)
	side := comparison{ids: []string{platform.ID}}
	for _, like := range v.Similar[:min(len(v.Similar), mostCompared-1)] {
		side = side.with(like.Platform.ID)
	}
	p.Compare = side.address("/compare")
	var purposes []string
	for _, id := range platform.Capabilities {
		if capability, ok := s.Catalogue.Dictionary().Capability(id); ok {
			p.Caption += " · " + capability.Name
			purposes = append(purposes, lowerFirst(capability.Name))
		}
	}
	p.NeedsFor = anyOf(purposes)
	p.Lead = platformLead(platform)
	p.Counts = platformCounts(v, s.Catalogue.Today())
	rows := useRows(v.Uses, now)
	p.Uses = useTable(rows[:min(len(rows), shownUses)])
	if len(rows) > shownUses {
		p.MoreUses = useTable(rows[shownUses:])
		p.More = &view.Details{Summary: "Show " + view.Plural(len(rows)-shownUses, "more council", "more councils")}
	}
	p.OwnWord = ownWord(v)
	p.Before = beforeYouBuy(platform, counted(v))
	for _, row := range v.Uses {
		if row.Use.Advice != "" {
			p.Advice = append(p.Advice, view.Fact{Name: row.Council.Label() + ", " + view.Day(row.Use.Confirmed), Value: "‘" + row.Use.Advice + "’"})
		}
		if row.Use.WillTalk {
			p.Advice = append(p.Advice, view.Fact{Name: row.Council.Label(), Value: "Willing to talk to other councils about it"})
		}
	}
	p.needs(v, leads)
	p.Badges, p.For, p.Missing = badges(v, s.Catalogue.Today()), s.standsFor(platform), notStated(v)
	p.Ways = s.newWays(v, p.NeedsFor)
	p.Similar = s.similarTable(platform, v.Similar[:min(len(v.Similar), 12)])
	return p
}

func platformLead(p *catalogue.Platform) []view.Piece {
	var lead []view.Piece
	switch {
	case p.SupplierID != "":
		lead = append(lead, view.Piece{Text: "From "}, view.Piece{Text: p.Supplier, Href: pagePath(catalogue.KindSupplier, p.SupplierID)}, view.Piece{Text: ". "})
	case p.Supplier != "":
		lead = append(lead, view.Piece{Text: "From " + p.Supplier + ". "})
	}
	if len(p.Aliases) > 0 {
		lead = append(lead, view.Piece{Text: "Also written " + view.Sentence(p.Aliases) + ". "})
	}
	return append(lead, view.Piece{Text: p.Summary})
}

// anyOf names what a platform is for, within a sentence: 'payments or forms'.
func anyOf(purposes []string) string {
	const few = 3
	n := len(purposes)
	switch {
	case n == 0:
		return ""
	case n > few:
		return purposes[0] + " or another of its " + inWords(n) + " uses"
	case n == 1:
		return purposes[0]
	}
	return strings.Join(purposes[:n-1], ", ") + " or " + purposes[n-1]
}

// counted are the uses that figures are made of: what is invented says nothing of a real platform.
func counted(v *catalogue.PlatformView) []catalogue.UseRow {
	if v.Platform.Demonstration {
		return v.Uses
	}
	return slices.DeleteFunc(slices.Clone(v.Uses), func(row catalogue.UseRow) bool { return row.Council.Demonstration })
}

// seenUsing counts the councils of a platform.
func seenUsing(v *catalogue.PlatformView) catalogue.Seen {
	var n catalogue.Seen
	for _, row := range v.Uses {
		if row.Council.Demonstration {
			n.Invented++
		} else {
			n.Real++
		}
	}
	return n
}

func platformCounts(v *catalogue.PlatformView, today time.Time) []view.Count {
	counts := []view.Count{seenCount(seenUsing(v), "seen using it")}
	var low, high float64
	for i, row := range counted(v) {
		k := row.Contract
		if k == nil {
			continue
		}
		if i == 0 && !k.End.IsZero() && !k.Ended(today) { // soonest first
			counts = append(counts, view.Count{Number: view.Date(k.End), Label: "next contract end (" + row.Council.Label() + ")"})
		}
		if k.Value > 0 && !k.FrameworkCeiling() {
			if low == 0 || k.Value < low {
				low = k.Value
			}
			high = max(high, k.Value)
		}
	}
	if len(counts) == 1 && slices.ContainsFunc(counted(v), func(row catalogue.UseRow) bool { return row.Contract != nil }) {
		counts = append(counts, view.Count{Number: "Not stated", Label: "next contract end"})
	}
	if high > 0 {
		counts = append(counts, view.Count{Number: budget(catalogue.Money{Min: low, Max: high}), Label: "published contract values"})
	}
	needs := len(v.Needs) + len(v.Groups)
	return append(counts, view.Count{Number: view.Number(needs), Label: noun(needs, "open need it could meet", "open needs it could meet"), Href: "#needs"})
}

// useRows is each council with how it is known and what its contract says.
func useRows(uses []catalogue.UseRow, now time.Time) [][]view.Cell {
	rows := make([][]view.Cell, 0, len(uses))
	for _, row := range uses {
		end := view.Cell{Text: "no contract seen", Muted: true, Sort: "9999"}
		value := valueCell(0)
		if row.Contract != nil {
			end, value = endCell(now, row.Contract), worthCell(row.Contract)
			value.Note = joined([]string{value.Note, termWords(row.Contract)})
			end.Href = pagePath(catalogue.KindContract, row.Contract.ID)
		}
		council := councilCell(row.Council)
		if !row.Use.Since.IsZero() {
			council.Note = joined([]string{council.Note, "since " + view.Date(row.Use.Since)})
		}
		rows = append(rows, []view.Cell{council, useCell(now, row.Use), end, value})
	}
	return rows
}

func useTable(rows [][]view.Cell) view.Table {
	return view.Table{
		Caption: "Councils seen using it", CaptionClasses: "govuk-visually-hidden",
		Head: []view.Head{{Text: "Council", Classes: "jy-col-25"}, {Text: "How we know", Classes: "jy-col-30"}, {Text: "Contract ends"},
			{Text: "Value", Numeric: true}},
		Rows: rows, FirstCellIsHeader: true, Responsive: true,
	}
}

func ownWord(v *catalogue.PlatformView) string {
	uses := counted(v)
	if len(uses) == 0 {
		return "Only invented councils are shown with it."
	}
	n := 0
	for _, row := range uses {
		if !row.Use.Confirmed.IsZero() {
			n++
		}
	}
	comes := noun(n, "comes", "come")
	words := "Soonest end first. " + view.Number(n) + " of " + view.Number(len(uses)) + " " + comes + " from the council’s own word; the rest was read in public records."
	if invented := len(v.Uses) - len(uses); invented > 0 {
		words += " " + view.Plural(invented, "invented council is", "invented councils are") + " not counted."
	}
	return words
}

// linkedHexes is up to how many councils a map names and links; more would be an endless row of tab stops.
const linkedHexes = 12

// seenInDemonstration says that invented councils alone are seen using a platform.
func seenInDemonstration(v *catalogue.PlatformView) bool {
	return len(v.Uses) > 0 && !slices.ContainsFunc(v.Uses, func(row catalogue.UseRow) bool { return !row.Council.Demonstration })
}

// platformMap shades the councils that are seen using a platform.
func platformMap(v *catalogue.PlatformView, councils []*catalogue.Council) figure {
	invented := seenInDemonstration(v)
	m := chart.HexMap{
		About:  chart.About{ID: "map", Title: "Councils seen using " + v.Platform.Name, Width: 330},
		Legend: []chart.LevelName{{Level: 4, Text: "Seen using it"}, {Level: 0, Text: "Not known, which is not no"}},
	}
	seen := make(map[string]*catalogue.Use, len(v.Uses))
	off := 0
	for _, row := range v.Uses {
		seen[row.Council.GSS] = row.Use
		if _, on := hexOf(row.Council, invented); !on {
			off++
		}
	}
	for _, c := range councils {
		h, on := hexOf(c, invented)
		if !on {
			continue
		}
		if use := seen[c.GSS]; use != nil {
			h.Level, h.Note = 4, howWeKnow(use.Source)+", "+dateOrNot(use.Source.Date)
			if len(seen) <= linkedHexes {
				h.Link, h.Emphasis = pagePath(catalogue.KindCouncil, c.GSS), true
			}
		}
		m.Hexes = append(m.Hexes, h)
	}
	if off == len(seen) {
		return figure{} // nothing to see on it
	}
	return figure{Drawing: m.Draw(), Note: mapNote("One hexagon a council.", off, invented, "council that uses it has", "councils that use it have")}
}

// termWords is how long a contract with a value runs, without extensions: '4 years', '18 months'; empty where it has no value.
func termWords(k *catalogue.Contract) string {
	if k.Value == 0 {
		return ""
	}
	if !k.Start.Exact() || !k.End.Exact() {
		return "term not stated"
	}
	months := catalogue.MonthsUntil(k.Start.First(), k.End.First().AddDate(0, 0, 1))
	if months >= 12 && months%12 == 0 {
		return "over " + view.Plural(months/12, "year", "years")
	}
	return "over " + view.Plural(months, "month", "months")
}

// beforeYouBuy is what a buyer asks next, as far as it is stated; notStated tells the rest.
func beforeYouBuy(p *catalogue.Platform, uses []catalogue.UseRow) []view.Fact {
	var facts []view.Fact
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, view.Fact{Name: name, Value: sentenceCase(value)})
		}
	}
	add("Licence", p.Licence)
	add("Exit and data return", p.Exit)
	add("Hosting", p.Hosting)
	add("APIs and standards", view.Sentence(p.Standards))
	var last time.Time
	n := 0
	for _, row := range uses {
		if !row.Use.Confirmed.IsZero() {
			n++
			if row.Use.Confirmed.After(last) {
				last = row.Use.Confirmed
			}
		}
	}
	if n > 0 {
		facts = append(facts, view.Fact{Name: "Last confirmed", Value: view.Day(last) + ", by " + view.Plural(n, "council", "councils")})
	} else {
		facts = append(facts, view.Fact{Name: "Last confirmed", Value: "No council has confirmed it yet", Muted: true})
	}
	if p.Evidence != "" {
		facts = append(facts, view.Fact{Name: "Named in public records", Value: sentenceCase(p.Evidence)})
	}
	return facts
}

// shownNeeds is how many open needs a platform's page lists before it leads to a search.
const shownNeeds = 4

func (p *platformPage) needs(v *catalogue.PlatformView, leads map[string]*catalogue.Council) {
	for _, g := range v.Groups {
		p.Needs = append(p.Needs, groupEntry(g, leads[g.Lead], true))
	}
	for _, row := range v.Needs {
		p.Needs = append(p.Needs, needEntry(row, true))
	}
	if rest := len(p.Needs) - shownNeeds; rest > 0 {
		p.Needs = p.Needs[:shownNeeds]
		p.AllNeeds = &view.Link{Text: view.Number(rest) + " more",
			Href: "/search?" + url.Values{"kind": {"intention", "group"}, "capability": v.Platform.Capabilities}.Encode()}
	}
}
