package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// TestPlatformsStandSideBySide: what differs is marked, what only councils know is for councils, the address can be sent on.
func TestPlatformsStandSideBySide(t *testing.T) {
	w := demoWorld(t)
	b := w.anonymous()
	nec := b.get(b.find(catalogue.KindPlatform, "NEC Revenues & Benefits")).is(http.StatusOK)
	start := nec.attributes("#similar .jy-section__foot a", "href")[0]
	if n := len(b.get(start).is(http.StatusOK).all("#compared li")); n != 3 {
		t.Errorf("beside the two that are like it there are %d platforms, want 3", n)
	}
	one := b.get("/compare?platform=nec-revenues-benefits").is(http.StatusOK)
	one.has("#compared li", "NEC Revenues & Benefits")
	two := b.get(one.attributes("#more .govuk-list a", "href")[0]).is(http.StatusOK)
	if n := len(two.all("#compared li")); n != 2 {
		t.Fatalf("%d platforms are compared, want 2", n)
	}
	two.has("tbody tr", "Supplier Differs")
	two.has("tbody tr", "Councils seen using it")
	two.has("tbody tr", "Exit and data return not stated not stated")
	two.hasNot("tbody", "What users say")

	only := b.get(two.attributes(".jy-section__foot a", "href")[0]).is(http.StatusOK)
	if all := len(two.all("tbody tr")); len(only.all("tbody tr")) >= all {
		t.Errorf("only what differs is %d rows of %d", len(only.all("tbody tr")), all)
	}
	only.hasNot("tbody", "Exit and data return")

	file := b.get(two.attributes(".jy-section__foot a", "href")[1]).is(http.StatusOK)
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != len(two.all("tbody tr"))+1 || lines[0][1] != "NEC Revenues & Benefits" || lines[0][3] != "Differs" {
		t.Errorf("the file: %v, %v", lines, err)
	}

	council := w.as("lead@ambleford").get(start).is(http.StatusOK)
	council.has("tbody tr", "In your region")
}

func TestAPlatformIsAddedToAComparisonByName(t *testing.T) {
	w := demoWorld(t)
	b := w.anonymous()
	empty := b.get("/compare").is(http.StatusOK)
	empty.has("#more-title", "Choose the first")
	named := func(platforms []string, name string) *page {
		return b.get("/compare?" + url.Values{"platform": platforms, "add": {name}}.Encode())
	}
	exact := named(nil, "nec revenues & benefits").is(http.StatusSeeOther)
	if to := exact.header["Location"]; len(to) != 1 || to[0] != "/compare?platform=nec-revenues-benefits" {
		t.Errorf("a name leads to %s", to)
	}
	unsure := named(nil, "revenues and benefits").is(http.StatusOK)
	unsure.has("#more h3", "Which of these do you mean?")
	wrong := named([]string{"nec-revenues-benefits"}, "zzyzx").is(http.StatusOK)
	wrong.has(".govuk-error-summary a", "No platform that is not compared already")
	if got := wrong.attributes("#add", "value"); got[0] != "zzyzx" {
		t.Errorf("the name typed became %q", got)
	}
	b.get("/compare?platform=nothing-such").is(http.StatusNotFound)
	b.get("/compare.csv?platform=nothing-such").is(http.StatusNotFound)
	full := b.get("/compare?platform=a&platform=b&platform=c&platform=d&platform=e")
	full.is(http.StatusNotFound)
}
