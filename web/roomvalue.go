package web

import (
	"fmt"
	"strconv"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/plan"
	"jointly/web/chart"
	"jointly/web/view"
)

// valueView is the section of a group's room about its joint value. Template roomValue.
type valueView struct {
	Worth   []view.Piece
	Beyond  string // what counts beyond the members' maximums
	Kept    string // the visitor's own maximum is not counted
	Shares  figure
	Rule    string // where the threshold was read, and since when it holds
	Regime  string // whose rules apply, where it is not simply the Act
	Notices view.Table
	Lots    []view.Piece
	Change  view.Link
}

func newValueView(r *catalogue.Room, actor catalogue.Actor) *valueView {
	v := &valueView{}
	v.joint(r)
	v.Beyond, v.Regime, v.Notices = beyondWords(r), regimeWords(r), noticesTable(r)
	if m := r.Mine; m != nil && m.Intention != nil && m.Intention.Budget.Max > 0 && m.Maximum == 0 {
		v.Kept = "Your own maximum is not shared with the group, so it is not counted here."
	}
	if r.Dates != nil {
		v.Lots = lotsWords(r)
	}
	if mayPlan(r, actor) {
		v.Change = view.Link{Text: "Change options, extensions, fees and lots", Href: pagePath(catalogue.KindGroup, r.Group.ID) + "/value"}
	}
	return v
}

// beyondWords is what counts beyond the members' maximums, as the law counts it.
func beyondWords(r *catalogue.Room) string {
	val := r.Group.Value
	if r.Dates == nil || r.IfAll == 0 {
		return ""
	}
	var parts []string
	for _, p := range []struct {
		name  string
		value float64
	}{{"extensions", val.Extensions}, {"options", val.Options}, {"fees", val.Fees}} {
		if p.value > 0 {
			parts = append(parts, p.name+" "+view.Money(pounds(catalogue.IncVAT(p.value))))
		}
	}
	term := ""
	if val.TermMonths > 0 {
		term = " over " + monthsWords(val.TermMonths)
		if val.ExtensionMonths > 0 {
			term += " and " + monthsWords(val.ExtensionMonths) + "’ extension"
		}
	}
	if len(parts) == 0 {
		return "The law counts the most that may be paid, options, extensions and fees included. The group has stated none beyond what its members state."
	}
	return "Maximum payable" + term + ", as the law counts it: " + view.Money(pounds(r.Estimate.Total)) + " inc VAT. Beyond what the members state, inc VAT: " + view.Sentence(parts) + "."
}

// monthsWords is a term: '5 years', '18 months'.
func monthsWords(n int) string {
	if n%12 == 0 {
		return view.Plural(n/12, "year", "years")
	}
	return view.Plural(n, "month", "months")
}

// regimeWords says whose rules apply.
func regimeWords(r *catalogue.Room) string {
	switch e := r.Estimate; {
	case e.Regime == "Scotland" && e.Settled:
		return "The lead authority is Scottish: Scottish procurement rules apply, with thresholds and notices of their own. The Procurement Act 2023 and its notices do not."
	case e.Regime == "Scotland":
		return "The members are Scottish: Scottish procurement rules apply, with thresholds and notices of their own. The Procurement Act 2023 and its notices do not."
	case e.Regime == "Wales" && e.Settled:
		return "The lead authority is Welsh: Welsh rules under the Procurement Act 2023 apply. The register’s threshold is that of authorities which are not regulated by Wales, and notices are published under Welsh regulations: check both there."
	case e.Regime == "Wales":
		return "The members are Welsh: Welsh rules under the Procurement Act 2023 apply. The register’s threshold is that of authorities which are not regulated by Wales: check it there."
	case e.Regime == "Northern Ireland":
		return "The Procurement Act 2023 applies in Northern Ireland with arrangements of its own: check them before a notice is published."
	case !e.Settled:
		return "The rules are those of the lead authority, which is not settled yet. England’s are taken here."
	}
	return ""
}

// noticesTable lists what is to be published, with when and how that is known.
func noticesTable(r *catalogue.Room) view.Table {
	t := view.Table{Caption: "Notices", CaptionClasses: "govuk-table__caption--s", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Notice", Classes: "jy-col-25"}, {Text: "Is it needed?", Classes: "jy-col-20"}, {Text: "When"}, {Text: "By the plan"}, {Text: "How it is known", Classes: "jy-col-20"}}}
	if r.Dates == nil {
		return t
	}
	for _, n := range r.Estimate.Notices {
		by := view.Cell{Text: "no step of its own", Muted: true}
		if !n.By.IsZero() {
			by = dayCell(n.By)
		}
		if n.Past {
			by.Note = "the group is past it"
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: n.Rule.Code + " " + lowerFirst(n.Rule.Name)}, {Text: n.Need}, {Text: n.When}, by,
			{Text: knownWords(n.Rule.Known), Note: n.Rule.Source, Classes: "jy-table__line"}})
	}
	return t
}

// lotsWords says how the duty to consider lots was met.
func lotsWords(r *catalogue.Room) []view.Piece {
	l := r.Group.Value.Lots
	text := "not considered yet. There is a duty to consider whether the purchase could be divided, and to give the reason where it is not."
	switch l.Divided {
	case plan.Yes:
		text = "divided. " + l.Text
	case plan.No:
		text = "not divided. The reason: " + l.Text
	}
	out := []view.Piece{{Text: "Lots: ", Strong: true}, {Text: text}}
	if l.Divided != plan.Unsaid {
		who := l.Council
		for _, m := range r.Members {
			if m.Council == l.Council && m.Who != nil {
				who = m.Who.Label()
			}
		}
		out = append(out, view.Piece{Text: " Recorded by " + who + " on " + view.Day(l.On) + "."})
	}
	return out
}

// joint says what the members' maximums add up to, against the threshold.
func (v *valueView) joint(r *catalogue.Room) {
	if r.IfAll == 0 {
		v.Worth = []view.Piece{{Text: "No member has stated a budget that the group may see, so the joint value is not known."}}
		return
	}
	v.Worth = worth(r)
	if r.Unstated > 0 {
		v.Worth = append(v.Worth, view.Piece{Text: sentenceCase(inWords(r.Unstated)) + " " + noun(r.Unstated, "council has", "councils have") + " stated none, so it may be more. "})
	}
	bar := chart.ShareBar{About: chart.About{ID: "shares", Title: "Shares of the joint value"}, ShareHead: "Maximum, inc VAT"}
	for _, m := range r.Members {
		if m.Maximum > 0 && m.Who != nil {
			bar.Shares = append(bar.Shares, chart.Share{Label: m.Who.Name, Value: m.Maximum, Text: view.Money(pounds(m.Maximum)), Percent: strconv.Itoa(m.Percent) + "%", Emphasis: m.Large})
		}
	}
	if r.HasRule && r.Estimate.Regime != "Scotland" {
		rule := r.Threshold
		bar.Threshold, bar.ThresholdLabel = float64(rule.Value), "Threshold "+view.Money(int64(rule.Value))
		v.Worth = append(v.Worth, view.Piece{Text: "The threshold is "}, view.Piece{Text: view.Money(int64(rule.Value)) + " inc VAT", Strong: true}, view.Piece{Text: ". " + aboveWords(r)})
		v.Rule = strings.TrimSuffix(rule.Name, ".") + ". In force since " + view.Date(catalogue.DateOf(rule.From)) + ". Source: " + strings.TrimSuffix(rule.Source, ".") + "."
		if times := r.Estimate.Total / bar.Threshold; times >= 2 {
			bar.ThresholdLabel += fmt.Sprintf(": the joint value is %.0f times as much", times)
		}
	}
	v.Shares = newFigure(bar.Draw(), "")
}

// worth is the joint value of those that accepted, and where some are only asked what it would be with them.
func worth(r *catalogue.Room) []view.Piece {
	amount := func(value float64) []view.Piece {
		return []view.Piece{{Text: view.Money(pounds(value)) + " inc VAT", Strong: true}, {Text: " (" + view.Money(pounds(value/catalogue.IncVAT(1))) + " ex VAT). "}}
	}
	if r.Asked == 0 {
		return append([]view.Piece{{Text: "The most that the members state they would pay: "}}, amount(r.Joint)...)
	}
	var out []view.Piece
	if r.Joint > 0 {
		out = append(append(out, view.Piece{Text: "The most that those that accepted state they would pay: "}), amount(r.Joint)...)
	} else {
		out = append(out, view.Piece{Text: "Those that accepted state no budget that the group may see. "})
	}
	return append(append(out, view.Piece{Text: "If all accept: "}), amount(r.IfAll)...)
}

func aboveWords(r *catalogue.Room) string {
	is, apply := "is", "apply"
	if r.Asked > 0 {
		is, apply = "would be", "would apply"
	}
	if !r.Above {
		return "The joint value " + is + " below it. Each member’s own value counts for the sum: options, extensions and fees too."
	}
	alone := 0
	for _, m := range r.Members {
		if m.Maximum > 0 && m.Maximum < float64(r.Threshold.Value) {
			alone++
		}
	}
	text := "The joint value " + is + " above it: the full rules for a tender " + apply + " to all members."
	if alone > 0 {
		text += " " + sentenceCase(inWords(alone)) + " of them would be below it alone."
	}
	return text
}
