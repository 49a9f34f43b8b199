package validate

import (
	"slices"
	"strings"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// The vocabulary that rules share: which words say what an indicator
// measures. It is data; the functions below only look words up. All words are
// half width and without white space, as fold leaves them.
var (
	// rateWords end the name of a share of a whole.
	rateWords = []string{"率", "比例", "占比", "比重", "百分比", "百分率"}
	// notRates end in 率 but are no share of a whole.
	notRates = []string{"效率", "频率", "速率", "利率", "汇率", "费率", "税率", "功率", "倍率", "分辨率", "曲率", "心率", "帧率", "码率", "表率", "草率"}
	// satisfactionWords end the name of a satisfaction measure.
	satisfactionWords = []string{"满意度", "满意率", "满意程度", "满意情况", "好评率", "满意比例"}
	// countWords end the name of something counted.
	countWords = []string{"次数", "人数", "人次", "数量", "份数", "件数", "个数", "户数", "天数", "期数", "台数", "套数", "场次", "频次", "家数", "篇数", "批次", "册数", "点位数", "总数", "总量", "数"}
	// measurableWords end names that call for a number: V009.
	measurableWords = []string{"时效", "次数", "人数", "人次", "份数", "件数", "户数", "天数", "场次", "频次", "时长", "数量", "比例", "占比", "百分比"}
	// delayNames say how soon something happens, wherever they stand in a name.
	delayNames = []string{"及时", "响应时间", "响应时长", "响应时效", "响应速度", "恢复时间", "修复时间"}
	// volumeTimes are durations of a service rendered, a quantity and no delay.
	volumeTimes = []string{"服务时长", "培训时长", "课程", "教学", "授课", "学习", "视频", "宣传片", "播放", "志愿", "值守", "在线时长", "直播", "演出", "开放时长", "使用时长", "锻炼", "运动", "观看", "飞行", "录音", "供暖", "供水", "供电", "节目", "驻场", "培训"}
	// delayWords make a time in a name one that had better be short.
	delayWords = []string{"响应", "恢复", "修复", "处理", "处置", "办理", "等待", "故障", "中断", "停机", "停服", "停止", "送达", "审批", "排除", "解决", "到场", "到达", "宕机", "排队", "反馈", "回复", "办结", "整改", "维修", "抢修", "抢通", "抢险", "救援", "出警", "到岗"}
	// timeWords end the name of a length of time.
	timeWords = []string{"时间", "时长", "时限", "用时", "时效", "耗时", "期限", "天数", "周期"}
	// complaintWords are about people complaining.
	complaintWords = []string{"投诉", "差评", "不满意"}
	// moreIsBetter and lessIsBetter are words whose rate or count is wanted
	// high or low. The last of them in a name decides: 故障修复率 is about
	// 修复, 满意度调查投诉率 about 投诉.
	moreIsBetter = []string{
		"满意", "合格", "通过", "完成", "覆盖", "达标", "及时", "准确", "正确", "完好", "正常", "稳定", "可用", "可靠", "知晓", "普及", "成功",
		"处理", "处置", "处治", "办结", "回复", "答复", "响应", "受理", "化解", "解决", "整改", "修复", "恢复", "排除", "排查", "回访", "核查", "查处", "消除", "治理", "防控", "预防", "防范", "改善", "救治", "治愈", "挽回", "追回",
		"到位", "执行", "参与", "参训", "出勤", "到岗", "优良", "优秀", "验收", "送达", "匹配", "一致", "规范", "健全", "完整", "齐全", "支持", "认可", "好评", "就业", "入学", "入户", "签约", "履约", "按时", "按期", "准时", "按质", "安装", "配备", "发放", "支付", "拨付", "落实", "公开", "归档", "在线", "运转", "运行", "入库", "绿化", "成活", "保存", "回收", "收集", "监测", "巡检", "检查", "巡查", "培训", "接种", "签订", "转化", "达成", "实现", "参保", "巩固", "亮灯", "准点", "正点", "发芽", "履行", "结题", "筛查", "侦破", "破案", "规范管理", "健康管理", "综合利用", "回收利用", "安全利用", "资源化利用", "建档", "持证上岗",
		"无故障", "无事故", "无投诉", "零投诉", "零事故", "零故障", "无差错", "无违规",
	}
	lessIsBetter = []string{
		"意外", "中毒", "失访", "失联", "弃呼", "垮塌", "坍塌", "塌方", "挪用", "截留", "冒领", "骗保", "贫血", "肥胖", "营养不良", "走失", "跌倒", "坠床", "压疮", "欠费", "欠薪", "空床", "流标", "废标", "跑动", "跑腿",
		"投诉", "差评", "不满意", "丢包", "受害", "败诉", "近视", "不良反应", "不良贷款", "漏损", "渗漏", "辍学", "返贫", "欺诈", "伪造", "作弊", "侵权", "断电", "停电", "停水", "爆管", "短缺", "缺勤", "旷工", "病死", "患病", "致贫", "死伤", "火灾", "溺水", "犯罪", "刑事", "矛盾", "不合格", "未完成", "不达标", "未达标", "未通过", "不通过", "未覆盖", "未办结", "不及时", "不准确", "故障", "事故", "逾期", "超期", "超时", "差错", "错误", "出错", "丢失", "流失", "违规", "违法", "违纪", "违约", "死亡", "伤亡", "损失", "失败", "缺陷", "中断", "延误", "延迟", "延期", "空置", "闲置", "误报", "漏报", "漏检", "返工", "返修", "退货", "破损", "损坏", "损毁", "泄露", "泄漏", "宕机", "停机", "发病", "感染", "复发", "污染", "超标", "超支", "偏差", "误差", "离职", "辍学", "失业", "舆情", "纠纷", "信访", "上访", "扰民", "漏洞", "瞒报", "重复", "积压", "拖欠", "滞后", "拥堵", "失信", "坏账", "不良", "隐患", "发案",
	}
	// happenings stand between a bad thing and its count or rate.
	happenings = []string{"发生", "出现", "产生", "的", "事件", "案件", "问题", "现象"}
	// negations directly before a bad thing make it good.
	negations = []string{"无", "零", "非", "未发生", "未出现", "无重大", "无安全", "免"}
	// dealings are what is done about bad things; a count of it is wanted
	// neither high nor low for sure.
	dealings = []string{"处理", "处置", "办理", "办结", "解决", "化解", "调解", "受理", "查处", "打击", "侦破", "侦办", "发现", "排查", "查找", "整改", "整治", "治理", "消除", "防范", "预防", "监测", "检测", "扫描", "修复", "清理", "清除", "接待", "接收", "接听", "应对", "演练", "救治", "救助", "帮扶", "安置", "追缴", "追回", "挽回", "减少", "避免", "纠正", "曝光", "审理", "审结", "结案", "收治", "收运", "收集", "报告", "上报", "识别", "预警", "抽查", "巡查", "检查", "筛查", "去除", "盘活", "清欠", "防治", "控制", "回收", "利用"}
	// pests had better die.
	pests = []string{"虫", "鼠", "蚊", "蝇", "蟑", "螺", "病媒", "杂草", "细菌", "病菌"}
	// failings before what is done make it bad: 逾期发放, 未完成, 漏检.
	failings = []string{"逾期", "超期", "超时", "延期", "延迟", "滞后", "未按时", "未按期", "未及时", "不按时", "不及时", "违规", "违法", "错误", "未", "不", "漏", "错", "误", "迟", "瞒", "虚", "拒"}
	// brief are single characters for something done: 漏检, 错发.
	brief = "检报发付填登录判诊译印装收缴办审查评拨派投达齐全实符准当良明清"
	// processes are things done that a failing spoils.
	processes = []string{"发放", "拨付", "支付", "完成", "办理", "办件", "办案", "结案", "归还", "办结", "整改", "处理", "处置", "达标", "合格", "通过", "覆盖", "验收", "到位", "响应", "反馈", "回复", "报送", "报告", "公开", "归档", "执行", "落实", "送达", "交付", "配送", "检测", "监测", "巡检", "巡查", "审批", "审核", "结算", "竣工", "完工", "开工", "还款", "缴纳", "缴费", "入库", "登记", "录入", "上报", "更新", "维修", "修复", "及时", "准确", "满意", "参加", "参训", "到岗", "使用", "安装", "签约", "履约", "接种", "入学", "就业", "检出", "发现"}
	// reductions mark a name about something made less, reductionRates end one
	// whose figure says how much, savingRates where that is good whatever it is of.
	reductions     = []string{"下降", "降低", "减少", "压减", "压降", "减量", "减排", "节能", "节水", "节电", "节约"}
	reductionRates = []string{"下降率", "降低率", "减少率", "压减率", "压降率", "下降比例", "降低比例", "减少比例"}
	savingRates    = []string{"减量率", "减排率", "节能率", "节水率", "节电率", "节约率", "节材率"}
	// burdens had better be low, though they are no faults.
	burdens = []string{"能耗", "耗能", "电耗", "水耗", "煤耗", "油耗", "物耗", "消耗", "成本", "费用", "支出", "排放", "用电", "用水", "用能", "污染物", "亡人", "伤亡", "排队", "等待", "负担"}
	// changeWords make a name about a change, where any direction and more
	// than 100 % may be right.
	changeWords = []string{"增长", "增幅", "增速", "增加", "提高", "提升", "上升", "升幅", "上涨", "涨幅", "同比", "环比", "下降", "降低", "降幅", "减少", "压减", "缩短", "压缩", "节约", "节省", "节支", "减免", "变化", "改进", "优化"}
	// overHundred are rates that may pass 100 %.
	overHundred = []string{"回报", "收益", "利润", "产出比", "周转", "溢价", "负荷", "负债", "床位", "产能", "超额", "超收", "倍", "保值", "增值", "拉动", "放大", "杠杆", "带动", "撬动", "增收", "流动比", "速动", "拨备", "产销", "容积", "自给", "投入比", "收入", "税收", "征收", "招商", "引资", "产值", "销售", "募集", "筹集", "出栏", "复种", "达产", "偿债", "现金流", "本息", "流动性", "充足率", "超产", "增产", "毛入", "毛录取"}
	// boundedWords are measures that end at 100 % though no rate word says so.
	boundedWords = []string{"满意", "合格", "达标", "覆盖", "通过", "整改", "验收", "办结", "完好", "准确"}
	// savingWords make a cost name about money not spent.
	savingWords = []string{"节约", "节省", "节支", "降低", "减少", "压减", "压降", "下降"}
	// standardWords are costs paid at a set standard, where more may be meant.
	standardWords = []string{"补贴", "补助", "标准", "工资", "待遇", "津贴", "奖励", "救助", "救济", "奖补", "薪酬", "保障金", "抚恤", "慰问"}
	// totalCosts name the whole cost of a project.
	totalCosts = []string{"总成本", "总费用", "总投资", "总支出", "总投入", "成本总额", "费用总额", "支出总额", "投资总额", "资金总额", "总预算", "总经费", "项目成本", "项目费用", "项目经费", "项目支出", "项目预算", "项目投资", "项目建设成本", "项目建设费用", "预算控制", "预算成本", "总造价", "总资金"}
	// verbsOfChange open a name that its value may merely repeat: V013.
	verbsOfChange = []string{"提升", "提高", "改善", "优化", "增强", "加强", "减少", "降低", "扩大", "促进", "保障", "支撑", "完善", "推动", "推进", "节省", "节约", "健全", "保证", "维护"}
	// boundWords show a bound written out in a value: V011.
	boundWords = []string{"不超过", "不超", "不低于", "不高于", "不少于", "不多于", "不大于", "不小于", "不得超过", "不得低于", "不晚于", "不迟于", "以内", "之内", "以上", "以下", "至少", "至多", "最多", "最少", "最低", "最高", "高于", "低于", "超过", "大于", "小于", "少于", "多于", "≥", "≤", ">", "<"}
	// withinTimes close a limit of time without a number: 当年内.
	withinTimes = []string{"年内", "年度内", "月内", "季度内", "日内", "天内", "期内", "期限内", "时间内", "年底前", "月底前", "季末前", "日前", "小时内", "分钟内", "时限内", "规定时间内"}
	// standardReferences hold a value against a level set elsewhere.
	standardReferences = []string{"符合", "满足", "按照"}
	standardNouns      = []string{"标准", "等级", "级", "规范", "水平", "要求", "规定"}
	// vagueReferences are a state and no bound, though a standard is meant.
	vagueReferences = []string{"符合要求", "达到要求", "满足要求", "符合规定", "达到标准", "符合标准", "满足需求", "达到预期", "符合规范", "满足需要", "按照要求", "按照规定"}
	// counters are the units things are counted in, longer ones first.
	counters = []string{"平方公里", "立方米", "平方米", "人次", "人天", "人月", "人日", "课时", "学时", "剂次", "车次", "班次", "批次", "场次", "期次", "台次", "例次", "公里", "千米", "公顷", "公斤", "千克", "点位", "项目", "系统", "部门", "个", "人", "名", "位", "台", "套", "件", "份", "次", "户", "家", "亩", "条", "辆", "间", "张", "册", "本", "篇", "场", "期", "班", "座", "栋", "幢", "处", "所", "只", "头", "株", "棵", "吨", "米", "平", "桌", "项", "种", "类", "块", "支", "组", "批", "例", "枚", "盏", "把", "部", "架", "艘", "页", "宗", "笔", "单", "镇", "村", "盒", "瓶", "袋", "箱", "幅", "副", "针", "剂", "科", "校", "点", "路", "门", "节", "盘", "卷", "片", "词", "字"}
	// genericCounters count anything, so they do not tell what is counted.
	genericCounters = []string{"个", "项", "次", "件", "份", "处", "种", "类", "批", "组", "块", "点", "单"}
	// sameUnits gives one spelling to units that mean the same.
	sameUnits = map[string]string{"名": "人", "位": "人", "生": "人", "学生": "人", "人员": "人", "个人": "人", "人数": "人", "日": "天", "个月": "月", "个工作日": "工作日", "个小时": "小时", "分": "分钟", "㎡": "平方米", "m2": "平方米", "m²": "平方米", "平": "平方米", "平方": "平方米", "平米": "平方米", "千米": "公里", "km": "公里", "台(套)": "台套", "台/套": "台套", "场次": "场", "批次": "批", "期次": "期"}
	// averages are what a cost name is per, by its word for an average.
	averages = []struct{ word, unit string }{{"人均", "人"}, {"生均", "人"}, {"户均", "户"}, {"亩均", "亩"}, {"次均", "次"}, {"台均", "台"}, {"件均", "件"}, {"班均", "班"}, {"床均", "床"}, {"场均", "场"}, {"校均", "所"}, {"车均", "辆"}, {"日均", "天"}, {"天均", "天"}, {"每日", "天"}, {"每天", "天"}}
	// commonWords are words that any cost or quantity may have, so that they
	// do not show what a name is about.
	commonWords = strings.NewReplacer(replaceEach("|", "成本", "费用", "经费", "单价", "单位", "项目", "数量", "人数", "人均", "平均", "标准", "支出", "价格", "金额", "总数", "完成", "提供", "采购", "购置", "购买", "建设", "开展", "新增", "服务", "每人", "单个", "每个", "全年", "年度")...)
	// magnitudes are numbers of things, and no unit by themselves.
	magnitudes = []string{"百", "千", "万", "十万", "百万", "千万", "亿"}
	// monthNames and perNames mark a cost for a month or for one thing.
	monthNames = []string{"月租", "每月", "月均", "月平均", "月度", "按月", "单月", "月服务", "月使用", "月运维", "月维护", "月工资", "月成本", "月费", "月支出", "包月", "(月)", "/月", "每个月"}
	perNames   = []string{"单价", "人均", "户均", "亩均", "次均", "台均", "件均", "班均", "床均", "生均", "场均", "校均", "车均", "单位成本", "单位造价", "单位面积", "单位工程", "日均", "天均", "每日", "每天", "平均每", "单人", "每平", "每公里", "每万"}
	// sheets make 单 a piece of paper: 账单, 订单.
	sheets = "账订清菜保运名传罚回工表货提签票成片简凭"
	// yearNames mark a cost for a year.
	yearNames = []string{"年租", "每年", "年均", "年度", "按年", "年服务", "年费", "全年"}
	// markupTags are HTML elements that text editors leave behind.
	markupTags = []string{"p", "br", "div", "span", "b", "i", "u", "em", "strong", "font", "a", "img", "table", "tbody", "thead", "tr", "td", "th", "ul", "ol", "li", "hr", "sub", "sup", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "code", "style", "script", "html", "body", "head", "meta", "link", "o:p", "st1:chsdate", "blockquote", "section", "center", "label", "input", "del", "ins", "s", "small", "big", "strike", "col", "colgroup", "v:shape", "w:worddocument", "xml", "nobr", "wbr"}
	// properNamed end offices that have a proper name, so that a character
	// more or less makes another office.
	properNamed = []string{"街道", "街道办", "办事处", "镇", "乡", "村", "社区", "居委", "村委", "学校", "中学", "小学", "大学", "学院", "幼儿园", "医院", "卫生院", "派出所", "镇政府", "人民政府", "分局", "支队", "大队", "中队", "站", "所", "公园", "图书馆", "博物馆", "分院", "分中心"}
	// officeEndings are endings of offices that are also written short.
	officeEndings = map[string]string{"委员会": "委", "办公室": "办", "办事处": "办"}
	// notRegions look like places, but begin an office's own name.
	notRegions = []string{"社区", "小区", "园区", "景区", "片区", "校区", "城市", "都市", "超市", "集市", "灾区", "牧区", "林区", "库区", "山区", "军区", "辖区", "城区", "菜市", "夜市", "股市"}
	// ordinalRunes tell offices of one kind apart.
	ordinalRunes = "一二三四五六七八九十东西南北中上下左右前后甲乙丙丁第"
	// serviceKinds stand in brackets behind a project's name.
	serviceKinds = []string{"运维", "运行维护", "维护", "续签", "续租", "延续", "经常性", "延续性", "运行", "维保"}
	// serviceTails end a project's name without saying what it is for.
	serviceTails = []string{"项目", "服务", "费用", "经费", "工作", "专项", "资金", "费", "年度", "采购"}
	// latinUnits are lower-case units and abbreviations that are no words.
	latinUnits = []string{"kwh", "kva", "mbps", "gbps", "kbps", "mmhg", "ppm", "dpi", "rpm", "lux", "mpa", "kpa", "mol", "app", "pdf", "web", "http", "https", "www"}
	// bracketPairs are the brackets and quotes that come in pairs.
	bracketPairs = []struct {
		kind          rune
		open, closing string
	}{{'(', "(（", ")）"}, {'[', "[［", "]］"}, {'《', "《", "》"}, {'【', "【", "】"}, {'〔', "〔", "〕"}, {'“', "“", "”"}, {'‘', "‘", "’"}, {'「', "「", "」"}}
	// timeUnits are units of time with their minutes, longer spellings first.
	timeUnits = []struct {
		word    string
		minutes int64
	}{{"个工作日", 1440}, {"工作日", 1440}, {"个小时", 60}, {"小时", 60}, {"分钟", 1}, {"个月", 43200}, {"月", 43200}, {"天", 1440}, {"日", 1440}, {"周", 10080}, {"年", 525600}}
	// figurePrefixes and figureSuffixes are comparisons around a figure in
	// prose, longer ones first; the prefixes without an operator only say that
	// a figure comes.
	figurePrefixes = []comparison{{"大于等于", model.AtLeast}, {"小于等于", model.AtMost}, {"严格控制在", model.AtMost}, {"不得少于", model.AtLeast}, {"不得低于", model.AtLeast}, {"不得超过", model.AtMost}, {"不少于", model.AtLeast}, {"不低于", model.AtLeast}, {"不小于", model.AtLeast}, {"不超过", model.AtMost}, {"不高于", model.AtMost}, {"不大于", model.AtMost}, {"不多于", model.AtMost}, {"控制在", model.AtMost}, {"保持在", ""}, {"稳定在", ""}, {"达到", ""}, {"提升到", ""}, {"提高到", ""}, {"提升至", ""}, {"提高至", ""}, {"力争", ""}, {"争取", ""}, {"确保", ""}, {"至少", model.AtLeast}, {"超过", model.AtLeast}, {"高于", model.AtLeast}, {"大于", model.AtLeast}, {"低于", model.AtMost}, {"少于", model.AtMost}, {"小于", model.AtMost}, {"不足", model.AtMost}, {"大约", model.About}, {"近", model.About}, {"约", model.About}, {"共计", ""}, {"合计", ""}, {"共", ""}, {"为", ""}, {"达", ""}, {"至", ""}, {"≥", model.AtLeast}, {">=", model.AtLeast}, {"≤", model.AtMost}, {"<=", model.AtMost}, {"<", model.AtMost}, {">", model.AtLeast}, {"=", ""}, {"在", ""}, {"于", ""}, {"预计", ""}}
	figureSuffixes = []comparison{{"及以上", model.AtLeast}, {"以上", model.AtLeast}, {"及以内", model.AtMost}, {"以内", model.AtMost}, {"之内", model.AtMost}, {"及以下", model.AtMost}, {"以下", model.AtMost}, {"左右", model.About}, {"内", model.AtMost}}
	// periodsPerYear is how often a period of a frequency comes round.
	periodsPerYear = map[zh.Period]int64{zh.Day: 365, zh.Week: 52, zh.Month: 12, zh.Quarter: 4, zh.HalfYear: 2, zh.Year: 1}
)

// periodOf is the period that a denominator such as the 月 of 次/月 is, "" for
// none.
func periodOf(word string) zh.Period {
	for _, p := range zh.Periods {
		if p.Text == word {
			return p.Period
		}
	}
	return ""
}

// comparison is a word that compares, with the operator it stands for.
type comparison struct {
	word string
	op   model.Operator
}

// isRate says whether a folded name is that of a share of a whole.
func (l *lexicon) isRate(name string) bool {
	name = withoutBrackets(name)
	if strings.HasSuffix(name, "成功率") { // which ends in 功率
		return true
	}
	return endsIn(name, l.notRate) == "" && endsIn(name, l.rate) != ""
}

// isSatisfaction says whether a folded name measures satisfaction.
func (l *lexicon) isSatisfaction(name string) bool {
	name = withoutBrackets(name)
	return endsIn(name, l.satisfaction) != "" && l.direction(name) > 0
}

// isComplaint says whether a folded name counts complaints, and not how they
// are dealt with.
func (l *lexicon) isComplaint(name string) bool {
	name = withoutBrackets(name)
	stem := l.stem(name)
	for _, w := range happenings {
		stem = strings.TrimSuffix(stem, w)
	}
	word, _ := l.wordAtEnd(stem)
	return slices.Contains(l.complaint, word) && l.direction(name) <= 0 && !hasAny(name, l.change)
}

// isDelay says whether a folded name is a length of time that had better be
// short: 故障修复时间, but not 平均无故障时间, 驻场服务时间 or 抢险物资储备天数. What
// stands before the word for time decides.
func (l *lexicon) isDelay(name string) bool {
	name = withoutBrackets(name)
	if endsIn(name, timeWords) == "" || hasAny(name, l.change) {
		return false
	}
	if strings.Contains(name, "无故障") || strings.Contains(name, "零故障") {
		return false
	}
	stem := strings.TrimSuffix(name, longestEnd(name, timeWords))
	for _, w := range []string{"服务", "完成", "所需", "平均", "的", "工作", "总"} {
		stem = strings.TrimSuffix(stem, w)
	}
	return endsIn(stem, l.delay) != "" || hasAny(name, delayNames[1:])
}

// sense is a word with the direction it is wanted in: +1 more, -1 less.
type sense struct {
	word string
	want int
}

// sensesOf sorts words by their first character.
func sensesOf(more, less []string) map[rune][]sense {
	m := map[rune][]sense{}
	for want, words := range map[int][]string{1: more, -1: less} {
		for _, w := range words {
			first, _ := utf8.DecodeRuneInString(w)
			m[first] = append(m[first], sense{w, want})
		}
	}
	return m
}

// byFirst sorts words by their first character, each list in the order given.
func byFirst(words []string) map[rune][]string {
	m := map[rune][]string{}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		m[first] = append(m[first], w)
	}
	return m
}

// direction is which way an indicator of that folded name is wanted: +1 more,
// -1 less, 0 unknown or either. The end of the name decides: a bad thing
// directly before 率 or 次数 is bad, something done about it is not. Undecided
// is silence.
func (l *lexicon) direction(name string) int {
	name = withoutBrackets(name)
	switch {
	case l.isDelay(name):
		return -1
	case hasAny(name, reductions):
		return l.reduction(name)
	case hasAny(name, l.change):
		return 0
	}
	rate := l.isRate(name) || endsIn(name, l.satisfaction) != ""
	stem := l.stem(name)
	for _, w := range happenings {
		stem = strings.TrimSuffix(stem, w)
	}
	word, sense := l.wordAtEnd(stem)
	if word == "" {
		if rate && botched(stem) {
			return -1
		}
		return 0
	}
	before := stem[:len(stem)-len(word)]
	switch {
	case sense < 0 && endsIn(before, negations) != "": // 无事故率, 零投诉
		return boolSense(rate)
	case sense < 0 && (hasAny(before, dealings) || word == "死亡" && hasAny(before, pests)):
		return 0 // 调解纠纷件数, 蚊虫死亡率
	case sense < 0:
		return -1
	case botched(stem): // 逾期发放率, 未完成率
		return -1
	case strings.HasPrefix(word, "无") || strings.HasPrefix(word, "零"):
		return boolSense(rate)
	}
	// A count of things done (检查次数, 投诉处理数) may be wanted either way;
	// only rates and satisfaction are surely wanted high.
	return boolSense(rate)
}

func boolSense(high bool) int {
	if high {
		return 1
	}
	return 0
}

// stem is a name without the word that says how it is measured.
func (l *lexicon) stem(name string) string {
	if endsIn(name, l.satisfaction) != "" {
		for _, w := range []string{"程度", "情况", "度", "率", "比例"} {
			if rest, ok := strings.CutSuffix(name, w); ok {
				return rest
			}
		}
		return name
	}
	best := ""
	for _, list := range [][]string{l.rate, l.count, {"性", "情况", "程度", "量", "数目", "起数", "例数", "宗数", "事件数", "案件数", "事件", "案件", "数"}} {
		if w := longestEnd(name, list); len(w) > len(best) {
			best = w
		}
	}
	return strings.TrimSuffix(name, best)
}

// longestEnd is the longest of the words that s ends in.
func longestEnd(s string, words []string) string {
	best := ""
	for _, w := range words {
		if len(w) > len(best) && strings.HasSuffix(s, w) {
			best = w
		}
	}
	return best
}

// wordAtEnd is the word that s ends in and the direction it is wanted in; the
// longest, so that 不合格 wins over 合格.
func (l *lexicon) wordAtEnd(s string) (string, int) {
	var best sense
	for i, r := range s {
		for _, x := range l.senses[r] {
			if i+len(x.word) == len(s) && s[i:] == x.word && len(x.word) > len(best.word) {
				best = x
			}
		}
	}
	return best.word, best.want
}

// reduction is the direction of a name about something made less: what is bad
// had better fall far. Of anything else nothing is known.
func (l *lexicon) reduction(name string) int {
	if endsIn(name, savingRates) != "" {
		return 1
	}
	word := endsIn(name, reductionRates)
	if word == "" {
		return 0
	}
	of := strings.TrimSuffix(name, word)
	if hasAny(of, l.less) && !hasAny(of, l.more) || hasAny(of, burdens) {
		return 1
	}
	return 0
}

// botched says whether a stem names something that was done badly or not done:
// 逾期发放, 未完成, 漏检. The bad word stands directly before what is done.
func botched(stem string) bool {
	for _, w := range failings {
		i := strings.LastIndex(stem, w)
		if i < 0 || endsIn(stem[:i], negations) != "" || endsIn(stem[:i], dealings) != "" {
			continue
		}
		done := stem[i+len(w):]
		n := utf8.RuneCountInString(done)
		switch {
		case n == 0:
			return w != "未" && w != "不" && w != "误" && w != "错" && w != "漏"
		case n == 1 && strings.ContainsRune(brief, firstRune(done)):
			return true
		case (w == "违规" || w == "违法" || w == "错误") && endsIn(done, dealings) != "": // 违规问题整改
		case (n == 2 || n == 3 || n == 4) && endsIn(done, processes) != "" && (n == 2 || len(w) > len("未")):
			return true
		}
	}
	return false
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// perUnit says what a cost name is for: "month", "unit", "year" or "" where
// the name tells nothing.
func (l *lexicon) perUnit(name string) string {
	switch {
	case hasAny(name, monthNames):
		return "month"
	case hasAny(name, perNames) || l.counterAfter(name, "单") != "" || l.counterAfter(name, "每") != "":
		return "unit"
	case hasAny(name, yearNames):
		return "year"
	}
	return ""
}

// counterAfter is the counter that stands behind the word, as in 单台 or 每户,
// but not in 单位, 每一 or 账单; "" where there is none.
func (l *lexicon) counterAfter(name, word string) string {
	for rest := name; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			return ""
		}
		before, _ := utf8.DecodeLastRuneInString(rest[:i])
		rest = rest[i+len(word):]
		if strings.ContainsRune(sheets, before) || strings.HasPrefix(rest, "位") || strings.HasPrefix(rest, "项") && word == "单" {
			continue
		}
		if c := l.counterAt(rest); c != "" {
			return c
		}
	}
}

// counterAt is the counter that s begins with, "" where there is none.
func (l *lexicon) counterAt(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	for _, c := range l.counterBy[first] {
		if strings.HasPrefix(s, c) {
			return c
		}
	}
	return ""
}

// bareMagnitude says whether a unit is a magnitude with nothing counted: 万,
// 万/人.
func bareMagnitude(unit string) bool {
	base, _, _ := strings.Cut(unit, "/")
	for _, m := range magnitudes {
		if base == m {
			return true
		}
	}
	return false
}

// proseBound says whether a folded text value is a bound in words.
func (l *lexicon) proseBound(value string) bool {
	if value == "" || endsIn(value, l.vague) != "" {
		return false
	}
	if strings.Contains(value, "预算") {
		return false // 控制于预算内 is C004's
	}
	if inSignsAlready(value) || endsIn(value, []string{"日前", "日之前"}) != "" && hasDigit(value) {
		return false // ≤15/10万, 每月15日前
	}
	if hasAny(value, l.bound) || endsIn(value, withinTimes) != "" {
		return true
	}
	// 符合三级标准 is held against something; a grade by itself (一级, 达到三级) is
	// a value.
	return hasAny(value, standardReferences) && endsIn(value, standardNouns) != ""
}

// inSignsAlready says whether a value begins with an operator and a figure,
// whatever its unit.
func inSignsAlready(value string) bool {
	rest, ok := cutSign(value)
	return ok && rest != "" && isDigit(rest[0])
}

// cutSign takes an operator in signs off the front of a folded value.
func cutSign(value string) (rest string, ok bool) {
	if value == "" || value[0] >= 0xe4 && value[0] <= 0xe9 { // a Chinese character
		return value, false
	}
	for _, sp := range zh.Before {
		if rest, ok := strings.CutPrefix(value, sp.Text); ok && !sp.Prose {
			return rest, true
		}
	}
	return value, false
}

// topic is what a name is about: without its measuring word, so that
// 展厅巡检次数 and 展厅巡检及时性 share 展厅巡检.
func topic(name string) string {
	name = withoutBrackets(name)
	for {
		cut := strings.TrimSuffix(name, "的")
		for _, w := range topicTails {
			if t, ok := strings.CutSuffix(cut, w); ok && utf8.RuneCountInString(t) >= 2 {
				cut = t
				break
			}
		}
		if cut == name {
			return name
		}
		name = cut
	}
}

// subject is what a name is about without the verb of its making either:
// 图书 of 图书采购册数.
func subject(name string) string {
	name = topic(name)
	for _, w := range makingVerbs {
		if t, ok := strings.CutSuffix(name, w); ok && utf8.RuneCountInString(t) >= 2 {
			return t
		}
	}
	return name
}

// makingVerbs end a name whose thing stands before them.
var makingVerbs = []string{"举办", "开发", "采购", "购置", "建设", "制作", "发放", "组织", "培训", "改造", "安装", "更新", "维护", "维修", "接入", "检测", "编制", "印制", "长度", "面积", "里程", "新建", "新增"}

// topicTails are the measuring words that topic takes off, longer ones first.
var topicTails = []string{"及时性", "及时率", "及时度", "及时情况", "完成情况", "按时完成", "的及时性", "开展情况", "执行情况", "完成率", "次数", "人数", "人次", "份数", "数量", "频次", "频率", "场次", "期数", "个数", "件数", "册数", "天数", "总数", "时效", "时间", "时限", "时长", "开展", "出具", "及时", "数", "率"}

// replaceEach pairs every word with what replaces it.
func replaceEach(with string, words ...string) []string {
	pairs := make([]string, 0, 2*len(words))
	for _, w := range words {
		pairs = append(pairs, w, with)
	}
	return pairs
}
