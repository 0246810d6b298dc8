package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// wholeExample is a text with all that everybody must be able to read.
func wholeExample(title string) catalogue.ExampleText {
	return catalogue.ExampleText{Title: title, Kind: catalogue.ServiceExample, Summary: "Residents report online.", ForWhom: "All households.", Done: "We listened to calls.",
		Services: []int{524}, Capabilities: []string{"waste"}, FitsTypes: []string{"Metropolitan district"}, FitsNations: []string{"England"},
		People: "A service designer", Months: 7, Cost: catalogue.Money{Min: 40_000, Max: 60_000},
		Changed: []catalogue.Measure{{What: "Reports online", Before: "34%", After: "81%", Method: catalogue.Measured, By: "our performance team", When: catalogue.MustDate("2026-06")}},
		Reuse:   []catalogue.Reusable{{Kind: catalogue.ReusableCode, What: "The form", Licence: "MIT", Address: "https://code.example.org/form"}}, Talk: true, Wrong: "We went live at Christmas."}
}

// published writes an example of a council, and has it reviewed.
func published(t testing.TB, c *catalogue.Catalogue, council string, text catalogue.ExampleText) *catalogue.Example {
	t.Helper()
	x := must[*catalogue.Example](t)(c.BeginExample(context.Background(), officer(council, catalogue.RoleContributor), "", text))
	return reviewed(t, c, x)
}

// reviewed sends a draft and has it published.
func reviewed(t testing.TB, c *catalogue.Catalogue, x *catalogue.Example) *catalogue.Example {
	t.Helper()
	ctx := context.Background()
	x = must[*catalogue.Example](t)(c.SendExample(ctx, officer(x.Council, catalogue.RoleLead), x.ID, x.Version))
	return must[*catalogue.Example](t)(c.ReviewExample(ctx, catalogue.Operator("test"), x.ID, catalogue.ExampleDecision{Publish: true, Version: x.Version}))
}

func TestAnExampleIsReviewedBeforeItIsPublic(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	contributor, lead, operator := officer(birmingham, catalogue.RoleContributor), officer(birmingham, catalogue.RoleLead), catalogue.Operator("test")
	others := []catalogue.Actor{catalogue.Anonymous(), officer(dudley, catalogue.RoleAdmin), {Account: "seller", Role: catalogue.RoleAdmin, OrgKind: catalogue.OrgSupplier, Org: "northgate"}}
	hidden := func(what, id string) {
		t.Helper()
		for _, a := range others {
			if v, err := c.Example(ctx, a, id); catalogue.KindOf(err) != catalogue.NotFound {
				t.Errorf("%s: %s sees %+v, %v", what, a.Org, v, err)
			}
		}
	}
	text := wholeExample("Missed bins")
	text.Wrong = ""
	x := must[*catalogue.Example](t)(c.BeginExample(ctx, contributor, catalogue.NewID(), text))
	if again := must[*catalogue.Example](t)(c.BeginExample(ctx, contributor, x.ID, text)); again.Version != x.Version || count(t, c, catalogue.KindExample) != 1 {
		t.Error("the same form sent twice makes two")
	}
	hidden("a draft", x.ID)
	_, err := c.SendExample(ctx, lead, x.ID, x.Version)
	refusedOn(t, "half an example", err, "wrong")
	text.Wrong = "Christmas."
	x = must[*catalogue.Example](t)(c.DraftExample(ctx, contributor, x.ID, x.Version, text, ""))
	_, err = c.SendExample(ctx, lead, x.ID, x.Version-1)
	is(t, "a draft that was not read", err, catalogue.Conflict)
	x = must[*catalogue.Example](t)(c.SendExample(ctx, lead, x.ID, x.Version))
	if q := must[[]catalogue.Queued](t)(c.Queue(ctx, operator)); len(q) != 1 || q[0].Item.Key() != x.Key() {
		t.Errorf("the queue holds %+v", q)
	}
	_, err = c.DraftExample(ctx, contributor, x.ID, x.Version, text, "")
	is(t, "changing what is in review", err, catalogue.Conflict)
	_, err = c.ReviewExample(ctx, operator, x.ID, catalogue.ExampleDecision{Version: x.Version})
	refusedOn(t, "sent back without a word", err, "remark")
	x = must[*catalogue.Example](t)(c.ReviewExample(ctx, operator, x.ID, catalogue.ExampleDecision{Version: x.Version, Remark: "Name the year of the figures"}))
	hidden("what was sent back", x.ID)
	if told := toldIn(t, c, birmingham, catalogue.RoleContributor); len(told) != 1 || !strings.Contains(told[0], "sent back") {
		t.Errorf("its council is told %v", told)
	}
	k.move(time.Hour)
	x = reviewed(t, c, must[*catalogue.ExampleView](t)(c.Example(ctx, contributor, x.ID)).Example)
	if q := must[[]catalogue.Queued](t)(c.Queue(ctx, operator)); len(q) != 0 {
		t.Errorf("the queue still holds %+v", q)
	}
	for _, a := range others {
		v := must[*catalogue.ExampleView](t)(c.Example(ctx, a, x.ID))
		if v.Example.Text.Title != "Missed bins" || v.Example.Reviews != nil || v.Example.AskedBy != "" || len(v.Services) != 1 {
			t.Errorf("%q sees %+v", a.Org, v.Example)
		}
	}

	// A change waits, and the old version stays public.
	text.Summary = "Now with flats."
	x = must[*catalogue.Example](t)(c.DraftExample(ctx, contributor, x.ID, x.Version, text, ""))
	_, err = c.SendExample(ctx, lead, x.ID, x.Version)
	refusedOn(t, "a change without a word on it", err, "note")
	x = must[*catalogue.Example](t)(c.DraftExample(ctx, contributor, x.ID, x.Version, text, "Flats are told of"))
	if v := must[*catalogue.ExampleView](t)(c.Example(ctx, others[0], x.ID)); v.Example.Text.Summary != "Residents report online." || v.Example.Draft != nil || v.Example.Note != "" {
		t.Errorf("a change that is not reviewed shows: %+v", v.Example)
	}
	x = reviewed(t, c, x)
	if v := must[*catalogue.ExampleView](t)(c.Example(ctx, others[0], x.ID)); v.Example.Text.Summary != "Now with flats." || len(v.Example.Changes) != 1 || v.Example.Changes[0].Note != "Flats are told of" {
		t.Errorf("the change: %+v", v.Example)
	}
	x = must[*catalogue.Example](t)(c.WithdrawExample(ctx, lead, x.ID, "The contract ended"))
	if v := must[*catalogue.ExampleView](t)(c.Example(ctx, others[0], x.ID)); v.Example.End == nil || v.Example.Text.Done != "" || v.Example.Text.Title == "" {
		t.Errorf("withdrawn, others see %+v", v.Example)
	}
	whole(t, c)
}

// toldIn is the subjects of what people of a role in a council were told, the latest first.
func toldIn(t testing.TB, c *catalogue.Catalogue, council string, role catalogue.Role) (subjects []string) {
	t.Helper()
	for _, n := range must[*catalogue.Inbox](t)(c.Inbox(context.Background(), officer(council, role), "", 50)).Items {
		subjects = append(subjects, n.Subject)
	}
	return subjects
}

func TestComplexInterventionsNameTheirLegalBasis(t *testing.T) {
	c := opened(t)
	text := wholeExample("One plan for a family")
	text.Kind, text.Services = catalogue.ComplexExample, nil
	for _, field := range []string{"about", "partners", "data_shared", "legal_basis"} {
		refusedOn(t, "a complex intervention", c.CheckExample(text), field)
	}
	text.About, text.Partners, text.DataShared, text.LegalBasis = []string{"families"}, []string{"The police"}, "Names and dates", "Public task"
	if err := c.CheckExample(text); err != nil {
		t.Error(err)
	}
	text.Kind = catalogue.ServiceExample
	refusedOn(t, "a service without one", c.CheckExample(text), "services")
	text.Services = []int{999999}
	refusedOn(t, "a service that is not there", c.CheckExampleDraft(text), "services")
	text.Changed[0].After = "better"
	refusedOn(t, "a figure without figures", c.CheckExampleDraft(text), "measure-1-after")
	text.Reuse[0].Licence = ""
	refusedOn(t, "code without a licence", c.CheckExampleDraft(text), "reuse-1-licence")
}

// metropolitan lists councils of the register that the example fits, besides Birmingham.
func metropolitan(c *catalogue.Catalogue) (out []string) {
	for _, k := range c.Register().Councils() {
		if k.Type == "Metropolitan district" && k.GSS != birmingham {
			out = append(out, k.GSS)
		}
	}
	return out
}

func TestAdoptersAreCountedAsTheyChoose(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	x := published(t, c, birmingham, wholeExample("Missed bins"))
	adopt := func(council string, stage catalogue.AdoptionStage, audience catalogue.Audience) {
		t.Helper()
		must[*catalogue.Adoption](t)(c.Adopt(ctx, officer(council, catalogue.RoleContributor), x.ID, catalogue.AdoptionWord{Stage: stage, Audience: audience, Reason: "no money"}))
	}
	figures := func(a catalogue.Actor) catalogue.AdoptionFigures {
		t.Helper()
		return must[*catalogue.ExampleView](t)(c.Example(ctx, a, x.ID)).Figures
	}
	fit := metropolitan(c)
	adopt(fit[0], catalogue.AdoptionLive, catalogue.Public)
	adopt(woking, catalogue.AdoptionLive, catalogue.Public) // a district, which it does not name
	for _, council := range fit[1:5] {
		adopt(council, catalogue.AdoptionLive, catalogue.Councils)
	}
	adopt(fit[6], catalogue.AdoptionStarted, catalogue.Councils)
	adopt(fit[7], catalogue.AdoptionConsidering, catalogue.Councils)
	public, inside := figures(catalogue.Anonymous()), figures(officer(dudley, catalogue.RoleViewer))
	if public.Live != 2 || public.FitLive != 1 || public.Started != 0 || public.Considering != 0 || public.Whole || public.Of != len(fit) {
		t.Errorf("four that are not named show: %+v", public)
	}
	if inside.Live != 6 || inside.FitLive != 5 || inside.Started != 1 || inside.FitStarted != 1 || inside.Considering != 1 || !inside.Whole || inside.Of != len(fit) {
		t.Errorf("councils are told %+v", inside)
	}
	adopt(fit[5], catalogue.AdoptionLive, catalogue.Councils)
	if n := figures(catalogue.Anonymous()); n.Live != 7 || n.FitLive != 6 {
		t.Errorf("five that are not named: %+v", n)
	}
	adopt(fit[8], catalogue.AdoptionLive, catalogue.Councils)
	if n := figures(catalogue.Anonymous()); n.Live != 7 {
		t.Errorf("a sixth is seen coming: %+v", n)
	}
	if v := must[*catalogue.ExampleView](t)(c.Example(ctx, catalogue.Anonymous(), x.ID)); len(v.Adopters) != 2 {
		t.Errorf("anybody is named %d adopters", len(v.Adopters))
	}
	if fromList := must[map[string]catalogue.AdoptionFigures](t)(c.AdoptionFigures(ctx, catalogue.Anonymous(), x.ID)); fromList[x.ID] != figures(catalogue.Anonymous()) {
		t.Errorf("lists say %+v", fromList)
	}
	_, err := c.Adopt(ctx, officer(birmingham, catalogue.RoleLead), x.ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionLive, Audience: catalogue.Public})
	is(t, "adopting one's own", err, catalogue.Invalid)
	_, err = c.Adopt(ctx, officer(fit[9], catalogue.RoleLead), x.ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionStopped, Audience: catalogue.Public})
	refusedOn(t, "stopped without a reason", err, "stop_reason")
	adopt(fit[0], catalogue.AdoptionStopped, catalogue.Public)
	if n := figures(catalogue.Anonymous()); n.Live != 6 || n.Stopped != 1 {
		t.Errorf("one has stopped: %+v", n)
	}
	if n := count(t, c, catalogue.KindAdoption); n != 10 {
		t.Errorf("%d adoptions are stored: a council has one", n)
	}
	for range 2 {
		if err := c.Disown(ctx, officer(fit[0], catalogue.RoleContributor), x.ID); err != nil {
			t.Error(err)
		}
	}
	if n := figures(officer(dudley, catalogue.RoleViewer)); n.Stopped != 0 {
		t.Errorf("taken back: %+v", n)
	}
	whole(t, c)
}

func TestAdoptersHearOfChanges(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	x := published(t, c, birmingham, wholeExample("Missed bins"))
	var adopters []string
	for _, council := range metropolitan(c)[:33] { // more than news can list
		must[*catalogue.Adoption](t)(c.Adopt(ctx, officer(council, catalogue.RoleContributor), x.ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionStarted, Audience: catalogue.Councils}))
		adopters = append(adopters, council)
	}
	if told := toldIn(t, c, birmingham, catalogue.RoleContributor); len(told) != 34 || !strings.Contains(told[0], "has started on ‘Missed bins’") {
		t.Errorf("the council that wrote it is told %d times: %v", len(told), told[:1])
	}
	k.move(time.Hour)
	must[*catalogue.Adoption](t)(c.Adopt(ctx, officer(adopters[0], catalogue.RoleContributor), x.ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionStopped, Reason: "No money", Audience: catalogue.Councils}))
	text := wholeExample("Missed bins")
	text.Summary = "Now with flats."
	x = must[*catalogue.Example](t)(c.DraftExample(ctx, officer(birmingham, catalogue.RoleContributor), x.ID, x.Version, text, "Flats are told of"))
	x = reviewed(t, c, x)
	late := officer(guildfd, catalogue.RoleContributor)
	must[*catalogue.Adoption](t)(c.Adopt(ctx, late, x.ID, catalogue.AdoptionWord{Stage: catalogue.AdoptionLive, Audience: catalogue.Public}))
	for _, test := range []struct {
		council string
		want    int
	}{{adopters[0], 0}, {adopters[1], 1}, {adopters[32], 1}, {guildfd, 0}, {woking, 0}} {
		if told := toldTo(t, c, test.council); len(told) != test.want {
			t.Errorf("%s is told %v, want %d", test.council, told, test.want)
		}
	}
	k.move(time.Hour)
	must[*catalogue.Example](t)(c.WithdrawExample(ctx, officer(birmingham, catalogue.RoleLead), x.ID, "The contract ended"))
	if told := toldTo(t, c, guildfd); len(told) != 1 || !strings.Contains(told[0], "withdrawn") {
		t.Errorf("who came later is told %v", told)
	}
	whole(t, c)
}

func TestExamplesAndAdoptionsAreHandedOver(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	operator := catalogue.Operator("test")
	must[*catalogue.Council](t)(c.AddCouncil(ctx, operator, westSurrey()))
	text := wholeExample("Missed bins")
	text.FitsTypes = []string{"Non-metropolitan district", "Unitary authority"}
	own, other := published(t, c, woking, text), published(t, c, birmingham, text)
	say := func(council, example string, stage catalogue.AdoptionStage, audience catalogue.Audience) {
		must[*catalogue.Adoption](t)(c.Adopt(ctx, officer(council, catalogue.RoleContributor), example, catalogue.AdoptionWord{Stage: stage, Audience: audience}))
	}
	say(guildfd, own.ID, catalogue.AdoptionLive, catalogue.Public)
	say(woking, other.ID, catalogue.AdoptionConsidering, catalogue.Councils)
	say(guildfd, other.ID, catalogue.AdoptionLive, catalogue.Public)
	before := must[*catalogue.ExampleView](t)(c.Example(ctx, operator, other.ID)).Figures
	for _, from := range []string{woking, guildfd} {
		must[*catalogue.Succession](t)(c.Succeed(ctx, operator, catalogue.HandOver{From: from, To: newCode, Reason: "A test"}))
	}
	v := must[*catalogue.ExampleView](t)(c.Example(ctx, officer(newCode, catalogue.RoleLead), other.ID))
	if len(v.Adopters) != 1 || v.Own == nil || v.Own.Stage != catalogue.AdoptionLive || v.Own.Audience != catalogue.Councils || v.Figures.Of != before.Of-2 {
		t.Errorf("two that adopted became %+v, %+v", v.Own, v.Figures)
	}
	v = must[*catalogue.ExampleView](t)(c.Example(ctx, officer(newCode, catalogue.RoleLead), own.ID))
	if !v.Writes || len(v.Adopters) != 0 || v.Figures.Live != 0 {
		t.Errorf("its own example is adopted by itself: %+v", v)
	}
	whole(t, c)
}

func TestATalkAboutAnExample(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	x := published(t, c, birmingham, wholeExample("Missed bins"))
	silent := wholeExample("Not to be asked")
	silent.Talk = false
	y := published(t, c, birmingham, silent)
	asker := officer(dudley, catalogue.RoleContributor)
	q := catalogue.ExampleQuestion{ID: catalogue.NewID(), Example: x.ID, Subject: x.Text.Title, Text: "How did you tell residents?"}
	made := must[*catalogue.Talk](t)(c.AskAboutExample(ctx, asker, q))
	if again := must[*catalogue.Talk](t)(c.AskAboutExample(ctx, asker, q)); again.ID != made.ID || len(again.Messages) != 1 {
		t.Error("the same form sent twice asks twice")
	}
	q.ID, q.Text = catalogue.NewID(), "And flats?"
	if more := must[*catalogue.Talk](t)(c.AskAboutExample(ctx, asker, q)); more.ID != made.ID || len(more.Messages) != 2 {
		t.Errorf("a second question makes %+v", more)
	}
	if id := must[string](t)(c.OpenExampleTalk(ctx, asker, x.ID)); id != made.ID {
		t.Errorf("the open talk is %q", id)
	}
	v := must[*catalogue.TalkView](t)(c.Talk(ctx, officer(birmingham, catalogue.RoleContributor), made.ID))
	if v.Example == nil || v.Example.ID != x.ID || v.To.ID() != birmingham {
		t.Errorf("the talk is about %+v", v.Example)
	}
	_, err := c.AskAboutExample(ctx, asker, catalogue.ExampleQuestion{Example: y.ID, Subject: "x", Text: "y"})
	is(t, "asking who does not offer it", err, catalogue.Conflict)
	_, err = c.AskAboutExample(ctx, officer(birmingham, catalogue.RoleLead), catalogue.ExampleQuestion{Example: x.ID, Subject: "x", Text: "y"})
	is(t, "asking oneself", err, catalogue.Invalid)
}

// TestManyAdopters: however many are not named, the figures that anybody reads are whole fives.
func TestManyAdopters(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	x := published(t, c, birmingham, wholeExample("Missed bins"))
	var items []catalogue.Item
	for i, k := range c.Register().Councils() {
		if k.GSS != birmingham && i < 300 {
			items = append(items, &catalogue.Adoption{Meta: catalogue.Meta{ID: x.ID + "~" + k.GSS}, Example: x.ID, Council: k.GSS, Stage: catalogue.AdoptionLive, Audience: catalogue.Councils})
		}
	}
	imports(t, c, items...)
	v := must[*catalogue.ExampleView](t)(c.Example(ctx, catalogue.Anonymous(), x.ID))
	if len(v.Adopters) != 0 || v.Figures.Live == 0 || v.Figures.Live%5 != 0 || v.Figures.Live > len(items) {
		t.Errorf("%d that are not named show as %s", len(items), fmt.Sprint(v.Figures))
	}
}
