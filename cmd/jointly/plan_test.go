package main

// From councils' figures to the plan: the baseline moves, a finding is drawn from it, and a recommendation follows.

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// theBaselineMovesThePlan: the operator opens a call; a council answers it with a file that had three wrong rows and signs, and
// councils see the baseline move at once; the operator brings in what others returned, and in the next week everybody sees it
// move, with an edition that the service makes by itself. The operator draws a finding from it and a recommendation, which a
// council agrees to lead.
func theBaselineMovesThePlan(t *testing.T, b *browser, _ *service) {
	dir := t.TempDir()
	s := startService(t, dir, "--demo")
	operator, ambleford, thornmere := b.tab(t, s), b.tab(t, s), b.tab(t, s)
	thornmere.signIn(officer)
	sharing := func() (n int) {
		t.Helper()
		thornmere.open("/baseline/59")
		note := value[string](thornmere, `document.querySelector('#live .jy-section__note').textContent`)
		if _, err := fmt.Sscanf(note, "%d councils share", &n); err != nil {
			t.Fatalf("%q: %v", note, err)
		}
		return n
	}
	before := sharing()

	operator.signIn("Operator")
	call := opensCall(operator, "What a discount takes", "59 Council tax discount", "North West", func() {})
	ambleford.signIn(lead)
	ambleford.open(call)
	ambleford.follow("Answer for your council")
	ambleford.press("Begin your council’s answer")
	ambleford.follow("Fill in a spreadsheet instead")
	wrong := "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\nDEMO-01,59,,,online,lots,,counted\nDEMO-01,59,,,fax,2,,counted\nDEMO-02,59,,,post,3,,counted\n"
	ambleford.upload("Your file", written(t, "wrong.csv", wrong))
	ambleford.sees("3 errors to put right", "Nothing was saved")
	ambleford.heard() // the browser tells of the status itself
	right := "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n"
	ambleford.upload("Your file", written(t, "right.csv", right+returnRows("DEMO-01", 59, ",", 6000)))
	ambleford.sees("1 service in this file")
	ambleford.press("Save as a draft")
	ambleford.follow("Check all of it and sign")
	ambleford.choose("Who may see your council’s figures", "Officers of councils")
	ambleford.press("Sign for Ambleford")
	ambleford.sees("Signed.")
	if after := sharing(); after != before+1 {
		t.Errorf("%d councils share figures after one more signed, %d before", after, before)
	}

	// One council does not move what everybody reads: its figures could be worked out.
	visitor := b.tab(t, s)
	visitor.open("/baseline/59")
	visitor.sees("edition 1")
	was := value[string](visitor, `document.querySelector('.jy-keyfacts').textContent`)
	operator.open("/baseline")
	operator.press("Publish an edition now")
	operator.sees("No edition was made", "seven councils")
	thornmere.quiet()
	s.stop()
	corrected := "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n"
	year := value[string](thornmere, `(document.body.textContent.match(/April (\d{4}) to March/) || ['', ''])[1]`)
	// All that show their figures to councils alone: a few that stayed as they were could be subtracted.
	for _, code := range []string{"03", "04", "06", "07", "10", "12", "15", "21", "22", "23", "27", "30"} {
		corrected += returnRows("DEMO-"+code, 59, periodOf(t, year), 9400)
	}
	if status := run(t.Context(), []string{"--data", dir, "import", "returns", written(t, "corrected.csv", corrected)}, streams{strings.NewReader(""), io.Discard, io.Discard}); status != statusDone {
		t.Fatalf("the import of corrected returns ends with %d", status)
	}
	s = startService(t, dir, "--demo", "--as-of", nextTuesday())
	visitor = b.tab(t, s)
	eventually(t, patience, "the week's edition", func() bool {
		visitor.open("/baseline/59")
		return strings.Contains(visitor.text(), "edition 2")
	})
	if now := value[string](visitor, `document.querySelector('.jy-keyfacts').textContent`); now == was {
		t.Errorf("the baseline says still %s", now)
	}

	operator = b.tab(t, s)
	operator.signIn("Operator")
	operator.open("/baseline/59")
	operator.follow("Draw a finding from this")
	operator.accessible()
	operator.fill("", "What was found?", "Most contacts about a council tax discount are online")
	operator.choose("", "Publish it: everybody can read it from now on")
	operator.press("Save")
	operator.sees("Published.", "Jointly baseline of channels, edition 2", "Council tax discount")
	operator.accessible()
	operator.follow("Write a recommendation that follows from it")
	operator.fill("", "What should be done?", "Let every council take over the form")
	value[bool](operator, `(() => { document.querySelector('select[name=lead]').value = 'DEMO-01'; return true })()`)
	operator.choose("", "Publish it: everybody can read it from now on")
	if status := operator.press("Save"); status != http.StatusOK {
		t.Fatalf("saving a recommendation leads to %s with status %d", operator.path(), status)
	}
	recommendation := operator.path()
	operator.accessible()
	ambleford = b.tab(t, s)
	ambleford.signIn(lead)
	ambleford.open(recommendation)
	ambleford.press("Agree to lead")
	ambleford.sees("Your council leads this now")
	visitor.open("/plan")
	visitor.sees("Let every council take over the form", "Ambleford (demonstration)", "Most contacts about a council tax discount are online", "Who gave evidence", "What a discount takes", "1 of ")
	visitor.accessible()
	for _, tb := range []*tab{operator, ambleford, visitor} {
		tb.quiet()
	}
}

// nextTuesday is a day of the next week on which its edition is due, whatever the time of day.
func nextTuesday() string {
	now := time.Now()
	return now.AddDate(0, 0, 7+int(time.Tuesday)-(int(now.Weekday())+6)%7-1).Format(time.DateOnly)
}

// returnRows are the rows of a council's return for a service, of 10,000 contacts: period is its first and last day with a
// comma between.
func returnRows(council string, lgsl int, period string, online int) string {
	out := ""
	for channel, volume := range map[string]int{"online": online, "phone": 9900 - online, "face_to_face": 60, "post": 40} {
		out += fmt.Sprintf("%s,%d,%s,%s,%d,,counted\n", council, lgsl, period, channel, volume)
	}
	return out
}

// periodOf is the financial year that begins in a year, as files state it.
func periodOf(t *testing.T, year string) string {
	t.Helper()
	first := 0
	if _, err := fmt.Sscanf(year, "%d", &first); err != nil {
		t.Fatalf("the page names no financial year: %q", year)
	}
	return fmt.Sprintf("%d-04-01,%d-03-31", first, first+1)
}
