package catalogue_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// researched is a draft with so many results.
func researched(t testing.TB, c *catalogue.Catalogue, who catalogue.Actor, results int) *catalogue.Research {
	t.Helper()
	var found []catalogue.ResearchResult
	for i := range results {
		f := catalogue.ResearchResult{Found: catalogue.Found{Kind: catalogue.KindContract, ID: fmt.Sprint(i), Title: fmt.Sprintf("Result %d", i), Path: "/contracts/" + fmt.Sprint(i), ValueFrom: 1000}}
		if i == 1 {
			f.Title, f.ValueFrom = "Canary title", 8_675_309
			f.Shared = &catalogue.Found{Kind: catalogue.KindContract, ID: "1", Title: "What councils see", Path: "/contracts/1"}
		}
		found = append(found, f)
	}
	r := must[*catalogue.Research](t)(c.BeginResearch(context.Background(), who, catalogue.Research{Meta: catalogue.Meta{ID: catalogue.NewID()}, Title: "Revenues <systems> & more",
		Total: results + 7, Asked: catalogue.ResearchQuery{Address: "/search?q=revenues", Words: "revenues", Sort: "Best match first", Dictionary: "d1", Index: "i1"}}, found))
	return r
}

func TestASearchThatIsEndedStaysAsItIs(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	_, who := s.person(coventry, catalogue.RoleContributor)
	_, colleague := s.person(coventry, catalogue.RoleAdmin)
	draft := researched(t, c, who, 60)
	_, err := c.Research(ctx, colleague, draft.ID)
	is(t, "a colleague reads a draft", err, catalogue.NotFound)
	notes := make([]string, catalogue.ResearchPage)
	notes[2] = "Call them"
	draft = must[*catalogue.Research](t)(c.NoteResearch(ctx, who, draft.ID, draft.Version, "Revenues", "Canary note", catalogue.NotesOn{Part: 1, Notes: notes}))
	if draft.Noted != 1 {
		t.Errorf("%d results have a note", draft.Noted)
	}
	_, err = c.NoteResearch(ctx, who, draft.ID, draft.Version-1, "x", "", catalogue.NotesOn{})
	is(t, "notes on an older version", err, catalogue.Conflict)
	notes[3] = strings.Repeat("x", 1001)
	_, err = c.NoteResearch(ctx, who, draft.ID, draft.Version, "x", "", catalogue.NotesOn{Part: 1, Notes: notes})
	refusedOn(t, "a note that is too long", err, "note-3")
	_, err = c.EndResearch(ctx, who, draft.ID, catalogue.Public)
	refusedOn(t, "a record for the public", err, "audience")

	ended := must[*catalogue.Research](t)(c.EndResearch(ctx, who, draft.ID, catalogue.Own))
	again := must[*catalogue.Research](t)(c.EndResearch(ctx, who, draft.ID, catalogue.Own))
	if ended.Hash == "" || again.Hash != ended.Hash || again.Version != ended.Version {
		t.Errorf("ended twice: %+v, %+v", ended, again)
	}
	_, err = c.NoteResearch(ctx, who, draft.ID, ended.Version, "x", "", catalogue.NotesOn{})
	is(t, "a note once it is ended", err, catalogue.Conflict)
	_, err = c.EndResearch(ctx, who, draft.ID, catalogue.Councils)
	is(t, "sharing it once it is ended", err, catalogue.Conflict)
	is(t, "discarding it", c.DiscardResearch(ctx, who, draft.ID), catalogue.Conflict)

	v := must[*catalogue.ResearchView](t)(c.Research(ctx, colleague, draft.ID))
	if len(v.Results) != 60 || v.Results[27].Note != "Call them" || v.Results[1].Title != "Canary title" || v.Note != "Canary note" || v.Total != 67 || v.For.Code != coventry {
		t.Errorf("a colleague reads %+v", v)
	}
	for name, other := range map[string]catalogue.Actor{"another council": officer(birmingham, catalogue.RoleAdmin), "anybody": catalogue.Anonymous(),
		"a supplier": {Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: coventry}} {
		_, err := c.Research(ctx, other, draft.ID)
		is(t, name+" reads it", err, catalogue.NotFound)
	}
	check := must[catalogue.ResearchCheck](t)(c.CheckResearch(ctx, colleague, draft.ID))
	if !check.Holds || check.Event.Content != ended.Hash || check.Event.Record != ended.Key() || check.Event.N != ended.Event {
		t.Errorf("the check: %+v", check)
	}
	// Other changes come after it, and it still holds.
	s.group(birmingham, coventry, false)
	k.move(time.Hour)
	if check := must[catalogue.ResearchCheck](t)(c.CheckResearch(ctx, colleague, draft.ID)); !check.Holds {
		t.Errorf("later: %+v", check)
	}
	whole(t, c)
}

// TestASharedRecordHoldsWhatCouncilsCouldSee: of the council's own fields nothing.
func TestASharedRecordHoldsWhatCouncilsCouldSee(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	_, who := s.person(coventry, catalogue.RoleLead)
	draft := researched(t, c, who, 3)
	must[*catalogue.Research](t)(c.EndResearch(ctx, who, draft.ID, catalogue.Councils))
	other := officer(birmingham, catalogue.RoleViewer)
	v := must[*catalogue.ResearchView](t)(c.Research(ctx, other, draft.ID))
	_, content, err := v.Content()
	if err != nil || strings.Contains(string(content), "Canary") || strings.Contains(string(content), "8675309") || v.Results[1].Title != "What councils see" || v.Who != "" {
		t.Errorf("another council reads %s (%v)", content, err)
	}
	if check := must[catalogue.ResearchCheck](t)(c.CheckResearch(ctx, other, draft.ID)); !check.Holds {
		t.Errorf("it checks that: %+v", check)
	}
	list := must[*catalogue.ResearchList](t)(c.ResearchList(ctx, other))
	if len(list.Others) != 1 || len(list.Own)+len(list.Drafts) != 0 {
		t.Errorf("its list: %+v", list)
	}
	_, err = c.Research(ctx, catalogue.Anonymous(), draft.ID)
	is(t, "anybody reads it", err, catalogue.NotFound)
	_, err = c.CorrectResearch(ctx, officer(birmingham, catalogue.RoleLead), draft.ID, catalogue.NewID())
	is(t, "another council corrects it", err, catalogue.Forbidden)

	id := catalogue.NewID()
	for range 2 {
		next := must[*catalogue.Research](t)(c.CorrectResearch(ctx, who, draft.ID, id))
		if next.Corrects != draft.ID || !next.Draft() || !next.Searched.Equal(draft.Searched) {
			t.Errorf("the correction: %+v", next)
		}
	}
	must[*catalogue.Research](t)(c.EndResearch(ctx, who, id, catalogue.Own))
	if v := must[*catalogue.ResearchView](t)(c.Research(ctx, who, draft.ID)); v.Replaced != id {
		t.Errorf("the former names %q", v.Replaced)
	}
	if v := must[*catalogue.ResearchView](t)(c.Research(ctx, other, draft.ID)); v.Replaced != "" {
		t.Error("another council is told of a record that it may not see")
	}
	whole(t, c)
}

// resealed is a value with other content and a checksum that is right: what somebody would write who knows the file's layout.
func resealed(key, value []byte, old, new string) []byte {
	out := []byte(strings.Replace(string(value), old, new, 1))
	table := crc32.MakeTable(crc32.Castagnoli)
	binary.BigEndian.PutUint32(out, crc32.Update(crc32.Update(0, table, key), table, out[4:]))
	return out
}

func TestARecordThatIsChangedShows(t *testing.T) {
	ctx := context.Background()
	for name, test := range map[string]struct {
		prefix   kv.Key
		old, new string
	}{
		"a result":    {kv.NewKey("f"), "Result 2", "Result Z"},
		"its value":   {kv.NewKey("f"), `"value_from_gbp":1000`, `"value_from_gbp":9000`},
		"a note":      {kv.NewKey("f"), "Call them", "Burn them"},
		"the title":   {kv.NewKey("r", string(catalogue.KindResearch)), "Revenues", "Housing!"},
		"the query":   {kv.NewKey("r", string(catalogue.KindResearch)), "q=revenues", "q=highways"},
		"the date":    {kv.NewKey("r", string(catalogue.KindResearch)), `"searched":"2026`, `"searched":"2024`},
		"a part gone": {kv.NewKey("f"), "", ""},
		"all of it":   {kv.NewKey("r", string(catalogue.KindResearch)), "", ""},
	} {
		c, store, _ := timed(t)
		s := scene{t, c, new(int)}
		_, who := s.person(coventry, catalogue.RoleLead)
		draft := researched(t, c, who, 5)
		must[*catalogue.Research](t)(c.NoteResearch(ctx, who, draft.ID, draft.Version, "Revenues", "", catalogue.NotesOn{Notes: []string{"Call them"}}))
		must[*catalogue.Research](t)(c.EndResearch(ctx, who, draft.ID, catalogue.Own))
		whole(t, c)
		tampered(t, store, func(tx kv.Tx) error {
			for _, row := range rowsBelow(t, store, test.prefix) {
				if test.old == "" {
					return tx.Delete(row.key)
				}
				if changed := resealed(row.key, row.value, test.old, test.new); string(changed) != string(row.value) {
					return tx.Put(row.key, changed)
				}
			}
			t.Errorf("%s: nothing was changed", name)
			return nil
		})
		v := must[catalogue.Verified](t)(c.Verify(ctx))
		if !strings.Contains(strings.Join(v.Problems, "\n"), "record research/"+draft.ID) {
			t.Errorf("%s: verify finds %v", name, v.Problems)
		}
		if check, err := c.CheckResearch(ctx, who, draft.ID); err == nil && (check.Holds || check.Problem == "") {
			t.Errorf("%s: the page says that it holds", name)
		}
	}
}

// TestARecordOutlivesItsCouncil: the successor has it, it holds as it was, and a backup holds all of it.
func TestARecordOutlivesItsCouncil(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	_, who := s.person(coventry, catalogue.RoleLead)
	draft := researched(t, c, who, 40)
	ended := must[*catalogue.Research](t)(c.EndResearch(ctx, who, draft.ID, catalogue.Own))
	must[*catalogue.Succession](t)(c.Succeed(ctx, catalogue.Operator("test"), catalogue.HandOver{From: coventry, To: birmingham, Reason: "A test"}))
	heir := officer(birmingham, catalogue.RoleViewer)
	v := must[*catalogue.ResearchView](t)(c.Research(ctx, heir, draft.ID))
	if v.Council != birmingham || v.For.Code != coventry || v.Hash != ended.Hash || len(v.Results) != 40 {
		t.Errorf("the successor has %+v", v.Research)
	}
	if check := must[catalogue.ResearchCheck](t)(c.CheckResearch(ctx, heir, draft.ID)); !check.Holds {
		t.Errorf("the check: %+v", check)
	}
	whole(t, c)
	var file bytes.Buffer
	must[catalogue.BackupInfo](t)(c.Backup(ctx, &file))
	other := stored(t, filepath.Join(t.TempDir(), "restored.db"))
	must[catalogue.BackupInfo](t)(catalogue.Restore(ctx, other, bytes.NewReader(file.Bytes())))
	restored := over(t, other, k)
	if check := must[catalogue.ResearchCheck](t)(restored.CheckResearch(ctx, heir, draft.ID)); !check.Holds {
		t.Errorf("restored: %+v", check)
	}
	whole(t, restored)
}

// TestALongRecordIsWhole keeps as many results as there may be, with long notes, in parts that fit.
func TestALongRecordIsWhole(t *testing.T) {
	ctx := context.Background()
	c, store, k := timed(t)
	s := scene{t, c, new(int)}
	_, who := s.person(coventry, catalogue.RoleLead)
	draft := researched(t, c, who, catalogue.MaxResearch+50)
	if draft.Kept != catalogue.MaxResearch || !draft.Whole || draft.Parts != 40 {
		t.Fatalf("the draft: %+v", draft)
	}
	notes := make([]string, catalogue.ResearchPage)
	for i := range notes {
		notes[i] = strings.Repeat("€", 1000)
	}
	must[*catalogue.Research](t)(c.NoteResearch(ctx, who, draft.ID, 0, "Long", "", catalogue.NotesOn{Part: 39, Notes: notes}))
	must[*catalogue.Research](t)(c.EndResearch(ctx, who, draft.ID, catalogue.Own))
	if v := must[*catalogue.ResearchView](t)(c.Research(ctx, who, draft.ID)); len(v.Results) != catalogue.MaxResearch || v.Results[999].Title != "Result 999" {
		t.Errorf("it holds %d", len(v.Results))
	}
	whole(t, c)
	other := researched(t, c, who, 30)
	k.move(91 * 24 * time.Hour)
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	_, err := c.Research(ctx, who, other.ID)
	is(t, "a draft that nobody worked on", err, catalogue.NotFound)
	must[*catalogue.ResearchView](t)(c.Research(ctx, who, draft.ID))
	k.move(6 * 366 * 24 * time.Hour)
	if err := c.Expire(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(t, c, catalogue.KindResearch); n != 0 {
		t.Errorf("after six years %d records stay", n)
	}
	if rows := rowsBelow(t, store, kv.NewKey("f")); len(rows) != 0 {
		t.Errorf("%d parts stay", len(rows))
	}
	whole(t, c)
}
