package catalogue

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
)

// Found is one result of a search as somebody saw it at a moment: what lists, files and frozen records hold of it.
type Found struct {
	Kind          Kind    `json:"kind"`
	ID            string  `json:"id"`
	Title         string  `json:"title"`
	State         string  `json:"state,omitempty"`   // 'Contract', 'Tender', 'Group, forming'
	Council       string  `json:"council,omitempty"` // as it is called; of a group its lead authority
	CouncilCode   string  `json:"council_code,omitempty"`
	Body          string  `json:"body,omitempty"` // as it is called; whose it is instead of a council
	Region        string  `json:"region,omitempty"`
	Supplier      string  `json:"supplier,omitempty"`
	Capability    string  `json:"capability,omitempty"`
	Start         Date    `json:"start,omitzero"` // of a contract; of an intention or group: when it can tender from
	End           Date    `json:"end,omitzero"`
	EndNote       string  `json:"end_note,omitempty"`
	ValueFrom     float64 `json:"value_from_gbp,omitempty"` // GBP, as published or stated; 0: not stated, or not for who looked
	ValueTo       float64 `json:"value_to_gbp,omitempty"`
	ValueNote     string  `json:"value_note,omitempty"` // 'a framework ceiling', 'ex VAT'
	Source        string  `json:"source,omitempty"`
	Reference     string  `json:"reference,omitempty"`
	SourceDate    Date    `json:"source_date,omitzero"`
	Path          string  `json:"path"`          // of its page
	Why           string  `json:"why,omitempty"` // where the words of the search stand in it
	Demonstration bool    `json:"demonstration,omitempty"`
}

// Print is a number that changes with what is seen of a result, and with nothing else: not with what is hidden, and not
// with the words that were sought.
func (f Found) Print() uint64 {
	f.Why = ""
	b, err := json.Marshal(f)
	if err != nil {
		return 0 // texts, dates and numbers: it cannot be
	}
	h := fnv.New64a()
	h.Write(b) // never fails
	return h.Sum64()
}

// KnownResults is which results a search had, and how each looked: Print by a number of its key.
type KnownResults map[uint64]uint64

// Note remembers how a result looked.
func (k KnownResults) Note(key Key, print uint64) { k[numberOf(key)] = print }

// Look says how a result looked when it was noted.
func (k KnownResults) Look(key Key) (print uint64, known bool) {
	print, known = k[numberOf(key)]
	return print, known
}

func numberOf(key Key) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key.String())) // never fails
	return h.Sum64()
}

// MarshalJSON writes 16 bytes a result, so that thousands fit into a record.
func (k KnownResults) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 16*len(k))
	for _, key := range slices.Sorted(maps.Keys(k)) {
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, key), k[key])
	}
	return json.Marshal(base64.RawStdEncoding.EncodeToString(b))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (k *KnownResults) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || len(b)%16 != 0 {
		return fmt.Errorf("known results: %w", ErrDamaged)
	}
	*k = make(KnownResults, len(b)/16)
	for ; len(b) > 0; b = b[16:] {
		(*k)[binary.BigEndian.Uint64(b)] = binary.BigEndian.Uint64(b[8:])
	}
	return nil
}
