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
