package catalogue

import (
	"regexp"
	"strings"
	"time"
)

// Naming is how the words on who may use a framework reach councils.
type Naming string

// What the words on eligibility say of a council.
const (
	NamedClass   Naming = "councils as a class"
	NamedPlace   Naming = "councils of a place"
	NamedPurpose Naming = "councils for a purpose"
	NamedPublic  Naming = "the public sector"
	NamedMembers Naming = "members"
	NamedExcept  Naming = "some are taken out"
	NamedOthers  Naming = "other bodies"
	NamedNobody  Naming = "not stated"
)

// Eligibility is what the words on who may use a framework say of councils. It is a reading of words, never a finding
// that a council may use it: the notice and the framework's owner decide that.
type Eligibility struct {
	Clause string
	Naming Naming
	Of     string // the place or the purpose; empty for the others
	List   bool   // the owner keeps a list of who may use it
}

// Eligibility reads the words on who may use the framework.
func (f *Framework) Eligibility() Eligibility {
	e := Eligibility{Clause: f.Eligible}
	words := strings.ToLower(f.Eligible)
	has := func(any ...string) bool {
		for _, w := range any {
			if strings.Contains(words, w) {
				return true
			}
		}
		return false
	}
	e.List = has("permissible user", "permitted user", "listed user", "named user")
	named := has("local authorit", "local government", "council")
	switch {
	case strings.TrimSpace(words) == "":
		e.Naming = NamedNobody
	case takesOut.MatchString(words):
		e.Naming = NamedExcept
	case named:
		e.Naming = NamedClass
		if m := forPurpose.FindStringSubmatch(words); m != nil {
			e.Naming, e.Of = NamedPurpose, strings.TrimSpace(m[1])
		} else if m := inPlace.FindStringSubmatch(f.Eligible); m != nil {
			e.Naming, e.Of = NamedPlace, strings.TrimSpace(m[1])
		}
	case has("member"):
		e.Naming = NamedMembers
	case has("public sector", "public bod", "contracting authorit"):
		e.Naming = NamedPublic
	default:
		e.Naming = NamedOthers
	}
	return e
}

// What the words are read for: who is taken out; what councils are named for ('local authorities for schools'); where they
// are ('local authorities in Wales': places begin with a capital).
var (
	takesOut   = regexp.MustCompile(`\b(not|no|except|excepting|excluding|excludes|exclude|other than|without)\b`)
	forPurpose = regexp.MustCompile(`(?:local authorities|councils) for ([^.;,(]+)`)
	inPlace    = regexp.MustCompile(`(?i:local authorities|local government|councils)[^.;(]*? (?:in|of) ((?:the )?[A-Z][^.;(]*)`)
)

// Words say what the clause does for councils in general, in full sentences.
func (e Eligibility) Words() string {
	switch e.Naming {
	case NamedClass:
		return "It names councils as a class. Check in the notice how the class is defined."
	case NamedPlace:
		return "It names councils of one place only: " + e.Of + "."
	case NamedPurpose:
		return "It names councils for one purpose only: " + e.Of + "."
	case NamedPublic:
		return "It names public bodies, and councils only as some of them. Check in the notice whether the class takes councils in."
	case NamedMembers:
		return "It is for members of a body. A council that is no member is not named: ask the owner who can become one."
	case NamedExcept:
		return "It takes some bodies out. Read whom in the notice."
	case NamedOthers:
		return "It names other bodies, not councils. Ask the owner before you rely on it."
	}
	return "Our record does not say who may use it. A framework must state it: look in its notice, or ask its owner."
}

// Means is what follows for a council on a day, a sentence each; nil asks for any council. It is no advice that the
// council may use the framework.
func (f *Framework) Means(council *Council, on time.Time) []string {
	e := f.Eligibility()
	out := []string{e.Words()}
	if e.List {
		out = append(out, "Its owner keeps a list of who may use it: look whether "+who(council)+" is on it.")
	}
	if e.Naming == NamedPlace {
		switch {
		case council != nil && strings.Contains(strings.ToLower(e.Of), strings.ToLower(council.Name)):
			out = append(out, council.Name+" is among the places that it names.")
		case council != nil:
			out = append(out, "It does not name "+council.Name+". Whether your council lies within what it names is for the notice to say.")
		}
	}
	out = append(out, nationMeans(council))
	switch f.State(on) {
	case FrameworkEnded:
		out = append(out, "By this record it has ended: no new call-off can be made under a framework that has ended. Those made before run on under their own terms.")
	case FrameworkPlanned:
		out = append(out, "It has not begun, so nothing can be bought through it yet.")
	case FrameworkUnknown:
		out = append(out, "Our record does not show that it is open. Ask its owner before you plan a call-off.")
	case FrameworkOpen:
		out = append(out, "A call-off must be awarded before it ends, "+endsWords(f.End)+" as it stands.")
	}
	return append(out, "Whether "+who(council)+" may use it is for the notice and the owner to say. Keep their answer with your papers.")
}

func who(council *Council) string {
	if council == nil {
		return "a council"
	}
	return "your council"
}

func endsWords(d Date) string {
	if d.Exact() {
		return "on " + d.Words()
	}
	return "in " + d.Words()
}

// nationMeans says whose rules a council buys under, where that matters to a framework.
func nationMeans(council *Council) string {
	if council == nil {
		return "Rules differ by nation: a council in Scotland, Wales or Northern Ireland checks that the notice names councils there, and its own rules."
	}
	switch council.Nation {
	case "Scotland":
		return "Your council is in Scotland: devolved Scottish authorities are outside the Procurement Act 2023. Check that the notice names Scottish councils, and what your own rules ask of a call-off."
	case "Wales":
		return "Your council is in Wales: Welsh procurement rules apply where it leads. Check that the notice names Welsh councils."
	case "Northern Ireland":
		return "Your council is in Northern Ireland: it is under the Procurement Act 2023 with arrangements of its own. Check that the notice names councils there."
	}
	return "Your council is in England. A partner in Scotland, Wales or Northern Ireland may be under other rules."
}
