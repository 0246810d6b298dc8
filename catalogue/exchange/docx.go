package exchange

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteDocx writes a document as Office Open XML (ECMA-376), which Word and LibreOffice open. The parts are the fewest
// that make a whole file: content types, relationships, properties, the text, its styles, lists and footer.
func WriteDocx(w io.Writer, d Document) error {
	out := zip.NewWriter(w)
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", docxTypes},
		{"_rels/.rels", docxRelations},
		{"docProps/core.xml", docxProperties(d)},
		{"word/document.xml", docxText(d)},
		{"word/_rels/document.xml.rels", docxTextRelations},
		{"word/styles.xml", docxStyles},
		{"word/numbering.xml", docxLists},
		{"word/footer1.xml", docxFooter(d)},
	} {
		f, err := out.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: zipEpoch()})
		if err != nil {
			return fmt.Errorf("docx: %w", err)
		}
		if _, err := io.WriteString(f, xml.Header+part.content); err != nil {
			return fmt.Errorf("docx: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return nil
}

// zipEpoch is the first time that a zip file can state: the same document is the same file.
func zipEpoch() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

const (
	wordML   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	relsML   = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relTypes = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	wordType = `application/vnd.openxmlformats-officedocument.wordprocessingml.`
)

const docxTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/>` +
	`<Override PartName="/word/numbering.xml" ContentType="` + wordType + `numbering+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="` + wordType + `footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const docxRelations = `<Relationships ` + relsML + `>` +
	`<Relationship Id="rId1" Type="` + relTypes + `officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const docxTextRelations = `<Relationships ` + relsML + `>` +
	`<Relationship Id="rId1" Type="` + relTypes + `styles" Target="styles.xml"/>` +
	`<Relationship Id="rId2" Type="` + relTypes + `numbering" Target="numbering.xml"/>` +
	`<Relationship Id="rId3" Type="` + relTypes + `footer" Target="footer1.xml"/></Relationships>`

// docxStyles: sizes are half points, spaces twentieths of a point.
const docxStyles = `<w:styles ` + wordML + `><w:docDefaults><w:rPrDefault><w:rPr>` +
	`<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>` +
	`<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
	`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>` +
	`<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>` +
	`<w:pPr><w:spacing w:after="60"/></w:pPr><w:rPr><w:b/><w:sz w:val="40"/><w:szCs w:val="40"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:rPr><w:sz w:val="26"/><w:szCs w:val="26"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>` +
	`<w:pPr><w:keepNext/><w:spacing w:before="320" w:after="100"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:spacing w:after="60"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="ToFill"><w:name w:val="To fill in"/><w:basedOn w:val="Normal"/><w:qFormat/>` +
	`<w:pPr><w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="808080"/></w:pBdr></w:pPr><w:rPr><w:i/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:customStyle="1" w:styleId="Cell"><w:name w:val="Cell"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:style>` +
	`</w:styles>`

const docxLists = `<w:numbering ` + wordML + `><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>` +
	`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>` +
	`<w:pPr><w:ind w:left="425" w:hanging="283"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

func docxProperties(d Document) string {
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:title>` + escaped(d.Title) + `</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>`
}

func docxFooter(d Document) string {
	return `<w:ftr ` + wordML + `><w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr>` + run(d.Draft+" Page ", "") +
		`<w:fldSimple w:instr="PAGE">` + run("1", "") + `</w:fldSimple></w:p></w:ftr>`
}

func docxText(d Document) string {
	var b strings.Builder
	b.WriteString(`<w:document ` + wordML + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	paragraph(&b, "Title", d.Title)
	if d.For != "" {
		paragraph(&b, "Subtitle", d.For)
	}
	paragraph(&b, "ToFill", d.Draft)
	for _, s := range d.Sections {
		paragraph(&b, "Heading1", s.Title)
		for _, block := range s.Blocks {
			switch {
			case block.Grid != nil:
				grid(&b, block.Grid)
			case block.ToFill != "":
				paragraph(&b, "ToFill", "["+block.ToFill+"]")
			case block.Text != "":
				paragraph(&b, "Normal", block.Text)
			}
			for _, p := range block.Points {
				paragraph(&b, "ListBullet", p)
			}
		}
	}
	b.WriteString(`<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>` +
		`<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

func paragraph(b *strings.Builder, style, text string) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + run(text, "") + `</w:p>`)
}

// textWidth is the width of a page's text in twentieths of a point: A4 less its margins.
const textWidth = 11906 - 2*1134

func grid(b *strings.Builder, g *Grid) {
	if len(g.Head) == 0 {
		return
	}
	if g.Caption != "" {
		paragraph(b, "Caption", g.Caption)
	}
	b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/>` +
		`<w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="808080"/></w:tblBorders></w:tblPr><w:tblGrid>`)
	for range g.Head {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, textWidth/len(g.Head))
	}
	b.WriteString(`</w:tblGrid>`)
	gridRow(b, g, g.Head, `<w:tblHeader/>`, `<w:b/>`)
	for _, row := range g.Rows {
		gridRow(b, g, row, "", "")
	}
	b.WriteString(`</w:tbl>`)
	paragraph(b, "Normal", "") // two tables would grow together
}

func gridRow(b *strings.Builder, g *Grid, cells []string, rowProperty, textProperty string) {
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/>` + rowProperty + `</w:trPr>`)
	for i := range g.Head {
		text, align := "", ""
		if i < len(cells) {
			text = cells[i]
		}
		if g.IsNumeric(i) {
			align = `<w:jc w:val="right"/>`
		}
		fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="Cell"/>%s</w:pPr>%s</w:p></w:tc>`,
			textWidth/len(g.Head), align, run(text, textProperty))
	}
	b.WriteString(`</w:tr>`)
}

// run is a text in one form; its line ends stay.
func run(text, property string) string {
	if property != "" {
		property = `<w:rPr>` + property + `</w:rPr>`
	}
	out := `<w:r>` + property
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out += `<w:br/>`
		}
		out += `<w:t xml:space="preserve">` + escaped(line) + `</w:t>`
	}
	return out + `</w:r>`
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
