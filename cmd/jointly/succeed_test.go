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
