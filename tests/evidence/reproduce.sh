#!/bin/sh
# Reviews that are made again from a pack: the same bytes, or what differs is named.
#   reproduce.sh FWPROOF AGENCY
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=reproduce
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$1 AGENCY=$2
TMPDIR=$W/tmp
export TMPDIR
mkdir "$TMPDIR"
# made NAME EXIT PATTERN ARGUMENT...
made() {
    title=$1 code=$2 text=$3
    shift 3
    says "$title" "$code" "$text" "$FW" reproduce "$@"
}
rehash() (
    cd "$1" || exit 1
    find data -type f | LC_ALL=C sort |
        while IFS= read -r f; do sha256sum "$f"; done > manifest-sha256.txt
    size=$(find data -type f -exec cat {} + | wc -c).$(find data -type f | wc -l)
    sed "s/^Payload-Oxum: .*/Payload-Oxum: $size/" bag-info.txt > "$W/info" &&
        cat "$W/info" > bag-info.txt
    sha256sum README.txt bag-info.txt bagit.txt manifest-sha256.txt verify.sh > tagmanifest-sha256.txt
)

cp -r "$AGENCY" "$W/site" && rm -rf "$W/site/.fwproof"
"$FW" review "$W/site/site.json" --out "$W/packs" --seal-inputs --months 5 --quiet > "$W/out" 2>&1
P=$W/packs/2026Q2
[ -d "$P" ] || { bad 'the agency has a pack'; exit 1; }

made 'originals' 0 '^reproduced: [0-9]* files, byte for byte' "$P" "$W/site"
made 'originals, as JSON' 0 '"verdict": "same"' "$P" "$W/site" --json
made 'the pack alone' 2 '^open: ' "$P"
made 'the pack alone names what is absent' 2 'absent   logs/' "$P"
made 'no such pack' 1 'the pack is broken' "$W/nothing" "$W/site"

# Commitments need the secret; without it all else is compared.
"$FW" review "$W/site/site.json" --out "$W/masking" --months 5 --mask-key "$W/key" --quiet > "$W/out" 2>&1
M=$W/masking/2026Q2
made 'commitments, with the key' 0 '^reproduced: ' "$M" "$W/site" --mask-key "$W/key"
made 'commitments, without the key' 2 '^open: data/commitments.tsv is made with a secret' "$M" "$W/site"
made 'commitments, without the key, as JSON' 2 '"key_absent": true' "$M" "$W/site" --json
cp -r "$M" "$W/told" # what the pack says of itself was edited, and is hashed again
sed 's/^Pack-Tool: .*/Pack-Tool: another 9.9/' "$M/bag-info.txt" > "$W/told/bag-info.txt"
rehash "$W/told"
made 'commitments, and bag-info.txt was edited' 1 'differs  bag-info.txt' "$W/told" "$W/site"
sed 's/FAIL/PASS/' "$M/data/results/verdicts.tsv" > "$W/verdicts"
cat "$W/verdicts" > "$M/data/results/verdicts.tsv"
rehash "$M"
made 'commitments, and a result was edited' 1 'differs  data/results/verdicts.tsv' "$M" "$W/site"

# Sealed copies, and originals of what is never sealed.
mkdir "$W/rest" && cp -r "$W/site/logs" "$W/site/records" "$W/site/reviews" "$W/rest"
rm "$W"/rest/records/*.csv # feeds and documents are not sealed, tables are
made 'sealed copies and logs' 0 '^reproduced: ' "$P" "$W/rest"
grep -q ' [1-9][0-9]* sealed without secrets, 0 changed, 0 absent' "$W/out" &&
    ok 'copies without secrets stand in' || bad 'copies without secrets stand in'

# A log that has grown, one that was changed, one that is gone; files that came later do not matter.
cp -r "$W/site" "$W/later"
cp "$W/later/logs/asa1/asa.log-20260301.gz" "$W/later/logs/asa1/asa.log-20260801.gz"
made 'files that came later' 0 '^reproduced: ' "$P" "$W/later"
echo x >> "$W/later/logs/asa1/asa.log-20260301.gz"
made 'an original was changed' 1 'changed  logs/asa1/asa.log-20260301.gz' "$P" "$W/later"
rm "$W/later/logs/asa1/asa.log-20260301.gz"
made 'an original is gone' 2 'absent   logs/asa1/asa.log-20260301.gz' "$P" "$W/later"

# Somebody edits a result and hashes everything again.
cp -r "$P" "$W/edited"
sed 's/FAIL/PASS/' "$P/data/results/verdicts.tsv" > "$W/edited/data/results/verdicts.tsv"
rehash "$W/edited"
made 'an edited result' 1 'differs  data/results/verdicts.tsv' "$W/edited" "$W/site"
made 'an edited result, as JSON' 1 '"verdict": "differs"' "$W/edited" "$W/site" --json
cp -r "$P" "$W/added"
echo x > "$W/added/data/results/more.txt" && rehash "$W/added"
made 'an added file' 1 'differs  data/results/more.txt' "$W/added" "$W/site"
cp -r "$P" "$W/dated"
sed 's/^Pack-As-Of: .*/Pack-As-Of: 2026-06-30T16:00:00Z/' "$P/bag-info.txt" > "$W/dated/bag-info.txt"
rehash "$W/dated"
made 'another date' 1 '^not reproduced: ' "$W/dated" "$W/site"
echo x >> "$W/dated/data/results/results.json"
made 'a broken pack' 1 'the pack is broken' "$W/dated" "$W/site"

# The second quarter: its record of the first comes with it. Without sealing, and of some checks.
"$FW" review "$W/site/site.json" --out "$W/next" --previous "$P" --checks RET-001,RUL-001 \
    --as-of 2026-07-20 --quiet > "$W/out" 2>&1
made 'a pack in a chain' 0 '^reproduced: ' "$W/next/2026Q2" "$W/site" --previous "$P"
made 'a pack in a chain, alone' 2 'absent   the pack before' "$W/next/2026Q2" "$W/site"
made 'a pack in another chain' 1 'is not the pack that the chain records' "$W/next/2026Q2" \
    "$W/site" --previous "$W/edited"
made 'not sealed' 2 'absent   configs/' "$W/next/2026Q2"

# A file that is saved while a review waits for its store is not sealed under the hash of the other.
cp -r "$W/site" "$W/busy" && mkdir -p "$W/busy/.fwproof" && mkfifo "$W/said"
exec 9> "$W/busy/.fwproof/store.db.lock" && flock 9
"$FW" review "$W/busy/site.json" --out "$W/raced" --seal-inputs > "$W/out" 2> "$W/said" 9>&- &
exec 8< "$W/said"
read -r line <&8
echo "$line" > "$W/out"
echo >> "$W/busy/site.json"
exec 9>&-
cat <&8 >> "$W/out"
wait $!
rc=$?
if [ $rc -eq 2 ] && grep -q 'site.json was changed while it was reviewed: review again' "$W/out" &&
    [ ! -e "$W/raced/2026Q2" ]; then ok 'saved while it is reviewed'
else bad "saved while it is reviewed: exit $rc"; fi

[ -z "$(ls -A "$TMPDIR")" ] && ok 'nothing is left behind' || bad 'nothing is left behind'
