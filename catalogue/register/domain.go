package register

// Councils by web domain and e-mail address. Sign-in trusts these, so they match whole domains, byte by byte, and
// refuse what merely looks alike.

import "strings"

// CouncilByDomain finds the one council whose web domain this is. Letter case, one leading "www." and the root's
// final dot do not matter. A domain with anything but ASCII never matches: look-alike letters are no council's, nor
// are their xn-- forms. A domain that councils share gives none: see CouncilsByDomain.
func (r *Register) CouncilByDomain(domain string) (Council, bool) {
	return only(r.CouncilsByDomain(domain))
}

// CouncilsByDomain finds the councils whose web domain this is, by name: some councils with a joint administration
// share one. It reads domains as CouncilByDomain does.
func (r *Register) CouncilsByDomain(domain string) []Council {
	// Lower-casing comes after the check: the Kelvin sign, for one, lower-cases to an ASCII k.
	if !isASCII(domain) {
		return nil
	}
	return r.councilsAt(strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(domain), "."), "www."))
}

// CouncilByEmail finds the one council at whose web domain an e-mail address is. The address must be plain, as in
// first.last@blackpool.gov.uk: no display name, quotes or comments. One with a plus sign gives none, for it lets a
// mailbox pass for several people; so does one at a domain that councils share: see CouncilsByEmail.
func (r *Register) CouncilByEmail(address string) (Council, bool) {
	return only(r.CouncilsByEmail(address))
}

// CouncilsByEmail finds the councils at whose web domain an e-mail address is, by name. It reads addresses as
// CouncilByEmail does.
func (r *Register) CouncilsByEmail(address string) []Council {
	domain, ok := EmailDomain(address)
	if !ok {
		return nil
	}
	return r.councilsAt(domain)
}

// EmailDomain is the domain of a plain address, in lower case; it reads addresses as CouncilByEmail does.
func EmailDomain(address string) (string, bool) {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || !isPlainLocal(local) || !isASCII(domain) {
		return "", false
	}
	return strings.ToLower(domain), true
}

func (r *Register) councilsAt(domain string) []Council {
	var found []Council
	for _, i := range r.byDomain[domain] {
		found = append(found, r.councils[i])
	}
	return found
}

func only(councils []Council) (Council, bool) {
	if len(councils) != 1 {
		return Council{}, false
	}
	return councils[0], true
}

// isPlainLocal says whether the part of an address before the @ is letters, digits and single . _ - or ' between them.
func isPlainLocal(local string) bool {
	if local == "" || len(local) > 64 {
		return false
	}
	afterMark := true
	for i := range len(local) {
		c := local[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			afterMark = false
		case strings.IndexByte("._-'", c) >= 0 && !afterMark:
			afterMark = true
		default:
			return false
		}
	}
	return !afterMark
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
