package config

import "go.yaml.in/yaml/v4"

// Entry is one finding that a baseline notes.
type Entry struct {
	Rule        string `yaml:"rule"`
	Project     string `yaml:"project"`
	Field       string `yaml:"field,omitempty"`
	Fingerprint string `yaml:"fingerprint"`
	Reason      string `yaml:"reason"`
	Expires     string `yaml:"expires"`
}

// Baseline prints entries as a file that ParseBaseline reads.
func Baseline(entries []Entry) ([]byte, error) {
	if entries == nil {
		entries = []Entry{}
	}
	body, err := yaml.Dump(map[string][]Entry{"suppressions": entries}, yaml.WithUnicode(true), yaml.WithLineWidth(-1))
	const head = "# 基线：已有的问题，由 perfgoal baseline write 写成。各条可以修改理由和到期日，改正了的可以删去。\n"
	return append([]byte(head), body...), err
}
