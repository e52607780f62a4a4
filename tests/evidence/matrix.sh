#!/bin/sh
# Tampers with signed packs in every way we could think of. The verifier in C and verify.sh, under
# every shell there is, must agree, be right, and give the right reason.
#   matrix.sh FWPROOF PACKTOOL [--long]
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=matrix
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$(absolute "$1") PT=$(absolute "$2") LONG=${3-}
cd "$W" || exit 1

# The quick run uses this machine's sh, the long one every shell there is; SHELLS (separated by
# commas) names others.
LIST=${SHELLS-sh}
[ "$LONG" != --long ] || for s in dash bash 'busybox sh' mksh ksh yash; do
    ! command -v "${s%% *}" > /dev/null || LIST="$LIST,$s"
done
echo "shells: $LIST"

ok() { printf 'ok %s%s\n' "$NAME" "${1:+, $1}"; }
bad() { printf 'not ok %s: %s\n' "$NAME" "$1"; sed 's/^/    /' "$2"; }

# begin NAME: a fresh copy of the three packs and of the trust list.
begin() {
    NAME=$1 ARGS='p q1 q2' TRUST=trust CERTS='' LISTS='' STAMPS='' WHEN='' UNSIGNED='' KEPT=''
    cd "$W" || exit 1
    rm -rf case && cp -a base case && cd case || exit 1
}
# expect EXIT C-REASON SH-REASON: patterns that the outputs must contain.
expect() {
    "$FW" verify ${TRUST:+--trust "$TRUST"} ${WHEN:+--verify-time "$WHEN"} \
        ${UNSIGNED:+--allow-unsigned} ${KEPT:+--head "$KEPT"} ${CERTS:+--ca "$CERTS"} \
        ${LISTS:+--crl "$LISTS"} ${STAMPS:+--tsa-ca "$STAMPS"} $ARGS > "$W/out" 2>&1
    rc=$?
    if [ $rc -ne "$1" ]; then bad "fwproof: exit $rc, expected $1" "$W/out"
    elif ! grep -q -e "$2" "$W/out"; then bad "fwproof: no \"$2\"" "$W/out"
    else ok fwproof; fi
    IFS=,
    set -- "$1" "$3" $LIST
    unset IFS
    want=$1 why=$2
    shift 2
    for s; do
        env ${TRUST:+ALLOWED="$TRUST"} ${WHEN:+VERIFY_TIME="$WHEN"} ${UNSIGNED:+ALLOW_UNSIGNED=1} \
            ${KEPT:+HEAD="$KEPT"} ${CERTS:+CA="$CERTS"} ${LISTS:+CRL="$LISTS"} \
            ${STAMPS:+TSA_CA="$STAMPS"} $s "$W/verify.sh" $ARGS > "$W/out" 2>&1
        rc=$?
        if [ $rc -ne "$want" ]; then bad "$s: exit $rc, expected $want" "$W/out"
        elif ! grep -q -e "$why" "$W/out"; then bad "$s: no \"$why\"" "$W/out"
        else ok "$s"; fi
    done
}
# sign PACK ROLE IDENTITY KEY: prints the trust line.
sign() {
    "$FW" sign "$1" --role "$2" --identity "$3" --key "$4" > "$W/signed" || return 1
    tail -n 1 "$W/signed"
}
# rehash PACK: what somebody who changes the payload would do next.
rehash() (
    cd "$1" || exit 1
    find data -type f | LC_ALL=C sort |
        while IFS= read -r f; do sha256sum "$f"; done > manifest-sha256.txt
    size=$(find data -type f -exec cat {} + | wc -c).$(find data -type f | wc -l)
    edit "s/^Payload-Oxum: .*/Payload-Oxum: $size/" bag-info.txt
    retag .
)
retag() (
    cd "$1" && sha256sum README.txt bag-info.txt bagit.txt manifest-sha256.txt verify.sh \
        > tagmanifest-sha256.txt
)
sshsign() { ssh-keygen -q -Y sign -f "$1" -n "$2" < "$3" > "$4" 2> /dev/null; }
countersign() ( # PACK: the text that the manager signs
    cd "$1" && sha256sum tagmanifest-sha256.txt signoff/reviewer.sig data/chain.tsv \
        > signoff/countersign.txt
)
# resign PACK [REVIEWER-KEY [MANAGER-KEY]]: both sign again, by hand.
resign() {
    sshsign "${2-../rev}" fwproof-reviewer@v1 "$1/tagmanifest-sha256.txt" "$1/signoff/reviewer.sig"
    countersign "$1"
    resign_manager "$1" "${3-../mgr}"
}
resign_manager() {
    sshsign "$2" fwproof-manager@v1 "$1/signoff/countersign.txt" "$1/signoff/countersign.sig"
}
# line WHO ROLE KEY DATES: a trust line.
line() {
    printf '%s namespaces="fwproof-%s@v1"%s %s\n' "$1" "$2" "$4" "$(cut -d' ' -f1,2 "$3.pub")"
}
# both_sign PACK: as reviewer and manager would, with the command.
both_sign() {
    sign "$1" reviewer wang@a.tw ../rev > "$W/line" &&
        sign "$1" manager chen@a.tw ../mgr > "$W/line"
}
# edit SED FILE: in place.
edit() { sed "$1" "$2" > "$W/edited" && cat "$W/edited" > "$2"; }
# chtrust SED: the list of trusted keys, edited.
chtrust() { sed "$1" trust > t; TRUST=t; }
# dated DATES [TIME]: the reviewer's key is trusted for a while; the pack is verified for that time, by
# itself.
dated() {
    ARGS=p
    { line wang@a.tw reviewer ../rev "$1"; tail -n +2 trust; } > t
    TRUST=t WHEN=${2-}
}
# unsigned_first: of two packs only the second one is signed.
unsigned_first() {
    rm -r q1 p
    "$PT" build q1 2026Q1
    "$PT" build p 2026Q2 q1
    both_sign p
    ARGS='p q1'
}
# Edits that everybody signs.
chmanifest() { edit "$1" p/manifest-sha256.txt; retag p; resign p; }
chinfo() { edit "$1" p/bag-info.txt; retag p; resign p; }
chindex() { edit "$1" p/data/logs/index.tsv; rehash p; resign p; }
chrecord() { edit "$1" p/data/chain.tsv; rehash p; resign p; }

for k in rev mgr ciso mal rev2; do
    ssh-keygen -q -t ed25519 -N '' -C "$k" -f "$k" || exit 1
done
"$PT" script > verify.sh
mkdir base && cd base || exit 1
"$PT" build q1 2026Q1 && sign q1 reviewer wang@a.tw ../rev > /dev/null &&
    sign q1 manager chen@a.tw ../mgr > /dev/null || exit 1
"$PT" build q2 2026Q2 q1 && sign q2 reviewer wang@a.tw ../rev > trust &&
    sign q2 manager chen@a.tw ../mgr >> trust || exit 1
"$PT" build p 2026Q3 q2 && sign p reviewer wang@a.tw ../rev > /dev/null &&
    sign p manager chen@a.tw ../mgr > /dev/null || exit 1
line lin@a.tw ciso ../ciso '' >> trust

sig=p/signoff/countersign.sig
# shellcheck source=tests/evidence/authorities.sh
. "$HERE/authorities.sh"
for cases in right trust keys signatures payload tags logs archive anchor chain certificates stamps tokens; do
    # shellcheck disable=SC1090 # one after the other
    . "$HERE/cases/$cases.sh"
done

# Any byte, of a pack with SSH signatures and of one with certificates and a time stamp.
n=300 m=20
[ "$LONG" != --long ] || { n=10000; m=300; }
# flips PACK [TSA-CA CA]: none of many changes of one byte may be missed.
flips() {
    NAME="$n single bytes of $1"
    if "$PT" flip "$1" "$TRUST" $n 20260705 "${STAMPS-}" "${CERTS-}" > "$W/out" 2>&1; then
        ok fwproof
        cat "$W/out"
    else
        bad 'a change was missed' "$W/out"
    fi
    i=0 missed=0
    while [ $i -lt $m ]; do
        i=$((i + 1))
        rm -rf f
        cp -a "$1" f
        where=$("$PT" poke f $i)
        if ALLOWED=$TRUST CA=$CERTS TSA_CA=$STAMPS sh "$W/verify.sh" f > "$W/out" 2>&1; then
            missed=$((missed + 1))
            bad "verify.sh missed $where" "$W/out"
        fi
    done
    NAME="$m single bytes of $1"
    [ $missed -ne 0 ] || ok sh
    echo "$m single-byte changes of $1 through the shell, $missed missed"
}
begin 'single bytes'
sign p ciso lin@a.tw ../ciso > t
flips p
begin 'single bytes'
certified
flips c
NAME='every byte of certificates and of the time stamp'
if "$PT" flip-all c "$TRUST" signoff/ "$STAMPS" "$CERTS" > "$W/out" 2>&1; then
    ok fwproof
    cat "$W/out"
else
    bad 'a change was missed' "$W/out"
fi

