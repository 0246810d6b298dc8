package search

// Describing: one function for each kind of record that says what its document holds. Names of councils, suppliers and
// platforms are quoted as they are when a document is written; when one changes, what quotes it is written again. Uses
// are not quoted: a platform is not found by the councils that run it.

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"jointly/catalogue"
)

// Names of parts, as a page says where a word was found.
const (
	partAlias      = "also known as"
	partCapability = "capability"
	partArea       = "area"
	partSupplier   = "supplier"
	partPlatform   = "platform"
	partCouncil    = "council"
	partBody       = "body"
	partRegion     = "region"
	partProduct    = "product"
	partMusts      = "must have"
	partShoulds    = "should have"
	partPartner    = "partner"
	partFact       = "" // small facts and running text need no name
)

// describer makes documents of records that were loaded through one audience's eyes, with the records that they quote.
type describer struct {
	cat    *catalogue.Catalogue
	actor  catalogue.Actor
	quoted map[catalogue.Key]catalogue.Item
}

// quotes lists the records whose names a record's document quotes.
func (d *describer) quotes(item catalogue.Item) []catalogue.Key {
	var keys []catalogue.Key
	want := func(kind catalogue.Kind, id string) {
		if id != "" {
			keys = append(keys, catalogue.Key{Kind: kind, ID: id})
		}
	}
	switch it := item.(type) {
	case *catalogue.Platform:
		want(catalogue.KindSupplier, it.SupplierID)
	case *catalogue.Contract:
		want(catalogue.KindCouncil, it.Council)
		want(catalogue.KindPlatform, it.Platform)
		want(catalogue.KindSupplier, it.SupplierID)
	case *catalogue.Intention:
		want(catalogue.KindCouncil, it.Council)
		want(catalogue.KindSupplier, d.supplierID(it.CurrentSupplier))
	case *catalogue.BuyingGroup:
		want(catalogue.KindCouncil, it.Lead)
		for _, id := range it.AcceptedPartners() {
			want(catalogue.KindBody, id)
		}
	case *catalogue.Signal:
		want(catalogue.KindCouncil, it.Council)
	case *catalogue.Example:
		want(catalogue.KindCouncil, it.Council)
		for _, id := range it.Text.Platforms {
			want(catalogue.KindPlatform, id)
		}
	case *catalogue.Offer:
		want(catalogue.KindCouncil, it.Council)
		want(catalogue.KindBody, it.Body)
	}
	return keys
}

// load reads what a page of items quotes, in one go.
func (d *describer) load(ctx context.Context, items []catalogue.Item) error {
	d.quoted = map[catalogue.Key]catalogue.Item{}
	var keys []catalogue.Key
	for _, item := range items {
		if item == nil {
			continue
		}
		for _, k := range d.quotes(item) {
			if _, seen := d.quoted[k]; !seen {
				d.quoted[k] = nil
				keys = append(keys, k)
			}
		}
	}
	found, err := d.cat.Load(ctx, d.actor, keys)
	if err != nil {
		return err
	}
	for i, item := range found {
		d.quoted[keys[i]] = item
	}
	return nil
}

// describe is the document of a record; nil for kinds that are not searched.
func (d *describer) describe(item catalogue.Item) *document {
	doc := &document{key: item.Key()}
	doc.set(FacetKind, value{id: string(doc.key.Kind)})
	meta := catalogue.MetaOf(item)
	doc.ref = meta.Ref
	if !meta.Created.IsZero() {
		doc.newest = meta.Created.Unix()
	}
	doc.stale = dayOf(catalogue.StaleFrom(item))
	doc.exact = append(doc.exact, doc.ref)
	switch it := item.(type) {
	case *catalogue.Platform:
		d.platform(doc, it)
	case *catalogue.Contract:
		d.contract(doc, it)
	case *catalogue.Intention:
		d.intention(doc, it)
	case *catalogue.BuyingGroup:
		d.group(doc, it)
	case *catalogue.Signal:
		d.signal(doc, it)
	case *catalogue.Example:
		if !it.IsPublic() {
			return nil // a draft is no document, whoever looks
		}
		d.example(doc, it)
	case *catalogue.Offer:
		d.offer(doc, it)
	case *catalogue.Council:
		d.councilItself(doc, it)
	case *catalogue.Supplier:
		d.supplierItself(doc, it)
	case *catalogue.Service:
		d.service(doc, it)
	default:
		return nil
	}
	if doc.key.Kind != catalogue.KindService {
		// The name of a service is what many things are for: 'parking permits' does not mean the service alone.
		doc.exact = append(doc.exact, doc.title)
	}
	return doc
}

// searched says that records of a kind are in the index.
func searched(kind catalogue.Kind) bool {
	switch kind {
	case catalogue.KindPlatform, catalogue.KindContract, catalogue.KindIntention, catalogue.KindGroup, catalogue.KindSignal, catalogue.KindExample,
		catalogue.KindCouncil, catalogue.KindSupplier, catalogue.KindService, catalogue.KindOffer:
		return true
	}
	return false
}

func (d *describer) platform(doc *document, p *catalogue.Platform) {
	doc.title = p.Name
	add(&doc.names, partAlias, p.Aliases...)
	doc.exact = append(doc.exact, p.Aliases...)
	d.supplier(doc, p.SupplierID, p.Supplier)
	d.capabilities(doc, "", p.Capabilities...)
	add(&doc.facts, partFact, p.Licence, p.Hosting)
	add(&doc.facts, "standard", p.Standards...)
	add(&doc.text, partFact, p.Summary)
	doc.set(FacetPlatform, value{p.ID, p.Name, true})
}

func (d *describer) contract(doc *document, c *catalogue.Contract) {
	doc.title = c.Title
	d.council(doc, c.Council)
	d.supplier(doc, c.SupplierID, c.Supplier)
	add(&doc.facts, partProduct, c.Product)
	if p, ok := d.quoted[catalogue.Key{Kind: catalogue.KindPlatform, ID: c.Platform}].(*catalogue.Platform); ok {
		add(&doc.facts, partPlatform, p.Name)
		add(&doc.facts, partPlatform, p.Aliases...)
		doc.set(FacetPlatform, value{p.ID, p.Name, false})
	}
	d.capabilities(doc, "", c.Capability)
	add(&doc.facts, partFact, c.Route, c.Source.Reference)
	add(&doc.facts, "CPV code", c.CPV...)
	add(&doc.text, partFact, c.Description)
	doc.exact = append(doc.exact, c.Source.Reference)
	doc.ends = dayOf(c.End.Last())
	if published := c.Source.Date.First(); !published.IsZero() {
		doc.newest = published.Unix()
	}
	doc.set(FacetQuarter, value{id: Quarter(c.End.Last())})
	doc.set(FacetRoute, value{id: RouteOf(c.Route)})
	doc.set(FacetStage, value{id: string(c.Stage)})
}

func (d *describer) intention(doc *document, in *catalogue.Intention) {
	doc.title = in.Title
	d.council(doc, in.Council)
	id := d.supplierID(in.CurrentSupplier)
	if _, known := d.quoted[catalogue.Key{Kind: catalogue.KindSupplier, ID: id}].(*catalogue.Supplier); !known {
		id = ""
	}
	d.supplier(doc, id, in.CurrentSupplier)
	add(&doc.facts, partPlatform, in.CurrentPlatform)
	capability, _ := in.Capable()
	d.capabilities(doc, in.Area, capability)
	add(&doc.facts, partFact, in.Purchase)
	add(&doc.facts, "CPV code", in.CPV...)
	add(&doc.text, partFact, in.Description)
	add(&doc.text, partMusts, in.Musts...)
	add(&doc.text, partShoulds, in.Shoulds...)
	doc.ends = dayOf(in.WindowEnd.Last())
	if in.Withdrawn != "" {
		doc.ends = closed
	}
	doc.set(FacetQuarter, value{id: Quarter(in.WindowStart.First())})
}

func (d *describer) group(doc *document, g *catalogue.BuyingGroup) {
	doc.title = g.Title
	d.council(doc, g.Lead)
	for _, id := range g.AcceptedPartners() {
		if b, ok := d.quoted[catalogue.Key{Kind: catalogue.KindBody, ID: id}].(*catalogue.Body); ok {
			add(&doc.facts, partPartner, b.Name)
		}
	}
	d.capabilities(doc, "", g.Capability)
	add(&doc.text, partFact, g.Need)
	doc.ends = dayOf(g.WindowEnd.Last())
	if g.Stage == catalogue.Abandoned {
		doc.ends = closed
	}
	doc.set(FacetQuarter, value{id: Quarter(g.WindowStart.First())})
	doc.set(FacetStage, value{id: string(g.Stage)})
}

// signal describes what is published of a signal. Who publishes one of a group can change without it, and is left out.
func (d *describer) signal(doc *document, s *catalogue.Signal) {
	doc.title = s.Text.Title
	if len(s.Named) == 0 {
		d.council(doc, s.Council)
	}
	d.capabilities(doc, "", s.Text.Capability)
	add(&doc.text, partFact, s.Text.Scope)
	if s.End != nil {
		doc.ends = closed
	}
}

// example describes what is published of an example.
func (d *describer) example(doc *document, x *catalogue.Example) {
	t := x.Text
	doc.title, doc.newest = t.Title, x.Latest.Unix()
	d.council(doc, x.Council)
	d.capabilities(doc, "", t.Capabilities...)
	functions := map[string]bool{}
	for _, lgsl := range t.Services {
		s, ok := d.cat.Register().Service(lgsl)
		if !ok {
			continue
		}
		add(&doc.facts, "service", s.Label)
		if !functions[s.Function] {
			doc.set(FacetFunction, value{id: s.Function})
		}
		functions[s.Function] = true
	}
	for _, id := range t.Platforms {
		if p, ok := d.quoted[catalogue.Key{Kind: catalogue.KindPlatform, ID: id}].(*catalogue.Platform); ok {
			add(&doc.facts, partPlatform, p.Name)
			add(&doc.facts, partPlatform, p.Aliases...)
			doc.set(FacetPlatform, value{p.ID, p.Name, false})
		}
	}
	add(&doc.facts, "partner", t.Partners...)
	add(&doc.text, partFact, t.Summary, t.ForWhom, t.Done)
	add(&doc.text, "what went wrong", t.Wrong)
	for _, r := range t.Reuse {
		add(&doc.text, "what can be reused", r.What)
	}
	doc.set(FacetExample, value{id: string(t.Kind)})
	if x.End != nil {
		doc.ends = closed
	}
}

func (d *describer) councilItself(doc *document, c *catalogue.Council) {
	doc.title = c.Label()
	add(&doc.names, partAlias, c.OfficialName, c.Name+" Council")
	doc.exact = append(doc.exact, c.Name, c.OfficialName, c.Name+" Council", c.GSS)
	add(&doc.facts, partFact, c.Type, c.County)
	add(&doc.facts, partRegion, c.Region)
	if c.Nation != c.Region {
		add(&doc.facts, partRegion, c.Nation)
	}
	doc.set(FacetCouncil, value{c.GSS, c.Label(), true})
	doc.set(FacetRegion, value{id: c.Region})
	doc.set(FacetCouncilType, value{id: c.Type})
}

func (d *describer) supplierItself(doc *document, s *catalogue.Supplier) {
	doc.title = s.Name
	doc.exact = append(doc.exact, d.cat.Dictionary().Supplier(s.Name), s.CompaniesHouse)
	doc.set(FacetSupplier, value{s.ID, s.Name, true})
}

func (d *describer) service(doc *document, s *catalogue.Service) {
	doc.title = s.Label
	if !strings.EqualFold(s.GovUKName, s.Label) {
		add(&doc.names, partAlias, s.GovUKName)
	}
	add(&doc.names, partAlias, s.Names...)
	add(&doc.facts, partFact, s.Function)
	d.capabilities(doc, "", s.Capability)
	doc.set(FacetFunction, value{id: s.Function})
	doc.serves = append(doc.serves, s.Label)
	doc.exact = append(doc.exact, "LGSL "+strconv.Itoa(s.LGSL))
}

// council adds the council that a record belongs to.
func (d *describer) council(doc *document, code string) {
	c, ok := d.quoted[catalogue.Key{Kind: catalogue.KindCouncil, ID: code}].(*catalogue.Council)
	if !ok {
		return
	}
	add(&doc.facts, partCouncil, c.Name, c.OfficialName)
	add(&doc.facts, partRegion, c.Region)
	doc.set(FacetCouncil, value{c.GSS, c.Label(), false})
	doc.set(FacetRegion, value{id: c.Region})
	doc.set(FacetCouncilType, value{id: c.Type})
}

// supplier adds a supplier by its present name, and as the record writes it.
func (d *describer) supplier(doc *document, id, written string) {
	name := written
	if s, ok := d.quoted[catalogue.Key{Kind: catalogue.KindSupplier, ID: id}].(*catalogue.Supplier); ok {
		name = s.Name
	}
	add(&doc.facts, partSupplier, name)
	if !strings.EqualFold(name, written) {
		add(&doc.facts, partSupplier, written)
	}
	doc.set(FacetSupplier, value{id, name, false})
}

// capabilities adds capabilities with their areas, and an area that was stated by itself.
func (d *describer) capabilities(doc *document, area string, ids ...string) {
	areas := map[string]bool{"": true}
	addArea := func(id string) {
		if areas[id] {
			return
		}
		areas[id] = true
		if a, ok := d.cat.Dictionary().Area(id); ok {
			add(&doc.facts, partArea, a.Name)
			doc.set(FacetArea, value{id: id})
		}
	}
	for _, id := range ids {
		if c, ok := d.cat.Dictionary().Capability(id); ok {
			add(&doc.facts, partCapability, c.Name)
			doc.tags = append(doc.tags, id)
			doc.set(FacetCapability, value{id: id})
			addArea(c.Area)
		}
	}
	addArea(area)
}

// supplierID is the ID that a supplier's record would have, made of its present name; whether there is such a record is
// for the caller to see.
func (d *describer) supplierID(written string) string {
	if strings.TrimSpace(written) == "" {
		return ""
	}
	name := cmp.Or(d.cat.Dictionary().Supplier(written), written)
	return strings.Join(strings.FieldsFunc(strings.ToLower(strings.NewReplacer("&", " and ", "'", "").Replace(name)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

// today is the day that decides what has ended.
func (q Query) today(cat *catalogue.Catalogue) day {
	if !q.On.IsZero() {
		return dayOf(q.On)
	}
	return dayOf(cat.Today())
}
