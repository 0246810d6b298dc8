package main

import (
	"net/http"
	"strings"
	"testing"
)

// aBodyStandsBeside is that a lead authority asks a body into its group, which accepts, reads the room without money, adds a
// paper and leaves.
func aBodyStandsBeside(t *testing.T, b *browser, s *service) {
	const room = "/groups/demo-laptops-north"
	ambleford, body := b.tab(t, s), b.tab(t, s)
	ambleford.signIn(lead)
	body.signIn(agent)
	ambleford.open(room)
	ambleford.fold("Ask a body in")
	ambleford.sees("It does not see budgets, values, shares")
	checkAccess(ambleford)
	if status := ambleford.press("Ask this body"); status != http.StatusBadRequest {
		t.Errorf("asking nobody answers %d", status)
	}
	ambleford.sees("Choose a body that takes part", "Say what you want of it")
	checkAccess(ambleford)
	ambleford.heard() // that it was refused
	ambleford.pick("Which body?", "Office for Local Platforms (demonstration)")
	ambleford.fill("", "What do you want of it?", "The device standard, and who wrote it")
	if status := ambleford.press("Ask this body"); status != http.StatusOK {
		t.Fatalf("asking leads to %s with status %d", ambleford.path(), status)
	}
	ambleford.sees("The body is asked")

	body.open("/desk")
	body.sees("Answer first", "Laptops and docking stations")
	checkAccess(body)
	body.follow("Laptops and docking stations (demonstration)")
	body.sees("Your next step: answer the group", "The device standard, and who wrote it", "Ambleford (demonstration) asked you")
	if strings.Contains(body.text(), "Brackwater") {
		t.Error("who is only asked reads who is in")
	}
	checkAccess(body)
	body.fill("", "What do you bring? (optional)", "The standard, and a day a week")
	if status := body.press("Accept"); status != http.StatusOK {
		t.Fatalf("accepting leads to %s with status %d", body.path(), status)
	}
	body.sees("stands in this group as partner", "Brackwater (demonstration)", "Delivered in two tranches", "Notes of the meeting with the market")
	for _, width := range []int64{wide, narrow} {
		body.resize(width)
		checkAccess(body)
		if fault := tooWide(body); fault != "" {
			t.Error(fault)
		}
	}
	body.resize(wide)
	for _, private := range []string{"£", "Cabinet 177", "30 September 2027", "38%", "Must not", "Intends", "Volumes by month"} {
		if strings.Contains(body.text(), private) {
			t.Errorf("a partner reads %q", private)
		}
	}
	body.follow("Add or remove a paper")
	body.fill("", "Title", "The device standard")
	body.fill("", "Web address", "https://localplatforms.example/standard")
	body.press("Add the paper")
	body.sees("The paper is added", "added by Office for Local Platforms (demonstration)")

	ambleford.open(room)
	ambleford.sees("The standard, and a day a week", "The device standard")
	anybody := b.tab(t, s)
	anybody.open(room) // its card is for everybody
	anybody.sees("Office for Local Platforms (demonstration)")
	anybody.open("/bodies/demo-local-platforms")
	anybody.sees("Groups that it stands in as partner", "Laptops and docking stations (demonstration)")
	checkAccess(anybody)

	body.open(room)
	body.fold("Leave the group")
	body.fill("", "Why does your organisation leave?", "The standard is finished")
	body.press("Leave the group")
	body.sees("Your organisation has left the group")
	body.open(room)
	if text := body.text(); strings.Contains(text, "Delivered in two tranches") || strings.Contains(text, "Brackwater") {
		t.Error("who left still reads the room")
	}
	ambleford.open("/inbox")
	ambleford.sees("left as partner: Laptops and docking stations", "The standard is finished")
	for _, tb := range []*tab{ambleford, body, anybody} {
		tb.quiet()
	}
}
