package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/match"
	"jointly/web/view"
)

// groupPage is a group: its card for those who may see that it exists, its room for its members.
type groupPage struct {
	view.Page
	Caption string
	Heading string
	Stages  view.Stages
	GivenUp *view.Tag // instead of the stages; nil for a group that goes on
	Outcome []string  // what came of a closed group
	Need    []string
	Facts   []view.Fact
	Card    *cardPanel   // for those outside
	Room    *roomView    // for its members and the operator
	Partner *partnerView // for a body that is asked in, or stands in it
	Signals []view.Link  // to suppliers, that the reader may see, and how its lead begins one
	Similar *similarBlock
	Market  string // who holds the market of what it buys, for councils; empty: not for the visitor
}

// cardPanel is what those outside can do.
type cardPanel struct {
	Title  string
	Recall string // what the visitor's council answered before; empty: it was not asked
	Words  string
	Join   *joinForm
	SignIn string
	List   bool // first list a need to join with
}

// joinForm brings an own intention into a group that is open to join.
type joinForm struct {
	Action string
	Which  view.Radios
	Send   view.Button
}

func (s *site) group(c *gin.Context, who visitor) error {
	p, err := s.groupPage(c, who, c.Param("id"))
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "group", p)
}

// groupPage reads a group's page; its forms are as yet empty.
func (s *site) groupPage(c *gin.Context, who visitor, id string) (groupPage, error) {
	found, err := s.Catalogue.Room(c, who.actor, id)
	if err != nil {
		return groupPage{}, err
	}
	var fits []pairing
	if mayInvite(found, who.actor) {
		if fits, err = s.fitting(c, who.actor, found); err != nil {
			return groupPage{}, err
		}
	}
	p := s.newGroupPage(found, who.actor)
	if found.Group.Room {
		p.Room = s.newRoomView(found, fits, who.actor)
		if p.Room.Parts, err = s.newRoomParts(c, who.actor, id); err != nil {
			return groupPage{}, err
		}
		if p.Room.Partners, err = s.newRoomPartners(c, found, who.actor); err != nil {
			return groupPage{}, err
		}
		if p.Room.GivenUp {
			found.Suggestion = nil
		}
		if p.Room.Savings, err = s.roomSavings(c, who.actor, found); err != nil {
			return groupPage{}, err
		}
		if err := s.tellSuggestion(c, who.actor, p.Room, found.Suggestion); err != nil {
			return groupPage{}, err
		}
	} else if found.OwnPart != nil {
		if p.Partner, err = s.newPartnerView(c, found, who.actor); err != nil {
			return groupPage{}, err
		}
	} else {
		p.Card = s.newCardPanel(found, who)
		p.Card.Recall = recalled(found.Out)
	}
	if p.Signals, err = s.groupSignals(c, who.actor, found.Group); err != nil {
		return groupPage{}, err
	}
	if p.Similar, err = s.similarTo(c, who, likeness{kind: catalogue.KindGroup, id: id, words: found.Group.Title, capability: found.Group.Capability}); err != nil {
		return groupPage{}, err
	}
	if found.Group.Capability != "" && seesMarkets(who.actor) {
		p.Market = marketPath(found.Group.Capability)
	}
	p.Page = s.page(c, who, "/groups", p.Heading)
	p.Description = "A group of councils that buy together: " + found.Group.Title + "."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Groups", Href: "/groups"}, {Text: p.Heading}}
	return p, nil
}

// mayInvite says that the visitor's council can ask others into the group.
func mayInvite(r *catalogue.Room, actor catalogue.Actor) bool {
	return r.Mine != nil && r.Mine.State == catalogue.Accepted && r.Group.Open() && catalogue.MayDo(actor, catalogue.RunGroup)
}

// fitting lists the needs that match the one that the visitor's council brought, of councils that are not in the group.
func (s *site) fitting(ctx context.Context, actor catalogue.Actor, r *catalogue.Room) ([]pairing, error) {
	found, err := s.Engine.Matches(ctx, actor, r.Mine.Member.Intention)
	if err != nil {
		if catalogue.KindOf(err) == catalogue.NotFound { // the intention went away meanwhile
			return nil, nil
		}
		return nil, err
	}
	lists, err := s.pairings(ctx, actor, found.Partners)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(perCouncil(lists[0]), func(p pairing) bool {
		m, ok := r.Group.Member(p.council.GSS)
		return ok && (m.State == catalogue.Invited || m.State == catalogue.Accepted)
	}), nil
}

func (s *site) newGroupPage(r *catalogue.Room, actor catalogue.Actor) groupPage {
	g := r.Group
	p := groupPage{Caption: "Group of " + view.Plural(g.Councils, "council", "councils"), Heading: g.Title, Stages: stages(g), Outcome: outcome(g), Need: paragraphs(g.Need)}
	if r.Asked > 0 {
		p.Caption += ", " + view.Number(r.Asked) + " asked"
	}
	if g.Stage == catalogue.Abandoned {
		p.Caption, p.GivenUp = "Group", &view.Tag{Text: "Given up", Classes: "govuk-tag--grey"}
	}
	if g.Demonstration {
		p.Heading += " (demonstration)"
	}
	if g.Room && actor.IsOperator() {
		p.Caption += ". You see its room as the operator."
	} else if g.Room {
		p.Caption += ". Only members and councils asked see this page."
	}
	if g.AsPartner {
		p.Caption += ". You see it as its partner."
	}
	lead := view.Fact{Name: "Lead authority", Value: "none yet", Muted: true}
	if r.Lead != nil {
		lead = view.Fact{Name: "Lead authority", Value: r.Lead.Label(), Href: pagePath(catalogue.KindCouncil, r.Lead.GSS)}
	}
	p.Facts = []view.Fact{lead, {Name: "When all can tender", Value: window(g.WindowStart, g.WindowEnd), Muted: g.WindowStart.IsZero()}}
	if capability, ok := s.Catalogue.Dictionary().Capability(g.Capability); ok {
		p.Facts = append(p.Facts, view.Fact{Name: "What it is for", Value: capability.Name, Href: "/search?capability=" + url.QueryEscape(g.Capability)})
	}
	join := view.Fact{Name: "Open to join", Value: "No, only councils that are asked"}
	if joinable(g, s.Catalogue.Today()) {
		if join.Value = "Yes"; !g.JoinBy.IsZero() {
			join.Value = "Until " + view.Date(g.JoinBy)
			join.Note = view.Relative(s.Catalogue.Now(), g.JoinBy)
		}
	}
	p.Facts = append(p.Facts, join, view.Fact{Name: "Card seen by", Value: audienceWords(g.Card)})
	p.Facts = append(append(p.Facts, partnerFacts(r)...), publishedFacts(g)...)
	return p
}

// recalled says what a council answered to a group before it was out of it.
func recalled(m *catalogue.Member) string {
	if m == nil {
		return ""
	}
	text := "Your council declined on "
	if m.State == catalogue.Left {
		text = "Your council left on "
	}
	text += view.Day(m.Answered)
	if m.Reason != "" {
		return text + ": ‘" + m.Reason + "’."
	}
	return text + "."
}

// newCardPanel is what somebody outside can do about a group.
func (s *site) newCardPanel(r *catalogue.Room, who visitor) *cardPanel {
	g := r.Group
	open := joinable(g, s.Catalogue.Today())
	switch {
	case who.account == nil:
		p := &cardPanel{Title: "Do you work for a council?", Words: "Sign in with a council address to see what is shared with councils", SignIn: "/sign-in?next=" + url.QueryEscape(pagePath(catalogue.KindGroup, g.ID))}
		if open {
			p.Words += ", and to join with a need of your own"
		}
		p.Words += "."
		return p
	case who.actor.OrgKind != catalogue.OrgCouncil:
		return &cardPanel{Title: "What you see here", Words: "Councils buy together in this group. Its members, figures and papers are seen by its members alone. What it goes to market with is published as a notice."}
	case g.Stage == catalogue.Closed:
		return &cardPanel{Title: "This group is closed", Words: "Its members have bought together. To buy the same, list your need: you see whose needs match it."}
	case !open:
		return &cardPanel{Title: "Not open to join", Words: "Its members ask others themselves. List your need: if it fits theirs, they see it among their matches."}
	case !catalogue.MayDo(who.actor, catalogue.JoinGroup):
		return &cardPanel{Title: "Open to join", Words: "A lead of your council can join with one of its intentions: your account cannot."}
	}
	if join := s.newJoinForm(r); join != nil {
		return &cardPanel{Title: "Join with a need of your own", Words: "The members then see what you share with councils and with your group. You can leave again, with a reason.", Join: join}
	}
	return &cardPanel{Title: "Join with a need of your own", Words: "Your council has listed nothing to join with that councils may see. List what you need, then come back.", List: true}
}

// newJoinForm offers the own intentions, those for the same thing first; nil where there are none.
func (s *site) newJoinForm(r *catalogue.Room) *joinForm {
	own := slices.DeleteFunc(slices.Clone(r.Candidates), func(in *catalogue.Intention) bool { return in.Visibility == catalogue.Own })
	if len(own) == 0 {
		return nil
	}
	other := func(in *catalogue.Intention) int {
		if capable(in) == r.Group.Capability {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(own, func(a, b *catalogue.Intention) int { return cmp.Compare(other(a), other(b)) })
	f := &joinForm{Action: pagePath(catalogue.KindGroup, r.Group.ID) + "/join", Send: view.Button{Text: "Join the group", PreventDoubleClick: true},
		Which: view.Radios{Name: "intention", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "With which of your intentions?", Classes: "govuk-fieldset__legend--s"}}}
	for i, in := range own {
		hint := window(in.WindowStart, in.TrueEnd())
		if other(in) == 0 {
			hint += ", for the same as the group"
		} else if capability, ok := s.Catalogue.Dictionary().Capability(capable(in)); ok {
			hint += ", for something else: " + lowerFirst(capability.Name)
		}
		f.Which.Choices = append(f.Which.Choices, view.Choice{Value: in.ID, Text: in.Title, Hint: hint, Checked: i == 0 && other(in) == 0})
	}
	return f
}

// tellSuggestion says why the group was suggested, to the council that was told.
func (s *site) tellSuggestion(ctx context.Context, actor catalogue.Actor, room *roomView, told *catalogue.Suggestion) error {
	if told == nil {
		return nil
	}
	var codes []string
	for _, with := range told.Partners {
		codes = append(codes, with.Council)
	}
	names, err := s.councilsBy(ctx, actor, codes)
	if err != nil {
		return err
	}
	for _, with := range told.Partners {
		b := suggestedBlock{Name: with.Council, Points: pointsText(with.Points)}
		if council := names[with.Council]; council != nil {
			b.Name = council.Label()
		}
		var evidence []match.Evidence
		for _, e := range with.Evidence {
			evidence = append(evidence, match.Evidence{Feature: e.Feature, Level: e.Level, Points: e.Points, Text: e.Text})
		}
		b.Evidence = evidencePoints(evidence)
		room.Suggested = append(room.Suggested, b)
	}
	room.Told = "As your council was shown on " + view.Day(told.Told) + ", with weights version " + told.Weights + ". Later listings do not change it."
	return nil
}
