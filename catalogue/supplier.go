package catalogue

// Supplier is a company or body that councils buy from, recognised across spellings and renames. Its ID is made from
// its present name.
type Supplier struct {
	Meta
	Name           string `json:"name"`
	CompaniesHouse string `json:"companies_house,omitempty"` // registration number, padded to 8
	Demonstration  bool   `json:"demonstration,omitempty"`
}

// Key names the supplier.
func (s *Supplier) Key() Key { return Key{KindSupplier, s.ID} }

func (s *Supplier) owner() string { return "" }

func (s *Supplier) sees(Actor) (Item, bool) { out := *s; return &out, true }

func (s *Supplier) index(func(string, ...string)) {}

func (s *Supplier) validate(v *validation) { v.text("name", s.Name, 1, maxTitle) }
