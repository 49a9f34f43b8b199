package cmd

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"perfgoal/cmd/input"
	"perfgoal/config"
	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/report"
	"perfgoal/validate"
)

// configFlags say which configuration, ruleset and baseline to go by.
type configFlags struct {
	file     string
	none     bool
	ruleset  string
	year     int
	baseline string
	today    string // for tests and for reports of an earlier day
}

func (f *configFlags) register(a *app, c *cobra.Command) {
	f.registerFile(a, c)
	flags := c.Flags()
	flags.StringVar(&f.ruleset, "ruleset", "", a.say("用这个规则集 `ID[@VERSION]`", "go by this ruleset, `ID[@VERSION]`"))
	flags.Var(&number[int]{&f.year, minYear, maxYear}, "year", a.say("用 `YEAR` 年度适用的规则集", "go by the ruleset of fiscal year `YEAR`"))
	flags.Var(&day{&f.today}, "today", a.say("按这一天 `DATE` 判断豁免是否到期", "hold expiry against this `DATE`"))
	flags.Lookup("today").Hidden = true
}

// registerFile adds the flags that say which configuration to go by, for
// commands that only read.
func (f *configFlags) registerFile(a *app, c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.file, "config", "", a.say("用这个配置文件 `FILE`（不写时从输入所在的文件夹往上找 .perfgoal.yaml）", "use this configuration `FILE` (default: .perfgoal.yaml in the input's folder or above)"))
	flags.BoolVar(&f.none, "no-config", false, a.say("不用任何配置文件", "use no configuration"))
}

func (f *configFlags) registerBaseline(a *app, c *cobra.Command) {
	c.Flags().StringVar(&f.baseline, "baseline", "", a.say("不列出基线文件 `FILE` 里已有的问题（见 perfgoal baseline）", "leave out the findings of the baseline `FILE` (see perfgoal baseline)"))
}

// Bounds of a fiscal year on the command line, as in the configuration.
const minYear, maxYear = 2000, 2100

// plan says how each document is to be checked. It is complete before any
// document is read, and then only looked up.
type plan struct {
	app      *app
	flags    *configFlags
	base     validate.Config // what the command line asks for
	chosenBy string
	today    time.Time
	explicit *config.File // --config
	baseline *validate.Suppressions
	dropped  atomic.Int64 // findings that were suppressed

	mu      sync.Mutex
	byDir   map[string]*configured
	byPath  map[string]*configured
	ordered []*configured
}

// configured is a configuration with its engines; file is nil where there is
// none.
type configured struct {
	file    *config.File
	engines map[string]*validate.Engine // by variant
	hidden  *validate.Suppressions
}

// newPlan reads what the flags name. The base of a plan is the configuration
// that holds for the first path.
func (a *app) newPlan(f *configFlags, base validate.Config) (*plan, error) {
	p := &plan{app: a, flags: f, base: base, today: time.Now(), byDir: map[string]*configured{}, byPath: map[string]*configured{}}
	if f.file != "" && f.none {
		return nil, a.usage("--config 和 --no-config 不能一起用", "--config and --no-config exclude each other")
	}
	if f.today != "" {
		day, err := time.Parse(time.DateOnly, f.today)
		if err != nil {
			return nil, a.usage("--today 应当是日期，如 2026-12-31", "--today takes a date such as 2026-12-31")
		}
		p.today = day
	}
	if f.ruleset != "" || f.year != 0 {
		set, by, err := a.chooseRuleset(f.ruleset, f.year, "--ruleset", "--year")
		if err != nil {
			return nil, err
		}
		p.base.Ruleset, p.chosenBy = set, by
	}
	if f.file != "" {
		file, err := a.loadConfig(f.file)
		if err != nil {
			return nil, err
		}
		p.explicit = file
	}
	if f.baseline != "" {
		list, err := config.LoadBaseline(f.baseline)
		if err != nil {
			return nil, a.configError(err)
		}
		p.baseline = validate.NewSuppressions(list, validate.Rules(), p.today)
		p.base.Suppressing = true
	}
	return p, nil
}

// chooseRuleset finds the set that a name or year means.
func (a *app) chooseRuleset(name string, year int, nameBy, yearBy string) (*validate.Ruleset, string, error) {
	var known []string
	for _, s := range validate.Rulesets() {
		known = append(known, s.ID+"@"+s.Version)
	}
	if name != "" {
		set, ok := validate.FindRuleset(name)
		if why, retired := validate.RetiredRuleset(name); retired {
			return nil, "", a.usage("%s", "%s", why.In(a.lang))
		}
		if !ok {
			return nil, "", a.usage("没有“%s”这个规则集，有：%s", "unknown ruleset %q; there are %s", name, strings.Join(known, " "))
		}
		return set, nameBy, nil
	}
	set, ok := validate.RulesetForYear(year)
	if !ok {
		return nil, "", a.usage("没有%d年度适用的规则集；可以用 --ruleset 指定：%s", "no ruleset is valid in %d; choose one with --ruleset: %s", year, strings.Join(known, " "))
	}
	return set, yearBy, nil
}

func (a *app) loadConfig(path string) (*config.File, error) {
	file, err := config.Load(path)
	if err != nil {
		return nil, a.configError(err)
	}
	return file, nil
}

// configError puts the mistakes of a file into the user's language.
func (a *app) configError(err error) error {
	var problems config.Problems
	if !errors.As(err, &problems) {
		return err
	}
	return configurationError{a.say("配置有误（%d处）：\n", "the configuration has mistakes (%d):\n", len(problems)) + problems.In(a.lang)}
}

// configurationError is a mistake in a configuration or baseline.
type configurationError struct{ text string }

func (e configurationError) Error() string { return e.text }

// folder is where the search for a path's configuration begins.
func folder(path string) string {
	if path == "-" || path == "" {
		return "."
	}
	for strings.ContainsAny(path, "*?[{") {
		path = filepath.Dir(path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return path
	}
	return filepath.Dir(path)
}

// at is what holds for a document's path.
func (p *plan) at(path string) (*configured, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dir := ""
	if p.explicit == nil && !p.flags.none {
		dir = folder(path)
	}
	if c := p.byDir[dir]; c != nil {
		return c, nil
	}
	file, name := p.explicit, ""
	if file != nil {
		name = file.Path
	} else if dir != "" {
		if found, ok := config.Find(dir); ok {
			name = found
		}
	}
	c := p.byPath[name]
	if c == nil {
		c = &configured{engines: map[string]*validate.Engine{}}
		if name != "" && file == nil {
			var err error
			if file, err = p.app.loadConfig(name); err != nil {
				return nil, err
			}
		}
		c.file = file
		if file != nil {
			rules := validate.Rules()
			for _, o := range file.Own {
				rules = append(rules, o.Info)
			}
			c.hidden = validate.NewSuppressions(file.Suppressions, rules, p.today)
		}
		p.byPath[name] = c
		p.ordered = append(p.ordered, c)
	}
	p.byDir[dir] = c
	return c, nil
}

// engine is the one for a document's path.
func (p *plan) engine(path string) (*validate.Engine, *configured, error) {
	c, err := p.at(path)
	if err != nil {
		return nil, nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	variant := c.file.Variant(path)
	if e := c.engines[variant]; e != nil {
		return e, c, nil
	}
	asked := p.base
	if asked.Ruleset == nil && c.file != nil && (c.file.Ruleset != "" || c.file.Year != 0) {
		set, _, err := p.app.chooseRuleset(c.file.Ruleset, c.file.Year, "", "")
		if err != nil {
			return nil, nil, err
		}
		asked.Ruleset = set
	}
	e, err := p.app.newEngine(c.file.Engine(variant, asked))
	if err != nil {
		return nil, nil, err
	}
	c.engines[variant] = e
	return e, c, nil
}

// ruleset names the set that holds for the first path, and why.
func (p *plan) ruleset(e *validate.Engine, c *configured) *report.Ruleset {
	set := e.Ruleset()
	by := p.chosenBy
	if by == "" && c.file != nil {
		if by = c.file.Source("ruleset"); by == "" {
			by = c.file.Source("year")
		}
	}
	if by == "" {
		by = "default"
	}
	return &report.Ruleset{ID: set.ID, Version: set.Version, ValidFrom: set.ValidFrom, ValidTo: set.ValidTo, ChosenBy: by}
}

// layouts are those to read a document with; nil for those that the program
// comes with.
func (p *plan) layouts(path string) *form.Layouts {
	c, err := p.at(path)
	if err != nil {
		panic(err) // know has looked at every place before
	}
	return c.file.Known()
}

// ocr says whether scans are to be read where a document stands.
func (p *plan) ocr(path string) bool {
	c, err := p.at(path)
	return err == nil && c.file != nil && c.file.Read.OCR
}

// know reads the configurations of all documents to come, so that every
// mistake in one is known before the first is read.
func (p *plan) know(places []input.Place) error {
	for _, x := range places {
		if _, err := p.at(x.Path); err != nil {
			return err
		}
	}
	return nil
}

// rules makes the engines of all documents to come, so that every mistake of a
// configuration is known before the first is read, and returns the rules that
// any of them checks.
func (p *plan) rules(places []input.Place) ([]model.RuleInfo, error) {
	seen := map[*validate.Engine]bool{}
	known := map[string]bool{}
	var out []model.RuleInfo
	for _, x := range places {
		e, _, err := p.engine(x.Path)
		if err != nil {
			return nil, err
		}
		if seen[e] {
			continue
		}
		seen[e] = true
		for _, r := range e.Rules() {
			if !known[r.Code] {
				known[r.Code] = true
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// files are the configurations that hold for the documents to come.
func (p *plan) files() []string {
	var out []string
	for _, c := range p.ordered {
		if c.file != nil {
			out = append(out, c.file.Path)
			for _, l := range c.file.Layouts {
				out = append(out, l.Path)
			}
		}
	}
	return out
}

// keep leaves out what configuration and baseline suppress.
func (p *plan) keep(e *validate.Engine, c *configured, d *model.Document, findings []model.Finding) []model.Finding {
	checked := e.Rules()
	for _, s := range []*validate.Suppressions{c.hidden, p.baseline} {
		if s == nil {
			continue
		}
		kept, dropped := s.Filter(d, checked, findings)
		findings = kept
		p.dropped.Add(int64(dropped))
	}
	return findings
}

// check checks a document by the configuration for its path.
func (p *plan) check(d *model.Document, forms bool) report.Checked {
	e, c, err := p.engine(d.Path)
	if err != nil {
		panic(err) // rules has looked at every place before
	}
	checked := check(e, d, forms)
	checked.Findings = p.keep(e, c, d, checked.Findings)
	return checked
}

// close adds what is wrong with the suppressions themselves, once all
// documents were checked, and says whether there are any.
func (p *plan) close(out *report.Checked) bool {
	some := false
	add := func(s *validate.Suppressions, e *validate.Engine) {
		r := s.Close(e)
		out.Findings = append(out.Findings, r.Findings...)
		some = some || len(r.Checks) > 0
		out.Checks, out.Single = append(out.Checks, r.Checks...), append(out.Single, r.Single...)
	}
	var base *validate.Engine
	for _, c := range p.ordered {
		for _, e := range c.engines {
			if base == nil {
				base = e
			}
			if c.hidden != nil {
				add(c.hidden, e)
				break
			}
		}
	}
	if p.baseline != nil && base != nil {
		add(p.baseline, base)
	}
	return some
}

// suppressed is how many findings were left out.
func (p *plan) suppressed() int { return int(p.dropped.Load()) }

// firstPath is the path whose configuration says how to report.
func firstPath(paths []string, stdinName string) string {
	if len(paths) == 0 {
		return "-"
	}
	if paths[0] == "-" && stdinName != "" {
		return stdinName
	}
	return paths[0]
}

// defaults takes from a configuration what flags do not say.
func (f *lintFlags) defaults(a *app, c *cobra.Command, file *config.File) {
	if file == nil {
		return
	}
	o, unset := &file.Output, func(name string) bool { return !c.Flags().Changed(name) }
	if o.Lang != "" && unset("lang") {
		a.lang = o.Lang
	}
	if o.Color != "" && unset("color") {
		a.color = o.Color
	}
	if len(o.Formats) > 0 && unset("output") {
		f.read.output = o.Formats
	}
	if o.MinSeverity != "" && unset("min-severity") {
		f.minSeverity = o.MinSeverity
	}
	if o.FailLevel != "" && unset("fail-level") {
		f.failLevel = failLevel(o.FailLevel)
	}
	if o.ShowChecks != nil && unset("show-checks") {
		f.showChecks = *o.ShowChecks
	}
	if o.Pictures != nil && unset("pictures") {
		f.pictures = *o.Pictures
	}
}
