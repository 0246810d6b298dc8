package exchange

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Text files as tables: whatever the encoding, the line ends and the separator.

// decoded is a file as UTF-8 text without its byte order mark. What is not UTF-8 is taken for Windows-1252, in which
// spreadsheets save where nobody tells them otherwise.
func decoded(b []byte) (string, *Problem) {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}), bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return utf16(b, unicode.UseBOM, unicode.LittleEndian)
	case looksUTF16(b, 1):
		return utf16(b, unicode.IgnoreBOM, unicode.LittleEndian)
	case looksUTF16(b, 0):
		return utf16(b, unicode.IgnoreBOM, unicode.BigEndian)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if len(bytes.TrimSpace(b)) == 0 {
		return "", refusal(1, emptyFile)
	}
	if n := bytes.Count(b, []byte{0}); n > 8 && n > len(b)/100 {
		return "", refusal(1, notATable+"it has bytes that are not text. Save it as .xlsx or CSV")
	}
	if utf8.Valid(b) {
		return string(b), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return "", refusal(1, "This file has bytes that are not text: save it as CSV UTF-8 and try again")
	}
	return string(text), nil
}

func utf16(b []byte, bom unicode.BOMPolicy, order unicode.Endianness) (string, *Problem) {
	text, err := unicode.UTF16(order, bom).NewDecoder().Bytes(b)
	if err != nil {
		return "", refusal(1, "This file has bytes that are not text: save it as CSV UTF-8 and try again")
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return "", refusal(1, emptyFile)
	}
	return string(text), nil
}

// looksUTF16 says that nearly every other byte at the head of a file is zero, as in UTF-16 without a mark.
func looksUTF16(b []byte, zeroAt int) bool {
	head := b[:min(len(b), 400)&^1]
	zero, other := 0, 0
	for i := 0; i+1 < len(head); i += 2 {
		if head[i+zeroAt] == 0 {
			zero++
		}
		if head[i+1-zeroAt] == 0 {
			other++
		}
	}
	return len(head) >= 8 && other == 0 && zero*10 >= len(head)/2*9
}

// textTables are a text read with each separator that may be its own: which one is, the titles tell.
func textTables(text string) []table {
	first, rest, _ := strings.Cut(text, "\n")
	first = strings.ToLower(strings.Trim(first, "\r\" \t"))
	if sep, ok := strings.CutPrefix(first, "sep="); ok && len(sep) == 1 { // a hint that Excel writes and reads
		return []table{separated(rest, sep[0], 2)}
	}
	var all []table
	for _, sep := range []byte(",\t;|") {
		if strings.IndexByte(text, sep) >= 0 || sep == ',' {
			all = append(all, separated(text, sep, 1))
		}
	}
	return all
}

// maxCell is the longest text in quotes that is one cell, in bytes; what is longer is a quote that was never closed.
const maxCell = 100 << 10

// separated reads rows of cells as RFC 4180 has them, and as people make them: quotes within a text that did not begin
// with one are part of it, and a line may end in LF, CRLF or CR alone. A row is named by the line that it begins on.
func separated(text string, sep byte, firstLine int) table {
	return table{walk: func(yield func(int, []string) bool) *Problem {
		s := scanner{text: text, sep: sep, line: firstLine}
		var cells []string
		for s.at < len(s.text) {
			row := s.line
			cells = cells[:0]
			for more := true; more; {
				var cell string
				var p *Problem
				if cell, more, p = s.cell(); p != nil {
					return p
				}
				if len(cells) <= maxColumns {
					cells = append(cells, cell)
				}
			}
			if !yield(row, cells) {
				return nil
			}
		}
		return nil
	}}
}

type scanner struct {
	text string
	at   int
	sep  byte
	line int
}

// cell reads one cell and what ends it; more says that another follows in the row.
func (s *scanner) cell() (cell string, more bool, p *Problem) {
	for s.at < len(s.text) && s.text[s.at] == ' ' { // a blank before a quote
		s.at++
	}
	if s.at < len(s.text) && s.text[s.at] == '"' {
		if cell, p = s.quoted(); p != nil {
			return "", false, p
		}
	}
	start := s.at
	for s.at < len(s.text) && s.text[s.at] != s.sep && s.text[s.at] != '\n' && s.text[s.at] != '\r' {
		s.at++
	}
	cell += s.text[start:s.at]
	if s.at < len(s.text) && s.text[s.at] == s.sep {
		s.at++
		return cell, true, nil
	}
	s.endLine()
	return cell, false, nil
}

// endLine takes a line end, where there is one.
func (s *scanner) endLine() {
	if s.at >= len(s.text) {
		return
	}
	if s.text[s.at] == '\r' && s.at+1 < len(s.text) && s.text[s.at+1] == '\n' {
		s.at++
	}
	s.at++
	s.line++
}

// quoted reads a text in quotes: up to a quote that the separator, a line end or the end follows.
func (s *scanner) quoted() (string, *Problem) {
	var b strings.Builder
	opened, from := s.line, s.at+1
	for i := from; i < len(s.text) && i-from < maxCell; i++ {
		switch c := s.text[i]; {
		case c == '"' && i+1 < len(s.text) && s.text[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"' && s.closes(i+1):
			s.at = i + 1
			return b.String(), nil
		case c == '\r' && i+1 < len(s.text) && s.text[i+1] == '\n':
		case c == '\n' || c == '\r':
			s.line++
			b.WriteByte('\n')
		default:
			b.WriteByte(c)
		}
	}
	return "", refusal(opened, "A quote (\") opens in this line and is never closed, so that what follows cannot be told apart: close it, or take it out")
}

// closes says that after a closing quote the cell ends.
func (s *scanner) closes(i int) bool {
	for i < len(s.text) && s.text[i] == ' ' {
		i++
	}
	return i >= len(s.text) || s.text[i] == s.sep || s.text[i] == '\n' || s.text[i] == '\r'
}
