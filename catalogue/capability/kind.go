package capability

// kind says what a row of the dictionary is. data/dictionary.csv explains each.
type kind string

const (
	kindName     kind = "name"
	kindPart     kind = "part"
	kindAcronym  kind = "acronym"
	kindWeak     kind = "weak"
	kindProduct  kind = "product"
	kindSupplier kind = "supplier"
	kindPurchase kind = "purchase"
	kindThing    kind = "thing"
	kindPerson   kind = "person"
	kindAside    kind = "aside"
	kindIgnore   kind = "ignore"
	kindQuestion kind = "question"
	kindPlace    kind = "place"
)

// weight is what a term of the kind usually counts; false for an unknown kind.
func (k kind) weight() (float32, bool) {
	switch k {
	case kindThing, kindPerson:
		return 7, true
	case kindName:
		return 5, true
	case kindProduct:
		return 4, true
	case kindPart, kindAcronym:
		return 3, true
	case kindSupplier:
		return 1.5, true
	case kindWeak, kindPurchase:
		return 1, true
	case kindAside, kindIgnore, kindQuestion, kindPlace:
		return 0, true
	}
	return 0, false
}

// tells says whether terms of the kind point to a capability; of these only a
// supplier can do without one.
func (k kind) tells() bool {
	switch k {
	case kindName, kindPart, kindAcronym, kindWeak, kindProduct, kindSupplier:
		return true
	}
	return false
}

// known says whether p is one of the kinds of purchase.
func (p Purchase) known() bool {
	return p == Software || p == Equipment || p == People || p == Goods
}

// group is the kind under which terms that mean alike are gathered.
func (k kind) group() kind {
	switch k {
	case kindPart, kindAcronym, kindWeak:
		return kindName
	}
	return k
}
