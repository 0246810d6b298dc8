package register

// The words around a place in a council's name that say what kind of council it is, and which of them each type of
// council may bear.

// kind is a set of such words.
type kind uint16

const (
	kindCouncil kind = 1 << iota
	kindCity
	kindCounty
	kindBorough
	kindDistrict
	kindMetropolitan
	kindLondon
	kindRoyal
	kindCorporation
	kindCityOrCounty // CC
)

// typeWord reads a word that stands beside a place in a council's name and does not belong to the place.
func typeWord(word string) (kind, bool) {
	switch word {
	case "of", "unitary", "local", "authority", "ua", "sirol":
		return 0, true
	case "council", "cyngor", "comhairle":
		return kindCouncil, true
	case "city", "dinas":
		return kindCity, true
	case "county", "sir":
		return kindCounty, true
	case "borough", "bwrdeistref":
		return kindBorough, true
	case "district":
		return kindDistrict, true
	case "metropolitan":
		return kindMetropolitan, true
	case "london":
		return kindLondon, true
	case "royal":
		return kindRoyal, true
	case "corporation":
		return kindCorporation, true
	case "cc":
		return kindCityOrCounty | kindCouncil, true
	case "bc":
		return kindBorough | kindCouncil, true
	case "cbc":
		return kindCounty | kindBorough | kindCouncil, true
	case "dc":
		return kindDistrict | kindCouncil, true
	case "mb":
		return kindMetropolitan | kindBorough, true
	case "mbc":
		return kindMetropolitan | kindBorough | kindCouncil, true
	case "mdc":
		return kindMetropolitan | kindDistrict | kindCouncil, true
	case "lb":
		return kindLondon | kindBorough, true
	case "lbc":
		return kindLondon | kindBorough | kindCouncil, true
	case "rb":
		return kindRoyal | kindBorough, true
	}
	return 0, false
}

func isTypeWord(word string) bool {
	_, ok := typeWord(word)
	return ok
}

// kindOf is what a council of a register's type may be called beside the words of its own names. Borough and district
// are mixed up freely and name no second body. City is only for those that bear it: Lichfield and Chichester have a
// district council and, another body, a parish that is called City Council.
func kindOf(councilType string) (kind, bool) {
	switch councilType {
	case "County":
		return kindCounty, true
	case "Non-metropolitan district", "Unitary authority", "NI district":
		return kindBorough | kindDistrict, true
	case "Metropolitan district":
		return kindBorough | kindDistrict | kindMetropolitan, true
	case "London borough":
		return kindLondon | kindBorough, true
	case "Welsh unitary authority":
		return kindCounty | kindBorough, true
	case "City corporation", "Scottish unitary authority":
		return 0, true
	}
	return 0, false
}

// admits says whether a council that bears the words of k may be meant where those of other are used.
func (k kind) admits(other kind) bool {
	if other&kindCityOrCounty != 0 && k&(kindCity|kindCounty) == 0 {
		return false
	}
	return other&^(k|kindCouncil|kindCityOrCounty) == 0
}

// explicit says whether the words name a council beyond doubt, so that a department may follow.
func (k kind) explicit() bool {
	return k&kindCouncil != 0 || k&kindBorough != 0 && k&(kindLondon|kindRoyal) != 0 || k&kindCorporation != 0
}
