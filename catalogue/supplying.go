package catalogue

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// Joining is what somebody says who asks for a supplier's account.
type Joining struct {
	Email          string
	Supplier       string // its name
	CompaniesHouse string // may be empty: not all suppliers are companies
	Why            string // the person's job
}

func (j *Joining) check(c *Catalogue, tx kv.Tx) (domain string, err error) {
	j.Email, j.Supplier, j.Why = NormaliseEmail(j.Email), strings.TrimSpace(j.Supplier), strings.TrimSpace(j.Why)
	v := &validation{}
	v.that(j.Email != "", "email", "Enter your work email address")
	v.that(j.Supplier != "", "supplier", "Enter the name of your company or organisation")
	v.text("supplier", j.Supplier, 0, maxTitle)
	v.that(j.Supplier == "" || slug(j.Supplier) != "", "supplier", "Give a name with at least one letter from a to z or a digit")
	if j.CompaniesHouse = strings.TrimSpace(j.CompaniesHouse); j.CompaniesHouse != "" {
		number, ok := CompaniesHouseNumber(j.CompaniesHouse)
		v.that(ok, "companies_house", "A Companies House number has 8 characters, like 01234567 or SC123456. Leave it empty if you have none")
		if ok {
			j.CompaniesHouse = number
		}
	}
	v.that(j.Why != "", "why", "Say what your job is, so that whoever decides can check")
	v.text("why", j.Why, 0, maxTitle)
	if j.Email != "" {
		var wrong error
		if domain, wrong = c.supplierDomain(tx, j.Email); KindOf(wrong) == Invalid && wrong != nil {
			v.fields = slices.Insert(v.fields, 0, FieldsOf(wrong)...)
		} else if wrong != nil {
			return "", wrong
		}
	}
	return domain, v.err("request")
}

// StartJoining sends a code to somebody who asks for a supplier's account: it proves the domain of the address. It answers
// the same for an address that has an account. See StartSignIn for browser, network and limits.
func (c *Catalogue) StartJoining(ctx context.Context, j Joining, browser, network string) error {
	code, err := signInDigits()
	if err != nil {
		return err
	}
	return c.write(ctx, Operator("web"), SignIn, func(w *writer) error {
		domain, err := j.check(c, w.tx)
		if err != nil {
			return err
		}
		account, err := accountByEmail(w.tx, j.Email)
		if err != nil {
			return err
		}
		var to []string
		if account == nil || !account.Disabled {
			to = []string{j.Email}
		}
		return w.sendCode(code, j.Email, browser, network, "domain "+domain, to...)
	})
}

// FinishJoining checks the code that StartJoining sent, and returns the person's account. Whoever is the first of a domain
// asks that it belongs to the supplier, which the operator decides; until then, and where others of the domain follow,
// the account reads what anybody may.
func (c *Catalogue) FinishJoining(ctx context.Context, j Joining, browser, code string) (account *Account, err error) {
	wrong := false
	err = c.write(ctx, Operator("web"), SignIn, func(w *writer) error {
		account, wrong = nil, false
		domain, err := j.check(c, w.tx)
		if err != nil {
			return err
		}
		right, err := w.proves(j.Email, browser, code)
		if err != nil || !right {
			wrong = true
			return err
		}
		if account, err = accountByEmail(w.tx, j.Email); err != nil {
			return err
		}
		if account != nil {
			if wrong = account.Disabled; wrong {
				return nil
			}
			return w.record(account)
		}
		item, err := readItem(w.tx, Key{KindSupplierRequest, accountRequestID(domain)})
		if err != nil {
			return err
		}
		if err := w.start(); err != nil {
			return err
		}
		account = &Account{Meta: Meta{ID: NewID()}, Email: j.Email, OrgKind: OrgSupplier, Org: domain, Role: RoleViewer, Since: w.seq}
		r, known := item.(*SupplierRequest)
		there, err := peopleOf(w.tx, OrgSupplier, domain)
		if err != nil {
			return err
		}
		switch {
		case len(there) >= mostPending:
			return invalid("code", "code", "Colleagues of yours have asked already, and wait for the decision. Come back when they have heard")
		case known && r.State == RequestGranted:
			account.Org = r.Org
		case !known || r.State != RequestWaits:
			if err := w.askAccount(j, domain, account.ID, r); err != nil {
				return err
			}
		}
		return w.put(account)
	})
	if err == nil && wrong {
		err = errWrongCode()
	}
	if err != nil {
		return nil, err
	}
	return account, nil
}

// mostPending is how many people of one domain may wait for one decision: they become the supplier's in one transaction.
const mostPending = 5

// accountRequestID is one for each domain: two people of one who ask at once make one request.
func accountRequestID(domain string) string { return "domain~" + domain }

func (w *writer) askAccount(j Joining, domain, account string, old *SupplierRequest) error {
	r := &SupplierRequest{Meta: Meta{ID: accountRequestID(domain)}, Ask: AskAccount, Org: domain, Domain: domain, Account: account,
		Name: j.Supplier, CompaniesHouse: j.CompaniesHouse, Why: j.Why, Asked: w.now, State: RequestWaits}
	if old != nil {
		r.Meta = old.Meta
	}
	return w.put(r)
}

// AskAgain asks once more that the domain of the actor's account belongs to a supplier, after a refusal.
func (c *Catalogue) AskAgain(ctx context.Context, actor Actor, j Joining) error {
	return c.write(ctx, actor, AskForSupplier, func(w *writer) error {
		a, err := load[*Account](c, w.tx, actor, KindAccount, actor.Account)
		if err != nil {
			return err
		}
		j.Email = a.Email
		domain, err := j.check(c, w.tx)
		if err != nil {
			return err
		}
		old, err := load[*SupplierRequest](c, w.tx, actor, KindSupplierRequest, accountRequestID(domain))
		if err != nil {
			return err
		}
		if old.State != RequestRefused {
			return nil
		}
		return w.askAccount(j, domain, actor.Account, old)
	})
}

// SupplierDesk is what a supplier's people have here.
type SupplierDesk struct {
	Supplier  *Supplier          // nil until the operator has granted the account
	Account   *SupplierRequest   // nil where the operator made the account by hand
	Requests  []*SupplierRequest // the others, the latest first
	Platforms []*Platform        // whose record it keeps, by name
	Others    []*Platform        // that name it as their supplier and that it could ask to keep
	Domains   []string           // checked ones
}

// SupplierDesk reads what the actor's supplier has here.
func (c *Catalogue) SupplierDesk(ctx context.Context, actor Actor) (*SupplierDesk, error) {
	if actor.OrgKind != OrgSupplier {
		return nil, forbidden("This page is for people of suppliers")
	}
	out := &SupplierDesk{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*out = SupplierDesk{}
		item, err := readItem(tx, Key{KindSupplier, actor.Org})
		if err != nil {
			return err
		}
		out.Supplier, _ = item.(*Supplier)
		all, err := listed[*SupplierRequest](c, tx, actor, KindSupplierRequest, "request.org", actor.Org)
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.Ask != AskAccount {
				out.Requests = append(out.Requests, r)
				continue
			}
			out.Account = r
			if r.State == RequestGranted {
				out.Domains = append(out.Domains, r.Domain)
			}
		}
		slices.SortStableFunc(out.Requests, func(a, b *SupplierRequest) int { return b.Asked.Compare(a.Asked) })
		if out.Platforms, err = listed[*Platform](c, tx, actor, KindPlatform, "platform.claim", actor.Org); err != nil {
			return err
		}
		named, err := listed[*Platform](c, tx, actor, KindPlatform, "platform.supplier", actor.Org)
		for _, p := range named {
			if p.Claim == nil {
				out.Others = append(out.Others, p)
			}
		}
		byName := func(a, b *Platform) int { return cmp.Compare(a.Name, b.Name) }
		slices.SortFunc(out.Platforms, byName)
		slices.SortFunc(out.Others, byName)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// known says that the operator has granted that the actor acts for a supplier.
func (w *writer) known(actor Actor) (*Supplier, error) {
	item, err := readItem(w.tx, Key{KindSupplier, actor.Org})
	if err != nil {
		return nil, err
	}
	if s, ok := item.(*Supplier); ok {
		return s, nil
	}
	return nil, forbidden("Whoever runs this service has yet to decide on your account")
}

// mostWaiting bounds what one supplier has in the operator's queue.
const mostWaiting = 30

// AskToKeep asks that the actor's supplier keeps the record of a platform that is listed. Asking twice is asking once.
func (c *Catalogue) AskToKeep(ctx context.Context, actor Actor, platform, why string) (*SupplierRequest, error) {
	r := &SupplierRequest{Meta: Meta{ID: "keep~" + platform + "~" + actor.Org}, Ask: AskPlatform, Platform: platform, Why: strings.TrimSpace(why)}
	return c.ask(ctx, actor, r, func(w *writer) error {
		p, err := load[*Platform](c, w.tx, actor, KindPlatform, platform)
		if err != nil {
			return err
		}
		r.Name = p.Name
		if p.Claim != nil && !p.KeptBy(actor) {
			return invalid("request", "why", "Another supplier keeps this record. Tell whoever runs this service if that is wrong")
		}
		if r.Why == "" {
			return invalid("request", "why", "Say how your company stands to this platform: for example, we make it, or we resell it")
		}
		return nil
	})
}

// ProposePlatform asks that a platform of the actor's supplier is listed. ID is that of the form: see NewID.
func (c *Catalogue) ProposePlatform(ctx context.Context, actor Actor, id string, p Platform) (*SupplierRequest, error) {
	r := &SupplierRequest{Meta: Meta{ID: id}, Ask: AskListing, Name: p.Name}
	return c.ask(ctx, actor, r, func(w *writer) error {
		s, err := w.known(actor)
		if err != nil {
			return err
		}
		listing := Platform{Name: p.Name, Supplier: s.Name, SupplierID: s.ID, Capabilities: p.Capabilities, Licence: p.Licence, Summary: p.Summary,
			Website: p.Website, Hosting: p.Hosting, Standards: p.Standards, Exit: p.Exit, Demonstration: s.Demonstration}
		r.Listing = &listing
		if strings.TrimSpace(p.Summary) == "" {
			return invalid("platform", "summary", "Say in a sentence or two what it does")
		}
		return w.nameFree(p.Name)
	})
}

// nameFree refuses a name that a platform has already.
func (w *writer) nameFree(name string) error {
	taken, err := nameTaken(w.tx, name, "")
	if err == nil && taken {
		err = invalid("platform", "name", "A platform with this name is listed already: ask to keep its record instead")
	}
	return err
}

// ask puts a request of the actor's supplier into the operator's queue; the same one again, while it waits or once it was
// granted, changes nothing.
func (c *Catalogue) ask(ctx context.Context, actor Actor, r *SupplierRequest, check func(*writer) error) (*SupplierRequest, error) {
	out := r
	err := c.write(ctx, actor, KeepPlatform, func(w *writer) error {
		out = r
		if _, err := w.known(actor); err != nil {
			return err
		}
		old, err := readItem(w.tx, r.Key())
		if err != nil {
			return err
		}
		if was, ok := old.(*SupplierRequest); ok {
			if !actor.ForSupplier(was.Org) {
				return notFound(string(KindSupplierRequest))
			}
			if was.State == RequestWaits || was.State == RequestGranted {
				out = was
				return nil
			}
			r.Meta = was.Meta
		}
		if err := check(w); err != nil {
			return err
		}
		all, err := listed[*SupplierRequest](c, w.tx, actor, KindSupplierRequest, "request.org", actor.Org)
		if err != nil {
			return err
		}
		if n := len(slices.DeleteFunc(all, func(o *SupplierRequest) bool { return o.State != RequestWaits })); n >= mostWaiting {
			return invalid("request", "name", "So many of your requests wait already: take one back, or wait until some are decided")
		}
		r.Org, r.Account, r.Asked, r.State, r.Decided, r.Reason = actor.Org, actor.Account, w.now, RequestWaits, time.Time{}, ""
		return w.put(r)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// TakeBack withdraws a request that waits.
func (c *Catalogue) TakeBack(ctx context.Context, actor Actor, id string) error {
	return c.write(ctx, actor, KeepPlatform, func(w *writer) error {
		r, err := load[*SupplierRequest](c, w.tx, actor, KindSupplierRequest, id)
		if err != nil || r.State != RequestWaits || r.Ask == AskAccount {
			return err
		}
		r.State, r.Decided = RequestWithdrawn, w.now
		return w.put(r)
	})
}

// CorrectPlatform stores what the actor's supplier says of a platform whose record it keeps. What it changes is marked as
// stated by the supplier until a council that uses the platform confirms it; an earlier name stays as another name.
func (c *Catalogue) CorrectPlatform(ctx context.Context, actor Actor, p Platform) (*Platform, error) {
	var out *Platform
	err := c.write(ctx, actor, KeepPlatform, func(w *writer) error {
		old, err := load[*Platform](c, w.tx, actor, KindPlatform, p.ID)
		if err != nil {
			return err
		}
		next := *old
		next.Version, next.Name, next.Capabilities, next.Summary, next.Licence = p.Version, p.Name, p.Capabilities, p.Summary, p.Licence
		next.Exit, next.Hosting, next.Standards, next.Website = p.Exit, p.Hosting, p.Standards, p.Website
		next.follows(old, PlatformChange{At: w.now, Supplier: actor.Org})
		if out = &next; len(next.Changes) == len(old.Changes) && slices.Equal(next.ToConfirm(), old.ToConfirm()) && sameWords(&next, old) {
			return nil
		}
		if nameKey(next.Name) != nameKey(old.Name) {
			if taken, err := nameTaken(w.tx, next.Name, old.ID); err != nil {
				return err
			} else if taken {
				return invalid("platform", "name", "Another platform has this name")
			}
			next.Aliases = append(slices.Clone(old.Aliases), old.Name)
		}
		return w.put(&next)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func sameWords(a, b *Platform) bool {
	return !slices.ContainsFunc(PlatformFields(), func(f PlatformField) bool { return a.Says(f) != b.Says(f) })
}

// ConfirmStated gives the word of the actor's council, which uses the platform, for what its supplier states in some fields.
func (c *Catalogue) ConfirmStated(ctx context.Context, actor Actor, platform string, fields []PlatformField) (*Platform, error) {
	var out *Platform
	err := c.write(ctx, actor, ConfirmStated, func(w *writer) error {
		p, err := load[*Platform](c, w.tx, actor, KindPlatform, platform)
		if err != nil {
			return err
		}
		item, err := readItem(w.tx, Key{KindUse, platform + "~" + actor.Org})
		if err != nil {
			return err
		}
		if u, ok := item.(*Use); !ok || u.Confirmed.IsZero() {
			return forbidden("Say first that your council uses this platform: only councils that use it can confirm what its supplier states")
		}
		if len(fields) == 0 {
			return invalid("platform", "stated", "Choose what is right as far as your council knows")
		}
		out = p
		if p.Claim == nil {
			return nil
		}
		claim, changed := *p.Claim, false
		claim.Stated = maps.Clone(p.Claim.Stated)
		for _, f := range fields {
			if !claim.Stated[f].IsZero() {
				delete(claim.Stated, f)
				p.noted(PlatformChange{At: w.now, Field: f, Council: actor.Org, Confirmed: true})
				changed = true
			}
		}
		if p.Claim = &claim; !changed {
			return nil
		}
		return w.put(p)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
