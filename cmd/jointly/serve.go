package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"jointly/catalogue"
	"jointly/catalogue/demo"
	"jointly/catalogue/exchange"
	"jointly/web"
)

type serveCommand struct {
	Addr    string    `help:"Address to listen on." default:"127.0.0.1:8080" env:"JOINTLY_ADDR" placeholder:"HOST:PORT"`
	Demo    bool      `help:"Add the public facts and a labelled demonstration, with personas to sign in as; on loopback only." env:"JOINTLY_DEMO"`
	BaseURL string    `name:"base-url" help:"How people reach the service, for links in mails; made from --addr by default." env:"JOINTLY_BASE_URL" placeholder:"URL"`
	Keys    []string  `name:"session-key" help:"Keys that sign session cookies, the newest first; the data folder's own by default." env:"JOINTLY_SESSION_KEYS" placeholder:"KEY"`
	Proxies []string  `name:"trusted-proxy" help:"Address or CIDR of a proxy in front that says who asks; without it every request counts as the proxy's own." env:"JOINTLY_TRUSTED_PROXY" placeholder:"CIDR"`
	OCID    string    `name:"ocid-prefix" help:"Prefix of the OCIDs of drafted notices, once you have registered one." default:"ocds-xxxxxx" env:"JOINTLY_OCID_PREFIX" placeholder:"PREFIX"`
	Metrics string    `name:"metrics-addr" help:"Address of its own for the metrics, as HOST:PORT; without it /metrics answers to this machine alone." env:"JOINTLY_METRICS_ADDR" placeholder:"HOST:PORT"`
	Sign    []string  `name:"provider-network" help:"Private network (CIDR) that councils' own sign-ins may be in; without it only public addresses are asked." env:"JOINTLY_PROVIDER_NETWORKS" placeholder:"CIDR"`
	Mail    mailFlags `embed:"" prefix:"smtp-"`

	Drain time.Duration `help:"How long, once it is told to stop, it goes on answering while /readyz says no, so that a balancer sends people to other nodes: twice as long as between its checks." default:"0s" env:"JOINTLY_DRAIN" placeholder:"DURATION"`
}

// ownsFolder: the folder that is served is held by this process.
func (*serveCommand) ownsFolder() {}

func (c *serveCommand) run(ctx context.Context, a *app, s streams) (err error) {
	if err := exchange.CheckOCIDPrefix(c.OCID); err != nil {
		return usage("--ocid-prefix: %s", err)
	}
	if err := heldBy(ctx, a.globals.Data); err != nil {
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer func() {
		if e := listener.Close(); e != nil && !errors.Is(e, net.ErrClosed) {
			err = errors.Join(err, e)
		}
	}()
	if a, err = opened(ctx, a.globals, logger(a.globals, s, slog.LevelInfo)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if c.Demo {
		if err := a.alone(ctx, "demonstration", a.demonstrate); err != nil {
			return fmt.Errorf("demonstration: %w", err)
		}
	}
	imports, err := web.NewImports(filepath.Join(a.globals.Data, uploadFolder), a.log)
	if err != nil {
		return err
	}
	handler, err := c.handler(ctx, a, imports, listener.Addr().String())
	if err != nil {
		return err
	}
	return c.serve(ctx, a, listener, handler, imports, s)
}

// listen opens the address before anything else: a port in use is said at once.
func (c *serveCommand) listen() (net.Listener, error) {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, usage("--addr takes HOST:PORT, such as 127.0.0.1:8080")
	}
	if c.Demo && !loopback(host) {
		return nil, usage("--demo lets anybody sign in, so it listens on this machine only: use --addr 127.0.0.1:8080")
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w. Stop what uses it, or choose another with --addr", c.Addr, reason(err))
	}
	return l, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func (c *serveCommand) handler(ctx context.Context, a *app, imports *web.Imports, addr string) (http.Handler, error) {
	if err := a.begin(ctx); err != nil {
		return nil, err
	}
	base := c.base("http://" + addr)
	config := web.Config{Catalogue: a.catalogue, Index: a.index, Engine: a.engine, Imports: imports, BaseURL: base,
		Secure: strings.HasPrefix(base, "https://"), Demo: c.Demo, Build: build(), Log: a.log, TrustedProxies: c.Proxies,
		OCIDPrefix: c.OCID, Metrics: a.metrics, Stopping: ctx.Done()}
	for _, network := range c.Sign {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			return nil, usage("--provider-network takes a CIDR, such as 10.20.0.0/16")
		}
		config.ProviderNetworks = append(config.ProviderNetworks, prefix)
	}
	for _, k := range c.Keys {
		if len(k) < 32 {
			return nil, usage("--session-key takes at least 32 characters; make one with: openssl rand -hex 32")
		}
		config.Keys = append(config.Keys, []byte(k))
	}
	if len(config.Keys) == 0 {
		config.Keys = [][]byte{a.secret[:]}
	}
	return web.New(config)
}

// base is the address that people reach the service at.
func (c *serveCommand) base(own string) string {
	if c.BaseURL != "" {
		return strings.TrimSuffix(c.BaseURL, "/")
	}
	return own
}

// build names this build of the program; it changes with the source.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	var parts []string
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			parts = append(parts, s.Value)
		}
	}
	if len(parts) == 0 { // built without version control: the file itself tells
		if path, err := os.Executable(); err == nil {
			if f, err := os.Stat(path); err == nil {
				parts = append(parts, f.ModTime().UTC().Format(time.RFC3339Nano))
			}
		}
	}
	return strings.Join(parts, "-")
}

// Limits on slow clients.
const (
	headerWithin = 5 * time.Second
	readWithin   = 15 * time.Second
	writeWithin  = 60 * time.Second
	idleWithin   = 2 * time.Minute
	closeWithin  = 10 * time.Second // for requests under way when it stops
)

// serve answers until ctx ends, then lets requests under way finish.
func (c *serveCommand) serve(ctx context.Context, a *app, listener net.Listener, handler http.Handler, imports *web.Imports, s streams) (err error) {
	address := "http://" + listener.Addr().String()
	done, err := a.announce(address)
	if err != nil {
		return err
	}
	defer done()
	socket, closer, err := listen(a.globals.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	sender, err := c.Mail.sender(c.Demo, c.base(address), a, s)
	if err != nil {
		return err
	}
	sender = a.meterSender(sender)
	a.meterFolder(build())
	metered, metricsListener, err := c.metricsServer(a.metrics)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerWithin, ReadTimeout: readWithin,
		WriteTimeout: writeWithin, IdleTimeout: idleWithin, MaxHeaderBytes: 64 << 10}
	ctx, cancel := c.drained(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
		defer cancel()
		err := ignoreClosed(socket.Close())
		if e := server.Shutdown(closing); e != nil { // whoever is that slow is cut off
			err = errors.Join(err, server.Close())
		}
		return err
	})
	if metered != nil {
		g.Go(func() error {
			if err := metered.Serve(metricsListener); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve metrics: %w", err)
			}
			return nil
		})
		g.Go(func() error {
			<-ctx.Done()
			return metered.Close()
		})
	}
	g.Go(func() error { return a.commands(ctx, socket) })
	g.Go(func() error { return a.index.Follow(ctx) })
	g.Go(func() error { return imports.Run(ctx) })
	g.Go(func() error {
		a.keepOn(ctx, "matches cannot follow the catalogue", a.engine.Follow)
		return nil
	})
	g.Go(func() error {
		ended := meterJobs(a.metrics)
		a.keepOn(ctx, "mail and expiry stand still", func(ctx context.Context) error { return a.jobs(ctx, sender, ended) })
		return nil
	})
	if _, err := fmt.Fprintf(s.out, "Jointly is at %s\n", address); err != nil {
		return err
	}
	return g.Wait()
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// keepOn does work until ctx ends. Where it fails, the log says so and it begins again, with growing pauses: a full disk
// or one damaged record must not end the service.
func (a *app) keepOn(ctx context.Context, failure string, work func(context.Context) error) {
	const least, most = time.Second, time.Minute
	pause := least
	for {
		began := time.Now()
		err := work(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > most {
			pause = least
		}
		a.log.Error(failure, "error", err, "again in", pause)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, most)
	}
}

// announce writes who serves the folder; the returned function takes it back.
func (a *app) announce(address string) (func(), error) {
	path := filepath.Join(a.globals.Data, servingFile)
	store, err := a.globals.storeAt()
	if err != nil {
		return nil, err
	}
	if err := writeWhole(path, func(w io.Writer) error {
		return printJSON(w, serving{PID: os.Getpid(), Address: address, Store: store.String(), Since: time.Now()})
	}); err != nil {
		return nil, err
	}
	return func() {
		for _, name := range []string{servingFile, socketFile} {
			if err := removeIfThere(filepath.Join(a.globals.Data, name)); err != nil {
				a.log.Warn("a file of the running service stays behind", "error", err)
			}
		}
	}, nil
}

// commands runs what other processes ask for through the socket, some at a time.
func (a *app) commands(ctx context.Context, socket net.Listener) error {
	const atOnce = 16 // one that waits for a pager to be turned counts too
	var g errgroup.Group
	g.SetLimit(atOnce)
	for {
		conn, err := socket.Accept()
		if err != nil {
			ended := make(chan struct{})
			go func() {
				_ = g.Wait() // commands print what goes wrong with them where they were asked for
				close(ended)
			}()
			select {
			case <-ended:
			case <-time.After(closeWithin): // one that hangs must not keep the service from stopping
			}
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return fmt.Errorf("socket: %w", err)
		}
		g.Go(func() error {
			a.answer(ctx, conn)
			return nil
		})
	}
}

// demonstrate adds the public facts and the demonstration. At a second start it adds nothing: people may have worked on
// what is there.
func (a *app) demonstrate(ctx context.Context) error {
	there, err := a.demonstrated(ctx)
	if err != nil || there {
		return err
	}
	if _, err := a.importFacts(ctx, false, nil); err != nil {
		return err
	}
	councils, others, err := a.demonstration()
	if err != nil {
		return err
	}
	for _, items := range [][]catalogue.Item{councils, others} {
		if _, err := a.importAll(ctx, items, catalogue.ImportOptions{}); err != nil {
			return err
		}
	}
	if err := a.catalogue.ReleaseBefore(ctx, demoReleases); err != nil {
		return err
	}
	if _, err = a.catalogue.PublishEdition(ctx, catalogue.Operator("command")); catalogue.KindOf(err) == catalogue.Conflict {
		return nil // there is one
	}
	return err
}

// demoReleases is how many weeks back a demonstration has demand figures.
const demoReleases = 7

// demonstration is what is shown today, in the order in which it is imported.
func (a *app) demonstration() (councils, others []catalogue.Item, err error) {
	d, err := demo.Build(a.catalogue.Today(), a.catalogue.Register())
	if err != nil {
		return nil, nil, err
	}
	councils, others = d.Items()
	return councils, others, nil
}

// demonstrated says that the demonstration is there. Its people come with the last import, which is there as a whole or
// not at all.
func (a *app) demonstrated(ctx context.Context) (there bool, err error) {
	err = a.catalogue.Each(ctx, catalogue.Operator("command"), catalogue.KindAccount, func(item catalogue.Item) error {
		account, ok := item.(*catalogue.Account)
		there = there || ok && account.Demonstration
		return nil
	})
	return there, err
}
