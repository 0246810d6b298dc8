package catalogue

import "time"

// What follows from a contract's dates and value.

// NoticeBy is the last day to give notice before the stated end, so that whole months lie between: six months before a
// contract that ends on 30 June is 31 December. Zero where end or notice are not stated.
func (c *Contract) NoticeBy() Date { return c.noticeBefore(c.End) }

// BreakNoticeBy is the last day to give the same notice before the break.
func (c *Contract) BreakNoticeBy() Date { return c.noticeBefore(c.Break) }

func (c *Contract) noticeBefore(last Date) Date {
	switch {
	case c.NoticeMonths == 0 || last.IsZero():
		return Date{}
	case !last.Exact():
		return last.AddMonths(-c.NoticeMonths)
	}
	next := DateOf(last.Last().AddDate(0, 0, 1)).AddMonths(-c.NoticeMonths)
	return DateOf(next.First().AddDate(0, 0, -1))
}

// AYear is what the contract costs a year: its value over its term, which is stated from start to end, and the whole of
// it where that is less than a year. 0: not stated, or the value is the ceiling of a framework.
func (c *Contract) AYear() float64 {
	if c.Value == 0 || c.Start.IsZero() || c.End.IsZero() || c.FrameworkCeiling() {
		return 0
	}
	return c.Value / max(c.TermYears(), 1)
}

// TermYears is how long the contract runs without extension, in years; 0 where start or end are not stated.
func (c *Contract) TermYears() float64 {
	if c.Start.IsZero() || c.End.IsZero() {
		return 0
	}
	const day, year = 24, 365.25 * 24
	return (c.End.Last().Sub(c.Start.First()).Hours() + day) / year
}

// Runs says that a contract that was let is not over: its end, with every extension, has not passed, or is not stated.
func (c *Contract) Runs(on time.Time) bool {
	return c.Stage == StageAwarded && (c.End.IsZero() || !c.EndIfExtended().Last().Before(on))
}

// Due is what a council can do about a contract by a day.
type Due struct {
	By   Date
	Kind DueKind
}

// DueKind says what is decided.
type DueKind string

// What a contract asks to be decided next.
const (
	DecideNotice DueKind = "notice" // give notice before the end, or extend
	DecideBreak  DueKind = "break"  // use the break
	DecideEnd    DueKind = "end"    // replace it before it ends, or extend
	DecidePast   DueKind = "past"   // the stated end has passed: was it extended?
)

// NextDecision is the soonest decision that is still to come; its By is zero where the contract states no date for one.
func (c *Contract) NextDecision(today time.Time) Due {
	if c.Ended(today) {
		return Due{c.End, DecidePast}
	}
	by := c.BreakNoticeBy()
	if by.IsZero() {
		by = c.Break
	}
	next := Due{}
	for _, d := range []Due{{by, DecideBreak}, {c.NoticeBy(), DecideNotice}, {c.End, DecideEnd}} {
		if d.By.IsZero() || d.By.Last().Before(today) {
			continue
		}
		if next.By.IsZero() || d.By.Before(next.By) {
			next = d
		}
	}
	return next
}

// enteredByHand is the kind of source of what a council typed in itself.
const enteredByHand = "entered by the council"

// ByHand says that the council typed the contract in: no record that others could read says so.
func (c *Contract) ByHand() bool { return c.Source.Kind == enteredByHand }

// told says that public records told of the contract: then it stays public, whatever its council adds.
func (c *Contract) told() bool { return c.Audience == Public && !c.ByHand() }

// keepWord keeps, in what an import brings over old (nil for a new record), what the council itself said of the
// contract: what the import does not hold, and what was put right, until a record that is newer than that says otherwise.
func (c *Contract) keepWord(old Item) {
	was, ok := old.(*Contract)
	if !ok || !c.Confirmed.IsZero() {
		return
	}
	if !was.Corrected.IsZero() && !c.Source.Date.First().After(was.Corrected) {
		kept := c.Meta
		*c = *was
		c.Meta = kept
		return
	}
	c.Confirmed, c.Corrected = was.Confirmed, was.Corrected
	if c.NoticeMonths == 0 {
		c.NoticeMonths = was.NoticeMonths
	}
	if c.Break.IsZero() && !c.EndIfExtended().Before(was.Break) {
		c.Break = was.Break
	}
	if c.End.IsZero() && c.EndNote == "" {
		c.EndNote = was.EndNote
	}
	c.ExVAT = c.ExVAT || was.ExVAT && c.Value == was.Value
}

// putRight notes that a council's file, which repeats the source of a record that is no register, says otherwise than the
// record: that is the council's correction, as if it had been typed.
func (c *Contract) putRight(old Item, now time.Time) {
	was, ok := old.(*Contract)
	if ok && c.Source == was.Source && c.Source.Kind != SourceRegister && !c.ByHand() && !c.saysLike(was) {
		c.Confirmed, c.Corrected = now, now
	}
}

// SourceRegister is the kind of source of what a council's register says: a later register says so in its place.
const SourceRegister = "contracts register"
