package parser

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

// bookFacts are what a book says, as its truth has it and as it was read.
type bookFacts struct {
	FiscalYear int              `json:"fiscal_year"`
	Statements []statementFacts `json:"statements"`
	Narratives []narrativeFacts `json:"narratives"`
}

type statementFacts struct {
	Projects int            `json:"projects"`
	Amount   string         `json:"amount"`
	Year     int            `json:"year"`
	Scope    model.Coverage `json:"scope"`
}

type narrativeFacts struct {
	Title            string                       `json:"title"`
	Project          string                       `json:"project"`
	ImplementingBody string                       `json:"implementing_body"`
	Period           string                       `json:"period"`
	StartDate        string                       `json:"start_date"`
	EndDate          string                       `json:"end_date"`
	Amount           string                       `json:"amount"`
	Parts            []string                     `json:"parts"`
	Goal             string                       `json:"goal"`
	Sections         map[model.SectionKind]string `json:"sections"`
}

func factsOf(d *model.Document) bookFacts {
	out := bookFacts{FiscalYear: int(d.FiscalYear)}
	for _, s := range d.Statements {
		out.Statements = append(out.Statements, statementFacts{s.Projects, s.Amount.String(), int(s.Year), s.Scope})
	}
	for _, n := range d.Narratives {
		f := narrativeFacts{n.Title, n.Project, n.ImplementingBody, n.Period, n.StartDate.String(), n.EndDate.String(), n.Amount.String(), []string{}, n.Goal, map[model.SectionKind]string{}}
		for _, p := range n.Parts {
			f.Parts = append(f.Parts, p.String())
		}
		for kind, s := range n.Sections {
			f.Sections[kind] = s.Text
		}
		out.Narratives = append(out.Narratives, f)
	}
	return out
}

var bookPrinters = regexp.MustCompile(`(-writer|-chromium)?\.(txt|pdf|docx)$`)

// TestBooks reads the project's own books in each of their formats.
func TestBooks(t *testing.T) {
	paths, err := filepath.Glob("../testdata/books/*")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, path := range paths {
		if !bookPrinters.MatchString(path) {
			continue
		}
		read++
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(bookPrinters.ReplaceAllString(path, ".truth.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want bookFacts
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			doc, err := Parse(context.Background(), Source{Path: path, Data: data}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if doc.Error != nil && doc.Error.Code == "unsupported-format" {
				t.Skip("this format is not read")
			}
			if diff := cmp.Diff(want, factsOf(&doc)); diff != "" {
				t.Errorf("-printed +read:\n%s", diff)
			}
			forms, status := 3, model.StatusOK
			if strings.Contains(path, "without-forms") {
				forms, status = 0, model.StatusNoForm
			}
			if len(doc.Forms) != forms || doc.Status != status {
				t.Errorf("%d forms, %s", len(doc.Forms), doc.Status)
			}
			for _, n := range doc.Narratives {
				for kind, s := range n.Sections {
					if doc.Format == "pdf" && (s.Location.Page == nil || s.Location.Box == nil) || doc.Format == "text" && s.Location.Line == nil {
						t.Errorf("%s: %s has no place", n.Title, kind)
					}
				}
			}
		})
	}
	if read == 0 {
		t.Fatal("no books in testdata")
	}
}
