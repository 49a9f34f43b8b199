package report

import (
	"html/template"
	"io"
	"net/url"
	"strconv"
	"sync"

	"perfgoal/model"
)

// lintHTMLUnits writes a page of the report for each unit, and an index.
type lintHTMLUnits struct {
	to    Folder
	opt   Options
	all   tally
	units *units
	pages map[string]*lintHTML
}

func newLintHTMLUnits(to Folder, opt Options) LintWriter {
	return &lintHTMLUnits{to: to, opt: opt, all: newTally(opt), units: newUnits(), pages: map[string]*lintHTML{}}
}

func (l *lintHTMLUnits) Add(c Checked) error {
	l.all.add(c)
	for _, p := range l.units.split(c) {
		page := l.pages[p.unit]
		if page == nil {
			page = newLintHTML(nil, l.opt).(*lintHTML)
			l.pages[p.unit] = page
		}
		if err := page.Add(p.Checked); err != nil {
			return err
		}
	}
	return nil
}

var unitIndex = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("index").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="generator" content="{{.Tool.Name}} {{.Tool.Version}}">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<header class="top"><h1>{{.Title}}</h1><p class="verdict {{.Worst}}">{{.Verdict}}</p></header>
<main><section>
<p class="soft">{{.Checks}}</p>
<div class="scroll" tabindex="0"><table class="figures"><thead><tr>{{range .Head}}<th scope="col">{{.}}</th>{{end}}</tr></thead><tbody>
{{range .Rows}}<tr><th scope="row"><a href="{{.Link}}">{{.Unit}}</a></th>{{range .Figures}}<td>{{.}}</td>{{end}}</tr>
{{end}}</tbody></table></div>
</section></main>
</body>
</html>
`))
})

type unitRow struct {
	Link, Unit string
	Figures    []string
}

func (l *lintHTMLUnits) Close(end End) error {
	o := l.opt
	names := fileNames{}
	names.name("index", ".html")
	var rows []unitRow
	for _, unit := range l.units.order {
		page := l.pages[unit]
		if page == nil {
			continue
		}
		name := names.name(l.units.title(o, unit), ".html")
		mine := End{Interrupted: end.Interrupted, Manifest: l.units.of(end.Manifest, unit)}
		if err := l.to.Put(name, func(w io.Writer) error {
			page.w = w
			return page.Close(mine)
		}); err != nil {
			return err
		}
		row := unitRow{Link: "./" + url.PathEscape(name), Unit: l.units.title(o, unit)}
		for _, n := range []int{page.forms, page.severity[model.Error], page.severity[model.Warning], page.severity[model.Info], page.doubted, len(page.unread)} {
			row.Figures = append(row.Figures, strconv.Itoa(n))
		}
		rows = append(rows, row)
		delete(l.pages, unit)
	}
	return l.to.Put("index.html", func(w io.Writer) error {
		return unitIndex().Execute(w, struct {
			Lang, Title, Verdict, Checks string
			Worst                        model.Severity
			Tool                         Tool
			Style                        template.CSS
			Head                         []string
			Rows                         []unitRow
		}{o.say("zh-CN", "en"), o.say("绩效目标申报表检查报告：各单位", "Performance-target declarations: report by unit"), l.all.verdict(end), l.all.judged(), l.all.worst(end), o.Tool,
			template.CSS(pageStyle), []string{o.say("单位", "unit"), o.say("申报表", "forms"), o.say("错误", "errors"), o.say("警告", "warnings"), o.say("提示", "notes"),
				o.say("没有读准", "not certain"), o.say("没有得到检查的文件", "files not checked")}, rows})
	})
}
