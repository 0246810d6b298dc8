package search_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/search"
)

// secrets are words that stand in private fields alone, by the audience that may find them; nobody finds the others.
const (
	forCouncils = "zqcouncils"
	forOwner    = "zqowner"
	forGroup    = "zqgroup"
)

// private fills a catalogue with records that have a secret in every private field.
func private(w *world) {
	lead := func(code string) catalogue.Actor {
		return catalogue.Actor{Account: "lead-" + code, Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: code, Via: "test"}
	}
	ctx := context.Background()
	public := catalogue.Intention{
		Council: leeds, Title: "Quagga enclosure", Description: "Open to all", Visibility: catalogue.Public,
		Budget:      catalogue.Money{Min: 123_456, Max: 654_321},
		WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31"),
		ContractEnd:     catalogue.MustDate("2028-03-31"),
		CurrentSupplier: forCouncils + "supplier", CurrentPlatform: forCouncils + "platform",
		Musts: []string{forCouncils + "must"}, Notes: forOwner + "notes",
		Fields: catalogue.IntentionAudiences{Budget: catalogue.Councils, Supplier: catalogue.Councils, Contract: catalogue.Councils, Musts: catalogue.Councils},
	}
	public.Ref = forOwner + "ref"
	councils := public
	councils.Visibility, councils.Title, councils.Description = catalogue.Councils, forCouncils+"title", forCouncils+"text"
	councils.Ref = forOwner + "ref2"
	councils.Fields.Musts, councils.Musts = catalogue.Own, []string{forOwner + "must"}
	councils.Fields.Supplier, councils.CurrentSupplier, councils.CurrentPlatform = catalogue.Group, forGroup+"supplier", forGroup+"platform"
	own := public
	own.Visibility, own.Title, own.Description, own.Ref = catalogue.Own, forOwner+"title", forOwner+"text", forOwner+"ref3"
	for _, in := range []catalogue.Intention{public, councils, own} {
		if _, err := w.cat.SaveIntention(ctx, lead(leeds), in); err != nil {
			w.t.Fatal(err)
		}
	}
	hidden := bought(forOwner+"contract", birmingham, forOwner+"bought", "", "2029-01-01")
	hidden.Audience, hidden.Product, hidden.Route, hidden.Source.Reference = catalogue.Own, forOwner+"product", forOwner+"route", forOwner+"notice"
	shared := bought(forCouncils+"contract", birmingham, forCouncils+"bought", "", "2029-01-01")
	shared.Audience, shared.Product, shared.Route, shared.Source.Reference = catalogue.Councils, forCouncils+"product", forCouncils+"route", forCouncils+"notice"
	w.add(hidden, shared)

	var ids []string
	for _, code := range []string{leeds, haringey} {
		in := need("", code, "Okapi", "council tax")
		got, err := w.cat.SaveIntention(ctx, lead(code), *in)
		if err != nil {
			w.t.Fatal(err)
		}
		ids = append(ids, got.ID)
	}
	g, err := w.cat.ProposeGroup(ctx, lead(leeds), catalogue.Proposal{Title: forCouncils + "group", Intention: ids[0], Partners: ids[1:]})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.cat.AnswerInvitation(ctx, lead(haringey), g.ID, false, forGroup+"reason"); err != nil {
		w.t.Fatal(err)
	}
}

func TestNobodyFindsWhatIsNotForThem(t *testing.T) {
	w := newWorld(t)
	private(w)
	w.catchUp()
	words := func(prefixes ...string) (out []string) {
		for _, p := range prefixes {
			for _, s := range []string{"", "title", "text", "supplier", "platform", "must", "notes", "ref", "ref2", "ref3", "contract", "bought", "product", "route", "notice", "group", "reason"} {
				out = append(out, p+s, `"`+p+s+`"`, p+s[:min(len(s), 1)]+"x"+s[min(len(s), 1):])
			}
		}
		return append(out, "123456", "654321")
	}
	for audience, secrets := range map[catalogue.Audience][]string{
		catalogue.Public:   words(forCouncils, forOwner, forGroup),
		catalogue.Councils: words(forOwner, forGroup),
	} {
		for _, text := range secrets {
			for _, exact := range []bool{true, false} {
				got := w.findAs(audience, search.Query{Text: text, Exact: exact, Ended: true, Facets: search.Facets(), Highlight: true})
				if got.Total != 0 || len(got.Hits) != 0 || got.Corrected != "" {
					t.Errorf("%s finds %q: %v, corrected %q", audience, text, got.Hits, got.Corrected)
				}
				for _, f := range got.Facets {
					if len(f.Values) > 0 {
						t.Errorf("%s counts %v for %q", audience, f, text)
					}
				}
			}
			if got, err := w.index.Suggest(context.Background(), audience, text, 20); err != nil || len(got) > 0 {
				t.Errorf("%s is suggested %v for %q, %v", audience, got, text, err)
			}
		}
		all := w.findAs(audience, search.Query{Ended: true, Facets: search.Facets(), Highlight: true, Limit: 100, Sort: search.ByNewest})
		found := w.findAs(audience, search.Query{Text: "quagga okapi enclosure", Ended: true, Facets: search.Facets(), Highlight: true, Limit: 100})
		table, err := w.index.Pivot(context.Background(), audience, search.Query{Ended: true}, search.FacetSupplier, search.FacetCouncil)
		if err != nil {
			t.Fatal(err)
		}
		shown := fmt.Sprintf("%+v %+v %+v", all, found, table)
		for _, secret := range []string{forOwner, forGroup, "123456", "654321"} {
			if strings.Contains(shown, secret) {
				t.Errorf("%s is shown %s", audience, secret)
			}
		}
		if saw := strings.Contains(shown, forCouncils); saw != (audience == catalogue.Councils) {
			t.Errorf("%s is shown what councils share: %v", audience, saw)
		}
	}
	if got := w.find(search.Query{Text: forCouncils + "must"}); got.Total != 1 {
		t.Errorf("councils find %d by what they share", got.Total)
	}
}

func TestThePublicIndexHoldsNothingPrivate(t *testing.T) {
	w := newWorld(t)
	private(w)
	w.catchUp()
	w.close()
	holds := func(folder string, secret string) bool {
		found := false
		err := filepath.WalkDir(filepath.Join(w.dir, folder), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			found = found || strings.Contains(string(b), secret)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for _, secret := range []string{forCouncils, forOwner, forGroup} {
		if holds("public", secret) {
			t.Errorf("the public index holds %s", secret)
		}
	}
	if holds("councils", forOwner) || holds("councils", forGroup) {
		t.Error("the councils' index holds what is for an owner or a group")
	}
	if !holds("councils", forCouncils) {
		t.Error("the test looks in the wrong place: the councils' index does not hold what it must")
	}
}

func TestWhatIsNoLongerForAnAudienceGoes(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	actor := catalogue.Actor{Account: "officer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: leeds}
	in := need("", leeds, "Quagga", "")
	in.Visibility = catalogue.Public
	saved, err := w.cat.SaveIntention(ctx, actor, *in)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		visibility       catalogue.Audience
		public, councils int
	}{{catalogue.Public, 1, 1}, {catalogue.Councils, 0, 1}, {catalogue.Own, 0, 0}, {catalogue.Public, 1, 1}} {
		saved.Visibility = step.visibility
		if saved, err = w.cat.SaveIntention(ctx, actor, *saved); err != nil {
			t.Fatal(err)
		}
		w.catchUp()
		public, councils := w.findAs(catalogue.Public, search.Query{Text: "quagga"}).Total, w.find(search.Query{Text: "quagga"}).Total
		if public != step.public || councils != step.councils {
			t.Errorf("visible to %s: the public finds %d, councils %d", step.visibility, public, councils)
		}
	}
}
