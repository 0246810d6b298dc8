package catalogue

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// How far the mail of the week looks ahead, and how much it holds at most.
const (
	weeklyAhead     = 60 // days
	weeklyDates     = 15
	weeklyNews      = 12
	weeklyNearby    = 6  // of each kind
	neighbourMonths = 12 // a neighbour's contract is told of when it ends within so many
)

// weeklyMail makes the mail of the week, of what an actor may see now and what came since an instant. It has no parts
// where there is nothing to tell.
func (c *Catalogue) weeklyMail(tx kv.Tx, actor Actor, since time.Time) (Message, error) {
	var e Estate
	if err := c.readEstate(tx, actor, &e); KindOf(err) == NotFound {
		return Message{}, nil // the council is none any more
	} else if err != nil {
		return Message{}, err
	}
	own, err := c.openIntentions(tx, actor)
	if err != nil {
		return Message{}, err
	}
	m := Message{Subject: "Your week: " + e.Council.Label(), Text: []string{"What comes up for " + e.Council.Label() + ", and what is new since last week."},
		Why: "You get this on Mondays because you have an account for " + e.Council.Label() + ".", LinkText: "Read in a browser"}
	add := func(heading string, items []MailItem, err error) error {
		if err == nil && len(items) > 0 {
			m.Parts = append(m.Parts, MailPart{Heading: heading, Items: items})
		}
		return err
	}
	waiting, err := c.weeklyWaiting(tx, actor)
	if err := add("Waiting for your council", waiting, err); err != nil {
		return Message{}, err
	}
	dates, err := c.weeklyDates(tx, actor, &e, own)
	if err := add("Dates in the next 60 days", dates, err); err != nil {
		return Message{}, err
	}
	news, err := c.weeklyNews(tx, actor, since)
	if err := add("In your groups and talks", news, err); err != nil {
		return Message{}, err
	}
	nearby, err := c.weeklyNearby(tx, actor, e.Council, since)
	if err := add("At your neighbours", nearby, err); err != nil {
		return Message{}, err
	}
	return m, add("One question for you", c.weeklyQuestion(actor, &e, own), nil)
}

// datedItem is what comes up on a day.
type datedItem struct {
	on   Date
	item MailItem
}

// weeklyDates lists what comes up for the actor's council, the soonest first.
func (c *Catalogue) weeklyDates(tx kv.Tx, actor Actor, e *Estate, own []*Intention) ([]MailItem, error) {
	today := c.Today()
	var found []datedItem
	add := func(on Date, what string, item MailItem) {
		if last := on.Last(); !on.IsZero() && !last.Before(today) && !last.After(today.AddDate(0, 0, weeklyAhead)) {
			item.Subject = on.Words() + ": " + what
			found = append(found, datedItem{on, item})
		}
	}
	for _, r := range e.Rows {
		item := MailItem{Text: contractWords(r.Contract), Link: "/contracts/" + url.PathEscape(r.ID), LinkText: "See the contract"}
		add(r.NoticeBy(), "last day to give notice", item)
		add(r.BreakNoticeBy(), "last day to give notice before the break", item)
		add(r.Break, "break in a contract", item)
		add(r.End, "a contract ends", item)
	}
	for _, in := range own {
		add(in.TrueEnd(), "the window to start a tender closes", MailItem{Text: in.Title, Link: "/intentions/" + url.PathEscape(in.ID), LinkText: "See the intention"})
	}
	groups, err := c.groupsOf(tx, actor, "group.council", actor.Org)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if m, _ := g.Member(actor.Org); m.State != Accepted || g.Ended(today) {
			continue
		}
		if err := c.weeklyGroup(tx, actor, g, add); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(found, func(a, b datedItem) int { return cmp.Compare(a.on.place(), b.on.place()) })
	var items []MailItem
	for _, f := range found[:min(len(found), weeklyDates)] {
		f.item.Text = shortened(f.item.Text, digestText)
		items = append(items, f.item)
	}
	if more := len(found) - weeklyDates; more > 0 {
		items = append(items, MailItem{Subject: thousands(more) + " more by " + dayWords(today.AddDate(0, 0, weeklyAhead)), Link: "/desk", LinkText: "Go to your desk"})
	}
	return items, nil
}

// contractWords names a contract and who supplies it.
func contractWords(k *Contract) string {
	if k.Supplier == "" {
		return k.Title
	}
	return k.Title + ", " + k.Supplier
}

// weeklyNews lists what the actor was told of its groups and talks since an instant, as it happened: nothing of what has
// ended, or is no longer there for it.
func (c *Catalogue) weeklyNews(tx kv.Tx, actor Actor, since time.Time) ([]MailItem, error) {
	ids, err := newsFor(tx, actor, "", 0, digestMost)
	if err != nil {
		return nil, err
	}
	news, err := c.loadNews(tx, actor, ids)
	if err != nil {
		return nil, err
	}
	var items []MailItem
	more := 0
	for _, n := range news { // the newest first
		if !n.Told.After(since) {
			continue
		}
		goes, err := c.goesOnFor(tx, actor, n.About)
		if err != nil {
			return nil, err
		}
		switch {
		case !goes:
		case len(items) == weeklyNews:
			more++
		default:
			items = append(items, MailItem{Subject: n.Subject, Text: shortened(strings.Join(n.Text, " "), digestText), Link: n.Link, LinkText: n.LinkText})
		}
	}
	slices.Reverse(items)
	if more > 0 {
		items = append(items, MailItem{Subject: thousands(more) + " more in your inbox", Link: "/inbox", LinkText: "Go to your inbox"})
	}
	return items, nil
}

// goesOnFor says that what news is about is a group or talk that has not ended, and that the actor's council is in it.
func (c *Catalogue) goesOnFor(tx kv.Tx, actor Actor, about Key) (bool, error) {
	if about.Kind != KindGroup && about.Kind != KindTalk {
		return false, nil
	}
	item, err := readItem(tx, about)
	if err != nil || item == nil {
		return false, err
	}
	seen, ok := item.sees(actor)
	if !ok {
		return false, nil
	}
	switch it := seen.(type) {
	case *BuyingGroup:
		return it.Room && !it.Ended(c.Today()), nil
	case *Talk:
		return it.State != TalkClosed, nil
	}
	return false, nil
}

// weeklyNearby lists what neighbours share that is new: what they intend to buy, and their contracts that have come to
// end within a year.
func (c *Catalogue) weeklyNearby(tx kv.Tx, actor Actor, council *Council, since time.Time) ([]MailItem, error) {
	today := c.Today()
	before, limit := DateOf(since.In(c.london)).AddMonths(neighbourMonths).First(), DateOf(today).AddMonths(neighbourMonths).First()
	var needs []MailItem
	var ending []datedItem
	for _, code := range council.Neighbours {
		who, ok, err := c.councilIn(tx, code)
		if err != nil {
			return nil, err
		}
		if !ok || code == actor.Org {
			continue
		}
		intentions, err := listed[*Intention](c, tx, actor, KindIntention, "intention.council", code)
		if err != nil {
			return nil, err
		}
		for _, in := range intentions {
			if !in.Ended(today) && in.Created.After(since) {
				needs = append(needs, MailItem{Subject: shortened(who.Label()+" intends to buy: "+in.Title, maxTitle),
					Text: "It can start a tender from " + in.WindowStart.Words() + " to " + in.WindowEnd.Words() + ".", Link: "/intentions/" + url.PathEscape(in.ID), LinkText: "See the intention"})
			}
		}
		contracts, err := listed[*Contract](c, tx, actor, KindContract, "contract.council", code)
		if err != nil {
			return nil, err
		}
		for _, k := range contracts {
			if end := k.End.Last(); k.Stage == StageAwarded && end.After(before) && !end.After(limit) {
				ending = append(ending, datedItem{k.End, MailItem{Subject: shortened(who.Label()+": a contract ends on "+k.End.Words(), maxTitle), Text: shortened(contractWords(k), digestText),
					Link: "/contracts/" + url.PathEscape(k.ID), LinkText: "See the contract"}})
			}
		}
	}
	slices.SortStableFunc(ending, func(a, b datedItem) int { return cmp.Compare(a.on.place(), b.on.place()) })
	items := needs[:min(len(needs), weeklyNearby)]
	for _, e := range ending[:min(len(ending), weeklyNearby)] {
		if !e.on.Exact() {
			e.item.Subject = strings.Replace(e.item.Subject, " ends on ", " ends in ", 1)
		}
		items = append(items, e.item)
	}
	if more := len(needs) + len(ending) - len(items); more > 0 {
		items = append(items, MailItem{Subject: thousands(more) + " more at your neighbours", Link: "/councils/" + council.GSS, LinkText: "See your council and its neighbours"})
	}
	return items, nil
}

// weeklyQuestion is the one question whose answer is of most use; none for whoever may not answer.
func (c *Catalogue) weeklyQuestion(actor Actor, e *Estate, own []*Intention) []MailItem {
	if !MayDo(actor, RecordContract) {
		return nil
	}
	dearest := func(rows []EstateRow) *Contract {
		return slices.MaxFunc(rows, func(a, b EstateRow) int { return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(b.ID, a.ID)) }).Contract
	}
	const answer = "Answer"
	if rows := e.Undated(); len(rows) > 0 {
		return []MailItem{{Subject: "When does this contract end?", Text: contractWords(dearest(rows)), Link: "/estate/dates", LinkText: answer}}
	}
	for _, in := range own {
		id, guessed := in.Capable()
		if known, ok := c.dictionary.Capability(id); ok && guessed {
			return []MailItem{{Subject: "Is this need rightly put under ‘" + known.Name + "’?", Text: in.Title, Link: "/intentions/" + url.PathEscape(in.ID) + "/edit", LinkText: answer}}
		}
	}
	if rows := e.Guessed(); len(rows) > 0 {
		return []MailItem{{Subject: "What does this contract do?", Text: contractWords(dearest(rows)), Link: "/estate/capabilities", LinkText: answer}}
	}
	if rows := e.Unconfirmed(c.Now()); len(rows) > 0 {
		return []MailItem{{Subject: "Is this contract still right?", Text: contractWords(dearest(rows)), Link: "/estate/confirm", LinkText: answer}}
	}
	for _, in := range own {
		if in.Budget.IsZero() {
			return []MailItem{{Subject: "What is the budget of this need?", Text: in.Title, Link: "/intentions/" + url.PathEscape(in.ID) + "/edit", LinkText: answer}}
		}
	}
	return nil
}
