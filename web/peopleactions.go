package web

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// What people do about accounts: each form changes one thing, and leads back to the page that it stood on.

// peopled follows a change of an account: back with a message, or to the page again with what is wrong, which refuse puts
// beside the form that was sent.
func (s *site) peopled(c *gin.Context, who visitor, err error, message string, refuse func(*peoplePage, error)) error {
	if catalogue.KindOf(err) == catalogue.Invalid && !who.actor.IsOperator() {
		p, again := s.peoplePage(c, who)
		if again != nil {
			return again
		}
		refuse(&p, err)
		if len(p.Errors) == 0 {
			return err
		}
		return s.show(c, who, http.StatusBadRequest, "people", p)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", message)
	if who.actor.IsOperator() {
		return s.redirect(c, who, "/queue")
	}
	return s.redirect(c, who, "/people")
}

// ownData is all that the visitor's council has here, as a zip.
func (s *site) ownData(c *gin.Context, who visitor) error {
	var file bytes.Buffer
	if err := exchange.ExportOwn(c, s.Catalogue, who.actor, &file); err != nil {
		return err
	}
	h := c.Writer.Header()
	if err := s.attachment(c, who, "jointly-"+strings.ToLower(who.actor.Org)+"-"+s.Catalogue.Today().Format(time.DateOnly)+".zip"); err != nil {
		return err
	}
	h.Set("Cache-Control", "private, no-store")
	c.Data(http.StatusOK, "application/zip", file.Bytes())
	return nil
}

func (s *site) askRole(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	role, why := t.text("role"), t.text("why")
	_, err = s.Catalogue.AskRole(c, who.actor, catalogue.Role(role), why)
	return s.peopled(c, who, err, "Your request is sent. You are told by email when it is decided.", func(p *peoplePage, err error) {
		if p.Ask == nil {
			return
		}
		p.Ask.Role.Error, p.Ask.Why.Value, p.Ask.Why.Error = fieldError(err, "role"), why, fieldError(err, "why")
		for i, choice := range p.Ask.Role.Choices {
			p.Ask.Role.Choices[i].Checked = choice.Value == role
		}
		p.Errors = errorLinks(err, nil)
	})
}

func (s *site) inviteColleague(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	email, role := t.text("email"), t.text("role")
	_, err = s.Catalogue.InviteColleague(c, who.actor, email, catalogue.Role(role))
	return s.peopled(c, who, err, "The account is made, and its person is told by email.", func(p *peoplePage, err error) {
		if p.Invite == nil {
			return
		}
		p.Invite = newColleagueForm(who.actor.OrgKind, email, role, err)
		p.Errors = errorLinks(err, map[string]string{"role": "invite-role"})
	})
}

func (s *site) setRole(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	_, err = s.Catalogue.SetRole(c, who.actor, c.Param("id"), catalogue.Role(t.text("role")))
	return s.peopled(c, who, err, "What the person may do is changed.", func(p *peoplePage, err error) {
		p.Errors = errorLinks(err, map[string]string{"role": "role-" + c.Param("id"), "successor": "role-" + c.Param("id")})
	})
}

func (s *site) answerRole(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	role, reason := t.text("role"), t.text("reason")
	_, err = s.Catalogue.AnswerRole(c, who.actor, c.Param("id"), catalogue.Role(role), reason)
	message := "The request is granted. The person is told."
	if role == "" {
		message = "The request is refused. The person is told the reason."
	}
	if catalogue.KindOf(err) == catalogue.Invalid && who.actor.IsOperator() {
		return s.queueAgain(c, who, c.Param("id"), err)
	}
	return s.peopled(c, who, err, message, func(p *peoplePage, err error) {
		refuseAgain(p.Asking, c.Param("id"), err)
		p.Errors = errorLinks(err, map[string]string{"reason": "reason-" + c.Param("id")})
	})
}

// refuseAgain opens the form of a refusal that lacks its reason.
func refuseAgain(asking []personBlock, id string, err error) {
	for _, b := range asking {
		if b.Grant != nil && b.Action == "/people/"+id {
			b.Grant.Fold.Open, b.Grant.Reason.Error = true, fieldError(err, "reason")
		}
	}
}

func (s *site) endAccount(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	_, err = s.Catalogue.EndAccount(c, who.actor, c.Param("id"), t.text("successor"))
	if err == nil && c.Param("id") == who.actor.Account {
		if err := s.end(c, who); err != nil {
			return err
		}
		c.Redirect(http.StatusSeeOther, "/")
		return nil
	}
	return s.peopled(c, who, err, "The account has ended.", func(p *peoplePage, err error) {
		if p.End != nil {
			p.End.Fold.Open = true
			if p.End.Successor != nil {
				p.End.Successor.Error = fieldError(err, "successor")
			}
		}
		p.Errors = errorLinks(err, nil)
	})
}

// queuePage is what waits for the operator's decision, the oldest first.
type queuePage struct {
	view.Page
	Heading   string
	Asking    []personBlock
	Resets    []*resetForm     // of how people sign in
	Suppliers []supplierAsking // what suppliers ask
	Examples  []view.Entry     // to review
	Ends      []view.Entry     // councils whose day is near
}

func (s *site) queue(c *gin.Context, who visitor) error {
	p, err := s.queuePage(c, who)
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "queue", p)
}

func (s *site) queueAgain(c *gin.Context, who visitor, id string, wrong error) error {
	p, err := s.queuePage(c, who)
	if err != nil {
		return err
	}
	refuseAgain(p.Asking, id, wrong)
	p.Errors = errorLinks(wrong, map[string]string{"reason": "reason-" + id})
	return s.show(c, who, http.StatusBadRequest, "queue", p)
}

func (s *site) queuePage(c *gin.Context, who visitor) (queuePage, error) {
	waiting, err := s.Catalogue.Queue(c, who.actor)
	if err != nil {
		return queuePage{}, err
	}
	p := queuePage{Page: s.page(c, who, "/desk", "What waits for a decision"), Heading: "What waits for a decision"}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Heading}}
	if p.Ends, err = s.endEntries(c, who.actor, waiting); err != nil {
		return queuePage{}, err
	}
	if p.Suppliers, err = s.supplierAskings(c, who, waiting); err != nil {
		return queuePage{}, err
	}
	if p.Examples, err = s.examplesToReview(c, who.actor, waiting); err != nil {
		return queuePage{}, err
	}
	p.Resets = s.resets(who, waiting)
	var codes []string
	for _, w := range waiting {
		if a, ok := w.Item.(*catalogue.Account); ok {
			codes = append(codes, a.Org)
		}
	}
	names, err := s.councilsBy(c, who.actor, codes)
	if err != nil {
		return queuePage{}, err
	}
	for _, w := range waiting {
		a, ok := w.Item.(*catalogue.Account)
		if !ok || a.Request == nil {
			continue
		}
		b := newPersonBlock(a, who.actor.Account, s.Catalogue.Now())
		if council := names[a.Org]; council != nil {
			b.Name += ", " + council.Label()
		} else if a.OrgKind == catalogue.OrgSupplier {
			b.Name += ", for a supplier"
		}
		p.Asking = append(p.Asking, b)
	}
	return p, nil
}
