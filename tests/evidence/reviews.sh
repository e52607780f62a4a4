#!/bin/sh
# Earlier reviews of a site: whose signatures count, and for which time.
#   reviews.sh FWPROOF AGENCY
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=reviews
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$(absolute "$1") AGENCY=$(absolute "$2")
cd "$W" || exit 1

# with KEY...: the site file with these keys, for the second quarter.
with() { sed "s#\"reviews\": \"reviews\",#&$1#" plain.json > site/site.json; }
review() { "$FW" review site/site.json --out packs --store store.db --checks WFL-001 --quiet "$@" > out 2>&1; }
# judged NAME STATE TEXT: what the review says of the last one.
judged() {
    review --json
    if grep -q "\"state\": \"$2\"" out && grep -q "$3" out; then ok "$1"; else bad "$1: no $2, \"$3\""; fi
}
# refused NAME TEXT: nothing is written.
refused() {
    rm -rf packs
    "$FW" review site/site.json --out packs --store store.db > out 2>&1
    rc=$?
    if [ $rc -eq 2 ] && grep -q "$2" out && [ ! -e packs/2026Q2 ]; then ok "$1"; else bad "$1: exit $rc"; fi
}
# line WHO ROLE DATES KEY: a trust line.
line() { printf '%s namespaces="fwproof-%s@v1"%s %s\n' "$1" "$2" "$3" "$(cut -d' ' -f1,2 "$4.pub")"; }
pin() {
    printf '%s namespaces="fwproof-%s@v1" x509-sha256 %s\n' "$1" "$2" \
        "$(openssl x509 -in "$3.pem" -outform DER | sha256sum | cut -c1-64)"
}

# shellcheck source=tests/evidence/authorities.sh
. "$HERE/authorities.sh"
for k in rev mgr; do ssh-keygen -q -t ed25519 -N '' -C '' -f $k || exit 1; done
authority ca 20200101000000Z 20600101000000Z && issue ca wang Wang person 20250101000000Z 20400101000000Z &&
    issue ca chen Chen person 20250101000000Z 20400101000000Z &&
    authority other 20200101000000Z 20600101000000Z || exit 1
cp -R "$AGENCY" site && chmod -R u+w site && rm -rf site/packs site/reviews site/.fwproof
cp site/site.json plain.json
sed '/gw1-2026-06-30.rules/d; s/\(gw1-2026-03-31.rules.*\),$/\1/; s/"2026Q2"/"2026Q1"/
    s/"as_of": "2026-07-05"/"as_of": "2026-04-05"/' plain.json > site/site.json
"$FW" review site/site.json --out before --store store.db --checks WFL-001 --quiet > out 2>&1
[ -d before/2026Q1 ] || { bad 'a first quarter'; exit 1; }
cp -R before/2026Q1 certified
mkdir site/reviews && cp -R before/2026Q1 site/reviews/2026Q1
"$FW" sign site/reviews/2026Q1 --role reviewer --identity wang@a.tw --key rev > out 2>&1 &&
    "$FW" sign site/reviews/2026Q1 --role manager --identity chen@a.tw --key mgr > out 2>&1 || exit 1

with ''
judged 'without keys nothing is trusted' OPEN 'no trusted keys were supplied'
{ line wang@a.tw reviewer '' rev; line chen@a.tw manager '' mgr; } > site/keys
with ' "signers": "keys",'
judged 'by keys that the site trusts' PASS 'The last signed and countersigned review (2026Q1) was of 2026-04-05'
grep -q '"role": "signers"' out && ok 'the list is an input' || bad 'the list is an input'
rm -rf packs; review --seal-inputs
"$FW" reproduce packs/2026Q2 site > out 2>&1
grep -q '^reproduced' out && ok 'made again' || bad 'made again'

{ line wang@a.tw reviewer ',valid-before="20260401Z"' rev; line chen@a.tw manager '' mgr; } > site/keys
judged 'a key that had expired before the quarter counts from' OPEN 'no trusted keys'
{ line wang@a.tw reviewer ',valid-after="20260101Z",valid-before="20260501Z"' rev
    line chen@a.tw manager ',valid-after="20260410Z"' mgr; } > site/keys
judged 'a key that has expired since, one that came before anybody recorded it' PASS 'review (2026Q1)'
# The second quarter records the first: what came after it cannot have signed the first.
cp plain.json site/site.json; rm -rf packs
review --previous site/reviews/2026Q1 && [ -d packs/2026Q2 ] || review --previous site/reviews/2026Q1
cp -R packs/2026Q2 site/reviews/2026Q2 && rm -rf packs
{ line wang@a.tw reviewer '' rev; line chen@a.tw manager ',valid-after="20260801Z"' mgr; } > site/keys
with ' "signers": "keys",'
judged 'a key that came after the next review' OPEN 'no trusted keys'
# A third quarter that records the first as well says nothing later, in whichever order folders come.
sed 's/"2026Q2"/"2026Q3"/; s/"as_of": "2026-07-05"/"as_of": "2026-10-05"/' plain.json > site/site.json
rm -rf packs
review --previous site/reviews/2026Q1
for name in 0 2026Q3 z; do cp -R packs/2026Q3 site/reviews/$name || bad 'a third quarter'; done
rm -rf packs
with ' "signers": "keys",'
judged 'a key that came between two reviews that record it' OPEN 'no trusted keys'
rm -rf site/reviews/2026Q2 site/reviews/0 site/reviews/2026Q3 site/reviews/z

rm -rf site/reviews/2026Q1 && cp -R certified site/reviews/2026Q1
"$FW" sign site/reviews/2026Q1 --role reviewer --identity wang@a.tw --key wang.key --cert wang.pem > out 2>&1 &&
    "$FW" sign site/reviews/2026Q1 --role manager --identity chen@a.tw --key chen.key --cert chen.pem > out 2>&1 || exit 1
{ pin wang@a.tw reviewer wang; pin chen@a.tw manager chen; } > site/keys
cp ca.pem other.pem site
judged 'certificates, and no authority' OPEN 'no trusted keys'
with ' "signers": "keys", "authorities": "other.pem",'
judged 'certificates of another authority' OPEN 'no trusted keys'
with ' "signers": "keys", "authorities": "ca.pem",'
judged 'certificates of an authority that the site trusts' PASS 'review (2026Q1)'

with ' "signers": "keyz",'
refused 'a list that is not there' 'site.json:[0-9]*:[0-9]*: .*there is no file "keyz", did you mean "keys"'
with ' "authorities": "none.pem",'
refused 'authorities that are not there' 'site.json:[0-9]*:[0-9]*: .*there is no file "none.pem"'
sed 's/ namespaces="[^"]*"//' site/keys > k && cp k site/keys
with ' "signers": "keys",'
refused 'a list with a slip in it' 'keys: line 1: no namespaces='
echo hello > site/ca.pem
with ' "authorities": "ca.pem",'
refused 'authorities that are none' 'holds no certificate in PEM'

