# Time stamps of an authority outside. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

# stamped PACK STAMPER: asks for a stamp and attaches the answer.
stamped() {
    "$FW" sign "$1" --tsa-query t.tsq > "$W/signed" && cp t.tsq ../pki/t.tsq &&
        (cd ../pki && answer tsa "$2" t.tsq t.tsr) &&
        "$FW" sign "$1" --tsa-reply ../pki/t.tsr > "$W/signed"
    rm -f t.tsq
}
TSR=c/signoff/timestamp.tsr

begin 'a time stamp over SSH signatures'
stamped p clock; STAMPS=../pki/tsa.pem
expect 0 'CN=A clock' 'an outside authority stamped it at'

begin 'a time stamp says when keys were valid'
stamped p clock; dated ',valid-before="20260101Z"' 20250601000000Z
expect 0 '^verified:' '^VERIFIED$'
STAMPS=../pki/tsa.pem
expect 1 'was not valid at 20' 'was not valid at 20'

begin 'a time stamp over the signature of the CISO'
sign p ciso lin@a.tw ../ciso > t; stamped p clock; STAMPS=../pki/tsa.pem
expect 0 'CN=A clock' 'an outside authority stamped it at'

begin 'the request is that of the openssl program'
(cd p && sha256sum signoff/countersign.txt signoff/countersign.sig) > t
openssl ts -query -data t -sha256 -cert -no_nonce -out t.want 2> /dev/null
"$FW" sign p --tsa-query t.tsq > "$W/out" 2>&1
if cmp t.want t.tsq > "$W/out" 2>&1; then ok fwproof; else bad 'requests differ' "$W/out"; fi

begin 'time stamp removed'
certified; rm c/signoff/timestamp.*; WHEN=20260705000000Z
expect 1 'the pack has no time stamp' 'the pack has no time stamp'

begin 'half of a time stamp removed'
certified; rm c/signoff/timestamp.tsq
expect 1 'timestamp.tsr without timestamp.tsq' 'a file too many or too few'

begin 'the other half of a time stamp removed'
certified; rm $TSR
expect 1 'timestamp.tsq without timestamp.tsr' 'a file too many or too few'

begin 'time stamp of another pack'
certified; stamped p clock; cp p/signoff/timestamp.* c/signoff/
expect 1 'does not ask for exactly these signatures' 'does not ask for these signatures'

begin 'reply to another request'
certified; stamped p clock; cp p/signoff/timestamp.tsr c/signoff/
expect 1 'stamps something else' 'stamps something else'

begin 'everything signed again after the stamp'
certified; echo x >> c/data/results/findings.json; rehash c
cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s wang; recountersign
expect 1 'does not ask for exactly these signatures' 'does not ask for these signatures'

begin 'the CISO signed after the stamp'
certified
"$FW" sign c --role ciso --identity lin@a.tw --key ../pki/lin.key --cert ../pki/lin.pem > "$W/out" 2>&1
grep -q 'a stamp comes after all signatures' "$W/out" || bad 'it was not refused' "$W/out"
(cd c && sha256sum signoff/countersign.txt signoff/countersign.p7s) > t
cms t c/signoff/ciso.p7s lin; cmsline lin@a.tw ciso lin >> c/signoff/allowed_signers
expect 1 'does not ask for exactly these signatures' 'does not ask for these signatures'

begin 'time stamp edited'
certified; at=$(grep -abo 'A clock' $TSR | head -n 1 | cut -d: -f1)
printf 'B' | dd of=$TSR bs=1 seek="$at" conv=notrunc 2> /dev/null
expect 1 'timestamp.tsr ' 'timestamp.tsr'

begin 'time stamp by an authority that nobody trusts'
certified; STAMPS=../pki/ca.pem
expect 1 'not by an authority that is trusted' 'not by an authority that is trusted'

begin 'time stamp by a certificate that had expired'
at2026; stamped c old; certified
expect 1 'certificate has expired' 'certificate has expired'

# restamp STAMPER SED: what the stamp of c says, edited, and signed by STAMPER.
restamp() {
    rm -rf t.*
    openssl ts -reply -in $TSR -token_out -out t.token 2> /dev/null
    openssl cms -verify -inform DER -in t.token -noverify -binary -out t.said 2> /dev/null
    LC_ALL=C sed "$2" t.said > t.tst
    openssl cms -sign -binary -in t.tst -nodetach -nosmimecap -cades \
        -econtent_type 1.2.840.113549.1.9.16.1.4 -signer "../pki/$1.pem" -inkey "../pki/$1.key" \
        -outform DER -out t.signed 2> /dev/null
    size=$(wc -c < t.signed)
    {
        printf "\\060\\202\\$(printf '%03o' $(((size + 5) / 256)))\\$(printf '%03o' $(((size + 5) % 256)))"
        printf '\060\003\002\001\000'
        cat t.signed
    } > $TSR
}
# precise: c with a stamp that tells fractions of a second.
precise() {
    certified; rm c/signoff/timestamp.*
    edit 's/^clock_precision_digits = 0/clock_precision_digits = 6/' ../pki/tsa.ca/conf
    stamped c clock
    edit 's/^clock_precision_digits = 6/clock_precision_digits = 0/' ../pki/tsa.ca/conf
}

begin 'time stamp with a fraction of a second'
precise; restamp clock ''
expect 0 'CN=A clock' 'an outside authority stamped it at'

begin 'time stamp with something else than digits for a fraction'
precise; restamp clock 's/\([0-9]\{14\}[.]\)./\1x/'
expect 1 'has no time in UTC' 'timestamp.tsr: no time in UTC'

begin 'time stamp of month 13'
certified; restamp clock 's/\(20[0-9][0-9]\)[01][0-9]\([0-9]\{8\}Z\)/\113\2/'
expect 1 'has no time in UTC' 'timestamp.tsr: no time in UTC'

begin 'time stamp by a certificate for another purpose'
certified; restamp person ''
expect 1 'certificate purpose' 'certificate purpose'

begin 'a reply as it came'
certified; cp ../pki/c.tsr $TSR
expect 1 'is not as fwproof attaches it' 'is not as fwproof attaches it'

begin 'bytes after a time stamp'
certified; echo >> $TSR
expect 1 'is not as fwproof attaches it' 'is not as fwproof attaches it'

begin 'empty time stamp'
certified; : > $TSR
expect 1 'is not as fwproof attaches it' 'timestamp.tsr'

begin 'a stamp before the countersignature'
rm -r c; "$PT" build c 2026Q3 q2; cmssign c reviewer wang@a.tw wang
"$FW" sign c --tsa-query t.tsq > "$W/out" 2>&1
if [ $? -eq 1 ] && grep -q 'manager signs first' "$W/out" && [ ! -f t.tsq ]; then ok fwproof
else bad 'it was not refused' "$W/out"; fi

begin 'a second stamp'
"$FW" sign c --tsa-reply ../pki/c.tsr > "$W/out" 2>&1
if [ $? -eq 1 ] && grep -q 'never overwritten' "$W/out"; then ok fwproof
else bad 'it was not refused' "$W/out"; fi

begin 'a reply that is none'
stamped p clock; rm p/signoff/timestamp.*
for reply in trust ../pki/c.tsr; do
    "$FW" sign p --tsa-reply $reply > "$W/out" 2>&1
    if [ $? -eq 1 ] && grep -q 'is no reply\|stamps something else' "$W/out" &&
        [ ! -f p/signoff/timestamp.tsr ]; then ok fwproof; else bad 'it was not refused' "$W/out"; fi
done

begin 'an earlier pack with a time stamp'
certified; "$PT" build p2 2026Q4 c && both_sign p2 && stamped p2 clock; ARGS='p2 q1 q2 c'
expect 0 '^verified:' '^VERIFIED$'
