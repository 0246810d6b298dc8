package web

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// columnsPage says what each column of a register is taken as, and lets that be put right.
type columnsPage struct {
	view.Page
	Heading string
	File    string
	Where   string // the sheet and row of the titles
	Known   string // what is remembered of an earlier file
	Action  string
	Columns []columnRow
	Next    view.Button
}

// columnRow is one column.
type columnRow struct {
	Name     string
	Examples []string
	Note     string
	Field    view.Select
}

func (s *site) columns(c *gin.Context, who visitor) error {
	u, err := s.Imports.of(who.actor, c.Param("id"))
	if err != nil || u.run != nil && !u.run.finished {
		return s.noUpload(c, who, orGone(err))
	}
	register, err := s.register(c, who, u)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	known := u.titles
	if known == nil {
		if known, err = s.rememberedColumns(c, who); err != nil {
			return err
		}
	}
	p := s.columnsPage(c, who, u, register, recognised(register, known), nil)
	if n := countKnown(register, known); n > 0 && u.titles == nil {
		p.Known = "Your council’s last choice is used for " + view.Plural(n, "column", "columns") + "."
	}
	return s.show(c, who, http.StatusOK, "import-columns", p)
}

// orGone is the error, or that there is nothing to look at any more.
func orGone(err error) error {
	if err == nil {
		return errNoUpload()
	}
	return err
}

// register looks at an uploaded register as its titles are recognised.
func (s *site) register(c *gin.Context, who visitor, u upload) (register *exchange.RegisterFile, err error) {
	if u.notices {
		return nil, errNoUpload()
	}
	err = s.opened(c, who, u, func(r *exchange.Reader, in io.Reader) (err error) {
		register, err = r.OpenRegister(in, nil)
		return err
	})
	return register, err
}

// rememberedColumns is what the council's people said last of columns, by folded title.
func (s *site) rememberedColumns(c *gin.Context, who visitor) (map[string]string, error) {
	if titles := s.Imports.titles(who.actor.Org); titles != nil {
		return titles, nil
	}
	records, err := s.Catalogue.Imports(c, who.actor)
	for _, r := range records {
		if r.Columns != nil {
			return r.Columns, err
		}
	}
	return nil, err
}

func foldTitle(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// recognised is the field of each column: what is remembered of its title, else what the title says. Of two columns for
// one field, the remembered one has it.
func recognised(register *exchange.RegisterFile, known map[string]string) []string {
	fields := make([]string, len(register.Columns))
	taken := map[string]bool{}
	for i, column := range register.Columns {
		if field := known[foldTitle(column.Name)]; field != "" && kept(field) && !taken[field] {
			fields[i], taken[field] = field, true
		}
	}
	for i, column := range register.Columns {
		if _, told := known[foldTitle(column.Name)]; !told && kept(column.Field) && !taken[column.Field] {
			fields[i], taken[column.Field] = column.Field, true
		}
	}
	return fields
}

func countKnown(register *exchange.RegisterFile, known map[string]string) (n int) {
	for _, column := range register.Columns {
		field, told := known[foldTitle(column.Name)]
		if told && field != column.Field && (field != "" || kept(column.Field)) {
			n++
		}
	}
	return n
}

// kept says that a field goes into the record.
func kept(name string) bool {
	return slices.ContainsFunc(exchange.RegisterFields(), func(f exchange.RegisterField) bool { return f.Name == name && f.Kept })
}

func (s *site) columnsPage(c *gin.Context, who visitor, u upload, register *exchange.RegisterFile, fields []string, wrong error) columnsPage {
	p := columnsPage{Page: s.page(c, who, "/desk", "Check the columns"), Heading: "Check the columns", File: u.name,
		Action: importAddress + "/" + u.id + "/columns", Next: view.Button{Text: "Continue", PreventDoubleClick: true}}
	p.Canonical, p.Crumbs, p.Errors = "", importCrumbs(p.Heading), errorLinks(wrong, nil)
	p.Where = "Titles found in row " + strconv.Itoa(register.Header)
	if register.Sheet != "" {
		p.Where += " of the sheet ‘" + register.Sheet + "’"
	}
	for i, column := range register.Columns {
		id := "column-" + strconv.Itoa(i+1)
		row := columnRow{Name: column.Name, Examples: column.Examples, Field: view.Select{Name: id, Error: fieldError(wrong, id),
			Label: view.Label{Text: "What ‘" + column.Name + "’ is", Classes: "govuk-visually-hidden"}, Options: fieldOptions(fields[i])}}
		if fields[i] == "" && column.Field != "" && column.Note != "" {
			row.Note = "A register may have this column. Jointly does not need it"
		}
		p.Columns = append(p.Columns, row)
	}
	return p
}

func fieldOptions(chosen string) []view.Option {
	options := []view.Option{{Value: "", Text: "Not used", Selected: chosen == ""}}
	for _, f := range exchange.RegisterFields() {
		if !f.Kept || f.Exported && f.Name != chosen {
			continue
		}
		text := f.Title
		if f.Needed {
			text += " (needed)"
		}
		options = append(options, view.Option{Value: f.Name, Text: text, Selected: f.Name == chosen})
	}
	return options
}

func (s *site) chooseColumns(c *gin.Context, who visitor) error {
	u, err := s.Imports.of(who.actor, c.Param("id"))
	if err != nil {
		return s.noUpload(c, who, err)
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	register, err := s.register(c, who, u)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	fields, titles, mapping := make([]string, len(register.Columns)), map[string]string{}, exchange.Mapping{}
	for i, column := range register.Columns {
		id := "column-" + strconv.Itoa(i+1)
		field := t.text(id)
		if field != "" && !kept(field) {
			field = ""
		}
		if other, twice := mapping[field]; field != "" && twice {
			t.fault(id, "‘"+column.Name+"’ and ‘"+other+"’ are taken as the same: choose one of them")
		}
		fields[i], titles[foldTitle(column.Name)] = field, field
		if field != "" {
			mapping[field] = column.Name
		}
	}
	for _, f := range exchange.RegisterFields() {
		if _, there := mapping[f.Name]; !there && f.Needed {
			t.fault("column-1", "Choose which column is the ‘"+f.Title+"’: every contract needs one")
		} else if !there && f.Kept {
			mapping[f.Name] = "" // whatever a title looks like
		}
	}
	if err := t.err(); err != nil {
		return s.show(c, who, http.StatusBadRequest, "import-columns", s.columnsPage(c, who, u, register, fields, err))
	}
	s.Imports.change(u.id, func(u *upload) { u.mapping, u.titles = maps.Clone(mapping), titles })
	return s.redirect(c, who, importAddress+"/"+u.id+"/check")
}

// buyerPage asks whose notices of a file are the council's.
type buyerPage struct {
	view.Page
	Heading string
	File    string
	Council string
	Action  string
	Buyer   view.Select
	Own     bool // the council is among them
	Next    view.Button
}

func (s *site) buyers(c *gin.Context, who visitor) error {
	u, err := s.Imports.of(who.actor, c.Param("id"))
	if err != nil {
		return s.noUpload(c, who, err)
	}
	return s.showBuyers(c, who, u, http.StatusOK, u.buyer, "")
}

func (s *site) showBuyers(c *gin.Context, who visitor, u upload, status int, chosen, wrong string) error {
	found, err := s.buyersOf(c, who, u)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	p := buyerPage{Page: s.page(c, who, "/desk", "Whose notices are yours?"), Heading: "Whose notices are yours?", File: u.name, Council: who.org, Action: importAddress + "/" + u.id + "/buyer",
		Buyer: view.Select{Name: "buyer", Error: wrong, Label: view.Label{Text: "Published by", Classes: "govuk-label--s"},
			Hint: "Choose a body that is not your council only where it buys for your council"}, Next: view.Button{Text: "Continue", PreventDoubleClick: true}}
	p.Canonical, p.Crumbs = "", importCrumbs(p.Heading)
	if wrong != "" {
		p.Errors = []view.ErrorLink{{Text: wrong, Href: "#buyer"}}
	}
	successors, err := s.Catalogue.Successors(c)
	if err != nil {
		return err
	}
	groups := []view.OptionGroup{{Label: "Your council"}, {Label: "Bodies that are no council of the register"}, {Label: "Other councils"}}
	for _, b := range found {
		at := 2
		switch {
		case b.Council == who.actor.Org || b.Council != "" && successors[b.Council] == who.actor.Org:
			at, p.Own = 0, true
		case b.Council == "":
			at = 1
		}
		groups[at].Options = append(groups[at].Options, view.Option{Value: b.Name, Text: b.Name + ": " + view.Plural(b.Releases, "notice", "notices"), Selected: b.Name == chosen})
	}
	if !p.Own {
		p.Buyer.Options = []view.Option{{Value: "", Text: "Choose"}}
	}
	for _, g := range groups {
		if len(g.Options) > 0 {
			p.Buyer.Groups = append(p.Buyer.Groups, g)
		}
	}
	return s.show(c, who, status, "import-buyer", p)
}

func (s *site) buyersOf(c *gin.Context, who visitor, u upload) (found []exchange.Buyer, err error) {
	if !u.notices {
		return nil, errNoUpload()
	}
	err = s.opened(c, who, u, func(r *exchange.Reader, in io.Reader) (err error) {
		found, _, err = r.Buyers(in)
		return err
	})
	return found, err
}

func (s *site) chooseBuyer(c *gin.Context, who visitor) error {
	u, err := s.Imports.of(who.actor, c.Param("id"))
	if err != nil {
		return s.noUpload(c, who, err)
	}
	t, err := sent(c)
	if err != nil {
		return err
	}
	found, err := s.buyersOf(c, who, u)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	buyer := t.text("buyer")
	if !slices.ContainsFunc(found, func(b exchange.Buyer) bool { return b.Name == buyer }) {
		return s.showBuyers(c, who, u, http.StatusBadRequest, "", "Choose who published your council’s notices")
	}
	s.Imports.change(u.id, func(u *upload) { u.buyer = buyer })
	return s.redirect(c, who, importAddress+"/"+u.id+"/check")
}
