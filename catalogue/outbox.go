package catalogue

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// Message is a mail to be sent: plain paragraphs and one link, from which the sender makes text and HTML.
type Message struct {
	To       string     `json:"to"`
	Subject  string     `json:"subject"`
	Text     []string   `json:"text"`
	Why      string     `json:"why,omitempty"`  // why this person is told: 'Your council is in this group'
	Link     string     `json:"link,omitempty"` // path within the service
	LinkText string     `json:"link_text,omitempty"`
	Parts    []MailPart `json:"parts,omitempty"`  // what a daily or weekly mail tells, after Text
	Expires  time.Time  `json:"expires,omitzero"` // not worth sending after; zero: always
	Stop     string     `json:"-"`                // path of the page that stops such mail to who gets it; empty: it cannot be stopped
}

// MailPart is what a daily mail tells for one reason, or a weekly mail of one subject.
type MailPart struct {
	Heading string     `json:"heading,omitempty"` // empty: the items stand for themselves
	Why     string     `json:"why,omitempty"`
	Items   []MailItem `json:"items"`
}

// MailItem is one piece of news in a daily mail.
type MailItem struct {
	Subject  string `json:"subject"`
	Text     string `json:"text,omitempty"`
	Link     string `json:"link,omitempty"` // path within the service
	LinkText string `json:"link_text,omitempty"`
}

// Sender sends mail. It may be called again with a message that it sent when the program stopped in between.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// outboxRow is a message and who has yet to get it: one row however many they are, within a transaction's limits.
type outboxRow struct {
	Message   Message  `json:"message"`
	To        []string `json:"to"`
	Stoppable bool     `json:"stoppable,omitempty"` // news: each mail carries the way to stop more of it
	Weekly    bool     `json:"weekly,omitempty"`    // the mail of the week: what stops it stops nothing else
	Searches  bool     `json:"searches,omitempty"`  // the mail of saved searches: likewise
}

// post puts a message into the outbox in the same transaction as what it tells of. With nobody to send it to, it is
// dropped unsent when its turn comes.
func (w *writer) post(m Message, to ...string) error {
	return w.c.putOutbox(w.tx, kv.NewKey("o", NewID()), outboxRow{Message: m, To: to})
}

// postStoppable is post for what people can choose not to be mailed.
func (w *writer) postStoppable(m Message, to ...string) error {
	return w.c.putOutbox(w.tx, kv.NewKey("o", NewID()), outboxRow{Message: m, To: to, Stoppable: true})
}

// putOutbox writes a sealed row: a sign-in code must not be readable in the file.
func (c *Catalogue) putOutbox(tx kv.Tx, key []byte, row outboxRow) error {
	payload, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	sealed, err := c.encrypt(payload)
	if err != nil {
		return err
	}
	return tx.Put(key, seal(key, 0, sealed))
}

// How many of a council's people are told of one thing, and for how long a mail that cannot be sent is tried.
const (
	toldPerCouncil = 10
	mailLife       = 7 * 24 * time.Hour
)

func (c *Catalogue) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(c.secret[:])
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return cipher.NewGCM(block)
}

func (c *Catalogue) encrypt(plain []byte) ([]byte, error) {
	aead, err := c.cipher()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return aead.Seal(nonce, nonce, plain, nil), nil
}

func (c *Catalogue) decrypt(sealed []byte) ([]byte, error) {
	aead, err := c.cipher()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, ErrDamaged
	}
	return aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], nil)
}

// SendOutbox sends what waits, oldest first, and returns how many went out. A message that cannot be sent stays and is
// tried again, and holds up no other; one whose time is past, or that was sealed with a key which is gone, is dropped.
// Whoever calls holds the lease for mail.
func (c *Catalogue) SendOutbox(ctx context.Context, s Sender) (sent int, err error) {
	var failed []error
	var from []byte
	for more := true; more; {
		var rows []waiting
		err := c.view(ctx, func(tx kv.Tx) error {
			rows = nil
			return tx.Scan(kv.NewKey("o"), from, outboxPage, func(k, v []byte) error {
				r := waiting{key: k}
				r.row, r.err = c.readOutbox(k, v)
				rows = append(rows, r)
				return nil
			})
		})
		if err != nil {
			return sent, err
		}
		more = len(rows) == outboxPage
		for _, r := range rows {
			from = kv.After(r.key)
			if r.err != nil {
				failed = append(failed, r.err)
				continue
			}
			n, err := c.sendRow(ctx, s, r)
			sent += n
			if err != nil {
				failed = append(failed, err)
			}
			if ctx.Err() != nil || errors.Is(err, kv.ErrLeaseLost) {
				return sent, errors.Join(failed...)
			}
		}
	}
	return sent, errors.Join(failed...)
}

const outboxPage = 200

// waiting is a row of the outbox, or why it cannot be read.
type waiting struct {
	key []byte
	row outboxRow
	err error
}

// readOutbox opens a sealed row; one sealed with another key is empty.
func (c *Catalogue) readOutbox(key, value []byte) (outboxRow, error) {
	var row outboxRow
	payload, _, err := unseal(key, value)
	if err != nil {
		return row, err
	}
	if plain, err := c.decrypt(payload); err == nil {
		err = json.Unmarshal(plain, &row)
		return row, err
	}
	return outboxRow{}, nil
}

// sendRow sends a message to those who have yet to get it. Each who got it is taken off the row at once.
func (c *Catalogue) sendRow(ctx context.Context, s Sender, r waiting) (sent int, err error) {
	m := r.row.Message
	if len(r.row.To) == 0 || !m.Expires.IsZero() && !c.clock().Before(m.Expires) {
		return 0, c.keepWaiting(ctx, r.key, outboxRow{})
	}
	var failed []error
	left := r.row
	left.To = slices.Clone(r.row.To)
	for _, to := range r.row.To {
		if due, err := c.stillDue(ctx, r.key, to); err != nil {
			return sent, errors.Join(append(failed, err)...)
		} else if !due {
			continue
		}
		m.To = to
		if r.row.Stoppable {
			if m.Stop, err = c.stopOf(r.row, to); err != nil {
				return sent, err
			}
		}
		if err := s.Send(ctx, m); err != nil {
			failed = append(failed, err)
			continue
		}
		sent++
		left.To = slices.DeleteFunc(left.To, func(other string) bool { return other == to })
		if err := c.keepWaiting(ctx, r.key, left); err != nil {
			return sent, errors.Join(append(failed, err)...)
		}
	}
	return sent, errors.Join(failed...)
}

// stillDue says whether somebody has yet to get a message. It asks under the lease of whoever sends: a process that hung
// since it read the row may have lost it to one that has sent the message meanwhile.
func (c *Catalogue) stillDue(ctx context.Context, key []byte, to string) (due bool, err error) {
	err = c.store.Update(ctx, func(tx kv.Tx) error {
		due = false
		value, err := tx.Get(key)
		if err != nil || value == nil {
			return err
		}
		row, err := c.readOutbox(key, value)
		due = slices.Contains(row.To, to)
		return err
	})
	return due, storeError(err)
}

// stopOf is the address of the page that stops such mail to somebody.
func (c *Catalogue) stopOf(row outboxRow, to string) (string, error) {
	switch {
	case row.Searches:
		return c.searchStopPath(to)
	case row.Weekly:
		return c.stopPath(weeklyStopMark, to)
	}
	return c.stopPath(stopMark, to)
}

// keepWaiting leaves a row for those who have yet to get it, none where nobody has.
func (c *Catalogue) keepWaiting(ctx context.Context, key []byte, row outboxRow) error {
	return storeError(c.store.Update(ctx, func(tx kv.Tx) error {
		if len(row.To) == 0 {
			return tx.Delete(key)
		}
		return c.putOutbox(tx, key, row)
	}))
}

// label is a council's name as messages show it.
func (c *Catalogue) label(tx kv.Tx, code string) (string, error) {
	council, ok, err := c.councilIn(tx, code)
	if err == nil && !ok {
		if b, err := bodyIn(tx, code); b != nil || err != nil {
			return b.Label(), err
		}
	}
	if err != nil || !ok {
		return code, err
	}
	return council.Label(), nil
}
