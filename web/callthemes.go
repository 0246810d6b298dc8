package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// callThemesPage is where the operator reads answers to a question and notes which themes are in them.
type callThemesPage struct {
	view.Page
	Caption string
	Heading string
	Lead    string
	Themes  []themeRow
	Add     view.Input
	AddIt   view.Button
	Action  string
	From    string // the council after which the page begins
	Answers []answerToCode
	Save    view.Button
	Next    *view.Link
	Back    view.Link
}

// themeRow is a theme that can be renamed or taken out.
type themeRow struct {
	Action string
	Count  string
	Fold   view.Details
	Name   view.Input
	Save   view.Button
	Into   *view.Select // another theme to join it to; nil: there is none
	Join   view.Button
}

// answerToCode is an answer with the themes to tick.
type answerToCode struct {
	Council string
	Text    []string
	Note    string
	Field   string // says that this answer was on the page
	Themes  view.Checkboxes
}

// codedAtOnce is how many answers stand on a page: each is a record of its own, and all are saved together.
const codedAtOnce = 10

func (s *site) callThemes(c *gin.Context, who visitor) error {
	return s.showCallThemes(c, who, http.StatusOK, "", nil)
}

func (s *site) showCallThemes(c *gin.Context, who visitor, status int, typed string, wrong error) error {
	v, err := s.Catalogue.CallView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(v.Questions, func(q catalogue.QuestionView) bool { return q.ID == c.Param("question") })
	if i < 0 {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	from := c.Query("from")
	answers, next, err := s.Catalogue.AnswersToCode(c, who.actor, v.Call.ID, v.Questions[i].ID, from, codedAtOnce)
	if err != nil {
		return err
	}
	anew(c)
	p := newCallThemesPage(v, v.Questions[i], answers)
	p.From, p.Add.Value, p.Add.Error = from, typed, fieldError(wrong, "theme")
	if next != "" {
		p.Next = &view.Link{Text: "Next answers", Href: p.Action + "?" + url.Values{"from": {next}}.Encode()}
	}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Canonical = ""
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: "Calls for evidence", Href: "/calls"}, view.Crumb{Text: v.Call.Label(), Href: callPath(v.Call.ID)}, view.Crumb{Text: "Themes"})
	for i := range p.Themes { // the fold whose theme was to be joined opens with the fault
		if into := p.Themes[i].Into; into != nil && into.ID == "into-"+c.Param("theme") && fieldError(wrong, "into") != "" {
			into.Error, p.Themes[i].Fold.Open = fieldError(wrong, "into"), true
		}
	}
	p.Errors = errorLinks(wrong, map[string]string{"into": "into-" + c.Param("theme")})
	return s.show(c, who, status, "call-themes", p)
}

func newCallThemesPage(v *catalogue.CallView, q catalogue.QuestionView, answers []catalogue.AnswerToCode) callThemesPage {
	address := callPath(v.Call.ID) + "/questions/" + q.ID
	p := callThemesPage{Caption: q.Kind.Words(), Heading: q.Text, Action: address, Back: view.Link{Text: "Back to the call", Href: callPath(v.Call.ID)},
		Lead:  view.Number(q.Coded) + " of " + view.Plural(q.Answers, "answer is", "answers are") + " read and coded. Counts are told in public from five councils on; answers are quoted only as far as their councils allow.",
		Add:   view.Input{Name: "theme", Label: view.Label{Text: "Add a theme", Classes: "govuk-label--s"}, Hint: "In a few words, such as ‘Shared customer records’", Classes: "govuk-input--width-20"},
		AddIt: view.Button{Text: "Add the theme", Classes: "govuk-button--secondary"}, Save: view.Button{Text: "Save what is ticked", PreventDoubleClick: true}}
	for _, t := range q.Themes {
		row := themeRow{Action: address + "/themes/" + t.ID, Count: view.Plural(t.Councils, "council", "councils"), Fold: view.Details{Summary: t.Name},
			Name: view.Input{ID: "name-" + t.ID, Name: "name", Label: view.Label{Text: "Name of the theme"}, Hint: "Leave it empty to take the theme out", Value: t.Name, Classes: "govuk-input--width-20"},
			Save: view.Button{Text: "Save the name", Classes: "govuk-button--secondary"}, Join: view.Button{Text: "Join them", Classes: "govuk-button--secondary"}}
		if joined := v.Call.Joined(t.ID); len(joined) > 0 {
			row.Count += ", with what was coded as " + view.Sentence(joined)
		}
		if len(q.Themes) > 1 {
			row.Into = &view.Select{ID: "into-" + t.ID, Name: "into", Label: view.Label{Text: "Join it to another theme"}, Hint: "The other keeps its name, and counts the answers of both", Options: []view.Option{{Text: "Choose"}}}
			for _, other := range q.Themes {
				if other.ID != t.ID {
					row.Into.Options = append(row.Into.Options, view.Option{Value: other.ID, Text: other.Name})
				}
			}
		}
		p.Themes = append(p.Themes, row)
	}
	for _, a := range answers {
		p.Answers = append(p.Answers, newAnswerToCode(v.Call, q.ID, a))
	}
	return p
}

func newAnswerToCode(x *catalogue.EvidenceCall, question string, a catalogue.AnswerToCode) answerToCode {
	out := answerToCode{Council: a.Council.Label(), Text: lines(a.Answer.Text), Field: a.Council.GSS, Note: "May be read by: " + shareWords(a.Answer.Share)}
	switch {
	case a.Changed:
		out.Note += ". The council changed it after it was coded: read it again"
	case !a.Coded:
		out.Note += ". Not coded yet"
	}
	out.Themes = view.Checkboxes{ID: "themes-" + a.Council.GSS, Name: "themes-" + a.Council.GSS, Classes: "govuk-checkboxes--small",
		Legend: &view.Legend{Text: "Themes in the answer of " + a.Council.Name, Classes: "govuk-visually-hidden"}}
	for _, t := range x.ThemesOf(question) {
		out.Themes.Choices = append(out.Themes.Choices, view.Choice{Value: t.ID, Text: t.Name, Checked: slices.Contains(a.Themes, t.ID)})
	}
	return out
}

// themesPath is the page of a question's answers from a council on; a code that no council could have is left out, since an
// address has an end.
func themesPath(c *gin.Context, from string) string {
	path := callPath(c.Param("id")) + "/questions/" + url.PathEscape(c.Param("question"))
	if from == "" || len(from) > 40 {
		return path
	}
	return path + "?" + url.Values{"from": {from}}.Encode()
}

// codeAnswers keeps what was ticked, for the answers that were on the page.
func (s *site) codeAnswers(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	shown := t.Values["shown"]
	if len(shown) > codedAtOnce {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form has more answers than a page shows. Go back and send it again"}
	}
	themes := map[string][]string{}
	for _, council := range shown {
		themes[council] = t.Values["themes-"+council]
	}
	if err := s.Catalogue.CodeAnswers(c, who.actor, c.Param("id"), c.Param("question"), themes); err != nil {
		return err
	}
	who.session.set("flash", "Saved.")
	return s.redirect(c, who, themesPath(c, t.Get("from")))
}

func (s *site) addTheme(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	err = s.Catalogue.AddTheme(c, who.actor, c.Param("id"), c.Param("question"), t.Get("theme"))
	if err != nil && catalogue.KindOf(err) == catalogue.Invalid {
		return s.showCallThemes(c, who, http.StatusBadRequest, t.Get("theme"), err)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, who, themesPath(c, t.Get("from")))
}

func (s *site) renameTheme(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if err := s.Catalogue.RenameTheme(c, who.actor, c.Param("id"), c.Param("theme"), t.Get("name")); err != nil {
		if catalogue.KindOf(err) == catalogue.Invalid {
			return s.showCallThemes(c, who, http.StatusBadRequest, t.Get("name"), err)
		}
		return err
	}
	return s.redirect(c, who, callPath(c.Param("id"))+"/questions/"+url.PathEscape(c.Param("question")))
}

// joinThemes joins a theme to another.
func (s *site) joinThemes(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if err := s.Catalogue.JoinThemes(c, who.actor, c.Param("id"), c.Param("theme"), t.Get("into")); err != nil {
		if catalogue.KindOf(err) == catalogue.Invalid {
			return s.showCallThemes(c, who, http.StatusBadRequest, "", err)
		}
		return err
	}
	who.session.set("flash", "Joined. The answers of both count for the theme that is left.")
	return s.redirect(c, who, callPath(c.Param("id"))+"/questions/"+url.PathEscape(c.Param("question")))
}
