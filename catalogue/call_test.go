package catalogue_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

const (
	discount = 59  // council tax discount
	bulky    = 528 // bulky waste
)

// asking is a call about two services, of the last financial year, to councils of the West Midlands.
func asking() catalogue.EvidenceCall {
	return catalogue.EvidenceCall{Title: "Channels of two services", Why: "To plan online services.", Services: []int{discount, bulky},
		Start: catalogue.MustDate("2025-04-01"), End: catalogue.MustDate("2026-03-31"), Until: catalogue.MustDate("2027-01-31"), Definitions: catalogue.UsualDefinitions(),
		Asked: catalogue.CallScope{Regions: []string{"West Midlands"}}, Questions: []catalogue.CallQuestion{{Kind: catalogue.AskBuying, Text: "What would make you buy together?"}}}
}

// called is an open call.
func (s scene) called(x catalogue.EvidenceCall) *catalogue.EvidenceCall {
	s.t.Helper()
	ctx, operator := context.Background(), catalogue.Operator("test")
	x.Title = s.name(x.Title)
	draft := must[*catalogue.EvidenceCall](s.t)(s.c.SaveCall(ctx, operator, x))
	return must[*catalogue.EvidenceCall](s.t)(s.c.OpenCall(ctx, operator, draft.ID, draft.Version))
}

func figuresOf(online, phone int64) []catalogue.ReturnLine {
	return []catalogue.ReturnLine{{Channel: catalogue.ChannelOnline, Volume: online, Method: catalogue.MethodCounted},
		{Channel: catalogue.ChannelPhone, Volume: phone, Method: catalogue.MethodEstimated}}
}

// enters saves figures of a service for a council, over whatever it has.
func (s scene) enters(council string, x *catalogue.EvidenceCall, lgsl int, lines []catalogue.ReturnLine) {
	s.t.Helper()
	ctx, who := context.Background(), officer(council, catalogue.RoleContributor)
	f := catalogue.ServiceFigures{LGSL: lgsl, Lines: lines}
	for _, p := range must[*catalogue.AnswerView](s.t)(s.c.Answering(ctx, who, x.ID)).Services {
		if p.Service.LGSL == lgsl && p.Return != nil {
			f.Seen = p.Return.Version
		}
	}
	if err := s.c.SaveFigures(ctx, who, x.ID, f); err != nil {
		s.t.Fatal(err)
	}
}

// says saves an answer in words.
func (s scene) says(council string, x *catalogue.EvidenceCall, text string, share catalogue.WordsShare) {
	s.t.Helper()
	if err := s.c.SaveWords(context.Background(), officer(council, catalogue.RoleContributor), x.ID, "", catalogue.WordsAnswer{Question: "q1", Text: text, Share: share}); err != nil {
		s.t.Fatal(err)
	}
}

// signs signs all that a council says, having looked at it.
func (s scene) signs(council string, x *catalogue.EvidenceCall, audience catalogue.Audience, reason string) error {
	s.t.Helper()
	ctx, lead := context.Background(), officer(council, catalogue.RoleLead)
	v := must[*catalogue.AnswerView](s.t)(s.c.Answering(ctx, lead, x.ID))
	return s.c.SignAnswer(ctx, lead, x.ID, catalogue.SignOff{Audience: audience, Reason: reason, Seen: catalogue.AnswerMark(v)})
}

// westMidlands are councils of the region, by code.
func westMidlands(c *catalogue.Catalogue, typ string) []string {
	var out []string
	for _, r := range c.Register().Councils() {
		if r.Region == "West Midlands" && (typ == "" || r.Type == typ) {
			out = append(out, r.GSS)
		}
	}
	slices.Sort(out)
	return out
}

func TestACallIsADraftUntilItIsOpened(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	operator := catalogue.Operator("test")
	for name, who := range map[string]catalogue.Actor{"an administrator of a council": officer(birmingham, catalogue.RoleAdmin), "nobody": catalogue.Anonymous()} {
		if _, err := c.SaveCall(ctx, who, asking()); err == nil {
			t.Errorf("%s writes a call", name)
		}
	}
	x := asking()
	x.ID = "form-1"
	draft := must[*catalogue.EvidenceCall](t)(c.SaveCall(ctx, operator, x))
	if must[*catalogue.EvidenceCall](t)(c.SaveCall(ctx, operator, x)); count(t, c, catalogue.KindCall) != 1 {
		t.Error("a form sent twice makes two calls")
	}
	_, err := c.EvidenceCall(ctx, officer(birmingham, catalogue.RoleLead), draft.ID)
	is(t, "a council reads a draft", err, catalogue.NotFound)
	is(t, "a council answers a draft", c.BeginAnswer(ctx, officer(birmingham, catalogue.RoleLead), draft.ID), catalogue.NotFound)
	_, err = c.OpenCall(ctx, operator, draft.ID, draft.Version-1)
	is(t, "opening what was changed since", err, catalogue.Conflict)
	open := must[*catalogue.EvidenceCall](t)(c.OpenCall(ctx, operator, draft.ID, draft.Version))
	must[*catalogue.EvidenceCall](t)(c.EvidenceCall(ctx, catalogue.Anonymous(), draft.ID))

	changed := *open
	changed.Services = []int{discount}
	_, err = c.SaveCall(ctx, operator, changed)
	refusedOn(t, "taking a service out of an open call", err, "services")
	changed = *open
	changed.Until = catalogue.MustDate("2027-02-28")
	must[*catalogue.EvidenceCall](t)(c.SaveCall(ctx, operator, changed))
	is(t, "deleting an open call", c.DeleteCall(ctx, operator, open.ID), catalogue.Conflict)
	whole(t, c)
}

func TestACallThatAsksTooMuchIsRefusedOrWarnedOf(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	x := asking()
	x.Services = nil
	for _, known := range c.Register().Services()[:31] {
		x.Services = append(x.Services, known.LGSL)
	}
	refusedOn(t, "31 services", c.CheckCall(ctx, x), "services")
	x.Services = x.Services[:30]
	if err := c.CheckCall(ctx, x); err != nil {
		t.Errorf("30 services: %v", err)
	}
	if w := c.CallWarnings(x); len(w) != 1 || !strings.Contains(w[0], "30 services") {
		t.Errorf("of 30 services it warns %q", w)
	}
	x.Services = x.Services[:12]
	if w := c.CallWarnings(x); len(w) != 0 {
		t.Errorf("of 12 services it warns %q", w)
	}
	for field, change := range map[string]func(*catalogue.EvidenceCall){
		"why": func(x *catalogue.EvidenceCall) { x.Why = " " }, "period_end": func(x *catalogue.EvidenceCall) { x.End = catalogue.MustDate("2025-03-31") },
		"until": func(x *catalogue.EvidenceCall) { x.Until = x.End }, "definition_phone": func(x *catalogue.EvidenceCall) { x.Definitions[1].Text = "" },
		"question_1": func(x *catalogue.EvidenceCall) { x.Questions[0].Text = "" }, "services": func(x *catalogue.EvidenceCall) { x.Services = []int{999_999} },
	} {
		x := asking()
		change(&x)
		refusedOn(t, field, c.CheckCall(ctx, x), field)
	}
}

// TestCouncilsAreToldOnceAndRemindedUntilTheySign walks the days of a call, with the job at every one, twice.
func TestCouncilsAreToldOnceAndRemindedUntilTheySign(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	a, first := s.person(birmingham, catalogue.RoleContributor)
	b, second := s.person(dudley, catalogue.RoleLead)
	_, elsewhere := s.person("E06000009", catalogue.RoleLead) // Blackpool is in the North West
	for n, council := range westMidlands(c, "") {             // more than one write can tell
		if council != birmingham && council != dudley && n < 30 {
			s.person(council, catalogue.RoleContributor)
		}
	}
	x := s.called(asking())
	day := func(date string) int {
		k.now = catalogue.MustDate(date).First().Add(12 * time.Hour)
		told := 0
		for range 2 {
			told += must[int](t)(c.TellOfCalls(ctx))
		}
		return told
	}
	all := day("2026-11-24")
	if all < 28 || len(s.inbox(first)) != 1 || len(s.inbox(second)) != 1 || len(s.inbox(elsewhere)) != 0 {
		t.Fatalf("%d are told; %q", all, s.inbox(first))
	}
	var to []string
	for _, m := range s.send() {
		if m.Link != "/calls/"+x.ID+"/answer" {
			t.Errorf("a mail leads to %s", m.Link)
		}
		to = append(to, m.To)
	}
	if !slices.Contains(to, a.Email) || !slices.Contains(to, b.Email) || len(to) != all {
		t.Errorf("mailed %d", len(to))
	}
	s.enters(dudley, x, discount, figuresOf(100, 50))
	if err := s.signs(dudley, x, catalogue.Councils, ""); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		date string
		want int
	}{{"2026-12-20", 0}, {"2027-01-16", 0}, {"2027-01-17", all - 1}, {"2027-01-18", 0}, {"2027-01-28", 0}, {"2027-01-29", all - 1}, {"2027-01-31", 0}, {"2027-02-03", 0}} {
		if got := day(step.date); got != step.want {
			t.Errorf("on %s %d are told, want %d", step.date, got, step.want)
		}
	}
	if len(s.inbox(first)) != 3 || len(s.inbox(second)) != 1 {
		t.Errorf("who has not signed was told %q, who has %q", s.inbox(first), s.inbox(second))
	}
	whole(t, c)
}

func TestWhatIsNotSignedIsTheCouncilsAlone(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	s.enters(birmingham, x, discount, figuresOf(900, 100))
	s.says(birmingham, x, "canary-words", catalogue.ShareNamed)
	id := catalogue.ReturnID(birmingham, discount, x.Start)
	others := map[string]catalogue.Actor{"the public": catalogue.Anonymous(), "another council": officer(coventry, catalogue.RoleAdmin), "the operator": catalogue.Operator("test")}
	for who, a := range others {
		_, err := c.Return(ctx, a, id)
		is(t, who+" reads a draft", err, catalogue.NotFound)
		v := must[*catalogue.CallView](t)(c.CallView(ctx, a, x.ID))
		if asJSON(t, v) == "" || strings.Contains(asJSON(t, v), "canary") || v.Signed != 0 || (v.Begun != 0) != a.IsOperator() {
			t.Errorf("%s sees of a draft %d begun, %d signed", who, v.Begun, v.Signed)
		}
	}
	is(t, "a contributor signs", c.SignAnswer(ctx, officer(birmingham, catalogue.RoleContributor), x.ID, catalogue.SignOff{Audience: catalogue.Public}), catalogue.Forbidden)
	_, err := c.Answering(ctx, officer("E06000009", catalogue.RoleLead), x.ID)
	is(t, "a council that is not asked", err, catalogue.Forbidden)

	if err := s.signs(birmingham, x, catalogue.Councils, ""); err != nil {
		t.Fatal(err)
	}
	_, err = c.Return(ctx, catalogue.Anonymous(), id)
	is(t, "the public reads what councils share", err, catalogue.NotFound)
	r := must[*catalogue.Return](t)(c.Return(ctx, others["another council"], id))
	if now, _ := r.Current(); now.Account != "" || now.Role != catalogue.RoleLead || !now.At.Equal(k.now) || now.Volume() != 1000 {
		t.Errorf("another council sees %+v", now)
	}
	// A correction is a draft again until it is signed, with its reason.
	s.enters(birmingham, x, discount, figuresOf(950, 100))
	if r := must[*catalogue.Return](t)(c.Return(ctx, others["the operator"], id)); r.Draft != nil {
		t.Error("the operator sees a correction that is not signed")
	}
	refusedOn(t, "signing again without a reason", s.signs(birmingham, x, catalogue.Councils, ""), "reason")
	k.now = catalogue.MustDate("2027-02-02").First()
	if err := s.signs(birmingham, x, catalogue.Councils, "Counted twice"); err != nil {
		t.Fatal(err)
	}
	r = must[*catalogue.Return](t)(c.Return(ctx, others["another council"], id))
	if len(r.Versions) != 2 || r.Versions[0].Volume() != 1000 || r.Versions[1].Volume() != 1050 || !r.Versions[1].Late || r.Versions[1].Reason != "Counted twice" {
		t.Errorf("after a correction the versions are %+v", r.Versions)
	}
	// Who may see less from now on sees nothing of before either.
	if err := s.signs(birmingham, x, catalogue.Own, "We keep it to ourselves"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Return(ctx, others["another council"], id)
	is(t, "what was shared until then", err, catalogue.NotFound)
	if got := must[[]*catalogue.Return](t)(c.Returns(ctx, others["the operator"], discount, x.Start)); len(got) != 1 {
		t.Errorf("the operator finds %d signed returns of the service", len(got))
	}
	whole(t, c)
}

func TestOneSignsWhatOneLookedAt(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	lead := officer(birmingham, catalogue.RoleLead)
	refusedOn(t, "signing nothing", s.signs(birmingham, x, catalogue.Public, ""), "parts")
	s.enters(birmingham, x, discount, figuresOf(1, 1))
	seen := catalogue.AnswerMark(must[*catalogue.AnswerView](t)(c.Answering(ctx, lead, x.ID)))
	s.enters(birmingham, x, bulky, figuresOf(2, 2))
	is(t, "signing what changed since", c.SignAnswer(ctx, lead, x.ID, catalogue.SignOff{Audience: catalogue.Public, Seen: seen}), catalogue.Conflict)
	is(t, "saving over a colleague's figures", c.SaveFigures(ctx, lead, x.ID, catalogue.ServiceFigures{LGSL: bulky, Lines: figuresOf(3, 3)}), catalogue.Conflict)
	if err := c.SaveFigures(ctx, lead, x.ID, catalogue.ServiceFigures{LGSL: bulky, Lines: figuresOf(2, 2)}); err != nil {
		t.Errorf("saving the same as a colleague: %v", err)
	}
	if err := c.SaveFigures(ctx, lead, x.ID, catalogue.ServiceFigures{LGSL: 1, Lines: figuresOf(2, 2)}); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("figures of a service that is not asked about: %v", err)
	}
}

// TestASignatureIsWholeOrNotThere stops the store at every commit of a signature over many services.
func TestASignatureIsWholeOrNotThere(t *testing.T) {
	ctx := context.Background()
	for n := 1; n <= 9; n++ {
		k := &clock{now: today}
		path := filepath.Join(t.TempDir(), "catalogue.db")
		store := &stopping{Store: stored(t, path)}
		c := over(t, store, k)
		s := scene{t, c, new(int)}
		ask := asking()
		ask.Services = nil
		for _, known := range c.Register().Services()[:30] {
			ask.Services = append(ask.Services, known.LGSL)
		}
		x := s.called(ask)
		var all []catalogue.ServiceFigures
		for i, lgsl := range x.Services {
			all = append(all, catalogue.ServiceFigures{LGSL: lgsl, Lines: figuresOf(int64(i), 1)})
		}
		if changed, wrong, err := c.SaveAllFigures(ctx, officer(birmingham, catalogue.RoleContributor), x.ID, all, false); err != nil || len(wrong) > 0 || changed != 30 {
			t.Fatal(changed, wrong, err)
		}
		store.after = n
		failed := s.signs(birmingham, x, catalogue.Councils, "")
		store.after = 0
		c = over(t, store, k) // what had happened is completed when it opens
		signed := must[[]*catalogue.Return](t)(c.CouncilReturns(ctx, catalogue.Operator("test"), birmingham))
		if len(signed) != 0 && len(signed) != 30 || failed == nil && len(signed) != 30 {
			t.Errorf("with commit %d failing (%v) %d of 30 are signed", n, failed, len(signed))
		}
		whole(t, c)
	}
}

func TestFiguresOfAFileAreSavedTogetherOrNot(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	who := officer(birmingham, catalogue.RoleContributor)
	bad := []catalogue.ServiceFigures{{LGSL: discount, Lines: figuresOf(5, 5)}, {LGSL: bulky, Lines: figuresOf(-1, 5)}}
	_, wrong, err := c.SaveAllFigures(ctx, who, x.ID, bad, false)
	if err != nil || len(wrong) != 1 || wrong[0].LGSL != bulky || wrong[0].Field != "volume_online" {
		t.Errorf("a wrong volume: %+v, %v", wrong, err)
	}
	if n := count(t, c, catalogue.KindReturn); n != 0 {
		t.Errorf("%d returns are there after a file with an error", n)
	}
	good := []catalogue.ServiceFigures{{LGSL: discount, Lines: figuresOf(5, 5)}, {LGSL: bulky, Lines: figuresOf(6, 6)}}
	for i, want := range []int{2, 2, 0} {
		changed, _, err := c.SaveAllFigures(ctx, who, x.ID, good, i == 0)
		if err != nil || changed != want {
			t.Errorf("the file for the %d. time changes %d (%v), want %d", i, changed, err, want)
		}
	}
	_, _, err = c.SaveAllFigures(ctx, officer(birmingham, catalogue.RoleViewer), x.ID, good, false)
	is(t, "a viewer's file", err, catalogue.Forbidden)
	whole(t, c)
}

func TestThemesAreToldFromFiveCouncilsOn(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	operator, councils := catalogue.Operator("test"), westMidlands(c, "")
	if err := c.AddTheme(ctx, operator, x.ID, "q1", "End dates"); err != nil {
		t.Fatal(err)
	}
	is(t, "a council codes", c.AddTheme(ctx, officer(councils[0], catalogue.RoleAdmin), x.ID, "q1", "Mine"), catalogue.Forbidden)
	shares := []catalogue.WordsShare{catalogue.ShareNamed, catalogue.ShareUnnamed, catalogue.ShareOperator, catalogue.ShareUnnamed, catalogue.ShareNamed}
	said := func() catalogue.QuestionView {
		return must[*catalogue.CallView](t)(c.CallView(ctx, catalogue.Anonymous(), x.ID)).Questions[0]
	}
	for i, share := range shares {
		if i == 4 { // of four
			got := said()
			if got.Answers != 0 || len(got.Quotes) != 1 || got.Quotes[0].Council == nil || len(got.Themes) != 1 || got.Themes[0].Councils != 0 || !got.Themes[0].Few {
				t.Errorf("of four councils the public hears %+v", got)
			}
		}
		s.says(councils[i], x, fmt.Sprintf("answer %d %s", i, share), share)
		if err := s.signs(councils[i], x, catalogue.Own, ""); err != nil {
			t.Fatal(err)
		}
		if err := c.CodeAnswers(ctx, operator, x.ID, "q1", map[string][]string{councils[i]: {"t1", "none"}}); err != nil {
			t.Fatal(err)
		}
	}
	got := said()
	if got.Answers != 5 || len(got.Themes) != 1 || got.Themes[0].Councils != 5 || len(got.Quotes) != 4 {
		t.Errorf("of five councils the public hears %+v", got)
	}
	for _, q := range got.Quotes {
		if strings.Contains(q.Text, string(catalogue.ShareOperator)) || (q.Council == nil) != strings.Contains(q.Text, string(catalogue.ShareUnnamed)) {
			t.Errorf("quoted: %+v", q)
		}
	}
	// Words that a council changes wait to be read again.
	if err := c.SaveWords(ctx, officer(councils[0], catalogue.RoleLead), x.ID, "answer 0 named", catalogue.WordsAnswer{Question: "q1", Text: "other words", Share: catalogue.ShareNamed}); err != nil {
		t.Fatal(err)
	}
	k := c.At(func() time.Time { return today.Add(time.Hour) })
	v := must[*catalogue.AnswerView](t)(k.Answering(ctx, officer(councils[0], catalogue.RoleLead), x.ID))
	if err := k.SignAnswer(ctx, officer(councils[0], catalogue.RoleLead), x.ID, catalogue.SignOff{Audience: catalogue.Own, Reason: "Better words", Seen: catalogue.AnswerMark(v)}); err != nil {
		t.Fatal(err)
	}
	page, next, err := c.AnswersToCode(ctx, operator, x.ID, "q1", "", 3)
	if err != nil || len(page) != 3 || next != councils[2] || !page[0].Changed || page[1].Changed || !page[1].Coded {
		t.Errorf("to code: %+v, %q, %v", page, next, err)
	}
	// A theme that is joined to another counts as that one, and no council twice.
	if err := c.AddTheme(ctx, operator, x.ID, "q1", "Dates that end"); err != nil {
		t.Fatal(err)
	}
	if err := c.CodeAnswers(ctx, operator, x.ID, "q1", map[string][]string{councils[1]: {"t2"}, councils[2]: {"t1", "t2"}}); err != nil {
		t.Fatal(err)
	}
	if got := said().Themes[0].Councils; got != 0 { // four are left
		t.Errorf("%d councils", got)
	}
	is(t, "a theme joined to itself", c.JoinThemes(ctx, operator, x.ID, "t2", "t2"), catalogue.Invalid)
	is(t, "a council joins themes", c.JoinThemes(ctx, officer(councils[0], catalogue.RoleAdmin), x.ID, "t2", "t1"), catalogue.Forbidden)
	for range 2 { // the same form twice
		if err := c.JoinThemes(ctx, operator, x.ID, "t2", "t1"); err != nil {
			t.Fatal(err)
		}
	}
	if got := said(); len(got.Themes) != 1 || got.Themes[0].ID != "t1" || got.Themes[0].Councils != 5 {
		t.Errorf("joined, the themes are %+v", got.Themes)
	}
	if page, _, err := c.AnswersToCode(ctx, operator, x.ID, "q1", "", 9); err != nil || len(page[1].Themes) != 1 || page[1].Themes[0] != "t1" {
		t.Errorf("joined, the answer is coded as %+v, %v", page[1], err)
	}
	if err := c.AddTheme(ctx, operator, x.ID, "q1", "Dates that end"); err != nil { // the name is free again
		t.Error(err)
	}
	if err := c.RenameTheme(ctx, operator, x.ID, "t1", ""); err != nil || len(said().Themes) != 0 {
		t.Errorf("a theme that is taken out (%v) is told still: %+v", err, said().Themes)
	}
}
