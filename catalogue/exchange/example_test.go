package exchange_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

// TestACouncilTakesOutItsExamples: what a council takes out holds its examples with their drafts, and its own word about
// those of others; not another council's.
func TestACouncilTakesOutItsExamples(t *testing.T) {
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := opened(t)
	officer := func(council string) catalogue.Actor {
		return catalogue.Actor{Account: "of-" + council, Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council}
	}
	own, other := officer("E08000025"), officer("E08000026")
	x, err := c.BeginExample(ctx, own, "", catalogue.ExampleText{Title: "Zebra crossing", Kind: catalogue.ServiceExample, Summary: "A.", ForWhom: "All", Done: "B.", Services: []int{524}, Capabilities: []string{"waste"},
		People: "One", Months: 1, Talk: true, Wrong: "C.", Changed: []catalogue.Measure{{What: "D", After: "1", Method: catalogue.Measured, By: "us", When: catalogue.MustDate("2026")}}})
	check(err)
	x, err = c.SendExample(ctx, own, x.ID, x.Version)
	check(err)
	x, err = c.ReviewExample(ctx, catalogue.Operator("test"), x.ID, catalogue.ExampleDecision{Publish: true, Remark: "Zebra remark", Version: x.Version})
	check(err)
	_, err = c.Adopt(ctx, other, x.ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionStopped, Reason: "Zebra reason", Audience: catalogue.Councils})
	check(err)
	taken := func(actor catalogue.Actor, file string) string {
		t.Helper()
		var b bytes.Buffer
		check(exchange.ExportOwn(ctx, c, actor, &b))
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		check(err)
		for _, f := range z.File {
			if f.Name == file {
				r, err := f.Open()
				check(err)
				content, err := io.ReadAll(r)
				check(err)
				return string(content)
			}
		}
		return ""
	}
	for _, test := range []struct {
		actor      catalogue.Actor
		file, want string
	}{{own, "examples.jsonl", "Zebra remark"}, {own, "adoptions.jsonl", ""}, {other, "examples.jsonl", ""}, {other, "adoptions.jsonl", "Zebra reason"}} {
		if out := taken(test.actor, test.file); (out == "") != (test.want == "") || !strings.Contains(out, test.want) {
			t.Errorf("%s takes out as %s: %s", test.actor.Org, test.file, out)
		}
	}
}
