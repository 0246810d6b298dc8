// Sending: what the cluster is asked to commit, and how it is found out what became of it.
//
// The answer of a commit may be lost: the member dies, the line is cut, the time runs out. Then it has happened, or not,
// or will happen in a moment. The same request is sent again, as it was: both compare the guard with the same revision and
// move it, so at most one of them takes effect, and if neither has, the second does. If the guard has moved, the process's
// commit key tells by whom: it holds the number of the last commit of this process that took effect.

package etcd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc/stats"

	"jointly/catalogue/kv"
)

// etcd takes 128 operations in a transaction, and counts those of one inside another apart, less those around it.
const (
	chunkOps = 100 // writes in one of the inner transactions
	againOps = 100 // reads that a commit does again if it fails
	againMax = 200 // rows of a page worth reading again
)

// send commits what the layer holds, or only checks the guard where it holds nothing. held says that the guard stood and
// all is done; if it did not, the snapshot is replaced by one that has what the group reads. An error that is not
// kv.ErrUncertain means that nothing was written.
func (s *Store) send(ctx context.Context, layer *kv.Buffer) (held bool, err error) {
	s.number++
	id := commitID(s.number)
	then, writes := s.then(layer, id), layer.Len() > 0
	again := s.again()
	var doubt atomic.Bool // an answer may have been lost
	marked, began := context.WithValue(ctx, sent{}, &doubt), time.Now()
	for try := 0; ; try++ {
		before := doubt.Load()
		asking, done := context.WithTimeout(marked, sendFor(try))
		answer, err := s.client.Txn(asking).
			If(clientv3.Compare(clientv3.ModRevision(s.own(guardKey)), "=", s.snap.guard)).
			Then(then...).Else(again.ops...).Commit()
		done()
		switch {
		case err == nil && answer.Succeeded:
			if writes {
				s.committed(answer.Header.Revision, layer)
			}
			return true, nil
		case err == nil:
			s.snap = again.read(s, answer)
			mine := again.commit(answer)
			if mine != nil && writes && sameCommit(mine.Value, id) {
				s.announce(mine.ModRevision)
				return true, nil
			}
			return false, nil
		case errors.Is(err, rpctypes.ErrNoLeader): // asked for by led: the member did not begin
			doubt.Store(before)
			if ctx.Err() != nil {
				s.snap = nil
				return false, uncertainIf(before && writes, unavailable(err))
			}
		case errors.Is(err, rpctypes.ErrNoSpace):
			return s.full(ctx, layer, id, before, err)
		case refused(err):
			s.snap = nil
			return false, uncertainIf(before && writes, err)
		case ctx.Err() != nil:
			s.snap = nil
			return false, uncertainIf(doubt.Load() && writes, unavailable(err))
		}
		if time.Since(began) >= silentWithin {
			s.breakOff(err)
		}
		if down := s.down(); down != nil && !(doubt.Load() && writes) {
			s.snap = nil
			return false, uncertainIf(false, down)
		}
		pause(ctx, try)
	}
}

// sendFor is how long one try to commit waits for its answer: first so short that one sent to a leader that has died does
// not outlast the choice of another, then longer, for a cluster that is only slow.
func sendFor(try int) time.Duration {
	if try < 4 {
		return askWithin
	}
	return tryWithin
}

// committed notes a commit that came right after what the snapshot shows.
func (s *Store) committed(revision int64, layer *kv.Buffer) {
	if s.mirror != nil {
		s.mirror.own(s.snap.guard, revision, layer)
	}
	s.snap.moveOn(revision, layer)
	s.announce(revision)
}

// sent notes, in the atomic.Bool of a request's context, that the request has gone out to a member. One that has not, since
// none could be connected to, surely has no effect.
type sent struct{}

func (sent) HandleRPC(ctx context.Context, event stats.RPCStats) {
	if _, out := event.(*stats.OutHeader); !out {
		return
	}
	if mark, ok := ctx.Value(sent{}).(*atomic.Bool); ok {
		mark.Store(true)
	}
}

func (sent) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

func (sent) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

func (sent) HandleConn(context.Context, stats.ConnStats) {}

func uncertainIf(doubt bool, err error) error {
	if doubt {
		return fmt.Errorf("commit: %w: %w", kv.ErrUncertain, err)
	}
	return fmt.Errorf("commit: %w", err)
}

// full finds out what became of a commit that found no space: the one that fills the space is refused and takes effect.
func (s *Store) full(ctx context.Context, layer *kv.Buffer, id string, doubt bool, cause error) (held bool, err error) {
	mine, err := s.read(ctx, s.own(commitKey)+s.id)
	if err != nil {
		s.snap = nil
		return false, uncertainIf(true, errors.Join(cause, err))
	}
	if len(mine.Kvs) > 0 && sameCommit(mine.Kvs[0].Value, id) {
		s.committed(mine.Kvs[0].ModRevision, layer)
		return true, nil
	}
	s.snap = nil
	return false, uncertainIf(doubt, fmt.Errorf("%w: %w", kv.ErrNoSpace, cause))
}

// then are the writes of a commit: the guard, the process's commit key, and what the layer holds.
func (s *Store) then(layer *kv.Buffer, id string) []clientv3.Op {
	if layer.Len() == 0 {
		return nil
	}
	ops := []clientv3.Op{
		clientv3.OpPut(s.own(guardKey), s.id),
		clientv3.OpPut(s.own(commitKey)+s.id, id+" "+strconv.FormatInt(time.Now().Unix(), 10)),
	}
	var inner []clientv3.Op
	for key, value := range layer.Writes() {
		if value == nil {
			inner = append(inner, clientv3.OpDelete(s.prefix+string(key)))
		} else {
			inner = append(inner, clientv3.OpPut(s.prefix+string(key), string(value)))
		}
	}
	for chunk := range slices.Chunk(inner, chunkOps) {
		ops = append(ops, clientv3.OpTxn(nil, chunk, nil))
	}
	return ops
}

func commitID(number uint64) string { return strconv.FormatUint(number, 10) }

// sameCommit tells whether a commit key holds the number of this commit; after it stands when that was.
func sameCommit(value []byte, id string) bool {
	number, _, _ := strings.Cut(string(value), " ")
	return number == id
}

// again is what a commit reads where the guard does not stand.
type again struct {
	ops  []clientv3.Op
	used []clientOp
}

func (s *Store) again() again {
	a := again{ops: []clientv3.Op{clientv3.OpGet(s.own(guardKey)), clientv3.OpGet(s.own(commitKey) + s.id)}}
	var inner []clientv3.Op
	for _, op := range s.snap.used {
		switch {
		case len(inner) == againOps:
		case op.page == page{}:
			inner = append(inner, clientv3.OpGet(s.prefix+op.key))
			a.used = append(a.used, op)
		case op.page.limit <= againMax:
			key, end := s.bounds(op.page)
			inner = append(inner, clientv3.OpGet(key, clientv3.WithRange(end), clientv3.WithLimit(int64(op.page.limit))))
			a.used = append(a.used, op)
		}
	}
	if len(inner) > 0 {
		a.ops = append(a.ops, clientv3.OpTxn(nil, inner, nil))
	}
	return a
}

// read makes a snapshot out of the answer.
func (a again) read(s *Store, answer *clientv3.TxnResponse) *snapshot {
	found := answer.Responses
	snap := s.newSnapshot(answer.Header.Revision, revisionOf(found[0].GetResponseRange().Kvs))
	for _, op := range a.used {
		snap.use(op)
	}
	var inner []*etcdserverpb.ResponseOp
	if len(found) > 2 {
		inner = found[2].GetResponseTxn().Responses
	}
	for i, op := range a.used {
		got := inner[i].GetResponseRange()
		if op.page == (page{}) {
			snap.keep(op.key, valueOf(got.Kvs))
		} else {
			snap.keepPage(op.page, s.rowsOf(got.Kvs, got.More))
		}
	}
	return snap
}

// commit is the row of the process's last commit in the answer, nil if there is none.
func (again) commit(answer *clientv3.TxnResponse) *mvccpb.KeyValue {
	if found := answer.Responses[1].GetResponseRange().Kvs; len(found) > 0 {
		return found[0]
	}
	return nil
}

// keptFor is how long the commit key of a process stays that has written nothing since.
const keptFor = 24 * time.Hour

// dropOld deletes the commit keys of processes that ended without doing so.
func (s *Store) dropOld(ctx context.Context) error {
	found, err := s.read(ctx, s.own(commitKey), clientv3.WithPrefix(), clientv3.WithLimit(chunkOps))
	if err != nil {
		return err
	}
	for _, row := range found.Kvs {
		_, when, _ := strings.Cut(string(row.Value), " ")
		seconds, err := strconv.ParseInt(when, 10, 64)
		if err != nil || time.Since(time.Unix(seconds, 0)) < keptFor {
			continue
		}
		key := string(row.Key)
		if _, err := s.client.Txn(ctx).If(clientv3.Compare(clientv3.ModRevision(key), "=", row.ModRevision)).
			Then(clientv3.OpDelete(key)).Commit(); err != nil && !errors.Is(err, rpctypes.ErrNoSpace) {
			return err
		}
	}
	return nil
}
