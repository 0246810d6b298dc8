package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// handOversPage is which councils' days are near, what happens on them, and what was handed over, by whom and when.
type handOversPage struct {
	view.Page
	Heading string
	Lead    string
	Due     view.Table
	Done    view.Table
	Actions []view.Link
}

const handOversPath = "/reorganisation/hand-overs"

func (s *site) handOvers(c *gin.Context, who visitor) error {
	due, err := s.Catalogue.Endings(c, who.actor)
	if err != nil {
		return err
	}
	done, err := s.Catalogue.Successions(c, who.actor)
	if err != nil {
		return err
	}
	names, err := s.namesOfHandOvers(c, who.actor, due, done)
	if err != nil {
		return err
	}
	p := handOversPage{Heading: "Handing over councils", Due: dueTable(due, names, s.Catalogue.Today()), Done: doneTable(done, names, s.Catalogue.Now()),
		Lead: "On its day a council is handed over by the service itself, where exactly one council takes its place as a whole. Four weeks before, it stands here and its people are told. Whatever else there is to decide waits for you.",
		Actions: []view.Link{{Text: "Hand over a council now, or one without a day", Href: "/reorganisation/hand-over"}, {Text: "Add a new council", Href: "/reorganisation/council"},
			{Text: "Change days and successors", Href: "/reorganisation"}}}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: p.Heading}}
	return s.show(c, who, http.StatusOK, "hand-overs", p)
}

// namesOfHandOvers are the names of all councils that hand-overs name, by code.
func (s *site) namesOfHandOvers(ctx context.Context, actor catalogue.Actor, due []*catalogue.Ending, done []*catalogue.Succession) (map[string]string, error) {
	var codes []string
	for _, e := range due {
		codes = append(append(codes, e.Council, e.To), e.Codes...)
	}
	for _, d := range done {
		codes = append(append(codes, d.From), d.Heirs()...)
	}
	found, err := s.councilsBy(ctx, actor, codes)
	names := map[string]string{}
	for _, code := range codes {
		if names[code] = code; found[code] != nil {
			names[code] = found[code].Label()
		}
	}
	return names, err
}

func dueTable(due []*catalogue.Ending, names map[string]string, today time.Time) view.Table {
	t := view.Table{Caption: "What is due", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-20"}, {Text: "Day"}, {Text: "What takes its place", Classes: "jy-col-25"}, {Text: "What happens", Classes: "jy-col-30"}}}
	for _, e := range due {
		next := view.Cell{Text: view.Sentence(e.Names)}
		if next.Text == "" {
			next = view.Cell{Text: "not recorded", Muted: true}
		}
		says, step := endingWords(e, names)
		what := view.Cell{Text: step.Text, Href: step.Href, Note: says}
		if step.Href == "" {
			what = view.Cell{Text: says, Tag: &view.Tag{Text: "By itself", Classes: "govuk-tag--green"}}
		}
		day := view.Cell{Text: view.Date(e.On), Href: vestingPath(e.Council, e.Area), Note: "change or put off", Sort: e.On.String()}
		if e.Due(today) {
			day.Note = "the day has come"
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: names[e.Council], Href: pagePath(catalogue.KindCouncil, e.Council)}, day, next, what})
	}
	return t
}

// endingWords says what happens with a council on its day, and what the operator does about it; no step where nothing has to
// be done.
func endingWords(e *catalogue.Ending, names map[string]string) (string, view.Link) {
	edit := vestingPath(e.Council, e.Area)
	switch e.Lacks {
	case catalogue.LackSplit:
		return "It is split. Until it is decided which council takes which contract, everything stays.", view.Link{Text: "Decide what goes where", Href: splitPath(e.Council)}
	case catalogue.LackNobody:
		return "What takes its place is not recorded. Until it is, everything stays.", view.Link{Text: "Record its successor", Href: edit}
	case catalogue.LackUnclear:
		return "What is recorded names more than one council as its successor. Until it names one as a whole, everything stays.", view.Link{Text: "Look at what is recorded", Href: edit}
	case catalogue.LackCouncil:
		return "No council of that name is here. Add it, or correct the name: until then everything stays.", view.Link{Text: "Add the new council", Href: newCouncilPath(e.Names[0])}
	case catalogue.LackUndone:
		return "It was handed over for that day, and that was undone. It is not done again by itself: hand it over, or record another day.", view.Link{Text: "Hand over", Href: "/reorganisation/hand-over?from=" + url.QueryEscape(e.Council)}
	case catalogue.LackSucceeded:
		return "The council that takes its place was itself handed over. Record which has its place now.", view.Link{Text: "Record its successor", Href: edit}
	}
	if e.Main != "" {
		return "As decided, on its day: " + view.Plural(len(e.Parts), "contract goes", "contracts go") + " elsewhere, everything else to " + names[e.Main] + ".", view.Link{Text: "Change what goes where", Href: splitPath(e.Council)}
	}
	return "Goes to " + names[e.To] + " within minutes after midnight.", view.Link{}
}

func splitPath(council string) string {
	return "/reorganisation/split?council=" + url.QueryEscape(council)
}

func handBackPath(council string) string {
	return "/reorganisation/undo?council=" + url.QueryEscape(council)
}

func doneTable(done []*catalogue.Succession, names map[string]string, now time.Time) view.Table {
	t := view.Table{Caption: "What was handed over", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "Council", Classes: "jy-col-20"}, {Text: "Went to", Classes: "jy-col-20"}, {Text: "When"}, {Text: "By", Classes: "jy-col-20"}, {Text: "State", Classes: "jy-col-20"}}}
	for _, d := range done {
		var heirs []string
		for _, to := range d.Heirs() {
			heirs = append(heirs, names[to])
		}
		by := view.Cell{Text: doerWords(d.By)}
		if d.Reason != "" {
			by.Note = "‘" + d.Reason + "’"
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: names[d.From], Href: pagePath(catalogue.KindCouncil, d.From)}, {Text: view.Sentence(heirs), Href: pagePath(catalogue.KindCouncil, d.To)},
			{Text: view.Day(d.Begun), Note: view.TimeOfDay(d.Begun)}, by, handOverState(d, now)})
	}
	return t
}

// doerWords says who did what is the operator's to do.
func doerWords(d catalogue.Doer) string {
	switch {
	case d.Itself():
		return "The service itself"
	case d.Via == "web":
		return "The operator"
	case d.Via == "command":
		return "A command"
	}
	return "The operator"
}

// handOverState says what became of a hand-over, and leads to where it is undone.
func handOverState(d *catalogue.Succession, now time.Time) view.Cell {
	until := d.UndoUntil()
	switch {
	case d.Undone != nil:
		return view.Cell{Text: "Undone on " + view.Day(d.Undone.At), Href: handBackPath(d.From), Note: "‘" + d.Undone.Reason + "’"}
	case d.Done.IsZero():
		return view.Cell{Text: "Under way", Note: "it is completed within minutes"}
	case now.Before(until):
		return view.Cell{Text: "Undo", Href: handBackPath(d.From), Note: "until " + view.Day(until)}
	}
	return view.Cell{Text: "Done"}
}

// endEntries are the councils whose day is near, as the operator's queue shows them: those that somebody has to decide about
// first, each kind by day and name.
func (s *site) endEntries(ctx context.Context, actor catalogue.Actor, waiting []catalogue.Queued) ([]view.Entry, error) {
	var ends []*catalogue.Ending
	for _, w := range waiting {
		if e, ok := w.Item.(*catalogue.Ending); ok {
			ends = append(ends, e)
		}
	}
	names, err := s.namesOfHandOvers(ctx, actor, ends, nil)
	if err != nil {
		return nil, err
	}
	decide := map[bool]int{true: 1}
	slices.SortStableFunc(ends, func(a, b *catalogue.Ending) int {
		return cmp.Or(cmp.Compare(decide[a.Itself()], decide[b.Itself()]), a.On.First().Compare(b.On.First()), cmp.Compare(names[a.Council], names[b.Council]))
	})
	var out []view.Entry
	for _, e := range ends {
		says, step := endingWords(e, names)
		entry := view.Entry{Title: names[e.Council] + " ends on " + view.Date(e.On), Href: handOversPath, Tag: &view.Tag{Text: "Decide", Classes: "govuk-tag--orange"}}
		if e.Itself() {
			entry.Tag = &view.Tag{Text: "By itself", Classes: "govuk-tag--green"}
		}
		var l line
		l.say(says)
		if step.Href != "" {
			l.link(step.Text, step.Href)
		}
		l.say("here since " + view.Day(e.Since))
		entry.Lines = append(entry.Lines, l)
		out = append(out, entry)
	}
	return out, nil
}

// nearEnd is what happens with the visitor's council on a day that is near.
type nearEnd struct {
	Strong string
	Text   string
}

// nearEnd says what the people of a council need to know of its end; nil where that is not near.
func (s *site) nearEnd(ctx context.Context, who visitor) (*nearEnd, error) {
	e, err := s.Catalogue.Ending(ctx, who.actor, who.actor.Org)
	if catalogue.KindOf(err) == catalogue.NotFound && err != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	const wrong = "If the day or the successor is wrong, tell whoever runs this service."
	n := &nearEnd{Strong: view.Sentence(e.Names) + noun(len(e.Names), " takes", " take") + " the place of your council on " + view.Date(e.On) + "."}
	switch {
	case len(e.Names) == 0 || e.Lacks == catalogue.LackUnclear:
		n.Strong = "Your council is to be replaced on " + view.Date(e.On) + "."
		n.Text = "What takes its place as a whole is not recorded here. Until it is, everything stays with your council. If you know it, tell whoever runs this service."
	case len(e.Names) > 1:
		n.Text = "Whoever runs this service decides which of them takes which contract here: tell them what you know. Until that is decided everything stays with your council. You go on signing in as before."
	case e.Itself():
		n.Text = "What your council has here becomes its on that day, people included. You do not have to do anything, and go on signing in as before. " + wrong
	default:
		n.Text = "Until it can be handed over here, everything stays with your council. " + wrong
	}
	return n, nil
}
