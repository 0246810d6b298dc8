package exchange

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"jointly/catalogue"
)

// registerRow is one row of a register.
type registerRow struct {
	*registerReading
	n      int
	cells  []string
	failed bool
}

func (r *registerRow) fail(field, message string) {
	r.failed = true
	r.file.fail(r.n, r.column(field), message)
}

func (r *registerRow) warn(field, message string) { r.file.warn(r.n, r.column(field), message) }

// text is what a field's cell says, in one line.
func (r *registerRow) text(field string) string {
	s := r.lines(field)
	if strings.ContainsAny(s, "\n") {
		s = cleaned(s, false)
	}
	return s
}

// lines is what a field's cell says; the failure of a formula is told of, and left out.
func (r *registerRow) lines(field string) string {
	at, ok := r.at[field]
	if !ok || at >= len(r.cells) {
		return ""
	}
	s := cleaned(cellText(strings.Map(seen, strings.ToValidUTF8(r.cells[at], "�"))), true)
	if isCellError(s) {
		r.warn(field, "The formula in this cell failed ("+s+"): taken as blank")
		return ""
	}
	return s
}

func (r *registerRow) required(field string) string {
	s := r.text(field)
	if s == "" {
		r.fail(field, "Enter the "+inWords(field)+": it must not be blank")
	}
	return s
}

// reference is what the council calls the contract; words for there being none are none.
func (r *registerRow) reference() string {
	s := r.required(fieldRef)
	if s != "" && strings.Trim(s, "0") != "" && saysNothing(s) {
		r.fail(fieldRef, short(s)+" is no reference: enter the contract's own")
	}
	return s
}

// contract reads the row.
func (r *registerRow) contract() *catalogue.Contract {
	if last := r.lastColumn(); len(r.cells) > last+1 && cellText(r.cells[last+1]) != "" {
		r.file.warn(r.n, "", "This row has more cells than there are titles: check that texts with commas stand in quotes, and that nothing has moved to the next column")
	}
	c := &catalogue.Contract{
		Meta:        catalogue.Meta{Ref: r.reference()},
		Council:     r.council(),
		Title:       r.within(fieldTitle, r.required(fieldTitle), 300),
		Description: r.within(fieldDescription, r.lines(fieldDescription), 10_000),
		Supplier:    r.within(fieldSupplier, r.supplier(), 300),
		Product:     r.within(fieldProduct, r.text(fieldProduct), 300),
		CPV:         r.cpv(),
		Start:       r.date(fieldStart),
		Route:       r.within(fieldRoute, r.listed(fieldRoute), 300),
		Stage:       catalogue.StageAwarded,
		Audience:    r.audience(),
		Source:      catalogue.Source{Text: "Contracts register of the council", Kind: registerKind, Reference: r.within(fieldOCID, r.text(fieldOCID), 300), Date: r.date(fieldEffective)},
	}
	var said []string // for which a contract has no field
	r.term(c, &said)
	r.notice(c)
	r.capability(c)
	c.Extension = shortened(strings.Join(said, "; "), 300)
	said = nil
	c.Value = r.value(c, &said)
	for _, more := range []struct{ field, label string }{{fieldUnit, "Responsible"}, {fieldType, "Contract type"}} {
		if s := r.listed(more.field); s != "" {
			said = append(said, more.label+": "+s)
		}
	}
	c.Source.Note = shortened(strings.Join(said, "; "), 10_000)
	r.exported(c)
	if r.has(fieldSupplier) && c.Supplier != "" && len(catalogue.SupplierNames(c.Supplier)) > 1 {
		r.warn(fieldSupplier, "This names several suppliers: kept as it is, and listed under the first")
	}
	return c
}

func (r *registerRow) lastColumn() int {
	if len(r.Columns) == 0 {
		return 0
	}
	return r.Columns[len(r.Columns)-1].at
}

// within is a text that fits the record: the rest of a longer one is left out, and told of.
func (r *registerRow) within(field, s string, most int) string {
	if utf8.RuneCountInString(s) > most {
		r.warn(field, fmt.Sprintf("This has more than %d characters: the rest is left out", most))
	}
	return shortened(s, most)
}

func shortened(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

func (r *registerRow) supplier() string {
	s := strings.Trim(strings.ReplaceAll(r.lines(fieldSupplier), "\n", "; "), "; ")
	if s != "" && saysNothing(s) {
		r.warn(fieldSupplier, short(s)+" is taken as no supplier stated")
		return ""
	}
	return cleaned(s, false)
}

// value is what the contract is worth over its whole term, worked out from the annual value where no other is given.
func (r *registerRow) value(c *catalogue.Contract, said *[]string) float64 {
	n, yearly := r.amount(fieldValue, said)
	c.ExVAT = n > 0 && (r.yes(fieldExVAT) || exVAT(r.column(fieldValue)) || exVAT(r.text(fieldValue)))
	if n > 0 && !yearly {
		return n
	}
	field := fieldValue
	if n == 0 {
		field = fieldAnnual
		n, _ = r.amount(fieldAnnual, said)
		c.ExVAT = n > 0 && (r.yes(fieldExVAT) || exVAT(r.column(fieldAnnual)) || exVAT(r.text(fieldAnnual)))
	}
	if n == 0 {
		return 0
	}
	*said = append(*said, "Annual value: £"+strconv.FormatFloat(n, 'f', -1, 64))
	if !c.Start.Exact() || !c.End.Exact() {
		r.warn(field, "Only the annual value is given, and not from when until when: the value of the whole contract is left blank")
		return 0
	}
	months := catalogue.MonthsUntil(c.Start.First(), c.End.First().AddDate(0, 0, 1))
	if months <= 0 || n*float64(months)/12 > 5_000_000_000 {
		return 0
	}
	r.once("annual", r.n, r.column(field), "The value of the whole contract is worked out from the annual value and the dates, here and in other rows like it: check one")
	return pence(n * float64(months) / 12)
}

func (r *registerRow) amount(field string, said *[]string) (n float64, yearly bool) {
	s := r.text(field)
	if s == "" {
		return 0, false
	}
	if saysNothing(s) {
		r.warn(field, short(s)+" is no amount: kept as not stated")
		*said = append(*said, "Value: "+s)
		return 0, false
	}
	n, yearly, err := readAmount(s)
	if bare := cellText(dropBrackets(s)); err != nil && !errors.Is(err, errNegative) && bare != "" && bare != s {
		if n, yearly, err = readAmount(bare); err == nil {
			r.warn(field, short(s)+" is read as £"+strconv.FormatFloat(n, 'f', -1, 64)+", without what stands in brackets")
		}
	}
	if err != nil {
		r.fail(field, short(s)+": "+err.Error())
		return 0, false
	}
	return n, yearly
}

// listed is a text that the guidance has a list for: one that is not in it is kept, and told of once.
func (r *registerRow) listed(field string) string {
	s := r.text(field)
	list := codelist(field)
	if s == "" || list == nil {
		return s
	}
	for _, v := range list {
		if strings.EqualFold(v, s) {
			return s
		}
	}
	r.once(field+"\x00"+foldName(s), r.n, r.column(field), short(s)+" is not in the guidance's list ("+strings.Join(list, ", ")+"): kept as it is, here and in other rows like it")
	return s
}

var (
	cpvCode   = regexp.MustCompile(`\b(\d{8})(?:-\d)?\b`)
	cpvNumber = regexp.MustCompile(`^\d{7}$`)
)

// cpv reads the codes in a cell, without their check digits. A code that lost its leading zero to a spreadsheet gets it
// back; one that is not in the register is kept, and told of.
func (r *registerRow) cpv() []string {
	s := r.text(fieldCPV)
	if s == "" || saysNothing(s) {
		return nil
	}
	var codes []string
	add := func(code string) {
		if len(codes) < 50 {
			codes = appendNew(codes, code)
		}
	}
	if r.has(fieldSource) { // exports put them like this
		for _, code := range strings.Split(s, "; ") {
			add(shortened(code, 300))
		}
	}
	for _, m := range cpvCode.FindAllStringSubmatch(s, -1) {
		add(m[1])
	}
	if codes == nil && cpvNumber.MatchString(s) {
		if _, ok := r.reader.Register.CPV("0" + s); ok {
			add("0" + s)
		}
	}
	if codes == nil {
		add(shortened(s, 300))
	}
	for _, code := range codes {
		if _, ok := r.reader.Register.CPV(code); !ok {
			r.once("cpv\x00"+code, r.n, r.column(fieldCPV), "CPV code "+short(code)+" is not in the list of codes: kept as it is, here and in other rows like it")
		}
	}
	return codes
}

func appendNew(all []string, s string) []string {
	for _, old := range all {
		if old == s {
			return all
		}
	}
	return append(all, s)
}

var gssCode = regexp.MustCompile(`\b[EWSN]\d{8}\b`)

// council is whose contract it is: the one that the reader was given, else what the row says.
func (r *registerRow) council() string {
	label, code := r.text(fieldOrganisation), r.text(fieldCode)
	key := label + "\x00" + code
	found, known := r.councils[key]
	if !known {
		found = r.reader.councilIn(code, label)
		r.councils[key] = found
	}
	field, said := fieldOrganisation, label
	if label == "" {
		field, said = fieldCode, code
	}
	if given := r.reader.Council; given != "" {
		if r.reader.inherited(found) {
			return found
		}
		if said != "" && found != given {
			r.once("council\x00"+key, r.n, r.column(field), "The file says "+short(said)+": taken as "+r.reader.councilName(given)+", which you named, here and in other rows like it")
		}
		return given
	}
	switch {
	case found != "":
	case said == "":
		r.fail(field, "Enter the council: its name or its nine-character GSS code, like E08000025")
	default:
		r.fail(field, "Unknown council "+short(said)+": use its name, or its nine-character GSS code, like E08000025")
	}
	return found
}

// councilIn is the code of the council that an identifier or a name is of; empty where neither is.
func (r *Reader) councilIn(identifier, name string) string {
	for _, s := range []string{identifier, name} {
		if code := gssCode.FindString(strings.ToUpper(s)); code != "" && r.knows(code) {
			return code
		}
		if s != "" && r.knows(s) {
			return s
		}
	}
	if code := r.byName(name); code != "" {
		return code
	}
	// An address such as http://opendatacommunities.org/id/unitary-authority/blackpool
	words := strings.NewReplacer("-", " ", "_", " ").Replace(identifier[strings.LastIndexByte(identifier, '/')+1:])
	if c, ok := r.Register.CouncilByName(words); ok && identifier != "" {
		return c.GSS
	}
	return ""
}

func (r *Reader) councilName(code string) string {
	if c, ok := r.Register.Council(code); ok {
		return c.Name + " (" + code + ")"
	}
	return code
}
