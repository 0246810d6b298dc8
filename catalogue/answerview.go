package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// ServicePart is one service of a call as a council answers it.
type ServicePart struct {
	Service register.Service
	Return  *Return // nil: nothing is entered
	Skip    string  // why there are no figures; empty: there are, or nothing is said yet
}

// Lines is the figures that would be signed: those of the draft, else those that stand.
func (p ServicePart) Lines() []ReturnLine {
	if p.Return == nil {
		return nil
	}
	if p.Return.Draft != nil {
		return p.Return.Draft.Lines
	}
	now, _ := p.Return.Current()
	return now.Lines
}

// Note is what a reader must know of these figures.
func (p ServicePart) Note() string {
	if p.Return == nil {
		return ""
	}
	if p.Return.Draft != nil {
		return p.Return.Draft.Note
	}
	now, _ := p.Return.Current()
	return now.Note
}

// Partly says that some channels have a figure and others have none.
func (p ServicePart) Partly() bool {
	n := len(p.Lines())
	return n > 0 && n < len(Channels())
}

// Done says that the service is dealt with.
func (p ServicePart) Done() bool { return len(p.Lines()) > 0 || p.Skip != "" }

// AnswerView is a council's answer to a call, for its own people.
type AnswerView struct {
	Call     *EvidenceCall
	Council  *Council
	Answer   *CallAnswer // Version 0: it is not begun
	Services []ServicePart
}

// Unanswered is how many services have neither figures nor a reason why there are none.
func (v *AnswerView) Unanswered() (n int) {
	for _, p := range v.Services {
		if !p.Done() {
			n++
		}
	}
	return n
}

// Says says that there is something to sign.
func (v *AnswerView) Says() bool {
	for _, p := range v.Services {
		if p.Done() {
			return true
		}
	}
	return len(v.Answer.Words) > 0
}

// Again says that signing makes a later version of something that stands.
func (v *AnswerView) Again() bool {
	_, signed := v.Answer.Signed()
	for _, p := range v.Services {
		signed = signed || p.Return != nil && p.Return.Signed()
	}
	return signed
}

// Changed says that something is not signed yet.
func (v *AnswerView) Changed() bool {
	now, signed := v.Answer.Signed()
	if !signed || !slices.Equal(now.Words, v.Answer.Words) || !slices.Equal(now.Skipped, v.Answer.Skipped) {
		return true
	}
	for _, p := range v.Services {
		if p.Return != nil && p.Return.Draft != nil && !standsAs(p.Return) {
			return true
		}
	}
	return false
}

// Answering is the answer of the actor's council to a call that asks it; Forbidden for others, Conflict where the call is
// closed and the council has not answered.
func (c *Catalogue) Answering(ctx context.Context, actor Actor, call string) (*AnswerView, error) {
	var out *AnswerView
	err := c.view(ctx, func(tx kv.Tx) error {
		in, err := c.answeringIn(tx, actor, call)
		if err != nil {
			return err
		}
		out, err = c.answerView(tx, actor, in)
		return err
	})
	return out, err
}

func (c *Catalogue) answerView(tx kv.Tx, actor Actor, in answered) (*AnswerView, error) {
	v := &AnswerView{Call: in.call, Answer: in.answer}
	var err error
	if v.Council, _, err = c.councilIn(tx, actor.Org); err != nil {
		return nil, err
	}
	for _, lgsl := range in.call.Services {
		s, _ := c.register.Service(lgsl)
		p := ServicePart{Service: s, Skip: in.answer.Skips(lgsl)}
		item, err := readItem(tx, Key{KindReturn, ReturnID(actor.Org, lgsl, in.call.Start)})
		if err != nil {
			return nil, err
		}
		if r, ok := item.(*Return); ok {
			p.Return = r
		}
		v.Services = append(v.Services, p)
	}
	return v, nil
}
