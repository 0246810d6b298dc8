package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// vestingPage is the form for what is known of a council's end, or of the ends of all councils of an area.
type vestingPage struct {
	view.Page
	Heading string
	Lead    string
	Action  string
	Hidden  []hiddenField
	Council *view.Select // where it is not given
	Area    *view.Input  // where it is not given
	Next    *vestingNext // for one council
	Date    view.DateInput
	Status  view.Radios
	Source  view.Textarea
	Read    view.DateInput
	Save    view.Button
	Remove  *view.Details // around the form that brings the register's row back
	Back    view.Link
}

// vestingNext is what takes a council's place.
type vestingNext struct {
	Name       view.Input
	Successors view.Textarea
}

// vestingForm is a vesting as somebody types it.
type vestingForm struct {
	council, area, name, successors string
	date, read                      typedDate
	status, source                  string
	version                         uint64
}

func readVestingForm(t *typed) vestingForm {
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	return vestingForm{council: t.text("council"), area: t.text("area"), name: t.text("successor_name"), successors: t.text("successors"),
		date: t.dateParts("vesting_date"), read: t.dateParts("read"), status: t.text("status"), source: t.text("source"), version: version}
}

// formOfRow is what is known of a council as somebody would type it.
func (s *site) formOfRow(r catalogue.ReorganisationRow) vestingForm {
	f := vestingForm{council: r.CouncilGSS, area: r.Area, name: r.SuccessorName, successors: strings.Join(r.Successors, "\n"), status: string(r.Status),
		source: r.Source, version: r.Version(), read: typedOf(catalogue.DateOf(s.Catalogue.Today()))}
	if !r.Reorganisation.Vesting.IsZero() {
		f.date = typedOf(catalogue.DateOf(r.Reorganisation.Vesting))
	}
	if r.Record != nil {
		f.source, f.read = r.Record.Source, typedOf(r.Record.Read)
	}
	return f
}

// rowOf is what is known of a council in an area; nil where nothing is.
func (s *site) rowOf(c *gin.Context, council, area string) (*catalogue.ReorganisationRow, error) {
	rows, err := s.Catalogue.ReorganisationOf(c, council)
	for i := range rows {
		if rows[i].Area == area {
			return &rows[i], nil
		}
	}
	return nil, err
}

func (s *site) editVesting(c *gin.Context, who visitor) error {
	f := vestingForm{council: c.Query("council"), area: c.Query("area"), read: typedOf(catalogue.DateOf(s.Catalogue.Today()))}
	row, err := s.rowOf(c, f.council, f.area)
	if err != nil {
		return err
	}
	if row != nil {
		f = s.formOfRow(*row)
	}
	anew(c)
	return s.showVestingForm(c, who, http.StatusOK, f, nil)
}

func (s *site) saveVesting(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	f := readVestingForm(t)
	v := catalogue.Vesting{Meta: catalogue.Meta{Version: f.version}, Council: f.council, Area: f.area, SuccessorName: f.name, Successors: lines(f.successors),
		Status: register.ReorganisationStatus(f.status), Source: f.source, Date: t.date("vesting_date", "The vesting date"), Read: t.date("read", "The day on which you read it")}
	if err := t.err(); err != nil {
		return s.showVestingForm(c, who, http.StatusBadRequest, f, err)
	}
	saved, err := s.Catalogue.SaveVesting(c, who.actor, v)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showVestingForm(c, who, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Saved. Pages of the council, its contracts and its needs say so now.")
	return s.redirect(c, who, areaPath(saved.Area))
}

func (s *site) removeVesting(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	f := readVestingForm(&typed{Values: values})
	if err := s.Catalogue.RemoveVesting(c, who.actor, f.council, f.area, f.version); err != nil {
		return err
	}
	who.session.set("flash", "Removed. What the register says stands again.")
	path := areaPath(f.area)
	if _, err := s.Catalogue.ReorganisationIn(c, f.area); err != nil {
		path = "/reorganisation"
	}
	return s.redirect(c, who, path)
}

func statusOf(err error) int {
	if catalogue.KindOf(err) == catalogue.Conflict {
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

func (s *site) showVestingForm(c *gin.Context, who visitor, status int, f vestingForm, wrong error) error {
	row, err := s.rowOf(c, f.council, f.area)
	if err != nil {
		return err
	}
	if catalogue.KindOf(wrong) == catalogue.Conflict && row != nil {
		f.version = row.Version() // whoever saves again has seen what it replaces
	}
	p := newVestingForm(f, wrong)
	p.Heading, p.Action = "Record a council’s end", "/reorganisation/edit"
	p.Lead = "It takes the place of what the register says of this council, everywhere."
	p.Back = view.Link{Text: "Back to the areas", Href: "/reorganisation"}
	p.Next = &vestingNext{
		Name: view.Input{Name: "successor_name", Label: view.Label{Text: "What takes its place, as stated (optional)", Classes: "govuk-label--s"},
			Hint: "Leave empty where it is not decided. Write ‘stays as it is’ where only the area is reorganised", Value: f.name, Error: fieldError(wrong, "successor_name")},
		Successors: view.Textarea{Name: "successors", Rows: 3, Label: view.Label{Text: "The new councils by name, one a line (optional)", Classes: "govuk-label--s"},
			Hint: "Councils that name the same one are a cohort. Several: this council is split", Value: f.successors, Error: fieldError(wrong, "successors")}}
	if row != nil {
		p.Heading = "Record the end of " + row.Council.Label()
		p.Back = view.Link{Text: "Back to " + row.Area, Href: areaPath(row.Area)}
		p.Hidden = append(p.Hidden, hiddenField{"council", f.council}, hiddenField{"area", f.area})
		if catalogue.KindOf(wrong) == catalogue.Conflict {
			strong, text := reorganisationWords(row.Reorganisation)
			p.Lead = "What was saved meanwhile says: " + strong + " " + text + " Source: " + row.Source
		}
		if row.Record != nil {
			p.Remove = &view.Details{Summary: "Remove this record", ID: "remove"}
		}
	} else if err := s.askCouncil(c, &p, f, wrong); err != nil {
		return err
	}
	return s.showVestingPage(c, who, status, p, wrong)
}

// askCouncil adds the fields for a council and an area that nothing is known of yet.
func (s *site) askCouncil(c *gin.Context, p *vestingPage, f vestingForm, wrong error) error {
	options, err := s.councilOptions(c, f.council)
	if err != nil {
		return err
	}
	p.Council = &view.Select{Name: "council", Label: view.Label{Text: "Which council?", Classes: "govuk-label--s"}, Typed: true, Options: options, Error: fieldError(wrong, "council")}
	p.Area = &view.Input{Name: "area", Label: view.Label{Text: "Area", Classes: "govuk-label--s"}, Hint: "Reorganised together, such as Kent and Medway", Value: f.area, Error: fieldError(wrong, "area")}
	return nil
}

// councilOptions is all councils to choose from, those that are not in the register last.
func (s *site) councilOptions(c *gin.Context, chosen string) ([]view.Option, error) {
	options := []view.Option{{Text: "Choose"}}
	for _, council := range s.Catalogue.Register().Councils() {
		options = append(options, view.Option{Value: council.GSS, Text: council.OfficialName, Selected: council.GSS == chosen})
	}
	stored, err := s.Catalogue.StoredCouncils(c)
	for _, council := range stored {
		options = append(options, view.Option{Value: council.GSS, Text: council.Label(), Selected: council.GSS == chosen})
	}
	return options, err
}

func (s *site) showVestingPage(c *gin.Context, who visitor, status int, p vestingPage, wrong error) error {
	p.Page = s.page(c, who, "", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: p.Heading}}
	p.Errors = errorLinks(wrong, map[string]string{"vesting_date": "vesting_date-day", "read": "read-day"})
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = []view.ErrorLink{{Text: "Somebody else saved this while you were working on it. What you typed is still here: saving again replaces what they saved", Href: "#vesting_date-day"}}
	}
	return s.show(c, who, status, "vesting-form", p)
}

// newVestingForm is the fields that the form for one council and that for an area share.
func newVestingForm(f vestingForm, wrong error) vestingPage {
	p := vestingPage{
		Hidden: []hiddenField{{"version", strconv.FormatUint(f.version, 10)}},
		Date:   dateField("vesting_date", "On which day do the new councils take over? (optional)", "For example, 1 4 2028", f.date, wrong),
		Status: view.Radios{Name: "status", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "How far has it come?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "status")},
		Source: view.Textarea{Name: "source", Rows: 4, Label: view.Label{Text: "Where is this stated?", Classes: "govuk-label--s"},
			Hint: "The document with its date, and what was not seen. Pages show it", Value: f.source, Error: fieldError(wrong, "source")},
		Read: dateField("read", "When did you read it?", "For example, 24 11 2026", f.read, wrong),
		Save: view.Button{Text: "Save", PreventDoubleClick: true},
	}
	for _, status := range register.ReorganisationStatuses() {
		p.Status.Choices = append(p.Status.Choices, view.Choice{Value: string(status), Text: statusWords(status), Checked: string(status) == f.status})
	}
	return p
}

func (s *site) editArea(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.ReorganisationIn(c, c.Query("area"))
	if err != nil {
		return err
	}
	f := s.formOfRow(found.Rows[0])
	f.version = found.Version()
	anew(c)
	return s.showAreaForm(c, who, http.StatusOK, found, f, nil)
}

func (s *site) saveArea(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	f := readVestingForm(t)
	found, err := s.Catalogue.ReorganisationIn(c, f.area)
	if err != nil {
		return err
	}
	a := catalogue.AreaVesting{Area: f.area, Status: register.ReorganisationStatus(f.status), Source: f.source, Seen: f.version,
		Date: t.date("vesting_date", "The vesting date"), Read: t.date("read", "The day on which you read it")}
	if err := t.err(); err != nil {
		return s.showAreaForm(c, who, http.StatusBadRequest, found, f, err)
	}
	err = s.Catalogue.SetArea(c, who.actor, a)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showAreaForm(c, who, statusOf(err), found, f, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved for "+view.Plural(len(found.Rows), "council", "councils")+".")
	return s.redirect(c, who, areaPath(f.area))
}

func (s *site) showAreaForm(c *gin.Context, who visitor, status int, found *catalogue.ReorganisedArea, f vestingForm, wrong error) error {
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		f.version = found.Version()
	}
	p := newVestingForm(f, wrong)
	p.Heading, p.Action = "Set date and status: "+found.Area, "/reorganisation/area?area="+url.QueryEscape(found.Area)
	p.Lead = "For all " + view.Plural(len(found.Rows), "council", "councils") + " of the area. What takes the place of each stays as it is."
	p.Hidden = append(p.Hidden, hiddenField{"area", found.Area})
	p.Back = view.Link{Text: "Back to " + found.Area, Href: areaPath(found.Area)}
	return s.showVestingPage(c, who, status, p, wrong)
}
