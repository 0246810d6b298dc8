package demo_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
	"jointly/catalogue/facts"
	"jointly/catalogue/kv/bolt"
)

// shown is a catalogue with the demonstration in it, as somebody who tries Jointly out has it.
func shown(t *testing.T, asOf time.Time) *catalogue.Catalogue {
	t.Helper()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "demo.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	c, err := catalogue.Open(t.Context(), store, catalogue.Options{Clock: func() time.Time { return asOf }})
	if err != nil {
		t.Fatal(err)
	}
	public, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	owners, others := build(t, asOf).Items()
	for _, items := range [][]catalogue.Item{public.Items(), owners, others} {
		if got, err := c.Import(t.Context(), catalogue.Operator("command"), items, catalogue.ImportOptions{}); err != nil || len(got.Errors) > 0 {
			t.Fatal(err, got)
		}
	}
	if _, err := c.PublishEdition(t.Context(), catalogue.Operator("command")); err != nil {
		t.Fatal(err)
	}
	return c
}

// What findings of the demonstration say is what the pages show that they rest on.
func TestFindingsSayWhatTheirEvidenceShows(t *testing.T) {
	asOf := day(2026, 11, 23)
	c, d := shown(t, asOf), build(t, asOf)
	operator := catalogue.Operator("test")
	needs, said := map[catalogue.CallNeed]bool{}, ""
	for _, f := range d.Findings {
		needs[f.Need] = true
		// Drawn anew by hand, each rests on pages that everybody can open, under the same titles.
		drawn, err := c.SaveFinding(t.Context(), operator, catalogue.PlanFinding{Title: f.Title, Text: f.Text, Need: f.Need, Evidence: f.Evidence}, true, "")
		if err != nil {
			t.Errorf("%s: %v", f.ID, err)
			continue
		}
		said += f.Title
		for i, e := range drawn.Evidence {
			if e != f.Evidence[i] {
				t.Errorf("%s: the evidence is %+v, and says %+v", f.ID, e, f.Evidence[i])
			}
			said += e.Says
		}
		if f.Published.After(asOf) {
			t.Errorf("%s is published on %s", f.ID, f.Published)
		}
	}
	if len(needs) != 4 {
		t.Errorf("findings answer %d needs", len(needs))
	}
	says := func(words string) {
		t.Helper()
		if !strings.Contains(said, words) {
			t.Errorf("no finding says %q", words)
		}
	}
	e, err := c.LatestEdition(t.Context(), catalogue.Anonymous())
	if err != nil {
		t.Fatal(err)
	}
	for lgsl, words := range map[int]string{13: "primary school places %.0f%% (%d councils)", 59: "council tax discount %.0f%% (%d)", 437: "library facilities %.0f%% (%d)"} {
		round, _ := e.Latest(lgsl)
		f := e.Of(round.Round)[baseline.Digital]
		says(fmt.Sprintf(words, *f.Median, f.N))
		if lgsl == 59 {
			says(fmt.Sprintf("%.0f%% to %.0f%%", *f.Lower, *f.Upper))
		}
	}
	v, err := c.CallView(t.Context(), catalogue.Anonymous(), d.Calls[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	says(fmt.Sprintf("%d of the %d councils that were asked", v.Signed, v.Asked))
	for _, q := range v.Questions[1:] {
		says(fmt.Sprintf("‘%s’: %d councils of the %d that answered", q.Themes[0].Name, q.Themes[0].Councils, q.Answers))
	}
}

// Councils that share figures run one invented platform for parking: what its page and the baseline show of it is there.
func TestAPlatformHasADigitalShare(t *testing.T) {
	c := shown(t, day(2026, 11, 23))
	e, err := c.LatestEdition(t.Context(), catalogue.Anonymous())
	if err != nil {
		t.Fatal(err)
	}
	round, _ := e.Latest(474)
	live, err := c.LiveBaseline(t.Context(), catalogue.Actor{OrgKind: catalogue.OrgCouncil, Org: "DEMO-02", Role: catalogue.RoleLead}, round.Round)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range live.Platforms {
		if p.Platform.ID == "demo-quillbrook-permits" && p.Digital.N >= catalogue.EnoughForPlatform {
			return
		}
	}
	t.Errorf("no figure of the platform: %+v", live.Platforms)
}
