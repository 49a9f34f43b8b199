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
		value, found := strings.CutPrefix(arg, "--lang=")
		if !found && arg == "--lang" && i+1 < len(args) {
			value, found = args[i+1], true
		}
		if lang := model.Lang(value); found && (lang == model.Chinese || lang == model.English) {
			return lang
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := getenv(name)
		if locale == "" {
			continue
		}
		language, _, _ := strings.Cut(locale, ".")
		language, _, _ = strings.Cut(language, "_")
		switch language {
		case "C", "POSIX", "zh":
			return model.Chinese
		default:
			return model.English
		}
	}
	return model.Chinese
}
