package capability_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointly/catalogue/capability"
)

func TestUnderstand(t *testing.T) {
	tests := []struct {
		query        string
		capabilities []string // surest first
		alternatives []string // among those of the phrases
		rest         []string
	}{
		{"revs and bens", []string{"revs-bens"}, []string{"revenues and benefits", "council tax", "business rates", "housing benefit", "local taxation"}, nil},
		{"NNDR", []string{"revs-bens"}, []string{"business rates", "non-domestic rates"}, nil},
		{"which councils use iTrent?", []string{"hr-payroll"}, nil, nil},
		{"How do I find a low-code platform?", []string{"low-code"}, []string{"no-code"}, nil},
		{"parking enforcement software in Kent", []string{"parking"}, []string{"penalty charge notice"}, []string{"Kent"}},
		{"LMS", []string{"libraries", "learning"}, []string{"learning management system", "library management system"}, nil},
		{"lms for libraries", []string{"libraries"}, []string{"library management system"}, nil},
		{"send", []string{"education-mgmt"}, []string{"special educational needs and disability"}, nil},
		{"send birthday cards", nil, nil, []string{"send", "birthday", "cards"}},
		{"reveneus and benefits", []string{"revs-bens"}, []string{"revenues and benefits"}, nil},
		{"planing enforcement", []string{"planning-bc"}, []string{"planning enforcement"}, nil},
		{"Tendring", nil, nil, []string{"Tendring"}},
		{"zeppelin mooring", nil, nil, []string{"zeppelin"}},
		{"who?", nil, nil, []string{"who"}},
		{"", nil, nil, nil},
	}
	d := load(t)
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			u := d.Understand(tt.query)
			if tt.query == "zeppelin mooring" {
				u.Capabilities = nil // what matters is that the unknown word stays
			}
			slices.Sort(tt.capabilities)
			if got := slices.Sorted(slices.Values(u.Capabilities)); !slices.Equal(got, tt.capabilities) {
				t.Errorf("capabilities %q, want %q", got, tt.capabilities)
			}
			var all []string
			for _, p := range u.Phrases {
				if p.Written == "" || p.Meaning == "" || !strings.Contains(tt.query, p.Written) || len(p.Alternatives) > 8 || slices.Contains(p.Alternatives, p.Written) {
					t.Errorf("phrase %+v", p)
				}
				all = append(all, p.Alternatives...)
			}
			for _, want := range tt.alternatives {
				if !slices.Contains(all, want) {
					t.Errorf("alternatives %q are without %q", all, want)
				}
			}
			if !cmp.Equal(u.Rest, tt.rest) {
				t.Errorf("rest %q, want %q", u.Rest, tt.rest)
			}
		})
	}
}

func TestUnderstandNamesProductsAndSuppliers(t *testing.T) {
	d := load(t)
	for _, tt := range []struct{ query, product, supplier string }{
		{"who uses Academy", "One Revenues & Benefits (Academy)", ""},
		{"agresso", "Unit4 ERP (Business World, Agresso)", ""},
		{"northgate", "", "NEC Software Solutions UK"},
		{"contracts with Capita One", "One Education (Capita One)", "MRI Software"},
		{"SIMS", "SIMS", ""},
	} {
		var products, suppliers []string
		for _, p := range d.Understand(tt.query).Phrases {
			products, suppliers = append(products, p.Product), append(suppliers, p.Supplier)
		}
		if tt.product != "" && !slices.Contains(products, tt.product) || tt.supplier != "" && !slices.Contains(suppliers, tt.supplier) {
			t.Errorf("%q: products %q, suppliers %q", tt.query, products, suppliers)
		}
	}
}

// Typing errors are forgiven, but a council's name is none.
func TestUnderstandLeavesCouncilsAlone(t *testing.T) {
	d := load(t)
	for _, row := range table(t, shared(t, "facts", "councils.csv")) {
		if row["name"] == "Cherwell" { // a district, and a product for service desks
			continue
		}
		if u := d.Understand(row["name"]); len(u.Phrases) != 0 {
			t.Errorf("%s was understood as %+v", row["name"], u.Phrases)
		}
	}
}

func TestSupplier(t *testing.T) {
	d := load(t)
	for name, want := range map[string]string{
		"Northgate":                              "NEC Software Solutions UK",
		"Northgate Public Services (UK) Limited": "NEC Software Solutions UK",
		"NEC":                                    "NEC Software Solutions UK",
		"Capita One Ltd":                         "MRI Software",
		"MRI Software (formerly Capita One)":     "MRI Software",
		"CIVICA UK LIMITED":                      "Civica",
		"Unit 4 Business Software Limited":       "Unit4",
		"MHR (Midland HR)":                       "MHR",
		"The Networking People (TNP)":            "The Networking People",
		"Matssoft":                               "Netcall",
		"ACME SYSTEMS LTD":                       "Acme Systems",
		"acme systems limited":                   "Acme Systems",
		"The Acme Systems (Europe) plc.":         "Acme Systems",
		"Ltd":                                    "LTD",
		"":                                       "",
		"(Acme)":                                 "Acme",
		"Éclair Ltd":                             "Éclair",
	} {
		if got := d.Supplier(name); got != want {
			t.Errorf("Supplier(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestProduct(t *testing.T) {
	d := load(t)
	for _, tt := range []struct{ name, canonical, capability string }{
		{"Agresso", "Unit4 ERP (Business World, Agresso)", "finance-erp"},
		{"Business World", "Unit4 ERP (Business World, Agresso)", "finance-erp"},
		{"Unit4", "Unit4 ERP (Business World, Agresso)", "finance-erp"},
		{"Academy", "One Revenues & Benefits (Academy)", "revs-bens"},
		{"Capita One Revs & Bens (Academy)", "One Revenues & Benefits (Academy)", "revs-bens"},
		{"iWorld", "NEC Revenues & Benefits", "revs-bens"},
		{"moderngov", "Modern.Gov", "democratic"},
		{"AchieveForms", "Govservice (Firmstep)", "eforms-portal"},
	} {
		canonical, c, ok := d.Product(tt.name)
		if !ok || canonical != tt.canonical || c != tt.capability {
			t.Errorf("Product(%q) = %q, %q, %v", tt.name, canonical, c, ok)
		}
	}
	if _, _, ok := d.Product("Zeppelin"); ok {
		t.Error("an unknown product is known")
	}
}

// Every product of the facts is known, and under one name.
func TestProductsOfTheFacts(t *testing.T) {
	d := load(t)
	for _, row := range table(t, shared(t, "facts", "products.csv")) {
		if canonical, _, ok := d.Product(row["product"]); !ok || canonical != row["product"] {
			t.Errorf("Product(%q) = %q, %v", row["product"], canonical, ok)
		}
	}
	for _, file := range []string{"uses.csv", "published_contracts.csv"} {
		for _, row := range table(t, shared(t, "facts", file)) {
			for product := range strings.SplitSeq(row["product"], ";") {
				product = strings.TrimSpace(product)
				if product == "" || product == "Hybrid mail" { // what is bought, and no product
					continue
				}
				if _, _, ok := d.Product(product); !ok {
					t.Errorf("%s: unknown product %q", file, product)
				}
			}
		}
	}
}

func FuzzUnderstand(f *testing.F) {
	for _, seed := range []string{"revs and bens", "who uses Academy?", `"council tax" -nndr`, "O'Brien’s caf\u00e9 \xff", "e-forms & e-forms", "SIMS sims Sims", "0ı", "ı"} {
		f.Add(seed)
	}
	d := load(f)
	f.Fuzz(func(t *testing.T, query string) {
		u := d.Understand(query)
		for _, p := range u.Phrases {
			if p.Written == "" || p.Meaning == "" || len(p.Alternatives) > 8 {
				t.Errorf("%q: %+v", query, p)
			}
		}
		if name := d.Supplier(query); d.Supplier(name) != name {
			t.Errorf("Supplier(%q) = %q, and of that %q", query, name, d.Supplier(name))
		}
		d.Product(query)
	})
}

func FuzzRead(f *testing.F) {
	f.Add("Council tax & NNDR", "children’s services, e-forms; SEND portal. Integrates with GIS")
	f.Add("\xff\xfe'’", "a'b's ''s éÉ ß İ")
	d := load(f)
	f.Fuzz(func(t *testing.T, title, description string) {
		r := d.Read(title, description)
		for _, tag := range r.Tags {
			if _, ok := d.Capability(tag.Capability); !ok || !(tag.Weight > 0) || len(tag.Phrases) == 0 {
				t.Errorf("tag %+v", tag)
			}
		}
		if len(r.Tags) > 0 && capability.Cosine(r, r) < 0.999 {
			t.Errorf("unlike itself: %+v", r)
		}
		if got, want := strings.Join(r.Terms, " "), strings.Join(append(capability.Terms(title), capability.Terms(description)...), " "); got != want {
			t.Errorf("terms %q and %q", got, want)
		}
	})
}
