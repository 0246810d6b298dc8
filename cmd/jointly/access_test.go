package main

// Accessibility of every page, by axe-core in a real browser: no violation, at a desktop's width and at 320 pixels; no
// horizontal scrolling on a phone; nothing on the console.

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// violation is a rule of axe that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []string
}

// violations runs axe on the page as it stands, at its present width.
func violations(tb *tab) []violation {
	tb.t.Helper()
	if !value[bool](tb, `typeof axe === 'object'`) {
		checker, err := os.ReadFile(asset("node_modules/axe-core/axe.min.js"))
		if err != nil {
			tb.t.Fatal(err)
		}
		tb.do(chromedp.Evaluate[chromedp.Void](string(checker) + "; undefined"))
	}
	return value[[]violation](tb, `axe.run({ resultTypes: ['violations'] }).then((r) => r.violations.map((v) => ({ id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 300)) })))`)
}

func checkAccess(tb *tab) {
	tb.t.Helper()
	for _, v := range violations(tb) {
		tb.t.Errorf("%s, %d pixels wide: %s (%s): %s", tb.path(), value[int](tb, `innerWidth`), v.Help, v.ID, strings.Join(v.Nodes, "\n"))
	}
}

// tooWide says what makes a page need horizontal scrolling; empty where nothing does.
func tooWide(tb *tab) string {
	tb.t.Helper()
	page, window := value[int](tb, `document.documentElement.scrollWidth`), value[int](tb, `innerWidth`)
	if page <= window {
		return ""
	}
	who := value[[]string](tb, `[...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility()).slice(0, 3).map((e) => e.outerHTML.slice(0, 200))`)
	return fmt.Sprintf("%s is %d pixels wide in a window of %d: %s", tb.path(), page, window, strings.Join(who, "\n"))
}

// kindOfPage is an address without what names the record.
func kindOfPage(path string) string {
	path, query, _ := strings.Cut(path, "?")
	path = regexp.MustCompile(`^/intentions/drafts/[^/]*`).ReplaceAllString(path, "/drafts/:id")
	name, _, _ := strings.Cut(query, "=")
	path = regexp.MustCompile(`^/(platforms|frameworks|baseline|contracts|councils|suppliers|services|intentions|groups|signals|examples|calls|offers|bodies|asks)/(new$|yours$)?[^/]*`).ReplaceAllStringFunc(path, func(m string) string {
		if strings.HasSuffix(m, "/new") || strings.HasSuffix(m, "/yours") {
			return m
		}
		return m[:strings.Index(m[1:], "/")+2] + ":id"
	})
	path = regexp.MustCompile(`^(/calls/:id/(?:answer/)?(?:services|questions))/[^/]*`).ReplaceAllString(path, "$1/:id")
	path = regexp.MustCompile(`^(/plan/(?:findings|recommendations))/[^/]*`).ReplaceAllString(path, "$1/:id")
	return path + "?" + name
}

// samples picks, of the pages that somebody can reach, the longest of each kind, and of records the shortest.
func samples(t *testing.T, c *http.Client, s *service) []string {
	t.Helper()
	type extremes struct {
		shortest, longest string
		least, most       int
	}
	kinds := map[string]*extremes{}
	crawl(t, c, s.address, 800, func(path, body string) {
		kind := kindOfPage(path)
		if strings.HasPrefix(path, "/api/") || !strings.HasPrefix(body, "<!DOCTYPE html>") { // files are kept, not shown
			return
		}
		k := kinds[kind]
		if k == nil {
			k = &extremes{path, path, len(body), len(body)}
			kinds[kind] = k
		}
		if len(body) < k.least {
			k.shortest, k.least = path, len(body)
		}
		if len(body) > k.most {
			k.longest, k.most = path, len(body)
		}
	})
	var out []string
	for kind, k := range kinds {
		out = append(out, k.longest)
		if strings.Contains(kind, ":id") {
			out = append(out, k.shortest)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// faultsAreSeen is the negative control of what every page is held to.
func faultsAreSeen(t *testing.T, b *browser, s *service) {
	tb := b.tab(t, s)
	tb.open("/about")
	if len(violations(tb)) > 0 || tooWide(tb) != "" || len(tb.heard()) > 0 {
		t.Error("the page has faults already")
	}
	value[bool](tb, `(() => {
		const image = document.createElement('img')
		image.src = '/assets/nothing.png'
		const wide = document.createElement('div')
		wide.textContent = 'wide'
		wide.style.width = '3000px'
		const script = document.createElement('script')
		script.textContent = 'window.ran = true'
		document.querySelector('main').append(image, wide, script)
		return true
	})()`)
	tb.until("the breach of the policy is heard", `window.ran === undefined`)
	if v := violations(tb); len(v) != 1 || v[0].ID != "image-alt" {
		t.Errorf("an image without words gives %v", v)
	}
	if tooWide(tb) == "" {
		t.Error("an element of 3,000 pixels is not too wide")
	}
	eventually(t, patience, "the console tells of the script", func() bool { return strings.Contains(strings.Join(tb.heard(), " "), "Content Security Policy") })
}

// everyPage looks at every kind of page, for everybody, a council and a supplier; the mail of a week is behind its link
// alone.
func everyPage(t *testing.T, b *browser, s *service, digest string) {
	for _, who := range []struct{ person, account string }{{"", ""}, {lead, "demo-1-lead-ambleford-example"}, {supplier, "demo-4-sales-quillbrook-example"}} {
		name := who.person
		if name == "" {
			name = "anybody"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := browsing(t)
			if who.account != "" {
				client = persona(t, s, who.account)
			}
			if who.person == lead { // a draft has pages of its own
				if path, body := submit(t, client, s.address+"/intentions/new", url.Values{"title": {"Library self-service kiosks"}}); !strings.HasSuffix(path, "/for") {
					t.Fatalf("beginning a draft leads to %s: %s", path, clip(body))
				}
			}
			pages := samples(t, client, s)
			tb := b.tab(t, s)
			if who.person != "" {
				tb.signIn(who.person)
			}
			pages = append(pages, "/nowhere", "/search?q=xyzzyqwv", "/search?q=hosuing", digest, "/digest/nonsense")
			for _, path := range pages {
				tb.resize(wide)
				status := tb.open(path)
				checkAccess(tb)
				tb.resize(narrow)
				checkAccess(tb)
				if fault := tooWide(tb); fault != "" {
					t.Error(fault)
				}
				for _, fault := range tb.heard() {
					if !strings.Contains(fault, fmt.Sprintf("status of %d", status)) { // the browser tells of the status itself
						t.Errorf("%s: %s", path, fault)
					}
				}
			}
			t.Logf("%d pages", len(pages))
		})
	}
}
