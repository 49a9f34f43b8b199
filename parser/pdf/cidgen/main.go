// Command cidgen packs a CID-to-Unicode CMap (Adobe-GB1-UCS2, as the packages
// poppler-data and pdfjs-dist ship it) into the table that package pdf embeds.
//
// usage: cidgen Adobe-GB1-UCS2 OUT.gz
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"unicode/utf16"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	data, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	table := map[int]rune{}
	last := 0
	set := func(cid int, value []byte) {
		units := make([]uint16, 0, 2)
		for i := 0; i+1 < len(value); i += 2 {
			units = append(units, binary.BigEndian.Uint16(value[i:]))
		}
		if rs := utf16.Decode(units); len(rs) > 0 && rs[0] != 0xfffd {
			table[cid] = rs[0]
			last = max(last, cid)
		}
	}
	section := ""
	s := bufio.NewScanner(bytes.NewReader(data))
	for s.Scan() {
		f := strings.Fields(s.Text())
		switch {
		case len(f) == 2 && strings.HasPrefix(f[1], "begin"):
			section = f[1]
		case len(f) == 1 && strings.HasPrefix(f[0], "end"):
			section = ""
		case section == "beginbfchar" && len(f) == 2:
			set(int(binary.BigEndian.Uint16(unhex(f[0]))), unhex(f[1]))
		case section == "beginbfrange" && len(f) == 3:
			lo, hi := int(binary.BigEndian.Uint16(unhex(f[0]))), int(binary.BigEndian.Uint16(unhex(f[1])))
			value := unhex(f[2])
			for cid := lo; cid <= hi; cid++ {
				set(cid, value)
				value[len(value)-1]++
			}
		}
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	buf := make([]byte, binary.MaxVarintLen32)
	for cid := 0; cid <= last; cid++ {
		n := binary.PutUvarint(buf, uint64(table[cid]))
		if _, err := w.Write(buf[:n]); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, packed.Bytes(), 0o644)
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.Trim(s, "<>"))
	if err != nil || len(b) == 0 {
		return []byte{0, 0}
	}
	return b
}
