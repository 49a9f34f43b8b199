package validate

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// neighbour is another text that is alike.
type neighbour struct {
	index    int
	likeness float64
}

// others are the forms that a finding lists. Where many forms are alike, nearly
// all have the same others, whose list is made once and shared.
type others struct {
	found   []neighbour
	exact   bool // there are surely no more
	zh, en  string
	related []model.Related
}

// roll says how each form of a document is called in lists of others, and
// where what they have in common stands. What it has said once it keeps: a
// form is among the others of all that it is like.
type roll struct {
	document *document
	limit    int // of the others in a list
	at       func(*form) place
	entries  []rollEntry
}

type rollEntry struct {
	zh, en string
	at     model.Related
}

func newRoll(d *document, limit int, at func(*form) place) *roll {
	return &roll{document: d, limit: limit, at: at, entries: make([]rollEntry, len(d.forms))}
}

func (r *roll) entry(i int) *rollEntry {
	e := &r.entries[i]
	if e.zh == "" {
		f := &r.document.forms[i]
		number := strconv.Itoa(f.Index)
		e.zh = "第" + number + "张“" + f.Project.Name + "”"
		e.en = "form " + number + " " + strconv.Quote(f.Project.Name)
		e.at = f.related(r.at(f))
	}
	return e
}

// namedOthers is how many of the others a message names; the rest it counts,
// and the finding lists.
const namedOthers = 5

// list sets the forms, unless they are what others holds already; made says
// that it was not. exact says that there are surely no more than these; further
// is what is said of one behind its name, if anything. found is the caller's to
// use again.
func (r *roll) list(o *others, found []neighbour, exact bool, further func(neighbour) (zh, en string)) (made bool) {
	if o.exact == exact && slices.Equal(o.found, found) {
		return false
	}
	*o = others{found: slices.Clone(found), exact: exact, related: make([]model.Related, len(found))}
	var zh, en strings.Builder
	for i, n := range found {
		e := r.entry(n.index)
		o.related[i] = e.at
		if i >= namedOthers {
			continue
		}
		if i > 0 {
			zh.WriteString("、")
			en.WriteString(", ")
		}
		zh.WriteString(e.zh)
		en.WriteString(e.en)
		if further != nil {
			z, e := further(n)
			zh.WriteString(z)
			en.WriteString(e)
		}
	}
	o.zh, o.en = zh.String(), en.String()
	number, rest := strconv.Itoa(len(found)), strconv.Itoa(len(found)-namedOthers)
	switch {
	case exact && len(found) > namedOthers:
		o.zh, o.en = o.zh+"等"+number+"张", o.en+" and "+rest+" more"
	case !exact && len(found) > namedOthers:
		o.zh, o.en = o.zh+"等至少"+number+"张", o.en+" and at least "+rest+" more"
	case !exact && len(found) == r.limit:
		o.zh, o.en = o.zh+"等至少"+number+"张", o.en+" and perhaps more"
	}
	return true
}

var copiedGoalRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "D001", Name: "copied-goal", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "两张表的年度总体目标几乎相同", En: "two forms with nearly the same goal"},
		Rationale: model.Text{Zh: "不同的项目目标应当不同；几乎一样，说明是复制来的，或者项目本身重复。", En: "Different projects have different goals; the same one was copied, or the projects repeat each other."},
		Fix:       model.Text{Zh: "按各自项目重写目标；项目重复的，请合并。", En: "Write each project's own goal, or merge the projects."},
		Bad: pair([]string{"项目名称", "保障科普展厅"}, nil,
			[]edit{{"云栖市青少年科普展厅运行项目", "云栖市天文观测台维护项目"}, {"让来馆的青少年", "让到馆的青少年"}}),
		Good: pair([]string{"项目名称", "保障科普展厅", "组织科普大篷车"}, nil,
			[]edit{{"云栖市青少年科普展厅运行项目", "云栖市科普大篷车巡展项目"}, {annualGoal, caravanGoal}}),
	},
	needs:    needsGoal,
	document: copiedGoal,
}

// copiedGoal compares the sets of character bigrams of all annual goals.
// Equal sets are found by their hash; of the others, alike finds those worth
// comparing.
func copiedGoal(d *document, t *Thresholds) docVerdict {
	out := docVerdict{}
	seed := rand.Uint64()
	members := make(map[uint64][]int, len(d.forms)) // by hash of the set, then checked for equality
	var sets [][]uint64
	var forms [][]int // forms of each distinct set
	ofForm := make([]int, len(d.forms))
	var scratch []uint64
	for i := range d.forms {
		scratch = appendBigrams(scratch[:0], d.forms[i].goal())
		set := scratch
		ofForm[i] = -1
		if len(set) == 0 {
			continue
		}
		h := hashSet(seed, set)
		k := -1
		for _, candidate := range members[h] {
			if slices.Equal(sets[candidate], set) {
				k = candidate
				break
			}
		}
		if k < 0 {
			k = len(sets)
			sets, forms = append(sets, slices.Clone(set)), append(forms, nil)
			members[h] = append(members[h], k)
		}
		forms[k] = append(forms[k], i)
		ofForm[i] = k
	}
	near, complete := alike(sets, t.GoalLikeness, t.RelatedLimit)
	lists := make([]others, len(sets))
	called := newRoll(d, t.RelatedLimit, (*form).annualGoal)
	found := make([]neighbour, 0, t.RelatedLimit)
	for i := range d.forms {
		k := ofForm[i]
		if k < 0 {
			out.checks = append(out.checks, docCheck{i, insufficient("没有年度总体目标（见 S004）", "there is no annual goal (see S004)", nil)})
			continue
		}
		found = found[:0]
		exact := complete && len(near[k]) < t.RelatedLimit
		for _, other := range forms[k] {
			if other == i {
				continue
			}
			if len(found) == t.RelatedLimit {
				exact = false
				break
			}
			found = append(found, neighbour{other, 1})
		}
		for _, n := range near[k] {
			for _, other := range forms[n.index] {
				if len(found) == t.RelatedLimit {
					exact = false
					break
				}
				found = append(found, neighbour{other, n.likeness})
			}
		}
		v := judged(nil)
		if len(found) > 0 {
			v = judged([]model.Finding{copiedFinding(called, i, found, exact, &lists[k])})
			out.findings = append(out.findings, v.findings...)
		}
		out.checks = append(out.checks, docCheck{i, v})
	}
	return out
}

// annualGoal is where the goal stands.
func (f *form) annualGoal() place { return f.head("goals.annual", f.Goals.Annual) }

func copiedFinding(called *roll, i int, found []neighbour, exact bool, list *others) model.Finding {
	slices.SortStableFunc(found, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(b.likeness, a.likeness), cmp.Compare(a.index, b.index))
	})
	called.list(list, found, exact, func(n neighbour) (zh, en string) {
		l := strconv.FormatFloat(n.likeness, 'f', 2, 64)
		return "（相似度" + l + "）", " (likeness " + l + ")"
	})
	d := called.document
	f := &d.forms[i]
	x := f.finding(f.annualGoal(), model.Text{
		Zh: "年度总体目标与{others}几乎相同。请按本项目重写；项目重复的，请合并。",
		En: "The annual goal is nearly that of {others_en}. Write this project's own, or merge the projects.",
	}, model.Args{"others": list.zh, "others_en": list.en})
	x.Related = list.related
	x.Evidence = map[string]string{"likeness": strconv.FormatFloat(found[0].likeness, 'f', 2, 64), "form": strconv.Itoa(d.forms[found[0].index].Index)}
	return x
}

// sortedBigrams is the set of neighbouring pairs of characters of a folded
// text.
func sortedBigrams(folded string) []uint64 {
	return appendBigrams(make([]uint64, 0, len(folded)/3), folded)
}

// appendBigrams is sortedBigrams in an empty slice that is used again.
func appendBigrams(set []uint64, folded string) []uint64 {
	zh.EachBigram(folded, func(g uint64) { set = append(set, g) })
	slices.Sort(set)
	return slices.Compact(set)
}

func hashSet(seed uint64, set []uint64) uint64 {
	h := seed
	for _, g := range set {
		h = mix(h ^ g)
	}
	return h
}

// jaccard is the share of all elements that both sorted sets have.
func jaccard(a, b []uint64) float64 {
	l, _ := jaccardFrom(a, b, 0)
	return l
}

// jaccardFrom is jaccard where that reaches the threshold; it gives up as soon
// as it cannot.
func jaccardFrom(a, b []uint64, threshold float64) (float64, bool) {
	if len(a)+len(b) == 0 {
		return 0, threshold <= 0
	}
	// Of n elements in two sets, likeness t leaves n(1-t)/(1+t) to one of them.
	alone := int(float64(len(a)+len(b))*(1-threshold)/(1+threshold) + 1)
	common, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			common++
			i++
			j++
			continue
		case a[i] < b[j]:
			i++
		default:
			j++
		}
		if i+j-2*common > alone {
			return 0, false
		}
	}
	l := float64(common) / float64(len(a)+len(b)-common)
	return l, l >= threshold
}

const (
	// directly is how many texts are still compared each with each.
	directly = 200
	// sharedRare is how many rare bigrams two texts must share to be compared.
	sharedRare = 3
	// mostMeetings bounds how many texts one is held against by rare bigrams;
	// a text that would meet more is crowded.
	mostMeetings = 2048
	// frequencyCells tell rare bigrams from common ones; bigrams that share one
	// are taken for equally common, which changes the speed and not the result.
	frequencyCells = 1 << 20
	// cellsPerBigram keeps different rare bigrams apart.
	cellsPerBigram = 2
	// hashesInBand is how many minimum hashes must agree to make two crowded
	// texts worth comparing.
	hashesInBand = 6
	// missAtThreshold is how likely a pair of crowded texts just at the
	// threshold may be missed.
	missAtThreshold = 1e-4
	// mostBands bounds the work where a low threshold would need more.
	mostBands = 400
	// window is how many texts of one bucket each is compared with.
	window = 12
)

// likes are the pairs found so far among sets.
type likes struct {
	sets      [][]uint64
	threshold float64
	limit     int
	near      [][]neighbour
}

// compare notes two sets that are alike, unless both have enough.
func (l *likes) compare(i, j int) {
	if len(l.near[i]) >= l.limit && len(l.near[j]) >= l.limit {
		return
	}
	short, long := float64(min(len(l.sets[i]), len(l.sets[j]))), float64(max(len(l.sets[i]), len(l.sets[j])))
	if short < l.threshold*long {
		return
	}
	if likeness, ok := jaccardFrom(l.sets[i], l.sets[j], l.threshold); ok {
		l.near[i] = append(l.near[i], neighbour{j, likeness})
		l.near[j] = append(l.near[j], neighbour{i, likeness})
	}
}

// alike finds for each set the others whose Jaccard likeness reaches the
// threshold, at most about limit each; what is returned is always the exact
// likeness. Few sets are compared each with each. Of many, only those are
// compared that share some of their rarest bigrams: of two sets with likeness
// t, the first n - tn + k of n elements have k in common in any order of all
// elements, and in the order from rare to common hardly any others share them.
// Texts made of phrases that very many have are crowded: those are compared
// where they agree in a band of minimum hashes (locality-sensitive hashing),
// so that the work grows with the number of texts and not its square. Some that
// are alike may be missed then, of any set: complete says that none is but for
// the limit.
func alike(sets [][]uint64, threshold float64, limit int) (near [][]neighbour, complete bool) {
	l := &likes{sets, threshold, limit, make([][]neighbour, len(sets))}
	if len(sets) <= directly {
		for i := range sets {
			for j := range i {
				l.compare(j, i)
			}
		}
		return l.near, true
	}
	crowded := l.byRareBigrams()
	complete = !slices.Contains(crowded, true)
	if !complete {
		l.byBands(crowded)
	}
	return l.near, complete
}

// byRareBigrams returns which sets it did not hold against others.
func (l *likes) byRareBigrams() (crowded []bool) {
	sets := l.sets
	frequency := make([]uint32, frequencyCells)
	for _, set := range sets {
		for _, g := range set {
			frequency[mix(g)%frequencyCells]++
		}
	}
	order := make([]int, len(sets)) // by length: those alike are near
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(len(sets[a]), len(sets[b])), cmp.Compare(a, b)) })
	crowded = make([]bool, len(sets))
	wanted := make([]int32, len(sets))
	first := make([]int, len(sets)) // of a set's rare bigrams among rare
	all := 0
	for _, set := range sets {
		all += len(set)
	}
	// The cells of all rare bigrams, set by set in their order.
	rare := make([]uint32, 0, int(float64(all)*(1-l.threshold))+sharedRare*len(sets))
	var keys []uint64
	for _, i := range order {
		keys = byRarity(keys[:0], sets[i], frequency)
		common := int(math.Ceil(l.threshold * float64(len(keys))))
		wanted[i] = 1
		if common >= sharedRare {
			wanted[i] = sharedRare
		}
		rarest := min(len(keys), len(keys)-common+int(wanted[i]))
		leastFirst(keys, rarest)
		first[i] = len(rare)
		for _, key := range keys[:rarest] {
			if key>>frequencyShift > 1 { // else no other set has it
				rare = append(rare, uint32(key))
			}
		}
	}
	l.meet(order, first, rare, wanted, crowded)
	return crowded
}

// meetings are the sets so far, as a stretch of one list, that have a rare
// bigram of one cell.
type meetings struct{ from, to uint32 }

// meet compares the sets, in a given order, with those before that share
// enough of their rare bigrams. It goes by the cells of those: bigrams that
// share one let sets be compared in vain, and cells are so many that this is
// seldom. The lists are laid out beforehand, one behind the other: with many
// sets, a map of lists would spend its time waiting for memory.
func (l *likes) meet(order, first []int, rare []uint32, wanted []int32, crowded []bool) {
	cells := make([]meetings, 1<<bits.Len(uint(cellsPerBigram*len(rare))))
	mask := uint32(len(cells) - 1)
	for _, b := range rare {
		cells[b&mask].to++
	}
	at := uint32(0)
	for i, c := range cells {
		cells[i] = meetings{at, at}
		at += c.to
	}
	holders := make([]int32, len(rare))
	met := make([]meeting, len(l.sets))
	for n, i := range order {
		mine := rare[first[i]:]
		if n+1 < len(order) {
			mine = mine[:first[order[n+1]]-first[i]]
		}
		total := 0
		for _, b := range mine {
			c := cells[b&mask]
			total += int(c.to - c.from)
		}
		crowded[i] = total > mostMeetings
		for _, b := range mine {
			c := &cells[b&mask]
			before := holders[c.from:c.to]
			holders[c.to] = int32(i)
			c.to++
			if crowded[i] {
				continue
			}
			for _, j := range before {
				m := &met[j]
				if m.with != int32(i)+1 {
					*m = meeting{with: int32(i) + 1}
				}
				if m.times++; m.times == min(wanted[i], wanted[j]) && int(j) != i {
					l.compare(min(i, int(j)), max(i, int(j)))
				}
			}
		}
	}
}

// byBands compares the crowded sets with those that fall into one bucket with
// them.
func (l *likes) byBands(crowded []bool) {
	bands := min(mostBands, math.Ceil(math.Log(missAtThreshold)/math.Log1p(-math.Pow(l.threshold, hashesInBand))))
	type entry struct {
		key uint64
		set int
	}
	entries := make([]entry, len(l.sets))
	for band := range int(max(bands, 1)) {
		for i, set := range l.sets {
			entries[i] = entry{bandKey(set, uint64(band)), i}
		}
		slices.SortFunc(entries, func(a, b entry) int {
			return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(len(l.sets[a.set]), len(l.sets[b.set])), cmp.Compare(a.set, b.set))
		})
		for i := range entries {
			for j := i + 1; j < len(entries) && j <= i+window && entries[j].key == entries[i].key; j++ {
				x, y := entries[i].set, entries[j].set
				known := slices.ContainsFunc(l.near[x], func(n neighbour) bool { return n.index == y })
				if (crowded[x] || crowded[y]) && !known {
					l.compare(x, y)
				}
			}
		}
	}
}

// bandKey joins the minimum hashes of one band. Each round of mixing yields
// two 32-bit hashes.
func bandKey(set []uint64, band uint64) uint64 {
	key := band
	for i := range uint64(hashesInBand / 2) {
		salt := mix(band*hashesInBand + i + 1)
		low, high := uint32(math.MaxUint32), uint32(math.MaxUint32)
		for _, g := range set {
			h := mix(g ^ salt)
			low, high = min(low, uint32(h)), min(high, uint32(h>>32))
		}
		key = mix(key ^ uint64(low) ^ uint64(high)<<32)
	}
	return key
}

// meeting counts the rare bigrams that a set shares with the one being looked
// at.
type meeting struct {
	with  int32 // 1 + its index
	times int32
}

// frequencyShift is where a key of byRarity holds the frequency.
const frequencyShift = 40

// byRarity marks each of a set's bigrams with how many sets have it, in the
// upper bits, so that the least are the rarest; ties are broken by their hash.
func byRarity(keys, set []uint64, frequency []uint32) []uint64 {
	for _, g := range set {
		h := mix(g)
		n := min(uint64(frequency[h%frequencyCells]), 1<<(64-frequencyShift)-1)
		keys = append(keys, n<<frequencyShift|h>>(64-frequencyShift))
	}
	return keys
}

// leastFirst moves the n least of the keys to the front, sorted. To sort all of
// them would take most of the search.
func leastFirst(keys []uint64, n int) {
	from, to := 0, len(keys)
	const few = 12
	for to-from > few && n > from && n < to {
		a, b, c := keys[from], keys[(from+to)/2], keys[to-1]
		pivot := max(min(a, b), min(max(a, b), c))
		less, more := from, to-1
		for less <= more {
			for keys[less] < pivot {
				less++
			}
			for keys[more] > pivot {
				more--
			}
			if less <= more {
				keys[less], keys[more] = keys[more], keys[less]
				less++
				more--
			}
		}
		switch {
		case n <= more+1:
			to = more + 1
		case n >= less:
			from = less
		default:
			from = to
		}
	}
	if from < to && n > from && n < to {
		slices.Sort(keys[from:to])
	}
	slices.Sort(keys[:n])
}

// mix scatters the bits of a number (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// sameNameLimit is how many forms of one unit, service and dates are looked
// at for each; more than a few are alike anyway.
const sameNameLimit = 100

// service is what a project's name says it is for, without years, brackets
// and words that any name may end in.
type service struct {
	core string
	kind string // 运维 and the like, which may or may not be another service
}

// serviceKey is what forms for one service over the same dates share.
type serviceKey struct {
	unit, core string
	start, end day
}

// nameKey is what forms with one name and unit share, whatever their dates.
type nameKey struct{ unit, name string }

// day is a valid date without the way it is printed; the zero day is none.
type day struct {
	year  int
	month time.Month
	day   int
}

func dayOf(d model.Date) day {
	if !d.Valid {
		return day{}
	}
	return day{d.Year, d.Month, d.Day}
}

// sameServices are others, and what a finding says of them together.
type sameServices struct {
	others
	sum        decimal.Decimal // of their annual totals
	amounts    int             // how many have one
	oneTime    bool            // all have the same dates,
	start, end day             // which are these
}

var duplicateServiceRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "D003", Name: "duplicate-service", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "两张表像是同一项服务", En: "two forms for the same service"},
		Rationale: model.Text{Zh: "同一项服务在同一时段申报两次，或者同一单位报了两个同名的项目，可能重复安排了资金。", En: "One service declared twice over the same dates, or one name twice by one unit, may be funded twice."},
		Fix:       model.Text{Zh: "核实是否重复申报；不是的，请把名称和时段写得能够区分。", En: "Check for a double declaration; where it is none, make names and dates tell them apart."},
		Bad: pair([]string{"项目名称", "计划开始日期"}, nil,
			[]edit{{"云栖市青少年科普展厅运行项目", "云栖市青少年科普展厅运行经费（2026年）"}, {annualGoal, caravanGoal}}),
		Good: pair([]string{"项目名称", "计划开始日期"}, nil,
			[]edit{{"云栖市青少年科普展厅运行项目", "云栖市科普大篷车巡展项目"}, {annualGoal, caravanGoal}}),
	},
	needs:    []string{"project.name"},
	document: duplicateService,
}

// duplicateService looks forms up by unit, dates and service.
func duplicateService(d *document, t *Thresholds) docVerdict {
	out := docVerdict{}
	groups := make(map[serviceKey][]int, len(d.forms))
	keys := make([]serviceKey, len(d.forms)) // zero for a form without dates
	services := make([]service, len(d.forms))
	goals := make([][]uint64, len(d.forms)) // filled in as they are asked for
	same, named := make(map[nameKey][]int, len(d.forms)), make([]nameKey, len(d.forms))
	for i := range d.forms {
		f := &d.forms[i]
		p := &f.Project
		name := fold(p.Name)
		services[i] = serviceOf(name)
		unit := fold(p.ImplementingUnit)
		if unit == "" {
			unit = fold(p.SupervisingDepartment)
		}
		if unit != "" && name != "" {
			named[i] = nameKey{unit, name}
			same[named[i]] = append(same[named[i]], i)
		}
		if !p.StartDate.Valid || !p.EndDate.Valid {
			continue
		}
		keys[i] = serviceKey{unit, services[i].core, dayOf(p.StartDate), dayOf(p.EndDate)}
		groups[keys[i]] = append(groups[keys[i]], i)
	}
	lists := map[serviceKey]*sameServices{}
	called := newRoll(d, t.RelatedLimit, (*form).projectName)
	found := make([]neighbour, 0, t.RelatedLimit)
	for i := range d.forms {
		if keys[i] == (serviceKey{}) && len(same[named[i]]) < 2 {
			out.checks = append(out.checks, docCheck{i, d.forms[i].datesMissing()})
			continue
		}
		found = found[:0]
		exact := true
		add := func(k int) {
			if len(found) == t.RelatedLimit {
				exact = false
				return
			}
			found = append(found, neighbour{k, 1})
		}
		for looked, k := range groups[keys[i]] {
			if exact = exact && looked <= sameNameLimit; !exact {
				break
			}
			if k != i && sameService(d, services, goals, i, k) {
				add(k)
			}
		}
		for looked, k := range same[named[i]] {
			if exact = exact && looked <= sameNameLimit; !exact {
				break
			}
			if k != i && !slices.ContainsFunc(found, func(n neighbour) bool { return n.index == k }) {
				add(k)
			}
		}
		v := judged(nil)
		if len(found) > 0 {
			if lists[keys[i]] == nil {
				lists[keys[i]] = &sameServices{}
			}
			v = judged([]model.Finding{duplicateFinding(called, i, found, exact, lists[keys[i]])})
			out.findings = append(out.findings, v.findings...)
		}
		out.checks = append(out.checks, docCheck{i, v})
	}
	return out
}

// sameService settles names with the same core: of the same kind, or with
// goals that are half alike.
func sameService(d *document, services []service, goals [][]uint64, i, k int) bool {
	if services[i].kind == services[k].kind {
		return true
	}
	for _, n := range [2]int{i, k} {
		if goals[n] == nil {
			goals[n] = sortedBigrams(d.forms[n].goal())
		}
	}
	const halfAlike = 0.5
	return jaccard(goals[i], goals[k]) >= halfAlike
}

// serviceOf takes a folded project name apart.
func serviceOf(name string) service {
	var s service
	var b strings.Builder
	for _, part := range splitBrackets(withoutYears(name)) {
		if slices.Contains(serviceKinds, part) {
			s.kind = part
			continue
		}
		b.WriteString(part)
	}
	s.core = b.String()
	for cut := true; cut; {
		cut = false
		for _, w := range serviceTails {
			if rest, ok := strings.CutSuffix(s.core, w); ok && utf8.RuneCountInString(rest) >= 4 {
				s.core, cut = rest, true
			}
		}
	}
	return s
}

// withoutYears drops years and ranges of years with the 年度 behind them.
func withoutYears(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		if _, ok := yearAt(name, i); !ok {
			_, size := utf8.DecodeRuneInString(name[i:])
			b.WriteString(name[i : i+size])
			i += size
			continue
		}
		i += 4
		for _, w := range []string{"年度", "年", "-", "—", "–", "~", "至"} {
			if strings.HasPrefix(name[i:], w) {
				i += len(w)
			}
		}
	}
	return b.String()
}

// splitBrackets cuts a name at its brackets and quotes.
func splitBrackets(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("()[]【】“”\"‘’《》—-_·", r) })
}

// projectName is where the project's name stands.
func (f *form) projectName() place { return f.head("project.name", f.Project.Name) }

// add counts a form's annual total in.
func (s *sameServices) add(f *form) {
	if m := f.Funding.Annual.Total; m.Valid() {
		s.sum = s.sum.Add(m.Amount)
		s.amounts++
	}
}

// list is called's, with what is said of the forms together.
func (s *sameServices) list(called *roll, found []neighbour, exact bool) {
	if !called.list(&s.others, found, exact, nil) {
		return
	}
	*s = sameServices{others: s.others, oneTime: true}
	for i, n := range found {
		f := &called.document.forms[n.index]
		s.add(f)
		start, end := dayOf(f.Project.StartDate), dayOf(f.Project.EndDate)
		if i == 0 {
			s.start, s.end = start, end
		}
		s.oneTime = s.oneTime && start == s.start && end == s.end
	}
}

func duplicateFinding(called *roll, i int, found []neighbour, exact bool, list *sameServices) model.Finding {
	f := &called.document.forms[i]
	list.list(called, found, exact)
	together := *list
	together.add(f)
	start, end := f.Project.StartDate.String(), f.Project.EndDate.String()
	dates := model.Text{Zh: "（名称和单位都相同）", En: " (name and unit are the same)"}
	if f.Project.EndDate.Valid && list.oneTime && list.start == dayOf(f.Project.StartDate) && list.end == dayOf(f.Project.EndDate) {
		dates = model.Text{Zh: "，时段也相同（" + start + " 至 " + end + "）", En: " over the same dates (" + start + " to " + end + ")"}
	}
	of := model.Text{}
	if number := strconv.Itoa(len(found) + 1); !exact {
		of = model.Text{Zh: "列出的" + number + "张", En: " in the " + number + " that are listed"}
	}
	x := f.finding(f.projectName(), model.Text{
		Zh: "与{others}像是同一项服务{dates}，{of}年度资金合计 {sum} 元。请核实是否重复申报。",
		En: "This and {others_en} look like one service{dates_en}, {sum} yuan together{of_en}. Check for a double declaration.",
	}, model.Args{"others": list.zh, "others_en": list.en, "sum": model.FormatMoney(together.sum), "dates": dates.Zh, "dates_en": dates.En, "of": of.Zh, "of_en": of.En})
	x.Related = list.related
	x.Evidence = map[string]string{"start_date": start, "end_date": end, "forms": strconv.Itoa(len(found) + 1)}
	if together.amounts > 1 {
		x.Evidence["annual_totals"] = together.sum.StringFixed(2)
	}
	return x
}

var copiedIndicatorsRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "D004", Name: "copied-indicators", Severity: model.Info, Kind: model.KindHeuristic, Since: second, Basis: basisHeuristic,
		Title:     model.Text{Zh: "几张表的指标几乎相同", En: "forms whose indicators are nearly the same"},
		Rationale: model.Text{Zh: "不同的项目用同一套指标和指标值，多半是复制来的，不能反映各自的产出和效益。", En: "Different projects with one set of indicators and values mostly copied them; they show nobody's own output."},
		Fix:       model.Text{Zh: "按各自的项目设指标。", En: "Set each project's own indicators."},
		Bad:       pair([]string{"项目名称", "展项完好率"}, nil, otherProject),
		Good: pair([]string{"项目名称", "展项完好率", "大篷车"}, nil, slices.Concat(otherProject, []edit{
			{lineCost, "经济成本指标\t大篷车运行费\t≤30000.00(元/月)"}, {lineQuantity, "数量指标\t大篷车巡展场次\t≥36.00(场)"}, {lineQuality, "质量指标\t车载展品合格率\t≥95.00(%)"},
			{lineSocial, "社会效益指标\t乡镇学校受益学生人数\t≥9000.00(人)"}, {lineTimeliness, "时效指标\t巡展计划公布时间\t2026年3月底前"}})),
	},
	document: copiedIndicators,
}

const (
	// fewestCopied is how many indicators a table needs to be compared.
	fewestCopied = 5
	// indicatorLikeness is the least Jaccard likeness of two tables.
	indicatorLikeness = 0.8
)

// copiedIndicators compares the tables as sets of names with their values and
// reports each group of like ones once, on its first form.
func copiedIndicators(d *document, t *Thresholds) docVerdict {
	sets := make([][]uint64, len(d.forms))
	for i := range d.forms {
		for k := range d.forms[i].rows {
			if r := &d.forms[i].rows[k]; r.name != "" && !r.missing() && !r.doubted {
				sets[i] = append(sets[i], hashText(r.name+"\x1f"+r.value))
			}
		}
		if slices.Sort(sets[i]); len(slices.Compact(sets[i])) < fewestCopied {
			sets[i] = nil
		}
		sets[i] = slices.Compact(sets[i])
	}
	near, _ := alike(distinct(sets), indicatorLikeness, t.RelatedLimit)
	groups := groupsOf(sets, near)
	var out docVerdict
	for i := range d.forms {
		v := judged(nil)
		switch others := groups[i]; {
		case sets[i] == nil:
			v = notApplicable("指标太少，不比较", "too few indicators to compare")
		case len(others) > 0:
			v = judged([]model.Finding{indicatorsFinding(d, i, others, t)})
			out.findings = append(out.findings, v.findings...)
		}
		out.checks = append(out.checks, docCheck{i, v})
	}
	return out
}

// hashText is a number for a text; those of equal texts are equal.
func hashText(s string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h := uint64(offset)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

// distinct leaves only the first of equal sets, the others empty, so that many
// copies are not compared with each other.
func distinct(sets [][]uint64) [][]uint64 {
	seen := map[uint64]bool{}
	out := make([][]uint64, len(sets))
	for i, set := range sets {
		if h := hashSet(0, set); set != nil && !seen[h] {
			seen[h] = true
			out[i] = set
		}
	}
	return out
}

// groupsOf gives the first form of each group the others in it.
func groupsOf(sets [][]uint64, near [][]neighbour) map[int][]int {
	first := map[uint64]int{}
	parent := make([]int, len(sets))
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	join := func(i, j int) {
		if a, b := root(i), root(j); a != b {
			parent[max(a, b)] = min(a, b)
		}
	}
	for i, set := range sets {
		parent[i] = i
		if set == nil {
			continue
		}
		h := hashSet(0, set)
		if k, seen := first[h]; seen {
			join(k, i)
		} else {
			first[h] = i
		}
	}
	for i := range near {
		for _, n := range near[i] {
			join(i, n.index)
		}
	}
	groups := map[int][]int{}
	for i := range sets {
		if r := root(i); r != i {
			groups[r] = append(groups[r], i)
		}
	}
	return groups
}

func indicatorsFinding(d *document, i int, others []int, t *Thresholds) model.Finding {
	f := &d.forms[i]
	numbers := []int{f.Index}
	var related []model.Related
	for _, k := range others {
		o := &d.forms[k]
		numbers = append(numbers, o.Index)
		if len(related) < t.RelatedLimit {
			related = append(related, o.related(o.head("project.name", o.Project.Name)))
		}
	}
	x := f.finding(f.head("indicators", ""), model.Text{
		Zh: "第{forms}张表的指标和指标值几乎相同（这是其中第一张）。请按各自的项目设指标。",
		En: "Forms {forms_en} have nearly the same indicators and values (this is the first of them). Set each project's own.",
	}, model.Args{"forms": numberList(numbers), "forms_en": englishList(numbers)})
	x.Related = related
	x.Evidence = map[string]string{"forms": strconv.Itoa(len(numbers))}
	return x
}
