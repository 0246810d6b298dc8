package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/demand"
	"jointly/web/view"
)

// withheldPage is what a release says nothing of, and why: for the operator.
type withheldPage struct {
	view.Page
	Heading string
	Reasons view.Table
	Cells   view.Table // those with most councils
	Rest    view.Table
	Fold    view.Details
	More    string
}

// shownWithheld is how many cells are listed before the others unfold.
const shownWithheld = 25

// withheldReasons says each reason in words, in the order in which they are asked.
func withheldReasons() []struct {
	why         demand.Reason
	name, words string
} {
	return []struct {
		why         demand.Reason
		name, words string
	}{
		{demand.TooFew, "Too few", "Fewer than 7 councils whose part is not public are behind it."},
		{demand.TooFewChanged, "Too few changed", "It said nothing when it was last drawn, and fewer than 7 councils have changed since."},
		{demand.Waits, "Waits for its week", "It is due. In which week it is drawn is left to chance, so that a week’s changes cannot be told from it."},
		{demand.NearlyAll, "Too large a share", "Every step would say more than half of the councils that could be behind it."},
		{demand.ByChance, "Held back by chance", "It was drawn and fell below the first step, so that a gap never means few."},
	}
}

func (s *site) withheld(c *gin.Context, who visitor) error {
	r, err := s.releaseOf(c, who)
	if err != nil {
		return err
	}
	p := withheldPage{Heading: "What release " + view.Number(r.Number) + " withholds",
		Reasons: view.Table{Caption: "Why", FirstCellIsHeader: true, Responsive: true, Head: []view.Head{{Text: "Reason"}, {Text: "Cells", Numeric: true}, {Text: "What it means"}}},
		Cells: view.Table{Caption: "Cells that would be shown next, most councils first", FirstCellIsHeader: true, Responsive: true, Long: true,
			Head: []view.Head{{Text: "What"}, {Text: "Where"}, {Text: "When"}, {Text: "Councils", Numeric: true}, {Text: "Why"}}}}
	names, counts := map[demand.Reason]string{}, map[demand.Reason]int{}
	for _, w := range r.Withheld {
		counts[w.Why]++
	}
	for _, reason := range withheldReasons() {
		names[reason.why] = reason.name
		p.Reasons.Rows = append(p.Reasons.Rows, []view.Cell{{Text: reason.name}, {Text: view.Number(counts[reason.why]), Numeric: true}, {Text: reason.words}})
	}
	for _, w := range r.Withheld {
		p.Cells.Rows = append(p.Cells.Rows, s.withheldRow(w, names[w.Why]))
	}
	if n := len(p.Cells.Rows); n > shownWithheld {
		p.Rest = p.Cells
		p.Rest.Caption, p.Rest.Rows, p.Cells.Rows = "Cells with fewer councils", p.Cells.Rows[shownWithheld:], p.Cells.Rows[:shownWithheld]
		p.Fold = view.Details{Summary: "Show " + view.Number(n-shownWithheld) + " more"}
	}
	if r.More > 0 {
		p.More = view.Plural(r.More, "more cell with fewer councils is", "more cells with fewer councils are") + " withheld and not listed."
	}
	p.Page = s.page(c, who, "/demand", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Demand", Href: "/demand"}, {Text: "Release " + view.Number(r.Number), Href: r.Address()}, {Text: "Withheld"}}
	return s.show(c, who, http.StatusOK, "withheld", p)
}

func (s *site) withheldRow(w demand.Withheld, why string) []view.Cell {
	what := view.Cell{Text: "All areas", Note: ""}
	if w.What != "" {
		what.Text = s.whatWords(w.What)
	}
	if w.Of != "" {
		what.Note = s.cellWords(demand.Cell{Of: w.Of})
	}
	where, when := "Everywhere", "Any time"
	if w.Place != "" {
		where = strings.ReplaceAll(w.Place, "/", ", ")
	}
	if w.When != "" {
		when = whenWords(w.When)
	}
	return []view.Cell{what, {Text: where}, {Text: when}, {Text: view.Number(w.Councils), Numeric: true}, {Text: why}}
}

// latestWithheld leads the operator to what the latest release withholds.
func (s *site) latestWithheld(c *gin.Context, who visitor) error {
	r, err := s.Catalogue.LatestRelease(c, who.actor)
	if err != nil {
		return err
	}
	if r == nil {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "release not found"}
	}
	return s.redirect(c, who, r.Address()+"/withheld")
}
