package parser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type indicatorTruth = struct {
	L1    string `json:"l1"`
	L2    string `json:"l2"`
	L3    string `json:"l3"`
	Value string `json:"value"`
}

// longForm runs over pages: both goals and some names take many lines.
func longForm() truthForm {
	return truthForm{
		Year: 2026, ProjectName: "老旧管网普查与漏损治理三年行动", ProjectNature: "阶段性项目", ProjectCategory: "特定目标类",
		SupervisingDepartment: "白芦县住房和城乡建设局", ImplementingUnit: "白芦县供水管网服务中心", StartDate: "2026-02-01", EndDate: "2026-11-30",
		AnnualTotal: "2384500.00", FiscalCurrent: "2150000.00", Carryover: "234500.00", AnnualOther: "0.00",
		ProjectTotal: "7150000.00", ProjectFiscal: "7150000.00", ProjectOther: "0.00",
		OverallGoal: "三年内查清全县供水管网的走向、管龄和材质，建起可以随时查询的管网档案；分片安装计量设备，逐段找出漏点并修复，把漏损率降到国家要求的限度以内，使高处和管网末梢的住户也能用上压力稳定的自来水。",
		AnnualGoal:  "一、完成城北、河西两个片区一百八十公里管线的探测和测绘，同步录入档案；二、安装分区计量水表六十套，按月比对进出水量；三、修复探明的漏点不少于三百处，更换使用满三十年的灰口铸铁管十二公里；四、办好停水告知和路面恢复，尽量不影响沿街商户营业；五、整理全年资料，为下一年度的片区排定先后次序。",
		Indicators: []indicatorTruth{
			{"成本指标", "经济成本指标", "每公里管线探测费用", "≤4200.00(元/公里)"},
			{"成本指标", "经济成本指标", "漏点修复单处平均费用", "≤2600.00(元/处)"},
			{"产出指标", "数量指标", "城北与河西两个片区完成探测并测绘入档的供水管线总长度", "≥180.00(公里)"},
			{"产出指标", "数量指标", "分区计量水表安装套数", "≥60.00(套)"},
			{"产出指标", "数量指标", "灰口铸铁管更换长度", "≥12.00(公里)"},
			{"产出指标", "质量指标", "管线探测成果抽检合格率", "≥95.00(%)"},
			{"产出指标", "质量指标", "路面恢复一次验收合格率", "=100.00(%)"},
			{"产出指标", "时效指标", "漏点自发现至修复时间", "≤48.00(小时)"},
			{"效益指标", "经济效益指标", "年节约水量", "≥36.00(万立方米)"},
			{"效益指标", "社会效益指标", "因爆管造成的大面积停水次数与上一年度相比下降的比例", "≥20.00(%)"},
			{"效益指标", "可持续影响指标", "管网档案管理制度", "建立健全并由专人逐月更新核对"},
			{"满意度指标", "服务对象满意度指标", "受益用水户满意度", "≥90.00(%)"},
		},
	}
}

// briefForm takes half a page.
func briefForm() truthForm {
	return truthForm{
		Year: 2025, ProjectName: "校园食堂燃气报警器更换", ProjectNature: "其他经常性项目", ProjectCategory: "其他运转类",
		SupervisingDepartment: "梧桐区教育局", ImplementingUnit: "梧桐区第三小学", StartDate: "2025-01-01", EndDate: "2025-12-31",
		AnnualTotal: "86400.00", FiscalCurrent: "86400.00", Carryover: "0.00", AnnualOther: "0.00",
		OverallGoal: "消除用气隐患。", AnnualGoal: "更换到期报警器，接入值班室主机。",
		Indicators: []indicatorTruth{
			{"成本指标", "经济成本指标", "报警器单价", "≤720.00(元/台)"},
			{"产出指标", "数量指标", "更换台数", "=120.00(台)"},
			{"产出指标", "质量指标", "设备验收合格率", "=100.00(%)"},
			{"产出指标", "时效指标", "完成时间", "8月底前"},
			{"效益指标", "社会效益指标", "燃气事故起数", "=0.00(起)"},
			{"满意度指标", "服务对象满意度指标", "师生满意度", "≥92.00(%)"},
		},
	}
}

// keep writes a failing document where PAPER_KEEP says.
func keep(name string, data []byte) {
	if dir := os.Getenv("PAPER_KEEP"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, name+".pdf"), data, 0o600)
	}
}

// Wherever the page ends, the form is the same, or what is unsure is doubted.
func TestAPageBreakAtEveryHeight(t *testing.T) {
	step := 29.0
	if *full {
		step = 1
	}
	type mixture struct {
		name string
		p    paper
	}
	var mixtures []mixture
	for _, open := range []bool{false, true} {
		for _, whole := range []bool{false, true} {
			for _, again := range []bool{false, true} {
				for _, centred := range []bool{false, true} {
					p := paper{border: "full", pad: 3, size: 9, centred: centred, open: open, whole: whole, again: again, labelsFirst: open != whole, foot: "— # —"}
					if again {
						p.caption, p.head = "续表", "白芦县2026年部门预算"
					}
					name := fmt.Sprintf("open=%t,whole=%t,again=%t,centred=%t", open, whole, again, centred)
					mixtures = append(mixtures, mixture{name, p})
				}
			}
		}
	}
	forms := map[string]truthForm{"long": longForm(), "brief": briefForm()}
	for name, f := range forms {
		for _, later := range []float64{700, 95} { // a break in all, or pages so low that cells run over several
			for _, m := range mixtures {
				t.Run(fmt.Sprintf("%s,later=%g,%s", name, later, m.name), func(t *testing.T) {
					var all tally
					fails := 0
					for first := 60.0; first < 640; first += step {
						p := m.p
						p.first, p.later = first, later
						data := p.print(f)
						y := judge([]truthForm{f}, parseBytes(t, data, Options{Engine: "pdfcpu"}))
						if len(y.bad) > 0 {
							fails++
							if fails <= 3 {
								t.Errorf("the first page ends after %g points: %s", first, strings.Join(y.bad[:min(len(y.bad), 4)], "; "))
								keep(fmt.Sprintf("%s-%g-%s-%g", name, later, m.name, first), data)
							}
						}
						all.add(y)
					}
					if fails > 3 {
						t.Errorf("and %d more places", fails-3)
					}
					if n := all.right + all.doubted + all.refused + len(all.bad); 100*all.right < 85*n {
						t.Errorf("only %v", &all)
					}
					t.Log(&all)
				})
			}
		}
	}
}
