package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// supplierAsking is what a supplier asks, with what the operator needs to decide.
type supplierAsking struct {
	Name     string
	Lines    []string
	Facts    []view.Fact // of a platform that is to be listed
	Action   string
	Version  uint64      // of what is asked, as it is shown
	Supplier *view.Input // which supplier it is; nil where that is known
	Grant    view.Button
	Fold     view.Details
	Reason   view.Input
	Refuse   view.Button
}

func (s *site) supplierAskings(c *gin.Context, who visitor, waiting []catalogue.Queued) ([]supplierAsking, error) {
	list, err := s.Catalogue.RequestsToDecide(c, who.actor, waiting)
	if err != nil {
		return nil, err
	}
	var out []supplierAsking
	for _, d := range list {
		out = append(out, s.newSupplierAsking(d, s.Catalogue.Now()))
	}
	return out, nil
}

func (s *site) newSupplierAsking(d catalogue.RequestToDecide, now time.Time) supplierAsking {
	r := d.Request
	a := supplierAsking{Action: "/queue/requests/" + r.ID, Version: r.Version, Grant: view.Button{Text: "Grant it", Name: "answer", Value: "grant", PreventDoubleClick: true},
		Fold:   view.Details{Summary: "Refuse, with a reason", ID: "refuse-" + r.ID},
		Reason: view.Input{ID: "reason-" + r.ID, Name: "reason", Label: view.Label{Text: "Why not?"}, Hint: "The person reads it"},
		Refuse: view.Button{Text: "Refuse", Name: "answer", Value: "refuse", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	by := "Asked on " + view.Day(r.Asked) + ", " + ago(now, r.Asked)
	if d.Email != "" {
		by += ", by " + d.Email
	}
	switch r.Ask {
	case catalogue.AskAccount:
		a.Name = "Does " + r.Domain + " belong to " + r.Name + "?"
		a.Supplier = &view.Input{ID: "supplier-" + r.ID, Name: "supplier", Label: view.Label{Text: "Which supplier is it?"}, Value: r.Name}
		a.Lines = []string{"Job: ‘" + r.Why + "’. Companies House number: " + view.OrNotStated(r.CompaniesHouse) + ".", knownSupplier(d)}
	case catalogue.AskPlatform:
		a.Name = supplierOf(d) + " asks to keep the record of " + r.Name
		a.Lines = []string{"‘" + r.Why + "’"}
		if p := d.Platform; p != nil && p.SupplierID != r.Org {
			a.Lines = append(a.Lines, "Look closely: the record names "+view.OrNotStated(p.Supplier)+" as its supplier.")
		}
	case catalogue.AskListing:
		a.Name = supplierOf(d) + " proposes " + r.Name
		a.Facts = s.listingFacts(r.Listing)
	}
	a.Lines = append(a.Lines, by+".")
	return a
}

func supplierOf(d catalogue.RequestToDecide) string {
	if d.Supplier == nil {
		return d.Request.Org
	}
	return marked(d.Supplier.Name, d.Supplier.Demonstration)
}

// knownSupplier says what is on record of the supplier that a domain is said to belong to.
func knownSupplier(d catalogue.RequestToDecide) string {
	if d.Supplier == nil {
		return "No supplier of this name is on record: granting makes one."
	}
	words := d.Supplier.Name + " is on record"
	if d.Supplier.CompaniesHouse != "" {
		words += ", with the Companies House number " + d.Supplier.CompaniesHouse
	}
	if d.People > 0 {
		words += ". It has " + view.Plural(d.People, "person", "people") + " here already"
	}
	if len(d.Domains) > 0 {
		words += ", at " + view.Sentence(d.Domains)
	}
	return words + "."
}

func (s *site) listingFacts(p *catalogue.Platform) []view.Fact {
	var facts []view.Fact
	for _, f := range catalogue.PlatformFields() {
		if said := s.platformSays(p, f); said != "" && f != catalogue.FieldName {
			facts = append(facts, view.Fact{Name: platformFieldName(f), Value: said})
		}
	}
	return facts
}

// answerRequest grants what a supplier asks, or refuses it.
func (s *site) answerRequest(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	id, grant := c.Param("id"), t.text("answer") == "grant"
	version, err := strconv.ParseUint(t.text("version"), 10, 64)
	if err != nil {
		version = math.MaxUint64 // not of our page: as one that has changed since
	}
	_, err = s.Catalogue.DecideRequest(c, who.actor, id, catalogue.RequestAnswer{Grant: grant, Supplier: t.text("supplier"), Reason: t.text("reason"), Version: version})
	if catalogue.KindOf(err) == catalogue.Conflict {
		who.session.set("flash", "What is asked has changed since you looked: nothing was decided. Look at it again.")
		return s.redirect(c, who, "/queue")
	}
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.queuePage(c, who)
		if again != nil {
			return again
		}
		for i := range p.Suppliers {
			p.Suppliers[i].refused(id, t, err)
		}
		p.Errors = errorLinks(err, map[string]string{"reason": "reason-" + id, "supplier": "supplier-" + id})
		return s.show(c, who, http.StatusBadRequest, "queue", p)
	}
	if err != nil {
		return err
	}
	message := "Granted. The person is told."
	if !grant {
		message = "Refused. The person is told the reason."
	}
	who.session.set("flash", message)
	return s.redirect(c, who, "/queue")
}

// refused shows again what was typed about a request, with what is wrong.
func (a *supplierAsking) refused(id string, t *typed, wrong error) {
	if !strings.HasSuffix(a.Action, "/"+id) {
		return
	}
	a.Reason.Value, a.Reason.Error = t.text("reason"), fieldError(wrong, "reason")
	a.Fold.Open = a.Reason.Error != "" || a.Reason.Value != ""
	if a.Supplier != nil {
		a.Supplier.Value, a.Supplier.Error = t.text("supplier"), fieldError(wrong, "supplier")
	}
}
