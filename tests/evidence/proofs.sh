#!/bin/sh
# Inclusion proofs of log lines, checked with stock tools and nothing of ours; then everything about
# them is changed and must fail.
#   proofs.sh FWPROOF AGENCY
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=proof
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$1 AGENCY=$2
check() { sh "$P/data/logs/check-proof.sh" "$@"; }

cp -r "$AGENCY" "$W/site" && rm -rf "$W/site/.fwproof"
"$FW" review "$W/site/site.json" --out "$W/packs" --quiet > "$W/out" 2>&1
P=$W/packs/2026Q2
[ -d "$P" ] || { bad 'the agency has a pack'; exit 1; }
cp -r "$P" "$W/other" && echo x >> "$W/other/tagmanifest-sha256.txt"

# First, last and middle lines of plain and packed logs: ten of them, spread over the index.
sed 1d "$P/data/logs/index.tsv" | awk -F'\t' 'NR % 58 == 1 { print $1 "\t" $6 }' > "$W/some"
n=0
while IFS="$TAB" read -r path lines; do
    for k in 1 $(((lines + 1) / 2)) "$lines"; do
        n=$((n + 1))
        if ! "$FW" prove "$P" "$path:$k" "$W/site" > "$W/proof" 2> "$W/out" ||
            ! check "$W/proof" "$P" > "$W/out" 2>&1; then
            bad "$path:$k"
            continue
        fi
        case $path in *.gz) zcat "$W/site/$path" ;; *) cat "$W/site/$path" ;; esac |
            sed -n "${k}p" > "$W/line"
        sed 1d "$W/out" > "$W/shown"
        cat -v "$W/line" | cmp -s - "$W/shown" || bad "$path:$k: another line"
    done
done < "$W/some"
ok "$n lines with stock tools"

path=$(sed -n 40p "$P/data/logs/index.tsv" | cut -f1)
"$FW" prove "$P" "$path:7" "$W/site" > "$W/proof" 2> "$W/out"
says 'untouched' 0 "^PROVEN: line 7 of [0-9]* of $path, pack " check "$W/proof" "$P"

# By hand, as docs/evidence.md tells.
r=$({ printf '\0'; sed -n 's/^text //p' "$W/proof" | base64 -d; } | sha256sum | cut -c1-64)
i=6
for s in $(sed -n 's/^line-sibling //p' "$W/proof" | head -n 3); do
    if [ $((i % 2)) -eq 1 ]; then pair=01$s$r; else pair=01$r$s; fi
    r=$(printf '%s' "$pair" | tr a-f A-F | basenc --base16 -d | openssl dgst -sha256 -r | cut -c1-64)
    i=$((i / 2))
done
{ zcat -f "$W/site/$path" | sed -n 1,8p | while IFS= read -r l; do
    { printf '\0'; printf '%s\n' "$l"; } | sha256sum | cut -c1-64
done; } > "$W/leaves"
while [ "$(wc -l < "$W/leaves")" -gt 1 ]; do
    paste -d '\0' - - < "$W/leaves" | while read -r pair; do
        printf '01%s' "$pair" | tr a-f A-F | basenc --base16 -d | sha256sum | cut -c1-64
    done > "$W/next"
    mv "$W/next" "$W/leaves"
done
if [ "$r" = "$(cat "$W/leaves")" ]; then ok 'three steps by hand'; else bad 'three steps by hand'; fi

# change NAME SED PATTERN: an edited proof proves nothing.
change() {
    sed "$2" "$W/proof" > "$W/edited"
    if cmp -s "$W/proof" "$W/edited"; then bad "$1: the edit changed nothing"; return; fi
    says "$1" 1 "^NOT PROVEN: $3" check "$W/edited" "$P"
}
change 'another position' 's/^line 7 of/line 8 of/' 'the line is not in the file'
change 'a position beyond the end' 's/^line 7 of \([0-9]*\)/line 9\1 of \1/' 'there are fewer lines'
change 'another count of lines' 's/^line 7 of 1*/&0/' '.'
change 'another position of the file' 's/^file 39 of/file 40 of/' 'the file is not in the index'
change 'a sibling changed' '/^line-sibling/s/[0-9a-f]\{4\}$/0000/' 'the line is not in the file'
change 'siblings removed' '/^line-sibling/d' 'too few siblings'
change 'a sibling of the file changed' '/^file-sibling/s/[0-9a-f]\{4\}$/0000/' 'the file is not in'
change 'the row edited' '/^row /s/cisco/cisca/' 'the file is not in the index'
change 'the root in the row edited' '/^row /s/[0-9a-f]\{4\}$/0000/' 'the line is not in the file'
change 'the row of another path' 's/^row logs/row logz/' 'the file is not in the index'
change 'another pack named' 's/^head ..../head 0000/' 'the proof is of another pack'
change 'two heads' 's/^head .*/&\n&/' 'the proof has not exactly one "head"'
change 'no text' '/^text /d' 'the proof has not exactly one "text"'
change 'something else' '1s/1$/2/' 'not a proof'
text=$(sed -n 's/^text //p' "$W/proof" | base64 -d | sed 's/0/1/' | base64 -w 0)
change 'another text' "s|^text .*|text $text|" 'the line is not in the file'
says 'another pack' 1 'not the one of\|another pack' check "$W/proof" "$W/other"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do # any byte of the proof
    size=$(wc -c < "$W/proof") at=$((i * 7919 % size))
    cp "$W/proof" "$W/edited"
    byte=$(dd if="$W/proof" bs=1 skip=$at count=1 2> /dev/null | od -An -tu1 | tr -d ' ')
    # shellcheck disable=SC2059 # an octal escape is made
    printf "\\$(printf '%03o' $((byte ^ 2)))" | dd of="$W/edited" bs=1 seek=$at conv=notrunc 2> /dev/null
    if check "$W/edited" "$P" > "$W/out" 2>&1; then bad "byte $at changed"; fi
done
ok 'twenty changed bytes'

# The command.
says 'by a byte' 0 '^line 1 of' "$FW" prove "$P" "$path@3" "$W/site"
says 'by text, by the end of the path' 0 '^line 1 of' \
    "$FW" prove "$P" "${path##*/}=$(zcat -f "$W/site/$path" | head -n 1 | cut -c1-60)" "$W/site/site.json"
says 'the file itself' 0 '^line 7 of' "$FW" prove "$P" "$path:7" "$W/site/$path"
says 'as JSON' 0 '"line_siblings"' "$FW" prove "$P" "$path:7" "$W/site" --json
says 'a text that ends like a number' 2 ': has no such line' "$FW" prove "$P" "$path=10.99.98.97:443" "$W/site"
says 'no such line' 2 'has no such line' "$FW" prove "$P" "$path:999999" "$W/site"
says 'line zero' 2 'has no such line' "$FW" prove "$P" "$path:0" "$W/site"
says 'no such text' 2 'has no such line' "$FW" prove "$P" "$path=nowhere to be found" "$W/site"
says 'no such file' 2 'in no line of the index' "$FW" prove "$P" "logs/none:1" "$W/site"
says 'no logs there' 2 'cannot be read' "$FW" prove "$P" "$path:1" "$W/nowhere"
says 'no line named' 2 'name a line as' "$FW" prove "$P" "$path" "$W/site"
echo x >> "$W/site/$path"
says 'the log was changed' 1 'is not the log that was reviewed' "$FW" prove "$P" "$path:7" "$W/site"
echo x >> "$P/data/logs/index.tsv"
says 'the pack is broken' 1 'does not match its hash' "$FW" prove "$P" "$path:7" "$W/site"
