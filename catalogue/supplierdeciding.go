package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// RequestToDecide is what the operator needs to decide what a supplier asks.
type RequestToDecide struct {
	Request  *SupplierRequest
	Email    string    // of who asked
	Supplier *Supplier // as the record has it, by ID or by the name that was given; nil: not known yet
	People   int       // accounts that the supplier has already
	Domains  []string  // its checked ones
	Platform *Platform // that it wants to keep; nil: none
}

// RequestsToDecide reads what stands behind the requests that wait.
func (c *Catalogue) RequestsToDecide(ctx context.Context, actor Actor, waiting []Queued) ([]RequestToDecide, error) {
	if !actor.IsOperator() {
		return nil, forbidden("The queue is the operator's")
	}
	var out []RequestToDecide
	err := c.view(ctx, func(tx kv.Tx) error {
		out = nil
		for _, q := range waiting {
			r, ok := q.Item.(*SupplierRequest)
			if !ok {
				continue
			}
			d, err := c.requestToDecide(tx, r)
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

func (c *Catalogue) requestToDecide(tx kv.Tx, r *SupplierRequest) (RequestToDecide, error) {
	d := RequestToDecide{Request: r}
	who, err := readItem(tx, Key{KindAccount, r.Account})
	if err != nil {
		return d, err
	}
	if a, ok := who.(*Account); ok {
		d.Email = a.Email
	}
	id := r.Org
	if r.Ask == AskAccount {
		name := r.Name
		if err := c.deriveSupplier(tx, &name, &id, false, nil); err != nil {
			return d, err
		}
	}
	item, err := readItem(tx, Key{KindSupplier, id})
	if err != nil {
		return d, err
	}
	if d.Supplier, _ = item.(*Supplier); d.Supplier != nil {
		people, err := peopleOf(tx, OrgSupplier, id)
		if err != nil {
			return d, err
		}
		d.People = len(slices.DeleteFunc(people, func(a *Account) bool { return a.Disabled }))
		if d.Domains, err = lookupParts(tx, "request.domain", id); err != nil {
			return d, err
		}
	}
	if r.Platform != "" {
		item, err := readItem(tx, Key{KindPlatform, r.Platform})
		if err != nil {
			return d, err
		}
		d.Platform, _ = item.(*Platform)
	}
	return d, nil
}

// lookupParts lists the one part that stands between a look-up and the IDs under it.
func lookupParts(tx kv.Tx, parts ...string) ([]string, error) {
	prefix := indexPrefix(parts...)
	var out []string
	err := scan(tx, prefix, func(k, _ []byte) error {
		r := kv.ReadKey(k[len(prefix):])
		if part := r.Str(); !slices.Contains(out, part) {
			out = append(out, part)
		}
		return nil
	})
	return out, err
}

// forgetAsker takes what a person said of itself out of what it asked for a supplier.
func (w *writer) forgetAsker(a *Account) error {
	if a.OrgKind != OrgSupplier {
		return nil
	}
	all, err := listed[*SupplierRequest](w.c, w.tx, w.actor, KindSupplierRequest, "request.org", a.Org)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Ask != AskAccount || r.Account != a.ID || r.Why == "" {
			continue // of a platform it says what the supplier has to do with it
		}
		r.Why = ""
		if err := w.put(r); err != nil {
			return err
		}
	}
	return nil
}

// RequestAnswer is the decision of the operator on what a supplier asks.
type RequestAnswer struct {
	Grant    bool
	Supplier string // for an account: the supplier's name or ID, as the operator found it; empty: as it was given
	Reason   string // of a refusal, which the person reads
	Version  uint64 // of the request as it was read; 0: whatever it asks by now
}

// DecideRequest grants what a supplier asks, or refuses it with a reason; the person is told. Once decided it stays.
func (c *Catalogue) DecideRequest(ctx context.Context, actor Actor, id string, answer RequestAnswer) (*SupplierRequest, error) {
	var out *SupplierRequest
	err := c.write(ctx, actor, DecideRequest, func(w *writer) error {
		r, err := load[*SupplierRequest](c, w.tx, actor, KindSupplierRequest, id)
		if err != nil {
			return err
		}
		if out = r; r.State != RequestWaits {
			return nil
		}
		if answer.Version != 0 && answer.Version != r.Version {
			return conflict("What is asked has changed since you looked")
		}
		m := Message{Why: "You asked for it.", Link: "/supplier", LinkText: "Go to your supplier account", Expires: w.now.Add(mailLife)}
		if answer.Reason = strings.TrimSpace(answer.Reason); answer.Grant {
			r.State = RequestGranted
			m.Subject, m.Text, err = w.grant(r, answer)
		} else {
			r.State, r.Reason = RequestRefused, answer.Reason
			m.Subject, m.Text = "Your request was not granted: "+r.Name, []string{"You asked about " + r.Name + ". This was not granted.", "The reason: " + answer.Reason}
			if answer.Reason == "" {
				err = invalid("answer", "reason", "Say why not, so that the person knows what to do")
			}
		}
		if err != nil {
			return err
		}
		r.Decided = w.now
		if err := w.put(r); err != nil {
			return err
		}
		return w.tellAsker(r, m)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// tellAsker tells who asked for a supplier what was decided, in its inbox and by mail.
func (w *writer) tellAsker(r *SupplierRequest, m Message) error {
	who, err := readItem(w.tx, Key{KindAccount, r.Account})
	a, ok := who.(*Account)
	if err != nil || !ok || a.Disabled {
		return err
	}
	if err := w.put(&News{Meta: Meta{ID: NewsID(w.seq + 1)}, Told: w.now, Account: a.ID, Least: RoleViewer, Subject: shortened(m.Subject, maxTitle), Text: m.Text, Why: m.Why,
		Link: m.Link, LinkText: m.LinkText, Demonstration: a.Demonstration}); err != nil {
		return err
	}
	return w.post(m, a.Email)
}

func (w *writer) grant(r *SupplierRequest, answer RequestAnswer) (subject string, text []string, err error) {
	switch r.Ask {
	case AskAccount:
		err = w.grantAccount(r, cmp.Or(strings.TrimSpace(answer.Supplier), r.Name))
		return "Your supplier account in Jointly", []string{"You can now act for " + r.Name + " in Jointly: keep the records of its platforms, propose others, and follow what councils will buy."}, err
	case AskPlatform:
		return "You keep the record of " + r.Name, []string{"You can now correct the record of " + r.Name + ". What you change is marked as stated by the supplier until a council that uses it confirms it."}, w.grantPlatform(r)
	}
	return r.Name + " is listed", []string{r.Name + " is now listed. It is marked as stated by the supplier until a council confirms that it uses it."}, w.grantListing(r)
}

// grantAccount makes the people of a domain those of a supplier. The first is its administrator.
func (w *writer) grantAccount(r *SupplierRequest, name string) error {
	id, err := w.supplierNamed(name, false)
	if err != nil {
		return err
	}
	item, err := readItem(w.tx, Key{KindSupplier, id})
	if err != nil {
		return err
	}
	s, ok := item.(*Supplier)
	switch {
	case !ok:
		return invalid("answer", "supplier", "Name the supplier")
	case r.CompaniesHouse != "" && s.CompaniesHouse != "" && s.CompaniesHouse != r.CompaniesHouse:
		return invalid("answer", "supplier", s.Name+" has the Companies House number "+s.CompaniesHouse+" here: name another supplier, or refuse")
	case r.CompaniesHouse != "" && s.CompaniesHouse == "":
		s.CompaniesHouse = r.CompaniesHouse
		if err := w.put(s); err != nil {
			return err
		}
	}
	there, err := peopleOf(w.tx, OrgSupplier, id)
	if err != nil {
		return err
	}
	administered := slices.ContainsFunc(there, func(a *Account) bool { return a.Role == RoleAdmin && !a.Disabled })
	people, err := peopleOf(w.tx, OrgSupplier, r.Domain)
	if err != nil {
		return err
	}
	for _, a := range people {
		a.Org = id
		switch {
		case a.ID == r.Account && administered:
			a.Role = RoleContributor
		case a.ID == r.Account:
			a.Role = RoleAdmin
		}
		if err := w.put(a); err != nil {
			return err
		}
	}
	r.Org, r.Name = id, s.Name
	return nil
}

func (w *writer) grantPlatform(r *SupplierRequest) error {
	p, err := load[*Platform](w.c, w.tx, w.actor, KindPlatform, r.Platform)
	if err != nil {
		return err
	}
	if p.Claim != nil && p.Claim.Supplier != r.Org {
		return invalid("answer", "reason", "Another supplier keeps this record: refuse with the reason")
	}
	s, err := load[*Supplier](w.c, w.tx, w.actor, KindSupplier, r.Org)
	if err != nil {
		return err
	}
	if p.Claim == nil {
		p.Claim = &PlatformClaim{Supplier: r.Org, Since: w.now}
	}
	p.SupplierID, p.Supplier = s.ID, s.Name
	return w.put(p)
}

func (w *writer) grantListing(r *SupplierRequest) error {
	if err := w.nameFree(r.Listing.Name); err != nil {
		return invalid("answer", "reason", "A platform with this name is listed by now: refuse, and say that its record can be kept instead")
	}
	p := *r.Listing
	p.Meta = Meta{ID: slug(p.Name)}
	p.Claim = &PlatformClaim{Supplier: r.Org, Since: w.now, Proposed: r.Asked}
	if taken, err := readItem(w.tx, p.Key()); err != nil {
		return err
	} else if taken != nil {
		p.ID = NewID()
	}
	r.Platform = p.ID
	return w.putDerived(&p)
}
