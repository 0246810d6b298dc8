package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// offerForm is skills that a council or a body offers or seeks, as somebody types them.
type offerForm struct {
	id, direction, title, text, role, amount, unit, terms, audience string
	capabilities                                                    []string
	from, until                                                     typedDate
	version                                                         uint64
}

func readOfferForm(t *typed) offerForm {
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	f := offerForm{id: recordID(t.text("id")), direction: t.text("direction"), title: t.text("title"), text: t.text("text"), role: t.text("role"), amount: t.text("amount"),
		unit: t.text("unit"), terms: t.text("terms"), audience: t.text("audience"), from: t.dateParts("from"), until: t.dateParts("until"), version: version}
	for _, id := range t.Values["capabilities"] {
		if id != "" && !slices.Contains(f.capabilities, id) {
			f.capabilities = append(f.capabilities, id)
		}
	}
	return f
}

func formOfOffer(o *catalogue.Offer) offerForm {
	return offerForm{id: o.ID, direction: string(o.Direction), title: o.Title, text: o.Text, role: string(o.Role), amount: poundsTyped(o.Amount), unit: o.Unit, terms: string(o.Terms),
		audience: string(o.Audience), capabilities: o.Capabilities, from: typedOf(o.From), until: typedOf(o.Until), version: o.Version}
}

// offer is the form as the catalogue takes it; t notes what cannot be read.
func (f offerForm) offer(t *typed) catalogue.Offer {
	o := catalogue.Offer{Meta: catalogue.Meta{ID: f.id, Version: f.version}, Direction: catalogue.OfferDirection(f.direction), Title: f.title, Text: f.text, Role: catalogue.OfferRole(f.role),
		Capabilities: f.capabilities, From: t.date("from", "The first day"), Until: t.date("until", "The last day"), Unit: f.unit, Terms: catalogue.OfferTerms(f.terms), Audience: catalogue.Audience(f.audience)}
	if f.amount != "" {
		var err error
		if o.Amount, err = strconv.ParseFloat(f.amount, 64); err != nil || o.Amount == 0 {
			t.fault("amount", "Enter the amount of time as a number, such as 3 or 0.5, or leave it out")
		}
	}
	if o.Amount == 0 {
		o.Unit = ""
	}
	return o
}

func mayOffer(actor catalogue.Actor) error {
	if catalogue.MayDo(actor, catalogue.KeepOffers) {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Forbidden,
		Message: "Your account can read only. An administrator of " + yours(actor) + ", or whoever runs this service, can let you offer and seek skills"}
}

func (s *site) newOffer(c *gin.Context, who visitor) error {
	if err := mayOffer(who.actor); err != nil {
		return err
	}
	f := offerForm{id: catalogue.NewID(), audience: string(catalogue.Councils), direction: c.Query("direction"), role: c.Query("role")}
	if id := c.Query("capability"); id != "" {
		f.capabilities = []string{id}
	}
	return s.showOfferForm(c, who, http.StatusOK, f, nil)
}

func (s *site) addOffer(c *gin.Context, who visitor) error {
	if err := mayOffer(who.actor); err != nil {
		return err
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := readOfferForm(t)
	f.version = 0
	return s.keepOffer(c, who, f, t)
}

func (s *site) editOffer(c *gin.Context, who visitor) error {
	o, err := s.ownOffer(c, who)
	if err != nil {
		return err
	}
	return s.showOfferForm(c, who, http.StatusOK, formOfOffer(o), nil)
}

// ownOffer is the offer of an address, for officers who may change it; Conflict where it is closed.
func (s *site) ownOffer(c *gin.Context, who visitor) (*catalogue.Offer, error) {
	v, err := s.Catalogue.Offer(c, who.actor, c.Param("id"))
	switch {
	case err != nil:
		return nil, err
	case !who.actor.Of(v.Offer.Of()):
		return nil, &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is somebody else’s: their own officers change it"}
	case v.Offer.End != nil:
		return v.Offer, &catalogue.Error{Kind: catalogue.Conflict, Message: "This was closed. Open it again on its page before you change it"}
	}
	return v.Offer, mayOffer(who.actor)
}

func (s *site) saveOffer(c *gin.Context, who visitor) error {
	o, err := s.ownOffer(c, who)
	if err != nil {
		return err
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	f := readOfferForm(t)
	f.id, f.direction, f.version = o.ID, string(o.Direction), max(f.version, 1) // 0 would be a new one
	return s.keepOffer(c, who, f, t)
}

// keepOffer stores what was typed, or says what is wrong with it. The same form sent twice makes one.
func (s *site) keepOffer(c *gin.Context, who visitor, f offerForm, t *typed) error {
	o := f.offer(t)
	err := t.and(s.Catalogue.CheckOffer(c, who.actor, o))
	var saved *catalogue.Offer
	if err == nil {
		saved, err = s.Catalogue.SaveOffer(c, who.actor, o)
	}
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showOfferForm(c, who, statusOf(err), f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Saved. Those whom it fits and who may see it are told, each once.")
	if saved.Audience == catalogue.Own {
		who.session.set("flash", "Saved. Only "+yours(who.actor)+" sees it.")
	}
	return s.redirect(c, who, pagePath(catalogue.KindOffer, saved.ID))
}

func (s *site) showOfferForm(c *gin.Context, who visitor, status int, f offerForm, wrong error) error {
	wrong = inOrderOf([]string{"direction", "title", "role", "text", "capabilities", "from", "until", "amount", "unit", "terms", "audience"}, wrong)
	p := recordFormPage{Heading: "Offer or seek skills", Action: "/offers/new", ID: f.id, Version: strconv.FormatUint(f.version, 10),
		Lead: "Name no person and no address. Others ask to talk, and your officers answer when they choose.",
		Save: view.Button{Text: "List it", PreventDoubleClick: true}, Back: view.Link{Text: "Cancel", Href: "/offers"}}
	if f.version > 0 {
		address := pagePath(catalogue.KindOffer, f.id)
		p.Heading, p.Action, p.ID = "Change what "+yours(who.actor)+" offers", address+"/edit", ""
		if f.direction == string(catalogue.Seeking) {
			p.Heading = "Change what " + yours(who.actor) + " seeks"
		}
		p.Save.Text, p.Back = "Save", view.Link{Text: "Cancel", Href: address}
	}
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		if current, err := s.Catalogue.Offer(c, who.actor, f.id); err == nil {
			p.Version = strconv.FormatUint(current.Offer.Version, 10) // the reader sees that there is another
		}
	}
	p.Sections = s.offerSections(f, who.actor, wrong)
	anew(c)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Crumbs = offerCrumbs(p.Heading)
	p.Errors = errorLinks(wrong, map[string]string{"from": "from-day", "until": "until-day"})
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile("title")
	}
	return s.show(c, who, status, "record-form", p)
}

// offerSections are the fields; which way it goes is settled when it is listed.
func (s *site) offerSections(f offerForm, actor catalogue.Actor, wrong error) []formSection {
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	radios := func(name, legend, chosen string, choices ...view.Choice) view.Field {
		for i := range choices {
			choices[i].Checked = choices[i].Value == chosen
		}
		return view.Field{Radios: &view.Radios{Name: name, Classes: "govuk-radios--small", Legend: &view.Legend{Text: legend, Classes: "govuk-fieldset__legend--s"}, Choices: choices, Error: fieldError(wrong, name)}}
	}
	var what formSection
	if f.version == 0 {
		what.Fields = append(what.Fields, radios("direction", "Does "+yours(actor)+" offer or seek?", f.direction,
			view.Choice{Value: string(catalogue.Offering), Text: "We offer", Hint: "People whose time others could have"}, view.Choice{Value: string(catalogue.Seeking), Text: "We seek", Hint: "Work that others’ people could do for or with us"}))
	}
	role := &view.Select{Name: "role", Label: label("What kind of work?"), Options: []view.Option{{Text: "Choose"}}, Error: fieldError(wrong, "role")}
	for _, r := range catalogue.OfferRoles() {
		role.Options = append(role.Options, view.Option{Value: string(r), Text: r.Words(), Selected: string(r) == f.role})
	}
	what.Fields = append(what.Fields, view.Field{Input: &view.Input{Name: "title", Label: label("Title"), Hint: "Such as: user researcher for a housing repairs discovery", Value: f.title, Error: fieldError(wrong, "title")}},
		view.Field{Select: role}, view.Field{Textarea: &view.Textarea{Name: "text", Rows: 5, Label: label("What should others know? (optional)"),
			Hint: "What was done before, what is to be done, remote or on site", Value: f.text, Error: fieldError(wrong, "text")}})
	what.Fields = append(what.Fields, s.offerAbout(f, wrong)...)
	from, until := dateField("from", "From when? (optional)", "A month will do, such as 4 2027. Leave it out for at once", f.from, wrong), dateField("until", "Until when? (optional)", "It closes by itself then", f.until, wrong)
	when := formSection{Title: "Time and terms", Fields: []view.Field{{Date: &from}, {Date: &until},
		{Input: &view.Input{Name: "amount", Label: label("How much time? (optional)"), Hint: "Such as 3 days a month, or 0.5 of a full-time post", Value: f.amount, InputMode: "decimal", Classes: "govuk-input--width-5", Error: fieldError(wrong, "amount")}},
		radios("unit", "That is counted in", f.unit, view.Choice{Value: catalogue.UnitDays, Text: "Days a month"}, view.Choice{Value: catalogue.UnitPost, Text: "Full-time posts"})}}
	terms := make([]view.Choice, 0, len(catalogue.AllOfferTerms()))
	for _, t := range catalogue.AllOfferTerms() {
		terms = append(terms, view.Choice{Value: string(t), Text: t.Words()})
	}
	when.Fields = append(when.Fields, radios("terms", "On what terms?", f.terms, terms...))
	seen := formSection{Title: "Who may see it", Fields: []view.Field{radios("audience", "Who may see this?", f.audience, offerAudiences(actor)...)}}
	return []formSection{what, when, seen}
}

// offerAudiences are who may see what an actor's council or body offers and seeks: bodies see what is for everybody.
func offerAudiences(actor catalogue.Actor) []view.Choice {
	among, everybody := "Councils that it fits are told. Central government and sector bodies do not see it", "Central government, sector bodies, suppliers and search engines too. Councils and bodies that it fits are told"
	if actor.OrgKind == catalogue.OrgBody {
		among, everybody = "Councils that it fits are told. Other bodies do not see it", "Other bodies, suppliers and search engines too. Councils that it fits are told"
	}
	return []view.Choice{{Value: string(catalogue.Councils), Text: "Officers of councils", Hint: among}, {Value: string(catalogue.Public), Text: "Everybody", Hint: everybody},
		{Value: string(catalogue.Own), Text: sentenceCase(yours(actor)) + " only", Hint: "Nobody is told"}}
}

// offerAbout asks for the capabilities that the work is about: three, and one more than there are.
func (s *site) offerAbout(f offerForm, wrong error) []view.Field {
	var out []view.Field
	for i := range max(3, min(len(f.capabilities)+1, 10)) {
		field := &view.Select{ID: "capabilities", Name: "capabilities", Label: view.Label{Text: "What is it about? (optional)", Classes: "govuk-label--s"}, Typed: true,
			Hint: "Leave it out where it could be anything", Options: []view.Option{{Text: "Choose"}}, Error: fieldError(wrong, "capabilities")}
		if i > 0 {
			field.ID, field.Label.Text, field.Hint, field.Error = "capabilities-"+strconv.Itoa(i+1), "And what else? (optional)", "", ""
		}
		chosen := ""
		if i < len(f.capabilities) {
			chosen = f.capabilities[i]
		}
		field.Groups = s.capabilityGroups(chosen)
		out = append(out, view.Field{Select: field})
	}
	return out
}
