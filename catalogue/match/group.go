package match

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Group is a suggestion that councils buy together, or what became of one.
type Group struct {
	// ID comes from the sorted refs: the same members are the same group.
	ID string
	// Refs of the members in order.
	Refs []string
	// Window in which all members can tender. Windows that overlap pairwise
	// have a stretch in common, so this is never empty.
	Window Window
	// Points are the mean over all pairs of members, in tenths: they compare
	// with the threshold whatever the size.
	Points float64
	// Confirmed groups are people's: nothing here changes them.
	Confirmed bool
	// Standing is the ID of the standing group that a confirmed one is.
	Standing string
	// Joining are needs outside a confirmed group that would fit into it, best
	// first. They are not grouped otherwise.
	Joining []string
}

// The sizes that a group can have.
const (
	MinGroup = 2
	MaxGroup = 8
)

// Standing is a group that somebody knows of already.
type Standing struct {
	// ID by which whoever formed the group knows it; may be empty.
	ID   string
	Refs []string
	// Confirmed by people; otherwise it is a suggestion that somebody was told
	// of, which changes only for a gain worth telling.
	Confirmed bool
	// Shut: nobody can come in any more.
	Shut bool
}

// worthTelling is what a change to a suggestion that somebody was told of must
// gain, in points summed over pairs.
const worthTelling = 1.5

// Group suggests groups among needs. Pairs are the candidates to look at
// (scored by Pair; those that fail a gate or stay at the threshold don't
// matter); a pair that is missing is scored when two needs come into question
// for one group. Standing groups come first: a need that is in none is tried
// on them before it is grouped with others. The result is the same for any
// order of needs and pairs, and is ordered by the groups' first members.
func (s *Scorer) Group(needs []*Profile, pairs []Pair, standing []Standing) []Group {
	c := newClustering(s, needs)
	for i := range pairs {
		c.pair(&pairs[i])
	}
	c.linked()
	return c.grouped(standing)
}

// grouped is what clustering comes to, standing groups first.
func (c *clustering) grouped(standing []Standing) []Group {
	c.settle(standing)
	for _, members := range c.components() {
		c.improve(members)
	}
	return c.groups()
}

// MakeGroup is the group of these needs as it stands, whoever formed it.
func (s *Scorer) MakeGroup(members []*Profile) Group {
	members = slices.Clone(members)
	slices.SortFunc(members, byOrder)
	g := Group{Refs: make([]string, len(members))}
	var sum float64
	for i, m := range members {
		g.Refs[i] = m.need.Ref
		if i == 0 {
			g.Window = m.window
		} else {
			g.Window = g.Window.Shared(m.window)
		}
		for _, other := range members[:i] {
			sum += s.Pair(m, other).Points
		}
	}
	if n := len(members); n > 1 {
		g.Points = tenths(sum / float64(n*(n-1)/2))
	}
	g.ID = groupID(g.Refs)
	return g
}

// groupID depends on the refs alone, in whatever order.
func groupID(refs []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(refs)), "\n")))
	return hex.EncodeToString(sum[:8])
}
