package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// LawNote is what a signal may mean in law, from a dated rule of the register. It is no advice.
type LawNote struct {
	Code   string         `json:"code"` // of the rule
	Title  string         `json:"title"`
	Text   string         `json:"text"`
	From   Date           `json:"from,omitzero"` // since when the rule holds; zero: not stated
	Source string         `json:"source"`
	Known  register.Known `json:"known"` // how well the rule is known
}

// SignalLaw is what the officers of a signal are told before it goes out.
type SignalLaw struct {
	Notes []LawNote
	Value string // how the intention's budget, which is not shown to others, stands to the thresholds; empty: not stated
}

// SignalLaw says what publishing a signal may mean in law today; NotFound for whoever is not inside.
func (c *Catalogue) SignalLaw(ctx context.Context, actor Actor, id string) (*SignalLaw, error) {
	var out *SignalLaw
	err := c.view(ctx, func(tx kv.Tx) error {
		s, err := load[*Signal](c, tx, actor, KindSignal, id)
		if err != nil {
			return err
		}
		if !s.inside(actor) && !actor.IsOperator() {
			return notFound(string(KindSignal))
		}
		out, err = c.signalLaw(tx, s)
		return err
	})
	return out, err
}

func (c *Catalogue) signalLaw(tx kv.Tx, s *Signal) (*SignalLaw, error) {
	out := &SignalLaw{}
	own, others, err := c.signalNations(tx, s)
	if err != nil {
		return nil, err
	}
	for _, nation := range append([]string{own}, others...) {
		code := "nation-" + slug(nation)
		if nation == own {
			code += "-lead"
		}
		if r, ok := c.register.Rule(register.Remark, code, c.Today()); ok {
			out.Notes = append(out.Notes, noteOf(r, r.AppliesTo))
		}
	}
	if r, ok := c.register.Rule(register.Notice, "UK2", c.Today()); ok {
		out.Notes = append(out.Notes, noteOf(r, "This signal, meetings with suppliers and a round of questions may be preliminary market engagement. The rule: "+r.AppliesTo+"."))
	}
	if r, ok := c.register.Rule(register.Notice, "UK3", c.Today()); ok && s.latestText().Stage != SignalProcurement {
		out.Notes = append(out.Notes, noteOf(r, "A signal is no planned procurement notice and shortens no tender. The rule: "+r.AppliesTo+"."))
	}
	below, ok := c.register.Threshold("below-threshold-notice-other", c.Today())
	above, known := c.register.Threshold("goods-services-sub-central", c.Today())
	if ok && known {
		out.Notes = append(out.Notes, noteOf(below, fmt.Sprintf("A contract worth £%s or more, and less than £%s, both %s: if it is advertised, its tender notice goes on the central platform before it is advertised anywhere else. The rule is for %s.",
			thousands(below.Value), thousands(above.Value), strings.TrimPrefix(above.Unit, "GBP "), below.AppliesTo)))
		out.Notes = append(out.Notes, noteOf(above, fmt.Sprintf("From £%s %s on, the whole of the Act applies. The threshold is for %s.", thousands(above.Value), strings.TrimPrefix(above.Unit, "GBP "), above.AppliesTo)))
	}
	out.Value, err = c.signalValue(tx, s, below.Value, above.Value)
	return out, err
}

// latestText is the draft, or what is published where nothing is being written.
func (s *Signal) latestText() SignalText {
	if s.Draft != nil {
		return *s.Draft
	}
	return s.Text
}

func noteOf(r register.Rule, text string) LawNote {
	n := LawNote{Code: r.Code, Title: r.Name, Text: text, Source: r.Source, Known: r.Known}
	if r.Kind == register.Notice {
		n.Title = r.Code + ": " + r.Name
	}
	if !r.From.IsZero() {
		n.From = DateOf(r.From)
	}
	return n
}

// signalNations is the nation of the council that runs a signal, and the others of its group's members.
func (c *Catalogue) signalNations(tx kv.Tx, s *Signal) (own string, others []string, err error) {
	for _, code := range append([]string{s.authority()}, s.members...) {
		who, ok, err := c.councilIn(tx, code)
		if err != nil {
			return "", nil, err
		}
		switch {
		case !ok:
		case own == "":
			own = who.Nation
		case who.Nation != own && !slices.Contains(others, who.Nation):
			others = append(others, who.Nation)
		}
	}
	return own, others, nil
}

// signalValue compares the budget of the intention behind a signal with the thresholds.
func (c *Catalogue) signalValue(tx kv.Tx, s *Signal, below, above int) (string, error) {
	item, err := readItem(tx, Key{KindIntention, s.Intention})
	if err != nil {
		return "", err
	}
	in, ok := item.(*Intention)
	if !ok || in.Budget.Max == 0 || below == 0 || above == 0 {
		return "", nil
	}
	most := int(IncVAT(in.Budget.Max))
	text := "The highest budget in your intention is £" + thousands(most) + " inc VAT: "
	switch {
	case most >= above:
		text += "the whole of the Act applies."
	case most >= below:
		text += "the rule for contracts below the threshold applies where it is advertised."
	default:
		text += "below both amounts."
	}
	return text + " Only your council sees this line.", nil
}

// privateWord is something that a signal must not say, and why.
type privateWord struct{ word, why string }

// revealed lists what a text says of what is private: of members that did not agree to be named, and of the fields of the
// intention that its council does not show to everybody.
func (w *writer) revealed(s *Signal, t SignalText) ([]FieldError, error) {
	var private []privateWord
	if s.Group != "" {
		item, err := readItem(w.tx, Key{KindGroup, s.Group})
		if err != nil {
			return nil, err
		}
		g, ok := item.(*BuyingGroup)
		if !ok {
			return nil, notFound(string(KindGroup))
		}
		for _, m := range g.Members {
			who, ok, err := w.c.councilIn(w.tx, m.Council)
			if err != nil {
				return nil, err
			}
			if in, err := readItem(w.tx, Key{KindIntention, m.Intention}); err != nil {
				return nil, err
			} else if in, ok := in.(*Intention); ok {
				private = append(private, in.privateMoney("is in a member’s budget, which is not shown to everybody")...)
			}
			if ok && !s.names(m.Council) && !s.runs(Actor{OrgKind: OrgCouncil, Org: m.Council}) {
				private = append(private, privateWord{who.Name, "has not agreed to be named"})
			}
		}
	} else {
		item, err := readItem(w.tx, Key{KindIntention, s.Intention})
		if err != nil {
			return nil, err
		}
		if in, ok := item.(*Intention); ok {
			private = in.private()
		}
	}
	var out []FieldError
	for _, f := range []SignalFact{{"title", t.Title}, {"scope", t.Scope}, {"lots_reason", t.LotsReason}, {"engagement_how", t.EngageHow}, {"respond", t.Respond}} {
		for _, p := range private {
			if saysWord(f.Text, p.word) {
				out = append(out, FieldError{f.Name, "Take out ‘" + p.word + "’: it " + p.why})
			}
		}
	}
	return out, nil
}

// private is what an intention's council does not show to everybody, as it might stand in a text.
func (i *Intention) private() []privateWord {
	out := i.privateMoney("is in your intention’s budget, which you do not show to everybody")
	add := func(field Audience, why string, words ...string) {
		if narrower(i.Visibility, field) == Public {
			return
		}
		for _, word := range words {
			if len(strings.TrimSpace(word)) > 2 {
				out = append(out, privateWord{strings.TrimSpace(word), why})
			}
		}
	}
	add(i.Fields.Supplier, "names your present supplier or system, which your intention does not show to everybody", i.CurrentSupplier, i.CurrentPlatform)
	add(i.Fields.Musts, "is one of your musts or shoulds, which your intention does not show to everybody", append(slices.Clone(i.Musts), i.Shoulds...)...)
	add(Own, "stands in your own notes", i.Notes)
	return out
}

// privateMoney is the budget and what is committed, where not everybody sees them.
func (i *Intention) privateMoney(why string) []privateWord {
	amounts := []float64{i.Volume}
	if narrower(i.Visibility, i.Fields.Budget) != Public {
		amounts = append(amounts, i.Budget.Min, i.Budget.Max, IncVAT(i.Budget.Min), IncVAT(i.Budget.Max))
	}
	var out []privateWord
	for _, amount := range amounts {
		if n := int(amount); n >= 1000 { // less could be any figure
			out = append(out, privateWord{thousands(n), why}, privateWord{strconv.Itoa(n), why})
		}
	}
	return out
}

// saysWord says that a text has a word or phrase, not within another word.
func saysWord(text, word string) bool {
	text, word = strings.ToLower(text), strings.ToLower(word)
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !letter(before) && !letter(after) {
			return true
		}
		from = at + 1
	}
}
