package chart_test

import (
	"html/template"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/web/chart"
)

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return time.Time{}
	}
	return t
}

var today = time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC)

func about(id string) chart.About { return chart.About{ID: id, Title: "What the chart is called"} }

// drawings gives one realistic chart of each kind, by name.
func drawings() map[string]chart.Drawing {
	return map[string]chart.Drawing{
		"bars":      suppliers().Draw(),
		"columns":   quarters().Draw(),
		"contracts": contracts().Draw(),
		"estate":    estate().Draw(),
		"plan":      plan().Draw(),
		"windows":   windows().Draw(),
		"shares":    shares("joint", 207720).Draw(),
		"small":     shares("small", 20772000).Draw(),
		"map":       island().Draw(),
		"regions":   regions().Draw(),
		"ranges":    channels().Draw(),
		"mix":       makeUp().Draw(),
	}
}

func TestEveryDrawingKeepsTheRules(t *testing.T) {
	seen := map[string]bool{}
	for name, d := range drawings() {
		for which, svg := range map[string]template.HTML{"wide": d.Wide, "narrow": d.Narrow} {
			t.Run(name+" "+which, func(t *testing.T) {
				s := read(t, svg)
				checkRules(t, s)
				checkLegible(t, s)
				if which == "narrow" && s.width > 345 {
					t.Errorf("%g px wide: more than a phone has", s.width)
				}
				for _, id := range s.ids {
					if seen[id] {
						t.Errorf("id %q is used twice", id)
					}
					seen[id] = true
				}
			})
		}
	}
}

func TestEveryChartHasItsTable(t *testing.T) {
	for name, d := range drawings() {
		if d.Table.Caption == "" || len(d.Table.Head) < 2 || len(d.Table.Rows) == 0 {
			t.Errorf("%s: table %+v", name, d.Table)
		}
		for _, row := range d.Table.Rows {
			if len(row) != len(d.Table.Head) {
				t.Errorf("%s: row %q under %q", name, row, d.Table.Head)
			}
		}
	}
}

func TestNothingToDrawGivesNoDrawing(t *testing.T) {
	for name, d := range map[string]chart.Drawing{
		"bars":     chart.Bars{}.Draw(),
		"columns":  chart.Columns{}.Draw(),
		"timeline": chart.Timeline{Today: today}.Draw(),
		"undated":  chart.Timeline{Rows: []chart.TimelineRow{{Label: "Website"}}}.Draw(),
		"windows":  chart.Windows{}.Draw(),
		"shares":   chart.ShareBar{Shares: []chart.Share{{Label: "Nobody"}}}.Draw(),
		"map":      chart.HexMap{}.Draw(),
		"ranges":   chart.Ranges{}.Draw(),
		"mix":      chart.Mix{}.Draw(),
		"far":      chart.HexMap{Hexes: []chart.Hex{{Q: 1 << 40, Name: "Nowhere"}}}.Draw(),
	} {
		if d.Wide != "" || d.Narrow != "" {
			t.Errorf("%s drew %s", name, d.Wide)
		}
		if len(d.Table.Head) == 0 {
			t.Errorf("%s: no table", name)
		}
	}
}

func TestIDsComeFromTheCaller(t *testing.T) {
	d := chart.Bars{About: chart.About{ID: `a"b c-1`, Title: "T"}, Rows: []chart.Bar{{Label: "x", Value: 1}}}.Draw()
	if got := read(t, d.Wide).ids; !slices.Equal(got, []string{"abc-1-w-t", "abc-1-w-d"}) {
		t.Errorf("wide ids %q", got)
	}
	if got := read(t, d.Narrow).ids; !slices.Equal(got, []string{"abc-1-n-t", "abc-1-n-d"}) {
		t.Errorf("narrow ids %q", got)
	}
}

func TestDescIsTheCallersOrWritten(t *testing.T) {
	b := suppliers()
	if got := read(t, b.Draw().Wide).desc; !strings.Contains(got, "Unit4, £310,000, 18%") {
		t.Errorf("desc %q does not say what is longest", got)
	}
	b.Desc = "Five suppliers."
	if got := read(t, b.Draw().Wide).desc; got != b.Desc {
		t.Errorf("desc %q", got)
	}
}

func TestOnlySafeAddressesBecomeLinks(t *testing.T) {
	for href, want := range map[string]string{
		"/councils/wyre?a=1&b=2":        "/councils/wyre?a=1&b=2",
		"https://www.gov.uk/":           "https://www.gov.uk/",
		"#row-3":                        "#row-3",
		"?area=revenues":                "?area=revenues",
		"":                              "",
		"//elsewhere.example/":          "",
		"javascript:alert(1)":           "",
		" JavaScript:alert(1)":          "",
		"java\nscript:alert(1)":         "",
		"data:text/html,<script>":       "",
		`/\elsewhere.example`:           "",
		`/a"><script>alert(1)</script>`: `/a"><script>alert(1)</script>`,
	} {
		d := chart.Bars{About: about("x"), Rows: []chart.Bar{{Label: "Row", Link: href, Value: 1}}}.Draw()
		s := read(t, d.Wide)
		got := ""
		if len(s.links) > 0 {
			got = s.links[0].href
		}
		if got != want {
			t.Errorf("%q gives a link to %q, want %q", href, got, want)
		}
	}
}

func TestTextIsEscapedAndCleaned(t *testing.T) {
	for in, want := range map[string]string{
		`Fish & "chips" <b>`: `Fish & "chips" <b>`,
		"a\x00b\x1b[31m\xff": "ab[31m",
		"two\r\n\tlines":     "two lines",
		"abc\u202edef\u2066": "abcdef",
		"a\ufffe\uffffb":     "ab",
		"Ynys Môn – £":       "Ynys Môn – £",
		"]]> <!-- &amp;":     "]]> <!-- &amp;",
	} {
		d := chart.Bars{About: about("x"), Rows: []chart.Bar{{Label: in, Value: 1}}}.Draw()
		for _, svg := range []template.HTML{d.Wide, d.Narrow} {
			if got := read(t, svg).texts()[0].text; got != want {
				t.Errorf("%q is drawn as %q, want %q", in, got, want)
			}
		}
		if got := d.Table.Rows[0][0]; got != want {
			t.Errorf("%q stands in the table as %q, want %q", in, got, want)
		}
	}
}

func TestLongLabelsWrapAndAreCut(t *testing.T) {
	long := strings.Repeat("Business World finance solution ", 12)
	d := chart.Bars{About: about("x"), Rows: []chart.Bar{{Label: long, Link: "/c/1", Value: 1}, {Label: strings.Repeat("W", 300), Value: 2}}}.Draw()
	for _, svg := range []template.HTML{d.Wide, d.Narrow} {
		s := read(t, svg)
		checkRules(t, s)
		checkLegible(t, s)
		texts := s.texts()
		if !strings.HasPrefix(texts[0].text, "Business World") || !strings.HasSuffix(texts[1].text, "…") {
			t.Errorf("drawn as %q, %q", texts[0].text, texts[1].text)
		}
		if l := s.links[0]; !strings.Contains(l.title, strings.TrimSpace(long)) || !strings.HasPrefix(l.name, "Business World") {
			t.Errorf("the link reads %q and shows %q: the whole label is nowhere", l.name, l.title)
		}
	}
}

func TestShade(t *testing.T) {
	for _, c := range []struct {
		value, max float64
		want       int
	}{
		{0, 20, 0}, {-3, 20, 0}, {math.NaN(), 20, 0}, {math.Inf(1), 20, 0}, {0.01, 20, 1}, {4.9, 20, 1}, {5, 20, 2},
		{10, 20, 3}, {15, 20, 4}, {20, 20, 4}, {25, 20, 4}, {3, 0, 4}, {3, math.NaN(), 4}, {0, 0, 0},
	} {
		if got := chart.Shade(c.value, c.max); got != c.want {
			t.Errorf("Shade(%g, %g) = %d, want %d", c.value, c.max, got, c.want)
		}
	}
}

func TestShadesCanBeReadAndToldApart(t *testing.T) {
	before := uint32(0xffffff)
	for level := range chart.Levels + 1 {
		fill, text := chart.ShadeColours(level)
		if got := chart.Contrast(rgb(fill), rgb(text)); got < 4.5 {
			t.Errorf("level %d: %s on %s has contrast %.1f", level, text, fill, got)
		}
		if got := chart.Contrast(rgb(fill), before); got < 1.1 {
			t.Errorf("level %d is hardly darker than the one before: %.2f", level, got)
		}
		before = rgb(fill)
	}
	low, _ := chart.ShadeColours(-7)
	high, _ := chart.ShadeColours(99)
	if first, _ := chart.ShadeColours(0); low != first {
		t.Errorf("level -7 is %s", low)
	}
	if last, _ := chart.ShadeColours(chart.Levels); high != last {
		t.Errorf("level 99 is %s", high)
	}
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, c := range []struct {
		a, b uint32
		want float64
	}{{0xffffff, 0x000000, 21}, {0x777777, 0xffffff, 4.48}, {0x0000ff, 0xffffff, 8.59}, {0xabcdef, 0xabcdef, 1}} {
		if got := chart.Contrast(c.a, c.b); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%06x on %06x: %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}
