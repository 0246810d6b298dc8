package catalogue

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Ending is that the day of a council's end is near, or has come: what the service does on it by itself, or what somebody
// has to decide before. It waits in the operator's queue until the council is handed over or the day is put off.
type Ending struct {
	Meta
	Council       string    `json:"council"` // its code is the record's ID too
	Area          string    `json:"area"`    // of the reorganisation that ends it
	On            Date      `json:"on"`
	Names         []string  `json:"names,omitempty"` // the councils that take its place, as recorded
	Codes         []string  `json:"codes,omitempty"` // those of them that are here, by the same order; a part may be missing
	To            string    `json:"to,omitempty"`    // code of the council that takes its place; empty: it has to be decided
	Lacks         Lack      `json:"lacks,omitempty"` // empty: it is handed over by itself on the day
	Since         time.Time `json:"since"`           // when this was noted, and its people were told
	Demonstration bool      `json:"demonstration,omitempty"`

	Main  string            `json:"main,omitempty"`  // of a council that is split: who takes what is not decided one by one
	Parts map[string]string `json:"parts,omitempty"` // which council another than Main takes, by ID of a contract
	By    Doer              `json:"by,omitzero"`     // who decided it
}

// Lack is why a council is not handed over by itself.
type Lack string

// What keeps a council from being handed over on its day.
const (
	LackSplit     Lack = "split"     // several councils take its place: which takes what has to be decided
	LackNobody    Lack = "nobody"    // no successor is recorded
	LackUnclear   Lack = "unclear"   // what is stated names more than the one successor, or two areas each end it
	LackCouncil   Lack = "council"   // a successor is not here yet, or two have the name
	LackUndone    Lack = "undone"    // it was handed over for that day, and that was undone
	LackSucceeded Lack = "succeeded" // the successor was itself succeeded
)

// noticeDays is for how many days before the day a hand-over is told of.
const noticeDays = 28

// Key names the ending.
func (e *Ending) Key() Key { return Key{KindEnding, e.ID} }

func (e *Ending) owner() string { return "" }

func (e *Ending) sees(a Actor) (Item, bool) {
	out := *e
	if a.IsOperator() {
		return &out, true
	}
	out.Main, out.Parts, out.By = "", nil, Doer{} // the operator's, until it is done
	return &out, a.ForCouncil(e.Council)
}

func (e *Ending) index(add func(string, ...string)) { add(queueName, string(KindEnding)) }

func (e *Ending) waitsSince() time.Time { return e.Since }

func (e *Ending) validate(v *validation) {
	v.council("council", e.Council)
	v.that(e.On.Exact(), "on", "The day is missing")
	v.that(len(e.Parts) <= maxParts, "parts", "Too many contracts go elsewhere: choose the council that takes most of them to take the rest")
	for _, to := range append(slices.Collect(maps.Values(e.Parts)), e.Main) {
		v.that(to == "" || slices.Contains(e.Codes, to), "parts", "Choose one of the councils that take its place")
	}
}

// Itself says that the council is handed over on the day without anybody doing anything more.
func (e *Ending) Itself() bool { return e.Lacks == "" }

// Due says that the day has come.
func (e *Ending) Due(today time.Time) bool { return !e.On.First().After(today) }

// endings works out which councils' ends are near or past and not handed over, by code. What was decided of them, and since
// when they are known, stands in the stored records alone.
func (c *Catalogue) endings(tx kv.Tx, until time.Time) (map[string]*Ending, error) {
	var records []*Vesting
	if err := c.each(tx, KindVesting, func(item Item) error {
		records = append(records, item.(*Vesting))
		return nil
	}); err != nil {
		return nil, err
	}
	rows, err := c.reorganisationRows(tx, c.register.Reorganisations(), records)
	if err != nil {
		return nil, err
	}
	out := map[string]*Ending{}
	named := councilNames{c: c}
	for _, r := range rows {
		if r.Status != register.StatusDecided || !r.Ends() || r.Reorganisation.Vesting.After(until) {
			continue
		}
		e, err := c.ending(tx, r, &named)
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		if other := out[r.CouncilGSS]; other != nil {
			e.Lacks, e.To = LackUnclear, ""
			if other.On.First().Before(e.On.First()) {
				e.On = other.On
			}
		}
		out[r.CouncilGSS] = e
	}
	return out, nil
}

// ending is what one row comes to; nil where the council was handed over already.
func (c *Catalogue) ending(tx kv.Tx, r ReorganisationRow, named *councilNames) (*Ending, error) {
	item, err := readItem(tx, Key{KindSuccession, r.CouncilGSS})
	if err != nil {
		return nil, err
	}
	before, _ := item.(*Succession)
	if before != nil && before.Undone == nil {
		return nil, nil
	}
	e := &Ending{Meta: Meta{ID: r.CouncilGSS}, Council: r.CouncilGSS, Area: r.Area, On: DateOf(r.Reorganisation.Vesting), Names: slices.Clone(r.Successors), Demonstration: r.Council.Demonstration}
	for _, name := range e.Names {
		code, err := named.code(tx, name, e.Demonstration)
		if err != nil {
			return nil, err
		}
		e.Codes = append(e.Codes, code)
	}
	switch {
	case before != nil && before.On == e.On:
		e.Lacks = LackUndone
	case len(e.Names) == 0:
		e.Lacks = LackNobody
	case len(e.Names) > 1:
		e.Lacks = LackSplit
	case !isWhole(r.SuccessorName, e.Names[0]):
		e.Lacks = LackUnclear
	case e.Codes[0] == "" || e.Codes[0] == e.Council:
		e.Lacks = LackCouncil
	default:
		e.To = e.Codes[0]
	}
	if e.To == "" {
		return e, nil
	}
	next, err := successorOf(tx, e.To)
	if next != "" {
		e.Lacks, e.To = LackSucceeded, ""
	}
	return e, err
}

// isWhole says that what is stated of a council's end names the one successor and nothing else.
func isWhole(stated, successor string) bool {
	stated = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(stated), "(working name)"))
	return strings.EqualFold(stated, strings.TrimSpace(successor))
}

// councilNames finds councils by the names that a reorganisation gives them: those of the register, and those that came
// since.
type councilNames struct {
	c      *Catalogue
	stored []*Council
	read   bool
}

// code is the code of the one council of a name; empty where there is none, or more than one.
func (n *councilNames) code(tx kv.Tx, name string, demonstration bool) (string, error) {
	if !n.read {
		if err := n.c.each(tx, KindCouncil, func(item Item) error {
			n.stored = append(n.stored, item.(*Council))
			return nil
		}); err != nil {
			return "", err
		}
		n.read = true
	}
	var found []string
	for _, council := range n.stored {
		if council.Demonstration == demonstration && (strings.EqualFold(council.OfficialName, name) || strings.EqualFold(council.Name, name)) {
			found = append(found, council.GSS)
		}
	}
	if council, ok := n.c.register.CouncilByName(name); ok && !demonstration {
		found = append(found, council.GSS)
	}
	if len(found) != 1 {
		return "", nil
	}
	return found[0], nil
}

// sameEnding says that an ending is known as it is, but for what was decided of it.
func sameEnding(a, b *Ending) bool {
	return a.Area == b.Area && a.On == b.On && a.To == b.To && a.Lacks == b.Lacks && slices.Equal(a.Names, b.Names) && slices.Equal(a.Codes, b.Codes)
}

// endEnding takes a council's ending out of the queue.
func (w *writer) endEnding(council string) error {
	item, err := readItem(w.tx, Key{KindEnding, council})
	if err != nil || item == nil {
		return err
	}
	return w.remove(item)
}

// Endings lists the ends of councils that are near or past, those first that come first, for the operator.
func (c *Catalogue) Endings(ctx context.Context, actor Actor) (out []*Ending, err error) {
	if err := permit(actor, Reorganise); err != nil {
		return nil, err
	}
	err = c.view(ctx, func(tx kv.Tx) error {
		out = nil
		return c.each(tx, KindEnding, func(item Item) error {
			out = append(out, item.(*Ending))
			return nil
		})
	})
	slices.SortStableFunc(out, func(a, b *Ending) int {
		return cmp.Or(a.On.First().Compare(b.On.First()), cmp.Compare(a.Council, b.Council))
	})
	return out, err
}

// Successions lists the hand-overs that were begun, the latest first, for the operator.
func (c *Catalogue) Successions(ctx context.Context, actor Actor) (out []*Succession, err error) {
	if err := permit(actor, Reorganise); err != nil {
		return nil, err
	}
	err = c.Each(ctx, actor, KindSuccession, func(item Item) error {
		out = append(out, item.(*Succession))
		return nil
	})
	slices.SortStableFunc(out, func(a, b *Succession) int {
		return cmp.Or(b.Begun.Compare(a.Begun), cmp.Compare(a.From, b.From))
	})
	return out, err
}
