#!/bin/sh
# The worksheet of a review: out, filled in, back in, and what the next review makes of it.
#   decisions.sh FWPROOF AGENCY
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=decisions
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$(absolute "$1") AGENCY=$(absolute "$2")
cd "$W" || exit 1

# same A B: numbers or words.
same() { if [ "$1" = "$2" ]; then ok "$NAME"; else echo "$1 is not $2" > out; bad "$NAME: they differ"; fi; }
review() { "$FW" review site/site.json --quiet --store "$W/store.db" "$@" > out 2>&1; }
state() { # CHECK [DEVICE]: the states that the newest pack has of it
    awk -F '\t' -v c="$1" -v d="${2-}" '$1 == c && (d == "" || $2 == d) { print $3 }' \
        "$PACK/data/results/verdicts.tsv" | sort | uniq -c | sed 's/^ *//' | tr '\n' ' '
}
# Empty cells: the eight that people fill in, before the hash of a rule, or of a finding.
RULE=',\{9\}\([0-9a-f]\{64\}\),$' FINDING=',\{10\}\([0-9a-f]\{64\}\)$'
keep() { sed "s/$RULE/,keep,still needed,,王小明,2026-07-02,,CHG-1,,\\1,/"; }
# waive CHECK UNTIL
waive() { sed "/,$1,/s/$FINDING/,waive,+until the move,陳工程師,李主任,2026-07-02,$2,,watched,,\\1/"; }

cp -R "$AGENCY" site && chmod -R u+w site && rm -rf site/packs || exit 1
PACK=site/packs/2026Q2

NAME='without a pack'
says "$NAME" 2 'make one with fwproof review' "$FW" decide site/site.json
NAME='the first review'
review
if [ -f $PACK/data/decisions.tsv ]; then ok "$NAME"; else bad "$NAME: no pack"; fi
NAME='nobody decided yet'
same "$(state WFL-003)" "$(awk -F '\t' 'NR > 1 { print $1 }' $PACK/data/results/rules.tsv | sort -u | wc -l) OPEN "
NAME='the worksheet'
says "$NAME" 0 '^gw1,' "$FW" decide site/site.json
cp out sheet.csv
NAME='every enabled rule has a row'
same "$(grep -c "$RULE" sheet.csv)" "$(awk -F '\t' 'NR > 1 && $6 == "yes" { print $1, $2, $11 }' \
    $PACK/data/results/rules.tsv | sort -u | wc -l)"
NAME='every finding has a row'
same "$(grep -c "$FINDING" sheet.csv)" "$(awk -F '\t' '$3 == "FAIL" || $3 == "WAIVED"' \
    $PACK/data/results/verdicts.tsv | wc -l)"
NAME='in Chinese'
says "$NAME" 0 '設備,政策,序號,規則,檢查,發現,決定,理由,負責人,決定人,決定日期,屆期日' \
    "$FW" decide site/site.json --lang zh-TW
NAME='a pack that was edited'
cp -R $PACK edited && echo x >> edited/data/results/rules.tsv
says "$NAME" 2 'is broken' "$FW" decide site/site.json edited
NAME='a site that keeps no decisions'
says "$NAME" 2 'add "decisions"' "$FW" decide site/site.json --import sheet.csv

sed 's#"advisory_decisions":#"decisions": "records/decisions.csv",\n  &#' site/site.json > s && cp s site/site.json
NAME='an empty workbook'
"$FW" decide site/site.json --out sheet.xlsx --lang zh-TW > out 2>&1
says "$NAME" 0 '^0 of [1-9][0-9]* rules' "$FW" decide site/site.json --import sheet.xlsx

# refuse NAME TEXT SED: what the filled-in worksheet is turned into, which must not be taken over.
keep < sheet.csv > kept.csv
refuse() {
    NAME=$1
    sed "$3" kept.csv > wrong.csv
    says "$NAME" 2 "$2" "$FW" decide site/site.json --import wrong.csv
}
cp site/records/decisions.csv before.csv
refuse 'a word that is none' 'is keep, modify, remove or waive' '2s/,keep,/,perhaps,/'
refuse 'no reason' 'needs "reason"' '2s/,still needed,/,,/'
refuse 'no name' 'needs "reason", "by"' '2s/,王小明,/,,/'
refuse 'no date' 'needs "reason", "by" and "decided"' '2s/,2026-07-02,/,,/'
refuse 'a date that is none' 'is no date' '2s/,2026-07-02,/,soon,/'
refuse 'a change without an owner' 'needs its "owner"' '2s/,keep,/,remove,/'
refuse 'a waiver without an end' 'needs its last day' '2s/,keep,/,waive,/'
refuse 'a waiver for ever' 'one year at most' \
    '2s/,keep,still needed,,王小明,2026-07-02,,CHG-1,,/,waive,x,,王小明,2026-07-02,2030-01-01,,watched,/'
refuse 'a waiver that ends before' 'ends before' \
    '2s/,keep,still needed,,王小明,2026-07-02,,CHG-1,,/,waive,x,,王小明,2026-07-02,2026-06-01,,watched,/'
refuse 'one rule twice' 'decided on twice' '2{p;}'
refuse 'another rule' 'has no such rule any more' '2s/[0-9a-f]\{8\},$/00000000,/'
refuse 'no hash' 'as the worksheet has' '2s/[0-9a-f]\{64\},$/,/'
refuse 'a cut hash' '64 digits' '2s/[0-9a-f]\{3\},$/,/'
refuse 'a header without decisions' 'lacks the column "decision"' '1s/,decision,/,x,/'
NAME='a finding that is kept for good'
sed "s/$FINDING/,keep,x,,王小明,2026-07-02,,,,,\\1/" sheet.csv > wrong.csv
says "$NAME" 2 'a finding is not kept for good' "$FW" decide site/site.json --import wrong.csv
NAME='nothing was written'
if cmp before.csv site/records/decisions.csv > out 2>&1; then ok "$NAME"; else bad "$NAME: it was"; fi

NAME='every rule is kept, a check is waived'
waive CHG-001 2026-09-30 < kept.csv > filled.csv
n=$(grep -c 'until the move' filled.csv)
says "$NAME" 0 "and $n of [0-9]* findings are decided" "$FW" decide site/site.json --import filled.csv
NAME='what was decided stands in the next worksheet'
"$FW" decide site/site.json > again.csv 2> out
same "$(grep -c ',keep,still needed,,王小明,2026-07-02,,CHG-1,,' again.csv)" "$(grep -c 'still needed' kept.csv)"
NAME='the next review'
review
same "$(state CHG-001)" "$n WAIVED "
NAME='every rule has a verdict'
same "$(state WFL-003 | sed 's/^[0-9]* //')" 'PASS '
NAME='decisions in the pack'
same "$(cut -f14 $PACK/data/decisions.tsv | sort | uniq -c | sed 's/^ *//' | tr '\n' ' ')" \
    "$(($(grep -c 'still needed' kept.csv) + n)) current 1 state "
NAME='the journal names who decided'
same "$(grep -c "^decided${TAB}keep .*${TAB}王小明${TAB}2026-07-02${TAB}[0-9a-f]\{64\}$" $PACK/data/journal.tsv)" \
    "$(grep -c 'still needed' kept.csv)"
NAME='the journal names what was read, by what'
if grep -q "^read${TAB}decisions records/decisions.csv as decisions${TAB}fwproof [0-9.]*$TAB$TAB$(sha256sum < site/records/decisions.csv | cut -c1-64)$" \
    $PACK/data/journal.tsv; then ok "$NAME"; else cp $PACK/data/journal.tsv out; bad "$NAME: no such line"; fi
NAME='the page lists the waiver'
if grep -q '陳工程師\|李主任' $PACK/data/report/report.zh-TW.html; then ok "$NAME"; else bad "$NAME: it does not"; fi
NAME='it quotes what was written, not what a spreadsheet is protected from'
grep -o '.\{6\}until the move' $PACK/data/report/report.zh-TW.html > out
if [ -s out ] && ! grep -q "#39\|'" out; then ok "$NAME"; else bad "$NAME: another text"; fi
NAME='the same again'
cp -R $PACK first
review
diff -r first $PACK > out 2>&1
same $? 0
NAME='made again from sealed copies and logs'
review --seal-inputs
says "$NAME" 0 '^reproduced' "$FW" reproduce $PACK site

NAME='a waiver that has run out'
review --as-of 2026-10-05
same "$(state CHG-001 | sed 's/^[0-9]* //')" 'FAIL '
NAME='the pack says that it has'
same "$(awk -F '\t' '$5 == "waive" { print $14 }' $PACK/data/decisions.tsv | sort -u)" expired

NAME='a rule that changed after the verdict'
review
sed 's/--dport 443/--dport 8443/' site/configs/gw1-2026-06-30.rules > r && cp r site/configs/gw1-2026-06-30.rules
review
same "$(state WFL-003 gw1)" '1 FAIL '
NAME='the pack says that it is gone'
if grep -q 'gone$' $PACK/data/decisions.tsv; then ok "$NAME"; else cp $PACK/data/decisions.tsv out; bad "$NAME: it does not"; fi
NAME='a worksheet from before'
says "$NAME" 2 'it changed since the worksheet was made' "$FW" decide site/site.json --import filled.csv
NAME='what is gone stays on record'
"$FW" decide site/site.json 2> out | sed 's/^x//' > sheet2.csv
says "$NAME" 0 'rules' "$FW" decide site/site.json --import sheet2.csv
same "$(grep -c 'still needed' site/records/decisions.csv)" "$(grep -c 'still needed' kept.csv)"

NAME='a list with a slip in it decides nothing'
echo 'gw1,INPUT,,,,,maybe' >> site/records/decisions.csv
cp -R $PACK first2
says "$NAME" 2 'is keep, modify, remove or waive' "$FW" review site/site.json --store "$W/store.db"
NAME='and nothing is written'
diff -r first2 $PACK > out 2>&1
same $? 0
NAME='a check that there is not'
sed '$d' site/records/decisions.csv > r && cp r site/records/decisions.csv
echo "gw1,,,,ABC-001,,waive,x,,x,2026-07-02,2026-08-01,,x,,$(echo | sha256sum | cut -c1-64)" >> site/records/decisions.csv
says "$NAME" 2 'there is no check "ABC-001"' "$FW" review site/site.json --store "$W/store.db"

