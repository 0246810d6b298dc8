package catalogue

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// What a person does with its saved searches.

// SaveSearch keeps a search for the actor's person. The same ID a second time changes nothing.
func (c *Catalogue) SaveSearch(ctx context.Context, actor Actor, s SavedSearch) (*SavedSearch, error) {
	out := &s
	err := c.write(ctx, actor, KeepSearch, func(w *writer) error {
		old, err := readItem(w.tx, s.Key())
		if err != nil {
			return err
		}
		if was, ok := old.(*SavedSearch); ok {
			if was.Account != actor.Account {
				return notFound(string(KindSavedSearch))
			}
			out = was
			return nil
		}
		if actor.Account == "" {
			return forbidden("Searches are saved for a person")
		}
		ids, err := lookup(w.tx, "search.account", actor.Account)
		if err != nil {
			return err
		}
		if len(ids) >= MaxSavedSearches {
			return invalid("search", "name", fmt.Sprintf("You have %d saved searches, which is the most: delete one first", MaxSavedSearches))
		}
		s.Account, s.Name, s.Seen, s.News, s.Feed = actor.Account, strings.TrimSpace(s.Name), w.now, nil, nil
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// SavedSearches lists the actor's own saved searches, by name.
func (c *Catalogue) SavedSearches(ctx context.Context, actor Actor) ([]*SavedSearch, error) {
	var out []*SavedSearch
	if actor.Account == "" {
		return nil, nil
	}
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = listed[*SavedSearch](c, tx, actor, KindSavedSearch, "search.account", actor.Account)
		return err
	})
	slices.SortStableFunc(out, func(a, b *SavedSearch) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out, err
}

// SavedSearch is one of the actor's own saved searches.
func (c *Catalogue) SavedSearch(ctx context.Context, actor Actor, id string) (*SavedSearch, error) {
	return one[*SavedSearch](ctx, c, actor, KindSavedSearch, id)
}

// ChangeSearch names a saved search anew and says how its person is told.
func (c *Catalogue) ChangeSearch(ctx context.Context, actor Actor, id, name string, told SearchTelling) (*SavedSearch, error) {
	return c.changeSearch(ctx, actor, id, func(_ *writer, s *SavedSearch) {
		if told != s.Told { // what was found before is there where one looks; the new way tells what comes
			for i := range s.News {
				s.News[i].Told = true
			}
		}
		s.Name, s.Told = strings.TrimSpace(name), told
	})
}

// SeeSearch notes that a person has looked at a search: what it has now is known, and new is what comes after it.
func (c *Catalogue) SeeSearch(ctx context.Context, actor Actor, id string, now Followed) error {
	_, err := c.changeSearch(ctx, actor, id, func(w *writer, s *SavedSearch) {
		s.Followed = now
		s.News, s.More, s.Seen = nil, 0, w.now
	})
	return err
}

func (c *Catalogue) changeSearch(ctx context.Context, actor Actor, id string, fn func(*writer, *SavedSearch)) (*SavedSearch, error) {
	var out *SavedSearch
	err := c.write(ctx, actor, KeepSearch, func(w *writer) error {
		s, err := load[*SavedSearch](c, w.tx, actor, KindSavedSearch, id)
		if err != nil {
			return err
		}
		s.News = slices.Clone(s.News)
		out = s
		fn(w, s)
		return w.put(s)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// DeleteSearch forgets a saved search, and its feed with it.
func (c *Catalogue) DeleteSearch(ctx context.Context, actor Actor, id string) error {
	return c.write(ctx, actor, KeepSearch, func(w *writer) error {
		s, err := load[*SavedSearch](c, w.tx, actor, KindSavedSearch, id)
		if err != nil {
			return err
		}
		return w.remove(s)
	})
}

// searchesAtOnce is how many saved searches one transaction changes.
const searchesAtOnce = 10

// eachSearchOf runs fn over the saved searches of an account, some in each transaction; what it changes it puts or
// removes.
func (c *Catalogue) eachSearchOf(ctx context.Context, actor Actor, action Action, account string, fn func(*writer, *SavedSearch) error) error {
	var ids []string
	if err := c.view(ctx, func(tx kv.Tx) (err error) {
		ids, err = lookup(tx, "search.account", account)
		return err
	}); err != nil {
		return err
	}
	for some := range slices.Chunk(ids, searchesAtOnce) {
		if err := c.write(ctx, actor, action, func(w *writer) error {
			for _, id := range some {
				item, err := readItem(w.tx, Key{KindSavedSearch, id})
				if err != nil {
					return err
				}
				if s, ok := item.(*SavedSearch); ok {
					if err := fn(w, s); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// RenewSearchFeed gives a saved search a new secret address for its feed; the one before no longer works.
func (c *Catalogue) RenewSearchFeed(ctx context.Context, actor Actor, id string) (token string, err error) {
	secret := make([]byte, feedTokenBytes)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("search feed: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(secret)
	sealed, err := c.encrypt([]byte(token))
	if err != nil {
		return "", err
	}
	_, err = c.changeSearch(ctx, actor, id, func(w *writer, s *SavedSearch) {
		s.Feed = &SecretFeed{Hash: digest(token), Sealed: sealed, Made: w.now}
	})
	return token, err
}

// RevokeSearchFeed ends the feed of a saved search; it is no error where there is none.
func (c *Catalogue) RevokeSearchFeed(ctx context.Context, actor Actor, id string) error {
	_, err := c.changeSearch(ctx, actor, id, func(_ *writer, s *SavedSearch) { s.Feed = nil })
	return err
}

// SearchFeedToken is the token of the feed of a saved search and since when it holds; empty where there is none, or where
// it can no longer be shown since the catalogue has another secret.
func (c *Catalogue) SearchFeedToken(s *SavedSearch) (token string, made time.Time) {
	if s.Feed == nil {
		return "", time.Time{}
	}
	plain, err := c.decrypt(s.Feed.Sealed)
	if err != nil {
		return "", s.Feed.Made
	}
	return string(plain), s.Feed.Made
}

// SearchFeed is the address of the results that a feed's token leads to; NotFound where the token leads to none, was
// revoked, or the account of its person has ended. What the feed shows is for the caller to read as anybody sees it.
func (c *Catalogue) SearchFeed(ctx context.Context, token string) (address string, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		ids, err := lookup(tx, "search.feed", digest(token))
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return notFound("feed")
		}
		item, err := readItem(tx, Key{KindSavedSearch, ids[0]})
		if err != nil {
			return err
		}
		s, ok := item.(*SavedSearch)
		if !ok {
			return notFound("feed")
		}
		who, err := readItem(tx, Key{KindAccount, s.Account})
		if err != nil {
			return err
		}
		if a, ok := who.(*Account); !ok || a.Disabled {
			return notFound("feed")
		}
		address = s.Address
		return nil
	})
	return address, err
}
