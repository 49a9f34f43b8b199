package fix

import "testing"

func TestSameNumbers(t *testing.T) {
	for _, c := range []struct {
		before, after string
		same          bool
	}{
		{"48小时内", "≤48.00(小时)", true},
		{"1.5<br>2.5", "1.5\n2.5", true},
		{"1.5<br>2.5", "1.52.5", false},
		{"1<b>2</b>", "12", false}, // a browser shows 12, a reader might not
		{"&ge;95%", "≥95%", true},
		{"&#8805;９５％", "≥95%", true},
		{"一季度一次", "=4(次)", false},
		{"1,234.50元", "1,234.5元", true},
	} {
		if got := sameNumbers(c.before, c.after); got != c.same {
			t.Errorf("%q and %q: %v", c.before, c.after, got)
		}
	}
}
