package etcd

import (
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc"
)

// Intercepted are options with which each request goes through fn.
func Intercepted(fn grpc.UnaryClientInterceptor) Options { return Options{intercept: fn} }

// Within are options with which a commit is tried for so long.
func (o Options) Within(d time.Duration) Options {
	o.within = d
	return o
}

// Client is the store's connection.
func (s *Store) Client() *clientv3.Client { return s.client }

// Mirrored tells whether the mirror is there.
func (s *Store) Mirrored() bool {
	s.mirror.mu.Lock()
	defer s.mirror.mu.Unlock()
	return s.mirror.file != nil
}
