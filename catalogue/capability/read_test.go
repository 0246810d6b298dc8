package capability_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointly/catalogue/capability"
)

func TestReadTellsTheNeed(t *testing.T) {
	tests := []struct {
		title, description string
		capability, need   string
	}{
		// A finer need is told from the thing it belongs to.
		{"Library management system", "Catalogue and lending for 20 branches", "libraries", ""},
		{"Supply of library books", "Adult and children's stock", "libraries", "libraries/book-stock"},
		{"RFID self-service kiosks for libraries", "", "libraries", "libraries/self-service"},
		{"Legal case management system", "Matters and time recording", "legal-case", ""},
		{"Legal services panel", "Solicitors and barristers for litigation", "legal-case", "legal-case/panel"},
		{"SEND portal", "Families and schools contribute to plans", "education-mgmt", "education-mgmt/send"},
		{"SEND transport", "Taxis for pupils with special needs", "transport", "transport/school"},
		{"Parking enforcement software", "Penalty charge notices and permits", "parking", ""},
		{"Car park construction", "A new multi-storey for the town", "parking", "parking/construction"},
		{"Single person discount review", "Council tax discounts checked against credit data", "revs-bens", "revs-bens/discount-review"},
		// An acronym is read by its company.
		{"LMS for 30 branch libraries", "", "libraries", ""},
		{"LMS with mandatory courses for staff", "", "learning", ""},
		{"SAR tracking", "Requests under data protection law, logged and answered", "crm-case", "crm-case/complaints-foi"},
		{"EMS renewal", "Register of electors and absent votes", "electoral", ""},
		{"EMS renewal", "Admissions and exclusions of pupils", "education-mgmt", ""},
		{"SIMs and handsets", "Data for field staff", "mobile", ""},
		{"SIMS annual licence", "Pupil records in schools", "education-mgmt", "education-mgmt/school-mis"},
		// A renamed product tells what it always told.
		{"Replacement of Northgate iWorld", "Hosted", "revs-bens", ""},
		{"Agresso replacement", "", "finance-erp", ""},
		{"Halarose renewal", "", "electoral", ""},
		// What many services stand on gives way to the service.
		{"Customer relationship management system for leisure", "", "leisure", ""},
	}
	d := load(t)
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			r := d.Read(tt.title, tt.description)
			got, _ := r.Best()
			if got.Capability != tt.capability || got.Need != tt.need {
				t.Errorf("read %s %s, want %s %s; tags %+v", got.Capability, got.Need, tt.capability, tt.need, r.Tags)
			}
		})
	}
}

func TestReadIsNotMisled(t *testing.T) {
	d := load(t)
	for _, tt := range []struct{ name, title, description, not string }{
		{"small letters are no acronym", "Send letters to residents", "", "education-mgmt"},
		{"an interface is not the need", "Waste collection system", "Integrates with our finance ledger, GIS and payroll.", "finance-erp"},
		{"a weak word alone", "Replacement of the register", "", "electoral"},
		{"the portal of the tender", "Leisure management system", "Register on ProContract to download the documents.", "procurement"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if best, _ := d.Read(tt.title, tt.description).Best(); best.Capability == tt.not {
				t.Errorf("read as %+v", best)
			}
		})
	}
	if r := d.Read("", ""); len(r.Tags) != 0 || r.Purchase != "" || len(r.Terms) != 0 {
		t.Errorf("nothing was written, and read was %+v", r)
	}
}

func TestReadKeepsThePhrasesAsWritten(t *testing.T) {
	r := load(t).Read("Council  Tax & NNDR", "council tax billing, Business Rates")
	best, ok := r.Best()
	if !ok {
		t.Fatal("nothing read")
	}
	if want := []string{"Council Tax", "council tax billing", "NNDR", "Business Rates"}; !cmp.Equal(best.Phrases, want) {
		t.Errorf("phrases %q, want %q", best.Phrases, want)
	}
}

func TestReadTellsTheKindOfPurchase(t *testing.T) {
	d := load(t)
	for _, tt := range []struct {
		title, description string
		want               capability.Purchase
	}{
		{"Housing management system", "Rents and tenancies", capability.Software},
		{"Laptop refresh", "1,200 notebooks", capability.Equipment},
		{"ICT agency staff", "Contract developers and architects", capability.People},
		{"Wheeled bins", "Supply of containers", capability.Goods},
		{"Payroll bureau", "A provider that runs the monthly pay", capability.People},
		{"Supply of library books", "", capability.Goods},
		{"", "", ""},
	} {
		if got := d.Read(tt.title, tt.description).Purchase; got != tt.want {
			t.Errorf("%q: %q, want %q", tt.title, got, tt.want)
		}
	}
}

// A system and the people who do the same work differ plainly, whatever words they share.
func TestReadTellsPlainlyWhoOrWhatIsBought(t *testing.T) {
	d := load(t)
	for _, tt := range []struct {
		title, description string
		want               capability.Purchase
		plain              bool
	}{
		{"Food hygiene inspectors", "Qualified officers to inspect overdue premises", capability.People, true},
		{"Food hygiene inspection system", "Officers record visits and ratings on a tablet", capability.Software, true},
		{"Reablement at home", "Carers who visit people leaving hospital", capability.People, true},
		{"Highway inspectors on secondment", "", capability.People, true},
		{"Replacement of laptops", "", capability.Equipment, true},
		{"Laptop replacement", "", capability.Equipment, true},
		{"Supply of tyres for the fleet", "", capability.Goods, true},
		{"Turning letters into community languages", "Software to turn text into Polish", capability.Software, true},
		{"Replace Uniform", "Planning and building control records", capability.Software, false},
	} {
		r := d.Read(tt.title, tt.description)
		if r.Purchase != tt.want || r.Plain != tt.plain {
			t.Errorf("%q: %q, plainly %v, want %q, %v", tt.title, r.Purchase, r.Plain, tt.want, tt.plain)
		}
	}
	// Who is helped to work is not bought.
	for _, description := range []string{"Help officers to record visits", "Enable carers to see their rota", "Nurses record visits"} {
		if r := d.Read("Visits", description); r.Purchase == capability.People {
			t.Errorf("%q buys people", description)
		}
	}
}

func TestTerms(t *testing.T) {
	got := capability.Terms("The councils' libraries & 24 branches: book-lending, bookings, taxis, taxes (2027), children’s GIS")
	want := []string{"council", "library", "24", "branch", "book", "lending", "booking", "taxi", "tax", "children", "gis"}
	if !cmp.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	r := load(t).Read("Parking permits", "Parking for residents")
	if want := []string{"parking", "permit", "parking", "resident"}; !cmp.Equal(r.Terms, want) {
		t.Errorf("terms of a reading %q, want %q", r.Terms, want)
	}
}

func TestCosine(t *testing.T) {
	d := load(t)
	core := d.Read("Revenues and benefits system", "Council tax, business rates and housing benefit")
	same := d.Read("Local taxation platform", "NNDR and council tax reduction, cloud hosted")
	finer := d.Read("Single person discount review", "Credit reference data against council tax records")
	other := d.Read("Library management system", "Lending and catalogue")
	if got := capability.Cosine(core, same); got < 0.75 {
		t.Errorf("the same need in other words: %.2f, want at least 0.75", got)
	}
	if got := capability.Cosine(core, finer); got <= 0 || got >= 0.75 {
		t.Errorf("a finer need of the same capability: %.2f, want more than 0 and less than 0.75", got)
	}
	if got := capability.Cosine(core, other); got != 0 {
		t.Errorf("another need: %.2f, want 0", got)
	}
	if got := capability.Cosine(d.Read("", ""), core); got != 0 {
		t.Errorf("nothing read: %.2f, want 0", got)
	}
}

func TestCosineHolds(t *testing.T) {
	d := load(t)
	rows := table(t, "testdata/sentences.csv")
	rapid.Check(t, func(t *rapid.T) {
		read := func(label string) capability.Reading {
			row := rapid.SampledFrom(rows).Draw(t, label)
			more := rapid.SampledFrom(rows).Draw(t, label+" and")
			return d.Read(row["title"], row["description"]+" "+more["title"])
		}
		a, b := read("a"), read("b")
		x, y := capability.Cosine(a, b), capability.Cosine(b, a)
		if x != y || x < 0 || x > 1 {
			t.Fatalf("cosines %v and %v", x, y)
		}
		if self := capability.Cosine(a, a); self < 0.999 {
			t.Fatalf("a reading is like itself by %v", self)
		}
	})
}

func TestConfirmedCapabilityBeatsTheGuess(t *testing.T) {
	d := load(t)
	guess := d.Read("Customer portal", "Council tax balances and reported issues")
	confirmed := d.Confirm(guess, "revs-bens")
	if best, _ := confirmed.Best(); best.Capability != "revs-bens" || !slices.Contains(best.Phrases, "Council tax") {
		t.Errorf("confirmed %+v", confirmed.Tags)
	}
	if best, _ := guess.Best(); best.Capability != "eforms-portal" {
		t.Errorf("the guess has changed: %+v", guess.Tags)
	}
	silent := d.Confirm(d.Read("Renewal", ""), "waste")
	if best, ok := silent.Best(); !ok || best.Capability != "waste" {
		t.Errorf("confirmed without words: %+v", silent.Tags)
	}
	if got := capability.Cosine(confirmed, d.Confirm(guess, "eforms-portal")); got != 0 {
		t.Errorf("two confirmed capabilities are alike by %v", got)
	}
	if got := d.Confirm(guess, "zoo"); !reflect.DeepEqual(got.Tags, guess.Tags) {
		t.Error("an unknown capability changed the reading")
	}
}

func TestReadIsTheSameEveryTime(t *testing.T) {
	d, again := load(t), load(t)
	for _, row := range table(t, "testdata/sentences.csv") {
		a := d.Read(row["title"], row["description"])
		b := again.Read(row["title"], row["description"])
		if !reflect.DeepEqual(a.Tags, b.Tags) || a.Purchase != b.Purchase {
			t.Fatalf("%q was read as %+v and as %+v", row["title"], a, b)
		}
	}
}

func TestReadHasABound(t *testing.T) {
	d := load(t)
	long := strings.Repeat("council tax, NNDR and x’y'z "+"\xff\xfe ", 400_000) // about 12 MB
	r := d.Read(long, long)
	if best, _ := r.Best(); best.Capability != "revs-bens" {
		t.Errorf("read %+v", best)
	}
	if len(r.Terms) > 100_000 {
		t.Errorf("%d terms kept", len(r.Terms))
	}
	d.Understand(long)
}
