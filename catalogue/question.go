package catalogue

import (
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// SignalQuestion is what a supplier asks about a signal. Until it is answered the supplier and the signal's officers
// alone see it; then everybody reads the wording that the officer gave it, with the answer, and nobody outside who asked.
type SignalQuestion struct {
	Meta
	Signal        string      `json:"signal"`
	Supplier      string      `json:"supplier,omitempty"` // ID; who asked
	Account       string      `json:"account,omitempty"`
	Original      string      `json:"original,omitempty"` // as it was asked
	Asked         time.Time   `json:"asked,omitzero"`
	Heard         uint64      `json:"heard,omitempty"`  // the last change before it was asked: what was told until then is not for the asker
	Number        int         `json:"number,omitempty"` // among the answered ones of its signal, from 1; 0: not answered
	Text          string      `json:"text,omitempty"`   // as everybody reads it
	Answer        string      `json:"answer,omitempty"`
	Answered      time.Time   `json:"answered,omitzero"`
	By            string      `json:"by,omitempty"`      // account that answered
	Earlier       []AnswerWas `json:"earlier,omitempty"` // what it said before it was corrected, oldest first
	Demonstration bool        `json:"demonstration,omitempty"`

	officers string // code of the council that runs the signal, read with the record
}

// AnswerWas is a question with its answer as everybody read it until it was corrected.
type AnswerWas struct {
	Text     string    `json:"text"`
	Answer   string    `json:"answer"`
	Answered time.Time `json:"answered"`     // since when it stood
	Why      string    `json:"why"`          // it was corrected
	By       string    `json:"by,omitempty"` // account that gave it
}

// Key names the question.
func (q *SignalQuestion) Key() Key { return Key{KindQuestion, q.ID} }

// IsAnswered says that everybody sees it.
func (q *SignalQuestion) IsAnswered() bool { return q.Number > 0 }

// asker says that an actor is of the supplier that asked.
func (q *SignalQuestion) asker(a Actor) bool {
	return a.OrgKind == OrgSupplier && a.Org != "" && a.Org == q.Supplier
}

// answeredBy says that an actor's council runs the signal.
func (q *SignalQuestion) answeredBy(a Actor) bool { return a.ForCouncil(q.officers) }

func (q *SignalQuestion) concerns(a Actor) bool { return q.asker(a) || q.answeredBy(a) }

func (q *SignalQuestion) owner() string { return "" }

func (q *SignalQuestion) sees(a Actor) (Item, bool) {
	out := *q
	out.Earlier = slices.Clone(q.Earlier)
	if !a.IsOperator() && !q.answeredBy(a) {
		for i := range out.Earlier {
			out.Earlier[i].By = ""
		}
	}
	switch {
	case a.IsOperator():
		return &out, true
	case q.answeredBy(a):
		out.Account = "" // officers know which supplier asks, not which of its people
		return &out, true
	case q.asker(a):
		out.By = ""
		return &out, true
	case !q.IsAnswered():
		return nil, false
	}
	return &SignalQuestion{Meta: Meta{ID: q.ID, Version: q.Version, Created: q.Answered, Changed: q.Answered}, Signal: q.Signal,
		Number: q.Number, Text: q.Text, Answer: q.Answer, Answered: q.Answered, Earlier: out.Earlier, Demonstration: q.Demonstration}, true
}

func (q *SignalQuestion) index(add func(string, ...string)) {
	add("question.signal", q.Signal)
	add("question.supplier", q.Supplier)
	add("question.asked", q.Supplier, talkDay(q.Asked))
	if !q.IsAnswered() {
		add("question.waits", q.Signal)
	}
}

func (q *SignalQuestion) validate(v *validation) {
	said := func(field, text string, most int, missing string) {
		v.text(field, text, 0, most)
		v.that(strings.TrimSpace(text) != "", field, missing)
	}
	v.that(q.Signal != "" && q.Supplier != "", "signal", "A supplier asks about a signal")
	said("question", q.Original, maxSaid, "Enter your question")
	if q.IsAnswered() {
		said("text", q.Text, maxSaid, "Enter the question as everybody is to read it")
		said("answer", q.Answer, maxScope, "Enter the answer")
	}
	v.that(len(q.Earlier) <= maxCorrections, "answer", "This answer has been corrected 20 times: publish a change of the signal instead")
	for _, was := range q.Earlier {
		said("why", was.Why, maxTitle, "Say what was wrong: everybody reads it")
	}
}

// admitQuestion fills in whose officers answer a question.
func admitQuestion(tx kv.Tx, q *SignalQuestion) error {
	item, err := readItem(tx, Key{KindSignal, q.Signal})
	if err != nil {
		return err
	}
	if s, ok := item.(*Signal); ok {
		q.officers = s.authority()
	}
	return nil
}
