package config

import (
	"strings"
	"sync"
	"unicode"

	"github.com/shopspring/decimal"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// spelled is an expression in the compiler's spelling, with the way back.
type spelled struct {
	text string
	// from is where each character of text comes from: an offset in
	// characters of what the user wrote. It has one entry more, for the end.
	from []int
}

// spell puts what people type for operators, quotes and amounts into the
// compiler's spelling: ＞＝, ≥, “”, 且, 500万元. Texts in quotes stay as they are.
func spell(source string) spelled {
	s := speller{in: []rune(source)}
	s.lets = strings.Contains(source, "let ")
	for s.at < len(s.in) {
		s.step()
	}
	s.from = append(s.from, len(s.in))
	return spelled{s.out.String(), s.from}
}

type speller struct {
	in   []rune
	at   int
	out  strings.Builder
	last rune // the last character put out
	from []int
	lets bool // a let assigns with a single =
}

// put writes what stands for the characters from a place on.
func (s *speller) put(text string, from int) {
	for _, r := range text {
		s.out.WriteRune(r)
		s.from = append(s.from, from)
		s.last = r
	}
}

// closers are the quotes that end a text begun with another.
var closers = map[rune]string{'"': `"`, '\'': "'", '`': "`", '“': "”“", '”': "”“", '‘': "’‘", '’': "’‘", '＂': "＂", '＇': "＇", '「': "」", '『': "』"}

func (s *speller) step() {
	r := s.in[s.at]
	switch {
	case closers[r] != "":
		s.quoted(r)
	case isDigit(narrow(r)) && !isName(s.last):
		s.number()
	case isName(r) && !isDigit(narrow(r)):
		s.word()
	default:
		s.sign()
	}
}

// quoted copies a text; quotes of other kinds become plain ones.
func (s *speller) quoted(open rune) {
	begin, plain := s.at, open == '"' || open == '\'' || open == '`'
	mark := `"`
	if plain {
		mark = string(open)
	}
	s.put(mark, begin)
	for s.at++; s.at < len(s.in); s.at++ {
		r := s.in[s.at]
		switch {
		case strings.ContainsRune(closers[open], r):
			s.put(mark, s.at)
			s.at++
			return
		case plain && r == '\\' && open != '`' && s.at+1 < len(s.in):
			s.put(string(r), s.at)
			s.at++
			s.put(string(s.in[s.at]), s.at)
		case !plain && (r == '"' || r == '\\'):
			s.put(`\`+string(r), s.at)
		default:
			s.put(string(r), s.at)
		}
	}
}

// number reads digits, and a unit of money behind them: 500万元 is 5000000.
func (s *speller) number() {
	begin := s.at
	digits, end := "", s.at
	for end < len(s.in) {
		r := narrow(s.in[end])
		if !isDigit(r) && (r != '.' || end+1 >= len(s.in) || !isDigit(narrow(s.in[end+1])) || strings.Contains(digits, ".")) && r != '_' {
			if r != ',' || !s.thousands(end) {
				break
			}
		} else {
			digits += string(r)
		}
		end++
	}
	unit, after := s.moneyUnit(end)
	plain := string(s.in[begin:end])
	n, err := decimal.NewFromString(digits)
	exponent, known := zh.MoneyExponent(unit)
	if known && err == nil {
		s.put(n.Shift(exponent).String(), begin)
		s.at = after
		return
	}
	if strings.ContainsAny(plain, ",，") { // no thousands after all: arguments of a function
		plain, _, _ = strings.Cut(strings.ReplaceAll(plain, "，", ","), ",")
		end = begin + len([]rune(plain))
	}
	for i, r := range []rune(plain) {
		s.put(string(narrow(r)), begin+i)
	}
	s.at = end
}

// thousands says whether a comma parts thousands: three digits follow it, and
// no more.
func (s *speller) thousands(at int) bool {
	n := 0
	for i := at + 1; i < len(s.in) && isDigit(narrow(s.in[i])); i++ {
		n++
	}
	return n == 3
}

// moneyUnit is the unit of money at a place, and the place behind it.
func (s *speller) moneyUnit(at int) (string, int) {
	for at < len(s.in) && unicode.IsSpace(s.in[at]) {
		at++
	}
	end := at
	for end < len(s.in) && isName(s.in[end]) {
		end++
	}
	return string(s.in[at:end]), end
}

// wordOperators are operators in words, where they stand by themselves.
var wordOperators = sync.OnceValue(func() map[string]string {
	m := map[string]string{"且": "&&", "并且": "&&", "而且": "&&", "或": "||", "或者": "||", "不等于": "!=", "包含": "contains", "属于": "in"}
	for _, x := range zh.Before {
		if op := canonicalToCompiler[x.Operator]; x.Prose && op != "" {
			m[x.Text] = op
		}
	}
	return m
})

var canonicalToCompiler = map[string]string{">=": ">=", "<=": "<=", "=": "==", "<": "<", ">": ">"}

func (s *speller) word() {
	begin := s.at
	for s.at < len(s.in) && isName(s.in[s.at]) {
		s.at++
	}
	word := string(s.in[begin:s.at])
	if op := wordOperators()[word]; op != "" && s.last != '.' {
		s.put(" "+op+" ", begin)
		return
	}
	for i, r := range []rune(word) {
		s.put(string(narrow(r)), begin+i)
	}
}

// signs are signs in the compiler's spelling.
var signs = map[rune]string{
	'≥': ">=", '≧': ">=", '⩾': ">=", '≤': "<=", '≦': "<=", '⩽': "<=", '≠': "!=", '×': "*", '÷': "/", '−': "-", '–': "-", '—': "-",
	'。': ".", '、': ",", '【': "[", '】': "]", '〔': "[", '〕': "]", '∧': "&&", '∨': "||", '¬': "!",
}

func (s *speller) sign() {
	begin := s.at
	r := narrow(s.in[s.at])
	s.at++
	if text := signs[r]; text != "" {
		s.put(text, begin)
		return
	}
	next := rune(0)
	if s.at < len(s.in) {
		next = narrow(s.in[s.at])
	}
	switch {
	case r == '=' && (next == '>' || next == '<'): // =>, =<
		s.put(string(next)+"=", begin)
		s.at++
	case r == '<' && next == '>':
		s.put("!=", begin)
		s.at++
	case r == '=' && next == '=' || (r == '>' || r == '<' || r == '!') && next == '=':
		s.put(string(r)+"=", begin)
		s.at++
	case r == '=' && !s.lets:
		s.put("==", begin)
	default:
		s.put(string(r), begin)
	}
}

// narrow is a full-width character as a half-width one.
func narrow(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r == '\u3000' || r == '\u00a0':
		return ' '
	}
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isName says whether a character can be part of a field's or function's name.
func isName(r rune) bool {
	r = narrow(r)
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// place is the line (1-based) and column (0-based, in characters) in the user's
// text of an offset in the compiler's.
func (s *spelled) place(source string, offset int) (line, column int) {
	at := s.from[min(max(offset, 0), len(s.from)-1)]
	before := []rune(source)[:at]
	line = 1
	for _, r := range before {
		column++
		if r == '\n' {
			line, column = line+1, 0
		}
	}
	return line, column
}

// percentAfterNumber is a mistake that only the user can mend: whether 90% is
// 90 or 0.9 depends on the field.
func percentAfterNumber(text string) (model.Message, int, bool) {
	quote := rune(0)
	digit := false
	for i, r := range []rune(text) {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == '%' && digit:
			return say("数后面不写“%”：指标的数值不带百分号，≥90% 的数值就是 90；金额的九成写 0.9", "write no % behind a number: the number of a ≥90% is 90; nine tenths of an amount is 0.9"), i, true
		}
		digit = isDigit(r)
	}
	return model.Message{}, 0, false
}
