package parser

import (
	"errors"
	"slices"
	"testing"

	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/parser/text"
)

// checkTables fails where cells lie outside their table.
func checkTables(t *testing.T, tables []model.Table) {
	t.Helper()
	for i, table := range tables {
		for _, c := range table.Cells {
			if c.Row < 0 || c.Col < 0 || c.RowSpan < 1 || c.ColSpan < 1 || c.Row+c.RowSpan > table.Rows || c.Col+c.ColSpan > table.Cols {
				t.Fatalf("table %d of %d×%d holds the cell %+v", i, table.Rows, table.Cols, c)
			}
		}
		for _, b := range table.Breaks {
			if b < 0 || b > table.Rows {
				t.Fatalf("table %d: break before row %d of %d", i, b, table.Rows)
			}
		}
	}
}

// checkForms fails where forms are not counted from one or hold fields that
// cannot be.
func checkForms(t *testing.T, forms []model.Form) {
	t.Helper()
	for i, f := range forms {
		if f.Index != i+1 || f.Indicators == nil || f.Unparsed == nil || f.Geometry == "" {
			t.Fatalf("form %d: index %d, geometry %q", i+1, f.Index, f.Geometry)
		}
		for j, ind := range f.Indicators {
			if ind.Value.Kind == "" || ind.Value.Kind == model.KindMissing && ind.Value.Number != nil {
				t.Fatalf("form %d indicator %d: %+v", i+1, j+1, ind.Value)
			}
		}
		checkAccount(t, &f)
		for _, s := range f.Signs {
			if s.Kind == "" || s.Indicator < -1 || s.Indicator > len(f.Indicators) {
				t.Fatalf("form %d: sign %+v beside %d indicators", i+1, s, len(f.Indicators))
			}
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("项目支出绩效目标申报表\n（2026年度）\n项目名称\t水渠清淤\n年度资金总额：\t12.50\n年度目标\n\t清淤20公里\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t清淤长度\t≥20公里\n满意度指标\t服务对象满意度指标\t村民满意度\t≥90%\n"))
	f.Add([]byte("| 项目名称 | 水渠清淤 |\n| --- | --- |\n| 一级指标 | 二级指标 | 三级指标 | 指标值 |\n| 产出指标 | 数量指标 | 长度 | ≥20 |\n"))
	f.Add([]byte("项目名称    水渠清淤\n\f\n一级指标  二级指标  三级指标  指标值\n产出指标  可持续影\n\n响指标\n"))
	f.Add([]byte("\xef\xbb\xbf项目名称\t甲"))
	f.Add([]byte("\xff\xfe\x79\x98\xee\x76"))
	f.Add([]byte("\xcf\xee\xc4\xbf\xc3\xfb\xb3\xc6\t\xbc\xd7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := text.Decode(data)
		if err != nil {
			var p *model.Problem
			if !errors.As(err, &p) || p.Code == "" {
				t.Fatalf("error %v says nothing to the user", err)
			}
			return
		}
		tables := slices.Collect(text.Tables(s, form.Standard().Words()))
		checkTables(t, tables)
		checkForms(t, formsOf(tables))
	})
}

// formsOf are the declarations among tables.
func formsOf(tables []model.Table) []model.Form {
	var out []model.Form
	for f := range form.Standard().Build(slices.Values(tables)) {
		if f.Code == "" {
			out = append(out, f.Form)
		}
	}
	return out
}
