package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// talkPage is what two councils, or a council and a body, wrote to each other, and what can be done about it.
type talkPage struct {
	view.Page
	Caption  string
	Heading  string
	Facts    []view.Fact
	Messages []talkMessage
	Closed   string // who closed it, and why; empty while it is open
	Reply    *replyForm
	Contacts []view.Fact // once both agreed to share addresses
	Share    *shareForm
	Propose  *view.Link
	Close    *closeTalkForm
}

// talkMessage is one message.
type talkMessage struct {
	Who  string
	Own  bool // of the visitor's own side
	When string
	Text []string
}

// replyForm writes on.
type replyForm struct {
	Action, Form string
	Text         view.Textarea
	Send         view.Button
}

// shareForm agrees to share addresses.
type shareForm struct {
	Action string
	Words  string
	Send   *view.Button // nil for who has agreed
}

// closeTalkForm ends a talk.
type closeTalkForm struct {
	Action string
	Fold   view.Details
	Reason view.Textarea
	Send   view.Button
}

func (s *site) talk(c *gin.Context, who visitor) error {
	p, err := s.talkPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	anew(c)
	return s.show(c, who, http.StatusOK, "talk", p)
}

func (s *site) talkPage(c *gin.Context, who visitor, id string) (talkPage, error) {
	found, err := s.Catalogue.Talk(c, who.actor, id)
	if err != nil {
		return talkPage{}, err
	}
	p := newTalkPage(found, who)
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Talks", Href: "/talks"}, {Text: p.Heading}}
	return p, nil
}

func newTalkPage(v *catalogue.TalkView, who visitor) talkPage {
	t := v.Talk
	us, them, ours, theirs := v.From, v.To, v.About, v.Other
	if who.actor.Of(t.To) {
		us, them, ours, theirs = them, us, theirs, ours
	}
	p := talkPage{Caption: "Talk with " + them.Label(), Heading: t.Subject, Facts: []view.Fact{{Name: "With", Value: them.Label(), Href: partyPath(them)}}}
	switch {
	case t.Example != "":
		p.Facts = append(p.Facts, exampleFact(v.Example))
	case t.Offer != "":
		p.Facts = append(p.Facts, offerFact(v.Offer, who.actor))
	default:
		p.Facts = append(p.Facts, aboutFact("Your need", ours), aboutFact("Their need", theirs))
	}
	p.Facts = append(p.Facts, view.Fact{Name: "State", Value: sentenceCase(talkState(t, who.actor))})
	for _, m := range t.Messages {
		said := talkMessage{Who: them.Label(), When: view.Day(m.At) + ", " + view.TimeOfDay(m.At), Text: paragraphs(m.Text)}
		if m.Council == us.ID() {
			said.Who, said.Own = us.Label()+", "+yours(who.actor), true
		}
		p.Messages = append(p.Messages, said)
	}
	p.Contacts = contactFacts(v.Contacts, map[string]catalogue.Party{us.ID(): us, them.ID(): them})
	if t.State == catalogue.TalkClosed {
		p.Closed = closedWords(t, them, who.actor)
		return p
	}
	address := pagePath(catalogue.KindTalk, t.ID)
	p.Reply = &replyForm{Action: address, Form: catalogue.NewID(), Send: view.Button{Text: "Send", PreventDoubleClick: true},
		Text: view.Textarea{Name: "text", Rows: 5, Label: view.Label{Text: "Write to " + them.Label(), Classes: "govuk-label--s"},
			Hint: "Officers of the two of you read it, and nobody else. It may be disclosed under freedom of information"}}
	p.Share = newShareForm(v, them, who)
	p.Close = &closeTalkForm{Action: address + "/close", Fold: view.Details{Summary: "Close this talk", ID: "close"},
		Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why? (optional)"}, Hint: them.Label() + " is told"},
		Send:   view.Button{Text: "Close the talk", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	if ours != nil && theirs != nil && catalogue.MayDo(who.actor, catalogue.ProposeGroup) {
		p.Propose = &view.Link{Text: "Propose a group with them", Href: "/groups/new?intention=" + url.QueryEscape(ours.ID) + "&partner=" + url.QueryEscape(theirs.ID)}
	}
	return p
}

// exampleFact is the example that a talk is about.
func exampleFact(x *catalogue.Example) view.Fact {
	if x == nil {
		return view.Fact{Name: "Example", Value: "not there any more", Muted: true}
	}
	return view.Fact{Name: "Example", Value: marked(x.Title(), x.Demonstration), Href: pagePath(catalogue.KindExample, x.ID)}
}

func aboutFact(name string, in *catalogue.Intention) view.Fact {
	if in == nil {
		return view.Fact{Name: name, Value: "no longer shared", Muted: true}
	}
	return view.Fact{Name: name, Value: in.Title, Href: pagePath(catalogue.KindIntention, in.ID)}
}

// talkState says how far a talk is, and who is next.
func talkState(t *catalogue.Talk, actor catalogue.Actor) string {
	switch {
	case t.State == catalogue.TalkClosed:
		return "closed on " + view.Day(t.Latest)
	case t.Turn == actor.Org:
		return "waits for " + yours(actor) + "’s answer"
	case t.State == catalogue.TalkSharing:
		return "you can write to each other"
	case t.State == catalogue.TalkAsked:
		return "asked, not yet answered"
	}
	return "waits for theirs"
}

func closedWords(t *catalogue.Talk, them catalogue.Party, actor catalogue.Actor) string {
	text := them.Label()
	if actor.Of(t.ClosedBy) {
		text = sentenceCase(yours(actor))
	}
	text += " closed this talk on " + view.Day(t.Latest)
	if t.Reason != "" {
		text += ": ‘" + t.Reason + "’"
	}
	return text + ". What was written stays here."
}

// newShareForm asks for a yes to sharing addresses; nil once all is shared that this visitor can share.
func newShareForm(v *catalogue.TalkView, them catalogue.Party, who visitor) *shareForm {
	theyDo := v.Talk.Consented(them.ID())
	f := &shareForm{Action: pagePath(catalogue.KindTalk, v.Talk.ID) + "/share"}
	switch {
	case v.MySelf && theyDo:
		return nil
	case v.MySelf:
		f.Words = "You agreed. " + them.Label() + " sees your name and " + who.account.Email + " once one of its officers agrees too, and you see theirs."
		return f
	case theyDo:
		f.Words = them.Label() + " agreed to share addresses. If you agree too, its officers see your name and " + who.account.Email + ", and you see theirs."
	default:
		f.Words = "Neither of you sees yet who wrote. If you agree, and an officer of " + them.Label() + " does, you see each other’s names and email addresses: yours is " + who.account.Email + ". It cannot be taken back."
	}
	f.Send = &view.Button{Text: "Share my address", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	return f
}

// contactFacts is whom to write to, side by side.
func contactFacts(contacts []catalogue.Contact, names map[string]catalogue.Party) []view.Fact {
	var out []view.Fact
	for _, k := range contacts {
		out = append(out, view.Fact{Name: names[k.Council].Label(), Value: k.Email, Href: "mailto:" + k.Email, Note: k.Name})
	}
	return out
}

// talked follows a change of a talk: on to it with a message, or back to its page with what is wrong.
func (s *site) talked(c *gin.Context, who visitor, err error, message string, refuse func(*talkPage, error)) error {
	id := c.Param("id")
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.talkPage(c, who, id)
		if again != nil {
			return again
		}
		refuse(&p, err)
		p.Errors = errorLinks(err, nil)
		return s.show(c, who, http.StatusBadRequest, "talk", p)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", message)
	return s.redirect(c, who, pagePath(catalogue.KindTalk, id))
}

func (s *site) answerTalk(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	form, text := recordID(t.text("form")), t.text("text")
	_, err = s.Catalogue.AnswerTalk(c, who.actor, c.Param("id"), form, text)
	return s.talked(c, who, err, "Sent. The other side is told.", func(p *talkPage, err error) {
		if p.Reply != nil {
			p.Reply.Form, p.Reply.Text.Value, p.Reply.Text.Error = form, text, fieldError(err, "text")
		}
	})
}

func (s *site) shareAddress(c *gin.Context, who visitor) error {
	_, err := s.Catalogue.ShareAddress(c, who.actor, c.Param("id"))
	return s.talked(c, who, err, "You agreed to share your address in this talk.", func(*talkPage, error) {})
}

func (s *site) closeTalk(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	reason := t.text("reason")
	_, err = s.Catalogue.CloseTalk(c, who.actor, c.Param("id"), reason)
	return s.talked(c, who, err, "The talk is closed. The other side is told.", func(p *talkPage, err error) {
		if p.Close != nil {
			p.Close.Fold.Open, p.Close.Reason.Value, p.Close.Reason.Error = true, reason, fieldError(err, "reason")
		}
	})
}
