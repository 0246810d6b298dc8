package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// How many contracts without a date the estate's own page asks about, and how many a page of a form holds.
const (
	fewDates = 10
	formRows = 50
)

// endDatesForm asks for end dates that a register left out. Template estate-dates-form.
type endDatesForm struct {
	Rows []dateRow
	Save view.Button
}

// dateRow is one contract whose end is asked for.
type dateRow struct {
	ID         string
	Name, Href string
	Note       string
	Supplier   string
	Value      string
	End        view.DateInput
}

// typedDates are end dates as somebody typed them, by contract ID, and what is wrong with each.
type typedDates struct {
	parts map[string]typedDate
	wrong map[string]string
}

// newDatesForm asks for the ends of contracts; typed is nil for an empty form.
func newDatesForm(rows []catalogue.EstateRow, typed *typedDates) *endDatesForm {
	f := &endDatesForm{Save: view.Button{Text: "Save dates", PreventDoubleClick: true}}
	for _, r := range rows {
		row := dateRow{ID: r.ID, Name: r.Title, Href: pagePath(catalogue.KindContract, r.ID), Supplier: view.OrNotStated(r.Supplier), Value: valueCell(r.Value).Text, Note: r.Ref}
		if r.EndNote != "" {
			row.Note = joined([]string{r.Ref, "the register says ‘" + r.EndNote + "’"})
		}
		row.End = view.DateInput{Name: "end-" + r.ID, Legend: &view.Legend{Text: "When does it end: " + r.Title, Classes: "govuk-visually-hidden"}}
		if typed != nil {
			d := typed.parts[r.ID]
			row.End.Day, row.End.Month, row.End.Year, row.End.Error = d.Day, d.Month, d.Year, typed.wrong[r.ID]
			if _, _, part := d.read(); part != "" {
				row.End.ErrorOn = []string{part}
			}
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

// estateDatesPage is the 'date needed' list.
type estateDatesPage struct {
	view.Page
	Caption string
	Lead    string
	Dates   *endDatesForm // nil where none is missing
}

func (s *site) estateDates(c *gin.Context, who visitor) error {
	return s.showEndDates(c, who, http.StatusOK, nil)
}

func (s *site) showEndDates(c *gin.Context, who visitor, status int, typed *typedDates) error {
	if err := mayRecord(who.actor); err != nil {
		return err
	}
	e, err := s.Catalogue.Estate(c, who.actor)
	if err != nil {
		return err
	}
	p := estateDatesPage{Page: s.page(c, who, "/estate", "Date needed"), Caption: e.Council.Label(), Lead: "Every contract states when it ends."}
	undated := e.Undated()
	if typed != nil { // what was refused comes first, with the rows that stood beside it
		for _, r := range e.Rows {
			if _, refused := typed.wrong[r.ID]; refused && !r.End.IsZero() {
				undated = append(undated, r) // somebody else has filled it in meanwhile
			}
		}
		slices.SortStableFunc(undated, func(a, b catalogue.EstateRow) int { return typed.rank(a.ID) - typed.rank(b.ID) })
	}
	if n := len(undated); n > 0 {
		p.Lead = view.Plural(n, "contract states", "contracts state") + " no end date, and " + noun(n, "is", "are") + " in no figure of your estate."
		p.Dates = newDatesForm(undated[:min(n, formRows)], typed)
		for _, row := range p.Dates.Rows {
			if row.End.Error != "" {
				p.Errors = append(p.Errors, view.ErrorLink{Text: row.Name + ": " + lowerFirst(row.End.Error), Href: "#" + row.End.FieldID() + "-day"})
			}
		}
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, status, "estate-dates", p)
}

// rank puts the rows that are wrong before those that were in the form, and those before the others.
func (t *typedDates) rank(id string) int {
	if _, ok := t.wrong[id]; ok {
		return 0
	}
	if _, ok := t.parts[id]; ok {
		return 1
	}
	return 2
}

// fillDates saves the dates that are good, and shows the others again with what was typed.
func (s *site) fillDates(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	all := &typedDates{map[string]typedDate{}, map[string]string{}}
	ends := map[string]catalogue.Date{}
	for _, id := range values["contract"][:min(len(values["contract"]), formRows)] {
		parts := t.dateParts("end-" + id)
		end, problem, _ := parts.read()
		switch all.parts[id] = parts; {
		case problem != "":
			all.wrong[id] = "The end date " + problem
		case !end.IsZero():
			ends[id] = end
		}
	}
	done, err := s.Catalogue.FillDates(c, who.actor, ends)
	if err != nil {
		return err
	}
	for id, wrong := range done.Wrong {
		all.wrong[id] = refusalWords(wrong, "a contract")
	}
	if len(all.wrong) > 0 {
		if done.Saved > 0 {
			who.session.set("flash", view.Plural(done.Saved, "date is", "dates are")+" saved. The others are not: see below.")
		}
		return s.showEndDates(c, who, http.StatusBadRequest, all)
	}
	if done.Saved > 0 {
		who.session.set("flash", view.Plural(done.Saved, "date is", "dates are")+" saved.")
	}
	return s.redirect(c, who, "/estate")
}

// refusalWords is why one row was refused; what names its kind, 'a contract'.
func refusalWords(err error, what string) string {
	if fields := catalogue.FieldsOf(err); len(fields) > 0 {
		return fields[0].Message
	}
	return "This is not " + what + " that your council can change"
}

func mayRecord(actor catalogue.Actor) error {
	if catalogue.MayDo(actor, catalogue.RecordContract) {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Forbidden,
		Message: "Your account can read only. An administrator of your council, or whoever runs this service, can let you change what your council has here"}
}
