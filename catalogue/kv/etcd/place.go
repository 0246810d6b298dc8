package etcd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"jointly/catalogue/kv"
)

// Scheme begins the address of a store in a cluster: etcd://host:2379,host:2379,host:2379/name.
const Scheme = "etcd://"

// Place is where a store is: members of a cluster, and the name that all its keys begin with, so that several stores can
// live in one cluster.
type Place struct {
	Members []string // host:port
	Name    string
}

// DefaultName is the name of a store whose address has none.
const DefaultName = "jointly"

// ParsePlace reads etcd://host:2379,host:2379/name. A member without a port has 2379.
func ParsePlace(address string) (Place, error) {
	rest, ok := strings.CutPrefix(address, Scheme)
	if !ok {
		return Place{}, fmt.Errorf("an address of etcd begins with %s", Scheme)
	}
	if strings.Contains(rest, "@") {
		return Place{}, errors.New("user and password do not stand in the address of etcd, which is logged: use --store-user and --store-password-file")
	}
	hosts, name, _ := strings.Cut(rest, "/")
	p := Place{Name: strings.TrimSuffix(name, "/")}
	if p.Name == "" {
		p.Name = DefaultName
	}
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`).MatchString(p.Name) {
		return Place{}, fmt.Errorf("the name of a store, after the members, has letters, digits, dots, dashes and underscores, at most 64; %q has not", p.Name)
	}
	for host := range strings.SplitSeq(hosts, ",") {
		if _, _, err := net.SplitHostPort(host); err != nil {
			host = net.JoinHostPort(strings.Trim(host, "[]"), "2379")
		}
		if u, err := url.Parse("http://" + host); err != nil || u.Hostname() == "" || u.Host != host {
			return Place{}, fmt.Errorf("the members of etcd are written as host:2379,host:2379; %q is none", host)
		}
		p.Members = append(p.Members, host)
	}
	return p, nil
}

// String is the address again, in one way of writing.
func (p Place) String() string {
	return Scheme + strings.Join(p.Members, ",") + "/" + p.Name
}

func (p Place) endpoints(secure bool) []string {
	scheme := "http://"
	if secure {
		scheme = "https://"
	}
	all := make([]string, len(p.Members))
	for i, m := range p.Members {
		all[i] = scheme + m
	}
	return all
}

// explainOpen says why a cluster is not reached, and what may help.
func explainOpen(err error, at Place) error {
	members := strings.Join(at.Members, ", ")
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, rpctypes.ErrAuthFailed), errors.Is(err, rpctypes.ErrUserEmpty), errors.Is(err, rpctypes.ErrPermissionDenied),
		errors.Is(err, rpctypes.ErrAuthNotEnabled), status.Code(err) == codes.Unauthenticated:
		return fmt.Errorf("etcd at %s refuses this user: %w. See --store-user and its password", members, err)
	}
	return fmt.Errorf("%w: no majority of etcd at %s answers: %w. See that it runs, and that --store and the certificates are right", kv.ErrUnavailable, members, err)
}

// explain puts an error of a read in the words of package kv. Times that ran out are ours and not the caller's, whose
// context was looked at before: they are not passed on as context.DeadlineExceeded.
func explain(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, rpctypes.ErrCompacted):
		return fmt.Errorf("%w: %w", kv.ErrTooLong, err)
	case errors.Is(err, rpctypes.ErrNoSpace):
		return fmt.Errorf("%w: %w", kv.ErrNoSpace, err)
	case refused(err):
		return err
	}
	return unavailable(err)
}

func unavailable(err error) error { return fmt.Errorf("%w: %v", kv.ErrUnavailable, err) } //nolint:errorlint // see explain

// refused tells whether the cluster understood a request and will not do it, now or later.
func refused(err error) bool {
	switch code(err) {
	case codes.InvalidArgument, codes.PermissionDenied, codes.Unauthenticated, codes.Unimplemented:
		return !errors.Is(err, rpctypes.ErrInvalidAuthToken) && !errors.Is(err, rpctypes.ErrAuthOldRevision)
	}
	return false
}

func code(err error) codes.Code {
	var e rpctypes.EtcdError
	if errors.As(err, &e) {
		return e.Code()
	}
	return status.Code(err)
}
