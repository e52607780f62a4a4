# What is right must pass, or nothing else means anything. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

begin 'untouched'
expect 0 '^verified:' '^VERIFIED$'

begin 'untouched, earlier packs not given'
ARGS=p
expect 0 'none was given' 'not compared with the 2'

begin 'untouched, with the CISO'
sign p ciso lin@a.tw ../ciso > /dev/null; expect 0 '^verified:' 'ciso: lin@a.tw'

begin 'absolute paths'
ARGS="$PWD/p $PWD/q1 $PWD/q2"
expect 0 '^verified:' '^VERIFIED$'

begin 'comments, blank lines, tabs and no last newline in the trust list'
{ echo '# keys'; echo; tr ' ' '\t' < trust; printf '\n  # end'; } > t; TRUST=t
expect 0 '^verified:' '^VERIFIED$'

begin 'other uses of keys in the trust list'
sed 's/namespaces="/&git,/' trust > t
printf 'x@y namespaces="git" %s\n' "$(cut -d' ' -f1,2 ../mal.pub)" >> t
TRUST=t; expect 0 '^verified:' '^VERIFIED$'


NAME='same bytes in another place, zone and locale'
cd "$W" && rm -rf else && mkdir -p else/where && cd else/where || exit 1
cp -a ../../base/q2 before
LC_ALL=C TZ=Asia/Taipei "$PT" build ./a/b 2026Q3 "$PWD/before" && rm -rf "$W/plain" &&
    cp -a "$W/base/p" "$W/plain" && rm -f "$W"/plain/signoff/*
if diff -r a/b "$W/plain" > "$W/out" 2>&1; then ok fwproof; else bad 'packs differ' "$W/out"; fi

begin 'no signature'
rm p/signoff/*
expect 1 '^unsigned:' 'NOT VERIFIED: whole, unsigned'

begin 'no signature, allowed'
rm p/signoff/*; UNSIGNED=1
expect 0 '^unsigned:' 'NOT VERIFIED: whole, unsigned'

begin 'no signature, no folder for it'
rm -r p/signoff; UNSIGNED=1
expect 0 '^unsigned:' 'NOT VERIFIED: whole, unsigned'

begin 'not countersigned'
rm p/signoff/countersign.*
head -n1 p/signoff/allowed_signers > t
cat t > p/signoff/allowed_signers
expect 1 '^incomplete:' 'signed by the reviewer only'

begin 'an earlier pack is not signed'
rm q2/signoff/*; UNSIGNED=
expect 1 'is not signed by reviewer and manager\|was countersigned otherwise' 'q2 is not signed'

begin 'a period without review is a note'
"$PT" build p2 2027Q1 p && both_sign p2
ARGS='p2 q1 q2 p'; expect 0 'no review is recorded for 2026Q4' '^VERIFIED$'
