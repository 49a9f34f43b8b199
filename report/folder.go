package report

import (
	"io"
	"path"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Folder is where a format that writes several files puts them.
type Folder interface {
	// Put writes a file whole, in the place of one that is there.
	Put(name string, write func(io.Writer) error) error
	// Get returns what Put wrote.
	Get(name string) ([]byte, error)
}

// fileNames gives files names that every file system takes, each once.
type fileNames map[string]bool

// CopyNames returns a function that names the copies of files in one folder,
// each once, as their originals are called.
func CopyNames() func(original string) string {
	names := fileNames{}
	return func(original string) string {
		base := fileName(original)
		extension := path.Ext(base)
		return names.name(strings.TrimSuffix(base, extension), extension)
	}
}

const longestName = 60 // characters; an extension and a number follow

// name is a file's name for a title, with an extension such as ".pdf".
func (n fileNames) name(title, extension string) string {
	title = norm.NFC.String(title) // some file systems take é and e with its accent for one
	title = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.Join(strings.Fields(title), " "))
	if r := []rune(title); len(r) > longestName {
		title = string(r[:longestName])
	}
	title = strings.Trim(title, " .")
	if reserved(title) {
		title = "_" + title
	}
	name := title + extension
	for i := 2; n[strings.ToLower(name)]; i++ {
		name = title + "-" + strconv.Itoa(i) + extension
	}
	n[strings.ToLower(name)] = true
	return name
}

// reserved says whether Windows keeps a name for itself.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "", "con", "prn", "aux", "nul":
		return true
	}
	return len(stem) == len("com1") && (strings.HasPrefix(stem, "com") || strings.HasPrefix(stem, "lpt")) && stem[3] >= '0' && stem[3] <= '9'
}
