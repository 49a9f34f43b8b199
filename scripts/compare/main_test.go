//go:build unix

package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Repeated texts keep their layout and figures, and are about other projects.
func TestOtherProjects(t *testing.T) {
	const text = "申报表\n项目名称\t云栖市科普展厅运行\t项目类别\t其他\n年度总体目标\t保障展厅开放。全年开放300天。\n数量指标\t开放天数\t≥300(天)\n"
	if got := otherProjects(text, 0); got != text {
		t.Errorf("the first is changed:\n%s", got)
	}
	seen := map[string]bool{}
	for n := range uint64(20) {
		got := otherProjects(text, n)
		if seen[got] {
			t.Errorf("text %d was there before", n)
		}
		seen[got] = true
		if blank := otherProjects("项目名称\t\n主管部门\t某局\n", n); blank != "项目名称\t\n主管部门\t某局\n" {
			t.Errorf("a label is taken for a name:\n%s", blank)
		}
		if last := otherProjects("单位\t某局\n项目名称\t科普展厅运行\r\n", n); n > 0 && strings.Contains(last, "科普展厅运行") || !strings.HasSuffix(last, "\r\n") {
			t.Errorf("the name stays:\n%s", last)
		}
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) || !strings.HasSuffix(got, "\n数量指标\t开放天数\t≥300(天)\n") ||
			!strings.Contains(got, "\t项目类别\t其他\n年度总体目标\t") || !strings.Contains(got, "300") {
			t.Errorf("text %d:\n%s", n, got)
		}
	}
}
