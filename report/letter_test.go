package report

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"perfgoal/model"
)

// TestLetterDOCX reads the letters' parts: each is well-formed, the page is
// A4, and all that the page of the same letter says is in it.
func TestLetterDOCX(t *testing.T) {
	files := memFolder{}
	w := newLintOpinion(files, options(model.Chinese))
	for _, c := range sampleChecked(t) {
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(End{}); err != nil {
		t.Fatal(err)
	}
	data := files["澄湖区市民服务中心.docx"]
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if part.Name == "word/document.xml" && !bytes.Contains(content, []byte(`<w:pgSz w:w="11906" w:h="16838"/>`)) {
			t.Error("the page is not A4")
		}
		d := xml.NewDecoder(bytes.NewReader(content))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
			if chars, ok := token.(xml.CharData); ok {
				text.Write(chars)
			}
		}
	}
	for _, want := range []string{"绩效目标审核意见（退回修改）", "澄湖区市民服务中心：", "窗口人员服装项目", "【错误】合计与各分项之和不符（F001）——第1页第5行第5格", "请核对总额", "审核人（签名）"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the letter lacks %q:\n%s", want, text.String())
		}
	}
}

// unitDocument is a document whose forms are of the units named.
func unitDocument(t *testing.T, path string, names ...string) Checked {
	d := *sampleDocument(t)
	d.Path = path
	form := d.Forms[0]
	d.Forms = nil
	c := Checked{Path: path, Status: model.StatusOK, Forms: len(names)}
	for i, name := range names {
		f := form
		f.Index, f.Project.ImplementingUnit = i+1, name
		f.Project.Name = name + "的项目"
		d.Forms = append(d.Forms, f)
		c.Findings = append(c.Findings, model.Finding{Rule: "F001", Severity: model.Error, Path: path, Form: ptr(i + 1), Project: f.Project.Name,
			Message: model.Message{Text: model.Text{Zh: "只关系到" + name + "。"}}})
		c.Single = append(c.Single, model.Check{Rule: "F001", Path: path, Form: ptr(i + 1), Outcome: model.Fail})
	}
	c.Checks = []model.Checks{{Rule: "F001", Fail: len(names)}}
	c.Document = &d
	return c
}

// TestByUnit puts each unit's forms and findings into its own files, whatever
// documents they came in, and what is said of all documents where it belongs.
func TestByUnit(t *testing.T) {
	bundle := Checked{Bundle: true, Status: model.StatusOK, Findings: []model.Finding{
		{Rule: "B007", Severity: model.Error, Path: "list.csv", Evidence: map[string]string{"unit": "丙站"}, Message: model.Message{Text: model.Text{Zh: "丙站没有报。"}}},
		{Rule: "B001", Severity: model.Error, Path: "1.pdf", Form: ptr(2), Message: model.Message{Text: model.Text{Zh: "乙站报了两次。"}}},
	}}
	end := End{Manifest: &Completeness{Path: "list.csv", Units: []UnitCompleteness{{Unit: "丙站", Expected: 1, Missing: 1}}}}
	for _, folder := range []func(Folder, Options) LintWriter{newLintOpinion, newLintHTMLUnits} {
		files := memFolder{}
		w := folder(files, options(model.Chinese))
		for _, c := range []Checked{unitDocument(t, "1.pdf", "甲站", "乙站"), unitDocument(t, "2.pdf", "乙 站"), bundle} {
			if err := w.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(end); err != nil {
			t.Fatal(err)
		}
		for name, wants := range map[string]struct{ has, lacks []string }{
			"甲站.html": {[]string{"只关系到甲站", "不通过1次"}, []string{"只关系到乙", "没有报", "报了两次"}},
			"乙站.html": {[]string{"只关系到乙站", "只关系到乙 站", "乙站报了两次", "不通过2次"}, []string{"甲站"}},
			"丙站.html": {[]string{"丙站没有报"}, []string{"甲站", "乙站"}},
		} {
			page := string(files[name])
			for _, s := range wants.has {
				if !strings.Contains(page, s) {
					t.Errorf("%s lacks %q", name, s)
				}
			}
			for _, s := range wants.lacks {
				if strings.Contains(page, s) {
					t.Errorf("%s tells of %q", name, s)
				}
			}
		}
	}
}

func TestLetterTemplate(t *testing.T) {
	for _, bad := range []string{"{{.Nothing}}", "{{range .Forms}}", "{{range .Forms}}{{.Nothing}}{{end}}", "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}"} {
		if _, err := ParseLetter(bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	own, err := ParseLetter("# 清江县财政局意见\n{{range .Forms}}| {{.Project}} | {{.Errors}} |\n{{end}}")
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := fillLetter(own, Letter{Forms: []LetterForm{{Project: letterText("# 甲|乙\n丙"), Errors: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []block{{kind: letterTitle, text: "清江县财政局意见"}, {kind: tableBlock, rows: [][]string{{"# 甲|乙 丙", "2"}}}}
	if fmt.Sprint(blocks) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", blocks, want)
	}
}

// TestFileNames wants names that every file system takes, each once.
func TestFileNames(t *testing.T) {
	names := fileNames{}
	long := strings.Repeat("很长的单位名称", 20)
	for title, want := range map[string]string{"甲/乙:局": "甲_乙_局.docx", "": "_.docx", "CON": "_CON.docx", "  科 室. ": "科 室.docx", long: string([]rune(long)[:longestName]) + ".docx", "../../etc": "_.._etc.docx"} {
		if got := names.name(title, ".docx"); got != want {
			t.Errorf("%q is named %q, want %q", title, got, want)
		}
	}
	if a, b := names.name("\u00e9", ".docx"), names.name("e\u0301", ".docx"); a == b || a != "\u00e9.docx" || b != "\u00e9-2.docx" {
		t.Errorf("two spellings are named %q and %q", a, b)
	}
	if got := names.name("con", ".docx"); got != "_con-2.docx" {
		t.Errorf("the second is named %q", got)
	}
}

// TestAnnotatedBundle marks what is said of all documents on the copies of
// those that it concerns, which begin with the original as before.
func TestAnnotatedBundle(t *testing.T) {
	files := memFolder{}
	opt := options(model.Chinese)
	opt.Annotate = showMarks
	w := newLintAnnotated(files, opt)
	first, second := unitDocument(t, "甲/表.pdf", "甲站"), unitDocument(t, "乙/表.pdf", "乙站")
	box := model.Box{1, 2, 3, 4}
	bundle := Checked{Bundle: true, Findings: []model.Finding{{Rule: "B001", Severity: model.Warning, Path: "乙/表.pdf", Form: ptr(1),
		Location: model.Location{Page: ptr(2), Box: &box}, Message: model.Message{Text: model.Text{Zh: "报了两次。"}}}}}
	for _, c := range []Checked{first, second, bundle} {
		if !c.Bundle {
			c.Source = []byte("%PDF " + c.Path)
		}
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if got := string(files["表.pdf"]); !strings.HasPrefix(got, "%PDF 甲/表.pdf\n") || strings.Contains(got, "报了两次") {
		t.Errorf("the first copy is %s", got)
	}
	got := string(files["表-2.pdf"])
	if !strings.HasPrefix(got, "%PDF 乙/表.pdf\n") || strings.Count(got, "只关系到乙站") != 1 || !strings.Contains(got, "page 2 [1 2 3 4]") || !strings.Contains(got, "报了两次") {
		t.Errorf("the second copy is %s", got)
	}
}

// marksOf are the marks that a document's copy gets.
func marksOf(t *testing.T, c Checked) (got []model.Mark) {
	t.Helper()
	opt := options(model.Chinese)
	opt.Annotate = func(_ []byte, marks []model.Mark) ([]byte, error) {
		got = marks
		return []byte("%PDF"), nil
	}
	if err := newLintAnnotated(memFolder{}, opt).Add(c); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestAnnotatedCorner puts all that has no place into one mark: two signs in
// the same corner would hide each other.
func TestAnnotatedCorner(t *testing.T) {
	c := unitDocument(t, "表.pdf", "甲站")
	c.Source, c.Status = []byte("%PDF"), model.StatusPartial
	got := marksOf(t, c)
	if len(got) != 1 {
		t.Fatalf("%d marks in the corner", len(got))
	}
	for _, want := range []string{"只关系到甲站", "没有读准"} {
		if !strings.Contains(got[0].Text, want) {
			t.Errorf("the mark lacks %q: %s", want, got[0].Text)
		}
	}
}

// TestLetterTables keeps each cell in its column, blank ones too, and a table
// together over the blank lines that a template's loops leave.
func TestLetterTables(t *testing.T) {
	own, err := ParseLetter("| 原文 | 项目 | 金额 |\n{{range .Forms}}\n|{{.Title}}|{{.Project}}|{{.Total}}|\n{{end}}\n\n| 签名 | |\n")
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := fillLetter(own, Letter{Forms: []LetterForm{{Project: "甲"}, {Title: "乙", Total: "1.00"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []block{{kind: tableBlock, rows: [][]string{{"原文", "项目", "金额"}, {"", "甲", ""}, {"乙", "", "1.00"}}}, {kind: tableBlock, rows: [][]string{{"签名", ""}}}}
	if !reflect.DeepEqual(blocks, want) {
		t.Errorf("%#v, want %#v", blocks, want)
	}
}

func TestFileName(t *testing.T) {
	for path, want := range map[string]string{"a/急!件.pdf": "急!件.pdf", `b\c.pdf`: "c.pdf", "包.zip!/甲/乙.pdf": "乙.pdf", "!.pdf": "!.pdf", "包.zip": "包.zip"} {
		if got := fileName(path); got != want {
			t.Errorf("%q is named %q, want %q", path, got, want)
		}
	}
}

// TestLetterUnread lists a file that was not read with the unit that the
// manifest knows it by, and names no folder of the reviewer's.
func TestLetterUnread(t *testing.T) {
	files := memFolder{}
	w := newLintOpinion(files, options(model.Chinese))
	path := "收件/七组/丙站.pdf"
	problem := &model.Problem{Code: "damaged", Message: model.Message{Text: model.Text{Zh: "文件已损坏", En: "the file is damaged"}}}
	bundle := Checked{Bundle: true, Status: model.StatusOK, Findings: []model.Finding{{Rule: "B010", Severity: model.Warning, Path: "list.csv",
		Evidence: map[string]string{"unit": "丙站"}, Message: model.Message{Text: model.Text{Zh: "丙站有文件“" + path + "”。"}},
		Related: []model.Related{{Path: path, Text: path}}}}}
	for _, c := range []Checked{{Path: path, Status: model.StatusUnreadable, Error: problem}, {Path: "别的.pdf", Status: model.StatusUnreadable, Error: problem}, bundle} {
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	end := End{Manifest: &Completeness{Path: "list.csv", Units: []UnitCompleteness{{Unit: "丙站", Expected: 1, Unread: 1}, {Unit: "丁站", Expected: 1, Missing: 1}}}}
	if err := w.Close(end); err != nil {
		t.Fatal(err)
	}
	known, unknown, none := string(files["丙站.html"]), string(files["未列明单位.html"]), string(files["丁站.html"])
	if !strings.Contains(known, "<td>丙站.pdf</td>") || !strings.Contains(known, "没有审核：文件已损坏") || strings.Contains(known, "七组") || !strings.Contains(known, "丙站有文件“丙站.pdf”") {
		t.Errorf("the unit's letter is %s", known)
	}
	if strings.Contains(unknown, "丙站.pdf") || !strings.Contains(unknown, "别的.pdf") {
		t.Errorf("the letter to no unit is %s", unknown)
	}
	if strings.Contains(none, "审核范围") {
		t.Errorf("the letter to who sent nothing is %s", none)
	}
}

// TestAnnotatedScan tells how pages lie that were set straight to be read.
func TestAnnotatedScan(t *testing.T) {
	c := unitDocument(t, "表.pdf", "甲站")
	turned := model.Affine{-1, 0, 0, -1, 595, 842}
	c.Source, c.Document.Straightened = []byte("%PDF"), map[int]model.Affine{2: turned}
	for page := 1; page <= 2; page++ {
		c.Findings = append(c.Findings, model.Finding{Rule: "F001", Severity: model.Error, Form: ptr(1), Location: model.Location{Page: ptr(page), Box: &model.Box{1, 2, 3, 4}}})
	}
	got := marksOf(t, c)
	for _, m := range got {
		if want := m.Page == 2; (m.Lies != nil) != want || want && *m.Lies != turned {
			t.Errorf("page %d lies %v", m.Page, m.Lies)
		}
	}
}

// TestLetterSaysNoMore calls nothing right that was not judged.
func TestLetterSaysNoMore(t *testing.T) {
	problem := &model.Problem{Code: "damaged", Message: model.Message{Text: model.Text{Zh: "文件已损坏", En: "the file is damaged"}}}
	fine := unitDocument(t, "好.pdf", "甲站")
	fine.Findings = nil
	partly := fine
	partly.Status = model.StatusPartial
	lost := Checked{Path: "坏.pdf", Status: model.StatusUnreadable, Error: problem}
	unnamed := unitDocument(t, "无名.pdf", "")
	unnamed.Document.Forms[0].Project.SupervisingDepartment, unnamed.Document.Forms[0].DepartmentName, unnamed.Findings = "", "", nil
	for _, tt := range []struct {
		name, file string
		of         []Checked
		has, lacks string
	}{
		{"all read", "甲站.html", []Checked{fine}, "<p>未发现需要退回修改的问题。</p>", "读准的部分"},
		{"read in part", "甲站.html", []Checked{partly}, "读准的部分未发现需要退回修改的问题", "<p>没有发现问题"},
		{"not read", "未列明单位.html", []Checked{lost}, "没有可以审核的申报表。", "没有发现问题"},
		{"not read among others", "未列明单位.html", []Checked{unnamed, lost}, "未发现需要退回修改的问题。没有审核的文件请重新报送。", "读准的部分"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := memFolder{}
			w := newLintOpinion(files, options(model.Chinese))
			for _, c := range tt.of {
				if err := w.Add(c); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(End{}); err != nil {
				t.Fatal(err)
			}
			if page := string(files[tt.file]); !strings.Contains(page, tt.has) || strings.Contains(page, tt.lacks) {
				t.Errorf("the letter wants %q and lacks %q: %s", tt.has, tt.lacks, page)
			}
		})
	}
}
