package catalogue

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// The hour in London from which a day's digest is sent, and how much one holds: what is over it is in the inbox.
const (
	digestHour  = 7
	digestMost  = 100    // pieces of news
	digestBytes = 60_000 // of text, so that the mail fits into the outbox
	digestText  = 400    // characters of each
)

// SendDigests posts one mail to each account that wants one a day, with all that it was told since the last; to whom
// nothing was told gets none. It does so once a day from seven in the morning in London, however often it is called:
// what an account has had is noted with the mail, so that a program that stops in between, or a clock that jumps,
// neither repeats nor loses any. Whoever calls holds the lease for mail. It returns how many mails it posted.
func (c *Catalogue) SendDigests(ctx context.Context) (posted int, err error) {
	day := c.digestDay()
	var ids []string
	due := false
	if err := c.view(ctx, func(tx kv.Tx) (err error) {
		done, err := readCounter(tx, metaKey("digest"))
		if err != nil {
			return err
		}
		// A day ahead is a clock that was put back; further ahead, one that was wrong when it was noted.
		due = done != day && done != day+1
		ids, err = lookup(tx, "account.told", string(ToldDaily))
		return err
	}); err != nil || !due {
		return 0, err
	}
	var failed []error
	for _, id := range ids {
		sent, err := c.sendDigest(ctx, id)
		if err != nil {
			failed = append(failed, err)
		}
		if sent {
			posted++
		}
	}
	if len(failed) > 0 {
		return posted, errors.Join(failed...) // those that failed are tried again, the others have nothing new
	}
	return posted, storeError(c.store.Update(ctx, func(tx kv.Tx) error { return putCounter(tx, metaKey("digest"), day) }))
}

// digestDay numbers the day whose digest is the latest that is due.
func (c *Catalogue) digestDay() uint64 {
	now := c.clock().In(c.london)
	day := DateOf(now).First()
	if now.Hour() < digestHour {
		day = day.AddDate(0, 0, -1)
	}
	return uint64(max(day.Unix()/int64(24*time.Hour/time.Second), 1))
}

// sendDigest posts one account's digest and notes up to where it goes, in one transaction.
func (c *Catalogue) sendDigest(ctx context.Context, id string) (sent bool, err error) {
	err = c.write(ctx, Operator("job"), SendDigest, func(w *writer) error {
		sent = false
		item, err := readItem(w.tx, Key{KindAccount, id})
		a, ok := item.(*Account)
		if err != nil || !ok || a.Disabled || a.Told != ToldDaily {
			return err
		}
		before := a.DigestedTo
		if sent, err = w.postDigest(a); err != nil || a.DigestedTo == before {
			return err
		}
		return w.put(a)
	})
	return sent && err == nil, err
}

// postDigest posts what an account was told since its last digest, and moves DigestedTo on: the caller puts the account.
// It says whether there was anything to post.
func (w *writer) postDigest(a *Account) (bool, error) {
	actor := a.Actor("job")
	ids, err := newsFor(w.tx, actor, "", a.DigestedTo, kv.MaxScan)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	news, err := w.c.loadNews(w.tx, actor, ids)
	if err != nil {
		return false, err
	}
	// What one person alone is told, of its saved searches, comes as it chose for them.
	news = slices.DeleteFunc(news, func(n *News) bool { return n.Account != "" })
	a.DigestedTo = newsNumber(ids[0])
	slices.Reverse(news) // as it happened
	for i, n := range news {
		over, err := w.c.over(w.tx, n)
		if err != nil {
			return false, err
		}
		if over {
			news[i] = nil
		}
	}
	news = slices.DeleteFunc(news, func(n *News) bool { return n == nil })
	if len(news) == 0 {
		return false, nil
	}
	m := digestOf(news, a.OrgKind)
	m.Expires = w.now.Add(mailLife)
	return true, w.postStoppable(m, a.Email)
}

// over says that news no longer matters to who has not had it: the group that it is about was given up since, the
// intention ended, the talk was closed. That very change is news itself, and stays.
func (c *Catalogue) over(tx kv.Tx, n *News) (bool, error) {
	if n.About == (Key{}) {
		return false, nil
	}
	item, err := readItem(tx, n.About)
	if err != nil || item == nil {
		return err == nil, err
	}
	since := !item.meta().Changed.Equal(n.Told)
	switch it := item.(type) {
	case *BuyingGroup:
		return it.Stage == Abandoned && since, nil
	case *Intention:
		return it.Ended(c.Today()) && since, nil
	case *Talk:
		return it.State == TalkClosed && since, nil
	case *EvidenceCall:
		return it.State == CallClosed && since, nil
	case *Offer:
		return it.Ended(c.Today()) && since, nil
	}
	return false, nil
}

// digestOf makes one mail of news, put together by why it was told.
func digestOf(news []*News, of OrgKind) Message {
	whom := "your council"
	if of != OrgCouncil {
		whom = "you"
	}
	m := Message{Subject: "1 change that concerns " + whom, Text: []string{"This is what you were told of since your last daily mail."},
		Link: "/inbox", LinkText: "Go to your inbox"}
	if len(news) > 1 {
		m.Subject = thousands(len(news)) + " changes that concern " + whom
	}
	size := 0
	for i, n := range news {
		item := MailItem{Subject: n.Subject, Text: shortened(strings.Join(n.Text, " "), digestText), Link: n.Link, LinkText: n.LinkText}
		size += len(item.Subject) + len(item.Text) + len(n.Why) + len(n.Link) + len(n.LinkText)
		if i == digestMost || size > digestBytes {
			m.Text = append(m.Text, "It does not all fit: "+thousands(len(news)-i)+" more are in your inbox.")
			break
		}
		at := slices.IndexFunc(m.Parts, func(p MailPart) bool { return p.Why == n.Why })
		if at < 0 {
			at = len(m.Parts)
			m.Parts = append(m.Parts, MailPart{Why: n.Why})
		}
		m.Parts[at].Items = append(m.Parts[at].Items, item)
	}
	return m
}
