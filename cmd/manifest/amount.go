package manifest

import (
	"errors"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// units of money with their size in 元, the longer ones first.
var units = []struct {
	word string
	yuan decimal.Decimal
}{
	{"亿元", decimal.New(1, 8)}, {"百万元", decimal.New(1, 6)}, {"万元", decimal.New(1, 4)}, {"千元", decimal.New(1, 3)}, {"元", decimal.New(1, 0)},
	{"亿", decimal.New(1, 8)}, {"万", decimal.New(1, 4)},
}

// number is digits, in groups of three or ungrouped.
var number = regexp.MustCompile(`^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?$`)

// floating is how a sheet's file keeps a number.
var floating = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]{1,3})?$`)

// digits is how many a sheet's numbers are good for; what follows is noise of
// their binary form.
const digits = 15

var errNoNumber = errors.New("no number")

// parseAmount reads an amount as people write it: 379,000.00, ￥379000元,
// 37.9万元. scale is what one of the printed unit is in 元, zero where none is
// printed. exact says that the number comes from a sheet's file, not from what
// was shown of it.
func parseAmount(s string, exact bool) (n model.Number, scale decimal.Decimal, err error) {
	s = strings.ToUpper(fold(s))
	if exact && floating.MatchString(s) {
		d, err := decimal.NewFromString(s)
		if err != nil {
			return n, scale, err
		}
		if noise := int32(d.NumDigits()) - digits; noise > 0 {
			d = d.Round(-d.Exponent() - noise)
		}
		n, err = model.ParseNumber(d.String())
		return n, scale, err
	}
	for _, prefix := range []string{"人民币", "RMB", "CNY", "¥"} {
		s = strings.TrimPrefix(s, prefix)
	}
	s = strings.TrimSuffix(s, "整")
	for _, u := range units {
		if rest, found := strings.CutSuffix(s, u.word); found {
			s, scale = rest, u.yuan
			break
		}
	}
	if !number.MatchString(s) {
		return n, scale, errNoNumber
	}
	n, err = model.ParseNumber(strings.ReplaceAll(s, ",", ""))
	return n, scale, err
}

// scaleIn is the unit of money that a heading or a note names: 预算数（万元）,
// 单位：万元. ok is false where it names none.
func scaleIn(s string) (scale decimal.Decimal, ok bool) {
	s = fold(s)
	for _, u := range units {
		bare := !strings.HasSuffix(u.word, "元") // 万 alone may be part of a word
		if !bare && strings.Contains(s, u.word) || strings.Contains(s, "("+u.word+")") {
			return u.yuan, true
		}
	}
	return one, false
}
