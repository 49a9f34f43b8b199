package cmd

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/model"
	"perfgoal/validate"
)

// TestBundleExamples runs the examples of the rules about bundles: the bad
// one raises the rule, the good one nothing that is on by default.
func TestBundleExamples(t *testing.T) {
	engine, err := validate.New(validate.Config{Bundle: true})
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, r := range validate.Rules() {
		if r.Bad.Files == nil && r.Bad.Manifest == "" {
			continue
		}
		tried++
		bad, err := tryExample(t.Context(), engine, r.Bad)
		if err != nil {
			t.Fatalf("%s: %v", r.Code, err)
		}
		fired := false
		for _, f := range bad {
			if f.Rule != r.Code {
				continue
			}
			fired = true
			for _, lang := range []model.Lang{model.Chinese, model.English} {
				if m := f.Message.In(lang); m == "" || strings.ContainsAny(m, "{}") {
					t.Errorf("%s: message %q", r.Code, m)
				}
			}
			if f.Path == "" || f.Field == "" || f.Fingerprint == "" || f.Severity != r.Severity {
				t.Errorf("%s: incomplete finding %+v", r.Code, f)
			}
		}
		if !fired {
			t.Errorf("%s: the bad example does not raise it: %v", r.Code, bad)
		}
		good, err := tryExample(t.Context(), engine, r.Good)
		if err != nil {
			t.Fatalf("%s: %v", r.Code, err)
		}
		for _, f := range good {
			t.Errorf("%s: the good example raises %s: %s", r.Code, f.Rule, f.Message.In(model.Chinese))
		}
	}
	if tried != 10 {
		t.Errorf("%d rules about bundles, want 10", tried)
	}
}

func manifestLines(m *validate.Manifest) (out []string) {
	for _, r := range m.Rows {
		out = append(out, strings.Join([]string{r.Unit, r.Project, r.Amount.String()}, "|"))
	}
	return out
}

func TestParseManifest(t *testing.T) {
	text := "2026年应报项目清单,,\n序号,单位名称,项目名称,预算金额（万元）\n1,澄湖区水务局,河道保洁,\"1,234.56\"\n\n2,澄湖区教育局,\"课桌椅\n更新\",\n,合计,,1234.56\n"
	want := []string{"澄湖区水务局|河道保洁|12345600.00", "澄湖区教育局|课桌椅\n更新|"}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"utf-8": text, "bom": "\ufeff" + text, "gbk": gbk} {
		m, err := parseManifest("清单.csv", []byte(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, manifestLines(m)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if m.Rows[0].Line != 3 {
			t.Errorf("%s: first row is line %d, want 3", name, m.Rows[0].Line)
		}
	}
	book := excelize.NewFile()
	for i, row := range [][]any{{"说明"}, {"实施单位", "项目名称", "金额"}, {"澄湖区水务局", "河道保洁", 1234.5}} {
		if err := book.SetSheetRow("Sheet1", cellRef(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	m, err := parseManifest("清单.XLSX", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"澄湖区水务局|河道保洁|1234.50"}, manifestLines(m)); diff != "" {
		t.Errorf("xlsx (-want +got):\n%s", diff)
	}
}

func cellRef(row int) string {
	name, _ := excelize.CoordinatesToCellName(1, row)
	return name
}

// TestBadManifests wants a manifest that is not whole to be refused with its
// row, for a row left out would look like nothing missing.
func TestBadManifests(t *testing.T) {
	for text, want := range map[string]string{
		"":              "没有找到表头",
		"a,b\n1,2\n":    "没有找到表头",
		"单位,项目名称\n":     "清单是空的",
		"单位,项目名称\n甲,\n": "第2行缺单位或项目名称",
		"单位,项目名称,金额\n甲,乙,若干\n":         "第2行的金额“若干”不是数字",
		"单位,项目名称\n甲,乙\n\n甲,乙\n":        "第4行与第2行",
		"单位,项目名称\n\xff\xff\xff,\xff\n": "既不是 UTF-8 也不是 GBK",
	} {
		_, err := parseManifest("m.csv", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseManifest(%q): %v, want %s", text, err, want)
		}
	}
	if _, err := parseManifest("m.xlsx", []byte("no book")); err == nil {
		t.Error("a file that is no workbook is taken for one")
	}
}

// TestMixedBundle puts all that goes wrong with archives into one: each is
// reported once, everything else is checked, and the status says so.
func TestMixedBundle(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("青石县/服务点.pdf")
	if err != nil {
		t.Fatal(err)
	}
	whole := pack(t, "inner.pdf", cleanForm(1).pdf())
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name  string
		flags uint16
		data  []byte
	}{
		{"bomb.pdf", 0, make([]byte, 20<<20)},
		{"locked.pdf", 1, cleanForm(2).pdf()},
		{"cut.zip", 0, whole[:len(whole)/2]},
		{"../../x.pdf", 0, cleanForm(3).pdf()},
		{gbk, 0, cleanForm(4).pdf()},
		{"nested.zip", 0, pack(t, "five.pdf", cleanForm(5).pdf())},
		{"six.tgz", 0, packTar(t, true, tarFile{"six.pdf", cleanForm(6).pdf()})},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Flags: f.flags, NonUTF8: f.name == gbk})
		if err == nil {
			_, err = w.Write(f.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.zip", b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	if status := Main([]string{"lint", "--lang", "en", "-o", "json", "a.zip"}, strings.NewReader(""), &out, &errOut); status != statusUnread {
		t.Errorf("status %d, want %d\n%s", status, statusUnread, errOut.String())
	}
	var result struct {
		Documents []struct {
			Path, Status string
			Error        *struct{ Code string }
		}
		Findings []struct{ Rule, Path string }
	}
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range result.Documents {
		code := d.Status
		if d.Error != nil {
			code = d.Error.Code
		}
		got = append(got, strings.TrimPrefix(d.Path, "a.zip!/")+" "+code)
	}
	want := []string{"../../x.pdf unsafe-name", "bomb.pdf archive-bomb", "cut.zip bad-archive", "locked.pdf locked-entry",
		"nested.zip!/five.pdf ok", "six.tgz!/six.pdf ok", "青石县/服务点.pdf ok"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	if len(result.Findings) > 0 {
		t.Errorf("findings %v", result.Findings)
	}
	if n := strings.Count(errOut.String(), "perfgoal: "); n != 4 {
		t.Errorf("%d lines on standard error, want one for each of the four:\n%s", n, errOut.String())
	}
}
