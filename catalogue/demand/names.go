package demand

import "strings"

// Parts of England are between it and its regions, so that a region with few councils is in a figure too.
func parts() map[string]string {
	const north, middle, south = "The North", "The Midlands and the East", "London and the South"
	return map[string]string{
		"North East": north, "North West": north, "Yorkshire and The Humber": north,
		"East Midlands": middle, "West Midlands": middle, "East of England": middle,
		"London": south, "South East": south, "South West": south,
	}
}

// PlaceOf is the path of a council's place: England/The North/North West, or Wales.
func PlaceOf(nation, region string) string {
	if part := parts()[region]; part != "" {
		return nation + "/" + part + "/" + region
	}
	return nation
}

// The ladder as cells: each rung holds those above it.
const (
	Intended = "intended"          // an officer's word, or more
	Approved = "intended/approved" // with the approval's reference
)

// Band is a range of value in pounds, ex VAT, over the whole term.
type Band struct {
	ID   string // as a cell's Of
	From float64
	Text string
}

// Bands lists the bands of value, from low to high.
func Bands() []Band {
	return []Band{{"value-1", 0, "Under £50,000"}, {"value-2", 50_000, "£50,000 to £250,000"}, {"value-3", 250_000, "£250,000 to £1 million"},
		{"value-4", 1_000_000, "£1 million to £5 million"}, {"value-5", 5_000_000, "£5 million or more"}}
}

// BandOf is the ID of the band that a value is in; empty for one that is not stated.
func BandOf(pounds float64) string {
	id := ""
	for _, b := range Bands() {
		if pounds > 0 && pounds >= b.From {
			id = b.ID
		}
	}
	return id
}

// Last is the narrow end of a path.
func Last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// Within says that a path lies directly within another.
func Within(path, wide string) bool {
	return path != "" && path[:max(strings.LastIndexByte(path, '/'), 0)] == wide
}
