package web

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/match"
	"jointly/web/view"
)

// pairing is a match of one of the visitor's intentions, with the intention that matches and whose it is.
type pairing struct {
	match.Partner
	intention *catalogue.Intention
	council   *catalogue.Council
}

// pairings reads the intentions and the councils behind lists of partners. One that the visitor may no longer see is
// left out.
func (s *site) pairings(ctx context.Context, actor catalogue.Actor, lists ...[]match.Partner) ([][]pairing, error) {
	var keys []catalogue.Key
	for _, list := range lists {
		for _, p := range list {
			keys = append(keys, catalogue.Key{Kind: catalogue.KindIntention, ID: p.Intention})
		}
	}
	items, err := s.Catalogue.Load(ctx, actor, keys)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, item := range items {
		if in, ok := item.(*catalogue.Intention); ok {
			codes = append(codes, in.Council)
		}
	}
	councils, err := s.councilsBy(ctx, actor, codes)
	if err != nil {
		return nil, err
	}
	out := make([][]pairing, len(lists))
	for i, list := range lists {
		for _, p := range list {
			in, ok := items[0].(*catalogue.Intention)
			items = items[1:]
			if ok && councils[in.Council] != nil {
				out[i] = append(out[i], pairing{p, in, councils[in.Council]})
			}
		}
	}
	return out, nil
}

// perCouncil keeps the best pairing of each council: a council is in a group once.
func perCouncil(pairs []pairing) []pairing {
	seen := map[string]bool{}
	var out []pairing
	for _, p := range pairs {
		if !seen[p.council.GSS] {
			seen[p.council.GSS] = true
			out = append(out, p)
		}
	}
	return out
}

// strength is how good a match is, in a word or two.
func (p pairing) strength() view.Tag {
	word, _, _ := strings.Cut(p.Summary, ":")
	if strings.HasPrefix(word, "Strong") {
		return view.Tag{Text: word, Classes: "govuk-tag--green"}
	}
	return view.Tag{Text: word, Classes: "govuk-tag--teal"}
}

// points is the evidence of a pairing, what tells most first; they add up to its points.
func (p pairing) points() []view.Point {
	return evidencePoints(p.Evidence)
}

func evidencePoints(evidence []match.Evidence) []view.Point {
	var speaks, against []view.Point
	for _, e := range evidence {
		if e.Points == 0 && toCheck(e) { // it stands among what is in the way
			continue
		}
		point := view.Point{Name: featureName(e.Feature) + ".", Text: e.Text, Value: signed(e.Points), Against: e.Points < 0}
		if point.Against {
			against = append(against, point)
		} else {
			speaks = append(speaks, point)
		}
	}
	return append(speaks, against...)
}

// toCheck says that evidence is something to look into.
func toCheck(e match.Evidence) bool { return strings.HasPrefix(e.Text, "Check:") }

// featureName is what a feature of the matcher is called on pages.
func featureName(feature string) string {
	switch feature {
	case "words":
		return "Wording"
	case "cpv":
		return "CPV code"
	case "purchase":
		return "Kind"
	case "ends":
		return "Contract ends"
	case "supplier":
		return "Supplier"
	}
	return sentenceCase(feature)
}

// signed writes points with their sign: '+5.0', '−0.4'.
func signed(points float64) string {
	if points < 0 {
		return "−" + fmt.Sprintf("%.1f", -points)
	}
	return "+" + fmt.Sprintf("%.1f", points)
}

// mostMusts is how many of a partner's musts are named as what stands in the way.
const mostMusts = 3

// obstacles is what stands in the way of buying together, beside the evidence that tells against it.
func (p pairing) obstacles(own *catalogue.Intention) []string {
	var out []string
	for _, n := range p.Notes {
		out = append(out, strings.TrimSpace(n.Reason+" "+n.Remedy))
	}
	for _, e := range p.Evidence {
		if e.Points < 0 || toCheck(e) {
			out = append(out, e.Text)
		}
	}
	if missing := mustsWithout(p.intention.Musts, own.Musts); len(missing) > 0 {
		more := ""
		if n := len(missing) - mostMusts; n > 0 {
			missing, more = missing[:mostMusts], fmt.Sprintf(" And %d more.", n)
		}
		out = append(out, "They must have what you did not list: "+strings.Join(missing, "; ")+"."+more)
	}
	return out
}

// mustsWithout lists what one asks for and the other does not, in these words.
func mustsWithout(theirs, own []string) []string {
	asked := map[string]bool{}
	for _, m := range own {
		asked[strings.ToLower(strings.TrimSpace(m))] = true
	}
	var missing []string
	for _, m := range theirs {
		if !asked[strings.ToLower(strings.TrimSpace(m))] {
			missing = append(missing, strings.TrimSuffix(m, "."))
		}
	}
	return missing
}

// who is the partner in one line: what kind of council, how large, how fresh its word is, what it offers.
func (p pairing) who(now time.Time) string {
	words := []string{p.council.Type}
	if p.council.Region != "" {
		words = append(words, p.council.Region)
	}
	if p.council.Population > 0 {
		words = append(words, view.Number(p.council.Population)+" residents")
	}
	text := strings.Join(words, ", ") + ". Confirmed " + ago(now, p.intention.Confirmed) + "."
	if p.intention.Role != "" {
		text += " " + roleWords(p.intention.Role) + "."
	}
	return text
}
