package catalogue_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// bought is a contract as a public notice tells of it.
func bought(council, id, end string) *catalogue.Contract {
	return &catalogue.Contract{Meta: catalogue.Meta{ID: id, Ref: id}, Council: council, Title: "Parking " + id, Supplier: "Chipside", Capability: "parking", Value: 400_000,
		Start: catalogue.MustDate("2023-04-01"), End: catalogue.MustDate(end), Stage: catalogue.StageAwarded, Audience: catalogue.Public,
		Source: catalogue.Source{Text: "Contracts Finder notice", Reference: "ocds-b5fd17-" + id, Kind: "award", Date: catalogue.MustDate("2023-03-01")}}
}

func TestNoticeLeavesWholeMonths(t *testing.T) {
	for _, test := range []struct {
		end    string
		months int
		want   string
	}{
		{"2027-06-30", 6, "2026-12-31"}, {"2028-08-31", 6, "2028-02-29"}, {"2027-04-30", 3, "2027-01-31"}, {"2027-03-15", 1, "2027-02-15"},
		{"2027-06", 6, "2026-12"}, {"2027-06-30", 0, ""}, {"", 6, ""},
	} {
		k := catalogue.Contract{End: catalogue.MustDate(test.end), NoticeMonths: test.months}
		if got := k.NoticeBy().String(); got != test.want {
			t.Errorf("%d months before %s is %s, want %s", test.months, test.end, got, test.want)
		}
	}
}

func TestAYearIsTheValueOverTheTerm(t *testing.T) {
	k := bought(birmingham, "a", "2027-03-31")
	if y := k.AYear(); y < 99_900 || y > 100_100 {
		t.Errorf("£400,000 over four years is %.0f a year", y)
	}
	short := *k
	short.End = catalogue.MustDate("2023-09-30")
	if y := short.AYear(); y != 400_000 {
		t.Errorf("half a year costs %.0f", y)
	}
	ceiling, silent := *k, *k
	ceiling.Source.Note, silent.Start = "Framework ceiling", catalogue.Date{}
	if ceiling.AYear() != 0 || silent.AYear() != 0 {
		t.Error("a ceiling, or a term that is not stated, makes a figure")
	}
}

func TestEstateSaysWhatToDecideFirst(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	soon, later, open := bought(birmingham, "soon", "2027-06-30"), bought(birmingham, "later", "2028-03-31"), bought(birmingham, "open", "")
	soon.NoticeMonths, soon.ExtensionMonths = 6, 12
	early := bought(birmingham, "early", "2029-03-31")
	early.NoticeMonths, early.Break = 3, catalogue.MustDate("2027-02-28")
	over, passed := bought(birmingham, "over", "2026-03-31"), bought(birmingham, "passed", "2026-09-30")
	passed.ExtensionMonths = 12
	plan := bought(birmingham, "plan", "2030-03-31")
	plan.Stage = catalogue.StagePlanned
	imports(t, c, soon, later, open, early, over, passed, plan, bought(coventry, "theirs", "2027-01-31"))
	actor := officer(birmingham, catalogue.RoleViewer)
	e := must[*catalogue.Estate](t)(c.Estate(ctx, actor))
	var got []string
	for _, r := range e.Rows {
		got = append(got, r.ID+" "+string(r.Next.Kind)+" "+r.Next.By.String())
	}
	want := []string{"passed past 2026-09-30", "early break 2026-11-30", "soon notice 2026-12-31", "later end 2028-03-31", "open  "}
	if !slices.Equal(got, want) {
		t.Errorf("the estate is %q, want %q", got, want)
	}
	if len(e.Over) != 1 || e.Over[0].ID != "over" {
		t.Errorf("over: %v", e.Over)
	}
	if act := e.Act(); act == nil || act.ID != "early" {
		t.Errorf("to act on: %+v", act)
	}
	if n := len(e.EndWithin(c.Today(), 12)); n != 1 {
		t.Errorf("%d end within a year, want 1", n)
	}
	if len(e.Undated()) != 1 || len(e.Guessed()) != 5 || len(e.Unconfirmed(c.Now())) != 5 {
		t.Errorf("undated %d, guessed %d, unconfirmed %d", len(e.Undated()), len(e.Guessed()), len(e.Unconfirmed(c.Now())))
	}
	listed(t, c, catalogue.Intention{Council: birmingham, Title: "Parking", WindowStart: catalogue.MustDate("2027-01"), WindowEnd: catalogue.MustDate("2027-06"), FromContract: "early"})
	e = must[*catalogue.Estate](t)(c.Estate(ctx, actor))
	if act := e.Act(); act == nil || act.ID != "soon" {
		t.Errorf("what is in hand is still to act on: %+v", act)
	}
	_, err := c.Estate(ctx, catalogue.AnyCouncil())
	is(t, "an estate of nobody", err, catalogue.NotFound)
}

func TestACouncilPutsAPublicFactRight(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	imports(t, c, bought(birmingham, "a", "2027-06-30"))
	actor := officer(birmingham, catalogue.RoleContributor)
	told := *must[*catalogue.Contract](t)(c.Contract(ctx, actor, "a"))
	told.NoticeMonths, told.Break, told.Audience = 6, catalogue.MustDate("2027-01-31"), catalogue.Own
	told = *must[*catalogue.Contract](t)(c.SaveContract(ctx, actor, told))
	if told.Confirmed.IsZero() || !told.Corrected.IsZero() || told.Audience != catalogue.Public || told.Source.Reference != "ocds-b5fd17-a" {
		t.Errorf("confirmed: %+v", told)
	}
	told.End = catalogue.MustDate("2028-06-30")
	told = *must[*catalogue.Contract](t)(c.SaveContract(ctx, actor, told))
	if told.Corrected.IsZero() {
		t.Error("what differs from the source is not said to be corrected")
	}
	// The same notice again does not undo it; a newer one that says otherwise does, and leaves what only the council said.
	k.move(48 * time.Hour)
	imports(t, c, bought(birmingham, "a", "2027-06-30"))
	if now := must[*catalogue.Contract](t)(c.Contract(ctx, actor, "a")); now.End.String() != "2028-06-30" || now.Version != told.Version {
		t.Errorf("an old record undoes the council's word: %+v", now)
	}
	newer := bought(birmingham, "a", "2029-06-30")
	newer.Source.Date = catalogue.MustDate("2026-12-31")
	imports(t, c, newer)
	if now := must[*catalogue.Contract](t)(c.Contract(ctx, actor, "a")); now.End.String() != "2029-06-30" || now.NoticeMonths != 6 {
		t.Errorf("after a newer record: %+v", now)
	}
	// Notice and break are for councils.
	for who, a := range map[string]catalogue.Actor{"anybody": catalogue.Anonymous(), "a supplier": {Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "chipside"}} {
		if seen := must[*catalogue.Contract](t)(c.Contract(ctx, a, "a")); seen.NoticeMonths != 0 || !seen.Break.IsZero() {
			t.Errorf("%s sees notice and break: %+v", who, seen)
		}
	}
	if seen := must[*catalogue.Contract](t)(c.Contract(ctx, officer(coventry, catalogue.RoleViewer), "a")); seen.NoticeMonths != 6 {
		t.Error("another council does not see the notice")
	}
	told.Version--
	_, err := c.SaveContract(ctx, actor, told)
	is(t, "saving over somebody else's", err, catalogue.Conflict)
	for field, change := range map[string]func(*catalogue.Contract){
		"notice_months": func(k *catalogue.Contract) { k.NoticeMonths = 61 },
		"break_date":    func(k *catalogue.Contract) { k.Break = catalogue.MustDate("2022-01-01") },
		"end_note":      func(k *catalogue.Contract) { k.EndNote = strings.Repeat("x", 301) },
		"end_date":      func(k *catalogue.Contract) { k.End, k.Break = catalogue.MustDate("2020-01-01"), catalogue.Date{} },
	} {
		bad := *must[*catalogue.Contract](t)(c.Contract(ctx, actor, "a"))
		change(&bad)
		_, err := c.SaveContract(ctx, actor, bad)
		refusedOn(t, field, err, field)
		refusedOn(t, "check of "+field, c.CheckContract(ctx, actor, bad), field)
	}
	whole(t, c)
}

func TestManyAtOnceSavesWhatIsGood(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	var items []catalogue.Item
	ends, ids := map[string]catalogue.Date{}, []string{}
	for i := range 45 { // several transactions
		k := bought(birmingham, fmt.Sprintf("k%02d", i), "")
		items = append(items, k)
		ends[k.ID] = catalogue.MustDate("2028-03-31")
		ids = append(ids, k.ID)
	}
	ends["k07"], ends["k30"], ends["theirs"], ends["none"] = catalogue.MustDate("2020-01-01"), catalogue.Date{}, catalogue.MustDate("2028-01-01"), catalogue.MustDate("2028-01-01")
	imports(t, c, append(items, bought(coventry, "theirs", ""))...)
	actor := officer(birmingham, catalogue.RoleContributor)
	for range 2 { // a form sent twice does the same
		done := must[catalogue.Bulk](t)(c.FillDates(ctx, actor, ends))
		if done.Saved != 44 || len(done.Wrong) != 3 {
			t.Errorf("%d saved, wrong: %v", done.Saved, done.Wrong)
		}
		refusedOn(t, "an end before the start", done.Wrong["k07"], "end_date")
		is(t, "somebody else's", done.Wrong["theirs"], catalogue.Forbidden)
	}
	e := must[*catalogue.Estate](t)(c.Estate(ctx, actor))
	if n := len(e.Undated()); n != 2 {
		t.Errorf("%d without a date, want 2", n)
	}
	done := must[catalogue.Bulk](t)(c.FillDates(ctx, actor, map[string]catalogue.Date{"k00": catalogue.MustDate("2029-01-31")}))
	refusedOn(t, "a date that is there by now", done.Wrong["k00"], "end_date")
	if done := must[catalogue.Bulk](t)(c.ConfirmCapabilities(ctx, actor, map[string]string{"k01": "parking", "k02": "gis", "k03": "witchcraft", "k04": ""})); done.Saved != 3 || len(done.Wrong) != 1 {
		t.Errorf("capabilities: %+v", done)
	}
	if k := must[*catalogue.Contract](t)(c.Contract(ctx, actor, "k02")); k.Capability != "gis" || !k.CapabilityConfirmed || k.Corrected.IsZero() {
		t.Errorf("changed in bulk: %+v", k)
	}
	if done := must[catalogue.Bulk](t)(c.ConfirmContracts(ctx, actor, append(ids, "theirs"))); done.Saved != 45 || len(done.Wrong) != 1 {
		t.Errorf("confirmed: %+v", done)
	}
	_, err := c.FillDates(ctx, officer(birmingham, catalogue.RoleViewer), ends)
	is(t, "a viewer fills dates", err, catalogue.Forbidden)
	whole(t, c)
}

func TestADraftLeavesTimeBeforeTheEnd(t *testing.T) {
	c := opened(t)
	for _, test := range []struct {
		end       string
		extension int
		want      string // window, latest start without and with the extension, late
	}{
		{"2028-06-30", 0, "2026-12-30 2027-12-30 2027-12-30 - false"},
		{"2027-06-30", 12, "2026-11-23 2027-12-30 2026-12-30 2027-12-30 false"},
		{"2027-02-28", 0, "2026-11-23 2027-02-28 2026-08-28 - true"},
		{"", 0, "- - - - false"},
		{"2026-06-30", 0, "- - 2025-12-30 - true"},
	} {
		k := bought(birmingham, "a", test.end)
		k.ExtensionMonths = test.extension
		d := c.DraftFrom(k)
		var got []string
		for _, date := range []catalogue.Date{d.Intention.WindowStart, d.Intention.WindowEnd, d.LatestStart, d.IfExtended} {
			s := date.String()
			if s == "" {
				s = "-"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " ") + fmt.Sprint(" ", d.Late); s != test.want {
			t.Errorf("from %s and %d months: %s, want %s", test.end, test.extension, s, test.want)
		}
		if in := d.Intention; in.FromContract != "a" || in.Budget.Max != 400_000 || in.LeadMonths != 6 || in.CurrentSupplier != "Chipside" {
			t.Errorf("the draft is %+v", in)
		}
	}
}

func TestPricesNeedFiveCouncils(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	items := []catalogue.Item{bought(birmingham, "own", "2027-03-31")}
	var codes []string
	for _, r := range c.Register().Councils() {
		if r.GSS != birmingham && len(codes) < 5 {
			codes = append(codes, r.GSS)
		}
	}
	add := func(i int) catalogue.Item {
		k := bought(codes[i], fmt.Sprintf("p%d", i), "2027-03-31")
		k.Value = float64(100_000 * (i + 1))
		return k
	}
	hidden, ceiling := bought(codes[4], "hidden", "2027-03-31"), bought(codes[4], "ceiling", "2027-03-31")
	hidden.Audience, ceiling.Source.Note = catalogue.Councils, "Framework ceiling"
	imports(t, c, append(items, add(0), add(1), add(2), add(3), hidden, ceiling)...)
	actor := officer(birmingham, catalogue.RoleViewer)
	price := must[[]catalogue.Price](t)(c.Prices(ctx, actor))[0]
	if price.Councils != 4 || price.Median != 0 {
		t.Errorf("with four councils: %+v", price)
	}
	imports(t, c, add(4))
	price = must[[]catalogue.Price](t)(c.Prices(ctx, actor))[0]
	if price.Councils != 5 || price.Contracts != 5 || price.Median < 74_900 || price.Median > 75_100 || price.Own < 99_900 {
		t.Errorf("with five: %+v", price)
	}
}

// TestPricesSayWhenNotAllAreRead: of very many contracts some are read, of councils everywhere, and the figure says so.
func TestPricesSayWhenNotAllAreRead(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	imports(t, c, bought(birmingham, "own", "2027-03-31"))
	actor := officer(birmingham, catalogue.RoleViewer)
	n := 0
	for _, r := range c.Register().Councils()[:60] {
		if r.GSS == birmingham {
			continue
		}
		var items []catalogue.Item
		for range 10 {
			n++
			items = append(items, bought(r.GSS, fmt.Sprintf("p%d", n), "2027-03-31"))
		}
		imports(t, c, items...)
		price := must[[]catalogue.Price](t)(c.Prices(ctx, actor))[0]
		if some := n > catalogue.MostPrices; price.Some != some || price.Contracts != min(n, catalogue.MostPrices) {
			t.Fatalf("of %d contracts %d are read, and it says that there are more: %v", n, price.Contracts, price.Some)
		}
	}
	if again := must[[]catalogue.Price](t)(c.Prices(ctx, actor))[0]; again.Councils != 50 {
		t.Errorf("read of %d councils", again.Councils)
	}
}

func TestCalendarFeed(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	imports(t, c, bought(birmingham, "a", "2027-06-30"))
	account := must[*catalogue.Account](t)(c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "a@example.org", OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleViewer}))
	actor := account.Actor("test")
	gone := func(what, token string) {
		t.Helper()
		_, err := c.EstateFeed(ctx, token)
		is(t, what, err, catalogue.NotFound)
	}
	gone("no token", "")
	first := must[string](t)(c.RenewCalendar(ctx, actor))
	if len(first) < 43 {
		t.Errorf("the token %q has fewer than 256 bits", first)
	}
	if e := must[*catalogue.Estate](t)(c.EstateFeed(ctx, first)); len(e.Rows) != 1 {
		t.Errorf("the feed has %d contracts", len(e.Rows))
	}
	if shown, _, err := c.CalendarToken(ctx, actor); err != nil || shown != first {
		t.Errorf("the page shows %q: %v", shown, err)
	}
	second := must[string](t)(c.RenewCalendar(ctx, actor))
	gone("the one before", first)
	if _, err := c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "a@example.org", OrgKind: catalogue.OrgCouncil, Org: birmingham, Role: catalogue.RoleLead}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.EstateFeed(ctx, second); err != nil {
		t.Errorf("another role ends the feed: %v", err)
	}
	if err := c.RevokeCalendar(ctx, actor); err != nil {
		t.Fatal(err)
	}
	gone("a revoked one", second)
	third := must[string](t)(c.RenewCalendar(ctx, actor))
	if _, err := c.AddAccount(ctx, catalogue.Operator("test"), catalogue.Account{Email: "a@example.org", OrgKind: catalogue.OrgCouncil, Org: coventry, Role: catalogue.RoleLead}); err != nil {
		t.Fatal(err)
	}
	gone("of somebody who moved", third)
	fourth := must[string](t)(c.RenewCalendar(ctx, catalogue.Actor{Account: account.ID, Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: coventry, Via: "test"}))
	if _, err := c.DisableAccount(ctx, catalogue.Operator("test"), "a@example.org"); err != nil {
		t.Fatal(err)
	}
	gone("of a disabled account", fourth)
	_, err := c.RenewCalendar(ctx, catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "chipside"})
	is(t, "a supplier's feed", err, catalogue.Forbidden)
	whole(t, c)
}

func TestAReasonForSensitivityIsForTheGroup(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	in := intention(birmingham, "Revenues system")
	in.Sensitive, in.Visibility = "canary-sensitive", catalogue.Public
	own := listed(t, c, in)
	p := must[*catalogue.Preview](t)(c.PreviewIntention(ctx, officer(birmingham, catalogue.RoleViewer), own.ID))
	if p.Anybody.Sensitive+p.Supplier.Sensitive+p.Councils.Sensitive != "" || p.Members.Sensitive != "canary-sensitive" || p.Intention.Sensitive == "" {
		t.Errorf("the reason is seen by the wrong ones: %+v", p)
	}
	if p.Anybody.Budget != (catalogue.Money{}) || p.Councils.Budget.IsZero() {
		t.Error("the preview shows another budget than is seen")
	}
	_, err := c.PreviewIntention(ctx, officer(coventry, catalogue.RoleLead), own.ID)
	is(t, "a preview of another's", err, catalogue.NotFound)
}
