package catalogue_test

import (
	"context"
	"strconv"
	"testing"

	"jointly/catalogue"
)

// TestWhatRestsOnInventedFiguresIsOfTheDemonstration, the recommendations that follow from it too.
func TestWhatRestsOnInventedFiguresIsOfTheDemonstration(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	op := catalogue.Operator("test")
	var invented []string
	for i := range 9 {
		code := "DEMO-" + string(rune('A'+i))
		invented = append(invented, code)
		council := &catalogue.Council{Meta: catalogue.Meta{ID: code}, Demonstration: true}
		council.GSS, council.Name, council.Population = code, "Invented "+code, 100_000
		imports(t, c, council)
	}
	counts(t, c, invented, catalogue.Councils)
	e := must[*catalogue.Edition](t)(c.PublishEdition(ctx, op))

	draw := func(id string, paths ...string) *catalogue.PlanFinding {
		t.Helper()
		f := catalogue.PlanFinding{Meta: catalogue.Meta{ID: id}, Title: "Most contacts are online", Need: catalogue.NeedChannels}
		for _, path := range paths {
			f.Evidence = append(f.Evidence, catalogue.Evidence{Path: path, Says: "a figure"})
		}
		return must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, f, true, ""))
	}
	real := draw("real", "/services/524")
	edition := draw("edition", "/services/524", e.Address()+"#services")
	if real.Demonstration || !edition.Demonstration {
		t.Errorf("a finding on a service is marked: %t; on an invented edition: %t", real.Demonstration, edition.Demonstration)
	}
	if f := draw("council", "/councils/"+invented[0]); !f.Demonstration {
		t.Error("a finding on an invented council is not marked")
	}
	if f := draw("baseline", "/baseline/"+strconv.Itoa(bulkyWaste)); !f.Demonstration {
		t.Error("a finding on an invented baseline is not marked")
	}

	r := must[*catalogue.Recommendation](t)(c.SaveRecommendation(ctx, op, catalogue.Recommendation{Meta: catalogue.Meta{ID: "r"}, Title: "Do it", Findings: []string{"real", "edition"}}, true, ""))
	if !r.Demonstration {
		t.Error("what follows from invented figures is not marked")
	}
	edition.Evidence = edition.Evidence[:1]
	if f := must[*catalogue.PlanFinding](t)(c.SaveFinding(ctx, op, *edition, false, "On real figures now")); f.Demonstration {
		t.Error("a finding that rests on real pages stays marked")
	}
	if r := must[*catalogue.Recommendation](t)(c.Recommendation(ctx, catalogue.Anonymous(), "r")); r.Demonstration {
		t.Error("what follows from it stays marked")
	}
}
