package catalogue

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// PublishedNotice is a notice of the group's procurement that an official service has published: a public fact.
type PublishedNotice struct {
	OCID    string `json:"ocid"`    // as the service gave it
	Address string `json:"address"` // where it is read
	Kind    string `json:"kind"`    // UK2, UK3, UK4 ...
	On      Date   `json:"on"`      // when it was published
}

// maxNotices is more than one procurement needs, changes included.
const maxNotices = 40

func (n PublishedNotice) validate(v *validation) {
	v.that(isOCID(n.OCID), "ocid", "Enter the OCID as the notice shows it, like ocds-h6vhtk-06f1b4")
	v.text("ocid", n.OCID, 0, maxRef)
	v.that(n.Address != "", "address", "Enter the web address of the notice")
	v.website("address", n.Address)
	v.that(slices.ContainsFunc(v.register.Rules(register.Notice), func(r register.Rule) bool { return r.Code == n.Kind }), "notice",
		"Choose which notice it is")
	v.that(n.On.Exact(), "published", "Enter the day on which it was published")
	v.date("published", n.On)
}

// isOCID knows the form of an open contracting ID: the six characters that stand for its publisher, then the publisher's
// own. The central platform's own are six hexadecimal digits. What only holds the place of a publisher is none.
func isOCID(s string) bool {
	form := regexp.MustCompile(`^ocds-([a-z0-9]{6})-[A-Za-z0-9][A-Za-z0-9._/-]*$`).FindStringSubmatch(s)
	switch {
	case form == nil || form[1] == "xxxxxx":
		return false
	case form[1] == "h6vhtk":
		return regexp.MustCompile(`^ocds-h6vhtk-[0-9a-f]{6}$`).MatchString(s)
	}
	return true
}

// RecordNotice puts a published notice on a group's card, by the lead authority; the other members are told. Recording
// the same notice again changes nothing.
func (c *Catalogue) RecordNotice(ctx context.Context, actor Actor, group string, n PublishedNotice) (*BuyingGroup, error) {
	n.OCID, n.Address = strings.TrimSpace(n.OCID), strings.TrimSpace(n.Address)
	return c.asLead(ctx, actor, group, func(w *writer, g *BuyingGroup) error {
		switch {
		case slices.Contains(g.Notices, n):
			return errSame
		case !n.On.IsZero() && n.On.Last().After(c.Today()):
			return invalid("notice", "published", "The day of publication must be today or in the past")
		}
		g.Notices = append(g.Notices, n)
		slices.SortStableFunc(g.Notices, func(a, b PublishedNotice) int { return a.On.First().Compare(b.On.First()) })
		who, err := c.label(w.tx, actor.Org)
		if err != nil {
			return err
		}
		others := slices.DeleteFunc(g.accepted(), actor.ForCouncil)
		return w.tell(others, RoleContributor, Message{Subject: "A notice of your group is published: " + g.Title,
			Text: []string{who + " has recorded that notice " + n.Kind + " of the group '" + g.Title + "' is published, as " + n.OCID + "."},
			Why:  "Your council is in this group", Link: "/groups/" + g.ID, LinkText: "Go to the group"})
	})
}

// RemoveNotice takes a notice that was recorded by mistake off the card; it is no error where it is not there.
func (c *Catalogue) RemoveNotice(ctx context.Context, actor Actor, group, ocid, kind string) (*BuyingGroup, error) {
	return c.asLead(ctx, actor, group, func(_ *writer, g *BuyingGroup) error {
		before := len(g.Notices)
		g.Notices = slices.DeleteFunc(slices.Clone(g.Notices), func(n PublishedNotice) bool { return n.OCID == ocid && n.Kind == kind })
		if len(g.Notices) == before {
			return errSame
		}
		return nil
	})
}

// asLead runs fn on the whole group that the actor's council leads, and stores it.
func (c *Catalogue) asLead(ctx context.Context, actor Actor, group string, fn func(*writer, *BuyingGroup) error) (*BuyingGroup, error) {
	var out *BuyingGroup
	err := c.inGroup(ctx, actor, RunGroup, group, func(w *writer, seen *BuyingGroup) error {
		if seen.Lead == "" || !actor.ForCouncil(seen.Lead) {
			return forbidden("Only the group's lead authority can do this")
		}
		item, err := readItem(w.tx, seen.Key())
		if err != nil {
			return err
		}
		out = item.(*BuyingGroup)
		if err := fn(w, out); errors.Is(err, errSame) {
			return nil
		} else if err != nil {
			return err
		}
		return w.put(out)
	})
	if err != nil {
		return nil, err
	}
	return roomOf(out, actor), nil
}

// PlannedNotice is what a group could publish of its plan to buy: public facts, what its members agreed to buy together,
// and sums that tell no single member's part. What it leaves out says why.
type PlannedNotice struct {
	Group    *BuyingGroup
	Lead     *Council   // nil: not settled
	Buyers   []*Council // the members that accepted, the lead first, then by name
	Partners []*Body    // that accepted and buy nothing
	CPV      []register.CPV
	Value    float64  // GBP ex VAT, the sum of the members' maximums; 0: not stated
	Start    Date     // when all members can start the tender, from
	End      Date     // to
	Replaces []string // OCIDs of contracts that it is to replace, where members let everybody know
	LeftOut  []string // what members may see and the notice does not say, with the reason
}

// PlannedNotice reads what a group that the actor's council has accepted could publish; NotFound for everybody else.
func (c *Catalogue) PlannedNotice(ctx context.Context, actor Actor, group string) (*PlannedNotice, error) {
	var out *PlannedNotice
	err := c.view(ctx, func(tx kv.Tx) error {
		g, err := memberGroup(c, tx, actor, group)
		if err != nil {
			return err
		}
		out = &PlannedNotice{Group: g}
		if out.Lead, _, err = c.councilIn(tx, g.Lead); err != nil {
			return err
		}
		for _, id := range g.partners() {
			b, err := load[*Body](c, tx, actor, KindBody, id)
			if err != nil && KindOf(err) != NotFound {
				return err
			}
			if b != nil {
				out.Partners = append(out.Partners, b)
			}
		}
		sum := publicSum{}
		for _, m := range g.Members {
			if m.State != Accepted {
				continue
			}
			if err := c.noticeMember(tx, out, m, &sum); err != nil {
				return err
			}
		}
		out.settle(sum)
		return nil
	})
	return out, err
}

// publicSum adds up maximums until it is known whether the sum may be told.
type publicSum struct {
	total  float64
	stated int // members that let their fellows see a maximum
	hidden int // of those, members whose maximum is not public
}

// noticeMember adds what one member brings.
func (c *Catalogue) noticeMember(tx kv.Tx, out *PlannedNotice, m Member, sum *publicSum) error {
	who, ok, err := c.councilIn(tx, m.Council)
	if err != nil {
		return err
	}
	if ok {
		out.Buyers = append(out.Buyers, who)
	}
	item, err := readItem(tx, Key{KindIntention, m.Intention})
	if err != nil {
		return err
	}
	in, ok := item.(*Intention)
	if !ok {
		return nil
	}
	for _, code := range in.CPV { // what is not a code could be anything
		if known, ok := c.register.CPV(code); ok && !slices.Contains(out.CPV, known) {
			out.CPV = append(out.CPV, known)
		}
	}
	if seen := narrower(in.Visibility, in.Fields.Budget); seen != Own && in.Budget.Max > 0 {
		sum.total += in.Budget.Max
		sum.stated++
		if seen != Public {
			sum.hidden++
		}
	}
	out.overlap(in)
	return c.replaced(tx, out, in)
}

// overlap narrows the window to that of one more member. A contract's end counts where everybody may see it.
func (n *PlannedNotice) overlap(in *Intention) {
	end := in.WindowEnd
	if narrower(in.Visibility, in.Fields.Contract) == Public {
		end = in.TrueEnd()
	}
	if n.Start.IsZero() || n.Start.First().Before(in.WindowStart.First()) {
		n.Start = in.WindowStart
	}
	if n.End.IsZero() || end.Before(n.End) {
		n.End = end
	}
}

// replaced adds the contract that a member's intention replaces, where it was published and the council lets everybody
// know that it is to be replaced: it names the present supplier.
func (c *Catalogue) replaced(tx kv.Tx, out *PlannedNotice, in *Intention) error {
	if in.FromContract == "" || narrower(in.Visibility, in.Fields.Contract) != Public || narrower(in.Visibility, in.Fields.Supplier) != Public {
		return nil
	}
	item, err := readItem(tx, Key{KindContract, in.FromContract})
	if err != nil {
		return err
	}
	k, ok := item.(*Contract)
	if !ok || k.Audience != Public {
		return nil
	}
	for _, id := range []string{k.Source.Reference, k.Ref} {
		if isOCID(id) && !slices.Contains(out.Replaces, id) {
			out.Replaces = append(out.Replaces, id)
			break
		}
	}
	return nil
}

// settle orders what was read and decides what the sum may tell.
func (n *PlannedNotice) settle(sum publicSum) {
	slices.SortStableFunc(n.Buyers, func(a, b *Council) int {
		switch n.Group.Lead {
		case a.GSS:
			return -1
		case b.GSS:
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	slices.SortFunc(n.CPV, func(a, b register.CPV) int { return cmp.Compare(a.Code, b.Code) })
	slices.Sort(n.Replaces)
	if apart(n.Start, n.End) {
		n.Start, n.End = Date{}, Date{}
		n.LeftOut = append(n.LeftOut, "When the tender may start: the members have no months in common.")
	}
	switch {
	case sum.stated == 0:
		n.LeftOut = append(n.LeftOut, "The value: no member states a maximum that the group may see.")
	case sum.stated == 1:
		n.LeftOut = append(n.LeftOut, "The value: only one member states a maximum, so that the sum would be its own.")
	case sum.hidden == 1:
		n.LeftOut = append(n.LeftOut, "The value: all maximums but one are public already, so that the sum would tell that one.")
	default:
		n.Value = sum.total
	}
	n.LeftOut = append(n.LeftOut,
		"Each member’s own budget, its share, and how far its approval has come.",
		"What single members must have, unless the group has settled it as a requirement.",
		"Present suppliers and systems, and when present contracts end, unless a member lets everybody see it.",
		"Names of officers, votes, conflicts of interest, savings, and councils that are asked, declined or left.")
}
