package main

// A signal to suppliers, from its draft to a question that everybody reads answered at the same time.

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// suppliersAskInTheOpen: an officer publishes a signal, a supplier asks, and a visitor and another supplier read the
// answer as soon as the asker does.
func suppliersAskInTheOpen(t *testing.T, b *browser, _ *service) {
	dir := t.TempDir()
	done(t, "--data", dir, "account", "add", "--email", "sales@tallowgate.example", "--supplier", "Tallowgate Records", "--role", "contributor")
	s := startService(t, dir, "--demo")
	council := b.tab(t, s)
	council.signIn(officer)
	council.open("/intentions/demo-tho-22")
	council.follow("Write a signal to suppliers")
	council.fits()
	council.choose("How far has the buying come?", "Engaging the market")
	council.fill("", "How can everybody respond equally?", "Answer the same six questions in writing.")
	council.press("Save the draft and see it")
	signal := strings.TrimSuffix(council.path(), "/preview")
	council.sees("Nothing of this draft is public yet", "Answer the same six questions", "publish before UK4 or give reasons in UK4", "£30,000")
	council.press("Publish the signal")
	council.sees("There is a problem", "Confirm that you have read what it may mean in law")
	council.fits()
	council.choose("", "I have read what this may mean in law")
	council.press("Publish the signal")
	council.sees("Published. Everybody sees it now")
	council.fits()

	asker, rival, visitor := b.tab(t, s), b.tab(t, s), b.tab(t, s)
	rival.open("/sign-in")
	rival.signInWithCode(s, "sales@tallowgate.example")
	asker.signIn(supplier)
	asker.open("/signals")
	asker.fits()
	asker.open(signal)
	const question = "We at Quillbrook ask: is case tracking part of it?"
	asker.fill("", "Your question", question)
	asker.press("Send the question")
	asker.sees("The council answers here, for everybody at the same time", question)
	asker.fits()
	for _, tb := range []*tab{rival, visitor} {
		tb.open(signal)
		tb.sees("None is answered yet")
		if strings.Contains(tb.text(), "case tracking part") {
			t.Error("a question without an answer is read by others")
		}
	}

	council.open("/desk")
	council.sees("questions of suppliers wait for your answer", question)
	council.fits()
	council.follow(question)
	council.sees("Quillbrook Systems")
	council.fits()
	council.do(chromedp.Clear(labelled("", "The question, as everybody is to read it")))
	council.fill("", "The question, as everybody is to read it", "Is case tracking part of it?")
	council.fill("", "The answer", "Yes, for residents and for officers.")
	if status := council.press("Publish the question and the answer"); status != http.StatusOK {
		t.Fatalf("the answer is answered with %d", status)
	}
	other := b.tab(t, s)
	other.signIn(bystander)
	for name, tb := range map[string]*tab{"the asker": asker, "another supplier": rival, "a visitor": visitor, "another council": other} {
		tb.open(signal)
		tb.sees("Question 1", "Is case tracking part of it?", "Yes, for residents and for officers.", "Cite as: Questions 1 to 1")
		if named := strings.Contains(tb.text(), "Quillbrook"); named != (tb == asker) {
			t.Errorf("%s reads who asked: %t", name, named)
		}
		if strings.Contains(tb.text(), "officer@thornmere.example") {
			t.Errorf("%s reads the officer's address", name)
		}
		tb.fits()
		tb.quiet()
	}
	member := other
	member.open("/signals/demo-signal-laptops")
	member.sees("Your council decides for itself", "No: it has not decided")
	member.fits()
	member.press("Name my council")
	member.sees("Your council is named in the signal")
	visitor.open("/signals/demo-signal-laptops")
	visitor.sees("Published by Ambleford (demonstration), with Brackwater (demonstration)")
	asker.open("/inbox")
	asker.sees("A question is answered")
	eventually(t, 20*time.Second, "the asker is mailed", func() bool {
		return strings.Contains(s.log.String(), `mail to "sales@quillbrook.example": "A question is answered: `)
	})
	lines := done(t, "--data", dir, "export", "signals", "--format", "csv")
	if !strings.Contains(lines, "Yes, for residents and for officers.") || strings.Contains(lines, "We at Quillbrook") {
		t.Errorf("the export holds %s", clip(lines))
	}
}
