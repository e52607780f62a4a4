#!/bin/sh
# Layout is settled by programs: clang-format for C, shellcheck for what shells would misread.
. "$lint/common.sh"

# Versions disagree with each other; .clang-format is written for this one.
format=
for name in clang-format-14 clang-format; do
    if "$name" --version 2>/dev/null | grep -q 'version 14\.'; then
        format=$name
        break
    fi
done
if [ -z "$format" ]; then
    echo "skip clang-format: version 14 is not installed"
else
    grep -E '\.[ch]$' "$TMP/files" | xargs "$format" --dry-run -Werror 2>&1 |
        sed -n 's/^\([^:]*:[0-9]*\):.*error:.*/\1/p' | LC_ALL=C sort -t: -u -k1,1 |
        verdict "clang-format"
fi

while IFS= read -r path; do
    case $(head -n 1 "$path" | tr -d '\0') in
    '#!/bin/sh'*) echo "sh $path" ;;
    '#!/bin/bash'*) echo "bash $path" ;;
    *) case $path in *.sh) echo "sh $path" ;; esac ;;
    esac
done <"$TMP/files" >"$TMP/scripts"
while read -r shell path; do
    "$shell" -n "$path" 2>&1 | head -n 1
done <"$TMP/scripts" | verdict "shells can read the scripts"

# SC1091: sourced files are checked by themselves. SC2034: a sourced file sets what others use.
# SC2094: a file that is read and whose name is printed. SC2100: "a-b" is a name here, no sum.
# SC2154: a variable of the environment. SC2164: `cd` into a folder of our own. SC2209: a variable holds the word "sh".
if ! command -v shellcheck >/dev/null; then
    echo "skip shellcheck: not installed"
else
    cut -d' ' -f2 "$TMP/scripts" | xargs shellcheck -S warning -f gcc \
        -e SC1091,SC2034,SC2094,SC2100,SC2154,SC2164,SC2209 | verdict shellcheck
fi
