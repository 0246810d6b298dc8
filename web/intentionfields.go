package web

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
	"jointly/web/view"
)

// intentionFormPage is the form to list or to change an intention.
type intentionFormPage struct {
	view.Page
	Heading   string
	Lead      string
	Contract  string   // where it was filled in from; empty: nowhere
	Filled    []string // what was assumed, to check then
	Action    string
	ID        string
	Version   string // empty for a new one
	From      string // contract ID
	Confirmed string
	Cancel    string
	Confirm   confirmStep
	Repeats   *repeatsPanel // before a need is listed that its council has listed already
	Conflict  view.Table    // what was saved meanwhile beside what was typed; no rows: nothing
	Refused   string        // why it was not saved, in words that belong to no field

	Title       view.Input
	Description view.Textarea
	Check       view.Button
	Understood  understoodBox
	Dates       []view.DateInput
	Months      []view.Input
	Budget      []view.Input
	Now         []view.Input
	Musts       view.Textarea
	Role        view.Radios
	Visibility  view.Radios
	Fields      view.Details // around Audiences
	Audiences   []view.Select
	More        view.Details // around Purchase, CPV
	Purchase    view.Radios
	CPV         view.Input
	Sensitive   view.Input
	Notes       view.Textarea
	Save        view.Button
}

// repeatsPanel tells of what a council has listed already, and lets it list the need all the same.
type repeatsPanel struct {
	IDs   []string
	Links []view.Link
	Save  view.Button
}

func newRepeatsPanel(repeats []*catalogue.Intention) *repeatsPanel {
	p := &repeatsPanel{Save: view.Button{Text: "List it all the same", Classes: "govuk-button--secondary", PreventDoubleClick: true}}
	for _, in := range repeats {
		p.IDs = append(p.IDs, in.ID)
		p.Links = append(p.Links, view.Link{Text: in.Title, Href: pagePath(catalogue.KindIntention, in.ID)})
	}
	return p
}

// confirmStep asks what the need is for, once nothing else is left to say.
type confirmStep struct {
	Title string // empty: not now
	Words string
	Save  view.Button
}

// intentionFields is the fields in the order of the form.
func intentionFields() []string {
	return []string{"title", "description", "capability", "window_start", "window_end", "contract_end", "extension_months", "lead_months",
		"budget_min", "budget_max", "current_supplier", "current_platform", "musts", "role", "visibility", "budget_audience", "supplier_audience",
		"contract_audience", "musts_audience", "purchase", "cpv", "sensitive", "notes"}
}

// showIntentionForm shows the form with what was typed, what is wrong with it, and what is understood.
func (s *site) showIntentionForm(c *gin.Context, who visitor, status int, e *intentionEdit) error {
	e.wrong = inOrderOf(intentionFields(), e.wrong)
	box, err := s.understand(c, who.actor, e.form, e.in.ID, e.confirmed, e.wrong)
	if err != nil {
		return err
	}
	p := newIntentionFormPage(e)
	if s.over(e.in.ContractEnd) {
		p.Dates[2].Hint += ". The date below is in the past: check the year"
	}
	title := p.Heading
	if e.confirm {
		p.Confirm = box.confirm(p.Save.Text)
		title = p.Confirm.Title
	}
	if len(e.repeats) > 0 && e.wrong == nil {
		p.Repeats = newRepeatsPanel(e.repeats)
		if !e.confirm {
			box.Already, title = nil, "Your council listed this already" // told above
		}
	}
	p.Understood = box
	p.Page = s.page(c, who, "/intentions", title)
	p.Canonical = ""
	p.Crumbs = []view.Crumb{{Text: "Your desk", Href: "/desk"}, {Text: p.Heading}}
	p.Errors = errorLinks(e.wrong, map[string]string{"window_start": "window_start-day", "window_end": "window_end-day",
		"contract_end": "contract_end-day", "capability": box.firstID()})
	return s.show(c, who, status, "intention-form", p)
}

// firstID is the ID of the first field of the question what a need is for.
func (b understoodBox) firstID() string {
	if len(b.Right.Choices) > 0 {
		return b.Right.FieldID()
	}
	return b.Which.FieldID()
}

func newIntentionFormPage(e *intentionEdit) intentionFormPage {
	p := intentionFormPage{
		Heading: "List a need", Lead: "Say what you intend to buy before you go to market. You see at once which councils need the same.",
		Action: "/intentions/new", Cancel: "/desk", ID: e.in.ID, From: e.in.FromContract, Contract: fromContract(e.in), Filled: e.filled, Confirmed: e.confirmed,
		Check: view.Button{Text: "Show what is understood", Name: "action", Value: "check", Classes: "govuk-button--secondary"},
		Save:  view.Button{Text: "List this need", PreventDoubleClick: true},
	}
	if e.in.Version != 0 {
		p.Heading, p.Lead, p.Save.Text = "Change your intention", "Saving confirms it as of today.", "Save changes"
		p.Cancel = pagePath(catalogue.KindIntention, e.in.ID)
		p.Action, p.Version = p.Cancel+"/edit", strconv.FormatUint(e.in.Version, 10)
	}
	if e.theirs != nil {
		p.Conflict = differTable(formOf(e.theirs).said(), e.form.said())
		p.Save.Text = "Save what I typed"
	}
	p.what(e.form, e.wrong)
	p.when(e.form, e.wrong)
	p.who(e.form, e.wrong)
	return p
}

// conflictTable shows where what was saved meanwhile differs from what was typed.
// differTable shows where two versions of a form differ: names of fields with what they say, in the same order.
func differTable(saved, typed [][2]string) view.Table {
	t := view.Table{Caption: "Where the two differ", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true, Responsive: true,
		Head: []view.Head{{Text: "What", Classes: "jy-col-20"}, {Text: "Saved meanwhile", Classes: "jy-col-40"}, {Text: "What you typed", Classes: "jy-col-40"}}}
	for i, theirs := range saved {
		if theirs[1] == typed[i][1] {
			continue
		}
		t.Rows = append(t.Rows, []view.Cell{{Text: theirs[0]}, {Text: view.OrNotStated(theirs[1]), Muted: theirs[1] == ""},
			{Text: view.OrNotStated(typed[i][1]), Muted: typed[i][1] == ""}})
	}
	return t
}

// what is the fields about what is needed.
func (p *intentionFormPage) what(f intentionForm, wrong error) {
	similar := &view.Similar{URL: "/intentions/similar", Target: "understood"}
	p.Title = view.Input{Name: "title", Label: view.Label{Text: "What do you intend to buy?", Classes: "govuk-label--s"}, Value: f.Title,
		Hint: "In a few words, such as ‘Revenues and benefits system’", Error: fieldError(wrong, "title"), Similar: similar}
	p.Description = view.Textarea{Name: "description", Rows: 6, Label: view.Label{Text: "What is it to do, and for whom?", Classes: "govuk-label--s"}, Value: f.Description,
		Hint: "Name functions, not brands. The more you say, the better others’ needs can be compared with it", Error: fieldError(wrong, "description"), Similar: similar}
	p.Musts = view.Textarea{Name: "musts", Rows: 4, Label: view.Label{Text: "What must it have? (optional)", Classes: "govuk-label--s"}, Value: f.Musts,
		Hint: "One a line, such as ‘Hosted in the UK’", Error: fieldError(wrong, "musts")}
	p.Purchase = view.Radios{Name: "purchase", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "What kind of thing is bought? (optional)", Classes: "govuk-fieldset__legend--s"},
		Error: fieldError(wrong, "purchase")}
	for _, kind := range []string{"software", "equipment", "people", "goods"} {
		p.Purchase.Choices = append(p.Purchase.Choices, view.Choice{Value: kind, Text: purchaseWords(kind), Checked: f.Purchase == kind})
	}
	p.CPV = view.Input{Name: "cpv", Label: view.Label{Text: "CPV codes (optional)", Classes: "govuk-label--s"}, Hint: "Of 8 figures, with commas between them", Value: f.CPV,
		Error: fieldError(wrong, "cpv"), Spellcheck: "false"}
	p.Notes = view.Textarea{Name: "notes", Rows: 3, Label: view.Label{Text: "Your own notes (optional)", Classes: "govuk-label--s"}, Value: f.Notes,
		Hint: "Only your council sees these", Error: fieldError(wrong, "notes")}
	p.Sensitive = view.Input{Name: "sensitive", Label: view.Label{Text: "Is it commercially sensitive? Say why (optional)", Classes: "govuk-label--s"}, Value: f.Sensitive,
		Hint: "Such as ‘The present supplier has not been told’. Members of a group you are in see it; what is shared may be asked for under freedom of information", Error: fieldError(wrong, "sensitive")}
	p.More = view.Details{Summary: "Kind of purchase and CPV codes", Open: f.Purchase != "" || f.CPV != "" || p.Purchase.Error != "" || p.CPV.Error != ""}
}

// when is the fields about dates, money and what is there now.
func (p *intentionFormPage) when(f intentionForm, wrong error) {
	p.Dates = []view.DateInput{
		dateField("window_start", "What is the earliest that the tender may start?", "For example, 1 4 2027. You can leave out the day", f.WindowStart, wrong),
		dateField("window_end", "And the latest?", "For example, 31 12 2027", f.WindowEnd, wrong),
		dateField("contract_end", "When does your present contract end? (optional)", "Without any extension", f.ContractEnd, wrong),
	}
	number := func(name, label, hint, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Hint: hint, Value: value, Suffix: "months", InputMode: "numeric",
			Spellcheck: "false", Classes: "govuk-input--width-3", Error: fieldError(wrong, name)}
	}
	p.Months = []view.Input{
		number("extension_months", "By how much can it be extended? (optional)", "Only what you would use", f.ExtensionMonths),
		number("lead_months", "How long from tender to going live? (optional)", "Procurement, migration and testing", f.LeadMonths),
	}
	money := func(name, label, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label}, Value: value, Prefix: "£", Spellcheck: "false", Classes: "govuk-input--width-10",
			Error: fieldError(wrong, name)}
	}
	p.Budget = []view.Input{money("budget_min", "At least", f.BudgetMin), money("budget_max", "At most", f.BudgetMax)}
	text := func(name, label, value string) view.Input {
		return view.Input{Name: name, Label: view.Label{Text: label, Classes: "govuk-label--s"}, Value: value, Error: fieldError(wrong, name), Classes: "govuk-!-width-two-thirds"}
	}
	p.Now = []view.Input{text("current_supplier", "Who supplies it now? (optional)", f.Supplier), text("current_platform", "Which product is it? (optional)", f.Platform)}
}

// who is the fields about buying together and about who may see what.
func (p *intentionFormPage) who(f intentionForm, wrong error) {
	choice := func(value, text, hint, now string) view.Choice {
		return view.Choice{Value: value, Text: text, Hint: hint, Checked: value == now}
	}
	p.Role = view.Radios{Name: "role", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "If you buy with others, what would your council do? (optional)", Classes: "govuk-fieldset__legend--s"},
		Error: fieldError(wrong, "role"), Choices: []view.Choice{
			choice(catalogue.RoleWouldLead, "Lead", "Be the lead authority, and run the procurement", f.Role),
			choice(catalogue.RoleWouldContribute, "Contribute", "Help to specify and to evaluate", f.Role),
			choice(catalogue.RoleWouldFollow, "Follow", "Use what the others settle", f.Role)}}
	p.Visibility = view.Radios{Name: "visibility", Classes: "govuk-radios--small", Legend: &view.Legend{Text: "Who may see this need?", Classes: "govuk-fieldset__legend--s"},
		Error: fieldError(wrong, "visibility"), Choices: []view.Choice{
			choice(string(catalogue.Councils), "Councils", "Officers of councils who signed in", f.Visibility),
			choice(string(catalogue.Public), "Everybody", "Suppliers too. It may count as market engagement: below, choose what stays with councils", f.Visibility),
			choice(string(catalogue.Own), "Your council only", "You see who matches, and they are not told. It can be in no group", f.Visibility)},
		Hint: "A need that is not public counts in the demand figures that everybody sees: without your name, and only where at least seven councils are behind a figure"}
	audience := func(name, label, now string) view.Select {
		return view.Select{Name: name, Label: view.Label{Text: label}, Error: fieldError(wrong, name), Options: []view.Option{
			{Value: string(catalogue.Public), Text: "Everybody who sees the need", Selected: now == string(catalogue.Public)},
			{Value: string(catalogue.Councils), Text: "Councils", Selected: now == string(catalogue.Councils)},
			{Value: string(catalogue.Group), Text: "Members of its group", Selected: now == string(catalogue.Group)},
			{Value: string(catalogue.Own), Text: "Your council only", Selected: now == string(catalogue.Own)}}}
	}
	p.Audiences = []view.Select{
		audience("budget_audience", "Who may see the budget?", f.BudgetAudience),
		audience("supplier_audience", "Who may see supplier and product?", f.SupplierAudience),
		audience("contract_audience", "Who may see the contract’s dates and months?", f.ContractAudience),
		audience("musts_audience", "Who may see the musts?", f.MustsAudience),
	}
	usual := string(catalogue.Councils)
	p.Fields = view.Details{Summary: "Choose for budget, supplier, dates and musts", ID: "fields",
		Open: f.BudgetAudience != usual || f.SupplierAudience != usual || f.ContractAudience != usual || f.MustsAudience != usual}
	for _, a := range p.Audiences {
		p.Fields.Open = p.Fields.Open || a.Error != ""
	}
}
