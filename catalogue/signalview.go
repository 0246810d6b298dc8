package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"jointly/catalogue/capability"
	"jointly/catalogue/kv"
)

// SignalMember is a member of the group behind a signal, for those inside.
type SignalMember struct {
	Council *Council
	Said    *SignalNamed // nil: not yet
}

// SignalView is what a signal's page shows.
type SignalView struct {
	Signal    *Signal
	Council   *Council   // who publishes it; nil: it is not named
	Named     []*Council // the other councils that are named, by name
	Members   []SignalMember
	Intention *Intention        // that it is for, where the actor may see that; nil else
	Group     *BuyingGroup      // likewise
	Answered  []*SignalQuestion // by number
	Waiting   []WaitingQuestion // that the actor may see: its own, or all that its council has to answer
	Runs      bool              // the actor's council runs it
	Inside    bool              // the actor sees the draft
	Follows   bool              // the actor is told of what changes
}

// Signal reads a signal's page.
func (c *Catalogue) Signal(ctx context.Context, actor Actor, id string) (*SignalView, error) {
	var v *SignalView
	err := c.view(ctx, func(tx kv.Tx) error {
		item, err := readItem(tx, Key{KindSignal, id})
		if err != nil {
			return err
		}
		whole, ok := item.(*Signal)
		if !ok {
			return notFound(string(KindSignal))
		}
		v, err = c.signalView(tx, actor, whole)
		return err
	})
	return v, err
}

// PreviewSignal is the page as a supplier will see it once the draft goes out; NotFound for whoever is not inside.
func (c *Catalogue) PreviewSignal(ctx context.Context, actor Actor, id string) (*SignalView, error) {
	var v *SignalView
	err := c.view(ctx, func(tx kv.Tx) error {
		item, err := readItem(tx, Key{KindSignal, id})
		if err != nil {
			return err
		}
		s, ok := item.(*Signal)
		if !ok || !s.inside(actor) && !actor.IsOperator() {
			return notFound(string(KindSignal))
		}
		if s.Draft != nil {
			s.Text, s.Draft = *s.Draft, nil
		}
		if !s.IsPublic() {
			s.Published, s.Latest = c.clock().UTC(), c.clock().UTC()
		}
		if s.Group != "" && s.runs(actor) {
			s.answer(actor, true, s.Published)
		}
		v, err = c.signalView(tx, Actor{Role: RoleContributor, OrgKind: OrgSupplier, Org: "a supplier"}, s)
		return err
	})
	return v, err
}

func (c *Catalogue) signalView(tx kv.Tx, actor Actor, whole *Signal) (*SignalView, error) {
	seen, ok := whole.sees(actor)
	if !ok {
		return nil, notFound(string(KindSignal))
	}
	v := &SignalView{Signal: seen.(*Signal), Runs: whole.runs(actor), Inside: whole.inside(actor) || actor.IsOperator()}
	if err := c.signalCouncils(tx, v, whole); err != nil {
		return nil, err
	}
	if a, err := ownAccount(tx, actor); err != nil {
		return nil, err
	} else if a != nil {
		v.Follows = a.follows(whole.ID)
	}
	if in, err := load[*Intention](c, tx, actor, KindIntention, whole.Intention); err == nil {
		v.Intention = in
	} else if KindOf(err) != NotFound {
		return nil, err
	}
	if g, err := load[*BuyingGroup](c, tx, actor, KindGroup, whole.Group); err == nil {
		v.Group = g
	} else if KindOf(err) != NotFound {
		return nil, err
	}
	questions, err := listed[*SignalQuestion](c, tx, actor, KindQuestion, "question.signal", whole.ID)
	if err != nil {
		return nil, err
	}
	for _, q := range questions {
		if q.IsAnswered() {
			v.Answered = append(v.Answered, q)
			continue
		}
		due := whole.AnswerBy(q.Asked)
		v.Waiting = append(v.Waiting, WaitingQuestion{q, v.Signal, due, due.Last().Before(c.Today())})
	}
	SortQuestions(v.Answered)
	slices.SortStableFunc(v.Waiting, func(a, b WaitingQuestion) int { return a.Question.Asked.Compare(b.Question.Asked) })
	return v, nil
}

// SortQuestions puts answered questions in the order of their numbers.
func SortQuestions(list []*SignalQuestion) {
	slices.SortFunc(list, func(a, b *SignalQuestion) int { return cmp.Compare(a.Number, b.Number) })
}

// signalCouncils reads the councils that a signal names to the actor, and for those inside all members.
func (c *Catalogue) signalCouncils(tx kv.Tx, v *SignalView, whole *Signal) error {
	publisher := v.Signal.Council
	if v.Inside {
		publisher = whole.authority()
	}
	council, ok, err := c.councilIn(tx, publisher)
	if err != nil {
		return err
	}
	if ok {
		v.Council = council
	}
	for _, code := range whole.members {
		who, ok, err := c.councilIn(tx, code)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if code != publisher && whole.names(code) {
			v.Named = append(v.Named, who)
		}
		if v.Inside {
			m := SignalMember{Council: who}
			if i := slices.IndexFunc(v.Signal.Named, func(n SignalNamed) bool { return n.Council == code }); i >= 0 {
				m.Said = &v.Signal.Named[i]
			}
			v.Members = append(v.Members, m)
		}
	}
	slices.SortFunc(v.Named, func(a, b *Council) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// SignalFilter narrows a list of signals; zero values leave all.
type SignalFilter struct {
	Area       string
	Capability string
	Stage      SignalStage
	Council    string // code: it publishes the signal or is named in it
	Ended      bool   // those that were closed or withdrawn too
}

// SignalRow is a signal in a list.
type SignalRow struct {
	Signal   *Signal
	Council  *Council   // who publishes it; nil: it is not named
	Named    []*Council // the other councils that are named
	Answered int        // questions with their answers
}

// Signals lists the published signals as the actor sees them: what stands first, then the latest changed.
func (c *Catalogue) Signals(ctx context.Context, actor Actor, f SignalFilter) ([]SignalRow, error) {
	var out []SignalRow
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		ids, err := lookup(tx, "signal.public")
		if err != nil {
			return err
		}
		for _, id := range ids {
			item, err := readItem(tx, Key{KindSignal, id})
			if err != nil {
				return err
			}
			whole, ok := item.(*Signal)
			if !ok || !c.fits(whole, f) {
				continue
			}
			row, err := c.signalRow(tx, actor, whole)
			if err != nil {
				return err
			}
			out = append(out, row)
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b SignalRow) int {
		if a.Signal.Stands() != b.Signal.Stands() {
			if a.Signal.Stands() {
				return -1
			}
			return 1
		}
		return b.Signal.Latest.Compare(a.Signal.Latest)
	})
	return out, err
}

// fits says that a published signal is one that a filter asks for.
func (c *Catalogue) fits(s *Signal, f SignalFilter) bool {
	known, _ := c.dictionary.Capability(s.Text.Capability)
	return (f.Ended || s.Stands()) && (f.Capability == "" || f.Capability == s.Text.Capability) && (f.Area == "" || f.Area == known.Area) &&
		(f.Stage == "" || f.Stage == s.Text.Stage) && (f.Council == "" || s.names(f.Council))
}

func (c *Catalogue) signalRow(tx kv.Tx, actor Actor, whole *Signal) (SignalRow, error) {
	seen, _ := whole.sees(actor)
	v := &SignalView{Signal: seen.(*Signal)}
	public, _ := whole.sees(Anonymous()) // a list names no more than everybody sees
	v.Signal.Council = public.(*Signal).Council
	if err := c.signalCouncils(tx, v, whole); err != nil {
		return SignalRow{}, err
	}
	all, err := lookup(tx, "question.signal", whole.ID)
	if err != nil {
		return SignalRow{}, err
	}
	waiting, err := lookup(tx, "question.waits", whole.ID)
	return SignalRow{v.Signal, v.Council, v.Named, len(all) - len(waiting)}, err
}

// SignalsOf lists the signals about an intention or a group that the actor may see, drafts of its own among them, the
// latest first.
func (c *Catalogue) SignalsOf(ctx context.Context, actor Actor, about Key) ([]*Signal, error) {
	name := "signal.intention"
	if about.Kind == KindGroup {
		name = "signal.group"
	}
	var out []*Signal
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = listed[*Signal](c, tx, actor, KindSignal, name, about.ID)
		return err
	})
	slices.SortStableFunc(out, func(a, b *Signal) int { return b.Changed.Compare(a.Changed) })
	return out, err
}

// answer notes what a council says to being named.
func (s *Signal) answer(actor Actor, yes bool, at time.Time) {
	s.Named = slices.DeleteFunc(slices.Clone(s.Named), func(n SignalNamed) bool { return n.Council == actor.Org })
	s.Named = append(s.Named, SignalNamed{Council: actor.Org, Yes: yes, Account: actor.Account, At: at})
}

// facts are what a text says, in the words of its page.
func (t SignalText) facts(capabilities func(string) (capability.Capability, bool)) []SignalFact {
	known, _ := capabilities(t.Capability)
	notice := t.Notice.Kind + " " + t.Notice.Address
	if t.Notice.OCID != "" {
		notice += " " + t.Notice.OCID
	}
	if notice == " " {
		notice = ""
	}
	day := func(d Date) string {
		if d.IsZero() {
			return ""
		}
		return dayWords(d.First())
	}
	return []SignalFact{{"Title", t.Title}, {"What it is for", known.Name}, {"Stage", t.Stage.Words()}, {"Scope", t.Scope}, {"Lots", LotsWords(t.Lots)},
		{"Why", t.LotsReason}, {"Next engagement", day(t.Engagement)}, {"What happens then", t.EngageHow}, {"Where to register", t.EngageLink},
		{"How to respond", t.Respond}, {"Questions until", day(t.AskBy)}, {"Answers within", fmt.Sprintf("%d days", t.AnswerDays)}, {"Official notice", notice}}
}

// differs is what a text said where another says something else.
func (t SignalText) differs(other SignalText, capabilities func(string) (capability.Capability, bool)) []SignalFact {
	var out []SignalFact
	now := other.facts(capabilities)
	for i, f := range t.facts(capabilities) {
		if f.Text != now[i].Text {
			out = append(out, f)
		}
	}
	return out
}

// Words says a stage as pages do.
func (s SignalStage) Words() string {
	switch s {
	case SignalExploring:
		return "Exploring"
	case SignalEngaging:
		return "Engaging the market"
	case SignalTenderSoon:
		return "About to tender"
	case SignalProcurement:
		return "In procurement"
	}
	return ""
}

// LotsWords says a decision about lots as pages do.
func LotsWords(lots string) string {
	switch lots {
	case LotsOne:
		return "One contract, not divided into lots"
	case LotsMany:
		return "Divided into lots"
	}
	return "Not decided yet"
}
