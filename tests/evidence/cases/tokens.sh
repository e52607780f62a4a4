# Keys on FIDO2 tokens, asked through an agent. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

python3 "$HERE/token.py" make ed25519 "$W/tok1" && python3 "$HERE/token.py" make p256 "$W/tok2" || exit 1
python3 "$HERE/token.py" agent "$W/token" "$W/tok1" "$W/tok2" &
token=$!
tries=0
while [ ! -S "$W/token" ] && [ $tries -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
SSH_AUTH_SOCK=$W/token
export SSH_AUTH_SOCK
# touch: the third quarter, signed by the people's tokens; TRUST says so.
touched() {
    rm -r p
    "$PT" build p 2026Q3 q2
    sign p reviewer wang@a.tw ../tok1.pub > s && sign p manager chen@a.tw ../tok2.pub >> s || cat "$W/signed"
    sed '/fwproof-ciso/d' trust > t
    cat s >> t
    TRUST=t ARGS=p
}

begin 'signed with FIDO2 tokens'
touched
expect 0 '^verified:' '^VERIFIED$'
if grep -q 'sk-ssh-ed25519@openssh.com ' s && grep -q 'sk-ecdsa-sha2-nistp256@openssh.com ' s; then ok kinds
else bad 'other kinds of keys' s; fi

begin "a token's key that is not trusted"
touched
ARGS=p TRUST=trust
expect 1 'signed by a key that is not trusted' 'not signed by a key that is trusted as reviewer'

begin "the reviewer's token countersigns"
touched
sshsign ../tok1.pub fwproof-manager@v1 p/signoff/countersign.txt p/signoff/countersign.sig
expect 1 'may not sign as manager' 'not signed by a key that is trusted as manager'

begin 'a token signed another pack'
touched
sshsign ../tok1.pub fwproof-reviewer@v1 q2/tagmanifest-sha256.txt p/signoff/reviewer.sig
countersign p
resign_manager p ../tok2.pub
expect 1 'by the key of wang@a.tw does not fit this pack' \
    'not signed by a key that is trusted as reviewer'

unset SSH_AUTH_SOCK
kill $token
