package parser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// truthForm is a form as a truth file states it (see testdata/SOURCES.md).
type truthForm struct {
	Year                  int    `json:"year"`
	ProjectName           string `json:"project_name"`
	ProjectNature         string `json:"project_nature"`
	ProjectCategory       string `json:"project_category"`
	SupervisingDepartment string `json:"supervising_department"`
	ImplementingUnit      string `json:"implementing_unit"`
	StartDate             string `json:"start_date"`
	EndDate               string `json:"end_date"`
	AnnualTotal           string `json:"annual_total"`
	FiscalCurrent         string `json:"fiscal_current"`
	Carryover             string `json:"carryover"`
	AnnualOther           string `json:"annual_other"`
	ProjectTotal          string `json:"project_total"`
	ProjectFiscal         string `json:"project_fiscal"`
	ProjectOther          string `json:"project_other"`
	OverallGoal           string `json:"overall_goal"`
	AnnualGoal            string `json:"annual_goal"`
	Indicators            []struct {
		L1    string `json:"l1"`
		L2    string `json:"l2"`
		L3    string `json:"l3"`
		Value string `json:"value"`
	} `json:"indicators"`
}

func readTruth(t testing.TB, path string) []truthForm {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var forms []truthForm
	if err := json.Unmarshal(data, &forms); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(forms) == 0 {
		t.Fatalf("%s states no form", path)
	}
	return forms
}

// squeeze drops white space: where lines wrapped is the printing program's
// business.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// differences lists every field of the forms that is not as the truth says.
func differences(want []truthForm, got []model.Form) []string {
	var bad []string
	if len(want) != len(got) {
		bad = append(bad, fmt.Sprintf("%d forms, want %d", len(got), len(want)))
	}
	for i := range min(len(want), len(got)) {
		w, g := &want[i], &got[i]
		at := fmt.Sprintf("form %d ", i+1)
		equal := func(field, want, got string) {
			if squeeze(want) != squeeze(got) {
				bad = append(bad, fmt.Sprintf("%s%s: %q, want %q", at, field, got, want))
			}
		}
		amount := func(field, want string, got model.Money) {
			if want == "" {
				if got.Valid() {
					bad = append(bad, fmt.Sprintf("%s%s: %s, want none", at, field, got))
				}
				return
			}
			d, err := decimal.NewFromString(strings.ReplaceAll(want, ",", ""))
			if err != nil || !got.Valid() || !got.Amount.Equal(d) {
				bad = append(bad, fmt.Sprintf("%s%s: %q (%s), want %s", at, field, got.Raw, got, want))
			}
		}
		if g.Index != i+1 {
			bad = append(bad, fmt.Sprintf("%sindex: %d", at, g.Index))
		}
		equal("fiscal year", fmt.Sprint(w.Year), fmt.Sprint(g.FiscalYear))
		equal("project.name", w.ProjectName, g.Project.Name)
		equal("project.nature", w.ProjectNature, g.Project.Nature)
		equal("project.category", w.ProjectCategory, g.Project.Category)
		equal("project.supervising_department", w.SupervisingDepartment, g.Project.SupervisingDepartment)
		equal("project.implementing_unit", w.ImplementingUnit, g.Project.ImplementingUnit)
		equal("project.start_date", w.StartDate, g.Project.StartDate.String())
		equal("project.end_date", w.EndDate, g.Project.EndDate.String())
		amount("funding.annual.total", w.AnnualTotal, g.Funding.Annual.Total)
		amount("funding.annual.current_year_appropriation", w.FiscalCurrent, g.Funding.Annual.CurrentYearAppropriation)
		amount("funding.annual.carryover", w.Carryover, g.Funding.Annual.Carryover)
		amount("funding.annual.other", w.AnnualOther, g.Funding.Annual.Other)
		amount("funding.project.total", w.ProjectTotal, g.Funding.Project.Total)
		amount("funding.project.fiscal", w.ProjectFiscal, g.Funding.Project.Fiscal)
		amount("funding.project.other", w.ProjectOther, g.Funding.Project.Other)
		equal("goals.overall", w.OverallGoal, g.Goals.Overall)
		equal("goals.annual", w.AnnualGoal, g.Goals.Annual)
		if len(w.Indicators) != len(g.Indicators) {
			bad = append(bad, fmt.Sprintf("%s%d indicators, want %d", at, len(g.Indicators), len(w.Indicators)))
		}
		for j := range min(len(w.Indicators), len(g.Indicators)) {
			wi, gi := &w.Indicators[j], &g.Indicators[j]
			field := fmt.Sprintf("indicators[%d].", j)
			equal(field+"level1", wi.L1, gi.Level1)
			equal(field+"level2", wi.L2, gi.Level2)
			equal(field+"level3", wi.L3, gi.Level3)
			equal(field+"value", wi.Value, gi.Value.Raw)
		}
	}
	return bad
}

// checkDocument parses a file and compares every field with the truth.
func checkDocument(t *testing.T, path string, want []truthForm) model.Document {
	t.Helper()
	doc := parseFile(t, path, Options{})
	if doc.Status != model.StatusOK || doc.Error != nil {
		t.Fatalf("status %s: %v", doc.Status, doc.Error)
	}
	for _, d := range differences(want, doc.Forms) {
		t.Error(d)
	}
	return doc
}

func parseFile(t testing.TB, path string, opt Options) model.Document {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Parse(t.Context(), Source{Path: path, Data: data}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// truthOf is the truth file of a document: that of the longest stem, so that
// clean-district-gb18030.txt and clean-district-writer.pdf share theirs.
func truthOf(path string) (string, bool) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for {
		truth := stem + ".truth.json"
		if _, err := os.Stat(truth); err == nil {
			return truth, true
		}
		i := strings.LastIndexByte(stem, '-')
		if i <= len(filepath.Dir(path)) {
			return "", false
		}
		stem = stem[:i]
	}
}

func documents(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.FromSlash(pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("%s matches nothing", pattern)
	}
	return paths
}

func TestTextDocumentsMatchTheirTruth(t *testing.T) {
	for _, path := range documents(t, "../testdata/text/*.txt") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			truth, ok := truthOf(path)
			if !ok {
				t.Fatal("no truth file")
			}
			doc := checkDocument(t, path, readTruth(t, truth))
			if doc.Format != "text" || doc.Pages != 0 || doc.Engine != "" {
				t.Errorf("format %q, %d pages, engine %q", doc.Format, doc.Pages, doc.Engine)
			}
			for i, f := range doc.Forms {
				if f.Geometry != model.Loose {
					t.Errorf("form %d: geometry %q", i+1, f.Geometry)
				}
				if f.Location.Line == nil || f.Location.Page != nil {
					t.Errorf("form %d: no line says where it stands", i+1)
				}
			}
		})
	}
}

func TestPDFDocumentsMatchTheirTruth(t *testing.T) {
	for _, path := range documents(t, "../testdata/pdf/*.pdf") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			truth, ok := truthOf(path)
			if !ok {
				t.Fatal("no truth file")
			}
			doc := checkDocument(t, path, readTruth(t, truth))
			if doc.Format != "pdf" || doc.Engine != "pdfcpu" || doc.Pages < 1 {
				t.Errorf("format %q, %d pages, engine %q", doc.Format, doc.Pages, doc.Engine)
			}
			for i, f := range doc.Forms {
				if f.Geometry != model.Ruled {
					t.Errorf("form %d: geometry %q", i+1, f.Geometry)
				}
				for j, ind := range f.Indicators {
					if ind.Location.Page == nil || ind.Location.Box == nil || *ind.Location.Page < 1 || *ind.Location.Page > doc.Pages {
						t.Errorf("form %d indicator %d: no page and box say where it stands", i+1, j+1)
					}
				}
			}
		})
	}
}

// What a clerk reads in the text and in either PDF must be the same form.
func TestTextAndPDFGiveTheSameForms(t *testing.T) {
	for _, path := range documents(t, "../testdata/pdf/clean-*.pdf") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			truth, _ := truthOf(path)
			stem := strings.TrimSuffix(filepath.Base(truth), ".truth.json")
			text := parseFile(t, filepath.Join("..", "testdata", "text", stem+".txt"), Options{})
			printed := parseFile(t, path, Options{})
			if len(text.Forms) != len(printed.Forms) {
				t.Fatalf("%d forms in the text, %d in the PDF", len(text.Forms), len(printed.Forms))
			}
			for i := range text.Forms {
				a, b := text.Forms[i], printed.Forms[i]
				if a.Layout != b.Layout || a.Funding.Unit != b.Funding.Unit || squeeze(a.Title) != squeeze(b.Title) {
					t.Errorf("form %d: layout %s/%s unit %s/%s title %q/%q", i+1, a.Layout, b.Layout, a.Funding.Unit, b.Funding.Unit, a.Title, b.Title)
				}
				for j := range a.Indicators {
					va, vb := a.Indicators[j].Value, b.Indicators[j].Value
					if va.Kind != vb.Kind || va.Operator != vb.Operator || va.Unit != vb.Unit {
						t.Errorf("form %d indicator %d: %+v in the text, %+v in the PDF", i+1, j+1, va, vb)
					}
				}
			}
		})
	}
}

// However many pages are read at once, the document is the same.
func TestJobsDoNotChangeTheDocument(t *testing.T) {
	path := filepath.Join("..", "testdata", "pdf", "breaks-writer.pdf")
	encode := func(jobs int) string {
		b, err := json.Marshal(parseFile(t, path, Options{Jobs: jobs}))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	one := encode(1)
	for _, jobs := range []int{2, 7} {
		if encode(jobs) != one {
			t.Errorf("%d jobs give another document than one", jobs)
		}
	}
}
