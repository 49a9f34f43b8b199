package parser

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"sync"
	"unicode/utf16"

	"perfgoal/model"
)

// FormatCode names a file format; callers switch on it.
type FormatCode string

// The formats that are told apart. FormatText is also what no mark is known
// of: whether that is text is for its decoding to say.
const (
	FormatText FormatCode = "text"
	FormatPDF  FormatCode = "pdf"

	FormatDOCX FormatCode = "docx"
	FormatXLSX FormatCode = "xlsx"
	FormatXLSB FormatCode = "xlsb"
	FormatPPTX FormatCode = "pptx"
	FormatODT  FormatCode = "odt"
	FormatODS  FormatCode = "ods"
	FormatODP  FormatCode = "odp"
	FormatOFD  FormatCode = "ofd"
	FormatDOC  FormatCode = "doc" // also WPS's .wps, which holds the same streams
	FormatXLS  FormatCode = "xls" // also WPS's .et
	FormatPPT  FormatCode = "ppt" // also WPS's .dps
	FormatRTF  FormatCode = "rtf"
	FormatHTML FormatCode = "html"
	FormatCSV  FormatCode = "csv"

	FormatForms FormatCode = "forms" // what perfgoal parse wrote

	FormatWordXML  FormatCode = "word-xml"  // Word 2003 as one XML file
	FormatExcelXML FormatCode = "excel-xml" // Excel 2003 as one XML file
	FormatUOF      FormatCode = "uof"       // 标文通, GB/T 20916

	FormatLockedOffice FormatCode = "locked-office" // DOCX, XLSX or PPTX with a password
	FormatOLE          FormatCode = "ole"           // some other compound file
	FormatMSG          FormatCode = "msg"
	FormatMHT          FormatCode = "mht" // a page in one file, as Word and browsers save it
	FormatEML          FormatCode = "eml"

	FormatZIP    FormatCode = "zip"
	FormatBadZIP FormatCode = "damaged-zip" // one that may be anything that is a ZIP inside
	FormatRAR    FormatCode = "rar"
	Format7z     FormatCode = "7z"
	FormatGzip   FormatCode = "gzip"
	FormatTar    FormatCode = "tar"
	FormatBzip2  FormatCode = "bzip2"
	FormatXZ     FormatCode = "xz"
	FormatZstd   FormatCode = "zstd"

	FormatPNG  FormatCode = "png"
	FormatJPEG FormatCode = "jpeg"
	FormatGIF  FormatCode = "gif"
	FormatTIFF FormatCode = "tiff"
	FormatBMP  FormatCode = "bmp"
	FormatWebP FormatCode = "webp"
	FormatHEIC FormatCode = "heic"

	FormatVideo    FormatCode = "video"
	FormatShortcut FormatCode = "shortcut"
	FormatProgram  FormatCode = "program"
)

// Format is what an input is by its content, whatever its name says. Advice
// says what to do with one that is not read; it is empty for PDF, text and
// HTML, which are.
type Format struct {
	Code   FormatCode
	Name   model.Text
	Advice model.Text
}

// Advice by kind of format.
var (
	adviceWriter = model.Text{Zh: "请在 Word 或 WPS 中打开，另存为 .docx 或 PDF 后再检查", En: "open it in Word or WPS and save it as .docx or PDF"}
	adviceSheet  = model.Text{Zh: "请在 Excel 或 WPS 中打开，另存为 .xlsx 或 PDF 后再检查", En: "open it in Excel or WPS and save it as .xlsx or PDF"}
	adviceSlides = model.Text{Zh: "请确认是否交错了文件；确实是申报表的，请在 PowerPoint 或 WPS 中另存为 PDF 后再检查", En: "make sure that it is the right file; if so, save it as PDF in PowerPoint or WPS"}
	adviceOFD    = model.Text{Zh: "请在 OFD 阅读器（如 WPS、数科阅读器）中另存为或转换为 PDF 后再检查", En: "convert it to PDF in an OFD reader"}
	adviceUOF    = model.Text{Zh: "请在 WPS 中打开，另存为（或输出为）PDF 后再检查", En: "open it in WPS and save it as PDF"}
	adviceUnlock = model.Text{Zh: "请用密码打开后取消密码，再另存为 PDF 后检查", En: "open it with its password, take the password off and save it as PDF"}
	adviceUnpack = model.Text{Zh: "请先解压，再检查里面的文件（.zip、.tar、.tar.gz 可以不解压，直接检查）", En: "unpack it and check what it holds (.zip, .tar and .tar.gz can be checked as they are)"}
	adviceAgain  = model.Text{Zh: "请重新取得这个文件，申报表请从原软件输出为 PDF", En: "get the file again; a declaration is best exported as PDF"}
	adviceRename = model.Text{Zh: "请把扩展名改成 {to} 后再检查，或者先解压", En: "rename it to end in {to}, or unpack it first"}
	adviceImage  = model.Text{Zh: "图片里没有可读的文字；请提供原来的电子文件，或从原软件导出的文字版 PDF", En: "an image holds no text to read; provide the original, or a PDF exported from it"}
	adviceWrong  = model.Text{Zh: "请确认是否交错了文件，换成申报表的 PDF", En: "make sure that it is the right file, and provide the declaration as PDF"}
	adviceLink   = model.Text{Zh: "它只指向别处的文件，里面没有内容；请交它指向的那个文件", En: "it only points to a file elsewhere; provide that file"}
	adviceMail   = model.Text{Zh: "请打开邮件，把附件里的申报表另存出来再检查", En: "open the mail and save the declaration that is attached"}
)

func renameTo(ending string) model.Text {
	return model.Text{Zh: strings.ReplaceAll(adviceRename.Zh, "{to}", ending), En: strings.ReplaceAll(adviceRename.En, "{to}", ending)}
}

// formats has every format by its code.
var formats = sync.OnceValue(func() map[FormatCode]Format {
	all := map[FormatCode]Format{}
	for _, f := range []Format{
		{FormatText, model.Text{Zh: "文本文件", En: "text file"}, model.Text{}},
		{FormatPDF, model.Text{Zh: "PDF 文件", En: "PDF file"}, model.Text{}},
		{FormatHTML, model.Text{Zh: "网页文件（HTML）", En: "web page (HTML)"}, model.Text{}},
		{FormatCSV, model.Text{Zh: "逗号分隔文件（CSV）", En: "comma-separated file (CSV)"}, model.Text{}},

		{FormatDOCX, model.Text{Zh: "Word 文档（.docx）", En: "Word document (.docx)"}, adviceWriter},
		{FormatXLSX, model.Text{Zh: "Excel 工作簿（.xlsx）", En: "Excel workbook (.xlsx)"}, adviceSheet},
		{FormatXLSB, model.Text{Zh: "Excel 二进制工作簿（.xlsb）", En: "Excel binary workbook (.xlsb)"}, adviceSheet},
		{FormatPPTX, model.Text{Zh: "PowerPoint 演示文稿（.pptx）", En: "PowerPoint presentation (.pptx)"}, adviceSlides},
		{FormatODT, model.Text{Zh: "OpenDocument 文字文档（.odt）", En: "OpenDocument text (.odt)"}, adviceWriter},
		{FormatODS, model.Text{Zh: "OpenDocument 电子表格（.ods）", En: "OpenDocument spreadsheet (.ods)"}, adviceSheet},
		{FormatODP, model.Text{Zh: "OpenDocument 演示文稿（.odp）", En: "OpenDocument presentation (.odp)"}, adviceSlides},
		{FormatOFD, model.Text{Zh: "OFD 版式文件（.ofd）", En: "OFD document (.ofd)"}, adviceOFD},
		{FormatDOC, model.Text{Zh: "Word 97-2003 或 WPS 文字文档（.doc、.wps）", En: "Word 97-2003 or WPS Writer document (.doc, .wps)"}, adviceWriter},
		{FormatXLS, model.Text{Zh: "Excel 97-2003 或 WPS 表格（.xls、.et）", En: "Excel 97-2003 or WPS spreadsheet (.xls, .et)"}, adviceSheet},
		{FormatPPT, model.Text{Zh: "PowerPoint 97-2003 或 WPS 演示文稿（.ppt、.dps）", En: "PowerPoint 97-2003 or WPS presentation (.ppt, .dps)"}, adviceSlides},
		{FormatRTF, model.Text{Zh: "RTF 文档（.rtf）", En: "RTF document (.rtf)"}, adviceWriter},
		{FormatWordXML, model.Text{Zh: "Word 2003 XML 文档", En: "Word 2003 XML document"}, adviceWriter},
		{FormatExcelXML, model.Text{Zh: "Excel 2003 XML 表格", En: "Excel 2003 XML spreadsheet"}, adviceSheet},
		{FormatUOF, model.Text{Zh: "标文通文档（UOF）", En: "UOF document"}, adviceUOF},
		{FormatLockedOffice, model.Text{Zh: "加了密码的 Word、Excel 或 PowerPoint 文件", En: "Word, Excel or PowerPoint file locked with a password"}, adviceUnlock},
		{FormatOLE, model.Text{Zh: "Office 97-2003 或 WPS 格式的文件（.doc、.xls、.ppt、.wps、.et）", En: "Office 97-2003 or WPS file (.doc, .xls, .ppt, .wps, .et)"}, adviceWriter},
		{FormatMSG, model.Text{Zh: "Outlook 邮件（.msg）", En: "Outlook message (.msg)"}, adviceMail},
		{FormatEML, model.Text{Zh: "电子邮件（.eml）", En: "mail message (.eml)"}, adviceMail},
		{FormatMHT, model.Text{Zh: "单个文件网页（.mht）", En: "web page in one file (.mht)"}, adviceWriter},

		{FormatZIP, model.Text{Zh: "ZIP 压缩包", En: "ZIP archive"}, renameTo(".zip")},
		{FormatBadZIP, model.Text{Zh: "ZIP 类文件（压缩包、.docx、.xlsx 等），已损坏或不完整", En: "ZIP file (an archive, .docx, .xlsx or the like), damaged or incomplete"}, adviceAgain},
		{FormatRAR, model.Text{Zh: "RAR 压缩包", En: "RAR archive"}, adviceUnpack},
		{Format7z, model.Text{Zh: "7z 压缩包", En: "7z archive"}, adviceUnpack},
		{FormatGzip, model.Text{Zh: "gzip 压缩文件", En: "gzip file"}, adviceUnpack},
		{FormatTar, model.Text{Zh: "tar 归档文件", En: "tar archive"}, renameTo(".tar")},
		{FormatBzip2, model.Text{Zh: "bzip2 压缩文件", En: "bzip2 file"}, adviceUnpack},
		{FormatXZ, model.Text{Zh: "xz 压缩文件", En: "xz file"}, adviceUnpack},
		{FormatZstd, model.Text{Zh: "Zstandard 压缩文件", En: "Zstandard file"}, adviceUnpack},

		{FormatPNG, model.Text{Zh: "PNG 图片", En: "PNG image"}, adviceImage},
		{FormatJPEG, model.Text{Zh: "JPEG 图片", En: "JPEG image"}, adviceImage},
		{FormatGIF, model.Text{Zh: "GIF 图片", En: "GIF image"}, adviceImage},
		{FormatTIFF, model.Text{Zh: "TIFF 图片", En: "TIFF image"}, adviceImage},
		{FormatBMP, model.Text{Zh: "BMP 图片", En: "BMP image"}, adviceImage},
		{FormatWebP, model.Text{Zh: "WebP 图片", En: "WebP image"}, adviceImage},
		{FormatHEIC, model.Text{Zh: "HEIC 图片（手机照片）", En: "HEIC image (from a phone)"}, adviceImage},

		{FormatVideo, model.Text{Zh: "视频或音频文件", En: "video or audio file"}, adviceWrong},
		{FormatShortcut, model.Text{Zh: "Windows 快捷方式（.lnk）", En: "Windows shortcut (.lnk)"}, adviceLink},
		{FormatProgram, model.Text{Zh: "可执行程序（.exe）", En: "program (.exe)"}, adviceWrong},
	} {
		all[f.Code] = f
	}
	return all
})

// signatures are the bytes that a format begins with.
var signatures = []struct {
	magic string
	code  FormatCode
}{
	{"{\\rtf", FormatRTF},
	{"Rar!\x1a\x07", FormatRAR}, {"7z\xbc\xaf\x27\x1c", Format7z}, {"\x1f\x8b", FormatGzip}, {"\xfd7zXZ\x00", FormatXZ}, {"\x28\xb5\x2f\xfd", FormatZstd},
	{"\x89PNG", FormatPNG}, {"\xff\xd8\xff", FormatJPEG}, {"GIF87a", FormatGIF}, {"GIF89a", FormatGIF},
	{"II*\x00", FormatTIFF}, {"MM\x00*", FormatTIFF}, {"II+\x00", FormatTIFF}, {"MM\x00+", FormatTIFF},
	{"L\x00\x00\x00\x01\x14\x02\x00", FormatShortcut},
}

// pdfWithin is how far behind other bytes a PDF may begin, as viewers have it.
const pdfWithin = 1024

// Recognise tells what an input is by its content alone. It looks at no more
// than the marks and lists that its formats keep, and never fails: what has
// no known mark is FormatText.
func Recognise(data []byte) Format { return formats()[recognise(data)] }

func recognise(data []byte) FormatCode {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return recogniseZIP(data)
	case bytes.HasPrefix(data, []byte(oleMagic)):
		return recogniseOLE(data)
	case isTar(data): // before PDF: its first entry's content begins at byte 512
		return FormatTar
	}
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.magic)) {
			return s.code
		}
	}
	switch {
	case bytes.Contains(data[:min(len(data), pdfWithin)], []byte("%PDF-")):
		return FormatPDF
	case field(data, 0, 3) == "BZh" && field(data, 4, 10) == "1AY&SY":
		return FormatBzip2
	case isBMP(data):
		return FormatBMP
	case isProgram(data):
		return FormatProgram
	}
	if code := recogniseMarkup(data); code != "" {
		return code
	}
	if code := recogniseMIME(data); code != "" {
		return code
	}
	return recogniseMedia(data)
}

// field is a part of the data, shorter or empty where the data ends before it.
func field(data []byte, from, to int) string {
	return string(data[min(from, len(data)):min(to, len(data))])
}

func isTar(data []byte) bool { return field(data, 257, 262) == "ustar" }

// isBMP wants more than the two letters, which text may begin with: the
// reserved bytes and the size of the second header.
func isBMP(data []byte) bool {
	return len(data) >= 18 && field(data, 0, 2) == "BM" && field(data, 6, 10) == "\x00\x00\x00\x00" &&
		data[14] >= 12 && data[14] <= 124 && field(data, 15, 18) == "\x00\x00\x00"
}

// isProgram follows the first header of a Windows program to the second.
func isProgram(data []byte) bool {
	if len(data) < 64 || field(data, 0, 2) != "MZ" {
		return false
	}
	at := binary.LittleEndian.Uint32(data[60:])
	return uint64(at)+4 <= uint64(len(data)) && field(data, int(at), int(at)+4) == "PE\x00\x00"
}

// recogniseMarkup tells HTML and office documents in one XML file by what
// stands at their beginning, behind a byte order mark, comments and the XML
// declaration. "" is for anything else.
func recogniseMarkup(data []byte) FormatCode {
	const near = 4096 // bytes; longer comments stand before no page
	s := strings.ToLower(string(bytes.TrimPrefix(data[:min(len(data), near)], []byte("\xef\xbb\xbf"))))
	xml := false
	for {
		s = strings.TrimLeft(s, " \t\r\n\f")
		var end string
		switch {
		case strings.HasPrefix(s, "<!doctype html"), strings.HasPrefix(s, "<html"):
			return FormatHTML
		case strings.HasPrefix(s, "<?mso-application") && strings.Contains(s, `progid="word.document"`):
			return FormatWordXML
		case strings.HasPrefix(s, "<?mso-application") && strings.Contains(s, `progid="excel.sheet"`):
			return FormatExcelXML
		case xml && strings.HasPrefix(s, "<uof:"):
			return FormatUOF
		case strings.HasPrefix(s, "<!--"):
			end = "-->"
		case strings.HasPrefix(s, "<?"):
			xml, end = true, "?>"
		default:
			return ""
		}
		_, rest, found := strings.Cut(s, end)
		if !found {
			return ""
		}
		s = rest
	}
}

// recogniseMIME tells mails and pages in one file by their headers, of which
// MIME-Version is one. "" is for anything else.
func recogniseMIME(data []byte) FormatCode {
	const near = 32 << 10 // bytes; mails that went a long way have many headers
	version, related, sent := false, false, false
	for line := range strings.Lines(string(data[:min(len(data), near)])) {
		line = strings.TrimRight(line, "\r\n")
		name, value, header := strings.Cut(line, ":")
		switch {
		case line == "" && version && related && !sent:
			return FormatMHT
		case line == "" && version:
			return FormatEML
		case strings.HasPrefix(line, " "), strings.HasPrefix(line, "\t"): // of the header before
		case !header || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
			return ""
		case strings.EqualFold(name, "MIME-Version"):
			version = true
		case strings.EqualFold(name, "Content-Type") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(value)), "multipart/related"):
			related = true
		case strings.EqualFold(name, "To"), strings.EqualFold(name, "Received"), strings.EqualFold(name, "Message-ID"):
			sent = true
		}
	}
	return ""
}

// recogniseMedia tells the containers of images, film and sound by the name
// of what they hold.
func recogniseMedia(data []byte) FormatCode {
	if field(data, 0, 4) == "RIFF" {
		switch field(data, 8, 12) {
		case "WEBP":
			return FormatWebP
		case "WAVE", "AVI ":
			return FormatVideo
		}
	}
	if field(data, 4, 8) == "ftyp" {
		switch field(data, 8, 12) {
		case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif":
			return FormatHEIC
		}
		return FormatVideo
	}
	return FormatText
}

// recogniseZIP tells the formats that are ZIP archives inside by the names of
// their entries.
func recogniseZIP(data []byte) FormatCode {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil { // cut off: its list of entries stood at the end
		if code := byEntries(localNames(data), ""); code != FormatZIP {
			return code
		}
		return FormatBadZIP
	}
	names := make([]string, 0, len(z.File))
	mimetype := ""
	for _, f := range z.File {
		names = append(names, f.Name)
		if f.Name == "mimetype" && mimetype == "" {
			mimetype = readMimetype(f)
		}
	}
	return byEntries(names, mimetype)
}

func readMimetype(f *zip.File) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	const longest = 128 // bytes of a media type
	b, _ := io.ReadAll(io.LimitReader(r, longest))
	return strings.TrimSpace(string(b))
}

func byEntries(names []string, mimetype string) FormatCode {
	switch {
	case strings.HasPrefix(mimetype, "application/vnd.oasis.opendocument.text"):
		return FormatODT
	case strings.HasPrefix(mimetype, "application/vnd.oasis.opendocument.spreadsheet"):
		return FormatODS
	case strings.HasPrefix(mimetype, "application/vnd.oasis.opendocument.presentation"):
		return FormatODP
	}
	office, code := false, FormatZIP
	for _, name := range names {
		name = strings.ReplaceAll(name, `\`, "/")
		switch {
		case name == "OFD.xml":
			return FormatOFD
		case name == "uof.xml":
			return FormatUOF
		case name == "[Content_Types].xml":
			office = true
		case name == "word/document.xml":
			office, code = true, FormatDOCX
		case name == "xl/workbook.xml":
			office, code = true, FormatXLSX
		case name == "ppt/presentation.xml":
			office, code = true, FormatPPTX
		case strings.HasPrefix(name, "word/"):
			code = FormatDOCX
		case name == "xl/workbook.bin":
			code = FormatXLSB
		case strings.HasPrefix(name, "xl/") && code != FormatXLSB:
			code = FormatXLSX
		case strings.HasPrefix(name, "ppt/"):
			code = FormatPPTX
		}
	}
	if !office {
		return FormatZIP // a folder of somebody's that happens to be called word
	}
	return code
}

// localNames are the names of the entries of an archive without its list, as
// far as the entries follow each other or their marks are found near the
// beginning.
func localNames(data []byte) []string {
	const (
		near   = 1 << 20 // bytes looked at
		header = 30      // bytes of an entry's fixed part
	)
	data = data[:min(len(data), near)]
	var names []string
	for {
		i := bytes.Index(data, []byte("PK\x03\x04"))
		if i < 0 || len(data) < i+header {
			return names
		}
		data = data[i:]
		n := int(binary.LittleEndian.Uint16(data[26:]))
		names = append(names, field(data, header, header+n))
		data = data[header:]
	}
}

const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// recogniseOLE tells compound files by what lies at their top. What lies
// deeper belongs to documents embedded in them.
func recogniseOLE(data []byte) FormatCode {
	code := FormatOLE
	for _, name := range oleNames(data) {
		switch name {
		case "EncryptedPackage":
			return FormatLockedOffice
		case "WordDocument":
			return FormatDOC
		case "Workbook", "Book":
			return FormatXLS
		case "PowerPoint Document":
			return FormatPPT
		case "__properties_version1.0":
			code = FormatMSG
		}
	}
	return code
}

// oleNames are the names of the streams and storages at the top of a compound
// file, as many as can be reached. The layout is that of [MS-CFB]: sectors in
// chains, and the directory a tree of entries with siblings to the left and
// right. The library that reads such files walks the whole tree and keeps a
// path for every entry, which a hostile file makes it pay for; here only the
// top is walked, within bounds.
func oleNames(data []byte) []string {
	const (
		entrySize  = 128
		maxSectors = 1024 // of the directory that are read
		regular    = 0xfffffffa
		none       = 0xffffffff
	)
	if len(data) < 512 {
		return nil
	}
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(data[at:]) }
	shift := binary.LittleEndian.Uint16(data[30:])
	if shift != 9 && shift != 12 {
		return nil
	}
	size := 1 << shift
	// sector is where a sector begins.
	sector := func(n uint32) (int, bool) {
		at := (int64(n) + 1) * int64(size)
		return int(at), n < regular && at+int64(size) <= int64(len(data))
	}
	// next follows a chain through those parts of the table of sectors that
	// the header names: 109 of them, for the first 7 MB of a file or more.
	next := func(n uint32) uint32 {
		const inHeader = 109
		perSector := uint32(size / 4)
		if n/perSector >= inHeader {
			return none
		}
		table, ok := sector(word(76 + 4*int(n/perSector)))
		if !ok {
			return none
		}
		return word(table + 4*int(n%perSector))
	}
	var entries [][]byte
	for n, count := word(48), 0; count < maxSectors; n, count = next(n), count+1 {
		at, ok := sector(n)
		if !ok {
			break
		}
		for i := at; i < at+size; i += entrySize {
			entries = append(entries, data[i:i+entrySize])
		}
	}
	if len(entries) == 0 {
		return nil
	}
	id := func(entry []byte, at int) uint32 { return binary.LittleEndian.Uint32(entry[at:]) }
	var names []string
	seen := map[uint32]bool{}
	for todo := []uint32{id(entries[0], 76)}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[n] || uint64(n) >= uint64(len(entries)) {
			continue
		}
		seen[n] = true
		entry := entries[n]
		names = append(names, oleName(entry))
		todo = append(todo, id(entry, 68), id(entry, 72))
	}
	return names
}

func oleName(entry []byte) string {
	n := int(binary.LittleEndian.Uint16(entry[64:])) // bytes, with the zero that ends the name
	if n < 2 || n > 64 {
		return ""
	}
	units := make([]uint16, n/2-1)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return string(utf16.Decode(units))
}
