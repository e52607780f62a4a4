#!/bin/sh
# A device whose configuration lies in a git repository: versions of the period become snapshots, who
# committed them is named, and the review is made again with the repository, with one that has
# grown, and with none.
#   history.sh FWPROOF
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
TOPIC=history
# shellcheck source=tests/evidence/begin.sh
. "$HERE/begin.sh"
FW=$(absolute "$1")
cd "$W" || exit 1
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
GIT_AUTHOR_NAME=王大明 GIT_AUTHOR_EMAIL=wang@agency.example
GIT_COMMITTER_NAME=oxidized GIT_COMMITTER_EMAIL=oxidized@agency.example
GIT_AUTHOR_DATE=2026-01-01T00:00:00Z
export GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME \
    GIT_COMMITTER_EMAIL GIT_AUTHOR_DATE
# version DAY SECRET RULE...: a configuration, committed on a day.
version() {
    day=$1 secret=$2
    shift 2
    {
        printf 'ASA Version 9.1(2)\nhostname edge\nusername admin password %s encrypted\n' "$secret"
        printf 'interface GigabitEthernet0/0\n nameif outside\n security-level 0\n'
        for rule; do printf 'access-list out extended %s\n' "$rule"; done
        printf 'access-group out in interface outside\n'
    } > site/net/routers/edge
    save "$day"
}
save() {
    GIT_COMMITTER_DATE=$1T10:00:00Z git -C site/net add -A
    GIT_COMMITTER_DATE=$1T10:00:00Z git -C site/net commit -q --allow-empty -m saved
}
mkdir -p site/net/routers
git init -q -b main site/net
web='permit tcp any host 192.0.2.10 eq 443'
ssh='permit tcp any host 192.0.2.10 eq 22'
dns='permit udp any host 192.0.2.53 eq 53'
version 2026-01-10 PlantedOneOneOne1 "$ssh"
version 2026-02-10 PlantedTwoTwoTwo2 "$web"
version 2026-05-04 PlantedTwoTwoTwo2 "$web" "$ssh"
date > site/net/other; save 2026-05-05
version 2026-06-01 PlantedTwoTwoTwo2 "$web"
version 2026-07-20 PlantedTwoTwoTwo2 "$dns"
cat > site/tickets.csv <<'END'
ticket,device,rule,change,requester,approver,implementer,approved,implemented
CHG-1,edge,out 2,remove,a,b,c,2026-05-20,2026-06-01
END
cat > site/site.json <<'END'
{"agency": {"name": "某某機關"}, "period": {"name": "2026Q2"}, "as_of": "2026-07-05",
 "devices": [{"name": "edge", "kind": "firewall", "logs_required": false,
  "config": {"git": "net", "file": "routers/edge"}}],
 "tickets": "tickets.csv"}
END
cp -R site plain
review() { "$FW" review site/site.json --out packs --store store.db --checks CHG-001 "$@" > out 2>&1; }

review --seal-inputs --json
P=packs/2026Q2
commit=$(git -C site/net log --format=%h --abbrev=12 --until=2026-05-04T12:00:00Z -1)
cut -f1,3 $P/data/custody.tsv > custody
if [ "$(grep -c '^net/routers/edge@[0-9a-f]\{40\}.config$' custody)" = 3 ] &&
    grep -q '^net/routers/edge@versions.config-versions$' custody; then ok 'versions of the period, and one'
else cp custody out; bad 'versions of the period, and one'; fi
grep -o 'rule 2 of out .* was added by commit [0-9a-f]* of 王大明 <wang@agency.example>' out > said
if [ "$(grep -c "commit $commit of" said)" -ge 1 ] && ! grep -q 'was removed' out; then
    ok 'who committed a change'
else bad 'who committed a change'; fi
list=$(sed -n 's/^net\/routers\/edge@versions.*\(data\/inputs\/[0-9a-f]*.txt\).*/\1/p' $P/data/custody.tsv)
if [ "$(cut -f2- $P/"$list" | tr '\t' '|' | sed 's/王大明/W/')" = 'time|author|state
2026-02-10T10:00:00Z|W <wang@agency.example>|file
2026-05-04T10:00:00Z|W <wang@agency.example>|file
2026-06-01T10:00:00Z|W <wang@agency.example>|file' ]; then ok 'the list of versions'
else cp $P/"$list" out; bad 'the list of versions'; fi
if grep -r Planted $P store.db > out; then bad 'no secrets'; else ok 'no secrets'; fi

# again NAME EXIT PATTERN ARGUMENT...
again() {
    name=$1 want=$2 what=$3
    shift 3
    says "$name" "$want" "$what" "$FW" reproduce "$@"
}
again 'again with the repository' 0 '^reproduced: ' $P site
again 'again without it' 0 '^reproduced: ' $P
version 2026-06-15 PlantedTwoTwoTwo2 "$web" "$dns" # a version that nobody had seen
again 'again when it has grown' 0 '^reproduced: ' $P site
git clone -q --bare site/net bare.git && mv site/net work && mv bare.git site/net
again 'again from a bare one' 0 '^reproduced: ' $P site
mkdir elsewhere && mv site/net elsewhere/net
review --seal-inputs
if [ $? -eq 2 ] && grep -q 'there is no folder "net"' out; then ok 'no such folder'
else bad 'no such folder'; fi

# Custody lines only: the list is there all the same.
rm -rf site packs store.db && cp -R plain site && review
again 'not sealed, with the repository' 0 '^reproduced: ' $P site
again 'not sealed, alone' 2 'absent   net/routers/edge@' $P
# Three versions, the site file and the tickets.
if [ "$(grep -c '^  absent' out)" = 5 ]; then ok 'what is absent'; else bad 'what is absent'; fi

# says_open TEXT: it is said, and the check did not pass.
says_open() {
    if grep -q "$1" out && grep -q '"state": "OPEN"' out && ! grep -q '"state": "PASS"' out; then ok "$1"
    else bad "$1"; fi
}
# Taken away in the period, damaged, and changed by somebody: said, never passed.
git -C site/net reset -q --hard HEAD~1 && git -C site/net rm -q routers/edge && save 2026-06-20
review --json
says_open 'removed by this commit'
rm -rf site/net && cp -R plain/net site/net
first=$(git -C site/net rev-list HEAD | tail -n 2 | head -n 1)
rm -f "site/net/.git/objects/$(echo "$first" | cut -c1-2)/$(echo "$first" | cut -c3-)"
review --json
says_open 'versions of the configuration before 2026-05-04 are known to be'
again 'a commit is gone, again' 0 '^reproduced: ' $P site
git init -q -b main site/net.new && rm -rf site/net && mv site/net.new site/net
review --json
says_open 'the repository has no commits'
again 'no commits, again' 0 '^reproduced: ' $P site

# What the site file may say.
# wrong TEXT CONFIG
wrong() {
    sed "s#\"config\": {.*}}#\"config\": $2}#" plain/site.json > site/site.json
    review
    rc=$?
    if [ $rc -eq 2 ] && grep -q "$1" out; then ok "refused: $1"; else bad "refused: $1: exit $rc"; fi
}
wrong 'without "." and ".."' '{"git": "net", "file": "../x"}'
wrong 'without "." and ".."' '{"git": "net", "file": "/x"}'
wrong 'of a repository the commits say it' '{"git": "net", "file": "x", "taken": "2026-01-01"}'
wrong '"branch" is of a repository' '{"file": "tickets.csv", "branch": "main"}'
wrong 'named twice' '[{"git": "net", "file": "x"}, {"git": "net", "file": "x"}]'
mkdir site/dated && cp plain/net/routers/edge site/dated/edge-2026-06-01.cfg
sed 's#"config": {.*}}#"config": "dated"}#' plain/site.json > site/site.json
review
if grep -q '^dated/edge-2026-06-01.cfg' packs/2026Q2/data/custody.tsv; then ok 'a folder of files'
else bad 'a folder of files'; fi
