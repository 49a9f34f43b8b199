package report

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/validate"
)

// browserPath finds Debian's chromium.
func browserPath(t *testing.T) string {
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

// tab is a page in a browser, driven over the DevTools protocol through a pair
// of pipes: messages are JSON that end with a zero byte.
// https://chromedevtools.github.io/devtools-protocol/
type tab struct {
	t       *testing.T
	in      *os.File
	out     *bufio.Reader
	log     *bytes.Buffer
	session string
	last    int
	events  map[string][]json.RawMessage // by method; those not taken yet
}

type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// openTab opens a page in a window of the given size, in CSS pixels. The test
// is skipped where the browser does not start.
func openTab(t *testing.T, page []byte, width, height int) *tab {
	t.Helper()
	path := browserPath(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "report.html")
	if err := os.WriteFile(file, page, 0o666); err != nil {
		t.Fatal(err)
	}
	commands, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, answers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// A browser that hangs ends, and with it the pipe that a test reads.
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	c := exec.CommandContext(ctx, path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--remote-debugging-pipe", "--user-data-dir="+filepath.Join(dir, "profile"), "about:blank")
	c.ExtraFiles = []*os.File{commands, answers} // file descriptors 3 and 4
	d := &tab{t: t, in: in, out: bufio.NewReader(out), log: &bytes.Buffer{}, events: map[string][]json.RawMessage{}}
	c.Stderr = d.log
	if err := c.Start(); err != nil {
		t.Skipf("chromium does not start here: %v", err)
	}
	_, _ = commands.Close(), answers.Close()
	t.Cleanup(func() {
		_ = in.Close() // the browser ends with its pipe
		_ = out.Close()
		_ = c.Wait()
		cancel()
	})
	var target struct{ TargetID string }
	if m, err := d.send("Target.createTarget", map[string]any{"url": "about:blank"}); err != nil {
		t.Skipf("chromium does not run here: %v\n%s", err, d.log)
	} else if err := json.Unmarshal(m.Result, &target); err != nil {
		t.Fatal(err)
	}
	var session struct{ SessionID string }
	d.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	d.session = session.SessionID
	d.call("Page.enable", nil, nil)
	d.call("Runtime.enable", nil, nil)
	d.call("Log.enable", nil, nil)
	d.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	d.call("Page.navigate", map[string]any{"url": "file://" + file}, nil)
	for len(d.events["Page.loadEventFired"]) == 0 {
		if _, err := d.read(); err != nil {
			t.Fatalf("the page does not load: %v\n%s", err, d.log)
		}
	}
	return d
}

// read takes one message and keeps it where it is an event.
func (d *tab) read() (message, error) {
	line, err := d.out.ReadBytes(0)
	if err != nil {
		return message{}, err
	}
	var params json.RawMessage
	m := message{Params: &params}
	if err := json.Unmarshal(bytes.TrimSuffix(line, []byte{0}), &m); err != nil {
		return message{}, err
	}
	if m.ID == 0 {
		d.events[m.Method] = append(d.events[m.Method], params)
	}
	return m, nil
}

// send asks for something and waits for its answer.
func (d *tab) send(method string, params any) (message, error) {
	d.last++
	line, err := json.Marshal(message{ID: d.last, Session: d.session, Method: method, Params: params})
	if err != nil {
		return message{}, err
	}
	if _, err := d.in.Write(append(line, 0)); err != nil {
		return message{}, err
	}
	for {
		if m, err := d.read(); err != nil || m.ID == d.last {
			return m, err
		}
	}
}

func (d *tab) call(method string, params, result any) {
	d.t.Helper()
	m, err := d.send(method, params)
	if err != nil {
		d.t.Fatalf("%s: %v\n%s", method, err, d.log)
	}
	if m.Error != nil {
		d.t.Fatalf("%s: %s", method, m.Error)
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			d.t.Fatalf("%s: %v", method, err)
		}
	}
}

// run evaluates a script, waits for what it promises and decodes its value.
func (d *tab) run(script string, value any) {
	d.t.Helper()
	var got struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	d.call("Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true, "returnByValue": true}, &got)
	if got.ExceptionDetails != nil {
		d.t.Fatalf("%s\n%s", got.ExceptionDetails.Exception.Description, script)
	}
	if value != nil {
		if err := json.Unmarshal(got.Result.Value, value); err != nil {
			d.t.Fatalf("%v\n%s", err, got.Result.Value)
		}
	}
}

// complaints are what the browser has against the page.
func (d *tab) complaints() []string {
	d.run("0", nil) // what was said before comes first
	var out []string
	for _, method := range []string{"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"} {
		for _, e := range d.events[method] {
			out = append(out, method+" "+string(e))
		}
	}
	return out
}

// print is the page as PDF, as its print styles ask for.
func (d *tab) print() []byte {
	d.t.Helper()
	var got struct{ Data string }
	d.call("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, &got)
	data, err := base64.StdEncoding.DecodeString(got.Data)
	if err != nil {
		d.t.Fatal(err)
	}
	return data
}

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
			d := openTab(t, bytes.Replace(page, []byte("</head>"), []byte(tt.style+"</head>"), 1), tt.width, tt.height)
			var got struct {
				Count int
				Wrong []string
			}
			d.run(fmt.Sprintf("(%s)(%t)", followLinks, tt.listOnly), &got)
			for _, wrong := range got.Wrong {
				t.Error(wrong)
			}
			if got.Count < len(run.Findings) && !t.Failed() {
				t.Errorf("%d links for %d findings", got.Count, len(run.Findings))
			}
			for _, c := range d.complaints() {
				t.Error(c)
			}
		})
	}
}
