package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// inboxPage is what its reader was told, newest first: each with why, and where it leads.
type inboxPage struct {
	view.Page
	Caption string
	Told    string // how the reader is mailed
	Items   []newsItem
	Read    *readForm // nil where nothing is unread
	Older   view.Pagination
	First   bool // the first page: an empty one says what will come
	Council bool // the reader is a council's: others are told of other things
}

// newsItem is one thing that somebody was told.
type newsItem struct {
	New     bool
	Subject string
	Href    string // empty: it leads nowhere
	When    string
	Text    []string
	Link    string // what is done where it leads
	Why     string
}

// readForm marks all that was shown as read.
type readForm struct {
	UpTo string
	Send view.Button
}

// A page of the inbox, and how much of each text it shows: the rest is where the news leads.
const (
	inboxPageSize  = 20
	gistParagraphs = 3
	gistCharacters = 320
)

func (s *site) inbox(c *gin.Context, who visitor) error {
	cursor := c.Query("from")
	found, err := s.Catalogue.Inbox(c, who.actor, cursor, inboxPageSize)
	if err != nil {
		return err
	}
	p := newInboxPage(found, cursor)
	p.Council = who.actor.OrgKind == catalogue.OrgCouncil
	for i := range p.Items { // a talk is open to the two councils alone
		if who.actor.IsOperator() && strings.HasPrefix(p.Items[i].Href, "/talks/") {
			p.Items[i].Href = ""
		}
	}
	p.Page = s.page(c, who, "/desk", "Inbox")
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Inbox"}}
	return s.show(c, who, http.StatusOK, "inbox", p)
}

func newInboxPage(box *catalogue.Inbox, cursor string) inboxPage {
	p := inboxPage{Caption: unreadWords(box.Unread), Told: toldWords(box.Told), First: cursor == ""}
	for _, item := range box.Items {
		p.Items = append(p.Items, newNewsItem(item.News, item.Unread))
	}
	if p.First && box.Unread > 0 {
		p.Read = &readForm{UpTo: box.Items[0].ID, Send: view.Button{Text: "Mark all as read", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	}
	if box.Next != "" {
		p.Older.Next = &view.PageLink{Text: "Older", Label: "what you were told before", Href: "/inbox?from=" + box.Next}
	}
	if !p.First {
		p.Older.Previous = &view.PageLink{Text: "Newest", Label: "back to the first page", Href: "/inbox"}
	}
	return p
}

func newNewsItem(n *catalogue.News, unread bool) newsItem {
	return newsItem{New: unread, Subject: n.Subject, Href: n.Link, When: view.Day(n.Told) + ", " + view.TimeOfDay(n.Told), Text: gist(n.Text), Link: n.LinkText, Why: n.Why}
}

// gist is the beginning of a text.
func gist(text []string) []string {
	cut := len(text) > gistParagraphs
	out := slices.Clone(text[:min(len(text), gistParagraphs)])
	for i, paragraph := range out {
		if utf8.RuneCountInString(paragraph) > gistCharacters {
			out[i] = string([]rune(paragraph)[:gistCharacters]) + "…"
		}
	}
	if cut {
		out[len(out)-1] += " …"
	}
	return out
}

func unreadWords(n int) string {
	switch {
	case n == 0:
		return "Nothing unread"
	case n >= catalogue.UnreadMost:
		return view.Number(catalogue.UnreadMost) + " or more unread"
	}
	return view.Number(n) + " unread"
}

func toldWords(how catalogue.Telling) string {
	switch how {
	case catalogue.ToldDaily:
		return "You get one mail a day with what is new."
	case catalogue.ToldNever:
		return "You get no mail: what is new is here alone."
	}
	return "We email you at once when something new comes."
}

// readInbox marks as read what the page showed: what came since stays unread.
func (s *site) readInbox(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	if err := s.Catalogue.SeeInbox(c, who.actor, t.text("upto")); err != nil {
		return err
	}
	who.session.set("flash", "All that was shown is marked as read.")
	return s.redirect(c, who, "/inbox")
}
