package web

import (
	"context"

	"jointly/catalogue"
)

// Parties: councils and bodies where either can stand.

// yours is what people call their own council or body within a sentence.
func yours(actor catalogue.Actor) string {
	if actor.OrgKind == catalogue.OrgCouncil {
		return "your council"
	}
	return "your organisation"
}

// partyPath is the address of a party's page.
func partyPath(p catalogue.Party) string { return pagePath(p.Key().Kind, p.Key().ID) }

// partyKind says where a council is, and what kind a body is.
func partyKind(p catalogue.Party) string {
	switch {
	case p.Council != nil:
		return p.Council.Region
	case p.Body != nil:
		return p.Body.Kind.Words()
	}
	return ""
}

// partyPlace is a council with its region, or a body with its kind, as one fact.
func partyPlace(p catalogue.Party) string {
	if p.Body != nil {
		return p.Label() + ", " + lowerFirst(partyKind(p))
	}
	return place(p.Council)
}

// partiesBy reads councils and bodies by their codes and IDs.
func (s *site) partiesBy(ctx context.Context, actor catalogue.Actor, ids []string) (map[string]catalogue.Party, error) {
	keys := make([]catalogue.Key, 0, 2*len(ids))
	for _, id := range ids {
		keys = append(keys, catalogue.Key{Kind: catalogue.KindCouncil, ID: id}, catalogue.Key{Kind: catalogue.KindBody, ID: id})
	}
	items, err := s.Catalogue.Load(ctx, actor, keys)
	found := make(map[string]catalogue.Party, len(ids))
	for _, item := range items {
		switch it := item.(type) {
		case *catalogue.Council:
			found[it.GSS] = catalogue.Party{Council: it}
		case *catalogue.Body:
			found[it.ID] = catalogue.Party{Body: it}
		}
	}
	return found, err
}
