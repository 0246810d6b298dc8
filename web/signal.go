package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// signalPage is a signal at its fixed address: what everybody reads, and for its officers what they can do.
type signalPage struct {
	view.Page
	Body     signalBody
	Draft    string // what a page of a draft says first; empty: it is public
	Waiting  []signalWaiting
	Ask      *signalAskForm // for suppliers, while questions are taken
	AskWords string         // instead of the form: how to ask, or why not
	SignIn   string
	Follow   *followForm     // nil for a draft
	Officers *signalOfficers // for those inside
	Named    *signalNaming
}

// signalBody is what everybody reads of a signal.
type signalBody struct {
	Caption   string
	Heading   string
	Tag       view.Tag
	By        []view.Piece
	Ended     string
	Facts     []view.Fact
	Scope     []string
	Lots      []string
	Engage    []string
	EngageAt  *view.Link
	Respond   []string
	Notice    []view.Fact
	About     []view.Link // the intention or group, where the reader may see it
	Questions []signalAnswered
	Asking    string // until when, and how soon answers come
	Cite      string // how the log is cited; empty: nothing is answered
	File      *view.Link
	Changes   []frameworkPast
}

// signalAnswered is a question with its answer.
type signalAnswered struct {
	ID       string
	Title    string
	When     string
	Question []string
	Answer   []string
	Asked    []string        // as it was asked, where that differs: for the officers and the asker
	Earlier  []signalEarlier // what it said before it was corrected, the latest first
	Correct  string          // where the officers correct it; empty for everybody else
}

// signalEarlier is an answer as it stood before it was corrected.
type signalEarlier struct {
	When     string
	Why      string
	Question []string // where that differs from what it says now
	Answer   []string
}

// signalWaiting is a question without an answer.
type signalWaiting struct {
	Text   []string
	When   string
	By     string // the supplier, for the officers
	Late   bool
	Answer *view.Link // nil for the asker
}

// signalAskForm asks a question.
type signalAskForm struct {
	Action string
	Form   string // ID of the record that the form makes
	Text   view.Textarea
	Send   view.Button
}

// signalOfficers is what the officers of a signal can do.
type signalOfficers struct {
	Pending string // a change waits to be published; empty: none does
	Links   []view.Link
	End     *signalEndForm
	Read    []string // who has read what it may mean in law, by day
}

// signalEndForm closes or withdraws a signal.
type signalEndForm struct {
	Action string
	Fold   view.Details
	How    view.Radios
	Reason view.Textarea
	Send   view.Button
}

// signalNaming is which members of the group are named, and the visitor's own decision.
type signalNaming struct {
	Table  view.Table
	Action string
	Yes    *view.Button // nil: it cannot say so, or has
	No     *view.Button
	Words  string
}

func (s *site) signal(c *gin.Context, who visitor) error {
	p, err := s.signalPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	if p.Ask != nil || p.Officers != nil {
		anew(c) // it holds a form's own ID
	}
	return s.show(c, who, http.StatusOK, "signal", p)
}

func (s *site) signalPage(c *gin.Context, who visitor, id string) (signalPage, error) {
	v, err := s.Catalogue.Signal(c, who.actor, id)
	if err != nil {
		return signalPage{}, err
	}
	p := signalPage{Body: s.newSignalBody(v), Follow: followsSignal(v, who)}
	if v.Runs && catalogue.MayDo(who.actor, catalogue.PublishSignal) {
		for i, q := range v.Answered {
			p.Body.Questions[i].Correct = questionPath(id, q.ID) + "/correct"
		}
	}
	if err := s.signalWaits(c, &p, v, who); err != nil {
		return signalPage{}, err
	}
	if v.Signal.IsPublic() {
		s.signalAsks(&p, v, who)
	} else {
		p.Draft = "This is a draft: only your council sees it."
		if v.Signal.Group != "" {
			p.Draft = "This is a draft: only members of the group see it."
		}
	}
	if v.Inside {
		s.signalInside(&p, v, who)
	}
	p.Page = s.page(c, who, "/demand", p.Body.Heading)
	p.Description = "What " + signalBy(v.Council, v.Named) + " tells suppliers: " + p.Body.Heading + "."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Demand", Href: "/demand"}, {Text: "Signals", Href: "/signals"}, {Text: p.Body.Heading}}
	return p, nil
}

// newSignalBody is a signal as everybody reads it, or its draft where it was never published.
func (s *site) newSignalBody(v *catalogue.SignalView) signalBody {
	x, t := v.Signal, v.Signal.Text
	if !x.IsPublic() && x.Draft != nil {
		t = *x.Draft
	}
	b := signalBody{Caption: "Signal to suppliers · " + s.capabilityName(t.Capability), Heading: marked(t.Title, x.Demonstration), Tag: signalTag(x),
		Scope: paragraphs(t.Scope), Lots: append([]string{catalogue.LotsWords(t.Lots) + "."}, paragraphs(t.LotsReason)...), Engage: paragraphs(t.EngageHow), Respond: paragraphs(t.Respond)}
	b.By = signalByLine(v)
	if x.End != nil {
		b.Ended = "Closed on " + view.Day(x.End.At) + ": " + x.End.Reason
		if x.End.Withdrawn {
			b.Ended = "Withdrawn on " + view.Day(x.End.At) + ": " + x.End.Reason
		}
	}
	next := view.Fact{Name: "Next engagement", Value: "no date set", Muted: true}
	if !t.Engagement.IsZero() {
		next = view.Fact{Name: "Next engagement", Value: view.Date(t.Engagement), Note: view.Relative(s.Catalogue.Now(), t.Engagement)}
	}
	asks := view.Fact{Name: "Questions", Value: "while the signal is open"}
	if !t.AskBy.IsZero() {
		asks = view.Fact{Name: "Questions", Value: "until " + view.Date(t.AskBy), Note: view.Relative(s.Catalogue.Now(), t.AskBy)}
	}
	b.Facts = []view.Fact{{Name: "Stage", Value: t.Stage.Words()}, next, asks}
	if x.IsPublic() {
		b.Facts = append(b.Facts, view.Fact{Name: "Published", Value: view.Day(x.Published), Note: changedNote(x)})
	}
	if t.EngageLink != "" {
		b.EngageAt = &view.Link{Text: "Register or read more", Href: t.EngageLink}
	}
	if n := t.Notice; n.Kind != "" {
		b.Notice = []view.Fact{{Name: "Official notice", Value: s.noticeName(n.Kind), Href: n.Address}}
	}
	if t.Notice.OCID != "" {
		b.Notice = append(b.Notice, view.Fact{Name: "OCID", Value: t.Notice.OCID})
	}
	if v.Intention != nil {
		b.About = append(b.About, view.Link{Text: "The intention behind it: " + v.Intention.Title, Href: pagePath(catalogue.KindIntention, v.Intention.ID)})
	}
	if v.Group != nil {
		b.About = append(b.About, view.Link{Text: "The group behind it: " + v.Group.Title, Href: pagePath(catalogue.KindGroup, v.Group.ID)})
	}
	for _, q := range v.Answered {
		b.Questions = append(b.Questions, newSignalAnswered(q))
	}
	b.Asking = "Anybody who supplies councils can ask. Each question is answered here, for everybody at the same time, within " + view.Plural(t.AnswerDays, "day", "days") + "; who asked is not shown."
	if len(v.Answered) > 0 {
		b.File = &view.Link{Text: "Questions and answers as a spreadsheet (CSV)", Href: pagePath(catalogue.KindSignal, x.ID) + "/questions.csv"}
		b.Cite = "Cite as: Questions 1 to " + strconv.Itoa(len(v.Answered)) + ", ‘" + t.Title + "’, " + strings.TrimSuffix(s.BaseURL, "/") + pagePath(catalogue.KindSignal, x.ID) + "#questions, as of " + view.Day(x.Latest) + "."
	}
	for i := len(x.Changes) - 1; i >= 0; i-- {
		past := frameworkPast{Title: "Changed on " + view.Day(x.Changes[i].At) + ". Until then it said:"}
		for _, f := range x.Changes[i].Was {
			past.Was = append(past.Was, view.Fact{Name: f.Name, Value: view.OrNotStated(f.Text), Muted: f.Text == ""})
		}
		b.Changes = append(b.Changes, past)
	}
	return b
}

// signalByLine says who publishes a signal, with a link to each council.
func signalByLine(v *catalogue.SignalView) []view.Piece {
	var by line
	if v.Council == nil {
		by.say("Published by the lead authority of a group of councils")
	} else {
		by = line{{Text: "Published by "}, {Text: v.Council.Label(), Href: pagePath(catalogue.KindCouncil, v.Council.GSS)}}
	}
	for i, c := range v.Named {
		join := ", "
		if i == 0 {
			join = ", with "
		} else if i == len(v.Named)-1 {
			join = " and "
		}
		by = append(by, view.Piece{Text: join}, view.Piece{Text: c.Label(), Href: pagePath(catalogue.KindCouncil, c.GSS)})
	}
	return by
}

func changedNote(x *catalogue.Signal) string {
	if len(x.Changes) == 0 {
		return ""
	}
	return "changed " + view.Day(x.Changes[len(x.Changes)-1].At)
}

func newSignalAnswered(q *catalogue.SignalQuestion) signalAnswered {
	n := strconv.Itoa(q.Number)
	out := signalAnswered{ID: "question-" + n, Title: "Question " + n, When: "answered on " + view.Day(q.Answered), Question: paragraphs(q.Text), Answer: paragraphs(q.Answer)}
	if q.Original != "" && q.Original != q.Text {
		out.Asked = paragraphs(q.Original)
	}
	until := q.Answered
	for i := len(q.Earlier) - 1; i >= 0; i-- {
		was := q.Earlier[i]
		e := signalEarlier{When: "From " + view.Day(was.Answered) + " until " + view.Day(until) + " it said:", Why: was.Why, Answer: paragraphs(was.Answer)}
		if was.Text != q.Text {
			e.Question = paragraphs(was.Text)
		}
		out.Earlier, until = append(out.Earlier, e), was.Answered
	}
	if len(q.Earlier) > 0 {
		out.When = "answered on " + view.Day(q.Earlier[0].Answered) + ", corrected on " + view.Day(q.Answered)
	}
	return out
}

// signalWaits adds the questions that wait: to the officers all, to a supplier its own.
func (s *site) signalWaits(c *gin.Context, p *signalPage, v *catalogue.SignalView, who visitor) error {
	var keys []catalogue.Key
	for _, w := range v.Waiting {
		keys = append(keys, catalogue.Key{Kind: catalogue.KindSupplier, ID: w.Question.Supplier})
	}
	suppliers, err := s.Catalogue.Load(c, who.actor, keys)
	if err != nil {
		return err
	}
	for i, w := range v.Waiting {
		row := signalWaiting{Text: paragraphs(w.Question.Original), Late: w.Overdue, When: "asked on " + view.Day(w.Question.Asked) + ", answer due by " + view.Date(w.Due)}
		if v.Runs {
			if supplier, ok := suppliers[i].(*catalogue.Supplier); ok {
				row.By = supplier.Name
			}
			if catalogue.MayDo(who.actor, catalogue.PublishSignal) {
				row.Answer = &view.Link{Text: "Answer", Hidden: "question " + strconv.Itoa(i+1), Href: questionPath(v.Signal.ID, w.Question.ID)}
			}
		}
		p.Waiting = append(p.Waiting, row)
	}
	return nil
}

func questionPath(signal, question string) string {
	return pagePath(catalogue.KindSignal, signal) + "/questions/" + url.PathEscape(question)
}

// signalAsks adds how the visitor can ask.
func (s *site) signalAsks(p *signalPage, v *catalogue.SignalView, who visitor) {
	switch {
	case !v.Signal.TakesQuestions(s.Catalogue.Today()):
		p.AskWords = "The time for questions is over. Those that were answered stay here."
	case who.account == nil:
		p.AskWords = "Suppliers ask here, each question is answered for everybody at the same time, and nobody outside the council sees who asked."
		p.SignIn = "/sign-in?next=" + url.QueryEscape(pagePath(catalogue.KindSignal, v.Signal.ID)+"#ask")
	case catalogue.MayDo(who.actor, catalogue.AskAboutSignal):
		p.Ask = &signalAskForm{Action: pagePath(catalogue.KindSignal, v.Signal.ID) + "/questions", Form: catalogue.NewID(),
			Text: view.Textarea{Name: "question", Rows: 5, Label: view.Label{Text: "Your question", Classes: "govuk-label--s"},
				Hint: "Leave out what tells who you are: everybody reads the question with its answer. The council sees that it is yours. It may be disclosed under freedom of information"},
			Send: view.Button{Text: "Send the question", PreventDoubleClick: true}}
	case who.actor.OrgKind == catalogue.OrgSupplier:
		p.AskWords = "Your account can read only. Ask a colleague who contributes."
	default:
		p.AskWords = "Suppliers ask here; the council that runs the signal answers for everybody at the same time."
	}
}

// signalInside adds what those inside can do.
func (s *site) signalInside(p *signalPage, v *catalogue.SignalView, who visitor) {
	x, address := v.Signal, pagePath(catalogue.KindSignal, v.Signal.ID)
	o := &signalOfficers{}
	for _, r := range x.Readings {
		o.Read = append(o.Read, "On "+view.Day(r.At)+" an officer confirmed having read "+view.Plural(len(r.Notes), "note", "notes")+" on what it may mean in law.")
	}
	if v.Runs && len(v.Waiting) > 0 {
		o.Links = append(o.Links, view.Link{Text: view.Plural(len(v.Waiting), "question waits", "questions wait") + " for an answer", Href: "#waiting"})
	}
	if v.Runs && catalogue.MayDo(who.actor, catalogue.PublishSignal) && x.End == nil {
		o.Links = append(o.Links, view.Link{Text: "Change the signal", Href: address + "/edit"})
		if x.Draft != nil {
			o.Links = append(o.Links, view.Link{Text: "See it as a supplier will, and publish it", Href: address + "/preview"})
		}
		if x.Draft != nil && x.IsPublic() {
			o.Pending = "A change is written and not yet published."
		}
		if x.IsPublic() {
			o.End = newSignalEndForm(address)
		}
	}
	p.Officers = o
	if x.Group != "" {
		p.Named = newSignalNaming(v, who)
	}
}

func newSignalEndForm(address string) *signalEndForm {
	return &signalEndForm{Action: address + "/end", Fold: view.Details{Summary: "Close or withdraw the signal", ID: "end"},
		How: view.Radios{Name: "how", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "What has happened?", Classes: "govuk-fieldset__legend--s"},
			Choices: []view.Choice{{Value: "closed", Text: "It has run its course", Hint: "The tender is out, or the engagement is over"}, {Value: "withdrawn", Text: "Nothing comes of it", Hint: "The council does not buy, or not in this way"}}},
		Reason: view.Textarea{Name: "reason", Rows: 3, Label: view.Label{Text: "Why?", Classes: "govuk-label--s"}, Hint: "Everybody reads it"},
		Send:   view.Button{Text: "End the signal", Classes: "govuk-button--warning", PreventDoubleClick: true}}
}

// newSignalNaming is who is named, for the members of the group.
func newSignalNaming(v *catalogue.SignalView, who visitor) *signalNaming {
	n := &signalNaming{Action: pagePath(catalogue.KindSignal, v.Signal.ID) + "/named",
		Table: view.Table{Caption: "Which members are named", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
			Head: []view.Head{{Text: "Council"}, {Text: "Named to suppliers"}}}}
	member := false
	var own *catalogue.SignalNamed
	for _, m := range v.Members {
		cell := view.Cell{Text: "No: it has not decided", Muted: true}
		if m.Said != nil {
			cell = view.Cell{Text: "No, as it decided"}
			if m.Said.Yes {
				cell = view.Cell{Text: "Yes, as it decided"}
			}
			cell.Note = view.Day(m.Said.At)
		}
		if who.actor.ForCouncil(m.Council.GSS) {
			member, own = true, m.Said
		}
		n.Table.Rows = append(n.Table.Rows, []view.Cell{councilCell(m.Council), cell})
	}
	switch {
	case !member || v.Signal.End != nil:
	case !catalogue.MayDo(who.actor, catalogue.NameInSignal):
		n.Words = "A lead of your council decides whether it is named."
	case v.Runs:
		n.Words = "Your council runs the signal, and is named with it."
	default:
		n.Words = "Your council decides for itself, and can change its mind: what was read stays read."
		if own == nil || !own.Yes {
			n.Yes = &view.Button{Text: "Name my council", Name: "named", Value: "yes", Classes: "govuk-button--secondary", PreventDoubleClick: true}
		}
		if own == nil || own.Yes {
			n.No = &view.Button{Text: "Do not name my council", Name: "named", Value: "no", Classes: "govuk-button--secondary", PreventDoubleClick: true}
		}
	}
	return n
}
