package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// decisionsSection is what a group's room shows of its decisions, and with all of them the page of decisions.
type decisionsSection struct {
	Table view.Table
	Empty string
	Links []view.Link
}

// decisionsPage lists all decisions of a group.
type decisionsPage struct {
	view.Page
	Caption string
	decisionsSection
}

// decisionPage is one decision: how members voted, and where the visitor's council votes.
type decisionPage struct {
	view.Page
	Caption string
	Heading string
	Detail  []string
	State   view.Tag
	Says    string
	Votes   view.Table
	Action  string // this page: forms go below it
	Vote    *voteForm
	MayNot  string // why the visitor does not vote
	Close   *closeForm
	Again   string // where the question is asked anew
}

// voteForm gives the vote of the visitor's council.
type voteForm struct {
	Choice view.Radios
	Reason view.Textarea
	Send   view.Button
}

// closeForm ends the voting.
type closeForm struct {
	Fold  view.Details
	Words string
	Send  view.Button
}

func newDecisionsSection(v *catalogue.Decisions, actor catalogue.Actor, s *site, most int) *decisionsSection {
	path := pagePath(catalogue.KindGroup, v.Group.ID) + "/decisions"
	d := &decisionsSection{Table: view.Table{Caption: "Decisions", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Question", Classes: "jy-col-40"}, {Text: "Result"}, {Text: "Votes", Classes: "jy-col-20"}, {Text: "Reason recorded"}}}}
	for _, one := range v.List[:min(len(v.List), most)] {
		state := decisionTag(s, one)
		d.Table.Rows = append(d.Table.Rows, []view.Cell{{Text: one.Question, Href: path + "/" + one.ID, Note: decisionNote(one)}, {Tag: &state},
			{Text: votesWords(one, inOf(v.Members))}, {Text: reasonWords(v, one)}})
	}
	if len(v.List) == 0 {
		d.Empty = "Nothing has been put to the vote yet."
	}
	if worksIn(v.Group, actor) {
		d.Links = append(d.Links, view.Link{Text: "Ask for a decision", Href: path + "/new"})
	}
	if len(v.List) > most {
		d.Links = append(d.Links, view.Link{Text: "All " + view.Plural(len(v.List), "decision", "decisions"), Href: path})
	}
	return d
}

func decisionTag(s *site, d *catalogue.Decision) view.Tag {
	switch {
	case d.Overdue(s.Catalogue.Today()):
		return view.Tag{Text: "Overdue", Classes: "govuk-tag--red"}
	case !d.Closed():
		return view.Tag{Text: "Open", Classes: "govuk-tag--orange"}
	case d.Outcome.Result == catalogue.Carried:
		return view.Tag{Text: "Carried", Classes: "govuk-tag--green"}
	case d.Outcome.Result == catalogue.Rejected:
		return view.Tag{Text: "Rejected", Classes: "govuk-tag--red"}
	}
	return view.Tag{Text: "No majority", Classes: "govuk-tag--grey"}
}

// decisionNote is until when it is open, or when it was closed.
func decisionNote(d *catalogue.Decision) string {
	switch {
	case d.Closed():
		return view.Day(d.Outcome.At)
	case d.Due.IsZero():
		return "Open until it is closed"
	}
	return "To be decided by " + view.Date(d.Due)
}

// votesWords counts the votes: '2 for, 1 against, 1 not yet', or by option.
func votesWords(d *catalogue.Decision, in []string) string {
	t := d.Tally(in)
	var parts []string
	for i, n := range t.Counts {
		text := strconv.Itoa(n) + " for ‘" + d.Options[i] + "’"
		if d.YesNo() {
			text = strconv.Itoa(n) + []string{" for", " against"}[i]
		}
		parts = append(parts, text)
	}
	switch n := len(t.NotYet); {
	case !d.Closed():
		parts = append(parts, strconv.Itoa(n)+" not yet")
	case n > 0:
		parts = append(parts, strconv.Itoa(n)+" without a vote")
	}
	return strings.Join(parts, ", ")
}

// reasonWords is the last reason that a member gave.
func reasonWords(v *catalogue.Decisions, d *catalogue.Decision) string {
	for i := len(d.Votes) - 1; i >= 0; i-- {
		if vote := d.Votes[i]; vote.Reason != "" {
			return v.Names[vote.Council] + ": ‘" + vote.Reason + "’"
		}
	}
	return ""
}

func (s *site) decisions(c *gin.Context, who visitor) error {
	v, err := s.Catalogue.Decisions(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := decisionsPage{Page: s.partPage(c, who, v.Group, "Decisions"), Caption: v.Group.Title, decisionsSection: *newDecisionsSection(v, who.actor, s, len(v.List))}
	return s.show(c, who, http.StatusOK, "decisions", p)
}

func (s *site) decision(c *gin.Context, who visitor) error {
	p, err := s.decisionPage(c, who)
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "decision", p)
}

func (s *site) decisionPage(c *gin.Context, who visitor) (decisionPage, error) {
	v, err := s.Catalogue.Decision(c, who.actor, c.Param("id"), c.Param("decision"))
	if err != nil {
		return decisionPage{}, err
	}
	d, path := v.List[0], pagePath(catalogue.KindGroup, v.Group.ID)
	p := decisionPage{Page: s.partPage(c, who, v.Group, d.Question), Caption: "A decision of ‘" + v.Group.Title + "’", Heading: d.Question,
		Detail: paragraphs(d.Detail), State: decisionTag(s, d), Votes: votesTable(v, who.actor), Action: path + "/decisions/" + d.ID,
		Says: "Asked by " + v.Names[d.Council] + " on " + view.Day(d.Asked) + ". " + decisionNote(d) + "."}
	mayWork := worksIn(v.Group, who.actor)
	if d.Closed() {
		p.Says = d.Outcome.Sentence + " Closed by " + v.Names[d.Outcome.Council] + " on " + view.Day(d.Outcome.At) + "."
		if mayWork {
			p.Again = path + "/decisions/new?again=" + d.ID
		}
		return p, nil
	}
	switch {
	case mayWork && catalogue.MayDo(who.actor, catalogue.RunGroup):
		mine, _ := d.Vote(who.actor.Org)
		p.Vote = newVoteForm(d, mine.Choice, mine.Reason)
		if d.MayClose(v.Group, who.actor.Org) {
			p.Close = &closeForm{Fold: view.Details{ID: "close", Summary: "Close the decision"}, Words: closeWords(d, inOf(v.Members)),
				Send: view.Button{Text: "Close it now", Classes: "govuk-button--warning", PreventDoubleClick: true}}
		}
	case mayWork:
		p.MayNot = "A lead of your council gives its vote: your account cannot."
	}
	return p, nil
}

func closeWords(d *catalogue.Decision, in []string) string {
	return "So far: " + votesWords(d, in) + ". It takes more than half of the " + view.Plural(len(in), "member", "members") +
		". Once closed, no vote can be given or changed, and the result goes on record."
}

func newVoteForm(d *catalogue.Decision, choice, reason string) *voteForm {
	f := &voteForm{Send: view.Button{Text: "Give our vote", PreventDoubleClick: true},
		Choice: view.Radios{Name: "choice", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "What does your council choose?", Classes: "govuk-fieldset__legend--s"}},
		Reason: view.Textarea{Name: "reason", Rows: 3, Value: reason, Label: view.Label{Text: "Reason (optional)", Classes: "govuk-label--s"},
			Hint: "It goes on record with the vote, and the other members read it"}}
	if choice != "" {
		f.Send.Text = "Change our vote"
	}
	for _, option := range d.Options {
		f.Choice.Choices = append(f.Choice.Choices, view.Choice{Value: option, Text: option, Checked: option == choice})
	}
	return f
}

// votesTable is each member's vote; those of councils that have left stand at the end and count only where they decided.
func votesTable(v *catalogue.Decisions, actor catalogue.Actor) view.Table {
	t := view.Table{Caption: "How the members vote", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-30"}, {Text: "Vote", Classes: "jy-col-20"}, {Text: "Reason"}, {Text: "When"}}}
	d := v.List[0]
	in := inOf(v.Members)
	row := func(code, name string) {
		vote, ok := d.Vote(code)
		if !ok {
			t.Rows = append(t.Rows, []view.Cell{{Text: name}, {Text: "Not yet", Muted: true}, {}, {}})
			return
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: name}, {Text: vote.Choice}, {Text: vote.Reason}, {Text: view.Day(vote.At)}})
	}
	for _, m := range v.Members {
		name := m.Label()
		if actor.ForCouncil(m.GSS) {
			name += ", you"
		}
		row(m.GSS, name)
	}
	for _, vote := range d.Votes {
		if !slices.Contains(in, vote.Council) {
			row(vote.Council, v.Names[vote.Council]+" (no longer in the group)")
		}
	}
	return t
}
