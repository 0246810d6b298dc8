package catalogue_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue"
)

// needs are intentions as a file brings them, n of them, for several councils.
func needs(n int) []catalogue.Item {
	councils := []string{birmingham, coventry, dudley}
	out := make([]catalogue.Item, 0, n)
	for i := range n {
		in := intention(councils[i%len(councils)], fmt.Sprintf("Need %d", i))
		in.Ref = fmt.Sprintf("N-%d", i)
		out = append(out, &in)
	}
	return out
}

// titles are the intentions that there are, as council, reference and title, in order.
func titles(t testing.TB, c *catalogue.Catalogue) []string {
	t.Helper()
	var out []string
	if err := c.Each(context.Background(), catalogue.Operator("test"), catalogue.KindIntention, func(item catalogue.Item) error {
		in := item.(*catalogue.Intention)
		out = append(out, in.Council+" "+in.Ref+" "+in.Title)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestAnImportIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	before := must[uint64](t)(c.Seq(ctx))
	items := needs(500)
	for i, spoil := range map[int]func(*catalogue.Intention){
		3:   func(in *catalogue.Intention) { in.Council = "E00000000" },
		77:  func(in *catalogue.Intention) { in.Title = " " },
		78:  func(in *catalogue.Intention) { in.Budget.Max = -1 },
		200: func(in *catalogue.Intention) { in.WindowEnd = catalogue.MustDate("2026-01-01") },
		300: func(in *catalogue.Intention) { in.Ref, in.Council = "N-0", birmingham },
		499: func(in *catalogue.Intention) { in.Description = "a\x00b" },
	} {
		spoil(items[i].(*catalogue.Intention))
	}
	done := must[catalogue.Imported](t)(c.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{}))
	var got []string
	for _, e := range done.Errors {
		got = append(got, fmt.Sprint(e.Item, " ", e.Field))
	}
	want := []string{"3 council", "77 title", "78 budget_max", "200 window_end", "300 ref", "499 description"}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("no error on %s: %v", w, got)
		}
	}
	if !slices.IsSortedFunc(done.Errors, func(a, b catalogue.ItemError) int { return a.Item - b.Item }) {
		t.Errorf("errors are not in the order of the file: %v", got)
	}
	if done.Created+done.Updated+done.Unchanged != 0 || count(t, c, catalogue.KindIntention) != 0 || must[uint64](t)(c.Seq(ctx)) != before {
		t.Errorf("a refused import did something: %+v", done)
	}
	dry := must[catalogue.Imported](t)(c.Import(ctx, catalogue.Operator("test"), needs(10), catalogue.ImportOptions{DryRun: true}))
	if dry.Created != 10 || count(t, c, catalogue.KindIntention) != 0 {
		t.Errorf("a dry run says %+v and leaves %d", dry, count(t, c, catalogue.KindIntention))
	}
	whole(t, c)
}

// TestAnImportIsFoundAgain imports more than fits one transaction, again, and with changes.
func TestAnImportIsFoundAgain(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	if done := imports(t, c, needs(400)...); done.Created != 400 {
		t.Errorf("the first time %+v", done)
	}
	seq := must[uint64](t)(c.Seq(ctx))
	if done := imports(t, c, needs(400)...); done.Unchanged != 400 || must[uint64](t)(c.Seq(ctx)) != seq {
		t.Errorf("the second time %+v, and the feed went from %d to %d", done, seq, must[uint64](t)(c.Seq(ctx)))
	}
	items := needs(401)
	changed := items[7].(*catalogue.Intention)
	changed.Title = "Changed"
	kept := must[*catalogue.Intention](t)(c.Intention(ctx, catalogue.Operator("test"), idOf(t, c, changed.Council, changed.Ref)))
	if done := imports(t, c, items...); done.Created != 1 || done.Updated != 1 || done.Unchanged != 399 {
		t.Errorf("with one changed and one new %+v", done)
	}
	now := must[*catalogue.Intention](t)(c.Intention(ctx, catalogue.Operator("test"), kept.ID))
	if now.Title != "Changed" || !now.Created.Equal(kept.Created) || now.Version <= kept.Version {
		t.Errorf("updated in place it is %+v, was %+v", now.Meta, kept.Meta)
	}
	whole(t, c)
}

func idOf(t testing.TB, c *catalogue.Catalogue, council, ref string) string {
	t.Helper()
	id := ""
	if err := c.Each(context.Background(), catalogue.Operator("test"), catalogue.KindIntention, func(item catalogue.Item) error {
		if m := catalogue.MetaOf(item); catalogue.Owner(item) == council && m.Ref == ref {
			id = m.ID
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAnImportKeepsWhatFilesDoNotCarry(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	imports(t, c, needs(1)...)
	lead := officer(birmingham, catalogue.RoleLead)
	in := *must[*catalogue.Intention](t)(c.Intention(ctx, lead, idOf(t, c, birmingham, "N-0")))
	in.Notes, in.Fields.Budget, in.Capability = "our own", catalogue.Own, "housing-mgmt"
	saved := must[*catalogue.Intention](t)(c.SaveIntention(ctx, lead, in))
	if _, err := c.WithdrawIntention(ctx, lead, in.ID, "no money"); err != nil {
		t.Fatal(err)
	}
	again := needs(1)
	again[0].(*catalogue.Intention).Title = "Changed"
	again[0].(*catalogue.Intention).Notes = ""
	imports(t, c, again...)
	got := must[*catalogue.Intention](t)(c.Intention(ctx, lead, in.ID))
	if got.Title != "Changed" || got.Notes != "our own" || got.Fields.Budget != catalogue.Own || got.Capability != saved.Capability ||
		got.Withdrawn != "no money" || !got.Confirmed.Equal(saved.Confirmed) {
		t.Errorf("after the import it is %+v", got)
	}

	imports(t, c, &catalogue.Platform{Name: "Open Revenues", Capabilities: []string{"revs-bens"}})
	word := must[*catalogue.Use](t)(c.RecordUse(ctx, lead, "open-revenues", catalogue.MustDate("2020"), "ask for the API"))
	record := &catalogue.Use{Meta: catalogue.Meta{ID: word.ID}, Platform: "open-revenues", Council: birmingham, Source: catalogue.Source{Text: "award notice"}}
	if done := imports(t, c, record); done.Unchanged != 1 {
		t.Errorf("a public record over a council's own word: %+v, want no change", done)
	}
}

// TestReferencesThatLookAlikeStayApart imports, one after the other, references of one council and of two that could be
// mistaken for each other.
func TestReferencesThatLookAlikeStayApart(t *testing.T) {
	c := opened(t)
	long := strings.Repeat("very-long-reference-", 7)
	refs := []string{"A-1", "a-1", "A/1", "A 1", "A.1", long + "1", long + "2"}
	for range 2 {
		for _, council := range []string{birmingham, coventry} {
			for _, ref := range refs {
				in := intention(council, "Need "+ref)
				in.Ref = ref
				imports(t, c, &in)
			}
		}
	}
	if n := count(t, c, catalogue.KindIntention); n != 2*len(refs) {
		t.Errorf("%d references of two councils make %d records: %q", len(refs), n, titles(t, c))
	}
	whole(t, c)
}

// TestTheOrderOfAFileChangesNothing imports the same lines in other orders.
func TestTheOrderOfAFileChangesNothing(t *testing.T) {
	c, store, _ := timed(t)
	want := func() []string {
		imports(t, c, needs(60)...)
		return titles(t, c)
	}()
	rapid.Check(t, func(r *rapid.T) {
		emptied(t, store)
		imports(t, c, rapid.Permutation(needs(60)).Draw(r, "order")...)
		if got := titles(t, c); !slices.Equal(got, want) {
			r.Fatalf("in another order it makes %q", got)
		}
	})
}

func platform(ref, name string) *catalogue.Platform {
	return &catalogue.Platform{Meta: catalogue.Meta{Ref: ref}, Name: name, Capabilities: []string{"revs-bens"}}
}

func useOf(name, council string) *catalogue.Use {
	return &catalogue.Use{Platform: catalogue.Slug(name), Council: council, Source: catalogue.Source{Text: "award notice"}}
}

func TestPlatformsAreToldApartAndUsesFollowThem(t *testing.T) {
	ctx := context.Background()
	operator := catalogue.Operator("test")
	c := opened(t)
	users := func(name string) []string {
		t.Helper()
		id := must[string](t)(c.FindPlatform(ctx, name))
		v := must[*catalogue.PlatformView](t)(c.PlatformView(ctx, operator, id))
		var out []string
		for _, u := range v.Uses {
			out = append(out, u.Council.GSS)
		}
		slices.Sort(out)
		return out
	}
	refused := func(what, field string, items ...catalogue.Item) {
		t.Helper()
		done := must[catalogue.Imported](t)(c.Import(ctx, operator, items, catalogue.ImportOptions{}))
		if len(done.Errors) != 1 || done.Errors[0].Field != field {
			t.Errorf("%s: %+v, want one error on %s", what, done.Errors, field)
		}
	}
	imports(t, c, platform("P1", "Academy"), useOf("Academy", birmingham), platform("P2", "Northgate"), useOf("Northgate", coventry))
	if got := users("Academy"); !slices.Equal(got, []string{birmingham}) {
		t.Errorf("Academy is used by %v", got)
	}

	refused("two platforms of one name in a file", "name", platform("P3", "Civica"), platform("P4", "CIVICA"))
	refused("a platform of a name that is there", "name", platform("P9", "academy"))
	refused("one reference twice", "ref", platform("P3", "Civica"), platform("P3", "Civica Open"))
	refused("one use twice", "uses", platform("P1", "Academy"), useOf("Academy", birmingham), useOf("Academy", birmingham))
	refused("a use of an unknown platform", "platform", useOf("Nowhere", birmingham))

	// Renamed by its reference; its uses name it by the new name, and another may take the old name in the same file,
	// in either order.
	imports(t, c, platform("P5", "Academy"), useOf("Academy", dudley), platform("P1", "Capita One"), useOf("Capita One", birmingham))
	if one, other := users("Capita One"), users("Academy"); !slices.Equal(one, []string{birmingham}) || !slices.Equal(other, []string{dudley}) {
		t.Errorf("after the renaming Capita One is used by %v, the new Academy by %v", one, other)
	}
	if n := count(t, c, catalogue.KindPlatform); n != 3 {
		t.Errorf("%d platforms, want 3", n)
	}
	again := imports(t, c, platform("P1", "Capita One"), useOf("Capita One", birmingham), platform("P5", "Academy"), useOf("Academy", dudley))
	if again.Unchanged != 4 {
		t.Errorf("a second time: %+v, want nothing changed", again)
	}

	// A council lists one by hand; a file that brings it by name is about the same one.
	mine := must[*catalogue.Platform](t)(c.ListPlatform(ctx, officer(birmingham, catalogue.RoleLead), catalogue.Platform{
		Meta: catalogue.Meta{ID: catalogue.NewID()}, Name: "Open Housing", Capabilities: []string{"housing-mgmt"}}))
	if done := imports(t, c, &catalogue.Platform{Meta: catalogue.Meta{Ref: "P7"}, Name: "open housing", Capabilities: []string{"housing-mgmt"}}); done.Updated != 1 {
		t.Errorf("a platform that a council listed: %+v, want it updated", done)
	}
	if got := must[*catalogue.Platform](t)(c.Platform(ctx, operator, mine.ID)); got.Ref != "P7" || got.ListedBy != birmingham {
		t.Errorf("it is now %+v", got)
	}
	whole(t, c)
}
