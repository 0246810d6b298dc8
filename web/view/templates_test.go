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
func withPages(t *testing.T, files map[string]string) fs.FS {
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

func parse(t *testing.T, files map[string]string) *view.Templates {
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
