package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// importPage is where a council brings its contracts in: a register or notices, and what was imported before.
type importPage struct {
	view.Page
	Heading  string
	Private  bool // what the visitor imports is seen by its own council alone
	Register view.FileUpload
	Notices  view.FileUpload
	Send     view.Button
	Earlier  view.Table
	Kept     string // for how many undo is kept
}

const importAddress = "/estate/import"

func (s *site) importing(c *gin.Context, who visitor) error {
	p, err := s.importPage(c, who)
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "import", p)
}

func (s *site) importPage(c *gin.Context, who visitor) (importPage, error) {
	p := importPage{Page: s.page(c, who, "/desk", "Bring in your contracts"), Heading: "Bring in your contracts", Private: !catalogue.MayDo(who.actor, catalogue.ImportContracts),
		Register: view.FileUpload{Name: "register", Label: view.Label{Text: "Contracts register", Classes: "govuk-label--s"}, Hint: "CSV or XLSX, at most 32 MB", Accept: ".csv,.tsv,.txt,.xlsx"},
		Notices:  view.FileUpload{Name: "notices", Label: view.Label{Text: "Notices as OCDS", Classes: "govuk-label--s"}, Hint: "JSON, at most 32 MB", Accept: ".json,.jsonl"},
		Send:     view.Button{Text: "Upload and check", PreventDoubleClick: true}}
	p.Crumbs = importCrumbs("")
	records, err := s.Catalogue.Imports(c, who.actor)
	if err != nil {
		return p, err
	}
	p.Earlier = view.Table{Caption: "Earlier imports", CaptionClasses: "govuk-visually-hidden", Responsive: true,
		Head: []view.Head{{Text: "File"}, {Text: "When"}, {Text: "By"}, {Text: "New", Numeric: true}, {Text: "Changed", Numeric: true}, {Text: "State"}}}
	p.Kept = "The latest " + view.Number(catalogue.KeptImports) + " imports of your council are listed, and can be undone. What older ones brought stays, and is changed or deleted contract by contract."
	for _, r := range records {
		p.Earlier.Rows = append(p.Earlier.Rows, []view.Cell{{Text: orPlain(r.File, "A file without a name"), Href: importAddress + "/" + r.ID}, {Text: view.Day(r.At), Note: view.TimeOfDay(r.At)},
			{Text: s.importedBy(c, who, r)}, {Text: view.Number(r.Created), Numeric: true}, {Text: view.Number(r.Updated), Numeric: true}, importState(who, r)})
	}
	return p, nil
}

// importCrumbs is the way back from a page below My estate.
func importCrumbs(here string) []view.Crumb {
	crumbs := []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Bring in your contracts", Href: importAddress}}
	if here == "" {
		crumbs[1].Href = ""
		return crumbs
	}
	return append(crumbs, view.Crumb{Text: here})
}

func orPlain(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// importState says what became of an import, and leads to where it is undone.
func importState(who visitor, r *catalogue.ImportRecord) view.Cell {
	switch {
	case !r.Undone.IsZero():
		return view.Cell{Text: "Undone " + view.Day(r.Undone)}
	case r.MayUndo(who.actor):
		cell := view.Cell{Text: "Undo", Href: importAddress + "/" + r.ID + "#undo"}
		if r.Private > 0 {
			cell.Note = "Seen by your council alone"
		}
		return cell
	}
	return view.Cell{Text: "Imported"}
}

// importedBy is who imported, as far as the visitor may know.
func (s *site) importedBy(ctx context.Context, who visitor, r *catalogue.ImportRecord) string {
	switch {
	case r.Actor.IsOperator():
		return "Whoever runs this service"
	case r.Actor.Account == who.actor.Account:
		return "You"
	}
	if a, err := s.Catalogue.Account(ctx, who.actor, r.Actor.Account); err == nil {
		return a.Email
	}
	return "A colleague"
}

// longest is how long a file may take to arrive, and a large import to be undone.
const longest = 10 * time.Minute

// takeTime lets a request last longer than others may.
func takeTime(c *gin.Context) error {
	wait := http.NewResponseController(c.Writer)
	for _, extend := range []func(time.Time) error{wait.SetReadDeadline, wait.SetWriteDeadline} {
		if err := extend(time.Now().Add(longest)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return fmt.Errorf("take time: %w", err)
		}
	}
	return nil
}

func (s *site) uploadFile(c *gin.Context, who visitor) error {
	if err := takeTime(c); err != nil {
		return err
	}
	u, field, err := s.receive(c, who)
	var tooBig *http.MaxBytesError
	switch {
	case errors.Is(err, exchange.ErrTooBig) || errors.As(err, &tooBig):
		return s.uploadRefused(c, who, http.StatusRequestEntityTooLarge, field, "The file is larger than 32 MB: split it and import the parts")
	case catalogue.KindOf(err) == catalogue.Invalid:
		return s.uploadRefused(c, who, http.StatusBadRequest, field, fieldError(err, "file"))
	case err != nil:
		return err
	}
	problem, err := s.firstLook(c, who, u)
	if err != nil {
		return err
	}
	if problem != "" {
		s.Imports.drop(u.id)
		return s.uploadRefused(c, who, http.StatusBadRequest, field, problem)
	}
	next := "/columns"
	if u.notices {
		next = "/buyer"
	}
	return s.redirect(c, who, importAddress+"/"+u.id+next)
}

// uploadRefused is the page again, with what is wrong with the file beside its field.
func (s *site) uploadRefused(c *gin.Context, who visitor, status int, field, message string) error {
	p, err := s.importPage(c, who)
	if err != nil {
		return err
	}
	if field == p.Notices.Name {
		p.Notices.Error = message
	} else {
		field, p.Register.Error = p.Register.Name, message
	}
	p.Errors = []view.ErrorLink{{Text: message, Href: "#" + field}}
	return s.show(c, who, status, "import", p)
}

// receive keeps the file of a form. What is over the limit is read to its end, so that the browser hears the answer.
func (s *site) receive(c *gin.Context, who visitor) (u upload, field string, err error) {
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return u, "", &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "file", Message: "Choose a file"}}}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, field, &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "file", Message: "Choose a file"}}}
		}
		if err != nil {
			return u, field, unreadableUpload(err)
		}
		if part.FormName() != "register" && part.FormName() != "notices" {
			continue
		}
		field = part.FormName()
		in := bufio.NewReader(part)
		head, err := in.Peek(512)
		if err != nil && !errors.Is(err, io.EOF) {
			return u, field, unreadableUpload(err)
		}
		if part.FileName() == "" || len(head) == 0 {
			message := "Choose a file"
			if part.FileName() != "" {
				message = "The file is empty: choose one with a row for each contract"
			}
			return u, field, &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "file", Message: message}}}
		}
		notices := exchange.LooksLikeNotices(head)
		u, err = s.Imports.receive(who.actor, uploadName(part.FileName()), in)
		if errors.Is(err, exchange.ErrTooBig) {
			if _, lost := io.Copy(io.Discard, in); lost != nil {
				return u, field, lost
			}
		}
		if err == nil && notices {
			u.notices = true
			s.Imports.change(u.id, func(kept *upload) { kept.notices = true })
		}
		return u, field, err
	}
}

func unreadableUpload(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return err
	}
	return &catalogue.Error{Kind: catalogue.Invalid, Fields: []catalogue.FieldError{{Field: "file", Message: "The file did not arrive whole: upload it again"}}, Err: err}
}

// uploadName is what a browser says that a file is called, without folders and what cannot be shown.
func uploadName(s string) string {
	s = strings.ToValidUTF8(filepath.Base(strings.ReplaceAll(s, `\`, "/")), "")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s))
	if runes := []rune(s); len(runes) > 120 {
		s = string(runes[:119]) + "…"
	}
	return s
}

// firstLook says why a file cannot be imported at all; empty where it can be looked at further.
func (s *site) firstLook(c *gin.Context, who visitor, u upload) (problem string, err error) {
	err = s.opened(c, who, u, func(r *exchange.Reader, in io.Reader) error {
		var wrong []exchange.Problem
		if u.notices {
			buyers, problems, err := r.Buyers(in)
			if err != nil {
				return err
			}
			if wrong = problems; len(wrong) == 0 && len(buyers) == 0 {
				problem = "No notice in this file says who published it: check where the file comes from"
			}
		} else {
			register, err := r.OpenRegister(in, nil)
			if err != nil {
				return err
			}
			if len(register.Columns) == 0 {
				wrong = register.Errors
			}
		}
		if len(wrong) > 0 {
			problem = wrong[0].Message
		}
		return nil
	})
	return problem, err
}

// opened runs fn over an upload, with a reader for the visitor's council. Few files are read at once.
func (s *site) opened(ctx context.Context, who visitor, u upload, fn func(*exchange.Reader, io.Reader) error) (err error) {
	select {
	case s.Imports.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.Imports.slots }()
	file, err := os.Open(u.path)
	if errors.Is(err, os.ErrNotExist) {
		return errNoUpload()
	}
	if err != nil {
		return fmt.Errorf("open an upload: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader, unread, err := exchange.ReaderFor(ctx, s.Catalogue, who.actor, who.actor.Org)
	if err != nil {
		return err
	}
	return errors.Join(fn(reader, file), unread())
}

// noUpload answers where a file is not there, or not for the visitor: which of them is nobody's business.
func (s *site) noUpload(c *gin.Context, who visitor, err error) error {
	if catalogue.KindOf(err) != catalogue.NotFound {
		return err
	}
	p := failurePage{Page: s.page(c, who, "/desk", "This import is not here"), Heading: "This import is not here",
		Text: []string{"Files are kept for a day after they are uploaded, for whoever uploaded them, and not when the service starts anew. Nothing of your council’s contracts is lost.",
			"Upload the file again under ‘Bring in your contracts’. Imports that were completed are listed there."}}
	p.Canonical, p.Crumbs = "", importCrumbs("Not here")
	return s.show(c, who, http.StatusNotFound, "failure", p)
}

// sampleRegister is a register with two rows, in the columns that are read.
func (s *site) sampleRegister(c *gin.Context, who visitor) error {
	rows := []map[string]string{
		{"ContractReference": "EXAMPLE-1", "ContractTitle": "Revenues and benefits system", "Description": "Software and support for council tax and benefits", "StartDate": "2023-04-01",
			"EndDate": "2028-03-31", "LastExtensionDate": "2 x 12 months", "NoticeMonths": "6", "BreakDate": "2026-03-31", "ContractValue": "450000.00", "SupplierName": "Name of the supplier", "Product": "Name of the product", "ProcessType": "Published invitation to tender"},
		{"ContractReference": "EXAMPLE-2", "ContractTitle": "Telephony", "StartDate": "2024-10-01", "EndDate": "2027-09-30", "ContractValue": "98000.00", "SupplierName": "Name of the supplier", "ProcessType": "Invitation to quote"},
	}
	var file bytes.Buffer
	file.WriteString("\ufeff") // so that spreadsheets read it as UTF-8
	w := csv.NewWriter(&file)
	lines := make([][]string, len(rows)+1)
	for _, f := range exchange.RegisterFields() {
		if !f.Kept || f.Exported || f.Name == "OrganisationLabel" || f.Name == "OrganisationURI" {
			continue // whose register it is, signing in has told
		}
		lines[0] = append(lines[0], f.Name)
		for i, row := range rows {
			lines[i+1] = append(lines[i+1], row[f.Name])
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	return s.download(c, who, "sample-contracts-register.csv", file.Bytes())
}

// download sends a CSV file.
func (s *site) download(c *gin.Context, who visitor, name string, content []byte) error {
	if err := s.attachment(c, who, name); err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/csv; charset=utf-8", content)
	return nil
}
