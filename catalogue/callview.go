package catalogue

import (
	"cmp"
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// LeastForThemes is from how many councils on what was said is told in public without their names.
const LeastForThemes = 5

// CoverCouncil is a council that is asked, as far as the reader may know.
type CoverCouncil struct {
	Council *Council
	Signed  *CallSignature // nil: not signed, or not to be known
	Begun   bool           // for the operator, and of its own council
}

// ThemeCount is how many councils' answers a theme was read in.
type ThemeCount struct {
	Theme
	Councils int
	Few      bool // fewer than LeastForThemes: the number is for the operator alone, and 0 for others
}

// Quote is an answer that may be read.
type Quote struct {
	Council *Council // nil: it stands without a name
	Text    string
	Themes  []string // names
}

// QuestionView is what councils say to one question.
type QuestionView struct {
	CallQuestion
	Answers int // signed ones; 0 for others than the operator where there are fewer than LeastForThemes
	Coded   int // of them; for the operator alone
	Themes  []ThemeCount
	Quotes  []Quote
}

// CallView is an evidence call with who answered and what councils say in words, as a reader may know it.
type CallView struct {
	Call      *EvidenceCall
	Asked     int
	Signed    int
	Late      int
	Begun     int // and not signed; for the operator alone
	NoPeople  int // asked councils of which nobody has an account; for the operator alone
	ByRegion  []CoverRow
	ByType    []CoverRow
	Councils  []CoverCouncil // all that are asked, by name
	Questions []QuestionView
	IsAsked   bool        // the reader's own council
	Mine      *CallAnswer // of the reader's own council; nil: it has not begun
}

// CallView is a call as an actor may know it.
func (c *Catalogue) CallView(ctx context.Context, actor Actor, id string) (*CallView, error) {
	var out *CallView
	err := c.view(ctx, func(tx kv.Tx) error {
		x, err := load[*EvidenceCall](c, tx, actor, KindCall, id)
		if err != nil {
			return err
		}
		asked, err := c.askedCouncils(tx, x)
		if err != nil {
			return err
		}
		answers, err := c.answersTo(tx, id)
		if err != nil {
			return err
		}
		out = &CallView{Call: x}
		if err := out.cover(tx, actor, asked, answers); err != nil {
			return err
		}
		out.say(actor, asked, answers)
		return nil
	})
	return out, err
}

// answersTo is the whole answers to a call, by council.
func (c *Catalogue) answersTo(tx kv.Tx, call string) (map[string]*CallAnswer, error) {
	ids, err := lookup(tx, "answer.call", call)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*CallAnswer, len(ids))
	for _, id := range ids {
		item, err := readItem(tx, Key{KindCallAnswer, id})
		if err != nil {
			return nil, err
		}
		if a, ok := item.(*CallAnswer); ok {
			out[a.Council] = a
		}
	}
	return out, nil
}

// cover fills in who is asked and who answered.
func (v *CallView) cover(tx kv.Tx, actor Actor, asked []*Council, answers map[string]*CallAnswer) error {
	var cells []coverCell
	for _, council := range asked {
		v.Asked++
		v.IsAsked = v.IsAsked || actor.ForCouncil(council.GSS)
		cc := CoverCouncil{Council: council}
		cell := coverCell{council: council}
		a := answers[council.GSS]
		if actor.ForCouncil(council.GSS) {
			v.Mine = a
		}
		if a != nil {
			now, signed := a.Signed()
			switch {
			case signed:
				v.Signed++
				if now.Late {
					v.Late++
				}
				_, cell.named = a.sees(Anonymous())
				cell.signed = true
				if seen, ok := a.sees(actor); ok {
					shown, _ := seen.(*CallAnswer).Signed()
					cc.Signed = &shown
				}
			case actor.IsOperator():
				v.Begun++
				cell.begun, cc.Begun = true, true
			case actor.ForCouncil(council.GSS):
				cc.Begun = true
			}
		}
		if actor.IsOperator() {
			people, err := lookup(tx, "account.org", council.GSS)
			if err != nil {
				return err
			}
			if len(people) == 0 {
				v.NoPeople++
			}
		}
		v.Councils, cells = append(v.Councils, cc), append(cells, cell)
	}
	slices.SortFunc(v.Councils, func(a, b CoverCouncil) int {
		return cmp.Or(cmp.Compare(a.Council.Name, b.Council.Name), cmp.Compare(a.Council.GSS, b.Council.GSS))
	})
	v.ByRegion, v.ByType = coverage(cells, actor)
	return nil
}

// say fills in what councils say in words.
func (v *CallView) say(actor Actor, asked []*Council, answers map[string]*CallAnswer) {
	names := map[string]string{}
	for _, t := range v.Call.Themes {
		names[t.ID] = t.Name
	}
	for _, q := range v.Call.Questions {
		view := QuestionView{CallQuestion: q}
		counts := map[string]int{}
		var named, unnamed []Quote
		for _, council := range asked {
			a := answers[council.GSS]
			if a == nil {
				continue
			}
			now, signed := a.Signed()
			w := now.Answer(q.ID)
			if !signed || w.Text == "" {
				continue
			}
			view.Answers++
			themes, at := a.CodedAs(q.ID)
			if !at.IsZero() {
				view.Coded++
			}
			quote := Quote{Text: w.Text}
			for _, id := range v.Call.standing(q.ID, themes) {
				counts[id]++
				quote.Themes = append(quote.Themes, names[id])
			}
			switch w.Share {
			case ShareNamed:
				quote.Council = council
				named = append(named, quote)
			case ShareUnnamed:
				unnamed = append(unnamed, quote)
			}
		}
		view.Themes = themeCounts(v.Call.ThemesOf(q.ID), counts, actor)
		if view.Answers < LeastForThemes && !actor.IsOperator() { // who else answered would be known
			unnamed, view.Answers = nil, 0
		}
		if !actor.IsOperator() {
			view.Coded = 0
		}
		slices.SortFunc(unnamed, func(a, b Quote) int { return cmp.Compare(a.Text, b.Text) }) // in no order that tells whose they are
		view.Quotes = slices.Concat(named, unnamed)
		v.Questions = append(v.Questions, view)
	}
}

// themeCounts are the themes of a question, the most frequent first. Others than the operator see no number below five.
func themeCounts(themes []Theme, counts map[string]int, actor Actor) []ThemeCount {
	var out []ThemeCount
	for _, t := range themes {
		n := counts[t.ID]
		c := ThemeCount{Theme: t, Councils: n, Few: n < LeastForThemes}
		if !actor.IsOperator() {
			if n == 0 {
				continue
			}
			if c.Few {
				c.Councils = 0
			}
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b ThemeCount) int {
		return cmp.Or(cmp.Compare(b.Councils, a.Councils), cmp.Compare(a.Name, b.Name))
	})
	return out
}
