package web

import (
	"strings"

	"jointly/catalogue"
)

// evidence is what councils count, say, offer and ask for, and what the operator writes of it, in the states in which
// outsiders must not read it.
func (p *planting) evidence(a, b string) {
	p.calls(a)
	p.returns(a)
	p.examples(a, b)
	p.plan(a)
	now := testDay()
	for _, audience := range []catalogue.Audience{catalogue.Councils, catalogue.Own} {
		p.add(&catalogue.Offer{Meta: p.meta("planted-offer-" + string(audience)), Council: a, Direction: catalogue.Offering, Title: p.word("zebraoffer" + string(audience)),
			Role: catalogue.RoleUserResearch, Terms: catalogue.TermsFree, Audience: audience, Confirmed: now, Capabilities: []string{"parking"}, Amount: 3, Unit: catalogue.UnitDays, Told: []string{b}}, "Body")
		p.add(&catalogue.Offer{Meta: p.meta("planted-lent-" + string(audience)), Body: "planted-body", Direction: catalogue.Offering, Title: p.word("zebralent" + string(audience)), Text: p.word("zebralenttext" + string(audience)),
			Role: catalogue.RoleUserResearch, Terms: catalogue.TermsFree, Audience: audience, Confirmed: now, Capabilities: []string{"parking"}, Amount: 3, Unit: catalogue.UnitDays, Told: []string{b}})
	}
	p.add(&catalogue.Offer{Meta: p.meta("planted-offer-ended"), Council: a, Direction: catalogue.Seeking, Role: catalogue.RoleUserResearch, Terms: catalogue.TermsFree,
		Audience: catalogue.Councils, Confirmed: now, Capabilities: []string{"parking"}, Amount: 3, Unit: catalogue.UnitDays, End: &catalogue.OfferEnd{At: now}, Told: []string{b}}, "Body")
	p.add(&catalogue.Ask{Meta: p.meta("planted-ask"), Body: "planted-body", Council: a, Title: "An ask of two", Why: "Anybody may read this", Capability: "parking", Asked: now, Untold: []string{b},
		Supports: []catalogue.AskSupport{{Council: a, Audience: catalogue.Own, Account: p.word("zebraaskaccount"), At: now}, {Council: b, Audience: catalogue.Councils, Account: p.word("zebraaskother"), At: now}},
		Answers:  []catalogue.AskAnswer{{At: now, State: catalogue.AskLooking, Text: "Anybody may read this", Account: p.word("zebraaskanswerer")}}}, "Withdrawn")
	p.add(&catalogue.Credentials{Meta: catalogue.Meta{ID: "planted-account"}, Passkeys: []catalogue.Passkey{{ID: "zebrapasskeyid", Key: []byte("zebrakey"), Made: now}}, Recovery: []string{p.word("zebrarecovery")}})
	p.add(&catalogue.Provider{Meta: p.meta("planted-provider"), Council: a, Issuer: "https://zebraissuer.example/", Sealed: []byte("zebrasealed")})
}

// body is one that councils ask something, which comes before what belongs to it.
func (p *planting) body() *catalogue.Body {
	return &catalogue.Body{Meta: p.meta("planted-body"), Name: "A body", Kind: catalogue.SectorBody, About: "Anybody may read this", Website: "https://example.org/", Domain: p.word("zebrabody.example"),
		Suppliers: []string{"none"}, Frameworks: "None", Source: "Invented"}
}

// meta is an ID and a reference that its council alone reads.
func (p *planting) meta(id string) catalogue.Meta {
	return catalogue.Meta{ID: id, Ref: p.word("zebra" + strings.ToLower(id) + "ref")}
}

// calls are one that is still a draft and one that is open, with a council's answer for whoever runs the service alone.
func (p *planting) calls(council string) {
	now, day := testDay(), catalogue.MustDate
	call := func(id string, state catalogue.CallState) *catalogue.EvidenceCall {
		x := &catalogue.EvidenceCall{Meta: p.meta(id), Services: []int{528}, Start: day("2025-04-01"), End: day("2026-03-31"), Until: day("2026-12-31"), State: state,
			Questions: []catalogue.CallQuestion{{ID: "q1", Kind: catalogue.AskBuying}}, Themes: []catalogue.Theme{{ID: "t1", Question: "q1"}}}
		for _, ch := range catalogue.Channels() {
			x.Definitions = append(x.Definitions, catalogue.ContactDefinition{Channel: ch})
		}
		return x
	}
	p.add(call("planted-call", catalogue.CallDraft), "Asked", "Told", "Question")
	open := call("planted-call-open", catalogue.CallOpen)
	open.Title, open.Why, open.Opened = "A call that anybody reads", "Anybody may read this", now
	open.Questions[0].Text, open.Themes[0].Name = "What would you buy together?", "Anybody may read this"
	for i := range open.Definitions {
		open.Definitions[i].Text = "Anybody may read this"
	}
	p.items = append(p.items, open)
	words := func() []catalogue.WordsAnswer {
		return []catalogue.WordsAnswer{{Question: "q1", Share: catalogue.ShareOperator}}
	}
	skipped := []catalogue.SkippedService{{LGSL: 528, Why: catalogue.SkipNoFigures}}
	p.add(&catalogue.CallAnswer{Meta: p.meta(catalogue.CallAnswerID("planted-call-open", council)), Call: "planted-call-open", Council: council, Words: words(), Skipped: skipped, Begun: now,
		Signatures: []catalogue.CallSignature{{At: now, Account: "planted-account", Role: catalogue.RoleLead, Audience: catalogue.Own, Words: words(), Skipped: skipped}}}, "Question", "Call", "Why", "Themes")
}

// returns are one of which nothing is public, and one of which the latest version is.
func (p *planting) returns(council string) {
	now, day := testDay(), catalogue.MustDate
	cost := float64(plantedAmount)
	lines := []catalogue.ReturnLine{{Channel: catalogue.ChannelOnline, Volume: plantedAmount, Cost: &cost, Method: catalogue.MethodCounted}}
	version := func(audience catalogue.Audience) catalogue.ReturnVersion {
		return catalogue.ReturnVersion{Lines: lines, Audience: audience, At: now, Account: "planted-account", Role: catalogue.RoleLead, Source: catalogue.ReturnSigned}
	}
	for lgsl, audience := range map[int]catalogue.Audience{528: catalogue.Councils, 474: catalogue.Own} {
		p.add(&catalogue.Return{Meta: p.meta(catalogue.ReturnID(council, lgsl, day("2023-04-01"))), Council: council, LGSL: lgsl, Start: day("2023-04-01"), End: day("2024-03-31"),
			Draft: &catalogue.ReturnDraft{Lines: lines}, Versions: []catalogue.ReturnVersion{version(audience)}}, "Call")
	}
	shown := version(catalogue.Public)
	shown.Note, shown.Reason = "Anybody may read this", "Put right"
	shown.Lines = []catalogue.ReturnLine{{Channel: catalogue.ChannelOnline, Volume: 10, Method: catalogue.MethodCounted}}
	p.add(&catalogue.Return{Meta: p.meta(catalogue.ReturnID(council, 528, day("2022-04-01"))), Council: council, LGSL: 528, Start: day("2022-04-01"), End: day("2023-03-31"),
		Draft: &catalogue.ReturnDraft{Lines: lines}, Versions: []catalogue.ReturnVersion{version(catalogue.Own), shown}}, "Call")
}

// examples are a draft that was sent back, and one that is published while a change of it waits, with a council that stopped.
func (p *planting) examples(a, b string) {
	now := testDay()
	text := func() catalogue.ExampleText {
		return catalogue.ExampleText{Kind: catalogue.ComplexExample, Services: []int{474}, Capabilities: []string{"parking"}, Platforms: []string{"civica-pay"}, FitsTypes: []string{"Metropolitan district"},
			FitsNations: []string{"England"}, Months: 4, Cost: catalogue.Money{Min: plantedAmount, Max: plantedAmount}, About: []string{"families"},
			Changed: []catalogue.Measure{{What: p.word("zebrameasure"), By: p.word("zebrameasurer"), Before: "7,654,321", After: "7,654,321", Method: catalogue.Measured, When: catalogue.MustDate("2026-04")}}, Reuse: []catalogue.Reusable{{Kind: catalogue.ReusableOther, What: p.word("zebrareusable"), Address: "https://example.org/zebrareuse"}}}
	}
	draft, change, shown := text(), text(), text()
	shown.Title, shown.Summary, shown.ForWhom, shown.Done, shown.Cost = "A shown example", "Anybody may read this", "Everybody", "It was done.", catalogue.Money{}
	shown.People, shown.CostNote, shown.Wrong, shown.Partners, shown.DataShared, shown.LegalBasis = "A team", "", "Nothing", []string{"A partner"}, "None", "None"
	shown.Changed = []catalogue.Measure{{What: "Reports online", After: "8%", Method: catalogue.Measured, By: "Our team", When: catalogue.MustDate("2026-04")}}
	shown.Reuse = []catalogue.Reusable{{Kind: catalogue.ReusableOther, What: "A guide"}}
	review := []catalogue.ExampleReview{{At: now, Account: "planted-account"}}
	p.add(&catalogue.Example{Meta: p.meta("planted-example-draft"), Council: a, Draft: &draft, Reviews: review}, "Text", "AskedBy", "Method", "Kind")
	p.add(&catalogue.Example{Meta: p.meta("planted-example"), Council: a, Text: shown, Draft: &change, Asked: now, AskedBy: "planted-account", Reviews: review, Published: now, Latest: now}, "Text", "Method", "Kind")
	p.add(&catalogue.Adoption{Meta: p.meta("planted-example~" + b), Example: "planted-example", Council: b, Stage: catalogue.AdoptionStopped, Audience: catalogue.Councils, Account: "planted-account",
		Steps: []catalogue.AdoptionStep{{Stage: catalogue.AdoptionStopped, At: now}}}, "Example")
}

// plan is what the operator has not published, and what a council said to being asked to lead.
func (p *planting) plan(council string) {
	now := testDay()
	evidence := func() []catalogue.Evidence { return []catalogue.Evidence{{Path: "/demand"}} }
	p.add(&catalogue.PlanFinding{Meta: p.meta("planted-finding"), Need: catalogue.NeedChannels, Evidence: evidence(), State: catalogue.PlanDraft}, "Reason")
	p.items = append(p.items, &catalogue.PlanFinding{Meta: catalogue.Meta{ID: "planted-finding-open"}, Title: "A finding that anybody reads", Need: catalogue.NeedChannels,
		Evidence: []catalogue.Evidence{{Path: "/demand", Title: "Demand", Says: "Figures"}}, State: catalogue.PlanPublished, Published: now})
	p.add(&catalogue.Recommendation{Meta: p.meta("planted-recommendation"), Findings: []string{"planted-finding"}, State: catalogue.PlanDraft}, "LeadWhy")
	p.add(&catalogue.Recommendation{Meta: p.meta("planted-recommendation-open"), Title: "Anybody reads this", What: "Anybody may read this", Findings: []string{"planted-finding-open"}, Lead: council,
		LeadState: catalogue.LeadDeclined, State: catalogue.PlanPublished, Published: now}, "LeadBody")
}

// evidenceAddresses are the pages of what evidence plants, and lists that it could stand in.
func evidenceAddresses() []string {
	out := []string{"/evidence", "/calls", "/baseline", "/baseline/528", "/baseline/528?period=2023-04-01", "/baseline/528?period=2022-04-01", "/baseline/474", "/baseline/editions", "/baseline/editions/1",
		"/baseline/editions/1/figures.csv", "/baseline/editions/1/figures.json", "/services/528", "/services/474", "/examples", "/examples.atom", "/examples/yours", "/offers", "/offers?role=user-research", "/offers?owner=sector", "/offers?body=planted-body", "/offers/demo-offer-patterns",
		"/bodies", "/bodies/planted-body", "/bodies/planted-body/edit", "/asks/planted-ask", "/plan", "/plan/report", "/plan/report.docx", "/security", "/security/set-up",
		"/plan/findings/planted-finding", "/plan/findings/planted-finding-open", "/plan/findings/planted-finding/edit", "/people/trail", "/people/trail.csv",
		"/sign-in/council/callback?state=x&code=x", "/metrics"}
	for _, id := range []string{"planted-call", "planted-call-open"} {
		for _, page := range []string{"", "/edit", "/run", "/answer", "/answer/services/528", "/answer/questions/q1", "/answer/upload", "/answer/template.csv", "/answer/sign", "/questions/q1"} {
			out = append(out, "/calls/"+id+page)
		}
	}
	for _, id := range []string{"planted-example", "planted-example-draft"} {
		for _, page := range []string{"", "/draft", "/talk", "/edit/about", "/edit/took", "/edit/changed", "/edit/reuse"} {
			out = append(out, "/examples/"+id+page)
		}
	}
	for _, id := range []string{"planted-offer-councils", "planted-offer-own", "planted-offer-ended", "planted-lent-councils", "planted-lent-own"} {
		out = append(out, "/offers/"+id, "/offers/"+id+"/edit")
	}
	for _, id := range []string{"planted-recommendation", "planted-recommendation-open"} {
		out = append(out, "/plan/recommendations/"+id, "/plan/recommendations/"+id+"/edit")
	}
	for _, kind := range []string{"example", "offer"} {
		out = append(out, "/api/v1/search?kind="+kind+"&limit=100", "/search.csv?ended=1&kind="+kind, "/search.atom?ended=1&kind="+kind)
	}
	return out
}
