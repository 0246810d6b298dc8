package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// Question is what a council puts to the vote.
type Question struct {
	ID      string // made with the form, so that sending it twice asks once
	Text    string
	Detail  string
	Options []string // none: yes or no
	Due     Date     // zero: none
}

// OpenDecision puts a question to the members of a group, who are told. The same ID a second time asks nothing.
func (c *Catalogue) OpenDecision(ctx context.Context, actor Actor, group string, q Question) (*Decision, error) {
	if q.ID == "" {
		q.ID = NewID()
	}
	var out *Decision
	err := c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) error {
		old, err := w.madeBefore(Key{KindDecision, q.ID}, g)
		if err != nil {
			return err
		}
		if d, ok := old.(*Decision); ok {
			out = d
			return nil
		}
		before, err := lookup(w.tx, "decision.group", group)
		if err != nil {
			return err
		}
		if len(before) >= maxDecisions {
			return invalid("question", "question", fmt.Sprintf("A group has at most %d decisions", maxDecisions))
		}
		if !q.Due.IsZero() && q.Due.Last().Before(c.Today()) {
			return invalid("question", "due", "The day by which to decide must be today or later")
		}
		out = &Decision{Part: partOf(g, q.ID), Question: strings.TrimSpace(q.Text), Detail: strings.TrimSpace(q.Detail), Options: slices.Clone(q.Options),
			Due: q.Due, Council: actor.Org, Account: actor.Account, Asked: w.now}
		if len(out.Options) == 0 {
			out.Options = yesNo()
		}
		if err := w.put(out); err != nil {
			return err
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		return w.tellDecision(g, out, RoleLead, "A decision waits for your council's vote: "+out.Question,
			who+" asks the members of the group '"+g.Title+"': "+out.Question, "Each council has one vote, which a lead of the council gives. It can be changed until the decision is closed.")
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// tellDecision tells the other members of a decision.
func (w *writer) tellDecision(g *BuyingGroup, d *Decision, least Role, subject string, text ...string) error {
	return w.tell(g.others(w.actor.Org), least, Message{Subject: subject, Text: text, Why: whyMember,
		Link: "/groups/" + g.ID + "/decisions/" + d.ID, LinkText: "Go to the decision"})
}

// onDecision runs fn on one decision of a group and puts it; fn returns errSame where there is nothing to change.
func (c *Catalogue) onDecision(ctx context.Context, actor Actor, group, id string, fn func(*writer, *BuyingGroup, *Decision) error) (*Decision, error) {
	var out *Decision
	err := c.inGroup(ctx, actor, RunGroup, group, func(w *writer, g *BuyingGroup) (err error) {
		if out, err = loadPart[*Decision](c, w.tx, actor, KindDecision, group, id); err != nil {
			return err
		}
		return w.unlessSame(fn(w, g, out), out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// CastVote gives the vote of the actor's council, or changes it. Conflict once the decision is closed.
func (c *Catalogue) CastVote(ctx context.Context, actor Actor, group, id, choice, reason string) (*Decision, error) {
	reason = strings.TrimSpace(reason)
	return c.onDecision(ctx, actor, group, id, func(w *writer, _ *BuyingGroup, d *Decision) error {
		if !slices.Contains(d.Options, choice) {
			return invalid("vote", "choice", "Choose one of the options")
		}
		if old, ok := d.Vote(actor.Org); ok && old.Choice == choice && old.Reason == reason {
			return errSame
		}
		if d.Closed() {
			return conflict("This decision was closed while you were voting: your vote is not counted. To decide it anew, ask again")
		}
		d.Votes = slices.DeleteFunc(d.Votes, func(v Vote) bool { return v.Council == actor.Org })
		d.Votes = append(d.Votes, Vote{Council: actor.Org, Choice: choice, Reason: reason, Account: actor.Account, At: w.now})
		return nil
	})
}

// MayClose says that a council closes the decision: the one that asked, and the lead authority.
func (d *Decision) MayClose(g *BuyingGroup, council string) bool {
	return slices.Contains(g.accepted(), council) && (council == d.Council || council == g.Lead)
}

// CloseDecision ends the voting and records the result, which the other members are told.
func (c *Catalogue) CloseDecision(ctx context.Context, actor Actor, group, id string) (*Decision, error) {
	return c.onDecision(ctx, actor, group, id, func(w *writer, g *BuyingGroup, d *Decision) error {
		switch {
		case d.Closed():
			return errSame
		case !d.MayClose(g, actor.Org):
			return forbidden("The council that asked closes a decision, or the lead authority")
		}
		d.Close(g, actor.Org, w.now)
		d.Outcome.Account = actor.Account
		return w.tellDecision(g, d, RoleContributor, "Decided: "+d.Question, "The decision of the group '"+g.Title+"' on '"+d.Question+"' is closed.", d.Outcome.Sentence)
	})
}

// Decisions is what the members of a group decided and have to decide.
type Decisions struct {
	Group   *BuyingGroup
	Members []*Council  // that have accepted, in the order asked
	List    []*Decision // open ones first; of each the newest first
	Names   map[string]string
}

// Decisions reads a group's decisions. NotFound for whoever has not accepted.
func (c *Catalogue) Decisions(ctx context.Context, actor Actor, group string) (*Decisions, error) {
	var v *Decisions
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		v = &Decisions{Names: map[string]string{}}
		if v.Group, err = c.roomOfMembers(tx, actor, group); err != nil {
			return err
		}
		if v.Members, err = c.councilsIn(tx, v.Group.accepted()); err != nil {
			return err
		}
		if v.List, err = partsOf[*Decision](tx, actor, KindDecision, "decision.group", group); err != nil {
			return err
		}
		slices.SortStableFunc(v.List, func(a, b *Decision) int {
			switch {
			case a.Closed() == b.Closed():
				return b.Asked.Compare(a.Asked)
			case b.Closed():
				return -1
			}
			return 1
		})
		return v.name(c, tx)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// name fills in what councils are called, those that have left too.
func (v *Decisions) name(c *Catalogue, tx kv.Tx) (err error) {
	for _, d := range v.List {
		codes := []string{d.Council}
		for _, vote := range d.Votes {
			codes = append(codes, vote.Council)
		}
		if d.Outcome != nil {
			codes = append(append(codes, d.Outcome.Council), d.Outcome.Tally.NotYet...)
		}
		for _, code := range codes {
			if v.Names[code] != "" {
				continue
			}
			if v.Names[code], err = c.label(tx, code); err != nil {
				return err
			}
		}
	}
	for _, m := range v.Members {
		v.Names[m.GSS] = m.Label()
	}
	return nil
}

// Decision reads one decision: List has it alone. NotFound for whoever has not accepted.
func (c *Catalogue) Decision(ctx context.Context, actor Actor, group, id string) (*Decisions, error) {
	var v *Decisions
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		v = &Decisions{Names: map[string]string{}}
		if v.Group, err = c.roomOfMembers(tx, actor, group); err != nil {
			return err
		}
		if v.Members, err = c.councilsIn(tx, v.Group.accepted()); err != nil {
			return err
		}
		d, err := loadPart[*Decision](c, tx, actor, KindDecision, group, id)
		if err != nil {
			return err
		}
		v.List = []*Decision{d}
		return v.name(c, tx)
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}
