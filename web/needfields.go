package web

import (
	"cmp"
	"context"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// stepFields puts the questions of a step on its page, and what helps to answer them.
func (s *site) stepFields(c *gin.Context, actor catalogue.Actor, p *needStepPage, h *stepInHand) error {
	f := needFields{h.typed, h.wrong}
	switch h.step.slug {
	case "what":
		p.SimilarID = h.in.ID
		p.Fields = f.what()
		return s.addUnderstood(c, actor, p, h)
	case "for":
		p.Fields = append(s.capabilityQuestion(h), f.kind()...)
		return s.addUnderstood(c, actor, p, h)
	case "contract":
		p.Fields = f.contract(s.over(h.in.ContractEnd))
	case "when":
		s.addWindow(p, h)
	case "value":
		p.Fields = f.value()
		if !h.in.Budget.IsZero() && h.wrong == nil {
			p.Worked = []string{"As it stands, that is " + budgetBoth(h.in.Budget) + ". Thresholds count amounts with VAT."}
		}
		if h.listed == nil {
			p.Also = append([]view.Button{thenButton("Save and work out VAT", "stay")}, p.Also...)
		}
	case "matters":
		p.Fields = f.matters()
	case "role":
		p.Fields = f.role(catalogue.MayDo(actor, catalogue.RunGroup))
	case "audience":
		p.Fields = f.audience()
		s.addPreview(p, h)
	}
	return nil
}

// addUnderstood shows what the program makes of the words so far.
func (s *site) addUnderstood(ctx context.Context, actor catalogue.Actor, p *needStepPage, h *stepInHand) error {
	box, err := s.understand(ctx, actor, h.typed, h.in.ID)
	if h.step.slug == "for" {
		box.Lead = "" // the question says it
	}
	p.Understood = &box
	return err
}

// addWindow asks for the months of the tender, filled in with what the contract's dates make of them.
func (s *site) addWindow(p *needStepPage, h *stepInHand) {
	w := s.Catalogue.SuggestWindow(h.in.ContractEnd, h.in.ExtensionMonths, h.in.LeadMonths)
	shown := h.typed
	if !h.in.ContractEnd.IsZero() {
		p.Told = []string{startWords(w, h.in.LeadMonths == 0, s.Catalogue.Today())}
		if !w.Start.IsZero() {
			p.Told = append(p.Told, "Worked out from these dates, the tender can start "+window(w.Start, w.End)+".")
		}
		if !h.step.begun(shown) && !w.Start.IsZero() {
			p.Told = append(p.Told, "We filled that in below. Change it if you plan otherwise.")
			shown = shown.merged(answers{})
			shown.setDate("window_start", w.Start)
			shown.setDate("window_end", w.End)
		}
	} else {
		p.Told = []string{"You have not said when a contract ends, so the months are yours to say."}
	}
	f := needFields{shown, h.wrong}
	p.Fields = []view.Field{
		f.date("window_start", "What is the earliest that the tender may start?", "For example, 1 4 2027. You can leave out the day"),
		f.date("window_end", "And the latest?", "For example, 31 12 2027")}
}

// addPreview shows what each kind of reader would see as it is saved.
func (s *site) addPreview(p *needStepPage, h *stepInHand) {
	if h.in.Title == "" || h.wrong != nil {
		return
	}
	p.Preview = s.needPreview(h.in)
	if h.listed == nil {
		p.Also = append([]view.Button{thenButton("Save and see who would see what", "stay")}, p.Also...)
	}
}

func (s *site) needPreview(in *catalogue.Intention) *needPreview {
	derived := s.Catalogue.DraftIntention(*in)
	found := catalogue.NewPreview(&derived)
	out := &needPreview{Lead: previewLead(found)}
	if found.Members != nil {
		out.Table = s.previewTable(found)
	}
	return out
}

// needFields makes the fields of steps, with what was typed into them and what is wrong with them.
type needFields struct {
	answers answers
	wrong   error
}

const smallLabel, smallLegend = "govuk-label--s", "govuk-fieldset__legend--s"

func (f needFields) text(name, label, hint string) *view.Input {
	return &view.Input{Name: name, Label: view.Label{Text: label, Classes: smallLabel}, Hint: hint, Value: f.answers[name], Error: fieldError(f.wrong, name)}
}

func (f needFields) area(name, label, hint string, rows int) *view.Textarea {
	return &view.Textarea{Name: name, Rows: rows, Label: view.Label{Text: label, Classes: smallLabel}, Hint: hint, Value: f.answers[name], Error: fieldError(f.wrong, name)}
}

func (f needFields) date(name, legend, hint string) view.Field {
	d := dateField(name, legend, hint, f.answers.date(name), f.wrong)
	return view.Field{Date: &d}
}

func (f needFields) months(name, label, hint string) view.Field {
	in := f.text(name, label, hint)
	in.Suffix, in.InputMode, in.Spellcheck, in.Classes = "months", "numeric", "false", "govuk-input--width-3"
	return view.Field{Input: in}
}

func (f needFields) money(name, label, hint string) view.Field {
	in := f.text(name, label, hint)
	in.Prefix, in.Spellcheck, in.Classes = "£", "false", "govuk-input--width-10"
	return view.Field{Input: in}
}

func (f needFields) radios(name, legend, hint string, choices ...view.Choice) view.Field {
	for i := range choices {
		choices[i].Checked = choices[i].Value == f.answers[name]
	}
	return view.Field{Radios: &view.Radios{Name: name, Classes: "govuk-radios--small", Hint: hint, Legend: &view.Legend{Text: legend, Classes: smallLegend},
		Error: fieldError(f.wrong, name), Choices: choices}}
}

func (f needFields) what() []view.Field {
	similar := &view.Similar{URL: "/intentions/similar", Target: "understood"}
	title := f.text("title", "What do you intend to buy?", "In a few words, such as ‘Revenues and benefits system’")
	description := f.area("description", "What is it to do, and for whom?", "Name functions, not brands. The more you say, the better others’ needs can be compared with it", 8)
	title.Similar, description.Similar = similar, similar
	return []view.Field{{Input: title}, {Textarea: description}}
}

func (f needFields) kind() []view.Field {
	var kinds []view.Choice
	for _, kind := range []string{"software", "equipment", "people", "goods"} {
		kinds = append(kinds, view.Choice{Value: kind, Text: purchaseWords(kind)})
	}
	kinds = append(kinds, view.Choice{Text: "Not said"})
	cpv := f.text("cpv", "CPV codes (optional)", "Of 8 figures, with commas between them")
	cpv.Spellcheck = "false"
	return []view.Field{f.radios("purchase", "What kind of thing is bought? (optional)", "", kinds...), {Input: cpv}}
}

func (f needFields) contract(over bool) []view.Field {
	hint := "Without any extension. For example, 31 3 2028"
	if over {
		hint += ". The date below is in the past: check the year"
	}
	return []view.Field{
		f.date("contract_end", "When does your present contract end? (optional)", hint),
		f.months("extension_months", "By how much can it be extended? (optional)", "Only what you would use"),
		f.months("lead_months", "How long from tender to going live? (optional)", "Procurement, migration and testing. We reckon with 6 months where you do not say")}
}

func (f needFields) value() []view.Field {
	vat := f.radios("vat", "Are these amounts without VAT?", "", view.Choice{Value: "ex", Text: "Yes, without VAT"}, view.Choice{Value: withVAT, Text: "No, with VAT"})
	vat.Radios.Choices[0].Checked = f.answers["vat"] != withVAT
	return []view.Field{f.money("budget_min", "At least (optional)", "For example, 250,000 or 250k"), f.money("budget_max", "At most (optional)", "The same as the lowest where you know the price"), vat}
}

func (f needFields) matters() []view.Field {
	return []view.Field{
		{Textarea: f.area("musts", "What must it have? (optional)", "What you would turn an offer down for. One a line, such as ‘Hosted in the UK’", 5)},
		{Textarea: f.area("shoulds", "What should it have? (optional)", "What you could do without. One a line", 5)},
		{Input: f.text("current_supplier", "Who supplies it now? (optional)", "")},
		{Input: f.text("current_platform", "Which product is it now? (optional)", "")}}
}

// role asks what the council would do in a joint buy, and how firm the need is; only a lead states an approval.
func (f needFields) role(lead bool) []view.Field {
	a := f.answers
	stands := standingForm{rung: a["rung"], reference: a["approval_ref"], volume: a["volume"], approved: a.date("approved_on")}
	rungs := stands.choices(f.wrong, catalogue.Watching)
	if !lead && a["rung"] != string(catalogue.Approved) {
		rungs = stands.choices(f.wrong, catalogue.Watching, catalogue.Approved)
	}
	rungs = append(rungs, view.Choice{Text: "Not said", Checked: a["rung"] == ""})
	hint := "Councils see this. The reference and the amount of an approval are for members of a group you are in"
	if !lead {
		hint = "Councils see this. A lead of your council states its approval"
	}
	rung := view.Radios{Name: "rung", Classes: "govuk-radios--small", Hint: hint, Legend: &view.Legend{Text: "How far is your council with this? (optional)", Classes: smallLegend},
		Error: fieldError(f.wrong, "rung"), Choices: rungs}
	return []view.Field{
		f.radios("role", "If you buy with others, what would your council do? (optional)", "",
			view.Choice{Value: catalogue.RoleWouldLead, Text: "Lead", Hint: "Be the lead authority, and run the procurement"},
			view.Choice{Value: catalogue.RoleWouldContribute, Text: "Contribute", Hint: "Help to specify and to evaluate"},
			view.Choice{Value: catalogue.RoleWouldFollow, Text: "Follow", Hint: "Use what the others settle"},
			view.Choice{Text: "Not said"}),
		{Radios: &rung}}
}

func (f needFields) audience() []view.Field {
	usual := catalogue.DefaultIntentionAudiences()
	a := f.answers.merged(answers{})
	for name, or := range map[string]catalogue.Audience{"visibility": catalogue.Councils, "budget_audience": usual.Budget, "supplier_audience": usual.Supplier,
		"contract_audience": usual.Contract, "musts_audience": usual.Musts} {
		a[name] = cmp.Or(a[name], string(or))
	}
	f.answers = a
	who := func(name, label string) view.Field {
		now := a[name]
		return view.Field{Select: &view.Select{Name: name, Label: view.Label{Text: label}, Error: fieldError(f.wrong, name), Options: []view.Option{
			{Value: string(catalogue.Public), Text: "Everybody who sees the need", Selected: now == string(catalogue.Public)},
			{Value: string(catalogue.Councils), Text: "Councils", Selected: now == string(catalogue.Councils)},
			{Value: string(catalogue.Group), Text: "Members of its group", Selected: now == string(catalogue.Group)},
			{Value: string(catalogue.Own), Text: "Your council only", Selected: now == string(catalogue.Own)}}}}
	}
	return []view.Field{
		f.radios("visibility", "Who may see this need?", "No single line is seen by more than the need itself. A need that is not public counts in the demand figures that everybody sees: without your name, and only where at least seven councils are behind a figure",
			view.Choice{Value: string(catalogue.Councils), Text: "Councils", Hint: "Officers of councils who signed in"},
			view.Choice{Value: string(catalogue.Public), Text: "Everybody", Hint: "Suppliers too. It may count as market engagement: below, choose what stays with councils"},
			view.Choice{Value: string(catalogue.Own), Text: "Your council only", Hint: "You see who matches, and they are not told. It can be in no group"}),
		who("budget_audience", "Who may see the budget?"),
		who("supplier_audience", "Who may see supplier and product?"),
		who("contract_audience", "Who may see the contract’s dates and months?"),
		who("musts_audience", "Who may see what it must and should have?"),
		{Input: f.text("sensitive", "Is it commercially sensitive? Say why (optional)",
			"Such as ‘The present supplier has not been told’. Members of a group you are in see it; what is shared may be asked for under freedom of information")},
		{Textarea: f.area("notes", "Your own notes (optional)", "Only your council sees these", 3)}}
}
