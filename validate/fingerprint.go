package validate

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"perfgoal/model"
)

// fingerprint marks each finding with 16 hex digits made of the rule, the
// project's name, the field and the offending text, all folded; so it
// survives reordered forms, moved lines and printing by another program. A
// field of the indicator table counts by the indicator's name instead of its
// number. What repeats within the document is told apart by counting.
func fingerprint(findings []model.Finding, doc *model.Document) {
	seen := make(map[string]int, len(findings))
	byIndex := make(map[int]*model.Form, len(doc.Forms))
	for i := range doc.Forms {
		byIndex[doc.Forms[i].Index] = &doc.Forms[i]
	}
	keys := make([]string, len(findings))
	eachStretch(len(findings), func(from, to int) {
		for i := from; i < to; i++ {
			f := &findings[i]
			keys[i] = strings.Join([]string{f.Rule, fold(f.Project), fieldKind(f, byIndex), fold(f.Text)}, "\x1f")
		}
	})
	for i, key := range keys {
		n := seen[key] + 1
		seen[key] = n
		if n > 1 {
			keys[i] = key + "\x1f" + strconv.Itoa(n)
		}
	}
	eachStretch(len(findings), func(from, to int) {
		for i := from; i < to; i++ {
			sum := sha256.Sum256([]byte(keys[i]))
			findings[i].Fingerprint = hex.EncodeToString(sum[:8])
		}
	})
}

// fieldKind is the field without its index: indicators[].value of a name.
func fieldKind(f *model.Finding, forms map[int]*model.Form) string {
	if list, rest, ok := strings.Cut(f.Field, "["); ok && (list == "narratives" || list == "statements") {
		_, sub, _ := strings.Cut(rest, "]")
		return list + "[]" + sub
	}
	list, rest, ok := strings.Cut(f.Field, "[")
	if !ok || list != annualList && list != overallList {
		return f.Field
	}
	number, sub, _ := strings.Cut(rest, "]")
	kind := list + "[]" + sub
	n, err := strconv.Atoi(number)
	if err != nil || f.Form == nil || forms[*f.Form] == nil {
		return kind
	}
	rows := forms[*f.Form].Indicators
	if list == overallList {
		rows = forms[*f.Form].OverallIndicators
	}
	if n >= 0 && n < len(rows) {
		kind += " " + fold(rows[n].Level3)
	}
	return kind
}
