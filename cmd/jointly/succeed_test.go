package main

import (
	"strings"
	"testing"
)

func TestACouncilIsHandedOverFromTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	account := jointly(t, "--data", dir, "account", "add", "--email", "ann@example.org", "--council", "E07000217", "--role", "lead")
	if account.status != statusDone {
		t.Fatal(account.err)
	}
	early := jointly(t, "--data", dir, "--as-of", "2026-11-23", "succeed", "--from", "E07000217", "--to", "E07000209")
	if early.status != statusRefused || !strings.Contains(early.err, "The vesting date is 1 April 2027") {
		t.Errorf("before the day: status %d, %s", early.status, early.err)
	}
	nobody := jointly(t, "--data", dir, "succeed", "--from", "E07000217", "--to", "NEW-ATLANTIS", "--force", "it sank")
	if nobody.status != statusRefused || !strings.Contains(nobody.err, "There is no council with the code 'NEW-ATLANTIS'") {
		t.Errorf("to nobody: status %d, %s", nobody.status, nobody.err)
	}
	for range 2 {
		done := jointly(t, "--data", dir, "--as-of", "2027-04-01", "succeed", "--from", "E07000217", "--to", "E07000209")
		if done.status != statusDone || !strings.Contains(done.out, "E07000209 took the place of E07000217") {
			t.Fatalf("on the day: status %d, %s%s", done.status, done.out, done.err)
		}
	}
	if list := jointly(t, "--data", dir, "account", "list"); !strings.Contains(list.out, "ann@example.org\tlead\tE07000209") {
		t.Errorf("accounts: %s", list.out)
	}
	if v := jointly(t, "--data", dir, "verify"); v.status != statusDone {
		t.Errorf("verify: %s%s", v.out, v.err)
	}
}

func TestTheCommandUndoesAHandOverAndDoesWhatIsDue(t *testing.T) {
	dir := t.TempDir()
	on := func(day string, args ...string) outcome {
		t.Helper()
		return jointly(t, append([]string{"--data", dir, "--as-of", day}, args...)...)
	}
	for _, wrong := range [][]string{{"succeed"}, {"succeed", "--from", "E07000217"}, {"succeed", "--due", "--from", "E07000217"}, {"succeed", "--undo"}, {"succeed", "--undo", "--from", "E07000217"},
		{"succeed", "--undo", "--from", "E07000217", "--to", "E07000209", "--why", "x"}} {
		if o := on("2027-04-01", wrong...); o.status != statusUsage {
			t.Errorf("%v: status %d, %s", wrong, o.status, o.err)
		}
	}
	if o := on("2027-04-01", "succeed", "--undo", "--from", "E07000217", "--why", "never done"); o.status != statusRefused {
		t.Errorf("undoing what was not done: status %d, %s", o.status, o.err)
	}
	if o := on("2027-03-10", "account", "add", "--email", "ann@woking.gov.uk", "--council", "E07000217", "--role", "lead"); o.status != statusDone {
		t.Fatal(o.err)
	}
	// No West Surrey is here: all of Surrey waits for the operator, and nothing is handed over.
	due := on("2027-04-01", "succeed", "--due")
	if due.status != statusDone || strings.Count(due.out, "waits for a decision") != 12 || strings.Contains(due.out, "took the place") {
		t.Errorf("what is due: status %d, %s%s", due.status, due.out, due.err)
	}
	if o := on("2027-04-01", "succeed", "--from", "E07000217", "--to", "E07000209"); o.status != statusDone {
		t.Fatal(o.err)
	}
	undone := on("2027-04-02", "succeed", "--undo", "--from", "E07000217", "--why", "the wrong council")
	if undone.status != statusDone || !strings.Contains(undone.out, "Undone: E07000217 has back what was handed over to E07000209; 1 record.") {
		t.Errorf("undone: status %d, %s%s", undone.status, undone.out, undone.err)
	}
	if list := on("2027-04-02", "account", "list"); !strings.Contains(list.out, "ann@woking.gov.uk\tlead\tE07000217") {
		t.Errorf("accounts: %s", list.out)
	}
	if v := on("2027-04-02", "verify"); v.status != statusDone {
		t.Errorf("verify: %s%s", v.out, v.err)
	}
}
