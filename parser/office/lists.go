package office

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// lists number the paragraphs of a Word document: the numbers are printed,
// but the text does not hold them.
type lists struct {
	shapes map[string]*[9]listLevel // by w:abstractNumId
	nums   map[string]*list         // by w:numId
	styles map[string]listUse       // by paragraph style
}

type list struct {
	abstract string
	levels   *[9]listLevel
}

type listLevel struct {
	format, text string
	start, count int
	begun        bool
}

// listUse is the list that a style puts its paragraphs into.
type listUse struct{ list, level string }

// readLists reads a document's numbering. Styles are read only where one of
// them numbers: they are long.
func readLists(a *archive, rels []relation) (*lists, error) {
	l := &lists{shapes: map[string]*[9]listLevel{}, nums: map[string]*list{}, styles: map[string]listUse{}}
	styles := ""
	for _, r := range rels {
		switch r.kind {
		case "numbering":
			if _, err := a.scan(r.target, l.read); err != nil {
				return nil, err
			}
		case "styles":
			styles = r.target
		}
	}
	if len(l.nums) == 0 || styles == "" {
		return l, nil
	}
	text, err := a.bytes(styles)
	if err != nil {
		return l, err
	}
	return l, l.readStyles(a.meter, text)
}

func (l *lists) read(s *scanner) error {
	return s.children(func(_ element) error {
		return s.children(func(el element) error {
			switch el.local {
			case "abstractNum":
				levels := &[9]listLevel{}
				l.shapes[attr(el, "abstractNumId")] = levels
				return s.children(func(el element) error {
					if el.local != "lvl" {
						return nil
					}
					return readLevel(s, el, levels)
				})
			case "num":
				n := &list{}
				l.nums[attr(el, "numId")] = n
				return s.children(func(el element) error {
					switch el.local {
					case "abstractNumId":
						n.abstract = attr(el, "val")
					case "lvlOverride":
						if n.levels == nil {
							n.levels = &[9]listLevel{}
							if shape := l.shapes[n.abstract]; shape != nil {
								*n.levels = *shape
							}
						}
						at := attr(el, "ilvl")
						return s.children(func(el element) error {
							switch el.local {
							case "startOverride":
								if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < len(n.levels) {
									n.levels[i].start, _ = strconv.Atoi(attr(el, "val"))
								}
							case "lvl":
								return readLevel(s, el, n.levels)
							}
							return nil
						})
					}
					return nil
				})
			}
			return nil
		})
	})
}

func readLevel(s *scanner, el element, levels *[9]listLevel) error {
	i, err := strconv.Atoi(attr(el, "ilvl"))
	if known := err == nil && i >= 0 && i < len(levels); !known {
		return nil
	}
	lvl := &levels[i]
	*lvl = listLevel{start: 1, format: "decimal"}
	return s.children(func(el element) error {
		switch el.local {
		case "start":
			lvl.start, _ = strconv.Atoi(attr(el, "val"))
		case "numFmt":
			lvl.format = attr(el, "val")
		case "lvlText":
			lvl.text = attr(el, "val")
		}
		return nil
	})
}

// readStyles finds the styles that number. A document holds hundreds of
// styles, of which a few do: only those are read as XML.
func (l *lists) readStyles(m *meter, text []byte) error {
	head, styles, ok := bytes.Cut(text, []byte("style "))
	if !ok || bytes.IndexByte(head, '<') < 0 {
		return nil
	}
	prefix := head[bytes.LastIndexByte(head, '<')+1:] // "w:" as a rule
	root := head[bytes.IndexByte(head, '<'):]
	if i := bytes.Index(root, []byte("xmlns")); i >= 0 {
		root = root[max(0, bytes.LastIndexByte(root[:i], '<')):]
		root = root[:bytes.IndexByte(root, '>')+1]
	}
	open, end := []byte("<"+string(prefix)+"style "), []byte("</"+string(prefix)+"style>")
	styles = text[len(text)-len(styles)-len(open):]
	for {
		i := bytes.Index(styles, open)
		if i < 0 {
			return nil
		}
		styles = styles[i:]
		n := bytes.Index(styles, end)
		if n < 0 {
			return nil
		}
		one := styles[:n+len(end)]
		styles = styles[len(one):]
		if !bytes.Contains(one, []byte("numPr")) {
			continue
		}
		s, err := newScanner(m, slices.Concat(root, one))
		if err != nil {
			return err
		}
		if _, _, _, err := s.next(); err != nil { // the root, for its namespaces
			return err
		}
		_, el, _, err := s.next()
		if err != nil {
			return err
		}
		if err := l.readStyle(s, attr(el, "styleId")); err != nil {
			return err
		}
	}
}

func (l *lists) readStyle(s *scanner, id string) error {
	return s.children(func(el element) error {
		if el.local != "pPr" {
			return nil
		}
		return s.children(func(el element) error {
			if el.local != "numPr" {
				return nil
			}
			use := listUse{}
			err := s.children(func(el element) error {
				switch el.local {
				case "numId":
					use.list = attr(el, "val")
				case "ilvl":
					use.level = attr(el, "val")
				}
				return nil
			})
			l.styles[id] = use
			return err
		})
	})
}

// number is what Word prints before the next paragraph of a style or list, ""
// for one that has no number, or only a bullet.
func (l *lists) number(style, id, level string) string {
	if l == nil {
		return ""
	}
	if id == "" {
		use := l.styles[style]
		id = use.list
		if level == "" {
			level = use.level
		}
	}
	n := l.nums[id]
	if n == nil {
		return ""
	}
	levels := n.levels
	if levels == nil {
		levels = l.shapes[n.abstract] // lists of one shape count on
	}
	at, _ := strconv.Atoi(level)
	if levels == nil || at < 0 || at >= len(levels) {
		return ""
	}
	lvl := &levels[at]
	if !lvl.begun {
		lvl.begun, lvl.count = true, lvl.start
	} else {
		lvl.count++
	}
	for i := at + 1; i < len(levels); i++ {
		levels[i].begun = false
	}
	if lvl.format == "bullet" || lvl.format == "none" {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(lvl.text); i++ {
		if c := lvl.text[i]; c != '%' || i+1 == len(lvl.text) || lvl.text[i+1] < '1' || lvl.text[i+1] > '9' {
			b.WriteByte(c)
			continue
		}
		i++
		upper := &levels[lvl.text[i]-'1']
		if !upper.begun {
			upper.begun, upper.count = true, upper.start
		}
		b.WriteString(listNumber(upper.count, upper.format))
	}
	return b.String()
}

// listNumber prints a number in one of Word's formats.
func listNumber(n int, format string) string {
	switch format {
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "ideographDigital", "chineseLegalSimplified":
		if format == "chineseLegalSimplified" {
			return chineseNumber(n, []rune("零壹贰叁肆伍陆柒捌玖"), '拾', '佰')
		}
		return chineseNumber(n, []rune("〇一二三四五六七八九"), '十', '百')
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		if n >= 1 && n <= 20 {
			return string(rune('①' + n - 1))
		}
	case "decimalEnclosedParen":
		if n >= 1 && n <= 20 {
			return string(rune('⑴' + n - 1))
		}
	case "decimalFullWidth":
		return strings.Map(func(r rune) rune { return r - '0' + '０' }, strconv.Itoa(max(0, n)))
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "lowerLetter", "upperLetter":
		const letters = 26
		if n >= 1 && n <= letters {
			if format == "lowerLetter" {
				return string(rune('a' + n - 1))
			}
			return string(rune('A' + n - 1))
		}
	case "lowerRoman", "upperRoman":
		s := roman(n)
		if format == "lowerRoman" {
			s = strings.ToLower(s)
		}
		return s
	}
	return strconv.Itoa(n)
}

// chineseNumber prints numbers below a thousand in words.
func chineseNumber(n int, digits []rune, ten, hundred rune) string {
	if n < 1 || n > 999 {
		return strconv.Itoa(n)
	}
	var out []rune
	if n >= 100 {
		out = append(out, digits[n/100], hundred)
		if n%100 != 0 && n%100 < 10 {
			out = append(out, digits[0])
		}
	}
	if t := n % 100 / 10; t > 0 {
		if t > 1 || n >= 100 {
			out = append(out, digits[t])
		}
		out = append(out, ten)
	}
	if n%10 > 0 {
		out = append(out, digits[n%10])
	}
	return string(out)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	signs := []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}
	s := ""
	for _, x := range signs {
		for n >= x.value {
			s, n = s+x.sign, n-x.value
		}
	}
	return s
}
