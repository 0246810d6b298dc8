package web

import (
	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// publishedRange is the least and the most that dated studies gave, and their years. They count different things: visits,
// calls, contacts, transactions.
func publishedRange(costs []register.ChannelCost) (r baseline.Range, from, to int) {
	for _, c := range costs {
		if c.Year == 0 {
			continue
		}
		if from == 0 {
			r, from, to = baseline.Range{Low: c.Low, High: c.High}, c.Year, c.Year
		}
		r.Low, r.High, from, to = min(r.Low, c.Low), max(r.High, c.High), min(from, c.Year), max(to, c.Year)
	}
	return r, from, to
}

// publishedCell is that range with its years; it is never one number.
func publishedCell(costs []register.ChannelCost) view.Cell {
	r, from, to := publishedRange(costs)
	if from == 0 {
		return view.Cell{Text: "none dated", Muted: true, Numeric: true}
	}
	return view.Cell{Text: pence(r.Low) + " to " + pence(r.High), Note: "studies of " + yearsWords(from, to), Numeric: true}
}

// studiesTable lists every published figure with where it is from.
func (s *site) studiesTable() view.Table {
	t := view.Table{Caption: "Published costs, channel by channel", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Study"}, {Text: "Year"}, {Text: "Channel"}, {Text: "Cost", Numeric: true}, {Text: "Of one"}}}
	for _, channel := range baseline.Channels() {
		for _, c := range s.Catalogue.Register().ChannelCosts(channel) {
			year, cost := view.Cell{Text: "not dated", Muted: true}, pence(c.Low)
			if c.Year > 0 {
				year = view.Cell{Text: yearsWords(c.Year, c.Year)}
			}
			if c.High > c.Low {
				cost += " to " + pence(c.High)
			}
			t.Rows = append(t.Rows, []view.Cell{{Text: c.Study, Note: sentenceCase(c.Note)}, year, {Text: catalogue.Channel(channel).Words()}, {Text: cost, Numeric: true}, {Text: c.Unit}})
		}
	}
	return t
}
