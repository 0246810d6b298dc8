package catalogue

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jointly/catalogue/kv"
)

// AnswerToCode is a council's signed answer to a question, for the operator to read and code.
type AnswerToCode struct {
	Council *Council
	Answer  WordsAnswer
	Themes  []string // IDs of those read in it
	Coded   bool
	Changed bool // since it was coded
}

// AnswersToCode lists the signed answers to a question of a call for the operator, in order of council: after a council's
// code ("" for the first), at most limit. next is where to go on; empty: that was all.
func (c *Catalogue) AnswersToCode(ctx context.Context, actor Actor, call, question, after string, limit int) (out []AnswerToCode, next string, err error) {
	if err := permit(actor, CodeAnswers); err != nil {
		return nil, "", err
	}
	err = c.view(ctx, func(tx kv.Tx) error {
		out, next = nil, ""
		x, err := load[*EvidenceCall](c, tx, actor, KindCall, call)
		if err != nil {
			return err
		}
		answers, err := c.answersTo(tx, call)
		if err != nil {
			return err
		}
		for _, code := range slices.Sorted(maps.Keys(answers)) {
			a := answers[code]
			now, signed := a.Signed()
			w := now.Answer(question)
			if code <= after || !signed || w.Text == "" {
				continue
			}
			if len(out) == limit {
				next = out[limit-1].Council.GSS
				return nil
			}
			council, ok, err := c.councilIn(tx, code)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			themes, at := a.CodedAs(question)
			out = append(out, AnswerToCode{Council: council, Answer: w, Themes: x.standing(question, themes), Coded: !at.IsZero(), Changed: !at.IsZero() && a.changedSince(question)})
		}
		return nil
	})
	return out, next, err
}

// changedSince says that an answer was signed in other words after it was coded.
func (x *CallAnswer) changedSince(question string) bool {
	_, at := x.CodedAs(question)
	read := ""
	for _, s := range x.Signatures {
		if !s.At.After(at) {
			read = s.Answer(question).Text
		}
	}
	now, _ := x.Signed()
	return read != now.Answer(question).Text
}

// CodeAnswers keeps which themes were read in councils' answers to a question, by council's code. Themes that
// the question does not have are left out.
func (c *Catalogue) CodeAnswers(ctx context.Context, actor Actor, call, question string, themes map[string][]string) error {
	_, err := c.changeCall(ctx, actor, CodeAnswers, call, func(w *writer, x *EvidenceCall) error {
		if _, ok := x.Question(question); !ok {
			return notFound("question")
		}
		known := x.ThemesOf(question)
		for _, council := range slices.Sorted(maps.Keys(themes)) {
			item, err := readItem(w.tx, Key{KindCallAnswer, CallAnswerID(call, council)})
			if err != nil {
				return err
			}
			a, ok := item.(*CallAnswer)
			if !ok {
				continue
			}
			chosen := slices.DeleteFunc(slices.Clone(themes[council]), func(id string) bool {
				return !slices.ContainsFunc(known, func(t Theme) bool { return t.ID == id })
			})
			slices.Sort(chosen)
			chosen = slices.Compact(chosen)
			if was, at := a.CodedAs(question); !at.IsZero() && slices.Equal(x.standing(question, was), chosen) && !a.changedSince(question) {
				continue
			}
			a.Coded = slices.DeleteFunc(slices.Clone(a.Coded), func(k Coding) bool { return k.Question == question })
			a.Coded = append(a.Coded, Coding{question, chosen, w.now})
			if err := w.put(a); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// AddTheme makes a theme of a question; one with that name is no error.
func (c *Catalogue) AddTheme(ctx context.Context, actor Actor, call, question, name string) error {
	name = strings.TrimSpace(name)
	_, err := c.changeCall(ctx, actor, CodeAnswers, call, func(w *writer, x *EvidenceCall) error {
		if _, ok := x.Question(question); !ok {
			return notFound("question")
		}
		if name == "" {
			return invalid("theme", "theme", "Enter what the theme is called")
		}
		if slices.ContainsFunc(x.ThemesOf(question), func(t Theme) bool { return nameKey(t.Name) == nameKey(name) }) {
			return nil
		}
		x.Themes = append(slices.Clone(x.Themes), Theme{ID: x.freeTheme(), Question: question, Name: name})
		return w.put(x)
	})
	return err
}

// freeTheme is an ID that no theme of the call has had among those that are there.
func (x *EvidenceCall) freeTheme() string {
	most := 0
	for _, t := range x.Themes {
		n, _ := strconv.Atoi(strings.TrimPrefix(t.ID, "t")) // what is no number is none of ours
		most = max(most, n)
	}
	return "t" + strconv.Itoa(most+1)
}

// RenameTheme gives a theme another name; a blank one takes the theme out of its question, which no longer counts it.
func (c *Catalogue) RenameTheme(ctx context.Context, actor Actor, call, theme, name string) error {
	name = strings.TrimSpace(name)
	_, err := c.changeCall(ctx, actor, CodeAnswers, call, func(w *writer, x *EvidenceCall) error {
		i := slices.IndexFunc(x.Themes, func(t Theme) bool { return t.ID == theme })
		if i < 0 {
			return notFound("theme")
		}
		x.Themes = slices.Clone(x.Themes)
		if x.Themes[i].Name = cmp.Or(name, x.Themes[i].Name); name == "" { // with what was joined to it
			x.Themes = slices.DeleteFunc(x.Themes, func(t Theme) bool { return t.ID == theme || t.Into == theme })
		}
		return w.put(x)
	})
	return err
}

// JoinThemes joins a theme to another of the same question, which counts the answers of both from then on. It was joined
// already: no error.
func (c *Catalogue) JoinThemes(ctx context.Context, actor Actor, call, theme, into string) error {
	_, err := c.changeCall(ctx, actor, CodeAnswers, call, func(w *writer, x *EvidenceCall) error {
		i := slices.IndexFunc(x.Themes, func(t Theme) bool { return t.ID == theme })
		if i < 0 {
			return notFound("theme")
		}
		if x.Themes[i].Into == into && into != "" {
			return nil
		}
		if into == theme || !slices.ContainsFunc(x.ThemesOf(x.Themes[i].Question), func(t Theme) bool { return t.ID == into }) {
			return invalid("theme", "into", "Choose another theme of this question")
		}
		x.Themes = slices.Clone(x.Themes)
		for n := range x.Themes {
			if x.Themes[n].ID == theme || x.Themes[n].Into == theme {
				x.Themes[n].Into = into
			}
		}
		return w.put(x)
	})
	return err
}
