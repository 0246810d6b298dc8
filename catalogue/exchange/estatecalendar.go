package exchange

import (
	"fmt"
	"io"
	"net/url"

	ical "github.com/arran4/golang-ical"

	"jointly/catalogue"
)

// estateDate is a date of a contract as a calendar shows it.
type estateDate struct {
	kind  string // part of the event's UID
	title string
	on    catalogue.Date
	text  string
}

// EstateCalendar writes the dates of an estate as iCalendar: the last days to give notice, breaks, ends, and ends if
// extended, each a whole day that blocks nothing. base is the address that the service is reached at. The UID of a date
// stays the same when the date moves.
func EstateCalendar(w io.Writer, e *catalogue.Estate, base string) error {
	host := "jointly"
	if u, err := url.Parse(base); err == nil && u.Host != "" {
		host = u.Host
	}
	cal := ical.NewCalendarFor("Jointly")
	cal.SetMethod(ical.MethodPublish)
	cal.SetName("Contracts of " + e.Council.Label())
	cal.SetXWRCalName("Contracts of " + e.Council.Label())
	for _, row := range e.Rows {
		for _, d := range estateDates(row.Contract) {
			if d.on.IsZero() {
				continue
			}
			ev := cal.AddEvent(fmt.Sprintf("contract-%s-%s@%s", row.ID, d.kind, host))
			ev.SetDtStampTime(row.Changed)
			ev.SetModifiedAt(row.Changed)
			ev.SetAllDayStartAt(d.on.Last())
			ev.SetAllDayEndAt(d.on.Last().AddDate(0, 0, 1))
			ev.SetSummary(d.title + ": " + row.Title)
			ev.SetDescription(d.text)
			ev.SetURL(base + "/contracts/" + url.PathEscape(row.ID))
			ev.SetTimeTransparency(ical.TransparencyTransparent)
		}
	}
	return cal.SerializeTo(w, ical.WithNewLineWindows)
}

func estateDates(k *catalogue.Contract) []estateDate {
	from := "."
	if k.Supplier != "" {
		from = " with " + k.Supplier + "."
	}
	dates := []estateDate{
		{"notice", "Notice by", k.NoticeBy(), fmt.Sprintf("The last day to give %d months’ notice, or to extend, the contract%s It ends on %s.", k.NoticeMonths, from, k.End.Words())},
		{"break", "Break", k.Break, "The contract" + from + " It can be ended early on this day."},
		{"end", "Ends", k.End, "The end of the contract" + from},
	}
	if k.ExtensionMonths > 0 {
		dates = append(dates, estateDate{"extension", "Ends if extended", k.EndIfExtended(), "The end of the contract, if it is extended as far as it may" + from})
	}
	if by := k.BreakNoticeBy(); !by.IsZero() && by != k.Break {
		dates[1].text += " Notice by " + by.Words() + ", where the same notice holds as for its end."
	}
	return dates
}
