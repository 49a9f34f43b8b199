package model

import "testing"

func TestEdits(t *testing.T) {
	for _, c := range []struct{ before, after string }{
		{"", ""}, {"", "甲"}, {"甲", ""}, {"48小时内", "≤48.00(小时)"}, {"不超过 5 天", "≤5(天)"}, {"甲乙丙", "丙乙甲"},
	} {
		if got := Edited(c.before, Edits(c.before, c.after)); got != c.after {
			t.Errorf("%q: %q, want %q", c.before, got, c.after)
		}
	}
	if n := len(Edits("48小时内", "≤48.00(小时)")); n != 3 {
		t.Errorf("%d edits, want 3: before the number, behind it, at the end", n)
	}
}
