package catalogue

import (
	"context"
	"slices"

	"jointly/catalogue/kv"
)

// RemoveContract takes away a contract that the actor's council entered by mistake, by hand or with its register; version
// is the one that the actor read. Invalid says why it must stay: a public record tells of it, or an intention was made
// of it. What was done stands in the audit trail.
func (c *Catalogue) RemoveContract(ctx context.Context, actor Actor, id string, version uint64) error {
	return c.write(ctx, actor, RecordContract, func(w *writer) error {
		k, err := c.removable(w.tx, actor, id)
		if err != nil {
			return err
		}
		k.Version = version
		return w.remove(k)
	})
}

// RemovableContract is a contract that the actor's council may take away; the error of RemoveContract where it may not.
func (c *Catalogue) RemovableContract(ctx context.Context, actor Actor, id string) (*Contract, error) {
	if err := permit(actor, RecordContract); err != nil {
		return nil, err
	}
	var out *Contract
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = c.removable(tx, actor, id)
		return err
	})
	return out, err
}

func (c *Catalogue) removable(tx kv.Tx, actor Actor, id string) (*Contract, error) {
	k, err := load[*Contract](c, tx, actor, KindContract, id)
	if err != nil {
		return nil, err
	}
	if err := allow(actor, RecordContract, k, k); err != nil {
		return nil, err
	}
	if !k.ByHand() && k.Source.Kind != SourceRegister {
		return nil, invalid(string(KindContract), "", "A public record tells of this contract, so it stays: change what is wrong with it, and its page says that your council corrected it")
	}
	own, err := listed[*Intention](c, tx, Operator("job"), KindIntention, "intention.council", k.Council)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(own, func(in *Intention) bool { return in.FromContract == id }); i >= 0 {
		return nil, invalid(string(KindContract), "", "The intention "+quoted(own[i].Title)+" was made of this contract, and others may rely on it: the contract stays. Change what is wrong with it instead")
	}
	return k, nil
}
