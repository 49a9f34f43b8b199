package scan

import (
	"slices"
	"strings"
	"testing"

	"perfgoal/parser/pdf"
)

func printed(s string, x, y float32, look pdf.Look) []pdf.Glyph {
	var out []pdf.Glyph
	for _, r := range s {
		out = append(out, pdf.Glyph{Rune: r, X0: x, X1: x + 10, Y0: y, Y1: y + 10, Base: y + 9, Size: 10, Look: look})
		x += 10
	}
	return out
}

func TestBehind(t *testing.T) {
	unseen := printed("金额 100", 0, 0, pdf.Invisible)
	if got := Behind(&pdf.Page{Glyphs: unseen, Images: 1}); len(got) != 5 {
		t.Errorf("%d characters behind a picture", len(got))
	}
	if Behind(&pdf.Page{Glyphs: unseen}) != nil {
		t.Error("a page without a picture has nothing behind it")
	}
	if Behind(&pdf.Page{Glyphs: append(printed("1", 0, 20, 0), unseen...), Images: 1}) != nil {
		t.Error("a page with text is none of a picture alone")
	}
}

// What differs from the text that a scanner put behind its picture is doubted.
func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		ours, theirs string
		doubted      bool
	}{
		{"60,000.00", "60,000.00", false},
		{"60,000.00", "60,000,00", true},
		{"1,660.00", "1,600.00", true},
		{"完成率", "完成率", false},
		{"完成率", "完戍率", true},
		{"≥99（％）", "≥99(%)", false},
		{"18间", "118间", true},
		{"（2026年度）", "2026年度", false},
		{"什么都没有认出", "", false},
		{"1", strings.Repeat("1", 100), true},
	} {
		page := pdf.Page{Glyphs: printed(tt.ours, 100, 50, 0)}
		behind := printed(tt.theirs, 99, 51, pdf.Invisible)
		if len(behind) > 20 { // all in one place
			for i := range behind {
				behind[i].X0, behind[i].X1 = 99, 109
			}
		}
		Compare(&page, append(behind, printed("别的行", 100, 80, pdf.Invisible)...))
		if got := slices.ContainsFunc(page.Glyphs, func(g pdf.Glyph) bool { return g.Doubt == wholly }); got != tt.doubted {
			t.Errorf("%s, behind it %s: doubted %v", tt.ours, tt.theirs, got)
		}
	}
}
