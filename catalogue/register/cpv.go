package register

import (
	"fmt"
	"io/fs"
	"strings"

	"jointly/catalogue/table"
)

// CPV is a code of the Common Procurement Vocabulary of 2008. The register holds every division and, below those that
// matter to council ICT, all codes.
type CPV struct {
	Code   string // eight digits, without the check digit
	Name   string
	Level  string // division, group, class, category or subcategory
	Parent string // the code one level up; blank for a division
}

// CPVs are all codes in the register, in order.
func (r *Register) CPVs() []CPV { return r.cpvs }

// CPV finds a code, with or without its check digit (48000000-8), spaces around it ignored.
func (r *Register) CPV(code string) (CPV, bool) {
	code = strings.TrimSpace(code)
	if digits, check, ok := strings.Cut(code, "-"); ok {
		if len(check) != 1 || check[0] < '0' || check[0] > '9' {
			return CPV{}, false
		}
		code = digits
	}
	return at(r.cpvs, r.cpvsByCode, code)
}

func (r *Register) readCPV(data fs.FS) error {
	r.cpvsByCode = map[string]int{}
	err := table.Read(data, "cpv.csv", "cpv,name,level,parent", func(row *table.Row) error {
		c := CPV{
			Code:   row.Need("cpv"),
			Name:   row.Need("name"),
			Level:  row.OneOf("level", "division", "group", "class", "category", "subcategory"),
			Parent: row.Text("parent"),
		}
		if len(c.Code) != 8 || strings.Trim(c.Code, "0123456789") != "" {
			return fmt.Errorf("cpv: %q is not eight digits", c.Code)
		}
		if (c.Level == "division") != (c.Parent == "") {
			return fmt.Errorf("cpv: %s is a division or has a parent", c.Code)
		}
		if _, taken := r.cpvsByCode[c.Code]; taken {
			return fmt.Errorf("cpv: %s is there twice", c.Code)
		}
		r.cpvsByCode[c.Code] = len(r.cpvs)
		r.cpvs = append(r.cpvs, c)
		return nil
	})
	if err != nil {
		return err
	}
	for _, c := range r.cpvs {
		if _, ok := r.cpvsByCode[c.Parent]; c.Parent != "" && !ok {
			return fmt.Errorf("cpv.csv: %s has the unknown parent %s", c.Code, c.Parent)
		}
	}
	return nil
}
