package fix

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// compare says what is wrong with a copy: a defect that is still there, a new
// finding, or anything that differs from the original beside the cells that
// were to change. It is nil where all is well.
func compare(before, after *model.Document, found, now []model.Finding, plans []*plan) *model.Message {
	changed := map[model.Location]*plan{}
	for _, p := range plans {
		changed[p.Location] = p
	}
	if where := differs(before, after, changed); where != "" {
		return &model.Message{Text: textOther, Args: model.Args{"where": where}}
	}
	known := map[string]bool{}
	for _, f := range found {
		for _, key := range keys(f) {
			known[key] = true
		}
	}
	for _, f := range now {
		if !known[keys(f)[0]] {
			return &model.Message{Text: textNewOne, Args: model.Args{"rule": f.Rule}}
		}
	}
	for _, f := range now {
		at := []model.Location{f.Location}
		fields := []string{f.Field}
		for _, r := range f.Related {
			at, fields = append(at, r.Location), append(fields, r.Field)
		}
		for i := range at {
			for _, p := range plans {
				// A finding about an indicator's value stands at the indicator's name.
				same := slices.Contains(p.fields, fields[i])
				if fields[i] == "" {
					same = at[i].Same(p.Location)
				}
				if same && slices.Contains(p.Rules, f.Rule) && f.Form != nil && *f.Form == p.Form {
					return &model.Message{Text: textRemains}
				}
			}
		}
	}
	return nil
}

// keys name a finding by its rule and its places, its own first.
func keys(f model.Finding) []string {
	key := func(form *int, field string) string {
		n := 0
		if form != nil {
			n = *form
		}
		return f.Rule + " " + strconv.Itoa(n) + " " + field
	}
	out := []string{key(f.Form, f.Field)}
	for _, r := range f.Related {
		out = append(out, key(r.Form, r.Field))
	}
	return out
}

// differs names the first thing that differs beside the cells and fields that
// were to change; "" where nothing does.
func differs(before, after *model.Document, changed map[model.Location]*plan) string {
	if before.Status != after.Status || len(before.Forms) != len(after.Forms) || len(before.Tables) != len(after.Tables) {
		return string(after.Status)
	}
	for i := range before.Tables {
		a, b := &before.Tables[i], &after.Tables[i]
		if len(a.Cells) != len(b.Cells) || !slices.EqualFunc(a.Caption, b.Caption, func(x, y model.Line) bool { return x.Text == y.Text }) {
			return "table " + strconv.Itoa(i+1)
		}
		for k := range a.Cells {
			x, y := &a.Cells[k], &b.Cells[k]
			text := x.Text
			if p := changed[x.Location]; p != nil {
				text = p.After
			}
			if x.Location != y.Location || squeezed(text) != squeezed(y.Text) || changed[x.Location] == nil && x.Text != y.Text {
				return x.Location.CellName()
			}
		}
	}
	for i := range before.Forms {
		fields := map[string]bool{}
		texts := map[string]string{}
		for _, p := range changed {
			if p.Form == before.Forms[i].Index {
				texts[squeezed(p.Before)] = squeezed(p.After)
				for _, f := range p.fields {
					fields[f] = true
				}
			}
		}
		if where := formDiffers(&before.Forms[i], &after.Forms[i], fields, texts); where != "" {
			return where
		}
	}
	return ""
}

// formDiffers names the first value of a form that differs: white space aside,
// all must be equal but the fields that were to change, of which the number
// must be, and others that read as the changed cells did and do. texts are
// those cells' texts, before and after.
func formDiffers(a, b *model.Form, fields map[string]bool, texts map[string]string) string {
	for i := range min(len(a.Indicators), len(b.Indicators)) {
		x, y := &a.Indicators[i].Value, &b.Indicators[i].Value
		if x.Number != nil && (y.Number == nil || !x.Number.Value.Equal(y.Number.Value) || x.Operator != y.Operator || squeezed(x.Unit) != squeezed(y.Unit)) {
			return fmt.Sprintf("indicators[%d].value", i)
		}
	}
	was, is := flat(a), flat(b)
	paths := map[string]bool{}
	for path := range was {
		paths[path] = true
	}
	for path := range is {
		paths[path] = true
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		old, had := was[path]
		value, has := is[path]
		old, value = squeezed(old), squeezed(value)
		if had == has && (old == value || texts[old] == value && value != "") || excused(path, fields) {
			continue
		}
		return path
	}
	return ""
}

// excused says whether a value may differ: the account of characters, what
// the shape of labels is noted as, and the fields that change.
func excused(path string, fields map[string]bool) bool {
	for _, p := range []string{"reading.", "signs[", "signs", "ignored["} {
		if strings.HasPrefix(path, p) {
			return len(fields) > 0
		}
	}
	for f := range fields {
		for _, form := range []string{f, "sources." + f} {
			if rest, ok := strings.CutPrefix(path, form); ok && f != "" && (rest == "" || rest[0] == '.') {
				return true
			}
		}
	}
	return false
}

// flat are the values of a form in JSON by their paths.
func flat(f *model.Form) map[string]string {
	out := map[string]string{}
	data, err := json.Marshal(f)
	if err != nil {
		return out
	}
	var tree any
	if json.Unmarshal(data, &tree) != nil {
		return out
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, x := range v {
				walk(strings.TrimPrefix(path+"."+key, "."), x)
			}
		case []any:
			for i, x := range v {
				walk(path+"["+strconv.Itoa(i)+"]", x)
			}
		default:
			out[path] = fmt.Sprint(v)
		}
	}
	walk("", tree)
	return out
}

// squeezed is a text without white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// newMarkup says whether a text has a tag or an entity that was not in it
// before.
func newMarkup(before, after string) bool {
	for _, mark := range append(tags().FindAllString(after, -1), entities().FindAllString(after, -1)...) {
		if !strings.Contains(before, mark) {
			return true
		}
	}
	return false
}

var (
	entities = lazy.Regexp(`&(?:[A-Za-z]+|#[0-9]+|#[xX][0-9A-Fa-f]+);`)
	tags     = lazy.Regexp(`</?[A-Za-z][^<>]*>|<!--.*?-->`)
	numbers  = lazy.Regexp(`[0-9]+(?:\.[0-9]+)?`)
)

// sameNumbers says whether two texts hold the same numbers in the same order:
// 48 and 48.00 are the same, 1 and 2 with a tag between are not 12.
func sameNumbers(before, after string) bool {
	a, b := numbersIn(before), numbersIn(after)
	return slices.EqualFunc(a, b, decimal.Decimal.Equal)
}

func numbersIn(s string) []decimal.Decimal {
	s = html.UnescapeString(tags().ReplaceAllString(s, " "))
	var out []decimal.Decimal
	for line := range strings.SplitSeq(s, "\n") {
		for word := range strings.FieldsSeq(line) {
			for _, n := range numbers().FindAllString(zh.Fold(word), -1) {
				if d, err := decimal.NewFromString(n); err == nil {
					out = append(out, d)
				}
			}
		}
	}
	return out
}
