package search

// Documents: what the index holds of a record, as one audience sees it. A document is put together field by field:
// there is no mapping that could take in a field nobody thought of.

import (
	"strings"

	bleve "github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"jointly/catalogue"
)

// mappingVersion is the version of documents, rows and analysis: an index of another one is rebuilt.
const mappingVersion = 7

// Fields of words, and beside them those that hold whole values.
const (
	fieldTitle = "title"
	fieldNames = "names" // other names: aliases, official names
	fieldFacts = "facts" // what stands around it: council, supplier, capability
	fieldText  = "text"  // descriptions

	fieldExact   = "exact"   // whole names and references, folded
	fieldName    = "name"    // whole names of councils, suppliers and platforms; see nameTerm
	fieldService = "service" // the whole name of a service, folded: it means more than the service alone
	fieldTag     = "tag"     // capability IDs
	fieldRow     = "row"     // see row
)

// wordField is a field of words with how much a word counts there.
type wordField struct {
	name   string
	weight float32
}

// wordFields lists the fields that words are sought in, the weightiest first.
func wordFields() []wordField {
	return []wordField{{fieldTitle, 3}, {fieldNames, 2.5}, {fieldFacts, 1.6}, {fieldText, 1}}
}

// part is a piece of a document's text; its name says in the page's words where it stands: supplier, also known as.
type part struct{ name, text string }

// document is a record as it is indexed and as its highlights are cut.
type document struct {
	key    catalogue.Key
	ref    string
	names  []part
	facts  []part
	text   []part
	exact  []string // whole names and references, as written
	serves []string // names of a service, as written
	tags   []string // capability IDs
	row
}

// docID is a record's name in the index.
func docID(key catalogue.Key) string { return key.String() }

// splitID takes a docID apart.
func splitID(id string) (catalogue.Kind, string) {
	kind, rest, _ := strings.Cut(id, "/")
	return catalogue.Kind(kind), rest
}

// entry is the document for the index.
func (d *document) entry() *bleve.Document {
	const words = index.IndexField | index.IncludeTermVectors
	const whole = index.IndexField | index.SkipFreqNorm
	out := bleve.NewDocument(docID(d.key))
	addWords := func(field string, parts []part) {
		texts := make([]string, 0, len(parts))
		for _, p := range parts {
			texts = append(texts, p.text)
		}
		if all := strings.Join(texts, partBreak); all != "" {
			out.AddField(bleve.NewTextFieldCustom(field, nil, []byte(all), words, analyser{}))
		}
	}
	addWords(fieldTitle, []part{{text: d.title}})
	addWords(fieldNames, d.names)
	addWords(fieldFacts, d.facts)
	addWords(fieldText, d.text)
	for i, name := range d.exact {
		if f := folded(name); f != "" {
			out.AddField(bleve.NewTextFieldCustom(fieldExact, []uint64{uint64(i)}, []byte(f), whole, nil))
			if name := nameTerm(d.key.Kind, f); name != "" {
				out.AddField(bleve.NewTextFieldCustom(fieldName, []uint64{uint64(i)}, []byte(name), whole, nil))
			}
		}
	}
	for i, name := range d.serves {
		out.AddField(bleve.NewTextFieldCustom(fieldService, []uint64{uint64(i)}, []byte(folded(name)), whole, nil))
	}
	for i, tag := range d.tags {
		out.AddField(bleve.NewTextFieldCustom(fieldTag, []uint64{uint64(i)}, []byte(tag), whole, nil))
	}
	out.AddField(bleve.NewTextFieldCustom(fieldRow, nil, d.encode(), index.StoreField, nil))
	return out
}

// add puts texts into parts under one name, leaving out empty ones.
func add(parts *[]part, name string, texts ...string) {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			*parts = append(*parts, part{name, strings.ReplaceAll(t, partBreak, " ")})
		}
	}
}
