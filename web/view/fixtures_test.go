package view_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/google/go-cmp/cmp"

	"jointly/web/view"
)

// fixtureFolder holds what govuk-frontend publishes for ports like ours: options, and the HTML they must give.
const fixtureFolder = "../assets/node_modules/govuk-frontend/dist/govuk/components"

// drawing is a template and its data.
type drawing struct {
	template string
	data     any
}

// errUnsupported marks a fixture that needs what our components leave out on purpose: raw HTML, free attributes.
var errUnsupported = errors.New("not supported")

// TestComponentsPassOfficialFixtures compares each component with govuk-frontend's own output. least is how many
// fixtures are drawn: the rest use options that our types leave out.
func TestComponentsPassOfficialFixtures(t *testing.T) {
	if _, err := os.Stat(fixtureFolder); err != nil {
		t.Skip("skipped: web/assets/node_modules is not there; run npm ci in web/assets")
	}
	components := template.Must(template.New("").Funcs(view.Funcs()).ParseGlob("../template/components/*.html"))
	template.Must(components.New("fieldset").Parse(`{{template "govukFieldsetOpen" .}}{{template "govukFieldsetClose"}}`))

	for _, c := range []struct {
		name  string
		least int
		read  func([]byte) (drawing, error)
	}{
		{"back-link", 6, readBackLink},
		{"breadcrumbs", 9, readBreadcrumbs},
		{"button", 34, readButton},
		{"checkboxes", 28, readCheckboxes},
		{"date-input", 16, readDateInput},
		{"details", 9, readDetails},
		{"error-message", 5, readErrorMessage},
		{"error-summary", 15, readErrorSummary},
		{"fieldset", 16, readFieldset},
		{"file-upload", 15, readFileUpload},
		{"generic-header", 5, readHeader},
		{"input", 39, readInput},
		{"inset-text", 5, readInset},
		{"notification-banner", 12, readNotification},
		{"pagination", 13, readPagination},
		{"phase-banner", 6, readPhaseBanner},
		{"radios", 30, readRadios},
		{"select", 14, readSelect},
		{"service-navigation", 9, readServiceNavigation},
		{"skip-link", 8, readSkipLink},
		{"summary-list", 14, readSummaryList},
		{"table", 16, readTable},
		{"tag", 11, readTag},
		{"task-list", 7, readTaskList},
		{"textarea", 17, readTextarea},
		{"warning-text", 6, readWarning},
	} {
		t.Run(c.name, func(t *testing.T) {
			drawn := 0
			for _, f := range fixtures(t, c.name) {
				d, err := c.read(f.Options)
				if err != nil {
					t.Logf("left out %q: %v", f.Name, err)
					continue
				}
				drawn++
				var b bytes.Buffer
				if err := components.ExecuteTemplate(&b, d.template, d.data); err != nil {
					t.Errorf("%s: %v", f.Name, err)
					continue
				}
				if diff := cmp.Diff(normal(t, f.HTML), normal(t, b.String())); diff != "" {
					t.Errorf("%s: official (-) and ours (+) differ:\n%s", f.Name, diff)
				}
			}
			if drawn < c.least {
				t.Errorf("%d fixtures drawn, at least %d expected", drawn, c.least)
			}
		})
	}
}

type fixture struct {
	Name    string          `json:"name"`
	Options json.RawMessage `json:"options"`
	HTML    string          `json:"html"`
}

func fixtures(t *testing.T, component string) []fixture {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(fixtureFolder, component, "fixtures.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Fixtures []fixture `json:"fixtures"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for i := range file.Fixtures {
		file.Fixtures[i].flatten(t)
	}
	return file.Fixtures
}

const flattened = "text in the place of HTML"

// flatten puts plain text in the place of each option that is HTML, in the options and in the expected output, so that
// what is around it can be compared: our components take text alone.
func (f *fixture) flatten(t *testing.T) {
	t.Helper()
	option := regexp.MustCompile(`"(html|summaryHtml|titleHtml|descriptionHtml|logoHtml)":\s*("(?:[^"\\]|\\.)*")`)
	f.Options = option.ReplaceAllFunc(f.Options, func(m []byte) []byte {
		parts := option.FindSubmatch(m)
		var markup string
		if err := json.Unmarshal(parts[2], &markup); err != nil {
			t.Fatal(err)
		}
		if markup == "" {
			return m
		}
		words := strings.Fields(markup)
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		f.HTML = regexp.MustCompile(strings.Join(words, `\s+`)).ReplaceAllLiteralString(f.HTML, flattened)
		name := strings.NewReplacer("html", "text", "Html", "Text").Replace(string(parts[1]))
		return fmt.Appendf(nil, "%q: %q", name, flattened)
	})
}

// options reads the options of a fixture; one that its type lacks makes the fixture unsupported.
func options[T any](raw []byte) (T, error) {
	var o T
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return o, fmt.Errorf("%w: %w", errUnsupported, err)
	}
	return o, nil
}

// text is a string that fixtures also write as a number or a boolean.
type text string

func (s *text) UnmarshalJSON(b []byte) error {
	var str string
	switch {
	case string(b) == "null":
	case b[0] == '"':
		if err := json.Unmarshal(b, &str); err != nil {
			return err
		}
		*s = text(str)
	default:
		*s = text(b)
	}
	return nil
}

// list is an array of options. Ours has no entries that draw nothing, as the official arrays may.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(b []byte) error {
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	for _, r := range raw {
		if slices.Contains([]string{"null", "false", `""`, "0", "{}"}, string(r)) {
			return fmt.Errorf("%w: an empty entry", errUnsupported)
		}
		item, err := options[T](r)
		if err != nil {
			return err
		}
		*l = append(*l, item)
	}
	return nil
}

// normal is HTML as indented lines, one a tag or text, with attributes and classes in order and white space collapsed.
func normal(t *testing.T, s string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		indent := strings.Repeat("  ", depth)
		switch n.Type {
		case html.TextNode:
			if txt := strings.Join(strings.Fields(n.Data), " "); txt != "" {
				lines = append(lines, indent+txt)
			}
		case html.ElementNode:
			attrs := make([]string, len(n.Attr))
			for i, a := range n.Attr {
				if a.Key == "class" {
					classes := strings.Fields(a.Val)
					slices.Sort(classes)
					a.Val = strings.Join(classes, " ")
				}
				attrs[i] = fmt.Sprintf(" %s=%q", a.Key, a.Val)
			}
			slices.Sort(attrs)
			lines = append(lines, indent+"<"+n.Data+strings.Join(attrs, "")+">")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, depth+1)
		}
	}
	walk(root, 0)
	return lines
}
