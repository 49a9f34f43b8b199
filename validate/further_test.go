package validate_test

import (
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// TestFurtherValues: what stands in another column, in a region's or in the
// table of the whole project is judged as the year's values are, and a finding
// points at the very cell.
func TestFurtherValues(t *testing.T) {
	const satisfaction, cost, social = "参观青少年满意度\t≥90.00(%)", "展厅运行费\t≤30000.00(元/月)", "接待青少年人数\t≥20000.00(人)"
	row := func(t *testing.T, old, changed string) model.Indicator {
		doc := parseText(t, strings.Replace(base(t), old, changed, 1))
		rows := doc.Forms[0].Indicators
		name, _, _ := strings.Cut(changed, "\t")
		return rows[slices.IndexFunc(rows, func(x model.Indicator) bool { return x.Level3 == name })]
	}
	long := func(x *model.Indicator, v model.Value) { x.LongTermValue = &v }
	half := func(x *model.Indicator, v model.Value) { x.HalfYearValue = &v }
	regions := func(x *model.Indicator, v model.Value) {
		x.RegionValues = []model.RegionValue{{Region: "东溪县", Value: x.Value}, {Region: "西岭县", Value: v}, {Region: "南塘区", Value: v}}
		x.Value = model.Missing()
	}
	for _, c := range []struct {
		name, old, changed string
		put                func(x *model.Indicator, v model.Value) // nil: into the table of the whole project
		want               string                                  // rule and field of each finding
	}{
		{"the other direction, long term", satisfaction, "参观青少年满意度\t≤90.00(%)", long, "V002 indicators[6].long_term_value"},
		{"the other direction, half a year", satisfaction, "参观青少年满意度\t≤90.00(%)", half, "V002 indicators[6].half_year_value"},
		{"two regions of one row", satisfaction, "参观青少年满意度\t≤90.00(%)", regions, "V002 indicators[6].region_values"},
		{"the whole project", satisfaction, "参观青少年满意度\t≤90.00(%)", nil, "V002 overall_indicators[0].value"},
		{"over 100 %", satisfaction, "参观青少年满意度\t≥900.00(%)", long, "V003 indicators[6].long_term_value"},
		{"an implausible rate", satisfaction, "参观青少年满意度\t≥0.90(%)", regions, "V015 indicators[6].region_values"},
		{"a bare magnitude", social, "接待青少年人数\t≥6.00(万)", long, "V007 indicators[4].long_term_value"},
		{"words for a figure", social, "接待青少年人数\t≥6.00(万)", nil, "V007 overall_indicators[0].value"},
		{"asterisks", social, "接待青少年人数\t≥**(人)", half, "N005 indicators[4].half_year_value"},
		{"a cost in words", cost, "展厅运行费\t控制于预算内", nil, "C004 overall_indicators[0].value"},
		{"no value", social, "接待青少年人数\t", nil, "S016 overall_indicators[0].value"},
		{"a placeholder", social, "接待青少年人数\t待定", nil, "S016 overall_indicators[0].value"},
		{"markup", social, "接待青少年人数\t<p>两万人</p>", long, "V011 indicators[4].long_term_value W001 indicators[4].long_term_value"},
		{"innocent, long term", social, "接待青少年人数\t≥60000.00(人)", long, ""},
		{"innocent, regions", satisfaction, "参观青少年满意度\t≥92.00(%)", regions, ""},
		{"innocent, whole project", social, "接待青少年人数\t≥60000.00(人)", nil, ""},
		{"blank, long term", social, "接待青少年人数\t", long, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := parseText(t, base(t))
			form := &doc.Forms[0]
			changed := row(t, c.old, c.changed)
			if c.put == nil {
				form.OverallIndicators = []model.Indicator{changed}
			} else {
				i := slices.IndexFunc(form.Indicators, func(x model.Indicator) bool { return x.Level3 == changed.Level3 })
				c.put(&form.Indicators[i], changed.Value)
			}
			var got []string
			for _, x := range engine(t, validate.Config{}).Document(&doc).Findings {
				got = append(got, x.Rule+" "+x.Field)
				checkFinding(t, x)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("findings %q, want %q", s, c.want)
			}
		})
	}
}

// TestFurtherValuesAreNotCountedTwice: what is wrong alike in the year's table
// and in the whole project's is one finding with both places, and a name is
// reported once however many columns stand behind it.
func TestFurtherValuesAreNotCountedTwice(t *testing.T) {
	doc := parseText(t, strings.Replace(base(t), "参观青少年满意度\t≥90.00(%)", "参观青少年满意度\t≤90.00(%)", 1))
	form := &doc.Forms[0]
	form.OverallIndicators = slices.Clone(form.Indicators)
	found := engine(t, validate.Config{}).Document(&doc).Findings
	if len(found) != 1 || len(found[0].Related) != 1 || found[0].Field != "indicators[6].value" || found[0].Related[0].Field != "overall_indicators[6].value" {
		t.Errorf("findings %+v", found)
	}

	doc = parseText(t, strings.Replace(base(t), "参观青少年满意度\t≥90.00(%)", "参观青少年投诉率\t<5.00(%)", 1))
	row := &doc.Forms[0].Indicators[6]
	value := row.Value
	row.LongTermValue = &value
	found = engine(t, validate.Config{}).Document(&doc).Findings
	if len(found) != 1 || found[0].Rule != "V001" || len(found[0].Related) != 0 {
		t.Errorf("findings %+v", found)
	}
}

// TestFurtherValuesInDoubt: where such a value was not read for certain,
// silence is no proof.
func TestFurtherValuesInDoubt(t *testing.T) {
	doc := parseText(t, base(t))
	form := &doc.Forms[0]
	form.OverallIndicators = slices.Clone(form.Indicators)
	form.OverallIndicators[6].Value = model.Missing()
	form.Doubts = append(form.Doubts, model.Doubt{Code: model.AmbiguousText, Field: "overall_indicators[6].value", Text: "≥9O%"})
	for _, code := range []string{"S016", "V002", "V003"} {
		res := engine(t, validate.Config{Select: []string{code}}).Document(&doc)
		if len(res.Findings) != 0 || res.Single[0].Outcome != model.InsufficientData {
			t.Errorf("%s: %v %v", code, res.Single[0].Outcome, res.Findings)
		}
	}
}
