package catalogue

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"jointly/catalogue/kv"
)

// InboxItem is news as one person has it.
type InboxItem struct {
	*News
	Unread bool
}

// Inbox is a page of what a person was told, newest first.
type Inbox struct {
	Items  []InboxItem
	Unread int     // in the whole inbox, at most UnreadMost
	Next   string  // where the next page begins; empty: this is the last
	Told   Telling // how the person hears of it beside the inbox
}

// UnreadMost is the most unread news that is counted: more are as many.
const UnreadMost = 100

// ownAccount is the actor's own account; nil for a command, a job or a visitor.
func ownAccount(tx kv.Tx, actor Actor) (*Account, error) {
	if actor.Account == "" {
		return nil, nil
	}
	item, err := readItem(tx, Key{KindAccount, actor.Account})
	a, _ := item.(*Account)
	return a, err
}

// seen is up to which number an actor has seen its inbox. The operator reads everybody's and has nothing unread.
func seen(tx kv.Tx, actor Actor) (uint64, error) {
	a, err := ownAccount(tx, actor)
	switch {
	case actor.IsOperator():
		return ^uint64(0), err
	case err != nil || a == nil:
		return 0, err
	}
	return a.InboxSeen, nil
}

// unreadNews lists what an actor was told and has not seen, at most so many, newest first.
func unreadNews(tx kv.Tx, actor Actor, most int) ([]string, error) {
	upTo, err := seen(tx, actor)
	if err != nil {
		return nil, err
	}
	return newsFor(tx, actor, "", upTo, most)
}

// loadNews reads news by ID through an actor's eyes.
func (c *Catalogue) loadNews(tx kv.Tx, actor Actor, ids []string) ([]*News, error) {
	out := make([]*News, 0, len(ids))
	for _, id := range ids {
		n, err := load[*News](c, tx, actor, KindNews, id)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// Inbox reads a page of what the actor was told, from a cursor on ("" for the newest).
func (c *Catalogue) Inbox(ctx context.Context, actor Actor, cursor string, limit int) (*Inbox, error) {
	box := &Inbox{}
	if cursor != "" && newsNumber(cursor) == 0 {
		return nil, &Error{Kind: Invalid, Message: "This address leads to no part of the inbox. Begin at its first page"}
	}
	err := c.view(ctx, func(tx kv.Tx) error {
		*box = Inbox{Told: ToldAtOnce}
		if a, err := ownAccount(tx, actor); err != nil {
			return err
		} else if a != nil {
			box.Told = a.Telling()
		}
		upTo, err := seen(tx, actor)
		if err != nil {
			return err
		}
		unread, err := newsFor(tx, actor, "", upTo, UnreadMost)
		if err != nil {
			return err
		}
		box.Unread = len(unread)
		ids, err := newsFor(tx, actor, cursor, 0, limit+1)
		if err != nil {
			return err
		}
		if len(ids) > limit {
			ids = ids[:limit]
			box.Next = ids[limit-1]
		}
		news, err := c.loadNews(tx, actor, ids)
		for _, n := range news {
			box.Items = append(box.Items, InboxItem{n, newsNumber(n.ID) > upTo})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return box, nil
}

// SeeInbox marks the actor's inbox as read up to a piece of news: what came since stays unread.
func (c *Catalogue) SeeInbox(ctx context.Context, actor Actor, upTo string) error {
	number := newsNumber(upTo)
	return c.changeOwn(ctx, actor, func(w *writer, a *Account) error {
		if number <= a.InboxSeen || number > w.seq {
			return errSame
		}
		a.InboxSeen = number
		return nil
	})
}

// TellMe sets how the actor hears of news beside the inbox. Who no longer wants it daily but at once gets now what
// would have come with the next mail.
func (c *Catalogue) TellMe(ctx context.Context, actor Actor, how Telling) error {
	return c.choose(ctx, actor, how, nil)
}

// choose is TellMe, and what was chosen of the mail of the week; nil leaves that.
func (c *Catalogue) choose(ctx context.Context, actor Actor, how Telling, weekly *WeeklyChoice) error {
	if !how.valid() {
		return invalid("choice", "told", "Choose how you are told: at once, one mail a day, or inbox only")
	}
	return c.changeOwn(ctx, actor, func(w *writer, a *Account) error {
		same := weekly == nil || *weekly == a.Weekly.Choice
		if !same {
			a.Weekly.Choice = *weekly
		}
		switch {
		case how == a.Telling():
			if same {
				return errSame
			}
			return nil
		case how == ToldDaily:
			a.DigestedTo = w.seq
		case a.Told == ToldDaily && how == ToldAtOnce:
			if _, err := w.postDigest(a); err != nil {
				return err
			}
		}
		a.Told = how
		return nil
	})
}

// changeOwn runs fn on the actor's own account and puts it; errSame says that nothing is to change.
func (c *Catalogue) changeOwn(ctx context.Context, actor Actor, fn func(*writer, *Account) error) error {
	return c.write(ctx, actor, KeepInbox, func(w *writer) error {
		a, err := ownAccount(w.tx, actor)
		switch {
		case err != nil:
			return err
		case a == nil:
			return notFound(string(KindAccount))
		}
		if err := w.start(); err != nil {
			return err
		}
		if err := fn(w, a); errors.Is(err, errSame) {
			return nil
		} else if err != nil {
			return err
		}
		return w.put(a)
	})
}

// Marks that tell a sealed address in a link that stops mail, or the mail of the week alone, from whatever else the
// secret seals.
const (
	stopMark       = "stop mail to\x00"
	weeklyStopMark = "stop the weekly mail to\x00"
)

// stopPath is the address of the page that stops mail to somebody, for that mail alone to carry.
func (c *Catalogue) stopPath(mark, email string) (string, error) {
	sealed, err := c.encrypt([]byte(mark + email))
	return "/mail/stop?token=" + base64.RawURLEncoding.EncodeToString(sealed), err
}

// stops is the account that a token stops mail to, and whether it stops the mail of the week alone.
func (c *Catalogue) stops(ctx context.Context, token string) (a *Account, weekly bool, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		var plain []byte
		if plain, err = c.decrypt(sealed); err == nil {
			email, ok := strings.CutPrefix(string(plain), stopMark)
			if !ok {
				email, weekly = strings.CutPrefix(string(plain), weeklyStopMark)
			}
			if ok || weekly {
				if err := c.view(ctx, func(tx kv.Tx) (err error) { a, err = accountByEmail(tx, email); return err }); err != nil {
					return nil, false, err
				}
			}
		}
	}
	if a == nil || a.Disabled {
		return nil, false, &Error{Kind: Invalid, Message: "This link does not work. Copy the whole link out of the mail, or sign in and choose there which mail you get", Err: err}
	}
	return a, weekly, nil
}

// CheckStop says whether a token out of a mail stops the mail of the week alone, without doing so; Invalid where it
// cannot stop any.
func (c *Catalogue) CheckStop(ctx context.Context, token string) (weekly bool, err error) {
	_, weekly, err = c.stops(ctx, token)
	return weekly, err
}

// StopMail ends mail of news to the account that a mail with this token was for, and the mail of the week; where the
// token came with that, it alone, and says so. The inbox stays, and so do codes to sign in with.
func (c *Catalogue) StopMail(ctx context.Context, token string) (weekly bool, err error) {
	a, weekly, err := c.stops(ctx, token)
	if err != nil {
		return false, err
	}
	how := ToldNever
	if weekly {
		how = a.Telling()
	}
	return weekly, c.ChooseMail(ctx, a.Actor("mail"), how, WeeklyOff)
}
