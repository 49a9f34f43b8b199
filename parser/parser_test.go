package parser

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

func randomBytes(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestInputsThatAreNoDeclaration(t *testing.T) {
	tests := []struct {
		name, path string
		data       string
		status     model.Status
		code       string
		format     string
	}{
		{"empty", "a.txt", "", model.StatusUnreadable, "empty", ""},
		{"empty PDF", "a.pdf", "", model.StatusUnreadable, "empty", ""},
		{"white space", "a.txt", " \r\n\t\n", model.StatusUnreadable, "empty", ""},
		{"docx or xlsx", "a.docx", "PK\x03\x04\x14\x00\x06\x00", model.StatusUnreadable, "unsupported-format", ""},
		{"docx named as a PDF", "a.pdf", "PK\x03\x04\x14\x00\x06\x00", model.StatusUnreadable, "unsupported-format", ""},
		{"old Word or WPS", "a.wps", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", model.StatusUnreadable, "unsupported-format", ""},
		{"RTF", "a.rtf", `{\rtf1\ansi}`, model.StatusUnreadable, "unsupported-format", ""},
		{"PNG", "a.png", "\x89PNG\r\n\x1a\n\x00\x00", model.StatusUnreadable, "unsupported-format", ""},
		{"JPEG", "a.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF", model.StatusUnreadable, "unsupported-format", ""},
		{"TIFF", "a.tif", "II*\x00\x08\x00\x00\x00", model.StatusUnreadable, "unsupported-format", ""},
		{"gzip", "a.gz", "\x1f\x8b\x08\x00", model.StatusUnreadable, "unsupported-format", ""},
		{"random bytes", "a.txt", string(randomBytes(4096)), model.StatusUnreadable, "not-text", "text"},
		{"random bytes named as a PDF", "a.pdf", string(randomBytes(4096)), model.StatusUnreadable, "not-a-pdf", "pdf"},
		{"text named as a PDF", "申报表.PDF", "项目名称\t道路\n", model.StatusUnreadable, "not-a-pdf", "pdf"},
		{"PDF that is only its first line", "a.pdf", "%PDF-1.7\n", model.StatusUnreadable, "damaged", "pdf"},
		{"PDF under another name", "a.txt", "%PDF-1.7\nnothing", model.StatusUnreadable, "damaged", "pdf"},
		{"bytes of no encoding", "a.txt", "项目名称\t道路\n\xff\xfe\xff\n", model.StatusUnreadable, "bad-encoding", "text"},
		{"prose", "a.txt", "关于报送材料的通知\n请各单位按时报送。\n", model.StatusNoForm, "no-form", "text"},
		{"another table", "a.txt", "序号\t名称\t数量\n1\t桌子\t20\n2\t椅子\t40\n", model.StatusNoForm, "no-form", "text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Parse(t.Context(), Source{Path: tt.path, Data: []byte(tt.data)}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if doc.Error == nil {
				t.Fatalf("status %s without a problem", doc.Status)
			}
			if doc.Status != tt.status || doc.Error.Code != tt.code || doc.Format != tt.format {
				t.Errorf("%s %s (%q), want %s %s (%q)", doc.Status, doc.Error.Code, doc.Format, tt.status, tt.code, tt.format)
			}
			if doc.Path != tt.path {
				t.Errorf("path %q", doc.Path)
			}
			if doc.Forms == nil || len(doc.Forms) != 0 {
				t.Errorf("forms are %#v, want an empty list", doc.Forms)
			}
			for _, lang := range []model.Lang{model.Chinese, model.English} {
				if s := doc.Error.Message.In(lang); s == "" || strings.ContainsAny(s, "{}") {
					t.Errorf("message in %s: %q", lang, s)
				}
			}
		})
	}
}

func TestKeepTablesAndText(t *testing.T) {
	for _, path := range []string{"../testdata/text/clean-central.txt", "../testdata/pdf/clean-central-writer.pdf"} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			plain := parseFile(t, path, Options{})
			if plain.Tables != nil || plain.Text != nil {
				t.Error("tables or text are kept unasked")
			}
			kept := parseFile(t, path, Options{KeepTables: true, KeepText: true})
			if len(kept.Tables) == 0 || len(kept.Tables[0].Cells) == 0 {
				t.Error("no cells were kept")
			}
			all := strings.Join(kept.Text, "\n")
			for _, want := range []string{"项目支出绩效目标申报表", "小型水库除险加固项目", "3,600.00", "≤150万元/座"} {
				if !strings.Contains(squeeze(all), want) {
					t.Errorf("the text misses %q", want)
				}
			}
		})
	}
}

func TestCancelledContext(t *testing.T) {
	data, err := os.ReadFile(filepath.FromSlash("../testdata/pdf/breaks-writer.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Parse(ctx, Source{Path: "a.pdf", Data: data}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestTimeout(t *testing.T) {
	data, err := os.ReadFile(filepath.FromSlash("../testdata/pdf/breaks-writer.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for limit, opt := range map[string]Options{
		"（1ns）":  {Timeout: time.Nanosecond},
		"（1m0s）": {Timeout: time.Minute, Spent: time.Minute + time.Second}, // the limit, not what was left of it
	} {
		doc, err := Parse(t.Context(), Source{Path: "a.pdf", Data: data}, opt)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Status != model.StatusUnreadable || doc.Error == nil || doc.Error.Code != "timeout" {
			t.Fatalf("%s %v, want an unreadable document with the code timeout", doc.Status, doc.Error)
		}
		if !strings.Contains(doc.Error.Message.In(model.Chinese), limit) {
			t.Errorf("the message does not name the limit %s: %s", limit, doc.Error.Message.In(model.Chinese))
		}
	}
}

func TestUnknownEngine(t *testing.T) {
	doc := parseFile(t, "../testdata/pdf/breaks-writer.pdf", Options{Engine: "gs"})
	if doc.Error == nil || doc.Error.Code != "bad-engine" || doc.Status != model.StatusUnreadable {
		t.Errorf("%s %v, want bad-engine", doc.Status, doc.Error)
	}
}

// A declaration cut off anywhere must be read, refused or reported: never a
// panic, and never forms beside a problem.
func TestTruncatedDocuments(t *testing.T) {
	for _, path := range []string{"../testdata/text/shifted.txt", "../testdata/pdf/defects-time-writer.pdf"} {
		data, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []int{1, 10, 35, 60, 80, 97} {
			doc, err := Parse(t.Context(), Source{Path: path, Data: data[:len(data)*part/100]}, Options{Timeout: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			if read := doc.Status.Read(); read != (doc.Error == nil) || read != (len(doc.Forms) > 0) {
				t.Errorf("%s cut to %d %%: status %s, problem %v, %d forms", path, part, doc.Status, doc.Error, len(doc.Forms))
			}
			if doc.Error != nil && doc.Error.Code == "internal" {
				t.Errorf("%s cut to %d %%: %v", path, part, doc.Error)
			}
		}
	}
}

// A text has a limit of its own, which names itself and the way out.
func TestTextSize(t *testing.T) {
	for _, tt := range []struct {
		size, limit int64
		code, says  string
	}{{maxText + 1, 0, "limit-exceeded", "65 MiB，上限 64 MiB"}, {1<<20 + 1, 1 << 20, "limit-exceeded", "2 MiB，上限 1 MiB"}, {1<<20 + 1, 0, "no-form", ""}} {
		data := bytes.Repeat([]byte("\n"), int(tt.size))
		copy(data, "会议通知")
		doc, err := Parse(t.Context(), Source{Path: "a.txt", Data: data}, Options{Limits: pdf.Limits{FileSize: tt.limit}, Timeout: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		if doc.Error == nil || doc.Error.Code != tt.code || !strings.Contains(doc.Error.Message.In(model.Chinese), tt.says) {
			t.Errorf("limit %d: %v", tt.limit, doc.Error)
		}
	}
}
