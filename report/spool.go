package report

import (
	"bytes"
	"compress/flate"
	"io"
)

// spool holds what is written before its turn, packed, so that a report
// whose summary stands first need not hold a bundle's pages as they are.
type spool struct {
	packed bytes.Buffer
	w      *flate.Writer
}

func (s *spool) Write(p []byte) (int, error) {
	if s.w == nil {
		w, err := flate.NewWriter(&s.packed, flate.BestSpeed)
		if err != nil {
			return 0, err
		}
		s.w = w
	}
	return s.w.Write(p)
}

// reader gives back all that was spooled. The spool takes nothing after it.
func (s *spool) reader() (io.Reader, error) {
	if s.w == nil {
		return &s.packed, nil
	}
	if err := s.w.Close(); err != nil {
		return nil, err
	}
	return flate.NewReader(&s.packed), nil
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
