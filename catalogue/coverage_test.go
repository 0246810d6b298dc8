package catalogue_test

import (
	"context"
	"slices"
	"testing"

	"jointly/catalogue"
)

// saysAndSigns has councils sign an answer in words that whoever runs the service alone reads.
func (s scene) saysAndSigns(x *catalogue.EvidenceCall, audience catalogue.Audience, councils ...string) {
	s.t.Helper()
	for _, gss := range councils {
		s.says(gss, x, "words", catalogue.ShareOperator)
		if err := s.signs(gss, x, audience, ""); err != nil {
			s.t.Fatal(err)
		}
	}
}

// ofType are councils of a region and type, by code.
func ofType(c *catalogue.Catalogue, region, typ string) []string {
	var out []string
	for _, r := range c.Register().Councils() {
		if r.Region == region && r.Type == typ {
			out = append(out, r.GSS)
		}
	}
	slices.Sort(out)
	return out
}

func coverOf(rows []catalogue.CoverRow, name string) (catalogue.CoverRow, bool) {
	i := slices.IndexFunc(rows, func(r catalogue.CoverRow) bool { return r.Name == name })
	if i < 0 {
		return catalogue.CoverRow{}, false
	}
	return rows[i], true
}

const (
	boroughs  = "Metropolitan district"
	districts = "Non-metropolitan district"
)

// TestCoverageNamesNobodyByItsNumbers: that all of a type signed says of each that it did, as a row of one more or less says
// of the one; and what councils see of each other makes no other rows.
func TestCoverageNamesNobodyByItsNumbers(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	seen := func(a catalogue.Actor) *catalogue.CallView {
		return must[*catalogue.CallView](t)(c.CallView(ctx, a, x.ID))
	}
	all, some := ofType(c, "West Midlands", boroughs), ofType(c, "West Midlands", districts)
	s.saysAndSigns(x, catalogue.Councils, all[0])
	if v := seen(catalogue.Anonymous()); v.Signed != 1 || len(v.ByType) != 0 {
		t.Errorf("of one council the public sees %+v", v.ByType)
	}
	s.saysAndSigns(x, catalogue.Councils, all[1:]...)
	s.saysAndSigns(x, catalogue.Councils, some[:6]...)
	for who, a := range map[string]catalogue.Actor{"the public": catalogue.Anonymous(), "a council": officer(some[8], catalogue.RoleLead)} {
		v := seen(a)
		if r, told := coverOf(v.ByType, boroughs); told {
			t.Errorf("%s sees that all of a type signed: %+v", who, r)
		}
		row, _ := coverOf(v.ByType, districts)
		others, _ := coverOf(v.ByType, "Others")
		if v.Signed != len(all)+6 || row.Asked != len(some) || row.Signed != 5 || !row.AtLeast || others.Signed != 5 || row.Asked+others.Asked != v.Asked {
			t.Errorf("%s sees %d of %d signed, by type %+v", who, v.Signed, v.Asked, v.ByType)
		}
	}
	before := seen(catalogue.Anonymous()).ByType
	s.saysAndSigns(x, catalogue.Councils, some[6])
	if after := seen(catalogue.Anonymous()).ByType; !slices.Equal(before, after) {
		t.Errorf("one more council shows in %+v, before %+v", after, before)
	}
	if r, _ := coverOf(seen(catalogue.Operator("test")).ByType, districts); r.Signed != 7 || r.AtLeast {
		t.Errorf("the operator sees %+v", r)
	}
	whole(t, c)
}

// TestCouncilsThatAreNamedHideNobody: who everybody knows to have signed is taken off a row before it is told.
func TestCouncilsThatAreNamedHideNobody(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	x := s.called(asking())
	all, some := ofType(c, "West Midlands", boroughs), ofType(c, "West Midlands", districts)
	s.saysAndSigns(x, catalogue.Public, append(slices.Clone(all), some[:5]...)...)
	s.saysAndSigns(x, catalogue.Own, some[5])
	v := must[*catalogue.CallView](t)(c.CallView(ctx, catalogue.Anonymous(), x.ID))
	if r, told := coverOf(v.ByType, districts); told {
		t.Errorf("one council hides behind five that are named: %+v", r)
	}
	s.saysAndSigns(x, catalogue.Own, some[6:10]...)
	v = must[*catalogue.CallView](t)(c.CallView(ctx, catalogue.Anonymous(), x.ID))
	named, _ := coverOf(v.ByType, boroughs)
	rest, told := coverOf(v.ByType, districts)
	if told && (rest.Signed != 10 || !rest.AtLeast) || named.AtLeast {
		t.Errorf("by type %+v", v.ByType)
	}
	whole(t, c)
}

// TestTablesAreNotTakenFromEachOther: the councils of London are its boroughs and the City.
func TestTablesAreNotTakenFromEachOther(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	ask := asking()
	ask.Asked.Regions = append(ask.Asked.Regions, "London")
	x := s.called(ask)
	s.saysAndSigns(x, catalogue.Councils, ofType(c, "London", "London borough")[:10]...)
	s.saysAndSigns(x, catalogue.Councils, ofType(c, "West Midlands", districts)[:6]...)
	v := must[*catalogue.CallView](t)(c.CallView(ctx, catalogue.Anonymous(), x.ID))
	if r, told := coverOf(v.ByRegion, "London"); !told || r.Signed != 10 {
		t.Errorf("by region %+v", v.ByRegion)
	}
	if r, told := coverOf(v.ByType, "London borough"); told {
		t.Errorf("London without its boroughs is the City: %+v", r)
	}
	whole(t, c)
}

// TestThePlanTellsOfEveryCallThatWasAnswered: an open one, and a closed one that somebody signed, invented or not.
func TestThePlanTellsOfEveryCallThatWasAnswered(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	called := func(title, until string) *catalogue.EvidenceCall {
		ask := asking()
		ask.Title, ask.Until = title, catalogue.MustDate(until)
		return s.called(ask)
	}
	answered, unanswered, open := called("answered", "2027-01-10"), called("unanswered", "2027-01-20"), called("open", "2027-01-05")
	s.saysAndSigns(answered, catalogue.Own, birmingham)
	for _, x := range []*catalogue.EvidenceCall{answered, unanswered} {
		must[*catalogue.EvidenceCall](t)(c.CloseCall(ctx, catalogue.Operator("test"), x.ID))
	}
	ask := asking()
	imports(t, c, &catalogue.EvidenceCall{Meta: catalogue.Meta{ID: "invented"}, Title: "invented", Why: ask.Why, Services: ask.Services, Start: ask.Start, End: ask.End, Until: catalogue.MustDate("2027-01-02"),
		Definitions: ask.Definitions, State: catalogue.CallOpen, Demonstration: true})
	var got []string
	for _, row := range must[*catalogue.PlanEvidence](t)(c.PlanEvidence(ctx)).Calls {
		got = append(got, row.Call.ID)
	}
	if want := []string{answered.ID, open.ID, "invented"}; !slices.Equal(got, want) {
		t.Errorf("the plan tells of %q, want %q", got, want)
	}
}
