package web

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// needTasksPage is the list of tasks of a draft: what is said, and what is left to say.
type needTasksPage struct {
	view.Page
	Caption string
	Heading string
	Done    string
	Parts   []taskPart
	Check   view.Button
	Kept    string // until when
	From    *view.Link
	Fold    view.Details // around Delete
	Action  string
	Delete  view.Button
}

// taskPart is some tasks under a heading.
type taskPart struct {
	Title string
	Tasks view.TaskList
}

// taskParts is the headings of the list, each with how many steps stand under it.
func taskParts() []struct {
	title string
	steps int
} {
	return []struct {
		title string
		steps int
	}{{"The need", 2}, {"Time and money", 3}, {"Buying it together", 3}}
}

func (s *site) needTasks(c *gin.Context, who visitor) error {
	n, gone, err := s.draftInHand(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	if gone != "" {
		return s.redirect(c, who, gone)
	}
	steps := needSteps()
	p := needTasksPage{Caption: "List a need", Heading: n.title(), Action: n.base + "/delete",
		Done:  fmt.Sprintf("You have completed %d of %d tasks. Those marked optional can be left out.", n.done(), len(steps)),
		Check: view.Button{Text: "Check your answers", Href: n.base + "/check"},
		Kept:  "Only officers of your council see this draft, and any of them who may list needs can go on with it. It is kept until " + view.Day(n.draft.Goes()) + ", and longer with each change.",
		Fold:  view.Details{Summary: "Delete this draft", ID: "delete"}, Delete: view.Button{Text: "Delete the draft", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	if n.contract != nil {
		p.From = &view.Link{Text: n.contract.Title, Href: pagePath(catalogue.KindContract, n.contract.ID)}
	}
	for _, part := range taskParts() {
		list := view.TaskList{IDPrefix: "task-" + steps[0].slug}
		for _, st := range steps[:part.steps] {
			list.Tasks = append(list.Tasks, n.task(st))
		}
		p.Parts, steps = append(p.Parts, taskPart{part.title, list}), steps[part.steps:]
	}
	p.Page = s.page(c, who, "/intentions", n.title())
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: n.title()}}
	return s.show(c, who, http.StatusOK, "need-tasks", p)
}

// task is a step as a line of the list.
func (n *needInHand) task(st needStep) view.Task {
	t := view.Task{Text: st.task, Href: n.base + "/" + st.slug}
	state := n.state(st)
	if t.Tag = state.tag(); t.Tag == nil {
		t.Status = string(state)
	}
	if st.optional {
		t.Text += " (optional)"
	}
	return t
}

// deleteDraft deletes a draft for good.
func (s *site) deleteDraft(c *gin.Context, who visitor) error {
	if err := mayList(who.actor); err != nil {
		return err
	}
	if err := s.Catalogue.DeleteDraft(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	who.session.set("flash", "The draft is deleted.")
	return s.redirect(c, who, "/desk")
}
