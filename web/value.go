package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/plan"
	"jointly/web/view"
)

// groupValuePage is where members state what counts beyond their maximums, and how they considered lots.
type groupValuePage struct {
	view.Page
	Caption  string
	Action   string
	Back     view.Link
	Version  string
	Conflict view.Table
	Term     view.Input
	Longer   view.Input
	Amounts  []view.Input
	Lots     view.Radios
	Text     view.Textarea
	Last     string // who changed it last
	Save     view.Button
}

// valueForm is value and lots as somebody types them.
type valueForm struct {
	term, longer, extensions, options, fees, lots, text string
}

func readValue(t *typed) valueForm {
	return valueForm{term: t.text("term_months"), longer: t.text("extension_months"), extensions: t.text("extensions"), options: t.text("options"),
		fees: t.text("fees"), lots: t.text("lots"), text: t.text("lots_text")}
}

// valueFormOf is value and lots as somebody would type them.
func valueFormOf(v catalogue.ValueChoices) valueForm {
	return valueForm{term: countTyped(v.TermMonths), longer: countTyped(v.ExtensionMonths), extensions: poundsTyped(v.Extensions), options: poundsTyped(v.Options),
		fees: poundsTyped(v.Fees), lots: string(v.Lots.Divided), text: v.Lots.Text}
}

// choices is the form as the catalogue takes it.
func (f valueForm) choices(t *typed) catalogue.ValueChoices {
	return catalogue.ValueChoices{TermMonths: t.whole("term_months", "The term", "months"), ExtensionMonths: t.whole("extension_months", "Extensions", "months"),
		Extensions: t.amount("extensions", "Extensions"), Options: t.amount("options", "Options"), Fees: t.amount("fees", "Fees"),
		Lots: catalogue.Lots{Divided: plan.Answer(f.lots), Text: f.text}}
}

// said is what the form says, field by field.
func (f valueForm) said() [][2]string {
	lots := map[string]string{"": "Not considered yet", "yes": "Divided", "no": "Not divided"}[f.lots]
	return [][2]string{{"Term, months", f.term}, {"Extensions, months", f.longer}, {"Extensions, £", f.extensions}, {"Options, £", f.options}, {"Fees, £", f.fees},
		{"Lots", lots}, {"How it is divided, or why not", f.text}}
}

func (s *site) groupValue(c *gin.Context, who visitor) error {
	r, err := s.planningRoom(c, who, c.Param("id"))
	if err == nil {
		err = mustPlan(r, who.actor)
	}
	if err != nil {
		return err
	}
	anew(c)
	return s.showValue(c, who, http.StatusOK, r, valueFormOf(r.Group.Value.ValueChoices), strconv.Itoa(r.Group.Value.Version), false, nil)
}

// saveValue stores value and lots, as saveDates does the choices for the dates.
func (s *site) saveValue(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	r, err := s.planningRoom(c, who, c.Param("id"))
	if err == nil {
		err = mustPlan(r, who.actor)
	}
	if err != nil {
		return err
	}
	f := readValue(t)
	choices := f.choices(t)
	version, bad := strconv.Atoi(t.text("version"))
	if bad != nil {
		return missing("version", "The form does not say which version it changes. Open it again from the group’s page")
	}
	var g *catalogue.BuyingGroup
	if err = t.err(); err == nil {
		g, err = s.Catalogue.SetValue(c, who.actor, r.Group.ID, version, choices)
	}
	switch catalogue.KindOf(err) {
	case catalogue.Invalid:
		return s.showValue(c, who, http.StatusBadRequest, r, f, t.text("version"), false, err)
	case catalogue.Conflict:
		if r, err = s.planningRoom(c, who, r.Group.ID); err != nil {
			return err
		}
		return s.showValue(c, who, http.StatusConflict, r, f, strconv.Itoa(r.Group.Value.Version), true, nil)
	}
	if err != nil {
		return err
	}
	who.session.wrote(g.Version)
	who.session.set("flash", "Value and lots are saved.")
	return s.redirect(c, who, pagePath(catalogue.KindGroup, g.ID)+"#value")
}

func (s *site) showValue(c *gin.Context, who visitor, status int, r *catalogue.Room, f valueForm, version string, clash bool, wrong error) error {
	p := newValuePage(r, f, wrong)
	p.Version = version
	if clash {
		p.Conflict = differTable(valueFormOf(r.Group.Value.ValueChoices).said(), f.said())
		p.Save.Text = "Save what I typed"
	}
	p.Page = s.page(c, who, "/groups", "Value and lots")
	p.Crumbs = []view.Crumb{{Text: "Groups", Href: "/groups"}, {Text: r.Group.Title, Href: p.Back.Href}, {Text: "Value and lots"}}
	p.Errors = errorLinks(inOrderOf([]string{"term_months", "extension_months", "extensions", "options", "fees", "lots", "lots_text"}, wrong), nil)
	return s.show(c, who, status, "group-value", p)
}

func newValuePage(r *catalogue.Room, f valueForm, wrong error) groupValuePage {
	path := pagePath(catalogue.KindGroup, r.Group.ID)
	p := groupValuePage{Caption: r.Group.Title, Action: path + "/value", Back: view.Link{Text: "Back to the group", Href: path + "#value"},
		Save: view.Button{Text: "Save value and lots", PreventDoubleClick: true}}
	months := func(name, label, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, InputMode: "numeric", Classes: "govuk-input--width-3", Suffix: "months", Value: value, Error: fieldError(wrong, name)}
	}
	p.Term = months("term_months", "How long does the contract run? (optional)", f.term)
	p.Longer = months("extension_months", "By how much may it be extended? (optional)", f.longer)
	for _, a := range []struct{ name, label, hint, value string }{
		{"extensions", "What may the extensions cost? (optional)", "For all members together, ex VAT", f.extensions},
		{"options", "What may options cost? (optional)", "Such as modules that a member may take later, ex VAT", f.options},
		{"fees", "What fees are charged? (optional)", "Such as the levy of a framework’s owner, ex VAT", f.fees}} {
		p.Amounts = append(p.Amounts, view.Input{Name: a.name, Label: view.Label{Text: a.label, Classes: "govuk-label--s"}, Hint: a.hint, Prefix: "£", Classes: "govuk-input--width-10", InputMode: "decimal", Value: a.value, Error: fieldError(wrong, a.name)})
	}
	p.Lots = view.Radios{Name: "lots", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "Is the purchase divided into lots?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "lots"),
		Hint: "There is a duty to consider it. The tender notice says how it is divided, or why not",
		Choices: []view.Choice{{Value: "yes", Text: "Yes", Checked: f.lots == "yes"}, {Value: "no", Text: "No", Checked: f.lots == "no"},
			{Value: "", Text: "Not considered yet", Checked: f.lots == ""}}}
	p.Text = view.Textarea{Name: "lots_text", Rows: 3, Label: view.Label{Text: "How is it divided, or why not?", Classes: "govuk-label--s"}, Value: f.text, Error: fieldError(wrong, "lots_text")}
	if v := r.Group.Value; !v.Set.IsZero() {
		by := v.Council
		for _, m := range r.Members {
			if m.Council == v.Council && m.Who != nil {
				by = m.Who.Label()
			}
		}
		p.Last = "Last changed by " + by + " on " + view.Day(v.Set) + "."
	}
	return p
}
