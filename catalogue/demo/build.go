package demo

import (
	"cmp"
	"fmt"
	"slices"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// builder makes records of lines, file by file; what a later file refers to must have been in an earlier one.
type builder struct {
	calendar
	register *register.Register
	out      Data

	councils   map[string]bool                 // by code
	quiet      []string                        // codes of councils that do nothing but list needs that nobody sees
	suppliers  map[string]string               // ID by name
	contracts  map[string]string               // ID by reference
	personas   map[string]string               // account ID by council
	intentions map[string]*catalogue.Intention // by reference
}

func (b *builder) readCouncils() error {
	return readLines("councils.jsonl", func(l councilLine) error {
		if _, real := b.register.Council(l.Code); real || b.councils[l.Code] {
			return fmt.Errorf("the code %s is taken", l.Code)
		}
		for _, c := range b.register.Councils() {
			if c.Name == l.Name || c.OfficialName == l.OfficialName {
				return fmt.Errorf("%s is a real council", l.Name)
			}
		}
		b.councils[l.Code] = true
		if l.Quiet {
			b.quiet = append(b.quiet, l.Code)
		}
		b.out.Councils = append(b.out.Councils, catalogue.Council{
			Meta: catalogue.Meta{ID: l.Code},
			Council: register.Council{
				GSS: l.Code, Name: l.Name, OfficialName: l.OfficialName, Type: l.Type, Tier: register.Tier(l.Tier),
				Nation: l.Nation, Region: l.Region, County: l.County, Domain: l.Domain, Population: l.Population,
				RuralUrban: l.RuralUrban, Hex: &register.Hex{Q: l.Hex[0], R: l.Hex[1]},
			},
			Demonstration: true,
		})
		return nil
	})
}

// known says that a council is one of the demonstration.
func (b *builder) known(code string) error {
	if !b.councils[code] {
		return fmt.Errorf("%q is no council of the demonstration", code)
	}
	return nil
}

func (b *builder) readSuppliers() error {
	return readLines("suppliers.jsonl", func(l supplierLine) error {
		s := catalogue.Supplier{Meta: catalogue.Meta{ID: id(l.Name)}, Name: l.Name, Demonstration: true}
		b.suppliers[s.Name] = s.ID
		b.out.Suppliers = append(b.out.Suppliers, s)
		return nil
	})
}

// supplier is the ID of an invented supplier; a blank name is none. A real one never carries an invented figure.
func (b *builder) supplier(name string) (string, error) {
	known, ok := b.suppliers[name]
	if !ok && name != "" {
		return "", fmt.Errorf("%q is no supplier of the demonstration", name)
	}
	return known, nil
}

func (b *builder) readPersonas() error {
	return readLines("personas.jsonl", func(l personaLine) error {
		a := catalogue.Account{
			// They are listed by ID: the number keeps the order of the file.
			Meta:  catalogue.Meta{ID: fmt.Sprintf("demo-%d-%s", len(b.out.Accounts)+1, id(l.Email))},
			Email: l.Email, Name: l.Name, OrgKind: catalogue.OrgKind(l.OrgKind), Org: l.Org,
			Role: catalogue.Role(l.Role), Demonstration: true,
		}
		switch a.OrgKind {
		case catalogue.OrgCouncil:
			b.personas[a.Org] = a.ID
			if err := b.known(a.Org); err != nil {
				return err
			}
		case catalogue.OrgSupplier:
			supplier, err := b.supplier(l.Org)
			if err != nil {
				return err
			}
			a.Org = supplier
		}
		b.out.Accounts = append(b.out.Accounts, a)
		return nil
	})
}

func (b *builder) readPlatforms() error {
	return readLines("platforms.jsonl", func(l platformLine) error {
		supplier, err := b.supplier(l.Supplier)
		if err != nil {
			return err
		}
		b.out.Platforms = append(b.out.Platforms, catalogue.Platform{
			Meta: catalogue.Meta{ID: l.ID}, Name: l.Name, Supplier: l.Supplier, SupplierID: supplier,
			Capabilities: l.Capabilities, Summary: l.Summary, ListedBy: l.ListedBy, Demonstration: true,
		})
		return nil
	})
}

func (b *builder) readUses() error {
	return readLines("uses.jsonl", func(l useLine) error {
		confirmed := b.ago(l.Confirmed)
		since := b.first(-l.Since)
		since.Day = 0 // as people remember it
		b.out.Uses = append(b.out.Uses, catalogue.Use{
			Meta:     catalogue.Meta{ID: l.Platform + "~" + l.Council},
			Platform: l.Platform, Council: l.Council, Capability: l.Capability, Since: since, Advice: l.Advice,
			Source:    catalogue.Source{Text: "Confirmed by the council (demonstration)", Date: catalogue.DateOf(confirmed)},
			Confirmed: confirmed, Demonstration: true,
		})
		return b.known(l.Council)
	})
}

func (b *builder) readContracts() error {
	platforms := map[string]string{}
	for _, p := range b.out.Platforms {
		platforms[p.Name] = p.ID
	}
	return readLines("contracts.jsonl", func(l contractLine) error {
		supplier, err := b.supplier(l.Supplier)
		if err != nil {
			return err
		}
		platform, ok := platforms[l.Product]
		if !ok && l.Product != "" {
			return fmt.Errorf("%q is no platform of the demonstration", l.Product)
		}
		c := catalogue.Contract{
			Meta:    catalogue.Meta{ID: id(l.Ref), Ref: l.Ref},
			Council: l.Council, Title: l.Title, Supplier: l.Supplier, SupplierID: supplier, Product: l.Product,
			Platform: platform, Capability: l.Capability, CapabilityConfirmed: !l.Guessed, Value: l.Value, ExVAT: l.ExVAT,
			Start: b.first(l.Start), ExtensionMonths: l.ExtensionMonths, NoticeMonths: l.NoticeMonths, EndNote: l.EndNote, Route: l.Route,
			Stage: catalogue.StageAwarded, Audience: catalogue.Audience(l.Audience),
			Source: catalogue.Source{Text: "Invented for the demonstration", Reference: l.Ref,
				Date: catalogue.DateOf(b.ago(l.Published)), Kind: "award (demonstration)"},
			Demonstration: true,
		}
		if l.End != 0 {
			c.End = b.last(l.End)
		}
		if l.Break != 0 {
			c.Break = b.last(l.Break)
		}
		if l.Confirmed != 0 {
			c.Confirmed = b.ago(l.Confirmed)
		}
		b.contracts[l.Ref] = c.ID
		b.out.Contracts = append(b.out.Contracts, c)
		return b.known(l.Council)
	})
}

func (b *builder) readIntentions() error {
	err := readLines("intentions.jsonl", func(l intentionLine) error {
		in := catalogue.Intention{
			Meta:    catalogue.Meta{ID: id("demo", l.Ref), Ref: l.Ref},
			Council: l.Council, Title: l.Title, Description: l.Description, Area: l.Area, Capability: l.Capability,
			Purchase: l.Purchase, CPV: l.CPV, Budget: catalogue.Money{Min: l.Budget[0], Max: l.Budget[1]},
			WindowStart: b.first(l.Window[0]), WindowEnd: b.last(l.Window[1]),
			ExtensionMonths: l.ExtensionMonths, LeadMonths: l.LeadMonths,
			CurrentSupplier: l.CurrentSupplier, CurrentPlatform: l.CurrentPlatform, Musts: l.Musts, Role: l.Role,
			Visibility: catalogue.Audience(l.Visibility), Fields: catalogue.DefaultIntentionAudiences(),
			Sensitive: l.Sensitive, Withdrawn: l.Withdrawn, Confirmed: b.ago(l.Confirmed), Demonstration: true,
		}
		if l.ContractEnd != 0 {
			in.ContractEnd = b.last(l.ContractEnd)
		}
		for field, audience := range l.Fields {
			switch field {
			case "budget":
				in.Fields.Budget = catalogue.Audience(audience)
			case "musts":
				in.Fields.Musts = catalogue.Audience(audience)
			default:
				return fmt.Errorf("%q has no audience of its own here", field)
			}
		}
		if l.FromContract != "" {
			if in.FromContract = b.contracts[l.FromContract]; in.FromContract == "" {
				return fmt.Errorf("unknown contract %q", l.FromContract)
			}
		}
		b.out.Intentions = append(b.out.Intentions, in)
		return b.known(l.Council)
	})
	for i := range b.out.Intentions { // now that the slice no longer moves
		in := &b.out.Intentions[i]
		b.intentions[in.Ref] = in
	}
	return err
}

func (b *builder) readInterests() error {
	return readLines("interests.jsonl", func(l interestLine) error {
		in, ok := b.intentions[l.Intention]
		if !ok {
			return fmt.Errorf("unknown intention %q", l.Intention)
		}
		b.out.Interests = append(b.out.Interests, catalogue.Interest{
			Meta:      catalogue.Meta{ID: in.ID + "~" + l.Council},
			Intention: in.ID, IntentionOf: in.Council, Council: l.Council, Account: b.personas[l.Council],
			Rung: catalogue.Rung(l.Rung), Note: l.Note, ApprovalRef: l.ApprovalRef, Demonstration: true,
		})
		return b.known(l.Council)
	})
}

func (b *builder) readGroups() error {
	return readLines("groups.jsonl", func(l groupLine) error {
		g := catalogue.BuyingGroup{
			Meta:  catalogue.Meta{ID: id("demo", l.Ref)},
			Title: l.Title, Need: l.Need, Capability: l.Capability, Lead: l.Lead, Proposer: l.Proposer,
			Card: catalogue.Audience(l.Card), OpenToJoin: l.OpenToJoin, Deputy: l.Deputy, Demonstration: true,
		}
		if l.OpenToJoin {
			g.JoinBy = b.last(l.JoinBy)
		}
		in, first := 0, 0
		for _, m := range l.Members {
			brought, ok := b.intentions[m.Intention]
			if !ok {
				return fmt.Errorf("unknown intention %q", m.Intention)
			}
			member := catalogue.Member{Council: brought.Council, Intention: brought.ID, State: catalogue.MemberState(m.State),
				Rung: catalogue.Rung(m.Rung), Approval: m.Approval, Reason: m.Reason, Asked: b.ago(m.Asked)}
			if m.Answered != nil {
				member.Answered = b.ago(*m.Answered)
			}
			if member.Rung == catalogue.Approved {
				member.Approved, member.Volume = catalogue.DateOf(b.ago(max(*m.Answered-5, 1))), brought.Budget.Max
				member.Conflicts.Declared = b.ago(max(*m.Answered-6, 1))
			}
			g.Members = append(g.Members, member)
			first = max(first, m.Asked)
			if member.State != catalogue.Accepted && member.State != catalogue.Invited {
				continue // who is out has no say in the window
			}
			in++
			if g.WindowStart.IsZero() || g.WindowStart.Before(brought.WindowStart) {
				g.WindowStart = brought.WindowStart
			}
			if end := brought.TrueEnd(); g.WindowEnd.IsZero() || end.Before(g.WindowEnd) {
				g.WindowEnd = end
			}
			if member.State != catalogue.Accepted {
				continue
			}
			if g.CardStart.IsZero() || g.CardStart.Before(brought.WindowStart) {
				g.CardStart = brought.WindowStart
			}
			if g.CardEnd.IsZero() || brought.WindowEnd.Before(g.CardEnd) {
				g.CardEnd = brought.WindowEnd
			}
		}
		for _, p := range l.Partners {
			g.Partners = append(g.Partners, catalogue.Partner{Body: p.Body, State: catalogue.MemberState(p.State), Wanted: p.Wanted, Brings: p.Brings, By: cmp.Or(l.Lead, l.Proposer),
				Asked: b.ago(p.Asked), Answered: b.ago(p.Answered)})
			g.PartnerStart, g.PartnerEnd = g.CardStart, g.CardEnd
		}
		stage := cmp.Or(catalogue.GroupStage(l.Stage), catalogue.Forming)
		if in < 2 {
			stage = catalogue.Abandoned
		}
		b.live(&g, stage, first, l.Outcome)
		if a := l.Award; a != nil {
			on := catalogue.DateOf(b.ago(a.Days))
			g.Award = &catalogue.Award{Supplier: a.Supplier, On: on, End: on.AddMonths(a.Term), ExtensionMonths: a.Extension, Value: a.Value}
		}
		b.out.Groups = append(b.out.Groups, g)
		return nil
	})
}

// live takes a group to its stage, in equal steps since it was first asked so many days ago.
func (b *builder) live(g *catalogue.BuyingGroup, stage catalogue.GroupStage, first int, outcome string) {
	way := []catalogue.GroupStage{catalogue.Forming, catalogue.Abandoned}
	if stage != catalogue.Abandoned {
		all := catalogue.GroupStages()
		way = all[:slices.Index(all, stage)+1]
	}
	for i, at := range way {
		by := cmp.Or(g.Lead, g.Proposer)
		if at == catalogue.Abandoned {
			by = ""
		}
		g.Course = append(g.Course, catalogue.Milestone{Stage: at, At: b.ago(first * (len(way) - i) / len(way)), By: by})
	}
	g.Stage = stage
	last := &g.Course[len(g.Course)-1]
	switch stage {
	case catalogue.Closed:
		last.Reason = outcome
	case catalogue.Abandoned:
		last.Reason = "Fewer than two councils were left in it"
	}
}

// readSavings fills the ledgers of groups.
func (b *builder) readSavings() error {
	return readLines("savings.jsonl", func(l savingLine) error {
		in, ok := b.intentions[l.Intention]
		if !ok {
			return fmt.Errorf("unknown intention %q", l.Intention)
		}
		group := id("demo", l.Group)
		b.out.Savings = append(b.out.Savings, catalogue.Saving{
			Part:    catalogue.Part{Meta: catalogue.Meta{ID: group + "~" + in.Council}, Group: group, Demonstration: true},
			Council: in.Council,
			SavingFigures: catalogue.SavingFigures{Baseline: l.Baseline, BaselineHow: l.BaselineHow, Forecast: catalogue.Money{Min: l.Low, Max: l.High},
				Assumptions: l.Assumptions, OneOff: l.OneOff},
		})
		return nil
	})
}
