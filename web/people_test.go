package web

import (
	"archive/zip"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
)

// account is a person of a council, with a browser that is signed in.
func (w *world) account(email, council string, role catalogue.Role) (*catalogue.Account, *browser) {
	w.t.Helper()
	a, err := w.Catalogue.AddAccount(w.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: email, OrgKind: catalogue.OrgCouncil, Org: council, Role: role})
	must(w.t, err)
	return a, w.signedIn(a)
}

// The first person of a council is looked at by a person; those that follow are the council's own to decide.
func TestPeopleOfACouncil(t *testing.T) {
	w, box := emptyWorld(t), &postbox{}
	const city = "E08000025"
	first, b := w.account("first@birmingham.gov.uk", city, catalogue.RoleViewer)
	operator, err := w.Catalogue.AddAccount(t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "operator@example.org", OrgKind: catalogue.OrgService, Role: catalogue.RoleOperator})
	must(t, err)
	o := w.signedIn(operator)
	o.get("/queue").is(http.StatusOK).has(".jy-empty", "Nothing waits")

	b.post("/people/ask", url.Values{"role": {"administrator"}}).is(http.StatusBadRequest).has("#why-error", "Say what your job is")
	again := b.post("/people/ask", url.Values{"why": {"Category manager"}}).is(http.StatusBadRequest)
	again.has("#role-error", "Choose what you need")
	if again.form("/people/ask").Get("why") != "Category manager" {
		t.Error("what was typed is lost")
	}
	b.get("/people").has("#own", "whoever runs this service looks at your request")
	ask := url.Values{"role": {"administrator"}, "why": {"Category manager"}}
	b.post("/people/ask", ask).is(http.StatusSeeOther)
	b.post("/people/ask", ask).is(http.StatusSeeOther) // sent twice
	b.get("/people").has("#own", "You asked to be administrator")
	b.get("/queue").is(http.StatusNotFound)
	b.post("/people/"+first.ID+"/answer", url.Values{"role": {"administrator"}}).is(http.StatusForbidden)
	b.post("/people/"+first.ID+"/role", url.Values{"role": {"administrator"}}).is(http.StatusForbidden)

	o.get("/queue").has("main", "Category manager")
	o.get("/queue").has("main", "Birmingham")
	o.post("/people/"+first.ID+"/answer", url.Values{"reason": {""}}).is(http.StatusBadRequest).has("main", "Say why not")
	o.post("/people/"+first.ID+"/answer", url.Values{"role": {"administrator"}}).is(http.StatusSeeOther)
	o.get("/queue").has(".jy-empty", "Nothing waits")
	_, err = w.Catalogue.SendOutbox(t.Context(), box)
	must(t, err)
	if m := box.mail[len(box.mail)-1]; m.To != first.Email || m.Subject != "You can now do more in Jointly" {
		t.Errorf("the person is told %+v", m)
	}

	// The next one is the council's own to decide.
	second, c := w.account("second@birmingham.gov.uk", city, catalogue.RoleViewer)
	c.get("/people").has("#own", "An administrator of your council decides")
	c.post("/people/ask", url.Values{"role": {"lead"}, "why": {"ICT buyer"}}).is(http.StatusSeeOther)
	_, err = w.Catalogue.SendOutbox(t.Context(), box)
	must(t, err)
	if m := box.mail[len(box.mail)-1]; m.To != first.Email {
		t.Errorf("%s is told of the request", m.To)
	}
	b.get("/people").has("#asking", "ICT buyer")
	b.post("/people/"+second.ID+"/answer", url.Values{"role": {"lead"}}).is(http.StatusSeeOther)
	if a, _ := w.Catalogue.Account(t.Context(), catalogue.Operator("test"), second.ID); a.Role != catalogue.RoleLead {
		t.Errorf("it is %s", a.Role)
	}

	b.post("/people/invite", url.Values{"email": {"who@evilbirmingham.gov.uk.example"}, "role": {"viewer"}}).is(http.StatusBadRequest).has("#email-error", "own domain")
	b.post("/people/invite", url.Values{"email": {"third@birmingham.gov.uk"}, "role": {"operator"}}).is(http.StatusBadRequest).has("#invite-role-error", "Choose")
	b.post("/people/invite", url.Values{"email": {"third@birmingham.gov.uk"}, "role": {"contributor"}}).is(http.StatusSeeOther)
	b.get("/people").has("#people", "third@birmingham.gov.uk")
	c.post("/people/invite", url.Values{"email": {"fourth@birmingham.gov.uk"}, "role": {"viewer"}}).is(http.StatusForbidden)

	// Accounts end with the job; the last administrator hands over first.
	b.post("/people/"+first.ID+"/end", nil).is(http.StatusBadRequest).has("#successor-error", "choose first who takes over")
	b.post("/people/"+first.ID+"/end", url.Values{"successor": {second.ID}}).is(http.StatusSeeOther)
	b.get("/people").is(http.StatusSeeOther)
	c.get("/people").is(http.StatusOK).has("#people", "Ended. It cannot sign in.")
}

// No council sees or changes another's people.
func TestPeopleOfAnotherCouncil(t *testing.T) {
	w := emptyWorld(t)
	theirs, _ := w.account("officer@coventry.gov.uk", "E08000026", catalogue.RoleViewer)
	_, b := w.account("admin@birmingham.gov.uk", "E08000025", catalogue.RoleAdmin)
	b.get("/people").hasNot("main", "coventry")
	for _, action := range []string{"role", "answer", "end"} {
		b.post("/people/"+theirs.ID+"/"+action, url.Values{"role": {"lead"}, "reason": {"x"}}).is(http.StatusNotFound)
	}
	b.post("/people/invite", url.Values{"email": {theirs.Email}, "role": {"viewer"}}).is(http.StatusBadRequest).has("#email-error", "another organisation")
}

// A council takes out what is its own, whole, and nothing of another's.
func TestACouncilTakesOutItsData(t *testing.T) {
	w := councilsWorld(t)
	lead, asked, _ := proposedBetween(t, w, url.Values{"title": {"Canary group"}}, thornmere)
	asked[0].list("Canary of another council", url.Values{"visibility": {"own"}})
	lead.write("Draft of our own", nil)
	asked[0].write("Canary of another’s draft", nil)
	answer := lead.get("/people/data.zip").is(http.StatusOK)
	z, err := zip.NewReader(strings.NewReader(answer.body), int64(len(answer.body)))
	must(t, err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		content, err := io.ReadAll(r)
		must(t, err)
		files[f.Name] = string(content)
	}
	for name, holds := range map[string]string{"groups.jsonl": "Canary group", "intentions.jsonl": ambleford, "drafts.jsonl": "Draft of our own", "to-import/intentions.jsonl": `"council":"` + ambleford, "audit.jsonl": "propose a group"} {
		if !strings.Contains(files[name], holds) {
			t.Errorf("%s does not hold %q", name, holds)
		}
	}
	head, err := catalogue.ParseAuditHead(files["audit-head.txt"])
	must(t, err)
	if holds, err := w.Catalogue.HoldsHead(t.Context(), head); err != nil || !holds {
		t.Errorf("the trail does not hold %v: %v", head, err)
	}
	for name, content := range files {
		if strings.Contains(content, "Canary of another") {
			t.Errorf("%s holds what is another council's own", name)
		}
	}
}
