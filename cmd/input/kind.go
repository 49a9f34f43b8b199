package input

import (
	"cmp"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// IsArchive says by its name whether a file is one that is looked into: .zip,
// .tar, .tar.gz, .tgz.
func IsArchive(path string) bool {
	lower := strings.ToLower(path)
	return isZip(path) || strings.HasSuffix(lower, ".tar.gz") || strings.HasSuffix(lower, ".tgz") || strings.HasSuffix(lower, ".tar")
}

func isZip(path string) bool { return strings.EqualFold(filepath.Ext(path), ".zip") }

// IsPattern says whether a path may be a pattern.
func IsPattern(path string) bool { return strings.ContainsAny(path, "*?[{") }

// aside are the extensions of what nobody hands in as a document: programs and
// their sources, settings and data, system files, fonts, sound and film. Any
// other file may be somebody's submission, whatever it is called, so that the
// list is of these.
var aside = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for ext := range strings.FieldsSeq(`
		exe dll so dylib bin com msi sys drv jar class apk pyc o a obj lib pdb wasm bat cmd ps1 sh vbs
		go py js mjs ts css scss java c h cc cpp hpp cs rb php pl lua rs sql ipynb
		json jsonl ndjson sarif yaml yml toml ini inf cfg conf properties lock mod sum md markdown rst log
		db lnk url desktop webloc cache tmp swp
		ttf otf ttc woff woff2 eot mp3 wav m4a flac ogg mp4 avi mov mkv flv wmv webm`) {
		set["."+ext] = true
	}
	return set
})

// isSubmission says whether a file met in a folder or an archive may be
// somebody's submission. A file that the user names is read in any case.
func isSubmission(name string) bool { return !aside()[strings.ToLower(path.Ext(name))] }

// isClutter says whether a name is hidden or an office program's lock file.
func isClutter(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")
}

// comparePaths orders paths part by part, as a walk through the folders does.
func comparePaths(a, b string) int {
	for {
		headA, restA, moreA := strings.Cut(a, "/")
		headB, restB, moreB := strings.Cut(b, "/")
		if headA != headB || !moreA || !moreB {
			return cmp.Or(strings.Compare(headA, headB), strings.Compare(restA, restB))
		}
		a, b = restA, restB
	}
}
