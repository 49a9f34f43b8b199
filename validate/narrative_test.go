package validate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/validate"
)

var bookPrinters = regexp.MustCompile(`(-writer|-chromium)?\.(txt|pdf|docx)$`)

// TestBooksOfTheProject checks each of the project's books, in each format,
// against what was written down for it: one placed defect, one finding.
func TestBooksOfTheProject(t *testing.T) {
	e := engine(t, validate.Config{})
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
			data, err := os.ReadFile(bookPrinters.ReplaceAllString(path, ".expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			var expected []struct {
				Rule     string
				Severity model.Severity
				Form     *int
			}
			if err := json.Unmarshal(data, &expected); err != nil {
				t.Fatal(err)
			}
			want, got := []string{}, []string{}
			for _, x := range expected {
				want = append(want, key(x.Rule, x.Form, x.Severity))
			}
			doc := parseFile(t, path)
			if doc.Error != nil && doc.Error.Code == "unsupported-format" {
				t.Skip("this format is not read")
			}
			for _, f := range e.Document(&doc).Findings {
				got = append(got, key(f.Rule, f.Form, f.Severity))
				t.Log(got[len(got)-1], f.Field, f.Message.In(model.Chinese))
				checkFinding(t, f)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-expected +got):\n%s", diff)
			}
		})
	}
	if read == 0 {
		t.Fatal("no books in testdata")
	}
}

func narrativeExample(t *testing.T) string {
	t.Helper()
	for _, r := range validate.Rules() {
		if r.Code == "K001" {
			return r.Good.Make().Document
		}
	}
	t.Fatal("K001 is gone")
	return ""
}

// TestBookVariations changes one thing about a book that agrees with its form.
// fires is the one K rule that must fire, open the rules that must answer with
// insufficient data, "" for none.
func TestBookVariations(t *testing.T) {
	good := narrativeExample(t)
	e := engine(t, validate.Config{Select: []string{"K"}})
	for _, tt := range []struct {
		name        string
		old, new    string // "|" parts several edits
		fires, open string
	}{
		{"nothing", "", "", "", ""},
		// K001
		{"amount in yuan", "36万元，其中", "360,000.00元，其中", "", ""},
		{"amount rounded", "年度资金申请总额:\t360,000.00|当年财政拨款\t340,000.00", "年度资金申请总额:\t360,049.00|当年财政拨款\t340,049.00", "", ""},
		{"other amount", "预算安排36万元，其中展项维护20万元，教具更新16万元", "预算安排39万元", "K001", ""},
		{"another year's amount", "2026年度预算安排36万元，其中展项维护20万元，教具更新16万元", "2025年安排30万元", "", "K001"},
		{"an explained difference", "2026年度预算安排36万元，其中展项维护20万元，教具更新16万元", "2026年度预算安排46万元，与申报表的差异原因是含自筹", "", ""},
		// names
		{"name without 项目", "青少年科普展厅运行项目经费", "青少年科普展厅运行经费", "", ""},
		{"name with a year", "云栖市青少年科普展厅运行项目经费", "2026年云栖市青少年科普展厅运行项目经费", "", ""},
		{"name with brackets", "科普展厅运行项目经费", "科普展厅运行（延续）项目经费", "", ""},
		{"no name", "云栖市青少年科普展厅运行项目经费情况说明", "项目经费情况说明", "", "K001 K004 K005 K007"},
		{"a similar name", "云栖市青少年科普展厅运行项目经费", "云栖市青少年科普展厅运营维护项目经费", "", "K001 K004 K005 K007"},
		{"another name", "云栖市青少年科普展厅运行项目经费", "湿地公园管护项目经费", "K007", "K001 K004 K005"},
		// K002
		{"period in months", "2026年1月1日-2026年12月31日", "2026年1月-12月", "", ""},
		{"period without a year", "2026年1月1日-2026年12月31日", "全年度", "", "K002"},
		{"last year's period", "2026年1月1日-2026年12月31日", "2025.1.1-2025.12.31", "K002", ""},
		{"another period", "2026年1月1日-2026年12月31日", "2026年3月1日-2026年12月31日", "K002", ""},
		{"reversed", "2026年1月1日-2026年12月31日", "2026年12月1日-2026年1月31日", "K002", ""},
		{"the year of a longer plan", "计划开始日期\t2026-01-01", "计划开始日期\t2024-01-01", "", ""},
		{"a longer period for the year", "2026年1月1日-2026年12月31日", "2024年1月1日-2026年12月31日", "", ""},
		// K003
		{"a part of the whole", "其中展项维护20万元，教具更新16万元", "其中政府采购10万元", "", "K003"},
		{"parts and others", "教具更新16万元", "教具更新10万元等", "", "K003"},
		{"parts above", "教具更新16万元", "教具更新20万元等", "K003", ""},
		{"one part too small", "教具更新16万元", "教具更新14万元", "K003", ""},
		{"another sum", "教具更新16万元", "教具更新16万元，合计38万元", "K003", ""},
		{"the same sum", "教具更新16万元", "教具更新16万元，合计36万元", "", ""},
		// K004
		{"the department", "三、实施主体\n云栖市青少年科普馆", "三、实施主体\n云栖市科普事务局", "", ""},
		{"an abbreviation", "三、实施主体\n云栖市青少年科普馆", "三、实施主体\n市科普馆", "", ""},
		{"with others", "三、实施主体\n云栖市青少年科普馆", "三、实施主体\n云栖市青少年科普馆、云栖市教育局", "", ""},
		{"contractors", "三、实施主体\n云栖市青少年科普馆", "三、实施主体\n施工单位：云栖建工有限公司；", "", "K004"},
		{"a company", "三、实施主体\n云栖市青少年科普馆", "三、实施主体\n云栖城投建设有限公司", "", "K004"},
		{"the streets", "三、实施主体\n云栖市青少年科普馆", "三、实施主体\n各街道办事处", "", "K004"},
		{"another office", "三、实施主体\n云栖市青少年科普馆", "三、实施主体\n云栖市水务局", "K004", ""},
		// K005
		{"refers to the form", "展厅全年开放300天，服务青少年。\n财政", "详见单位的项目绩效目标表\n财政", "", ""},
		{"another count", "展厅全年开放300天，服务青少年。\n财政", "展厅全年开放310天，服务青少年。\n财政", "K005", ""},
		{"another thing's count", "展厅全年开放300天，服务青少年。\n财政", "展厅全年开放，培训讲解员30天。\n财政", "", ""},
		// K006
		{"another count of projects", "目标的项目1个", "目标的项目2个", "K006", ""},
		{"another amount", "资金36.00万元", "资金37.00万元", "K006", ""},
		{"only some published", "目标的项目1个，涉及项目预算资金36.00万元", "目标的项目14个，涉及项目预算资金1099.22万元", "", "K006"},
		{"fewer than published", "目标的项目1个，涉及项目预算资金36.00万元", "目标的项目0个，涉及项目预算资金0万元", "K006", ""},
		{"another year's statement", "2026年，本部门编报绩效目标的项目1个", "2025年，本部门编报绩效目标的项目9个", "", ""},
		{"a unit's own", "本部门编报绩效目标的项目1个|预算主管部门：云栖市科普事务局", "本单位编报绩效目标的项目1个|预算单位：云栖市青少年科普馆", "", ""},
	} {
		text := good
		if tt.old != "" {
			olds, news := strings.Split(tt.old, "|"), strings.Split(tt.new, "|")
			for i := range olds {
				if !strings.Contains(text, olds[i]) {
					t.Fatalf("%s: the example does not hold %q", tt.name, olds[i])
				}
				text = strings.Replace(text, olds[i], news[i], 1)
			}
		}
		doc := parseText(t, text)
		res := e.Document(&doc)
		var fired, open []string
		for _, f := range res.Findings {
			fired = append(fired, f.Rule)
			checkFinding(t, f)
		}
		for _, c := range res.Checks {
			if c.InsufficientData > 0 {
				open = append(open, c.Rule)
			}
		}
		if got := strings.Join(fired, " "); got != tt.fires {
			t.Errorf("%s: fires %q, want %q", tt.name, got, tt.fires)
		}
		if got := strings.Join(open, " "); got != tt.open {
			t.Errorf("%s: insufficient data for %q, want %q", tt.name, got, tt.open)
		}
	}
}

// TestBookAcrossABundle holds a book without forms against the forms of its
// office in other files, and leaves other offices' forms alone.
func TestBookAcrossABundle(t *testing.T) {
	good := narrativeExample(t)
	at := strings.Index(good, "财政项目支出绩效目标申报表")
	prose, form := good[:at], good[at:]
	stranger := strings.NewReplacer("云栖市科普事务局", "澄川市水务局", "云栖市青少年科普馆", "澄川市河道所", "360,000.00", "990,000.00", "340,000.00", "970,000.00").Replace(form)
	for _, tt := range []struct {
		name  string
		prose string
		files []string
		want  []string
	}{
		{"agrees", prose, []string{form}, nil},
		{"handed in twice", prose, []string{form, form + "\n"}, nil},
		{"another office's form", prose, []string{stranger}, nil},
		{"both", prose, []string{stranger, form}, nil},
		{"amount", strings.Replace(prose, "36万元，其中展项维护20万元，教具更新16万元", "39万元", 1), []string{stranger, form}, []string{"K001"}},
		{"period", strings.Replace(prose, "1月1日-2026年12月31日", "5月1日-2026年12月31日", 1), []string{form}, []string{"K002"}},
		{"outside the year", strings.Replace(prose, "2026年1月1日-2026年12月31日", "2025年1月1日-2025年12月31日", 1), []string{form}, []string{"K002"}},
		{"body", strings.Replace(prose, "云栖市青少年科普馆\n四", "云栖市水务局\n四", 1), []string{form}, []string{"K004"}},
		{"goal", strings.Replace(prose, "300天", "310天", 1), []string{form}, []string{"K005"}},
		{"count", strings.Replace(prose, "的项目1个", "的项目2个", 1), []string{form}, []string{"K006"}},
		{"parts", strings.Replace(prose, "更新16万元", "更新26万元", 1), []string{form}, []string{"K003"}},
	} {
		e := engine(t, validate.Config{Select: []string{"K", "B006"}, Bundle: true})
		b := e.NewBundle(nil)
		var got []string
		for i, text := range append([]string{tt.prose}, tt.files...) {
			doc := parseAs(t, string(rune('a'+i))+".txt", []byte(text))
			for _, f := range e.Document(&doc).Findings {
				got = append(got, f.Rule)
			}
			b.Add(validate.NewBundleItem(&doc))
		}
		for _, f := range b.Close().Findings {
			got = append(got, f.Rule)
			if f.Path != "a.txt" || f.Form != nil {
				t.Errorf("%s: %s is said of %s", tt.name, f.Rule, f.Path)
			}
			checkFinding(t, f)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
