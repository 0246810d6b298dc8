package chart_test

import (
	"encoding/csv"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jointly/web/chart"
)

// island is a made-up map: a round island with an inland sea of none, some of its councils named.
func island() chart.HexMap {
	m := chart.HexMap{About: about("map"), Legend: []chart.LevelName{{Level: 4, Text: "Seen using it"},
		{Level: 0, Text: "Not known, which is not no"}}}
	for q := -9; q <= 9; q++ {
		for r := -11; r <= 11; r++ {
			if q*q+r*r > 90 {
				continue
			}
			h := chart.Hex{Q: q, R: r, Name: "Council " + strconv.Itoa(q) + " " + strconv.Itoa(r), Region: "East"}
			if q < 0 {
				h.Region = "West"
			}
			if q%4 == 0 && r%5 == 0 {
				h.Level, h.Emphasis, h.Link, h.Note = 4, true, "/councils/"+strconv.Itoa(q*100+r), "award notice"
			}
			m.Hexes = append(m.Hexes, h)
		}
	}
	return m
}

func regions() chart.HexMap {
	m := island()
	m.ID, m.Legend = "regions", nil
	for i := range m.Hexes {
		m.Hexes[i].Emphasis, m.Hexes[i].Link, m.Hexes[i].Note, m.Hexes[i].Level = false, "", "", 3
		if m.Hexes[i].Region == "West" {
			m.Hexes[i].Level = 1
		}
	}
	m.Totals = []chart.RegionTotal{{Region: "East", Text: "41"}, {Region: "West", Text: "9"}, {Region: "Nowhere", Text: "1"}}
	return m
}

// centres finds each hexagon by giving each a link of its own.
func centres(t *testing.T, hexes []chart.Hex) []point {
	m := chart.HexMap{About: about("x"), Hexes: hexes}
	for i := range m.Hexes {
		m.Hexes[i].Link = "/" + strconv.Itoa(i)
	}
	out := make([]point, len(hexes))
	for _, k := range read(t, m.Draw().Wide).of("path") {
		if i, err := strconv.Atoi(strings.TrimPrefix(k.href, "/")); err == nil {
			out[i] = point{(k.box.x0 + k.box.x1) / 2, (k.box.y0 + k.box.y1) / 2}
		}
	}
	return out
}

func TestHexagonsLieNorthUpWithOddRowsShifted(t *testing.T) {
	at := centres(t, []chart.Hex{{Q: 0, R: 0}, {Q: 1, R: 0}, {Q: 0, R: 1}, {Q: 0, R: 2}, {Q: 0, R: -1}, {Q: 4, R: 4}})
	pitch := at[1].x - at[0].x
	near := func(got, want float64) bool { return math.Abs(got-want) < 0.2 }
	if pitch <= 0 || !near(at[0].y, at[1].y) {
		t.Errorf("east is not right: %v %v", at[0], at[1])
	}
	if !near(at[2].x, at[0].x+pitch/2) || !near(at[2].y, at[0].y-pitch*math.Sqrt(3)/2) {
		t.Errorf("the odd row north is at %v, from %v with pitch %g", at[2], at[0], pitch)
	}
	if !near(at[3].x, at[0].x) {
		t.Errorf("the next even row is at %v", at[3])
	}
	if !near(at[4].x, at[0].x+pitch/2) || at[4].y <= at[0].y {
		t.Errorf("the odd row south is at %v", at[4])
	}
}

func TestMapNamesUpToEightBesideIt(t *testing.T) {
	d := island().Draw()
	for _, svg := range []template.HTML{d.Wide, d.Narrow} {
		s := read(t, svg)
		hexes := s.of("path")
		labels := 0
		for _, m := range s.texts() {
			if !strings.HasPrefix(m.text, "Council") {
				continue
			}
			labels++
			if m.href == "" {
				t.Errorf("%q is not linked", m.text)
			}
			for _, h := range hexes {
				if h.box.meets(m.box, 2) {
					t.Errorf("%q lies on a council", m.text)
				}
			}
		}
		if labels < 6 || labels > 8 {
			t.Errorf("%d names", labels)
		}
	}
}

func TestMapLegendSaysThatPaleIsNotKnown(t *testing.T) {
	s := read(t, chart.HexMap{About: about("x"), Hexes: []chart.Hex{{Q: 1, R: 1, Name: "Wyre"}}}.Draw().Wide)
	s.text(t, "Pale: not known, which is not no")
	if s.role != "img" {
		t.Errorf("role %q", s.role)
	}
}

func TestMapTableListsWhatIsKnown(t *testing.T) {
	d := chart.HexMap{About: about("x"), Legend: []chart.LevelName{{Level: 4, Text: "Seen using it"}}, Hexes: []chart.Hex{
		{Q: 1, R: 1, Name: "Wyre", Region: "North West", Level: 4, Note: "award notice, 25 August 2025"},
		{Q: 2, R: 1, Name: "Preston"}}}.Draw()
	if len(d.Table.Rows) != 1 || strings.Join(d.Table.Rows[0], "|") !=
		"Wyre|North West|Seen using it|award notice, 25 August 2025" {
		t.Errorf("table %q", d.Table.Rows)
	}
}

func TestRegionTotalsStandInTheirRegions(t *testing.T) {
	m := regions()
	s := read(t, m.Draw().Wide)
	east, west := s.text(t, "41"), s.text(t, "9")
	if east.box.x0 < s.width/2 || west.box.x1 > s.width/2 {
		t.Errorf("east at %v, west at %v of %g", east.box, west.box, s.width)
	}
	if got := m.Draw().Table.Rows[0]; got[0] != "East" || got[1] != "41" {
		t.Errorf("table %q", got)
	}
}

// TestUnitedKingdom draws the published hex map: what is north of something else must come out above it, and most
// councils that border each other must touch.
func TestUnitedKingdom(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "facts", "councils.csv"))
	if err != nil {
		t.Skip("needs ../shared/facts/councils.csv beside the checkout:", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var hexes []chart.Hex
	index := map[string]int{}
	borders := map[string][]string{}
	for _, r := range rows[1:] {
		q, errQ := strconv.Atoi(r[column["hex_q"]])
		n, errR := strconv.Atoi(r[column["hex_r"]])
		if errQ != nil || errR != nil {
			continue // county councils have no hexagon
		}
		index[r[column["gss"]]], index[r[column["name"]]] = len(hexes), len(hexes)
		borders[r[column["gss"]]] = strings.Split(r[column["neighbours_gss"]], ";")
		hexes = append(hexes, chart.Hex{Q: q, R: n, Name: r[column["name"]], Region: r[column["region"]]})
	}
	at := centres(t, hexes)
	place := func(name string) point { return at[index[name]] }
	if !(place("Shetland Islands").y < place("Newcastle upon Tyne").y && place("Newcastle upon Tyne").y < place("Leeds").y &&
		place("Leeds").y < place("Birmingham").y && place("Birmingham").y < place("Southampton").y) {
		t.Error("north is not up")
	}
	if !(place("Belfast").x < place("Liverpool").x && place("Liverpool").x < place("Leeds").x &&
		place("Cornwall").x < place("Thanet").x) {
		t.Error("west is not left")
	}
	pitch := math.Inf(1)
	for i := range at {
		for j := range i {
			pitch = min(pitch, math.Hypot(at[i].x-at[j].x, at[i].y-at[j].y))
		}
	}
	touch, all := 0, 0
	for gss, others := range borders {
		for _, o := range others {
			if j, ok := index[o]; ok {
				all++
				if math.Hypot(at[index[gss]].x-at[j].x, at[index[gss]].y-at[j].y) < 1.2*pitch {
					touch++
				}
			}
		}
	}
	// With the even rows shifted instead, under half of them touch.
	if share := float64(touch) / float64(all); share < 0.55 {
		t.Errorf("only %.0f%% of councils that border each other touch", 100*share)
	}
	m := chart.HexMap{About: about("uk"), Hexes: hexes}
	m.Width = 330
	for _, name := range []string{"Haringey", "Hillingdon", "Lichfield", "Wyre", "West Berkshire", "Hyndburn",
		"Blackburn with Darwen", "Bournemouth, Christchurch and Poole"} {
		m.Hexes[index[name]].Emphasis, m.Hexes[index[name]].Level = true, 4
	}
	d := m.Draw()
	for _, svg := range []template.HTML{d.Wide, d.Narrow} {
		s := read(t, svg)
		checkRules(t, s)
		checkLegible(t, s)
		named := ""
		for _, m := range s.texts() {
			named += m.text + " "
		}
		for _, h := range m.Hexes {
			if h.Emphasis && !strings.Contains(named, h.Name) {
				t.Errorf("%s is not named", h.Name)
			}
		}
	}
}

func BenchmarkUnitedKingdomSized(b *testing.B) {
	m := island()
	for b.Loop() {
		m.Draw()
	}
}
