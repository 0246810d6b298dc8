package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// TestNoAnswerLeadsToAnAddressWithoutEnd: what somebody types into a field that says where to go on does not make a header
// that a proxy or a browser drops, so that the answer to what was done is lost.
func TestNoAnswerLeadsToAnAddressWithoutEnd(t *testing.T) {
	w := councilsWorld(t)
	operator, lead := w.operatorOf(), w.officer(ambleford, catalogue.RoleLead)
	call := operator.opens(callOf("Two services"))
	draft := lead.write("A draft of revenues", nil)
	long := strings.Repeat("x", 70_000)
	step := lead.get(draft + "/what").is(http.StatusOK).form(draft + "/what")
	for name, p := range map[string]*page{
		"coding answers":   operator.post(call+"/questions/q1", url.Values{"from": {long}}),
		"adding a theme":   operator.post(call+"/questions/q1/themes", url.Values{"theme": {"Price"}, "from": {long}}),
		"a step of a need": lead.post(draft+"/what", with(step, url.Values{"from": {long}, "then": {"stay"}})),
		"signing in":       w.anonymous().get("/desk?q=" + long),
	} {
		if to := p.is(http.StatusSeeOther).location(); len(to) > 200 {
			t.Errorf("%s leads to an address of %d bytes", name, len(to))
		}
	}
	// The control: what is short is kept.
	if to := operator.post(call+"/questions/q1", url.Values{"from": {thornmere}}).location(); !strings.HasSuffix(to, "?from="+thornmere) {
		t.Errorf("coding leads on to %s", to)
	}
	if to := w.anonymous().get("/desk?q=short").location(); to != "/sign-in?next=%2Fdesk%3Fq%3Dshort" {
		t.Errorf("signing in leads on to %s", to)
	}
}
