package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"jointly/catalogue"
)

// Platforms reads platforms, and the councils that use them, from JSON lines.
func (r *Reader) Platforms(in io.Reader) (*File, error) {
	f := &File{}
	refs := unique{}
	err := f.eachLine(in, func(l *line) {
		p := &catalogue.Platform{
			Meta:         catalogue.Meta{Ref: l.required("ref")},
			Name:         l.required("name"),
			Aliases:      l.texts("aliases"),
			Supplier:     l.text("supplier"),
			Licence:      l.text("licence"),
			Underpinning: l.yes("underpinning"),
			Summary:      l.text("summary"),
			Website:      l.text("website"),
			Hosting:      l.text("hosting"),
			Exit:         l.text("exit"),
			Standards:    l.texts("standards"),
			Evidence:     l.text("evidence"),

			Demonstration: l.yes("demonstration"),
		}
		for _, id := range l.texts("capabilities") {
			if known := l.capability(r, "capabilities", id); known != "" {
				p.Capabilities = append(p.Capabilities, known)
			}
		}
		if len(p.Capabilities) == 0 {
			if best, ok := r.Dictionary.Read(p.Name, p.Summary).Best(); ok {
				p.Capabilities = []string{best.Capability}
				f.warn(l.row, "capabilities", "None given: read '"+best.Capability+"' in the name and summary")
			} else if !l.failed {
				l.fail("capabilities", "Say at least one capability that the platform is for")
			}
		}
		refs.check(l, "", p.Ref)
		uses := l.uses(r, catalogue.Slug(p.Name))
		if l.failed {
			return
		}
		f.add(l.row, p)
		for _, u := range uses {
			f.add(l.row, u)
		}
	})
	return f, err
}

type useLine struct {
	Council         string         `json:"council"`
	Since           catalogue.Date `json:"since"`
	Source          string         `json:"source"`
	SourceReference string         `json:"source_reference,omitempty"`
	SourceDate      catalogue.Date `json:"source_date,omitzero"`
	SourceKind      string         `json:"source_kind,omitempty"`
	SourceNote      string         `json:"source_note,omitempty"`
	WrittenAs       string         `json:"written_as,omitempty"`
	Capability      string         `json:"capability,omitempty"`
	Demonstration   bool           `json:"demonstration,omitempty"`
}

func (l *line) uses(r *Reader, platform string) []*catalogue.Use {
	raw := l.raw("uses")
	if raw == nil {
		return nil
	}
	var lines []json.RawMessage
	if json.Unmarshal(raw, &lines) != nil {
		l.fail("uses", `Write this as a list, like [{"council": "E08000025", "source": "award notice"}]`)
		return nil
	}
	var out []*catalogue.Use
	for n, raw := range lines {
		where := fmt.Sprintf("uses %d", n+1)
		var u useLine
		if err := json.Unmarshal(raw, &u); err != nil {
			l.fail("uses", where+": write the council's code, since as 2027-04-30 and the source as text")
			continue
		}
		if !r.knows(u.Council) {
			l.fail("uses", where+": unknown council "+short(u.Council)+": use the nine-character GSS code, like E08000025")
			continue
		}
		if strings.TrimSpace(u.Source) == "" {
			l.fail("uses", where+": say how it is known that "+u.Council+" uses it, in 'source'")
			continue
		}
		out = append(out, &catalogue.Use{Platform: platform, Council: u.Council, Since: u.Since, WrittenAs: u.WrittenAs,
			Capability: l.capability(r, "uses", u.Capability),
			Source:     catalogue.Source{Text: u.Source, Reference: u.SourceReference, Date: u.SourceDate, Kind: u.SourceKind, Note: u.SourceNote}})
	}
	return out
}

type platformLine struct {
	Ref           string    `json:"ref"`
	Name          string    `json:"name"`
	Aliases       []string  `json:"aliases,omitempty"`
	Supplier      string    `json:"supplier"`
	Capabilities  []string  `json:"capabilities"`
	Licence       string    `json:"licence"`
	Underpinning  bool      `json:"underpinning"`
	Summary       string    `json:"summary"`
	Website       string    `json:"website,omitempty"`
	Hosting       string    `json:"hosting,omitempty"`
	Standards     []string  `json:"standards,omitempty"`
	Exit          string    `json:"exit,omitempty"`
	Evidence      string    `json:"evidence,omitempty"`
	Uses          []useLine `json:"uses"`
	Demonstration bool      `json:"demonstration,omitempty"`
}

func platformOut(p *catalogue.Platform, uses []*catalogue.Use) platformLine {
	out := platformLine{Ref: refOf(p), Name: p.Name, Aliases: p.Aliases, Supplier: p.Supplier, Capabilities: list(p.Capabilities),
		Licence: p.Licence, Underpinning: p.Underpinning, Summary: p.Summary, Website: p.Website, Hosting: p.Hosting,
		Standards: p.Standards, Exit: p.Exit, Evidence: p.Evidence, Uses: []useLine{}, Demonstration: p.Demonstration}
	for _, u := range uses {
		out.Uses = append(out.Uses, useLine{Council: u.Council, Since: u.Since, Source: u.Source.Text, SourceReference: u.Source.Reference,
			SourceDate: u.Source.Date, SourceKind: u.Source.Kind, SourceNote: u.Source.Note, WrittenAs: u.WrittenAs,
			Capability: u.Capability, Demonstration: u.Demonstration})
	}
	return out
}
