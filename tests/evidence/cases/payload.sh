# The payload and the manifest that lists it. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

begin 'edited'
echo x >> p/data/results/findings.json
expect 1 'data/results/findings.json does not match its hash' 'payload does not match'

begin 'same length, one bit'
printf '[' | dd of=p/data/results/findings.json bs=1 conv=notrunc 2> "$W/out"
expect 1 'findings.json does not match its hash' 'payload does not match'

begin 'added'
echo x > p/data/new
expect 1 'data/new is not in the manifest' 'payload does not match'

begin 'removed'
rm p/data/results/findings.json
expect 1 'findings.json is missing' 'payload does not match'

begin 'renamed'
mv p/data/results/findings.json p/data/results/finding.json
expect 1 'findings.json is missing' 'payload does not match'

begin 'two files swapped'
mv p/data/results/findings.json t
mv p/data/custody.tsv p/data/results/findings.json
mv t p/data/custody.tsv
expect 1 'does not match its hash' 'payload does not match'

begin 'edited and hashed again'
echo x >> p/data/results/findings.json; rehash p
expect 1 'signoff/countersign.txt does not list exactly this pack' \
    'countersign.txt does not list this pack'

begin 'edited, hashed again, countersign.txt made again'
echo x >> p/data/results/findings.json; rehash p; countersign p
expect 1 'by the key of wang@a.tw does not fit this pack' \
    'not signed by a key that is trusted as reviewer'

begin 'edited, hashed again, signed again by the reviewer alone'
echo x >> p/data/results/findings.json; rehash p
sshsign ../rev fwproof-reviewer@v1 p/tagmanifest-sha256.txt p/signoff/reviewer.sig; countersign p
expect 1 'by the key of chen@a.tw does not fit this pack' \
    'not signed by a key that is trusted as manager'

begin 'edited, signed again by a stranger'
echo x >> p/data/results/findings.json; rehash p; resign p ../mal ../mal
expect 1 'a key that is not trusted' 'not signed by a key that is trusted'

begin 'empty folder'
mkdir p/data/drop
expect 1 'data/drop is an empty folder' 'an empty folder'

begin 'empty folder as long as the name of one that is not'
mkdir p/data/aform
expect 1 'data/aform is an empty folder' 'an empty folder'

begin 'five files added'
for f in 1 2 3 4 5; do echo x > p/data/new$f; done
expect 1 'new3 is not in the manifest; and 2 more' 'payload does not match'

begin 'empty folders in each other'
mkdir -p p/data/a/b/c
expect 1 'data/a/b/c is an empty folder' 'an empty folder'

begin 'symbolic link in the payload'
mv p/data/results/findings.json p/../t; ln -s ../../../t p/data/results/findings.json
expect 1 'findings.json is a symbolic link' 'a symbolic link or special file'

begin 'symbolic link to a listed file'
ln -s findings.json p/data/results/also
expect 1 'data/results/also is a symbolic link' 'a symbolic link'

begin 'folder of the payload is a link'
mv p/data/results t; ln -s ../../t p/data/results
expect 1 'data/results is a symbolic link' 'a symbolic link'

begin 'sign-off folder is a link'
mv p/signoff t; ln -s ../t p/signoff
expect 1 'signoff is a symbolic link' 'a symbolic link'

begin 'tag file is a link'
mv p/README.txt t; ln -s ../t p/README.txt
expect 1 'README.txt is a symbolic link' 'a symbolic link'

begin 'pipe in the payload'
mkfifo p/data/results/pipe
expect 1 'pipe is neither a file nor a folder' 'special file'

begin 'pipe in the place of a file'
rm p/data/period.txt; mkfifo p/data/period.txt
expect 1 'period.txt is neither a file' 'special file'
nl='
'

begin 'name with a newline'
echo x > "p/data/a${nl}b"
expect 1 'has a control character' 'a name with a control character'

begin 'folder name with a newline'
mkdir "p/data/a${nl}data"; echo x > "p/data/a${nl}data/b"
expect 1 'has a control character' 'a name with a control character'

begin 'name with an escape sequence'
echo x > "p/data/$(printf '\033[2J')"
expect 1 'has a control character' 'a name with a control character'

begin 'name with a backslash'
echo x > 'p/data/a\b'; rehash p; resign p
expect 1 'a backslash' 'a name with a control character'

begin 'name with a percent sign'
echo x > 'p/data/a%0Ab'; rehash p; resign p
expect 1 'a percent sign' 'a name with a control character'

begin 'payload is gone'
rm -r p/data
expect 1 'data/chain.tsv is missing' 'a file too many or too few'

begin 'payload is a file'
rm -r p/data; echo x > p/data
expect 1 'data does not belong to a pack\|data/chain.tsv is missing' 'in the place of a folder'

# Manifests: everybody signed what stands there, only the spelling is wrong.
begin 'a digit that is none (and the file swapped)'
chmanifest '/findings.json/s/^./g/'; echo x > p/data/results/findings.json
expect 1 'line 9: expected 64 lower-case' 'payload does not match'

begin 'upper-case hash'
chmanifest '/findings.json/s/^[^ ]*/\U&/'
expect 1 'expected 64 lower-case' 'payload does not match'

begin 'short hash'
chmanifest '1s/^.//'
expect 1 'line 1: expected 64 lower-case' 'payload does not match'

begin 'one space'
chmanifest '1s/  / /'
expect 1 'line 1: expected 64' 'payload does not match'

begin 'binary mark'
chmanifest '1s/  / */'
expect 1 'line 1: expected 64' 'payload does not match'

begin 'listed twice'
chmanifest '1{p}'
expect 1 'line 2: the path is listed twice' 'payload does not match'

begin 'not sorted'
chmanifest '1{h;d};2{G}'
expect 1 'are not sorted by path' 'payload does not match'

begin 'no last newline'
printf '%s' "$(cat p/manifest-sha256.txt)" > t; cat t > p/manifest-sha256.txt; retag p; resign p
expect 1 'does not end with a newline' 'payload does not match'

begin 'newlines of Windows'
chmanifest 's/$/\r/'
expect 1 'a forbidden character' 'payload does not match'

begin 'blank line'
chmanifest '2{s/^/\n/}'
expect 1 'line 2: expected 64' 'payload does not match'

begin 'comment'
chmanifest '1s/^/# all files\n/'
expect 1 'line 1: expected 64' 'payload does not match'

begin 'backslash in front'
chmanifest '1s/^/\\/'
expect 1 'line 1: expected 64' 'payload does not match'

begin 'path with ..'
chmanifest '1s|data/|data/../data/|'
expect 1 'has an empty, . or .. part' 'payload does not match'

begin 'path with .'
chmanifest '1s|data/|data/./|'
expect 1 'has an empty, . or .. part' 'payload does not match'

begin 'path with //'
chmanifest '1s|data/|data//|'
expect 1 'has an empty, . or .. part' 'payload does not match'

begin 'absolute path'
chmanifest '1s|  data/|  /etc/|'
expect 1 'is absolute' 'payload does not match'

begin 'path outside the payload'
chmanifest '1s|^|'"$(sha256sum p/bagit.txt | cut -c1-64)"'  bagit.txt\n|'
expect 1 'is not below data/' 'payload does not match'

begin 'NUL in the manifest'
{ cat p/manifest-sha256.txt; printf '\0\n'; } > t; cat t > p/manifest-sha256.txt; retag p; resign p
expect 1 'expected 64' 'payload does not match'

begin 'line removed'
chmanifest '/findings.json/d'
expect 1 'findings.json is not in the manifest' 'payload does not match'

begin 'empty manifest'
: > p/manifest-sha256.txt; retag p; resign p
expect 1 'is not in the manifest' 'payload does not match'

begin 'line too many in the tag manifest'
(cd p && sha256sum data/chain.tsv >> tagmanifest-sha256.txt); resign p
expect 1 'does not list exactly\|not sorted' 'tag files do not match'

begin 'line missing in the tag manifest'
edit '/verify.sh/d' p/tagmanifest-sha256.txt
echo : > p/verify.sh
resign p
expect 1 'does not list exactly' 'tag files do not match'

begin 'digit that is none in the tag manifest'
edit '/verify.sh/s/^./x/' p/tagmanifest-sha256.txt; resign p
expect 1 'line 5: expected 64' 'tag files do not match'

# Sealed copies and custody.tsv, signed by everybody.
COPIES='name different copies'
custody() { edit "$1" p/data/custody.tsv; rehash p; resign p; }
copy=$(cd "$W/base/p" && find data/inputs -type f | sort | head -n 1)
begin 'a copy under another name'
mv "p/$copy" "p/data/inputs/$(printf '%064d' 7).txt"; rehash p; resign p
expect 1 "$COPIES" "$COPIES"

begin 'a copy that custody.tsv does not name'
cp "p/$copy" "p/data/inputs/$(printf '%064d' 7).txt"; rehash p; resign p
expect 1 "$COPIES" "$COPIES"

begin 'another text in the place of a copy'
echo x >> "p/$copy"; rehash p; resign p
expect 1 "$COPIES" "$COPIES"

begin 'a copy that leads out of the pack'
custody "s#$copy#data/inputs/../../../etc/hostname#"
expect 1 "$COPIES" "$COPIES"

begin 'a copy named in the line of another input'
custody "/${copy##*/}/s/[0-9a-f]\{64\}/$(printf '%064d' 7)/"
expect 1 "$COPIES" "$COPIES"

begin 'custody.tsv with a column more'
custody '2s/$/\t/'
expect 1 "$COPIES" "$COPIES"

begin 'custody.tsv without a copy that is there'
custody "/${copy##*/}/d"
expect 1 "$COPIES" "$COPIES"
