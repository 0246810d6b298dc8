package catalogue_test

import (
	"context"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

func TestFiguresAreComparedAndWarnedOf(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	mets := westMidlands(c, "Metropolitan district")
	if len(mets) < 7 {
		t.Skipf("%d metropolitan districts", len(mets))
	}
	me, peers := mets[0], mets[1:6]
	residents := func(code string) int { r, _ := c.Register().Council(code); return r.Population }
	lead := officer(me, catalogue.RoleLead)
	check := func(lines []catalogue.ReturnLine) catalogue.ReturnCheck {
		return must[catalogue.ReturnCheck](t)(c.CheckReturn(ctx, lead, x, discount, lines))
	}
	// 10, 20 ... 50 contacts for 1,000 residents, half of them online: the median is 30.
	for i, p := range peers {
		n := int64(residents(p)) * int64(10*(i+1)) / 1000 / 2
		s.enters(p, x, discount, wholeFigures(n, n))
		if got := check(wholeFigures(10, 10)); got.PeerRate != 0 {
			t.Errorf("with %d peers there is a median", i)
		}
		if err := s.signs(p, x, catalogue.Councils, ""); err != nil {
			t.Fatal(err)
		}
	}
	n := int64(residents(me)) * 30 / 1000 / 2
	if got := check(wholeFigures(n, n)); got.Peers != 5 || got.PeerRate < 29.9 || got.PeerRate > 30.1 || got.PeerShare < 0.49 || got.PeerShare > 0.51 || len(got.Warnings) != 0 {
		t.Errorf("in the middle: %+v", got)
	}
	imports(t, c, catalogue.ImportedReturn(me, discount, catalogue.MustDate("2024-04-01"), catalogue.MustDate("2025-03-31"), wholeFigures(n, n), ""))
	for what, test := range map[string]struct {
		lines []catalogue.ReturnLine
		want  string
	}{"four times the median": {wholeFigures(4*n, 4*n), "for 1,000 residents"}, "all online": {wholeFigures(2*n, 0), "came online"}, "half of last year": {wholeFigures(n/3, n/3), "67% lower"}} {
		if got := strings.Join(check(test.lines).Warnings, " "); !strings.Contains(got, test.want) {
			t.Errorf("%s: it warns %q", what, got)
		}
	}
	// What is kept to a council makes no median.
	if err := s.signs(peers[0], x, catalogue.Own, "Not any more"); err != nil {
		t.Fatal(err)
	}
	if got := check(wholeFigures(n, n)); got.PeerRate != 0 || got.Peers != 4 {
		t.Errorf("four peers that share make a median: %+v", got)
	}
	// Half of the channels come to nothing yet, and no peer is made of them.
	got := check(figuresOf(n, n))
	if got.Whole() || got.Total != 0 || got.Rate != 0 || got.Digital != nil || got.LastTotal != nil || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "2 of 4 channels have no figure") {
		t.Errorf("two of four channels: %+v", got)
	}
	s.enters(peers[1], x, discount, figuresOf(n, n))
	if err := s.signs(peers[1], x, catalogue.Councils, "Two channels were guesses"); err != nil {
		t.Fatal(err)
	}
	if got := check(wholeFigures(n, n)); got.Peers != 3 {
		t.Errorf("%d peers, one of them with two channels", got.Peers)
	}
}

// wholeFigures are figures of all channels, of which two had no contact.
func wholeFigures(online, phone int64) []catalogue.ReturnLine {
	lines := figuresOf(online, phone)
	for _, ch := range []catalogue.Channel{catalogue.ChannelFaceToFace, catalogue.ChannelPost} {
		lines = append(lines, catalogue.ReturnLine{Channel: ch, Method: catalogue.MethodCounted})
	}
	return lines
}

func TestImportedReturnsAreVersionsBesideDrafts(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	s.enters(birmingham, x, discount, figuresOf(7, 7))
	given := func(online int64) *catalogue.Return {
		return catalogue.ImportedReturn(birmingham, discount, x.Start, x.End, figuresOf(online, 1), "")
	}
	if done := imports(t, c, given(1)); done.Updated != 1 {
		t.Errorf("the first import: %+v", done)
	}
	if done := imports(t, c, given(1)); done.Unchanged != 1 {
		t.Errorf("the same again: %+v", done)
	}
	imports(t, c, given(2))
	r := must[*catalogue.Return](t)(c.Return(ctx, officer(birmingham, catalogue.RoleViewer), given(1).ID))
	if len(r.Versions) != 2 || r.Versions[1].Source != catalogue.ReturnImported || r.Draft == nil || r.Draft.Lines[0].Volume != 7 {
		t.Errorf("after two imports: %+v", r)
	}
	is(t, "a council imports returns", must1(c.Import(ctx, officer(birmingham, catalogue.RoleAdmin), []catalogue.Item{given(3)}, catalogue.ImportOptions{})), catalogue.Forbidden)
	whole(t, c)
}

func must1[T any](_ T, err error) error { return err }

// TestReturnsStayWithTheCouncilThatCounted: they are of its residents, whoever takes its place.
func TestReturnsStayWithTheCouncilThatCounted(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	s.enters(dudley, x, discount, figuresOf(7, 7))
	if err := s.signs(dudley, x, catalogue.Public, ""); err != nil {
		t.Fatal(err)
	}
	must[*catalogue.Council](t)(c.AddCouncil(ctx, catalogue.Operator("test"), register.Council{GSS: "NEW-BLACK-COUNTRY", Name: "Black Country", OfficialName: "Black Country Council", Type: "Unitary authority",
		Nation: "England", Region: "West Midlands", Domain: "blackcountry.gov.uk"}))
	before := must[*catalogue.CallView](t)(c.CallView(ctx, catalogue.Anonymous(), x.ID))
	if _, err := c.Succeed(ctx, catalogue.Operator("test"), catalogue.HandOver{From: dudley, To: "NEW-BLACK-COUNTRY", Reason: "Reorganised"}); err != nil {
		t.Fatal(err)
	}
	r := must[*catalogue.Return](t)(c.Return(ctx, catalogue.Anonymous(), catalogue.ReturnID(dudley, discount, x.Start)))
	after := must[*catalogue.CallView](t)(c.CallView(ctx, catalogue.Anonymous(), x.ID))
	if r.Council != dudley || after.Asked != before.Asked-1 {
		t.Errorf("the return is of %s; %d were asked and %d are", r.Council, before.Asked, after.Asked)
	}
	whole(t, c)
}
