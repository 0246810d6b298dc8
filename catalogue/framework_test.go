package catalogue_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// framework is a record that passes.
func framework(reference string) catalogue.Framework {
	return catalogue.Framework{Name: "Line of business software", Reference: reference, Owner: "An agency", Capabilities: []string{"revs-bens"},
		Eligible: "UK public sector, including local authorities", Start: catalogue.MustDate("2023-03-07"), End: catalogue.MustDate("2027-03-06"),
		Source: "A notice", Known: register.KnownExcerpt, Checked: catalogue.MustDate("2026-11-20")}
}

func TestOnlyTheOperatorKeepsFrameworks(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	op := catalogue.Operator("test")
	saved := must[*catalogue.Framework](t)(c.SaveFramework(ctx, op, framework("RM1"), ""))
	supplier := catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "civica", Via: "test"}
	end := catalogue.FrameworkEnd{On: catalogue.MustDate("2026-10-28"), Source: "x", Checked: catalogue.MustDate("2026-11-20")}
	for _, actor := range []catalogue.Actor{officer(birmingham, catalogue.RoleAdmin), supplier} {
		_, err := c.SaveFramework(ctx, actor, framework("RM2"), "")
		is(t, "adding by "+string(actor.OrgKind), err, catalogue.Forbidden)
		changed := *saved
		changed.Name = "Mine"
		_, err = c.SaveFramework(ctx, actor, changed, "because")
		is(t, "correcting by "+string(actor.OrgKind), err, catalogue.Forbidden)
		_, err = c.EndFramework(ctx, actor, saved.ID, saved.Version, end)
		is(t, "ending by "+string(actor.OrgKind), err, catalogue.Forbidden)
	}
	_, err := c.SaveFramework(ctx, catalogue.Anonymous(), framework("RM2"), "")
	is(t, "adding by nobody", err, catalogue.Unauthenticated)
	all := must[[]*catalogue.Framework](t)(c.Frameworks(ctx, catalogue.Anonymous(), "", ""))
	if len(all) != 1 || all[0].Name != "Line of business software" || !all[0].End.Last().After(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("refused writes left %+v", all)
	}
	refused := 0
	for _, e := range must[[]catalogue.Event](t)(c.Trail(ctx, op, 100)) {
		if e.Action == catalogue.KeepFrameworks && e.Refused != "" {
			refused++
		}
	}
	if refused != 7 {
		t.Errorf("%d refusals are on the trail, want 7", refused)
	}
}

func TestAFrameworksRecordKeepsWhatItSaid(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	op := catalogue.Operator("test")
	first := must[*catalogue.Framework](t)(c.SaveFramework(ctx, op, framework("RM1"), ""))
	again := must[*catalogue.Framework](t)(c.SaveFramework(ctx, op, framework("RM1"), "")) // the same form
	if again.Version != first.Version || count(t, c, catalogue.KindFramework) != 1 {
		t.Error("a form sent twice acted twice")
	}
	other := framework("RM1")
	other.Name = "Another"
	_, err := c.SaveFramework(ctx, op, other, "")
	is(t, "a reference that is listed", err, catalogue.Invalid)
	must[*catalogue.Framework](t)(c.SaveFramework(ctx, op, framework("RM2"), ""))

	k.move(24 * time.Hour)
	longer := *first
	longer.End, longer.Latest, longer.Checked = catalogue.MustDate("2027-09"), catalogue.MustDate("2029"), catalogue.MustDate("2026-11-21")
	_, err = c.SaveFramework(ctx, op, longer, "")
	is(t, "a correction without a reason", err, catalogue.Invalid)
	second := must[*catalogue.Framework](t)(c.SaveFramework(ctx, op, longer, "An extension notice"))
	_, err = c.SaveFramework(ctx, op, func() catalogue.Framework { f := *first; f.Name = "Stale"; return f }(), "An older page")
	is(t, "a correction of what was read before", err, catalogue.Conflict)
	ended := must[*catalogue.Framework](t)(c.EndFramework(ctx, op, first.ID, second.Version,
		catalogue.FrameworkEnd{On: catalogue.MustDate("2026-11-19"), ReplacedBy: catalogue.FrameworkID("RM2"), Source: "Its page", Checked: catalogue.MustDate("2026-11-22")}))
	if ended.State(c.Today()) != catalogue.FrameworkEnded || !ended.Latest.IsZero() {
		t.Errorf("ended: %+v", ended)
	}
	got := must[*catalogue.Framework](t)(c.Framework(ctx, catalogue.Anonymous(), first.ID))
	if len(got.Changes) != 2 || got.Changes[0].Why != "An extension notice" || !got.Changes[0].On.Equal(k.read().UTC()) {
		t.Fatalf("changes: %+v", got.Changes)
	}
	want := []catalogue.FrameworkFact{{Name: "end", Text: "6 March 2027"}, {Name: "longest end"}, {Name: "checked on", Text: "20 November 2026"}}
	if !reflect.DeepEqual(got.Changes[0].Was, want) {
		t.Errorf("what it said first: %+v", got.Changes[0].Was)
	}
	if was := got.Changes[1].Was; was[0] != (catalogue.FrameworkFact{Name: "end", Text: "September 2027"}) || was[1] != (catalogue.FrameworkFact{Name: "longest end", Text: "2029"}) {
		t.Errorf("dates known to the month or year did not stay so: %+v", was)
	}
	view := must[*catalogue.FrameworkView](t)(c.FrameworkView(ctx, catalogue.Anonymous(), catalogue.FrameworkID("RM2")))
	if len(view.Replaces) != 1 || view.Replaces[0].ID != first.ID {
		t.Errorf("RM2 replaces %+v", view.Replaces)
	}
	whole(t, c)

	// What the program brings does not take the operator's word away.
	brought := framework("RM1")
	brought.Meta = catalogue.Meta{ID: first.ID, Ref: "RM1"}
	imports(t, c, &brought)
	if got := must[*catalogue.Framework](t)(c.Framework(ctx, op, first.ID)); got.End != catalogue.MustDate("2026-11-19") || len(got.Changes) != 2 {
		t.Errorf("after an import: %+v", got)
	}
}

func TestWhatTheProgramBringsAnewIsDated(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	bring := func(end string) catalogue.Imported {
		f := framework("RM1")
		f.ID, f.Ref, f.End = catalogue.FrameworkID("RM1"), "RM1", catalogue.MustDate(end)
		return imports(t, c, &f)
	}
	if done := bring("2027-03-06"); done.Created != 1 {
		t.Errorf("first: %+v", done)
	}
	if done := bring("2027-03-06"); done.Unchanged != 1 {
		t.Errorf("the same again: %+v", done)
	}
	k.move(24 * time.Hour)
	if done := bring("2028-03-06"); done.Updated != 1 {
		t.Errorf("changed: %+v", done)
	}
	if done := bring("2028-03-06"); done.Unchanged != 1 {
		t.Errorf("the same again: %+v", done)
	}
	got := must[*catalogue.Framework](t)(c.Framework(ctx, catalogue.Anonymous(), "rm1"))
	if len(got.Changes) != 1 || len(got.Changes[0].Was) != 1 || got.Changes[0].Was[0].Text != "6 March 2027" {
		t.Errorf("changes: %+v", got.Changes)
	}
}

func TestAFrameworkThatIsWrongIsRefused(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	for field, change := range map[string]func(*catalogue.Framework){
		"name":            func(f *catalogue.Framework) { f.Name = " " },
		"framework_owner": func(f *catalogue.Framework) { f.Owner = "" },
		"reference":       func(f *catalogue.Framework) { f.Reference, f.ID = "—", "x" },
		"capabilities":    func(f *catalogue.Framework) { f.Capabilities = nil },
		"end":             func(f *catalogue.Framework) { f.End = catalogue.MustDate("2022") },
		"latest":          func(f *catalogue.Framework) { f.Latest = catalogue.MustDate("2027-02") },
		"source":          func(f *catalogue.Framework) { f.Source = "" },
		"known":           func(f *catalogue.Framework) { f.Known = "surely" },
		"checked":         func(f *catalogue.Framework) { f.Checked = catalogue.MustDate("2027-01-01") },
		"replaced_by":     func(f *catalogue.Framework) { f.ReplacedBy = "nothing" },
	} {
		f := framework("RM1")
		change(&f)
		_, err := c.SaveFramework(ctx, catalogue.Operator("test"), f, "")
		found := false
		for _, e := range catalogue.FieldsOf(err) {
			found = found || e.Field == field
		}
		if catalogue.KindOf(err) != catalogue.Invalid || !found {
			t.Errorf("%s: %v %+v", field, err, catalogue.FieldsOf(err))
		}
	}
	if n := count(t, c, catalogue.KindFramework); n != 0 {
		t.Errorf("%d frameworks were stored", n)
	}
}

func TestHowAFrameworkStands(t *testing.T) {
	for _, test := range []struct {
		start, end, latest string
		planned            bool
		on                 string
		want               catalogue.FrameworkState
	}{
		{"2023-03-07", "2027-03-06", "", false, "2026-11-23", catalogue.FrameworkOpen},
		{"2023-03-07", "2027-03-06", "", false, "2027-03-06", catalogue.FrameworkOpen}, // ends are inclusive
		{"2023-03-07", "2027-03-06", "", false, "2027-03-07", catalogue.FrameworkEnded},
		{"2023-03-07", "2027-03-06", "2029", false, "2027-03-07", catalogue.FrameworkUnknown}, // was it extended?
		{"2023-03-07", "2027-03-06", "2029", false, "2029-06-01", catalogue.FrameworkUnknown},
		{"2023-03-07", "2027-03-06", "2029", false, "2030-01-01", catalogue.FrameworkEnded},
		{"", "2026-12", "", false, "2026-11-30", catalogue.FrameworkOpen}, // an end to come, and nothing against it
		{"", "2026-12", "", false, "2026-12-15", catalogue.FrameworkUnknown},
		{"", "2026-12", "", false, "2027-01-01", catalogue.FrameworkEnded},
		{"2026-12-04", "", "", true, "2026-11-23", catalogue.FrameworkPlanned},
		{"2026-12-04", "2030-12-03", "", false, "2026-11-23", catalogue.FrameworkPlanned},
		{"2026-09-17", "2030-09-16", "", true, "2026-11-23", catalogue.FrameworkUnknown}, // planned, and not seen to begin
		{"", "", "", true, "2026-11-23", catalogue.FrameworkPlanned},
		{"2026-11", "2030-10", "", false, "2026-11-10", catalogue.FrameworkUnknown}, // begun or not: the day is not known
		{"2026-11", "2030-10", "", false, "2026-12-01", catalogue.FrameworkOpen},
		{"2025-02-18", "", "2029-01-20", false, "2026-11-23", catalogue.FrameworkUnknown},
		{"2025-02-18", "", "2029-01-20", false, "2029-01-21", catalogue.FrameworkEnded},
		{"2019-06", "", "", false, "2026-11-23", catalogue.FrameworkUnknown},
		{"", "", "", false, "2026-11-23", catalogue.FrameworkUnknown},
	} {
		f := catalogue.Framework{Start: catalogue.MustDate(test.start), End: catalogue.MustDate(test.end), Latest: catalogue.MustDate(test.latest), Planned: test.planned}
		if got := f.State(catalogue.MustDate(test.on).First()); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

func TestWhoAFrameworkNames(t *testing.T) {
	for clause, want := range map[string]catalogue.Eligibility{
		"UK public sector, including local authorities":                           {Naming: catalogue.NamedClass},
		"UK public sector, including local authorities (YPO permissible users)":   {Naming: catalogue.NamedClass, List: true},
		"UK public sector, including local authorities, Crown dependencies":       {Naming: catalogue.NamedClass},
		"Education bodies; local authorities for schools":                         {Naming: catalogue.NamedPurpose, Of: "schools"},
		"Local government, NHS and emergency services in Staffordshire, Cheshire": {Naming: catalogue.NamedPlace, Of: "Staffordshire, Cheshire"},
		"Local authorities in Wales":                                              {Naming: catalogue.NamedPlace, Of: "Wales"},
		"Public sector organisations":                                             {Naming: catalogue.NamedPublic},
		"Education sector and wider public sector":                                {Naming: catalogue.NamedPublic},
		"PfH members: social housing and public sector":                           {Naming: catalogue.NamedMembers},
		"All public bodies other than local authorities":                          {Naming: catalogue.NamedExcept},
		"UK public sector, excluding councils":                                    {Naming: catalogue.NamedExcept},
		"NHS first":                                                               {Naming: catalogue.NamedOthers},
		"":                                                                        {Naming: catalogue.NamedNobody},
	} {
		want.Clause = clause
		if got := (&catalogue.Framework{Eligible: clause}).Eligibility(); got != want {
			t.Errorf("%q is read as %+v", clause, got)
		}
	}
}

func TestWhatFollowsForACouncil(t *testing.T) {
	c, _, _ := timed(t)
	today := c.Today()
	council := func(gss string) *catalogue.Council {
		return must[*catalogue.Council](t)(c.Council(context.Background(), catalogue.Anonymous(), gss))
	}
	f := framework("RM1")
	says := func(f catalogue.Framework, who *catalogue.Council, want ...string) {
		t.Helper()
		means := f.Means(who, today)
		text := strings.Join(means, " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%q is not in: %s", w, text)
			}
		}
		if last := means[len(means)-1]; !strings.Contains(last, "is for the notice and the owner to say") {
			t.Errorf("it ends with: %s", last)
		}
		for _, never := range []string{"Yes", "can use it", "is eligible"} {
			if strings.Contains(text, never) {
				t.Errorf("it says %q: %s", never, text)
			}
		}
	}
	says(f, council(birmingham), "names councils as a class", "in England", "on 6 March 2027")
	says(f, council("S12000036"), "in Scotland", "outside the Procurement Act 2023")
	says(f, council("W06000015"), "in Wales")
	says(f, council("N09000003"), "in Northern Ireland", "arrangements of its own")
	says(f, nil, "Rules differ by nation")
	ended := f
	ended.End = catalogue.MustDate("2026-10-28")
	says(ended, council(birmingham), "By this record it has ended: no new call-off")
	unread := f
	unread.Eligible = ""
	says(unread, council(birmingham), "does not say who may use it")
	local := f
	local.Eligible = "Local authorities in Birmingham and Solihull"
	says(local, council(birmingham), "Birmingham is among the places")
	says(local, council(coventry), "does not name Coventry")
	month := f
	month.End = catalogue.MustDate("2027-03")
	says(month, nil, "in March 2027")
}

func TestContractsThatNameAFramework(t *testing.T) {
	for _, test := range []struct {
		name, reference, route, title string
		want                          bool
	}{
		{"Vertical Application Solutions", "RM6259", "CCS RM6259 Lot 2", "", true},
		{"Vertical Application Solutions", "RM6259", "CCS Vertical Application Solutions Lot 4 direct award", "", true},
		{"Vertical Application Solutions", "RM6259", "", "Award under Framework Agreement RM6259 (Lot 2)", true},
		{"G-Cloud 14", "RM1557.14", "G-Cloud 14 direct award", "", true},
		{"G-Cloud 14", "RM1557.14", "G-Cloud 13 (RM1557.13)", "", false},
		{"G-Cloud 1", "RM1557", "G-Cloud 14 RM1557.14 Lot 2", "", false},
		{"G-Cloud 14", "RM1557.14", "G-Cloud", "", false},
		{"Mobile Voice and Data Services", "RM6261", "Mobile Voice and Data Services 2", "", false},
		{"Network Services 3", "RM6116", "CCS aggregated RM6098/RM6116", "", true},
		{"Managed ICT services of a buyer", "1223", "", "Contract 1223", false}, // a number alone is no name
		{"Spark", "RM6094", "spark", "", false},
		{"Vertical Application Solutions", "RM6259", "", "", false},
	} {
		f := catalogue.Framework{Name: test.name, Reference: test.reference}
		if got := f.NamedBy(&catalogue.Contract{Route: test.route, Title: test.title}); got != test.want {
			t.Errorf("%+v: %t", test, got)
		}
	}
}
