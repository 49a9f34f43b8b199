package report

import (
	"strings"
	"testing"
)

func TestFill(t *testing.T) {
	const help = `读取申报表，逐张检查，
列出问题和依据 PATH 可以是文件
或文件夹。

Reads declarations and
lists what does not hold.

EXIT STATUS
  0    every input was read, and nothing
       is at or above the level
  130  interrupted

Examples:
  perfgoal lint --fail-level warning -o json=result.json 2026/

选项：
  -h, --help            显示帮助
  -o, --output FORMAT   输出 FORMAT，可重复；格式有：text json jsonl
`
	for _, tt := range []struct {
		limit int
		want  string
	}{
		{60, `读取申报表，逐张检查，列出问题和依据 PATH 可以是文件或文件
夹。

Reads declarations and lists what does not hold.

EXIT STATUS
  0    every input was read, and nothing is at or above the
       level
  130  interrupted

Examples:
  perfgoal lint --fail-level warning -o json=result.json 2026/

选项：
  -h, --help            显示帮助
  -o, --output FORMAT   输出 FORMAT，可重复；格式有：text
                        json jsonl
`},
		{40, `读取申报表，逐张检查，列出问题和依据
PATH 可以是文件或文件夹。

Reads declarations and lists what does
not hold.

EXIT STATUS
  0    every input was read, and
       nothing is at or above the level
  130  interrupted

Examples:
  perfgoal lint --fail-level warning -o json=result.json 2026/

选项：
  -h, --help
      显示帮助
  -o, --output FORMAT
      输出 FORMAT，可重复；格式有：text
      json jsonl
`},
	} {
		if got := Fill(help, tt.limit); got != tt.want {
			t.Errorf("%d columns:\n%s\nwant:\n%s", tt.limit, got, tt.want)
		}
	}
	if got := Fill("", 80); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	if got := Fill(strings.Repeat("字", 3), 80); got != "字字字\n" {
		t.Errorf("%q", got)
	}
}
