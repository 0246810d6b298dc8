package catalogue

import (
	"slices"
	"strings"
	"time"
)

// Recommendation is what the plan asks for: drawn from findings, with who leads it and how it goes. A council is named as
// leading only once it has agreed to.
type Recommendation struct {
	Meta
	Title         string         `json:"title"`
	What          string         `json:"what,omitempty"`
	Findings      []string       `json:"findings"`             // IDs: what it follows from
	Lead          string         `json:"lead,omitempty"`       // code of the council that is asked to lead; empty: none
	LeadState     LeadState      `json:"lead_state,omitempty"` // the council's answer
	LeadWhy       string         `json:"lead_why,omitempty"`   // what the council said to it
	LeadBody      string         `json:"lead_body,omitempty"`  // who leads where it is no council: a body, or whoever runs this service
	By            Date           `json:"by,omitzero"`
	State         PlanState      `json:"state"`
	Published     time.Time      `json:"published,omitzero"`
	Progress      []PlanProgress `json:"progress,omitempty"` // the latest last
	Changes       []PlanChange   `json:"changes,omitempty"`  // since it was published, the latest last
	Demonstration bool           `json:"demonstration,omitempty"`
}

// LeadState is a council's answer to being asked to lead.
type LeadState string

// The answers of a council that is asked to lead a recommendation.
const (
	LeadAsked    LeadState = "asked"
	LeadAgreed   LeadState = "agreed"
	LeadDeclined LeadState = "declined"
)

// PlanProgress is how a recommendation stood on a day, as whoever leads or the operator says it.
type PlanProgress struct {
	On    time.Time `json:"on"`
	State PlanState `json:"state"`
	Text  string    `json:"text"`
	By    string    `json:"by,omitempty"` // code of the council that says it; empty: whoever runs this service
}

// maxFollowed and maxProgress bound what one recommendation holds.
const (
	maxFollowed = 20
	maxProgress = 200
)

// Key names the recommendation.
func (r *Recommendation) Key() Key { return Key{KindRecommendation, r.ID} }

func (r *Recommendation) owner() string { return "" }

// sees keeps a council that has not agreed to lead, and what it said, between it and the operator.
func (r *Recommendation) sees(a Actor) (Item, bool) {
	if r.State == PlanDraft && !a.IsOperator() {
		return nil, false
	}
	out := *r
	out.Progress = slices.Clone(r.Progress)
	if !a.IsOperator() && !a.ForCouncil(r.Lead) {
		out.LeadWhy = ""
		if r.LeadState != LeadAgreed {
			out.Lead = ""
			if r.LeadState == LeadDeclined { // nobody learns that somebody declined
				out.LeadState = LeadAsked
			}
		}
		// What a council that has not agreed to lead was asked about the recommendation before stays out as well.
		out.Changes = nil
		for _, c := range r.Changes {
			c.Was = slices.DeleteFunc(slices.Clone(c.Was), func(f PlanFact) bool { return f.Name == leadFact })
			if len(c.Was) > 0 {
				out.Changes = append(out.Changes, c)
			}
		}
	}
	return &out, true
}

// leadFact names the fact that only the council that leads and the operator read in what a record said before.
const leadFact = "lead"

func (r *Recommendation) index(add func(string, ...string)) {
	for _, id := range r.Findings {
		add("recommendation.finding", id)
	}
	if r.Lead != "" {
		add("recommendation.lead", r.Lead)
	}
}

func (r *Recommendation) inherit(from, to string) bool {
	was := renames(from, to, &r.Lead)
	r.Progress = slices.Clone(r.Progress)
	for i := range r.Progress {
		was = renames(from, to, &r.Progress[i].By) || was
	}
	return was
}

func (r *Recommendation) validate(v *validation) {
	v.text("title", r.Title, 1, maxTitle)
	v.text("what", r.What, 0, maxText)
	v.that(len(r.Findings) > 0, "findings", "Choose at least one finding that it follows from")
	v.that(len(r.Findings) <= maxFollowed, "findings", "Choose at most 20 findings")
	if r.Lead != "" {
		v.council("lead", r.Lead)
		v.that(r.LeadBody == "", "lead_body", "Name a council or another body, not both")
		v.that(slices.Contains([]LeadState{LeadAsked, LeadAgreed, LeadDeclined}, r.LeadState), "lead", "A council is asked, has agreed or has declined")
	}
	v.text("lead_body", r.LeadBody, 0, maxTitle)
	v.text("lead_why", r.LeadWhy, 0, maxText/10)
	v.date("by", r.By)
	v.that(slices.Contains(RecommendationStates(), r.State), "state", "Choose how it stands")
	v.that(len(r.Progress) <= maxProgress, "progress_text", "Too much was said of this recommendation: write a new one for what is left")
	for _, p := range r.Progress {
		v.text("progress_text", p.Text, 1, maxText/10)
	}
	v.that(len(r.Changes) <= maxChanges, "why", "This recommendation was changed too often: write a new one")
}

// RecommendationStates lists the states of a recommendation in their order.
func RecommendationStates() []PlanState {
	return []PlanState{PlanDraft, PlanPublished, PlanUnderWay, PlanDone, PlanDropped}
}

func (r *Recommendation) facts() []PlanFact {
	return []PlanFact{{"title", r.Title}, {"what", r.What}, {"findings", strings.Join(r.Findings, " ")}, {leadFact, r.Lead}, {"lead_body", r.LeadBody}, {"by", r.By.Words()}}
}
