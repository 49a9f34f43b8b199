package report

import (
	"html/template"
	"io"
	"sync"
)

var letterPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("letter").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="generator" content="{{.Tool.Name}} {{.Tool.Version}}">
<title>{{.Title}}</title>
<style>
body { max-width: 45em; margin: 2em auto; padding: 0 1em; font: 16px/1.7 "SimSun", "Songti SC", "Noto Serif CJK SC", serif; color: #111; background: #fff; }
h1, h2 { font-family: "SimHei", "Heiti SC", "Noto Sans CJK SC", sans-serif; }
h1 { text-align: center; font-size: 1.6em; } h2 { font-size: 1.2em; margin: 1.4em 0 .4em; } h3 { font-size: 1em; margin: 1em 0 .2em; }
p { margin: .2em 0; overflow-wrap: anywhere; } .small { color: #555; font-size: .85em; }
table { border-collapse: collapse; width: 100%; margin: .5em 0; font-size: .9em; } th, td { border: 1px solid #777; padding: .2em .5em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
@page { size: A4; margin: 25mm; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 11pt; } h2, h3 { break-after: avoid; } tr { break-inside: avoid; } }
</style>
</head>
<body>
{{range .Blocks}}{{.}}
{{end}}</body>
</html>
`))
})

var letterBlocks = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("blocks").Parse(`
{{- define "paragraph"}}<p>{{.}}</p>{{end}}
{{- define "title"}}<h1>{{.}}</h1>{{end}}
{{- define "heading"}}<h2>{{.}}</h2>{{end}}
{{- define "subheading"}}<h3>{{.}}</h3>{{end}}
{{- define "small"}}<p class="small">{{.}}</p>{{end}}
{{- define "table"}}<table>{{range .Head}}<tr>{{range .}}<th scope="col">{{.}}</th>{{end}}</tr>{{end}}{{range .Rows}}<tr>{{range .}}<td>{{.}}</td>{{end}}</tr>{{end}}</table>{{end}}`))
})

var letterBlockNames = map[blockKind]string{paragraph: "paragraph", letterTitle: "title", heading: "heading", subheading: "subheading", small: "small", tableBlock: "table"}

// writeLetterHTML writes the letter as a page that needs nothing else.
func writeLetterHTML(w io.Writer, opt Options, blocks []block) error {
	page := struct {
		Lang, Title string
		Tool        Tool
		Blocks      []template.HTML
	}{Lang: opt.say("zh-CN", "en"), Title: opt.say("绩效目标审核意见", "Review of performance targets"), Tool: opt.Tool}
	for _, b := range blocks {
		var data any = b.text
		if b.kind == tableBlock {
			table := struct{ Head, Rows [][]string }{Rows: b.rows}
			if headed(b.rows) {
				table.Head, table.Rows = b.rows[:1], b.rows[1:]
			}
			data = table
		}
		var s bounded
		if err := letterBlocks().ExecuteTemplate(&s, letterBlockNames[b.kind], data); err != nil {
			return err
		}
		page.Blocks = append(page.Blocks, template.HTML(s.String())) // made by the template above
		if b.kind == letterTitle {
			page.Title = b.text
		}
	}
	return letterPage().Execute(w, page)
}
