#!/bin/sh
# What a person can meet is explained somewhere; what can be reached is reached by a test.
. "$lint/common.sh"

if [ -f core/diag.def ]; then
    sed -n 's/^FW_DIAG(\([A-Z0-9_]*\),.*/\1/p' core/diag.def | tr 'A-Z_' 'a-z-' >"$TMP/ids"
    sed -n 's/^## //p' docs/diagnostics.md >"$TMP/sections"
    {
        grep -v -x -f "$TMP/sections" "$TMP/ids" | sed 's/$/ has no section in docs\/diagnostics.md/'
        grep -v -x -f "$TMP/ids" "$TMP/sections" | sed 's/$/ is explained there but is none/'
    } | verdict "diagnostics are explained"
fi

if [ -f core/limits.def ]; then
    grep '^tests/.*\.[ch]$' "$TMP/files" | xargs cat >"$TMP/tests"
    for name in $(sed -n 's/^FW_LIMIT(\([A-Z0-9_]*\),.*/\1/p' core/limits.def); do
        grep -q -w "FW_LIMIT_$name" "$TMP/tests" || echo "no test names FW_LIMIT_$name"
    done | verdict "limits are tested"
fi

grep '^docs/adr/' "$TMP/files" >"$TMP/adr"
{
    sed 's,^docs/adr/\([0-9]*\)-.*,\1,' "$TMP/adr" | sort | uniq -d | sed 's/$/ is a number of two/'
    grep -v -E '^docs/adr/[0-9]{4}-[a-z0-9-]+\.md$' "$TMP/adr" | sed 's/$/ is not NNNN-title.md/'
} | verdict "decisions are numbered"
