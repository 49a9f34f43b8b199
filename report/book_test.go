package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
)

// bookChecked are two budget books: one with its forms, about one of which its
// prose says something else, and one of another office without forms.
func bookChecked(t *testing.T) []Checked {
	t.Helper()
	line := func(n int) model.Location { return model.Location{Page: ptr(n), Box: &model.Box{90, 200, 300, 214}} }
	narrative := func(page int) model.Narrative {
		return model.Narrative{Title: "窗口人员服装项目经费情况说明", Project: "窗口人员服装项目", ImplementingBody: "澄湖区市民服务中心", Period: "2025年1月1日-2025年12月31日",
			StartDate: model.NewDate("2025年1月1日", 2025, 1, 1), EndDate: model.NewDate("2025年12月31日", 2025, 12, 31),
			Amount: money(t, "70000.00"), Parts: []model.Money{money(t, "60000.00"), money(t, "10000.00")}, Division: model.Listed, Goal: "配备统一服装<b>。",
			Sections: map[model.SectionKind]model.Section{model.SectionPeriod: {Heading: "五、实施周期", Text: "2025年1月1日-2025年12月31日", Location: line(page)}},
			Location: line(page)}
	}
	withForms := twoForms(t)
	withForms.Path, withForms.FiscalYear, withForms.Office = "市民中心预算.pdf", 2026, "澄湖区市民服务中心"
	withForms.Narratives = []model.Narrative{narrative(12)}
	withForms.Statements = []model.Statement{{Projects: 3, Amount: money(t, "210000.00"), Year: 2026, Scope: model.SingleUnit, Text: "编报绩效目标的项目3个，涉及资金21万元", Location: line(9)}}
	first := NewChecked(withForms, true)
	first.Findings = []model.Finding{
		{Rule: "K006", Name: "statement-count-mismatch", Severity: model.Warning, Path: first.Path, Field: "statements[0].projects", Text: "3个", Location: line(9), Fingerprint: "s",
			Message:  model.Message{Text: model.Text{Zh: "说编报了3个项目，书里有2张申报表。", En: "3 projects are counted, and the book holds 2 forms."}},
			Evidence: map[string]string{"projects": "3", "forms": "2"}},
		{Rule: "K001", Name: "narrative-amount-mismatch", Severity: model.Error, Path: first.Path, Form: ptr(1), Project: "窗口人员服装项目", Field: "narratives[0].amount", Text: "7万元", Location: line(12), Fingerprint: "n",
			Message:  model.Message{Text: model.Text{Zh: "说明写70,000.00元，申报表是68,000.00元。", En: "The section says 70,000.00 yuan, the form 68,000.00."}},
			Related:  []model.Related{{Form: ptr(1), Field: "funding.annual.total", Text: "68,000.00", Location: model.Location{Page: ptr(30), Cell: model.Ref{Row: 5, Col: 5}}}},
			Evidence: map[string]string{"narrative": "70000.00", "form": "68000.00"}},
	}
	first.Checks = []model.Checks{{Rule: "K001", Fail: 1}, {Rule: "K006", Fail: 1}}
	without := &model.Document{Path: "街道预算.docx", Format: "docx", Status: model.StatusNoForm, Forms: []model.Form{}, FiscalYear: 2026, Office: "澄湖街道办事处",
		Error:      &model.Problem{Code: "no-form", Message: model.Message{Text: model.Text{Zh: "是预算文本，没有申报表，只核对了文字说明。", En: "It is a budget book without forms; its prose was checked."}}},
		Narratives: []model.Narrative{narrative(3)}, Statements: []model.Statement{}}
	without.Narratives[0].Location = model.Location{Line: ptr(39)}
	second := NewChecked(without, true)
	second.Findings = []model.Finding{{Rule: "K002", Name: "narrative-period-mismatch", Severity: model.Error, Path: second.Path, Project: "窗口人员服装项目", Field: "narratives[0].period",
		Text: "2025年1月1日-2025年12月31日", Location: model.Location{Line: ptr(39)}, Fingerprint: "p",
		Message: model.Message{Text: model.Text{Zh: "实施周期不在2026年度内。", En: "The period lies outside 2026."}}}}
	second.Checks = []model.Checks{{Rule: "K002", Fail: 1}}
	return []Checked{first, second}
}

func bookOptions(lang model.Lang) Options {
	o := options(lang)
	for code, title := range map[string]model.Text{
		"K001": {Zh: "经费情况说明的金额与申报表不同", En: "a section's amount differs from the form's"},
		"K002": {Zh: "经费情况说明的实施周期不在本年度", En: "a section's period lies outside the year"},
		"K006": {Zh: "编报数与申报表不同", En: "the count of projects differs from the forms"},
	} {
		o.Rules = append(o.Rules, model.RuleInfo{Code: code, Name: strings.ToLower(code), Severity: model.Error, Default: true, Kind: model.KindForm, Title: title})
	}
	slices.SortFunc(o.Rules, func(a, b model.RuleInfo) int { return strings.Compare(a.Code, b.Code) })
	return o
}

// What a book says is shown beside its project's form, and goes to the letter
// of its office where there is none.
func TestBookGolden(t *testing.T) {
	docs := bookChecked(t)
	for command, formats := range map[string][]Format[DocumentWriter]{"parse": ParseFormats(), "stats": StatsFormats()} {
		for _, format := range formats {
			var b bytes.Buffer
			w := format.New(&b, options(model.Chinese))
			for _, c := range docs {
				d := *c.Document
				d.Forms = slices.Clone(d.Forms)
				if err := w.Add(&d); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(End{}); err != nil {
				t.Fatal(err)
			}
			golden(t, command+"-book.zh."+format.Name, b.Bytes())
		}
	}
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		for _, name := range []string{"text", "json", "jsonl", "html", "opinion", "markdown"} {
			golden(t, "lint-book."+string(lang)+"."+name, lint(t, lintFormat(t, name), bookOptions(lang), bookChecked(t)))
		}
	}
	book := openBook(t, lint(t, lintFormat(t, "xlsx"), bookOptions(model.Chinese), bookChecked(t)))
	var b strings.Builder
	for _, sheet := range book.GetSheetList() {
		b.WriteString("=== " + sheet + "\n")
		for _, row := range rowsOf(t, book, sheet) {
			b.WriteString(strings.ReplaceAll(strings.Join(row, "\t"), "\n", " ") + "\n")
		}
	}
	golden(t, "lint-book.zh.xlsx.tsv", []byte(b.String()))
}

// A book without forms is its office's, its findings in the bundle too.
func TestLettersOfBooks(t *testing.T) {
	files := memFolder{}
	w := newLintOpinion(files, bookOptions(model.Chinese))
	bundle := Checked{Bundle: true, Status: model.StatusOK, Findings: []model.Finding{{Rule: "K001", Severity: model.Error, Path: "街道预算.docx", Message: model.Message{Text: model.Text{Zh: "与别处的申报表不同。"}}}}}
	for _, c := range append(bookChecked(t), bundle) {
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(End{}); err != nil {
		t.Fatal(err)
	}
	for name, wants := range map[string]struct{ has, lacks []string }{
		"澄湖街道办事处.html":   {[]string{"澄湖街道办事处：", "核对了其中的文字说明：错误2处", "实施周期不在2026年度内", "第39行", "与别处的申报表不同", "退回修改"}, []string{"没有审核", "70,000"}},
		"澄湖区市民服务中心.html": {[]string{"申报表共2张", "说明写70,000.00元", "说编报了3个项目", "第30页第5行第5格"}, []string{"2026年度内", "别处"}},
	} {
		page := string(files[name])
		for _, s := range wants.has {
			if !strings.Contains(page, s) {
				t.Errorf("%s lacks %q\n%s", name, s, page)
			}
		}
		for _, s := range wants.lacks {
			if strings.Contains(page, s) {
				t.Errorf("%s tells of %q", name, s)
			}
		}
	}
}
