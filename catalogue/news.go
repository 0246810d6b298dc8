package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jointly/catalogue/kv"
)

// News is what people of some councils, or one person, were told of: a change that concerns them, with why. It is history: it stays as
// it was told, whatever becomes of the record that it is about, and says no more than was told then.
type News struct {
	Meta
	Subject       string    `json:"subject"`
	Text          []string  `json:"text,omitempty"` // paragraphs
	Why           string    `json:"why,omitempty"`
	Link          string    `json:"link,omitempty"` // path within the service
	LinkText      string    `json:"link_text,omitempty"`
	Told          time.Time `json:"told"`
	Councils      []string  `json:"councils"`          // whose people were told, those of bodies too; a reader sees its own alone
	Least         Role      `json:"least"`             // the least role that was told
	Account       string    `json:"account,omitempty"` // whose alone it is, instead of councils'; empty: councils'
	Signal        string    `json:"signal,omitempty"`  // those who hear of this signal are told, instead of councils: it says what is public
	Example       string    `json:"example,omitempty"` // the councils that do what this example tells are told, instead of those listed: it says what is public
	About         Key       `json:"about,omitzero"`
	Demonstration bool      `json:"demonstration,omitempty"`
}

// NewsID is the ID of news by its number: that of the change that it was. Later news sorts first, and a clock that jumps
// changes no order.
func NewsID(number uint64) string { return fmt.Sprintf("%016x", ^number) }

// newsNumber reads a number back out of an ID; 0 where it is none.
func newsNumber(id string) uint64 {
	n, err := strconv.ParseUint(id, 16, 64)
	if err != nil || len(id) != len(NewsID(0)) {
		return 0
	}
	return ^n
}

// Key names the news.
func (n *News) Key() Key { return Key{KindNews, n.ID} }

func (n *News) owner() string { return "" }

func (n *News) sees(a Actor) (Item, bool) {
	out := *n
	if a.IsOperator() {
		return &out, true
	}
	if n.Signal != "" || n.Example != "" {
		return &out, true // who is told of it is looked up
	}
	if n.Account != "" {
		return &out, n.Account == a.Account && newsNumber(n.ID) > a.Since
	}
	if a.Role.rank() < n.Least.rank() || newsNumber(n.ID) <= a.Since || !slices.ContainsFunc(n.Councils, a.Of) {
		return nil, false
	}
	out.Councils = []string{a.Org} // who else was told is theirs to know
	return &out, true
}

func (n *News) index(add func(string, ...string)) {
	for _, council := range n.Councils {
		add("news.told", council, string(n.Least))
	}
	if n.Account != "" {
		add("news.account", n.Account)
	}
	if n.Signal != "" {
		add("news.signal", n.Signal)
	}
	if n.Example != "" {
		add("news.example", n.Example)
	}
	add("news.month", month(n.Told))
}

// month sorts as time does.
func month(t time.Time) string { return t.UTC().Format("2006-01") }

func (n *News) validate(v *validation) {
	v.that(newsNumber(n.ID) != 0, "id", "News is numbered")
	v.text("subject", n.Subject, 1, maxTitle)
	v.that(n.Least.rank() > 0, "least", "Choose the least role that is told")
	audiences := 0
	for _, has := range []bool{n.Account != "", n.Signal != "", n.Example != "", len(n.Councils) > 0} {
		if has {
			audiences++
		}
	}
	v.that(audiences == 1 && len(n.Councils) <= maxMembers, "councils", "News is for 1 to 30 councils, for one person, or for those who hear of a signal or an example")
	for _, org := range n.Councils {
		if !v.bodyOK(org) {
			v.council("councils", org)
		}
	}
}

// tell puts news for the people of councils that have at least a role, in the same transaction as what it tells of, and
// mails those of them who want to hear at once, save who did it. With no council it does nothing. A transaction can take
// one piece of news for 30 councils beside what it tells of, hardly two.
func (w *writer) tell(councils []string, least Role, m Message) error {
	councils = slices.DeleteFunc(slices.Clone(councils), func(code string) bool { return code == "" })
	slices.Sort(councils)
	councils = slices.Compact(councils)
	if len(councils) == 0 {
		return nil
	}
	if err := w.start(); err != nil {
		return err
	}
	m.Subject = shortened(m.Subject, maxTitle)
	demonstration := w.c.demonstration(councils[0])
	if b, err := bodyIn(w.tx, councils[0]); err != nil {
		return err
	} else if b != nil {
		demonstration = b.Demonstration
	}
	if err := w.put(&News{Meta: Meta{ID: NewsID(w.seq + 1)}, Subject: m.Subject, Text: m.Text, Why: m.Why, Link: m.Link, LinkText: m.LinkText,
		Told: w.now, Councils: councils, Least: least, About: recordAt(m.Link), Demonstration: demonstration}); err != nil {
		return err
	}
	to, err := w.toldAtOnce(councils, least)
	if err != nil || len(to) == 0 {
		return err
	}
	m.Expires = w.now.Add(mailLife)
	return w.postStoppable(m, to...)
}

// toldAtOnce lists the addresses of those who are mailed of news as it happens.
func (w *writer) toldAtOnce(councils []string, least Role) ([]string, error) {
	var to []string
	for _, council := range councils {
		ids, err := lookup(w.tx, "account.org", council)
		if err != nil {
			return nil, err
		}
		told := 0
		for _, id := range ids {
			item, err := readItem(w.tx, Key{KindAccount, id})
			if err != nil {
				return nil, err
			}
			a, ok := item.(*Account)
			if !ok || a.Disabled || !a.Actor("").Of(council) || a.Role.rank() < least.rank() || a.Telling() != ToldAtOnce || a.ID == w.actor.Account {
				continue
			}
			to = append(to, a.Email)
			if told++; told == toldPerCouncil {
				break
			}
		}
	}
	return to, nil
}

// shortened is a text of at most so many characters.
func shortened(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// recordAt is the record whose page, or part of it, a path leads to; zero where it is none that news is about.
func recordAt(path string) Key {
	parts := strings.Split(path, "/")
	if len(parts) < 3 || parts[0] != "" {
		return Key{}
	}
	id, _, _ := strings.Cut(parts[2], "#")
	switch parts[1] {
	case "groups":
		return Key{KindGroup, id}
	case "intentions":
		return Key{KindIntention, id}
	case "talks":
		return Key{KindTalk, id}
	case "signals":
		return Key{KindSignal, id}
	case "calls":
		return Key{KindCall, id}
	case "examples":
		return Key{KindExample, id}
	case "offers":
		return Key{KindOffer, id}
	case "asks":
		return Key{KindAsk, id}
	}
	return Key{}
}

// newsFor lists what an actor was told, by ID, newest first: after a cursor ("" for the newest), of a later number than
// one that it knows already, at most so many.
func newsFor(tx kv.Tx, actor Actor, cursor string, known uint64, most int) ([]string, error) {
	var from []kv.Key
	switch {
	case actor.IsOperator():
		from = []kv.Key{kv.NewKey("r", string(KindNews))}
	case actor.Of(actor.Org):
		known = max(known, actor.Since)
		for _, role := range Roles() {
			if role.rank() <= actor.Role.rank() {
				from = append(from, indexPrefix("news.told", actor.Org, string(role)))
			}
		}
	}
	if !actor.IsOperator() && actor.Account != "" {
		known = max(known, actor.Since)
		from = append(from, indexPrefix("news.account", actor.Account))
	}
	after := map[string]uint64{} // by prefix: earlier news is not for the actor
	heard, err := signalsHeard(tx, actor)
	if err != nil {
		return nil, err
	}
	for signal, since := range heard {
		prefix := indexPrefix("news.signal", signal)
		from = append(from, prefix)
		after[string(prefix)] = since
	}
	if heard, err = examplesHeard(tx, actor); err != nil {
		return nil, err
	}
	for example, since := range heard {
		prefix := indexPrefix("news.example", example)
		from = append(from, prefix)
		after[string(prefix)] = since
	}
	var ids []string
	for _, prefix := range from {
		known := max(known, after[string(prefix)])
		var begin []byte
		if cursor != "" {
			begin = kv.After(prefix.Str(cursor))
		}
		if err := tx.Scan(prefix, begin, min(most, kv.MaxScan), func(k, _ []byte) error {
			id, err := partAfter(prefix, k)
			if err == nil && newsNumber(id) <= known {
				err = kv.Stop
			}
			if err == nil {
				ids = append(ids, id)
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	slices.Sort(ids)
	return ids[:min(len(ids), most)], nil
}

// keptMonths is for how many months news is kept.
const keptMonths = 13

// expireNews removes news whose time is over.
func (c *Catalogue) expireNews(ctx context.Context) error {
	limit := c.clock().AddDate(0, -keptMonths, 0)
	var old []*News
	if err := c.view(ctx, func(tx kv.Tx) error {
		old = nil
		prefix := indexPrefix("news.month")
		return scan(tx, prefix, func(k, _ []byte) error {
			r := kv.ReadKey(k[len(prefix):])
			in, id := r.Str(), r.Str()
			if in > month(limit) || len(old) == expireMost {
				return kv.Stop
			}
			item, err := readItem(tx, Key{KindNews, id})
			if n, ok := item.(*News); ok && n.Told.Before(limit) {
				old = append(old, n)
			}
			return err
		})
	}); err != nil {
		return err
	}
	for len(old) > 0 {
		some, keys := 0, 0
		for some < len(old) && (some == 0 || keys+len(old[some].Councils)+6 <= expireAtOnce) {
			keys += len(old[some].Councils) + 6 // its look-ups; itself, its change, its tombstone and its event
			some++
		}
		if err := c.write(ctx, Operator("job"), ForgetNews, func(w *writer) error {
			for _, n := range old[:some] {
				if err := w.remove(n); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		old = old[some:]
	}
	return nil
}
