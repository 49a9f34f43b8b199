// Package browser drives a real browser for tests of pages.
package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Find returns the path of Debian's chromium. The test is skipped without it.
func Find(t *testing.T) string {
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

// Tab is a page in a browser, driven over the DevTools protocol through a pair
// of pipes: messages are JSON that end with a zero byte.
// https://chromedevtools.github.io/devtools-protocol/
type Tab struct {
	t       *testing.T
	in      *os.File
	out     *bufio.Reader
	log     *bytes.Buffer
	session string
	last    int
	unasked int                          // how many messages went out whose answers nobody waits for
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

// Open opens a page in a window of the given size, in CSS pixels. The test is
// skipped where the browser does not start.
func Open(t *testing.T, page []byte, width, height int) *Tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o666); err != nil {
		t.Fatal(err)
	}
	return OpenFile(t, file, width, height)
}

// OpenFile opens a file as Open does, with the network off.
func OpenFile(t *testing.T, file string, width, height int) *Tab {
	t.Helper()
	path := Find(t)
	dir := t.TempDir()
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
	d := &Tab{t: t, in: in, out: bufio.NewReader(out), log: &bytes.Buffer{}, events: map[string][]json.RawMessage{}}
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
	d.Call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	d.session = session.SessionID
	d.Call("Page.enable", nil, nil)
	d.Call("Network.enable", nil, nil)
	d.Call("Network.emulateNetworkConditions", map[string]any{"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}, nil)
	d.Call("Target.setAutoAttach", map[string]any{"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true}, nil)
	d.Call("Runtime.enable", nil, nil)
	d.Call("Log.enable", nil, nil)
	d.Call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	d.Call("Page.navigate", map[string]any{"url": "file://" + file}, nil)
	for len(d.events["Page.loadEventFired"]) == 0 {
		if _, err := d.read(); err != nil {
			t.Fatalf("the page does not load: %v\n%s", err, d.log)
		}
	}
	return d
}

// read takes one message and keeps it where it is an event.
func (d *Tab) read() (message, error) {
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
	if m.Method == "Target.attachedToTarget" && d.session != "" {
		return m, d.attend(params)
	}
	return m, nil
}

// attend lets a worker of the page run once its requests are listened to.
func (d *Tab) attend(params json.RawMessage) error {
	var worker struct{ SessionID string }
	if err := json.Unmarshal(params, &worker); err != nil {
		return err
	}
	for _, method := range []string{"Network.enable", "Runtime.runIfWaitingForDebugger"} {
		d.unasked++
		if err := d.write(message{ID: unasked + d.unasked, Session: worker.SessionID, Method: method}); err != nil {
			return err
		}
	}
	return nil
}

// unasked is above the numbers of what send waits for.
const unasked = 1 << 30

func (d *Tab) write(m message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = d.in.Write(append(line, 0))
	return err
}

// send asks for something and waits for its answer.
func (d *Tab) send(method string, params any) (message, error) {
	d.last++
	if err := d.write(message{ID: d.last, Session: d.session, Method: method, Params: params}); err != nil {
		return message{}, err
	}
	for {
		if m, err := d.read(); err != nil || m.ID == d.last {
			return m, err
		}
	}
}

// Call sends a command of the protocol, waits for its answer and decodes it.
func (d *Tab) Call(method string, params, result any) {
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

// Run evaluates a script, waits for what it promises and decodes its value.
func (d *Tab) Run(script string, value any) {
	d.t.Helper()
	var got struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	d.Call("Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true, "returnByValue": true}, &got)
	if got.ExceptionDetails != nil {
		d.t.Fatalf("%s\n%s", got.ExceptionDetails.Exception.Description, script)
	}
	if value != nil {
		if err := json.Unmarshal(got.Result.Value, value); err != nil {
			d.t.Fatalf("%v\n%s", err, got.Result.Value)
		}
	}
}

// Complaints are what the browser has against the page.
func (d *Tab) Complaints() []string {
	d.Run("0", nil) // what was said before comes first
	var out []string
	for _, method := range []string{"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"} {
		for _, e := range d.events[method] {
			out = append(out, method+" "+string(e))
		}
	}
	return out
}

// Print is the page as PDF, as its print styles ask for.
func (d *Tab) Print() []byte {
	d.t.Helper()
	var got struct{ Data string }
	d.Call("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": true}, &got)
	data, err := base64.StdEncoding.DecodeString(got.Data)
	if err != nil {
		d.t.Fatal(err)
	}
	return data
}

// Requests are the addresses that the page and its workers have asked for, the
// page's own first.
func (d *Tab) Requests() []string {
	d.t.Helper()
	d.Run("0", nil) // what was asked before comes first
	var out []string
	for _, e := range d.events["Network.requestWillBeSent"] {
		var asked struct{ Request struct{ URL string } }
		if err := json.Unmarshal(e, &asked); err != nil {
			d.t.Fatal(err)
		}
		out = append(out, asked.Request.URL)
	}
	return out
}
