package view

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
)

// Assets is where the built style sheet and script are, and the one inline script. The zero Assets is a page without
// style: what tests see before the assets are built.
type Assets struct {
	CSS      string      // path of the style sheet, such as /assets/site-5Q2X7.css; empty where it is not built
	JS       string      // path of the module; empty where it is not built
	Icon     string      // path of the icon; empty where it is not built
	Boot     template.JS // runs first, inline, so that nothing moves when the module arrives
	BootHash string      // the boot script as a Content-Security-Policy names it: 'sha256-...', quotes included
}

// LoadAssets reads dist/manifest.json, which the build writes, and takes boot, the text of src/boot.js: our own source,
// never anything that a person typed. prefix is the path that dist is served under, such as /assets/.
func LoadAssets(dist fs.FS, boot, prefix string) (Assets, error) {
	boot = strings.TrimSpace(boot)
	sum := sha256.Sum256([]byte(boot))
	a := Assets{
		Boot:     template.JS(boot),
		BootHash: "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
	raw, err := fs.ReadFile(dist, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return Assets{}, fmt.Errorf("read the manifest of the assets: %w", err)
	}
	var m struct {
		CSS  string `json:"site.css"`
		JS   string `json:"site.js"`
		Icon string `json:"icon.svg"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return Assets{}, fmt.Errorf("manifest.json of the assets: %w", err)
	}
	for _, f := range []struct {
		name string
		path *string
	}{{m.CSS, &a.CSS}, {m.JS, &a.JS}, {m.Icon, &a.Icon}} {
		if _, err := fs.Stat(dist, f.name); err != nil {
			return Assets{}, fmt.Errorf("manifest.json of the assets names a file that is not there: %w", err)
		}
		*f.path = prefix + f.name
	}
	return a, nil
}
