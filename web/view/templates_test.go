package view_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"jointly/web/view"
)

// withPages is the real layout and components with the given pages.
func withPages(t testing.TB, files map[string]string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	real := os.DirFS("../template")
	for _, pattern := range []string{"layout.html", "components/*.html"} {
		names, err := fs.Glob(real, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no templates match %s: %v", pattern, err)
		}
		for _, name := range names {
			data, err := fs.ReadFile(real, name)
			if err != nil {
				t.Fatal(err)
			}
			out[name] = &fstest.MapFile{Data: data}
		}
	}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func parse(t testing.TB, files map[string]string) *view.Templates {
	t.Helper()
	templates, err := view.Parse(withPages(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return templates
}

type greeting struct {
	view.Page
	Who string
}

func TestPageIsRenderedInTheLayout(t *testing.T) {
	templates := parse(t, map[string]string{
		"pages/hello.html":     `{{define "content"}}<h1>Hello {{.Who}}</h1>{{template "sign" .Who}}{{end}}`,
		"pages/other.html":     `{{define "content"}}other{{end}}`,
		"partials/shared.html": `{{define "sign"}}<p>signed {{.}}</p>{{end}}`,
	})
	var b bytes.Buffer
	data := greeting{Page: view.Page{
		Title:         "Hello",
		Nav:           []view.NavItem{{Text: "Search", Href: "/search", Current: true}, {Text: "Groups", Href: "/groups"}},
		Account:       &view.AccountLink{Text: "Sign in", Href: "/sign-in"},
		Demonstration: true,
		Crumbs:        []view.Crumb{{Text: "Home", Href: "/"}},
		Errors:        []view.ErrorLink{{Text: "Enter a name", Href: "#name"}},
		Flash:         &view.Notification{Text: "Saved", Success: true},
	}, Who: "<b>you</b>"}
	if err := templates.Render(&b, "hello", data); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		"<title>Error: Hello – Jointly</title>",
		"<h1>Hello &lt;b&gt;you&lt;/b&gt;</h1><p>signed &lt;b&gt;you&lt;/b&gt;</p>",
		`href="/search" aria-current="page"`,
		"Sign in", "Demonstration", "Home", `<a href="#name">Enter a name</a>`, "Saved",
		`<main class="govuk-main-wrapper" id="main-content">`,
		`href="/about/sources"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\"en-GB\"") {
		t.Errorf("the page starts with %q", page[:60])
	}
	if got := templates.Names(); len(got) != 2 || got[0] != "hello" || got[1] != "other" {
		t.Errorf("Names() = %q", got)
	}
}

func TestPartOfAPageIsRenderedAlone(t *testing.T) {
	templates := parse(t, map[string]string{
		"pages/hello.html": `{{define "content"}}<p>{{template "list" .}}</p>{{end}}{{define "list"}}<b>{{.Who}}</b>{{end}}`,
	})
	var b bytes.Buffer
	if err := templates.RenderPart(&b, "hello", "list", greeting{Who: "you"}); err != nil {
		t.Fatal(err)
	}
	if b.String() != "<b>you</b>" {
		t.Errorf("RenderPart wrote %q", b.String())
	}
}

// A page that fails half-way leaves the answer untouched, so that an error page can take its place.
func TestNothingIsWrittenWhenAPageFails(t *testing.T) {
	templates := parse(t, map[string]string{"pages/bad.html": `{{define "content"}}before {{.Missing}}{{end}}`})
	var b bytes.Buffer
	if err := templates.Render(&b, "bad", greeting{}); err == nil {
		t.Fatal("no error")
	}
	if b.Len() > 0 {
		t.Errorf("%d bytes were written", b.Len())
	}
	if err := templates.Render(&b, "nowhere", greeting{}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("an unknown page: error %v", err)
	}
	if err := templates.RenderPart(&b, "bad", "nothing", greeting{}); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("an unknown part: error %v", err)
	}
}

func TestCheckFindsWhatAPageWouldStumbleOver(t *testing.T) {
	templates := parse(t, map[string]string{
		"pages/good.html":   `{{define "content"}}{{.Who}}{{with .Page}}{{.Title}}{{end}}{{end}}`,
		"pages/bad.html":    `{{define "content"}}{{if false}}{{.Missing}}{{end}}{{end}}`,
		"pages/number.html": `{{define "content"}}{{if false}}{{number .Who}}{{end}}{{end}}`,
	})
	if err := templates.Check("good", greeting{}); err != nil {
		t.Error(err)
	}
	for _, page := range []string{"bad", "number"} {
		if err := templates.Check(page, greeting{}); err == nil {
			t.Errorf("page %s: Check found nothing", page)
		}
	}
	if err := templates.CheckPart("bad", "content", greeting{}); err == nil {
		t.Error("CheckPart found nothing")
	}
}

func TestParseRefusesPagesThatCannotBeShown(t *testing.T) {
	for name, page := range map[string]string{
		"no content":    `<p>no definition</p>`,
		"cut off":       `{{define "content"}}{{if}}`,
		"unknown words": `{{define "content"}}{{nosuchfunction 1}}{{end}}`,
	} {
		if _, err := view.Parse(withPages(t, map[string]string{"pages/p.html": page})); err == nil || !strings.Contains(err.Error(), "p") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := view.Parse(fstest.MapFS{}); err == nil {
		t.Error("a folder without a layout: no error")
	}
}

// The product's own pages parse: their types are checked by package web.
func TestOwnPagesParse(t *testing.T) {
	if _, err := view.Parse(os.DirFS("../template")); err != nil {
		t.Fatal(err)
	}
}
