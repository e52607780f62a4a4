# Keys, people, lists of trusted keys, and the spelling of signatures. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

begin 'keys found in the pack'
TRUST=
expect 1 '^consistent:' 'consistent, but the keys are its own'

begin 'keys found in the pack, forged as a whole'
rm -r p
"$PT" build p 2026Q3 q2
for r in 'reviewer wang@a.tw ../mal' 'manager chen@a.tw ../rev2'; do sign p $r > t; done
expect 1 'signed by a key that is not trusted' 'not signed by a key that is trusted as reviewer'

begin 'empty trust list'
: > trust
expect 1 'signed by a key that is not trusted' 'not signed by a key that is trusted'

begin 'trust line without namespaces='
sed 's/ namespaces="[^"]*"//' trust > t; TRUST=t
expect 1 'line 1: no namespaces=, .*write' 'no namespaces=: write wang@a.tw namespaces='

begin 'trust line with dates, without namespaces='
sed 's/ namespaces="[^"]*"/ valid-before="20300101Z"/' trust > t; TRUST=t
expect 1 'line 1: no namespaces=' 'no namespaces='

begin 'trust line for any namespace'
sed 's/-reviewer@v1/-*/' trust > t; TRUST=t
expect 1 'must list names, not patterns' 'expected name, options'

begin 'wildcard principal'
sed 's/^wang@/*@/' trust > t; TRUST=t
expect 1 'line 1: the name is a pattern' 'is a pattern'

begin 'list of principals'
sed 's/^wang@/li@a.tw,&/' trust > t; TRUST=t
expect 1 'line 1: the name is a pattern or a list' 'is a pattern or a list'

begin 'certificate authority'
sed 's/ namespaces/ cert-authority,namespaces/' trust > t; TRUST=t
expect 1 'certificate authorities are not accepted' 'certificate authorities are not accepted'

begin 'unknown option'
sed 's/ namespaces/ no-touch-required,namespaces/' trust > t; TRUST=t
expect 1 'expected options like' 'expected name, options'

begin 'an option twice'
sed 's/ namespaces="[^"]*"/&,namespaces="fwproof-manager@v1"/' trust > t; TRUST=t
expect 1 'expected options like' 'an option stands twice'

begin 'a date twice'
sed 's/ namespaces="[^"]*"/&,valid-before="20200101Z",valid-before="20300101Z"/' trust > t; TRUST=t
expect 1 'expected options like' 'an option stands twice'

begin 'certificate in the place of a key'
echo 'x@y namespaces="fwproof-ciso@v1" ssh-ed25519-cert-v01@openssh.com AAAA' >> trust
expect 1 'certificates are not accepted' 'certificates are not accepted'

begin 'trust list of Windows'
sed 's/$/\r/' trust > t; TRUST=t
expect 1 'a control character' 'a control character'

begin 'trust list with a NUL'
{ cat trust; printf 'a\0b\n'; } > t; TRUST=t
expect 1 'a control character' 'a control character'

begin 'trust line without a key'
echo 'x@y namespaces="fwproof-ciso@v1" ssh-ed25519' >> trust
expect 1 'expected a key type and a key' 'expected name, options'

begin 'trust list is missing'
TRUST=none
expect 2 'none' 'cannot read none'

begin 'expired key'
{ line wang@a.tw reviewer ../rev ',valid-before="20260401Z"'; tail -n +2 trust; } > t
TRUST=t WHEN=20260705000000Z
expect 1 'the key of wang@a.tw (line 1) was not valid at 20260705000000Z' \
    'the key of wang@a.tw was not valid at'

begin 'key not valid yet'
{ line wang@a.tw reviewer ../rev ',valid-after="20270101Z"'; tail -n +2 trust; } > t
TRUST=t WHEN=20260705000000Z
expect 1 'was not valid at 20260705000000Z' 'was not valid at'

begin 'key valid then'
line wang@a.tw reviewer ../rev ',valid-after="20260101",valid-before="20261231Z"' > t
tail -n +2 trust >> t
TRUST=t WHEN=20260705000000Z; expect 0 '^verified:' '^VERIFIED$'

# Whatever the clock says: these keys are not valid now, or were not then.
begin 'key that was valid long ago'
{ line wang@a.tw reviewer ../rev ',valid-before="20200101Z"'; tail -n +2 trust; } > t
TRUST=t WHEN=20190601000000Z
expect 0 '^verified:' '^VERIFIED$'

begin 'key that is valid now and was not then'
{ line wang@a.tw reviewer ../rev ',valid-after="20200101Z"'; tail -n +2 trust; } > t
TRUST=t WHEN=20190601000000Z
expect 1 'was not valid at 20190601000000Z' 'was not valid at 20190601000000Z'

begin 'dates count in UTC, to the second'
{ line wang@a.tw reviewer ../rev ',valid-before="20190601120000"'; tail -n +2 trust; } > t
TRUST=t WHEN=20190601115959Z
TZ=Asia/Taipei
export TZ
expect 0 '^verified:' '^VERIFIED$'
WHEN=20190601120001Z
expect 1 'was not valid at 20190601120001Z' 'was not valid at 20190601120001Z'
unset TZ

begin 'key with dates and no time to verify for'
{ line wang@a.tw reviewer ../rev ',valid-before="20991231Z"'; tail -n +2 trust; } > t; TRUST=t
expect 1 'has dates: say for which time' 'has dates: set VERIFY_TIME'

begin 'one line expired, the next one good'
{ line wang@a.tw reviewer ../rev ',valid-before="20200101Z"'; cat trust; } > t
TRUST=t WHEN=20260705000000Z; expect 0 '^verified:' '^VERIFIED$'

begin 'key of an earlier quarter has expired since'
rm -r p
"$PT" build p 2026Q3 q2
sign p reviewer li@a.tw ../rev2 > t
sign p manager chen@a.tw ../mgr > t
line wang@a.tw reviewer ../rev ',valid-before="20260701Z"' > t
line li@a.tw reviewer ../rev2 '' >> t
tail -n +2 trust >> t
TRUST=t WHEN=20261005000000Z; expect 0 '^verified:' '^VERIFIED$'

begin 'time in a wrong form'
WHEN=20260705
expect 2 'YYYYMMDDHHMMSSZ' 'VERIFY_TIME must read'

begin 'month 13'
WHEN=20261305000000Z
expect 2 'YYYYMMDDHHMMSSZ' 'VERIFY_TIME must read'

begin "the reviewer's key countersigns"
resign p ../rev ../rev
{ line wang@a.tw reviewer ../rev ''; line chen@a.tw manager ../rev ''; } > p/signoff/allowed_signers
expect 1 'the key of wang@a.tw (line 1) may not sign as manager' \
    'not signed by a key that is trusted as manager'

begin 'one key under two names'
resign p ../rev ../rev; { line wang@a.tw reviewer ../rev ''; line chen@a.tw manager ../rev ''; } > t
cat t > p/signoff/allowed_signers; TRUST=t
expect 1 'are the same key' 'one key signed in two roles'

begin 'one person with two keys'
{ line wang@a.tw reviewer ../rev ''; line wang@a.tw manager ../mgr ''; } > t
cat t > p/signoff/allowed_signers; TRUST=t
expect 1 'are the same person' 'one person signed in two roles'

begin 'one person in two spellings'
{ line wang@a.tw reviewer ../rev ''; line Wang@A.tw manager ../mgr ''; } > t
cat t > p/signoff/allowed_signers; TRUST=t
expect 1 'are the same person' 'one person signed in two roles'

begin 'signed in the wrong namespace'
sshsign ../rev fwproof-manager@v1 p/tagmanifest-sha256.txt p/signoff/reviewer.sig; countersign p
sshsign ../mgr fwproof-manager@v1 p/signoff/countersign.txt p/signoff/countersign.sig
expect 1 'signed in the namespace "fwproof-manager@v1"' 'signed in another namespace'

begin 'signed for files in general'
sshsign ../mgr file p/signoff/countersign.txt p/signoff/countersign.sig
expect 1 'signed in the namespace "file"' 'manager: signed in another namespace'

begin 'signatures swapped'
mv p/signoff/reviewer.sig t
mv p/signoff/countersign.sig p/signoff/reviewer.sig
mv t p/signoff/countersign.sig
countersign p; expect 1 'signed in the namespace' 'signed in another namespace'

begin 'signature of another pack'
cp q2/signoff/* p/signoff/; countersign p
expect 1 'by the key of wang@a.tw does not fit this pack' \
    'not signed by a key that is trusted as reviewer'

begin 'CISO signed something else'
sign p ciso lin@a.tw ../ciso > t; sshsign ../ciso fwproof-ciso@v1 p/bagit.txt p/signoff/ciso.sig
expect 1 'the key of lin@a.tw does not fit' 'not signed by a key that is trusted as ciso'

begin 'CISO is the reviewer'
sed 's/^lin@a.tw/wang@a.tw/' trust > t; cp t trust; sign p ciso lin@a.tw ../ciso > t
edit 's/^lin@a.tw/wang@a.tw/' p/signoff/allowed_signers
expect 1 'are the same person' 'one person signed in two roles'

# What ssh-keygen would let pass.
sig=p/signoff/countersign.sig

begin 'blank line after a signature'
echo >> $sig
expect 1 'is not an SSH signature as ssh-keygen writes it' 'manager: not as ssh-keygen writes it'

begin 'text after a signature'
echo 'approved with reservations' >> $sig
expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'

begin 'text before a signature'
{ echo x; cat $sig; } > t; cat t > $sig
expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'

begin 'newlines of Windows in a signature'
sed 's/$/\r/' $sig > t; cat t > $sig
expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'

begin 'one line in a signature'
{ sed -n 1p $sig; sed '1d;$d' $sig | tr -d '\n'; echo; sed -n '$p' $sig; } > t; cat t > $sig
expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'

begin 'a byte in the unsigned field of a signature'
# ...7631 ("v1"), then a string of no bytes, then one of six: now the first has one byte.
sed '1d;$d' $sig | base64 -d | od -An -v -tx1 | tr -d ' \n' |
    sed 's/76310000000000000006/763100000001ff00000006/; s/../&\n/g' |
    while read -r x; do printf "\\$(printf '%03o' "0x$x")"; done > t
{ echo '-----BEGIN SSH SIGNATURE-----'; base64 -w 70 t; echo '-----END SSH SIGNATURE-----'; } > $sig
ssh-keygen -Y verify -f trust -I chen@a.tw -n fwproof-manager@v1 -s $sig \
    < p/signoff/countersign.txt > "$W/out" 2>&1 || bad 'ssh-keygen refuses it by itself' "$W/out"
expect 1 'is not an SSH signature' 'signed in another namespace'

begin 'empty signature'
: > $sig
expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'
