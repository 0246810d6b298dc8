package catalogue

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What the audit trail keeps of the fields that changed. The trail is never rewritten, so that nothing goes into it which
// somebody may later have a right to see deleted: of words that people wrote it holds a mark alone, which tells whether
// they are the same as at another time, and of an account not even that. What is one of a few words, a number, a date, a
// yes or no, or the code of a council or another record it holds as it was.

// FieldChange is a field of a record before and after; an empty Old or New: it was not stated.
type FieldChange struct {
	Field string `json:"field"` // as the record's JSON names it: 'window_start', 'members E08000025 state'
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
	// Text says that the field is free text: Old and New are marks of it, the same for the same text of a field.
	Text bool `json:"text,omitempty"`
}

// Limits of what an event holds of fields.
const (
	maxFieldChanges = 30
	maxFieldValue   = 120 // bytes; a longer value is treated as text
	maxFieldDepth   = 4
	maxFieldLeaves  = 400 // of one record
)

// leaf is one value of a record.
type leaf struct {
	path  string
	value string
	state bool // one of a few words, or yes or no: what a record's state is told by
	text  bool
}

// fieldChanges compares a record with what it was, through the eyes of the organisation that owns it: what the owner may
// not see of it, such as what other members of its group keep to themselves, is not in the trail. Of a record that is new
// or removed only its state is told. more counts what is left out.
func (c *Catalogue) fieldChanges(old, item Item, owner string) (out []FieldChange, more int) {
	before, after := leavesOf(old, owner), leavesOf(item, owner)
	was := map[string]leaf{}
	for _, l := range before {
		was[l.path] = l
	}
	add := func(path string, a, b leaf) {
		if a.value == b.value || (old == nil || item == nil) && !a.state && !b.state {
			return
		}
		if len(out) == maxFieldChanges {
			more++
			return
		}
		f := FieldChange{Field: path, Old: a.value, New: b.value, Text: a.text || b.text}
		if f.Text {
			key := keyOf(old, item)
			f.Old, f.New = c.textMark(key, path, a.value), c.textMark(key, path, b.value)
			if key.Kind == KindAccount {
				f.Old, f.New = "", ""
			}
		}
		out = append(out, f)
	}
	for _, l := range after {
		add(l.path, was[l.path], l)
		delete(was, l.path)
	}
	for _, l := range before {
		if _, gone := was[l.path]; gone {
			add(l.path, l, leaf{})
		}
	}
	return out, more
}

func keyOf(old, item Item) Key {
	if item != nil {
		return item.Key()
	}
	return old.Key()
}

// textMark tells texts of one field of one record apart. Without the data folder's secret nobody can try texts against it.
func (c *Catalogue) textMark(key Key, path, text string) string {
	if text == "" {
		return ""
	}
	mac := hmac.New(sha256.New, c.secret[:])
	mac.Write([]byte("audit\x00" + key.String() + "\x00" + path + "\x00" + text)) // never fails
	return hex.EncodeToString(mac.Sum(nil)[:6])
}

// leavesOf lists the values of a record as its owner's administrator sees it, or the operator where nobody owns it.
func leavesOf(item Item, owner string) []leaf {
	if item == nil {
		return nil
	}
	eyes := Operator("audit")
	if owner != "" {
		eyes = Actor{Role: RoleAdmin, OrgKind: OrgCouncil, Org: owner, Via: "audit"}
		if a, ok := item.(*Account); ok {
			eyes.OrgKind = a.OrgKind
		}
	}
	seen, ok := item.sees(eyes)
	if !ok && owner != "" { // it may be a body's: no body has the code of a council
		eyes.OrgKind = OrgBody
		seen, ok = item.sees(eyes)
	}
	if !ok {
		return nil
	}
	var out []leaf
	collect(reflect.ValueOf(seen).Elem(), "", 0, &out)
	return out
}

// collect adds the values below v that are not zero.
func collect(v reflect.Value, path string, depth int, out *[]leaf) {
	if !v.IsValid() || v.IsZero() || len(*out) >= maxFieldLeaves {
		return
	}
	if v.Kind() == reflect.Pointer {
		collect(v.Elem(), path, depth, out)
		return
	}
	if m, ok := v.Interface().(json.Marshaler); ok {
		*out = append(*out, marshalled(path, m, false))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		*out = append(*out, leaf{path: path, value: "yes", state: true})
	case reflect.String:
		*out = append(*out, stringLeaf(path, v.String(), v.Type()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		*out = append(*out, leaf{path: path, value: strconv.FormatInt(v.Int(), 10)})
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		*out = append(*out, leaf{path: path, value: strconv.FormatUint(v.Uint(), 10)})
	case reflect.Float32, reflect.Float64:
		*out = append(*out, leaf{path: path, value: strconv.FormatFloat(v.Float(), 'f', -1, 64)})
	case reflect.Struct:
		collectStruct(v, path, depth, out)
	case reflect.Slice, reflect.Array:
		collectList(v, path, depth, out)
	default:
		*out = append(*out, marshalled(path, v.Interface(), true))
	}
}

func collectStruct(v reflect.Value, path string, depth int, out *[]leaf) {
	if depth == maxFieldDepth {
		*out = append(*out, marshalled(path, v.Interface(), true))
		return
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Type == reflect.TypeFor[Meta]() { // its numbers and times stand in the event
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch name {
		case "-", "demonstration": // the latter says nothing of what anybody did
			continue
		case "":
			name = strings.ToLower(f.Name)
		}
		if f.Anonymous {
			collect(v.Field(i), path, depth, out)
			continue
		}
		collect(v.Field(i), strings.TrimSpace(path+" "+name), depth+1, out)
	}
}

// collectList takes a list of words whole; of a list whose entries have a name of their own each, else the whole as text.
func collectList(v reflect.Value, path string, depth int, out *[]leaf) {
	if elem := v.Type().Elem(); elem.Kind() == reflect.String {
		var words []string
		for i := range v.Len() {
			words = append(words, v.Index(i).String())
		}
		*out = append(*out, stringLeaf(path, strings.Join(words, ", "), elem))
		return
	}
	for i := range v.Len() {
		name := entryName(v.Index(i))
		if name == "" || depth == maxFieldDepth {
			*out = append(*out, marshalled(path, v.Interface(), true))
			return
		}
		collect(v.Index(i), path+" "+name, depth+1, out)
	}
}

// entryName is the code of the council that an entry of a list is of; empty: it is of none, or not alone.
func entryName(v reflect.Value) string {
	if v.Kind() != reflect.Struct {
		return ""
	}
	f := v.FieldByName("Council")
	if at := v.FieldByName("At"); !f.IsValid() || at.IsValid() || f.Kind() != reflect.String { // with a time it is one of many
		return ""
	}
	return f.String()
}

// stringLeaf holds a word of a vocabulary, which has a type of its own, a code, or a text.
func stringLeaf(path, value string, of reflect.Type) leaf {
	word, long := of.PkgPath() != "", len(value) > maxFieldValue || !utf8.ValidString(value)
	return leaf{path: path, value: value, state: word && !long, text: long || !word && !isCode(path)}
}

func marshalled(path string, v any, text bool) leaf {
	b, err := json.Marshal(v)
	if err != nil {
		return leaf{path: path, text: true}
	}
	value := strings.Trim(string(b), `"`)
	return leaf{path: path, value: value, text: text || len(value) > maxFieldValue}
}

// isCode says that a field holds codes of registers and IDs of records, whose words are the service's own, not a person's.
func isCode(path string) bool {
	name := path[strings.LastIndexByte(path, ' ')+1:]
	return slices.Contains([]string{"council", "councils", "org", "owner", "lead", "deputy", "offered", "proposer", "from", "to", "turn",
		"closed_by", "listed_by", "successor", "platform", "capability", "capabilities", "guess", "area", "purchase", "role", "cpv", "lgsl",
		"group", "intention", "other", "suggestion", "from_contract"}, name)
}
