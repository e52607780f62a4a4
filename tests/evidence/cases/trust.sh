# Lists of trusted keys, the dates in them, and the time to verify for. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

begin 'empty trust list'
: > trust
expect 1 'signed by a key that is not trusted' 'not signed by a key that is trusted'

begin 'trust line without namespaces='
chtrust 's/ namespaces="[^"]*"//'
expect 1 'line 1: no namespaces=, .*write' 'no namespaces=: write wang@a.tw namespaces='

begin 'trust line with dates, without namespaces='
chtrust 's/ namespaces="[^"]*"/ valid-before="20300101Z"/'
expect 1 'line 1: no namespaces=' 'no namespaces='

begin 'trust line for any namespace'
chtrust 's/-reviewer@v1/-*/'
expect 1 'must list names, not patterns' 'expected name, options'

begin 'wildcard principal'
chtrust 's/^wang@/*@/'
expect 1 'line 1: the name is a pattern' 'is a pattern'

begin 'list of principals'
chtrust 's/^wang@/li@a.tw,&/'
expect 1 'line 1: the name is a pattern or a list' 'is a pattern or a list'

begin 'certificate authority'
chtrust 's/ namespaces/ cert-authority,namespaces/'
expect 1 'certificate authorities are not accepted' 'certificate authorities are not accepted'

begin 'unknown option'
chtrust 's/ namespaces/ no-touch-required,namespaces/'
expect 1 'expected options like' 'expected name, options'

begin 'an option twice'
chtrust 's/ namespaces="[^"]*"/&,namespaces="fwproof-manager@v1"/'
expect 1 'expected options like' 'an option stands twice'

begin 'a date twice'
chtrust 's/ namespaces="[^"]*"/&,valid-before="20200101Z",valid-before="20300101Z"/'
expect 1 'expected options like' 'an option stands twice'

begin 'certificate in the place of a key'
echo 'x@y namespaces="fwproof-ciso@v1" ssh-ed25519-cert-v01@openssh.com AAAA' >> trust
expect 1 'certificates are not accepted' 'certificates are not accepted'

begin 'trust list of Windows'
chtrust 's/$/\r/'
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
dated ',valid-before="20260401Z"' 20260705000000Z
expect 1 'the key of wang@a.tw (line 1) was not valid at 20260705000000Z' \
    'the key of wang@a.tw was not valid at'

begin 'key not valid yet'
dated ',valid-after="20270101Z"' 20260705000000Z
expect 1 'was not valid at 20260705000000Z' 'was not valid at'

begin 'key valid then'
dated ',valid-after="20260101",valid-before="20261231Z"' 20260705000000Z
expect 0 '^verified:' '^VERIFIED$'

# Whatever the clock says: these keys are not valid now, or were not then.
begin 'key that was valid long ago'
dated ',valid-before="20200101Z"' 20190601000000Z
expect 0 '^verified:' '^VERIFIED$'

begin 'key that is valid now and was not then'
dated ',valid-after="20200101Z"' 20190601000000Z
expect 1 'was not valid at 20190601000000Z' 'was not valid at 20190601000000Z'

begin 'dates count in UTC, to the second'
dated ',valid-before="20190601120000"' 20190601115959Z
TZ=Asia/Taipei
export TZ
expect 0 '^verified:' '^VERIFIED$'
WHEN=20190601120001Z
expect 1 'was not valid at 20190601120001Z' 'was not valid at 20190601120001Z'
unset TZ

begin 'key with dates and no time to verify for'
dated ',valid-before="20991231Z"'
expect 1 'has dates: say for which time' 'has dates: set VERIFY_TIME'

begin 'one line expired, the next one good'
{ line wang@a.tw reviewer ../rev ',valid-before="20200101Z"'; cat trust; } > t
TRUST=t WHEN=20260705000000Z; expect 0 '^verified:' '^VERIFIED$'

# Earlier packs count from 2026-04-05 (q1) and 2026-07-05 (q2), the pack itself from 2026-10-05.
begin 'key of an earlier quarter has expired since'
rm -r p
"$PT" build p 2026Q3 q2
sign p reviewer li@a.tw ../rev2 > t
sign p manager chen@a.tw ../mgr > t
# succeeded DATES: wang signed the earlier quarters, with a key of these dates, li the last one.
succeeded() {
    line wang@a.tw reviewer ../rev "$1" > t
    line li@a.tw reviewer ../rev2 '' >> t
    tail -n +2 trust >> t
    TRUST=t WHEN=20261020000000Z
}
lastly() { rm -r p; "$PT" build p 2026Q3 q2; sign p reviewer li@a.tw ../rev2 > t; sign p manager chen@a.tw ../mgr > t; }
succeeded ',valid-before="20260901Z"'
expect 0 '^verified:' '^VERIFIED$'

begin 'key of an earlier quarter had expired before it'
lastly; succeeded ',valid-before="20260701Z"'
expect 1 'wang@a.tw (line 1) was not valid from 20260705000000Z to 20261020000000Z' \
    'the key of wang@a.tw was not valid from 20260705000000Z to 20261020000000Z'

begin 'key of an earlier quarter came between it and the next one'
lastly; succeeded ',valid-after="20260620Z",valid-before="20260901Z"'
expect 0 '^verified:' '^VERIFIED$'

begin 'key of an earlier quarter came after the next one'
lastly; succeeded ',valid-after="20260706Z"'
expect 1 'was not valid from 20260405000000Z to 20260705235959Z' \
    'was not valid from 20260405000000Z to 20260705235959Z'

begin 'key of the last quarter came before the pack was signed'
"$PT" build o 2026Q1; both_sign o; rm -r q2 p; "$PT" build q2 2026Q2 o; sign q2 reviewer li@a.tw ../rev2 > t
sign q2 manager chen@a.tw ../mgr > t; "$PT" build p 2026Q3 q2; both_sign p
{ cat trust; line li@a.tw reviewer ../rev2 ',valid-after="20261010Z"'; } > t
TRUST=t ARGS='p o q2'
expect 1 'was not valid from 20260705000000Z to 20261005235959Z' \
    'was not valid from 20260705000000Z to 20261005235959Z'
WHEN=20261020000000Z
expect 0 '^verified:' '^VERIFIED$'

begin 'an earlier quarter with dated keys does not say which day it counts from'
for q in q1 q2 p; do
    case $q in q1) before= ;; q2) before=q1 ;; p) before=q2 ;; esac
    rm -r $q; "$PT" build $q x$q $before; edit '/^Pack-As-Of/d' $q/bag-info.txt; retag $q; both_sign $q
done
succeeded ',valid-before="20260901Z"'; WHEN=20260801000000Z
expect 1 'does not say which day it counts from' 'does not say which day it counts from'

begin 'time in a wrong form'
WHEN=20260705
expect 2 'YYYYMMDDHHMMSSZ' 'VERIFY_TIME must read'

begin 'month 13'
WHEN=20261305000000Z
expect 2 'YYYYMMDDHHMMSSZ' 'VERIFY_TIME must read'
