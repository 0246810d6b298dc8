package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/catalogue/register"
	"jointly/web/view"
)

// successorPage is a form of the operator about a council that takes the place of others: to add it, or to hand over to it.
type successorPage struct {
	view.Page
	Heading string
	Lead    string
	Action  string
	Fields  []view.Field
	Note    string
	Send    view.Button
}

// newCouncilPath is the form to add a council of a name.
func newCouncilPath(official string) string {
	return "/reorganisation/council?" + url.Values{"name": {official}}.Encode()
}

func (s *site) newCouncilForm(c *gin.Context, who visitor) error {
	anew(c)
	official := c.Query("name")
	return s.showNewCouncil(c, who, http.StatusOK, register.Council{Name: strings.TrimSuffix(official, " Council"), OfficialName: official, Nation: "England", Type: catalogue.NewCouncilTypes()[0]}, nil)
}

// addCouncil stores a council that comes of a reorganisation, or says what is wrong.
func (s *site) addCouncil(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	f := register.Council{GSS: t.text("gss"), Name: t.text("name"), OfficialName: t.text("official_name"), Domain: t.text("domain"), Nation: t.text("nation"),
		Region: t.text("region"), Type: t.text("type")}
	added, err := s.Catalogue.AddCouncil(c, who.actor, f)
	if catalogue.KindOf(err) == catalogue.Invalid && err != nil {
		return s.showNewCouncil(c, who, http.StatusBadRequest, f, err)
	}
	if err != nil {
		return err
	}
	who.session.wrote(added.Version)
	who.session.set("flash", added.OfficialName+" is added. Its people can sign in at its domain.")
	return s.redirect(c, who, pagePath(catalogue.KindCouncil, added.GSS))
}

func (s *site) showNewCouncil(c *gin.Context, who visitor, status int, f register.Council, wrong error) error {
	wrong = inOrderOf([]string{"gss", "name", "official_name", "type", "nation", "region", "domain"}, wrong)
	text := func(name, label, hint, value string) view.Field {
		return view.Field{Input: &view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Error: fieldError(wrong, name)}}
	}
	choose := func(name, label string, all []string, chosen string) view.Field {
		sel := &view.Select{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Error: fieldError(wrong, name)}
		for _, o := range all {
			sel.Options = append(sel.Options, view.Option{Value: o, Text: o, Selected: o == chosen})
		}
		return view.Field{Select: sel}
	}
	p := successorPage{Heading: "Add a new council", Action: "/reorganisation/council", Send: view.Button{Text: "Add this council", PreventDoubleClick: true},
		Lead: "A council that takes the place of others, and is not in the register yet.",
		Fields: []view.Field{
			text("gss", "Code", "Its GSS code, such as E06000067. Until it has one: NEW- and its name, such as NEW-WEST-SURREY", f.GSS),
			text("name", "Name of the place", "Such as West Surrey", f.Name),
			text("official_name", "Name of the council", "Such as West Surrey Council", f.OfficialName),
			choose("type", "What kind of council is it?", catalogue.NewCouncilTypes(), f.Type),
			choose("nation", "Nation", catalogue.Nations(), f.Nation),
			text("region", "Region", "As other councils there have it, such as South East; outside England the nation", f.Region),
			text("domain", "Domain of its email addresses (optional)", "Such as westsurrey.gov.uk. Whoever has an address there can sign in", f.Domain),
		}}
	return s.showSuccessor(c, who, status, p, wrong)
}

func (s *site) handOverForm(c *gin.Context, who visitor) error {
	anew(c)
	return s.showHandOver(c, who, http.StatusOK, catalogue.HandOver{From: c.Query("from")}, nil)
}

// handOver gives what a council has to the one that takes its place.
func (s *site) handOver(c *gin.Context, who visitor) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	t := &typed{Values: values}
	h := catalogue.HandOver{From: t.text("from"), To: t.text("to"), Reason: t.text("reason")}
	_, err = s.Catalogue.Succeed(c, who.actor, h)
	switch kind := catalogue.KindOf(err); {
	case err == nil:
	case kind == catalogue.Invalid:
		return s.showHandOver(c, who, http.StatusBadRequest, h, err)
	default:
		return err
	}
	who.session.set("flash", "Handed over. What the council had is its successor’s now, and its page says so.")
	return s.redirect(c, who, handOversPath)
}

func (s *site) showHandOver(c *gin.Context, who visitor, status int, h catalogue.HandOver, wrong error) error {
	wrong = inOrderOf([]string{"from", "to", "reason"}, wrong)
	pick := func(name, label, hint, chosen string) (view.Field, error) {
		options, err := s.councilOptions(c, chosen)
		return view.Field{Select: &view.Select{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Typed: true, Options: options, Error: fieldError(wrong, name)}}, err
	}
	from, err := pick("from", "Which council ends?", "", h.From)
	if err != nil {
		return err
	}
	to, err := pick("to", "Which council takes its place?", "One that you added, or one of the register that goes on", h.To)
	if err != nil {
		return err
	}
	p := successorPage{Heading: "Hand over a council to its successor", Action: "/reorganisation/hand-over",
		Lead:   "Contracts, platforms, needs, groups and accounts of the one become the other’s. Each record remembers whose it was, and the old council’s page stays.",
		Fields: []view.Field{from, to, {Textarea: &view.Textarea{Name: "reason", Rows: 2, Label: view.Label{Text: "Why before the vesting date? (optional)", Classes: "govuk-label--s"}, Hint: "Only where the day has not come or none is known", Value: h.Reason, Error: fieldError(wrong, "reason")}}},
		Note:   "On its day the service does this by itself. It can be undone for 30 days. All goes to one council: where a council is split, decide first what goes where. If it is interrupted, it is completed within minutes.",
		Send:   view.Button{Text: "Hand over", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	return s.showSuccessor(c, who, status, p, wrong)
}

func (s *site) showSuccessor(c *gin.Context, who visitor, status int, p successorPage, wrong error) error {
	p.Page = s.page(c, who, "", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: p.Heading}}
	p.Errors = errorLinks(wrong, nil)
	return s.show(c, who, status, "successor", p)
}
