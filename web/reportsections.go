package web

import (
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// The sections of a committee report, in its order. One that has nothing to say gives no blocks.

// nameOf is a council's name in a paper.
func nameOf(c *catalogue.Council) string {
	if c == nil {
		return "the council"
	}
	return c.Label()
}

func (f reportFacts) decisionAsked() []exchange.Block {
	var others []string
	for _, m := range f.accepted() {
		if f.room.Mine == nil || m.Council != f.room.Mine.Council {
			others = append(others, m.Who.Label())
		}
	}
	me, with := nameOf(f.forWhom()), ""
	if len(others) > 0 {
		with = " together with " + view.Sentence(others)
	}
	ask := []string{"agree that " + me + " buys " + lowerFirst(f.room.Group.Title) + with}
	switch {
	case f.room.Lead == nil:
		ask = append(ask, "note that no council has taken the lead yet: a joint procurement needs a lead authority")
	case f.forWhom() != nil && f.room.Lead.GSS == f.forWhom().GSS:
		ask = append(ask, "agree that "+me+" acts as lead authority for the group")
	default:
		ask = append(ask, "agree that "+f.room.Lead.Label()+" acts as lead authority, under an agreement between the members")
	}
	blocks := []exchange.Block{said("The committee is asked to:")}
	if m := f.room.Mine; m != nil && m.Maximum > 0 {
		ask = append(ask, "approve spending of up to "+both(m.Maximum/catalogue.IncVAT(1))+" over the whole term")
		return append(blocks, listed(ask...), fillIn("Name the officer who may sign the agreement between the members and award the contract"))
	}
	return append(blocks, listed(ask...), fillIn("The most that the council would pay over the whole term, options and extensions included"),
		fillIn("Name the officer who may sign the agreement between the members and award the contract"))
}

func (s *site) reportNeed(f reportFacts) []exchange.Block {
	var blocks []exchange.Block
	for _, p := range paragraphs(f.room.Group.Need) {
		blocks = append(blocks, said(p))
	}
	if known, ok := s.Catalogue.Dictionary().Capability(f.room.Group.Capability); ok {
		blocks = append(blocks, said("What it is for: "+known.Name+"."))
	}
	m := f.room.Mine
	if m == nil || m.Intention == nil {
		return blocks
	}
	own := "Our own need is listed as ‘" + m.Intention.Title + "’."
	if end := m.Intention.ContractEnd; !end.IsZero() {
		own += " Our present contract ends on " + view.Date(end) + "."
	}
	return append(blocks, said(own))
}

func (f reportFacts) membersBlocks() []exchange.Block {
	g := &exchange.Grid{Caption: "Members and where they stand", Head: []string{"Council", "Standing", "Approval", "Maximum, inc VAT", "Present contract ends"}, Numeric: []bool{false, false, false, true}}
	for _, m := range f.accepted() {
		name, end, approval := m.Who.Label(), view.NotStated, "not yet"
		switch m.Council {
		case f.room.Group.Lead:
			name += ", lead authority"
		case f.room.Group.Deputy:
			name += ", deputy"
		}
		if m.Intention != nil {
			end = view.Date(m.Intention.ContractEnd)
		}
		if m.Rung == catalogue.Approved {
			approval = m.Approval
			if !m.Approved.IsZero() {
				approval += ", " + view.Date(m.Approved)
			}
		}
		g.Rows = append(g.Rows, []string{name, rungWord(m.Rung), approval, view.Money(pounds(m.Maximum)), end})
	}
	blocks := []exchange.Block{{Grid: g}, said("Standing, from low to high: watching, interested, intends (an officer’s word), approved (by the council). Figures of other members are shared within the group: ask them before this report is published.")}
	if partners := partnersWords(f.room); partners != "" {
		blocks = append(blocks, said("Partners, which buy nothing and have no vote: "+partners))
	}
	if n := f.asked; n > 0 {
		blocks = append(blocks, said(sentenceCase(inWords(n))+" more "+noun(n, "council is", "councils are")+" asked and "+noun(n, "has", "have")+" not answered. "+noun(n, "It is", "They are")+" not counted in this report."))
	}
	return blocks
}

func (f reportFacts) valueBlocks() []exchange.Block {
	value := "No member has stated a maximum that the group may see, so the joint value is not known."
	if f.room.Joint > 0 {
		value = "The most that the members state they would pay over the whole term: " + both(f.room.Joint/catalogue.IncVAT(1)) + "."
		if silent := f.room.Unstated; silent > 0 {
			value += " " + sentenceCase(inWords(silent)) + " " + noun(silent, "member has", "members have") + " stated none, so it may be more."
		}
	}
	blocks := []exchange.Block{said(value)}
	rule := f.room.Threshold
	if !f.room.HasRule {
		return blocks
	}
	stands := ""
	switch {
	case f.room.Joint >= float64(rule.Value):
		stands = " The joint value reaches it: the full rules for a tender apply to all members, also to one that would be below it alone."
	case f.room.Joint > 0:
		stands = " The joint value as stated is below it. Options, extensions and fees count too."
	}
	return append(blocks, said("The threshold is "+view.Money(int64(rule.Value))+" including VAT ("+lowerFirst(strings.TrimSuffix(rule.Name, "."))+", in force since "+
		view.Date(catalogue.DateOf(rule.From))+"). A joint purchase counts the sum of its members."+stands), said("Source: "+strings.TrimSuffix(rule.Source, ".")+"."))
}

func (f reportFacts) routeBlocks() []exchange.Block {
	if f.route.name == "" {
		return nil
	}
	blocks := []exchange.Block{said("Route: " + f.route.name + ".")}
	if f.route.why != "" {
		blocks = append(blocks, said("Why: "+f.route.why))
	}
	return blocks
}

func (f reportFacts) dateBlocks() []exchange.Block {
	if len(f.dates) == 0 {
		return nil
	}
	g := &exchange.Grid{Caption: "Dates to decide by", Head: []string{"What", "When", "What it follows from"}}
	for _, d := range f.dates {
		g.Rows = append(g.Rows, []string{d.what, d.when, d.why})
	}
	return []exchange.Block{{Grid: g}}
}

func (f reportFacts) requirementBlocks() []exchange.Block {
	if len(f.requirements) == 0 {
		return nil
	}
	g := &exchange.Grid{Caption: "Requirements", Head: []string{"Requirement", "Where it stands"}}
	for _, l := range f.requirements {
		g.Rows = append(g.Rows, []string{l.text, l.standing})
	}
	return []exchange.Block{{Grid: g}}
}

func (f reportFacts) decisionBlocks() []exchange.Block {
	if len(f.decisions) == 0 {
		return nil
	}
	g := &exchange.Grid{Caption: "Decisions of the group", Head: []string{"Question", "Outcome", "When"}}
	for _, d := range f.decisions {
		g.Rows = append(g.Rows, []string{d.question, d.outcome, d.when})
	}
	return []exchange.Block{{Grid: g}}
}

func (f reportFacts) riskBlocks() []exchange.Block {
	if len(f.risks) == 0 {
		return nil
	}
	return []exchange.Block{listed(f.risks...)}
}

// leavingBlocks says what the records show would happen, and what they cannot know.
func (f reportFacts) leavingBlocks() []exchange.Block {
	var points []string
	m, left := f.room.Mine, len(f.accepted())-1
	if m != nil && m.State == catalogue.Accepted {
		switch {
		case left+f.asked < 2:
			points = append(points, "The group would be given up: fewer than two councils would be left in it.")
		case m.Maximum > 0 && f.room.HasRule:
			rest := f.room.Joint - m.Maximum
			words := "The joint value of the others would be " + both(rest/catalogue.IncVAT(1)) + ", "
			if rest >= float64(f.room.Threshold.Value) {
				points = append(points, words+"which still reaches the threshold.")
			} else {
				points = append(points, words+"which is below the threshold.")
			}
		}
		if f.room.Lead != nil && f.room.Lead.GSS == m.Council {
			points = append(points, "The group would need another lead authority.")
		}
	}
	points = append(points, "In Jointly a council leaves with a reason, which the other members are told. Months and value are worked out again without it.",
		"Once a tender has started, or a contract is awarded, what leaving costs depends on the agreement between the members and on the contract.")
	return []exchange.Block{listed(points...), fillIn("What the agreement between the members says about leaving: notice, costs, and what has been spent by then")}
}

// legalBlocks are notes of law that hold on the day, each with its source where the register has it.
func (s *site) legalBlocks(r *catalogue.Room) []exchange.Block {
	points := []string{"Councils that buy together name each other in the notices and settle a lead authority. A framework must state who may use it.",
		"Conflicts of interest are assessed before the tender notice and kept under review.",
		"Lots are considered, and suppliers are treated equally in any engagement before the tender.",
		"What is shared in the group may be asked for under the Freedom of Information Act 2000: mark what is commercially sensitive, with the reason.",
		"A council that is to be reorganised may need consent to enter a contract: check the direction that applies to it."}
	for _, nation := range []string{"Wales", "Scotland", "Northern Ireland"} {
		if r.Lead != nil && r.Lead.Nation == nation {
			points = append(points, "The lead authority is in "+nation+": its own procurement rules apply, and the figures of this report are for England.")
		}
	}
	blocks := []exchange.Block{said("These notes are general and are not legal advice: take legal advice before the decision."), listed(points...)}
	g := &exchange.Grid{Caption: "Rules that hold on the day of this draft", Head: []string{"Rule", "Figure", "Source"}}
	for _, code := range []string{"tender-standard", "standstill", "uk3-window-min", "call-in"} {
		if rule, ok := s.Catalogue.Register().Rule(register.Period, code, s.Catalogue.Today()); ok {
			g.Rows = append(g.Rows, []string{rule.Name, view.Number(rule.Value) + " " + rule.Unit, rule.Source})
		}
	}
	if len(g.Rows) > 0 {
		blocks = append(blocks, exchange.Block{Grid: g})
	}
	return blocks
}

// savingBlocks states the ledger: ranges with what they rest on.
func (f reportFacts) savingBlocks() []exchange.Block {
	l := f.savings
	if l.Baselines+l.Forecasts+l.Actuals == 0 {
		return nil
	}
	blocks := []exchange.Block{{Grid: ledgerGrid(l)}}
	for _, words := range ledgerWords(l) {
		blocks = append(blocks, said(words))
	}
	var rest []string
	for _, r := range l.Rows {
		if r.Saving.HasBaseline() && r.Saving.BaselineHow != "" {
			rest = append(rest, r.Council.Label()+", what it pays now: "+r.Saving.BaselineHow)
		}
		if r.Saving.HasForecast() {
			rest = append(rest, r.Council.Label()+", its forecast: "+r.Saving.Assumptions)
		}
	}
	if len(rest) > 0 {
		blocks = append(blocks, said("What the figures rest on:"), listed(rest...))
	}
	return blocks
}
