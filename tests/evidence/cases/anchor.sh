# What is kept outside. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

head_of() { sha256sum < "$1/tagmanifest-sha256.txt" | cut -c1-64; }
OTHER='not the pack whose head is kept elsewhere'

begin 'without an outside anchor, the report says so'
expect 0 'no outside anchor' 'no outside anchor'

begin 'the head is the one kept elsewhere'
KEPT=$(head_of p); expect 0 'the head is the one kept elsewhere' 'the head is the one kept elsewhere'

begin 'both signers made everything again: the head on paper shows it'
KEPT=$(head_of p)
echo x >> p/data/results/findings.json; rehash p; resign p
expect 1 "$OTHER" "$OTHER"

begin 'the newest pack left out: the head on paper shows it'
KEPT=$(head_of p); ARGS='q2 q1'
expect 1 "$OTHER" "$OTHER"

begin 'a head that is none'
KEPT=abc; expect 2 'hexadecimal digits' 'hexadecimal digits'

begin 'a head in capitals'
KEPT=$(head_of p | tr a-f A-F); expect 2 'hexadecimal digits' 'hexadecimal digits'
