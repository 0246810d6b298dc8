package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/plan"
)

// GroupStages lists the stages in the order in which a group goes through them; Abandoned stands apart.
func GroupStages() []GroupStage {
	return []GroupStage{Forming, Agreed, Engaging, Procuring, Awarded, Closed}
}

// Milestone is one move of a group from stage to stage.
type Milestone struct {
	Stage  GroupStage `json:"stage"`
	At     time.Time  `json:"at"`
	By     string     `json:"by,omitempty"` // council code; empty: it followed from the members' answers
	Reason string     `json:"reason,omitempty"`
}

// Award is whom the group chose, as its lead authority recorded it.
type Award struct {
	Supplier        string  `json:"supplier"`
	On              Date    `json:"on"`
	End             Date    `json:"end,omitzero"` // last day of the contract, before any extension
	ExtensionMonths int     `json:"extension_months,omitempty"`
	Value           float64 `json:"value,omitempty"` // GBP ex VAT, whole term; 0: not stated
}

// Hurdle is something that stands before the next stage.
type Hurdle struct {
	Text     string
	Fragment string // where on the group's page it is cleared
	Council  string // whose it is; empty: the group's
}

// Move is what a lead authority asks for: the next stage, one back, or the end.
type Move struct {
	From   GroupStage // the stage that the asker saw: somebody else may have moved it
	To     GroupStage
	Reason string // for a step back or giving up; for closing it is the outcome
	Award  Award  // for Awarded
}

// Following lists the stages that can come after one, without giving up.
func (s GroupStage) Following() []GroupStage {
	switch s {
	case Forming:
		return []GroupStage{Agreed}
	case Agreed:
		return []GroupStage{Engaging, Procuring}
	case Engaging:
		return []GroupStage{Procuring}
	case Procuring:
		return []GroupStage{Awarded}
	case Awarded:
		return []GroupStage{Closed}
	}
	return nil
}

// Before lists the stages that one can go back to.
func (s GroupStage) Before() []GroupStage {
	switch s {
	case Agreed:
		return []GroupStage{Forming}
	case Engaging:
		return []GroupStage{Agreed}
	case Procuring:
		return []GroupStage{Agreed, Engaging}
	}
	return nil
}

// Open says that councils can still come in: once the group procures, a notice has named who takes part.
func (g *BuyingGroup) Open() bool {
	return g.Stage == Forming || g.Stage == Agreed || g.Stage == Engaging
}

// GoesOn says that the group is neither given up nor closed.
func (g *BuyingGroup) GoesOn() bool { return g.Stage != Abandoned && g.Stage != Closed }

// Holds says that the needs of the members are spoken for: the group goes on, or it has bought.
func (g *BuyingGroup) Holds(on time.Time) bool { return g.Stage == Closed || !g.Ended(on) }

// Leads says that the actor acts for the lead authority, or for the deputy that stands in for it.
func (g *BuyingGroup) Leads(actor Actor) bool {
	return actor.ForCouncil(g.Lead) || actor.ForCouncil(g.Deputy)
}

// MayMove says that the actor's council may move the group on: its lead authority or deputy; where there is neither, any
// member may give it up.
func (g *BuyingGroup) MayMove(actor Actor, to GroupStage) bool {
	if g.mustBeMember(actor) != nil || !MayDo(actor, RunGroup) {
		return false
	}
	return g.Leads(actor) || to == Abandoned && g.Lead == "" && g.Deputy == ""
}

// MoveGroup takes a group to another stage: on, where nothing stands before it; back, or to its end, with a reason. Every
// member is told. A move that was made already changes nothing.
func (c *Catalogue) MoveGroup(ctx context.Context, actor Actor, id string, m Move) (*BuyingGroup, error) {
	return c.changeGroup(ctx, actor, RunGroup, id, func(w *writer, g *BuyingGroup) error {
		if g.has(actor) && g.Stage == m.To && m.From != m.To {
			return errSame
		}
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		if !g.MayMove(actor, m.To) {
			return forbidden("The lead authority moves a group on. Ask it, or take the lead where there is none")
		}
		if g.Stage != m.From {
			return conflict("The group has moved meanwhile: it is at the stage '" + g.Stage.Words() + "'. Look again before you move it")
		}
		if err := w.checkMove(g, m); err != nil {
			return err
		}
		w.arrive(g, m.To, m.Reason)
		if m.To == Awarded {
			g.Award = &m.Award
		}
		return w.tellMoved(g, m)
	})
}

// checkMove refuses a move that cannot be made, or that lacks what it must say.
func (w *writer) checkMove(g *BuyingGroup, m Move) error {
	reason := strings.TrimSpace(m.Reason) != ""
	switch {
	case m.To == Abandoned:
		if g.Stage == Awarded {
			return conflict("A supplier was chosen: close the group with its outcome")
		}
		if !reason {
			return invalid("group", "reason", "Say why the group is given up, so that others can learn from it")
		}
	case slices.Contains(g.Stage.Before(), m.To):
		if !reason {
			return invalid("group", "reason", "Say why the group goes back a stage")
		}
	case !slices.Contains(g.Stage.Following(), m.To):
		return conflict(fmt.Sprintf("A group cannot go from '%s' to '%s'", g.Stage.Words(), m.To.Words()))
	case m.To == Closed && !reason:
		return invalid("group", "reason", "Say what came of it: the outcome is what other councils learn from")
	case m.To == Awarded:
		return w.checkAward(m.Award)
	default:
		hurdles, err := w.c.hurdles(w.tx, g, m.To)
		if err != nil {
			return err
		}
		if len(hurdles) > 0 {
			e := &Error{Kind: Invalid, Message: "The group cannot move on yet"}
			for _, h := range hurdles {
				e.Fields = append(e.Fields, FieldError{Field: "stage", Message: h.Text})
			}
			return e
		}
	}
	return nil
}

func (w *writer) checkAward(a Award) error {
	var v check
	v.that(strings.TrimSpace(a.Supplier) != "", "supplier", "Enter the supplier that was chosen")
	v.that(!a.On.IsZero(), "awarded_on", "Enter the day of the award")
	v.that(a.On.IsZero() || !a.On.First().After(w.c.Today()), "awarded_on", "The day of the award must be today or in the past")
	v.that(a.End.IsZero() || a.On.IsZero() || a.End.Last().After(a.On.First()), "award_end", "The contract must end after the day of the award")
	return v.err("award")
}

// arrive puts a group at a stage and remembers it.
func (w *writer) arrive(g *BuyingGroup, to GroupStage, reason string) {
	g.Stage = to
	g.Course = append(g.Course, Milestone{Stage: to, At: w.now, By: w.actor.Org, Reason: strings.TrimSpace(reason)})
	if len(g.Course) > maxCourse {
		g.Course = g.Course[len(g.Course)-maxCourse:]
	}
	if !g.Open() {
		g.OpenToJoin = false
	}
}

// maxCourse bounds the milestones that a group remembers: the latest.
const maxCourse = 100

func (w *writer) tellMoved(g *BuyingGroup, m Move) error {
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	text := []string{fmt.Sprintf("%s has moved the group '%s' to the stage '%s'.", who, g.Title, m.To.Words())}
	subject := g.Title + ": " + m.To.Words()
	switch m.To {
	case Abandoned:
		text = []string{who + " has given up the group '" + g.Title + "'.", "What each of you intends to buy is matched with others again."}
		subject = g.Title + " was given up"
	case Awarded:
		text = append(text, "Supplier: "+m.Award.Supplier+".")
	}
	// Why the group moves, and whom it chose, is for the members.
	if err := w.tellPartners(g, Message{Subject: subject, Text: text[:1:1]}); err != nil {
		return err
	}
	if m.Reason != "" {
		word := "Its reason: "
		if m.To == Closed {
			word = "The outcome: "
		}
		text = append(text, word+m.Reason)
	}
	return w.tell(g.inRoom(), RoleLead, Message{Subject: subject, Text: text, Why: g.whyIn(), Link: "/groups/" + g.ID, LinkText: "Go to the group"})
}

// Words is the stage as people read it.
func (s GroupStage) Words() string {
	switch s {
	case Forming:
		return "forming"
	case Agreed:
		return "agreed"
	case Engaging:
		return "engaging the market"
	case Procuring:
		return "procuring"
	case Awarded:
		return "awarded"
	case Closed:
		return "closed"
	}
	return "given up"
}

// hurdles lists what stands before a stage that comes after the group's own; none: it can go there.
func (c *Catalogue) hurdles(tx kv.Tx, g *BuyingGroup, to GroupStage) ([]Hurdle, error) {
	if to != Agreed && to != Procuring {
		return nil, nil
	}
	out, err := c.hurdlesToAgree(tx, g)
	if err == nil && to == Procuring {
		out, err = c.hurdlesToProcure(tx, g)
	}
	if err != nil {
		return nil, err
	}
	lines, err := c.linesInConflict(tx, g)
	return append(out, lines...), err
}

func (c *Catalogue) hurdlesToAgree(tx kv.Tx, g *BuyingGroup) ([]Hurdle, error) {
	var out []Hurdle
	if len(g.accepted()) < 2 {
		out = append(out, Hurdle{Text: "At least two councils must have accepted", Fragment: "members"})
	}
	for _, m := range g.Members {
		who, err := c.label(tx, m.Council)
		if err != nil {
			return nil, err
		}
		switch {
		case m.State == Invited:
			out = append(out, Hurdle{Text: who + " has not answered yet", Fragment: "members", Council: m.Council})
		case m.State == Accepted && m.Rung != Intends && m.Rung != Approved:
			out = append(out, Hurdle{Text: who + " does not stand at intends or approved yet", Fragment: "members", Council: m.Council})
		}
	}
	if g.WindowStart.IsZero() {
		out = append(out, Hurdle{Text: "Those that are in have no months in common in which to tender", Fragment: "windows"})
	}
	if g.Lead == "" {
		out = append(out, Hurdle{Text: "No council leads yet: a joint buy needs a lead authority", Fragment: "lead"})
	}
	return out, nil
}

// linesInConflict are the requirement lines that some member must have and another must not.
func (c *Catalogue) linesInConflict(tx kv.Tx, g *BuyingGroup) ([]Hurdle, error) {
	lines, err := c.requirementsOf(tx, Operator("job"), g.ID)
	var out []Hurdle
	for _, line := range lines {
		if line.State(g.accepted()) == LineConflict {
			out = append(out, Hurdle{Text: fmt.Sprintf("Members need opposite things in line %d: %s", line.Line, line.Text), Fragment: "requirements"})
		}
	}
	return out, err
}

func (c *Catalogue) hurdlesToProcure(tx kv.Tx, g *BuyingGroup) ([]Hurdle, error) {
	out, err := c.hurdlesToAgree(tx, g)
	if err != nil {
		return nil, err
	}
	for _, m := range g.Members {
		if m.State != Accepted {
			continue
		}
		who, err := c.label(tx, m.Council)
		if err != nil {
			return nil, err
		}
		if m.Rung != Approved {
			out = append(out, Hurdle{Text: who + " has not recorded its council's approval", Fragment: "members", Council: m.Council})
		}
		if m.Conflicts.Declared.IsZero() {
			out = append(out, Hurdle{Text: who + " has not declared conflicts of interest, or that it has none", Fragment: "conflicts", Council: m.Council})
		}
	}
	if g.Plan.Route == "" {
		out = append(out, Hurdle{Text: "The route is not settled yet: tender, call-off or extension", Fragment: "dates"})
	}
	if g.Plan.Route == plan.Tender && g.Value.Lots.Divided == plan.Unsaid {
		out = append(out, Hurdle{Text: "Lots have not been considered yet: say how it is divided, or why not", Fragment: "value"})
	}
	return out, nil
}
