package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/chart"
	"jointly/web/view"
)

// councilPage is what public records tell of a council, before anybody signs in, and an invitation to put it right.
type councilPage struct {
	view.Page
	Caption        string // 'Council · District in Lancashire, North West'
	Heading        string
	Place          string // the council's short name
	Lead           string
	Counts         []view.Count
	Bare           bool                 // nothing is known of it: one invitation stands for all sections
	Rules          string               // which law its buying is under, where that is not the usual one
	Succeeded      []view.Piece         // which council took its place; none: it is there
	Before         []view.Link          // whose place it took
	PastEnds       string               // how much of what is seen runs past its end; empty: nothing
	Together       *view.Link           // for officers of a council that becomes one with it: what they have between them
	Cohort         *view.Link           // for its own officers: what it has with those that it becomes one with
	Soon           []reorganisationNote // decided, or within two years
	Invitation     *invitation
	Own            bool                 // the visitor's own council
	Reorganisation []reorganisationNote // other
	Timeline       figure
	Undated        string // which contracts are not on the timeline
	Contracts      view.Table
	Said           view.Table // platforms that the council itself says it uses
	Uses           view.Table // platforms seen in other records than the contracts
	Intentions     []view.Entry
	Groups         []view.Entry
	Examples       []view.Entry // that it wrote, or does too
	Nearby         view.Table
	Neighbours     []view.Link
	SignIn         string // where to sign in to see more; empty for those who have
}

// invitation asks a council's officers to sign in.
type invitation struct {
	Title string
	Can   []string // what they can do then
	Sign  view.Button
	How   string
}

func (s *site) council(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.CouncilView(c, who.actor, c.Param("code"))
	if err != nil {
		return err
	}
	leads, err := s.leadsOf(c, who.actor, found.Groups)
	if err != nil {
		return err
	}
	p := s.newCouncilPage(found, leads)
	code := found.Council.GSS
	p.Own = who.actor.ForCouncil(code)
	if p.Own {
		if p.Cohort, err = s.cohortLink(c, code); err != nil {
			return err
		}
	}
	if p.Examples, err = s.examplesAt(c, who.actor, code); err != nil {
		return err
	}
	if p.Together, err = s.togetherLink(c, who.actor, code); err != nil {
		return err
	}
	if who.account == nil {
		p.SignIn = "/sign-in?next=" + url.QueryEscape(pagePath(catalogue.KindCouncil, code))
		p.Invitation = s.newInvitation(found.Council, p.SignIn)
	}
	p.Page = s.page(c, who, "", p.Heading)
	p.Description = "What public records say about the ICT of " + p.Heading + ": contracts, when they end, platforms seen, and where each was read."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Councils", Href: "/councils"},
		{Text: found.Council.Region, Href: "/councils#" + anchor(found.Council.Region)}, {Text: found.Council.Label()}}
	return s.show(c, who, http.StatusOK, "council", p)
}

// leadsOf reads the lead authorities of groups, by code.
func (s *site) leadsOf(c *gin.Context, actor catalogue.Actor, groups []*catalogue.BuyingGroup) (map[string]*catalogue.Council, error) {
	var keys []catalogue.Key
	for _, g := range groups {
		if g.Lead != "" {
			keys = append(keys, catalogue.Key{Kind: catalogue.KindCouncil, ID: g.Lead})
		}
	}
	items, err := s.Catalogue.Load(c, actor, keys)
	if err != nil {
		return nil, err
	}
	leads := map[string]*catalogue.Council{}
	for _, item := range items {
		if council, ok := item.(*catalogue.Council); ok {
			leads[council.GSS] = council
		}
	}
	return leads, nil
}

func (s *site) newCouncilPage(v *catalogue.CouncilView, leads map[string]*catalogue.Council) councilPage {
	council, now := v.Council, s.Catalogue.Now()
	p := councilPage{
		Caption: "Council · " + councilKind(council),
		Heading: council.OfficialName,
		Place:   council.Label(),
		Lead:    "What public records say about its ICT. The council has not checked this page.",
		Counts:  councilCounts(v, s.Catalogue.Today(), now),
	}
	if council.Demonstration {
		p.Heading += " (demonstration)"
		p.Lead = "An invented council with invented records, to show what Jointly does. It is not on any map."
	} else if confirmedAny(v.Uses) {
		p.Lead = "What public records say about its ICT, and what the council has confirmed."
	}
	p.Succeeded, p.Before, p.PastEnds = succeededLine(v), beforeLinks(v.Before), pastEndCount(v.Past)
	for _, r := range v.Reorganisation {
		note := newReorganisationNote(r)
		if soon(r, s.Catalogue.Today()) {
			p.Soon = append(p.Soon, note)
		} else {
			p.Reorganisation = append(p.Reorganisation, note)
		}
	}
	if v.Succession != nil { // what was to come has come
		p.Soon, p.Reorganisation, p.PastEnds = nil, nil, ""
		p.Lead = "What its records said. New records are kept with the council that took its place."
	}
	if p.Bare = len(v.Contracts)+len(v.Uses)+len(v.Intentions)+len(v.Groups) == 0; p.Bare {
		p.Counts = nil
		p.Soon, p.Reorganisation = append(p.Soon, p.Reorganisation...), nil
	}
	if council.Nation == "Scotland" {
		p.Rules = "Devolved Scottish authorities are outside the Procurement Act 2023: in a group with councils elsewhere, the rules of its lead apply."
	}
	p.Timeline, p.Undated = councilTimeline(v, s.Catalogue.Today(), now)
	p.Contracts = councilContracts(v.Contracts, now)
	p.Said, p.Uses = s.councilUses(v, now)
	for _, in := range v.Intentions {
		p.Intentions = append(p.Intentions, needEntry(catalogue.NeedRow{Intention: in}, false))
	}
	for _, g := range v.Groups {
		p.Groups = append(p.Groups, groupEntry(g, leads[g.Lead], false))
	}
	p.Nearby = s.nearbyTable(v.Nearby, now)
	for _, n := range v.Neighbours {
		p.Neighbours = append(p.Neighbours, view.Link{Text: n.Name, Href: pagePath(catalogue.KindCouncil, n.GSS)})
	}
	return p
}

// councilKind says what kind of council it is and where: 'Non-metropolitan district in Lancashire, North West'.
func councilKind(c *catalogue.Council) string {
	kind := c.Type
	if c.County != "" {
		kind += " in " + c.County
	}
	if c.Region != "" {
		kind += ", " + c.Region
	}
	return kind
}

func confirmedAny(uses []catalogue.PlatformUse) bool {
	for _, u := range uses {
		if !u.Use.Confirmed.IsZero() {
			return true
		}
	}
	return false
}

// councilCounts is the next end, what was seen, what it is worth, and the platforms named.
func councilCounts(v *catalogue.CouncilView, today, now time.Time) []view.Count {
	var stated, valued, ceilings int
	var total int64
	platforms := map[string]bool{}
	var next *catalogue.Contract
	for _, row := range v.Contracts {
		k := row.Contract
		if k.Platform != "" {
			platforms[k.Platform] = true
		}
		if !k.End.IsZero() {
			stated++
			if !k.Ended(today) && next == nil { // soonest first
				next = k
			}
		}
		if k.Value > 0 {
			if k.FrameworkCeiling() {
				ceilings++
				continue
			}
			valued++
			total += pounds(k.Value)
		}
	}
	for _, u := range v.Uses {
		platforms[u.Platform.ID] = true
	}
	var counts []view.Count
	switch seen := len(v.Contracts); {
	case next != nil:
		counts = append(counts, view.Count{Number: untilEnd(now, next.End), Label: "to the next contract end, " + view.Date(next.End),
			Href: pagePath(catalogue.KindContract, next.ID)})
	case seen > 0:
		counts = append(counts, view.Count{Number: view.Number(stated) + " of " + view.Number(seen), Label: noun(seen, "contract states when it ends", "contracts state when they end")})
	}
	counts = append(counts, view.Count{Number: view.Number(len(v.Contracts)), Label: noun(len(v.Contracts), "contract or notice seen", "contracts and notices seen")})
	if valued > 0 {
		count := view.Count{Number: view.Roughly(total), Label: "published value of " + view.Number(valued)}
		if ceilings > 0 {
			count.More = "without " + view.Plural(ceilings, "framework ceiling", "framework ceilings")
		}
		counts = append(counts, count)
	}
	return append(counts, view.Count{Number: view.Number(len(platforms)), Label: noun(len(platforms), "platform named", "platforms named")})
}

// untilEnd is how far an end is, as a figure: '7 days', '5 months'.
func untilEnd(now time.Time, end catalogue.Date) string {
	away := view.Relative(now, end)
	if len(away) > 3 && away[:3] == "in " {
		return away[3:]
	}
	return view.Date(end)
}

// councilTimeline draws the contracts that are not over and state a date, and says how many state none.
func councilTimeline(v *catalogue.CouncilView, today, now time.Time) (figure, string) {
	t := chart.Timeline{
		About: chart.About{ID: "ends", Title: "What ends when"},
		Today: today, RowHead: "Contract", NoteHead: "Ends", From: today.AddDate(-5, 0, 0),
	}
	undated := 0
	for _, row := range v.Contracts {
		k := row.Contract
		if k.Ended(today) {
			continue
		}
		if k.Start.IsZero() && k.End.IsZero() {
			undated++
			continue
		}
		r := chart.TimelineRow{Label: k.Title, Link: pagePath(catalogue.KindContract, k.ID), Start: k.Start.First(), End: k.End.Last(),
			Note: "end not stated"}
		if !k.End.IsZero() {
			r.Note = view.Date(k.End) + ", " + view.Relative(now, k.End)
			r.NoteShort = view.Date(k.End)
		}
		if k.ExtensionMonths > 0 {
			r.Extended = k.EndIfExtended().Last()
		}
		t.Rows = append(t.Rows, r)
	}
	for _, r := range v.Reorganisation {
		if !r.Vesting.IsZero() {
			t.Lines = append(t.Lines, chart.Line{Date: r.Vesting, Label: vestingLabel(r.Status), Short: "Reorganisation"})
			break
		}
	}
	if len(t.Rows) == 0 {
		return figure{}, undatedWords(undated, true)
	}
	note := "Solid: stated term. Outline: extension that may be used. Dotted: start or end not stated. A date known to the month is drawn at its last day."
	return newFigure(t.Draw(), note), undatedWords(undated, false)
}

func undatedWords(n int, all bool) string {
	switch {
	case n == 0:
		return ""
	case all:
		return view.Plural(n, "record states", "records state") + " neither when the contract started nor when it ends, so there is nothing to draw."
	}
	return view.Plural(n, "more record states", "more records state") + " no date, and " + noun(n, "is", "are") + " in the table only."
}

func councilContracts(rows []catalogue.ContractRow, now time.Time) view.Table {
	t := view.Table{
		Caption: "Contracts and notices seen in public records", CaptionClasses: "govuk-visually-hidden",
		Head: []view.Head{{Text: "Contract", Classes: "jy-col-20"}, {Text: "Platform seen"}, {Text: "Supplier"}, {Text: "Ends", Classes: "jy-col-20"},
			{Text: "Seen in", Classes: "jy-col-20"}, {Text: "Value", Numeric: true}},
		FirstCellIsHeader: true, Responsive: true,
	}
	for _, row := range rows {
		t.Rows = append(t.Rows, []view.Cell{contractCell(row.Contract), platformCell(row), supplierCell(row), endCell(now, row.Contract),
			sourceCell(now, row.Contract, row.Contract.Source), worthCell(row.Contract)})
	}
	return t
}

// councilUses lists the platforms that the council says it uses, and those that other records than the listed
// contracts name.
func (s *site) councilUses(v *catalogue.CouncilView, now time.Time) (said, seen view.Table) {
	known := map[string]bool{}
	for _, row := range v.Contracts {
		known[row.Contract.Platform+" "+row.Contract.Source.Reference] = true
	}
	var own, others []catalogue.PlatformUse
	for _, u := range v.Uses {
		switch {
		case !u.Use.Confirmed.IsZero():
			own = append(own, u)
		case !known[u.Platform.ID+" "+u.Use.Source.Reference]: // else the same record
			others = append(others, u)
		}
	}
	return s.usesTable("Platforms the council says it uses", own, now), s.usesTable("Platforms seen in other public records", others, now)
}

func (s *site) usesTable(caption string, uses []catalogue.PlatformUse, now time.Time) view.Table {
	t := view.Table{
		Caption: caption, CaptionClasses: "govuk-visually-hidden",
		Head: []view.Head{{Text: "Platform", Classes: "jy-col-30"}, {Text: "What for", Classes: "jy-col-25"}, {Text: "Since"},
			{Text: "How we know", Classes: "jy-col-30"}},
		FirstCellIsHeader: true, Responsive: true,
	}
	for _, u := range uses {
		name := view.Cell{Text: marked(u.Platform.Name, u.Platform.Demonstration), Href: pagePath(catalogue.KindPlatform, u.Platform.ID)}
		if written := u.Use.WrittenAs; written != "" && written != u.Platform.Name {
			name.Note = "named as " + written
		}
		what := view.Cell{Text: view.NotStated, Muted: true}
		if capability, ok := s.Catalogue.Dictionary().Capability(u.Use.Capability); ok {
			what = view.Cell{Text: capability.Name}
		}
		t.Rows = append(t.Rows, []view.Cell{name, what, {Text: view.Date(u.Use.Since), Muted: u.Use.Since.IsZero()}, useCell(now, u.Use)})
	}
	return t
}

// useCell is how it is known that a council runs a platform.
func useCell(now time.Time, u *catalogue.Use) view.Cell {
	if !u.Confirmed.IsZero() {
		return view.Cell{Text: "Confirmed by the council", Note: joined([]string{view.Day(u.Confirmed), outOfDate(now, u)}), Classes: "jy-table__line"}
	}
	return sourceCell(now, u, u.Source)
}

func (s *site) nearbyTable(rows []catalogue.NearbyRow, now time.Time) view.Table {
	t := view.Table{
		Caption: "Neighbouring councils with the same platform or need", CaptionClasses: "govuk-visually-hidden",
		Head:       []view.Head{{Text: "Compared"}, {Text: "What"}, {Text: "Who"}, {Text: "Ends"}, {Text: "Supplier"}},
		Responsive: true,
	}
	for _, row := range rows {
		what := row.Capability
		if capability, ok := s.Catalogue.Dictionary().Capability(row.Capability); ok {
			what = capability.Name
		}
		supplier := view.OrNotStated(row.Contract.Supplier)
		t.Rows = append(t.Rows, []view.Cell{
			{Text: row.Same, Strong: row.Same != "Same need"},
			{Text: what, Href: pagePath(catalogue.KindContract, row.Contract.ID), Note: howWeKnow(row.Contract.Source) + ", " + dateOrNot(row.Contract.Source.Date)},
			councilCell(row.Council), endCell(now, row.Contract), {Text: supplier, Muted: supplier == view.NotStated}})
	}
	return t
}

func dateOrNot(d catalogue.Date) string {
	if d.IsZero() {
		return "date not stated"
	}
	return view.Date(d)
}

// newInvitation asks the officers of a council to sign in.
func (s *site) newInvitation(c *catalogue.Council, signIn string) *invitation {
	i := &invitation{
		Title: "Do you work for " + c.Label() + "?",
		Can:   []string{"say what you intend to buy, and choose who sees it", "see who needs the same in the same months", "confirm which platforms you run"},
		Sign:  view.Button{Text: "Sign in", Href: signIn},
	}
	switch {
	case c.Demonstration:
		i.How = "In the demonstration, choose whose officer to be"
	case c.Domain != "":
		i.How = "With your " + c.Domain + " email address"
	default:
		i.How = "With your council email address"
	}
	return i
}
