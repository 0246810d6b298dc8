package match

import (
	"cmp"
	"math"
	"slices"
)

// clustering is correlation clustering with vetoes under way: it looks for the
// division into groups with the greatest sum of (points - threshold) over the
// pairs inside, by best moves in the needs' order. Needs are numbered in that
// order.
type clustering struct {
	scorer *Scorer
	needs  []*Profile
	index  map[string]int
	// gains caches what a pair adds inside one group; -Inf is a veto.
	gains gainTable
	// near lists the needs with which a pair gains something, in order; level
	// those with which it is just at the threshold.
	near, level [][]int

	of    []*cluster
	told  []bool // in a suggestion that somebody was told of
	out   []bool // not to be grouped here
	moved []bool // something changed around it since its place was looked at
	fixed []*confirmed
}

// cluster is a group in the making.
type cluster struct {
	members []int // sorted
	// partner is the later cluster that it gains most by merging with, nil for
	// none; known until something changes around it.
	partner *cluster
	gain    float64
	known   bool
}

// confirmed is a group that only people change, with the needs that would fit.
type confirmed struct {
	id      string
	members []int
	joining []fit
}

type fit struct {
	need int
	mean float64
}

// least is the smallest gain that counts, above what rounding can make up.
const least = 1e-9

func newClustering(s *Scorer, needs []*Profile) *clustering {
	c := &clustering{scorer: s}
	c.needs = slices.Clone(needs)
	slices.SortFunc(c.needs, byOrder)
	c.needs = slices.CompactFunc(c.needs, func(a, b *Profile) bool { return a.need.Ref == b.need.Ref })
	n := len(c.needs)
	c.gains = newGainTable(n)
	c.index = make(map[string]int, n)
	c.near, c.level, c.of = make([][]int, n), make([][]int, n), make([]*cluster, n)
	c.told, c.out, c.moved = make([]bool, n), make([]bool, n), make([]bool, n)
	clusters, alone := make([]cluster, n), make([]int, n)
	for i, p := range c.needs {
		c.index[p.need.Ref] = i
		alone[i] = i
		clusters[i].members = alone[i : i+1 : i+1]
		c.of[i] = &clusters[i]
		c.out[i], c.moved[i] = p.need.Private || p.need.Closed, true
	}
	return c
}

// pair takes over a pair that is scored already.
func (c *clustering) pair(p *Pair) {
	i, okA := c.index[p.A]
	j, okB := c.index[p.B]
	if !okA || !okB || i == j {
		return
	}
	if p.Repeats {
		c.out[max(i, j)] = true // the second listing stands back for the first
	}
	c.link(i, j, c.scorer.gain(p))
}

// link says what a pair adds inside one group; once for each pair.
func (c *clustering) link(i, j int, gain float64) {
	c.gains.set(i, j, gain)
	switch {
	case gain > 0:
		c.near[i] = append(c.near[i], j)
		c.near[j] = append(c.near[j], i)
	case gain == 0:
		c.level[i] = append(c.level[i], j)
		c.level[j] = append(c.level[j], i)
	}
}

// linked ends the linking.
func (c *clustering) linked() {
	for i, near := range c.near {
		slices.Sort(near)
		c.near[i] = slices.Compact(near)
	}
}

// gain is what a pair adds to the group that holds it.
func (s *Scorer) gain(p *Pair) float64 {
	if !p.Passes() {
		return math.Inf(-1)
	}
	return p.Points - s.weights.Threshold
}

func (c *clustering) gain(i, j int) float64 {
	gain, ok := c.gains.get(i, j)
	if !ok {
		gain = math.Inf(-1)
		if plainGates(c.needs[i], c.needs[j]) == 0 { // it often fails one, and the rest takes longer
			p := c.scorer.Pair(c.needs[i], c.needs[j])
			gain = c.scorer.gain(&p)
		}
		c.gains.set(i, j, gain)
	}
	return gain
}

// tie sums what one need gains with others; -Inf when any pair is vetoed.
func (c *clustering) tie(i int, members []int) float64 {
	var sum float64
	for _, j := range members {
		if j == i {
			continue
		}
		if sum += c.gain(i, j); math.IsInf(sum, -1) {
			break
		}
	}
	return sum
}

// move puts a need into a cluster, out of the one that it was in.
func (c *clustering) move(i int, to *cluster) {
	from := c.of[i]
	if from == to {
		return
	}
	from.members = slices.DeleteFunc(from.members, func(j int) bool { return j == i })
	at, _ := slices.BinarySearch(to.members, i)
	to.members = slices.Insert(to.members, at, i)
	c.of[i] = to
	for _, cl := range []*cluster{from, to} {
		cl.known = false
		for _, j := range cl.members {
			c.moved[j] = true
			for _, k := range c.near[j] {
				c.moved[k], c.of[k].known = true, false
			}
		}
	}
}

// components divides the needs that can be grouped into parts between which no
// pair gains anything: no group crosses them, and each is improved by itself.
func (c *clustering) components() [][]int {
	seen := slices.Clone(c.out)
	var out [][]int
	for i := range c.needs {
		if seen[i] {
			continue
		}
		seen[i] = true
		part := []int{i}
		for k := 0; k < len(part); k++ {
			for _, linked := range [][]int{c.near[part[k]], c.of[part[k]].members} {
				for _, j := range linked {
					if !seen[j] {
						seen[j] = true
						part = append(part, j)
					}
				}
			}
		}
		if len(part) > 1 {
			slices.Sort(part)
			out = append(out, part)
		}
	}
	return out
}

// improve moves single needs, then merges whole clusters, until nothing gains.
// Each step raises the sum, so it ends. What nothing changed around is not
// looked at again: it would stay as it is.
func (c *clustering) improve(part []int) {
	for moved := true; moved; moved = c.merge(part) {
		for c.moveEach(part) {
		}
	}
}

// moveEach gives each need in order its best place, which may be alone, and
// reports whether any moved.
func (c *clustering) moveEach(part []int) bool {
	moved := false
	for _, i := range part {
		if !c.moved[i] {
			continue
		}
		c.moved[i] = false
		stay := c.tie(i, c.of[i].members)
		var best *cluster
		var gain float64
		if c.told[i] {
			gain = worthTelling
		}
		for _, other := range c.around(i) {
			if g := c.tie(i, other.members) - stay; len(other.members) < MaxGroup && g > gain+least {
				best, gain = other, g
			}
		}
		if -stay > gain+least {
			best = &cluster{}
		}
		if best != nil {
			c.move(i, best)
			moved = true
		}
	}
	return moved
}

// around lists the clusters that hold somebody with whom a need gains, other
// than its own, by their first members.
func (c *clustering) around(i int) []*cluster {
	var found []*cluster
	for _, j := range c.near[i] {
		if !c.out[j] && c.of[j] != c.of[i] && !slices.Contains(found, c.of[j]) {
			found = append(found, c.of[j])
		}
	}
	slices.SortFunc(found, func(a, b *cluster) int { return cmp.Compare(a.members[0], b.members[0]) })
	return found
}

// merge joins the two clusters that gain most by it, and reports whether any did.
func (c *clustering) merge(part []int) bool {
	var into *cluster
	var gain float64
	for _, i := range part {
		one := c.of[i]
		if one.members[0] != i {
			continue // each cluster once
		}
		if !one.known {
			one.partner, one.gain = c.bestMerge(one)
			one.known = true
		}
		if one.partner != nil && one.gain > gain+least {
			into, gain = one, one.gain
		}
	}
	if into == nil {
		return false
	}
	for _, j := range slices.Clone(into.partner.members) {
		c.move(j, into)
	}
	return true
}

// bestMerge finds the later cluster that one gains most by merging with.
func (c *clustering) bestMerge(one *cluster) (best *cluster, gain float64) {
	for _, other := range c.later(one) {
		g, told := 0.0, false
		for _, j := range other.members {
			told = told || c.told[j]
			if g += c.tie(j, one.members); math.IsInf(g, -1) {
				break
			}
		}
		if told && g < worthTelling {
			continue
		}
		if g > gain+least {
			best, gain = other, g
		}
	}
	return best, gain
}

// later lists the clusters that could merge with this one and begin after it.
func (c *clustering) later(one *cluster) []*cluster {
	var found []*cluster
	for _, i := range one.members {
		for _, other := range c.around(i) {
			if other.members[0] > one.members[0] && len(other.members)+len(one.members) <= MaxGroup && !slices.Contains(found, other) {
				found = append(found, other)
			}
		}
	}
	return found
}

// groups gives what came out, ordered by first members.
func (c *clustering) groups() []Group {
	var out []Group
	for _, f := range c.fixed {
		g := c.scorer.MakeGroup(c.profiles(f.members))
		g.Confirmed, g.Standing = true, f.id
		slices.SortStableFunc(f.joining, func(a, b fit) int { return cmp.Compare(b.mean, a.mean) })
		for _, j := range f.joining {
			g.Joining = append(g.Joining, c.needs[j.need].need.Ref)
		}
		out = append(out, g)
	}
	for i, cl := range c.of {
		if len(cl.members) >= MinGroup && cl.members[0] == i {
			out = append(out, c.scorer.MakeGroup(c.profiles(cl.members)))
		}
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Compare(c.index[a.Refs[0]], c.index[b.Refs[0]]) })
	return out
}

func (c *clustering) profiles(members []int) []*Profile {
	out := make([]*Profile, len(members))
	for k, i := range members {
		out[k] = c.needs[i]
	}
	return out
}
