package web

import (
	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// reportFacts is what a committee report is made from, subject by subject. A subject that is empty has no section.
type reportFacts struct {
	papersOf
	route        reportRoute
	dates        []reportDate
	requirements []reportLine
	decisions    []reportDecision
	risks        []string
}

// reportRoute is the route to market that the group has settled.
type reportRoute struct{ name, why string }

// reportDate is a date to decide by, with what it follows from.
type reportDate struct{ what, when, why string }

// reportLine is a requirement and where it stands.
type reportLine struct{ text, standing string }

// reportDecision is what the group has decided.
type reportDecision struct{ question, outcome, when string }

func (s *site) report(c *gin.Context, who visitor) error {
	facts, err := s.reportFacts(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.showPaper(c, who, facts.room.Group, s.newReport(facts), "Committee report", "report")
}

func (s *site) reportDocx(c *gin.Context, who visitor) error {
	facts, err := s.reportFacts(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendDocx(c, who, s.newReport(facts), fileName("committee-report", facts.room.Group))
}

// reportFacts reads what the group's records hold for a report.
func (s *site) reportFacts(c *gin.Context, who visitor, id string) (reportFacts, error) {
	read, err := s.handed(c, who.actor, id)
	if err != nil {
		return reportFacts{}, err
	}
	f := reportFacts{papersOf: read, dates: s.reportDates(read), risks: reportRisks(read)}
	if p := read.room.Group.Plan; p.Route != "" {
		f.route = reportRoute{sentenceCase(p.Route.Words()), p.Reason}
	}
	for _, line := range read.matrix.Lines {
		f.requirements = append(f.requirements, reportLine{line.Text, lineWords(read.matrix, line)})
	}
	for _, d := range read.decisions.List {
		out := reportDecision{question: d.Question, outcome: "open", when: "asked on " + view.Day(d.Asked)}
		if d.Closed() {
			out.outcome, out.when = d.Outcome.Sentence, view.Day(d.Outcome.At)
		}
		f.decisions = append(f.decisions, out)
	}
	return f, nil
}

// newReport is a committee report for one council, in the order in which a committee asks.
func (s *site) newReport(f reportFacts) exchange.Document {
	g := f.room.Group
	d := exchange.Document{Title: "Buying together: " + marked(g.Title, g.Demonstration), Draft: s.draftLine() + " Check every figure before it goes to committee.",
		For: "For the members of the group"}
	if who := f.forWhom(); who != nil {
		d.For = "For " + who.Label()
	}
	section(&d, "decision", "Decision asked for", f.decisionAsked()...)
	section(&d, "need", "The need", s.reportNeed(f)...)
	section(&d, "members", "Who buys together", f.membersBlocks()...)
	section(&d, "value", "Joint value", f.valueBlocks()...)
	section(&d, "route", "Route and why", f.routeBlocks()...)
	section(&d, "dates", "Dates to decide by", f.dateBlocks()...)
	section(&d, "requirements", "What has been settled on requirements", f.requirementBlocks()...)
	section(&d, "decisions", "What the group has decided", f.decisionBlocks()...)
	section(&d, "risks", "Risks", f.riskBlocks()...)
	section(&d, "savings", "Savings", f.savingBlocks()...)
	section(&d, "alternatives", "Alternatives considered", fillIn("Buying alone: what it would cost, and whether the threshold would be reached"),
		fillIn("Waiting, or extending the present contract: until when it allows, and at what price"),
		fillIn("Another contract or framework that names us: which clause says that we may use it"), fillIn("Why buying together is recommended over each of these"))
	section(&d, "leaving", "If the council leaves", f.leavingBlocks()...)
	section(&d, "legal", "Legal notes", s.legalBlocks(f.room)...)
	return d
}

// reportDates are the dates that the group's own records and the rules give.
func (s *site) reportDates(p papersOf) []reportDate {
	var out []reportDate
	g := p.room.Group
	if !g.JoinBy.IsZero() && !g.JoinBy.Last().Before(s.Catalogue.Today()) {
		out = append(out, reportDate{"Last day to join the group", view.Date(g.JoinBy), "Set by the group"})
	}
	if rule, ok := s.Catalogue.Register().Rule(register.Period, "key-decision-notice", s.Catalogue.Today()); ok && english(p.forWhom()) {
		out = append(out, reportDate{"Notice of the decision, where it is a key decision", view.Number(rule.Value) + " " + rule.Unit + " before the decision",
			rule.AppliesTo + ". Source: " + rule.Source})
	}
	if d := p.room.Dates; d != nil && d.Known() {
		out = append(out, reportDate{"Decide by", view.Date(dateOf(d.DecideBy)), "Worked back from the first contract that ends. The route: " + d.Route.Words()})
		for _, step := range d.Steps {
			why := periodWords(step.Period)
			if step.Period.Source != "" {
				why += ". " + step.Period.Source
			}
			out = append(out, reportDate{step.Name, view.Date(dateOf(step.Start)) + " to " + view.Date(dateOf(step.End)), why})
		}
	}
	if !g.WindowStart.IsZero() {
		out = append(out, reportDate{"Start of the tender", window(g.WindowStart, g.WindowEnd), "The months in which all that are in or asked can start it"})
	}
	if end := p.room.FirstEnd; !end.IsZero() {
		out = append(out, reportDate{"First present contract of a member ends", view.Date(end), "The members’ intentions: the new contract should run before then"})
	}
	return out
}

func english(c *catalogue.Council) bool { return c == nil || c.Nation == "England" }

// reportRisks are the room's warnings and what else the records show that may go wrong.
func reportRisks(p papersOf) []string {
	var out, silent []string
	said := false
	for _, w := range p.room.Warnings {
		out = append(out, w.Text)
		said = said || w.Kind == catalogue.WarnConflicts
	}
	for _, m := range p.accepted() {
		if m.Conflicts.Declared.IsZero() {
			silent = append(silent, m.Who.Label())
		}
		if m.Conflicts.Text != "" {
			out = append(out, m.Who.Label()+" has declared a conflict of interest: the group’s record says how it is handled.")
		}
		if m.Rung != catalogue.Approved {
			out = append(out, m.Who.Label()+" has not registered its approval: it may still leave.")
		}
		if in := m.Intention; in != nil && !in.ContractEnd.IsZero() && !p.room.Group.WindowStart.IsZero() && in.ContractEnd.Before(p.room.Group.WindowStart) {
			out = append(out, m.Who.Label()+"’s present contract ends on "+view.Date(in.ContractEnd)+", before the tender can start: it needs an extension or cover in between.")
		}
	}
	if len(silent) > 0 && !said {
		out = append(out, view.Sentence(silent)+" "+noun(len(silent), "has", "have")+" not declared whether there are conflicts of interest. An assessment is needed before the tender notice.")
	}
	return out
}

// lineWords is where a requirement line stands, in a few words.
func lineWords(m *catalogue.Matrix, line *catalogue.Requirement) string {
	in := m.Group.AcceptedCouncils()
	if at := line.Settled(in); !at.IsZero() {
		return "agreed on " + view.Day(at)
	}
	return string(line.State(in))
}
