package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// frameworksPage is the ways to buy: the frameworks on record, and how each stands today.
type frameworksPage struct {
	view.Page
	Capability view.Select
	State      view.Select
	Filtered   bool
	Total      string
	Table      view.Table
	Nothing    string     // what was looked for, where nothing fits
	Needs      *view.Link // open needs for the same
	Add        *view.Link // for the operator
}

func (s *site) frameworks(c *gin.Context, who visitor) error {
	capability, state := c.Query("capability"), catalogue.FrameworkState(c.Query("state"))
	if _, known := s.Catalogue.Dictionary().Capability(capability); !known {
		capability = ""
	}
	if !slices.Contains(catalogue.FrameworkStates(), state) {
		state = ""
	}
	found, err := s.Catalogue.Frameworks(c, who.actor, capability, state)
	if err != nil {
		return err
	}
	p := frameworksPage{Filtered: capability != "" || state != "", Total: view.Plural(len(found), "framework", "frameworks") + ", what is open first, then the soonest end."}
	p.filters(s, capability, state)
	if p.Table = frameworkTable(found, s.Catalogue.Now(), s.Catalogue.Today()); len(found) == 0 {
		p.Nothing = "No framework is on record"
		if capability != "" {
			p.Nothing += " for " + lowerFirst(s.capabilityName(capability))
		}
		if state != "" {
			p.Nothing += " that is " + lowerFirst(frameworkTag(state).Text)
		}
	}
	if capability != "" {
		p.Needs = &view.Link{Text: "Open needs for " + lowerFirst(s.capabilityName(capability)),
			Href: "/search?" + url.Values{"kind": {"intention", "group"}, "capability": {capability}}.Encode()}
	}
	if catalogue.MayDo(who.actor, catalogue.KeepFrameworks) {
		p.Add = &view.Link{Text: "Add a framework", Href: "/frameworks/new"}
	}
	p.Page = s.page(c, who, "", "Ways to buy")
	p.Description = "Frameworks through which councils buy ICT: who may use them, when they end, and how that is known."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Ways to buy"}}
	return s.show(c, who, http.StatusOK, "frameworks", p)
}

func (p *frameworksPage) filters(s *site, capability string, state catalogue.FrameworkState) {
	p.Capability = view.Select{Name: "capability", Label: view.Label{Text: "What for"}, Options: []view.Option{{Text: "Anything"}}, Groups: s.capabilityGroups(capability)}
	p.State = view.Select{Name: "state", Label: view.Label{Text: "How it stands"}, Options: []view.Option{{Text: "Any"}}}
	for _, st := range catalogue.FrameworkStates() {
		p.State.Options = append(p.State.Options, view.Option{Value: string(st), Text: frameworkTag(st).Text, Selected: st == state})
	}
}

func frameworkTag(state catalogue.FrameworkState) view.Tag {
	switch state {
	case catalogue.FrameworkOpen:
		return view.Tag{Text: "Open now", Classes: "govuk-tag--green"}
	case catalogue.FrameworkPlanned:
		return view.Tag{Text: "Planned", Classes: "govuk-tag--blue"}
	case catalogue.FrameworkEnded:
		return view.Tag{Text: "Ended", Classes: "govuk-tag--red"}
	}
	return view.Tag{Text: "Not known", Classes: "govuk-tag--grey"}
}

// frameworkTable lists frameworks with how they stand today.
func frameworkTable(all []*catalogue.Framework, now, today time.Time) view.Table {
	t := view.Table{Caption: "Frameworks", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Long: true,
		Head: []view.Head{{Text: "Framework", Classes: "jy-col-30"}, {Text: "How it stands", Classes: "jy-col-25"}, {Text: "Ends"}, {Text: "Who may use it"}}}
	for _, f := range all {
		t.Rows = append(t.Rows, []view.Cell{frameworkCell(f), frameworkStateCell(f, now, today), frameworkEndCell(f, now), eligibleCell(f)})
	}
	return t
}

func frameworkCell(f *catalogue.Framework) view.Cell {
	return view.Cell{Text: f.Name, Href: pagePath(catalogue.KindFramework, f.ID), Note: frameworkBy(f)}
}

// frameworkBy is a framework's reference and owner, without what stands in brackets: 'RM6259, Government Commercial Agency'.
func frameworkBy(f *catalogue.Framework) string {
	owner, _, _ := strings.Cut(f.Owner, " (")
	if f.Reference == f.Name {
		return owner
	}
	return f.Reference + ", " + owner
}

func frameworkStateCell(f *catalogue.Framework, now, today time.Time) view.Cell {
	tag := frameworkTag(f.State(today))
	cell := view.Cell{Tag: &tag, Note: lowerSentence(stands(f, today))}
	if catalogue.StaleOn(f, now) {
		cell.Note += ". " + checked(f, now)
	}
	return cell
}

// frameworkEndCell is when a framework ends, how far that is, and what extensions it allows.
func frameworkEndCell(f *catalogue.Framework, now time.Time) view.Cell {
	cell := view.Cell{Text: "not known", Muted: true}
	var notes []string
	if !f.End.IsZero() {
		cell = view.Cell{Text: view.Date(f.End)}
		notes = append(notes, relativeEnd(now, f.End))
	}
	if !f.Latest.IsZero() {
		notes = append(notes, "at the latest "+view.Date(f.Latest))
	}
	cell.Note = joined(notes)
	return cell
}

// eligibleCell is the words on who may use a framework.
func eligibleCell(f *catalogue.Framework) view.Cell {
	if f.Eligible == "" {
		return view.Cell{Text: "not known", Muted: true}
	}
	return view.Cell{Text: "‘" + f.Eligible + "’", Classes: "jy-table__line"}
}

// stands says how a framework stands on a day, and why its record tells no more.
func stands(f *catalogue.Framework, today time.Time) string {
	past := func(d catalogue.Date) bool { return !d.IsZero() && d.Last().Before(today) }
	switch f.State(today) {
	case catalogue.FrameworkEnded:
		if past(f.Latest) {
			return "Its longest end, " + view.Date(f.Latest) + ", has passed."
		}
		return "Its end, " + view.Date(f.End) + ", has passed, and no extension is on record."
	case catalogue.FrameworkPlanned:
		if f.Start.IsZero() {
			return "Plans for it were seen. When it begins is not known."
		}
		return "To begin " + onOrIn(f.Start) + "."
	case catalogue.FrameworkOpen:
		if f.Start.IsZero() {
			return "When it began is not known."
		}
		return "Since " + view.Date(f.Start) + "."
	}
	switch {
	case f.Planned:
		return "It was to begin " + onOrIn(f.Start) + ". That it did was not seen."
	case past(f.End):
		return "Its end, " + view.Date(f.End) + ", has passed. It may have been extended, until " + view.Date(f.Latest) + " at the latest."
	case f.End.IsZero() && !f.Latest.IsZero():
		return began(f) + "Its end before extensions is not known."
	case f.End.IsZero():
		return began(f) + "When it ends is not known."
	case !f.Start.Exact() && !f.Start.IsZero() && f.Start.Last().After(today):
		return "It begins " + onOrIn(f.Start) + "; the day is not known."
	}
	return "It ends " + onOrIn(f.End) + "; the day is not known."
}

// began is since when a framework runs, as a sentence with a space after it; empty where that is not known.
func began(f *catalogue.Framework) string {
	if f.Start.IsZero() {
		return ""
	}
	return "It began " + onOrIn(f.Start) + ". "
}

// onOrIn is a date with its preposition: 'on 4 December 2026', 'in December 2026'.
func onOrIn(d catalogue.Date) string {
	if d.Exact() {
		return "on " + view.Date(d)
	}
	return "in " + view.Date(d)
}

// waysLink leads to the frameworks for some capabilities; to all of them where there are several.
func waysLink(capabilities []string, text string) view.Link {
	if len(capabilities) == 1 {
		return view.Link{Text: text, Href: "/frameworks?capability=" + url.QueryEscape(capabilities[0])}
	}
	return view.Link{Text: text, Href: "/frameworks"}
}

// lowerSentence is a sentence's words within another.
func lowerSentence(s string) string { return strings.TrimSuffix(lowerFirst(s), ".") }
