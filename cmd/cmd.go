// Package cmd is perfgoal's command line: one file a command, and one
// pipeline (run.go) that lint, parse and extract share.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"perfgoal/internal/reason"
	"perfgoal/model"
	"perfgoal/report"
)

// Exit statuses. They are part of the contract with scripts.
const (
	statusOK          = 0
	statusFindings    = 1   // findings at or above --fail-level
	statusUsage       = 2   // usage or configuration error
	statusUnread      = 3   // some input unread, without declaration, or nothing matched
	statusFailed      = 4   // not finished, through no mistake in what was asked: a full disk, no memory
	statusInterrupted = 130 // stopped by a signal
)

// version is set by the linker for releases (-X perfgoal/cmd.version=1.0.0).
var version string

// app is one run of the program.
type app struct {
	in       io.Reader
	out, err io.Writer
	line     *statusLine      // of the terminal that err is
	told     func(why string) // takes in place of err what an input lacks; nil for err
	lang     model.Lang
	color    string // auto, always, never
	status   int    // what a command that ran to its end leaves behind
	unheed   func() // leaves signals to the system again; nil where they are
}

// usageError is a mistake on the command line, in the user's language.
type usageError struct {
	text  string
	cause error // what the system said; may be nil
}

func (e usageError) Error() string { return e.text }
func (e usageError) Unwrap() error { return e.cause }

// failure is what kept the program from its work though nothing was wrong with
// what it was asked, in the user's language.
type failure struct {
	text  string
	cause error
}

func (e failure) Error() string { return e.text }
func (e failure) Unwrap() error { return e.cause }

// Main runs perfgoal and returns its exit status.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	a := &app{in: in, out: out, err: errOut, lang: startLang(args, os.Getenv)}
	if status, ran := watched(a, args); ran {
		return status
	}
	defer utf8Console(out, errOut)()
	args, after := fromExplorer(args, in, out)
	a.out, a.err, a.line = withStatusLine(out, errOut)
	boundGarbage()
	status := a.main(context.Background(), args)
	after(status)
	return status
}

func (a *app) main(ctx context.Context, args []string) (status int) {
	defer func() {
		if fault := recover(); fault != nil {
			status = a.report(a.failure("没有完成：程序出错（%s），请把这个情况反馈给开发者", "not finished: the program failed (%s); please report it", fmt.Sprint(fault)))
		}
	}()
	defer func() {
		if a.unheed != nil {
			a.unheed()
		}
	}()
	root := a.root()
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		a.complete(root)
	}
	if len(args) == 0 || !strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		args = newTypist(root).args(args)
	}
	root.SetArgs(args)
	c, err := root.ExecuteContextC(ctx)
	if err == nil {
		return a.status
	}
	status = a.report(err)
	if status == statusUsage && errors.As(err, new(usageError)) {
		if c.Name() == "help" {
			c = root
		}
		fmt.Fprintln(a.err, a.say("用 %s --help 查看用法。", "Run %s --help for usage.", c.CommandPath()))
	}
	return status
}

// heedSignals makes the first signal ask a command to finish with what is done;
// a second one ends it at once. It is for commands that read documents: the
// threads that watch for signals cost a short one a tenth of its time.
func (a *app) heedSignals(c *cobra.Command, _ []string) {
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	c.SetContext(ctx)
	a.unheed = stop
}

// report names an error that ended a command, and returns the status for it.
func (a *app) report(err error) int {
	usage := errors.As(err, new(usageError)) || errors.As(err, new(configurationError))
	if !usage && !errors.As(err, new(failure)) {
		err = a.failure("没有完成：%v", "not finished: %v", err)
	}
	fmt.Fprintf(a.err, "perfgoal: %s\n", report.PrintableLines(err.Error()))
	if !usage || reason.Machine(err) {
		return statusFailed
	}
	return statusUsage
}

// say renders a wording in the user's language. Both take the same arguments
// in the same order; they are made fit to be shown on one line, and an error
// among them is put into plain words.
func (a *app) say(zh, en string, args ...any) string {
	s := model.Text{Zh: zh, En: en}.In(a.lang)
	if len(args) == 0 {
		return s
	}
	shown := make([]any, len(args))
	for i, arg := range args { // names of files, mostly, and what else was typed
		switch arg := arg.(type) {
		case string:
			shown[i] = report.Printable(arg)
		case error:
			shown[i] = report.Printable(reason.Of(arg).In(a.lang))
		default:
			shown[i] = arg
		}
	}
	return fmt.Sprintf(s, shown...)
}

func (a *app) usage(zh, en string, args ...any) error {
	cause := firstError(args)
	return usageError{a.say(zh, en, args...), cause}
}

func (a *app) failure(zh, en string, args ...any) error {
	cause := firstError(args)
	return failure{a.say(zh, en, args...), cause}
}

func firstError(args []any) error {
	for _, arg := range args {
		if err, ok := arg.(error); ok {
			return err
		}
	}
	return nil
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "perfgoal",
		Short: a.say("检查财政项目支出绩效目标申报表", "Check budget performance-target declarations"),
		Long: a.say(`perfgoal 读取财政项目支出绩效目标申报表（PDF、Excel、Word、网页、CSV 或文本），还原每一张表，
指出其中前后矛盾、算不拢、不合规范的地方，并说明依据。

最常用：
  perfgoal lint 汇总表.pdf`, `perfgoal reads budget performance-target declarations (财政项目支出绩效目标申报表)
from PDF, Excel, Word, HTML, CSV or text, rebuilds each form and reports what does not hold, with its
evidence.

Most of the time:
  perfgoal lint summary.pdf`) + a.exitStatus(true, true),
		Version:           versionLine(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              cobra.ArbitraryArgs,
		RunE:              a.noCommand,
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(a.flagError)
	root.SetUsageTemplate(a.usageTemplate())
	flags := root.PersistentFlags()
	addChoice(a, flags, &a.lang, "lang", "消息的语言：zh 或 en；不写时随系统", "language of messages: zh or en; from the locale", model.Chinese, model.English).called = langOf
	a.color = "auto"
	addChoice(a, flags, &a.color, "color", "是否用颜色：auto、always 或 never，也遵守 NO_COLOR、FORCE_COLOR、CLICOLOR", "colours: auto, always or never; NO_COLOR, FORCE_COLOR and CLICOLOR are heeded", "auto", "always", "never")
	root.AddCommand(a.lintCommand(), a.fixCommand(), a.parseCommand(), a.statsCommand(), a.diffCommand(), a.schemaCommand(), a.extractCommand(), a.rulesCommand(),
		a.explainCommand(), a.configCommand(), a.baselineCommand(), a.docsCommand(), a.versionCommand(), a.completionCommand())
	root.SetHelpCommand(a.helpCommand(root))
	root.SetHelpFunc(fillHelp(root.HelpFunc()))
	root.SetVersionTemplate("{{.Version}}\n")
	root.InitDefaultVersionFlag()
	root.Flags().Lookup("version").Usage = a.say("显示版本", "show the version")
	for _, c := range append(root.Commands(), root) {
		c.DisableFlagsInUseLine = true
		c.InitDefaultHelpFlag()
		c.Flags().Lookup("help").Usage = a.say("显示帮助", "show help")
	}
	return root
}

// noCommand answers a command line that names no command, or none there is.
func (a *app) noCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		root.SetOut(a.err)
		if err := root.Help(); err != nil {
			return err
		}
		a.status = statusUsage
		return nil
	}
	if _, err := os.Stat(args[0]); err == nil {
		return a.usage("没有“%s”这个命令。要检查这个文件，请用：perfgoal lint %s",
			"unknown command %q. To check that file: perfgoal lint %s", args[0], args[0])
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return a.usage("没有“%s”这个命令%s", "unknown command %q%s", args[0], a.didYouMean(args[0], names))
}

func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:               "help [COMMAND]",
		Short:             a.say("显示某个命令的帮助", "Show help for a command"),
		ValidArgsFunction: offerCommands(root),
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return a.noCommand(root, args)
			}
			return c.Help()
		},
	}
}

// fillHelp breaks the lines of the usual help for the terminal it goes to.
func fillHelp(usual func(*cobra.Command, []string)) func(*cobra.Command, []string) {
	return func(c *cobra.Command, args []string) {
		to := c.OutOrStdout()
		if !isTerminal(to) {
			usual(c, args)
			return
		}
		var help strings.Builder
		c.SetOut(&help)
		usual(c, args)
		c.SetOut(to)
		_, _ = io.WriteString(to, report.Fill(help.String(), terminalWidth(to)))
	}
}

// exitStatus is the end of the long help of a command: with --fail-level where
// findings is set, and with what it says of documents without forms where forms
// is.
func (a *app) exitStatus(findings, forms bool) string {
	one, three := "", a.say("有输入读不了，或什么也没匹配到（其余照常输出）", "some input could not be read, or nothing matched (the others\n       are still printed)")
	if findings {
		one = a.say("，没有达到 --fail-level 的问题\n  1    有达到 --fail-level 的问题", ", nothing at or above --fail-level\n  1    findings at or above --fail-level")
	}
	if forms {
		three = a.say("有输入读不了、没有全部读准、没有申报表，或什么也没匹配到（其余照常报告；3 优先于 1）",
			"some input could not be read, or not for certain, holds no declaration, or\n       nothing matched (the others are still reported in full; 3 outranks 1)")
	}
	return a.say("\n\n退出状态（EXIT STATUS）：\n  0    全部读到"+one+`
  2    用法或配置有误
  3    `+three+`
  4    没有完成：磁盘已满、内存不足等，不是用法有误（结果不完整，不要使用）
  130  被中断`, "\n\nEXIT STATUS\n  0    every input was read"+one+`
  2    usage or configuration error
  3    `+three+`
  4    not finished, through no mistake in what was asked: the disk is full,
       memory ran out (the output is not whole)
  130  interrupted`)
}

// buildVersion is the release, or what the Go toolchain recorded.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

func tool() report.Tool { return report.Tool{Name: "perfgoal", Version: buildVersion()} }
