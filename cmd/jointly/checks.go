package main

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/wneessen/go-mail"

	"jointly/catalogue/exchange"
)

// look looks at every setting, in the order in which serve needs them.
func (c *checkCommand) look(ctx context.Context, g Globals, f *findings) {
	running := heldBy(ctx, g.Data)
	checkNames(f)
	c.checkAddress(f, running != nil)
	c.checkDrain(f, g)
	c.checkBase(f)
	c.checkProxies(f)
	c.checkKeys(f, g)
	c.checkMail(ctx, f)
	if err := exchange.CheckOCIDPrefix(c.Service.OCID); err != nil {
		f.fail("OCID prefix", "Set --ocid-prefix to the one that you registered", "%v", err)
	} else if c.Service.OCID == exchange.PlaceholderPrefix {
		f.warn("OCID prefix", "Register one with the Open Contracting Partnership and set --ocid-prefix, before a notice is published from a draft", "drafted notices carry a placeholder")
	} else {
		f.ok("OCID prefix", "%s", c.Service.OCID)
	}
	if _, err := g.clock(); err != nil {
		f.fail("day", "Leave --as-of away", "%v", err)
	} else if g.AsOf != "" {
		f.warn("day", "Leave --as-of (JOINTLY_AS_OF) away but to try things out", "the service would live on %s", g.AsOf)
	}
	checkFolder(ctx, f, g, running)
	checkClock(f, g)
	checkBackup(f, g)
}

// checkNames finds variables of the environment that look like settings and are none: a slip of the pen.
func checkNames(f *findings) {
	const prefix = "JOINTLY_"
	known := map[string]bool{}
	if parser, err := kong.New(&cli{}); err == nil {
		var walk func(n *kong.Node)
		walk = func(n *kong.Node) {
			for _, flag := range n.Flags {
				for _, env := range flag.Envs {
					known[env] = true
				}
			}
			for _, child := range n.Children {
				walk(child)
			}
		}
		walk(parser.Model.Node)
	}
	var unknown []string
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, prefix) && !known[name] && !strings.HasPrefix(name, prefix+"TEST_") {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	if len(unknown) > 0 {
		f.warn("environment", "See 'jointly serve --help' for the names of all settings", "no setting has the name %s", strings.Join(unknown, ", "))
		return
	}
	f.ok("environment", "every variable JOINTLY_... is a setting")
}

func (c *checkCommand) checkAddress(f *findings, running bool) {
	const check = "address"
	host, _, err := net.SplitHostPort(c.Service.Addr)
	switch {
	case err != nil:
		f.fail(check, "Give --addr as HOST:PORT, such as 127.0.0.1:8080", "%q is not an address to listen on", c.Service.Addr)
	case c.Service.Demo && !loopback(host):
		f.fail(check, "Leave --demo away, or use --addr 127.0.0.1:8080", "the demonstration lets anybody sign in, and %s is not this machine alone", c.Service.Addr)
	case !running && !canListen(c.Service.Addr):
		f.fail(check, "Stop what uses it, or choose another with --addr", "nothing can listen on %s", c.Service.Addr)
	case !loopback(host):
		f.warn(check, "Listen on 127.0.0.1 behind the proxy that does TLS, or see that only the proxy reaches this port", "%s can be reached from other machines, without TLS", c.Service.Addr)
	default:
		f.ok(check, "%s, for this machine alone", c.Service.Addr)
	}
	if c.Service.Demo {
		f.warn("demonstration", "Leave --demo away in earnest", "anybody on this machine signs in without a code")
	}
	const own = "metrics address"
	host, _, err = net.SplitHostPort(c.Service.Metrics)
	switch {
	case c.Service.Metrics == "":
		f.ok(own, "/metrics answers to this machine alone, not through a proxy")
	case err != nil:
		f.fail(own, "Give --metrics-addr as HOST:PORT, such as 127.0.0.1:9090", "%q is not an address to listen on", c.Service.Metrics)
	case c.Service.Metrics == c.Service.Addr:
		f.fail(own, "Choose another port", "it is the address of the service itself")
	case !running && !canListen(c.Service.Metrics):
		f.fail(own, "Stop what uses it, or choose another", "nothing can listen on %s", c.Service.Metrics)
	case !loopback(host):
		f.warn(own, "See that only whoever watches the service reaches this port", "%s can be reached from other machines", c.Service.Metrics)
	default:
		f.ok(own, "%s", c.Service.Metrics)
	}
}

func canListen(addr string) bool {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return false
	}
	return l.Close() == nil
}

func (c *checkCommand) checkBase(f *findings) {
	const check, do = "base address", "Set --base-url to how people reach the service, such as https://jointly.example"
	if c.Service.BaseURL == "" {
		if c.Service.Demo {
			f.ok(check, "made from --addr")
			return
		}
		f.fail(check, do, "none is set, so that links in mails lead to %s and cookies are not marked secure", c.Service.Addr)
		return
	}
	u, err := url.Parse(c.Service.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		f.fail(check, do, "%q is not a scheme and a host alone", c.Service.BaseURL)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		f.fail(check, "Put TLS in front and name it with https", "%s is without TLS: codes and sessions could be read on the way", c.Service.BaseURL)
	case u.Scheme == "http":
		f.warn(check, do, "%s is this machine alone", c.Service.BaseURL)
	default:
		f.ok(check, "%s: cookies are marked secure", c.Service.BaseURL)
	}
}

func (c *checkCommand) checkProxies(f *findings) {
	const check = "proxies"
	for _, p := range c.Service.Proxies {
		prefix, err := netip.ParsePrefix(p)
		if addr, one := netip.ParseAddr(p); one == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		switch {
		case err != nil:
			f.fail(check, "Give --trusted-proxy an address or a CIDR, such as 127.0.0.1", "%q is neither", p)
			return
		case prefix.Bits() == 0:
			f.fail(check, "Name the proxy's own address", "%s trusts everybody to say who asks", p)
			return
		}
	}
	if len(c.Service.Proxies) == 0 && strings.HasPrefix(c.Service.BaseURL, "https://") {
		f.warn(check, "Name the proxy that does TLS with --trusted-proxy", "none is trusted: everybody counts as the proxy, and all share one limit on codes")
		return
	}
	if len(c.Service.Proxies) == 0 {
		f.ok(check, "none is trusted, and none is needed")
		return
	}
	f.ok(check, "%s", count(len(c.Service.Proxies), "is trusted", "are trusted"))
}

// Session keys: a key's least length, how many different characters it must have, and how many are kept.
const (
	keyLeast    = 32
	keyDistinct = 10
	keysMost    = 3
)

func (c *checkCommand) checkKeys(f *findings, g Globals) {
	const check, make = "session keys", "Make one with: openssl rand -hex 32"
	seen := map[string]bool{}
	for i, k := range c.Service.Keys {
		distinct := map[rune]bool{}
		for _, r := range k {
			distinct[r] = true
		}
		switch {
		case len(k) < keyLeast:
			f.fail(check, make, "key %d has %d characters, and needs %d", i+1, len(k), keyLeast)
			return
		case len(distinct) < keyDistinct:
			f.fail(check, make, "key %d can be guessed: it has only %d different characters", i+1, len(distinct))
			return
		case seen[k]:
			f.fail(check, make, "key %d stands there twice", i+1)
			return
		}
		seen[k] = true
	}
	switch n := len(c.Service.Keys); {
	case n == 0 && strings.HasPrefix(g.Store, "etcd://"):
		f.fail(check, "Give every node the same with JOINTLY_SESSION_KEYS", "none is set: what one node signs, the others do not accept")
	case n == 0:
		f.ok(check, "the data folder's own")
	case n > keysMost:
		f.warn(check, "Drop those that are older than the longest session", "%d are accepted", n)
	case n == 1:
		f.ok(check, "one; to rotate, put a new one in front and drop the old after a week")
	default:
		f.ok(check, "the first of %d signs, all are accepted", n)
	}
}

// mailWithin is how long the mail server may take to answer.
const mailWithin = 10 * time.Second

func (c *checkCommand) checkMail(ctx context.Context, f *findings) {
	const check = "mail"
	m := c.Service.Mail
	if m.Host == "" {
		if c.Service.Demo {
			f.warn(check, "Name a mail server with --smtp-host in earnest", "mails are written to the log")
			return
		}
		f.fail(check, "Name a mail server with --smtp-host", "none is named: nobody gets a code to sign in, and the subject of each mail, codes included, is written to the log")
		return
	}
	if strings.Contains(m.From, "jointly.example") || mail.NewMsg().From(m.From) != nil {
		f.fail("sender", "Set --smtp-from to an address of yours that receivers' servers accept from this mail server", "%q is no address to send from", m.From)
	} else {
		f.ok("sender", "%s", m.From)
	}
	switch {
	case m.TLS == "none" && !loopback(m.Host):
		f.fail("mail TLS", "Set --smtp-tls required", "mails, codes among them, go to %s in the clear", m.Host)
	case m.TLS == "opportunistic":
		f.warn("mail TLS", "Set --smtp-tls required", "mails go in the clear where somebody on the way hides that %s offers TLS", m.Host)
	default:
		f.ok("mail TLS", "%s", m.TLS)
	}
	client, err := m.client(mailWithin)
	if err == nil {
		within, cancel := context.WithTimeout(ctx, mailWithin)
		defer cancel()
		if err = client.DialWithContext(within); err == nil {
			err = client.Close()
		}
	}
	if err != nil {
		f.fail(check, "Check --smtp-host, --smtp-port, --smtp-user and the password, and that this machine may reach the server", "the mail server %s does not take us in: %v", m.Host, err)
		return
	}
	f.ok(check, "%s takes us in", m.Host)
}
