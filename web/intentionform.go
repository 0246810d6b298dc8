package web

import (
	"cmp"
	"strconv"
	"strings"

	"jointly/catalogue"
)

// intentionForm is an intention as somebody types it: texts only, so that what cannot be read is kept as it is. Two
// forms that say the same are equal.
type intentionForm struct {
	Title, Description string
	Understood         string // the capability that the form asked about
	Right              string // yes or no: whether that is right
	Capability         string // what was chosen instead; none: nothing fits
	Purchase, CPV      string
	BudgetMin          string
	BudgetMax          string
	WindowStart        typedDate
	WindowEnd          typedDate
	ContractEnd        typedDate
	ExtensionMonths    string
	LeadMonths         string
	Supplier, Platform string
	Musts              string // one a line
	Role               string
	Visibility         string
	BudgetAudience     string
	SupplierAudience   string
	ContractAudience   string
	MustsAudience      string
	Notes              string
	Sensitive          string
}

// noneFits is the choice that no capability fits.
const noneFits = "none"

// readIntentionForm takes over what was sent. Who may see what is never left open.
func readIntentionForm(t *typed) intentionForm {
	usual := catalogue.DefaultIntentionAudiences()
	return intentionForm{
		Title: t.text("title"), Description: t.text("description"),
		Understood: t.text("understood"), Right: t.text("right"), Capability: t.text("capability"),
		Purchase: t.text("purchase"), CPV: t.text("cpv"), BudgetMin: t.text("budget_min"), BudgetMax: t.text("budget_max"),
		WindowStart: t.dateParts("window_start"), WindowEnd: t.dateParts("window_end"), ContractEnd: t.dateParts("contract_end"),
		ExtensionMonths: t.text("extension_months"), LeadMonths: t.text("lead_months"),
		Supplier: t.text("current_supplier"), Platform: t.text("current_platform"), Musts: t.text("musts"), Role: t.text("role"),
		Visibility:       cmp.Or(t.text("visibility"), string(catalogue.Councils)),
		BudgetAudience:   cmp.Or(t.text("budget_audience"), string(usual.Budget)),
		SupplierAudience: cmp.Or(t.text("supplier_audience"), string(usual.Supplier)),
		ContractAudience: cmp.Or(t.text("contract_audience"), string(usual.Contract)),
		MustsAudience:    cmp.Or(t.text("musts_audience"), string(usual.Musts)),
		Notes:            t.text("notes"), Sensitive: t.text("sensitive"),
	}
}

// formOf is an intention as somebody would type it.
func formOf(in *catalogue.Intention) intentionForm {
	return intentionForm{
		Title: in.Title, Description: in.Description, Capability: in.Capability, Purchase: in.Purchase, CPV: strings.Join(in.CPV, ", "),
		BudgetMin: poundsTyped(in.Budget.Min), BudgetMax: poundsTyped(in.Budget.Max),
		WindowStart: typedOf(in.WindowStart), WindowEnd: typedOf(in.WindowEnd), ContractEnd: typedOf(in.ContractEnd),
		ExtensionMonths: countTyped(in.ExtensionMonths), LeadMonths: countTyped(in.LeadMonths),
		Supplier: in.CurrentSupplier, Platform: in.CurrentPlatform, Musts: strings.Join(in.Musts, "\n"), Role: in.Role,
		Visibility: string(in.Visibility), BudgetAudience: string(in.Fields.Budget), SupplierAudience: string(in.Fields.Supplier),
		ContractAudience: string(in.Fields.Contract), MustsAudience: string(in.Fields.Musts), Notes: in.Notes, Sensitive: in.Sensitive,
	}
}

func poundsTyped(value float64) string {
	if value == 0 {
		return ""
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

func countTyped(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// fill puts what was typed into an intention, and collects what could not be read. What the form does not hold stays.
func (f intentionForm) fill(in *catalogue.Intention, t *typed) {
	before := in.Capability
	in.Title, in.Description = f.Title, f.Description
	in.Capability = f.answer()
	if in.Capability != before {
		in.Area = "" // that of the capability
	}
	in.Purchase, in.CPV = f.Purchase, readCPV(f.CPV, t)
	in.Budget = catalogue.Money{Min: t.amount("budget_min", "Lowest budget"), Max: t.amount("budget_max", "Highest budget")}
	in.WindowStart = t.date("window_start", "The earliest date")
	in.WindowEnd = t.date("window_end", "The latest date")
	in.ContractEnd = t.date("contract_end", "The end of the contract")
	in.ExtensionMonths, in.LeadMonths = t.count("extension_months", "Extension"), t.count("lead_months", "The time to go live")
	in.CurrentSupplier, in.CurrentPlatform = f.Supplier, f.Platform
	in.Musts, in.Role, in.Notes, in.Sensitive = lines(f.Musts), f.Role, f.Notes, f.Sensitive
	in.Visibility = catalogue.Audience(f.Visibility)
	in.Fields = catalogue.IntentionAudiences{Budget: catalogue.Audience(f.BudgetAudience), Supplier: catalogue.Audience(f.SupplierAudience),
		Contract: catalogue.Audience(f.ContractAudience), Musts: catalogue.Audience(f.MustsAudience)}
}

// answer is the capability that was confirmed or chosen; empty for none.
func (f intentionForm) answer() string {
	switch {
	case f.Right == "yes":
		return f.Understood
	case f.Capability == noneFits:
		return ""
	}
	return f.Capability
}

// answered says that the question what it is for was answered, with none of them or otherwise.
func (f intentionForm) answered() bool {
	return f.Right == "yes" && f.Understood != "" || f.Right != "yes" && f.Capability != ""
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

// said lists what a form says, line by line, for showing two versions beside each other.
func (f intentionForm) said() [][2]string {
	date := func(d typedDate) string {
		return strings.TrimSpace(strings.Join([]string{d.Day, d.Month, d.Year}, " "))
	}
	return [][2]string{
		{"Title", f.Title}, {"Description", f.Description}, {"What it is for", f.answer()}, {"Kind of purchase", f.Purchase}, {"CPV codes", f.CPV},
		{"Lowest budget", f.BudgetMin}, {"Highest budget", f.BudgetMax}, {"Earliest start", date(f.WindowStart)}, {"Latest start", date(f.WindowEnd)},
		{"Contract ends", date(f.ContractEnd)}, {"Extension", f.ExtensionMonths}, {"From tender to going live", f.LeadMonths},
		{"Supplier now", f.Supplier}, {"Platform now", f.Platform}, {"Musts", strings.Join(lines(f.Musts), "; ")}, {"In a joint buy", f.Role}, {"Who can see it", f.Visibility},
		{"Who can see the budget", f.BudgetAudience}, {"Who can see the supplier", f.SupplierAudience},
		{"Who can see the contract’s dates", f.ContractAudience}, {"Who can see the musts", f.MustsAudience}, {"Commercially sensitive, because", f.Sensitive}, {"Your own notes", f.Notes},
	}
}
