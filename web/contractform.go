package web

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// contractFormPage is the form to add or to change a contract of the visitor's council.
type contractFormPage struct {
	view.Page
	Heading  string
	Lead     string
	Told     string // that public records tell of it, and what changing it then means; empty: they do not
	Conflict view.Table
	Action   string
	ID       string
	Version  string
	Cancel   string

	Title      view.Input
	Capability view.Select
	Names      []view.Input // supplier, product
	Dates      []view.DateInput
	EndNote    view.Input
	Months     []view.Input
	Value      view.Input
	ExVAT      view.Checkboxes
	More       view.Details
	Route      view.Input
	CPV        view.Input
	Text       view.Textarea
	Audience   view.Radios // no choices where it is public anyway
	Save       view.Button
}

// contractForm is a contract as somebody types it.
type contractForm struct {
	Title, Description, Capability, Supplier, Product, CPV, Value, ExVAT, Extension, Notice, EndNote, Route, Audience string
	Start, End, Break                                                                                                 typedDate
}

func readContractForm(t *typed) contractForm {
	return contractForm{Title: t.text("title"), Description: t.text("description"), Capability: t.text("capability"), Supplier: t.text("supplier"), Product: t.text("product"),
		CPV: t.text("cpv"), Value: t.text("value_gbp"), ExVAT: t.text("ex_vat"), Extension: t.text("extension_months"), Notice: t.text("notice_months"),
		EndNote: t.text("end_note"), Route: t.text("route"), Audience: t.text("audience"),
		Start: t.dateParts("start_date"), End: t.dateParts("end_date"), Break: t.dateParts("break_date")}
}

// contractTyped is a contract as somebody would type it.
func contractTyped(k *catalogue.Contract) contractForm {
	f := contractForm{Title: k.Title, Description: k.Description, Capability: k.Capability, Supplier: k.Supplier, Product: k.Product, CPV: strings.Join(k.CPV, ", "),
		Value: poundsTyped(k.Value), Extension: countTyped(k.ExtensionMonths), Notice: countTyped(k.NoticeMonths), EndNote: k.EndNote, Route: k.Route,
		Audience: string(k.Audience), Start: typedOf(k.Start), End: typedOf(k.End), Break: typedOf(k.Break)}
	if k.ExVAT {
		f.ExVAT = "yes"
	}
	return f
}

// fill puts what was typed into a contract, and collects what could not be read. What the form does not hold stays.
func (f contractForm) fill(k *catalogue.Contract, t *typed) {
	k.Title, k.Description, k.Capability, k.Supplier, k.Product = f.Title, f.Description, f.Capability, f.Supplier, f.Product
	k.CPV, k.ExVAT, k.EndNote, k.Route = readCPV(f.CPV, t), f.ExVAT == "yes", f.EndNote, f.Route
	if f.Value != poundsTyped(k.Value) { // published values have pence, which stay
		k.Value = t.amount("value_gbp", "The value")
	}
	k.Start, k.End, k.Break = t.date("start_date", "The start date"), t.date("end_date", "The end date"), t.date("break_date", "The break date")
	k.ExtensionMonths, k.NoticeMonths = t.count("extension_months", "Extension"), t.count("notice_months", "Notice")
	k.Audience = cmp.Or(catalogue.Audience(f.Audience), k.Audience, catalogue.Councils) // an answer that is missing widens nothing
}

// said lists what a form says, line by line, for showing two versions beside each other.
func (f contractForm) said() [][2]string {
	date := func(d typedDate) string {
		return strings.TrimSpace(strings.Join([]string{d.Day, d.Month, d.Year}, " "))
	}
	return [][2]string{{"Title", f.Title}, {"What it is for", f.Capability}, {"Supplier", f.Supplier}, {"Product", f.Product}, {"Start", date(f.Start)}, {"End", date(f.End)},
		{"Instead of an end date", f.EndNote}, {"Notice", f.Notice}, {"Break", date(f.Break)}, {"Extension", f.Extension}, {"Value", f.Value}, {"Without VAT", f.ExVAT},
		{"Route to market", f.Route}, {"CPV codes", f.CPV}, {"Description", f.Description}, {"Who can see it", f.Audience}}
}

// contractEdit is one form under way.
type contractEdit struct {
	contract *catalogue.Contract
	form     contractForm
	extended bool                // the form was filled in as if it had been extended
	theirs   *catalogue.Contract // what somebody else saved meanwhile
	wrong    error
}

func (s *site) newContract(c *gin.Context, who visitor) error {
	if err := mayRecord(who.actor); err != nil {
		return err
	}
	anew(c)
	k := &catalogue.Contract{Meta: catalogue.Meta{ID: catalogue.NewID()}, Audience: catalogue.Councils, ExVAT: true}
	return s.showContractForm(c, who, http.StatusOK, &contractEdit{contract: k, form: contractTyped(k)})
}

// addContract stores a new contract; the same form sent twice makes one.
func (s *site) addContract(c *gin.Context, who visitor) error {
	return s.keepContract(c, who, &catalogue.Contract{Council: who.actor.Org}, true)
}

func (s *site) editContract(c *gin.Context, who visitor) error {
	k, err := s.changeable(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	anew(c)
	e := &contractEdit{contract: k}
	if c.Query("extend") == "yes" && k.ExtensionMonths > 0 {
		e.extended = true
		moved := *k
		moved.End, moved.ExtensionMonths = k.EndIfExtended(), 0
		e.form = contractTyped(&moved)
	} else {
		e.form = contractTyped(k)
	}
	return s.showContractForm(c, who, http.StatusOK, e)
}

// changeable is a contract that the visitor may change.
func (s *site) changeable(ctx context.Context, actor catalogue.Actor, id string) (*catalogue.Contract, error) {
	if err := mayRecord(actor); err != nil {
		return nil, err
	}
	k, err := s.Catalogue.Contract(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.ForCouncil(k.Council) {
		return nil, &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is another council’s contract"}
	}
	return k, nil
}

func (s *site) saveContract(c *gin.Context, who visitor) error {
	k, err := s.changeable(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.keepContract(c, who, k, false)
}

// keepContract saves what was typed, or shows it again with what is wrong, or beside what somebody else saved.
func (s *site) keepContract(c *gin.Context, who visitor, k *catalogue.Contract, fresh bool) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	e := &contractEdit{contract: k, form: readContractForm(t)}
	if fresh {
		k.ID = recordID(values.Get("id"))
	} else if k.Version, err = strconv.ParseUint(values.Get("version"), 10, 64); err != nil || k.Version == 0 {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form does not say which state of the contract it changes. Open it again from the contract’s page", Err: err}
	}
	e.form.fill(k, t)
	rules := s.Catalogue.CheckContract(c, who.actor, *k)
	if rules != nil && catalogue.KindOf(rules) != catalogue.Invalid {
		return rules
	}
	if e.wrong = t.and(rules); e.wrong != nil {
		return s.showContractForm(c, who, http.StatusBadRequest, e)
	}
	saved, err := s.Catalogue.SaveContract(c, who.actor, *k)
	if catalogue.KindOf(err) == catalogue.Conflict {
		stands, reading := s.Catalogue.Contract(c, who.actor, k.ID)
		if reading != nil || stands.Version == k.Version {
			return err
		}
		e.theirs, k.Version = stands, stands.Version
		return s.showContractForm(c, who, http.StatusConflict, e)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "The contract is saved, and confirmed by your council as of today.")
	return s.redirect(c, who, pagePath(catalogue.KindContract, saved.ID))
}

// contractFields is the fields in the order of the form.
func contractFields() []string {
	return []string{"title", "capability", "supplier", "product", "start_date", "end_date", "end_note", "break_date", "notice_months", "extension_months",
		"value_gbp", "ex_vat", "route", "cpv", "description", "audience"}
}

func (s *site) showContractForm(c *gin.Context, who visitor, status int, e *contractEdit) error {
	e.wrong = inOrderOf(contractFields(), e.wrong)
	p := s.newContractForm(e)
	p.Page = s.page(c, who, "/estate", p.Heading)
	p.Canonical = ""
	p.Crumbs = estateCrumbs(p.Heading)
	p.Errors = errorLinks(e.wrong, map[string]string{"start_date": "start_date-day", "end_date": "end_date-day", "break_date": "break_date-day"})
	return s.show(c, who, status, "contract-form", p)
}

func (s *site) newContractForm(e *contractEdit) contractFormPage {
	k := e.contract
	p := contractFormPage{Heading: "Add a contract", Lead: "What your council bought, from whom, until when. Leave out what you do not know.", Action: "/estate/contracts/new", ID: k.ID,
		Cancel: "/estate", Save: view.Button{Text: "Add this contract", PreventDoubleClick: true}}
	if k.Version != 0 {
		p.Heading, p.Lead, p.Save.Text = "Change this contract", "Saving confirms all of it as of today.", "Save and confirm"
		p.Cancel = pagePath(catalogue.KindContract, k.ID)
		p.Action, p.Version = p.Cancel+"/edit", strconv.FormatUint(k.Version, 10)
	}
	if e.extended {
		p.Lead = "The end is moved to " + view.Date(k.EndIfExtended()) + " and no further extension is left: check both. Saving says that it was extended."
	}
	if e.theirs != nil {
		p.Conflict = differTable(contractTyped(e.theirs).said(), e.form.said())
		p.Save.Text = "Save what I typed"
	}
	p.fields(s, e.form, e.wrong)
	if k.Version != 0 && k.Audience == catalogue.Public && !k.ByHand() {
		p.Told = "Public records tell of this contract (" + howWeKnow(k.Source) + ", " + dateOrNot(k.Source.Date) + "), so everybody sees it. The source stays beside it; where you say otherwise, the page says that the council corrected it. Only councils see notice and break."
		p.Audience.Choices = nil
	}
	return p
}

// fields is the fields with what was typed and what is wrong.
func (p *contractFormPage) fields(s *site, f contractForm, wrong error) {
	text := func(name, label, hint, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}
	}
	months := func(name, label, hint, value string) view.Input {
		in := text(name, label, hint, value)
		in.Suffix, in.InputMode, in.Spellcheck, in.Classes = "months", "numeric", "false", "govuk-input--width-3"
		return in
	}
	p.Title = text("title", "What is it called?", "", f.Title)
	p.Capability = view.Select{Name: "capability", Label: view.Label{Text: "What is it for? (optional)", Classes: "govuk-label--s"}, Typed: true, Error: fieldError(wrong, "capability"),
		Options: []view.Option{{Text: "Leave it to be read in the text"}}, Groups: s.capabilityGroups(f.Capability)}
	p.Names = []view.Input{text("supplier", "Who supplies it? (optional)", "", f.Supplier), text("product", "Which product is it? (optional)", "", f.Product)}
	p.Dates = []view.DateInput{
		dateField("start_date", "When did it start? (optional)", "", f.Start, wrong),
		dateField("end_date", "When does it end? (optional)", "Without any extension that is still to be used. You can leave out the day", f.End, wrong),
		dateField("break_date", "When can it be ended early? (optional)", "The next break. Only councils see it", f.Break, wrong)}
	p.EndNote = text("end_note", "If it has no end date, what does the register say? (optional)", "Such as ‘rolling’", f.EndNote)
	p.EndNote.Classes = "govuk-input--width-10"
	p.Months = []view.Input{months("notice_months", "How much notice must be given to end or extend it? (optional)", "Only councils see it", f.Notice),
		months("extension_months", "By how much may it still be extended? (optional)", "All extensions together", f.Extension)}
	p.Value = text("value_gbp", "What is it worth over the whole term? (optional)", "From start to end, without extensions", f.Value)
	p.Value.Prefix, p.Value.Spellcheck, p.Value.Classes = "£", "false", "govuk-input--width-10"
	p.ExVAT = view.Checkboxes{Name: "ex_vat", Classes: "govuk-checkboxes--small", Choices: []view.Choice{{Value: "yes", Text: "This is without VAT", Checked: f.ExVAT == "yes"}}}
	p.Route = text("route", "How was it bought?", "Such as ‘Call-off from a framework’", f.Route)
	p.CPV = text("cpv", "CPV codes", "Of 8 figures, with commas between them", f.CPV)
	p.Text = view.Textarea{Name: "description", Rows: 4, Label: view.Label{Text: "What is bought?", Classes: "govuk-label--s"}, Value: f.Description, Error: fieldError(wrong, "description")}
	p.More = view.Details{Summary: "Route to market, CPV codes, description (optional)", Open: f.Route+f.CPV+f.Description != "" || p.Route.Error+p.CPV.Error+p.Text.Error != ""}
	p.Audience = view.Radios{Name: "audience", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "Who may see this contract?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "audience")}
	for _, a := range []struct{ value, text, hint string }{
		{string(catalogue.Councils), "Councils", "Officers of councils who signed in"},
		{string(catalogue.Public), "Everybody", "Suppliers too. Only councils see notice and break"},
		{string(catalogue.Own), "Your council only", ""}} {
		p.Audience.Choices = append(p.Audience.Choices, view.Choice{Value: a.value, Text: a.text, Hint: a.hint, Checked: f.Audience == a.value})
	}
}
