package exchange_test

import (
	"strings"
	"testing"

	"jointly/catalogue"
)

func TestARegisterKnowsTheContractOfANotice(t *testing.T) {
	c := opened(t)
	r := reader(c)
	notices(t, c, r, "", aPackage(aRelease("2025-01-01T10:00:00Z", "award", tenderPart+","+awardPart)))
	r.Council = birmingham
	file := "Ref,Title,Supplier,Start,End,Value\nR1,Parking,Other Ltd,2025,2026,5\nR2,Case management system,Civica,1/4/2025,31/3/2028,\"£450,000\"\n"
	f, err := r.ContractsFile(strings.NewReader(file), nil, nil)
	if err != nil || len(f.Errors) > 0 {
		t.Fatal(err, f.Errors)
	}
	if len(f.Alike) != 1 || f.Alike[0].Item != 1 || f.Alike[0].Other.Ref != ocid || f.Alike[0].Sure != catalogue.Likely {
		t.Fatalf("alike: %+v", f.Alike)
	}
	w := f.Warnings[len(f.Warnings)-1]
	if w.Row != 3 || w.Column != "Title" || !strings.Contains(w.Message, "the notice "+ocid) || !strings.Contains(w.Message, "same supplier") {
		t.Errorf("the warning is %+v", w)
	}
	if report := stored(t, c, f); len(report.Errors) > 0 || report.Created == 0 {
		t.Fatalf("%+v", report)
	}
	if f, err = r.ContractsFile(strings.NewReader(file), nil, nil); err != nil || len(f.Alike) > 0 {
		t.Errorf("once both are there, the file is about its own: %+v", f.Alike)
	}
}

func TestAnotherRegisterKeepsWhatItHasNoColumnFor(t *testing.T) {
	c := opened(t)
	r := reader(c)
	r.Council, r.Held = birmingham, heldBy(t, c)
	for _, file := range []string{"Ref,Title,Supplier,End,Product,Value\nR1,Payroll,Zellis,2027,ResourceLink,5000\n", "Ref,Title,End\nR1,Payroll service,2028\n"} {
		f, err := r.ContractsFile(strings.NewReader(file), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if report := stored(t, c, f); len(report.Errors) > 0 {
			t.Fatal(report.Errors)
		}
	}
	k := heldContract(t, c, birmingham, "R1")
	if k.Title != "Payroll service" || k.End.String() != "2028" || k.Supplier != "Zellis" || k.Product != "ResourceLink" || k.Value != 5000 {
		t.Errorf("%+v", k)
	}
}
