package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// supplierAccountPage is what a supplier's people have here: how their account stands, the platforms whose record they
// keep, and what they asked for.
type supplierAccountPage struct {
	view.Page
	Heading   string
	Public    string // address of the supplier's public page; empty until the account is granted
	Number    string
	Domains   string
	Waits     string // what the account waits for; empty: nothing
	Refused   string // why it was refused; empty: it was not
	Again     *joiningForm
	May       bool // the visitor may ask for platforms and correct records
	Platforms []view.Entry
	Others    []view.Entry
	Requests  []requestBlock
}

// requestBlock is one thing that was asked for.
type requestBlock struct {
	Name     string
	Href     string
	Tag      view.Tag
	Lines    []string
	Withdraw string // where it is taken back; empty: it is decided
	Send     view.Button
}

func (s *site) supplierAccount(c *gin.Context, who visitor) error {
	return s.showSupplierAccount(c, who, http.StatusOK, catalogue.Joining{}, nil)
}

func (s *site) showSupplierAccount(c *gin.Context, who visitor, status int, j catalogue.Joining, wrong error) error {
	d, err := s.Catalogue.SupplierDesk(c, who.actor)
	if err != nil {
		return err
	}
	p := supplierAccountPage{Page: s.page(c, who, "/desk", "Your supplier account"), Heading: who.org}
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Title}}
	p.Errors = errorLinks(wrong, nil)
	if d.Supplier == nil {
		p.accountWaits(d.Account, j, wrong)
		return s.show(c, who, status, "supplier-account", p)
	}
	p.Public, p.Number, p.May = pagePath(catalogue.KindSupplier, d.Supplier.ID), d.Supplier.CompaniesHouse, catalogue.MayDo(who.actor, catalogue.KeepPlatform)
	p.Domains = view.Sentence(d.Domains)
	for _, platform := range d.Platforms {
		p.Platforms = append(p.Platforms, keptEntry(platform))
	}
	for _, platform := range d.Others {
		e := view.Entry{Title: marked(platform.Name, platform.Demonstration), Href: pagePath(catalogue.KindPlatform, platform.ID)}
		if p.May {
			e.Lines = saying(line{{Text: "Ask to keep this record", Href: e.Href + "/keep"}})
		}
		p.Others = append(p.Others, e)
	}
	for _, r := range d.Requests {
		p.Requests = append(p.Requests, newRequestBlock(r, p.May))
	}
	return s.show(c, who, status, "supplier-account", p)
}

func (p *supplierAccountPage) accountWaits(r *catalogue.SupplierRequest, j catalogue.Joining, wrong error) {
	switch {
	case r == nil:
		p.Waits = "Whoever runs this service has not said yet which supplier you act for."
	case r.State == catalogue.RequestRefused:
		p.Refused = r.Reason
		if wrong == nil {
			j = catalogue.Joining{Supplier: r.Name, CompaniesHouse: r.CompaniesHouse, Why: r.Why}
		}
		f := newJoiningForm("/supplier/again", j, wrong)
		f.Email, f.Send.Text = nil, "Ask again"
		p.Again = &f
	default:
		p.Waits = "You asked on " + view.Day(r.Asked) + " to act for " + r.Name + " with addresses at " + r.Domain + ". Whoever runs this service checks that the domain belongs to it, and tells you by email."
	}
}

// keptEntry is a platform whose record a supplier keeps, with what is still its word alone.
func keptEntry(p *catalogue.Platform) view.Entry {
	e := view.Entry{Title: marked(p.Name, p.Demonstration), Href: pagePath(catalogue.KindPlatform, p.ID)}
	stands := line{{Text: "Councils that use it have confirmed all that you stated, or you have stated nothing yet. "}}
	if n := len(p.ToConfirm()); n > 0 {
		stands[0].Text = view.Plural(n, "field is", "fields are") + " marked as stated by you until a council that uses it confirms. "
	}
	if !p.ProposedOn().IsZero() {
		stands[0].Text = "Marked as stated by you until a council confirms that it uses it. "
	}
	e.Lines = saying(append(stands, view.Piece{Text: "Correct its record", Href: e.Href + "/edit"}))
	return e
}

func newRequestBlock(r *catalogue.SupplierRequest, may bool) requestBlock {
	b := requestBlock{Name: "List " + r.Name, Tag: requestTag(r.State), Lines: []string{"Asked on " + view.Day(r.Asked) + "."}}
	if r.Ask == catalogue.AskPlatform {
		b.Name = "Keep the record of " + r.Name
	}
	if r.Platform != "" {
		b.Href = pagePath(catalogue.KindPlatform, r.Platform)
	}
	switch {
	case r.State == catalogue.RequestRefused:
		b.Lines = append(b.Lines, "The reason: "+r.Reason)
	case r.State == catalogue.RequestWaits && may:
		b.Withdraw = "/supplier/requests/" + r.ID + "/withdraw"
		b.Send = view.Button{Text: "Take it back", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	}
	return b
}

func requestTag(state catalogue.RequestState) view.Tag {
	switch state {
	case catalogue.RequestGranted:
		return view.Tag{Text: "Granted", Classes: "govuk-tag--green"}
	case catalogue.RequestRefused:
		return view.Tag{Text: "Refused", Classes: "govuk-tag--red"}
	case catalogue.RequestWithdrawn:
		return view.Tag{Text: "Taken back", Classes: "govuk-tag--grey"}
	}
	return view.Tag{Text: "Waits", Classes: "govuk-tag--yellow"}
}

// askAgain asks for the account once more, after a refusal.
func (s *site) askAgain(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	j := readJoining(t)
	err = s.Catalogue.AskAgain(c, who.actor, j)
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showSupplierAccount(c, who, http.StatusBadRequest, j, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Your request is sent. You are told by email when it is decided.")
	return s.redirect(c, who, "/supplier")
}

func (s *site) withdrawRequest(c *gin.Context, who visitor) error {
	if err := s.Catalogue.TakeBack(c, who.actor, c.Param("id")); err != nil {
		return err
	}
	who.session.set("flash", "Your request is taken back.")
	return s.redirect(c, who, "/supplier")
}

// keepPage asks to keep the record of a platform.
type keepPage struct {
	view.Page
	Name   string
	Action string
	Why    view.Input
	Send   view.Button
}

func (s *site) askToKeep(c *gin.Context, who visitor) error {
	return s.showKeep(c, who, http.StatusOK, "", nil)
}

func (s *site) showKeep(c *gin.Context, who visitor, status int, why string, wrong error) error {
	if !catalogue.MayDo(who.actor, catalogue.KeepPlatform) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is for suppliers’ people who may correct records. An administrator of your supplier, or whoever runs this service, can let you"}
	}
	platform, err := s.Catalogue.Platform(c, who.actor, c.Param("id"))
	if err != nil {
		return err
	}
	address := pagePath(catalogue.KindPlatform, platform.ID)
	p := keepPage{Page: s.page(c, who, "/platforms", "Ask to keep the record of "+platform.Name), Name: platform.Name, Action: address + "/keep",
		Why:  view.Input{Name: "why", Label: view.Label{Text: "How does your company stand to it?", Classes: "govuk-label--s"}, Hint: "For example: we make it, or we resell it", Value: why, Error: fieldError(wrong, "why")},
		Send: view.Button{Text: "Ask", PreventDoubleClick: true}}
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Platforms", Href: "/platforms"}, {Text: platform.Name, Href: address}, {Text: "Keep its record"}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "supplier-keep", p)
}

func (s *site) sendKeep(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	_, err = s.Catalogue.AskToKeep(c, who.actor, c.Param("id"), t.text("why"))
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showKeep(c, who, http.StatusBadRequest, t.text("why"), err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Your request is sent. You are told by email when it is decided.")
	return s.redirect(c, who, "/supplier")
}

// proposePlatform is the form with which a supplier proposes a platform of its own.
func (s *site) proposePlatform(c *gin.Context, who visitor) error {
	return s.showProposal(c, who, http.StatusOK, catalogue.NewID(), platformForm{}, nil)
}

func (s *site) showProposal(c *gin.Context, who visitor, status int, id string, f platformForm, wrong error) error {
	if !catalogue.MayDo(who.actor, catalogue.KeepPlatform) {
		return &catalogue.Error{Kind: catalogue.Forbidden, Message: "This is for suppliers’ people who may correct records. An administrator of your supplier, or whoever runs this service, can let you"}
	}
	wrong = inOrderOf(platformFieldOrder(), wrong)
	parts := s.newPlatformForm(f, wrong)
	p := recordFormPage{Heading: "Propose a platform", Action: "/supplier/platforms/new", ID: id,
		Lead: "Whoever runs this service looks at it first. Then everybody sees it, marked as stated by " + who.org + ", until a council confirms that it uses it.",
		Save: view.Button{Text: "Send it", PreventDoubleClick: true}, Back: view.Link{Text: "Back to your supplier account", Href: "/supplier"},
		Sections: platformSections(parts, false)}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: "Your supplier account", Href: "/supplier"}, {Text: p.Heading}}
	p.Errors = errorLinks(wrong, nil)
	anew(c)
	return s.show(c, who, status, "record-form", p)
}

func (s *site) sendProposal(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	f, id := readPlatformForm(t), recordID(t.Get("id"))
	proposed, err := s.Catalogue.ProposePlatform(c, who.actor, id, f.platform())
	if catalogue.KindOf(err) == catalogue.Invalid {
		return s.showProposal(c, who, http.StatusBadRequest, id, f, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", strings.TrimSpace(proposed.Name)+" is proposed. You are told by email when it is decided.")
	return s.redirect(c, who, "/supplier")
}
