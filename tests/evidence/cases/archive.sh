# Packs as archives. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

# stock FOLDER OUT: as GNU tar and gzip make the same archive.
stock() {
    rm -rf 2026Q3-3 && cp -r "$1" 2026Q3-3 && find 2026Q3-3 -type f -o -type l | LC_ALL=C sort > t &&
        tar -cf - --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644 \
            --no-recursion -T t 2> /dev/null | gzip -n9 > "$2"
}
REFUSED='is not an archive as fwproof writes it'

begin 'archive'
"$FW" archive p --out a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 0 '^verified:' '^VERIFIED$'

begin 'archives, earlier ones too'
for f in p q1 q2; do "$FW" archive $f --out $f.tar.gz; done; ARGS='p.tar.gz q1.tar.gz q2.tar.gz'
expect 0 '^verified:' '^VERIFIED$'

begin 'archive: the same again'
"$FW" archive p --out a.tar.gz; cp -r p p2; find p2 -exec touch -d 2001-01-01 {} +; chmod 600 p2/*.txt
TZ=Asia/Taipei "$FW" archive p2 --out b.tar.gz
if cmp a.tar.gz b.tar.gz > "$W/out" 2>&1; then ok fwproof; else bad 'bytes differ' "$W/out"; fi

begin 'archive: as stock tools make it'
"$FW" archive p --out a.tar.gz; stock p b.tar.gz
zcat a.tar.gz > a; zcat b.tar.gz | head -c "$(wc -c < a)" > b
if cmp a b > "$W/out" 2>&1; then ok fwproof; else bad 'bytes differ' "$W/out"; fi

begin 'archive: unpacked by stock tools'
"$FW" archive p --out a.tar.gz; tar -xzf a.tar.gz; ARGS='2026Q3-3 q1 q2'
expect 0 '^verified:' '^VERIFIED$'

begin 'archive: payload edited'
echo x >> p/data/results/findings.json; stock p a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "does not match its hash\\|$REFUSED" 'payload does not match'

begin 'archive: a link in it'
ln -s findings.json p/data/results/link; stock p a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "$REFUSED" 'more than plain files'

begin 'archive: an earlier one edited'
echo x >> q1/data/results/findings.json; stock q1 a.tar.gz; ARGS='p a.tar.gz q2'
expect 1 "does not match its hash\\|$REFUSED" 'payload does not match'

begin 'archive: cut short'
"$FW" archive p --out b.tar.gz; head -c 3000 b.tar.gz > a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "$REFUSED" 'not an archive'

begin 'archive: bytes behind it'
"$FW" archive p --out a.tar.gz; echo x >> a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "$REFUSED" 'not an archive'

begin 'archive: a member twice'
"$FW" archive p --out a.tar.gz; zcat a.tar.gz > a.tar; mkdir 2026Q3-3; echo x > 2026Q3-3/bagit.txt
tar -rf a.tar 2026Q3-3/bagit.txt; gzip -n9 < a.tar > a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "$REFUSED" 'a name twice'

begin 'archive: a member outside'
"$FW" archive p --out a.tar.gz; zcat a.tar.gz > a.tar; echo x > x
tar -rPf a.tar --transform 's,^x,../evil,' x; gzip -n9 < a.tar > a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "$REFUSED" 'more than one folder'

begin 'archive: two folders'
"$FW" archive p --out a.tar.gz; zcat a.tar.gz > a.tar; mkdir z; echo x > z/y; tar -rf a.tar z/y
gzip -n9 < a.tar > a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "$REFUSED" 'more than one folder'

begin 'archive: no archive at all'
echo x > a.tar.gz; ARGS='a.tar.gz q1 q2'
expect 1 "$REFUSED" 'not an archive'

begin 'archive: refused'
"$FW" archive p --out a.tar.gz
if "$FW" archive p --out a.tar.gz > "$W/out" 2>&1 || [ $? -ne 1 ]; then bad overwritten "$W/out"; else ok; fi
echo x >> p/data/custody.tsv
if "$FW" archive p --out b.tar.gz > "$W/out" 2>&1 || [ $? -ne 1 ] || [ -e b.tar.gz ]; then
    bad 'a broken pack' "$W/out"
else
    ok 'a broken pack'
fi
