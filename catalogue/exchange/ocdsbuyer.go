package exchange

import (
	"regexp"
	"slices"
	"strings"
)

// buyer is who published a release, as it says.
type buyer struct {
	name, id string
	schemes  []identifier
	others   []string // names of further buyers of a joint purchase
}

type identifier struct{ scheme, id string }

// buyerOf finds the buyer of a release: what buyer refers to, and what the parties say of it.
func buyerOf(fields map[string]any) buyer {
	ref := node(fields).get("buyer")
	b := buyer{name: ref.text("name"), id: ref.text("id")}
	for _, p := range node(fields).list("parties") {
		roles := p.texts("roles")
		name := first(p.text("name"), p.get("identifier").text("legalName"))
		if b.id == "" && b.name == "" && (slices.Contains(roles, "buyer") || slices.Contains(roles, "leadBuyer")) {
			b.id, b.name = p.text("id"), name
		}
		if b.id != "" && p.text("id") == b.id || b.id == "" && foldName(name) == foldName(b.name) {
			b.name = first(b.name, name)
			for _, i := range append([]node{p.get("identifier")}, p.list("additionalIdentifiers")...) {
				b.schemes = append(b.schemes, identifier{i.text("scheme"), i.text("id")})
			}
		} else if slices.Contains(roles, "buyer") {
			b.others = append(b.others, name)
		}
	}
	if scheme, id, ok := laeIdentifier(b.id); ok {
		b.schemes = append(b.schemes, identifier{scheme, id})
	}
	return b
}

// laeCode matches an organisation's ID that is made of a scheme of local authority codes and the code.
var laeCode = regexp.MustCompile(`^(GB-(?:LAE|LAS|LAW|LANI|LAN|LA|GSS))-(.+)$`)

func laeIdentifier(id string) (scheme, code string, ok bool) {
	m := laeCode.FindStringSubmatch(id)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// buyerCouncil is the code of the council that a buyer is: by identifier, then by name; empty for none.
func (r *Reader) buyerCouncil(b buyer) string {
	for _, i := range b.schemes {
		id := strings.ToUpper(strings.TrimSpace(i.id))
		if gss := gssCode.FindString(id); gss != "" && gss == id && r.knows(gss) {
			return gss
		}
		if strings.HasPrefix(i.scheme, "GB-LA") {
			if c, ok := r.Register.CouncilByShortCode(id); ok {
				return c.GSS
			}
		}
	}
	return r.byName(b.name)
}

// isBuyer says that a buyer is the one asked for, by code or by name.
func (r *Reader) isBuyer(asked, code string, b buyer) bool {
	if asked == b.id || code != "" && strings.EqualFold(asked, code) || foldName(asked) == foldName(b.name) {
		return true
	}
	if slices.ContainsFunc(b.schemes, func(i identifier) bool { return strings.EqualFold(i.id, asked) }) {
		return true
	}
	return code != "" && r.byName(asked) == code
}

// ppon is the number by which the central platform knows the buyer; empty where it is not said.
func (b buyer) ppon() string {
	for _, i := range b.schemes {
		if i.scheme == "GB-PPON" {
			return i.id
		}
	}
	return ""
}
