package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/capability"
)

// aContract is a contract of Birmingham's, for parking permits from Civica, as a register has it.
func aContract(change func(*catalogue.Contract)) *catalogue.Contract {
	c := &catalogue.Contract{Meta: catalogue.Meta{Ref: "DN123456"}, Council: birmingham, Title: "Revenues and benefits system", Supplier: "Civica UK Ltd", Value: 450000,
		Start: catalogue.MustDate("2025-04-01"), End: catalogue.MustDate("2028-03-31"), Stage: catalogue.StageAwarded}
	if change != nil {
		change(c)
	}
	return c
}

func TestTheSameContractIsRecognised(t *testing.T) {
	dict := must[*capability.Dictionary](t)(capability.Load())
	const ocid = "ocds-b5fd17-838b43fc-bd8f-46f7-87e3-9dc251d87264"
	notice := func(change func(*catalogue.Contract)) *catalogue.Contract {
		return aContract(func(c *catalogue.Contract) {
			c.Ref, c.Title, c.Supplier, c.Value = ocid, "Provision of a Revenues & Benefits System", "CIVICA UK LIMITED", 451000
			change(c)
		})
	}
	for name, c := range map[string]struct {
		register, notice func(*catalogue.Contract)
		want             catalogue.Sureness
		because          string
	}{
		"the OCID named":      {func(c *catalogue.Contract) { c.Source.Reference, c.Title = ocid, "R&B" }, func(*catalogue.Contract) {}, catalogue.Certain, ocid},
		"one OCID, two deals": {func(c *catalogue.Contract) { c.Source.Reference, c.Supplier = ocid, "Capita One" }, func(*catalogue.Contract) {}, catalogue.Possible, ocid},
		"the reference named": {nil, func(c *catalogue.Contract) { c.Source.Note = "Reference: DN123456" }, catalogue.Certain, "DN123456"},
		"all that can agree":  {nil, func(*catalogue.Contract) {}, catalogue.Likely, "same supplier"},
		"a renamed supplier":  {func(c *catalogue.Contract) { c.Supplier = "Northgate Public Services" }, func(c *catalogue.Contract) { c.Supplier = "NEC Software Solutions UK Limited" }, catalogue.Likely, "same supplier"},
		"a bought supplier":   {func(c *catalogue.Contract) { c.Supplier = "Capita One" }, func(c *catalogue.Contract) { c.Supplier = "MRI Software Limited" }, catalogue.Likely, "same supplier"},
		"a trading name":      {func(c *catalogue.Contract) { c.Supplier = "Something Ltd t/a Civica" }, func(*catalogue.Contract) {}, catalogue.Likely, "same supplier"},
		"one of several":      {nil, func(c *catalogue.Contract) { c.Supplier = "Example Ltd; Civica" }, catalogue.Likely, "same supplier"},
		"no supplier stated":  {func(c *catalogue.Contract) { c.Supplier = "" }, func(*catalogue.Contract) {}, catalogue.Possible, "titles alike"},
		"another supplier":    {func(c *catalogue.Contract) { c.Supplier = "Capita One" }, func(*catalogue.Contract) {}, catalogue.Unlike, ""},
		"another council":     {func(c *catalogue.Contract) { c.Council = "E08000035" }, func(*catalogue.Contract) {}, catalogue.Unlike, ""},
		"another purchase": {func(c *catalogue.Contract) {
			c.Title, c.Value, c.End = "Library self-service", 20000, catalogue.MustDate("2030")
		}, func(*catalogue.Contract) {}, catalogue.Unlike, ""},
		"the one before it": {func(c *catalogue.Contract) {
			c.Start, c.End, c.Value = catalogue.MustDate("2018-04-01"), catalogue.MustDate("2025-03-31"), 50000
		}, func(*catalogue.Contract) {}, catalogue.Unlike, ""},
		"nothing but the name": {func(c *catalogue.Contract) { c.Start, c.End, c.Value = catalogue.Date{}, catalogue.Date{}, 0 }, func(*catalogue.Contract) {}, catalogue.Possible, "titles alike"},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := aContract(c.register), notice(c.notice)
			got := catalogue.SameContract(dict, a, b)
			if got.Sure != c.want || !strings.Contains(strings.Join(got.Reasons, ", "), c.because) {
				t.Errorf("%s because %q, want %s because %q", got.Sure, got.Reasons, c.want, c.because)
			}
			if back := catalogue.SameContract(dict, b, a); back.Sure != got.Sure {
				t.Errorf("the other way round it is %s", back.Sure)
			}
		})
	}
}

func TestSupplierNames(t *testing.T) {
	for text, want := range map[string][]string{
		"A Ltd; B Ltd": {"A Ltd", "B Ltd"}, "A Ltd, B Limited": {"A Ltd", "B Limited"}, "Capita / OneAdvanced": {"Capita", "OneAdvanced"}, "FISHER SCIENTIFIC U.K., LIMITED": {"FISHER SCIENTIFIC U.K., LIMITED"},
		"Smith, Jones and Partners": {"Smith, Jones and Partners"}, "A Ltd;": {"A Ltd"}, "": nil, " ; ": nil, "N/A": {"N/A"},
	} {
		if got := catalogue.SupplierNames(text); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

func TestSeveralSuppliersMakeNoSupplierOfTheirOwn(t *testing.T) {
	c := opened(t)
	imports(t, c, aContract(func(k *catalogue.Contract) { k.Supplier, k.Audience = "Civica UK Ltd; Example Ltd", catalogue.Public }))
	if n := count(t, c, catalogue.KindSupplier); n != 1 {
		t.Errorf("%d suppliers", n)
	}
	k := must[[]*catalogue.Contract](t)(c.CouncilContracts(t.Context(), catalogue.Anonymous(), birmingham))[0]
	if k.SupplierID != "civica" || k.Supplier != "Civica UK Ltd; Example Ltd" {
		t.Errorf("listed under %s, written %s", k.SupplierID, k.Supplier)
	}
}
