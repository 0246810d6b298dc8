package exchange

import (
	"context"
	"errors"
	"strings"

	"jointly/catalogue"
)

// ReaderFor reads files for a council (empty: as the files say) with what the catalogue has: councils outside the register,
// those that took another's place, and the contracts that are there as the actor may see them. Ask unread after reading:
// it is what went wrong with looking at those.
func ReaderFor(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, council string) (r *Reader, unread func() error, err error) {
	stored, err := c.StoredCouncils(ctx)
	if err != nil {
		return nil, nil, err
	}
	successors, err := c.Successors(ctx)
	if err != nil {
		return nil, nil, err
	}
	codes, names := map[string]bool{}, map[string]string{}
	for _, s := range stored {
		codes[s.GSS] = true
		if !s.Demonstration {
			names[foldName(s.OfficialName)], names[foldName(s.Name)] = s.GSS, s.GSS
		}
	}
	var failed error
	return &Reader{Register: c.Register(), Dictionary: c.Dictionary(), Council: council, Operator: actor.IsOperator(),
		KnowsCode: func(code string) bool { return codes[code] },
		Named:     func(name string) string { return names[foldName(name)] },
		Successor: func(code string) string { return successors[code] },
		Held: func(council string) []*catalogue.Contract {
			held, err := c.CouncilContracts(ctx, actor, council)
			failed = errors.Join(failed, err)
			return held
		}}, func() error { return failed }, nil
}

// byName is the code of the council that a name means: of the register, else of one that came since; empty for none.
func (r *Reader) byName(name string) string {
	if c, ok := r.Register.CouncilByName(name); ok {
		return c.GSS
	}
	if r.Named != nil && strings.TrimSpace(name) != "" {
		return r.Named(name)
	}
	return ""
}

// inherited says that the reader's own council took the place of another: what is said of the one is the other's, and the
// catalogue hands it on.
func (r *Reader) inherited(code string) bool {
	return r.Council != "" && code != r.Council && r.Successor != nil && r.Successor(code) == r.Council
}
