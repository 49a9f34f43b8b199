"""Writes a document as flat OpenDocument for a spreadsheet program to convert:
a form a sheet, or with stack=True all forms below one another on one sheet."""
import re
from html import escape

from forms import body, head, title

NS = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}:1.0"' for k, v in {
    "office": "office", "style": "style", "text": "text", "table": "table", "number": "datastyle", "fo": "xsl-fo-compatible"}.items())
STYLES = """<office:automatic-styles>
<number:number-style style:name="N"><number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:date-style style:name="D"><number:year number:style="long"/><number:text>年</number:text><number:month/><number:text>月</number:text><number:day/><number:text>日</number:text></number:date-style>
<style:style style:name="box" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:wrap-option="wrap"/></style:style>
<style:style style:name="num" style:family="table-cell" style:data-style-name="N" style:parent-style-name="box"><style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="D"><style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>
</office:automatic-styles>"""


def cell(text, cs=1, rs=1, style="box"):
    span = f' table:number-columns-spanned="{cs}" table:number-rows-spanned="{rs}"' if cs > 1 or rs > 1 else ""
    if style == "box" and re.fullmatch(r"\d{1,3}(,\d{3})+\.\d\d", text):
        return f'<table:table-cell table:style-name="num" office:value-type="float" office:value="{text.replace(",", "")}"{span}/>'
    if style == "box" and re.fullmatch(r"\d{4}-\d\d-\d\d", text) and "02-30" not in text and "06-31" not in text:
        return f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{text}"{span}/>'
    lines = "".join(f"<text:p>{escape(p)}</text:p>" for p in text.split("\n"))
    kind = ' office:value-type="string"' if text else ""
    named = f' table:style-name="{style}"' if style else ""
    return f"<table:table-cell{named}{kind}{span}>{lines if text else ''}</table:table-cell>"


def rows(table, cols):
    """Rows of (text, column, columns, rows), with the cells that others cover."""
    taken = [0] * cols
    for row in table:
        out, col, items = [], 0, list(row)
        while col < cols:
            if taken[col] > 0:
                taken[col] -= 1
                out.append('<table:covered-table-cell table:style-name="box"/>')
                col += 1
                continue
            text, _, cs, rs = items.pop(0)
            out.append(cell(text, cs, rs) + '<table:covered-table-cell table:style-name="box"/>' * (cs - 1))
            for i in range(cs):
                taken[col + i] = rs - 1
            col += cs
        yield "<table:table-row>" + "".join(out) + "</table:table-row>"


def form_rows(form):
    cols, top = head(form)
    yield f'<table:table-row>{cell(title(form), cols, 1, "")}</table:table-row>'
    yield f'<table:table-row>{cell("（" + str(form["year"]) + "年度）", cols, 1, "")}</table:table-row>'
    yield from rows(top + body(form), cols)


def document(doc, forms, stack=False):
    sheets, blank = [], "<table:table-row><table:table-cell/></table:table-row>"
    if stack:
        sheets.append(("汇总", blank.join("".join(form_rows(f)) for f in forms)))
    else:
        for i, f in enumerate(forms):
            sheets.append((f"表{i + 1}", "".join(form_rows(f))))
    tables = "".join(f'<table:table table:name="{n}"><table:table-column table:number-columns-repeated="7"/>{r}</table:table>' for n, r in sheets)
    return (f'<?xml version="1.0" encoding="UTF-8"?><office:document {NS} office:version="1.2" '
            f'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">{STYLES}'
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document>")
