// Leases: a key with the name, which the cluster deletes when its holder has not renewed it in time, and a fencing token
// drawn in a transaction. The key says who may begin; the token keeps who is late from committing: Check reads the latest,
// and the commit happens only if nobody has drawn another since.

package etcd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"jointly/catalogue/kv"
)

// Lease implements kv.Store. The cluster counts whole seconds, and not fewer than it needs to choose a new leader: about
// two.
func (s *Store) Lease(ctx context.Context, name string, ttl time.Duration) (kv.Lease, error) {
	if name == "" || ttl <= 0 {
		return kv.Lease{}, fmt.Errorf("lease %q for %v: %w", name, ttl, kv.ErrInvalid)
	}
	fail := func(err error) (kv.Lease, error) {
		return kv.Lease{}, fmt.Errorf("lease %q: %w", name, err)
	}
	id, err := s.hold(ctx, name, ttl)
	if err != nil {
		return fail(err)
	}
	var token uint64
	if err := s.update(ctx, func(tx *kv.Buffer) (err error) {
		token, err = kv.NextToken(tx, name)
		return err
	}); err != nil {
		return fail(errors.Join(err, s.giveUp(ctx, id)))
	}
	renew := func(ctx context.Context) error { return s.renew(ctx, name, id) }
	release := func(ctx context.Context) error { return s.giveUp(ctx, id) }
	return kv.NewLease(name, token, renew, release), nil
}

// hold waits until the name is free and takes it.
func (s *Store) hold(ctx context.Context, name string, ttl time.Duration) (clientv3.LeaseID, error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if err := s.enter(); err != nil {
			return 0, err
		}
		id, revision, err := s.take(ctx, name, ttl)
		s.under.Done()
		if err != nil || id != 0 {
			return id, err
		}
		if err := s.waitFor(ctx, name, revision+1); err != nil {
			return 0, err
		}
	}
}

// take takes the name if it is free; if not, id is 0, and revision is where it was not.
func (s *Store) take(ctx context.Context, name string, ttl time.Duration) (id clientv3.LeaseID, revision int64, err error) {
	key := s.own(holdKey) + name
	found, err := s.read(ctx, key)
	if err != nil {
		return 0, 0, explain(err)
	}
	if len(found.Kvs) > 0 {
		return 0, found.Header.Revision, nil
	}
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	granted, err := s.client.Grant(within, int64(math.Ceil(ttl.Seconds())))
	if err != nil {
		return 0, 0, ctxOr(ctx, explain(err))
	}
	s.note(granted.ID, true)
	mine := s.id + strconv.FormatInt(int64(granted.ID), 16)
	// As with a commit, the answer may be lost: asked again, the same request finds its own key.
	for try := 0; ; try++ {
		asking, done := context.WithTimeout(within, tryWithin)
		answer, err := s.client.Txn(asking).If(clientv3.Compare(clientv3.CreateRevision(key), "=", 0)).
			Then(clientv3.OpPut(key, mine, clientv3.WithLease(granted.ID))).Else(clientv3.OpGet(key)).Commit()
		done()
		switch {
		case err == nil && answer.Succeeded:
			return granted.ID, answer.Header.Revision, nil
		case err == nil:
			holder := answer.Responses[0].GetResponseRange().Kvs
			if len(holder) > 0 && string(holder[0].Value) == mine {
				return granted.ID, answer.Header.Revision, nil
			}
			return 0, answer.Header.Revision, s.giveUp(ctx, granted.ID)
		case within.Err() != nil, refused(err), errors.Is(err, rpctypes.ErrNoSpace), errors.Is(err, rpctypes.ErrLeaseNotFound):
			return 0, 0, ctxOr(ctx, errors.Join(explain(err), s.giveUp(ctx, granted.ID)))
		}
		pause(within, try)
	}
}

// ctxOr is the error of the context, where that has ended.
func ctxOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// waitFor waits until the holder's key may be gone.
func (s *Store) waitFor(ctx context.Context, name string, revision int64) error {
	watching, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	gone := s.client.Watch(watching, s.own(holdKey)+name, clientv3.WithRev(revision), clientv3.WithFilterPut())
	select {
	case <-gone: // or the watch is: look again
	case <-s.closing:
		return kv.ErrClosed
	case <-time.After(readWithin): // whatever has become of the watch
	}
	return ctx.Err()
}

// note remembers what leases this process has, for Close to give up.
func (s *Store) note(id clientv3.LeaseID, held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held {
		s.leases[id] = true
	} else {
		delete(s.leases, id)
	}
}

func (s *Store) renew(ctx context.Context, name string, id clientv3.LeaseID) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.under.Done()
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	_, err := s.client.KeepAliveOnce(within, id)
	if errors.Is(err, rpctypes.ErrLeaseNotFound) {
		s.note(id, false)
		return fmt.Errorf("lease %q: %w", name, kv.ErrLeaseLost)
	}
	return ctxOr(ctx, explain(err))
}

// giveUp releases a lease, also after the work's own context has ended. What cannot be released runs out.
func (s *Store) giveUp(ctx context.Context, id clientv3.LeaseID) error {
	if err := s.enter(); err != nil {
		return nil // Close gives it up
	}
	defer s.under.Done()
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), tryWithin)
	defer cancel()
	_, err := s.client.Revoke(within, id)
	if err == nil || errors.Is(err, rpctypes.ErrLeaseNotFound) {
		s.note(id, false)
		return nil
	}
	return explain(err)
}
