package cmd

import (
	"bytes"
	"context"
	"io"

	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/report"
	"perfgoal/validate"
)

// Lint checks a file held in memory, or an archive of files, by the default
// rules and writes what `perfgoal lint -o json -o html=FILE` writes for a file
// of that name. It is for callers without a command line or files, such as the
// page that runs in a browser. A file that cannot be read is in the report;
// the error is that no report could be made.
func Lint(ctx context.Context, lang model.Lang, name string, data []byte, json, html io.Writer) error {
	a := &app{in: bytes.NewReader(data), out: io.Discard, err: io.Discard, lang: lang, color: "never"}
	plan, err := a.newPlan(&configFlags{none: true}, validate.Config{NoSingle: true, Bundle: input.IsArchive(name)})
	if err != nil {
		return err
	}
	engine, configured, err := plan.engine(name)
	if err != nil {
		return err
	}
	j := &lintJob{plan: plan, engine: engine, configured: configured, failLevel: failLevel(model.Error)}
	if input.IsArchive(name) {
		j.bundle = engine.NewBundle(nil)
	}
	return run(ctx, a, &readFlags{stdinName: name, noCache: true}, []string{"-"}, setup[report.LintWriter]{
		outputs: []target[report.LintWriter]{{format: report.LintJSON(), to: json}, {format: report.LintHTML(), to: html}},
		report: report.Options{Lang: lang, Tool: tool(), Rules: engine.Rules(), Ruleset: plan.ruleset(engine, configured),
			MinSeverity: model.Info, FailLevel: model.Error},
		keep: keep{digest: j.bundle != nil},
	}, j)
}
