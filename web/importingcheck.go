package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// checkPage is what an import would do, before anything is written.
type checkPage struct {
	view.Page
	Heading  string
	File     string
	Sums     []view.Count
	Failures int
	Warnings int
	Problems view.Table
	More     int    // problems that are not shown
	Download string // address of all of them
	Change   *view.Link
	Form     *checkForm // nil: it cannot be imported
	Nothing  bool       // nothing in it is new or changed
	Again    string     // where the file is uploaded again
}

// checkForm imports what was looked at.
type checkForm struct {
	Action   string
	Same     *view.Checkboxes // contracts that seem to be there already
	Audience *view.Radios     // nil: the council alone
	Send     view.Button
}

// importChoice is what a person decided beyond the file.
type importChoice struct {
	audience catalogue.Audience
	same     []string // pairs that are one contract
}

// problemsShown is how many errors and warnings stand on the page.
const problemsShown = 500

// tried is a file that was read and tried.
type tried struct {
	file   *exchange.File
	report exchange.Report
	alike  []exchange.Alike // before any were taken as the same
	seen   bool             // rows say themselves who may see what is new
}

// bring reads an upload with what was chosen, and imports it or, with DryRun, tries to. The file that has errors is not
// imported.
func (s *site) bring(ctx context.Context, who visitor, u upload, choice importChoice, o catalogue.ImportOptions, rows func(int)) (tried, catalogue.Imported, error) {
	var b tried
	var fresh func(*catalogue.Contract) bool
	err := s.opened(ctx, who, u, func(r *exchange.Reader, in io.Reader) (err error) {
		fresh = newTo(r)
		if u.notices {
			b.file, err = r.OCDS(in, u.buyer)
			return err
		}
		register, err := r.OpenRegister(in, u.mapping)
		if err != nil {
			return err
		}
		b.file = register.Read(rows)
		return nil
	})
	if err != nil {
		return b, catalogue.Imported{}, err
	}
	for _, item := range b.file.Items {
		k, ok := item.(*catalogue.Contract)
		if !ok || !fresh(k) {
			continue
		}
		own := !u.notices && k.Audience != ""
		b.seen = b.seen || own
		if !own || choice.audience == catalogue.Own {
			k.Audience = choice.audience
		}
	}
	b.alike = slices.Clone(b.file.Alike)
	for _, a := range b.alike {
		if slices.Contains(choice.same, pairOf(b.file, a)) {
			b.file.Same(a)
		}
	}
	o.DryRun = o.DryRun || len(b.file.Errors) > 0
	done, err := s.Catalogue.Import(ctx, who.actor, b.file.Items, o)
	if err != nil {
		return b, done, err
	}
	b.report = b.file.Report(done)
	return b, done, nil
}

// newTo says of a contract that its council has none with its reference: who sees those that are there stays as it is.
func newTo(r *exchange.Reader) func(*catalogue.Contract) bool {
	refs := map[string]map[string]bool{}
	return func(k *catalogue.Contract) bool {
		if refs[k.Council] == nil { // another than the reader's where that took its place
			refs[k.Council] = map[string]bool{}
			for _, held := range r.Held(k.Council) {
				refs[k.Council][cmp.Or(held.Ref, held.ID)] = true
			}
		}
		return !refs[k.Council][k.Ref]
	}
}

// pairOf names a contract of a file and the one that it looks like.
func pairOf(f *exchange.File, a exchange.Alike) string {
	return strconv.Itoa(f.Rows[a.Item]) + ":" + a.Other.ID
}

// audiences are who may see what a visitor imports; the first is the usual.
func audiences(who visitor) []catalogue.Audience {
	if !catalogue.MayDo(who.actor, catalogue.ImportContracts) {
		return []catalogue.Audience{catalogue.Own}
	}
	return []catalogue.Audience{catalogue.Councils, catalogue.Public, catalogue.Own}
}

// ready is an upload of the visitor's with all that must be known before it is tried; where something lacks, next is the
// page that asks for it.
func (s *site) ready(c *gin.Context, who visitor) (u upload, next string, err error) {
	u, err = s.Imports.of(who.actor, c.Param("id"))
	here := importAddress + "/" + u.id
	switch {
	case err != nil:
	case u.run != nil && !u.run.failed():
		next = here
	case u.notices && u.buyer == "":
		next = here + "/buyer"
	case !u.notices && u.titles == nil:
		next = here + "/columns"
	}
	return u, next, err
}

func (s *site) checkImport(c *gin.Context, who visitor) error {
	u, next, err := s.ready(c, who)
	switch {
	case err != nil:
		return s.noUpload(c, who, err)
	case next != "":
		return s.redirect(c, who, next)
	}
	return s.showCheck(c, who, u, http.StatusOK, importChoice{audience: audiences(who)[0]}, "")
}

func (s *site) showCheck(c *gin.Context, who visitor, u upload, status int, choice importChoice, wrong string) error {
	b, _, err := s.bring(c, who, u, importChoice{audience: choice.audience}, catalogue.ImportOptions{DryRun: true}, nil)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	here := importAddress + "/" + u.id
	p := checkPage{Page: s.page(c, who, "/desk", "What this import would do"), Heading: "What this import would do", File: u.name, Download: here + "/problems.csv", Again: importAddress,
		Change: &view.Link{Text: "Change what the columns are", Href: here + "/columns"}}
	if u.notices {
		p.Change = &view.Link{Text: "Choose another buyer", Href: here + "/buyer"}
	}
	p.Canonical, p.Crumbs = "", importCrumbs(p.Heading)
	if wrong != "" {
		p.Page.Errors = []view.ErrorLink{{Text: wrong, Href: "#audience"}}
	}
	warnings := withoutPairs(b)
	p.Failures, p.Warnings = len(b.report.Errors), len(warnings)
	p.Sums = []view.Count{{Number: view.Number(b.report.Created), Label: "new"}, {Number: view.Number(b.report.Updated), Label: "changed"},
		{Number: view.Number(b.report.Unchanged), Label: "unchanged"}, {Number: view.Number(p.Failures), Label: "errors", More: view.Plural(p.Warnings, "warning", "warnings")}}
	if p.Failures > 0 {
		p.Sums = []view.Count{{Number: view.Number(len(b.file.Items)), Label: "contracts that could be read"}, {Number: view.Number(p.Failures), Label: "errors"}, {Number: view.Number(p.Warnings), Label: "warnings"}}
	}
	p.Problems, p.More = problemTable(b.report.Errors, warnings)
	p.Nothing = p.Failures == 0 && b.report.Created+b.report.Updated == 0
	if p.Failures == 0 && !p.Nothing {
		p.Form = newCheckForm(who, u, b, choice, wrong)
	}
	return s.show(c, who, status, "import-check", p)
}

// withoutPairs is the warnings of a file without those of contracts that a checkbox asks about.
func withoutPairs(b tried) []exchange.Problem {
	return slices.DeleteFunc(slices.Clone(b.report.Warnings), func(p exchange.Problem) bool {
		return slices.ContainsFunc(b.alike, func(a exchange.Alike) bool { return a.Said == p })
	})
}

// problemTable is the first problems, errors before warnings, and how many there are beyond.
func problemTable(failures, warnings []exchange.Problem) (view.Table, int) {
	t := view.Table{Caption: "Errors and warnings", CaptionClasses: "govuk-visually-hidden", Responsive: true, Classes: "jy-table--inline",
		Head: []view.Head{{Text: "Row", Classes: "jy-col-20"}, {Text: "Column", Classes: "jy-col-25"}, {Text: "What is wrong, and what to do"}}, FirstCellIsHeader: true}
	add := func(tag view.Tag, problems []exchange.Problem) {
		for _, p := range problems[:min(len(problems), problemsShown-len(t.Rows))] {
			t.Rows = append(t.Rows, []view.Cell{{Text: "Row " + strconv.Itoa(p.Row), Tag: &tag}, {Text: orPlain(p.Column, "The whole row"), Muted: p.Column == ""}, {Text: p.Message, Classes: "jy-table__line"}})
		}
	}
	add(view.Tag{Text: "Error", Classes: "govuk-tag--red"}, failures)
	add(view.Tag{Text: "Warning", Classes: "govuk-tag--grey"}, warnings)
	return t, len(failures) + len(warnings) - len(t.Rows)
}

// pairsShown is how many pairs a page asks about; the others are kept beside each other.
const pairsShown = 200

func newCheckForm(who visitor, u upload, b tried, choice importChoice, wrong string) *checkForm {
	f := &checkForm{Action: importAddress + "/" + u.id + "/import",
		Send: view.Button{Text: "Import " + view.Plural(b.report.Created+b.report.Updated, "contract", "contracts"), PreventDoubleClick: true}}
	allowed := audiences(who)
	if len(allowed) == 1 {
		return f
	}
	f.Audience = &view.Radios{Name: "audience", Error: wrong, Legend: &view.Legend{Text: "Who may see the new ones?", Classes: "govuk-fieldset__legend--s"},
		Hint: "Contracts that are here already stay seen by those who see them now", Classes: "govuk-radios--small"}
	if b.seen {
		f.Audience.Hint += ". Rows that say who can see them keep their word, unless you choose your council alone"
	}
	for _, a := range allowed {
		said := map[catalogue.Audience][2]string{
			catalogue.Councils: {"Officers of councils", "So that others see that you buy the same"},
			catalogue.Public:   {"Anybody", "Registers are published anyway"},
			catalogue.Own:      {"Your council alone", "You can open them to councils later, in one step"},
		}[a]
		f.Audience.Choices = append(f.Audience.Choices, view.Choice{Value: string(a), Text: said[0], Hint: said[1], Checked: a == choice.audience})
	}
	same := &view.Checkboxes{Name: "same", Legend: &view.Legend{Text: "Are these the same contract?", Classes: "govuk-fieldset__legend--s"}, Classes: "govuk-checkboxes--small",
		Hint: "They look like contracts that are here already. Tick those that are the same: your file then updates what is here, which keeps the number of its notice. The others come in beside them"}
	for _, a := range b.alike[:min(len(b.alike), pairsShown)] {
		pair, title := pairOf(b.file, a), ""
		if k, ok := b.file.Items[a.Item].(*catalogue.Contract); ok {
			title = k.Title
		}
		same.Choices = append(same.Choices, view.Choice{Value: pair, Text: fmt.Sprintf("Row %d, %s", b.file.Rows[a.Item], title), Hint: "Is it ‘" + a.Other.Title + "’ from " + a.Origin() + "? " + sentenceCase(a.Sure.String()) + ": " + strings.Join(a.Reasons, ", "),
			Checked: slices.Contains(choice.same, pair) || choice.same == nil && a.Sure == catalogue.Certain})
	}
	if len(same.Choices) > 0 {
		f.Same = same
	}
	return f
}

// importProblems is every error and warning as a file.
func (s *site) importProblems(c *gin.Context, who visitor) error {
	u, next, err := s.ready(c, who)
	if err != nil || next != "" {
		return s.noUpload(c, who, orGone(err))
	}
	b, _, err := s.bring(c, who, u, importChoice{audience: audiences(who)[0]}, catalogue.ImportOptions{DryRun: true}, nil)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	var file bytes.Buffer
	file.WriteString("\ufeff")
	w := csv.NewWriter(&file)
	lines := [][]string{{"Row", "Column", "Kind", "What is wrong, and what to do"}}
	for _, part := range []struct {
		kind     string
		problems []exchange.Problem
	}{{"Error", b.report.Errors}, {"Warning", b.report.Warnings}} {
		for _, p := range part.problems {
			lines = append(lines, []string{strconv.Itoa(p.Row), exchange.SafeCell(p.Column), part.kind, exchange.SafeCell(p.Message)})
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return fmt.Errorf("problems: %w", err)
	}
	return s.download(c, who, "import-problems.csv", file.Bytes())
}
