"""Reads the forms and the list of documents, and lays a form out as rows of
cells. A cell is (text, column span, row span); `None` is covered by a span."""
import copy
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def load(name):
    with open(os.path.join(ROOT, "forms", name), encoding="utf-8") as f:
        return json.load(f)


def build(entry, base):
    """One form of a document: a base form, as it is or with changes."""
    if isinstance(entry, str):
        entry = {"base": entry}
    form = copy.deepcopy(base[entry["base"]])
    form.update(entry.get("set", {}))
    rows = []
    for ind in form["indicators"]:
        new = entry.get("indicators", {}).get(ind[2], ind)
        if new is None:
            continue
        rows.extend(new if isinstance(new[0], list) else [new])
    form["indicators"] = [list(r) for r in rows + entry.get("append", [])]
    form["printed"] = entry.get("printed", {})
    form["shapes"] = entry.get("shapes", {})
    form["fires"] = entry.get("fires", [])
    return form


def title(form):
    return form.get("title") or (
        "财政项目支出绩效目标申报表" if form["layout"] == "district" else "项目支出绩效目标申报表")


def yuan(text, form):
    """The amount in yuan as the truth files write it, "" for no amount."""
    from decimal import Decimal, InvalidOperation
    try:
        d = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return ""
    if form["layout"] == "central":
        d *= 10000
    return f"{d:.2f}" if -d.as_tuple().exponent <= 2 else str(d.normalize())


def money(text):
    """As printed: grouped in threes."""
    if not text or not text.replace(".", "").replace("-", "").isdigit():
        return text
    whole, dot, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return sign + f"{int(whole.lstrip('-')):,}" + dot + rest


def truth(form, index):
    """A form's truth, in the shape of the score tool's truth files."""
    t = {"index": index, "year": form["year"], "project_name": form["name"]}
    t["project_nature"] = form["nature"]
    t["project_category"] = form["category"]
    t["supervising_department"] = form["department"]
    t["implementing_unit"] = form["unit"]
    if form["layout"] == "district":
        t["start_date"] = form.get("start_truth", form["start"])
        t["end_date"] = form.get("end_truth", form["end"])
    for key, text in zip(("annual_total", "fiscal_current", "carryover", "annual_other"), form["annual"]):
        t[key] = yuan(text, form)
    for key, text in zip(("project_total", "project_fiscal", "project_other"), form["project"]):
        t[key] = yuan(text, form)
    t["overall_goal"] = form["overall"]
    t["annual_goal"] = form["goal"]
    cut = form["shapes"].get("cut", [])
    t["indicators"] = [{"l1": a, "l2": b, "l3": c, "value": "" if c in cut else v}
                       for a, b, c, v in form["indicators"]]
    return t


def spans(form):
    """(level 1 label, rows) and (level 2 label, rows) at each row where one
    begins, else None. `printed` moves a row's printed level 1 elsewhere."""
    ind = form["indicators"]
    l1 = [form["printed"].get(r[2], r[0]) for r in ind]
    first, second = [None] * len(ind), [None] * len(ind)
    i = 0
    while i < len(ind):
        j = i
        while j < len(ind) and l1[j] == l1[i]:
            j += 1
        first[i] = (l1[i], j - i)
        k = i
        while k < j:
            m = k
            while m < j and ind[m][1] == ind[k][1]:
                m += 1
            second[k] = (ind[k][1], m - k)
            k = m
        i = j
    return first, second


def head(form):
    """The rows above the indicators; each row is a list of
    (text, first column, column span, row span)."""
    a, p = [money(x) for x in form["annual"]], [money(x) for x in form["project"]]
    if form["layout"] == "district":
        return 7, [
            [("项目名称", 0, 1, 1), (form["name"], 1, 2, 1), ("项目性质", 3, 1, 1), (form["nature"], 4, 1, 1),
             ("项目类别", 5, 1, 1), (form["category"], 6, 1, 1)],
            [("主管部门", 0, 1, 1), (form["department"], 1, 2, 1), ("实施单位", 3, 1, 1), (form["unit"], 4, 3, 1)],
            [("计划开始日期", 0, 1, 1), (form["start"], 1, 2, 1), ("计划完成日期", 3, 1, 1), (form["end"], 4, 3, 1)],
            [("项目资金（元）", 0, 1, 4), ("项目资金总额：", 1, 1, 1), (p[0], 2, 1, 1), ("年度资金申请总额：", 3, 2, 1), (a[0], 5, 2, 1)],
            [("其中：财政资金", 1, 1, 1), (p[1], 2, 1, 1), ("其中：当年财政拨款", 3, 2, 1), (a[1], 5, 2, 1)],
            [("", 1, 1, 1), ("", 2, 1, 1), ("上年结转资金", 3, 2, 1), (a[2], 5, 2, 1)],
            [("其他资金", 1, 1, 1), (p[2], 2, 1, 1), ("其他资金", 3, 2, 1), (a[3], 5, 2, 1)],
            [("项目绩效目标", 0, 1, 2), ("项目总目标", 1, 2, 1), ("年度总体目标", 3, 4, 1)],
            [(form["overall"], 1, 2, 1), (form["goal"], 3, 4, 1)],
        ]
    if form.get("variant", 0) == 0:
        goals = ("绩效目标", f"总体目标（{form['period']}）", "年度目标")
    else:
        goals = ("总体目标", f"中期目标（{form['period']}）", f"年度目标（{form['year']}年度）")
    return 5, [
        [("项目名称", 0, 1, 1), (form["name"], 1, 4, 1)],
        [("主管部门及代码", 0, 1, 1), (form["department"], 1, 2, 1), ("实施单位", 3, 1, 1), (form["unit"], 4, 1, 1)],
        [("项目属性", 0, 1, 1), (form["nature"], 1, 2, 1), ("项目期", 3, 1, 1), (form["period"], 4, 1, 1)],
        [("项目资金（万元）", 0, 1, 3), ("中期资金总额：", 1, 1, 1), (p[0], 2, 1, 1), ("年度资金总额：", 3, 1, 1), (a[0], 4, 1, 1)],
        [("其中：财政拨款", 1, 1, 1), (p[1], 2, 1, 1), ("其中：财政拨款", 3, 1, 1), (a[1], 4, 1, 1)],
        [("其他资金", 1, 1, 1), (p[2], 2, 1, 1), ("其他资金", 3, 1, 1), (a[3], 4, 1, 1)],
        [(goals[0], 0, 1, 2), (goals[1], 1, 2, 1), (goals[2], 3, 2, 1)],
        [(form["overall"], 1, 2, 1), (form["goal"], 3, 2, 1)],
    ]


def body(form):
    """The indicator rows, in the same shape as head()'s."""
    n = len(form["indicators"])
    wide = form["layout"] == "district"
    name, value = (3, 2), (5, 2)
    if not wide:
        name, value = (3, 1), (4, 1)
    heading = "年度（/项目）指标值" if wide else "指标值"
    rows = [[("绩效指标", 0, 1, n + 1), ("一级指标", 1, 1, 1), ("二级指标", 2, 1, 1),
             ("三级指标",) + name + (1,), (heading,) + value + (1,)]]
    first, second = spans(form)
    for i, (_, _, l3, v) in enumerate(form["indicators"]):
        row = []
        if first[i]:
            row.append((first[i][0], 1, 1, first[i][1]))
        if second[i]:
            row.append((second[i][0], 2, 1, second[i][1]))
        row += [(l3,) + name + (1,), (v,) + value + (1,)]
        rows.append(row)
    return rows


def table(form):
    """Column count, and all rows of the form."""
    cols, rows = head(form)
    return cols, rows + body(form)
