package validate

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// generated makes n forms of some twelve indicators with goals of their own,
// one in fifty a near copy of the one before.
func generated(n int) *model.Document {
	r := rand.New(rand.NewPCG(7, 11))
	money := func(v int64) model.Money {
		d := decimal.NewFromInt(v)
		return model.Money{State: model.MoneyValid, Amount: d, Scale: decimal.NewFromInt(1), Printed: model.Number{Value: d, Places: 2}, Raw: d.StringFixed(2)}
	}
	bound := func(op model.Operator, v int64, unit string) model.Value {
		return model.Value{Raw: fmt.Sprintf("%s%d.00(%s)", op, v, unit), Kind: model.KindBound, Operator: op, Unit: unit,
			Number: &model.Number{Value: decimal.NewFromInt(v), Places: 2}}
	}
	word := func(s string) model.Value { return model.Value{Raw: s, Kind: model.KindText} }
	doc := &model.Document{Path: "bundle.txt", Status: model.StatusOK, Forms: make([]model.Form, n)}
	goal := ""
	for i := range doc.Forms {
		if i%50 != 49 {
			goal = string(randomGoal(r, 60+r.IntN(100)))
		} else {
			goal += "。"
		}
		doc.Forms[i] = model.Form{
			Index: i + 1, FiscalYear: 2026, Geometry: model.Ruled,
			Project: model.Project{Name: string(randomGoal(r, 8)) + "项目", SupervisingDepartment: fmt.Sprintf("云栖市%s局", string(rune(0x4e00+i%300))), ImplementingUnit: fmt.Sprintf("云栖市第%d中心", i%900),
				StartDate: model.NewDate("2026-01-01", 2026, 1, 1), EndDate: model.NewDate("2026-12-31", 2026, 12, 31)},
			Funding: model.Funding{Unit: "元", Annual: model.AnnualFunding{Total: money(360000), CurrentYearAppropriation: money(360000), Carryover: money(0), Other: money(0)}},
			Goals:   model.Goals{Annual: goal},
			Indicators: []model.Indicator{
				{Level1: "成本指标", Level2: "经济成本指标", Class1: model.Cost, Class2: model.EconomicCost, Level3: "展厅运行费", Value: bound(model.AtMost, 30000, "元/月")},
				{Level1: "产出指标", Level2: "数量指标", Class1: model.Output, Class2: model.Quantity, Level3: "展项巡检次数", Value: bound(model.AtLeast, 48, "次")},
				{Level1: "产出指标", Level2: "数量指标", Class1: model.Output, Class2: model.Quantity, Level3: "举办讲座场次", Value: bound(model.AtLeast, 12, "场")},
				{Level1: "产出指标", Level2: "质量指标", Class1: model.Output, Class2: model.Quality, Level3: "展项完好率", Value: bound(model.AtLeast, 98, "%")},
				{Level1: "产出指标", Level2: "质量指标", Class1: model.Output, Class2: model.Quality, Level3: "讲解合格率", Value: bound(model.AtLeast, 95, "%")},
				{Level1: "产出指标", Level2: "时效指标", Class1: model.Output, Class2: model.Timeliness, Level3: "展项故障修复时间", Value: bound(model.AtMost, 24, "小时")},
				{Level1: "产出指标", Level2: "时效指标", Class1: model.Output, Class2: model.Timeliness, Level3: "项目完成及时性", Value: word("及时")},
				{Level1: "效益指标", Level2: "社会效益指标", Class1: model.Benefit, Class2: model.SocialBenefit, Level3: "接待青少年人数", Value: bound(model.AtLeast, 20000, "人")},
				{Level1: "效益指标", Level2: "社会效益指标", Class1: model.Benefit, Class2: model.SocialBenefit, Level3: "提升科普服务能力", Value: word("提升")},
				{Level1: "效益指标", Level2: "可持续影响指标", Class1: model.Benefit, Class2: model.Sustainability, Level3: "展项更新机制健全性", Value: word("健全")},
				{Level1: "满意度指标", Level2: "服务对象满意度指标", Class1: model.Satisfaction, Class2: model.ClientSatisfaction, Level3: "参观青少年满意度", Value: bound(model.AtLeast, 90, "%")},
				{Level1: "满意度指标", Level2: "服务对象满意度指标", Class1: model.Satisfaction, Class2: model.ClientSatisfaction, Level3: "学校满意度", Value: bound(model.AtLeast, 90, "%")},
			},
		}
	}
	return doc
}

// BenchmarkEngine measures the rules alone, by number of forms; the time per
// form should stay flat. Where the machine is busy, go by the time of
// processors.
func BenchmarkEngine(b *testing.B) {
	for _, n := range []int{43, 1000, 10000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			doc := generated(n)
			e, err := New(Config{NoSingle: true})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			before := cpuTime()
			for b.Loop() {
				e.Document(doc)
			}
			forms := float64(b.N) * float64(n)
			b.ReportMetric(float64((cpuTime()-before).Nanoseconds())/forms/1000, "cpu-µs/form")
			perForm := float64(b.Elapsed().Nanoseconds()) / forms
			b.ReportMetric(perForm/1000, "µs/form")
			b.ReportMetric(1e9/perForm, "forms/s")
		})
	}
}

// BenchmarkCrowdedGoals measures the search for copies among goals made of the
// same phrases, where nearly all bigrams are common.
func BenchmarkCrowdedGoals(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 5))
	phrases := make([]string, 200)
	for i := range phrases {
		phrases[i] = string(randomGoal(r, 8))
	}
	for _, n := range []int{1000, 10000, 30000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			sets := make([][]uint64, n)
			for i := range sets {
				text := ""
				for range 12 {
					text += phrases[r.IntN(len(phrases))]
				}
				sets[i] = sortedBigrams(text)
			}
			for b.Loop() {
				alike(sets, 0.75, 20)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n)/1000, "µs/form")
		})
	}
}
