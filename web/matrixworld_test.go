package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jointly/catalogue"
	demonstration "jointly/catalogue/demo"
	"jointly/catalogue/kv"
)

// newMatrixWorld fills a site with a record of each kind, and forgets all that is written afterwards.
func newMatrixWorld(t *testing.T) *matrixWorld {
	t.Helper()
	m := &matrixWorld{names: map[string]string{}}
	m.world = worldOn(t, func(s kv.Store) kv.Store { m.store = &undone{Store: s}; return m.store })
	invented, err := demonstration.Build(m.Catalogue.Today(), m.Catalogue.Register())
	must(t, err)
	owners, _ := invented.Items()
	m.add(owners...)
	m.comes(&invented.Bodies[0])
	lead, other, member, operator := m.person("own.lead"), m.person("other.lead"), m.person("member.lead"), m.person("operator")
	m.buys(lead, other, member)
	m.tells(lead)
	m.keeps(lead, operator)
	must(t, m.Catalogue.ReleaseBefore(t.Context(), 0))
	m.returns(8, catalogue.Councils)
	m.publish()
	m.catchUp()
	m.store.forget()
	return m
}

func (m *matrixWorld) person(role string) *browser {
	for i, r := range m.roles {
		if r == role {
			return m.people[i]
		}
	}
	m.t.Fatalf("nobody is %s", role)
	return nil
}

// comes makes everybody who asks, in the order of the table.
func (m *matrixWorld) comes(body *catalogue.Body) {
	m.joins("nobody", m.anonymous())
	half, err := m.Catalogue.AddAccount(m.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: "half@birmingham.gov.uk", OrgKind: catalogue.OrgCouncil, Org: city, Role: catalogue.RoleLead})
	must(m.t, err)
	m.joins("entering", m.halfway(half))
	const seller = "Quillbrook Systems (demonstration)"
	_, viewer := m.somebody("reads@quillbrook.example", catalogue.OrgSupplier, seller, catalogue.RoleViewer)
	m.joins("supplier.viewer", viewer)
	sales, selling := m.somebody("sales@quillbrook.example", catalogue.OrgSupplier, seller, catalogue.RoleContributor)
	m.joins("supplier.contributor", selling)
	m.names["seller"] = sales.Org
	_, agent := m.somebody("one@"+body.Domain, catalogue.OrgBody, body.ID, catalogue.RoleContributor)
	m.joins("body.contributor", agent)
	m.names["body"] = body.ID
	for _, of := range []struct{ name, council string }{{"other", brackwater}, {"member", thornmere}, {"own", ambleford}} {
		for _, role := range []catalogue.Role{catalogue.RoleViewer, catalogue.RoleContributor, catalogue.RoleLead, catalogue.RoleAdmin} {
			if of.name == "member" && role != catalogue.RoleLead {
				continue
			}
			short := map[catalogue.Role]string{catalogue.RoleAdmin: "admin"}[role]
			if short == "" {
				short = string(role)
			}
			a, b := m.somebody(of.name+"-"+short+"@officers.example", catalogue.OrgCouncil, of.council, role)
			m.joins(of.name+"."+short, b)
			if of.name == "own" && role == catalogue.RoleViewer {
				m.names["person"] = a.ID
			}
		}
	}
	_, operator := m.somebody("ops@jointly.example", catalogue.OrgService, "", catalogue.RoleOperator)
	m.joins("operator", operator)
}

// halfway is a browser of somebody who has typed the code of the mail, and no second factor.
func (w *world) halfway(a *catalogue.Account) *browser {
	w.t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Host = "localhost"
	session, err := w.sessions.New(request, w.sessions.name)
	must(w.t, err)
	session.Values["account"] = a
	answer := httptest.NewRecorder()
	must(w.t, w.sessions.Save(request, answer, session))
	b := w.anonymous()
	b.keep(answer)
	return b
}

// last is the last step of an address: the ID of its record.
func last(address string) string { return address[strings.LastIndex(address, "/")+1:] }

// buys makes what councils buy with: needs, a group with all its parts, talks, research.
func (m *matrixWorld) buys(lead, other, member *browser) {
	own := lead.list("Revenues system", nil)
	theirs := member.list("Council tax platform", url.Values{"role": {"follow"}, "budget_max": {"2500000"}})
	m.names["need"], m.names["foreign"] = last(own), last(other.list("Revenues for another", nil))
	m.names["spare"] = last(lead.list("A second revenues system", nil))
	m.names["partner"] = last(theirs)
	m.names["draft"] = last(lead.write("A draft of revenues", nil))
	page := lead.get("/groups/new?intention=" + last(own)).is(http.StatusOK)
	group := lead.post("/groups/new", with(page.form("/groups/new"), url.Values{"partner": {last(theirs)}, "lead": {"yes"}})).is(http.StatusSeeOther).location()
	m.catchUp()
	m.names["group"] = last(group)
	member.post(group+"/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	lead.post(group+"/requirements/begin", url.Values{}).is(http.StatusSeeOther)
	m.names["line"] = last(firstLine(lead, group))
	asks := lead.get(group + "/decisions/new").is(http.StatusOK).form(group + "/decisions/new")
	m.names["decision"] = last(lead.post(group+"/decisions/new", with(asks, url.Values{"question": {"Which lots?"}, "options": {"One\nTwo"}})).is(http.StatusSeeOther).location())
	papers := lead.get(group + "/papers").is(http.StatusOK).form(group + "/papers")
	lead.post(group+"/papers", with(papers, url.Values{"title": {"Terms"}, "address": {"https://example.org/terms"}})).is(http.StatusSeeOther)
	for _, action := range lead.get(group+"/papers").attributes("form", "action") {
		if strings.HasSuffix(action, "/remove") {
			m.names["paper"] = last(strings.TrimSuffix(action, "/remove"))
		}
	}
	m.stands(lead, group)
	m.catchUp()
	talk := lead.get(talkAddress(last(own), last(theirs))).is(http.StatusOK).form("/talks/new")
	m.names["talk"] = last(lead.post("/talks/new", with(talk, url.Values{"text": {"Could you wait?"}})).is(http.StatusSeeOther).location())
	m.names["search"] = last(lead.save("/search?q=revenues", nil))
	research := lead.get("/research/new?address=%2Fsearch%3Fq%3Drevenues").is(http.StatusOK).form("/research/new")
	m.names["research"] = last(lead.post("/research/new", research).is(http.StatusSeeOther).location())
	kept := held(ambleford, "kept", "Parking permits", "2027-06-30")
	shared := held(ambleford, "shared", "Street lighting", "2029-03-31")
	shared.Audience = catalogue.Councils
	m.add(kept, shared, &catalogue.Platform{Meta: catalogue.Meta{ID: "listed"}, Name: "Listed by Ambleford", Capabilities: []string{"parking"}, ListedBy: ambleford},
		&catalogue.Use{Meta: catalogue.Meta{ID: "listed~" + ambleford}, Platform: "listed", Council: ambleford, Capability: "parking", Source: catalogue.Source{Text: "Confirmed by the council"}})
	file := "Reference,Title,Supplier,End date\nA1,Parking machines,Someone Ltd,31/03/2028\n"
	m.names["import"] = last(strings.TrimSuffix(lead.brings("register", "register.csv", []byte(file)).is(http.StatusSeeOther).location(), "/columns"))
}

// stands makes the body a partner of a group, with a paper of its own.
func (m *matrixWorld) stands(lead *browser, group string) {
	lead.post(group+"/partners", url.Values{"body": {m.names["body"]}, "wanted": {"Your payments"}}).is(http.StatusSeeOther)
	_, agent := m.somebody("head@localplatforms.example", catalogue.OrgBody, m.names["body"], catalogue.RoleLead)
	agent.post(group+"/partner/answer", url.Values{"answer": {"accept"}}).is(http.StatusSeeOther)
	agent.post(group+"/papers", with(agent.get(group+"/papers").is(http.StatusOK).form(group+"/papers"), url.Values{"title": {"Ours"}, "address": {"https://example.org/ours"}})).is(http.StatusSeeOther)
	for _, action := range agent.get(group+"/papers").attributes("form", "action") {
		if strings.HasSuffix(action, "/remove") {
			m.names["partnerpaper"] = last(strings.TrimSuffix(action, "/remove"))
		}
	}
}

// tells makes what is told to everybody and to suppliers: signals, examples, offers, asks.
func (m *matrixWorld) tells(lead *browser) {
	need := "/intentions/" + m.names["need"]
	signal := lead.published(lead.signalled(need, nil))
	m.names["signal"], m.names["unsaid"] = last(signal), last(lead.signalled(need, nil))
	seller := m.person("supplier.contributor")
	ask := seller.get(signal).is(http.StatusOK).form(signal + "/questions")
	seller.post(signal+"/questions", with(ask, url.Values{"question": {"When does it begin?"}})).is(http.StatusSeeOther)
	for _, href := range lead.get(signal).attributes("a", "href") {
		if strings.HasPrefix(href, signal+"/questions/") {
			m.names["question"] = strings.SplitN(strings.TrimPrefix(href, signal+"/questions/"), "/", 2)[0]
		}
	}
	m.add(exampleCanaries()...)
	m.names["offer"] = last(lead.offer("Delivery manager for two days a month", nil))
	agent := m.person("body.contributor")
	m.names["lent"] = last(agent.offer("Designer of a body", nil))
	talk := lead.get("/talks/new?offer=" + m.names["lent"]).is(http.StatusOK).form("/talks/new")
	m.names["bodytalk"] = last(lead.post("/talks/new", with(talk, url.Values{"text": {"Free in May?"}})).is(http.StatusSeeOther).location())
	address := "/asks/new?body=" + m.names["body"]
	asked := lead.get(address).is(http.StatusOK).form(address)
	m.names["ask"] = last(lead.post(address, with(asked, url.Values{"title": {"Refunds in bulk"}, "why": {"We refund one by one."}})).is(http.StatusSeeOther).location())
}

// keeps makes what the operator keeps: calls, the plan, ways to buy, what suppliers ask.
func (m *matrixWorld) keeps(lead, operator *browser) {
	m.names["call"] = last(operator.opens(callOf("A call that asks everybody")))
	m.names["unopened"] = last(operator.post("/calls/new", callOf("A call that is written")).is(http.StatusSeeOther).location())
	lead.post("/calls/"+m.names["call"]+"/answer", url.Values{}).is(http.StatusSeeOther)
	finding := func(publish string) string {
		form := operator.get("/plan/findings/new?from=/services/524&says=median").is(http.StatusOK).form("/plan/findings/new")
		form.Set("title", "Two in three contacts are online")
		form.Set("need", "channels")
		if publish != "" {
			form.Set("publish", publish)
		}
		return last(operator.post("/plan/findings/new", form).is(http.StatusSeeOther).location())
	}
	m.names["finding"], m.names["unpublished"] = finding("yes"), finding("")
	recommend := func(publish string) string {
		form := operator.get("/plan/recommendations/new?finding=" + m.names["finding"]).is(http.StatusOK).form("/plan/recommendations/new")
		form.Set("title", "Make the best form the norm")
		form.Set("lead", ambleford)
		if publish != "" {
			form.Set("publish", publish)
		}
		return last(operator.post("/plan/recommendations/new", form).is(http.StatusSeeOther).location())
	}
	m.names["advice"], m.names["unadvised"] = recommend("yes"), recommend("")
	m.names["framework"] = last(operator.post("/frameworks/new", frameworkTyped("RM1")).is(http.StatusSeeOther).location())
	seller := m.person("supplier.contributor")
	seller.post("/platforms/listed/keep", url.Values{"why": {"We make it"}}).is(http.StatusSeeOther)
	for _, action := range operator.get("/queue").attributes("form", "action") {
		if strings.HasPrefix(action, "/queue/requests/") {
			m.names["request"] = last(action)
		}
	}
}
