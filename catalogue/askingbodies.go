package catalogue

import (
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// AskBody stores what the actor's council asks of a body, in public; audience is who may know that it is this council.
// The same form sent twice asks once. The body's people are told.
func (c *Catalogue) AskBody(ctx context.Context, actor Actor, a Ask, audience Audience) (*Ask, error) {
	if a.ID == "" {
		a.ID = NewID()
	}
	var out *Ask
	err := c.write(ctx, actor, AskOfBody, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindAsk, a.ID})
		if err != nil {
			return err
		}
		if was, ok := old.(*Ask); ok {
			if was.Council != actor.Org {
				return conflict("This form was used already")
			}
			out = was
			return nil
		}
		out = &Ask{Meta: Meta{ID: a.ID}, Body: a.Body, Council: actor.Org, Title: strings.TrimSpace(a.Title), Why: strings.TrimSpace(a.Why), Capability: a.Capability, Platform: a.Platform,
			Supports: []AskSupport{{actor.Org, audience, actor.Account, w.now}}, Asked: w.now, Demonstration: c.demonstration(actor.Org)}
		body, err := bodyIn(w.tx, a.Body)
		if err != nil {
			return err
		}
		if body == nil {
			return invalid(string(KindAsk), "body", "Choose whom you ask")
		}
		if a.Platform != "" {
			p, err := load[*Platform](c, w.tx, actor, KindPlatform, a.Platform)
			if err != nil && KindOf(err) != NotFound {
				return err
			}
			if p == nil || !slices.Contains(body.Suppliers, p.SupplierID) {
				return invalid(string(KindAsk), "platform", "Choose a platform of this body, or none")
			}
		}
		if err := w.put(out); err != nil {
			return err
		}
		return w.tell([]string{body.ID}, RoleViewer, Message{Subject: "Councils ask: " + out.Title, Text: []string{"A council asks something of " + body.Label() + " that others can join in. How many ask is shown beside it.", out.Why},
			Why: "You are told because " + body.Label() + " is asked.", Link: "/asks/" + out.ID, LinkText: "Read and answer"})
	})
	return askFor(out, actor, err)
}

// askFor is an ask that was written as its actor may see it.
func askFor(a *Ask, actor Actor, err error) (*Ask, error) {
	if err != nil {
		return nil, err
	}
	seen, _ := a.sees(actor)
	return seen.(*Ask), nil
}

// CheckAsk says all that the rules find wrong with what a council would ask, without storing it; nil where it could be.
func (c *Catalogue) CheckAsk(ctx context.Context, actor Actor, a Ask, audience Audience) error {
	a.Supports = []AskSupport{{Council: actor.Org, Audience: audience}}
	a.Council = actor.Org
	return c.view(ctx, func(tx kv.Tx) error { return c.validate(tx, &a) })
}

// SupportAsk says that the actor's council asks the same, or changes who may know it; with no audience, that it no
// longer does. Whoever wrote an ask withdraws it instead.
func (c *Catalogue) SupportAsk(ctx context.Context, actor Actor, id string, audience Audience) (*Ask, error) {
	return c.changeAsk(ctx, actor, AskOfBody, id, func(w *writer, a *Ask) error {
		at := a.support(actor.Org)
		switch {
		case a.Withdrawn != "":
			return conflict("This was withdrawn")
		case audience == "" && a.Council == actor.Org:
			return invalid(string(KindAsk), "audience", "Your council wrote this: withdraw it instead")
		case audience == "" && at < 0, at >= 0 && a.Supports[at].Audience == audience:
			return nil
		case audience == "":
			a.Supports = slices.Delete(a.Supports, at, at+1)
		case at >= 0:
			a.Supports[at].Audience = audience
		default:
			a.Supports = append(a.Supports, AskSupport{actor.Org, audience, actor.Account, w.now})
		}
		return w.put(a)
	})
}

// WithdrawAsk ends what the actor's council asked, with a reason that everybody reads.
func (c *Catalogue) WithdrawAsk(ctx context.Context, actor Actor, id, reason string) (*Ask, error) {
	return c.changeAsk(ctx, actor, AskOfBody, id, func(w *writer, a *Ask) error {
		switch {
		case a.Council != actor.Org:
			return forbidden("The council that wrote this can withdraw it")
		case a.Withdrawn != "":
			return nil
		case strings.TrimSpace(reason) == "":
			return invalid(string(KindAsk), "reason", "Say why: everybody reads it")
		}
		a.Withdrawn = strings.TrimSpace(reason)
		return w.put(a)
	})
}

// toldOfAnswers is how many councils are told of an answer in one transaction.
const toldOfAnswers = 20

// AnswerAsk is what the actor's body says to all who ask, in public. Every council that asks is told. The same words
// again do nothing.
func (c *Catalogue) AnswerAsk(ctx context.Context, actor Actor, id string, state AskState, text string) (*Ask, error) {
	text = strings.TrimSpace(text)
	out, err := c.changeAsk(ctx, actor, AnswerForBody, id, func(w *writer, a *Ask) error {
		switch last := a.Answer(); {
		case !actor.forBody(a.Body): // not the operator either: it would speak for somebody else
			return forbidden("The body that is asked answers this")
		case a.Withdrawn != "":
			return conflict("This was withdrawn")
		case last != nil && last.State == state && last.Text == text:
			return nil
		}
		a.Answers = append(a.Answers, AskAnswer{At: w.now, State: state, Text: text, Account: actor.Account})
		a.Untold = nil
		for _, s := range a.Supports {
			a.Untold = append(a.Untold, s.Council)
		}
		return w.tellAnswer(a)
	})
	if err != nil {
		return nil, err
	}
	return out, c.tellAnswers(ctx)
}

// tellAnswer puts an ask and tells the next councils of its latest answer.
func (w *writer) tellAnswer(a *Ask) error {
	some := a.Untold[:min(len(a.Untold), toldOfAnswers)]
	a.Untold = slices.Clone(a.Untold[len(some):])
	if err := w.put(a); err != nil {
		return err
	}
	body, err := bodyIn(w.tx, a.Body)
	if err != nil || body == nil {
		return err
	}
	last := a.Answer()
	return w.tell(some, RoleViewer, Message{Subject: body.Label() + " answers: " + a.Title, Text: append([]string{last.State.Words() + "."}, strings.FieldsFunc(last.Text, func(r rune) bool { return r == '\n' })...),
		Why: "You are told because your council asks this too.", Link: "/asks/" + a.ID, LinkText: "Read the answer"})
}

// tellAnswers tells the councils that are still to be told of an answer: of many, a part at a time, and once where the
// program stopped between.
func (c *Catalogue) tellAnswers(ctx context.Context) error {
	for {
		var ids []string
		if err := c.view(ctx, func(tx kv.Tx) (err error) { ids, err = lookup(tx, "ask.untold"); return err }); err != nil || len(ids) == 0 {
			return err
		}
		if err := c.write(ctx, Operator("job"), AnswerForBody, func(w *writer) error {
			item, err := readItem(w.tx, Key{KindAsk, ids[0]})
			if a, ok := item.(*Ask); ok && err == nil && len(a.Untold) > 0 {
				return w.tellAnswer(a)
			}
			return err
		}); err != nil {
			return err
		}
	}
}

// changeAsk runs fn on a whole ask; fn puts what it changes.
func (c *Catalogue) changeAsk(ctx context.Context, actor Actor, action Action, id string, fn func(*writer, *Ask) error) (*Ask, error) {
	var out *Ask
	err := c.write(ctx, actor, action, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindAsk, id})
		if err != nil {
			return err
		}
		whole, ok := item.(*Ask)
		if !ok {
			return notFound(string(KindAsk))
		}
		if err := allow(actor, action, whole, whole); err != nil {
			return err
		}
		out = whole
		return fn(w, whole)
	})
	return askFor(out, actor, err)
}

// AskView is what the page of an ask shows.
type AskView struct {
	Ask      *Ask
	Body     *Body
	Named    []*Council // that the actor may know to ask this, by name
	Platform *Platform  // nil: none
}

// Ask reads the page of an ask.
func (c *Catalogue) Ask(ctx context.Context, actor Actor, id string) (*AskView, error) {
	var v *AskView
	err := c.view(ctx, func(tx kv.Tx) error {
		a, err := load[*Ask](c, tx, actor, KindAsk, id)
		if err != nil {
			return err
		}
		v = &AskView{Ask: a}
		if v.Body, err = load[*Body](c, tx, actor, KindBody, a.Body); err != nil {
			return err
		}
		if p, err := load[*Platform](c, tx, actor, KindPlatform, a.Platform); err == nil {
			v.Platform = p
		} else if KindOf(err) != NotFound {
			return err
		}
		for _, s := range a.Supports {
			council, ok, err := c.councilIn(tx, s.Council)
			if err != nil {
				return err
			}
			if ok {
				v.Named = append(v.Named, council)
			}
		}
		slices.SortFunc(v.Named, func(a, b *Council) int { return strings.Compare(a.Name, b.Name) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// waitingForBody counts what waits for somebody of a body: groups that ask it in, what councils ask and nobody answered,
// talks, and unread news.
func (c *Catalogue) waitingForBody(ctx context.Context, actor Actor) (Waiting, error) {
	var out Waiting
	err := c.view(ctx, func(tx kv.Tx) error {
		asks, err := lookup(tx, "ask.body", actor.Org, askWaits)
		if err != nil {
			return err
		}
		talks, err := c.waitingTalks(tx, actor)
		if err != nil {
			return err
		}
		groups, err := listed[*BuyingGroup](c, tx, actor, KindGroup, "group.partner", actor.Org, string(Invited))
		if err != nil {
			return err
		}
		groups = slices.DeleteFunc(groups, func(g *BuyingGroup) bool { return !g.GoesOn() })
		unread, err := unreadNews(tx, actor, UnreadMost)
		out = Waiting{Invitations: len(groups), Questions: len(asks), Talks: len(talks), Unread: len(unread)}
		return err
	})
	return out, err
}

// BodyDesk is what waits for the people of a body, beside groups that ask it in: see PartnerGroups.
type BodyDesk struct {
	Asks  []*Ask  // of councils, that wait for its answer
	Talks []*Talk // wait for its word; none for those who may not talk for it
}

// BodyDesk reads what waits for the actor's body; empty for actors of none.
func (c *Catalogue) BodyDesk(ctx context.Context, actor Actor) (*BodyDesk, error) {
	d := &BodyDesk{}
	if actor.OrgKind != OrgBody || actor.Org == "" {
		return d, nil
	}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		*d = BodyDesk{}
		if d.Asks, err = listed[*Ask](c, tx, actor, KindAsk, "ask.body", actor.Org, askWaits); err != nil {
			return err
		}
		talks, err := c.waitingTalks(tx, actor)
		if err != nil {
			return err
		}
		d.Talks, err = c.talksBy(tx, actor, talks)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}
