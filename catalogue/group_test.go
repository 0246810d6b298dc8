package catalogue_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jointly/catalogue"
)

const (
	sandwell  = "E08000028"
	edinburgh = "S12000036"
	cardiff   = "W06000015"
	belfast   = "N09000003"
)

// window is an intention with a window of its own.
func (s scene) window(council, from, to string) *catalogue.Intention {
	in := intention(council, s.name("Revenues system"))
	in.WindowStart, in.WindowEnd, in.ContractEnd = catalogue.MustDate(from), catalogue.MustDate(to), catalogue.Date{}
	return listed(s.t, s.c, in)
}

func (s scene) propose(by string, own *catalogue.Intention, partners ...*catalogue.Intention) (*catalogue.BuyingGroup, error) {
	p := catalogue.Proposal{Intention: own.ID, OpenToJoin: true}
	for _, in := range partners {
		p.Partners = append(p.Partners, in.ID)
	}
	return s.c.ProposeGroup(context.Background(), officer(by, catalogue.RoleLead), p)
}

func (s scene) answer(council string, g *catalogue.BuyingGroup, accept bool, reason string) (*catalogue.BuyingGroup, error) {
	return s.c.AnswerInvitation(context.Background(), officer(council, catalogue.RoleLead), g.ID, accept, reason)
}

func (s scene) room(council string, g *catalogue.BuyingGroup) *catalogue.Room {
	return must[*catalogue.Room](s.t)(s.c.Room(context.Background(), officer(council, catalogue.RoleLead), g.ID))
}

func span(g *catalogue.BuyingGroup) string {
	return g.WindowStart.String() + " to " + g.WindowEnd.String()
}

func TestAGroupFromProposalToItsEnd(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	group := must[*catalogue.BuyingGroup](t)
	mine, second, third := s.window(birmingham, "2027-04-01", "2027-12-31"), s.window(coventry, "2027-06-01", "2028-06-30"), s.window(dudley, "2027-01-01", "2027-09-30")
	g := group(s.propose(birmingham, mine, second, third))
	if g.Stage != catalogue.Forming || g.Councils != 1 || span(g) != "2027-06-01 to 2027-09-30" || g.Title == "" || g.Capability != "revs-bens" {
		t.Errorf("proposed it is %s with %d councils, %s, %q for %s", g.Stage, g.Councils, span(g), g.Title, g.Capability)
	}

	_, err := s.answer(coventry, g, false, "  ")
	refusedOn(t, "declining without a reason", err, "reason")
	g = group(s.answer(coventry, g, true, ""))
	if g.Stage != catalogue.Forming || g.Councils != 2 {
		t.Errorf("with one still asked it is %s with %d councils", g.Stage, g.Councils)
	}
	seq := must[uint64](t)(c.Seq(ctx))
	if again := group(s.answer(coventry, g, true, "")); again.Version != g.Version || must[uint64](t)(c.Seq(ctx)) != seq {
		t.Error("accepting again wrote something")
	}
	g = group(s.answer(dudley, g, false, "We extended our contract"))
	if g.Room || g.Members != nil {
		t.Errorf("who declined gets the room: %+v", g)
	}
	room := s.room(birmingham, g)
	if g := room.Group; g.Stage != catalogue.Forming || span(g) != "2027-06-01 to 2027-12-31" {
		t.Errorf("once all have answered it is %s, %s", g.Stage, span(g))
	}
	if len(room.Members) != 2 || len(room.Gone) != 1 || room.Gone[0].Reason != "We extended our contract" {
		t.Errorf("the room shows %d members and %+v gone", len(room.Members), room.Gone)
	}
	_, err = s.answer(dudley, g, true, "")
	is(t, "accepting after declining", err, catalogue.Conflict)

	group(c.TakeLead(ctx, officer(coventry, catalogue.RoleLead), g.ID, true))
	_, err = c.TakeLead(ctx, officer(birmingham, catalogue.RoleLead), g.ID, true)
	is(t, "taking a lead that another has", err, catalogue.Conflict)
	_, err = c.Stand(ctx, officer(coventry, catalogue.RoleLead), g.ID, catalogue.Standing{Rung: "keen"})
	refusedOn(t, "standing on no rung", err, "rung")

	_, err = c.LeaveGroup(ctx, officer(coventry, catalogue.RoleLead), g.ID, "")
	refusedOn(t, "leaving without a reason", err, "reason")
	joined := group(c.Join(ctx, officer(sandwell, catalogue.RoleLead), g.ID, s.window(sandwell, "2027-05-01", "2027-11-30").ID))
	if span(joined) != "2027-06-01 to 2027-11-30" || joined.Councils != 3 {
		t.Errorf("with a third council it is %s with %d councils", span(joined), joined.Councils)
	}
	if left := group(c.LeaveGroup(ctx, officer(coventry, catalogue.RoleLead), g.ID, "reorganisation")); left.Lead != "" || left.Room || left.Members != nil {
		t.Errorf("who left gets %+v", left)
	}
	if g := s.room(birmingham, g).Group; span(g) != "2027-05-01 to 2027-11-30" || g.Lead != "" || g.Stage != catalogue.Forming {
		t.Errorf("without the lead it is %s, led by %q, %s", span(g), g.Lead, g.Stage)
	}
	group(c.LeaveGroup(ctx, officer(sandwell, catalogue.RoleLead), g.ID, "no money"))
	room = s.room(birmingham, g)
	if room.Group.Stage != catalogue.Abandoned || room.Group.OpenToJoin || !room.Group.Ended(today) {
		t.Errorf("with one council left it is %s, open %v", room.Group.Stage, room.Group.OpenToJoin)
	}
	for what, try := range map[string]func() error{
		"leading": func() error {
			_, err := c.TakeLead(ctx, officer(birmingham, catalogue.RoleLead), g.ID, true)
			return err
		},
		"inviting into": func() error {
			_, err := c.Invite(ctx, officer(birmingham, catalogue.RoleLead), g.ID, third.ID)
			return err
		},
	} {
		is(t, what+" a group that was given up", try(), catalogue.Conflict)
	}
	for _, actor := range []catalogue.Actor{officer(dudley, catalogue.RoleLead), officer("E08000029", catalogue.RoleLead), catalogue.Anonymous()} {
		_, err := c.Group(ctx, actor, g.ID)
		is(t, "reading a group that was given up as "+actor.Org, err, catalogue.NotFound)
	}
	// Its intentions are free again.
	if _, err := s.propose(birmingham, mine, second); err != nil {
		t.Errorf("proposing again: %v", err)
	}
	whole(t, c)
}

func TestWhoMayBeInAGroup(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	lead := officer(birmingham, catalogue.RoleLead)
	mine := func() *catalogue.Intention { return s.window(birmingham, "2027-04-01", "2027-12-31") }
	agreed := s.group(coventry, dudley, false)
	must[*catalogue.BuyingGroup](t)(s.answer(dudley, agreed, true, ""))
	taken := must[*catalogue.Intention](t)(c.Intention(ctx, lead, agreed.Members[0].Intention))
	own := s.intention(birmingham, catalogue.Own)
	withdrawn := s.window(coventry, "2027-04-01", "2027-12-31")
	must[*catalogue.Intention](t)(c.WithdrawIntention(ctx, officer(coventry, catalogue.RoleLead), withdrawn.ID, "no money"))
	vague := listed(t, c, catalogue.Intention{Council: birmingham, Title: "Things", WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")})
	for _, test := range []struct {
		what     string
		own      *catalogue.Intention
		partners []*catalogue.Intention
		field    string
	}{
		{"nobody else", mine(), nil, "partners"},
		{"no window in common", mine(), []*catalogue.Intention{s.window(coventry, "2028-01-01", "2028-06-30")}, "partners"},
		{"no window in common with the third", mine(), []*catalogue.Intention{s.window(coventry, "2027-11-01", "2028-06-30"), s.window(dudley, "2027-01-01", "2027-10-31")}, "partners"},
		{"one that is in another group", mine(), []*catalogue.Intention{taken}, "partners"},
		{"one's own that only one's council sees", own, []*catalogue.Intention{s.window(coventry, "2027-04-01", "2027-12-31")}, "partners"},
		{"one that was withdrawn", mine(), []*catalogue.Intention{withdrawn}, "partners"},
		{"two of one council", mine(), []*catalogue.Intention{s.window(coventry, "2027-04-01", "2027-12-31"), s.window(coventry, "2027-04-01", "2027-12-31")}, "partners"},
		{"another of one's own", mine(), []*catalogue.Intention{mine()}, "partners"},
		{"a need that nobody can name", vague, []*catalogue.Intention{s.window(coventry, "2027-04-01", "2027-12-31")}, "capability"},
	} {
		before := count(t, c, catalogue.KindGroup)
		_, err := s.propose(birmingham, test.own, test.partners...)
		refusedOn(t, test.what, err, test.field)
		if count(t, c, catalogue.KindGroup) != before {
			t.Errorf("%s: a group was made", test.what)
		}
	}
	_, err := s.propose(birmingham, mine(), s.window(coventry, "2027-12-31", "2028-06-30"))
	if err != nil {
		t.Errorf("a window of one day in common: %v", err)
	}
	_, err = c.ProposeGroup(ctx, lead, catalogue.Proposal{Intention: mine().ID, Partners: []string{catalogue.NewID()}})
	is(t, "asking an intention that is not there", err, catalogue.NotFound)
}

// TestAnInvitationIsHeldToWhatHoldsWhenItIsAccepted lets things change while it waits.
func TestAnInvitationIsHeldToWhatHoldsWhenItIsAccepted(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	theirs := s.window(coventry, "2027-04-01", "2027-12-31")
	first := must[*catalogue.BuyingGroup](t)(s.propose(birmingham, s.window(birmingham, "2027-04-01", "2027-12-31"), theirs))
	second := must[*catalogue.BuyingGroup](t)(s.propose(dudley, s.window(dudley, "2027-04-01", "2027-12-31"), theirs))
	must[*catalogue.BuyingGroup](t)(s.answer(coventry, first, true, ""))
	_, err := s.answer(coventry, second, true, "")
	refusedOn(t, "accepting with an intention that is in another group by now", err, "partners")

	for what, change := range map[string]func(*catalogue.Intention){
		"its window moved away": func(in *catalogue.Intention) {
			in.WindowStart, in.WindowEnd = catalogue.MustDate("2029-01-01"), catalogue.MustDate("2029-06-30")
		},
		"it was hidden from other councils": func(in *catalogue.Intention) { in.Visibility = catalogue.Own },
		"it was withdrawn":                  func(in *catalogue.Intention) { in.Withdrawn = "no money" },
	} {
		theirs := s.window(coventry, "2027-04-01", "2027-12-31")
		g := must[*catalogue.BuyingGroup](t)(s.propose(birmingham, s.window(birmingham, "2027-04-01", "2027-12-31"), theirs))
		change(theirs)
		must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(coventry, catalogue.RoleLead), *theirs))
		_, err := s.answer(coventry, g, true, "")
		refusedOn(t, "accepting after "+what, err, "partners")
		if g := must[*catalogue.BuyingGroup](t)(s.answer(coventry, g, false, "It no longer fits")); g.Stage != catalogue.Abandoned {
			t.Errorf("after %s it is declined and %s", what, g.Stage)
		}
	}
}

// TestAMemberCanAlwaysLeave even where the others have no window in common any more.
func TestAMemberCanAlwaysLeave(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	theirs := s.window(coventry, "2027-04-01", "2027-12-31")
	g := must[*catalogue.BuyingGroup](t)(s.propose(birmingham, s.window(birmingham, "2027-04-01", "2027-12-31"), theirs, s.window(dudley, "2027-04-01", "2027-12-31")))
	for _, code := range []string{coventry, dudley} {
		must[*catalogue.BuyingGroup](t)(s.answer(code, g, true, ""))
	}
	theirs.WindowStart, theirs.WindowEnd = catalogue.MustDate("2029-01-01"), catalogue.MustDate("2029-06-30")
	must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(coventry, catalogue.RoleLead), *theirs))
	must[*catalogue.BuyingGroup](t)(c.LeaveGroup(ctx, officer(dudley, catalogue.RoleLead), g.ID, "no money"))
	if g := s.room(birmingham, g).Group; !g.WindowStart.IsZero() || !g.WindowEnd.IsZero() || g.Stage != catalogue.Forming {
		t.Errorf("two that have no window in common are %s, with the window %s", g.Stage, span(g))
	}
	must[*catalogue.BuyingGroup](t)(c.LeaveGroup(ctx, officer(coventry, catalogue.RoleLead), g.ID, "no window in common"))
}

func TestJoiningWhileItIsOpen(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	propose := func(open bool, by string) *catalogue.BuyingGroup {
		p := catalogue.Proposal{Intention: s.intention(birmingham, catalogue.Councils).ID, Partners: []string{s.intention(coventry, catalogue.Councils).ID}, OpenToJoin: open}
		if by != "" {
			p.JoinBy = catalogue.MustDate(by)
		}
		return must[*catalogue.BuyingGroup](t)(c.ProposeGroup(ctx, officer(birmingham, catalogue.RoleLead), p))
	}
	join := func(council string, g *catalogue.BuyingGroup) error {
		_, err := c.Join(ctx, officer(council, catalogue.RoleLead), g.ID, s.intention(council, catalogue.Councils).ID)
		return err
	}
	is(t, "joining one that is closed", join(dudley, propose(false, "")), catalogue.Conflict)
	g := propose(true, "2026-12-31")
	if err := join(dudley, g); err != nil {
		t.Errorf("joining one that is open: %v", err)
	}
	refusedOn(t, "joining twice", join(dudley, g), "partners")
	refusedOn(t, "joining where one is asked", join(coventry, g), "partners")
	k.move(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC).Sub(today))
	if err := join(sandwell, g); err != nil {
		t.Errorf("joining on the last evening: %v", err)
	}
	k.move(time.Hour)
	is(t, "joining a day late", join("E08000029", g), catalogue.Conflict)
	late := s.window("E08000029", "2029-01-01", "2029-12-31")
	_, err := c.Join(ctx, officer("E08000029", catalogue.RoleLead), propose(true, "").ID, late.ID)
	refusedOn(t, "joining without a window in common", err, "partners")
}

func TestManyAnswerAtOnce(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	var partners []*catalogue.Intention
	var codes []string
	for i, council := range c.Register().Councils() {
		if len(partners) == 29 {
			break
		}
		if council.GSS == birmingham {
			continue
		}
		// Everybody has more people than one transaction could have mails.
		if i < 28 {
			for n := range 4 {
				must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{
					Email: fmt.Sprintf("lead%d.%d@example.org", i, n), OrgKind: catalogue.OrgCouncil, Org: council.GSS, Role: catalogue.RoleLead}))
			}
		}
		codes, partners = append(codes, council.GSS), append(partners, s.window(council.GSS, "2027-04-01", "2027-12-31"))
	}
	own := s.window(birmingham, "2027-04-01", "2027-12-31")
	_, err := s.propose(birmingham, own, partners[:26]...)
	refusedOn(t, "asking more than one transaction can tell", err, "partners")
	g := must[*catalogue.BuyingGroup](t)(s.propose(birmingham, own, partners[:25]...))
	for _, in := range partners[25:] {
		must[*catalogue.BuyingGroup](t)(c.Invite(ctx, officer(birmingham, catalogue.RoleLead), g.ID, in.ID))
	}
	var wait sync.WaitGroup
	for i, code := range codes {
		wait.Go(func() {
			if _, err := s.answer(code, g, i%5 != 0, "not now"); err != nil {
				t.Errorf("%s answers: %v", code, err)
			}
		})
	}
	wait.Wait()
	room := s.room(birmingham, g)
	if len(room.Members) != 24 || len(room.Gone) != 6 || room.Group.Stage != catalogue.Forming || room.Group.Councils != 24 {
		t.Errorf("of 30, 6 of whom declined: %d members, %d gone, %s with %d councils", len(room.Members), len(room.Gone), room.Group.Stage, room.Group.Councils)
	}
	if _, err := c.LeaveGroup(ctx, officer(codes[1], catalogue.RoleLead), g.ID, "no money"); err != nil {
		t.Errorf("leaving a group of many with many people: %v", err)
	}
	whole(t, c)
}

func TestWhatARoomWorksOut(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	worth := func(council string, maximum float64) *catalogue.Intention {
		in := intention(council, s.name("Revenues system"))
		in.Budget = catalogue.Money{Min: maximum, Max: maximum}
		return listed(t, c, in)
	}
	accepted := func(g *catalogue.BuyingGroup, codes ...string) *catalogue.BuyingGroup {
		for _, code := range codes {
			must[*catalogue.BuyingGroup](t)(s.answer(code, g, true, ""))
		}
		return g
	}
	// The thresholds: £214,904 with VAT in 2025, £207,720 from 2026. Two at £87,500 come to £210,000 with VAT.
	pair := accepted(must[*catalogue.BuyingGroup](t)(s.propose(birmingham, worth(birmingham, 87_500), worth(coventry, 87_500))), coventry)
	for _, test := range []struct {
		on    time.Time
		above bool
		value int
	}{{today, true, 207_720}, {time.Date(2025, 12, 31, 12, 0, 0, 0, time.UTC), false, 214_904}, {time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), true, 207_720}} {
		then := c.At(func() time.Time { return test.on })
		r := must[*catalogue.Room](t)(then.Room(ctx, officer(birmingham, catalogue.RoleLead), pair.ID))
		if r.Joint != 210_000 || r.Above != test.above || !r.HasRule || r.Threshold.Value != test.value {
			t.Errorf("on %s the joint value is %v, above %v of a threshold of %d; want 210000, %v, %d", test.on.Format(time.DateOnly), r.Joint, r.Above, r.Threshold.Value, test.above, test.value)
		}
	}

	shares := accepted(must[*catalogue.BuyingGroup](t)(s.propose(birmingham, worth(birmingham, 600_000), worth(coventry, 200_000), worth(dudley, 200_000))), coventry, dudley)
	r := s.room(coventry, shares)
	var percent []int
	for _, m := range r.Members {
		percent = append(percent, int(m.Share*100+0.5))
		if m.Large != (m.Council == birmingham) {
			t.Errorf("%s with %.0f%% is large: %v", m.Council, m.Share*100, m.Large)
		}
	}
	if !slices.Equal(percent, []int{60, 20, 20}) || r.Mine == nil || r.Mine.Council != coventry {
		t.Errorf("shares of 600, 200 and 200 thousand are %v, one's own %+v", percent, r.Mine)
	}

	hidden := intention(coventry, s.name("Revenues system"))
	hidden.Fields.Budget = catalogue.Own
	unstated := accepted(must[*catalogue.BuyingGroup](t)(s.propose(birmingham, worth(birmingham, 100_000), listed(t, c, hidden))), coventry)
	if r := s.room(birmingham, unstated); r.Joint != 120_000 || r.Unstated != 1 {
		t.Errorf("with one budget kept back the joint value is %v, %d unstated", r.Joint, r.Unstated)
	}

	for _, test := range []struct {
		with string
		lead string
		says []string
		not  []string
	}{
		{coventry, birmingham, nil, []string{"Scottish", "Irish", "Welsh", "leads yet"}},
		{coventry, "", []string{"No council leads yet"}, []string{"Scottish", "Irish", "Welsh"}},
		{edinburgh, birmingham, []string{"Scottish"}, []string{"Irish", "Welsh"}},
		{belfast, birmingham, []string{"Northern Irish"}, []string{"Scottish", "Welsh"}},
		{cardiff, birmingham, nil, []string{"Welsh", "Scottish"}},
		{cardiff, cardiff, []string{"lead is Welsh"}, []string{"Scottish"}},
	} {
		g := accepted(must[*catalogue.BuyingGroup](t)(s.propose(birmingham, worth(birmingham, 100_000), worth(test.with, 100_000))), test.with)
		if test.lead != "" {
			must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, officer(test.lead, catalogue.RoleLead), g.ID, true))
		}
		warnings := fmt.Sprint(s.room(birmingham, g).Warnings)
		for _, words := range test.says {
			if !strings.Contains(warnings, words) {
				t.Errorf("with %s led by %q it does not say %q: %s", test.with, test.lead, words, warnings)
			}
		}
		for _, words := range test.not {
			if strings.Contains(warnings, words) {
				t.Errorf("with %s led by %q it says %q: %s", test.with, test.lead, words, warnings)
			}
		}
	}
}
