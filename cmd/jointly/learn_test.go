package main

// Learning weights and measuring them on the command line.

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jointly/catalogue/match"
)

const labelledFolder = "../../catalogue/match/testdata"

func TestLearnGivesTheCommittedWeights(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(makefile), "LEARNED  ?= ")
	line, _, _ = strings.Cut(line, "\n")
	data, out := t.TempDir(), filepath.Join(t.TempDir(), "weights.json")
	args := []string{"learn", "--data", filepath.Join(data, "none"), "--out", out}
	for _, set := range strings.Fields(line) {
		args = append(args, strings.Replace(set, "$(LABELLED)", labelledFolder, 1))
	}
	said := done(t, args...)
	learned, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("../../catalogue/match/weights.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(learned, committed) {
		t.Errorf("learning from %s gives other weights than those committed", line)
	}
	if w, err := match.ParseWeights(learned); err != nil || !strings.Contains(said, w.Version) {
		t.Errorf("says %q (%v), want the version", said, err)
	}
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("learning made a data folder: %v, %v", left, err)
	}
}

func TestEvaluatePrintsEveryFigure(t *testing.T) {
	pair := written(t, "pairs.jsonl", `{"a":{"title":"Parking permits system"},"b":{"title":"Resident parking permits software"},"match":true}`)
	args := []string{"evaluate", labelledFolder + "/second.jsonl", "--unseen", labelledFolder + "/unseen.jsonl", "--pairs", pair}
	text := done(t, args...)
	for _, want := range []string{"Learned from", "second", "Never learned from", "unseen", "cross-validated", "Without a feature", "contract ends", "exact", "hit@3", "P@3", "Of 1 confirmed pair, 1 reach"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	var e match.Evaluation
	if err := json.Unmarshal([]byte(done(t, append(args, "--format", "json")...)), &e); err != nil {
		t.Fatal(err)
	}
	if len(e.Unseen) != 1 || e.Unseen[0].Needs != 72 || len(e.Without) != len(match.Features()) {
		t.Errorf("as JSON: %+v", e)
	}
}

func TestLearnRefuses(t *testing.T) {
	lonely := written(t, "lonely.jsonl", `{"ref":"a","council":"E08000025","title":"T"}`)
	for _, test := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"no sets", []string{"learn"}, statusUsage, "at least one"},
		{"nothing to learn from", []string{"evaluate"}, statusUsage, "--unseen"},
		{"a set that is not there", []string{"learn", "/nowhere/x.jsonl"}, statusRefused, "/nowhere/x.jsonl"},
		{"a set without its groups", []string{"learn", lonely}, statusRefused, "lonely-groups.csv"},
		{"a pair that says nothing", []string{"learn", "--pairs", written(t, "p.jsonl", `{"a":{"title":"T"},"b":{"title":"T"}}`)}, statusRefused, "p.jsonl: read pairs: line 1: match is missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if o := jointly(t, test.args...); o.status != test.status || !strings.Contains(o.err, test.want) || o.out != "" {
				t.Errorf("status %d, %q, printed %q; want %d and %q", o.status, o.err, o.out, test.status, test.want)
			}
		})
	}
}
