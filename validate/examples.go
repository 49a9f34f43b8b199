package validate

import (
	"strings"

	"perfgoal/model"
)

// exampleForm is a declaration in which no rule finds anything. Examples are
// this form with a few lines changed. The place and its offices are invented.
const exampleForm = "财政项目支出绩效目标申报表\n" +
	"(2026年度)\n" +
	"项目名称\t云栖市青少年科普展厅运行项目\t项目性质\t其他经常性项目\t项目类别\t其他运转类\n" +
	"主管部门\t云栖市科普事务局\t实施单位\t云栖市青少年科普馆\n" +
	"计划开始日期\t2026-01-01\t计划完成日期\t2026-12-31\n" +
	"项目资金(元)\t项目资金总额:\t360,000.00\t年度资金申请总额:\t360,000.00\n" +
	"\t其中: 财政资金\t360,000.00\t其中: 当年财政拨款\t340,000.00\n" +
	"\t\t\t上年结转资金\t20,000.00\n" +
	"\t其他资金\t0.00\t其他资金\t0.00\n" +
	"项目绩效目标\t项目总目标\t年度总体目标\n" +
	"\t建成面向全市青少年的常设科普阵地，形成稳定的运行机制。\t保障科普展厅全年正常开放，按计划巡检展项并及时排除故障，让来馆的青少年看得懂、摸得着、玩得好，逐步扩大科普展厅的服务范围和社会影响。\n" +
	"\t一级指标\t二级指标\t三级指标\t年度(/项目)指标值\n" +
	"绩效指标\t成本指标\t经济成本指标\t展厅运行费\t≤30000.00(元/月)\n" +
	"\t产出指标\t数量指标\t展项巡检次数\t≥48.00(次)\n" +
	"\t\t质量指标\t展项完好率\t≥98.00(%)\n" +
	"\t\t时效指标\t展项故障修复时间\t≤24.00(小时)\n" +
	"\t效益指标\t社会效益指标\t接待青少年人数\t≥20000.00(人)\n" +
	"\t\t可持续影响指标\t展项更新机制健全性\t健全\n" +
	"\t满意度指标\t服务对象满意度指标\t参观青少年满意度\t≥90.00(%)\n"

// edit changes one piece of the example form.
type edit struct{ old, new string }

// example is the example form with edits; what matters are the changed lines.
func example(edits ...edit) model.ExampleMaker {
	return func() model.Example {
		return model.Example{Document: edited(edits), Shows: changedLines(edits)}
	}
}

// shown is the example form with edits, where other lines matter: those that
// hold one of the words.
func shown(words []string, edits ...edit) model.ExampleMaker {
	return func() model.Example { return showing(edited(edits), words) }
}

// showing is a document of which the lines that hold one of the words matter.
func showing(doc string, words []string) model.Example {
	return model.Example{Document: doc, Shows: linesWith(doc, words)}
}

// overprinted is the example form with a value over which another is printed.
func overprinted(e edit) model.ExampleMaker {
	return func() model.Example {
		return model.Example{Document: edited([]edit{e}), Shows: changedLines([]edit{e}), Overprinted: e.new}
	}
}

// clean is the example form as it is; the lines that hold one of the words
// matter.
func clean(words ...string) model.ExampleMaker { return shown(words) }

// pair is a document of two forms, each the example form with edits; the lines
// that hold one of the words matter.
func pair(words []string, first, second []edit) model.ExampleMaker {
	return func() model.Example { return showing(edited(first)+"\n"+edited(second), words) }
}

// unmatched begins what stands in an example's document in place of an edit
// that found nothing to change; the tests report it.
const unmatched = "!! no such text in the example form: "

func edited(edits []edit) string {
	doc := exampleForm
	for _, e := range edits {
		if !strings.Contains(doc, e.old) {
			doc += unmatched + e.old + "\n"
			continue
		}
		doc = strings.Replace(doc, e.old, e.new, 1)
	}
	return doc
}

func changedLines(edits []edit) []string {
	var words []string
	for _, e := range edits {
		for line := range strings.SplitSeq(strings.Trim(e.new, "\n"), "\n") {
			if strings.TrimSpace(line) != "" {
				words = append(words, line)
			}
		}
	}
	return linesWith(edited(edits), words)
}

func linesWith(doc string, words []string) []string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSuffix(doc, "\n"), "\n") {
		if hasAny(line, words) {
			out = append(out, line)
		}
	}
	return out
}

// The lines that examples change most.
const (
	lineCost         = "经济成本指标\t展厅运行费\t≤30000.00(元/月)"
	lineQuantity     = "数量指标\t展项巡检次数\t≥48.00(次)"
	lineQuality      = "质量指标\t展项完好率\t≥98.00(%)"
	lineTimeliness   = "时效指标\t展项故障修复时间\t≤24.00(小时)"
	lineSocial       = "社会效益指标\t接待青少年人数\t≥20000.00(人)"
	lineSustained    = "可持续影响指标\t展项更新机制健全性\t健全"
	lineSatisfaction = "服务对象满意度指标\t参观青少年满意度\t≥90.00(%)"
	annualGoal       = "保障科普展厅全年正常开放，按计划巡检展项并及时排除故障，让来馆的青少年看得懂、摸得着、玩得好，逐步扩大科普展厅的服务范围和社会影响。"
	overallGoal      = "建成面向全市青少年的常设科普阵地，形成稳定的运行机制。"
)

// more is an edit that adds an indicator row below a line; cells start at the
// level-2 column.
func more(line, row string) edit { return edit{line + "\n", line + "\n\t\t" + row + "\n"} }
