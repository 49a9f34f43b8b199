package cmd

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

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
	return lintMemory(ctx, lang, name, data, nil, target[report.LintWriter]{format: report.LintJSON(), to: json}, target[report.LintWriter]{format: report.LintHTML(), to: html})
}

// Annotated is what `perfgoal lint -o annotated=FILE` writes for a PDF held in
// memory, with the extension that it should have: for an archive a ZIP of the
// copies of its PDFs, with a text that says which documents have none and why.
// The error says why there is no copy at all, in the language.
func Annotated(ctx context.Context, lang model.Lang, name string, data []byte) (copied []byte, extension string, err error) {
	var lacking []string
	folder := &memoryFolder{files: map[string][]byte{}}
	if err := lintMemory(ctx, lang, name, data, func(why string) { lacking = append(lacking, why) }, target[report.LintWriter]{format: report.LintAnnotated(), into: folder}); err != nil {
		return nil, "", err
	}
	why := strings.Join(lacking, "\n")
	switch {
	case len(folder.names) == 0:
		return nil, "", errors.New(why)
	case !input.IsArchive(name):
		return folder.files[folder.names[0]], ".pdf", nil
	}
	if why != "" {
		left := model.Text{Zh: "没有批注副本的文件.txt", En: "files-without-marked-copy.txt"}.In(lang)
		if err := folder.Put(left, func(w io.Writer) error { _, err := io.WriteString(w, why+"\n"); return err }); err != nil {
			return nil, "", err
		}
	}
	copied, err = folder.zip()
	return copied, ".zip", err
}

// lintMemory checks a file held in memory for outputs that are not files. told,
// if given, is told what an input lacks.
func lintMemory(ctx context.Context, lang model.Lang, name string, data []byte, told func(why string), outputs ...target[report.LintWriter]) error {
	a := &app{in: bytes.NewReader(data), out: io.Discard, err: io.Discard, told: told, lang: lang, color: "never"}
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
		outputs: outputs,
		report: report.Options{Lang: lang, Tool: tool(), Rules: engine.Rules(), Ruleset: plan.ruleset(engine, configured),
			MinSeverity: model.Info, FailLevel: model.Error},
		keep: keep{digest: j.bundle != nil},
	}, j)
}

// memoryFolder is an output of several files that stay in memory.
type memoryFolder struct {
	names []string // in the order in which they were first put there
	files map[string][]byte
}

func (f *memoryFolder) Put(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if f.files[name] == nil {
		f.names = append(f.names, name)
	}
	f.files[name] = b.Bytes()
	return nil
}

func (f *memoryFolder) Get(name string) ([]byte, error) { return f.files[name], nil }

// firstDay is the first day that archives can name, so that the same files make
// the same archive.
var firstDay = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// zip is the folder as an archive.
func (f *memoryFolder) zip() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range f.names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: firstDay})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.files[name]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
