package chart_test

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointly/web/chart"
)

func suppliers() chart.Bars {
	return chart.Bars{About: about("money"), RowHead: "Supplier", ValueHead: "£ a year, ex VAT", Rows: []chart.Bar{
		{Label: "Unit4", Link: "/suppliers/unit4", Value: 310000, Text: "£310,000", Share: .18},
		{Label: "NEC", Link: "/suppliers/nec", Value: 252000, Text: "£252,000", Share: .15},
		{Label: "Idox (2 contracts)", Value: 164000, Text: "£164,000", Share: .1},
		{Label: "Financial Accounting Solution for External Clients", Value: 127000, Text: "£127,000", Share: .07},
		{Label: "Gamma", Value: 1180, Text: "£1,180", Share: .001},
	}}
}

func quarters() chart.Columns {
	q := chart.Columns{About: about("quarters"), Series: []string{"Stated end", "After extension"}}
	names := []string{"Jan to Mar", "Apr to Jun", "Jul to Sep", "Oct to Dec"}
	for i := range 14 {
		q.Columns = append(q.Columns, chart.Column{Label: names[i%4], Group: fmt.Sprint(2027 + i/4),
			Link: fmt.Sprintf("/demand?quarter=%d", i), Values: []float64{float64(i * 7 % 10), float64(i % 3)}})
	}
	return q
}

func shares(id string, threshold float64) chart.ShareBar {
	return chart.ShareBar{About: about(id), Threshold: threshold, ThresholdLabel: "Threshold",
		Shares: []chart.Share{{Label: "Aldermere", Value: 1512000, Text: "£1,512,000"},
			{Label: "Brackwater", Value: 1260000, Text: "£1,260,000"},
			{Label: "Castleholt", Value: 2520000, Text: "£2,520,000", Emphasis: true},
			{Label: "Fenholme", Value: 612000, Text: "£612,000"}}}
}

const (
	deep = "#00525a"
	mid  = "#5e97a0"
	warn = "#942514"
)

func TestBarsAreAsLongAsTheirValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(1, 1000), 1, 12).Draw(t, "values")
		b := chart.Bars{About: about("x")}
		for _, v := range values {
			b.Rows = append(b.Rows, chart.Bar{Label: "Row", Value: v})
		}
		d := b.Draw()
		for _, svg := range []template.HTML{d.Wide, d.Narrow} {
			s, err := parse(string(svg))
			if err != nil {
				t.Fatal(err)
			}
			bars := s.filled(deep)
			longest := slices.Max(values)
			full := 0.0
			for i, m := range bars {
				if values[i] == longest {
					full = m.box.x1 - m.box.x0
				}
			}
			for i, m := range bars {
				if want := max(full*values[i]/longest, 1.5); math.Abs(m.box.x1-m.box.x0-want) > 0.3 {
					t.Fatalf("%g of %g is %g long, want %g", values[i], longest, m.box.x1-m.box.x0, want)
				}
			}
		}
	})
}

func TestValuesThatAreNoneDrawNoBar(t *testing.T) {
	for _, v := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		d := chart.Bars{About: about("x"), Rows: []chart.Bar{{Label: "None", Value: v}, {Label: "Ten", Value: 10}}}.Draw()
		s := read(t, d.Wide)
		checkRules(t, s)
		if none := s.filled(deep)[0]; none.box.x1 > none.box.x0 {
			t.Errorf("%g is drawn %g long", v, none.box.x1-none.box.x0)
		}
	}
}

func TestLabelsStandAboveBarsOnAPhone(t *testing.T) {
	d := suppliers().Draw()
	label := read(t, d.Narrow).text(t, "NEC")
	if first := read(t, d.Narrow).filled(deep)[1]; label.box.y1 > first.box.y0 || label.box.x0 != first.box.x0 {
		t.Errorf("narrow: label %v, bar %v", label.box, first.box)
	}
	label = read(t, d.Wide).text(t, "NEC")
	if first := read(t, d.Wide).filled(deep)[1]; label.box.x1 > first.box.x0 || label.box.y0 > first.box.y1 {
		t.Errorf("wide: label %v, bar %v", label.box, first.box)
	}
}

func TestEmphasisMakesTheOthersStepBack(t *testing.T) {
	b := suppliers()
	b.Rows[2].Emphasis = true
	s := read(t, b.Draw().Wide)
	if got := len(s.filled(deep)); got != 1 {
		t.Errorf("%d dark bars", got)
	}
	if got := len(s.filled(mid)); got != 4 {
		t.Errorf("%d lighter bars", got)
	}
	if !s.text(t, "Idox (2 contracts)").bold {
		t.Error("the label is not bold")
	}
}

func TestBarTable(t *testing.T) {
	got := suppliers().Draw().Table
	if !slices.Equal(got.Head, []string{"Supplier", "£ a year, ex VAT", "Share"}) {
		t.Errorf("head %q", got.Head)
	}
	if !slices.Equal(got.Rows[4], []string{"Gamma", "£1,180", "under 1%"}) {
		t.Errorf("row %q", got.Rows[4])
	}
}

func TestColumnsStandOnTheBaseLine(t *testing.T) {
	q := chart.Columns{About: about("x"), Columns: []chart.Column{{Label: "a", Values: []float64{3}},
		{Label: "b", Values: []float64{6}}, {Label: "c", Values: []float64{0}}}}
	s := read(t, q.Draw().Wide)
	bars := s.filled(deep)
	if len(bars) != 2 {
		t.Fatalf("%d columns for two values", len(bars))
	}
	h0, h1 := bars[0].box.y1-bars[0].box.y0, bars[1].box.y1-bars[1].box.y0
	if bars[0].box.y1 != bars[1].box.y1 || math.Abs(h1-2*h0) > 0.3 {
		t.Errorf("3 is %g high, 6 is %g high", h0, h1)
	}
	for _, m := range s.of("line") {
		if m.from.y == m.to.y && math.Abs(m.from.y-bars[0].box.y1) < 0.2 {
			return
		}
	}
	t.Error("no base line under the columns")
}

func TestColumnsBecomeRowsOnAPhone(t *testing.T) {
	s := read(t, quarters().Draw().Narrow)
	label := s.text(t, "Apr to Jun 2028")
	if label.href != "/demand?quarter=5" {
		t.Errorf("links to %q", label.href)
	}
}

func TestColumnTableAddsUp(t *testing.T) {
	q := quarters()
	q.Format = func(v float64) string { return fmt.Sprintf("%.0f contracts", v) }
	got := q.Draw().Table
	if !slices.Equal(got.Head, []string{"Quarter", "Stated end", "After extension", "Together"}) {
		t.Errorf("head %q", got.Head)
	}
	if want := []string{"Apr to Jun 2027", "7 contracts", "1 contracts", "8 contracts"}; !slices.Equal(got.Rows[1], want) {
		t.Errorf("row %q, want %q", got.Rows[1], want)
	}
}

func TestShareBarMarksTheThreshold(t *testing.T) {
	for _, c := range []struct {
		threshold float64
		beyond    bool
	}{{207720, false}, {4000000, false}, {20772000, true}} {
		s := read(t, shares("joint", c.threshold).Draw().Wide)
		marker := s.filled(warn)
		if len(marker) != 1 {
			t.Fatalf("%d markers", len(marker))
		}
		at := (marker[0].box.x0 + marker[0].box.x1) / 2
		last := s.filled("#d0e3e6")[0].box.x1
		if (at > last) != c.beyond {
			t.Errorf("threshold %g at %g, shares end at %g", c.threshold, at, last)
		}
		if want := c.threshold / 5904000 * (last + 1.5); math.Abs(at-want) > 2 {
			t.Errorf("threshold %g at %g, want %g", c.threshold, at, want)
		}
	}
}

func TestShareBarNamesEveryShare(t *testing.T) {
	d := shares("joint", 0).Draw()
	for _, svg := range []template.HTML{d.Wide, d.Narrow} {
		all := ""
		for _, m := range read(t, svg).texts() {
			all += m.text + "\n"
		}
		for _, name := range []string{"Aldermere 26%", "Brackwater 21%", "Castleholt 43%", "Fenholme 10%"} {
			if !strings.Contains(all, name) {
				t.Errorf("%q is not named in\n%s", name, all)
			}
		}
	}
	if len(d.Table.Rows) != 4 || d.Table.Rows[3][2] != "10%" {
		t.Errorf("table %q", d.Table.Rows)
	}
}

// Shares that a page has rounded so that they add up are not rounded anew beside it.
func TestSharesAreRoundedAsThePageDoes(t *testing.T) {
	d := chart.ShareBar{About: about("shares"), Shares: []chart.Share{{Label: "One", Value: 355, Percent: "35%"}, {Label: "Two", Value: 645}}}.Draw()
	if got := d.Table.Rows; got[0][2] != "35%" || got[1][2] != "65%" {
		t.Errorf("the table says %v", got)
	}
	if strings.Contains(string(d.Wide), "36%") {
		t.Error("the drawing rounds by itself")
	}
}
