"""Items of profiles beside the audit's lists: items.py PROFILES AUDIT. Prints the runner's lines."""
import json
import pathlib
import re
import sys

profiles, audit = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def read(name):
    return (audit / name).read_text(encoding="utf-8")


everything = read("checks.tsv") + read("requirements.tsv") + read("controls.md") + read("checks.md")


def after(word, item):
    """The item stands in a list of numbers behind this word: PCI 1.2.5 1.3.1, 10.4.1-10.4.3."""
    number = r"[A-Z]?[A-Z.]*[0-9][0-9A-Za-z.()/-]*"
    pattern = rf"{word}[^0-9A-Za-z]*(?:{number}[ ,;、/]+)*?(?:{number}-)?{re.escape(item)}(?![0-9.]*[0-9])"
    return re.search(pattern, everything) is not None


def anywhere(item):
    return re.search(rf"(?<![0-9A-Za-z.]){re.escape(item)}(?![0-9])", everything) is not None


def government(item):
    """共通性7, 特定契約11, 附表十2-1-2, 維護計畫玖二(一)4, 維護計畫壹拾壹"""
    kind, number = re.match(r"(共通性|特定契約|附表十|維護計畫)(.*)", item).groups()
    if kind == "維護計畫":
        part, rest = re.match(r"(壹拾.|[壹貳參肆伍陸柒捌玖])(.*)", number).groups()
        pattern = part + "[、 ]?" + r"[、 ]*".join(re.escape(c) for c in rest)
        return re.search(pattern, everything) is not None
    if kind == "附表十":
        return anywhere(number)
    return re.search(rf"{kind} ?{number}(?![0-9])", everything) is not None


def benchmark(item):
    """The lists say 11.x where all of a control is meant."""
    return after("CIS", item) or after("CIS", item.split(".")[0] + ".x")


def seeds112(item):
    """The audit of year 112 is known by its findings: the sections of the requirements W-…"""
    rows = [line.split("\t") for line in read("requirements.tsv").splitlines()]
    sections = " ".join(row[2] for row in rows if row[0].startswith("W-"))
    return re.search(rf"(?<![0-9.]){re.escape(item)}(?![0-9])", sections) is not None or \
        re.search(rf"112[^\n]{{0,60}}{re.escape(item)}(?![0-9])", everything) is not None


checklist = read("checklist_111.txt")
known = {
    "cis-v8": benchmark,
    "in-cert-2022": lambda item: item in everything or item in ("(i)", "(iv)"),
    "iso-27001-2022": lambda item: after("ISO", item) or anywhere(item),
    "nist-800-53r5": anywhere,
    "pci-4.0.1": lambda item: after("PCI", item),
    "quick": lambda item: False,
    "tw-gov-111": lambda item: re.search(rf"^{re.escape(item)}[ \t]", checklist, re.M) is not None,
    "tw-gov-112": seeds112,
    "tw-gov-115": government,
    "tw-vendor-115": government,
}

for path in sorted(profiles.glob("*.json")):
    text = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
    profile = json.loads(text)
    items = [item["item"] for item in profile.get("items", [])]
    unknown = [item for item in items if not known[profile["name"]](item)]
    if unknown:
        print(f"not ok items of {profile['name']}: {', '.join(unknown)}")
    else:
        print(f"ok items of {profile['name']}: {len(items)}")
# The test can fail.
wrong = ["cis-v8 19.9", "pci-4.0.1 13.1", "tw-gov-111 10.99", "tw-gov-115 共通性99", "nist-800-53r5 ZZ-9",
         "iso-27001-2022 A.9.99", "tw-gov-112 99.9"]
for name, item in (line.split() for line in wrong):
    print(f"not ok {name} {item}: it is found" if known[name](item) else f"ok {name} has no {item}")
