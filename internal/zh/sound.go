package zh

import (
	"sort"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// syllables are the first characters of each syllable in the order of GB 2312
// level 1, whose 3,755 common characters stand by their sound.
const syllables = "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻哺擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹春戳疵聪凑粗蹿摧村磋搭呆耽当刀德蹬堤颠碉跌丁" +
	"丢东兜都端堆墩掇蛾恩而发藩坊菲芬丰佛否夫噶该干冈篙哥给根耕工钩辜刮乖棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆" +
	"炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸" +
	"谋拇拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女暖虐挪哦欧啪拍攀乓抛呸喷砰坯篇飘撇拼乒坡扑期掐牵枪橇切钦青琼秋趋圈缺裙然瓤饶惹壬扔日戎揉" +
	"茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜嗽酸虽孙蓑塌胎坍汤掏特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝" +
	"巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰一茵英哟拥幽淤鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨"

// level1End is the first code behind the common characters of GB 2312.
const level1End = 0xd7fa

// SameSound says whether two common characters have one syllable, whatever
// the tone: 检 and 减. Of rarer characters nothing is known.
func SameSound(a, b rune) bool {
	x, y := syllable(a), syllable(b)
	return x > 0 && x == y
}

// syllable is the number of a character's syllable, 0 for none.
func syllable(r rune) int {
	code := gbCode(r)
	if code >= level1End {
		return 0
	}
	first := []rune(syllables)
	return sort.Search(len(first), func(i int) bool { return gbCode(first[i]) > code })
}

// gbCode is a character's code in GBK, 0 for none of two bytes.
func gbCode(r rune) int {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(r)))
	if err != nil || len(b) != 2 {
		return 0
	}
	return int(b[0])<<8 | int(b[1])
}
