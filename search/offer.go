package search

import (
	"slices"

	"jointly/catalogue"
)

// usualQuarters and mostQuarters are how many quarters an offer is found under: where it states no end, and at most.
const (
	usualQuarters = 4
	mostQuarters  = 12
)

// offer describes skills that a council or a body offers or seeks.
func (d *describer) offer(doc *document, o *catalogue.Offer) {
	doc.title = o.Title
	if o.Body != "" {
		d.body(doc, o.Body)
	} else {
		d.council(doc, o.Council)
		doc.set(FacetOwner, value{id: OwnerCouncil})
	}
	d.capabilities(doc, "", o.Capabilities...)
	add(&doc.facts, "kind of work", o.Role.Words())
	switch o.Direction {
	case catalogue.Seeking:
		add(&doc.facts, partFact, "seeks skills", "sought")
	default:
		add(&doc.facts, partFact, "offers skills", "offered")
	}
	add(&doc.facts, partFact, o.Terms.Words())
	add(&doc.text, partFact, o.Text)
	doc.ends = dayOf(o.Until.Last())
	if o.End != nil {
		doc.ends = closed
	}
	doc.set(FacetDirection, value{id: string(o.Direction)})
	doc.set(FacetRole, value{id: string(o.Role)})
	for _, q := range offerQuarters(o) {
		doc.set(FacetQuarter, value{id: q})
	}
}

// body adds the body of central government or of the sector that an offer belongs to.
func (d *describer) body(doc *document, id string) {
	b, ok := d.quoted[catalogue.Key{Kind: catalogue.KindBody, ID: id}].(*catalogue.Body)
	if !ok {
		return
	}
	add(&doc.facts, partBody, b.Name)
	add(&doc.facts, partFact, b.Kind.Words())
	doc.set(FacetOwner, value{id: string(b.Kind)})
	doc.set(FacetBody, value{b.ID, b.Label(), false})
}

// offerQuarters lists the quarters that an offer is for: from its first day, or the day that it was confirmed.
func offerQuarters(o *catalogue.Offer) []string {
	month := o.From
	if month.IsZero() {
		month = catalogue.DateOf(o.Confirmed)
	}
	if month.IsZero() {
		return []string{NotStated}
	}
	end := o.Until.Last()
	if o.Until.IsZero() {
		end = month.AddMonths(3 * (usualQuarters - 1)).Last()
	}
	var out []string
	for first := month.First(); len(out) < mostQuarters && !first.After(end); first = catalogue.DateOf(first).AddMonths(1).First() {
		if q := Quarter(first); !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	return out
}
