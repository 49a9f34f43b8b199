package validate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

var oddSignsRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "W009", Name: "odd-signs", Severity: model.Info, Kind: model.KindForm, Since: third, Basis: basisForm,
		Title:     model.Text{Zh: "指标值的符号、数字或括号全角半角混用", En: "operators, digits or brackets of a value in odd widths"},
		Rationale: model.Text{Zh: "“＞＝９５（%)”这样的写法检索不到，别的程序也可能认不出是“≥95(%)”。", En: "Written ＞＝９５（%), a value cannot be searched for, and other programs may not take it for ≥95(%)."},
		Fix:       model.Text{Zh: "用“≥”“≤”“=”、半角数字和成对的半角括号。", En: "Use ≥, ≤ and =, half-width digits and brackets of one width."},
		Mends:     model.Text{Zh: "perfgoal fix 可以统一成通常的写法，数字的大小不变。", En: "perfgoal fix writes them the usual way; no number changes its value."},
		Bad:       example(edit{"≥98.00(%)", "＞＝98.00（%)"}),
		Good:      clean("展项完好率"),
	},
	kinds:   anyKind,
	preview: true,
	form:    oddWidths,
	mend:    mendWidths,
}

func oddWidths(f *form, _ *Thresholds) verdict {
	half := styleOf(f.Form).half
	return eachRow(f, func(r *row) bool { return signed(&r.Value) }, func(r *row) *model.Finding {
		edits := oddSigns(r.Value.Raw, half)
		if len(edits) == 0 {
			return nil
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”的指标值“{value}”全角半角混用，通常写作“{usual}”。",
			En: `The value "{value}" of "{name}" is in odd widths; it is usually written {usual}.`,
		}, model.Args{"usual": model.Edited(r.Value.Raw, edits)})
		return &x
	})
}

// signed says whether a value is a number with a sign, not words.
func signed(v *model.Value) bool {
	return !v.Prose && (v.Kind == model.KindBound && v.Number != nil || v.Kind == model.KindRange || v.Kind == model.KindTolerance)
}

// oddSigns are the edits that give a value's operator, digits, points, percent
// signs and brackets their usual form.
func oddSigns(s string, half bool) []model.Edit {
	var out []model.Edit
	at := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	if size, usual := operatorAt(s[at:]); size > 0 {
		if s[at:at+size] != usual {
			out = append(out, model.Edit{From: at, To: at + size, With: usual})
		}
		at += size
	}
	brackets := oddBrackets(s[at:], half)
	for i, r := range s[at:] {
		with := ""
		switch {
		case r >= '０' && r <= '９':
			with = string('0' + r - '０')
		case r == '％':
			with = "%"
		case r == '．' && digitAt(s[at+i+utf8.RuneLen(r):]):
			with = "."
		case brackets[i] != "":
			with = brackets[i]
		}
		if with != "" {
			out = append(out, model.Edit{From: at + i, To: at + i + utf8.RuneLen(r), With: with})
		}
	}
	return out
}

func digitAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r >= '0' && r <= '9' || r >= '０' && r <= '９'
}

// operatorAt is the size of the operator that a text begins with, and how it
// is usually printed; 0 where there is none.
func operatorAt(s string) (size int, usual string) {
	for _, runes := range []int{2, 1} {
		end := 0
		for range runes {
			_, n := utf8.DecodeRuneInString(s[end:])
			end += n
		}
		for _, x := range zh.Before {
			if sign := printedSigns[model.Operator(x.Operator)]; !x.Prose && sign != "" && (s[:end] == x.Text || fold(s[:end]) == x.Text) && utf8.RuneCountInString(s[:end]) == runes {
				return end, sign
			}
		}
	}
	return 0, ""
}

// oddBrackets are the brackets to be written in another width, by their
// place: those of a pair of two widths, and full-width ones in a form that
// uses half-width ones.
func oddBrackets(s string, half bool) map[int]string {
	out := map[int]string{}
	open := -1
	for i, r := range s {
		switch r {
		case '(', '（':
			open = i
		case ')', '）':
			if open < 0 {
				continue
			}
			wide, wideEnd := s[open] != '(', r == '）'
			if wide != wideEnd || wide && half {
				if wide {
					out[open] = "("
				}
				if wideEnd {
					out[i] = ")"
				}
			}
			open = -1
		}
	}
	return out
}

var doubledBlanksRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "W010", Name: "doubled-blanks", Severity: model.Info, Kind: model.KindForm, Since: third, Basis: basisForm,
		Title:     model.Text{Zh: "文字中间有连续的空格", En: "several blanks in a row within a text"},
		Rationale: model.Text{Zh: "多打的空格会让同样的名称检索、核对不上。", En: "Blanks typed twice keep the same name from being found."},
		Fix:       model.Text{Zh: "删去多余的空格。", En: "Delete the spare blanks."},
		Mends:     model.Text{Zh: "perfgoal fix 可以只留一个空格。", En: "perfgoal fix leaves one of them."},
		Bad:       example(edit{"保障科普展厅全年", "保障科普展厅  全年"}),
		Good:      clean(annualGoal),
	},
	kinds:   anyKind,
	preview: true,
	form:    blanksInRow,
	mend:    mendBlanks,
}

func blanksInRow(f *form, _ *Thresholds) verdict {
	return eachText(f, anyText, func(p place) *model.Finding {
		found := doubledBlanks(p.text)
		if len(found) == 0 {
			return nil
		}
		x := f.finding(p, model.Text{
			Zh: "“{text}”处有连续的空格，请删去多余的。",
			En: `There are several blanks in a row at "{text}"; delete the spare ones.`,
		}, model.Args{"text": around(p.text, found[0])})
		return &x
	})
}

// around is a piece of a text with a few characters before and behind it.
func around(s string, span [2]int) string {
	const near = 4 // characters
	before, after := []rune(s[:span[0]]), []rune(s[span[1]:])
	return string(before[max(0, len(before)-near):]) + s[span[0]:span[1]] + string(after[:min(len(after), near)])
}

// doubledBlanks are the stretches of two or more blanks between letters or
// digits. Blanks behind punctuation may begin a paragraph.
func doubledBlanks(s string) [][2]int {
	var out [][2]int
	from, count := -1, 0
	var before rune
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for i, r := range s {
		if r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000' {
			if count == 0 {
				from = i
			}
			count++
			continue
		}
		if count > 1 && word(before) && word(r) {
			out = append(out, [2]int{from, i})
		}
		before, count = r, 0
	}
	return out
}
