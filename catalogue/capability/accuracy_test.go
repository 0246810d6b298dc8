package capability_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"jointly/catalogue/capability"
)

// labelled is a text whose capability somebody named.
type labelled struct{ title, description, capability string }

// firstGuess fails the test when the first guess is right for less than floor of the texts.
func firstGuess(t *testing.T, texts []labelled, floor float64) {
	t.Helper()
	d := load(t)
	right := 0
	for _, x := range texts {
		best, _ := d.Read(x.title, x.description).Best()
		if best.Capability == x.capability {
			right++
		} else if testing.Verbose() {
			t.Logf("%q: %q, want %s", x.title, best.Capability, x.capability)
		}
	}
	share := float64(right) / float64(len(texts))
	t.Logf("first guess of 61 right in %d of %d: %.3f (floor %.2f)", right, len(texts), share, floor)
	if share < floor {
		t.Errorf("first guess right in %.3f, want at least %.2f", share, floor)
	}
}

func TestFirstGuessOfOwnSentences(t *testing.T) {
	var texts []labelled
	count := map[string]int{}
	for _, row := range table(t, "testdata/sentences.csv") {
		texts = append(texts, labelled{row["title"], row["description"], row["capability"]})
		count[row["capability"]]++
	}
	for _, c := range load(t).Capabilities() {
		if count[c.ID] < 2 {
			t.Errorf("%d sentences for %s, want at least 2", count[c.ID], c.ID)
		}
	}
	firstGuess(t, texts, 0.95)
}

func TestPurchaseOfOwnSentences(t *testing.T) {
	d := load(t)
	right, all := 0, 0
	for _, row := range table(t, "testdata/sentences.csv") {
		if row["purchase"] == "" {
			continue
		}
		all++
		if d.Read(row["title"], row["description"]).Purchase == capability.Purchase(row["purchase"]) {
			right++
		}
	}
	t.Logf("kind of purchase right in %d of %d", right, all)
	if share := float64(right) / float64(all); share < 0.90 {
		t.Errorf("kind of purchase right in %.3f, want at least 0.90", share)
	}
}

func TestFirstGuessOfRealContracts(t *testing.T) {
	var texts []labelled
	for _, row := range table(t, shared(t, "real", "contracts-dev.csv")) {
		if row["capability"] != "" {
			texts = append(texts, labelled{row["title"], row["description"], row["capability"]})
		}
	}
	firstGuess(t, texts, 0.90)
}

func TestFirstGuessOfPublishedContracts(t *testing.T) {
	var texts []labelled
	for _, row := range table(t, shared(t, "facts", "published_contracts.csv")) {
		if row["capability"] != "" {
			texts = append(texts, labelled{row["title"], row["product"], row["capability"]})
		}
	}
	firstGuess(t, texts, 0.93)
}

// People pick the wrong area for some intentions, so the floor is lower; groups
// that somebody formed must come out alike.
func TestReadOfIntentions(t *testing.T) {
	d := load(t)
	group := map[string]string{}
	for _, row := range table(t, shared(t, "matching", "groups-dev.csv")) {
		group[row["ref"]] = row["group"]
	}
	f, err := os.Open(shared(t, "matching", "intentions-dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type intention struct {
		Ref, Title, Description, Area string
		reading                       capability.Reading
	}
	var all []intention
	inArea := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var i intention
		if err := json.Unmarshal(lines.Bytes(), &i); err != nil {
			t.Fatal(err)
		}
		i.reading = d.Read(i.Title, i.Description)
		best, _ := i.reading.Best()
		if c, _ := d.Capability(best.Capability); c.Area == i.Area {
			inArea++
		}
		all = append(all, i)
	}
	together, alike := 0, 0
	for i, a := range all {
		for _, b := range all[i+1:] {
			if group[a.Ref] != group[b.Ref] {
				continue
			}
			together++
			if capability.Cosine(a.reading, b.reading) >= 0.5 {
				alike++
			}
		}
	}
	t.Logf("in the stated area %d of %d; alike by 0.5 or more %d of %d grouped pairs", inArea, len(all), alike, together)
	if share := float64(inArea) / float64(len(all)); share < 0.85 {
		t.Errorf("first guess in the stated area in %.2f, want at least 0.85", share)
	}
	if share := float64(alike) / float64(together); share < 0.85 {
		t.Errorf("%.2f of grouped pairs are alike, want at least 0.85", share)
	}
}
