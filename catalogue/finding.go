package catalogue

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CallNeed is one of the four needs that the call for evidence of 2015 found.
type CallNeed string

// The needs of the call for evidence.
const (
	NeedChannels      CallNeed = "channels"      // comparable baselines of the channels used for key services
	NeedComplex       CallNeed = "complex"       // how digital supports complex service interventions
	NeedCollaboration CallNeed = "collaboration" // opportunities to collaborate on underpinning platforms
	NeedCapability    CallNeed = "capability"    // capability and leadership across the sector
)

// CallNeeds lists the needs in the order of the call.
func CallNeeds() []CallNeed {
	return []CallNeed{NeedChannels, NeedComplex, NeedCollaboration, NeedCapability}
}

// PlanState is how far a part of the plan has come.
type PlanState string

// The states of findings and recommendations. A finding is a draft, published or withdrawn; a recommendation goes on from
// published to under way, and is done or dropped in the end.
const (
	PlanDraft     PlanState = "draft" // the operator alone sees it
	PlanPublished PlanState = "published"
	PlanUnderWay  PlanState = "under way"
	PlanDone      PlanState = "done"
	PlanDropped   PlanState = "dropped"
	PlanWithdrawn PlanState = "withdrawn"
)

// PlanFinding is what the operator draws from the evidence: a statement, and each piece of evidence that it rests on.
type PlanFinding struct {
	Meta
	Title         string       `json:"title"`
	Text          string       `json:"text,omitempty"` // what it means, and what it does not
	Need          CallNeed     `json:"need"`
	Evidence      []Evidence   `json:"evidence"`
	State         PlanState    `json:"state"`
	Published     time.Time    `json:"published,omitzero"` // when everybody could first read it
	Reason        string       `json:"reason,omitempty"`   // why it was withdrawn
	Changes       []PlanChange `json:"changes,omitempty"`  // since it was published, the latest last
	Demonstration bool         `json:"demonstration,omitempty"`
}

// Evidence is a record that everybody can read, and what it shows.
type Evidence struct {
	Path  string `json:"path"`  // of its page within the service, with the part of the page after a #
	Title string `json:"title"` // what the record was called when it was linked; the catalogue fills it
	Says  string `json:"says"`  // what it shows: 'median 62% online, 14 councils'
}

// PlanChange is what a part of the plan said until a moment, and why that changed.
type PlanChange struct {
	On  time.Time  `json:"on"`
	Why string     `json:"why"`
	Was []PlanFact `json:"was"`
}

// PlanFact is one thing that a part of the plan said.
type PlanFact struct {
	Name string `json:"name"` // as forms call it
	Text string `json:"text,omitempty"`
}

const maxEvidence = 12

// Key names the finding.
func (f *PlanFinding) Key() Key { return Key{KindFinding, f.ID} }

func (f *PlanFinding) owner() string { return "" }

func (f *PlanFinding) sees(a Actor) (Item, bool) {
	if f.State == PlanDraft && !a.IsOperator() {
		return nil, false
	}
	out := *f
	return &out, true
}

func (f *PlanFinding) index(add func(string, ...string)) {
	for _, e := range f.Evidence {
		if at := publicRecordAt(e.Path); at.ID != "" {
			add("finding.evidence", string(at.Kind), at.ID)
		}
	}
}

func (f *PlanFinding) validate(v *validation) {
	v.text("title", f.Title, 1, maxTitle)
	v.text("text", f.Text, 0, maxText)
	v.that(slices.Contains(CallNeeds(), f.Need), "need", "Choose which need of the call it answers")
	v.that(slices.Contains([]PlanState{PlanDraft, PlanPublished, PlanWithdrawn}, f.State), "state", "A finding is a draft, published or withdrawn")
	v.that(len(f.Evidence) > 0 || f.State == PlanDraft, "evidence", "Link at least one piece of evidence: a finding without evidence is an opinion")
	v.that(len(f.Evidence) <= maxEvidence, "evidence", "Link at most 12 pieces of evidence")
	for i, e := range f.Evidence {
		page := "page " + strconv.Itoa(i+1)
		v.that(e.Path != "", evidenceField("path", i), "Enter the address of "+page+", such as /services/524")
		v.text(evidenceField("path", i), e.Path, 0, maxTitle)
		v.that(e.Says != "", evidenceField("says", i), "Say what "+page+" shows")
		v.text(evidenceField("says", i), e.Says, 0, maxText/10)
	}
	v.that(f.State != PlanWithdrawn || f.Reason != "", "reason", "Say why it is withdrawn")
	v.text("reason", f.Reason, 0, maxText/10)
	v.that(len(f.Changes) <= maxChanges, "why", "This finding was changed too often: withdraw it and draw a new one")
}

// evidenceField is the form's name for a field of one piece of evidence.
func evidenceField(part string, i int) string { return "evidence_" + part + "-" + strconv.Itoa(i+1) }

func (f *PlanFinding) facts() []PlanFact {
	evidence := make([]string, len(f.Evidence))
	for i, e := range f.Evidence {
		evidence[i] = e.Title + " (" + e.Path + "): " + e.Says
	}
	return []PlanFact{{"title", f.Title}, {"text", f.Text}, {"need", string(f.Need)}, {"evidence", strings.Join(evidence, "; ")}, {"state", string(f.State)}}
}

// changed is what differs between two states of a part of the plan, as the earlier had it.
func changed(was, now []PlanFact) []PlanFact {
	var out []PlanFact
	for i := range was {
		if was[i] != now[i] {
			out = append(out, was[i])
		}
	}
	return out
}

// publicRecordAt is the record whose page a path within the service leads to, of the kinds that can be evidence; zero
// where it is none.
func publicRecordAt(path string) Key {
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	if len(parts) < 3 || parts[0] != "" {
		return Key{}
	}
	id, err := url.PathUnescape(parts[2])
	if err != nil || id == "" {
		return Key{}
	}
	if len(parts) == 3 {
		for _, kind := range evidenceKinds() {
			if parts[1] == kind.section {
				return Key{kind.kind, id}
			}
		}
		return Key{}
	}
	n, err := strconv.Atoi(parts[3])
	switch {
	case err != nil || n < 1 || len(parts) != 4:
	case parts[1] == "demand" && id == "releases":
		return Key{KindRelease, releaseID(n)}
	case parts[1] == "baseline" && id == "editions":
		return Key{KindEdition, editionID(n)}
	}
	return Key{}
}

// evidenceKind is a kind of record that can be evidence, and the first part of its page's address.
type evidenceKind struct {
	section string
	kind    Kind
}

func evidenceKinds() []evidenceKind {
	return []evidenceKind{{"services", KindService}, {"platforms", KindPlatform}, {"contracts", KindContract}, {"intentions", KindIntention}, {"groups", KindGroup},
		{"signals", KindSignal}, {"frameworks", KindFramework}, {"councils", KindCouncil}, {"calls", KindCall}, {"baseline", KindService}, {"examples", KindExample},
		{"offers", KindOffer}, {"bodies", KindBody}, {"asks", KindAsk}}
}
