package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// savingsPage is a group's ledger with the form of the visitor's own council.
type savingsPage struct {
	view.Page
	Heading  string
	Ledger   view.Table
	Totals   []string
	Conflict *view.SummaryList // what a colleague saved meanwhile; nil for none
	Form     *savingForm       // nil: the visitor can read only
	Whose    string
	Links    []view.Link
}

// savingForm is what a council states, as somebody types it.
type savingForm struct {
	Action      string
	Version     uint64
	Baseline    view.Input
	BaselineHow view.Textarea
	Low, High   view.Input
	Assumptions view.Textarea
	Actual      view.Input
	From, To    view.DateInput
	OneOff      view.Input
	Send        view.Button
}

// savingTyped is the form's fields as they were typed.
type savingTyped struct {
	baseline, baselineHow, low, high, assumptions, actual, oneOff string
	from, to                                                      typedDate
}

// savingFields are the fields in the order of the form.
func savingFields() []string {
	return []string{"baseline", "baseline_how", "forecast_low", "forecast_high", "assumptions", "one_off", "actual", "actual_from", "actual_to"}
}

func readSaving(t *typed) (savingTyped, catalogue.SavingFigures) {
	typed := savingTyped{t.text("baseline"), t.text("baseline_how"), t.text("forecast_low"), t.text("forecast_high"), t.text("assumptions"), t.text("actual"),
		t.text("one_off"), t.dateParts("actual_from"), t.dateParts("actual_to")}
	f := catalogue.SavingFigures{Baseline: t.amount("baseline", "What you pay now"), BaselineHow: typed.baselineHow,
		Forecast:    catalogue.Money{Min: t.amount("forecast_low", "The least you expect to pay"), Max: t.amount("forecast_high", "The most you expect to pay")},
		Assumptions: typed.assumptions, Actual: t.amount("actual", "What you pay since"), OneOff: t.amount("one_off", "One-off costs"),
		ActualFrom: t.date("actual_from", "The first day"), ActualTo: t.date("actual_to", "The last day")}
	return typed, f
}

// typedSaving is an entry as somebody would type it.
func typedSaving(s *catalogue.Saving) savingTyped {
	if s == nil {
		return savingTyped{}
	}
	amount := func(v float64, stated bool) string {
		if v == 0 && !stated {
			return ""
		}
		return strconv.FormatInt(pounds(v), 10)
	}
	return savingTyped{amount(s.Baseline, s.HasBaseline()), s.BaselineHow, amount(s.Forecast.Min, s.HasForecast()), amount(s.Forecast.Max, s.HasForecast()),
		s.Assumptions, amount(s.Actual, s.HasActual()), amount(s.OneOff, false), typedOf(s.ActualFrom), typedOf(s.ActualTo)}
}

func (s *site) savings(c *gin.Context, who visitor) error {
	read, err := s.handed(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := s.newSavingsPage(c, who, read)
	if p.Form != nil {
		p.Form.fill(typedSaving(read.savings.Mine), nil)
	}
	return s.show(c, who, http.StatusOK, "savings", p)
}

func (s *site) newSavingsPage(c *gin.Context, who visitor, read papersOf) savingsPage {
	g := read.room.Group
	p := savingsPage{Page: s.page(c, who, "/groups", "Savings: "+g.Title), Heading: "Savings: " + marked(g.Title, g.Demonstration),
		Ledger: *gridTable(ledgerGrid(read.savings)), Totals: ledgerWords(read.savings), Whose: nameOf(read.forWhom())}
	p.Crumbs = groupCrumbs(g, "Savings")
	for _, l := range paperLinks(g.ID) {
		if l.Text != "Savings" {
			p.Links = append(p.Links, l)
		}
	}
	if m := read.room.Mine; m != nil && m.State == catalogue.Accepted && g.Stage != catalogue.Abandoned && catalogue.MayDo(who.actor, catalogue.WorkInGroup) {
		p.Form = &savingForm{Action: pagePath(catalogue.KindGroup, g.ID) + "/savings"}
		if read.savings.Mine != nil {
			p.Form.Version = read.savings.Mine.Version
		}
	}
	return p
}

// fill makes the form's fields of what was typed and what is wrong with it.
func (f *savingForm) fill(t savingTyped, wrong error) {
	amount := func(name, label, hint, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label}, Hint: hint, Value: value, Error: fieldError(wrong, name), Prefix: "£", Suffix: "a year",
			InputMode: "numeric", Spellcheck: "false", Classes: "govuk-input--width-10"}
	}
	words := func(name, label, hint, value string) view.Textarea {
		return view.Textarea{Name: name, Rows: 3, Label: view.Label{Text: label}, Hint: hint, Value: value, Error: fieldError(wrong, name)}
	}
	f.Baseline = amount("baseline", "What you pay now", "Licences, hosting, support and your own work, excluding VAT. Enter 0 if you pay nothing yet", t.baseline)
	f.BaselineHow = words("baseline_how", "How did you work it out?", "For example, invoices of 2025 to 2026 and half a post", t.baselineHow)
	f.Low = amount("forecast_low", "The least you expect to pay", "", t.low)
	f.High = amount("forecast_high", "The most you expect to pay", "The range is a forecast, never a promise", t.high)
	f.Assumptions = words("assumptions", "What does the forecast rest on?", "For example, how many councils buy, which price you compared with, and what you left out", t.assumptions)
	f.OneOff = amount("one_off", "One-off costs (optional)", "Migration, training, leaving the present contract early", t.oneOff)
	f.OneOff.Suffix = "once"
	f.Actual = amount("actual", "What you pay since (optional)", "Once the new contract runs", t.actual)
	f.From = dateField("actual_from", "First day of the period in which you paid this", "", t.from, wrong)
	f.To = dateField("actual_to", "Last day of the period", "", t.to, wrong)
	f.Send = view.Button{Text: "Save our figures", PreventDoubleClick: true}
}

func (s *site) setSaving(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	typed, figures := readSaving(t)
	version, err := strconv.ParseUint(t.text("version"), 10, 64)
	if err != nil && t.text("version") != "" {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form does not say which state of the figures it changes. Open it again from the group’s page", Err: err}
	}
	saved := (*catalogue.Saving)(nil)
	if err = t.err(); err == nil {
		saved, err = s.Catalogue.SetSaving(c, who.actor, id, version, catalogue.Saving{SavingFigures: figures})
	}
	switch catalogue.KindOf(err) {
	case catalogue.Invalid, catalogue.Conflict:
		return s.savingAgain(c, who, id, typed, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Your council’s figures are saved. The group’s members see them.")
	return s.redirect(c, who, pagePath(catalogue.KindGroup, id)+"/savings")
}

// savingAgain shows the form with what was typed: with what is wrong, or beside what a colleague saved meanwhile.
func (s *site) savingAgain(c *gin.Context, who visitor, id string, typed savingTyped, wrong error) error {
	read, err := s.handed(c, who.actor, id)
	if err != nil {
		return err
	}
	p := s.newSavingsPage(c, who, read)
	if p.Form == nil {
		return wrong
	}
	status := http.StatusBadRequest
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		status, p.Conflict = http.StatusConflict, savedMeanwhile(typedSaving(read.savings.Mine), typed)
	}
	wrong = inOrderOf(savingFields(), wrong)
	p.Form.fill(typed, wrong)
	p.Errors = errorLinks(wrong, map[string]string{"actual_from": "actual_from-day", "actual_to": "actual_to-day"})
	return s.show(c, who, status, "savings", p)
}

// savedMeanwhile lists what a colleague saved otherwise than what was typed.
func savedMeanwhile(theirs, mine savingTyped) *view.SummaryList {
	l := &view.SummaryList{}
	for _, f := range []struct{ name, theirs, mine string }{
		{"What you pay now", theirs.baseline, mine.baseline}, {"How you worked it out", theirs.baselineHow, mine.baselineHow},
		{"The least you expect to pay", theirs.low, mine.low}, {"The most you expect to pay", theirs.high, mine.high},
		{"What the forecast rests on", theirs.assumptions, mine.assumptions}, {"One-off costs", theirs.oneOff, mine.oneOff}, {"What you pay since", theirs.actual, mine.actual},
		{"First day of the period", theirs.from.words(), mine.from.words()}, {"Last day of the period", theirs.to.words(), mine.to.words()},
	} {
		if f.theirs != f.mine {
			l.Rows = append(l.Rows, view.SummaryRow{Key: f.name, Value: view.OrNotStated(f.theirs), Muted: f.theirs == ""})
		}
	}
	return l
}

// ledgerGrid is a group's ledger as pages and papers show it: a row a member.
func ledgerGrid(l *catalogue.Savings) *exchange.Grid {
	g := &exchange.Grid{Caption: "Savings by member, excluding VAT", Head: []string{"Council", "Pays now, a year", "Expects to save, a year", "Saves, a year", "One-off costs"},
		Numeric: []bool{false, true, true, true, true}}
	for _, r := range l.Rows {
		row := []string{nameOf(r.Council), view.NotStated, view.NotStated, view.NotStated, view.NotStated}
		s := r.Saving
		if s.HasBaseline() {
			row[1] = amountWords(s.Baseline)
		}
		if s.HasForecast() {
			row[2] = rangeWords(s.Expected())
		}
		if s.HasActual() {
			row[3] = amountWords(s.Saved()) + "\n" + view.Date(s.ActualFrom) + " to " + view.Date(s.ActualTo)
		}
		if s != nil && s.OneOff > 0 {
			row[4] = amountWords(s.OneOff)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// amountWords is an exact sum; unlike view.Money it states nothing as £0.
func amountWords(v float64) string {
	if pounds(v) == 0 {
		return "£0"
	}
	return view.Money(pounds(v))
}

// rangeWords is a range of what is saved; less than nothing is more paid.
func rangeWords(m catalogue.Money) string {
	if pounds(m.Min) == pounds(m.Max) {
		return amountWords(m.Min)
	}
	return amountWords(m.Min) + " to " + amountWords(m.Max)
}

// ledgerWords say what the figures add up to, and of how many members each is.
func ledgerWords(l *catalogue.Savings) []string {
	of := " (stated by " + view.Number(l.Baselines) + " of " + view.Number(len(l.Rows)) + ")"
	if l.Baselines == 0 {
		return []string{"No member has stated what it pays now."}
	}
	out := []string{"Together they pay " + amountWords(l.Baseline) + " a year now" + of + "."}
	if l.Forecasts > 0 {
		out = append(out, "They expect to save "+rangeWords(l.Expected)+" a year (stated by "+view.Number(l.Forecasts)+" of "+view.Number(len(l.Rows))+
			"): a forecast by the members, not a promise.")
	}
	if l.Actuals > 0 {
		out = append(out, "So far they save "+amountWords(l.Saved)+" a year by their own figures (stated by "+view.Number(l.Actuals)+" of "+view.Number(len(l.Rows))+").")
	}
	if l.OneOff > 0 {
		out = append(out, "One-off costs stated: "+amountWords(l.OneOff)+".")
	}
	if l.Expected.Min < 0 || l.Saved < 0 {
		out = append(out, "Less than nothing (−) means that more is paid than before.")
	}
	return out
}

// words is a date as it was typed, in one line.
func (d typedDate) words() string {
	return strings.Join(strings.Fields(d.Day+" "+d.Month+" "+d.Year), " ")
}
