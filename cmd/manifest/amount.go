package manifest

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// number is digits, in groups of three or ungrouped.
var number = lazy.Regexp(`^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?$`)

// floating is how a sheet's file keeps a number.
var floating = lazy.Regexp(`^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]{1,3})?$`)

// digits is how many a sheet's numbers are good for; what follows is noise of
// their binary form.
const digits = 15

var errNoNumber = errors.New("no number")

// parseAmount reads an amount as people write it: 379,000.00, ￥379000元,
// 37.9万元. scale is what one of the printed unit is in 元, zero where none is
// printed. exact says that the number comes from a sheet's file, not from what
// was shown of it.
func parseAmount(s string, exact bool) (n model.Number, scale decimal.Decimal, err error) {
	s = strings.ToUpper(zh.Fold(s))
	if exact && floating().MatchString(s) {
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
	if rest, unit, found := zh.CutMoneyUnit(s); found {
		exponent, _ := zh.MoneyExponent(unit)
		s, scale = rest, decimal.New(1, exponent)
	}
	if !number().MatchString(s) {
		return n, scale, errNoNumber
	}
	n, err = model.ParseNumber(strings.ReplaceAll(s, ",", ""))
	return n, scale, err
}

// scaleIn is the unit of money that a heading or a note names: 预算数（万元）,
// 单位：万元. ok is false where it names none.
func scaleIn(s string) (scale decimal.Decimal, ok bool) {
	s = zh.Fold(s)
	for i := range s {
		unit := zh.MoneyUnitAt(s[i:])
		if inside, found := strings.CutPrefix(s[i:], "("); found && unit == "" { // （万）
			unit, _, _ = strings.Cut(inside, ")")
		}
		if exponent, known := zh.MoneyExponent(unit); known {
			return decimal.New(1, exponent), true
		}
	}
	return one, false
}
