package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// estateConfirmPage asks whether contracts are still right.
type estateConfirmPage struct {
	view.Page
	Caption string
	Lead    string
	Which   view.Checkboxes // no choices: nothing is due
	Save    view.Button
}

func (s *site) estateConfirm(c *gin.Context, who visitor) error {
	return s.showConfirm(c, who, http.StatusOK, "")
}

func (s *site) showConfirm(c *gin.Context, who visitor, status int, wrong string) error {
	if err := mayRecord(who.actor); err != nil {
		return err
	}
	e, err := s.Catalogue.Estate(c, who.actor)
	if err != nil {
		return err
	}
	due := e.Unconfirmed(s.Catalogue.Now())
	p := estateConfirmPage{Page: s.page(c, who, "/estate", "Are these still right?"), Caption: e.Council.Label(), Lead: "Nothing is due: your council has confirmed all of it within half a year.",
		Save: view.Button{Text: "Confirm those ticked", PreventDoubleClick: true},
		Which: view.Checkboxes{Name: "contract", Classes: "govuk-checkboxes--small", Error: wrong,
			Legend: &view.Legend{Text: "Untick what is not right, and change it on its own page", Classes: "govuk-fieldset__legend--s"}}}
	if n := len(due); n > 0 {
		p.Lead = view.Plural(n, "contract was", "contracts were") + " never confirmed, or not within half a year."
		if n > formRows {
			p.Lead += " The " + view.Number(formRows) + " soonest to decide are asked about first."
		}
	}
	for _, r := range due[:min(len(due), formRows)] {
		p.Which.Choices = append(p.Which.Choices, view.Choice{Value: r.ID, Text: r.Title, Hint: contractInWords(r.Contract), Checked: wrong == ""})
	}
	if wrong != "" {
		p.Errors = []view.ErrorLink{{Text: wrong, Href: "#contract"}}
	}
	p.Crumbs = estateCrumbs(p.Title)
	return s.show(c, who, status, "estate-confirm", p)
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

func (s *site) confirmContracts(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	ids := values["contract"]
	if len(ids) == 0 {
		return s.showConfirm(c, who, http.StatusBadRequest, "Tick those that are still right")
	}
	done, err := s.Catalogue.ConfirmContracts(c, who.actor, ids[:min(len(ids), formRows)])
	if err != nil {
		return err
	}
	who.session.set("flash", bulkWords(done, "confirmed"))
	return s.redirect(c, who, "/estate")
}

// bulkWords says what a change of many did.
func bulkWords(b catalogue.Bulk, what string) string {
	words := view.Plural(b.Saved, "contract is ", "contracts are ") + what + "."
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
			row.Which.Error = refusalWords(err)
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
	who.session.set("flash", bulkWords(done, "confirmed in what they are for"))
	return s.redirect(c, who, "/estate")
}
