#!/usr/bin/env python3
"""Makes testdata/books: budget books with prose on single projects and on how
many projects have targets, around forms of testdata/forms.

usage: books.py [NAME...]     (from anywhere; needs soffice and chromium)

Not needed for the tests: what it makes is committed. What the books say
(NAME.truth.json) and the intended findings (NAME.expected.json) come from the
data here, never from perfgoal's own output.
"""
import copy
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fodt  # noqa: E402
import text  # noqa: E402
import webpage  # noqa: E402
from forms import ROOT, build, load  # noqa: E402
from make import chromium, dump, write, writer  # noqa: E402

PARTS = ["项目概述", "立项依据", "实施主体", "实施方案", "实施周期", "年度预算安排", "绩效目标"]
HAN = "一二三四五六七"

# A section: title, project, and the text of each part.
WASTE = {
    "title": "生活垃圾分类收运服务项目经费情况说明", "project": "生活垃圾分类收运服务项目",
    "texts": [["柳汀区各街道的居民区产生的生活垃圾由专业单位上门收集，按可回收物、有害垃圾、湿垃圾和干垃圾分开运输，逐步形成稳定的分类习惯。"],
              ["1.《澄川市生活垃圾管理办法》（澄府〔2021〕8号）", "2.《柳汀区生活垃圾分类收运规划》"],
              ["柳汀区环境卫生所"],
              ["1.年初公开招标确定收运单位，签订服务合同。", "2.按月考核收运质量，考核结果与付款挂钩。"],
              ["2026年1月1日-2026年12月31日"],
              ["2026年度项目总预算468.00万元，其中居民区上门收集300.00万元，密闭车辆运输168.00万元，合计468.00万元。"],
              ["由中标单位承担全区居民区生活垃圾的收集与运输，全年收运量不少于26000吨，居民分类知晓率达到90%以上。"]],
    "facts": {"implementing_body": "柳汀区环境卫生所", "start_date": "2026-01-01", "end_date": "2026-12-31", "amount": "4680000.00",
              "parts": ["3000000.00", "1680000.00"]},
}
DESKS = {
    "title": "中小学课桌椅更新项目经费情况说明", "project": "中小学课桌椅更新项目",
    "texts": [["分批更换不能调节高度的旧课桌椅。"], ["《柳汀区中小学装备三年计划》"], ["柳汀区教育装备站"],
              ["统一采购，暑期安装，开学前验收。"], ["2026年3月-10月"], ["63.00万"], ["详见单位的项目绩效目标表"]],
    "facts": {"implementing_body": "柳汀区教育装备站", "start_date": "2026-03-01", "end_date": "2026-10-31", "amount": "630000.00", "parts": []},
}
CANTEEN = {
    "title": "社区老年食堂改建项目经费情况说明", "project": "社区老年食堂改建项目",
    "texts": [["改建两处社区食堂。"], ["《柳汀区为老服务设施规划》"], ["柳汀区民政局"], ["上半年设计，下半年施工。"],
              ["2026年4月1日至2026年11月30日"], ["2026年预算安排45万元。"], ["详见单位的项目绩效目标表"]],
    "facts": {"implementing_body": "柳汀区民政局", "start_date": "2026-04-01", "end_date": "2026-11-30", "amount": "450000.00", "parts": []},
}
STATEMENT = ("按照本区预算绩效管理工作的总体要求，本部门2个预算单位开展了2026年项目预算绩效目标编报工作，"
             "编报绩效目标的项目{projects}个，涉及项目预算资金{amount}万元。")
FORMS = ["waste", "desks", "platform"]


def book(name, outputs, forms=FORMS, sections=(WASTE, DESKS), projects=3, amount="559.80", fires=()):
    return {"name": name, "outputs": outputs, "forms": list(forms), "sections": copy.deepcopy(list(sections)),
            "projects": projects, "amount": amount, "fires": list(fires)}


def changed(b, section, part, old, new, **facts):
    """The book with words of one part replaced."""
    s = b["sections"][section]
    texts = s["texts"][PARTS.index(part)]
    assert any(old in t for t in texts), old
    s["texts"][PARTS.index(part)] = [t.replace(old, new) for t in texts]
    s["facts"].update(facts)
    return b


def books():
    every = ["text", "writer", "chromium", "docx"]
    yield book("agrees", every)
    yield book("without-forms", ["text", "docx"], forms=[])
    yield changed(book("k001", ["text", "writer", "docx"], fires=[("K001", "error", 2)]), 1, "年度预算安排", "63.00万", "65.00万", amount="650000.00")
    yield changed(book("k002", ["text", "chromium", "docx"], fires=[("K002", "error", 2)]), 1, "实施周期", "2026", "2025",
                  start_date="2025-03-01", end_date="2025-10-31")
    yield changed(book("k003", ["text", "docx"], fires=[("K003", "error", None)]), 0, "年度预算安排", "168.00万元，合计", "158.00万元，合计",
                  parts=["3000000.00", "1580000.00"])
    yield changed(book("k004", ["text", "docx"], fires=[("K004", "warning", 2)]), 1, "实施主体", "柳汀区教育装备站", "柳汀区民政局",
                  implementing_body="柳汀区民政局")
    yield changed(book("k005", ["text", "docx"], fires=[("K005", "warning", 1)]), 0, "绩效目标", "26000", "24000")
    yield book("k006", ["text", "docx"], projects=4, fires=[("K006", "error", None)])
    yield book("k007", ["text", "docx"], sections=(WASTE, CANTEEN), fires=[("K007", "warning", None)])


def prose(b):
    """The lines before the forms, and which of them are titles."""
    out = ["预算主管部门：柳汀区人民政府办公室", "目录", "六、其他相关情况说明", "七、项目经费情况说明",
           "三、政府采购预算情况", "2026年度本部门政府采购预算38.20万元。", "四、绩效目标设置情况",
           STATEMENT.format(**b), "五、国有资产占有使用情况", "截至2025年8月31日，本部门共有车辆2辆。"]
    titles = ["澄川市柳汀区2026年区级部门预算"]
    for s in b["sections"]:
        out.append(s["title"])
        titles.append(s["title"])
        for i, lines in enumerate(s["texts"]):
            out += [f"{HAN[i]}、{PARTS[i]}"] + lines
    return out, titles


HEADER = ('<style:master-page style:name="Standard" style:page-layout-name="pm"><style:header><text:p>澄川市柳汀区2026年区级部门预算</text:p></style:header>'
          '<style:footer><text:p>- <text:page-number/> -</text:p></style:footer></style:master-page>')


def writer_source(b, forms):
    lines, titles = prose(b)
    out = fodt.document({"title": titles[0], "before": lines}, forms)
    out = out.replace('<style:master-page style:name="Standard" style:page-layout-name="pm"/>', HEADER)
    for i, t in enumerate(titles[1:]):
        out = out.replace(fodt.para(t, "L"), fodt.para(t, "TB" if i == 0 else "T"))
    return out


def web_source(b, forms):
    lines, titles = prose(b)
    out = webpage.document({"title": titles[0], "before": lines}, forms)
    for t in titles[1:]:
        out = out.replace(f"<p>{t}</p>", f"<h2>{t}</h2>")
    return out


def docx(source, target):
    with tempfile.TemporaryDirectory() as d:
        src = os.path.join(d, "book.fodt")
        with open(src, "w", encoding="utf-8") as f:
            f.write(source)
        subprocess.run(["soffice", f"-env:UserInstallation=file://{d}/profile", "--headless",
                        "--convert-to", "docx", "--outdir", d, src], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(d, "book.docx"), "rb") as f:
            write(target, f.read())


def plain(b, forms):
    """The book as a text wrapped at 38 characters, in pages with numbers."""
    lines, titles = prose(b)
    wrapped = []
    for line in [titles[0]] + lines:
        while len(line) > 38:
            wrapped.append(line[:38])
            line = line[38:]
        wrapped.append(line)
    paged = []
    for i, line in enumerate(wrapped):
        if i and i % 30 == 0:
            paged += ["", f"- {i // 30} -", "\f澄川市柳汀区2026年区级部门预算"]
        paged.append(line)
    for form in forms:
        paged += [""] + text.render(form)
    return "\n".join(paged) + "\n"


def truth(b):
    return {"fiscal_year": 2026,
            "statements": [{"projects": b["projects"], "amount": f"{float(b['amount']) * 10000:.2f}", "year": 2026, "scope": "department"}],
            "narratives": [dict({"title": s["title"], "project": s["project"],
                                 "period": "".join(s["texts"][4]), "goal": "".join(s["texts"][6]),
                                 "sections": {k: "".join(t) for k, t in zip(["overview", "basis", "body", "plan", "period", "budget", "goal"], s["texts"])}},
                                **s["facts"]) for s in b["sections"]]}


def main():
    base = load("forms.json")
    only = set(sys.argv[1:])
    os.makedirs(os.path.join(ROOT, "books"), exist_ok=True)
    for b in books():
        name = b["name"]
        if only and name not in only:
            continue
        forms = [build(x, base) for x in b["forms"]]
        for out in b["outputs"]:
            if out == "text":
                write(f"books/{name}.txt", plain(b, forms))
            elif out == "writer":
                writer(writer_source(b, forms), f"books/{name}-writer.pdf")
            elif out == "chromium":
                chromium(web_source(b, forms), f"books/{name}-chromium.pdf")
            elif out == "docx":
                docx(writer_source(b, forms), f"books/{name}.docx")
        dump(f"books/{name}.truth.json", truth(b))
        dump(f"books/{name}.expected.json", [{"rule": r, "severity": s, "form": n} for r, s, n in b["fires"]])
        print(name)


if __name__ == "__main__":
    main()
