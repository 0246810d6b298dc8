package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// shownDrafts is how many of a council's drafts stand beside a new one; its desk has all.
const shownDrafts = 5

// newNeed begins to list a need: with its first step, or with what is taken over from a contract of the visitor's council.
func (s *site) newNeed(c *gin.Context, who visitor) error {
	if err := mayList(who.actor); err != nil {
		return err
	}
	anew(c)
	if id := c.Query("contract"); id != "" {
		return s.newFromContract(c, who, id)
	}
	return s.showNew(c, who, http.StatusOK, catalogue.NewID(), answers{"title": strings.TrimSpace(c.Query("title"))}, nil)
}

// showNew shows the first step of a need that is not stored yet, beside the drafts that the council has.
func (s *site) showNew(c *gin.Context, who visitor, status int, id string, a answers, wrong error) error {
	n := &needInHand{answers: a, in: &catalogue.Intention{Meta: catalogue.Meta{ID: id}}}
	h := &stepInHand{needInHand: n, step: needSteps()[0], typed: a, wrong: wrong}
	p := newNeedStepPage(h)
	p.Caption, p.Action, p.Back = "List a need", "/intentions/new", view.Link{Text: "Cancel", Href: "/desk"}
	p.Hidden, p.Also = nil, nil
	p.Lead += " A draft is kept as you go, for your council alone, until you list it."
	if err := s.stepFields(c, who.actor, &p, h); err != nil {
		return err
	}
	drafts, err := s.Catalogue.NeedDrafts(c, who.actor)
	if err != nil {
		return err
	}
	for _, d := range drafts[:min(len(drafts), shownDrafts)] {
		p.Drafts = append(p.Drafts, view.Link{Text: needTitle(d.Answers), Href: draftPath(d.ID)})
	}
	p.Page = s.page(c, who, "/intentions", "List a need")
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "List a need"}}
	p.Errors = h.errorLinks(wrong)
	return s.show(c, who, status, "need-step", p)
}

// newFromContract shows what is taken over from a contract. What follows it already is led to: the intention, or the draft.
func (s *site) newFromContract(c *gin.Context, who visitor, id string) error {
	contract, err := s.ownContract(c, who.actor, id)
	if err != nil {
		return err
	}
	open, err := s.Catalogue.IntentionFrom(c, who.actor, id)
	if err != nil {
		return err
	}
	if open != nil {
		who.session.set("flash", "Your council has listed what is to follow this contract already: here it is.")
		return s.redirect(c, who, pagePath(catalogue.KindIntention, open.ID))
	}
	draft, err := s.Catalogue.DraftFromContract(c, who.actor, id)
	if err != nil {
		return err
	}
	if draft != nil {
		who.session.set("flash", "Your council has begun to write what is to follow this contract: here is the draft.")
		return s.redirect(c, who, draftPath(draft.ID))
	}
	p := needStepPage{Caption: contract.Title, Heading: "List what is to follow this contract", Action: "/intentions/new",
		Lead:     "We fill in a draft from the contract. You check it, change what is not right, and list it.",
		Contract: &view.Link{Text: contract.Title, Href: pagePath(catalogue.KindContract, contract.ID)},
		Told:     assumed(s.Catalogue.DraftFrom(contract), contract.Audience, s.Catalogue.Today()),
		Hidden:   []hiddenField{{"id", catalogue.NewID()}, {"contract", contract.ID}},
		Save:     view.Button{Text: "Fill in a draft", PreventDoubleClick: true}, Back: view.Link{Text: "Cancel", Href: pagePath(catalogue.KindContract, contract.ID)}}
	p.Page = s.page(c, who, "/intentions", p.Heading)
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "List a need"}}
	return s.show(c, who, http.StatusOK, "need-step", p)
}

// beginNeed stores a new draft and leads to its next step; filled in from a contract, to what it says.
func (s *site) beginNeed(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if err := mayList(who.actor); err != nil {
		return err
	}
	first := needSteps()[0]
	d := catalogue.NeedDraft{Meta: catalogue.Meta{ID: recordID(t.Get("id"))}, Answers: first.sent(t)}
	if id := t.Get("contract"); id != "" {
		contract, err := s.ownContract(c, who.actor, id)
		if err != nil {
			return err
		}
		d.Contract, d.Answers = contract.ID, prefilled(s.Catalogue.DraftFrom(contract), contract.Audience)
	} else if d.Answers["title"] == "" && d.Answers["description"] == "" {
		return s.showNew(c, who, http.StatusBadRequest, d.ID, d.Answers, missing("title", "Enter what you intend to buy"))
	}
	made, err := s.Catalogue.BeginDraft(c, who.actor, d)
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showNew(c, who, http.StatusBadRequest, d.ID, d.Answers, err)
	}
	if err != nil {
		return err
	}
	if made.Contract != "" {
		who.session.set("flash", "The draft is filled in from the contract. Check it, and list it when it is right.")
		return s.redirect(c, who, draftPath(made.ID)+"/check")
	}
	return s.begun(c, who, made, d)
}

// begun leads on from the first step. A form that was sent before, with other words since, is not lost in silence.
func (s *site) begun(c *gin.Context, who visitor, made *catalogue.NeedDraft, d catalogue.NeedDraft) error {
	first := needSteps()[0]
	n, gone, err := s.draftInHand(c, who, made.ID)
	if err != nil || gone != "" {
		return s.orGone(c, who, gone, err)
	}
	h := &stepInHand{needInHand: n, step: first, typed: n.answers}
	if catalogue.SeenMark(n.answers, first.names()) != catalogue.SeenMark(d.Answers, first.names()) {
		h.typed, h.theirs = d.Answers, n.answers
		return s.showStep(c, who, http.StatusConflict, h)
	}
	if h.wrong = n.faults(first); h.wrong != nil {
		return s.showStep(c, who, http.StatusBadRequest, h)
	}
	return s.redirect(c, who, h.onward(""))
}

// prefilled is what a draft that follows a contract says, as somebody would have typed it. Who may see what is left to be
// asked.
func prefilled(d catalogue.Draft, audience catalogue.Audience) answers {
	a := answersOf(&d.Intention)
	for _, field := range []string{"visibility", "budget_audience", "supplier_audience", "contract_audience", "musts_audience"} {
		delete(a, field)
	}
	if audience == catalogue.Own { // what others do not see of the contract is not shown by the need that follows it
		for _, field := range []string{"budget_audience", "supplier_audience", "contract_audience"} {
			a[field] = string(catalogue.Own)
		}
	}
	return a
}

func mayList(actor catalogue.Actor) error {
	if catalogue.MayDo(actor, catalogue.ListIntention) {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Forbidden,
		Message: "Your account can read only. An administrator of your council, or whoever runs this service, can let you list and change needs"}
}

// ownContract is a contract of the visitor's own council.
func (s *site) ownContract(ctx context.Context, actor catalogue.Actor, id string) (*catalogue.Contract, error) {
	k, err := s.Catalogue.Contract(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.ForCouncil(k.Council) {
		return nil, &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is another council’s contract: you can list a need from your own only"}
	}
	return k, nil
}

// assumed is what a draft that was filled in from a contract takes for granted.
func assumed(d catalogue.Draft, audience catalogue.Audience, today time.Time) []string {
	words := []string{windowWords(d, today)}
	if d.Intention.Budget.Max > 0 {
		vat := "The record does not say whether that is without VAT."
		if d.ExVAT {
			vat = "That is without VAT."
		}
		words = append(words, "The budget is taken from what the contract is worth over its term, "+view.Money(pounds(d.Intention.Budget.Max))+". "+vat+" Prices may have moved.")
	}
	if audience == catalogue.Own {
		words = append(words, "Only your council sees this contract: its supplier, its end and the budget stay with your council too, unless you change who may see them. What is hidden is not compared.")
	}
	return words
}

// draftsLink leads from where needs are listed to the drafts of the visitor's council; nil for none.
func (s *site) draftsLink(ctx context.Context, actor catalogue.Actor) (*view.Link, error) {
	if !catalogue.MayDo(actor, catalogue.WriteDraft) {
		return nil, nil
	}
	drafts, err := s.Catalogue.NeedDrafts(ctx, actor)
	switch {
	case err != nil || len(drafts) == 0:
		return nil, err
	case len(drafts) == 1:
		return &view.Link{Text: "Go on with the draft ‘" + needTitle(drafts[0].Answers) + "’", Href: draftPath(drafts[0].ID)}, nil
	}
	return &view.Link{Text: "Go on with one of " + view.Number(len(drafts)) + " drafts", Href: "/desk#drafts"}, nil
}

// draftsTable lists the needs that a council is still writing.
func draftsTable(drafts []*catalogue.NeedDraft, now time.Time) view.Table {
	t := view.Table{Caption: "Drafts", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Draft", Classes: "jy-col-40"}, {Text: "Last changed"}, {Text: "Kept until"}}}
	for _, d := range drafts {
		t.Rows = append(t.Rows, []view.Cell{{Text: needTitle(d.Answers), Href: draftPath(d.ID)}, {Text: sentenceCase(ago(now, d.Changed))}, {Text: view.Day(d.Goes())}})
	}
	return t
}
