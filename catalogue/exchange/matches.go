package exchange

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"jointly/catalogue"
)

// Scored is what the matcher says of two intentions today.
type Scored struct {
	Points  float64
	Weights string
}

// MatchOptions say which matches are exported, and how those are scored that no record scores.
type MatchOptions struct {
	Demonstration bool // those of demonstration councils too
	Score         func(ctx context.Context, a, b string) (Scored, error)
}

// matchLine is a pair of intentions of which people said whether they match.
type matchLine struct {
	A       intentionLine `json:"a"`
	B       intentionLine `json:"b"`
	Match   bool          `json:"match"`
	Weights string        `json:"weights"`
	Points  float64       `json:"points"`
}

// judged is what people said of a pair.
type judged struct {
	match  bool
	scored *Scored // nil: nothing was kept
}

// Matches writes the pairs of intentions that people confirmed or rejected, one JSON object a line: what the matcher's
// weights are learned from. Confirmed are those that both accepted in a group which agreed, or that a council said are
// the same need; rejected those that a council said are not, whatever else was said. Of each intention only what
// councils may see of each other is written, under its ID; a pair of which councils may not see both is left out.
func Matches(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, o MatchOptions, w io.Writer) error {
	pairs, err := judgedPairs(ctx, c, actor)
	if err != nil {
		return err
	}
	keys := make([][2]string, 0, len(pairs))
	for key := range pairs {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	out := bufio.NewWriter(w)
	enc := encoder(out)
	for _, key := range keys {
		l, ok, err := o.line(ctx, c, actor, key, pairs[key])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := enc.Encode(l); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return out.Flush()
}

// judgedPairs reads what people said, by the two IDs in order.
func judgedPairs(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor) (map[[2]string]judged, error) {
	pairs := map[[2]string]judged{}
	err := c.Each(ctx, actor, catalogue.KindGroup, func(item catalogue.Item) error {
		g := item.(*catalogue.BuyingGroup)
		if g.Stage == catalogue.Forming || g.Stage == catalogue.Abandoned {
			return nil
		}
		var in []string
		for _, m := range g.Members {
			if m.State == catalogue.Accepted {
				in = append(in, m.Intention)
			}
		}
		slices.Sort(in)
		for i, b := range in {
			for _, a := range in[:i] {
				pairs[[2]string{a, b}] = judged{match: true}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = c.Each(ctx, actor, catalogue.KindVerdict, func(item catalogue.Item) error {
		v := item.(*catalogue.Verdict)
		key := [2]string{v.A, v.B}
		if before, ok := pairs[key]; !ok || before.match {
			pairs[key] = judged{v.Same, &Scored{v.Points, v.Weights}}
		}
		return nil
	})
	return pairs, err
}

// line is one pair; ok is false where it is not exported.
func (o MatchOptions) line(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, key [2]string, j judged) (l matchLine, ok bool, err error) {
	items, err := c.Load(ctx, actor, []catalogue.Key{{Kind: catalogue.KindIntention, ID: key[0]}, {Kind: catalogue.KindIntention, ID: key[1]}})
	if err != nil {
		return l, false, err
	}
	var sides [2]intentionLine
	for i, item := range items {
		if item == nil {
			return l, false, nil
		}
		seen, ok := catalogue.Through(catalogue.AnyCouncil(), item)
		if !ok {
			return l, false, nil
		}
		in := seen.(*catalogue.Intention)
		if in.Demonstration && !o.Demonstration {
			return l, false, nil
		}
		sides[i] = intentionOut(in)
	}
	scored := j.scored
	if scored == nil {
		s, err := o.Score(ctx, key[0], key[1])
		if err != nil {
			return l, false, err
		}
		scored = &s
	}
	return matchLine{A: sides[0], B: sides[1], Match: j.match, Weights: scored.Weights, Points: scored.Points}, true, nil
}
