package web

import (
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// The estate as files, and as a calendar that other programs follow.

func (s *site) estateCSV(c *gin.Context, who visitor) error {
	return s.estateFile(c, who, "contracts.csv", "text/csv; charset=utf-8", exchange.EstateCSV)
}

func (s *site) estateXLSX(c *gin.Context, who visitor) error {
	return s.estateFile(c, who, "contracts.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exchange.EstateXLSX)
}

func (s *site) estateICS(c *gin.Context, who visitor) error {
	return s.estateFile(c, who, "contracts.ics", "text/calendar; charset=utf-8", s.writeCalendar)
}

func (s *site) writeCalendar(w io.Writer, e *catalogue.Estate) error {
	return exchange.EstateCalendar(w, e, strings.TrimSuffix(s.BaseURL, "/"))
}

// estateFile sends the visitor's estate to keep.
func (s *site) estateFile(c *gin.Context, who visitor, name, mime string, write func(io.Writer, *catalogue.Estate) error) error {
	e, err := s.Catalogue.Estate(c, who.actor)
	if err != nil {
		return err
	}
	if err := s.attachment(c, who, name); err != nil {
		return err
	}
	return sendEstate(c, e, mime, write)
}

func sendEstate(c *gin.Context, e *catalogue.Estate, mime string, write func(io.Writer, *catalogue.Estate) error) error {
	buf := buffers.get()
	defer buffers.put(buf)
	if err := write(buf, e); err != nil {
		return err
	}
	c.Data(http.StatusOK, mime, buf.Bytes())
	return nil
}

// estateFeed answers calendar programs, which cannot sign in: whoever has the secret address reads the dates.
func (s *site) estateFeed(c *gin.Context, _ visitor) error {
	token, ok := strings.CutSuffix(c.Param("file"), ".ics")
	if !ok {
		return &catalogue.Error{Kind: catalogue.NotFound, Message: "page not found"}
	}
	e, err := s.Catalogue.EstateFeed(c, token)
	if err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	return sendEstate(c, e, "text/calendar; charset=utf-8", s.writeCalendar)
}

// estateCalendarPage is the secret address of the estate's dates.
type estateCalendarPage struct {
	view.Page
	Caption string
	Address string // empty: none yet, or none that can be shown
	Since   string
	Lost    bool // there is one, which can no longer be shown
	Renew   view.Button
	Revoke  *view.Button
}

func (s *site) estateCalendar(c *gin.Context, who visitor) error {
	token, made, err := s.Catalogue.CalendarToken(c, who.actor)
	if err != nil {
		return err
	}
	p := estateCalendarPage{Page: s.page(c, who, "/estate", "Calendar feed"), Caption: who.org,
		Renew: view.Button{Text: "Make an address", Name: "action", Value: "renew", PreventDoubleClick: true}}
	if !made.IsZero() {
		p.Since, p.Lost = view.Day(made), token == ""
		p.Renew.Text, p.Renew.Classes = "Make a new address instead", "govuk-button--secondary"
		p.Revoke = &view.Button{Text: "Stop the feed", Name: "action", Value: "revoke", Classes: "govuk-button--warning", PreventDoubleClick: true}
	}
	if token != "" {
		p.Address = strings.TrimSuffix(s.BaseURL, "/") + "/feeds/estate/" + token + ".ics"
	}
	p.Crumbs = estateCrumbs(p.Title)
	c.Header("Cache-Control", "private, no-store")
	return s.show(c, who, http.StatusOK, "estate-calendar", p)
}

func (s *site) changeCalendar(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	said := "The feed is stopped: its address leads nowhere now."
	if values.Get("action") == "revoke" {
		err = s.Catalogue.RevokeCalendar(c, who.actor)
	} else {
		said = "Here is a new address. The one before, if there was one, leads nowhere now."
		_, err = s.Catalogue.RenewCalendar(c, who.actor)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", said)
	return s.redirect(c, who, "/estate/calendar")
}
