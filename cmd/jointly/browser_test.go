package main

// A real browser for what only a browser shows. One Chromium serves all tests; each tab has cookies of its own. Elements
// are found as people find them: by their role, their label and the words on them.

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// requireBrowser makes it a failure that the tests which need a browser cannot run.
const requireBrowser = "JOINTLY_REQUIRE_BROWSER"

// TestBrowser runs every test that needs a browser, on one demonstration in which councils keep secrets.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes a browser minutes")
	}
	b := openBrowser(t)
	secrets, s := demonstrationWithSecrets(t)
	t.Run("with", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, *browser, *service){
			"a group forms":                       groupForms,
			"a group lives":                       groupLives,
			"a need is listed without JavaScript": listsWithoutJavaScript,
			"facets are live":                     facetsAreLive,
			"search offers names":                 searchOffersNames,
			"the keyboard is enough":              keyboardIsEnough,
			"faults are seen":                     faultsAreSeen,
			"errors keep what was typed":          errorsKeepWhatWasTyped,
			"two word a line at once":             twoWordALine,
			"a new council comes":                 councilComes,
			"a cohort buys together":              cohortBuysTogether,
			"a search is saved and tells":         savesAndIsTold,
			"a search is ended":                   endsASearch,
			"platforms are compared":              comparesPlatforms,
			"a supplier proposes its product":     supplierProposes,
			"suppliers ask in the open":           suppliersAskInTheOpen,
			"a supplier follows and is told":      followsAndIsTold,
			"an example is adopted":               anExampleIsAdopted,
			"a council reads the baseline":        readsTheBaseline,
			"evidence is given":                   evidenceIsGiven,
			"skills are lent":                     skillsAreLent,
			"councils ask together":               councilsAskTogether,
			"a body lends":                        aBodyLends,
			"a body stands beside a group":        aBodyStandsBeside,
			"the baseline moves the plan":         theBaselineMovesThePlan,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, b, s)
			})
		}
		t.Run("every page", func(t *testing.T) {
			t.Parallel()
			everyPage(t, b, s, secrets.digest)
		})
		t.Run("a supplier sees no secret", func(t *testing.T) {
			t.Parallel()
			supplierSeesNoSecret(t, b, s, secrets)
		})
	})
}

// browser is a running Chromium.
type browser struct{ ctx context.Context }

// openBrowser starts Chromium until the test ends. Where there is none, or the assets are not built, the test is skipped.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	missing := func(what string) {
		if os.Getenv(requireBrowser) != "" {
			t.Fatalf("%s is set and %s", requireBrowser, what)
		}
		t.Skipf("skipped: %s", what)
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		missing("no Chromium is found")
	}
	for what, file := range map[string]string{
		"the style sheets and scripts are not built (make build)": "dist/manifest.json",
		"the accessibility checker is not installed (npm ci)":     "node_modules/axe-core/axe.min.js",
	} {
		if _, err := os.Stat(asset(file)); err != nil {
			missing(what)
		}
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(wide, tall))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return &browser{ctx}
}

func asset(file string) string {
	return filepath.Join("..", "..", "web", "assets", filepath.FromSlash(file))
}

// Sizes of windows, in CSS pixels: a desktop's, and the narrowest on which nothing may be lost.
const (
	wide   = 1280
	narrow = 320
	tall   = 900
)

// patience is how long a tab waits for something to come true.
const patience = 30 * time.Second

// tab is one tab of a browser, on one service.
type tab struct {
	t       *testing.T
	ctx     context.Context
	address string

	mu     sync.Mutex
	faults []string // errors on the console, exceptions, breaches of the content security policy
}

// tab opens a tab with no cookies.
func (b *browser) tab(t *testing.T, s *service) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	tb := &tab{t: t, ctx: ctx, address: s.address}
	if err := chromedp.Listen(ctx, tb.hear); err != nil {
		t.Fatal(err)
	}
	tb.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, log.Enable, cdp.Empty{})
		return err
	}))
	tb.resize(wide)
	return tb
}

// hear notes what the console says.
func (tb *tab) hear(event any) {
	fault := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		fault = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			fault += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			fault = fmt.Sprintf("console %s: %v", e.Type, e.Args)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" || e.Entry.Source == "security" {
			fault = fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	}
	if fault != "" {
		tb.mu.Lock()
		defer tb.mu.Unlock()
		tb.faults = append(tb.faults, fault)
	}
}

// heard takes what the console said since last asked.
func (tb *tab) heard() []string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	out := tb.faults
	tb.faults = nil
	return out
}

// do runs actions, and gives up after a while with the page as it stands.
func (tb *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tb.give(err)
	}
}

func (tb *tab) give(err error) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, 5*time.Second)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`)) // only to explain err
	tb.t.Fatalf("%v, at %s", err, clip(text))
}

// value is what an expression of JavaScript gives.
func value[T any](tb *tab, expression string) T {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.give(fmt.Errorf("%s: %w", clip(expression), err))
	}
	return v
}

// until waits for an expression to be true.
func (tb *tab) until(what, expression string) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(0))); err != nil {
		tb.give(fmt.Errorf("not seen: %s: %w", what, err))
	}
}

func (tb *tab) resize(width int64) {
	tb.t.Helper()
	tb.do(chromedp.EmulateViewport(width, tall))
}

// withoutScript switches JavaScript off, as some people's browsers and networks do.
func (tb *tab) withoutScript() {
	tb.t.Helper()
	tb.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// open goes to a path of the service and returns the status of the answer.
func (tb *tab) open(path string) int {
	tb.t.Helper()
	return tb.leads(chromedp.Navigate(tb.address + path))
}

// leads runs steps that lead to another page, waits for that and returns its status.
func (tb *tab) leads(steps ...chromedp.Action[chromedp.Void]) int {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	r, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		tb.give(err)
	}
	if r == nil {
		return 0 // within the page
	}
	return int(r.Status)
}

// quoted is a text as JavaScript writes it.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(b)
}

// named finds the first visible element of a selector whose words are, or begin with, or else hold a text.
func named(selector, text string) chromedp.JSPath {
	return chromedp.JSPath(fmt.Sprintf(`(() => {
		const words = (e) => (e.getAttribute('aria-label') ?? e.textContent).replace(/\s+/g, ' ').trim()
		const all = [...document.querySelectorAll(%s)].filter((e) => e.checkVisibility())
		return all.find((e) => words(e) === %[2]s) ?? all.find((e) => words(e).startsWith(%[2]s)) ?? all.find((e) => words(e).includes(%[2]s)) ?? null
	})()`, quoted(selector), quoted(text)))
}

// labelled finds the field of a label; group, where it is not empty, is the legend that it stands under.
func labelled(group, label string) chromedp.JSPath {
	return chromedp.JSPath(fmt.Sprintf(`(() => {
		const words = (e) => e.textContent.replace(/\s+/g, ' ').trim()
		const within = %[1]s === '' ? document : [...document.querySelectorAll('fieldset')].find((f) => f.querySelector('legend') && words(f.querySelector('legend')).includes(%[1]s))
		const labels = [...(within?.querySelectorAll('label') ?? [])]
		return (labels.find((l) => words(l) === %[2]s) ?? labels.find((l) => words(l).includes(%[2]s)))?.control ?? null
	})()`, quoted(group), quoted(label)))
}

// follow clicks a link, press a button; both lead to another page.
func (tb *tab) follow(text string) {
	tb.t.Helper()
	tb.leads(chromedp.Click(named("a[href]", text), chromedp.NodeVisible))
}

func (tb *tab) press(text string) int {
	tb.t.Helper()
	return tb.leads(chromedp.Click(named("button, [role=button]", text), chromedp.NodeVisible))
}

// fill types into a field.
func (tb *tab) fill(group, label, text string) {
	tb.t.Helper()
	tb.do(chromedp.Focus(labelled(group, label)), chromedp.KeyEvent(text))
}

// choose clicks a radio button or a box.
func (tb *tab) choose(group, label string) {
	tb.t.Helper()
	tb.do(chromedp.Click(labelled(group, label)))
}

// text is what the page's main part says.
func (tb *tab) text() string {
	tb.t.Helper()
	return value[string](tb, `document.querySelector('main').innerText`)
}

// sees wants texts on the page.
func (tb *tab) sees(texts ...string) {
	tb.t.Helper()
	page := tb.text()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			tb.t.Errorf("%s does not say %q: %s", tb.path(), text, clip(page))
		}
	}
}

func (tb *tab) path() string {
	tb.t.Helper()
	return value[string](tb, `location.pathname + location.search`)
}

// signIn signs in as a person of the demonstration.
func (tb *tab) signIn(person string) {
	tb.t.Helper()
	tb.open("/sign-in")
	if status := tb.press("Sign in as this person: " + person); status != 200 || tb.path() != "/desk" {
		tb.t.Fatalf("signing in as %s leads to %s with status %d", person, tb.path(), status)
	}
}

// quiet says that the console had nothing to tell.
func (tb *tab) quiet() {
	tb.t.Helper()
	for _, fault := range tb.heard() {
		tb.t.Errorf("%s: %s", tb.path(), fault)
	}
}
