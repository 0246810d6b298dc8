package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// needCheckPage is all that was said of a need, each line with the way to change it, and what others would see of it.
type needCheckPage struct {
	view.Page
	Caption  string
	Heading  string
	Lead     string
	Contract *view.Link // what it was filled in from; nil for nothing
	Told     []string   // what was assumed then
	Moved    string     // what changed while it was being checked; empty for nothing
	Lacking  string     // what is left to say before it can be listed; empty for nothing
	Parts    []answersPart
	Preview  *needPreview
	Action   string // empty where it is listed already
	Version  string
	Repeats  *repeatsPanel
	Save     view.Button
	Back     view.Link
}

// answersPart is what was said in one step.
type answersPart struct {
	ID    string
	Title string
	Rows  view.SummaryList
}

// repeatsPanel tells of what a council has listed already and seems to be the same need.
type repeatsPanel struct {
	IDs   []string
	Links []view.Link
}

// checkDraft shows what a draft says before it is listed.
func (s *site) checkDraft(c *gin.Context, who visitor) error {
	n, gone, err := s.draftInHand(c, who, c.Param("id"))
	if err != nil || gone != "" {
		return s.orGone(c, who, gone, err)
	}
	return s.showAnswers(c, who, http.StatusOK, n, "", nil)
}

// listNeed lists what a draft says, or says what is missing. What somebody changed after it was shown, and what the
// council has listed already, is told first. The same form sent twice makes one intention.
func (s *site) listNeed(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	n, gone, err := s.draftInHand(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	if gone != "" { // the form was sent before
		return s.redirect(c, who, gone+"/matches")
	}
	if t.Get("version") != strconv.FormatUint(n.draft.Version, 10) {
		return s.showAnswers(c, who, http.StatusConflict, n, moved, nil)
	}
	if len(n.wrong) > 0 {
		return s.showAnswers(c, who, http.StatusBadRequest, n, "", fieldsError(n.wrong, func(catalogue.FieldError) bool { return true }))
	}
	repeats, err := s.findRepeats(c, who.actor, n)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(repeats, func(in *catalogue.Intention) bool { return !slices.Contains(t.Values["repeats"], in.ID) }) {
		return s.showAnswers(c, who, http.StatusOK, n, "", nil)
	}
	return s.listDraft(c, who, n)
}

// moved says why a draft is to be checked once more.
const moved = "A colleague changed this draft after you looked at it. Check it again"

// listDraft lists a draft with which nothing is wrong, and leads to who could buy it too.
func (s *site) listDraft(c *gin.Context, who visitor, n *needInHand) error {
	made, err := s.Catalogue.ListDraft(c, who.actor, n.draft.ID, n.draft.Version, *n.in)
	switch catalogue.KindOf(err) {
	case catalogue.Conflict:
		again, gone, err := s.draftInHand(c, who, n.draft.ID)
		if err != nil || gone != "" {
			return s.orGone(c, who, gone, err)
		}
		return s.showAnswers(c, who, http.StatusConflict, again, moved, nil)
	case catalogue.Invalid:
		return s.showAnswers(c, who, http.StatusBadRequest, n, "", err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(made.Version)
	who.session.set("flash", "Your need is listed, and compared with what other councils need."+s.slipWarning(made))
	return s.redirect(c, who, pagePath(catalogue.KindIntention, made.ID)+"/matches")
}

// findRepeats finds what the council has listed already and seems to be the need of its draft.
func (s *site) findRepeats(ctx context.Context, actor catalogue.Actor, n *needInHand) ([]*catalogue.Intention, error) {
	draft := s.Catalogue.DraftIntention(*n.in)
	found, err := s.Engine.Draft(ctx, draft)
	if err != nil {
		return nil, err
	}
	return s.repeated(ctx, actor, draft, found.Repeats)
}

// changeNeed shows what a listed intention says, each line with the way to change it.
func (s *site) changeNeed(c *gin.Context, who visitor) error {
	n, err := s.listedInHand(c, who)
	if err != nil {
		return err
	}
	return s.showAnswers(c, who, http.StatusOK, n, "", nil)
}

func (s *site) showAnswers(c *gin.Context, who visitor, status int, n *needInHand, changed string, wrong error) error {
	p := needCheckPage{Caption: n.title(), Heading: "Check your answers", Lead: "Nothing is listed yet. This is what councils will compare with their own needs.", Moved: changed,
		Action: n.base + "/check", Save: view.Button{Text: "List this need", PreventDoubleClick: true}, Back: view.Link{Text: "Back to all tasks", Href: n.base}}
	if n.listed != nil {
		p.Heading, p.Lead, p.Action = "Change your intention", "Saving a change confirms the intention as of today.", ""
		p.Back = view.Link{Text: "Back to the intention", Href: pagePath(catalogue.KindIntention, n.listed.ID)}
	} else if err := s.addListing(c, who.actor, &p, n); err != nil {
		return err
	}
	for _, st := range needSteps() {
		p.Parts = append(p.Parts, answersPart{st.slug, st.task, view.SummaryList{Rows: s.answerRows(n, st)}})
	}
	if n.in.Title != "" {
		p.Preview = s.needPreview(n.in)
	}
	p.Page = s.page(c, who, "/intentions", p.Heading)
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: n.title(), Href: p.Back.Href}, {Text: p.Heading}}
	for _, f := range catalogue.FieldsOf(wrong) {
		p.Errors = append(p.Errors, view.ErrorLink{Text: f.Message, Href: n.changeAddress(f.Field)})
	}
	return s.show(c, who, status, "need-check", p)
}

// addListing says what stands between a draft and its listing.
func (s *site) addListing(ctx context.Context, actor catalogue.Actor, p *needCheckPage, n *needInHand) error {
	p.Version = strconv.FormatUint(n.draft.Version, 10)
	if n.contract != nil {
		p.Contract = &view.Link{Text: n.contract.Title, Href: pagePath(catalogue.KindContract, n.contract.ID)}
		p.Told = assumed(s.Catalogue.DraftFrom(n.contract), n.contract.Audience, s.Catalogue.Today())
	}
	if len(n.wrong) > 0 {
		p.Lacking = view.Plural(len(n.wrong), "answer is", "answers are") + " missing or to be put right before this can be listed. They are marked below."
	}
	repeats, err := s.findRepeats(ctx, actor, n)
	if err != nil || len(repeats) == 0 {
		return err
	}
	p.Save.Text, p.Repeats = "List it all the same", &repeatsPanel{}
	for _, in := range repeats {
		p.Repeats.IDs = append(p.Repeats.IDs, in.ID)
		p.Repeats.Links = append(p.Repeats.Links, view.Link{Text: in.Title, Href: pagePath(catalogue.KindIntention, in.ID)})
	}
	return nil
}

// changeAddress is where a field is answered.
func (n *needInHand) changeAddress(field string) string {
	to := n.base + "/" + needStepOf(field).slug
	if n.listed == nil {
		to += "?from=check"
	}
	if field != "capability" { // whose question depends on what was read
		to += "#" + needFieldID(field, false)
	}
	return to
}

// answerRows is what a step says, line by line.
func (s *site) answerRows(n *needInHand, st needStep) []view.SummaryRow {
	var rows []view.SummaryRow
	for _, field := range st.fields {
		row := view.SummaryRow{Key: needFieldName(field), Value: s.answerWords(n, field),
			Actions: []view.Link{{Text: "Change", Hidden: lowerFirst(needFieldName(field)), Href: n.changeAddress(field)}}}
		switch wrong := fieldError(fieldsError(n.wrong, func(catalogue.FieldError) bool { return true }), field); {
		case wrong != "" && !n.missing(catalogue.FieldError{Field: field}):
			row.Value, row.Note, row.Classes = cmp.Or(n.answers.raw(field), "Not answered"), wrong, "jy-answer--wrong"
		case wrong != "":
			row.Value, row.Note, row.Muted, row.Classes = "Not answered", wrong, true, "jy-answer--wrong"
		case row.Value == "" && onlyWithApproval(field):
			continue
		case row.Value == "":
			row.Value, row.Muted = "Not answered", true
		case field == "window_end":
			row.Note = latestStart(n.in)
		}
		rows = append(rows, row)
	}
	return rows
}

// onlyWithApproval says that a field is asked for with one answer only.
func onlyWithApproval(field string) bool {
	return field == "approval_ref" || field == "approved_on" || field == "volume"
}

// answerWords is what the need says of a field, in words; empty for nothing.
func (s *site) answerWords(n *needInHand, field string) string {
	in := n.in
	switch field {
	case "capability":
		if c, ok := s.Catalogue.Dictionary().Capability(in.Capability); ok {
			return c.Name
		}
		if n.answers["capability"] == noneFits {
			return "None of those listed"
		}
	case "purchase":
		return stated(in.Purchase, purchaseWords(in.Purchase))
	case "cpv":
		return s.cpvStated(in.CPV)
	case "contract_end":
		return dateStated(in.ContractEnd)
	case "window_start":
		return dateStated(in.WindowStart)
	case "window_end":
		return dateStated(in.WindowEnd)
	case "approved_on":
		return dateStated(in.Approved)
	case "extension_months", "lead_months":
		return stated(n.answers[field], months(map[string]int{"extension_months": in.ExtensionMonths, "lead_months": in.LeadMonths}[field]))
	case "budget_min":
		return bothVAT(in.Budget.Min)
	case "budget_max":
		return bothVAT(in.Budget.Max)
	case "volume":
		return bothVAT(in.Volume)
	case "role":
		return stated(in.Role, roleWords(in.Role))
	case "rung":
		return stated(string(in.Rung), rungWord(in.Rung))
	case "visibility":
		return audienceWords(in.Visibility)
	case "budget_audience":
		return audienceWords(narrowest(in.Visibility, in.Fields.Budget))
	case "supplier_audience":
		return audienceWords(narrowest(in.Visibility, in.Fields.Supplier))
	case "contract_audience":
		return audienceWords(narrowest(in.Visibility, in.Fields.Contract))
	case "musts_audience":
		return audienceWords(narrowest(in.Visibility, in.Fields.Musts))
	default:
		return n.answers.raw(field)
	}
	return ""
}

// stated is the words for an answer; empty where there is none.
func stated(answer, words string) string {
	if answer == "" {
		return ""
	}
	return words
}

func dateStated(d catalogue.Date) string {
	if d.IsZero() {
		return ""
	}
	return view.Date(d)
}

// bothVAT is an amount without VAT, and beside it with VAT.
func bothVAT(amount float64) string {
	if amount == 0 {
		return ""
	}
	return view.Money(pounds(amount)) + " ex VAT, " + view.Money(pounds(catalogue.IncVAT(amount))) + " inc VAT"
}

func (s *site) cpvStated(codes []string) string {
	return stated(strings.Join(codes, ""), s.cpvWords(codes))
}
