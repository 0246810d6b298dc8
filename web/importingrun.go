package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// importedPage is an import: how far it is while it goes on, then what came in, how to undo it, and what to do next.
type importedPage struct {
	view.Page
	Heading string
	Caption string
	Running *runningImport
	Failed  string // why nothing was imported
	Check   string // where to look again
	Next    bool   // it is there, and there is more to do
	Nothing bool   // the file said nothing new
	Sums    []view.Count
	Says    string     // who imported and undid it, and when
	Private string     // what is seen by the council alone
	Share   *importAct // opens it
	Undo    *importAct
	Left    []leftAlone // what undoing left as it was
	MoreOf  int         // further ones
	Dates   int         // contracts of it without an end date
	Confirm int         // contracts of it whose capability is the product's guess
}

// runningImport is how far an import is.
type runningImport struct {
	Says      string
	Value, Of int // Of 0: not known
}

// importAct is one button.
type importAct struct {
	Action string
	Button view.Button
}

type leftAlone struct {
	view.Link
	Why string
}

// startImport imports in the background what was looked at. Sent twice, it imports once.
func (s *site) startImport(c *gin.Context, who visitor) error {
	id := c.Param("id")
	t, err := sent(c)
	if err != nil {
		return err
	}
	u, next, err := s.ready(c, who)
	switch {
	case err != nil:
		return s.noUpload(c, who, err)
	case next != "":
		return s.redirect(c, who, next)
	}
	choice := importChoice{audience: catalogue.Audience(t.text("audience")), same: t.Values["same"]}
	switch allowed := audiences(who); {
	case len(allowed) == 1:
		choice = importChoice{audience: allowed[0]}
	case !slices.Contains(allowed, choice.audience):
		choice.audience, choice.same = "", append([]string{}, choice.same...)
		return s.showCheck(c, who, u, http.StatusBadRequest, choice, "Choose who may see the new contracts")
	}
	if !who.actor.Proved { // asked here, since nobody can be asked once the import runs
		tried, done, err := s.bring(c, who, u, choice, catalogue.ImportOptions{DryRun: true}, nil)
		if err == nil && len(tried.report.Errors) == 0 && done.AsksAgain {
			return catalogue.ErrProveFirst
		}
	}
	if _, err := s.Imports.start(id, func(ctx context.Context, u upload) (catalogue.Imported, error) {
		return s.runImport(ctx, visitor{actor: who.actor}, u, choice)
	}); err != nil {
		return err
	}
	return s.redirect(c, who, importAddress+"/"+id)
}

// importTries is how often an import is begun anew where somebody else changes something meanwhile.
const importTries = 3

func (s *site) runImport(ctx context.Context, who visitor, u upload, choice importChoice) (done catalogue.Imported, err error) {
	account, err := s.Catalogue.Account(ctx, catalogue.Operator("job"), who.actor.Account)
	if err != nil {
		return done, err
	}
	now := account.Actor("web")
	now.Proved = who.actor.Proved
	if account.Disabled || now != who.actor { // its role changed while the import waited
		return done, &catalogue.Error{Kind: catalogue.Forbidden, Message: "What your account may do has changed: look at the file again"}
	}
	o := catalogue.ImportOptions{ID: u.id, File: u.name, Columns: u.titles, Progress: func(done, total int) {
		s.Imports.change(u.id, func(u *upload) { u.run.done, u.run.total = done, total })
	}}
	for range importTries {
		var b tried
		b, done, err = s.bring(ctx, who, u, choice, o, func(rows int) { s.Imports.change(u.id, func(u *upload) { u.run.rows = rows }) })
		if err == nil && len(b.report.Errors) > 0 {
			return done, errImportRefused
		}
		if catalogue.KindOf(err) != catalogue.Conflict {
			return done, err
		}
	}
	return done, err
}

func (s *site) imported(c *gin.Context, who visitor) error {
	id := c.Param("id")
	u, err := s.Imports.of(who.actor, id)
	if err == nil {
		switch run := u.run; {
		case run == nil:
			return s.redirect(c, who, importAddress+"/"+id+"/check")
		case !run.finished:
			return s.showRunning(c, who, u, run)
		case run.failed():
			return s.showFailed(c, who, u, run)
		case run.imported.ID == "":
			p := s.importedPage(c, who, "Nothing new came in", u.name)
			p.Nothing = true
			return s.show(c, who, http.StatusOK, "imported", p)
		}
	}
	record, err := s.Catalogue.ImportRecord(c, who.actor, id)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	return s.showImport(c, who, record)
}

func (s *site) importedPage(c *gin.Context, who visitor, heading, file string) importedPage {
	p := importedPage{Page: s.page(c, who, "/desk", heading), Heading: heading, Caption: file}
	p.Canonical, p.Crumbs = "", importCrumbs(heading)
	return p
}

func (s *site) showRunning(c *gin.Context, who visitor, u upload, run *importRun) error {
	p := s.importedPage(c, who, "Importing", u.name)
	p.Running = &runningImport{Says: "Waiting for its turn", Value: run.done, Of: run.total}
	switch {
	case run.total > 0:
		p.Running.Says = "Saving the contracts"
	case run.rows > 0:
		p.Running.Says = "Reading and checking: " + view.Plural(run.rows, "row", "rows") + " so far"
	}
	return s.show(c, who, http.StatusOK, "imported", p)
}

func (s *site) showFailed(c *gin.Context, who visitor, u upload, run *importRun) error {
	p := s.importedPage(c, who, "Nothing was imported", u.name)
	p.Check = importAddress + "/" + u.id + "/check"
	switch kind := catalogue.KindOf(run.err); {
	case run.refused:
		p.Failed = "The file has errors, in itself or with what your council has here by now."
	case run.err != nil && kind != catalogue.Internal:
		p.Failed = strings.TrimSuffix(catalogueMessage(run.err), ".") + "."
	default:
		p.Failed = "There was a problem with the service. Your file is kept: try again in a few minutes."
	}
	return s.show(c, who, http.StatusOK, "imported", p)
}

func (s *site) showImport(c *gin.Context, who visitor, r *catalogue.ImportRecord) error {
	p := s.importedPage(c, who, "Imported", orPlain(r.File, "A file without a name"))
	here := importAddress + "/" + r.ID
	p.Sums = []view.Count{{Number: view.Number(r.Created), Label: "new"}, {Number: view.Number(r.Updated), Label: "changed"}, {Number: view.Number(r.Unchanged), Label: "unchanged"}}
	p.Says = s.importedBy(c, who, r) + " imported this on " + view.Day(r.At) + " at " + view.TimeOfDay(r.At) + "."
	if !r.Undone.IsZero() {
		p.Heading, p.Title = "Undone", "Undone"
		p.Says += " It was undone on " + view.Day(r.Undone) + " at " + view.TimeOfDay(r.Undone) + "."
		p.Crumbs = importCrumbs(p.Heading)
		return s.showUndone(c, who, p, r)
	}
	p.Next = true
	contracts, err := s.Catalogue.ImportedContracts(c, who.actor, r.ID)
	if err != nil {
		return err
	}
	for _, k := range contracts {
		if k.End.IsZero() {
			p.Dates++
		}
		if k.Capability != "" && !k.CapabilityConfirmed {
			p.Confirm++
		}
	}
	if r.Private > 0 {
		p.Private = view.Plural(r.Private, "contract is", "contracts are") + " seen by your council alone."
		if !catalogue.MayDo(who.actor, catalogue.ImportContracts) {
			p.Private = "Private until your account is approved: " + p.Private + " Whoever contributes for your council can open them to other councils."
		}
	}
	if r.MayShare(who.actor) {
		p.Share = &importAct{here + "/share", view.Button{Text: "Open to councils", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	}
	if r.MayUndo(who.actor) {
		p.Undo = &importAct{here + "/undo", view.Button{Text: "Undo this import", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	}
	return s.show(c, who, http.StatusOK, "imported", p)
}

// showUndone names what was left alone.
func (s *site) showUndone(c *gin.Context, who visitor, p importedPage, r *catalogue.ImportRecord) error {
	keys := make([]catalogue.Key, len(r.Left))
	for i, l := range r.Left {
		keys[i] = l.Key
	}
	found, err := s.Catalogue.Load(c, who.actor, keys)
	if err != nil {
		return err
	}
	for i, l := range r.Left {
		left := leftAlone{Link: view.Link{Text: l.Key.ID}, Why: l.Why}
		if k, ok := found[i].(*catalogue.Contract); ok {
			left.Link = view.Link{Text: k.Title, Href: "/contracts/" + k.ID}
		}
		p.Left = append(p.Left, left)
	}
	p.MoreOf = r.LeftAlone - len(r.Left)
	return s.show(c, who, http.StatusOK, "imported", p)
}

func (s *site) undoImport(c *gin.Context, who visitor) error {
	id := c.Param("id")
	if err := takeTime(c); err != nil {
		return err
	}
	done, err := s.Catalogue.UndoImport(c, who.actor, id)
	if catalogue.KindOf(err) == catalogue.Conflict && err != nil {
		if r, again := s.Catalogue.ImportRecord(c, who.actor, id); again == nil && !r.Undone.IsZero() {
			return s.redirect(c, who, importAddress+"/"+id) // sent twice
		}
	}
	if err != nil {
		return s.noUpload(c, who, err)
	}
	s.Imports.drop(id)
	message := "The import is undone: " + view.Plural(done.Removed, "contract was", "contracts were") + " taken away, " + view.Plural(done.Restored, "is", "are") + " as before."
	if len(done.Left) > 0 {
		message += " " + view.Plural(len(done.Left), "was", "were") + " left alone."
	}
	who.session.set("flash", message)
	return s.redirect(c, who, importAddress+"/"+id)
}

func (s *site) shareImport(c *gin.Context, who visitor) error {
	id := c.Param("id")
	if err := takeTime(c); err != nil {
		return err
	}
	n, err := s.Catalogue.ShareImport(c, who.actor, id)
	if err != nil {
		return s.noUpload(c, who, err)
	}
	who.session.set("flash", view.Plural(n, "contract is", "contracts are")+" open to councils.")
	return s.redirect(c, who, importAddress+"/"+id)
}

// catalogueMessage is what an error of the catalogue says to people.
func catalogueMessage(err error) string {
	for _, f := range catalogue.FieldsOf(err) {
		return f.Message
	}
	var known *catalogue.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return ""
}
