package pdf

// isHidden says whether optional content is switched off when the file is
// opened (ISO 32000-1, 8.11). oc is a group, a membership of groups, or nil;
// a membership by an expression counts as shown.
func (f *file) isHidden(oc object) bool {
	if oc == nil {
		return false
	}
	f.offOnce.Do(f.readGroups)
	if len(f.off) == 0 {
		return false
	}
	if r, ok := oc.(ref); ok && f.off[r] {
		return true
	}
	d, _ := f.resolve(oc).(dict)
	if f.resolve(d["Type"]) != name("OCMD") || d["VE"] != nil {
		return false
	}
	groups, ok := f.resolve(d["OCGs"]).(array)
	if !ok {
		groups = array{d["OCGs"]}
	}
	on, off := 0, 0
	for _, g := range groups {
		switch r, ok := g.(ref); {
		case ok && f.off[r]:
			off++
		case ok:
			on++
		}
	}
	if on+off == 0 {
		return false
	}
	switch f.resolve(d["P"]) {
	case name("AllOn"):
		return off > 0
	case name("AnyOff"):
		return off == 0
	case name("AllOff"):
		return on > 0
	}
	return on == 0
}

// readGroups notes the groups that are off in the default configuration.
func (f *file) readGroups() {
	root, err := f.layer.root()
	if err != nil {
		return
	}
	properties, _ := f.resolve(root["OCProperties"]).(dict)
	config, _ := f.resolve(properties["D"]).(dict)
	each := func(o object, off bool) {
		groups, _ := f.resolve(o).(array)
		for _, g := range groups {
			if r, ok := g.(ref); ok {
				f.off[r] = off
			}
		}
	}
	f.off = map[ref]bool{}
	if f.resolve(config["BaseState"]) == name("OFF") {
		each(properties["OCGs"], true)
	}
	each(config["ON"], false)
	each(config["OFF"], true)
	for r, off := range f.off {
		if !off {
			delete(f.off, r)
		}
	}
}
