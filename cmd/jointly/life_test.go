package main

// The whole life of a group in a real browser, with three councils, one of which leaves midway.

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// groupLives takes a group from its proposal to its outcome.
func groupLives(t *testing.T, b *browser, s *service) {
	ambleford, thornmere, brackwater := b.tab(t, s), b.tab(t, s), b.tab(t, s)
	room := proposedToBoth(t, ambleford)
	for _, p := range []struct {
		tb  *tab
		who string
	}{{thornmere, officer}, {brackwater, bystander}} {
		p.tb.signIn(p.who)
		p.tb.open(room)
		p.tb.press("Accept the invitation")
		p.tb.sees("Your council is in the group")
	}

	// What each needs: a conflict stands before the group is agreed, until one gives way.
	ambleford.open(room + "/requirements")
	ambleford.fill("", "What is needed, one thing a line", "Hosted by the supplier")
	ambleford.press("Add")
	for tb, position := range map[*tab]string{ambleford: "Must", thornmere: "Must not"} {
		tb.open(room + "/requirements")
		tb.pick("Hosted by the supplier", position)
		tb.press("Save our column")
	}
	ambleford.open(room + "/move?to=agreed")
	ambleford.sees("The group cannot move on yet", "Members need opposite things in line 1")
	thornmere.open(room + "/requirements")
	thornmere.pick("Hosted by the supplier", "Should")
	thornmere.press("Save our column")

	ambleford.open(room)
	three := value[string](ambleford, `document.querySelector('#value strong').innerText`)
	ambleford.press("Record that the group is agreed")
	ambleford.press("Record that the group is agreed")
	ambleford.sees("The group is at the stage ‘agreed’", "Brackwater (demonstration)")

	// One of the three leaves: members, months and value are worked out anew.
	brackwater.open(room)
	brackwater.fold("Leave the group")
	brackwater.press("Leave the group")
	brackwater.sees("There is a problem", "Say why")
	brackwater.heard() // that it was refused
	brackwater.fill("", "Why does your council leave?", "Our contract was extended to 2030")
	brackwater.press("Leave the group")
	brackwater.open(room)
	brackwater.sees("Your council left on", "Our contract was extended to 2030")
	if text := brackwater.text(); strings.Contains(text, "Hosted by the supplier") || strings.Contains(text, "£") {
		t.Error("who left still reads what is in the room")
	}
	ambleford.open(room)
	ambleford.sees("Who declined or left", "Our contract was extended to 2030", "Group of 2 councils")
	if two := value[string](ambleford, `document.querySelector('#value strong').innerText`); two == three || two == "" {
		t.Errorf("with two members the joint value is %s, with three it was %s", two, three)
	}
	ambleford.open("/inbox")
	ambleford.sees("Brackwater (demonstration) left the group", "You are told because your council is in the group")

	goesToMarket(t, ambleford, thornmere, room)
	brackwater.open(room)
	brackwater.sees("Live in both councils since April", "This group is closed")
	for _, tb := range []*tab{ambleford, thornmere, brackwater} {
		tb.quiet()
	}
}

// proposedToBoth proposes a group for revenues and benefits to Thornmere and Brackwater, led by Ambleford.
func proposedToBoth(t *testing.T, ambleford *tab) (room string) {
	ambleford.signIn(lead)
	ambleford.follow("Revenues and benefits system")
	ambleford.open(ambleford.path() + "/matches")
	ambleford.sees("Thornmere (demonstration)", "Brackwater (demonstration)", "points")
	value[bool](ambleford, `(() => { for (const l of document.querySelectorAll('form[action="/groups/new"] label')) {
		const wanted = /Thornmere|Brackwater/.test(l.textContent)
		if (l.control.checked !== wanted) l.click()
	} return true })()`)
	ambleford.press("Propose a group")
	ambleford.choose("Would your council be the lead", "Yes")
	if status := ambleford.press("Propose the group"); status != http.StatusOK {
		t.Fatalf("proposing leads to %s with status %d", ambleford.path(), status)
	}
	return ambleford.path()
}

// goesToMarket takes an agreed group of two through approvals, route, lots, procurement, award and its end.
func goesToMarket(t *testing.T, ambleford, thornmere *tab, room string) {
	yesterday := time.Now().AddDate(0, 0, -1)
	day := func(tb *tab, legend string) {
		tb.fill(legend, "Day", yesterday.Format("2"))
		tb.fill(legend, "Month", yesterday.Format("1"))
		tb.fill(legend, "Year", yesterday.Format("2006"))
	}
	for _, tb := range []*tab{ambleford, thornmere} {
		tb.open(room)
		tb.choose("Where does your council stand", "Approved")
		tb.fill("", "Reference of the approval", "Cabinet 41")
		day(tb, "When was it approved")
		tb.fill("", "How much does your council commit", "£900,000")
		tb.press("Save where we stand")
		tb.sees("Your council stands at: approved", "Cabinet 41")
		tb.choose("Does your council have a conflict", "None that we know of")
		tb.press("Save the declaration")
		tb.sees("Your declaration is recorded")
	}
	ambleford.open(room + "/dates")
	ambleford.choose("How does the group buy?", "Open tender")
	ambleford.fill("", "Why this route", "No framework covers both councils")
	ambleford.press("Work out the dates")
	ambleford.sees("Route: open tender", "Dates, worked back from the first contract that ends")
	ambleford.open(room + "/value")
	ambleford.choose("Is the purchase divided into lots", "No")
	ambleford.fill("", "How is it divided, or why not", "One system, one set of data")
	ambleford.press("Save value and lots")

	ambleford.open(room)
	ambleford.press("Begin to procure")
	ambleford.press("Begin to procure")
	ambleford.sees("The group is at the stage ‘procuring’")
	thornmere.open(room)
	thornmere.sees("runs it, and records the award here")
	ambleford.press("Record the award")
	ambleford.press("Record the award")
	ambleford.sees("There is a problem", "Enter the supplier that was chosen", "Enter the day of the award")
	ambleford.heard() // that it was refused
	ambleford.fill("", "Which supplier was chosen?", "Quillbrook Systems (demonstration)")
	day(ambleford, "When was it awarded?")
	ambleford.press("Record the award")
	thornmere.open(room)
	thornmere.sees("What was awarded", "Quillbrook Systems (demonstration)")
	ambleford.press("Close the group")
	ambleford.fill("", "What came of it?", "Live in both councils since April")
	ambleford.press("Close the group")
	ambleford.sees("Live in both councils since April", "This group is closed", "How the group came here")
	if status := thornmere.open(room + "/report"); status != http.StatusOK {
		t.Errorf("the committee report of a member: %d", status)
	}
	thornmere.sees("No framework covers both councils", "Hosted by the supplier")
}

// fold opens what is folded under a summary.
func (tb *tab) fold(summary string) {
	tb.t.Helper()
	value[bool](tb, `(() => { const s = [...document.querySelectorAll('summary')].find((s) => s.innerText.trim() === `+quoted(summary)+`); if (!s.parentElement.open) s.click(); return true })()`)
}

// pick chooses an option in the list whose label, or the row that it stands in, holds a text.
func (tb *tab) pick(label, option string) {
	tb.t.Helper()
	value[bool](tb, `(() => {
		const s = [...document.querySelectorAll('select')].find((s) => (s.labels[0]?.textContent + (s.closest('tr')?.textContent ?? '')).includes(`+quoted(label)+`))
		s.value = [...s.options].find((o) => o.text.trim() === `+quoted(option)+`).value
		s.dispatchEvent(new Event('change', {bubbles: true}))
		return true
	})()`)
}
