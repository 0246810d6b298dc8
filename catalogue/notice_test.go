package catalogue_test

import (
	"context"
	"strings"
	"testing"

	"jointly/catalogue"
)

func TestTheLeadRecordsPublishedNotices(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	g := s.together(birmingham, coventry)
	lead := officer(birmingham, catalogue.RoleLead)
	good := catalogue.PublishedNotice{OCID: "ocds-h6vhtk-06f1b4", Address: "https://www.find-tender.service.gov.uk/Notice/083664-2026", Kind: "UK3",
		On: catalogue.DateOf(today)}
	for _, test := range []struct {
		what, field string
		change      func(*catalogue.PublishedNotice)
	}{
		{"no OCID", "ocid", func(n *catalogue.PublishedNotice) { n.OCID = "" }},
		{"the OCID of a draft", "ocid", func(n *catalogue.PublishedNotice) { n.OCID = "ocds-xxxxxx-1" }},
		{"an OCID of the central platform with a slip", "ocid", func(n *catalogue.PublishedNotice) { n.OCID = "ocds-h6vhtk-06f1b" }},
		{"no address", "address", func(n *catalogue.PublishedNotice) { n.Address = "" }},
		{"an address that runs", "address", func(n *catalogue.PublishedNotice) { n.Address = "javascript:alert(1)" }},
		{"an unknown notice", "notice", func(n *catalogue.PublishedNotice) { n.Kind = "UK99" }},
		{"no day", "published", func(n *catalogue.PublishedNotice) { n.On = catalogue.Date{} }},
		{"a day to come", "published", func(n *catalogue.PublishedNotice) { n.On = catalogue.DateOf(today.AddDate(0, 0, 1)) }},
	} {
		n := good
		test.change(&n)
		_, err := c.RecordNotice(ctx, lead, g.ID, n)
		refusedOn(t, test.what, err, test.field)
	}
	_, err := c.RecordNotice(ctx, officer(coventry, catalogue.RoleLead), g.ID, good)
	is(t, "recording without the lead", err, catalogue.Forbidden)
	_, err = c.RecordNotice(ctx, officer(birmingham, catalogue.RoleContributor), g.ID, good)
	is(t, "recording as a contributor", err, catalogue.Forbidden)

	recorded := must[*catalogue.BuyingGroup](t)(c.RecordNotice(ctx, lead, g.ID, good))
	if again := must[*catalogue.BuyingGroup](t)(c.RecordNotice(ctx, lead, g.ID, good)); again.Version != recorded.Version || len(again.Notices) != 1 {
		t.Errorf("recorded twice: %+v", again.Notices)
	}
	if recorded.Stage != g.Stage {
		t.Errorf("the stage became %s", recorded.Stage)
	}
	card := must[*catalogue.BuyingGroup](t)(c.Group(ctx, officer(sandwell, catalogue.RoleViewer), g.ID))
	if card.Room || len(card.Notices) != 1 || card.Notices[0] != good {
		t.Errorf("the card shows %+v", card)
	}
	if gone := must[*catalogue.BuyingGroup](t)(c.RemoveNotice(ctx, lead, g.ID, good.OCID, good.Kind)); len(gone.Notices) != 0 {
		t.Errorf("after removing: %+v", gone.Notices)
	}
	whole(t, c)
}

// TestANoticeTellsNoMembersBudget lets the sum out only where it tells no single member's part.
func TestANoticeTellsNoMembersBudget(t *testing.T) {
	ctx := context.Background()
	for _, test := range []struct {
		what      string
		audiences []catalogue.Audience // of each member's budget; empty: none stated
		want      float64
	}{
		{"nobody states one", []catalogue.Audience{"", "", ""}, 0},
		{"one states one", []catalogue.Audience{catalogue.Councils, "", ""}, 0},
		{"two state one", []catalogue.Audience{catalogue.Councils, catalogue.Group, ""}, 2_000_000},
		{"two, of which one is its own council's alone", []catalogue.Audience{catalogue.Councils, catalogue.Own, ""}, 0},
		{"all but one are public", []catalogue.Audience{catalogue.Public, catalogue.Public, catalogue.Group}, 0},
		{"all are public", []catalogue.Audience{catalogue.Public, catalogue.Public, catalogue.Public}, 3_000_000},
	} {
		c := opened(t)
		s := scene{t, c, new(int)}
		codes := []string{birmingham, coventry, dudley}
		var ids []string
		for i, audience := range test.audiences {
			in := canaries(codes[i], catalogue.Public, catalogue.DefaultIntentionAudiences())
			in.Title, in.CPV = s.name("Revenues system"), []string{"48000000-8", "canary-cpv"}
			in.Budget, in.ContractEnd = catalogue.Money{}, catalogue.MustDate("2028-03-31")
			if audience != "" {
				in.Budget, in.Fields.Budget = catalogue.Money{Max: 1_000_000}, audience
			}
			ids = append(ids, listed(t, c, in).ID)
		}
		g := must[*catalogue.BuyingGroup](t)(c.ProposeGroup(ctx, officer(birmingham, catalogue.RoleLead), catalogue.Proposal{Intention: ids[0], Partners: ids[1:]}))
		for _, code := range codes[1:] {
			must[*catalogue.BuyingGroup](t)(s.answer(code, g, true, ""))
		}
		n := must[*catalogue.PlannedNotice](t)(c.PlannedNotice(ctx, officer(coventry, catalogue.RoleViewer), g.ID))
		if n.Value != test.want {
			t.Errorf("%s: the value is %v, want %v", test.what, n.Value, test.want)
		}
		if told := strings.Contains(strings.Join(n.LeftOut, "\n"), "The value:"); told != (test.want == 0) {
			t.Errorf("%s: left out %q", test.what, n.LeftOut)
		}
		if len(n.Buyers) != 3 || len(n.CPV) != 1 || n.CPV[0].Code != "48000000" || n.Lead != nil || n.Start.String() != "2027-04-01" || n.End.String() != "2027-12-31" {
			t.Errorf("%s: %+v", test.what, n)
		}
	}
}

func TestANoticeNamesAReplacedContractOnlyWhereItsCouncilLetsEverybodyKnow(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	s := scene{t, c, new(int)}
	contract := &catalogue.Contract{Meta: catalogue.Meta{ID: "old", Ref: "ocds-b5fd17-old"}, Council: birmingham, Title: "Revenues", Supplier: "Civica UK Ltd",
		Stage: catalogue.StageAwarded, Audience: catalogue.Public, Source: catalogue.Source{Text: "Notice", Reference: "ocds-b5fd17-old"}}
	imports(t, c, contract)
	for _, test := range []struct {
		contract, supplier catalogue.Audience
		want               int
	}{{catalogue.Councils, catalogue.Councils, 0}, {catalogue.Public, catalogue.Councils, 0}, {catalogue.Councils, catalogue.Public, 0}, {catalogue.Public, catalogue.Public, 1}} {
		in := intention(birmingham, s.name("Revenues system"))
		in.FromContract, in.Visibility, in.Fields.Contract, in.Fields.Supplier = contract.ID, catalogue.Public, test.contract, test.supplier
		mine := listed(t, c, in)
		g := must[*catalogue.BuyingGroup](t)(s.propose(birmingham, mine, s.intention(coventry, catalogue.Councils)))
		must[*catalogue.BuyingGroup](t)(s.answer(coventry, g, true, ""))
		n := must[*catalogue.PlannedNotice](t)(c.PlannedNotice(ctx, officer(coventry, catalogue.RoleViewer), g.ID))
		if len(n.Replaces) != test.want {
			t.Errorf("with the contract for %s and the supplier for %s it replaces %v", test.contract, test.supplier, n.Replaces)
		}
	}
}
