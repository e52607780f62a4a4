#!/bin/sh
# A newcomer's first site file: drafted from a folder, and reviewed as it is.
#   init.sh FWPROOF AGENCY
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=init
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$1 AGENCY=$2

cp -R "$AGENCY" "$W/site" && chmod -R u+w "$W/site" && rm -rf "$W/site/site.json" "$W/site/.fwproof" \
    "$W/site/reviews" "$W/site/packs"
S=$W/site/site.json
says 'no day' 2 '--as-of 2026-07-05' "$FW" init "$W/site"
says 'no folder' 2 'is no folder' "$FW" init "$W/nothing" --as-of 2026-07-05
mkdir "$W/empty" && echo hello > "$W/empty/note"
says 'nothing to read' 2 'holds nothing' "$FW" init "$W/empty" --as-of 2026-07-05
says 'a draft' 0 'files recognised' "$FW" init "$W/site" --as-of 2026-07-05
says 'it is not overwritten' 2 'not overwritten' "$FW" init "$W/site" --as-of 2026-07-05
says 'the quarter that ended' 0 '"2026Q2"' cat "$S"
for want in '"name": "gw1"' '"kind": "firewall"' '"config": \["configs/gw1-2025-12-31.rules", "configs/gw1-2026-03-31' \
    '"logs": \["logs/gw1/kern\*"\]' '"name": "asa1"' '"logs": \["logs/asa1/asa\*"\]' '"kind": "ids"' \
    '"rules": \["ids/etc/disablesid.conf"' '"name": "ids2"'; do
    says "$want" 0 "$want" cat "$S"
done
says 'registers are no rules' 0 '^0$' sh -c "grep -c records/cases '$S' || :"
says 'reviewed as it is' 1 'The evidence pack is in' "$FW" review "$S" --seal-inputs
says 'its decisions' 0 '^asa1,' "$FW" decide "$S"
"$FW" init "$W/site" --as-of 2026-06-30 --out "$W/june.json" > "$W/out" 2>&1
says 'the last day of a quarter' 0 '"2026Q2"' cat "$W/june.json"
says 'the same bytes' 0 '^same$' sh -c "sed 's/2026-06-30\",/2026-07-05\",/' '$W/june.json' | cmp - '$S' && echo same"
# Names that would be patterns fit themselves only.
mkdir -p "$W/odd/logs" && cp "$AGENCY/configs/gw1-2026-06-30.rules" "$W/odd/fw[1]*.rules" &&
    cp "$W/odd/fw[1]*.rules" "$W/odd/fw1x.rules" && zcat "$AGENCY/logs/asa1/asa.log-20260301.gz" > "$W/odd/logs/a[b]?.log" &&
    sed 1d "$W/odd/logs/a[b]?.log" > "$W/odd/logs/abc.log"
says 'names with wildcards' 0 '4 files recognised' "$FW" init "$W/odd" --as-of 2026-07-05
says 'a configuration is named literally' 0 '"config": \["fw\\\\\[1\]\\\\\*.rules"\]' cat "$W/odd/site.json"
"$FW" review "$W/odd/site.json" --json --quiet > "$W/odd.json" 2> "$W/out"
for want in 'fw\[1\]\*.rules' fw1x.rules 'logs/a\[b\]?.log' logs/abc.log; do
    says "$want is read" 0 "\"path\": \"$want\"" cat "$W/odd.json"
done
