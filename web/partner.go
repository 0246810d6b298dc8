package web

import (
	"context"

	"jointly/catalogue"
	"jointly/web/view"
)

// What a partner sees of a group, as members and bodies read it before anybody is asked or answers.
const (
	partnerSees = "A partner sees which councils are in, the need, the months, the stages and when they were reached, what is needed as each line is worded now, " +
		"what was decided and the words of the question, the links to papers that are not kept from partners, and published notices."
	partnerNotSees = "It does not see budgets, values, shares, volumes, approvals, conflicts of interest, savings, when contracts end, the plan’s dates, why the group moved, how a council voted, or what councils say of a line and note beside it. It sees no council that is only asked."
	partnerIs      = "A partner buys nothing, commits nothing, has no vote and never leads."
)

// roomPartners is the section of a group's room about the bodies beside its members. Template room-partners.
type roomPartners struct {
	Table view.Table
	Empty string
	Ask   *askPartnerForm
	End   []endPartnerForm
	Base  string // of the addresses of its forms
}

// askPartnerForm asks a body in.
type askPartnerForm struct {
	Fold   view.Details
	Words  []string
	None   string // why nobody can be asked; empty: somebody can
	Body   view.Select
	Wanted view.Textarea
	Send   view.Button
}

// endPartnerForm ends the part of one body, or takes back what it is asked.
type endPartnerForm struct {
	Body   string // its ID
	Fold   view.Details
	Reason view.Textarea
	Send   view.Button
}

// newRoomPartners is what members see of their partners; nil where there is nothing to see or do.
func (s *site) newRoomPartners(ctx context.Context, r *catalogue.Room, actor catalogue.Actor) (*roomPartners, error) {
	runs := r.Group.MayRunPartners(actor)
	if len(r.Partners) == 0 && !runs {
		return nil, nil
	}
	v := &roomPartners{Base: pagePath(catalogue.KindGroup, r.Group.ID) + "/partners", Table: partnersTable(r)}
	if len(r.Partners) == 0 {
		v.Empty = "None yet. A body of central government or of the sector can stand beside the members: it brings a platform, a standard or its people. " + partnerIs
	}
	if !runs {
		return v, nil
	}
	bodies, err := s.Catalogue.Bodies(ctx, actor)
	if err != nil {
		return nil, err
	}
	v.Ask = newAskPartnerForm(r.Group, bodies)
	for _, p := range r.Partners {
		if p.State == catalogue.Accepted || p.State == catalogue.Invited {
			v.End = append(v.End, newEndPartnerForm(p))
		}
	}
	return v, nil
}

func newAskPartnerForm(g *catalogue.BuyingGroup, bodies []catalogue.BodyRow) *askPartnerForm {
	f := &askPartnerForm{Fold: view.Details{Summary: "Ask a body in", ID: "ask-body"}, Words: []string{partnerIs, partnerSees, partnerNotSees},
		Body: view.Select{ID: "body", Name: "body", Label: view.Label{Text: "Which body?"}, Options: []view.Option{{Text: "Choose"}}},
		Wanted: view.Textarea{ID: "wanted", Name: "wanted", Rows: 3, Label: view.Label{Text: "What do you want of it?"},
			Hint: "For example, its payments platform, or somebody who knows the data standard. The body and the members read it"},
		Send: view.Button{Text: "Ask this body", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	for _, b := range bodies {
		if b.Body.Demonstration != g.Demonstration { // invented ones and real ones do not act together
			continue
		}
		if p, ok := g.Partner(b.Body.ID); ok && (p.State == catalogue.Accepted || p.State == catalogue.Invited) {
			continue
		}
		f.Body.Options = append(f.Body.Options, view.Option{Value: b.Body.ID, Text: b.Body.Label()})
	}
	if len(f.Body.Options) == 1 {
		f.None = "Every body that takes part is asked or in already."
	}
	return f
}

func newEndPartnerForm(p catalogue.PartnerRow) endPartnerForm {
	what, send := "End the part of "+p.Label(), "End its part"
	if p.State == catalogue.Invited {
		what, send = "Take back what you ask of "+p.Label(), "Take it back"
	}
	return endPartnerForm{Body: p.Body, Fold: view.Details{Summary: what, ID: "end-" + p.Body},
		Reason: view.Textarea{ID: "reason-" + p.Body, Name: "reason", Rows: 2, Label: view.Label{Text: "Why?"}, Hint: "The body and the members are told"},
		Send:   view.Button{Text: send, Classes: "govuk-button--warning", PreventDoubleClick: true}}
}

// partnersTable lists the bodies beside a group, those that are out too.
func partnersTable(r *catalogue.Room) view.Table {
	t := view.Table{Caption: "Partners", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Classes: "jy-table--inline",
		Head: []view.Head{{Text: "Body", Classes: "jy-col-25"}, {Text: "Standing", Classes: "jy-col-20"}, {Text: "What it brings, or is asked for"}}}
	for _, p := range r.Partners {
		standing, says := view.Cell{Text: "Partner", Note: "since " + view.Day(p.Answered)}, view.Cell{Text: p.Says(), Classes: "jy-table__line"}
		if p.Brings != "" {
			says.Note = "Asked for: " + p.Wanted
		}
		switch p.State {
		case catalogue.Invited:
			standing = view.Cell{Text: "Asked", Note: "on " + view.Day(p.Asked), Muted: true}
		case catalogue.Declined:
			standing, says.Note = view.Cell{Text: "Declined", Note: view.Day(p.Answered), Muted: true}, "Its reason: "+p.Reason
		case catalogue.Left:
			standing, says.Note = view.Cell{Text: "Left", Note: view.Day(p.Answered), Muted: true}, "Its reason: "+p.Reason
			if p.EndedBy != "" {
				standing.Text, says.Note = "Part ended", "The reason: "+p.Reason
			}
		}
		if p.Answered.IsZero() && p.State == catalogue.Accepted {
			standing.Note = ""
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: p.Label(), Href: pagePath(catalogue.KindBody, p.Body)}, standing, says})
	}
	return t
}

// partnerFacts names the partners of a group that the visitor may know of.
func partnerFacts(r *catalogue.Room) []view.Fact {
	var out []view.Fact
	for _, p := range r.InGroup() {
		out = append(out, view.Fact{Name: "Partner", Value: p.Label(), Href: pagePath(catalogue.KindBody, p.Body), Note: "buys nothing"})
	}
	return out
}
