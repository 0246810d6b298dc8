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
	Council string    `json:"council,omitempty"` // who added it
	Body    string    `json:"body,omitempty"`    // the partner that added it, instead of a council
	Account string    `json:"account,omitempty"`
	Kept    bool      `json:"kept,omitempty"` // among the members: partners do not see it
	Added   time.Time `json:"added"`
}

const (
	maxPapers  = 100
	maxAddress = 2_000
)

// Key names the paper.
func (p *Paper) Key() Key { return Key{KindPaper, p.ID} }

func (p *Paper) sees(a Actor) (Item, bool) {
	if !p.admits(a) && (p.Kept || !p.partnered(a)) {
		return nil, false
	}
	out := *p
	if !p.admits(a) {
		out.Part, out.Account = p.shownPart(), ""
	}
	return &out, true
}

func (p *Paper) index(add func(string, ...string)) { add("paper.group", p.Group) }

func (p *Paper) validate(v *validation) {
	v.text("title", p.Title, 1, maxTitle)
	v.text("about", p.About, 0, maxComment)
	if p.Body == "" {
		v.council("council", p.Council)
	} else {
		v.that(p.Council == "" && v.bodyOK(p.Body), "council", "A council or a partner adds a paper")
	}
	v.text("address", p.Address, 0, maxAddress)
	u, err := url.Parse(p.Address)
	ok := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && !strings.ContainsAny(p.Address, " \n\t")
	v.that(ok, "address", "Enter a web address that starts with https://")
	v.that(!ok || u.User == nil, "address", "Leave out the user name and password: every member reads the address")
}

// fromPartner says that the actor's body added the paper, and stands in its group.
func (p *Paper) fromPartner(a Actor) bool { return a.forBody(p.Body) && p.partnered(a) }

// MayRemove says that an actor takes the paper away: of the council or partner that added it, and of the lead authority.
func (p *Paper) MayRemove(g *BuyingGroup, actor Actor) bool {
	if slices.ContainsFunc(g.partners(), actor.forBody) {
		return actor.forBody(p.Body)
	}
	return slices.ContainsFunc(g.accepted(), actor.ForCouncil) && (actor.ForCouncil(p.Council) || actor.ForCouncil(g.Lead))
}

// onPapers is inGroup for the papers, which partners of the group work on too.
func (c *Catalogue) onPapers(ctx context.Context, actor Actor, group string, fn func(*writer, *BuyingGroup) error) error {
	if actor.OrgKind != OrgBody {
		return c.inGroup(ctx, actor, WorkInGroup, group, fn)
	}
	return c.write(ctx, actor, WorkAsPartner, func(w *writer) error {
		g, err := load[*BuyingGroup](c, w.tx, actor, KindGroup, group)
		switch {
		case err != nil:
			return err
		case !g.AsPartner:
			return notFound("room of the group")
		case g.mustGoOn() != nil:
			return g.mustGoOn()
		}
		return fn(w, g)
	})
}

// AddPaper adds a link. The same ID a second time adds nothing.
func (c *Catalogue) AddPaper(ctx context.Context, actor Actor, group, id, title, address, about string) (*Paper, error) {
	if id == "" {
		id = NewID()
	}
	var out *Paper
	err := c.onPapers(ctx, actor, group, func(w *writer, g *BuyingGroup) error {
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
			Account: actor.Account, Added: w.now}
		if out.Council = actor.Org; actor.OrgKind == OrgBody {
			out.Council, out.Body = "", actor.Org
		}
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// RemovePaper takes a link away; the document stays where it is.
func (c *Catalogue) RemovePaper(ctx context.Context, actor Actor, group, id string) error {
	return c.onPapers(ctx, actor, group, func(w *writer, g *BuyingGroup) error {
		p, err := loadPart[*Paper](c, w.tx, actor, KindPaper, group, id)
		if err != nil {
			return err
		}
		if !p.MayRemove(g, actor) {
			return forbidden("The council or partner that added a paper removes it, or the lead authority")
		}
		return w.remove(p)
	})
}

// MayKeep says that an actor keeps the paper among the members, or shows it to partners: of the council that added it, and
// of the lead authority. A partner's own paper is not kept from it.
func (p *Paper) MayKeep(g *BuyingGroup, actor Actor) bool {
	return p.Body == "" && p.MayRemove(g, actor)
}

// KeepPaper keeps a paper among the members, or shows it to the group's partners.
func (c *Catalogue) KeepPaper(ctx context.Context, actor Actor, group, id string, keep bool) error {
	return c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) error {
		p, err := loadPart[*Paper](c, w.tx, actor, KindPaper, group, id)
		switch {
		case err != nil:
			return err
		case !p.MayKeep(g, actor):
			return forbidden("The council that added a paper says who sees it, or the lead authority")
		case p.Kept == keep:
			return nil
		}
		p.Kept = keep
		return w.put(p)
	})
}

// PaperRow is a paper with who added it.
type PaperRow struct {
	*Paper
	Who string // the council or partner that added it
}

// Papers is a group's papers.
type Papers struct {
	Group *BuyingGroup
	List  []PaperRow // the newest first
	Full  bool       // no paper can be added
}

// Papers reads a group's papers, for members and partners. NotFound for whoever has not accepted.
func (c *Catalogue) Papers(ctx context.Context, actor Actor, group string) (*Papers, error) {
	var v *Papers
	err := c.view(ctx, func(tx kv.Tx) (err error) {
		v = &Papers{}
		if v.Group, err = c.roomOfAll(tx, actor, group); err != nil {
			return err
		}
		papers, err := partsOf[*Paper](tx, actor, KindPaper, "paper.group", group)
		if err != nil {
			return err
		}
		for _, p := range papers {
			who, err := c.label(tx, cmp.Or(p.Body, p.Council))
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
