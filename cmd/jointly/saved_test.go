package main

// Keeping a search: told of what is new by mail with why, ended for the file, taken away as files. All of it by pages and
// forms, with and without JavaScript.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// waitFor gives the first mail to an address whose subject holds some words, once it is there.
func (p *post) waitFor(t *testing.T, to, words string) (found received) {
	t.Helper()
	eventually(t, 30*time.Second, "a mail to "+to+" of "+words, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, m := range p.mails {
			if m.to == to && strings.Contains(m.subject, words) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// fits holds a page to what every page promises, wide and narrow.
func (tb *tab) fits() {
	tb.t.Helper()
	for _, width := range []int64{narrow, wide} {
		tb.resize(width)
		checkAccess(tb)
		if fault := tooWide(tb); fault != "" {
			tb.t.Error(fault)
		}
	}
}

// newParking is a contract that one council sees of another, and one that it does not.
const newParking = `{"ref":"P-1","council":"DEMO-06","title":"Parking permits of next spring","supplier":"Chipside","end_date":"2031-03-31","audience":"councils","source":"Register"}
{"ref":"P-2","council":"DEMO-06","title":"Parking canary","supplier":"Chipside","end_date":"2031-03-31","audience":"own","source":"Register"}
{"ref":"P-3","council":"DEMO-06","title":"Parking that is over","supplier":"Chipside","end_date":"2026-01-31","audience":"councils","source":"Register"}
`

// savesAndIsTold runs over three days: the search is saved, a result comes, and the mail of the morning after tells it.
func savesAndIsTold(t *testing.T, b *browser, _ *service) {
	p, port := deliver(t, "127.0.0.1:0")
	dir := t.TempDir()
	on := func(day string) *service {
		return startService(t, dir, append([]string{"--demo", "--as-of", day}, mailArgs(port)...)...)
	}
	s := on("2026-11-24")
	tb := b.tab(t, s)
	tb.signIn(lead)
	tb.open("/search?q=parking&kind=contract")
	tb.press("Save this search")
	tb.sees("Words: parking", "Kind: Contract or notice")
	tb.fits()
	tb.choose("How do you want to be told", "One email a day")
	if status := tb.press("Save this search"); status != http.StatusOK {
		t.Fatalf("saving leads to %s with status %d", tb.path(), status)
	}
	saved := tb.path()
	tb.sees("What comes from now on is new", "Nothing yet")
	tb.press("Make an address")
	tb.sees("/feeds/searches/")
	tb.fits()
	feed := regexp.MustCompile(`/feeds/searches/[A-Za-z0-9_-]{43}\.atom`).FindString(tb.text())
	done(t, "--data", dir, "import", "contracts", written(t, "contracts.jsonl", newParking))
	s.stop()

	s = on("2026-11-25") // a program that begins looks at once
	tb = b.tab(t, s)
	tb.signIn(lead)
	client := persona(t, s, "demo-1-lead-ambleford-example")
	eventually(t, 30*time.Second, "what is new is found", func() bool {
		_, body := ask(t, client, s.address+saved)
		return strings.Contains(body, "Parking permits of next spring")
	})
	tb.open("/desk")
	tb.follow("Saved searches: 1 new")
	tb.sees("1 new")
	tb.fits()
	tb.open(saved)
	tb.sees("It has ‘parking’ (title)", "It fits your filters: Kind: Contract or notice")
	for _, never := range []string{"canary", "is over"} {
		if strings.Contains(tb.text(), never) {
			t.Errorf("the search tells of what it must not: %s", clip(tb.text()))
		}
	}
	if _, body := ask(t, browsing(t), s.address+feed); !strings.Contains(body, "<feed") || strings.Contains(body, "next spring") {
		t.Errorf("the feed holds what the public does not see: %s", clip(body))
	}
	stranger := persona(t, s, "demo-4-sales-quillbrook-example")
	if r, _ := ask(t, stranger, s.address+saved); r.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else reads the saved search: %s", r.Status)
	}
	s.stop()

	s = on("2026-11-26")
	m := p.waitFor(t, "lead@ambleford.example", "new result")
	for _, words := range []string{"Parking permits of next spring", "New. It has ‘parking’ (title).", "Brackwater", "You saved the search Words: parking", s.address + "/mail/stop-searches?token="} {
		if !strings.Contains(m.plain, words) {
			t.Errorf("the mail lacks %q: %s", words, m.plain)
		}
	}
	if !strings.HasPrefix(m.subject, "1 new result: ") || strings.Contains(m.plain+m.html, "canary") || strings.Contains(m.plain+m.html, "is over") {
		t.Errorf("the mail %q: %s", m.subject, m.plain)
	}
	if !strings.HasPrefix(m.unsubscribe, "<"+s.address+"/mail/stop-searches") || m.oneClick != "List-Unsubscribe=One-Click" {
		t.Errorf("a mail program is offered %q, %q", m.unsubscribe, m.oneClick)
	}
	tb = b.tab(t, s)
	tb.withoutScript()
	tb.open(strings.TrimPrefix(strings.Trim(m.unsubscribe, "<>"), s.address)) // not signed in
	tb.press("Stop this mail")
	tb.sees("Mail of saved searches is stopped")
	tb.signIn(lead)
	tb.open("/searches")
	tb.sees("In your inbox")
	tb.open("/inbox")
	tb.sees("1 new result: ", "You are told because you saved this search.")
	tb.open(saved)
	tb.press("Mark as seen")
	tb.sees("Marked as seen", "Nothing yet")
	tb.quiet()
}

// endsASearch keeps what a search found for the file, without JavaScript, shares it, and takes it away as a file.
func endsASearch(t *testing.T, b *browser, s *service) {
	tb := b.tab(t, s)
	tb.withoutScript()
	tb.signIn(lead)
	tb.open("/search?q=housing&kind=contract")
	tb.press("End this search")
	tb.sees("Keep a record for your file", "Words: housing")
	tb.press("Freeze the results")
	tb.sees("The results are frozen", "Only you see this page")
	draft := tb.path()
	tb.fill("", "Note on result 1", "Ask them how long it took")
	tb.fill("", "Note on the whole", "Two look near")
	tb.press("Save and end the search")
	tb.sees("no award route", "1 result has a note")
	tb.choose("Who may see the record?", "Officers of all councils")
	if status := tb.press("End the search"); status != http.StatusOK {
		t.Fatalf("ending leads to %s with status %d", tb.path(), status)
	}
	tb.sees("no award route", "Ask them how long it took", "Two look near", "This record has not been changed", "SHA-256")
	record := tb.path()
	if record != draft {
		t.Errorf("the record is at %s, the draft was at %s", record, draft)
	}
	tb.quiet()

	other := b.tab(t, s)
	other.signIn(bystander)
	if status := other.open(record); status != http.StatusOK {
		t.Errorf("another council gets %d", status)
	}
	other.sees("Ask them how long it took", "This record has not been changed")
	other.fits()
	other.open("/research")
	other.sees("Shared by other councils", "Market research: housing")
	other.fits()
	other.quiet()

	_, file := ask(t, persona(t, s, "demo-1-lead-ambleford-example"), s.address+record+"/record.json")
	var said struct {
		Hash    string          `json:"hash"`
		Content json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal([]byte(file), &said); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(said.Content)
	if hex.EncodeToString(sum[:]) != said.Hash || !strings.Contains(tb.text(), said.Hash) {
		t.Errorf("the hash of the file is not the page's: %s", said.Hash)
	}
	if r, _ := ask(t, persona(t, s, "demo-4-sales-quillbrook-example"), s.address+record); r.StatusCode != http.StatusNotFound {
		t.Errorf("a supplier reads it: %s", r.Status)
	}

	// The forms on the way, as they look.
	mine := b.tab(t, s)
	mine.signIn(lead)
	mine.open("/search?q=parking")
	mine.fits()
	mine.press("End this search")
	mine.fits()
	mine.press("Freeze the results")
	mine.fits()
	mine.press("Save and end the search")
	mine.fits()
	mine.press("End the search") // nothing chosen
	mine.sees("Choose who may see the record")
	mine.fits()
	mine.heard() // the browser tells of the status
	mine.follow("Back to the notes")
	mine.fold("Discard this draft")
	mine.press("Discard it")
	mine.sees("The draft is discarded")

	// Any list of results as files.
	client := persona(t, s, "demo-1-lead-ambleford-example")
	mine.open("/intentions?q=parking")
	for _, name := range []string{"Results as CSV", "as Excel (XLSX)", "as an Atom feed"} {
		href := value[string](mine, `[...document.querySelectorAll('#keep a')].find((a) => a.textContent === `+quoted(name)+`).getAttribute('href')`)
		r, body := ask(t, client, s.address+href)
		if r.StatusCode != http.StatusOK || len(body) < 500 || strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains(href, "kind=intention") {
			t.Errorf("%s at %s answers %s with %d bytes", name, href, r.Status, len(body))
		}
	}
	mine.quiet()
}
