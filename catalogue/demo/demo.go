// Package demo makes the demonstration: councils, suppliers and people's roles that do not exist, with what they run,
// bought and intend to buy. All of it is marked as demonstration. Dates are kept as months and days from the day it is
// made for, so that it never goes stale; the same day gives the same demonstration.
package demo

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

//go:embed data/*.jsonl
var embedded embed.FS

// Data are records ready to be imported, with references to each other and to platforms of the public facts.
type Data struct {
	Councils   []catalogue.Council
	Suppliers  []catalogue.Supplier
	Accounts   []catalogue.Account // personas, in the order to offer them
	Platforms  []catalogue.Platform
	Uses       []catalogue.Use
	Contracts  []catalogue.Contract
	Intentions []catalogue.Intention
	Interests  []catalogue.Interest
	Groups     []catalogue.BuyingGroup

	Requirements []catalogue.Requirement
	Decisions    []catalogue.Decision
	Papers       []catalogue.Paper
	Savings      []catalogue.Saving
	Talks        []catalogue.Talk
	News         []catalogue.News
	Vestings     []catalogue.Vesting
	Signals      []catalogue.Signal
	Questions    []catalogue.SignalQuestion
	Calls        []catalogue.EvidenceCall
	Returns      []catalogue.Return
	Answers      []catalogue.CallAnswer
	Examples     []catalogue.Example
	Adoptions    []catalogue.Adoption
	Offers       []catalogue.Offer
	Bodies       []catalogue.Body
	Asks         []catalogue.Ask
	Findings     []catalogue.PlanFinding

	Recommendations []catalogue.Recommendation
}

// Build makes the demonstration as of a day. An error names the file and the line at fault, and says so where a council
// of the demonstration is named like one of the register.
func Build(asOf time.Time, reg *register.Register) (Data, error) {
	b := &builder{
		calendar:   calendar{asOf},
		register:   reg,
		councils:   map[string]bool{},
		suppliers:  map[string]string{},
		contracts:  map[string]string{},
		personas:   map[string]string{},
		intentions: map[string]*catalogue.Intention{},
	}
	for _, step := range []func() error{
		b.readCouncils, b.readSuppliers, b.readPersonas, b.readPlatforms, b.readUses, b.readContracts,
		b.readIntentions, b.readQuiet, b.readInterests, b.readGroups, b.readRequirements, b.readDecisions, b.readPapers, b.readSavings,
		b.readTalks, b.readNews, b.readVestings, b.readSignals, b.readQuestions, b.readCalls,
		b.readExamples, b.readAdoptions, b.readOffers, b.readBodies, b.readAsks, b.readPlan,
	} {
		if err := step(); err != nil {
			return Data{}, fmt.Errorf("demonstration: %w", err)
		}
	}
	return b.out, nil
}

// Items are the records in the order in which they can be imported. Councils, suppliers and bodies go first, in an import of
// their own: the others belong to them.
func (d Data) Items() (owners, others []catalogue.Item) {
	for i := range d.Councils {
		owners = append(owners, &d.Councils[i])
	}
	for i := range d.Suppliers {
		owners = append(owners, &d.Suppliers[i])
	}
	for i := range d.Bodies {
		owners = append(owners, &d.Bodies[i])
	}
	for i := range d.Accounts {
		others = append(others, &d.Accounts[i])
	}
	for i := range d.Platforms {
		others = append(others, &d.Platforms[i])
	}
	for i := range d.Uses {
		others = append(others, &d.Uses[i])
	}
	for i := range d.Contracts {
		others = append(others, &d.Contracts[i])
	}
	for i := range d.Intentions {
		others = append(others, &d.Intentions[i])
	}
	for i := range d.Interests {
		others = append(others, &d.Interests[i])
	}
	for i := range d.Groups {
		others = append(others, &d.Groups[i])
	}
	for i := range d.Requirements {
		others = append(others, &d.Requirements[i])
	}
	for i := range d.Decisions {
		others = append(others, &d.Decisions[i])
	}
	for i := range d.Papers {
		others = append(others, &d.Papers[i])
	}
	for i := range d.Savings {
		others = append(others, &d.Savings[i])
	}
	for i := range d.Talks {
		others = append(others, &d.Talks[i])
	}
	for i := range d.News {
		others = append(others, &d.News[i])
	}
	for i := range d.Vestings {
		others = append(others, &d.Vestings[i])
	}
	for i := range d.Signals {
		others = append(others, &d.Signals[i])
	}
	for i := range d.Questions {
		others = append(others, &d.Questions[i])
	}
	for i := range d.Calls {
		others = append(others, &d.Calls[i])
	}
	for i := range d.Returns {
		others = append(others, &d.Returns[i])
	}
	for i := range d.Answers {
		others = append(others, &d.Answers[i])
	}
	for i := range d.Examples {
		others = append(others, &d.Examples[i])
	}
	for i := range d.Adoptions {
		others = append(others, &d.Adoptions[i])
	}
	for i := range d.Offers {
		others = append(others, &d.Offers[i])
	}
	for i := range d.Asks {
		others = append(others, &d.Asks[i])
	}
	for i := range d.Findings {
		others = append(others, &d.Findings[i])
	}
	for i := range d.Recommendations {
		others = append(others, &d.Recommendations[i])
	}
	return owners, others
}

// calendar turns distances from the day that the demonstration is made for into dates.
type calendar struct{ asOf time.Time }

// first is the first day of the month that many months on.
func (c calendar) first(months int) catalogue.Date {
	y, m, _ := c.asOf.Date()
	return catalogue.DateOf(time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC))
}

// last is the last day of the month that many months on.
func (c calendar) last(months int) catalogue.Date {
	y, m, _ := c.asOf.Date()
	return catalogue.DateOf(time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC))
}

// ago is ten in the morning that many days back.
func (c calendar) ago(days int) time.Time {
	y, m, d := c.asOf.Date()
	return time.Date(y, m, d-days, 10, 0, 0, 0, time.UTC)
}

// id makes an ID out of a reference or name.
func id(parts ...string) string {
	words := strings.FieldsFunc(strings.ToLower(strings.Join(parts, " ")), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	})
	return strings.Join(words, "-")
}
