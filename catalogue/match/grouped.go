package match

import (
	"math"
	"slices"
)

// group suggests groups among the needs of one part.
func (m *model) group(members []int32) []placed {
	if len(members) < MinGroup && len(m.known.of[m.nodes[members[0]].id()]) == 0 {
		return nil
	}
	profiles, ids := make([]*Profile, len(members)), make([]string, len(members))
	for i, slot := range members {
		profiles[i], ids[i] = m.nodes[slot].profile, m.nodes[slot].id()
	}
	c := newClustering(m.scorer, profiles)
	number := make(map[int32]int, len(members))
	for i, slot := range members {
		number[slot] = c.index[ids[i]]
	}
	for _, slot := range members {
		i := number[slot]
		c.out[i] = c.out[i] || m.standsBack(slot)
		for _, e := range m.nodes[slot].edges {
			if j, ok := number[e.to]; ok && i < j {
				c.link(i, j, m.gain(e))
			}
		}
		for other := range m.known.apart[m.nodes[slot].id()] {
			if j, ok := c.index[other]; ok {
				c.gains.set(i, j, math.Inf(-1))
			}
		}
	}
	c.linked()
	groups := c.grouped(m.known.settled(ids))
	out := make([]placed, len(groups))
	for i := range groups {
		out[i] = placed{&groups[i], m.nodes[m.blocks.slotOf[groups[i].Refs[0]]].profile}
	}
	return out
}

// placed is a group with its first member, which says where it stands among all.
type placed struct {
	group *Group
	first *Profile
}

func byFirst(a, b placed) int { return byOrder(a.first, b.first) }

// grouped is the groups of all parts, ordered by their first members.
type grouped struct {
	list   []*Group // for readers, who keep what they got
	places []placed
	parts  []*portion // of each group
}

// replace takes over the groups of new parts and leaves out those of parts that are gone.
func (g *grouped) replace(parts []*portion) {
	var fresh []placed
	of := map[*Group]*portion{}
	for _, p := range parts {
		for _, at := range p.groups {
			fresh = append(fresh, at)
			of[at.group] = p
		}
	}
	slices.SortFunc(fresh, byFirst)
	room := len(g.list) + len(fresh)
	merged := grouped{make([]*Group, 0, room), make([]placed, 0, room), make([]*portion, 0, room)}
	from := 0
	for _, at := range fresh {
		upTo, _ := slices.BinarySearchFunc(g.places[from:], at, byFirst)
		merged.keep(g, from, from+upTo)
		merged.list, merged.places, merged.parts = append(merged.list, at.group), append(merged.places, at), append(merged.parts, of[at.group])
		from += upTo
	}
	merged.keep(g, from, len(g.list))
	*g = merged
}

// keep takes over what stands in a stretch of another list, but for parts that are gone.
func (g *grouped) keep(of *grouped, from, to int) {
	for i := from; i < to; {
		end := i
		for end < to && !of.parts[end].gone {
			end++
		}
		g.list, g.places, g.parts = append(g.list, of.list[i:end]...), append(g.places, of.places[i:end]...), append(g.parts, of.parts[i:end]...)
		for i = end; i < to && of.parts[i].gone; {
			i++
		}
	}
}
