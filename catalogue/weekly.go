package catalogue

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// Weekly is whether a person wants the mail of the week, and the last that it got.
type Weekly struct {
	Choice WeeklyChoice `json:"choice,omitempty"` // empty: not chosen
	Week   int          `json:"week,omitempty"`   // ISO week of the last, as 202648 for the 48th of 2026
	At     time.Time    `json:"at,omitzero"`      // when it was made: the next tells what came since
}

// WeeklyChoice is what a person said of the mail of the week.
type WeeklyChoice string

// Whether somebody gets the mail on Mondays.
const (
	WeeklyOn  WeeklyChoice = "on"
	WeeklyOff WeeklyChoice = "off"
)

// GetsWeekly says that the account gets the mail of the week: what was chosen, else whoever may do something for a
// council gets it, unless it wants no mail at all.
func (a *Account) GetsWeekly() bool {
	if a.OrgKind != OrgCouncil || a.Org == "" || a.Disabled {
		return false
	}
	if a.Weekly.Choice != "" {
		return a.Weekly.Choice == WeeklyOn
	}
	return a.Role.rank() >= RoleContributor.rank() && a.Telling() != ToldNever
}

// weekNumber is the ISO week of an instant in its own location, as 202648.
func weekNumber(t time.Time) int {
	year, week := t.ISOWeek()
	return year*100 + week
}

// hadWeek says that an account, or all of them, had the mail of a week. A later week noted is a clock that was put back
// since; more than a year later, one that was wrong when it was noted.
func hadWeek(noted, week int) bool { return noted >= week && noted <= week+100 }

// weeklyMonday is the instant from which the mail of the week is due, and whether it still is: until Wednesday is over.
func (c *Catalogue) weeklyMonday() (time.Time, bool) {
	now := c.clock().In(c.london)
	since := (int(now.Weekday()) + 6) % 7 // days since Monday
	monday := time.Date(now.Year(), now.Month(), now.Day()-since, digestHour, 0, 0, 0, c.london)
	return monday, since <= 2 && !now.Before(monday)
}

// SendWeekly posts the mail of the week to whoever gets it and for whom there is something, from seven on Monday morning
// in London until Wednesday is over. However often it is called, an account gets one for a week: the week is noted on the
// account with the mail. Whoever calls holds the lease for mail. It returns how many mails it posted.
func (c *Catalogue) SendWeekly(ctx context.Context) (posted int, err error) {
	monday, due := c.weeklyMonday()
	if !due {
		return 0, nil
	}
	week := weekNumber(monday)
	var ids []string
	if err := c.view(ctx, func(tx kv.Tx) error {
		ids = nil
		done, err := readCounter(tx, metaKey("weekly"))
		if due = !hadWeek(int(done), week); err != nil || !due {
			return err
		}
		return c.each(tx, KindAccount, func(item Item) error {
			if a, ok := item.(*Account); ok && a.GetsWeekly() && !hadWeek(a.Weekly.Week, week) {
				ids = append(ids, a.ID)
			}
			return nil
		})
	}); err != nil || !due {
		return 0, err
	}
	var failed []error
	for _, id := range ids {
		sent, err := c.sendWeekly(ctx, id, monday)
		if err != nil {
			failed = append(failed, err)
		}
		if sent {
			posted++
		}
	}
	if len(failed) > 0 {
		return posted, errors.Join(failed...) // those that failed are tried again, the others have had theirs
	}
	return posted, storeError(c.store.Update(ctx, func(tx kv.Tx) error { return putCounter(tx, metaKey("weekly"), uint64(week)) }))
}

// sendWeekly makes and posts one account's mail, keeps it to be read in a browser and notes the week, in one transaction.
func (c *Catalogue) sendWeekly(ctx context.Context, id string, monday time.Time) (sent bool, err error) {
	week := weekNumber(monday)
	err = c.write(ctx, Operator("job"), SendWeekly, func(w *writer) error {
		sent = false
		item, err := readItem(w.tx, Key{KindAccount, id})
		a, ok := item.(*Account)
		if err != nil || !ok || !a.GetsWeekly() || hadWeek(a.Weekly.Week, week) {
			return err
		}
		since := monday.AddDate(0, 0, -7)
		if a.Weekly.At.After(since) && a.Weekly.At.Before(w.now) {
			since = a.Weekly.At
		}
		m, err := w.c.weeklyMail(w.tx, a.Actor("job"), since)
		if err != nil || len(m.Parts) == 0 {
			return err
		}
		if m.Link, err = w.keepWeekly(a, week, m); err != nil {
			return err
		}
		m.Expires = w.now.Add(weeklyLife)
		if err := w.c.putOutbox(w.tx, kv.NewKey("o", NewID()), outboxRow{Message: m, To: []string{a.Email}, Stoppable: true, Weekly: true}); err != nil {
			return err
		}
		sent, a.Weekly.Week, a.Weekly.At = true, week, w.now
		return w.put(a)
	})
	return sent && err == nil, err
}

// For how long the mail of a week is sent where the mail server does not answer, and can be read in a browser.
const (
	weeklyLife = 3 * 24 * time.Hour
	weeklyRead = 14 * 24 * time.Hour
)

// weeklyMark tells a sealed link to the mail of a week from whatever else the secret seals.
const weeklyMark = "weekly mail\x00"

// keptWeekly is the mail of a week as it was sent, for whoever holds its link.
type keptWeekly struct {
	Message Message `json:"message"`
	Org     string  `json:"org"` // of the account then: who has moved reads it no more
}

func weeklyKey(account string, week int) []byte {
	return kv.NewKey("k", "weekly", account, strconv.Itoa(week))
}

// keepWeekly keeps a mail, sealed, for as long as its link works, and returns the link.
func (w *writer) keepWeekly(a *Account, week int, m Message) (string, error) {
	payload, err := json.Marshal(keptWeekly{m, a.Org})
	if err != nil {
		return "", fmt.Errorf("encode mail: %w", err)
	}
	sealed, err := w.c.encrypt(payload)
	if err != nil {
		return "", err
	}
	expires := w.now.Add(weeklyRead)
	if err := putExpiring(w.tx, weeklyKey(a.ID, week), expires, sealed); err != nil {
		return "", err
	}
	token, err := w.c.encrypt(fmt.Appendf(nil, "%s%s\x00%d\x00%d", weeklyMark, a.ID, week, expires.Unix()))
	return "/digest/" + base64.RawURLEncoding.EncodeToString(token), err
}

// Weekly reads the mail of a week by the token of its link, for anybody who holds that, with the address that stops such
// mail. NotFound once its time is over, its account has ended, or its person went to another organisation.
func (c *Catalogue) Weekly(ctx context.Context, token string) (m Message, err error) {
	gone := &Error{Kind: NotFound, Message: "This link does not work. It may be older than 14 days, or not whole. Sign in to see what concerns your council"}
	account, week, ok := c.readWeeklyToken(token)
	if !ok {
		return Message{}, gone
	}
	err = c.view(ctx, func(tx kv.Tx) error {
		item, err := readItem(tx, Key{KindAccount, account})
		if err != nil {
			return err
		}
		a, ok := item.(*Account)
		if !ok || a.Disabled {
			return gone
		}
		sealed, _, err := getExpiring(tx, weeklyKey(account, week), c.clock())
		if err != nil {
			return err
		}
		plain, err := c.decrypt(sealed)
		if err != nil {
			return gone
		}
		var kept keptWeekly
		if err := json.Unmarshal(plain, &kept); err != nil {
			return fmt.Errorf("decode mail: %w", err)
		}
		if kept.Org != a.Org {
			return gone
		}
		m = kept.Message
		m.Stop, err = c.stopPath(weeklyStopMark, a.Email)
		return err
	})
	return m, err
}

// readWeeklyToken opens a token that is whole and not over.
func (c *Catalogue) readWeeklyToken(token string) (account string, week int, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", 0, false
	}
	plain, err := c.decrypt(sealed)
	if err != nil {
		return "", 0, false
	}
	rest, ok := strings.CutPrefix(string(plain), weeklyMark)
	parts := strings.Split(rest, "\x00")
	if !ok || len(parts) != 3 {
		return "", 0, false
	}
	week, weekErr := strconv.Atoi(parts[1])
	expires, expiresErr := strconv.ParseInt(parts[2], 10, 64)
	return parts[0], week, weekErr == nil && expiresErr == nil && c.clock().Before(time.Unix(expires, 0))
}

// ChooseMail sets how the actor hears of news, and whether it gets the mail of the week.
func (c *Catalogue) ChooseMail(ctx context.Context, actor Actor, how Telling, weekly WeeklyChoice) error {
	if how.valid() && weekly != WeeklyOn && weekly != WeeklyOff { // else what is wrong first is said first
		return invalid("choice", "weekly", "Choose whether you get the Monday mail")
	}
	return c.choose(ctx, actor, how, &weekly)
}
