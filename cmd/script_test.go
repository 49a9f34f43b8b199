package cmd

import (
	"bytes"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// makeXLSX makes a workbook of a file's lines, whose cells are divided by
// tabs: makexlsx OUT.xlsx FILE A2:A3... The ranges are merged.
func makeXLSX(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: makexlsx OUT.xlsx FILE RANGE...")
	}
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	row := 0
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		row++
		for column, s := range strings.Split(strings.TrimSuffix(line, "\n"), "\t") {
			at, err := excelize.CoordinatesToCellName(column+1, row)
			ts.Check(err)
			ts.Check(book.SetCellStr("Sheet1", at, s))
		}
	}
	for _, r := range args[2:] {
		from, to, _ := strings.Cut(r, ":")
		ts.Check(book.MergeCell("Sheet1", from, to))
	}
	var b bytes.Buffer
	ts.Check(book.Write(&b))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

// encode writes a file in another encoding, as Excel saves it: encode gbk OUT
// FILE, or encode utf16 OUT FILE.
func encode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: encode gbk|utf16 OUT FILE")
	}
	known := map[string]encoding.Encoding{"gbk": simplifiedchinese.GBK, "utf16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}
	to := known[args[0]]
	if to == nil {
		ts.Fatalf("no encoding %s", args[0])
	}
	data, err := to.NewEncoder().String(ts.ReadFile(args[2]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(data), 0o666))
}
