package exchange_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
)

const returnTitles = "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method\n"

// problemsOf is what is wrong with a file of returns, as 'row column'.
func problemsOf(t *testing.T, text string, asked *exchange.Asked) (read *exchange.ReturnRows, problems []string) {
	t.Helper()
	read, err := pure(t).ReadReturns(strings.NewReader(text), asked)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range read.Errors {
		problems = append(problems, fmt.Sprintf("%d %s", p.Row, p.Column))
		if p.Message == "" {
			t.Errorf("row %d: nothing says what to do", p.Row)
		}
	}
	return read, problems
}

func TestEveryWrongCellOfAReturnIsTold(t *testing.T) {
	const good = "E08000025,59,2025-04-01,2026-03-31,"
	_, got := problemsOf(t, returnTitles+
		good+"online,120,,counted\n"+ // 2
		"E99999999,59,2025-04-01,2026-03-31,online,1,,counted\n"+ // 3
		"E08000025,999999,2025-04-01,2026-03-31,online,1,,counted\n"+ // 4
		"E08000025,59,soon,2026-03-31,phone,1,,counted\n"+ // 5
		"E08000026,59,2026-04-01,2025-03-31,phone,1,,counted\n"+ // 6
		good+"fax,1,,counted\n"+ // 7
		good+"phone,a few,,counted\n"+ // 8
		good+"phone,-4,,counted\n"+ // 9
		good+"phone,1.5,,counted\n"+ // 10
		good+"phone,12,cheap,counted\n"+ // 11
		good+"online,130,,counted\n"+ // 12: the same as 2
		good+"post,,40,counted\n"+ // 13
		"E08000025,59,2025-04-01,2026-06-30,post,1,,counted\n", nil) // 14: another end than 2
	want := []string{"3 council", "4 lgsl", "5 period_start", "6 period_end", "7 channel", "8 volume", "9 volume", "10 volume", "11 cost_gbp", "12 channel", "13 volume", "14 period_end"}
	if !slices.Equal(got, want) {
		t.Errorf("told of\n%q, want\n%q", got, want)
	}
}

func TestReturnsAreReadAsPeopleWriteThem(t *testing.T) {
	text := "\ufeffReturns of our council;;;;;;;;\nCouncil;LGSL;Service;Period start;Period end;Channel;Volume;Cost (GBP);Method\r\n" +
		"E08000025;59;Council tax discount;01/04/2025;31/03/2026;Face to face;\"1,200\";£12,000.50;Estimate\r\n;;;;;;;;\n" +
		"E08000025;59;;45748;46112;Telephone;0;;\n" +
		"E08000025;528;;2025-04-01;2026-03-31;online;;;\n"
	read, wrong := problemsOf(t, text, nil)
	if len(wrong) > 0 || len(read.Rows) != 2 || read.Blank != 1 {
		t.Fatalf("%q; %+v", wrong, read.Rows)
	}
	first, second := read.Rows[0], read.Rows[1]
	if first.Row != 3 || first.Line.Channel != catalogue.ChannelFaceToFace || first.Line.Volume != 1200 || *first.Line.Cost != 12000.50 || first.Line.Method != catalogue.MethodEstimated || first.Start != catalogue.MustDate("2025-04-01") {
		t.Errorf("the first row is %+v", first)
	}
	if second.Start != first.Start || second.End != first.End || second.Line.Volume != 0 || second.Line.Cost != nil || second.Line.Method != catalogue.MethodEstimated {
		t.Errorf("the second row is %+v", second)
	}
	if len(read.Warnings) != 2 { // no method, no figure
		t.Errorf("warned of %+v", read.Warnings)
	}
}

func TestFilesThatAreNoReturnsAreRefused(t *testing.T) {
	for what, text := range map[string]string{"nothing": "", "another table": "a,b\n1,2\n", "titles alone": returnTitles, "a page": "<html><body>Sign in</body></html>"} {
		if _, wrong := problemsOf(t, text, nil); len(wrong) != 1 {
			t.Errorf("%s: %q", what, wrong)
		}
	}
}

func TestAFileOfFiguresIsNotCalledARegister(t *testing.T) {
	for _, magic := range []string{"%PDF", "{\\rtf", "\x1f\x8b", "Rar!", "\x89PNG", "SQLite format", "\x09\x08\x10", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "PK\x05\x06", "PK\x03\x04", "<html>", "<?xml ?>", "", "a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"} {
		read, _ := problemsOf(t, magic, &exchange.Asked{Council: "E08000025"})
		if len(read.Errors) != 1 {
			t.Fatalf("%q: %+v", magic, read.Errors)
		}
		for _, word := range []string{"contract", "register", "import"} {
			if strings.Contains(read.Errors[0].Message, word) {
				t.Errorf("%q is told of as %q", magic, read.Errors[0].Message)
			}
		}
	}
}

func TestACouncilsFileIsOfItsCall(t *testing.T) {
	asked := &exchange.Asked{Council: "E08000025", Services: []int{59}, Start: catalogue.MustDate("2025-04-01"), End: catalogue.MustDate("2026-03-31")}
	read, got := problemsOf(t, returnTitles+"E08000026,59,,,online,1,,counted\n,528,,,online,1,,counted\n,59,2024-04-01,2025-03-31,online,1,,counted\n,59,,,online,5,,counted\n", asked)
	if want := []string{"2 council", "3 lgsl", "4 period_start"}; !slices.Equal(got, want) {
		t.Errorf("told of %q, want %q", got, want)
	}
	if f := read.Figures(); len(f) != 1 || f[0].LGSL != 59 || f[0].Lines[0].Volume != 5 {
		t.Errorf("it says %+v", f)
	}
	if again, _ := problemsOf(t, read.Text(), asked); len(again.Errors) != 3 || again.Errors[1].Row != 3 {
		t.Errorf("the rows as the page shows them: %+v", again.Errors)
	}
}

func TestReturnsComeBackAsTheyWentOut(t *testing.T) {
	c := opened(t)
	text := "council,lgsl,period_start,period_end,channel,volume,cost_gbp,method,audience\n" +
		"E08000025,59,2025-04-01,2026-03-31,online,1200,840.25,counted,own\nE08000025,59,2025-04-01,2026-03-31,post,0,,estimated,own\n" +
		"E08000026,528,2025-04-01,2026-03-31,phone,77,,counted,public\nE08000026,528,2024-04-01,2025-03-31,phone,70,,counted,\n"
	returns := kind{name: "returns", kind: catalogue.KindReturn, read: (*exchange.Reader).Returns}
	if got := brought(t, c, reader(c), returns, strings.NewReader(text)); got.Created != 3 || len(got.Errors)+len(got.Warnings) > 0 {
		t.Fatalf("%+v", got)
	}
	for _, format := range []string{"csv", "jsonl"} {
		out := exported(t, c, catalogue.Operator("test"), catalogue.KindReturn, format)
		other := opened(t)
		if got := brought(t, other, reader(other), returns, strings.NewReader(out)); got.Created != 3 || len(got.Errors)+len(got.Warnings) > 0 {
			t.Fatalf("%s: %+v", format, got)
		}
		if again := exported(t, other, catalogue.Operator("test"), catalogue.KindReturn, format); again != out {
			t.Errorf("%s: went out as\n%s\ncame back as\n%s", format, out, again)
		}
		if got := brought(t, c, reader(c), returns, strings.NewReader(out)); got.Unchanged != 3 {
			t.Errorf("%s: into where it came from: %+v", format, got)
		}
	}
	if out := exported(t, c, catalogue.Anonymous(), catalogue.KindReturn, "csv"); !strings.Contains(out, "E08000026") || strings.Contains(out, "E08000025") {
		t.Errorf("the public's export is\n%s", out)
	}
}

func TestATemplateComesBackFilledIn(t *testing.T) {
	reg := pure(t).Register
	known, _ := reg.Service(59)
	council, _ := reg.Council("E08000025")
	cost := 12.5
	v := &catalogue.AnswerView{Call: &catalogue.EvidenceCall{Services: []int{59}, Start: catalogue.MustDate("2025-04-01"), End: catalogue.MustDate("2026-03-31"), Costs: true},
		Council: &catalogue.Council{Council: council}, Services: []catalogue.ServicePart{{Service: known, Return: &catalogue.Return{Draft: &catalogue.ReturnDraft{
			Lines: []catalogue.ReturnLine{{Channel: catalogue.ChannelPhone, Volume: 31, Cost: &cost, Method: catalogue.MethodCounted}}}}}}}
	asked := &exchange.Asked{Council: council.GSS, Services: []int{59}, Start: v.Call.Start, End: v.Call.End}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"csv":  func(b *bytes.Buffer) error { return exchange.TemplateFor(v).CSV(b) },
		"xlsx": func(b *bytes.Buffer) error { return exchange.TemplateFor(v).XLSX(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		read, wrong := problemsOf(t, b.String(), asked)
		if len(wrong) > 0 || len(read.Warnings) > 0 || len(read.Rows) != 1 || read.Blank != 3 || read.Rows[0].Line.Volume != 31 || *read.Rows[0].Line.Cost != cost || read.Rows[0].Line.Method != catalogue.MethodCounted {
			t.Errorf("%s: %q, %+v, %+v", name, wrong, read.Warnings, read.Rows)
		}
	}
}

// FuzzReturns: whatever the file is, it is read or refused, and what is read holds together.
func FuzzReturns(f *testing.F) {
	f.Add(returnTitles + "E08000025,59,2025-04-01,2026-03-31,online,120,4.5,counted\n")
	f.Add(`{"council":"E08000025","lgsl":59,"period_start":"2025-04-01","period_end":"2026-03-31","channel":"phone","volume":3,"cost_gbp":null,"method":"counted"}`)
	r := pure(f)
	f.Fuzz(func(t *testing.T, text string) {
		read, err := r.ReadReturns(strings.NewReader(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range read.Rows {
			if row.Line.Volume < 0 || row.End.First().Before(row.Start.First()) || !slices.Contains(catalogue.Channels(), row.Line.Channel) {
				t.Errorf("%q is read as %+v", text, row)
			}
		}
	})
}
