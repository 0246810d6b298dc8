package exchange_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/kv/bolt"
)

// planned is the notice pack of a group of three councils with something telling in all that is not for everybody.
func planned(t *testing.T) exchange.Notice {
	t.Helper()
	ctx := context.Background()
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	c, err := catalogue.Open(ctx, store, catalogue.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	lead := func(code string) catalogue.Actor {
		return catalogue.Actor{Account: "canary-officer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: code}
	}
	codes := []string{"E08000025", "S12000036", "W06000015"} // England, Scotland, Wales
	var ids []string
	for i, code := range codes {
		in, err := c.SaveIntention(ctx, lead(code), catalogue.Intention{Council: code, Title: "canary-title", Description: "canary-description", Capability: "revs-bens",
			CPV: []string{"48000000-8", "canary-cpv", "72000000"}[i : i+1], Budget: catalogue.Money{Min: 111_111, Max: 222_222},
			WindowStart: catalogue.MustDate("2027-04"), WindowEnd: catalogue.MustDate("2027-09"), ContractEnd: catalogue.MustDate("2028-09-17"),
			CurrentSupplier: "canary-supplier", CurrentPlatform: "canary-platform", Musts: []string{"canary-must"}, Notes: "canary-notes",
			Visibility: catalogue.Councils, Fields: catalogue.DefaultIntentionAudiences()})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, in.ID)
	}
	g, err := c.ProposeGroup(ctx, lead(codes[0]), catalogue.Proposal{Intention: ids[0], Partners: ids[1:], Title: "Revenues & benefits", Need: "One hosted system.", Lead: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range codes[1:] {
		if _, err := c.AnswerInvitation(ctx, lead(code), g.ID, true, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Stand(ctx, lead(codes[1]), g.ID, catalogue.Standing{Rung: catalogue.Approved, Approval: "canary-approval", Approved: catalogue.MustDate("2026-10-01"), Volume: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SetSaving(ctx, lead(codes[0]), g.ID, 0, catalogue.Saving{SavingFigures: catalogue.SavingFigures{Baseline: 333_333, BaselineHow: "canary-how"}}); err != nil {
		t.Fatal(err)
	}
	p, err := c.PlannedNotice(ctx, lead(codes[0]), g.ID)
	if err != nil {
		t.Fatal(err)
	}
	p.Replaces = []string{"ocds-b5fd17-1"}
	rule, ok := c.Register().Threshold("goods-services-sub-central", now)
	return exchange.Notice{Planned: p, Capability: "Revenues and benefits", Requirements: []string{"Payments by telephone"}, Lots: "One lot, since the data is one.",
		Threshold: rule, HasThreshold: ok, Prefix: exchange.PlaceholderPrefix, Address: "https://jointly.example/groups/x/notice.json", Now: now}
}

func written(t *testing.T, write func(w *bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestANoticeSaysWhatItIsAndNothingPrivate(t *testing.T) {
	n := planned(t)
	asJSON := written(t, func(w *bytes.Buffer) error { return exchange.WriteNotice(w, n) })
	asText := written(t, func(w *bytes.Buffer) error { return exchange.WriteNoticeText(w, n) })
	for name, out := range map[string]string{"JSON": asJSON, "text": asText} {
		for _, word := range []string{"canary", "111111", "111,111", "222222", "222,222", "333333", "2028-09", "noticeType", "ocds-h6vhtk"} {
			if strings.Contains(out, word) {
				t.Errorf("the %s has %q", name, word)
			}
		}
		for _, word := range []string{exchange.DraftOnly, "Birmingham City Council", "Edinburgh", "Cardiff", "Payments by telephone", "One lot", "72000000", "ocds-b5fd17-1"} {
			if !strings.Contains(out, word) {
				t.Errorf("the %s has no %q", name, word)
			}
		}
	}
	if !strings.Contains(asText, "£666,666 excluding VAT, £799,999 including VAT") || !strings.Contains(asText, "April 2027 to September 2027") {
		t.Errorf("value or months are missing:\n%s", asText)
	}
	var got struct {
		Releases []struct {
			OCID    string
			Tag     []string
			Buyer   struct{ ID string }
			Parties []struct {
				ID         string
				Roles      []string
				Identifier struct{ Scheme, ID string }
				Additional []struct{ Scheme, ID string } `json:"additionalIdentifiers"`
			}
			Tender struct {
				Status         string
				AboveThreshold bool
				Value          struct{ Amount, AmountGross float64 }
				TenderPeriod   struct{ StartDate, EndDate string }
			}
		}
	}
	if err := json.Unmarshal([]byte(asJSON), &got); err != nil {
		t.Fatal(err)
	}
	r := got.Releases[0]
	if !strings.HasPrefix(r.OCID, exchange.PlaceholderPrefix+"-") || !slices.Equal(r.Tag, []string{"planning"}) || r.Tender.Status != "planned" || !r.Tender.AboveThreshold {
		t.Errorf("the release is %+v", r)
	}
	if r.Tender.Value.Amount != 666_666 || r.Tender.Value.AmountGross != 799_999.2 {
		t.Errorf("the value is %+v", r.Tender.Value)
	}
	if r.Tender.TenderPeriod.StartDate != "2027-04-01T00:00:00+01:00" || r.Tender.TenderPeriod.EndDate != "2027-09-30T23:59:59+01:00" {
		t.Errorf("the period is %+v", r.Tender.TenderPeriod)
	}
	schemes := []string{}
	for _, p := range r.Parties {
		want := []string{"buyer"}
		if p.ID == r.Buyer.ID {
			want = append(want, "leadBuyer")
		}
		if !slices.Equal(p.Roles, want) || p.Additional[0].Scheme != "GSS" {
			t.Errorf("the party %+v", p)
		}
		schemes = append(schemes, p.Identifier.Scheme)
	}
	if !slices.Equal(schemes, []string{"GB-LAE", "GB-PLA", "GB-LAS"}) || r.Parties[0].ID != r.Buyer.ID {
		t.Errorf("parties %v, buyer %s", schemes, r.Buyer.ID)
	}
}

func TestNoOtherPublishersPrefix(t *testing.T) {
	n := planned(t)
	for _, prefix := range []string{"", "ocds-h6vhtk", "ocds-b5fd17", "ocds-", "OCDS-ABCDEF", "ocds-abc123-1"} {
		n.Prefix = prefix
		var b bytes.Buffer
		if err := exchange.WriteNotice(&b, n); err == nil || b.Len() > 0 {
			t.Errorf("prefix %q: %v, %d bytes", prefix, err, b.Len())
		}
	}
}

// TestANoticeIsValidOCDS holds it to the schema with the European Union profile and the United Kingdom's extension: types
// and formats, no field that the schema does not know, and codes of the codelists.
func TestANoticeIsValidOCDS(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "schemas", "ocds")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs the OCDS schemas in ../shared/schemas/ocds beside the checkout:", err)
	}
	read := func(name string) any {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		doc, err := jsonschema.UnmarshalJSON(f)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	const base = "https://standard.open-contracting.org/schema/1__1__5/"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	release := read("uk-patched-release-schema.json")
	for name, doc := range map[string]any{"release-schema.json": release, "release-package-schema.json": read("release-package-schema.json")} {
		if err := compiler.AddResource(base+name, doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile(base + "release-package-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	full := planned(t)
	bare := full
	bare.Planned = &catalogue.PlannedNotice{Group: full.Planned.Group}
	bare.Requirements, bare.Lots, bare.HasThreshold = nil, "", false
	invented := full
	invented.Planned = &catalogue.PlannedNotice{Group: full.Planned.Group, Buyers: []*catalogue.Council{{Demonstration: true}}}
	invented.Planned.Buyers[0].GSS, invented.Planned.Buyers[0].Name = "DEMO-01", "Ambleford"
	for name, n := range map[string]exchange.Notice{"a full one": full, "one with next to nothing": bare, "an invented council's": invented} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(written(t, func(w *bytes.Buffer) error { return exchange.WriteNotice(w, n) })))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		known := ocdsSchema{t.Errorf, release.(map[string]any), dir}
		for _, r := range doc.(map[string]any)["releases"].([]any) {
			known.check(name, known.root, r)
		}
	}
	// The control: what must be found is found.
	var wrong []string
	spoilt := ocdsSchema{func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }, release.(map[string]any), dir}
	spoilt.check("spoilt", spoilt.root, map[string]any{"tag": []any{"unheard"}, "unheard": "x"})
	if len(wrong) != 2 {
		t.Errorf("of an unknown code and an unknown field it finds %q", wrong)
	}
	if err := schema.Validate(map[string]any{"uri": "not a uri"}); err == nil {
		t.Error("a package without releases passes")
	}
}

// ocdsSchema finds what a validator passes over: fields that the schema does not know, and codes of open codelists.
type ocdsSchema struct {
	wrong func(format string, args ...any)
	root  map[string]any
	dir   string
}

// added are codes of the European Union profile and of our own that the open lists leave room for.
func added() []string { return []string{"leadBuyer", exchange.CapabilityScheme} }

func (s ocdsSchema) check(at string, schema map[string]any, value any) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = s.root["definitions"].(map[string]any)[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
	}
	switch v := value.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		for name, inner := range v {
			known, ok := properties[name].(map[string]any)
			if !ok {
				s.wrong("%s: the schema knows no field %s", at, name)
				continue
			}
			s.check(at+"/"+name, known, inner)
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for _, inner := range v {
			if items == nil {
				items = map[string]any{}
			}
			if list, ok := schema["codelist"]; ok {
				items = map[string]any{"codelist": list}
			}
			s.check(at, items, inner)
		}
	case string:
		list, ok := schema["codelist"].(string)
		if ok && !slices.Contains(added(), v) && !slices.Contains(s.codes(list), v) {
			s.wrong("%s: %s is no code of %s", at, v, list)
		}
	}
}

func (s ocdsSchema) codes(list string) []string {
	f, err := os.Open(filepath.Join(s.dir, "codelists", list))
	if err != nil {
		s.wrong("codelist %s: %v", list, err)
		return nil
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		s.wrong("codelist %s: %v", list, err)
		return nil
	}
	at := slices.Index(rows[0], "Code")
	var out []string
	for _, row := range rows[1:] {
		out = append(out, row[at])
	}
	return out
}
