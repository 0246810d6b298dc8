package search

import (
	index "github.com/blevesearch/bleve_index_api"

	"jointly/catalogue"
)

// OpenVersion is Open for facts of another version.
func OpenVersion(dir string, cat *catalogue.Catalogue, o Options, version string) (*Index, error) {
	return open(dir, cat, o, version)
}

// ForgeCursor makes both indexes say that they hold what they do not: the negative control of the tests of following.
func (x *Index) ForgeCursor(seq uint64) error {
	return x.both(func(s *side) error {
		b := index.NewBatch()
		b.SetInternal([]byte(keyCursor), sealNumber(seq))
		s.gen.cursor = seq
		return s.gen.write(b)
	})
}

// MappingVersion is the version of documents, rows and analysis.
const MappingVersion = mappingVersion
