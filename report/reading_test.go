package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"perfgoal/model"
)

// partialDocument has something in every field of the tables, and a doubt of
// an indicator's value, of the overall goal and of text in no field.
func partialDocument(t *testing.T) *model.Document {
	t.Helper()
	form := model.Form{Index: 1, Kind: model.DepartmentForm, Layout: "test", Geometry: model.Ruled, Sources: map[string]model.Source{}}
	for i, f := range model.Fields {
		switch {
		case f.Text(&form) != nil:
			*f.Text(&form) = "某" + f.Name.Zh
		case f.Year(&form) != nil:
			*f.Year(&form) = 2027
		case f.Date(&form) != nil:
			*f.Date(&form) = model.NewDate("x", 2027, 1, i+1)
		case f.Money(&form) != nil:
			*f.Money(&form) = money(t, "90"+string(rune('0'+i%10))+".5")
		}
		form.Sources[f.Path] = model.Source{Text: f.String(&form)}
	}
	form.Goals.Overall, form.Project.Category, form.Funding.Annual.Carryover = "", "", model.Money{}
	form.Sources["project.category"], form.Sources["funding.annual.carryover"] = model.Source{}, model.Source{}
	form.Funding.Items = []model.FundingItem{{Label: "中央资金", Amount: money(t, "600.25")}, {Label: "地方资金"}}
	value := func(raw string) model.Value { return model.Value{Raw: raw, Kind: model.KindText} }
	long, half := value("≥50(次)"), value("≥5(次)")
	form.Indicators = []model.Indicator{
		{Scope: model.Annual, Level1: "产出指标", Level2: "数量指标", Level3: "巡查次数", Class1: model.Output, Class2: model.Quantity, PrintedLevel1: "产出指标", PrintedLevel2: "数量指标",
			Value: value("≥10(次)"), LongTermValue: &long, HalfYearValue: &half, Weight: "12.5", Level1Weight: "（50分）", Remark: "按月统计",
			Location: model.Location{Page: ptr(1), Cell: model.Ref{Row: 20, Col: 3}}},
		{Scope: model.Annual, Level1: "产出指标", Level2: "质量指标", Level3: "检测合格率", Class1: model.Output, Class2: model.Quality,
			Value: model.Missing(), Location: model.Location{Page: ptr(1), Cell: model.Ref{Row: 21, Col: 3}}},
		{Scope: model.Annual, Level1: "产出指标", Level2: "质量指标", Level3: "分区覆盖率", Class1: model.Output, Class2: model.Quality, Value: model.Missing(),
			RegionValues: []model.RegionValue{{Region: "东区", Value: value("≥91(%)")}, {Region: "西区", Value: value("≥92(%)")}}},
	}
	form.OverallIndicators = []model.Indicator{{Scope: model.Overall, Level1: "效益指标", Level2: "可持续影响指标", Level3: "长效机制", Class1: model.Benefit, Class2: model.Sustainability, Value: value("健全")}}
	at := model.Location{Page: ptr(1), Cell: model.Ref{Row: 21, Col: 4}}
	form.Doubts = []model.Doubt{
		{Code: model.OverlappingText, Field: "indicators[1].value", Text: "≥3402(%)", Location: at,
			Message: model.Message{Text: model.Text{Zh: "“{text}”由叠印的字组成。", En: "{text} is printed over other text."}, Args: model.Args{"text": "≥3402(%)"}}},
		{Code: model.AmbiguousText, Field: "goals.overall", Text: "目标甲|目标乙", Location: model.Location{Page: ptr(1)},
			Message: model.Message{Text: model.Text{Zh: "有两种读法。", En: "Two readings are possible."}}},
		{Code: model.UnassignedText, Text: "见<附件>", Location: model.Location{Line: ptr(40)},
			Message: model.Message{Text: model.Text{Zh: "不知道这是哪一栏。", En: "No field claims this."}}},
	}
	form.Ignored = []model.Ignored{{Reason: model.PageFurniture, Text: "第1页", Location: model.Location{Page: ptr(1)}}}
	form.Reading = model.Reading{Characters: 500, Labels: 200, Values: 270, Ignored: 3, Unread: 27}
	return &model.Document{Path: "部分读准.pdf", Format: "pdf", Status: model.StatusPartial, Pages: 1, Engine: "pdfcpu", Forms: []model.Form{form}}
}

func readingRule() model.RuleInfo {
	return model.RuleInfo{Code: "R002", Name: "overlapping-text", Severity: model.Warning, Default: true, Kind: model.KindReading, Since: "2.0",
		Title: model.Text{Zh: "有叠印的文字", En: "text printed over text"}}
}

// partialChecked is that document with the findings that a run has for it: two
// of reading, one of another kind.
func partialChecked(t *testing.T) []Checked {
	c := NewChecked(partialDocument(t), true)
	finding := func(d model.Doubt) model.Finding {
		return model.Finding{Rule: "R002", Name: "overlapping-text", Severity: model.Warning, Path: c.Path, Form: ptr(1), Project: "某项目名称",
			Field: d.Field, Text: d.Text, Location: d.Location, Message: d.Message, Fingerprint: "r" + d.Field}
	}
	doubts := c.Document.Forms[0].Doubts
	c.Findings = []model.Finding{finding(doubts[0]),
		{Rule: "F001", Name: "funding-total-mismatch", Severity: model.Error, Path: c.Path, Form: ptr(1), Project: "某项目名称", Field: "funding.annual.total",
			Text: "903.5", Location: model.Location{Page: ptr(1), Cell: model.Ref{Row: 5, Col: 5}}, Fingerprint: "f",
			Message: model.Message{Text: model.Text{Zh: "合计不符。", En: "The total does not add up."}}},
		finding(doubts[2])}
	c.Checks = []model.Checks{{Rule: "F001", Fail: 1}, {Rule: "S016", InsufficientData: 1}, {Rule: "R002", Fail: 1}}
	return []Checked{c}
}

func partialOptions(lang model.Lang) Options {
	o := options(lang)
	o.Rules = append(o.Rules, readingRule())
	return o
}

func TestPartialDocumentGolden(t *testing.T) {
	for command, formats := range map[string][]Format[DocumentWriter]{"parse": ParseFormats(), "stats": StatsFormats()} {
		for _, lang := range []model.Lang{model.Chinese, model.English} {
			for _, format := range formats {
				var b bytes.Buffer
				w := format.New(&b, options(lang))
				if err := w.Add(partialDocument(t)); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(End{}); err != nil {
					t.Fatal(err)
				}
				golden(t, command+"-partial."+string(lang)+"."+format.Name, b.Bytes())
			}
		}
	}
}

func TestLintPartialGolden(t *testing.T) {
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		for _, format := range LintFormats() {
			if format.Name == "xlsx" {
				continue // not text; TestXLSXShowsEveryField reads it
			}
			golden(t, "lint-partial."+string(lang)+"."+format.Name, lint(t, format, partialOptions(lang), partialChecked(t)))
		}
	}
}

// What could not be read for certain stands in every output once, whatever
// the least severity, and with no finding of it (its rules may be off) the
// document is still said to be partly read.
func TestDoubtsAreNeverHidden(t *testing.T) {
	for _, format := range LintFormats() {
		if format.Name == "xlsx" {
			continue // its cells are packed; TestXLSXShowsEveryField reads them
		}
		opt := partialOptions(model.Chinese)
		opt.MinSeverity, opt.FailLevel = model.Error, ""
		got := string(lint(t, format, opt, partialChecked(t)))
		if !strings.Contains(got, "叠印的字组成") {
			t.Errorf("%s does not tell a doubt:\n%s", format.Name, got)
		}
		silent := partialChecked(t)
		silent[0].Findings = silent[0].Findings[1:2]
		opt = options(model.Chinese)
		got = string(lint(t, format, opt, silent))
		if format.Name != "jsonl" && !strings.Contains(got, "没有读准") && !strings.Contains(got, "没有全部读准") && !strings.Contains(got, `"status": "partial"`) {
			t.Errorf("%s does not say that the document was partly read:\n%s", format.Name, got)
		}
	}
}

// The counts are of findings that judge the form; what could not be read for
// certain has a count of its own.
func TestReadingHasItsOwnCount(t *testing.T) {
	var got struct {
		Summary   struct{ Error, Warning, Info, Reading, Partial, Unread, Hidden int }
		Documents []struct {
			Status string
			Doubts []struct {
				Form              int
				Code, Field, Text string
			}
		}
		Findings []struct{ Rule string }
	}
	if err := json.Unmarshal(lint(t, LintFormats()[1], partialOptions(model.Chinese), partialChecked(t)), &got); err != nil {
		t.Fatal(err)
	}
	s := got.Summary
	if s.Error != 1 || s.Warning != 0 || s.Reading != 2 || s.Partial != 1 || s.Unread != 0 || s.Hidden != 0 || len(got.Findings) != 3 {
		t.Errorf("%+v, %d findings", s, len(got.Findings))
	}
	if d := got.Documents[0]; d.Status != "partial" || len(d.Doubts) != 3 || d.Doubts[0].Form != 1 || d.Doubts[0].Code != "overlapping-text" || d.Doubts[0].Field != "indicators[1].value" {
		t.Errorf("%+v", d)
	}
}

// The table for reading shows every field that has something in it.
func TestTableShowsEveryField(t *testing.T) {
	d := wholeDocument(t)
	var b bytes.Buffer
	opt := options(model.Chinese)
	opt.Width = 1000
	w := newParseTable(&b, opt)
	if err := w.Add(d); err != nil {
		t.Fatal(err)
	}
	missingFields(t, b.String(), &d.Forms[0])
}

// wholeDocument is the partial one without its doubts.
func wholeDocument(t *testing.T) *model.Document {
	t.Helper()
	d := partialDocument(t)
	d.Status = model.StatusOK
	form := &d.Forms[0]
	form.Doubts = nil
	for _, f := range model.Fields {
		if f.Text(form) != nil && f.String(form) == "" {
			*f.Text(form) = "某" + f.Name.Zh
		}
	}
	return d
}

// The redrawn form shows every field that has something in it, without a
// finding, and where it was not read for certain what is printed there.
func TestHTMLShowsEveryField(t *testing.T) {
	d := wholeDocument(t)
	got := lint(t, lintFormat(t, "html"), options(model.Chinese), []Checked{NewChecked(d, true)})
	page, err := html.Parse(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range elements(page, "table") {
		if hasClass(table, "declaration") {
			wantGrid(t, "whole", table)
			missingFields(t, textOf(table), &d.Forms[0])
		}
	}
	got = lint(t, lintFormat(t, "html"), partialOptions(model.Chinese), partialChecked(t))
	if page, err = html.Parse(bytes.NewReader(got)); err != nil {
		t.Fatal(err)
	}
	cells := 0
	for _, td := range elements(page, "td") {
		if hasClass(td, "doubted") {
			cells++
			if text := textOf(td); !strings.Contains(text, "没有读准：≥3402(%)") && !strings.Contains(text, "没有读准：目标甲|目标乙") {
				t.Errorf("a doubted cell says %s", text)
			}
		}
	}
	if cells != 2 {
		t.Errorf("%d cells are marked as doubted, want 2", cells)
	}
}

// Every field is in the workbook, what was not read for certain in a sheet of
// its own.
func TestXLSXShowsEveryField(t *testing.T) {
	d := wholeDocument(t)
	book := openBook(t, lint(t, lintFormat(t, "xlsx"), options(model.Chinese), []Checked{NewChecked(d, true)}))
	shown := func(book *excelize.File, sheet string) string {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, row := range rows {
			b.WriteString(strings.Join(row, "\t") + "\n")
		}
		return b.String()
	}
	missingFields(t, shown(book, "申报表")+shown(book, "指标"), &d.Forms[0])
	book = openBook(t, lint(t, lintFormat(t, "xlsx"), partialOptions(model.Chinese), partialChecked(t)))
	if got := strings.Join(book.GetSheetList(), " "); got != "汇总 问题 没有读准的地方 申报表 指标" {
		t.Errorf("sheets %s", got)
	}
	for sheet, want := range map[string]string{"没有读准的地方": "叠印的字组成", "申报表": "没有读准：目标甲|目标乙", "指标": "没有读准：≥3402(%)", "汇总": "请对照原件"} {
		if !strings.Contains(shown(book, sheet), want) {
			t.Errorf("%s lacks %s:\n%s", sheet, want, shown(book, sheet))
		}
	}
	if strings.Contains(shown(book, "问题"), "R002") {
		t.Error("what was not read for certain stands among the findings")
	}
}

// missingFields fails for each field whose content does not stand in the text,
// an amount with or without its separators.
func missingFields(t *testing.T, text string, form *model.Form) {
	t.Helper()
	want := map[string]string{}
	for _, f := range model.Fields {
		want[f.Path] = f.String(form)
		if m := f.Money(form); m != nil && m.Valid() {
			want[f.Path] = model.FormatMoney(m.Amount)
		}
	}
	for i := range form.Funding.Items {
		want["funding.items "+form.Funding.Items[i].Label] = form.Funding.Items[i].Label
	}
	for _, rows := range [][]model.Indicator{form.Indicators, form.OverallIndicators} {
		for i := range rows {
			for _, f := range model.IndicatorFields {
				if f.Path == "region_values" {
					for _, r := range rows[i].RegionValues {
						want["region "+r.Region] = r.Value.Raw
					}
					continue
				}
				want[rows[i].Level3+" "+f.Path] = f.String(&rows[i])
			}
		}
	}
	for what, s := range want {
		if !strings.Contains(text, s) {
			t.Errorf("%s is not shown: %s", what, s)
		}
	}
}

// A message of a doubt is in the language that was chosen.
func TestDoubtsSpeakTheLanguage(t *testing.T) {
	var b bytes.Buffer
	w := newParseJSON(&b, options(model.English))
	if err := w.Add(partialDocument(t)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(End{}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Documents []struct {
			Forms []struct {
				Doubts []struct{ Message string }
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	messages := got.Documents[0].Forms[0].Doubts
	if len(messages) != 3 || messages[0].Message != "≥3402(%) is printed over other text." {
		t.Errorf("%+v", messages)
	}
}
