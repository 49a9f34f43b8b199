package pdf

import "bytes"

// orphans says which kinds of objects there are that nothing leads to. Taken
// alone this is harmless: programs that change a file leave such behind. But
// where at the same time one object serves in two places of which each should
// have its own, a reference leads to the wrong one.
type orphans struct{ contents, fonts, maps bool }

// findOrphans walks everything that can be reached from the catalogue.
func (f *file) findOrphans() (found orphans) {
	reached := map[ref]bool{}
	var next []object
	if root, err := f.layer.root(); err == nil {
		next = append(next, root)
	}
	for len(next) > 0 {
		o := next[len(next)-1]
		next = next[:len(next)-1]
		switch v := o.(type) {
		case ref:
			if !reached[v] {
				reached[v] = true
				next = append(next, f.load(v))
			}
		case array:
			next = append(next, v...)
		case dict:
			for _, e := range v {
				next = append(next, e)
			}
		case *stream:
			next = append(next, v.dict)
		}
	}
	for _, r := range f.layer.all() {
		if reached[r] {
			continue
		}
		switch v := f.load(r).(type) {
		case dict:
			found.fonts = found.fonts || f.resolve(v["Type"]) == name("Font")
		case *stream:
			if v.dict["Type"] != nil || v.dict["Subtype"] != nil {
				continue
			}
			data, err := f.decodeStream(v)
			switch {
			case err != nil:
			case bytes.Contains(data, []byte("begincmap")):
				found.maps = true
			case bytes.Contains(data, []byte("BT")) && bytes.Contains(data, []byte("ET")) && bytes.Contains(data, []byte("Tf")):
				found.contents = true
			}
		}
	}
	return found
}

// crossed says whether references within the page tree lead to the wrong
// objects: a page draws what is another's, or two names are one font, while
// what should have been drawn is there and nothing leads to it.
func (f *file) crossed(pages []pageNode) bool {
	drawn := map[ref]bool{}
	shared, aliased := false, false
	for _, p := range pages {
		parts, ok := f.resolve(p.dict["Contents"]).(array)
		if !ok {
			parts = array{p.dict["Contents"]}
		}
		for _, o := range parts {
			if r, ok := o.(ref); ok {
				shared = shared || drawn[r]
				drawn[r] = true
			}
		}
		fonts, _ := f.resolve(p.resources["Font"]).(dict)
		named := make(map[ref]bool, len(fonts))
		for _, o := range fonts {
			if r, ok := o.(ref); ok {
				aliased = aliased || named[r]
				named[r] = true
			}
		}
	}
	return shared && f.orphans().contents || aliased && f.orphans().fonts
}

// sole notes that a font is made of an object, and says whether that is wrong:
// another font has it too, while one of its kind lies about unused.
func (f *file) sole(part object, owner dict, unused func(orphans) bool) bool {
	r, ok := part.(ref)
	if !ok {
		return false
	}
	f.mu.Lock()
	before, met := f.users[r]
	if !met {
		f.users[r] = owner
	}
	f.mu.Unlock()
	return met && !sameFont(before, owner) && unused(f.orphans())
}

// sameFont says whether two font dictionaries are of one font.
func sameFont(a, b dict) bool {
	descA, _ := a["FontDescriptor"].(ref)
	descB, _ := b["FontDescriptor"].(ref)
	nameA, _ := a["BaseFont"].(name)
	nameB, _ := b["BaseFont"].(name)
	return nameA == nameB && descA == descB
}
