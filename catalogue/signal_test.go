package catalogue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
)

// wording is a signal as somebody writes it.
func wording(title string) catalogue.SignalText {
	return catalogue.SignalText{Title: title, Capability: "revs-bens", Stage: catalogue.SignalEngaging, Scope: "A hosted revenues system for one billing authority.",
		Lots: catalogue.LotsOne, LotsReason: "Billing and benefits share one account.", Engagement: catalogue.MustDate("2027-02-11"), EngageHow: "An online session, recorded.",
		EngageLink: "https://example.org/session", Respond: "Write answers to the eight questions in the session's paper.", AskBy: catalogue.MustDate("2027-01-29"), AnswerDays: 10}
}

// seller is a person of a supplier of its own.
func (s scene) seller(name string) (*catalogue.Account, catalogue.Actor) {
	s.t.Helper()
	a := must[*catalogue.Account](s.t)(s.c.AddAccount(context.Background(), catalogue.Operator("test"), catalogue.Account{
		Email: catalogue.Slug(name) + "@seller.example", OrgKind: catalogue.OrgSupplier, Org: name, Role: catalogue.RoleContributor}))
	return a, a.Actor("test")
}

// published is a signal about an intention, before everybody.
func (s scene) published(a catalogue.Actor, of catalogue.SignalOf, text catalogue.SignalText) *catalogue.Signal {
	s.t.Helper()
	draft := must[*catalogue.Signal](s.t)(s.c.WriteSignal(context.Background(), a, of, text))
	return must[*catalogue.Signal](s.t)(s.c.PublishSignal(context.Background(), a, draft.ID, draft.Version, true))
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	return string(must[[]byte](t)(json.Marshal(v)))
}

func TestASignalIsADraftUntilItsOfficerHasReadTheLaw(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	lead, viewer := officer(birmingham, catalogue.RoleLead), officer(birmingham, catalogue.RoleViewer)
	in := s.intention(birmingham, catalogue.Councils)
	_, err := c.WriteSignal(ctx, officer(birmingham, catalogue.RoleContributor), catalogue.SignalOf{Intention: in.ID}, wording("Revenues"))
	is(t, "a contributor writes", err, catalogue.Forbidden)
	_, err = c.WriteSignal(ctx, officer(coventry, catalogue.RoleLead), catalogue.SignalOf{Intention: in.ID}, wording("Revenues"))
	is(t, "another council writes", err, catalogue.Forbidden)
	draft := must[*catalogue.Signal](t)(c.WriteSignal(ctx, lead, catalogue.SignalOf{ID: "form-1", Intention: in.ID}, wording("Revenues")))
	if again := must[*catalogue.Signal](t)(c.WriteSignal(ctx, lead, catalogue.SignalOf{ID: "form-1", Intention: in.ID}, wording("Revenues"))); again.ID != draft.ID || count(t, c, catalogue.KindSignal) != 1 {
		t.Error("a form sent twice makes two signals")
	}
	_, seller := s.seller("Tarnwick")
	for who, a := range map[string]catalogue.Actor{"nobody": catalogue.Anonymous(), "another council": officer(coventry, catalogue.RoleLead), "a supplier": seller} {
		_, err := c.Signal(ctx, a, draft.ID)
		is(t, who+" reads a draft", err, catalogue.NotFound)
	}
	must[*catalogue.SignalView](t)(c.Signal(ctx, viewer, draft.ID))

	law := must[*catalogue.SignalLaw](t)(c.SignalLaw(ctx, lead, draft.ID))
	for code, want := range map[string]string{"UK2": "reasons in UK4", "below-threshold-notice-other": "£30,000", "goods-services-sub-central": "£207,720"} {
		found := false
		for _, n := range law.Notes {
			found = found || n.Code == code && strings.Contains(n.Text, want) && n.Source != "" && !n.From.IsZero()
		}
		if !found {
			t.Errorf("the law notes do not say %s of %s, with a source and a day: %+v", want, code, law.Notes)
		}
	}
	_, err = c.PublishSignal(ctx, lead, draft.ID, draft.Version, false)
	refusedOn(t, "publishing unread", err, "read")
	_, err = c.PublishSignal(ctx, lead, draft.ID, draft.Version-1, true)
	is(t, "publishing another draft than was read", err, catalogue.Conflict)
	_, err = c.SignalLaw(ctx, seller, draft.ID)
	is(t, "a supplier reads the officers' notes", err, catalogue.NotFound)

	out := must[*catalogue.Signal](t)(c.PublishSignal(ctx, lead, draft.ID, draft.Version, true))
	if len(out.Readings) != 1 || out.Readings[0].Account != lead.Account || len(out.Readings[0].Notes) != len(law.Notes) {
		t.Errorf("what was read is kept as %+v", out.Readings)
	}
	seen := must[*catalogue.SignalView](t)(c.Signal(ctx, catalogue.Anonymous(), draft.ID))
	if seen.Signal.Text != wording("Revenues") || seen.Council == nil || seen.Council.GSS != birmingham {
		t.Errorf("everybody reads %+v", seen.Signal)
	}
	if seen.Intention != nil || strings.Contains(asJSON(t, seen), in.ID) || strings.Contains(asJSON(t, seen.Signal), lead.Account) {
		t.Errorf("everybody reads what is behind it: %s", asJSON(t, seen))
	}
}

func TestASignalChangesBeforeAllEyesAndEndsWithAReason(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	lead := officer(birmingham, catalogue.RoleAdmin)
	x := s.published(lead, catalogue.SignalOf{Intention: s.intention(birmingham, catalogue.Own).ID}, wording("Revenues"))
	person, seller := s.seller("Tarnwick")
	must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, seller, x.ID, "", "Is migration part of it?"))
	s.send()
	k.move(48 * time.Hour)
	text := wording("Revenues")
	text.Stage, text.Engagement = catalogue.SignalTenderSoon, catalogue.MustDate("2027-02-18")
	draft := must[*catalogue.Signal](t)(c.DraftSignal(ctx, lead, x.ID, x.Version, text))
	if now := must[*catalogue.SignalView](t)(c.Signal(ctx, seller, x.ID)); now.Signal.Text.Stage != catalogue.SignalEngaging || now.Signal.Draft != nil {
		t.Errorf("a change shows before it is published: %+v", now.Signal)
	}
	preview := must[*catalogue.SignalView](t)(c.PreviewSignal(ctx, lead, x.ID))
	if preview.Signal.Text.Stage != catalogue.SignalTenderSoon || preview.Inside || preview.Runs {
		t.Errorf("the preview shows %+v", preview.Signal)
	}
	_, err := c.DraftSignal(ctx, lead, x.ID, x.Version, text)
	is(t, "writing over another's draft", err, catalogue.Conflict)
	must[*catalogue.Signal](t)(c.PublishSignal(ctx, lead, x.ID, draft.Version, true))
	seen := must[*catalogue.SignalView](t)(c.Signal(ctx, catalogue.Anonymous(), x.ID)).Signal
	if len(seen.Changes) != 1 || !seen.Changes[0].At.Equal(k.read().UTC()) || fmt.Sprint(seen.Changes[0].Was) != "[{Stage Engaging the market} {Next engagement 11 February 2027}]" {
		t.Errorf("the change reads %+v", seen.Changes)
	}
	if mails := s.send(); len(mails) != 1 || mails[0].To != person.Email || s.inbox(seller)[0] != "A signal has changed: Revenues" {
		t.Errorf("those who asked are told %+v", mails)
	}
	_, err = c.EndSignal(ctx, lead, x.ID, true, " ")
	refusedOn(t, "withdrawing without a reason", err, "reason")
	must[*catalogue.Signal](t)(c.EndSignal(ctx, lead, x.ID, true, "The extension is used instead."))
	seen = must[*catalogue.SignalView](t)(c.Signal(ctx, catalogue.Anonymous(), x.ID)).Signal
	if seen.End == nil || !seen.End.Withdrawn || seen.End.Reason != "The extension is used instead." {
		t.Errorf("its end reads %+v", seen.End)
	}
	_, err = c.AskAboutSignal(ctx, seller, x.ID, "", "Still?")
	refusedOn(t, "asking about what has ended", err, "question")
	if rows := must[[]catalogue.SignalRow](t)(c.Signals(ctx, seller, catalogue.SignalFilter{})); len(rows) != 0 {
		t.Errorf("what has ended is listed: %+v", rows)
	}
	if rows := must[[]catalogue.SignalRow](t)(c.Signals(ctx, seller, catalogue.SignalFilter{Ended: true, Area: "revenues-benefits"})); len(rows) != 1 {
		t.Errorf("what has ended is not listed where it is asked for: %+v", rows)
	}
	whole(t, c)
}

func TestASignalRevealsNothingPrivate(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	lead := officer(birmingham, catalogue.RoleLead)
	in := intention(birmingham, "Quokka title")
	in.Visibility, in.WindowEnd = catalogue.Councils, catalogue.MustDate("2099-12-31")
	in.Budget, in.Musts, in.CurrentSupplier, in.Notes = catalogue.Money{Min: 400_000, Max: 765_432}, []string{"Quokka must"}, "Quokka Systems", "quokka note"
	own := listed(t, c, in)
	for _, leak := range []string{"We can pay 765,432 pounds", "up to £765432", "which is £918,518 with VAT", "It needs a Quokka must, of course", "to replace quokka systems."} {
		text := wording("Revenues")
		text.Scope = leak
		draft := must[*catalogue.Signal](t)(c.WriteSignal(ctx, lead, catalogue.SignalOf{Intention: own.ID}, text))
		_, err := c.PublishSignal(ctx, lead, draft.ID, draft.Version, true)
		refusedOn(t, leak, err, "scope")
	}
	x := s.published(lead, catalogue.SignalOf{Intention: own.ID}, wording("Revenues"))
	_, seller := s.seller("Tarnwick")
	for _, a := range []catalogue.Actor{catalogue.Anonymous(), seller} {
		all := asJSON(t, must[*catalogue.SignalView](t)(c.Signal(ctx, a, x.ID))) + asJSON(t, must[[]catalogue.SignalRow](t)(c.Signals(ctx, a, catalogue.SignalFilter{})))
		for _, word := range []string{"uokka", "765", "918,518", own.ID} {
			if strings.Contains(all, word) {
				t.Errorf("%s is in what %s reads: %s", word, a.OrgKind, all)
			}
		}
	}
	// The control: its own officers are reminded of what is behind it.
	if v := must[*catalogue.SignalView](t)(c.Signal(ctx, lead, x.ID)); v.Intention == nil || !strings.Contains(asJSON(t, v), "uokka") {
		t.Error("its officers do not see the intention behind it")
	}
}

func TestEachMemberDecidesWhetherASignalNamesIt(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	g := s.roomOf(birmingham, coventry, dudley)
	lead, yes, silent := officer(birmingham, catalogue.RoleLead), officer(coventry, catalogue.RoleLead), officer(dudley, catalogue.RoleLead)
	g = must[*catalogue.BuyingGroup](t)(c.TakeLead(ctx, lead, g.ID, true))
	_, err := c.WriteSignal(ctx, yes, catalogue.SignalOf{Group: g.ID}, wording("Together"))
	is(t, "a member that does not lead writes", err, catalogue.Forbidden)
	text := wording("Together")
	text.Scope = "For Birmingham, Coventry and Dudley."
	draft := must[*catalogue.Signal](t)(c.WriteSignal(ctx, lead, catalogue.SignalOf{Group: g.ID}, text))
	if told := s.inbox(silent); len(told) == 0 || !strings.HasPrefix(told[0], "May a signal to suppliers name your council?") {
		t.Errorf("members are asked %v", told)
	}
	_, err = c.PublishSignal(ctx, lead, draft.ID, draft.Version, true)
	refusedOn(t, "naming who has not agreed", err, "scope")
	draft = must[*catalogue.Signal](t)(c.NameInSignal(ctx, yes, draft.ID, true))
	_, err = c.NameInSignal(ctx, officer("E08000028", catalogue.RoleLead), draft.ID, true)
	is(t, "a council outside decides", err, catalogue.NotFound)
	text.Scope = "For Birmingham, Coventry and others."
	draft = must[*catalogue.Signal](t)(c.DraftSignal(ctx, lead, draft.ID, draft.Version, text))
	must[*catalogue.Signal](t)(c.PublishSignal(ctx, lead, draft.ID, draft.Version, true))

	_, seller := s.seller("Tarnwick")
	reads := func() string {
		t.Helper()
		v, rows := must[*catalogue.SignalView](t)(c.Signal(ctx, seller, draft.ID)), must[[]catalogue.SignalRow](t)(c.Signals(ctx, seller, catalogue.SignalFilter{}))
		all := asJSON(t, v.Signal) + asJSON(t, rows[0].Signal) + v.Council.GSS + rows[0].Council.GSS
		for _, named := range append(v.Named, rows[0].Named...) {
			all += named.GSS
		}
		return all + fmt.Sprint(v.Members, v.Group, v.Intention)
	}
	if all := reads(); !strings.Contains(all, birmingham) || !strings.Contains(all, coventry) || strings.Contains(all, dudley) || strings.Contains(all, "Dudley") {
		t.Errorf("a supplier reads %s", all)
	}
	if rows := must[[]catalogue.SignalRow](t)(c.Signals(ctx, seller, catalogue.SignalFilter{Council: dudley})); len(rows) != 0 {
		t.Error("a filter tells that a member is in it")
	}
	// The one takes it back, the other leaves.
	must[*catalogue.Signal](t)(c.NameInSignal(ctx, yes, draft.ID, false))
	must[*catalogue.Signal](t)(c.NameInSignal(ctx, silent, draft.ID, true))
	if v := must[*catalogue.SignalView](t)(c.Signal(ctx, seller, draft.ID)); len(v.Named) != 1 || v.Named[0].GSS != dudley {
		t.Errorf("it names %+v", v.Named)
	}
	must[*catalogue.BuyingGroup](t)(c.LeaveGroup(ctx, silent, g.ID, "We buy alone"))
	if v := must[*catalogue.SignalView](t)(c.Signal(ctx, seller, draft.ID)); len(v.Named) != 0 || len(v.Signal.Named) != 1 {
		t.Errorf("who left is named: %+v", v.Signal.Named)
	}
	_, err = c.NameInSignal(ctx, lead, draft.ID, false)
	is(t, "who publishes hides", err, catalogue.Conflict)
}

func TestAQuestionIsAnsweredBeforeEverybodyAtOnce(t *testing.T) {
	ctx := context.Background()
	c, _, k := timed(t)
	s := scene{t, c, new(int)}
	officers, lead := s.person(birmingham, catalogue.RoleLead)
	x := s.published(lead, catalogue.SignalOf{Intention: s.intention(birmingham, catalogue.Own).ID}, wording("Revenues"))
	asker, a := s.seller("Tarnwick")
	other, b := s.seller("Fellbridge")
	_, err := c.AskAboutSignal(ctx, officer(coventry, catalogue.RoleLead), x.ID, "", "What will it cost?")
	is(t, "a council asks", err, catalogue.Forbidden)
	_, err = c.AskAboutSignal(ctx, catalogue.Anonymous(), x.ID, "", "What will it cost?")
	is(t, "nobody asks", err, catalogue.Unauthenticated)
	q := must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, a, x.ID, "form-q", "As Tarnwick we run this for you: is migration part of it?"))
	must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, a, x.ID, "form-q", "As Tarnwick we run this for you: is migration part of it?"))
	theirs := must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, b, x.ID, "", "May two of us answer together?"))
	if n := count(t, c, catalogue.KindQuestion); n != 2 {
		t.Errorf("a form sent twice asks: %d questions", n)
	}
	mails := s.send()
	if len(mails) != 2 || mails[0].To != officers.Email || strings.Contains(fmt.Sprint(mails), asker.Email) || strings.Contains(fmt.Sprint(mails), other.Email) {
		t.Fatalf("the officers are mailed %+v", mails)
	}
	waits := func(who catalogue.Actor) (n int) {
		t.Helper()
		return len(must[*catalogue.SignalView](t)(c.Signal(ctx, who, x.ID)).Waiting)
	}
	if waits(lead) != 2 || waits(a) != 1 || waits(b) != 1 || waits(catalogue.Anonymous()) != 0 || waits(officer(coventry, catalogue.RoleLead)) != 0 {
		t.Errorf("before the answer others see it: %d %d %d %d", waits(lead), waits(a), waits(b), waits(catalogue.Anonymous()))
	}
	w := must[catalogue.Waiting](t)(c.Waiting(ctx, lead))
	if d := must[*catalogue.Desk](t)(c.Desk(ctx, lead)); w.Questions != 2 || w.Sum() < 2 || len(d.Questions) != 2 || d.Questions[0].Overdue {
		t.Errorf("the desk says %+v, %+v", w, d.Questions)
	}
	k.move(11 * 24 * time.Hour)
	if d := must[*catalogue.Desk](t)(c.Desk(ctx, lead)); len(d.Questions) != 2 || !d.Questions[0].Overdue {
		t.Errorf("after eleven days: %+v", d.Questions)
	}
	if got := must[[]string](t)(c.SignalAskers(ctx, lead, x.ID)); len(got) != 2 {
		t.Errorf("who asked: %v", got)
	}
	_, err = c.SignalAskers(ctx, b, x.ID)
	is(t, "a supplier asks who asked", err, catalogue.Forbidden)
	_, err = c.AnswerSignal(ctx, lead, x.ID, q.ID, q.Original, "Yes.")
	refusedOn(t, "an answer that names who asked", err, "text")
	_, err = c.AnswerSignal(ctx, officer(coventry, catalogue.RoleLead), x.ID, q.ID, "Is migration part of it?", "Yes.")
	is(t, "another council answers", err, catalogue.Forbidden)

	before := must[uint64](t)(c.Seq(ctx))
	must[*catalogue.SignalQuestion](t)(c.AnswerSignal(ctx, lead, x.ID, q.ID, "Is migration part of it?", "Yes, of six years of history."))
	for who, eyes := range map[string]catalogue.Actor{"everybody": catalogue.Anonymous(), "another supplier": b, "another council": officer(coventry, catalogue.RoleLead)} {
		v := must[*catalogue.SignalView](t)(c.Signal(ctx, eyes, x.ID))
		if len(v.Answered) != 1 || v.Answered[0].Number != 1 || v.Answered[0].Text != "Is migration part of it?" || v.Answered[0].Answer != "Yes, of six years of history." {
			t.Fatalf("%s reads %+v", who, v.Answered)
		}
		if all := asJSON(t, v.Answered); strings.Contains(strings.ToLower(all), "tarnwick") || strings.Contains(all, asker.ID) || strings.Contains(all, officers.ID) {
			t.Errorf("%s reads who asked or who answered: %s", who, all)
		}
	}
	if v := must[*catalogue.SignalView](t)(c.Signal(ctx, a, x.ID)); v.Answered[0].Original != q.Original {
		t.Error("what was asked is lost to the asker")
	}
	// Both are told in the commit that made it public, the other supplier in the same words.
	changes := must[[]catalogue.Change](t)(c.Changes(ctx, before, 10))
	if len(changes) != 3 {
		t.Errorf("the answer is %d changes", len(changes))
	}
	if s.inbox(a)[0] != "A question is answered: Revenues" || s.inbox(b)[0] != "A question is answered: Revenues" {
		t.Errorf("told %v and %v", s.inbox(a), s.inbox(b))
	}
	mails = s.send()
	if len(mails) != 2 || fmt.Sprint(mails[0].Text) != fmt.Sprint(mails[1].Text) || strings.Contains(fmt.Sprint(mails[0].Text), officers.Email) {
		t.Errorf("mailed %+v", mails)
	}
	must[*catalogue.SignalQuestion](t)(c.AnswerSignal(ctx, lead, x.ID, q.ID, "Is migration part of it?", "Yes, of six years of history."))
	_, err = c.AnswerSignal(ctx, lead, x.ID, q.ID, "Is migration part of it?", "No.")
	is(t, "an answer that everybody has read is changed", err, catalogue.Conflict)
	must[*catalogue.SignalQuestion](t)(c.AnswerSignal(ctx, lead, x.ID, theirs.ID, theirs.Original, "Yes."))
	if got := must[catalogue.Waiting](t)(c.Waiting(ctx, lead)).Questions; got != 0 {
		t.Errorf("%d still wait", got)
	}
	// Who asks later is not told of what was answered before.
	_, late := s.seller("Ashmere")
	must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, late, x.ID, "", "Where?"))
	if told := s.inbox(late); len(told) != 0 {
		t.Errorf("who asks later was told %v", told)
	}
	k.move(80 * 24 * time.Hour)
	_, err = c.AskAboutSignal(ctx, a, x.ID, "", "Too late?")
	refusedOn(t, "asking after the last day", err, "question")
	whole(t, c)
}

func TestASignalGoesToTheSuccessorAndBack(t *testing.T) {
	ctx := context.Background()
	c, _, _ := timed(t)
	s := scene{t, c, new(int)}
	oldEstate(t, c)
	x := s.published(officer(woking, catalogue.RoleLead), catalogue.SignalOf{Intention: listed(t, c, intention(woking, "Payroll again")).ID}, wording("Payroll"))
	_, seller := s.seller("Tarnwick Records")
	must[*catalogue.SignalQuestion](t)(c.AskAboutSignal(ctx, seller, x.ID, "", "When?"))
	before := everything(t, c)
	must[*catalogue.Succession](t)(c.Succeed(ctx, catalogue.Operator("test"), catalogue.HandOver{From: woking, To: westSurrey().GSS, Reason: "Agreed"}))
	v := must[*catalogue.SignalView](t)(c.Signal(ctx, officer(westSurrey().GSS, catalogue.RoleLead), x.ID))
	if v.Council.GSS != westSurrey().GSS || !v.Runs || len(v.Waiting) != 1 {
		t.Errorf("the successor has %+v", v)
	}
	must[*catalogue.Succession](t)(c.UndoSuccession(ctx, catalogue.Operator("test"), woking, "Too early"))
	for _, d := range differences(before, everything(t, c)) {
		if strings.Contains(d, "signal") || strings.Contains(d, "question") {
			t.Error(d)
		}
	}
}
