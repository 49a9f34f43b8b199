"""Makes testdata/hard: the first form of clean-district as small PDFs of every odd kind.

Run from the repository's root; needs nothing but Python 3. Same run, same bytes.
"""
import base64, hashlib, json, os, zlib

OUT = os.path.join("testdata", "hard")
FORM = json.load(open(os.path.join("testdata", "text", "clean-district.truth.json"), encoding="utf-8"))[0]
XS = [40, 100, 170, 240, 310, 380, 450, 555]  # edges of the columns, in points
TOP, HIGH, SIZE = 780, 20, 9


def money(s):
    return "{:,.2f}".format(float(s))


def cells():
    """The cells: text, first and last column, first row, rows."""
    f, out, r = FORM, [], 0
    for row in [
        [("项目名称", 0, 0), (f["project_name"], 1, 2), ("项目性质", 3, 3), (f["project_nature"], 4, 4), ("项目类别", 5, 5), (f["project_category"], 6, 6)],
        [("主管部门", 0, 0), (f["supervising_department"], 1, 2), ("实施单位", 3, 3), (f["implementing_unit"], 4, 6)],
        [("计划开始日期", 0, 0), (f["start_date"], 1, 2), ("计划完成日期", 3, 3), (f["end_date"], 4, 6)],
    ]:
        out += [(t, a, b, r, 1) for t, a, b in row]
        r += 1
    out.append(("项目资金（元）", 0, 0, r, 4))
    for left, a, right, b in [
        ("项目资金总额：", "project_total", "年度资金申请总额：", "annual_total"),
        ("其中：财政资金", "project_fiscal", "其中：当年财政拨款", "fiscal_current"),
        ("", "", "上年结转资金", "carryover"),
        ("其他资金", "project_other", "其他资金", "annual_other"),
    ]:
        out += [(left, 1, 1, r, 1), (money(f[a]) if a else "", 2, 2, r, 1), (right, 3, 4, r, 1), (money(f[b]), 5, 6, r, 1)]
        r += 1
    out += [("项目绩效目标", 0, 0, r, 5), ("项目总目标", 1, 3, r, 1), ("年度总体目标", 4, 6, r, 1)]
    out += [(f["overall_goal"], 1, 3, r + 1, 4), (f["annual_goal"], 4, 6, r + 1, 4)]
    r += 5
    rows = f["indicators"]
    out += [("绩效指标", 0, 0, r, len(rows) + 1), ("一级指标", 1, 1, r, 1), ("二级指标", 2, 3, r, 1), ("三级指标", 4, 5, r, 1), ("年度（/项目）指标值", 6, 6, r, 1)]
    r += 1
    i = 0
    while i < len(rows):
        n = 1
        while i + n < len(rows) and rows[i + n]["l1"] == rows[i]["l1"]:
            n += 1
        out.append((rows[i]["l1"], 1, 1, r + i, n))
        i += n
    for i, x in enumerate(rows):
        out += [(x["l2"], 2, 3, r + i, 1), (x["l3"], 4, 5, r + i, 1), (x["value"], 6, 6, r + i, 1)]
    return out


def advance(c):
    return SIZE / 2 if ord(c) < 128 else SIZE


def wrapped(text, wide):
    lines, line, x = [], "", 0
    for c in text:
        if x + advance(c) > wide:
            lines.append(line)
            line, x = "", 0
        line, x = line + c, x + advance(c)
    return lines + [line] if line else lines


class Font:
    """A font without a program: code() gives the bytes of a text."""

    def __init__(self, encoding, code, extra=b"", ordering="GB1"):
        self.encoding, self.code, self.extra, self.ordering = encoding, code, extra, ordering

    def objects(self, first):
        return {
            first: b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/%s/DescendantFonts[%d 0 R]%s>>" % (self.encoding.encode(), first + 1, self.extra),
            first + 1: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 2>>/DW 1000%s/FontDescriptor %d 0 R>>"
            % (self.ordering.encode(), b"/W[1[%s]]" % b" ".join(b"500" for _ in range(95)) if self.encoding == "Identity-H" else b"", first + 2),
            first + 2: b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80>>",
        }


def content(font, shift=(0, 0), kern=False, polygon=False):
    """A page's operators: rulings, then text."""
    out = [b"0.5 w"]
    if shift != (0, 0):
        out.insert(0, b"1 0 0 1 %d %d cm" % shift)

    def y(row):
        return TOP - 40 - HIGH * row

    for text, a, b, r, n in cells():
        x0, x1, y0, y1 = XS[a], XS[b + 1], y(r + n), y(r)
        if polygon:
            for p, q, s, t in [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]:
                dx, dy = (0.25, 0) if p == s else (0, 0.25)
                out.append(b"%g %g m %g %g l %g %g l %g %g l h f" % (p - dx, q - dy, s - dx, t - dy, s + dx, t + dy, p + dx, q + dy))
        else:
            out.append(b"%d %d %d %d re S" % (x0, y0, x1 - x0, y1 - y0))
        for i, line in enumerate(wrapped(text, x1 - x0 - 6)):
            out.append(show(font, line, x0 + 3, y1 - 13 - 11 * i, kern))
    for line, x, at in [("财政项目支出绩效目标申报表", 230, TOP), ("（2026年度）", 265, TOP - 18)]:
        out.append(show(font, line, x, at, kern))
    return b"\n".join(out)


def show(font, line, x, y, kern):
    if kern:
        shown = b"[" + b"-10".join(b"<" + font.code(c).hex().encode() + b">" for c in line) + b"] TJ"
    else:
        shown = b"<" + font.code(line).hex().encode() + b"> Tj"
    return b"BT /F1 %d Tf %g %g Td %s ET" % (SIZE, x, y, shown)


def stream(data, entries=b""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data):
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode")


def document(page, font, body, more=None, resources=b""):
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>>>" % (page, resources),
        4: body,
    }
    if font:
        objects.update(font.objects(5))
    objects.update(more or {})
    return objects


def assemble(objects, trailer=b""):
    out, at = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", {}
    for n in sorted(objects):
        at[n] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (n, objects[n])
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for n in range(1, size):
        out += b"%010d 00000 n \n" % at[n] if n in at else b"0000000000 00000 f \n"
    return out + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def object_streams(objects):
    """The same with all but streams in one object stream, and a cross-reference stream."""
    packed = [n for n in sorted(objects) if b"stream\n" not in objects[n]]
    head, body = b"", b""
    for n in packed:
        head += b"%d %d " % (n, len(body))
        body += objects[n] + b"\n"
    holder, table = max(objects) + 1, max(objects) + 2
    plain = {n: o for n, o in objects.items() if n not in packed}
    plain[holder] = stream(zlib.compress(head + body, 9), b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(packed), len(head)))
    out, entries = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", {0: b"\0\0\0\0\xff"}
    for n in sorted(plain):
        entries[n] = b"\1" + len(out).to_bytes(3, "big") + b"\0"
        out += b"%d 0 obj\n%s\nendobj\n" % (n, plain[n])
    for i, n in enumerate(packed):
        entries[n] = b"\2" + holder.to_bytes(3, "big") + bytes([i])
    entries[table] = b"\1" + len(out).to_bytes(3, "big") + b"\0"
    rows = b"".join(entries.get(n, b"\0\0\0\0\0") for n in range(table + 1))
    start = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (table, stream(zlib.compress(rows, 9), b"/Type/XRef/Size %d/W[1 3 1]/Root 1 0 R/Filter/FlateDecode" % (table + 1)))
    return out + b"startxref\n%d\n%%%%EOF\n" % start


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key, data):
    s, j = list(range(256)), 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) % 256
        s[i], s[j] = s[j], s[i]
    i, j, out = 0, 0, bytearray()
    for c in data:
        i = (i + 1) % 256
        j = (j + s[i]) % 256
        s[i], s[j] = s[j], s[i]
        out.append(c ^ s[(s[i] + s[j]) % 256])
    return bytes(out)


def encrypted(objects, password):
    """RC4 with 40 bits, as the first edition has it."""
    ident = hashlib.md5(b"perfgoal").digest()
    user, permissions = (password + PADDING)[:32], -4
    owner = rc4(hashlib.md5(user).digest()[:5], user)
    key = hashlib.md5(user + owner + (permissions & 0xFFFFFFFF).to_bytes(4, "little") + ident).digest()[:5]
    locked = {}
    for n, o in objects.items():
        if b"stream\n" in o:
            head, rest = o.split(b"\nstream\n", 1)
            data = rest[: rest.rindex(b"\nendstream")]
            own = hashlib.md5(key + n.to_bytes(3, "little") + b"\0\0").digest()[:10]
            o = head + b"\nstream\n" + rc4(own, data) + b"\nendstream"
        elif b"(" in o:
            own = hashlib.md5(key + n.to_bytes(3, "little") + b"\0\0").digest()[:10]
            for word in (b"(Adobe)", b"(GB1)"):
                o = o.replace(word, b"<" + rc4(own, word[1:-1]).hex().encode() + b">")
        locked[n] = o
    n = max(objects) + 1
    locked[n] = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>" % (owner.hex().encode(), rc4(key, PADDING).hex().encode(), permissions)
    return assemble(locked, b"/Encrypt %d 0 R/ID[<%s><%s>]" % (n, ident.hex().encode(), ident.hex().encode()))


def identity(mapped):
    """Identity-H with codes of its own, and the way back to Unicode where mapped."""
    letters = sorted({c for t, *_ in cells() for c in t} | set("财政项目支出绩效目标申报表（2026年度）"))
    ascii_, wide = [c for c in letters if ord(c) < 128], [c for c in letters if ord(c) >= 128]
    codes = {c: 1 + i for i, c in enumerate(ascii_)}
    codes.update({c: 200 + i for i, c in enumerate(wide)})
    lines = b"\n".join(b"<%04x> <%s>" % (n, c.encode("utf-16-be").hex().encode()) for c, n in sorted(codes.items(), key=lambda x: x[1]))
    count = len(codes)
    pieces = lines.split(b"\n")
    body = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(pieces[i : i + 100]), b"\n".join(pieces[i : i + 100])) for i in range(0, count, 100))
    cmap = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def\n1 begincodespacerange <0000> <ffff> endcodespacerange\n%sendcmap end end" % body
    font = Font("Identity-H", lambda s: b"".join(codes[c].to_bytes(2, "big") for c in s), b"/ToUnicode 9 0 R" if mapped else b"", "Identity")
    return font, ({9: flate(cmap)} if mapped else {})


def run_length(data):
    out = b""
    for i in range(0, len(data), 128):
        piece = data[i : i + 128]
        out += bytes([len(piece) - 1]) + piece
    return out + b"\x80"


def main():
    os.makedirs(OUT, exist_ok=True)
    a4 = b"/MediaBox[0 0 595 842]"
    ucs2 = Font("UniGB-UCS2-H", lambda s: s.encode("utf-16-be"))
    gbk = Font("GBK-EUC-H", lambda s: s.encode("gbk"))
    own, cmap = identity(True)
    blind, _ = identity(False)
    page = content(ucs2)
    plain = document(a4, ucs2, flate(page))
    normal = assemble(plain)
    files = {
        # Ways to say the same text.
        "encoding-ucs2": normal,
        "encoding-utf16": assemble(document(a4, Font("UniGB-UTF16-H", ucs2.code), flate(page))),
        "encoding-gbk": assemble(document(a4, gbk, flate(content(gbk)))),
        "encoding-own": assemble(document(a4, own, flate(content(own)), cmap)),
        "kerned": assemble(document(a4, ucs2, flate(content(ucs2, kern=True)))),
        "rulings-polygons": assemble(document(a4, ucs2, flate(content(ucs2, polygon=True)))),
        # Ways to pack it.
        "filter-85": assemble(document(a4, ucs2, stream(base64.a85encode(zlib.compress(page, 9)) + b"~>", b"/Filter[/ASCII85Decode/FlateDecode]"))),
        "filter-run-length": assemble(document(a4, ucs2, stream(zlib.compress(run_length(page), 9), b"/Filter[/FlateDecode/RunLengthDecode]"))),
        "object-streams": object_streams(plain),
        "nested-forms": assemble(document(a4, ucs2, flate(b"q /X1 Do Q"), {
            10: stream(zlib.compress(b"q 1 0 0 1 0 0 cm /X2 Do Q"), b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X2 11 0 R>>>>/Filter/FlateDecode"),
            11: stream(zlib.compress(page, 9), b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Filter/FlateDecode"),
        }, b"/XObject<</X1 10 0 R>>")),
        "inline-image": assemble(document(a4, ucs2, flate(b"q 20 0 0 20 5 5 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00EI\xff EI Q\n" + page))),
        # Ways to lay the page.
        "rotated": assemble(document(b"/MediaBox[0 0 842 595]/Rotate 90", ucs2, flate(b"0 1 -1 0 842 0 cm\n" + page))),
        "cropped": assemble(document(b"/MediaBox[-100 -50 700 900]/CropBox[10 20 585 822]", ucs2, flate(page))),
        "user-unit": assemble(document(b"/MediaBox[0 0 297.5 421]/UserUnit 2", ucs2, flate(b"0.5 0 0 0.5 0 0 cm\n" + page))),
        # Damage that can be mended.
        "damaged-startxref": normal.replace(b"startxref\n", b"startxref\n9"),
        "damaged-xref": normal.replace(b" 00000 n", b"7 0000 n"),
        "damaged-endobj": normal.replace(b"\nendobj\n4 0 obj", b"\n4 0 obj"),
        "damaged-length": assemble({**plain, 4: plain[4].replace(b"/Length ", b"/Length 1")}),
        "damaged-tail": normal[: normal.rindex(b"xref\n0")],
        "locked-empty": encrypted(plain, b""),
        # What cannot be trusted.
        "untrusted-locked": encrypted(plain, b"secret"),
        "untrusted-garbled": assemble(document(a4, blind, flate(content(blind)))),
        "untrusted-no-text": assemble(document(a4, None, flate(b"q 500 0 0 700 40 60 cm /I1 Do Q"), {
            10: stream(zlib.compress(bytes((x * y) % 251 for y in range(70) for x in range(50)), 9), b"/Type/XObject/Subtype/Image/Width 50/Height 70/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"),
        }, b"/XObject<</I1 10 0 R>>")),
        # What would go on for ever.
        "bomb-form": assemble(document(a4, ucs2, flate(b"/X1 Do"), {10: stream(b"/X1 Do /X1 Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X1 10 0 R>>>>")}, b"/XObject<</X1 10 0 R>>")),
        "bomb-pages": assemble({**plain, 2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>"}),
        "bomb-zeros": assemble(document(a4, ucs2, stream(zlib.compress(zlib.compress(b"0 " * (64 << 20), 9), 9), b"/Filter[/FlateDecode/FlateDecode]"))),
        "widths-huge": assemble({**plain, 6: plain[6].replace(b"/DW 1000", b"/DW 1000/W[0 2000000000 500]")}),
    }
    previous = assemble(plain, b"/Prev 10")
    files["bomb-prev"] = previous.replace(b"/Prev 10", b"/Prev %d" % previous.rindex(b"xref\n0"))
    for name, data in files.items():
        with open(os.path.join(OUT, name + ".pdf"), "wb") as f:
            f.write(data)
    with open(os.path.join(OUT, "truth.json"), "w", encoding="utf-8") as f:
        json.dump([FORM], f, ensure_ascii=False, indent=1)
        f.write("\n")


main()
