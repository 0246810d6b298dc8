package catalogue_test

import (
	"context"
	"testing"

	"jointly/catalogue"
)

// What an actor writes into a record's own fields does not make it another's.

func TestNobodyActsForAnotherCouncilByWhatARecordSays(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	a, b := officer(birmingham, catalogue.RoleAdmin), officer(coventry, catalogue.RoleAdmin)
	theirs := listed(t, c, intention(coventry, "Local taxation"))

	stolen := *theirs
	stolen.Council, stolen.Title = birmingham, "Taken over"
	_, err := c.SaveIntention(ctx, a, stolen)
	is(t, "moving another council's intention to one's own", err, catalogue.Forbidden)

	stolen.Version = 0 // as the first sending of a form
	_, err = c.SaveIntention(ctx, a, stolen)
	is(t, "using another council's ID for a new intention", err, catalogue.Forbidden)

	given := intention(birmingham, "Revenues system")
	given.Council = coventry
	_, err = c.SaveIntention(ctx, a, given)
	is(t, "listing in another council's name", err, catalogue.Forbidden)

	mine := *listed(t, c, intention(birmingham, "Revenues system"))
	mine.Council = coventry
	_, err = c.SaveIntention(ctx, a, mine)
	is(t, "giving one's own intention to another council", err, catalogue.Forbidden)

	if got := must[*catalogue.Intention](t)(c.Intention(ctx, b, theirs.ID)); got.Version != theirs.Version || got.Title != theirs.Title {
		t.Errorf("the other council's intention became %+v", got)
	}
}

func TestAPlatformIsListedInOnesOwnName(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	a, b := officer(birmingham, catalogue.RoleLead), officer(coventry, catalogue.RoleLead)
	p := must[*catalogue.Platform](t)(c.ListPlatform(ctx, a, catalogue.Platform{Name: "Civica Revenues", Capabilities: []string{"revs-bens"},
		ListedBy: coventry, Demonstration: true}))
	if p.ListedBy != birmingham || p.Demonstration {
		t.Errorf("it is listed by %q, demonstration %v: want the council that listed it, a real one", p.ListedBy, p.Demonstration)
	}
	moved := *p
	moved.ListedBy = coventry
	if moved := must[*catalogue.Platform](t)(c.ListPlatform(ctx, a, moved)); moved.ListedBy != birmingham {
		t.Errorf("its lister made it the listing of %q", moved.ListedBy)
	}

	taken := *must[*catalogue.Platform](t)(c.Platform(ctx, b, p.ID))
	taken.ListedBy, taken.Summary = coventry, "Taken over"
	_, err := c.ListPlatform(ctx, b, taken)
	is(t, "changing another council's platform", err, catalogue.Forbidden)
	taken.Version = 0
	_, err = c.ListPlatform(ctx, b, taken)
	refusedOn(t, "listing it again under its ID", err, "name")

	for _, test := range []struct {
		what  string
		p     catalogue.Platform
		field string
	}{
		{"the same name", catalogue.Platform{Name: "CIVICA  revenues"}, "name"},
		{"its name as another name", catalogue.Platform{Name: "Ours", Aliases: []string{"Civica Revenues"}}, "aliases"},
		{"a name that makes no address", catalogue.Platform{Name: "***"}, "name"},
		{"an ID that is a path", catalogue.Platform{Meta: catalogue.Meta{ID: "../councils"}, Name: "Path"}, "id"},
	} {
		test.p.Capabilities = []string{"revs-bens"}
		_, err := c.ListPlatform(ctx, b, test.p)
		refusedOn(t, test.what, err, test.field)
	}
	if n := count(t, c, catalogue.KindPlatform); n != 1 {
		t.Errorf("%d platforms, want 1", n)
	}
}

func TestInvitationsAreAnsweredByThoseAsked(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.group(birmingham, coventry, false)
	outsider := officer(dudley, catalogue.RoleLead)
	theirs := s.intention(dudley, catalogue.Councils)
	for what, try := range map[string]func() error{
		"answering": func() error { _, err := c.AnswerInvitation(ctx, outsider, g.ID, true, ""); return err },
		"leading":   func() error { _, err := c.TakeLead(ctx, outsider, g.ID, true); return err },
		"inviting oneself": func() error {
			_, err := c.Invite(ctx, outsider, g.ID, theirs.ID)
			return err
		},
		"inviting before having accepted": func() error {
			_, err := c.Invite(ctx, officer(coventry, catalogue.RoleLead), g.ID, theirs.ID)
			return err
		},
		"answering for no council": func() error {
			_, err := c.AnswerInvitation(ctx, catalogue.Actor{Role: catalogue.RoleLead, OrgKind: catalogue.OrgSupplier, Org: coventry}, g.ID, true, "")
			return err
		},
	} {
		is(t, what, try(), catalogue.Forbidden)
	}
	if room := must[*catalogue.Room](t)(c.Room(ctx, officer(birmingham, catalogue.RoleLead), g.ID)); len(room.Members) != 2 || room.Group.Stage != catalogue.Forming {
		t.Errorf("after all that the group has %d members and is %s", len(room.Members), room.Group.Stage)
	}
	_, err := c.ProposeGroup(ctx, outsider, catalogue.Proposal{ID: g.ID, Intention: theirs.ID, Partners: []string{g.Members[0].Intention}})
	is(t, "using another council's form", err, catalogue.Conflict)
}
