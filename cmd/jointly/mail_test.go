package main

// Mail through a real server: what arrives, and what becomes of it while the server is down.

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"jointly/catalogue"
)

// received is one mail as it arrived.
type received struct {
	from, to, subject string
	plain, html       string
	unsubscribe       string // the headers with which mail programs offer to stop it
	oneClick          string
}

// post is a mail server that keeps what it gets, and refuses addresses that begin with 'gone'.
type post struct {
	mu    sync.Mutex
	mails []received
	busy  bool // it takes nothing for now
}

// be says whether the server is busy.
func (p *post) be(busy bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = busy
}

// deliver runs a mail server on an address until the test ends and returns its port.
func deliver(t *testing.T, address string) (*post, string) {
	t.Helper()
	p := &post{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{post: p, t: t}, nil }))
	server.Domain, server.AllowInsecureAuth = "localhost", true
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return p, port
}

// forget drops the mails that have come.
func (p *post) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = nil
}

// wait gives the first mail to an address, once it is there.
func (p *post) wait(t *testing.T, to string) (found received) {
	t.Helper()
	eventually(t, 20*time.Second, "a mail to "+to, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, m := range p.mails {
			if m.to == to {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// code is the code to sign in that an address is sent, once it is there; other mails to it may come before.
func (p *post) code(t *testing.T, to string) (code string) {
	t.Helper()
	digits := regexp.MustCompile(`^\d{6}\b`)
	eventually(t, 20*time.Second, "a code for "+to, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, m := range p.mails {
			if m.to == to && digits.MatchString(m.subject) {
				code = digits.FindString(m.subject)
			}
		}
		return code != ""
	})
	return code
}

// delivery is one connection to the mail server.
type delivery struct {
	post *post
	t    *testing.T
	mail received
}

func (d *delivery) Reset()        { d.mail = received{} }
func (d *delivery) Logout() error { return nil }

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error {
	d.mail.from = from
	return nil
}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "gone") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	d.post.mu.Lock()
	defer d.post.mu.Unlock()
	if d.post.busy {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "try again later"}
	}
	d.mail.to = to
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	d.mail.subject = subject
	d.mail.unsubscribe, d.mail.oneClick = m.Header.Get("List-Unsubscribe"), m.Header.Get("List-Unsubscribe-Post")
	if m.Header.Get("Auto-Submitted") != "auto-generated" {
		d.t.Errorf("nothing says that no person wrote this mail: %v", m.Header)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		d.t.Errorf("the mail is of type %q (%v), want text and HTML as alternatives", kind, err)
		return nil
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		body := io.Reader(part)
		if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		switch kind := part.Header.Get("Content-Type"); {
		case strings.HasPrefix(kind, "text/plain"):
			d.mail.plain = strings.ReplaceAll(string(text), "\r\n", "\n")
		case strings.HasPrefix(kind, "text/html"):
			d.mail.html = string(text)
		}
	}
	d.post.mu.Lock()
	defer d.post.mu.Unlock()
	d.post.mails = append(d.post.mails, d.mail)
	return nil
}

// mailArgs are the flags that name a mail server on this machine.
func mailArgs(port string) []string {
	return []string{"--smtp-host", "127.0.0.1", "--smtp-port", port, "--smtp-tls", "none", "--smtp-from", "Jointly <post@jointly.example>"}
}

// browsing is a browser without JavaScript.
func browsing(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// submit sends a form and returns the page that it leads to.
func submit(t *testing.T, c *http.Client, address string, form url.Values) (path, body string) {
	t.Helper()
	r, err := c.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r.Body); err != nil {
		t.Fatal(err)
	}
	return r.Request.URL.Path, b.String()
}

func TestSigningInWithACode(t *testing.T) {
	t.Parallel()
	p, port := deliver(t, "127.0.0.1:0")
	s := startService(t, t.TempDir(), mailArgs(port)...)
	officer := browsing(t)
	const address = "a.officer@birmingham.gov.uk"
	if path, body := submit(t, officer, s.address+"/sign-in", url.Values{"email": {"A.Officer@birmingham.gov.uk "}}); path != "/sign-in/code" {
		t.Fatalf("asking for a code leads to %s: %s", path, clip(body))
	}
	m := p.wait(t, address)
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(m.plain)
	if code == "" || !strings.Contains(m.html, code) || !strings.Contains(m.subject, code) {
		t.Fatalf("no code in text, HTML and subject: %+v", m)
	}
	if m.from != "post@jointly.example" || !strings.Contains(m.plain, "10 minutes") || !strings.Contains(m.html, `lang="en-GB"`) {
		t.Errorf("the mail: %+v", m)
	}
	// Only in the browser that asked.
	if path, _ := submit(t, browsing(t), s.address+"/sign-in/code", url.Values{"code": {code}}); path != "/sign-in" {
		t.Errorf("another browser gets to %s with the code", path)
	}
	if path, body := submit(t, officer, s.address+"/sign-in/code", url.Values{"code": {"000000"}}); path != "/sign-in/code" || !strings.Contains(body, "wrong or has run out") {
		t.Errorf("a wrong code leads to %s", path)
	}
	if path, body := submit(t, officer, s.address+"/sign-in/code", url.Values{"code": {code[:3] + " " + code[3:]}}); path != "/desk" || !strings.Contains(body, "Birmingham") {
		t.Errorf("the right code leads to %s: %s", path, clip(body))
	}
	// The same answer for an address that nobody knows, and no mail.
	stranger := browsing(t)
	if path, _ := submit(t, stranger, s.address+"/sign-in", url.Values{"email": {"x@nobody.example"}}); path != "/sign-in/code" {
		t.Errorf("an unknown address leads to %s", path)
	}
	known := browsing(t)
	submit(t, known, s.address+"/sign-in", url.Values{"email": {"b.officer@birmingham.gov.uk"}})
	p.wait(t, "b.officer@birmingham.gov.uk") // sent after the stranger's would have been
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.mails {
		if m.to == "x@nobody.example" {
			t.Errorf("a stranger gets %q", m.subject)
		}
	}
}

// TestAMailServerThatIsDownLosesNothing: what waits goes out when there is one again, after a restart too; one address
// that is refused for good holds up nobody.
func TestAMailServerThatIsDownLosesNothing(t *testing.T) {
	t.Parallel()
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := reserved.Addr().String()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	reserved.Close() // nothing listens there now
	dir := t.TempDir()
	s := startService(t, dir, mailArgs(port)...)
	for _, name := range []string{"gone.away", "first", "second"} {
		submit(t, browsing(t), s.address+"/sign-in", url.Values{"email": {name + "@birmingham.gov.uk"}})
	}
	eventually(t, 20*time.Second, "the log says that mail waits", func() bool { return strings.Contains(s.log.String(), "mail waits") })
	if status, _ := fetch(t, s.address+"/readyz"); status != http.StatusOK {
		t.Errorf("without a mail server the service answers %d", status)
	}
	s.stop()
	if strings.Contains(s.log.String(), "is your code") {
		t.Error("the log holds a code")
	}
	again := startService(t, dir, mailArgs(port)...)
	submit(t, browsing(t), again.address+"/sign-in", url.Values{"email": {"third@birmingham.gov.uk"}})
	p, _ := deliver(t, address)
	for _, name := range []string{"first", "second", "third"} {
		p.wait(t, name+"@birmingham.gov.uk")
	}
	eventually(t, 20*time.Second, "the log names the address that is refused", func() bool { return strings.Contains(again.log.String(), "refuses its address") })
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.mails) != 3 {
		t.Errorf("%d mails arrived, want each of three once", len(p.mails))
	}
}

func TestMailsLeadToTheService(t *testing.T) {
	t.Parallel()
	p, port := deliver(t, "127.0.0.1:0")
	var c cli
	if _, _, done := parse(&c, append([]string{"serve", "--base-url", "https://jointly.example/"}, mailArgs(port)...), streams{nil, io.Discard, io.Discard}); done {
		t.Fatal("the flags are not understood")
	}
	sender, err := c.Serve.Mail.sender(false, c.Serve.base("http://127.0.0.1:8080"), &app{log: slog.New(slog.DiscardHandler)}, streams{})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), catalogue.Message{To: "a@example.com", Subject: "Ambleford £1 <b>invites</b> you",
		Text: []string{"Do you join <script>?", "Answer by 1 May."}, Link: "/groups/1?x=1&y=2", LinkText: "See the group"}); err != nil {
		t.Fatal(err)
	}
	m := p.wait(t, "a@example.com")
	if m.subject != "Ambleford £1 <b>invites</b> you" || !strings.Contains(m.plain, "Do you join <script>?\n\nAnswer by 1 May.") {
		t.Errorf("the text: %+v", m)
	}
	if !strings.Contains(m.plain, "See the group:\nhttps://jointly.example/groups/1?x=1&y=2\n") {
		t.Errorf("the link in the text: %q", m.plain)
	}
	if !regexp.MustCompile(`<a href="https://jointly\.example/groups/1\?x=1&amp;y=2"[^>]*>See the group</a>`).MatchString(m.html) || strings.Contains(m.html, "<script") {
		t.Errorf("the HTML: %q", m.html)
	}
}

// TestWithoutAMailServerTheLogHasTheCodes: for whoever tries the program out.
func TestWithoutAMailServerTheLogHasTheCodes(t *testing.T) {
	t.Parallel()
	s := startService(t, t.TempDir())
	submit(t, browsing(t), s.address+"/sign-in", url.Values{"email": {"a.officer@birmingham.gov.uk"}})
	eventually(t, 10*time.Second, "the code is told", func() bool { return strings.Contains(s.log.String(), "is your code to sign in") })
	if !strings.Contains(s.log.String(), "no mail server") {
		t.Error("nothing says that there is no mail server")
	}
}
