package model

// Edit puts With in the place of the bytes From…To, To excluded, of a text.
type Edit struct {
	From, To int
	With     string
}

// Edited is the text after edits that are in order and do not overlap.
func Edited(text string, edits []Edit) string {
	out, at := "", 0
	for _, e := range edits {
		out += text[at:e.From] + e.With
		at = e.To
	}
	return out + text[at:]
}

// Edits are the least edits that make one text of another, each as long as
// may be. They take time in proportion to the product of the lengths, which
// is for the texts of single values.
func Edits(before, after string) []Edit {
	a, b := []rune(before), []rune(after)
	// common[i][j] is how many runes a[i:] and b[j:] have in common in order.
	common := make([][]int, len(a)+1)
	for i := len(a); i >= 0; i-- {
		common[i] = make([]int, len(b)+1)
		for j := len(b) - 1; i < len(a) && j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out []Edit
	at, i, j := 0, 0, 0
	from, with, open := 0, "", false
	for i < len(a) || j < len(b) {
		if i < len(a) && j < len(b) && a[i] == b[j] && common[i][j] == common[i+1][j+1]+1 {
			if open {
				out = append(out, Edit{from, at, with})
				open = false
			}
			at += len(string(a[i]))
			i, j = i+1, j+1
			continue
		}
		if !open {
			from, with, open = at, "", true
		}
		if j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1] {
			at += len(string(a[i]))
			i++
			continue
		}
		with += string(b[j])
		j++
	}
	if open {
		out = append(out, Edit{from, at, with})
	}
	return out
}
