package match

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"jointly/catalogue/capability"
)

// Labelled is a need of which somebody knows the group it belongs to. Needs
// with the same group match each other; a group of one matches nobody.
type Labelled struct {
	Need  Need
	Group string
	// Set is the collection that the label was given in. Needs of different
	// sets are never compared: nobody said whether they match.
	Set string

	reading *capability.Reading
}

// LabelledPair is two needs of which somebody said whether they match: councils
// that confirmed or turned down a suggestion.
type LabelledPair struct {
	A, B  Need
	Match bool

	readings [2]*capability.Reading
}

// ReadLabelled reads intentions as JSON lines, in the form in which they are
// imported, and their groups as CSV with the columns ref and group. An
// intention that is missing from the CSV belongs with nobody.
func ReadLabelled(set string, intentions, groups io.Reader) ([]Labelled, error) {
	group, err := readGroups(groups)
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	var out []Labelled
	lines := bufio.NewScanner(intentions)
	lines.Buffer(nil, longestLine)
	for n := 1; lines.Scan(); n++ {
		need, err := readIntention(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("read intentions: line %d: %w", n, err)
		}
		l := Labelled{Need: need, Group: group[need.Ref], Set: set}
		if l.Group == "" {
			l.Group = "alone:" + need.Ref
		}
		out = append(out, l)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read intentions: %w", err)
	}
	return out, nil
}

// ReadPairs reads labelled pairs as JSON lines: {"a": an intention as it is
// imported, "b": another, "match": true or false}. What would tell whose they
// are may be missing.
func ReadPairs(r io.Reader) ([]LabelledPair, error) {
	var out []LabelledPair
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	for n := 1; lines.Scan(); n++ {
		p, err := readPair(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("read pairs: line %d: %w", n, err)
		}
		out = append(out, p)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read pairs: %w", err)
	}
	return out, nil
}

// longestLine that is read of a labelled file, in bytes.
const longestLine = 1 << 20

func readPair(line []byte) (p LabelledPair, err error) {
	var in struct {
		A     intentionLine `json:"a"`
		B     intentionLine `json:"b"`
		Match *bool         `json:"match"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return p, err
	}
	if in.Match == nil {
		return p, errors.New("match is missing: want true or false")
	}
	p.Match = *in.Match
	for _, side := range []struct {
		name string
		in   intentionLine
		to   *Need
	}{{"a", in.A, &p.A}, {"b", in.B, &p.B}} {
		if side.in.Title == "" {
			return p, fmt.Errorf("%s has no title", side.name)
		}
		if *side.to, err = side.in.need(); err != nil {
			return p, fmt.Errorf("%s: %w", side.name, err)
		}
		side.to.Ref = cmp.Or(side.to.Ref, side.name)
		side.to.Council = cmp.Or(side.to.Council, side.name)
	}
	if p.A.Ref == p.B.Ref {
		p.B.Ref += "'"
	}
	return p, nil
}

func readGroups(r io.Reader) (map[string]string, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 2
	head, err := c.Read()
	if err != nil {
		return nil, err
	}
	if head[0] != "ref" || head[1] != "group" {
		return nil, fmt.Errorf("columns are %q and %q, want ref and group", head[0], head[1])
	}
	out := make(map[string]string)
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out[row[0]] = row[1]
	}
}

// intentionLine is an intention as it is imported.
type intentionLine struct {
	Ref             string   `json:"ref"`
	Council         string   `json:"council"`
	Title           string   `json:"title"`
	Description     string   `json:"description"`
	Area            string   `json:"area"`
	Capability      string   `json:"capability"`
	Purchase        string   `json:"purchase"`
	CPV             []string `json:"cpv"`
	BudgetMin       float64  `json:"budget_min"`
	BudgetMax       float64  `json:"budget_max"`
	WindowStart     string   `json:"window_start"`
	WindowEnd       string   `json:"window_end"`
	ContractEnd     string   `json:"contract_end"`
	ExtensionMonths int      `json:"extension_months"`
	LeadMonths      int      `json:"lead_months"`
	Supplier        string   `json:"current_supplier"`
	Platform        string   `json:"current_platform"`
	Visibility      string   `json:"visibility"`
	Role            string   `json:"role"`
}

func readIntention(line []byte) (Need, error) {
	var in intentionLine
	if err := json.Unmarshal(line, &in); err != nil {
		return Need{}, err
	}
	if in.Ref == "" || in.Council == "" {
		return Need{}, errors.New("ref or council is blank")
	}
	return in.need()
}

func (in intentionLine) need() (Need, error) {
	n := Need{
		Ref: in.Ref, Council: in.Council, Title: in.Title, Description: in.Description, Area: in.Area,
		Capability: in.Capability, Purchase: capability.Purchase(in.Purchase), CPV: in.CPV,
		BudgetMin: in.BudgetMin, BudgetMax: in.BudgetMax,
		ExtensionMonths: in.ExtensionMonths, LeadMonths: in.LeadMonths,
		Supplier: in.Supplier, Platform: in.Platform, Private: in.Visibility == "own", Leads: in.Role == "lead",
	}
	for _, d := range []struct {
		to   *time.Time
		text string
	}{{&n.WindowStart, in.WindowStart}, {&n.WindowEnd, in.WindowEnd}, {&n.ContractEnd, in.ContractEnd}} {
		if d.text == "" {
			continue
		}
		t, err := time.Parse(time.DateOnly, d.text)
		if err != nil {
			return Need{}, err
		}
		*d.to = t
	}
	n.Regime = RegimeOf(n.Council)
	return n, nil
}

// RegimeOf tells the regime from the first letter of a council's GSS code.
func RegimeOf(gss string) Regime {
	if gss == "" {
		return ""
	}
	switch gss[0] {
	case 'E':
		return England
	case 'W':
		return Wales
	case 'S':
		return Scotland
	case 'N':
		return NorthernIreland
	}
	return ""
}
