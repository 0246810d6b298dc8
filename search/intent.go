package search

// Intent: what a query is after beyond its words. A bare capability is after platforms for it; a question who else buys
// is after intentions; words that only ask need not stand anywhere.

import (
	"slices"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/capability"
)

// topic is a capability, or an area with its capabilities, under a short name that people use for it.
type topic struct {
	name         string
	capabilities []string
}

// topics are by folded name. The dictionary knows the full names and far more; these are the pieces that are too weak to
// tell a need in running text and say enough in a search: housing, payments, revenues.
type topics map[string]topic

// longestTopic is how many words a topic's name may have.
const longestTopic = 4

func newTopics(d *capability.Dictionary) topics {
	out := topics{}
	ofArea := map[string][]string{}
	for _, c := range d.Capabilities() {
		ofArea[c.Area] = append(ofArea[c.Area], c.ID)
		out.add(c.Name, topic{c.Name, []string{c.ID}})
	}
	for _, a := range d.Areas() {
		if ids := ofArea[a.ID]; len(ids) > 0 {
			out.add(a.Name, topic{a.Name, ids})
		}
	}
	return out
}

// add enters a topic under its name and the pieces of it. What came first stays: capabilities before areas.
func (t topics) add(name string, what topic) {
	pieces := strings.FieldsFunc(strings.NewReplacer(" and ", ",", "&", ",", "(", ",", ")", ",").Replace(name), func(r rune) bool { return r == ',' })
	for _, piece := range append(pieces, name) {
		key := folded(piece)
		if _, taken := t[key]; taken || key == "" || key == "customer" || kindsNamed(key) != nil || qualifies(key) {
			continue // what says too little, or names a kind of thing
		}
		t[key] = what
	}
}

// find is the topic of the longest run of plain words at the start of groups, and how many of them.
func (t topics) find(groups []group) (topic, int) {
	n := 0
	for n < min(len(groups), longestTopic) && groups[n].plain {
		n++
	}
	for ; n > 0; n-- {
		words := make([]string, n)
		for i, g := range groups[:n] {
			words[i] = g.written
		}
		if what, ok := t[folded(strings.Join(words, " "))]; ok {
			return what, n
		}
	}
	return topic{}, 0
}

// interpret works out what a plan is after.
func (p *plan) interpret(known topics) {
	p.nameTopics(known)
	p.setAside()
	for i := range p.groups {
		g := &p.groups[i]
		if len(g.alternatives) == 1 && g.plain {
			if a, ok := asAlternative(nounOf(g.written), weightOf(0)); ok {
				g.alternatives = append(g.alternatives, a)
			}
		}
	}
	p.aim()
}

// aim works out which kinds are sought.
func (p *plan) aim() {
	p.prefer = nil
	if p.subject = p.about(); p.subject == nil {
		p.prefer = p.preferred()
	}
}

// nameTopics gives plain words that name a topic its capabilities.
func (p *plan) nameTopics(known topics) {
	var out []group
	for i := 0; i < len(p.groups); {
		what, n := known.find(p.groups[i:])
		if n == 0 {
			out = append(out, p.groups[i])
			i++
			continue
		}
		var words []string
		for _, g := range p.groups[i : i+n] {
			words = append(words, g.written)
		}
		written := strings.Join(words, " ")
		if a, ok := asAlternative(written, 1); ok {
			out = append(out, group{written: written, alternatives: []alternative{a}, tags: what.capabilities})
			p.understood.Rest = slices.DeleteFunc(p.understood.Rest, func(w string) bool { return slices.Contains(words, w) })
			p.note(capability.Understanding{Capabilities: what.capabilities,
				Phrases: []capability.Phrase{{Written: written, Meaning: what.name, Capability: what.capabilities[0]}}})
		}
		i += n
	}
	p.groups = out
}

// setAside takes out the words that only ask, where anything else is said.
func (p *plan) setAside() {
	rest := slices.DeleteFunc(slices.Clone(p.groups), func(g group) bool { return g.plain && asks(g.written) })
	if slices.ContainsFunc(rest, func(g group) bool { return !g.aside }) {
		p.groups = rest
	}
	for i := range p.groups {
		if g := &p.groups[i]; g.plain && (kindsNamed(g.written) != nil || qualifies(g.written) || does(g.written)) && p.required() > 1 {
			g.aside = true
		}
	}
}

// required is how many groups a hit with all the words must have.
func (p *plan) required() int {
	n := 0
	for _, g := range p.groups {
		if !g.aside {
			n++
		}
	}
	return n
}

// about is the kinds that come first among what has the topic, where a query is about a topic, alone or of a supplier;
// nil where it says more.
func (p *plan) about() []catalogue.Kind {
	named := false
	for _, g := range p.groups {
		if g.aside {
			continue
		}
		if len(g.tags) == 0 && len(g.names) == 0 {
			return nil
		}
		named = named || len(g.names) == 0
	}
	if !named || len(p.not) > 0 {
		return nil
	}
	return p.wanted()
}

// preferred is the kinds that a query names beside what else it says: contracts of a council. Councils are named so by
// those who ask for some of them, and in many questions that ask for something else.
func (p *plan) preferred() []catalogue.Kind {
	if p.required() == 0 || len(p.not) > 0 {
		return nil
	}
	plain := true
	for _, g := range p.groups {
		plain = plain && (g.plain || g.aside)
		if kinds := kindsNamed(g.written); g.aside && g.plain && kinds != nil {
			return kinds
		}
	}
	if words := strings.Fields(strings.ToLower(p.written)); plain && len(words) > 1 {
		if slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains([]string{"councils", "boroughs", "authorities", "unitaries"}, w)
		}) {
			return []catalogue.Kind{catalogue.KindCouncil}
		}
	}
	return nil
}

// wanted is the kinds that a query about a topic asks for: platforms, unless it says otherwise.
func (p *plan) wanted() []catalogue.Kind {
	words := strings.Fields(p.text)
	others := slices.ContainsFunc(words[:min(len(words), 3)], func(w string) bool {
		return slices.Contains([]string{"who", "which", "any", "anyone", "anybody", "council", "other", "else"}, w)
	})
	if others && slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"buy", "buying", "want", "wanting", "looking", "plan", "planning", "intend", "intending", "share",
			"sharing", "join", "joining", "procuring", "replacing", "need", "needing", "interested"}, w)
	}) {
		return []catalogue.Kind{catalogue.KindIntention, catalogue.KindGroup}
	}
	for _, g := range p.groups {
		if kinds := kindsNamed(g.written); g.plain && kinds != nil {
			return kinds
		}
	}
	return []catalogue.Kind{catalogue.KindPlatform}
}

// kindsNamed is the kinds of things that a word names; nil for other words.
func kindsNamed(word string) []catalogue.Kind {
	switch folded(word) {
	case "contract", "notice", "award", "tender":
		return []catalogue.Kind{catalogue.KindContract}
	case "intention", "demand":
		return []catalogue.Kind{catalogue.KindIntention, catalogue.KindGroup}
	case "group":
		return []catalogue.Kind{catalogue.KindGroup, catalogue.KindIntention}
	case "product", "platform", "system", "software", "supplier", "vendor", "provider":
		return []catalogue.Kind{catalogue.KindPlatform}
	}
	return nil
}

// asks says that a word only asks, or says what somebody does with whatever is sought.
func asks(word string) bool {
	switch folded(word) {
	case "who", "what", "which", "how", "when", "where", "why", "much", "many", "can", "could", "should", "does", "do", "did", "you", "they",
		"us", "me", "any", "some", "something", "anything", "available", "take", "share", "sharing", "join", "replace", "replacing",
		"wanting", "manage", "manages", "handle", "handling", "supply", "supplier", "vendor", "provider", "kind", "sort", "type",
		"option", "alternative", "cost", "price", "recommend", "compare", "comparing", "interested", "plan", "intend", "procuring", "needing",
		"runs", "ending", "expire", "expiring", "end", "across", "everyone", "people", "offer", "another", "still", "already", "there",
		"moving", "doing", "make", "making", "work", "say", "think", "happen":
		return true
	}
	return false
}

// qualifies says that a word is one that much is praised with or called beside its name, so that a hit need not have it.
func qualifies(word string) bool {
	switch folded(word) {
	case "online", "digital", "electronic", "cloud", "hosted", "saas", "new", "modern", "replacement", "shared", "joint", "better",
		"cheap", "cheaper", "corporate", "integrated", "service", "tool", "package", "product", "back", "office", "it", "ict",
		"biggest", "largest", "cheapest", "most", "popular", "recent", "latest", "current", "soon", "closing":
		return true
	}
	return false
}

// common says that a word is one of those that questions are made of, and no misspelt name.
func common(word string) bool {
	return asks(word) || does(word) || qualifies(word) || kindsNamed(word) != nil
}

// does says that a word is what citizens do with a service, so that a hit need not have it: report a pothole.
func does(word string) bool {
	switch folded(word) {
	case "report", "reporting", "apply", "applying", "pay", "paying", "renew", "renewing", "book", "request", "claim", "check", "order",
		"change", "cancel", "appeal", "object", "register", "send", "view", "track":
		return true
	}
	return false
}

// nounOf is the noun of what somebody does, as services and contracts are called: to register, registration. A word
// without one comes back empty.
func nounOf(word string) string {
	switch folded(word) {
	case "register":
		return "registration"
	case "registration":
		return "register"
	case "pay", "paying":
		return "payment"
	case "renew", "renewing":
		return "renewal"
	case "apply", "applying":
		return "application"
	case "enforce", "enforcing":
		return "enforcement"
	case "collect", "collecting":
		return "collection"
	case "book":
		return "booking"
	case "inspect":
		return "inspection"
	case "consult":
		return "consultation"
	case "maintain":
		return "maintenance"
	case "subscribe":
		return "subscription"
	case "license", "licensing":
		return "licence"
	case "remove", "removing":
		return "removal"
	case "dispose":
		return "disposal"
	case "enrol":
		return "enrolment"
	case "admit":
		return "admission"
	case "complain":
		return "complaint"
	case "nominate":
		return "nomination"
	case "assess":
		return "assessment"
	}
	return ""
}
