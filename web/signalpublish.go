package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// signalPreviewPage is a draft as a supplier will see it, what it may mean in law, and the button that publishes it.
type signalPreviewPage struct {
	view.Page
	Heading string
	Lead    string
	Body    signalBody
	Law     []lawNote
	Value   string
	Action  string
	Version string
	Read    view.Checkboxes
	Publish *view.Button // nil: the visitor may not, or nothing is to be published
	MayNot  string
	Edit    string
	Back    view.Link
}

// lawNote is one thing that a signal may mean in law.
type lawNote struct {
	Title, Text, Source string
}

func (s *site) previewSignal(c *gin.Context, who visitor) error {
	return s.showSignalPreview(c, who, http.StatusOK, nil)
}

func (s *site) showSignalPreview(c *gin.Context, who visitor, status int, wrong error) error {
	id := c.Param("id")
	now, err := s.Catalogue.Signal(c, who.actor, id)
	if err != nil {
		return err
	}
	v, err := s.Catalogue.PreviewSignal(c, who.actor, id)
	if err != nil {
		return err
	}
	law, err := s.Catalogue.SignalLaw(c, who.actor, id)
	if err != nil {
		return err
	}
	address := pagePath(catalogue.KindSignal, id)
	p := signalPreviewPage{Heading: "As a supplier will see it", Lead: "Nothing of this draft is public yet.", Body: s.newSignalBody(v), Action: address + "/publish",
		Version: strconv.FormatUint(now.Signal.Version, 10), Edit: address + "/edit", Back: view.Link{Text: "Back to the signal", Href: address}, Value: law.Value}
	for _, n := range law.Notes {
		p.Law = append(p.Law, newLawNote(n))
	}
	p.Read = view.Checkboxes{Name: "read", Error: fieldError(wrong, "read"), Choices: []view.Choice{{Value: "yes", Text: "I have read what this may mean in law, and my council acts on it",
		Hint: "Kept with your account and the day"}}}
	switch {
	case now.Signal.Draft == nil:
		p.Lead, p.MayNot = "This is what everybody sees.", "Nothing is waiting to be published. Change the signal first."
	case !now.Runs || !catalogue.MayDo(who.actor, catalogue.PublishSignal):
		p.MayNot = "A lead or an administrator of the council that runs the signal publishes it."
	default:
		p.Publish = &view.Button{Text: "Publish the signal", PreventDoubleClick: true}
		if now.Signal.IsPublic() {
			p.Lead, p.Publish.Text = "Everybody still sees the signal as it was.", "Publish the change"
		}
	}
	p.Page = s.page(c, who, "/demand", p.Heading)
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Signals", Href: "/signals"}, {Text: p.Body.Heading, Href: address}, {Text: "Preview"}}
	p.Errors = signalErrors(wrong, p.Edit)
	return s.show(c, who, status, "signal-preview", p)
}

// signalErrors leads from what is wrong with a draft to the field where it was typed, on the form's own page.
func signalErrors(wrong error, edit string) []view.ErrorLink {
	links := errorLinks(wrong, map[string]string{"engagement": "engagement-day", "ask_by": "ask_by-day"})
	for i, l := range links {
		if l.Href != "#read" {
			links[i].Href = edit + l.Href
		}
	}
	return links
}

func newLawNote(n catalogue.LawNote) lawNote {
	source := "Source: " + n.Source
	if !n.From.IsZero() {
		source = "Holds since " + view.Date(n.From) + ". " + source
	}
	switch n.Known {
	case "verified":
		source += ". Read at the source."
	case "excerpt":
		source += ". An excerpt was read."
	default:
		source += "."
	}
	return lawNote{n.Title, n.Text, source}
}

func (s *site) publishSignal(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseUint(t.Get("version"), 10, 64) // what is no number was read of nothing
	x, err := s.Catalogue.PublishSignal(c, who.actor, c.Param("id"), version, t.text("read") == "yes")
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showSignalPreview(c, who, http.StatusBadRequest, err)
	}
	if err != nil {
		return err
	}
	return s.afterSignal(c, who, x, "Published. Everybody sees it now, at this address.")
}

func (s *site) afterSignal(c *gin.Context, who visitor, x *catalogue.Signal, message string) error {
	who.session.wrote(x.Version)
	who.session.set("flash", message)
	return s.redirect(c, who, pagePath(catalogue.KindSignal, x.ID))
}

func (s *site) discardSignal(c *gin.Context, who visitor) error {
	gone, err := s.Catalogue.DiscardSignal(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	if gone {
		who.session.set("flash", "The draft is discarded.")
		return s.redirect(c, who, "/signals")
	}
	who.session.set("flash", "The change is discarded. The signal stays as it was published.")
	return s.redirect(c, who, pagePath(catalogue.KindSignal, c.Param("id")))
}

func (s *site) nameInSignal(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	yes := t.text("named") == "yes"
	if !yes && t.text("named") != "no" {
		return missing("named", "Choose whether your council is named")
	}
	x, err := s.Catalogue.NameInSignal(c, who.actor, c.Param("id"), yes)
	if err != nil {
		return err
	}
	message := "Your council is not named in the signal."
	if yes {
		message = "Your council is named in the signal."
	}
	return s.afterSignal(c, who, x, message)
}

func (s *site) endSignal(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	how, reason := t.text("how"), t.text("reason")
	if _, err := s.ownSignal(c, who); err != nil {
		return err
	}
	if how != "closed" && how != "withdrawn" {
		err = missing("how", "Choose what has happened")
	} else {
		var x *catalogue.Signal
		if x, err = s.Catalogue.EndSignal(c, who.actor, c.Param("id"), how == "withdrawn", reason); err == nil {
			return s.afterSignal(c, who, x, "The signal has ended. Its page stays, with your reason.")
		}
	}
	if catalogue.KindOf(err) != catalogue.Invalid {
		return err
	}
	p, again := s.signalPage(c, who, c.Param("id"))
	if again != nil {
		return again
	}
	if p.Officers == nil || p.Officers.End == nil {
		return err
	}
	e := p.Officers.End
	e.Fold.Open, e.How.Error, e.Reason.Value, e.Reason.Error = true, fieldError(err, "how"), reason, fieldError(err, "reason")
	for i := range e.How.Choices {
		e.How.Choices[i].Checked = e.How.Choices[i].Value == how
	}
	p.Errors = errorLinks(err, nil)
	return s.show(c, who, http.StatusBadRequest, "signal", p)
}
