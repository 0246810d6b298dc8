package web

import (
	"net/http"
	"net/url"
	"testing"

	"jointly/catalogue"
)

func TestAContractEnteredByMistakeIsDeleted(t *testing.T) {
	w := estateWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	form := with(b.get("/estate/contracts/new").form("/estate/contracts/new"), url.Values{"title": {"Typed twice"}, "audience": {"public"}})
	address := b.post("/estate/contracts/new", form).is(http.StatusSeeOther).location()
	b.get(address).is(http.StatusOK).has("#source a", "Delete it, if it was entered by mistake")
	w.anonymous().get(address).is(http.StatusOK).hasNot("#source", "Delete it")
	w.officer(thornmere, catalogue.RoleLead).get(address + "/delete").is(http.StatusForbidden)
	w.officer(ambleford, catalogue.RoleViewer).post(address+"/delete", url.Values{"version": {"1"}}).is(http.StatusForbidden)
	ask := b.get(address + "/delete").is(http.StatusOK)
	ask.wellFormed()
	ask.has("h1", "Delete this contract?")
	b.post(address+"/delete", url.Values{}).is(http.StatusBadRequest)
	b.post(address+"/delete", url.Values{"version": {"1"}}).is(http.StatusConflict)
	for range 2 { // sent twice, it goes once
		if to := b.post(address+"/delete", ask.form(address+"/delete")).is(http.StatusSeeOther).location(); to != "/estate" {
			t.Errorf("it leads to %s", to)
		}
	}
	b.get(address).is(http.StatusNotFound)
	b.get("/estate").is(http.StatusOK).hasNot("#ends", "Typed twice")

	stays := b.get("/contracts/rolling/delete").is(http.StatusOK) // an award notice tells of it
	stays.wellFormed()
	stays.has("#stays", "A public record tells of this contract")
	if forms := stays.all("main form"); len(forms) > 0 {
		t.Error("what cannot be deleted has a button for it")
	}
	b.post("/contracts/rolling/delete", url.Values{"version": {"1"}}).is(http.StatusConflict).has("#stays", "public record")
}

func TestACouncilTakesBackThatItRunsAPlatform(t *testing.T) {
	w := estateWorld(t)
	w.add(&catalogue.Platform{Meta: catalogue.Meta{ID: "parker"}, Name: "Parker", Capabilities: []string{"parking"}})
	b := w.officer(ambleford, catalogue.RoleContributor)
	b.get("/platforms/parker").is(http.StatusOK).hasNot("#use", "We do not run it")
	b.get("/platforms/parker/use/delete").is(http.StatusOK).has("#stays", "has not said that it runs this")
	b.post("/platforms/parker/use", url.Values{"advice": {"Canaryadvice"}}).is(http.StatusSeeOther)
	b.get("/platforms/parker").has("#use", "We do not run it any more")
	ask := b.get("/platforms/parker/use/delete").is(http.StatusOK)
	ask.wellFormed()
	w.officer(ambleford, catalogue.RoleViewer).post("/platforms/parker/use/delete", url.Values{}).is(http.StatusForbidden)
	for range 2 {
		b.post("/platforms/parker/use/delete", ask.form("/platforms/parker/use/delete")).is(http.StatusSeeOther)
	}
	b.get("/platforms/parker").hasNot("main", "Canaryadvice")
}

// TestWhatIsDueIsCountedByKind: contracts, platforms and intentions; a council without running contracts is asked too.
func TestWhatIsDueIsCountedByKind(t *testing.T) {
	w := estateWorld(t)
	w.add(&catalogue.Platform{Meta: catalogue.Meta{ID: "parker"}, Name: "Parker", Capabilities: []string{"parking"}},
		&catalogue.Use{Meta: catalogue.Meta{ID: "seen"}, Platform: "parker", Council: ambleford, Source: catalogue.Source{Text: "Award", Date: catalogue.MustDate("2024-01-01")}},
		&catalogue.Use{Meta: catalogue.Meta{ID: "also"}, Platform: "parker", Council: brackwater, Source: catalogue.Source{Text: "Award", Date: catalogue.MustDate("2024-01-01")}})
	b := w.officer(ambleford, catalogue.RoleContributor)
	b.get("/estate").has(".jy-flag--quiet", "Confirm 4 contracts and 1 platform")
	form := b.get("/estate/confirm").form("/estate/confirm")
	form.Add("intention", "none")
	b.post("/estate/confirm", form).is(http.StatusSeeOther)
	b.get("/estate").has(".govuk-notification-banner", "4 contracts and 1 platform are confirmed. 1 intention was left as it was: this is not an intention that your council can change.")

	none := w.officer(brackwater, catalogue.RoleContributor).get("/estate").is(http.StatusOK)
	none.wellFormed()
	none.has(".jy-flag--quiet", "Confirm 1 platform")
	none.has(".jy-section__foot a", "What we run")
	none.has("#first a", "Bring in your contracts")
}
