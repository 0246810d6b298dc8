package catalogue

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/plan"
)

// PlanChoices is what a group says of its purchase, and its dates are worked out from. Zero is not said: an assumption
// stands in, and says so.
type PlanChoices struct {
	Route            plan.Route  `json:"route,omitempty"`
	Reason           string      `json:"reason,omitempty"` // for the route
	KeyDecision      plan.Answer `json:"key_decision,omitempty"`
	Engage           plan.Answer `json:"engage,omitempty"`     // ask the market before the tender
	DocsLater        bool        `json:"docs_later,omitempty"` // some tender documents are not supplied with the tender notice
	UK3              Date        `json:"uk3,omitzero"`         // when the planned procurement notice was published
	AgreeWeeks       int         `json:"agree_weeks,omitempty"`
	EngagementWeeks  int         `json:"engagement_weeks,omitempty"`
	CommitteeWeeks   int         `json:"committee_weeks,omitempty"` // from meeting to meeting
	CallInDays       int         `json:"call_in_days,omitempty"`    // working days
	CompetitionWeeks int         `json:"competition_weeks,omitempty"`
	EvaluationWeeks  int         `json:"evaluation_weeks,omitempty"`
	GoLiveMonths     int         `json:"go_live_months,omitempty"`
	NoticeMonths     int         `json:"notice_months,omitempty"` // of an extension, under the present contract
	Meetings         []Meeting   `json:"meetings,omitempty"`
}

// Meeting is a day on which a member's committee meets.
type Meeting struct {
	Council string `json:"council"`
	Next    Date   `json:"next"`
}

// GroupPlan is a group's choices with who chose the route and when.
type GroupPlan struct {
	PlanChoices
	By      string    `json:"by,omitempty"` // council code
	Decided time.Time `json:"decided,omitzero"`
	Version int       `json:"version,omitempty"` // counts the changes of the choices: a form names the one that it shows
}

// meeting is the next meeting of a council's committee; the zero Date where it is not known.
func (p PlanChoices) meeting(council string) Date {
	for _, m := range p.Meetings {
		if m.Council == council {
			return m.Next
		}
	}
	return Date{}
}

func (p PlanChoices) validate(v *validation) {
	v.that(p.Route == "" || p.Route.Valid(), "route", "Choose tender, call-off or extension")
	v.that(p.Route == "" || strings.TrimSpace(p.Reason) != "", "reason", "Say why you buy this way: committees and auditors ask")
	v.text("reason", p.Reason, 0, maxText/10)
	for field, a := range map[string]plan.Answer{"key_decision": p.KeyDecision, "engage": p.Engage} {
		v.that(a == plan.Unsaid || a == plan.Yes || a == plan.No, field, "Choose yes, no or not known yet")
	}
	v.date("uk3", p.UK3)
	v.that(p.UK3.IsZero() || p.UK3.Exact(), "uk3", "Enter the day on which it was published")
	for _, n := range []struct {
		field, name string
		value, most int
		unit        string
	}{
		{"agree_weeks", "The time to agree", p.AgreeWeeks, 52, "weeks"}, {"engagement_weeks", "Market engagement", p.EngagementWeeks, 52, "weeks"},
		{"committee_weeks", "The time from meeting to meeting", p.CommitteeWeeks, 52, "weeks"}, {"call_in_days", "Call-in", p.CallInDays, 30, "working days"},
		{"competition_weeks", "The mini-competition", p.CompetitionWeeks, 52, "weeks"}, {"evaluation_weeks", "Evaluation", p.EvaluationWeeks, 52, "weeks"},
		{"go_live_months", "The time to go live", p.GoLiveMonths, 60, "months"}, {"notice_months", "Notice of an extension", p.NoticeMonths, 36, "months"},
	} {
		v.that(n.value >= 0 && n.value <= n.most, n.field, fmt.Sprintf("%s must be 0 to %d %s", n.name, n.most, n.unit))
	}
	v.that(len(p.Meetings) <= maxMembers, "meetings", "There is one next meeting for each member")
	for _, m := range p.Meetings {
		v.council("meetings", m.Council)
		v.date("meeting-"+m.Council, m.Next)
		v.that(m.Next.Exact(), "meeting-"+m.Council, "Enter the day of the meeting")
	}
}

// SetPlan changes what a group's dates are worked out from; version is that of the choices which the actor saw, and
// Conflict says that another member changed them since. The same choices again change nothing. Members are told when the
// route or the day to decide by changes.
func (c *Catalogue) SetPlan(ctx context.Context, actor Actor, group string, version int, choices PlanChoices) (*BuyingGroup, error) {
	choices.Reason = strings.TrimSpace(choices.Reason)
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		// Meetings are those of members: who left takes its own along.
		kept := slices.DeleteFunc(slices.Clone(choices.Meetings), func(m Meeting) bool { return m.Next.IsZero() || !slices.Contains(g.accepted(), m.Council) })
		next := choices
		if next.Meetings = kept; len(kept) == 0 {
			next.Meetings = nil
		}
		switch {
		case reflect.DeepEqual(next, g.Plan.PlanChoices):
			return errSame
		case version != g.Plan.Version:
			return conflict("Another member changed these choices while you were working on them")
		}
		before, err := c.dates(w.tx, g)
		if err != nil {
			return err
		}
		if next.Route != g.Plan.Route {
			g.Plan.By, g.Plan.Decided = actor.Org, w.now
		}
		g.Plan.PlanChoices, g.Plan.Version = next, g.Plan.Version+1
		after, err := c.dates(w.tx, g)
		if err != nil {
			return err
		}
		return w.tellDates(g, before, after)
	})
}

// tellDates tells members of another route, and of another day to decide by.
func (w *writer) tellDates(g *BuyingGroup, before, after *Dates) error {
	var changes []string
	if before.Route != after.Route || before.Assumed != after.Assumed {
		changes = append(changes, "The route is now: "+after.Route.Words()+".")
		if after.Assumed {
			changes = []string{"No route is chosen any more: the dates take an open tender."}
		}
	}
	if after.Known() && !before.DecideBy.Equal(after.DecideBy) {
		changes = append(changes, "What is bought must now be agreed by "+dayWords(after.DecideBy)+".")
	}
	if len(changes) == 0 {
		return nil
	}
	return w.tellMembers(g, "changed the dates", "has changed what the dates of the group '"+g.Title+"' are worked out from. "+strings.Join(changes, " "))
}

// withDecideBy adds to what members are told the day by which they must now agree, where that is still to be done.
func (w *writer) withDecideBy(g *BuyingGroup, text []string) ([]string, error) {
	d, err := w.c.dates(w.tx, g)
	if err != nil || !d.Known() || d.Next != plan.Agree {
		return text, err
	}
	return append(text, "By the plan, what is bought must be agreed by "+dayWords(d.DecideBy)+"."), nil
}

func dayWords(t time.Time) string { return t.Format("2 January 2006") }

// GroupValue is what counts for the estimated value beyond the members' own maximums, and how the group considered lots.
// A joint buy counts the most that may be paid, options, extensions and fees included.
type GroupValue struct {
	ValueChoices
	Council string    `json:"set_by,omitempty"` // council code of who changed it last
	Account string    `json:"account,omitempty"`
	Set     time.Time `json:"set,omitzero"`
	Version int       `json:"version,omitempty"`
}

// ValueChoices is what members say of value and lots. Amounts are GBP ex VAT, for all members together.
type ValueChoices struct {
	TermMonths      int     `json:"term_months,omitempty"` // 0: not said
	ExtensionMonths int     `json:"extension_months,omitempty"`
	Extensions      float64 `json:"extensions,omitempty"` // what the extensions may cost
	Options         float64 `json:"options,omitempty"`
	Fees            float64 `json:"fees,omitempty"` // that suppliers or a framework's owner charge
	Lots            Lots    `json:"lots,omitzero"`
}

// Lots is how the duty to consider lots was met.
type Lots struct {
	Divided plan.Answer `json:"divided,omitempty"` // empty: not considered yet
	Text    string      `json:"text,omitempty"`    // how it is divided, or why not
	Council string      `json:"council,omitempty"` // code of the council that recorded it
	Account string      `json:"account,omitempty"`
	On      time.Time   `json:"on,omitzero"`
}

func (g ValueChoices) beyond() float64 { return g.Extensions + g.Options + g.Fees }

func (g ValueChoices) validate(v *validation) {
	v.that(g.TermMonths >= 0 && g.TermMonths <= 240, "term_months", "The term must be 0 to 240 months")
	v.that(g.ExtensionMonths >= 0 && g.ExtensionMonths <= 240, "extension_months", "Extensions must be 0 to 240 months")
	v.money("extensions", g.Extensions)
	v.money("options", g.Options)
	v.money("fees", g.Fees)
	l := g.Lots
	v.that(l.Divided == plan.Unsaid || l.Divided == plan.Yes || l.Divided == plan.No, "lots", "Choose yes, no or not considered yet")
	v.that(l.Divided != plan.Yes || strings.TrimSpace(l.Text) != "", "lots_text", "Say how it is divided")
	v.that(l.Divided != plan.No || strings.TrimSpace(l.Text) != "", "lots_text", "Give the reason why it is not divided: the tender notice states it")
	v.text("lots_text", l.Text, 0, maxText/10)
}

// SetValue changes what counts beyond the members' maximums, and how lots were considered; version works as for SetPlan.
func (c *Catalogue) SetValue(ctx context.Context, actor Actor, group string, version int, choices ValueChoices) (*BuyingGroup, error) {
	choices.Lots = Lots{Divided: choices.Lots.Divided, Text: strings.TrimSpace(choices.Lots.Text)}
	if choices.Lots.Divided == plan.Unsaid {
		choices.Lots.Text = ""
	}
	return c.changeGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) error {
		if err := g.mustBeMember(actor); err != nil {
			return err
		}
		next, was := choices, g.Value.Lots
		if next.Lots.Divided == was.Divided && next.Lots.Text == was.Text {
			next.Lots = was
		} else if next.Lots.Divided != plan.Unsaid {
			next.Lots.Council, next.Lots.Account, next.Lots.On = actor.Org, actor.Account, w.now
		}
		switch {
		case next == g.Value.ValueChoices:
			return errSame
		case version != g.Value.Version:
			return conflict("Another member changed value or lots while you were working on them")
		}
		g.Value = GroupValue{ValueChoices: next, Council: actor.Org, Account: actor.Account, Set: w.now, Version: g.Value.Version + 1}
		return nil
	})
}

// SetLots records how the duty to consider lots was met, and leaves the rest of the value as it stands.
func (c *Catalogue) SetLots(ctx context.Context, actor Actor, group string, version int, lots Lots) (*BuyingGroup, error) {
	g, err := c.Group(ctx, actor, group)
	if err != nil {
		return nil, err
	}
	choices := g.Value.ValueChoices
	choices.Lots = lots
	return c.SetValue(ctx, actor, group, version, choices)
}
