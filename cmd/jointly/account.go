package main

import (
	"context"
	"fmt"

	"jointly/catalogue"
)

type accountCommand struct {
	Add     accountAdd     `cmd:"" help:"Give a person an account, or change its role."`
	List    accountList    `cmd:"" help:"List accounts."`
	Disable accountDisable `cmd:"" help:"End an account: it cannot sign in, and its sessions end."`
	Reset   accountReset   `cmd:"" help:"Take away a person's passkeys, authenticator app and recovery codes, and sign it out everywhere, so that it sets up new ones."`
	Forget  accountForget  `cmd:"" help:"Delete the account of a person who has gone, with its address and name."`
}

type accountAdd struct {
	Email    string `required:"" help:"Address that the sign-in code is sent to."`
	Council  string `help:"GSS code of the person's council." xor:"org" placeholder:"GSS"`
	Supplier string `help:"Name of the person's company." xor:"org" placeholder:"NAME"`
	Body     string `help:"ID of the person's body of central government or of the sector." xor:"org" placeholder:"ID"`
	Name     string `help:"Name of the person, for its organisation's own list."`
	Role     string `required:"" help:"viewer, contributor, lead, administrator or operator." enum:"viewer,contributor,lead,administrator,operator"`
}

func (c *accountAdd) run(ctx context.Context, a *app, s streams) error {
	account := catalogue.Account{Email: c.Email, Name: c.Name, Role: catalogue.Role(c.Role)}
	switch {
	case account.Role == catalogue.RoleOperator && c.Council == "" && c.Supplier == "" && c.Body == "":
		account.OrgKind = catalogue.OrgService
	case account.Role == catalogue.RoleOperator:
		return usage("an operator belongs to the service: leave out --council, --supplier and --body")
	case c.Council != "":
		account.OrgKind, account.Org = catalogue.OrgCouncil, c.Council
	case c.Supplier != "":
		account.OrgKind, account.Org = catalogue.OrgSupplier, c.Supplier
	case c.Body != "":
		account.OrgKind, account.Org = catalogue.OrgBody, c.Body
	default:
		return usage("name the person's --council, --supplier or --body")
	}
	done, err := a.catalogue.AddAccount(ctx, catalogue.Operator("command"), account)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %s of %s. They sign in with a code sent to that address%s.\n", done.Email, done.Role, orService(done.Org), beside(done.Role))
	return err
}

// beside says what a role needs beside the code.
func beside(role catalogue.Role) string {
	if role == catalogue.RoleViewer {
		return ""
	}
	return ", and set up a second factor the first time"
}

func orService(org string) string {
	if org == "" {
		return "the service"
	}
	return org
}

type accountList struct{}

func (c *accountList) run(ctx context.Context, a *app, s streams) error {
	return a.catalogue.Each(ctx, catalogue.Operator("command"), catalogue.KindAccount, func(item catalogue.Item) error {
		account, ok := item.(*catalogue.Account)
		if !ok {
			return nil
		}
		state := ""
		if account.Disabled {
			state = "\tdisabled"
		}
		_, err := fmt.Fprintf(s.out, "%s\t%s\t%s%s\n", account.Email, account.Role, orService(account.Org), state)
		return err
	})
}

type accountDisable struct {
	Email string `arg:"" help:"Address of the account."`
}

func (c *accountDisable) run(ctx context.Context, a *app, s streams) error {
	done, err := a.catalogue.DisableAccount(ctx, catalogue.Operator("command"), c.Email)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s is disabled.\n", done.Email)
	return err
}

type accountReset struct {
	Email string `arg:"" help:"Address of the account."`
}

func (c *accountReset) run(ctx context.Context, a *app, s streams) error {
	done, err := a.catalogue.ResetFactors(ctx, catalogue.Operator("command"), c.Email)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s sets up a new second factor at the next sign-in. Its sessions have ended, and it is told by mail.\n", done.Email)
	return err
}

type accountForget struct {
	Email string `arg:"" help:"Address of the account."`
}

func (c *accountForget) run(ctx context.Context, a *app, s streams) error {
	if err := a.catalogue.ForgetAccount(ctx, catalogue.Operator("command"), c.Email); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.out, "%s is forgotten: its address and name are deleted.\n", catalogue.NormaliseEmail(c.Email))
	return err
}
