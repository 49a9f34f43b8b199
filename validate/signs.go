package validate

import (
	"strconv"

	"perfgoal/model"
)

var driftedLevel1Rule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S011", Name: "drifted-level1", Severity: model.Info, Kind: model.KindForm, Since: since, Basis: basisLevels,
		Title:     model.Text{Zh: "二级指标所属的一级指标标签缺失或靠下", En: "a level-2 label's own level 1 is missing or stands further down"},
		Rationale: model.Text{Zh: "文本提取时合并单元格的标签常会漂移，读表的人和程序都容易归错类。", En: "Labels of merged cells drift in text extraction, and readers and programs then sort rows wrongly."},
		Fix:       model.Text{Zh: "对照原表核实；能重新导出的，请用有表格线的 PDF。", En: "Check against the original; export a PDF with borders where possible."},
		Bad:       example(edit{"\t效益指标\t" + lineSocial + "\n\t\t" + lineSustained, "\t\t" + lineSocial + "\n\t效益指标\t" + lineSustained}),
		Good:      clean("效益指标"),
	},
	form: signs(model.SignDriftedLevel, false, model.Text{
		Zh: "“{text}”所属的一级指标标签缺失，或者印在了更靠下的行。请对照原表核实归类。",
		En: `The level 1 that "{text}" belongs to is missing or printed further down. Check the classification against the original.`,
	}),
}

var displacedLabelRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S012", Name: "displaced-label", Severity: model.Info, Kind: model.KindForm, Since: since, Basis: basisLevels,
		Title:     model.Text{Zh: "标签不在自己的列里", En: "labels stand outside their column"},
		Rationale: model.Text{Zh: "列错位说明文本提取不可靠，其他内容也可能受影响。", En: "Shifted columns show that the extraction is unreliable; other cells may have suffered too."},
		Fix:       model.Text{Zh: "对照原表核实本表内容。", En: "Check this form against the original."},
		Bad:       example(edit{"\t满意度指标\t" + lineSatisfaction, "满意度指标\t" + lineSatisfaction}),
		Good:      clean("满意度指标"),
	},
	form: signs(model.SignDisplacedLabel, true, model.Text{
		Zh: "有{count}处标签不在自己的列里，例如“{text}”。请对照原表核实。",
		En: `{count} label(s) stand outside their column, such as "{text}". Check against the original.`,
	}),
}

var separatorRowRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S014", Name: "separator-row", Severity: model.Info, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "指标行之间有一行横线", En: "a row of dashes stands among the indicators"},
		Rationale: model.Text{Zh: "横线行是排版或导出的残留，会让别的程序多读出一条指标。", En: "It is a leftover of typesetting or export that other programs read as an indicator."},
		Fix:       model.Text{Zh: "删去这一行。", En: "Delete the row."},
		Bad:       example(edit{"\t\t" + lineQuality, "\t---\t---\t---\t---\n\t\t" + lineQuality}),
		Good:      clean("数量指标", "质量指标"),
	},
	form: signs(model.SignSeparatorRow, false, model.Text{
		Zh: "指标行之间夹着一行横线“{text}”，请删去。",
		En: `A row of dashes "{text}" stands among the indicators; delete it.`,
	}),
}

var brokenLabelRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S015", Name: "broken-label", Severity: model.Info, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "标签被空格或分页断开", En: "a label is broken by white space or a page break"},
		Rationale: model.Text{Zh: "断开的标签检索不到，别的程序也可能认不出。", En: "A broken label cannot be searched for, and other programs may not know it."},
		Fix:       model.Text{Zh: "重新导出，或把标签改成连续的文字。", En: "Export again, or print the label in one piece."},
		Mends:     model.Text{Zh: "perfgoal fix 可以删去标签里的空格。", En: "perfgoal fix closes the blanks in the label."},
		Bad:       example(edit{"\t满意度指标\t服务对象满意度指标", "\t满意度指 标\t服务对象满意度指标"}),
		Good:      clean("满意度指标"),
	},
	form: signs(model.SignBrokenLabel, true, model.Text{
		Zh: "有{count}处标签被空格或分页断开，例如“{text}”。",
		En: `{count} label(s) are broken by white space or a page break, such as "{text}".`,
	}),
	mend: mendLabel,
}

// signs makes the check of a rule that hands on what the reading noticed,
// each sign by itself or all of a form in one finding.
func signs(kind model.SignKind, once bool, text model.Text) func(*form, *Thresholds) verdict {
	return func(f *form, _ *Thresholds) verdict {
		var findings []model.Finding
		count := 0
		for _, s := range f.Signs {
			if s.Kind != kind {
				continue
			}
			count++
			if once && count > 1 {
				findings[0].Related = append(findings[0].Related, f.related(f.signPlace(s)))
				continue
			}
			findings = append(findings, f.finding(f.signPlace(s), text, model.Args{"text": s.Text, "other": s.Other}))
		}
		if once && count > 0 {
			findings[0].Message.Args["count"] = strconv.Itoa(count)
			findings[0].Evidence = map[string]string{"count": strconv.Itoa(count)}
		}
		return judged(findings)
	}
}

func (f *form) signPlace(s model.Sign) place {
	p := place{field: "indicators", text: s.Text, location: s.Location}
	if s.Indicator >= 0 && s.Indicator < len(f.rows) {
		p.field = f.rows[s.Indicator].at("level1").field
		if p.location == (model.Location{}) {
			p.location = f.rows[s.Indicator].Location
		}
	}
	return p
}
