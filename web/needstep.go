package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// needStepPage is one step of a need: few questions, what helps to answer them, and where to go on.
type needStepPage struct {
	view.Page
	Caption    string
	Heading    string
	Lead       string
	Contract   *view.Link // what it was filled in from; nil for nothing
	Told       []string   // what was worked out or assumed
	Conflict   view.Table // what was saved meanwhile beside what was typed; no rows: nothing
	Action     string
	Hidden     []hiddenField
	SimilarID  string // of the record that is being written: not similar to itself
	Fields     []view.Field
	Worked     []string // what follows from the fields, under them
	Understood *understoodBox
	Drafts     []view.Link // that the council could go on with instead
	Save       view.Button
	Also       []view.Button // other ways on
	Back       view.Link
	Preview    *needPreview
}

// needPreview is what each kind of reader would see of a need as it is saved.
type needPreview struct {
	Lead  string
	Table view.Table
}

// stepInHand is a step of a need with what was typed into it just now.
type stepInHand struct {
	*needInHand
	step   needStep
	typed  answers // what the page shows
	wrong  error
	theirs answers // saved meanwhile by somebody else; nil for none
	from   string  // check: go back to checking afterwards
}

// draftStep shows a step of a draft.
func (s *site) draftStep(c *gin.Context, who visitor) error {
	n, gone, err := s.draftInHand(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	if gone != "" {
		return s.redirect(c, who, gone)
	}
	return s.openStep(c, who, n)
}

// changeStep shows a step of a listed intention.
func (s *site) changeStep(c *gin.Context, who visitor) error {
	n, err := s.listedInHand(c, who)
	if err != nil {
		return err
	}
	return s.openStep(c, who, n)
}

func (s *site) openStep(c *gin.Context, who visitor, n *needInHand) error {
	st, err := stepNamed(c)
	if err != nil {
		return err
	}
	h := &stepInHand{needInHand: n, step: st, typed: n.answers, wrong: n.faults(st), from: c.Query("from")}
	return s.showStep(c, who, http.StatusOK, h)
}

func stepNamed(c *gin.Context) (needStep, error) {
	st, ok := needStepBy(c.Param("step"))
	if !ok {
		return st, &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	return st, nil
}

// saveDraftStep keeps what was typed into a step, whatever it is, and says what of it cannot be read.
func (s *site) saveDraftStep(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	n, gone, err := s.draftInHand(c, who, c.Param("id"))
	if err != nil || gone != "" {
		return s.orGone(c, who, gone, err)
	}
	st, err := stepNamed(c)
	if err != nil {
		return err
	}
	h := &stepInHand{needInHand: n, step: st, typed: st.sent(t), from: t.Get("from")}
	if st.slug == "for" {
		h.typed.settle(n.guess)
	}
	kept, err := s.Catalogue.AnswerDraft(c, who.actor, n.draft.ID, t.Get("seen"), h.typed)
	switch catalogue.KindOf(err) {
	case catalogue.Conflict:
		if h.needInHand, gone, err = s.draftInHand(c, who, c.Param("id")); err != nil || gone != "" {
			return s.orGone(c, who, gone, err)
		}
		h.theirs = h.answers
		return s.showStep(c, who, http.StatusConflict, h)
	case catalogue.Invalid: // what cannot even be kept
		h.wrong = err
		return s.showStep(c, who, http.StatusBadRequest, h)
	}
	if err != nil {
		return err
	}
	n.draft, n.answers = kept, answers(kept.Answers)
	if err := s.readNeed(c, who.actor, n); err != nil {
		return err
	}
	if h.typed, h.wrong = n.answers, n.faults(st); h.wrong != nil {
		return s.showStep(c, who, http.StatusBadRequest, h)
	}
	return s.redirect(c, who, h.onward(t.Get("then")))
}

// orGone leads on to where a draft was listed meanwhile, or fails.
func (s *site) orGone(c *gin.Context, who visitor, gone string, err error) error {
	if err != nil {
		return err
	}
	who.session.set("flash", "This need is listed already: change it here if something is not right.")
	return s.redirect(c, who, gone)
}

// onward is where a step that is saved leads: where its button says, back to checking, or to the next step.
func (h *stepInHand) onward(then string) string {
	switch {
	case then == "stay" && h.from == "check":
		return h.base + "/" + h.step.slug + "?from=check#worked"
	case then == "stay":
		return h.base + "/" + h.step.slug + "#worked"
	case then == "tasks":
		return h.base
	case h.from == "check":
		return h.base + "/check"
	}
	if next, ok := h.step.next(); ok {
		return h.base + "/" + next.slug
	}
	return h.base + "/check"
}

// saveChangeStep stores a step of a listed intention, unless somebody else saved other answers to it meanwhile.
func (s *site) saveChangeStep(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	n, err := s.listedInHand(c, who)
	if err != nil {
		return err
	}
	st, err := stepNamed(c)
	if err != nil {
		return err
	}
	h := &stepInHand{needInHand: n, step: st, typed: st.sent(t)}
	if st.slug == "for" {
		h.typed.settle(n.guess)
	}
	now := catalogue.SeenMark(n.answers, st.names())
	if now != t.Get("seen") && now != catalogue.SeenMark(h.typed, st.names()) {
		h.theirs = n.answers
		return s.showStep(c, who, http.StatusConflict, h)
	}
	return s.storeChange(c, who, h)
}

// storeChange stores what was typed into a step of a listed intention, or says what is wrong with it.
func (s *site) storeChange(c *gin.Context, who visitor, h *stepInHand) error {
	n := h.needInHand
	n.answers = n.answers.merged(h.typed)
	if err := s.readNeed(c, who.actor, n); err != nil {
		return err
	}
	if len(n.wrong) > 0 {
		h.wrong = fieldsError(n.wrong, func(catalogue.FieldError) bool { return true })
		return s.showStep(c, who, http.StatusBadRequest, h)
	}
	saved, err := s.Catalogue.SaveIntention(c, who.actor, *n.in)
	if catalogue.KindOf(err) == catalogue.Conflict {
		again, readErr := s.listedInHand(c, who)
		if readErr != nil || again.listed.Version == n.listed.Version {
			return err
		}
		h.needInHand, h.theirs = again, again.answers
		return s.showStep(c, who, http.StatusConflict, h)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Your changes are saved."+s.slipWarning(saved))
	return s.redirect(c, who, n.base)
}

// slipWarning says that the present contract's end has passed, which may be a slip; empty where it has not.
func (s *site) slipWarning(in *catalogue.Intention) string {
	if !s.over(in.ContractEnd) {
		return ""
	}
	return " The end of your present contract, " + view.Date(in.ContractEnd) + ", is in the past: change it if that is a slip."
}

// over says that a date has passed.
func (s *site) over(d catalogue.Date) bool {
	return !d.IsZero() && d.Last().Before(s.Catalogue.Today())
}

// showStep shows a step with what was typed, what is wrong with it, and what somebody else saved meanwhile.
func (s *site) showStep(c *gin.Context, who visitor, status int, h *stepInHand) error {
	p := newNeedStepPage(h)
	if err := s.stepFields(c, who.actor, &p, h); err != nil {
		return err
	}
	p.Page = s.page(c, who, "/intentions", p.Heading)
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: h.title(), Href: h.base}, {Text: h.step.task}}
	p.Errors = h.errorLinks(h.wrong)
	return s.show(c, who, status, "need-step", p)
}

func newNeedStepPage(h *stepInHand) needStepPage {
	st := h.step
	p := needStepPage{Caption: h.title(), Heading: st.heading, Lead: st.lead, Action: h.base + "/" + st.slug,
		Save: view.Button{Text: "Save and continue", PreventDoubleClick: true}}
	seen := h.answers
	if h.theirs != nil {
		seen = h.theirs
		p.Conflict = differTable(st.saidRaw(h.theirs), st.saidRaw(h.typed))
		p.Save.Text = "Save what I typed"
	}
	if h.wrong != nil && h.listed != nil {
		seen = answersOf(h.listed) // what was typed is not saved
	}
	p.Hidden = []hiddenField{{"seen", catalogue.SeenMark(seen, st.names())}}
	if st.slug == "for" && h.asksRight() {
		p.Hidden = append(p.Hidden, hiddenField{"understood", h.askedAbout()})
	}
	if h.listed != nil {
		p.Caption, p.Save.Text = "Change ‘"+h.listed.Title+"’", "Save changes"
		p.Back = view.Link{Text: "Cancel", Href: h.base}
		return p
	}
	if h.from == "check" {
		p.Hidden = append(p.Hidden, hiddenField{"from", "check"})
		p.Save.Text, p.Back = "Save and check", view.Link{Text: "Back to your answers", Href: h.base + "/check"}
	} else {
		p.Also = []view.Button{thenButton("Save and see all tasks", "tasks")}
		p.Back = view.Link{Text: "Back without saving", Href: h.base}
	}
	return p
}

// thenButton saves a step and leads where its value says.
func thenButton(text, then string) view.Button {
	return view.Button{Text: text, Name: "then", Value: then, Classes: "govuk-button--secondary", PreventDoubleClick: true}
}

// saidRaw is what a step's answers say as they were typed, for showing two versions beside each other.
func (st needStep) saidRaw(a answers) [][2]string {
	var out [][2]string
	for _, field := range st.fields {
		out = append(out, [2]string{needFieldName(field), a.raw(field)})
	}
	return out
}

// errorLinks is the error summary: what is wrong with this step leads to its field, the rest to its own step.
func (h *stepInHand) errorLinks(err error) []view.ErrorLink {
	var links []view.ErrorLink
	for _, f := range catalogue.FieldsOf(err) {
		to := "#" + needFieldID(f.Field, h.step.slug == "for" && h.asksRight())
		if st := needStepOf(f.Field); st.slug != h.step.slug {
			to = h.base + "/" + st.slug
		}
		links = append(links, view.ErrorLink{Text: f.Message, Href: to})
	}
	return links
}

// needFieldID is the ID of a field's first input; right says that the step asks whether what was read is right.
func needFieldID(field string, right bool) string {
	switch {
	case field == "capability" && right:
		return "right"
	case len(inputsOf(field)) > 1:
		return field + "-day"
	}
	return field
}

// needFieldName is what a field is called where answers are listed.
func needFieldName(field string) string {
	switch field {
	case "capability":
		return "What it is for"
	case "purchase":
		return "Kind of purchase"
	case "cpv":
		return "CPV codes"
	case "contract_end":
		return "Present contract ends"
	case "extension_months":
		return "Extension that can be used"
	case "lead_months":
		return "From tender to going live"
	case "window_start":
		return "Earliest start of the tender"
	case "window_end":
		return "Latest start of the tender"
	case "budget_min":
		return "Lowest budget"
	case "budget_max":
		return "Highest budget"
	case "current_supplier":
		return "Supplier now"
	case "current_platform":
		return "Platform now"
	case "musts":
		return "Must have"
	case "shoulds":
		return "Should have"
	case "role":
		return "In a joint buy"
	case "rung":
		return "How far your council is"
	case "approval_ref":
		return "Reference of the approval"
	case "approved_on":
		return "Approved on"
	case "volume":
		return "Committed, ex VAT"
	case "visibility":
		return "Who can see it"
	case "budget_audience":
		return "Who can see the budget"
	case "supplier_audience":
		return "Who can see supplier and product"
	case "contract_audience":
		return "Who can see the contract’s dates"
	case "musts_audience":
		return "Who can see what it must and should have"
	case "sensitive":
		return "Commercially sensitive, because"
	case "notes":
		return "Your own notes"
	}
	return sentenceCase(field)
}
