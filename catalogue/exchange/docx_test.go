package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"jointly/catalogue/exchange"
)

// openedParts is the parts of a word processor's file by name, each read to its end as XML.
func openedParts(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(content)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is not XML: %v", f.Name, err)
			}
		}
		parts[f.Name] = string(content)
	}
	return parts
}

func TestADocumentIsAWholeFile(t *testing.T) {
	var b bytes.Buffer
	err := exchange.WriteDocx(&b, exchange.Document{Title: "Tea & <biscuits>", For: "For all", Draft: "A draft.", Sections: []exchange.Section{
		{ID: "need", Title: "The need", Blocks: []exchange.Block{{Text: "First line\nsecond \"line\""}, {Points: []string{"one", "two]]>"}}, {ToFill: "Say why"},
			{Text: "\x01 and \ufffe cannot stand in XML"},
			{Grid: &exchange.Grid{Caption: "Figures", Head: []string{"Council", "£"}, Numeric: []bool{false, true}, Rows: [][]string{{"A", "1"}, {"short row"}}}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	parts := openedParts(t, b.Bytes())
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml", "word/_rels/document.xml.rels",
		"word/styles.xml", "word/numbering.xml", "word/footer1.xml"} {
		if parts[name] == "" {
			t.Errorf("no part %s", name)
		}
		if base := strings.TrimPrefix(name, "word/"); strings.HasPrefix(name, "word/") && !strings.Contains(name, "_rels") {
			if !strings.Contains(parts["[Content_Types].xml"], `PartName="/`+name+`"`) {
				t.Errorf("%s has no content type", name)
			}
			if base != "document.xml" && !strings.Contains(parts["word/_rels/document.xml.rels"], `Target="`+base+`"`) {
				t.Errorf("nothing leads to %s", name)
			}
		}
	}
	text := parts["word/document.xml"]
	for _, want := range []string{"Tea &amp; &lt;biscuits&gt;", "First line</w:t><w:br/>", "two]]&gt;", "[Say why]", `<w:tblHeader/>`, `<w:jc w:val="right"/>`} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %q", want)
		}
	}
	for _, style := range strings.Split(text, `<w:pStyle w:val="`)[1:] {
		name, _, _ := strings.Cut(style, `"`)
		if !strings.Contains(parts["word/styles.xml"], `w:styleId="`+name+`"`) {
			t.Errorf("there is no style %s", name)
		}
	}
	if strings.Count(text, "<w:tc>") != 6 {
		t.Errorf("%d cells, want 6: a short row is filled up", strings.Count(text, "<w:tc>"))
	}
}
