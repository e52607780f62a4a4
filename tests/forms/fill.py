"""Fills a 改善報告 in as an agency would and writes it as it is exchanged: fill.py CSV TSV."""

import csv
import sys

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
with open(sys.argv[2], "w", encoding="utf-8") as out:
    out.write("115年實地稽核發現事項 - 改善報告 (2026/07/05)\n\n")
    for row in rows:
        check = next((c for c in ANSWERS if f"_附件_{c}）" in row[5]), None)
        if check:
            row[1], row[5], row[6] = ANSWERS[check]
        row[4] = "".join(f"<p>{line}</p>" for line in row[4].split("\n")) if row[0].isdigit() else row[4]
        out.write("\t".join(row) + "\n")
    out.write("註:以上改善措施，如需時間才能完成，則填報預估之完成時間。\n")
