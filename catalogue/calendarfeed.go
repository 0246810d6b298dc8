package catalogue

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"jointly/catalogue/kv"
)

// CalendarFeed is the secret address under which an account's calendar programs read its council's dates: whoever has it
// reads them, so it can be revoked. Only its hash is looked up, and only with the catalogue's secret is it shown again.
type CalendarFeed struct {
	Hash   string    `json:"hash"`
	Sealed []byte    `json:"sealed"`
	Made   time.Time `json:"made"`
}

const feedTokenBytes = 32 // 256 random bits

// RenewCalendar gives the actor's account a new secret token for its calendar feed; the one before no longer works.
func (c *Catalogue) RenewCalendar(ctx context.Context, actor Actor) (token string, err error) {
	secret := make([]byte, feedTokenBytes)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("calendar feed: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(secret)
	sealed, err := c.encrypt([]byte(token))
	if err != nil {
		return "", err
	}
	return token, c.changeCalendar(ctx, actor, func(w *writer) *CalendarFeed {
		return &CalendarFeed{Hash: digest(token), Sealed: sealed, Made: w.now}
	})
}

// RevokeCalendar ends the actor's calendar feed; it is no error where there is none.
func (c *Catalogue) RevokeCalendar(ctx context.Context, actor Actor) error {
	return c.changeCalendar(ctx, actor, func(*writer) *CalendarFeed { return nil })
}

func (c *Catalogue) changeCalendar(ctx context.Context, actor Actor, feed func(*writer) *CalendarFeed) error {
	return c.write(ctx, actor, KeepCalendar, func(w *writer) error {
		a, err := load[*Account](c, w.tx, actor, KindAccount, actor.Account)
		if err != nil {
			return err
		}
		next := feed(w)
		if next == nil && a.Calendar == nil {
			return nil
		}
		a.Calendar = next
		return w.put(a)
	})
}

// CalendarToken is the token of the actor's calendar feed and since when it holds; empty where there is none, or where
// it can no longer be shown since the catalogue has another secret.
func (c *Catalogue) CalendarToken(ctx context.Context, actor Actor) (token string, made time.Time, err error) {
	a, err := one[*Account](ctx, c, actor, KindAccount, actor.Account)
	if err != nil || a.Calendar == nil {
		return "", time.Time{}, err
	}
	plain, err := c.decrypt(a.Calendar.Sealed)
	if err != nil {
		return "", a.Calendar.Made, nil
	}
	return string(plain), a.Calendar.Made, nil
}

// EstateFeed is the estate that a calendar feed's token leads to, as its account may see it now; NotFound where the token
// leads to none, was revoked, or its account was disabled.
func (c *Catalogue) EstateFeed(ctx context.Context, token string) (*Estate, error) {
	e := &Estate{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*e = Estate{}
		ids, err := lookup(tx, "account.calendar", digest(token))
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return notFound("calendar")
		}
		item, err := readItem(tx, Key{KindAccount, ids[0]})
		if err != nil {
			return err
		}
		a, ok := item.(*Account)
		if !ok || a.Disabled {
			return notFound("calendar")
		}
		return c.readEstate(tx, a.Actor("feed"), e)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}
