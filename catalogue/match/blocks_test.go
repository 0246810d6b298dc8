package match_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue/match"
)

// Whatever was added and removed before, a need's candidates are those of
// fresh blocks with the same needs, and hold every pair that could match by
// what the dictionary knows.
func TestBlocksProperties(t *testing.T) {
	s := scorer(t)
	rapid.Check(t, func(t *rapid.T) {
		ps := profiles(s, drawNeeds(t))
		blocks, fresh := match.NewBlocks(), match.NewBlocks()
		var kept []*match.Profile
		for _, p := range ps {
			blocks.Add(p)
		}
		for _, p := range ps {
			switch rapid.IntRange(0, 2).Draw(t, "fate") {
			case 0:
				blocks.Remove(p.Ref())
				continue
			case 1:
				blocks.Add(p)
			}
			kept = append(kept, p)
		}
		for _, p := range kept {
			fresh.Add(p)
		}
		if blocks.Len() != len(kept) {
			t.Fatalf("%d held, want %d", blocks.Len(), len(kept))
		}
		for _, p := range ps {
			got, want := refs(blocks.Candidates(p)), refs(fresh.Candidates(p))
			if !slices.Equal(got, want) {
				t.Fatalf("candidates of %s are %v, in fresh blocks %v", p.Ref(), got, want)
			}
			for _, other := range kept {
				if other.Ref() == p.Ref() {
					continue
				}
				if pair := s.Pair(p, other); pair.Passes() && p.Need().Capability != "" && p.Need().Capability == other.Need().Capability && !slices.Contains(got, other.Ref()) {
					t.Fatalf("%s is no candidate of %s", other.Ref(), p.Ref())
				}
			}
		}
	})
}

func TestBlocksRecall(t *testing.T) {
	s := scorer(t)
	for _, name := range []string{"labelled", "challenge", "unseen"} {
		blocks := match.NewBlocks()
		var ps []*match.Profile
		for _, l := range labelled(t, name) {
			p := s.Profile(l.Need)
			ps = append(ps, p)
			blocks.Add(p)
		}
		reach, found, candidatesSeen := 0, 0, 0
		for i, a := range ps {
			candidates := refs(blocks.Candidates(a))
			candidatesSeen += len(candidates)
			for _, b := range ps[:i] {
				if p := s.Pair(a, b); p.Passes() && p.Points >= s.Threshold() {
					reach++
					if slices.Contains(candidates, b.Ref()) {
						found++
					}
				}
			}
		}
		t.Logf("%s: %d of %d pairs that reach the threshold are found in blocks, with %d candidates a need", name, found, reach, candidatesSeen/len(ps))
		if float64(found) < .99*float64(reach) {
			t.Errorf("%s: blocks find %d of %d", name, found, reach)
		}
	}
}

func refs(ps []*match.Profile) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.Ref()
	}
	return out
}
