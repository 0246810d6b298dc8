package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// TestInventedCouncilsHaveAMapOfTheirOwn and are on no map of real ones, nor the other way round.
func TestInventedCouncilsHaveAMapOfTheirOwn(t *testing.T) {
	at := func(name string, q int, invented bool) catalogue.CoverCouncil {
		return catalogue.CoverCouncil{Council: &catalogue.Council{Council: register.Council{Name: name, Hex: &register.Hex{Q: q}}, Demonstration: invented},
			Signed: &catalogue.CallSignature{At: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}}
	}
	for _, invented := range []bool{false, true} {
		v := &catalogue.CallView{Call: &catalogue.EvidenceCall{Demonstration: invented}, Councils: []catalogue.CoverCouncil{at("Realham", 1, false), at("Madeupton", 2, true)}}
		f := coverMap(v, false)
		drawn := string(f.Drawing.Wide)
		if strings.Contains(drawn, "Realham") == invented || strings.Contains(drawn, "Madeupton") != invented {
			t.Errorf("of an invented call: %t: the map is %s", invented, drawn)
		}
		if strings.Contains(f.Note, "are invented, and so are their places") != invented {
			t.Errorf("of an invented call: %t: the map says %q", invented, f.Note)
		}
	}
	nobody := demoWorld(t).anonymous()
	for _, address := range []string{"/calls/demo-channels-2025", "/examples/demo-example-missed-bin"} {
		nobody.get(address).is(http.StatusOK).has("main", "The councils of this map are invented")
	}
}
