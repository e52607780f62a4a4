# Tag files, what lies at the root, and the sign-off folder. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

begin 'file at the root'
echo x > p/NOTES.txt
expect 1 'NOTES.txt does not belong to a pack' 'a file too many'

begin 'hidden file at the root'
echo x > p/.htaccess
expect 1 '.htaccess does not belong to a pack' 'a file too many'

begin 'folder at the root'
mkdir p/more; echo x > p/more/x
expect 1 'more does not belong to a pack' 'a folder that does not belong'

begin 'empty folder at the root'
mkdir p/more
expect 1 'more does not belong to a pack' 'a folder that does not belong'

begin 'tag file is gone'
rm p/README.txt
expect 1 'README.txt is missing' 'too few'

begin 'tag file is a folder'
rm p/README.txt; mkdir p/README.txt
expect 1 'README.txt does not belong' 'a folder that does not belong'

begin 'README edited'
echo x >> p/README.txt
expect 1 'README.txt does not match its hash' 'tag files do not match'

begin 'verify.sh edited'
echo 'exit 0' >> p/verify.sh
expect 1 'verify.sh does not match its hash' 'tag files do not match'

begin 'verify.sh edited, all signed again'
echo 'exit 0' >> p/verify.sh; retag p; resign p
expect 1 'verify.sh is not one that fwproof put into a pack' 'verify.sh in the pack is not this one'

begin 'bag-info.txt edited'
edit 's/2026Q3/2026Q4/' p/bag-info.txt
expect 1 'bag-info.txt does not match its hash' 'tag files do not match'

begin 'wrong Payload-Oxum'
chinfo 's/^Payload-Oxum: ./&9/'
expect 1 'Payload-Oxum is ' 'Payload-Oxum does not match'

begin 'no Payload-Oxum'
chinfo '/^Payload-Oxum/d'
expect 1 'Payload-Oxum is ' 'Payload-Oxum does not match'

begin 'no period'
chinfo '/^Pack-Period/d'
expect 1 'no valid Pack-Period' 'no valid Pack-Period'

begin 'period of two words'
chinfo '/^Pack-Period/s/$/ 2026Q4/'
expect 1 'no valid Pack-Period' 'no valid Pack-Period'

begin 'sequence 0'
chinfo '/^Pack-Sequence/s/3/0/'
expect 1 'no valid Pack-Sequence' 'no valid Pack-Sequence'

begin 'sequence with a hole'
chinfo '/^Pack-Sequence/s/3/4/'
expect 1 'Pack-Sequence is 4, data/chain.tsv records 2' 'the sequence of packs has a hole'

begin 'a key twice'
chinfo '$s/$/\nPack-Period: 2026Q4/'
expect 1 'the key stands twice' 'a key stands twice'

begin 'a key of two words'
chinfo '2s/$/\nPack Note: x/'
expect 1 'expected "Key: value"' 'not "Key: value"'

begin 'folded line'
chinfo '2s/$/\n  and more/'
expect 1 'expected "Key: value"' 'not "Key: value"'

begin 'escape sequence in bag-info.txt'
chinfo '2s/$/\nNote: \x1b[2J/'
expect 1 'expected "Key: value"' 'bag-info.txt: not plain text'

begin 'tab in bag-info.txt'
chinfo '2s/$/\nNote: a\tb/'
expect 1 'expected "Key: value"' 'bag-info.txt: not plain text'

begin 'no last newline in bag-info.txt'
printf '%s' "$(cat p/bag-info.txt)" > t; cat t > p/bag-info.txt; retag p; resign p
expect 1 'does not end with a newline' 'not plain text'

begin 'another BagIt'
echo 'BagIt-Version: 0.97' > p/bagit.txt; retag p; resign p
expect 1 'does not declare BagIt 1.0' 'does not declare BagIt 1.0'

begin 'file in the sign-off folder'
echo x > p/signoff/note.txt
expect 1 'signoff/note.txt does not belong' 'signoff/ has a file too many'

begin 'time stamp that nobody checks'
echo x > p/signoff/countersign.tsr
expect 1 'countersign.tsr does not belong' 'signoff/ has a file too many'

begin 'folder in the sign-off folder'
mkdir p/signoff/x
expect 1 'signoff/x does not belong' 'a folder that does not belong'

begin 'folder in the place of a signature'
rm p/signoff/*; mkdir p/signoff/reviewer.sig; echo x > p/signoff/allowed_signers; UNSIGNED=1
expect 1 'signoff/reviewer.sig does not belong' 'a folder that does not belong'

begin 'sign-off folder is a file'
rm -r p/signoff; : > p/signoff; UNSIGNED=1
expect 1 'signoff does not belong' 'in the place of a folder'

begin 'countersign.txt names one file three times'
(cd p && for i in 1 2 3; do sha256sum bagit.txt; done > signoff/countersign.txt)
resign_manager p ../mgr
expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'

begin 'countersign.txt has a line more'
(cd p && sha256sum bagit.txt >> signoff/countersign.txt)
resign_manager p ../mgr
expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'

begin 'countersign.txt of the quarter before'
cp q2/signoff/countersign.* p/signoff/
expect 1 'does not list exactly this pack' 'countersign.txt does not list this pack'

begin 'countersignature without countersign.txt'
rm p/signoff/countersign.txt
expect 1 'without countersign.txt' 'signoff/ has a file too many or too few'

begin 'countersign.txt without countersignature'
rm $sig
expect 1 'countersign.txt without the countersignature' 'signoff/ has a file too many or too few'

begin "the CISO's signature without the countersignature"
sign p ciso lin@a.tw ../ciso > t
rm p/signoff/countersign.*
expect 1 "the CISO's signature without the countersignature" \
    'signoff/ has a file too many or too few'

begin 'countersignature alone'
rm p/signoff/reviewer.sig
expect 1 "without the reviewer's signature" 'signoff/ has a file too many or too few'

begin 'allowed_signers alone'
rm p/signoff/*.sig p/signoff/countersign.txt; UNSIGNED=1
expect 1 'allowed_signers without a signature' 'signoff/ has a file too many or too few'

begin 'allowed_signers is gone'
rm p/signoff/allowed_signers
expect 1 'a signature without allowed_signers' 'signoff/ has a file too many or too few'

begin 'allowed_signers names another person'
edit 's/^chen/wu/' p/signoff/allowed_signers
expect 1 'does not name exactly the people' 'does not name exactly those who signed'

begin 'allowed_signers names one more'
line li@a.tw reviewer ../mal '' >> p/signoff/allowed_signers
expect 1 'does not name exactly the people' 'does not name exactly those who signed'

begin 'no such pack'
ARGS=none
expect 1 'cannot be read as a folder' 'cannot be read as a folder'

begin 'a file is no pack'
ARGS=trust
expect 1 'is not an archive' 'not an archive'
