package main

// The whole life of a group in a real browser, with three councils, one of which leaves midway.

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// groupLives takes a group from the proposal to its outcome.
func groupLives(t *testing.T, b *browser, s *service) {
	ambleford, thornmere, brackwater := b.tab(t, s), b.tab(t, s), b.tab(t, s)
	ambleford.signIn(lead)
	ambleford.follow("Revenues and benefits system")
	ambleford.open(ambleford.path() + "/matches")
	ambleford.sees("Thornmere (demonstration)", "Brackwater (demonstration)", "points")
	for _, name := range value[[]string](ambleford, `[...document.querySelectorAll('form[action="/groups/new"] label')].map((l) => l.textContent.trim())`) {
		if !strings.Contains(name, "Thornmere") && !strings.Contains(name, "Brackwater") {
			if value[bool](ambleford, `[...document.querySelectorAll('form[action="/groups/new"] label')].find((l) => l.textContent.trim() === `+quoted(name)+`).control.checked`) {
				ambleford.choose("Councils to ask", name)
			}
		} else if !value[bool](ambleford, `[...document.querySelectorAll('form[action="/groups/new"] label')].find((l) => l.textContent.trim() === `+quoted(name)+`).control.checked`) {
			ambleford.choose("Councils to ask", name)
		}
	}
	ambleford.press("Propose a group")
	ambleford.choose("Would your council be the lead", "Yes")
	if status := ambleford.press("Propose the group"); status != http.StatusOK {
		t.Fatalf("proposing leads to %s with status %d", ambleford.path(), status)
	}
	room := ambleford.path()
	for _, p := range []struct {
		tb  *tab
		who string
	}{{thornmere, officer}, {brackwater, bystander}} {
		p.tb.signIn(p.who)
		p.tb.open(room)
		p.tb.press("Accept the invitation")
		p.tb.sees("Your council is in the group")
	}

	// Agreed, and then one of the three leaves: months and value are worked out anew.
	ambleford.open(room)
	three := value[string](ambleford, `document.querySelector('#value strong').innerText`)
	ambleford.press("Record that the group is agreed")
	ambleford.press("Record that the group is agreed")
	ambleford.sees("The group is at the stage ‘agreed’", "Brackwater (demonstration)")
	brackwater.open(room)
	brackwater.fold("Leave the group")
	brackwater.press("Leave the group")
	brackwater.sees("There is a problem", "Say why")
	brackwater.fill("", "Why does your council leave?", "Our contract was extended to 2030")
	brackwater.press("Leave the group")
	brackwater.open(room)
	brackwater.sees("Your council left on", "Our contract was extended to 2030")
	ambleford.open(room)
	ambleford.sees("Who declined or left", "Our contract was extended to 2030", "Group of 2 councils")
	if two := value[string](ambleford, `document.querySelector('#value strong').innerText`); two == three || two == "" {
		t.Errorf("with two members the joint value is %s, with three it was %s", two, three)
	}

	// Each member records its approval and its declaration; then the lead authority moves the group to market.
	for _, tb := range []*tab{ambleford, thornmere} {
		tb.open(room)
		tb.choose("Where does your council stand", "Approved")
		tb.fill("", "Reference of the approval", "Cabinet 41")
		yesterday := time.Now().AddDate(0, 0, -1)
		tb.fill("When was it approved", "Day", yesterday.Format("2"))
		tb.fill("When was it approved", "Month", yesterday.Format("1"))
		tb.fill("When was it approved", "Year", yesterday.Format("2006"))
		tb.fill("", "How much does your council commit", "£900,000")
		tb.press("Save where we stand")
		tb.sees("Your council stands at: approved", "Cabinet 41")
		tb.choose("Does your council have a conflict", "None that we know of")
		tb.press("Save the declaration")
		tb.sees("Your declaration is recorded")
	}
	return
}

// fold opens what is folded under a summary.
func (tb *tab) fold(summary string) {
	tb.t.Helper()
	value[bool](tb, `(() => { const s = [...document.querySelectorAll('summary')].find((s) => s.innerText.trim() === `+quoted(summary)+`); if (!s.parentElement.open) s.click(); return true })()`)
}
