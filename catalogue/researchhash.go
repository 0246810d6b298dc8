package catalogue

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"jointly/catalogue/kv"
)

// ResearchStatement is what every record of a search says of itself.
const ResearchStatement = "This is a record of market research. Searching this catalogue is no award route: nothing can be bought on the strength of it, " +
	"no supplier was assessed, and what is not listed here may exist all the same. Values and dates are as the sources state them."

// ResearchContent is what a record holds, in the order and the form of which its hash is made: the SHA-256 of this as
// JSON, without blanks, line ends or escapes that JSON does not need.
type ResearchContent struct {
	Record    string               `json:"record"`
	Corrects  string               `json:"corrects,omitempty"`
	Statement string               `json:"statement"`
	Title     string               `json:"title"`
	Council   NamedCouncil         `json:"council"`
	Account   string               `json:"account"` // who asked, by the number that the audit trail has
	Role      Role                 `json:"role"`
	Asked     ResearchQuery        `json:"asked"`
	Searched  time.Time            `json:"searched"`
	Ended     time.Time            `json:"ended"`
	Audience  Audience             `json:"audience"`
	Total     int                  `json:"total"`
	Kept      int                  `json:"kept"`
	Note      string               `json:"note,omitempty"`
	Results   []ResearchContentRow `json:"results"`
}

// ResearchContentRow is one result in a record.
type ResearchContentRow struct {
	N int `json:"n"` // its place in the order of the search
	Found
	Note string `json:"note,omitempty"`
}

// shownResults are the results of a record as its audience sees them: shared with councils, what every council could see
// then; else all that its own council could.
func shownResults(r *Research, results []ResearchResult) []ResearchResult {
	out := make([]ResearchResult, len(results))
	for i, f := range results {
		if r.Audience == Councils && f.Shared != nil {
			f.Found = *f.Shared
		}
		f.Shared = nil
		out[i] = f
	}
	return out
}

func contentOf(r *Research, results []ResearchResult) ResearchContent {
	c := ResearchContent{Record: r.ID, Corrects: r.Corrects, Statement: ResearchStatement, Title: r.Title, Council: r.For, Account: r.Account,
		Role: r.Role, Asked: r.Asked, Searched: r.Searched.UTC(), Ended: r.Ended.UTC(), Audience: r.Audience, Total: r.Total, Kept: r.Kept, Note: r.Note,
		Results: make([]ResearchContentRow, 0, len(results))}
	for i, f := range shownResults(r, results) {
		c.Results = append(c.Results, ResearchContentRow{N: i + 1, Found: f.Found, Note: f.Note})
	}
	return c
}

// Content is what the record of a search holds, with the bytes that its hash is of.
func (v *ResearchView) Content() (ResearchContent, []byte, error) {
	c := contentOf(v.Research, v.Results)
	_, b, err := c.hash()
	return c, b, err
}

func (c ResearchContent) hash() (string, []byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return "", nil, fmt.Errorf("encode research %s: %w", c.Record, err)
	}
	text := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), text, nil
}

// ResearchCheck is whether a record is still what was ended.
type ResearchCheck struct {
	Holds   bool
	Problem string // in words, where it does not
	Event   Event  // of the audit trail, which holds the hash
	Head    string // hash of that event, which the next one carries
}

// CheckResearch works out the hash of a record anew, and compares it with the one that was taken when it was ended and
// with the one in the audit trail.
func (c *Catalogue) CheckResearch(ctx context.Context, actor Actor, id string) (ResearchCheck, error) {
	var out ResearchCheck
	err := c.view(ctx, func(tx kv.Tx) error {
		out = ResearchCheck{}
		r, err := load[*Research](c, tx, actor, KindResearch, id)
		if err != nil {
			return err
		}
		if r.Draft() {
			return conflict("This search is not ended yet")
		}
		if out.Event, out.Head, err = readEvent(tx, r.Event); err != nil {
			out.Problem = "the audit trail does not hold the event of its end"
			return nil
		}
		out.Problem = checkResearch(tx, r, out.Event.Content)
		if out.Problem == "" && r.Event > 1 {
			_, prev, err := readEvent(tx, r.Event-1)
			if err != nil {
				return err
			}
			if prev != out.Event.Prev {
				out.Problem = "the audit trail was changed around the event of its end"
			}
		}
		out.Holds = out.Problem == ""
		return nil
	})
	return out, err
}

// checkResearch says what is wrong with a record that was ended; empty: nothing. sealed is the hash in the audit trail.
func checkResearch(tx kv.Tx, r *Research, sealed string) string {
	results, err := readParts(tx, r)
	if err != nil {
		return err.Error()
	}
	hash, _, err := contentOf(r, results).hash()
	switch {
	case err != nil:
		return err.Error()
	case hash != r.Hash:
		return "its content was changed since it was ended: its hash is " + hash + ", that which was taken then is " + r.Hash
	case hash != sealed:
		return "its hash is not the one that the audit trail holds"
	}
	return ""
}

// verifyResearch checks every record that the audit trail says was ended and not removed since.
func verifyResearch(tx kv.Tx, sealed map[Key]string, problem func(string, ...any)) error {
	for _, key := range slices.SortedFunc(maps.Keys(sealed), func(a, b Key) int { return cmp.Compare(a.ID, b.ID) }) {
		hash := sealed[key]
		item, err := readItem(tx, key)
		if err != nil {
			problem("record %s: %v", key, err)
			continue
		}
		r, ok := item.(*Research)
		if !ok {
			problem("record %s, which was ended, is not there", key)
			continue
		}
		if p := checkResearch(tx, r, hash); p != "" {
			problem("record %s: %s", key, p)
		}
	}
	return nil
}
