package model

import "strings"

// Lang is a language of messages.
type Lang string

const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Text is one wording in both languages. In messages, {name} stands for an
// argument.
type Text struct{ Zh, En string }

// In returns the wording in the language, Chinese where the other is empty.
func (t Text) In(l Lang) string {
	if l == English && t.En != "" {
		return t.En
	}
	return t.Zh
}

// Args are the arguments of a message by name.
type Args map[string]string

// Message is a wording with its arguments, put together only when the
// language is known.
type Message struct {
	Text Text
	Args Args
}

// In renders the message.
func (m Message) In(l Lang) string {
	s := m.Text.In(l)
	if len(m.Args) == 0 {
		return s
	}
	n := len(s)
	for _, value := range m.Args {
		n += len(value)
	}
	var b strings.Builder
	b.Grow(n)
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			break
		}
		value, known := m.Args[s[i+1:i+j]]
		if !known {
			value = s[i : i+j+1]
		}
		b.WriteString(s[:i])
		b.WriteString(value)
		s = s[i+j+1:]
	}
	b.WriteString(s)
	return b.String()
}
