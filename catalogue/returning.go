package catalogue

import (
	"context"
	"slices"
	"strconv"

	"jointly/catalogue/kv"
)

// Returns lists the signed returns of a service for the period that starts on a day, as an actor may see them under their
// councils' names, in order of council. It reads that service and period alone.
func (c *Catalogue) Returns(ctx context.Context, actor Actor, lgsl int, start Date) ([]*Return, error) {
	var out []*Return
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = c.signedReturns(tx, actor, lgsl, start)
		return err
	})
	return out, err
}

func (c *Catalogue) signedReturns(tx kv.Tx, actor Actor, lgsl int, start Date) ([]*Return, error) {
	out, err := listed[*Return](c, tx, actor, KindReturn, "return.service", strconv.Itoa(lgsl), start.String())
	return slices.DeleteFunc(out, func(r *Return) bool { return !r.Signed() }), err
}

// ReturnPeriods lists the first days of the periods for which there are returns of a service, the latest first.
func (c *Catalogue) ReturnPeriods(ctx context.Context, lgsl int) (out []Date, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		prefix := indexPrefix("return.service", strconv.Itoa(lgsl))
		return scan(tx, prefix, func(k, _ []byte) error {
			day, err := ParseDate(kv.ReadKey(k[len(prefix):]).Str())
			if err != nil {
				return err
			}
			if !slices.Contains(out, day) {
				out = append(out, day)
			}
			return nil
		})
	})
	slices.SortFunc(out, func(a, b Date) int { return b.First().Compare(a.First()) })
	return out, err
}

// CouncilReturns lists the returns of a council that an actor may see, in order of service and period; its own people see
// drafts too.
func (c *Catalogue) CouncilReturns(ctx context.Context, actor Actor, council string) ([]*Return, error) {
	var out []*Return
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = listed[*Return](c, tx, actor, KindReturn, "return.council", council)
		return err
	})
	return out, err
}

// Return is a return by its ID, as the actor may see it.
func (c *Catalogue) Return(ctx context.Context, actor Actor, id string) (*Return, error) {
	return one[*Return](ctx, c, actor, KindReturn, id)
}

// sameLines says that two lists of figures are the same.
func sameLines(a, b []ReturnLine) bool {
	return slices.EqualFunc(a, b, func(x, y ReturnLine) bool {
		return x.Channel == y.Channel && x.Volume == y.Volume && x.Method == y.Method && (x.Cost == nil) == (y.Cost == nil) && (x.Cost == nil || *x.Cost == *y.Cost)
	})
}

// ImportedReturn is a return as a file of the operator states it, for Import: a version that is signed off as imported. No
// audience means Councils, or what the return that is there has.
func ImportedReturn(council string, lgsl int, start, end Date, lines []ReturnLine, audience Audience) *Return {
	return &Return{Meta: Meta{ID: ReturnID(council, lgsl, start)}, Council: council, LGSL: lgsl, Start: start, End: end,
		Versions: []ReturnVersion{{Lines: lines, Audience: audience, Source: ReturnImported}}}
}

// deriveReturn completes a return that was imported: figures that stand already are no new version, and what a council is
// still writing stays.
func (c *Catalogue) deriveReturn(it *Return, old Item) {
	it.Demonstration = c.demonstration(it.Council)
	if len(it.Versions) != 1 || it.Versions[0].Source != ReturnImported || !it.Versions[0].At.IsZero() {
		return
	}
	v := &it.Versions[0]
	v.At = c.clock().UTC()
	prev, ok := old.(*Return)
	if !ok {
		if v.Audience == "" {
			v.Audience = Councils
		}
		return
	}
	it.Draft = prev.Draft
	now, signed := prev.Current()
	if v.Audience == "" {
		v.Audience = Councils
		if signed {
			v.Audience = now.Audience
		}
	}
	if signed && sameLines(now.Lines, v.Lines) && now.Audience == v.Audience && prev.End == it.End {
		it.Versions = prev.Versions
		return
	}
	if signed {
		v.Reason = "Other figures were imported"
	}
	it.Versions = append(slices.Clone(prev.Versions), *v)
}
