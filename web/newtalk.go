package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// talkFormPage writes to another council for the first time, about a need of each; or to a council or body about its offer.
type talkFormPage struct {
	view.Page
	Form    string // ID of the record that the form makes
	With    string // the other side
	Other   view.Link
	OtherID string
	Offer   string      // ID of what the other side offers or seeks, instead of a need of each; empty: a need
	Which   view.Radios // which need of the visitor's own council
	None    bool        // it has listed nothing to talk about
	Subject view.Input
	Text    view.Textarea
	Send    view.Button

	Unreached string // that nobody of the other side has an account; empty: somebody has
}

// talkAddress is where a council writes to another about two intentions; own may be empty: the page then asks for it.
func talkAddress(own, other string) string {
	values := url.Values{"with": {other}}
	if own != "" {
		values.Set("intention", own)
	}
	return "/talks/new?" + values.Encode()
}

// talkLink leads from a match to writing to its council; nil where the visitor may not, or keeps its need to itself.
func (m *matched) talkLink(p pairing) *view.Link {
	if !m.mayTalk || m.own.Visibility == catalogue.Own {
		return nil
	}
	return &view.Link{Text: "Ask to talk", Hidden: "to " + p.council.Label(), Href: talkAddress(m.own.ID, p.intention.ID)}
}

// talkOffer leads from another council's intention to writing to it; nil where the visitor may not or has nothing open to
// talk about.
func talkOffer(v *catalogue.IntentionView, actor catalogue.Actor) *view.Link {
	own := talkable(v.Own)
	if len(own) == 0 || !catalogue.MayDo(actor, catalogue.AskToTalk) {
		return nil
	}
	return &view.Link{Text: "Ask " + v.Council.Label() + " to talk", Href: talkAddress("", v.Intention.ID)}
}

// talkable is the intentions that other councils may see.
func talkable(own []*catalogue.Intention) []*catalogue.Intention {
	return slices.DeleteFunc(slices.Clone(own), func(in *catalogue.Intention) bool { return in.Visibility == catalogue.Own })
}

// talkForm is a first message as somebody types it.
type talkForm struct{ id, own, other, subject, text string }

func (s *site) newTalk(c *gin.Context, who visitor) error {
	if c.Query("offer") != "" {
		return s.newOfferTalk(c, who)
	}
	f := talkForm{id: catalogue.NewID(), own: c.Query("intention"), other: c.Query("with")}
	if f.own != "" {
		if open, err := s.Catalogue.OpenTalk(c, who.actor, f.own, f.other); err != nil {
			return err
		} else if open != "" {
			return s.redirect(c, who, pagePath(catalogue.KindTalk, open))
		}
	}
	anew(c)
	return s.showTalkForm(c, who, http.StatusOK, f, true, nil)
}

// askToTalk sends the first message. The same form sent twice sends one.
func (s *site) askToTalk(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if t.text("offer") != "" {
		return s.askAboutOffer(c, who, t)
	}
	f := talkForm{id: recordID(t.text("id")), own: t.text("intention"), other: t.text("with"), subject: t.text("subject"), text: t.text("text")}
	var made *catalogue.Talk
	if f.own == "" {
		err = missing("intention", "Choose one of your needs")
	} else {
		made, err = s.Catalogue.AskToTalk(c, who.actor, catalogue.TalkRequest{ID: f.id, Intention: f.own, Other: f.other, Subject: f.subject, Text: f.text})
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showTalkForm(c, who, http.StatusBadRequest, f, false, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Sent. The other council is told, and answers in its own time.")
	return s.redirect(c, who, pagePath(catalogue.KindTalk, made.ID))
}

func (s *site) showTalkForm(c *gin.Context, who visitor, status int, f talkForm, fresh bool, wrong error) error {
	switch {
	case who.actor.OrgKind != catalogue.OrgCouncil:
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "Councils talk about what they intend to buy. You can talk about what one of you offers or seeks"}
	case !catalogue.MayDo(who.actor, catalogue.AskToTalk):
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "Your account can read only: it cannot talk for your council"}
	}
	v, err := s.Catalogue.IntentionView(c, who.actor, f.other)
	if err != nil {
		return err
	}
	if fresh {
		f.subject = v.Intention.Title
	}
	p := newTalkForm(f, v, wrong)
	p.Page = s.page(c, who, "/desk", "Ask to talk")
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Talks", Href: "/talks"}, {Text: "Ask to talk"}}
	p.Errors = errorLinks(wrong, map[string]string{"with": "intention", "council": "intention"})
	return s.show(c, who, status, "new-talk", p)
}

func newTalkForm(f talkForm, v *catalogue.IntentionView, wrong error) talkFormPage {
	label := func(text string) view.Label { return view.Label{Text: text, Classes: "govuk-label--s"} }
	p := talkFormPage{Form: f.id, With: v.Council.Label(), OtherID: f.other,
		Other: view.Link{Text: v.Intention.Title, Href: pagePath(catalogue.KindIntention, v.Intention.ID)},
		Which: view.Radios{Name: "intention", Classes: "govuk-radios--small", Error: firstError(wrong, "intention", "with", "council"),
			Legend: &view.Legend{Text: "Which need of yours is it about?", Classes: "govuk-fieldset__legend--s"}},
		Subject: view.Input{Name: "subject", Label: label("Subject"), Value: f.subject, Error: fieldError(wrong, "subject")},
		Text: view.Textarea{Name: "text", Rows: 7, Label: label("Your message"), Value: f.text, Error: fieldError(wrong, "text"),
			Hint: "It comes from your council: your name and address are not shown. It may be disclosed under freedom of information"},
		Send: view.Button{Text: "Send", PreventDoubleClick: true},
	}
	own := talkable(v.Own)
	p.None = len(own) == 0
	capability := capable(v.Intention)
	likely := func(in *catalogue.Intention) bool {
		return in.ID == f.own || f.own == "" && (len(own) == 1 || capable(in) == capability && capability != "")
	}
	slices.SortStableFunc(own, func(a, b *catalogue.Intention) int {
		switch {
		case likely(a) == likely(b):
			return 0
		case likely(a):
			return -1
		}
		return 1
	})
	for i, in := range own {
		p.Which.Choices = append(p.Which.Choices, view.Choice{Value: in.ID, Text: in.Title, Hint: window(in.WindowStart, in.TrueEnd()), Checked: i == 0 && likely(in)})
	}
	return p
}
