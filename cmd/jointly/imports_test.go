package main

// Who may import whom: few packages know each other, and each library is known by one.

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listed is a package as the go command lists it.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "jointly/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %s", exit.Stderr)
		}
		t.Skipf("skipped: no go command: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// mayImport lists, for each package, the others of ours that it may import; "..." stands for those below, too.
func mayImport(path string) []string {
	const c = "jointly/catalogue"
	switch path {
	case c:
		return []string{c + "/kv", c + "/baseline", c + "/capability", c + "/demand", c + "/plan", c + "/register"}
	case c + "/kv", c + "/table", "jointly/web/chart":
		return nil
	case c + "/register":
		return []string{c + "/table"}
	case c + "/baseline", c + "/capability", c + "/plan":
		return []string{c + "/register"}
	case c + "/kv/bolt", c + "/kv/kvtest":
		return []string{c + "/kv"}
	case c + "/kv/etcd":
		return []string{c + "/kv", c + "/kv/bolt"}
	case c + "/kv/etcd/etcdtest":
		return []string{c + "/kv/etcd"}
	case c + "/facts":
		return []string{c, c + "/register", c + "/table"}
	case c + "/match", c + "/exchange", c + "/demo", "jointly/search":
		return []string{c, c + "/baseline", c + "/capability", c + "/demand", c + "/plan", c + "/register"}
	case "jointly/web", "jointly/web/api", "jointly/web/view":
		return []string{c, c + "/baseline", c + "/capability", c + "/demand", c + "/plan", c + "/register", c + "/match", c + "/exchange", "jointly/search", "jointly/web..."}
	case "jointly/cmd/jointly":
		return []string{"jointly..."}
	}
	return nil
}

// home is the one package that may import a library; "" for a library that any package may, such as the extended
// standard library.
func home(library string) string {
	for prefix, home := range map[string]string{
		"github.com/gin-gonic/":         "jointly/web",
		"github.com/gorilla/":           "jointly/web",
		"github.com/danielgtaylor/":     "jointly/web/api",
		"github.com/jba/templatecheck":  "jointly/web/view",
		"github.com/go-webauthn/":       "jointly/web",
		"github.com/boombuler/barcode":  "jointly/web",
		"github.com/pquerna/otp":        "jointly/catalogue",
		"github.com/coreos/go-oidc/":    "jointly/web",
		"github.com/blevesearch/":       "jointly/search",
		"github.com/RoaringBitmap/":     "jointly/search",
		"go.etcd.io/bbolt":              "jointly/catalogue/kv/bolt",
		"go.etcd.io/etcd":               "jointly/catalogue/kv/etcd",
		"google.golang.org/grpc":        "jointly/catalogue/kv/etcd",
		"go.uber.org/zap":               "jointly/catalogue/kv/etcd",
		"github.com/oklog/ulid":         "jointly/catalogue",
		"github.com/rickar/cal":         "jointly/catalogue/plan",
		"github.com/arran4/golang-ical": "jointly/catalogue/exchange",
		"github.com/alecthomas/kong":    "jointly/cmd/jointly",
		"github.com/schollz/":           "jointly/cmd/jointly",
		"github.com/wneessen/go-mail":   "jointly/cmd/jointly",
		"github.com/xuri/excelize":      "jointly/catalogue/exchange",
		"pgregory.net/rapid":            "jointly/catalogue/kv/kvtest",
	} {
		if strings.HasPrefix(library, prefix) {
			return home
		}
	}
	if strings.HasPrefix(library, "golang.org/x/") {
		return ""
	}
	return "unknown"
}

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "jointly"
}

func covers(allowed []string, path string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		below, deep := strings.CutSuffix(a, "...")
		return a == path || deep && (path == below || strings.HasPrefix(path, below+"/"))
	})
}

// wrongImports says which imports of a package break the rules.
func wrongImports(p listed) (wrong []string) {
	for _, i := range p.Imports {
		switch {
		case standard(i):
		case strings.HasPrefix(i, "jointly/"):
			if !covers(mayImport(p.ImportPath), i) {
				wrong = append(wrong, i)
			}
		default:
			if h := home(i); h != "" && h != p.ImportPath {
				wrong = append(wrong, i)
			}
		}
	}
	// Tests may use what they compare with, but nothing from further out.
	for _, i := range append(p.TestImports, p.XTestImports...) {
		if strings.HasPrefix(i, "jointly/web") && !strings.HasPrefix(p.ImportPath, "jointly/web") && p.ImportPath != "jointly/cmd/jointly" {
			wrong = append(wrong, i+" (in a test)")
		}
	}
	return wrong
}

func TestImports(t *testing.T) {
	t.Parallel()
	all := packages(t)
	if len(all) < 10 {
		t.Fatalf("only %d packages are listed", len(all))
	}
	for _, p := range all {
		for _, i := range wrongImports(p) {
			t.Errorf("%s must not import %s", p.ImportPath, i)
		}
	}
}

// TestWrongImportsAreSeen is the negative control.
func TestWrongImportsAreSeen(t *testing.T) {
	t.Parallel()
	for _, p := range []listed{
		{ImportPath: "jointly/catalogue", Imports: []string{"jointly/search"}},
		{ImportPath: "jointly/catalogue", Imports: []string{"go.etcd.io/bbolt"}},
		{ImportPath: "jointly/search", Imports: []string{"jointly/web"}},
		{ImportPath: "jointly/search", Imports: []string{"github.com/gin-gonic/gin"}},
		{ImportPath: "jointly/web", Imports: []string{"github.com/blevesearch/bleve/v2"}},
		{ImportPath: "jointly/web", Imports: []string{"jointly/catalogue/kv"}},
		{ImportPath: "jointly/catalogue/match", Imports: []string{"example.com/left-pad"}},
		{ImportPath: "jointly/util", Imports: []string{"jointly/catalogue"}},
	} {
		if len(wrongImports(p)) == 0 {
			t.Errorf("%s may import %v", p.ImportPath, p.Imports)
		}
	}
}
