package main

import (
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// TestTheMondayMailIsSentOnce makes the mail of a week through a mail server that is busy at first.
func TestTheMondayMailIsSentOnce(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	by, with := r.account("asking@birmingham.gov.uk", "E08000025"), r.account("asked@solihull.gov.uk", "E08000029")
	r.told(by, with, "First dates")
	if _, err := r.SaveContract(t.Context(), with, catalogue.Contract{Title: "Parking <b>permits</b>", Supplier: "Chipside", NoticeMonths: 6, End: catalogue.MustDate("2027-06-30")}); err != nil {
		t.Fatal(err)
	}
	r.work()
	week := func() (got []received) {
		for range 2 {
			if _, err := r.SendWeekly(t.Context()); err != nil {
				t.Fatal(err)
			}
			got = append(got, r.work()...)
		}
		return got
	}
	r.now = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	r.post.be(true)
	week()
	r.post.be(false)
	got := week()
	if len(got) != 2 {
		t.Fatalf("there are %d mails, want one each", len(got))
	}
	m := got[0]
	if m.to != "asked@solihull.gov.uk" {
		m = got[1]
	}
	for _, words := range []string{"Dates in the next 60 days", "31 December 2026: last day to give notice", "First dates", "At your neighbours", "One question for you",
		"https://jointly.example/digest/", "Read in a browser", "https://jointly.example/mail/stop?token="} {
		if !strings.Contains(m.plain, words) || !strings.Contains(m.html, words) {
			t.Errorf("text or HTML lacks %q: %s", words, m.plain)
		}
	}
	if strings.Contains(m.html, "<b>permits") || strings.Contains(m.plain+m.html, "asking@") {
		t.Errorf("it carries what it must not: %s", m.html)
	}
	if !strings.HasPrefix(m.unsubscribe, "<https://jointly.example/mail/stop?token=") || m.oneClick != "List-Unsubscribe=One-Click" {
		t.Errorf("a mail program is offered %q, %q", m.unsubscribe, m.oneClick)
	}
	if got := week(); len(got) != 0 {
		t.Errorf("again: %+v", got)
	}
}
