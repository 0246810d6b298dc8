package catalogue

import "time"

// What a platform's badges are made of: how many councils reuse it, and how well its record is kept. Both are counted
// from what everybody sees, so that they are the same for all.

// Reuse is how widely a platform is used, as far as it was seen.
type Reuse int

// How widely a platform is reused, the least first.
const (
	ReuseUnseen Reuse = iota // no council was seen using it
	ReuseOne
	ReuseSeveral // at least two
	ReuseWide    // at least wideReuse
)

// WideReuse is from how many councils a platform counts as widely used.
const WideReuse = 10

// Reuse is how many councils are publicly seen using the platform, and what that makes of it; invented ones count for a
// demonstration platform alone.
func (v *PlatformView) Reuse() (int, Reuse) {
	n := len(v.counted())
	switch {
	case n >= WideReuse:
		return n, ReuseWide
	case n > 1:
		return n, ReuseSeveral
	case n == 1:
		return n, ReuseOne
	}
	return 0, ReuseUnseen
}

// counted are the public uses that figures of the platform are made of.
func (v *PlatformView) counted() []UseRow {
	var out []UseRow
	for _, row := range v.Public {
		if v.Platform.Demonstration || !row.Council.Demonstration {
			out = append(out, row)
		}
	}
	return out
}

// RecordPart is a thing that a well-kept record of a platform says.
type RecordPart string

// The criteria of a well-kept record.
const (
	PartConfirmed RecordPart = "uses confirmed" // at least half of the councils confirmed it within 12 months
	PartSupplier  RecordPart = "supplier"
	PartLicence   RecordPart = "licence"
	PartExit      RecordPart = "exit terms"
	PartHosting   RecordPart = "hosting"
	PartStandards RecordPart = "standards and APIs"
)

// RecordParts lists the criteria of a well-kept record.
func RecordParts() []RecordPart {
	return []RecordPart{PartConfirmed, PartSupplier, PartLicence, PartExit, PartHosting, PartStandards}
}

// confirmedFor is how long a council's word counts for a record's upkeep, in months.
const confirmedFor = 12

// PlatformRecord is how well a platform's record is kept on a day.
type PlatformRecord struct {
	Met       map[RecordPart]bool
	Confirmed int       // councils whose word is at most 12 months old
	Councils  int       // those seen using it
	Last      time.Time // the latest word; zero: none
}

// Record measures how well the platform's record is kept on a day.
func (v *PlatformView) Record(on time.Time) PlatformRecord {
	p := v.Platform
	r := PlatformRecord{Met: map[RecordPart]bool{PartSupplier: p.Supplier != "", PartLicence: p.Licence != "", PartExit: p.Exit != "",
		PartHosting: p.Hosting != "", PartStandards: len(p.Standards) > 0}}
	for _, row := range v.counted() {
		r.Councils++
		confirmed := row.Use.Confirmed
		if confirmed.IsZero() {
			continue
		}
		if on.Before(monthsAfter(confirmed, confirmedFor)) {
			r.Confirmed++
		}
		if confirmed.After(r.Last) {
			r.Last = confirmed
		}
	}
	r.Met[PartConfirmed] = r.Councils > 0 && 2*r.Confirmed >= r.Councils
	return r
}

// Points is how many of the criteria are met.
func (r PlatformRecord) Points() int {
	n := 0
	for _, part := range RecordParts() {
		if r.Met[part] {
			n++
		}
	}
	return n
}
