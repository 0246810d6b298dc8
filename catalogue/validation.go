package catalogue

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"jointly/catalogue/capability"
	"jointly/catalogue/register"
)

// Limits of what people type; in characters.
const (
	maxTitle = 300
	maxText  = 10_000
	maxRef   = 150
	maxID    = 200
	maxSlug  = 80 // bytes
)

// maxMoney is in pounds: more than any council spends on one thing, so that a slip of the keyboard is noticed.
const maxMoney = 5_000_000_000

// validation collects what is wrong with a record, field by field, against the registers.
type validation struct {
	check
	register   *register.Register
	dictionary *capability.Dictionary
	councilOK  func(code string) bool // a council of the register or a stored demonstration council
	bodyOK     func(id string) bool   // a stored body
}

func (v *validation) text(field, s string, least, most int) {
	switch {
	case !utf8.ValidString(s):
		v.that(false, field, "This has bytes that are not text: save the file as UTF-8 and try again")
	case strings.ContainsRune(s, 0):
		v.that(false, field, "This has a NUL character: remove it and try again")
	case strings.ContainsFunc(s, func(r rune) bool { return steersOutput(r, most > maxTitle) }):
		v.that(false, field, "This has invisible control characters: type it again without them")
	case least > 0 && strings.TrimSpace(s) == "":
		v.that(false, field, enter(field))
	case utf8.RuneCountInString(s) > most:
		v.that(false, field, fieldName(field)+" must be "+thousands(most)+" characters or fewer")
	}
}

// steersOutput finds characters that are not seen and change what stands around them, in a page, a mail or a log: control
// characters, codes that are no characters, and those that turn the direction of text. Texts of several lines may have line ends and tabs. The
// control characters of 8-bit sets are left alone: published titles have them by mistake.
func steersOutput(r rune, lines bool) bool {
	switch {
	case r == '\n' || r == '\t':
		return !lines
	case r < ' ', r == 0x7f, r == 0x2028, r == 0x2029:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || nonCharacter(r)
}

// nonCharacter says that a code is kept free for ever: no text has it, and files that must be valid XML cannot.
func nonCharacter(r rune) bool { return r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef }

// id refuses what could not stand in an address; forms and commands make better ones.
func (v *validation) id(id string) {
	ok := id != "" && len(id) <= maxID
	for _, r := range id {
		ok = ok && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.~", r))
	}
	v.that(ok, "id", "An ID has letters from a to z, digits and - _ . ~ only")
}

func (v *validation) source(s Source) {
	v.text("source", s.Text, 0, maxTitle)
	v.text("source_reference", s.Reference, 0, maxTitle)
	v.date("source_date", s.Date)
	v.text("source_kind", s.Kind, 0, maxTitle)
	v.text("source_note", s.Note, 0, maxText)
}

func (v *validation) list(field string, entries []string, most int) {
	v.that(len(entries) <= most, field, fieldName(field)+": list at most "+thousands(most))
	for _, e := range entries {
		v.text(field, e, 1, maxTitle)
	}
}

func (v *validation) money(field string, amount float64) {
	v.that(amount >= 0 && amount == amount, field, fieldName(field)+" must be an amount of 0 or more")
	v.that(amount <= maxMoney, field, fieldName(field)+" must be below £5 billion: check that it is in pounds")
}

func (v *validation) date(field string, d Date) {
	v.that(d.IsZero() || (d.Year >= 1990 && d.Year <= 2100), field, fieldName(field)+" must be a date between 1990 and 2100")
}

func (v *validation) council(field, code string) {
	v.that(v.councilOK(code), field, "Unknown council "+quoted(code)+": use the nine-character GSS code, like E08000025")
}

func (v *validation) area(field, id string) {
	_, ok := v.dictionary.Area(id)
	v.that(ok, field, "Unknown area "+quoted(id))
}

func (v *validation) capability(field, id string) {
	_, ok := v.dictionary.Capability(id)
	if id == "" {
		v.that(false, field, "Choose what it is for")
		return
	}
	v.that(ok, field, "Unknown capability "+quoted(id))
}

func (v *validation) website(field, address string) {
	if address == "" {
		return
	}
	v.text(field, address, 0, maxTitle)
	u, err := url.Parse(address)
	v.that(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil, field,
		"Enter a web address that starts with https://")
}

// quoted shows what was typed, shortened, in a message.
func quoted(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return "'" + s + "'"
}

// fieldName is what a message calls a field.
func fieldName(field string) string {
	switch field {
	case "budget_min":
		return "Lowest budget"
	case "budget_max":
		return "Highest budget"
	case "window_start":
		return "The earliest date"
	case "window_end":
		return "The latest date"
	case "contract_end":
		return "The end of the contract"
	case "join_by":
		return "The last day to join"
	case "cpv":
		return "CPV codes"
	case "why", "reason":
		return "The reason"
	case "what", "text":
		return "The text"
	case "says", "musts", "shoulds", "partners", "standards":
		return "Each line"
	case "wanted":
		return "What you want of it"
	case "progress_text":
		return "What has happened"
	case "lead_why":
		return "What you say"
	case "lead_body":
		return "The name of who leads"
	case "value_gbp":
		return "The value"
	}
	if !isPlain(field) {
		return "This"
	}
	name := strings.ReplaceAll(field, "_", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

// isPlain says that a field's name makes words: those that count or name parts of a form do not.
func isPlain(field string) bool {
	return field != "" && !strings.ContainsFunc(field, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}

// enter asks for what a field must hold.
func enter(field string) string {
	switch field {
	case "why", "reason":
		return "Say why"
	case "wanted":
		return "Say what you want of it"
	case "progress_text":
		return "Say what has happened"
	case "text":
		return "Write something here"
	case "options":
		return "Enter the options"
	case "email":
		return "Enter an email address"
	case "says", "musts", "shoulds", "partners", "standards", "aliases", "lots", "suppliers", "tenants", "filters", "cpv":
		return "Write something in each line, or take the line out"
	}
	if !isPlain(field) {
		return "Fill this in"
	}
	return "Enter " + article(field)
}

func article(field string) string {
	name := strings.ReplaceAll(field, "_", " ")
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

func thousands(n int) string {
	s := ""
	for n >= 1000 {
		s = "," + string([]byte{byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)}) + s
		n /= 1000
	}
	digits := ""
	for {
		digits = string(rune('0'+n%10)) + digits
		if n /= 10; n == 0 {
			return digits + s
		}
	}
}

// nameKey folds a name for look-ups: lower case, letters and digits only.
func nameKey(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
			b.WriteRune(r)
		case r == '&':
			b.WriteString("and")
		}
		if b.Len() >= 200 {
			break
		}
	}
	return b.String()
}

// Slug is a name as the ID of a platform or supplier is made from it: lower case, words joined by hyphens.
func Slug(name string) string { return slug(name) }

// slug is a name as part of an address: lower case, words joined by hyphens, at most maxSlug bytes.
func slug(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(strings.ReplaceAll(name, "&", " and ")) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
			if b.Len() >= maxSlug {
				return b.String()
			}
			continue
		}
		dash = r != '\''
	}
	return b.String()
}
