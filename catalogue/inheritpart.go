package catalogue

import "slices"

// What the records of a group's room name of councils. What is closed or happened stays as it was said: the old council
// has a page that says what took its place.

// inheritEntry makes the entry of one council, in a list that holds one a council, that of another. Where the other has
// its own already, that stands.
func inheritEntry[T any](list *[]T, from, to string, council func(*T) *string) bool {
	entry := func(code string) int {
		return slices.IndexFunc(*list, func(t T) bool { return *council(&t) == code })
	}
	at := entry(from)
	switch {
	case at < 0:
		return false
	case entry(to) >= 0:
		*list = slices.Delete(slices.Clone(*list), at, at+1)
	default:
		*list = slices.Clone(*list)
		*council(&(*list)[at]) = to
	}
	return true
}

func (r *Requirement) inherit(from, to string) bool {
	changed := renames(from, to, &r.Council)
	changed = inheritEntry(&r.Positions, from, to, func(p *MemberPosition) *string { return &p.Council }) || changed
	return inheritEntry(&r.Agreed, from, to, func(a *Agreement) *string { return &a.Council }) || changed
}

func (d *Decision) inherit(from, to string) bool {
	if d.Outcome != nil {
		return false
	}
	changed := renames(from, to, &d.Council)
	return inheritEntry(&d.Votes, from, to, func(v *Vote) *string { return &v.Council }) || changed
}

func (p *Paper) inherit(from, to string) bool { return renames(from, to, &p.Council) }

func (s *Saving) inherit(from, to string) bool {
	if !renames(from, to, &s.Council) {
		return false
	}
	s.ID = savingID(s.Group, to)
	return true
}

func (v *Verdict) inherit(from, to string) bool {
	if !renames(from, to, &v.Council) {
		return false
	}
	v.ID = verdictID(to, v.A, v.B)
	return true
}
