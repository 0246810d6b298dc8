package web

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// understoodBox is what the program makes of a need that somebody is typing: what it is for, what their own council has
// listed already, and needs of other councils that are like it. It stands in the step, and is answered on its own to the
// script that asks while somebody types.
type understoodBox struct {
	Lead    string      // what was understood, or that nothing was; empty where nothing was typed yet
	Already []view.Link // what the council itself has listed already, and seems the same
	Similar []view.Entry
	Alone   bool // no other need is like it
	More    string
}

// shownSimilar is how many similar needs are shown while somebody types.
const shownSimilar = 3

// understand reads a need as far as it is written; id is that of the record which it is or will be.
func (s *site) understand(ctx context.Context, actor catalogue.Actor, a answers, id string) (understoodBox, error) {
	var box understoodBox
	if a["title"] == "" && a["description"] == "" {
		return box, nil
	}
	draft := catalogue.Intention{Meta: catalogue.Meta{ID: id}, Council: actor.Org, Title: a["title"], Description: a["description"]}
	draft = s.Catalogue.DraftIntention(draft)
	if draft.Capability = a.decided(draft.Guess); draft.Capability != "" {
		draft = s.Catalogue.DraftIntention(draft)
	}
	box.Lead = s.understoodWords(draft)
	if actor.Org == "" {
		return box, nil
	}
	found, err := s.Engine.Draft(ctx, draft)
	if err != nil {
		return box, err
	}
	repeated, err := s.repeated(ctx, actor, draft, found.Repeats)
	if err != nil {
		return box, err
	}
	for _, in := range repeated {
		box.Already = append(box.Already, view.Link{Text: in.Title, Href: pagePath(catalogue.KindIntention, in.ID)})
	}
	lists, err := s.pairings(ctx, actor, found.Partners)
	if err != nil {
		return box, err
	}
	similar := perCouncil(lists[0])
	box.Alone = len(similar) == 0
	for _, p := range similar[:min(len(similar), shownSimilar)] {
		box.Similar = append(box.Similar, needEntry(catalogue.NeedRow{Intention: p.intention, Council: p.council}, false))
	}
	if n := len(similar) - shownSimilar; n > 0 {
		box.More = "And " + view.Plural(n, "more council", "more councils") + ". Once the need is listed, its matches say why each fits."
	}
	return box, nil
}

// repeated lists what the visitor's council has listed already and seems to be the same need: by its title, or because
// the matcher finds as much in common as with another council's.
func (s *site) repeated(ctx context.Context, actor catalogue.Actor, draft catalogue.Intention, matched []string) ([]*catalogue.Intention, error) {
	out, err := s.Catalogue.Repeated(ctx, actor, draft)
	if err != nil {
		return nil, err
	}
	keys := make([]catalogue.Key, len(matched))
	for i, id := range matched {
		keys[i] = catalogue.Key{Kind: catalogue.KindIntention, ID: id}
	}
	items, err := s.Catalogue.Load(ctx, actor, keys)
	for _, item := range items {
		in, ok := item.(*catalogue.Intention)
		if ok && in.ID != draft.ID && !slices.ContainsFunc(out, func(o *catalogue.Intention) bool { return o.ID == in.ID }) {
			out = append(out, in)
		}
	}
	return out, err
}

// understoodWords says what a need is for, as far as that was read.
func (s *site) understoodWords(draft catalogue.Intention) string {
	id := cmp.Or(draft.Capability, draft.Guess)
	capability, ok := s.Catalogue.Dictionary().Capability(id)
	switch {
	case !ok:
		return "We could not read in these words what it is for."
	case draft.Capability != "" && draft.Capability != draft.Guess:
		return "Your council said that this is " + capability.Name + "."
	}
	return "We think this is " + capability.Name + s.toldBy(draft, id) + "."
}

// asksRight says that the step asks whether what was read is right.
func (h *stepInHand) asksRight() bool { return h.askedAbout() != "" }

// askedAbout is the capability that the step asks about: the one the council named, else the one that was read.
func (h *stepInHand) askedAbout() string {
	if named := h.answers.decided(h.guess); named != "" && h.answers["right"] != "no" {
		return named
	}
	return h.guess
}

// capabilityQuestion asks what a need is for: whether it is what was read in the words, and what else it is where it is not.
func (s *site) capabilityQuestion(h *stepInHand) []view.Field {
	a := h.typed
	chosen := a["capability"]
	which := view.Select{Name: "capability", Label: view.Label{Text: "What is it for?", Classes: smallLabel}, Groups: s.capabilityGroups(chosen),
		Options: []view.Option{{Text: "Choose"}, {Value: noneFits, Text: "None of these, or not sure", Selected: chosen == noneFits}}}
	asked := h.askedAbout()
	draft := *h.in
	draft.Guess = h.guess
	if draft.Capability = asked; asked == h.guess {
		draft.Capability = ""
	}
	hint := s.understoodWords(draft)
	capability, ok := s.Catalogue.Dictionary().Capability(asked)
	if !ok {
		which.Hint, which.Error = hint, fieldError(h.wrong, "capability")
		return []view.Field{{Select: &which}}
	}
	no := a["right"] == "no" || chosen != "" && chosen != asked
	if !no {
		which.Groups = s.capabilityGroups("")
	}
	which.Label = view.Label{Text: "What is it for, then?"}
	return []view.Field{{Radios: &view.Radios{Name: "right", Classes: "govuk-radios--small", Hint: hint, Error: fieldError(h.wrong, "capability"),
		Legend: &view.Legend{Text: "Is it " + lowerFirst(capability.Name) + "?", Classes: smallLegend},
		Choices: []view.Choice{{Value: "yes", Text: "Yes", Checked: !no},
			{Value: "no", Text: "No, it is something else", Checked: no, Conditional: []view.Field{{Select: &which}}}}}}}
}

// toldBy quotes the words that told what a need is for.
func (s *site) toldBy(draft catalogue.Intention, capability string) string {
	const few = 3
	var words []string
	for _, tag := range s.Catalogue.Dictionary().Read(draft.Title, draft.Description).Tags {
		if tag.Capability != capability {
			continue
		}
		for _, p := range tag.Phrases {
			if quoted := "‘" + p + "’"; len(words) < few && !slices.Contains(words, quoted) {
				words = append(words, quoted)
			}
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ", since you wrote " + view.Sentence(words)
}

// capabilityGroups lists every capability under its area, for a select.
func (s *site) capabilityGroups(chosen string) []view.OptionGroup {
	dictionary := s.Catalogue.Dictionary()
	byArea := map[string][]view.Option{}
	for _, c := range dictionary.Capabilities() {
		byArea[c.Area] = append(byArea[c.Area], view.Option{Value: c.ID, Text: c.Name, Selected: c.ID == chosen})
	}
	var groups []view.OptionGroup
	for _, area := range dictionary.Areas() {
		if options := byArea[area.ID]; len(options) > 0 {
			groups = append(groups, view.OptionGroup{Label: area.Name, Options: options})
		}
	}
	slices.SortFunc(groups, func(a, b view.OptionGroup) int { return cmp.Compare(a.Label, b.Label) })
	return groups
}

// similar answers the script with what is understood of a need that is being typed, as a piece of a page.
func (s *site) similar(c *gin.Context, who visitor) error {
	typed := answers{"title": strings.TrimSpace(c.Query("title")), "description": strings.TrimSpace(c.Query("description"))}
	box, err := s.understand(c, who.actor, typed, recordID(c.Query("id")))
	if err != nil {
		return err
	}
	if err := s.saveSession(c, who); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := s.templates.RenderPart(&page, "need-step", "understood", box); err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/html; charset=utf-8", page.Bytes())
	return nil
}
