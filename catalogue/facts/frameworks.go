package facts

import (
	"fmt"
	"io/fs"
	"slices"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// readFrameworks reads frameworks.csv. Blank is not stated; 'eligible' holds what the record says of who may use it, and
// what to know beside it stands in the note.
func (f *Facts) readFrameworks(data fs.FS) error {
	const columns = "ref,name,owner,scope,lots,capabilities,eligible,start,end,latest,call_off,planned,replaced_by,source,note,known,checked"
	seen := map[string]bool{}
	err := readTable(data, "frameworks.csv", columns, func(r row) error {
		w := catalogue.Framework{
			Meta:         catalogue.Meta{ID: catalogue.FrameworkID(r.Need("ref")), Ref: r.Need("ref")},
			Name:         r.Need("name"),
			Reference:    r.Need("ref"),
			Owner:        r.Need("owner"),
			Scope:        r.Text("scope"),
			Lots:         r.List("lots"),
			Capabilities: r.List("capabilities"),
			Eligible:     r.Text("eligible"),
			Start:        r.date("start"),
			End:          r.date("end"),
			Latest:       r.date("latest"),
			CallOff:      r.Text("call_off"),
			Planned:      r.OneOf("planned", "", "y") == "y",
			Source:       r.Need("source"),
			Note:         r.Text("note"),
			Known: register.Known(r.OneOf("known",
				string(register.KnownVerified), string(register.KnownExcerpt), string(register.KnownGeneral))),
			Checked: r.date("checked"),
		}
		if next := r.Text("replaced_by"); next != "" {
			w.ReplacedBy = catalogue.FrameworkID(next)
		}
		if seen[w.ID] {
			return fmt.Errorf("the framework %s is there twice", w.ID)
		}
		seen[w.ID] = true
		f.Frameworks = append(f.Frameworks, w)
		return nil
	})
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(f.Frameworks, func(w catalogue.Framework) bool { return w.ReplacedBy != "" && !seen[w.ReplacedBy] }); i >= 0 {
		return fmt.Errorf("frameworks.csv: %s: replaced_by: %q is unknown", f.Frameworks[i].Ref, f.Frameworks[i].ReplacedBy)
	}
	return nil
}
