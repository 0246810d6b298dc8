package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// callRunPage is where the operator opens, closes or deletes a call.
type callRunPage struct {
	view.Page
	Heading  string
	Lead     string
	Facts    view.SummaryList
	Warnings []view.Warning
	Action   string
	Version  string
	Do       *view.Button // nil: it cannot be opened yet
	Change   view.Link
	Delete   *callDelete
}

// callDelete deletes a draft.
type callDelete struct {
	Fold   view.Details
	Action string
	Send   view.Button
}

func (s *site) callRun(c *gin.Context, who visitor) error {
	return s.showCallRun(c, who, http.StatusOK, nil)
}

func (s *site) showCallRun(c *gin.Context, who visitor, status int, wrong error) error {
	v, err := s.Catalogue.CallView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	anew(c)
	x, address := v.Call, callPath(v.Call.ID)
	p := callRunPage{Version: strconv.FormatUint(x.Version, 10), Change: view.Link{Text: "Change the call", Href: address + "/edit"}, Facts: view.SummaryList{Rows: callFacts(x)}}
	p.Facts.Rows = append(p.Facts.Rows, view.SummaryRow{Key: "Services", Value: view.Number(len(x.Services))}, view.SummaryRow{Key: "Questions", Value: view.Number(len(x.Questions))},
		view.SummaryRow{Key: "Councils asked", Value: view.Number(v.Asked), Note: view.Plural(v.NoPeople, "has", "have") + " nobody with an account here"})
	switch x.State {
	case catalogue.CallOpen:
		p.Heading, p.Action = "Close this call", address+"/close"
		p.Lead = view.Number(v.Signed) + " of " + view.Plural(v.Asked, "council has", "councils have") + " signed, and " + view.Plural(v.Begun, "has", "have") +
			" begun without signing: those cannot sign once it is closed. Councils that signed can still correct their answers. You can open it again."
		p.Do = &view.Button{Text: "Close the call", Classes: "govuk-button--warning", PreventDoubleClick: true}
	case catalogue.CallClosed:
		p.Heading, p.Action = "Open this call again", address+"/open"
		p.Lead = "Councils that have not signed can answer again, until the last day and, marked as late, after it. They are not told again."
		p.Do = &view.Button{Text: "Open it again", PreventDoubleClick: true}
	default:
		p.Heading, p.Action = "Look it over and open it", address+"/open"
		p.Lead = "Once it is open everybody can read it, and the councils that are asked are told in their inboxes and by mail. They are reminded two weeks and two days before the last day, if they have not signed."
		p.Do = &view.Button{Text: "Open the call", PreventDoubleClick: true}
		p.Delete = &callDelete{Fold: view.Details{Summary: "Delete this draft", ID: "delete"}, Action: address + "/delete", Send: view.Button{Text: "Delete the draft", Classes: "govuk-button--warning"}}
		for _, text := range s.Catalogue.CallWarnings(*x) {
			p.Warnings = append(p.Warnings, view.Warning{Text: text})
		}
	}
	for _, f := range catalogue.FieldsOf(wrong) {
		p.Errors = append(p.Errors, view.ErrorLink{Text: f.Message, Href: address + "/edit"})
	}
	if catalogue.KindOf(wrong) == catalogue.Conflict && wrong != nil {
		p.Errors = []view.ErrorLink{{Text: "This call was changed after you looked at it: look again below, then open it", Href: "#do"}}
	}
	wrongs := p.Errors
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Canonical, p.Errors = "", wrongs
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: "Calls for evidence", Href: "/calls"}, view.Crumb{Text: x.Label(), Href: address}, view.Crumb{Text: p.Heading})
	return s.show(c, who, status, "call-run", p)
}

func (s *site) openCall(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseUint(values.Get("version"), 10, 64) // what is no number was read of nothing
	x, err := s.Catalogue.OpenCall(c, who.actor, c.Param("id"), version)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showCallRun(c, who, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "The call is open. The councils that are asked are being told.")
	return s.redirect(c, who, callPath(x.ID))
}

func (s *site) closeCall(c *gin.Context, who visitor) error {
	x, err := s.Catalogue.CloseCall(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	who.session.set("flash", "The call is closed. Councils that signed can still correct their answers.")
	return s.redirect(c, who, callPath(x.ID))
}

func (s *site) deleteCall(c *gin.Context, who visitor) error {
	if err := s.Catalogue.DeleteCall(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	who.session.set("flash", "The draft is deleted.")
	return s.redirect(c, who, "/calls")
}
