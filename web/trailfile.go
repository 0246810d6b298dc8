package web

import (
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// mostTrailed is how many entries a file of the trail holds.
const mostTrailed = 5000

// trailCSV is the trail as a file, narrowed as the page is. Where there is more, its last line says from where to go on.
func (s *site) trailCSV(c *gin.Context, who visitor) error {
	asked, err := trailQueryOf(c.Request.URL.Query()).asked(mostTrailed)
	if err != nil {
		return err
	}
	leave, err := s.fileSlot()
	if err != nil {
		return err
	}
	defer leave()
	var events []catalogue.Event
	for len(events) < mostTrailed {
		asked.Limit = mostTrailed - len(events)
		part, err := s.Catalogue.TrailPage(c, who.actor, asked)
		if err != nil {
			return err
		}
		events = append(events, part.Events...)
		if asked.Before = part.Next; asked.Before == 0 {
			break
		}
	}
	if err := s.attachment(c, who, "jointly-trail-"+s.Catalogue.Today().Format(time.DateOnly)+".csv"); err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	return s.writeTrail(c, who, events, asked.Before)
}

func (s *site) writeTrail(c *gin.Context, who visitor, events []catalogue.Event, next uint64) error {
	r, err := s.trailReader(c, who, events)
	if err != nil {
		return err
	}
	if _, err := c.Writer.WriteString("\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(c.Writer)
	rows := [][]string{{"event", "at", "who", "organisation", "role", "action", "record_kind", "record_id", "owner", "version_before", "version_after", "changes", "refused"}}
	for _, e := range events {
		rows = append(rows, []string{strconv.FormatUint(e.N, 10), e.At.UTC().Format(time.RFC3339), r.who(e), e.Org, string(e.Role), string(e.Action), string(e.Record.Kind),
			e.Record.ID, e.Owner, version(e.From), version(e.To), strings.Join(r.changes(e, true), "; "), e.Refused})
	}
	if next != 0 {
		rows = append(rows, []string{"", "", "There is more: ask for the entries before " + strconv.FormatUint(next, 10) + " with ?before=" + strconv.FormatUint(next, 10)})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = exchange.SafeCell(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// version is a number of a record's version; empty where there was none.
func version(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}
