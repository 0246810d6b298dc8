package web

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"jointly/catalogue"
	"jointly/web/chart"
	"jointly/web/view"
)

// mostShown is how many contracts the estate's timeline and its table hold: the soonest to decide.
const mostShown = 25

// valueSteps are the amounts a year by which the estate is narrowed.
func valueSteps() []int { return []int{5_000, 25_000, 100_000} }

// pick is the rows that a query leaves and are shown, and in words how many of how many they are.
func (q estateQuery) pick(e *catalogue.Estate) ([]catalogue.EstateRow, string) {
	var dated []catalogue.EstateRow
	for _, r := range e.Rows {
		if !r.End.IsZero() && (q.over == 0 || r.AYear() > float64(q.over)) {
			dated = append(dated, r)
		}
	}
	if len(dated) <= mostShown {
		return dated, ""
	}
	return dated[:mostShown], "The " + view.Number(mostShown) + " soonest to decide of " + view.Number(len(dated)) + " with dates are shown."
}

func estateFilters(e *catalogue.Estate, q estateQuery) (by, show view.Select) {
	by = view.Select{Name: "by", Label: view.Label{Text: "Group by"}, Options: []view.Option{
		{Value: "date", Text: "Date to act", Selected: q.by == "date"},
		{Value: "capability", Text: "What it is for", Selected: q.by == "capability"},
		{Value: "supplier", Text: "Supplier", Selected: q.by == "supplier"}}}
	dated := 0
	over := make([]int, len(valueSteps()))
	for _, r := range e.Rows {
		if r.End.IsZero() {
			continue
		}
		dated++
		for i, step := range valueSteps() {
			if r.AYear() > float64(step) {
				over[i]++
			}
		}
	}
	show = view.Select{Name: "over", Label: view.Label{Text: "Show"}, Options: []view.Option{{Value: "0", Text: "All with dates (" + view.Number(dated) + ")", Selected: q.over == 0}}}
	for i, step := range valueSteps() {
		show.Options = append(show.Options, view.Option{Value: strconv.Itoa(step), Selected: q.over == step,
			Text: fmt.Sprintf("Over %s a year (%s)", view.Money(int64(step)), view.Number(over[i]))})
	}
	return by, show
}

// rowGroup is rows under one name, in the order in which the first of each is to be decided.
type rowGroup struct {
	name string
	rows []catalogue.EstateRow
}

func (s *site) grouped(rows []catalogue.EstateRow, by string) []rowGroup {
	if by == "date" {
		return []rowGroup{{rows: rows}}
	}
	var out []rowGroup
	for _, r := range rows {
		name := view.OrNotStated(r.Supplier)
		if by == "capability" {
			name = s.capabilityName(r.Capability)
		}
		i := slices.IndexFunc(out, func(g rowGroup) bool { return g.name == sentenceCase(name) })
		if i < 0 {
			i = len(out)
			out = append(out, rowGroup{name: sentenceCase(name)})
		}
		out[i].rows = append(out[i].rows, r)
	}
	return out
}

// capabilityName is what people call a capability; 'not stated' where a record names none.
func (s *site) capabilityName(id string) string {
	if capability, ok := s.Catalogue.Dictionary().Capability(id); ok {
		return capability.Name
	}
	return view.NotStated
}

// Kinds of bars in the estate's timeline.
const (
	kindContract = "Contract"
	kindInHand   = "Has an intention or group"
)

// estateTimeline draws the contracts with their notice, break, end and extension.
func (s *site) estateTimeline(rows []catalogue.EstateRow, q estateQuery) figure {
	today := s.Catalogue.Today()
	t := chart.Timeline{About: chart.About{ID: "ends", Title: "What ends when"}, Today: today, RowHead: "Contract", From: today.AddDate(0, -3, 0),
		Kinds: []string{kindContract, kindInHand}}
	for _, months := range []int{6, 12, 18, 24} {
		t.Lines = append(t.Lines, chart.Line{Date: catalogue.DateOf(today).AddMonths(months).First(), Label: strconv.Itoa(months) + " months", Short: strconv.Itoa(months), Quiet: true})
	}
	for _, g := range s.grouped(rows, q.by) {
		if g.name != "" {
			t.Rows = append(t.Rows, chart.TimelineRow{Label: g.name, Heading: true})
		}
		for _, r := range g.rows {
			t.Rows = append(t.Rows, estateBar(r))
		}
	}
	if len(rows) == 0 {
		return figure{}
	}
	return figure{Drawing: t.Draw()}
}

func estateBar(r catalogue.EstateRow) chart.TimelineRow {
	bar := chart.TimelineRow{Label: r.Title, Link: pagePath(catalogue.KindContract, r.ID), Kind: kindContract, Start: r.Start.First(), End: r.End.Last()}
	if r.InHand() {
		bar.Kind = kindInHand
	}
	if r.ExtensionMonths > 0 {
		bar.Extended = r.EndIfExtended().Last()
	}
	for _, m := range []struct {
		on   catalogue.Date
		kind chart.MilestoneKind
	}{{r.NoticeBy(), chart.NoticeBy}, {r.Break, chart.Break}} {
		if !m.on.IsZero() {
			bar.Milestones = append(bar.Milestones, chart.Milestone{Date: m.on.Last(), Kind: m.kind})
		}
	}
	return bar
}

// estateTable lists contracts with their dates, what they cost a year, and what to do next.
func (s *site) estateTable(rows []catalogue.EstateRow, partners map[string]partnerCount, actor catalogue.Actor) view.Table {
	t := view.Table{Caption: "Contracts, the soonest to decide first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Contract", Classes: "jy-col-25"}, {Text: "Notice by"}, {Text: "Ends"}, {Text: "May extend to"},
			{Text: yearHead(rows), Numeric: true}, {Text: "Next"}}}
	today := s.Catalogue.Today()
	for _, r := range rows {
		t.Rows = append(t.Rows, []view.Cell{
			{Text: r.Title, Href: pagePath(catalogue.KindContract, r.ID), Note: r.Supplier}, noticeCell(r.Contract, today), estateEndCell(r.Contract, today),
			extendCell(r.Contract), yearCell(r), nextCell(r, partners, actor, today)})
	}
	return t
}

// yearHead says that values are without VAT only where all that are stated are known to be.
func yearHead(rows []catalogue.EstateRow) string {
	for _, r := range rows {
		if r.AYear() > 0 && !r.ExVAT {
			return "A year"
		}
	}
	return "A year, ex VAT"
}

// valueWords says what the values are.
func valueWords(rows []catalogue.EstateRow) string {
	words := "A year’s value is the whole value over the stated term, from start to end without extension."
	if yearHead(rows) == "A year" {
		words += " Published values are as they were published: most records do not say whether VAT is in them."
	}
	return words
}

func noticeCell(k *catalogue.Contract, today time.Time) view.Cell {
	by, early := k.NoticeBy(), k.BreakNoticeBy()
	cell := view.Cell{Text: view.NotStated, Muted: true, Sort: "9999"}
	if !by.IsZero() {
		cell = view.Cell{Text: view.Date(by), Sort: by.String()}
		if by.Last().Before(today) {
			cell.Note = "has passed"
		}
	}
	if !early.IsZero() && !early.Last().Before(today) {
		cell.Note = joined([]string{cell.Note, "for the break " + view.Date(early)})
	}
	return cell
}

func estateEndCell(k *catalogue.Contract, today time.Time) view.Cell {
	if k.End.IsZero() {
		cell := view.Cell{Text: view.NotStated, Muted: true, Sort: "9999"}
		if k.EndNote != "" {
			cell.Note = "the register says ‘" + k.EndNote + "’"
		}
		return cell
	}
	cell := view.Cell{Text: view.Date(k.End), Sort: k.End.String()}
	switch {
	case k.Ended(today):
		cell.Note = "has passed"
	case !k.Break.IsZero():
		cell.Note = "break " + view.Date(k.Break)
	}
	return cell
}

func extendCell(k *catalogue.Contract) view.Cell {
	if k.ExtensionMonths == 0 {
		return view.Cell{Text: "none stated", Muted: true, Sort: "9999"}
	}
	return view.Cell{Text: view.Date(k.EndIfExtended()), Sort: k.EndIfExtended().String()}
}

func yearCell(r catalogue.EstateRow) view.Cell {
	cell := valueCell(r.AYear())
	if r.AYear() == 0 && r.Value > 0 {
		if cell.Note = "the term is not stated"; r.FrameworkCeiling() {
			cell.Note = "framework ceiling"
		}
	}
	return cell
}

// laterThan is from how many months on the next step can wait.
const laterThan = 24

func nextCell(r catalogue.EstateRow, partners map[string]partnerCount, actor catalogue.Actor, today time.Time) view.Cell {
	may := catalogue.MayDo(actor, catalogue.ListIntention)
	switch {
	case r.Group != nil:
		return view.Cell{Text: "In a group of " + view.Number(r.Group.Councils), Href: pagePath(catalogue.KindGroup, r.Group.ID)}
	case r.Intention != nil:
		cell := view.Cell{Text: "Intention listed", Href: pagePath(catalogue.KindIntention, r.Intention.ID) + "/matches"}
		if n, ok := partners[r.Intention.ID]; ok && n.councils > 0 {
			cell.Text, cell.Note = view.Plural(n.councils, "match", "matches"), "intention listed"
		}
		return cell
	case r.Next.Kind == catalogue.DecidePast && may:
		return view.Cell{Text: "Was it extended?", Href: pagePath(catalogue.KindContract, r.ID) + "/edit?extend=yes"}
	case r.Next.By.IsZero() || catalogue.MonthsUntil(today, r.Next.By.Last()) >= laterThan:
		return view.Cell{Text: "Later", Muted: true}
	case !may:
		return view.Cell{Text: "Decide by " + view.Date(r.Next.By)}
	}
	return view.Cell{Text: "Make an intention", Href: fromContractAddress(r.ID)}
}
