#!/usr/bin/env python3
"""Makes testdata/prints: forms printed in many fonts by many programs, for scans.

usage: prints.py [NAME...]     (from anywhere; needs soffice, chromium, wkhtmltopdf, and the
                                Python packages weasyprint and reportlab)

The forms are those of forms/prints.json, whose characters and figures are easily taken for
one another, and some of forms/forms.json. Each stands on a page of its own. Truth
(NAME.truth.json) comes from the same data.
"""
import io
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fodt  # noqa: E402
import sheet  # noqa: E402
import webpage  # noqa: E402
from forms import build, load, table, title, truth  # noqa: E402
from make import chromium, dump, write, writer  # noqa: E402

ARPHIC = "/usr/share/fonts/truetype/arphic-"

# The forms of each print, the program that makes it, and how it looks. A Latin
# font before the Chinese one sets letters and digits.
PRINTS = {
    "song-writer": (["lake", "water", "network"], "writer", {"fodt": {"font": "AR PL SungtiL GB"}}),
    "kai-chromium": (["cattle", "school", "waste"], "chromium", {"html": {"font": "AR PL KaitiM GB"}}),
    "hei-weasyprint": (["network", "elder", "roads"], "weasyprint", {"html": {"font": "WenQuanYi Zen Hei", "border": "0.6pt solid black"}}),
    "times-wkhtmltopdf": (["lake", "school", "meals"], "wkhtmltopdf", {"html": {"font": 'Liberation Serif", "AR PL SungtiL GB', "border": "1px solid black"}}),
    "kai-reportlab": (["cattle", "water", "lamps"], "reportlab", {"font": ARPHIC + "gkai00mp/gkai00mp.ttf", "size": 9}),
    "song-reportlab": (["school", "elder", "desks"], "reportlab", {"font": ARPHIC + "gbsn00lp/gbsn00lp.ttf", "size": 10}),
    "sans-chromium": (["elder", "network", "parks"], "chromium", {"html": {"font": 'Arial", "Liberation Sans", "Noto Sans CJK SC', "border": "1px solid #444"}}),
    "serif-calc": (["water", "cattle", "river"], "calc", {}),
}


def weasyprint(source, target):
    import weasyprint as w
    write(target, w.HTML(string=source).write_pdf())


def wkhtmltopdf(source, target):
    with tempfile.TemporaryDirectory() as d:
        src, out = os.path.join(d, "form.html"), os.path.join(d, "form.pdf")
        with open(src, "w", encoding="utf-8") as f:
            f.write(source.replace("break-before: page", "page-break-before: always"))
        subprocess.run(["wkhtmltopdf", "--quiet", "--disable-smart-shrinking", "--page-size", "A4", "--margin-top", "15mm", "--margin-left", "14mm",
                        "--margin-right", "14mm", src, out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out, "rb") as f:
            write(target, f.read())


def reportlab(forms, look, target):
    from xml.sax.saxutils import escape
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table
    font = os.path.basename(look["font"])
    pdfmetrics.registerFont(TTFont(font, look["font"]))
    size = look["size"]
    cell = ParagraphStyle("cell", fontName=font, fontSize=size, leading=size * 1.3, wordWrap="CJK")
    head = ParagraphStyle("head", fontName=font, fontSize=15, leading=22, alignment=1)
    line = ParagraphStyle("line", fontName=font, fontSize=size, leading=size * 1.6, alignment=1)
    flow = []
    for n, form in enumerate(forms):
        if n:
            flow.append(PageBreak())
        flow += [Paragraph(title(form), head), Paragraph(f"（{form['year']}年度）", line)]
        cols, rows = table(form)
        grid = [[""] * cols for _ in rows]
        style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        for r, row in enumerate(rows):
            for text, col, cs, rs in row:
                grid[r][col] = Paragraph(escape(text), cell)
                if cs > 1 or rs > 1:
                    style.append(("SPAN", (col, r), (col + cs - 1, r + rs - 1)))
        shares = [9, 13, 14, 15, 15, 12, 15] if cols == 7 else [12, 16, 20, 27, 25]
        flow.append(Table(grid, colWidths=[x * 5.2 for x in shares], style=style))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, topMargin=40, bottomMargin=36, leftMargin=30, rightMargin=30, invariant=1).build(flow)
    write(target, out.getvalue())


def main():
    base = {**load("forms.json"), **load("prints.json")}
    for name, (keys, program, look) in PRINTS.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        doc = {"title": "", "forms": keys, **look}
        forms = [build(k, base) for k in keys]
        target = f"prints/{name}.pdf"
        if program == "writer":
            writer(fodt.document(doc, forms), target)
        elif program == "calc":
            writer(sheet.document(doc, forms), target, "fods")
        elif program == "reportlab":
            reportlab(forms, look, target)
        else:
            {"chromium": chromium, "weasyprint": weasyprint, "wkhtmltopdf": wkhtmltopdf}[program](webpage.document(doc, forms), target)
        dump(f"prints/{name}.truth.json", [truth(f, i + 1) for i, f in enumerate(forms)])
        print(name)


if __name__ == "__main__":
    main()
