package validate

import "perfgoal/model"

// since is the release that introduced the rules here.
const since = "1"

// second is the release that introduced the rules of its own.
const second = "2"

// third is the release that is being made.
const third = "3"

// What rules stand on. Clauses of the guideline are named by their subject,
// not by number.
var (
	basisForm      = model.Text{Zh: "申报表所印的填报栏目", En: "the fields printed on the form"}
	basisSum       = model.Text{Zh: "申报表所印数字之间的勾稽关系", En: "the arithmetic among the figures printed on the form"}
	basisLevels    = model.Text{Zh: "申报表所印的一、二、三级指标体系", En: "the system of level 1, 2 and 3 indicators printed on the form"}
	basisHeuristic = model.Text{Zh: "经验规则，没有文件依据", En: "heuristic; no document stands behind it"}
)

// guide is a subject of the national guideline on setting indicators.
func guide(zh, en string) model.Text {
	return model.Text{
		Zh: "财预〔2021〕101号《中央部门项目支出核心绩效目标和指标设置及取值指引（试行）》（2021年8月18日印发，供中央预算单位参考试行，地方可以参照）：" + zh,
		En: "财预〔2021〕101号 of 18 August 2021, guideline of the Ministry of Finance on setting core performance targets, indicators and values of project spending (addressed to central budget units for reference and trial, no more than an example to local ones): " + en,
	}
}

// opinion is a subject of the Party's and the State Council's opinions on
// performance management of the budget, which are not limited to central units.
func opinion(zh, en string) model.Text {
	return model.Text{
		Zh: "中发〔2018〕34号《中共中央 国务院关于全面实施预算绩效管理的意见》：" + zh,
		En: "中发〔2018〕34号, opinions of the Central Committee and the State Council on performance management of the budget: " + en,
	}
}

// both are two authorities together.
func both(a, b model.Text) model.Text {
	return model.Text{Zh: a.Zh + "；" + b.Zh, En: a.En + "; " + b.En}
}

// printedAnd is a subject of the guideline together with the printed levels.
func printedAnd(zh, en string) model.Text {
	return both(guide(zh, en), basisLevels)
}
