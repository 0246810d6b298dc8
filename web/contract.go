package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// contractPage is all that the record of a contract, tender or plan states, and what it does not.
type contractPage struct {
	view.Page
	Caption     string // 'Contract · Revenues and benefits'
	Heading     string
	Lead        []view.Piece
	Counts      []view.Count
	Facts       view.SummaryList
	Source      view.SummaryList
	Description string
	ListNeed    *draftForm   // for its own council's officers; nil for anybody else
	FollowedBy  *view.Button // leads to the intention that follows it; nil: none is listed
	Change      *view.Link   // for its own council's officers
	Remove      *view.Link   // for the same
	SameNeed    view.Link
	PastEnd     *pastEndNote // nil: it does not run past its council's end
	Others      view.Table
	OthersOf    string // the council's name
	Similar     *similarBlock
}

func (s *site) contract(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.ContractView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := s.newContractPage(found)
	if who.actor.ForCouncil(found.Contract.Council) {
		if err := s.ownContractPage(c, &p, found.Contract, who.actor); err != nil {
			return err
		}
	}
	if p.Similar, err = s.similarTo(c, who, likeness{catalogue.KindContract, found.Contract.ID, found.Contract.Title, found.Contract.Capability, found.Contract.Council}); err != nil {
		return err
	}
	p.Page = s.page(c, who, "", p.Heading)
	council := found.Council
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Councils", Href: "/councils"},
		{Text: council.Label(), Href: pagePath(catalogue.KindCouncil, council.GSS)}, {Text: p.Heading}}
	return s.show(c, who, http.StatusOK, "contract", p)
}

// ownContractPage adds what its own council can do with a contract.
func (s *site) ownContractPage(ctx context.Context, p *contractPage, k *catalogue.Contract, actor catalogue.Actor) error {
	if catalogue.MayDo(actor, catalogue.ListIntention) {
		open, err := s.Catalogue.IntentionFrom(ctx, actor, k.ID)
		if err != nil {
			return err
		}
		draft, err := s.Catalogue.DraftFromContract(ctx, actor, k.ID)
		if err != nil {
			return err
		}
		if p.ListNeed = newDraftForm(k.ID, "List a need from this contract"); draft != nil {
			p.ListNeed.Send.Text = "Go on with your draft"
		}
		if open != nil {
			p.ListNeed, p.FollowedBy = nil, &view.Button{Text: "See the intention that follows it", Href: pagePath(catalogue.KindIntention, open.ID)}
		}
	}
	if catalogue.MayDo(actor, catalogue.RecordContract) {
		p.Change = &view.Link{Text: "Change or confirm this contract", Href: pagePath(catalogue.KindContract, k.ID) + "/edit"}
		p.Remove = &view.Link{Text: "Delete it, if it was entered by mistake", Href: pagePath(catalogue.KindContract, k.ID) + "/delete"}
	}
	return nil
}

func (s *site) newContractPage(v *catalogue.ContractView) contractPage {
	k, now := v.Contract, s.Catalogue.Now()
	p := contractPage{Caption: stageTag(k.Stage).Text, Heading: k.Title, Description: k.Description, OthersOf: v.Council.Label()}
	var lead line
	lead.link(v.Council.Label(), pagePath(catalogue.KindCouncil, v.Council.GSS)).say(v.Council.Region)
	p.Lead = lead
	end, value := endCell(now, k), worthCell(k)
	p.Counts = []view.Count{
		{Number: sentenceCase(end.Text), Label: endLabel(k), More: relativeEnd(now, k.End)},
		{Number: sentenceCase(value.Text), Label: "published value, whole term", More: value.Note},
		{Number: sentenceCase(view.Date(k.Source.Date)), Label: "date of the record"},
	}
	if k.ByHand() {
		p.Counts[1].Label = "value, whole term"
	}
	p.Facts.Rows = s.contractFacts(v)
	p.Source.Rows = contractSource(now, k)
	if capability, ok := s.Catalogue.Dictionary().Capability(k.Capability); ok {
		p.Caption += " · " + capability.Name
		p.SameNeed = view.Link{Text: "See all needs, contracts and platforms for " + lowerFirst(capability.Name),
			Href: "/search?capability=" + url.QueryEscape(k.Capability)}
	}
	p.PastEnd = contractPastEnd(v.PastEnd, k)
	p.Others = otherContracts(s, v.Others)
	return p
}

func endLabel(k *catalogue.Contract) string {
	label := "end"
	if k.Stage != catalogue.StageAwarded {
		label = "end of what is to be bought"
	}
	if workedOut(k.Source) && !k.End.IsZero() {
		return label + ", worked out from the record"
	}
	return label
}

// contractFacts is what was bought, from whom, until when; what the record does not say is there too, as not stated.
func (s *site) contractFacts(v *catalogue.ContractView) []view.SummaryRow {
	k := v.Contract
	rows := []view.SummaryRow{
		cellRow("Council", councilCell(v.Council)),
		cellRow("Supplier", supplierCell(v.ContractRow)),
		cellRow("Platform", platformCell(v.ContractRow)),
		s.capabilityRow(k),
		{Key: "Stage", Value: stageWords(k.Stage)},
		fact("Start", view.Date(k.Start)),
		cellRow("End", endCell(s.Catalogue.Now(), k)),
		fact("Extension", extension(k)),
		fact("Route to market", sentenceCase(view.OrNotStated(k.Route))),
		valueRow(k),
		fact("CPV codes", s.cpvWords(k.CPV)),
	}
	if k.NoticeMonths > 0 {
		rows = append(rows, view.SummaryRow{Key: "Notice", Value: view.Plural(k.NoticeMonths, "month", "months"), Note: noticeNote(k)})
	}
	if !k.Break.IsZero() {
		rows = append(rows, view.SummaryRow{Key: "Break", Value: view.Date(k.Break), Note: "seen by councils"})
	}
	for _, was := range v.Was {
		rows = append(rows, view.SummaryRow{Key: "Bought by", Value: was.Label(), Href: pagePath(catalogue.KindCouncil, was.GSS), Note: "whose place " + v.Council.Label() + " took"})
	}
	if k.Audience != catalogue.Public {
		rows = append(rows, view.SummaryRow{Key: "Who can see this", Value: audienceWords(k.Audience)})
	}
	return rows
}

// valueRow is what the record says the contract is worth; without VAT only where that is known.
func valueRow(k *catalogue.Contract) view.SummaryRow {
	row := cellRow("Value", worthCell(k))
	if k.Value > 0 && k.ExVAT {
		row.Note = joined([]string{row.Note, "without VAT"})
	}
	return row
}

func noticeNote(k *catalogue.Contract) string {
	if by := k.NoticeBy(); !by.IsZero() {
		return "by " + view.Date(by) + "; seen by councils"
	}
	return "seen by councils"
}

func contractSource(now time.Time, k *catalogue.Contract) []view.SummaryRow {
	rows := []view.SummaryRow{
		{Key: "Read in", Value: howWeKnow(k.Source), Note: k.Source.Text},
		fact("Reference", view.OrNotStated(k.Source.Reference)),
		fact("Date", view.Date(k.Source.Date)),
	}
	if old := outOfDate(now, k); old != "" {
		rows[2].Note = old
	}
	if !k.Corrected.IsZero() {
		rows = append(rows, view.SummaryRow{Key: "Corrected", Value: "By the council on " + view.Day(k.Corrected), Note: "where it differs from the record, the council says so"})
	}
	if !k.Confirmed.IsZero() {
		rows = append(rows, view.SummaryRow{Key: "Confirmed", Value: "By the council on " + view.Day(k.Confirmed)})
	}
	if k.Source.Note != "" {
		rows = append(rows, view.SummaryRow{Key: "What to know about it", Value: sentenceCase(k.Source.Note)})
	}
	return rows
}

func (s *site) capabilityRow(k *catalogue.Contract) view.SummaryRow {
	capability, ok := s.Catalogue.Dictionary().Capability(k.Capability)
	if !ok {
		return fact("What it is for", view.NotStated)
	}
	row := view.SummaryRow{Key: "What it is for", Value: capability.Name, Href: "/search?capability=" + url.QueryEscape(capability.ID)}
	if !k.CapabilityConfirmed {
		row.Note = "read from the record by Jointly; the council has not confirmed it"
	}
	return row
}

// cpvWords names CPV codes as the vocabulary does.
func (s *site) cpvWords(codes []string) string {
	words := make([]string, 0, len(codes))
	for _, code := range codes {
		if known, ok := s.Catalogue.Register().CPV(code); ok {
			code += " " + known.Name
		}
		words = append(words, code)
	}
	return view.OrNotStated(strings.Join(words, "; "))
}

// extension is what the record says of it, or its months.
func extension(k *catalogue.Contract) string {
	if k.Extension == "" && k.ExtensionMonths > 0 {
		return "may be extended by " + view.Plural(k.ExtensionMonths, "month", "months")
	}
	words := strings.Fields(view.OrNotStated(k.Extension))
	for i, word := range words { // records write days as 2031-01-11
		if day, err := catalogue.ParseDate(word); err == nil && day.Day > 0 {
			words[i] = view.Date(day)
		}
	}
	return strings.Join(words, " ")
}

func stageWords(stage catalogue.Stage) string {
	switch stage {
	case catalogue.StagePlanned:
		return "Published plan to buy"
	case catalogue.StageTender:
		return "Tender"
	}
	return "Awarded"
}

func audienceWords(a catalogue.Audience) string {
	switch a {
	case catalogue.Public:
		return "Everybody"
	case catalogue.Councils:
		return "Officers of councils"
	case catalogue.Group:
		return "Members of its group"
	}
	return "Your council only"
}

// fact is one row of a summary; a fact that is not stated is grey.
func fact(key, value string) view.SummaryRow {
	return view.SummaryRow{Key: key, Value: value, Muted: strings.EqualFold(value, view.NotStated)}
}

// cellRow is the cell of a table as a row of a summary.
func cellRow(key string, c view.Cell) view.SummaryRow {
	return view.SummaryRow{Key: key, Value: c.Text, Href: c.Href, Note: c.Note, Muted: c.Muted}
}

func otherContracts(s *site, rows []catalogue.ContractRow) view.Table {
	t := view.Table{
		Caption: "Other records of the same council", CaptionClasses: "govuk-visually-hidden",
		Head:              []view.Head{{Text: "Contract"}, {Text: "Supplier"}, {Text: "Ends"}, {Text: "How we know"}, {Text: "Value", Numeric: true}},
		FirstCellIsHeader: true, Responsive: true,
	}
	now := s.Catalogue.Now()
	for _, row := range rows {
		t.Rows = append(t.Rows, []view.Cell{contractCell(row.Contract), supplierCell(row), endCell(now, row.Contract),
			sourceCell(now, row.Contract, row.Contract.Source), worthCell(row.Contract)})
	}
	return t
}
