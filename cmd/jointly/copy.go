package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

type copyCommand struct {
	From string `help:"Store to read: bolt://PATH, or etcd://HOST:2379,HOST:2379/NAME." required:"" placeholder:"URL"`
	To   string `help:"Empty store to fill." required:"" placeholder:"URL"`
}

func (c *copyCommand) relativeTo(folder string) {
	for _, address := range []*string{&c.From, &c.To} {
		if path := strings.TrimPrefix(*address, "bolt://"); path != "" && !strings.Contains(path, "://") {
			*address = within(folder, path)
		}
	}
}

// ownsFolder: both stores are named, and nobody may serve them.
func (*copyCommand) ownsFolder() {}

func (c *copyCommand) run(ctx context.Context, a *app, s streams) (err error) {
	from, err := c.open(ctx, a.globals, "--from", c.From)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := c.open(ctx, a.globals, "--to", c.To)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	copied, err := catalogue.Copy(ctx, from, to)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Copied %s, and compared: both have the hash %s. The file 'secret' of the data folder goes with the records: copy it to the folder of each node.\n",
		count(copied.Rows, "row", "rows"), copied.Hash)
	return err
}

func (c *copyCommand) open(ctx context.Context, g Globals, flag, address string) (kv.Store, error) {
	at, err := parseStore(flag, address)
	if err != nil {
		return nil, err
	}
	if flag == "--from" && !at.shared() {
		if _, err := os.Stat(at.path); err != nil {
			return nil, fmt.Errorf("%s: there is no store at %s: %w", flag, at, reason(err))
		}
	}
	store, err := g.openStore(ctx, at, "")
	if errors.Is(err, kv.ErrLocked) {
		return nil, fmt.Errorf("%s %s is in use. Stop what serves it: nothing may write while it is copied", flag, at)
	}
	return store, err
}
