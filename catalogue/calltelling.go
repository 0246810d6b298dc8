package catalogue

import (
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// How councils are told of a call: at most so many in one write, and reminded so many days before the last one.
const (
	callToldAtOnce = 25
	firstReminder  = 14
	lastReminder   = 2
)

// reminder is one mail to councils that have not signed.
type reminder struct {
	name string
	days int // before the last day
	ends int // days before the last day from which on it is too late for it
}

func reminders() []reminder {
	return []reminder{{"two weeks", firstReminder, lastReminder}, {"two days", lastReminder, -1}}
}

// TellOfCalls tells councils of the calls that were opened, and reminds those that have not signed two weeks and two days
// before the last day. Each council is told once of each, however often this runs and wherever it stops. Whoever calls
// holds the lease for jobs. It returns how many councils it told.
func (c *Catalogue) TellOfCalls(ctx context.Context) (told int, err error) {
	var open []string
	if err := c.view(ctx, func(tx kv.Tx) error {
		open = nil
		return c.each(tx, KindCall, func(item Item) error {
			x := item.(*EvidenceCall)
			if _, due := c.reminderDue(x); x.State == CallOpen && (x.Told.AllAsked.IsZero() || due) {
				open = append(open, x.ID)
			}
			return nil
		})
	}); err != nil {
		return 0, err
	}
	for _, id := range open {
		for more := true; more; {
			n := 0
			_, err := c.changeCall(ctx, Operator("job"), TellOfCalls, id, func(w *writer, x *EvidenceCall) (err error) {
				n, more, err = w.tellSome(x)
				return err
			})
			if err != nil {
				return told, err
			}
			told += n
		}
	}
	return told, nil
}

// tellSome tells the next councils of an open call, and says whether there are more to tell now.
func (w *writer) tellSome(x *EvidenceCall) (told int, more bool, err error) {
	if x.State != CallOpen {
		return 0, false, nil
	}
	if x.Told.AllAsked.IsZero() {
		next, last, err := w.nextToTell(x, x.Told.Invited, false)
		if err != nil {
			return 0, false, err
		}
		if x.Told.Invited = last; last == "" {
			x.Told.AllAsked = w.now
		}
		return len(next), true, w.tellCall(x, next, w.invitation(x))
	}
	r, due := w.c.reminderDue(x)
	if !due {
		return 0, false, nil
	}
	if x.Told.Reminder != r.name {
		x.Told.Reminder, x.Told.Reminded = r.name, ""
	}
	next, last, err := w.nextToTell(x, x.Told.Reminded, true)
	if err != nil {
		return 0, false, err
	}
	if x.Told.Reminded = last; last == "" {
		x.Told.Done, x.Told.Reminder = append(x.Told.Done, r.name), ""
	}
	return len(next), true, w.tellCall(x, next, reminding(x))
}

// reminderDue is the reminder whose days these are. One that falls within three days of the invitation is left out.
func (c *Catalogue) reminderDue(x *EvidenceCall) (reminder, bool) {
	today, last := c.Today(), x.Until.Last()
	for _, r := range reminders() {
		from, to := last.AddDate(0, 0, -r.days), last.AddDate(0, 0, -r.ends)
		invited := DateOf(x.Told.AllAsked.In(c.london)).First()
		if slices.Contains(x.Told.Done, r.name) || today.Before(from) || !today.Before(to) || invited.AddDate(0, 0, 3).After(today) {
			continue
		}
		return r, true
	}
	return reminder{}, false
}

// nextToTell lists the councils to tell next, after one that was told last ("" for none): those with people here and, for a
// reminder, without a signature. last is the one up to which it looked; empty: that was all.
func (w *writer) nextToTell(x *EvidenceCall, after string, remind bool) (next []string, last string, err error) {
	asked, err := w.c.askedCouncils(w.tx, x)
	if err != nil {
		return nil, "", err
	}
	for _, council := range asked {
		if council.GSS <= after {
			continue
		}
		if len(next) == callToldAtOnce {
			return next, last, nil
		}
		last = council.GSS
		tell, err := w.wantsTelling(x, council.GSS, remind)
		if err != nil {
			return nil, "", err
		}
		if tell {
			next = append(next, council.GSS)
		}
	}
	return next, "", nil
}

// wantsTelling says that a council has people here and, for a reminder, has not signed.
func (w *writer) wantsTelling(x *EvidenceCall, council string, remind bool) (bool, error) {
	people, err := lookup(w.tx, "account.org", council)
	if err != nil || len(people) == 0 || !remind {
		return len(people) > 0, err
	}
	item, err := readItem(w.tx, Key{KindCallAnswer, CallAnswerID(x.ID, council)})
	if a, ok := item.(*CallAnswer); ok && len(a.Signatures) > 0 {
		return false, err
	}
	return true, err
}

// tellCall tells councils and keeps how far the telling has come, in one write.
func (w *writer) tellCall(x *EvidenceCall, councils []string, m Message) error {
	m.Link, m.LinkText = "/calls/"+x.ID+"/answer", "Answer for your council"
	if err := w.put(x); err != nil {
		return err
	}
	return w.tell(councils, RoleContributor, m)
}

func (w *writer) invitation(x *EvidenceCall) Message {
	return Message{Subject: "Your council is asked for evidence: " + x.Title,
		Text: []string{x.Why, "It asks about " + services(len(x.Services)) + " from " + x.Start.Words() + " to " + x.End.Words() + ". Answers are due by " + x.Until.Words() + ".",
			"You can answer part by part, in the browser or with a spreadsheet. A lead of your council signs it off and chooses who may see it."},
		Why: "You are told because your council is asked."}
}

func reminding(x *EvidenceCall) Message {
	return Message{Subject: "Evidence is due by " + x.Until.Words() + ": " + x.Title,
		Text: []string{"Your council has not signed an answer yet.", "If you have begun, a lead of your council signs what there is: parts that are missing can follow."},
		Why:  "You are told because your council is asked and has not signed an answer."}
}

func services(n int) string {
	if n == 1 {
		return "1 service"
	}
	return thousands(n) + " services"
}

// CallsAsking lists the open calls that ask a council and that it has not signed, or signed in part: a service that has
// neither figures nor a reason why there are none is still asked.
func (c *Catalogue) CallsAsking(ctx context.Context, actor Actor) (out []*EvidenceCall, err error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, nil
	}
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		council, ok, err := c.councilIn(tx, actor.Org)
		if err != nil || !ok {
			return err
		}
		all, err := c.callsSeen(tx, actor)
		if err != nil {
			return err
		}
		for _, x := range all {
			item, err := readItem(tx, Key{KindCallAnswer, CallAnswerID(x.ID, actor.Org)})
			if err != nil {
				return err
			}
			if x.State != CallOpen || !x.Asks(council) {
				continue
			}
			a, _ := item.(*CallAnswer)
			signed := a != nil && len(a.Signatures) > 0
			if signed {
				v, err := c.answerView(tx, actor, answered{x, a})
				if err != nil {
					return err
				}
				signed = v.Unanswered() == 0
			}
			if !signed {
				out = append(out, x)
			}
		}
		return nil
	})
	return out, err
}

// CallDue says in how many days a call's last day is; negative: it has passed.
func CallDue(x *EvidenceCall, today time.Time) int {
	return int(x.Until.Last().Sub(today) / (24 * time.Hour))
}
