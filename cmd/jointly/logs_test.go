package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// toldOf lists the words that a log holds.
func toldOf(log string, words []string) (found []string) {
	log = strings.ToLower(log)
	for _, w := range words {
		if strings.Contains(log, strings.ToLower(w)) {
			found = append(found, w)
		}
	}
	return found
}

// TestTheLogHoldsNothingOfPeople: no address, name, search, code or session, whatever people do and whatever goes wrong
// with their mail.
func TestTheLogHoldsNothingOfPeople(t *testing.T) {
	t.Parallel()
	p, port := deliver(t, "127.0.0.1:0")
	dir := t.TempDir()
	s := startService(t, dir, mailArgs(port)...)
	const officer = "quagga.officer@birmingham.gov.uk"
	words := []string{"quagga", "gone.quokka", "busy.numbat", "wombatsearch", "dugongtitle"}

	b := browsing(t)
	submit(t, b, s.address+"/sign-in", url.Values{"email": {officer}})
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(p.wait(t, officer).plain)
	submit(t, b, s.address+"/sign-in/code", url.Values{"code": {"000001"}})
	if path, body := submit(t, b, s.address+"/sign-in/code", url.Values{"code": {code}}); path != "/desk" {
		t.Fatalf("signing in leads to %s: %s", path, clip(body))
	}
	words = append(words, code)
	at, err := url.Parse(s.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range b.Jar.Cookies(at) {
		words = append(words, cookie.Value)
	}
	if len(words) < 7 {
		t.Fatalf("no session: %v", words)
	}
	for _, path := range []string{"/search?q=wombatsearch", "/search.csv?q=wombatsearch", "/api/v1/search?q=wombatsearch&limit=x", "/intentions/wombatsearch", "/search?q=%ff&wombatsearch",
		"/people", "/people/data.zip", "/people/trail", "/searches/new?address=/search%3Fq=wombatsearch"} {
		r, err := b.Get(s.address + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
	}
	submit(t, b, s.address+"/intentions/new", url.Values{"title": {"dugongtitle"}})
	submit(t, b, s.address+"/people/ask", url.Values{"role": {"lead"}, "why": {"dugongtitle"}})
	submit(t, b, s.address+"/people/ask", url.Values{"why": {strings.Repeat("dugongtitle", 1<<17)}})

	// An address that is refused for good, and a server that takes nothing for now.
	submit(t, browsing(t), s.address+"/sign-in", url.Values{"email": {"gone.quokka@birmingham.gov.uk"}})
	eventually(t, 20*time.Second, "the log says that a mail is dropped", func() bool { return strings.Contains(s.log.String(), "dropped") })
	p.be(true)
	submit(t, browsing(t), s.address+"/sign-in", url.Values{"email": {"busy.numbat@birmingham.gov.uk"}})
	eventually(t, 20*time.Second, "the log says that mail waits", func() bool { return strings.Contains(s.log.String(), "mail waits") })
	if status, _ := fetch(t, s.address+"/healthz"); status != http.StatusOK {
		t.Errorf("health answers %d", status)
	}
	log := s.log.String()
	if found := toldOf(log, words); len(found) > 0 {
		t.Errorf("the log tells of %v:\n%s", found, clip(log))
	}
	if found := toldOf(log+" "+officer, words); len(found) == 0 { // the control
		t.Errorf("a word that is in the log goes unnoticed: %v", found)
	}
}
