package web

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jointly/catalogue"
	"jointly/web/view"
)

// Phrases: what pages say of a record, in the same words everywhere.

// pagePath is the address of a record's page; empty for kinds without one.
func pagePath(kind catalogue.Kind, id string) string {
	var section string
	switch kind {
	case catalogue.KindPlatform:
		section = "/platforms/"
	case catalogue.KindFramework:
		section = "/frameworks/"
	case catalogue.KindContract:
		section = "/contracts/"
	case catalogue.KindIntention:
		section = "/intentions/"
	case catalogue.KindGroup:
		section = "/groups/"
	case catalogue.KindCouncil:
		section = "/councils/"
	case catalogue.KindSupplier:
		section = "/suppliers/"
	case catalogue.KindService:
		section = "/services/"
	case catalogue.KindTalk:
		section = "/talks/"
	case catalogue.KindSignal:
		section = "/signals/"
	case catalogue.KindCall:
		section = "/calls/"
	case catalogue.KindExample:
		section = "/examples/"
	case catalogue.KindOffer:
		section = "/offers/"
	case catalogue.KindBody:
		section = "/bodies/"
	case catalogue.KindAsk:
		section = "/asks/"
	default:
		return ""
	}
	return section + url.PathEscape(id)
}

// kindTag marks what kind of record something is.
func kindTag(item catalogue.Item) view.Tag {
	switch it := item.(type) {
	case *catalogue.Platform:
		return view.Tag{Text: "Platform", Classes: "jy-tag--platform"}
	case *catalogue.Contract:
		return stageTag(it.Stage)
	case *catalogue.Intention:
		return view.Tag{Text: "Intention", Classes: "jy-tag--intention"}
	case *catalogue.BuyingGroup:
		return view.Tag{Text: "Group", Classes: "jy-tag--group"}
	case *catalogue.Signal:
		return view.Tag{Text: "Signal", Classes: "jy-tag--notice"}
	case *catalogue.Example:
		return view.Tag{Text: "Example", Classes: "jy-tag--example"}
	case *catalogue.Offer:
		return offerTag(it)
	case *catalogue.Council:
		return view.Tag{Text: "Council", Classes: "jy-tag--council"}
	case *catalogue.Supplier:
		return view.Tag{Text: "Supplier", Classes: "jy-tag--supplier"}
	}
	return view.Tag{Text: "Service", Classes: "jy-tag--service"}
}

func stageTag(stage catalogue.Stage) view.Tag {
	switch stage {
	case catalogue.StagePlanned:
		return view.Tag{Text: "Plan", Classes: "jy-tag--notice"}
	case catalogue.StageTender:
		return view.Tag{Text: "Tender", Classes: "jy-tag--tender"}
	}
	return view.Tag{Text: "Contract", Classes: "jy-tag--contract"}
}

// howWeKnow is what kind of record a fact was read in: 'Award notice', 'Council decision'.
func howWeKnow(src catalogue.Source) string {
	switch kind := strings.ToLower(src.Kind); kind {
	case "award":
		return "Award notice"
	case "tender", "notice", "opportunity (closed)":
		return "Tender notice"
	case "tender/planning", "planning":
		return "Planning notice"
	case "veat":
		return "Direct award notice"
	case "press":
		return "Press report"
	case "foi response":
		return "Freedom of information response"
	case "public page":
		return "Public page of the council"
	case "supplier's account":
		return "Supplier’s own account"
	case "":
		return sentenceCase(view.OrNotStated(src.Text))
	default:
		return sentenceCase(src.Kind)
	}
}

// sentenceCase begins a text with a capital.
func sentenceCase(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// lowerFirst writes a name within a sentence; what begins with an abbreviation stays as it is.
func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	second, _ := utf8.DecodeRuneInString(name[size:])
	if size == 0 || unicode.IsUpper(second) || strings.HasPrefix(name, "Microsoft") { // a name stays one within a sentence
		return name
	}
	return string(unicode.ToLower(first)) + name[size:]
}

// marked is a name that says that it is invented, where it is.
func marked(name string, invented bool) string {
	const mark = "(demonstration)"
	if invented && !strings.Contains(name, mark) {
		return name + " " + mark
	}
	return name
}

// outOfDate says that a record may no longer hold, and since when nobody has said that it does; empty while it holds.
func outOfDate(now time.Time, item catalogue.Item) string {
	if !catalogue.StaleOn(item, now) {
		return ""
	}
	confirmed, src := time.Time{}, catalogue.Source{}
	switch it := item.(type) {
	case *catalogue.Intention:
		confirmed = it.Confirmed
	case *catalogue.Offer:
		confirmed = it.Confirmed
	case *catalogue.Use:
		confirmed, src = it.Confirmed, it.Source
	case *catalogue.Contract:
		confirmed, src = it.Confirmed, it.Source
	}
	if !confirmed.IsZero() {
		return "may be out of date: last confirmed " + ago(now, confirmed)
	}
	if when := view.Relative(now, src.Date); when != "" {
		return "may be out of date: last seen " + when
	}
	return "may be out of date: last seen in " + view.Date(src.Date)
}

// sourceNote is the date and the reference of a source.
func sourceNote(src catalogue.Source) string {
	date := "date not stated"
	if !src.Date.IsZero() {
		date = view.Date(src.Date)
	}
	if src.Reference != "" {
		date += ", " + src.Reference
	}
	return date
}

// sourceCell is how what a record says is known, with the date and the reference of its source, and whether it may be
// out of date.
func sourceCell(now time.Time, item catalogue.Item, src catalogue.Source) view.Cell {
	return view.Cell{Text: howWeKnow(src), Note: joined([]string{sourceNote(src), outOfDate(now, item)}), Sort: src.Date.String(), Classes: "jy-table__line"}
}

// workedOut says that a source's dates were worked out from what it states: they are never shown as stated.
func workedOut(src catalogue.Source) bool { return strings.Contains(src.Note, "worked out") }

// endCell is when a contract ends, how far that is, and what may come after.
func endCell(now time.Time, k *catalogue.Contract) view.Cell {
	if k.End.IsZero() {
		cell := view.Cell{Text: view.NotStated, Muted: true, Sort: "9999"}
		switch {
		case k.EndNote != "":
			cell.Note = "the register says ‘" + k.EndNote + "’"
		case k.Extension != "":
			cell.Note = "the record says ‘" + k.Extension + "’"
		}
		return cell
	}
	notes := []string{relativeEnd(now, k.End)}
	if k.ExtensionMonths > 0 {
		notes = append(notes, "may be extended to "+view.Date(k.EndIfExtended()))
	}
	if workedOut(k.Source) {
		notes = append(notes, "worked out from the record")
	}
	return view.Cell{Text: view.Date(k.End), Note: joined(notes), Sort: k.End.String()}
}

// relativeEnd is how far an end is: 'in 5 months', 'ended 2 months ago'.
func relativeEnd(now time.Time, end catalogue.Date) string {
	away := view.Relative(now, end)
	if strings.HasSuffix(away, " ago") || away == "yesterday" {
		return "ended " + away
	}
	return away
}

// joined puts the texts that say something behind one another.
func joined(texts []string) string {
	var said []string
	for _, t := range texts {
		if t != "" {
			said = append(said, t)
		}
	}
	return strings.Join(said, "; ")
}

// valueCell is what a record says a contract is worth.
func valueCell(value float64) view.Cell {
	if value == 0 {
		return view.Cell{Text: view.NotStated, Muted: true, Numeric: true, Sort: "0", Classes: "jy-nowrap"}
	}
	n := pounds(value)
	return view.Cell{Text: view.Money(n), Numeric: true, Sort: strconv.FormatInt(n, 10), Classes: "jy-nowrap"}
}

// worthCell is what a contract's record says it is worth; a ceiling of a framework says so.
func worthCell(k *catalogue.Contract) view.Cell {
	cell := valueCell(k.Value)
	if k.Value > 0 && k.FrameworkCeiling() {
		cell.Note = "framework ceiling"
	}
	return cell
}

func pounds(value float64) int64 { return int64(math.Round(value)) }

// councilCell is a council with its region under it.
func councilCell(c *catalogue.Council) view.Cell {
	return view.Cell{Text: c.Label(), Href: pagePath(catalogue.KindCouncil, c.GSS), Note: c.Region, Sort: c.Name}
}

// supplierCell is a contract's supplier under its present name, with the name that the record writes.
func supplierCell(row catalogue.ContractRow) view.Cell {
	switch {
	case row.Supplier != nil:
		cell := view.Cell{Text: marked(row.Supplier.Name, row.Supplier.Demonstration), Href: pagePath(catalogue.KindSupplier, row.Supplier.ID)}
		if written := row.Contract.Supplier; written != "" && !strings.EqualFold(written, row.Supplier.Name) && !strings.EqualFold(written, cell.Text) {
			cell.Note = "named as " + written
		}
		return cell
	case row.Contract.Supplier != "":
		return view.Cell{Text: row.Contract.Supplier}
	}
	return view.Cell{Text: view.NotStated, Muted: true}
}

// platformCell is the platform that a contract names, under the name it is listed with.
func platformCell(row catalogue.ContractRow) view.Cell {
	product := row.Contract.Product
	switch {
	case row.Platform != nil:
		cell := view.Cell{Text: marked(row.Platform.Name, row.Platform.Demonstration), Href: pagePath(catalogue.KindPlatform, row.Platform.ID)}
		if product != "" && !strings.EqualFold(product, row.Platform.Name) && !strings.EqualFold(product, cell.Text) {
			cell.Note = "named as " + product
		}
		return cell
	case product != "":
		return view.Cell{Text: product}
	}
	return view.Cell{Text: "not named", Muted: true}
}

// window is a stretch of months: 'April to December 2027', 'October 2027 to March 2028'.
func window(from, to catalogue.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return view.NotStated
	case from.IsZero():
		return "until " + view.Date(monthOf(to))
	case to.IsZero():
		return "from " + view.Date(monthOf(from))
	}
	a, b := monthOf(from), monthOf(to)
	switch {
	case a == b:
		return view.Date(a)
	case a.Year == b.Year && a.Month != 0 && b.Month != 0:
		return a.Month.String() + " to " + view.Date(b)
	}
	return view.Date(a) + " to " + view.Date(b)
}

func monthOf(d catalogue.Date) catalogue.Date {
	d.Day = 0
	return d
}

// budget is a range of money at a glance: '£850,000 to £1.3 million'.
func budget(m catalogue.Money) string {
	low, high := pounds(m.Min), pounds(m.Max)
	switch {
	case low == 0 && high == 0:
		return view.NotStated
	case low == 0:
		return "up to " + view.Roughly(high)
	case high == 0:
		return "from " + view.Roughly(low)
	case low == high:
		return view.Roughly(low)
	}
	return view.Roughly(low) + " to " + view.Roughly(high)
}

// line is facts one after the other with points between them.
type line []view.Piece

func (l *line) add(p view.Piece) *line {
	if p.Text == "" {
		return l
	}
	if len(*l) > 0 {
		*l = append(*l, view.Piece{Text: " · "})
	}
	*l = append(*l, p)
	return l
}

func (l *line) say(text string) *line        { return l.add(view.Piece{Text: text}) }
func (l *line) strong(text string) *line     { return l.add(view.Piece{Text: text, Strong: true}) }
func (l *line) link(text, href string) *line { return l.add(view.Piece{Text: text, Href: href}) }

// saying leaves out the lines that say nothing.
func saying(all ...line) [][]view.Piece {
	var out [][]view.Piece
	for _, l := range all {
		if len(l) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// place is a council with its region, as one fact.
func place(c *catalogue.Council) string {
	if c == nil {
		return ""
	}
	if c.Region == "" {
		return c.Label()
	}
	return c.Label() + ", " + c.Region
}

// needEntry is an intention in a ledger.
func needEntry(row catalogue.NeedRow, tagged bool) view.Entry {
	var where, what line
	where.say(place(row.Council))
	what.say("Buying " + window(row.Intention.WindowStart, row.Intention.WindowEnd))
	if !row.Intention.Budget.IsZero() {
		what.say(budget(row.Intention.Budget))
	}
	if row.Intention.Role != "" {
		what.say("would " + row.Intention.Role)
	}
	e := view.Entry{Title: row.Intention.Title, Href: pagePath(catalogue.KindIntention, row.Intention.ID), Lines: saying(where, what)}
	if tagged {
		tag := kindTag(row.Intention)
		e.Tag = &tag
	}
	return e
}

// groupEntry is a group's card in a ledger; lead is the record of its lead authority, nil where it has none.
func groupEntry(g *catalogue.BuyingGroup, lead *catalogue.Council, tagged bool) view.Entry {
	var who, when line
	who.say(view.Plural(g.Councils, "council", "councils"))
	if lead != nil {
		who.say("led by " + lead.Label())
	} else {
		who.strong("needs a lead")
	}
	if !g.WindowStart.IsZero() {
		when.say("Buying " + window(g.WindowStart, g.WindowEnd))
	}
	if g.OpenToJoin && !g.JoinBy.IsZero() {
		when.strong("join by " + view.Date(g.JoinBy))
	}
	e := view.Entry{Title: g.Title, Href: pagePath(catalogue.KindGroup, g.ID), Lines: saying(who, when)}
	if tagged {
		tag := kindTag(g)
		e.Tag = &tag
	}
	return e
}
