package catalogue

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue/register"
)

// CallState is how far an evidence call has come.
type CallState string

// The states, in order.
const (
	CallDraft  CallState = "draft"  // being written: the operator alone sees it
	CallOpen   CallState = "open"   // councils answer
	CallClosed CallState = "closed" // councils that answered can put their answers right
)

// QuestionKind is what an open question is about.
type QuestionKind string

// The kinds of questions.
const (
	AskInnovation QuestionKind = "innovation"
	AskComplex    QuestionKind = "complex"    // how digital supports complex interventions
	AskBuying     QuestionKind = "buying"     // buying together
	AskLeadership QuestionKind = "leadership" // capability and leadership
)

// QuestionKinds lists the kinds of questions, in order.
func QuestionKinds() []QuestionKind {
	return []QuestionKind{AskInnovation, AskComplex, AskBuying, AskLeadership}
}

// Words is what pages call the kind.
func (k QuestionKind) Words() string {
	switch k {
	case AskInnovation:
		return "Innovation"
	case AskComplex:
		return "Complex interventions"
	case AskBuying:
		return "Buying together"
	case AskLeadership:
		return "Capability and leadership"
	}
	return string(k)
}

// CallQuestion is an open question, answered in words.
type CallQuestion struct {
	ID   string       `json:"id"` // unique in the call, and stays though the words change
	Kind QuestionKind `json:"kind"`
	Text string       `json:"text"`
}

// Theme is something that answers to a question say again and again.
type Theme struct {
	ID       string `json:"id"` // unique in the call
	Question string `json:"question"`
	Name     string `json:"name"`
	Into     string `json:"into,omitempty"` // the theme that it was joined to, which counts what is coded as this one; empty: none
}

// CallScope is which councils are asked. Of each list, empty means all.
type CallScope struct {
	Nations []string `json:"nations,omitempty"`
	Types   []string `json:"types,omitempty"` // as the register names them
	Regions []string `json:"regions,omitempty"`
}

// Admits says that a council is of the scope.
func (s CallScope) Admits(c register.Council) bool {
	in := func(list []string, what string) bool { return len(list) == 0 || slices.Contains(list, what) }
	return in(s.Nations, c.Nation) && in(s.Types, c.Type) && in(s.Regions, c.Region)
}

// ContactDefinition is what counts as one contact of a channel.
type ContactDefinition struct {
	Channel Channel `json:"channel"`
	Text    string  `json:"text"`
}

// CallTold is how far the telling of councils has come. Councils are told in order of their codes.
type CallTold struct {
	Invited  string    `json:"invited,omitempty"` // the last council told that the call is open
	AllAsked time.Time `json:"all_asked,omitzero"`
	Reminder string    `json:"reminder,omitempty"` // the one under way
	Reminded string    `json:"reminded,omitempty"` // the last council that it reached
	Done     []string  `json:"done,omitempty"`     // reminders that are sent, or whose day had passed
}

// EvidenceCall is a request of the operator to councils: the volumes of services by channel, and words.
type EvidenceCall struct {
	Meta
	Title       string              `json:"title"`
	Why         string              `json:"why"`
	Services    []int               `json:"services"`     // LGSL numbers, in the order of the form
	Start       Date                `json:"period_start"` // first day that is asked about
	End         Date                `json:"period_end"`   // last day
	Asked       CallScope           `json:"asked"`
	Until       Date                `json:"until"`       // last day for answers; later ones are taken and marked late
	Definitions []ContactDefinition `json:"definitions"` // one a channel, in order
	Costs       bool                `json:"costs,omitempty"`
	Questions   []CallQuestion      `json:"questions,omitempty"`
	Themes      []Theme             `json:"themes,omitempty"`
	State       CallState           `json:"state"`
	Opened      time.Time           `json:"opened,omitzero"`
	Closed      time.Time           `json:"closed,omitzero"`
	Told        CallTold            `json:"told,omitzero"`

	Demonstration bool `json:"demonstration,omitempty"` // it asks invented councils, and no others
}

// Label is the call's title as pages show it: one of the demonstration is marked.
func (x *EvidenceCall) Label() string {
	if x.Demonstration {
		return x.Title + " (demonstration)"
	}
	return x.Title
}

// Key names the call.
func (x *EvidenceCall) Key() Key { return Key{KindCall, x.ID} }

// IsPublic says that everybody sees the call.
func (x *EvidenceCall) IsPublic() bool { return x.State == CallOpen || x.State == CallClosed }

// Asks says that a council is asked. No call asks invented councils beside real ones: a figure of both would be of neither.
func (x *EvidenceCall) Asks(c *Council) bool {
	return x.Demonstration == c.Demonstration && x.Asked.Admits(c.Council)
}

// Late says that a moment is after the last day for answers, which london's days end.
func (x *EvidenceCall) Late(at time.Time, london *time.Location) bool {
	return DateOf(at.In(london)).First().After(x.Until.Last())
}

// Question finds a question by its ID.
func (x *EvidenceCall) Question(id string) (CallQuestion, bool) {
	i := slices.IndexFunc(x.Questions, func(q CallQuestion) bool { return q.ID == id })
	if i < 0 {
		return CallQuestion{}, false
	}
	return x.Questions[i], true
}

// ThemesOf lists the themes of a question, without those that were joined to another.
func (x *EvidenceCall) ThemesOf(question string) []Theme {
	return slices.DeleteFunc(slices.Clone(x.Themes), func(t Theme) bool { return t.Question != question || t.Into != "" })
}

// Joined lists the names of the themes that were joined to one.
func (x *EvidenceCall) Joined(theme string) []string {
	var out []string
	for _, t := range x.Themes {
		if t.Into == theme {
			out = append(out, t.Name)
		}
	}
	return out
}

// standing is the themes of a question that an answer was coded as, each as the one that it was joined to, in order of ID.
func (x *EvidenceCall) standing(question string, coded []string) []string {
	var out []string
	for _, t := range x.Themes {
		if t.Question != question || !slices.Contains(coded, t.ID) {
			continue
		}
		out = append(out, cmp.Or(t.Into, t.ID))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Definition is what counts as a contact of a channel.
func (x *EvidenceCall) Definition(ch Channel) string {
	for _, d := range x.Definitions {
		if d.Channel == ch {
			return d.Text
		}
	}
	return ""
}

// UsualDefinitions are those that a new call proposes.
func UsualDefinitions() []ContactDefinition {
	return []ContactDefinition{
		{ChannelOnline, "A form, application, payment or booking that somebody completed on a website or in an app without help from staff. Page views and messages that staff answer do not count."},
		{ChannelPhone, "A call about the service that was answered, by a person or by a system that settled it. Calls given up before an answer do not count."},
		{ChannelFaceToFace, "A visit to an office, library or home in which the service was asked for or given. One visit about two services counts once for each."},
		{ChannelPost, "A letter or paper form that came in about the service. E-mail with a form attached counts here, because staff type it in."},
	}
}

// What a call holds at most, and from where on it asks much.
const (
	MostCallServices = 30 // more are refused
	ManyServices     = 12 // more are warned of
	mostQuestions    = 8
	mostThemes       = 80
	mostCoded        = 400 // themes with those that were joined to others
	mostScope        = 20
)

func (x *EvidenceCall) owner() string { return "" }

func (x *EvidenceCall) sees(a Actor) (Item, bool) {
	if !x.IsPublic() && !a.IsOperator() {
		return nil, false
	}
	out := *x
	out.Themes = slices.Clone(x.Themes)
	if !a.IsOperator() {
		out.Told = CallTold{}
	}
	return &out, true
}

func (x *EvidenceCall) index(func(string, ...string)) {}

func (x *EvidenceCall) validate(v *validation) {
	v.text("title", x.Title, 1, maxName)
	v.text("why", x.Why, 0, maxSaid)
	v.that(strings.TrimSpace(x.Why) != "", "why", "Say why you ask: councils decide by it how much work they put in")
	x.validateServices(v)
	v.period("period_start", "period_end", x.Start, x.End)
	v.date("until", x.Until)
	v.that(x.Until.Exact(), "until", "Enter the last day for answers")
	v.that(!x.Until.Exact() || !x.End.Exact() || x.Until.First().After(x.End.First()), "until", "The last day for answers must be after the period: councils count what happened")
	x.validateScope(v)
	for i, ch := range Channels() {
		field := "definition_" + string(ch)
		if i >= len(x.Definitions) || x.Definitions[i].Channel != ch {
			v.that(false, field, "Define what counts as a contact for each channel")
			continue
		}
		v.text(field, x.Definitions[i].Text, 0, maxSaid)
		v.that(strings.TrimSpace(x.Definitions[i].Text) != "", field, "Say what counts as one contact by "+strings.ToLower(ch.Words()))
	}
	x.validateQuestions(v)
	v.that(slices.Contains([]CallState{CallDraft, CallOpen, CallClosed}, x.State), "state", "Unknown state")
}

func (x *EvidenceCall) validateServices(v *validation) {
	v.that(len(x.Services) > 0, "services", "Choose at least one service")
	v.that(len(x.Services) <= MostCallServices, "services", "Ask about at most 30 services: fewer councils answer a call that asks for more. Ten or so is usual")
	seen := map[int]bool{}
	for _, lgsl := range x.Services {
		_, ok := v.register.Service(lgsl)
		v.that(ok, "services", "Unknown service "+strconv.Itoa(lgsl)+": use its number on the Local Government Service List")
		v.that(!seen[lgsl], "services", "Service "+strconv.Itoa(lgsl)+" is there twice")
		seen[lgsl] = true
	}
}

func (x *EvidenceCall) validateScope(v *validation) {
	for _, list := range []struct {
		field string
		all   []string
	}{{"nations", x.Asked.Nations}, {"types", x.Asked.Types}, {"regions", x.Asked.Regions}} {
		v.list(list.field, list.all, mostScope)
	}
	for _, n := range x.Asked.Nations {
		v.that(slices.Contains(Nations(), n), "nations", "Unknown nation "+quoted(n))
	}
}

func (x *EvidenceCall) validateQuestions(v *validation) {
	v.that(len(x.Questions) <= mostQuestions, "questions", "Ask at most 8 questions in words")
	ids := map[string]bool{}
	for i, q := range x.Questions {
		field := "question_" + strconv.Itoa(i+1)
		v.text(field, q.Text, 0, maxTitle)
		v.that(strings.TrimSpace(q.Text) != "", field, "Write the question, or take it out")
		v.that(slices.Contains(QuestionKinds(), q.Kind), field, "Choose what the question is about")
		v.that(q.ID != "" && !ids[q.ID], field, "Each question needs an ID of its own")
		ids[q.ID] = true
	}
	named := slices.DeleteFunc(slices.Clone(x.Themes), func(t Theme) bool { return t.Into != "" })
	v.that(len(named) <= mostThemes && len(x.Themes) <= mostCoded, "theme", "A call has at most 80 themes: join some that say nearly the same")
	names := map[string]bool{}
	for _, t := range named {
		v.text("theme", t.Name, 1, maxName)
		v.that(ids[t.Question], "theme", "A theme belongs to a question of the call")
		key := t.Question + "\x00" + nameKey(t.Name)
		v.that(!names[key], "theme", "There is a theme with this name already: "+quoted(t.Name))
		names[key] = true
	}
}

// byUntil orders calls: open ones before closed ones, then the latest last day first.
func byUntil(a, b *EvidenceCall) int {
	rank := func(x *EvidenceCall) int { return slices.Index([]CallState{CallDraft, CallOpen, CallClosed}, x.State) }
	return cmp.Or(cmp.Compare(rank(a), rank(b)), b.Until.Last().Compare(a.Until.Last()), cmp.Compare(a.ID, b.ID))
}
