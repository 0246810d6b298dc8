package catalogue

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// The people of an organisation: who is asked in, what each may do, and how an account ends with the job.

// RoleRequest is that a person asks to do more for its council than it may.
type RoleRequest struct {
	Role  Role      `json:"role"`
	Why   string    `json:"why"`
	Asked time.Time `json:"asked"`
}

// Colleagues is the people of an organisation, as one of them sees it.
type Colleagues struct {
	Own     *Account
	People  []*Account // with their addresses: for its administrators; else none
	Manages bool       // the actor may change who may do what
	Admins  int        // how many administrators it has
}

// AskableRoles lists the roles that a person of a council can ask for, or be given by its administrator.
func AskableRoles() []Role { return []Role{RoleViewer, RoleContributor, RoleLead, RoleAdmin} }

// RolesOf lists the roles that a person of such an organisation can ask for, or be given by its administrator: a supplier
// or a body has nothing that a lead alone would do.
func RolesOf(kind OrgKind) []Role {
	if kind == OrgSupplier || kind == OrgBody {
		return []Role{RoleViewer, RoleContributor, RoleAdmin}
	}
	return AskableRoles()
}

// Colleagues reads the people of the actor's organisation, by address.
func (c *Catalogue) Colleagues(ctx context.Context, actor Actor) (*Colleagues, error) {
	out := &Colleagues{}
	if actor.Org == "" {
		return nil, forbidden("This page is for people of a council or supplier")
	}
	err := c.view(ctx, func(tx kv.Tx) error {
		*out = Colleagues{Manages: MayDo(actor, ManageAccount)}
		all, err := peopleOf(tx, actor.OrgKind, actor.Org)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Role == RoleAdmin && !a.Disabled {
				out.Admins++
			}
			if a.ID == actor.Account {
				out.Own = a
			}
			if seen, ok := a.sees(actor); ok && out.Manages {
				out.People = append(out.People, seen.(*Account))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out.People, func(a, b *Account) int { return cmp.Compare(a.Email, b.Email) })
	return out, nil
}

// peopleOf is all accounts of an organisation, those that have ended too.
func peopleOf(tx kv.Tx, kind OrgKind, org string) ([]*Account, error) {
	ids, err := lookup(tx, "account.org", org)
	if err != nil {
		return nil, err
	}
	var out []*Account
	for _, id := range ids {
		item, err := readItem(tx, Key{KindAccount, id})
		if err != nil {
			return nil, err
		}
		if a, ok := item.(*Account); ok && a.OrgKind == kind {
			out = append(out, a)
		}
	}
	return out, nil
}

// AskRole asks to do more for the actor's council. Its administrators decide; where it has none, the operator of the
// service does, who looks at the person first.
func (c *Catalogue) AskRole(ctx context.Context, actor Actor, role Role, why string) (*Account, error) {
	return c.changeAccount(ctx, actor, AskForRole, actor.Account, func(w *writer, a *Account) error {
		why = strings.TrimSpace(why)
		switch {
		case actor.OrgKind != OrgCouncil && actor.OrgKind != OrgSupplier && actor.OrgKind != OrgBody:
			return forbidden("This is for people of a council, a supplier or a body")
		case !slices.Contains(RolesOf(actor.OrgKind), role) || role.rank() <= a.Role.rank():
			return invalid("request", "role", "Choose what you need to do that you cannot do now")
		case why == "":
			return invalid("request", "why", "Say what your job is, so that whoever decides can check")
		case a.Request != nil && a.Request.Role == role && a.Request.Why == why:
			return errSame
		}
		a.Request = &RoleRequest{Role: role, Why: why, Asked: w.now}
		if actor.OrgKind == OrgSupplier {
			if _, err := w.known(actor); err != nil {
				return err
			}
		}
		admins, err := w.admins(a.OrgKind, a.Org, a.ID)
		if err != nil || len(admins) == 0 {
			return err
		}
		return w.post(Message{Subject: a.Email + " asks to be " + string(role), Text: []string{a.Email + " asks to be " + string(role) + " for your " + string(a.OrgKind) + " in Jointly.", "What it says: " + why},
			Why: "You are an administrator of your " + string(a.OrgKind) + "'s accounts.", Link: "/people", LinkText: "Decide", Expires: w.now.Add(mailLife)}, admins...)
	})
}

// admins lists the addresses of an organisation's administrators, without one account.
func (w *writer) admins(kind OrgKind, org, without string) ([]string, error) {
	people, err := peopleOf(w.tx, kind, org)
	var out []string
	for _, a := range people {
		if a.Role == RoleAdmin && !a.Disabled && a.ID != without {
			out = append(out, a.Email)
		}
	}
	return out, err
}

// AnswerRole grants what a person asked for, another role, or refuses with a reason; the person is told.
func (c *Catalogue) AnswerRole(ctx context.Context, actor Actor, account string, role Role, reason string) (*Account, error) {
	return c.changeAccount(ctx, actor, ManageAccount, account, func(w *writer, a *Account) error {
		if a.Request == nil {
			return errSame
		}
		m := Message{Subject: "You can now do more in Jointly", Text: []string{"You are now " + string(role) + " for your " + string(a.OrgKind) + " in Jointly."},
			Why: "You asked for it.", Link: "/desk", LinkText: "Go to your desk", Expires: w.now.Add(mailLife)}
		switch {
		case role == RoleNone && strings.TrimSpace(reason) == "":
			return invalid("answer", "reason", "Say why not, so that the person knows what to do")
		case role == RoleNone:
			m.Subject, m.Text = "Your request in Jointly", []string{"You asked to be " + string(a.Request.Role) + " for your " + string(a.OrgKind) + " in Jointly. This was not granted.", "The reason: " + reason}
		case !slices.Contains(RolesOf(a.OrgKind), role):
			return invalid("answer", "role", "Choose viewer, contributor, lead or administrator")
		default:
			a.Role = role
		}
		a.Request = nil
		return w.post(m, a.Email)
	})
}

// InviteColleague gives a colleague an account; it is told by mail, and signs in with a code. The address must be at a domain of the
// council: others are the operator's to add.
func (c *Catalogue) InviteColleague(ctx context.Context, actor Actor, email string, role Role) (*Account, error) {
	email = NormaliseEmail(email)
	var out *Account
	err := c.write(ctx, actor, ManageAccount, func(w *writer) error {
		switch {
		case actor.Org == "":
			return forbidden("This is for people of a council or supplier")
		case email == "":
			return invalid("invitation", "email", "Enter an email address")
		}
		known, err := accountByEmail(w.tx, email)
		if err != nil {
			return err
		}
		isOf, err := c.isOf(w.tx, email, actor)
		if err != nil {
			return err
		}
		if known != nil && known.Org == actor.Org && !known.Disabled && known.Role == role {
			out = known
			return nil
		}
		out = &Account{Meta: Meta{ID: NewID()}, Email: email, OrgKind: actor.OrgKind, Org: actor.Org, Role: role, Demonstration: false}
		switch {
		case known != nil && (known.Org != actor.Org || known.OrgKind != actor.OrgKind):
			return invalid("invitation", "email", "This address belongs to another organisation here. Ask whoever runs this service to move it")
		case known != nil:
			*out = *known
			out.Role, out.Disabled, out.Ended, out.Request = role, false, time.Time{}, nil
		case !isOf:
			return invalid("invitation", "email", "Enter an address at your "+string(actor.OrgKind)+"'s own domain. Ask whoever runs this service to add anybody else")
		}
		if !slices.Contains(RolesOf(actor.OrgKind), role) {
			return invalid("invitation", "role", "Choose viewer, contributor, lead or administrator")
		}
		if err := w.put(out); err != nil {
			return err
		}
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		return w.post(Message{Subject: "You can sign in to Jointly for " + who, Text: []string{"A colleague has given you an account in Jointly for " + who + ".", "You are " + string(role) +
			". Sign in with this address: a code is sent to it each time."}, Why: "A colleague gave you an account.", Link: "/sign-in", LinkText: "Sign in", Expires: w.now.Add(mailLife)}, email)
	})
	return out, err
}

// isOf says that an address is at a domain of the actor's council, or of a demonstration council's own; at a checked
// domain of its supplier; at that of its body, exactly.
func (c *Catalogue) isOf(tx kv.Tx, email string, actor Actor) (bool, error) {
	if actor.OrgKind == OrgSupplier {
		domain, ok := register.EmailDomain(email)
		if !ok {
			return false, nil
		}
		ids, err := lookup(tx, "request.domain", actor.Org, domain)
		return len(ids) > 0, err
	}
	if actor.OrgKind == OrgBody {
		b, err := bodyIn(tx, actor.Org)
		return b != nil && b.at(email), err
	}
	found, err := c.councilsByEmail(tx, email)
	return slices.Contains(found, actor.Org) || c.demonstration(actor.Org), err
}

// SetRole changes what a colleague may do.
func (c *Catalogue) SetRole(ctx context.Context, actor Actor, account string, role Role) (*Account, error) {
	return c.changeAccount(ctx, actor, ManageAccount, account, func(w *writer, a *Account) error {
		if a.Role == role {
			return errSame
		}
		if !slices.Contains(RolesOf(a.OrgKind), role) {
			return invalid("account", "role", "Choose viewer, contributor, lead or administrator")
		}
		if err := w.mustLeaveAdmin(a, actor); err != nil {
			return err
		}
		a.Role, a.Request = role, nil
		return nil
	})
}

// EndAccount ends an account with the job: it cannot sign in, and its sessions end. A person may end its own. The last
// administrator hands over first, to successor; empty: nobody needs to take over.
func (c *Catalogue) EndAccount(ctx context.Context, actor Actor, account, successor string) (*Account, error) {
	action := ManageAccount
	if account == actor.Account {
		action = AskForRole
	}
	return c.changeAccount(ctx, actor, action, account, func(w *writer, a *Account) error {
		if a.Disabled {
			return errSame
		}
		if successor != "" {
			item, err := readItem(w.tx, Key{KindAccount, successor})
			if err != nil {
				return err
			}
			next, ok := item.(*Account)
			if !ok || next.Org != a.Org || next.OrgKind != a.OrgKind || next.Disabled || next.ID == a.ID {
				return invalid("account", "successor", "Choose a colleague whose account goes on")
			}
			if a.Role != RoleAdmin || !MayDo(actor, ManageAccount) {
				return forbidden("Only an administrator hands its work over")
			}
			if next.Role != RoleAdmin {
				next.Role, next.Request = RoleAdmin, nil
				w.action = ManageAccount
				if err := w.put(next); err != nil {
					return err
				}
			}
		}
		if err := w.mustLeaveAdmin(a, actor); err != nil {
			return err
		}
		a.Disabled, a.Ended, a.Request, a.Reset = true, w.now, nil, nil
		return w.signOut(a.ID)
	})
}

// endedFor is how long an ended account keeps its person's address and name.
const endedFor = 2 * 365 * 24 * time.Hour

// ForgetAccount deletes an account with its person's address and name; what the person did stays in the audit trail under a
// number. It is no error where there is none.
func (c *Catalogue) ForgetAccount(ctx context.Context, actor Actor, email string) error {
	if err := c.forgetSearches(ctx, actor, email); err != nil {
		return err
	}
	return c.write(ctx, actor, ForgetPerson, func(w *writer) error {
		a, err := accountByEmail(w.tx, NormaliseEmail(email))
		if err != nil || a == nil {
			return err
		}
		if err := w.forgetAsker(a); err != nil {
			return err
		}
		if err := w.forgetFactors(a.ID); err != nil {
			return err
		}
		return w.remove(a)
	})
}

// expireAccounts forgets the people whose accounts ended long ago.
func (c *Catalogue) expireAccounts(ctx context.Context) error {
	limit := c.clock().Add(-endedFor)
	var old []string
	err := c.Each(ctx, Operator("job"), KindAccount, func(item Item) error {
		if a := item.(*Account); a.Disabled && !a.Ended.IsZero() && a.Ended.Before(limit) {
			old = append(old, a.Email)
		}
		return nil
	})
	for _, email := range old {
		if err == nil {
			err = c.ForgetAccount(ctx, Operator("job"), email)
		}
	}
	return err
}

// mustLeaveAdmin refuses to take the last administrator from a council that has other people.
func (w *writer) mustLeaveAdmin(a *Account, actor Actor) error {
	if a.Role != RoleAdmin || actor.IsOperator() {
		return nil
	}
	people, err := peopleOf(w.tx, a.OrgKind, a.Org)
	if err != nil {
		return err
	}
	others := 0
	for _, p := range people {
		if p.ID == a.ID || p.Disabled {
			continue
		}
		if p.Role == RoleAdmin {
			return nil
		}
		others++
	}
	if others == 0 {
		return nil
	}
	return invalid("account", "successor", "This is the last administrator of your "+string(a.OrgKind)+": choose first who takes over")
}

// changeAccount runs fn on an account that the actor may see, and puts it.
func (c *Catalogue) changeAccount(ctx context.Context, actor Actor, action Action, id string, fn func(*writer, *Account) error) (*Account, error) {
	var out *Account
	err := c.write(ctx, actor, action, func(w *writer) error {
		a, err := load[*Account](c, w.tx, actor, KindAccount, id)
		if err != nil {
			return err
		}
		out = a
		if err := fn(w, a); errors.Is(err, errSame) {
			return nil
		} else if err != nil {
			return err
		}
		return w.put(a)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
