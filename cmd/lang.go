package cmd

import (
	"strings"

	"perfgoal/model"
)

// startLang decides the language before anything is parsed, since help and
// the errors of parsing speak it too: --lang, then the locale, then Chinese.
func startLang(args []string, getenv func(string) string) model.Lang {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, value, given, _ := cutFlag(arg)
		if name == "lang" && !given && i+1 < len(args) {
			value, given = args[i+1], true
		}
		if lang, ok := langOf(value); name == "lang" && given && ok {
			return lang
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := getenv(name)
		if locale == "" {
			continue
		}
		switch lang, ok := langOf(locale); {
		case ok:
			return lang
		case strings.HasPrefix(locale, "C") || strings.HasPrefix(locale, "POSIX"):
			return model.Chinese
		}
		return model.English
	}
	return model.Chinese
}

// langOf reads a language as people and systems name it: zh, cn, EN,
// zh_CN.UTF-8, en-US, 中文.
func langOf(s string) (model.Lang, bool) {
	s, _, _ = strings.Cut(typed(s), ".")
	s, _, _ = strings.Cut(strings.ReplaceAll(s, "-", "_"), "_")
	switch s {
	case "zh", "cn", "chinese", "中文", "汉语", "简体中文":
		return model.Chinese, true
	case "en", "english", "英文", "英语":
		return model.English, true
	}
	return "", false
}
