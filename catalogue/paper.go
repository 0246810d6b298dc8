package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// Paper is a document of a group: a link to where its council keeps it. Jointly holds no copy.
type Paper struct {
	Part
	Title   string    `json:"title"`
	Address string    `json:"address"` // of the web, without a password in it
	About   string    `json:"about,omitempty"`
	Council string    `json:"council"` // who added it
	Account string    `json:"account,omitempty"`
	Added   time.Time `json:"added"`
}

const (
	maxPapers  = 100
	maxAddress = 2_000
)

// Key names the paper.
func (p *Paper) Key() Key { return Key{KindPaper, p.ID} }

func (p *Paper) sees(a Actor) (Item, bool) {
	if !p.admits(a) {
		return nil, false
	}
	out := *p
	return &out, true
}

func (p *Paper) index(add func(string, ...string)) { add("paper.group", p.Group) }

func (p *Paper) validate(v *validation) {
	v.text("title", p.Title, 1, maxTitle)
	v.text("about", p.About, 0, maxComment)
	v.council("council", p.Council)
	v.text("address", p.Address, 0, maxAddress)
	u, err := url.Parse(p.Address)
	ok := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && !strings.ContainsAny(p.Address, " \n\t")
	v.that(ok, "address", "Enter a web address that starts with https://")
	v.that(!ok || u.User == nil, "address", "Leave out the user name and password: every member reads the address")
}

// MayRemove says that a council takes the paper away: the one that added it, and the lead authority.
func (p *Paper) MayRemove(g *BuyingGroup, council string) bool {
	return slices.Contains(g.accepted(), council) && (council == p.Council || council == g.Lead)
}

// AddPaper adds a link. The same ID a second time adds nothing.
func (c *Catalogue) AddPaper(ctx context.Context, actor Actor, group, id, title, address, about string) (*Paper, error) {
	if id == "" {
		id = NewID()
	}
	var out *Paper
	err := c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) error {
		old, err := w.madeBefore(Key{KindPaper, id}, g)
		if err != nil {
			return err
		}
		if p, ok := old.(*Paper); ok {
			out = p
			return nil
		}
		before, err := lookup(w.tx, "paper.group", group)
		if err != nil {
			return err
		}
		if len(before) >= maxPapers {
			return invalid("paper", "title", fmt.Sprintf("A group has at most %d papers: remove one that is no longer needed", maxPapers))
		}
		out = &Paper{Part: partOf(g, id), Title: strings.TrimSpace(title), Address: strings.TrimSpace(address), About: strings.TrimSpace(about),
			Council: actor.Org, Account: actor.Account, Added: w.now}
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// RemovePaper takes a link away; the document stays where it is.
func (c *Catalogue) RemovePaper(ctx context.Context, actor Actor, group, id string) error {
	return c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) error {
		p, err := loadPart[*Paper](c, w.tx, actor, KindPaper, group, id)
		if err != nil {
			return err
		}
		if !p.MayRemove(g, actor.Org) {
			return forbidden("The council that added a paper removes it, or the lead authority")
		}
		return w.remove(p)
	})
}

// PaperRow is a paper with who added it.
type PaperRow struct {
	*Paper
	Who string
}

// Papers is a group's papers.
type Papers struct {
	Group *BuyingGroup
	List  []PaperRow // the newest first
	Full  bool       // no paper can be added
}

// Papers reads a group's papers. NotFound for whoever has not accepted.
func (c *Catalogue) Papers(ctx context.Context, actor Actor, group string) (*Papers, error) {
	var v *Papers
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		v = &Papers{}
		if v.Group, err = c.roomOfMembers(tx, actor, group); err != nil {
			return err
		}
		papers, err := partsOf[*Paper](tx, actor, KindPaper, "paper.group", group)
		if err != nil {
			return err
		}
		for _, p := range papers {
			who, err := c.label(tx, p.Council)
			if err != nil {
				return err
			}
			v.List = append(v.List, PaperRow{p, who})
		}
		slices.SortStableFunc(v.List, func(a, b PaperRow) int {
			return cmp.Or(b.Added.Compare(a.Added), cmp.Compare(a.Title, b.Title))
		})
		v.Full = len(papers) >= maxPapers
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}
