package chart_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jointly/web/chart"
)

// A sheet is a drawing read back from its markup: what stands where, in the order in which it was drawn.
type sheet struct {
	width, height float64
	role          string
	title, desc   string
	ids, labelled []string
	marks         []mark
	links         []link
}

// link is a link with its accessible name: its label, else the text in it; title is what a pointer shows.
type link struct{ href, name, title string }

func (l *link) read(text string) { l.name = strings.TrimSpace(l.name + " " + text) }

// mark is a shape or a text. A path of several outlines or lines gives one mark for each.
type mark struct {
	kind         string
	box          box
	from, to     point // of a line
	fill, stroke string
	text         string
	size         float64
	bold         bool
	href         string
}

type point struct{ x, y float64 }

type box struct{ x0, y0, x1, y1 float64 }

func (b box) meets(o box, by float64) bool {
	return b.x0 < o.x1-by && o.x0 < b.x1-by && b.y0 < o.y1-by && o.y0 < b.y1-by
}

func (b box) covers(o box) bool { return b.x0 <= o.x0 && b.y0 <= o.y0 && b.x1 >= o.x1 && b.y1 >= o.y1 }

// read parses a drawing, and fails the test where it is not well formed or holds an element or attribute that the
// content security policy or the rules for charts do not allow.
func read(t testing.TB, svg template.HTML) sheet {
	t.Helper()
	s, err := parse(string(svg))
	if err != nil {
		t.Fatalf("%v\n%s", err, svg)
	}
	return s
}

func parse(svg string) (sheet, error) {
	allowed := map[string]string{
		"svg":    "xmlns class viewBox width height role aria-labelledby font-family",
		"title":  "id",
		"desc":   "id",
		"a":      "href aria-label",
		"g":      "",
		"rect":   "x y width height fill stroke stroke-width stroke-dasharray pointer-events",
		"line":   "x1 y1 x2 y2 fill stroke stroke-width stroke-dasharray",
		"circle": "cx cy r fill stroke stroke-width",
		"path":   "d fill stroke stroke-width stroke-dasharray",
		"text":   "x y font-size font-weight text-anchor text-decoration fill",
	}
	var s sheet
	var open []string
	href := ""
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, fmt.Errorf("not well formed: %w", err)
		}
		switch el := token.(type) {
		case xml.StartElement:
			names, ok := allowed[el.Name.Local]
			if !ok {
				return s, fmt.Errorf("element %s is not allowed", el.Name.Local)
			}
			at := map[string]string{}
			for _, a := range el.Attr {
				if !slices.Contains(strings.Fields(names), a.Name.Local) {
					return s, fmt.Errorf("attribute %s of %s is not allowed", a.Name.Local, el.Name.Local)
				}
				at[a.Name.Local] = a.Value
			}
			if id := at["id"]; id != "" {
				s.ids = append(s.ids, id)
			}
			if el.Name.Local == "a" {
				href = at["href"]
				s.links = append(s.links, link{href: href, name: at["aria-label"]})
			}
			open = append(open, el.Name.Local)
			if err := s.add(el.Name.Local, at, href); err != nil {
				return s, err
			}
		case xml.EndElement:
			if el.Name.Local == "a" {
				href = ""
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) == 0 {
				continue
			}
			switch text := string(el); {
			case open[len(open)-1] == "text":
				s.letter(text)
				if href != "" && len(s.links) > 0 {
					s.links[len(s.links)-1].read(text)
				}
			case open[len(open)-1] == "title" && href != "":
				s.links[len(s.links)-1].title = text
			case len(open) == 2 && open[1] == "title":
				s.title = text
			case len(open) == 2 && open[1] == "desc":
				s.desc = text
			}
		}
	}
}

func f(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

func (s *sheet) add(kind string, at map[string]string, href string) error {
	m := mark{kind: kind, fill: at["fill"], stroke: at["stroke"], href: href}
	switch kind {
	case "svg":
		var x, y float64
		if n, err := fmt.Sscan(at["viewBox"], &x, &y, &s.width, &s.height); n != 4 || err != nil {
			return fmt.Errorf("viewBox %q", at["viewBox"])
		}
		s.role = at["role"]
		s.labelled = strings.Fields(at["aria-labelledby"])
	case "rect":
		m.box = box{f(at["x"]), f(at["y"]), f(at["x"]) + f(at["width"]), f(at["y"]) + f(at["height"])}
		s.marks = append(s.marks, m)
	case "circle":
		r := f(at["r"])
		m.box = box{f(at["cx"]) - r, f(at["cy"]) - r, f(at["cx"]) + r, f(at["cy"]) + r}
		s.marks = append(s.marks, m)
	case "line":
		m.line(point{f(at["x1"]), f(at["y1"])}, point{f(at["x2"]), f(at["y2"])})
		s.marks = append(s.marks, m)
	case "path":
		return s.path(m, at["d"])
	case "text":
		m.size, m.bold = f(at["font-size"]), at["font-weight"] == "bold"
		m.from = point{f(at["x"]), f(at["y"])}
		m.text = at["text-anchor"] // until the letters come
		s.marks = append(s.marks, m)
	}
	return nil
}

func (m *mark) line(a, b point) {
	m.from, m.to = a, b
	m.box = box{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}
}

// path reads outlines, which are relative and closed, and lines, which are not.
func (s *sheet) path(m mark, d string) error {
	for _, piece := range strings.Split(d, "M")[1:] {
		if before, after, ok := strings.Cut(piece, "L"); ok {
			var a, b point
			if _, err := fmt.Sscan(before+" "+after, &a.x, &a.y, &b.x, &b.y); err != nil {
				return fmt.Errorf("path %q: %w", piece, err)
			}
			m.kind = "line"
			m.line(a, b)
			s.marks = append(s.marks, m)
			continue
		}
		if !strings.HasSuffix(piece, "z") {
			return fmt.Errorf("path %q is not closed", piece)
		}
		numbers := strings.Fields(strings.NewReplacer("l", " ", "z", " ").Replace(piece))
		at := point{}
		m.box = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
		for i := 0; i+1 < len(numbers); i += 2 {
			at.x, at.y = at.x+f(numbers[i]), at.y+f(numbers[i+1])
			m.box = box{min(m.box.x0, at.x), min(m.box.y0, at.y), max(m.box.x1, at.x), max(m.box.y1, at.y)}
		}
		s.marks = append(s.marks, m)
	}
	return nil
}

// letter gives the text that was opened last its letters and with them its box.
func (s *sheet) letter(text string) {
	m := &s.marks[len(s.marks)-1]
	anchor := m.text
	m.text = text
	w := chart.TextWidth(text, m.size, m.bold)
	x := m.from.x
	switch anchor {
	case "middle":
		x -= w / 2
	case "end":
		x -= w
	}
	m.box = box{x, m.from.y - m.size*0.74, x + w, m.from.y + m.size*0.22}
}

func (s sheet) texts() []mark { return s.of("text") }

func (s sheet) of(kind string) []mark {
	var out []mark
	for _, m := range s.marks {
		if m.kind == kind {
			out = append(out, m)
		}
	}
	return out
}

// text gives the mark of a text.
func (s sheet) text(t testing.TB, text string) mark {
	t.Helper()
	for _, m := range s.texts() {
		if m.text == text {
			return m
		}
	}
	t.Fatalf("no text %q", text)
	return mark{}
}

// filled gives the marks of a colour, in the order in which they were drawn.
func (s sheet) filled(fill string) []mark {
	var out []mark
	for _, m := range s.marks {
		if m.kind != "text" && m.fill == fill {
			out = append(out, m)
		}
	}
	return out
}

func rgb(s string) uint32 {
	v, _ := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	return uint32(v)
}

// grounds gives the colours behind a text: those of the shapes drawn before it, unless a later one covers them.
func (s sheet) grounds(i int) []string {
	out := []string{"#ffffff"}
	text := s.marks[i].box
	for _, m := range s.marks[:i] {
		switch {
		case m.kind == "text" || m.kind == "line" || m.fill == "none" || m.fill == "":
		case m.box.covers(text):
			out = []string{m.fill}
		case m.box.meets(text, 1):
			out = append(out, m.fill)
		}
	}
	return out
}

// struck gives a line that runs through a text without being covered before it was set.
func (s sheet) struck(i int) (mark, bool) {
	text := s.marks[i].box
	for j, m := range s.marks {
		if m.kind != "line" || !crosses(text, m) {
			continue
		}
		covered := false
		for _, over := range s.marks[j:max(i, j)] {
			covered = covered || over.kind == "rect" && over.fill != "none" && over.box.covers(text)
		}
		if !covered {
			return m, true
		}
	}
	return mark{}, false
}

// crosses follows a line in small steps.
func crosses(b box, m mark) bool {
	n := int(math.Hypot(m.to.x-m.from.x, m.to.y-m.from.y)) + 1
	for i := range n + 1 {
		t := float64(i) / float64(n)
		p := point{m.from.x + t*(m.to.x-m.from.x), m.from.y + t*(m.to.y-m.from.y)}
		if p.x > b.x0+1 && p.x < b.x1-1 && p.y > b.y0+1 && p.y < b.y1-1 {
			return true
		}
	}
	return false
}

// checkRules checks what holds for any drawing, whatever is in it.
func checkRules(t testing.TB, s sheet) {
	t.Helper()
	if s.title == "" && s.desc == "" {
		t.Error("no title and no desc")
	}
	if len(s.labelled) != 2 || !slices.Equal(s.labelled, s.ids) {
		t.Errorf("labelled by %v, but the ids are %v", s.labelled, s.ids)
	}
	role := "img"
	if len(s.links) > 0 {
		role = "group"
	}
	if s.role != role {
		t.Errorf("role %q with %d links", s.role, len(s.links))
	}
	for _, l := range s.links {
		if l.name == "" && l.title == "" {
			t.Errorf("link to %q without a name", l.href)
		}
	}
	whole := box{-0.6, -0.6, s.width + 0.6, s.height + 0.6}
	for i, m := range s.marks {
		if !whole.covers(m.box) {
			t.Errorf("%s %q %v lies outside %gx%g", m.kind, m.text, m.box, s.width, s.height)
		}
		if m.kind != "text" {
			continue
		}
		if m.size < 13 {
			t.Errorf("%q is only %g px high", m.text, m.size)
		}
		for _, ground := range s.grounds(i) {
			if ratio := chart.Contrast(rgb(m.fill), rgb(ground)); ratio < 4.5 {
				t.Errorf("%q in %s on %s: contrast %.1f", m.text, m.fill, ground, ratio)
			}
		}
	}
}

// checkLegible checks what holds for drawings of realistic data: no text over another, none struck through.
func checkLegible(t testing.TB, s sheet) {
	t.Helper()
	for i, m := range s.marks {
		if m.kind != "text" {
			continue
		}
		for _, o := range s.marks[i+1:] {
			if o.kind == "text" && m.box.meets(o.box, 1) {
				t.Errorf("%q lies over %q", m.text, o.text)
			}
		}
		if l, ok := s.struck(i); ok {
			t.Errorf("%q is struck through by a line %v", m.text, l.box)
		}
	}
}
