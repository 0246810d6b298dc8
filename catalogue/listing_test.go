package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
)

// faults is the fields that an error names, in its order.
func faults(err error) []string {
	var out []string
	for _, f := range catalogue.FieldsOf(err) {
		out = append(out, f.Field)
	}
	return out
}

func TestAWindowThatIsOverIsRefusedWhereItIsTyped(t *testing.T) {
	c, a := opened(t), officer(birmingham, catalogue.RoleLead)
	in := intention(birmingham, "Revenues system")
	in.WindowStart, in.WindowEnd = catalogue.MustDate("2025-01-01"), catalogue.MustDate("2026-11-22")
	if _, err := c.SaveIntention(t.Context(), a, in); !slices.Equal(faults(err), []string{"window_end"}) {
		t.Errorf("yesterday is the latest: %v", err)
	}
	in.ID = "from-a-file"
	old := in
	imports(t, c, &old)
	in.Title, in.Version = "Revenues", old.Version
	saved, err := c.SaveIntention(t.Context(), a, in)
	if err != nil {
		t.Fatalf("dates that were there before: %v", err)
	}
	in = *saved
	in.WindowStart = catalogue.MustDate("2025-02-01")
	if _, err := c.SaveIntention(t.Context(), a, in); !slices.Equal(faults(err), []string{"window_end"}) {
		t.Errorf("other dates that are over: %v", err)
	}
	in.WindowEnd = catalogue.MustDate("2026-11")
	if _, err := c.SaveIntention(t.Context(), a, in); err != nil {
		t.Errorf("this month: %v", err)
	}
}

func TestCheckingSaysAllAndStoresNothing(t *testing.T) {
	c, a := opened(t), officer(birmingham, catalogue.RoleLead)
	in := intention(birmingham, "Revenues system")
	in.ID = "mine"
	if err := c.CheckIntention(t.Context(), a, in); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
	if _, err := c.Intention(t.Context(), a, "mine"); catalogue.KindOf(err) != catalogue.NotFound {
		t.Error("checking stores")
	}
	in.Title, in.Description, in.Budget.Min, in.LeadMonths = "", strings.Repeat("x", 10_001), 900_000, -1
	in.WindowStart, in.WindowEnd = catalogue.MustDate("2025-01-01"), catalogue.MustDate("2025-12-31")
	err := c.CheckIntention(t.Context(), a, in)
	if got := faults(err); !slices.Equal(got, []string{"title", "description", "budget_max", "lead_months", "window_end"}) {
		t.Errorf("wrong are %v", err)
	}
	if !strings.Contains(err.Error(), "Description must be 10,000 characters or fewer") {
		t.Errorf("the message does not name its field: %v", err)
	}
	if err := c.CheckIntention(t.Context(), officer(coventry, catalogue.RoleLead), in); catalogue.KindOf(err) != catalogue.Forbidden {
		t.Errorf("another council: %v", err)
	}
}

func TestACouncilsSecondListingIsFound(t *testing.T) {
	c, a := opened(t), officer(birmingham, catalogue.RoleLead)
	first := listed(t, c, intention(birmingham, "Revenues and benefits system"))
	listed(t, c, intention(coventry, "Revenues and benefits system"))
	for title, want := range map[string]int{"Revenues & benefits system": 1, "Benefits and revenues": 1, "Enforcement agents": 0} {
		got, err := c.Repeated(t.Context(), a, intention(birmingham, title))
		if err != nil || len(got) != want || want == 1 && got[0].ID != first.ID {
			t.Errorf("%q repeats %v, %v; want %d", title, got, err, want)
		}
	}
	if got, _ := c.Repeated(t.Context(), a, *first); len(got) != 0 {
		t.Error("an intention repeats itself")
	}
}

func TestADeadlineToJoinLiesAhead(t *testing.T) {
	c, a := opened(t), officer(birmingham, catalogue.RoleLead)
	mine, theirs := listed(t, c, intention(birmingham, "Revenues")), listed(t, c, intention(coventry, "Revenues"))
	p := catalogue.Proposal{Intention: mine.ID, Partners: []string{theirs.ID}, OpenToJoin: true, JoinBy: catalogue.MustDate("2026-11-23")}
	if _, err := c.ProposeGroup(t.Context(), a, p); !slices.Equal(faults(err), []string{"join_by"}) {
		t.Errorf("today: %v", err)
	}
	p.JoinBy = catalogue.MustDate("2026-11-24")
	if _, err := c.ProposeGroup(t.Context(), a, p); err != nil {
		t.Errorf("tomorrow: %v", err)
	}
}
