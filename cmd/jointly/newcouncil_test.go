package main

// A council that is new to the service, from its public page to who could buy with it.

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// newcomerCouncil is a council that public notices tell of and nobody has signed in for.
const (
	newcomerCouncil = "/councils/E06000052"
	newcomer        = "contracts.officer@cornwall.gov.uk"
)

// councilComes: its page tells what notices do; an officer signs in with its domain, imports the register, mends it,
// undoes it and imports it again, sees what ends when, and makes of a contract that ends an intention with matches.
func councilComes(t *testing.T, b *browser, s *service) {
	officer := b.tab(t, s)
	officer.open(newcomerCouncil)
	officer.sees("Cornwall Council", "The council has not checked this page", "Do you work for Cornwall?", "What ends when")
	officer.leads(chromedp.Click(named("main a[href]", "Sign in"), chromedp.NodeVisible))
	officer.signInWithCode(s, newcomer)
	if officer.path() != newcomerCouncil {
		t.Errorf("signing in leads to %s, want the page that one came from", officer.path())
	}

	officer.open("/desk")
	officer.follow("Bring in your council’s contracts")
	officer.sees("Private until your account is approved")
	officer.upload("Contracts register", writtenRegister(t, 300, map[int]string{16: "end", 120: "value", 250: "reference"}))
	officer.sees("Check the columns", "Contract Reference", "Titles found in row 3")
	officer.press("Continue")
	officer.sees("3 errors to put right", "Nothing was written", "Row 20 Error", "that month has no such day", "Row 124 Error", "This is not an amount in pounds",
		"Row 254 Error", "Enter the contract reference")
	officer.follow("Upload the mended file")
	mended := writtenRegister(t, 300, nil)
	officer.bringsIn(mended, "Import 300 contracts")
	officer.sees("300", "See your estate")
	officer.press("Undo this import")
	officer.settles("Undone")
	officer.open("/estate/contracts")
	if text := officer.text(); strings.Contains(text, "COR-") {
		t.Errorf("after undoing there is still %s", clip(text))
	}
	officer.open("/estate/import")
	officer.sees("Undone")
	officer.bringsIn(mended, "Import 300 contracts")
	officer.follow("See your estate")
	officer.sees("My estate: 302 contracts", "What ends when", "Revenues and benefits system", "Where the money goes")
	if n := value[int](officer, `document.querySelectorAll('#ends svg a').length`); n < 20 {
		t.Errorf("the timeline links to %d contracts", n)
	}

	// Its first lead is approved by a person.
	officer.open("/people")
	officer.choose("What do you need to do?", "Lead")
	officer.fill("", "What is your job?", "Contracts officer for ICT")
	officer.press("Ask")
	operator := b.tab(t, s)
	operator.signIn("Operator")
	operator.open("/queue")
	operator.sees(newcomer, "Contracts officer for ICT")
	operator.approves(newcomer)

	officer.open("/estate")
	officer.setsUpApp(time.Now())
	officer.open("/estate")
	officer.withoutScript()
	officer.sees("Next: Revenues and benefits system")
	officer.listsNext()
	officer.sees("Ambleford (demonstration)", "points", "Why we suggest it")
	officer.quiet()
	operator.quiet()
}

// signInWithCode signs in at the page that asks for an address, with the code that the service's log tells where there is
// no mail server.
func (tb *tab) signInWithCode(s *service, email string) {
	tb.t.Helper()
	tb.fill("", "Your work email address", email)
	tb.press("Send")
	told := regexp.MustCompile(regexp.QuoteMeta(email) + `.*?(\d{6}) is your code`)
	var code string
	eventually(tb.t, 10*time.Second, "the code for "+email, func() bool {
		if all := told.FindAllStringSubmatch(s.log.String(), -1); len(all) > 0 {
			code = all[len(all)-1][1]
		}
		return code != ""
	})
	tb.fill("", "Code", code)
	if status := tb.press("Sign in"); status != http.StatusOK {
		tb.t.Fatalf("signing in with a code leads to %s with status %d", tb.path(), status)
	}
}

// setsUpApp sets up an authenticator app, as whoever acts for an organisation is asked to; now is the service's time.
func (tb *tab) setsUpApp(now time.Time) {
	tb.t.Helper()
	if !strings.HasPrefix(tb.path(), "/security/set-up") {
		tb.t.Fatalf("nobody is asked for a second factor at %s", tb.path())
	}
	tb.follow("Set up an authenticator app")
	code, err := totp.GenerateCode(strings.ReplaceAll(value[string](tb, `document.querySelector('.jy-key').innerText`), " ", ""), now)
	if err != nil {
		tb.t.Fatal(err)
	}
	tb.fill("", "Code that the app shows", code)
	tb.press("Continue")
	tb.sees("recovery codes")
}

// upload chooses a file for a field and sends it.
func (tb *tab) upload(label, file string) {
	tb.t.Helper()
	tb.do(chromedp.SetUploadFiles(labelled("", label), []string{file}))
	tb.leads(chromedp.Click(chromedp.JSPath(`[...document.querySelectorAll('form')].find((f) => f.querySelector('input[type=file]')?.files.length > 0).querySelector('button')`)))
}

// bringsIn imports a register whose columns are as the product takes them, and waits for its end.
func (tb *tab) bringsIn(file, button string) {
	tb.t.Helper()
	tb.upload("Contracts register", file)
	tb.press("Continue")
	tb.press(button)
	tb.settles("Imported")
}

// settles looks at the page of an import again and again, as it does by itself, until that is over.
func (tb *tab) settles(heading string) {
	tb.t.Helper()
	path := tb.path()
	eventually(tb.t, patience, heading, func() bool {
		tb.open(path)
		return value[string](tb, `document.querySelector('h1').innerText`) == heading
	})
}

// listsNext makes an intention of the contract that is to be decided first.
func (tb *tab) listsNext() {
	tb.t.Helper()
	tb.press("Make this intention")
	tb.lists("revenues and benefits")
}

// lists lists a need that a contract filled in, after it said that it was read right.
func (tb *tab) lists(capability string) {
	tb.t.Helper()
	tb.sees("Check your answers", "Nothing is listed yet", "1 answer is missing")
	tb.leads(chromedp.Click(chromedp.JSPath(`[...document.querySelectorAll('main a')].find((a) => a.textContent.replace(/\s+/g, ' ').includes('Change what it is for'))`)))
	tb.choose("Is it "+capability, "Yes")
	tb.press("Save")
	if status := tb.press("List this need"); status != http.StatusOK {
		tb.t.Fatalf("listing a need leads to %s with status %d: %s", tb.path(), status, tb.text())
	}
}

// approves gives somebody whose request waits in the queue what was asked for.
func (tb *tab) approves(email string) {
	tb.t.Helper()
	tb.leads(chromedp.Click(chromedp.JSPath(fmt.Sprintf(`[...document.querySelectorAll('form')].find((f) => f.querySelector('button')?.textContent.includes('Make lead') && (f.closest('li, section, tr, .govuk-summary-card') ?? f.parentElement).textContent.includes(%s)).querySelector('button')`, quoted(email)))))
}

// writtenRegister writes a contracts register as councils write one: two lines above the titles, titles of their own, British
// dates, amounts with commas. A row can be spoilt, by its place, in what the map names.
func writtenRegister(t *testing.T, rows int, spoilt map[int]string) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("Contracts register,,,,,,\nPublished each quarter,,,,,,\nContract Ref,Contract title,Directorate,Start date,End date,Contract value,Supplier name\n")
	year := time.Now().Year()
	for i := range rows {
		reference, title, end, amount := fmt.Sprintf("COR-%03d", i), fmt.Sprintf("Upkeep of estate lot %d", i), fmt.Sprintf("%02d/%02d/%d", i%28+1, i%12+1, year+3+i%4), fmt.Sprintf("\"£%d,500\"", 10+i)
		if i == 42 {
			title, end, amount = "Revenues and benefits system", time.Now().AddDate(0, 20, 0).Format("02/01/2006"), "\"£690,000\""
		}
		switch spoilt[i] {
		case "end":
			end = fmt.Sprintf("31/02/%d", year+3)
		case "value":
			amount = "plenty"
		case "reference":
			reference = ""
		}
		fmt.Fprintf(&text, "%s,%s,Resources,01/04/%d,%s,%s,Supplier %d Limited\n", reference, title, year-1, end, amount, i%40)
	}
	return written(t, "contracts-register.csv", text.String())
}
