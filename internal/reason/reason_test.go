package reason

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode"
)

func TestOf(t *testing.T) {
	_, missing := os.Open(filepath.Join(t.TempDir(), "missing"))
	_, below := os.Open(filepath.Join(os.Args[0], "below"))
	_, noZip := zip.NewReader(bytes.NewReader([]byte("no zip")), 6)
	_, damaged := io.ReadAll(flate.NewReader(strings.NewReader("\xff\xff\xff")))
	tests := []struct {
		err     error
		want    string
		machine bool
	}{
		{missing, "没有这个文件或文件夹", false},
		{below, "", false}, // the systems differ
		{noZip, "不是有效的 ZIP 文件", false},
		{damaged, "压缩的内容已损坏", false},
		{&fs.PathError{Op: "write", Path: "a", Err: syscall.ENOSPC}, "磁盘已满", true},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EACCES}, "没有权限", false},
		{fmt.Errorf("writing: %w", syscall.EDQUOT), "磁盘已满", true},
		{errors.Join(nil, syscall.EIO), "读写出错", true},
		{syscall.ENOMEM, "内存不足", true},
		{syscall.EISDIR, "这是一个文件夹", false},
		{syscall.Errno(9999), "编号 9999", false},
		{errors.New("no such luck"), "原文是“no such luck”", false},
	}
	for _, tt := range tests {
		got := Of(tt.err)
		if !strings.Contains(got.Zh, tt.want) || got.En == "" || Machine(tt.err) != tt.machine {
			t.Errorf("%v: %+v, machine %v; want %s, %v", tt.err, got, Machine(tt.err), tt.want, tt.machine)
		}
	}
}

// TestWords wants no English in the Chinese words and no Chinese in the English.
func TestWords(t *testing.T) {
	for _, k := range kinds {
		if strings.ContainsFunc(k.says.En, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%+v", k.says)
		}
		for word := range strings.FieldsFuncSeq(k.says.Zh, func(r rune) bool { return r > unicode.MaxASCII || r == ' ' }) {
			if word != "ZIP" && word != "gzip" && word != "tar" {
				t.Errorf("%q in %q", word, k.says.Zh)
			}
		}
	}
}
