package main

// Crawling the pages as somebody, and a demonstration with secrets to look for.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"jointly/catalogue"
)

func bodyOf(t testing.TB, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// persona is a browser without JavaScript, signed in as a person of the demonstration.
func persona(t *testing.T, s *service, account string) *http.Client {
	t.Helper()
	c := browsing(t)
	if path, body := submit(t, c, s.address+"/sign-in/persona", url.Values{"account": {account}}); path != "/desk" {
		t.Fatalf("signing in as %s leads to %s: %s", account, path, clip(body))
	}
	return c
}

// ask gets an address; a service that says it is busy, on a machine that is, is asked again.
func ask(t *testing.T, c *http.Client, address string) (*http.Response, string) {
	t.Helper()
	for tries := 1; ; tries++ {
		r, err := c.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		body := bodyOf(t, r)
		if r.StatusCode != http.StatusServiceUnavailable || tries == 10 {
			return r, body
		}
	}
}

// crawl follows every link from the pages that everybody starts at, up to a number of pages; none may lead to what is not
// there, or is refused. seen gets each with its address. Of addresses that differ in filters alone, those with one filter are followed.
func crawl(t *testing.T, c *http.Client, address string, most int, seen func(path, body string)) (pages []string) {
	t.Helper()
	queue := []string{"/", "/search", "/demand", "/signals", "/examples", "/evidence", "/plan", "/intentions", "/offers", "/bodies", "/platforms", "/councils", "/groups", "/desk", "/about", "/sign-in", "/api/v1/openapi.json"}
	from := map[string]string{} // the page that first leads to each
	for _, path := range queue {
		from[path] = "nothing"
	}
	for len(queue) > 0 && len(pages) < most {
		path := queue[0]
		queue = queue[1:]
		r, body := ask(t, c, address+path)
		if r.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s answers %s", path, r.Status)
		}
		if r.StatusCode == http.StatusNotFound && !strings.Contains(path, "?") {
			t.Errorf("a link of %s leads to %s, which is not there", from[path], path)
		}
		if r.StatusCode == http.StatusForbidden {
			t.Errorf("%s offers %s, which is refused", from[path], path)
		}
		pages = append(pages, path)
		seen(path, body)
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, link := range links(body) {
			next, err := r.Request.URL.Parse(link)
			if err != nil {
				t.Errorf("%s links to %q: %v", path, link, err)
				continue
			}
			elsewhere := address != next.Scheme+"://"+next.Host || strings.HasPrefix(next.Path, "/assets/")
			if elsewhere || len(next.Query()) > 1 || next.Query().Has("next") {
				continue // every page leads to signing in, and back
			}
			if to := next.RequestURI(); from[to] == "" {
				from[to] = path
				queue = append(queue, to)
			}
		}
	}
	return pages
}

// links lists where a page leads.
func links(page string) (out []string) {
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			if token.Data != "a" && token.Data != "area" {
				continue
			}
			for _, a := range token.Attr {
				if (a.Key == "href" || a.Key == "xlink:href") && a.Val != "" && !strings.HasPrefix(a.Val, "#") {
					out = append(out, a.Val)
				}
			}
		}
	}
}

// secrets are what councils keep in a demonstration: texts that nobody else may read, wherever they stand.
type secrets struct {
	canaries []string
	public   string   // an intention that everybody sees, with fields that only councils see
	hidden   []string // pages that only councils see
	digest   string   // the Monday mail of a council's officer, as its link shows it to anybody who holds it
}

// demonstrationWithSecrets serves a demonstration in which every private field holds a text to look for.
func demonstrationWithSecrets(t *testing.T) (secrets, *service) {
	t.Helper()
	dir, ctx := t.TempDir(), t.Context()
	a, err := opened(ctx, Globals{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.demonstrate(ctx); err != nil {
		t.Fatal(err)
	}
	actor := func(council string) catalogue.Actor {
		return catalogue.Actor{Account: "test-" + strings.ToLower(council), Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council, Via: "test"}
	}
	sec := secrets{canaries: []string{"uokka", "8,675,309", "8675309", "9,035,768", "9035768", "8.7 million", "19 March 2039", "2039-03-19", "March 2039"}}
	n := 0
	secret := func(what string) string {
		n++
		return fmt.Sprintf("Quokka%d %s", n, what)
	}
	save := func(council string, in catalogue.Intention) *catalogue.Intention {
		t.Helper()
		in.Budget = catalogue.Money{Min: 8_675_309, Max: 9_035_768}
		in.ContractEnd = catalogue.MustDate("2039-03-19")
		in.CurrentSupplier, in.CurrentPlatform, in.Musts, in.Notes = "Quokka Ltd", secret("product"), []string{secret("must")}, secret("note")
		in.Description = "Animal records, feeding rounds and enclosure maintenance. " + in.Description
		today := a.catalogue.Today()
		in.WindowStart, in.WindowEnd = catalogue.DateOf(today.AddDate(0, 3, 0)), catalogue.DateOf(today.AddDate(1, 0, 0))
		out, err := a.catalogue.SaveIntention(ctx, actor(council), in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	seen := save(demoLead, catalogue.Intention{Meta: catalogue.Meta{Ref: "QUOKKA-REF"}, Title: "Zoo keeping for everybody", Visibility: catalogue.Public})
	sec.public = seen.ID
	sec.canaries = append(sec.canaries, "QUOKKA")
	mine := save(demoLead, catalogue.Intention{Title: secret("title"), Description: secret("description"), Visibility: catalogue.Councils})
	other := save(demoOther, catalogue.Intention{Title: secret("title"), Description: secret("description"), Visibility: catalogue.Councils})
	alone := save(demoOther, catalogue.Intention{Title: secret("title"), Visibility: catalogue.Own})
	for _, in := range []*catalogue.Intention{mine, other, alone} {
		sec.hidden = append(sec.hidden, "/intentions/"+in.ID)
	}
	group, err := a.catalogue.ProposeGroup(ctx, actor(demoLead), catalogue.Proposal{Title: secret("group"), Need: secret("need"), Intention: mine.ID,
		Partners: []string{other.ID}, Card: catalogue.Councils})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.catalogue.AnswerInvitation(ctx, actor(demoOther), group.ID, false, secret("reason")); err != nil {
		t.Fatal(err)
	}
	sec.hidden = append(sec.hidden, "/groups/"+group.ID)
	if _, err := a.catalogue.RegisterInterest(ctx, actor(demoOther), seen.ID, catalogue.Standing{Rung: catalogue.Approved, Approval: secret("approval"), Approved: catalogue.MustDate("2026-10-01"), Volume: 100_000}, secret("interest")); err != nil {
		t.Fatal(err)
	}
	sec.hidden = append(sec.hidden, signalWithSecrets(t, a, actor(demoLead), mine.ID, secret), exampleWithSecrets(t, a, actor(demoLead), actor(demoOther), secret))
	if _, err := a.catalogue.RecordUse(ctx, actor(demoLead), "civica-pay", catalogue.Date{}, secret("advice")); err != nil {
		t.Fatal(err)
	}
	if err := keepsItsPlatform(ctx, a.catalogue, actor(demoOther), secret("advice")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.catalogue.AddAccount(ctx, catalogue.Operator("command"), catalogue.Account{Email: "quokka.person@birmingham.gov.uk", Name: secret("person"),
		OrgKind: catalogue.OrgCouncil, Org: "E08000025", Role: catalogue.RoleLead}); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	contract := `{"ref":"Q-1","council":"DEMO-01","title":"Quokka contract","description":"Quokka feed","supplier":"Quokka Supplies Ltd","value_gbp":8675309,` +
		`"end_date":"2039-03-19","audience":"councils","source":"Quokka register"}` + "\n"
	done(t, "--data", dir, "import", "contracts", written(t, "contracts.jsonl", contract))
	sec.digest = weekOf(t, dir)
	return sec, startService(t, dir, "--demo")
}

// keepsItsPlatform lets the demonstration's supplier keep the record of its platform, of which a council that uses it has
// advice for other councils.
func keepsItsPlatform(ctx context.Context, c *catalogue.Catalogue, council catalogue.Actor, advice string) error {
	const platform = "demo-quillbrook-permits"
	seller, err := c.Account(ctx, catalogue.Operator("command"), "demo-4-sales-quillbrook-example")
	if err != nil {
		return err
	}
	r, err := c.AskToKeep(ctx, seller.Actor("test"), platform, "We make it")
	if err != nil {
		return err
	}
	if _, err := c.DecideRequest(ctx, catalogue.Operator("command"), r.ID, catalogue.RequestAnswer{Grant: true}); err != nil {
		return err
	}
	p, err := c.Platform(ctx, seller.Actor("test"), platform)
	if err != nil {
		return err
	}
	p.Exit = "Data back as CSV within a month."
	if _, err := c.CorrectPlatform(ctx, seller.Actor("test"), *p); err != nil {
		return err
	}
	_, err = c.RecordUse(ctx, council, platform, catalogue.Date{}, advice)
	return err
}

// signalWithSecrets publishes a signal for an intention that is not public, with a change that waits to be published and a
// question that waits for its answer, and gives the page of another that is still a draft.
func signalWithSecrets(t *testing.T, a *app, officer catalogue.Actor, intention string, secret func(string) string) (draft string) {
	t.Helper()
	ctx := t.Context()
	text := catalogue.SignalText{Title: "A zoo system", Capability: "parking", Stage: catalogue.SignalEngaging, Scope: "Animal records for one council.", Lots: catalogue.LotsUndecided,
		Respond: "Answer the published questions.", AnswerDays: 10}
	shown, err := a.catalogue.WriteSignal(ctx, officer, catalogue.SignalOf{Intention: intention}, text)
	if err != nil {
		t.Fatal(err)
	}
	if shown, err = a.catalogue.PublishSignal(ctx, officer, shown.ID, shown.Version, true); err != nil {
		t.Fatal(err)
	}
	seller := catalogue.Actor{Account: "test-seller", Role: catalogue.RoleContributor, OrgKind: catalogue.OrgSupplier, Org: "tallowgate-print-demonstration", Via: "test"}
	if _, err := a.catalogue.AskAboutSignal(ctx, seller, shown.ID, "", secret("question")); err != nil {
		t.Fatal(err)
	}
	text.Scope = secret("scope")
	if _, err := a.catalogue.DraftSignal(ctx, officer, shown.ID, shown.Version, text); err != nil {
		t.Fatal(err)
	}
	text.Title = secret("signal")
	hidden, err := a.catalogue.WriteSignal(ctx, officer, catalogue.SignalOf{Intention: intention}, text)
	if err != nil {
		t.Fatal(err)
	}
	return "/signals/" + hidden.ID
}

// exampleWithSecrets publishes an example, with a remark of the operator, a change that waits and an adoption that does not
// name its council, and gives the page of another that is still a draft.
func exampleWithSecrets(t *testing.T, a *app, officer, adopter catalogue.Actor, secret func(string) string) (draft string) {
	t.Helper()
	ctx, operator := t.Context(), catalogue.Operator("command")
	text := catalogue.ExampleText{Title: "Feeding rounds without paper", Kind: catalogue.ServiceExample, Summary: "One list for all keepers.", ForWhom: "Keepers", Done: "A list on a tablet.",
		Services: []int{524}, Capabilities: []string{"waste"}, People: "A keeper", Months: 2, Talk: true, Wrong: "Wet tablets.",
		Changed: []catalogue.Measure{{What: "Rounds on time", After: "98%", Method: catalogue.Measured, By: "the head of keeping", When: catalogue.MustDate("2026-05")}}}
	do := func(x *catalogue.Example, err error) *catalogue.Example {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	x := do(a.catalogue.BeginExample(ctx, officer, "", text))
	x = do(a.catalogue.SendExample(ctx, officer, x.ID, x.Version))
	do(a.catalogue.ReviewExample(ctx, operator, x.ID, catalogue.ExampleDecision{Remark: secret("remark"), Version: x.Version}))
	v, err := a.catalogue.PreviewExample(ctx, officer, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	x = do(a.catalogue.SendExample(ctx, officer, x.ID, v.Example.Version))
	x = do(a.catalogue.ReviewExample(ctx, operator, x.ID, catalogue.ExampleDecision{Publish: true, Version: x.Version}))
	if _, err := a.catalogue.Adopt(ctx, adopter, x.ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionStopped, Reason: secret("reason"), Audience: catalogue.Councils}); err != nil {
		t.Fatal(err)
	}
	own, err := a.catalogue.Example(ctx, officer, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	text.Summary = secret("summary")
	do(a.catalogue.DraftExample(ctx, officer, x.ID, own.Example.Version, text, secret("note")))
	text.Title = secret("example")
	return "/examples/" + do(a.catalogue.BeginExample(ctx, officer, "", text)).ID
}

// weekOf sends the mails of this week, as on its Tuesday, or the last that was, and gives the link of one.
func weekOf(t *testing.T, dir string) string {
	t.Helper()
	now := time.Now().UTC()
	tuesday := now.AddDate(0, 0, -(int(now.Weekday())+5)%7)
	a, err := opened(t.Context(), Globals{Data: dir, AsOf: tuesday.Format(time.DateOnly)}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var box linkBox
	_, err = a.catalogue.SendWeekly(t.Context())
	if err == nil {
		_, err = a.catalogue.SendOutbox(t.Context(), &box)
	}
	if err := errors.Join(err, a.close()); err != nil {
		t.Fatal(err)
	}
	if box.link == "" {
		t.Fatal("nobody gets the mail of the week")
	}
	return box.link
}

// linkBox keeps the link of a mail of the week.
type linkBox struct{ link string }

func (b *linkBox) Send(_ context.Context, m catalogue.Message) error {
	if strings.HasPrefix(m.Link, "/digest/") {
		b.link = m.Link
	}
	return nil
}
