package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// frameworkPage is one framework: how it stands, who may use it and what follows for the visitor's council, its dates and
// terms, what it covers, and what its record said before.
type frameworkPage struct {
	view.Page
	Heading  string
	Lead     string
	Tag      view.Tag
	Stands   string
	Ended    bool
	Next     *view.Link  // what takes its place, as the record says
	Replaces []view.Link // what it takes the place of
	Open     *view.Link  // others that cover the same
	Clause   string      // empty: not stated
	Means    []string    // for the visitor's council, or for any
	For      string      // whose council that is; empty: any
	SignIn   string      // where to sign in to see what follows for a council; empty for those who have
	Facts    view.SummaryList
	Missing  string // what is not stated, and who can say; empty: nothing
	Covers   []view.Link
	NamedBy  view.Link // contracts whose records name it
	History  []frameworkPast
	Actions  []view.Link // for the operator
}

// frameworkPast is what a framework's record said until a day.
type frameworkPast struct {
	Title string
	Was   []view.Fact
}

func (s *site) framework(c *gin.Context, who visitor) error {
	found, err := s.Catalogue.FrameworkView(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := s.newFrameworkPage(found)
	address := pagePath(catalogue.KindFramework, found.Framework.ID)
	if who.account == nil {
		p.SignIn = "/sign-in?next=" + url.QueryEscape(address)
	}
	if catalogue.MayDo(who.actor, catalogue.KeepFrameworks) {
		p.Actions = []view.Link{{Text: "Correct this record", Href: address + "/edit"}, {Text: "Record its end", Href: address + "/end"}}
	}
	p.Page = s.page(c, who, "", p.Heading)
	p.Description = p.Heading + ": who may use this framework, when it ends, what it covers, and how that is known."
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Ways to buy", Href: "/frameworks"}, {Text: p.Heading}}
	return s.show(c, who, http.StatusOK, "framework", p)
}

func (s *site) newFrameworkPage(v *catalogue.FrameworkView) frameworkPage {
	f, today := v.Framework, s.Catalogue.Today()
	state := f.State(today)
	p := frameworkPage{Heading: f.Name, Lead: f.Reference + ", " + f.Owner + ".", Tag: frameworkTag(state), Stands: stands(f, today) + " " + checked(f, s.Catalogue.Now()), Ended: state == catalogue.FrameworkEnded,
		Clause: f.Eligible, Means: f.Means(v.Council, today), Facts: s.frameworkFacts(f), Missing: frameworkMissing(f, state),
		NamedBy: view.Link{Text: "Search contracts that name " + f.Reference, Href: "/search?" + url.Values{"q": {f.Reference}, "kind": {"contract"}, "ended": {"1"}}.Encode()}}
	if f.Scope != "" {
		p.Lead += " " + sentenceCase(strings.TrimSuffix(f.Scope, ".")) + "."
	}
	if v.Council != nil {
		p.For = v.Council.Label()
	}
	if v.ReplacedBy != nil {
		p.Next = frameworkLink(v.ReplacedBy)
	}
	for _, old := range v.Replaces {
		p.Replaces = append(p.Replaces, *frameworkLink(old))
	}
	if state != catalogue.FrameworkOpen {
		open := waysLink(f.Capabilities, "See what else is on record for the same")
		p.Open = &open
	}
	for _, id := range f.Capabilities {
		p.Covers = append(p.Covers, view.Link{Text: s.capabilityName(id), Href: "/platforms?capability=" + url.QueryEscape(id)})
	}
	for i := len(f.Changes) - 1; i >= 0; i-- {
		p.History = append(p.History, s.newFrameworkPast(f.Changes[i]))
	}
	return p
}

// checked is when somebody last looked, and whether that is long ago.
func checked(f *catalogue.Framework, now time.Time) string {
	words := "Checked on " + view.Date(f.Checked) + "."
	if catalogue.StaleOn(f, now) {
		words += " That is " + view.Relative(now, f.Checked) + ": this may be out of date."
	}
	return words
}

func frameworkLink(f *catalogue.Framework) *view.Link {
	return &view.Link{Text: f.Name, Href: pagePath(catalogue.KindFramework, f.ID)}
}

// frameworkFacts are what the record states, and how that is known; what is not stated is told apart.
func (s *site) frameworkFacts(f *catalogue.Framework) view.SummaryList {
	var l view.SummaryList
	now := s.Catalogue.Now()
	add := func(key, value, note string) {
		if value != "" {
			l.Rows = append(l.Rows, view.SummaryRow{Key: key, Value: value, Note: note})
		}
	}
	startNote := ""
	if f.Planned && !f.Start.IsZero() {
		startNote = "as planned: that it began was not seen"
	}
	add("Begins", f.Start.Words(), startNote)
	add("Ends", f.End.Words(), relativeEnd(now, f.End))
	add("At the latest, with every extension", f.Latest.Words(), relativeEnd(now, f.Latest))
	add("Longest call-off", sentenceCase(f.CallOff), "")
	add("Lots", strings.Join(f.Lots, "; "), "")
	add("What to know", f.Note, "")
	add("Where it was read", f.Source, "")
	add("How well it is known", knownWords(f.Known), "")
	add("Checked on", f.Checked.Words(), "")
	return l
}

// frameworkMissing says what a record does not state, and who can say.
func frameworkMissing(f *catalogue.Framework, state catalogue.FrameworkState) string {
	var missing []string
	for _, part := range []struct {
		name    string
		missing bool
	}{{"when it began", f.Start.IsZero()}, {"when it ends", f.End.IsZero()}, {"how far it can be extended", f.Latest.IsZero() && state != catalogue.FrameworkEnded},
		{"how long a call-off may run", f.CallOff == ""}, {"its lots", len(f.Lots) == 0}} {
		if part.missing {
			missing = append(missing, part.name)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "Not known: " + view.Sentence(missing) + ". Its owner can say; the operator of this service keeps the record."
}

// newFrameworkPast is one correction in words.
func (s *site) newFrameworkPast(c catalogue.FrameworkChange) frameworkPast {
	past := frameworkPast{Title: "Until " + view.Day(c.On)}
	if c.Why != "" {
		past.Title += ": " + lowerSentence(c.Why)
	}
	for _, was := range c.Was {
		text := was.Text
		switch {
		case text == "":
			past.Was = append(past.Was, view.Fact{Name: sentenceCase(was.Name), Value: "nothing was stated", Muted: true})
			continue
		case was.Name == "capabilities":
			var names []string
			for id := range strings.FieldsSeq(text) {
				names = append(names, s.capabilityName(id))
			}
			text = view.Sentence(names)
		}
		past.Was = append(past.Was, view.Fact{Name: sentenceCase(was.Name), Value: text})
	}
	return past
}
