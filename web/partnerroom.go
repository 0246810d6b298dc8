package web

import (
	"context"
	"strconv"

	"jointly/catalogue"
	"jointly/web/view"
)

// partnerView is a group's page for the people of a body that is asked in, or stands in it as partner. Template partner.
type partnerView struct {
	Action string // address of the group: forms go below it
	Title  string
	Words  []string
	Answer *partnerAnswerForm
	Room   *partnerRoom // nil: it is only asked
	Brings *partnerBringsForm
	Leave  *leaveForm
}

// partnerAnswerForm accepts or declines.
type partnerAnswerForm struct {
	Brings  view.Textarea
	Accept  view.Button
	Fold    view.Details // around the reason
	Reason  view.Textarea
	Decline view.Button
}

// partnerBringsForm says what the body brings.
type partnerBringsForm struct {
	Fold view.Details
	Text view.Textarea
	Send view.Button
}

// partnerRoom is what a partner sees of the room.
type partnerRoom struct {
	Members   []view.Link
	Lines     view.Table
	Decisions view.Table
	Papers    *papersSection
	Course    view.Table
}

// newPartnerView is the page for the body of the visitor.
func (s *site) newPartnerView(ctx context.Context, r *catalogue.Room, actor catalogue.Actor) (*partnerView, error) {
	g, own := r.Group, r.OwnPart
	v := &partnerView{Action: pagePath(catalogue.KindGroup, g.ID), Title: "Your organisation stands in this group as partner"}
	asked := "A council of the group asked you"
	if own.By != nil {
		asked = own.By.Label() + " asked you"
	}
	v.Words = []string{asked + " on " + view.Day(own.Asked) + " for: " + own.Wanted}
	mayAnswer := catalogue.MayDo(actor, catalogue.StandAsPartner)
	if own.State == catalogue.Invited {
		v.asked(g, mayAnswer)
		return v, nil
	}
	if own.Brings != "" {
		v.Words = append(v.Words, "What you bring: "+own.Brings)
	}
	v.Words = append(v.Words, partnerIs+" The councils plan and decide among themselves: their money, their votes and how they see each line are not shown to you.")
	if mayAnswer && g.GoesOn() {
		v.forms(own)
	}
	read, err := s.Catalogue.PartnerRoom(ctx, actor, g.ID)
	if err != nil {
		return nil, err
	}
	v.Room = s.newPartnerRoom(g, read, actor)
	return v, nil
}

// asked is the next step of a body that has not answered.
func (v *partnerView) asked(g *catalogue.BuyingGroup, mayAnswer bool) {
	v.Title = "Your next step: answer the group"
	v.Words = append(v.Words, partnerIs, "Once you accept, the group’s card names your organisation, and you see more of the group: "+lowerFirst(partnerSees))
	switch {
	case !g.GoesOn():
		v.Title, v.Words = "This group has ended", v.Words[:1]
	case !mayAnswer:
		v.Words = append(v.Words, "A lead of your organisation answers: your account can read.")
	default:
		v.Answer = &partnerAnswerForm{
			Brings: view.Textarea{Name: "brings", Rows: 3, Label: view.Label{Text: "What do you bring? (optional)"}, Hint: "The members read it. You can change it later"},
			Accept: view.Button{Text: "Accept", Name: "answer", Value: "accept", PreventDoubleClick: true},
			Fold:   view.Details{Summary: "Decline, with a reason", ID: "decline"},
			Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why not?"}, Hint: "The members read it, and can plan without you"},
			Decline: view.Button{Text: "Decline", Name: "answer", Value: "decline", Classes: "govuk-button--secondary",
				PreventDoubleClick: true}}
	}
}

// forms are what a partner changes of its own part.
func (v *partnerView) forms(own *catalogue.PartnerRow) {
	v.Brings = &partnerBringsForm{Fold: view.Details{Summary: "Change what you bring", ID: "bring"},
		Text: view.Textarea{Name: "brings", Rows: 3, Value: own.Brings, Label: view.Label{Text: "What do you bring?"}, Hint: "The members see it, and are told of it at most once a day"},
		Send: view.Button{Text: "Save what you bring", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	v.Leave = &leaveForm{Fold: view.Details{Summary: "Leave the group", ID: "leave"},
		Reason: view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why does your organisation leave?"}, Hint: "The members are told. Papers that you added stay until the lead authority removes them"},
		Send:   view.Button{Text: "Leave the group", Classes: "govuk-button--warning", PreventDoubleClick: true}}
}

func (s *site) newPartnerRoom(g *catalogue.BuyingGroup, read *catalogue.PartnerRoom, actor catalogue.Actor) *partnerRoom {
	v := &partnerRoom{Papers: newPapersSection(read.Papers, actor), Course: partnerCourse(g),
		Lines: view.Table{Caption: "What is needed", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
			Head: []view.Head{{Text: "Line", Classes: "jy-col-15"}, {Text: "What is needed"}}},
		Decisions: view.Table{Caption: "What was decided", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
			Head: []view.Head{{Text: "Question", Classes: "jy-col-40"}, {Text: "Result"}, {Text: "What to know about it"}}}}
	for _, m := range read.Members {
		name := m.Label()
		switch m.GSS {
		case g.Lead:
			name += ", lead authority"
		case g.Deputy:
			name += ", deputy"
		}
		v.Members = append(v.Members, view.Link{Text: name, Href: pagePath(catalogue.KindCouncil, m.GSS)})
	}
	for _, l := range read.Lines {
		v.Lines.Rows = append(v.Lines.Rows, []view.Cell{{Text: strconv.Itoa(l.Line)}, {Text: l.Text}})
	}
	for _, d := range read.Decisions {
		tag := decisionTag(s, d)
		result := view.Cell{Tag: &tag}
		if d.Outcome.Choice != "" && !d.YesNo() {
			result.Note = d.Outcome.Choice
		}
		v.Decisions.Rows = append(v.Decisions.Rows, []view.Cell{{Text: d.Question, Note: view.Day(d.Outcome.At)}, result, {Text: d.Detail, Classes: "jy-table__line"}})
	}
	return v
}

// partnerCourse is how the group came to its stage, without who moved it and why.
func partnerCourse(g *catalogue.BuyingGroup) view.Table {
	t := view.Table{Caption: "How the group came here", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Classes: "jy-table--inline",
		Head: []view.Head{{Text: "Stage", Classes: "jy-col-40"}, {Text: "When"}}}
	for _, m := range g.Course {
		t.Rows = append(t.Rows, []view.Cell{{Text: sentenceCase(m.Stage.Words())}, {Text: view.Day(m.At)}})
	}
	return t
}
