"""Fills a 改善報告 in as an agency would and writes it as it is exchanged: fill.py CSV TSV XLSX.

The workbook has shared and inline texts, dates as numbers with a date's style, and empty cells left out.
"""

import csv
import datetime
import re
import sys
import zipfile
from xml.sax.saxutils import escape

# check: class as it comes back, measure, date
ANSWERS = {
    "EXP-001": ("待改善事項", "<p>已縮小來源範圍</p> <p>（附件：項次06_附件_EXP-001）</p>", "2026/09/30"),
    "RET-001": ("待改善事", "延長保存期限（附件：項次02_附件_RET-001）", "2026/06/30"),
    "CHG-001": ("待改善事項", "補辦申請（附件：項次12_附件_CHG-001）", "已完成"),
    "RUL-010": ("建議事項", "補充解析（附件：項次10_附件_RUL-010）", "115年8月1日"),
    "LOG-008": ("建議事項", "調整格式（附件：項次14_附件_LOG-008）", "2026/05/31"),
}

with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file))
NOTE = "註:以上改善措施，如需時間才能完成，則填報預估之完成時間。"
TITLE = "115年實地稽核發現事項 - 改善報告 (2026/07/05)"
for row in rows:
    check = next((c for c in ANSWERS if f"_附件_{c}）" in row[5]), None)
    if check:
        row[1], row[5], row[6] = ANSWERS[check]
    row[4] = "".join(f"<p>{line}</p>" for line in row[4].split("\n")) if row[0].isdigit() else row[4]
with open(sys.argv[2], "w", encoding="utf-8") as out:
    out.write(f"{TITLE}\n\n")
    for row in rows:
        out.write("\t".join(row) + "\n")
    out.write(f"{NOTE}\n")

strings = []


def cell(name, text, inline):
    """Its XML; nothing for an empty one."""
    date = re.fullmatch("([0-9]{4})/([0-9]{2})/([0-9]{2})", text)
    if date:
        days = (datetime.date(*map(int, date.groups())) - datetime.date(1899, 12, 30)).days
        return f'<c r="{name}" s="1"><v>{days}</v></c>'
    if text.isdigit():
        return f'<c r="{name}"><v>{text}</v></c>'
    if inline:
        return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else ""
    strings.append(text)
    return f'<c r="{name}" t="s"><v>{len(strings) - 1}</v></c>' if text else ""


sheet = ""
for number, row in enumerate([[TITLE], []] + rows + [[NOTE]], 1):
    cells = "".join(cell(f"{chr(65 + i)}{number}", text, i == 4) for i, text in enumerate(row))
    sheet += f'<row r="{number}">{cells}</row>'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
with zipfile.ZipFile(sys.argv[3], "w", zipfile.ZIP_DEFLATED) as book:
    book.writestr("xl/workbook.xml", f"{HEAD}<workbook {SPACE}/>")
    book.writestr("xl/worksheets/sheet1.xml", f"{HEAD}<worksheet {SPACE}><sheetData>{sheet}</sheetData></worksheet>")
    book.writestr("xl/styles.xml", f'{HEAD}<styleSheet {SPACE}><numFmts><numFmt numFmtId="164" '
                  'formatCode="yyyy/mm/dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>')
    items = "".join(f'<si><r><t xml:space="preserve">{escape(text[:3])}</t></r><r><t xml:space="preserve">'
                    f"{escape(text[3:])}</t></r><rPh sb=\"0\" eb=\"1\"><t>READING</t></rPh></si>" for text in strings)
    book.writestr("xl/sharedStrings.xml", f"{HEAD}<sst {SPACE}>{items}</sst>")
