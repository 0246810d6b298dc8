package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"jointly/catalogue"
)

// What a row says of time: start and end, extension, term, notice and break.

// date reads a date; one that cannot be read refuses the row.
func (r *registerRow) date(field string) catalogue.Date {
	s := r.text(field)
	if s == "" {
		return catalogue.Date{}
	}
	d, err := r.readDate(field, s)
	switch {
	case err != nil && saysNothing(s):
		r.warn(field, short(s)+" is no date: kept without one")
	case err != nil:
		r.fail(field, short(s)+": "+err.Error())
	case d.IsZero() || d.Year < 1990:
		r.warn(field, short(s)+" stands for no date, or one before 1990: kept without it")
	default:
		return d
	}
	return catalogue.Date{}
}

// readDate reads a date that may have words in brackets beside it: '31/03/2027 (extended)'.
func (r *registerRow) readDate(field, s string) (catalogue.Date, error) {
	d, err := readDate(s, r.table.since1904)
	if bare := cellText(dropBrackets(s)); err != nil && bare != "" && bare != s {
		if within, again := readDate(bare, r.table.since1904); again == nil && !within.IsZero() {
			r.warn(field, short(s)+" is read as "+within.Words()+", without what stands in brackets")
			return within, nil
		}
	}
	return d, err
}

// term reads when the contract ends, what it may be extended by, and how long it runs. What is said beyond the fields of
// a contract is kept in words.
func (r *registerRow) term(c *catalogue.Contract, said *[]string) {
	months, more := 0, 0
	if s := r.text(fieldTerm); s != "" && !saysNothing(s) {
		*said = append(*said, "Term: "+s)
		months, more, _ = readTerm(s, r.column(fieldTerm))
	}
	r.end(c, months)
	if r.extension(c, said) {
		return
	}
	if more > 0 {
		c.ExtensionMonths = more
	}
}

// end reads the end date. Words for there being none are kept in its place; where nothing is said, the end follows from
// the start and the term.
func (r *registerRow) end(c *catalogue.Contract, months int) {
	s := r.text(fieldEnd)
	_, unread := r.readable(s)
	switch {
	case s == "" && months > 0 && c.Start.Exact():
		c.End = catalogue.DateOf(c.Start.AddMonths(months).First().AddDate(0, 0, -1))
		r.once("term", r.n, r.column(fieldTerm), "No end date: worked out from the start and the term, as "+c.End.Words()+" here, and in other rows like it. Check one")
	case !r.has(fieldEnd):
	case s == "":
		r.warn(fieldEnd, "No end date: kept without one. Add the date when you know it")
	case unread && saysNothing(s):
		r.warn(fieldEnd, short(s)+" is no end date: kept without one, with the words. Add the date when you know it")
		c.EndNote = shortened(s, 300)
	default:
		c.End = r.date(fieldEnd)
	}
}

func (r *registerRow) readable(s string) (catalogue.Date, bool) {
	for _, s := range []string{s, cellText(dropBrackets(s))} {
		if d, err := readDate(s, r.table.since1904); err == nil {
			return d, false
		}
	}
	return catalogue.Date{}, true
}

// extension reads how far the contract may be extended, where a cell is beyond doubt; what it says is kept anyhow. It says
// whether a cell said anything.
func (r *registerRow) extension(c *catalogue.Contract, said *[]string) (told bool) {
	for _, field := range []string{fieldExtended, fieldExtension} {
		s := r.text(field)
		if s == "" {
			continue
		}
		if noExtension(s) {
			told = true
			continue
		}
		months, words, ok := r.extensionIn(field, s, c.End)
		switch {
		case !ok && !told:
			r.warn(field, short(s)+" is kept in words: by how many months the contract may be extended is not beyond doubt. To have it counted, write it as 24 months or 2 x 12 months")
		case ok && c.ExtensionMonths == 0:
			c.ExtensionMonths = min(months, 240)
		}
		told = true
		if field == fieldExtension || words != fmt.Sprint(months) {
			*said = append(*said, "Extension: "+words)
		}
	}
	if s := r.text(fieldReview); s != "" && !saysNothing(s) {
		if d, err := readDate(s, r.table.since1904); err == nil && !d.IsZero() {
			s = d.String()
		}
		*said = append(*said, "Review: "+s)
	}
	return told
}

// extensionIn reads a length of time, or a date after the end.
func (r *registerRow) extensionIn(field, s string, end catalogue.Date) (months int, words string, ok bool) {
	title := r.column(field)
	if field == fieldExtended && unitOf(title) == "" {
		title = "months"
	}
	if months, ok = readMonths(s, title); ok {
		return months, s, true
	}
	d, err := readDate(s, r.table.since1904)
	if err != nil || d.IsZero() {
		return 0, s, false
	}
	if ok = end.Exact() && d.Exact() && end.Before(d); ok {
		months = catalogue.MonthsUntil(end.First().AddDate(0, 0, 1), d.First().AddDate(0, 0, 1))
	}
	return months, "to " + d.String(), ok || d == end
}

func noExtension(s string) bool {
	switch strings.Trim(foldName(s), ". ") {
	case "no", "n", "0", "0 months", "no extension", "no extensions", "no break", "no break clause", "no notice":
		return true
	}
	return saysNothing(s)
}

// notice reads what only councils see: how much notice must be given, and when the contract may be ended early. What
// does not fit is told of and left out, since nobody publishes it and nothing else hangs on it.
func (r *registerRow) notice(c *catalogue.Contract) {
	if s := r.text(fieldNotice); s != "" && !noExtension(s) {
		title := r.column(fieldNotice)
		if unitOf(title) == "" {
			title = "months"
		}
		n, ok := readMonths(s, title)
		if ok = ok && n > 0 && n <= 60; ok {
			c.NoticeMonths = n
		}
		unit := unitOf(s)
		switch {
		case !ok:
			r.warn(fieldNotice, short(s)+" is left out: write the notice in months, from 1 to 60, as in 6 or 6 months")
		case unit == "days" || unit == "weeks":
			r.once("notice\x00"+foldName(s), r.n, r.column(fieldNotice), short(s)+" is taken as "+strconv.Itoa(n)+" months, here and in other rows like it")
		}
	}
	s := r.text(fieldBreak)
	switch {
	case s == "" || noExtension(s):
		return
	case !strings.ContainsFunc(s, unicode.IsDigit):
		r.warn(fieldBreak, short(s)+" does not say when: kept without a break date. Add it when you know it")
		return
	}
	d := r.date(fieldBreak)
	switch {
	case d.IsZero():
	case !c.Start.IsZero() && d.Last().Before(c.Start.First()), !c.End.IsZero() && c.EndIfExtended().Before(d):
		r.warn(fieldBreak, short(s)+" is not between the start and the end of the contract: kept without a break date")
	default:
		c.Break = d
	}
}

// capability reads what the contract is for, by its name or ID here; words that are neither are passed over, and the
// text of the contract is read instead.
func (r *registerRow) capability(c *catalogue.Contract) {
	s := r.text(fieldCapability)
	if s == "" || saysNothing(s) {
		return
	}
	known := r.reader.Dictionary.Capabilities()
	for _, k := range known {
		if k.ID == s || strings.EqualFold(k.Name, s) {
			c.Capability = k.ID
			c.CapabilityConfirmed = !r.has(fieldGuessChecked) || r.yes(fieldGuessChecked)
			return
		}
	}
	r.once("capability\x00"+foldName(s), r.n, r.column(fieldCapability), short(s)+" is no capability that is known here: what the contract is for is read in its text, here and in other rows like it")
}

// audience is who may see the contract; empty where the row does not say. A word that is not known refuses the row: nobody
// must see what was not meant for them.
func (r *registerRow) audience() catalogue.Audience {
	s := r.text(fieldAudience)
	switch plainTitle(s) {
	case "":
		return ""
	case "public", "everybody", "everyone", "anybody":
		return catalogue.Public
	case "councils", "officers of councils":
		return catalogue.Councils
	case "own", "your council only", "your council alone", "our council only":
		return catalogue.Own
	}
	r.fail(fieldAudience, short(s)+": write public, councils or own; or leave it blank, and it is asked for")
	return ""
}

// yes says that a cell does.
func (r *registerRow) yes(field string) bool {
	return slices.Contains([]string{"yes", "y", "true", "1"}, plainTitle(r.text(field)))
}

// exVAT says that a title, or an amount as it is written, speaks of a value without VAT.
func exVAT(s string) bool {
	words := " " + plainTitle(s) + " "
	return strings.Contains(words, " ex vat ") || strings.Contains(words, " excluding vat ") || strings.Contains(words, " net of vat ") || strings.Contains(words, " and vat ")
}
