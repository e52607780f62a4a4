# The index of the logs, when reviewer and manager sign what does not add up. See matrix.sh.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are matrix.sh's

# reroot PACK: makes root.tsv fit again, by hand.
reroot() (
    cd "$1/data/logs" || exit 1
    sed 1d index.tsv > "$W/rows"
    set --
    while IFS= read -r r; do
        set -- "$@" "$({ printf '\0'; printf '%s\n' "$r"; } | sha256sum | cut -c1-64)"
    done < "$W/rows"
    node() { printf '01%s' "$@" | sed 's/../\\x&/g' | xargs -0 env printf | sha256sum | cut -c1-64; }
    case $# in
    0) r=$(sha256sum < /dev/null | cut -c1-64) ;;
    1) r=$1 ;;
    2) r=$(node "$1$2") ;;
    3) r=$(node "$(node "$1$2")$3") ;;
    esac
    printf 'files\troot\n%s\t%s\n' $# "$r" > root.tsv
)
DIFFER='name different logs'

begin 'index of the logs: made again by hand'
reroot p; rehash p; resign p
expect 0 '^verified:' '^VERIFIED$'

begin 'index of the logs: another root over lines'
chindex 's/[0-9a-f]$/0/;2s/[0-9a-f]\{4\}$/0000/'
expect 1 'root.tsv is not the root' 'root.tsv is not the root'

begin 'index of the logs: lines swapped'
sed -n '1p' p/data/logs/index.tsv > t; sed 1d p/data/logs/index.tsv | sort -r >> t
cat t > p/data/logs/index.tsv; rehash p; resign p
expect 1 'root.tsv is not the root' 'root.tsv is not the root'

begin 'index of the logs: a line removed, the root made again'
edit 2d p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 "$DIFFER" "$DIFFER"

begin 'index of the logs: a line doubled, the root made again'
edit '2{p;};3d' p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 "$DIFFER" "$DIFFER"

begin 'index of the logs: all lines removed'
edit 1q p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 "$DIFFER" "$DIFFER"

begin 'index of the logs: another hash, the root made again'
edit '2s/\t[0-9a-f]\{64\}\t/\t0000000000000000000000000000000000000000000000000000000000000000\t/' \
    p/data/logs/index.tsv
reroot p; rehash p; resign p
expect 1 "$DIFFER" "$DIFFER"

begin 'index of the logs: line counts that do not add up'
edit '2s/\t3\t2\t/\t3\t3\t/' p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 'do not add up' 'do not add up'

begin 'index of the logs: a count with a leading zero'
edit '2s/\t3\t2\t/\t3\t02\t/' p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 'do not add up' 'without its columns'

begin 'index of the logs: days that do not begin with an event'
edit 's/\t101\t/\t001\t/' p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 'days that do not fit' 'without its columns'

begin 'index of the logs: days without events'
edit 's/\t101\t/\t\t/' p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 'days that do not fit' 'without its columns'

begin 'index of the logs: a column too many'
edit '2s/$/\tx/' p/data/logs/index.tsv; reroot p; rehash p; resign p
expect 1 'the columns of the index' 'without its columns'

begin 'index of the logs: another header'
chindex '1s/path/file/'
expect 1 'does not begin with its header' 'not as it is written'

begin 'index of the logs: no last newline'
printf '%s' "$(cat p/data/logs/index.tsv)" > t; cat t > p/data/logs/index.tsv; rehash p; resign p
expect 1 'does not end with a newline' 'not as it is written'

begin 'index of the logs: without its root'
rm p/data/logs/root.tsv; rehash p; resign p
expect 1 'root.tsv: ' 'index of the logs is not whole'

begin 'index of the logs: the root alone'
rm p/data/logs/index.tsv; rehash p; resign p
expect 1 'index.tsv: ' 'index of the logs is not whole'

begin 'index of the logs: another number of files'
edit '2s/^3/4/' p/data/logs/root.tsv; rehash p; resign p
expect 1 'root.tsv is not the root' 'root.tsv is not the root'

begin 'index of the logs: custody names another hash'
edit '/\tlog\t/s/[0-9a-f]\{8\}/00000000/' p/data/custody.tsv; rehash p; resign p
expect 1 "$DIFFER" "$DIFFER"

begin 'index of the logs: the border of two cells moved'
edit '2s/^\([^\t]*\)\t\([^\t]*\)\t/\1 x\t\2\t/' p/data/logs/index.tsv
awk -F'\t' -v OFS='\t' '$3 == "log" && !done { $2 = "x " $2; done = 1 } { print }' p/data/custody.tsv > t
cat t > p/data/custody.tsv; reroot p; rehash p; resign p
expect 1 "$DIFFER" "$DIFFER"
