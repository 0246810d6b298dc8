package catalogue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/baseline"
)

// bulkyWaste is the service of these tests.
const bulkyWaste = 528

func theRound() baseline.Round { return baseline.Round{LGSL: bulkyWaste, Start: "2025-04-01"} }

// returned is a return whose digital share is online in a hundred.
func returned(council string, online int64, audience catalogue.Audience) *catalogue.Return {
	cost := 3.5
	lines := []catalogue.ReturnLine{{Channel: catalogue.ChannelOnline, Volume: 100 * online, Method: catalogue.MethodCounted},
		{Channel: catalogue.ChannelPhone, Volume: 100 * (100 - online), Method: catalogue.MethodEstimated, Cost: &cost},
		{Channel: catalogue.ChannelFaceToFace, Method: catalogue.MethodCounted}, {Channel: catalogue.ChannelPost, Method: catalogue.MethodCounted}}
	return catalogue.ImportedReturn(council, bulkyWaste, catalogue.MustDate("2025-04-01"), catalogue.MustDate("2026-03-31"), lines, audience)
}

// counts stores returns of some councils, with shares of 40, 41 and so on.
func counts(t testing.TB, c *catalogue.Catalogue, councils []string, audience catalogue.Audience) {
	t.Helper()
	var items []catalogue.Item
	for i, council := range councils {
		items = append(items, returned(council, int64(40+i), audience))
	}
	imports(t, c, items...)
}

func digital(e *catalogue.Edition) *baseline.Figure {
	if e == nil {
		return nil
	}
	if f, ok := e.Of(theRound())[baseline.Digital]; ok {
		return &f
	}
	return nil
}

func TestChannelsAreThoseOfTheBaseline(t *testing.T) {
	var names []string
	for _, ch := range catalogue.Channels() {
		names = append(names, string(ch))
	}
	if !slices.Equal(names, baseline.Channels()) {
		t.Errorf("returns have %v, the baseline has %v", names, baseline.Channels())
	}
}

func TestAnEditionAWeekIfSomethingMoved(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	codes := unitaries(c, 30)
	due := func(what string, number int) {
		t.Helper()
		e, err := c.PublishDue(ctx)
		if err != nil || number == 0 && e != nil || number > 0 && (e == nil || e.Number != number) {
			t.Errorf("%s: %+v, %v", what, e, err)
		}
		c = over(t, store, k) // a program that starts anew makes none again
	}
	k.now = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	counts(t, c, codes[:12], catalogue.Councils)
	due("before seven on Monday", 0)
	k.move(time.Hour)
	due("at seven", 1)
	k.move(time.Hour)
	counts(t, c, codes[:19], catalogue.Councils)
	due("an hour later", 0)
	k.move(7 * 24 * time.Hour)
	due("a week later", 2)
	k.move(7 * 24 * time.Hour)
	counts(t, c, codes[:20], catalogue.Councils)
	due("a week in which one joined", 0)
	k.move(7 * 24 * time.Hour)
	counts(t, c, codes[:26], catalogue.Councils)
	due("a week in which the seventh joined", 3)
	all, older, err := c.Editions(ctx, catalogue.Anonymous(), 0, 2)
	if err != nil || len(all) != 2 || !older || all[0].Cite() != "Jointly baseline of channels, edition 3, 14 December 2026" {
		t.Fatalf("%+v, %t, %v", all, older, err)
	}
	if r, ok := all[1].Latest(bulkyWaste); !ok || r.Round != theRound() || r.End != catalogue.MustDate("2026-03-31") || r.Signed != 19 {
		t.Errorf("the period of edition 2: %+v", r)
	}
	if f := digital(all[1]); f == nil || f.N != 19 || f.Since != 2 || *f.Median != 49 {
		t.Errorf("edition 2 says %+v", f)
	}
	if _, err := c.Edition(ctx, catalogue.Anonymous(), 4); err == nil {
		t.Error("an edition that is not made is there")
	}
	whole(t, c)
}

// TestWhatACouncilKeepsToItselfCountsWithOthersAlone: six that keep theirs are left out of what 13 share, seven are in.
func TestWhatACouncilKeepsToItselfCountsWithOthersAlone(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	codes := unitaries(c, 30)
	counts(t, c, codes[:13], catalogue.Councils)
	counts(t, c, codes[13:19], catalogue.Own)
	operator := catalogue.Operator("test")
	e := must[*catalogue.Edition](t)(c.PublishEdition(ctx, operator))
	if f := digital(e); f == nil || f.N != 13 {
		t.Errorf("with six of their own: %+v", f)
	}
	if e = must[*catalogue.Edition](t)(c.LatestEdition(ctx, operator)); !slices.ContainsFunc(e.Withheld, func(w baseline.Withheld) bool {
		return w.Measure == baseline.Digital && w.Why == baseline.Waits && w.Councils == 6
	}) {
		t.Errorf("the operator is not told who waits: %+v", e.Withheld)
	}
	_, err := c.PublishEdition(ctx, operator)
	is(t, "an edition that says the same", err, catalogue.Conflict)
	counts(t, c, codes[19:20], catalogue.Own)
	e = must[*catalogue.Edition](t)(c.PublishEdition(ctx, operator))
	if f := digital(e); f == nil || f.N != 20 || f.Since != 2 {
		t.Errorf("with seven of their own: %+v", f)
	}
	for _, actor := range []catalogue.Actor{catalogue.Anonymous(), officer(codes[0], catalogue.RoleAdmin)} {
		seen := must[*catalogue.Edition](t)(c.LatestEdition(ctx, actor))
		text, err := json.Marshal(seen)
		if err != nil || seen.Withheld != nil || seen.State != "" || strings.Contains(string(text), codes[0]) {
			t.Errorf("%s sees %s", actor.Org, text)
		}
	}
	_, err = c.PublishEdition(ctx, officer(codes[0], catalogue.RoleAdmin))
	is(t, "an edition by a council", err, catalogue.Forbidden)
}

func TestTheLiveFiguresMoveWhenACouncilShares(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	codes := unitaries(c, 30)
	counts(t, c, codes[:8], catalogue.Councils)
	reader := officer(codes[20], catalogue.RoleViewer)
	look := func() *catalogue.LiveBaseline {
		t.Helper()
		return must[*catalogue.LiveBaseline](t)(c.LiveBaseline(ctx, reader, theRound()))
	}
	before, _ := baseline.Live(look().Parts(), baseline.Digital, 1)
	imports(t, c, returned(codes[20], 95, catalogue.Own), returned(codes[21], 95, catalogue.Own))
	l := look()
	if f, _ := baseline.Live(l.Parts(), baseline.Digital, 1); f.N != 8 || *f.Median != *before.Median || l.Own == nil {
		t.Errorf("what councils keep to themselves moves what others see: %+v", f)
	}
	imports(t, c, returned(codes[22], 95, catalogue.Councils), returned(codes[23], 95, catalogue.Public))
	if f, _ := baseline.Live(look().Parts(), baseline.Digital, 1); f.N != 10 || *f.Median <= *before.Median {
		t.Errorf("what councils share does not count at once: %+v", f)
	}
	near := look().Nearest
	if len(near) != 15 || slices.ContainsFunc(near, func(n catalogue.NearestCouncil) bool { return n.Council.GSS == codes[20] }) {
		t.Errorf("nearest: %+v", near)
	}
	for _, n := range near {
		if has := slices.Contains(append(codes[:8:8], codes[22], codes[23]), n.Code); has != (n.Shared != nil) {
			t.Errorf("%s shares, and is seen to: %t, %t", n.Code, has, n.Shared != nil)
		}
	}
	for what, actor := range map[string]catalogue.Actor{"nobody": catalogue.Anonymous(), "a supplier": {Account: "s", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "x", Via: "test"}} {
		if _, err := c.LiveBaseline(ctx, actor, theRound()); catalogue.KindOf(err) != catalogue.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestPlatformsHaveFiguresFromFiveCouncilsOn, and only of councils that share theirs.
func TestPlatformsHaveFiguresFromFiveCouncilsOn(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	service, ok := c.Register().Service(bulkyWaste)
	if !ok || service.Capability == "" {
		t.Fatal("the service stands on nothing")
	}
	codes := unitaries(c, 30)
	counts(t, c, codes[:5], catalogue.Councils)
	counts(t, c, codes[5:9], catalogue.Own)
	items := []catalogue.Item{&catalogue.Platform{Meta: catalogue.Meta{ID: "binfast"}, Name: "Binfast", Capabilities: []string{service.Capability}}}
	for i, code := range codes[:9] {
		if i == 4 {
			continue
		}
		items = append(items, &catalogue.Use{Meta: catalogue.Meta{ID: "binfast~" + code}, Platform: "binfast", Council: code, Source: catalogue.Source{Text: "A notice"}})
	}
	imports(t, c, items...)
	look := func() []catalogue.PlatformFigure {
		t.Helper()
		return must[*catalogue.LiveBaseline](t)(c.LiveBaseline(ctx, officer(codes[20], catalogue.RoleViewer), theRound())).Platforms
	}
	if got := look(); len(got) != 1 || got[0].Councils != 4 || got[0].Digital.N != 0 {
		t.Errorf("of four councils: %+v", got)
	}
	imports(t, c, &catalogue.Use{Meta: catalogue.Meta{ID: "binfast~" + codes[4]}, Platform: "binfast", Council: codes[4], Source: catalogue.Source{Text: "A notice"}})
	if got := look(); len(got) != 1 || got[0].Digital.N != 5 || *got[0].Digital.Median != 42 {
		t.Errorf("of five councils: %+v", got)
	}
}

// TestInventedCouncilsAreNeverAddedToRealOnes in an edition.
func TestInventedCouncilsAreNeverAddedToRealOnes(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	var items []catalogue.Item
	var invented []string
	for i := range 9 {
		code := "DEMO-" + string(rune('A'+i))
		invented = append(invented, code)
		council := &catalogue.Council{Meta: catalogue.Meta{ID: code}, Demonstration: true}
		council.GSS, council.Name, council.Population = code, "Invented "+code, 100_000
		items = append(items, council)
	}
	imports(t, c, items...)
	counts(t, c, invented, catalogue.Councils)
	operator := catalogue.Operator("test")
	if e := must[*catalogue.Edition](t)(c.PublishEdition(ctx, operator)); !e.Demonstration || digital(e).N != 9 {
		t.Errorf("invented alone: %+v", e)
	}
	codes := unitaries(c, 7)
	counts(t, c, codes, catalogue.Own)
	if e := must[*catalogue.Edition](t)(c.PublishEdition(ctx, operator)); e.Demonstration || digital(e).N != 7 {
		t.Errorf("with real ones: %+v", e)
	}
}

// TestARestoredCatalogueDoesNotDrawFiguresAnew: else one change could be subtracted from the edition before.
func TestARestoredCatalogueDoesNotDrawFiguresAnew(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	codes := unitaries(c, 30)
	counts(t, c, codes[:12], catalogue.Councils)
	operator := catalogue.Operator("test")
	must[*catalogue.Edition](t)(c.PublishEdition(ctx, operator))
	var file bytes.Buffer
	must[catalogue.BackupInfo](t)(c.Backup(ctx, &file))
	store := stored(t, filepath.Join(t.TempDir(), "restored.db"))
	must[catalogue.BackupInfo](t)(catalogue.Restore(ctx, store, bytes.NewReader(file.Bytes())))
	again := over(t, store, k)
	imports(t, again, returned(codes[12], 99, catalogue.Own), returned(codes[0], 99, catalogue.Councils))
	if e, err := again.PublishEdition(ctx, operator); catalogue.KindOf(err) != catalogue.Conflict {
		t.Errorf("drawn anew after two changes: %+v, %v", e, err)
	}
	whole(t, again)
}

// TestAPeriodThatIsNotAYearCountsForAYear: half a year's contacts count twice.
func TestAPeriodThatIsNotAYearCountsForAYear(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	var items []catalogue.Item
	for _, code := range unitaries(c, 8) {
		r := returned(code, 50, catalogue.Councils)
		if code == unitaries(c, 1)[0] {
			r.End = catalogue.MustDate("2025-09-30") // 183 days
		}
		items = append(items, r)
	}
	imports(t, c, items...)
	l := must[*catalogue.LiveBaseline](t)(c.LiveBaseline(ctx, catalogue.Operator("test"), theRound()))
	for _, s := range l.Shared {
		all, _ := s.Part.Of(baseline.Contacts)
		want := 10_000.0
		if s.Return.End == catalogue.MustDate("2025-09-30") {
			want = 10_000 * 365.25 / 183
		}
		if all != want {
			t.Errorf("%s to %s: %v contacts a year, want %v", s.Return.Start, s.Return.End, all, want)
		}
	}
}
