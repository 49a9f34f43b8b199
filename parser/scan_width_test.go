package parser

import "testing"

// Widths that a picture does not tell apart are not guessed.
func TestOneWidth(t *testing.T) {
	for s, want := range map[string]bool{
		"覆盖面（含偏远村组）": true, "覆盖面(含偏远村组)": true, "覆盖面（含偏远村组)": false, "覆盖面(含偏远村组）": false,
		"覆盖面含偏远村组）": false, "覆盖面（含偏远村组": false, "（《规程》（试行））": true, "1)清淤；2)修复": true, "一）清淤": true,
		"清淤，修复": true, "清淤,修复": false, "“十四五”教育": true, "“十四五\"教育": false, "\"十四五\"教育": true, "十四五”教育": false, "12,000.00元": true, "": true,
	} {
		if got := oneWidth(s); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}

// A closing bracket is as wide as its opening one.
func TestPairBrackets(t *testing.T) {
	for s, want := range map[string]string{
		"覆盖面（含偏远村组)": "覆盖面（含偏远村组）", "（《规程》(试行））": "（《规程》(试行)）", "面(a]": "面(a]", "1)清淤": "1)清淤", "面（a": "面（a",
	} {
		if got := pairBrackets(s); got != want {
			t.Errorf("%s: %s", s, got)
		}
	}
}
