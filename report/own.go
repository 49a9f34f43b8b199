package report

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"perfgoal/model"
)

// author is how outputs that have a place for it name who wrote them.
const author = "perfgoal"

// IsOutput says whether a file is an earlier output in one of the formats
// that could be taken for a document. A file that cannot be read is none.
func IsOutput(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	switch ext {
	case ".html", ".htm", ".xlsx", ".docx", ".pdf", ".csv", ".tsv", ".xml", ".txt":
	default:
		return false
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	if ext == ".xlsx" || ext == ".docx" {
		return isOwnBook(f)
	}
	const looked = 2 << 10 // bytes; the marks stand at the front, a text's verdict at the end
	if ext == ".txt" || ext == ".pdf" {
		if size, err := f.Seek(0, io.SeekEnd); err != nil || size > looked {
			if _, err := f.Seek(-looked, io.SeekEnd); err != nil {
				return false
			}
		} else if _, err := f.Seek(0, io.SeekStart); err != nil {
			return false
		}
	}
	piece, err := io.ReadAll(io.LimitReader(f, looked))
	if err != nil {
		return false
	}
	switch ext {
	case ".pdf":
		return bytes.Contains(piece, []byte("\n"+model.MarkedCopy+"startxref\n"))
	case ".html", ".htm":
		return bytes.Contains(piece, []byte(`<meta name="generator" content="`+author+` `))
	case ".xml":
		return bytes.Contains(piece, []byte(`<testsuites name="`+author+`"`)) || bytes.Contains(piece, []byte("<checkstyle "))
	case ".csv", ".tsv":
		first, _, _ := bytes.Cut(piece, []byte("\n"))
		return ownHeads()[strings.TrimRight(string(first), "\r")]
	}
	return hasVerdict(string(piece))
}

// hasVerdict says whether the end of a text is that of a report on findings:
// the ruleset, then the verdict.
func hasVerdict(tail string) bool {
	for _, words := range [][2]string{{"规则集：", "结论："}, {"Ruleset: ", "Verdict: "}} {
		if _, after, found := strings.Cut("\n"+tail, "\n"+words[0]); found && strings.Contains(after, "\n"+words[1]) {
			return true
		}
	}
	return false
}

// ownHeads are the first lines of the outputs for spreadsheets.
var ownHeads = sync.OnceValue(func() map[string]bool {
	heads := map[string]bool{}
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		o := Options{Lang: lang}
		var b bytes.Buffer
		note := func(err error) {
			first, _, _ := strings.Cut(b.String(), "\n")
			if err == nil && first != "" {
				heads[strings.TrimRight(first, "\r")] = true
			}
			b.Reset()
		}
		note(newLintCSV(&b, o).Close(End{}))
		note(newExtractTSV(&b, o).Close(End{}))
		note(newStats(&b, o, statsCSV).Close(End{}))
	}
	return heads
})

// isOwnBook says whether a workbook or letter names this program as its author.
func isOwnBook(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return false
	}
	r, err := z.Open("docProps/core.xml")
	if err != nil {
		return false
	}
	const longest = 64 << 10
	data, err := io.ReadAll(io.LimitReader(r, longest))
	return r.Close() == nil && err == nil && bytes.Contains(data, []byte("<dc:creator>"+author+"</dc:creator>"))
}
