package catalogue_test

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/kv/bolt"
)

// today is when the tests take place.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// opened is a catalogue on a real store in the test's own folder.
func opened(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	c, _ := openedAt(t, filepath.Join(t.TempDir(), "catalogue.db"))
	return c
}

func openedAt(t testing.TB, path string) (*catalogue.Catalogue, *bolt.Store) {
	t.Helper()
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := catalogue.Open(context.Background(), store, catalogue.Options{Clock: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	return c, store
}

func officer(council string, role catalogue.Role) catalogue.Actor {
	return catalogue.Actor{Account: "officer-of-" + council, Role: role, OrgKind: catalogue.OrgCouncil, Org: council, Via: "test"}
}

func intention(council, title string) catalogue.Intention {
	return catalogue.Intention{
		Council: council, Title: title, Description: "Council tax, NNDR and housing benefit software, hosted.",
		Budget:      catalogue.Money{Min: 500_000, Max: 800_000},
		WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31"),
		ContractEnd: catalogue.MustDate("2028-03-31"), CurrentSupplier: "Northgate", Musts: []string{"Open API"},
		Notes: "canary-notes",
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

const (
	birmingham = "E08000025"
	coventry   = "E08000026"
	dudley     = "E08000027"
)

func TestAGroupIsProposedAndAccepted(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	a, b := officer(birmingham, catalogue.RoleLead), officer(coventry, catalogue.RoleLead)
	mine := must[*catalogue.Intention](t)(c.SaveIntention(ctx, a, intention(birmingham, "Revenues system")))
	theirs := must[*catalogue.Intention](t)(c.SaveIntention(ctx, b, intention(coventry, "Local taxation")))
	if mine.Guess != "revs-bens" {
		t.Errorf("read %q in the text, want revs-bens", mine.Guess)
	}
	g := must[*catalogue.BuyingGroup](t)(c.ProposeGroup(ctx, a, catalogue.Proposal{Intention: mine.ID, Partners: []string{theirs.ID}, Lead: true}))
	if g.Stage != catalogue.Forming || !g.Room {
		t.Errorf("a proposed group is %s, room %v", g.Stage, g.Room)
	}
	g = must[*catalogue.BuyingGroup](t)(c.AnswerInvitation(ctx, b, g.ID, true, ""))
	if g.Stage != catalogue.Forming || g.Councils != 2 {
		t.Errorf("after both accepted it is %s with %d councils", g.Stage, g.Councils)
	}
	g = must[*catalogue.BuyingGroup](t)(c.MoveGroup(ctx, a, g.ID, catalogue.Move{From: catalogue.Forming, To: catalogue.Agreed}))
	if g.Stage != catalogue.Agreed {
		t.Errorf("after its lead recorded it, it is %s", g.Stage)
	}
	card := must[*catalogue.BuyingGroup](t)(c.Group(ctx, officer(dudley, catalogue.RoleLead), g.ID))
	if card.Room || card.Members != nil {
		t.Error("a council outside sees the room")
	}
	if _, err := c.Group(ctx, catalogue.Anonymous(), g.ID); catalogue.KindOf(err) != catalogue.NotFound {
		t.Errorf("an anonymous visitor gets %v, want not found", err)
	}
	room := must[*catalogue.Room](t)(c.Room(ctx, b, g.ID))
	if room.Joint != 2*800_000*1.2 || !room.Above || room.Lead == nil {
		t.Errorf("joint value %v, above %v, lead %v", room.Joint, room.Above, room.Lead)
	}
	v := must[catalogue.Verified](t)(c.Verify(ctx))
	if len(v.Problems) > 0 {
		t.Errorf("verify: %v", v.Problems)
	}
}

func TestBackupRestoresTheSame(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	in := must[*catalogue.Intention](t)(c.SaveIntention(ctx, officer(birmingham, catalogue.RoleLead), intention(birmingham, "Revenues system")))
	var file bytes.Buffer
	info := must[catalogue.BackupInfo](t)(c.Backup(ctx, &file))
	path := filepath.Join(t.TempDir(), "restored.db")
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	must[catalogue.BackupInfo](t)(catalogue.Restore(ctx, store, bytes.NewReader(file.Bytes())))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	again, _ := openedAt(t, path)
	got := must[*catalogue.Intention](t)(again.Intention(ctx, officer(birmingham, catalogue.RoleLead), in.ID))
	if got.Title != in.Title || got.Version != in.Version {
		t.Errorf("restored %+v, want %+v", got, in)
	}
	v := must[catalogue.Verified](t)(again.Verify(ctx))
	if len(v.Problems) > 0 || v.Head != info.AuditHash {
		t.Errorf("restored catalogue: %v, head %s, want %s", v.Problems, v.Head, info.AuditHash)
	}
	damaged := bytes.Clone(file.Bytes())
	damaged[len(damaged)/2] ^= 1
	store2, err := bolt.Open(filepath.Join(t.TempDir(), "other.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store2.Close()
	if _, err := catalogue.Restore(ctx, store2, bytes.NewReader(damaged)); catalogue.KindOf(err) != catalogue.Invalid {
		t.Errorf("a damaged backup gives %v, want a refusal", err)
	}
}
