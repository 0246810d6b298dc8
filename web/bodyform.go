package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// bodyForm is a body's record as the operator types it.
type bodyForm struct {
	id, name, kind, about, website, domain, suppliers, frameworks, source string
	version                                                               uint64
}

func readBodyForm(t *typed, id string) bodyForm {
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	return bodyForm{id: id, name: t.text("name"), kind: t.text("kind"), about: t.text("about"), website: t.text("website"), domain: t.text("domain"), suppliers: t.text("suppliers"),
		frameworks: t.text("frameworks"), source: t.text("source"), version: version}
}

func (f bodyForm) body() catalogue.Body {
	return catalogue.Body{Meta: catalogue.Meta{ID: f.id, Version: f.version}, Name: f.name, Kind: catalogue.BodyKind(f.kind), About: f.about, Website: f.website, Domain: f.domain,
		Suppliers: lines(f.suppliers), Frameworks: f.frameworks, Source: f.source}
}

func (s *site) newBody(c *gin.Context, who visitor) error {
	return s.showBodyForm(c, who, http.StatusOK, bodyForm{}, nil)
}

func (s *site) addBody(c *gin.Context, who visitor) error { return s.keepBody(c, who, "") }

func (s *site) editBody(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Body(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	b := v.Body
	return s.showBodyForm(c, who, http.StatusOK, bodyForm{b.ID, b.Name, string(b.Kind), b.About, b.Website, b.Domain, strings.Join(b.Suppliers, "\n"), b.Frameworks, b.Source, b.Version}, nil)
}

func (s *site) saveBody(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Body(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.keepBody(c, who, v.Body.ID)
}

// keepBody stores what was typed of a body (id empty: a new one), or says what is wrong with it.
func (s *site) keepBody(c *gin.Context, who visitor, id string) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := readBodyForm(t, id)
	saved, err := s.Catalogue.SaveBody(c, who.actor, f.body())
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showBodyForm(c, who, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Saved.")
	return s.redirect(c, who, pagePath(catalogue.KindBody, saved.ID))
}

func (s *site) showBodyForm(c *gin.Context, who visitor, status int, f bodyForm, wrong error) error {
	wrong = inOrderOf([]string{"id", "name", "kind", "about", "website", "domain", "suppliers", "frameworks", "source"}, wrong)
	input := func(name, label, hint, value string) view.Field {
		return view.Field{Input: &view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}}
	}
	text := func(name, label, hint, value string) view.Field {
		return view.Field{Textarea: &view.Textarea{Name: name, Rows: 3, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}}
	}
	kind := &view.Radios{Name: "kind", Legend: &view.Legend{Text: "What kind of body is it?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "kind")}
	for _, k := range []catalogue.BodyKind{catalogue.CentralBody, catalogue.SectorBody} {
		kind.Choices = append(kind.Choices, view.Choice{Value: string(k), Text: k.Words(), Checked: string(k) == f.kind})
	}
	p := recordFormPage{Heading: "Add a body", Action: "/bodies/new", Version: strconv.FormatUint(f.version, 10), Save: view.Button{Text: "Save", PreventDoubleClick: true},
		Lead: "A public body that is no council: of central government or of the sector. It buys nothing here and counts in no figure about councils.", Back: view.Link{Text: "Cancel", Href: "/bodies"}}
	if f.id != "" {
		address := pagePath(catalogue.KindBody, f.id)
		p.Heading, p.Action, p.Back.Href = "Change a body’s record", address+"/edit", address
		if v, err := s.Catalogue.Body(c, who.actor, f.id); err == nil && catalogue.KindOf(wrong) == catalogue.Conflict && wrong != nil {
			p.Version = strconv.FormatUint(v.Body.Version, 10) // the reader sees that there is another
		}
	}
	p.Sections = []formSection{{Fields: []view.Field{input("name", "What is it called?", "", f.name), {Radios: kind}, text("about", "What does it do for councils? (optional)", "", f.about),
		input("website", "Website (optional)", "Starts with https://", f.website), input("domain", "Domain of its people’s email addresses (optional)", "Exactly, such as department.gov.uk. Without it nobody can have an account", f.domain),
		text("suppliers", "Supplier IDs under which platforms name it (optional)", "One a line", f.suppliers), input("frameworks", "How frameworks name it as their owner (optional)", "The first words", f.frameworks),
		text("source", "How is it known?", "Where it was read, and when", f.source)}}}
	anew(c)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Crumbs = bodyCrumbs(nil, p.Heading)
	p.Errors = errorLinks(wrong, map[string]string{"id": "name"})
	if wrong != nil && catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile("name")
	}
	return s.show(c, who, status, "record-form", p)
}
