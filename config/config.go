package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"

	"perfgoal/internal/lazy"
	"perfgoal/internal/reason"
	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/validate"
)

// Name is the file that is looked for.
const Name = ".perfgoal.yaml"

// maxSize bounds a configuration in bytes; one that is larger is none.
const maxSize = 4 << 20

// File is one configuration.
type File struct {
	Path         string // as it was found
	Ruleset      string // ID or ID@VERSION; "" for none
	Year         int    // 0 for none
	Rules        []Setting
	Thresholds   Thresholds
	Vocabulary   validate.Vocabulary
	Own          []validate.OwnRule
	Overrides    []Override
	Read         Read
	Output       Output
	Suppressions []validate.Suppression
	Layouts      []Layout            // layouts of the user's own
	Labels       map[string][]string // further labels by form.LabelKeys

	known   *form.Layouts // what Layouts and Labels make; nil where there are none
	own     []*ownRule    // what Own was made of
	remarks Problems      // what Verify reports besides failing examples
	placed  map[string]int
}

// Setting is one line of the rules mapping.
type Setting struct {
	Selector string
	State    State
	Line     int
}

// State is what a setting says: off, on, or a severity, which turns on too.
type State string

const (
	Off     State = "off"
	On      State = "on"
	Info    State = State(model.Info)
	Warning State = State(model.Warning)
	Error   State = State(model.Error)
)

// Thresholds are those that the file sets; nil leaves one.
type Thresholds struct {
	CostTolerance  *decimal.Decimal
	CostErrorShare *decimal.Decimal
	GoalLikeness   *decimal.Decimal
	GoalLength     *int
	NumericShare   *decimal.Decimal
	RelatedLimit   *int
}

// Override is what holds for some paths only.
type Override struct {
	Files      []string // globs, relative to the folder of the configuration
	Rules      []Setting
	Thresholds Thresholds
}

// Output are defaults of command-line flags; zero values leave them.
type Output struct {
	Formats     []string // FORMAT or FORMAT=FILE
	Lang        model.Lang
	Color       string
	MinSeverity model.Severity
	FailLevel   string
	ShowChecks  *bool
	Pictures    *bool
}

// Read says how documents are read.
type Read struct {
	OCR bool // read scans, as --ocr does
}

func (r *Read) keys() []key {
	return []key{
		{name: "ocr", says: model.Text{Zh: "识别扫描件，同 --ocr", En: "read scans, as --ocr"}, shape: boolean(func(b bool) { r.OCR = b })},
	}
}

// keys is the table of the whole file, reading into f.
func (f *File) keys() []key {
	return []key{
		{name: "ruleset", says: model.Text{Zh: "固定使用的规则集，如 cn-2022 或 cn-2022@2.0.0", En: "the ruleset to go by, such as cn-2022 or cn-2022@2.0.0"}, shape: f.rulesetShape()},
		{name: "year", says: model.Text{Zh: "按哪一年的规则集检查", En: "the fiscal year whose ruleset to go by"}, shape: integer(func(n int) { f.Year = n }, 2000, 2100)},
		{name: "rules", says: model.Text{Zh: "规则的开关和级别：代码、名称、代码前缀或 ALL，后面写 off、on、info、warning 或 error（写级别即为打开）",
			En: "rules on, off or with a severity (which turns them on), by code, name, prefix or ALL"}, shape: rulesShape(&f.Rules)},
		{name: "thresholds", says: model.Text{Zh: "规则用的界限", En: "the figures that rules decide by"}, shape: object(f.Thresholds.keys()...)},
		{name: "vocabulary", says: model.Text{Zh: "补充的词：按词表列出，units 里写单位的同义写法", En: "further words by list, and synonyms of units"}, shape: f.vocabularyShape()},
		{name: "own-rules", says: model.Text{Zh: "自己的规则", En: "rules of your own"}, shape: f.ownShape()},
		{name: "overrides", says: model.Text{Zh: "只对某些文件起作用的设置，后面的优先", En: "settings for some files only; later ones win"}, shape: f.overridesShape()},
		{name: "layouts", says: model.Text{Zh: "自己的版式：一个文件夹（相对于配置文件），里面每个 .json 文件是一种版式", En: "layouts of your own: a folder, relative to the configuration, in which each .json file is one"}, shape: f.layoutsShape()},
		{name: "labels", says: model.Text{Zh: "补充的标签，按字段、列的作用或级别的类别，如 project.name: [工程名称]", En: "further labels by field, role of a column, or class of a level, such as project.name: [工程名称]"}, shape: f.labelsShape()},
		{name: "read", says: model.Text{Zh: "怎样读文件", En: "how documents are read"}, shape: object(f.Read.keys()...)},
		{name: "output", says: model.Text{Zh: "命令行选项的默认值", En: "defaults of command-line flags"}, shape: object(f.Output.keys()...)},
		suppressionsKey(&f.Suppressions),
	}
}

func suppressionsKey(to *[]validate.Suppression) key {
	return key{name: "suppressions", says: model.Text{Zh: "豁免：不再列出的问题，理由和到期日必填", En: "findings not to list any more; reason and expiry are required"}, shape: suppressionsShape(to)}
}

func (f *File) rulesetShape() shape {
	s := textTo(&f.Ruleset)
	read := s.read
	s.read = func(d *decoder, path string, n *yaml.Node) {
		read(d, path, n)
		if _, ok := validate.FindRuleset(f.Ruleset); f.Ruleset != "" && !ok {
			if why, retired := validate.RetiredRuleset(f.Ruleset); retired {
				d.fault(n, model.Message{Text: why})
			} else {
				d.fault(n, say("没有“{name}”这个规则集；有：{all}", "unknown ruleset {name}; there are {all}", "name", f.Ruleset, "all", rulesetNames()))
			}
			f.Ruleset = ""
		}
	}
	return s
}

func rulesetNames() string {
	var names []string
	for _, s := range validate.Rulesets() {
		names = append(names, s.ID+"@"+s.Version)
	}
	return strings.Join(names, " ")
}

// rulesShape reads selector: state. Selectors are checked once own rules are
// known.
func rulesShape(to *[]Setting) shape {
	states := []State{Off, On, Info, Warning, Error}
	return free(func() *jsonschema.Schema { return oneOf(new(State), states...).schema() }, func(d *decoder, path string, name, value *yaml.Node) {
		s := Setting{Selector: name.Value, Line: name.Line}
		oneOf(&s.State, states...).read(d, path, value)
		if s.State != "" {
			*to = append(*to, s)
		}
	})
}

func (t *Thresholds) keys() []key {
	share := func(to **decimal.Decimal) shape {
		return numeric(func(v decimal.Decimal) { *to = &v }, "0", "1")
	}
	return []key{
		{name: "cost-tolerance", says: model.Text{Zh: "C001：允许的误差占年度资金的份额（默认 0.005）", En: "C001: tolerance as a share of the annual total (default 0.005)"}, shape: share(&t.CostTolerance)},
		{name: "cost-error-share", says: model.Text{Zh: "C001：相差达到年度资金的这个份额算错误（默认 0.2）", En: "C001: a gap of this share is an error (default 0.2)"}, shape: share(&t.CostErrorShare)},
		{name: "goal-likeness", says: model.Text{Zh: "D001：两个目标的相似度达到多少算雷同（默认 0.75）", En: "D001: likeness from which goals are copies (default 0.75)"},
			shape: numeric(func(v decimal.Decimal) { t.GoalLikeness = &v }, "0.3", "1")},
		{name: "goal-length", says: model.Text{Zh: "S005：目标少于多少字算过短（默认 40）", En: "S005: characters under which a goal is short (default 40)"}, shape: integer(func(n int) { t.GoalLength = &n }, 0, 10000)},
		{name: "numeric-share", says: model.Text{Zh: "Q003：定量指标至少占多少（默认 0.5）", En: "Q003: least share of values that are numbers (default 0.5)"}, shape: share(&t.NumericShare)},
		{name: "related-limit", says: model.Text{Zh: "D001、D003、L007：一处问题最多列出多少个对照（默认 20）", En: "D001, D003, L007: related places listed in one finding (default 20)"}, shape: integer(func(n int) { t.RelatedLimit = &n }, 1, 1000)},
	}
}

// over lays t over th.
func (t *Thresholds) over(th *validate.Thresholds) {
	for _, x := range []struct {
		from *decimal.Decimal
		to   *decimal.Decimal
	}{{t.CostTolerance, &th.CostTolerance}, {t.CostErrorShare, &th.CostErrorShare}} {
		if x.from != nil {
			*x.to = *x.from
		}
	}
	if t.GoalLikeness != nil {
		th.GoalLikeness = t.GoalLikeness.InexactFloat64()
	}
	if t.NumericShare != nil {
		th.NumericShare = t.NumericShare.InexactFloat64()
	}
	if t.GoalLength != nil {
		th.GoalLength = *t.GoalLength
	}
	if t.RelatedLimit != nil {
		th.RelatedLimit = *t.RelatedLimit
	}
}

func (f *File) vocabularyShape() shape {
	f.Vocabulary = validate.Vocabulary{Words: map[string][]string{}, Units: map[string]string{}}
	var keys []key
	for _, l := range validate.WordLists() {
		keys = append(keys, key{name: l.Name, says: l.Says, shape: list(func(int) shape {
			return text(func(_ *decoder, n *yaml.Node) {
				f.Vocabulary.Words[l.Name] = append(f.Vocabulary.Words[l.Name], n.Value)
			})
		})})
	}
	keys = append(keys, key{name: "units", says: model.Text{Zh: "单位的同义写法，如 人次: 人", En: "units by the spelling they mean, such as 人次: 人"},
		shape: free(func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }, func(d *decoder, path string, name, value *yaml.Node) {
			text(func(_ *decoder, n *yaml.Node) { f.Vocabulary.Units[name.Value] = n.Value }).read(d, path, value)
		})})
	return object(keys...)
}

func (f *File) overridesShape() shape {
	keys := func(o *Override) []key {
		return []key{
			{name: "files", required: true, says: model.Text{Zh: "通配符，相对于配置文件所在的文件夹；不含“/”的只看文件名", En: "globs relative to the configuration's folder; one without / goes by the file's name"},
				shape: list(func(int) shape {
					return text(func(d *decoder, n *yaml.Node) {
						if !doublestar.ValidatePattern(n.Value) {
							d.fault(n, say("通配符“{glob}”写得不对", "bad glob {glob}", "glob", n.Value))
							return
						}
						o.Files = append(o.Files, n.Value)
					})
				})},
			{name: "rules", says: model.Text{Zh: "同上面的 rules", En: "as rules above"}, shape: rulesShape(&o.Rules)},
			{name: "thresholds", says: model.Text{Zh: "同上面的 thresholds", En: "as thresholds above"}, shape: object(o.Thresholds.keys()...)},
		}
	}
	return list(func(i int) shape {
		return shape{
			schema: func() *jsonschema.Schema { return objectSchema(keys(&Override{})) },
			read: func(d *decoder, path string, n *yaml.Node) {
				f.Overrides = append(f.Overrides, Override{})
				d.mapping(path, n, keys(&f.Overrides[i]))
			},
		}
	})
}

func (o *Output) keys() []key {
	return []key{
		{name: "formats", says: model.Text{Zh: "输出格式，同 -o", En: "output formats, as -o"}, shape: texts(&o.Formats)},
		{name: "lang", says: model.Text{Zh: "消息的语言", En: "language of messages"}, shape: oneOf(&o.Lang, model.Chinese, model.English)},
		{name: "color", says: model.Text{Zh: "是否用颜色", En: "colours"}, shape: oneOf(&o.Color, "auto", "always", "never")},
		{name: "min-severity", says: model.Text{Zh: "只列出这一级及以上的问题", En: "list findings from this severity on"}, shape: oneOf(&o.MinSeverity, model.Error, model.Warning, model.Info)},
		{name: "fail-level", says: model.Text{Zh: "有这一级及以上的问题时退出状态为 1", En: "exit with 1 on findings from this severity on"}, shape: oneOf(&o.FailLevel, "error", "warning", "info", "none")},
		{name: "pictures", says: model.Text{Zh: "html 里附上 PDF 原页的样子，标出问题所在的格子", En: "in html, show the pages of PDFs with the cells in question marked"}, shape: boolean(func(b bool) { o.Pictures = &b })},
		{name: "show-checks", says: model.Text{Zh: "在 json 里列出每一次判断", En: "list every single outcome in json"}, shape: boolean(func(b bool) { o.ShowChecks = &b })},
	}
}

var fingerprintPattern = lazy.Regexp(`^[0-9a-f]{16}$`)

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func suppressionsShape(to *[]validate.Suppression) shape {
	keys := func(s *validate.Suppression) []key {
		return []key{
			{name: "rule", required: true, says: model.Text{Zh: "规则的代码或名称", En: "the rule's code or name"}, shape: textTo(&s.Rule)},
			{name: "project", required: true, says: model.Text{Zh: "项目名称；针对整份文件的问题写 \"\"，并写明 fingerprint", En: `the project's name; "" with a fingerprint for findings about a whole document`}, shape: anyText(&s.Project)},
			{name: "unit", says: model.Text{Zh: "只豁免这个单位的（几个单位有同名项目时）", En: "of this unit only, where several have a project of that name"}, shape: textTo(&s.Unit)},
			{name: "path", says: model.Text{Zh: "只豁免这个文件里的，如 采购.pdf 或 2026/*.pdf", En: "in this file only, such as a.pdf or 2026/*.pdf"}, shape: textTo(&s.Document)},
			{name: "field", says: model.Text{Zh: "只豁免这个字段，如 funding.annual.total", En: "this field only, such as funding.annual.total"}, shape: textTo(&s.Field)},
			{name: "fingerprint", says: model.Text{Zh: "只豁免指纹相同的这一处（见 -o json）", En: "the one finding of this fingerprint (see -o json)"},
				shape: matching(textTo(&s.Fingerprint), fingerprintPattern().String(), fingerprintPattern().MatchString, model.Text{Zh: "16位十六进制数", En: "16 hex digits"})},
			{name: "reason", required: true, says: model.Text{Zh: "理由", En: "why"}, shape: textTo(&s.Reason)},
			{name: "expires", required: true, says: model.Text{Zh: "到期日，写成 2026-12-31 这样", En: "the last day it holds, as 2026-12-31"},
				shape: matching(textTo(&s.Expires), `^\d{4}-\d{2}-\d{2}$`, isDay, model.Text{Zh: "日期（如 2026-12-31）", En: "a date such as 2026-12-31"})},
		}
	}
	return list(func(int) shape {
		return shape{
			schema: func() *jsonschema.Schema { return objectSchema(keys(&validate.Suppression{})) },
			read: func(d *decoder, path string, n *yaml.Node) {
				s := validate.Suppression{Path: d.path, Line: n.Line}
				d.mapping(path, n, keys(&s))
				if strings.TrimSpace(s.Project) == "" && s.Fingerprint == "" && n.Kind == yaml.MappingNode {
					d.fault(n, say("{key} 没有项目名称时必须写 fingerprint", "{key} without a project needs a fingerprint", "key", path))
				}
				*to = append(*to, s)
			},
		}
	})
}

// Parse reads a configuration. The error is Problems, all of them at once.
func Parse(path string, data []byte) (*File, error) {
	f := &File{Path: path}
	d := &decoder{path: path, placed: map[string]int{}}
	d.document(data, f.keys())
	f.placed, f.remarks = d.placed, d.remarks
	f.finish(d)
	return f, d.err()
}

// ParseBaseline reads a baseline: a file that holds suppressions alone.
func ParseBaseline(path string, data []byte) ([]validate.Suppression, error) {
	f := &File{Path: path}
	d := &decoder{path: path, placed: map[string]int{}}
	d.document(data, []key{suppressionsKey(&f.Suppressions)})
	d.checkSuppressions(f.Suppressions, f.rules())
	return f.Suppressions, d.err()
}

func (d *decoder) err() error {
	if len(d.problems)+len(d.elsewhere) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return a.Line - b.Line })
	return append(d.problems, d.elsewhere...)
}

// finish checks what can only be judged once all was read: selectors, which
// may name own rules.
func (f *File) finish(d *decoder) {
	for _, o := range f.own {
		f.Own = append(f.Own, o.rule())
	}
	settings := slices.Clone(f.Rules)
	for _, o := range f.Overrides {
		settings = append(settings, o.Rules...)
	}
	for _, s := range settings {
		_, err := validate.New(validate.Config{Own: f.Own, Suppressing: true, Layers: [][]validate.Setting{{{Selector: s.Selector}}}})
		var unknown *validate.UnknownSelectors
		if errors.As(err, &unknown) {
			d.faultAt(s.Line, 0, unknown.Message())
		}
	}
	d.checkSuppressions(f.Suppressions, f.rules())
	if d.err() == nil {
		f.makeLayouts()
	}
}

// rules are the table's and the file's own.
func (f *File) rules() []model.RuleInfo {
	all := validate.Rules()
	for _, o := range f.Own {
		all = append(all, o.Info)
	}
	return all
}

func (d *decoder) checkSuppressions(list []validate.Suppression, rules []model.RuleInfo) {
	for _, s := range list {
		if s.Rule == "" {
			continue
		}
		known := slices.ContainsFunc(rules, func(r model.RuleInfo) bool {
			return strings.EqualFold(r.Code, s.Rule) || strings.EqualFold(r.Name, s.Rule)
		})
		if !known {
			d.faultAt(s.Line, 0, say("豁免里的规则“{rule}”不是一条规则的代码或名称", "the suppression's rule {rule} is no rule's code or name", "rule", s.Rule))
		}
	}
}

// Load reads a configuration file. The error is Problems.
func Load(path string) (*File, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// LoadBaseline reads a baseline file. The error is Problems.
func LoadBaseline(path string) ([]validate.Suppression, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	return ParseBaseline(path, data)
}

func read(path string) ([]byte, error) {
	problem := func(zh, en string, args ...string) ([]byte, error) {
		return nil, Problems{{Path: path, Message: say(zh, en, args...)}}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return problem("找不到这个文件", "there is no such file")
	case err != nil:
		return problem("读不了："+reason.Of(err).Zh, "cannot be read: "+reason.Of(err).En)
	case info.IsDir():
		return problem("这是一个文件夹", "it is a folder")
	case info.Size() > maxSize:
		return problem("文件太大，不像是配置", "it is too large for a configuration")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return problem("读不了："+reason.Of(err).Zh, "cannot be read: "+reason.Of(err).En)
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return problem("这个文件是 UTF-16 编码的，配置文件要用 UTF-8。请用记事本打开它，选“另存为”，编码选“UTF-8”，保存后再试",
			"it is encoded in UTF-16, but a configuration is UTF-8; save it again as UTF-8")
	}
	if line, ok := firstNotUTF8(data); ok {
		return problem("这个文件不是 UTF-8 编码的（从第{line}行起），多半是按 GBK（ANSI）保存的。请用记事本打开它，选“另存为”，编码选“UTF-8”，保存后再试",
			"it is not encoded in UTF-8 (from line {line} on) but, most likely, in GBK; save it again as UTF-8", "line", strconv.Itoa(line))
	}
	return data, nil
}

// firstNotUTF8 is the first line (1-based) that is no UTF-8, if there is one.
func firstNotUTF8(data []byte) (int, bool) {
	line := 0
	for l := range bytes.Lines(data) {
		if line++; !utf8.Valid(l) {
			return line, true
		}
	}
	return 0, false
}

// Find looks for a configuration in a folder and those above it. The path is
// relative where the folder is and the file lies in or below the working
// directory.
func Find(dir string) (string, bool) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		path := filepath.Join(abs, Name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			if wd, err := os.Getwd(); err == nil {
				if rel, err := filepath.Rel(wd, path); err == nil && filepath.IsLocal(rel) {
					return rel, true
				}
			}
			return path, true
		}
		above := filepath.Dir(abs)
		if above == abs {
			return "", false
		}
		abs = above
	}
}

// Source names where the file sets a value, by the value's path
// ("thresholds.goal-length"): PATH:LINE, "" where it does not.
func (f *File) Source(path string) string {
	if f == nil {
		return ""
	}
	line, ok := f.placed[path]
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s:%d", f.Path, line)
}

// applies says whether the override is for a document's path.
func (o *Override) applies(config, document string) bool {
	dir, err := filepath.Abs(filepath.Dir(config))
	if err != nil {
		return false
	}
	abs, err := filepath.Abs(document)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(dir, abs)
	if err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	for _, glob := range o.Files {
		name := rel
		if !strings.Contains(glob, "/") {
			name = rel[strings.LastIndexByte(rel, '/')+1:]
		}
		if doublestar.MatchUnvalidated(glob, name) {
			return true
		}
	}
	return false
}

// Variant tells which overrides apply to a document: documents of the same
// variant are checked alike. "" is none.
func (f *File) Variant(document string) string {
	if f == nil {
		return ""
	}
	var b strings.Builder
	for i := range f.Overrides {
		if f.Overrides[i].applies(f.Path, document) {
			b.WriteString(strconv.Itoa(i) + ",")
		}
	}
	return b.String()
}

// Engine lays the file, with the overrides of a variant, over what the command
// line asks for. A nil file adds nothing.
func (f *File) Engine(variant string, c validate.Config) validate.Config {
	if f == nil {
		return c
	}
	th := validate.DefaultThresholds()
	f.Thresholds.over(&th)
	c.Layers = append(c.Layers, f.layer(f.Rules))
	for i := range f.Overrides {
		if strings.Contains(","+variant, ","+strconv.Itoa(i)+",") {
			c.Layers = append(c.Layers, f.layer(f.Overrides[i].Rules))
			f.Overrides[i].Thresholds.over(&th)
		}
	}
	c.Thresholds, c.Vocabulary, c.Own = &th, f.Vocabulary, f.Own
	c.Suppressing = c.Suppressing || len(f.Suppressions) > 0
	return c
}

func (f *File) layer(settings []Setting) []validate.Setting {
	out := make([]validate.Setting, len(settings))
	for i, s := range settings {
		on := s.State != Off
		out[i] = validate.Setting{Selector: s.Selector, On: &on, Source: fmt.Sprintf("%s:%d", f.Path, s.Line)}
		if s.State != On && s.State != Off {
			out[i].Severity = model.Severity(s.State)
		}
	}
	return out
}
