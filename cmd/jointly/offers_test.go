package main

import (
	"net/http"
	"strings"
	"testing"
)

// agent answers for a body of central government in the demonstration.
const agent = "Head of local services, Office for Local Platforms (demonstration)"

// skillsAreLent is that a council offers somebody's time, another finds it by searching and asks to talk, and the two
// read each other.
func skillsAreLent(t *testing.T, b *browser, s *service) {
	ambleford := b.tab(t, s)
	ambleford.signIn(lead)
	ambleford.open("/offers")
	ambleford.follow("Offer or seek skills")
	checkAccess(ambleford)
	ambleford.choose("Does your council offer or seek?", "We offer")
	ambleford.fill("", "Title", "Content designer for planning letters")
	ambleford.choose("On what terms?", "At cost")
	if status := ambleford.press("List it"); status != http.StatusBadRequest {
		t.Errorf("without the kind of work it answers %d", status)
	}
	ambleford.sees("Choose the kind of work")
	checkAccess(ambleford)
	ambleford.heard() // a browser notes each answer that refuses
	value[bool](ambleford, `(() => { document.querySelector('#role').value = 'content'; return true })()`)
	ambleford.month("From when?", 2)
	ambleford.fill("", "How much time?", "2")
	ambleford.choose("That is counted in", "Days a month")
	if status := ambleford.press("List it"); status != http.StatusOK {
		t.Fatalf("listing it leads to %s with status %d", ambleford.path(), status)
	}
	ambleford.sees("Content designer for planning letters", "2 days a month", "Your council’s offer", "Seen by: officers of councils")
	checkAccess(ambleford)
	offer := ambleford.path()

	thornmere := b.tab(t, s)
	thornmere.signIn(officer)
	thornmere.open("/offers")
	thornmere.fill("", "Search skills and leadership", "content designer planning")
	thornmere.press("Search")
	thornmere.follow("Content designer for planning letters")
	if thornmere.path() != offer {
		t.Errorf("the result leads to %s, want %s", thornmere.path(), offer)
	}
	thornmere.press("Ask to talk")
	checkAccess(thornmere)
	thornmere.fill("", "Your message", "Could they look at our decision notices?")
	if status := thornmere.press("Send"); status != http.StatusOK {
		t.Fatalf("asking leads to %s with status %d", thornmere.path(), status)
	}
	talk := thornmere.path()
	ambleford.open(talk)
	ambleford.sees("Your offer", "Could they look at our decision notices?", "Neither of you sees yet who wrote")
	seller := b.tab(t, s)
	seller.signIn(supplier)
	for _, page := range []string{offer, talk} {
		if status := seller.open(page); status != http.StatusNotFound && status != http.StatusForbidden {
			t.Errorf("a supplier gets %d for %s", status, page)
		}
	}
	ambleford.quiet()
	thornmere.quiet()
}

// councilsAskTogether is that one council asks something of a body, a second asks the same, and the body answers both.
func councilsAskTogether(t *testing.T, b *browser, s *service) {
	ambleford := b.tab(t, s)
	ambleford.signIn(lead)
	ambleford.open("/bodies")
	checkAccess(ambleford)
	ambleford.follow("Office for Local Platforms (demonstration)")
	checkAccess(ambleford)
	ambleford.press("Ask something")
	ambleford.fill("", "What do you ask for?", "A test account for every council")
	ambleford.fill("", "Why?", "We test on live accounts today.")
	checkAccess(ambleford)
	if status := ambleford.press("Ask it in public"); status != http.StatusOK {
		t.Fatalf("asking leads to %s with status %d", ambleford.path(), status)
	}
	ask := ambleford.path()
	ambleford.sees("1 council asks this", "Your council asks this")

	thornmere := b.tab(t, s)
	thornmere.signIn(officer)
	thornmere.open(ask)
	thornmere.sees("Ambleford (demonstration)")
	thornmere.choose("Who may know that it is your council?", "Nobody else")
	thornmere.press("We ask this too")
	thornmere.sees("2 councils ask this")
	checkAccess(thornmere)

	body := b.tab(t, s)
	body.signIn(agent)
	body.follow("What councils ask of you")
	body.follow("A test account for every council")
	body.sees("2 councils ask this", "2 councils are not named to you")
	body.choose("What do you say?", "It is planned")
	body.fill("", "Your answer to all", "From the spring, for each council.")
	checkAccess(body)
	body.press("Answer in public")
	body.sees("It is planned", "From the spring, for each council.")

	for _, tb := range []*tab{ambleford, thornmere} {
		tb.open("/inbox")
		tb.sees("answers: A test account for every council")
		tb.quiet()
	}
	anybody := b.tab(t, s)
	anybody.open(ask)
	anybody.sees("Planned", "From the spring, for each council.", "2 councils are not named to you")
	body.quiet()
}

// aBodyLends is that a body offers somebody's time, a council that seeks it is told and asks to talk, and the body says yes:
// only then does each see whom to write to.
func aBodyLends(t *testing.T, b *browser, s *service) {
	list := func(tb *tab, legend, direction, title string) string {
		tb.open("/offers/new")
		tb.choose(legend, direction)
		tb.fill("", "Title", title)
		value[bool](tb, `(() => { document.querySelector('#role').value = 'training'; return true })()`)
		tb.choose("On what terms?", "Free of charge")
		checkAccess(tb)
		if status := tb.press("List it"); status != http.StatusOK {
			t.Fatalf("listing %q leads to %s with status %d", title, tb.path(), status)
		}
		checkAccess(tb)
		return tb.path()
	}
	ambleford := b.tab(t, s)
	ambleford.signIn(lead)
	sought := list(ambleford, "Does your council offer or seek?", "We seek", "Somebody to train our web team")

	body := b.tab(t, s)
	body.signIn(agent)
	body.follow("What you offer and seek")
	checkAccess(body)
	body.press("Offer or seek skills")
	offer := list(body, "Does your organisation offer or seek?", "We offer", "Trainer for web teams")
	body.sees("Your organisation’s offer", "Nobody that you can see seeks this")

	ambleford.open("/inbox")
	ambleford.sees("Office for Local Platforms (demonstration) offers what you seek: Trainer for web teams")
	ambleford.open("/offers?owner=central")
	ambleford.sees("Office for Local Platforms (demonstration), central government")
	checkAccess(ambleford)
	ambleford.open(sought)
	ambleford.follow("Trainer for web teams")
	if ambleford.path() != offer {
		t.Errorf("what fits leads to %s, want %s", ambleford.path(), offer)
	}
	ambleford.press("Ask to talk")
	ambleford.fill("", "Your message", "Could they come for a day in the spring?")
	if status := ambleford.press("Send"); status != http.StatusOK {
		t.Fatalf("asking leads to %s with status %d", ambleford.path(), status)
	}
	talk := ambleford.path()
	ambleford.press("Share my address")
	ambleford.sees("You agreed.")

	body.open("/desk")
	body.sees("1 waits for your answer")
	checkAccess(body)
	body.follow("Talks")
	checkAccess(body)
	body.follow("Trainer for web teams")
	if body.path() != talk {
		t.Errorf("its talks lead to %s, want %s", body.path(), talk)
	}
	body.sees("Your offer", "Could they come for a day in the spring?", "agreed to share addresses")
	checkAccess(body)
	body.fill("", "Write to Ambleford (demonstration)", "Yes, on the 8th of April")
	body.press("Send")
	body.press("Share my address")
	body.sees("Whom to write to", "You can write to each other")
	ambleford.open(talk)
	ambleford.sees("Yes, on the 8th of April", "Whom to write to", "services@localplatforms.example")
	anybody := b.tab(t, s)
	for _, page := range []string{offer, talk} {
		anybody.open(page)
		if anybody.path() == talk || strings.Contains(value[string](anybody, `document.body.innerText`), "Trainer for web teams") {
			t.Errorf("anybody reads %s", page)
		}
	}
	ambleford.quiet()
	body.quiet()
}
