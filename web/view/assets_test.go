package view_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"jointly/web/view"
)

func TestAssetsAreNamedByTheManifest(t *testing.T) {
	built := fstest.MapFS{
		"manifest.json": {Data: []byte(`{"site.css":"site-A.css","site.js":"site-B.js","icon.svg":"icon-C.svg"}`)},
		"site-A.css":    {},
		"site-B.js":     {},
		"icon-C.svg":    {},
	}
	a, err := view.LoadAssets(built, "", "/assets/")
	if err != nil {
		t.Fatal(err)
	}
	if a.CSS != "/assets/site-A.css" || a.JS != "/assets/site-B.js" || a.Icon != "/assets/icon-C.svg" {
		t.Errorf("LoadAssets = %+v", a)
	}

	delete(built, "site-B.js")
	if _, err := view.LoadAssets(built, "", "/assets/"); err == nil || !strings.Contains(err.Error(), "site-B.js") {
		t.Errorf("a file that is missing: error %v", err)
	}
	built["manifest.json"].Data = []byte("{")
	if _, err := view.LoadAssets(built, "", "/assets/"); err == nil {
		t.Error("a manifest that is cut off: no error")
	}
}

// The program builds and its tests run before npm has: a page is then without style.
func TestPageWithoutBuiltAssets(t *testing.T) {
	a, err := view.LoadAssets(fstest.MapFS{}, "go()", "/assets/")
	if err != nil {
		t.Fatal(err)
	}
	page := render(t, a)
	if strings.Contains(page, "<link") || strings.Contains(page, "src=") {
		t.Errorf("the page leads to assets that are not there:\n%s", page)
	}
}

// The one inline script runs only if the policy's hash is that of the very bytes on the page.
func TestHashIsThatOfTheInlineScript(t *testing.T) {
	boot, err := os.ReadFile("../assets/src/boot.js")
	if err != nil {
		t.Fatal(err)
	}
	a, err := view.LoadAssets(fstest.MapFS{}, string(boot), "/assets/")
	if err != nil {
		t.Fatal(err)
	}
	script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindStringSubmatch(render(t, a))
	if script == nil {
		t.Fatal("no inline script on the page")
	}
	sum := sha256.Sum256([]byte(script[1]))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; a.BootHash != want {
		t.Errorf("BootHash = %s, want %s", a.BootHash, want)
	}
}

func render(t *testing.T, a view.Assets) string {
	t.Helper()
	var b bytes.Buffer
	templates := parse(t, map[string]string{"pages/p.html": `{{define "content"}}{{end}}`})
	if err := templates.Render(&b, "p", greeting{Page: view.Page{Assets: a}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
