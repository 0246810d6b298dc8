package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jointly/catalogue/kv"
)

// AdoptionStage is how far a council is with what an example tells.
type AdoptionStage string

// The stages of an adoption.
const (
	AdoptionConsidering AdoptionStage = "considering"
	AdoptionStarted     AdoptionStage = "started"
	AdoptionLive        AdoptionStage = "live"
	AdoptionStopped     AdoptionStage = "stopped"
)

// AdoptionStages lists the stages in order.
func AdoptionStages() []AdoptionStage {
	return []AdoptionStage{AdoptionConsidering, AdoptionStarted, AdoptionLive, AdoptionStopped}
}

// Adoption is a council's own word that it does what an example of another council tells, or thinks of it.
type Adoption struct {
	Meta
	Example       string         `json:"example"`
	Council       string         `json:"council"`
	Stage         AdoptionStage  `json:"stage"`
	Since         Date           `json:"since,omitzero"`   // of the stage; a month will do
	Reason        string         `json:"reason,omitempty"` // why it stopped
	Audience      Audience       `json:"audience"`         // public or councils: who sees that it is this council
	Steps         []AdoptionStep `json:"steps,omitempty"`  // the stages that it said, oldest first
	Heard         uint64         `json:"heard"`            // the last change before it began: what was told of the example until then is not for it
	Account       string         `json:"account,omitempty"`
	Demonstration bool           `json:"demonstration,omitempty"`
}

// AdoptionStep is that a council said a stage.
type AdoptionStep struct {
	Stage AdoptionStage `json:"stage"`
	At    time.Time     `json:"at"`
}

// adoptionID is the ID of a council's adoption of an example: it has one.
func adoptionID(example, council string) string { return example + "~" + council }

// Key names the adoption.
func (a *Adoption) Key() Key { return Key{KindAdoption, a.ID} }

func (a *Adoption) owner() string { return a.Council }

// GoesOn says that the council has not stopped.
func (a *Adoption) GoesOn() bool { return a.Stage != AdoptionStopped }

// sees: who it is is public or for councils, as it chose. Why it stopped is for councils.
func (a *Adoption) sees(actor Actor) (Item, bool) {
	if !a.Audience.admits(actor, a.Council, nil) {
		return nil, false
	}
	out := *a
	out.Steps = slices.Clone(a.Steps)
	if actor.IsOperator() || actor.ForCouncil(a.Council) {
		return &out, true
	}
	out.Account, out.Steps, out.Heard = "", nil, 0
	if !actor.councils() {
		out.Reason = ""
	}
	return &out, true
}

func (a *Adoption) index(add func(string, ...string)) {
	add("adoption.example", a.Example)
	add("adoption.council", a.Council)
}

func (a *Adoption) validate(v *validation) {
	v.council("council", a.Council)
	v.that(a.ID == adoptionID(a.Example, a.Council), "id", "A council adopts an example once")
	v.that(slices.Contains(AdoptionStages(), a.Stage), "stage", "Choose how far your council is")
	v.date("since", a.Since)
	v.text("stop_reason", a.Reason, 0, maxSaid)
	v.that(a.Stage != AdoptionStopped || strings.TrimSpace(a.Reason) != "", "stop_reason", "Say why your council stopped: it helps others to decide")
	v.that(a.Audience == Public || a.Audience == Councils, "audience", "Choose who sees that it is your council")
	v.that(len(a.Steps) <= maxReviews, "stage", "This was changed too often: ask whoever runs this service")
}

func (a *Adoption) inherit(from, to string) bool {
	if !renames(from, to, &a.Council) {
		return false
	}
	a.ID = adoptionID(a.Example, to)
	return true
}

// further says that a council is further than another said, so that its word stands where the two become one.
func (a *Adoption) further(other *Adoption) bool {
	place := func(s AdoptionStage) int {
		return slices.Index([]AdoptionStage{AdoptionStopped, AdoptionConsidering, AdoptionStarted, AdoptionLive}, s)
	}
	return place(a.Stage) > place(other.Stage)
}

// AdoptionWord is what a council says of itself about an example.
type AdoptionWord struct {
	Stage    AdoptionStage
	Since    Date
	Reason   string
	Audience Audience
}

// Adopt records how far the actor's council is with an example of another; saying it again replaces what it said. The
// example's council is told of a new one and of a new stage.
func (c *Catalogue) Adopt(ctx context.Context, actor Actor, example string, word AdoptionWord) (*Adoption, error) {
	a := &Adoption{Meta: Meta{ID: adoptionID(example, actor.Org)}, Example: example, Council: actor.Org, Stage: word.Stage, Since: word.Since,
		Reason: strings.TrimSpace(word.Reason), Audience: word.Audience, Account: actor.Account, Demonstration: c.demonstration(actor.Org)}
	if a.Stage != AdoptionStopped {
		a.Reason = ""
	}
	err := c.write(ctx, actor, AdoptExample, func(w *writer) error {
		x, err := w.adoptable(example)
		if err != nil {
			return err
		}
		item, err := readItem(w.tx, a.Key())
		if err != nil {
			return err
		}
		a.Meta, a.Steps = Meta{ID: a.ID}, nil
		was, _ := item.(*Adoption)
		if was != nil {
			a.Meta, a.Steps, a.Heard = was.Meta, slices.Clone(was.Steps), was.Heard
		}
		if x.End != nil && (was == nil || a.Stage != AdoptionStopped) {
			return conflict("The council that wrote this example has withdrawn it")
		}
		if !a.Since.IsZero() && a.Since.First().After(c.Today()) {
			return invalid("adoption", "since", "The month must be this month or in the past")
		}
		fresh := was == nil || was.Stage != a.Stage
		if fresh {
			a.Steps = append(a.Steps, AdoptionStep{a.Stage, w.now})
		}
		if err := w.start(); err != nil {
			return err
		}
		if was == nil || !was.GoesOn() {
			a.Heard = w.seq
		}
		if same, err := saysTheSame(item, a); same || err != nil {
			return err
		}
		if err := w.put(a); err != nil || !fresh {
			return err
		}
		return w.tellAdopted(x, a)
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// adoptable is the example that the writer's council says its word about.
func (w *writer) adoptable(id string) (*Example, error) {
	x, err := load[*Example](w.c, w.tx, w.actor, KindExample, id)
	switch {
	case err != nil:
		return nil, err
	case !x.IsPublic():
		return nil, conflict("This example is not published yet")
	case w.actor.ForCouncil(x.Council):
		return nil, invalid("adoption", "stage", "This is your own council’s example")
	case x.Demonstration != w.c.demonstration(w.actor.Org):
		return nil, invalid("adoption", "stage", "This example is invented, to show what Jointly does: real councils and invented ones are not counted together")
	}
	return x, nil
}

// tellAdopted tells the council of an example how far another is with it.
func (w *writer) tellAdopted(x *Example, a *Adoption) error {
	who, err := w.c.label(w.tx, a.Council)
	if err != nil {
		return err
	}
	m := Message{Subject: who + " " + a.Stage.does() + " ‘" + x.Text.Title + "’", Link: "/examples/" + x.ID + "#adopters", LinkText: "See who does it too",
		Why: "You are told because it is your council’s example."}
	switch {
	case a.Stage == AdoptionStopped:
		m.Text = []string{"Its reason: " + a.Reason}
	case a.Audience == Public:
		m.Text = []string{"Everybody can see that it is " + who + "."}
	default:
		m.Text = []string{"Officers of councils can see that it is " + who + ", and nobody else."}
	}
	return w.tell([]string{x.Council}, RoleContributor, m)
}

// does says a stage as what a council does with an example.
func (s AdoptionStage) does() string {
	switch s {
	case AdoptionStarted:
		return "has started on"
	case AdoptionLive:
		return "is live with"
	case AdoptionStopped:
		return "has stopped"
	}
	return "considers"
}

// Disown takes back what the actor's council said about an example, where it was said by mistake.
func (c *Catalogue) Disown(ctx context.Context, actor Actor, example string) error {
	return c.write(ctx, actor, AdoptExample, func(w *writer) error {
		a, err := load[*Adoption](c, w.tx, actor, KindAdoption, adoptionID(example, actor.Org))
		if KindOf(err) == NotFound && err != nil {
			return nil // sent twice
		}
		if err != nil {
			return err
		}
		return w.remove(a)
	})
}

// examplesHeard lists the examples of which an actor is told: those that its council does too, each with the number of the
// last change before it did.
func examplesHeard(tx kv.Tx, actor Actor) (map[string]uint64, error) {
	if actor.OrgKind != OrgCouncil || actor.Org == "" {
		return nil, nil
	}
	ids, err := lookup(tx, "adoption.council", actor.Org)
	if err != nil {
		return nil, err
	}
	heard := map[string]uint64{}
	for _, id := range ids {
		item, err := readItem(tx, Key{KindAdoption, id})
		if err != nil {
			return nil, err
		}
		if a, ok := item.(*Adoption); ok && a.GoesOn() {
			heard[a.Example] = a.Heard
		}
	}
	return heard, nil
}

// sortAdoptions puts those that are live first, then the latest.
func sortAdoptions(list []AdoptionRow) {
	order := []AdoptionStage{AdoptionLive, AdoptionStarted, AdoptionConsidering, AdoptionStopped}
	slices.SortStableFunc(list, func(a, b AdoptionRow) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Adoption.Stage), slices.Index(order, b.Adoption.Stage)),
			b.Adoption.Since.First().Compare(a.Adoption.Since.First()), cmp.Compare(a.Council.Name, b.Council.Name))
	})
}
