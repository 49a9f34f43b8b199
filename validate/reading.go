package validate

// The rules here hand on what the reader doubts, one for each way in which
// printed text can fail to be read. They are no judgement of the form. Between
// them they cover every code of a doubt.

import (
	"slices"

	"perfgoal/model"
)

var unreadTextRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "R001", Name: "unread-text", Severity: model.Warning, Default: true, Kind: model.KindReading, Since: second, Basis: basisReading,
		Title:     model.Text{Zh: "表上有文字没有读入任何一栏", En: "printed text belongs to no field, or is cut off"},
		Rationale: model.Text{Zh: "没有读入的文字可能正是某一栏的内容；不说明白，检查结果就不可信。", En: "Text that no field took may be what a field lacks; left unsaid, the result could not be trusted."},
		Fix:       model.Text{Zh: "对照原表看这段文字属于哪一栏；版面特殊的，请改用规范的表样重新导出。", En: "See in the original which field the text belongs to; export an odd layout again in the usual one."},
		Bad:       shown([]string{"季度安排"}, edit{"项目绩效目标\t项目总目标", "一季度布展\t季度安排见附页二\t二季度开放\n项目绩效目标\t项目总目标"}),
		Good:      clean("项目绩效目标"),
	},
	kinds: anyKind,
	form: doubts(model.Text{
		Zh: "“{text}”印在表上，但没有读入任何一栏。请对照原表核实，别的检查可能因此不全。",
		En: `"{text}" is printed on the form, but no field took it. Check against the original; other checks may be incomplete for it.`,
	}, model.UnassignedText, model.CutOff),
}

var overlappingTextRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "R002", Name: "overlapping-text", Severity: model.Warning, Default: true, Kind: model.KindReading, Since: second, Basis: basisReading,
		Title:     model.Text{Zh: "文字重叠在一起，读不准", En: "characters are printed over one another"},
		Rationale: model.Text{Zh: "水印、印章或改写的内容压在文字上，读出来的数可能是两个数混在一起。", En: "Where a watermark, a seal or a correction lies over text, a figure read there may be two figures mixed."},
		Fix:       model.Text{Zh: "请提供没有水印和涂改的文件，或对照原表核实这一处。", En: "Hand in a file without watermark or correction, or check the place against the original."},
		Bad:       overprinted(edit{"≥48.00(次)", "≥4368.00(次)"}),
		Good:      clean("展项巡检次数"),
	},
	kinds: anyKind,
	form: doubts(model.Text{
		Zh: "“{text}”这里有文字重叠，读不准，没有采用。请对照原表核实。",
		En: `Characters lie over one another at "{text}", so it was not taken. Check against the original.`,
	}, model.OverlappingText),
}

var unknownColumnRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "R003", Name: "unknown-column", Severity: model.Warning, Default: true, Kind: model.KindReading, Since: second, Basis: basisReading,
		Title:     model.Text{Zh: "指标表里有一列不认识", En: "a filled column of the indicator table is not known"},
		Rationale: model.Text{Zh: "不认识的列里可能正是指标值；猜错了，整张表的检查都会错。", En: "The column may hold the values; a wrong guess would spoil every check of the form."},
		Fix:       model.Text{Zh: "把列名改成规范的名称，或在配置文件里告诉 perfgoal 这一列是什么（见 perfgoal explain layouts）。", En: "Use the usual heading, or name the column in the configuration (see perfgoal explain layouts)."},
		Bad:       example(edit{"三级指标\t年度(/项目)指标值", "三级指标\t年度(/项目)指标值\t赋码情形"}, edit{lineQuantity, lineQuantity + "\t甲三"}, edit{lineQuality, lineQuality + "\t乙一"}),
		Good:      clean("三级指标"),
	},
	kinds: anyKind,
	form: doubts(model.Text{
		Zh: "“{text}”所在的一列没有认得的列名，不知道是什么，没有采用。请对照原表核实。",
		En: `The column of "{text}" has no known heading; what it holds is not known, so it was not taken. Check against the original.`,
	}, model.UnknownColumn),
}

var labelNotFoundRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "R004", Name: "label-not-found", Severity: model.Warning, Default: true, Kind: model.KindReading, Since: second, Basis: basisReading,
		Title:     model.Text{Zh: "表上没有找到应有的栏目", En: "a field that belongs on the form was not found"},
		Rationale: model.Text{Zh: "栏目名称与已知的都不同，这一栏就读不到；不等于没有填。", En: "Under a label that is not known the field cannot be read; that does not mean it is blank."},
		Fix:       model.Text{Zh: "改用规范的栏目名称，或在配置文件里补上这个名称（见 perfgoal explain layouts）。", En: "Use the usual label, or add it to the configuration (see perfgoal explain layouts)."},
		Bad:       example(edit{"实施单位\t云栖市青少年科普馆", "经办之馆\t云栖市青少年科普馆"}),
		Good:      clean("实施单位"),
	},
	kinds: anyKind,
	form: doubts(model.Text{
		Zh: "没有找到“{field}”一栏，表上却有不认识的栏目。它可能换了名称，请对照原表核实。",
		En: `The {field_en} was not found, while there are labels on the form that are not known. It may go by another name; check against the original.`,
	}, model.LabelNotFound),
}

var unitNotPrintedRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "R005", Name: "unit-not-printed", Severity: model.Warning, Default: true, Kind: model.KindReading, Since: second, Basis: basisReading,
		Title:     model.Text{Zh: "金额没有印单位", En: "an amount whose unit is printed nowhere"},
		Rationale: model.Text{Zh: "不知道是元还是万元，差一万倍；不能默认是元。", En: "元 or 万元 makes a difference of ten thousand times; neither can be assumed."},
		Fix:       model.Text{Zh: "在表头或栏目名称里写明金额单位，例如“项目资金（万元）”。", En: "State the unit in the heading or the label, such as 项目资金（万元）."},
		Bad:       example(edit{"项目资金(元)", "项目资金"}),
		Good:      clean("项目资金"),
	},
	kinds: anyKind,
	form: doubts(model.Text{
		Zh: "金额“{text}”没有印单位，不知道是元还是万元，没有采用。请写明单位。",
		En: `The unit of "{text}" is printed nowhere, so the amount was not taken. State the unit.`,
	}, model.UnitNotPrinted),
}

var ambiguousTextRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "R006", Name: "ambiguous-text", Severity: model.Warning, Default: true, Kind: model.KindReading, Since: second, Basis: basisReading,
		Title:     model.Text{Zh: "文字有两种读法，没有采用", En: "printed text that can be read in more than one way"},
		Rationale: model.Text{Zh: "两格粘在一起、扫描件字迹不清时，读成哪一种都可能错。", En: "Where cells run together or a scan is unclear, either reading may be wrong."},
		Fix:       model.Text{Zh: "对照原表核实；能重新导出的，请导出有表格线、有文字的文件。", En: "Check against the original, and export a file with cell borders and text where possible."},
		Bad:       example(edit{"主管部门\t云栖市科普事务局\t实施单位\t云栖市青少年科普馆", "主管部门\t云栖市科普事务局实施单位：云栖市青少年科普馆"}),
		Good:      clean("主管部门"),
	},
	kinds: anyKind,
	form: doubts(model.Text{
		Zh: "“{text}”读不准：{why}。",
		En: `"{text}" could not be read for certain: {why_en}.`,
	}, model.AmbiguousText, model.LabelInValue, model.LowConfidence),
}

var basisReading = model.Text{Zh: "没有读准的内容，不是对申报表的评判", En: "what could not be read for certain; no judgement of the form"}

// doubts makes the check of a rule that hands on doubts of the given codes,
// each by itself. {why} and {why_en} are the reader's own words.
func doubts(text model.Text, codes ...model.DoubtCode) func(*form, *Thresholds) verdict {
	return func(f *form, _ *Thresholds) verdict {
		var findings []model.Finding
		for i := range f.Doubts {
			d := &f.Doubts[i]
			if !slices.Contains(codes, d.Code) {
				continue
			}
			name := model.Text{Zh: orDash(d.Field), En: orDash(d.Field)}
			if field, ok := model.FieldAt(d.Field); ok {
				name = field.Name
			}
			why := [2]string{d.Message.In(model.Chinese), d.Message.In(model.English)}
			if d.Message.Text == (model.Text{}) {
				why = [2]string{"不止一种读法；请对照原件", "there is more than one way to read it; look at the original"}
			}
			x := f.finding(f.doubtPlace(d), text, model.Args{"text": d.Text, "field": name.Zh, "field_en": name.En, "why": why[0], "why_en": why[1]})
			x.Evidence = map[string]string{"text": d.Text, "doubt": string(d.Code)}
			if d.Stored != "" {
				x.Evidence["stored"] = d.Stored
			}
			findings = append(findings, x)
		}
		return judged(findings)
	}
}

// doubtPlace is where a doubt stands: its own location, or its field's.
func (f *form) doubtPlace(d *model.Doubt) place {
	p := place{field: d.Field, text: d.Text, location: d.Location}
	if p.location == (model.Location{}) {
		p.location = f.head(d.Field, "").location
	}
	if p.field == "" {
		p.field = "form"
	}
	return p
}
