package catalogue

import (
	"context"
	"strings"

	"jointly/catalogue/kv"
)

// ExampleQuestion is what a council asks another about its example.
type ExampleQuestion struct {
	ID      string // made with the form, so that sending it twice asks once
	Example string
	Subject string
	Text    string
}

// AskAboutExample writes to the council of an example that is ready to be asked. Each council has one open talk about an
// example: asking again adds to it. The council is told.
func (c *Catalogue) AskAboutExample(ctx context.Context, actor Actor, q ExampleQuestion) (*Talk, error) {
	if q.ID == "" {
		q.ID = NewID()
	}
	var out *Talk
	err := c.write(ctx, actor, AskToTalk, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindTalk, q.ID})
		if err != nil {
			return err
		}
		if t, ok := old.(*Talk); ok {
			if t.From != actor.Org || t.Example != q.Example {
				return conflict("This form was used already")
			}
			out = t
			return nil
		}
		x, err := load[*Example](c, w.tx, actor, KindExample, q.Example)
		switch {
		case err != nil:
			return err
		case actor.OrgKind != OrgCouncil:
			return forbidden("Councils ask each other about examples")
		case actor.ForCouncil(x.Council):
			return invalid("talk", "text", "This is your own council’s example")
		case !x.Stands() || !x.Text.Talk:
			return conflict("The council that wrote this example does not offer to be asked about it")
		}
		out, err = w.beginTalk(&Talk{Meta: Meta{ID: q.ID}, Subject: strings.TrimSpace(q.Subject), From: actor.Org, To: x.Council, Example: x.ID,
			State: TalkAsked, Begun: w.now, Demonstration: c.demonstration(actor.Org)}, q.ID, q.Text)
		return err
	})
	return talkFor(out, actor, err)
}

// OpenExampleTalk is the ID of the open talk of the actor's council about an example of another; empty where there is none.
func (c *Catalogue) OpenExampleTalk(ctx context.Context, actor Actor, example string) (id string, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		id = ""
		ids, err := lookup(tx, append([]string{"talk.pair"}, (&Talk{Example: example, From: actor.Org}).pair()...)...)
		if err == nil && len(ids) > 0 {
			id = ids[0]
		}
		return err
	})
	return id, err
}
