package catalogue

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// What a supplier states of a platform: marked until a council that uses it has confirmed it.

// PlatformField is a field of a platform's record that its supplier can state.
type PlatformField string

// The fields, as they are stored.
const (
	FieldName         PlatformField = "name"
	FieldCapabilities PlatformField = "capabilities"
	FieldSummary      PlatformField = "summary"
	FieldLicence      PlatformField = "licence"
	FieldExit         PlatformField = "exit"
	FieldHosting      PlatformField = "hosting"
	FieldStandards    PlatformField = "standards"
	FieldWebsite      PlatformField = "website"
)

// PlatformFields lists the fields that a supplier can state, in the order of forms.
func PlatformFields() []PlatformField {
	return []PlatformField{FieldName, FieldSummary, FieldCapabilities, FieldLicence, FieldExit, FieldHosting, FieldStandards, FieldWebsite}
}

// PlatformClaim is that a supplier keeps a platform's record, as the operator granted.
type PlatformClaim struct {
	Supplier string                      `json:"supplier"` // supplier ID
	Since    time.Time                   `json:"since"`
	Proposed time.Time                   `json:"proposed,omitzero"` // the supplier listed it, and no council has confirmed that it uses it
	Stated   map[PlatformField]time.Time `json:"stated,omitempty"`  // what no using council has confirmed, with when it was stated
}

// PlatformChange is one change of a platform's record after it was listed.
type PlatformChange struct {
	At        time.Time     `json:"at"`
	Field     PlatformField `json:"field,omitempty"` // empty: the record as a whole
	Was       string        `json:"was,omitempty"`   // what it said before, shortened
	Confirmed bool          `json:"confirmed,omitempty"`
	Supplier  string        `json:"supplier,omitempty"` // whose word it is: a supplier's ID
	Council   string        `json:"council,omitempty"`  // or a council's code; neither: the operator
}

// keptChanges is how many changes a platform's record keeps; the audit trail has all of them.
const keptChanges = 60

// Says is what a platform's record says in a field, in words.
func (p *Platform) Says(f PlatformField) string {
	switch f {
	case FieldName:
		return p.Name
	case FieldCapabilities:
		return strings.Join(p.Capabilities, ", ")
	case FieldSummary:
		return p.Summary
	case FieldLicence:
		return p.Licence
	case FieldExit:
		return p.Exit
	case FieldHosting:
		return p.Hosting
	case FieldStandards:
		return strings.Join(p.Standards, "; ")
	case FieldWebsite:
		return p.Website
	}
	return ""
}

// StatedOn is when the supplier stated a field that no using council has confirmed; zero: it is not the supplier's word
// alone.
func (p *Platform) StatedOn(f PlatformField) time.Time {
	switch {
	case p.Claim == nil:
		return time.Time{}
	case !p.Claim.Proposed.IsZero() && p.Says(f) != "" && p.Claim.Stated[f].IsZero():
		return p.Claim.Proposed
	}
	return p.Claim.Stated[f]
}

// ProposedOn is when its supplier proposed a platform that no council has confirmed to use; zero: it is none of these.
func (p *Platform) ProposedOn() time.Time {
	if p.Claim == nil {
		return time.Time{}
	}
	return p.Claim.Proposed
}

// ToConfirm lists the fields that the supplier alone stands for.
func (p *Platform) ToConfirm() []PlatformField {
	return slices.DeleteFunc(PlatformFields(), func(f PlatformField) bool { return p.StatedOn(f).IsZero() })
}

// KeptBy says that the actor's supplier keeps the platform's record.
func (p *Platform) KeptBy(actor Actor) bool {
	return p.Claim != nil && actor.ForSupplier(p.Claim.Supplier)
}

// follows takes over what a former state of the record has of its supplier's word, and keeps what changed. by tells whose
// word the new state is; what somebody else than the supplier says is no longer the supplier's alone.
func (p *Platform) follows(old *Platform, by PlatformChange) {
	p.Changes = slices.Clone(old.Changes)
	p.Claim = nil
	if old.Claim != nil {
		claim := *old.Claim
		claim.Stated = maps.Clone(old.Claim.Stated)
		p.Claim = &claim
	}
	for _, f := range PlatformFields() {
		was := old.Says(f)
		if was == p.Says(f) {
			continue
		}
		change := by
		change.Field, change.Was = f, clip(was, maxTitle)
		p.noted(change)
		if p.Claim == nil {
			continue
		}
		delete(p.Claim.Stated, f)
		if by.Supplier != "" {
			if p.Claim.Stated == nil {
				p.Claim.Stated = map[PlatformField]time.Time{}
			}
			p.Claim.Stated[f] = by.At
		}
	}
}

// keepsSaid keeps what people have said of a platform here: a file that is read again does not replace it.
func (p *Platform) keepsSaid(old *Platform) {
	if old.Claim != nil {
		p.Supplier = old.Supplier
	}
	for _, change := range old.Changes {
		switch change.Field {
		case FieldName:
			p.Name = old.Name
		case FieldCapabilities:
			p.Capabilities = old.Capabilities
		case FieldSummary:
			p.Summary = old.Summary
		case FieldLicence:
			p.Licence = old.Licence
		case FieldExit:
			p.Exit = old.Exit
		case FieldHosting:
			p.Hosting = old.Hosting
		case FieldStandards:
			p.Standards = old.Standards
		case FieldWebsite:
			p.Website = old.Website
		}
	}
}

func (p *Platform) noted(change PlatformChange) {
	p.Changes = append(slices.Clone(p.Changes), change)
	if over := len(p.Changes) - keptChanges; over > 0 {
		p.Changes = p.Changes[over:]
	}
}

// clip shortens a text to so many characters.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// confirmUse takes from a platform that its supplier proposed the mark that nobody but the supplier stands for it.
func (w *writer) confirmUse(p *Platform) error {
	if p.ProposedOn().IsZero() {
		return nil
	}
	next := *p
	next.follows(p, PlatformChange{})
	next.Claim.Proposed, next.Claim.Stated = time.Time{}, nil
	next.noted(PlatformChange{At: w.now, Council: w.actor.Org, Confirmed: true})
	asked := w.action
	w.action = FollowOn
	defer func() { w.action = asked }()
	return w.put(&next)
}
