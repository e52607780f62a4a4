#!/bin/sh
# Files as text: what nobody wants to read.
. "$lint/common.sh"

# What we wrote by hand. Fixtures look as their makers' programs write them.
grep -v -E '^(fixtures|tests/(golden|fuzz)/.*)/|^LICENSE$' "$TMP/files" >"$TMP/ours"

# found PATTERN [OPTION]: places in our files, as FILE:LINE.
found()
{
    xargs grep -n -I -E "$@" /dev/null <"$TMP/ours" | cut -d: -f1,2
}

# What a program left behind.
xargs grep -L -I '' /dev/null <"$TMP/ours" | grep -v -x /dev/null | verdict "files are text"
found '[[:blank:]]$' | verdict "no blanks at the ends of lines"
found "$(printf '\r')" | verdict "no carriage returns"
found "$(printf '\t')" | verdict "no tabs"
while IFS= read -r path; do
    [ -z "$(tail -c 1 "$path" | tr -d '\n')" ] || echo "$path"
done <"$TMP/ours" | verdict "files end with a newline"
found '(^|[^A-Za-z_])(TODO|FIXME|XXX|HACK)([^A-Za-z_]|$)' | grep -v '^tests/lint/' |
    verdict "nothing is left to do"

grep -E '\.(c|h|sh|awk)$' "$TMP/ours" | while IFS= read -r path; do
    lines=$(wc -l <"$path")
    [ "$lines" -le 700 ] || echo "$path has $lines lines"
done | verdict "no file is longer than 700 lines"

# A file's first comment says which question it answers. A source's header may say it for both.
grep -E '\.[ch]$' "$TMP/ours" | while IFS= read -r path; do
    awk 'NR == 1 && /^(\/\*|\/\/|#include ")/ { found = 1 } END { exit !found }' "$path" || echo "$path"
done | verdict "files say what they are about"
