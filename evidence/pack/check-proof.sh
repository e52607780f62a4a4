#!/bin/sh
# Checks with stock tools (POSIX sh, coreutils) that a line is part of a log that a pack names.
#
#   sh check-proof.sh PROOF PACK
#
# PROOF is what "fwproof prove" printed. Leaves and nodes are hashed as RFC 6962 says. Verify the
# pack itself with verify.sh. Exit: 0 proven, 1 not, 2 wrong use.
LC_ALL=C
export LC_ALL
die() { printf 'NOT PROVEN: %s\n' "$*"; exit 1; }
[ $# -eq 2 ] && [ -r "$1" ] || { echo 'sh check-proof.sh PROOF PACK' >&2; exit 2; }
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
trap 'exit 2' HUP INT TERM
TAB=$(printf '\t')
sum() { sha256sum | cut -c1-64; }
field() { sed -n "s/^$1 //p" "$T/proof"; }
once() { [ "$(grep -c "^$1 " "$T/proof")" -eq 1 ] || die "the proof has not exactly one \"$1\""; }
cat -- "$1" > "$T/proof" || exit 2
[ "$(head -n 1 "$T/proof")" = 'fwproof inclusion proof 1' ] || die 'not a proof'
for f in head line file row text; do once $f; done
field row > "$T/row"
field text | base64 -d > "$T/text" || die 'the text is not base64'

# climb LEAF INDEX COUNT KEY: the root that the siblings lead to (RFC 9162, 2.1.3.2). INDEX from 0.
climb() {
    r=$1 at=$2 last=$(($3 - 1))
    [ "$at" -le "$last" ] || die 'there are fewer lines'
    field "$4" > "$T/path"
    while read -r p; do
        printf '%s\n' "$p" | grep -Exq '[0-9a-f]{64}' || die 'a sibling is not a hash'
        [ "$last" -gt 0 ] || die 'too many siblings'
        if [ $((at % 2)) -eq 1 ] || [ "$at" -eq "$last" ]; then
            r=$(printf '01%s%s' "$p" "$r" | tr a-f A-F | basenc --base16 -d | sum)
            while [ $((at % 2)) -eq 0 ] && [ "$at" -gt 0 ]; do
                at=$((at / 2)) last=$((last / 2))
            done
        else
            r=$(printf '01%s%s' "$r" "$p" | tr a-f A-F | basenc --base16 -d | sum)
        fi
        at=$((at / 2)) last=$((last / 2))
    done < "$T/path"
    [ "$last" -eq 0 ] || die 'too few siblings'
}
place() { # KEY: sets INDEX and COUNT from "number of count"
    field "$1" | grep -Exq '[1-9][0-9]{0,17} of [1-9][0-9]{0,17}' || die "$1: not \"2 of 7\""
    INDEX=$(($(field "$1" | cut -d' ' -f1) - 1)) COUNT=$(field "$1" | cut -d' ' -f3)
}

place line
LINE=$((INDEX + 1)) LINES=$COUNT
climb "$({ printf '\000'; cat "$T/text"; } | sum)" "$INDEX" "$COUNT" line-sibling
[ "$(cut -f18 "$T/row")" = "$r" ] || die 'the line is not in the file that the row stands for'
[ "$(cut -f6 "$T/row")" = "$LINES" ] || die 'the file has another number of lines'
place file
climb "$({ printf '\000'; cat "$T/row"; } | sum)" "$INDEX" "$COUNT" file-sibling

cd -- "$2" || exit 2
printf 'files\troot\n%s\t%s\n' "$COUNT" "$r" | cmp -s - data/logs/root.tsv ||
    die 'the file is not in the index of this pack'
grep -Fxq "$(sum < data/logs/root.tsv)  data/logs/root.tsv" manifest-sha256.txt ||
    die 'root.tsv is not the one of the manifest'
grep -Fxq "$(sum < manifest-sha256.txt)  manifest-sha256.txt" tagmanifest-sha256.txt ||
    die 'the manifest is not the one of the tag manifest'
[ "$(sum < tagmanifest-sha256.txt)" = "$(field head)" ] || die 'the proof is of another pack'
printf 'PROVEN: line %s of %s of %s, pack %s\n' "$LINE" "$LINES" "$(cut -f1 "$T/row" | cat -v)" \
    "$(field head)"
cat -v "$T/text"
