# Signatures in another spelling, most of which ssh-keygen would let pass. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

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
