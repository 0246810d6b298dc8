package exchange_test

import (
	"context"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/register"
)

const (
	wokingCode = "E07000217"
	westCode   = "NEW-WEST-SURREY"
)

// wokingHandedOver is a catalogue in which West Surrey took the place of Woking, which had one contract, C-1.
func wokingHandedOver(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	ctx, c, operator := context.Background(), opened(t), catalogue.Operator("test")
	if _, err := c.AddCouncil(ctx, operator, register.Council{GSS: westCode, Name: "West Surrey", OfficialName: "West Surrey Council", Type: "Unitary authority", Nation: "England", Region: "South East"}); err != nil {
		t.Fatal(err)
	}
	if done, err := c.Import(ctx, operator, []catalogue.Item{
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "C-1"}, Council: wokingCode, Title: "Payroll of Woking", Extension: "two years more", Audience: catalogue.Own, Source: catalogue.Source{Text: "a notice"}},
		&catalogue.Contract{Meta: catalogue.Meta{Ref: "C-1"}, Council: westCode, Title: "Another of West Surrey", Source: catalogue.Source{Text: "a notice"}},
	}, catalogue.ImportOptions{}); err != nil || len(done.Errors) > 0 {
		t.Fatal(err, done.Errors)
	}
	if _, err := c.Succeed(ctx, operator, catalogue.HandOver{From: wokingCode, To: westCode, Reason: "a rehearsal"}); err != nil {
		t.Fatal(err)
	}
	return c
}

func readerFor(t *testing.T, c *catalogue.Catalogue, actor catalogue.Actor, council string) *exchange.Reader {
	t.Helper()
	r, unread, err := exchange.ReaderFor(context.Background(), c, actor, council)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unread(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// TestWhatIsReadForAnOldCouncilIsItsSuccessors reads a register and notices of Woking after it was handed over, by its people
// of then and by the operator, in each way in which they can say whose it is.
func TestWhatIsReadForAnOldCouncilIsItsSuccessors(t *testing.T) {
	officer := catalogue.Actor{Account: "ann", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: westCode, Via: "test"}
	const says = "Woking Borough Council was succeeded by West Surrey Council: its 2 records in this file go to West Surrey Council"
	const rows = "ContractReference,ContractTitle\nC-1,\"Payroll of Woking, corrected\"\nC-2,New of Woking\n"
	withLabel := strings.ReplaceAll(strings.ReplaceAll(rows, "ContractReference,", "OrganisationLabel,ContractReference,"), "\nC-", "\nWoking Borough Council,C-")
	for what, read := range map[string]struct {
		actor   catalogue.Actor
		council string
		file    string
	}{
		"the successor's officer with the old name in the file": {officer, westCode, withLabel},
		"the operator with the old code":                        {catalogue.Operator("test"), wokingCode, rows},
		"the operator with the old name in the file":            {catalogue.Operator("test"), "", withLabel},
	} {
		c := wokingHandedOver(t)
		f, err := readerFor(t, c, read.actor, read.council).ContractsFile(strings.NewReader(read.file), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		done, err := c.Import(context.Background(), read.actor, f.Items, catalogue.ImportOptions{})
		if err != nil {
			t.Errorf("%s: refused: %v", what, err)
			continue
		}
		r := f.Report(done)
		if len(r.Errors) > 0 || r.Created != 1 || r.Updated != 1 || !warned(r, "council", says) {
			t.Errorf("%s: %+v", what, r)
		}
		if warned(r, "OrganisationLabel", "taken as") {
			t.Errorf("%s: it is warned of as another council's too: %+v", what, r.Warnings)
		}
		held := heldBy(t, c)(wokingCode)
		if len(held) != 2 {
			t.Fatalf("%s: Woking's page has %d contracts", what, len(held))
		}
		for _, k := range held {
			if k.Council != westCode || k.Ref == "C-1" && (k.Title != "Payroll of Woking, corrected" || k.Extension != "two years more") {
				t.Errorf("%s: %+v", what, k)
			}
		}
		if other := heldContract(t, c, westCode, "C-1"); other.Title != "Another of West Surrey" {
			t.Errorf("%s: the successor's own of the same reference became %q", what, other.Title)
		}
	}
}

func TestNoticesOfAnOldCouncilAreItsSuccessors(t *testing.T) {
	officer := catalogue.Actor{Account: "ann", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: westCode, Via: "test"}
	one := func(buyer, id string) string {
		return `{"ocid":"` + id + `","id":"1","date":"2026-01-01T00:00:00Z","tag":["award"],"buyer":{"id":"x","name":"` + buyer + `"},"tender":{"title":"Telephony"},"awards":[{"id":"1","title":"Telephony","status":"active","suppliers":[{"id":"s","name":"Gamma"}]}]}`
	}
	file := aPackage(one("Woking Borough Council", "ocds-b5fd17-1"), one("West Surrey Council", "ocds-b5fd17-2"), one("BIRMINGHAM CITY COUNCIL", "ocds-b5fd17-3"))
	for what, read := range map[string]struct {
		actor          catalogue.Actor
		council, buyer string
		want           int
	}{
		"the successor's officer picks the old name": {officer, westCode, "Woking Borough Council", 1},
		"the successor's officer picks its own":      {officer, westCode, "West Surrey Council", 1},
		"the successor's, both":                      {officer, westCode, "", 2},
		"the operator, the old code":                 {catalogue.Operator("test"), "", wokingCode, 1},
		"the operator, all":                          {catalogue.Operator("test"), "", "", 3},
	} {
		c := wokingHandedOver(t)
		r := readerFor(t, c, read.actor, read.council)
		f, err := r.OCDS(strings.NewReader(file), read.buyer)
		if err != nil {
			t.Fatal(err)
		}
		done, err := c.Import(context.Background(), read.actor, f.Items, catalogue.ImportOptions{})
		if err != nil || len(done.Errors) > 0 || done.Created != read.want {
			t.Errorf("%s: %v, %+v", what, err, done)
		}
		if old := strings.Contains(read.buyer, "Woking") || read.buyer == "" || read.buyer == wokingCode; old != warned(f.Report(done), "council", "Woking Borough Council was succeeded by West Surrey Council: its one record in this file goes") {
			t.Errorf("%s: warnings %+v", what, f.Report(done).Warnings)
		}
	}
	buyers, _, err := readerFor(t, wokingHandedOver(t), officer, westCode).Buyers(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range buyers {
		if want := map[string]string{"Woking Borough Council": wokingCode, "West Surrey Council": westCode, "BIRMINGHAM CITY COUNCIL": birmingham}[b.Name]; b.Council != want {
			t.Errorf("%s is resolved to %q, want %q", b.Name, b.Council, want)
		}
	}
}
