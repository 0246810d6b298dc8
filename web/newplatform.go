package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// platformFormPage is the form to list a platform.
type platformFormPage struct {
	view.Page
	Name       view.Input
	Supplier   view.Input
	Summary    view.Textarea
	Check      view.Button
	Understood string     // what the program reads in name and summary; empty: nothing yet
	Twin       *view.Link // the platform that has this name already
	For        []view.Select
	More       view.Details
	Licence    view.Input
	Hosting    view.Input
	Standards  view.Textarea
	Exit       view.Textarea
	Website    view.Input
	Save       view.Button
}

// mostCapabilities is how many capabilities the form asks for.
const mostCapabilities = 3

// platformForm is a platform as somebody types it.
type platformForm struct {
	Name, Supplier, Summary, Licence, Hosting, Standards, Exit, Website string
	For                                                                 [mostCapabilities]string
}

func readPlatformForm(t *typed) platformForm {
	f := platformForm{Name: t.text("name"), Supplier: t.text("supplier"), Summary: t.text("summary"), Licence: t.text("licence"),
		Hosting: t.text("hosting"), Standards: t.text("standards"), Exit: t.text("exit"), Website: t.text("website")}
	copy(f.For[:], t.Values["capabilities"])
	return f
}

func (f platformForm) platform() catalogue.Platform {
	p := catalogue.Platform{Name: f.Name, Supplier: f.Supplier, Summary: f.Summary, Licence: f.Licence, Hosting: f.Hosting, Standards: lines(f.Standards), Exit: f.Exit,
		Website: f.Website}
	for _, id := range f.For {
		if id != "" && !slices.Contains(p.Capabilities, id) {
			p.Capabilities = append(p.Capabilities, id)
		}
	}
	if catalogue.Slug(f.Name) == "" { // a name that no address can be made of
		p.ID = catalogue.NewID()
	}
	return p
}

func mayListPlatform(actor catalogue.Actor) error {
	if catalogue.MayDo(actor, catalogue.ListPlatform) {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Forbidden,
		Message: "Your account can read only. An administrator of your council, or whoever runs this service, can let you list platforms"}
}

func (s *site) newPlatform(c *gin.Context, who visitor) error {
	if err := mayListPlatform(who.actor); err != nil {
		return err
	}
	return s.showPlatformForm(c, who, http.StatusOK, platformForm{Name: c.Query("name")}, nil)
}

// listPlatform stores a platform, or says what is wrong. The same form sent twice makes one.
func (s *site) listPlatform(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	if err := mayListPlatform(who.actor); err != nil {
		return err
	}
	f := readPlatformForm(&typed{Values: values})
	if values.Get("action") == "check" {
		return s.showPlatformForm(c, who, http.StatusOK, f, nil)
	}
	listed, err := s.Catalogue.ListPlatform(c, who.actor, f.platform())
	switch kind := catalogue.KindOf(err); {
	case kind == catalogue.Invalid:
		twin, again := s.twin(c, who.actor, f)
		if again != nil {
			return again
		}
		if twin == nil || !sentBefore(twin, f, who.actor) {
			return s.showPlatformForm(c, who, http.StatusBadRequest, f, err)
		}
		listed = twin
	case kind == catalogue.Conflict: // another name that makes the same address
		err = &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "name",
			Message: "A platform with nearly this name is listed already: search for it, or add what tells the two apart"}}}
		return s.showPlatformForm(c, who, http.StatusBadRequest, f, err)
	case err != nil:
		return err
	}
	who.session.wrote(listed.Version)
	who.session.set("flash", listed.Name+" is listed. If your council uses it, say so below.")
	return s.redirect(c, who, pagePath(catalogue.KindPlatform, listed.ID)+"#use")
}

// twin is the platform that has a form's name already; nil for none.
func (s *site) twin(ctx context.Context, actor catalogue.Actor, f platformForm) (*catalogue.Platform, error) {
	id, err := s.Catalogue.FindPlatform(ctx, f.Name)
	if err != nil || id == "" {
		return nil, err
	}
	return s.Catalogue.Platform(ctx, actor, id)
}

// sentBefore says that a platform is what the same form made when it was sent before.
func sentBefore(p *catalogue.Platform, f platformForm, actor catalogue.Actor) bool {
	made := f.platform()
	return actor.ForCouncil(p.ListedBy) && p.Name == made.Name && slices.Equal(p.Capabilities, made.Capabilities) && p.Summary == made.Summary &&
		p.Licence == made.Licence && p.Hosting == made.Hosting && p.Exit == made.Exit && slices.Equal(p.Standards, made.Standards) && p.Website == made.Website
}

func (s *site) showPlatformForm(c *gin.Context, who visitor, status int, f platformForm, wrong error) error {
	wrong = inOrderOf([]string{"name", "supplier", "summary", "capabilities", "licence", "exit", "hosting", "standards", "website"}, wrong)
	p := s.newPlatformForm(f, wrong)
	twin, err := s.twin(c, who.actor, f)
	if err != nil {
		return err
	}
	if twin != nil {
		p.Twin = &view.Link{Text: twin.Name, Href: pagePath(catalogue.KindPlatform, twin.ID) + "#use"}
	}
	p.Page = s.page(c, who, "/platforms", "List a platform")
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Platforms", Href: "/platforms"}, {Text: "List a platform"}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "platform-form", p)
}

func (s *site) newPlatformForm(f platformForm, wrong error) platformFormPage {
	text := func(name, label, hint, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}
	}
	p := platformFormPage{
		Name:     text("name", "What is it called?", "The name of the product, the shared service or the project", f.Name),
		Supplier: text("supplier", "Who supplies it? (optional)", "A company, a council or a community", f.Supplier),
		Summary: view.Textarea{Name: "summary", Rows: 3, Label: view.Label{Text: "What does it do?", Classes: "govuk-label--s"}, Value: f.Summary,
			Hint: "In a sentence or two, as you would tell another council", Error: fieldError(wrong, "summary")},
		Check:   view.Button{Text: "Show what is understood", Name: "action", Value: "check", Classes: "govuk-button--secondary"},
		Licence: text("licence", "Licence", "Such as proprietary, open source or government platform", f.Licence),
		Hosting: text("hosting", "Hosting", "Such as by the supplier, in the UK, or in your own data centre", f.Hosting),
		Standards: view.Textarea{Name: "standards", Rows: 3, Label: view.Label{Text: "Standards and APIs", Classes: "govuk-label--s"}, Hint: "One a line", Value: f.Standards,
			Error: fieldError(wrong, "standards")},
		Exit: view.Textarea{Name: "exit", Rows: 3, Label: view.Label{Text: "How is it left, and data returned?", Classes: "govuk-label--s"}, Value: f.Exit,
			Hint: "Notice, format of the data, and what it costs, as the contract or the supplier states it", Error: fieldError(wrong, "exit")},
		Website: text("website", "Website", "Starts with https://", f.Website),
		Save:    view.Button{Text: "List this platform", PreventDoubleClick: true},
	}
	p.Website.Type, p.Website.Spellcheck = "url", "false"
	p.More = view.Details{Summary: "Licence, exit, hosting, standards, website (optional)",
		Open: f.Licence+f.Exit+f.Hosting+f.Standards+f.Website != "" || p.Licence.Error+p.Exit.Error+p.Hosting.Error+p.Standards.Error+p.Website.Error != ""}
	read := s.readPlatform(f)
	if len(read) > 0 {
		var names []string
		for _, id := range read {
			if capability, ok := s.Catalogue.Dictionary().Capability(id); ok {
				names = append(names, capability.Name)
			}
		}
		p.Understood = "We think it is for " + view.Sentence(names) + ". Change that below if it is not right."
	}
	if f.For == [mostCapabilities]string{} && f.Summary != "" {
		copy(f.For[:], read)
	}
	labels := []string{"What is it mainly for?", "What else? (optional)", "And what else? (optional)"}
	for i, chosen := range f.For {
		p.For = append(p.For, view.Select{ID: "capabilities" + []string{"", "-2", "-3"}[i], Name: "capabilities", Label: view.Label{Text: labels[i], Classes: "govuk-label--s"}, Typed: true,
			Options: []view.Option{{Text: "Choose"}}, Groups: s.capabilityGroups(chosen)})
	}
	p.For[0].Error = fieldError(wrong, "capabilities")
	return p
}

// readPlatform lists what a platform seems to be for, the surest first.
func (s *site) readPlatform(f platformForm) []string {
	var ids []string
	for _, tag := range s.Catalogue.Dictionary().Read(f.Name, f.Summary).Tags {
		if !slices.Contains(ids, tag.Capability) && len(ids) < mostCapabilities {
			ids = append(ids, tag.Capability)
		}
	}
	return ids
}

// recordUse stores that the visitor's council uses a platform, in its own word.
func (s *site) recordUse(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	id, since, advice := c.Param("id"), t.dateParts("since"), t.text("advice")
	day, problem := since.readYear()
	if problem != "" {
		t.fault("since", "The date "+problem)
	}
	err = t.err()
	var use *catalogue.Use
	if err == nil {
		use, err = s.Catalogue.RecordUse(c, who.actor, id, day, advice)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.useAgain(c, who, id, since, advice, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(use.Version)
	who.session.set("flash", "Thank you. Your council’s word now stands beside what public records say.")
	return s.redirect(c, who, "/platforms/"+url.PathEscape(id))
}

// readYear reads a month and a year, or a year alone.
func (d typedDate) readYear() (catalogue.Date, string) {
	if d.Month == "" && d.Year != "" {
		date, problem, _ := typedDate{Month: "1", Year: d.Year}.read()
		return catalogue.Date{Year: date.Year}, problem
	}
	date, problem, _ := typedDate{Month: d.Month, Year: d.Year}.read()
	return date, problem
}

// useAgain shows the platform's page with what was typed and what is wrong with it.
func (s *site) useAgain(c *gin.Context, who visitor, id string, since typedDate, advice string, wrong error) error {
	p, err := s.platformPage(c, who, id)
	if err != nil {
		return err
	}
	if p.Use == nil {
		return wrong
	}
	p.Use.Since.Month, p.Use.Since.Year, p.Use.Since.Error = since.Month, since.Year, fieldError(wrong, "since")
	p.Use.Advice.Value, p.Use.Advice.Error = advice, fieldError(wrong, "advice")
	p.Errors = errorLinks(wrong, map[string]string{"since": "since-month"})
	return s.show(c, who, http.StatusBadRequest, "platform", p)
}
