package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/chart"
	"jointly/web/view"
)

// cohortPage is what the councils that become one have between them, and what to do about it before they do.
type cohortPage struct {
	view.Page
	Caption  string
	Heading  string
	Lead     string
	Strong   string // what is decided, and what is not
	Text     string
	Councils []view.Link
	Merged   []view.Link // of a council that took the place of others: these; there is no cohort any more
	Others   []view.Link // the other cohorts of a council that is split
	Counts   []view.Count
	Bare     bool // nothing is known
	Timeline figure
	Undated  string
	Twice    []twiceBlock
	Before   view.Table
	Past     view.Table
	Rule     string // on consent
	RuleFrom view.Details
	Align    []alignBlock
	Invite   string // who can fill it: empty for the operator
}

// twiceBlock is one capability that several councils run something for.
type twiceBlock struct {
	Title string
	Href  string
	Said  string // the same platform, or different ones
	Table view.Table
	Step  *view.Link
}

// alignBlock is a day on which contracts of one capability can end together.
type alignBlock struct {
	Title string
	Lines []string
	Step  *view.Link
}

func (s *site) cohort(c *gin.Context, who visitor) error {
	id := c.Query("of")
	var mine []catalogue.Cohort
	if who.actor.OrgKind == catalogue.OrgCouncil {
		var err error
		if mine, err = s.Catalogue.Cohorts(c, who.actor.Org); err != nil {
			return err
		}
	}
	switch {
	case id == "" && len(mine) > 0:
		id = mine[0].ID
	case id == "":
		return s.noCohort(c, who)
	}
	found, err := s.Catalogue.CohortEstate(c, who.actor, id)
	if err != nil {
		return err
	}
	p := s.newCohortPage(found, who.actor)
	for _, k := range mine {
		if k.ID != id {
			p.Others = append(p.Others, view.Link{Text: cohortName(k), Href: cohortPath(k.ID)})
		}
	}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: found.Area, Href: areaPath(found.Area)}, {Text: "Together"}}
	return s.show(c, who, http.StatusOK, "cohort", p)
}

// noCohort is for people whose council is not known to become one with others.
func (s *site) noCohort(c *gin.Context, who visitor) error {
	p := cohortPage{Heading: "No cohort is known", Lead: "Nothing we have read says that your council becomes one with others."}
	if who.actor.OrgKind == catalogue.OrgCouncil {
		found, err := s.Catalogue.CouncilView(c, who.actor, who.actor.Org)
		if err != nil {
			return err
		}
		if len(found.Before) > 0 {
			p.Heading, p.Lead = "Your council is one by now", "What those before it had between them is its own: see it in My estate. What each had stands on its page."
			p.Merged = beforeLinks(found.Before)
		}
	}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: "Together"}}
	return s.show(c, who, http.StatusOK, "cohort", p)
}

func cohortPath(id string) string { return "/cohort?of=" + url.QueryEscape(id) }

func cohortName(k catalogue.Cohort) string {
	if k.Successor == "" {
		return "Councils of " + k.Area
	}
	return k.Successor
}

// cohortLink leads a council's officers to what it has with those that it becomes one with; nil where none are known.
func (s *site) cohortLink(ctx context.Context, council string) (*view.Link, error) {
	found, err := s.Catalogue.Cohorts(ctx, council)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	others := len(found[0].Councils) - 1
	return &view.Link{Text: "See what you have between you: your council and " + view.Plural(others, "other", "others") + " in the same reorganisation", Href: "/cohort"}, nil
}

// togetherLink leads an officer from the page of a council that its own becomes one with to what they have between them; nil
// for others.
func (s *site) togetherLink(ctx context.Context, actor catalogue.Actor, code string) (*view.Link, error) {
	if actor.OrgKind != catalogue.OrgCouncil || actor.Org == code {
		return nil, nil
	}
	found, err := s.Catalogue.Cohorts(ctx, actor.Org)
	for _, k := range found {
		if k.Has(code) {
			return &view.Link{Text: "See what you have between you", Href: cohortPath(k.ID)}, err
		}
	}
	return nil, err
}

func (s *site) newCohortPage(e *catalogue.CohortEstate, actor catalogue.Actor) cohortPage {
	now := s.Catalogue.Now()
	p := cohortPage{Caption: "Reorganisation · " + e.Area, Heading: "What these councils have between them", Lead: "The combined estate of councils that become " + cohortAim(e.Cohort) + ", from public records and what councils share with each other.",
		Counts: cohortCounts(e), Bare: len(e.Contracts)+e.Uses == 0}
	p.Strong, p.Text = cohortWords(e.Cohort)
	for _, council := range e.Councils {
		p.Councils = append(p.Councils, view.Link{Text: council.Label(), Href: pagePath(catalogue.KindCouncil, council.GSS)})
	}
	if actor.OrgKind == catalogue.OrgCouncil {
		p.Heading = "What you have between you"
		p.Invite = "List what your council buys and runs, and ask the others to do the same: the more is here, the more this page finds."
	}
	p.Timeline = cohortTimeline(e, s.Catalogue.Today(), now)
	if e.Undated > 0 {
		p.Undated = view.Plural(e.Undated, "contract states", "contracts state") + " no end, and " + noun(e.Undated, "is", "are") + " in none of the lists by date."
	}
	for _, t := range e.Twice {
		p.Twice = append(p.Twice, s.newTwice(t, actor, now))
	}
	p.Before = s.cohortTable("Ends before the new council takes over", e.Before, actor, now)
	p.Past = s.cohortTable("Runs past that day", e.Past, actor, now)
	if len(e.Past) > 0 {
		note := e.Past[0].PastEnd
		p.Rule = "Each has to pass to the new council lawfully (novation): check the contract. " + consentRule(note)
		p.RuleFrom = view.Details{Summary: "Where the amounts come from", Text: note.Revenue.Source + " (" + lowerFirst(knownWords(note.Revenue.Known)) + ")."}
	}
	for _, a := range e.Align {
		p.Align = append(p.Align, s.newAlign(a, actor))
	}
	return p
}

func cohortAim(k catalogue.Cohort) string {
	if k.Successor == "" {
		return "fewer in " + k.Area
	}
	return k.Successor
}

// cohortWords says when, no surer than it is known.
func cohortWords(k catalogue.Cohort) (strong, text string) {
	day := reorganisationDay(k.Vesting)
	switch {
	case k.Status == register.StatusDecided && day != "":
		return k.Successor + " takes over on " + day + ".", "This is decided."
	case day != "":
		return "A new council may take over on " + day, "(indicative timetable). " + statusWords(k.Status) + "."
	}
	return "No day is named yet.", statusWords(k.Status) + "."
}

func cohortCounts(e *catalogue.CohortEstate) []view.Count {
	value := view.Count{Number: "not known", Label: "value of contracts"}
	if e.Valued > 0 {
		value = view.Count{Number: view.Roughly(pounds(e.Total)), Label: "value of " + view.Number(e.Valued) + " of " + view.Plural(len(e.Contracts), "contract", "contracts"), More: "whole terms, as published"}
	}
	past := ""
	if len(e.Past) > 0 {
		past = "#past"
	}
	return []view.Count{{Number: view.Number(len(e.Contracts)), Label: noun(len(e.Contracts), "contract", "contracts") + " not over, and " + view.Plural(e.Uses, "platform", "platforms") + " seen in use"},
		{Number: view.Number(len(e.Twice)), Label: "needs that more than one council has a system for", Href: "#twice"},
		{Number: view.Number(len(e.Past)), Label: noun(len(e.Past), "contract runs", "contracts run") + " past the day", Href: past}, value}
}

// mostDrawn is how many contracts the timeline shows: the rest stand in the tables.
const mostDrawn = 40

func cohortTimeline(e *catalogue.CohortEstate, today, now time.Time) figure {
	t := chart.Timeline{About: chart.About{ID: "cohort", Title: "What ends when"}, Today: today, RowHead: "Contract", NoteHead: "Ends", From: today.AddDate(-3, 0, 0)}
	for _, row := range e.Contracts {
		k := row.Contract
		if k.End.IsZero() || len(t.Rows) == mostDrawn {
			continue
		}
		r := chart.TimelineRow{Label: k.Title + ", " + row.Council.Name, Link: pagePath(catalogue.KindContract, k.ID), Start: k.Start.First(), End: k.End.Last(),
			Note: view.Date(k.End) + ", " + view.Relative(now, k.End), NoteShort: view.Date(k.End)}
		if k.ExtensionMonths > 0 {
			r.Extended = k.EndIfExtended().Last()
		}
		t.Rows = append(t.Rows, r)
	}
	if len(t.Rows) == 0 {
		return figure{}
	}
	if !e.Vesting.IsZero() {
		t.Lines = []chart.Line{{Date: e.Vesting, Label: vestingLabel(e.Status), Short: "Reorganisation"}}
	}
	return newFigure(t.Draw(), "Solid: stated term. Outline: extension that may be used. The line is the day on which the new council takes over, as far as it is known.")
}

// step is one step from a need to buying it together.
func (s *site) step(own catalogue.OwnStep, capability string, actor catalogue.Actor) *view.Link {
	switch {
	case actor.OrgKind != catalogue.OrgCouncil:
		return nil
	case own.Intention != nil:
		return &view.Link{Text: "See who could buy this with you", Href: pagePath(catalogue.KindIntention, own.Intention.ID) + "/matches"}
	case own.Contract != nil && catalogue.MayDo(actor, catalogue.ListIntention):
		return &view.Link{Text: "List the need, to buy it together", Href: "/intentions/new?contract=" + url.QueryEscape(own.Contract.ID)}
	case own.Runs && catalogue.MayDo(actor, catalogue.ListIntention):
		return &view.Link{Text: "List the need, to buy it together", Href: "/intentions/new?title=" + url.QueryEscape(s.capabilityName(capability))}
	case capability != "":
		return &view.Link{Text: "See all that is known for this need", Href: "/search?capability=" + url.QueryEscape(capability)}
	}
	return nil
}

func (s *site) newTwice(t catalogue.Twice, actor catalogue.Actor, now time.Time) twiceBlock {
	b := twiceBlock{Title: s.capabilityName(t.Capability), Href: "/search?capability=" + url.QueryEscape(t.Capability), Step: s.step(t.Step, t.Capability, actor)}
	switch {
	case t.Same && t.Different:
		b.Said = "Some run the same platform, others a different one."
	case t.Same:
		b.Said = "The same platform more than once."
	case t.Different:
		b.Said = "Different platforms for the same need."
	case t.Supplier:
		b.Said = "The same supplier more than once. Whether it is the same platform is not known."
	default:
		b.Said = "Whether it is the same platform is not known."
	}
	b.Table = view.Table{Caption: b.Title, CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Long: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-25"}, {Text: "Platform", Classes: "jy-col-30"}, {Text: "Supplier", Classes: "jy-col-25"}, {Text: "Ends"}}}
	for _, r := range t.Runs {
		row := []view.Cell{{Text: r.Council.Label(), Href: pagePath(catalogue.KindCouncil, r.Council.GSS)}, {Text: "not named", Muted: true}, {Text: r.Supplier}, {Text: "no contract seen", Muted: true}}
		if r.Platform != nil {
			row[1] = view.Cell{Text: marked(r.Platform.Name, r.Platform.Demonstration), Href: pagePath(catalogue.KindPlatform, r.Platform.ID)}
		}
		if r.Supplier == "" {
			row[2] = view.Cell{Text: view.NotStated, Muted: true}
		}
		if r.Contract != nil {
			row[3] = endCell(now, r.Contract)
			row[3].Href = pagePath(catalogue.KindContract, r.Contract.ID)
		}
		b.Table.Rows = append(b.Table.Rows, row)
	}
	return b
}

func (s *site) cohortTable(caption string, rows []catalogue.CohortLine, actor catalogue.Actor, now time.Time) view.Table {
	t := view.Table{Caption: caption, CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Long: true,
		Head: []view.Head{{Text: "Contract", Classes: "jy-col-25"}, {Text: "Council"}, {Text: "Supplier"}, {Text: "Ends", Classes: "jy-col-20"}, {Text: "Value", Numeric: true}}}
	steps := actor.OrgKind == catalogue.OrgCouncil
	if steps {
		t.Head = append(t.Head, view.Head{Text: "Together", Classes: "jy-col-20"})
	}
	for _, r := range rows {
		value := worthCell(r.Contract)
		if r.PastEnd != nil && r.PastEnd.OverRevenue() {
			value.Note, value.Classes = "consent may be needed", ""
			if r.PastEnd.Value <= float64(r.PastEnd.Revenue.Value) {
				value.Note += ", counted with others"
			}
		}
		row := []view.Cell{contractCell(r.Contract), {Text: r.Council.Label(), Href: pagePath(catalogue.KindCouncil, r.Council.GSS)}, supplierCell(r.ContractRow), endCell(now, r.Contract), value}
		if steps {
			row = append(row, stepCell(s.step(r.Step, r.Contract.Capability, actor)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func stepCell(l *view.Link) view.Cell {
	if l == nil {
		return view.Cell{}
	}
	return view.Cell{Text: l.Text, Href: l.Href}
}

func (s *site) newAlign(a catalogue.Alignment, actor catalogue.Actor) alignBlock {
	b := alignBlock{Title: s.capabilityName(a.Capability) + ": all could end on " + view.Date(a.On), Step: s.step(a.Step, a.Capability, actor)}
	if len(a.Cannot) > 0 {
		b.Title = s.capabilityName(a.Capability) + ": " + view.Number(len(a.Extends)) + " of " + view.Number(len(a.Extends)+len(a.Cannot)) + " could end on " + view.Date(a.On)
	}
	for _, e := range a.Extends {
		text := e.Council.Label() + " ends about then as it is, on " + view.Date(e.Contract.End) + "."
		if e.Months > 0 {
			text = e.Council.Label() + " extends by " + view.Plural(e.Months, "month", "months") + ", of " + view.Number(e.Most) + " that its contract allows; it ends on " + view.Date(e.Contract.End) + " without."
		}
		b.Lines = append(b.Lines, text)
	}
	for _, row := range a.Cannot {
		b.Lines = append(b.Lines, row.Council.Label()+" cannot: its contract ends on "+view.Date(row.Contract.End)+", "+extensionWords(row.Contract)+".")
	}
	return b
}

func extensionWords(k *catalogue.Contract) string {
	if k.ExtensionMonths == 0 {
		return "and states no extension"
	}
	return "and may be extended to " + view.Date(k.EndIfExtended())
}
