package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/web/view"
)

// comparedRow is one thing that platforms are compared by, with a cell for each.
type comparedRow struct {
	name    string
	cells   []view.Cell
	differs bool // two that state it state different things
}

// comparedRows is what platforms are compared by, in the order in which a buyer asks. What nobody states of any of them is
// left out, save what a buyer should ask for.
// region is that of the reader's own council; empty: none.
func (s *site) comparedRows(views []*catalogue.PlatformView, region string) []comparedRow {
	now, today := s.Catalogue.Now(), s.Catalogue.Today()
	var rows []comparedRow
	add := func(name string, always bool, cell func(*catalogue.PlatformView) view.Cell) {
		row := comparedRow{name: name}
		stated := map[string]bool{}
		for _, v := range views {
			c := cell(v)
			if c.Text == "" {
				c.Text, c.Muted = view.NotStated, true
			}
			if c.Text != view.NotStated {
				stated[c.Text] = true
			}
			row.cells = append(row.cells, c)
		}
		row.differs = len(stated) > 1
		if always || len(stated) > 0 {
			rows = append(rows, row)
		}
	}
	said := func(text string) view.Cell { return view.Cell{Text: sentenceCase(text)} }

	add("What it is", false, func(v *catalogue.PlatformView) view.Cell { return said(v.Platform.Summary) })
	add("What it is for", true, func(v *catalogue.PlatformView) view.Cell { return said(strings.Join(s.purposes(v.Platform), ", ")) })
	add("Supplier", true, func(v *catalogue.PlatformView) view.Cell {
		cell := view.Cell{Text: v.Platform.Supplier}
		if v.Platform.SupplierID != "" {
			cell.Href = pagePath(catalogue.KindSupplier, v.Platform.SupplierID)
		}
		return cell
	})
	add("Councils seen using it", true, func(v *catalogue.PlatformView) view.Cell {
		cell := seenCell(seenUsing(v))
		cell.Numeric = false
		return cell
	})
	if region != "" {
		add("In your region, "+region, true, func(v *catalogue.PlatformView) view.Cell { return regionCell(v, region) })
	}
	add("Used since", false, func(v *catalogue.PlatformView) view.Cell { return sinceCell(firstUse(counted(v))) })
	add("Licence", true, func(v *catalogue.PlatformView) view.Cell { return said(v.Platform.Licence) })
	add("Exit and data return", true, func(v *catalogue.PlatformView) view.Cell { return said(v.Platform.Exit) })
	add("Hosting", true, func(v *catalogue.PlatformView) view.Cell { return said(v.Platform.Hosting) })
	add("APIs and standards", true, func(v *catalogue.PlatformView) view.Cell { return said(view.Sentence(v.Platform.Standards)) })
	add("Published contract values", true, func(v *catalogue.PlatformView) view.Cell { return valuesCell(counted(v)) })
	add("Next contract end", true, func(v *catalogue.PlatformView) view.Cell { return nextEndCell(counted(v), now, today) })
	add("How well its record is kept", true, func(v *catalogue.PlatformView) view.Cell {
		b := keptBadge(v.Record(today))
		return view.Cell{Text: b.Tag.Text + ": " + lowerFirst(b.Says)}
	})
	add("Ways to buy", true, func(v *catalogue.PlatformView) view.Cell { return waysCell(v, today) })
	add("What users say", false, func(v *catalogue.PlatformView) view.Cell { return adviceCell(v.Uses) })
	return rows
}

func (s *site) purposes(p *catalogue.Platform) []string {
	var names []string
	for _, id := range p.Capabilities {
		names = append(names, s.capabilityName(id))
	}
	return names
}

// regionCell counts and names the councils of a region.
func regionCell(v *catalogue.PlatformView, region string) view.Cell {
	var names []string
	for _, row := range counted(v) {
		if row.Council.Region == region {
			names = append(names, row.Council.Label())
		}
	}
	if len(names) == 0 {
		return view.Cell{Text: "none seen", Muted: true}
	}
	const few = 5
	cell := view.Cell{Text: view.Plural(len(names), "council", "councils"), Note: strings.Join(names[:min(len(names), few)], ", ")}
	if len(names) > few {
		cell.Note += " and " + view.Number(len(names)-few) + " more"
	}
	return cell
}

func sinceCell(d catalogue.Date) view.Cell {
	if d.IsZero() {
		return view.Cell{}
	}
	return view.Cell{Text: view.Date(d)}
}

func firstUse(uses []catalogue.UseRow) (first catalogue.Date) {
	for _, row := range uses {
		if since := row.Use.Since; !since.IsZero() && (first.IsZero() || since.Before(first)) {
			first = since
		}
	}
	return first
}

// valuesCell is the range of what contracts were published at, with how many there are and how long they run.
func valuesCell(uses []catalogue.UseRow) view.Cell {
	var low, high float64
	var terms []string
	n := 0
	for _, row := range uses {
		k := row.Contract
		if k == nil || k.Value <= 0 || k.FrameworkCeiling() {
			continue
		}
		if n++; low == 0 || k.Value < low {
			low = k.Value
		}
		high = max(high, k.Value)
		if term := termWords(k); term != "" && !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	if n == 0 {
		return view.Cell{}
	}
	return view.Cell{Text: budget(catalogue.Money{Min: low, Max: high}), Note: joined(append([]string{"of " + view.Plural(n, "contract", "contracts")}, terms[:min(len(terms), 3)]...))}
}

func nextEndCell(uses []catalogue.UseRow, now, today time.Time) view.Cell {
	for _, row := range uses { // soonest first
		if k := row.Contract; k != nil && !k.End.IsZero() && !k.Ended(today) {
			cell := endCell(now, k)
			cell.Href, cell.Note = pagePath(catalogue.KindContract, k.ID), joined([]string{row.Council.Label(), cell.Note})
			return cell
		}
	}
	return view.Cell{}
}

// waysCell names the frameworks that are open and cover what a platform is for, those that it was bought through first.
func waysCell(v *catalogue.PlatformView, today time.Time) view.Cell {
	var names []string
	for _, way := range v.Ways {
		if way.Framework.State(today) == catalogue.FrameworkOpen {
			names = append(names, way.Framework.Name)
		}
	}
	if len(names) == 0 {
		return view.Cell{Text: "none on record that is open", Muted: true}
	}
	const few = 4
	cell := view.Cell{Text: strings.Join(names[:min(len(names), few)], ", "), Href: pagePath(catalogue.KindPlatform, v.Platform.ID) + "#ways", Note: "covers this need; check its list of suppliers"}
	if len(names) > few {
		cell.Text += " and " + view.Number(len(names)-few) + " more"
	}
	return cell
}

// adviceCell quotes what councils say to know before buying, as far as the reader may see it.
func adviceCell(uses []catalogue.UseRow) view.Cell {
	var said []string
	for _, row := range uses {
		if row.Use.Advice != "" {
			said = append(said, row.Council.Label()+": ‘"+row.Use.Advice+"’")
		}
	}
	const few = 3
	return view.Cell{Text: strings.Join(said[:min(len(said), few)], " ")}
}

// ownRegion is the region of the reader's council; empty: it reads for none.
func (s *site) ownRegion(ctx context.Context, actor catalogue.Actor) (string, error) {
	if actor.OrgKind != catalogue.OrgCouncil {
		return "", nil
	}
	found, err := s.councilsBy(ctx, actor, []string{actor.Org})
	if err != nil || found[actor.Org] == nil {
		return "", err
	}
	return found[actor.Org].Region, nil
}
