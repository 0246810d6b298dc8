package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/search"
)

// ways is what a search that finds nothing offers, one line each.
func ways(w *world, q search.Query) []string {
	w.t.Helper()
	if got := w.find(q); got.Total != 0 {
		w.t.Fatalf("%+v: %d found, want none", q, got.Total)
	}
	found, err := w.index.Instead(context.Background(), catalogue.Councils, q)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, n := range found.Near {
		other := q
		other.Text = n.Text
		if got := w.find(other); got.Total != n.Total {
			w.t.Errorf("%s: says %d, finds %d", n.Text, n.Total, got.Total)
		}
		out = append(out, "near "+n.Text)
	}
	for _, less := range found.Wider {
		if got := w.find(less.Query); got.Total != less.Total || less.Total == 0 {
			w.t.Errorf("%+v: says %d, finds %d", less, less.Total, got.Total)
		}
		switch {
		case less.Word != "":
			out = append(out, fmt.Sprintf("without %s: %s", less.Word, less.Query.Text))
		case less.Dates:
			out = append(out, "any date")
		case less.Ended:
			out = append(out, "ended")
		default:
			out = append(out, "any "+string(less.Facet))
		}
	}
	for _, word := range found.Missing {
		out = append(out, "missing "+word)
	}
	return out
}

func TestASearchThatFindsNothingHasWaysOut(t *testing.T) {
	w := newWorld(t)
	past := need("past", leeds, "Wombat burrow", "")
	past.WindowStart, past.WindowEnd = catalogue.MustDate("2025-01-01"), catalogue.MustDate("2026-01-01")
	w.add(need("1", leeds, "Quagga zebra", "with an okapi"), need("2", haringey, "Zebra stripes", ""), past)
	w.catchUp()
	london := []string{"London"}
	for name, c := range map[string]struct {
		q    search.Query
		want []string
	}{
		"a filter too many":     {search.Query{Text: "quagga", Regions: london}, []string{"any region"}},
		"one of two filters":    {search.Query{Text: "quagga", Regions: london, Councils: []string{leeds}}, []string{"any region"}},
		"a date too early":      {search.Query{Text: "quagga", EndsTo: catalogue.MustDate("2027-01-01")}, []string{"any date"}},
		"a word excluded":       {search.Query{Text: "quagga -okapi"}, []string{"without -okapi: quagga"}},
		"a phrase":              {search.Query{Text: `quagga -zebra`}, []string{"without -zebra: quagga"}},
		"only what has ended":   {search.Query{Text: "wombat"}, []string{"ended"}},
		"two letters wrong":     {search.Query{Text: "quogge"}, []string{"near quagga", "missing quogge"}},
		"nothing near":          {search.Query{Text: "xyzzyx"}, []string{"missing xyzzyx"}},
		"no words, two filters": {search.Query{Regions: london, Councils: []string{leeds}}, []string{"any region", "any council"}},
	} {
		got := ways(w, c.q)
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, "; "), strings.Join(c.want, "; "))
		}
	}
}

func TestANameWrittenWrongIsOffered(t *testing.T) {
	w := newWorld(t)
	w.catchUp()
	for text, name := range map[string]string{"Leister": "Leicester", "Kornwall": "Cornwall"} {
		if got := ways(w, search.Query{Text: text}); len(got) == 0 || got[0] != "near "+name {
			t.Errorf("for %s: %s", text, strings.Join(got, "; "))
		}
	}
}

func TestWaysOutGiveNothingAway(t *testing.T) {
	w := newWorld(t)
	secret := need("secret", leeds, "Zebracanary burrow", "")
	secret.Visibility = catalogue.Councils
	w.add(secret)
	w.catchUp()
	found, err := w.index.Instead(context.Background(), catalogue.Public, search.Query{Text: "zebracanaryy", Regions: []string{"London"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Near)+len(found.Wider) > 0 {
		t.Errorf("the public is offered %+v", found)
	}
}

func TestUnknownValuesAreTold(t *testing.T) {
	w := newWorld(t)
	w.add(need("1", leeds, "Quagga", ""))
	w.catchUp()
	unknown, err := w.index.Unknown(catalogue.Public, search.Query{
		Regions: []string{"London", "Atlantis"}, Capabilities: []string{"gis", "magic"}, Councils: []string{leeds, "E99999999"},
		Quarters: []string{"2031-Q1", "soon"}, Kinds: []catalogue.Kind{catalogue.KindContract, "spell"}, Suppliers: []string{"nobody"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(unknown), "[{kind spell} {quarter soon} {region Atlantis} {supplier nobody} {capability magic} {council E99999999}]"; got != want {
		t.Errorf("unknown: %s, want %s", got, want)
	}
}
