package parser

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"perfgoal/internal/lazy"
	"perfgoal/model"
	"perfgoal/parser/book"
)

// textBadForms is the problem of forms as JSON that cannot be taken for what
// perfgoal parse writes.
var textBadForms = model.Text{
	Zh: "{where}不是 perfgoal parse 写出的表（{detail_zh}）；请用同一版本的 perfgoal parse -o jsonl 重新导出",
	En: "{where_en}not what perfgoal parse writes ({detail_en}); write it again with perfgoal parse -o jsonl of this version",
}

// savedDocument is a document of `parse -o json`, and with a form beside its
// fields a line of `parse -o jsonl`.
type savedDocument struct {
	Path   string        `json:"path"`
	Format string        `json:"format"`
	Status model.Status  `json:"status"`
	Error  *savedProblem `json:"error"`
	Pages  int           `json:"pages"`
	Engine string        `json:"engine"`
	SHA256 string        `json:"sha256"`
	savedBook
}

// savedBook is what a budget book says around its forms. Its year stands apart
// from a form's on a line with a form.
type savedBook struct {
	FiscalYear model.Year        `json:"fiscal_year"`
	BookYear   model.Year        `json:"book_year"`
	Office     string            `json:"office"`
	Narratives []model.Narrative `json:"narratives"`
	Statements []model.Statement `json:"statements"`
}

type savedProblem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Zh      string `json:"message_zh"`
	En      string `json:"message_en"`
}

// savedForms begins like the output of parse: an object with the version, or
// the first field of a line.
var savedForms = lazy.Regexp(`^(?:\xef\xbb\xbf)?\s*\{\s*"(?:schema_version|tool|documents|path)"\s*:`)

// IsForms says whether an input is what perfgoal parse writes, as JSON or as
// JSON lines.
func IsForms(data []byte) bool {
	const near = 4096 // bytes looked at
	head := data[:min(len(data), near)]
	return savedForms().Match(head) && (bytes.Contains(head, []byte(`"documents"`)) || bytes.Contains(head, []byte(`"status"`)))
}

// Forms reads what perfgoal parse wrote, document by document, with the paths
// and locations that stand there; a document's format is "forms". Lines of
// one document are put together. Where the input is not what parse writes,
// the last document is the input itself, unreadable and with the place.
// When the caller gives up, the documents just end.
func Forms(ctx context.Context, src Source, opt Options) iter.Seq[model.Document] {
	return func(yield func(model.Document) bool) {
		limit := cmp.Or(max(opt.Timeout, 0), DefaultTimeout)
		inner, cancel := context.WithTimeout(ctx, limit-opt.Spent)
		defer cancel()
		data := bytes.TrimPrefix(src.Data, []byte("\xef\xbb\xbf"))
		s := &saved{ctx: inner, yield: yield}
		var err error
		if isWhole(data) {
			err = s.whole(data)
		} else {
			err = s.lines(src, data)
		}
		bad := model.Document{Path: src.Path, Format: string(FormatForms), Status: model.StatusUnreadable, Forms: []model.Form{}}
		switch {
		case errors.Is(err, errEnough), ctx.Err() != nil:
			return
		case errors.Is(err, context.DeadlineExceeded):
			bad = timedOut(src, bad.Format, limit, err)
		case err != nil:
			errors.As(err, &bad.Error)
		case s.n == 0:
			bad.Status, bad.Error = model.StatusNoForm, noForm("")
		default:
			return
		}
		yield(bad)
	}
}

// errEnough ends the reading when the consumer wants no more.
var errEnough = errors.New("enough")

// isWhole tells `-o json` from lines: its first object has documents.
func isWhole(data []byte) bool {
	const near = 4096 // bytes looked at
	m := savedForms().Find(data[:min(len(data), near)])
	return m != nil && !bytes.Contains(m, []byte(`"path"`))
}

type saved struct {
	ctx   context.Context
	yield func(model.Document) bool
	n     int // documents handed on
}

func (s *saved) hand(d model.Document) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	s.n++
	if !s.yield(d) {
		return errEnough
	}
	return nil
}

// whole reads {"schema_version": …, "documents": [ … ]}.
func (s *saved) whole(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return badForms("", "", err)
	}
	known := false
	n := 0
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return badForms("", "", err)
		}
		if key != "documents" {
			var v json.RawMessage
			if err := dec.Decode(&v); err != nil {
				return badForms("", "", err)
			}
			if key == "schema_version" && string(v) != `"`+FormsVersion+`"` {
				return badForms("", "schema_version", fmt.Errorf("%.20s", v))
			}
			continue
		}
		known = true
		if t, err := dec.Token(); err != nil || t != json.Delim('[') {
			return badForms("", "documents", err)
		}
		for dec.More() {
			n++
			var d struct {
				savedDocument
				Forms []model.Form `json:"forms"`
			}
			where := fmt.Sprintf("documents[%d]", n-1)
			if err := dec.Decode(&d); err != nil {
				return badForms(where, "", err)
			}
			for i := range d.Forms {
				if err := d.Forms[i].Restore(); err != nil {
					return badForms(fmt.Sprintf("%s.forms[%d]", where, i), "", err)
				}
			}
			doc, err := d.document(d.Forms)
			if err != nil {
				return badForms(where, "", err)
			}
			if err := s.hand(doc); err != nil {
				return err
			}
		}
		if _, err := dec.Token(); err != nil {
			return badForms("", "documents", err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return badForms("", "", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return badForms("", "", errors.New("more behind the end"))
	}
	if !known {
		return badForms("", "", errors.New("documents"))
	}
	return nil
}

// FormsVersion is the schema version of the forms that are read.
const FormsVersion = "1"

// lines reads a form, or a document without forms, a line. Lines of one
// document stand together, their forms in ascending order. Lines that cannot
// be taken are a document each, the input itself with their place; the others
// count.
func (s *saved) lines(src Source, data []byte) error {
	var cur *savedDocument
	var forms []model.Form
	var bad badLines
	began := 0 // the line of cur's first form
	report := func() error {
		if bad.err == nil {
			return nil
		}
		d := model.Document{Path: src.Path, Format: string(FormatForms), Status: model.StatusUnreadable, Forms: []model.Form{}, Error: bad.problem()}
		bad = badLines{}
		return s.hand(d)
	}
	flush := func() error {
		if cur == nil {
			return nil
		}
		doc, err := cur.document(forms)
		cur, forms = nil, nil
		if err != nil {
			return s.hand(model.Document{Path: src.Path, Format: string(FormatForms), Status: model.StatusUnreadable, Forms: []model.Form{},
				Error: badLines{began, began, err}.problem()})
		}
		return s.hand(doc)
	}
	for n := src.Before + 1; len(data) > 0; n++ {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		line, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var l struct {
			savedDocument
			model.Form
			Index *int `json:"index"`
		}
		err := json.Unmarshal(line, &l)
		if err == nil && l.Index != nil {
			l.Form.Index = *l.Index
			err = l.Form.Restore()
		}
		if err != nil {
			bad.add(n, err)
			continue
		}
		if err := report(); err != nil {
			return err
		}
		same := cur != nil && cur.Path == l.Path && cur.SHA256 == l.SHA256 && l.Index != nil && len(forms) > 0 && *l.Index > forms[len(forms)-1].Index
		if !same {
			if err := flush(); err != nil {
				return err
			}
			began = n
		}
		head := l.savedDocument
		head.FiscalYear = head.BookYear
		if l.Index != nil {
			forms = append(forms, l.Form)
		}
		if same && cur.Status == model.StatusPartial {
			head.Status = model.StatusPartial
		}
		cur = &head
	}
	if err := flush(); err != nil {
		return err
	}
	return report()
}

// badLines are lines, one behind the other, that cannot be taken, and what is
// wrong with the first.
type badLines struct {
	from, to int
	err      error
}

func (b *badLines) add(n int, err error) {
	if b.err == nil {
		b.from, b.err = n, err
	}
	b.to = n
}

func (b badLines) problem() *model.Problem {
	if b.from == b.to {
		n := strconv.Itoa(b.from)
		return badPlace("第"+n+"行", "line "+n+" is ", faultOf(b.err), b.err)
	}
	return badPlace(fmt.Sprintf("第%d–%d行", b.from, b.to), fmt.Sprintf("lines %d–%d are ", b.from, b.to), faultOf(b.err), b.err)
}

// document is a document that was read from JSON, if its status fits what is
// in it.
func (d *savedDocument) document(forms []model.Form) (model.Document, error) {
	out := model.Document{Path: d.Path, Format: string(FormatForms), Status: d.Status, Pages: d.Pages, Engine: d.Engine, Forms: forms}
	if out.Forms == nil {
		out.Forms = []model.Form{}
	}
	digest, err := hex.DecodeString(d.SHA256)
	if err != nil {
		return out, fmt.Errorf("sha256: %w", err)
	}
	out.Digest = string(digest)
	book.Restore(d.Narratives, d.Statements, d.FiscalYear)
	out.FiscalYear, out.Office, out.Narratives, out.Statements = d.FiscalYear, d.Office, d.Narratives, d.Statements
	if d.Error != nil {
		t := model.Text{Zh: d.Error.Zh, En: d.Error.En}
		if t.Zh == "" {
			t.Zh = d.Error.Message
		}
		out.Error = &model.Problem{Code: d.Error.Code, Message: model.Message{Text: t}}
	}
	doubted := false
	for i := range forms {
		doubted = doubted || len(forms[i].Doubts) > 0
	}
	switch d.Status {
	case model.StatusOK, model.StatusPartial:
		if len(forms) == 0 || out.Error != nil {
			return out, fmt.Errorf("status %s without forms, or with an error", d.Status)
		}
		if doubted {
			out.Status = model.StatusPartial
		}
	case model.StatusNoForm, model.StatusUnreadable:
		if len(forms) > 0 || out.Error == nil {
			return out, fmt.Errorf("status %s with forms, or without an error", d.Status)
		}
	default:
		return out, fmt.Errorf("status %.40q", string(d.Status))
	}
	return out, nil
}

// badForms says where the JSON is not what is wanted: where is a path in it, "" for all.
func badForms(where, what string, err error) *model.Problem {
	detail := model.Text{Zh: what, En: what}
	if err != nil {
		fault := faultOf(err)
		if what != "" {
			fault.Zh, fault.En = what+"："+fault.Zh, what+": "+fault.En
		}
		detail = fault
	}
	if where == "" {
		return badPlace("", "it is ", detail, err)
	}
	return badPlace(where+" ", where+" is ", detail, err)
}

// badPlace names a place in both languages.
func badPlace(zh, en string, detail model.Text, err error) *model.Problem {
	args := model.Args{"where": zh, "where_en": en, "detail_zh": detail.Zh, "detail_en": detail.En}
	return &model.Problem{Code: "bad-forms", Cause: err, Message: model.Message{Text: textBadForms, Args: args}}
}

// faultOf words what is wrong with JSON. In Chinese it is the place alone,
// where only a library's English says more.
func faultOf(err error) model.Text {
	t := model.Text{En: err.Error()}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		t.Zh = fmt.Sprintf("到第 %d 个字节为止不是有效的 JSON", syntax.Offset)
	case errors.As(err, &kind):
		t.Zh = fmt.Sprintf("%s 的值不是应有的类型", cmp.Or(kind.Field, "这里"))
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		t.Zh = "内容没有写完"
	default:
		place, _, _ := strings.Cut(t.En, ": ")
		t.Zh = fmt.Sprintf("不合要求的地方：%.60s", place)
	}
	return t
}
