package exchange_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jointly/catalogue"
	"jointly/catalogue/demo"
	"jointly/catalogue/exchange"
	"jointly/catalogue/facts"
)

// filled is a catalogue with the public facts and the demonstration, and with what people do in it.
func filled(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	ctx := context.Background()
	c := opened(t)
	f, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := demo.Build(today, c.Register())
	if err != nil {
		t.Fatal(err)
	}
	councils, others := d.Items()
	for _, items := range [][]catalogue.Item{f.Items(), councils, others} {
		done, err := c.Import(ctx, catalogue.Operator("test"), items, catalogue.ImportOptions{})
		if err != nil || len(done.Errors) > 0 {
			t.Fatal(done.Errors, err)
		}
	}
	lead := catalogue.Actor{Account: "lead", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: birmingham}
	in := catalogue.Intention{Council: birmingham, Title: "Typed in a form", WindowStart: catalogue.MustDate("2027-04"), WindowEnd: catalogue.MustDate("2027"),
		Budget: catalogue.Money{Min: 1, Max: 2.5}, Visibility: catalogue.Public, Notes: "canary-notes",
		Fields: catalogue.IntentionAudiences{Budget: catalogue.Own, Supplier: catalogue.Group, Contract: catalogue.Public, Musts: catalogue.Councils}}
	saved, err := c.SaveIntention(ctx, lead, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.WithdrawIntention(ctx, lead, saved.ID, "no money"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ListPlatform(ctx, lead, catalogue.Platform{Meta: catalogue.Meta{ID: catalogue.NewID()}, Name: "Typed & listed", Exit: "Notice of 90 days\nData as CSV within 30", Capabilities: []string{"revs-bens"}}); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAnExportComesBackTheSame imports what was exported into a catalogue with the registers and the councils and
// suppliers of the demonstration alone, which no export holds: its export is the same to the byte, and brought again it
// changes nothing. Brought to where it came from it changes nothing either.
func TestAnExportComesBackTheSame(t *testing.T) {
	ctx := context.Background()
	from, into := filled(t), opened(t)
	operator := catalogue.Operator("test")
	d, err := demo.Build(today, into.Register())
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, council := range d.Councils {
		known[council.GSS] = true
	}
	items, _ := d.Items()
	if done, err := into.Import(ctx, operator, items, catalogue.ImportOptions{}); err != nil || len(done.Errors) > 0 {
		t.Fatal(done.Errors, err)
	}
	r := reader(from)
	r.KnowsCode = func(code string) bool { return known[code] }
	all := kinds()
	for _, k := range []kind{all[2], all[1], all[0]} { // platforms first: contracts name them
		file := exported(t, from, operator, k.kind, "jsonl")
		lines := strings.Count(file, "\n")
		if lines < 100 {
			t.Errorf("%d lines of %s: the test shows little", lines, k.name)
		}
		if k.kind == catalogue.KindPlatform && !strings.Contains(file, "Data as CSV within 30") {
			t.Error("an export leaves out how a platform is left")
		}
		report := brought(t, into, r, k, strings.NewReader(file))
		if len(report.Errors) > 0 || report.Created < lines || report.Updated+report.Unchanged > 0 {
			t.Fatalf("%s into an empty catalogue: %+v of %d lines", k.name, report, lines)
		}
		for _, w := range report.Warnings {
			if w.Column != "end_date" && w.Column != "cpv" {
				t.Errorf("%s: an export warns on its way back: %+v", k.name, w)
			}
		}
		again := exported(t, into, operator, k.kind, "jsonl")
		if at := differsAt(file, again); at != "" {
			t.Errorf("%s come back otherwise: %s", k.name, at)
		}
		report = brought(t, into, r, k, strings.NewReader(file))
		if len(report.Errors) > 0 || report.Created+report.Updated > 0 {
			t.Errorf("%s brought again: %+v", k.name, report)
		}
		report = brought(t, from, r, k, strings.NewReader(file))
		if len(report.Errors) > 0 || report.Created+report.Updated > 0 {
			t.Errorf("%s brought to where they came from: created %d, updated %d, errors %+v", k.name, report.Created, report.Updated, report.Errors)
		}
		for _, format := range exchange.Formats() {
			if one, other := exported(t, from, operator, k.kind, format), exported(t, into, operator, k.kind, format); one != other {
				t.Errorf("%s as %s differ: %s", k.name, format, differsAt(one, other))
			}
		}
	}
	for _, c := range []*catalogue.Catalogue{from, into} {
		v, err := c.Verify(ctx)
		if err != nil || len(v.Problems) > 0 {
			t.Error(v.Problems, err)
		}
	}
}

// differsAt is the first lines in which two texts differ.
func differsAt(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			other := "(nothing)"
			if i < len(y) {
				other = y[i]
			}
			return x[i] + "\n" + other
		}
	}
	if len(y) > len(x) {
		return "(nothing)\n" + y[len(x)]
	}
	return ""
}

// TestAnExportHoldsWhatItsReaderMaySee and says that it is a demonstration where it is.
func TestAnExportHoldsWhatItsReaderMaySee(t *testing.T) {
	c := filled(t)
	lead := catalogue.Actor{Account: "lead", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: birmingham}
	for _, format := range exchange.Formats() {
		for _, k := range []catalogue.Kind{catalogue.KindPlatform, catalogue.KindContract, catalogue.KindIntention, catalogue.KindGroup} {
			for _, actor := range []catalogue.Actor{catalogue.Anonymous(), catalogue.AnyCouncil(), lead, catalogue.Operator("test")} {
				out := exported(t, c, actor, k, format)
				if strings.Contains(out, "canary-notes") {
					t.Errorf("%s as %s for %s: a council's own notes are in it", k, format, actor.Role)
				}
				if !actor.IsOperator() && k == catalogue.KindIntention && actor.Org == "" && strings.Contains(out, "_audience") {
					t.Errorf("%s as %s for %s: who may see what is in it", k, format, actor.Role)
				}
				if strings.Contains(out, "DEMO-") && !strings.Contains(out, "demonstration") {
					t.Errorf("%s as %s for %s: the demonstration is not marked", k, format, actor.Role)
				}
			}
		}
	}
	public, councils := exported(t, c, catalogue.Anonymous(), catalogue.KindIntention, "jsonl"), exported(t, c, catalogue.AnyCouncil(), catalogue.KindIntention, "jsonl")
	if strings.Count(public, "\n") >= strings.Count(councils, "\n") {
		t.Error("the public's export has as many intentions as the councils'")
	}
	told := map[string]bool{} // whose budget is public, by the ID that stands for the reference
	if err := c.Each(context.Background(), catalogue.Operator("test"), catalogue.KindIntention, func(item catalogue.Item) error {
		in := item.(*catalogue.Intention)
		told[in.ID] = in.Fields.Budget == catalogue.Public
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(public) {
		var in struct {
			Ref        string  `json:"ref"`
			Visibility string  `json:"visibility"`
			Budget     float64 `json:"budget_max"`
		}
		if err := json.Unmarshal([]byte(line), &in); err != nil || in.Visibility != "public" || in.Budget != 0 && !told[in.Ref] {
			t.Errorf("the public reads %s", line)
		}
	}
	var members struct {
		Members []string `json:"members"`
	}
	for line := range strings.Lines(exported(t, c, catalogue.AnyCouncil(), catalogue.KindGroup, "jsonl")) {
		if err := json.Unmarshal([]byte(line), &members); err != nil || members.Members != nil {
			t.Errorf("the members of a group are in the councils' export: %s", line)
		}
	}
	err := exchange.Export(context.Background(), c, lead, catalogue.KindAccount, "jsonl", &strings.Builder{})
	if err == nil {
		if out := exported(t, c, lead, catalogue.KindAccount, "jsonl"); out != "" {
			t.Errorf("accounts are exported: %s", out)
		}
	}
	if err := exchange.Export(context.Background(), c, lead, catalogue.KindPlatform, "xml", &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "jsonl") {
		t.Errorf("an unknown format: %v, want it to name those there are", err)
	}
}

// cells reads a CSV export: the header and the rows by column.
func cells(t testing.TB, file string) (header []string, rows []map[string]string) {
	t.Helper()
	if !strings.HasPrefix(file, "\ufeff") || !strings.Contains(file, "\r\n") {
		t.Errorf("no byte order mark or line ends as spreadsheets want them: %.40q", file)
	}
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return all[0], rows
}

func TestASpreadsheetRunsNoFormula(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	lead := catalogue.Actor{Account: "lead", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: birmingham}
	for i, title := range []string{"=HYPERLINK(\"http://evil.example\")", "+1", "-1", "@SUM(A1)", "Plain, with \"quotes\"", "a|b"} {
		if _, err := c.SaveIntention(ctx, lead, catalogue.Intention{Meta: catalogue.Meta{ID: string(rune('a' + i))}, Council: birmingham, Title: title, Description: "\t=1+1",
			Musts: []string{"=1", "b"}, WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")}); err != nil {
			t.Fatal(err)
		}
	}
	header, rows := cells(t, exported(t, c, lead, catalogue.KindIntention, "csv"))
	if header[0] != "ref" || header[1] != "council" || header[2] != "title" || len(rows) != 6 {
		t.Errorf("%d rows under %v", len(rows), header)
	}
	want := map[string]string{"a": "'=HYPERLINK(\"http://evil.example\")", "b": "'+1", "c": "'-1", "d": "'@SUM(A1)", "e": "Plain, with \"quotes\"", "f": "a|b"}
	for _, row := range rows {
		if row["title"] != want[row["ref"]] || row["musts"] != "'=1; b" || row["contract_end"] != "" || row["budget_max"] != "0" {
			t.Errorf("a row reads %q", row)
		}
		for name, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("%s runs as a formula: %q", name, cell)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "cell")
		safe := exchange.SafeCell(s)
		if safe != "" && strings.ContainsRune("=+-@\t\r", rune(safe[0])) || strings.TrimPrefix(safe, "'") != strings.TrimPrefix(s, "'") {
			t.Fatalf("%q becomes %q", s, safe)
		}
	})
	if empty := exported(t, c, lead, catalogue.KindContract, "csv"); empty != "\ufeff" {
		t.Errorf("an export of nothing is %q", empty)
	}
	header, rows = cells(t, exported(t, filled(t), catalogue.Operator("test"), catalogue.KindContract, "csv"))
	if header[len(header)-1] != "demonstration" {
		t.Errorf("the last column is %s, want it to say what is a demonstration", header[len(header)-1])
	}
	for _, row := range rows {
		if strings.HasPrefix(row["council"], "DEMO-") != (row["demonstration"] == "true") {
			t.Errorf("a contract of %s is a demonstration: %q", row["council"], row["demonstration"])
		}
	}
}
