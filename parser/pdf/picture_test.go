package pdf

import (
	"os"
	"strings"
	"testing"
)

// TestPicturesHoldTheirPage draws pages of every kind, turned, cropped and
// scaled: the same text stands at the same places.
func TestPicturesHoldTheirPage(t *testing.T) {
	shown := map[string]string{}
	for _, name := range []string{"encoding-ucs2", "rotated", "user-unit", "nested-forms", "locked-empty"} {
		data, err := os.ReadFile("../../testdata/hard/" + name + ".pdf")
		if err != nil {
			t.Fatal(err)
		}
		pictures, err := Pictures(t.Context(), data, []int{1, 2}, Options{})
		if err != nil || len(pictures) != 1 {
			t.Fatalf("%s: %d pictures, %v", name, len(pictures), err)
		}
		p := pictures[0]
		var b strings.Builder
		for _, it := range p.Items {
			b.WriteString(strings.Join(it.Text, ""))
			for i, x := range it.X {
				if i > 0 && x <= it.X[i-1] || float64(x) > p.Width || float64(it.Y) > p.Height || it.Turn != 0 {
					t.Errorf("%s: %q stands at %g %g", name, it.Text, x, it.Y)
				}
			}
		}
		shown[name] = b.String()
		if !strings.Contains(b.String(), "生活垃圾分类收运服务项目") || shown[name] != shown["encoding-ucs2"] {
			t.Errorf("%s shows other text", name)
		}
		if len(p.Lines) < 40 {
			t.Errorf("%s: %d lines", name, len(p.Lines))
		}
	}
	if _, err := Pictures(t.Context(), []byte("%PDF-1.4"), []int{1}, Options{}); err == nil {
		t.Error("what is no PDF has a picture")
	}
}
