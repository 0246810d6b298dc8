package catalogue

import (
	"cmp"
	"net/url"
	"slices"

	"jointly/catalogue/kv"
	"jointly/catalogue/plan"
)

// weeklyWaiting lists what waits for the word of the actor's council: invitations of groups that go on, and talks.
func (c *Catalogue) weeklyWaiting(tx kv.Tx, actor Actor) ([]MailItem, error) {
	groups, err := c.groupsOf(tx, actor, "group.council", actor.Org)
	if err != nil {
		return nil, err
	}
	var items []MailItem
	for _, g := range groups {
		m, _ := g.Member(actor.Org)
		if m.State != Invited || g.Ended(c.Today()) {
			continue
		}
		text := "Your council was asked on " + dayWords(m.Asked.In(c.london)) + "."
		if !g.JoinBy.IsZero() && !g.JoinBy.Last().Before(c.Today()) {
			text += " Councils may join " + untilWords(g.JoinBy) + "."
		}
		if !MayDo(actor, AnswerInvitation) {
			text += " Whoever leads on procurement for your council answers."
		}
		items = append(items, MailItem{Subject: shortened("An invitation: "+g.Title, maxTitle), Text: text, Link: "/groups/" + url.PathEscape(g.ID), LinkText: "See the group"})
	}
	ids, err := c.waitingTalks(tx, actor)
	if err != nil {
		return nil, err
	}
	talks, err := c.talksBy(tx, actor, ids)
	if err != nil {
		return nil, err
	}
	for _, t := range talks {
		who, err := c.party(tx, t.Partner(actor.Org))
		if err != nil {
			return nil, err
		}
		from := cmp.Or(who.Label(), "A council")
		items = append(items, MailItem{Subject: shortened(from+" waits for your word: "+t.Subject, maxTitle), Link: "/talks/" + url.PathEscape(t.ID), LinkText: "Read and answer"})
	}
	if more := len(items) - weeklyNews; more > 0 {
		items = append(items[:weeklyNews], MailItem{Subject: thousands(more) + " more on your desk", Link: "/desk", LinkText: "Go to your desk"})
	}
	return items, nil
}

func untilWords(d Date) string {
	if d.Exact() {
		return "until " + d.Words()
	}
	return "until the end of " + d.Words()
}

// weeklyGroup tells add what comes up in a group that the actor's council has accepted: dates of the plan, meetings of
// committees, votes, and until when others may join.
func (c *Catalogue) weeklyGroup(tx kv.Tx, actor Actor, g *BuyingGroup, add func(Date, string, MailItem)) error {
	d, err := c.dates(tx, g)
	if err != nil {
		return err
	}
	item := MailItem{Text: g.Title, Link: "/groups/" + url.PathEscape(g.ID), LinkText: "Go to the group"}
	if g.Stage == Forming && d.Known() {
		add(DateOf(d.DecideBy), "your group must agree what is bought", item)
	}
	if g.Open() && g.OpenToJoin {
		add(g.JoinBy, "last day for councils to join your group", item)
	}
	for _, s := range d.Steps {
		if s.Kind != plan.Agree && !s.Begun && !s.Start.IsZero() {
			add(DateOf(s.Start), "latest start in your group of: "+s.Name, item)
		}
	}
	dates := MailItem{Text: g.Title, Link: item.Link + "/dates", LinkText: "See the group’s dates"}
	for _, m := range g.Plan.Meetings {
		if g.Stage == Awarded || !slices.Contains(g.accepted(), m.Council) {
			continue
		}
		if actor.ForCouncil(m.Council) {
			add(m.Next, "your committee meets, which your group waits for", dates)
			continue
		}
		who, ok, err := c.councilIn(tx, m.Council)
		if err != nil {
			return err
		}
		if ok {
			add(m.Next, "the committee of "+who.Label()+" meets, which your group waits for", dates)
		}
	}
	votes, err := partsOf[*Decision](tx, actor, KindDecision, "decision.group", g.ID)
	if err != nil {
		return err
	}
	for _, v := range votes {
		if _, voted := v.Vote(actor.Org); !v.Closed() && !voted {
			add(v.Due, "your council’s vote is due", MailItem{Text: v.Question, Link: item.Link + "/decisions/" + url.PathEscape(v.ID), LinkText: "Vote"})
		}
	}
	return nil
}
