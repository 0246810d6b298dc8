package catalogue

import (
	"context"

	"jointly/catalogue/kv"
)

// An import that only its council sees is opened to other councils in one step, once its people may do that.

// MayUndo says whether an actor may undo an import that it sees.
func (r *ImportRecord) MayUndo(a Actor) bool {
	return r.Undone.IsZero() && MayDo(a, importAction(a)) && r.undoneBy(a)
}

// MayShare says whether an actor may open an import that it sees to other councils.
func (r *ImportRecord) MayShare(a Actor) bool {
	return r.Undone.IsZero() && r.Private > 0 && MayDo(a, ImportContracts)
}

// ImportRecord is an import that the actor may see; NotFound where there is none, or it is too long ago.
func (c *Catalogue) ImportRecord(ctx context.Context, actor Actor, id string) (*ImportRecord, error) {
	r, err := c.imported(ctx, id)
	if err == nil && (r == nil || !r.seenBy(actor)) {
		return nil, notFound("import")
	}
	return r, err
}

// imported is an import by its ID; nil where there is none.
func (c *Catalogue) imported(ctx context.Context, id string) (r *ImportRecord, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		found := &ImportRecord{}
		there, err := getJSON(tx, importRecordKey(id), found)
		if r = nil; there {
			r = found
		}
		return err
	})
	return r, err
}

// ImportedContracts lists what is there of the contracts that an import wrote, as the actor sees them, in the order of the file.
func (c *Catalogue) ImportedContracts(ctx context.Context, actor Actor, id string) (out []*Contract, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		return eachReplaced(tx, actor, id, func(r replaced) error {
			k, err := load[*Contract](c, tx, actor, r.Kind, r.ID)
			if err == nil {
				out = append(out, k)
			}
			if KindOf(err) == NotFound {
				return nil
			}
			return err
		})
	})
	return out, err
}

// eachReplaced runs fn over what an import wrote; NotFound where the actor sees no such import.
func eachReplaced(tx kv.Tx, actor Actor, id string, fn func(replaced) error) error {
	head := &ImportRecord{}
	found, err := getJSON(tx, importRecordKey(id), head)
	if err != nil {
		return err
	}
	if !found || !head.seenBy(actor) {
		return notFound("import")
	}
	for n := range head.Chunks {
		var chunk []replaced
		if _, err := getJSON(tx, importChunkKey(id, n), &chunk); err != nil {
			return err
		}
		for _, r := range chunk {
			if err := fn(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// ShareImport lets officers of all councils see what an import brought that only its own council sees, and says how many
// contracts that are. What was taken away since stays away. Conflict: it was undone.
func (c *Catalogue) ShareImport(ctx context.Context, actor Actor, id string) (int, error) {
	if err := permit(actor, ImportContracts); err != nil {
		c.auditRefusal(actor, ImportContracts, err)
		return 0, err
	}
	if err := c.completeImports(ctx); err != nil {
		return 0, err
	}
	record, err := c.ImportRecord(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	if !record.Undone.IsZero() {
		return 0, conflict("This import was undone")
	}
	contracts, err := c.ImportedContracts(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	var items []Item
	for _, k := range contracts {
		if k.Audience == Own {
			k.Audience = Councils
			items = append(items, k)
		}
	}
	plan, err := c.planImport(ctx, actor, items)
	if err != nil {
		return 0, err
	}
	for _, e := range plan.report.Errors { // a rule that is younger than the record
		return 0, invalid("contract", e.Field, e.Message)
	}
	record.Private = 0
	share := NewID()
	if err := c.stage(ctx, actor, share, plan.put, record); err != nil {
		return 0, err
	}
	return len(plan.put), c.rollForward(context.WithoutCancel(ctx), share, nil)
}
