package catalogue

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"

	"jointly/catalogue/kv"
)

// secretKey holds a fingerprint of the secret that all processes on one store share. It stays out of backups: what is
// restored may have another.
func secretKey() kv.Key { return kv.NewKey("n", "secret") }

// agree sees to it that all processes that work on one store have the same secret: with another, one would sign people
// out whom the other has signed in, could not read the mail that waits, and would draw other figures of demand.
func (c *Catalogue) agree(ctx context.Context) error {
	mac := hmac.New(sha256.New, c.secret[:])
	mac.Write([]byte("jointly nodes share a secret"))
	mine := []byte(hex.EncodeToString(mac.Sum(nil)[:8]))
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		there, err := tx.Get(secretKey())
		switch {
		case err != nil:
			return err
		case there == nil:
			return tx.Put(secretKey(), mine)
		case subtle.ConstantTimeCompare(there, mine) == 0:
			return &Error{Kind: Conflict, Message: "another node of this catalogue has another secret: copy the file 'secret' from that node's data folder to this one's, or name it with --secret"}
		}
		return nil
	}))
}

// Under is the same catalogue for a job that one process at a time does: what it writes is written only while nobody
// else has taken the lease. One that was slow and has lost it without knowing comes too late.
func (c *Catalogue) Under(lease kv.Lease) *Catalogue {
	out := *c
	out.store = fenced{c.store, lease}
	return &out
}

type fenced struct {
	kv.Store
	lease kv.Lease
}

// Update implements kv.Store. The check is a read of the transaction, so the commit fails if the lease goes meanwhile.
func (f fenced) Update(ctx context.Context, fn func(kv.Tx) error) error {
	return f.Store.Update(ctx, func(tx kv.Tx) error {
		if err := f.lease.Check(tx); err != nil {
			return err
		}
		return fn(tx)
	})
}
