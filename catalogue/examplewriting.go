package catalogue

import (
	"context"
	"slices"
	"strings"
	"time"
)

// BeginExample stores a new example of the actor's council as a draft. id is made with the form: sent twice, it makes one.
func (c *Catalogue) BeginExample(ctx context.Context, actor Actor, id string, text ExampleText) (*Example, error) {
	if id == "" {
		id = NewID()
	}
	text = text.trimmed()
	var out *Example
	err := c.write(ctx, actor, WriteExample, func(w *writer) error {
		old, err := readItem(w.tx, Key{KindExample, id})
		if err != nil {
			return err
		}
		if x, ok := old.(*Example); ok {
			if !actor.ForCouncil(x.Council) {
				return conflict("This form was used already")
			}
			out = x
			return nil
		}
		out = &Example{Meta: Meta{ID: id}, Council: actor.Org, Draft: &text, Demonstration: c.demonstration(actor.Org)}
		return w.putExample(out)
	})
	return exampleFor(out, actor, err)
}

// DraftExample stores what is being written of an example; what everybody sees stays as it is. note says what it changes of
// what is published. version is that of the record as it was read: Conflict where somebody else changed it since.
func (c *Catalogue) DraftExample(ctx context.Context, actor Actor, id string, version uint64, text ExampleText, note string) (*Example, error) {
	return c.changeExample(ctx, actor, WriteExample, id, func(w *writer, x *Example) error {
		switch {
		case version != x.Version:
			return conflict("This was saved somewhere else while you were working on it")
		case x.End != nil:
			return conflict("This example was withdrawn: write a new one")
		case x.Waits():
			return conflict("This example waits for review. Take it back to change it")
		}
		text = text.trimmed()
		x.Draft, x.Note = &text, strings.TrimSpace(note)
		if !x.IsPublic() {
			x.Note = ""
		}
		return w.putExample(x)
	})
}

// DiscardExample drops what was being written: the change of a published example, or the whole of one that never was. gone
// says that it was the whole.
func (c *Catalogue) DiscardExample(ctx context.Context, actor Actor, id string) (gone bool, err error) {
	_, err = c.changeExample(ctx, actor, WriteExample, id, func(w *writer, x *Example) error {
		gone = !x.IsPublic()
		switch {
		case x.Waits():
			return conflict("This example waits for review. Take it back first")
		case gone:
			return w.remove(x)
		case x.Draft == nil:
			return nil
		}
		x.Draft, x.Note = nil, ""
		return w.put(x)
	})
	return gone, err
}

// CheckExample says what is wrong with a text as everybody would read it, all of it; nil where it can be sent for review.
func (c *Catalogue) CheckExample(text ExampleText) error {
	v := &validation{register: c.register, dictionary: c.dictionary}
	text = text.trimmed()
	text.validate(v)
	text.complete(v)
	return v.err(string(KindExample))
}

// CheckExampleDraft says what is wrong with a text as a draft, which need not be whole; nil where it can be stored.
func (c *Catalogue) CheckExampleDraft(text ExampleText) error {
	v := &validation{register: c.register, dictionary: c.dictionary}
	text.trimmed().validate(v)
	return v.err(string(KindExample))
}

// SendExample asks the operator to review the draft; version is that of the draft that the officer saw. Sending it again
// does nothing.
func (c *Catalogue) SendExample(ctx context.Context, actor Actor, id string, version uint64) (*Example, error) {
	return c.changeExample(ctx, actor, SendExample, id, func(w *writer, x *Example) error {
		switch {
		case x.Waits(), x.Draft == nil:
			return nil
		case x.End != nil:
			return conflict("This example was withdrawn: write a new one")
		case version != x.Version:
			return conflict("The draft was changed since you read it. Read it again before you send it")
		case x.IsPublic() && x.Note == "":
			return invalid(string(KindExample), "note", "Say in a sentence what changes: councils that do it too are told")
		}
		text := x.Draft.ofItsKind()
		x.Draft, x.Asked, x.AskedBy = &text, w.now, actor.Account
		return w.putExample(x)
	})
}

// TakeBackExample makes a draft that waits for review one that can be changed.
func (c *Catalogue) TakeBackExample(ctx context.Context, actor Actor, id string) (*Example, error) {
	return c.changeExample(ctx, actor, SendExample, id, func(w *writer, x *Example) error {
		if !x.Waits() {
			return nil
		}
		x.Asked, x.AskedBy = time.Time{}, ""
		return w.put(x)
	})
}

// ExampleDecision is what the operator says of a draft; Version is that of the draft that was read.
type ExampleDecision struct {
	Publish bool   // else it is sent back
	Remark  string // for its council; why, where it is sent back
	Version uint64
}

// ReviewExample publishes a draft or sends it back. Its council is told, and of a change those that do it too.
func (c *Catalogue) ReviewExample(ctx context.Context, actor Actor, id string, d ExampleDecision) (*Example, error) {
	d.Remark = strings.TrimSpace(d.Remark)
	return c.changeExample(ctx, actor, ReviewExample, id, func(w *writer, x *Example) error {
		switch {
		case !x.Waits() || x.Draft == nil:
			return conflict("This example does not wait for review any more")
		case d.Version != x.Version:
			return conflict("The draft was changed since you read it. Read it again")
		case !d.Publish && d.Remark == "":
			return invalid(string(KindExample), "remark", "Say what its council has to change")
		}
		first := !x.IsPublic()
		x.Reviews = append(x.Reviews, ExampleReview{At: w.now, Published: d.Publish, Remark: d.Remark, Account: actor.Account})
		x.Asked, x.AskedBy = time.Time{}, ""
		if !d.Publish {
			if err := w.put(x); err != nil {
				return err
			}
			return w.tellReviewed(x, d)
		}
		note := x.Note
		x.Text, x.Draft, x.Note, x.Latest = *x.Draft, nil, "", w.now
		if first {
			x.Published = w.now
		} else {
			x.Changes = append(x.Changes, ExampleChange{At: w.now, Note: note})
		}
		if err := w.putExample(x); err != nil {
			return err
		}
		if err := w.tellReviewed(x, d); err != nil || first {
			return err
		}
		return w.tellAdopters(x, Message{Subject: "An example that you follow has changed: " + x.Text.Title, Text: []string{note}})
	})
}

// tellReviewed tells the council of an example what was decided on its draft.
func (w *writer) tellReviewed(x *Example, d ExampleDecision) error {
	m := Message{Subject: "Your example is public: " + x.Text.Title, Link: "/examples/" + x.ID, LinkText: "See it as everybody does",
		Text: []string{"It was reviewed, and everybody can read it now."}, Why: "You are told because your council wrote it."}
	if !d.Publish {
		m.Subject, m.Link, m.LinkText = "Your example was sent back: "+x.Draft.Title, "/examples/"+x.ID+"/draft", "Change it and send it again"
		m.Text = []string{"Whoever runs this service read it and asks for a change:"}
	}
	if d.Remark != "" {
		m.Text = append(m.Text, strings.FieldsFunc(d.Remark, func(r rune) bool { return r == '\n' })...)
	}
	return w.tell([]string{x.Council}, RoleContributor, m)
}

// WithdrawExample takes back a published example; everybody reads the reason, and those that do it too are told.
func (c *Catalogue) WithdrawExample(ctx context.Context, actor Actor, id, reason string) (*Example, error) {
	return c.changeExample(ctx, actor, SendExample, id, func(w *writer, x *Example) error {
		switch {
		case !x.IsPublic():
			return conflict("This example is not published: discard the draft instead")
		case x.End != nil:
			return nil
		}
		x.End = &ExampleEnd{At: w.now, Reason: strings.TrimSpace(reason)}
		x.Draft, x.Note, x.Asked, x.AskedBy, x.Latest = nil, "", time.Time{}, "", w.now
		if err := w.put(x); err != nil {
			return err
		}
		return w.tellAdopters(x, Message{Subject: "An example that you follow is withdrawn: " + x.Text.Title, Text: []string{"The reason: " + x.End.Reason}})
	})
}

// tellAdopters tells all who do what an example tells of what is now public, in the same moment: in their inboxes, and by
// mail those who want to hear at once.
func (w *writer) tellAdopters(x *Example, m Message) error {
	all, err := adoptionsOf(w.tx, x)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(a *Adoption) bool { return !a.GoesOn() })
	if len(all) == 0 {
		return nil
	}
	if err := w.start(); err != nil {
		return err
	}
	m.Subject, m.Why = shortened(m.Subject, maxTitle), "You are told because your council said that it does this too."
	m.Link, m.LinkText = "/examples/"+x.ID, "Read the example"
	if err := w.put(&News{Meta: Meta{ID: NewsID(w.seq + 1)}, Subject: m.Subject, Text: m.Text, Why: m.Why, Link: m.Link, LinkText: m.LinkText,
		Told: w.now, Example: x.ID, Least: RoleViewer, About: x.Key(), Demonstration: x.Demonstration}); err != nil {
		return err
	}
	var councils []string
	for _, a := range all {
		councils = append(councils, a.Council)
	}
	to, err := w.toldAtOnce(councils, RoleViewer)
	if err != nil || len(to) == 0 {
		return err
	}
	m.Expires = w.now.Add(mailLife)
	return w.postStoppable(m, to...)
}

// putExample stores an example whose platforms are looked up first.
func (w *writer) putExample(x *Example) error {
	var wrong check
	if x.Draft != nil {
		for _, id := range x.Draft.Platforms {
			item, err := readItem(w.tx, Key{KindPlatform, id})
			if err != nil {
				return err
			}
			wrong.that(item != nil, "platforms", "Choose a platform that is listed")
		}
	}
	if err := wrong.err(string(KindExample)); err != nil {
		return err
	}
	return w.put(x)
}

// changeExample runs fn on a whole example that the actor may change so; fn puts what it changes.
func (c *Catalogue) changeExample(ctx context.Context, actor Actor, action Action, id string, fn func(*writer, *Example) error) (*Example, error) {
	var out *Example
	err := c.write(ctx, actor, action, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindExample, id})
		if err != nil {
			return err
		}
		x, ok := item.(*Example)
		if !ok {
			return notFound(string(KindExample))
		}
		if _, ok := x.sees(actor); !ok {
			return notFound(string(KindExample))
		}
		if !actor.IsOperator() && !actor.ForCouncil(x.Council) {
			return forbidden("This is the example of another council")
		}
		out = x
		return fn(w, x)
	})
	return exampleFor(out, actor, err)
}

// exampleFor is an example that was written as its actor may see it.
func exampleFor(x *Example, actor Actor, err error) (*Example, error) {
	if err != nil {
		return nil, err
	}
	seen, ok := x.sees(actor)
	if !ok {
		return nil, notFound(string(KindExample))
	}
	return seen.(*Example), nil
}

// trimmed is the text without space around what was typed, without what was left empty.
func (t ExampleText) trimmed() ExampleText {
	for _, s := range []*string{&t.Title, &t.Summary, &t.ForWhom, &t.Done, &t.People, &t.CostNote, &t.Wrong, &t.DataShared, &t.LegalBasis} {
		*s = strings.TrimSpace(*s)
	}
	t.Services, t.Capabilities, t.Platforms = once(t.Services), once(t.Capabilities), once(t.Platforms)
	t.Partners = slices.DeleteFunc(once(t.Partners), func(s string) bool { return strings.TrimSpace(s) == "" })
	t.Changed = slices.DeleteFunc(slices.Clone(t.Changed), func(m Measure) bool { return m == Measure{} })
	t.Reuse = slices.DeleteFunc(slices.Clone(t.Reuse), func(r Reusable) bool { return r == Reusable{} })
	return t
}

// ofItsKind is the text without what only the other kind says: a draft keeps it until it is sent.
func (t ExampleText) ofItsKind() ExampleText {
	if t.Kind != ComplexExample {
		t.About, t.Partners, t.DataShared, t.LegalBasis = nil, nil, "", ""
	}
	return t
}

// once is a list with each of its entries once, in its order.
func once[T comparable](list []T) []T {
	var out []T
	for _, e := range list {
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}
