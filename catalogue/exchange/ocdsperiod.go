package exchange

import (
	"time"

	"jointly/catalogue"
)

// period sets when a contract runs, and how far it may be extended.
func (n *notice) period(c *catalogue.Contract, d deal, tender node) {
	periods := []node{d.contract.get("period"), d.award.get("contractPeriod")}
	if c.Stage != catalogue.StageAwarded || d.contract == nil {
		periods = append(periods, tender.get("contractPeriod"))
		for _, lot := range tender.list("lots") {
			periods = append(periods, lot.get("contractPeriod"))
		}
	}
	var longest catalogue.Date
	for _, p := range periods {
		start, end, most := n.day(p, "startDate"), n.day(p, "endDate"), n.day(p, "maxExtentDate")
		if start.IsZero() && end.IsZero() {
			continue
		}
		if days, ok := p.number("durationInDays"); ok && end.IsZero() && start.Exact() && days >= 1 && days <= 36525 {
			end = catalogue.DateOf(start.First().AddDate(0, 0, int(days)-1))
			n.warn("period", "no end date: worked out from the duration, as "+end.String())
		}
		c.Start, c.End, longest = start, end, most
		break
	}
	if !c.Start.IsZero() && !c.End.IsZero() && c.End.Before(c.Start) {
		n.warn("period", "it ends on "+c.End.String()+", before it starts on "+c.Start.String()+": kept without an end date")
		c.End = catalogue.Date{}
	}
	if c.End.IsZero() && c.Stage == catalogue.StageAwarded {
		n.warn("period", "no end date: kept without one. Add the date when you know it")
	}
	if longest.IsZero() || !c.End.Before(longest) {
		return
	}
	c.Extension = "May be extended to " + longest.String()
	if months := catalogue.MonthsUntil(c.End.First().AddDate(0, 0, 1), longest.First().AddDate(0, 0, 1)); months <= 240 {
		c.ExtensionMonths = months
	}
}

// day reads a date of a period; what cannot be one is told of.
func (n *notice) day(p node, name string) catalogue.Date {
	s := p.text(name)
	if s == "" {
		return catalogue.Date{}
	}
	var d catalogue.Date
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		d = dateOfTime(t)
	} else if d, err = readDate(s, false); err != nil {
		n.warn(name, short(s)+" is not a date: left out")
		return catalogue.Date{}
	}
	if d.Year < 1990 || d.Year > 2100 {
		n.warn(name, short(s)+" cannot be right: left out")
		return catalogue.Date{}
	}
	return d
}

// dateOfTime is the day that a time with a zone means. A midnight in London that is written in another zone is London's
// day; any other time is of the day that is written, since ends are written as 23:59:59 with whatever zone.
func dateOfTime(t time.Time) catalogue.Date {
	if t.IsZero() {
		return catalogue.Date{}
	}
	if london, err := time.LoadLocation("Europe/London"); err == nil {
		if there := t.In(london); there.Hour() == 0 && there.Minute() == 0 && there.Second() == 0 {
			return catalogue.DateOf(there)
		}
	}
	return catalogue.DateOf(t)
}
