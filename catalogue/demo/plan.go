package demo

import (
	"fmt"
	"strings"
	"time"

	"jointly/catalogue"
)

type findingLine struct {
	Ref       string         `json:"ref"`
	Title     string         `json:"title"`
	Text      string         `json:"text"`
	Need      string         `json:"need"`
	Published int            `json:"published"` // days ago; 0: with the edition of today
	Evidence  []evidenceLine `json:"evidence"`
}

type evidenceLine struct {
	Path  string `json:"path"`  // {call} stands for the page of the demonstration's call
	Title string `json:"title"` // of the record; {call} and {edition} stand for what those are called
	Says  string `json:"says"`  // {signed} and {asked} stand for how many councils answered the call and were asked
}

type recommendationLine struct {
	Ref       string         `json:"ref"`
	Title     string         `json:"title"`
	What      string         `json:"what"`
	Findings  []string       `json:"findings"` // references
	Lead      string         `json:"lead"`     // code of a council
	LeadState string         `json:"lead_state"`
	LeadBody  string         `json:"lead_body"`
	By        int            `json:"by"`        // months on; 0: not stated
	Published int            `json:"published"` // days ago
	Progress  []progressLine `json:"progress"`
}

type progressLine struct {
	Days  int    `json:"days"` // ago
	State string `json:"state"`
	Text  string `json:"text"`
	By    string `json:"by"` // code of a council; empty: whoever runs this service
}

// readPlan makes findings that rest on the demonstration's own records, and on the edition of the baseline that is published
// once they are there: the first of a store that has none.
func (b *builder) readPlan() error {
	call := b.out.Calls[0]
	signed := 0
	for _, a := range b.out.Answers {
		if _, ok := a.Signed(); ok {
			signed++
		}
	}
	counts := strings.NewReplacer("{signed}", fmt.Sprint(signed), "{asked}", fmt.Sprint(len(b.out.Councils)))
	names := strings.NewReplacer("{call}", call.Title, "{edition}", (&catalogue.Edition{Number: 1, Day: catalogue.DateOf(b.asOf)}).Cite())
	paths := strings.NewReplacer("{call}", "/calls/"+call.ID)
	known := map[string]bool{}
	if err := readLines("findings.jsonl", func(l findingLine) error {
		f := catalogue.PlanFinding{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Title: l.Title, Text: l.Text, Need: catalogue.CallNeed(l.Need), State: catalogue.PlanPublished,
			Published: b.published(l.Published), Demonstration: true}
		for _, e := range l.Evidence {
			f.Evidence = append(f.Evidence, catalogue.Evidence{Path: paths.Replace(e.Path), Title: names.Replace(e.Title), Says: counts.Replace(e.Says)})
		}
		known[f.ID] = true
		b.out.Findings = append(b.out.Findings, f)
		return nil
	}); err != nil {
		return err
	}
	return readLines("recommendations.jsonl", func(l recommendationLine) error {
		r := catalogue.Recommendation{Meta: catalogue.Meta{ID: id("demo", l.Ref)}, Title: l.Title, What: l.What, Lead: l.Lead, LeadState: catalogue.LeadState(l.LeadState), LeadBody: l.LeadBody,
			State: catalogue.PlanPublished, Published: b.published(l.Published), Demonstration: true}
		for _, ref := range l.Findings {
			if !known[id("demo", ref)] {
				return fmt.Errorf("%q is no finding of the demonstration", ref)
			}
			r.Findings = append(r.Findings, id("demo", ref))
		}
		if l.By != 0 {
			r.By = b.last(l.By)
		}
		for _, p := range l.Progress {
			r.State = catalogue.PlanState(p.State)
			r.Progress = append(r.Progress, catalogue.PlanProgress{On: b.ago(p.Days), State: r.State, Text: p.Text, By: p.By})
		}
		b.out.Recommendations = append(b.out.Recommendations, r)
		if l.Lead == "" {
			return nil
		}
		return b.known(l.Lead)
	})
}

// published is when a part of the plan was: on the day itself from its beginning on, so that it is never to come.
func (b *builder) published(daysAgo int) time.Time {
	if daysAgo == 0 {
		return b.asOf
	}
	return b.ago(daysAgo)
}
