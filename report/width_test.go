package report

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"perfgoal/model"
)

func TestStandingCharacters(t *testing.T) {
	for r := range unicode.MaxRune + 1 {
		if w, alone := standing(r); alone && (unprintable(r) || w != columns.RuneWidth(r) || columns.StringWidth("中"+string(r)+"a") != 2+w+1) {
			t.Errorf("standing(%U) = %d, want %d", r, w, columns.RuneWidth(r))
		}
	}
}

func TestUnprintable(t *testing.T) {
	for r := range unicode.MaxRune + 1 {
		want := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
		if got := unprintable(r); got != want {
			t.Errorf("unprintable(%U) = %v, want %v", r, got, want)
		}
	}
}

// A line is the same whether the whole text was looked at or its beginning.
func TestOneLineLooksNoFartherThanNeeded(t *testing.T) {
	alphabet := []rune("中文，。“”…ab1 \t\n\u3000e\u0301👩\u200d🔬🇨🇳ᄒ\u1161")
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		text := make([]rune, rnd.IntN(60))
		for i := range text {
			text[i] = alphabet[rnd.IntN(len(alphabet))]
		}
		s := string(text)
		for limit := range 30 {
			want := columns.Truncate(strings.Join(strings.Fields(visible(s)), " "), limit, "…")
			if got := oneLine(s, limit); got != want {
				t.Fatalf("oneLine(%q, %d) = %q, want %q", s, limit, got, want)
			}
		}
	}
}

func TestFilledAsFmtDoes(t *testing.T) {
	for _, tt := range []struct {
		wording string
		args    []any
	}{
		{"第%d行", []any{12}},
		{"%s，共%d处%s", []any{"甲", -3, ""}},
		{"第%[2]d行第%[1]d格", []any{1, 2}},
		{"%d%%", []any{5}},
		{"%5d|%-3s|%v", []any{5, "a", true}},
		{"%d", []any{"no number"}},
		{"%s", []any{7}},
		{"%d %d", []any{7}},
		{"%d", []any{7, 8}},
		{"%s", []any{model.Error}},
	} {
		if got, want := filled(tt.wording, tt.args), fmt.Sprintf(tt.wording, tt.args...); got != want {
			t.Errorf("filled(%q, %v) = %q, want %q", tt.wording, tt.args, got, want)
		}
	}
}

// crowded is a document with a finding that names many other places.
func crowded() Checked {
	line, form := 12, 3
	goal := strings.Repeat("完成老旧管网改造，保障居民用水安全，提升供水服务水平。", 10)
	f := model.Finding{Rule: "D001", Name: "copied-goal", Severity: model.Warning, Path: "a.txt", Form: &form, Project: "甲项目", Text: goal,
		Message:  model.Message{Text: model.Text{Zh: "年度总体目标与第{other}张几乎相同（相似度{ratio}）"}, Args: model.Args{"other": "4", "ratio": "0.98"}},
		Location: model.Location{Line: &line}}
	for range 20 {
		other := len(f.Related) + 4
		f.Related = append(f.Related, model.Related{Form: &other, Text: goal, Location: model.Location{Line: &line}})
	}
	return Checked{Path: "a.txt", Status: model.StatusOK, Forms: 1, Findings: []model.Finding{f}}
}

func BenchmarkLintText(b *testing.B) {
	c := crowded()
	w := newLintText(io.Discard, Options{Lang: model.Chinese, Width: 80})
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Add(c); err != nil {
			b.Fatal(err)
		}
	}
}

// A table that does not fit on a terminal goes without what only pictures
// others, then row by row; elsewhere it is as wide as it has to be.
func TestNarrowTable(t *testing.T) {
	cols := []column{{Title: "主管部门", Min: 12}, {Title: "年度资金（元）", Right: true}, {Title: ""}, {Title: "可量化", Right: true}}
	rows := [][]string{{"[047001]明湖区文化局", "22,400,000.00", "████████████", "100.0%"}, {"城市管理\n行政执法局及其下属单位合计", "", "█▏", "8.0%"}}
	for _, tt := range []struct {
		opt  Options
		want string
	}{
		{Options{Width: 40}, `┌──────────────┬────────────────┬──────────────┬────────┐
│ 主管部门     │ 年度资金（元） │              │ 可量化 │
├──────────────┼────────────────┼──────────────┼────────┤
│ [047001]明湖 │  22,400,000.00 │ ████████████ │ 100.0% │
│ 区文化局     │                │              │        │
│ 城市管理     │                │ █▏           │   8.0% │
│ 行政执法局及 │                │              │        │
│ 其下属单位合 │                │              │        │
│ 计           │                │              │        │
└──────────────┴────────────────┴──────────────┴────────┘
`},
		{Options{Width: 44, Screen: true}, `┌────────────────┬────────────────┬────────┐
│ 主管部门       │ 年度资金（元） │ 可量化 │
├────────────────┼────────────────┼────────┤
│ [047001]明湖区 │  22,400,000.00 │ 100.0% │
│ 文化局         │                │        │
│ 城市管理       │                │   8.0% │
│ 行政执法局及其 │                │        │
│ 下属单位合计   │                │        │
└────────────────┴────────────────┴────────┘
`},
		{Options{Width: 30, Screen: true}, `主管部门 [047001]明湖区文化
  局
  年度资金（元） 22,400,000.00
  可量化 100.0%
主管部门 城市管理 行政执法局
  及其下属单位合计
  可量化 8.0%
`},
	} {
		var b strings.Builder
		if err := printTable(&b, tt.opt, cols, rows); err != nil {
			t.Fatal(err)
		}
		if b.String() != tt.want {
			t.Errorf("%+v:\n%swant:\n%s", tt.opt, b.String(), tt.want)
		}
	}
}
