package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jointly/catalogue/kv"
)

// verifyTrail names the first event that was edited or deleted: the chain ends there.
func (c *Catalogue) verifyTrail(tx kv.Tx, v *Verified, problem func(string, ...any)) error {
	head, err := readHead(tx)
	if err != nil {
		problem("audit head: %v", err)
		return nil
	}
	v.Head, v.HeadEvent = head.Hash, head.N
	prev := ""
	sealed := map[Key]string{} // records that were ended, and not removed since
	page, misread := &trailPage{n: ^uint64(0)}, ""
	for n := uint64(1); n <= head.N; n++ {
		e, hash, err := readEvent(tx, n)
		if err != nil {
			problem("audit: %v", err)
			return nil
		}
		if e.N != n || e.Prev != prev {
			return c.brokenAt(tx, n, head, problem)
		}
		prev = hash
		v.Events++
		var fault string
		if page, fault = checkTrailPage(tx, page, e); fault != "" && misread == "" {
			misread = fault
		}
		switch {
		case e.Content != "":
			sealed[e.Record] = e.Content
		case e.To == 0:
			delete(sealed, e.Record)
		}
	}
	if misread != "" {
		problem("%s", misread)
	}
	if err := verifyResearch(tx, sealed, problem); err != nil {
		return err
	}
	if prev != head.Hash {
		problem("audit event %d was changed: it does not have the hash that the head names", head.N)
	}
	return tx.Scan(kv.NewKey("a"), auditKey(head.N+1), 1, func([]byte, []byte) error {
		problem("the audit trail goes on after event %d, which its head names as the last", head.N)
		return nil
	})
}

// brokenAt says which event was changed, where event n does not name the hash of the one before it: that one, if what
// follows n, or the head, still vouches for n; else n itself.
func (c *Catalogue) brokenAt(tx kv.Tx, n uint64, head AuditHead, problem func(string, ...any)) error {
	_, hash, err := readEvent(tx, n)
	if err != nil {
		return err
	}
	vouched := head.N == n && head.Hash == hash
	if head.N > n {
		after, _, err := readEvent(tx, n+1)
		vouched = err == nil && after.Prev == hash
	}
	if vouched && n > 1 {
		problem("audit event %d was changed: event %d names another hash for it", n-1, n)
		return nil
	}
	problem("audit event %d was changed: it does not follow the one before it, and nothing after it names its hash", n)
	return nil
}

// checkTrailPage compares an event with the page of the index that it stands on, which it returns, with what is wrong.
func checkTrailPage(tx kv.Tx, page *trailPage, e Event) (*trailPage, string) {
	if n := trailPageOf(e.N); page.n != n {
		var err error
		if page, err = readTrailPage(tx, n); err != nil {
			return &trailPage{n: n}, fmt.Sprintf("the index of the audit trail: %v", err)
		}
	}
	at := int((e.N - 1) % trailPageLen)
	if at >= len(page.orgs) || !slices.Equal(page.orgs[at], e.orgs()) {
		return page, fmt.Sprintf("the index of the audit trail does not say who reads event %d", e.N)
	}
	return page, ""
}

// HoldsBackup says whether the audit trail still holds, unchanged, the event that a backup ended with: if not, events
// were cut off or rewritten since.
func (c *Catalogue) HoldsBackup(ctx context.Context, info BackupInfo) (bool, error) {
	if info.Audit == 0 {
		return true, nil
	}
	return c.HoldsHead(ctx, AuditHead{info.Audit, info.AuditHash})
}

// HoldsHead says whether the audit trail still holds, unchanged, the event that was its last when a backup or an export
// named it as the head. A head without a number is looked for in the whole trail.
func (c *Catalogue) HoldsHead(ctx context.Context, want AuditHead) (holds bool, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		head, err := readHead(tx)
		if err != nil {
			return err
		}
		from, to := want.N, want.N
		if want.N == 0 {
			from, to = 1, head.N
		}
		for n := from; n <= min(to, head.N); n++ {
			_, hash, err := readEvent(tx, n)
			if err != nil {
				return err
			}
			if holds = hash == want.Hash; holds {
				return nil
			}
		}
		return ctx.Err()
	})
	return holds, err
}

// ParseAuditHead reads a head as backups and exports print it, NUMBER:HASH, or the hash alone.
func ParseAuditHead(s string) (AuditHead, error) {
	var h AuditHead
	number, hash, both := strings.Cut(strings.ToLower(strings.TrimSpace(s)), ":")
	if !both {
		number, hash = "0", number
	}
	n, err := strconv.ParseUint(number, 10, 64)
	hexadecimal := strings.Trim(hash, "0123456789abcdef") == ""
	if err != nil || !hexadecimal || len(hash) != 64 || both && n == 0 {
		return h, &Error{Kind: Invalid, Message: "a head of the audit trail is NUMBER:HASH, as a backup or an export printed it, or its 64 hexadecimal digits alone"}
	}
	return AuditHead{n, hash}, nil
}
