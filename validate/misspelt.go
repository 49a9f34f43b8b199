package validate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

var misspeltIndicatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "N006", Name: "misspelt-indicator", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: second, Basis: basisHeuristic,
		Title:     model.Text{Zh: "指标名称与常用的写法差一个字", En: "an indicator's name is one character off the usual one"},
		Rationale: model.Text{Zh: "同一份文件里多次出现的指标，只有这里差一个字，多半是漏字或错字。", En: "Where the same document uses a name several times and once with one character off, that one is mostly a slip."},
		Fix:       model.Text{Zh: "核对名称；确实是另一条指标的，不用改。", En: "Check the name; where it is another indicator, leave it."},
		Bad:       misspelt("展项新机制健全性"),
		Good:      misspelt(""),
	},
	document: misspeltIndicator,
}

// misspelt is a document of three forms, the last with another name for its
// sustained effect.
func misspelt(name string) model.ExampleMaker {
	return func() model.Example {
		third := slices.Concat([]edit{{"云栖市青少年科普展厅运行项目", "云栖市天象厅放映项目"}, {annualGoal, "引进天文科普影片，培训放映和讲解人员，周末和假期面向中小学生放映，让更多孩子了解宇宙和航天知识，培养探索自然的兴趣。"}})
		if name != "" {
			third = append(third, edit{"展项更新机制健全性", name})
		}
		return showing(strings.Join([]string{edited(nil), edited(otherProject), edited(third)}, "\n"), []string{"可持续影响指标"})
	}
}

// spelt is one spelling of a level-3 name in a document.
type spelt struct {
	name      string
	class     model.Level
	uses      int
	form, row int // where it stands first
}

// misspeltIndicator looks for names used once that are one character off a
// name used at least twice in the same class. Each name is looked up by itself
// without one of its characters, so the work grows with names, not with pairs.
func misspeltIndicator(d *document, _ *Thresholds) docVerdict {
	byName := map[string]*spelt{}
	var order []*spelt
	for i := range d.forms {
		for k := range d.forms[i].rows {
			r := &d.forms[i].rows[k]
			if len(r.name) < shortestMisspelt*len("字") || r.doubted {
				continue
			}
			s := byName[r.name]
			if s == nil {
				s = &spelt{name: r.name, class: r.Class2, form: i, row: k}
				byName[r.name] = s
				order = append(order, s)
			}
			s.uses++
		}
	}
	usual := map[string][]*spelt{} // names used often, by how they begin and by how they end
	for _, s := range order {
		if s.uses > 1 {
			head, tail := s.ends()
			usual["^"+head], usual[tail+"$"] = append(usual["^"+head], s), append(usual[tail+"$"], s)
		}
	}
	findings := make([][]model.Finding, len(d.forms))
	for _, s := range order {
		if s.uses > 1 || len(usual) == 0 {
			continue
		}
		if meant := s.meant(usual); meant != nil {
			findings[s.form] = append(findings[s.form], misspeltFinding(d, s, meant))
		}
	}
	out := docVerdict{}
	for i := range d.forms {
		v := judged(findings[i])
		if len(d.forms[i].rows) == 0 {
			v = notApplicable("没有指标", "there are no indicators")
		}
		out.findings = append(out.findings, v.findings...)
		out.checks = append(out.checks, docCheck{i, v})
	}
	return out
}

// shortestMisspelt is how many characters a name needs to be compared: one of
// five is too much to be a slip.
const shortestMisspelt = 6

// ends are the first and the last characters of a name, half of the shortest
// that is looked at: of two names that differ in one character, one is alike.
func (s *spelt) ends() (head, tail string) {
	const half = shortestMisspelt / 2
	from, to := 0, len(s.name)
	for range half {
		_, n := utf8.DecodeRuneInString(s.name[from:])
		from += n
		_, n = utf8.DecodeLastRuneInString(s.name[:to])
		to -= n
	}
	return s.name[:from], s.name[to:]
}

// meant is the usual name that the spelling is a slip of, nil where there is
// none.
func (s *spelt) meant(usual map[string][]*spelt) *spelt {
	var best *spelt
	head, tail := s.ends()
	for _, alike := range [][]*spelt{usual["^"+head], usual[tail+"$"]} {
		for _, u := range alike {
			if u.class == s.class && (best == nil || u.uses > best.uses) && slip([]rune(s.name), []rune(u.name)) {
				best = u
			}
		}
	}
	return best
}

// slip says whether two names differ in one character that does not make it
// another indicator.
func slip(a, b []rune) bool {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x) > 1 || len(y) > 1 {
		return false
	}
	for _, r := range slices.Concat(x, y) {
		if unicode.IsDigit(r) || r < unicode.MaxASCII || !isHan(r) || strings.ContainsRune(ordinalRunes, r) {
			return false
		}
	}
	switch {
	case len(x) == 1 && len(y) == 1:
		// Of two different characters only those that look or sound alike are a
		// slip; any others may well be two things.
		return head > 0 && confusable(x[0], y[0])
	case tail == 0 || head == 0:
		return false // 健全 and 健全性, 全市 and 市
	}
	more := slices.Concat(x, y)[0]
	return !strings.ContainsRune(optional, more)
}

// optional characters may stand in a name or not without making it wrong.
const optional = "全各新总的年度月度季已应再及和与或等类均大小老中外内公再县区市省镇乡村级局人员者户们自双单实际初高低优"

// confusable says whether a typist takes two characters for one another, by
// sound or by shape.
func confusable(a, b rune) bool {
	for _, group := range lookalikes {
		if strings.ContainsRune(group, a) && strings.ContainsRune(group, b) {
			return true
		}
	}
	return zh.SameSound(a, b)
}

// lookalikes are characters of nearly one shape.
var lookalikes = strings.Fields(`检验险捡俭 己已 未末 人入 大太 士土 千干 日曰 治冶 折析拆 侯候 戴带载 籍藉 拔拨 钓钩 炼练 赔培陪 盲肓 暮幕慕墓 辨辩辫瓣 徒徙 晓饶绕 绩积 效郊 采彩 拓柘 部陪 建健 构购 园圆 像象 材村 睛晴 晴情 清请 漫慢 侧测 推准淮 住往 密蜜 遣遗 提堤题 环坏 设没 投设 诉近 织帜 措借 复夏 宣宜 查杳 困因 侍待 仑仓 复覆 竟竞 崇祟 券卷 撤撒 抠枢 洒酒 历厉 延廷 贫贪 受爱 奖浆 弛驰 泄泻 倍陪 响晌 摄慑 第弟 斑班 粗租 徽微 屈届 庆厌 圾极`)

func misspeltFinding(d *document, s, meant *spelt) model.Finding {
	f := &d.forms[s.form]
	r := &f.rows[s.row]
	x := f.rowFinding(r, "level3", model.Text{
		Zh: "“{name}”与同一份文件里出现{uses}次的“{usual}”只差一个字。是不是漏字或错字？",
		En: `"{name}" is one character off "{usual}", which the document uses {uses} times. Is it a slip?`,
	}, model.Args{"usual": d.forms[meant.form].rows[meant.row].Level3, "uses": numberList([]int{meant.uses})})
	o := &d.forms[meant.form]
	x.Related = []model.Related{o.related(o.rows[meant.row].at("level3"))}
	x.Evidence["usual"] = meant.name
	return x
}
