"""Writes a document as a flat OpenDocument text for LibreOffice Writer."""
from html import escape

from forms import body, head, title

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="CJK" svg:font-family="'%(font)s'"/></office:font-face-decls>
<office:styles><style:default-style style:family="paragraph"><style:text-properties style:font-name="CJK"
 style:font-name-asian="CJK" fo:font-size="10pt" style:font-size-asian="10pt" fo:language="zh" fo:country="CN"
 style:language-asian="zh" style:country-asian="CN"/></style:default-style></office:styles>
<office:automatic-styles>
<style:page-layout style:name="pm"><style:page-layout-properties fo:page-width="%(pw)s" fo:page-height="%(ph)s"
 fo:margin-top="1.8cm" fo:margin-bottom="1.8cm" fo:margin-left="1.7cm" fo:margin-right="1.7cm"/></style:page-layout>
<style:style style:name="T" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-bottom="0.2cm"/>
<style:text-properties fo:font-size="14pt" style:font-size-asian="14pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="TB" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-bottom="0.2cm" fo:break-before="page"/>
<style:text-properties fo:font-size="14pt" style:font-size-asian="14pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="C" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
<style:style style:name="L" style:family="paragraph"><style:paragraph-properties fo:text-align="start"/></style:style>
<style:style style:name="tbl" style:family="table"><style:table-properties style:width="17.6cm" table:align="center" table:border-model="collapsing"/></style:style>
<style:style style:name="row" style:family="table-row"><style:table-row-properties fo:keep-together="%(keep)s"/></style:style>
<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:padding="0.08cm" fo:border="%(border)s" style:vertical-align="middle"/></style:style>
%(cols)s
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm"/></office:master-styles>
<office:body><office:text>
"""
WIDTHS = {7: [1.8, 2.3, 2.4, 2.7, 2.7, 2.6, 3.1], 5: [2.2, 2.9, 3.3, 5.2, 4.0]}


def styles():
    out = []
    for n, ws in WIDTHS.items():
        for i, w in enumerate(ws):
            out.append(f'<style:style style:name="c{n}.{i}" style:family="table-column">'
                       f'<style:table-column-properties style:column-width="{w}cm"/></style:style>')
    return "".join(out)


def para(text, style):
    return f'<text:p text:style-name="{style}">{escape(text)}</text:p>'


def rows_xml(cols, rows, covered):
    """Rows as XML; `covered` holds, by column, how many rows a span still takes."""
    out = []
    for row in rows:
        line = ['<table:table-row table:style-name="row">']
        by_col = {c[1]: c for c in row}
        col = 0
        while col < cols:
            if covered.get(col, (0, 1))[0] > 0:
                left, width = covered[col]
                covered[col] = (left - 1, width)
                line.append("<table:covered-table-cell/>" * width)
                col += width
                continue
            text, _, cs, rs = by_col.get(col, ("", col, 1, 1))
            span = f' table:number-columns-spanned="{cs}" table:number-rows-spanned="{rs}"' if cs > 1 or rs > 1 else ""
            line.append(f'<table:table-cell table:style-name="cell"{span}>{para(text, "L" if len(text) > 24 else "C")}</table:table-cell>'
                        + "<table:covered-table-cell/>" * (cs - 1))
            if rs > 1:
                covered[col] = (rs - 1, cs)
            col += cs
        out.append("".join(line) + "</table:table-row>")
    return "".join(out)


def open_table(cols):
    return '<table:table table:style-name="tbl">' + "".join(
        f'<table:table-column table:style-name="c{cols}.{i}"/>' for i in range(cols))


def form_table(form, repeat):
    cols, top = head(form)
    low = body(form)
    if not repeat:
        return open_table(cols) + rows_xml(cols, top + low, {}) + "</table:table>"
    # A repeated heading cannot hold a cell that spans into the body.
    heading = [("绩效指标", 0, 1, 1)] + low[0][1:]
    low[1] = [("", 0, 1, len(low) - 1)] + low[1]
    return (open_table(cols) + rows_xml(cols, top, {}) + "</table:table>"
            + open_table(cols) + "<table:table-header-rows>" + rows_xml(cols, [heading], {}) + "</table:table-header-rows>"
            + rows_xml(cols, low[1:], {}) + "</table:table>")


def prose(part):
    if isinstance(part, dict):
        cols = len(part["rows"][0])
        rows = [[(x, i, 1, 1) for i, x in enumerate(r)] for r in part["rows"]]
        return (para(part["title"], "T") + '<table:table table:style-name="tbl">'
                + f'<table:table-column table:number-columns-repeated="{cols}"/>' + rows_xml(cols, rows, {}) + "</table:table>")
    return para(part, "L")


def document(doc, forms):
    look = {"font": "Noto Serif CJK SC", "border": "0.5pt solid #000000", "keep": "auto", "pw": "21cm", "ph": "29.7cm"}
    look.update(doc.get("fodt", {}))
    look["cols"] = styles()
    out = [HEAD % look, para(doc["title"], "T")]
    out += [prose(x) for x in doc.get("before", [])]
    for i, form in enumerate(forms):
        new_page = i and doc.get("page_per_form", True)
        out.append(para(title(form), "TB" if new_page else "T"))
        for _ in range(int(doc.get("fill", {}).get(str(i + 1), 0) / 5)):
            out.insert(-1 if not new_page else len(out), para("", "L"))
        out.append(para(f"（{form['year']}年度）", "C"))
        out.append(form_table(form, doc.get("repeat_heading", False)))
        out += [prose(x) for x in doc.get("between", [])]
    out += [prose(x) for x in doc.get("after", [])]
    return "".join(out) + "</office:text></office:body></office:document>"
