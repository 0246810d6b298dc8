package catalogue

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jointly/catalogue/kv"
)

// Message is a mail to be sent: plain paragraphs and one link, from which the sender makes text and HTML.
type Message struct {
	To       string    `json:"to"`
	Subject  string    `json:"subject"`
	Text     []string  `json:"text"`
	Link     string    `json:"link,omitempty"` // path within the service
	LinkText string    `json:"link_text,omitempty"`
	Expires  time.Time `json:"expires,omitzero"` // not worth sending after; zero: always
}

// Sender sends mail. It may be called again with a message that it sent when the program stopped in between.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// post puts a message into the outbox in the same transaction as what it tells of. The row is sealed: a sign-in code
// must not be readable in the file.
func (w *writer) post(m Message) error {
	payload, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	sealed, err := w.c.encrypt(payload)
	if err != nil {
		return err
	}
	key := kv.NewKey("o", NewID())
	return w.tx.Put(key, seal(key, 0, sealed))
}

// tell posts a message to every account of a council that has at least a role; none there is no error.
func (w *writer) tell(council string, least Role, m Message) error {
	ids, err := lookup(w.tx, "account.org", council)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if i == 10 { // within a transaction's limits; a council with more is told through those
			break
		}
		item, err := readItem(w.tx, Key{KindAccount, id})
		if err != nil {
			return err
		}
		if a, ok := item.(*Account); ok && !a.Disabled && a.Role.rank() >= least.rank() {
			m.To = a.Email
			if err := w.post(m); err != nil {
				return err
			}
		}
	}
	return nil
}

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
// tried again; one whose time is past, or that was sealed with a key which is gone, is dropped. Whoever calls holds the
// lease for mail.
func (c *Catalogue) SendOutbox(ctx context.Context, s Sender) (sent int, err error) {
	var failed []error
	type row struct {
		key     []byte
		message Message
		drop    bool
	}
	var rows []row
	err = c.view(ctx, func(tx kv.Tx) error {
		return tx.Scan(kv.NewKey("o"), nil, 200, func(k, v []byte) error {
			r := row{key: k}
			payload, _, err := unseal(k, v)
			if err != nil {
				return err
			}
			plain, err := c.decrypt(payload)
			if err == nil {
				err = json.Unmarshal(plain, &r.message)
			}
			r.drop = err != nil || (!r.message.Expires.IsZero() && c.clock().After(r.message.Expires))
			rows = append(rows, r)
			return nil
		})
	})
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if !r.drop {
			if err := s.Send(ctx, r.message); err != nil {
				failed = append(failed, err)
				continue
			}
			sent++
		}
		if err := c.store.Update(ctx, func(tx kv.Tx) error { return tx.Delete(r.key) }); err != nil {
			return sent, storeError(err)
		}
	}
	return sent, errors.Join(failed...)
}

// label is a council's name as messages show it.
func (c *Catalogue) label(tx kv.Tx, code string) (string, error) {
	council, ok, err := c.councilIn(tx, code)
	if err != nil || !ok {
		return code, err
	}
	return council.Label(), nil
}
