package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// quietForms is a need for what the supplier follows that its council keeps to itself.
const quietForms = `{"ref":"F-1","council":"DEMO-06","title":"Forms canary","capability":"eforms-portal","window_start":"2027-05","window_end":"2027-11","visibility":"own"}
`

// followsAndIsTold runs over three days: a supplier follows a capability, a council publishes a signal for it, and the mail of
// the morning after leads the supplier to where it asks; the answer is everybody's at once. All of it without JavaScript.
func followsAndIsTold(t *testing.T, b *browser, _ *service) {
	p, port := deliver(t, "127.0.0.1:0")
	dir := t.TempDir()
	var s *service
	on := func(day string) func(person string) *tab {
		if s != nil {
			s.stop()
		}
		s = startService(t, dir, append([]string{"--demo", "--as-of", day}, mailArgs(port)...)...)
		return func(person string) *tab {
			tb := b.tab(t, s)
			tb.withoutScript()
			if person != "" {
				tb.signIn(person)
			}
			return tb
		}
	}
	as := on("2026-11-24")
	seller := as(supplier)
	seller.open("/follow")
	seller.fill("", "Capability", "Online forms and customer portal")
	if status := seller.press("Follow this capability"); status != http.StatusOK {
		t.Fatalf("following leads to %s with %d", seller.path(), status)
	}
	seller.sees("You follow it. What is new comes in one mail a day", "One email a day")
	council := as(officer)
	council.open("/intentions/demo-tho-22")
	council.follow("Write a signal to suppliers")
	council.choose("How far has the buying come?", "Engaging the market")
	council.fill("", "How can everybody respond equally?", "Answer the same six questions in writing.")
	council.press("Save the draft and see it")
	council.choose("", "I have read what this may mean in law")
	council.press("Publish the signal")
	council.sees("Published. Everybody sees it now")
	signal := strings.TrimSuffix(council.path(), "/preview")
	done(t, "--data", dir, "import", "intentions", written(t, "intentions.jsonl", quietForms))

	as = on("2026-11-25") // a program that begins looks at once
	as(supplier)
	client := persona(t, s, "demo-4-sales-quillbrook-example")
	eventually(t, 30*time.Second, "what is new is found", func() bool {
		_, body := ask(t, client, s.address+"/searches")
		return strings.Contains(body, "1 new")
	})

	as = on("2026-11-26")
	m := p.waitFor(t, "sales@quillbrook.example", "new result")
	found := regexp.MustCompile(`https?://[^/\s]+(/signals/[^\s"<?#]+)`).FindStringSubmatch(m.plain)
	if found == nil || found[1] != signal {
		t.Fatalf("the mail does not lead to %s: %s", signal, m.plain)
	}
	for _, words := range []string{"Online forms and citizen account", "Signal to suppliers, Thornmere (demonstration)", "It fits your filters: Capability"} {
		if !strings.Contains(m.plain, words) {
			t.Errorf("the mail lacks %q: %s", words, m.plain)
		}
	}
	if strings.Contains(m.plain+m.html, "canary") || strings.Contains(m.plain+m.html, "officer@thornmere.example") {
		t.Errorf("the mail tells what it must not: %s", m.plain)
	}
	seller, visitor := as(supplier), as("")
	seller.open(found[1])
	seller.fill("", "Your question", "Is case tracking part of it?")
	seller.press("Send the question")
	visitor.open(signal)
	visitor.sees("None is answered yet")
	council = as(officer)
	council.open("/desk")
	council.follow("Is case tracking part of it?")
	council.fill("", "The answer", "Yes, for residents and for officers.")
	if status := council.press("Publish the question and the answer"); status != http.StatusOK {
		t.Fatalf("the answer is answered with %d", status)
	}
	for name, tb := range map[string]*tab{"the asker": seller, "a visitor": visitor, "another council": as(bystander)} {
		tb.open(signal)
		if said := tb.text(); !strings.Contains(said, "Yes, for residents and for officers.") {
			t.Errorf("%s does not read the answer: %s", name, clip(said))
		}
	}
	p.waitFor(t, "sales@quillbrook.example", "A question is answered")
}
