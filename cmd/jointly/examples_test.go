package main

// An example, from its first page to another council's need.

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// anExampleIsAdopted: a council writes an example, the operator publishes it, another council finds it by search, says that
// it does it too, asks about it, and lists a need like it.
func anExampleIsAdopted(t *testing.T, b *browser, _ *service) {
	s := startService(t, t.TempDir(), "--demo")
	writer, operator, other := b.tab(t, s), b.tab(t, s), b.tab(t, s)
	writer.signIn(lead)
	writer.open("/examples")
	writer.follow("Write an example")
	writer.fill("", "Title", "Sandbags lent by text message")
	writer.fill("", "In one or two sentences", "Residents ask by text and fetch sandbags from the nearest depot.")
	writer.fill("", "For whom was it done?", "Households near the river")
	writer.fill("", "What was done?", "We listed depots, and answer each text with the nearest one that has sandbags left.")
	writer.fits()
	writer.press("Save and continue")
	writer.fill("", "Which services did it change?", "waste")
	if status := writer.press("Save and continue"); status != http.StatusBadRequest {
		t.Errorf("a name that several services have is answered with %d", status)
	}
	writer.sees("There is a problem", "in the names of several services")
	writer.do(chromedp.Clear(labelled("", "Which services did it change?")))
	writer.fill("", "Which services did it change?", "Household waste collection")
	writer.choose("Customer and digital services", "Notifications")
	writer.fits()
	writer.press("Save and continue")
	writer.fill("", "Who worked on it?", "A flood officer, a developer for a month")
	writer.fill("", "How many months until it was live?", "3")
	writer.fits()
	writer.press("Save and continue")
	writer.fill("", "What is the figure of?", "Sandbags fetched in a storm")
	writer.fill("", "After", "1,900")
	writer.choose("Was it measured or estimated?", "Measured")
	writer.fill("", "By whom?", "The depots")
	writer.fill("When was that?", "Month", "1")
	writer.fill("When was that?", "Year", "2026")
	writer.fits()
	writer.press("Save and continue")
	writer.choose("", "Other councils can ask us about it")
	writer.fill("", "What went wrong?", "One depot ran out in an hour.")
	writer.press("Save and continue")
	writer.sees("It is complete", "Sandbags fetched in a storm", "1,900")
	writer.fits()
	example := strings.TrimSuffix(writer.path(), "/draft")
	if status := other.open(example); status != http.StatusNotFound {
		t.Errorf("a draft is answered with %d", status)
	}
	other.heard() // the browser tells of the status itself
	writer.press("Send it for review")
	writer.sees("In review")

	operator.signIn("Operator of this service (demonstration)")
	operator.open("/queue")
	operator.follow("Sandbags lent by text message")
	operator.fits()
	operator.press("Publish it")
	operator.sees("Published. Its council is told")

	other.signIn(officer)
	eventually(t, 20*time.Second, "the example is found", func() bool {
		other.open("/search?q=sandbags&kind=example")
		return strings.Contains(other.text(), "Sandbags lent by text message")
	})
	other.follow("Sandbags lent by text message")
	other.fits()
	other.choose("How far is your council?", "We have started")
	other.choose("Who sees that it is your council?", "Everybody")
	other.press("Say so")
	other.sees("Saved. The council that wrote the example is told", "0 live and 1 started, of", "Thornmere (demonstration)")
	visitor := b.tab(t, s)
	visitor.open(example)
	visitor.sees("Thornmere (demonstration)", "0 live and 1 started, of", "Sign in with a council address")
	visitor.fits()
	other.press("List a need like this")
	other.sees("The draft is filled in from the example", "Sandbags lent by text message", "Ambleford (demonstration)")
	other.follow("earliest start of the tender")
	other.month("earliest", 4)
	other.month("And the latest?", 12)
	other.press("Save and check")
	if status := other.press("List this need"); status != http.StatusOK {
		t.Errorf("listing the need leads to %s with status %d: %s", other.path(), status, other.text())
	}
	other.sees("Your need is listed")
	other.open(example)
	other.follow("Ask Ambleford (demonstration) about it")
	other.fill("", "Your message", "Which depots did you begin with?")
	other.fits()
	other.press("Send")
	other.sees("Sent. The other council is told", "Which depots did you begin with?")
	writer.open("/inbox")
	writer.sees("Your example is public: Sandbags lent by text message", "has started on ‘Sandbags lent by text message’", "asks to talk: Sandbags lent by text message")
	for _, tb := range []*tab{operator, other, visitor} {
		tb.quiet()
	}
}
