#!/bin/sh
# Masked copies of a signed pack: they verify, they hide, and nothing in them can be changed.
#   masks.sh FWPROOF PACKTOOL AGENCY
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=mask
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$1 PT=$2 AGENCY=$3
both() { # NAME EXIT C-PATTERN SH-PATTERN PACK
    says "$1, fwproof" "$2" "$3" "$FW" verify "$5" --trust "$W/trust"
    says "$1, verify.sh" "$2" "$4" env ALLOWED="$W/trust" sh "$HERE/../../evidence/pack/verify.sh" "$5"
}

for k in rev mgr; do ssh-keygen -q -t ed25519 -N '' -C $k -f "$W/$k" || exit 1; done
cp -r "$AGENCY" "$W/site" && rm -rf "$W/site/.fwproof"
printf 'object network H_10.1.2.3\n host 10.1.2.3\nobject network net10.9.8.7_24\n host 10.9.8.7\n' \
    >> "$W/site/configs/asa1-2026-06-30.cfg" # names that are made of addresses
"$FW" review "$W/site/site.json" --out "$W/packs" --mask-key "$W/key" --seal-inputs --quiet \
    > "$W/out" 2>&1
P=$W/packs/2026Q2
[ -d "$P" ] || { bad 'the agency has a pack'; exit 1; }
[ "$(stat -c %a "$W/key")" = 600 ] && ok 'the key is its owner'"'"'s' || bad 'the mode of the key'
"$FW" sign "$P" --role reviewer --identity wang@a.tw --key "$W/rev" | tail -n 1 > "$W/trust"
"$FW" sign "$P" --role manager --identity chen@a.tw --key "$W/mgr" | tail -n 1 >> "$W/trust"
both 'the pack itself' 0 '^verified:' '^VERIFIED$' "$P"
says 'a copy' 0 '^masked: [1-9][0-9]* values in [1-9][0-9]* files' \
    "$FW" mask "$P" --mask-key "$W/key" --out "$W/copy"
both 'the copy' 0 'masked: [1-9][0-9]* values in .* chained to the signed pack [0-9a-f]\{64\}' \
    '^masked: [1-9][0-9]* values in .* chained to the signed pack [0-9a-f]\{64\}' "$W/copy"
grep -q '^VERIFIED$' "$W/out" && ok 'verified' || bad 'verified'
"$FW" mask "$P" --mask-key "$W/key" --out "$W/again" > "$W/out"
diff -r "$W/copy" "$W/again" > "$W/out" && ok 'the same again' || bad 'the same again'

# Nothing of what is to be hidden is there.
sed -n '4,$p' "$W/key" > "$W/words"
grep -rlFw -f "$W/words" "$W/copy/data" > "$W/out" && bad 'a word is left' || ok 'no word is left'
grep -rhoE '(^|[^0-9.])(10|172|192|198|203)(\.[0-9]{1,3}){3}' "$W/copy/data" > "$W/out" &&
    bad 'an address is left' || ok 'no address is left'
grep -rhoE '(ip|w)-[0-9a-f]{20}' "$P/data/results/rules.tsv" > "$W/out" && bad 'tokens in the pack'
token=$(grep -rhoE 'ip-[0-9a-f]{20}' "$W/copy/data/results/rules.tsv" | head -n 1)
[ -n "$token" ] && ok 'tokens have 80 bits' || bad 'no token'

# One value, by stock tools.
says 'disclosed' 0 "^$token [0-9a-f]\\{64\\} [0-9a-f.:]*\$" \
    "$FW" mask "$P" --mask-key "$W/key" --disclose "$token"
read -r t salt value < "$W/out"
hash=$(printf '%s\n%s' "$salt" "$value" | sha256sum | cut -c1-64)
grep -q "^value$TAB$t$TAB$hash\$" "$W/copy/data/commitments.tsv" && ok 'checked by hand' || bad 'by hand'
hash=$(printf '%s\n%s' "$salt" "${value}0" | sha256sum | cut -c1-64)
grep -q "$TAB$hash\$" "$W/copy/data/commitments.tsv" && bad 'another value' || ok 'another value'
says 'disclosed by value' 0 "^$t $salt $value\$" \
    "$FW" mask "$P" --mask-key "$W/key" --disclose "$value"
says 'no such value' 2 'no such value' "$FW" mask "$P" --mask-key "$W/key" --disclose 1.2.3.4

# Copies that were changed.

change() { # NAME C-PATTERN SH-PATTERN COMMAND, run inside a fresh copy
    rm -rf "$W/c" && cp -r "$W/copy" "$W/c"
    (cd "$W/c" && eval "$4")
    both "$1" 1 "$2" "$3" "$W/c"
}
NEITHER='neither as it was signed nor as it is masked'
change 'edited' "$NEITHER" "$NEITHER" 'echo x >> data/results/verdicts.tsv'
change 'a token exchanged' "$NEITHER" "$NEITHER" \
    'sed -i "s/$token/ip-00000000000000000000/" data/results/rules.tsv'
change 'removed' 'results.json is missing' 'results.json is missing' 'rm data/results/results.json'
change 'added' 'is not in the manifest' 'not in the manifest' 'echo x > data/results/new'
change 'commitments edited' 'commitments.tsv is neither\|cannot be read' 'not the signed one' \
    'sed -i "1s/.\$/0/;2s/.\$/1/" data/commitments.tsv'
change 'commitments removed' 'commitments.tsv cannot be read' 'not the signed one' \
    'rm data/commitments.tsv'
change 'no marker' 'does not match its hash' 'payload does not match' 'rm masked.txt'
change 'another marker' 'masked.txt is not as it is written' 'masked.txt is not as' \
    'echo x >> masked.txt'
change 'an input withheld' 'is missing' 'is missing' 'rm data/inputs/*'
change 'the manifest edited' 'does not match its hash' 'tag files do not match' \
    'sed -i 1d manifest-sha256.txt'
change 'an empty folder' 'empty folder' 'empty folder' 'mkdir data/results/none'
change 'the chain edited' 'chain.tsv is neither' 'chain.tsv is neither' 'echo x >> data/chain.tsv'
rm -rf "$W/c" && cp -r "$W/copy" "$W/c" && cp "$P/data/results/results.json" "$W/c/data/results/"
both 'one file put back' 0 '^verified:' '^VERIFIED$' "$W/c"
rm -rf "$W/c" && cp -r "$P" "$W/c" && rm "$W/c/data/results/results.json" &&
    echo 'fwproof masked copy 1' > "$W/c/masked.txt"
both 'a marker does not excuse a missing file' 1 'results.json is missing' 'results.json is missing' \
    "$W/c"
if "$PT" flip "$W/copy" "$W/trust" 60 > "$W/out" 2>&1; then ok '60 single bytes'; else bad 'bytes'; fi

# Refused.
says 'nothing is overwritten' 1 'nothing is overwritten' \
    "$FW" mask "$P" --mask-key "$W/key" --out "$W/copy"
sed '2s/^./0/;2s/^0\(.*\)$/0\1/' "$W/key" | sed '2y/123456789/912345678/' > "$W/other"
says 'another key' 1 'another key' "$FW" mask "$P" --mask-key "$W/other" --out "$W/o"
{ cat "$W/key"; echo kiosk; } > "$W/more"
says 'more words' 1 'another key' "$FW" mask "$P" --mask-key "$W/more" --out "$W/o"
says 'no key' 2 'is no mask key' "$FW" mask "$P" --mask-key "$W/trust" --out "$W/o"
says 'no file' 2 'none' "$FW" mask "$P" --mask-key "$W/none" --out "$W/o"
says 'wrong use' 2 'say --mask-key' "$FW" mask "$P" --out "$W/o"
says 'a copy of a copy' 1 'this is a masked copy' "$FW" mask "$W/copy" --mask-key "$W/key" --out "$W/o"
says 'a copy is not signed' 1 'a masked copy is not signed' \
    "$FW" sign "$W/copy" --role ciso --identity lin@a.tw --key "$W/rev"
says 'a copy is not made again' 1 'a masked copy' "$FW" reproduce "$W/copy" "$W/site"
says 'nothing is proven with a copy' 1 'is a masked copy' "$FW" prove "$W/copy" x:1 "$W/site"
says 'made again with the key' 0 '^reproduced' "$FW" reproduce "$P" "$W/site" --mask-key "$W/key"
"$FW" review "$W/site/site.json" --out "$W/plain" --quiet > "$W/out" 2>&1
says 'no commitments' 1 'has no commitments' "$FW" mask "$W/plain/2026Q2" --mask-key "$W/key" --out "$W/o"

# Nor is anything decided on a copy, or compared with one.
says 'nothing is decided on a copy' 2 'is a masked copy: decide on the pack itself' \
    "$FW" decide "$W/site/site.json" "$W/copy"
says 'no pack follows a copy' 2 'is a masked copy: name the pack itself' \
    "$FW" review "$W/site/site.json" --out "$W/after" --previous "$W/copy" --quiet
says 'a copy is no review to compare with' 2 'it is a masked copy' \
    "$FW" ids "$W/site/ids" --previous "$W/copy" --as-of 2026-07-05
cp -r "$W/copy" "$W/site/reviews/copy"
says 'a copy is no earlier review' 1 'does not count: it is a masked copy' \
    "$FW" review "$W/site/site.json" --out "$W/after"
rm -r "$W/site/reviews/copy"

# Another pack of the same key has other tokens.
"$FW" review "$W/site/site.json" --out "$W/next" --mask-key "$W/key" --previous "$P" --quiet \
    > "$W/out" 2>&1
"$FW" mask "$W/next/2026Q2" --mask-key "$W/key" --out "$W/nextcopy" > "$W/out" 2>&1
grep -rq "$token" "$W/nextcopy/data" && bad 'tokens of two packs' || ok 'tokens of two packs differ'
says 'nothing is made again after a copy' 1 'is a masked copy: name the pack itself' \
    "$FW" reproduce "$W/next/2026Q2" "$W/site" --mask-key "$W/key" --previous "$W/copy"
