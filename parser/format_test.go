package parser

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"perfgoal/model"
)

// zipped is an archive of the names, each with its content behind a "=".
func zipped(t *testing.T, entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		name, content, _ := strings.Cut(e, "=")
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const noEntry = 0xffffffff

// oleEntry is a directory entry of a compound file.
type oleEntry struct {
	name               string
	left, right, child uint32
}

// compound is a compound file of sectors of 512 bytes that holds nothing but
// its directory: one sector of the table, then the directory's, in a chain.
func compound(entries ...oleEntry) []byte {
	const size, perSector, endOfChain = 512, 4, 0xfffffffe
	sectors := (len(entries) + perSector - 1) / perSector
	b := make([]byte, (2+sectors)*size)
	put := func(at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	copy(b, oleMagic)
	b[30] = 9
	put(44, 1)
	put(48, 1)
	for i := range 109 {
		put(76+4*i, noEntry)
	}
	put(76, 0)
	for i := range sectors {
		put(size+4*(i+1), uint32(i+2))
	}
	put(size+4*sectors, endOfChain)
	for i, e := range entries {
		at := 2*size + 128*i
		units := utf16.Encode([]rune(e.name))
		for j, u := range units {
			binary.LittleEndian.PutUint16(b[at+2*j:], u)
		}
		binary.LittleEndian.PutUint16(b[at+64:], uint16(2*len(units)+2))
		put(at+68, e.left)
		put(at+72, e.right)
		put(at+76, e.child)
	}
	return b
}

// flat is a compound file whose streams all lie at the top, each the right
// sibling of the one before.
func flat(names ...string) []byte {
	entries := []oleEntry{{"Root Entry", noEntry, noEntry, 1}}
	for i, name := range names {
		next := uint32(i + 2)
		if i == len(names)-1 {
			next = noEntry
		}
		entries = append(entries, oleEntry{name, noEntry, next, noEntry})
	}
	return compound(entries...)
}

func TestRecognise(t *testing.T) {
	var tarred bytes.Buffer
	w := tar.NewWriter(&tarred)
	if err := w.WriteHeader(&tar.Header{Name: "a.pdf", Size: 8, Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("%PDF-1.7")); err != nil {
		t.Fatal(err)
	}
	docx := zipped(t, "[Content_Types].xml=<Types/>", "word/document.xml=<w/>")
	program := append([]byte("MZ"), make([]byte, 80)...)
	program[60] = 64
	copy(program[64:], "PE\x00\x00")

	tests := []struct {
		name string
		data []byte
		want FormatCode
	}{
		{"PDF", []byte("%PDF-1.7\n"), FormatPDF},
		{"PDF behind a mail's header", []byte("Content-Type: application/pdf\r\n\r\n%PDF-1.4\n"), FormatPDF},
		{"PDF behind a byte order mark", []byte("\xef\xbb\xbf%PDF-1.4\n"), FormatPDF},
		{"text", []byte("项目名称\t道路\n"), FormatText},
		{"text far before a PDF's mark", []byte(strings.Repeat("项目 ", 400) + "%PDF-"), FormatText},
		{"nothing", nil, FormatText},
		{"text that begins with BM", []byte("BM 项目名称，材料费，人工费\n"), FormatText},
		{"text that begins with MZ", []byte("MZ项目" + strings.Repeat("材料费", 40)), FormatText},
		{"text that begins with BZh", []byte("BZh 项目名称\n"), FormatText},
		{"text that begins with RIFF", []byte("RIFF 项目名称\n"), FormatText},

		{"docx", docx, FormatDOCX},
		{"docx cut off", docx[:len(docx)-30], FormatDOCX},
		{"docx of a program that writes backslashes", zipped(t, `[Content_Types].xml`, `word\document.xml`), FormatDOCX},
		{"docx with a sheet embedded", zipped(t, "[Content_Types].xml", "word/document.xml", "word/embeddings/Book.xlsx=PK"), FormatDOCX},
		{"xlsx", zipped(t, "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), FormatXLSX},
		{"xlsb", zipped(t, "[Content_Types].xml", "xl/styles.bin", "xl/workbook.bin", "xl/worksheets/sheet1.bin"), FormatXLSB},
		{"pptx", zipped(t, "[Content_Types].xml", "ppt/presentation.xml"), FormatPPTX},
		{"odt", zipped(t, "mimetype=application/vnd.oasis.opendocument.text", "content.xml"), FormatODT},
		{"odt template", zipped(t, "mimetype=application/vnd.oasis.opendocument.text-template", "content.xml"), FormatODT},
		{"ods", zipped(t, "mimetype=application/vnd.oasis.opendocument.spreadsheet", "content.xml"), FormatODS},
		{"odp", zipped(t, "mimetype=application/vnd.oasis.opendocument.presentation", "content.xml"), FormatODP},
		{"ofd", zipped(t, "OFD.xml=<ofd:OFD/>", "Doc_0/Document.xml"), FormatOFD},
		{"zip", zipped(t, "a.pdf=%PDF-1.7", "b.txt"), FormatZIP},
		{"docx without its list of types", zipped(t, "word/document.xml", "word/styles.xml"), FormatDOCX},
		{"zip of a folder called word", zipped(t, "word/a.pdf=%PDF-1.7"), FormatZIP},
		{"zip that holds a docx as it is", zipped(t, "a.docx="+string(docx)), FormatZIP},
		{"empty zip", zipped(t), FormatZIP},
		{"first bytes of a zip", []byte("PK\x03\x04"), FormatBadZIP},

		{"doc", flat("\x01CompObj", "1Table", "WordDocument", "\x05SummaryInformation"), FormatDOC},
		{"xls", flat("Workbook", "\x05SummaryInformation"), FormatXLS},
		{"xls of Excel 5", flat("Book"), FormatXLS},
		{"ppt", flat("Current User", "PowerPoint Document"), FormatPPT},
		{"msg", flat("__nameid_version1.0", "__properties_version1.0"), FormatMSG},
		{"locked docx", flat("EncryptionInfo", "EncryptedPackage"), FormatLockedOffice},
		{"directory over several sectors", flat("a", "b", "c", "d", "e", "f", "g", "h", "WordDocument"), FormatDOC},
		{"xls with a document embedded", compound(oleEntry{"Root Entry", noEntry, noEntry, 1}, oleEntry{"MBD0001", noEntry, 2, 3},
			oleEntry{"Workbook", noEntry, noEntry, noEntry}, oleEntry{"WordDocument", noEntry, noEntry, noEntry}), FormatXLS},
		{"siblings in a circle", compound(oleEntry{"Root Entry", noEntry, noEntry, 1}, oleEntry{"a", 2, 2, 1}, oleEntry{"b", 1, 1, 1}), FormatOLE},
		{"first bytes of a compound file", []byte(oleMagic + "\x00\x00"), FormatOLE},

		{"rtf", []byte(`{\rtf1\ansi}`), FormatRTF},
		{"html", []byte("\n<!-- 导出 -->\n<!DOCTYPE html>\n<html>"), FormatHTML},
		{"xhtml", []byte("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<html xmlns=\"\">"), FormatHTML},
		{"Word XML", []byte("<?xml version=\"1.0\"?>\n<?mso-application progid=\"Word.Document\"?>\n<w:wordDocument>"), FormatWordXML},
		{"Excel XML", []byte("<?xml version=\"1.0\"?>\r\n<?mso-application progid=\"Excel.Sheet\"?>\r\n<Workbook>"), FormatExcelXML},
		{"UOF", []byte("<?xml version=\"1.0\"?><uof:UOF>"), FormatUOF},
		{"text with a tag", []byte("<b>项目名称</b>"), FormatText},

		{"rar 4", []byte("Rar!\x1a\x07\x00"), FormatRAR},
		{"rar 5", []byte("Rar!\x1a\x07\x01\x00"), FormatRAR},
		{"7z", []byte("7z\xbc\xaf\x27\x1c\x00\x04"), Format7z},
		{"gzip", []byte("\x1f\x8b\x08\x00"), FormatGzip},
		{"bzip2", []byte("BZh91AY&SY"), FormatBzip2},
		{"xz", []byte("\xfd7zXZ\x00"), FormatXZ},
		{"zstd", []byte("\x28\xb5\x2f\xfdx"), FormatZstd},
		{"mail", []byte("Received: from a\r\n\tby b\r\nSubject: =?utf-8?B?6KGo?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x"), FormatEML},
		{"page in one file", []byte("From: \"Saved by Word\"\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype=\"text/html\"\n\n"), FormatMHT},
		{"mail with pictures", []byte("To: b\nContent-Type: multipart/related; x\nMIME-Version: 1.0\n\n"), FormatEML},
		{"text of labels", []byte("project: a\nyear: 2026\n\nMIME-Version: 1.0\n"), FormatText},
		{"labels in Chinese", []byte("项目名称:甲\nMIME-Version: 1.0\n\n"), FormatText},
		{"tar that holds a PDF", tarred.Bytes(), FormatTar},

		{"png", []byte("\x89PNG\r\n\x1a\n"), FormatPNG},
		{"jpeg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF"), FormatJPEG},
		{"gif", []byte("GIF89a\x01"), FormatGIF},
		{"tiff", []byte("II*\x00\x08\x00\x00\x00"), FormatTIFF},
		{"bmp", []byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00"), FormatBMP},
		{"webp", []byte("RIFF\x24\x00\x00\x00WEBPVP8 "), FormatWebP},
		{"heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), FormatHEIC},
		{"mp4", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), FormatVideo},
		{"shortcut", []byte("L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00"), FormatShortcut},
		{"program", program, FormatProgram},
	}
	for _, tt := range tests {
		if got := Recognise(tt.data); got.Code != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.Code, tt.want)
		}
	}
}

// TestFormats wants every format named in both languages, and advice with
// every one that is not read.
func TestFormats(t *testing.T) {
	read := map[FormatCode]bool{FormatText: true, FormatPDF: true, FormatHTML: true, FormatCSV: true}
	for code, f := range formats() {
		if f.Code != code || f.Name.Zh == "" || f.Name.En == "" {
			t.Errorf("%s: %+v", code, f)
		}
		if read[code] != (f.Advice == model.Text{}) || (f.Advice.Zh == "") != (f.Advice.En == "") {
			t.Errorf("%s: advice %+v", code, f.Advice)
		}
	}
}

// TestUnsupportedMessage wants the format's own name and its own advice.
func TestUnsupportedMessage(t *testing.T) {
	tests := []struct {
		path string
		data []byte
		lang model.Lang
		want string
	}{
		{"a.ofd", zipped(t, "OFD.xml"), model.Chinese, "不能直接读取这种格式：OFD 版式文件（.ofd）；请在 OFD 阅读器"},
		{"a.rar", []byte("Rar!\x1a\x07\x00"), model.Chinese, "不能直接读取这种格式：RAR 压缩包；请先解压"},
		{"a.jpg", []byte("\xff\xd8\xff\xe0"), model.Chinese, "JPEG 图片；图片里没有可读的文字；请提供原来的电子文件"},
		{"扫描.pdf", []byte("\xff\xd8\xff\xe0"), model.Chinese, "文件扩展名是 .pdf，但内容是别的格式：JPEG 图片"},
		{"a", zipped(t, "a.txt"), model.Chinese, "请把扩展名改成 .zip"},
		{"a.doc", flat("WordDocument"), model.English, "Word 97-2003 or WPS Writer document (.doc, .wps); open it in Word"},
	}
	for _, tt := range tests {
		doc, err := Parse(t.Context(), Source{Path: tt.path, Data: tt.data}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if doc.Error == nil || doc.Error.Code != "unsupported-format" || !strings.Contains(doc.Error.Message.In(tt.lang), tt.want) {
			t.Errorf("%s: %v, want %q", tt.path, doc.Error, tt.want)
		}
	}
}

// TestOLEBounds wants a directory whose entries are each the
// parent of the next to be looked at no further than its top.
func TestOLEBounds(t *testing.T) {
	entries := make([]oleEntry, 400)
	for i := range entries {
		entries[i] = oleEntry{"n", noEntry, noEntry, uint32(i + 1)}
	}
	if names := oleNames(compound(entries...)); len(names) != 1 {
		t.Errorf("%d names, want the one at the top", len(names))
	}
}

// TestRecogniseDamaged wants an answer for every file that was cut off or has
// a byte changed.
func TestRecogniseDamaged(t *testing.T) {
	for _, data := range [][]byte{flat("a", "b", "c", "d", "WordDocument"), zipped(t, "[Content_Types].xml", "word/document.xml"),
		zipped(t, "mimetype=application/vnd.oasis.opendocument.text")} {
		for i := range data {
			if got := Recognise(data[:i]); got.Name.Zh == "" {
				t.Fatalf("cut off at %d: %q has no name", i, got.Code)
			}
			for _, b := range []byte{0, 0x7f, 0xff} {
				changed := bytes.Clone(data)
				changed[i] = b
				if got := Recognise(changed); got.Name.Zh == "" {
					t.Fatalf("byte %d is %#x: %q has no name", i, b, got.Code)
				}
			}
		}
	}
}
