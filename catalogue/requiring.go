package catalogue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jointly/catalogue/kv"
)

// requirementsOf lists the lines of a group, those left out too, in order of their numbers.
func (c *Catalogue) requirementsOf(tx kv.Tx, actor Actor, group string) ([]*Requirement, error) {
	lines, err := partsOf[*Requirement](tx, actor, KindRequirement, "requirement.group", group)
	slices.SortFunc(lines, func(a, b *Requirement) int { return cmp.Compare(a.Line, b.Line) })
	return lines, err
}

// nextLine is the number of a group's next line.
func nextLine(lines []*Requirement) int {
	if len(lines) == 0 {
		return 1
	}
	return lines[len(lines)-1].Line + 1
}

// madeBefore is the record that an earlier sending of the same form made; nil where it made none. Conflict where the ID
// is another group's.
func (w *writer) madeBefore(key Key, g *BuyingGroup) (Item, error) {
	old, err := readItem(w.tx, key)
	if err != nil || old == nil {
		return nil, err
	}
	if of, ok := old.(ofGroup); !ok || of.part().Group != g.ID {
		return nil, conflict("This form was used already")
	}
	seen, ok := old.sees(w.actor)
	if !ok {
		return nil, notFound(string(key.Kind))
	}
	return seen, nil
}

// AddRequirements adds lines, in order, and returns how many are new: what stands among the lines already, in whatever
// spelling, is not added again, so that the same form a second time adds nothing.
func (c *Catalogue) AddRequirements(ctx context.Context, actor Actor, group string, texts []string) (added int, err error) {
	wanted := make([]wantedLine, 0, len(texts))
	for _, text := range texts {
		wanted = append(wanted, wantedLine{text: text})
	}
	return c.addLines(ctx, actor, group, "added the line", wanted)
}

// wantedLine is a line to be added, with the councils whose intentions say that they must or should have it.
type wantedLine struct {
	text   string
	by     []string
	should []string
}

// addLines adds what is not yet among the lines, as many as fit into a transaction at a time. Nothing is added where not
// all of it can be.
func (c *Catalogue) addLines(ctx context.Context, actor Actor, group, what string, wanted []wantedLine) (added int, err error) {
	for done := 0; done == 0 || done < len(wanted); {
		var now, upTo int
		if err := c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) error {
			now, upTo = 0, done
			lines, err := c.requirementsOf(w.tx, actor, group)
			if err != nil {
				return err
			}
			there := saidBy(lines)
			next := nextLine(lines)
			if next+countFresh(wanted[done:], there)-1 > maxLines {
				return invalid("form", "lines", fmt.Sprintf("A group has at most %d lines, and %d are left: put what belongs together on one line", maxLines, max(0, maxLines-next+1)))
			}
			for ; upTo < len(wanted) && now < linesAtOnce; upTo++ {
				want := wanted[upTo]
				if there[nameKey(want.text)] {
					continue
				}
				there[nameKey(want.text)] = true
				if err := w.put(w.newLine(g, next+now, want, what)); err != nil {
					return err
				}
				now++
			}
			return nil
		}); err != nil {
			return added, err
		}
		added += now
		if done = upTo; done == 0 {
			break
		}
	}
	return added, nil
}

// newLine is a line that the writer's council adds.
func (w *writer) newLine(g *BuyingGroup, number int, want wantedLine, what string) *Requirement {
	text := strings.TrimSpace(want.text)
	r := &Requirement{Part: partOf(g, NewID()), Line: number, Text: text, First: text, Council: w.actor.Org, Edition: 1}
	for _, code := range want.by {
		r.stand(MemberPosition{Council: code, Position: Must, Listed: true, At: w.now})
	}
	for _, code := range want.should {
		r.stand(MemberPosition{Council: code, Position: Should, Listed: true, At: w.now})
	}
	r.did(LineEvent{Council: w.actor.Org, What: what, At: w.now})
	return r
}

// saidBy is what lines say now, folded for comparison.
func saidBy(lines []*Requirement) map[string]bool {
	out := make(map[string]bool, len(lines))
	for _, r := range lines {
		out[nameKey(r.Text)] = true
	}
	return out
}

// countFresh is how many different texts are not there yet.
func countFresh(wanted []wantedLine, there map[string]bool) int {
	fresh := map[string]bool{}
	for _, want := range wanted {
		if key := nameKey(want.text); !there[key] {
			fresh[key] = true
		}
	}
	return len(fresh)
}

// onLine runs fn on one line of a group and puts it; fn returns errSame where there is nothing to change.
func (c *Catalogue) onLine(ctx context.Context, actor Actor, group, id string, fn func(*writer, *BuyingGroup, *Requirement) error) (*Requirement, error) {
	var out *Requirement
	err := c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) (err error) {
		if out, err = loadPart[*Requirement](c, w.tx, actor, KindRequirement, group, id); err != nil {
			return err
		}
		return w.unlessSame(fn(w, g, out), out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// unlessSame puts a record that was changed without an error; errSame says that there is nothing to put.
func (w *writer) unlessSame(err error, item Item) error {
	if errors.Is(err, errSame) {
		return nil
	}
	if err != nil {
		return err
	}
	return w.put(item)
}

// ChangeRequirement words a line anew. Agreements of the former wording are undone, and whoever had agreed is told.
// Conflict where somebody else worded it anew since edition: what the caller has is not saved, so show both.
func (c *Catalogue) ChangeRequirement(ctx context.Context, actor Actor, group, id string, edition int, text, note string) (*Requirement, error) {
	text, note = strings.TrimSpace(text), strings.TrimSpace(note)
	return c.onLine(ctx, actor, group, id, func(w *writer, g *BuyingGroup, r *Requirement) error {
		switch {
		case r.Text == text && r.Note == note: // sent twice, or both wrote the same
			return errSame
		case r.LeftOut != nil:
			return conflict("This line was left out: bring it back first")
		case r.Edition != edition:
			return conflict("Somebody else has changed this line while you were working on it")
		}
		before := r.Text
		agreed := slices.DeleteFunc(g.others(actor.Org), func(code string) bool { return !r.Agrees(code) })
		if len(r.Agreed) > 0 {
			r.Agreed, r.Cleared = nil, w.now
		}
		r.Text, r.Note, r.Worded = text, note, w.now
		r.Edition++
		event := LineEvent{Council: actor.Org, What: "changed the note", At: w.now}
		if before != text {
			event.What, event.Was = "changed the text", before
		}
		r.did(event)
		return w.tellLine(agreed, g, r, "A line that your council agreed has changed",
			fmt.Sprintf("Line %d of what the group '%s' needs now says: %s", r.Line, g.Title, text), "Your council's agreement to the former wording no longer counts. Read it, and agree it anew.")
	})
}

// tellLine tells members of what happened to a line.
func (w *writer) tellLine(councils []string, g *BuyingGroup, r *Requirement, subject string, text ...string) error {
	return w.tell(councils, RoleContributor, Message{Subject: subject, Text: text, Why: g.whyIn(),
		Link: "/groups/" + g.ID + "/requirements/" + r.ID, LinkText: "Go to the line"})
}

// SetPosition says where the actor's council stands on a line, with a comment that the other members read. It meets no
// conflict: each council has its own. A council that says something new agrees the line anew.
func (c *Catalogue) SetPosition(ctx context.Context, actor Actor, group, id string, position Position, comment string) (*Requirement, error) {
	comment = strings.TrimSpace(comment)
	return c.onLine(ctx, actor, group, id, func(w *writer, g *BuyingGroup, r *Requirement) error {
		opposed, err := w.takePosition(g, r, position, comment)
		if err != nil || !opposed {
			return err
		}
		return w.tellOpposed(g, []*Requirement{r})
	})
}

// takePosition changes the position of the writer's council, and says whether that puts the line into conflict; errSame
// where the council stands there already.
func (w *writer) takePosition(g *BuyingGroup, r *Requirement, position Position, comment string) (opposed bool, err error) {
	council := w.actor.Org
	old := r.Position(council)
	if old.Position == position && old.Comment == comment && !old.Listed {
		return false, errSame
	}
	if r.LeftOut != nil {
		return false, conflict("This line was left out: bring it back first")
	}
	in, before := g.accepted(), r.State(g.accepted())
	r.stand(MemberPosition{Council: council, Position: position, Comment: comment, Account: w.actor.Account, At: w.now})
	if old.Position != position {
		r.unagree(council)
		what := "took its position back"
		if position != NotSaid {
			what = "said: " + string(position)
		}
		r.did(LineEvent{Council: council, What: what, At: w.now})
	}
	return before != LineConflict && r.State(in) == LineConflict, nil
}

// tellOpposed tells the other members, once, of lines that the writer's council put into conflict.
func (w *writer) tellOpposed(g *BuyingGroup, lines []*Requirement) error {
	if len(lines) == 0 {
		return nil
	}
	who, err := w.c.label(w.tx, w.actor.Org)
	if err != nil {
		return err
	}
	text := []string{fmt.Sprintf("%s and another member of the group '%s' now say the opposite of each other, must and must not, on:", who, g.Title)}
	for _, r := range lines {
		text = append(text, fmt.Sprintf("Line %d: %s", r.Line, r.Text))
	}
	m := Message{Subject: "Requirements are in conflict: " + g.Title, Text: append(text, "The group can be agreed once each is worded so that all can live with it."), Why: g.whyIn(),
		Link: "/groups/" + g.ID + "/requirements", LinkText: "Go to the requirements"}
	if len(lines) == 1 {
		m.Subject, m.Link, m.LinkText = "A requirement is in conflict: "+lines[0].Text, m.Link+"/"+lines[0].ID, "Go to the line"
	}
	return w.tell(g.others(w.actor.Org), RoleContributor, m)
}

// LinePosition is a position of the actor's council on one line.
type LinePosition struct {
	Line     string // ID of the line
	Position Position
}

// SetPositions is SetPosition on many lines; comments stay as they are, and lines that were left out meanwhile are passed
// over. It returns on how many lines something changed. Large columns are saved in several transactions: where one is refused, those before it are saved.
func (c *Catalogue) SetPositions(ctx context.Context, actor Actor, group string, column []LinePosition) (changed int, err error) {
	for some := range slices.Chunk(column, linesAtOnce) {
		now := 0
		if err := c.inGroup(ctx, actor, WorkInGroup, group, func(w *writer, g *BuyingGroup) error {
			now = 0
			var conflicts []*Requirement
			for _, p := range some {
				r, err := loadPart[*Requirement](c, w.tx, actor, KindRequirement, group, p.Line)
				if err != nil {
					return err
				}
				if r.LeftOut != nil {
					continue
				}
				opposed, err := w.takePosition(g, r, p.Position, r.Position(actor.Org).Comment)
				if errors.Is(err, errSame) {
					continue
				}
				if err == nil {
					err = w.put(r)
				}
				if err != nil {
					return err
				}
				if opposed {
					conflicts = append(conflicts, r)
				}
				now++
			}
			return w.tellOpposed(g, conflicts)
		}); err != nil {
			return changed, err
		}
		changed += now
	}
	return changed, nil
}

// AgreeRequirement records that the actor's council agrees a line as it is worded in an edition, or takes that back.
// Conflict where the line was worded anew since, and while members contradict each other on it.
func (c *Catalogue) AgreeRequirement(ctx context.Context, actor Actor, group, id string, edition int, agree bool) (*Requirement, error) {
	return c.onLine(ctx, actor, group, id, func(w *writer, g *BuyingGroup, r *Requirement) error {
		switch {
		case r.Agrees(actor.Org) == agree:
			return errSame
		case !agree:
			r.unagree(actor.Org)
			r.did(LineEvent{Council: actor.Org, What: "took its agreement back", At: w.now})
			return nil
		case r.LeftOut != nil:
			return conflict("This line was left out: bring it back first")
		case r.Edition != edition:
			return conflict("The line was worded anew while you were reading it: read it again before you agree")
		case r.State(g.accepted()) == LineConflict:
			return conflict("Some members must have this and some must not: settle the wording or the positions first, then agree")
		}
		r.Agreed = append(r.Agreed, Agreement{Council: actor.Org, Account: actor.Account, At: w.now})
		r.did(LineEvent{Council: actor.Org, What: "agreed the line", At: w.now})
		return nil
	})
}

// MayRemove says that a council can leave a line out and bring it back: the one that added it and the lead authority, or
// any member where neither is in the group.
func (r *Requirement) MayRemove(g *BuyingGroup, council string) bool {
	in := g.accepted()
	orphan := g.Lead == "" && !slices.Contains(in, r.Council)
	return slices.Contains(in, council) && (council == r.Council || council == g.Lead || orphan)
}

// RemoveRequirement leaves a line out, with the reason. It can be brought back.
func (c *Catalogue) RemoveRequirement(ctx context.Context, actor Actor, group, id, reason string) (*Requirement, error) {
	return c.onLine(ctx, actor, group, id, func(w *writer, g *BuyingGroup, r *Requirement) error {
		switch {
		case r.LeftOut != nil:
			return errSame
		case !r.MayRemove(g, actor.Org):
			return forbidden("The council that added a line leaves it out, or the lead authority")
		case strings.TrimSpace(reason) == "":
			return invalid("line", "reason", "Say why, so that the others need not ask")
		}
		r.LeftOut = &LeftOut{Council: actor.Org, Reason: strings.TrimSpace(reason), At: w.now}
		r.did(LineEvent{Council: actor.Org, What: "left the line out", At: w.now})
		said := slices.DeleteFunc(g.others(actor.Org), func(code string) bool { return r.Position(code).Position == NotSaid })
		return w.tellLine(said, g, r, "A requirement was left out: "+r.Text,
			fmt.Sprintf("Line %d of what the group '%s' needs was left out. The reason: %s", r.Line, g.Title, reason))
	})
}

// BringBackRequirement puts a line that was left out back among what is needed, as it was.
func (c *Catalogue) BringBackRequirement(ctx context.Context, actor Actor, group, id string) (*Requirement, error) {
	return c.onLine(ctx, actor, group, id, func(w *writer, g *BuyingGroup, r *Requirement) error {
		switch {
		case r.LeftOut == nil:
			return errSame
		case !r.MayRemove(g, actor.Org):
			return forbidden("The council that added a line brings it back, or the lead authority")
		}
		r.LeftOut = nil
		r.did(LineEvent{Council: actor.Org, What: "brought the line back", At: w.now})
		return nil
	})
}
