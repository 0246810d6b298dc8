package search

import (
	"fmt"
	"strings"
	"testing"

	"jointly/catalogue/capability"
)

// written shows a plan: groups in brackets, phrases joined by dots, what must not be there after a minus.
func written(p *plan) string {
	show := func(a alternative) string {
		var out []string
		for _, t := range a.terms {
			out = append(out, t.term)
		}
		return strings.Join(out, ".")
	}
	var out []string
	for _, g := range p.groups {
		var all []string
		for _, a := range g.alternatives {
			all = append(all, show(a))
		}
		out = append(out, "["+strings.Join(all, " ")+"]")
	}
	for _, a := range p.not {
		out = append(out, "-"+show(a))
	}
	return strings.Join(out, " ")
}

func TestParseWithoutTheDictionary(t *testing.T) {
	for text, want := range map[string]string{
		`revenues system`:              `[revenue] [system]`,
		`"council tax" billing`:        `[council.tax] [billing]`,
		`“council tax”`:                `[council.tax]`,
		`parking -permits`:             `[parking] -permit`,
		`parking -"blue badge" -pcn`:   `[parking] -blue.badge -pcn`,
		`NEC OR Civica`:                `[nec civica]`,
		`NEC OR "Civica Cx" OR MRI ok`: `[nec civica.cx mri] [ok]`,
		`OR NEC`:                       `[nec]`,
		`NEC OR`:                       `[nec]`,
		`e-forms`:                      `[e.form]`,
		`"unclosed phrase`:             `[unclosed.phrase]`,
		`- -- -`:                       ``,
		`""`:                           ``,
		`wild* /reg.ex/ ~ ^2 a:b`:      `[wild] [reg.ex] [2] [b]`,
		`the of and`:                   ``,
		`telephony/broadband,(WAN)`:    `[telephony] [broadband] [wan]`,
		`NEC OR -Civica`:               `[nec] -civica`,
	} {
		if got := written(parse(text, nil)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestParseAsTheDictionaryUnderstands(t *testing.T) {
	understand := func(query string) capability.Understanding {
		u := capability.Understanding{}
		if strings.Contains(query, "revs and bens") {
			u.Capabilities = []string{"revs-bens"}
			u.Phrases = []capability.Phrase{{Written: "revs and bens", Capability: "revs-bens", Common: true, Alternatives: []string{"council tax", "Council Tax", "NNDR"}}}
			query = strings.ReplaceAll(query, "revs and bens", "")
		}
		u.Rest = strings.Fields(strings.ReplaceAll(query, "-", " "))
		return u
	}
	for text, want := range map[string]string{
		`revs and bens`:               `[rev.ben council.tax nndr]`,
		`revs and bens leeds`:         `[rev.ben council.tax nndr] [leed]`,
		`"revs and bens"`:             `[rev.ben]`,
		`G-Cloud hosting`:             `[g.cloud] [hosting]`,
		`hosting "on premise" -cloud`: `[hosting] [on.premise] -cloud`,
	} {
		if text == `hosting "on premise" -cloud` {
			want = `[hosting] [premise] -cloud` // 'on' is a stop word
		}
		p := parse(text, understand)
		if got := written(p); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if p := parse("revs and bens", understand); len(p.tags) != 1 || p.groups[0].tags[0] != "revs-bens" || p.groups[0].spell {
		t.Errorf("got %+v", p)
	}
}

func TestParseIsBounded(t *testing.T) {
	many := make([]string, 300)
	for i := range many {
		many[i] = fmt.Sprintf("w%d", i)
	}
	synonyms := func(query string) capability.Understanding {
		var u capability.Understanding
		for _, w := range strings.Fields(query) {
			u.Phrases = append(u.Phrases, capability.Phrase{Written: w, Alternatives: many[:8]})
		}
		return u
	}
	for _, text := range []string{
		strings.Join(many, " "), `"` + strings.Join(many, " ") + `"`, strings.Join(many, " OR "), "-" + strings.Join(many, " -"),
	} {
		p := parse(text, synonyms)
		terms := 0
		for _, g := range p.groups {
			for _, a := range g.alternatives {
				terms += len(a.terms)
			}
		}
		if terms > maxAlternatives*2 || len(p.groups) > maxWords || len(p.not) > maxWords {
			t.Errorf("%.20s...: %d groups, %d terms, %d not", text, len(p.groups), terms, len(p.not))
		}
		if len(p.dropped) == 0 && !strings.HasPrefix(text, `"`) {
			t.Errorf("%.20s...: nothing is said to be dropped", text)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`"a b" -c OR d`)
	f.Add("- OR \" -\"")
	f.Fuzz(func(t *testing.T, text string) {
		p := parse(text, func(q string) capability.Understanding {
			return capability.Understanding{Rest: strings.Fields(q)}
		})
		for _, g := range p.groups {
			if len(g.alternatives) == 0 || len(g.alternatives[0].terms) == 0 {
				t.Fatalf("%q: a group without terms", text)
			}
		}
	})
}
