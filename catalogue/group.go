package catalogue

import (
	"slices"
	"strings"
	"time"
)

// GroupStage is how far a group has come.
type GroupStage string

// The stages of a group, in their order; Abandoned is outside it.
const (
	Forming   GroupStage = "forming"   // proposed; members are being asked, and settle what they need
	Agreed    GroupStage = "agreed"    // everyone has answered, one leads, and nothing needed is in conflict
	Engaging  GroupStage = "engaging"  // suppliers are asked what is possible, before any tender
	Procuring GroupStage = "procuring" // a tender or call-off is under way
	Awarded   GroupStage = "awarded"   // a supplier was chosen
	Closed    GroupStage = "closed"    // with its outcome
	Abandoned GroupStage = "abandoned" // with its reason; also where fewer than two are left
)

// MemberState is where a council stands on its invitation.
type MemberState string

// The states of a member.
const (
	Invited  MemberState = "invited"
	Accepted MemberState = "accepted"
	Declined MemberState = "declined"
	Left     MemberState = "left"
)

// Conflicts is a member's declaration of conflicts of interest, for the assessment that a tender notice needs.
type Conflicts struct {
	Declared time.Time `json:"declared,omitzero"` // zero: not yet
	Text     string    `json:"text,omitempty"`    // what they are and how they are handled; empty once declared: none
}

// Member is a council in a group, with the intention that it brings.
type Member struct {
	Council   string      `json:"council"`
	Was       string      `json:"was,omitempty"` // code of the council whose membership it was before
	Intention string      `json:"intention"`     // intention ID
	State     MemberState `json:"state"`
	Rung      Rung        `json:"rung"`
	Approval  string      `json:"approval,omitempty"` // reference of the council's own approval; only on that rung
	Approved  Date        `json:"approved,omitzero"`  // when it was given; only on that rung
	Volume    float64     `json:"volume,omitempty"`   // what it commits, GBP ex VAT over the whole term; 0: not stated; only on that rung
	Conflicts Conflicts   `json:"conflicts,omitzero"` // of interest, as it declared them
	Reason    string      `json:"reason,omitempty"`   // why it declined or left
	Asked     time.Time   `json:"asked"`
	Answered  time.Time   `json:"answered,omitzero"`
}

// BuyingGroup is councils that buy together, with a lead authority. Its card is for councils, or public where the
// group says so; its room is for its members. Bodies stand beside them as partners, who see what
// forPartner shows.
type BuyingGroup struct {
	Meta
	Title         string      `json:"title"`
	Need          string      `json:"need,omitempty"` // what is bought, in a few sentences; on the card
	Capability    string      `json:"capability"`
	Stage         GroupStage  `json:"stage"`
	Lead          string      `json:"lead,omitempty"`    // council code of the lead authority; empty: needs a lead
	Deputy        string      `json:"deputy,omitempty"`  // council code; stands in for the lead; empty: none
	Offered       string      `json:"offered,omitempty"` // council code of the member that is asked to take over the lead
	Proposer      string      `json:"proposer"`          // council code
	Members       []Member    `json:"members,omitempty"`
	Partners      []Partner   `json:"partners,omitempty"`    // bodies beside the members; the card names those that accepted
	WindowStart   Date        `json:"window_start,omitzero"` // when all that are in or asked can start the tender
	WindowEnd     Date        `json:"window_end,omitzero"`
	CardStart     Date        `json:"card_start,omitzero"` // the same of those that accepted: what the card shows
	CardEnd       Date        `json:"card_end,omitzero"`
	PartnerStart  Date        `json:"partner_start,omitzero"` // the same as far as everybody may work it out: what partners see
	PartnerEnd    Date        `json:"partner_end,omitzero"`
	Card          Audience    `json:"card"` // public or councils
	OpenToJoin    bool        `json:"open_to_join,omitempty"`
	JoinBy        Date        `json:"join_by,omitzero"`
	Suggestion    string      `json:"suggestion,omitempty"` // ID of the suggestion it came from
	Course        []Milestone `json:"course,omitempty"`     // how it came to its stage, the latest last
	Award         *Award      `json:"award,omitempty"`      // nil: no supplier was chosen
	Plan          GroupPlan   `json:"plan,omitzero"`        // what its dates are worked out from
	Value         GroupValue  `json:"value,omitzero"`       // what counts beyond the members' maximums, and lots
	Demonstration bool        `json:"demonstration,omitempty"`

	Notices []PublishedNotice `json:"notices,omitempty"` // official notices of its procurement, oldest first; on the card

	// Filled by the catalogue on the copy that an actor gets.
	Councils int  `json:"councils"`       // how many have accepted
	Room     bool `json:"room,omitempty"` // the actor may enter the room: Members is whole
	// The actor's body stands in the group: Members names those that accepted, and tells nothing else of them.
	AsPartner bool `json:"as_partner,omitempty"`
}

// Key names the group.
func (g *BuyingGroup) Key() Key { return Key{KindGroup, g.ID} }

// Member is the entry of a council, whatever its state.
func (g *BuyingGroup) Member(council string) (Member, bool) {
	for _, m := range g.Members {
		if m.Council == council {
			return m, true
		}
	}
	return Member{}, false
}

// Ended says that nothing more comes of the group: it was given up or closed, or its window passed before it procured.
func (g *BuyingGroup) Ended(on time.Time) bool {
	return !g.GoesOn() || g.Open() && !g.WindowEnd.IsZero() && g.WindowEnd.Last().Before(on)
}

// inRoom lists the councils that may enter the room: those asked and those that accepted.
func (g *BuyingGroup) inRoom() []string {
	var out []string
	for _, m := range g.Members {
		if m.State == Invited || m.State == Accepted {
			out = append(out, m.Council)
		}
	}
	return out
}

// AcceptedCouncils lists the codes of the councils that have accepted, in the order asked.
func (g *BuyingGroup) AcceptedCouncils() []string { return g.accepted() }

func (g *BuyingGroup) accepted() []string {
	var out []string
	for _, m := range g.Members {
		if m.State == Accepted {
			out = append(out, m.Council)
		}
	}
	return out
}

// asked says that the actor's council was ever asked in.
func (g *BuyingGroup) asked(a Actor) bool {
	m, ok := g.Member(a.Org)
	return ok && a.ForCouncil(m.Council)
}

// contact is the council that is told of answers: the proposer, or where it is out the lead, or the first that is in.
func (g *BuyingGroup) contact() string {
	in := g.accepted()
	for _, code := range []string{g.Proposer, g.Lead} {
		if slices.Contains(in, code) {
			return code
		}
	}
	if len(in) > 0 {
		return in[0]
	}
	return ""
}

// card is what those see of the group who may not enter its room.
func (g *BuyingGroup) card() *BuyingGroup {
	out := *g
	out.Councils, out.Room, out.AsPartner = len(g.accepted()), false, false
	out.Partners, out.PartnerStart, out.PartnerEnd = g.namedPartners(), Date{}, Date{}
	out.Was, out.Members, out.Proposer, out.Suggestion, out.Deputy, out.Offered, out.Award = nil, nil, "", "", "", "", nil
	out.Plan, out.Value = GroupPlan{}, GroupValue{}
	if out.Course = nil; g.Stage == Closed { // its outcome is what others learn from
		out.Course = slices.Clone(g.Course[max(0, len(g.Course)-1):])
	}
	// Whoever is asked has not agreed to be on the card: its months must not be told from it.
	out.WindowStart, out.WindowEnd = g.CardStart, g.CardEnd
	return &out
}

func (g *BuyingGroup) owner() string { return g.Proposer }

func (g *BuyingGroup) sees(a Actor) (Item, bool) {
	if a.IsOperator() || slices.ContainsFunc(g.inRoom(), a.ForCouncil) {
		out := *g
		out.Councils, out.Room = len(g.accepted()), true
		out.Members, out.Course, out.Partners = slices.Clone(g.Members), slices.Clone(g.Course), slices.Clone(g.Partners)
		if !a.IsOperator() && !slices.ContainsFunc(g.accepted(), a.ForCouncil) { // what members plan is not for those asked
			out.Plan, out.Value, out.Partners = GroupPlan{}, GroupValue{}, g.namedPartners()
		}
		return &out, true
	}
	if own, ok := g.partnerOf(a); ok && own.in() {
		return g.forPartner(own), true
	}
	// A council or body that declined or left sees the card like any other; nobody outside sees a group that was abandoned
	// or that only its proposer is in.
	if !g.Card.admits(a, "", nil) || g.Stage == Abandoned || len(g.accepted()) == 0 {
		return nil, false
	}
	return g.card(), true
}

func (g *BuyingGroup) index(add func(string, ...string)) {
	for _, m := range g.Members {
		add("group.council", m.Council)
		add("group.intention", m.Intention)
	}
	for _, p := range g.Partners {
		add("group.partner", p.Body, string(p.State))
	}
	add("group.capability", g.Capability)
}

func (g *BuyingGroup) validate(v *validation) {
	v.text("title", g.Title, 1, maxTitle)
	v.text("need", g.Need, 0, maxText)
	v.capability("capability", g.Capability)
	v.that(g.Card == Public || g.Card == Councils, "card", "Choose who may see the group's card: public or councils")
	v.that(len(g.Members) >= 2 || g.Stage == Abandoned, "members", "Choose at least one other council")
	v.that(len(g.Members) <= maxMembers, "members", "A group has at most 30 councils")
	v.date("join_by", g.JoinBy)
	v.that(len(g.Notices) <= maxNotices, "ocid", "A group has at most 40 notices")
	for _, n := range g.Notices {
		n.validate(v)
	}
	seen := make(map[string]bool, len(g.Members))
	for _, m := range g.Members {
		v.council("members", m.Council)
		v.that(!seen[m.Council], "members", "A council is in the group once")
		v.that(m.Rung == "" || m.Rung.valid(), "members", "A member stands on a rung of the ladder")
		v.that(m.Rung != Approved || strings.TrimSpace(m.Approval) != "", "approval_ref", "Enter the reference of the approval")
		v.text("approval_ref", m.Approval, 0, maxTitle)
		v.date("approved_on", m.Approved)
		v.money("volume", m.Volume)
		v.text("conflicts", m.Conflicts.Text, 0, maxText/2)
		v.text("reason", m.Reason, 0, maxText)
		seen[m.Council] = true
	}
	for _, office := range []struct{ field, council, message string }{{"lead", g.Lead, "The lead authority must be a member that has accepted"},
		{"deputy", g.Deputy, "The deputy must be a member that has accepted"}, {"offer", g.Offered, "The lead can be handed to a member that has accepted"}} {
		if office.council != "" {
			m, ok := g.Member(office.council)
			v.that(ok && m.State == Accepted, office.field, office.message)
		}
	}
	for _, m := range g.Course {
		v.text("reason", m.Reason, 0, maxText/10)
	}
	g.validatePartners(v)
	g.Plan.validate(v)
	g.Value.validate(v)
	if a := g.Award; a != nil {
		v.text("supplier", a.Supplier, 1, maxTitle)
		v.date("awarded_on", a.On)
		v.date("award_end", a.End)
		v.that(a.ExtensionMonths >= 0 && a.ExtensionMonths <= 240, "award_extension", "Extension must be 0 to 240 months")
		v.money("award_value", a.Value)
	}
}

// maxAsked is how many councils a proposal asks: the group, the suggestion and the news fit one transaction.
const (
	maxMembers = 30
	maxAsked   = 25
)

// Suggestion is what a council was told: these intentions could be bought together, and why. It is history, not a
// read model: later weights and listings do not change it.
type Suggestion struct {
	Meta
	Council       string          `json:"council"`   // who was told
	Intention     string          `json:"intention"` // its intention
	Partners      []SuggestedWith `json:"partners"`
	Group         string          `json:"group,omitempty"` // names the suggested group that it was told of; empty: it proposed one from this
	Weights       string          `json:"weights"`         // version of the weights that made the points
	Told          time.Time       `json:"told"`
	Ended         time.Time       `json:"ended,omitzero"` // when it was told of another group, or that this is gone
	Demonstration bool            `json:"demonstration,omitempty"`
}

// SuggestedWith is one partner of a suggestion with the evidence shown.
type SuggestedWith struct {
	Council   string           `json:"council"`
	Intention string           `json:"intention"`
	Points    float64          `json:"points"`
	Evidence  []SuggestedPoint `json:"evidence"`
}

// SuggestedPoint is one line of evidence.
type SuggestedPoint struct {
	Feature string  `json:"feature"`
	Level   string  `json:"level"`
	Points  float64 `json:"points"`
	Text    string  `json:"text"`
}

// Key names the suggestion.
func (s *Suggestion) Key() Key { return Key{KindSuggestion, s.ID} }

func (s *Suggestion) owner() string { return s.Council }

func (s *Suggestion) sees(a Actor) (Item, bool) {
	if !Own.admits(a, s.Council, nil) {
		return nil, false
	}
	out := *s
	return &out, true
}

func (s *Suggestion) index(add func(string, ...string)) { add("suggestion.intention", s.Intention) }

func (s *Suggestion) validate(v *validation) {
	v.council("council", s.Council)
	v.that(len(s.Partners) > 0 && len(s.Partners) <= maxMembers, "members", "Choose at least one other council")
}
