package zh

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"年度总体⽬标":            "年度总体目标", // Kangxi
		"⺠生⻓效":              "民生长效",   // supplement
		"万元∕套":              "万元/套",
		"1⁄2":               "1/2",
		"A―B":               "A—B",
		"软\u00ad连\u200b字符":  "软连字符",
		"\u202e反\u2066向":    "反向",
		"更\uf900":           "更豈",
		"ﬁ":                 "fi",
		"≤２,526.00（元/套） 不变": "≤２,526.00（元/套） 不变", // full width stays as printed
		"":                  "",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRadicalsBecomeOrdinaryCharacters(t *testing.T) {
	for r := rune(0x2f00); r <= 0x2fd5; r++ {
		if _, simplified := supplement[r]; simplified {
			continue
		}
		if want := norm.NFKC.String(string(r)); PlainRune(r) != want {
			t.Errorf("%c is %s, want %s", r, PlainRune(r), want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"≤２，５２６．００（元／套）":  "≤2,526.00(元/套)",
		" 项 目\u3000名\t称：": "项目名称:",
		"甲∶乙":             "甲:乙",
		"〔2024〕15号":       "[2024]15号",
		"￥1":              "¥1",
		"ｱ":               "ｱ",
		"成本⽬标":            "成本目标",
		"、。“”《》":          "、。“”《》",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
		if again := Fold(Fold(in)); again != Fold(in) {
			t.Errorf("folding %q twice gives %q", in, again)
		}
	}
}

func TestCountIsWhatFoldingLeaves(t *testing.T) {
	for _, s := range []string{"", " a\u3000b\n", "≤２.00（元）", "\u200b字\ufeff", "⽬标"} {
		if got, want := Count(s), len([]rune(Fold(s))); got != want {
			t.Errorf("Count(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestBigrams(t *testing.T) {
	set := Bigrams("绩效绩效")
	if len(set) != 2 {
		t.Errorf("%d pairs, want 2", len(set))
	}
	if len(Bigrams("绩")) != 0 || len(Bigrams("")) != 0 {
		t.Error("one character has a pair")
	}
}

func TestMoneyUnits(t *testing.T) {
	for in, want := range map[string][2]string{
		"12.5万元": {"12.5", "万元"}, "12.5(万元)": {"12.5", "万元"}, "3亿": {"3", "亿元"}, "620万": {"620", "万元"},
		"100元整": {"100", "元"}, "5人民币元": {"5", "元"}, "7百万元": {"7", "百万元"},
	} {
		rest, unit, ok := CutMoneyUnit(in)
		if !ok || rest != want[0] || unit != want[1] {
			t.Errorf("CutMoneyUnit(%q) = %q %q %v", in, rest, unit, ok)
		}
	}
	for _, in := range []string{"元", "单元格", "千万", "", "12.5", "数以万"} {
		if rest, unit, ok := CutMoneyUnit(in); ok {
			t.Errorf("CutMoneyUnit(%q) = %q %q", in, rest, unit)
		}
	}
	for unit, want := range map[string]int32{"元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8} {
		if got, ok := MoneyExponent(unit); !ok || got != want {
			t.Errorf("MoneyExponent(%s) = %d %v", unit, got, ok)
		}
	}
	if _, ok := MoneyExponent("吨"); ok {
		t.Error("吨 is money")
	}
	for in, want := range map[string]string{"万元，共3页": "万元", "人民币元": "元", "件": "", "": ""} {
		if got := MoneyUnitAt(in); got != want {
			t.Errorf("MoneyUnitAt(%q) = %q", in, got)
		}
	}
}

func TestCutBefore(t *testing.T) {
	for _, want := range Before {
		got, rest, ok := CutBefore(want.Text + "5")
		if !ok || got.Operator != want.Operator || got.Prose != want.Prose || rest != "5" {
			t.Errorf("CutBefore(%q) = %v, %q, %v", want.Text+"5", got, rest, ok)
		}
	}
	for _, s := range []string{"", "5", "及以上", "\xff"} {
		if _, rest, ok := CutBefore(s); ok || rest != s {
			t.Errorf("CutBefore(%q) finds an operator", s)
		}
	}
}

// A spelling is never hidden by a shorter one with another meaning that
// stands before it.
func TestNoSpellingHidesAnother(t *testing.T) {
	for name, list := range map[string][]Spelling{"before": Before, "behind": Behind} {
		hides := strings.HasPrefix
		if name == "behind" {
			hides = strings.HasSuffix
		}
		for i, long := range list {
			for _, short := range list[:i] {
				if long.Operator != short.Operator && hides(long.Text, short.Text) {
					t.Errorf("%q is read as %q", long.Text, short.Text)
				}
			}
		}
	}
	for i, long := range Periods {
		for _, short := range Periods[:i] {
			if strings.HasPrefix(long.Text, short.Text) {
				t.Errorf("%q is read as %q", long.Text, short.Text)
			}
		}
	}
}

func TestSameSound(t *testing.T) {
	for pair, want := range map[string]bool{"检减": true, "完玩": true, "率律": true, "号好": true, "工成": false, "户民": false, "完成": false, "鑫新": false, "A啊": false, "一1": false} {
		r := []rune(pair)
		if SameSound(r[0], r[1]) != want || SameSound(r[1], r[0]) != want {
			t.Errorf("%s: %v, want %v", pair, !want, want)
		}
	}
	last := 0
	for _, r := range syllables {
		if code := gbCode(r); code <= last {
			t.Fatalf("%c is out of order", r)
		} else {
			last = code
		}
	}
}
