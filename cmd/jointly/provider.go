package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"jointly/catalogue"
)

type providerCommand struct {
	Set    providerSet    `cmd:"" help:"Let a council's people sign in with its own accounts (OpenID Connect)."`
	List   providerList   `cmd:"" help:"List the councils that sign in with their own accounts."`
	Remove providerRemove `cmd:"" help:"End it: the council's people sign in with a code by e-mail again."`
}

type providerSet struct {
	Council  string   `required:"" help:"GSS code of the council." placeholder:"GSS"`
	Issuer   string   `required:"" help:"Issuer of the council's tenant, such as https://login.microsoftonline.com/TENANT/v2.0." placeholder:"URL"`
	ClientID string   `required:"" name:"client-id" help:"Client ID that the tenant gave to this service." placeholder:"ID"`
	Tenant   []string `required:"" help:"ID of a tenant whose people are let in; may be given several times." placeholder:"ID"`
	Required bool     `help:"The council's people sign in this way only. It has to have worked once."`
	Secret   string   `name:"secret-file" help:"File that holds the client's secret; without it the secret stays as it is." placeholder:"FILE"`
}

// maxSecret is the longest client secret that is read, in bytes.
const maxSecret = 4 << 10

// relativeTo: the file is named from where the command was given.
func (c *providerSet) relativeTo(folder string) {
	if c.Secret != "" {
		c.Secret = within(folder, c.Secret)
	}
}

// secretIn is the one line that a file holds: on a command line everybody on the machine could read it.
func secretIn(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", usage("--secret-file %s: %v", path, reason(err))
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecret))
	if err := errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("read %s: %w", path, reason(err))
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", usage("--secret-file %s is empty", path)
	}
	return secret, nil
}

func (c *providerSet) run(ctx context.Context, a *app, s streams) error {
	change := catalogue.ProviderChange{Council: c.Council, Issuer: c.Issuer, ClientID: c.ClientID, Tenants: c.Tenant, Required: c.Required}
	if c.Secret != "" {
		text, err := secretIn(c.Secret)
		if err != nil {
			return err
		}
		change.Secret = text
	}
	done, err := a.catalogue.SetProvider(ctx, catalogue.Operator("command"), change)
	if err != nil {
		return err
	}
	words := "can sign in"
	if done.Required {
		words = "sign in only"
	}
	_, err = fmt.Fprintf(s.out, "People of %s %s with accounts of %s.\n", done.Council, words, done.Issuer)
	return err
}

type providerList struct{}

func (c *providerList) run(ctx context.Context, a *app, s streams) error {
	return a.catalogue.Each(ctx, catalogue.Operator("command"), catalogue.KindProvider, func(item catalogue.Item) error {
		p, ok := item.(*catalogue.Provider)
		if !ok {
			return nil
		}
		state := "not tried yet"
		switch {
		case p.Required:
			state = "required"
		case !p.Worked.IsZero():
			state = "works"
		}
		_, err := fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\n", p.Council, p.Issuer, p.ClientID, strings.Join(p.Tenants, ","), state)
		return err
	})
}

type providerRemove struct {
	Council string `arg:"" help:"GSS code of the council."`
}

func (c *providerRemove) run(ctx context.Context, a *app, s streams) error {
	if err := a.catalogue.RemoveProvider(ctx, catalogue.Operator("command"), c.Council); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.out, "People of %s sign in with a code by e-mail again.\n", c.Council)
	return err
}
