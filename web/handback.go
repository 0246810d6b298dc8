package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// handBackPage is a hand-over that can be undone, with what would go back and what would stay; or one that was undone.
type handBackPage struct {
	view.Page
	Heading string
	Says    []string
	Counts  []view.Count
	Why     string // why it cannot be undone; empty: it can, or was
	Stays   []leftAlone
	MoreOf  int // further ones
	Form    *handBackForm
}

// handBackForm undoes a hand-over.
type handBackForm struct {
	Council string
	Reason  view.Textarea
	Send    view.Button
}

func (s *site) handBack(c *gin.Context, who visitor) error {
	return s.showHandBack(c, who, http.StatusOK, c.Query("council"), "", nil)
}

// undoHandOver gives back to a council what was handed over.
func (s *site) undoHandOver(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if err := takeTime(c); err != nil {
		return err
	}
	council := t.text("council")
	done, err := s.Catalogue.UndoSuccession(c, who.actor, council, t.text("reason"))
	if catalogue.KindOf(err) == catalogue.Invalid && err != nil {
		return s.showHandBack(c, who, http.StatusBadRequest, council, t.text("reason"), err)
	}
	if err != nil {
		return err
	}
	message := "Undone. " + view.Plural(done.Undone.Back, "record went back", "records went back") + "."
	if n := done.Undone.Stayed; n > 0 {
		message += " " + view.Plural(n, "stays", "stay") + " with the successor."
	}
	who.session.set("flash", message)
	return s.redirect(c, who, handBackPath(council))
}

func (s *site) showHandBack(c *gin.Context, who visitor, status int, council, reason string, wrong error) error {
	d, err := s.Catalogue.Succession(c, who.actor, council)
	if err != nil {
		return err
	}
	names, err := s.namesOfHandOvers(c, who.actor, nil, []*catalogue.Succession{d})
	if err != nil {
		return err
	}
	from, to := names[d.From], names[d.To]
	p := handBackPage{Heading: "Undo handing over " + from, Says: []string{doerWords(d.By) + " handed over " + from + " to " + to + " on " + view.Day(d.Begun) + " at " + view.TimeOfDay(d.Begun) + "."}}
	var done catalogue.HandOverUndo
	if u := d.Undone; u != nil {
		p.Heading = "Handing over " + from + " was undone"
		p.Says = append(p.Says, doerWords(u.By)+" undid it on "+view.Day(u.At)+" at "+view.TimeOfDay(u.At)+". The reason: ‘"+u.Reason+"’.")
		done = catalogue.HandOverUndo{Back: u.Back, Stayed: u.Stayed, Stays: u.Stays}
		p.Counts = handBackCounts(done, to, " went back", " stayed")
	} else if done, err = s.planHandBack(c, who.actor, &p, d, from, to); err != nil {
		return err
	}
	if p.Form != nil {
		p.Form.Reason.Value, p.Form.Reason.Error = reason, fieldError(wrong, "reason")
	}
	if p.Stays, err = s.leftAlones(c, who.actor, done.Stays); err != nil {
		return err
	}
	p.MoreOf = done.Stayed - len(p.Stays)
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: "Handing over councils", Href: handOversPath}, {Text: from}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "hand-back", p)
}

// planHandBack says what undoing would do, with the form for it, or why it cannot be undone.
func (s *site) planHandBack(c *gin.Context, actor catalogue.Actor, p *handBackPage, d *catalogue.Succession, from, to string) (catalogue.HandOverUndo, error) {
	plan, err := s.Catalogue.UndoPlan(c, actor, d.From)
	if catalogue.KindOf(err) == catalogue.Conflict && err != nil {
		p.Why = catalogueMessage(err)
		return plan, nil
	}
	if err != nil {
		return plan, err
	}
	p.Says = append(p.Says, "Until "+view.Day(d.UndoUntil())+" it can be undone: contracts, platforms, intentions, groups and accounts are then "+from+"’s again, as they were before. People go back too, and those who came since with an address of "+from+". What "+to+" changed since, or began something new with, stays with it.")
	later, err := s.handedLater(c, actor, d)
	if err != nil {
		return plan, err
	}
	if later > 0 {
		p.Says = append(p.Says, "Since then "+view.Plural(later, "more council was", "more councils were")+" handed over to "+to+". What it had in common with them, such as a platform that each ran or a group that each was in, became one and stays, unless those are undone first.")
	}
	p.Counts = handBackCounts(plan, to, " would go back", " would stay")
	p.Form = &handBackForm{Council: d.From, Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why is it undone?", Classes: "govuk-label--s"}, Hint: "Kept with the hand-over. Councils do not read it"},
		Send: view.Button{Text: "Undo handing over", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	return plan, nil
}

func handBackCounts(done catalogue.HandOverUndo, to, goes, stay string) []view.Count {
	return []view.Count{{Number: view.Number(done.Back), Label: noun(done.Back, "record", "records") + goes}, {Number: view.Number(done.Stayed), Label: noun(done.Stayed, "record", "records") + stay + " with " + to}}
}

// handedLater counts the councils that were handed over to the same one after another.
func (s *site) handedLater(c *gin.Context, actor catalogue.Actor, d *catalogue.Succession) (n int, err error) {
	all, err := s.Catalogue.Successions(c, actor)
	for _, other := range all {
		if other.Undone == nil && other.Begun.After(d.Begun) && slices.Contains(other.Heirs(), d.To) {
			n++
		}
	}
	return n, err
}

// leftAlones names records that were left alone, and why.
func (s *site) leftAlones(c *gin.Context, actor catalogue.Actor, left []catalogue.LeftAlone) ([]leftAlone, error) {
	keys := make([]catalogue.Key, len(left))
	for i, l := range left {
		keys[i] = l.Key
	}
	found, err := s.Catalogue.Load(c, actor, keys)
	if err != nil {
		return nil, err
	}
	var out []leftAlone
	for i, l := range left {
		text := sentenceCase(string(l.Key.Kind)) + " " + l.Key.ID
		switch it := found[i].(type) {
		case *catalogue.Contract:
			text = "Contract: " + it.Title
		case *catalogue.Intention:
			text = "Intention: " + it.Title
		case *catalogue.BuyingGroup:
			text = "Group: " + it.Title
		case *catalogue.Platform:
			text = "Platform: " + it.Name
		case *catalogue.Talk:
			text = "Talk: " + it.Subject
		case *catalogue.Use:
			text = "A platform in use: " + it.Platform
		}
		out = append(out, leftAlone{view.Link{Text: text, Href: pagePath(l.Key.Kind, l.Key.ID)}, l.Why})
	}
	return out, nil
}
