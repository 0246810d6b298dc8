package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"jointly/catalogue"
)

// answers is what was typed into the steps of a need, by field of the form, as it was typed: what cannot be read is kept.
type answers map[string]string

// noneFits is the choice that no capability fits.
const noneFits = "none"

// withVAT is what the value's step sends where the amounts typed are with VAT.
const withVAT = "inc"

// typed is the answers for the readers of fields.
func (a answers) typed() *typed {
	values := make(url.Values, len(a))
	for field, text := range a {
		values.Set(field, text)
	}
	return &typed{Values: values}
}

func (a answers) date(field string) typedDate {
	return typedDate{a[field+"-day"], a[field+"-month"], a[field+"-year"]}
}

func (a answers) setDate(field string, d catalogue.Date) {
	t := typedOf(d)
	a[field+"-day"], a[field+"-month"], a[field+"-year"] = t.Day, t.Month, t.Year
}

// raw is what stands in a field, whole: a date's parts beside each other, lines with semicolons between.
func (a answers) raw(field string) string {
	if d := a.date(field); d != (typedDate{}) {
		return strings.Join(strings.Fields(d.Day+" "+d.Month+" "+d.Year), " ")
	}
	if field == "musts" || field == "shoulds" {
		return strings.Join(lines(a[field]), "; ")
	}
	if field == "capability" && a["right"] == "yes" {
		return a["understood"]
	}
	return a[field]
}

// answersOf is an intention as somebody would type it.
func answersOf(in *catalogue.Intention) answers {
	a := answers{"title": in.Title, "description": in.Description, "capability": in.Capability, "purchase": in.Purchase, "cpv": strings.Join(in.CPV, ", "),
		"budget_min": poundsTyped(in.Budget.Min), "budget_max": poundsTyped(in.Budget.Max),
		"extension_months": countTyped(in.ExtensionMonths), "lead_months": countTyped(in.LeadMonths),
		"current_supplier": in.CurrentSupplier, "current_platform": in.CurrentPlatform, "musts": strings.Join(in.Musts, "\n"), "shoulds": strings.Join(in.Shoulds, "\n"),
		"role": in.Role, "rung": string(in.Rung), "approval_ref": in.ApprovalRef, "volume": poundsTyped(in.Volume),
		"visibility": string(in.Visibility), "budget_audience": string(in.Fields.Budget), "supplier_audience": string(in.Fields.Supplier),
		"contract_audience": string(in.Fields.Contract), "musts_audience": string(in.Fields.Musts), "notes": in.Notes, "sensitive": in.Sensitive}
	a.setDate("window_start", in.WindowStart)
	a.setDate("window_end", in.WindowEnd)
	a.setDate("contract_end", in.ContractEnd)
	a.setDate("approved_on", in.Approved)
	return a
}

// read puts what was typed into an intention, and collects what could not be read. guess is the capability that the
// program reads in the words. What the steps do not hold stays.
func (a answers) read(in *catalogue.Intention, guess string) *typed {
	t, before := a.typed(), in.Capability
	if a.contradicts() {
		t.fault("capability", "You said yes, and chose something else too: say which of the two it is")
	}
	in.Title, in.Description, in.Capability = a["title"], a["description"], a.decided(guess)
	if in.Capability != before {
		in.Area = "" // that of the capability
	}
	in.Purchase, in.CPV = a["purchase"], readCPV(a["cpv"], t)
	in.Budget = catalogue.Money{Min: t.amount("budget_min", "Lowest budget"), Max: t.amount("budget_max", "Highest budget")}
	if a["vat"] == withVAT {
		in.Budget = catalogue.Money{Min: catalogue.ExVAT(in.Budget.Min), Max: catalogue.ExVAT(in.Budget.Max)}
	}
	in.WindowStart, in.WindowEnd = t.date("window_start", "The earliest date"), t.date("window_end", "The latest date")
	in.ContractEnd = t.date("contract_end", "The end of the contract")
	in.ExtensionMonths, in.LeadMonths = t.count("extension_months", "Extension"), t.count("lead_months", "The time to go live")
	in.CurrentSupplier, in.CurrentPlatform = a["current_supplier"], a["current_platform"]
	in.Musts, in.Shoulds = lines(a["musts"]), lines(a["shoulds"])
	in.Role, in.Notes, in.Sensitive = a["role"], a["notes"], a["sensitive"]
	stands := readStanding(t).standing(t)
	in.Rung, in.ApprovalRef, in.Approved, in.Volume = stands.Rung, stands.Approval, stands.Approved, stands.Volume
	usual := catalogue.DefaultIntentionAudiences()
	audience := func(field string, or catalogue.Audience) catalogue.Audience {
		return catalogue.Audience(cmp.Or(a[field], string(or)))
	}
	in.Visibility = audience("visibility", catalogue.Councils)
	in.Fields = catalogue.IntentionAudiences{Budget: audience("budget_audience", usual.Budget), Supplier: audience("supplier_audience", usual.Supplier),
		Contract: audience("contract_audience", usual.Contract), Musts: audience("musts_audience", usual.Musts)}
	return t
}

// decided is the capability that was confirmed or chosen; empty for none. A guess that was confirmed counts as long as the
// words still say it.
func (a answers) decided(guess string) string {
	switch {
	case a.contradicts():
		return ""
	case a["right"] == "yes" && a["understood"] == guess:
		return guess
	case a["right"] == "yes", a["capability"] == noneFits:
		return ""
	}
	return a["capability"]
}

// answered says that the question what it is for was answered, with none of them or otherwise.
func (a answers) answered(guess string) bool {
	return a.decided(guess) != "" || a["right"] != "yes" && a["capability"] == noneFits
}

// contradicts says that what was read was agreed with, and something else chosen too: without the script both questions
// are in sight.
func (a answers) contradicts() bool {
	return a["right"] == "yes" && a["capability"] != "" && a["capability"] != a["understood"]
}

// settle makes one answer of what was sent about what a need is for: agreeing with what the words say now counts for as
// long as they do, anything else is the council's own word.
func (a answers) settle(guess string) {
	switch {
	case a.contradicts(): // to be asked once more
	case a["right"] == "yes" && a["understood"] == guess:
		a["capability"] = ""
	case a["right"] == "yes":
		a["capability"], a["right"], a["understood"] = a["understood"], "", ""
	default:
		a["understood"] = ""
	}
}

// readCPV reads codes with commas, spaces or lines between them; a check digit may follow each.
func readCPV(text string, t *typed) []string {
	var codes []string
	for _, code := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\t' }) {
		digits, check, _ := strings.Cut(code, "-")
		if len(digits) != 8 || len(check) > 1 || strings.Trim(digits+check, "0123456789") != "" {
			t.fault("cpv", "A CPV code has 8 figures, such as 48440000: check '"+strings.ToValidUTF8(code[:min(len(code), 20)], "")+"'")
			return nil
		}
		codes = append(codes, digits)
	}
	return codes
}

// needStep is one step of saying what a council needs: a page with few questions, and a line in the list of tasks.
type needStep struct {
	slug, task, heading, lead string
	optional                  bool
	fields                    []string // as the rules name them, in the order of the page
	also                      []string // what the page sends beside them
}

// needSteps is the steps in their order.
func needSteps() []needStep {
	return []needStep{
		{slug: "what", task: "What you need", heading: "What do you need?", fields: []string{"title", "description"},
			lead: "Say what you intend to buy before you go to market. Other councils’ needs are compared with these words."},
		{slug: "for", task: "What it is for", heading: "What is it for?", fields: []string{"capability", "purchase", "cpv"}, also: []string{"understood", "right"},
			lead: "Needs are compared by what they are for, however they are worded."},
		{slug: "contract", task: "The contract that ends", heading: "Is there a contract that ends?", optional: true, fields: []string{"contract_end", "extension_months", "lead_months"},
			lead: "From these dates we work out when the tender can start."},
		{slug: "when", task: "When the tender can start", heading: "When can the tender start?", fields: []string{"window_start", "window_end"},
			lead: "Councils can buy together if there are months in which all of them can start."},
		{slug: "value", task: "What it may cost", heading: "What may it cost?", optional: true, fields: []string{"budget_min", "budget_max"}, also: []string{"vat"},
			lead: "What you would spend over the whole term, options and extensions included. A range will do."},
		{slug: "matters", task: "What matters", heading: "What matters?", optional: true, fields: []string{"musts", "shoulds", "current_supplier", "current_platform"},
			lead: "What it must and should have, and what you use now."},
		{slug: "role", task: "Your part, and how far you are", heading: "Your part in a joint buy", optional: true, fields: []string{"role", "rung", "approval_ref", "approved_on", "volume"},
			lead: "Others plan by what you offer to do and by how firm it is."},
		{slug: "audience", task: "Who may see what", heading: "Who may see what?", optional: true,
			fields: []string{"visibility", "budget_audience", "supplier_audience", "contract_audience", "musts_audience", "sensitive", "notes"},
			lead:   "Officers of other councils see a need, and suppliers and the public do not, unless you choose otherwise here."},
	}
}

// needStepBy is a step by the last part of its address; false for none.
func needStepBy(slug string) (needStep, bool) {
	steps := needSteps()
	i := slices.IndexFunc(steps, func(st needStep) bool { return st.slug == slug })
	if i < 0 {
		return needStep{}, false
	}
	return steps[i], true
}

// needStepOf is the step that has a field; the first for a field of none.
func needStepOf(field string) needStep {
	steps := needSteps()
	return steps[max(0, slices.IndexFunc(steps, func(st needStep) bool { return slices.Contains(st.fields, field) }))]
}

// next is the step after this one; false after the last.
func (st needStep) next() (needStep, bool) {
	steps := needSteps()
	i := slices.IndexFunc(steps, func(o needStep) bool { return o.slug == st.slug }) + 1
	if i == len(steps) {
		return needStep{}, false
	}
	return steps[i], true
}

// names is what the page of the step sends: the three parts of a date are three.
func (st needStep) names() []string {
	out := slices.Clone(st.also)
	for _, field := range st.fields {
		out = append(out, inputsOf(field)...)
	}
	return out
}

// inputsOf is the inputs of a field.
func inputsOf(field string) []string {
	switch field {
	case "window_start", "window_end", "contract_end", "approved_on":
		return []string{field + "-day", field + "-month", field + "-year"}
	}
	return []string{field}
}

// sent is what was typed into the page of the step.
func (st needStep) sent(t *typed) answers {
	a := answers{}
	for _, name := range st.names() {
		if text := t.text(name); text != "" || !isAudience(name) { // who may see what never widens because a form came in half
			a[name] = text
		}
	}
	return a
}

// isAudience says that a field tells who may see something.
func isAudience(name string) bool {
	return name == "visibility" || strings.HasSuffix(name, "_audience")
}

// empty says that nothing was typed into a field.
func (a answers) empty(field string) bool {
	return !slices.ContainsFunc(inputsOf(field), func(name string) bool { return a[name] != "" })
}

// begun says that something of the step was answered.
func (st needStep) begun(a answers) bool {
	return slices.ContainsFunc(st.names(), func(name string) bool { return a[name] != "" && name != "vat" })
}

// merged is the answers with those of one step in place of what stood there.
func (a answers) merged(step answers) answers {
	out := answers{}
	for _, from := range []answers{a, step} {
		for field, text := range from {
			out[field] = text
		}
	}
	return out
}
