package exchange

import (
	"io"

	"jointly/catalogue"
)

// Intentions reads intentions from JSON lines.
func (r *Reader) Intentions(in io.Reader) (*File, error) {
	f := &File{}
	refs := unique{}
	err := f.eachLine(in, func(l *line) {
		i := &catalogue.Intention{
			Meta:            catalogue.Meta{Ref: l.required("ref")},
			Council:         l.council(r),
			Title:           l.required("title"),
			Description:     l.text("description"),
			Area:            l.text("area"),
			Capability:      l.capability(r, "capability", l.text("capability")),
			Purchase:        l.text("purchase"),
			CPV:             l.cpv(r),
			Budget:          catalogue.Money{Min: l.amount("budget_min"), Max: l.amount("budget_max")},
			WindowStart:     l.date("window_start"),
			WindowEnd:       l.date("window_end"),
			ContractEnd:     l.date("contract_end"),
			ExtensionMonths: l.months("extension_months"),
			LeadMonths:      l.months("lead_months"),
			CurrentSupplier: l.text("current_supplier"),
			CurrentPlatform: l.text("current_platform"),
			Musts:           l.texts("musts"),
			Role:            l.text("role"),
			Visibility:      catalogue.Audience(l.text("visibility")),
			Withdrawn:       l.text("withdrawn"),
			Sensitive:       l.text("sensitive"),
			Fields: catalogue.IntentionAudiences{Budget: l.audience("budget_audience"), Supplier: l.audience("supplier_audience"),
				Contract: l.audience("contract_audience"), Musts: l.audience("musts_audience")},
		}
		l.raw("demonstration") // exports say it; the code says it again
		if _, ok := r.Dictionary.Area(i.Area); i.Area != "" && !ok {
			f.warn(l.row, "area", "Unknown area "+short(i.Area)+": left blank")
			i.Area = ""
		}
		switch i.Purchase {
		case "", "software", "equipment", "people", "goods":
		default:
			f.warn(l.row, "purchase", "Unknown kind of purchase "+short(i.Purchase)+": left blank. Use software, equipment, people or goods")
			i.Purchase = ""
		}
		switch i.Role {
		case "", catalogue.RoleWouldLead, catalogue.RoleWouldContribute, catalogue.RoleWouldFollow:
		default:
			f.warn(l.row, "role", "Unknown role "+short(i.Role)+": left blank. Use lead, contribute or follow")
			i.Role = ""
		}
		if i.Budget.Max == 0 && i.Budget.Min > 0 {
			i.Budget.Max = i.Budget.Min
		}
		if i.Visibility == "" {
			i.Visibility = catalogue.Councils
		}
		refs.check(l, i.Council, i.Ref)
		if !l.failed {
			f.add(l.row, i)
		}
	})
	return f, err
}

type intentionLine struct {
	Ref             string             `json:"ref"`
	Council         string             `json:"council"`
	Title           string             `json:"title"`
	Description     string             `json:"description"`
	Area            string             `json:"area"`
	Capability      string             `json:"capability,omitempty"`
	Purchase        string             `json:"purchase,omitempty"`
	CPV             []string           `json:"cpv"`
	BudgetMin       float64            `json:"budget_min"`
	BudgetMax       float64            `json:"budget_max"`
	WindowStart     catalogue.Date     `json:"window_start"`
	WindowEnd       catalogue.Date     `json:"window_end"`
	ContractEnd     catalogue.Date     `json:"contract_end"`
	ExtensionMonths int                `json:"extension_months,omitempty"`
	LeadMonths      int                `json:"lead_months,omitempty"`
	CurrentSupplier string             `json:"current_supplier"`
	CurrentPlatform string             `json:"current_platform,omitempty"`
	Musts           []string           `json:"musts,omitempty"`
	Role            string             `json:"role,omitempty"`
	Visibility      catalogue.Audience `json:"visibility"`
	BudgetFor       catalogue.Audience `json:"budget_audience,omitempty"` // who may see single fields, where not the default
	SupplierFor     catalogue.Audience `json:"supplier_audience,omitempty"`
	ContractFor     catalogue.Audience `json:"contract_audience,omitempty"`
	MustsFor        catalogue.Audience `json:"musts_audience,omitempty"`
	Withdrawn       string             `json:"withdrawn,omitempty"`
	Sensitive       string             `json:"sensitive,omitempty"` // why it is commercially sensitive
	Demonstration   bool               `json:"demonstration,omitempty"`
}

func intentionOut(i *catalogue.Intention) intentionLine {
	def := catalogue.DefaultIntentionAudiences()
	return intentionLine{
		Ref: refOf(i), Council: i.Council, Title: i.Title, Description: i.Description, Area: i.Area, Capability: i.Capability,
		Purchase: i.Purchase, CPV: list(i.CPV), BudgetMin: i.Budget.Min, BudgetMax: i.Budget.Max, WindowStart: i.WindowStart,
		WindowEnd: i.WindowEnd, ContractEnd: i.ContractEnd, ExtensionMonths: i.ExtensionMonths, LeadMonths: i.LeadMonths,
		CurrentSupplier: i.CurrentSupplier, CurrentPlatform: i.CurrentPlatform, Musts: i.Musts, Role: i.Role,
		Visibility: i.Visibility, BudgetFor: unless(def.Budget, i.Fields.Budget), SupplierFor: unless(def.Supplier, i.Fields.Supplier),
		ContractFor: unless(def.Contract, i.Fields.Contract), MustsFor: unless(def.Musts, i.Fields.Musts), Withdrawn: i.Withdrawn,
		Sensitive:     i.Sensitive,
		Demonstration: i.Demonstration,
	}
}

// unless is an audience that is not the default.
func unless(def, a catalogue.Audience) catalogue.Audience {
	if a == def {
		return ""
	}
	return a
}

func (l *line) audience(name string) catalogue.Audience { return catalogue.Audience(l.text(name)) }

// refOf is a record's reference, or its ID where it has none, so that an export can be imported.
func refOf(item catalogue.Item) string {
	m := catalogue.MetaOf(item)
	if m.Ref != "" {
		return m.Ref
	}
	return m.ID
}

// list is never null in JSON.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
