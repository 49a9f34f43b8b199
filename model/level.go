package model

// Level is the class of a level label: what an indicator is about, whatever
// words its region prints for it. Rules and readers compare classes; labels
// are for people. The zero value is a label that no layout gives a class.
type Level string

// The classes of level 1. Cost is also the class of the 成本指标 that older
// forms have as a level 2 under 产出指标.
const (
	NoLevel      Level = ""
	Decision     Level = "decision"     // 决策, 投入 (performance systems of self-evaluation kind)
	Process      Level = "process"      // 过程, 管理
	Cost         Level = "cost"         // 成本指标
	Output       Level = "output"       // 产出指标
	Benefit      Level = "benefit"      // 效益指标, 效果
	Satisfaction Level = "satisfaction" // 满意度指标
	Influence    Level = "influence"    // 影响力目标
)

// The classes of level 2.
const (
	EconomicCost       Level = "economic-cost"       // 经济成本指标
	SocialCost         Level = "social-cost"         // 社会成本指标
	EcologicalCost     Level = "ecological-cost"     // 生态环境成本指标
	Quantity           Level = "quantity"            // 数量指标
	Quality            Level = "quality"             // 质量指标
	Timeliness         Level = "timeliness"          // 时效指标
	EconomicBenefit    Level = "economic-benefit"    // 经济效益指标
	SocialBenefit      Level = "social-benefit"      // 社会效益指标
	EcologicalBenefit  Level = "ecological-benefit"  // 生态效益指标
	Sustainability     Level = "sustainability"      // 可持续影响指标
	ClientSatisfaction Level = "client-satisfaction" // 服务对象满意度指标
)

// Levels are all classes, level 1 before level 2.
var Levels = []Level{
	Decision, Process, Cost, Output, Benefit, Satisfaction, Influence,
	EconomicCost, SocialCost, EcologicalCost, Quantity, Quality, Timeliness,
	EconomicBenefit, SocialBenefit, EcologicalBenefit, Sustainability, ClientSatisfaction,
}
