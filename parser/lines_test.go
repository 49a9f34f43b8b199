package parser

import (
	"testing"

	"perfgoal/model"
)

// What a form without borders has taken stands nowhere else.
func TestLinesStandOnce(t *testing.T) {
	at := func(page int, y float64) model.Location {
		return model.Location{Page: &page, Box: &model.Box{50, y, 90, y + 10}}
	}
	line := func(text string, page int, y float64) model.Line {
		return model.Line{Text: text, Location: at(page, y)}
	}
	ruled := []model.Table{
		{Caption: []model.Line{line("封面", 1, 90), line("项目名称", 2, 100), line("指标", 3, 60)}},
		{Caption: []model.Line{line("水渠", 2, 120)}},
	}
	aligned := []model.Table{{Cells: []model.Cell{{Location: at(2, 95)}, {Location: at(2, 300)}, {Location: at(3, 50)}, {Location: at(3, 80)}}}}
	got := withoutLinesOf(ruled, aligned)
	if len(got) != 1 || len(got[0].Caption) != 1 || got[0].Caption[0].Text != "封面" {
		t.Errorf("%+v", got)
	}
}
