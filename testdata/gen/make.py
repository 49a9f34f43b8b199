#!/usr/bin/env python3
"""Makes testdata/text, testdata/pdf and testdata/office from testdata/forms.

usage: make.py [NAME...]     (from anywhere; needs soffice and chromium for PDFs)

Not needed for the tests: what it makes is committed. Truth (NAME.truth.json)
and intended findings (NAME.expected.json) come from the same data, never from
perfgoal's own output.
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fodt  # noqa: E402
import sheet  # noqa: E402
import webpage  # noqa: E402
import text  # noqa: E402
from forms import ROOT, build, load, truth  # noqa: E402


def write(path, data):
    path = os.path.join(ROOT, path)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def dump(path, value):
    """Indented JSON, Chinese kept readable."""
    write(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def writer(source, target, kind="fodt"):
    """Converts a flat OpenDocument text or sheet to the format of target."""
    ext = target.rsplit(".", 1)[1]
    with tempfile.TemporaryDirectory() as d:
        src = os.path.join(d, "form." + kind)
        with open(src, "w", encoding="utf-8") as f:
            f.write(source)
        subprocess.run(["soffice", f"-env:UserInstallation=file://{d}/profile", "--headless",
                        "--convert-to", ext, "--outdir", d, src], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(d, "form." + ext), "rb") as f:
            write(target, f.read())


def chromium(source, target):
    with tempfile.TemporaryDirectory() as d:
        src = os.path.join(d, "form.html")
        with open(src, "w", encoding="utf-8") as f:
            f.write(source)
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={d}/profile",
                        "--no-pdf-header-footer", f"--print-to-pdf={d}/form.pdf", src],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(d, "form.pdf"), "rb") as f:
            write(target, f.read())


def expected(doc, forms, shape):
    """Intended findings; a severity "error|warning" is that of PDF and of text."""
    out = [(None, x) for x in doc.get("fires", [])]
    out += [(i + 1, x) for i, f in enumerate(forms) for x in f["fires"]]
    out = [{"rule": r, "severity": s.split("|")[-1 if shape else 0], "form": n, "why": w} for n, (r, s, w) in out]
    return sorted(out, key=lambda x: (x["form"] or 0, x["rule"]))


def main():
    base, documents = load("forms.json"), load("documents.json")
    only = set(sys.argv[1:])
    for doc in documents:
        name = doc["name"]
        if only and name not in only:
            continue
        forms = [build(e, base) for e in doc["forms"]]
        truths = [truth(f, i + 1) for i, f in enumerate(forms)]
        pdf, txt = expected(doc, forms, 0), expected(doc, forms, 1)
        for out in doc["outputs"]:
            if out == "text":
                body = text.document(doc, forms)
                write(f"text/{name}.txt", body)
                for copy in doc.get("copies", []):
                    data = {"gb18030": lambda: body.encode("gb18030"),
                            "bom": lambda: b"\xef\xbb\xbf" + body.encode("utf-8"),
                            "crlf": lambda: body.replace("\n", "\r\n").encode("utf-8")}[copy]()
                    write(f"text/{name}-{copy}.txt", data)
                dump(f"text/{name}.truth.json", truths)
                dump(f"text/{name}.expected.json", txt)
                continue
            if out in ("docx", "xlsx", "xls", "stack.xlsx"):
                target = f"office/{name}.{out}" if "." not in out else f"office/{name}-{out}"
                if out == "docx":
                    writer(fodt.document(doc, forms), target)
                else:
                    writer(sheet.document(doc, forms, out == "stack.xlsx"), target, "fods")
                dump(f"office/{name}.truth.json", truths)
                dump(f"office/{name}.expected.json", pdf)
                continue
            target = f"pdf/{name}-{out}.pdf"
            if out == "writer":
                writer(fodt.document(doc, forms), target)
            elif out == "chromium":
                chromium(webpage.document(doc, forms), target)
            dump(f"pdf/{name}.truth.json", truths)
            dump(f"pdf/{name}.expected.json", pdf)
        print(name, len(forms), "forms,", len(pdf), "findings")


if __name__ == "__main__":
    main()
