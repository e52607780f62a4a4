#!/bin/sh
# One list: what exists is listed, what is listed exists, and lists are sorted.
. "$lint/common.sh"

# both NAME LIST: TMP/listed and TMP/there, sorted, have to be equal.
both()
{
    {
        LC_ALL=C comm -23 "$TMP/listed" "$TMP/there" | sed "s,\$, is in $2 but is no file,"
        LC_ALL=C comm -13 "$TMP/listed" "$TMP/there" | sed "s,\$, is not in $2,"
    } | verdict "$1"
}

for folder in core policy parsers analyzers evidence report cli; do
    [ -f "$folder/meson.build" ] || continue
    {
        # Quoted, and no custom_target's input: those lines carry a key.
        grep -v ':' "$folder/meson.build" | grep -o "'[a-z0-9_/][a-z0-9_/]*\.c'" | tr -d "'"
        for def in "$folder/registry.def" "$folder/commands.def"; do
            [ ! -f "$def" ] || stems "$def" | sed 's/$/.c/'
        done
        for def in "$folder"/*/registry.def; do
            below=${def#"$folder/"}
            [ ! -f "$def" ] || stems "$def" | sed "s,.*,${below%registry.def}&.c,"
        done
    } | sed "s,^,$folder/," | LC_ALL=C sort -u >"$TMP/listed"
    grep "^$folder/.*\.c\$" "$TMP/files" >"$TMP/there"
    both "sources of $folder" "$folder/meson.build or a registry"
done

if [ -f tests/unit/suites.def ]; then
    stems tests/unit/suites.def | sed 's,.*,tests/unit/test_&.c,' | LC_ALL=C sort >"$TMP/listed"
    grep '^tests/unit/test_.*\.c$' "$TMP/files" >"$TMP/there"
    both "unit suites" tests/unit/suites.def
fi

# A word that nothing says is nobody's. Of these groups the keys are put together where they are used.
if [ -f rulesets/words.json ]; then
    made='as_of|basis|certainty|class|decided|decision_state|diff|duty|field|group|integrity|joins|kind'
    made="$made|lead|list|meaning|reason|ref|severity"
    grep -E '^(analyzers|cli|evidence|report)/.*\.(c|h|def|js)$' "$TMP/files" |
        xargs grep -h -o '"[a-z_][A-Za-z0-9_.]*"' /dev/null | LC_ALL=C sort -u >"$TMP/there"
    sed -n 's/^    \("[^"]*"\): .*/\1/p' rulesets/words.json | grep -v -E "^\"($made)\\." |
        LC_ALL=C sort | LC_ALL=C comm -23 - "$TMP/there" | verdict "words are said"
fi

# A .def says in its first comment that it is sorted, or which order it has.
grep '\.def$' "$TMP/files" | while IFS= read -r def; do
    sed '/^FW_/q' "$def" >"$TMP/head"
    if grep -q '[Ss]orted' "$TMP/head"; then
        sed -n 's/^FW_[A-Z_]*(//p' "$def" | sed 's/[,)].*//; s/"//g' | LC_ALL=C sort -c 2>&1 |
            sed 's/.*disorder: \(.*\)/\1 is out of order/' | verdict "order of $def"
    elif tr '\n' ' ' <"$TMP/head" | grep -q '[^a-z]order'; then
        echo "ok order of $def"
    else
        echo "not ok order of $def: its first comment says neither \"sorted\" nor which order"
    fi
done

# A suite is a folder of tests/ with an executable `suite`.
sed -n 's,^tests/\([^/]*\)/.*,\1,p' "$TMP/files" | grep -v -x runner | sort -u |
    while IFS= read -r name; do
        [ -x "tests/$name/suite" ] || echo "tests/$name has no executable file \"suite\""
    done | verdict "test suites"

# A format without an example is a promise nobody can check.
if [ -f parsers/registry.def ]; then
    stems parsers/registry.def | while IFS= read -r stem; do
        grep -q "^fixtures/parsers/$stem/" "$TMP/files" ||
            echo "$stem has no file below fixtures/parsers/$stem/"
    done | verdict "formats have fixtures"
fi
