package web

import (
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"jointly/catalogue"
)

// trailReader knows what the events of a page are about, as far as its reader may see it.
type trailReader struct {
	own   string // organisation of the reader
	name  string // its name
	items map[catalogue.Key]catalogue.Item

	service func(lgsl int) string // what a service is called
}

// trailReader reads records, accounts and organisations of events.
func (s *site) trailReader(c *gin.Context, who visitor, events []catalogue.Event) (*trailReader, error) {
	r := &trailReader{own: who.actor.Org, name: who.org, items: map[catalogue.Key]catalogue.Item{}, service: s.serviceName}
	var keys []catalogue.Key
	want := func(kind catalogue.Kind, id string) {
		key := catalogue.Key{Kind: kind, ID: id}
		if _, known := r.items[key]; kind != "" && id != "" && !known {
			r.items[key] = nil
			keys = append(keys, key)
		}
	}
	for _, e := range events {
		want(e.Record.Kind, e.Record.ID)
		want(catalogue.KindAccount, e.Account)
		for _, org := range []string{e.Org, e.Owner} {
			want(catalogue.KindCouncil, org)
			want(catalogue.KindSupplier, org)
			want(catalogue.KindBody, org)
		}
		for _, f := range e.Fields {
			if !f.Text {
				want(catalogue.KindCouncil, s.councilCode(f.Old))
				want(catalogue.KindCouncil, s.councilCode(f.New))
			}
		}
	}
	items, err := s.Catalogue.Load(c, who.actor, keys)
	if err != nil {
		return nil, err
	}
	for i, item := range items {
		if item != nil {
			r.items[keys[i]] = item
		}
	}
	return r, nil
}

// councilCode is the value where it is the code of a council of the register.
func (s *site) councilCode(value string) string {
	if _, ok := s.Catalogue.Register().Council(value); !ok {
		return ""
	}
	return value
}

// org is an organisation's name, or its code where the reader may not see more.
func (r *trailReader) org(id string) string {
	if council, ok := r.items[catalogue.Key{Kind: catalogue.KindCouncil, ID: id}].(*catalogue.Council); ok {
		return council.Label()
	}
	if supplier, ok := r.items[catalogue.Key{Kind: catalogue.KindSupplier, ID: id}].(*catalogue.Supplier); ok {
		return supplier.Name
	}
	if body, ok := r.items[catalogue.Key{Kind: catalogue.KindBody, ID: id}].(*catalogue.Body); ok {
		return body.Label()
	}
	return id
}

// who is whose act it was, in words.
func (r *trailReader) who(e catalogue.Event) string {
	if a, ok := r.items[catalogue.Key{Kind: catalogue.KindAccount, ID: e.Account}].(*catalogue.Account); ok {
		return a.Email + " (" + string(e.Role) + whose(r.org(e.Org)) + ")"
	}
	switch {
	case e.Org == catalogue.OtherOrg:
		return "Another organisation"
	case e.Org != "" && e.Org == r.own && e.Account != "":
		return "A colleague (" + string(e.Role) + "), account " + e.Account
	case e.Org != "" && e.Account != "":
		return "An account since deleted or not shown (" + string(e.Role) + whose(r.org(e.Org)) + "), account " + e.Account
	case e.Org != "":
		return r.org(e.Org)
	case e.Account != "":
		return "Whoever runs this service, account " + e.Account
	case e.Via == "command":
		return "Whoever runs this service, by a command"
	case e.Role == catalogue.RoleNone && e.Refused != "":
		return "Somebody who was not signed in"
	}
	return "The service itself"
}

func whose(org string) string {
	if org == "" {
		return ""
	}
	return ", " + org
}

// record is what a record is called; its kind and ID where the reader may not see it, or it is gone.
func (r *trailReader) record(key catalogue.Key) string {
	kind, title := strings.ReplaceAll(string(key.Kind), "-", " "), ""
	switch it := r.items[key].(type) {
	case *catalogue.Intention:
		title = it.Title
	case *catalogue.Contract:
		title = it.Title
	case *catalogue.BuyingGroup:
		title = it.Title
	case *catalogue.Signal:
		text := it.Text
		if text.Title == "" && it.Draft != nil {
			text = *it.Draft
		}
		title = text.Title
	case *catalogue.Platform:
		title = it.Name
	case *catalogue.Framework:
		title = it.Name
	case *catalogue.Talk:
		title = it.Subject
	case *catalogue.Offer:
		title = it.Title
	case *catalogue.Supplier:
		title = it.Name
	case *catalogue.Return:
		return "answer of ‘" + r.service(it.LGSL) + "’, " + it.Start.Words() + " to " + it.End.Words()
	case *catalogue.EvidenceCall:
		title = it.Title
	case *catalogue.Example:
		title = it.Text.Title
	case *catalogue.Ask:
		title = it.Title
	case *catalogue.Paper:
		title = it.Title
	case *catalogue.PlanFinding:
		title = it.Title
	case *catalogue.Recommendation:
		title = it.Title
	case *catalogue.Body:
		return it.Label()
	case *catalogue.Council:
		return it.Label()
	case *catalogue.Account:
		return kind + " of " + it.Email
	}
	if title != "" {
		return kind + " ‘" + title + "’"
	}
	return kind + " " + key.ID
}

// changes says each field's change in a line; with marks of texts for a file, without for people.
func (r *trailReader) changes(e catalogue.Event, marks bool) []string {
	var out []string
	for _, f := range e.Fields {
		out = append(out, r.field(f.Field)+": "+r.change(f, marks))
	}
	if e.More > 0 {
		out = append(out, fmt.Sprintf("and %d more", e.More))
	}
	return out
}

// field is the name of a field in words: 'Members Dudley state'.
func (r *trailReader) field(name string) string {
	words := strings.Split(strings.ReplaceAll(name, "_", " "), " ")
	for i, w := range words {
		words[i] = r.org(w)
	}
	return sentenceCase(strings.Join(words, " "))
}

func (r *trailReader) change(f catalogue.FieldChange, marks bool) string {
	switch {
	case f.Text && f.Old == "" && f.New == "":
		return "changed"
	case f.Text && !marks && f.Old == "":
		return "text was added"
	case f.Text && !marks && f.New == "":
		return "text was taken out"
	case f.Text && !marks:
		return "text was changed"
	case f.Old == "":
		return r.org(f.New)
	case f.New == "":
		return r.org(f.Old) + " → not stated"
	}
	return r.org(f.Old) + " → " + r.org(f.New)
}
