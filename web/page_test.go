package web

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is an answer, looked at by selectors: 'h1', '.jy-result a', '#facets input[name=kind]'. A selector is steps from
// the outside in; a step is a tag or *, classes, an ID and attributes, each of which may be left out.
type page struct {
	t      *testing.T
	what   string
	status int
	header map[string][]string
	body   string
	root   *html.Node
}

func newPage(t *testing.T, what string, answer *httptest.ResponseRecorder) *page {
	t.Helper()
	p := &page{t: t, what: what, status: answer.Code, header: answer.Result().Header, body: answer.Body.String()}
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	p.root = root
	return p
}

// is fails the test unless the answer has a status.
func (p *page) is(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d\n%s", p.what, p.status, status, p.text("main"))
	}
	return p
}

// texts is the words of each element that a selector finds, blanks put together.
func (p *page) texts(selector string) []string {
	var out []string
	for _, n := range p.all(selector) {
		out = append(out, words(n))
	}
	return out
}

// text is the words of the first element that a selector finds; empty where there is none.
func (p *page) text(selector string) string {
	if all := p.all(selector); len(all) > 0 {
		return words(all[0])
	}
	return ""
}

// attributes is an attribute of each element that a selector finds.
func (p *page) attributes(selector, name string) []string {
	var out []string
	for _, n := range p.all(selector) {
		out = append(out, attribute(n, name))
	}
	return out
}

// has fails the test unless some element that a selector finds says this.
func (p *page) has(selector, text string) {
	p.t.Helper()
	for _, found := range p.texts(selector) {
		if strings.Contains(found, text) {
			return
		}
	}
	p.t.Errorf("%s: %q does not say %q:\n%s", p.what, selector, text, strings.Join(p.texts(selector), "\n"))
}

// hasNot fails the test if an element that a selector finds says this.
func (p *page) hasNot(selector, text string) {
	p.t.Helper()
	for _, found := range p.texts(selector) {
		if strings.Contains(found, text) {
			p.t.Errorf("%s: %q says %q:\n%s", p.what, selector, text, found)
		}
	}
}

// all lists the elements that a selector finds, in the page's order.
func (p *page) all(selector string) []*html.Node {
	found := []*html.Node{p.root}
	for _, step := range strings.Fields(selector) {
		var next []*html.Node
		for _, n := range found {
			for d := range n.Descendants() {
				if d.Type == html.ElementNode && fits(d, step) && !slices.Contains(next, d) {
					next = append(next, d)
				}
			}
		}
		found = next
	}
	return found
}

// fits says whether an element is what one step of a selector asks for.
func fits(n *html.Node, step string) bool {
	for step != "" {
		end := strings.IndexAny(step[1:], ".#[") + 1
		if end == 0 {
			end = len(step)
		}
		part := step[:end]
		step = step[end:]
		switch part[0] {
		case '.':
			if !slices.Contains(strings.Fields(attribute(n, "class")), part[1:]) {
				return false
			}
		case '#':
			if attribute(n, "id") != part[1:] {
				return false
			}
		case '[':
			name, value, valued := strings.Cut(strings.Trim(part, "[]"), "=")
			if i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name }); i < 0 || valued && n.Attr[i].Val != value {
				return false
			}
		default:
			if part != "*" && n.Data != part {
				return false
			}
		}
	}
	return true
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words is the text in an element, with one blank between words.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
