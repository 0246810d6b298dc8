package catalogue

import (
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// SaveFinding keeps a finding, for the operator; Version is the one that was read, 0 for a new one. Publish puts it before
// everybody: it cannot become a draft again, and from then on a change needs its reason. Every piece of evidence must lead
// to a record that everybody can read. The same form sent twice acts once; Conflict where somebody saved it meanwhile.
func (c *Catalogue) SaveFinding(ctx context.Context, actor Actor, f PlanFinding, publish bool, why string) (*PlanFinding, error) {
	why = strings.TrimSpace(why)
	if f.ID == "" {
		f.ID = NewID()
	}
	out := f
	err := c.write(ctx, actor, KeepPlan, func(w *writer) error {
		out = f
		item, err := readItem(w.tx, f.Key())
		if err != nil {
			return err
		}
		old, _ := item.(*PlanFinding)
		out.State, out.Published, out.Changes, out.Reason = PlanDraft, f.Published, nil, ""
		if old != nil {
			out.State, out.Published, out.Changes, out.Reason = old.State, old.Published, slices.Clone(old.Changes), old.Reason
		}
		if publish && out.State == PlanDraft {
			out.State, out.Published = PlanPublished, w.now
		}
		wrong, err := w.fillEvidence(&out)
		if err != nil {
			return err
		}
		if old != nil && sameEvidence(old.Evidence, out.Evidence) { // what was written of the demonstration stays of it
			out.Demonstration = out.Demonstration || old.Demonstration
		}
		if old != nil {
			was := changed(old.facts(), out.facts())
			if len(was) == 0 {
				out = *old
				return nil
			}
			if f.Version == 0 {
				return conflict("This form was used already")
			}
			if old.State != PlanDraft {
				out.Changes = append(out.Changes, PlanChange{On: w.now, Why: why, Was: was})
				wrong.that(why != "", "why", "Say why the finding changes: it stands beside what it said before")
				wrong.that(len([]rune(why)) <= maxTitle, "why", "Why must be "+thousands(maxTitle)+" characters or fewer")
			}
		}
		if err := w.putChecked(&out, wrong); err != nil || old == nil || old.Demonstration == out.Demonstration {
			return err
		}
		return w.markFollowers(out.ID)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// fillEvidence looks every piece of evidence up as a visitor would, and takes its title. A finding that rests on an
// invented one is of the demonstration.
func (w *writer) fillEvidence(f *PlanFinding) (check, error) {
	var wrong check
	f.Demonstration = false
	f.Evidence = slices.Clone(f.Evidence)
	for i := range f.Evidence {
		e := &f.Evidence[i]
		e.Path, e.Says = strings.TrimSpace(e.Path), strings.TrimSpace(e.Says)
		if e.Path == "" {
			continue // validate says so
		}
		at := publicRecordAt(e.Path)
		if at.ID == "" {
			wrong.that(false, evidenceField("path", i), "Give the address of a page of this service, such as /services/524 or /baseline/editions/3")
			continue
		}
		item, err := w.c.readAny(w.tx, at)
		if err != nil {
			return wrong, err
		}
		public := false
		if item != nil {
			item, public = item.sees(Anonymous())
		}
		if !public {
			wrong.that(false, evidenceField("path", i), "This page is not there for everybody: link what all readers of the plan can open")
			continue
		}
		e.Title = evidenceTitle(item, e.Path)
		invented, err := w.isInventedEvidence(item, e.Path)
		if err != nil {
			return wrong, err
		}
		f.Demonstration = f.Demonstration || invented
	}
	return wrong, nil
}

// evidenceTitle is what the page of a record is called where it is evidence.
func evidenceTitle(item Item, path string) string {
	switch it := item.(type) {
	case *Service:
		if strings.HasPrefix(path, "/baseline/") {
			return "Baseline of channels: " + it.Label
		}
		return it.Label
	case *Platform:
		return it.Name
	case *Contract:
		return it.Title
	case *Intention:
		return it.Title
	case *BuyingGroup:
		return it.Title
	case *Signal:
		return it.Text.Title
	case *Framework:
		return it.Name
	case *Council:
		return it.Label()
	case *Release:
		return it.Cite()
	case *Edition:
		return it.Cite()
	case *EvidenceCall:
		return it.Title
	case *Example:
		return it.Text.Title
	case *Offer:
		return it.Title
	case *Body:
		return it.Name
	case *Ask:
		return it.Title
	}
	return string(item.Key().Kind)
}

// putChecked stores a record after what was found wrong with it beside its own rules.
func (w *writer) putChecked(item Item, wrong check) error {
	if err := w.c.validate(w.tx, item); err != nil {
		if KindOf(err) != Invalid {
			return err
		}
		wrong.fields = append(FieldsOf(err), wrong.fields...)
	}
	if err := wrong.err(string(item.Key().Kind)); err != nil {
		return err
	}
	return w.put(item)
}

// WithdrawFinding takes a published finding back with a reason that everybody reads; it stays as a record. A draft is
// removed. gone says that it was.
func (c *Catalogue) WithdrawFinding(ctx context.Context, actor Actor, id string, version uint64, reason string) (gone bool, err error) {
	err = c.write(ctx, actor, KeepPlan, func(w *writer) error {
		f, err := load[*PlanFinding](c, w.tx, actor, KindFinding, id)
		if err != nil {
			return err
		}
		if f.State == PlanWithdrawn {
			return nil
		}
		if f.Version != version {
			return conflict("This finding was changed meanwhile. Read it again")
		}
		if gone = f.State == PlanDraft; gone {
			used, err := lookup(w.tx, "recommendation.finding", id)
			if err != nil {
				return err
			}
			if len(used) > 0 {
				return conflict("A recommendation follows from this finding: take the finding out of it first")
			}
			return w.remove(f)
		}
		f.State, f.Reason = PlanWithdrawn, strings.TrimSpace(reason)
		return w.putChecked(f, check{})
	})
	return gone, err
}

// SaveRecommendation keeps a recommendation, for the operator, as SaveFinding does. A council that is named as its lead is
// asked, and told so.
func (c *Catalogue) SaveRecommendation(ctx context.Context, actor Actor, r Recommendation, publish bool, why string) (*Recommendation, error) {
	why = strings.TrimSpace(why)
	if r.ID == "" {
		r.ID = NewID()
	}
	out := r
	err := c.write(ctx, actor, KeepPlan, func(w *writer) error {
		out = r
		item, err := readItem(w.tx, r.Key())
		if err != nil {
			return err
		}
		old, _ := item.(*Recommendation)
		out.State, out.Published, out.Progress, out.Changes, out.LeadState, out.LeadWhy, out.Demonstration = PlanDraft, r.Published, nil, nil, "", "", false
		if old != nil {
			out.State, out.Published, out.Progress, out.Changes, out.Demonstration = old.State, old.Published, slices.Clone(old.Progress), slices.Clone(old.Changes), old.Demonstration && slices.Equal(old.Findings, r.Findings)
			if old.Lead == out.Lead {
				out.LeadState, out.LeadWhy = old.LeadState, old.LeadWhy
			}
		}
		publishes := publish && out.State == PlanDraft
		if publishes {
			out.State, out.Published = PlanPublished, w.now
		}
		asks := out.Lead != "" && out.State != PlanDraft && out.LeadState == ""
		if out.Lead != "" && out.LeadState == "" {
			out.LeadState = LeadAsked
			asks = out.State != PlanDraft
		} else if publishes && out.LeadState == LeadAsked {
			asks = true
		}
		var wrong check
		if err := w.checkFindings(&wrong, out, out.State != PlanDraft); err != nil {
			return err
		}
		invented, err := w.hasInvented(out.Findings)
		if err != nil {
			return err
		}
		out.Demonstration = out.Demonstration || invented
		if old != nil && !publishes {
			was := changed(old.facts(), out.facts())
			if len(was) == 0 {
				out = *old
				return nil
			}
			if r.Version == 0 {
				return conflict("This form was used already")
			}
			if old.State != PlanDraft {
				out.Changes = append(out.Changes, PlanChange{On: w.now, Why: why, Was: was})
				wrong.that(why != "", "why", "Say why the recommendation changes: it stands beside what it said before")
				wrong.that(len([]rune(why)) <= maxTitle, "why", "Why must be "+thousands(maxTitle)+" characters or fewer")
			}
		}
		if err := w.putChecked(&out, wrong); err != nil || !asks {
			return err
		}
		return w.tell([]string{out.Lead}, RoleLead, Message{Subject: "Will your council lead a recommendation of the plan? " + out.Title, Link: "/plan/recommendations/" + out.ID + "#lead",
			LinkText: "Read it and answer", Text: []string{"Whoever runs this service asks whether your council leads this recommendation.", "Your council is not named as leading it until it agrees."},
			Why: "You are told because your council is asked."})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// CheckRecommendation says all that the rules find wrong with what a recommendation says, without storing it; nil where a
// draft of it could be saved.
func (c *Catalogue) CheckRecommendation(ctx context.Context, actor Actor, r Recommendation) error {
	if err := permit(actor, KeepPlan); err != nil {
		return err
	}
	if r.State = PlanDraft; r.Lead != "" {
		r.LeadState = LeadAsked
	}
	return c.view(ctx, func(tx kv.Tx) error { return c.validate(tx, &r) })
}

// checkFindings refuses findings that are not there, and for what everybody reads those that are not published.
func (w *writer) checkFindings(wrong *check, r Recommendation, public bool) error {
	for _, id := range r.Findings {
		item, err := readItem(w.tx, Key{KindFinding, id})
		if err != nil {
			return err
		}
		f, ok := item.(*PlanFinding)
		switch {
		case !ok:
			wrong.that(false, "findings", "Choose findings that are there")
		case public && f.State == PlanDraft:
			wrong.that(false, "findings", "Publish the finding ‘"+f.Title+"’ first: what is published follows from what everybody can read")
		}
	}
	return nil
}

// AnswerLead is the answer of a council that is asked to lead a recommendation: it is named once it agrees. It can take
// its word back until the recommendation is done.
func (c *Catalogue) AnswerLead(ctx context.Context, actor Actor, id string, agrees bool, why string) (*Recommendation, error) {
	var out *Recommendation
	err := c.write(ctx, actor, LeadRecommendation, func(w *writer) error {
		r, err := w.recommendation(id)
		if err != nil {
			return err
		}
		out = r
		state := LeadDeclined
		if agrees {
			state = LeadAgreed
		}
		why = strings.TrimSpace(why)
		if r.LeadState == state && r.LeadWhy == why {
			return nil
		}
		if r.State == PlanDone || r.State == PlanDropped {
			return conflict("This recommendation is over: nobody leads it any more")
		}
		r.LeadState, r.LeadWhy = state, why
		return w.putChecked(r, check{})
	})
	return out, err
}

// recommendation is a whole recommendation that the writer's actor may see.
func (w *writer) recommendation(id string) (*Recommendation, error) {
	item, err := readItem(w.tx, Key{KindRecommendation, id})
	if err != nil {
		return nil, err
	}
	r, ok := item.(*Recommendation)
	if !ok {
		return nil, notFound(string(KindRecommendation))
	}
	if _, ok := r.sees(w.actor); !ok {
		return nil, notFound(string(KindRecommendation))
	}
	return r, nil
}

// ReportProgress says how a recommendation stands now: for the operator, and for the council that agreed to lead it.
// version is the one that was read, so that a form sent twice says it once.
func (c *Catalogue) ReportProgress(ctx context.Context, actor Actor, id string, version uint64, state PlanState, text string) (*Recommendation, error) {
	action := LeadRecommendation
	if actor.IsOperator() {
		action = KeepPlan
	}
	var out *Recommendation
	err := c.write(ctx, actor, action, func(w *writer) error {
		r, err := w.recommendation(id)
		if err != nil {
			return err
		}
		text = strings.TrimSpace(text)
		if n := len(r.Progress); n > 0 && r.Progress[n-1].Text == text && r.Progress[n-1].State == state {
			out = r
			return nil
		}
		switch {
		case r.State == PlanDraft:
			return conflict("Publish the recommendation first")
		case r.Version != version:
			return conflict("This recommendation was changed meanwhile. Read it again")
		case !actor.IsOperator() && r.LeadState != LeadAgreed:
			return forbidden("Agree to lead this recommendation first")
		case state == PlanDraft:
			return invalid(string(KindRecommendation), "state", "Choose how it stands")
		}
		r.State = state
		p := PlanProgress{On: w.now, State: state, Text: text}
		if !actor.IsOperator() {
			p.By = actor.Org
		}
		r.Progress = append(r.Progress, p)
		out = r
		return w.putChecked(r, check{})
	})
	return out, err
}

// DropDraft removes a recommendation that was never published.
func (c *Catalogue) DropDraft(ctx context.Context, actor Actor, id string, version uint64) error {
	return c.write(ctx, actor, KeepPlan, func(w *writer) error {
		r, err := load[*Recommendation](c, w.tx, actor, KindRecommendation, id)
		switch {
		case KindOf(err) == NotFound:
			return nil
		case err != nil:
			return err
		case r.State != PlanDraft:
			return conflict("This recommendation is published: report that it is dropped, with the reason")
		case r.Version != version:
			return conflict("This recommendation was changed meanwhile. Read it again")
		}
		return w.remove(r)
	})
}

// Finding is one finding; NotFound where there is none for the actor.
func (c *Catalogue) Finding(ctx context.Context, actor Actor, id string) (*PlanFinding, error) {
	return one[*PlanFinding](ctx, c, actor, KindFinding, id)
}

// Recommendation is one recommendation; NotFound where there is none for the actor.
func (c *Catalogue) Recommendation(ctx context.Context, actor Actor, id string) (*Recommendation, error) {
	return one[*Recommendation](ctx, c, actor, KindRecommendation, id)
}

// FindingView is a finding's page.
type FindingView struct {
	Finding         *PlanFinding
	Recommendations []*Recommendation // that follow from it
}

// FindingView reads a finding's page.
func (c *Catalogue) FindingView(ctx context.Context, actor Actor, id string) (*FindingView, error) {
	v := &FindingView{}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		if v.Finding, err = load[*PlanFinding](c, tx, actor, KindFinding, id); err != nil {
			return err
		}
		v.Recommendations, err = listed[*Recommendation](c, tx, actor, KindRecommendation, "recommendation.finding", id)
		return err
	})
	return v, err
}

// RecommendationView is a recommendation's page.
type RecommendationView struct {
	Recommendation *Recommendation
	Findings       []*PlanFinding      // what it follows from, as the actor sees them
	Lead           *Council            // who leads it, or is asked; nil: no council that the actor may know of
	Said           map[string]*Council // those who reported progress
}

// RecommendationView reads a recommendation's page.
func (c *Catalogue) RecommendationView(ctx context.Context, actor Actor, id string) (*RecommendationView, error) {
	v := &RecommendationView{Said: map[string]*Council{}}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		v.Findings = nil
		if v.Recommendation, err = load[*Recommendation](c, tx, actor, KindRecommendation, id); err != nil {
			return err
		}
		for _, id := range v.Recommendation.Findings {
			f, err := load[*PlanFinding](c, tx, actor, KindFinding, id)
			if KindOf(err) == NotFound {
				continue
			}
			if err != nil {
				return err
			}
			v.Findings = append(v.Findings, f)
		}
		if v.Recommendation.Lead != "" {
			if v.Lead, _, err = c.councilIn(tx, v.Recommendation.Lead); err != nil {
				return err
			}
		}
		for _, p := range v.Recommendation.Progress {
			if p.By == "" || v.Said[p.By] != nil {
				continue
			}
			council, ok, err := c.councilIn(tx, p.By)
			if err != nil {
				return err
			}
			if ok {
				v.Said[p.By] = council
			}
		}
		return nil
	})
	return v, err
}
