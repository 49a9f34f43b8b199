package parser

import (
	"testing"

	"perfgoal/model"
)

// Indicators without a head that stand before a form make the document
// partial; alone they are no form.
func TestPiecesOfForms(t *testing.T) {
	const piece = `<table border=1><tr><td>产出指标<td>数量指标<td>清淤长度<td>≥20.00(公里)</table>`
	const whole = `<p>项目支出绩效目标申报表</p><p>（2026年度）</p><table border=1>
<tr><td>项目名称<td>水渠清淤项目<td>主管部门<td>水利局
<tr><td>实施单位<td>水利站<td>年度资金总额（元）<td>500.00
<tr><td>一级指标<td>二级指标<td>三级指标<td>指标值
<tr><td>产出指标<td>数量指标<td>清淤长度<td>≥30.00(公里)</table>`
	for _, tt := range []struct {
		name, html string
		status     model.Status
		forms      int
	}{
		{"before a form", piece + whole, model.StatusPartial, 1},
		{"alone", piece, model.StatusNoForm, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, streamed := range []bool{false, true} {
				var opt Options
				var forms []model.Form
				if streamed {
					opt.Each = func(_ *model.Document, f model.Form) { forms = append(forms, f) }
				}
				doc, err := Parse(t.Context(), Source{Path: "a.html", Data: []byte("<html><meta charset=utf-8>" + tt.html)}, opt)
				if err != nil {
					t.Fatal(err)
				}
				if !streamed {
					forms = doc.Forms
				}
				if doc.Status != tt.status || len(forms) != tt.forms {
					t.Fatalf("streamed %v: %s (%v), %d forms, want %s, %d", streamed, doc.Status, doc.Error, len(forms), tt.status, tt.forms)
				}
				if tt.status == model.StatusPartial && (len(forms[0].Doubts) != 1 || forms[0].Doubts[0].Code != model.UnassignedText) {
					t.Errorf("doubts %+v", forms[0].Doubts)
				}
			}
		})
	}
}
