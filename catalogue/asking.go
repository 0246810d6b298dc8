package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// AskAboutSignal puts a supplier's question to the officers of a signal, who are told. form makes its ID: the same form
// sent twice asks once.
func (c *Catalogue) AskAboutSignal(ctx context.Context, actor Actor, signal, form, text string) (*SignalQuestion, error) {
	if form == "" {
		form = NewID()
	}
	var out *SignalQuestion
	err := c.write(ctx, actor, AskAboutSignal, func(w *writer) error {
		s, err := w.signal(signal)
		if err != nil {
			return err
		}
		old, err := readItem(w.tx, Key{KindQuestion, form})
		if err != nil {
			return err
		}
		if q, ok := old.(*SignalQuestion); ok {
			if !q.asker(actor) || q.Signal != signal {
				return conflict("This form was used already")
			}
			out = q
			return nil
		}
		if !s.TakesQuestions(c.Today()) {
			return invalid("question", "question", "The time for questions about this signal is over")
		}
		asked, err := lookup(w.tx, "question.asked", actor.Org, talkDay(w.now))
		if err != nil {
			return err
		}
		if len(asked) >= asksPerDay {
			return invalid("question", "question", "You have asked 20 questions today, which is the most. Ask again tomorrow")
		}
		if err := w.start(); err != nil {
			return err
		}
		out = &SignalQuestion{Meta: Meta{ID: form}, Signal: signal, Supplier: actor.Org, Account: actor.Account, Original: strings.TrimSpace(text),
			Asked: w.now, Heard: w.seq, Demonstration: s.Demonstration, officers: s.authority()}
		if err := w.put(out); err != nil {
			return err
		}
		return w.tellOfficers(s, out)
	})
	if err != nil {
		return nil, err
	}
	seen, _ := out.sees(actor)
	return seen.(*SignalQuestion), nil
}

// tellOfficers tells the council that runs a signal of a question.
func (w *writer) tellOfficers(s *Signal, q *SignalQuestion) error {
	m := Message{Subject: "A supplier asks: " + s.Text.Title, Link: "/signals/" + s.ID + "/questions/" + q.ID, LinkText: "Answer, for everybody to read",
		Text: []string{"A supplier has asked about your signal. Until you answer, nobody else sees the question."},
		Why:  "You are told because your council runs this signal."}
	m.Text = append(m.Text, strings.FieldsFunc(q.Original, func(r rune) bool { return r == '\n' })...)
	m.Text = append(m.Text, "The answer is due by "+dayWords(s.AnswerBy(q.Asked).First())+".")
	return w.tell([]string{s.authority()}, RoleLead, m)
}

// AnswerSignal makes a question, worded as text, and its answer public to everybody in one moment; whoever hears of the
// signal is told with it. What was asked stays as it was, for the officers and the asker. The same answer a second time
// changes nothing.
func (c *Catalogue) AnswerSignal(ctx context.Context, actor Actor, signal, question, text, answer string) (*SignalQuestion, error) {
	text, answer = strings.TrimSpace(text), strings.TrimSpace(answer)
	var out *SignalQuestion
	_, err := c.changeSignal(ctx, actor, signal, func(w *writer, s *Signal) error {
		item, err := readItem(w.tx, Key{KindQuestion, question})
		if err != nil {
			return err
		}
		q, ok := item.(*SignalQuestion)
		if !ok || q.Signal != signal {
			return notFound(string(KindQuestion))
		}
		out = q
		if q.IsAnswered() {
			if q.Text == text && q.Answer == answer {
				return nil
			}
			return conflict("This question is answered already: everybody has read the answer")
		}
		wrong, err := w.identifies(q, SignalFact{"text", text}, SignalFact{"answer", answer})
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return &Error{Kind: Invalid, Message: "There is a problem with this answer", Fields: wrong}
		}
		answered, err := w.answeredOf(signal)
		if err != nil {
			return err
		}
		q.Number, q.Text, q.Answer, q.Answered, q.By = answered+1, text, answer, w.now, actor.Account
		if err := w.put(q); err != nil {
			return err
		}
		s.Latest = w.now
		if err := w.put(s); err != nil {
			return err
		}
		return w.tellSignal(s, Message{Subject: "A question is answered: " + s.Text.Title, Link: "/signals/" + s.ID + "#questions", LinkText: "Read all questions and answers",
			Text: []string{"Question: " + q.Text, "Answer: " + q.Answer}})
	})
	if err != nil {
		return nil, err
	}
	seen, _ := out.sees(actor)
	return seen.(*SignalQuestion), nil
}

// CorrectAnswer puts another wording of a question, or another answer, in place of what everybody has read, with the
// reason; what it said before stays beside it with its days, and whoever hears of the signal is told. version is that of
// the record that the officer saw: Conflict where it was corrected since.
func (c *Catalogue) CorrectAnswer(ctx context.Context, actor Actor, signal, question string, version uint64, text, answer, why string) (*SignalQuestion, error) {
	text, answer, why = strings.TrimSpace(text), strings.TrimSpace(answer), strings.TrimSpace(why)
	var out *SignalQuestion
	_, err := c.changeSignal(ctx, actor, signal, func(w *writer, s *Signal) error {
		item, err := readItem(w.tx, Key{KindQuestion, question})
		if err != nil {
			return err
		}
		q, ok := item.(*SignalQuestion)
		if !ok || q.Signal != signal || !q.IsAnswered() {
			return notFound(string(KindQuestion))
		}
		out = q
		switch {
		case q.Text == text && q.Answer == answer:
			return nil
		case q.Version != version:
			return conflict("This answer was corrected while you were working on it")
		}
		wrong, err := w.identifies(q, SignalFact{"text", text}, SignalFact{"answer", answer}, SignalFact{"why", why})
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return &Error{Kind: Invalid, Message: "There is a problem with this answer", Fields: wrong}
		}
		q.Earlier = append(slices.Clone(q.Earlier), AnswerWas{Text: q.Text, Answer: q.Answer, Answered: q.Answered, Why: why, By: q.By})
		q.Text, q.Answer, q.Answered, q.By = text, answer, w.now, actor.Account
		if err := w.put(q); err != nil {
			return err
		}
		s.Latest = w.now
		if err := w.put(s); err != nil {
			return err
		}
		return w.tellSignal(s, Message{Subject: "An answer is corrected: " + s.Text.Title, Link: "/signals/" + s.ID + "#questions", LinkText: "Read what it said before, and all questions",
			Text: []string{fmt.Sprintf("Question %d: %s", q.Number, q.Text), "Answer from now on: " + q.Answer, "Why it was corrected: " + why}})
	})
	if err != nil {
		return nil, err
	}
	seen, _ := out.sees(actor)
	return seen.(*SignalQuestion), nil
}

// identifies lists where what is to be public names the supplier that asked.
func (w *writer) identifies(q *SignalQuestion, said ...SignalFact) ([]FieldError, error) {
	item, err := readItem(w.tx, Key{KindSupplier, q.Supplier})
	if err != nil {
		return nil, err
	}
	s, ok := item.(*Supplier)
	if !ok {
		return nil, nil
	}
	name := strings.TrimSuffix(s.Name, " (demonstration)")
	var out []FieldError
	for _, f := range said {
		if saysWord(f.Text, name) {
			out = append(out, FieldError{f.Name, "Take out ‘" + name + "’: it tells who asked"})
		}
	}
	return out, nil
}

// answeredOf is how many questions about a signal are answered.
func (w *writer) answeredOf(signal string) (int, error) {
	all, err := lookup(w.tx, "question.signal", signal)
	if err != nil {
		return 0, err
	}
	waiting, err := lookup(w.tx, "question.waits", signal)
	return len(all) - len(waiting), err
}

// SignalAskers lists the suppliers that have asked about a signal, by ID, for its officers and the operator; Forbidden for
// everybody else.
func (c *Catalogue) SignalAskers(ctx context.Context, actor Actor, signal string) ([]string, error) {
	var out []string
	err := c.view(ctx, func(tx kv.Tx) error {
		s, err := load[*Signal](c, tx, actor, KindSignal, signal)
		switch {
		case err != nil:
			return err
		case !s.runs(actor) && !actor.IsOperator():
			return forbidden("Who asked is for the officers of the signal alone")
		}
		questions, err := listed[*SignalQuestion](c, tx, actor, KindQuestion, "question.signal", signal)
		out = nil
		for _, q := range questions {
			out = append(out, q.Supplier)
		}
		slices.Sort(out)
		out = slices.Compact(out)
		return err
	})
	return out, err
}

// WaitingQuestion is a question that waits for an answer of the actor's council.
type WaitingQuestion struct {
	Question *SignalQuestion
	Signal   *Signal
	Due      Date
	Overdue  bool
}

// waitingQuestions lists what the actor's council has to answer, the soonest due first; groups are those that it is in.
func (c *Catalogue) waitingQuestions(tx kv.Tx, actor Actor, groups []*BuyingGroup) ([]WaitingQuestion, error) {
	if !MayDo(actor, PublishSignal) {
		return nil, nil
	}
	lookUps := [][]string{{"signal.council", actor.Org}}
	for _, g := range groups {
		if m, _ := g.Member(actor.Org); m.State == Accepted {
			lookUps = append(lookUps, []string{"signal.group", g.ID})
		}
	}
	var out []WaitingQuestion
	for _, up := range lookUps {
		ids, err := lookup(tx, up...)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			waiting, err := lookup(tx, "question.waits", id)
			if err != nil {
				return nil, err
			}
			if len(waiting) == 0 {
				continue
			}
			s, err := load[*Signal](c, tx, actor, KindSignal, id)
			if err != nil {
				return nil, err
			}
			if !s.runs(actor) {
				continue
			}
			for _, question := range waiting {
				q, err := load[*SignalQuestion](c, tx, actor, KindQuestion, question)
				if err != nil {
					return nil, err
				}
				due := s.AnswerBy(q.Asked)
				out = append(out, WaitingQuestion{q, s, due, due.Last().Before(c.Today())})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b WaitingQuestion) int { return a.Due.First().Compare(b.Due.First()) })
	return out, nil
}
