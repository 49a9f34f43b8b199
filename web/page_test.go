package web

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/cmd"
	"perfgoal/internal/browser"
)

// mostBytes is what the page may weigh: mail and office servers take it.
const mostBytes = 10_000_000

// TestEncode undoes what the page undoes.
func TestEncode(t *testing.T) {
	for n := range 40 {
		data := bytes.Repeat([]byte{0xff, 0, 0x5a}, n)[:n]
		text := encode(data)
		if strings.ContainsAny(text, "<\r\n\x00") || len(text) > (8*n+12)/13*2 {
			t.Errorf("%d bytes are written %q", n, text)
		}
	}
}

// TestPage opens the page from a file, with the network off, and has it read
// documents: what it says of them is what the program says, byte for byte.
func TestPage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "perfgoal.html")
	browser.Find(t) // before minutes of compiling
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := Build(t.Context(), f, "devel"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() > mostBytes {
		t.Errorf("the page has %d bytes, at most %d: %v", info.Size(), mostBytes, err)
	}
	tab := browser.OpenFile(t, file, 1280, 900)
	tab.Run(`perfgoal.ready`, nil)
	documents := documents(t)
	for name, data := range documents {
		t.Run(name, func(t *testing.T) {
			var got string
			tab.Run(`perfgoal.lint(`+quoted(name)+`, `+bytesOf(data)+`)`, &got)
			if diff := cmp.Diff(program(t, name, data), got); diff != "" {
				t.Errorf("the page's JSON differs from the program's (-program +page):\n%s", diff)
			}
		})
	}
	t.Run("surface", func(t *testing.T) { surface(t, tab, documents["defects.pdf"]) })
	t.Run("marked copy", func(t *testing.T) { marked(t, tab, documents["defects.pdf"]) })
	t.Run("end of memory", func(t *testing.T) { ended(t, tab) })
	for _, address := range tab.Requests() {
		if scheme, _, _ := strings.Cut(address, ":"); scheme != "file" && scheme != "blob" && scheme != "about" {
			t.Errorf("the page asks for %s", address)
		}
	}
	for _, complaint := range tab.Complaints() {
		t.Error(complaint)
	}
}

// surface drops two files on the page, one of which cannot be read, and looks
// at what it shows.
func surface(t *testing.T, tab *browser.Tab, document []byte) {
	var got struct {
		Results []string
		Forms   int
		Links   int
		Title   string
		English string
		State   string
		Again   bool
		Twice   []string // the files once the report was made again by two clicks
		Printed int
	}
	tab.Run(`(async () => {
  document.querySelector("[data-lang=zh]").click();
  const dropped = new DataTransfer();
  dropped.items.add(new File([`+bytesOf(document)+`], "专项.pdf"));
  dropped.items.add(new File(["%PDF-1.4 cut"], "坏.pdf"));
  dispatchEvent(new DragEvent("drop", {dataTransfer: dropped}));
  const items = () => [...document.querySelectorAll("#results li")].map((e) => e.textContent);
  while (items().length < 2) { await new Promise((r) => setTimeout(r, 20)); }
  await new Promise((r) => setTimeout(r, 20));
  const inside = document.getElementById("report").contentDocument;
  const results = items();
  const links = [...inside.querySelectorAll("#findings a[href^='#']")];
  links[links.length - 1].click(); // stays within the report
  let printed = 0;
  document.getElementById("report").contentWindow.print = () => printed++;
  dispatchEvent(new KeyboardEvent("keydown", {key: "p", ctrlKey: true}));
  document.getElementById("print").click();
  document.querySelector("[data-lang=en]").click();
  const again = !document.getElementById("again").hidden;
  const english = document.querySelector("h1").textContent, state = document.getElementById("state").textContent;
  document.getElementById("again").click();
  document.getElementById("again").click();
  while (!document.getElementById("again").hidden || document.getElementById("state").textContent !== "Done.") { await new Promise((r) => setTimeout(r, 20)); }
  const twice = [...document.querySelectorAll("#results .name")].map((e) => e.textContent);
  document.querySelector("[data-lang=zh]").click();
  const read = Blob.prototype.text;
  let reads = 0;
  Blob.prototype.text = async function() {
    const late = reads++ === 0, text = await read.call(this);
    if (late) { await new Promise((r) => setTimeout(r, 100)); }
    return text;
  };
  for (const i of [1, 0]) { document.querySelectorAll("#results button")[i].click(); }
  await new Promise((r) => setTimeout(r, 300));
  Blob.prototype.text = read;
  return {results, english, state, again, printed, twice, forms: document.getElementById("report").contentDocument.querySelectorAll("article").length, links: links.length, title: document.getElementById("title").textContent};
})()`, &got)
	if strings.Count(got.Results[1], "损坏") != 1 || !strings.Contains(got.Results[1], "perfgoal 程序") {
		t.Errorf("of the damaged file it says %q", got.Results[1])
	}
	if len(got.Results) != 2 || !strings.HasPrefix(got.Results[0], "专项.pdf") || !strings.Contains(got.Results[0], "处错误") ||
		!strings.HasPrefix(got.Results[1], "坏.pdf") {
		t.Errorf("results are %q", got.Results)
	}
	if got.Forms == 0 || got.Links == 0 || got.Title != "专项.pdf" {
		t.Errorf("the report of %q shows %d forms and %d links", got.Title, got.Forms, got.Links)
	}
	if !got.Again || got.Printed != 2 {
		t.Errorf("in the other language the report can be made again: %v; it was printed %d times, not 2", got.Again, got.Printed)
	}
	if diff := cmp.Diff([]string{"专项.pdf", "坏.pdf"}, got.Twice); diff != "" {
		t.Errorf("once a report was made again it lists (-want +got):\n%s", diff)
	}
	if got.English != "Check performance-target declarations" || got.State != "Done." {
		t.Errorf("in English it says %q and %q", got.English, got.State)
	}
}

// marked wants the copy that the program writes, and reasons where it writes
// none.
func marked(t *testing.T, tab *browser.Tab, document []byte) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("专项.pdf", document, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd.Main([]string{"lint", "--no-config", "--no-cache", "--lang", "zh", "-o", "annotated=副本.pdf", "专项.pdf"}, strings.NewReader(""), io.Discard, io.Discard)
	want, err := os.ReadFile("副本.pdf")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Copy, Saved, Why string
		Offered          bool // for a file with lines in front of its header
	}
	tab.Run(`(async () => {
  const text = (bytes) => { let s = ""; for (const b of bytes) { s += String.fromCharCode(b); } return btoa(s); };
  const bytes = `+bytesOf(document)+`;
  const copy = text(await perfgoal.annotate("专项.pdf", bytes));
  let why = "";
  try { await perfgoal.annotate("坏.pdf", new TextEncoder().encode("%PDF-1.4 cut")); } catch (e) { why = e.message; }
  let saved = "";
  HTMLAnchorElement.prototype.click = function() { saved = this.download; };
  document.getElementById("save-copy").click();
  while (!saved) { await new Promise((r) => setTimeout(r, 20)); }
  const dropped = new DataTransfer();
  dropped.items.add(new File(["\n\n", bytes], "附件.pdf"));
  dispatchEvent(new DragEvent("drop", {dataTransfer: dropped}));
  while (document.getElementById("title").textContent !== "附件.pdf") { await new Promise((r) => setTimeout(r, 20)); }
  const offered = !document.getElementById("save-copy").hidden;
  return {copy, saved, why, offered};
})()`, &got)
	if got.Copy != base64.StdEncoding.EncodeToString(want) {
		t.Errorf("the page's copy has some %d bytes and is not the program's of %d", len(got.Copy)*3/4, len(want))
	}
	if !got.Offered {
		t.Error("it offers no copy of a file with lines in front of its header")
	}
	if got.Saved != "专项-批注.pdf" || !strings.Contains(got.Why, "损坏") {
		t.Errorf("the copy is called %q; where there is none it says %q", got.Saved, got.Why)
	}
}

// ended wants a worker to say so when the linter ends before it has answered,
// as it does where its memory runs out.
func ended(t *testing.T, tab *browser.Tab) {
	var got struct{ Running, Starting, Page, Hired string }
	tab.Run(`(async () => {
  const text = document.getElementById("worker").textContent;
  const own = text.slice(text.indexOf("// A worker reads one document"));
  const module = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  const answer = (go, messages) => new Promise((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob(["class Go { importObject = {}; " + go + " }\n" + own])));
    worker.onmessage = ({data}) => {
      if (data === "ready") { worker.postMessage({name: "a.txt", bytes: new ArrayBuffer(1), lang: "zh"}); return; }
      resolve(JSON.stringify(data));
      worker.terminate();
    };
    worker.postMessage({module, rounds: 0});
  });
  const real = Worker;
  window.Worker = class {
    postMessage(m) { setTimeout(() => m.module ? this.onmessage({data: "ready"}) : this.onerror({message: "no exports", preventDefault: () => {}})); }
    terminate() {}
  };
  await perfgoal.lint("a.txt", new Uint8Array(1)); // the next worker is the one above
  window.Worker = real;
  let page = "";
  try { await perfgoal.lint("a.txt", new Uint8Array(1)); } catch (e) { page = e.message; }
  window.Worker = class {
    postMessage() { setTimeout(() => this.onmessage({data: {error: ""}})); }
    terminate() {}
  };
  await perfgoal.lint("a.txt", new Uint8Array(1));
  let hired = "";
  try { await perfgoal.lint("a.txt", new Uint8Array(1)); } catch (e) { hired = e.message; }
  window.Worker = real;
  return {
    page, hired,
    running: await answer("async run() { self.perfgoalLint = () => new Promise(() => {}); self.perfgoalReady(); await new Promise((r) => setTimeout(r, 100)); }"),
    starting: await answer("async run() {}"),
  };
})()`, &got)
	if got.Running != `{"error":""}` || got.Starting != `{"error":"it ends"}` {
		t.Errorf("running %s, starting %s", got.Running, got.Starting)
	}
	if !strings.Contains(got.Page, "内存") || !strings.Contains(got.Hired, "内存") {
		t.Errorf("the page says %q, and where a worker ends before it has begun %q", got.Page, got.Hired)
	}
}

// documents are those of the project, some of which have defects, one of each
// kind that the page takes, and the long summary where it lies beside the
// project.
func documents(t *testing.T) map[string][]byte {
	read := func(path string) []byte {
		data, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	out := map[string][]byte{
		"clean.pdf":   read("../testdata/pdf/clean-district-chromium.pdf"),
		"defects.pdf": read("../testdata/pdf/defects-money-chromium.pdf"),
		"多[1].pdf":    read("../testdata/pdf/defects-structure-writer.pdf"),
		"scan.pdf":    read("../testdata/scan/district.pdf"),
		"empty.txt":   nil,
		"cut.pdf":     read("../testdata/pdf/defects-money-chromium.pdf")[:2000],
	}
	texts, err := filepath.Glob("../testdata/text/defects-*.txt")
	if err != nil || len(texts) == 0 {
		t.Fatalf("no text forms: %v", err)
	}
	out["defects.txt"] = read(texts[0])
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"defects.pdf", "defects.txt", "clean.pdf"} {
		w, err := z.Create("报送/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(out[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	out["报送.zip"] = b.Bytes()
	if summary, err := os.ReadFile("../../shared/samples/pdf/summary-2026-writer.pdf"); err == nil {
		out["summary.pdf"] = summary
	} else {
		t.Log("the shared samples are not beside the repository: without the summary of 45 pages")
	}
	return out
}

// program is what perfgoal itself says.
func program(t *testing.T, name string, data []byte) string {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	cmd.Main([]string{"lint", "--no-config", "--no-cache", "--lang", "zh", "-o", "json", name}, strings.NewReader(""), &out, &said)
	if out.Len() == 0 {
		t.Fatalf("perfgoal says nothing: %s", &said)
	}
	return out.String()
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// bytesOf is a script's expression for bytes.
func bytesOf(data []byte) string {
	return `Uint8Array.from(atob("` + base64.StdEncoding.EncodeToString(data) + `"), (c) => c.charCodeAt(0))`
}
