package exchange

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"jointly/catalogue"
)

// Formats lists the forms in which Export writes.
func Formats() []string { return []string{"jsonl", "json", "csv"} }

// Export writes all records of a kind that the actor may see, in order of council and reference: JSON lines that can be
// imported again, one JSON list, or CSV for a spreadsheet (with a byte order mark, and no cell that runs as a formula).
func Export(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, kind catalogue.Kind, format string, w io.Writer) error {
	lines, err := exportLines(ctx, c, actor, kind)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	switch format {
	case "jsonl", "":
		enc := encoder(out)
		for _, l := range lines {
			if err := enc.Encode(l.value); err != nil {
				return fmt.Errorf("export: %w", err)
			}
		}
	case "json":
		values := make([]any, len(lines))
		for i, l := range lines {
			values[i] = l.value
		}
		if err := encoder(out).Encode(values); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	case "csv":
		if err := writeCSV(out, lines); err != nil {
			return err
		}
	default:
		return fmt.Errorf("unknown format %q: use one of %s", format, strings.Join(Formats(), ", "))
	}
	return out.Flush()
}

func encoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

type exportLine struct {
	order string
	value any
}

func exportLines(ctx context.Context, c *catalogue.Catalogue, actor catalogue.Actor, kind catalogue.Kind) ([]exportLine, error) {
	uses := map[string][]*catalogue.Use{}
	if kind == catalogue.KindPlatform {
		err := c.Each(ctx, actor, catalogue.KindUse, func(item catalogue.Item) error {
			u := item.(*catalogue.Use)
			uses[u.Platform] = append(uses[u.Platform], u)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	var questions map[string][]*catalogue.SignalQuestion
	if kind == catalogue.KindSignal {
		var err error
		if questions, err = signalQuestions(ctx, c, actor); err != nil {
			return nil, err
		}
	}
	var lines []exportLine
	err := c.Each(ctx, actor, kind, func(item catalogue.Item) error {
		if r, ok := item.(*catalogue.Return); ok {
			for _, out := range returnsOut(r) {
				lines = append(lines, exportLine{order: r.ID, value: out})
			}
			return nil
		}
		l := exportLine{order: catalogue.Owner(item) + "\x00" + refOf(item)}
		switch it := item.(type) {
		case *catalogue.Intention:
			l.value = intentionOut(it)
		case *catalogue.Contract:
			l.value = contractOut(it)
		case *catalogue.Platform:
			mine := uses[it.ID]
			slices.SortStableFunc(mine, func(a, b *catalogue.Use) int {
				return cmp.Or(cmp.Compare(a.Council, b.Council), cmp.Compare(a.Source.Text, b.Source.Text),
					cmp.Compare(a.Source.Reference, b.Source.Reference), cmp.Compare(a.WrittenAs, b.WrittenAs))
			})
			l.order = refOf(it)
			l.value = platformOut(it, mine)
		case *catalogue.BuyingGroup:
			l.value = groupOut(it)
		case *catalogue.Signal:
			l.value = SignalOut(it, questions[it.ID])
		default:
			return fmt.Errorf("records of kind %s are not exported", kind)
		}
		lines = append(lines, l)
		return nil
	})
	slices.SortStableFunc(lines, func(a, b exportLine) int { return cmp.Compare(a.order, b.order) })
	return lines, err
}

// GroupCard is a group as exports and the API give it: its card, and for those who may enter the room its members.
type GroupCard struct {
	Ref           string         `json:"ref"`
	Title         string         `json:"title"`
	Need          string         `json:"need"`
	Capability    string         `json:"capability"`
	Stage         string         `json:"stage"`
	Lead          string         `json:"lead"`
	Councils      int            `json:"councils"`
	WindowStart   catalogue.Date `json:"window_start"`
	WindowEnd     catalogue.Date `json:"window_end"`
	OpenToJoin    bool           `json:"open_to_join"`
	JoinBy        catalogue.Date `json:"join_by"`
	Card          string         `json:"card"`
	Members       []string       `json:"members,omitempty"`  // councils that accepted
	Partners      []string       `json:"partners,omitempty"` // IDs of bodies that accepted
	Demonstration bool           `json:"demonstration,omitempty"`
}

func groupOut(g *catalogue.BuyingGroup) GroupCard {
	card := GroupCard{Ref: refOf(g), Title: g.Title, Need: g.Need, Capability: g.Capability, Stage: string(g.Stage), Lead: g.Lead,
		Councils: g.Councils, WindowStart: g.WindowStart, WindowEnd: g.WindowEnd, OpenToJoin: g.OpenToJoin, JoinBy: g.JoinBy,
		Card: string(g.Card), Demonstration: g.Demonstration}
	for _, m := range g.Members {
		if m.State == catalogue.Accepted {
			card.Members = append(card.Members, m.Council)
		}
	}
	card.Partners = g.AcceptedPartners()
	return card
}

// writeCSV writes one column a field, in the order of the JSON; lists are joined with semicolons.
func writeCSV(w io.Writer, lines []exportLine) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	var header []string
	rows := make([]map[string]string, len(lines))
	for i, l := range lines {
		names, cells, err := flatten(l.value)
		if err != nil {
			return err
		}
		rows[i] = cells
		at := 0 // keep the order of the fields though some lines leave some out
		for _, name := range names {
			if n := slices.Index(header, name); n >= 0 {
				at = n + 1
				continue
			}
			header = slices.Insert(header, at, name)
			at++
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if len(header) > 0 {
		if err := out.Write(header); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	for _, row := range rows {
		record := make([]string, len(header))
		for i, name := range header {
			record[i] = SafeCell(row[name])
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// flatten is the fields of a line in order, each as the text of one cell.
func flatten(v any) (names []string, cells map[string]string, err error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, nil, fmt.Errorf("export: %w", err)
	}
	cells = map[string]string{}
	dec := json.NewDecoder(bytes.NewReader(b))
	if _, err := dec.Token(); err != nil { // {
		return nil, nil, fmt.Errorf("export: %w", err)
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("export: %w", err)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, nil, fmt.Errorf("export: %w", err)
		}
		key := fmt.Sprint(name)
		names = append(names, key)
		cells[key] = cell(raw)
	}
	return names, cells, nil
}

func cell(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var all []string
	if json.Unmarshal(raw, &all) == nil {
		return strings.Join(all, "; ")
	}
	return string(raw)
}

// SafeCell is a text that a spreadsheet will not run as a formula.
func SafeCell(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", first) { // spreadsheets of East Asia read the wide ones so too
		return "'" + s
	}
	return s
}
