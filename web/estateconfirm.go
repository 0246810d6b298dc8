package web

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// estateConfirmPage asks whether contracts, platforms, intentions and offers are still right.
type estateConfirmPage struct {
	view.Page
	Caption string
	Lead    string
	Which   []confirmPart // none: nothing is due
	Save    view.Button
}

// confirmPart is what is due of one kind, with the pages on which it is changed.
type confirmPart struct {
	Boxes   view.Checkboxes
	Changes []view.Link
}

func (s *site) estateConfirm(c *gin.Context, who visitor) error {
	return s.showConfirm(c, who, http.StatusOK, "")
}

func (s *site) showConfirm(c *gin.Context, who visitor, status int, wrong string) error {
	if err := mayRecord(who.actor); err != nil {
		return err
	}
	due, err := s.Catalogue.ToConfirm(c, who.actor)
	if err != nil {
		return err
	}
	p := estateConfirmPage{Page: s.page(c, who, "/estate", "Are these still right?"), Caption: due.Council.Label(), Lead: "Nothing is due: your council has confirmed all of it.",
		Save: view.Button{Text: "Still right: all that are ticked", PreventDoubleClick: true}}
	if n := due.Len(); n > 0 {
		p.Lead = view.Plural(n, "record was", "records were") + " never confirmed by your council, or not for so long that others may doubt " + noun(n, "it", "them") + ". Untick what is not right, and change it on its own page."
	}
	p.Which = s.confirmParts(due, wrong == "")
	if wrong != "" && len(p.Which) > 0 {
		p.Which[0].Boxes.Error = wrong
		p.Errors = []view.ErrorLink{{Text: wrong, Href: "#" + p.Which[0].Boxes.FieldID()}}
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, status, "estate-confirm", p)
}

// confirmParts is the list by kind; of each kind the first that a form holds are asked about.
func (s *site) confirmParts(due *catalogue.ToConfirm, ticked bool) []confirmPart {
	now := s.Catalogue.Now()
	contracts, uses, intentions := newConfirmPart("contract", "Contracts", len(due.Contracts)), newConfirmPart("use", "Platforms that you run", len(due.Uses)), newConfirmPart("intention", "Intentions", len(due.Intentions))
	for _, r := range due.Contracts[:min(len(due.Contracts), formRows)] {
		hint := joined([]string{contractInWords(r.Contract), outOfDate(now, r.Contract)})
		contracts.ask(r.ID, r.Title, hint, pagePath(catalogue.KindContract, r.ID)+"/edit", ticked)
	}
	for _, u := range due.Uses[:min(len(due.Uses), formRows)] {
		hint := joined([]string{howWeKnow(u.Source) + ", " + dateOrNot(u.Source.Date), outOfDate(now, u.Use)})
		uses.ask(u.ID, u.Platform.Name, hint, pagePath(catalogue.KindPlatform, u.Platform.ID)+"#use", ticked)
	}
	for _, in := range due.Intentions[:min(len(due.Intentions), formRows)] {
		hint := joined([]string{"buying " + window(in.WindowStart, in.WindowEnd), outOfDate(now, in)})
		intentions.ask(in.ID, in.Title, hint, pagePath(catalogue.KindIntention, in.ID)+"/edit", ticked)
	}
	offers := newConfirmPart("offer", "Skills that you offer or seek", len(due.Offers))
	for _, o := range due.Offers[:min(len(due.Offers), formRows)] {
		offers.ask(o.ID, o.Title, joined([]string{offerWhen(o), outOfDate(now, o)}), pagePath(catalogue.KindOffer, o.ID)+"/edit", ticked)
	}
	return slices.DeleteFunc([]confirmPart{contracts, uses, intentions, offers}, func(p confirmPart) bool { return len(p.Changes) == 0 })
}

func newConfirmPart(name, title string, due int) confirmPart {
	if due > formRows {
		title += ", the first " + view.Number(formRows) + " of " + view.Number(due)
	}
	return confirmPart{Boxes: view.Checkboxes{Name: name, Classes: "govuk-checkboxes--small", Legend: &view.Legend{Text: title, Classes: "govuk-fieldset__legend--m"}}}
}

func (p *confirmPart) ask(id, title, hint, change string, ticked bool) {
	p.Boxes.Choices = append(p.Boxes.Choices, view.Choice{Value: id, Text: title, Hint: hint, Checked: ticked})
	p.Changes = append(p.Changes, view.Link{Text: title, Href: change})
}

// contractInWords is what somebody must know to say that a contract is right.
func contractInWords(k *catalogue.Contract) string {
	parts := line{}
	parts.say(k.Supplier)
	if k.End.IsZero() {
		parts.say("end not stated")
	} else {
		parts.say("ends " + view.Date(k.End))
	}
	if k.ExtensionMonths > 0 {
		parts.say("may be extended to " + view.Date(k.EndIfExtended()))
	}
	if k.NoticeMonths > 0 {
		parts.say(view.Plural(k.NoticeMonths, "month’s notice", "months’ notice"))
	}
	if k.Value > 0 {
		parts.say(view.Money(pounds(k.Value)))
	}
	parts.say(howWeKnow(k.Source))
	text := ""
	for _, p := range parts {
		text += p.Text
	}
	return text
}

// confirmAll stores the council's word for all that is ticked.
func (s *site) confirmAll(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	if len(values["contract"])+len(values["use"])+len(values["intention"])+len(values["offer"]) == 0 {
		return s.showConfirm(c, who, http.StatusBadRequest, "Tick those that are still right")
	}
	saved, left := [4]int{}, ""
	for i, part := range []struct {
		name, what, one, many string
		confirm               func(context.Context, catalogue.Actor, []string) (catalogue.Bulk, error)
	}{{"contract", "a contract", "contract", "contracts", s.Catalogue.ConfirmContracts}, {"use", "a platform", "platform", "platforms", s.Catalogue.ConfirmUses}, {"intention", "an intention", "intention", "intentions", s.Catalogue.ConfirmIntentions}, {"offer", "an offer of skills", "offer of skills", "offers of skills", s.Catalogue.ConfirmOffers}} {
		ids := values[part.name]
		if len(ids) == 0 {
			continue
		}
		done, err := part.confirm(c, who.actor, ids[:min(len(ids), formRows)])
		if err != nil {
			return err
		}
		saved[i], left = done.Saved, left+leftWords(done, part.what, part.one, part.many)
	}
	words := "Nothing is confirmed."
	if n := saved[0] + saved[1] + saved[2] + saved[3]; n > 0 {
		words = dueWords(saved[0], saved[1], saved[2], saved[3]) + noun(n, " is", " are") + " confirmed."
	}
	who.session.set("flash", words+left)
	return s.redirect(c, who, "/estate")
}

// leftWords says why records of one kind were left as they were, each reason once.
func leftWords(b catalogue.Bulk, what, one, many string) string {
	reasons := map[string]int{}
	for _, err := range b.Wrong {
		reasons[refusalWords(err, what)]++
	}
	words := ""
	for _, why := range slices.Sorted(maps.Keys(reasons)) {
		n := reasons[why]
		words += " " + view.Plural(n, one, many) + noun(n, " was left as it was: ", " were left as they were: ") + lowerFirst(why) + "."
	}
	return words
}

func joinedWrong(a, b map[string]error) map[string]error {
	out := maps.Clone(b)
	maps.Copy(out, a)
	return out
}

// bulkWords says what a change of many did.
func bulkWords(b catalogue.Bulk, is, are, what string) string {
	words := view.Plural(b.Saved, is, are) + what + "."
	if n := len(b.Wrong); n > 0 {
		words += " " + view.Plural(n, "was", "were") + " left as " + noun(n, "it was", "they were") + ": open and change " + noun(n, "it", "them") + "."
	}
	return words
}

// estateCapabilitiesPage asks what contracts are for.
type estateCapabilitiesPage struct {
	view.Page
	Caption string
	Lead    string
	Rows    []capabilityRow
	Save    view.Button
}

// capabilityRows is how many contracts one page asks about: each offers every capability.
const capabilityRows = 20

// capabilityRow is one contract, with what Jointly reads in it.
type capabilityRow struct {
	ID         string
	Name, Href string
	Note       string
	Which      view.Select
}

func (s *site) estateCapabilities(c *gin.Context, who visitor) error {
	return s.showCapabilities(c, who, http.StatusOK, nil, nil)
}

func (s *site) showCapabilities(c *gin.Context, who visitor, status int, said map[string]string, wrong map[string]error) error {
	if err := mayRecord(who.actor); err != nil {
		return err
	}
	e, err := s.Catalogue.Estate(c, who.actor)
	if err != nil {
		return err
	}
	guessed := e.Guessed()
	p := estateCapabilitiesPage{Page: s.page(c, who, "/estate", "What are these contracts for?"), Caption: e.Council.Label(),
		Lead: "Your council has said what each of its contracts is for.", Save: view.Button{Text: "Save what they are for", PreventDoubleClick: true}}
	if n := len(guessed); n > 0 {
		p.Lead = "Of " + view.Plural(n, "contract", "contracts") + " Jointly has only read it in the text, or could not. Confirm it by saving: change what is wrong, and choose ‘Not now’ where you do not know."
	}
	for _, r := range guessed[:min(len(guessed), capabilityRows)] {
		chosen := r.Capability
		if typed, ok := said[r.ID]; ok {
			chosen = typed
		}
		row := capabilityRow{ID: r.ID, Name: r.Title, Href: pagePath(catalogue.KindContract, r.ID), Note: r.Supplier,
			Which: view.Select{Name: "for-" + r.ID, Label: view.Label{Text: "What is it for: " + r.Title, Classes: "govuk-visually-hidden"},
				Options: []view.Option{{Text: "Not now"}}, Groups: s.capabilityGroups(chosen)}}
		if err := wrong[r.ID]; err != nil {
			row.Which.Error = refusalWords(err, "a contract")
			p.Errors = append(p.Errors, view.ErrorLink{Text: r.Title + ": " + lowerFirst(row.Which.Error), Href: "#" + row.Which.FieldID()})
		}
		p.Rows = append(p.Rows, row)
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, status, "estate-capabilities", p)
}

func (s *site) confirmCapabilities(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	said := map[string]string{}
	for _, id := range values["contract"][:min(len(values["contract"]), formRows)] {
		said[id] = values.Get("for-" + id)
	}
	answered := map[string]string{}
	for id, capability := range said {
		if capability != "" {
			answered[id] = capability
		}
	}
	done, err := s.Catalogue.ConfirmCapabilities(c, who.actor, answered)
	if err != nil {
		return err
	}
	if len(done.Wrong) > 0 {
		return s.showCapabilities(c, who, http.StatusBadRequest, said, done.Wrong)
	}
	who.session.set("flash", bulkWords(done, "contract is ", "contracts are ", "confirmed in what they are for"))
	return s.redirect(c, who, "/estate")
}
