# Signatures with X.509 certificates. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

# lists AUTHORITY: its list of revoked certificates, and that after it has revoked chen's.
lists() {
    openssl ca -config "$1.ca/conf" -gencrl -crldays 30 -out clean.crl 2> /dev/null &&
        openssl ca -config tsa.ca/conf -gencrl -crldays 30 -out tsa.crl 2> /dev/null &&
        openssl ca -config "$1.ca/conf" -revoke chen.pem 2> /dev/null &&
        openssl ca -config "$1.ca/conf" -gencrl -crldays 30 -out revoked.crl 2> /dev/null
}
cd "$W" && mkdir pki && cd pki || exit 1
FROM=20250101000000Z TO=20400101000000Z EC='-newkey ec -pkeyopt ec_paramgen_curve:P-256'
# shellcheck disable=SC2086 # several words
{
    authority ca 20200101000000Z 20600101000000Z && authority tsa 20200101000000Z 20600101000000Z &&
        issue ca wang 王小明 person $FROM $TO && issue ca chen Chen person $FROM $TO $EC &&
        issue ca lin Lin person $FROM $TO $EC && issue ca mal Mallory person $FROM $TO $EC &&
        issue ca server 'A server' stamp $FROM $TO $EC &&
        issue tsa clock 'A clock' stamp $FROM $TO && issue tsa old 'An old clock' stamp $FROM 20250201000000Z &&
        issue tsa person 'Not a clock' person $FROM $TO &&
        issue ca again 'Wang again' person $FROM $TO -key wang.key -keyout wang.key &&
        issue ca odd 'Odd' odd $FROM $TO $EC &&
        issue ca later 'Chen later' person 20400101000000Z 20500101000000Z $EC &&
        for k in rsa ecdsa; do
            ssh-keygen -q -t $k -m PEM -N '' -C '' -f $k && cp $k $k.key &&
                issue ca $k "Key $k" person $FROM $TO -key $k.key -keyout $k.key || exit 1
        done && lists ca
} || exit 1
cd "$W" || exit 1

# cmsline WHO ROLE CERTIFICATE: a trust line.
cmsline() {
    printf '%s namespaces="fwproof-%s@v1" x509-sha256 %s\n' "$1" "$2" \
        "$(openssl x509 -in "../pki/$3.pem" -outform DER | sha256sum | cut -c1-64)"
}
# cmssign PACK ROLE WHO CERTIFICATE
cmssign() {
    "$FW" sign "$1" --role "$2" --identity "$3" --key "../pki/$4.key" --cert "../pki/$4.pem" \
        > "$W/signed"
}
# cms FILE OUT CERTIFICATE [OPTION...]: a signature by hand.
cms() {
    in=$1 out=$2 with=$3
    shift 3
    [ $# -gt 0 ] || set -- -noattr
    openssl cms -sign -binary "$@" -in "$in" -signer "../pki/$with.pem" -inkey "../pki/$with.key" \
        -outform DER -out "$out" 2> /dev/null
}
# certified: in the place of p, a pack signed with certificates and stamped, c.
certified() {
    ARGS='c q1 q2' TRUST=ctrust CERTS=../pki/ca.pem STAMPS=../pki/tsa.pem
}
at2026() { certified; WHEN=20260705000000Z STAMPS=''; rm c/signoff/timestamp.*; }
recountersign() { # of c, after its reviewer's signature was changed by hand
    (cd c && sha256sum tagmanifest-sha256.txt signoff/reviewer.p7s data/chain.tsv > signoff/countersign.txt)
    cms c/signoff/countersign.txt c/signoff/countersign.p7s chen
}
cd base || exit 1
{
    cat trust
    cmsline wang@a.tw reviewer wang
    cmsline chen@a.tw manager chen
    cmsline lin@a.tw ciso lin
} > ctrust
"$PT" build c 2026Q3 q2 && cmssign c reviewer wang@a.tw wang && cmssign c manager chen@a.tw chen &&
    "$FW" sign c --tsa-query ../pki/c.tsq > "$W/signed" && (cd ../pki && answer tsa clock c.tsq c.tsr) &&
    "$FW" sign c --tsa-reply ../pki/c.tsr > "$W/signed" || exit 1
UNLIKE='not a CMS signature as fwproof writes it'

begin 'certificates and a time stamp'
certified
expect 0 'an outside authority stamped it at' 'an outside authority stamped it at'

begin 'certificates, for a given time'
at2026
expect 0 '^verified:' '^VERIFIED$'

begin 'what fwproof signs, openssl signs too'
at2026
cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s wang; recountersign
expect 0 'CN=王小明' '^VERIFIED$'

begin 'the reviewer by SSH key, the manager by certificate'
rm -r c; "$PT" build c 2026Q3 q2; sign c reviewer wang@a.tw ../rev > t; cmssign c manager chen@a.tw chen
at2026 2> /dev/null
expect 0 '^verified:' '^VERIFIED$'

begin 'the CISO by certificate'
at2026; cmssign c ciso lin@a.tw lin
expect 0 'CN=Lin' 'ciso: lin@a.tw'

begin 'an earlier pack with certificates needs no time'
at2026; "$PT" build p2 2026Q4 c && both_sign p2
ARGS='p2 q1 q2 c' WHEN=''
expect 0 '^verified:' '^VERIFIED$'

begin 'certificates of an earlier pack have expired since'
at2026; "$PT" build p2 2026Q4 c && sign p2 reviewer wang@a.tw ../rev > t && cmssign p2 manager chen@a.tw later
cmsline chen@a.tw manager later >> ctrust
ARGS='p2 q1 q2 c' WHEN=20410101000000Z
expect 0 '^verified:' '^VERIFIED$'

begin 'certificates of an earlier pack had expired before it'
at2026; rm -r c; "$PT" build c 2049Q4 q2; cmssign c reviewer wang@a.tw wang; cmssign c manager chen@a.tw chen
"$PT" build p2 2050Q1 c && both_sign p2; ARGS='p2 q1 q2 c' WHEN=''
expect 1 'does not hold from 20500105000000Z to 20500405235959Z: .*certificate has expired' \
    'does not hold from 20500105000000Z to 20500405235959Z: .*certificate has expired'

begin 'certificates of an earlier pack came after the next one'
at2026; rm -r c; "$PT" build c 2026Q3 q2; cmssign c reviewer wang@a.tw wang; cmssign c manager chen@a.tw later
cmsline chen@a.tw manager later >> ctrust; "$PT" build p2 2026Q4 c && both_sign p2; ARGS='p2 q1 q2 c' WHEN=''
expect 1 'does not hold from 20261005000000Z to 20270105235959Z: .*not yet valid' \
    'does not hold from 20261005000000Z to 20270105235959Z: .*not yet valid'

begin 'certificates of an earlier pack and no authority'
at2026; "$PT" build p2 2026Q4 c && both_sign p2
ARGS='p2 q1 q2 c' WHEN='' CERTS=''
expect 1 'with --ca FILE' 'set CA'

begin 'certificates found in the pack'
at2026; TRUST='' CERTS='' WHEN=''
expect 1 '^consistent:' 'consistent, but the keys are its own'

begin 'certificates and no authority'
at2026; CERTS=''
expect 1 'with --ca FILE' 'set CA'

begin 'certificates and no time'
at2026; WHEN=''
expect 1 'has dates: say for which time' 'has dates: set VERIFY_TIME'

begin 'a time stamp that nobody vouches for is no time'
certified; STAMPS=''
expect 1 'has dates: say for which time' 'has dates: set VERIFY_TIME'

begin 'expired certificate'
at2026; WHEN=20410101000000Z
expect 1 'certificate has expired' 'certificate has expired'

begin 'certificate that is not valid yet'
at2026; WHEN=20240101000000Z
expect 1 'certificate is not yet valid' 'certificate is not yet valid'

begin 'certificate of another authority'
at2026; CERTS=../pki/tsa.pem
expect 1 'unable to get local issuer certificate' 'unable to get local issuer certificate'

begin 'a file without certificates'
at2026; CERTS=ctrust
expect 2 'holds no certificate in PEM' 'no certificate in ctrust'

begin 'certificate of the wrong role'
at2026; cms c/signoff/countersign.txt c/signoff/countersign.p7s wang
expect 1 'the key of wang@a.tw (line 4) may not sign as manager' 'not signed by a key that is trusted as manager'

begin 'certificate that nobody pinned'
at2026; cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s mal; recountersign
expect 1 'signed by a key that is not trusted: CN=Mallory' 'not signed by a key that is trusted as reviewer'

begin 'certificate for another purpose'
at2026; cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s server; recountersign
cmsline wang@a.tw reviewer server >> ctrust
expect 1 'unsuitable certificate purpose\|unsupported certificate purpose' 'certificate purpose'

begin 'certificate signature of another pack'
at2026; "$PT" build o 2026Q2 && cmssign o reviewer wang@a.tw wang
cp o/signoff/reviewer.p7s c/signoff/; recountersign
expect 1 'by the key of wang@a.tw does not fit this pack' 'reviewer: the signature does not fit this pack'

begin 'edited and hashed again under certificates'
at2026; echo x >> c/data/results/findings.json; rehash c; recountersign
expect 1 'by the key of wang@a.tw does not fit this pack' 'reviewer: the signature does not fit this pack'

begin 'one certificate in two roles'
at2026; cmsline chen@a.tw manager wang > t; edit '/chen@a.tw.*x509/d' ctrust; cat t >> ctrust
cms c/signoff/countersign.txt c/signoff/countersign.p7s wang
{ cmsline wang@a.tw reviewer wang; cat t; } > c/signoff/allowed_signers
expect 1 'are the same key' 'one key signed in two roles'

begin 'one key in two certificates'
at2026; cmsline chen@a.tw manager again > t; edit '/chen@a.tw.*x509/d' ctrust; cat t >> ctrust
cms c/signoff/countersign.txt c/signoff/countersign.p7s again
{ cmsline wang@a.tw reviewer wang; cat t; } > c/signoff/allowed_signers
expect 1 'are the same key' 'one key signed in two roles'

# one_key KEY: the reviewer signs with SSH, the manager with a certificate that holds the same key.
one_key() {
    at2026; rm -r c; "$PT" build c 2026Q3 q2; sign c reviewer wang@a.tw "../pki/$1" > t
    "$FW" sign c --role manager --identity chen@a.tw --key "../pki/$1.key" --cert "../pki/$1.pem" \
        > "$W/out" 2>&1 && bad 'it could be signed' "$W/out"
    countersign c; cms c/signoff/countersign.txt c/signoff/countersign.p7s "$1"
    cmsline chen@a.tw manager "$1" >> t
    cat t > c/signoff/allowed_signers; cat t trust > ctrust
}
for k in rsa ecdsa; do
    begin "one $k key, with SSH and in a certificate"
    one_key $k
    expect 1 'are the same key' 'one key signed in two roles'
done

begin 'a key of RSA in another spelling'
# A zero more in front of the modulus: ssh-keygen takes it for the same key.
at2026; rm -r c; "$PT" build c 2026Q3 q2
cut -d' ' -f2 ../pki/rsa.pub | base64 -d | od -An -v -tx1 | tr -d ' \n' |
    sed 's/0000018100/000001820000/; s/0000010100/000001020000/; s/../&\n/g' |
    while read -r x; do printf "\\$(printf '%03o' "0x$x")"; done | base64 -w 0 > spelled
sshsign ../pki/rsa fwproof-reviewer@v1 c/tagmanifest-sha256.txt x && mkdir -p c/signoff && mv x c/signoff/reviewer.sig
countersign c; sshsign ../pki/rsa fwproof-manager@v1 c/signoff/countersign.txt c/signoff/countersign.sig
{ line wang@a.tw reviewer ../pki/rsa ''
    printf 'chen@a.tw namespaces="fwproof-manager@v1" ssh-rsa %s\n' "$(cat spelled)"; } > t
cat t > c/signoff/allowed_signers; cat t trust > ctrust
expect 1 'are the same key' 'one key signed in two roles'

begin 'revocation was not looked at'
at2026
expect 0 'revoked was not looked at' 'revoked was not looked at'

begin 'certificates that nobody revoked'
at2026; LISTS=../pki/clean.crl
expect 0 'no certificate is on the lists' 'no certificate is on the lists'

begin 'a certificate that was revoked'
at2026; LISTS=../pki/revoked.crl
expect 1 'certificate of chen@a.tw does not count: .*certificate revoked' \
    'certificate of chen@a.tw does not count: .*certificate revoked'

begin 'a list of another authority'
at2026; LISTS=../pki/tsa.crl
expect 1 'unable to get certificate CRL' 'unable to get certificate CRL'

begin 'a list that is none'
at2026; LISTS=ctrust
expect 2 'holds no list' 'no list in ctrust'

begin 'a list and no authority'
at2026; LISTS=../pki/clean.crl CERTS=''
expect 2 'that --ca names' 'CRL needs CA'

begin 'two signatures of one role'
at2026; cp p/signoff/countersign.sig c/signoff/
expect 1 'one person signs once' 'a file too many or too few'

begin 'a second certificate in a signature'
at2026; cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s wang -noattr -certfile ../pki/mal.pem
recountersign
expect 1 "$UNLIKE\\|is not a CMS signature" "$UNLIKE"

begin 'a signature with attributes'
at2026; cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s wang -nosmimecap; recountersign
expect 1 'is not a CMS signature' "$UNLIKE"

begin 'a signature that holds its text'
at2026; cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s wang -noattr -nodetach; recountersign
expect 1 'is not a CMS signature' "$UNLIKE"

begin 'a signature with another digest'
at2026; cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s wang -noattr -md sha512; recountersign
expect 1 'is not a CMS signature' "$UNLIKE"

begin 'a signature with another digest, by a certificate that holds the name of ours'
at2026; edit '/wang@a.tw.*x509/d' ctrust; cmsline wang@a.tw reviewer odd >> ctrust
cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s odd -noattr -md sha512; recountersign
{ cmsline wang@a.tw reviewer odd; cmsline chen@a.tw manager chen; } > c/signoff/allowed_signers
expect 1 'is not a CMS signature' "$UNLIKE"

begin 'bytes after a signature with a certificate'
at2026; echo >> c/signoff/countersign.p7s
expect 1 'is not a CMS signature' "manager: $UNLIKE"

begin 'an SSH signature in the place of one with a certificate'
at2026; cp p/signoff/countersign.sig c/signoff/countersign.p7s
expect 1 'is not a CMS signature' "manager: $UNLIKE"

begin 'empty signature with a certificate'
at2026; : > c/signoff/countersign.p7s
expect 1 'is not a CMS signature' "manager: $UNLIKE"

begin 'a pin that is none'
at2026; edit 's/\(x509-sha256 .*\)./\1/' ctrust
expect 1 'expected a key type and a key' 'expected name, options, key type, key'

begin 'a pin with dates'
at2026; edit 's/@v1" x509/@v1",valid-before="20300101Z" x509/' ctrust
expect 1 'a certificate has dates of its own' 'a certificate has dates of its own'

begin 'an authority in between'
at2026; openssl x509 -in ../pki/ca.pem -outform DER -out t
(cd ../pki && [ -f sub.pem ] || { issue ca sub 'Sub' root $FROM $TO && cp -r ca.ca sub.ca &&
    sed 's/ca[.]/sub./g; s/\bca[.]ca/sub.ca/g' ca.ca/conf > sub.ca/conf && issue sub tang Tang person $FROM $TO; })
cms c/tagmanifest-sha256.txt c/signoff/reviewer.p7s tang; recountersign
edit '/wang@a.tw.*x509/d' ctrust; cmsline wang@a.tw reviewer tang >> ctrust
{ cmsline wang@a.tw reviewer tang; cmsline chen@a.tw manager chen; } > c/signoff/allowed_signers
cat ../pki/ca.pem ../pki/sub.pem > both; CERTS=both
expect 0 'CN=Tang' '^VERIFIED$'
CERTS=../pki/ca.pem
expect 1 'unable to get local issuer certificate' 'unable to get local issuer certificate'
