"""Writes a document as HTML for a browser to print."""
from html import escape

from forms import body, head, title

STYLE = """
@page { size: A4 %(orient)s; margin: 15mm 14mm }
body { font-family: "%(font)s"; font-size: 10.5pt }
h1 { font-size: 15pt; text-align: center } h2 { font-size: 13pt; text-align: center; margin: 14pt 0 2pt }
p.year { text-align: center; margin: 0 0 4pt }
table { border-collapse: collapse; width: 100%%; table-layout: fixed }
td { border: %(border)s; padding: 2pt 4pt; text-align: center; overflow-wrap: anywhere }
td.long { text-align: left }
div.break { break-before: page }
thead { display: table-header-group }
"""


def cells(row):
    out = []
    for text, _, cs, rs in row:
        span = (f' colspan="{cs}"' if cs > 1 else "") + (f' rowspan="{rs}"' if rs > 1 else "")
        long = ' class="long"' if len(text) > 24 else ""
        out.append(f"<td{span}{long}>{escape(text)}</td>")
    return "<tr>" + "".join(out) + "</tr>"


def widths(cols):
    w = [9, 13, 13, 15, 15, 13, 15] if cols == 7 else [12, 16, 20, 27, 25]
    return "<colgroup>" + "".join(f'<col style="width:{x}%">' for x in w) + "</colgroup>"


def form_table(form, repeat):
    """One form; with repeat, its indicators are a table of their own whose
    heading row the browser prints again on every page."""
    cols, top = head(form)
    low = body(form)
    out = [f"<h2>{escape(title(form))}</h2><p class=year>（{form['year']}年度）</p>"]
    if repeat:
        # The left label cannot span a heading that repeats, so it heads its own column.
        heading = [("绩效指标", 0, 1, 1)] + low[0][1:]
        low[1] = [("", 0, 1, len(low) - 1)] + low[1]
        out.append(f"<table>{widths(cols)}" + "".join(map(cells, top)) + "</table>")
        out.append(f'<table style="margin-top:-1px">{widths(cols)}<thead>{cells(heading)}</thead><tbody>'
                   + "".join(map(cells, low[1:])) + "</tbody></table>")
    else:
        out.append(f"<table>{widths(cols)}" + "".join(map(cells, top + low)) + "</table>")
    return "\n".join(out)


def other_table(spec):
    rows = ["<tr>" + "".join(f"<td>{escape(x)}</td>" for x in r) + "</tr>" for r in spec["rows"]]
    return f"<h2>{escape(spec['title'])}</h2><table>" + "".join(rows) + "</table>"


def document(doc, forms):
    look = {"font": "WenQuanYi Micro Hei", "border": "1px solid black", "orient": "portrait"}
    look.update(doc.get("html", {}))
    out = ["<!doctype html><html lang=zh-CN><meta charset=utf-8><style>", STYLE % look, "</style>",
           f"<h1>{escape(doc['title'])}</h1>"]
    for part in doc.get("before", []):
        out.append(prose(part))
    for i, form in enumerate(forms):
        fill = doc.get("fill", {}).get(str(i + 1))
        if i and doc.get("page_per_form", True):
            out.append("<div class=break></div>")
        if fill:
            out.append(f'<div style="height:{fill}mm"></div>')
        out.append(form_table(form, doc.get("repeat_heading", False)))
        for part in doc.get("between", []):
            out.append(prose(part))
    for part in doc.get("after", []):
        out.append(prose(part))
    return "\n".join(out)


def prose(part):
    if isinstance(part, dict):
        return other_table(part)
    return f"<p>{escape(part)}</p>"
