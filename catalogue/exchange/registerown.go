package exchange

import (
	"time"

	"jointly/catalogue"
)

// What this service's own exports say of a record beyond the columns of a register, and is read back from them.

// exported fills in what an export says of where the record comes from and who stood by it. Such words count only where
// the catalogue holds them already, or whoever runs the service brings the file: nobody can make up a source, or a
// confirmation, by writing a column. Of others they are a register's words.
func (r *registerRow) exported(c *catalogue.Contract) {
	if !r.has(fieldSource) {
		return
	}
	if s := r.text(fieldSaidOfTerms); r.has(fieldSaidOfTerms) {
		c.Extension = shortened(s, 300)
	}
	c.Source.Note = shortened(r.lines(fieldSourceNote), 10_000)
	said := catalogue.Source{Text: r.text(fieldSource), Kind: r.text(fieldSourceKind), Reference: r.text(fieldSourceReference), Date: c.Source.Date, Note: c.Source.Note}
	confirmed, corrected := r.moment(fieldConfirmed), r.moment(fieldCorrected)
	old := r.held.of(c.Council)[c.Ref]
	switch {
	case r.reader.Operator && said.Text != "":
		c.Source, c.Confirmed, c.Corrected = said, confirmed, corrected
	case old != nil && asFile(said) == asFile(old.Source) && confirmed.Equal(old.Confirmed) && corrected.Equal(old.Corrected):
		c.Source, c.Confirmed, c.Corrected = old.Source, old.Confirmed, old.Corrected
	}
}

// asFile is a source as it comes back from a file.
func asFile(s catalogue.Source) catalogue.Source {
	s.Text, s.Kind, s.Reference, s.Note = cleaned(s.Text, false), cleaned(s.Kind, false), cleaned(s.Reference, false), cleaned(s.Note, true)
	return s
}

// moment is an instant as exports write it; the zero time where there is none.
func (r *registerRow) moment(field string) time.Time {
	t, err := time.Parse(time.RFC3339, r.text(field))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
