package cmd

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"perfgoal/config"
	"perfgoal/parser/form"
	"perfgoal/report"
	"perfgoal/validate"
)

//go:embed config_template.yaml
var configTemplate string

func (a *app) configCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "config init|verify|show|letter",
		Short: a.say("配置文件：新建、检查、显示实际生效的设置", "The configuration: make one, check it, show what is in force"),
		Long: a.say(`配置文件 .perfgoal.yaml 放在申报表所在的文件夹或其上级文件夹，决定用哪些规则、
各是什么级别、界限是多少，可以补充词语、写自己的规则、豁免个别问题。`,
			`The configuration .perfgoal.yaml stands in the folder of the declarations or one
above it. It says which rules are on and how severe they are, sets thresholds,
adds words and own rules, and suppresses findings.`),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.usage("请写 init、verify、show 或 letter", "give init, verify, show or letter")
			}
			return a.usage("没有“%s”这个子命令%s", "unknown subcommand %q%s", args[0], a.didYouMean(args[0], []string{"init", "verify", "show", "letter"}))
		},
	}
	a.addCommands(c, a.configInit(), a.configVerify(), a.configShow(), a.configLetter())
	return c
}

// addCommands adds subcommands with their help in the user's language.
func (a *app) addCommands(to *cobra.Command, commands ...*cobra.Command) {
	to.AddCommand(commands...)
	for _, c := range commands {
		c.DisableFlagsInUseLine = true
		c.InitDefaultHelpFlag()
		c.Flags().Lookup("help").Usage = a.say("显示帮助", "show help")
	}
}

func (a *app) configInit() *cobra.Command {
	return a.makeFile("init [FILE]", a.say("新建一个带说明的配置文件", "Make a configuration with explanations"), config.Name, configTemplate)
}

func (a *app) configLetter() *cobra.Command {
	return a.makeFile("letter [FILE]", a.say("新建一个审核意见的模板，改好后用 lint --opinion-template", "Make a template of the letters, for lint --opinion-template"),
		a.say("审核意见模板.tmpl", "letter.tmpl"), report.LetterTemplate(a.lang))
}

// makeFile is a command that writes a file to begin with.
func (a *app) makeFile(use, short, usual, content string) *cobra.Command {
	force := false
	c := &cobra.Command{
		Use:   use,
		Short: short,
		RunE: func(_ *cobra.Command, args []string) error {
			path := usual
			switch {
			case len(args) > 1:
				return a.usage("只能写一个文件名", "give one file name")
			case len(args) == 1:
				path = args[0]
			}
			mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
			if force {
				mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
			}
			f, err := os.OpenFile(path, mode, 0o666)
			if errors.Is(err, fs.ErrExist) {
				return a.usage("%s 已经有了；要覆盖请加 --force", "%s is already there; --force overwrites it", path)
			}
			if err != nil {
				return a.usage("写不了 %s：%v", "cannot write %s: %v", path, cause(err))
			}
			_, err = f.WriteString(content)
			if err = errors.Join(err, f.Close()); err != nil {
				return a.usage("写不了 %s：%v", "cannot write %s: %v", path, cause(err))
			}
			fmt.Fprintln(a.out, a.say("已写入 %s", "wrote %s", path))
			return nil
		},
	}
	c.Flags().BoolVar(&force, "force", false, a.say("覆盖已有的文件", "overwrite the file"))
	return c
}

func (a *app) configVerify() *cobra.Command {
	return &cobra.Command{
		Use:   "verify [FILE]",
		Short: a.say("检查配置文件，并运行自己的规则的例子", "Check a configuration and run the examples of own rules"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return a.usage("只能写一个文件名", "give one file name")
			}
			path := ""
			if len(args) == 1 {
				path = args[0]
			} else if found, ok := config.Find("."); ok {
				path = found
			}
			if path == "" {
				return a.usage("这里和上级文件夹里都没有 %s；用 perfgoal config init 可以新建", "there is no %s here or above; perfgoal config init makes one", config.Name)
			}
			file, err := a.loadConfig(path)
			if err != nil {
				return err
			}
			problems, examples := file.Verify()
			if len(problems) > 0 {
				return a.configError(problems)
			}
			fmt.Fprintln(a.out, a.say("%s 没有问题（自己的规则%d条，例子%d个）", "%s is correct (own rules: %d, examples: %d)", path, len(file.Own), examples))
			return nil
		},
	}
}

// setting is one value in force, for config show.
type setting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source string `json:"source"` // default, ruleset, FILE:LINE, --select, --ignore
}

func (a *app) configShow() *cobra.Command {
	f := &configFlags{}
	var selected, ignored []string
	output := ""
	c := &cobra.Command{
		Use:   "show [PATH]",
		Short: a.say("显示对 PATH 生效的设置，以及各从哪里来", "Show what is in force for PATH, and where each value comes from"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return a.usage("只能写一个路径", "give one path")
			}
			if output != "" && output != "text" && output != "json" {
				return a.usage("没有“%s”这种输出格式，可用的是：text json", "unknown output format %q; there are text json", output)
			}
			path := "-"
			if len(args) == 1 {
				path = args[0]
			}
			return a.showConfig(f, validate.Config{Select: selected, Ignore: ignored, Suppressing: true}, path, output == "json")
		},
	}
	f.register(a, c)
	c.Flags().Var(&list{&selected}, "select", a.say("同 lint", "as lint"))
	c.Flags().Var(&list{&ignored}, "ignore", a.say("同 lint", "as lint"))
	c.Flags().StringVarP(&output, "output", "o", "", a.say("输出 `FORMAT`：text 或 json", "output `FORMAT`: text or json"))
	return c
}

func (a *app) showConfig(f *configFlags, base validate.Config, path string, machine bool) error {
	p, err := a.newPlan(f, base)
	if err != nil {
		return err
	}
	e, c, err := p.engine(path)
	if err != nil {
		return err
	}
	or := func(source, otherwise string) string {
		if source == "" {
			return otherwise
		}
		return source
	}
	set := p.ruleset(e, c)
	var list []setting
	list = append(list, setting{"ruleset", set.ID + "@" + set.Version, set.ChosenBy})
	for _, x := range e.Effective() {
		value, source := "off", or(x.OnFrom, "ruleset")
		if x.On {
			value = string(x.Rule.Severity)
			source = or(x.SeverityFrom, source)
		}
		list = append(list, setting{"rules." + x.Rule.Code + " " + x.Rule.Name, value, source})
	}
	th := e.Thresholds()
	overridden := c.file.Variant(path)
	for _, t := range []struct{ name, value string }{
		{"cost-tolerance", th.CostTolerance.String()}, {"cost-error-share", th.CostErrorShare.String()},
		{"goal-likeness", fmt.Sprint(th.GoalLikeness)}, {"goal-length", fmt.Sprint(th.GoalLength)},
		{"numeric-share", fmt.Sprint(th.NumericShare)}, {"related-limit", fmt.Sprint(th.RelatedLimit)},
	} {
		source := c.file.Source("thresholds." + t.name)
		for i := range strings.SplitSeq(strings.TrimSuffix(overridden, ","), ",") {
			source = or(c.file.Source("overrides["+i+"].thresholds."+t.name), source)
		}
		list = append(list, setting{"thresholds." + t.name, t.value, or(source, "default")})
	}
	if c.file != nil {
		o := &c.file.Output
		for _, x := range []struct{ name, value string }{
			{"formats", strings.Join(o.Formats, " ")}, {"lang", string(o.Lang)}, {"color", o.Color},
			{"min-severity", string(o.MinSeverity)}, {"fail-level", o.FailLevel},
		} {
			if x.value != "" {
				list = append(list, setting{"output." + x.name, x.value, c.file.Source("output." + x.name)})
			}
		}
		if o.Pictures != nil {
			list = append(list, setting{"output.pictures", fmt.Sprint(*o.Pictures), c.file.Source("output.pictures")})
		}
		if o.ShowChecks != nil {
			list = append(list, setting{"output.show-checks", fmt.Sprint(*o.ShowChecks), c.file.Source("output.show-checks")})
		}
		for _, l := range c.file.Layouts {
			list = append(list, setting{"layouts." + l.Name, cmp.Or(l.Kind, form.Kinds()[0]), l.Path})
		}
		for _, name := range slices.Sorted(maps.Keys(c.file.Labels)) {
			list = append(list, setting{"labels." + name, strings.Join(c.file.Labels[name], " "), c.file.Source("labels." + name)})
		}
		list = append(list, setting{"suppressions", fmt.Sprint(len(c.file.Suppressions)), or(c.file.Source("suppressions"), "default")})
	}
	file := ""
	if c.file != nil {
		file = filepath.ToSlash(c.file.Path)
	}
	if machine {
		enc := json.NewEncoder(a.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(struct {
			SchemaVersion string    `json:"schema_version"`
			Config        string    `json:"config"` // "" where there is none
			Settings      []setting `json:"settings"`
		}{report.SchemaVersion, file, list})
	}
	if file == "" {
		file = a.say("（没有配置文件，全部为默认）", "(no configuration; all defaults)")
	}
	fmt.Fprintln(a.out, a.say("配置文件：%s", "configuration: %s", file))
	width := 0
	for _, s := range list {
		width = max(width, len(s.Name))
	}
	for _, s := range list {
		fmt.Fprintf(a.out, "%-*s  %-10s  %s\n", width, s.Name, s.Value, s.Source)
	}
	return nil
}
