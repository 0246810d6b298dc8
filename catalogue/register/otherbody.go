package register

// The words that tell a council's department from a body that only has the council's name in its own.

// isOtherBody says whether a word after a council's name makes it the name of another body: a police or fire service
// with its own authority, a body of the health service, a school, a company, a fund.
func isOtherBody(word string) bool {
	switch word {
	case "police", "constabulary", "fire", "rescue", "crime", "commissioner", "commissioners",
		"nhs", "hospital", "hospitals", "ambulance", "healthcare", "icb", "ccg",
		"university", "universities", "college", "colleges", "school", "schools", "academy", "academies",
		"trust", "trusts", "trustee", "trustees", "charity", "charities", "charitable", "foundation",
		"limited", "ltd", "llp", "plc", "cic", "cyf", "company", "companies", "holdings", "subsidiary", "owned",
		"pension", "pensions", "superannuation", "fund",
		"association", "federation", "consortium", "partnership", "partnerships", "union", "society", "club",
		"combined", "corporation", "parish", "almo", "tmo", "voluntary", "authority", "authorities":
		return true
	}
	return false
}

// isOtherBodyPair is isOtherBody for two words together. Trading standards teams work for several councils at once and
// buy in their own name.
func isOtherBodyPair(pair string) bool {
	switch pair {
	case "joint committee", "joint board", "joint venture", "national park", "health board", "transport executive",
		"trading standards":
		return true
	}
	return false
}

// isRole says whether two words are what the council is in a purchase.
func isRole(pair string) bool {
	switch pair {
	case "lead authority", "contracting authority", "awarding authority", "local authority":
		return true
	}
	return false
}

// isCouncils says whether a word after 'council' leaves that word part of a department's name.
func isCouncils(next string) bool {
	switch next {
	case "tax", "housing", "house", "houses", "homes", "offices", "chamber", "wide":
		return true
	}
	return false
}

// mayLead says whether a word may stand before a council's name as part of a department's: 'Adult Social Care, ...'.
func mayLead(word string) bool {
	switch word {
	case "adult", "adults", "children", "childrens", "care", "social", "public", "health", "education", "learning",
		"housing", "highways", "transport", "passenger", "parking", "planning", "environment", "waste", "place",
		"property", "estates", "libraries", "regeneration", "economy", "growth", "communities", "resources",
		"procurement", "commissioning", "commercial", "corporate", "strategic", "finance", "financial", "legal", "ict",
		"it", "digital", "information", "technology",
		"service", "services", "department", "dept", "directorate", "division", "team", "unit", "for":
		return true
	}
	return false
}
