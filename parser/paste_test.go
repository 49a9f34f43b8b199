package parser

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"html"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// pasteForms is how many invented forms of each layout are pasted in every
// shape; the whole run takes a few hundred.
var pasteForms = flag.Int("paste.forms", 6, "invented forms of each layout that are pasted in every shape")

// pasteShow prints the text of a form that was read wrongly.
var pasteShow = flag.Bool("paste.show", false, "print the pasted text of forms with lies or losses")

// A drawn form: cells that span rows and columns, and what they say.
type drawn struct {
	layout string
	title  string
	year   string // the line below the title
	widths []int  // of the columns, in Chinese characters
	cells  []drawnCell
	rows   int
	truth  pasteTruth
}

type drawnCell struct {
	row, col, rows, cols int
	text                 string
}

// pasteTruth is what the form says: fields by path, blank ones included.
type pasteTruth struct {
	fields     map[string]string
	indicators []pasteIndicator
	overall    []pasteIndicator
}

type pasteIndicator struct{ level1, level2, level3, value string }

// add puts a row of cells under the others, each in the next free column.
func (d *drawn) add(cells ...drawnCell) {
	col := 0
	taken := func() bool {
		return slices.ContainsFunc(d.cells, func(c drawnCell) bool {
			return c.row < d.rows && c.row+c.rows > d.rows && c.col <= col && col < c.col+c.cols
		})
	}
	for _, c := range cells {
		for taken() {
			col++
		}
		c.row, c.col = d.rows, col
		col += c.cols
		d.cells = append(d.cells, c)
	}
	d.rows++
}

// at is the cell that covers a place; origin says whether it starts there.
func (d *drawn) at(row, col int) (c drawnCell, origin bool) {
	for _, c := range d.cells {
		if c.row <= row && row < c.row+c.rows && c.col <= col && col < c.col+c.cols {
			return c, c.row == row && c.col == col
		}
	}
	return drawnCell{}, false
}

func one(text string) drawnCell             { return drawnCell{rows: 1, cols: 1, text: text} }
func broad(cols int, text string) drawnCell { return drawnCell{rows: 1, cols: cols, text: text} }
func tall(rows int, text string) drawnCell  { return drawnCell{rows: rows, cols: 1, text: text} }
func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// What the invented forms are made of.
var (
	pasteProjects = []string{
		"古桥巡护项目", "农贸市场防疫消杀经费", "社区食堂运营补贴（2026—2028年）", "12345热线坐席外包服务", "三级指标库信息化建设",
		"“雪亮工程”视频运维服务费", "其他资金监管平台升级改造", "Wi-Fi覆盖与5G专网租赁", "渔港泊位清淤及航标维护工程（二期）", "乡镇畜牧站仪器购置",
		"年度目标考核奖补资金", "残疾人辅具适配", "县级储备粮轮换差价补贴", "城乡公交一体化运营成本规制补偿及新能源车辆更新采购专项经费",
	}
	pasteNatures     = []string{"经常性项目", "其他一次性项目", "延续项目", "新增项目", ""}
	pasteCategories  = []string{"特定目标类", "其他运转类", "其他", ""}
	pasteDepartments = []string{"[208003]岚山区民政局", "云坪县交通运输局", "石渡市市场监督管理局（本级）", "松岭区财政局"}
	pasteUnits       = []string{"岚山区社会福利服务中心", "云坪县公路养护所", "石渡市12315投诉举报中心", "松岭区财政局", "石渡市渔港渔船安全与渔业资源养护事务中心（挂市渔政执法支队牌子）"}
	pasteOverall     = []string{
		"用三年时间建立起覆盖城乡的服务网络，群众就近就便享受服务。",
		"1.补齐设施短板；2.形成常态化管护机制；3.带动周边产业发展，年均接待不少于3万人次。",
		"目标1：完成渔港清淤18万立方米\n目标2：更新航标26座\n目标3：泊位利用率稳定在90%以上",
		"贯彻“安全第一、预防为主”方针，逐步实现重点部位视频全覆盖。",
		"",
	}
	pasteAnnual = []string{
		"本年度完成24座古桥的巡查，及时处置险情，保障行人安全。",
		"一、为全县18个乡镇畜牧站配齐检测仪器；\n二、组织2期操作培训，参训不少于60人次；\n三、仪器验收合格率100%。",
		"全年接听群众来电不少于86000件，按时办结率达到98%以上；其他资金按合同约定支付，满意度指标不低于92%。",
		"完成年度轮换任务，库存粮食质量良好，数量真实，管理规范，轮换差价按季度结算，及时拨付到位，企业经营平稳。",
		"支付2026年度租赁费用，保证网络稳定运行",
	}
	pasteDates = [][2]string{{"2026-01-01", "2026-12-31"}, {"2026-03-15", "2027-06-30"}}
)

// pasteLevel is a level 2 of the invented forms with names and values that go
// below it.
type pasteLevel struct {
	level1, level2 string
	names, values  []string
}

var pasteLevels = []pasteLevel{
	{"成本指标", "经济成本指标", []string{"项目总成本", "坐席人均成本（含社保）", "其他资金", "单价控制标准"}, []string{"≤126.00(万元)", "控制在预算内", "≤8.6万元/人", "≤0.00(元)"}},
	{"产出指标", "数量指标", []string{"巡查次数", "5G专网租赁条数", "清淤方量（水下方）", "组织培训期数", "更新新能源公交车辆数", "县级储备粮轮换数量", "消杀覆盖的农贸市场数量（含临时疏导点）", "数量完成情况"}, []string{"≥42(条)", "=26座", "≥180000(立方米)", "2期", "≥730(次/年)", "18个", "100%"}},
	{"产出指标", "质量指标", []string{"验收合格率", "轮换粮食质量达标率", "资料完整性", "坐席接通率"}, []string{"=100.00(%)", "≥98%", "完整", "100%", "合格", "符合国家标准"}},
	{"产出指标", "时效指标", []string{"任务完成及时率", "险情处置时间", "资金拨付及时性", "项目完工时间"}, []string{"≤24(小时)", "及时", "2026年12月底前", "按期完成", "≥95%", "1月-12月"}},
	{"效益指标", "经济效益指标", []string{"带动相关产业增收", "节约财政支出"}, []string{"≥120.5(万元)", "有效带动", "明显"}},
	{"效益指标", "社会效益指标", []string{"群众出行安全保障水平", "投诉量同比下降率", "12345热线知晓率", "社会治安环境改善程度"}, []string{"提升", "≥10.00(%)", "有效改善", "进一步增强", "≥85%", "显著提高"}},
	{"效益指标", "生态效益指标", []string{"水质达标率", "消杀药剂对环境的影响"}, []string{"≥90.00(%)", "无明显影响", "≤5%"}},
	{"效益指标", "可持续影响指标", []string{"长效管护机制健全性", "设备使用年限", "对行业发展的持续影响"}, []string{"健全", "≥5.00(年)", "长期", "持续发挥作用"}},
	{"满意度指标", "服务对象满意度指标", []string{"群众满意度", "受益企业满意度", "参训人员对培训的满意度"}, []string{"≥88.00(%)", "≥95%", "满意", "90%"}},
}

var pasteRemarks = []string{"", "以验收单为准", "按合同", "", "上年为88%"}

// drawIndicators chooses the rows below the header: level 2 by level 2.
func drawIndicators(r *rand.Rand) []pasteIndicator {
	var out []pasteIndicator
	for _, l := range pasteLevels {
		must := l.level2 == "数量指标" || l.level2 == "经济成本指标" || l.level1 == "满意度指标"
		if !must && r.IntN(5) == 0 {
			continue
		}
		names := slices.Clone(l.names)
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for n := range 1 + r.IntN(min(3, len(names))) {
			out = append(out, pasteIndicator{l.level1, l.level2, names[n], pick(r, l.values...)})
		}
	}
	return out
}

// runs is how many rows from the i-th have the same key.
func runs(list []pasteIndicator, i int, key func(pasteIndicator) string) int {
	n := 1
	for i+n < len(list) && key(list[i+n]) == key(list[i]) {
		n++
	}
	return n
}

func first(list []pasteIndicator, i int, key func(pasteIndicator) string) bool {
	return i == 0 || key(list[i-1]) != key(list[i])
}

func level1Of(x pasteIndicator) string { return x.level1 }
func level2Of(x pasteIndicator) string { return x.level1 + x.level2 }

// levelCells are the level cells that start in a row.
func levelCells(list []pasteIndicator, i int) []drawnCell {
	var cells []drawnCell
	if first(list, i, level1Of) {
		cells = append(cells, tall(runs(list, i, level1Of), list[i].level1))
	}
	if first(list, i, level2Of) {
		cells = append(cells, tall(runs(list, i, level2Of), list[i].level2))
	}
	return cells
}

// amounts are a total and its parts, printed with two decimals.
func amounts(r *rand.Rand, parts int) []string {
	var total int64
	out := []string{""}
	for n := range parts {
		v := int64(r.IntN(900_000)) * 100
		if n > 0 && r.IntN(2) == 0 {
			v = 0
		}
		total += v
		out = append(out, money(v))
	}
	out[0] = money(total)
	return out
}

func money(cents int64) string {
	whole := fmt.Sprint(cents / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s.%02d", whole, cents%100)
}

// drawForm invents a form of a layout.
func drawForm(layout string, r *rand.Rand) *drawn {
	d := &drawn{layout: layout, title: "项目支出绩效目标申报表", year: pick(r, "（2026年度）", "(2026 年度)", "2026年度")}
	f := map[string]string{"fiscal_year": "2026"}
	d.truth.fields = f
	f["project.name"] = pick(r, pasteProjects...)
	f["project.supervising_department"] = pick(r, pasteDepartments...)
	f["project.implementing_unit"] = pick(r, pasteUnits...)
	f["project.nature"] = pick(r, pasteNatures...)
	f["goals.annual"] = pick(r, pasteAnnual...)
	f["goals.overall"] = pick(r, pasteOverall...)
	list := drawIndicators(r)
	d.truth.indicators = list
	switch layout {
	case "district":
		f["project.category"] = pick(r, pasteCategories...)
		dates := pick(r, pasteDates...)
		f["project.start_date"], f["project.end_date"] = dates[0], dates[1]
		year, whole := amounts(r, 3), amounts(r, 2)
		if r.IntN(2) == 0 {
			whole = []string{"", "", ""}
		}
		f["funding.annual.total"], f["funding.annual.current_year_appropriation"], f["funding.annual.carryover"], f["funding.annual.other"] = year[0], year[1], year[2], year[3]
		f["funding.project.total"], f["funding.project.fiscal"], f["funding.project.other"] = whole[0], whole[1], whole[2]
		d.title = "财政项目支出绩效目标申报表"
		d.widths = []int{6, 7, 8, 9, 8, 6, 10}
		d.add(one("项目名称"), broad(2, f["project.name"]), one("项目性质"), one(f["project.nature"]), one("项目类别"), one(f["project.category"]))
		d.add(one("主管部门"), broad(2, f["project.supervising_department"]), one("实施单位"), broad(3, f["project.implementing_unit"]))
		d.add(one("计划开始日期"), broad(2, dates[0]), one("计划完成日期"), broad(3, dates[1]))
		d.add(tall(4, pick(r, "项目资金(元)", "项目资金（元）")), one("项目资金总额："), one(whole[0]), broad(2, "年度资金申请总额："), broad(2, year[0]))
		d.add(one("其中：财政资金"), one(whole[1]), broad(2, "其中：当年财政拨款"), broad(2, year[1]))
		d.add(one(""), one(""), broad(2, "上年结转资金"), broad(2, year[2]))
		d.add(one("其他资金"), one(whole[2]), broad(2, "其他资金"), broad(2, year[3]))
		d.add(tall(2, "项目绩效目标"), broad(2, "项目总目标"), broad(4, "年度总体目标"))
		d.add(broad(2, f["goals.overall"]), broad(4, f["goals.annual"]))
		d.add(tall(len(list)+1, "绩效指标"), one("一级指标"), one("二级指标"), broad(2, "三级指标"), broad(2, "年度（/项目）指标值"))
		for i, x := range list {
			d.add(append(levelCells(list, i), broad(2, x.level3), broad(2, x.value))...)
		}
	case "central":
		year, whole := amounts(r, 2), amounts(r, 2)
		f["project.period"] = pick(r, "2026年—2028年", "1年", "")
		f["funding.annual.total"], f["funding.annual.current_year_appropriation"], f["funding.annual.other"] = year[0], year[1], year[2]
		f["funding.project.total"], f["funding.project.fiscal"], f["funding.project.other"] = whole[0], whole[1], whole[2]
		remarks := r.IntN(2) == 0
		d.widths = []int{6, 9, 12, 10, 9}
		if remarks {
			d.widths = append(d.widths, 8)
		}
		rest := len(d.widths) - 4
		d.add(one("项目名称"), broad(3+rest, f["project.name"]))
		d.add(one("主管部门及代码"), broad(2, f["project.supervising_department"]), one("实施单位"), broad(rest, f["project.implementing_unit"]))
		d.add(one("项目属性"), broad(2, f["project.nature"]), one("项目期"), broad(rest, f["project.period"]))
		d.add(tall(3, "项目资金（万元）"), one("中期资金总额："), one(whole[0]), one("年度资金总额："), broad(rest, year[0]))
		d.add(one("其中：财政拨款"), one(whole[1]), one("其中：财政拨款"), broad(rest, year[1]))
		d.add(one("其他资金"), one(whole[2]), one("其他资金"), broad(rest, year[2]))
		d.add(tall(2, "总体目标"), broad(2, "中期目标（2026年—2028年）"), broad(1+rest, "年度目标"))
		d.add(broad(2, f["goals.overall"]), broad(1+rest, f["goals.annual"]))
		head := []drawnCell{tall(len(list)+1, "绩效指标"), one("一级指标"), one("二级指标"), one("三级指标"), one("指标值")}
		if remarks {
			head = append(head, one("备注"))
		}
		d.add(head...)
		for i, x := range list {
			row := append(levelCells(list, i), one(x.level3), one(x.value))
			if remarks {
				row = append(row, one(pick(r, pasteRemarks...)))
			}
			d.add(row...)
		}
	case "two-sided":
		year, whole := amounts(r, 2), amounts(r, 2)
		f["funding.annual.total"], f["funding.annual.current_year_appropriation"], f["funding.annual.other"] = year[0], year[1], year[2]
		f["funding.project.total"], f["funding.project.fiscal"], f["funding.project.other"] = whole[0], whole[1], whole[2]
		f["project.period"] = "2026年1月—2028年12月"
		if f["goals.overall"] == "" {
			f["goals.overall"] = "三年内建成全域覆盖的服务网络。"
		}
		d.widths = []int{6, 7, 8, 10, 8, 8, 10, 8}
		d.add(one("项目名称"), broad(7, f["project.name"]))
		d.add(one("主管部门及编码"), broad(3, f["project.supervising_department"]), one("实施单位"), broad(3, f["project.implementing_unit"]))
		d.add(one("项目属性"), broad(3, f["project.nature"]), one("项目起止时间"), broad(3, f["project.period"]))
		d.add(tall(3, "项目资金（万元）"), broad(2, "资金总额"), one(whole[0]), broad(2, "当年资金总额"), broad(2, year[0]))
		d.add(broad(2, "其中：财政拨款"), one(whole[1]), broad(2, "其中：当年财政拨款"), broad(2, year[1]))
		d.add(broad(2, "其他资金"), one(whole[2]), broad(2, "当年其他资金"), broad(2, year[2]))
		d.add(tall(2, "总体目标"), broad(3, "长期目标"), broad(4, "年度目标"))
		d.add(broad(3, f["goals.overall"]), broad(4, f["goals.annual"]))
		d.add(tall(len(list)+1, "绩效指标"), one("一级指标"), one("二级指标"), one("三级指标（长期）"), one("指标值（长期）"), one("二级指标"), one("三级指标（年度）"), one("指标值（年度）"))
		for i, x := range list {
			long := x
			long.value = pick(r, "≥300", "=100%", "提升")
			d.truth.overall = append(d.truth.overall, long)
			row := levelCells(list, i)
			row = append(row, one(long.level3), one(long.value))
			if first(list, i, level2Of) {
				row = append(row, tall(runs(list, i, level2Of), x.level2))
			}
			d.add(append(row, one(x.level3), one(x.value))...)
		}
	case "scored":
		year := amounts(r, 2)
		delete(f, "goals.overall")
		delete(f, "project.nature")
		f["project.category"] = pick(r, "资产资源类", "民生保障类")
		f["project.period"] = "2026年3月-2026年11月"
		f["funding.project.total"], f["funding.annual.total"], f["funding.annual.current_year_appropriation"], f["funding.annual.other"] = year[0], year[0], year[1], year[2]
		d.title = "项目支出绩效目标审批表"
		d.widths = []int{6, 9, 9, 10, 9, 5, 8}
		d.add(one("项目名称"), broad(3, f["project.name"]), one("项目分类"), broad(2, f["project.category"]))
		d.add(one("建设周期"), broad(3, f["project.period"]), one("业务主管部门"), broad(2, f["project.supervising_department"]))
		d.add(one("实施单位"), broad(3, f["project.implementing_unit"]), one("项目负责人"), broad(2, "略"))
		d.add(one("年度主要目标和成果"), broad(6, f["goals.annual"]))
		d.add(tall(5, "项目资金预算执行10分（万元）"), one("项目总预算"), broad(2, year[0]), one("财政资金预算分类"), broad(2, "一般公共预算"))
		d.add(one("当年年度预算"), broad(2, year[0]), one(""), broad(2, ""))
		d.add(one("其中：财政资金"), broad(2, year[1]), one("财政资金科目代码"), broad(2, "2130599"))
		d.add(one("其中：其它资金"), broad(2, year[2]), one(""), broad(2, ""))
		d.add(one("年度预算执行率"), broad(2, "100%"), one("分值"), broad(2, "10分"))
		d.add(tall(len(list)+1, "年度绩效目标（90分）"), one("一级指标"), one("二级指标"), one("三级指标"), one("指标值"), one("分值"), one("指标解释"))
		for i, x := range list {
			d.add(append(levelCells(list, i), one(x.level3), one(x.value), one(pick(r, "5", "10", "7.5")), one(pick(r, pasteRemarks...)))...)
		}
	case "integrated":
		year := amounts(r, 3)
		delete(f, "goals.overall")
		f["project.period"] = "2026-01-01至2026-12-31"
		f["funding.annual.total"], f["funding.annual.current_year_appropriation"], f["funding.annual.carryover"], f["funding.annual.other"] = year[0], year[1], year[2], year[3]
		d.title = "项目支出绩效目标表"
		d.widths = []int{6, 8, 9, 14, 6, 8, 6}
		d.add(one("项目名称"), broad(6, f["project.name"]))
		d.add(one("主管部门"), broad(2, f["project.supervising_department"]), one("实施单位"), broad(3, f["project.implementing_unit"]))
		d.add(one("项目类型"), broad(2, f["project.nature"]), one("起止时间"), broad(3, f["project.period"]))
		d.add(tall(4, "项目资金（万元）"), broad(3, "年度资金总额"), broad(3, year[0]))
		d.add(broad(3, "其中：财政拨款"), broad(3, year[1]))
		d.add(broad(3, "上年结转资金"), broad(3, year[2]))
		d.add(broad(3, "其他资金"), broad(3, year[3]))
		d.add(one("年度绩效目标"), broad(6, f["goals.annual"]))
		d.add(tall(len(list)+1, "绩效指标"), one("一级指标"), one("二级指标"), one("三级指标"), one("指标性质"), one("指标值"), one("度量单位"))
		for i := range list {
			x := &list[i]
			op, number, unit := "定性", pick(r, "健全", "提升", "有效改善"), ""
			if r.IntN(4) > 0 {
				op, number, unit = pick(r, "≥", "≤", "="), fmt.Sprint(1+r.IntN(500)), pick(r, "%", "个", "人次", "万元/年")
				x.value = op + number + unit
			} else {
				x.value = number
			}
			d.add(append(levelCells(list, i), one(x.level3), one(op), one(number), one(unit))...)
		}
	}
	return d
}

var pasteLayouts = []string{"district", "central", "two-sided", "scored", "integrated"}

// matrix is the form's cells by row and column, "" where no cell starts.
func (d *drawn) matrix(repeatAcross, repeatDown bool) [][]string {
	out := make([][]string, d.rows)
	for r := range out {
		out[r] = make([]string, len(d.widths))
		for c := range out[r] {
			cell, origin := d.at(r, c)
			if origin || repeatAcross && cell.row == r || repeatDown && cell.col == c || repeatAcross && repeatDown {
				out[r][c] = cell.text
			}
		}
	}
	return out
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "") }

// lines writes title and year above rows that a function puts together.
func (d *drawn) lines(rows [][]string, row func([]string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", d.title, d.year)
	for _, cells := range rows {
		b.WriteString(row(cells))
		b.WriteByte('\n')
	}
	return b.String()
}

// quote is a cell as spreadsheets put it on the clipboard.
func quote(s, divider string, always bool) string {
	if always || strings.ContainsAny(s, "\"\n"+divider) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

func separatedBy(divider string, always bool) func(*drawn, *rand.Rand) string {
	return func(d *drawn, _ *rand.Rand) string {
		return d.lines(d.matrix(false, false), func(cells []string) string {
			out := make([]string, len(cells))
			for i, c := range cells {
				out[i] = quote(c, divider, always)
			}
			return strings.Join(out, divider)
		})
	}
}

// asCSV writes every line of the form as a record of the same length, as
// spreadsheets export it.
func asCSV(comma rune) func(*drawn, *rand.Rand) string {
	return func(d *drawn, _ *rand.Rand) string {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma, w.UseCRLF = comma, true
		whole := func(s string) []string { return append([]string{s}, make([]string, len(d.widths)-1)...) }
		rows := append([][]string{whole(d.title), whole(d.year)}, d.matrix(false, false)...)
		if err := w.WriteAll(rows); err != nil {
			panic(err)
		}
		return b.String()
	}
}

// wrapCell breaks a cell's text into lines of a number of Chinese characters.
func wrapCell(s string, width int) []string {
	var out []string
	for para := range strings.SplitSeq(s, "\n") {
		line, used := "", 0
		for _, r := range para {
			w := 2
			if r < 0x2000 {
				w = 1
			}
			if used+w > 2*width && line != "" {
				out = append(out, line)
				line, used = "", 0
			}
			line += string(r)
			used += w
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

// width is how wide a cell is, in Chinese characters.
func (d *drawn) width(c drawnCell) int {
	n := 0
	for i := c.col; i < c.col+c.cols; i++ {
		n += d.widths[i]
	}
	return n
}

// cellLines writes one cell a line in reading order. Options: wrapped cells,
// and something between the cells now and then.
func cellLines(wrap bool, between func(n int) string) func(*drawn, *rand.Rand) string {
	return func(d *drawn, _ *rand.Rand) string {
		var b strings.Builder
		fmt.Fprintf(&b, "%s\n%s\n", d.title, d.year)
		for n, c := range d.cells {
			if c.text == "" {
				continue
			}
			lines := []string{oneLine(c.text)}
			if wrap {
				lines = wrapCell(c.text, d.width(c))
			}
			for _, l := range lines {
				b.WriteString(l + "\n")
			}
			if between != nil {
				b.WriteString(between(n))
			}
		}
		return b.String()
	}
}

// joined writes a row's cells in one line with something between them.
func joined(sep string) func(*drawn, *rand.Rand) string {
	return func(d *drawn, _ *rand.Rand) string {
		return d.lines(d.matrix(false, false), func(cells []string) string {
			var out []string
			for _, c := range cells {
				if c != "" {
					out = append(out, oneLine(c))
				}
			}
			return strings.Join(out, sep)
		})
	}
}

// drawnColumns draws the page with spaces, as pdftotext -layout does: cells
// wrapped, and in the middle of their height.
func drawnColumns(tight bool) func(*drawn, *rand.Rand) string {
	return func(d *drawn, _ *rand.Rand) string {
		starts := []int{0}
		gap := 3
		if tight {
			gap = 1
		}
		for _, w := range d.widths {
			starts = append(starts, starts[len(starts)-1]+2*w+gap)
		}
		heights := make([]int, d.rows)
		for i := range heights {
			heights[i] = 1
		}
		for _, c := range d.cells {
			n := len(wrapCell(c.text, d.width(c)))
			have := 0
			for r := c.row; r < c.row+c.rows; r++ {
				have += heights[r]
			}
			if n > have {
				heights[c.row+c.rows-1] += n - have
			}
		}
		tops := []int{0}
		for _, h := range heights {
			tops = append(tops, tops[len(tops)-1]+h)
		}
		type piece struct {
			x    int
			text string
		}
		out := make([][]piece, tops[d.rows])
		for _, c := range d.cells {
			lines := wrapCell(c.text, d.width(c))
			y := tops[c.row] + (tops[c.row+c.rows]-tops[c.row]-len(lines))/2
			for n, l := range lines {
				x := starts[c.col]
				if room := starts[c.col+c.cols] - gap - x; len(lines) == 1 {
					x += max(0, room-columns(l)) / 2 // centred
				}
				out[y+n] = append(out[y+n], piece{x, l})
			}
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%30s%s\n%36s%s\n", "", d.title, "", d.year)
		for _, pieces := range out {
			slices.SortFunc(pieces, func(a, b piece) int { return a.x - b.x })
			at := 0
			for _, p := range pieces {
				if at > 0 && p.x <= at {
					p.x = at + 1
				}
				b.WriteString(strings.Repeat(" ", p.x-at) + p.text)
				at = p.x + columns(p.text)
			}
			b.WriteByte('\n')
		}
		return b.String()
	}
}

// columns is how many half-width columns a text takes up.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2000 && r != '—' && r != '“' && r != '”' && r != '≥' && r != '≤' {
			n++
		}
	}
	return n
}

// asHTML is the form as a page fragment.
func asHTML(d *drawn, _ *rand.Rand) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<h3>%s</h3>\n<p>%s</p>\n<table border=1>\n", d.title, d.year)
	for r := range d.rows {
		b.WriteString("<tr>")
		for c := range d.widths {
			cell, origin := d.at(r, c)
			if !origin {
				continue
			}
			fmt.Fprintf(&b, "<td rowspan=%d colspan='%d'>%s</td>", cell.rows, cell.cols, strings.ReplaceAll(html.EscapeString(cell.text), "\n", "<br>"))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
	return b.String()
}

// wordParagraphs breaks cells with wordParagraphs across lines, as a document's text
// has them: a row then is in pieces.
func wordParagraphs(d *drawn, r *rand.Rand) string {
	broken := map[string]bool{}
	return d.lines(d.matrix(false, false), func(cells []string) string {
		out := slices.Clone(cells)
		for i, c := range out {
			if n := []rune(c); len(n) > 8 && !broken[c] && !strings.Contains(c, "\n") && r.IntN(4) == 0 {
				broken[c] = true
				out[i] = string(n[:len(n)/2]) + "\n" + string(n[len(n)/2:])
			}
		}
		return strings.Join(out, "\t")
	})
}

func markdown(d *drawn, _ *rand.Rand) string {
	n := 0
	return d.lines(d.matrix(false, false), func(cells []string) string {
		line := "| " + strings.ReplaceAll(strings.Join(cells, " | "), "\n", "<br>") + " |"
		if n++; n == 1 {
			line += "\n|" + strings.Repeat(" --- |", len(cells))
		}
		return line
	})
}

func pipes(pipe string, outer, trailing bool) func(*drawn, *rand.Rand) string {
	return func(d *drawn, _ *rand.Rand) string {
		return d.lines(d.matrix(false, false), func(cells []string) string {
			line := oneLine(strings.Join(cells, pipe))
			if outer {
				line = pipe + line
			}
			if trailing {
				line += pipe
			}
			return line
		})
	}
}

func repeated(across, down bool) func(*drawn, *rand.Rand) string {
	return func(d *drawn, _ *rand.Rand) string {
		return d.lines(d.matrix(across, down), func(cells []string) string { return oneLine(strings.Join(cells, "\t")) })
	}
}

// change turns a shape's text into another by a last step.
func change(shape func(*drawn, *rand.Rand) string, f func(string) string) func(*drawn, *rand.Rand) string {
	return func(d *drawn, r *rand.Rand) string { return f(shape(d, r)) }
}

var kangxi = strings.NewReplacer("目", "⽬", "一", "⼀", "用", "⽤", "生", "⽣", "面", "⾯", "大", "⼤", "日", "⽇", "金", "⾦")

// pasteShape is a way in which a form reaches a text.
type pasteShape struct {
	name string
	put  func(*drawn, *rand.Rand) string
	// least is the share of the fields in percent that must be right.
	least int
}

var pasteShapes = []pasteShape{
	{"tabs", repeated(false, false), 98},
	{"clipboard", separatedBy("\t", false), 98},
	{"clipboard-all-quoted", separatedBy("\t", true), 98},
	{"clipboard-crlf", change(separatedBy("\t", false), func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), 98},
	{"csv-comma", asCSV(','), 98},
	{"csv-semicolon", asCSV(';'), 98},
	{"csv-tab", asCSV('\t'), 98},
	{"csv-bom", change(asCSV(','), func(s string) string { return "\ufeff" + s }), 98},
	{"markdown", markdown, 98},
	{"pipes", pipes("|", true, true), 98},
	{"pipes-inner", pipes("|", false, false), 98},
	{"pipes-trailing", pipes("|", false, true), 98},
	{"pipes-full-width", pipes("｜", true, true), 98},
	{"html", asHTML, 98},
	{"html-page", change(asHTML, func(s string) string {
		return "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>" + s + "</body></html>"
	}), 98},
	{"html-behind-text", func(d *drawn, r *rand.Rand) string {
		s := asHTML(d, r)
		return d.title + "\n" + d.year + "\n" + s[strings.Index(s, "<table"):]
	}, 98},
	{"word-paragraphs", wordParagraphs, 90},
	{"repeated-across", repeated(true, false), 98},
	{"repeated-down", repeated(false, true), 98},
	{"repeated-both", repeated(true, true), 98},
	{"bare-cr", change(repeated(false, false), func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }), 98},
	{"kangxi", change(repeated(false, false), kangxi.Replace), 98},
	{"no-break-spaces", change(repeated(false, false), func(s string) string { return strings.ReplaceAll(s, "\t", "\u00a0\t\u3000") }), 98},
	{"blank-line-between", change(repeated(false, false), func(s string) string { return strings.ReplaceAll(s, "\n", "\n\n") }), 98},
	{"trailing-tabs", change(repeated(false, false), func(s string) string { return strings.ReplaceAll(s, "\n", "\t\t\n") }), 98},
	{"year-last", func(d *drawn, r *rand.Rand) string {
		e := *d
		e.year = "金额单位：万元"
		if d.layout == "district" {
			e.year = "金额单位：元"
		}
		return repeated(false, false)(&e, r) + d.year + "\n"
	}, 95},
	{"year-above", func(d *drawn, r *rand.Rand) string {
		e := *d
		e.title, e.year = d.year, d.title
		return repeated(false, false)(&e, r)
	}, 98},
	{"year-in-title", func(d *drawn, r *rand.Rand) string {
		e := *d
		e.title, e.year = "2026年"+d.title, ""
		return repeated(false, false)(&e, r)
	}, 98},
	{"cell-lines", cellLines(false, nil), 85},
	{"cell-lines-wrapped", cellLines(true, nil), 85},
	{"cell-lines-blank-between", cellLines(true, func(int) string { return "\n" }), 85},
	{"cell-lines-page-numbers", cellLines(true, func(n int) string {
		if n%23 == 22 {
			return fmt.Sprintf("\n— %d —\n\f", n/23+1)
		}
		return ""
	}), 85},
	{"cell-lines-cr", change(cellLines(false, nil), func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }), 85},
	{"cell-lines-indented", change(cellLines(false, nil), func(s string) string { return strings.ReplaceAll(s, "\n", "\u3000\n\u3000\u3000") }), 85},
	{"cell-lines-kangxi", change(cellLines(true, nil), kangxi.Replace), 85},
	{"row-lines-single-space", joined(" "), 50},
	{"row-lines-two-spaces", joined("  "), 65},
	{"row-lines-ideographic", joined("\u3000"), 65},
	{"glued", joined(""), 15},
	{"layout-loose", drawnColumns(false), 0},
	{"layout-tight", drawnColumns(true), 0},
}

// pasteScore counts fields as a reviewer would find them: right; doubted or
// refused with a word; and what must not be: lost, lie, denied.
type pasteScore struct {
	right, doubted, refused, lost, lie, denied int
	bad                                        []string
}

func (s *pasteScore) add(o pasteScore) {
	s.right += o.right
	s.doubted += o.doubted
	s.refused += o.refused
	s.lost += o.lost
	s.lie += o.lie
	s.denied += o.denied
}

func (s *pasteScore) total() int {
	return s.right + s.doubted + s.refused + s.lost + s.lie + s.denied
}

func (s pasteScore) String() string {
	return fmt.Sprintf("right %5.1f %%  doubted %d, refused %d, lost %d, lie %d, denied %d of %d",
		100*float64(s.right)/float64(max(1, s.total())), s.doubted, s.refused, s.lost, s.lie, s.denied, s.total())
}

func (s *pasteScore) put(field, want, got string, doubted bool) {
	switch {
	case want == got:
		s.right++
	case got == "" && doubted:
		s.doubted++
	case got == "":
		s.lost++
		s.bad = append(s.bad, fmt.Sprintf("lost %s: want %q", field, want))
	default:
		s.lie++
		s.bad = append(s.bad, fmt.Sprintf("lie %s: want %q, got %q", field, want, got))
	}
}

// pasted is a text made comparable: white space and width left out.
func pasted(s string) string { return zh.Fold(squeeze(s)) }

// named says whether a doubt names the field or holds its text.
func named(f *model.Form, path, want string) bool {
	return slices.ContainsFunc(f.Doubts, func(d model.Doubt) bool {
		text := pasted(d.Text)
		return path != "" && d.Field == path ||
			want != "" && text != "" && (strings.Contains(text, want) || strings.Contains(want, text) && len([]rune(text)) > 3)
	})
}

func (truth *pasteTruth) fieldCount() int {
	return len(truth.fields) + 4*(len(truth.indicators)+len(truth.overall))
}

// compare scores one form.
func (s *pasteScore) compare(truth *pasteTruth, f *model.Form) {
	for _, field := range model.Fields {
		want, ok := truth.fields[field.Path]
		if !ok {
			continue
		}
		got := field.String(f)
		if m := field.Money(f); m != nil {
			got = m.Raw
			want, got = strings.ReplaceAll(want, ",", ""), strings.ReplaceAll(got, ",", "")
		}
		s.put(field.Path, pasted(want), pasted(got), named(f, field.Path, pasted(want)))
	}
	s.rows("indicators", truth.indicators, f, f.Indicators)
	s.rows("overall_indicators", truth.overall, f, f.OverallIndicators)
}

func (s *pasteScore) rows(list string, want []pasteIndicator, f *model.Form, got []model.Indicator) {
	match := alignRows(want, got)
	used := map[int]bool{}
	for i, w := range want {
		k := match[i]
		if k < 0 {
			for range 4 {
				if named(f, "", pasted(w.level3)) {
					s.doubted++
				} else {
					s.lost++
				}
			}
			if !named(f, "", pasted(w.level3)) {
				s.bad = append(s.bad, fmt.Sprintf("lost %s %d: %q", list, i+1, w.level3))
			}
			continue
		}
		used[k] = true
		g := &got[k]
		at := fmt.Sprintf("%s[%d].", list, k)
		for _, x := range [][3]string{{"level3", w.level3, g.Level3}, {"value", w.value, g.Value.Raw}, {"level1", w.level1, g.Level1}, {"level2", w.level2, g.Level2}} {
			s.put(at+x[0], pasted(x[1]), pasted(x[2]), named(f, at+x[0], pasted(x[1])))
		}
	}
	for k := range got {
		if !used[k] {
			s.lie++
			s.bad = append(s.bad, fmt.Sprintf("lie %s: row too many %q | %q", list, got[k].Level3, got[k].Value.Raw))
		}
	}
}

// alignRows matches rows by their names in order, as many as can be.
func alignRows(want []pasteIndicator, got []model.Indicator) []int {
	n, m := len(want), len(got)
	best := make([][]int, n+1)
	for i := range best {
		best[i] = make([]int, m+1)
	}
	same := func(i, j int) bool { return pasted(want[i].level3) == pasted(got[j].Level3) }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if same(i, j) {
				best[i][j] = max(best[i][j], best[i+1][j+1]+1)
			}
		}
	}
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case same(i, j) && best[i][j] == best[i+1][j+1]+1:
			out[i] = j
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// scorePaste parses a text and scores its forms.
func scorePaste(t *testing.T, s string, forms ...*drawn) pasteScore {
	t.Helper()
	doc, err := Parse(t.Context(), Source{Path: "paste.txt", Data: []byte(s)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var score pasteScore
	n := 0
	for _, d := range forms {
		n += d.truth.fieldCount()
	}
	switch {
	case doc.Status == model.StatusUnreadable:
		score.refused = n
		if doc.Error == nil || doc.Error.Message.In(model.Chinese) == "" {
			score.bad = append(score.bad, "refused without advice")
		}
	case len(doc.Forms) == 0:
		score.denied = n
		score.bad = append(score.bad, fmt.Sprintf("denied: %v", doc.Error))
	default:
		for i, d := range forms {
			var f model.Form
			if i < len(doc.Forms) {
				f = doc.Forms[i]
				checkAccount(t, &f)
			}
			score.compare(&d.truth, &f)
		}
		for _, f := range doc.Forms[min(len(forms), len(doc.Forms)):] {
			score.lie++
			score.bad = append(score.bad, fmt.Sprintf("lie: form too many %q", f.Project.Name))
		}
	}
	return score
}

func TestPastedForms(t *testing.T) {
	var all pasteScore
	for _, shape := range pasteShapes {
		t.Run(shape.name, func(t *testing.T) {
			var sum pasteScore
			for _, layout := range pasteLayouts {
				var part pasteScore
				for seed := range *pasteForms {
					r := rand.New(rand.NewPCG(uint64(seed), 7))
					d := drawForm(layout, r)
					s := shape.put(d, r)
					score := scorePaste(t, s, d)
					for _, b := range score.bad {
						t.Errorf("%s form %d: %s", layout, seed, b)
					}
					if *pasteShow && len(score.bad) > 0 {
						t.Log("\n" + s)
					}
					part.add(score)
				}
				t.Logf("%-28s %-10s %s", shape.name, layout, part)
				sum.add(part)
			}
			if sum.right*100 < sum.total()*shape.least {
				t.Errorf("%s, want %d %% right", sum, shape.least)
			}
			all.add(sum)
		})
	}
	t.Log(all)
}

// A text is judged by its order whether or not the form's title came with it,
// and one without a form is not.
func TestDisorderedText(t *testing.T) {
	const head = "项目名称\n古桥巡护\n主管部门\n甲局\n实施单位\n乙所\n年度资金总额\n1.00\n年度目标\n巡护古桥。\n绩效指标\n一级指标\n二级指标\n三级指标\n半年指标值\n"
	const away = "产出\n产出数量\n巡护次数\n≥10次\n古桥座数\n6座\n全年指标值\n≥24次\n6座\n"
	const drawn = "项目名称        古桥巡护\n主管部门     甲局        实施单位        乙所\n年度资金总额          1.00\n年度目标            巡护古桥。\n           一级指标   二级指标     三级指标    指标值\n绩效指     产出指标     数量指标      巡护次数   ≥24次\n标\n           效益指     社会效益      投诉率     ≤5%\n           标      指标\n"
	tests := []struct {
		name, text string
		code       string
	}{
		{"cells out of order, with a title", "项目支出绩效目标申报表\n（2026年度）\n" + head + away, "scattered-text"},
		{"cells out of order, without", head + away, "scattered-text"},
		{"a drawn page, with a title", "项目支出绩效目标申报表\n（2026年度）\n" + drawn, "scattered-text"},
		{"a drawn page, without", drawn, "scattered-text"},
		{"another table", "收支预算总表\n单位：万元\n项目          年度预算数        上年预算数\n收入       1.00     2.00\n支出           1.00   2.00\n合\n计\n三公\n标\n", "no-form"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Parse(t.Context(), Source{Path: "a.txt", Data: []byte(tt.text)}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if doc.Error == nil || doc.Error.Code != tt.code {
				t.Errorf("%s %+v, want %s", doc.Status, doc.Error, tt.code)
			}
		})
	}
}
