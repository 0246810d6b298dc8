package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/chart"
	"jointly/web/view"
)

// intentionPage is all that its reader may see of what a council intends to buy. What the council keeps from this
// reader is not there at all: a page that said so would tell that there is something.
type intentionPage struct {
	view.Page
	Caption    string
	Heading    string
	Lead       []view.Piece
	State      *view.Tag // withdrawn or past; nil while it is open
	StateWords string
	Owner      *ownerPanel   // for its own council; nil for others
	Interest   *interestForm // for other councils' officers
	Talk       *view.Link    // writes to the council; nil for who may not, or has listed nothing
	SignIn     string        // where to sign in to see more; empty for those who have
	MayNot     string        // why an officer of another council cannot register interest
	Facts      view.SummaryList
	Text       []string // the description, in paragraphs
	Musts      []string
	Shoulds    []string
	Notes      []string // the council's own
	Sensitive  string   // why it is; empty: it is not, or not for this reader to know
	Windows    figure
	Interests  view.Table
	Groups     []view.Entry
	PastEnd    *pastEndNote // nil: no end of its council is known
	Signals    []view.Link  // that the reader may see, about it
	Similar    *similarBlock
	SameNeed   *view.Link
}

// ownerPanel is what its own council can do with an intention.
type ownerPanel struct {
	Title    string
	Matches  *view.Button // while it is open
	Edit     string
	Preview  string
	Signal   string // begins a signal to suppliers; empty: the visitor may not
	Withdraw *withdrawForm
}

// withdrawForm asks why an intention is no longer needed.
type withdrawForm struct {
	Action string
	Fold   view.Details
	Reason view.Textarea
	Send   view.Button
}

func (s *site) intention(c *gin.Context, who visitor) error {
	p, err := s.intentionPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "intention", p)
}

// intentionPage reads an intention's page; its forms hold what was said before.
func (s *site) intentionPage(c *gin.Context, who visitor, id string) (intentionPage, error) {
	found, err := s.Catalogue.IntentionView(c, who.actor, id)
	if err != nil {
		return intentionPage{}, err
	}
	p := s.newIntentionPage(found, who.actor)
	if err := s.offer(c, &p, found, who); err != nil {
		return intentionPage{}, err
	}
	if p.Signals, err = s.signalLinks(c, who.actor, found.Intention.Key()); err != nil {
		return intentionPage{}, err
	}
	capability, _ := found.Intention.Capable()
	if p.Similar, err = s.similarTo(c, who, likeness{catalogue.KindIntention, id, found.Intention.Title, capability, found.Intention.Council}); err != nil {
		return intentionPage{}, err
	}
	p.Page = s.page(c, who, "/intentions", p.Heading)
	p.Page.Description = "What " + found.Council.Label() + " intends to buy, and when: " + found.Intention.Title + "."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Intentions", Href: "/intentions"}, {Text: p.Heading}}
	return p, nil
}

// offer adds what the visitor can do: run its own intention, register interest in another's, or sign in.
func (s *site) offer(ctx context.Context, p *intentionPage, v *catalogue.IntentionView, who visitor) error {
	in := v.Intention
	open := !in.Ended(s.Catalogue.Today())
	switch {
	case who.actor.ForCouncil(in.Council):
		p.Owner = newOwnerPanel(in, catalogue.MayDo(who.actor, catalogue.ListIntention))
		if !open {
			return nil
		}
		counts, err := s.partnerCounts(ctx, who.actor, []*catalogue.Intention{in})
		if err != nil {
			return err
		}
		if p.Owner.Title = counts[in.ID].title(); len(v.Groups) > 0 {
			p.Owner.Title = "You are buying this in a group"
		}
		if catalogue.MayDo(who.actor, catalogue.PublishSignal) {
			p.Owner.Signal = signalAddress(in.Key())
		}
		p.Owner.Matches = &view.Button{Text: "See who could buy this with you", Href: pagePath(catalogue.KindIntention, in.ID) + "/matches"}
	case who.account == nil:
		p.SignIn = "/sign-in?next=" + url.QueryEscape(pagePath(catalogue.KindIntention, in.ID))
	case !open || who.actor.OrgKind != catalogue.OrgCouncil:
	case catalogue.MayDo(who.actor, catalogue.RegisterInterest):
		p.Interest = newInterestForm(v, who.actor)
		p.Talk = talkOffer(v, who.actor)
	default:
		p.MayNot = "Your account can read only. An administrator of your council, or whoever runs this service, can let you register interest."
	}
	return nil
}

func newOwnerPanel(in *catalogue.Intention, mayList bool) *ownerPanel {
	address := pagePath(catalogue.KindIntention, in.ID)
	o := &ownerPanel{Title: "Your intention", Preview: address + "/preview"}
	if mayList && in.Withdrawn == "" {
		o.Edit = address + "/edit"
		o.Withdraw = &withdrawForm{Action: address + "/withdraw", Fold: view.Details{Summary: "Withdraw this intention", ID: "withdraw"},
			Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why is it no longer needed?"},
				Hint: "Those who could see the intention see the reason too"},
			Send: view.Button{Text: "Withdraw", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	}
	return o
}

func (s *site) newIntentionPage(v *catalogue.IntentionView, actor catalogue.Actor) intentionPage {
	in := v.Intention
	p := intentionPage{Caption: "Intention to buy", Heading: in.Title, Text: paragraphs(in.Description), Notes: paragraphs(in.Notes), Musts: in.Musts, Shoulds: in.Shoulds, Sensitive: in.Sensitive}
	id, guessed := in.Capable()
	if capability, ok := s.Catalogue.Dictionary().Capability(id); ok {
		p.Caption += " · " + capability.Name
		if guessed {
			p.Caption += ", as we read it"
		}
		p.SameNeed = &view.Link{Text: "See all needs, contracts and platforms for " + lowerFirst(capability.Name), Href: "/search?capability=" + url.QueryEscape(id)}
	}
	var lead line
	lead.link(v.Council.Label(), pagePath(catalogue.KindCouncil, v.Council.GSS)).say(v.Council.Region).strong("buying " + window(in.WindowStart, in.WindowEnd))
	p.Lead = lead
	switch {
	case in.Withdrawn != "":
		p.State, p.StateWords = &view.Tag{Text: "Withdrawn", Classes: "govuk-tag--grey"}, "The council no longer needs it. Its reason: "+in.Withdrawn
	case in.Ended(s.Catalogue.Today()):
		p.State, p.StateWords = &view.Tag{Text: "Past", Classes: "govuk-tag--grey"}, "The months in which it could be tendered are over."
	}
	own := actor.ForCouncil(in.Council) || actor.IsOperator()
	p.Facts.Rows = s.intentionFacts(v, actor, own)
	p.Windows = s.intentionWindow(in)
	p.PastEnd = intentionPastEnd(v.PastEnd, in)
	for _, g := range v.Groups {
		e := groupEntry(g, nil, false)
		e.Lines = [][]view.Piece{{{Text: stageOf(g)}}}
		p.Groups = append(p.Groups, e)
	}
	if own {
		p.Interests = interestsTable(v.Interests)
	}
	return p
}

// paragraphs is a text as its writer broke it up.
func paragraphs(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// intentionFacts is the facts one by one. Councils see 'not stated' where there is nothing for them; others are not
// shown the line, since most of it is never for them.
func (s *site) intentionFacts(v *catalogue.IntentionView, actor catalogue.Actor, own bool) []view.SummaryRow {
	in, now := v.Intention, s.Catalogue.Now()
	seen := func(a catalogue.Audience) string {
		if !own {
			return ""
		}
		return "seen by: " + lowerFirst(audienceWords(narrowest(in.Visibility, a)))
	}
	lines := []intentionFact{
		{view.SummaryRow{Key: "What it is for", Value: s.capabilityWords(in)}, ""},
		{fact("Kind of purchase", purchaseWords(in.Purchase)), ""},
		{fact("CPV codes", s.cpvWords(in.CPV)), ""},
		{fact("The tender can start", window(in.WindowStart, in.WindowEnd)), latestStart(in)},
		{fact("Present contract ends", view.Date(in.ContractEnd)), joined([]string{view.Relative(now, in.ContractEnd), seen(in.Fields.Contract)})},
		{fact("Extension that can be used", months(in.ExtensionMonths)), seen(in.Fields.Contract)},
		{fact("From tender to going live", months(in.LeadMonths)), seen(in.Fields.Contract)},
		{fact("Budget", budgetBoth(in.Budget)), seen(in.Fields.Budget)},
		{fact("Supplier now", view.OrNotStated(in.CurrentSupplier)), seen(in.Fields.Supplier)},
		{fact("Platform now", view.OrNotStated(in.CurrentPlatform)), seen(in.Fields.Supplier)},
		{fact("In a joint buy", roleWords(in.Role)), ""},
		{fact("How far the council is", cmp.Or(stated(string(in.Rung), rungWord(in.Rung)), view.NotStated)), rungNote(in)},
		{view.SummaryRow{Key: "Confirmed", Value: view.Day(in.Confirmed)}, cmp.Or(outOfDate(now, in), agoNote(ago(now, in.Confirmed)))},
	}
	if own && in.FromContract != "" {
		lines = append(lines, intentionFact{view.SummaryRow{Key: "What it follows", Value: "Your present contract", Href: pagePath(catalogue.KindContract, in.FromContract)}, "your council sees this link"})
	}
	if own {
		lines = append(lines, intentionFact{view.SummaryRow{Key: "Who can see it", Value: audienceWords(in.Visibility)}, "no single line is seen by more"})
	}
	councils := audience(actor) == catalogue.Councils
	var rows []view.SummaryRow
	for _, l := range lines {
		if l.row.Muted && !councils {
			continue
		}
		l.row.Note = l.note
		rows = append(rows, l.row)
	}
	return rows
}

// intentionFact is one line with what to know about it.
type intentionFact struct {
	row  view.SummaryRow
	note string
}

func agoNote(text string) string {
	if strings.HasPrefix(text, "on ") {
		return ""
	}
	return text
}

// rungNote is what goes with how far a council is: what it means, and for those who may see it the approval.
func rungNote(in *catalogue.Intention) string {
	if in.ApprovalRef == "" {
		return lowerFirst(rungMeaning(in.Rung))
	}
	return "reference " + in.ApprovalRef + ", " + view.Date(in.Approved) + ", " + view.Money(pounds(in.Volume)) + " ex VAT committed; members of its groups see this"
}

// capabilityWords says what an intention is for, and who says so.
func (s *site) capabilityWords(in *catalogue.Intention) string {
	id, guessed := in.Capable()
	capability, ok := s.Catalogue.Dictionary().Capability(id)
	switch {
	case !ok:
		return "Not said, and not read in the text"
	case guessed:
		return capability.Name + ": read in the text, not confirmed by the council"
	}
	return capability.Name + ", confirmed by the council"
}

// latestStart says where a tender must start sooner than the window's end, since a contract ends.
func latestStart(in *catalogue.Intention) string {
	if end := in.TrueEnd(); end.Before(in.WindowEnd) {
		return "in fact by " + view.Date(end) + ", worked out from the end of the contract, its extension and the time to go live"
	}
	return ""
}

func months(n int) string {
	if n == 0 {
		return view.NotStated
	}
	return view.Plural(n, "month", "months")
}

// budgetExact is a range of money to the pound.
func budgetExact(m catalogue.Money) string {
	low, high := pounds(m.Min), pounds(m.Max)
	switch {
	case low == 0 && high == 0:
		return view.NotStated
	case low == 0:
		return "up to " + view.Money(high)
	case low == high:
		return view.Money(low)
	}
	return view.Money(low) + " to " + view.Money(high)
}

// budgetBoth is a budget ex VAT, and beside it inc VAT: what thresholds count.
func budgetBoth(m catalogue.Money) string {
	if m.IsZero() {
		return view.NotStated
	}
	with := catalogue.Money{Min: catalogue.IncVAT(m.Min), Max: catalogue.IncVAT(m.Max)}
	return budgetExact(m) + " ex VAT, which is " + budgetExact(with) + " inc VAT"
}

// markSensitive says in a group's room that what a member brings is commercially sensitive, and why.
func markSensitive(cell view.Cell, in *catalogue.Intention) view.Cell {
	if in.Sensitive != "" {
		cell.Tag = &view.Tag{Text: "Commercially sensitive", Classes: "govuk-tag--orange"}
		cell.Note += ". Sensitive because: " + in.Sensitive
	}
	return cell
}

// narrowest is the audience that both allow.
func narrowest(a, b catalogue.Audience) catalogue.Audience {
	for _, one := range []catalogue.Audience{catalogue.Own, catalogue.Group, catalogue.Councils} {
		if a == one || b == one {
			return one
		}
	}
	return catalogue.Public
}

// intentionWindow draws the window and, where they may be seen, the end of the contract and its extension.
func (s *site) intentionWindow(in *catalogue.Intention) figure {
	t := chart.Timeline{About: chart.About{ID: "window", Title: "When the tender can start", Width: 730}, Today: s.Catalogue.Today(),
		RowHead: "What", NoteHead: "When", From: s.Catalogue.Today().AddDate(-1, 0, 0)}
	t.Rows = append(t.Rows, chart.TimelineRow{Label: "The tender can start", Kind: "The tender can start", Start: in.WindowStart.First(), End: in.TrueEnd().Last(), Emphasis: true})
	if !in.ContractEnd.IsZero() {
		row := chart.TimelineRow{Label: "Present contract", Kind: "Present contract", End: in.ContractEnd.Last(), Note: "ends " + view.Date(in.ContractEnd)}
		if in.ExtensionMonths > 0 {
			row.Extended = in.ContractEnd.AddMonths(in.ExtensionMonths).Last()
		}
		t.Rows = append(t.Rows, row)
	}
	return newFigure(t.Draw(), "")
}

// interestsTable lists who stands where on an intention.
func interestsTable(rows []catalogue.InterestRow) view.Table {
	t := view.Table{
		Caption: "Councils that registered interest", CaptionClasses: "govuk-visually-hidden",
		Head:              []view.Head{{Text: "Council", Classes: "jy-col-25"}, {Text: "Stands at", Classes: "jy-col-20"}, {Text: "What it says"}, {Text: "Since"}},
		FirstCellIsHeader: true, Responsive: true, Classes: "jy-table--inline",
	}
	for _, row := range rows {
		stand := view.Cell{Text: rungWord(row.Interest.Rung)}
		if ref := row.Interest.ApprovalRef; ref != "" {
			stand.Note = "reference " + ref
		}
		t.Rows = append(t.Rows, []view.Cell{councilCell(row.Council), stand,
			{Text: view.OrNotStated(row.Interest.Note), Muted: row.Interest.Note == "", Classes: "jy-table__line"}, {Text: view.Day(row.Interest.Changed)}})
	}
	return t
}
