package demo

// What a line of each data file says, and how lines are read. Months and days count from the day that the
// demonstration is made for: months onward, days back.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

type councilLine struct {
	Code         string `json:"code"`
	Name         string `json:"name"`
	OfficialName string `json:"official_name"`
	Type         string `json:"type"`
	Tier         string `json:"tier"`
	Nation       string `json:"nation"`
	Region       string `json:"region"`
	County       string `json:"county"`
	Domain       string `json:"domain"`
	Population   int    `json:"population"`
	RuralUrban   string `json:"rural_urban"`
	Hex          [2]int `json:"hex"`   // its column and row on the map of the demonstration's councils, which is no part of the real one
	Quiet        bool   `json:"quiet"` // it does nothing but list needs that nobody sees: figures of its region have enough behind them
}

type supplierLine struct {
	Name string `json:"name"`
}

type personaLine struct {
	Name    string `json:"name"`
	Email   string `json:"email"`
	OrgKind string `json:"org_kind"`
	Org     string `json:"org"` // council code or supplier's name
	Role    string `json:"role"`
}

type platformLine struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Supplier     string   `json:"supplier"`
	Capabilities []string `json:"capabilities"`
	ListedBy     string   `json:"listed_by"`
	Summary      string   `json:"summary"`
}

type useLine struct {
	Council    string `json:"council"`
	Platform   string `json:"platform"`
	Capability string `json:"capability"`
	Since      int    `json:"since"`     // months ago
	Confirmed  int    `json:"confirmed"` // days ago
	Advice     string `json:"advice"`
}

type contractLine struct {
	Ref             string  `json:"ref"`
	Council         string  `json:"council"`
	Title           string  `json:"title"`
	Supplier        string  `json:"supplier"`
	Product         string  `json:"product"`
	Capability      string  `json:"capability"`
	Value           float64 `json:"value_gbp"`
	Start           int     `json:"start"` // months on: negative, for it has begun
	End             int     `json:"end"`   // months on; 0: not stated
	EndNote         string  `json:"end_note"`
	ExtensionMonths int     `json:"extension_months"`
	NoticeMonths    int     `json:"notice_months"`
	Break           int     `json:"break"` // months on; 0: none
	ExVAT           bool    `json:"ex_vat"`
	Guessed         bool    `json:"guessed"` // the council has not said what it is for
	Route           string  `json:"route"`
	Audience        string  `json:"audience"`
	Published       int     `json:"published"` // days ago
	Confirmed       int     `json:"confirmed"` // days ago; 0: never
}

type intentionLine struct {
	Ref             string            `json:"ref"`
	Council         string            `json:"council"`
	Title           string            `json:"title"`
	Description     string            `json:"description"`
	Area            string            `json:"area"`
	Capability      string            `json:"capability"` // blank: not confirmed by the council
	Purchase        string            `json:"purchase"`
	CPV             []string          `json:"cpv"`
	Budget          [2]float64        `json:"budget"`       // GBP ex VAT
	Window          [2]int            `json:"window"`       // months on
	ContractEnd     int               `json:"contract_end"` // months on; 0: none
	ExtensionMonths int               `json:"extension_months"`
	LeadMonths      int               `json:"lead_months"`
	CurrentSupplier string            `json:"current_supplier"`
	CurrentPlatform string            `json:"current_platform"`
	Musts           []string          `json:"musts"`
	Role            string            `json:"role"`
	Visibility      string            `json:"visibility"`
	Fields          map[string]string `json:"fields"` // audience of budget or musts, where it is not the usual one
	FromContract    string            `json:"from_contract"`
	Sensitive       string            `json:"sensitive"`
	Withdrawn       string            `json:"withdrawn"`
	Confirmed       int               `json:"confirmed"` // days ago
}

type interestLine struct {
	Intention   string `json:"intention"` // reference
	Council     string `json:"council"`
	Rung        string `json:"rung"`
	Note        string `json:"note"`
	ApprovalRef string `json:"approval_ref"`
}

type groupLine struct {
	Ref        string       `json:"ref"`
	Title      string       `json:"title"`
	Need       string       `json:"need"`
	Capability string       `json:"capability"`
	Proposer   string       `json:"proposer"`
	Lead       string       `json:"lead"` // blank: needs a lead
	Card       string       `json:"card"`
	OpenToJoin bool         `json:"open_to_join"`
	JoinBy     int          `json:"join_by"` // months on
	Stage      string       `json:"stage"`   // blank: forming, or given up where fewer than two are left
	Deputy     string       `json:"deputy"`
	Award      *awardLine   `json:"award"`
	Outcome    string       `json:"outcome"` // of a closed group
	Members    []memberLine `json:"members"`
	Partners   []struct {
		Body     string `json:"body"`
		State    string `json:"state"`
		Wanted   string `json:"wanted"`
		Brings   string `json:"brings"`
		Asked    int    `json:"asked"` // days ago, as is the next
		Answered int    `json:"answered"`
	} `json:"partners"`
}

type awardLine struct {
	Supplier  string  `json:"supplier"`
	Days      int     `json:"days"` // ago
	Term      int     `json:"term"` // months
	Extension int     `json:"extension"`
	Value     float64 `json:"value"`
}

// savingLine is an entry of a group's ledger.
type savingLine struct {
	Group       string  `json:"group"`     // reference
	Intention   string  `json:"intention"` // reference of what the council brings
	Baseline    float64 `json:"baseline"`  // GBP ex VAT a year, as are the next two
	BaselineHow string  `json:"baseline_how"`
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
	Assumptions string  `json:"assumptions"`
	OneOff      float64 `json:"one_off"`
}

type memberLine struct {
	Intention string `json:"intention"` // reference
	State     string `json:"state"`
	Rung      string `json:"rung"`
	Approval  string `json:"approval"`
	Asked     int    `json:"asked"`    // days ago
	Answered  *int   `json:"answered"` // days ago; nil: not yet
	Reason    string `json:"reason"`
}

type requirementLine struct {
	Group     string         `json:"group"` // reference
	Ref       string         `json:"ref"`
	Line      int            `json:"line"`
	Text      string         `json:"text"`
	Note      string         `json:"note"`
	Council   string         `json:"council"`
	Added     int            `json:"added"` // days ago
	Positions []positionLine `json:"positions"`
	Agreed    []agreedLine   `json:"agreed"`
	Was       string         `json:"was"`    // the text before it was changed; blank: it was not
	Worded    int            `json:"worded"` // days ago
}

type positionLine struct {
	Council  string `json:"council"`
	Position string `json:"position"`
	Comment  string `json:"comment"`
	Said     int    `json:"said"` // days ago
}

type agreedLine struct {
	Council string `json:"council"`
	At      int    `json:"at"` // days ago
}

type decisionLine struct {
	Group    string     `json:"group"` // reference
	Ref      string     `json:"ref"`
	Question string     `json:"question"`
	Detail   string     `json:"detail"`
	Options  []string   `json:"options"`
	Due      int        `json:"due"` // days on; 0: none
	Council  string     `json:"council"`
	Asked    int        `json:"asked"` // days ago
	Votes    []voteLine `json:"votes"`
	Closed   *int       `json:"closed"` // days ago; nil: open
}

type voteLine struct {
	Council string `json:"council"`
	Choice  string `json:"choice"`
	Reason  string `json:"reason"`
	At      int    `json:"at"` // days ago
}

type paperLine struct {
	Group   string `json:"group"` // reference
	Ref     string `json:"ref"`
	Title   string `json:"title"`
	Address string `json:"address"`
	About   string `json:"about"`
	Kept    bool   `json:"kept"` // among the members
	Council string `json:"council"`
	Added   int    `json:"added"` // days ago
}

// readLines calls each for every line of a JSON lines file. Errors name the file and the line.
func readLines[T any](file string, each func(T) error) error {
	content, err := embedded.ReadFile("data/" + file)
	if err != nil {
		return err
	}
	for i, text := range bytes.Split(bytes.TrimSuffix(content, []byte("\n")), []byte("\n")) {
		var line T
		in := json.NewDecoder(bytes.NewReader(text))
		in.DisallowUnknownFields()
		if err := in.Decode(&line); err != nil {
			return fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
		if _, err := in.Token(); !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s:%d: more than one record in the line", file, i+1)
		}
		if err := each(line); err != nil {
			return fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
	}
	return nil
}
