package book

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	bodyLabel = regexp.MustCompile(`^(?:本|该)?(?:项目|工程)?(?:的)?(?:实施主体|实施单位|责任单位|承担单位|组织实施单位|项目单位)(?:为|是|：|:)+`)
	bodyDoes  = regexp.MustCompile(`^(?:本项目|该项目|项目)?由(.+?)(?:负责|牵头|具体|统一|承担)*(?:组织)?(?:实施|开展|承担|落实)$`)
	// contractors are what a list of those hired begins its entries with.
	contractors = []string{"施工", "设计", "监理", "勘察", "代建", "招标", "代理", "承包"}
)

// longestBody bounds the name of an office, or of a few.
const longestBody = 60

// bodyOf is the office, or the offices, that a section names, and nothing
// else; "" where the section is prose or lists contractors.
func bodyOf(text string) string {
	s := strings.TrimRight(squeeze(text), "。；;.")
	s = s[len(bodyLabel.FindString(s)):]
	if m := bodyDoes.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if n := utf8.RuneCountInString(s); n < 2 || n > longestBody {
		return ""
	}
	if strings.ContainsAny(s, "。；，：;,:！？") || hasAny(s, contractors) || hasAny(s, []string{"详见", "负责", "进行", "实施", "本项目", "委托"}) {
		return ""
	}
	return s
}
