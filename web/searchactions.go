package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// What a person does with a saved search.

func (s *site) changeSavedSearch(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	name, told := t.text("name"), catalogue.SearchTelling(t.text("told"))
	saved, err := s.Catalogue.ChangeSearch(c, who.actor, c.Param("id"), name, told)
	if catalogue.KindOf(err) == catalogue.Invalid {
		now, readErr := s.Catalogue.SavedSearch(c, who.actor, c.Param("id"))
		if readErr != nil {
			return readErr
		}
		return s.showSavedSearch(c, who, http.StatusBadRequest, now, name, told, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Saved. "+searchToldWords(saved.Told)+".")
	return s.redirect(c, who, savedPath(saved.ID))
}

// seeSavedSearch makes what the search has now known: what comes after it is new.
func (s *site) seeSavedSearch(c *gin.Context, who visitor) error {
	saved, err := s.Catalogue.SavedSearch(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	a, err := askAt(saved.Address)
	if err != nil {
		return err
	}
	known, _, err := s.follow(c, who.actor, a, catalogue.Followed{}, nil)
	if err != nil {
		return err
	}
	if err := s.Catalogue.SeeSearch(c, who.actor, saved.ID, known); err != nil {
		return err
	}
	who.session.set("flash", "Marked as seen. What comes from now on is new.")
	return s.redirect(c, who, savedPath(saved.ID))
}

func (s *site) changeSearchFeed(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id, said := c.Param("id"), "The feed is stopped: its address leads nowhere now."
	if t.text("action") == "revoke" {
		err = s.Catalogue.RevokeSearchFeed(c, who.actor, id)
	} else {
		said = "Here is a new address. The one before, if there was one, leads nowhere now."
		_, err = s.Catalogue.RenewSearchFeed(c, who.actor, id)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", said)
	return s.redirect(c, who, savedPath(id)+"#feed")
}

func (s *site) deleteSavedSearch(c *gin.Context, who visitor) error {
	if err := s.Catalogue.DeleteSearch(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	who.session.set("flash", "The search is deleted, and its feed with it.")
	return s.redirect(c, who, "/searches")
}

// searchMailStop asks whoever follows the link of a mail whether the mail of saved searches is to stop. Only its button
// stops it: programs that look into mail open links.
func (s *site) searchMailStop(c *gin.Context, who visitor) error {
	token := c.Query("token")
	if err := s.Catalogue.CheckSearchStop(c, token); err != nil {
		return err
	}
	p := mailStopPage{Page: s.page(c, who, "", "Stop mail of saved searches"), Heading: "Stop the mail of your saved searches?",
		Text:   "Your searches stay, and what is new in them is in your inbox. Other mail comes as you chose it.",
		Action: "/mail/stop-searches?token=" + url.QueryEscape(token), Send: &view.Button{Text: "Stop this mail", PreventDoubleClick: true}}
	p.Canonical = ""
	anew(c)
	return s.show(c, who, http.StatusOK, "mail-stop", p)
}

// stopSearchMail is what the button does, and what a mail program's own 'unsubscribe' does with one click.
func (s *site) stopSearchMail(c *gin.Context, who visitor) error {
	if err := s.Catalogue.StopSearchMail(c, c.Query("token")); err != nil {
		return err
	}
	p := mailStopPage{Page: s.page(c, who, "", "Mail of saved searches is stopped"), Heading: "Mail of saved searches is stopped",
		Text: "Your searches stay, and what is new in them is in your inbox."}
	p.Canonical = ""
	return s.show(c, who, http.StatusOK, "mail-stop", p)
}
