package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// reorganisationPage is which councils are to be replaced, by what and when: all areas, or the councils of one.
type reorganisationPage struct {
	view.Page
	Heading string
	Lead    string
	Counts  []view.Count
	Table   view.Table
	Sources []view.Details
	Actions []view.Link // for the operator, and for officers of a council that becomes one with others
	Area    bool        // one area is shown
}

func (s *site) reorganisation(c *gin.Context, who visitor) error {
	if area := c.Query("area"); area != "" {
		return s.reorganisedArea(c, who, area)
	}
	areas, err := s.Catalogue.Reorganisations(c)
	if err != nil {
		return err
	}
	p := reorganisationPage{Heading: "Reorganisation of councils", Counts: reorganisationCounts(areas), Table: areasTable(areas),
		Lead: "Which councils are to be replaced, by what and when, in words no surer than their sources. Contracts and needs of these councils say what that means for them."}
	if who.actor.IsOperator() {
		p.Actions = []view.Link{{Text: "Record a council’s end in an area that is not listed", Href: "/reorganisation/edit"},
			{Text: "Add a new council", Href: "/reorganisation/council"}, {Text: "Handing over councils: what is due, and what was done", Href: handOversPath}}
	}
	p.Page = s.page(c, who, "", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Councils", Href: "/councils"}, {Text: "Reorganisation"}}
	return s.show(c, who, http.StatusOK, "reorganisation", p)
}

func (s *site) reorganisedArea(c *gin.Context, who visitor, area string) error {
	found, err := s.Catalogue.ReorganisationIn(c, area)
	if err != nil {
		return err
	}
	edits := who.actor.IsOperator()
	p := reorganisationPage{Heading: "Reorganisation: " + found.Area, Area: true, Table: rowsTable(found.Rows, edits), Sources: areaSources(found.Rows),
		Lead: view.Plural(len(found.Rows), "council", "councils") + ". What is decided and what is not stands beside each."}
	if edits {
		p.Actions = []view.Link{{Text: "Set date and status for all of them", Href: "/reorganisation/area?area=" + url.QueryEscape(found.Area)},
			{Text: "Add a council to this area", Href: "/reorganisation/edit?area=" + url.QueryEscape(found.Area)}}
	}
	cohorts, err := s.Catalogue.CohortsIn(c, who.actor, found.Area)
	if err != nil {
		return err
	}
	for _, k := range cohorts {
		p.Actions = append(p.Actions, view.Link{Text: "What the councils that become " + cohortAim(k) + " have between them", Href: cohortPath(k.ID)})
	}
	p.Page = s.page(c, who, "", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: found.Area}}
	return s.show(c, who, http.StatusOK, "reorganisation", p)
}

// reorganisationCounts is how many councils stand where; invented ones are left out.
func reorganisationCounts(areas []catalogue.ReorganisedArea) []view.Count {
	n := map[register.ReorganisationStatus]int{}
	for _, a := range areas {
		for _, r := range a.Rows {
			if !r.Council.Demonstration && !r.Stays() {
				n[r.Status]++
			}
		}
	}
	return []view.Count{{Number: view.Number(n[register.StatusDecided]), Label: "councils whose end is decided"},
		{Number: view.Number(n[register.StatusProposed] + n[register.StatusConsultation]), Label: "proposed or consulted on"},
		{Number: view.Number(n[register.StatusUnknown]), Label: "only named in a proposal"}}
}

func areasTable(areas []catalogue.ReorganisedArea) view.Table {
	t := view.Table{Caption: "Areas", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Area", Classes: "jy-col-30"}, {Text: "Councils", Numeric: true}, {Text: "Date"}, {Text: "How far it has come"}}}
	for _, a := range areas {
		t.Rows = append(t.Rows, []view.Cell{{Text: a.Area, Href: areaPath(a.Area)}, {Text: view.Number(len(a.Rows)), Numeric: true}, areaDates(a.Rows), areaStatuses(a.Rows)})
	}
	return t
}

// areaDates is the one date of an area, or that there are several.
func areaDates(rows []catalogue.ReorganisationRow) view.Cell {
	var days []string
	for _, r := range rows {
		if day := reorganisationDay(r.Reorganisation.Vesting); day != "" && !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	switch len(days) {
	case 0:
		return view.Cell{Text: view.NotStated, Muted: true}
	case 1:
		return view.Cell{Text: days[0]}
	}
	return view.Cell{Text: view.Sentence(days)}
}

// areaStatuses is how far the councils of an area have come: one word where all stand alike.
func areaStatuses(rows []catalogue.ReorganisationRow) view.Cell {
	n := map[register.ReorganisationStatus]int{}
	for _, r := range rows {
		n[r.Status]++
	}
	if len(n) == 1 {
		return view.Cell{Text: statusWords(rows[0].Status)}
	}
	var words []string
	for _, status := range slices.Backward(register.ReorganisationStatuses()) {
		if n[status] > 0 {
			words = append(words, view.Number(n[status])+" "+lowerFirst(statusTag(status).Text))
		}
	}
	return view.Cell{Text: view.Sentence(words)}
}

// rowsTable is the councils of an area; the operator can change each.
func rowsTable(rows []catalogue.ReorganisationRow, edits bool) view.Table {
	t := view.Table{Caption: "Councils", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-25"}, {Text: "What takes its place", Classes: "jy-col-30"}, {Text: "Date"}, {Text: "Status"}}}
	if edits {
		t.Head = append(t.Head, view.Head{Text: "Record"})
	}
	for _, r := range rows {
		next := view.Cell{Text: r.SuccessorName}
		if next.Text == "" {
			next = view.Cell{Text: "not decided, as far as we know", Muted: true}
		}
		day := view.Cell{Text: reorganisationDay(r.Reorganisation.Vesting)}
		if day.Text == "" {
			day = view.Cell{Text: view.NotStated, Muted: true}
		} else if r.Status != register.StatusDecided {
			day.Note = "indicative"
		}
		state := view.Cell{Tag: statusTag(r.Status)}
		if r.Heir != nil {
			next.Href, state.Tag = pagePath(catalogue.KindCouncil, r.Heir.GSS), &view.Tag{Text: "Handed over", Classes: "govuk-tag--green"}
		}
		row := []view.Cell{{Text: r.Council.Label(), Href: pagePath(catalogue.KindCouncil, r.CouncilGSS)}, next, day, state}
		if edits {
			edit := view.Cell{Text: "Change", Href: vestingPath(r.CouncilGSS, r.Area), Note: "from the register"}
			if r.Record != nil {
				edit.Note = "recorded on " + view.Day(r.Record.Changed)
			}
			row = append(row, edit)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func vestingPath(council, area string) string {
	return "/reorganisation/edit?" + url.Values{"council": {council}, "area": {area}}.Encode()
}

// areaSources is where an area's rows were read, each once with the councils that it is about.
func areaSources(rows []catalogue.ReorganisationRow) []view.Details {
	var order []string
	about := map[string][]string{}
	for _, r := range rows {
		if about[r.Source] == nil {
			order = append(order, r.Source)
		}
		about[r.Source] = append(about[r.Source], r.CouncilName)
	}
	var out []view.Details
	for _, source := range order {
		summary := "How we know"
		if len(order) > 1 {
			summary += ": " + view.Sentence(about[source])
		}
		out = append(out, view.Details{Summary: summary, Text: source})
	}
	return out
}
