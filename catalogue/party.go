package catalogue

import (
	"context"

	"jointly/catalogue/kv"
)

// Party is whose an offer is, and a side of a talk: a council, or a body of central government or of the sector. What
// refers to one holds its code or ID: no body has the code of a council.
type Party struct {
	Council *Council // nil: it is a body
	Body    *Body    // nil: it is a council
}

// ID is the code of the council, or the ID of the body.
func (p Party) ID() string {
	switch {
	case p.Council != nil:
		return p.Council.GSS
	case p.Body != nil:
		return p.Body.ID
	}
	return ""
}

// Label is the party's name as pages show it.
func (p Party) Label() string {
	switch {
	case p.Council != nil:
		return p.Council.Label()
	case p.Body != nil:
		return p.Body.Label()
	}
	return ""
}

// Key names the party's record.
func (p Party) Key() Key {
	if p.Body != nil {
		return p.Body.Key()
	}
	return Key{KindCouncil, p.ID()}
}

// party reads who has a code or an ID, as anybody sees it.
func (c *Catalogue) party(tx kv.Tx, id string) (Party, error) {
	council, ok, err := c.councilIn(tx, id)
	if err != nil || ok {
		return Party{Council: council}, err
	}
	body, err := bodyIn(tx, id)
	if err != nil || body == nil {
		return Party{}, err
	}
	seen, _ := body.sees(Anonymous())
	return Party{Body: seen.(*Body)}, nil
}

// isInvented says that a council or a body is one of the demonstration.
func (c *Catalogue) isInvented(tx kv.Tx, id string) (bool, error) {
	if body, err := bodyIn(tx, id); body != nil || err != nil {
		return err == nil && body.Demonstration, err
	}
	return c.demonstration(id), nil
}

// otherWorld says why one of the demonstration and a real one do not act together; invented is who acts.
func otherWorld(invented bool) string {
	if invented {
		return "Yours is invented, for the demonstration: ask one that is of the demonstration too"
	}
	return "This one is invented, for the demonstration: ask one that is real"
}

// BodyHasPeople says that somebody of a body has an account, so that what it is asked reaches it: for whoever may ask it.
// True for what is no body.
func (c *Catalogue) BodyHasPeople(ctx context.Context, actor Actor, body string) (bool, error) {
	if !MayDo(actor, AskToTalk) && !MayDo(actor, RunGroup) {
		return false, forbidden("You cannot ask a body")
	}
	reached := false
	err := c.view(ctx, func(tx kv.Tx) error {
		reached = false
		if b, err := bodyIn(tx, body); err != nil || b == nil {
			reached = err == nil
			return err
		}
		people, err := lookup(tx, "account.org", body)
		if err != nil {
			return err
		}
		for _, id := range people {
			item, err := readItem(tx, Key{KindAccount, id})
			if err != nil {
				return err
			}
			if a, ok := item.(*Account); ok && !a.Disabled {
				reached = true
			}
		}
		return nil
	})
	return reached, err
}
