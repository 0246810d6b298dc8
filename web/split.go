package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// splitPage decides which council takes which contract of one that is split.
type splitPage struct {
	view.Page
	Heading   string
	Lead      string
	Council   string
	Version   uint64
	Main      view.Radios
	Contracts []view.Select
	Ended     string // how many contracts that have ended go with the rest
	Missing   []view.Link
	Send      view.Button
}

const partField = "part-" // and the ID of a contract

func (s *site) split(c *gin.Context, who visitor) error {
	return s.showSplit(c, who, http.StatusOK, c.Query("council"), nil, nil)
}

func (s *site) decideSplit(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	d := catalogue.Split{Council: t.text("council"), Main: t.text("main"), Parts: map[string]string{}}
	d.Version, _ = strconv.ParseUint(t.text("version"), 10, 64) // what is no number was read of nothing
	for name, values := range t.Values {
		if id, ok := strings.CutPrefix(name, partField); ok && len(values) > 0 {
			d.Parts[id] = values[0]
		}
	}
	_, err = s.Catalogue.DecideSplit(c, who.actor, d)
	if kind := catalogue.KindOf(err); err != nil && (kind == catalogue.Invalid || kind == catalogue.Conflict) {
		return s.showSplit(c, who, statusOf(err), d.Council, &d, err)
	}
	if err != nil {
		return err
	}
	who.session.set("flash", "Decided. It is handed over so on its day, within minutes where that has come.")
	return s.redirect(c, who, handOversPath)
}

// showSplit is the form with what was decided, or what somebody just typed.
func (s *site) showSplit(c *gin.Context, who visitor, status int, council string, typed *catalogue.Split, wrong error) error {
	e, err := s.Catalogue.Ending(c, who.actor, council)
	if err != nil {
		return err
	}
	names, err := s.namesOfHandOvers(c, who.actor, []*catalogue.Ending{e}, nil)
	if err != nil {
		return err
	}
	d := catalogue.Split{Main: e.Main, Parts: e.Parts}
	if typed != nil {
		d = *typed
	}
	p := splitPage{Heading: "Decide what goes where: " + names[council], Council: council, Version: e.Version, Send: view.Button{Text: "Save", PreventDoubleClick: true},
		Lead: "On " + view.Date(e.On) + " " + view.Sentence(e.Names) + " take the place of " + names[council] + ". What you decide here is done on that day.",
		Main: view.Radios{Name: "main", Classes: "govuk-radios--small", Error: fieldError(wrong, "main"), Hint: "Platforms, intentions, groups and people too. People can be given an account of the other council afterwards",
			Legend: &view.Legend{Text: "Which council takes what is not decided one by one?", Classes: "govuk-fieldset__legend--s"}}}
	for i, code := range e.Codes {
		if code == "" {
			p.Missing = append(p.Missing, view.Link{Text: "Add " + e.Names[i], Href: newCouncilPath(e.Names[i])})
			continue
		}
		p.Main.Choices = append(p.Main.Choices, view.Choice{Value: code, Text: names[code], Checked: code == d.Main})
	}
	if err := s.splitContracts(c, who.actor, &p, e, d, names); err != nil {
		return err
	}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Home", Href: "/"}, {Text: "Reorganisation", Href: "/reorganisation"}, {Text: "Handing over councils", Href: handOversPath}, {Text: names[council]}}
	p.Errors = errorLinks(wrong, map[string]string{"parts": "main"})
	if catalogue.KindOf(wrong) == catalogue.Conflict {
		p.Errors = []view.ErrorLink{{Text: catalogueMessage(wrong) + ". What you chose is still here: look at it, and save again", Href: "#main"}}
	}
	return s.show(c, who, status, "split", p)
}

// splitContracts adds a field for each contract that goes on, those that end first first.
func (s *site) splitContracts(c *gin.Context, actor catalogue.Actor, p *splitPage, e *catalogue.Ending, d catalogue.Split, names map[string]string) error {
	all, err := s.Catalogue.CouncilContracts(c, actor, e.Council)
	if err != nil {
		return err
	}
	today := s.Catalogue.Today()
	ended := len(all)
	all = slices.DeleteFunc(all, func(k *catalogue.Contract) bool { return k.Ended(today) || k.Council != e.Council })
	ended -= len(all)
	if ended > 0 {
		p.Ended = view.Plural(ended, "contract that has ended goes", "contracts that have ended go") + " with the rest."
	}
	slices.SortStableFunc(all, func(a, b *catalogue.Contract) int {
		switch {
		case a.End.IsZero() != b.End.IsZero():
			return map[bool]int{true: 1, false: -1}[a.End.IsZero()]
		case a.End != b.End:
			return a.End.Last().Compare(b.End.Last())
		}
		return strings.Compare(a.Title, b.Title)
	})
	for _, k := range all {
		hint := "end not stated"
		if !k.End.IsZero() {
			hint = "ends " + view.Date(k.End)
		}
		if k.Supplier != "" {
			hint = k.Supplier + ", " + hint
		}
		sel := view.Select{ID: partField + k.ID, Name: partField + k.ID, Label: view.Label{Text: k.Title}, Hint: hint, Options: []view.Option{{Text: "With the rest"}}}
		for _, code := range e.Codes {
			if code != "" {
				sel.Options = append(sel.Options, view.Option{Value: code, Text: names[code], Selected: code == d.Parts[k.ID]})
			}
		}
		p.Contracts = append(p.Contracts, sel)
	}
	return nil
}
