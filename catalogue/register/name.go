package register

// Councils by name, as people and notices write it. A name reads as: words for the kind of council, the place, more
// such words, and perhaps a department. The place decides; the words around it must fit the council, and choose where
// one place has two councils. What is left over must not make it another body's name.

import (
	"fmt"
	"io/fs"
	"iter"

	"jointly/catalogue/table"
)

// CouncilByName finds the council that a name means, written in any case, punctuation and word order that is usual:
// 'BLACKPOOL BOROUGH COUNCIL', 'Royal Borough of Kingston upon Thames', 'St Helens MBC', 'Bristol, City of', 'Leeds'.
// A department of a council is the council ('Hertfordshire County Council - Children's Services'). Other bodies with a
// council's place or name in theirs are not: police, schools, companies, pension funds, two councils at once. Nor are
// councils that were abolished; those that went on under another name are found under the old one.
func (r *Register) CouncilByName(name string) (Council, bool) {
	i, ok := r.names.find(readWords(name))
	if !ok {
		return Council{}, false
	}
	return r.councils[i], true
}

// nameIndex finds councils, by their position in the register, under the places that their names are made of.
type nameIndex struct {
	byPlace map[string][]spelling
	bears   []kind   // by council: the kind words that it may bear
	county  []string // by council: the place of the county council above it
	longest int      // words in the longest place
}

// spelling is one way to write a council's name.
type spelling struct {
	council int
	kind    kind // the kind words in it
	only    bool // it holds with just these words
}

// add enters a way to write the name of a council. Only one marked so gives the council no kind words to bear elsewhere.
func (x *nameIndex) add(council int, name string, only bool) error {
	w := readWords(name)
	i, j, k := 0, w.len(), kind(0)
	for ; i < j; i++ {
		word, ok := typeWord(w.at(i))
		if !ok {
			break
		}
		k |= word
	}
	for ; j > i; j-- {
		word, ok := typeWord(w.at(j - 1))
		if !ok {
			break
		}
		k |= word
	}
	place := w.slice(i, j)
	if place == "" && k&kindLondon != 0 { // the one place that is also a word for a kind
		place, k = "london", k&^kindLondon
	}
	if place == "" {
		return fmt.Errorf("%q names no place", name)
	}
	s := spelling{council, k, only}
	for _, other := range x.byPlace[place] {
		if other == s {
			return nil
		}
		if other.council != council && other.kind == k {
			return fmt.Errorf("%q names two councils", name)
		}
	}
	x.byPlace[place] = append(x.byPlace[place], s)
	x.longest = max(x.longest, j-i)
	if !only {
		x.bears[council] |= k
	}
	return nil
}

// find is the council that the words mean.
func (x *nameIndex) find(w words) (council int, ok bool) {
	for from := 0; from < w.len(); from++ {
		for m := range x.read(w, from) {
			rest := w.from(m.end)
			bare := from == 0 && rest.len() == 0
			if bare || m.kind.explicit() && x.isDepartment(rest, m.council) {
				return m.council, true
			}
		}
		if !mayLead(w.at(from)) {
			break
		}
	}
	return 0, false
}

// reading is a council's name found in words.
type reading struct {
	council int
	kind    kind // the kind words used
	end     int  // where the name ends
}

// read goes through the ways to read a council's name that begins at a word, those that take in most first.
func (x *nameIndex) read(w words, from int) iter.Seq[reading] {
	return func(yield func(reading) bool) {
		before := kind(0)
		for i := from; i < w.len(); i++ {
			for j := min(i+x.longest, w.len()); j > i; j-- {
				spellings := x.byPlace[w.slice(i, j)]
				if len(spellings) == 0 {
					continue
				}
				for end := endOfTypeWords(w, j); end >= j; end-- {
					if end < w.len() && w.at(end-1) == "of" {
						continue // 'Camden, London Borough of' ends there
					}
					k := before
					for n := j; n < end; n++ {
						word, _ := typeWord(w.at(n))
						k |= word
					}
					if council, ok := x.choose(spellings, k); ok && !yield(reading{council, k, end}) {
						return
					}
				}
			}
			word, ok := typeWord(w.at(i))
			if !ok {
				return
			}
			before |= word
		}
	}
}

func endOfTypeWords(w words, from int) int {
	for from < w.len() && isTypeWord(w.at(from)) {
		from++
	}
	return from
}

// choose is the one council of a place that the kind words fit; where they fit several, the one whose own words they
// are.
func (x *nameIndex) choose(spellings []spelling, k kind) (council int, ok bool) {
	var fits, exact candidate
	for _, s := range spellings {
		if s.only && k != s.kind && k != s.kind|kindCouncil || !s.only && !x.bears[s.council].admits(k) {
			continue
		}
		fits.add(s.council)
		if k|kindCouncil == s.kind|kindCouncil {
			exact.add(s.council)
		}
	}
	if exact.found {
		return exact.council, !exact.several
	}
	return fits.council, fits.found && !fits.several
}

// candidate is the one council among those added, or that there were several.
type candidate struct {
	council        int
	found, several bool
}

func (c *candidate) add(council int) {
	c.several = c.several || c.found && c.council != council
	c.council, c.found = council, true
}

// isDepartment says whether the words after a council's name leave it that council's.
func (x *nameIndex) isDepartment(rest words, council int) bool {
	switch rest.at(0) {
	case "of", "for", "against": // a Council for Voluntary Service
		return false
	case "on":
		if rest.at(1) != "behalf" {
			return false
		}
	}
	for i := range rest.len() {
		pair := rest.slice(i, i+2)
		if isOtherBodyPair(pair) || isOtherBody(rest.at(i)) && !isRole(rest.slice(i-1, i+1)) {
			return false
		}
	}
	return !x.namesAnother(rest, council)
}

// namesAnother says whether words name a council beside the one given, or something called a council. The county that
// a district's address ends with is no such name, nor is a body on whose behalf the council acts.
func (x *nameIndex) namesAnother(rest words, council int) bool {
	for m := range x.read(rest, 0) {
		if m.end == rest.len() && m.council != council && rest.text != x.county[council] {
			return true
		}
	}
	for i := 0; i < rest.len(); {
		if rest.at(i) == "behalf" {
			return false
		}
		next := i + 1
		for m := range x.read(rest, i) {
			if m.kind.explicit() {
				if m.council != council {
					return true
				}
				next = m.end
				break
			}
		}
		if next == i+1 {
			switch rest.at(i) {
			case "councils":
				return true
			case "council":
				if !isCouncils(rest.at(i + 1)) {
					return true
				}
			}
		}
		i = next
	}
	return false
}

func (r *Register) readAliases(data fs.FS) error {
	x := &r.names
	x.byPlace = make(map[string][]spelling, 2*len(r.councils))
	x.bears = make([]kind, len(r.councils))
	x.county = make([]string, len(r.councils))
	for i, c := range r.councils {
		x.bears[i], _ = kindOf(c.Type)
		x.county[i] = readWords(c.County).text
		// A city corporation shares its city's name with the whole: both of its names hold as they are.
		only := c.Type == "City corporation"
		for _, name := range []string{c.Name, c.OfficialName} {
			if err := x.add(i, name, only); err != nil {
				return fmt.Errorf("councils.csv: %w", err)
			}
		}
	}
	return table.Read(data, "aliases.csv", "name,gss,as_written,why", func(row *table.Row) error {
		row.Need("why")
		i, ok := r.councilsByGSS[row.Need("gss")]
		if !ok {
			return fmt.Errorf("gss: no council %q", row.Text("gss"))
		}
		return x.add(i, row.Need("name"), row.Flag("as_written"))
	})
}
