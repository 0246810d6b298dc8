package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"jointly/catalogue"
)

// keepBefore keeps a backup in the data folder before what an earlier version wrote is upgraded.
func (a *app) keepBefore(ctx context.Context, c *catalogue.Catalogue, u catalogue.Upgrade) error {
	dir, err := filepath.Abs(a.globals.Data)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "before-upgrade-from-"+strings.ReplaceAll(u.From, " ", "-")+".backup")
	if err := writeWhole(file, func(w io.Writer) error {
		_, err := c.Backup(ctx, w)
		return err
	}); err != nil {
		return err
	}
	a.log.Warn("the catalogue was written by an earlier version of Jointly and is upgraded now; a backup was kept first", "from", u.From, "to", u.To, "backup", file)
	return noteBackup(a.globals.Data, file)
}
