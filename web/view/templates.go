package view

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/jba/templatecheck"
)

// Templates is the parsed pages. It is safe for use by several goroutines at once.
type Templates struct {
	pages map[string]*template.Template
}

// Parse reads layout.html, components/*.html, partials/*.html (what several pages share; may be missing) and
// pages/*.html from fsys, and parses each page once together with the rest. A page is known by its file's name without
// .html and defines the template "content".
func Parse(fsys fs.FS) (*Templates, error) {
	base := template.New("base").Funcs(Funcs())
	if _, err := base.ParseFS(fsys, "layout.html", "components/*.html"); err != nil {
		return nil, fmt.Errorf("layout and components: %w", err)
	}
	partials, err := fs.Glob(fsys, "partials/*.html")
	if err != nil {
		return nil, err
	}
	if len(partials) > 0 {
		if _, err := base.ParseFS(fsys, partials...); err != nil {
			return nil, fmt.Errorf("partials: %w", err)
		}
	}
	files, err := fs.Glob(fsys, "pages/*.html")
	if err != nil {
		return nil, err
	}
	t := &Templates{pages: make(map[string]*template.Template, len(files))}
	for _, file := range files {
		clone, err := base.Clone()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		page, err := clone.ParseFS(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if page.Lookup("content") == nil {
			return nil, fmt.Errorf("%s does not define the template \"content\"", file)
		}
		t.pages[strings.TrimSuffix(path.Base(file), ".html")] = page
	}
	return t, nil
}

// Names lists the pages in alphabetical order.
func (t *Templates) Names() []string {
	names := make([]string, 0, len(t.pages))
	for name := range t.pages {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Render writes a whole page. Nothing is written where it fails, so that the caller can still answer with an error.
// data has a field Page of type Page.
func (t *Templates) Render(w io.Writer, page string, data any) error {
	return t.RenderPart(w, page, "layout.html", data)
}

// RenderPart writes one named template of a page, without the layout: the part of a page that a script asks for.
func (t *Templates) RenderPart(w io.Writer, page, part string, data any) error {
	p, err := t.part(page, part)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.Execute(&b, data); err != nil {
		return fmt.Errorf("page %s: %w", page, err)
	}
	_, err = b.WriteTo(w)
	return err
}

// Check finds what a page's template would stumble over with data of the type of sample: fields and functions that
// are not there, arguments of the wrong type. For a test of every page with its type.
func (t *Templates) Check(page string, sample any) error {
	return t.CheckPart(page, "layout.html", sample)
}

// CheckPart is Check for what RenderPart writes.
func (t *Templates) CheckPart(page, part string, sample any) error {
	p, err := t.part(page, part)
	if err != nil {
		return err
	}
	if err := templatecheck.CheckHTML(p, sample); err != nil {
		return fmt.Errorf("page %s: %w", page, err)
	}
	return nil
}

func (t *Templates) part(page, part string) (*template.Template, error) {
	p := t.pages[page]
	if p == nil {
		return nil, fmt.Errorf("there is no page %q", page)
	}
	if p = p.Lookup(part); p == nil {
		return nil, fmt.Errorf("page %q has no part %q", page, part)
	}
	return p, nil
}
