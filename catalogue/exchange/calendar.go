package exchange

import (
	"time"

	ics "github.com/arran4/golang-ical"

	"jointly/catalogue"
)

// Calendar is a group's dates as an iCalendar file: whole days, whose identifiers stay the same, so that a later file
// moves the entries of an earlier one. The link leads to the group.
func Calendar(g *catalogue.BuyingGroup, d *catalogue.Dates, link string) string {
	c := ics.NewCalendarFor("Jointly")
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(g.Title)
	add := func(id, summary, text string, from, to time.Time) {
		e := c.AddEvent(g.ID + "-" + id + "@jointly")
		e.SetDtStampTime(g.Changed.UTC())
		e.SetModifiedAt(g.Changed.UTC())
		e.SetSequence(int(g.Version))
		e.SetAllDayStartAt(from)
		e.SetAllDayEndAt(to.AddDate(0, 0, 1)) // the day after the last
		e.SetSummary(summary + ": " + g.Title)
		e.SetDescription(text)
		e.SetURL(link)
		e.SetTimeTransparency(ics.TransparencyTransparent)
	}
	if !d.Known() {
		return c.Serialize(ics.WithNewLineWindows)
	}
	for _, s := range d.Steps {
		add(string(s.Kind), s.Name, s.Note+" "+s.Period.Source+".", s.Start, s.End)
	}
	add("decide-by", "Decide by today", "The last day to agree what is bought, for all later dates to hold.", d.DecideBy, d.DecideBy)
	add("first-end", "First present contract ends", "The dates of the group are worked back from it.", d.FirstEnd, d.FirstEnd)
	return c.Serialize(ics.WithNewLineWindows)
}
