package office

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"path"
	"strings"
)

// archive is an Office Open XML package: parts by name, and their relations.
type archive struct {
	meter *meter
	files map[string]*zip.File // by lower-case name
}

func openArchive(m *meter, data []byte) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged("压缩结构不完整", "its ZIP structure is incomplete", err)
	}
	a := &archive{meter: m, files: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		name := partName(f.Name)
		if _, twice := a.files[name]; twice {
			return nil, damaged("压缩包里有同名的部分", "two of its parts have one name", nil)
		}
		a.files[name] = f
	}
	return a, nil
}

// partName makes names comparable: programs differ in case and slashes.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func (a *archive) has(name string) bool { return a.files[partName(name)] != nil }

// scan reads a part's XML with fn; ok is false where there is no such part.
func (a *archive) scan(name string, fn func(*scanner) error) (ok bool, err error) {
	text, err := a.bytes(name)
	if text == nil || err != nil {
		return false, err
	}
	s, err := newScanner(a.meter, text)
	if err != nil {
		return true, err
	}
	return true, fn(s)
}

// bytes reads a part whole; nil where there is none.
func (a *archive) bytes(name string) ([]byte, error) {
	f := a.files[partName(name)]
	if f == nil {
		return nil, nil
	}
	if f.Flags&1 != 0 {
		return nil, locked()
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged("压缩内容读不出来", "a part cannot be unpacked", err)
	}
	defer r.Close()
	m := a.meter
	var b bytes.Buffer
	left := min(m.limits.Part, m.limits.Total-m.bytes)
	// The size that the archive states is believed as far as its packed bytes
	// could make it true: growing in steps would take twice the room.
	const mostPacked = 1032 // bytes that deflate makes of one
	b.Grow(int(min(f.UncompressedSize64, f.CompressedSize64*mostPacked, uint64(left))) + bytes.MinRead)
	n, err := b.ReadFrom(&watched{ctx: m.ctx, r: io.LimitReader(r, left+1)})
	m.bytes += n
	switch {
	case m.ctx.Err() != nil:
		return nil, m.ctx.Err()
	case n > left:
		return nil, tooLarge("解压后太大", "it unpacks to too much")
	case err != nil:
		return nil, damaged("压缩内容读不出来", "a part cannot be unpacked", err)
	}
	return b.Bytes(), nil
}

// relation is a part that another one refers to.
type relation struct {
	id, kind, target string // kind is the last word of its type: "worksheet"
}

// relations are those of a part, in file order; of the package for "".
func (a *archive) relations(part string) ([]relation, error) {
	dir, base := path.Split(part)
	var out []relation
	_, err := a.scan(dir+"_rels/"+base+".rels", func(s *scanner) error {
		return s.children(func(_ element) error {
			return s.children(func(el element) error {
				if el.local != "Relationship" || attr(el, "TargetMode") == "External" {
					return nil
				}
				target := strings.ReplaceAll(attr(el, "Target"), `\`, "/")
				if !strings.HasPrefix(target, "/") {
					target = dir + target
				}
				out = append(out, relation{attr(el, "Id"), path.Base(attr(el, "Type")), strings.TrimPrefix(path.Clean("/"+target), "/")})
				return nil
			})
		})
	})
	return out, err
}

// mainPart is the package's document, or usual where no relation names one.
func (a *archive) mainPart(usual string) (string, error) {
	rels, err := a.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if r.kind == "officeDocument" && a.has(r.target) {
			return r.target, nil
		}
	}
	if a.has(usual) {
		return usual, nil
	}
	return "", damaged("缺少主要内容", "its main part is missing", nil)
}

// watched stops a reader's reader when the context ends.
type watched struct {
	ctx context.Context
	r   io.Reader
}

func (w *watched) Read(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(b)
}
