package exchange

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"jointly/catalogue"
)

// SignalCard is a signal as files and the API give it: what everybody reads.
type SignalCard struct {
	ID             string           `json:"id"`
	Title          string           `json:"title"`
	Council        string           `json:"council"`       // code of who publishes it; empty: it is not named
	Named          []string         `json:"named_members"` // codes of the other councils that agreed to be named
	Capability     string           `json:"capability"`
	State          string           `json:"state"` // open, closed, withdrawn; draft in the operator's own export
	Stage          string           `json:"stage"`
	Scope          string           `json:"scope"`
	Lots           string           `json:"lots"`
	LotsReason     string           `json:"lots_reason"`
	Engagement     catalogue.Date   `json:"next_engagement"`
	EngagementHow  string           `json:"next_engagement_how"`
	EngagementLink string           `json:"next_engagement_link"`
	Respond        string           `json:"how_to_respond"`
	AskBy          catalogue.Date   `json:"questions_until"`
	AnswerDays     int              `json:"answer_days"`
	NoticeKind     string           `json:"notice"`
	NoticeAddress  string           `json:"notice_address"`
	OCID           string           `json:"ocid"`
	Published      string           `json:"published"`
	Changed        string           `json:"changed"`
	Ended          string           `json:"ended"`
	Reason         string           `json:"ended_reason"`
	Questions      []SignalAnswered `json:"questions"`
	Demonstration  bool             `json:"demonstration"`
}

// SignalAnswered is a question about a signal with its answer, as everybody reads them.
type SignalAnswered struct {
	Number   int    `json:"number"`
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Answered string `json:"answered"`
	Version  int    `json:"version"` // 1, and one more with each correction

	Earlier []SignalEarlier `json:"earlier,omitempty"` // what it said before, the first version first
}

// SignalEarlier is a version of an answer that was corrected.
type SignalEarlier struct {
	Version  int    `json:"version"`
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Answered string `json:"answered"`
	Replaced string `json:"replaced"`
	Why      string `json:"why_corrected"`
}

// versionsOf is a question with its answer, and what it said before it was corrected.
func versionsOf(q *catalogue.SignalQuestion) SignalAnswered {
	out := SignalAnswered{Number: q.Number, Question: q.Text, Answer: q.Answer, Answered: stamp(q.Answered), Version: len(q.Earlier) + 1}
	for i, was := range q.Earlier {
		replaced := q.Answered
		if i+1 < len(q.Earlier) {
			replaced = q.Earlier[i+1].Answered
		}
		out.Earlier = append(out.Earlier, SignalEarlier{i + 1, was.Text, was.Answer, stamp(was.Answered), stamp(replaced), was.Why})
	}
	return out
}

// SignalOut is a signal with its answered questions; a draft is given as it is being written.
func SignalOut(s *catalogue.Signal, answered []*catalogue.SignalQuestion) SignalCard {
	t, state := s.Text, "open"
	if !s.IsPublic() && s.Draft != nil {
		t, state = *s.Draft, "draft"
	}
	out := SignalCard{ID: s.ID, Title: t.Title, Council: s.Council, Named: []string{}, Capability: t.Capability, State: state, Stage: string(t.Stage), Scope: t.Scope,
		Lots: t.Lots, LotsReason: t.LotsReason, Engagement: t.Engagement, EngagementHow: t.EngageHow, EngagementLink: t.EngageLink, Respond: t.Respond,
		AskBy: t.AskBy, AnswerDays: t.AnswerDays, NoticeKind: t.Notice.Kind, NoticeAddress: t.Notice.Address, OCID: t.Notice.OCID,
		Published: stamp(s.Published), Changed: stamp(s.Latest), Questions: []SignalAnswered{}, Demonstration: s.Demonstration}
	public := s
	if s.Group != "" { // of a group it names who agreed, whoever exports
		if seen, ok := catalogue.Through(catalogue.Anonymous(), s); ok {
			public = seen.(*catalogue.Signal)
			out.Council = public.Council
		}
	}
	for _, n := range public.Named {
		if n.Yes && n.Council != public.Council {
			out.Named = append(out.Named, n.Council)
		}
	}
	if s.End != nil {
		out.State, out.Ended, out.Reason = "closed", stamp(s.End.At), s.End.Reason
		if s.End.Withdrawn {
			out.State = "withdrawn"
		}
	}
	for _, q := range answered {
		out.Questions = append(out.Questions, versionsOf(q))
	}
	return out
}

// stamp is a moment as files write it; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// signalQuestions are the answered questions of all signals that an actor sees, in the order of their numbers.
func signalQuestions(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor) (map[string][]*catalogue.SignalQuestion, error) {
	out := map[string][]*catalogue.SignalQuestion{}
	err := c.Each(ctx, actor, catalogue.KindQuestion, func(item catalogue.Item) error {
		if q := item.(*catalogue.SignalQuestion); q.IsAnswered() {
			out[q.Signal] = append(out[q.Signal], q)
		}
		return nil
	})
	for _, list := range out {
		catalogue.SortQuestions(list)
	}
	return out, err
}

// QuestionsCSV writes the questions about a signal and their answers, to be attached to a notice or cited in one: with a
// byte order mark, and no cell that runs as a formula.
func QuestionsCSV(w io.Writer, title, address string, answered []*catalogue.SignalQuestion) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{{"signal", "address", "number", "question", "answer", "published", "version", "replaced", "why_corrected"}}
	for _, q := range answered {
		now := versionsOf(q)
		for _, was := range now.Earlier {
			rows = append(rows, []string{SafeCell(title), address, strconv.Itoa(q.Number), SafeCell(was.Question), SafeCell(was.Answer), was.Answered, strconv.Itoa(was.Version), was.Replaced, SafeCell(was.Why)})
		}
		rows = append(rows, []string{SafeCell(title), address, strconv.Itoa(q.Number), SafeCell(now.Question), SafeCell(now.Answer), now.Answered, strconv.Itoa(now.Version), "", ""})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// SignalsCSV writes signals as Export does.
func SignalsCSV(w io.Writer, cards []SignalCard) error {
	lines := make([]exportLine, len(cards))
	for i, card := range cards {
		lines[i].value = card
	}
	return writeCSV(w, lines)
}
