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
	return string(m.Append(make([]byte, 0, n), l))
}

// Append renders the message behind b.
func (m Message) Append(b []byte, l Lang) []byte {
	s := m.Text.In(l)
	for len(m.Args) > 0 {
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
		b = append(append(b, s[:i]...), value...)
		s = s[i+j+1:]
	}
	return append(b, s...)
}
