// Package facts holds the sourced public facts that come with the program: platforms, which council was seen to run
// which of them, what councils bought, and the frameworks that they may buy through. Every row says where it was read, and when where that is known; what is not
// stated is blank. They are data files, embedded, and checked when loaded.
package facts

import (
	"embed"
	"fmt"
	"io/fs"

	"jointly/catalogue"
)

//go:embed data/*.csv
var embedded embed.FS

// Facts are records ready to be imported. A platform is there once under whatever names it is written; a use and a
// contract keep what their record wrote. IDs of contracts are left to the import, which finds them by reference.
type Facts struct {
	Platforms []catalogue.Platform // by ID
	Uses      []catalogue.Use      // by council
	Contracts []catalogue.Contract // by council, then reference

	Frameworks []catalogue.Framework
	Bodies     []catalogue.Body // that the others name
}

// Load reads and checks the embedded facts. An error names the file and the line.
func Load() (*Facts, error) {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, fmt.Errorf("public facts: %w", err)
	}
	f := &Facts{}
	for _, step := range []func(fs.FS) error{f.readPlatforms, f.readUses, f.readContracts, f.readFrameworks, f.readBodies} {
		if err := step(data); err != nil {
			return nil, fmt.Errorf("public facts: %w", err)
		}
	}
	return f, nil
}

// Items are all facts in the order in which they can be imported: platforms before what names them.
func (f *Facts) Items() []catalogue.Item {
	items := make([]catalogue.Item, 0, len(f.Platforms)+len(f.Uses)+len(f.Contracts)+len(f.Frameworks)+len(f.Bodies))
	for i := range f.Platforms {
		items = append(items, &f.Platforms[i])
	}
	for i := range f.Uses {
		items = append(items, &f.Uses[i])
	}
	for i := range f.Contracts {
		items = append(items, &f.Contracts[i])
	}
	for i := range f.Frameworks {
		items = append(items, &f.Frameworks[i])
	}
	for i := range f.Bodies {
		items = append(items, &f.Bodies[i])
	}
	return items
}

// readPlatforms reads platforms.csv. Its column note says why names were put together or kept apart; it is for those
// who keep the file, and not carried into the record.
func (f *Facts) readPlatforms(data fs.FS) error {
	const columns = "id,name,supplier,aliases,capabilities,licence,underpinning,summary,evidence,note"
	seen := map[string]bool{}
	return readTable(data, "platforms.csv", columns, func(r row) error {
		p := catalogue.Platform{
			Meta:         catalogue.Meta{ID: r.Need("id")},
			Name:         r.Need("name"),
			Aliases:      r.List("aliases"),
			Supplier:     r.Text("supplier"),
			Capabilities: r.List("capabilities"),
			Licence:      r.Text("licence"),
			Underpinning: r.OneOf("underpinning", "", "y") == "y",
			Summary:      r.Need("summary"),
			Evidence:     r.Text("evidence"),
		}
		if seen[p.ID] {
			return fmt.Errorf("the platform %s is there twice", p.ID)
		}
		seen[p.ID] = true
		f.Platforms = append(f.Platforms, p)
		return nil
	})
}

// platform says whether there is one with that ID.
func (f *Facts) platform(id string) bool {
	for i := range f.Platforms {
		if f.Platforms[i].ID == id {
			return true
		}
	}
	return false
}

// readUses reads uses.csv. A council may be seen to run a platform under two names, in two records: both are kept.
func (f *Facts) readUses(data fs.FS) error {
	const columns = "ref,council,written_as,platform,capability,since,source,reference,date,kind,note"
	seen := map[string]bool{}
	return readTable(data, "uses.csv", columns, func(r row) error {
		u := catalogue.Use{
			Meta:       catalogue.Meta{Ref: r.Need("ref")},
			Platform:   r.Need("platform"),
			Council:    r.Need("council"),
			WrittenAs:  r.Need("written_as"),
			Capability: r.Text("capability"),
			Since:      r.date("since"),
			Source:     r.source("date"),
		}
		u.ID = u.Platform + "~" + u.Council
		if seen[u.ID] {
			u.ID += "~" + u.Ref
		}
		if seen[u.ID] {
			return fmt.Errorf("the use %s is there twice", u.ID)
		}
		seen[u.ID] = true
		if !f.platform(u.Platform) {
			return fmt.Errorf("platform: %q is unknown", u.Platform)
		}
		f.Uses = append(f.Uses, u)
		return nil
	})
}

// readContracts reads contracts.csv. The facts state a capability that nobody at the council confirmed, so it stands
// there unconfirmed; months of extension are given only where the record states them beyond doubt.
func (f *Facts) readContracts(data fs.FS) error {
	const columns = "ref,council,title,supplier,product,platform,capability,value_gbp,start,end," +
		"extension_months,extension,route,stage,source,reference,published,kind,note"
	seen := map[string]bool{}
	return readTable(data, "contracts.csv", columns, func(r row) error {
		c := catalogue.Contract{
			Meta:            catalogue.Meta{Ref: r.Need("ref")},
			Council:         r.Need("council"),
			Title:           r.Need("title"),
			Supplier:        r.Text("supplier"),
			Product:         r.Text("product"),
			Platform:        r.Text("platform"),
			Capability:      r.Text("capability"),
			Value:           r.amount("value_gbp"),
			Start:           r.date("start"),
			End:             r.date("end"),
			ExtensionMonths: int(r.amount("extension_months")),
			Extension:       r.Text("extension"),
			Route:           r.Text("route"),
			Stage: catalogue.Stage(r.OneOf("stage",
				string(catalogue.StagePlanned), string(catalogue.StageTender), string(catalogue.StageAwarded))),
			Audience: catalogue.Public,
			Source:   r.source("published"),
		}
		key := c.Council + " " + c.Ref
		if seen[key] {
			return fmt.Errorf("the reference %s is there twice for %s", c.Ref, c.Council)
		}
		seen[key] = true
		if c.Platform != "" && !f.platform(c.Platform) {
			return fmt.Errorf("platform: %q is unknown", c.Platform)
		}
		f.Contracts = append(f.Contracts, c)
		return nil
	})
}
