package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"perfgoal/model"
)

// packed makes a package of named parts.
func packed(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	nsX   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	nsW   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"`
	nsRel = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	kind  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// book is a workbook for tests: the XML inside each sheet, and what they share.
type book struct {
	sheets          []string
	states          map[int]string // by sheet
	strings, styles string
	names           string
	extra           map[string]string
}

func (b book) pack(t testing.TB) []byte {
	t.Helper()
	parts := map[string]string{
		"_rels/.rels": `<Relationships ` + nsRel + `><Relationship Id="r1" Type="` + kind + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	}
	var sheets, rels strings.Builder
	for i, s := range b.sheets {
		fmt.Fprintf(&sheets, `<sheet name="S%d" sheetId="%d" state="%s" r:id="s%d"/>`, i+1, i+1, b.states[i], i+1)
		fmt.Fprintf(&rels, `<Relationship Id="s%d" Type="%sworksheet" Target="worksheets/sheet%d.xml"/>`, i+1, kind, i+1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = `<worksheet ` + nsX + `>` + s + `</worksheet>`
	}
	rels.WriteString(`<Relationship Id="x" Type="` + kind + `sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="y" Type="` + kind + `styles" Target="styles.xml"/>`)
	parts["xl/workbook.xml"] = `<workbook ` + nsX + `><sheets>` + sheets.String() + `</sheets><definedNames>` + b.names + `</definedNames></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships ` + nsRel + `>` + rels.String() + `</Relationships>`
	parts["xl/sharedStrings.xml"] = `<sst ` + nsX + `>` + b.strings + `</sst>`
	parts["xl/styles.xml"] = `<styleSheet ` + nsX + `>` + b.styles + `</styleSheet>`
	for name, text := range b.extra {
		parts[name] = text
	}
	return packed(t, parts)
}

// letter is a Word document for tests.
func letter(t testing.TB, body string, extra map[string]string) []byte {
	t.Helper()
	parts := map[string]string{"word/document.xml": `<w:document ` + nsW + `><w:body>` + body + `</w:body></w:document>`}
	for name, text := range extra {
		parts[name] = text
	}
	return packed(t, parts)
}

func wp(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func tc(text string, props ...string) string {
	return `<w:tc><w:tcPr>` + strings.Join(props, "") + `</w:tcPr>` + wp(text) + `</w:tc>`
}

func tr(cells ...string) string { return `<w:tr>` + strings.Join(cells, "") + `</w:tr>` }
func tbl(rows ...string) string { return `<w:tbl>` + strings.Join(rows, "") + `</w:tbl>` }
func inline(ref, s string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>`
}

// sketch draws tables for comparing: captions, then each row with its cells,
// their spans where they have any, their doubts as ?, what is stored in [].
func sketch(tables []model.Table) string {
	var b strings.Builder
	for i, t := range tables {
		if i > 0 {
			b.WriteString("--\n")
		}
		for _, l := range t.Caption {
			b.WriteString("# " + l.Text + "\n")
		}
		row := 0
		for k, c := range t.Cells {
			switch {
			case k == 0:
			case c.Row != row:
				b.WriteString("\n")
			default:
				b.WriteString(" | ")
			}
			row = c.Row
			b.WriteString(c.Text)
			if c.RowSpan != 1 || c.ColSpan != 1 {
				fmt.Fprintf(&b, "(%dx%d)", c.RowSpan, c.ColSpan)
			}
			if c.Stored != "" {
				b.WriteString("[" + c.Stored + "]")
			}
			if c.Doubt != nil {
				b.WriteString("?")
			}
		}
		if len(t.Cells) > 0 {
			b.WriteString("\n")
		}
		if len(t.Breaks) > 0 {
			fmt.Fprintf(&b, "breaks %v\n", t.Breaks)
		}
		for _, x := range t.Ignored {
			b.WriteString("- " + string(x.Reason) + ": " + x.Text + "\n")
		}
	}
	return b.String()
}

func problemCode(err error) string {
	if p, ok := errors.AsType[*model.Problem](err); ok {
		if p.Message.In(model.English) == "" || p.Message.In(model.Chinese) == "" {
			return p.Code + " without words"
		}
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
