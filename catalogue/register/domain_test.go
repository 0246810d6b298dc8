package register_test

import (
	"strings"
	"testing"
)

func TestCouncilByDomain(t *testing.T) {
	r := load(t)
	const blackpool, greenwich, gwynedd = "E06000009", "E09000011", "W06000002"
	for domain, want := range map[string]string{
		"blackpool.gov.uk":           blackpool,
		"Blackpool.GOV.UK":           blackpool,
		"www.blackpool.gov.uk":       blackpool,
		"WWW.blackpool.gov.uk.":      blackpool,
		"royalgreenwich.gov.uk":      greenwich,
		"gwynedd.llyw.cymru":         gwynedd,
		"":                           "",
		".":                          "",
		"www.":                       "",
		"gov.uk":                     "",
		"blackpool":                  "",
		"blackpool.gov.uk.evil.com":  "",
		"evilblackpool.gov.uk":       "",
		"evil.blackpool.gov.uk":      "",
		"evil-blackpool.gov.uk":      "",
		"blackpool.gov.uk..":         "",
		"www.www.blackpool.gov.uk":   "",
		"blackpool.gov.uk:443":       "",
		"blackpool.gov.uk/":          "",
		" blackpool.gov.uk":          "",
		"blackpool.gov.uk\n":         "",
		"blackpool.gov.uk\x00":       "",
		"blackpool+x.gov.uk":         "",
		"blаckpool.gov.uk":           "", // Cyrillic а
		"xn--blckpool-2nf.gov.uk":    "",
		"blac\u212apool.gov.uk":      "", // Kelvin sign: lower-cases to k
		"ｂlackpool.gov.uk":           "", // full-width b
		"blackpool。gov。uk":           "", // ideographic full stops
		"royalgreenw\u0130ch.gov.uk": "", // dotted capital I
		"lewes-eastbourne.gov.uk":    "", // shared: which one is not told
	} {
		if got, ok := r.CouncilByDomain(domain); got.GSS != want || ok != (want != "") {
			t.Errorf("CouncilByDomain(%q) = %q, %v, want %q", domain, got.GSS, ok, want)
		}
	}
}

func TestCouncilsShareADomain(t *testing.T) {
	r := load(t)
	both := r.CouncilsByDomain("lewes-eastbourne.gov.uk")
	if len(both) != 2 || both[0].Name != "Eastbourne" || both[1].Name != "Lewes" {
		t.Errorf("CouncilsByDomain = %v", both)
	}
	if both := r.CouncilsByEmail("a.b@Lewes-Eastbourne.gov.uk"); len(both) != 2 {
		t.Errorf("CouncilsByEmail = %v", both)
	}
	if _, ok := r.CouncilByEmail("a.b@lewes-eastbourne.gov.uk"); ok {
		t.Error("an address at a shared domain names one council")
	}
}

func TestEveryDomainFindsItsCouncil(t *testing.T) {
	r := load(t)
	for _, c := range r.Councils() {
		found := false
		for _, d := range r.CouncilsByDomain(c.Domain) {
			found = found || d.GSS == c.GSS
		}
		if !found {
			t.Errorf("%s is not found by %s", c.Name, c.Domain)
		}
	}
}

func TestCouncilByEmail(t *testing.T) {
	r := load(t)
	const blackpool = "E06000009"
	for address, want := range map[string]string{
		"procurement@blackpool.gov.uk":                blackpool,
		"Jo.O'Hara-Lee_2@BLACKPOOL.gov.uk":            blackpool,
		"":                                            "",
		"@":                                           "",
		"blackpool.gov.uk":                            "",
		"@blackpool.gov.uk":                           "",
		"jo@":                                         "",
		"jo@blackpool.gov.uk.evil.com":                "",
		"jo@evilblackpool.gov.uk":                     "",
		"jo@mail.blackpool.gov.uk":                    "",
		"jo@www.blackpool.gov.uk":                     "", // a web host, no mail domain
		"jo@blackpool.gov.uk.":                        "",
		"jo@evil.com@blackpool.gov.uk":                "",
		"jo@blackpool.gov.uk@evil.com":                "",
		"\"jo@evil.com\"@blackpool.gov.uk":            "",
		"jo%evil.com@blackpool.gov.uk":                "",
		"evil.com!jo@blackpool.gov.uk":                "",
		"jo+second@blackpool.gov.uk":                  "",
		"jo(x)@blackpool.gov.uk":                      "",
		"Jo <jo@blackpool.gov.uk>":                    "",
		"jo@blackpool.gov.uk>":                        "",
		" jo@blackpool.gov.uk":                        "",
		"jo @blackpool.gov.uk":                        "",
		"jo@blackpool.gov.uk\r\nbcc:x@y.uk":           "",
		".jo@blackpool.gov.uk":                        "",
		"jo.@blackpool.gov.uk":                        "",
		"j..o@blackpool.gov.uk":                       "",
		"jö@blackpool.gov.uk":                         "",
		"jo@blаckpool.gov.uk":                         "", // Cyrillic а
		"jo@blac\u212apool.gov.uk":                    "",
		strings.Repeat("j", 65) + "@blackpool.gov.uk": "",
	} {
		if got, ok := r.CouncilByEmail(address); got.GSS != want || ok != (want != "") {
			t.Errorf("CouncilByEmail(%q) = %q, %v, want %q", address, got.GSS, ok, want)
		}
	}
}

// FuzzDomain looks for a domain or address that finds a council and is not, byte for byte but for case, its own.
func FuzzDomain(f *testing.F) {
	r := load(f)
	for _, seed := range []string{"www.blackpool.gov.uk", "jo@blackpool.gov.uk", "a@b@c", "xn--", "."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range r.CouncilsByDomain(s) {
			host := strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(s), "."), "www.")
			if host != c.Domain || len(host) != len(c.Domain) {
				t.Errorf("CouncilsByDomain(%q) has %s at %s", s, c.Name, c.Domain)
			}
		}
		for _, c := range r.CouncilsByEmail(s) {
			if !strings.HasSuffix(strings.ToLower(s), "@"+c.Domain) || strings.Count(s, "@") != 1 {
				t.Errorf("CouncilsByEmail(%q) has %s at %s", s, c.Name, c.Domain)
			}
		}
	})
}
