package catalogue

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// WordsShare is what may become of an answer in words.
type WordsShare string

// The choices of a council for each answer, from widest to narrowest.
const (
	ShareNamed    WordsShare = "named"    // anybody, under the council's name
	ShareUnnamed  WordsShare = "unnamed"  // anybody, without the council's name
	ShareOperator WordsShare = "operator" // whoever runs the service reads it; it counts in themes
)

// WordsShares lists the choices, in order.
func WordsShares() []WordsShare { return []WordsShare{ShareNamed, ShareUnnamed, ShareOperator} }

// WordsAnswer is an answer to an open question.
type WordsAnswer struct {
	Question string     `json:"question"` // its ID in the call
	Text     string     `json:"text"`
	Share    WordsShare `json:"share"`
}

// Why a council gives no figures for a service.
const (
	SkipNotProvided = "not-provided" // it does not provide the service
	SkipNoFigures   = "no-figures"   // it cannot tell
)

// SkippedService is a service of the call for which a council gives no figures.
type SkippedService struct {
	LGSL int    `json:"lgsl"`
	Why  string `json:"why"` // SkipNotProvided or SkipNoFigures
}

// CallSignature is that an officer signed a council's answer off, with what it said in words. It is never changed.
type CallSignature struct {
	At       time.Time        `json:"at"`
	Account  string           `json:"account,omitempty"` // for the council and the operator alone
	Role     Role             `json:"role"`
	Audience Audience         `json:"audience"` // who sees the figures under the council's name, and that it answered
	Words    []WordsAnswer    `json:"words,omitempty"`
	Skipped  []SkippedService `json:"skipped,omitempty"`
	Late     bool             `json:"late,omitempty"`   // after the last day of the call
	Reason   string           `json:"reason,omitempty"` // why it was signed again; empty for the first
}

// Coding is which themes the operator read in an answer to a question.
type Coding struct {
	Question string    `json:"question"`
	Themes   []string  `json:"themes,omitempty"` // IDs in the call
	At       time.Time `json:"at"`
}

// CallAnswer is a council's answer to an evidence call beside its figures, which are Returns: what it says in words, and
// that it is signed off.
type CallAnswer struct {
	Meta
	Call          string           `json:"call"`
	Council       string           `json:"council"`
	Words         []WordsAnswer    `json:"words,omitempty"`   // as typed so far
	Skipped       []SkippedService `json:"skipped,omitempty"` // as chosen so far
	Begun         time.Time        `json:"begun"`
	Signatures    []CallSignature  `json:"signatures,omitempty"` // oldest first
	Coded         []Coding         `json:"coded,omitempty"`      // by the operator
	Demonstration bool             `json:"demonstration,omitempty"`
}

// Signed is the signature that stands; false for an answer that is still a draft.
func (x *CallAnswer) Signed() (CallSignature, bool) {
	if len(x.Signatures) == 0 {
		return CallSignature{}, false
	}
	return x.Signatures[len(x.Signatures)-1], true
}

// Answer is what is typed so far to a question.
func (x *CallAnswer) Answer(question string) WordsAnswer { return answerTo(x.Words, question) }

func answerTo(words []WordsAnswer, question string) WordsAnswer {
	for _, w := range words {
		if w.Question == question {
			return w
		}
	}
	return WordsAnswer{Question: question}
}

// Answer is what a signature says to a question.
func (s CallSignature) Answer(question string) WordsAnswer { return answerTo(s.Words, question) }

// Skips is why no figures are given for a service; empty: they are, or nothing is said yet.
func (x *CallAnswer) Skips(lgsl int) string {
	for _, s := range x.Skipped {
		if s.LGSL == lgsl {
			return s.Why
		}
	}
	return ""
}

// CodedAs lists the themes of the answer to a question.
func (x *CallAnswer) CodedAs(question string) (themes []string, at time.Time) {
	for _, k := range x.Coded {
		if k.Question == question {
			return k.Themes, k.At
		}
	}
	return nil, time.Time{}
}

// CallAnswerID is the same for the same call and council.
func CallAnswerID(call, council string) string { return call + "~" + council }

// Key names the answer.
func (x *CallAnswer) Key() Key { return Key{KindCallAnswer, x.ID} }

func (x *CallAnswer) owner() string { return x.Council }

// What is not signed is seen by the council's people alone; that they have begun, by the operator too. Others see that the
// council answered where it allows that, and of its words those that may stand under its name.
func (x *CallAnswer) sees(a Actor) (Item, bool) {
	out := *x
	out.Words, out.Skipped, out.Coded = slices.Clone(x.Words), slices.Clone(x.Skipped), slices.Clone(x.Coded)
	out.Signatures = slices.Clone(x.Signatures)
	if a.ForCouncil(x.Council) {
		return &out, true
	}
	out.Words, out.Skipped = nil, nil
	if a.IsOperator() {
		return &out, true
	}
	out.Coded, out.Ref, out.Was = nil, "", nil
	now, signed := x.Signed()
	if !signed {
		return nil, false
	}
	named := slices.ContainsFunc(now.Words, func(w WordsAnswer) bool { return w.Share == ShareNamed && w.Text != "" })
	if !named && !now.Audience.admits(a, x.Council, nil) {
		return nil, false
	}
	now.Words = slices.DeleteFunc(slices.Clone(now.Words), func(w WordsAnswer) bool { return w.Share != ShareNamed })
	now.Account, now.Skipped = "", nil
	out.Signatures = []CallSignature{now} // earlier ones may hold words that the council took back
	out.Created, out.Changed, out.Begun = now.At, now.At, now.At
	return &out, true
}

func (x *CallAnswer) index(add func(string, ...string)) {
	add("answer.call", x.Call)
	add("answer.council", x.Council)
}

// What a council said stays its own: as with its returns, another that takes its place did not say it.
func (x *CallAnswer) inherit(_, _ string) bool { return false }

// What an answer holds at most.
const (
	maxAnswerText = 3_000   // characters of one answer
	maxAnswerAll  = 120_000 // of all that is kept of an answer, its earlier versions included
)

func (x *CallAnswer) validate(v *validation) {
	v.council("council", x.Council)
	v.that(x.ID == CallAnswerID(x.Call, x.Council), "id", "An answer is named by its call and council")
	all := v.words(x.Words, "")
	v.skipped(x.Skipped)
	for _, s := range x.Signatures {
		all += v.words(s.Words, "")
		v.skipped(s.Skipped)
		v.that(s.Audience == Public || s.Audience == Councils || s.Audience == Own, "audience", "Choose who may see the figures")
		v.text("reason", s.Reason, 0, maxReturnNote)
	}
	v.that(all <= maxAnswerAll, "text", "This answer and its earlier versions have become too long: shorten the longest texts")
}

// words checks answers, and counts their characters.
func (v *validation) words(words []WordsAnswer, field string) (sum int) {
	seen := map[string]bool{}
	for _, w := range words {
		v.text(field+"text", w.Text, 0, maxAnswerText)
		v.that(w.Text == "" || slices.Contains(WordsShares(), w.Share), field+"share", "Choose who may read this answer")
		v.that(!seen[w.Question], field+"text", "A question is answered once")
		seen[w.Question] = true
		sum += utf8.RuneCountInString(w.Text)
	}
	return sum
}

func (v *validation) skipped(list []SkippedService) {
	seen := map[int]bool{}
	for _, s := range list {
		v.that(s.Why == SkipNotProvided || s.Why == SkipNoFigures, "skip", "Say why there are no figures")
		v.that(!seen[s.LGSL], "skip", "Service "+strconv.Itoa(s.LGSL)+" is there twice")
		seen[s.LGSL] = true
	}
}

// withWords is a list of answers with one replaced, in the order of the call's questions; an empty text takes it out.
func withWords(words []WordsAnswer, w WordsAnswer, order []CallQuestion) []WordsAnswer {
	w.Text = strings.TrimSpace(w.Text)
	var out []WordsAnswer
	for _, q := range order {
		got := answerTo(words, q.ID)
		if q.ID == w.Question {
			got = w
		}
		if got.Text != "" {
			out = append(out, got)
		}
	}
	return out
}
