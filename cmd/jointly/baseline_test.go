package main

import (
	"strings"
	"testing"
)

// readsTheBaseline: an officer goes from the evidence to a service, sees its place, and moves an assumption; everything fits
// a phone and works without scripts.
func readsTheBaseline(t *testing.T, b *browser, s *service) {
	tb := b.tab(t, s)
	tb.withoutScript()
	tb.signIn("ICT category officer")
	tb.open("/evidence")
	tb.follow("Baseline of channels")
	tb.sees("How people reach council services", "Your council has signed figures", "Council tax discount")
	tb.follow("Council tax discount")
	tb.sees("of your contacts come online", "The middle half of councils", "What councils share, as of now", "Your nearest neighbours", "historic")
	if status := tb.press("Work it out again"); status != 200 || !strings.Contains(tb.path(), "target=") {
		t.Errorf("%s has status %d", tb.path(), status)
	}
	tb.sees("contacts a year would move", "not a forecast")
	tb.quiet()
	if status := tb.open("/baseline/59?target=many"); status != 400 {
		t.Errorf("status %d for a share that is no number", status)
	}
	tb.sees("There is a problem", "Enter the share that would come online, from 0 to 100")

	other := b.tab(t, s)
	other.signIn("ICT category officer")
	for _, width := range []int64{wide, narrow} {
		other.resize(width)
		for _, path := range []string{"/baseline", "/baseline/59", "/baseline/59?target=many", "/baseline/59?period=2024-04-01", "/baseline/editions", "/baseline/editions/1", "/services/59"} {
			other.open(path)
			checkAccess(other)
			if what := tooWide(other); what != "" {
				t.Error(what)
			}
		}
	}
}
