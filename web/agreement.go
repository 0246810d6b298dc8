package web

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// The joint-agreement checklist: what members settle between them before they procure together, and what of it the
// group's records answer already.

// matter is one line of the checklist; records is empty where it is still to settle.
type matter struct{ title, settle, records string }

func (s *site) agreement(c *gin.Context, who visitor) error {
	read, err := s.handed(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showPaper(c, who, read.room.Group, s.newAgreement(read), "Joint-agreement checklist", "agreement")
}

func (s *site) agreementDocx(c *gin.Context, who visitor) error {
	read, err := s.handed(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendDocx(c, who, s.newAgreement(read), fileName("joint-agreement", read.room.Group))
}

func (s *site) newAgreement(p papersOf) exchange.Document {
	g := p.room.Group
	d := exchange.Document{Title: "Joint-agreement checklist: " + marked(g.Title, g.Demonstration), For: "What the members settle between them before they procure together",
		Draft: s.draftLine() + " It is a checklist, not an agreement: take legal advice."}
	answered, all := 0, 0
	for _, part := range []struct {
		id, title string
		matters   []matter
	}{
		{"who", "Who, and with which powers", s.whoMatters(p)},
		{"what", "What is bought, and what it costs", s.whatMatters(p)},
		{"risk", "Who answers for what", riskMatters()},
		{"run", "How it is run and how it ends", s.runMatters(p)},
	} {
		grid := &exchange.Grid{Caption: part.title, Head: []string{"Matter", "To settle between the members", "What the group’s records say"}}
		for _, m := range part.matters {
			records := m.records
			if all++; records != "" {
				answered++
			} else {
				records = "To settle"
			}
			grid.Rows = append(grid.Rows, []string{m.title, m.settle, records})
		}
		section(&d, part.id, part.title, exchange.Block{Grid: grid})
	}
	first := exchange.Section{ID: "state", Title: "Where it stands", Blocks: []exchange.Block{said("The group’s records answer " + strconv.Itoa(answered) + " of " +
		strconv.Itoa(all) + " matters, in whole or in part. What they say is no agreement until the members sign one.")}}
	d.Sections = append([]exchange.Section{first}, d.Sections...)
	return d
}

// whoMatters is about the members themselves.
func (s *site) whoMatters(p papersOf) []matter {
	var names, approved, undeclared []string
	for _, m := range p.accepted() {
		names = append(names, m.Who.Label())
		if m.Rung == catalogue.Approved {
			approved = append(approved, m.Who.Label()+" ("+m.Approval+")")
		}
		if m.Conflicts.Declared.IsZero() {
			undeclared = append(undeclared, m.Who.Label())
		}
	}
	lead, conflicts := "", "All members have declared."
	if p.room.Lead != nil {
		lead = "Lead: " + p.room.Lead.Label() + "."
	}
	for _, m := range p.accepted() {
		if m.Council == p.room.Group.Deputy && lead != "" {
			lead += " Deputy: " + m.Who.Label() + "."
		}
	}
	if len(undeclared) > 0 {
		conflicts = "Not declared yet: " + view.Sentence(undeclared) + "."
	}
	return []matter{
		{"Parties", "The councils by their official names, and who signs for each", view.Sentence(names) + "."},
		{"Partners", "Which bodies stand beside the councils without buying, what each brings, on which terms, and what it may see and publish", partnersWords(p.room)},
		{"Lead authority and its powers", "Who leads, what it may decide alone, what needs the others, and what it is paid for the work", lead},
		{"Authority to take part", "Each council’s own decision, with its reference", prefixed("Approved: ", approved)},
		{"Delegation", "Whether functions are delegated or the lead only acts for the others, under which statute", ""},
		{"Who may use the contract or framework", "Every body that may call off must be named, or be in a class that can be identified; who may join later, and how",
			"The members: " + view.Sentence(names) + ". Any other body must be named before the tender."},
		{"Conflicts of interest", "Who assesses them, when they are declared anew, and what follows", conflicts},
	}
}

// partnersWords names the partners of a group with what each brings; empty for none.
func partnersWords(r *catalogue.Room) string {
	var out []string
	for _, p := range r.InGroup() {
		out = append(out, p.Label()+": "+strings.TrimSuffix(p.Says(), "."))
	}
	return prefixed("", out)
}

// whatMatters is about the purchase and its money.
func (s *site) whatMatters(p papersOf) []matter {
	scope := p.room.Group.Title + "."
	if known, ok := s.Catalogue.Dictionary().Capability(p.room.Group.Capability); ok {
		scope += " " + known.Name + "."
	}
	var volumes, shares []string
	for _, m := range p.accepted() {
		if m.Volume > 0 {
			volumes = append(volumes, m.Who.Label()+" "+view.Money(pounds(m.Volume))+" excluding VAT")
		}
		if m.Maximum > 0 {
			shares = append(shares, m.Who.Label()+" "+strconv.Itoa(m.Percent)+"%")
		}
	}
	value := ""
	if p.room.Joint > 0 {
		value = "Joint value as stated: " + both(p.room.Joint/catalogue.IncVAT(1)) + "."
	}
	return []matter{
		{"Scope", "What is bought for all, what each adds for itself, and what is out", scope},
		{"Value and term", "The most that may be spent, the term, options and extensions", value},
		{"Volumes committed", "What each council commits, and what happens below it", prefixed("Committed: ", volumes)},
		{"Sharing costs and savings", "How the costs of the procurement, one-off costs, prices and rebates are shared", prefixed("Shares of the joint value as stated, not agreed: ", shares)},
		{"Requirements", "Which are common, how a later change is agreed, and who decides where members differ", settledWords(p)},
		{"Intellectual property", "Who owns specifications, configuration and what is developed, and who may reuse it", ""},
	}
}

// prefixed is a list in words behind what it is a list of; empty where there is nothing on it.
func prefixed(what string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return what + strings.Join(list, "; ") + "."
}

// settledWords says how many requirement lines are agreed.
func settledWords(p papersOf) string {
	if len(p.matrix.Lines) == 0 {
		return ""
	}
	agreed := 0
	for _, line := range p.matrix.Lines {
		if !line.Settled(p.matrix.Group.AcceptedCouncils()).IsZero() {
			agreed++
		}
	}
	return strconv.Itoa(agreed) + " of " + view.Plural(len(p.matrix.Lines), "line", "lines") + " agreed by all members"
}

// decidedWords says what the group decided by vote.
func decidedWords(p papersOf) string {
	closed := 0
	for _, d := range p.decisions.List {
		if d.Closed() {
			closed++
		}
	}
	if closed == 0 {
		return ""
	}
	return view.Plural(closed, "decision", "decisions") + " taken by a majority of the members so far"
}

// riskMatters is about what goes wrong: records answer none of it.
func riskMatters() []matter {
	return []matter{
		{"Liability", "Who is liable to the supplier and to each other, indemnities, and insurance", ""},
		{"Challenges to the procurement", "Who defends a claim and who pays for it", ""},
		{"Data protection", "Who is controller, joint controller or processor, the impact assessment, and where data is held", ""},
		{"Security and continuity", "The standard that all accept, and who tests it", ""},
		{"Staff", "Whether anybody transfers, and who bears it", ""},
	}
}

// runMatters is about the time after the signature.
func (s *site) runMatters(p papersOf) []matter {
	var notices []string
	for _, n := range p.room.Group.Notices {
		notices = append(notices, n.Kind+" "+n.OCID+", "+view.Date(n.On))
	}
	var succession []string
	for _, m := range p.accepted() {
		for _, r := range s.Catalogue.Register().ReorganisationOf(m.Council) {
			if soon(r, s.Catalogue.Today()) {
				strong, _ := reorganisationWords(r)
				succession = append(succession, m.Who.Label()+": "+lowerFirst(strings.TrimSuffix(strong, ".")))
			}
		}
	}
	months := ""
	if g := p.room.Group; !g.WindowStart.IsZero() {
		months = "All that are in or asked can start the tender in " + window(g.WindowStart, g.WindowEnd) + "."
	}
	return []matter{
		{"Decisions between members", "What needs all, what needs a majority, and how quickly each answers", decidedWords(p)},
		{"Timetable", "Dates that bind, and what happens when one member is late", months},
		{"Notices", "Who publishes which notice, and who approves its text", prefixed("Published: ", notices)},
		{"Contract management", "Who manages the supplier, reports on performance and agrees changes", ""},
		{"Freedom of information", "Who answers a request, how the others are asked first, and what is marked as commercially sensitive", ""},
		{"Leaving", "Notice, costs, what has been spent by then, and data returned",
			"In Jointly a council leaves with a reason and the others are told. What it owes is to be agreed."},
		{"Reorganisation", "What passes to a successor council, and which consents are needed", prefixed("", succession)},
		{"Disputes", "The steps before a court: officers, chief executives, mediation", ""},
		{"End of the agreement", "When it ends, how exit from the contract is planned, and what outlives it", ""},
	}
}
