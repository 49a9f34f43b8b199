package office

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"perfgoal/model"
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

// part opens a part for reading; nil where there is none.
func (a *archive) part(name string) (io.ReadCloser, error) {
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
	return &partReader{r: r, a: a}, nil
}

// partReader unpacks a part within the limits.
type partReader struct {
	r    io.ReadCloser
	a    *archive
	read int64
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.read += int64(n)
	m := p.a.meter
	m.bytes += int64(n)
	switch {
	case p.read > m.limits.Part || m.bytes > m.limits.Total:
		return 0, tooLarge("解压后太大", "it unpacks to too much")
	case m.ctx.Err() != nil:
		return 0, errors.Join(errStopped, m.ctx.Err())
	case err != nil && !errors.Is(err, io.EOF):
		return n, damaged("压缩内容读不出来", "a part cannot be unpacked", err)
	}
	return n, err
}

func (p *partReader) Close() error { return p.r.Close() }

// scan reads a part's XML with fn; ok is false where there is no such part.
func (a *archive) scan(name string, fn func(*scanner) error) (ok bool, err error) {
	r, err := a.part(name)
	if r == nil || err != nil {
		return false, err
	}
	defer r.Close()
	return true, fn(newScanner(a.meter, r))
}

// bytes reads a part whole; nil where there is none.
func (a *archive) bytes(name string) ([]byte, error) {
	r, err := a.part(name)
	if r == nil || err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		var p *model.Problem
		if !errors.As(err, &p) && !errors.Is(err, errStopped) {
			err = damaged("压缩内容读不出来", "a part cannot be unpacked", err)
		}
		return nil, err
	}
	return b, nil
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
		return s.children(func(root xml.StartElement) error {
			return s.children(func(el xml.StartElement) error {
				if el.Name.Local != "Relationship" || attr(el, "TargetMode") == "External" {
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
