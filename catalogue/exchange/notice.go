package exchange

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// DraftOnly says what every form of a notice says of itself.
const DraftOnly = "Draft. An intention, not a statutory notice: nothing is published until the lead authority publishes it on the official service."

// PlaceholderPrefix stands where no OCID prefix is registered: no publisher has it.
const PlaceholderPrefix = "ocds-xxxxxx"

// CheckOCIDPrefix refuses what is not the prefix of an OCID, or is another publisher's.
func CheckOCIDPrefix(prefix string) error {
	if !regexp.MustCompile(`^ocds-[a-z0-9]{6}$`).MatchString(prefix) {
		return fmt.Errorf("an OCID prefix is ocds- and six letters or digits, such as %s: not %q", PlaceholderPrefix, prefix)
	}
	for _, taken := range []string{"ocds-h6vhtk", "ocds-b5fd17"} {
		if prefix == taken {
			return fmt.Errorf("%s is the prefix of an official service: only that service gives such OCIDs", prefix)
		}
	}
	return nil
}

// Notice is a planned procurement notice to be drafted: see catalogue.PlannedNotice for what may be in it.
type Notice struct {
	Planned      *catalogue.PlannedNotice
	Capability   string   // name of what the group buys
	Requirements []string // lines that the group has settled; nil: none yet
	Lots         string   // whether lots are considered, and why; empty: not settled
	Threshold    register.Rule
	HasThreshold bool
	Prefix       string // of OCIDs: see CheckOCIDPrefix
	Address      string // of the draft itself
	Now          time.Time
}

func (n Notice) group() *catalogue.BuyingGroup { return n.Planned.Group }

// description is the need in words, with what is settled.
func (n Notice) description() string {
	parts := []string{DraftOnly, cmp.Or(n.group().Need, n.group().Title)}
	if len(n.Requirements) > 0 {
		parts = append(parts, "What is needed: "+strings.Join(n.Requirements, "; ")+".")
	}
	if n.Lots != "" {
		parts = append(parts, "Lots: "+n.Lots)
	}
	return strings.Join(parts, "\n\n")
}

// WriteNoticeText writes the draft as text, to be pasted into the official service's form. What it does not know stands
// in brackets.
func WriteNoticeText(w io.Writer, n Notice) error {
	p := n.Planned
	var b strings.Builder
	say := func(name, text, missing string) {
		if text == "" {
			text = "[" + missing + "]"
		}
		fmt.Fprintf(&b, "%s\n%s\n\n", name, text)
	}
	b.WriteString("PLANNED PROCUREMENT NOTICE (UK3): DRAFT\n" + DraftOnly + "\nPrepared from Jointly on " + longDay(n.Now) + ".\n\n")
	say("Title", p.Group.Title, "")
	lead := ""
	if p.Lead != nil {
		lead = partyText(p.Lead)
	}
	say("Lead authority", lead, "settle which council leads")
	var buyers []string
	for _, c := range p.Buyers {
		buyers = append(buyers, "- "+partyText(c))
	}
	say("Contracting authorities that buy together", strings.Join(buyers, "\n"), "none has accepted")
	if len(p.Partners) > 0 {
		var partners []string
		for _, b := range p.Partners {
			partners = append(partners, "- "+b.Label())
		}
		say("Partners, which take part and buy nothing", strings.Join(partners, "\n"), "")
	}
	say("What is intended", p.Group.Need, "describe the need by what it must do, without brands")
	say("What is needed", strings.Join(n.Requirements, "\n"), "requirement lines that the group has settled")
	var codes []string
	for _, c := range p.CPV {
		codes = append(codes, c.Code+" "+c.Name)
	}
	say("CPV codes", strings.Join(codes, "\n"), "choose at least one")
	value := ""
	if p.Value > 0 {
		value = message.NewPrinter(language.BritishEnglish).Sprintf("£%.0f excluding VAT, £%.0f including VAT: the most that the members state over the whole term",
			p.Value, catalogue.IncVAT(p.Value))
	}
	say("Estimated total value", value, "state it, options and extensions included")
	start := ""
	if !p.Start.IsZero() {
		start = monthOf(p.Start) + " to " + monthOf(p.End)
	}
	say("When the tender may start", start, "no shared months yet")
	say("Lots", n.Lots, "say whether lots are considered and, where not, why not")
	say("Contracts that it replaces", strings.Join(p.Replaces, "\n"), "OCIDs, where they are to be named")
	if _, err := io.WriteString(w, strings.ReplaceAll(b.String(), "\n", "\r\n")); err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	return nil
}

func monthOf(d catalogue.Date) string { return d.First().Format("January 2006") }

func longDay(t time.Time) string { return t.In(london()).Format("2 January 2006") }

// partyText is a council with the identifiers that official forms ask for.
func partyText(c *catalogue.Council) string {
	out := partyName(c)
	if id := councilIdentifier(c); id != nil {
		out += ", " + id.Scheme + "-" + id.ID
	}
	return out
}

func partyName(c *catalogue.Council) string {
	if c.Demonstration {
		return c.Label()
	}
	return cmp.Or(c.OfficialName, c.Name)
}

// The parts of an OCDS 1.1.5 release package that a plan needs, with the fields of the European Union profile and of the
// United Kingdom's extension.
type (
	ocdsPackage struct {
		URI           string        `json:"uri"`
		Version       string        `json:"version"`
		Extensions    []string      `json:"extensions"`
		PublishedDate string        `json:"publishedDate"`
		Publisher     ocdsPublisher `json:"publisher"`
		Releases      []ocdsRelease `json:"releases"`
	}
	ocdsPublisher struct {
		Name string `json:"name"`
	}
	ocdsRelease struct {
		OCID             string        `json:"ocid"`
		ID               string        `json:"id"`
		Date             string        `json:"date"`
		Tag              []string      `json:"tag"`
		InitiationType   string        `json:"initiationType"`
		Language         string        `json:"language"`
		Title            string        `json:"title"`
		Description      string        `json:"description"`
		Parties          []ocdsParty   `json:"parties,omitempty"`
		Buyer            *ocdsOrg      `json:"buyer,omitempty"`
		Planning         ocdsPlanning  `json:"planning"`
		Tender           ocdsTender    `json:"tender"`
		RelatedProcesses []ocdsRelated `json:"relatedProcesses,omitempty"`
	}
	ocdsOrg struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	ocdsParty struct {
		ocdsOrg
		Identifier *ocdsIdentifier  `json:"identifier,omitempty"`
		Additional []ocdsIdentifier `json:"additionalIdentifiers,omitempty"`
		Roles      []string         `json:"roles"`
	}
	ocdsIdentifier struct {
		Scheme    string `json:"scheme"`
		ID        string `json:"id"`
		LegalName string `json:"legalName,omitempty"`
	}
	ocdsPlanning struct {
		Documents []ocdsDocument `json:"documents"`
	}
	ocdsDocument struct {
		ID          string `json:"id"`
		Type        string `json:"documentType"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Language    string `json:"language"`
	}
	ocdsTender struct {
		ID             string      `json:"id"`
		Title          string      `json:"title"`
		Description    string      `json:"description"`
		Status         string      `json:"status"`
		Items          []ocdsItem  `json:"items,omitempty"`
		Value          *ocdsValue  `json:"value,omitempty"`
		TenderPeriod   *ocdsPeriod `json:"tenderPeriod,omitempty"`
		AboveThreshold *bool       `json:"aboveThreshold,omitempty"`
	}
	ocdsItem struct {
		ID             string      `json:"id"`
		Description    string      `json:"description"`
		Classification *ocdsClass  `json:"classification,omitempty"`
		Additional     []ocdsClass `json:"additionalClassifications,omitempty"`
	}
	ocdsClass struct {
		Scheme      string `json:"scheme"`
		ID          string `json:"id"`
		Description string `json:"description"`
	}
	ocdsValue struct {
		Amount      float64 `json:"amount"`      // net
		AmountGross float64 `json:"amountGross"` // with VAT
		Currency    string  `json:"currency"`
	}
	ocdsPeriod struct {
		StartDate   string `json:"startDate"`
		EndDate     string `json:"endDate"`
		Description string `json:"description"`
	}
	ocdsRelated struct {
		ID           string   `json:"id"`
		Relationship []string `json:"relationship"`
		Scheme       string   `json:"scheme"`
		Identifier   string   `json:"identifier"`
	}
)

// CapabilityScheme is the name of our own taxonomy in classifications.
const CapabilityScheme = "JOINTLY-CAPABILITY"

// WriteNotice writes the draft as an OCDS 1.1.5 release package with one release of tag planning.
func WriteNotice(w io.Writer, n Notice) error {
	if err := CheckOCIDPrefix(n.Prefix); err != nil {
		return err
	}
	g, now := n.group(), n.Now.In(london()).Format(time.RFC3339)
	ocid := n.Prefix + "-" + g.ID
	release := ocdsRelease{OCID: ocid, ID: fmt.Sprintf("%s-draft-%d", ocid, g.Version), Date: now, Tag: []string{"planning"}, InitiationType: "tender", Language: "en",
		Title: "Draft: " + g.Title, Description: DraftOnly,
		Planning: ocdsPlanning{[]ocdsDocument{{ID: "draft", Type: "plannedProcurementNotice", Title: "Draft of a planned procurement notice", Description: DraftOnly, Language: "en"}}},
		Tender:   ocdsTender{ID: g.ID, Title: g.Title, Description: n.description(), Status: "planned", Items: n.items(), TenderPeriod: n.period()}}
	if v := n.Planned.Value; v > 0 {
		gross := catalogue.IncVAT(v)
		release.Tender.Value = &ocdsValue{Amount: v, AmountGross: float64(int64(gross*100+0.5)) / 100, Currency: "GBP"}
		if n.HasThreshold {
			above := gross >= float64(n.Threshold.Value)
			release.Tender.AboveThreshold = &above
		}
	}
	for _, c := range n.Planned.Buyers {
		party := newParty(c)
		if n.Planned.Lead != nil && c.GSS == n.Planned.Lead.GSS {
			party.Roles = append(party.Roles, "leadBuyer")
			release.Buyer = &ocdsOrg{party.ID, party.Name}
		}
		release.Parties = append(release.Parties, party)
	}
	for i, id := range n.Planned.Replaces {
		// 'prior' is the code of the release's own list for what it renews or replaces; 'renewalProcess' that of contracts.
		release.RelatedProcesses = append(release.RelatedProcesses, ocdsRelated{ID: fmt.Sprint(i + 1), Relationship: []string{"prior"}, Scheme: "ocid", Identifier: id})
	}
	enc := encoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(ocdsPackage{URI: n.Address, Version: "1.1", PublishedDate: now, Publisher: ocdsPublisher{"Jointly (draft, not published)"},
		Extensions: []string{"https://standard.open-contracting.org/profiles/eu/latest/en/extension.json",
			"https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json"},
		Releases: []ocdsRelease{release}}); err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	return nil
}

// items are one for each CPV code, with our own classification beside it; where there is no code, that alone.
func (n Notice) items() []ocdsItem {
	ours := []ocdsClass{{CapabilityScheme, n.group().Capability, cmp.Or(n.Capability, n.group().Capability)}}
	var out []ocdsItem
	for i, c := range n.Planned.CPV {
		out = append(out, ocdsItem{ID: fmt.Sprint(i + 1), Description: c.Name, Classification: &ocdsClass{"CPV", c.Code, c.Name}, Additional: ours})
	}
	if out == nil {
		return []ocdsItem{{ID: "1", Description: n.group().Title, Additional: ours}}
	}
	return out
}

// period is when the tender may start, from the first day's midnight to the last second of the last day in London.
func (n Notice) period() *ocdsPeriod {
	from, to := n.Planned.Start, n.Planned.End
	if from.IsZero() || to.IsZero() {
		return nil
	}
	a, b := from.First(), to.Last()
	return &ocdsPeriod{StartDate: time.Date(a.Year(), a.Month(), a.Day(), 0, 0, 0, 0, london()).Format(time.RFC3339),
		EndDate:     time.Date(b.Year(), b.Month(), b.Day(), 23, 59, 59, 0, london()).Format(time.RFC3339),
		Description: "When all members can start the tender. The dates of the tender are not fixed."}
}

// newParty is a council as a buyer: its short code as identifier, its GSS code beside it. An invented council has neither.
func newParty(c *catalogue.Council) ocdsParty {
	p := ocdsParty{ocdsOrg: ocdsOrg{ID: c.GSS, Name: partyName(c)}, Roles: []string{"buyer"}, Identifier: councilIdentifier(c)}
	if c.Demonstration {
		return p
	}
	gss := ocdsIdentifier{Scheme: "GSS", ID: c.GSS}
	if p.Identifier == nil {
		p.Identifier = &gss
		p.ID = "GSS-" + c.GSS
		return p
	}
	p.ID, p.Additional = p.Identifier.Scheme+"-"+p.Identifier.ID, []ocdsIdentifier{gss}
	return p
}

// councilIdentifier is a council's short code under its nation's list of local authorities; nil where there is none.
func councilIdentifier(c *catalogue.Council) *ocdsIdentifier {
	scheme := map[string]string{"England": "GB-LAE", "Scotland": "GB-LAS", "Wales": "GB-PLA"}[c.Nation]
	if scheme == "" || c.ShortCode == "" || c.Demonstration {
		return nil
	}
	return &ocdsIdentifier{Scheme: scheme, ID: c.ShortCode, LegalName: c.OfficialName}
}

// london is where a notice's days begin and end; a machine without time zones counts by UTC.
func london() *time.Location {
	if l, err := time.LoadLocation("Europe/London"); err == nil {
		return l
	}
	return time.UTC
}
