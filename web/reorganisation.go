package web

import (
	"net/url"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// reorganisationNote says what is known of a council's end, in words no surer than its source.
type reorganisationNote struct {
	Strong string // the deciding words
	Text   string
	Others view.Link // the councils that it takes together
	Source view.Details
}

func newReorganisationNote(r register.Reorganisation) reorganisationNote {
	strong, text := reorganisationWords(r)
	note := reorganisationNote{Strong: strong, Text: text, Source: view.Details{Summary: "How we know", Text: r.Source}}
	note.Others = view.Link{Text: "All councils of this reorganisation", Href: areaPath(r.Area)}
	return note
}

// soonMonths is how near a reorganisation is, in months, to stand at the top of a council's page.
const soonMonths = 24

// soon says that whoever reads of a council must know of its reorganisation first.
func soon(r register.Reorganisation, today time.Time) bool {
	return r.Status == register.StatusDecided || !r.Vesting.IsZero() && r.Vesting.Before(today.AddDate(0, soonMonths, 0))
}

// reorganisationWords keeps apart what is decided, what is proposed and what is only named.
func reorganisationWords(r register.Reorganisation) (strong, text string) {
	when := ""
	if !r.Vesting.IsZero() {
		when = " on " + view.Date(catalogue.DateOf(r.Vesting))
	}
	switch {
	case r.Stays():
		return "The area is reorganised; this council stays as it is.", r.SuccessorName + "."
	case r.Status == register.StatusDecided && r.SuccessorName != "":
		return "This council is to be replaced" + when + ".", "What takes its place: " + r.SuccessorName + "."
	case r.Status == register.StatusDecided:
		return "This council is to be replaced" + when + ".", "We have not found what takes its place."
	case r.Status == register.StatusProposed:
		return "This council may be replaced" + when, "(indicative timetable). The Government proposes it. We have not found a decision."
	case r.Status == register.StatusConsultation:
		return "The councils of " + r.Area + " may be replaced" + when, "(indicative timetable). We have not found the decision."
	}
	return "This council is named in a proposal to reorganise " + r.Area + ".", "We know of no decision."
}

// vestingLabel names the day on which new councils take over, for a chart.
func vestingLabel(status register.ReorganisationStatus) string {
	if status == register.StatusDecided {
		return "Reorganisation"
	}
	return "Possible reorganisation"
}

// reorganisationDay is the day of a reorganisation as a page says it; empty where none is named.
func reorganisationDay(vesting time.Time) string {
	if vesting.IsZero() {
		return ""
	}
	return view.Date(catalogue.DateOf(vesting))
}

// areaPath is the address of the councils of an area that is reorganised.
func areaPath(area string) string { return "/reorganisation?area=" + url.QueryEscape(area) }

// statusWords is how far a reorganisation has come.
func statusWords(status register.ReorganisationStatus) string {
	switch status {
	case register.StatusDecided:
		return "Decided"
	case register.StatusProposed:
		return "The Government proposes it"
	case register.StatusConsultation:
		return "Consulted on; no decision found"
	}
	return "Named in a proposal"
}

// statusTag is the same in a word, for tables.
func statusTag(status register.ReorganisationStatus) *view.Tag {
	switch status {
	case register.StatusDecided:
		return &view.Tag{Text: "Decided", Classes: "govuk-tag--orange"}
	case register.StatusProposed:
		return &view.Tag{Text: "Proposed", Classes: "govuk-tag--yellow"}
	case register.StatusConsultation:
		return &view.Tag{Text: "Consulted on", Classes: "govuk-tag--yellow"}
	}
	return &view.Tag{Text: "Named only", Classes: "govuk-tag--grey"}
}
