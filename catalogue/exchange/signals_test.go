package exchange_test

import (
	"archive/zip"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/kv/bolt"
)

// TestSignalsGoOutAsEverybodyReadsThem exports a signal with an answered question and one that waits: as files, and in what
// its council takes out.
func TestSignalsGoOutAsEverybodyReadsThem(t *testing.T) {
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := bolt.Open(filepath.Join(t.TempDir(), "store"), bolt.Options{})
	check(err)
	t.Cleanup(func() { check(store.Close()) })
	c, err := catalogue.Open(ctx, store, catalogue.Options{Clock: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }})
	check(err)
	officer := func(council string) catalogue.Actor {
		return catalogue.Actor{Account: "of-" + council, Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council}
	}
	own := officer("E08000025")
	in, err := c.SaveIntention(ctx, own, catalogue.Intention{Title: "Zebra title", WindowStart: catalogue.MustDate("2027-04"), WindowEnd: catalogue.MustDate("2027-09"), Visibility: catalogue.Own})
	check(err)
	text := catalogue.SignalText{Title: "=Revenues", Capability: "revs-bens", Stage: catalogue.SignalExploring, Scope: "Billing.", Lots: catalogue.LotsUndecided, Respond: "In writing.", AnswerDays: 5}
	draft, err := c.WriteSignal(ctx, own, catalogue.SignalOf{Intention: in.ID}, text)
	check(err)
	_, err = c.PublishSignal(ctx, own, draft.ID, draft.Version, true)
	check(err)
	seller := catalogue.Actor{Account: "seller", Role: catalogue.RoleContributor, OrgKind: catalogue.OrgSupplier, Org: "tarnwick"}
	q, err := c.AskAboutSignal(ctx, seller, draft.ID, "", "As Tarnwick: where?")
	check(err)
	_, err = c.AskAboutSignal(ctx, seller, draft.ID, "", "Zebra question?")
	check(err)
	_, err = c.AnswerSignal(ctx, own, draft.ID, q.ID, "Where?", "-In Birmingham.")
	check(err)

	for _, format := range exchange.Formats() {
		for _, actor := range []catalogue.Actor{catalogue.Operator("test"), catalogue.Anonymous()} {
			var b bytes.Buffer
			check(exchange.Export(ctx, c, actor, catalogue.KindSignal, format, &b))
			out := b.String()
			if !strings.Contains(out, "Revenues") || !strings.Contains(out, "-In Birmingham.") || strings.Contains(out, "Tarnwick") || strings.Contains(out, "tarnwick") || strings.Contains(out, "Zebra") {
				t.Errorf("%s holds %s", format, out)
			}
			if format == "csv" && !strings.Contains(out, "'=Revenues") {
				t.Errorf("a cell runs as a formula: %s", out)
			}
		}
	}
	v, err := c.Signal(ctx, catalogue.Anonymous(), draft.ID)
	check(err)
	var log bytes.Buffer
	check(exchange.QuestionsCSV(&log, v.Signal.Text.Title, "https://jointly.example/signals/1", v.Answered))
	if want := "\ufeffsignal,address,number,question,answer,published,version,replaced,why_corrected\r\n'=Revenues,https://jointly.example/signals/1,1,Where?,'-In Birmingham.,2026-11-23T10:00:00Z,1,,\r\n"; log.String() != want {
		t.Errorf("the log is %q, want %q", log.String(), want)
	}

	taken := func(actor catalogue.Actor) string {
		t.Helper()
		var b bytes.Buffer
		check(exchange.ExportOwn(ctx, c, actor, &b))
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		check(err)
		var all strings.Builder
		for _, f := range z.File {
			if !strings.HasPrefix(f.Name, "signals") && !strings.HasPrefix(f.Name, "questions") {
				continue
			}
			r, err := f.Open()
			check(err)
			content, err := io.ReadAll(r)
			check(err)
			all.Write(content)
		}
		return all.String()
	}
	if out := taken(own); !strings.Contains(out, in.ID) || !strings.Contains(out, "Zebra question?") || !strings.Contains(out, `"readings"`) {
		t.Errorf("its council takes out %s", out)
	}
	if out := taken(officer("E08000026")); out != "" {
		t.Errorf("another council takes out %s", out)
	}
}
