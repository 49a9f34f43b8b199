package workbook

import (
	"fmt"
	"strings"
)

// The parts of a workbook beside its sheets.

const (
	declaration   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationSpace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace  = "http://schemas.openxmlformats.org/package/2006/"
	partType      = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// contentTypes tells of every part what it is.
func contentTypes(sheets, tables int) string {
	var b strings.Builder
	b.WriteString(declaration + `<Types xmlns="` + packageSpace + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + partType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + partType + `styles+xml"/>`)
	for i := range sheets {
		b.WriteString(`<Override PartName="/` + sheetPath("", i) + `" ContentType="` + partType + `worksheet+xml"/>`)
	}
	for i := range tables {
		fmt.Fprintf(&b, `<Override PartName="/xl/tables/table%d.xml" ContentType="%stable+xml"/>`, i+1, partType)
	}
	b.WriteString("</Types>")
	return b.String()
}

const packageRelations = declaration + `<Relationships xmlns="` + packageSpace + `relationships">` +
	`<Relationship Id="rId1" Type="` + relationSpace + `/officeDocument" Target="xl/workbook.xml"/>` +
	`<Relationship Id="rId2" Type="` + packageSpace + `relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

func coreProperties(creator string) string {
	return declaration + `<cp:coreProperties xmlns:cp="` + packageSpace + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:creator>` + escape(creator) + `</dc:creator></cp:coreProperties>`
}

// relations are those of a part that refers to one other.
func relations(target, kind string) string {
	return declaration + `<Relationships xmlns="` + packageSpace + `relationships">` +
		`<Relationship Id="rId1" Type="` + relationSpace + "/" + kind + `" Target="` + target + `"/></Relationships>`
}

func workbookRelations(sheets int) string {
	var b strings.Builder
	b.WriteString(declaration + `<Relationships xmlns="` + packageSpace + `relationships">`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Relationship Id="rId%[1]d" Type="%[2]s/worksheet" Target="worksheets/sheet%[1]d.xml"/>`, i+1, relationSpace)
	}
	fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, sheets+1, relationSpace)
	return b.String()
}

// workbookPart lists the sheets, and of those that are tables the first row as
// what is printed on every page.
func workbookPart(sheets []Sheet) string {
	var b, titles strings.Builder
	b.WriteString(declaration + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relationSpace + `">` +
		`<bookViews><workbookView/></bookViews><sheets>`)
	for i, s := range sheets {
		fmt.Fprintf(&b, `<sheet name="%[1]s" sheetId="%[2]d" r:id="rId%[2]d"/>`, escape(s.Name), i+1)
		if s.Table != "" {
			fmt.Fprintf(&titles, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">'%s'!$1:$1</definedName>`,
				i, escape(strings.ReplaceAll(s.Name, "'", "''")))
		}
	}
	b.WriteString("</sheets>")
	if titles.Len() > 0 {
		b.WriteString("<definedNames>" + titles.String() + "</definedNames>")
	}
	b.WriteString("</workbook>")
	return b.String()
}

// styles are one style for each Kind, in their order. The built-in format 4 is
// #,##0.00.
const styles = declaration + `<styleSheet xmlns="` + mainSpace + `">` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
	`<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment vertical="center"/></xf></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// tablePart describes the table of a sheet with so many rows. Excel refuses
// one whose columns are not called as their headings are, or two of which are
// called the same, or without a row below them.
func tablePart(id int, name string, headings []string, rows int) (string, error) {
	seen := map[string]bool{"": true}
	var columns strings.Builder
	for i, h := range headings {
		if seen[strings.ToLower(h)] {
			return "", fmt.Errorf("column %d of the table %s has no name of its own: %q", i+1, name, h)
		}
		seen[strings.ToLower(h)] = true
		fmt.Fprintf(&columns, `<tableColumn id="%d" name="%s"/>`, i+1, escape(h))
	}
	ref := "A1:" + cellName(max(1, len(headings)), max(2, rows))
	return fmt.Sprintf(`%s<table xmlns="%s" id="%d" name="%[4]s" displayName="%[4]s" ref="%[5]s" totalsRowShown="0"><autoFilter ref="%[5]s"/>`+
		`<tableColumns count="%[6]d">%[7]s</tableColumns><tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>`,
		declaration, mainSpace, id, escape(name), ref, len(headings), columns.String()), nil
}

func escape(s string) string { return string(appendEscaped(nil, s, false)) }
