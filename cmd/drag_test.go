package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDroppedFiles checks a file as Explorer would hand it over.
func TestDroppedFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "申报表.pdf")
	if err := os.WriteFile(file, cleanForm(1).pdf(), 0o666); err != nil {
		t.Fatal(err)
	}
	args, page, ok := droppedArgs([]string{file})
	if !ok || page != filepath.Join(dir, "申报表-检查报告.html") {
		t.Fatalf("droppedArgs = %v, %s, %v", args, page, ok)
	}
	var out, errOut bytes.Buffer
	if status := Main(args, strings.NewReader(""), &out, &errOut); status != statusOK {
		t.Fatalf("status %d: %s%s", status, &out, &errOut)
	}
	data, err := os.ReadFile(page)
	if err != nil || !bytes.Contains(data, []byte("青石巷1号便民服务点运行项目")) {
		t.Errorf("no page of the file: %v", err)
	}
	for _, args := range [][]string{nil, {"lint"}, {"lint", file}, {filepath.Join(dir, "nowhere.pdf")}} {
		if _, _, ok := droppedArgs(args); ok {
			t.Errorf("%v taken for dropped files", args)
		}
	}
}
