package report

import (
	_ "embed"
	"errors"
	"strings"
	"text/template"

	"perfgoal/model"
)

// The letter's wording as it comes. A bureau may put its own in its place.
var (
	//go:embed letter/zh.tmpl
	letterZh string
	//go:embed letter/en.tmpl
	letterEn string
)

// LetterTemplate is the wording of the letter as it comes.
func LetterTemplate(lang model.Lang) string { return model.Text{Zh: letterZh, En: letterEn}.In(lang) }

// Letter is what the letter's template can use. No text in it holds a line
// break.
type Letter struct {
	Unit                    string // "" where the forms name none
	Files                   []LetterFile
	Forms                   []LetterForm
	General                 []LetterFinding // about no single form
	Errors, Warnings, Notes int
	Readings                int
	Book                    bool   // a budget book without forms is among the files
	Checked                 string // how much was judged
	Insufficient            int    // judgements that want data
	Manifest                *LetterManifest
	Ruleset                 string
}

// LetterFile is an input. Trouble is why it was not read, or not for certain in
// all places; "" where it was. Of a budget book without forms what it says in
// prose was checked, which Trouble tells.
type LetterFile struct {
	Path    string
	Forms   int
	Read    bool
	Book    bool
	Trouble string
}

// LetterForm is a form with its findings.
type LetterForm struct {
	Number                            int // within the letter
	Title, Project, Year, Total, Path string
	Errors, Warnings, Notes           int
	Findings, Readings                []LetterFinding
}

// LetterFinding is one finding.
type LetterFinding struct {
	Number                                           int // within the letter
	Severity, Rule, Title, Place, Message, Text, Fix string
	Related                                          []string
}

// LetterManifest is what of the list of projects came; amounts are in yuan.
type LetterManifest struct {
	Expected, Submitted, Missing, Extra, Unread, AmountDiffers int
	ExpectedAmount, SubmittedAmount                            string
}

// ParseLetter reads a template of the letter and tries it.
func ParseLetter(text string) (*template.Template, error) {
	t, err := template.New("letter").Parse(strings.TrimPrefix(text, "\ufeff"))
	if err != nil {
		return nil, err
	}
	f := LetterFinding{Number: 1}
	_, err = fillLetter(t, Letter{Files: []LetterFile{{}}, Forms: []LetterForm{{Findings: []LetterFinding{f}, Readings: []LetterFinding{f}}},
		General: []LetterFinding{f}, Manifest: &LetterManifest{}, Errors: 1, Warnings: 1, Notes: 1, Readings: 1, Insufficient: 1})
	return t, err
}

// blockKind is what a block of a letter is.
type blockKind int

const (
	paragraph blockKind = iota
	letterTitle
	heading
	subheading
	small
	tableBlock
)

// block is a piece of a letter. Only a table has rows, of which the first is
// its head.
type block struct {
	kind blockKind
	text string
	rows [][]string
}

// cellBar stands for a | of the text, which would part a table's cells.
const cellBar = "\x01"

// letterText is a text fit to stand in a line of the template.
func letterText(s string) string {
	return strings.ReplaceAll(visible(strings.Join(strings.Fields(s), " ")), "|", cellBar)
}

var errLetterSize = errors.New("the letter has no end")

// bounded holds what a template yields, up to a size that no letter has.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	const most = 64 << 20
	if b.Len()+len(p) > most {
		return 0, errLetterSize
	}
	return b.Builder.Write(p)
}

// fillLetter fills the template and takes its lines apart: "# " begins the
// title, "## " and "### " headings, "> " small print; "|" begins a table's row,
// and every other line is a paragraph. The blank lines that loops leave do not
// end a table whose next row has as many cells.
func fillLetter(t *template.Template, data Letter) ([]block, error) {
	var b bounded
	if err := t.Execute(&b, data); err != nil {
		return nil, err
	}
	marks := []struct {
		prefix string
		kind   blockKind
	}{{"# ", letterTitle}, {"## ", heading}, {"### ", subheading}, {"> ", small}}
	var out []block
	restore := func(s string) string { return strings.ReplaceAll(strings.Trim(s, " \t\r"), cellBar, "|") }
	blank := false
	for line := range strings.SplitSeq(b.String(), "\n") {
		line = strings.Trim(line, " \t\r")
		if line == "" {
			blank = true
			continue
		}
		if cells, isRow := strings.CutPrefix(line, "|"); isRow {
			var row []string
			for cell := range strings.SplitSeq(strings.TrimSuffix(cells, "|"), "|") {
				row = append(row, restore(cell))
			}
			if !continues(out, row, blank) {
				out = append(out, block{kind: tableBlock})
			}
			last := &out[len(out)-1]
			last.rows, blank = append(last.rows, row), false
			continue
		}
		blank = false
		next := block{text: restore(line)}
		for _, m := range marks {
			if rest, found := strings.CutPrefix(line, m.prefix); found {
				next = block{kind: m.kind, text: restore(rest)}
			}
		}
		out = append(out, next)
	}
	return out, nil
}

// continues says whether a row belongs to the table that the letter ends with
// so far.
func continues(blocks []block, row []string, blank bool) bool {
	if len(blocks) == 0 {
		return false
	}
	last := blocks[len(blocks)-1]
	return last.kind == tableBlock && (!blank || len(last.rows[0]) == len(row))
}
