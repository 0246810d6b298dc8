package catalogue

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// What is new in saved searches, and how their people are told: found by whoever searches, kept here, told from here.

// SearchToCheck is a saved search with who looks at it.
type SearchToCheck struct {
	Search *SavedSearch
	Actor  Actor // its person, as it is now
}

// SearchesToCheck lists saved searches whose people still have an account, in order of ID after one ("" for the first),
// at most so many. next is where to go on; empty: these are the last.
func (c *Catalogue) SearchesToCheck(ctx context.Context, after string, most int) (list []SearchToCheck, next string, err error) {
	prefix := kv.NewKey("r", string(KindSavedSearch))
	err = c.view(ctx, func(tx kv.Tx) error {
		list, next = nil, ""
		var from []byte
		if after != "" {
			from = kv.After(recordKey(Key{KindSavedSearch, after}))
		}
		n := 0
		return tx.Scan(prefix, from, min(most+1, kv.MaxScan), func(k, v []byte) error {
			if n++; n > most {
				next = after
				return kv.Stop
			}
			id, err := partAfter(prefix, k)
			if err != nil {
				return err
			}
			after = id
			item, err := decode(Key{KindSavedSearch, id}, k, v)
			if err != nil {
				return err
			}
			s := item.(*SavedSearch)
			a, err := c.searcher(tx, s)
			if err == nil && a != nil {
				list = append(list, SearchToCheck{s, a.Actor("job")})
			}
			return err
		})
	})
	return list, next, err
}

// searcher is the account of a saved search's person; nil where it has ended.
func (c *Catalogue) searcher(tx kv.Tx, s *SavedSearch) (*Account, error) {
	item, err := readItem(tx, Key{KindAccount, s.Account})
	if a, ok := item.(*Account); err == nil && ok && !a.Disabled {
		return a, nil
	}
	return nil, err
}

// KeepFindings notes what is new in a saved search that was read at a version, and what it has now. It refuses with
// Conflict where its person changed it meanwhile: the next look finds the same.
func (c *Catalogue) KeepFindings(ctx context.Context, id string, version uint64, now Followed, found []Finding) error {
	return c.write(ctx, Operator("job"), TellOfSearches, func(w *writer) error {
		item, err := readItem(w.tx, Key{KindSavedSearch, id})
		if err != nil {
			return err
		}
		s, ok := item.(*SavedSearch)
		if !ok || s.Version != version {
			return conflict("This search was changed meanwhile")
		}
		s.Followed = now
		for _, f := range found {
			if at := slices.IndexFunc(s.News, func(old Finding) bool { return old.Key == f.Key }); at >= 0 {
				f.New = f.New || s.News[at].New && !s.News[at].Told // it changed before anybody heard that it is new
				s.News = slices.Delete(s.News, at, at+1)
			}
			f.Found, f.Told = w.now, false
			s.News = append(s.News, f)
		}
		if over := len(s.News) - maxFindings; over > 0 {
			s.News, s.More = s.News[over:], s.More+over
		}
		return w.put(s)
	})
}

// How much one mail of saved searches holds: what is over it stands at the searches themselves.
const (
	searchMailItems = 10 // of one search
	searchMailMost  = 60 // of all
)

// SendSearches tells people of what is new in their saved searches: by mail each day or each Monday from seven in the
// morning in London, and in the inbox. Each finding is told once, however often it is called: that it was told is noted
// with the mail and the news, in one transaction. It is read anew through the eyes of its person, and what is over or
// hidden by then is left out. Whoever calls holds the lease for mail. It returns how many mails it posted.
func (c *Catalogue) SendSearches(ctx context.Context) (posted int, err error) {
	var accounts []string
	if err := c.view(ctx, func(tx kv.Tx) error {
		accounts = nil
		prefix := indexPrefix("search.untold")
		return scan(tx, prefix, func(k, _ []byte) error {
			r := kv.ReadKey(k[len(prefix):])
			if id := r.Str(); len(accounts) == 0 || accounts[len(accounts)-1] != id {
				accounts = append(accounts, id)
			}
			return nil
		})
	}); err != nil {
		return 0, err
	}
	var failed []error
	for _, id := range accounts {
		sent, err := c.sendSearches(ctx, id)
		if err != nil {
			failed = append(failed, err)
		}
		if sent {
			posted++
		}
	}
	return posted, errors.Join(failed...)
}

// sendSearches tells one person of what is due, in one transaction.
func (c *Catalogue) sendSearches(ctx context.Context, account string) (sent bool, err error) {
	due := false
	if err := c.view(ctx, func(tx kv.Tx) error {
		some, err := c.dueSearches(tx, account)
		due = len(some) > 0
		return err
	}); err != nil || !due {
		return false, err
	}
	err = c.write(ctx, Operator("job"), TellOfSearches, func(w *writer) error {
		sent = false
		some, err := c.dueSearches(w.tx, account)
		if err != nil {
			return err
		}
		item, err := readItem(w.tx, Key{KindAccount, account})
		a, ok := item.(*Account)
		if err != nil || !ok || a.Disabled || len(some) == 0 {
			return err
		}
		sent, err = w.tellSearches(a, some)
		return err
	})
	return sent && err == nil, err
}

// dueSearches lists the searches of which a person is to be told now, at most as many as one transaction can change.
func (c *Catalogue) dueSearches(tx kv.Tx, account string) ([]*SavedSearch, error) {
	ids, err := lookup(tx, "search.untold", account)
	if err != nil {
		return nil, err
	}
	var due []*SavedSearch
	for _, id := range ids {
		item, err := readItem(tx, Key{KindSavedSearch, id})
		if err != nil {
			return nil, err
		}
		if s, ok := item.(*SavedSearch); ok && c.searchDue(s) && len(due) < searchesAtOnce {
			due = append(due, s)
		}
	}
	return due, nil
}

// searchDue says that the hour has come to tell of what was found: for mails, the latest seven o'clock lies after it.
func (c *Catalogue) searchDue(s *SavedSearch) bool {
	now := c.clock().In(c.london)
	if s.Told == SearchInbox {
		return now.Sub(s.Inboxed) >= 24*time.Hour || now.Before(s.Inboxed)
	}
	at := time.Date(now.Year(), now.Month(), now.Day(), digestHour, 0, 0, 0, c.london)
	if now.Before(at) {
		at = at.AddDate(0, 0, -1)
	}
	if s.Told == SearchWeekly {
		at = at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
	}
	return slices.ContainsFunc(s.News, func(f Finding) bool { return !f.Told && f.Found.Before(at) })
}

// tellSearches puts the news into the person's inbox, posts the mail where one is wanted, and notes what was told.
func (w *writer) tellSearches(a *Account, due []*SavedSearch) (mailed bool, err error) {
	news := &News{Told: w.now, Account: a.ID, Least: RoleViewer, Demonstration: a.Demonstration, Link: "/searches", LinkText: "See your saved searches"}
	mail := Message{Link: "/searches", LinkText: "See all your saved searches, and choose how you are told", Why: "You get this because you saved these searches."}
	told, byMail := 0, 0
	for _, s := range due {
		items, err := w.findings(a, s)
		if err != nil {
			return false, err
		}
		if s.Told == SearchInbox {
			s.Inboxed = w.now
		}
		if err := w.put(s); err != nil {
			return false, err
		}
		if len(items) == 0 {
			continue
		}
		told += len(items)
		lines := make([]string, 0, len(items))
		for _, item := range items {
			lines = append(lines, item.Subject+". "+item.Text)
		}
		news.Text = append(news.Text, "‘"+s.Name+"’: "+shortened(strings.Join(lines, " "), digestText))
		if len(due) == 1 {
			news.Link = searchPath(s.ID)
		}
		if s.Told == SearchDaily || s.Told == SearchWeekly {
			byMail += len(items)
			mail.Parts = append(mail.Parts, searchPart(s, items, searchMailMost-mailItems(mail)))
		}
	}
	if told == 0 {
		return false, nil
	}
	news.Subject = foundWords(told, due)
	news.Why = "You are told because you saved " + oneOrMore(len(due), "this search.", "these searches.")
	news.ID = NewsID(w.seq + 1)
	if err := w.put(news); err != nil {
		return false, err
	}
	if byMail == 0 || a.Telling() == ToldNever { // who wants no mail gets none
		return false, nil
	}
	mail.Subject, mail.Expires = foundWords(byMail, due), w.now.Add(mailLife)
	mail.Text = []string{"This is new in " + oneOrMore(len(mail.Parts), "a search that you saved", "searches that you saved") + " since you were last told."}
	return true, w.c.putOutbox(w.tx, kv.NewKey("o", NewID()), outboxRow{Message: mail, To: []string{a.Email}, Stoppable: true, Searches: true})
}

func mailItems(m Message) (n int) {
	for _, p := range m.Parts {
		n += len(p.Items)
	}
	return n
}

// searchPart is what a mail tells of one search.
func searchPart(s *SavedSearch, items []MailItem, room int) MailPart {
	shown := items[:max(min(len(items), searchMailItems, room), 0)]
	part := MailPart{Heading: s.Name, Items: slices.Clone(shown), Why: "You saved the search " + shortened(strings.Join(s.Says, "; "), digestText) + "."}
	rest := len(items) - len(shown) + s.More
	link := MailItem{Subject: "Go to this search", Link: searchPath(s.ID), LinkText: "See what is new in it"}
	if rest > 0 {
		link.Subject = thousands(rest) + " more"
	}
	part.Items = append(part.Items, link)
	return part
}

// findings are what of a search its person has yet to be told, as it may see it now, newest first; they are marked as
// told. What it may not see, or what is over, is told to nobody.
func (w *writer) findings(a *Account, s *SavedSearch) ([]MailItem, error) {
	s.News = slices.Clone(s.News)
	var out []MailItem
	for i := len(s.News) - 1; i >= 0; i-- {
		f := &s.News[i]
		if f.Told {
			continue
		}
		f.Told = true
		item, err := w.c.readAny(w.tx, f.Key)
		if err != nil {
			return nil, err
		}
		if item == nil {
			continue
		}
		seen, ok := item.sees(a.Actor("job"))
		if !ok || IsOver(seen, w.c.Today()) {
			continue
		}
		m := w.findingItem(seen)
		m.Text = shortened(strings.TrimSpace(m.Text+" "+f.Words()), digestText)
		out = append(out, m)
	}
	return out, nil
}

// Words says why a result is told of.
func (f Finding) Words() string {
	what := "It changed."
	if f.New {
		what = "New."
	}
	if f.Why != "" {
		what += " " + f.Why
	}
	return what
}

// IsOver says that a record is of the past on a day: nobody is told of it as news.
func IsOver(item Item, on time.Time) bool {
	switch it := item.(type) {
	case *Contract:
		return it.Ended(on)
	case *Intention:
		return it.Ended(on)
	case *BuyingGroup:
		return it.Ended(on)
	}
	return false
}

// findingItem says in a line what a result is, and where it leads.
func (w *writer) findingItem(item Item) MailItem {
	label := func(code string) string {
		if code == "" {
			return ""
		}
		name, err := w.c.label(w.tx, code)
		if err != nil {
			return code
		}
		return name
	}
	m := MailItem{LinkText: "See it"}
	section, facts := "", []string{}
	switch it := item.(type) {
	case *Platform:
		section, m.Subject = "platforms", it.Name
		facts = append(facts, "Platform", it.Supplier)
	case *Contract:
		section, m.Subject = "contracts", it.Title
		facts = append(facts, map[Stage]string{StagePlanned: "Plan to buy", StageTender: "Tender"}[it.Stage], label(it.Council), it.Supplier)
		if !it.End.IsZero() {
			facts = append(facts, "ends "+it.End.Words())
		}
	case *Intention:
		section, m.Subject = "intentions", it.Title
		facts = append(facts, "Intention", label(it.Council))
		if !it.WindowStart.IsZero() {
			facts = append(facts, "can tender from "+it.WindowStart.Words())
		}
	case *BuyingGroup:
		section, m.Subject = "groups", it.Title
		facts = append(facts, "Group", label(it.Lead))
	case *Signal:
		section, m.Subject = "signals", it.Text.Title
		facts = append(facts, "Signal to suppliers", label(it.Council))
		if !it.Text.Engagement.IsZero() {
			facts = append(facts, "next engagement "+it.Text.Engagement.Words())
		}
	case *Example:
		section, m.Subject = "examples", it.Title()
		facts = append(facts, "Example", label(it.Council))
	case *Offer:
		section, m.Subject = "offers", it.Title
		facts = append(facts, map[OfferDirection]string{Offering: "Skills offered", Seeking: "Skills sought"}[it.Direction], label(it.Of()))
	case *Supplier:
		section, m.Subject = "suppliers", it.Name
		facts = append(facts, "Supplier")
	case *Council:
		section, m.Subject = "councils", it.Label()
		facts = append(facts, "Council")
	case *Service:
		section, m.Subject = "services", it.Label
		facts = append(facts, "Service")
	}
	facts = slices.DeleteFunc(facts, func(s string) bool { return s == "" })
	m.Subject, m.Text = shortened(m.Subject, maxTitle), strings.Join(facts, ", ")+"."
	if section == "" {
		m.Subject, m.Text, m.LinkText = string(item.Key().Kind), "", "" // the link to the search leads to it
		return m
	}
	m.Link = "/" + section + "/" + url.PathEscape(item.Key().ID)
	return m
}

func searchPath(id string) string { return "/searches/" + url.PathEscape(id) }

func foundWords(n int, due []*SavedSearch) string {
	what := thousands(n) + oneOrMore(n, " new result", " new results")
	if len(due) == 1 {
		return shortened(what+": "+due[0].Name, maxTitle)
	}
	return what + " in your saved searches"
}

func oneOrMore(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// searchStopMark tells a sealed address in a link that stops the mail of saved searches from whatever else the secret
// seals.
const searchStopMark = "stop the mail of saved searches to\x00"

func (c *Catalogue) searchStopPath(email string) (string, error) {
	sealed, err := c.encrypt([]byte(searchStopMark + email))
	return "/mail/stop-searches?token=" + base64.RawURLEncoding.EncodeToString(sealed), err
}

// searchStopper is the account that a token stops the mail of saved searches to.
func (c *Catalogue) searchStopper(ctx context.Context, token string) (a *Account, err error) {
	broken := &Error{Kind: Invalid, Message: "This link does not work. Copy the whole link out of the mail, or sign in and choose at your saved searches how you are told"}
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, broken
	}
	plain, err := c.decrypt(sealed)
	if err != nil {
		return nil, broken
	}
	email, ok := strings.CutPrefix(string(plain), searchStopMark)
	if !ok {
		return nil, broken
	}
	if err := c.view(ctx, func(tx kv.Tx) (err error) { a, err = accountByEmail(tx, email); return err }); err != nil {
		return nil, err
	}
	if a == nil || a.Disabled {
		return nil, broken
	}
	return a, nil
}

// CheckSearchStop says whether a token out of a mail stops the mail of saved searches, without doing so; Invalid where not.
func (c *Catalogue) CheckSearchStop(ctx context.Context, token string) error {
	_, err := c.searchStopper(ctx, token)
	return err
}

// StopSearchMail ends the mail of saved searches to the account that a mail with this token was for. The searches stay:
// what is new in them is told in the inbox.
func (c *Catalogue) StopSearchMail(ctx context.Context, token string) error {
	a, err := c.searchStopper(ctx, token)
	if err != nil {
		return err
	}
	return c.eachSearchOf(ctx, a.Actor("mail"), KeepSearch, a.ID, func(w *writer, s *SavedSearch) error {
		if s.Told != SearchDaily && s.Told != SearchWeekly {
			return nil
		}
		s.Told = SearchInbox
		return w.put(s)
	})
}

// forgetSearches deletes the saved searches of a person who is forgotten.
func (c *Catalogue) forgetSearches(ctx context.Context, actor Actor, email string) error {
	if err := permit(actor, ForgetPerson); err != nil {
		return nil // what follows refuses it, and says so
	}
	var a *Account
	if err := c.view(ctx, func(tx kv.Tx) (err error) { a, err = accountByEmail(tx, NormaliseEmail(email)); return err }); err != nil || a == nil {
		return err
	}
	return c.eachSearchOf(ctx, actor, ForgetPerson, a.ID, func(w *writer, s *SavedSearch) error { return w.remove(s) })
}
