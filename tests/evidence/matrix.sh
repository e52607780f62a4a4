#!/bin/sh
# Tampers with signed packs in every way we could think of. The verifier in C and verify.sh, under
# every shell there is, must agree, be right, and give the right reason.
#   matrix.sh FWPROOF PACKTOOL [--long]
set -u
FW=$1 PT=$2 LONG=${3-}
case $FW in /*) ;; *) FW=$PWD/$FW ;; esac
case $PT in /*) ;; *) PT=$PWD/$PT ;; esac
LC_ALL=C.UTF-8
export LC_ALL
W=$(mktemp -d) || exit 1
trap 'rm -rf "$W"' EXIT
trap 'exit 1' HUP INT TERM
cd "$W" || exit 1
passed=0 failed=0

# The quick run uses this machine's sh, the long one every shell there is; SHELLS (separated by
# commas) names others.
LIST=${SHELLS-sh}
[ "$LONG" != --long ] || for s in dash bash 'busybox sh' mksh ksh yash; do
    ! command -v "${s%% *}" > /dev/null || LIST="$LIST,$s"
done
echo "shells: $LIST"

ok() { passed=$((passed + 1)); printf 'ok %s%s\n' "$NAME" "${1:+, $1}"; }
bad() { failed=$((failed + 1)); printf 'not ok %s: %s\n' "$NAME" "$1"; sed 's/^/    /' "$2"; }

# begin NAME: a fresh copy of the three packs and of the trust list.
begin() {
    NAME=$1 ARGS='p q1 q2' TRUST=trust WHEN='' UNSIGNED=''
    cd "$W" || exit 1
    rm -rf case && cp -a base case && cd case || exit 1
}
# expect EXIT C-REASON SH-REASON: patterns that the outputs must contain.
expect() {
    "$FW" verify ${TRUST:+--trust "$TRUST"} ${WHEN:+--verify-time "$WHEN"} \
        ${UNSIGNED:+--allow-unsigned} $ARGS > "$W/out" 2>&1
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
            $s "$W/verify.sh" $ARGS > "$W/out" 2>&1
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
    find data -type f | LC_ALL=C sort | while IFS= read -r f; do sha256sum "$f"; done > manifest-sha256.txt
    size=$(find data -type f -exec cat {} + | wc -c)
    sed "s/^Payload-Oxum: .*/Payload-Oxum: $size.$(find data -type f | wc -l)/" bag-info.txt > t && cat t > bag-info.txt && rm t
    retag .
)
retag() (
    cd "$1" && sha256sum README.txt bag-info.txt bagit.txt manifest-sha256.txt verify.sh > tagmanifest-sha256.txt
)
sshsign() { ssh-keygen -q -Y sign -f "$1" -n "$2" < "$3" > "$4" 2> /dev/null; }
countersign() ( # PACK: the text that the manager signs
    cd "$1" && sha256sum tagmanifest-sha256.txt signoff/reviewer.sig data/chain.tsv > signoff/countersign.txt
)
# resign PACK [REVIEWER-KEY [MANAGER-KEY]]: both sign again, by hand.
resign() {
    sshsign "${2-../rev}" fwproof-reviewer@v1 "$1/tagmanifest-sha256.txt" "$1/signoff/reviewer.sig"
    countersign "$1"
    sshsign "${3-../mgr}" fwproof-manager@v1 "$1/signoff/countersign.txt" "$1/signoff/countersign.sig"
}
line() { printf '%s namespaces="fwproof-%s@v1"%s %s\n' "$1" "$2" "$4" "$(cut -d' ' -f1,2 "$3.pub")"; }
chmanifest() { sed "$1" p/manifest-sha256.txt > t && cat t > p/manifest-sha256.txt && rm t; retag p; resign p; }

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

### What is right must pass, or nothing below means anything.
begin 'untouched'; expect 0 '^verified:' '^VERIFIED$'
begin 'untouched, earlier packs not given'; ARGS=p; expect 0 'none was given' 'not compared with the 2'
begin 'untouched, with the CISO'
sign p ciso lin@a.tw ../ciso > /dev/null; expect 0 '^verified:' 'ciso: lin@a.tw'
begin 'absolute paths'; ARGS="$PWD/p $PWD/q1 $PWD/q2"; expect 0 '^verified:' '^VERIFIED$'
begin 'comments, blank lines, tabs and no last newline in the trust list'
{ echo '# keys'; echo; tr ' ' '\t' < trust; printf '\n  # end'; } > t; TRUST=t; expect 0 '^verified:' '^VERIFIED$'
begin 'other uses of keys in the trust list'
sed 's/namespaces="/&git,/' trust > t; printf 'x@y namespaces="git" %s\n' "$(cut -d' ' -f1,2 ../mal.pub)" >> t
TRUST=t; expect 0 '^verified:' '^VERIFIED$'


NAME='same bytes in another place, zone and locale'
cd "$W" && rm -rf else && mkdir -p else/where && cd else/where && cp -a ../../base/q2 before || exit 1
LC_ALL=C TZ=Asia/Taipei "$PT" build ./a/b 2026Q3 "$PWD/before" && rm -rf "$W/plain" &&
    cp -a "$W/base/p" "$W/plain" && rm -f "$W"/plain/signoff/*
if diff -r a/b "$W/plain" > "$W/out" 2>&1; then ok; else bad 'packs differ' "$W/out"; fi

begin 'no signature'; rm p/signoff/*; expect 1 '^unsigned:' 'NOT VERIFIED: whole, unsigned'
begin 'no signature, allowed'; rm p/signoff/*; UNSIGNED=1; expect 0 '^unsigned:' 'NOT VERIFIED: whole, unsigned'
begin 'no signature, no folder for it'; rm -r p/signoff; UNSIGNED=1; expect 0 '^unsigned:' 'NOT VERIFIED: whole, unsigned'
begin 'not countersigned'; rm p/signoff/countersign.*; head -n1 p/signoff/allowed_signers > t; cat t > p/signoff/allowed_signers
expect 1 '^incomplete:' 'signed by the reviewer only'
begin 'an earlier pack is not signed'; rm q2/signoff/*; UNSIGNED=; expect 1 'is not signed by reviewer and manager\|was countersigned otherwise' 'q2 is not signed'
begin 'a period without review is a note'
"$PT" build p2 2027Q1 p && sign p2 reviewer wang@a.tw ../rev > t && sign p2 manager chen@a.tw ../mgr > t
ARGS='p2 q1 q2 p'; expect 0 'no review is recorded for 2026Q4' '^VERIFIED$'

### Keys.
begin 'keys found in the pack'; TRUST=; expect 1 '^consistent:' 'consistent, but the keys are its own'
begin 'keys found in the pack, forged as a whole'
rm -r p; "$PT" build p 2026Q3 q2; for r in 'reviewer wang@a.tw ../mal' 'manager chen@a.tw ../rev2'; do sign p $r > t; done
expect 1 'signed by a key that is not trusted' 'not signed by a key that is trusted as reviewer'
begin 'empty trust list'; : > trust; expect 1 'signed by a key that is not trusted' 'not signed by a key that is trusted'
begin 'trust line without namespaces='; sed 's/ namespaces="[^"]*"//' trust > t; TRUST=t
expect 1 'line 1: no namespaces=, .*write' 'no namespaces=: write wang@a.tw namespaces='
begin 'trust line with dates, without namespaces='; sed 's/ namespaces="[^"]*"/ valid-before="20300101Z"/' trust > t; TRUST=t
expect 1 'line 1: no namespaces=' 'no namespaces='
begin 'trust line for any namespace'; sed 's/-reviewer@v1/-*/' trust > t; TRUST=t; expect 1 'must list names, not patterns' 'expected name, options'
begin 'wildcard principal'; sed 's/^wang@/*@/' trust > t; TRUST=t; expect 1 'line 1: the name is a pattern' 'is a pattern'
begin 'list of principals'; sed 's/^wang@/li@a.tw,&/' trust > t; TRUST=t; expect 1 'line 1: the name is a pattern or a list' 'is a pattern or a list'
begin 'certificate authority'; sed 's/ namespaces/ cert-authority,namespaces/' trust > t; TRUST=t
expect 1 'certificate authorities are not accepted' 'certificate authorities are not accepted'
begin 'unknown option'; sed 's/ namespaces/ no-touch-required,namespaces/' trust > t; TRUST=t; expect 1 'expected options like' 'expected name, options'
begin 'trust list of Windows'; sed 's/$/\r/' trust > t; TRUST=t; expect 1 'a control character' 'a control character'
begin 'trust list with a NUL'; { cat trust; printf 'a\0b\n'; } > t; TRUST=t; expect 1 'a control character' 'a control character'
begin 'trust line without a key'; echo 'x@y namespaces="fwproof-ciso@v1" ssh-ed25519' >> trust; expect 1 'expected a key type and a key' 'expected name, options'
begin 'trust list is missing'; TRUST=none; expect 2 'none' 'cannot read none'
begin 'expired key'; { line wang@a.tw reviewer ../rev ',valid-before="20260401Z"'; tail -n +2 trust; } > t; TRUST=t WHEN=20260705000000Z
expect 1 'the key of wang@a.tw (line 1) was not valid at 20260705000000Z' 'the key of wang@a.tw was not valid at'
begin 'key not valid yet'; { line wang@a.tw reviewer ../rev ',valid-after="20270101Z"'; tail -n +2 trust; } > t; TRUST=t WHEN=20260705000000Z
expect 1 'was not valid at 20260705000000Z' 'was not valid at'
begin 'key valid then'; { line wang@a.tw reviewer ../rev ',valid-after="20260101",valid-before="20261231Z"'; tail -n +2 trust; } > t
TRUST=t WHEN=20260705000000Z; expect 0 '^verified:' '^VERIFIED$'
begin 'key with dates and no time to verify for'; { line wang@a.tw reviewer ../rev ',valid-before="20991231Z"'; tail -n +2 trust; } > t; TRUST=t
expect 1 'has dates: say for which time' 'has dates: set VERIFY_TIME'
begin 'one line expired, the next one good'; { line wang@a.tw reviewer ../rev ',valid-before="20200101Z"'; cat trust; } > t
TRUST=t WHEN=20260705000000Z; expect 0 '^verified:' '^VERIFIED$'
begin 'key of an earlier quarter has expired since'
rm -r p; "$PT" build p 2026Q3 q2; sign p reviewer li@a.tw ../rev2 > t; sign p manager chen@a.tw ../mgr > t
{ line wang@a.tw reviewer ../rev ',valid-before="20260701Z"'; line li@a.tw reviewer ../rev2 ''; tail -n +2 trust; } > t
TRUST=t WHEN=20261005000000Z; expect 0 '^verified:' '^VERIFIED$'
begin 'time in a wrong form'; WHEN=20260705; expect 2 'YYYYMMDDHHMMSSZ' 'VERIFY_TIME must read'
begin 'month 13'; WHEN=20261305000000Z; expect 2 'YYYYMMDDHHMMSSZ' 'VERIFY_TIME must read'
begin "the reviewer's key countersigns"; resign p ../rev ../rev; { line wang@a.tw reviewer ../rev ''; line chen@a.tw manager ../rev ''; } > p/signoff/allowed_signers
expect 1 'the key of wang@a.tw (line 1) may not sign as manager' 'not signed by a key that is trusted as manager'
begin 'one key under two names'; resign p ../rev ../rev; { line wang@a.tw reviewer ../rev ''; line chen@a.tw manager ../rev ''; } > t
cat t > p/signoff/allowed_signers; TRUST=t; expect 1 'are the same key' 'one key signed in two roles'
begin 'one person with two keys'; { line wang@a.tw reviewer ../rev ''; line wang@a.tw manager ../mgr ''; } > t
cat t > p/signoff/allowed_signers; TRUST=t; expect 1 'are the same person' 'one person signed in two roles'
begin 'one person in two spellings'; { line wang@a.tw reviewer ../rev ''; line Wang@A.tw manager ../mgr ''; } > t
cat t > p/signoff/allowed_signers; TRUST=t; expect 1 'are the same person' 'one person signed in two roles'
begin 'signed in the wrong namespace'; sshsign ../rev fwproof-manager@v1 p/tagmanifest-sha256.txt p/signoff/reviewer.sig; countersign p
sshsign ../mgr fwproof-manager@v1 p/signoff/countersign.txt p/signoff/countersign.sig
expect 1 'signed in the namespace "fwproof-manager@v1"' 'signed in another namespace'
begin 'signed for files in general'; sshsign ../mgr file p/signoff/countersign.txt p/signoff/countersign.sig
expect 1 'signed in the namespace "file"' 'manager: signed in another namespace'
begin 'signatures swapped'; mv p/signoff/reviewer.sig t; mv p/signoff/countersign.sig p/signoff/reviewer.sig; mv t p/signoff/countersign.sig
countersign p; expect 1 'signed in the namespace' 'signed in another namespace'
begin 'signature of another pack'; cp q2/signoff/* p/signoff/; countersign p; expect 1 'by the key of wang@a.tw does not fit this pack' 'not signed by a key that is trusted as reviewer'
begin 'CISO signed something else'; sign p ciso lin@a.tw ../ciso > t; sshsign ../ciso fwproof-ciso@v1 p/bagit.txt p/signoff/ciso.sig
expect 1 'the key of lin@a.tw does not fit' 'not signed by a key that is trusted as ciso'
begin 'CISO is the reviewer'; sed 's/^lin@a.tw/wang@a.tw/' trust > t; cp t trust; sign p ciso lin@a.tw ../ciso > t
sed 's/^lin@a.tw/wang@a.tw/' p/signoff/allowed_signers > t; cat t > p/signoff/allowed_signers; expect 1 'are the same person' 'one person signed in two roles'

### Spelling of signatures: what ssh-keygen would let pass.
sig=p/signoff/countersign.sig
begin 'blank line after a signature'; echo >> $sig; expect 1 'is not an SSH signature as ssh-keygen writes it' 'manager: not as ssh-keygen writes it'
begin 'text after a signature'; echo 'approved with reservations' >> $sig; expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'
begin 'text before a signature'; { echo x; cat $sig; } > t; cat t > $sig; expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'
begin 'newlines of Windows in a signature'; sed 's/$/\r/' $sig > t; cat t > $sig; expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'
begin 'one line in a signature'; { sed -n 1p $sig; sed '1d;$d' $sig | tr -d '\n'; echo; sed -n '$p' $sig; } > t; cat t > $sig; expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'
begin 'a byte in the unsigned field of a signature'
# ...7631 ("v1"), then a string of no bytes, then one of six: now the first has one byte.
sed '1d;$d' $sig | base64 -d | od -An -v -tx1 | tr -d ' \n' |
    sed 's/76310000000000000006/763100000001ff00000006/; s/../&\n/g' |
    while read -r x; do printf "\\$(printf '%03o' "0x$x")"; done > t
{ echo '-----BEGIN SSH SIGNATURE-----'; base64 -w 70 t; echo '-----END SSH SIGNATURE-----'; } > $sig
ssh-keygen -Y verify -f trust -I chen@a.tw -n fwproof-manager@v1 -s $sig < p/signoff/countersign.txt > "$W/out" 2>&1 || bad 'ssh-keygen refuses it by itself' "$W/out"
expect 1 'is not an SSH signature' 'signed in another namespace'
begin 'empty signature'; : > $sig; expect 1 'is not an SSH signature' 'not as ssh-keygen writes it'

### Payload.
begin 'edited'; echo x >> p/data/results/findings.json; expect 1 'data/results/findings.json does not match its hash' 'payload does not match'
begin 'same length, one bit'; printf '[' | dd of=p/data/results/findings.json bs=1 conv=notrunc 2> "$W/out"; expect 1 'findings.json does not match its hash' 'payload does not match'
begin 'added'; echo x > p/data/new; expect 1 'data/new is not in the manifest' 'payload does not match'
begin 'removed'; rm p/data/results/findings.json; expect 1 'findings.json is missing' 'payload does not match'
begin 'renamed'; mv p/data/results/findings.json p/data/results/finding.json; expect 1 'findings.json is missing' 'payload does not match'
begin 'two files swapped'; mv p/data/results/findings.json t; mv p/data/custody.tsv p/data/results/findings.json; mv t p/data/custody.tsv; expect 1 'does not match its hash' 'payload does not match'
begin 'edited and hashed again'; echo x >> p/data/results/findings.json; rehash p; expect 1 'signoff/countersign.txt does not list exactly this pack' 'countersign.txt does not list this pack'
begin 'edited, hashed again, countersign.txt made again'; echo x >> p/data/results/findings.json; rehash p; countersign p
expect 1 'by the key of wang@a.tw does not fit this pack' 'not signed by a key that is trusted as reviewer'
begin 'edited, hashed again, signed again by the reviewer alone'; echo x >> p/data/results/findings.json; rehash p
sshsign ../rev fwproof-reviewer@v1 p/tagmanifest-sha256.txt p/signoff/reviewer.sig; countersign p
expect 1 'by the key of chen@a.tw does not fit this pack' 'not signed by a key that is trusted as manager'
begin 'edited, signed again by a stranger'; echo x >> p/data/results/findings.json; rehash p; resign p ../mal ../mal; expect 1 'a key that is not trusted' 'not signed by a key that is trusted'
begin 'empty folder'; mkdir p/data/drop; expect 1 'data/drop is an empty folder' 'an empty folder'
begin 'empty folders in each other'; mkdir -p p/data/a/b/c; expect 1 'data/a/b/c is an empty folder' 'an empty folder'
begin 'symbolic link in the payload'; mv p/data/results/findings.json p/../t; ln -s ../../../t p/data/results/findings.json; expect 1 'findings.json is a symbolic link' 'a symbolic link or special file'
begin 'symbolic link to a listed file'; ln -s findings.json p/data/results/also; expect 1 'data/results/also is a symbolic link' 'a symbolic link'
begin 'folder of the payload is a link'; mv p/data/results t; ln -s ../../t p/data/results; expect 1 'data/results is a symbolic link' 'a symbolic link'
begin 'sign-off folder is a link'; mv p/signoff t; ln -s ../t p/signoff; expect 1 'signoff is a symbolic link' 'a symbolic link'
begin 'tag file is a link'; mv p/README.txt t; ln -s ../t p/README.txt; expect 1 'README.txt is a symbolic link' 'a symbolic link'
begin 'pipe in the payload'; mkfifo p/data/results/pipe; expect 1 'pipe is neither a file nor a folder' 'special file'
begin 'pipe in the place of a file'; rm p/data/period.txt; mkfifo p/data/period.txt; expect 1 'period.txt is neither a file' 'special file'
nl='
'
begin 'name with a newline'; echo x > "p/data/a${nl}b"; expect 1 'has a control character' 'a name with a control character'
begin 'folder name with a newline'; mkdir "p/data/a${nl}data"; echo x > "p/data/a${nl}data/b"; expect 1 'has a control character' 'a name with a control character'
begin 'name with an escape sequence'; echo x > "p/data/$(printf '\033[2J')"; expect 1 'has a control character' 'a name with a control character'
begin 'name with a backslash'; echo x > 'p/data/a\b'; rehash p; resign p; expect 1 'a backslash' 'a name with a control character'
begin 'name with a percent sign'; echo x > 'p/data/a%0Ab'; rehash p; resign p; expect 1 'a percent sign' 'a name with a control character'
begin 'payload is gone'; rm -r p/data; expect 1 'data/chain.tsv is missing' 'a file too many or too few'
begin 'payload is a file'; rm -r p/data; echo x > p/data; expect 1 'data does not belong to a pack\|data/chain.tsv is missing' 'in the place of a folder'

### Manifests. Everybody signed what stands there: only the spelling is wrong.
begin 'a digit that is none (and the file swapped)'; chmanifest '/findings.json/s/^./g/'; echo x > p/data/results/findings.json; expect 1 'line 7: expected 64 lower-case' 'payload does not match'
begin 'upper-case hash'; chmanifest '/findings.json/s/^[^ ]*/\U&/'; expect 1 'expected 64 lower-case' 'payload does not match'
begin 'short hash'; chmanifest '1s/^.//'; expect 1 'line 1: expected 64 lower-case' 'payload does not match'
begin 'one space'; chmanifest '1s/  / /'; expect 1 'line 1: expected 64' 'payload does not match'
begin 'binary mark'; chmanifest '1s/  / */'; expect 1 'line 1: expected 64' 'payload does not match'
begin 'listed twice'; chmanifest '1{p}'; expect 1 'line 2: the path is listed twice' 'payload does not match'
begin 'not sorted'; chmanifest '1{h;d};2{G}'; expect 1 'are not sorted by path' 'payload does not match'
begin 'no last newline'; printf '%s' "$(cat p/manifest-sha256.txt)" > t; cat t > p/manifest-sha256.txt; retag p; resign p; expect 1 'does not end with a newline' 'payload does not match'
begin 'newlines of Windows'; chmanifest 's/$/\r/'; expect 1 'a forbidden character' 'payload does not match'
begin 'blank line'; chmanifest '2{s/^/\n/}'; expect 1 'line 2: expected 64' 'payload does not match'
begin 'comment'; chmanifest '1s/^/# all files\n/'; expect 1 'line 1: expected 64' 'payload does not match'
begin 'backslash in front'; chmanifest '1s/^/\\/'; expect 1 'line 1: expected 64' 'payload does not match'
begin 'path with ..'; chmanifest '1s|data/|data/../data/|'; expect 1 'has an empty, . or .. part' 'payload does not match'
begin 'path with .'; chmanifest '1s|data/|data/./|'; expect 1 'has an empty, . or .. part' 'payload does not match'
begin 'path with //'; chmanifest '1s|data/|data//|'; expect 1 'has an empty, . or .. part' 'payload does not match'
begin 'absolute path'; chmanifest '1s|  data/|  /etc/|'; expect 1 'is absolute' 'payload does not match'
begin 'path outside the payload'; chmanifest '1s|^|'"$(sha256sum p/bagit.txt | cut -c1-64)"'  bagit.txt\n|'; expect 1 'is not below data/' 'payload does not match'
begin 'NUL in the manifest'; { cat p/manifest-sha256.txt; printf '\0\n'; } > t; cat t > p/manifest-sha256.txt; retag p; resign p; expect 1 'expected 64' 'payload does not match'
begin 'line removed'; chmanifest '/findings.json/d'; expect 1 'findings.json is not in the manifest' 'payload does not match'
begin 'empty manifest'; : > p/manifest-sha256.txt; retag p; resign p; expect 1 'is not in the manifest' 'payload does not match'
begin 'line too many in the tag manifest'; (cd p; sha256sum data/chain.tsv >> tagmanifest-sha256.txt); resign p; expect 1 'does not list exactly\|not sorted' 'tag files do not match'
begin 'line missing in the tag manifest'; sed '/verify.sh/d' p/tagmanifest-sha256.txt > t; cat t > p/tagmanifest-sha256.txt; echo : > p/verify.sh; resign p; expect 1 'does not list exactly' 'tag files do not match'
begin 'digit that is none in the tag manifest'; sed '/verify.sh/s/^./x/' p/tagmanifest-sha256.txt > t; cat t > p/tagmanifest-sha256.txt; resign p; expect 1 'line 5: expected 64' 'tag files do not match'

### Tag files, root, sign-off folder.
begin 'file at the root'; echo x > p/NOTES.txt; expect 1 'NOTES.txt does not belong to a pack' 'a file too many'
begin 'hidden file at the root'; echo x > p/.htaccess; expect 1 '.htaccess does not belong to a pack' 'a file too many'
begin 'folder at the root'; mkdir p/more; echo x > p/more/x; expect 1 'more does not belong to a pack' 'a folder that does not belong'
begin 'empty folder at the root'; mkdir p/more; expect 1 'more does not belong to a pack' 'a folder that does not belong'
begin 'tag file is gone'; rm p/README.txt; expect 1 'README.txt is missing' 'too few'
begin 'tag file is a folder'; rm p/README.txt; mkdir p/README.txt; expect 1 'README.txt does not belong' 'a folder that does not belong'
begin 'README edited'; echo x >> p/README.txt; expect 1 'README.txt does not match its hash' 'tag files do not match'
begin 'verify.sh edited'; echo 'exit 0' >> p/verify.sh; expect 1 'verify.sh does not match its hash' 'tag files do not match'
begin 'verify.sh edited, all signed again'; echo 'exit 0' >> p/verify.sh; retag p; resign p; expect 1 'verify.sh is not one that fwproof put into a pack' 'verify.sh in the pack is not this one'
begin 'bag-info.txt edited'; sed 's/2026Q3/2026Q4/' p/bag-info.txt > t; cat t > p/bag-info.txt; expect 1 'bag-info.txt does not match its hash' 'tag files do not match'
baginfo() { sed "$1" p/bag-info.txt > t; cat t > p/bag-info.txt; retag p; resign p; }
begin 'wrong Payload-Oxum'; baginfo 's/^Payload-Oxum: ./&9/'; expect 1 'Payload-Oxum is ' 'Payload-Oxum does not match'
begin 'no Payload-Oxum'; baginfo '/^Payload-Oxum/d'; expect 1 'Payload-Oxum is ' 'Payload-Oxum does not match'
begin 'no period'; baginfo '/^Pack-Period/d'; expect 1 'no valid Pack-Period' 'no valid Pack-Period'
begin 'period of two words'; baginfo '/^Pack-Period/s/$/ 2026Q4/'; expect 1 'no valid Pack-Period' 'no valid Pack-Period'
begin 'sequence 0'; baginfo '/^Pack-Sequence/s/3/0/'; expect 1 'no valid Pack-Sequence' 'no valid Pack-Sequence'
begin 'sequence with a hole'; baginfo '/^Pack-Sequence/s/3/4/'; expect 1 'Pack-Sequence is 4, data/chain.tsv records 2' 'the sequence of packs has a hole'
begin 'a key twice'; baginfo '$s/$/\nPack-Period: 2026Q4/'; expect 1 'the key stands twice' 'a key stands twice'
begin 'folded line'; baginfo '2s/$/\n  and more/'; expect 1 'expected "Key: value"' 'not "Key: value"'
begin 'escape sequence in bag-info.txt'; baginfo '2s/$/\nNote: \x1b[2J/'; expect 1 'expected "Key: value"' 'bag-info.txt: not plain text'
begin 'tab in bag-info.txt'; baginfo '2s/$/\nNote: a\tb/'; expect 1 'expected "Key: value"' 'bag-info.txt: not plain text'
begin 'no last newline in bag-info.txt'; printf '%s' "$(cat p/bag-info.txt)" > t; cat t > p/bag-info.txt; retag p; resign p; expect 1 'does not end with a newline' 'not plain text'
begin 'another BagIt'; echo 'BagIt-Version: 0.97' > p/bagit.txt; retag p; resign p; expect 1 'does not declare BagIt 1.0' 'does not declare BagIt 1.0'
begin 'file in the sign-off folder'; echo x > p/signoff/note.txt; expect 1 'signoff/note.txt does not belong' 'signoff/ has a file too many'
begin 'time stamp that nobody checks'; echo x > p/signoff/countersign.tsr; expect 1 'countersign.tsr does not belong' 'signoff/ has a file too many'
begin 'folder in the sign-off folder'; mkdir p/signoff/x; expect 1 'signoff/x does not belong' 'a folder that does not belong'
begin 'folder in the place of a signature'; rm p/signoff/*; mkdir p/signoff/reviewer.sig; echo x > p/signoff/allowed_signers; UNSIGNED=1; expect 1 'signoff/reviewer.sig does not belong' 'a folder that does not belong'
begin 'sign-off folder is a file'; rm -r p/signoff; : > p/signoff; UNSIGNED=1; expect 1 'signoff does not belong' 'in the place of a folder'
begin 'countersign.txt names one file three times'; (cd p && for i in 1 2 3; do sha256sum bagit.txt; done > signoff/countersign.txt)
sshsign ../mgr fwproof-manager@v1 p/signoff/countersign.txt $sig; expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'
begin 'countersign.txt has a line more'; (cd p && sha256sum bagit.txt >> signoff/countersign.txt)
sshsign ../mgr fwproof-manager@v1 p/signoff/countersign.txt $sig; expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'
begin 'countersign.txt of the quarter before'; cp q2/signoff/countersign.* p/signoff/; expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'
begin 'countersignature without countersign.txt'; rm p/signoff/countersign.txt; expect 1 'without countersign.txt' 'signoff/ has a file too many or too few'
begin 'countersign.txt without countersignature'; rm $sig; expect 1 'countersign.txt without the countersignature' 'signoff/ has a file too many or too few'
begin 'countersignature alone'; rm p/signoff/reviewer.sig; expect 1 "without the reviewer's signature" 'signoff/ has a file too many or too few'
begin 'allowed_signers alone'; rm p/signoff/*.sig p/signoff/countersign.txt; UNSIGNED=1; expect 1 'allowed_signers without a signature' 'signoff/ has a file too many or too few'
begin 'allowed_signers is gone'; rm p/signoff/allowed_signers; expect 1 'a signature without allowed_signers' 'signoff/ has a file too many or too few'
begin 'allowed_signers names another person'; sed 's/^chen/wu/' p/signoff/allowed_signers > t; cat t > p/signoff/allowed_signers; expect 1 'does not name exactly the people' 'does not name exactly those who signed'
begin 'allowed_signers names one more'; line li@a.tw reviewer ../mal '' >> p/signoff/allowed_signers; expect 1 'does not name exactly the people' 'does not name exactly those who signed'
begin 'no such pack'; ARGS=none; expect 1 'cannot be read as a folder' 'cannot be read as a folder'
begin 'a file is no pack'; ARGS=trust; expect 1 'cannot be read as a folder' 'cannot be read as a folder'

### The chain.
begin 'an earlier quarter is left out'; ARGS='p q2'; expect 1 '2 earlier packs are recorded, 1 given' '2 earlier packs are recorded, 1 given'
begin 'one earlier quarter too many'; cp -a q2 q3; ARGS='p q1 q2 q3'; expect 1 '2 earlier packs are recorded, 3 given' '2 earlier packs are recorded, 3 given'
begin 'earlier quarters in another order'; ARGS='p q2 q1'; expect 1 'given in another order than oldest first' 'in another order'
begin 'an earlier quarter twice'; ARGS='p q1 q1'; expect 1 'is not the pack recorded as sequence 2' 'is not the pack recorded as number 2'
begin 'earlier quarter edited'; echo x >> q1/data/period.txt; expect 1 'data/period.txt does not match its hash' 'payload does not match'
begin 'earlier quarter edited and hashed again'; echo x >> q1/data/period.txt; rehash q1; expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'
begin 'earlier quarter edited and signed again by both'; echo x >> q1/data/period.txt; rehash q1; resign q1; expect 1 'is not the pack recorded as sequence 1 (2026Q1): changed, rebuilt' 'is not the pack recorded as number 1'
begin 'earlier quarter signed again by another reviewer'
sshsign ../rev2 fwproof-reviewer@v1 q1/tagmanifest-sha256.txt q1/signoff/reviewer.sig; countersign q1
sshsign ../mgr fwproof-manager@v1 q1/signoff/countersign.txt q1/signoff/countersign.sig
{ line li@a.tw reviewer ../rev2 ''; line chen@a.tw manager ../mgr ''; } > q1/signoff/allowed_signers
line li@a.tw reviewer ../rev2 '' >> trust; expect 1 'was countersigned otherwise' 'is not the pack recorded as number 1'
begin 'earlier quarter not countersigned'; rm q1/signoff/*; UNSIGNED=1; expect 1 'was countersigned otherwise' 'is not the pack recorded as number 1'
begin 'second quarter rebuilt on a rebuilt first'; echo x >> q1/data/period.txt; rehash q1; resign q1; rm -r q2
"$PT" build q2 2026Q2 q1 && sign q2 reviewer wang@a.tw ../rev > t && sign q2 manager chen@a.tw ../mgr > t
expect 1 'is not the pack recorded as sequence 1' 'is not the pack recorded as number 1'
chain() { sed "$1" p/data/chain.tsv > t; cat t > p/data/chain.tsv; rehash p; resign p; }
begin 'record of a quarter removed, all signed again'; chain 1d; expect 1 'data/chain.tsv line 1: the sequence is 2, expected 1' 'the sequence of packs has a hole'
begin 'record of a quarter edited, all signed again'; chain "1s/[0-9a-f]\{64\}/$(printf '%064d' 0)/"
expect 1 'is not the pack recorded as sequence 1' 'is not the pack recorded as number 1'
begin 'period in the record edited, all signed again'; chain '1s/2026Q1/2025Q4/'; expect 1 'is recorded as 2025Q4' 'is not the pack recorded as number 1'
begin 'record with a cell more'; chain '1s/$/\t/'; expect 1 'expected period, sequence, and two hashes' 'expected period, sequence, two hashes'
begin 'record without last newline'; printf '%s' "$(cat p/data/chain.tsv)" > t; cat t > p/data/chain.tsv; rehash p; resign p; expect 1 'chain.tsv does not end with a newline' 'data/chain.tsv: not plain text'
begin 'record is gone'; rm p/data/chain.tsv; rehash p; resign p 2> t; expect 1 'data/chain.tsv is missing' 'chain.tsv'
begin 'an earlier quarter records others'; rm -r q2; "$PT" build q2 2026Q2 && sed 's/^Pack-Sequence: 1/Pack-Sequence: 2/' q2/bag-info.txt > t && cat t > q2/bag-info.txt
printf '2025Q4\t1\t%064d\t-\n' 0 > q2/data/chain.tsv; rehash q2; line wang@a.tw reviewer ../rev '' > q2/signoff/allowed_signers; line chen@a.tw manager ../mgr '' >> q2/signoff/allowed_signers; resign q2
chain "2s/.*/$(printf '2026Q2\\t2\\t%s\\t%s' "$(sha256sum < q2/tagmanifest-sha256.txt | cut -c1-64)" "$(sha256sum < q2/signoff/countersign.txt | cut -c1-64)")/"
expect 1 'records other packs before it' 'records other packs before it'
# The limit of a chain, stated so that nobody is surprised: both signers together can make everything
# again. Only something kept outside shows it (the head on paper, a time stamp).
begin 'LIMIT: both signers rebuild everything'; rm -r q1 q2 p; echo "$PT" > "$W/out"
"$PT" build q1 2026Q1; echo x >> q1/data/period.txt; rehash q1; : > q1/signoff/allowed_signers
sign q1 reviewer wang@a.tw ../rev > t 2>&1; sign q1 manager chen@a.tw ../mgr > t 2>&1
"$PT" build q2 2026Q2 q1; sign q2 reviewer wang@a.tw ../rev > t; sign q2 manager chen@a.tw ../mgr > t
"$PT" build p 2026Q3 q2; sign p reviewer wang@a.tw ../rev > t; sign p manager chen@a.tw ../mgr > t
expect 0 '^verified:' '^VERIFIED$'

### Any byte.
begin 'single bytes'; sign p ciso lin@a.tw ../ciso > t
n=300 m=20; [ "$LONG" != --long ] || { n=10000; m=300; }
NAME="$n single bytes"
if "$PT" flip p trust $n > "$W/out" 2>&1; then ok fwproof; cat "$W/out"; else bad 'a change was missed' "$W/out"; fi
i=0 missed=0
while [ $i -lt $m ]; do
    i=$((i + 1)); rm -rf f; cp -a p f; where=$("$PT" poke f $i)
    ! ALLOWED=trust sh "$W/verify.sh" f > "$W/out" 2>&1 || { missed=$((missed + 1)); bad "verify.sh missed $where" "$W/out"; }
done
NAME="$m single bytes"
[ $missed -ne 0 ] || ok sh
echo "$m single-byte changes through the shell, $missed missed"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
