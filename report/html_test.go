package report

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

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

// browser finds Debian's chromium.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("without chromium the page is not opened in a browser")
	}
	return path
}

func openPage(t *testing.T, page []byte, args ...string) (out, log string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, page, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	args = append([]string{"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr",
		"--user-data-dir=" + filepath.Join(dir, "profile")}, append(args, "file://"+file)...)
	c := exec.CommandContext(ctx, browser(t), args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Skipf("chromium does not run here: %v\n%s", err, stderr.String())
	}
	return stdout.String(), stderr.String()
}

// TestHTMLInBrowser uses the filters as a reader would and wants no complaint
// of the browser's.
func TestHTMLInBrowser(t *testing.T) {
	browser(t)
	page := lint(t, lintFormat(t, "html"), options(model.Chinese), sampleChecked(t))
	use := `<script>
var f = document.getElementById("filters"), got = [];
function see() { got.push(document.querySelectorAll("#findings tbody tr:not([hidden])").length + "/" + document.getElementById("count").textContent); }
function change(e) { e.dispatchEvent(new Event("input", {bubbles: true})); see(); }
see();
f.elements.q.value = "70,000 相差"; change(f.elements.q);
f.elements.q.value = ""; f.elements["s-error"].checked = false; change(f.elements["s-error"]);
f.elements.rule.value = "V006"; change(f.elements.rule);
location.hash = "#f1-2";
document.title = got.join("|") + "|scrolls sideways: " + (document.documentElement.scrollWidth > innerWidth);
</script></body>`
	for _, width := range []string{"1400", "500"} {
		dom, log := openPage(t, bytes.Replace(page, []byte("</body>"), []byte(use), 1), "--dump-dom", "--window-size="+width+",900")
		want := "3/显示3处，共3处|1/显示1处，共3处|2/显示2处，共3处|1/显示1处，共3处|scrolls sideways: false"
		if !strings.Contains(dom, "<title>"+want+"</title>") {
			t.Errorf("%s wide: title %q, want %q", width, regexp.MustCompile(`<title>.*</title>`).FindString(dom), want)
		}
		if strings.Contains(log, "CONSOLE") {
			t.Errorf("the browser complains:\n%s", log)
		}
	}
}

// TestHTMLPrints wants A4 pages.
func TestHTMLPrints(t *testing.T) {
	browser(t)
	file := filepath.Join(t.TempDir(), "report.pdf")
	openPage(t, lint(t, lintFormat(t, "html"), options(model.Chinese), sampleChecked(t)), "--no-pdf-header-footer", "--print-to-pdf="+file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`/MediaBox \[0 0 59[45]\S* 84[12]\S*\]`).Match(data) {
		t.Error("the printed pages are not A4")
	}
}

// TestHTMLManifest shows what of a manifest came, and findings about the
// bundle under a heading of their own.
func TestHTMLManifest(t *testing.T) {
	opt := options(model.Chinese)
	bundle := Checked{Bundle: true, Status: model.StatusOK, Findings: []model.Finding{{Rule: "B007", Name: "missing-from-manifest", Severity: model.Error,
		Path: "list.csv", Field: "manifest", Message: model.Message{Text: model.Text{Zh: "没有报。"}}, Fingerprint: "x"}}}
	for _, format := range LintFormats() {
		var b bytes.Buffer
		w := format.New(&b, opt)
		for _, c := range append(sampleChecked(t), bundle) {
			if err := w.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(End{Manifest: &Completeness{Path: "list.csv", Units: []UnitCompleteness{{Unit: "澄湖区气象台", Expected: 2, Submitted: 1, Missing: 1}}}}); err != nil {
			t.Fatalf("%s: %v", format.Name, err)
		}
		switch format.Name {
		case "html", "text", "markdown", "json":
			if got := b.String(); !strings.Contains(got, "澄湖区气象台") || !strings.Contains(got, "没有报。") {
				t.Errorf("%s names neither the unit nor the finding:\n%s", format.Name, got)
			}
		case "xlsx":
			rows := rowsOf(t, openBook(t, b.Bytes()), "汇总")
			found := false
			for _, row := range rows {
				found = found || len(row) == 8 && row[0] == "澄湖区气象台" && row[3] == "1"
			}
			if !found {
				t.Errorf("xlsx lacks the unit's row: %v", rows)
			}
		default:
			if !strings.Contains(b.String(), "list.csv") {
				t.Errorf("%s lacks the finding about the bundle", format.Name)
			}
		}
	}
}
