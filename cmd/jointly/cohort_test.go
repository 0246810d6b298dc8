package main

// The councils of Surrey, which become two: what those of the west have between them, and from there to buying together.

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Officers of two councils that become West Surrey Council on 1 April 2027, and their registers.
const (
	guildford = "ict.lead@guildford.gov.uk"
	waverley  = "ict.lead@waverley.gov.uk"

	titles            = "Contract Reference,Contract title,Start date,End date,Extension period,Contract value,Supplier name\n"
	guildfordRegister = titles + "G-1,Housing management system,01/04/2023,31/03/2028,12 months,480000,MRI Software Limited\n" +
		"G-2,Payroll bureau and HR system,01/03/2024,28/02/2027,,90000,Midland HR Limited\n"
	waverleyRegister = titles + "W-1,Housing management system,01/10/2023,30/09/2028,24 months,390000,Civica UK Limited\n"
)

// cohortBuysTogether runs on a day before the councils are one, whatever today is.
func cohortBuysTogether(t *testing.T, b *browser, _ *service) {
	dir := t.TempDir()
	began, noon := time.Now(), time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) // when the service's clock begins
	s := startService(t, dir, "--demo", "--as-of", "2026-11-26")
	for council, officer := range map[string]struct{ email, register string }{"E07000209": {guildford, guildfordRegister}, "E07000216": {waverley, waverleyRegister}} {
		done(t, "--data", dir, "account", "add", "--email", officer.email, "--council", council, "--role", "lead")
		done(t, "--data", dir, "import", "contracts", written(t, "register.csv", officer.register), "--council", council)
	}
	first, second := b.tab(t, s), b.tab(t, s)
	for tb, email := range map[*tab]string{first: guildford, second: waverley} {
		tb.open("/sign-in")
		tb.signInWithCode(s, email)
		tb.setsUpApp(noon.Add(time.Since(began)))
		tb.open("/desk")
		tb.follow("See what you have between you: your council and")
		tb.sees("What you have between you", "West Surrey Council takes over on 1 April 2027", "This is decided")
	}

	// The same system twice, what ends before, what to extend to one date, what to novate and what consent that may need.
	for section, says := range map[string][]string{
		"twice":  {"Housing management", "Guildford", "Waverley", "MRI", "Civica"},
		"before": {"Payroll bureau and HR system", "28 February 2027"},
		"past":   {"novation", "Housing management system", "consent may be needed"},
		"align":  {"all could end on 30 September 2028", "Guildford extends by 6 months, of 12"},
	} {
		text := value[string](first, `document.getElementById(`+quoted(section)+`)?.innerText ?? ''`)
		for _, want := range says {
			if !strings.Contains(text, want) {
				t.Errorf("of what they have between them, %s does not say %q: %s", section, want, clip(text))
			}
		}
	}

	for _, tb := range []*tab{first, second} {
		tb.leads(chromedp.Click(chromedp.JSPath(`[...document.querySelectorAll("#twice a")].find((a) => a.href.includes("contract="))`), chromedp.NodeVisible))
		tb.press("Fill in a draft")
		tb.lists("housing management")
	}
	matches := first.path()
	second.sees("Guildford", "Why we suggest it")
	first.open(matches)
	first.sees("Waverley", "Why we suggest it", "You both become West Surrey Council on 1 April 2027")
	for _, other := range []string{"Eastwharf", "Queensmoor"} {
		first.choose("Councils to ask", other)
	}
	first.press("Propose a group")
	first.choose("Would your council be the lead", "Yes")
	if status := first.press("Propose the group"); status != http.StatusOK {
		t.Fatalf("proposing leads to %s with status %d", first.path(), status)
	}
	second.open("/desk")
	second.sees("invitation to buy together", "Guildford")
	for _, tb := range []*tab{first, second} {
		tb.quiet()
	}
}
