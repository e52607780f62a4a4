# Whose key signed, as what, and for which pack. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

begin 'keys found in the pack'
TRUST=
expect 1 '^consistent:' 'consistent, but the keys are its own'

begin 'keys found in the pack, forged as a whole'
rm -r p
"$PT" build p 2026Q3 q2
for r in 'reviewer wang@a.tw ../mal' 'manager chen@a.tw ../rev2'; do sign p $r > t; done
expect 1 'signed by a key that is not trusted' 'not signed by a key that is trusted as reviewer'

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
resign_manager p ../mgr
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

begin 'names of namespaces that look like options'
chtrust 's/namespaces="fwproof-reviewer@v1"/namespaces="fwproof-reviewer@v1,my-cert-tool@x,valid-x"/'
expect 0 '^verified:' '^VERIFIED$'
