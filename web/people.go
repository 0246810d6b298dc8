package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// peoplePage is the people of an organisation: what the visitor may do and can ask for; for its administrators who asks,
// who is in, and how an account ends.
type peoplePage struct {
	view.Page
	Caption string
	Heading string
	Can     string
	Asked   string // what the visitor waits for; empty: nothing
	Ask     *askForm
	Asking  []personBlock
	People  []personBlock
	Invite  *colleagueForm
	Ways    bool // the visitor decides how its council signs in
	Trail   bool // the visitor may read the audit trail of its organisation
	Data    bool // the visitor may take out all that its council has here
	End     *endForm
	Nobody  string // who decides, where the council has no administrator
}

// askForm asks to do more.
type askForm struct {
	Role view.Radios
	Why  view.Input
	Send view.Button
}

// personBlock is one person, with what can be changed of it.
type personBlock struct {
	Name   string
	Lines  []string
	Action string // address of the person's forms
	Grant  *grantForm
	Role   *view.Select
	Save   view.Button
	End    *view.Button
	Reset  *resetForm
}

// grantForm grants what a person asked for, or refuses it.
type grantForm struct {
	Grant  view.Button
	Fold   view.Details
	Reason view.Input
	Refuse view.Button
}

// colleagueForm gives a colleague an account.
type colleagueForm struct {
	Email view.Input
	Role  view.Select
	Send  view.Button
}

// endForm ends the visitor's own account.
type endForm struct {
	Action    string
	Fold      view.Details
	Successor *view.Select // for the last administrator
	Send      view.Button
}

func (s *site) people(c *gin.Context, who visitor) error {
	p, err := s.peoplePage(c, who)
	if err != nil {
		return err
	}
	return s.show(c, who, http.StatusOK, "people", p)
}

func (s *site) peoplePage(c *gin.Context, who visitor) (peoplePage, error) {
	found, err := s.Catalogue.Colleagues(c, who.actor)
	if err != nil {
		return peoplePage{}, err
	}
	p := peoplePage{Caption: who.org, Heading: "People and accounts", Can: mayWords(who.account)}
	p.Page = s.page(c, who, "/desk", p.Heading)
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Heading}}
	if who.account.Role != catalogue.RoleAdmin {
		p.Ask = newAskForm(who.account)
		p.Nobody = "An administrator of your " + string(who.actor.OrgKind) + " decides."
		if found.Admins == 0 {
			p.Nobody = "Your " + string(who.actor.OrgKind) + " has no administrator here yet: whoever runs this service looks at your request, and may ask you about it first."
		}
	}
	if r := found.Own.Request; r != nil {
		p.Asked = "You asked to be " + string(r.Role) + " on " + view.Day(r.Asked) + ". It is not decided yet."
	}
	p.End = newEndForm(found)
	p.Ways = catalogue.MayDo(who.actor, catalogue.RequireProvider)
	p.Trail = catalogue.MayReadTrail(who.actor)
	p.Data = who.actor.OrgKind == catalogue.OrgCouncil && catalogue.MayDo(who.actor, catalogue.RunGroup)
	if !found.Manages {
		return p, nil
	}
	p.Invite = newColleagueForm(who.actor.OrgKind, "", "", nil)
	for _, a := range found.People {
		b := newPersonBlock(a, who.account.ID, s.Catalogue.Now())
		b.Reset = newResetForm(a, who.account.ID, s)
		if a.Request != nil && !a.Disabled {
			p.Asking = append(p.Asking, b)
		} else {
			p.People = append(p.People, b)
		}
	}
	return p, nil
}

// newAskForm offers the roles above that of an account, with what each lets a person do.
func newAskForm(a *catalogue.Account) *askForm {
	f := &askForm{Role: view.Radios{Name: "role", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "What do you need to do?", Classes: "govuk-fieldset__legend--s"}},
		Why:  view.Input{Name: "why", Label: view.Label{Text: "What is your job?", Classes: "govuk-label--s"}, Hint: "So that whoever decides can check. For example, category manager for ICT"},
		Send: view.Button{Text: "Ask", PreventDoubleClick: true}}
	above := false
	for _, role := range catalogue.RolesOf(a.OrgKind) {
		if above {
			f.Role.Choices = append(f.Role.Choices, view.Choice{Value: string(role), Text: sentenceCase(string(role)), Hint: roleMeaning(a.OrgKind, role)})
		}
		above = above || role == a.Role
	}
	return f
}

// roleMeaning is what a role lets a person do.
func roleMeaning(kind catalogue.OrgKind, role catalogue.Role) string {
	if kind == catalogue.OrgSupplier && role == catalogue.RoleContributor {
		return "Also proposes the supplier’s platforms, and corrects their records"
	}
	if kind == catalogue.OrgBody {
		switch role {
		case catalogue.RoleViewer:
			return "Sees what anybody sees, and reads what councils ask of the body"
		case catalogue.RoleContributor:
			return "Also answers what councils ask of the body, and offers and seeks skills for it"
		}
	}
	switch role {
	case catalogue.RoleViewer:
		return "Reads what councils share with each other"
	case catalogue.RoleContributor:
		return "Also lists platforms, contracts and needs, registers interest, and works on what a group needs"
	case catalogue.RoleLead:
		return "Also proposes groups, votes, and answers for the council"
	case catalogue.RoleAdmin:
		return "Also decides who may do what, and ends accounts"
	}
	return ""
}

func roleSelect(kind catalogue.OrgKind, now catalogue.Role) *view.Select {
	sel := &view.Select{Name: "role", Label: view.Label{Text: "May", Classes: "govuk-visually-hidden"}}
	for _, role := range catalogue.RolesOf(kind) {
		sel.Options = append(sel.Options, view.Option{Value: string(role), Text: sentenceCase(string(role)), Selected: role == now})
	}
	return sel
}

func newPersonBlock(a *catalogue.Account, own string, now time.Time) personBlock {
	b := personBlock{Name: a.Email, Action: "/people/" + a.ID}
	if a.Name != "" {
		b.Name = a.Name + ", " + a.Email
	}
	switch {
	case a.Disabled:
		b.Lines = []string{"Ended. It cannot sign in."}
		return b
	case a.Request != nil:
		b.Lines = []string{"Is " + string(a.Role) + ", and asks to be " + string(a.Request.Role) + ": ‘" + a.Request.Why + "’.", "Asked on " + view.Day(a.Request.Asked) + ", " + ago(now, a.Request.Asked) + "."}
		b.Grant = &grantForm{Grant: view.Button{Text: "Make " + string(a.Request.Role), Name: "role", Value: string(a.Request.Role), PreventDoubleClick: true},
			Fold:   view.Details{Summary: "Refuse, with a reason", ID: "refuse-" + a.ID},
			Reason: view.Input{ID: "reason-" + a.ID, Name: "reason", Label: view.Label{Text: "Why not?"}, Hint: "The person reads it"},
			Refuse: view.Button{Text: "Refuse", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
		return b
	case a.ID == own:
		b.Lines = []string{sentenceCase(string(a.Role)) + ", you"}
		return b
	}
	b.Role = roleSelect(a.OrgKind, a.Role)
	b.Role.ID = "role-" + a.ID
	b.Role.Label.Text = "What " + a.Email + " may do"
	b.Save = view.Button{Text: "Save", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	b.End = &view.Button{Text: "End this account", Classes: "govuk-button--warning", PreventDoubleClick: true}
	return b
}

func newColleagueForm(kind catalogue.OrgKind, email, role string, wrong error) *colleagueForm {
	sel := roleSelect(kind, catalogue.Role(role))
	sel.ID, sel.Label = "invite-role", view.Label{Text: "What may it do?", Classes: "govuk-label--s"}
	sel.Error = fieldError(wrong, "role")
	return &colleagueForm{Role: *sel, Send: view.Button{Text: "Give it an account", PreventDoubleClick: true},
		Email: view.Input{Name: "email", Type: "email", Label: view.Label{Text: "Email address", Classes: "govuk-label--s"}, Hint: "At your " + string(kind) + "’s own domain. A code is sent to it each time somebody signs in",
			Value: email, Error: fieldError(wrong, "email")}}
}

// newEndForm ends the visitor's own account; the last administrator chooses who takes over.
func newEndForm(found *catalogue.Colleagues) *endForm {
	f := &endForm{Action: "/people/" + found.Own.ID + "/end", Fold: view.Details{Summary: "I am leaving: end my account", ID: "end"},
		Send: view.Button{Text: "End my account", Classes: "govuk-button--warning", PreventDoubleClick: true}}
	if !found.Manages || found.Admins > 1 {
		return f
	}
	sel := view.Select{Name: "successor", Label: view.Label{Text: "Who takes over as administrator?"}, Options: []view.Option{{Text: "Nobody"}}}
	for _, a := range found.People {
		if !a.Disabled && a.ID != found.Own.ID {
			sel.Options = append(sel.Options, view.Option{Value: a.ID, Text: a.Email})
		}
	}
	f.Successor = &sel
	return f
}
