package catalogue

import (
	"cmp"
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// Matrix is what a group needs and where its members stand on it.
type Matrix struct {
	Group    *BuyingGroup
	Members  []*Council     // that have accepted, in the order asked
	Lines    []*Requirement // those that stand: conflicts first, then open, then agreed; each in order of number
	LeftOut  []*Requirement
	Listed   []ListedMust // what members' intentions ask for and no line says yet
	Withheld int          // musts of the actor's own intention that are kept to its council, and so stay out of the group
	Room     int          // how many lines can be added
}

// ListedMust is a must of members' intentions, in the words of the first.
type ListedMust struct {
	Text     string
	Councils []string // whose intentions say that they must have it
	Should   []string // that they should
}

// In lists the codes of the councils whose positions count.
func (m *Matrix) In() []string { return m.Group.accepted() }

// Count is how many lines are in a state.
func (m *Matrix) Count(state RequirementState) int {
	n := 0
	for _, r := range m.Lines {
		if r.State(m.In()) == state {
			n++
		}
	}
	return n
}

// Member is a council of the matrix; nil where it is not in it.
func (m *Matrix) Member(code string) *Council {
	for _, c := range m.Members {
		if c.GSS == code {
			return c
		}
	}
	return nil
}

// Matrix reads what a group needs. NotFound for whoever has not accepted.
func (c *Catalogue) Matrix(ctx context.Context, actor Actor, group string) (*Matrix, error) {
	var m *Matrix
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		m = &Matrix{}
		if m.Group, err = c.roomOfMembers(tx, actor, group); err != nil {
			return err
		}
		if m.Members, err = c.councilsIn(tx, m.In()); err != nil {
			return err
		}
		lines, err := c.requirementsOf(tx, actor, group)
		if err != nil {
			return err
		}
		m.Room = max(0, maxLines-nextLine(lines)+1)
		m.sort(lines)
		m.Listed, m.Withheld, err = c.listedMusts(tx, actor, m.Group, lines)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// sort puts what needs attention first.
func (m *Matrix) sort(lines []*Requirement) {
	in := m.In()
	order := []RequirementState{LineConflict, LineOpen, LineAgreed}
	for _, r := range lines {
		if r.LeftOut != nil {
			m.LeftOut = append(m.LeftOut, r)
		} else {
			m.Lines = append(m.Lines, r)
		}
	}
	slices.SortStableFunc(m.Lines, func(a, b *Requirement) int {
		return cmp.Compare(slices.Index(order, a.State(in)), slices.Index(order, b.State(in)))
	})
}

// listedMusts gathers the musts and shoulds of the intentions that members bring, as every member may see them. Those of several
// councils that differ in case and punctuation alone are one; what the lines say already is left out. What is shared by
// most comes first.
func (c *Catalogue) listedMusts(tx kv.Tx, actor Actor, g *BuyingGroup, lines []*Requirement) (out []ListedMust, withheld int, err error) {
	there := saidBy(lines)
	for _, r := range lines { // a must that was taken over and then worded anew is not asked for a second time
		there[nameKey(r.First)] = true
	}
	at := map[string]int{}
	in := g.accepted()
	for _, m := range g.Members {
		if m.State != Accepted {
			continue
		}
		item, err := readItem(tx, Key{KindIntention, m.Intention})
		if err != nil {
			return nil, 0, err
		}
		brought, ok := item.(*Intention)
		if !ok {
			continue
		}
		seen, ok := brought.through(actor, in)
		if !ok {
			continue
		}
		// The council itself sees its own musts whoever they are for; the others would read them in the lines.
		if narrower(brought.Visibility, brought.Fields.Musts) == Own {
			withheld += len(seen.Musts) + len(seen.Shoulds)
			continue
		}
		for n, asked := range slices.Concat(seen.Musts, seen.Shoulds) {
			key := nameKey(asked)
			if there[key] || key == "" {
				continue
			}
			i, ok := at[key]
			if !ok {
				i, at[key] = len(out), len(out)
				out = append(out, ListedMust{Text: asked})
			}
			if slices.Contains(out[i].Councils, m.Council) || slices.Contains(out[i].Should, m.Council) {
				continue
			}
			if n < len(seen.Musts) {
				out[i].Councils = append(out[i].Councils, m.Council)
			} else {
				out[i].Should = append(out[i].Should, m.Council)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b ListedMust) int {
		return cmp.Or(cmp.Compare(len(b.Councils)+len(b.Should), len(a.Councils)+len(a.Should)), cmp.Compare(len(b.Councils), len(a.Councils)))
	})
	return out, withheld, nil
}

// BeginRequirements makes lines of what the members' intentions ask for, each with the position of those that ask
// for it, as many as there is room for, and returns how many are new. A second time adds nothing.
func (c *Catalogue) BeginRequirements(ctx context.Context, actor Actor, group string) (added int, err error) {
	m, err := c.Matrix(ctx, actor, group)
	if err != nil {
		return 0, err
	}
	var wanted []wantedLine
	for _, must := range m.Listed[:min(len(m.Listed), m.Room)] {
		wanted = append(wanted, wantedLine{must.Text, must.Councils, must.Should})
	}
	return c.addLines(ctx, actor, group, "took the line over from the members' intentions", wanted)
}

// RequirementView is one line with what its page shows.
type RequirementView struct {
	Line    *Requirement
	Group   *BuyingGroup
	Members []*Council // that have accepted, in the order asked
	Names   map[string]string
}

// Requirement reads one line. NotFound for whoever has not accepted.
func (c *Catalogue) Requirement(ctx context.Context, actor Actor, group, id string) (*RequirementView, error) {
	var v *RequirementView
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		v = &RequirementView{Names: map[string]string{}}
		if v.Group, err = c.roomOfMembers(tx, actor, group); err != nil {
			return err
		}
		if v.Line, err = loadPart[*Requirement](c, tx, actor, KindRequirement, group, id); err != nil {
			return err
		}
		if v.Members, err = c.councilsIn(tx, v.Group.accepted()); err != nil {
			return err
		}
		for _, e := range v.Line.History { // those that left are named in the history
			if v.Names[e.Council], err = c.label(tx, e.Council); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}
