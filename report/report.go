// Package report writes what was read and what was found in each output
// format. A writer is fed documents one by one, in input order, and never
// holds more of them than its format needs.
package report

import (
	"io"
	"text/template"

	"perfgoal/model"
)

// SchemaVersion is the version of the JSON outputs. It changes only when
// something that stands in them changes its meaning or goes away.
const SchemaVersion = "1"

// Tool names the program in machine formats.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Options say how to write. Width is in terminal columns.
type Options struct {
	Lang        model.Lang
	Tool        Tool
	Color       bool
	Links       bool // the terminal shows links (OSC 8)
	Summary     bool // text: a line for each document in place of its findings
	Width       int
	Screen      bool             // Width is that of a terminal, which breaks longer lines
	Rules       []model.RuleInfo // the rules that are checked, in code order
	MinSeverity model.Severity   // findings below it are counted, not listed
	FailLevel   model.Severity   // findings from it on fail a test case (junit); "" fails none
	ShowChecks  bool             // list every single outcome (json)
	Ruleset     *Ruleset         // the set the rules come from; nil where nothing is checked
	Many        bool             // more than one document is to be expected
	// Letter is the wording of letters to units; nil is the one that comes
	// with the program. ParseLetter makes it.
	Letter *template.Template
	// Annotate returns a copy of a PDF with marks. Its error is a *model.Problem
	// for a file that cannot take them.
	Annotate func(source []byte, marks []model.Mark) ([]byte, error)
	// Pictures returns what pages of a PDF show; nil where nobody asked for
	// pictures of pages.
	Pictures func(source []byte, pages []int) ([]model.Picture, error)
	// Warn tells the user what kept a document from an output; nil is silence.
	Warn func(path string, p *model.Problem)
}

// Checked is one document with what checking it yielded. It carries the
// number of forms, not the forms, so that they can be let go.
type Checked struct {
	Path     string
	Status   model.Status
	Error    *model.Problem // nil exactly when forms were read
	Forms    int
	Book     bool            // a budget book's text was found, and checked
	Doubts   []FormDoubt     // what could not be read for certain
	Unread   int             // characters that no field holds, of all forms
	Document *model.Document // nil unless a chosen format asks for the forms
	Source   []byte          // the input, nil unless a chosen format asks for it
	Bundle   bool            // no document: findings about all of them together, after the last
	Findings []model.Finding
	Checks   []model.Checks
	Single   []model.Check
}

// NewChecked is a document before it is checked, with its forms only where a
// format shows them.
func NewChecked(d *model.Document, forms bool) Checked {
	c := Checked{Path: d.Path, Status: d.Status, Error: d.Error, Forms: len(d.Forms), Book: len(d.Narratives)+len(d.Statements) > 0, Doubts: doubtsOf(d), Source: d.Source}
	for i := range d.Forms {
		c.Unread += d.Forms[i].Reading.Unread
	}
	if forms {
		c.Document = d
	}
	return c
}

// LintWriter takes checked documents in input order. Close ends the output;
// it does not close what lies below.
type LintWriter interface {
	Add(Checked) error
	Close(End) error
}

// DocumentWriter takes parsed documents in input order.
type DocumentWriter interface {
	Add(*model.Document) error
	Close(End) error
}

// FormWriter is a DocumentWriter that also takes a document's forms one by
// one, before Add is called with the document without them.
type FormWriter interface {
	AddForm(*model.Document, model.Form) error
}

// End says how a run ended.
type End struct {
	Interrupted bool          // some inputs were not looked at
	Manifest    *Completeness // nil without a manifest
	Suppressed  int           // findings that a configuration or baseline leaves out
}

// Format is one output format of a command.
type Format[W any] struct {
	Name string
	New  func(io.Writer, Options) W
	// Folder writes to a folder; nil where the format is one file. New is nil
	// for a format that only writes to folders.
	Folder func(Folder, Options) W
	Each   bool // writes a file for each input, so that one input needs no folder
	Forms  bool // needs Checked.Document
	Source bool // needs Checked.Source
	// NamesUnread says that people read in it which inputs were not read, and
	// why.
	NamesUnread bool
	// Streams says that the writer is a FormWriter: it takes form by form.
	Streams bool
}

// LintFormats are the formats of findings; the first is the default.
func LintFormats() []Format[LintWriter] {
	return []Format[LintWriter]{
		{Name: "text", New: newLintText, NamesUnread: true},
		LintJSON(),
		{Name: "jsonl", New: newLintLines},
		{Name: "sarif", New: newLintSARIF},
		{Name: "junit", New: newLintJUnit, Forms: true},
		{Name: "github", New: newLintGitHub},
		{Name: "gitlab", New: newLintGitLab},
		{Name: "checkstyle", New: newLintCheckstyle},
		{Name: "markdown", New: newLintMarkdown},
		{Name: "csv", New: newLintCSV},
		{Name: "xlsx", New: newLintXLSX, Forms: true},
		LintHTML(),
		{Name: "opinion", Folder: newLintOpinion, Forms: true},
		LintAnnotated(),
	}
}

// LintJSON is the format of findings for scripts.
func LintJSON() Format[LintWriter] { return Format[LintWriter]{Name: "json", New: newLintJSON} }

// LintAnnotated is a copy of each PDF with its findings marked.
func LintAnnotated() Format[LintWriter] {
	return Format[LintWriter]{Name: "annotated", Folder: newLintAnnotated, Each: true, Forms: true, Source: true}
}

// LintHTML is the format of findings for a browser.
func LintHTML() Format[LintWriter] {
	return Format[LintWriter]{Name: "html", New: newLintHTML, Folder: newLintHTMLUnits, Forms: true}
}

// ParseFormats are the formats of declarations; the first is the default.
func ParseFormats() []Format[DocumentWriter] {
	return []Format[DocumentWriter]{
		{Name: "json", New: newParseJSON, Streams: true},
		{Name: "jsonl", New: newParseLines, Streams: true},
		{Name: "table", New: newParseTable, NamesUnread: true},
	}
}

// ExtractFormats are the formats of uninterpreted text and cells; the first
// is the default.
func ExtractFormats() []Format[DocumentWriter] {
	return []Format[DocumentWriter]{
		{Name: "text", New: newExtractText},
		{Name: "json", New: newExtractJSON},
		{Name: "tsv", New: newExtractTSV},
	}
}

func (o Options) warn(path string, p *model.Problem) {
	if o.Warn != nil {
		o.Warn(path, p)
	}
}

// Shown says whether a finding of this severity is listed.
func (o Options) Shown(s model.Severity) bool { return s.Rank() >= o.MinSeverity.Rank() }
