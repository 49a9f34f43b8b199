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

// TestBooksReadBack wants nothing lost when what parse writes is read again.
func TestBooksReadBack(t *testing.T) {
	for _, name := range []string{"without-forms.txt", "agrees.txt"} {
		data, err := os.ReadFile("../testdata/books/" + name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Parse(context.Background(), Source{Path: name, Data: data}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		document := struct {
			Path       string            `json:"path"`
			Status     model.Status      `json:"status"`
			Error      *model.Problem    `json:"error"`
			FiscalYear model.Year        `json:"fiscal_year"`
			BookYear   model.Year        `json:"book_year"`
			Office     string            `json:"office"`
			Narratives []model.Narrative `json:"narratives"`
			Statements []model.Statement `json:"statements"`
			Forms      []model.Form      `json:"forms"`
		}{name, doc.Status, doc.Error, doc.FiscalYear, doc.FiscalYear, doc.Office, doc.Narratives, doc.Statements, []model.Form{}}
		if name != "without-forms.txt" { // the forms' own way back is tested with them
			document.Status, document.Error = model.StatusNoForm, &model.Problem{Code: "no-form"}
		}
		line, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := json.Marshal(map[string]any{"schema_version": FormsVersion, "documents": []any{document}})
		if err != nil {
			t.Fatal(err)
		}
		for _, saved := range [][]byte{whole, line} {
			read := 0
			for back := range Forms(context.Background(), Source{Path: "saved.json", Data: saved}, Options{}) {
				read++
				if diff := cmp.Diff(factsOf(&doc), factsOf(&back)); diff != "" || back.Office != doc.Office {
					t.Errorf("%s -read +read back:\n%s", name, diff)
				}
				for i := range doc.Narratives {
					a, b := doc.Narratives[i], back.Narratives[i]
					if !a.Amount.Half().Equal(b.Amount.Half()) || a.Division != b.Division || a.Sum.String() != b.Sum.String() {
						t.Errorf("%s: %+v is read back as %+v", name, a.Amount, b.Amount)
					}
				}
				for i := range doc.Statements {
					if !doc.Statements[i].Amount.Half().Equal(back.Statements[i].Amount.Half()) {
						t.Errorf("%s: %+v", name, back.Statements[i].Amount)
					}
				}
			}
			if read != 1 {
				t.Errorf("%d documents", read)
			}
		}
	}
}
