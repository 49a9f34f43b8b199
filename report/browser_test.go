package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"perfgoal/internal/browser"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/validate"
)

// manyForms is a checked document of n declarations, with the options to write
// it: those with defects of the project's own text files, over and over, each
// under a name of its own.
func manyForms(t *testing.T, n int) (Options, Checked) {
	t.Helper()
	const title = "财政项目支出绩效目标申报表"
	files, err := filepath.Glob("../testdata/text/defects-*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no text forms: %v", err)
	}
	var forms []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		forms = append(forms, strings.Split(string(data), title)[1:]...)
	}
	var b strings.Builder
	for i := range n {
		form := forms[i%len(forms)]
		before, after, found := strings.Cut(form, "项目名称\t")
		if !found {
			t.Fatalf("a form without a project's name:\n%s", form)
		}
		fmt.Fprintf(&b, "%s%s项目名称\t第%d批%s", title, before, i+1, after)
	}
	doc, err := parser.Parse(t.Context(), parser.Source{Path: "汇总表.txt", Data: []byte(b.String())}, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Forms) != n {
		t.Fatalf("%d forms read, want %d", len(doc.Forms), n)
	}
	engine, err := validate.New(validate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	result := engine.Document(&doc)
	opt := options(model.Chinese)
	opt.Rules = engine.Rules()
	return opt, Checked{Path: doc.Path, Status: doc.Status, Forms: n, Document: &doc, Findings: result.Findings, Checks: result.Checks}
}

// followLinks clicks the links and returns what went wrong: first those of
// the list, from the last up, while the forms above have not been laid out. A
// form, or whatever a heading opens, has to stand at the top of the window
// unless the page ends before; a note or cell has to be in sight, and nothing
// may cover it.
const followLinks = `async (listOnly) => {
  const frame = () => new Promise(requestAnimationFrame);
  const settled = async () => {
    let still = 0, last = "";
    for (let i = 0; still < 2 && i < 40; i++) {
      await frame();
      const box = target.getBoundingClientRect(), now = scrollY + " " + box.top + " " + document.documentElement.scrollHeight;
      still = now === last ? still + 1 : 0;
      last = now;
    }
    return still === 2;
  };
  const wrong = [];
  let count = 0, target;
  const all = [...document.querySelectorAll("a[href^='#']")], list = all.filter((a) => a.closest("#findings"));
  for (const link of list.reverse().concat(listOnly ? [] : all.filter((a) => !a.closest("#findings")))) {
    target = document.getElementById(link.getAttribute("href").slice(1));
    link.scrollIntoView({block: "center", behavior: "instant"});
    await frame();
    link.click();
    count++;
    const rests = await settled();
    const box = target.getBoundingClientRect();
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const tall = target.matches("article, details, h2, h3, main");
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
    const y = Math.max(box.top, 0) + Math.min(box.height / 2, 12);
    const there = document.elementFromPoint(x, y);
    const name = (link.closest("article, details, section[aria-labelledby]") || {}).id + " " + link.textContent.trim() + " -> " + target.id;
    if (!rests) { wrong.push(name + ": still moving"); }
    else if (box.left < -1 || box.left + Math.min(box.width, innerWidth / 2) > innerWidth + 1) { wrong.push(name + ": beside the window, from " + box.left + " to " + box.right); }
    else if (box.top < -1 || box.top + Math.min(box.height, 12) > innerHeight) { wrong.push(name + ": out of sight, at " + box.top); }
    else if (tall && !atEnd && box.top > 40) { wrong.push(name + ": not at the top but at " + box.top); }
    else if (!there || there !== target && !target.contains(there)) { wrong.push(name + ": covered by " + (there && there.outerHTML.slice(0, 80))); }
    if (wrong.length === 10) { break; } // enough to see what is wrong
  }
  return {count, wrong};
}`

// TestHTMLLinks clicks every link of a long report and looks what stands
// there then.
func TestHTMLLinks(t *testing.T) {
	const forms = 43
	opt, run := manyForms(t, forms)
	page := lint(t, lintFormat(t, "html"), opt, []Checked{run})
	for _, tt := range []struct {
		name, style   string
		width, height int
		listOnly      bool
	}{
		{"desktop", "", 1400, 900, false},
		{"phone", "", 390, 844, false},
		// Safari does not hold the page in place when something above grows.
		{"without scroll anchoring", "<style>html { overflow-anchor: none; }</style>", 1400, 900, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // most of it is waiting for frames
			d := browser.Open(t, bytes.Replace(page, []byte("</head>"), []byte(tt.style+"</head>"), 1), tt.width, tt.height)
			var got struct {
				Count int
				Wrong []string
			}
			d.Run(fmt.Sprintf("(%s)(%t)", followLinks, tt.listOnly), &got)
			for _, wrong := range got.Wrong {
				t.Error(wrong)
			}
			if got.Count < len(run.Findings) && !t.Failed() {
				t.Errorf("%d links for %d findings", got.Count, len(run.Findings))
			}
			for _, c := range d.Complaints() {
				t.Error(c)
			}
		})
	}
}
