package main

// A call for evidence, from the operator's form to a council's signature.

import (
	"strings"
	"testing"
	"time"
)

// evidenceIsGiven: the operator opens a call; a council uploads its figures with three wrong rows, is told of each, mends
// them, signs, and sees its figures stand.
func evidenceIsGiven(t *testing.T, b *browser, s *service) {
	const officers = "Commissioning officer, Brackwater (demonstration)"
	operator := b.tab(t, s)
	operator.signIn("Operator")
	call := opensCall(operator, "How residents ask for a discount", "63 Council tax benefit new claim", "North East", operator.accessible)

	officer := b.tab(t, s)
	officer.signIn(officers)
	eventually(t, patience, "the invitation", func() bool {
		officer.open("/inbox")
		return strings.Contains(officer.text(), "How residents ask for a discount")
	})
	officer.open(call)
	officer.follow("Answer for your council")
	officer.press("Begin your council’s answer")
	officer.follow("Fill in a spreadsheet instead")
	const titles, row = "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n", "DEMO-06,63,,,"
	officer.upload("Your file", written(t, "figures.csv", titles+row+"online,9000,,counted\n"+row+"fax,12,,counted\n"+row+"phone,many,,counted\nDEMO-01,63,,,post,3,,counted\n"))
	officer.sees("3 errors to put right", "Nothing was saved, and nothing is lost", "Write online, phone, face_to_face or post", "This is not a number of contacts", "not of your council")
	officer.accessible()
	officer.heard() // the browser tells of the status itself
	officer.upload("Your file", written(t, "mended.csv", titles+row+"online,9000,,counted\n"+row+"phone,3000,,counted\n"+row+"face_to_face,0,,counted\n"+row+"post,600,,estimated\n"))
	officer.sees("1 service in this file", "Nothing is saved yet")
	officer.press("Save as a draft")
	officer.sees("1 of 1 service", "Completed")
	officer.follow("What would make you buy together?")
	officer.fill("", "Your council’s answer", "End dates that line up.")
	officer.choose("", "Anybody, under the council’s name")
	officer.press("Save")
	officer.follow("Check all of it and sign")
	officer.accessible()
	officer.sees("12,600", "71.4%", "For 1,000 residents", "End dates that line up.")
	officer.choose("Who may see your council’s figures", "Anybody")
	officer.press("Sign for Brackwater")
	officer.sees("Signed.", "Signed so far", "The figures that stand", "9,000", "All of it is signed")

	officer.accessible()
	officer.open(call + "/answer/services/63")
	officer.accessible()
	operator.open(call + "/questions/q1")
	operator.sees("End dates that line up.", "Not coded yet")
	operator.accessible()

	public := b.tab(t, s)
	public.open(call)
	public.sees("signed an answer", "Brackwater (demonstration)", "End dates that line up.")
	public.accessible()
	public.open("/evidence")
	public.accessible()
	for _, tb := range []*tab{operator, officer, public} {
		tb.quiet()
	}
}

// opensCall has the operator ask a region's councils about a service, and looks at the pages on the way; it gives the call's
// address.
func opensCall(operator *tab, title, service, region string, look func()) string {
	operator.t.Helper()
	operator.open("/calls/new")
	look()
	operator.fill("", "Title", title)
	operator.fill("", "Why do you ask?", "To see what a form online is worth.")
	operator.fill("", "Services", service)
	until := time.Now().AddDate(0, 2, 0)
	for part, layout := range map[string]string{"Day": "2", "Month": "1", "Year": "2006"} {
		operator.fill("Last day for answers", part, until.Format(layout))
	}
	operator.choose("Regions", region)
	operator.fill("", "Buying together", "What would make you buy together?")
	operator.press("Save the call")
	operator.sees("Saved as a draft", "Nobody else sees it")
	operator.follow("Look it over and open it")
	operator.sees("Councils asked")
	look()
	operator.press("Open the call")
	operator.sees("The call is open", "Who answered")
	return operator.path()
}

// accessible checks the page as it stands, wide and narrow.
func (tb *tab) accessible() {
	tb.t.Helper()
	for _, width := range []int64{narrow, wide} {
		tb.resize(width)
		checkAccess(tb)
		if what := tooWide(tb); what != "" {
			tb.t.Error(what)
		}
	}
}
