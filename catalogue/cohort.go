package catalogue

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jointly/catalogue/kv"
	"jointly/catalogue/register"
)

// Cohort is the councils that become one.
type Cohort struct {
	ID        string // of area and successor, for addresses
	Area      string
	Successor string // blank: not decided, and Councils are all of the area's, however many they become
	Vesting   time.Time
	Status    register.ReorganisationStatus
	Councils  []*Council // those that the successor takes, whole or in part, by name
}

// Has says that a council is in the cohort.
func (k Cohort) Has(council string) bool {
	return slices.ContainsFunc(k.Councils, func(c *Council) bool { return c.GSS == council })
}

// Cohorts lists the cohorts of a council: one for each successor, more than one where it is split. A council that stays,
// is only named in a proposal, or has no other beside it has none.
func (c *Catalogue) Cohorts(ctx context.Context, council string) (out []Cohort, err error) {
	err = c.view(ctx, func(tx kv.Tx) (err error) {
		out, err = c.cohorts(tx, council)
		return err
	})
	return out, err
}

// CohortsIn lists the cohorts of an area whose combined estate an actor may read.
func (c *Catalogue) CohortsIn(ctx context.Context, actor Actor, area string) (out []Cohort, err error) {
	err = c.view(ctx, func(tx kv.Tx) error {
		rows, err := c.reorganisationIn(tx, area)
		out = slices.DeleteFunc(cohortsIn(rows), func(k Cohort) bool {
			return !actor.IsOperator() && (actor.OrgKind != OrgCouncil || !k.Has(actor.Org))
		})
		return err
	})
	return out, err
}

func (c *Catalogue) cohorts(tx kv.Tx, council string) ([]Cohort, error) {
	mine, err := c.reorganisationOf(tx, council)
	if err != nil {
		return nil, err
	}
	var out []Cohort
	for _, m := range mine {
		rows, err := c.reorganisationIn(tx, m.Area)
		if err != nil {
			return nil, err
		}
		for _, k := range cohortsIn(rows) {
			if k.Has(council) {
				out = append(out, k)
			}
		}
	}
	return out, nil
}

// cohortsIn sorts the councils of an area by what they become, in the order of the successors' names.
func cohortsIn(rows []ReorganisationRow) []Cohort {
	var out []Cohort
	for _, r := range rows {
		if r.Status == register.StatusUnknown {
			continue
		}
		successors := r.Successors
		if r.SuccessorName == "" {
			successors = []string{""}
		}
		for _, name := range successors {
			at := slices.IndexFunc(out, func(k Cohort) bool { return k.Successor == name })
			if at < 0 {
				at = len(out)
				out = append(out, Cohort{ID: slug(r.Area + " " + name), Area: r.Area, Successor: name, Vesting: r.Reorganisation.Vesting, Status: r.Status})
			}
			out[at].Councils = append(out[at].Councils, r.Council)
		}
	}
	out = slices.DeleteFunc(out, func(k Cohort) bool { return len(k.Councils) < 2 })
	slices.SortStableFunc(out, func(a, b Cohort) int { return cmp.Compare(a.Successor, b.Successor) })
	return out
}

// CohortLine is a contract of a cohort, with what its reader's own council can do about the need.
type CohortLine struct {
	ContractRow
	PastEnd *PastEnd // nil: it ends before the new council takes over
	Step    OwnStep
}

// OwnStep is the way from a need to buying it together, for the reader's council: its own open intention for it, else the
// contract from which to list one, else that it runs a platform for it. All empty: it is not known to have the need.
type OwnStep struct {
	Intention *Intention
	Contract  *Contract
	Runs      bool
}

// Twice is a capability that two councils of a cohort or more run something for.
type Twice struct {
	Capability string
	Runs       []Runs // by council's name
	Same       bool   // a platform that is named is run by two or more
	Different  bool   // two or more are named
	Supplier   bool   // a supplier is that of two or more
	Step       OwnStep
}

// Runs is what one council runs for a capability: a contract, or a platform without one.
type Runs struct {
	Council  *Council
	Contract *Contract // nil: only the use is known
	Platform *Platform // nil: not recognised
	Supplier string
}

// CohortEstate is what the councils of a cohort have between them, as far as its reader may see it.
type CohortEstate struct {
	Cohort
	Contracts []ContractRow // let and not ended: soonest end first, then not stated
	Uses      int           // platforms in use that no contract shown names
	Twice     []Twice
	Before    []CohortLine // end before the new council takes over, soonest first
	Past      []CohortLine // run past that day
	Undated   int          // contracts that state no end
	Align     []Alignment
	Total     float64 // GBP, whole term
	Valued    int     // of the contracts, those whose value is known
}

// CohortEstate reads the combined estate of a cohort by its ID, for people of its councils and the operator; for others it
// is NotFound.
func (c *Catalogue) CohortEstate(ctx context.Context, actor Actor, id string) (*CohortEstate, error) {
	e := &CohortEstate{}
	err := c.view(ctx, func(tx kv.Tx) error {
		*e = CohortEstate{}
		found, err := c.cohortFor(tx, actor, id)
		if err != nil {
			return err
		}
		e.Cohort = found
		return c.readCohort(tx, actor, e)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

func (c *Catalogue) cohortFor(tx kv.Tx, actor Actor, id string) (Cohort, error) {
	var all []Cohort
	var err error
	switch {
	case actor.IsOperator():
		all, err = c.allCohorts(tx)
	case actor.OrgKind == OrgCouncil:
		all, err = c.cohorts(tx, actor.Org)
	}
	if at := slices.IndexFunc(all, func(k Cohort) bool { return k.ID == id }); at >= 0 && err == nil {
		return all[at], nil
	}
	return Cohort{}, cmp.Or(err, notFound("cohort"))
}

func (c *Catalogue) allCohorts(tx kv.Tx) (out []Cohort, err error) {
	areas := map[string]bool{}
	for _, r := range c.register.Reorganisations() {
		areas[r.Area] = true
	}
	if err := c.each(tx, KindVesting, func(item Item) error {
		areas[item.(*Vesting).Area] = true
		return nil
	}); err != nil {
		return nil, err
	}
	for area := range areas {
		rows, err := c.reorganisationIn(tx, area)
		if err != nil {
			return nil, err
		}
		out = append(out, cohortsIn(rows)...)
	}
	return out, nil
}

// readCohort reads what the councils of a cohort have, and sorts it by what is to be done.
func (c *Catalogue) readCohort(tx kv.Tx, actor Actor, e *CohortEstate) error {
	today := c.Today()
	var contracts []*Contract
	runs := map[string][]Runs{}
	for _, council := range e.Councils {
		own, err := listed[*Contract](c, tx, actor, KindContract, "contract.council", council.GSS)
		if err != nil {
			return err
		}
		own = slices.DeleteFunc(own, func(k *Contract) bool { return k.Stage != StageAwarded || k.Ended(today) })
		contracts = append(contracts, own...)
		if err := c.readRuns(tx, actor, council, own, runs, e); err != nil {
			return err
		}
	}
	var err error
	if e.Contracts, err = c.contractRows(tx, actor, contracts...); err != nil {
		return err
	}
	SortByEnd(e.Contracts, today)
	steps, err := c.ownSteps(tx, actor, contracts)
	if err != nil {
		return err
	}
	for capability, all := range runs {
		if step := steps[capability]; slices.ContainsFunc(all, func(r Runs) bool { return actor.ForCouncil(r.Council.GSS) }) {
			step.Runs = true
			steps[capability] = step
		}
	}
	e.Twice = twice(runs, steps)
	for _, row := range e.Contracts {
		e.add(c, row, steps)
	}
	e.Align = alignments(e.Contracts, e.Vesting, steps)
	return nil
}

// readRuns notes what one council runs, by capability.
func (c *Catalogue) readRuns(tx kv.Tx, actor Actor, council *Council, contracts []*Contract, runs map[string][]Runs, e *CohortEstate) error {
	rows, err := c.contractRows(tx, actor, contracts...)
	if err != nil {
		return err
	}
	bought := map[string]bool{}
	for _, row := range rows {
		k := row.Contract
		bought[k.Platform] = true
		if k.Capability != "" {
			runs[k.Capability] = append(runs[k.Capability], Runs{Council: council, Contract: k, Platform: row.Platform, Supplier: k.Supplier})
		}
	}
	uses, err := listed[*Use](c, tx, actor, KindUse, "use.council", council.GSS)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if bought[u.Platform] {
			continue // the contract says more
		}
		bought[u.Platform] = true
		p, err := load[*Platform](c, tx, actor, KindPlatform, u.Platform)
		if KindOf(err) == NotFound && err != nil {
			continue
		}
		if err != nil {
			return err
		}
		e.Uses++
		capability := u.Capability
		if capability == "" && len(p.Capabilities) > 0 {
			capability = p.Capabilities[0]
		}
		if capability != "" {
			runs[capability] = append(runs[capability], Runs{Council: council, Platform: p, Supplier: p.Supplier})
		}
	}
	return nil
}

// ownSteps finds what the reader's own council can do about each capability.
func (c *Catalogue) ownSteps(tx kv.Tx, actor Actor, contracts []*Contract) (map[string]OwnStep, error) {
	steps := map[string]OwnStep{}
	for _, k := range contracts {
		known := steps[k.Capability]
		if actor.ForCouncil(k.Council) && (known.Contract == nil || k.End.Before(known.Contract.End)) {
			steps[k.Capability] = OwnStep{Contract: k}
		}
	}
	own, err := c.openIntentions(tx, actor)
	for _, in := range own {
		id, _ := in.Capable()
		step := steps[id]
		step.Intention = in
		steps[id] = step
	}
	delete(steps, "")
	return steps, err
}

// twice lists the capabilities that several councils run something for, those of most councils first.
func twice(runs map[string][]Runs, steps map[string]OwnStep) []Twice {
	var out []Twice
	councils := map[string]int{}
	for capability, all := range runs {
		t := Twice{Capability: capability, Runs: all, Step: steps[capability]}
		who, platforms := map[string]bool{}, map[string]map[string]bool{}
		for _, r := range all {
			who[r.Council.GSS] = true
			if r.Platform != nil {
				if platforms[r.Platform.ID] == nil {
					platforms[r.Platform.ID] = map[string]bool{}
				}
				platforms[r.Platform.ID][r.Council.GSS] = true
			}
		}
		if len(who) < 2 {
			continue
		}
		for _, users := range platforms {
			t.Same = t.Same || len(users) > 1
		}
		t.Different = len(platforms) > 1
		suppliers := map[string]map[string]bool{}
		for _, r := range all {
			if name := nameKey(r.Supplier); name != "" {
				if suppliers[name] == nil {
					suppliers[name] = map[string]bool{}
				}
				suppliers[name][r.Council.GSS] = true
				t.Supplier = t.Supplier || len(suppliers[name]) > 1
			}
		}
		councils[capability] = len(who)
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Twice) int {
		return cmp.Or(cmp.Compare(councils[b.Capability], councils[a.Capability]), cmp.Compare(a.Capability, b.Capability))
	})
	return out
}

// add sorts one contract of the estate.
func (e *CohortEstate) add(c *Catalogue, row ContractRow, steps map[string]OwnStep) {
	k := row.Contract
	line := CohortLine{ContractRow: row, Step: steps[k.Capability]}
	if value := k.paid(); value > 0 {
		e.Total += value
		e.Valued++
	}
	end := register.Reorganisation{Area: e.Area, Vesting: e.Vesting, Status: e.Status, CouncilGSS: k.Council}
	switch {
	case k.End.IsZero():
		e.Undated++
	case !e.Vesting.IsZero() && k.runsPast(end, c.Today()):
		note := c.pastEnd(end, k.paid())
		for _, o := range e.Contracts {
			if o.Contract.Council == k.Council && (o.Contract.ID == k.ID || o.Contract.countsWith(k)) {
				note.Together += o.Contract.paid()
			}
		}
		line.PastEnd = &note
		e.Past = append(e.Past, line)
	default:
		e.Before = append(e.Before, line)
	}
}
