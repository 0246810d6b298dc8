package catalogue

import (
	"regexp"
	"slices"
	"strings"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// supplierDomain is the domain that an address proves for a supplier: an own one, in plain letters. Domains at which
// anybody can have an address prove nothing, and councils have accounts of their own.
func (c *Catalogue) supplierDomain(tx kv.Tx, email string) (string, error) {
	domain, ok := register.EmailDomain(email)
	switch {
	case !ok || !plainDomain(domain):
		return "", invalid("request", "email", "Enter your own work address as it is written, like name@company.co.uk: without a plus sign, and with plain letters after the @")
	case webmail(domain):
		return "", invalid("request", "email", "Anybody can have an address at "+quoted(domain)+", so it does not show whom you work for. Enter an address at your company's own domain")
	}
	councils, err := c.councilsByEmail(tx, email)
	if err != nil {
		return "", err
	}
	if len(councils) > 0 {
		return "", invalid("request", "email", "This is an address of a council: sign in with it instead, on the page 'Sign in'")
	}
	return domain, nil
}

// plainDomain says that a domain is written as domains are, and short enough to name a record.
func plainDomain(domain string) bool {
	ok, err := regexp.MatchString(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`, domain)
	return ok && err == nil && len(domain) <= 100
}

// webmail says that anybody can have an address at a domain.
func webmail(domain string) bool {
	if slices.Contains([]string{"gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "aol.co.uk", "msn.com", "ymail.com", "rocketmail.com",
		"proton.me", "protonmail.com", "pm.me", "mail.com", "email.com", "zoho.com", "zohomail.eu", "fastmail.com", "hey.com", "tutanota.com", "tuta.io", "hushmail.com", "inbox.com",
		"btinternet.com", "btopenworld.com", "sky.com", "talktalk.net", "virginmedia.com", "ntlworld.com", "blueyonder.co.uk", "tiscali.co.uk", "o2.co.uk", "orange.net",
		"plus.com", "plusnet.com", "freeserve.co.uk", "qq.com", "163.com", "126.com", "mail.ru", "web.de", "t-online.de", "comcast.net", "verizon.net",
		"mailinator.com", "guerrillamail.com", "yopmail.com", "10minutemail.com", "temp-mail.org"}, domain) {
		return true
	}
	brand, ending, _ := strings.Cut(domain, ".")
	if !slices.Contains([]string{"hotmail", "outlook", "live", "yahoo", "gmx", "yandex"}, brand) {
		return false
	}
	// In each country: hotmail.co.uk, yahoo.com.br. A company's own 'live.company.com' is none.
	ending = strings.TrimPrefix(strings.TrimPrefix(ending, "co."), "com.")
	return !strings.Contains(ending, ".") && (len(ending) == 2 || slices.Contains([]string{"com", "net", "org"}, ending))
}

// CompaniesHouseNumber is a registration number as it is written: eight characters, upper case, with the leading zeros that
// people leave out. false: it is none.
func CompaniesHouseNumber(typed string) (string, bool) {
	n := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	if len(n) >= 6 && len(n) < 8 && strings.Trim(n, "0123456789") == "" {
		n = strings.Repeat("0", 8-len(n)) + n
	}
	// Eight digits; two letters for the register and six digits; R for old ones of Northern Ireland; societies end in R or S.
	ok, err := regexp.MatchString(`^([0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}|(IP|SP|RS)([0-9]{5}[RS]|[0-9]{4}RS))$`, n)
	return n, ok && err == nil
}
