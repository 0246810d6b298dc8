package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// callAnswerPage is a council's answer to a call: what is done, what is left, and what is signed.
type callAnswerPage struct {
	view.Page
	Caption string
	Heading string
	Lead    string
	Begin   *view.Button // it is not begun
	Action  string
	Parts   []taskPart
	Files   []view.Link
	Sign    *view.Button
	State   string
	Signed  view.Table // who signed when, the latest first
	Figures view.Table // as they stand signed
}

// answering is the answer of the visitor’s council to the call of the address.
func (s *site) answering(c *gin.Context, who visitor) (*catalogue.AnswerView, error) {
	return s.Catalogue.Answering(c, who.actor, c.Param("id"))
}

// mayAnswer is what readers are told who may look at an answer and not change it.
const mayAnswer = "Your account can read this answer. Ask an administrator of your council to let you contribute."

func (s *site) callAnswer(c *gin.Context, who visitor) error {
	v, err := s.answering(c, who)
	if err != nil {
		return err
	}
	address := callPath(v.Call.ID) + "/answer"
	p := callAnswerPage{Caption: "Call for evidence · answer of " + v.Council.Label(), Heading: v.Call.Label(), Action: address}
	p.Page = s.page(c, who, "/evidence", v.Call.Label()+": your council’s answer")
	p.Canonical = ""
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: v.Call.Label(), Href: callPath(v.Call.ID)}, view.Crumb{Text: "Your council’s answer"})
	may := catalogue.MayDo(who.actor, catalogue.AnswerCall)
	if v.Answer.Begun.IsZero() {
		p.Lead = fmt.Sprintf("%s by channel, from %s to %s, and %s in words. %s. You and your colleagues can answer part by part and come back.", view.Plural(len(v.Call.Services), "service", "services"),
			view.Date(v.Call.Start), view.Date(v.Call.End), view.Plural(len(v.Call.Questions), "question", "questions"), s.callDue(v.Call))
		p.State = mayAnswer
		if may {
			p.Begin, p.State = &view.Button{Text: "Begin your council’s answer", Start: true, PreventDoubleClick: true}, ""
		}
		return s.show(c, who, http.StatusOK, "call-answer", p)
	}
	done := len(v.Services) - v.Unanswered()
	p.Lead = fmt.Sprintf("%d of %s and %d of %s answered. %s. What is not signed is seen by your council’s people alone.", done, view.Plural(len(v.Services), "service", "services"),
		len(v.Answer.Words), view.Plural(len(v.Call.Questions), "question", "questions"), s.callDue(v.Call))
	p.Parts = answerTasks(v, address)
	p.Files = []view.Link{{Text: "Fill in a spreadsheet instead, and upload it", Href: address + "/upload"}}
	p.state(who, v, address)
	p.signed(s, c, who, v)
	return s.show(c, who, http.StatusOK, "call-answer", p)
}

// answerTasks are the parts of an answer.
func answerTasks(v *catalogue.AnswerView, address string) []taskPart {
	services := view.TaskList{IDPrefix: "service"}
	for _, part := range v.Services {
		t := view.Task{Text: part.Service.Label, Href: address + "/services/" + strconv.Itoa(part.Service.LGSL)}
		services.Tasks = append(services.Tasks, withState(t, partState(part)))
	}
	parts := []taskPart{{"Volumes by channel", services}}
	if len(v.Call.Questions) == 0 {
		return parts
	}
	questions := view.TaskList{IDPrefix: "question"}
	for _, q := range v.Call.Questions {
		t := view.Task{Text: q.Text + " (optional)", Hint: q.Kind.Words(), Href: address + "/questions/" + q.ID}
		state := ""
		if v.Answer.Answer(q.ID).Text != "" {
			state = "Completed"
		}
		questions.Tasks = append(questions.Tasks, withState(t, state))
	}
	return append(parts, taskPart{"Questions in words", questions})
}

// partState is how far a service is; empty: not begun.
func partState(part catalogue.ServicePart) string {
	switch {
	case part.Skip == catalogue.SkipNotProvided:
		return "Not provided"
	case part.Skip == catalogue.SkipNoFigures:
		return "No figures"
	case part.Return != nil && part.Return.Draft != nil && part.Return.Signed():
		return "Changed, not signed"
	case part.Partly():
		return channelsStated(part.Lines())
	case part.Return != nil && part.Return.Draft == nil && part.Return.Signed():
		return "Signed"
	case part.Done():
		return "Completed"
	}
	return ""
}

// channelsStated says how many channels have a figure.
func channelsStated(lines []catalogue.ReturnLine) string {
	return fmt.Sprintf("%d of %d channels", len(lines), len(catalogue.Channels()))
}

func withState(t view.Task, state string) view.Task {
	if t.Status = state; state == "" {
		t.Tag = &view.Tag{Text: "Not yet begun", Classes: "govuk-tag--blue"}
	}
	return t
}

// state says what comes next, and who may do it.
func (p *callAnswerPage) state(who visitor, v *catalogue.AnswerView, address string) {
	sign := &view.Button{Text: "Check all of it and sign", Href: address + "/sign"}
	switch {
	case !v.Changed() && v.Unanswered() > 0:
		p.State = signedInPart(v)
	case !v.Changed():
		p.State = "All of it is signed. To correct something, change it above: it stands as signed until a lead signs again."
	case !v.Says():
		p.State = "Enter figures or answer a question. A lead of your council signs what there is: parts that are missing can follow."
	case !catalogue.MayDo(who.actor, catalogue.SignReturns):
		p.State = "A lead of your council signs it off. Your account cannot: tell a lead when it is ready."
		if catalogue.MayDo(who.actor, catalogue.AnswerCall) {
			p.Sign = &view.Button{Text: "Check all of it", Href: address + "/sign", Classes: "govuk-button--secondary"}
		} else {
			p.State = mayAnswer
		}
	default:
		p.State, p.Sign = "You can sign what there is: parts that are missing can follow.", sign
	}
}

// signedInPart says what of an answer is signed, and what is not there yet.
func signedInPart(v *catalogue.AnswerView) string {
	left := v.Unanswered()
	words := fmt.Sprintf("%d of %s signed; %s not answered.", len(v.Services)-left, view.Plural(len(v.Services), "service is", "services are"), view.Plural(left, "is", "are"))
	if v.Call.State == catalogue.CallOpen {
		words += " The call stays on your desk until each service has figures, or the answer that there are none. What you add counts once a lead signs again."
	}
	return words
}

// signed shows who signed when, and the figures that stand.
func (p *callAnswerPage) signed(s *site, c *gin.Context, who visitor, v *catalogue.AnswerView) {
	if len(v.Answer.Signatures) == 0 {
		return
	}
	p.Signed = view.Table{Caption: "Signed", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Day"}, {Text: "By"}, {Text: "Who may see the figures"}, {Text: "Why again"}}}
	for i := len(v.Answer.Signatures) - 1; i >= 0; i-- {
		sg := v.Answer.Signatures[i]
		day := view.Cell{Text: view.Day(sg.At)}
		if sg.Late {
			day.Note = "after the last day"
		}
		p.Signed.Rows = append(p.Signed.Rows, []view.Cell{day, {Text: s.signedBy(c, who, sg.Account, sg.Role)}, {Text: figuresSeenBy(sg.Audience)}, {Text: sg.Reason}})
	}
	p.Figures = signedFigures(v)
}

// signedBy is who signed, as colleagues may know: the address where the account is there still, and the role.
func (s *site) signedBy(c *gin.Context, who visitor, account string, role catalogue.Role) string {
	words := "a " + string(role)
	if role == catalogue.RoleAdmin {
		words = "an administrator"
	}
	if account == "" {
		return sentenceCase(words)
	}
	if account == who.actor.Account {
		return "You, as " + words
	}
	if a, err := s.Catalogue.Account(c, who.actor, account); err == nil {
		return a.Email + ", as " + words
	}
	return "A colleague, as " + words
}

// figuresSeenBy says who may see figures under a council's name.
func figuresSeenBy(a catalogue.Audience) string {
	switch a {
	case catalogue.Public:
		return "Anybody"
	case catalogue.Councils:
		return "Officers of councils"
	}
	return "Your council and whoever runs this service"
}

// signedFigures is what stands signed, service by service.
func signedFigures(v *catalogue.AnswerView) view.Table {
	t := view.Table{Caption: "Signed figures", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Head: []view.Head{{Text: "Service"}}}
	for _, ch := range catalogue.Channels() {
		t.Head = append(t.Head, view.Head{Text: ch.Words(), Numeric: true})
	}
	t.Head = append(t.Head, view.Head{Text: "All", Numeric: true}, view.Head{Text: "Online", Numeric: true})
	for _, part := range v.Services {
		if part.Return == nil || !part.Return.Signed() {
			continue
		}
		now, _ := part.Return.Current()
		row := []view.Cell{{Text: part.Service.Label, Href: pagePath(catalogue.KindService, strconv.Itoa(part.Service.LGSL))}}
		for _, ch := range catalogue.Channels() {
			cell := view.Cell{Text: "not stated", Muted: true, Numeric: true}
			if l, ok := now.Line(ch); ok {
				cell = view.Cell{Text: view.Number(int(l.Volume)), Numeric: true}
			}
			row = append(row, cell)
		}
		all, share := view.Cell{Text: channelsStated(now.Lines), Muted: true, Numeric: true}, view.Cell{Text: "not known", Muted: true, Numeric: true}
		if len(now.Lines) == len(catalogue.Channels()) {
			all = view.Cell{Text: view.Number(int(now.Volume())), Numeric: true, Strong: true}
			if d, ok := now.DigitalShare(); ok {
				share = view.Cell{Text: fmt.Sprintf("%.0f%%", d*100), Numeric: true}
			}
		}
		t.Rows = append(t.Rows, append(row, all, share))
	}
	return t
}

func (s *site) beginAnswer(c *gin.Context, who visitor) error {
	if err := s.Catalogue.BeginAnswer(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	return s.redirect(c, who, callPath(c.Param("id"))+"/answer")
}
