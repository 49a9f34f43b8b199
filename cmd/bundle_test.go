package cmd

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		if r.Bad.Make().Files == nil && r.Bad.Make().Manifest == "" {
			continue
		}
		tried++
		bad, err := tryExample(t.Context(), engine, r.Bad.Make())
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
		good, err := tryExample(t.Context(), engine, r.Good.Make())
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

// TestMixedBundle puts all that goes wrong with archives into one: each is
// reported once, everything else is checked, and the status says so.
func TestMixedBundle(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("青石县/服务点.pdf")
	if err != nil {
		t.Fatal(err)
	}
	whole := pack(t, packed{"inner.pdf", cleanForm(1).pdf()})
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
		{"nested.zip", 0, pack(t, packed{"five.pdf", cleanForm(5).pdf()})},
		{"six.tgz", 0, packTar(t, true, packed{"six.pdf", cleanForm(6).pdf()})},
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
