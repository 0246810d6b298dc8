package exchange

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/capability"
	"jointly/catalogue/demand"
)

// ReleaseFigure is a figure of a release as programs read it. Empty coordinates are all of it.
type ReleaseFigure struct {
	Area         string `json:"area,omitempty"`
	Capability   string `json:"capability,omitempty"`
	Nation       string `json:"nation,omitempty"`
	Part         string `json:"part,omitempty"` // of England
	Region       string `json:"region,omitempty"`
	Year         string `json:"financial_year,omitempty"` // 2027: April 2027 to March 2028
	Quarter      string `json:"quarter,omitempty"`        // 2027-Q1: April to June 2027
	Of           string `json:"of,omitempty"`             // a band of value or a rung of the ladder
	AtLeast      int    `json:"at_least_councils"`
	SinceRelease int    `json:"since_release"`
}

// ReleaseFile is a release as programs read it.
type ReleaseFile struct {
	Number  int             `json:"number"`
	Day     catalogue.Date  `json:"day"`
	Cite    string          `json:"cite"`
	Address string          `json:"address"`
	Method  int             `json:"method"`
	Changed string          `json:"changed_in_method,omitempty"`
	Counts  string          `json:"what_it_counts"`
	Figures []ReleaseFigure `json:"figures"`
}

// Counts says in a sentence what a figure is.
const Counts = "The least number of councils with a need that they have not made public. A council counts once in a figure; figures do not add up. What is not listed may be few, none or held back."

// OfWords is what a cell's Of says: a band of value or a rung of the ladder.
func OfWords(of string) string {
	switch of {
	case demand.Intended:
		return "An officer’s word or more"
	case demand.Approved:
		return "Approved"
	}
	for _, b := range demand.Bands() {
		if b.ID == of {
			return b.Text
		}
	}
	return ""
}

func releaseFigure(f demand.Figure) ReleaseFigure {
	what, place, when := strings.Split(f.What+"/", "/"), strings.Split(f.Place+"//", "/"), strings.Split(f.When+"/", "/")
	return ReleaseFigure{Area: what[0], Capability: what[1], Nation: place[0], Part: place[1], Region: place[2], Year: when[0], Quarter: when[1],
		Of: OfWords(f.Of), AtLeast: f.Least, SinceRelease: f.Since}
}

// ReleaseJSON writes a release; base is how people reach the service.
func ReleaseJSON(w io.Writer, r *catalogue.Release, base string) error {
	out := ReleaseFile{Number: r.Number, Day: r.Day, Cite: r.Cite(), Address: base + r.Address(), Method: r.Method, Changed: r.Changed, Counts: Counts,
		Figures: make([]ReleaseFigure, 0, len(r.Figures))}
	for _, f := range r.Figures {
		out.Figures = append(out.Figures, releaseFigure(f))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}

// ReleaseCSV writes the figures of a release for a spreadsheet, with the names of areas and capabilities.
func ReleaseCSV(w io.Writer, r *catalogue.Release, d *capability.Dictionary) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write release: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{{"Release", "Day", "Area", "Capability", "Nation", "Part of England", "Region", "Financial year from April", "Quarter", "Of", "At least councils", "Since release"}}
	for _, f := range r.Figures {
		row := releaseFigure(f)
		area, _ := d.Area(row.Area)
		capability, _ := d.Capability(row.Capability)
		rows = append(rows, []string{strconv.Itoa(r.Number), r.Day.String(), SafeCell(area.Name), SafeCell(capability.Name), row.Nation, row.Part, row.Region, row.Year, row.Quarter,
			row.Of, strconv.Itoa(row.AtLeast), strconv.Itoa(row.SinceRelease)})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write release: %w", err)
	}
	return nil
}

// ReleasesAtom writes releases, the latest first, as an Atom feed; now is the day of a feed without entries.
func ReleasesAtom(w io.Writer, releases []*catalogue.Release, base string, now time.Time) error {
	feed := AtomFeed{Title: "Jointly demand releases", Base: base, Self: "/demand/releases.atom", Page: "/demand/releases", Updated: now}
	for i, r := range releases {
		if i == 0 {
			feed.Updated = r.Created
		}
		summary := "No figure can be shown yet."
		if n := len(r.Figures); n > 0 {
			summary = fmt.Sprintf("%d figures; at least %d councils have needs that they have not made public.", n, r.Figures[0].Least)
		}
		feed.Entries = append(feed.Entries, AtomEntry{Kind: string(catalogue.KindRelease), ID: strconv.Itoa(r.Number), Title: r.Cite(), Path: r.Address(),
			Category: "Demand release", Summary: strings.TrimSpace(summary + " " + r.Changed), Updated: r.Created})
	}
	return Atom(w, feed)
}
