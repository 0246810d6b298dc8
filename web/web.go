// Package web is Jointly in a browser: server-rendered pages over the catalogue and its read models. Each page stands
// in a file of its own with its data, its handler and its form; every route stands in one table with who may use it.
package web

import (
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/match"
	"jointly/search"
	"jointly/web/api"
	"jointly/web/metrics"
	"jointly/web/view"
)

//go:embed all:assets/dist assets/src/boot.js template
var files embed.FS

// Config is what the web side needs. Catalogue, Index, Engine and Imports are required.
type Config struct {
	Catalogue *catalogue.Catalogue
	Index     *search.Index
	Engine    *match.Engine
	Imports   *Imports // files that people bring in; whoever serves runs it
	Keys      [][]byte // authenticate session cookies; the first signs, all are accepted: put a new one in front to rotate
	BaseURL   string   // how people reach the service, for mails and feeds: https://jointly.example
	// OCIDPrefix begins the OCIDs of drafted notices; one that no publisher has, where it is empty.
	OCIDPrefix string
	Secure     bool // served over TLS: cookies are marked so
	// TrustedProxies are the addresses (CIDR) of proxies in front, whose word about who asks is taken.
	TrustedProxies []string
	// ProviderNetworks are private networks in which councils' own sign-ins may be.
	ProviderNetworks []netip.Prefix
	Demo             bool   // personas may sign in without a code; only on loopback
	Build            string // changes with every build: part of each ETag
	Log              *slog.Logger
	Metrics          *metrics.Set // what the site counts goes in here; nil: a set of its own
	// Stopping is closed when the service is told to stop: from then on /readyz says no, and each answer ends its
	// connection, so that whoever is in front goes elsewhere before it is gone. nil: never.
	Stopping <-chan struct{}
}

// site is the web side at work.
type site struct {
	Config
	templates  *view.Templates
	assets     view.Assets
	sessions   *sessionStore
	passkeys   *passkeys     // nil: they do not work at this address
	federation *federation   // councils' own sign-ins
	programs   http.Handler  // the JSON API
	policy     string        // Content-Security-Policy
	files      chan struct{} // has room for as many files of results as are written at once
	mapped     sitemapFile
	bounds     bounds // what is done at once in all
	measures   *tally
}

// New parses every template and returns the handler of the whole site.
func New(config Config) (http.Handler, error) {
	s, err := newSite(config)
	if err != nil {
		return nil, err
	}
	return s.handler()
}

func newSite(config Config) (*site, error) {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.OCIDPrefix == "" {
		config.OCIDPrefix = exchange.PlaceholderPrefix
	}
	s := &site{Config: config, files: make(chan struct{}, filesAtOnce), bounds: newBounds(), federation: newFederation(config.ProviderNetworks)}
	if s.Metrics == nil {
		s.Metrics = metrics.New()
	}
	s.measure(s.Metrics)
	dist, err := fs.Sub(files, "assets/dist")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	boot, err := files.ReadFile("assets/src/boot.js")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	if s.assets, err = view.LoadAssets(dist, string(boot), "/assets/"); err != nil {
		return nil, err
	}
	pages, err := fs.Sub(files, "template")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	if s.templates, err = view.Parse(pages); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	s.sessions = newSessionStore(config.Catalogue, config.Keys, config.Secure)
	if s.passkeys, err = newPasskeys(config.BaseURL); err != nil {
		return nil, err
	}
	s.programs = api.New(config.Catalogue, config.Index, config.Log)
	s.policy = "default-src 'self'; script-src 'self' " + s.assets.BootHash +
		"; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	return s, nil
}

// maxBody is the most that a form may send, in bytes.
const maxBody = 1 << 20

func (s *site) handler() (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.RedirectTrailingSlash = true
	if err := router.SetTrustedProxies(s.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	router.Use(s.measured, s.recovered, s.headers, s.bounded)
	for _, r := range s.routes() {
		router.Handle(r.method, r.path, s.serve(r))
		if r.method == http.MethodGet {
			router.HEAD(r.path, s.serve(r))
		}
	}
	router.NoRoute(s.serve(route{access: open, handle: s.noRoute}))
	router.NoMethod(s.serve(route{access: open, handle: s.noMethod}))
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "This was sent from another site. Go to Jointly itself and send it there.", http.StatusForbidden)
	}))
	guarded := sameOrigin.Handler(router)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("X-Forwarded-Prefix") // the router would put it into its redirects
		if s.Demo && !onLoopback(r.Host) {
			http.Error(w, "The demonstration is served as localhost only.", http.StatusMisdirectedRequest)
			return
		}
		guarded.ServeHTTP(w, r)
	}), nil
}

// onLoopback says that a request names this machine: another name that leads here is somebody else's, and would let
// its pages sign in as a persona.
func onLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// asset serves a file of the build. Its name carries a hash of what is in it, so it never changes.
func (s *site) asset(c *gin.Context, _ visitor) error {
	name := "assets/dist" + c.Param("file")
	if info, err := fs.Stat(files, name); err != nil || info.IsDir() || strings.HasPrefix(info.Name(), ".") {
		c.Status(http.StatusNotFound)
		c.Writer.WriteHeaderNow()
		return nil
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeFileFS(c.Writer, c.Request, files, name)
	return nil
}

// headers are the same on every answer.
func (s *site) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", s.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if s.stopping() {
		h.Set("Connection", "close")
	}
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// recovered turns a panic into the page for our own faults; the detail goes to the log.
func (s *site) recovered(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // the panic itself
				panic(p)
			}
			s.fail(c, visitor{}, fmt.Errorf("panic: %v", p))
		}
	}()
	c.Next()
}

// waitForOwnWrite is how long a page waits for a read model to show what its reader has just written.
const waitForOwnWrite = 300 * time.Millisecond
