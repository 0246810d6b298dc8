package catalogue_test

import (
	"context"
	"testing"

	"jointly/catalogue"
)

// A council that is only asked has not agreed that its months stand on a card.
func TestTheCardShowsNothingOfWhoIsOnlyAsked(t *testing.T) {
	ctx := context.Background()
	c := opened(t)
	a, b := officer(birmingham, catalogue.RoleLead), officer(coventry, catalogue.RoleLead)
	mine := must[*catalogue.Intention](t)(c.SaveIntention(ctx, a, intention(birmingham, "Revenues system")))
	other := intention(coventry, "Local taxation")
	other.WindowStart, other.WindowEnd = catalogue.MustDate("2027-06-03"), catalogue.MustDate("2027-09-11")
	theirs := must[*catalogue.Intention](t)(c.SaveIntention(ctx, b, other))
	g := must[*catalogue.BuyingGroup](t)(c.ProposeGroup(ctx, a, catalogue.Proposal{Intention: mine.ID, Partners: []string{theirs.ID}, Card: catalogue.Public}))
	if g.WindowStart != theirs.WindowStart || g.WindowEnd != theirs.WindowEnd {
		t.Errorf("the room says %v to %v", g.WindowStart, g.WindowEnd)
	}
	card := must[*catalogue.BuyingGroup](t)(c.Group(ctx, catalogue.Anonymous(), g.ID))
	if card.WindowStart != mine.WindowStart || card.WindowEnd != mine.WindowEnd {
		t.Errorf("the card says %v to %v: want the proposer's own months alone", card.WindowStart, card.WindowEnd)
	}
	must[*catalogue.BuyingGroup](t)(c.AnswerInvitation(ctx, b, g.ID, true, ""))
	card = must[*catalogue.BuyingGroup](t)(c.Group(ctx, catalogue.Anonymous(), g.ID))
	if card.WindowStart != theirs.WindowStart || card.WindowEnd != theirs.WindowEnd {
		t.Errorf("after it accepted the card says %v to %v", card.WindowStart, card.WindowEnd)
	}
}
