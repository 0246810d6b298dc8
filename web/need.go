package web

import (
	"context"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// needInHand is a need that is being written in steps: a draft of a council, or an intention that it listed.
type needInHand struct {
	base     string // address under which its steps stand
	answers  answers
	draft    *catalogue.NeedDraft // nil where it is listed
	listed   *catalogue.Intention // as it is stored; nil for a draft
	in       *catalogue.Intention // what the answers say, as far as they can be read
	guess    string               // the capability that the program reads in the words
	wrong    []catalogue.FieldError
	contract *catalogue.Contract // what a draft was filled in from; nil for nothing, or gone
}

// title is what a need is called while it has no title.
func (n *needInHand) title() string { return needTitle(n.answers) }

func needTitle(a answers) string {
	if a["title"] == "" {
		return "A need without a title yet"
	}
	return a["title"]
}

func draftPath(id string) string { return "/intentions/drafts/" + id }

// draftInHand is a draft of the visitor's council. Where it was listed meanwhile, gone says where that is.
func (s *site) draftInHand(ctx context.Context, who visitor, id string) (n *needInHand, gone string, err error) {
	if err := mayList(who.actor); err != nil {
		return nil, "", err
	}
	d, err := s.Catalogue.NeedDraft(ctx, who.actor, id)
	if catalogue.KindOf(err) == catalogue.NotFound && err != nil {
		if in, inErr := s.ownIntention(ctx, who.actor, id); inErr == nil {
			return nil, pagePath(catalogue.KindIntention, in.ID), nil
		}
		return nil, "", &catalogue.Error{Kind: catalogue.NotFound, Message: "This draft is not there. It was deleted, or it is another council’s", Err: err}
	}
	if err != nil {
		return nil, "", err
	}
	n = &needInHand{base: draftPath(d.ID), draft: d, answers: answers(d.Answers)}
	if d.Contract != "" {
		if n.contract, err = s.ownContract(ctx, who.actor, d.Contract); err != nil && catalogue.KindOf(err) != catalogue.NotFound && catalogue.KindOf(err) != catalogue.Forbidden {
			return nil, "", err
		}
	}
	return n, "", s.readNeed(ctx, who.actor, n)
}

// listedInHand is an intention of the visitor's council that is still wanted.
func (s *site) listedInHand(c *gin.Context, who visitor) (*needInHand, error) {
	in, err := s.ownIntention(c, who.actor, c.Param("id"))
	if err != nil {
		return nil, err
	}
	if in.Withdrawn != "" {
		return nil, &catalogue.Error{Kind: catalogue.Conflict, Message: "This intention was withdrawn. List the need anew if it is back"}
	}
	n := &needInHand{base: pagePath(catalogue.KindIntention, in.ID) + "/edit", listed: in, answers: answersOf(in)}
	return n, s.readNeed(c, who.actor, n)
}

// readNeed reads the answers, and finds all that is wrong with them or missing.
func (s *site) readNeed(ctx context.Context, actor catalogue.Actor, n *needInHand) error {
	n.guess = s.Catalogue.DraftIntention(catalogue.Intention{Title: n.answers["title"], Description: n.answers["description"]}).Guess
	in := catalogue.Intention{Council: actor.Org}
	if n.listed != nil {
		in = *n.listed
	} else {
		in.ID, in.FromContract = n.draft.ID, n.draft.Contract
	}
	n.in = &in
	t := n.answers.read(n.in, n.guess)
	if n.draft != nil && !n.answers.answered(n.guess) && !n.answers.contradicts() {
		t.fault("capability", "Say what it is for")
	}
	err := s.Catalogue.CheckIntention(ctx, actor, in)
	if err != nil && catalogue.KindOf(err) != catalogue.Invalid {
		return err
	}
	n.wrong = catalogue.FieldsOf(inOrderOf(allNeedFields(), t.and(err)))
	return nil
}

func allNeedFields() []string {
	var out []string
	for _, st := range needSteps() {
		out = append(out, st.fields...)
	}
	return out
}

// missing says that something wrong is only that a field was not filled in yet: a step can be left so.
func (n *needInHand) missing(f catalogue.FieldError) bool {
	switch f.Field {
	case "approval_ref", "approved_on", "volume":
		return false // asked for by the rung that was chosen
	case "capability":
		return n.answers["right"] != "no" && n.answers.empty("capability")
	}
	return n.answers.empty(f.Field)
}

// faults is what is wrong with a step, without what is only missing.
func (n *needInHand) faults(st needStep) error {
	return fieldsError(n.wrong, func(f catalogue.FieldError) bool { return needStepOf(f.Field).slug == st.slug && !n.missing(f) })
}

// fieldsError is an error about some of the fields that are wrong; nil for none.
func fieldsError(wrong []catalogue.FieldError, which func(catalogue.FieldError) bool) error {
	some := slices.DeleteFunc(slices.Clone(wrong), func(f catalogue.FieldError) bool { return !which(f) })
	if len(some) == 0 {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Invalid, Message: "There is a problem with what you typed", Fields: some}
}

// taskState is how far a step has come.
type taskState string

const (
	taskNotStarted taskState = "Not started"
	taskInProgress taskState = "In progress"
	taskCompleted  taskState = "Completed"
	taskWrong      taskState = "Has an error to mend"
)

// state is how far a step of the need has come.
func (n *needInHand) state(st needStep) taskState {
	lacks := slices.ContainsFunc(n.wrong, func(f catalogue.FieldError) bool { return needStepOf(f.Field).slug == st.slug && n.missing(f) })
	switch begun := st.begun(n.answers); {
	case n.faults(st) != nil:
		return taskWrong
	case !begun:
		return taskNotStarted
	case lacks:
		return taskInProgress
	}
	return taskCompleted
}

// tag shows a state that is not yet completed.
func (t taskState) tag() *view.Tag {
	switch t {
	case taskNotStarted:
		return &view.Tag{Text: string(t), Classes: "govuk-tag--blue"}
	case taskInProgress:
		return &view.Tag{Text: string(t), Classes: "govuk-tag--light-blue"}
	case taskWrong:
		return &view.Tag{Text: string(t), Classes: "govuk-tag--red"}
	}
	return nil
}

// done counts the steps that are completed.
func (n *needInHand) done() int {
	done := 0
	for _, st := range needSteps() {
		if n.state(st) == taskCompleted {
			done++
		}
	}
	return done
}
