package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// findingPage is one finding: what it says, each piece of evidence with what it shows, and what follows from it.
type findingPage struct {
	view.Page
	Heading   string
	Caption   string
	Tag       *view.Tag // for what is not simply published
	Withdrawn string    // why; empty: it stands
	Text      string
	Evidence  []view.Fact
	Follows   []view.Link
	None      string
	History   []frameworkPast
	Actions   []view.Link
	Withdraw  *takeBackForm // for the operator
}

// takeBackForm takes a finding back.
type takeBackForm struct {
	Action, Version string
	Reason          *view.Textarea // nil: a draft goes without one
	Send            view.Button
}

func (s *site) finding(c *gin.Context, who visitor) error {
	return s.showFinding(c, who, http.StatusOK, "", nil)
}

func (s *site) showFinding(c *gin.Context, who visitor, status int, reason string, wrong error) error {
	v, err := s.Catalogue.FindingView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	f := v.Finding
	p := findingPage{Heading: marked(f.Title, f.Demonstration), Caption: "Finding · " + callNeedTitle(f.Need), Text: f.Text, Withdrawn: f.Reason, History: planChanges(f.Changes)}
	if f.State != catalogue.PlanPublished {
		tag := planTag(f.State)
		p.Tag = &tag
	}
	for _, e := range f.Evidence {
		p.Evidence = append(p.Evidence, view.Fact{Name: "Evidence", Value: e.Title, Href: e.Path, Note: e.Says})
	}
	for _, r := range v.Recommendations {
		p.Follows = append(p.Follows, view.Link{Text: marked(r.Title, r.Demonstration), Href: "/plan/recommendations/" + r.ID})
	}
	if len(p.Follows) == 0 {
		p.None = "Nothing is recommended from it yet."
	}
	if catalogue.MayDo(who.actor, catalogue.KeepPlan) && f.State != catalogue.PlanWithdrawn {
		p.Actions = []view.Link{{Text: "Change this finding", Href: "/plan/findings/" + f.ID + "/edit"}, {Text: "Write a recommendation that follows from it", Href: "/plan/recommendations/new?finding=" + f.ID}}
		p.Withdraw = newTakeBackForm(f, reason, wrong)
	}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Description = "A finding of the plan for local online services, with the evidence that it rests on."
	p.Crumbs, p.Errors = planCrumbs(p.Heading), errorLinks(wrong, nil)
	return s.show(c, who, status, "finding", p)
}

func newTakeBackForm(f *catalogue.PlanFinding, reason string, wrong error) *takeBackForm {
	out := &takeBackForm{Action: "/plan/findings/" + f.ID + "/withdraw", Version: strconv.FormatUint(f.Version, 10)}
	if f.State == catalogue.PlanDraft {
		out.Send = view.Button{Text: "Delete this draft", Classes: "govuk-button--warning", PreventDoubleClick: true}
		return out
	}
	out.Reason = &view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why is it withdrawn?", Classes: "govuk-label--s"}, Hint: "Everybody reads it. The finding stays as a record", Value: reason, Error: fieldError(wrong, "reason")}
	out.Send = view.Button{Text: "Withdraw this finding", Classes: "govuk-button--warning", PreventDoubleClick: true}
	return out
}

func (s *site) withdrawFinding(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	gone, err := s.Catalogue.WithdrawFinding(c, who.actor, c.Param("id"), t.readVersion(), t.text("reason"))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showFinding(c, who, http.StatusBadRequest, t.text("reason"), err)
	}
	if err != nil {
		return err
	}
	if gone {
		who.session.set("flash", "The draft is deleted.")
		return s.redirect(c, who, "/plan")
	}
	who.session.set("flash", "Withdrawn. It is no longer among the findings of the plan.")
	return s.redirect(c, who, "/plan/findings/"+c.Param("id"))
}

// findingForm is a finding as somebody types it.
type findingForm struct {
	id, title, text, need, why string
	paths, says                []string
	publish                    bool
	version                    uint64
}

// evidenceRows is how many empty rows for evidence a form has beyond what is filled in.
const evidenceRows = 3

func readFindingForm(t *typed, id string) findingForm {
	f := findingForm{id: id, title: t.text("title"), text: t.text("text"), need: t.text("need"), why: t.text("why"), publish: t.Get("publish") == "yes", version: t.readVersion()}
	if id == "" {
		f.id = recordID(t.text("id"))
	}
	for i := 1; t.Has("evidence_path-" + strconv.Itoa(i)); i++ {
		path, says := t.text("evidence_path-"+strconv.Itoa(i)), t.text("evidence_says-"+strconv.Itoa(i))
		if path != "" || says != "" {
			f.paths, f.says = append(f.paths, path), append(f.says, says)
		}
	}
	return f
}

func formOfFinding(f *catalogue.PlanFinding) findingForm {
	out := findingForm{id: f.ID, title: f.Title, text: f.Text, need: string(f.Need), version: f.Version}
	for _, e := range f.Evidence {
		out.paths, out.says = append(out.paths, e.Path), append(out.says, e.Says)
	}
	return out
}

func (f findingForm) finding(base string) catalogue.PlanFinding {
	out := catalogue.PlanFinding{Meta: catalogue.Meta{ID: f.id, Version: f.version}, Title: f.title, Text: f.text, Need: catalogue.CallNeed(f.need)}
	for i := range f.paths {
		out.Evidence = append(out.Evidence, catalogue.Evidence{Path: withinService(f.paths[i], base), Says: f.says[i]})
	}
	return out
}

// withinService is an address without the service's own host, as somebody copies it from the browser.
func withinService(address, base string) string {
	if rest, ok := strings.CutPrefix(address, base); ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return address
}

// drawFinding leads the operator from a page to a finding that rests on it: its address, and what it shows. Nil for others.
func drawFinding(who visitor, need catalogue.CallNeed, from, says string) *view.Link {
	if !catalogue.MayDo(who.actor, catalogue.KeepPlan) {
		return nil
	}
	return &view.Link{Text: "Draw a finding from this", Href: "/plan/findings/new?" + url.Values{"need": {string(need)}, "from": {from}, "says": {says}}.Encode()}
}

func (s *site) newFinding(c *gin.Context, who visitor) error {
	f := findingForm{id: catalogue.NewID(), need: c.Query("need")}
	if from := c.Query("from"); from != "" {
		f.paths, f.says = []string{from}, []string{c.Query("says")}
	}
	return s.showFindingForm(c, who, http.StatusOK, nil, f, nil)
}

func (s *site) addFinding(c *gin.Context, who visitor) error { return s.keepFinding(c, who, nil) }

func (s *site) editFinding(c *gin.Context, who visitor) error {
	stored, err := s.Catalogue.Finding(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showFindingForm(c, who, http.StatusOK, stored, formOfFinding(stored), nil)
}

func (s *site) saveFinding(c *gin.Context, who visitor) error {
	stored, err := s.Catalogue.Finding(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.keepFinding(c, who, stored)
}

// keepFinding stores what was typed of a finding (nil: a new one), or says what is wrong with it.
func (s *site) keepFinding(c *gin.Context, who visitor, stored *catalogue.PlanFinding) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id := ""
	if stored != nil {
		id = stored.ID
	}
	f := readFindingForm(t, id)
	saved, err := s.Catalogue.SaveFinding(c, who.actor, f.finding(s.BaseURL), f.publish, f.why)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showFindingForm(c, who, statusOf(err), stored, f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Saved as a draft: only whoever runs this service sees it.")
	if saved.State != catalogue.PlanDraft {
		who.session.set("flash", "Published. Everybody can read it.")
	}
	return s.redirect(c, who, "/plan/findings/"+saved.ID)
}

func (s *site) showFindingForm(c *gin.Context, who visitor, status int, stored *catalogue.PlanFinding, f findingForm, wrong error) error {
	anew(c)
	p := recordFormPage{Heading: "Draw a finding", Action: "/plan/findings/new", ID: f.id, Back: view.Link{Text: "Back to the plan", Href: "/plan"},
		Lead: "A statement, and the evidence that it rests on. Every piece of evidence is a page of this service that everybody can open.", Save: view.Button{Text: "Save", PreventDoubleClick: true}}
	draft := true
	if stored != nil {
		p.Heading, p.Action, p.ID = "Change a finding", "/plan/findings/"+stored.ID+"/edit", ""
		p.Back = view.Link{Text: "Back to the finding", Href: "/plan/findings/" + stored.ID}
		draft = stored.State == catalogue.PlanDraft
		if catalogue.KindOf(wrong) == catalogue.Conflict {
			f.version = stored.Version
		}
	}
	p.Version = strconv.FormatUint(f.version, 10)
	p.Sections = findingSections(f, draft, wrong)
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Crumbs, p.Errors = planCrumbs(p.Heading), inFormOrder(errorLinks(wrong, map[string]string{"evidence": "evidence_path-1"}), p.Sections)
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = changedMeanwhile("title")
	}
	return s.show(c, who, status, "record-form", p)
}

func findingSections(f findingForm, draft bool, wrong error) []formSection {
	need := &view.Radios{Name: "need", Legend: &view.Legend{Text: "Which need does it answer?", Classes: "govuk-fieldset__legend--s"}, Error: fieldError(wrong, "need")}
	for _, n := range catalogue.CallNeeds() {
		need.Choices = append(need.Choices, view.Choice{Value: string(n), Text: callNeedTitle(n), Hint: callNeedText(n), Checked: string(n) == f.need})
	}
	out := []formSection{{Fields: []view.Field{
		{Input: &view.Input{Name: "title", Label: view.Label{Text: "What was found?", Classes: "govuk-label--s"}, Hint: "In one sentence, with the figure where there is one", Value: f.title, Error: fieldError(wrong, "title")}},
		{Textarea: &view.Textarea{Name: "text", Rows: 5, Label: view.Label{Text: "What does it mean, and what does it not? (optional)", Classes: "govuk-label--s"}, Value: f.text, Error: fieldError(wrong, "text")}},
		{Radios: need}}}}
	evidence := formSection{Title: "Evidence"}
	for i := range min(len(f.paths)+evidenceRows, 12) {
		n := strconv.Itoa(i + 1)
		var path, says string
		if i < len(f.paths) {
			path, says = f.paths[i], f.says[i]
		}
		wrongPath := fieldError(wrong, "evidence_path-"+n)
		if i == 0 && wrongPath == "" {
			wrongPath = fieldError(wrong, "evidence")
		}
		evidence.Fields = append(evidence.Fields,
			view.Field{Input: &view.Input{Name: "evidence_path-" + n, Label: view.Label{Text: "Page " + n, Classes: "govuk-label--s"}, Hint: "Its address in this service, such as /baseline/editions/3", Value: path, Spellcheck: "false", Error: wrongPath}},
			view.Field{Input: &view.Input{Name: "evidence_says-" + n, Label: view.Label{Text: "What page " + n + " shows"}, Value: says, Error: fieldError(wrong, "evidence_says-"+n)}})
	}
	last := formSection{}
	if draft {
		last.Fields = []view.Field{{Checkboxes: &view.Checkboxes{Name: "publish", Choices: []view.Choice{{Value: "yes", Text: "Publish it: everybody can read it from now on", Checked: f.publish}}}}}
	} else {
		last.Fields = []view.Field{{Input: &view.Input{Name: "why", Label: view.Label{Text: "Why does it change?", Classes: "govuk-label--s"}, Hint: "It stands beside what the finding said before. Everybody reads it", Value: f.why, Error: fieldError(wrong, "why")}}}
	}
	return append(out, evidence, last)
}
