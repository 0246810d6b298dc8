package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// What councils do with one line: each form changes one thing, and leads back to the line's page.

// lineChanged follows a change of a line: on to its page with a message, or back to it with what is wrong, which refuse
// puts beside the form that was sent.
func (s *site) lineChanged(c *gin.Context, who visitor, err error, message string, refuse func(*requirementPage, error)) error {
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, _, again := s.requirementPage(c, who)
		if again != nil {
			return again
		}
		refuse(&p, err)
		if len(p.Errors) == 0 { // the form is not on this visitor's page
			return err
		}
		return s.show(c, who, http.StatusBadRequest, "requirement", p)
	}
	if err != nil {
		return err
	}
	return s.saidOn(c, who, "/requirements/"+c.Param("line"), message)
}

// wordRequirement saves the wording of a line. Where somebody else saved another one meanwhile, both are shown, and what
// was typed stays in the form.
func (s *site) wordRequirement(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	text, note := t.text("text"), t.text("note")
	edition, _ := strconv.Atoi(t.text("edition")) // none: 0, which no line has, so both are shown
	_, err = s.Catalogue.ChangeRequirement(c, who.actor, c.Param("id"), c.Param("line"), edition, text, note)
	if catalogue.KindOf(err) == catalogue.Conflict {
		return s.showClash(c, who, text, note, err)
	}
	return s.lineChanged(c, who, err, "The wording is saved."+s.brandWords([]string{text}), func(p *requirementPage, err error) {
		if p.Word == nil {
			return
		}
		p.Word.Fold.Open = true
		p.Word.Text.Input.Value, p.Word.Text.Input.Error = text, fieldError(err, "text")
		p.Word.Note.Textarea.Value, p.Word.Note.Textarea.Error = note, fieldError(err, "note")
		p.Word.Edition = edition
		p.Errors = errorLinks(err, nil)
	})
}

// showClash shows what somebody else saved beside what the visitor typed: saving it again replaces the other wording.
func (s *site) showClash(c *gin.Context, who visitor, text, note string, cause error) error {
	p, v, err := s.requirementPage(c, who)
	if err != nil {
		return err
	}
	if p.Word == nil { // it was left out meanwhile
		return cause
	}
	r := v.Line
	by := "Somebody else"
	for _, e := range r.History {
		if e.At.Equal(r.Worded) {
			by = v.Names[e.Council]
		}
	}
	mine := newWordForm(r, text, note, nil)
	mine.Send = view.Button{Text: "Save mine over it", PreventDoubleClick: true}
	p.Clash = &clash{Who: by + ", " + view.Day(r.Worded) + " at " + view.TimeOfDay(r.Worded), Text: r.Text, Note: r.Note, Take: linePath(r), Mine: *mine}
	p.Title = "Somebody else changed this line"
	return s.show(c, who, http.StatusConflict, "requirement", p)
}

func (s *site) standOnRequirement(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	position, comment := catalogue.Position(t.text("position")), t.text("comment")
	_, err = s.Catalogue.SetPosition(c, who.actor, c.Param("id"), c.Param("line"), position, comment)
	return s.lineChanged(c, who, err, "Your council’s position is saved.", func(p *requirementPage, err error) {
		if p.Stand == nil {
			return
		}
		p.Stand = newPositionForm(position, comment)
		p.Stand.Choice.Error, p.Stand.Comment.Error = fieldError(err, "position"), fieldError(err, "comment")
		p.Errors = errorLinks(err, nil)
	})
}

func (s *site) agreeRequirement(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	agree := t.text("agree") == "yes"
	message := "Your council agrees this line."
	if !agree {
		message = "Your council’s agreement is taken back."
	}
	edition, _ := strconv.Atoi(t.text("edition")) // none: 0, which no line has, so the catalogue asks to read it again
	_, err = s.Catalogue.AgreeRequirement(c, who.actor, c.Param("id"), c.Param("line"), edition, agree)
	return s.lineChanged(c, who, err, message, func(*requirementPage, error) {})
}

func (s *site) removeRequirement(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	reason := t.text("reason")
	_, err = s.Catalogue.RemoveRequirement(c, who.actor, c.Param("id"), c.Param("line"), reason)
	return s.lineChanged(c, who, err, "The line is left out.", func(p *requirementPage, err error) {
		if p.Remove == nil {
			return
		}
		p.Remove.Fold.Open, p.Remove.Reason.Value, p.Remove.Reason.Error = true, reason, fieldError(err, "reason")
		p.Errors = errorLinks(err, nil)
	})
}

func (s *site) bringBackRequirement(c *gin.Context, who visitor) error {
	_, err := s.Catalogue.BringBackRequirement(c, who.actor, c.Param("id"), c.Param("line"))
	return s.lineChanged(c, who, err, "The line is back among what is needed.", func(*requirementPage, error) {})
}
