"""Writes a document as the text that extraction programs make of it: rows of
tab-separated cells, with the shapes a form's entry asks for."""
from forms import head, spans, title


def straight(form):
    """The form's rows as plain cells, a merged cell's text in its first."""
    cols, rows = head(form)
    out = []
    for row in rows:
        line = [""] * cols
        for text, col, _, _ in row:
            line[col] = text
        out.append(line)
    return cols, out


def render(form):
    """Lines of one form. Shapes:
    half            labels with half-width brackets and colons
    wrapped         labels of the left column broken by spaces
    fuse            the category's label and value in one cell
    goal_break      characters of the goal before a page break
    right           rows one column to the right: label by label, value kept
    cut             rows so far right that the value fell off
    left            rows one column to the left
    edge            rows that begin in the first column
    bare            rows whose name stands in the second column, value three on
    repeat          rows that print both labels again
    late            rows whose level 1 label stands one row further down
    fused_row       rows whose name and value stand in one cell... not used
    break_before    row before which the page ends; what follows has fewer columns
    split           row whose level 2 label is cut by the page break after it
    spaced          labels with a space inside: {label: printed}
    dashes          row after which a row of dashes stands
    """
    s = form["shapes"]
    cols, top = straight(form)
    year = f"({form['year']} 年度)" if s.get("half") else f"（{form['year']}年度）"
    lines = [[title(form)] + [""] * (cols - 1), [year] + [""] * (cols - 1)]
    narrow = False
    for row in top:
        if form["goal"] in row and s.get("goal_break"):
            at = s["goal_break"]
            col = row.index(form["goal"])
            rest = ["", "", "", form["goal"][at:], ""]
            row[col] = form["goal"][:at]
            lines += [row, None, rest]
            narrow = True
            continue
        if s.get("fuse") and row[0] == "项目名称":
            row[5] = row[5] + " " + row[6]
            row = row[:6]
        lines.append(row)
    if cols == 7:
        heading = ["", "一级指标", "二级指标", "三级指标", "", "年度（/项目）指标值", ""]
    else:
        heading = ["", "一级指标", "二级指标", "三级指标", "指标值"]
    if narrow and cols == 7:
        heading = ["", "一级指标", "二级指标", "三级指标", "年度（/项目）指标值"]
    lines.append(heading)
    first, second = spans(form)
    left_label = "绩效指标"
    pending = ""  # a level 1 label that is printed a row late
    for i, (_, _, name, value) in enumerate(form["indicators"]):
        l1 = first[i][0] if first[i] else pending
        pending = ""
        l2 = second[i][0] if second[i] else ""
        if name == s.get("break_before"):
            lines.append(None)
            narrow = True
        if name in s.get("repeat", []):
            l1, l2 = form["indicators"][i][0], form["indicators"][i][1]
        if name in s.get("late", []):
            l1, pending = "", l1
        five = narrow or cols == 5
        gap = [] if five else [""]
        tail = [] if five else [""]
        spaced = s.get("spaced", {})
        l1, l2 = spaced.get(l1, l1), spaced.get(l2, l2)
        if name in s.get("split", []):
            lines.append([left_label, l1, l2[:4], name] + gap + [value] + tail)
            lines += [None, ["", "", l2[4:], "", ""]]
            left_label, narrow = "", True
            continue
        if name in s.get("right", []):
            row = [left_label, "", l1, l2, name] + gap + [value]
        elif name in s.get("cut", []):
            row = [left_label, "", "", l1, l2, name, ""]
        elif name in s.get("left", []):
            row = [x for x in (l1, l2) if x]
            row = [left_label] + row + [""] * (1 - len(row)) + [name] + gap + [value, ""] + tail
        elif name in s.get("edge", []):
            row = [x for x in (l1, l2) if x] + [name] + gap + [value] + ["", ""]
        elif name in s.get("bare", []):
            row = ["", name, "", "", value, "", ""]
        else:
            row = [left_label, l1, l2, name] + gap + [value] + tail
        left_label = ""
        lines.append(row)
        if name == s.get("dashes"):
            lines.append(["--", "-------", "-----------", "---------", "------------"])
    out = []
    for row in lines:
        if row is None:
            out.append("")
            continue
        if s.get("half"):
            row = [x.replace("（/项目）", "(/项目)").replace("：", ": ").strip()
                   if x.startswith(("项目资金", "其中", "年度资金", "年度（/项目）")) else x for x in row]
            row = [x.replace("项目资金（元）", "项目资金 (元)") for x in row]
        if s.get("wrapped"):
            row = ["项目 绩效 目标" if x == "项目绩效目标" else "绩效 指标" if x == "绩效指标" else x for x in row]
        out.append("\t".join(row))
    return out


def document(doc, forms):
    lines = ["", "", doc["title"], ""]
    for form in forms:
        lines += render(form) + [""]
    return "\n".join(lines)
