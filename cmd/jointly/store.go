package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jointly/catalogue/kv"
	"jointly/catalogue/kv/bolt"
	"jointly/catalogue/kv/etcd"
)

// Reach is how the members of an etcd cluster are reached.
type Reach struct {
	CA           string `help:"Certificates that etcd's own are checked with, in PEM; with it etcd is reached through TLS." env:"JOINTLY_STORE_CA" placeholder:"FILE"`
	Cert         string `help:"Our certificate for etcd, in PEM." env:"JOINTLY_STORE_CERT" placeholder:"FILE"`
	Key          string `help:"The certificate's key, in PEM." env:"JOINTLY_STORE_KEY" placeholder:"FILE"`
	User         string `help:"Our name at etcd; the password stands in JOINTLY_STORE_PASSWORD or in a file." env:"JOINTLY_STORE_USER" placeholder:"NAME"`
	PasswordFile string `help:"File that holds the password." env:"JOINTLY_STORE_PASSWORD_FILE" placeholder:"FILE"`
}

// passwordVariable holds the password for etcd: a flag would show it to everybody on the machine.
const passwordVariable = "JOINTLY_STORE_PASSWORD"

// storeAt is where records are: in a file, or in a cluster.
type storeAt struct {
	path    string // absolute; empty for a cluster
	cluster etcd.Place
}

// shared says that other processes may work on the store at the same time.
func (s storeAt) shared() bool { return s.path == "" }

func (s storeAt) String() string {
	if s.shared() {
		return s.cluster.String()
	}
	return s.path
}

// parseStore reads the address of a store: etcd://..., bolt://PATH, or just a path.
func parseStore(flag, address string) (storeAt, error) {
	if strings.HasPrefix(address, etcd.Scheme) {
		place, err := etcd.ParsePlace(address)
		if err != nil {
			return storeAt{}, usage("%s: %s", flag, err)
		}
		return storeAt{cluster: place}, nil
	}
	path := strings.TrimPrefix(address, "bolt://")
	if path == "" || strings.Contains(path, "://") {
		return storeAt{}, usage("%s takes bolt://PATH for a file, or %sHOST:2379,HOST:2379/NAME for a cluster", flag, etcd.Scheme)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return storeAt{}, fmt.Errorf("find %s: %w", address, reason(err))
	}
	return storeAt{path: path}, nil
}

// storeAt is what --store names, or the file in the data folder.
func (g Globals) storeAt() (storeAt, error) {
	if g.Store == "" {
		return parseStore("--data", filepath.Join(g.Data, storeFile))
	}
	return parseStore("--store", g.Store)
}

// openStore opens the store at a place; one in a cluster keeps its mirror in a folder, or has none where that is empty.
func (g Globals) openStore(ctx context.Context, at storeAt, folder string) (kv.Store, error) {
	if !at.shared() {
		store, err := bolt.Open(at.path, bolt.Options{})
		if err != nil { // not a nil *bolt.Store in the interface
			return nil, err
		}
		return store, nil
	}
	o, err := g.Reach.options()
	if err != nil {
		return nil, err
	}
	o.Folder = folder
	store, err := etcd.Open(ctx, at.cluster, o)
	if err != nil {
		return nil, err
	}
	return store, nil
}

// options reads the files that the flags name.
func (r Reach) options() (o etcd.Options, err error) {
	o.User = r.User
	if r.CA != "" || r.Cert != "" {
		if o.TLS, err = r.tls(); err != nil {
			return o, err
		}
	}
	if o.User == "" {
		return o, nil
	}
	o.Password = os.Getenv(passwordVariable)
	if r.PasswordFile != "" {
		text, err := os.ReadFile(r.PasswordFile)
		if err != nil {
			return o, usage("--store-password-file: %s cannot be read: %v", r.PasswordFile, reason(err))
		}
		o.Password = strings.TrimRight(string(text), "\r\n")
	}
	if o.Password == "" {
		return o, usage("--store-user needs a password: set %s or --store-password-file", passwordVariable)
	}
	return o, nil
}

func (r Reach) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.CA != "" {
		pem, err := os.ReadFile(r.CA)
		if err != nil {
			return nil, usage("--store-ca: %s cannot be read: %v", r.CA, reason(err))
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, usage("--store-ca: %s holds no certificate in PEM", r.CA)
		}
	}
	if r.Cert != "" || r.Key != "" {
		pair, err := tls.LoadX509KeyPair(r.Cert, r.Key)
		if err != nil {
			return nil, usage("--store-cert and --store-key: %v", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// folderLock is an empty store that a process keeps open while it works with a data folder whose records are elsewhere:
// index and uploads belong to one process, as they do where the records lie beside them.
const folderLock = "node.db"

// heldFolder is a store and the lock on the data folder.
type heldFolder struct {
	kv.Store
	lock io.Closer
}

func (h heldFolder) Close() error { return errors.Join(h.Store.Close(), h.lock.Close()) }

// openHere opens the store for the process that works with the data folder.
func (g Globals) openHere(ctx context.Context, at storeAt) (kv.Store, error) {
	if !at.shared() {
		return g.openStore(ctx, at, "")
	}
	lock, err := bolt.Open(filepath.Join(g.Data, folderLock), bolt.Options{})
	if err != nil {
		return nil, err
	}
	store, err := g.openStore(ctx, at, g.Data)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return heldFolder{store, lock}, nil
}
