package catalogue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// roomOf is a group of councils that have all accepted, each with an intention that has musts.
func (s scene) roomOf(codes ...string) *catalogue.BuyingGroup {
	s.t.Helper()
	var own []*catalogue.Intention
	for _, code := range codes {
		own = append(own, s.window(code, "2027-04-01", "2027-12-31"))
	}
	g := must[*catalogue.BuyingGroup](s.t)(s.propose(codes[0], own[0], own[1:]...))
	for _, code := range codes[1:] {
		must[*catalogue.BuyingGroup](s.t)(s.answer(code, g, true, ""))
	}
	return g
}

func newScene(t testing.TB) scene {
	c := opened(t)
	return scene{t, c, new(int)}
}

func contributor(code string) catalogue.Actor { return officer(code, catalogue.RoleContributor) }

// lines adds lines as a council and gives them in order of their numbers.
func (s scene) lines(code string, g *catalogue.BuyingGroup, texts ...string) []*catalogue.Requirement {
	s.t.Helper()
	must[int](s.t)(s.c.AddRequirements(context.Background(), contributor(code), g.ID, texts))
	return s.matrix(code, g).Lines
}

func (s scene) matrix(code string, g *catalogue.BuyingGroup) *catalogue.Matrix {
	s.t.Helper()
	return must[*catalogue.Matrix](s.t)(s.c.Matrix(context.Background(), contributor(code), g.ID))
}

func (s scene) line(code string, r *catalogue.Requirement) *catalogue.Requirement {
	s.t.Helper()
	return must[*catalogue.RequirementView](s.t)(s.c.Requirement(context.Background(), contributor(code), r.Group, r.ID)).Line
}

func TestALineFromConflictToAgreed(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry, dudley)
	in := []string{birmingham, coventry, dudley}
	r := s.lines(birmingham, g, "Hosted by the supplier")[0]
	say := func(code string, p catalogue.Position) {
		t.Helper()
		must[*catalogue.Requirement](t)(s.c.SetPosition(ctx, contributor(code), g.ID, r.ID, p, "because "+code))
	}
	state := func(want catalogue.RequirementState) {
		t.Helper()
		if got := s.line(coventry, r).State(in); got != want {
			t.Errorf("the line is %s, want %s", got, want)
		}
	}
	state(catalogue.LineOpen)
	say(birmingham, catalogue.Must)
	state(catalogue.LineOpen)
	say(coventry, catalogue.MustNot)
	state(catalogue.LineConflict)
	if n := s.matrix(dudley, g).Count(catalogue.LineConflict); n != 1 {
		t.Errorf("%d lines are in conflict", n)
	}
	_, err := s.c.AgreeRequirement(ctx, contributor(birmingham), g.ID, r.ID, 1, true)
	is(t, "agreeing a line in conflict", err, catalogue.Conflict)
	_, err = s.c.SetPosition(ctx, contributor(dudley), g.ID, r.ID, "perhaps", "")
	refusedOn(t, "a position that is none", err, "position")

	changed := must[*catalogue.Requirement](t)(s.c.ChangeRequirement(ctx, contributor(dudley), g.ID, r.ID, 1, "Hosting priced as an option", ""))
	say(coventry, catalogue.Could)
	for i, code := range in {
		_, err = s.c.AgreeRequirement(ctx, contributor(code), g.ID, r.ID, 1, true)
		is(t, "agreeing a wording that is gone", err, catalogue.Conflict)
		must[*catalogue.Requirement](t)(s.c.AgreeRequirement(ctx, contributor(code), g.ID, r.ID, changed.Edition, true))
		if settled := s.line(code, r).State(in) == catalogue.LineAgreed; settled != (i == 2) {
			t.Errorf("settled %v once %d of 3 agree", settled, i+1)
		}
	}
	if at := s.line(birmingham, r).Settled(in); !at.Equal(today) {
		t.Errorf("settled on %s", at)
	}
	// Whoever says something new agrees it anew; wording it anew undoes every agreement and says when.
	say(coventry, catalogue.Should)
	if got := s.line(birmingham, r); got.Agrees(coventry) || !got.Agrees(dudley) {
		t.Errorf("after a new position these agree: %+v", got.Agreed)
	}
	must[*catalogue.Requirement](t)(s.c.ChangeRequirement(ctx, contributor(birmingham), g.ID, r.ID, changed.Edition, "Hosting in two lots", "a note"))
	got := s.line(birmingham, r)
	if len(got.Agreed) != 0 || !got.Cleared.Equal(today) || got.State(in) != catalogue.LineOpen {
		t.Errorf("after a new wording: %+v, cleared %s, %s", got.Agreed, got.Cleared, got.State(in))
	}
	if p := got.Position(coventry); p.Position != catalogue.Should || p.Comment != "because "+coventry {
		t.Errorf("a new wording changed a position: %+v", p)
	}
	if last := got.History[len(got.History)-1]; last.Council != birmingham || last.Was != "Hosting priced as an option" {
		t.Errorf("the history ends with %+v", last)
	}
	whole(t, s.c)
}

// TestWordsAreNotLost is the promise that two members may edit one line at once.
func TestWordsAreNotLost(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry)
	r := s.lines(birmingham, g, "Open API")[0]
	must[*catalogue.Requirement](t)(s.c.SetPosition(ctx, contributor(coventry), g.ID, r.ID, catalogue.Must, "")) // no words change
	must[*catalogue.Requirement](t)(s.c.ChangeRequirement(ctx, contributor(birmingham), g.ID, r.ID, r.Edition, "Open API to payments", ""))
	_, err := s.c.ChangeRequirement(ctx, contributor(coventry), g.ID, r.ID, r.Edition, "Open API to forms", "")
	is(t, "wording a line that was worded meanwhile", err, catalogue.Conflict)
	if got := s.line(coventry, r); got.Text != "Open API to payments" {
		t.Errorf("it says %q", got.Text)
	}
	must[*catalogue.Requirement](t)(s.c.ChangeRequirement(ctx, contributor(birmingham), g.ID, r.ID, r.Edition, "Open API to payments", "")) // the form sent twice
	saved := must[*catalogue.Requirement](t)(s.c.ChangeRequirement(ctx, contributor(coventry), g.ID, r.ID, r.Edition+1, "Open API to payments and forms", ""))
	if saved.Edition != 3 {
		t.Errorf("it is edition %d", saved.Edition)
	}
}

func TestPositionsOfCouncilsNeverMeet(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	codes := []string{birmingham, coventry, dudley, sandwell}
	g := s.roomOf(codes...)
	r := s.lines(birmingham, g, "Open API")[0]
	var all sync.WaitGroup
	for i, code := range codes {
		all.Go(func() {
			for n := range 10 {
				if _, err := s.c.SetPosition(ctx, contributor(code), g.ID, r.ID, catalogue.Positions()[(i+n)%5], fmt.Sprint(code, " ", n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got := s.line(birmingham, r)
	for i, code := range codes {
		if p := got.Position(code); p.Comment != code+" 9" || p.Position != catalogue.Positions()[(i+9)%5] || p.Account != "officer-of-"+code {
			t.Errorf("%s stands at %+v", code, p)
		}
	}
}

func TestAColumnIsSavedInOneGo(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry)
	var texts []string
	for i := range 45 { // more than a transaction takes
		texts = append(texts, fmt.Sprintf("Thing %d is done", i+1))
	}
	lines := s.lines(birmingham, g, texts...)
	if again := s.lines(birmingham, g, append(texts, "thing 7, is done!")...); len(again) != 45 {
		t.Fatalf("the same lines a second time make %d", len(again))
	}
	var column []catalogue.LinePosition
	for i, r := range lines {
		if r.Line != i+1 || r.Text != texts[i] {
			t.Errorf("line %d is number %d: %q", i+1, r.Line, r.Text)
		}
		column = append(column, catalogue.LinePosition{Line: r.ID, Position: catalogue.Must})
	}
	must[*catalogue.Requirement](t)(s.c.SetPosition(ctx, contributor(coventry), g.ID, lines[3].ID, catalogue.Could, "kept"))
	must[*catalogue.Requirement](t)(s.c.RemoveRequirement(ctx, contributor(birmingham), g.ID, lines[4].ID, "twice"))
	for i, want := range []int{44, 0} {
		if n := must[int](t)(s.c.SetPositions(ctx, contributor(coventry), g.ID, column)); n != want {
			t.Errorf("time %d changes %d lines, want %d", i+1, n, want)
		}
	}
	if p := s.line(coventry, lines[3]).Position(coventry); p.Position != catalogue.Must || p.Comment != "kept" {
		t.Errorf("a column changed a comment: %+v", p)
	}
	// A whole column against another is told once, not line by line.
	must[*catalogue.Account](t)(s.c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "lead@coventry.example", OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleLead}))
	for i := range column {
		column[i].Position = catalogue.MustNot
	}
	var told postbox
	must[int](t)(s.c.SetPositions(ctx, contributor(birmingham), g.ID, column))
	must[int](t)(s.c.SendOutbox(ctx, &told))
	if n := len(told.sent("lead@coventry.example")); n != 3 || s.matrix(birmingham, g).Count(catalogue.LineConflict) != 44 {
		t.Errorf("%d messages of %d conflicts", n, s.matrix(birmingham, g).Count(catalogue.LineConflict))
	}
	is(t, "a column with a line of nowhere", func() error {
		_, err := s.c.SetPositions(ctx, contributor(coventry), g.ID, []catalogue.LinePosition{{Line: "none"}})
		return err
	}(), catalogue.NotFound)
	whole(t, s.c)
}

func TestLinesHaveLimits(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry)
	var texts []string
	for i := range 201 {
		texts = append(texts, fmt.Sprintf("Thing %d", i+1))
	}
	_, err := s.c.AddRequirements(ctx, contributor(birmingham), g.ID, texts)
	refusedOn(t, "201 lines", err, "lines")
	if n := count(t, s.c, catalogue.KindRequirement); n != 0 {
		t.Errorf("%d lines were kept of a form that was refused", n)
	}
	if n := must[int](t)(s.c.AddRequirements(ctx, contributor(birmingham), g.ID, texts[:200])); n != 200 {
		t.Errorf("%d lines", n)
	}
	_, err = s.c.AddRequirements(ctx, contributor(birmingham), g.ID, []string{"one more"})
	refusedOn(t, "one line more", err, "lines")
	for what, text := range map[string]string{"no text": " ", "a long text": strings.Repeat("x", 301), "a text of two lines": "a\nb"} {
		r := s.matrix(birmingham, g).Lines[0]
		_, err = s.c.ChangeRequirement(ctx, contributor(birmingham), g.ID, r.ID, r.Edition, text, "")
		refusedOn(t, what, err, "text")
	}
}

// TestAFullLineFitsAValue fills a line with the longest of everything that 30 councils can say.
func TestAFullLineFitsAValue(t *testing.T) {
	s := newScene(t)
	longest := func(n int) string { return strings.Repeat("<", n) } // six bytes each, as it is stored
	r := &catalogue.Requirement{Part: catalogue.Part{Meta: catalogue.Meta{ID: "full"}, Group: s.roomOf(birmingham, coventry).ID}, Line: 1, Text: longest(300), First: longest(300),
		Note: longest(2000), Council: birmingham, Edition: 1}
	for _, c := range s.c.Register().Councils()[:30] {
		r.Positions = append(r.Positions, catalogue.MemberPosition{Council: c.GSS, Position: catalogue.NotNeeded, Comment: longest(1000), Account: longest(26), At: today})
		r.Agreed = append(r.Agreed, catalogue.Agreement{Council: c.GSS, Account: longest(26), At: today})
	}
	for range 20 {
		r.History = append(r.History, catalogue.LineEvent{Council: birmingham, What: "took its agreement back", Was: longest(300), At: today})
	}
	stored := must[[]byte](t)(json.Marshal(r))
	if room := kv.MaxValue - len(stored); room < 1000 {
		t.Errorf("a full line takes %d bytes, which leaves %d", len(stored), room)
	}
}

func TestALineIsLeftOutWithItsReason(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry, dudley)
	must[*catalogue.BuyingGroup](t)(s.c.TakeLead(ctx, officer(dudley, catalogue.RoleLead), g.ID, true))
	r := s.lines(birmingham, g, "Fax", "Telephone")[0]
	_, err := s.c.RemoveRequirement(ctx, contributor(coventry), g.ID, r.ID, "x")
	is(t, "leaving out another's line", err, catalogue.Forbidden)
	_, err = s.c.RemoveRequirement(ctx, contributor(birmingham), g.ID, r.ID, " ")
	refusedOn(t, "leaving out without a reason", err, "reason")
	must[*catalogue.Requirement](t)(s.c.RemoveRequirement(ctx, contributor(dudley), g.ID, r.ID, "Nobody faxes"))
	m := s.matrix(coventry, g)
	if len(m.Lines) != 1 || len(m.LeftOut) != 1 || m.LeftOut[0].LeftOut.Reason != "Nobody faxes" {
		t.Errorf("%d lines stand, left out: %+v", len(m.Lines), m.LeftOut)
	}
	_, err = s.c.SetPosition(ctx, contributor(coventry), g.ID, r.ID, catalogue.Must, "")
	is(t, "a position on a line that was left out", err, catalogue.Conflict)
	must[*catalogue.Requirement](t)(s.c.BringBackRequirement(ctx, contributor(birmingham), g.ID, r.ID))
	if next := s.lines(birmingham, g, "Post"); len(next) != 3 || next[2].Line != 3 {
		t.Errorf("numbers moved: %+v", next)
	}
}

func TestLinesBeginWithWhatIntentionsSay(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	need := func(code string, audience catalogue.Audience, musts ...string) *catalogue.Intention {
		in := intention(code, s.name("Revenues system"))
		in.Musts, in.Visibility, in.Fields = musts, catalogue.Councils, catalogue.DefaultIntentionAudiences()
		in.Fields.Musts = audience
		if code == birmingham {
			in.Shoulds = []string{"E-billing", "Works offline", "Open API"}
		}
		return listed(t, s.c, in)
	}
	mine, theirs := need(birmingham, catalogue.Group, "Annual billing", "Open API"), need(coventry, catalogue.Councils, "open api.", "E-billing")
	own := need(dudley, catalogue.Own, "canary-must")
	g := must[*catalogue.BuyingGroup](t)(s.propose(birmingham, mine, theirs, own))
	for _, code := range []string{coventry, dudley} {
		must[*catalogue.BuyingGroup](t)(s.answer(code, g, true, ""))
	}
	m := s.matrix(dudley, g)
	if len(m.Listed) != 4 || m.Withheld != 1 || !slices.Equal(m.Listed[0].Councils, []string{birmingham, coventry}) {
		t.Errorf("the intentions say %+v, %d withheld", m.Listed, m.Withheld)
	}
	for i, want := range []int{4, 0} {
		// The council whose musts are its own begins: they must not get into the group.
		if n := must[int](t)(s.c.BeginRequirements(ctx, contributor(dudley), g.ID)); n != want {
			t.Errorf("time %d makes %d lines, want %d", i+1, n, want)
		}
	}
	m = s.matrix(coventry, g)
	for _, r := range m.Lines {
		if strings.Contains(r.Text, "canary") {
			t.Errorf("what a council keeps to itself is in the group: %q", r.Text)
		}
	}
	if shared := m.Lines[0]; shared.Text != "Open API" || shared.Position(birmingham).Position != catalogue.Must || !shared.Position(coventry).Listed || shared.Position(dudley).Position != catalogue.NotSaid {
		t.Errorf("the shared must is %+v", shared)
	}
	for _, r := range m.Lines { // what one must have and another should, and what is only a should
		switch at := r.Position(birmingham).Position; {
		case r.Text == "E-billing" && (at != catalogue.Should || r.Position(coventry).Position != catalogue.Must),
			r.Text == "Works offline" && at != catalogue.Should:
			t.Errorf("%s: birmingham stands at %q", r.Text, at)
		}
	}
	must[*catalogue.Requirement](t)(s.c.ChangeRequirement(ctx, contributor(dudley), g.ID, m.Lines[0].ID, 1, "Open API to everything", ""))
	if m := s.matrix(coventry, g); len(m.Listed) != 0 {
		t.Errorf("a must that was worded anew is offered again: %+v", m.Listed)
	}
}

func TestBrandsAreNoticed(t *testing.T) {
	c := opened(t)
	for text, want := range map[string]string{"Civica Pay or the like": "Civica", "Residents pay by telephone": "", "One system for all": "", "Open API to payments": ""} {
		if got := strings.Join(c.Brands(text), " "); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

// TestPartsOfARoomAreForMembers looks at lines, decisions and papers with every kind of eyes from outside.
func TestPartsOfARoomAreForMembers(t *testing.T) {
	ctx, s := context.Background(), newScene(t)
	g := s.roomOf(birmingham, coventry, dudley)
	asked := s.window(sandwell, "2027-04-01", "2027-12-31")
	must[*catalogue.BuyingGroup](t)(s.c.Invite(ctx, officer(birmingham, catalogue.RoleLead), g.ID, asked.ID))
	r := s.lines(dudley, g, "canary-line")[0]
	must[*catalogue.Requirement](t)(s.c.SetPosition(ctx, contributor(dudley), g.ID, r.ID, catalogue.MustNot, "canary-comment"))
	must[*catalogue.Requirement](t)(s.c.SetPosition(ctx, contributor(coventry), g.ID, r.ID, catalogue.Must, ""))
	d := must[*catalogue.Decision](t)(s.c.OpenDecision(ctx, contributor(birmingham), g.ID, catalogue.Question{Text: "canary-question"}))
	p := must[*catalogue.Paper](t)(s.c.AddPaper(ctx, contributor(birmingham), g.ID, "", "canary-paper", "https://papers.example/canary", ""))
	must[*catalogue.BuyingGroup](t)(s.c.LeaveGroup(ctx, officer(dudley, catalogue.RoleLead), g.ID, "changed plans"))

	outsiders := map[string]catalogue.Actor{"anybody": catalogue.Anonymous(), "another council": officer("E08000029", catalogue.RoleAdmin), "any council": catalogue.AnyCouncil(),
		"a supplier":    {Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "civica"},
		"who is asked":  officer(sandwell, catalogue.RoleLead),
		"who left":      officer(dudley, catalogue.RoleLead),
		"a forged name": {Account: "x", Role: catalogue.RoleLead, OrgKind: catalogue.OrgSupplier, Org: birmingham}}
	for who, a := range outsiders {
		for what, read := range map[string]func() error{
			"the matrix":    func() error { _, err := s.c.Matrix(ctx, a, g.ID); return err },
			"a line":        func() error { _, err := s.c.Requirement(ctx, a, g.ID, r.ID); return err },
			"the decisions": func() error { _, err := s.c.Decisions(ctx, a, g.ID); return err },
			"a decision":    func() error { _, err := s.c.Decision(ctx, a, g.ID, d.ID); return err },
			"the papers":    func() error { _, err := s.c.Papers(ctx, a, g.ID); return err },
		} {
			is(t, who+" reads "+what, read(), catalogue.NotFound)
		}
		for _, kind := range []catalogue.Kind{catalogue.KindRequirement, catalogue.KindDecision, catalogue.KindPaper} {
			if err := s.c.Each(ctx, a, kind, func(item catalogue.Item) error { t.Errorf("%s gets %s", who, item.Key()); return nil }); err != nil {
				t.Error(err)
			}
		}
		loaded := must[[]catalogue.Item](t)(s.c.Load(ctx, a, []catalogue.Key{r.Key(), d.Key(), p.Key()}))
		if loaded[0] != nil || loaded[1] != nil || loaded[2] != nil {
			t.Errorf("%s loads %v", who, loaded)
		}
		if a.OrgKind != catalogue.OrgCouncil || a.Role != catalogue.RoleLead {
			continue
		}
		for what, write := range map[string]func() error{
			"adds a line":    func() error { _, err := s.c.AddRequirements(ctx, a, g.ID, []string{"x"}); return err },
			"begins":         func() error { _, err := s.c.BeginRequirements(ctx, a, g.ID); return err },
			"words a line":   func() error { _, err := s.c.ChangeRequirement(ctx, a, g.ID, r.ID, 1, "x", ""); return err },
			"says":           func() error { _, err := s.c.SetPosition(ctx, a, g.ID, r.ID, catalogue.Must, ""); return err },
			"agrees":         func() error { _, err := s.c.AgreeRequirement(ctx, a, g.ID, r.ID, 1, true); return err },
			"leaves it out":  func() error { _, err := s.c.RemoveRequirement(ctx, a, g.ID, r.ID, "x"); return err },
			"asks":           func() error { _, err := s.c.OpenDecision(ctx, a, g.ID, catalogue.Question{Text: "x"}); return err },
			"votes":          func() error { _, err := s.c.CastVote(ctx, a, g.ID, d.ID, "Yes", ""); return err },
			"closes":         func() error { _, err := s.c.CloseDecision(ctx, a, g.ID, d.ID); return err },
			"adds a paper":   func() error { _, err := s.c.AddPaper(ctx, a, g.ID, "", "x", "https://x.example", ""); return err },
			"removes papers": func() error { return s.c.RemovePaper(ctx, a, g.ID, p.ID) },
		} {
			is(t, who+" "+what, write(), catalogue.NotFound)
		}
	}
	// Whoever left no longer counts, and what it said stays on record.
	m := s.matrix(birmingham, g)
	if got := m.Lines[0]; got.State(m.In()) != catalogue.LineOpen || got.Position(dudley).Comment != "canary-comment" {
		t.Errorf("once a council has left the line is %s: %+v", got.State(m.In()), got.Positions)
	}
	viewer := officer(coventry, catalogue.RoleViewer)
	must[*catalogue.Matrix](t)(s.c.Matrix(ctx, viewer, g.ID))
	_, err := s.c.SetPosition(ctx, viewer, g.ID, r.ID, catalogue.Must, "")
	is(t, "a viewer says something", err, catalogue.Forbidden)
	must[*catalogue.Matrix](t)(s.c.Matrix(ctx, catalogue.Operator("test"), g.ID))
	other := s.roomOf(birmingham, coventry)
	_, err = s.c.Requirement(ctx, contributor(birmingham), other.ID, r.ID)
	is(t, "a line under another group", err, catalogue.NotFound)
}
