package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"jointly/catalogue"
)

// notice is the releases of one OCID and council, merged.
type notice struct {
	reading *ocdsReading
	council string
	ocid    string
	row     int       // of the last release
	date    time.Time // of the last release
	tags    []string  // of the last release
	release node
}

// deal is one award or contract of a notice, with the award that a contract follows from.
type deal struct {
	id              string
	award, contract node
}

func (n *notice) warn(column, message string) {
	n.reading.file.warn(n.row, column, n.ocid+": "+message)
}

// contracts makes a contract for each that was let, or one for the tender or plan.
func (n *notice) contracts() {
	deals := n.deals()
	if len(deals) == 0 {
		n.add(n.ocid, n.contract(deal{}))
		return
	}
	refs := map[string]bool{}
	for i, d := range deals {
		ref := n.ref(d, len(deals))
		if refs[ref] {
			ref = n.ocid + "-" + hashed(fmt.Sprint(d.id, i))
		}
		refs[ref] = true
		n.add(ref, n.contract(d))
	}
}

func (n *notice) add(ref string, c *catalogue.Contract) {
	c.Ref = ref
	old := n.reading.held.of(c.Council)[ref]
	if old != nil {
		if old.Stage == catalogue.StageAwarded && c.Stage != catalogue.StageAwarded || c.Source.Date.Before(old.Source.Date) {
			n.warn("date", "what is there is later than this file: left as it is")
			keptWhole := *old
			keptWhole.Meta = catalogue.Meta{Ref: ref}
			n.reading.file.add(n.row, &keptWhole)
			return
		}
		keepUnsaid(c, old)
	}
	n.reading.file.add(n.row, c)
}

// keepUnsaid gives a contract what an earlier notice or a person said and the releases at hand do not speak of.
func keepUnsaid(c, old *catalogue.Contract) {
	c.Audience = old.Audience
	c.Product, c.Platform = old.Product, old.Platform
	if strings.HasPrefix(c.Title, untitled) {
		c.Title = old.Title
	}
	c.Description, c.Supplier, c.Route = first(c.Description, old.Description), first(c.Supplier, old.Supplier), first(c.Route, old.Route)
	if len(c.CPV) == 0 {
		c.CPV = old.CPV
	}
	if c.Value == 0 {
		c.Value = old.Value
	}
	if c.Start.IsZero() {
		c.Start = old.Start
	}
	if c.End.IsZero() && (c.Start.IsZero() || old.End.IsZero() || !old.End.Last().Before(c.Start.First())) {
		c.End = old.End
	}
	if c.Extension == "" {
		c.Extension, c.ExtensionMonths = old.Extension, old.ExtensionMonths
	}
}

// cameToNothing says that what was to be let came to nothing: every award was cancelled or unsuccessful.
func (n *notice) cameToNothing() bool {
	return len(n.release.list("awards")) > 0 && len(n.deals()) == 0
}

// deals pairs contracts with their awards, in the order in which they were first published.
func (n *notice) deals() (out []deal) {
	awards := n.release.list("awards")
	taken := map[string]bool{}
	for _, c := range n.release.list("contracts") {
		d := deal{id: first(c.text("id"), c.text("awardID")), contract: c}
		for _, a := range awards {
			if id := a.text("id"); id != "" && id == c.text("awardID") {
				d.award, taken[id] = a, true
			}
		}
		if !called(c.text("status"), "cancelled") {
			out = append(out, d)
		}
	}
	for _, a := range awards {
		if !taken[a.text("id")] && !called(a.text("status"), "cancelled", "unsuccessful") {
			out = append(out, deal{id: a.text("id"), award: a})
		}
	}
	return out
}

func called(s string, any ...string) bool {
	for _, a := range any {
		if s == a {
			return true
		}
	}
	return false
}

var tailNumber = regexp.MustCompile(`^(?:.*-)?0*(\d{1,4})$`)

// ref is the OCID where a notice tells of one contract; of several the one numbered 1 has it, and each other has its
// number or a mark made of its ID behind it, so that a later release finds the same.
func (n *notice) ref(d deal, of int) string {
	number := ""
	if m := tailNumber.FindStringSubmatch(strings.TrimPrefix(d.id, n.ocid)); m != nil {
		number = m[1]
	}
	long := n.ocid + "-" + first(number, hashed(d.id))
	if _, ok := n.reading.held.of(n.council)[long]; of == 1 && !ok || number == "1" {
		return n.ocid
	}
	return long
}

func hashed(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:4])
}

// untitled begins the title of a notice that has none.
const untitled = "Notice "

// contract makes the record of one deal; of the tender or plan where the deal is empty.
func (n *notice) contract(d deal) *catalogue.Contract {
	tender := n.release.get("tender")
	b := buyerOf(n.release)
	title := first(d.contract.text("title"), tender.text("title"), d.award.text("title"), n.release.text("title"), shortened(tender.text("description"), 100), untitled+n.ocid)
	c := &catalogue.Contract{
		Council:     n.council,
		Title:       shortened(title, 300),
		Description: shortened(first(d.contract.text("description"), d.award.text("description"), tender.text("description")), 10_000),
		CPV:         n.cpv(d, tender),
		Route:       shortened(first(tender.text("procurementMethodDetails"), tender.text("procurementMethod")), 300),
		Stage:       n.stage(d, tender),
		Audience:    catalogue.Public,
		Source:      catalogue.Source{Text: n.publisher(), Reference: n.ocid, Kind: n.kind(d), Date: dateOfTime(n.date)},
	}
	c.Supplier = n.supplier(d)
	c.Value = n.value(d, tender, c.Stage)
	n.period(c, d, tender)
	c.Source.Note = n.note(d, tender, b)
	if strings.HasPrefix(title, untitled) {
		n.warn("tender/title", "the release has no title")
	}
	return c
}

// publisher says where notices of an OCID are published.
func (n *notice) publisher() string {
	switch {
	case strings.HasPrefix(n.ocid, "ocds-b5fd17-"):
		return "Contracts Finder notice"
	case strings.HasPrefix(n.ocid, "ocds-h6vhtk-"):
		return "Find a Tender notice"
	}
	return "Published notice (OCDS)"
}

// stage is how far the purchase is. A release without a status is known by its tag.
func (n *notice) stage(d deal, tender node) catalogue.Stage {
	if d.award != nil || d.contract != nil {
		return catalogue.StageAwarded
	}
	switch tender.text("status") {
	case "planned", "planning":
		return catalogue.StagePlanned
	case "":
		if n.cameToNothing() {
			return catalogue.StageTender
		}
		for _, tag := range n.tags {
			if strings.HasPrefix(tag, "planning") {
				return catalogue.StagePlanned
			}
			if strings.HasPrefix(tag, "award") || strings.HasPrefix(tag, "contract") {
				return catalogue.StageAwarded
			}
		}
	}
	return catalogue.StageTender
}

// kind is the sort of notice: the number that it has on the central platform, and what it tells.
func (n *notice) kind(d deal) string {
	tag := "notice"
	if len(n.tags) > 0 {
		tag = n.tags[0]
	}
	for _, doc := range n.documents(d) {
		if number := doc.text("noticeType"); number != "" {
			return shortened(number+" "+tag, 300)
		}
	}
	return shortened(tag, 300)
}

// documents are those of the release, the latest part of it first.
func (n *notice) documents(d deal) (out []node) {
	for _, part := range []node{d.contract, d.award, n.release.get("tender"), n.release.get("planning")} {
		docs := part.list("documents")
		for i := len(docs) - 1; i >= 0; i-- {
			out = append(out, docs[i])
		}
	}
	return out
}

// link is the page of the notice; empty where none is given.
func (n *notice) link(d deal) string {
	for _, doc := range n.documents(d) {
		address := doc.text("url")
		if strings.HasSuffix(strings.ToLower(doc.text("documentType")), "notice") && strings.HasPrefix(address, "http") && !strings.ContainsAny(address, " \t") {
			return address
		}
	}
	return ""
}

func (n *notice) note(d deal, tender node, b buyer) string {
	var said []string
	add := func(label, s string) {
		if s = cleaned(s, false); s != "" {
			said = append(said, label+s)
		}
	}
	status := first(d.contract.text("status"), tender.text("status"))
	if status == "" && n.cameToNothing() {
		status = "unsuccessful"
	}
	switch {
	case status == "terminated":
		add("", "the contract was terminated")
	case d.award == nil && d.contract == nil && called(status, "cancelled", "withdrawn", "unsuccessful"):
		add("", "the procurement was "+status)
		n.warn("tender/status", "the procurement was "+status+": kept, and marked so")
	}
	if nodeOf(tender["techniques"])["hasFrameworkAgreement"] == true && !strings.Contains(strings.ToLower(tender.text("procurementMethodDetails")), "call-off") {
		add("", "framework ceiling")
	}
	add("", n.link(d))
	add("Reference: ", tender.text("id"))
	if len(b.others) > 0 {
		add("Joint purchase, also of ", strings.Join(b.others, ", "))
		n.warn("parties", "several councils buy together: kept for the lead alone")
	}
	add("Buyer's PPON: ", b.ppon())
	return shortened(strings.Join(said, "; "), 10_000)
}

// supplier is the names of those who won, with semicolons between them.
func (n *notice) supplier(d deal) string {
	parties := map[string]string{}
	for _, p := range n.release.list("parties") {
		parties[p.text("id")] = first(p.text("name"), p.get("identifier").text("legalName"))
	}
	var names []string
	for _, s := range append(d.award.list("suppliers"), d.contract.list("suppliers")...) {
		if name := first(s.text("name"), parties[s.text("id")]); name != "" && !saysNothing(name) {
			names = appendNew(names, name)
		}
	}
	if len(names) > 1 {
		n.warn("awards/suppliers", fmt.Sprintf("%d suppliers: all are kept in the text, and the contract is listed under the first", len(names)))
	}
	for i := range names {
		rest := fmt.Sprintf("; and %d more", len(names)-i)
		if len([]rune(strings.Join(names[:i+1], "; ")+rest)) > 300 {
			return shortened(strings.Join(names[:i], "; "), 300-len(rest)) + rest
		}
	}
	return strings.Join(names, "; ")
}

// maxValue is the largest value that is believed, in pounds.
const maxValue = 5_000_000_000

// value is the net amount in pounds; 0 and 0.01 stand for unknown. That of a tender is an estimate, and says nothing of
// what was let.
func (n *notice) value(d deal, tender node, stage catalogue.Stage) float64 {
	parts := []node{d.contract.get("value"), d.award.get("value")}
	if stage != catalogue.StageAwarded {
		parts = append(parts, tender.get("value"))
	}
	for _, v := range parts {
		amount, ok := v.number("amount")
		if s := v.text("amount"); !ok && s != "" { // some write amounts as text
			read, _, err := readAmount(s)
			if amount, ok = read, err == nil; !ok {
				n.warn("value", short(s)+" is no amount: left out")
			}
		}
		switch currency := v.text("currency"); {
		case !ok || amount == 0 || amount == 0.01:
			continue
		case currency != "" && currency != "GBP":
			n.warn("value", "an amount in "+cut(currency)+" is left out")
		case amount < 0 || amount > maxValue:
			n.warn("value", "an amount that cannot be right is left out")
		default:
			return pence(amount)
		}
	}
	return 0
}

// cpv are the codes of what is bought: of the deal's own items, else of the tender.
func (n *notice) cpv(d deal, tender node) (codes []string) {
	add := func(c node) {
		m := cpvCode.FindStringSubmatch(c.text("id"))
		if m != nil && (c.text("scheme") == "CPV" || c.text("scheme") == "") && len(codes) < 50 {
			codes = appendNew(codes, m[1])
		}
	}
	items := func(part node) {
		add(part.get("classification"))
		for _, c := range part.list("additionalClassifications") {
			add(c)
		}
		for _, i := range part.list("items") {
			add(i.get("classification"))
			for _, c := range i.list("additionalClassifications") {
				add(c)
			}
		}
	}
	items(d.contract)
	items(d.award)
	items(tender)
	return codes
}
