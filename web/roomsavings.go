package web

import (
	"context"

	"jointly/catalogue"
	"jointly/web/view"
)

// roomSavings is the section of a room about savings, with the way to the group's papers. Template room-savings.
type roomSavings struct {
	Ledger view.Table
	Totals []string
	Change view.Link
	Papers []view.Link
}

// roomSavings reads the section for a member; nil for a council that is only asked, and in a group that was given up.
func (s *site) roomSavings(ctx context.Context, actor catalogue.Actor, r *catalogue.Room) (*roomSavings, error) {
	g := r.Group
	if g.Stage == catalogue.Abandoned || r.Mine != nil && r.Mine.State != catalogue.Accepted {
		return nil, nil
	}
	l, err := s.Catalogue.Savings(ctx, actor, g.ID)
	if err != nil {
		return nil, err
	}
	v := &roomSavings{Totals: ledgerWords(l), Change: view.Link{Text: "State our figures", Href: pagePath(catalogue.KindGroup, g.ID) + "/savings"}}
	if l.Mine != nil {
		v.Change.Text = "Change our figures"
	}
	if l.Baselines+l.Forecasts+l.Actuals > 0 {
		v.Ledger = *gridTable(ledgerGrid(l))
	}
	for _, p := range paperLinks(g.ID) {
		if p.Href != v.Change.Href {
			v.Papers = append(v.Papers, p)
		}
	}
	return v, nil
}
