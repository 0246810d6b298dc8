package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// newIntention shows the form to list a need, empty, for a capability, or filled in from a contract of the visitor's
// council.
func (s *site) newIntention(c *gin.Context, who visitor) error {
	if err := mayList(who.actor); err != nil {
		return err
	}
	e := &intentionEdit{in: &catalogue.Intention{Visibility: catalogue.Councils, Fields: catalogue.DefaultIntentionAudiences()}}
	if id := c.Query("contract"); id != "" {
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
		s.prefill(e, contract)
	} else if known, ok := s.Catalogue.Dictionary().Capability(c.Query("capability")); ok {
		e.in.Title = known.Name
	}
	e.in.ID, e.form = catalogue.NewID(), formOf(e.in)
	anew(c)
	return s.showIntentionForm(c, who, http.StatusOK, e)
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

// prefill takes over from a contract what a need for the same would say, and says what was assumed.
func (s *site) prefill(e *intentionEdit, k *catalogue.Contract) {
	d := s.Catalogue.DraftFrom(k)
	e.in, e.confirmed, e.filled = &d.Intention, d.Intention.Capability, assumed(d, s.Catalogue.Today())
	e.in.Capability = "" // the form asks whether that is right
}

// assumed is what a form that was filled in from a contract takes for granted.
func assumed(d catalogue.Draft, today time.Time) []string {
	words := []string{windowWords(d, today)}
	if d.Intention.Budget.Max > 0 {
		vat := "The record does not say whether that is without VAT."
		if d.ExVAT {
			vat = "That is without VAT."
		}
		words = append(words, "The budget is taken from what the contract is worth over its term, "+view.Money(pounds(d.Intention.Budget.Max))+". "+vat+" Prices may have moved.")
	}
	return words
}

// listIntention stores a new need, or says what is wrong with it. The same form sent twice makes one.
func (s *site) listIntention(c *gin.Context, who visitor) error {
	e, err := s.readIntention(c, &catalogue.Intention{Council: who.actor.Org})
	if err != nil {
		return err
	}
	e.in.ID = recordID(e.typed.Get("id"))
	if id := e.typed.Get("contract"); id != "" {
		contract, err := s.ownContract(c, who.actor, id)
		if err != nil {
			return err
		}
		e.in.FromContract, e.filled = contract.ID, assumed(s.Catalogue.DraftFrom(contract), s.Catalogue.Today())
	}
	return s.keepIntention(c, who, e)
}

// editIntention shows the form with what an intention says now.
func (s *site) editIntention(c *gin.Context, who visitor) error {
	in, err := s.ownIntention(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if in.Withdrawn != "" {
		return withdrawnAlready()
	}
	anew(c)
	return s.showIntentionForm(c, who, http.StatusOK, &intentionEdit{in: in, form: formOf(in), confirmed: in.Capability})
}

// saveIntention stores a new state of an intention, unless somebody else saved one meanwhile.
func (s *site) saveIntention(c *gin.Context, who visitor) error {
	in, err := s.ownIntention(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if in.Withdrawn != "" {
		return withdrawnAlready()
	}
	e, err := s.readIntention(c, in)
	if err != nil {
		return err
	}
	if in.Version, err = strconv.ParseUint(e.typed.Get("version"), 10, 64); err != nil || in.Version == 0 {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form does not say which state of the intention it changes. Open it again from the intention’s page", Err: err}
	}
	return s.keepIntention(c, who, e)
}

// ownIntention is an intention that the visitor may change.
func (s *site) ownIntention(ctx context.Context, actor catalogue.Actor, id string) (*catalogue.Intention, error) {
	in, err := s.Catalogue.Intention(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if !actor.ForCouncil(in.Council) {
		return nil, &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is another council’s intention: its own officers change it"}
	}
	return in, mayList(actor)
}

func withdrawnAlready() error {
	return &catalogue.Error{Kind: catalogue.Conflict, Message: "This intention was withdrawn. List the need anew if it is back"}
}

// intentionEdit is an intention that is being written.
type intentionEdit struct {
	typed     *typed
	form      intentionForm
	in        *catalogue.Intention   // what the form says, as far as it can be read
	confirmed string                 // the capability that was confirmed before
	check     bool                   // only what is understood was asked for
	asked     bool                   // the question what it is for was the only thing left to say before
	confirm   bool                   // it is now
	repeats   []*catalogue.Intention // what its council has listed already and seems the same; told before it is saved
	untold    bool                   // one of them was not told yet
	wrong     error
	theirs    *catalogue.Intention // saved meanwhile by somebody else; nil for none
	filled    []string             // what was assumed where it was filled in from a contract
}

// readIntention reads the form into an intention, whose other fields stay.
func (s *site) readIntention(c *gin.Context, in *catalogue.Intention) (*intentionEdit, error) {
	values, err := form(c)
	if err != nil {
		return nil, err
	}
	e := &intentionEdit{typed: &typed{Values: values}, in: in, check: values.Get("action") == "check", confirmed: s.known(values)}
	e.asked = values.Get("asked") == "yes"
	e.form = readIntentionForm(e.typed)
	guess := s.Catalogue.DraftIntention(catalogue.Intention{Title: e.form.Title, Description: e.form.Description}).Guess
	if f := &e.form; f.Right == "yes" && f.Understood != guess && f.Understood != e.confirmed {
		f.Right = "" // the words have changed since they said so
	}
	e.form.fill(in, e.typed)
	e.confirm = !e.form.answered() && e.form.Title+e.form.Description != ""
	if e.confirm && (e.asked && e.form.Right == "" && e.form.Understood == guess || e.form.Right == "no") {
		e.typed.fault("capability", "Choose what it is for")
	}
	return e, nil
}

// keepIntention saves what was read, or shows the form again: with what is wrong, with the question what it is for where
// that alone is left to say, or with what somebody else saved.
func (s *site) keepIntention(c *gin.Context, who visitor, e *intentionEdit) error {
	if err := mayList(who.actor); err != nil {
		return err
	}
	if e.check {
		e.confirm = false
		return s.showIntentionForm(c, who, http.StatusOK, e)
	}
	rules := s.Catalogue.CheckIntention(c, who.actor, *e.in)
	if rules != nil && catalogue.KindOf(rules) != catalogue.Invalid {
		return rules
	}
	if err := s.findRepeats(c, who.actor, e); err != nil {
		return err
	}
	switch e.wrong = e.typed.and(rules); {
	case e.wrong != nil:
		e.confirm = false
		return s.showIntentionForm(c, who, http.StatusBadRequest, e)
	case e.confirm, e.untold:
		return s.showIntentionForm(c, who, http.StatusOK, e)
	}
	fresh := e.in.Version == 0
	saved, err := s.Catalogue.SaveIntention(c, who.actor, *e.in)
	switch catalogue.KindOf(err) {
	case catalogue.Invalid:
		e.wrong = err
		return s.showIntentionForm(c, who, http.StatusBadRequest, e)
	case catalogue.Conflict:
		saved, err = s.conflicting(c, who.actor, e, err)
	}
	if err != nil {
		return err
	}
	if formOf(saved) != formOf(e.in) { // somebody saved another version, or the form was sent before with other words
		e.theirs, e.in.Version = saved, saved.Version
		return s.showIntentionForm(c, who, http.StatusConflict, e)
	}
	return s.savedIntention(c, who, saved, fresh)
}

// findRepeats finds what the council has listed already and seems to be the need that it lists now. It is told once, and
// saved when the form is sent again.
func (s *site) findRepeats(ctx context.Context, actor catalogue.Actor, e *intentionEdit) error {
	if e.in.Version != 0 {
		return nil
	}
	found, err := s.Engine.Draft(ctx, s.Catalogue.DraftIntention(*e.in))
	if err != nil {
		return err
	}
	if e.repeats, err = s.repeated(ctx, actor, *e.in, found.Repeats); err != nil {
		return err
	}
	for _, in := range e.repeats {
		e.untold = e.untold || !slices.Contains(e.typed.Values["repeats"], in.ID)
	}
	return nil
}

// savedIntention leads on: from a new need to who could buy it too, from a change to the intention.
func (s *site) savedIntention(c *gin.Context, who visitor, saved *catalogue.Intention, fresh bool) error {
	who.session.wrote(saved.Version)
	address := pagePath(catalogue.KindIntention, saved.ID)
	warning := ""
	if s.over(saved.ContractEnd) {
		warning = " The end of your present contract, " + view.Date(saved.ContractEnd) + ", is in the past: change it if that is a slip."
	}
	if fresh {
		who.session.set("flash", "Your need is listed, and compared with what other councils need."+warning)
		return s.redirect(c, who, address+"/matches")
	}
	who.session.set("flash", "Your changes are saved."+warning)
	return s.redirect(c, who, address)
}

// over says that a date has passed.
func (s *site) over(d catalogue.Date) bool {
	return !d.IsZero() && d.Last().Before(s.Catalogue.Today())
}

// conflicting is what stands where a save was refused since something else was saved; the refusal where nothing was.
func (s *site) conflicting(ctx context.Context, actor catalogue.Actor, e *intentionEdit, refused error) (*catalogue.Intention, error) {
	stands, err := s.Catalogue.Intention(ctx, actor, e.in.ID)
	if err != nil || stands.Version == e.in.Version {
		return nil, refused
	}
	return stands, nil
}

// withdrawIntention ends an intention, with the reason.
func (s *site) withdrawIntention(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	id, reason := c.Param("id"), values.Get("reason")
	in, err := s.ownIntention(c, who.actor, id)
	if err != nil {
		return err
	}
	if in.Withdrawn == "" { // else the form was sent twice
		in, err = s.Catalogue.WithdrawIntention(c, who.actor, id, reason)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.withdrawAgain(c, who, id, reason, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(in.Version)
	who.session.set("flash", "The intention is withdrawn. It is no longer matched.")
	return s.redirect(c, who, pagePath(catalogue.KindIntention, id))
}

func (s *site) withdrawAgain(c *gin.Context, who visitor, id, reason string, wrong error) error {
	p, err := s.intentionPage(c, who, id)
	if err != nil {
		return err
	}
	if p.Owner == nil || p.Owner.Withdraw == nil {
		return wrong
	}
	p.Owner.Withdraw.Fold.Open = true
	p.Owner.Withdraw.Reason.Value, p.Owner.Withdraw.Reason.Error = reason, fieldError(wrong, "reason")
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, http.StatusBadRequest, "intention", p)
}

// fromContract is where a need was prefilled from, for the form's heading.
func fromContract(in *catalogue.Intention) string {
	if in.FromContract == "" || in.Version != 0 {
		return ""
	}
	return "/contracts/" + url.PathEscape(in.FromContract)
}
