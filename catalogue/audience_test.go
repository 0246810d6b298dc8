package catalogue_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue"
)

// canaries is an intention with something telling in every field.
func canaries(council string, visibility catalogue.Audience, fields catalogue.IntentionAudiences) catalogue.Intention {
	return catalogue.Intention{
		Council: council, Title: "canary-title", Description: "canary-description of council tax software", Area: "revenues-benefits", Capability: "revs-bens",
		Purchase: "software", CPV: []string{"48000000"}, Budget: catalogue.Money{Min: 111_111, Max: 222_222},
		WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31"),
		ContractEnd: catalogue.MustDate("2028-09-17"), ExtensionMonths: 3, LeadMonths: 9,
		CurrentSupplier: "canary-supplier", CurrentPlatform: "canary-platform", Musts: []string{"canary-must"}, Role: "lead",
		Notes: "canary-notes", FromContract: "canary-contract", Visibility: visibility, Fields: fields,
	}
}

// part is a field, or fields that share an audience, and whether a viewer got it.
type part struct {
	name     string
	audience catalogue.Audience // of the field by itself
	shown    bool
}

// parts takes apart what a viewer got; nil for nothing. Of fields with one audience either all or none must be there.
func parts(t rapid.TB, in *catalogue.Intention, fields catalogue.IntentionAudiences) []part {
	if in == nil {
		in = &catalogue.Intention{}
	}
	both := func(name string, shown ...bool) bool {
		for _, s := range shown {
			if s != shown[0] {
				t.Fatalf("%s: only part of it is shown: %+v", name, in)
			}
		}
		return shown[0]
	}
	return []part{
		{"intention", catalogue.Public, both("intention", in.Title != "", in.Description != "", !in.WindowStart.IsZero(), len(in.CPV) > 0)},
		{"budget", fields.Budget, both("budget", in.Budget.Min != 0, in.Budget.Max != 0)},
		{"supplier", fields.Supplier, both("supplier", in.CurrentSupplier != "", in.CurrentPlatform != "")},
		{"contract", fields.Contract, both("contract", !in.ContractEnd.IsZero(), in.ExtensionMonths != 0, in.LeadMonths != 0, in.FromContract != "")},
		{"musts", fields.Musts, in.Musts != nil},
		{"notes", catalogue.Own, in.Notes != ""},
		{"audiences", catalogue.Own, in.Fields != catalogue.IntentionAudiences{}},
	}
}

// reach is how far an audience goes: which of the viewers below it admits.
func reach(a catalogue.Audience) int {
	return map[catalogue.Audience]int{catalogue.Own: 0, catalogue.Group: 1, catalogue.Councils: 2, catalogue.Public: 3}[a]
}

// TestNoFieldIsSeenByMoreThanItsAudience tries every viewer on intentions with every audience: a field is seen by whom
// both its own audience and the intention's admit, by nobody else, and by all of those.
func TestNoFieldIsSeenByMoreThanItsAudience(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	supplier := catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: coventry}
	rapid.Check(t, func(t *rapid.T) {
		all := []catalogue.Audience{catalogue.Public, catalogue.Councils, catalogue.Group, catalogue.Own}
		field := rapid.SampledFrom(all)
		fields := catalogue.IntentionAudiences{Budget: field.Draw(t, "budget"), Supplier: field.Draw(t, "supplier"),
			Contract: field.Draw(t, "contract"), Musts: field.Draw(t, "musts")}
		visibility := rapid.SampledFrom([]catalogue.Audience{catalogue.Public, catalogue.Councils, catalogue.Own}).Draw(t, "visibility")
		in := listed(s.t, c, canaries(coventry, visibility, fields))
		read := func(a catalogue.Actor) *catalogue.Intention {
			got, err := c.Intention(ctx, a, in.ID)
			if err != nil && catalogue.KindOf(err) != catalogue.NotFound {
				t.Fatal(err)
			}
			return got
		}
		type viewer struct {
			name string
			from int // the narrowest audience that admits it
			got  *catalogue.Intention
		}
		lead := officer(birmingham, catalogue.RoleLead)
		viewers := []viewer{
			{"a visitor", 3, read(catalogue.Anonymous())}, {"a supplier", 3, read(supplier)},
			{"the councils' index", 2, read(catalogue.AnyCouncil())}, {"another council", 2, read(lead)},
			{"its own viewer", 0, read(officer(coventry, catalogue.RoleViewer))}, {"the operator", 0, read(catalogue.Operator("test"))},
		}
		if visibility != catalogue.Own {
			mine := s.intention(birmingham, catalogue.Councils)
			g, err := c.ProposeGroup(ctx, lead, catalogue.Proposal{Intention: mine.ID, Partners: []string{in.ID}})
			if err != nil {
				t.Fatal(err)
			}
			inRoom := func(a catalogue.Actor) *catalogue.Intention {
				room, err := c.Room(ctx, a, g.ID)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range append(room.Members, room.Gone...) {
					if m.Council == coventry {
						return m.Intention
					}
				}
				return nil
			}
			viewers = append(viewers, viewer{"who asked it, before it has accepted", 2, inRoom(lead)})
			if _, err := c.AnswerInvitation(ctx, officer(coventry, catalogue.RoleLead), g.ID, true, ""); err != nil {
				t.Fatal(err)
			}
			third := s.intention(dudley, catalogue.Councils)
			if _, err := c.Invite(ctx, lead, g.ID, third.ID); err != nil {
				t.Fatal(err)
			}
			viewers = append(viewers, viewer{"a fellow member", 1, inRoom(lead)}, viewer{"its own, in the room", 0, inRoom(officer(coventry, catalogue.RoleViewer))},
				viewer{"who is asked into its group", 2, inRoom(officer(dudley, catalogue.RoleLead))}, viewer{"a member, on its page", 2, read(lead)})
			if _, err := c.LeaveGroup(ctx, officer(coventry, catalogue.RoleLead), g.ID, "changed plans"); err != nil {
				t.Fatal(err)
			}
			viewers = append(viewers, viewer{"a member that it left behind", 2, inRoom(lead)})
		}
		for _, v := range viewers {
			for _, p := range parts(t, v.got, fields) {
				want := min(reach(visibility), reach(p.audience)) >= v.from
				if p.shown != want {
					t.Fatalf("%s of an intention for %s, itself for %s: shown %v to %s, want %v", p.name, visibility, p.audience, p.shown, v.name, want)
				}
			}
		}
	})
}

// TestWhatIsHiddenIsNowhereToBeRead looks for private words in everything that others can read.
func TestWhatIsHiddenIsNowhereToBeRead(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	hidden := listed(t, c, canaries(coventry, catalogue.Own, catalogue.IntentionAudiences{}))
	use := imports(t, c, &catalogue.Platform{Name: "Open Revenues", Capabilities: []string{"revs-bens"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "K1"}, Council: coventry, Title: "canary-contract", Supplier: "canary-supplier", Capability: "revs-bens",
			Audience: catalogue.Own, Source: catalogue.Source{Text: "register"}})
	if use.Created != 2 {
		t.Fatalf("imported %+v", use)
	}
	if _, err := c.RecordUse(ctx, officer(coventry, catalogue.RoleLead), "open-revenues", catalogue.Date{}, "canary-advice"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		actor catalogue.Actor
		sees  []string
	}{
		{catalogue.Anonymous(), nil},
		{catalogue.Actor{Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "canary-supplier"}, nil},
		{catalogue.AnyCouncil(), []string{"canary-advice"}},
		{officer(birmingham, catalogue.RoleAdmin), []string{"canary-advice"}},
	} {
		var all []any
		for _, kind := range []catalogue.Kind{catalogue.KindSupplier, catalogue.KindPlatform, catalogue.KindUse, catalogue.KindContract,
			catalogue.KindIntention, catalogue.KindInterest, catalogue.KindGroup, catalogue.KindSuggestion, catalogue.KindSaving, catalogue.KindAccount} {
			if err := c.Each(ctx, test.actor, kind, func(item catalogue.Item) error { all = append(all, item); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, must[*catalogue.CouncilView](t)(c.CouncilView(ctx, test.actor, coventry)),
			must[*catalogue.CouncilView](t)(c.CouncilView(ctx, test.actor, birmingham)),
			must[*catalogue.PlatformView](t)(c.PlatformView(ctx, test.actor, "open-revenues")),
			must[*catalogue.Desk](t)(c.Desk(ctx, test.actor)))
		for _, item := range must[[]catalogue.Item](t)(c.Load(ctx, test.actor, []catalogue.Key{hidden.Key()})) {
			all = append(all, item)
		}
		text, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		left := string(text)
		for _, word := range test.sees {
			if !strings.Contains(left, word) {
				t.Errorf("%s of %q does not see %s", test.actor.Role, test.actor.Org, word)
			}
			left = strings.ReplaceAll(left, word, "")
		}
		if at := strings.Index(left, "canary-"); at >= 0 && !strings.HasPrefix(left[at:], "canary-supplier\"") {
			t.Errorf("%s of %q reads %s", test.actor.Role, test.actor.Org, left[at:min(at+60, len(left))])
		}
		_, err = c.Intention(ctx, test.actor, hidden.ID)
		is(t, "reading the hidden intention", err, catalogue.NotFound)
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("the error tells: %v", err)
		}
	}
	// The control: its own council reads every word.
	own, err := json.Marshal(must[*catalogue.Intention](t)(c.Intention(ctx, officer(coventry, catalogue.RoleViewer), hidden.ID)))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"title", "description", "supplier", "platform", "must", "notes", "contract"} {
		if !strings.Contains(string(own), "canary-"+word) {
			t.Errorf("its own council does not read canary-%s", word)
		}
	}
}

// TestAGroupsCardTellsNoHiddenContractEnd keeps a date that only the owner may see out of the window on the card.
func TestAGroupsCardTellsNoHiddenContractEnd(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	lead := officer(birmingham, catalogue.RoleLead)
	for _, test := range []struct {
		contract, card catalogue.Audience
		want           string
	}{
		{catalogue.Own, catalogue.Councils, "2027-12-31"},
		{catalogue.Group, catalogue.Councils, "2027-12-31"},
		{catalogue.Councils, catalogue.Public, "2027-12-31"},
		{catalogue.Councils, catalogue.Councils, "2027-06-30"}, // the contract's end less the time it takes to replace it
		{catalogue.Public, catalogue.Councils, "2027-06-30"},
	} {
		theirs := intention(coventry, s.name("Local taxation"))
		theirs.ContractEnd, theirs.LeadMonths = catalogue.MustDate("2028-03-30"), 9
		theirs.Fields.Contract = test.contract
		mine := intention(birmingham, s.name("Revenues system"))
		mine.ContractEnd = catalogue.Date{}
		g := must[*catalogue.BuyingGroup](t)(c.ProposeGroup(ctx, lead, catalogue.Proposal{Intention: listed(t, c, mine).ID,
			Partners: []string{listed(t, c, theirs).ID}, Card: test.card}))
		must[*catalogue.BuyingGroup](t)(c.AnswerInvitation(ctx, officer(coventry, catalogue.RoleLead), g.ID, true, ""))
		card := must[*catalogue.BuyingGroup](t)(c.Group(ctx, officer(dudley, catalogue.RoleLead), g.ID))
		if got := card.WindowEnd.String(); got != test.want {
			t.Errorf("a contract's end for %s on a card for %s: the window ends %s, want %s", test.contract, test.card, got, test.want)
		}
		inRoom := "2027-06-30"
		if test.contract == catalogue.Own || test.contract == catalogue.Group {
			inRoom = "2027-12-31"
		}
		room := must[*catalogue.BuyingGroup](t)(c.Group(ctx, lead, g.ID))
		if got := room.WindowEnd.String(); got != inRoom {
			t.Errorf("a contract's end for %s: the window ends %s in the room, want %s", test.contract, got, inRoom)
		}
	}
}
