package web

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// understoodBox is what the program makes of a need that somebody is typing: what it is for, with the question whether
// that is right, and needs of other councils that are like it. It stands in the form, and is answered on its own to
// the script that asks while somebody types.
type understoodBox struct {
	Blank   bool        // nothing was typed yet
	Lead    string      // what was understood, or that nothing was
	ID      string      // the capability asked about; empty for none
	Right   view.Radios // whether that is right; no choices where nothing was understood
	Which   view.Select // what it is instead
	Already []view.Link // what the council itself has listed already, and seems the same
	Similar []view.Entry
	Alone   bool // no other need is like it
	More    string
}

// shownSimilar is how many similar needs are shown while somebody types.
const shownSimilar = 3

// understand reads a need as far as it is written. confirmed is a capability that was confirmed or chosen before.
func (s *site) understand(ctx context.Context, actor catalogue.Actor, f intentionForm, id, confirmed string, wrong error) (understoodBox, error) {
	box := understoodBox{Blank: f.Title == "" && f.Description == ""}
	draft := s.Catalogue.DraftIntention(catalogue.Intention{Meta: catalogue.Meta{ID: id}, Council: actor.Org, Title: f.Title,
		Description: f.Description, Capability: confirmed})
	s.ask(&box, draft, f, wrong)
	if box.Blank || actor.Org == "" {
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
		box.More = "And " + view.Plural(n, "more council", "more councils") + ". The matches of the need say why each fits."
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

// ask fills in the question what a need is for.
func (s *site) ask(box *understoodBox, draft catalogue.Intention, f intentionForm, wrong error) {
	asked := cmp.Or(draft.Capability, draft.Guess)
	chosen := f.Capability
	box.Which = view.Select{Name: "capability", Label: view.Label{Text: "What is it for?"},
		Options: []view.Option{{Text: "Choose"}, {Value: noneFits, Text: "None of these, or not sure", Selected: chosen == noneFits}}}
	capability, ok := s.Catalogue.Dictionary().Capability(asked)
	if !ok {
		box.Which.Error, box.Which.Groups = fieldError(wrong, "capability"), s.capabilityGroups(chosen)
		box.Lead = "We could not read in these words what it is for."
		return
	}
	box.ID = asked
	box.Lead = "We think this is " + capability.Name + s.toldBy(draft, asked) + "."
	if draft.Capability != "" {
		box.Lead = "Your council said that this is " + capability.Name + "."
	}
	if chosen == asked {
		chosen = ""
	}
	box.Right = view.Radios{Name: "right", Classes: "govuk-radios--small", Error: fieldError(wrong, "capability"),
		Legend: &view.Legend{Text: "Is it " + lowerFirst(capability.Name) + "?", Classes: "govuk-fieldset__legend--s"},
		Choices: []view.Choice{
			{Value: "yes", Text: "Yes", Checked: f.Right == "yes" && cmp.Or(f.Understood, asked) == asked || f.Right == "" && draft.Capability != "" && chosen == ""},
			{Value: "no", Text: "No, it is something else", Checked: f.Right == "no" || chosen != ""},
		}}
	box.Which.Label.Text, box.Which.Groups = "If it is something else, what is it for?", s.capabilityGroups(chosen)
}

// confirm makes the question the one thing to answer, with what was understood as the answer to agree with.
func (b *understoodBox) confirm(save string) confirmStep {
	step := confirmStep{Title: "Choose what it is for", Words: "All else is said. Choose below what your need is for, so that it can be compared with those of other councils.",
		Save: view.Button{Text: save, Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	if len(b.Right.Choices) > 0 {
		step.Title, step.Words = "Check what we understood", "All else is said. Your need is compared with those of other councils by what it is for, so say below whether we read it right."
		b.Right.Choices[0].Checked = true
	}
	return step
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
	f := intentionForm{Title: strings.TrimSpace(c.Query("title")), Description: strings.TrimSpace(c.Query("description"))}
	box, err := s.understand(c, who.actor, f, recordID(c.Query("id")), s.known(c.Request.URL.Query()), nil)
	if err != nil {
		return err
	}
	if err := s.saveSession(c, who); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := s.templates.RenderPart(&page, "intention-form", "understood", box); err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/html; charset=utf-8", page.Bytes())
	return nil
}

// known is the capability that a form says was confirmed before; empty where it is none.
func (s *site) known(values url.Values) string {
	c, _ := s.Catalogue.Dictionary().Capability(values.Get("confirmed"))
	return c.ID
}
