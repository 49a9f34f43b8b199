package fix_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"perfgoal/cmd/fix"
	"perfgoal/internal/zh"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/validate"
)

// samples are the workbooks and Word documents that there are.
func samples(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, dir := range []string{"../../testdata/office", "../../testdata/books", "../../../shared/samples/layouts"} {
		for _, pattern := range []string{"*.docx", "*.xlsx"} {
			found, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, found...)
		}
	}
	return out
}

// every is an engine in which all rules are on.
func every(t testing.TB) *validate.Engine {
	t.Helper()
	selected := []string{"ALL"}
	for _, r := range validate.Rules() {
		selected = append(selected, r.Code)
	}
	e, err := validate.New(validate.Config{Select: selected, NoSingle: true})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func read(t testing.TB, path string, data []byte) model.Document {
	t.Helper()
	doc, err := parser.Parse(t.Context(), parser.Source{Path: path, Data: data}, parser.Options{KeepTables: true, NoCache: true})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// parts are the files of a package, by name.
func parts(t testing.TB, data []byte) (names []string, texts map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	texts = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
		texts[f.Name] = string(b)
	}
	return names, texts
}

var (
	textElement = regexp.MustCompile(`(<(?:w:)?t(?: [^>]*)?>)([^<]+)(</(?:w:)?t>)`)
	aHan        = `[\p{Han}]`
	comma       = regexp.MustCompile(`(` + aHan + `)，(` + aHan + `)`)
	twoHan      = regexp.MustCompile(`(` + aHan + aHan + `)(` + aHan + aHan + `)$`)
	aBound      = regexp.MustCompile(`^≤(\d+(?:\.\d+)?)\(?(小时|天|分钟|日|个工作日)\)?$`)
	aLabel      = regexp.MustCompile(`^(数量|质量|时效|经济效益|社会效益|可持续影响)指标$`)
)

const prose = 20 // characters from which a text is taken for a goal

// placed puts defects into every text of a file that takes one, and counts
// them by the rule that finds them.
func placed(t testing.TB, data []byte) ([]byte, map[string]int) {
	t.Helper()
	counts := map[string]int{}
	return rewritten(t, data, func(text string) string { return spoil(text, counts) }), counts
}

// rewritten changes the texts of a workbook or document.
func rewritten(t testing.TB, data []byte, change func(text string) string) []byte {
	t.Helper()
	names, texts := parts(t, data)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		s := texts[name]
		if strings.HasPrefix(name, "xl/sharedStrings") || strings.HasPrefix(name, "xl/worksheets/") || name == "word/document.xml" {
			s = textElement.ReplaceAllStringFunc(s, func(el string) string {
				m := textElement.FindStringSubmatch(el)
				return m[1] + html.EscapeString(change(html.UnescapeString(m[2]))) + m[3]
			})
		}
		to, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, s); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func spoil(text string, counts map[string]int) string {
	switch {
	case len([]rune(text)) >= prose && comma.MatchString(text):
		m := comma.FindStringIndex(text)
		counts["W001"]++
		if more := comma.FindStringIndex(text[m[1]:]); more != nil {
			counts["W005"]++
			at := m[1] + more[0]
			text = text[:at] + strings.Replace(text[at:], "，", ",", 1)
		}
		if twoHan.MatchString(strings.TrimRight(text, "。")) {
			counts["W010"]++
			end := text[len(strings.TrimRight(text, "。")):]
			text = twoHan.ReplaceAllString(strings.TrimRight(text, "。"), "$1  $2") + end
		}
		return "<p>" + text[:m[0]] + strings.Replace(text[m[0]:m[1]], "，", "，<br/>", 1) + text[m[1]:] + "&nbsp;</p>"
	case aBound.MatchString(text):
		counts["V011"]++
		return aBound.ReplaceAllString(text, "$1 ${2}内")
	case strings.HasPrefix(text, "≥") && len(text) > len("≥") && text[len("≥")] >= '0' && text[len("≥")] <= '9':
		counts["W009"]++
		return "＞＝" + strings.TrimPrefix(text, "≥")
	case aLabel.MatchString(text):
		counts["S015"]++
		return strings.Replace(text, "指标", "指 标", 1)
	}
	return text
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// TestPlacedDefects spoils every sample, mends it, and wants the sample's own
// texts back, all else untouched.
func TestPlacedDefects(t *testing.T) {
	engine := every(t)
	mends := []string{}
	for _, r := range engine.Rules() {
		if r.Mends != (model.Text{}) {
			mends = append(mends, r.Code)
		}
	}
	count := func(findings []model.Finding) map[string]int {
		out := map[string]int{}
		for _, f := range findings {
			if slices.Contains(mends, f.Rule) {
				out[f.Rule] += 1 + len(f.Related)
			}
		}
		return out
	}
	files, changes, left := 0, 0, 0
	for _, path := range samples(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			original, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			was := read(t, path, original)
			if !was.Status.Read() {
				t.Skip("holds no form")
			}
			spoilt, n := placed(t, original)
			doc := read(t, path, spoilt)
			if doc.Status != was.Status {
				t.Skipf("the defects make it %s", doc.Status)
			}
			before := engine.Document(&doc).Findings
			m, err := fix.Document(t.Context(), &doc, spoilt, engine, func(f []model.Finding) []model.Finding { return f }, func(data []byte) (model.Document, error) {
				return parser.Parse(context.Background(), parser.Source{Path: path, Data: data}, parser.Options{KeepTables: true, NoCache: true})
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("placed %v, found %v: %d changes, %d left", n, count(before), len(m.Changes), len(m.Left))
			for _, x := range m.Left {
				t.Logf("left %s %s %q: %s", x.Rule, x.Location.CellName(), x.Text, x.Why.In(model.Chinese))
			}
			files, changes, left = files+1, changes+len(m.Changes), left+len(m.Left)
			if m.Copy == nil {
				if len(n) > 0 && len(m.Left) == 0 {
					t.Error("nothing was mended")
				}
				return
			}
			unchangedParts(t, spoilt, m)
			is := read(t, path, m.Copy)
			now := engine.Document(&is).Findings
			if rest := count(now); len(rest) > 0 && len(m.Left) == 0 {
				t.Errorf("still found: %v", rest)
			}
			if len(m.Left) == 0 && len(now) > len(engine.Document(&was).Findings) {
				t.Errorf("%d findings, %d in the sample", len(now), len(engine.Document(&was).Findings))
			}
			changed := map[model.Location]model.Change{}
			for _, c := range m.Changes {
				changed[c.Location] = c
			}
			for i := range was.Tables {
				for k, c := range was.Tables[i].Cells {
					got := is.Tables[i].Cells[k]
					change, ok := changed[c.Location]
					if ok && squeeze(zh.Fold(got.Text)) == squeeze(zh.Fold(c.Text)) || !ok && got.Text == doc.Tables[i].Cells[k].Text {
						continue
					}
					if ok && slices.Contains(change.Rules, "V011") && strings.TrimRight(c.Text, "0") != "" {
						continue // written as the form's other values are
					}
					t.Errorf("%s: %q, want %q", c.Location.CellName(), got.Text, c.Text)
				}
			}
		})
	}
	t.Logf("%d files: %d changes, %d left", files, changes, left)
}

var (
	anyText  = regexp.MustCompile(`(<(?:w:)?t)(?: [^>]*)?>[^<]*</(?:w:)?t>(?:<w:br/><w:t xml:space="preserve">[^<]*</w:t>)*`)
	reserved = regexp.MustCompile(` uniqueCount="\d+"`)
)

// unchangedParts wants every part of a copy as it was, but for the texts in
// the parts that hold cells.
func unchangedParts(t *testing.T, before []byte, m model.Mended) {
	t.Helper()
	names, was := parts(t, before)
	after, is := parts(t, m.Copy)
	if !slices.Equal(names, after) {
		t.Fatalf("parts %v, want %v", after, names)
	}
	changed := 0
	for _, name := range names {
		if was[name] == is[name] {
			continue
		}
		changed++
		bare := func(s string) string {
			return reserved.ReplaceAllString(anyText.ReplaceAllString(s, "$1/>"), "")
		}
		a, b := bare(was[name]), bare(is[name])
		if name == "xl/sharedStrings.xml" {
			b = b[:min(len(b), strings.LastIndex(a, "</"))] + "</sst>"
		}
		if a != b && !strings.HasPrefix(name, "xl/worksheets/") {
			t.Errorf("%s: more than texts changed", name)
		}
		pieces := 0
		old, now := anyText.FindAllString(was[name], -1), anyText.FindAllString(is[name], -1)
		for i := range old {
			if old[i] != now[i] {
				pieces++
			}
		}
		if pieces > 3*len(m.Changes) {
			t.Errorf("%s: %d texts changed for %d changes", name, pieces, len(m.Changes))
		}
	}
	if changed == 0 {
		t.Error("no part changed")
	}
}

// retyped gives texts of a workbook others.
func retyped(t *testing.T, data []byte, texts map[string]string) []byte {
	t.Helper()
	return rewritten(t, data, func(text string) string { return cmp.Or(texts[text], text) })
}

// TestDefectsBehindDefects mends what shows once a tag or an entity is gone,
// so that there is nothing to do the next time, and makes no tag out of what
// was none.
func TestDefectsBehindDefects(t *testing.T) {
	original, err := os.ReadFile("../../testdata/office/clean-district.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	engine := every(t)
	all := func(f []model.Finding) []model.Finding { return f }
	reader := func(data []byte) (model.Document, error) {
		return parser.Parse(context.Background(), parser.Source{Path: "a.xlsx", Data: data}, parser.Options{KeepTables: true, NoCache: true})
	}
	for _, c := range []struct{ value, want, rules string }{
		{"<p>99%以上</p>", "≥99.00(%)", "W001 V011"},
		{"<b>≥９９.00</b>（%)", "≥99.00(%)", "W001 W009"},
		{"&lt;p&gt;≥99.00(%)&lt;/p&gt;", "≥99.00(%)", "W001"},
		{"&ge; ９９.00(%)", "≥99.00(%)", "W001 W009"},
		{"&lt;b&gt;99%以上", "≥99.00(%)", "W001 V011"},
		{"达到&lt;A级&gt;", "", ""},
		{"&lt;b&gt;48小时内", "", ""}, // 48小时 is no rate, which another rule would then say
		{"99%以上", "≥99.00(%)", "V011"},
		{"&amp;amp;amp;amp;amp;lt;b&amp;amp;amp;amp;amp;gt;≥99.00(%)", "", ""}, // its markup would remain
	} {
		data := retyped(t, original, map[string]string{"≥99.00(%)": c.value})
		doc := read(t, "a.xlsx", data)
		m, err := fix.Document(t.Context(), &doc, data, engine, all, reader)
		if err != nil {
			t.Fatal(err)
		}
		got, rules := "", ""
		for _, change := range m.Changes {
			if change.Before == c.value {
				got, rules = change.After, strings.Join(change.Rules, " ")
			}
		}
		if got != c.want || rules != c.rules {
			t.Errorf("%q becomes %q by %s, want %q by %s; left %v", c.value, got, rules, c.want, c.rules, m.Left)
		}
		for _, x := range m.Left {
			if c.want != "" {
				t.Errorf("%q: left %s %q: %s", c.value, x.Rule, x.Text, x.Why.In(model.Chinese))
			}
		}
		if m.Copy == nil {
			continue
		}
		again := read(t, "a.xlsx", m.Copy)
		if m, err = fix.Document(t.Context(), &again, m.Copy, engine, all, reader); err != nil {
			t.Fatal(err)
		}
		for _, change := range m.Changes {
			t.Errorf("%q: the second time %q becomes %q", c.value, change.Before, change.After)
		}
	}
}

// TestTextNotTyped says that a formula's text is one, not that it is not
// found.
func TestTextNotTyped(t *testing.T) {
	original, err := os.ReadFile("../../testdata/office/clean-district.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	names, texts := parts(t, original)
	before, _, ok := strings.Cut(texts["xl/sharedStrings.xml"], ">≥99.00(%)<")
	if !ok {
		t.Fatal("the sample has changed")
	}
	cell := regexp.MustCompile(`t="s"><v>` + strconv.Itoa(strings.Count(before, "<si>")-1) + `</v>`)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		to, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, cell.ReplaceAllString(texts[name], `t="str"><f>"48"&amp;"小时内"</f><v>48小时内</v>`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	doc := read(t, "a.xlsx", out.Bytes())
	m, err := fix.Document(t.Context(), &doc, out.Bytes(), every(t), func(f []model.Finding) []model.Finding { return f }, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Changes) > 0 || len(m.Left) == 0 || !strings.Contains(m.Left[0].Why.In(model.English), "formula") {
		t.Errorf("changes %v, left %v", m.Changes, m.Left)
	}
}
