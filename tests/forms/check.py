"""Do the forms hold what they must? Prints the runner's lines.

    check.py FORMS              the tables, the workbooks' XML, the attachments
    check.py --answered FORMS   the forms of a review that was given a filled-in form (fill.py)
    check.py --opened FORMS DIR the workbooks as a spreadsheet program saved them as CSV in DIR
"""

import csv
import hashlib
import pathlib
import re
import sys
import xml.etree.ElementTree as xml
import zipfile

HEADS = {
    "改善報告": "項次 內容分類 對應稽核項次 稽核組別 稽核發現內容 改善措施 (預計)完成日期",
    "稽核項目紀錄表": "編號 稽核項目 稽核依據 稽核方式(訪談／檢視／測試) 抽樣範圍 稽核發現 佐證編號(雜湊) "
    "結果(符合／部分符合／不符合／不適用) 稽核人員簽名 日期",
    "稽核結果及改善報告": "項次 構面 類別 對應稽核項次 稽核發現 發生原因 類似缺失檢視結果 "
    "改善措施(管理／技術／人力／資源) 預定完成時程 執行進度追蹤方式 佐證資料 辦理情形 主管核章",
    "改善績效追蹤報告": "項次 待改善事項 改善措施 預定完成日 實際完成日 執行情形 有效性評估 佐證 追蹤結論",
}
NOTE = "註:以上改善措施，如需時間才能完成，則填報預估之完成時間。"
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def say(name, problem=None):
    print(f"not ok {name}: {problem}" if problem else f"ok {name}")


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def column(reference):
    n = 0
    for letter in re.match("[A-Z]+", reference)[0]:
        n = n * 26 + ord(letter) - 64
    return n - 1


def workbook(path):
    """The rows of the first sheet as texts, and whether any cell is a formula."""
    with zipfile.ZipFile(path) as file:
        strings = [
            "".join(t.text or "" for t in item.iterfind(".//m:t", NS))
            for item in xml.fromstring(file.read("xl/sharedStrings.xml")).iterfind("m:si", NS)
        ]
        sheet = xml.fromstring(file.read("xl/worksheets/sheet1.xml"))
        dates = {info.date_time for info in file.infolist()}
    rows = []
    for row in sheet.iterfind(".//m:row", NS):
        cells = {}
        for cell in row.iterfind("m:c", NS):
            value = cell.find("m:v", NS)
            if value is not None:
                text = strings[int(value.text)] if cell.get("t") == "s" else value.text
                cells[column(cell.get("r"))] = text
        rows.append(cells)
    return rows, sheet.find(".//m:f", NS) is not None, dates


def check_form(forms, name):
    heads = HEADS[name].split(" ")
    rows = table(forms / f"{name}.csv")
    if rows[0] != heads:
        return f"the columns are {rows[0]}"
    if len(rows) < 5 or any(len(row) != len(heads) for row in rows):
        return "rows are missing or not as long as the header"
    sheet, formula, dates = workbook(forms / f"{name}.xlsx")
    if formula:
        return "a cell is a formula"
    if len(dates) != 1:
        return f"the workbook's members carry dates: {sorted(dates)}"
    if name not in sheet[0][0] or "115年翠屏市政資訊服務中心" not in sheet[0][0] and "2026/07/05" not in sheet[0][0]:
        return f"the title is {sheet[0][0]}"
    for i, row in enumerate(rows):
        cells = [sheet[i + 1].get(k, "") for k in range(len(heads))]
        # A CSV cell that a spreadsheet would run has a ' in front; a string cell needs none.
        if cells != [re.sub(r"^'(?=[\s]*[=+\-@])", "", cell) for cell in row]:
            return f"row {i} of the workbook is not that of the table"
    if name == "改善報告" and sheet[-1].get(0) != NOTE:
        return f"the note is {sheet[-1].get(0)}"
    return None


def check_improvement(forms):
    rows = table(forms / "改善報告.csv")[1:]
    classes = {row[1] for row in rows}
    if not classes <= {"待改善事項", "建議事項", "法遵符合情形"} or len(classes) != 3:
        return f"the classes are {classes}"
    endings = {"待改善事項": "應改善之。", "建議事項": "建議改善之。"}
    for number, row in enumerate(rows, 1):
        if row[0] != str(number):
            return f"項次 {row[0]} is row {number}"
        if not row[4].endswith(endings.get(row[1], "。")) and "請提供" not in row[4]:
            return f"項次 {number} ends as no {row[1]} does: {row[4][-20:]}"
        if re.search(r"\{[a-z_]+(:[a-z]+)?\}", "".join(row)):
            return f"項次 {number}: a placeholder is left"
        name = re.search(r"（附件：(項次[0-9]+_附件_[A-Z0-9-]+)）$", row[5])
        if not name or not name[1].startswith(f"項次{number:02}_"):
            return f"項次 {number} names no attachment of its own: {row[5]}"
        text = (forms / f"{name[1]}.txt").read_text(encoding="utf-8")
        first = re.sub("^1、", "", row[4].split("\n")[0])
        if first not in text:
            return f"the attachment of 項次 {number} does not hold its finding"
        if row[1] == "法遵符合情形" and row[6] != "已完成":
            return f"項次 {number} is {row[6]}"
    files = {file.stem for file in forms.glob("項次*.txt")}
    if len(files) != len(rows):
        return f"{len(files)} attachments, {len(rows)} rows"
    return None


def check_record(forms):
    seen = 0
    for row in table(forms / "稽核項目紀錄表.csv")[1:]:
        if row[7] not in ("符合", "部分符合", "不符合", "不適用", "佐證不足", "待人工判定"):
            return f"the result is {row[7]}"
        for name, digest in re.findall(r"(項次\S+) \(([0-9a-f]+)\)", row[6]):
            if hashlib.sha256((forms / name).read_bytes()).hexdigest() != digest:
                return f"{name} has another hash"
            seen += 1
    return None if seen == len(list(forms.glob("項次*.txt"))) else f"{seen} attachments are named"


def opened(forms, folder):
    for name, heads in HEADS.items():
        rows = table(folder / f"{name}.csv")
        own = table(forms / f"{name}.csv")
        if rows[1] != heads.split(" "):
            say(f"{name}.xlsx in a spreadsheet program", f"the columns are {rows[1]}")
        elif [row[0] for row in rows[2 : len(own) + 1]] != [row[0] for row in own[1:]]:
            say(f"{name}.xlsx in a spreadsheet program", "rows are missing")
        else:
            say(f"{name}.xlsx in a spreadsheet program")


def answered(forms):
    """What fill.py answered, as the tracking form must tell it."""
    expected = {
        "EXP-001": ("已縮小來源範圍", "2026/09/30", "未逾期辦理中", "本期仍有相同情形"),
        "RET-001": ("延長保存期限", "2026/06/30", "逾期辦理中", "本期仍有相同情形"),
        "CHG-001": ("補辦申請", "", "填報已完成，惟本期仍有相同情形", "本期仍有相同情形"),
        "RUL-010": ("補充解析", "2026/08/01", "如期完成", "本期已無相同情形"),
        "LOG-008": ("調整格式", "2026/05/31", "逾期完成", "本期已無相同情形"),
        "IDS-002": ("執行規則更新", "", "", "本期仍有相同情形"),
    }
    rows = table(forms / "改善績效追蹤報告.csv")[1:]
    for check, (measure, due, state, effect) in expected.items():
        found = [row for row in rows if check in row[7]]
        if len(found) != 1:
            say(f"answer to {check}", f"{len(found)} rows")
            continue
        row = found[0]
        good = row[2].startswith(measure) and (row[3], row[5], row[6]) == (due, state, effect)
        say(f"answer to {check}", None if good and "<p>" not in "".join(row) else row)


if sys.argv[1] == "--answered":
    answered(pathlib.Path(sys.argv[2]))
elif sys.argv[1] == "--opened":
    opened(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
else:
    FORMS = pathlib.Path(sys.argv[1])
    for form in HEADS:
        say(form, check_form(FORMS, form))
    say("rows and attachments", check_improvement(FORMS))
    say("hashes of attachments", check_record(FORMS))
