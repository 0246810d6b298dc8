package etcd_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/etcd"
	"jointly/catalogue/kv/etcd/etcdtest"
)

func TestPlaces(t *testing.T) {
	for address, want := range map[string]string{
		"etcd://a:1":                 "etcd://a:1/jointly",
		"etcd://a":                   "etcd://a:2379/jointly",
		"etcd://a:1,b,10.0.0.3:7/":   "etcd://a:1,b:2379,10.0.0.3:7/jointly",
		"etcd://[::1]:1,[::2]/other": "etcd://[::1]:1,[::2]:2379/other",
		"etcd://a:1/north-2.test/":   "etcd://a:1/north-2.test",
	} {
		if got, err := etcd.ParsePlace(address); err != nil || got.String() != want {
			t.Errorf("%s: %v, %v, want %s", address, got, err, want)
		}
	}
	for address, words := range map[string]string{
		"http://a:1":            "begins with etcd://",
		"etcd://":               "host:2379",
		"etcd://a:1,,b:1":       "host:2379",
		"etcd://a b:1":          "host:2379",
		"etcd://a:1/b/c":        "name",
		"etcd://a:1/b c":        "name",
		"etcd://me:secret@a:1/": "--store-user",
	} {
		if got, err := etcd.ParsePlace(address); err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%s: %v, %v, want an error about %q", address, got, err, words)
		}
	}
}

// TestUsers: a store works with a role for its own keys alone, and says when it is refused.
func TestUsers(t *testing.T) {
	cluster := etcdtest.Start(t)
	at := cluster.At("secured")
	root, err := clientv3.New(clientv3.Config{Endpoints: at.Members})
	must(t, err)
	defer func() { _ = root.Close() }()
	ctx := limited(t)
	done := func(_ any, err error) { t.Helper(); must(t, err) }
	done(root.RoleAdd(ctx, "root"))
	done(root.UserAdd(ctx, "root", "of all"))
	done(root.UserGrantRole(ctx, "root", "root"))
	done(root.RoleAdd(ctx, "secured"))
	done(root.RoleGrantPermission(ctx, "secured", "secured/", clientv3.GetPrefixRangeEnd("secured/"), clientv3.PermissionType(clientv3.PermReadWrite)))
	done(root.UserAdd(ctx, "node", "open sesame"))
	done(root.UserGrantRole(ctx, "node", "secured"))
	done(root.AuthEnable(ctx))

	store := openStore(t, at, etcd.Options{User: "node", Password: "open sesame", Folder: t.TempDir()})
	waitMirror(t, store)
	for _, entry := range []string{"one", "two"} {
		must(t, add(ctx, store, entry))
	}
	if got := entries(t, store); len(got) != 2 {
		t.Errorf("holds %v", got)
	}
	lease, err := store.Lease(ctx, "job", time.Minute)
	must(t, err)
	must(t, lease.Renew(ctx))
	must(t, lease.Release(ctx))

	for name, o := range map[string]etcd.Options{"no name": {}, "wrong password": {User: "node", Password: "guess"}} {
		if _, err := etcd.Open(ctx, at, o); err == nil || !strings.Contains(err.Error(), "refuses this user") || strings.Contains(err.Error(), "guess") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := etcd.Open(ctx, cluster.At("other"), etcd.Options{User: "node", Password: "open sesame"}); err == nil || !strings.Contains(err.Error(), "refuses this user") {
		t.Errorf("another's keys: %v", err)
	}
}

// TestTLS: a cluster that asks for certificates is reached with one, and not without.
func TestTLS(t *testing.T) {
	folder := t.TempDir()
	ca := newAuthority(t)
	ca.write(t, folder)
	cluster := etcdtest.Start(t, "--client-cert-auth", "--trusted-ca-file", filepath.Join(folder, "ca.pem"),
		"--cert-file", filepath.Join(folder, "cert.pem"), "--key-file", filepath.Join(folder, "key.pem"))
	at := cluster.At("tls")
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	store := openStore(t, at, etcd.Options{TLS: &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{ca.issue(t)}}})
	must(t, add(limited(t), store, "one"))

	other := x509.NewCertPool()
	other.AddCert(newAuthority(t).cert)
	for name, config := range map[string]*tls.Config{
		"without TLS":         nil,
		"without certificate": {RootCAs: pool},
		"another authority":   {RootCAs: other, Certificates: []tls.Certificate{ca.issue(t)}},
	} {
		if _, err := etcd.Open(limited(t), at, etcd.Options{TLS: config}.Within(time.Second)); !errors.Is(err, kv.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// authority issues certificates for this machine.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	cert, err := x509.ParseCertificate(raw)
	must(t, err)
	return authority{cert, key}
}

func (a authority) issue(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	raw, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "node"},
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}, a.cert, key.Public(), a.key)
	must(t, err)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

// write leaves ca.pem, cert.pem and key.pem in a folder.
func (a authority) write(t *testing.T, folder string) {
	t.Helper()
	pair := a.issue(t)
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	must(t, err)
	for name, block := range map[string]*pem.Block{
		"ca.pem": {Type: "CERTIFICATE", Bytes: a.cert.Raw}, "cert.pem": {Type: "CERTIFICATE", Bytes: slices.Concat(pair.Certificate...)},
		"key.pem": {Type: "PRIVATE KEY", Bytes: key},
	} {
		must(t, os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600))
	}
}
