package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/match"
	"jointly/web/view"
)

// newGroupPage is where a council looks at what it proposes before it proposes it.
type newGroupPage struct {
	view.Page
	Begin    []view.Link // the own intentions to begin from; nil once one is chosen
	Own      view.Link
	Form     string // ID of the record that the form makes
	ID       string // of the own intention
	Partners view.Checkboxes
	Title    view.Input
	Need     view.Textarea
	Lead     view.Radios
	Card     view.Radios
	Open     view.Radios
	Send     view.Button
}

// groupForm is a proposal as somebody types it.
type groupForm struct {
	id, intention, title, need, lead, card, open string
	partners                                     []string
	joinBy                                       typedDate
}

// mostAsked is how many councils a form may name: more than a group can have.
const mostAsked = 50

func readGroupForm(t *typed) groupForm {
	return groupForm{id: recordID(t.text("id")), intention: t.text("intention"), title: t.text("title"), need: t.text("need"), lead: t.text("lead"),
		card: t.text("card"), open: t.text("open"), partners: few(t.Values["partner"]), joinBy: t.dateParts("join_by")}
}

func few(ids []string) []string { return ids[:min(len(ids), mostAsked)] }

// proposal is the form as the catalogue takes it.
func (f groupForm) proposal(t *typed) catalogue.Proposal {
	p := catalogue.Proposal{ID: f.id, Title: f.title, Need: f.need, Intention: f.intention, Partners: f.partners, Lead: f.lead == "yes",
		Card: catalogue.Audience(f.card), OpenToJoin: f.open == "yes"}
	if p.OpenToJoin {
		p.JoinBy = t.date("join_by", "The last day to join")
	}
	return p
}

func mayPropose(actor catalogue.Actor) error {
	if catalogue.MayDo(actor, catalogue.ProposeGroup) {
		return nil
	}
	return &catalogue.Error{Kind: catalogue.Forbidden, Message: "A lead of your council proposes groups and answers for it: your account cannot"}
}

func (s *site) newGroup(c *gin.Context, who visitor) error {
	if err := mayPropose(who.actor); err != nil {
		return err
	}
	f := groupForm{id: catalogue.NewID(), intention: c.Query("intention"), partners: few(c.QueryArray("partner")), card: string(catalogue.Councils), open: "yes"}
	if f.intention == "" {
		return s.beginGroup(c, who)
	}
	found, err := s.proposed(c, who, f)
	if err != nil {
		return err
	}
	if capability, ok := s.Catalogue.Dictionary().Capability(capable(found.own)); ok {
		f.title = capability.Name
	}
	if len(f.partners) == 0 {
		f.partners = found.suggested
	}
	if f.lead = "no"; found.own.Role == catalogue.RoleWouldLead {
		f.lead = "yes"
	}
	anew(c)
	return s.showGroupForm(c, who, http.StatusOK, f, found, nil)
}

func capable(in *catalogue.Intention) string {
	id, _ := in.Capable()
	return id
}

// beginGroup asks which of the council's intentions the group is to be about.
func (s *site) beginGroup(c *gin.Context, who visitor) error {
	desk, err := s.Catalogue.Desk(c, who.actor)
	if err != nil {
		return err
	}
	p := newGroupPage{Begin: []view.Link{}}
	for _, in := range desk.Intentions {
		p.Begin = append(p.Begin, view.Link{Text: in.Title, Href: pagePath(catalogue.KindIntention, in.ID) + "/matches"})
	}
	p.Page = s.page(c, who, "/groups", "Propose a group")
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Groups", Href: "/groups"}, {Text: "Propose a group"}}
	return s.show(c, who, http.StatusOK, "new-group", p)
}

// proposed is the own intention with all that could be asked: the partners that match it, and those asked for by name.
type proposed struct {
	own       *catalogue.Intention
	partners  []pairing
	suggested []string // intentions in the group that the matcher suggests
}

func (s *site) proposed(ctx context.Context, who visitor, f groupForm) (*proposed, error) {
	s.Engine.Wait(ctx, who.session.lastWrite(), waitForOwnWrite)
	own, err := s.Catalogue.Intention(ctx, who.actor, f.intention)
	if err != nil {
		return nil, err
	}
	found, err := s.Engine.Matches(ctx, who.actor, f.intention)
	if err != nil {
		return nil, err
	}
	var others []match.Partner // asked for, though the matcher does not suggest them
	for _, id := range f.partners {
		if !slices.ContainsFunc(found.Partners, func(p match.Partner) bool { return p.Intention == id }) {
			others = append(others, match.Partner{Intention: id})
		}
	}
	lists, err := s.pairings(ctx, who.actor, found.Partners, others)
	if err != nil {
		return nil, err
	}
	p := &proposed{own: own}
	if found.Group != nil {
		p.suggested = found.Group.Refs
	}
	for _, pair := range append(lists[0], lists[1]...) {
		if !who.actor.ForCouncil(pair.council.GSS) {
			p.partners = append(p.partners, pair)
		}
	}
	return p, nil
}

// suggestion is what the council was shown of those that it asks; nil where the matcher suggested none of them.
func (p *proposed) suggestion(asked []string, weights string) *catalogue.Suggestion {
	s := &catalogue.Suggestion{Weights: weights}
	for _, pair := range p.partners {
		if !slices.Contains(asked, pair.Intention) || len(pair.Evidence) == 0 {
			continue
		}
		with := catalogue.SuggestedWith{Council: pair.council.GSS, Intention: pair.Intention, Points: pair.Points, Evidence: match.Kept(pair.Evidence)}
		s.Partners = append(s.Partners, with)
	}
	if len(s.Partners) == 0 {
		return nil
	}
	return s
}

// proposeGroup makes the group and asks the others. The same form sent twice makes one.
func (s *site) proposeGroup(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	if err := mayPropose(who.actor); err != nil {
		return err
	}
	t := &typed{Values: values}
	f := readGroupForm(t)
	found, err := s.proposed(c, who, f)
	if err != nil {
		return err
	}
	proposal := f.proposal(t)
	proposal.Suggestion = found.suggestion(f.partners, s.Engine.Scorer().Version())
	var made *catalogue.BuyingGroup
	if err = t.err(); err == nil {
		made, err = s.Catalogue.ProposeGroup(c, who.actor, proposal)
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showGroupForm(c, who, http.StatusBadRequest, f, found, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(made.Version)
	who.session.set("flash", "The group is proposed. The others are told by email, and answer in their own time.")
	return s.redirect(c, who, pagePath(catalogue.KindGroup, made.ID))
}

func (s *site) showGroupForm(c *gin.Context, who visitor, status int, f groupForm, found *proposed, wrong error) error {
	p := newGroupForm(f, found, wrong)
	p.Page = s.page(c, who, "/groups", "Propose a group")
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: found.own.Title, Href: p.Own.Href},
		{Text: "Matches", Href: p.Own.Href + "/matches"}, {Text: "Propose a group"}}
	p.Errors = errorLinks(wrong, map[string]string{"partners": "partner", "members": "partner", "join_by": "join_by-day", "capability": "partner"})
	return s.show(c, who, status, "new-group", p)
}

func newGroupForm(f groupForm, found *proposed, wrong error) newGroupPage {
	legend := func(text string) *view.Legend { return &view.Legend{Text: text, Classes: "govuk-fieldset__legend--s"} }
	p := newGroupPage{
		Form: f.id, ID: found.own.ID, Own: view.Link{Text: found.own.Title, Href: pagePath(catalogue.KindIntention, found.own.ID)},
		Title: view.Input{Name: "title", Label: view.Label{Text: "What is the group called?", Classes: "govuk-label--s"}, Value: f.title, Error: fieldError(wrong, "title"),
			Hint: "It stands on the card that others see"},
		Need: view.Textarea{Name: "need", Rows: 4, Label: view.Label{Text: "What is bought? (optional)", Classes: "govuk-label--s"}, Value: f.need, Error: fieldError(wrong, "need"),
			Hint: "In a few sentences. It stands on the card, so leave out what only members should read"},
		Lead: view.Radios{Name: "lead", Classes: "govuk-radios--small govuk-radios--inline", Legend: legend("Would your council be the lead authority?"),
			Choices: []view.Choice{{Value: "yes", Text: "Yes", Checked: f.lead == "yes"}, {Value: "no", Text: "Not now", Checked: f.lead != "yes"}}},
		Card: view.Radios{Name: "card", Classes: "govuk-radios--small", Legend: legend("Who may see that the group exists?"), Error: fieldError(wrong, "card"),
			Hint: "They see its card: name, need, months, lead, and how many councils are in it. Members and figures stay in the room",
			Choices: []view.Choice{{Value: string(catalogue.Councils), Text: "Councils", Checked: f.card == string(catalogue.Councils)},
				{Value: string(catalogue.Public), Text: "Everybody, suppliers too", Checked: f.card == string(catalogue.Public)}}},
		Send: view.Button{Text: "Propose the group", PreventDoubleClick: true},
	}
	joinBy := dateField("join_by", "Until when? (optional)", "For example, 31 3 2027", f.joinBy, wrong)
	p.Open = view.Radios{Name: "open", Classes: "govuk-radios--small", Legend: legend("May other councils join by themselves?"),
		Choices: []view.Choice{{Value: "yes", Text: "Yes", Checked: f.open == "yes", Conditional: []view.Field{{Date: &joinBy}}},
			{Value: "no", Text: "No, only those that are asked", Checked: f.open != "yes"}}}
	p.Partners = view.Checkboxes{Name: "partner", Classes: "govuk-checkboxes--small", Legend: legend("Who is asked?"), Hint: "Those asked see the room of the group, and answer yes or no",
		Error: firstError(wrong, "partners", "members", "capability")}
	for _, pair := range found.partners {
		hint := "‘" + pair.intention.Title + "’, " + window(pair.intention.WindowStart, pair.intention.TrueEnd())
		if pair.Summary != "" {
			hint += ", " + pointsText(pair.Points) + " points"
		}
		p.Partners.Choices = append(p.Partners.Choices, view.Choice{Value: pair.Intention, Text: pair.council.Label(), Hint: hint,
			Checked: slices.Contains(f.partners, pair.Intention)})
	}
	return p
}

// firstError is the first message about any of some fields.
func firstError(err error, fields ...string) string {
	for _, f := range fields {
		if message := fieldError(err, f); message != "" {
			return message
		}
	}
	return ""
}
