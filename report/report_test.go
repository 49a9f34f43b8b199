package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file under testdata, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites):\n%s", path, diff)
	}
}

func ptr[T any](v T) *T { return &v }

func money(t *testing.T, s string) model.Money {
	t.Helper()
	n, err := model.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return model.Money{State: model.MoneyValid, Amount: n.Value, Scale: n.Value.Div(n.Value), Printed: n, Raw: s}
}

// sampleDocument is a form that holds one of everything an output can show.
func sampleDocument(t *testing.T) *model.Document {
	number, err := model.ParseNumber("680.00")
	if err != nil {
		t.Fatal(err)
	}
	box := model.Box{72, 100.5, 260.25, 118}
	return &model.Document{
		Path: "澄湖区/窗口服装.pdf", Format: "pdf", Status: model.StatusOK, Pages: 2, Engine: "pdfcpu",
		Text: []string{"财政项目支出绩效目标申报表", "（2026年度）"},
		Tables: []model.Table{{Rows: 1, Cols: 2, Geometry: model.Ruled, Cells: []model.Cell{
			{Row: 0, Col: 0, RowSpan: 1, ColSpan: 1, Text: "项目名称", Location: model.Location{Page: ptr(1), Box: &box, Cell: model.Ref{Row: 1, Col: 1}}},
			{Row: 0, Col: 1, RowSpan: 1, ColSpan: 1, Text: "窗口\t服装\n项目", Location: model.Location{Page: ptr(1), Cell: model.Ref{Row: 1, Col: 2}}},
		}}},
		Forms: []model.Form{{
			Index: 1, Kind: model.ProjectForm, Title: "财政项目支出绩效目标申报表", FiscalYear: 2026, Layout: "test", Geometry: model.Ruled,
			Project: model.Project{Name: "窗口人员服装项目", Nature: "其他一次性项目", Category: "特定目标类",
				SupervisingDepartment: "澄湖区市民服务中心", ImplementingUnit: "澄湖区市民服务中心",
				StartDate: model.NewDate("2026/1/1", 2026, 1, 1), EndDate: model.NewDate("2026/13/1", 2026, 13, 1)},
			Funding: model.Funding{Unit: "元", Annual: model.AnnualFunding{
				Total: money(t, "68000.00"), CurrentYearAppropriation: money(t, "68000.00"),
				Other: model.Money{State: model.MoneyInvalid, Raw: "详见附件"}}},
			Goals: model.Goals{Annual: "为一百名窗口人员配备统一服装，使群众一眼就能认出工作人员，办事时找得到人、问得清楚。"},
			Indicators: []model.Indicator{
				{Scope: model.Annual, Class1: model.Cost, Class2: model.EconomicCost, Level1: "成本指标", Level2: "经济成本指标", Level3: "每套服装<b>采购</b>成本", PrintedLevel1: "成本指标", PrintedLevel2: "经济成本指标",
					Value:    model.Value{Raw: "≤680.00(元/套)", Kind: model.KindBound, Operator: model.AtMost, Number: &number, Unit: "元/套"},
					Location: model.Location{Page: ptr(1), Box: &box, Cell: model.Ref{Row: 9, Col: 3}}},
				{Scope: model.Annual, Class1: model.Output, Class2: model.Quantity, Level1: "产出指标", Level2: "数量指标", Level3: "采购套数", Value: model.Missing(), Location: model.Location{Page: ptr(2), Cell: model.Ref{Row: 10, Col: 3}}},
			},
		}},
	}
}

func lockedDocument() *model.Document {
	return &model.Document{Path: "locked.pdf", Format: "pdf", Status: model.StatusUnreadable, Error: lockedProblem()}
}

func lockedProblem() *model.Problem {
	return &model.Problem{Code: "locked", Message: model.Message{Text: model.Text{
		Zh: "文件加了密码，请用 --password-file 给出密码。", En: "The file is locked; give its password with --password-file."}}}
}

func sampleRules() []model.RuleInfo {
	return []model.RuleInfo{
		{Code: "F001", Name: "funding-total-mismatch", Severity: model.Error, Default: true, Kind: model.KindSum, Since: "1.0",
			Title: model.Text{Zh: "合计与各分项之和不符", En: "a total is not the sum of its parts"}},
		{Code: "S016", Name: "missing-value", Severity: model.Error, Default: true, Kind: model.KindForm, Since: "1.0",
			Title: model.Text{Zh: "指标没有指标值", En: "an indicator has no value"}},
		{Code: "V006", Name: "strict-bound", Severity: model.Info, Kind: model.KindHeuristic, Since: "1.0",
			Title: model.Text{Zh: "该用≤、≥的地方用了 < 或 >", En: "< or > where ≤ or ≥ | is usual"}},
	}
}

// sampleChecked are two documents: one with findings of every severity, one
// that could not be read.
func sampleChecked(t *testing.T) []Checked {
	return []Checked{
		{
			Path: "澄湖区/窗口服装.pdf", Status: model.StatusOK, Forms: 2, Document: twoForms(t),
			Findings: []model.Finding{
				{Rule: "N003", Name: "inconsistent-department", Severity: model.Warning, Path: "澄湖区/窗口服装.pdf", Fingerprint: "c",
					Message: model.Message{Text: model.Text{Zh: "主管部门有两种写法。", En: "The department is spelt in two ways."}},
					Related: []model.Related{{Form: ptr(2), Field: "project.supervising_department", Text: "澄湖区市民服务\n中心", Location: model.Location{Page: ptr(2), Cell: model.Ref{Row: 3, Col: 2}}}}},
				{Rule: "F001", Name: "funding-total-mismatch", Severity: model.Error, Path: "澄湖区/窗口服装.pdf", Form: ptr(1), Project: "窗口人员服装项目",
					Field: "funding.annual.total", Text: "68,000.00", Location: model.Location{Page: ptr(1), Cell: model.Ref{Row: 5, Col: 5}}, Fingerprint: "a",
					Message: model.Message{Text: model.Text{
						Zh: "年度资金申请总额 {total} 元，各分项之和却是 {sum} 元，相差 {gap} 元；请核对总额与当年财政拨款、上年结转资金、其他资金。",
						En: "The annual total is {total} yuan, but its parts add up to {sum}, a gap of {gap}; check the figures."},
						Args: model.Args{"total": "68,000.00", "sum": "70,000.00", "gap": "2,000.00"}},
					Evidence: map[string]string{"total": "68000.00", "sum": "70000.00", "gap": "2000.00"}},
				{Rule: "V006", Name: "strict-bound", Severity: model.Info, Path: "澄湖区/窗口服装.pdf", Form: ptr(2), Project: "", Field: "indicators[0].value",
					Text: "<680.00(元/套)", Location: model.Location{Line: ptr(17), Cell: model.Ref{Row: 9, Col: 3}}, Fingerprint: "b",
					Message: model.Message{Text: model.Text{Zh: "用了 <，一般用 ≤。", En: "< is used where ≤ is usual."}}},
			},
			Checks: []model.Checks{{Rule: "F001", Pass: 1, Fail: 1}, {Rule: "S016", Pass: 1, InsufficientData: 1}, {Rule: "V006", Fail: 1, NotApplicable: 1}},
			Single: []model.Check{{Rule: "S016", Path: "澄湖区/窗口服装.pdf", Form: ptr(2), Outcome: model.InsufficientData,
				Reason: model.Message{Text: model.Text{Zh: "没有指标。", En: "There is no indicator."}}}},
		},
		{Path: "locked.pdf", Status: model.StatusUnreadable, Error: lockedProblem()},
	}
}

// twoForms is the sample document with a second form in it.
func twoForms(t *testing.T) *model.Document {
	d := sampleDocument(t)
	second := d.Forms[0]
	second.Index, second.Project.Name = 2, ""
	d.Forms = append(d.Forms, second)
	return d
}

func options(lang model.Lang) Options {
	return Options{Lang: lang, Tool: Tool{"perfgoal", "test"}, Width: 80, Rules: sampleRules(), MinSeverity: model.Info, FailLevel: model.Error, ShowChecks: true}
}

func TestLintGolden(t *testing.T) {
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		for _, format := range LintFormats() {
			if format.Name == "xlsx" {
				continue // not text; TestXLSX reads it
			}
			name := "lint." + string(lang) + "." + format.Name
			t.Run(name, func(t *testing.T) {
				golden(t, name, lint(t, format, options(lang), sampleChecked(t)))
			})
		}
	}
}

func lint(t *testing.T, format Format[LintWriter], opt Options, documents []Checked) []byte {
	t.Helper()
	return lintTo(t, format, opt, documents, End{})
}

func lintTo(t *testing.T, format Format[LintWriter], opt Options, documents []Checked, end End) []byte {
	t.Helper()
	var b bytes.Buffer
	var w LintWriter
	files := memFolder{}
	if format.New == nil {
		opt.Annotate = showMarks
		w = format.Folder(files, opt)
	} else {
		w = format.New(&b, opt)
	}
	for _, c := range documents {
		if c.Document != nil {
			c.Source = []byte("%PDF")
		}
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(end); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".docx") {
			continue // packed; TestLetterDOCX reads it
		}
		fmt.Fprintf(&b, "=== %s\n%s", name, files[name])
	}
	return b.Bytes()
}

// memFolder is a folder in memory.
type memFolder map[string][]byte

func (m memFolder) Put(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	err := write(&b)
	m[name] = b.Bytes()
	return err
}

func (m memFolder) Get(name string) ([]byte, error) { return m[name], nil }

// showMarks lists marks in the place of a PDF's pages.
func showMarks(source []byte, marks []model.Mark) ([]byte, error) {
	b := bytes.NewBuffer(bytes.Clone(source))
	for _, m := range marks {
		box := "corner"
		if m.Box != nil {
			box = fmt.Sprint(*m.Box)
		}
		fmt.Fprintf(b, "\n--- page %d %s %v\n%s\n%s\n", m.Page, box, m.Colour, m.Title, m.Text)
	}
	return b.Bytes(), nil
}

func TestDocumentGolden(t *testing.T) {
	for command, formats := range map[string][]Format[DocumentWriter]{"parse": ParseFormats(), "extract": ExtractFormats()} {
		for _, lang := range []model.Lang{model.Chinese, model.English} {
			for _, format := range formats {
				name := command + "." + string(lang) + "." + format.Name
				t.Run(name, func(t *testing.T) {
					var b bytes.Buffer
					opt := options(lang)
					opt.Many = true
					w := format.New(&b, opt)
					for _, d := range []*model.Document{sampleDocument(t), lockedDocument()} {
						if err := w.Add(d); err != nil {
							t.Fatal(err)
						}
					}
					if err := w.Close(End{}); err != nil {
						t.Fatal(err)
					}
					golden(t, name, b.Bytes())
				})
			}
		}
	}
}

func TestRulesGolden(t *testing.T) {
	for _, format := range RulesFormats() {
		var b bytes.Buffer
		if err := format.New(&b, options(model.Chinese))(sampleRules()); err != nil {
			t.Fatal(err)
		}
		golden(t, "rules.zh."+format.Name, b.Bytes())
	}
}

// TestEmptyRuns keeps arrays from becoming null and prose from reaching
// machine formats when there is nothing to report.
func TestEmptyRuns(t *testing.T) {
	for _, format := range LintFormats() {
		got := string(lint(t, format, Options{Lang: model.Chinese, Width: 80}, nil))
		switch format.Name {
		case "json":
			for _, want := range []string{`"documents": []`, `"checks": []`, `"findings": []`} {
				if !strings.Contains(got, want) {
					t.Errorf("json lacks %s:\n%s", want, got)
				}
			}
		case "jsonl":
			if got != "" {
				t.Errorf("jsonl = %q, want nothing", got)
			}
		case "text":
			if !strings.Contains(got, "什么都没有检查") {
				t.Errorf("text does not say that nothing was checked:\n%s", got)
			}
		}
	}
	for _, formats := range [][]Format[DocumentWriter]{ParseFormats(), ExtractFormats()} {
		for _, format := range formats {
			if format.Name != "json" {
				continue
			}
			var b bytes.Buffer
			if err := format.New(&b, Options{}).Close(End{}); err != nil {
				t.Fatal(err)
			}
			var v struct{ Documents []any }
			if err := json.Unmarshal(b.Bytes(), &v); err != nil || v.Documents == nil {
				t.Errorf("documents = %v, %v, want []:\n%s", v.Documents, err, b.String())
			}
		}
	}
}

// TestMinSeverity hides findings without forgetting them.
func TestMinSeverity(t *testing.T) {
	opt := options(model.English)
	opt.MinSeverity = model.Error
	var got struct {
		Summary  map[string]any
		Findings []struct{ Rule string }
	}
	if err := json.Unmarshal(lint(t, LintFormats()[1], opt, sampleChecked(t)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Findings) != 1 || got.Findings[0].Rule != "F001" {
		t.Errorf("findings = %v, want F001 alone", got.Findings)
	}
	if got.Summary["hidden"] != 2.0 || got.Summary["warning"] != 1.0 {
		t.Errorf("summary = %v, want the hidden ones counted", got.Summary)
	}
	text := string(lint(t, LintFormats()[0], opt, sampleChecked(t)))
	if strings.Contains(text, "strict-bound") || !strings.Contains(text, "2 are below") {
		t.Errorf("text does not hide and count:\n%s", text)
	}
}

// TestTextWidth holds every line of the report to the width it was given.
func TestTextWidth(t *testing.T) {
	for _, columns := range []int{40, 60, 80, 100} {
		opt := options(model.Chinese)
		opt.Width, opt.Screen = columns, columns < 60
		for line := range strings.Lines(string(lint(t, LintFormats()[0], opt, sampleChecked(t)))) {
			if w := width(strings.TrimRight(line, "\n")); w > columns {
				t.Errorf("%d columns wide, over %d: %s", w, columns, line)
			}
		}
	}
}

func TestColor(t *testing.T) {
	opt := options(model.Chinese)
	if bytes.Contains(lint(t, LintFormats()[0], opt, sampleChecked(t)), []byte("\x1b[")) {
		t.Error("colour where none was asked for")
	}
	opt.Color = true
	if !bytes.Contains(lint(t, LintFormats()[0], opt, sampleChecked(t)), []byte("\x1b[31")) {
		t.Error("no red where colour was asked for")
	}
}

// The verdict is green only where everything was read and at most notes were made.
func TestVerdictColor(t *testing.T) {
	clean := Checked{Path: "a.pdf", Status: model.StatusOK, Forms: 1}
	unread := Checked{Path: "b.pdf", Status: model.StatusUnreadable, Error: &model.Problem{Code: "damaged"}}
	for _, tt := range []struct {
		documents []Checked
		end       End
		ink       string
	}{
		{[]Checked{clean}, End{}, "\x1b[32;1m"},
		{[]Checked{clean}, End{Interrupted: true}, "\x1b[33m"},
		{[]Checked{clean, unread}, End{}, "\x1b[31;1m"},
		{nil, End{}, "\x1b[31;1m"},
	} {
		opt := options(model.English)
		opt.Color = true
		var b strings.Builder
		w := newLintText(&b, opt)
		for _, c := range tt.documents {
			if err := w.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(tt.end); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), tt.ink+"Verdict: ") {
			t.Errorf("%v %+v: %q, want it in %q", tt.documents, tt.end, b.String(), tt.ink)
		}
	}
}

// A file that another one is held against is named once.
func TestRelatedFile(t *testing.T) {
	opt := options(model.Chinese)
	got := string(lint(t, LintFormats()[0], opt, []Checked{{Bundle: true, Findings: []model.Finding{
		{Rule: "B003", Path: "b.pdf", Severity: model.Warning, Related: []model.Related{{Path: "a.pdf", Text: "a.pdf"}}},
	}}}))
	if strings.Count(got, "a.pdf") != 1 {
		t.Error(got)
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func (f full) Put(_ string, write func(io.Writer) error) error { return write(f) }

func (full) Get(string) ([]byte, error) { return nil, errFull }

// TestWriteErrors wants every format to hand on that its output was not
// written.
func TestWriteErrors(t *testing.T) {
	opt := options(model.Chinese)
	opt.Annotate = showMarks
	writers := map[string]LintWriter{}
	for _, format := range LintFormats() {
		if format.New != nil {
			writers[format.Name] = format.New(full{}, opt)
		}
		if format.Folder != nil {
			writers[format.Name+"/"] = format.Folder(full{}, opt)
		}
	}
	for name, w := range writers {
		c := sampleChecked(t)[0]
		c.Source = []byte("%PDF")
		err := w.Add(c)
		if err == nil {
			err = w.Close(End{})
		}
		if !errors.Is(err, errFull) {
			t.Errorf("lint %s: error %v, want %v", name, err, errFull)
		}
	}
	for _, formats := range [][]Format[DocumentWriter]{ParseFormats(), ExtractFormats()} {
		for _, format := range formats {
			w := format.New(full{}, options(model.Chinese))
			err := w.Add(sampleDocument(t))
			if err == nil {
				err = w.Close(End{})
			}
			if !errors.Is(err, errFull) {
				t.Errorf("%s: error %v, want %v", format.Name, err, errFull)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  []string
	}{
		{"", 10, []string{""}},
		{"年度资金申请总额", 10, []string{"年度资金申", "请总额"}},
		{"年度资金申，请", 10, []string{"年度资金", "申，请"}},                       // no line begins with a comma
		{"年度资金（元）", 10, []string{"年度资金", "（元）"}},                       // nor ends with a bracket
		{"共 12,520,800.00 元", 14, []string{"共", "12,520,800.00", "元"}}, // figures stay whole
		{"funding-total-mismatch", 10, []string{"funding-to", "tal-mismat", "ch"}},
		{"files (.pdf, .xlsx, .xls)", 14, []string{"files (.pdf,", ".xlsx, .xls)"}},
		{"一\n二", 10, []string{"一", "二"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, wrap(tt.text, tt.limit)); diff != "" {
			t.Errorf("wrap(%q, %d) (-want +got):\n%s", tt.text, tt.limit, diff)
		}
	}
}

// TestVisible keeps a document's control characters away from the terminal.
func TestVisible(t *testing.T) {
	if got := visible("a\x1b[31mb\u202ec\td"); got != "a�[31mb�c d" {
		t.Errorf("visible = %q", got)
	}
}

// TestRuleCountsAddUp wants the counts by rule to be those of the verdict in
// every report for people, also where a rule found graver and lighter things.
func TestRuleCountsAddUp(t *testing.T) {
	var findings []model.Finding
	add := func(n int, rule string, severity model.Severity) {
		for i := range n {
			findings = append(findings, model.Finding{Rule: rule, Name: "x", Severity: severity, Path: "a.pdf", Form: ptr(i/2 + 1),
				Message: model.Message{Text: model.Text{Zh: "有问题。"}}})
		}
	}
	add(8, "F001", model.Error)
	add(4, "F001", model.Warning)
	add(7, "S016", model.Error)
	add(5, "V006", model.Info)
	run := []Checked{{Path: "a.pdf", Status: model.StatusOK, Forms: 43, Findings: findings,
		Checks: []model.Checks{{Rule: "F001", Pass: 37, Fail: 6}, {Rule: "S016", Pass: 39, Fail: 4}, {Rule: "V006", Pass: 40, Fail: 3}}}}
	opt := options(model.Chinese)
	want := "错误 F001 8\n错误 S016 7\n警告 F001 4\n提示 V006 5\n"
	rows := map[string]*regexp.Regexp{
		"text":     regexp.MustCompile(`(?m)^│ (错误|警告|提示) │ (\w+) │ [^│]+ │ +(\d+) │ +\d+ │$`),
		"markdown": regexp.MustCompile(`(?m)^\| (错误|警告|提示) \| (\w+) \| [^|]+ \| (\d+) \|$`),
		"html":     regexp.MustCompile(`<tr class="\w+"><th scope="row"><span class="badge">(错误|警告|提示)</span> (\w+).*<td class="n">(\d+)</td>`),
	}
	for name, row := range rows {
		out := string(lint(t, lintFormat(t, name), opt, run))
		got := ""
		for _, m := range row.FindAllStringSubmatch(out, -1) {
			got += strings.Join(m[1:], " ") + "\n"
		}
		if got != want {
			t.Errorf("%s counts\n%swant\n%s", name, got, want)
		}
		if !strings.Contains(out, "发现15处错误、4处警告、5处提示") {
			t.Errorf("%s has another verdict", name)
		}
		if name != "markdown" && !strings.Contains(strings.ReplaceAll(out, "\n", ""), "不通过13次（一条规则对一张表只算一次，一次不通过可能指出几处问题）") {
			t.Errorf("%s does not say why there are 13 failures and 24 findings", name)
		}
	}
	got := ""
	for _, row := range rowsOf(t, openBook(t, lint(t, lintFormat(t, "xlsx"), opt, run)), "汇总") {
		if len(row) == 5 && row[0] != "级别" {
			got += row[0] + " " + row[1] + " " + row[3] + "\n"
		}
	}
	if got != want {
		t.Errorf("xlsx counts\n%swant\n%s", got, want)
	}
}
