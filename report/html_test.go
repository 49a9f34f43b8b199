package report

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"perfgoal/internal/browser"
	"perfgoal/model"
)

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	return strings.Contains(" "+attribute(n, "class")+" ", " "+class+" ")
}

func elements(n *html.Node, tag string) []*html.Node {
	var out []*html.Node
	for x := range n.Descendants() {
		if x.Type == html.ElementNode && x.Data == tag {
			out = append(out, x)
		}
	}
	return out
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for x := range n.Descendants() {
		if x.Type == html.TextNode {
			b.WriteString(x.Data)
		}
	}
	return b.String()
}

// TestHTML reads the page back: it needs no network, its links lead
// somewhere, every declaration is a whole grid, and nothing from a document
// becomes markup.
func TestHTML(t *testing.T) {
	for name, run := range runs(t) {
		for _, lang := range []model.Lang{model.Chinese, model.English} {
			got := lint(t, lintFormat(t, "html"), options(lang), run)
			page, err := html.Parse(bytes.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			ids := map[string]bool{}
			for n := range page.Descendants() {
				if id := attribute(n, "id"); id != "" {
					if ids[id] {
						t.Errorf("%s: id %s twice", name, id)
					}
					ids[id] = true
				}
				for _, a := range n.Attr {
					if (a.Key == "src" || a.Key == "href") && !strings.HasPrefix(a.Val, "#") || strings.HasPrefix(a.Key, "on") {
						t.Errorf("%s: <%s %s=%q> leads out of the page", name, n.Data, a.Key, a.Val)
					}
				}
			}
			for _, a := range elements(page, "a") {
				if to := strings.TrimPrefix(attribute(a, "href"), "#"); !ids[to] {
					t.Errorf("%s: link to #%s, which is nowhere", name, to)
				}
			}
			if n := len(elements(page, "script")); n != 1 {
				t.Errorf("%s: %d scripts, want the page's own", name, n)
			}
			forms, findings := 0, 0
			for _, c := range run {
				findings += len(c.Findings)
				if c.Document != nil {
					forms += len(c.Document.Forms)
				}
			}
			sheets := 0
			for _, table := range elements(page, "table") {
				switch {
				case hasClass(table, "declaration"):
					sheets++
					wantGrid(t, name, table)
				case attribute(table, "id") == "findings":
					if rows := len(elements(table, "tr")) - 1; rows != findings {
						t.Errorf("%s: %d findings listed, want %d", name, rows, findings)
					}
				}
			}
			if sheets != forms {
				t.Errorf("%s: %d forms drawn, want %d", name, sheets, forms)
			}
		}
	}
}

// wantGrid wants the cells of a table to fill a grid of six columns without
// holes or overlaps.
func wantGrid(t *testing.T, name string, table *html.Node) {
	t.Helper()
	const columns = 6
	open := make([]int, columns) // rows for which a cell above still runs
	for r, tr := range elements(table, "tr") {
		col := 0
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				continue
			}
			for col < columns && open[col] > 0 {
				col++
			}
			width, height := 1, 1
			if v, err := strconv.Atoi(attribute(c, "colspan")); err == nil {
				width = v
			}
			if v, err := strconv.Atoi(attribute(c, "rowspan")); err == nil {
				height = v
			}
			for range width {
				if col >= columns || open[col] > 0 {
					t.Fatalf("%s: row %d overlaps or is too wide: %s", name, r, textOf(tr))
				}
				open[col] = height
				col++
			}
		}
		for i := range open {
			if open[i] == 0 {
				t.Fatalf("%s: row %d has a hole at column %d: %s", name, r, i, textOf(tr))
			}
			open[i]--
		}
	}
}

// TestHTMLMarks wants the cell of each finding marked with its number, the
// note beside it, and the cells it was compared with marked as such.
func TestHTMLMarks(t *testing.T) {
	d := sampleDocument(t)
	d.Forms[0].Indicators[0].PrintedLevel1 = "效益指标"
	at := func(rule, field string, severity model.Severity, related ...model.Related) model.Finding {
		return model.Finding{Rule: rule, Name: "x", Severity: severity, Path: d.Path, Form: ptr(1), Field: field, Related: related,
			Message: model.Message{Text: model.Text{Zh: "问题出在 " + field}}}
	}
	run := []Checked{{Path: d.Path, Status: model.StatusOK, Forms: 1, Document: d, Findings: []model.Finding{
		at("F001", "funding.annual.total", model.Error, model.Related{Form: ptr(1), Field: "funding.annual.current_year_appropriation"}),
		at("S016", "indicators[1].value", model.Warning),
		at("S009", "indicators[0].level1", model.Info),
		at("T002", "fiscal_year", model.Info),
	}}}
	page, err := html.Parse(bytes.NewReader(lint(t, lintFormat(t, "html"), options(model.Chinese), run)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "td" || n.Data == "th" || n.Data == "caption") && len(elements(n, "a")) > 0 && attribute(n.Parent, "data-s") == "" {
			got[strings.Join(strings.Fields(textOf(n)), "")+" "+attribute(n, "class")] = true
		}
	}
	want := map[string]bool{
		"68,000.001 money hit error": true, "68,000.001 money see": true, "（缺）2 hit warning": true,
		"效益指标（应为成本指标）3 level hit info": true, "财政项目支出绩效目标申报表（2026年度）4 ": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marked cells (-want +got):\n%s", diff)
	}
}

// TestHTMLLandmarks wants every landmark once under its name, so that readers
// of screens can tell them apart (axe's landmark-unique).
func TestHTMLLandmarks(t *testing.T) {
	run := sampleChecked(t)
	second := run[0]
	second.Path = "澄湖区/再报一次.pdf" // the same forms again
	var b bytes.Buffer
	w := lintFormat(t, "html").New(&b, options(model.Chinese))
	for _, c := range append(run, second) {
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(End{Manifest: &Completeness{Path: "list.csv", Units: []UnitCompleteness{{Unit: "澄湖区气象台", Expected: 1}}}}); err != nil {
		t.Fatal(err)
	}
	page, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]*html.Node{}
	for n := range page.Descendants() {
		if id := attribute(n, "id"); id != "" {
			byID[id] = n
		}
	}
	seen := map[string]bool{}
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		name := attribute(n, "aria-label")
		if by := byID[attribute(n, "aria-labelledby")]; by != nil {
			name = textOf(by)
		}
		role := attribute(n, "role")
		if role == "" {
			// https://www.w3.org/TR/html-aam-1.0/#html-element-role-mappings
			role = map[string]string{"main": "main", "nav": "navigation", "aside": "complementary"}[n.Data]
			atTop := n.Parent != nil && n.Parent.Data == "body"
			switch {
			case n.Data == "header" && atTop:
				role = "banner"
			case n.Data == "footer" && atTop:
				role = "contentinfo"
			case (n.Data == "section" || n.Data == "form") && name != "":
				role = map[string]string{"section": "region", "form": "form"}[n.Data]
			}
		}
		switch role {
		case "banner", "contentinfo", "main", "navigation", "complementary", "search", "region", "form":
			if seen[role+" "+name] {
				t.Errorf("landmark %s %q twice", role, name)
			}
			seen[role+" "+name] = true
		}
	}
	for _, want := range []string{"banner ", "main ", "contentinfo ", "navigation 目录", "search 筛选问题", "region 报送情况", "region 问题清单", "region 申报表"} {
		if !seen[want] {
			t.Errorf("no landmark %s; there are %v", want, seen)
		}
	}
}

// TestHTMLInBrowser uses the filters as a reader would and wants no complaint
// of the browser's.
func TestHTMLInBrowser(t *testing.T) {
	page := lint(t, lintFormat(t, "html"), options(model.Chinese), sampleChecked(t))
	const use = `(() => {
  const f = document.getElementById("filters"), got = [];
  const see = () => got.push(document.querySelectorAll("#findings tbody tr:not([hidden])").length + "/" + document.getElementById("count").textContent);
  const change = (e) => { e.dispatchEvent(new Event("input", {bubbles: true})); see(); };
  see();
  f.elements.q.value = "70,000 相差"; change(f.elements.q);
  f.elements.q.value = ""; f.elements["s-error"].checked = false; change(f.elements["s-error"]);
  f.elements.rule.value = "V006"; change(f.elements.rule);
  return got.join("|") + "|scrolls sideways: " + (document.documentElement.scrollWidth > innerWidth);
})()`
	for _, width := range []int{1400, 390} {
		d := browser.Open(t, page, width, 900)
		var got string
		d.Run(use, &got)
		if want := "3/显示3处，共3处|1/显示1处，共3处|2/显示2处，共3处|1/显示1处，共3处|scrolls sideways: false"; got != want {
			t.Errorf("%d wide: %q, want %q", width, got, want)
		}
		for _, c := range d.Complaints() {
			t.Error(c)
		}
	}
}

// TestHTMLPrints wants the summary and the list on A4 paper, and forms only
// when they are asked for: those with findings, all of them, or one.
func TestHTMLPrints(t *testing.T) {
	opt, run := manyForms(t, 43)
	found := map[int]bool{}
	for _, f := range run.Findings {
		if f.Form != nil {
			found[*f.Form] = true
		}
	}
	d := browser.Open(t, lint(t, lintFormat(t, "html"), opt, []Checked{run}), 1400, 900)
	d.Run(`window.asked = 0; window.print = () => { window.asked++; }`, nil)
	clean := run.Forms - len(found)
	pages := map[string]int{}
	for _, tt := range []struct {
		name, click                 string
		rows, withFindings, without int
	}{
		{"as it stands", "0", len(run.Findings), 0, 0},
		{"list", `document.querySelector("[data-what=list]").click()`, len(run.Findings), 0, 0},
		{"found", `document.querySelector("[data-what=found]").click()`, len(run.Findings), len(found), 0},
		{"all", `document.querySelector("[data-what=all]").click()`, len(run.Findings), len(found), clean},
		{"one", `document.querySelector("article button").click()`, 0, 1, 0},
	} {
		d.Run(tt.click, nil)
		d.Call("Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
		var got struct{ Rows, With, Without, Buttons int }
		d.Run(`(() => {
  const seen = (what) => [...document.querySelectorAll(what)].filter((e) => e.checkVisibility({contentVisibilityAuto: true})).length;
  return {rows: seen("#findings tbody tr"), with: seen("article table"), without: seen("details table"), buttons: seen("button")};
})()`, &got)
		if got.Rows != tt.rows || got.With != tt.withFindings || got.Without != tt.without || got.Buttons != 0 {
			t.Errorf("%s: %d findings, %d forms with, %d without findings, %d buttons; want %d, %d, %d, 0", tt.name,
				got.Rows, got.With, got.Without, got.Buttons, tt.rows, tt.withFindings, tt.without)
		}
		d.Call("Emulation.setEmulatedMedia", map[string]any{"media": ""}, nil)
		paper := d.Print() // afterwards the page is as before
		pages[tt.name] = len(regexp.MustCompile(`/Type /Page\b`).FindAll(paper, -1))
		if a4 := regexp.MustCompile(`/MediaBox \[0 0 59[45]\S* 84[12]\S*\]`); !a4.Match(paper) {
			t.Errorf("%s: the pages are not A4", tt.name)
		}
	}
	if pages["list"] != pages["as it stands"] || pages["one"] > 2 || pages["list"] >= pages["found"] || pages["found"] >= pages["all"] {
		t.Errorf("pages: %v", pages)
	}
	var after struct {
		Asked int
		Open  int
		Mode  bool
	}
	d.Run(`({asked: window.asked, open: document.querySelectorAll("details[open]").length, mode: "print" in document.documentElement.dataset})`, &after)
	if after.Asked != 4 || after.Open != 0 || after.Mode {
		t.Errorf("afterwards: %+v, want four print dialogues and the page as it was", after)
	}
	for _, c := range d.Complaints() {
		t.Error(c)
	}
}

// TestHTMLManifest shows what of a manifest came, and findings about the
// bundle under a heading of their own.
func TestHTMLManifest(t *testing.T) {
	opt := options(model.Chinese)
	bundle := Checked{Bundle: true, Status: model.StatusOK, Findings: []model.Finding{{Rule: "B007", Name: "missing-from-manifest", Severity: model.Error,
		Path: "list.csv", Field: "manifest", Message: model.Message{Text: model.Text{Zh: "没有报。"}}, Fingerprint: "x"}}}
	for _, format := range LintFormats() {
		written := lintTo(t, format, opt, append(sampleChecked(t), bundle),
			End{Manifest: &Completeness{Path: "list.csv", Units: []UnitCompleteness{{Unit: "澄湖区气象台", Expected: 2, Submitted: 1, Missing: 1}}}})
		switch format.Name {
		case "html", "text", "markdown", "json", "opinion":
			if got := string(written); !strings.Contains(got, "澄湖区气象台") || !strings.Contains(got, "没有报。") {
				t.Errorf("%s names neither the unit nor the finding:\n%s", format.Name, got)
			}
		case "xlsx":
			rows := rowsOf(t, openBook(t, written), "汇总")
			found := false
			for _, row := range rows {
				found = found || len(row) == 8 && row[0] == "澄湖区气象台" && row[3] == "1"
			}
			if !found {
				t.Errorf("xlsx lacks the unit's row: %v", rows)
			}
		case "annotated": // it is about no PDF
		default:
			if !strings.Contains(string(written), "list.csv") {
				t.Errorf("%s lacks the finding about the bundle", format.Name)
			}
		}
	}
}
