package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"jointly/catalogue"
	"jointly/catalogue/exchange"
	"jointly/catalogue/facts"
)

type importCommand struct {
	Platforms   importPlatforms  `cmd:"" help:"Platforms and the councils that use them, from JSON lines."`
	Contracts   importContracts  `cmd:"" help:"Contracts: a council's register in CSV or XLSX, or JSON lines."`
	OCDS        importOCDS       `cmd:"" name:"ocds" help:"Contracts, live tenders and published plans, from notices in OCDS: release or record packages of Contracts Finder and Find a Tender."`
	Intentions  importIntentions `cmd:"" help:"Intentions, from JSON lines."`
	Returns     importReturns    `cmd:"" help:"Councils' returns, from CSV, XLSX or JSON lines: a row for each council, service, period and channel. They stand as signed."`
	List        importList       `cmd:"" help:"List the imports of contracts that can be undone, or were."`
	Undo        importUndo       `cmd:"" help:"Undo an import of contracts; what was changed since is left alone."`
	PublicFacts importFacts      `cmd:"" help:"The sourced public facts that come with the program: contracts, and what councils run."`
}

type importPlatforms struct{ importFiles }

func (c *importPlatforms) run(ctx context.Context, a *app, s streams) error {
	return c.bring(ctx, a, s, "platforms", (*exchange.Reader).Platforms)
}

type importContracts struct {
	importFiles
	Mapping string `help:"A file that says which column is which field, where the titles do not tell: {\"EndDate\": \"title in your file\"}." placeholder:"FILE"`
}

func (c *importContracts) relativeTo(folder string) {
	c.importFiles.relativeTo(folder)
	if c.Mapping != "" {
		c.Mapping = within(folder, c.Mapping)
	}
}

func (c *importContracts) run(ctx context.Context, a *app, s streams) error {
	mapping, err := readMapping(c.Mapping)
	if err != nil {
		return err
	}
	return c.bring(ctx, a, s, "contracts", func(r *exchange.Reader, in io.Reader) (*exchange.File, error) {
		tell, done := counted(s, "Reading rows")
		defer done()
		return r.ContractsFile(in, mapping, tell)
	})
}

// readMapping reads a mapping from a file; none where no file is named.
func readMapping(path string) (m exchange.Mapping, err error) {
	if path == "" {
		return nil, nil
	}
	file, err := openFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	dec := json.NewDecoder(io.LimitReader(file, 1<<20))
	if err := dec.Decode(&m); err != nil {
		return nil, &catalogue.Error{Kind: catalogue.Invalid, Message: path + ` is not a mapping: it holds one JSON object, such as {"EndDate": "title in your file"}`}
	}
	return m, nil
}

type importOCDS struct {
	importFiles
	Buyer string `help:"Take what this buyer published alone: its name, or the GSS code of a council." placeholder:"NAME|GSS"`
}

func (c *importOCDS) run(ctx context.Context, a *app, s streams) error {
	return c.bring(ctx, a, s, "ocds", func(r *exchange.Reader, in io.Reader) (*exchange.File, error) {
		return r.OCDS(in, c.Buyer)
	})
}

type importIntentions struct{ importFiles }

func (c *importIntentions) run(ctx context.Context, a *app, s streams) error {
	return c.bring(ctx, a, s, "intentions", (*exchange.Reader).Intentions)
}

type importReturns struct{ importFiles }

func (c *importReturns) run(ctx context.Context, a *app, s streams) error {
	return c.bring(ctx, a, s, "returns", (*exchange.Reader).Returns)
}

// readFile turns a file into records.
type readFile func(*exchange.Reader, io.Reader) (*exchange.File, error)

// importFiles reads files of one kind.
type importFiles struct {
	Files   []string `arg:"" name:"file" help:"Files to read."`
	Council string   `help:"Whose records they are, by GSS code; wins over what the files say." placeholder:"GSS"`
	DryRun  bool     `help:"Say what would happen, and write nothing."`
	Format  string   `help:"How the report is written: text or json." enum:"text,json" default:"text"`
}

func (c *importFiles) relativeTo(folder string) {
	for i, f := range c.Files {
		c.Files[i] = within(folder, f)
	}
}

func (c *importFiles) bring(ctx context.Context, a *app, s streams, kind string, read readFile) error {
	reader, unread, err := exchange.ReaderFor(ctx, a.catalogue, catalogue.Operator("command"), c.Council)
	if err != nil {
		return err
	}
	if _, ok := reader.Register.Council(c.Council); c.Council != "" && !ok && !reader.KnowsCode(c.Council) {
		return usage("--council %s is not a council's GSS code: those look like E08000025", c.Council)
	}
	whole := &exchange.File{}
	for _, path := range c.Files {
		f, err := readPath(reader, path, read)
		if err != nil {
			return err
		}
		if len(c.Files) > 1 { // they are reported together
			for _, list := range [][]exchange.Problem{f.Errors, f.Warnings} {
				for i := range list {
					list[i].Message = filepath.Base(path) + ": " + list[i].Message
				}
			}
		}
		whole.Append(f)
	}
	if err := unread(); err != nil {
		return err
	}
	var done catalogue.Imported
	// What the catalogue would say is asked too, so that one look shows all that is wrong.
	bar := progress(s, "Importing "+kind)
	done, err = a.catalogue.Import(ctx, catalogue.Operator("command"), whole.Items,
		catalogue.ImportOptions{DryRun: c.DryRun || len(whole.Errors) > 0, File: c.names(), Progress: bar})
	if err != nil {
		return err
	}
	report := whole.Report(done)
	if len(report.Errors) > 0 {
		report.Created, report.Updated, report.Unchanged = 0, 0, 0
	}
	if err := printReport(s, kind, c.Format, c.DryRun, report); err != nil {
		return err
	}
	if len(report.Errors) > 0 {
		return errRefused
	}
	return nil
}

// names are the files without their folders.
func (c *importFiles) names() string {
	names := make([]string, len(c.Files))
	for i, path := range c.Files {
		names[i] = filepath.Base(path)
	}
	return strings.Join(names, ", ")
}

func readPath(reader *exchange.Reader, path string, read readFile) (f *exchange.File, err error) {
	file, err := openFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	f, err = read(reader, file)
	if errors.Is(err, exchange.ErrTooBig) {
		return nil, &catalogue.Error{Kind: catalogue.TooLarge, Message: fmt.Sprintf("%s: %v", path, err)}
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	return f, nil
}

func unreadable(path string, err error) error {
	return &catalogue.Error{Kind: catalogue.Invalid, Message: fmt.Sprintf("%s cannot be read: %v", path, reason(err))}
}

// openFile opens a file that a person names. A pipe or a device is refused: opening one can wait for ever, and beside a
// running service it would be that process's.
func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("it is a directory, not a file: name the files in it")
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file: save what it gives to a file first")
	}
	return os.Open(path)
}

func printReport(s streams, kind, format string, dryRun bool, r exchange.Report) error {
	if format == "json" {
		return printJSON(s.out, r)
	}
	printProblems(s, "error", r.Errors)
	printProblems(s, "warning", r.Warnings)
	if len(r.Errors) > 0 {
		_, err := fmt.Fprintf(s.out, "Nothing was written: %s to put right.\n", count(len(r.Errors), "error", "errors"))
		return err
	}
	would := ""
	if dryRun {
		would = "would be "
	}
	_, err := fmt.Fprintf(s.out, "%s: %d %screated, %d %supdated, %d unchanged; %s.\n", kind, r.Created, would, r.Updated, would, r.Unchanged,
		count(len(r.Warnings), "warning", "warnings"))
	return err
}

// maxPrinted is how many problems of a sort are printed for people; programs ask for JSON and get all.
const maxPrinted = 20

func printProblems(s streams, sort string, problems []exchange.Problem) {
	for i, p := range problems {
		if i == maxPrinted {
			say(s.err, "and %s more: --format json lists them all\n", count(len(problems)-i, sort, sort+"s"))
			return
		}
		say(s.err, "%s: line %d%s: %s\n", sort, p.Row, inColumn(p), p.Message)
	}
}

func inColumn(p exchange.Problem) string {
	if p.Column == "" {
		return ""
	}
	return ", " + p.Column
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// progress draws a bar on a terminal, and nothing where the output goes elsewhere.
func progress(s streams, what string) func(done, total int) {
	f, ok := s.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
		if done >= total {
			_ = bar.Finish()
		}
	}
}

// counted tells how many there were so far of what has no known end, on a terminal alone.
func counted(s streams, what string) (tell func(n int), done func()) {
	f, ok := s.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	// A bar that cannot be drawn is no reason to stop.
	return func(n int) { _ = bar.Set(n) }, func() { _ = bar.Finish() }
}

type importFacts struct {
	DryRun bool   `help:"Say what would happen, and write nothing."`
	Format string `help:"How the report is written: text or json." enum:"text,json" default:"text"`
}

func (c *importFacts) run(ctx context.Context, a *app, s streams) error {
	done, err := a.importFacts(ctx, c.DryRun, progress(s, "Importing public facts"))
	if err != nil {
		return err
	}
	return printReport(s, "public facts", c.Format, c.DryRun, (&exchange.File{}).Report(done))
}

// importFacts brings the public facts in: platforms first, then what refers to them.
func (a *app) importFacts(ctx context.Context, dryRun bool, bar func(done, total int)) (catalogue.Imported, error) {
	f, err := facts.Load()
	if err != nil {
		return catalogue.Imported{}, err
	}
	return a.importAll(ctx, f.Items(), catalogue.ImportOptions{DryRun: dryRun, Progress: bar})
}

// importAll imports what the program itself brings: anything wrong with it is our fault.
func (a *app) importAll(ctx context.Context, items []catalogue.Item, o catalogue.ImportOptions) (catalogue.Imported, error) {
	done, err := a.catalogue.Import(ctx, catalogue.Operator("command"), items, o)
	if err != nil {
		return done, err
	}
	if len(done.Errors) > 0 {
		e := done.Errors[0]
		return done, fmt.Errorf("%s: %s: %s", items[e.Item].Key(), e.Field, e.Message)
	}
	return done, nil
}
