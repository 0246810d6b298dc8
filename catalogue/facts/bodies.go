package facts

import (
	"fmt"
	"io/fs"

	"jointly/catalogue"
)

// readBodies reads bodies.csv: public bodies that the other facts name as suppliers of platforms or owners of frameworks.
// No domain is stated: the operator adds it before anybody can act for a body.
func (f *Facts) readBodies(data fs.FS) error {
	const columns = "id,name,kind,about,suppliers,frameworks,source"
	seen := map[string]bool{}
	return readTable(data, "bodies.csv", columns, func(r row) error {
		b := catalogue.Body{Meta: catalogue.Meta{ID: r.Need("id")}, Name: r.Need("name"), Kind: catalogue.BodyKind(r.OneOf("kind", string(catalogue.CentralBody), string(catalogue.SectorBody))),
			About: r.Text("about"), Suppliers: r.List("suppliers"), Frameworks: r.Text("frameworks"), Source: r.Need("source")}
		if seen[b.ID] {
			return fmt.Errorf("the body %s is there twice", b.ID)
		}
		seen[b.ID] = true
		f.Bodies = append(f.Bodies, b)
		return nil
	})
}
