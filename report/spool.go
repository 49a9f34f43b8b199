package report

import (
	"bytes"
	"compress/flate"
	"io"
)

// plainSpool is how many bytes a spool keeps as they are: a packer takes as
// much memory itself, and its time.
const plainSpool = 1 << 20

// spool holds what is written before its turn, packed once there is much of
// it, so that a report whose summary stands first need not hold a bundle's
// pages as they are.
type spool struct {
	held bytes.Buffer // as written until there is w, then packed
	w    *flate.Writer
}

func (s *spool) Write(p []byte) (int, error) {
	if s.w == nil {
		if s.held.Len()+len(p) <= plainSpool {
			return s.held.Write(p)
		}
		plain := bytes.Clone(s.held.Bytes())
		s.held.Reset()
		w, err := flate.NewWriter(&s.held, flate.BestSpeed)
		if err != nil {
			return 0, err
		}
		s.w = w
		if _, err := w.Write(plain); err != nil {
			return 0, err
		}
	}
	return s.w.Write(p)
}

// reader gives back all that was spooled. The spool takes nothing after it.
func (s *spool) reader() (io.Reader, error) {
	if s.w == nil {
		return &s.held, nil
	}
	if err := s.w.Close(); err != nil {
		return nil, err
	}
	return flate.NewReader(&s.held), nil
}

// copyTo writes all that was spooled. The spool takes nothing after it.
func (s *spool) copyTo(w io.Writer) error {
	r, err := s.reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}
