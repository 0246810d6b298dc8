package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonWalk reads JSON values one after another, and remembers the line that each of the outer objects begins on.
type jsonWalk struct {
	text    []byte
	dec     *json.Decoder
	counted int64 // bytes whose lines are counted
	line    int
}

func newWalk(text []byte) *jsonWalk {
	w := &jsonWalk{text: text, dec: json.NewDecoder(bytes.NewReader(text)), line: 1}
	w.dec.UseNumber()
	return w
}

// Limits of nesting: what is deeper is no notice; only the outer objects' lines are of use.
const (
	maxDepth = 60
	rowDepth = 6
)

var errDeep = errors.New("nested too deep")

// rowKey holds an object's line; no name in JSON that publishers write is like it.
const rowKey = "\x00row"

func rowOf(fields map[string]any) int {
	row, ok := fields[rowKey].(int)
	if !ok {
		return 1
	}
	return row
}

// row is the line of what comes next.
func (w *jsonWalk) row() int {
	at := min(w.dec.InputOffset(), int64(len(w.text)))
	for at < int64(len(w.text)) && strings.IndexByte(" \t\r\n,:", w.text[at]) >= 0 {
		at++
	}
	if at > w.counted {
		w.line += bytes.Count(w.text[w.counted:at], []byte("\n"))
		w.counted = at
	}
	return w.line
}

// value reads the next value; io.EOF where there is none.
func (w *jsonWalk) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	row := 0
	if depth <= rowDepth {
		row = w.row()
	}
	t, err := w.dec.Token()
	if err != nil {
		if errors.Is(err, io.EOF) && depth > 0 {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	switch t {
	case json.Delim('['):
		list := []any{}
		for w.dec.More() {
			v, err := w.value(depth + 1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, w.end()
	case json.Delim('{'):
		fields := map[string]any{}
		for w.dec.More() {
			name, err := w.dec.Token()
			if err != nil {
				if errors.Is(err, io.EOF) {
					err = io.ErrUnexpectedEOF
				}
				return nil, fmt.Errorf("name: %w", err)
			}
			v, err := w.value(depth + 1)
			if err != nil {
				return nil, err
			}
			fields[name.(string)] = v
		}
		if row > 0 {
			fields[rowKey] = row
		}
		return fields, w.end()
	}
	return t, nil
}

func (w *jsonWalk) end() error {
	if _, err := w.dec.Token(); err != nil {
		return fmt.Errorf("end: %w", io.ErrUnexpectedEOF)
	}
	return nil
}
