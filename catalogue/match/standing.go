package match

import (
	"cmp"
	"math"
	"slices"
)

// settle puts standing groups in place, confirmed ones first, and tries the
// needs that are in none on them.
func (c *clustering) settle(standing []Standing) {
	type known struct {
		id        string
		members   []int
		confirmed bool
		shut      bool
	}
	groups := make([]known, len(standing))
	for k, st := range standing {
		groups[k] = known{st.ID, c.numbers(st.Refs), st.Confirmed, st.Shut}
	}
	slices.SortStableFunc(groups, func(a, b known) int {
		if a.confirmed != b.confirmed {
			if a.confirmed {
				return -1
			}
			return 1
		}
		return cmp.Or(slices.Compare(a.members, b.members), cmp.Compare(a.id, b.id))
	})
	taken := make([]bool, len(c.needs))
	fixedOf := make([]*confirmed, len(c.needs))
	told := make(map[*cluster]bool)
	for _, g := range groups {
		members := slices.DeleteFunc(g.members, func(i int) bool { return taken[i] })
		if g.confirmed && len(members) > 0 {
			f := &confirmed{id: g.id, members: members}
			c.fixed = append(c.fixed, f)
			for _, i := range members {
				c.out[i], taken[i] = true, true
				if !g.shut {
					fixedOf[i] = f
				}
			}
		} else if cl := c.restore(members); cl != nil {
			told[cl] = true
			for _, i := range cl.members {
				c.told[i], taken[i] = true, true
			}
		}
	}
	if len(c.fixed)+len(told) == 0 {
		return
	}
	for i := range c.needs {
		if !c.out[i] && !taken[i] {
			c.join(i, fixedOf, told)
		}
	}
}

// numbers gives the needs behind refs, in order; those not here are left out.
func (c *clustering) numbers(refs []string) []int {
	var out []int
	for _, ref := range refs {
		if i, ok := c.index[ref]; ok {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// restore makes a cluster of a suggestion's members without those that are
// vetoed by now; nil when no group is left, or one that does not reach the
// threshold any more.
func (c *clustering) restore(members []int) *cluster {
	members = slices.DeleteFunc(slices.Clone(members), func(i int) bool { return c.out[i] })
	for len(members) > MaxGroup || c.vetoed(members) {
		worst := slices.MinFunc(members, func(i, j int) int { return c.compareTies(i, j, members) })
		members = slices.DeleteFunc(members, func(i int) bool { return i == worst })
	}
	if len(members) < MinGroup {
		return nil
	}
	var sum float64
	for _, i := range members {
		sum += c.tie(i, members)
	}
	if sum < 0 {
		return nil
	}
	cl := &cluster{}
	for _, i := range members {
		c.move(i, cl)
	}
	return cl
}

func (c *clustering) vetoed(members []int) bool {
	return slices.ContainsFunc(members, func(i int) bool { return math.IsInf(c.tie(i, members), -1) })
}

// compareTies puts first whoever more members exclude, then whoever gains less
// with the rest.
func (c *clustering) compareTies(i, j int, members []int) int {
	vetoesI, sumI := c.standing(i, members)
	vetoesJ, sumJ := c.standing(j, members)
	return cmp.Or(cmp.Compare(vetoesJ, vetoesI), cmp.Compare(sumI, sumJ), cmp.Compare(j, i))
}

func (c *clustering) standing(i int, members []int) (vetoes int, sum float64) {
	for _, j := range members {
		if i == j {
			continue
		}
		if gain := c.gain(i, j); math.IsInf(gain, -1) {
			vetoes++
		} else {
			sum += gain
		}
	}
	return vetoes, sum
}

// join tries a need on the standing groups: no veto, and a mean of at least
// the threshold, so that it reaches the threshold with one member at least. The
// best takes it; if that is confirmed, it is only noted there for people to
// decide.
func (c *clustering) join(i int, fixedOf []*confirmed, told map[*cluster]bool) {
	var fixed []*confirmed
	var suggested []*cluster
	for _, near := range [][]int{c.near[i], c.level[i]} {
		for _, j := range near {
			if f := fixedOf[j]; f != nil && !slices.Contains(fixed, f) {
				fixed = append(fixed, f)
			}
			if cl := c.of[j]; told[cl] && !slices.Contains(suggested, cl) {
				suggested = append(suggested, cl)
			}
		}
	}
	slices.SortFunc(fixed, func(a, b *confirmed) int { return cmp.Compare(a.members[0], b.members[0]) })
	slices.SortFunc(suggested, func(a, b *cluster) int { return cmp.Compare(a.members[0], b.members[0]) })
	var group *confirmed
	var into *cluster
	best := math.Inf(-1)
	for _, f := range fixed {
		if mean := c.tie(i, f.members) / float64(len(f.members)); len(f.members) < MaxGroup && mean >= 0 && mean > best+least {
			group, best = f, mean
		}
	}
	for _, cl := range suggested {
		if mean := c.tie(i, cl.members) / float64(len(cl.members)); len(cl.members) < MaxGroup && mean >= 0 && mean > best+least {
			into, best = cl, mean
		}
	}
	switch {
	case into != nil:
		c.move(i, into)
	case group != nil:
		group.joining = append(group.joining, fit{i, best})
		c.out[i] = true
	}
}
