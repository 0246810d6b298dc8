package web

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// Who listed a platform, the supplier that keeps it, and the operator complete its record and keep it right.

// keptPlatform is the platform of an address, where the visitor may change it.
func (s *site) keptPlatform(c *gin.Context, who visitor) (*catalogue.Platform, error) {
	p, err := s.Catalogue.Platform(c, who.actor, c.Param("id"))
	if err != nil {
		return nil, err
	}
	if !p.OpenTo(who.actor) {
		return nil, &catalogue.Error{Kind: catalogue.Forbidden, Message: "Only who listed this platform, the supplier that keeps its record, or the operator of this service can change it"}
	}
	return p, nil
}

func (s *site) editPlatform(c *gin.Context, who visitor) error {
	p, err := s.keptPlatform(c, who)
	if err != nil {
		return err
	}
	f := platformForm{Name: p.Name, Supplier: p.Supplier, Summary: p.Summary, Licence: p.Licence, Hosting: p.Hosting, Exit: p.Exit,
		Standards: strings.Join(p.Standards, "\n"), Website: p.Website}
	copy(f.For[:], p.Capabilities)
	return s.showPlatformEdit(c, who, http.StatusOK, p, f, p.Version, nil)
}

func (s *site) savePlatform(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	old, err := s.keptPlatform(c, who)
	if err != nil {
		return err
	}
	f := readPlatformForm(&typed{Values: values})
	next := f.over(old)
	next.Version, _ = strconv.ParseUint(values.Get("version"), 10, 64) // what is no number was read of nothing
	save := s.Catalogue.ListPlatform
	if who.actor.OrgKind == catalogue.OrgSupplier {
		save = s.Catalogue.CorrectPlatform
	}
	saved, err := save(c, who.actor, next)
	switch kind := catalogue.KindOf(err); {
	case err == nil:
		who.session.wrote(saved.Version)
	case kind == catalogue.Conflict && f.saidBy(old): // the same form again
	case kind == catalogue.Conflict:
		return s.showPlatformEdit(c, who, http.StatusConflict, old, f, old.Version, err)
	case kind == catalogue.Invalid:
		return s.showPlatformEdit(c, who, http.StatusBadRequest, old, f, next.Version, err)
	default:
		return err
	}
	who.session.set("flash", "Saved.")
	return s.redirect(c, who, pagePath(catalogue.KindPlatform, old.ID))
}

// platformFieldOrder is the order of a platform's form.
func platformFieldOrder() []string {
	return []string{"name", "supplier", "summary", "capabilities", "licence", "exit", "hosting", "standards", "website"}
}

// platformSections are the parts of a platform's form; a supplier does not say who supplies it.
func platformSections(parts platformFormPage, supplier bool) []formSection {
	what := formSection{Title: "What it is", Fields: []view.Field{{Input: &parts.Name}}}
	if supplier {
		what.Fields = append(what.Fields, view.Field{Input: &parts.Supplier})
	}
	what.Fields = append(what.Fields, view.Field{Textarea: &parts.Summary})
	for i := range parts.For {
		what.Fields = append(what.Fields, view.Field{Select: &parts.For[i]})
	}
	return []formSection{what, {Title: "Before others buy it", Fields: []view.Field{{Input: &parts.Licence}, {Textarea: &parts.Exit}, {Input: &parts.Hosting},
		{Textarea: &parts.Standards}, {Input: &parts.Website}}}}
}

// over is a stored platform with what was typed of it; further capabilities than the form asks for stay.
func (f platformForm) over(old *catalogue.Platform) catalogue.Platform {
	typed, next := f.platform(), *old
	next.Name, next.Supplier, next.Summary, next.Licence, next.Hosting = typed.Name, typed.Supplier, typed.Summary, typed.Licence, typed.Hosting
	next.Exit, next.Standards, next.Website, next.Capabilities = typed.Exit, typed.Standards, typed.Website, typed.Capabilities
	for i, id := range old.Capabilities {
		if i >= mostCapabilities && !slices.Contains(next.Capabilities, id) {
			next.Capabilities = append(next.Capabilities, id)
		}
	}
	return next
}

// saidBy says that a platform's record says already what was typed.
func (f platformForm) saidBy(old *catalogue.Platform) bool {
	next := f.over(old)
	next.Supplier = old.Supplier // stored under its present name
	return reflect.DeepEqual(next, *old)
}

func (s *site) showPlatformEdit(c *gin.Context, who visitor, status int, old *catalogue.Platform, f platformForm, version uint64, wrong error) error {
	wrong = inOrderOf(platformFieldOrder(), wrong)
	address := pagePath(catalogue.KindPlatform, old.ID)
	parts := s.newPlatformForm(f, wrong)
	p := recordFormPage{Heading: "Complete the record of " + old.Name, Action: address + "/edit", Version: strconv.FormatUint(version, 10),
		Lead: "Only what a source states: what is left empty is shown as not stated. Everybody sees it.",
		Save: view.Button{Text: "Save", PreventDoubleClick: true}, Back: view.Link{Text: "Back to the platform", Href: address}}
	bySupplier := who.actor.OrgKind == catalogue.OrgSupplier
	if bySupplier {
		p.Heading = "Correct the record of " + old.Name
		p.Lead = "Everybody sees it. What you change is marked as stated by the supplier, with the date, until a council that uses it confirms it. What it said before stays in its history."
	}
	p.Sections = platformSections(parts, !bySupplier)
	anew(c)
	p.Page = s.page(c, who, "/platforms", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Platforms", Href: "/platforms"}, {Text: old.Name, Href: address}, {Text: "Complete"}}
	p.Errors = errorLinks(wrong, nil)
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile("name")
	}
	return s.show(c, who, status, "record-form", p)
}
