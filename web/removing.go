package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// removePage asks once more before a council's own word is taken away, or says why it stays.
type removePage struct {
	view.Page
	Caption string
	Heading string
	Says    []string // what goes, and what follows
	Stays   string   // why it cannot go; empty: it can
	Action  string
	Version string
	Send    view.Button
	Back    view.Link
}

func (s *site) showRemove(c *gin.Context, who visitor, status int, p removePage) error {
	p.Page = s.page(c, who, "/estate", p.Heading)
	p.Canonical, p.Crumbs = "", estateCrumbs(p.Heading)
	return s.show(c, who, status, "remove", p)
}

func (s *site) askRemoveContract(c *gin.Context, who visitor) error {
	k, err := s.changeable(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := newRemoveContract(k)
	_, err = s.Catalogue.RemovableContract(c, who.actor, k.ID)
	if p.Stays = whyStays(err); p.Stays == "" && err != nil {
		return err
	}
	return s.showRemove(c, who, http.StatusOK, p)
}

func newRemoveContract(k *catalogue.Contract) removePage {
	address := pagePath(catalogue.KindContract, k.ID)
	return removePage{Caption: k.Title, Heading: "Delete this contract?", Action: address + "/delete", Version: strconv.FormatUint(k.Version, 10), Back: view.Link{Text: "Keep it", Href: address},
		Says: []string{contractInWords(k) + ".", "Delete a contract that was entered by mistake. It goes from your estate, from its figures and from search, and cannot be brought back; the audit trail keeps that it was there. " +
			"A contract that has ended need not be deleted: it is listed among those that ended."},
		Send: view.Button{Text: "Delete this contract", Classes: "govuk-button--warning", PreventDoubleClick: true}}
}

// whyStays is why something cannot be taken away; empty for an error of another kind, and for none.
func whyStays(err error) string {
	if catalogue.KindOf(err) == catalogue.Invalid && err != nil {
		return catalogueMessage(err)
	}
	return ""
}

func (s *site) removeContract(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	k, err := s.changeable(c, who.actor, c.Param("id"))
	if catalogue.KindOf(err) == catalogue.NotFound && err != nil && t.text("version") != "" && catalogue.MayDo(who.actor, catalogue.RecordContract) {
		return s.redirect(c, who, "/estate") // sent twice
	}
	if err != nil {
		return err
	}
	version, err := strconv.ParseUint(t.text("version"), 10, 64)
	if err != nil {
		return &catalogue.Error{Kind: catalogue.Invalid, Message: "The form does not say which state of the contract it is about. Open it again from the contract’s page", Err: err}
	}
	err = s.Catalogue.RemoveContract(c, who.actor, k.ID, version)
	if stays := whyStays(err); stays != "" {
		p := newRemoveContract(k)
		p.Stays = stays
		return s.showRemove(c, who, http.StatusConflict, p)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "The contract ‘"+k.Title+"’ is deleted.")
	return s.redirect(c, who, "/estate")
}

func (s *site) askRemoveUse(c *gin.Context, who visitor) error {
	p, err := s.newRemoveUse(c, who)
	if err != nil {
		return err
	}
	return s.showRemove(c, who, http.StatusOK, p)
}

func (s *site) newRemoveUse(c *gin.Context, who visitor) (removePage, error) {
	p := removePage{Heading: "Take back that you run it?", Send: view.Button{Text: "We do not run it", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	if !catalogue.MayDo(who.actor, catalogue.RecordUse) {
		return p, &catalogue.Error{Kind: catalogue.Forbidden, Message: "Your account can read only"}
	}
	platform, err := s.Catalogue.Platform(c, who.actor, c.Param("id"))
	if err != nil {
		return p, err
	}
	uses, err := s.Catalogue.OwnUses(c, who.actor)
	if err != nil {
		return p, err
	}
	address := pagePath(catalogue.KindPlatform, platform.ID)
	p.Caption, p.Action, p.Back = platform.Name, address+"/use/delete", view.Link{Text: "Keep it", Href: address}
	p.Stays = "Your council has not said that it runs this. Where a public record shows it, that record stays as it was found"
	for _, u := range uses {
		if u.Platform.ID == platform.ID {
			p.Stays = ""
			p.Says = []string{"Your council confirmed on " + view.Day(u.Confirmed) + " that it runs this. Its word goes, with since when, and what others should know.",
				"What public records show stays beside it, as it was found. Your council can say again at any time that it runs this."}
		}
	}
	return p, nil
}

func (s *site) removeUse(c *gin.Context, who visitor) error {
	p, err := s.newRemoveUse(c, who)
	if err != nil {
		return err
	}
	id := c.Param("id")
	if p.Stays == "" { // else the form was sent twice
		done, err := s.Catalogue.RunPlatforms(c, who.actor, nil, []string{id})
		if err == nil {
			err = done.Wrong[id]
		}
		if err != nil {
			return err
		}
		who.session.set("flash", "Your council no longer says that it runs "+p.Caption+".")
	}
	return s.redirect(c, who, "/platforms/"+url.PathEscape(id))
}
