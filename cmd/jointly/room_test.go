package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// twoWordALine: two members word the same line of the requirements at once. The second is shown both, with its own words
// in the form, and saves over or takes the other's.
func twoWordALine(t *testing.T, b *browser, s *service) {
	first, second := b.tab(t, s), b.tab(t, s)
	first.signIn(lead)
	second.signIn(bystander)
	for _, tb := range []*tab{first, second} {
		tb.open("/groups/demo-laptops-north")
		tb.sees("Requirements: 1 conflict, 1 open, 3 agreed")
		tb.follow("Delivered in two tranches")
		tb.do(chromedp.Click(named("summary", "Change the text"), chromedp.NodeVisible))
	}
	first.fill("", "What is needed", ", four months apart")
	second.fill("", "What is needed", ", or in one")
	second.fill("", "Note (optional)", "Priced <both> ways")
	if status := first.press("Save the wording"); status != http.StatusOK {
		t.Fatalf("the first is answered with %d", status)
	}
	first.quiet()
	if status := second.press("Save the wording"); status != http.StatusConflict {
		t.Fatalf("the second is answered with %d", status)
	}
	second.sees("Somebody else changed this line while you were", "Ambleford (demonstration)", ", four months apart", "Keep theirs")
	for field, want := range map[string]string{"text": ", or in one", "note": "Priced <both> ways"} {
		if got := value[string](second, `document.querySelector('#yours [name=`+field+`]').value`); !strings.Contains(got, want) || strings.Contains(got, "four months") {
			t.Errorf("the %s of the second is kept as %q", field, got)
		}
	}
	checkAccess(second)
	second.resize(narrow)
	checkAccess(second)
	if fault := tooWide(second); fault != "" {
		t.Error(fault)
	}
	for _, fault := range second.heard() { // the browser tells of the status itself
		if !strings.Contains(fault, "409") {
			t.Error(fault)
		}
	}
	if status := second.press("Save mine over it"); status != http.StatusOK {
		t.Fatalf("saving over is answered with %d", status)
	}
	second.sees(", or in one", "Priced <both> ways", "It said before", ", four months apart")

	// The other way: the first, whose page is old by now, takes what is saved.
	first.do(chromedp.Click(named("summary", "Change the text"), chromedp.NodeVisible))
	first.fill("", "What is needed", " exactly")
	if status := first.press("Save the wording"); status != http.StatusConflict {
		t.Fatalf("an old page is answered with %d", status)
	}
	first.follow("Keep theirs")
	first.sees(", or in one")
	if strings.Contains(first.text(), "exactly") {
		t.Error("taking the other's wording kept one's own")
	}
	for _, page := range []string{"/groups/demo-laptops-north", "/groups/demo-laptops-north/requirements", "/groups/demo-laptops-north/decisions/demo-lnd-1", "/groups/demo-laptops-north/decisions/new", "/groups/demo-laptops-north/papers"} {
		for _, width := range []int64{wide, narrow} {
			second.resize(width)
			second.open(page)
			checkAccess(second)
			if fault := tooWide(second); fault != "" {
				t.Error(fault)
			}
			second.quiet()
		}
	}
}
