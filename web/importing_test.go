package web

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jointly/catalogue"
)

// importing lets the site import for as long as the test lasts.
func (w *world) importing() {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Imports.Run(ctx) }()
	w.t.Cleanup(func() { stop(); must(w.t, <-ended) })
}

// brings uploads a file as a browser does.
func (b *browser) brings(field, name string, content []byte) *page {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, name)
	must(b.t, err)
	_, err = part.Write(content)
	must(b.t, err)
	must(b.t, form.Close())
	request := httptest.NewRequest(http.MethodPost, "/estate/import", &body)
	request.Host = "localhost"
	request.Header.Set("Content-Type", form.FormDataContentType())
	for _, c := range b.cookies {
		request.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	b.handler.ServeHTTP(answer, request)
	b.keep(answer)
	return newPage(b.t, "POST a file", answer)
}

// looked takes an upload to the page that says what it would do, with the columns as they are recognised.
func (b *browser) looked(file string) (address string, p *page) {
	b.t.Helper()
	columns := b.brings("register", "register.csv", []byte(file)).is(http.StatusSeeOther).location()
	address = strings.TrimSuffix(columns, "/columns")
	check := b.post(columns, b.get(columns).is(http.StatusOK).form(columns)).is(http.StatusSeeOther).location()
	return address, b.get(check).is(http.StatusOK)
}

// imports asks for an import and waits until it has ended.
func (b *browser) imports(address string, form url.Values) *page {
	b.t.Helper()
	if to := b.post(address+"/import", form).is(http.StatusSeeOther).location(); to != address {
		b.t.Fatalf("it leads to %s", to)
	}
	b.ended(address)
	return b.get(address).is(http.StatusOK)
}

func (b *browser) ended(address string) {
	b.t.Helper()
	u, err := b.Imports.byID(strings.TrimPrefix(address, "/estate/import/"))
	must(b.t, err)
	<-u.run.ended
}

// registerRows is a register of n contracts; some rows may be spoilt.
func registerRows(n int, spoil map[int]string) string {
	var b strings.Builder
	b.WriteString("Contract Reference,Title,Supplier name,Start,End date,Contract value,Colour\n")
	for i := 1; i <= n; i++ {
		if row, ok := spoil[i+1]; ok {
			b.WriteString(row + "\n")
			continue
		}
		fmt.Fprintf(&b, "R-%04d,Line of business system %d,Supplier %d Ltd,01/04/2024,31/03/2028,%d,blue\n", i, i, i%20, 1000*i)
	}
	return b.String()
}

func (w *world) contracts(of string) (all []*catalogue.Contract) {
	w.t.Helper()
	all, err := w.Catalogue.CouncilContracts(w.t.Context(), catalogue.Operator("test"), of)
	must(w.t, err)
	return all
}

func TestARegisterComesIn(t *testing.T) {
	w := councilsWorld(t)
	w.importing()
	b := w.officer(ambleford, catalogue.RoleContributor)
	b.get("/estate/import").is(http.StatusOK).has(".jy-empty", "None yet")

	spoilt := registerRows(300, map[int]string{
		5:   "R-0004,No such day,Supplier Ltd,01/04/2024,31/02/2028,10,blue",
		90:  ",No reference,Supplier Ltd,01/04/2024,31/03/2028,10,blue",
		200: "R-0001,The same reference,Supplier Ltd,01/04/2024,31/03/2028,10,blue",
	})
	address, p := b.looked(spoilt)
	p.wellFormed()
	for _, want := range []string{"Row 5 Error End date", "Row 90 Error Contract Reference", "Row 200 Error Contract Reference"} {
		p.has("#problems tr", want)
	}
	p.has("#mend", "3 errors to put right")
	if rows := len(p.all("#problems tbody tr")); rows < 3 || len(p.all("#import")) > 0 {
		t.Errorf("%d rows, and a form: %d", rows, len(p.all("#import")))
	}
	if got := p.texts("#problems tbody tr"); !strings.Contains(got[0]+got[1]+got[2], "Row 5 ") || strings.Contains(got[2], "Warning") {
		t.Errorf("errors are not first: %q", got[:3])
	}
	b.get(address + "/problems.csv").is(http.StatusOK)
	if body := b.get(address + "/problems.csv").body; !strings.Contains(body, "\n200,Contract Reference,Error,") {
		t.Errorf("the file of problems:\n%s", body)
	}
	b.post(address+"/import", url.Values{"audience": {"councils"}}).is(http.StatusSeeOther)
	b.ended(address)
	b.get(address).has("h1", "Nothing was imported")
	if n := len(w.contracts(ambleford)); n != 0 {
		t.Fatalf("%d contracts came of a file with errors", n)
	}

	address, p = b.looked(registerRows(300, nil))
	p.has(".jy-counts__item", "300 new")
	p.has("#problems tr", "Not used: no field of a register is known by this title")
	b.post(address+"/import", url.Values{"audience": {"everybody"}}).is(http.StatusBadRequest).has("#audience-error", "Choose who may see")
	p = b.imports(address, url.Values{"audience": {"councils"}})
	p.wellFormed()
	p.has(".jy-counts__item", "300 new")
	p.has("#undo", "Undo this import")
	if all := w.contracts(ambleford); len(all) != 300 || all[0].Audience != catalogue.Councils {
		t.Fatalf("%d contracts, for %s", len(all), all[0].Audience)
	}
	if files, _ := filepath.Glob(filepath.Join(w.Imports.dir, "*")); len(files) != 1 { // that of the first, which may be mended
		t.Errorf("files are left: %q", files)
	}

	b.post(address+"/undo", nil).is(http.StatusSeeOther)
	b.post(address+"/undo", nil).is(http.StatusSeeOther) // sent twice
	b.get(address).has("h1", "Undone")
	b.get("/estate/import").has("#earlier tr", "register.csv 23 November 2026 10:00am You 300 0 Undone 23 November 2026")
	if n := len(w.contracts(ambleford)); n != 0 {
		t.Fatalf("%d contracts are left", n)
	}
	address, _ = b.looked(registerRows(300, nil))
	b.imports(address, url.Values{"audience": {"public"}}).has("h1", "Imported")
	address, p = b.looked(registerRows(300, nil))
	p.has("#nothing", "nothing to import")
	b.imports(address, url.Values{"audience": {"public"}}).has("h1", "Nothing new came in")
}

func TestAnImportIsItsCouncilsOwn(t *testing.T) {
	w := councilsWorld(t)
	w.importing()
	b, colleague := w.officer(ambleford, catalogue.RoleContributor), w.officer(ambleford, catalogue.RoleLead)
	address, _ := b.looked(registerRows(3, nil))
	others := map[string]*browser{"another council": w.officer(thornmere, catalogue.RoleLead), "a colleague": colleague}
	pages := []string{"", "/columns", "/check", "/problems.csv"}
	for who, other := range others {
		for _, at := range pages {
			if p := other.get(address + at); p.status != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", who, at, p.status)
			}
		}
		for _, at := range []string{"/columns", "/import", "/undo", "/share"} {
			if p := other.post(address+at, url.Values{"audience": {"public"}}); p.status != http.StatusNotFound {
				t.Errorf("%s posts %s: %d", who, at, p.status)
			}
		}
	}
	b.imports(address, url.Values{"audience": {"public"}})
	other := others["another council"]
	other.get(address).is(http.StatusNotFound)
	other.post(address+"/undo", nil).is(http.StatusNotFound)
	other.get("/estate/import").is(http.StatusOK).hasNot("main", "register.csv")
	w.supplier().get(address).is(http.StatusForbidden)
	w.supplier().post(address+"/undo", nil).is(http.StatusForbidden)
	w.anonymous().post(address+"/undo", nil).is(http.StatusUnauthorized)
	if n := len(w.contracts(ambleford)); n != 3 {
		t.Fatalf("%d contracts", n)
	}
	colleague.get(address).is(http.StatusOK).has("#undo", "Undo")
	colleague.post(address+"/undo", nil).is(http.StatusSeeOther)
}

func TestWhatANewcomerImportsIsPrivate(t *testing.T) {
	w := councilsWorld(t)
	w.importing()
	viewer, lead := w.officer(ambleford, catalogue.RoleViewer), w.officer(ambleford, catalogue.RoleContributor)
	viewer.get("/estate/import").is(http.StatusOK).has("main", "Private until your account is approved")
	canary := "Ref,Title,Supplier,End\nCANARY-1,Canarytitle parking,Canarysupplier Ltd,31/03/2028\n"
	address, p := viewer.looked(canary)
	if len(p.all("#audience")) > 0 {
		t.Error("a newcomer is asked who may see it")
	}
	viewer.imports(address, url.Values{"audience": {"public"}}).has("#private", "Private until your account is approved")
	w.catchUp()
	all := w.contracts(ambleford)
	if len(all) != 1 || all[0].Audience != catalogue.Own {
		t.Fatalf("%+v", all)
	}
	contract := "/contracts/" + all[0].ID
	for who, b := range map[string]*browser{"nobody": w.anonymous(), "a supplier": w.supplier(), "another council": w.officer(thornmere, catalogue.RoleLead)} {
		b.get(contract).is(http.StatusNotFound)
		for _, at := range []string{"/search?q=parking", "/councils/" + ambleford, "/suppliers/canarysupplier-ltd", "/api/v1/search?q=parking", "/", "/demand"} {
			b.get(at).silent(t, who, []string{"canary"})
		}
	}
	viewer.get(contract).is(http.StatusOK)
	viewer.post(address+"/share", nil).is(http.StatusForbidden)
	lead.get(address).is(http.StatusOK).has("#private button", "Open to councils")
	lead.post(address+"/share", nil).is(http.StatusSeeOther)
	w.officer(thornmere, catalogue.RoleLead).get(contract).is(http.StatusOK)
	w.anonymous().get(contract).is(http.StatusNotFound)
	// Others see it now: it is no newcomer's to change or take away.
	_, p = viewer.looked(strings.Replace(canary, "2028", "2029", 1))
	p.has("#problems tr", "Others see this contract")
	viewer.post(address+"/undo", nil).is(http.StatusSeeOther)
	viewer.get(address).has("#left", "others see it by now")
	if len(w.contracts(ambleford)) != 1 {
		t.Error("it is gone")
	}
}

func TestAnImportSentTwiceHappensOnce(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	address, _ := b.looked(registerRows(5, nil))
	for range 3 { // nothing imports yet: all three wait
		b.post(address+"/import", url.Values{"audience": {"councils"}}).is(http.StatusSeeOther)
	}
	p := b.get(address).is(http.StatusOK)
	p.wellFormed()
	p.has("main", "Waiting for its turn")
	if len(p.all("progress")) != 1 || len(p.all("meta[http-equiv=refresh]")) != 1 {
		t.Error("nothing shows how far it is")
	}
	w.importing()
	b.ended(address)
	b.post(address+"/import", url.Values{"audience": {"councils"}}).is(http.StatusSeeOther)
	records, err := w.Catalogue.Imports(t.Context(), catalogue.Operator("test"))
	must(t, err)
	if len(records) != 1 || records[0].Created != 5 {
		t.Errorf("%d imports", len(records))
	}
}

func TestColumnsArePutRightAndRemembered(t *testing.T) {
	w := councilsWorld(t)
	w.importing()
	b := w.officer(ambleford, catalogue.RoleContributor)
	file := "Key,What we bought,Stops,Ends,Notes\nK1,Payroll,31/03/2028,1/1/2020,a\nK2,Parking,30/09/2029,1/1/2020,b\n"
	columns := b.brings("register", "odd.csv", []byte(file)).is(http.StatusSeeOther).location()
	p := b.get(columns).is(http.StatusOK)
	p.wellFormed()
	p.has("#columns tr", "What we bought Payroll Parking")
	b.post(columns, p.form(columns)).is(http.StatusBadRequest).has(".govuk-error-summary", "Choose which column is the ‘Contract Reference number / ID’")
	form := url.Values{"column-1": {"ContractReference"}, "column-2": {"ContractTitle"}, "column-3": {"EndDate"}, "column-4": {"EndDate"}}
	again := b.post(columns, form).is(http.StatusBadRequest)
	again.has(".govuk-error-summary", "‘Ends’ and ‘Stops’ are taken as the same")
	if again.form(columns).Get("column-3") != "EndDate" {
		t.Error("what was chosen is lost")
	}
	form.Set("column-4", "")
	b.get(b.post(columns, form).is(http.StatusSeeOther).location()).has(".jy-counts__item", "2 new")
	address := strings.TrimSuffix(columns, "/columns")
	b.imports(address, url.Values{"audience": {"councils"}})
	for _, k := range w.contracts(ambleford) {
		if k.End.Year < 2028 {
			t.Errorf("%s ends %s", k.Title, k.End)
		}
	}
	// Another process, and another file with the same titles.
	fresh, err := NewImports(t.TempDir(), nil)
	must(t, err)
	w.Imports.all = fresh.all
	columns = b.brings("register", "odd.csv", []byte(strings.NewReplacer("K1", "L1", "K2", "L2").Replace(file))).location()
	p = b.get(columns).is(http.StatusOK)
	p.has(".jy-lead", "Your council’s last choice is used for")
	b.get(b.post(columns, p.form(columns)).is(http.StatusSeeOther).location()).has(".jy-counts__item", "2 new")
}

func TestOddFilesAreToldOf(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	for name, test := range map[string]struct{ field, content, says string }{
		"empty":           {"register", "", "The file is empty"},
		"blank":           {"register", "\n\n  \n", "empty"},
		"old workbook":    {"register", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", ".xlsx"},
		"broken workbook": {"register", "PK\x03\x04rest", "workbook"},
		"page":            {"register", "<!DOCTYPE html><html><body>", "page"},
		"JSON cut off":    {"notices", `{"releases":[{"ocid":"ocds-b5fd17-1",`, "cut off"},
		"no notices":      {"notices", `{"releases":[]}`, "No releases"},
	} {
		p := b.brings(test.field, "file", []byte(test.content)).is(http.StatusBadRequest)
		p.wellFormed()
		if said := p.text("#" + test.field + "-error"); !strings.Contains(said, test.says) {
			t.Errorf("%s: %q, want %q", name, said, test.says)
		}
	}
	b.post("/estate/import", url.Values{"register": {"x"}}).is(http.StatusBadRequest).has(".govuk-error-summary", "Choose a file")
	b.get("/estate/import/"+catalogue.NewID()).is(http.StatusNotFound).has("main", "Upload the file again")
	if files, _ := filepath.Glob(filepath.Join(w.Imports.dir, "*")); len(files) > 0 {
		t.Errorf("files are left: %q", files)
	}
}

func TestATooLargeFileIsToldOf(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	p := b.brings("register", "large.csv", bytes.Repeat([]byte("a,b\n"), 9<<20)).is(http.StatusRequestEntityTooLarge)
	p.has("#register-error", "larger than 32 MB: split it")
	b.brings("register", "huge.csv", bytes.Repeat([]byte("a,b\n"), 33<<20)).is(http.StatusRequestEntityTooLarge).has("#register-error", "larger than 32 MB")
	b.post("/intentions/new", url.Values{"title": {strings.Repeat("a", 2<<20)}}).is(http.StatusRequestEntityTooLarge).has("main", "larger than 1 MB")
}

func TestTheSampleComesIn(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	sample := b.get("/estate/import/sample.csv").is(http.StatusOK).body
	_, p := b.looked(sample)
	p.has(".jy-counts__item", "2 new")
	p.has("#problems", "None.")
}

// notices is a file with one award of a body that is no council.
const notices = `{"releases":[{"ocid":"ocds-b5fd17-abc","id":"1","date":"2025-01-01T10:00:00Z","tag":["award"],"buyer":{"id":"x1","name":"Ambleford Shared Services"},
"parties":[{"id":"x1","name":"Ambleford Shared Services","roles":["buyer"]}],
"tender":{"title":"Case management system","description":"Software"},
"awards":[{"id":"1","status":"active","title":"Case management system","suppliers":[{"id":"s","name":"Civica UK Ltd"}],"value":{"amount":450000,"currency":"GBP"},"contractPeriod":{"startDate":"2025-04-01T00:00:00Z","endDate":"2028-03-31T00:00:00Z"}}]},
{"ocid":"ocds-b5fd17-def","id":"2","date":"2025-01-01T10:00:00Z","tag":["award"],"buyer":{"name":"Birmingham City Council"},"awards":[{"id":"1","status":"active","title":"Other"}]}]}`

func TestANoticeAndARowAreOneContract(t *testing.T) {
	w := councilsWorld(t)
	w.importing()
	b := w.officer(ambleford, catalogue.RoleContributor)
	buyer := b.brings("notices", "notices.json", []byte(notices)).is(http.StatusSeeOther).location()
	p := b.get(buyer).is(http.StatusOK)
	p.wellFormed()
	p.has(".jy-lead", "No buyer in this file is known to be")
	b.post(buyer, url.Values{"buyer": {"Somebody"}}).is(http.StatusBadRequest).has("#buyer-error", "Choose who published")
	check := b.post(buyer, url.Values{"buyer": {"Ambleford Shared Services"}}).is(http.StatusSeeOther).location()
	b.get(check).has(".jy-counts__item", "1 new")
	b.imports(strings.TrimSuffix(buyer, "/buyer"), url.Values{"audience": {"public"}})
	notice := w.contracts(ambleford)
	if len(notice) != 1 || notice[0].Ref != "ocds-b5fd17-abc" || notice[0].Council != ambleford {
		t.Fatalf("%+v", notice)
	}

	file := "Ref,Title,Supplier,Start,End,Value\nR2,Case management system,Civica,1/4/2025,31/3/2028,\"£450,000\"\n"
	address, p := b.looked(file)
	p.has("#import label", "Row 2, Case management system")
	p.hasNot("#problems", "This looks like")
	pair := p.attributes("input[name=same]", "value")
	b.imports(address, url.Values{"audience": {"councils"}, "same": pair})
	all := w.contracts(ambleford)
	if len(all) != 1 || all[0].ID != notice[0].ID || all[0].Ref != "R2" || all[0].Source.Reference != "ocds-b5fd17-abc" || all[0].Audience != catalogue.Public {
		t.Fatalf("%d contracts: %+v", len(all), all[0])
	}
	b.looked(file)
	b.post(address+"/undo", nil).is(http.StatusSeeOther)
	if all := w.contracts(ambleford); len(all) != 1 || all[0].Ref != "ocds-b5fd17-abc" {
		t.Errorf("undone: %+v", all)
	}
}

// TestAFullRegisterComesInWhilePagesAnswer imports 5,000 rows.
func TestAFullRegisterComesInWhilePagesAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	w := councilsWorld(t)
	w.importing()
	b := w.officer(ambleford, catalogue.RoleContributor)
	address, _ := b.looked(registerRows(5000, nil))
	b.post(address+"/import", url.Values{"audience": {"councils"}}).is(http.StatusSeeOther)
	u, err := w.Imports.byID(strings.TrimPrefix(address, "/estate/import/"))
	must(t, err)
	during := 0
	for going := true; going; {
		select {
		case <-u.run.ended:
			going = false
		default:
			b.get("/desk").is(http.StatusOK)
			b.get(address).is(http.StatusOK)
			during++
		}
	}
	if during == 0 {
		t.Error("no page was asked for meanwhile")
	}
	b.get(address).has(".jy-counts__item", "5,000 new")
}

func TestUploadsEnd(t *testing.T) {
	w := councilsWorld(t)
	b := w.officer(ambleford, catalogue.RoleContributor)
	first, _ := b.looked(registerRows(1, nil))
	for range uploadsEach {
		b.brings("register", "register.csv", []byte(registerRows(1, nil))).is(http.StatusSeeOther)
	}
	b.get(first + "/check").is(http.StatusNotFound)
	files, err := os.ReadDir(w.Imports.dir)
	must(t, err)
	if len(files) != uploadsEach {
		t.Errorf("%d files are kept", len(files))
	}
	w.Imports.sweep(testDay().AddDate(100, 0, 0))
	if files, err = os.ReadDir(w.Imports.dir); err != nil || len(files) > 0 {
		t.Errorf("%d files are left after their day: %v", len(files), err)
	}
}

// TestColumnsOfACouncilsOwn come in by their titles, are offered where the columns are checked, and the estate that is
// taken away comes back whole.
func TestColumnsOfACouncilsOwn(t *testing.T) {
	w := councilsWorld(t)
	w.importing()
	b := w.officer(ambleford, catalogue.RoleContributor)
	file := "Contract Reference,Title,Start,End date,Notice period,Break clause,Capability,Extension options,Who can see it\n" +
		"R-1,Council tax system,01/04/2024,31/03/2028,6 months,30/09/2026,revs-bens,1+1 years,own\n" +
		"R-2,Telephony,01/04/2024,Rolling - 3 months notice,90 days,No,,Yes,\n"
	columns := b.brings("register", "register.csv", []byte(file)).is(http.StatusSeeOther).location()
	p := b.get(columns).is(http.StatusOK)
	for _, want := range []string{"Notice period", "Break date", "Capability", "Contract term", "Extension in months", "Who can see it"} {
		p.has("#columns option", want)
	}
	if text := strings.Join(p.texts("#columns option"), "\n"); strings.Contains(text, "Source of the record") {
		t.Error("what only exports say is offered for a register")
	}
	address, p := b.looked(file)
	p.has("#audience-hint", "Rows that say who can see them keep their word")
	p.has("#problems tr", "Row 3 Warning End date 'Rolling - 3 months notice' is no end date")
	p.has("#problems tr", "Row 3 Warning Extension options 'Yes' is kept in words")
	b.imports(address, url.Values{"audience": {"councils"}}).has(".jy-counts__item", "2 new")
	all := map[string]*catalogue.Contract{}
	for _, k := range w.contracts(ambleford) {
		all[k.Ref] = k
	}
	if k := all["R-1"]; k.NoticeMonths != 6 || k.Break.String() != "2026-09-30" || k.Capability != "revs-bens" || !k.CapabilityConfirmed || k.ExtensionMonths != 24 || k.Audience != catalogue.Own {
		t.Errorf("the first reads %+v", k)
	}
	if k := all["R-2"]; k.NoticeMonths != 3 || !k.End.IsZero() || k.EndNote != "Rolling - 3 months notice" || k.Audience != catalogue.Councils {
		t.Errorf("the second reads %+v", k)
	}
	b.get("/estate/dates").is(http.StatusOK).has("main", "the register says ‘Rolling - 3 months notice’")
	b.get("/estate/import").has("#earlier", "The latest 50 imports of your council are listed, and can be undone")
	for _, name := range []string{"/estate/contracts.csv", "/estate/contracts.xlsx"} {
		_, p = b.looked(b.get(name).is(http.StatusOK).body)
		p.has(".jy-counts__item", "2 unchanged")
	}
	_, p = b.looked(strings.Replace(b.get("/estate/contracts.csv").body, "2028-03-31", "2028-09-30", 1))
	p.has(".jy-counts__item", "1 changed")
	// What the council put right here, an older register does not put wrong again, and says so.
	form := b.get(pagePath(catalogue.KindContract, all["R-1"].ID) + "/edit").form(pagePath(catalogue.KindContract, all["R-1"].ID) + "/edit")
	b.post(pagePath(catalogue.KindContract, all["R-1"].ID)+"/edit", with(form, url.Values{"end_date-year": {"2029"}})).is(http.StatusSeeOther)
	_, p = b.looked(file)
	p.has("#problems tr", "Row 2 Warning EffectiveDate The council put this contract right here on 23 November 2026")
	p.has(".jy-counts__item", "2 unchanged")
}
