# Earlier packs and their record. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

begin 'an earlier quarter is left out'
ARGS='p q2'
expect 1 '2 earlier packs are recorded, 1 given' '2 earlier packs are recorded, 1 given'

begin 'one earlier quarter too many'
cp -a q2 q3; ARGS='p q1 q2 q3'
expect 1 '2 earlier packs are recorded, 3 given' '2 earlier packs are recorded, 3 given'

begin 'earlier quarters in another order'
ARGS='p q2 q1'
expect 1 'given in another order than oldest first' 'in another order'

begin 'an earlier quarter twice'
ARGS='p q1 q1'
expect 1 'is not the pack recorded as sequence 2' 'is not the pack recorded as number 2'

begin 'earlier quarter edited'
echo x >> q1/data/period.txt
expect 1 'data/period.txt does not match its hash' 'payload does not match'

begin 'earlier quarter edited and hashed again'
echo x >> q1/data/period.txt; rehash q1
expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'

begin 'earlier quarter edited and signed again by both'
echo x >> q1/data/period.txt; rehash q1; resign q1
expect 1 'is not the pack recorded as sequence 1 (2026Q1): changed, rebuilt' \
    'is not the pack recorded as number 1'

begin 'earlier quarter signed again by another reviewer'
sshsign ../rev2 fwproof-reviewer@v1 q1/tagmanifest-sha256.txt q1/signoff/reviewer.sig
countersign q1
resign_manager q1 ../mgr
{ line li@a.tw reviewer ../rev2 ''; line chen@a.tw manager ../mgr ''; } > q1/signoff/allowed_signers
line li@a.tw reviewer ../rev2 '' >> trust
expect 1 'was countersigned otherwise' 'is not the pack recorded as number 1'

begin 'earlier quarter not countersigned'
rm q1/signoff/*; UNSIGNED=1
expect 1 'was countersigned otherwise' 'is not the pack recorded as number 1'

begin 'second quarter rebuilt on a rebuilt first'
echo x >> q1/data/period.txt; rehash q1; resign q1; rm -r q2
"$PT" build q2 2026Q2 q1 && both_sign q2
expect 1 'is not the pack recorded as sequence 1' 'is not the pack recorded as number 1'

begin 'record of a quarter removed, all signed again'
chrecord 1d
expect 1 'data/chain.tsv line 1: the sequence is 2, expected 1' 'the sequence of packs has a hole'

begin 'record of a quarter edited, all signed again'
chrecord "1s/[0-9a-f]\{64\}/$(printf '%064d' 0)/"
expect 1 'is not the pack recorded as sequence 1' 'is not the pack recorded as number 1'

begin 'period in the record edited, all signed again'
chrecord '1s/2026Q1/2025Q4/'
expect 1 'is recorded as 2025Q4' 'is not the pack recorded as number 1'

begin 'record with a cell more'
chrecord '1s/$/\t/'
expect 1 'expected period, sequence, and two hashes' 'expected period, sequence, two hashes'

begin 'record without last newline'
printf '%s' "$(cat p/data/chain.tsv)" > t; cat t > p/data/chain.tsv; rehash p; resign p
expect 1 'chain.tsv does not end with a newline' 'data/chain.tsv: not plain text'

begin 'record is a folder'
rm p/data/chain.tsv
mkdir p/data/chain.tsv
echo x > p/data/chain.tsv/x
rehash p; resign p 2> t
expect 1 'data/chain.tsv: ' 'data/chain.tsv: not plain text'

begin 'record is gone'
rm p/data/chain.tsv; rehash p; resign p 2> t
expect 1 'data/chain.tsv is missing' 'chain.tsv'

begin 'an earlier quarter records others'
rm -r q2
"$PT" build q2 2026Q2 && edit 's/^Pack-Sequence: 1/Pack-Sequence: 2/' q2/bag-info.txt
printf '2025Q4\t1\t%064d\t-\n' 0 > q2/data/chain.tsv
rehash q2
line wang@a.tw reviewer ../rev '' > q2/signoff/allowed_signers
line chen@a.tw manager ../mgr '' >> q2/signoff/allowed_signers
resign q2
head=$(sha256sum < q2/tagmanifest-sha256.txt | cut -c1-64)
counter=$(sha256sum < q2/signoff/countersign.txt | cut -c1-64)
chrecord "2s/.*/2026Q2\\t2\\t$head\\t$counter/"
expect 1 'records other packs before it' 'records other packs before it'
begin 'earlier quarters came with the verify.sh of their day'
echo '# older' >> q1/verify.sh
retag q1; resign q1
rm -r q2 p
"$PT" build q2 2026Q2 q1
both_sign q2
"$PT" build p 2026Q3 q2
both_sign p
expect 0 '^verified:' '^VERIFIED$'

begin 'chained to a pack that nobody signed'
unsigned_first
expect 1 'is not signed by reviewer and manager' 'q1 is not signed by reviewer and manager'

begin 'chained to a pack that nobody signed, allowed'
unsigned_first
UNSIGNED=1
expect 0 '^verified:' '^VERIFIED$'

begin 'chained to a pack that was signed later'
unsigned_first
both_sign q1
expect 0 '^verified:' '^VERIFIED$'

# The limit of a chain, stated so that nobody is surprised: both signers together can make
# everything again. Only something kept outside shows it (the head on paper, a time stamp).

begin 'LIMIT: both signers rebuild everything'
rm -r q1 q2 p; echo "$PT" > "$W/out"
"$PT" build q1 2026Q1; echo x >> q1/data/period.txt; rehash q1; : > q1/signoff/allowed_signers
both_sign q1
"$PT" build q2 2026Q2 q1
both_sign q2
"$PT" build p 2026Q3 q2; both_sign p
expect 0 '^verified:' '^VERIFIED$'

begin 'a pipe in the place of what an earlier pack says of itself'
rm q2/bag-info.txt; mkfifo q2/bag-info.txt
expect 1 'bag-info.txt' 'special file'
