package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/web/view"
)

// callUploadPage takes a council's figures as a file: a look first, then all of it or nothing.
type callUploadPage struct {
	view.Page
	Caption   string
	Heading   string
	Templates []view.Link
	Action    string
	File      view.FileUpload
	Send      view.Button
	Checked   *uploadChecked // nil: nothing was sent yet
	Back      view.Link
}

// uploadChecked is what is wrong with a file, or what it would change. Its rows stay on the page, to be mended there.
type uploadChecked struct {
	Heading  string
	Lead     string
	Problems view.Table
	Warnings view.Table
	Figures  view.Table
	Rows     view.Textarea
	Again    view.Button
	Keep     *view.Button // nil: there is something to put right, or nothing would change
}

// maxReturnFile is how large a council's file may be, in bytes: 120 rows are less than 20 KB.
const maxReturnFile = 2 << 20

func (s *site) callUpload(c *gin.Context, who visitor) error {
	v, err := s.answering(c, who)
	if err != nil {
		return err
	}
	return s.showCallUpload(c, who, http.StatusOK, v, nil, "")
}

func (s *site) showCallUpload(c *gin.Context, who visitor, status int, v *catalogue.AnswerView, checked *uploadChecked, refused string) error {
	anew(c)
	address := callPath(v.Call.ID) + "/answer"
	p := callUploadPage{Caption: v.Call.Label(), Heading: "Upload your figures", Action: address + "/upload", Checked: checked, Back: view.Link{Text: "Back to all parts", Href: address},
		Templates: []view.Link{{Text: "Spreadsheet to fill in (XLSX)", Href: address + "/template.xlsx"}, {Text: "The same as CSV", Href: address + "/template.csv"}},
		File:      view.FileUpload{Name: "file", Label: view.Label{Text: "Your file", Classes: "govuk-label--s"}, Hint: "CSV or XLSX, at most 2 MB", Accept: ".csv,.tsv,.txt,.xlsx", Error: refused},
		Send:      view.Button{Text: "Upload and check", PreventDoubleClick: true}}
	p.Page = s.page(c, who, "/evidence", p.Heading)
	p.Canonical = ""
	p.Crumbs = evidenceCrumbs(view.Crumb{Text: v.Call.Label(), Href: callPath(v.Call.ID)}, view.Crumb{Text: "Your council’s answer", Href: address}, view.Crumb{Text: p.Heading})
	if refused != "" {
		p.Errors = []view.ErrorLink{{Text: refused, Href: "#file"}}
	}
	if checked != nil && len(checked.Problems.Rows) > 0 {
		p.Errors = []view.ErrorLink{{Text: checked.Heading, Href: "#problems"}}
	}
	return s.show(c, who, status, "call-upload", p)
}

// takeReturns checks a file, or the rows that stand on the page, and keeps them where that is asked for and nothing is
// wrong.
func (s *site) takeReturns(c *gin.Context, who visitor) error {
	v, err := s.answering(c, who)
	if err != nil {
		return err
	}
	if !catalogue.MayDo(who.actor, catalogue.AnswerCall) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: mayAnswer}
	}
	content, typed, keep, err := sentReturns(c)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return s.showCallUpload(c, who, http.StatusBadRequest, v, nil, "Choose a file with figures")
	}
	if len(content) > maxReturnFile {
		return s.showCallUpload(c, who, http.StatusRequestEntityTooLarge, v, nil, "The file is larger than 2 MB: take out what is not of this call")
	}
	read, err := s.readReturns(c, who, v, content)
	if err != nil {
		return err
	}
	changed, wrong, err := s.Catalogue.SaveAllFigures(c, who.actor, v.Call.ID, read.Figures(), !keep || len(read.Errors) > 0)
	if err != nil {
		return err
	}
	for _, w := range wrong {
		read.Errors = append(read.Errors, exchange.Problem{Row: read.FirstRow(w.LGSL), Column: w.Field, Message: w.Message})
	}
	if keep && len(read.Errors) == 0 {
		who.session.set("flash", "Saved as a draft: "+view.Plural(changed, "service has", "services have")+" new figures.")
		return s.redirect(c, who, callPath(v.Call.ID)+"/answer")
	}
	if len(read.Errors) == 0 {
		return s.showCallUpload(c, who, http.StatusOK, v, s.newUploadChecked(read, read.Text(), changed), "")
	}
	rows := read.Text()
	if rows == "" && typed { // what is no table is still what somebody typed
		rows = string(content)
	}
	if rows == "" {
		return s.showCallUpload(c, who, http.StatusBadRequest, v, nil, read.Errors[0].Message)
	}
	return s.showCallUpload(c, who, http.StatusBadRequest, v, s.newUploadChecked(read, rows, changed), "")
}

// sentReturns is what a form sent: a file, or else the rows of its text field. typed says that it is the rows.
func sentReturns(c *gin.Context) (content []byte, typed, keep bool, err error) {
	if err := c.Request.ParseMultipartForm(maxReturnFile); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) {
			return nil, false, false, err
		}
		return nil, false, false, &catalogue.Error{Kind: catalogue.Invalid, Message: "The form could not be read. Go back and send it again", Err: err}
	}
	if file, _, err := c.Request.FormFile("file"); err == nil {
		defer file.Close() // read only
		content, err = io.ReadAll(io.LimitReader(file, maxReturnFile+1))
		if err != nil {
			return nil, false, false, err
		}
	}
	values, err := form(c)
	if err != nil {
		return nil, false, false, err
	}
	if len(content) > 0 {
		return content, false, false, nil
	}
	return []byte(values.Get("rows")), true, values.Get("then") == "keep", nil
}

// readReturns reads a council's file against the call.
func (s *site) readReturns(c *gin.Context, who visitor, v *catalogue.AnswerView, content []byte) (*exchange.ReturnRows, error) {
	reader, _, err := exchange.ReaderFor(c, s.Catalogue, who.actor, "")
	if err != nil {
		return nil, err
	}
	read, err := reader.ReadReturns(bytes.NewReader(content), &exchange.Asked{Council: v.Council.GSS, Services: v.Call.Services, Start: v.Call.Start, End: v.Call.End})
	if errors.Is(err, exchange.ErrTooBig) {
		return nil, &catalogue.Error{Kind: catalogue.TooLarge, Message: err.Error()}
	}
	if err == nil && len(read.Rows) == 0 && len(read.Errors) == 0 {
		read.Errors = append(read.Errors, exchange.Problem{Row: 1, Message: "There are no figures in this file: fill in the volume of at least one row"})
	}
	return read, err
}

// newUploadChecked is what was found in a file; text is its rows.
func (s *site) newUploadChecked(read *exchange.ReturnRows, text string, changed int) *uploadChecked {
	p := &uploadChecked{Again: view.Button{Text: "Check again", Name: "then", Value: "check", Classes: "govuk-button--secondary"},
		Rows: view.Textarea{Name: "rows", Rows: min(max(strings.Count(text, "\n")+1, 6), 24), Value: text, Spellcheck: "false", Classes: "jy-code",
			Label: view.Label{Text: "The rows of your file", Classes: "govuk-label--s"}, Hint: "One a line, titles first. You can mend them here and check again, or mend your file and upload it anew"}}
	p.Warnings = problemsTable("Warnings", read.Warnings)
	if n := len(read.Errors); n > 0 {
		p.Heading = view.Plural(n, "error", "errors") + " to put right"
		p.Lead = "Nothing was saved, and nothing is lost: your rows stand below."
		p.Problems = problemsTable("Errors", read.Errors)
		return p
	}
	figures := read.Figures()
	p.Heading = view.Plural(len(figures), "service", "services") + " in this file"
	p.Figures = s.fileTable(figures)
	p.Lead = "Nothing is saved yet. " + view.Plural(changed, "service gets", "services get") + " new figures; the others are as they were."
	if changed == 0 {
		p.Lead = "All of it is saved already: nothing would change."
		return p
	}
	p.Keep = &view.Button{Text: "Save as a draft", Name: "then", Value: "keep", PreventDoubleClick: true}
	return p
}

func problemsTable(caption string, problems []exchange.Problem) view.Table {
	t := view.Table{Caption: caption, CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Head: []view.Head{{Text: "Row"}, {Text: "Column"}, {Text: "What to do"}}}
	for _, p := range problems {
		column := view.Cell{Text: p.Column}
		if p.Column == "" {
			column = view.Cell{Text: "the whole row", Muted: true}
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: strconv.Itoa(p.Row)}, column, {Text: p.Message}})
	}
	return t
}

// fileTable is what a file says, service by service.
func (s *site) fileTable(figures []catalogue.ServiceFigures) view.Table {
	t := view.Table{Caption: "What the file says", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true, Head: []view.Head{{Text: "Service"}}}
	for _, ch := range catalogue.Channels() {
		t.Head = append(t.Head, view.Head{Text: ch.Words(), Numeric: true})
	}
	for _, f := range figures {
		known, _ := s.Catalogue.Register().Service(f.LGSL)
		row := []view.Cell{{Text: known.Label}}
		for _, ch := range catalogue.Channels() {
			cell := view.Cell{Text: "no figure", Muted: true, Numeric: true}
			for _, l := range f.Lines {
				if l.Channel == ch {
					cell = view.Cell{Text: view.Number(int(l.Volume)), Numeric: true}
				}
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (s *site) returnTemplateCSV(c *gin.Context, who visitor) error {
	return s.returnTemplate(c, who, "csv", "text/csv; charset=utf-8", exchange.ReturnTemplate.CSV)
}

func (s *site) returnTemplateXLSX(c *gin.Context, who visitor) error {
	return s.returnTemplate(c, who, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exchange.ReturnTemplate.XLSX)
}

func (s *site) returnTemplate(c *gin.Context, who visitor, ending, kind string, write func(exchange.ReturnTemplate, io.Writer) error) error {
	v, err := s.answering(c, who)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := write(exchange.TemplateFor(v), &b); err != nil {
		return err
	}
	return s.sendFile(c, who, "return-"+catalogue.Slug(v.Council.Name)+"-"+v.Call.Start.String()+"."+ending, kind, b.Bytes())
}
