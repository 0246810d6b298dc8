package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// statedBlock is what a supplier alone stands for in a platform's record, and where a council that uses it confirms that.
type statedBlock struct {
	Says   string
	Fields *view.Checkboxes // for officers of a council that uses it
	Action string
	Send   view.Button
}

func platformFieldName(f catalogue.PlatformField) string {
	switch f {
	case catalogue.FieldCapabilities:
		return "What it is for"
	case catalogue.FieldSummary:
		return "What it does"
	case catalogue.FieldExit:
		return "Exit and data return"
	case catalogue.FieldStandards:
		return "APIs and standards"
	}
	return sentenceCase(string(f))
}

// platformSays is what a record says in a field, in words.
func (s *site) platformSays(p *catalogue.Platform, f catalogue.PlatformField) string {
	if f == catalogue.FieldCapabilities {
		return strings.Join(s.purposes(p), ", ")
	}
	return p.Says(f)
}

const statedBy = "stated by the supplier on "

// newStatedBlock is nil where nothing is the supplier's word alone.
func (s *site) newStatedBlock(p *catalogue.Platform, uses, mayConfirm bool) *statedBlock {
	b := &statedBlock{Action: pagePath(catalogue.KindPlatform, p.ID) + "/stated"}
	if on := p.ProposedOn(); !on.IsZero() {
		b.Says = "Its supplier proposed it, and all of its record is " + statedBy + view.Day(on) + ". The mark goes when a council confirms that it uses it."
		return b
	}
	fields := p.ToConfirm()
	if len(fields) == 0 {
		return nil
	}
	boxes := view.Checkboxes{ID: "stated", Name: "stated", Classes: "govuk-checkboxes--small", Legend: &view.Legend{Text: "What is right as far as your council knows?", Classes: "govuk-fieldset__legend--s"}}
	var names []string
	for _, f := range fields {
		names = append(names, lowerFirst(platformFieldName(f))+" (on "+view.Day(p.StatedOn(f))+")")
		boxes.Choices = append(boxes.Choices, view.Choice{Value: string(f), Text: platformFieldName(f), Hint: "‘" + view.OrNotStated(s.platformSays(p, f)) + "’"})
	}
	b.Says = sentenceCase(view.Sentence(names)) + ". No council that uses it has confirmed this yet: one that does can."
	if uses && mayConfirm {
		b.Fields = &boxes
		b.Send = view.Button{Text: "Confirm these", Classes: "govuk-button--secondary", PreventDoubleClick: true}
	}
	return b
}

// supplierPart fills in what a platform's page says of its supplier's word, and what the supplier can do.
func (s *site) supplierPart(p *platformPage, who visitor, v *catalogue.PlatformView) {
	platform, address := v.Platform, pagePath(catalogue.KindPlatform, v.Platform.ID)
	uses := false
	for _, row := range v.Uses {
		uses = uses || row.Council.GSS == who.actor.Org && !row.Use.Confirmed.IsZero()
	}
	p.Stated = s.newStatedBlock(platform, uses && who.actor.OrgKind == catalogue.OrgCouncil, catalogue.MayDo(who.actor, catalogue.ConfirmStated))
	for _, field := range catalogue.PlatformFields() {
		on := platform.StatedOn(field)
		for i := range p.Before {
			if p.Before[i].Name == platformFieldName(field) && !on.IsZero() {
				p.Before[i].Note = statedBy + view.Day(on)
			}
		}
	}
	for n := len(platform.Changes); n > 0; n-- {
		p.Changes = append(p.Changes, s.changeFact(platform.Changes[n-1], v))
	}
	if len(p.Changes) > 0 {
		p.ChangesFold = view.Details{Summary: "How this record changed", ID: "changes"}
	}
	if platform.Claim == nil && catalogue.MayDo(who.actor, catalogue.KeepPlatform) {
		p.Keep = address + "/keep"
	}
	if seesMarkets(who.actor) {
		p.Market = marketPath(platform.Capabilities[0])
	}
}

func (s *site) changeFact(change catalogue.PlatformChange, v *catalogue.PlatformView) view.Fact {
	by := "the operator of this service"
	switch {
	case change.Supplier != "":
		by = "the supplier"
	case change.Council != "":
		by = "a council"
		for _, row := range v.Uses {
			if row.Council.GSS == change.Council {
				by = row.Council.Label()
			}
		}
		if v.Lister != nil && v.Lister.GSS == change.Council {
			by = v.Lister.Label()
		}
	}
	fact := view.Fact{Name: view.Day(change.At), Value: platformFieldName(change.Field) + " changed by " + by}
	switch {
	case change.Confirmed && change.Field == "":
		fact.Value = "Confirmed by " + by + ", which uses it"
	case change.Confirmed:
		fact.Value = platformFieldName(change.Field) + " confirmed by " + by
	case change.Was == "":
		fact.Note = "it was not stated before"
	case change.Field == catalogue.FieldCapabilities:
		fact.Note = "before: " + strings.Join(s.purposes(&catalogue.Platform{Capabilities: strings.Split(change.Was, ", ")}), ", ")
	default:
		fact.Note = "before: " + change.Was
	}
	return fact
}

// confirmStated gives a council's word for what a platform's supplier states.
func (s *site) confirmStated(c *gin.Context, who visitor) error {
	t, err := sent(c)
	if err != nil {
		return err
	}
	var fields []catalogue.PlatformField
	for _, f := range t.Values["stated"] {
		fields = append(fields, catalogue.PlatformField(f))
	}
	id := c.Param("id")
	saved, err := s.Catalogue.ConfirmStated(c, who.actor, id, fields)
	if catalogue.KindOf(err) == catalogue.Invalid {
		p, again := s.platformPage(c, who, id)
		if again != nil {
			return again
		}
		if p.Stated == nil || p.Stated.Fields == nil {
			return err
		}
		p.Stated.Fields.Error = fieldError(err, "stated")
		p.Errors = errorLinks(err, nil)
		return s.show(c, who, http.StatusBadRequest, "platform", p)
	}
	if err != nil {
		return err
	}
	who.session.wrote(saved.Version)
	who.session.set("flash", "Thank you. What you confirmed is no longer marked as the supplier’s word alone.")
	return s.redirect(c, who, pagePath(catalogue.KindPlatform, id))
}
