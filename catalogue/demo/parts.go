package demo

import (
	"fmt"
	"slices"

	"jointly/catalogue"
)

// What stands in the rooms of groups: lines of what they need, decisions, papers.

// group is a group of the demonstration by its reference.
func (b *builder) group(ref string) (*catalogue.BuyingGroup, error) {
	for i := range b.out.Groups {
		if b.out.Groups[i].ID == id("demo", ref) {
			return &b.out.Groups[i], nil
		}
	}
	return nil, fmt.Errorf("unknown group %q", ref)
}

// part is the Part of a record of a group, which councils that have accepted alone can have to do with.
func (b *builder) part(group, ref string, councils ...string) (catalogue.Part, error) {
	g, err := b.group(group)
	if err != nil {
		return catalogue.Part{}, err
	}
	for _, code := range councils {
		if m, _ := g.Member(code); m.State != catalogue.Accepted {
			return catalogue.Part{}, fmt.Errorf("%s has not accepted %s", code, group)
		}
	}
	return catalogue.Part{Meta: catalogue.Meta{ID: id("demo", ref)}, Group: g.ID, Demonstration: true}, nil
}

func (b *builder) readRequirements() error {
	return readLines("requirements.jsonl", func(l requirementLine) error {
		councils := []string{l.Council}
		r := catalogue.Requirement{Line: l.Line, Text: l.Text, First: l.Text, Note: l.Note, Council: l.Council, Edition: 1,
			History: []catalogue.LineEvent{{Council: l.Council, What: "added the line", At: b.ago(l.Added)}}}
		for _, p := range l.Positions {
			councils = append(councils, p.Council)
			r.Positions = append(r.Positions, catalogue.MemberPosition{Council: p.Council, Position: catalogue.Position(p.Position), Comment: p.Comment, At: b.ago(p.Said)})
			r.History = append(r.History, catalogue.LineEvent{Council: p.Council, What: "said: " + p.Position, At: b.ago(p.Said)})
		}
		if l.Was != "" {
			r.First, r.Edition, r.Worded = l.Was, 2, b.ago(l.Worded)
			r.History = append(r.History, catalogue.LineEvent{Council: l.Council, What: "changed the text", Was: l.Was, At: r.Worded})
		}
		for _, a := range l.Agreed {
			councils = append(councils, a.Council)
			r.Agreed = append(r.Agreed, catalogue.Agreement{Council: a.Council, At: b.ago(a.At)})
			r.History = append(r.History, catalogue.LineEvent{Council: a.Council, What: "agreed the line", At: b.ago(a.At)})
		}
		slices.SortStableFunc(r.History, func(a, c catalogue.LineEvent) int { return a.At.Compare(c.At) })
		var err error
		r.Part, err = b.part(l.Group, l.Ref, councils...)
		b.out.Requirements = append(b.out.Requirements, r)
		return err
	})
}

func (b *builder) readDecisions() error {
	return readLines("decisions.jsonl", func(l decisionLine) error {
		g, err := b.group(l.Group)
		if err != nil {
			return err
		}
		councils := []string{l.Council}
		d := catalogue.Decision{Question: l.Question, Detail: l.Detail, Options: l.Options, Council: l.Council, Asked: b.ago(l.Asked)}
		if l.Due != 0 {
			d.Due = catalogue.DateOf(b.ago(-l.Due))
		}
		for _, v := range l.Votes {
			councils = append(councils, v.Council)
			d.Votes = append(d.Votes, catalogue.Vote{Council: v.Council, Choice: v.Choice, Reason: v.Reason, At: b.ago(v.At)})
		}
		if d.Part, err = b.part(l.Group, l.Ref, councils...); err != nil {
			return err
		}
		if l.Closed != nil {
			d.Close(g, l.Council, b.ago(*l.Closed))
		}
		b.out.Decisions = append(b.out.Decisions, d)
		return nil
	})
}

func (b *builder) readPapers() error {
	return readLines("papers.jsonl", func(l paperLine) error {
		part, err := b.part(l.Group, l.Ref, l.Council)
		b.out.Papers = append(b.out.Papers, catalogue.Paper{Part: part, Title: l.Title, Address: l.Address, About: l.About, Kept: l.Kept, Council: l.Council, Added: b.ago(l.Added)})
		return err
	})
}
